"""Values out of line and the index that leads to them.

Story: pages of the index that are full at four entries make a tree of many
levels from little data.  Values come and go in every order, vacuum empties
pages and takes them out of the tree, splits use them again; statements fail,
are killed and wait at every step between, alone and with others at work.  What
is committed is read whole, what is not is not there, tusk_check finds the tree
in order, and the file stops growing.  The danger: an entry that no way leads to,
a page that is used twice or never again, a chunk of somebody else.
"""
import os
import random
import signal
import struct
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="16MB", autovacuum="off").start()
server.query("CREATE EXTENSION vector")

CHUNKS = 3


def wide(i, version=0):
    return (f"{i}.{version} " * 1500)[:1996 * (CHUNKS - 1) + 100 + i % 50]


def insert(conn, ids, version=0):
    with conn.cursor() as cur:
        cur.executemany("INSERT INTO t VALUES (%s, %s, %s)",
                        [(i, version, wide(i, version)) for i in ids])


def make(conn, small=True):
    conn.execute("DROP TABLE IF EXISTS t")
    try:
        detach(conn, "toast-index-small-pages")
    except psycopg.errors.UndefinedObject:
        pass
    if small:
        attach(conn, "toast-index-small-pages", "notice")
    conn.execute("CREATE TABLE t (id integer, version integer, x text)")
    conn.execute("ALTER TABLE t ALTER x SET STORAGE external")


def index_name(conn):
    return conn.execute("SELECT reltoastrelid::regclass::text || '_index' FROM "
                        "pg_class WHERE relname = 't'").fetchone()[0]


def pages(conn):
    return conn.execute("SELECT pg_relation_size(%s::regclass) / 8192",
                        (index_name(conn),)).fetchone()[0]


def meta(conn):
    """(level of the root, first free page)"""
    conn.execute("CHECKPOINT")
    number = conn.execute("SELECT relfilenode FROM pg_class WHERE oid = "
                          "%s::regclass", (index_name(conn),)).fetchone()[0]
    with open(os.path.join(server.data, "base", "5", str(number)), "rb") as f:
        page = f.read(8192)
    magic, version, _, level, free = struct.unpack_from("<5I", page, 24)
    assert magic == 0x54435849 and version == 2
    return level, free


def check(conn, want):
    """want: id -> version"""
    rows = conn.execute("SELECT id, version, x FROM t").fetchall()
    assert {i: v for i, v, _ in rows} == want, \
        set(want.items()) ^ {(i, v) for i, v, _ in rows}
    assert len(rows) == len(want)
    bad = [i for i, v, x in rows if x != wide(i, v)]
    assert not bad, bad
    assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []


def attach(conn, point, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))


def detach(conn, point):
    conn.execute("SELECT injection_points_detach(%s)", (point,))


