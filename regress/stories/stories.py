"""The defects that others' builds, vacuums and shutdowns had, one test each.

Story: each of these shipped in pgvector or PostgreSQL, was found by luck or by
a user, and would have been found by a test that knew the schedule.  The test
knows it: it holds the processes that matter at injection points, or gives them
what was too small, and looks at what the user would have seen.  That it would
see the defect, "make check-defects" shows: include/defects.h names each defect
and its test.  README.md says which stories are told in other suites.
"""
import os
import random
import signal
import statistics
import subprocess
import sys

import psycopg

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../isolation")]
from harness import (OWN_MOUNTS, Passed, Server, Suite,  # noqa: E402
                     wait_for)
from steps import Held, Step, sessions  # noqa: E402

INDEX = "CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)"
VACUUM = "VACUUM (TRUNCATE off, INDEX_CLEANUP on) t"

rng = random.Random(5)
suite = Suite()
server = Server(shared_buffers="16MB", max_worker_processes=8,
                autovacuum="off").start()
Step.server = server
server.query("CREATE EXTENSION vector")


def vector(dims=3):
    return "[" + ",".join(f"{rng.random():.6f}" for _ in range(dims)) + "]"


def make_table(conn, rows, workers=2, dims=3):
    conn.execute("DROP TABLE IF EXISTS t")
    conn.execute(f"CREATE TABLE t (i integer, v vector({dims})) "
                 f"WITH (parallel_workers = {workers})")
    with conn.cursor().copy("COPY t FROM STDIN") as copy:
        for i in range(rows):
            copy.write_row((i, vector(dims)))


def notices_of(conn):
    """What the server tells conn from now on."""
    said = []
    conn.add_notice_handler(lambda d: said.append(d.message_primary or ""))
    conn.execute("SET client_min_messages = debug1")
    return said


def check(conn, what=""):
    """The index is sound, and every row is found by a search."""
    said = conn.execute("SELECT * FROM tusk_check('t')").fetchall()
    assert said == [], (what, said[:5])
    everything_found(conn, what)


def everything_found(conn, what=""):
    ids = {i for i, in conn.execute("SELECT i FROM t").fetchall()}
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    got = [i for i, in conn.execute(
        "SELECT i FROM t ORDER BY v <-> '[0,0,0]'").fetchall()]
    conn.execute("RESET enable_seqscan")
    assert len(got) == len(set(got)), (what, "a row was found twice")
    assert set(got) == ids, (what, "rows not found or not there",
                             sorted(set(got) ^ ids)[:10])


# ---------------------------------------------------------------------------
# Builds: sizes
# ---------------------------------------------------------------------------

def test_tiny_build_memory():
    """CVE-2026-3172.  The area of a parallel build is maintenance_work_mem, less
    3 MB if it is more than that; and 1 MB of the area stays free.  Of an area
    that is smaller nothing may be used, not everything.  Builds with each
    maintenance_work_mem around the places where something is subtracted: all
    rows are indexed, and nobody dies."""
    for memory in (1024, 1025, 2048, 3071, 3072, 3073, 3074, 4095, 4096, 4097,
                   4100):
        with server.connect() as conn:
            make_table(conn, 300)
            said = notices_of(conn)
            conn.execute(f"SET maintenance_work_mem = '{memory}kB'")
            conn.execute(INDEX)
            assert "using 2 parallel workers" in said, (memory, said)
            # an area of 1 MB and less has no room for a row
            assert (memory == 1024 or 3072 < memory <= 4096) == any(
                "after 0 tuples" in s for s in said), (memory, said)
            check(conn, memory)
            conn.execute("DROP INDEX t_v")


def test_large_build_memory():
    """The other end: sizes that are multiplied.  From 2 GB on a number of
    bytes has more than 31 bits, at 4 GB the low 32 of them are zero.  A build
    that is allowed that much, serial or parallel, keeps its few rows in
    memory."""
    for memory in (2097151, 2097152, 4194303, 4194304, 4194305, 8388608,
                   2147483647):
        for workers in (0, 2):
            with server.connect() as conn:
                make_table(conn, 300, workers)
                said = notices_of(conn)
                conn.execute(f"SET maintenance_work_mem = '{memory}kB'")
                conn.execute(INDEX)
                assert not any("no longer fits" in s or "packed" in s
                               for s in said), (memory, workers, said)
                check(conn, (memory, workers))


