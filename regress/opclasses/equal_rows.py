"""Equal rows share elements of ten rows, however the index comes to be.

Story: a table has each of its values 25 times, in random order, some of them so
near to each other that one byte per number does not tell them apart.  Its index
is built serially, in parallel, without room for the graph, and by inserts with
and without the index cache.  The elements are counted in the index file: three
for each value, of 10, 10 and 5 rows, as a build without codes (L1) has them.

The danger: by codes an equal value is not the nearest to the last bit, a row
finds no duplicate, and the index gets as many elements as there are rows.

Participants of a parallel build may make an element each for values that they
insert at the same time; one in fifty is far more than that ever was.  Where
each value has another one beside it, a search may end with the elements of that
one: an exact build, too, has some elements more, one in a hundred.
"""
import os
import random
import struct
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite  # noqa: E402

DIMS = 8
VALUES = 200
COPIES = 25
EACH = 3  # elements of a value
BLOCK = 8192

rng = random.Random(29)
server = Server(shared_buffers="32MB", max_worker_processes=4,
                max_parallel_workers=4, autovacuum="off",
                synchronous_commit="off")
suite = Suite()


def unit_vector():
    """By the inner product, too, each is nearest to itself."""
    v = [rng.gauss(0, 1) for _ in range(DIMS)]
    length = sum(x * x for x in v) ** 0.5
    return [x / length for x in v]


def near(v):
    """A third of a step of its code away, which a float sees well."""
    i = max(range(DIMS), key=lambda i: abs(v[i]))
    return [x * 0.997 if j == i else x for j, x in enumerate(v)]


def text(v):
    return "[" + ",".join(f"{x:.7f}" for x in v) + "]"


def make_values(kind):
    values = [unit_vector() for _ in range(VALUES)]
    if kind == "near":
        values[1::2] = [near(v) for v in values[::2]]
    return [text(v) for v in values]


def elements(conn, index):
    """The value and the number of rows of each element in the file."""
    conn.execute("CHECKPOINT")
    path = conn.execute("SELECT pg_relation_filepath(%s)", (index,))
    with open(os.path.join(server.data, path.fetchone()[0]), "rb") as f:
        data = f.read()
    found = []
    for start in range(BLOCK, len(data), BLOCK):
        page = data[start:start + BLOCK]
        lower, = struct.unpack_from("<H", page, 12)
        for pointer, in struct.iter_unpack("<I", page[24:lower]):
            item = page[pointer & 0x7FFF:][:pointer >> 17]
            if item[0] == 1:
                tids = struct.unpack_from("<30H", item, 4)
                found.append((item[72:], sum(n > 0 for n in tids[2::3])))
    return found


def expect(conn, index, missed=0):
    found = elements(conn, index)
    values = Counter(v for v, _ in found)
    rows = sum(n for _, n in found)
    most = VALUES * EACH
    assert rows == VALUES * COPIES and len(values) == VALUES, (
        rows, len(values))
    assert most <= len(found) <= most * (1 + missed), (
        len(found), Counter(values.values()))
    if not missed:
        assert Counter(n for _, n in found) == {10: 2 * VALUES, 5: VALUES}
    damage = conn.execute("SELECT * FROM tusk_check('t')").fetchall()
    assert damage == [], damage[:5]


def load(conn, kind):
    rows = [v for v in make_values(kind) for _ in range(COPIES)]
    rng.shuffle(rows)
    conn.execute("DROP TABLE IF EXISTS t, u")
    conn.execute(f"CREATE TABLE t (v vector({DIMS}))")
    with conn.cursor().copy("COPY t FROM STDIN") as copy:
        for v in rows:
            copy.write_row((v,))


BUILDS = ((0, "64MB", "pack"), (2, "64MB", "pack"), (0, "1MB", "pack"),
          (2, "4MB", "page_inserts"))


def test_build(opclass, kind):
    with server.connect() as conn:
        load(conn, kind)
        for workers, memory, spill in BUILDS:
            conn.execute("SET max_parallel_maintenance_workers = 2")
            conn.execute(f"ALTER TABLE t SET (parallel_workers = {workers})")
            conn.execute(f"SET maintenance_work_mem = '{memory}'")
            conn.execute(f"SET hnsw.build_spill = {spill}")
            conn.execute(f"CREATE INDEX t_v ON t USING hnsw "
                         f"(v vector_{opclass}_ops)")
            expect(conn, "t_v", max(0.02 * (workers > 0),
                                    0.05 * (kind == "near")))
            conn.execute("DROP INDEX t_v")


def test_insert(opclass, cache):
    with server.connect() as conn:
        load(conn, "near")
        conn.execute("ALTER TABLE t RENAME TO u")
        conn.execute(f"CREATE TABLE t (v vector({DIMS}))")
        conn.execute(f"CREATE INDEX t_v ON t USING hnsw "
                     f"(v vector_{opclass}_ops)")
        conn.execute(f"SET enable_index_cache = {cache}")
        conn.execute("INSERT INTO t SELECT v FROM u")
        expect(conn, "t_v", 0.05)


server.start()
with server.connect() as setup:
    setup.execute("CREATE EXTENSION vector")
for each in ("l2", "ip", "cosine", "l1"):
    suite.run(test_build, each, "far")
# by the inner product the longer one of two is nearer to both
for each in ("l2", "cosine", "l1"):
    suite.run(test_build, each, "near")
for each in ("l2", "cosine"):
    suite.run(test_insert, each, "on")
    suite.run(test_insert, each, "off")
server.stop()
suite.finish(server)
