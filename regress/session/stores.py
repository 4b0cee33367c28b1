#!/usr/bin/env python3
"""Statements whose rows are all made before any is sent (RETURNING, EXECUTE)
and fill a file, and then fail.

Story: the rows are more than work_mem and go to a temporary file.  The statement
ends with an error, is cancelled, or its session is terminated.

The danger: the transaction's end closes its files, and the portal, which is
dropped after it, closes its own once more: a failed assertion, or another file of
the session that has the number now."""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

suite = Suite()
server = Server(work_mem="64kB").start()
ROWS = 2000
BEFORE = ("CREATE TABLE IF NOT EXISTS t (i integer, s text)",
          "PREPARE fails AS SELECT 1 / (1999 - i), repeat('x', 200) FROM "
          f"generate_series(1, {ROWS}) i",
          "PREPARE waits AS SELECT CASE WHEN i = 1999 THEN pg_sleep(3600)::text "
          f"END, repeat('x', 200) FROM generate_series(1, {ROWS}) i",
          "PREPARE ends AS SELECT i, repeat('x', 200) FROM "
          f"generate_series(1, {ROWS}) i")
INSERT = "INSERT INTO t SELECT i, repeat('x', 200) FROM " \
    f"generate_series(1, {ROWS}) i RETURNING s, "
FAILS = ("EXECUTE fails", INSERT + "1 / (1999 - i)")
WAITS = ("EXECUTE waits",
         INSERT + "CASE WHEN i = 1999 THEN pg_sleep(3600)::text END")
ENDS = ("EXECUTE ends", INSERT + "i")


def files():
    path = os.path.join(server.data, "base/pgsql_tmp")
    return os.listdir(path) if os.path.exists(path) else []


def session():
    conn = server.connect()
    for sql in BEFORE:
        conn.execute(sql)
    return conn


def usable(conn):
    """Also for another store with a file."""
    for sql in ENDS:
        assert len(conn.execute(sql).fetchall()) == ROWS
    assert files() == []


def test_error():
    with session() as conn:
        for sql in FAILS:
            for block in (False, True):
                if block:
                    conn.execute("BEGIN")
                try:
                    conn.execute(sql)
                    raise AssertionError("no error: " + sql)
                except psycopg.errors.DivisionByZero:
                    pass
                if block:
                    conn.execute("ROLLBACK")
                assert files() == [], sql
                usable(conn)


def interrupted(function, error):
    for sql in WAITS:
        with session() as conn, server.connect() as other:
            pid = conn.info.backend_pid
            thread, failed = in_background(conn, sql)
            wait_for(lambda: other.execute(
                "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event "
                "= 'PgSleep'", (pid,)).fetchall(), "the last row but one")
            spilled = files()
            other.execute(f"SELECT {function}({pid})")
            thread.join()
            assert spilled and len(failed) == 1 and error in str(failed[0]), (
                spilled, failed)
            wait_for(lambda: files() == [], "no file")
            if not conn.broken:
                usable(conn)


def test_cancelled():
    interrupted("pg_cancel_backend", "canceling statement due to user")


def test_terminated():
    interrupted("pg_terminate_backend", "terminating connection due to")


suite.run_all(globals(), server)
