#!/usr/bin/env python3
"""The fault engine from SQL: what can be armed, what a class forbids, chains,
roles, who passed what, one waiter woken of several, points of one session,
points that the environment arms.

The danger is a fault that a test believes to be armed and that never happens:
a misspelt name, an action that its place cannot do, a count that a restart
forgets.  Points named try-... are passed by injection_points_run alone."""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

suite = Suite()
server = Server(max_parallel_maintenance_workers=2).start()


def failure(conn, sql, *params):
    """SQLSTATE, message, detail, hint; or None."""
    try:
        conn.execute(sql, params or None)
    except psycopg.Error as e:
        return (e.sqlstate, e.diag.message_primary, e.diag.message_detail,
                e.diag.message_hint)
    return None


def attach(conn, name, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (name, action))


def detach(conn, name):
    conn.execute("SELECT injection_points_detach(%s)", (name,))


def run(conn, name):
    """SQLSTATE of the failure, or None."""
    found = failure(conn, "SELECT injection_points_run(%s)", name)
    return found and found[0]


def row(conn, name):
    return conn.execute("SELECT action, hits, fired, waiting FROM "
                        "injection_points WHERE name = %s", (name,)).fetchone()


def test_view():
    """Every place has its row; armed ones say what was done there."""
    with server.connect() as conn:
        got = conn.execute(
            "SELECT class, subsystem, file, line > 0, sites, action FROM "
            "injection_points WHERE name = 'hnsw-log-pages'").fetchone()
        assert got == ("normal", "hnsw", "access/hnsw/hnswbuild.c", True, 2,
                       None), got
        assert conn.execute(
            "SELECT count(*) > 200, count(*) = count(DISTINCT name), "
            "bool_and(name ~ '^[a-z0-9]+(-[a-z0-9]+)*$') "
            "FROM injection_points").fetchone() == (True, True, True)
        assert {r[0] for r in conn.execute(
            "SELECT DISTINCT class FROM injection_points")} == {
                "normal", "critical", "no-throw", "postmaster"}
        attach(conn, "try-normal", "1*off->error:40001,times=1->notice")
        assert [run(conn, "try-normal") for _ in range(4)] == [
            None, "40001", None, None]
        assert row(conn, "try-normal") == (
            "1*off->error:40001,times=1->notice", 4, 3, None)
        detach(conn, "try-normal")
        assert row(conn, "try-normal")[0] is None


def test_unknown():
    """A name that is nobody's is an error, and says what is like it."""
    with server.connect() as conn:
        got = failure(conn, "SELECT injection_points_attach("
                            "'try-norml', 'error')")
        assert got[:2] == ("42704",
                           'injection point "try-norml" does not exist'), got
        assert '"try-normal"' in got[3], got
        for what in ("run('try-norml')", "wakeup('try-norml')"):
            got = failure(conn, "SELECT injection_points_" + what)
            assert got[0] == "42704" and "try-normal" in got[3], got
        assert failure(conn, "SELECT injection_points_detach('try-norml')"
                       )[0] == "42704"


def test_classes():
    """What the place could not bear is refused, and what it can is told."""
    with server.connect() as conn:
        for name, action, reason in (
                ("try-no-throw", "error", "inside a primitive"),
                ("try-no-throw", "1*off->notice", "inside a primitive"),
                ("try-normal", "errno:EIO", "no call stands behind it"),
                ("try-critical", "notice", "critical section")):
            got = failure(conn, "SELECT injection_points_attach(%s, %s)",
                          name, action)
            assert got[0] == "22023" and reason in got[2], got
            allowed = conn.execute("SELECT allowed FROM injection_points "
                                   "WHERE name = %s", (name,)).fetchone()[0]
            assert got[3] == f"Allowed there: {allowed}.", got
        got = failure(conn, "SELECT injection_points_attach("
                            "'try-normal', 'error,nth=soon')")
        assert got[0] == "22023" and got[2] == \
            '"nth=soon" is not understood.', got


def test_calls():
    """A call that is asked to fail has the SQLSTATE of its errno."""
    with server.connect() as conn:
        attach(conn, "try-call", "1*errno:ENOSPC->1*errno:EIO->1*short->torn")
        assert [run(conn, "try-call") for _ in range(4)] == [
            "53100", "58030", "58030", "58030"]
        detach(conn, "try-call")
        assert run(conn, "try-call") is None