def test_dev_shm_of_64_mb():
    """A container's /dev/shm has 64 MB, and others use most of them.  The
    segment of a parallel build does not fit: its whole size must be asked for
    when it is made, or a participant dies of SIGBUS when it touches the first
    page too many.  The build goes elsewhere, says what was too small and what
    to do about it, and makes its index."""
    if not OWN_MOUNTS:
        raise Passed("no right to mount a file system")
    server.stop()
    script = ("mount -t tmpfs -o size=64m tmpfs /dev/shm && "
              "head -c 63m /dev/zero > /dev/shm/others && "
              f"exec {server.bin}/tusk start -D {server.data} "
              f"-l {server.log} -o shared_buffers=16MB -o autovacuum=off")
    command = ["unshare", "-m", "sh", "-c", script]
    if os.geteuid() != 0:
        command.insert(1, "-r")
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True)
    assert done.returncode == 0, done.stdout
    try:
        with server.connect() as conn:
            make_table(conn, 3000, dims=64)
            said = []
            conn.add_notice_handler(lambda d: said.append(
                (d.message_primary or "", d.message_hint or "")))
            conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)"
                         " WITH (m = 4, ef_construction = 8)")
            assert any("does not fit into /dev/shm" in message and
                       "--shm-size" in hint for message, hint in said), said
            assert conn.execute("SELECT * FROM tusk_check('t')"
                                ).fetchall() == []
            assert conn.execute("SELECT reltuples FROM pg_class WHERE "
                                "relname = 't_v'").fetchone()[0] == 3000
    finally:
        server.stop()
        server.start()


# ---------------------------------------------------------------------------
# Builds: processes that go
# ---------------------------------------------------------------------------

def test_smart_stop_during_build():
    """A server that was asked to stop when its last session goes must still
    start workers for those that are there: a leader that has asked for some
    waits for them.  The build is held just before it asks; then the server is
    told to stop; the build, and another one after it in the same session, get
    their workers, and then the server ends."""
    try:
        smart_stop_during_build()
    finally:
        if server.processes():
            server.stop("immediate", check=False)
        server.start()
    with server.connect() as conn:
        check(conn)


def smart_stop_during_build():
    with sessions(1) as [conn]:
        make_table(conn, 300)
        said = notices_of(conn)
        build = Held(conn, INDEX, "parallel-launch").there()
        os.kill(server.postmaster_pid(), signal.SIGTERM)
        wait_for(lambda: "received smart shutdown request" in
                 server.log_text(), "the request")
        build.go_on()
        assert build.error is None, build.error
        build = Step(conn, "REINDEX INDEX t_v").done()
        assert build.error is None, build.error
        assert said.count("using 2 parallel workers") == 2, said
        assert sum("worker processed" in s for s in said) == 4, said
        check(conn)
        for watched in (Step, Held):
            if watched.watch:
                watched.watch.close()
    wait_for(lambda: server.processes() == [], "the end of the server")


def test_worker_fails_to_attach():
    """A worker that ends before it has its queue can tell nobody.  The leader,
    which has counted it, learns of it from the postmaster, and fails with what
    it knows; it does not wait for a share that nobody will do."""
    with sessions(1) as [conn]:
        make_table(conn, 300)
        for point in ("bgworker-start", "dsm-attach",
                      "parallel-worker-started"):
            Step.ask("SELECT injection_points_attach(%s, 'fatal,times=1')",
                     (point,))
            build = Step(conn, INDEX).done()
            Step.ask("SELECT injection_points_detach(%s)", (point,))
            assert build.error == (
                "55000", "parallel worker failed to initialize"), (
                point, build.error)
            assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                                "relname = 't_v'").fetchone() == (0,)
            conn.execute(INDEX)
            check(conn, point)
            conn.execute("DROP INDEX t_v")


