"""The Python package: every function, and what goes wrong.

Story: a program in Python has arrays of any kind, threads, children, a user who
presses ^C, and a server that is killed.  The dangers: an array read with the
wrong shape or stride, a handle used after its end, a lock or a ^C that is lost
in a callback, a child that ends its parent's session.
"""
import decimal
import gc
import importlib.util
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

import psycopg  # noqa: E402
import numpy as np  # noqa: E402
import tusk  # noqa: E402
from tusk import _arrays  # noqa: E402

INSTALLED = os.environ["TUSK_INSTALLED"]
SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
DIM = 24
ROWS = 3000

rng = np.random.default_rng(7)
vectors = rng.random((ROWS, DIM), np.float32)
server = Server(shared_buffers="32MB", autovacuum="off")
suite = Suite()
server.start()


def attach(**more):
    return tusk.attach(server.data, **more)


def raises(kind, function, *args, sqlstate=None, **more):
    try:
        function(*args, **more)
    except kind as e:
        if sqlstate is not None:
            assert e.sqlstate == sqlstate, (e.sqlstate, e)
        return e
    raise AssertionError(f"{function} did not raise {kind.__name__}")


def child(code, **environment):
    """What a Python of its own prints."""
    env = {**os.environ, **environment}
    return subprocess.run([sys.executable, "-c", code], env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=120)


class Interrupt:
    """SIGINT for this process as soon as the condition, asked of the server by
    another session, holds."""

    def __init__(self, condition):
        self.thread = threading.Thread(target=self.work, args=(condition,))

    @staticmethod
    def work(condition):
        wait_for(lambda: server.query(condition), condition)
        os.kill(os.getpid(), signal.SIGINT)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *exception):
        self.thread.join()


def busy(session, event):
    return ("SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND "
            f"wait_event = '{event}' AND pid = {session.backend_pid}")


# ---- sessions and statements ----

def test_attach():
    for way, transport in (("off", "socket"), ("rings", "rings"),
                           ("direct", "direct")):
        with attach(attach=way, application_name="it's \\ one") as s:
            assert s.transport == transport, s.transport
            assert s.get("application_name") == "it's \\ one"
            assert s.server_setting("client_encoding") == "UTF8"
            assert s.server_setting("nothing") is None
            assert s.execute("SELECT 1").scalar() == 1
        assert s.closed and s.transport == "none"
        s.close()
        raises(tusk.ConnectionLost, s.execute, "SELECT 1", sqlstate="08003")
        raises(tusk.ConnectionLost, lambda: s.backend_pid, sqlstate="08003")
    raises(tusk.ConnectionLost, tusk.attach, "/nowhere", sqlstate="08001")
    raises(tusk.MisuseError, tusk.attach, "colour=red", sqlstate="08001")
    raises(tusk.MisuseError, attach, autostart=True, dir="here")
    raises(ValueError, tusk.attach, "/a\0b")


def test_values():
    with attach() as s:
        for value in (None, True, False, 7, -2**62, 1.5, float("inf"), "text",
                      "naïve", "", decimal.Decimal("12.50"), b"\0\1bytes"):
            kind = {bool: "bool", int: "bigint", float: "float8",
                    bytes: "bytea", decimal.Decimal: "numeric"}.get(
                        type(value), "text")
            r = s.execute(f"SELECT $1::{kind} AS it, 1", [value])
            assert r.columns[0] == "it" and r.tag == "SELECT 1"
            assert r.rows == [(value, 1)] and type(r[0][0]) is type(value)
        assert s.execute("SELECT $1::int", [np.int32(3)]).scalar() == 3
        s.execute("CREATE EXTENSION IF NOT EXISTS vector")
        for kind in ("vector", "halfvec"):
            for value in (np.array([1, 2.5]), [1, 2.5], (1, 2.5)):
                got = s.execute(f"SELECT $1::{kind}", [value]).scalar()
                assert got.dtype == np.float32 and got.tolist() == [1, 2.5]
        assert s.execute("SELECT '{1:2}/3'::sparsevec").scalar() == "{1:2}/3"
        assert s.execute("SELECT 1; SELECT 2").scalar() == 2
        assert len(s.execute("SELECT 1 WHERE false")) == 0
        assert s.execute("").scalar() is None
        raises(TypeError, s.execute, "SELECT $1", [object()])
        raises(ValueError, s.execute, "SELECT $1", ["a\0b"])
        raises(ValueError, s.execute, "SELECT 1\0")
        raises(ValueError, s.execute, "SELECT $1", [np.ones((2, 2))])


