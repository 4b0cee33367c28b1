"""What a build takes is known before it begins, and seen while it runs.

Story: EXPLAIN CREATE INDEX says how much memory, how many workers, which size;
then the index is built, and what it took is compared.  The danger: somebody
sets maintenance_work_mem by the estimate, starts a build of hours, and it does
not stay in memory; or an estimate that locks, writes, or passes over an error
that the build would raise after an hour.

The allowed difference, a tenth, is that of the specification; that memory is
never estimated more than a twentieth too low, too.
"""
import os
import re
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="64MB", max_worker_processes=8,
                max_parallel_workers=8, autovacuum="off",
                log_min_messages="log").start()
server.query("CREATE EXTENSION vector")

RANDOM = ("(SELECT array_agg(random() - 0.5) FROM generate_series(1, {dims}) "
          "WHERE i > 0)")
VALUES = {
    "vector": RANDOM + "::vector({dims})",
    "halfvec": RANDOM + "::vector({dims})::halfvec({dims})",
    "bit": "binary_quantize(" + RANDOM + "::vector({dims}))::bit({dims})",
    # between one and all of the dimensions are not zero
    "sparsevec": "(SELECT array_agg(CASE WHEN g <= 1 + i % {dims} THEN "
                 "random() ELSE 0 END) FROM generate_series(1, {dims}) g)"
                 "::vector({dims})::sparsevec({dims})",
}


def make(conn, kind, dims, rows, values=None, options=""):
    conn.execute("DROP TABLE IF EXISTS t")
    conn.execute(f"CREATE TABLE t (id integer, v {kind}({dims})) {options}")
    value = (values or VALUES[kind]).format(dims=dims)
    conn.execute(f"INSERT INTO t SELECT i, {value} "
                 f"FROM generate_series(1, {rows}) i")


def explain(conn, create, options="COSTS OFF"):
    plan = conn.execute(f"EXPLAIN (FORMAT JSON, {options}) {create}"
                        ).fetchone()[0]
    return plan[0]["Create Index"]


def near(what, estimate, actual, below=0.1):
    """kB; pages of 8 kB are counted, so a small index is a page more or less."""
    slack = 16
    assert estimate <= actual * 1.1 + slack, (what, estimate, actual)
    assert estimate >= actual * (1 - below) - slack, (what, estimate, actual)


def compare(conn, create, below=0.05, options="ANALYZE, TIMING OFF"):
    found = explain(conn, create, options)
    near("memory", found["Memory Needed"], found["Actual Memory"], below)
    near("size", found["Index Size"], found["Actual Index Size"])
    near("rows", found["Rows"], found["Actual Rows"])
    assert found["Fits In Memory"] is True, found
    conn.execute("DROP INDEX i")
    return found


def test_true(kind, opclass, dims, rows, m):
    """Estimate and build, of one type, size and m."""
    with server.connect() as conn:
        conn.execute("SET maintenance_work_mem = '256MB'")
        conn.execute("SET max_parallel_maintenance_workers = 0")
        make(conn, kind, dims, rows)
        found = compare(conn, f"CREATE INDEX i ON t USING hnsw (v {opclass}) "
                              f"WITH (m = {m}, ef_construction = {2 * m})")
        near("rows", found["Rows of Table"], rows)


def test_equal_rows():
    """Equal rows share elements, whether they came one after the other or not.
    By chance a build does not find a few of them."""
    with server.connect() as conn:
        # then one row of ten: the same value, one of a hundred, the row before
        for value in ("i / 3", "i % 4000",
                      "CASE WHEN i % 10 = 0 THEN 0 ELSE i END",
                      "CASE WHEN i % 10 = 0 THEN i / 10 % 100 ELSE i END",
                      "CASE WHEN i % 10 = 0 THEN i - 1 ELSE i END"):
            make(conn, "vector", 32, 12000,
                 "(SELECT array_agg(sin(g * 1000.0 + (" + value + ") * 7.7)) "
                 "FROM generate_series(1, 32) g WHERE i > 0)::vector")
            compare(conn, "CREATE INDEX i ON t USING hnsw (v vector_l1_ops)",
                    0.1)


def test_parallel():
    """With workers the area has a margin, and elements come in chunks."""
    with server.connect() as conn:
        conn.execute("SET maintenance_work_mem = '256MB'")
        for workers in (1, 3):
            make(conn, "vector", 64, 6000,
                 options=f"WITH (parallel_workers = {workers})")
            conn.execute("SET max_parallel_maintenance_workers = 8")
            found = compare(conn, "CREATE INDEX i ON t USING hnsw "
                                  "(v vector_l2_ops)", options="ANALYZE")
            assert found["Workers Planned"] == workers, found
            # whoever has logged the pages
            near("WAL", found["WAL Size"], found["Actual WAL Size"])
            assert found["Workers Launched"] == workers, found
            assert (found["Workers Limited By"] ==
                    "parallel_workers of the table"), found