def test_roles():
    """The same point is passed by leader and workers: one is chosen."""
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS vector")
        conn.execute("CREATE TABLE roles (v vector(3)) "
                     "WITH (parallel_workers = 2)")
        conn.execute("INSERT INTO roles SELECT ARRAY[i, i % 7, i % 11]::vector"
                     " FROM generate_series(1, 4000) i")
        build = "CREATE INDEX ON roles USING hnsw (v vector_l2_ops)"
        for role in ("leader", "backend", "worker", "worker:0", "worker:1"):
            attach(conn, "build-participant", f"error:40001,role={role}")
            assert failure(conn, build)[0] == "40001", role
            hits = row(conn, "build-participant")
            assert hits[1] == hits[2] >= 1, (role, hits)
            detach(conn, "build-participant")
        for role in ("worker:2", "checkpointer", "postmaster"):
            attach(conn, "build-participant", f"error,role={role}")
            assert failure(conn, build) is None, role
            assert row(conn, "build-participant")[1] == 0
            detach(conn, "build-participant")

        # and who passed what is counted while one asks for it
        conn.execute("SELECT injection_points_record(true)")
        conn.execute(build)
        conn.execute("SELECT injection_points_record(false)")
        conn.execute(build)
        got = dict(conn.execute("SELECT role, passages FROM "
                                "injection_point_passages WHERE name = "
                                "'build-participant'").fetchall())
        assert got == {"leader": 1, "worker:0": 1, "worker:1": 1}, got
        got = conn.execute("SELECT DISTINCT role FROM injection_point_passages"
                           " WHERE name = 'postmaster-start-worker'"
                           ).fetchall()
        assert got == [("postmaster",)], got
        conn.execute("SELECT injection_points_record(true)")
        conn.execute("SELECT injection_points_record(false)")
        assert conn.execute("SELECT count(*) FROM injection_point_passages "
                            "WHERE role <> 'backend'").fetchone()[0] < 10
        conn.execute("DROP TABLE roles")


def test_class_fits():
    """What is called normal is not passed in a critical section: an ERROR
    would be worse than the class says."""
    with server.connect() as conn:
        conn.execute("SELECT injection_points_record(true)")
        conn.execute("CREATE TABLE fits (i int, v vector(3))")
        conn.execute("INSERT INTO fits SELECT i, ARRAY[i, 1, 2]::vector "
                     "FROM generate_series(1, 2000) i")
        conn.execute("CREATE INDEX ON fits USING hnsw (v vector_l2_ops)")
        conn.execute("UPDATE fits SET i = i + 1 WHERE i < 500")
        conn.execute("DELETE FROM fits WHERE i > 1500")
        conn.execute("VACUUM fits")
        conn.execute("CHECKPOINT")
        conn.execute("TRUNCATE fits")
        conn.execute("DROP TABLE fits")
        conn.execute("SELECT injection_points_record(false)")
        wrong = conn.execute(
            "SELECT p.name, p.class, t.role, t.passages, "
            "t.in_critical_section FROM injection_points p JOIN "
            "injection_point_passages t ON t.name = p.name "
            "WHERE p.class = 'normal' AND t.in_critical_section > 0"
        ).fetchall()
        assert not wrong, wrong


def test_wake_one():
    """Two wait at one point: one is woken by its process number."""
    with server.connect() as one, server.connect() as two, \
            server.connect() as conn:
        attach(conn, "try-normal", "wait")
        waiting = {}
        for each in (one, two):
            waiting[each.info.backend_pid], _ = in_background(
                each, "SELECT injection_points_run('try-normal')")

        def both():
            found = row(conn, "try-normal")[3]
            return found is not None and len(found) == 2
        wait_for(both, "both to wait")
        assert sorted(row(conn, "try-normal")[3]) == sorted(waiting)
        assert failure(conn, "SELECT injection_points_wakeup('try-normal', 1)"
                       )[0] == "42704"
        for n, pid in enumerate((two.info.backend_pid,
                                 one.info.backend_pid)):
            conn.execute("SELECT injection_points_wakeup('try-normal', %s)",
                         (pid,))
            waiting[pid].join()
            assert len(row(conn, "try-normal")[3] or []) == 1 - n
        detach(conn, "try-normal")


def test_wait_where_nothing_is_thrown():
    """The process there looks again and again; to be woken, and to be ended."""
    with server.connect() as conn:
        attach(conn, "try-no-throw", "wait")
        with server.connect() as one:
            pid = one.info.backend_pid
            for end in ("injection_points_wakeup('try-no-throw')",
                        f"pg_terminate_backend({pid})"):
                thread, _ = in_background(
                    one, "SELECT injection_points_run('try-no-throw')")
                wait_for(lambda: conn.execute(
                    "SELECT wait_event FROM pg_stat_activity WHERE pid = %s",
                    (pid,)).fetchone() == ("try-no-throw",), "it to wait")
                assert row(conn, "try-no-throw")[3] == [pid]
                conn.execute("SELECT " + end)
                thread.join()
                assert row(conn, "try-no-throw")[3] is None
        detach(conn, "try-no-throw")