def test_errors():
    with attach() as s:
        e = raises(tusk.ServerError, s.execute, "SELECT * FROM nothing")
        assert e.sqlstate == "42P01" and e.position == 15, e.position
        assert e.message == 'relation "nothing" does not exist'
        assert e.severity == "ERROR" and str(e).startswith(e.message)
        e = raises(tusk.Error, s.set, "work_mem", "lots")
        assert e.sqlstate == "22023"
        e = raises(tusk.Error, s.set, "work_mem", "1 pound")
        assert e.hint and e.hint in str(e), e
        assert s.execute("SELECT 5").scalar() == 5


def test_statements():
    with attach() as s:
        with s.prepare("SELECT $1::int + $2::int") as plus:
            assert plus.nparams == 2
            assert plus.execute(2, 3).scalar() == 5
            raises(tusk.ServerError, plus.execute, "a", 1, sqlstate="22P02")
            assert plus.execute(None, 3).scalar() is None
            raises(tusk.Error, plus.execute, 1)
        raises(tusk.MisuseError, plus.execute, 1, 2, sqlstate="26000")
        left = s.prepare("SELECT 1")
        count = "SELECT count(*) FROM pg_prepared_statements"
        assert s.execute(count).scalar() >= 1
        del left, plus
        gc.collect()
        s.execute("SELECT 1")  # frees them
        assert s.execute(count).scalar() == 0
        kept = s.prepare("SELECT 1")
    raises(tusk.ConnectionLost, kept.execute, sqlstate="08003")
    del kept


def test_transactions_and_settings():
    with attach() as s:
        s.execute("CREATE TABLE tx (a int)")
        with s.transaction():
            assert s.transaction_state == "T"
            s.execute("INSERT INTO tx VALUES (1)")
            s.set("work_mem", "9MB", local=True)
        assert s.transaction_state == "I" and s.get("work_mem") != "9MB"

        def fails():
            with s.transaction():
                s.execute("INSERT INTO tx VALUES (2)")
                assert s.execute("INSERT INTO tx VALUES (3)").affected == 1
                raise KeyError("mine")
        raises(KeyError, fails)
        assert s.execute("SELECT a FROM tx").rows == [(1,)]
        s.set("enable_seqscan", False)
        assert s.get("enable_seqscan") == "off"
        raises(tusk.ServerError, s.get, "no.thing", sqlstate="42704")
        s.execute("DROP TABLE tx")


def test_copy():
    with attach() as s:
        s.execute("CREATE TABLE c (a int, b text)")
        assert s.copy_in("COPY c FROM STDIN", [b"1\ton", b"e\n2\t", b"two\n"]
                         ) == 2

        def chunks():
            yield b"3\tthree\n"
            raise KeyError("mine")
        raises(KeyError, s.copy_in, "COPY c FROM STDIN", chunks())
        raises(tusk.ServerError, s.copy_in, "COPY c FROM STDIN", [b"x\ty\n"],
               sqlstate="22P02")
        raises(tusk.ServerError, s.copy_in, "COPY none FROM STDIN", [],
               sqlstate="42P01")
        lines = []
        assert s.copy_out("COPY c TO STDOUT", lines.append) == 2
        assert lines == [b"1\tone\n", b"2\ttwo\n"], lines

        def refuse(line):
            raise KeyError("mine")
        raises(KeyError, s.copy_out, "COPY c TO STDOUT", refuse)
        assert s.execute("DROP TABLE c").tag == "DROP TABLE"


def test_notices():
    seen = []
    with attach(notice=seen.append) as s:
        s.execute("DROP TABLE IF EXISTS none")
        assert len(seen) == 1 and seen[0].severity == "NOTICE", seen
        assert "does not exist" in seen[0].message

    def fails(notice):
        raise KeyError("mine")
    with attach(notice=fails) as s:
        raises(KeyError, s.execute, "DROP TABLE IF EXISTS none")
        assert s.execute("SELECT 1").scalar() == 1

    def reenters(notice):
        s.execute("SELECT 1")
    with attach(notice=reenters) as s:
        raises(tusk.MisuseError, s.execute, "DROP TABLE IF EXISTS none",
               sqlstate="55000")
        assert s.execute("SELECT 1").scalar() == 1


