"""Parallel builds see every row once and search as well as serial ones.

Story: the same table is indexed serially, with 1, 2 and 4 workers, with the
leader in and out, with room for the whole graph and with so little that the
flush to pages comes early, in the middle, at the last row, or when several
participants find the arena full at once.  Whatever the schedule, the counts of
rows in pg_class are exact, every row can be found by its own vector, and the
recall is that of the serial build.  The danger: a row inserted twice or not at
all when the phase changes, and counts that are lost when workers end.
"""
import os
import random
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

ROWS = 6000
DIMS = 24
DELETED = 500
QUERIES = 40

rng = random.Random(7)
server = Server(shared_buffers="16MB", max_worker_processes=8,
                max_parallel_workers=8)
suite = Suite()


def vector(values):
    return "[" + ",".join(f"{v:.5f}" for v in values) + "]"


def random_vector():
    return vector(rng.gauss(0, 1) for _ in range(DIMS))


def load(conn, name, workers, count=ROWS):
    conn.execute(f"CREATE TABLE {name} (id integer, v vector({DIMS})) "
                 f"WITH (parallel_workers = {workers})")
    with conn.cursor().copy(f"COPY {name} FROM STDIN") as copy:
        for i, row in enumerate(rows[:count]):
            copy.write_row((i, row))


rows = [random_vector() for _ in range(ROWS)]
queries = [random_vector() for _ in range(QUERIES)]
exact = []


def nearest(conn, name, query, limit=10):
    return {r[0] for r in conn.execute(
        f"SELECT id FROM {name} ORDER BY v <-> %s LIMIT {limit}",
        (query,)).fetchall()}


def recall(conn, name):
    found = sum(len(nearest(conn, name, q) & e)
                for q, e in zip(queries, exact))
    return found / (10 * QUERIES)


def check_index(conn, name, index, live):
    tuples = conn.execute("SELECT reltuples FROM pg_class WHERE relname = %s",
                          (name,)).fetchone()[0]
    index_tuples = conn.execute(
        "SELECT reltuples FROM pg_class WHERE relname = %s",
        (index,)).fetchone()[0]
    assert tuples == live, f"reltuples {tuples}, not {live}"
    assert index_tuples == live, f"reltuples of the index {index_tuples}"
    # Nearly every row is the nearest of its own vector: a lost one never is.
    conn.execute("SET enable_seqscan = off")
    plan = conn.execute(f"EXPLAIN SELECT id FROM {name} ORDER BY v <-> "
                        f"'{rows[0]}' LIMIT 1").fetchall()
    assert any("Index Scan" in line[0] for line in plan), plan
    missing = 0
    for i in range(0, ROWS, 7):
        if name == "holes" and i < DELETED:
            continue
        if i not in nearest(conn, name, rows[i], 1):
            missing += 1
    assert missing <= ROWS // 7 // 50, f"{missing} rows not found"


def test_serial():
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION vector")
        load(conn, "serial", 0)
        for q in queries:
            exact.append(nearest(conn, "serial", q))
        conn.execute("CREATE INDEX ON serial USING hnsw (v vector_l2_ops)")
        check_index(conn, "serial", "serial_v_idx", ROWS)
        value = recall(conn, "serial")
        assert value >= 0.9, value
        suite.serial_recall = value
        # Each of the ef_search elements has its neighbours read once at least,
        # and a page read without a pin is a hit like any other.
        plan = conn.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id "
                            "FROM serial ORDER BY v <-> %s LIMIT 10",
                            (rows[0],)).fetchone()[0][0]["Plan"]
        assert (plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
                >= 40), plan


def test_parallel(workers, leader, memory):
    """memory: maintenance_work_mem; the area is that less 3 MiB."""
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", workers)
        conn.execute(f"SET maintenance_work_mem = '{memory}'")
        conn.execute("SET max_parallel_maintenance_workers = 4")
        conn.execute(f"SET parallel_leader_participation = {leader}")
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
        try:
            check_index(conn, "t", "t_v_idx", ROWS)
            value = recall(conn, "t")
            # The spread between builds of this table is under 0.02.
            assert value >= suite.serial_recall - 0.04, value
            full = any("no longer fits" in n for n in notices)
            assert full == (memory != "64MB"), (memory, notices)
        finally:
            conn.execute("DROP TABLE t")


