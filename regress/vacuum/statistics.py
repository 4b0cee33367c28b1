"""Cumulative statistics: over a clean stop, over a crash, with a damaged file.

The dangers: counts of another time are taken for true after a crash, and tables
are vacuumed by them or are not; a file that is not whole keeps the server from
starting; a count is lost or counted twice when many count at once.
"""
import glob
import os
import signal
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import Server, Suite, wait_for  # noqa: E402

CORRUPTED = 'corrupted statistics file "pg_stat/pgstat.stat"'


def table(conn, name="t"):
    return conn.execute("SELECT * FROM pg_stat_user_tables WHERE relname = %s",
                        (name,)).fetchone()


def index(conn, name="t_i"):
    return conn.execute(
        "SELECT idx_scan, idx_tup_read, idx_tup_fetch FROM "
        "pg_stat_user_indexes WHERE indexrelname = %s", (name,)).fetchone()


def counts(conn):
    return table(conn), index(conn)


def stats_files(server):
    """But for that of pg_stat_statements, which has its own tests."""
    return sorted(os.path.basename(f)
                  for f in glob.glob(os.path.join(server.data, "pg_stat/*"))
                  if not f.endswith("/pg_stat_statements.stat"))


def stats_file(server):
    return os.path.join(server.data, "pg_stat/pgstat.stat")


def is_empty(conn):
    return conn.execute(
        "SELECT seq_scan, n_tup_ins, n_live_tup, last_vacuum, vacuum_count "
        "FROM pg_stat_user_tables WHERE relname = 't'").fetchone() == (
            0, 0, 0, None, 0) and index(conn) == (0, 0, 0)


def fill(conn):
    """Counts of every kind, of table t and its index."""
    conn.execute("CREATE EXTENSION IF NOT EXISTS vector")
    conn.execute("DROP TABLE IF EXISTS t")
    conn.execute("CREATE TABLE t (a int, v vector(3))")
    conn.execute("INSERT INTO t SELECT i, ARRAY[i, 1, 1] FROM "
                 "generate_series(1, 200) i")
    conn.execute("CREATE INDEX t_i ON t USING hnsw (v vector_l2_ops)")
    conn.execute("UPDATE t SET a = 0 WHERE a > 190")
    conn.execute("DELETE FROM t WHERE a < 11 AND a > 0")
    conn.execute("VACUUM ANALYZE t")
    conn.execute("DELETE FROM t WHERE a = 11")
    conn.execute("SET enable_seqscan = off")
    assert len(conn.execute("SELECT a FROM t ORDER BY v <-> '[1,1,1]' LIMIT 7"
                            ).fetchall()) == 7
    conn.execute("SET enable_seqscan = on")


def test_index_counts():
    with server.connect() as conn:
        fill(conn)
        # the nearest of all is the row that was deleted after the VACUUM
        assert index(conn) == (1, 8, 7), index(conn)
        row = conn.execute("SELECT idx_scan, idx_tup_fetch, n_tup_ins, "
                           "n_tup_upd, n_tup_del, n_live_tup, n_dead_tup FROM "
                           "pg_stat_user_tables WHERE relname = 't'"
                           ).fetchone()
        assert row == (1, 7, 200, 10, 11, 189, 1), row
        # another index with its name, which goes on with its counts
        relid = conn.execute("SELECT 't_i'::regclass::oid").fetchone()[0]
        conn.execute("REINDEX INDEX CONCURRENTLY t_i")
        assert conn.execute("SELECT 't_i'::regclass::oid <> %s", (relid,)
                            ).fetchone() == (True,)
        assert index(conn)[0] == 1, index(conn)
        assert table(conn, "pg_class") is None
        assert conn.execute("SELECT seq_scan > 0 FROM pg_stat_sys_tables WHERE "
                            "relname = 'pg_class'").fetchone() == (True,)


def test_clean_stop():
    for mode in ("fast", "smart"):
        with server.connect() as conn:
            fill(conn)
            was = counts(conn)
        server.stop(mode)
        assert stats_files(server) == ["pgstat.stat"], stats_files(server)
        server.start()
        assert stats_files(server) == []
        with server.connect() as conn:
            assert counts(conn) == was, (was, counts(conn))
            # a relation that is dropped takes its counts along
            relid = conn.execute("SELECT 't_i'::regclass::oid").fetchone()[0]
            conn.execute("DROP INDEX t_i")
            assert conn.execute("SELECT pg_stat_get_numscans(%s)", (relid,)
                                ).fetchone() == (0,)