def test_killed_around_publish():
    """The leader dies at each step between the moment when the index is
    complete and the answer to its client.  Before the commit record is written
    there is no index, behind its flush there is one, and between the two there
    is one or none: never a row of the catalog without its pages, never pages
    without a row."""
    server.expect("was terminated by signal 9")
    for point, there in (("index-built", False),
                         ("transaction-pre-commit", False),
                         ("transaction-commit", False),
                         ("transaction-logged", None),
                         ("transaction-committed", True)):
        for workers in (0, 2):
            before = server.lives()
            with sessions(1) as [conn]:
                make_table(conn, 300, workers)
                conn.execute("CHECKPOINT")
                Step.ask("SELECT injection_points_attach(%s, %s)", (
                    point, f"kill,times=1,pid={conn.info.backend_pid}"))
                build = Step(conn, INDEX).done()
                assert build.error is not None, (point, "it was not killed")
            server.next_life(before)
            server.query("SELECT injection_points_detach(%s)", (point,))
            with server.connect() as conn:
                found = conn.execute("SELECT relfilenode FROM pg_class WHERE "
                                     "relname = 't_v'").fetchone()
                if there is not None:
                    assert (found is not None) == there, (point, found)
                check(conn, point)
                conn.execute("CHECKPOINT")
                nodes = {n for n, in conn.execute(
                    "SELECT relfilenode FROM pg_class").fetchall()}
                files = {int(f) for f in os.listdir(
                    os.path.join(server.data, "base/5")) if f.isdigit()}
                assert not {f for f in files - nodes if f >= 16384}, (
                    point, files - nodes)


# ---------------------------------------------------------------------------
# What a failed build leaves
# ---------------------------------------------------------------------------

def test_invalid_index():
    """CREATE INDEX CONCURRENTLY fails half-way and leaves an index that lacks
    rows.  The error names it and how to be rid of it, psql shows it as
    INVALID, no query uses it, whatever the settings, and rows that come later
    do no harm; then it is dropped, or completed."""
    for point in ("concurrent-index-build", "concurrent-index-ready",
                  "concurrent-index-validate", "concurrent-index-valid"):
        with sessions(1) as [conn]:
            make_table(conn, 200, 0)
            Step.ask("SELECT injection_points_attach(%s, 'error')", (point,))
            try:
                conn.execute(INDEX.replace("INDEX", "INDEX CONCURRENTLY"))
                raise AssertionError("no error")
            except psycopg.Error as e:
                assert "DROP INDEX public.t_v" in (
                    e.diag.message_hint or ""), (point, e)
            Step.ask("SELECT injection_points_detach(%s)", (point,))
            assert "INVALID" in server.psql("-c", "\\d t"), point
            conn.execute("INSERT INTO t VALUES (1000, '[0,0,0]')")
            conn.execute("SET enable_seqscan = off")
            plan = str(conn.execute("EXPLAIN SELECT i FROM t ORDER BY v <-> "
                                    "'[0,0,0]' LIMIT 3").fetchall())
            assert "t_v" not in plan, (point, plan)
            assert conn.execute("SELECT i FROM t ORDER BY v <-> '[0,0,0]' "
                                "LIMIT 1").fetchone() == (1000,), point
            conn.execute("REINDEX INDEX t_v")
            assert "INVALID" not in server.psql("-c", "\\d t"), point
            check(conn, point)
            conn.execute("DROP INDEX t_v")


# ---------------------------------------------------------------------------
# Vacuum and inserts
# ---------------------------------------------------------------------------