# ---- vectors ----

def make(s, name="items", rows=vectors, **more):
    s.execute(f"DROP TABLE IF EXISTS {name}")
    index = s.create(name, rows.shape[1], **more)
    assert index.add(np.arange(len(rows)), rows) == len(rows)
    return index


def test_add_and_search():
    with attach() as s:
        items = make(s)
        assert len(items) == ROWS and items.type == "vector"
        assert items.metric == "l2"
        ids, distances = items.search(vectors[:20], k=7)
        assert ids.shape == distances.shape == (20, 7)
        assert ids.dtype == np.int64 and distances.dtype == np.float64
        for q, metric in [(vectors[3], m) for m in tusk.METRICS]:
            true = {"l2": np.sqrt(((vectors - q) ** 2).sum(axis=1)),
                    "ip": -(vectors @ q),
                    "cosine": 1 - vectors @ q / (
                        np.linalg.norm(vectors, axis=1) * np.linalg.norm(q)),
                    "l1": np.abs(vectors - q).sum(axis=1)}[metric]
            ids, distances = items.search(q, 9, metric=metric)
            assert ids.shape == (9,)
            np.testing.assert_allclose(distances, np.sort(true)[:9],
                                       rtol=1e-5, atol=1e-5)
        out = np.zeros((4, 3), np.int64), np.zeros((4, 3))
        got = items.search(vectors[:4], 3, ids=out[0], distances=out[1])
        assert got[0] is out[0] and got[1] is out[1]
        assert out[0][:, 0].tolist() == [0, 1, 2, 3]
        ids, distances = items.search(vectors[:2], ROWS + 5)
        assert (ids[:, ROWS:] == -1).all() and (ids[:, :ROWS] >= 0).all()
        assert np.isnan(distances[:, ROWS:]).all()
        s.execute("DROP TABLE items")


def test_halfvec_and_names():
    with attach() as s:
        s.execute('DROP TABLE IF EXISTS "My ""items"')
        odd = s.create('"My ""items"', 3, type="halfvec", id_column="the id",
                       vector_column='a"b')
        assert odd.add(None, [[1, 2, 3]]) == 1
        assert odd.add([5], np.array([4, 5, 6], np.float16)) == 1
        assert odd.add(6, [7, 8, 9]) == 1
        odd.build("hnsw", "cosine", False, name="its index", m=8)
        assert s.index('"My ""items"', vector_column='a"b').metric == "cosine"
        ids, _ = odd.search([4, 5, 6], 1, metric="l2")
        assert ids.tolist() == [5]
        s.execute('DROP TABLE "My ""items"')
        raises(ValueError, s.create, "x", 3, type="bit")
        raises(ValueError, s.create, "x", 0)


def test_arrays():
    """An array is read where it is, or converted right."""
    assert _arrays.matrix(vectors, "x") is vectors
    ids = np.arange(5)
    assert _arrays.integers(ids, 5, "x") is ids
    with attach() as s:
        items = make(s, rows=vectors[:50])
        expected = items.search(vectors[:6], 4)
        wide = np.zeros((6, 2 * DIM), np.float32)
        wide[:, ::2] = vectors[:6]
        unaligned = np.frombuffer(b"x" + vectors[:6].tobytes(), np.uint8)[
            1:].view(np.float32).reshape(6, DIM)
        readonly = vectors[:6].copy()
        readonly.flags.writeable = False
        for other in (np.asfortranarray(vectors[:6]), wide[:, ::2], unaligned,
                      readonly, vectors[:6].astype(np.float64),
                      vectors[:6].astype(">f4"), vectors[5::-1][::-1],
                      vectors[:6].tolist(), list(vectors[:6])):
            for got, want in zip(items.search(other, 4), expected):
                np.testing.assert_array_equal(got, want)
        for kind in (np.int8, np.uint16, np.bool_):
            assert items.search(np.ones((1, DIM), kind), 1)[0].shape == (1, 1)
        # none at all
        for empty in ([], np.empty((0, DIM), np.float32)):
            ids, distances = items.search(empty, 4)
            assert ids.shape == distances.shape == (0, 4)
            assert items.add([], empty) == 0
        # ids of other kinds
        items.add(np.array([2000], np.uint32), vectors[:1])
        items.add([1 << 40], vectors[:1])
        for bad in ([1.5], ["a"], [None]):
            raises(TypeError, items.add, bad, vectors[:1])
        for bad in ([1, 2], [[1]], []):
            raises(ValueError, items.add, bad, vectors[:1])
        raises(OverflowError, items.add, np.array([1 << 63], np.uint64),
               vectors[:1])
        # queries and rows that are none
        for bad in (np.ones((1, DIM), complex), [["a"] * DIM],
                    [[None] * DIM], "text", np.array([object()])):
            raises(TypeError, items.search, bad, 4)
            raises(TypeError, items.add, [1], bad)
        for bad in (5, np.ones((1, 1, DIM)), np.ones((1, 0)),
                    np.ones((1, 16001))):
            raises(ValueError, items.search, bad, 4)
            raises(ValueError, items.add, [1], bad)
        raises(ValueError, items.search, vectors[0], 0)
        raises(ValueError, items.search, vectors[0], -1)
        raises(ValueError, items.search, vectors[0], 4, metric="hamming")
        raises(ValueError, items.search, vectors[0], 4, path="fast")
        for bad in (np.empty(4, np.int32), np.empty(5, np.int64), [0] * 4,
                    np.empty(8, np.int64)[::2]):
            raises(ValueError, items.search, vectors[0], 4, ids=bad)
        raises(ValueError, items.search, vectors[0], 4,
               distances=np.empty(4, np.float32))
        s.execute("DROP TABLE items")


