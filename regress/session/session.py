#!/usr/bin/env python3
"""Functions by which sessions act on each other: injection points of every
kind, pg_sleep, pg_cancel_backend, pg_terminate_backend.

The danger is a wait that nothing ends, or a signal to a wrong process.  Every
schedule is forced by looking at pg_stat_activity for the state wanted."""
import os
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server().start()


def error_of(conn, sql):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        return e.sqlstate, e.diag.message_primary if e.diag else str(e)
    return None


def in_thread(conn, sql):
    """Run it; the thread's result is [rows] or [exception]."""
    result = []

    def run():
        try:
            result.append(conn.execute(sql).fetchall())
        except psycopg.Error as e:
            result.append(e)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, result


def waits_for(pid, event):
    def waiting():
        rows = server.query(
            "SELECT wait_event_type, wait_event FROM pg_stat_activity "
            "WHERE pid = %s", (pid,))
        return rows and rows[0][1] == event and rows[0]
    return wait_for(waiting, event)


def test_error():
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('try-normal', 'error')")
        state, message = error_of(conn, "SELECT injection_points_run('try-normal')")
        assert "injection point" in message and "p" in message, message
        assert conn.execute("SELECT injection_points_hits('try-normal')"
                            ).fetchone() == (1,)
        conn.execute("SELECT injection_points_detach('try-normal')")
        conn.execute("SELECT injection_points_run('try-normal')")


def test_notice():
    notices = []
    with server.connect() as conn:
        conn.add_notice_handler(lambda d: notices.append(
            (d.severity, d.message_primary)))
        conn.execute("SELECT injection_points_attach('try-normal', 'notice,nth=2')")
        for _ in range(3):
            conn.execute("SELECT injection_points_run('try-normal')")
        conn.execute("SELECT injection_points_detach('try-normal')")
    assert len(notices) == 2 and notices[0][0] == "NOTICE", notices


def test_wait_and_wakeup():
    """It waits under the point's name until it is woken, and can be cancelled."""
    with server.connect() as one, server.connect() as two:
        pid = one.info.backend_pid
        two.execute("SELECT injection_points_attach('try-other', 'wait')")
        thread, result = in_thread(one, "SELECT injection_points_run("
                                        "'try-other')")
        assert waits_for(pid, "try-other")[0] == "InjectionPoint"
        two.execute("SELECT injection_points_wakeup('try-other')")
        thread.join()
        assert not isinstance(result[0], Exception), result
        thread, result = in_thread(one, "SELECT injection_points_run("
                                        "'try-other')")
        waits_for(pid, "try-other")
        assert two.execute("SELECT pg_cancel_backend(%s)",
                           (pid,)).fetchone() == (True,)
        thread.join()
        assert result[0].sqlstate == "57014", result
        two.execute("SELECT injection_points_detach('try-other')")
        assert error_of(two, "SELECT injection_points_wakeup('try-other')"
                        )[0] == "42704"


def test_end_while_waiting():
    """There are few places to wait: a session that is told to end while it
    waits gives its place back, or nobody could wait after a few of them."""
    with server.connect() as two:
        two.execute("SELECT injection_points_attach('try-other', 'wait')")
        for _ in range(20):
            with server.connect() as one:
                pid = one.info.backend_pid
                thread, result = in_thread(one, "SELECT injection_points_run("
                                                "'try-other')")
                waits_for(pid, "try-other")
                two.execute("SELECT pg_terminate_backend(%s)", (pid,))
                thread.join()
                assert isinstance(result[0], psycopg.OperationalError), result
        two.execute("SELECT injection_points_detach('try-other')")


def test_injection_errors():
    with server.connect() as conn:
        assert error_of(conn, "SELECT injection_points_attach('try-normal', 'dance')"
                        )[0] == "22023"
        assert error_of(conn, "SELECT injection_points_detach('try-normal')"
                        )[0] == "42704"
        conn.execute("SELECT injection_points_attach('try-normal', 'sleep:1')")
        conn.execute("SELECT injection_points_run('try-normal')")
        assert error_of(conn, "SELECT injection_points_attach('try-normal', 'error')"
                        )[0] == "42710"
        conn.execute("SELECT injection_points_detach('try-normal')")


def test_pg_sleep():
    """It has a wait event; a cancel ends it at once."""
    with server.connect() as one, server.connect() as two:
        pid = one.info.backend_pid
        thread, result = in_thread(one, "SELECT pg_sleep(1e9)")
        assert waits_for(pid, "PgSleep")[0] == "Timeout"
        one.cancel()
        thread.join()
        assert result[0].sqlstate == "57014", result
        thread, result = in_thread(one, "SELECT pg_sleep('infinity')")
        waits_for(pid, "PgSleep")
        assert two.execute("SELECT pg_terminate_backend(%s, 60000)",
                           (pid,)).fetchone() == (True,)
        thread.join()
        assert "terminating connection due to administrator command" in str(
            result[0]), result
        assert two.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s",
                           (pid,)).fetchall() == []


