"""What goes wrong during a parallel build ends well.

Story: a build with two workers is brought to a named step, and there something
fails: a participant raises an error, a process is killed, the client goes away,
the user cancels.  Each ends within the watchdog with the
right error, a serving server, no half index, no segment and no process left.
Until there is a log to recover from, the death of a process costs the whole
content of the cluster, and the server says so.
"""
import os
import random
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import psycopg  # noqa: E402
from harness import Server, Suite, in_background, wait_for  # noqa: E402

ROWS = 3000
DIMS = 8
BUILD = "CREATE INDEX ON t USING hnsw (v vector_l2_ops)"

# A fault at each step, in whichever participant comes there first.
STEPS = """
build-enter parallel-context-created build-estimated parallel-dsm-estimated
dsm-allocate parallel-dsm-created build-initialized parallel-launch
parallel-launched bgworker-start dsm-attach parallel-worker-started
parallel-worker-attached parallel-worker-joined-group
parallel-worker-state-restored build-relations-opened build-participant
build-participant-done parallel-wait-attach build-wait-participants build-finish
hnsw-flush-start hnsw-flush-connect hnsw-flush-end parallel-wait-finish
index-build index-built heap-create relation-create-storage
""".split()

rng = random.Random(11)
server = Server(shared_buffers="4MB", max_worker_processes=8)
suite = Suite()


def fill(conn):
    conn.execute("CREATE EXTENSION IF NOT EXISTS vector")
    conn.execute(f"CREATE TABLE t (id integer, v vector({DIMS})) "
                 "WITH (parallel_workers = 2)")
    with conn.cursor().copy("COPY t FROM STDIN") as copy:
        for i in range(ROWS):
            v = ",".join(f"{rng.gauss(0, 1):.4f}" for _ in range(DIMS))
            copy.write_row((i, f"[{v}]"))


def files():
    """Of users' relations, with something in them: a dropped one stays, empty,
    until the next checkpoint, so that nobody gets its number meanwhile."""
    where = os.path.join(server.data, "base/5")
    return {n for n in os.listdir(where) if n.isdigit() and int(n) >= 16384
            and os.path.getsize(os.path.join(where, n)) > 0}


def segments():
    """But for the control segment, which is there as long as the server."""
    names = suite.segments(server)
    with open(os.path.join(server.data, "pg_dynshmem/control")) as f:
        return names - {"PostgreSQL." + f.read().strip()}


def no_half_index(conn, before):
    count = conn.execute("SELECT count(*) FROM pg_class WHERE relname = "
                         "'t_v_idx'").fetchone()[0]
    assert count == 0, "the index is there"
    assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == ROWS
    assert files() <= before, files() - before


def workers(conn):
    return [r[0] for r in conn.execute(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = "
        "'parallel worker'").fetchall()]


class Build(threading.Thread):
    """CREATE INDEX in a connection of its own, after some settings, with points
    that are armed for its backend; error is what it raised."""

    def __init__(self, *settings, points=None, statement=BUILD):
        super().__init__()
        self.statement = statement
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        for setting in settings:
            self.conn.execute(setting)
        for point, action in (points or {}).items():
            self.conn.execute("SELECT injection_points_attach(%s, %s)",
                              (point, f"{action},pid={self.pid}"))
        self.error = None
        self.start()

    def run(self):
        try:
            self.conn.execute(self.statement)
        except psycopg.Error as e:
            self.error = e

    def end(self):
        self.join(60)
        assert not self.is_alive(), "the build hangs"
        self.conn.close()
        return self.error


def at_step(conn, step, n=1):
    """Until n processes wait at the step."""
    wait_for(lambda: conn.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
        (step,)).fetchone()[0] >= n, f"a process at {step}")


def crash_restarted(lives):
    """The server has recovered: every row is there, and no half index."""
    server.next_life(lives)
    with server.connect() as conn:
        assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == ROWS
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = "
                            "'t_v_idx'").fetchone()[0] == 0
    assert "automatic recovery in progress" in server.log_text()


def test_error(step):
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach(%s, 'error,times=1')",
                     (step,))
        error = Build().end()
        conn.execute("SELECT injection_points_detach(%s)", (step,))
        assert error is not None, "no error"
        # Before it has its queue a worker cannot tell its leader.
        assert step in str(error) or (
            step in ("bgworker-start", "dsm-attach",
                     "parallel-worker-started") and
            ("parallel worker failed to initialize" in str(error) or
             "lost connection to parallel worker" in str(error))), error
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def held(conn, kind):
    return conn.execute("SELECT name, holders, mode FROM tusk_resources_held "
                        "WHERE kind = %s", (kind,)).fetchall()