def test_crash():
    """Each way to end without a clean stop; the file of the stop before is of
    another time."""
    for how in ("immediate", "postmaster", "backend"):
        with server.connect() as conn:
            fill(conn)
        server.stop()
        server.start()
        with server.connect() as conn:
            assert not is_empty(conn)
            before = server.lives()
            if how == "immediate":
                server.stop("immediate")
                server.start()
            elif how == "postmaster":
                os.kill(server.postmaster_pid(), signal.SIGKILL)
                wait_for(lambda: not server.processes(), "the end of all")
                server.start()
            else:
                os.kill(conn.info.backend_pid, signal.SIGKILL)
                server.next_life(before)
        with server.connect() as conn:
            assert is_empty(conn), (how, counts(conn))
            conn.execute("INSERT INTO t VALUES (1, '[1,1,1]')")
            assert table(conn)[7] == 1, table(conn)


def test_file_of_another_time():
    """One that is there after a crash, wherever it came from, goes."""
    with server.connect() as conn:
        fill(conn)
    server.stop()
    with open(stats_file(server), "rb") as f:
        old = f.read()
    server.start()
    with open(stats_file(server), "wb") as f:
        f.write(old)
    server.stop("immediate")
    server.start()
    assert stats_files(server) == []
    with server.connect() as conn:
        assert is_empty(conn)


