#!/usr/bin/env python3
"""Steps before a wait for another transaction, and steps of the postmaster.

Story: a session that has to wait (for a lock, for a row that another one has
changed, for a row of the catalogs that is about to be overwritten in place) is
held just before it sleeps, fails there, is cancelled or killed there.  And the
postmaster ends where it makes all anew after a crash, and where it starts a
worker.

The danger: a session that fails when it is in a lock's queue already stays
there, and nobody behind it ever gets the lock; what was granted before it slept
is slept over; a row lock that was taken for the wait stays.  A postmaster that
ends half-way through the making of shared memory leaves something that the next
start takes for its own.
"""
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

suite = Suite()
server = Server(autovacuum="off", max_parallel_maintenance_workers="2",
                min_parallel_table_scan_size="0")
ROWS = 500


def make(conn):
    conn.execute("CREATE EXTENSION vector")
    conn.execute("CREATE TABLE t (id integer, n integer, v vector(3))")
    conn.execute("INSERT INTO t SELECT i, 0, ARRAY[i % 10, i % 7, i / 10] FROM "
                 f"generate_series(1, {ROWS}) i")
    conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")


class Wait:
    """first is done and its transaction left open; second has to wait for it,
    and passes the point before.  done(rolled_back): is all as it should be, once
    both are over?"""

    def __init__(self, first, second, done):
        self.first, self.second, self.done = first, second, done


def counted(times):
    """How often row 7 was changed."""
    return [(times,)] == server.query("SELECT n FROM t WHERE id = 7")


def named(name, counts=True):
    found = server.query("SELECT relname, reltuples FROM pg_class WHERE "
                         "relname IN ('t_v', 't_w')")
    return found[0][0] == name and (not counts or found[0][1] == ROWS)


CHANGE = "UPDATE t SET n = n + 1 WHERE id = 7"
WAITS = {
    "lock-wait": Wait("REINDEX INDEX t_v", CHANGE,
                      lambda first, second: counted(second)),
    "heap-wait-for-row": Wait(CHANGE, CHANGE,
                              lambda first, second: counted(first + second)),
    "heap-inplace-wait": Wait(
        "ALTER INDEX t_v RENAME TO t_w",
        "ANALYZE t",
        lambda first, second: named("t_w" if first else "t_v", second)),
}


def arm(point, action):
    server.query("SELECT injection_points_attach(%s, %s)", (point, action))


def disarm(point):
    server.query("SELECT injection_points_detach(%s)", (point,))


def is_at(pid, event):
    wait_for(lambda: server.query(
        "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event = %s",
        (pid, event)), event)


def nothing_held(pid):
    """In no queue, and no lock."""
    assert server.query("SELECT * FROM pg_locks WHERE pid = %s", (pid,)) == []
    # a process that writes pages out pins them, for a moment
    wait_for(lambda: server.query("SELECT bufferid FROM pg_buffercache WHERE "
                                  "pinning_backends > 0") == [], "no pin")


def undo():
    server.query("UPDATE t SET n = 0 WHERE id = 7")
    if named("t_w", False):
        server.query("ALTER INDEX t_w RENAME TO t_v")
    assert server.query("SELECT * FROM tusk_check('t')") == []


def test_fails(point):
    """It fails there; who comes after it waits for the first alone."""
    wait = WAITS[point]
    with server.connect() as first, server.connect() as second, \
            server.connect() as third:
        pid = second.info.backend_pid
        for action in ("error", "cancel"):
            first.execute("BEGIN")
            first.execute(wait.first)
            arm(point, ("error" if action == "error" else "wait") +
                f",times=1,pid={pid}")
            thread, failed = in_background(second, wait.second)
            if action == "cancel":
                is_at(pid, point)
                server.query("SELECT pg_cancel_backend(%s)", (pid,))
            thread.join()
            disarm(point)
            assert failed, point
            assert action == "error" or failed[0].sqlstate == "57014", failed
            nothing_held(pid)
            thread, failed = in_background(third, wait.second)
            wait_for(lambda: server.query(
                "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted",
                (third.info.backend_pid,)), "the wait of the third")
            first.execute("COMMIT")
            thread.join()
            assert failed == [] and wait.done(1, 1), point
            undo()


