"""LOCK TABLE: who waits for whom, and what a lock that waited sees.

Story: one session holds a table, another asks for it in each mode; NOWAIT does
not wait; the name goes to another table, or to none, while a session waits for
it, and it locks what has the name then.

The dangers: a lock on a table that no longer has the name; a snapshot older than
the lock.
"""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

MODES = ["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE",
         "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE",
         "ACCESS EXCLUSIVE"]
# which of them a mode conflicts with, as PostgreSQL's table has it
CONFLICTS = [[7], [6, 7], [4, 5, 6, 7], [3, 4, 5, 6, 7], [2, 3, 5, 6, 7],
             [2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7],
             [0, 1, 2, 3, 4, 5, 6, 7]]

server = Server(autovacuum="off")
suite = Suite()


def waiting(conn):
    wait_for(lambda: conn.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (1,),
        "a session to wait")


def fails(conn, sql, error, text):
    try:
        conn.execute(sql)
        raise AssertionError("no error: " + sql)
    except error as e:
        assert text in str(e), e


def test_modes():
    with server.connect() as conn, server.connect(False) as a, \
            server.connect(False) as b:
        conn.execute("CREATE TABLE t (i integer)")
        for i, mode in enumerate(MODES):
            a.execute(f"LOCK TABLE t IN {mode} MODE")
            assert conn.execute(
                "SELECT mode FROM pg_locks WHERE relation = 't'::regclass "
                "AND pid = %s", (a.info.backend_pid,)).fetchall() == [
                (mode.title().replace(" ", "") + "Lock",)] or i == 7
            for j, other in enumerate(MODES):
                sql = f"LOCK TABLE t IN {other} MODE NOWAIT"
                if j in CONFLICTS[i]:
                    fails(b, sql, psycopg.errors.LockNotAvailable,
                          'could not obtain lock on relation "t"')
                else:
                    b.execute(sql)
                b.rollback()
            a.rollback()


def test_errors():
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE EXTENSION vector")
        conn.execute("CREATE TABLE t (v vector(3))")
        conn.execute("CREATE INDEX x ON t USING hnsw (v vector_l2_ops)")
        fails(conn, "LOCK TABLE t", psycopg.errors.NoActiveSqlTransaction,
              "LOCK TABLE can only be used in transaction blocks")
        for sql, error, text in (
                ("LOCK x", psycopg.errors.WrongObjectType,
                 'cannot lock relation "x"\nDETAIL:  This operation is not '
                 "supported for indexes."),
                ("LOCK none", psycopg.errors.UndefinedTable,
                 'relation "none" does not exist')):
            conn.execute("BEGIN")
            fails(conn, sql, error, text)
            conn.execute("ROLLBACK")
        conn.execute("BEGIN")
        assert conn.execute("LOCK t, pg_class IN SHARE MODE"
                            ).statusmessage == "LOCK TABLE"
        conn.execute("COMMIT")


def test_name_goes():
    """To another table while somebody waits, then to none."""
    with server.connect() as conn, server.connect(False) as a, \
            server.connect(False) as b:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer)")
        conn.execute("CREATE TABLE other (i integer)")
        a.execute("LOCK TABLE t")
        a.execute("ALTER TABLE t RENAME TO was_t")
        a.execute("ALTER TABLE other RENAME TO t")
        a.execute("INSERT INTO t VALUES (7)")
        thread, failed = in_background(b, "LOCK TABLE t IN SHARE MODE")
        waiting(conn)
        a.commit()
        thread.join()
        assert not failed, failed
        # rows that were committed while it waited are seen
        assert b.execute("SELECT i FROM t").fetchall() == [(7,)]
        fails(conn, "SET lock_timeout = '1ms'; DROP TABLE t",
              psycopg.errors.LockNotAvailable, "lock timeout")
        conn.execute("RESET lock_timeout")
        conn.execute("DROP TABLE was_t")
        b.rollback()
        a.execute("DROP TABLE t")
        thread, failed = in_background(b, "LOCK TABLE t")
        waiting(conn)
        a.commit()
        thread.join()
        assert len(failed) == 1 and isinstance(
            failed[0], psycopg.errors.UndefinedTable), failed
        b.rollback()


def test_failing():
    """At its step, and cancelled while it waits: nothing is held."""
    with server.connect() as conn, server.connect(False) as a, \
            server.connect(False) as b:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer)")
        conn.execute("SELECT injection_points_attach('range-var-lock', 'error')")
        fails(b, "LOCK TABLE t", psycopg.errors.InternalError, "range-var-lock")
        conn.execute("SELECT injection_points_detach('range-var-lock')")
        b.rollback()
        a.execute("LOCK TABLE t")
        thread, failed = in_background(b, "LOCK TABLE t")
        waiting(conn)
        conn.execute("SELECT pg_cancel_backend(%s)", (b.info.backend_pid,))
        thread.join()
        assert isinstance(failed[0], psycopg.errors.QueryCanceled), failed
        a.rollback()
        b.rollback()
        conn.execute("DROP TABLE t")


server.start()
try:
    for test in (test_modes, test_errors, test_name_goes, test_failing):
        suite.run(test)
finally:
    suite.run(server.stop)
    suite.finish(server)