def test_damaged_file():
    for damage in ("cut", "flip", "empty", "version", "longer"):
        with server.connect() as conn:
            fill(conn)
        server.stop()
        with open(stats_file(server), "rb") as f:
            data = bytearray(f.read())
        if damage == "cut":
            data = data[:-3]
        elif damage == "flip":
            data[len(data) // 2] ^= 1
        elif damage == "empty":
            data = b""
        elif damage == "version":
            data[0] ^= 2
        else:
            data += b"more"
        with open(stats_file(server), "wb") as f:
            f.write(data)
        before = server.log_text().count(CORRUPTED)
        server.start()
        assert server.log_text().count(CORRUPTED) == before + 1, damage
        assert stats_files(server) == []
        with server.connect() as conn:
            assert is_empty(conn), (damage, counts(conn))


def test_interrupted():
    """Killed while the file is written, or read: the next start is one with the
    counts or without, and always a start."""
    for point in ("stats-file-write", "stats-file-rename"):
        with server.connect() as conn:
            fill(conn)
            conn.execute("SELECT injection_points_attach(%s, 'kill')",
                         (point,))
        server.stop(check=False)
        wait_for(lambda: not server.processes(), "the end of all")
        assert "pgstat.stat" not in stats_files(server)
        server.start()
        with server.connect() as conn:
            assert is_empty(conn), point
            # what was stored had been stored before
            assert conn.execute("SELECT count(*) FROM t").fetchone() == (189,)
    with server.connect() as conn:
        fill(conn)
        was = counts(conn)
    server.stop()
    server.env["TUSK_INJECTION_POINTS"] = "stats-file-read=kill"
    try:
        server.start()
        raise AssertionError("started")
    except AssertionError as e:
        assert "started" not in str(e).split("\n")[0], e
    finally:
        del server.env["TUSK_INJECTION_POINTS"]
    wait_for(lambda: not server.processes(), "the end of all")
    assert stats_files(server)[0] == "pgstat.stat"
    server.start()
    with server.connect() as conn:
        assert counts(conn) == was
    server.stop()
    server.start()
    with server.connect() as conn:
        assert counts(conn) == was
    assert stats_files(server) == []


def test_no_room():
    """No room for the file: a line in the log, and a stop."""
    with server.connect() as conn:
        fill(conn)
    folder = os.path.join(server.data, "pg_stat")
    os.rename(folder, folder + ".away")
    server.stop()
    assert ('could not open temporary statistics file "pg_stat/pgstat.tmp": No '
            "such file or directory") in server.log_text()
    os.rename(folder + ".away", folder)
    server.start()
    with server.connect() as conn:
        assert is_empty(conn)


def test_many_at_once():
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS m")
        conn.execute("CREATE TABLE m (a int)")
    failed = []

    def work(n):
        try:
            with server.connect() as conn:
                for i in range(50):
                    conn.execute("INSERT INTO m VALUES (1)")
                    with conn.transaction(force_rollback=bool(i % 2)):
                        conn.execute("INSERT INTO m VALUES (2), (3)")
                    conn.execute("SELECT count(*) FROM m")
        except psycopg.Error as e:
            failed.append(e)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not failed, failed
    with server.connect() as conn:
        row = conn.execute("SELECT seq_scan, n_tup_ins, n_live_tup, n_dead_tup "
                           "FROM pg_stat_user_tables WHERE relname = 'm'"
                           ).fetchone()
        assert row == (300, 900, 600, 300), row
        conn.execute("SELECT pg_stat_reset()")
        assert conn.execute("SELECT sum(seq_scan + n_tup_ins) FROM "
                            "pg_stat_user_tables").fetchone() == (0,)


def database(conn, columns):
    return conn.execute(f"SELECT {columns} FROM pg_stat_database").fetchone()


def end_session(how):
    """A session that ends in that way, and is gone."""
    conn = server.connect()
    pid = conn.info.backend_pid
    if how == "abandoned":
        with socket.socket(fileno=os.dup(conn.fileno())) as sock:
            sock.shutdown(socket.SHUT_RDWR)
    elif how == "killed":
        server.query("SELECT pg_terminate_backend(%s)", (pid,))
    elif how == "fatal":
        conn.execute("SET exit_on_error = on")
        try:
            conn.execute("SELECT 1 / 0")
        except psycopg.Error:
            pass
    else:
        conn.close()
    wait_for(lambda: server.query("SELECT 1 FROM pg_stat_activity WHERE "
                                  "pid = %s", (pid,)) == [], "its end")


def test_database():
    """pg_stat_database: what transactions, rows and sessions added to, over a
    clean stop and a reset."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS d (a int)")
        conn.execute("SELECT pg_stat_reset()")
        conn.execute("INSERT INTO d SELECT generate_series(1, 1000)")
        conn.execute("UPDATE d SET a = 0 WHERE a <= 10")
        conn.execute("DELETE FROM d WHERE a > 990")
        with conn.transaction(force_rollback=True):
            conn.execute("INSERT INTO d VALUES (1)")
        conn.execute("SET work_mem = '64kB'")
        conn.execute("SELECT a FROM d x ORDER BY a::text || repeat('x', 500) "
                     "OFFSET 989")
        want = ('LOG:  temporary file: path "base/pgsql_tmp/', ", size ")
        assert want[0] not in server.log_text()
        conn.execute("SET log_temp_files = '1GB'")
        conn.execute("SELECT a FROM d x ORDER BY a::text || repeat('x', 500) "
                     "OFFSET 989")
        assert want[0] not in server.log_text()
        conn.execute("SET log_temp_files = 100")
        conn.execute("SELECT a FROM d x ORDER BY a::text || repeat('x', 500) "
                     "OFFSET 989")
        sizes = [int(line.split(want[1])[1]) for line in
                 server.log_text().splitlines() if want[0] in line]
        assert sizes and min(sizes) >= 100 * 1024, sizes
        got = database(conn, "datname, tup_inserted, tup_updated, tup_deleted, "
                       "tup_returned >= 2000, xact_commit >= 6, xact_rollback, "
                       "blks_hit > 0, temp_files > 0, temp_bytes > 100000, "
                       "deadlocks, checksum_failures, conflicts, "
                       "numbackends, stats_reset IS NOT NULL")
        assert got == ("postgres", 1001, 10, 10, True, True, 1, True, True, True,
                       0, 0, 0, 1, True), got
        before = database(conn, "sessions, sessions_abandoned, sessions_fatal, "
                          "sessions_killed")
        for how in "normal", "abandoned", "fatal", "killed":
            end_session(how)
        after = database(conn, "sessions, sessions_abandoned, sessions_fatal, "
                         "sessions_killed")
        # those that asked count as well
        assert after[0] - before[0] >= 8, (before, after)
        assert [a - b for a, b in zip(after[1:], before[1:])] == [1, 1, 1], after
        conn.execute("BEGIN")
        conn.execute("SELECT pg_sleep(0.05)")
        conn.execute("COMMIT")
        times = database(conn, "session_time >= active_time + "
                         "idle_in_transaction_time, active_time > 50, "
                         "idle_in_transaction_time > 0")
        assert times == (True, True, True), times
        was = database(conn, "tup_inserted, sessions_killed, stats_reset")
        pid = conn.info.backend_pid
    # a session that has not seen its end yet is killed by the stop
    wait_for(lambda: not os.path.exists(f"/proc/{pid}"), "its end")
    server.stop()
    server.start()
    with server.connect() as conn:
        assert database(conn, "tup_inserted, sessions_killed, "
                        "stats_reset") == was
        assert database(conn, "xact_commit > 8, blks_hit > 0") == (True, True)
        conn.execute("SELECT pg_stat_reset()")
        assert database(conn, "tup_inserted, sessions_killed") == (0, 0)
        conn.execute("DROP TABLE d")
    server.stop("immediate")
    server.start()
    with server.connect() as conn:
        assert database(conn, "tup_deleted, stats_reset") == (0, None)


suite = Suite()
server = Server(autovacuum="off").start()
suite.run_all(globals(), server)