def test_entry_point_promoted():
    """pgvector #988.  An insert links its element to some that vacuum will take
    away, and is held just before the element becomes the entry point; vacuum
    begins and waits for it.  From the entry point itself no search finds new
    neighbours for it: vacuum must see to it from another one, or links to
    elements that are gone stay where every search begins."""
    for dead in ("true", "i % 10 > 0"):
        with sessions(2) as (conn, busy):
            insert = None
            while insert is None:  # the level of an element is drawn
                make_table(conn, 12, 0)
                conn.execute(INDEX + " WITH (m = 2, ef_construction = 8)")
                conn.execute(f"DELETE FROM t WHERE {dead}")
                insert = held_at_entry(busy)
            vacuum = Step(conn, VACUUM).waits()
            assert insert.go_on().error is None, insert.error
            assert vacuum.done().error is None, vacuum.error
            check(conn, dead)
            for i in range(20):
                conn.execute("INSERT INTO t VALUES (%s, %s)",
                             (2000 + i, vector()))
            conn.execute("DELETE FROM t WHERE i < 2000")
            conn.execute(VACUUM)
            check(conn, dead)


def held_at_entry(conn):
    """An insert that is about to change the entry point; None: none came to.
    Few, so that most of the rows are those that go."""
    for i in range(4):
        step = Held(conn, f"INSERT INTO t VALUES ({1000 + i}, '{vector()}')",
                    "hnsw-insert-entry")
        wait_for(lambda: step.is_there() or not step.thread.is_alive(),
                 "the step, or the end of the insert")
        if step.is_there():
            return step
        step.over()
        assert step.error is None, step.error
    return None


def test_graph_not_repaired():
    """pgvector #993.  A first vacuum has marked elements; a second one is held
    between its passes while inserts use the places of those.  They are none of
    its business: it must neither end with "hnsw graph not repaired" nor take
    the links to the new elements away."""
    for point in ("hnsw-vacuum-tids-removed", "hnsw-vacuum-barrier",
                  "hnsw-vacuum-repaired"):
        with sessions(2) as (conn, busy):
            make_table(conn, 300, 0)
            conn.execute(INDEX + " WITH (m = 4, ef_construction = 16)")
            conn.execute("DELETE FROM t WHERE i % 2 = 0")
            conn.execute(VACUUM)
            conn.execute("DELETE FROM t WHERE i % 10 = 1")
            vacuum = Held(busy, VACUUM, point).there()
            for i in range(100):
                conn.execute("INSERT INTO t VALUES (%s, %s)",
                             (1000 + i, vector()))
            assert vacuum.go_on().error is None, (point, vacuum.error)
            check(conn, point)


def sparse(entries):
    places = sorted(rng.sample(range(1, 10001), entries))
    return "{" + ",".join(f"{p}:{rng.random() + 0.01:.4f}"
                          for p in places) + "}/10000"


def test_insert_walks_index():
    """pgvector #1025.  Vacuum frees places all over an index, all too small for
    the rows that come: sparse vectors of 350 entries, then of 700.  An insert
    begins to look for a place where the last one stopped; if that goes back to
    the first page with a free place, each insert reads the whole index, 38
    times more buffers in production.  The buffers of an insert, by EXPLAIN,
    are those of one before the vacuum, and as many as one looks at for a place
    (PLACE_WALK)."""
    def buffers(i, entries):
        plan = conn.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) INSERT INTO s VALUES "
            f"({i}, '{sparse(entries)}')").fetchone()[0][0]["Plan"]
        return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]

    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS s")
        conn.execute("CREATE TABLE s (i integer, v sparsevec(10000))")
        conn.execute("CREATE INDEX s_v ON s USING hnsw (v sparsevec_l2_ops) "
                     "WITH (m = 2, ef_construction = 4)")
        with conn.cursor().copy("COPY s FROM STDIN") as copy:
            for i in range(800):
                copy.write_row((i, sparse(350)))
        # of an index whose free places are all at its end
        usual = statistics.median(buffers(1000 + i, 700) for i in range(20))
        conn.execute("DELETE FROM s WHERE i < 800 AND i % 2 = 0")
        conn.execute("VACUUM s")
        pages = conn.execute("SELECT relpages FROM pg_class WHERE relname = "
                             "'s_v'").fetchone()[0]
        assert pages > 400, pages
        after = [buffers(2000 + i, 700) for i in range(60)]
        assert statistics.median(after) <= usual + 40, (usual, pages, after)
        assert statistics.median(after[-20:]) <= usual * 1.5, (
            usual, pages, after)
        conn.execute("DROP TABLE s")


suite.run_all(globals(), server)