def test_packed(workers, memory, full):
    """A graph that is full is packed, and goes on in memory; if that is full
    too, it goes to pages.  Nothing stays in pgsql_tmp."""
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", workers)
        # equal rows: those after the first ten, too, while it is packed
        conn.execute("INSERT INTO t SELECT id + 100000, v FROM t "
                     "WHERE id % 10 = 0")
        conn.execute("SET client_min_messages = debug1")
        conn.execute(f"SET maintenance_work_mem = '{memory}'")
        conn.execute("SET max_parallel_maintenance_workers = 4")
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
        conn.execute("RESET client_min_messages")
        # a worker's DEBUG1 comes to the leader as its notices do
        assert any("was packed" in n for n in notices), notices
        assert full == any("no longer fits" in n for n in notices), notices
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        assert not temporary_files()
        conn.execute("DELETE FROM t WHERE id >= 100000")
        conn.execute("VACUUM t")
        conn.execute("SET enable_seqscan = off")
        value = recall(conn, "t")
        assert value >= suite.serial_recall - 0.04, value
        missing = sum(i not in nearest(conn, "t", rows[i], 1)
                      for i in range(0, ROWS, 7))
        assert missing <= ROWS // 7 // 50, f"{missing} rows not found"
        conn.execute("DROP TABLE t")


def temporary_files():
    """In pgsql_tmp, of builds and else."""
    try:
        return os.listdir(os.path.join(server.data, "base/pgsql_tmp"))
    except FileNotFoundError:
        return []


def test_packing_fails(workers):
    """An error at any step of it ends the build, and leaves nothing."""
    with server.connect() as conn:
        load(conn, "t", workers)
        conn.execute("SET max_parallel_maintenance_workers = 4")
        conn.execute(f"SET maintenance_work_mem = '{5 if workers else 1}MB'")
        for point in ("hnsw-pack-start", "hnsw-map-values", "hnsw-pack-end",
                      "hnsw-write-value", "build-flush-resume"):
            conn.execute(
                f"SELECT injection_points_attach('{point}', 'error')")
            try:
                conn.execute("CREATE INDEX t_v ON t USING hnsw "
                             "(v vector_l2_ops)")
                raise AssertionError(f"{point} was not reached")
            except psycopg.errors.InternalError_ as e:
                assert point in str(e), e
            conn.execute(f"SELECT injection_points_detach('{point}')")
            wait_for(lambda: not temporary_files(), "no temporary files")
            assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                                "relname = 't_v'").fetchone()[0] == 0
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        conn.execute("DROP TABLE t")


def test_completion_fails(workers):
    """The same for the part of a build that writes and logs pages together."""
    points = ["hnsw-flush-connect", "hnsw-log-pages", "hnsw-flush-range",
              "hnsw-flush-end"]
    if workers:
        points += ["build-wait-prepared", "build-prepared", "build-complete",
                   "build-complete-done", "build-wait-complete"]
    with server.connect() as conn:
        load(conn, "t", workers, 1500)
        conn.execute("SET max_parallel_maintenance_workers = 4")
        for point in points:
            # of several participants the second one, too
            for nth in (1, 2) if point in points[2:3] + points[4:] else (1,):
                conn.execute("SELECT injection_points_attach("
                             f"'{point}', 'error,times=1,nth={nth}')")
                try:
                    conn.execute("CREATE INDEX t_v ON t USING hnsw "
                                 "(v vector_l2_ops)")
                    # one that only the leader passes
                    assert nth == 2, f"{point} was not reached"
                    conn.execute("DROP INDEX t_v")
                except psycopg.errors.InternalError_ as e:
                    assert point in str(e), e
                conn.execute(f"SELECT injection_points_detach('{point}')")
                assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                                    "relname = 't_v'").fetchone()[0] == 0
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        conn.execute("DROP TABLE t")