def test_wal():
    """The index's pages go into the log once, of a logged table only."""
    with server.connect() as conn:
        for persistence, logged in (("", True), ("UNLOGGED", False),
                                    ("TEMP", False)):
            conn.execute("DROP TABLE IF EXISTS w")
            conn.execute(f"CREATE {persistence} TABLE w (v vector(32))")
            conn.execute("INSERT INTO w SELECT " +
                         VALUES["vector"].format(dims=32) +
                         " FROM generate_series(1, 3000) i")
            found = explain(conn, "CREATE INDEX i ON w USING hnsw "
                                  "(v vector_l2_ops)", "ANALYZE")
            if logged:
                near("WAL", found["WAL Size"], found["Actual WAL Size"])
            else:
                assert found["WAL Size"] == 0, found
                assert found["Actual WAL Size"] < 100, found
            conn.execute("DROP TABLE w")


def test_limit_met():
    """The estimate says after how many rows the memory is full."""
    create = "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)"
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        make(conn, "vector", 64, 4000)
        conn.execute("SET hnsw.build_spill = 'page_inserts'")
        conn.execute("SET maintenance_work_mem = '2MB'")
        found = explain(conn, create, "ANALYZE")
        assert found["Fits In Memory"] is False, found
        near("rows", found["Rows In Memory"], found["Actual Rows In Memory"])
        full = [n for n in notices if "no longer fits" in n]
        assert len(full) == 1, notices
        assert int(re.search(r"after (\d+) tuples", full[0])[1]) == \
            found["Actual Rows In Memory"], (full, found)
        need = found["maintenance_work_mem Needed"]
        conn.execute("DROP INDEX i")

        # with what it says, it fits
        conn.execute(f"SET maintenance_work_mem = '{need}kB'")
        found = explain(conn, create, "ANALYZE")
        assert found["Fits In Memory"] is True, found
        assert found["Actual Rows In Memory"] == 4000, found
        conn.execute("DROP INDEX i")

        # and packed with less
        conn.execute("RESET hnsw.build_spill")
        conn.execute("SET maintenance_work_mem = '2MB'")
        found = explain(conn, create, "ANALYZE")
        assert found["Fits In Memory"] is True, found
        assert found["Rows Until Packed"] < 4000, found
        assert found["Actual Rows In Memory"] == 4000, found
        near("memory", found["Memory Needed Packed"], found["Actual Memory"],
             0.05)
        conn.execute("DROP INDEX i")


def test_rows():
    """Partial indexes, NULLs, zero vectors, deleted rows; nothing analysed."""
    with server.connect() as conn:
        make(conn, "vector", 32, 20000)
        conn.execute("UPDATE t SET v = NULL WHERE id % 4 = 0")
        conn.execute("DELETE FROM t WHERE id % 5 = 0")
        conn.execute("INSERT INTO t SELECT 4, "
                     "array_fill(0::real, ARRAY[32])::vector "
                     "FROM generate_series(1, 2000)")
        for create in ("CREATE INDEX i ON t USING hnsw (v vector_cosine_ops)",
                       "CREATE INDEX i ON t USING hnsw (v vector_l2_ops) "
                       "WHERE id % 10 = 3",
                       "CREATE INDEX i ON t USING hnsw "
                       "((v::halfvec(32)) halfvec_l2_ops) WHERE id > 10000",
                       "CREATE INDEX i ON t USING hnsw "
                       "((binary_quantize(v)::bit(32)) bit_hamming_ops) "
                       "WHERE v IS NULL"):
            compare(conn, create)


def test_empty():
    with server.connect() as conn:
        make(conn, "vector", 3, 0)
        found = compare(conn, "CREATE INDEX i ON t USING hnsw "
                              "(v vector_l2_ops)")
        assert found["Rows"] == 0 and found["Index Size"] == 16, found
        conn.execute("INSERT INTO t VALUES (1, '[1,2,3]')")
        conn.execute("DELETE FROM t")
        compare(conn, "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)")


