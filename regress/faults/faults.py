"""What goes wrong during a parallel build ends well.

Story: a build with two workers is brought to a named step, and there something
fails: a participant raises an error, a process is killed, the client goes away,
the user cancels, /dev/shm is too small.  Each ends within the watchdog with the
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
from harness import Server, Suite, wait_for  # noqa: E402

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
    """CREATE INDEX in a connection of its own; error is what it raised."""

    def __init__(self):
        super().__init__()
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        self.error = None
        self.start()

    def run(self):
        try:
            self.conn.execute(BUILD)
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


def crash_restarted():
    """The server has recovered: every row is there, and no half index."""
    wait_for(server.serving, "a serving server after the crash")
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


def test_kill(who):
    conn = server.connect()
    conn.execute("SELECT injection_points_attach('build-participant','wait')")
    build = Build()
    at_step(conn, "build-participant", 3)
    victim = build.pid if who == "leader" else workers(conn)[0]
    os.kill(victim, signal.SIGKILL)
    assert isinstance(build.end(), psycopg.OperationalError)
    conn.close()
    # The point outlives the restart: nothing may wait there for ever.
    crash_restarted()
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


def test_postmaster_killed():
    conn = server.connect()
    conn.execute("SELECT injection_points_attach('build-participant','wait')")
    build = Build()
    at_step(conn, "build-participant", 3)
    os.kill(server.postmaster_pid(), signal.SIGKILL)
    wait_for(lambda: server.processes() == [], "the end of all processes")
    build.end()
    conn.close()
    server.start()
    crash_restarted()
    assert not segments(), "segments are left"


def test_small_dev_shm():
    """1 MB of /dev/shm: the fallbacks are taken, said, and work."""
    server.stop()
    tool = os.path.join(server.bin, "tusk")
    script = ("mount -t tmpfs -o size=1m tmpfs /dev/shm && "
              f"exec {tool} start -D {server.data} -l {server.log} "
              "-o shared_buffers=4MB")
    done = subprocess.run(["unshare", "-m", "sh", "-c", script],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True)
    assert done.returncode == 0, done.stdout
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        conn.execute(BUILD)
        assert conn.execute("SELECT reltuples FROM pg_class WHERE relname = "
                            "'t_v_idx'").fetchone()[0] == ROWS
        conn.execute("DROP INDEX t_v_idx")
    assert any("does not fit into /dev/shm" in n for n in notices), notices
    server.stop()
    server.start()


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
suite.run(test_cancel)
suite.run(test_client_killed)
suite.run(test_clean_stop_keeps)
suite.run(test_second_server)
suite.run(test_small_dev_shm)
suite.run(test_damaged_page)
suite.run(test_kill, "worker")
suite.run(test_kill, "leader")
suite.run(test_postmaster_killed)
server.stop()
suite.finish(server)
