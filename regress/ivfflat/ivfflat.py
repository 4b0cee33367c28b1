"""Everything an ivfflat index does, as pgvector's tests of it do.

Story: 100,000 rows are indexed serially and in parallel, and by inserts of
several sessions; with a given seed the bytes of the index are the same whatever
the number of participants. Each index must pass tusk_check and find as much of
what the exact search finds as pgvector's does with 1, 10 and all lists probed.
Then rows go and come, scans go on from list to list, builds are disturbed at
each step that only they have.

The dangers: a row in no list or in two; lists that depend on who built them;
files of the sort that stay; a scan that misses a list; room that is not used
again.

The least recall is pgvector's (tests 001 to 009, 032, 035, 036, 040 to 042).
"""
import glob
import os
import random
import re
import signal
import subprocess
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

ROWS = 100000
QUERIES = 20
LIMIT = 20

rng = random.Random(5)
server = Server(shared_buffers="64MB", max_worker_processes=4,
                max_parallel_workers=4, autovacuum="off",
                synchronous_commit="off")
suite = Suite()


def dense(values):
    return "[" + ",".join(f"{v:.7f}" for v in values) + "]"


def random_dense(dims):
    return dense(rng.random() for _ in range(dims))


class Type:
    """sql: a random value of it; least: recall by opclass and probes."""

    def __init__(self, name, dims, sql, query, opclasses):
        self.name, self.dims, self.sql = name, dims, sql
        self.query, self.opclasses = query, opclasses


def array_of(n):
    return "ARRAY[" + ",".join(["random()"] * n) + "]"


TYPES = {
    "vector": Type(
        "vector", 3, f"{array_of(3)}::vector(3)", lambda: random_dense(3),
        {"l2": ("<->", 0.71, 0.95, 1.0), "ip": ("<#>", 0, 0, 1.0),
         "cosine": ("<=>", 0.71, 0.95, 0.9925)}),
    "halfvec": Type(
        "halfvec", 10, f"{array_of(10)}::vector(10)::halfvec(10)",
        lambda: random_dense(10),
        {"l2": ("<->", 0.33, 0.93, 1.0), "ip": ("<#>", 0, 0, 1.0),
         "cosine": ("<=>", 0.33, 0.93, 0.98)}),
    "bit": Type(
        "bit", 52,
        "((random() * 4503599627370495)::bigint)::bit(52)",
        lambda: f"{rng.getrandbits(52):052b}",
        {"hamming": ("<~>", 0.08, 0.50, 1.0)}),
}


def load(conn, t, table="t", rows=ROWS):
    """The same rows in each run, and so the same lists (build_seed): recall is
    a draw, and has no bound that it never passes."""
    conn.execute("SELECT setseed(%s)", (rng.random(),))
    conn.execute("SET ivfflat.build_seed = 3")
    conn.execute(f"DROP TABLE IF EXISTS {table}")
    conn.execute(f"CREATE TABLE {table} (i integer, v {t.name}({t.dims}))")
    conn.execute(f"INSERT INTO {table} SELECT n, {t.sql} "
                 f"FROM generate_series(1, {rows}) n")


def ask_exact(conn, table, op, queries):
    """The numbers of the nearest rows, all that tie with the last included."""
    answers = []
    conn.execute("SET enable_indexscan = off")
    for query in queries:
        last = conn.execute(
            f"SELECT v {op} %s d FROM {table} ORDER BY d LIMIT 1 "
            f"OFFSET {LIMIT - 1}", (query,)).fetchone()[0]
        answers.append({r[0] for r in conn.execute(
            f"SELECT i FROM {table} WHERE v {op} %s <= %s",
            (query, last)).fetchall()})
    conn.execute("RESET enable_indexscan")
    return answers


def recall(conn, table, op, queries, exact, probes):
    conn.execute("SET enable_seqscan = off")
    conn.execute(f"SET ivfflat.probes = {probes}")
    found = 0
    for query, answer in zip(queries, exact):
        rows = conn.execute(f"SELECT i FROM {table} ORDER BY v {op} %s "
                            f"LIMIT {LIMIT}", (query,)).fetchall()
        found += sum(r[0] in answer for r in rows)
    conn.execute("RESET ivfflat.probes")
    conn.execute("RESET enable_seqscan")
    return found / (LIMIT * len(queries))


def check(conn, table="t"):
    assert conn.execute("SELECT * FROM tusk_check(%s)",
                        (table,)).fetchall() == []


def check_recall(conn, t, opclass, queries, exact, table="t"):
    op, *least = t.opclasses[opclass]
    for probes, minimum in zip((1, 10, 100), least):
        value = recall(conn, table, op, queries, exact, probes)
        print(f"# {t.name} {opclass}, {probes} probes: {value:.4f}")
        assert value >= minimum, (t.name, opclass, probes, value)


def index_bytes(conn, name):
    """Without what log and checksum are of each page."""
    conn.execute("CHECKPOINT")
    node = conn.execute("SELECT relfilenode FROM pg_class WHERE relname = %s",
                        (name,)).fetchone()[0]
    path, = glob.glob(f"{server.data}/base/*/{node}")
    with open(path, "rb") as f:
        data = f.read()
    return [data[at + 10:at + 8192] for at in range(0, len(data), 8192)]


def set_workers(conn, workers):
    conn.execute(f"SET max_parallel_maintenance_workers = {workers}")
    conn.execute("SET min_parallel_table_scan_size = 1")
    conn.execute("SET maintenance_work_mem = '200MB'")