def test_workers():
    """Each reason for no more workers."""
    create = "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)"
    with server.connect() as conn:
        make(conn, "vector", 64, 2000)

        def planned(*settings, sql=create):
            conn.execute("RESET ALL")
            for s in settings:
                conn.execute(s)
            found = explain(conn, sql)
            return found["Workers Planned"], found["Workers Limited By"]

        assert planned() == (
            0, "table size and min_parallel_table_scan_size")
        small = "SET min_parallel_table_scan_size = '64kB'"
        assert planned(small, "SET maintenance_work_mem = '32MB'") == (
            0, "maintenance_work_mem, 32 MB for each participant")
        memory = "SET maintenance_work_mem = '256MB'"
        assert planned(small, memory) == (
            2, "max_parallel_maintenance_workers")
        assert planned(small, memory,
                       "SET max_parallel_maintenance_workers = 0") == (
            0, "max_parallel_maintenance_workers")
        conn.execute("ALTER TABLE t SET (parallel_workers = 1)")
        assert planned() == (1, "parallel_workers of the table")
        conn.execute("ALTER TABLE t SET (parallel_workers = 9)")
        assert planned() == (2, "max_parallel_maintenance_workers")
        conn.execute("CREATE TEMP TABLE tt (v vector(3))")
        assert planned(sql="CREATE INDEX ON tt USING hnsw (v vector_l2_ops)"
                       ) == (0, "temporary table")


def test_fewer_launched():
    """What was planned and what came: in the plan, the log and the view."""
    create = "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)"
    with server.connect() as conn:
        make(conn, "vector", 16, 2000, options="WITH (parallel_workers = 4)")
        conn.execute("SET max_parallel_maintenance_workers = 4")
        conn.execute("SET max_parallel_workers = 2")
        found = explain(conn, create, "ANALYZE")
        assert found["Workers Planned"] == 4, found
        assert found["Workers Launched"] == 2, found
        limit = "max_parallel_workers or max_worker_processes"
        assert found["Launch Limited By"] == limit, found
        line = [s for s in server.log_text().splitlines()
                if 'built index "i" on table "t"' in s][-1]
        assert re.search(r"LOG:  built index \"i\" on table \"t\": 2000 rows "
                         r"in [0-9.]+ s, \d+ kB of \d+ kB of memory used, "
                         r"workers: 4 planned, 2 launched, limited by " +
                         limit + "$", line), line


def test_progress():
    """Both participants stand before their end: what the views say then."""
    point = "build-participant-done"
    with server.connect() as conn, server.connect() as builder:
        make(conn, "vector", 16, 3000, options="WITH (parallel_workers = 1)")
        conn.execute("SELECT injection_points_attach(%s, 'wait')", (point,))
        thread, failed = in_background(
            builder, "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)")
        try:
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
                (point,)).fetchone()[0] == 2, "both participants")
            # the leader's sum has what the others have done by now
            row = conn.execute(
                "SELECT b.*, c.tuples_done, c.tuples_total, c.index_relid "
                "FROM pg_stat_progress_build b, pg_stat_progress_create_index c"
                ).fetchone()
            (pid, relid, index, planned, launched, limit, used, room, done,
             total, started, remaining, sample, iterations, cdone, ctotal,
             cindex) = row
            assert pid == builder.info.backend_pid, row
            assert relid == conn.execute("SELECT 't'::regclass::oid"
                                         ).fetchone()[0], row
            assert (planned, launched) == (1, 1), row
            assert limit == "parallel_workers of the table", row
            assert 0 < used < room, row
            assert 0 <= done <= 3000 and (cdone, ctotal) == (done, total), row
            assert 2000 < total <= 4000, row
            assert cindex == 0 and sample is None and iterations is None, row
            seen = conn.execute(
                "SELECT leader_pid, index_relid, tuples_done FROM "
                "pg_stat_progress_build_participants").fetchall()
            assert len(seen) == 2, seen
            assert all(s[:2] == (pid, index) for s in seen), (seen, row)
            assert sum(s[2] for s in seen) == 3000, seen
        finally:
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
        assert not failed, failed
        assert index == conn.execute("SELECT 'i'::regclass::oid"
                                     ).fetchone()[0], (index, row)
        assert conn.execute("SELECT count(*) FROM pg_stat_progress_build"
                            ).fetchone()[0] == 0


def test_remaining():
    """A serial build held at the write of its pages, all rows being loaded;
    then one held while it goes on on pages, whose pace counts from there."""
    with server.connect() as conn, server.connect() as builder:
        make(conn, "vector", 16, 3000)
        builder.execute("SET maintenance_work_mem = '1MB'")
        builder.execute("SET hnsw.build_spill = 'page_inserts'")
        for point, loaded in (("hnsw-log-pages", True),
                              ("hnsw-flush-start", False)):
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
            thread, failed = in_background(
                builder, "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)")
            try:
                wait_for(lambda: conn.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE "
                    "wait_event = %s", (point,)).fetchone()[0] == 1, point)
                row = conn.execute(
                    "SELECT tuples_done, tuples_total, remaining, "
                    "remaining >= interval '0', memory_used <= memory_limit "
                    "FROM pg_stat_progress_build").fetchone()
                assert row[3:] == (True, True), row
                if loaded:
                    assert row[:2] == (3000, 3000), row
                    assert row[2].total_seconds() == 0, row
                else:
                    assert 0 < row[0] < row[1], row
                    assert row[2].total_seconds() > 0, row
            finally:
                conn.execute("SELECT injection_points_detach(%s)", (point,))
                conn.execute("SELECT injection_points_wakeup(%s)", (point,))
                thread.join()
            assert not failed, failed
            conn.execute("DROP INDEX i")