def test_resources_held():
    """tusk_resources_held shows what processes hold that stand still, and
    nothing once they went on: the matrix believes it."""
    with server.connect() as conn, server.connect() as other:
        kinds = ("lwlock", "buffer pin", "dsm segment")
        conn.execute("CREATE TABLE one_row (i integer)")
        for point in ("heap-insert-log", "build-participant-done"):
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
        insert, _ = in_background(other, "INSERT INTO one_row VALUES (1)")
        at_step(conn, "heap-insert-log")
        assert ("BufferContent", 1, "exclusive") in held(conn, "lwlock")
        assert (None, 1, None) in held(conn, "buffer pin")
        conn.execute("SELECT injection_points_wakeup('heap-insert-log'), "
                     "injection_points_detach('heap-insert-log')")
        insert.join()
        build = Build()
        at_step(conn, "build-participant-done", 3)
        segment, = held(conn, "dsm segment")
        assert segment[1] == 3, segment
        assert len([h for h in held(conn, "worker slot")
                    if "parallel worker" in h[0]]) == 2
        conn.execute("SELECT injection_points_wakeup('build-participant-done'),"
                     " injection_points_detach('build-participant-done')")
        assert build.end() is None
        wait_for(lambda: not any(held(conn, k) for k in kinds), "nothing held")
        conn.execute("DROP TABLE one_row")
        conn.execute("DROP INDEX t_v_idx")


# System calls and allocations that fail: who, and what the build comes to (an
# SQLSTATE; None: it goes on, serially or after another try).
CALLS = [
    ("dsm-reserve", "errno:ENOSPC,times=1", None),
    ("dsm-open", "errno:EMFILE,times=1", None),
    ("dsm-map", "errno:ENOMEM,role=worker", "55000"),
    ("dsm-stat", "errno:EIO,role=worker", "55000"),
    ("dsm-unmap", "errno:EIO,times=1", None),
    ("fork-worker", "errno:EAGAIN", "55000"),
    # the second worker has no memory for its handle, the first one is there
    ("bgworker-register", "error:53200,nth=2,times=1", "53200"),
    ("sys-malloc", "errno:ENOMEM,nth=20,times=1,role=leader", "53200"),
    ("sys-mmap", "errno:ENOMEM,times=1,role=leader", None),
    ("sys-posix-fallocate", "errno:EINTR", None),
    ("sys-sem-wait", "errno:EINTR", None),
    ("sys-epoll-wait", "errno:EINTR", None),
    ("wal-pwrite", "short", None),
    ("file-write", "short", None),
    ("sys-pread", "short", None),
]


def test_call_fails(point, action, sqlstate):
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))
        error = Build().end()
        conn.execute("SELECT injection_points_detach(%s)", (point,))
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        assert getattr(error, "sqlstate", None) == sqlstate, error
        if sqlstate is None:
            assert conn.execute("SELECT tusk_check('t')").fetchall() == []
            conn.execute("DROP INDEX t_v_idx")
            conn.execute("CHECKPOINT")
        no_half_index(conn, before)
    assert segments() == set(), segments()


def test_worker_without_memory():
    """A worker that is at its part of the build gets no memory for it: its
    leader tells the client so.  (One that does not come so far cannot.)"""
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach('build-participant', "
                     "'wait,role=worker')")
        build = Build()
        at_step(conn, "build-participant", 2)
        conn.execute("SELECT injection_points_attach('sys-malloc', "
                     "'errno:ENOMEM,times=1,role=worker')")
        conn.execute("SELECT injection_points_detach('build-participant'), "
                     "injection_points_wakeup('build-participant')")
        error = build.end()
        conn.execute("SELECT injection_points_detach('sys-malloc')")
        assert error is not None and error.sqlstate == "53200", error
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def test_segment_cannot_be_removed():
    """Who detaches last cannot remove the segment: the checkpointer does."""
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('dsm-unlink', "
                     "'errno:EIO,times=1')")
        assert Build().end() is None
        conn.execute("SELECT injection_points_detach('dsm-unlink')")
        assert "could not remove shared memory segment" in server.log_text()
        wait_for(lambda: segments() == set(), "the segment to be removed")
        conn.execute("DROP INDEX t_v_idx")