def test_out_of_range():
    """Numbers that C's types do not hold: ctypes would take their last bits, and
    2**64 + 5 rows be five."""
    with attach() as s:
        make(s, rows=vectors)
        search = s.search("SELECT id FROM items ORDER BY embedding <-> $1 "
                          "LIMIT $2")
        for k in (2 ** 64 + 5, 2 ** 63, -2 ** 63 - 1):
            for query in (vectors[0], "[1,2]"):
                e = raises(OverflowError, search.run, query, k)
                assert str(e) == f"k: {k} is out of range of bigint", e
            raises(OverflowError, search.batch, vectors[:2], k)
        for k in (2.0, "2", None):
            raises(TypeError, search.run, vectors[0], k)
            raises(TypeError, search.batch, vectors[:2], k)
        assert len(search.run(vectors[0], np.int16(3)).rows) == 3
        for seconds in (2 ** 32 / 1000, 1e30, float("inf"), float("nan")):
            raises(OverflowError, attach, connect_timeout=seconds)
            raises(OverflowError, attach, progress=lambda: None,
                   progress_interval=seconds)
        with s.start_build("CREATE INDEX ON items USING hnsw "
                           "(embedding vector_l2_ops)") as build:
            raises(OverflowError, build.wait, 2 ** 32 / 1000)
            assert build.wait()
        s.execute("DROP TABLE items")


def test_bad_vectors():
    """The server's errors, the same whichever way; nothing is inserted."""
    with attach() as s:
        items = make(s, rows=vectors)
        items.build("hnsw", "l2", False)
        for value in (np.nan, np.inf, 1e300):
            bad = vectors[:3].astype(np.float64)
            bad[1, 4] = value
            raises(tusk.ServerError, items.add, [1, 2, 3], bad,
                   sqlstate="22000")
            texts = {str(raises(tusk.ServerError, items.search, bad, 2,
                                path=path)) for path in ("best", "backend")}
            assert len(texts) == 1, texts
        for wrong in (vectors[:2, :5], np.ones((1, DIM + 1), np.float32)):
            raises(tusk.ServerError, items.add, np.arange(len(wrong)), wrong,
                   sqlstate="22000")
            raises(tusk.ServerError, items.search, wrong, 2, sqlstate="22000")
        assert len(items) == ROWS and s.transaction_state == "I"
        s.execute("DROP TABLE items")