def files_left():
    return os.listdir(f"{server.data}/base/pgsql_tmp") if os.path.exists(
        f"{server.data}/base/pgsql_tmp") else []


def test_builds(name):
    """Serial and parallel, each operator class; then inserts (003, 032, 035,
    004)."""
    t = TYPES[name]
    queries = [t.query() for _ in range(QUERIES)]
    with server.connect() as conn:
        load(conn, t)
        for opclass, (op, *_) in t.opclasses.items():
            exact = ask_exact(conn, "t", op, queries)
            pages = []
            for workers in (0, 2):
                set_workers(conn, workers)
                conn.execute(f"CREATE INDEX x ON t USING ivfflat (v "
                             f"{t.name}_{opclass}_ops)")
                assert files_left() == []
                assert conn.execute("SELECT reltuples FROM pg_class WHERE "
                                    "relname = 'x'").fetchone() == (ROWS,)
                pages.append(index_bytes(conn, "x"))
                if workers == 0:
                    check_recall(conn, t, opclass, queries, exact)
                else:
                    check(conn)
                conn.execute("DROP INDEX x")
            assert pages[0] == pages[1], (name, opclass)


def test_inserts():
    """Ten sessions fill an index that was made for an empty table (004)."""
    t = TYPES["vector"]
    queries = [t.query() for _ in range(QUERIES)]
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3))")
        # the same lists and rows in each run, as in load
        conn.execute("SET ivfflat.build_seed = 3")
        conn.execute("CREATE INDEX ON t USING ivfflat (v vector_l2_ops)")

        def insert(me):
            with server.connect() as own:
                own.execute("SELECT setseed(%s)", (me / 10,))
                for part in range(10):
                    own.execute(f"INSERT INTO t SELECT {me} * 10000 + {part} "
                                f"* 1000 + n, {t.sql} FROM "
                                "generate_series(1, 1000) n")
        threads = [threading.Thread(target=insert, args=(i,))
                   for i in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert conn.execute("SELECT count(*) FROM t").fetchone() == (ROWS,)
        check(conn)
        exact = ask_exact(conn, "t", "<->", queries)
        check_recall(conn, t, "l2", queries, exact)
        # each row finds itself (005)
        conn.execute("SET enable_seqscan = off")
        for i in rng.sample(range(1, 1000), 20):
            v, = conn.execute("SELECT v FROM t WHERE i = %s", (i,)).fetchone()
            found = conn.execute("SELECT v FROM t ORDER BY v <-> %s LIMIT 1",
                                 (v,)).fetchone()[0]
            assert found == v


def test_room_is_used_again():
    """002: all rows go and come again; 011's like."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3))")
        conn.execute(f"INSERT INTO t SELECT n, {array_of(3)} "
                     "FROM generate_series(1, 20000) n")
        conn.execute("CREATE INDEX x ON t USING ivfflat (v)")
        size = conn.execute("SELECT pg_relation_size('x')").fetchone()
        conn.execute("CREATE TABLE copy AS SELECT * FROM t")
        for _ in range(2):
            conn.execute("DELETE FROM t")
            conn.execute("VACUUM t")
            check(conn)
            conn.execute("INSERT INTO t SELECT * FROM copy")
            assert conn.execute("SELECT pg_relation_size('x')"
                                ).fetchone() == size
        check(conn)
        conn.execute("DROP TABLE copy")
        conn.execute("DELETE FROM t WHERE i % 2 = 0")
        conn.execute("VACUUM t")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 100")
        assert conn.execute("SELECT count(*), count(DISTINCT i) FROM (SELECT i "
                            "FROM t ORDER BY v <-> '[0,0,0]') x"
                            ).fetchone() == (10000, 10000)


def test_lists():
    """006: the index with more lists is chosen; what does not fit is told."""
    with server.connect() as conn:
        load(conn, TYPES["vector"])
        conn.execute("CREATE INDEX lists50 ON t USING ivfflat (v) WITH "
                     "(lists = 50)")
        conn.execute("CREATE INDEX lists100 ON t USING ivfflat (v) WITH "
                     "(lists = 100)")
        plan = "\n".join(r[0] for r in conn.execute(
            "EXPLAIN SELECT v FROM t ORDER BY v <-> '[0.5,0.5,0.5]' LIMIT 10"))
        assert "lists100" in plan and "lists50" not in plan, plan
        for lists, memory, need in ((10000, "64MB", "4202 MB"),
                                    (100, "1MB", "5 MB")):
            conn.execute(f"SET maintenance_work_mem = '{memory}'")
            try:
                conn.execute("CREATE INDEX ON t USING ivfflat (v) WITH (lists "
                             f"= {lists})")
                raise AssertionError("no error")
            except psycopg.errors.ProgramLimitExceeded as e:
                assert e.diag.message_primary == (
                    f"memory required is {need}, maintenance_work_mem is "
                    f"{memory[:-2]} MB"), e


def test_equal_rows():
    """008 and 036: fewer values than lists, each found whole."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (v vector(3))")
        conn.execute("INSERT INTO t SELECT '[1,1,1]' FROM "
                     "generate_series(1, 10)")
        for lists in (5, 10):
            conn.execute(f"CREATE INDEX ON t USING ivfflat (v) WITH (lists = "
                         f"{lists})")
        conn.execute("INSERT INTO t SELECT '[1,2,3]' FROM "
                     "generate_series(1, 10)")
        conn.execute("CREATE INDEX ON t USING ivfflat (v) WITH (lists = 10)")
        check(conn)
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (v bit(3))")
        conn.execute("INSERT INTO t SELECT (n % 8)::bit(3) FROM "
                     "generate_series(1, 100) n")
        conn.execute("CREATE INDEX ON t USING ivfflat (v bit_hamming_ops) WITH "
                     "(lists = 100)")
        conn.execute("SET enable_seqscan = off")
        for value in range(8):
            text = f"{value:03b}"
            count = conn.execute("SELECT count(*) FROM t WHERE v = %s::bit(3)",
                                 (text,)).fetchone()
            assert conn.execute(
                f"SELECT count(*) FROM (SELECT v FROM t ORDER BY v <~> "
                f"B'{text}') x").fetchone() == count