def test_over_before_it_sleeps(point, end):
    """The first ends while the second is held just before its wait: there is
    nothing to wait for any more."""
    wait = WAITS[point]
    with server.connect() as first, server.connect() as second:
        pid = second.info.backend_pid
        first.execute("BEGIN")
        first.execute(wait.first)
        arm(point, f"wait,times=1,pid={pid}")
        thread, failed = in_background(second, wait.second)
        is_at(pid, point)
        first.execute(end)
        server.query("SELECT injection_points_wakeup(%s)", (point,))
        thread.join()
        disarm(point)
        assert failed == [], failed
        nothing_held(pid)
        assert wait.done(int(end == "COMMIT"), 1), point
        undo()


def test_killed(point):
    wait = WAITS[point]
    lives = server.lives()
    first, second = server.connect(), server.connect()
    pid = second.info.backend_pid
    first.execute("BEGIN")
    first.execute(wait.first)
    arm(point, f"wait,times=1,pid={pid}")
    thread, failed = in_background(second, wait.second)
    is_at(pid, point)
    os.kill(pid, signal.SIGKILL)
    thread.join()
    server.next_life(lives)
    for conn in (first, second):
        conn.close()
    disarm(point)
    assert failed and wait.done(0, 0), failed
    server.query(wait.second)
    assert wait.done(0, 1)
    undo()


def ends_at(point, action):
    """The action makes the postmaster come to the point, which kills it."""
    pid = server.postmaster_pid()
    arm(point, "kill")
    action()
    wait_for(lambda: not os.path.exists(f"/proc/{pid}"), "its end")
    wait_for(lambda: not server.processes(), "the end of all")
    server.start()
    assert server.query("SELECT count(*) FROM t") == [(ROWS,)]
    assert server.query("SELECT * FROM tusk_check('t')") == []


def test_postmaster_at_the_reset():
    """All processes are gone, shared memory is about to be made anew."""
    conn = server.connect()
    conn.execute("BEGIN")
    conn.execute("DELETE FROM t")
    ends_at("postmaster-crash-reset",
            lambda: os.kill(conn.info.backend_pid, signal.SIGKILL))
    conn.close()
    # and passed: the server goes on
    point = "postmaster-crash-reset"
    lives = server.lives()
    arm(point, "notice")
    with server.connect() as conn:
        os.kill(conn.info.backend_pid, signal.SIGKILL)
        server.next_life(lives)
    assert server.query("SELECT injection_points_hits(%s)", (point,)) == [(1,)]
    disarm(point)
    assert server.query("SELECT count(*) FROM t") == [(ROWS,)]


def test_postmaster_at_a_worker():
    """A build waits for its workers when the postmaster ends: all processes
    follow it, and what was built is gone."""
    conn = server.connect()
    build = "CREATE INDEX t_new ON t USING hnsw (v vector_l2_ops)"
    background = []
    ends_at("postmaster-start-worker",
            lambda: background.append(in_background(conn, build)))
    thread, failed = background[0]
    thread.join()
    conn.close()
    assert failed
    assert server.query("SELECT 1 FROM pg_class WHERE relname = 't_new'") == []
    server.query(build)
    server.query("DROP INDEX t_new")


server.expect("was terminated by signal 9")
server.start()
with server.connect() as setup:
    make(setup)
for each in WAITS:
    suite.run(test_fails, each)
    for how in ("COMMIT", "ROLLBACK"):
        suite.run(test_over_before_it_sleeps, each, how)
    suite.run(test_killed, each)
suite.run(test_postmaster_at_the_reset)
suite.run(test_postmaster_at_a_worker)
if server.processes():
    server.stop()
suite.finish(server)