def test_worker_waits():
    """A worker that waits for the leader ends when the build is cancelled, and
    when the leader is."""
    with server.connect() as conn, server.connect() as other:
        load(conn, "t", 1, 1500)
        for end in ("pg_cancel_backend", "pg_terminate_backend"):
            builder = server.connect()
            other.execute("SELECT injection_points_attach("
                          "'build-prepared', 'wait')")
            thread, failed = in_background(
                builder, "CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
            wait_for(lambda: waits_at(other, "BuildPrepare"),
                     "a worker that waits for the leader")
            other.execute("SELECT injection_points_detach('build-prepared')")
            other.execute(f"SELECT {end}(%s)", (builder.info.backend_pid,))
            thread.join()
            assert failed, end
            builder.close()
            wait_for(lambda: other.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
                "'parallel worker'").fetchone()[0] == 0, "no worker")
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        conn.execute("DROP TABLE t")


def test_dead_rows():
    """Deleted rows are not counted."""
    with server.connect() as conn:
        load(conn, "holes", 2)
        conn.execute(f"DELETE FROM holes WHERE id < {DELETED}")
        conn.execute("CREATE INDEX ON holes USING hnsw (v vector_l2_ops)")
        check_index(conn, "holes", "holes_v_idx", ROWS - DELETED)


def test_full_at_once(memory, full):
    """Both participants stand before the full arena, then both are let go: the
    second must see that the first has made room, if it has."""
    with server.connect() as conn, server.connect() as other:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", 2)
        other.execute("SELECT injection_points_attach('hnsw-graph-full',"
                      "'wait')")
        conn.execute(f"SET maintenance_work_mem = '{memory}'")
        done = []

        def build():
            conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
            done.append(True)
        thread = threading.Thread(target=build)
        thread.start()
        wait_for(lambda: other.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = "
            "'hnsw-graph-full'").fetchone()[0] >= 2, "two that found it full")
        # Nobody new waits there from here on; those that do are let go.
        other.execute("SELECT injection_points_detach('hnsw-graph-full')")
        other.execute("SELECT injection_points_wakeup('hnsw-graph-full')")
        thread.join()
        assert done
        assert full == any("no longer fits" in n for n in notices), notices
        check_index(conn, "t", "t_v_idx", ROWS)
        conn.execute("DROP TABLE t")