def test_long_bits():
    """Bit strings of over 510 bytes are compressed in the index where that
    makes them shorter: tuples of many sizes, written by one process."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v bit(8000))")
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(600):
                noise = rng.randrange(0, 8000, 1)
                copy.write_row((i, f"{rng.getrandbits(noise + 1):0{noise}b}"
                                [:noise].ljust(8000, "01"[i % 2])))
        sizes = []
        for workers in (0, 2):
            set_workers(conn, workers)
            conn.execute("SET ivfflat.build_seed = 4")
            conn.execute("CREATE INDEX x ON t USING ivfflat (v "
                         "bit_hamming_ops) WITH (lists = 7)")
            check(conn)
            sizes.append(index_bytes(conn, "x"))
            conn.execute("SET enable_seqscan = off")
            conn.execute("SET ivfflat.probes = 7")
            assert [r[0] for r in conn.execute(
                "SELECT i FROM t ORDER BY v <~> (SELECT v FROM t WHERE i = 5) "
                "LIMIT 1")] == [5]
            if workers == 0:
                conn.execute("DROP INDEX x")
        assert sizes[0] == sizes[1]
        assert len(sizes[0]) < 600 // 7, len(sizes[0])
        conn.execute("DELETE FROM t WHERE i % 3 = 0")
        conn.execute("VACUUM t")
        conn.execute("INSERT INTO t SELECT i + 1000, v FROM t WHERE i % 3 = 1")
        check(conn)


def test_estimate_of_long_bits():
    """EXPLAIN CREATE INDEX counts the pages of rows that might be compressed,
    and are not."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v bit(8000))")
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(600):
                copy.write_row((i, f"{rng.getrandbits(8000):08000b}"))
        plan = conn.execute("EXPLAIN (ANALYZE, FORMAT JSON) CREATE INDEX ON t "
                            "USING ivfflat (v bit_hamming_ops) "
                            "WITH (lists = 7)").fetchone()[0][0]
        build = plan["Create Index"]
        ratio = build["Index Size"] / build["Actual Index Size"]
        assert 0.7 < ratio < 1.4, build


def test_filters():
    """041 and 042: iterative scans find what filters leave."""
    with server.connect() as conn:
        conn.prepare_threshold = None  # each with a plan of its own
        load(conn, TYPES["vector"])
        conn.execute("CREATE INDEX x ON t USING ivfflat (v)")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.iterative_scan = relaxed_order")
        conn.execute("SET ivfflat.probes = 10")
        assert len(conn.execute(
            "SELECT i FROM t WHERE i % 10000 = 0 ORDER BY v <-> "
            "'[0.5,0.5,0.5]' LIMIT 11").fetchall()) == 10
        for probes in (30, 50, 70):
            conn.execute(f"SET ivfflat.max_probes = {probes}")
            total = sum(len(conn.execute(
                "SELECT i FROM t WHERE i %% 10000 = 0 ORDER BY v <-> %s "
                "LIMIT 11", (random_dense(3),)).fetchall())
                for _ in range(QUERIES))
            assert abs(total / QUERIES - probes / 10) <= 2, (probes, total)
        conn.execute("RESET ivfflat.max_probes")
        for every, probes, least in ((100, 1, 0.57), (100, 10, 0.98),
                                     (1000, 1, 0.80)):
            conn.execute(f"SET ivfflat.probes = {probes}")
            found = 0
            for _ in range(QUERIES):
                query = random_dense(3)
                conn.execute("SET enable_indexscan = off")
                conn.execute("SET enable_seqscan = on")
                sql = (f"SELECT i FROM t WHERE i %% {every} = 0 "
                       "ORDER BY v <-> %s LIMIT 20")
                exact = set(conn.execute(sql, (query,)).fetchall())
                conn.execute("SET enable_indexscan = on")
                conn.execute("SET enable_seqscan = off")
                found += len(exact & set(conn.execute(
                    sql, (query,)).fetchall()))
            print(f"# one of {every}, {probes} probes: "
                  f"{found / (20 * QUERIES):.4f}")
            assert found / (20 * QUERIES) >= least, (every, probes, found)