def test_queue_cannot_be_attached():
    """A worker has become the sender of its queue, which the leader sees, and
    fails before there is a callback that marks its end.  The leader would wait
    for ever for what it sends."""
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('shm-mq-attach', "
                     "'sleep:100,times=1,role=worker->error:53000,times=1,"
                     "role=worker')")
        error = Build().end()
        conn.execute("SELECT injection_points_detach('shm-mq-attach')")
        assert error is not None and error.sqlstate == "55000", error
        wait_for(lambda: workers(conn) == [], "the end of the workers")


def test_worker_ends_while_attaching():
    """A worker is known to its leader, who has nothing else to do, and ends by
    FATAL before it has seen to it that its end is told."""
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach('shm-mq-attach',"
                     "'fatal,times=1,role=worker:0')")
        error = Build("SET parallel_leader_participation = off").end()
        conn.execute("SELECT injection_points_detach('shm-mq-attach')")
        assert "lost connection to parallel worker" in str(error) or \
            "failed to initialize" in str(error), error
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def test_cancel():
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach('build-wait-participants',"
                     "'wait')")
        build = Build()
        at_step(conn, "build-wait-participants")
        conn.execute("SELECT pg_cancel_backend(%s)", (build.pid,))
        error = build.end()
        conn.execute("SELECT injection_points_detach("
                     "'build-wait-participants')")
        assert error.sqlstate == "57014", error
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def test_cancel_while_reserving():
    """The leader reserves its segment piece by piece; a cancel comes in the
    second of many.  The danger: that it goes on to the last, which for a large
    build is seconds, or that the object, which nobody has mapped, stays."""
    with server.connect() as conn:
        before = files()
        build = Build("SET maintenance_work_mem = '256MB'",
                      points={"dsm-reserve": "wait,nth=2,times=1"},
                      statement="CREATE INDEX ON t USING ivfflat "
                      "(v vector_l2_ops) WITH (lists = 2000)")
        at_step(conn, "dsm-reserve")
        conn.execute("SELECT pg_cancel_backend(%s)", (build.pid,))
        conn.execute("SELECT injection_points_wakeup('dsm-reserve')")
        error = build.end()
        hits = conn.execute("SELECT hits FROM injection_points WHERE name = "
                            "'dsm-reserve'").fetchone()[0]
        conn.execute("SELECT injection_points_detach('dsm-reserve')")
        assert error is not None and error.sqlstate == "57014", error
        assert hits == 2, hits
        no_half_index(conn, before)
    assert segments() == set(), segments()


def test_error_with_extension_lock():
    """The leader fails while it extends the index.  A worker waits for the page
    at the end, gets it when the leader gives that up, and then waits to extend,
    with the page locked, so that no interrupt reaches it.  It must get that lock
    too, or the leader waits for its end for ever."""
    with server.connect() as conn:
        before = files()
        build = Build("SET maintenance_work_mem = '4MB'",
                      "SET hnsw.build_spill = 'page_inserts'",
                      points={"buffer-extend": "wait,nth=20"})
        at_step(conn, "buffer-extend")
        conn.execute("SELECT injection_points_attach('md-zeroextend', %s)",
                     (f"error,pid={build.pid}",))
        wait_for(lambda: conn.execute(
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = "
            "'parallel worker' AND wait_event = 'BufferContent'").fetchall(),
            "a worker that waits for the page")
        conn.execute("SELECT injection_points_detach('buffer-extend'), "
                     "injection_points_wakeup('buffer-extend')")
        error = build.end()
        conn.execute("SELECT injection_points_detach('md-zeroextend')")
        assert "md-zeroextend" in str(error), error
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def test_client_killed():
    with server.connect() as conn:
        before = files()
        conn.execute("SELECT injection_points_attach('build-participant-done',"
                     "'wait')")
        client = subprocess.Popen(["psql", "-X", "-h", server.data, "-c",
                                   BUILD, "postgres"],
                                  stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        at_step(conn, "build-participant-done")
        client.send_signal(signal.SIGKILL)
        client.wait()
        wait_for(lambda: conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query = %s",
            (BUILD,)).fetchone()[0] == 0, "the end of the client's backend")
        conn.execute("SELECT injection_points_detach("
                     "'build-participant-done')")
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        no_half_index(conn, before)