server.start()
def clump_rows(count):
    """Five clumps far apart, one after the other: no link of the nearest
    leads from one to the next."""
    centers = [[rng.gauss(0, 10) for _ in range(64)] for _ in range(5)]
    for i in range(count):
        yield i, vector(rng.gauss(c, 1) for c in centers[i * 5 // count])


def test_clumps():
    """What an insert drops from a list, and what vacuum takes away, is never
    the last way to a clump."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE clumps (id integer, v vector(64)) "
                     "WITH (parallel_workers = 2)")
        conn.execute("CREATE INDEX clumps_v ON clumps "
                     "USING hnsw (v vector_l2_ops)")
        with conn.cursor().copy("COPY clumps FROM STDIN") as copy:
            for row in clump_rows(2000):
                copy.write_row(row)
        linked = 0
        for step in range(4):
            assert conn.execute("SELECT * FROM tusk_check('clumps')"
                                ).fetchall() == []
            conn.execute("DELETE FROM clumps WHERE id %% 5 = %s", (step,))
            conn.execute("SELECT injection_points_attach("
                         "'hnsw-vacuum-reach', 'error')")
            try:
                conn.execute("VACUUM clumps")
            except psycopg.Error as e:
                assert "hnsw-vacuum-reach" in str(e), e
                linked += 1
            conn.execute("SELECT injection_points_detach("
                         "'hnsw-vacuum-reach')")
            conn.execute("VACUUM clumps")
        assert linked > 0, "vacuum had nothing to link"
        assert conn.execute("SELECT * FROM tusk_check('clumps')"
                            ).fetchall() == []
        conn.execute("REINDEX INDEX clumps_v")
        assert conn.execute("SELECT * FROM tusk_check('clumps')"
                            ).fetchall() == []
        conn.execute("DROP TABLE clumps")


def waits_at(conn, point):
    return conn.execute("SELECT count(*) FROM pg_stat_activity "
                        "WHERE wait_event = %s", (point,)).fetchone()[0] == 1


def race_vector(number):
    return f"[25.5,{1.02 - number / 10000}]"


def lose_race(conn, number):
    """False: it was not lost.  The insert may raise the entry point, so that
    nobody can be faster, or a list was left as it was."""
    failed = []

    def insert():
        try:
            with server.connect() as slow:
                slow.execute("INSERT INTO race VALUES (%s, %s::vector)",
                             (number, race_vector(number)))
        except psycopg.Error as e:
            failed.append(e)

    conn.execute("SELECT injection_points_attach("
                 "'hnsw-insert-planned', 'wait')")
    thread = threading.Thread(target=insert)
    thread.start()
    wait_for(lambda: waits_at(conn, "hnsw-insert-planned"), "the plan")
    conn.execute("SELECT injection_points_detach('hnsw-insert-planned')")
    shut_out = conn.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'page' "
        "AND mode = 'ExclusiveLock'").fetchone()[0] > 0
    conn.execute("SET lock_timeout = '50ms'")
    for i in range(0 if shut_out else 100):
        # one that would raise the entry point has to wait for the slow one
        try:
            conn.execute("INSERT INTO race VALUES (100, %s::vector)",
                         (f"[25.5,{1 + i / 100 + number / 10000}]",))
        except psycopg.errors.LockNotAvailable:
            pass
    conn.execute("RESET lock_timeout")
    conn.execute("SELECT injection_points_attach('hnsw-link-again', 'wait')")
    conn.execute("SELECT injection_points_wakeup('hnsw-insert-planned')")
    wait_for(lambda: not thread.is_alive() or
             waits_at(conn, "hnsw-link-again"), "the lost race")
    lost = thread.is_alive()
    conn.execute("SELECT injection_points_detach('hnsw-link-again')")
    if lost:
        conn.execute("SELECT injection_points_wakeup('hnsw-link-again')")
    thread.join()
    assert not failed, failed
    return lost


def test_lost_race():
    """An insert that finds, when it comes to write, that others have changed
    every list that it had chosen."""
    with server.connect() as conn:
        # a vacuum would queue behind the held insert, and the others behind it
        conn.execute("CREATE TABLE race (id integer, v vector(2)) "
                     "WITH (autovacuum_enabled = off)")
        conn.execute("CREATE INDEX race_v ON race "
                     "USING hnsw (v vector_l2_ops) WITH (m = 2)")
        conn.execute("INSERT INTO race SELECT i % 50, "
                     "('['||i % 50||',0]')::vector "
                     "FROM generate_series(1, 1000) i")
        conn.execute("SET synchronous_commit = off")
        numbers = [200]
        while not lose_race(conn, numbers[-1]):
            numbers.append(numbers[-1] + 1)
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.ef_search = 1000")
        for number in numbers:
            assert conn.execute(
                "SELECT id FROM race ORDER BY v <-> %s::vector LIMIT 1",
                (race_vector(number),)).fetchall() == [(number,)]
        assert conn.execute("SELECT * FROM tusk_check('race')"
                            ).fetchall() == []
        conn.execute("DROP TABLE race")


suite.run(test_serial)
for args in [(1, "on", "64MB"), (2, "on", "64MB"), (4, "on", "64MB"),
             (2, "off", "64MB"), (1, "off", "64MB"), (2, "on", "4MB"),
             (4, "off", "4MB"), (2, "on", "5MB")]:
    suite.run(test_parallel, *args)
for args in [(0, "2MB", False), (2, "6MB", False), (0, "1MB", True),
             (2, "5MB", True)]:
    suite.run(test_packed, *args)
for workers in (0, 2):
    suite.run(test_packing_fails, workers)
    suite.run(test_completion_fails, workers)
suite.run(test_worker_waits)
suite.run(test_dead_rows)
suite.run(test_full_at_once, "4MB", True)
suite.run(test_full_at_once, "6MB", False)
suite.run(test_clumps)
suite.run(test_lost_race)
server.stop()
suite.finish(server)