def test_paths():
    """Directly and by the backend: the same, for both methods."""
    with attach() as s, attach(attach="off") as far:
        items = make(s)
        queries = rng.random((300, DIM), np.float32)
        for method, metric, options in (("hnsw", "l2", {"m": 12}),
                                        ("hnsw", "cosine", {}),
                                        ("ivfflat", "l2", {"lists": 20})):
            items.build(method, metric, False, name="way", **options)
            s.execute("ANALYZE items")
            direct = items.search(queries, 10, path="direct")
            assert items.path == "direct"
            backend = items.search(queries, 10, path="backend")
            assert items.path == "backend"
            there = far.index("items", metric=metric).search(queries, 10)
            for a, b, c in zip(direct, backend, there):
                np.testing.assert_array_equal(a, b)
                np.testing.assert_array_equal(a, c)
            s.execute("DROP INDEX way")
        raises(tusk.ServerError, far.index("items").search, vectors[0], 3,
               path="direct", sqlstate="0A000")
        # while rows come and go in the same transaction
        items.build("hnsw", "l2", False)
        with s.transaction():
            s.execute("DELETE FROM items WHERE id < 5")
            items.add([9001], vectors[:1])
            a = items.search(vectors[:30], 4)
            b = items.search(vectors[:30], 4, path="backend")
            for one, other in zip(a, b):
                np.testing.assert_array_equal(one, other)
            assert a[0][0, 0] == 9001
        s.execute("DROP TABLE items")


def test_searches():
    with attach() as s:
        items = make(s, rows=vectors[:100])
        with s.search('SELECT id, embedding, embedding <-> $1 AS d, '
                      "'x'::text FROM items WHERE id < 50 "
                      "ORDER BY d LIMIT $2") as near:
            r = near.run(vectors[7], 2)
            assert r.columns[:3] == ["id", "embedding", "d"] and len(r) == 2
            assert r[0][0] == 7 and r[0][2] == 0 and r[0][3] == "x"
            np.testing.assert_array_equal(r[0][1], vectors[7])
            text = "[" + ",".join(map(str, vectors[8])) + "]"
            assert near.run(text, 1)[0][0] == 8
            assert near.path == "backend"
            raises(ValueError, near.run, vectors[:2], 1)
            raises(TypeError, near.run, None, 1)
            raises(tusk.MisuseError, near.batch, vectors[:2], 1,
                   sqlstate="42804")
        raises(tusk.MisuseError, near.run, vectors[7], sqlstate="26000")
        raises(tusk.MisuseError, s.search, "SELECT 1", sqlstate="42P02")
        raises(tusk.ServerError, s.search, "SELECT FROM none WHERE a = $1",
               sqlstate="42P01")
        raises(tusk.MisuseError, s.search("SELECT $1::bit(4)").run, [1, 0, 1],
               sqlstate="42804")
        assert items.search(vectors[:1], 1)[0].tolist() == [[0]]
        s.execute("DROP TABLE items")


# ---- builds ----

def test_estimate():
    with attach() as s:
        items = make(s)
        e = items.estimate("hnsw", "l2", m=16)
        assert abs(e.rows - ROWS) < ROWS / 2 and e.index_size > 0
        assert e.memory_setting == 64 << 20 and e.memory_needed > 0
        assert items.estimate("ivfflat", "ip", lists=5).rows > 0
        raises(tusk.MisuseError, s.estimate, "SELECT 1")
        raises(ValueError, items.estimate, "flat")
        raises(ValueError, items.build, "hnsw", "hamming")
        raises(TypeError, items.build, "hnsw", "l2", m="1); DROP TABLE items")
        raises(tusk.ServerError, items.build, "hnsw", "l2", False, m=1)
        raises(tusk.ServerError, items.build, "hnsw", "l2", colour=1)
        s.execute("DROP TABLE items")


POINT = "hnsw-graph-insert"  # where a build can be held, with its rows begun


def hold():
    server.query(f"SELECT injection_points_attach('{POINT}', 'wait')")


def let_go():
    """Nobody stops there any more, and who has goes on."""
    with server.connect() as conn:
        for what in ("detach", "wakeup"):
            try:
                conn.execute(f"SELECT injection_points_{what}('{POINT}')")
            except psycopg.errors.UndefinedObject:
                pass  # done before, or nobody is there


def test_progress():
    """A build that stands still says how far it is; a function that is told so
    lets it go on, cancels it, or fails."""
    with attach() as s:
        items = make(s)
        for what in ("cancel", "fail", "go on"):
            seen = []

            def look(p):
                seen.append(p)
                if what == "fail":
                    raise KeyError("mine")
                if what == "go on" and len(seen) == 1:
                    let_go()
                return what == "cancel"
            hold()
            if what == "cancel":
                raises(tusk.QueryCanceled, items.build, "hnsw", "l2", look,
                       sqlstate="57014")
            elif what == "fail":
                raises(KeyError, items.build, "hnsw", "l2", look)
            else:
                items.build("hnsw", "l2", look)
            if what != "go on":
                let_go()
            assert seen[0].running and seen[0].phase, seen
            assert seen[0].tuples_total >= 0 and seen[0].elapsed > 0
            count = s.execute("SELECT count(*) FROM pg_index WHERE indrelid = "
                              "'items'::regclass").scalar()
            assert count == (what == "go on"), (what, count)
        s.execute("DROP TABLE items")