def test_locks():
    """Beside writers and readers, and beside who holds all but ACCESS
    EXCLUSIVE; it holds AccessShareLock, writes nothing and leaves nothing."""
    create = "CREATE INDEX i ON t USING hnsw (v vector_l2_ops)"
    point = "index-sample-block"
    with server.connect() as conn, server.connect() as other:
        make(conn, "vector", 16, 500)
        other.autocommit = False
        other.execute("UPDATE t SET id = id")
        conn.execute("SET lock_timeout = '10s'")
        assert explain(conn, create)["Rows"] == 500
        explain(conn, create.replace("INDEX", "INDEX CONCURRENTLY"))
        other.rollback()
        other.autocommit = True
        # what is dead is pruned by who reads, as ever
        explain(conn, create)
        before = conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        conn.execute("SELECT injection_points_attach(%s, 'wait')", (point,))
        thread, failed = in_background(other, "EXPLAIN " + create)
        try:
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
                (point,)).fetchone()[0] == 1, point)
            locks = conn.execute(
                "SELECT DISTINCT mode FROM pg_locks WHERE pid = %s AND "
                "relation = 't'::regclass", (other.info.backend_pid,)
                ).fetchall()
            assert locks == [("AccessShareLock",)], locks
        finally:
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
        assert not failed, failed
        after = conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        assert before == after, (before, after)
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = 'i'"
                            ).fetchone()[0] == 0


def test_failures():
    """Each step fails or is cancelled: an error, and nothing is left."""
    create = "EXPLAIN CREATE INDEX i ON t USING hnsw (v vector_l2_ops)"
    with server.connect() as conn, server.connect() as other:
        make(conn, "vector", 16, 500)
        for point in ("hnsw-estimate", "index-sample-block"):
            conn.execute("SELECT injection_points_attach(%s, 'error')",
                         (point,))
            try:
                conn.execute(create)
                raise AssertionError("no error at " + point)
            except psycopg.errors.InternalError:
                pass
            finally:
                conn.execute("SELECT injection_points_detach(%s)", (point,))
            conn.execute(create)
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
            thread, failed = in_background(other, create)
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
                (point,)).fetchone()[0] == 1, point)
            conn.execute("SELECT pg_cancel_backend(%s)",
                         (other.info.backend_pid,))
            thread.join()
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            assert len(failed) == 1, failed
            assert isinstance(failed[0], psycopg.errors.QueryCanceled), failed
        conn.execute("DROP TABLE t")


def test_whole_build_fails():
    """EXPLAIN ANALYZE builds: an error there leaves no index."""
    with server.connect() as conn:
        make(conn, "vector", 16, 500)
        conn.execute("SELECT injection_points_attach('index-built', 'error')")
        try:
            conn.execute("EXPLAIN ANALYZE CREATE INDEX i ON t USING hnsw "
                         "(v vector_l2_ops)")
            raise AssertionError("no error")
        except psycopg.errors.InternalError:
            pass
        finally:
            conn.execute("SELECT injection_points_detach('index-built')")
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = 'i'"
                            ).fetchone()[0] == 0


for args in [("vector", "vector_l2_ops", 3, 1000, 16),
             ("vector", "vector_cosine_ops", 128, 20000, 16),
             ("vector", "vector_l1_ops", 100, 3000, 5),
             ("vector", "vector_ip_ops", 1000, 1000, 40),
             ("halfvec", "halfvec_l2_ops", 64, 5000, 2),
             ("halfvec", "halfvec_cosine_ops", 1500, 1000, 16),
             ("bit", "bit_hamming_ops", 64, 10000, 16),
             ("bit", "bit_jaccard_ops", 2000, 2000, 24),
             ("sparsevec", "sparsevec_l2_ops", 100, 5000, 16),
             ("sparsevec", "sparsevec_cosine_ops", 30, 3000, 8)]:
    suite.run(test_true, *args)
suite.run(test_true, "vector", "vector_l2_ops", 8, 50000, 8)
suite.run(test_equal_rows)
for test in (test_parallel, test_wal, test_limit_met, test_rows, test_empty,
             test_workers, test_fewer_launched, test_progress, test_remaining,
             test_locks, test_failures, test_whole_build_fails):
    suite.run(test)
server.stop()
suite.finish(server)