def test_plans():
    """009 and 040: which plans use the index."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3), c integer, "
                     "s text)")
        conn.execute(f"INSERT INTO t SELECT n, {array_of(3)}, n % 50, 'test ' "
                     "|| n FROM generate_series(1, 10000) n")
        conn.execute("CREATE INDEX x ON t USING ivfflat (v)")
        conn.execute("ANALYZE t")

        def plan(where, limit="LIMIT 20", order="ORDER BY v <-> '[1,2,3]'"):
            return "\n".join(r[0] for r in conn.execute(
                f"EXPLAIN SELECT i FROM t {where} {order} {limit}"))
        for where in ("", "WHERE c <> 7", "WHERE c >= 1",
                      "WHERE s LIKE '%test%'",
                      "WHERE v <-> '[1,2,3]' < 1",
                      "WHERE v <-> '[1,2,3]' > 1"):
            assert "Index Scan using x" in plan(where), plan(where)
        assert "Seq Scan" in plan("WHERE v <-> '[1,2,3]' < 1", order="")
        assert "Seq Scan" in plan("WHERE v <-> '[1,2,3]' < 1", limit="")
        conn.execute("CREATE INDEX partial ON t USING ivfflat (v) WITH (lists "
                     "= 5) WHERE (c = 7)")
        assert "Index Scan using partial" in plan("WHERE c = 7")
        for dims in (384, 1536):
            conn.execute("DROP TABLE IF EXISTS wide")
            conn.execute(f"CREATE TABLE wide (i integer, v vector({dims}))")
            with conn.cursor().copy("COPY wide FROM STDIN") as copy:
                one = [rng.random() for _ in range(dims)]
                for i in range(5000 if dims == 384 else 2000):
                    one[i % dims] = rng.random()
                    copy.write_row((i, dense(one)))
            conn.execute("CREATE INDEX w ON wide USING ivfflat (v) WITH (lists "
                         "= 5)")
            conn.execute("ANALYZE wide")
            text = "\n".join(r[0] for r in conn.execute(
                "EXPLAIN SELECT i FROM wide ORDER BY v <-> %s LIMIT 10",
                (dense(one),)))
            assert "Index Scan using w" in text, text
        conn.execute("DROP TABLE wide")


def test_pages():
    """The metapage and the sizes of an empty index are pgvector's."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS e")
        conn.execute("CREATE TABLE e (v vector(128))")
        conn.execute("CREATE INDEX m ON e USING ivfflat (v) WITH (lists = 10)")
        page = index_bytes(conn, "m")[0]
        assert page[14:26].hex() == "a7f14f01010000008000" "0a00", \
            page[:40].hex()
        conn.execute("DROP TABLE e")
        conn.execute("CREATE TABLE e (v vector(3))")
        conn.execute("CREATE INDEX m ON e USING ivfflat (v)")
        assert conn.execute("SELECT pg_relation_size('m') / 8192"
                            ).fetchone() == (102,)
        conn.execute("INSERT INTO e SELECT '[1,2,3]' FROM "
                     "generate_series(1, 226)")
        assert conn.execute("SELECT pg_relation_size('m') / 8192"
                            ).fetchone() == (102,)
        conn.execute("INSERT INTO e VALUES ('[1,2,3]')")
        assert conn.execute("SELECT pg_relation_size('m') / 8192"
                            ).fetchone() == (103,)


