"""CREATE INDEX CONCURRENTLY misses no row, whoever writes meanwhile.

Story: while the index is held at each of its steps, rows are inserted, deleted
and changed, transactions that began before stay open and write later.  At the
end every visible row is found through the index, once.  An error, a cancel or
SIGKILL at any step leaves no index or an invalid one, that DROP INDEX removes
and REINDEX completes.  The danger: a row that was written by a transaction that
did not know the index yet, after the build has looked.
"""
import os
import signal
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="16MB", max_worker_processes=8,
                autovacuum="off").start()
server.query("CREATE EXTENSION vector")

ROWS = 400
CREATE = "CREATE INDEX CONCURRENTLY t_v ON t USING hnsw (v vector_l2_ops)"


def make(workers=0):
    server.query("DROP TABLE IF EXISTS t")
    server.query("CREATE TABLE t (id integer, v vector(2)) "
                 f"WITH (parallel_workers = {workers})")
    server.query(f"INSERT INTO t SELECT i, ('['||i||',0]')::vector "
                 f"FROM generate_series(1, {ROWS}) i")


def insert(conn, first, count):
    conn.execute("INSERT INTO t SELECT i, ('['||i||',0]')::vector "
                 "FROM generate_series(%s::int, %s::int) i",
                 (first, first + count - 1))


def check(conn, ids):
    """Each row is the nearest of its own vector; the search is wide enough
    to see the whole graph."""
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    plan = conn.execute("EXPLAIN SELECT id FROM t ORDER BY v <-> '[1,0]' "
                        "LIMIT 1").fetchall()
    assert any("Index Scan" in line[0] for line in plan), plan
    assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == len(ids)
    for i in ids:
        rows = conn.execute("SELECT id FROM t ORDER BY v <-> %s::vector "
                            "LIMIT 1", (f"[{i},0]",)).fetchall()
        assert rows == [(i,)], f"row {i}: {rows}"
    found = [row[0] for row in conn.execute(
        "SELECT id FROM t ORDER BY v <-> '[0,0]' LIMIT 1000").fetchall()]
    assert found == sorted(ids), set(ids) ^ set(found)


def state(conn):
    return conn.execute(
        "SELECT indisready, indisvalid FROM pg_index i, pg_class c "
        "WHERE c.oid = indexrelid AND relname = 't_v'").fetchone()


class Creator(threading.Thread):
    def __init__(self, statement=CREATE, wait=False):
        super().__init__(daemon=True)
        self.statement = statement
        self.error = None
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        if not wait:
            self.start()

    def run(self):
        try:
            self.conn.execute(self.statement)
        except psycopg.Error as e:
            self.error = e
        finally:
            self.conn.close()

    def waits(self, conn):
        """At an injection point or for a lock."""
        return conn.execute("SELECT wait_event FROM pg_stat_activity WHERE "
                            "pid = %s AND wait_event IS NOT NULL",
                            (self.pid,)).fetchone()


POINTS = ["concurrent-index-build", "concurrent-index-ready",
          "concurrent-index-validate", "concurrent-index-validate-sort",
          "concurrent-index-validate-scan",
          "concurrent-index-wait-snapshots", "concurrent-index-valid"]


def test_writers_at_every_step():
    with server.connect() as conn:
        for point in POINTS:
            make()
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
            creator = Creator()
            wait_for(lambda: (creator.waits(conn) or [""])[0].lower()
                     == point, f"the step {point}")
            insert(conn, 1001, 20)
            conn.execute("DELETE FROM t WHERE id <= 20")
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            creator.join()
            assert creator.error is None, creator.error
            insert(conn, 2001, 5)
            assert state(conn) == (True, True)
            check(conn, [*range(21, ROWS + 1), *range(1001, 1021),
                         *range(2001, 2006)])


def test_table_grows():
    """The shared memory of the workers was measured, then the table became
    larger: what it was measured for is what is used."""
    make(workers=2)
    point = "build-estimated"
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach(%s, 'wait')", (point,))
        creator = Creator()
        wait_for(lambda: (creator.waits(conn) or [""])[0].lower() == point,
                 "the estimate")
        insert(conn, 1001, 2000)
        conn.execute("SELECT injection_points_detach(%s)", (point,))
        conn.execute("SELECT injection_points_wakeup(%s)", (point,))
        creator.join()
        assert creator.error is None, creator.error
        assert state(conn) == (True, True)
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []


def test_waits_for_writers():
    """Transactions that hold the table open end before each step."""
    make()
    with server.connect() as conn:
        early = server.connect(autocommit=False)
        insert(early, 1001, 10)
        creator = Creator()
        wait_for(lambda: state(conn) == (False, False), "the index's row")
        wait_for(lambda: conn.execute(
            "SELECT phase, lockers_total, lockers_done, current_locker_pid "
            "FROM pg_stat_progress_create_index").fetchone()
            == ("waiting for writers before build", 1, 0,
                early.info.backend_pid), "the first wait")
        insert(early, 1011, 10)
        early.commit()
        early.close()
        creator.join()
        assert creator.error is None, creator.error
        check(conn, [*range(1, ROWS + 1), *range(1001, 1021)])