def test_long_functions():
    """One call that takes long is cancelled within it."""
    nines = "repeat('9', 130000)::numeric"
    with server.connect() as conn:
        conn.execute("SET statement_timeout = '20ms'")
        for sql in (f"SELECT {nines} * {nines}",
                    f"SELECT mod({nines}, repeat('7', 65000)::numeric)",
                    "SELECT md5(repeat('x', 500000000))",
                    "SELECT array(SELECT generate_series(1, 20000)) @> "
                    "array(SELECT generate_series(20000, 1, -1))"):
            assert error_of(conn, sql)[0] == "57014", sql


def test_not_a_backend():
    """Signals go to sessions, not to the server's own or strange processes."""
    notices = []
    with server.connect() as conn:
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        bgwriter = conn.execute("SELECT pid FROM pg_stat_activity WHERE "
                                "backend_type = 'background writer'"
                                ).fetchone()[0]
        for pid in (bgwriter, server.postmaster_pid(), os.getpid(), 0, -1):
            notices.clear()
            assert conn.execute("SELECT pg_terminate_backend(%s)",
                                (pid,)).fetchone() == (False,)
            assert notices == [f"PID {pid} is not a PostgreSQL backend "
                               "process"], notices
        # itself
        assert error_of(conn, "SELECT pg_cancel_backend(pg_backend_pid())"
                        )[0] == "57014"
    assert server.serving()


def test_kill():
    """A point that kills: crash-restart, once, though it stays armed."""
    lives = server.lives()
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('try-normal', 'kill')")
        assert error_of(conn, "SELECT injection_points_run('try-normal')") is not None
    server.next_life(lives)
    server.query("SELECT injection_points_run('try-normal')")
    server.query("SELECT injection_points_detach('try-normal')")


def test_commit_delay():
    """Who is about to flush the log waits for others to come along, and is
    seen to wait; what it then says is committed."""
    with server.connect() as conn, server.connect() as other:
        pid = conn.info.backend_pid
        conn.execute("CREATE TABLE delayed (i int)")
        conn.execute("SET synchronous_commit = on")
        conn.execute("SET commit_siblings = 1")
        conn.execute("SET commit_delay = 100000")
        # one that has written something: it might commit, too
        other.execute("BEGIN")
        other.execute("INSERT INTO delayed VALUES (0)")
        done = threading.Event()
        committed = []

        def commit():
            while not done.is_set():
                conn.execute("INSERT INTO delayed VALUES (1)")
                committed.append(1)
        thread = threading.Thread(target=commit)
        thread.start()
        try:
            assert waits_for(pid, "CommitDelay")[0] == "Timeout"
        finally:
            done.set()
            thread.join()
        other.execute("ROLLBACK")
        assert other.execute("SELECT count(*) FROM delayed").fetchone() == (
            len(committed),)
        # alone there is nobody to wait for
        for _ in range(3):
            conn.execute("INSERT INTO delayed VALUES (2)")
        conn.execute("DROP TABLE delayed")


def test_truncated_by_another():
    """A session remembers the sizes of a table's files and the block that had
    room.  Another one truncates the table: the first must notice, or it would
    read or fill blocks that are gone."""
    count = "SELECT count(*), sum(i) FROM shrunk"
    blocks = ("SELECT pg_relation_size('shrunk'), pg_relation_size('shrunk', "
              "'fsm'), pg_relation_size('shrunk', 'vm')")
    fill = "INSERT INTO shrunk SELECT i FROM generate_series(1, 5000) i"
    with server.connect() as one, server.connect() as two:
        one.execute("CREATE TABLE shrunk (i int) "
                    "WITH (autovacuum_enabled = off)")
        for how in ("VACUUM shrunk", "TRUNCATE shrunk"):
            one.execute(fill)
            one.execute("DELETE FROM shrunk WHERE i % 2 = 0")
            one.execute("VACUUM shrunk")
            one.execute("INSERT INTO shrunk VALUES (0)")
            before = one.execute(blocks).fetchone()
            assert all(before), before
            two.execute("DELETE FROM shrunk")

            def gone():
                two.execute(how)
                return two.execute(blocks).fetchone()[0] == 0
            wait_for(gone, "the table to be truncated")
            one.execute("VACUUM shrunk")
            assert one.execute(count).fetchone() == (0, None)
            one.execute("INSERT INTO shrunk VALUES (1)")
            assert one.execute("SELECT ctid::text FROM shrunk").fetchone() == \
                ("(0,1)",)
            one.execute(fill)
            one.execute("VACUUM shrunk")
            assert one.execute(count).fetchone() == (5001, 12502501)
            assert two.execute(count).fetchone() == (5001, 12502501)
            two.execute("TRUNCATE shrunk")
        one.execute("DROP TABLE shrunk")


suite.run(test_truncated_by_another)
suite.run(test_error)
suite.run(test_notice)
suite.run(test_wait_and_wakeup)
suite.run(test_end_while_waiting)
suite.run(test_injection_errors)
suite.run(test_pg_sleep)
suite.run(test_long_functions)
suite.run(test_not_a_backend)
suite.run(test_commit_delay)
suite.run(test_kill)
suite.run(server.stop)
suite.finish(server)