def test_error_in_abort_at_exit(point, at):
    """A session is terminated during its build, and ending the workers fails, or
    the removal of its files: the error is FATAL there, but workers, locks and
    files must go all the same."""
    with server.connect() as conn:
        before = files()
        build = Build(points={at: "wait"})
        at_step(conn, at)
        conn.execute("SELECT injection_points_attach(%s, 'error,times=1')",
                     (point,))
        conn.execute("SELECT pg_terminate_backend(%s)", (build.pid,))
        assert build.end() is not None
        # it says so before it does the rest
        wait_for(lambda: not conn.execute(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s",
            (build.pid,)).fetchall(), "the end of the session")
        for armed in (at, point):
            conn.execute("SELECT injection_points_detach(%s)", (armed,))
        wait_for(lambda: not any(held(conn, kind) for kind in (
            "lwlock", "buffer pin", "dsm segment")), "nothing held")
        wait_for(lambda: workers(conn) == [], "the end of the workers")
        assert conn.execute("SELECT count(*) FROM pg_locks WHERE pid <> "
                            "pg_backend_pid()").fetchone()[0] == 0
        no_half_index(conn, before)


def test_error_in_abort(point):
    """A build fails, and then its abort: that is begun again, and does what is
    left of it."""
    with server.connect() as conn:
        before = files()
        for at in ("index-built", point):
            conn.execute("SELECT injection_points_attach(%s, 'error,times=1')",
                         (at,))
        server.expect("WARNING:  AbortTransaction while in state")
        error = Build().end()
        assert "injection point index-built" in str(error), error
        for at in ("index-built", point):
            assert conn.execute("SELECT fired FROM injection_points WHERE name "
                                "= %s", (at,)).fetchone() == (1,), at
            conn.execute("SELECT injection_points_detach(%s)", (at,))
        no_half_index(conn, before)


def test_kill(who):
    lives = server.lives()
    conn = server.connect()
    conn.execute("SELECT injection_points_attach('build-participant','wait')")
    build = Build()
    at_step(conn, "build-participant", 3)
    victim = build.pid if who == "leader" else workers(conn)[0]
    os.kill(victim, signal.SIGKILL)
    assert isinstance(build.end(), psycopg.OperationalError)
    conn.close()
    # The point outlives the restart: nothing may wait there for ever.
    crash_restarted(lives)
    server.query("SELECT injection_points_detach('build-participant')")
    assert not segments(), "segments are left"


def test_clean_stop_keeps():
    with server.connect() as conn:
        conn.execute(BUILD)
        nearest = conn.execute("SELECT id FROM t ORDER BY v <-> "
                               "(SELECT v FROM t WHERE id = 5) LIMIT 5"
                               ).fetchall()
    server.stop()
    assert server.processes() == []
    server.start()
    with server.connect() as conn:
        assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == ROWS
        assert conn.execute("SELECT id FROM t ORDER BY v <-> (SELECT v FROM t "
                            "WHERE id = 5) LIMIT 5").fetchall() == nearest
        conn.execute("DROP INDEX t_v_idx")


def test_fatal_in_critical_section():
    """What a critical section changes is half done in shared memory: who ends
    there by FATAL must not leave it to the others, all start again."""
    server.expect("PANIC:  error triggered for injection point heap-insert-log",
                  "was terminated by signal 6")
    conn = server.connect()
    conn.execute("SELECT injection_points_attach('heap-insert-log',"
                 "'fatal,times=1')")
    lives = server.lives()
    try:
        conn.execute("INSERT INTO t VALUES (0)")
        raise AssertionError("the session lives")
    except psycopg.OperationalError:
        conn.close()
    crash_restarted(lives)
    server.query("SELECT injection_points_detach('heap-insert-log')")


def deleted_files(pid):
    """That the process has open though they are gone."""
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            at = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if "/base/" in at and at.endswith("(deleted)"):
            found.append(at)
    return found


def test_no_memory_for_a_descriptor():
    """A relation's file was made, and there is no memory to note it: nobody
    knows its descriptor any more, so it must be closed at once, or it keeps the
    space of the file that the abort removes."""
    with server.connect() as conn, server.connect() as other:
        before = files()
        pid = conn.info.backend_pid
        # the files of the catalogs are open then
        conn.execute("CREATE TABLE no_memory (i integer)")
        conn.execute("DROP TABLE no_memory")
        for _ in range(3):
            other.execute("SELECT injection_points_attach('md-add-segment', %s)",
                          (f"errno:ENOMEM,times=1,pid={pid}",))
            try:
                conn.execute("CREATE TABLE no_memory (i integer)")
                raise AssertionError("the table is there")
            except psycopg.errors.OutOfMemory:
                pass
            other.execute("SELECT injection_points_detach('md-add-segment')")
        other.execute("CHECKPOINT")
        assert deleted_files(pid) == [], deleted_files(pid)
        assert files() <= before
        conn.execute("CREATE TABLE no_memory (i integer)")
        conn.execute("DROP TABLE no_memory")


def commit_in_background(conn, i):
    return in_background(conn, f"INSERT INTO one_row VALUES ({i})")