def test_waits_for_snapshots():
    """With workers; the graph of a parallel build need not reach every row."""
    make(workers=2)
    with server.connect() as conn:
        old = server.connect(autocommit=False)
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1 FROM pg_class LIMIT 1")
        creator = Creator()
        wait_for(lambda: conn.execute(
            "SELECT phase FROM pg_stat_progress_create_index").fetchone()
            == ("waiting for old snapshots",), "the third wait")
        assert state(conn) == (True, False)
        old.rollback()
        old.close()
        creator.join()
        assert creator.error is None, creator.error
        assert state(conn) == (True, True)
        assert conn.execute("SELECT reltuples FROM pg_class WHERE "
                            "relname = 't_v'").fetchone()[0] == ROWS
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []


def test_held_until_commit():
    """The table stays locked until the index's last change is committed: who
    waits to drop it would find a row that somebody else has just changed."""
    make()
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach("
                     "'concurrent-index-valid', 'wait')")
        creator = Creator()
        wait_for(lambda: creator.waits(conn) == ("concurrent-index-valid",),
                 "the last step")
        conn.execute("SELECT injection_points_attach('transaction-pre-commit',"
                     " %s)", (f"wait,pid={creator.pid}",))
        conn.execute("SELECT injection_points_wakeup("
                     "'concurrent-index-valid')")
        wait_for(lambda: creator.waits(conn) == ("transaction-pre-commit",),
                 "the commit")
        dropper = Creator("DROP INDEX CONCURRENTLY t_v")
        wait_for(lambda: conn.execute(
            "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted",
            (dropper.pid,)).fetchone()[0] or not dropper.is_alive(),
            "the lock")
        for point in ("concurrent-index-valid", "transaction-pre-commit"):
            conn.execute("SELECT injection_points_detach(%s)", (point,))
        conn.execute("SELECT injection_points_wakeup("
                     "'transaction-pre-commit')")
        creator.join()
        dropper.join()
        assert creator.error is None, creator.error
        assert dropper.error is None, dropper.error
        assert state(conn) is None


def test_errors():
    with server.connect() as conn:
        for n, point in enumerate(POINTS):
            make()
            conn.execute("SELECT injection_points_attach(%s, 'error')",
                         (point,))
            creator = Creator()
            creator.join()
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            assert "injection point" in str(creator.error), creator.error
            assert "DROP INDEX public.t_v" in (creator.error.diag.message_hint
                                             or ""), point
            assert state(conn)[1] is False, point
            insert(conn, 1001, 5)
            if n % 2:
                conn.execute("DROP INDEX t_v")
                conn.execute(CREATE)
            else:
                conn.execute("REINDEX INDEX t_v")
            assert state(conn) == (True, True)
            check(conn, [*range(1, ROWS + 1), *range(1001, 1006)])


def test_crash():
    for point in POINTS:
        make()
        conn = server.connect()
        conn.execute("SELECT injection_points_attach(%s, 'wait')", (point,))
        creator = Creator()
        wait_for(lambda: (creator.waits(conn) or [""])[0].lower() == point,
                 f"the step {point}")
        insert(conn, 1001, 5)
        for pid in server.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        wait_for(lambda: not server.processes(), "the end of all processes")
        creator.join()
        conn.close()
        server.start()
        with server.connect() as conn:
            assert state(conn)[1] is False
            insert(conn, 1006, 5)
            conn.execute("VACUUM t")
            conn.execute("REINDEX TABLE t")
            check(conn, [*range(1, ROWS + 1), *range(1001, 1011)])


def test_drop():
    make()
    with server.connect() as conn:
        conn.execute(CREATE)
        reader = server.connect(autocommit=False)
        reader.execute("SELECT id FROM t LIMIT 1")
        dropper = Creator("DROP INDEX CONCURRENTLY t_v")
        wait_for(lambda: state(conn) == (True, False), "not valid")
        insert(conn, 1001, 5)
        reader.commit()
        reader.close()
        dropper.join()
        assert dropper.error is None, dropper.error
        assert state(conn) is None
        insert(conn, 1006, 5)
        for statement in (CREATE, "DROP INDEX CONCURRENTLY t_v"):
            try:
                conn.execute("BEGIN")
                conn.execute(statement)
                raise AssertionError(statement)
            except psycopg.errors.ActiveSqlTransaction:
                conn.execute("ROLLBACK")


def test_drop_fails():
    """At each step: the index is there still, invalid, and can be dropped."""
    with server.connect() as conn:
        for n, point in enumerate(["concurrent-index-wait",
                                   "concurrent-index-drop", "heap-drop"]):
            make()
            conn.execute(CREATE)
            dropper = Creator("DROP INDEX CONCURRENTLY t_v", wait=True)
            conn.execute("SELECT injection_points_attach(%s, %s)",
                         (point, f"error,pid={dropper.pid}"))
            dropper.start()
            dropper.join()
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            assert "injection point" in str(dropper.error), dropper.error
            assert "DROP INDEX public.t_v" in (
                dropper.error.diag.message_hint or ""), point
            assert state(conn)[1] is False, point
            insert(conn, 1001, 5)
            if n == 0:
                conn.execute("DROP INDEX CONCURRENTLY t_v")
            elif n == 1:
                conn.execute("DROP INDEX t_v")
            else:       # dead by then
                conn.execute("DROP TABLE t")
            assert conn.execute("SELECT count(*) FROM pg_class WHERE relname "
                                "= 't_v'").fetchone() == (0,)


for test in (test_writers_at_every_step, test_table_grows,
             test_waits_for_writers, test_waits_for_snapshots,
             test_held_until_commit, test_errors, test_crash, test_drop,
             test_drop_fails):
    suite.run(test)
server.stop()
suite.finish(server)