def test_builds():
    with attach() as s:
        make(s)
        sql = "CREATE INDEX held ON items USING hnsw (embedding vector_l2_ops)"
        hold()
        build = s.start_build(sql)
        assert not build.wait(0)
        wait_for(lambda: build.poll().phase, "a phase")
        raises(tusk.MisuseError, s.execute, "SELECT 1", sqlstate="08P01")
        build.cancel()
        raises(tusk.QueryCanceled, build.wait, sqlstate="57014")
        raises(tusk.QueryCanceled, build.wait, sqlstate="57014")  # once more
        assert not build.poll().running
        build.close()
        raises(tusk.MisuseError, build.wait, sqlstate="26000")
        with s.start_build(sql):
            pass  # cancelled
        build = s.start_build(sql)
        del build  # cancelled by the next call
        assert s.execute("SELECT 1").scalar() == 1
        let_go()
        with s.start_build(sql) as build:
            assert build.wait()
        raises(tusk.ServerError, s.build, sql, progress=False, sqlstate="42P07")
        s.execute("DROP TABLE items")


# Builds an index of "items" and shows how far it is.
BUILDER = """
import sys, tusk
if sys.argv[1] == "without":
    sys.modules["tqdm"] = None
with tusk.attach(sys.argv[2]) as s:
    s.index("items").build("hnsw", "l2", progress=True)
"""


def on_terminal(mode):
    """What a build that stands for a while shows there."""
    ours, theirs = pty.openpty()
    hold()
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER, mode, server.data], stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while True:
            said += os.read(ours, 4096)
            if b"loading tuples" in said:
                let_go()
    except OSError:  # its end of the terminal is closed
        pass
    os.close(ours)
    assert builder.wait() == 0, said
    return said