def test_semaphore_fails(call):
    """What processes sleep on fails, which it never does while they are sane:
    who cannot sleep must not go on as if it had the lock, and who cannot wake
    leaves somebody asleep for ever.  One holds the lock of the log, another
    wants it; the one that fails takes all with it."""
    server.expect(f"PANIC:  sem_{call} failed: Input/output error",
                  "was terminated by signal 6")
    server.query("CREATE TABLE one_row (i integer)")
    lives = server.lives()
    first, second, conn = server.connect(), server.connect(), server.connect()
    holds, wants = first.info.backend_pid, second.info.backend_pid
    conn.execute("SELECT injection_points_attach('wal-write', %s)",
                 (f"wait,times=1,pid={holds}",))
    if call == "wait":
        conn.execute("SELECT injection_points_attach('sys-sem-wait', %s)",
                     (f"errno:EIO,pid={wants}",))
    one, _ = commit_in_background(first, 1)
    at_step(conn, "wal-write")
    two, _ = commit_in_background(second, 2)
    if call == "post":
        at_step(conn, "WALWrite")
        conn.execute("SELECT injection_points_attach('sys-sem-post', %s)",
                     (f"errno:EIO,pid={holds}",))
        conn.execute("SELECT injection_points_wakeup('wal-write')")
    one.join(60)
    two.join(60)
    assert not one.is_alive() and not two.is_alive(), "a session hangs"
    server.next_life(lives)
    for session in (first, second, conn):
        session.close()
    for point in ("wal-write", f"sys-sem-{call}"):
        server.query("SELECT injection_points_detach(%s)", (point,))
    assert f"PANIC:  sem_{call} failed: Input/output error" in \
        server.log_text()
    server.query("DROP TABLE one_row")


def test_postmaster_killed():
    lives = server.lives()
    conn = server.connect()
    conn.execute("SELECT injection_points_attach('build-participant','wait')")
    build = Build()
    at_step(conn, "build-participant", 3)
    os.kill(server.postmaster_pid(), signal.SIGKILL)
    wait_for(lambda: server.processes() == [], "the end of all processes")
    build.end()
    conn.close()
    server.start()
    crash_restarted(lives)
    assert not segments(), "segments are left"


def test_damaged_page():
    node = server.query("SELECT relfilenode FROM pg_class WHERE relname = 't'"
                        )[0][0]
    server.stop()
    path = os.path.join(server.data, "base/5", str(node))
    with open(path, "r+b") as f:
        f.seek(4000)
        byte = f.read(1)
        f.seek(4000)
        f.write(bytes([byte[0] ^ 0xFF]))
    server.start()
    try:
        server.query("SELECT count(*) FROM t")
        raise AssertionError("a damaged page was read")
    except psycopg.Error as e:
        assert e.sqlstate == "XX001", e
        assert f"invalid page in block 0 of relation base/5/{node}" in str(e)
    server.stop()
    with open(path, "r+b") as f:
        f.seek(4000)
        f.write(byte)
    server.start()
    assert server.query("SELECT count(*) FROM t")[0][0] == ROWS


def test_second_server():
    done = subprocess.run([os.path.join(server.bin, "postmaster"), "-D",
                           server.data], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60)
    assert done.returncode != 0
    assert 'lock file "postmaster.pid" already exists' in done.stdout, \
        done.stdout


server.start()
with server.connect() as setup:
    fill(setup)
for one in STEPS:
    suite.run(test_error, one)
suite.run(test_resources_held)
for one in CALLS:
    suite.run(test_call_fails, *one)
suite.run(test_worker_without_memory)
suite.run(test_segment_cannot_be_removed)
suite.run(test_queue_cannot_be_attached)
suite.run(test_worker_ends_while_attaching)
suite.run(test_cancel)
suite.run(test_cancel_while_reserving)
suite.run(test_error_with_extension_lock)
suite.run(test_client_killed)
suite.run(test_error_in_abort_at_exit, "parallel-destroy", "build-participant")
suite.run(test_error_in_abort_at_exit, "pending-deletes", "index-built")
suite.run(test_error_in_abort, "pending-deletes")
suite.run(test_clean_stop_keeps)
suite.run(test_second_server)
suite.run(test_damaged_page)
suite.run(test_kill, "worker")
suite.run(test_kill, "leader")
suite.run(test_fatal_in_critical_section)
for one in ("wait", "post"):
    suite.run(test_semaphore_fails, one)
suite.run(test_no_memory_for_a_descriptor)
suite.run(test_postmaster_killed)
server.stop()
suite.finish(server)