def test_tree():
    """Values go from the left, the right, the middle, here and there; the
    height follows, and the file stays as large as it once had to be."""
    rnd = random.Random(7)
    with server.connect() as conn:
        make(conn)
        patterns = {
            "left": lambda ids: ids[:-5],
            "right": lambda ids: ids[5:],
            "middle": lambda ids: ids[5:-5],
            "every other": lambda ids: ids[::2],
            "random": lambda ids: rnd.sample(ids, len(ids) * 9 // 10),
            "runs": lambda ids: [i for i in ids if i // 11 % 3],
            "all": lambda ids: ids,
        }
        want = {}
        first = 0
        largest = 0
        for name, pattern in patterns.items():
            new = range(first, first + 150)
            first += 150
            insert(conn, new)
            want.update(dict.fromkeys(new, 0))
            check(conn, want)
            level, _ = meta(conn)
            assert level >= 3, level
            if largest == 0:
                largest = pages(conn)
            # what stays of each round keeps leaves that are half empty
            assert pages(conn) <= largest * 3, (name, pages(conn), largest)
            gone = pattern(sorted(want))
            conn.execute("DELETE FROM t WHERE id = ANY(%s)", (gone,))
            for i in gone:
                del want[i]
            conn.execute("VACUUM t")
            check(conn, want)
        assert meta(conn)[0] == 0, "an empty tree is one leaf"
        # full pages again, of a tree that begins as one leaf
        size = pages(conn)
        insert(conn, range(150))
        assert pages(conn) == size, (pages(conn), size)
        detach(conn, "toast-index-small-pages")
        insert(conn, range(150, 300))
        check(conn, dict.fromkeys(range(300), 0))
        conn.execute(f"REINDEX INDEX {index_name(conn)}")
        assert meta(conn)[0] == 1
        check(conn, dict.fromkeys(range(300), 0))


def test_transactions():
    """Aborted values are dead chunks; vacuum removes them and their entries."""
    with server.connect() as conn:
        make(conn)
        insert(conn, range(40))
        want = dict.fromkeys(range(40), 0)
        size = pages(conn)
        for _ in range(3):
            conn.execute("BEGIN")
            insert(conn, range(100, 140))
            conn.execute("UPDATE t SET version = 1, x = x || 'more'")
            conn.execute("DELETE FROM t WHERE id < 20")
            conn.execute("ROLLBACK")
            check(conn, want)
            conn.execute("VACUUM t")
            check(conn, want)
        assert pages(conn) <= size * 4, (pages(conn), size)


# point, statement that reaches it, its passage
STEPS = [
    ("toast-chunk", "insert", 20),
    ("toast-index-insert", "insert", 20),
    ("toast-index-split", "insert", 5),
    ("toast-index-reuse", "insert", 3),
    ("toast-delete-chunk", "DELETE FROM t WHERE id >= 20", 7),
    ("heap-update-toast", "UPDATE t SET x = x || 'more'", 7),
    ("toast-chunk", "UPDATE t SET x = x || 'more'", 9),
    ("toast-index-vacuum", "VACUUM t", 4),
    ("toast-index-remove", "VACUUM t", 3),
]


def prepare(conn):
    """Committed rows, dead ones and pages that are free."""
    make(conn)
    insert(conn, range(60))
    conn.execute("DELETE FROM t WHERE id >= 40")
    conn.execute("VACUUM t")
    conn.execute("DELETE FROM t WHERE id % 10 < 7")
    return {i: 0 for i in range(40) if i % 10 >= 7}


def execute(conn, statement):
    if statement != "insert":
        conn.execute(statement)
        return
    # one statement: it is all there or not at all
    conn.execute("INSERT INTO t SELECT i, 0, substr(repeat(i || '.0 ', 1500), "
                 "1, %s + i %% 50) FROM generate_series(100, 139) i",
                 (1996 * (CHUNKS - 1) + 100,))


def after(want, statement):
    """The rows once it is done.  (The update adds to x what check() does not
    expect: it is undone.)"""
    want = dict(want)
    if statement == "insert":
        want.update(dict.fromkeys(range(100, 140), 0))
    elif statement.startswith("DELETE"):
        want = {i: v for i, v in want.items() if i < 20}
    return want


def finish(conn, want, statement):
    check(conn, want)
    execute(conn, statement)
    if statement.startswith("UPDATE"):
        conn.execute("UPDATE t SET x = substr(x, 1, length(x) - 4)")
    check(conn, after(want, statement))
    conn.execute("VACUUM t")
    check(conn, after(want, statement))


def test_errors():
    with server.connect() as conn:
        for point, statement, nth in STEPS:
            want = prepare(conn)
            attach(conn, point, f"error,nth={nth},times=1")
            try:
                execute(conn, statement)
                raise AssertionError(f"{statement}: no error at {point}")
            except psycopg.Error as e:
                assert point in str(e), e
            detach(conn, point)
            finish(conn, want, statement)


def kill_all():
    for pid in server.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    wait_for(lambda: not server.processes(), "the end of all processes")
    server.start()


def test_kills():
    """The process is killed at the step, then everything right after it."""
    for point, statement, nth in STEPS:
        with server.connect() as conn:
            want = prepare(conn)
            conn.execute("CHECKPOINT")
            insert(conn, [50])
            want[50] = 0
            ready = server.lives()
            attach(conn, point, f"kill,nth={nth}")
            try:
                execute(conn, statement)
                raise AssertionError(f"{statement}: not killed at {point}")
            except psycopg.OperationalError:
                pass
        server.next_life(ready)
        with server.connect() as conn:
            detach(conn, point)
            finish(conn, want, statement)
            want = after(want, statement)
    kill_all()
    with server.connect() as conn:
        check(conn, want)


class Worker(threading.Thread):
    def __init__(self, function, *args):
        super().__init__(daemon=True)
        self.function = function
        self.args = args
        self.error = None
        self.start()

    def run(self):
        try:
            with server.connect() as conn:
                self.function(conn, *self.args)
        except Exception as e:      # of whatever kind: told by done()
            self.error = e

    def done(self):
        self.join()
        if self.error is not None:
            raise AssertionError(repr(self.error))


def test_update_and_others():
    """While an update makes its row narrower the page is free for others: they
    read the old version, change other rows of the page, and wait for this one;
    vacuum takes nothing away."""
    with server.connect() as conn:
        make(conn)
        insert(conn, range(10))
        want = dict.fromkeys(range(10), 0)
        updater = server.connect()
        pid = updater.info.backend_pid
        attach(conn, "heap-update-toast", f"wait,times=1,pid={pid}")

        def update(_):
            updater.execute("UPDATE t SET version = 1, x = %s WHERE id = 3",
                            (wide(3, 1),))

        def second(other):
            other.execute("UPDATE t SET version = version + 1, x = %s "
                          "WHERE id = 3", (wide(3, 2),))

        first = Worker(update)
        wait_for(lambda: conn.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
            "wait_event = 'heap-update-toast'", (pid,)).fetchone(), "the step")
        check_rows = conn.execute("SELECT version, x FROM t WHERE id = 3")
        assert check_rows.fetchall() == [(0, wide(3))]
        conn.execute("UPDATE t SET version = 1, x = %s WHERE id = 4",
                     (wide(4, 1),))
        conn.execute("DELETE FROM t WHERE id = 5")
        conn.execute("VACUUM t")
        waiting = Worker(second)
        wait_for(lambda: conn.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        ).fetchone(), "the second update's wait")
        conn.execute("SELECT injection_points_wakeup('heap-update-toast')")
        detach(conn, "heap-update-toast")
        first.done()
        waiting.done()
        updater.close()
        del want[5]
        want.update({3: 2, 4: 1})
        check(conn, want)