def test_local():
    """What a session arms for itself hurts no other, and goes with it."""
    with server.connect() as other:
        with server.connect() as conn:
            conn.execute("SELECT injection_points_set_local()")
            attach(conn, "try-normal", "1*off->error:40001")
            assert run(other, "try-normal") is None
            assert run(conn, "try-normal") is None
            assert run(conn, "try-normal") == "40001"
            assert run(other, "try-normal") is None
        wait_for(lambda: row(other, "try-normal")[0] is None,
                 "the point to be detached")


def test_stop():
    """A stopped process goes on by itself."""
    with server.connect() as conn:
        attach(conn, "try-no-throw", "stop:20")
        assert run(conn, "try-no-throw") is None
        assert row(conn, "try-no-throw")[2] == 1
        detach(conn, "try-no-throw")


def test_wait_and_stop():
    """Nobody wakes the checkpointer, or the postmaster itself: a stop does."""
    for name, role, what in (
            ("checkpoint-begin", "checkpointer", "CHECKPOINT"),
            ("postmaster-start-worker", "postmaster",
             "CREATE INDEX ON stops USING hnsw (v vector_l2_ops)")):
        with server.connect() as conn:
            conn.execute("CREATE EXTENSION IF NOT EXISTS vector")
            conn.execute("DROP TABLE IF EXISTS stops")
            conn.execute("CREATE TABLE stops (v vector(2)) "
                         "WITH (parallel_workers = 2)")
            conn.execute("INSERT INTO stops SELECT ARRAY[i, 1]::vector "
                         "FROM generate_series(1, 2000) i")
            attach(conn, name, f"wait,role={role}")
        held = server.connect()
        thread, _ = in_background(held, what)
        with server.connect() as conn:
            wait_for(lambda: row(conn, name)[3], "it to wait")
        assert server.stop().returncode == 0
        thread.join()
        server.start()


def started_over(mark):
    wait_for(lambda: "ready to accept connections" in
             server.log_text()[mark:], "the server to start over")


def test_crash_reset():
    """A chain goes on after the crash-restart where it was before it."""
    server.expect("PANIC:  error triggered for injection point try-critical",
                  "was terminated by signal 6")
    with server.connect() as conn:
        attach(conn, "try-critical", "1*off->1*error->off")
        attach(conn, "try-normal", "1*off->exit:1->error:40001")
        assert run(conn, "try-critical") is None
        assert run(conn, "try-normal") is None
        mark = len(server.log_text())
        assert failure(conn, "SELECT injection_points_run('try-critical')")
    started_over(mark)
    with server.connect() as conn:
        assert run(conn, "try-critical") is None
        assert row(conn, "try-critical")[1:3] == (3, 1)
        detach(conn, "try-critical")
        # it ends without a word: the postmaster takes that for a crash
        mark = len(server.log_text())
        assert failure(conn, "SELECT injection_points_run('try-normal')")
    started_over(mark)
    with server.connect() as conn:
        assert run(conn, "try-normal") == "40001"
        assert row(conn, "try-normal")[1:3] == (3, 2)
        detach(conn, "try-normal")


def test_environment():
    """Points armed before anything else; a wrong one ends the start."""
    server.stop()
    for value, message in (
            ("try-normal", "Write name=action"),
            ("try-norml=error", '"try-normal"'),
            ("try-no-throw=error", "Allowed there: off, kill"),
            ("try-normal=off;try-other=2*", "Verbs are off, notice")):
        server.env["TUSK_INJECTION_POINTS"] = value
        mark = len(server.log_text())
        assert server.run_tool("start", "-D", server.data, "-l", server.log,
                               check=False).returncode == 1, value
        text = server.log_text()[mark:]
        assert "FATAL:" in text and message in text, text
    server.env["TUSK_INJECTION_POINTS"] = \
        "try-normal=1*off->error:40001;try-other=sleep:1,role=backend"
    server.start()
    with server.connect() as conn:
        assert [run(conn, "try-normal") for _ in range(2)] == [None, "40001"]
        assert row(conn, "try-other")[0] == "sleep:1,role=backend"
    server.stop()
    del server.env["TUSK_INJECTION_POINTS"]
    server.start()
    with server.connect() as conn:
        assert row(conn, "try-normal")[0] is None


suite.run(test_view)
suite.run(test_unknown)
suite.run(test_classes)
suite.run(test_calls)
suite.run(test_roles)
suite.run(test_class_fits)
suite.run(test_wake_one)
suite.run(test_wait_where_nothing_is_thrown)
suite.run(test_local)
suite.run(test_stop)
suite.run(test_crash_reset)
suite.run(test_wait_and_stop)
suite.run(test_environment)
suite.run(server.stop)
suite.finish(server)