def test_vacuum_beside_inserts():
    """048."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3))")
        conn.execute(f"INSERT INTO t SELECT n, {array_of(3)} "
                     "FROM generate_series(1, 1000) n")
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 10)")
        failed = []

        def work(me):
            die = random.Random(me)
            try:
                with server.connect() as own:
                    own.execute("SET enable_seqscan = off")
                    for n in range(150):
                        what = die.randrange(10)
                        if what < 3:
                            own.execute(f"INSERT INTO t VALUES (%s, "
                                        f"{array_of(3)})", (me * 1000 + n,))
                        elif what < 6:
                            own.execute("DELETE FROM t WHERE i = %s",
                                        (die.randrange(1000),))
                        elif what < 9:
                            own.execute("SELECT i FROM t ORDER BY v <-> %s "
                                        "LIMIT 10", (dense(
                                            die.random() for _ in range(3)),)
                                        ).fetchall()
                        else:
                            own.execute("VACUUM t")
            except psycopg.Error as e:
                failed.append(e)
        threads = [threading.Thread(target=work, args=(i,))
                   for i in range(1, 6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == [], failed
        check(conn)


def test_scan_of_many():
    """More rows than work_mem holds are sorted by tuplesort, in the same
    order."""
    with server.connect() as conn:
        load(conn, TYPES["vector"], rows=20000)
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 10)")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 10")
        sql = "SELECT i FROM t ORDER BY v <-> '[0.5,0.5,0.5]', i"
        plain = "SELECT v <-> '[0.5,0.5,0.5]' FROM t ORDER BY 1"
        conn.execute("SET work_mem = '64kB'")
        small = conn.execute("SELECT v <-> '[0.5,0.5,0.5]' FROM t ORDER BY v "
                             "<-> '[0.5,0.5,0.5]'").fetchall()
        conn.execute("RESET work_mem")
        large = conn.execute("SELECT v <-> '[0.5,0.5,0.5]' FROM t ORDER BY v "
                             "<-> '[0.5,0.5,0.5]'").fetchall()
        exact = conn.execute(plain).fetchall()
        assert len(small) == len(large) == 20000, sql
        # the index orders by floats of squares, the table by their roots
        for rows in (small, large):
            assert all(abs(a[0] - b[0]) < 1e-6 for a, b in zip(rows, exact))


# few values, so that many rows tie
TIES = {
    "vector": "ARRAY[n % 7, n % 3, 1]::vector(3)",
    "halfvec": "ARRAY[n % 7, n % 3, 1]::vector(3)::halfvec(3)",
    "bit": "(n % 8)::bit(3)",
}


def test_order():
    """Each operator class: what is put into order as it is asked for comes as
    from a full sort (by tuplesort, as work_mem holds too little), of rows that
    tie too, whether few or all are asked for and whether the pages are read
    with a lock (of a temporary table) or without."""
    with server.connect() as conn:
        conn.prepare_threshold = None
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 12")
        conn.execute("SET ivfflat.build_seed = 5")
        for name, t in TYPES.items():
            dims = 3
            query = "101" if name == "bit" else "[3,1,0]"
            for kind in ("", "TEMP"):
                conn.execute("DROP TABLE IF EXISTS o")
                conn.execute(f"CREATE {kind} TABLE o (i integer, "
                             f"v {name}({dims}))")
                conn.execute(f"INSERT INTO o SELECT n, {TIES[name]} "
                             "FROM generate_series(0, 8999) n")
                conn.execute("DELETE FROM o WHERE i % 11 = 4")
                conn.execute("VACUUM o")
                for opclass, (op, *_) in t.opclasses.items():
                    conn.execute(f"CREATE INDEX ox ON o USING ivfflat (v "
                                 f"{name}_{opclass}_ops) WITH (lists = 12)")
                    sql = (f"SELECT i, v {op} '{query}' FROM o ORDER BY "
                           f"v {op} '{query}'")
                    conn.execute("SET work_mem = '64kB'")
                    full = conn.execute(sql).fetchall()
                    conn.execute("RESET work_mem")
                    far = [r[1] for r in full]
                    assert far == sorted(far), (name, opclass)
                    # zero vectors have no place in an index by cosine
                    assert len(full) == conn.execute(
                        f"SELECT count(v {op} '{query}') FROM o WHERE "
                        f"'{opclass}' <> 'cosine' OR "
                        f"v {op} '{query}' = v {op} '{query}'"
                    ).fetchone()[0], (name, opclass)
                    for limit in (0, 1, 10, 11, 16, 17, 100, 1000, 9000):
                        found = conn.execute(f"{sql} LIMIT {limit}").fetchall()
                        assert found == full[:limit], (name, opclass, limit)
                    conn.execute("DROP INDEX ox")
        conn.execute("DROP TABLE o")


def test_changed_pages():
    """A page changes while a scan computes its distances: the page is read
    again, under its lock, and the result is that of the snapshot.  Rows come
    into the last page, and into those appended to it meanwhile, or the item of
    the list changes by that, or dead rows go from the first page."""
    query = "SELECT i FROM t ORDER BY v <-> '[0,0,0]'"
    insert = ("INSERT INTO t SELECT n, '[1,1,1]' "
              "FROM generate_series(1001, 2000) n")
    with server.connect() as conn, server.connect() as other:
        conn.execute("SET enable_seqscan = off")
        said = []
        conn.add_notice_handler(lambda d: said.append(d.message_primary))
        # the list is page 1 of those read, 1,000 rows take five more
        for change, dead, nth in ((insert, "false", 6), (insert, "false", 1),
                                  ("VACUUM t", "i % 2 = 0", 2)):
            conn.execute("DROP TABLE IF EXISTS t")
            conn.execute("CREATE TABLE t (i integer, v vector(3))")
            conn.execute("INSERT INTO t SELECT n, '[1,1,1]' "
                         "FROM generate_series(1, 1000) n")
            conn.execute("CREATE INDEX x ON t USING ivfflat (v) "
                         "WITH (lists = 1)")
            conn.execute(f"DELETE FROM t WHERE {dead}")
            before = sorted(conn.execute(query).fetchall())
            said.clear()
            for point, action in (("ivfflat-read-page",
                                   f"wait,nth={nth},times=1"),
                                  ("ivfflat-read-again", "notice")):
                other.execute("SELECT injection_points_attach(%s, %s)",
                              (point, action))
            found = []
            thread = threading.Thread(
                target=lambda: found.extend(conn.execute(query).fetchall()))
            thread.start()
            wait_for(lambda: other.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = "
                "'ivfflat-read-page'").fetchall(), "the scan to wait")
            other.execute(change)
            other.execute("SELECT injection_points_wakeup("
                          "'ivfflat-read-page')")
            thread.join()
            for point in ("ivfflat-read-page", "ivfflat-read-again"):
                other.execute("SELECT injection_points_detach(%s)", (point,))
            assert sorted(found) == before, (change, nth, len(found))
            assert any("ivfflat-read-again" in s for s in said), (change, said)
            check(conn)
            assert len(conn.execute(query).fetchall()) == conn.execute(
                "SELECT count(i) FROM t").fetchone()[0]


def test_scans_beside_changes():
    """While two sessions fill pages and vacuum empties them, each scan of all
    lists has every row that stays, once, and as many rows as its snapshot:
    pages that change under it are read again."""
    stay = 2000
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3))")
        conn.execute(f"INSERT INTO t SELECT n, {array_of(3)} "
                     f"FROM generate_series(1, {stay}) n")
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 4)")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 4")
        failed = []

        def change(me):
            try:
                with server.connect() as own:
                    for _ in range(40):
                        own.execute(
                            f"INSERT INTO t SELECT {stay} + {me}, "
                            f"{array_of(3)} FROM generate_series(1, 300)")
                        own.execute("DELETE FROM t WHERE i = %s", (stay + me,))
                        if me == 1:
                            own.execute("VACUUM t")
            except psycopg.Error as e:
                failed.append(e)
        threads = [threading.Thread(target=change, args=(i,)) for i in (1, 2)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            found = [r[0] for r in conn.execute(
                "SELECT i FROM t ORDER BY v <-> '[0.5,0.5,0.5]'").fetchall()]
            kept = [i for i in found if i <= stay]
            assert len(kept) == len(set(kept)) == stay, len(kept)
            # each session's rows come and go 300 at a time
            assert (len(found) - stay) % 300 == 0, len(found)
        for thread in threads:
            thread.join()
        assert failed == [], failed
        conn.execute("VACUUM t")
        check(conn)


def test_cut_short():
    """An iterative scan that may read no more lists says so, once, and EXPLAIN
    does; one that is not asked for more says nothing, nor one that has read all
    lists, nor one that is not iterative."""
    with server.connect() as conn:
        said = []
        conn.add_notice_handler(lambda d: said.append(
            (d.severity, d.message_primary, d.message_detail,
             d.message_hint)))
        load(conn, TYPES["vector"], rows=2000)
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 20)")
        said.clear()
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 2")
        sql = ("SELECT i FROM t WHERE i > 1990 ORDER BY v <-> '[0.5,0.5,0.5]' "
               "LIMIT 20")
        explain = "EXPLAIN (ANALYZE, TIMING off, COSTS off) " + sql

        def plan():
            return "\n".join(r[0] for r in conn.execute(explain).fetchall())
        assert "Cut Short" not in plan() and not said
        conn.execute("SET ivfflat.iterative_scan = relaxed_order")
        assert len(conn.execute(sql).fetchall()) == 10 and not said
        assert "Cut Short" not in plan() and not said
        conn.execute("SET ivfflat.max_probes = 5")
        assert len(conn.execute(sql + " OFFSET 0").fetchall()) < 10
        assert said == [(
            "NOTICE",
            'search of index "x" was cut short by "ivfflat.max_probes"',
            "5 of 20 lists were searched.",
            'Rows may be missing. Increase "ivfflat.max_probes", or create a '
            "partial index for the condition.")], said
        said.clear()
        assert "Search Cut Short By: ivfflat.max_probes" in plan(), plan()
        said.clear()
        conn.execute("SELECT i FROM t ORDER BY v <-> '[0,0,0]' LIMIT 10")
        assert not said
        # once for all runs of a scan
        conn.execute("SELECT array(SELECT i FROM t WHERE i > 1990 AND a.n > 0 "
                     "ORDER BY v <-> '[0,0,0]' LIMIT 20) "
                     "FROM generate_series(1, 5) AS a(n)")
        assert len(said) == 1, said


def test_buffers():
    """EXPLAIN (ANALYZE, BUFFERS) counts each page once: as many of a table that
    is read without pins as of the same temporary one, which is not; and as many
    when they come from the disk."""
    def pages(conn, kind):
        plan = conn.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT i FROM b "
            "ORDER BY v <-> '[0.5,0.5,0.5]' LIMIT 10").fetchone()[0][0]["Plan"]
        return plan[f"{kind} Hit Blocks"], plan[f"{kind} Read Blocks"]

    def make(conn, kind):
        conn.execute("SET ivfflat.build_seed = 9")
        conn.execute(f"CREATE {kind} TABLE b (i integer, v vector(3))")
        conn.execute("INSERT INTO b SELECT n, ARRAY[n % 71, n % 83, n % 97]"
                     "::vector(3) FROM generate_series(1, 20000) n")
        conn.execute("CREATE INDEX ON b USING ivfflat (v) WITH (lists = 10)")
        look(conn)

    def look(conn):
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 4")

    with server.connect() as conn:
        make(conn, "TEMP")
        pages(conn, "Local")
        local, read = pages(conn, "Local")
        assert read == 0 and local > 30, (local, read)
    with server.connect() as conn:
        make(conn, "")
        pages(conn, "Shared")
        assert pages(conn, "Shared") == (local, 0)
    server.stop()
    server.start()
    with server.connect() as conn:
        look(conn)
        hit, read = pages(conn, "Shared")
        assert hit + read == local and read > 20, (hit, read, local)
        assert pages(conn, "Shared") == (local, 0)
        conn.execute("DROP TABLE b")


BUILD = ("CREATE INDEX x ON t USING ivfflat (v halfvec_l2_ops) "
         "WITH (lists = 20)")
STEPS = ["ivfflat-sample-blocks", "ivfflat-kmeans", "kmeans-step",
         "kmeans-block", "barrier-arrive", "sharedsort-give",
         "sharedsort-given", "sharedsort-take", "tuplesort-dump-run",
         "fileset-create", "fileset-open", "ivfflat-load-lists",
         "ivfflat-load-page"]


def disturbed(conn, step, action):
    """A parallel build whose memory is too little for the sort."""
    conn.execute("SET max_parallel_maintenance_workers = 2")
    conn.execute("SET min_parallel_table_scan_size = 1")
    conn.execute("SET maintenance_work_mem = '64MB'")
    conn.execute("SELECT injection_points_attach(%s, %s)", (step, action))
    if step == "tuplesort-dump-run":  # the share of each is too little for it
        conn.execute("SET maintenance_work_mem = '2MB'")
    conn.execute("ALTER TABLE t SET (parallel_workers = 2)")
    conn.execute(BUILD)


def test_failing_steps():
    """An error at each step, in whoever comes there first, or second: it
    reaches the client, and nothing is left."""
    with server.connect() as conn:
        load(conn, TYPES["halfvec"], rows=50000)
        for step in STEPS:
            for nth in (1, 2):
                try:
                    disturbed(conn, step, f"error:54001,times=1,nth={nth}")
                    # some are passed only once
                    assert nth == 2, step
                    conn.execute("DROP INDEX x")
                except psycopg.errors.StatementTooComplex as e:
                    assert step in e.diag.message_primary, (step, e)
                conn.execute("SELECT injection_points_detach(%s)", (step,))
                assert files_left() == [], step
                assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                                    "relname = 'x'").fetchone() == (0,)
        check(conn)


def test_killed():
    """A participant killed at a step: crash restart, nothing left."""
    with server.connect() as conn:
        conn.execute("SET synchronous_commit = on")
        load(conn, TYPES["halfvec"], rows=20000)
    for step in ("kmeans-block", "sharedsort-given", "ivfflat-load-page"):
        starts = server.lives()
        conn = server.connect()
        conn.execute("SET synchronous_commit = on")
        try:
            disturbed(conn, step, "kill,nth=2")
            raise AssertionError(f"{step}: nobody was killed")
        except psycopg.OperationalError:
            pass
        # it may still serve for a moment, before it sees who was killed
        server.next_life(starts)
        server.query("SELECT injection_points_detach(%s)", (step,))
        assert files_left() == [], step
        assert server.query("SELECT count(*) FROM pg_class WHERE relname = "
                            "'x'") == [(0,)]
    with server.connect() as conn:
        conn.execute(BUILD)
        check(conn)


def test_cancelled():
    """While one is in k-means and while one waits for others."""
    with server.connect() as conn:
        load(conn, TYPES["halfvec"], rows=20000)
        conn.execute("ALTER TABLE t SET (parallel_workers = 2)")
    for step in ("kmeans-block", "barrier-wait", "ivfflat-load-lists"):
        with server.connect() as conn, server.connect() as other:
            conn.execute("DROP INDEX IF EXISTS x")
            pid = conn.info.backend_pid
            other.execute("SELECT injection_points_attach(%s, 'wait')",
                          (step,))
            conn.execute("SET max_parallel_maintenance_workers = 2")
            conn.execute("SET min_parallel_table_scan_size = 1")
            thread, failed = in_background(conn, BUILD)
            wait_for(lambda: other.execute(
                "SELECT 1 FROM pg_stat_activity WHERE wait_event = %s",
                (step,)).fetchall(), f"somebody to be at {step}")
            other.execute("SELECT pg_cancel_backend(%s)", (pid,))
            thread.join()
            assert isinstance(failed[0], psycopg.errors.QueryCanceled), failed
            other.execute("SELECT injection_points_detach(%s)", (step,))
            wait_for(lambda: other.execute(
                "SELECT 1 FROM pg_stat_activity WHERE backend_type = "
                "'parallel worker'").fetchall() == [], "the workers to end")
            assert files_left() == [], step


def test_unlogged_and_crash():
    with server.connect() as conn:
        conn.execute("SET synchronous_commit = on")
        conn.execute("CREATE UNLOGGED TABLE u (v vector(3))")
        conn.execute("CREATE INDEX ON u USING ivfflat (v) WITH (lists = 3)")
        conn.execute("INSERT INTO u VALUES ('[1,2,3]')")
        conn.execute("DROP TABLE IF EXISTS t")
        load(conn, TYPES["vector"], rows=5000)
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 30)")
        conn.execute("INSERT INTO t SELECT i + 10000, v FROM t")
        conn.execute("DELETE FROM t WHERE i % 3 = 0")
        conn.execute("VACUUM t")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 5")
        # equal rows come in any order: a kill may take back the vacuum
        nearest = ("SELECT v <-> '[0.1,0.5,0.7]' FROM t ORDER BY v <-> "
                   "'[0.1,0.5,0.7]' LIMIT 50")
        before = conn.execute(nearest).fetchall()
    os.kill(server.postmaster_pid(), signal.SIGKILL)
    wait_for(lambda: not server.processes(), "the processes to end")
    server.start()
    with server.connect() as conn:
        check(conn)
        check(conn, "u")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET ivfflat.probes = 5")
        assert conn.execute(nearest).fetchall() == before
        conn.execute("INSERT INTO u VALUES ('[1,2,3]')")
        assert conn.execute("SELECT v FROM u ORDER BY v <-> '[1,1,1]'"
                            ).fetchall() == [("[1,2,3]",)]
        conn.execute("CREATE INDEX CONCURRENTLY y ON t USING ivfflat (v "
                     "vector_cosine_ops) WITH (lists = 30)")
        conn.execute("REINDEX TABLE t")
        check(conn)


def test_far_from_zero():
    """Rows that are long and near to each other: products of rows and centers
    tell nothing about distances, of which a build makes use where they do.
    Each row must be in the list that its own search reads, floats and halves
    (whole numbers here: halves have no others so far out), and the index the
    same from one and from two participants."""
    with server.connect() as conn:
        conn.execute("SET ivfflat.build_seed = 3")
        for name, far, wide in (("vector", 100000, 10), ("halfvec", 2000, 48)):
            conn.execute("DROP TABLE IF EXISTS t")
            conn.execute(f"CREATE TABLE t (i integer, v {name}(16))")
            with conn.cursor().copy("COPY t FROM STDIN") as copy:
                for i in range(4000):
                    copy.write_row((i, str([far + random.randrange(wide)
                                            for _ in range(16)])))
            made = []
            for workers in (0, 1):
                set_workers(conn, workers)
                conn.execute(f"CREATE INDEX x ON t USING ivfflat (v {name}"
                             "_l2_ops) WITH (lists = 50)")
                made.append(index_bytes(conn, "x"))
                if workers == 0:
                    conn.execute("DROP INDEX x")
            assert made[0] == made[1]
            conn.execute("SET enable_seqscan = off; SET ivfflat.probes = 1")
            for i, v in conn.execute("SELECT i, v::text FROM t "
                                     "WHERE i % 20 = 0").fetchall():
                d = conn.execute("SELECT v <-> %s FROM t ORDER BY v <-> %s "
                                 "LIMIT 1", (v, v)).fetchone()[0]
                assert d == 0, (i, v, d)
            conn.execute("RESET enable_seqscan; RESET ivfflat.probes")
        conn.execute("DROP TABLE t")


def test_log_line():
    """What a build took is in the server's log, with workers and without."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        load(conn, TYPES["vector"], rows=5000)
        for workers in (0, 1):
            set_workers(conn, workers)
            conn.execute("CREATE INDEX said ON t USING ivfflat (v) "
                         "WITH (lists = 30)")
            conn.execute("DROP INDEX said")
            line = [s for s in server.log_text().splitlines()
                    if 'built index "said" on table "t"' in s][-1]
            assert re.search(r": 5000 rows in [0-9.]+ s, [1-9]\d* kB of "
                             rf"\d+ kB of memory used, workers: {workers} "
                             rf"planned, {workers} launched.*, sample [0-9.]+ s, "
                             r"k-means [0-9.]+ s in [1-9]\d* iterations, "
                             r"assignment [0-9.]+ s, sort [0-9.]+ s, "
                             r"load [0-9.]+ s$",
                             line), line