def test_many_at_once():
    """Writers with rows of their own, readers of all, vacuum and rebuilding.
    (tusk_check locks the table and then its TOAST relation, and could meet
    writers and a rebuilding in a deadlock: it comes at the end.)"""
    rounds = 25
    wants = [{} for _ in range(4)]
    stop = threading.Event()

    def writer(conn, number):
        rnd = random.Random(number)
        want = wants[number]
        for n in range(rounds):
            new = [(number * rounds + n) * 100 + k for k in range(4)]
            insert(conn, new)
            want.update(dict.fromkeys(new, 0))
            for i in rnd.sample(sorted(want), min(3, len(want))):
                want[i] += 1
                conn.execute("UPDATE t SET version = %s, x = %s WHERE id = %s",
                             (want[i], wide(i, want[i]), i))
            gone = rnd.sample(sorted(want), len(want) // 3)
            conn.execute("DELETE FROM t WHERE id = ANY(%s)", (gone,))
            for i in gone:
                del want[i]

    def reader(conn):
        while not stop.is_set():
            for i, version, x in conn.execute("SELECT * FROM t").fetchall():
                assert x == wide(i, version), (i, version)

    def repeat(conn, statement):
        while not stop.is_set():
            conn.execute(statement)

    with server.connect() as conn:
        make(conn)
        index = index_name(conn)
        writers = [Worker(writer, n) for n in range(4)]
        others = [Worker(reader), Worker(repeat, "VACUUM t"),
                  Worker(repeat, f"REINDEX INDEX CONCURRENTLY {index}")]
        for thread in writers:
            thread.join()
        stop.set()
        for thread in writers + others:
            thread.done()
        want = {i: v for one in wants for i, v in one.items()}
        check(conn, want)
        conn.execute("VACUUM t")
        check(conn, want)
    kill_all()
    with server.connect() as conn:
        check(conn, want)


def test_damage():
    """tusk_check tells what is wrong with the tree, each time something else."""
    def index_file(conn):
        number = conn.execute(
            "SELECT relfilenode FROM pg_class WHERE oid = %s::regclass",
            (index_name(conn),)).fetchone()[0]
        return os.path.join(server.data, "base", "5", str(number))

    def change(path, block, offset, form, *values):
        with open(path, "r+b") as f:
            f.seek(block * 8192 + offset)
            f.write(struct.pack(form, *values))

    with server.connect() as conn:
        make(conn)
        insert(conn, range(30))
        check(conn, dict.fromkeys(range(30), 0))
        path = index_file(conn)
    server.stop()
    with open(path, "rb") as f:
        sound = f.read()
    levels = {}
    for block in range(1, len(sound) // 8192):
        levels.setdefault(struct.unpack_from("<H", sound, block * 8192 + 8188
                                             )[0], []).append(block)
    assert len(levels) >= 3, levels
    leaf, inner = levels[0][3], levels[1][1]
    # entries: chunk_id, chunk_seq, block, offset; special: low, next, level
    for block, offset, form, values, words in (
            (leaf, 24, "<II", (1, 0), "does not go with its page's low"),
            (leaf, 24 + 16, "<II", (1, 0), "is out of order"),
            (leaf, 24 + 8, "<I", (99999,), "which is not there"),
            (leaf, 24 + 12, "<H", (290,), "where no chunk is"),
            (leaf, 24 + 12, "<H", (1,), "which is another chunk"),
            (leaf, 8184, "<I", (levels[0][-1],),
             "is not what the page on its left leads to"),
            (leaf, 8176, "<Q", (7,), "has another low than the entry"),
            (leaf, 8188, "<H", (1,), "is not a page of level 0"),
            (inner, 24 + 8, "<I", (leaf,), "is there twice"),
            (0, 24 + 16, "<I", (leaf,), "is there twice")):
        change(path, block, offset, form, *values)
        server.start(ignore_checksum_failure="on")
        with server.connect() as conn:
            said = "\n".join(row[0] for row in conn.execute(
                "SELECT * FROM tusk_check('t')").fetchall())
        assert words in said, (words, said)
        server.stop()
        with open(path, "wb") as f:
            f.write(sound)
    server.start()
    with server.connect() as conn:
        check(conn, dict.fromkeys(range(30), 0))


def init_fork(conn, name):
    number = conn.execute("SELECT relfilenode FROM pg_class WHERE relname = %s",
                          (name,)).fetchone()[0]
    with open(os.path.join(server.data, "base", "5", f"{number}_init"),
              "rb") as f:
        return f.read()


def test_unlogged_indexes():
    """What a crash turns an index of an unlogged table into: an empty one with
    its options; an error while that is made leaves no index and no file."""
    with server.connect() as conn:
        make(conn, small=False)
        conn.execute("DROP TABLE IF EXISTS u")
        attach(conn, "toast-index-build-empty", "error")
        try:
            conn.execute("CREATE UNLOGGED TABLE u (v vector(3), x text)")
            raise AssertionError("no error")
        except psycopg.Error as e:
            assert "toast-index-build-empty" in str(e), e
        detach(conn, "toast-index-build-empty")
        conn.execute("CREATE UNLOGGED TABLE u (v vector(3), x text)")
        conn.execute("INSERT INTO u SELECT ('['||i||',0,0]')::vector, 'x' "
                     "FROM generate_series(1, 50) i")
        create = ("CREATE INDEX u_v ON u USING hnsw (v vector_l2_ops) "
                  "WITH (m = 5, ef_construction = 33)")
        for nth in (1, 2):
            attach(conn, "hnsw-build-empty", f"error,nth={nth}")
            try:
                conn.execute(create)
                raise AssertionError("no error")
            except psycopg.Error as e:
                assert "hnsw-build-empty" in str(e), e
            detach(conn, "hnsw-build-empty")
        conn.execute(create)
        conn.execute("CHECKPOINT")
        fork = init_fork(conn, "u_v")
        assert len(fork) == 2 * 8192, len(fork)
        # magic, version, dimensions, m, ef_construction, entry point, level
        assert struct.unpack_from("<IIIHHIHh", fork, 24) == (
            0xA953A953, 1, 3, 5, 33, 0xFFFFFFFF, 0, -1), fork[24:52].hex()
        numbers = {row[0] for row in conn.execute(
            "SELECT relfilenode FROM pg_class").fetchall()}
        files = {int(f.split("_")[0].split(".")[0]) for f in
                 os.listdir(os.path.join(server.data, "base", "5"))
                 if f[0].isdigit()}
        assert not {n for n in files - numbers if n >= 16384}
    kill_all()
    with server.connect() as conn:
        assert conn.execute("SELECT count(*) FROM u").fetchone() == (0,)
        conn.execute("INSERT INTO u SELECT ('['||i||',0,0]')::vector, "
                     "repeat('y', 9000) FROM generate_series(1, 50) i")
        conn.execute("SET enable_seqscan = off")
        assert conn.execute("SELECT v, length(x) FROM u ORDER BY "
                            "v <-> '[7,0,0]' LIMIT 1").fetchall() == [
            ("[7,0,0]", 9000)]
        assert conn.execute("SELECT * FROM tusk_check('u')").fetchall() == []
        conn.execute("DROP TABLE u")


for test in (test_tree, test_transactions, test_errors, test_kills,
             test_update_and_others, test_many_at_once, test_damage,
             test_unlogged_indexes):
    suite.run(test)
server.stop()
suite.finish(server)