def test_tqdm():
    """On a terminal a bar of tqdm's, a line without it; elsewhere nothing."""
    assert importlib.util.find_spec("tqdm"), "python3-tqdm"
    with attach() as s:
        make(s)
        said = on_terminal("with")
        assert b"loading tuples" in said and b"tuples/s" in said, said
        s.execute("DROP INDEX items_embedding_idx")
        said = on_terminal("without")
        assert b"loading tuples" in said and b" tuples, 0 s" in said, said
        assert b"tuples/s" not in said, said
        for mode in ("with", "without"):
            s.execute("DROP INDEX items_embedding_idx")
            done = subprocess.run(
                [sys.executable, "-c", BUILDER, mode, server.data],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
            assert (done.returncode, done.stdout, done.stderr) == (
                0, b"", b""), done
        s.execute("DROP TABLE items")


def test_pip():
    """pip install without a network, with Debian's setuptools: into an
    environment of its own, where the package is found and works."""
    work = tempfile.mkdtemp(prefix="tusk-pip-")
    env = {name: value for name, value in os.environ.items()
           if name not in ("PYTHONPATH", "LD_PRELOAD")}
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", HOME=work)

    def run(*args, **more):
        done = subprocess.run(args, stdout=subprocess.PIPE, cwd=work,
                              stderr=subprocess.STDOUT, text=True, timeout=240,
                              env={**env, **more})
        assert done.returncode == 0, (args, done.stdout)
        return done.stdout.strip()
    try:
        # built where the sources are, it would leave its files among them
        shutil.copytree(os.path.join(SOURCES, "interfaces", "python"),
                        os.path.join(work, "python"))
        run("/usr/bin/python3", "-m", "venv", "--system-site-packages",
            "--without-pip", "venv")
        python = os.path.join(work, "venv", "bin", "python")
        run(python, "-m", "pip", "install", "--no-index",
            "--no-build-isolation", "--no-compile", "./python")
        said = run(python, "-c", "import tusk, importlib.metadata as m; "
                   "print(tusk.__file__); s = tusk.attach('%s'); "
                   "print(s.execute('SELECT 6 * 7').scalar()); "
                   "print(*m.files('tusk'), sep='\\n')" % server.data,
                   LD_PRELOAD=os.environ.get("LD_PRELOAD", ""))
        where, answer, *files = said.split("\n")
        assert where.startswith(os.path.join(work, "venv")), said
        assert answer == "42", said
        for name in os.listdir(os.path.join(work, "python", "tusk")):
            assert name == "__pycache__" or f"tusk/{name}" in files, said
    finally:
        shutil.rmtree(work, ignore_errors=True)


# ---- cancel, signals, threads, children ----

def test_interrupt():
    """^C ends what the session does, and the session can be used on."""
    for way in ("off", "rings", "direct"):
        with attach(attach=way, progress_interval=0.02) as s:
            for _ in range(3):
                with Interrupt(busy(s, "PgSleep")):
                    raises(KeyboardInterrupt, s.execute, "SELECT pg_sleep(99)")
                assert s.execute("SELECT 1").scalar() == 1
            sleeper = s.prepare("SELECT pg_sleep($1)")
            with Interrupt(busy(s, "PgSleep")):
                raises(KeyboardInterrupt, sleeper.execute, 99)
            items = make(s, rows=vectors[:50])
            hold()
            for progress in (False, True, lambda p: None):
                with Interrupt(busy(s, POINT)):
                    raises(KeyboardInterrupt, items.build, "hnsw", "l2",
                           progress)
            let_go()
            items.build("hnsw", "l2")
            s.execute("DROP TABLE items")


def test_progress_of_session():
    with attach(progress=lambda: True, progress_interval=0.01) as s:
        raises(tusk.QueryCanceled, s.execute, "SELECT pg_sleep(99)",
               sqlstate="57014")
        assert s.transaction_state == "I"

    def fails():
        raise KeyError("mine")
    with attach(progress=fails, progress_interval=0.01) as s:
        raises(KeyError, s.execute, "SELECT pg_sleep(99)")
    with attach() as s:
        s.set("statement_timeout", "20ms")
        raises(tusk.QueryCanceled, s.execute, "SELECT pg_sleep(99)")


def test_threads():
    """The interpreter goes on during a call; any thread may cancel; a second
    thread's call on the same session waits for its turn."""
    with attach() as s:
        for _ in range(3):
            failed = []

            def sleep():
                try:
                    s.execute("SELECT pg_sleep(99)")
                except tusk.QueryCanceled as e:
                    failed.append(e)
            first = threading.Thread(target=sleep)
            first.start()
            wait_for(lambda: server.query(busy(s, "PgSleep")), "the sleep")
            got = []
            second = threading.Thread(target=lambda: got.append(
                s.execute("SELECT 2").scalar()))
            second.start()
            assert s.cancel()
            first.join()
            second.join()
            assert len(failed) == 1 and got == [2]
        items = make(s)
        items.build("hnsw", "l2", False)
        queries = rng.random((200, DIM), np.float32)
        expected = items.search(queries, 5)
        wrong = []

        def search():
            with attach() as mine:
                for _ in range(5):
                    got = mine.index("items").search(queries, 5)
                    if not np.array_equal(got[0], expected[0]):
                        wrong.append(got)
        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        s.execute("DROP TABLE items")


def in_child(work):
    """Its own words if it fails."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = ""
        try:
            work()
        except BaseException as e:
            said = repr(e)
        os.write(writer, said.encode() or b"fine")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as f:
        said = f.read()
    os.waitpid(pid, 0)
    assert said == "fine", said


def test_fork():
    with attach() as s:
        items = make(s, rows=vectors[:60])
        items.build("hnsw", "l2", False)
        statement = s.prepare("SELECT 3")
        expected = items.search(vectors[:5], 3)

        def work():
            e = raises(tusk.MisuseError, s.execute, "SELECT 1",
                       sqlstate="55000")
            assert "attach anew" in e.message
            raises(tusk.MisuseError, items.search, vectors[:5], 3,
                   sqlstate="55000")
            raises(tusk.MisuseError, statement.execute, sqlstate="55000")
            raises(tusk.MisuseError, s.reattach, sqlstate="55000")
            with attach() as mine:
                got = mine.index("items").search(vectors[:5], 3)
                np.testing.assert_array_equal(got[0], expected[0])
            statement.close()
            s.close()
            raises(tusk.ConnectionLost, s.execute, "SELECT 1")
        for _ in range(2):
            in_child(work)
            np.testing.assert_array_equal(items.search(vectors[:5], 3)[0],
                                          expected[0])
            assert statement.execute().scalar() == 3
        hold()
        s.execute("DROP INDEX items_embedding_idx")
        build = s.start_build(
            "CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)")
        in_child(build.close)  # the parent's goes on
        let_go()
        assert build.wait()
        build.close()
        s.execute("DROP TABLE items")


def test_crash():
    """A server whose process is killed: the next call says so, and reattach
    goes on where it serves again."""
    server.expect("terminated by signal 9")
    with attach() as s, attach() as other:
        items = make(s)
        items.build("hnsw", "l2", False)
        statement = s.prepare("SELECT 4")
        expected = items.search(vectors[:9], 5)
        assert items.path == "direct"
        lives = server.lives()
        os.kill(other.backend_pid, signal.SIGKILL)
        wait_for(lambda: server.lives() > lives, "the server to begin anew")
        e = raises(tusk.ConnectionLost, items.search, vectors[:9], 5)
        # a backend says why it ends if it still can
        assert e.sqlstate in ("57P02", "08006"), (e.sqlstate, e)
        raises(tusk.ConnectionLost, s.execute, "SELECT 1",
               sqlstate=e.sqlstate)
        s.reattach(60)
        got = items.search(vectors[:9], 5)
        for one, before in zip(got, expected):
            np.testing.assert_array_equal(one, before)
        assert statement.execute().scalar() == 4
        s.cancel()
        raises(tusk.ConnectionLost, other.execute, "SELECT 1")
        server.stop("fast")
        raises(tusk.ConnectionLost, s.execute, "SELECT 1", sqlstate="57P01")
        raises(tusk.ConnectionLost, s.reattach, sqlstate="08001")
        raises(tusk.ConnectionLost, s.reattach, 0.3, sqlstate="08001")
        starter = threading.Thread(target=server.start)
        starter.start()
        s.reattach(60)
        starter.join()
        assert len(items) == ROWS
        s.execute("DROP TABLE items")


# ---- where the library is ----

def test_library():
    code = "import tusk; print(tusk.library_path())"
    said = child(code, TUSK_LIBRARY="/nowhere/libtusk.so").stdout
    assert "LibraryNotFound" in said and "/nowhere/libtusk.so" in said, said
    said = child(code, TUSK_LIBRARY="/etc/passwd").stdout
    assert "LibraryNotFound: could not load /etc/passwd" in said, said
    # a copy of the package that no library is near
    with tempfile.TemporaryDirectory() as alone:
        shutil.copytree(os.path.dirname(tusk.__file__), alone + "/tusk")
        said = child(code, PYTHONPATH=alone, TUSK_LIBRARY="",
                     PKG_CONFIG_PATH="").stdout
    assert "could not find libtusk: set TUSK_LIBRARY" in said, said
    libc = child("import ctypes.util as u; print(u.find_library('m'))").stdout
    path = next(line.split()[-1] for line in open("/proc/self/maps")
                if "/" + libc.strip() in line)
    said = child(code, TUSK_LIBRARY=path).stdout
    assert "has no tusk_attach" in said, said


def test_readme():
    """The session of the README, with what make install has put, which finds its
    library and its server by itself, prints what the README says."""
    with open(os.path.join(SOURCES, "interfaces/python/README.md")) as f:
        text = f.read()
    code = re.search(r"```python\n(.*?)```", text, re.S).group(1)
    printed = re.search(r"It prints\n\n((?:    .*\n)+)", text).group(1)
    directory = os.path.join(server.dir, "own")
    code = code.replace("/tmp/tusk-python", directory)
    before = set(filter(str.isdigit, os.listdir("/proc")))
    done = child(code + "\nprint(tusk.library_path())\n",
                 PYTHONPATH=INSTALLED + "/share/tusk/python", TUSK_LIBRARY="",
                 TUSK_BINDIR="")
    *said, library = done.stdout.splitlines()
    assert said == [line[4:] for line in printed.splitlines()], done.stdout
    assert library == INSTALLED + "/lib/libtusk.so.0", library
    wait_for(lambda: not os.path.exists(directory + "/postmaster.pid"),
             "the end of the server that nobody needs")

    def gone():
        for pid in set(filter(str.isdigit, os.listdir("/proc"))) - before:
            try:
                if os.readlink(f"/proc/{pid}/cwd") == directory:
                    return False
            except OSError:
                pass
        return True
    wait_for(gone, "its last process")


suite.run_all(globals(), server)