def test_damaged_metapage():
    """A metapage that counts fewer lists than there are.  Scans make room for
    as many as it says; they must not write behind that."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        load(conn, TYPES["vector"], rows=1000)
        conn.execute("CREATE INDEX x ON t USING ivfflat (v) WITH (lists = 90)")
        path = conn.execute("SELECT pg_relation_filepath('x')").fetchone()[0]
    server.stop()
    with open(os.path.join(server.data, path), "r+b") as f:
        f.seek(34)
        assert f.read(2) == (90).to_bytes(2, "little")
        f.seek(34)
        f.write((3).to_bytes(2, "little"))
    server.start()
    with server.connect() as conn:
        conn.execute("SET ignore_checksum_failure = on")
        conn.execute("SET enable_seqscan = off")
        try:
            conn.execute("SELECT v FROM t ORDER BY v <-> '[1,1,1]' LIMIT 1")
            assert False, "the damage was not seen"
        except psycopg.errors.IndexCorrupted as e:
            assert ('index "x" has more lists than the 3 of its metapage'
                    in str(e)), e
        conn.execute("DROP TABLE t")


def test_distance_that_is_none():
    """Infinity less infinity is NaN, of this sign or that: it comes last, as
    everywhere, with lists and with rows, and nothing behind it is lost."""
    big = "3e38"
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (i integer, v vector(2))")
        conn.execute("INSERT INTO t SELECT i, ('[' || i || ',1]')::vector FROM "
                     "generate_series(1, 50) i")
        conn.execute(f"INSERT INTO t VALUES (100, '[{big},{big}]'), "
                     f"(101, '[-{big},-{big}]')")
        for lists in (1, 3):
            conn.execute("CREATE INDEX x ON t USING ivfflat (v vector_ip_ops) "
                         f"WITH (lists = {lists})")
            conn.execute("SET ivfflat.probes = 3")
            for query in (f"[{big},-{big}]", f"[-{big},{big}]"):
                found = []
                for off in ("enable_seqscan", "enable_indexscan"):
                    conn.execute(f"SET {off} = off")
                    found.append(conn.execute(
                        "SELECT i, v <#> %s FROM t ORDER BY v <#> %s",
                        (query, query)).fetchall())
                    conn.execute(f"RESET {off}")
                for rows in found:
                    assert {i for i, _ in rows[-2:]} == {100, 101}, rows[-4:]
                    assert all(d != d for _, d in rows[-2:]), rows[-4:]
                    assert sorted(i for i, _ in rows[:-2]) == \
                        list(range(1, 51)), rows
            conn.execute("DROP INDEX x")
        conn.execute("DROP TABLE t")


def test_files():
    """PostgreSQL's tools read the files of a server that was stopped."""
    server.stop()
    done = subprocess.run(
        ["/usr/lib/postgresql/15/bin/pg_checksums", "-D", server.data],
        capture_output=True, text=True, timeout=60)
    assert "Bad checksums:  0" in done.stdout, done
    server.start()


server.start()
server.query("CREATE EXTENSION vector")
try:
    for name in TYPES:
        suite.run(test_builds, name)
    for test in (test_inserts, test_room_is_used_again, test_lists,
                 test_equal_rows, test_long_bits,
                 test_estimate_of_long_bits, test_filters, test_plans,
                 test_pages, test_vacuum_beside_inserts, test_scan_of_many,
                 test_order, test_changed_pages,
                 test_scans_beside_changes, test_cut_short, test_buffers,
                 test_failing_steps, test_killed, test_cancelled,
                 test_unlogged_and_crash, test_far_from_zero, test_log_line,
                 test_damaged_metapage, test_distance_that_is_none,
                 test_files):
        suite.run(test)
finally:
    suite.run(server.stop)
    suite.finish(server)
