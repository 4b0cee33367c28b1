"""Indexes on expressions and partial indexes hold what they should, always.

Story: an index holds, of the rows that satisfy its predicate, what an
expression gives.  Rows come by every way (INSERT, INSERT ... SELECT, COPY,
UPDATE into and out of the predicate, a build by workers, a concurrent build
whose table is written to at each step), and after each tusk_check compares the
index with the table: every row that belongs into it is there, no other is.
The danger: an update that is HOT although a column of the predicate changed; a
row that a concurrent build takes in although it left the predicate meanwhile.
"""
import os
import re
import signal
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="16MB", max_worker_processes=8,
                max_parallel_workers=8).start()
server.query("CREATE EXTENSION vector")

ROWS = 400
# the second index lacks a third of the rows, and holds other vectors
EXPRESSION = "(v + '[0,1]')::vector(2)"
ON = (f"ON t USING hnsw (({EXPRESSION}) vector_l2_ops) "
      "WHERE cat = 1 AND note IS NOT NULL")
CREATE = f"CREATE INDEX t_i {ON}"
CREATE_CONCURRENTLY = f"CREATE INDEX CONCURRENTLY t_i {ON}"
IN_INDEX = "cat = 1 AND note IS NOT NULL"

POINTS = ["concurrent-index-build", "concurrent-index-ready",
          "concurrent-index-validate", "concurrent-index-validate-sort",
          "concurrent-index-validate-scan",
          "concurrent-index-wait-snapshots", "concurrent-index-valid"]


def make(conn, index=CREATE, rows=ROWS, workers=0):
    conn.execute("DROP TABLE IF EXISTS t")
    conn.execute("CREATE TABLE t (id integer, cat integer, note text, "
                 f"other integer, v vector(2)) WITH (fillfactor = 50, "
                 f"parallel_workers = {workers}, autovacuum_enabled = off)")
    conn.execute("INSERT INTO t SELECT i, i % 3, 'n' || i, 0, "
                 "('['||i||',0]')::vector "
                 f"FROM generate_series(1, {rows}) i")
    if index:
        conn.execute(index)


def check(conn):
    """The index and the table agree, and a search finds what is in it."""
    assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    query = (f"SELECT id FROM t WHERE {IN_INDEX} ORDER BY {EXPRESSION} "
             "<-> '[0,1]' LIMIT 1000")
    plan = conn.execute("EXPLAIN " + query).fetchall()
    assert any("Index Scan using t_i" in line[0] for line in plan), plan
    assert not any("Filter" in line[0] for line in plan), plan
    found = [row[0] for row in conn.execute(query).fetchall()]
    ids = [row[0] for row in conn.execute(
        f"SELECT id FROM t WHERE {IN_INDEX}").fetchall()]
    assert sorted(found) == sorted(ids), set(ids) ^ set(found)


def reltuples(conn, name="t_i"):
    return conn.execute("SELECT reltuples FROM pg_class WHERE relname = %s",
                        (name,)).fetchone()[0]


def hot_updates(conn, statement):
    """How many of the rows that the statement changes are HOT updates."""
    def count():
        return conn.execute(
            "SELECT n_tup_hot_upd, n_tup_upd FROM pg_stat_all_tables "
            "WHERE relname = 't'").fetchone()
    before = count()
    conn.execute(statement)
    after = count()
    return after[0] - before[0], after[1] - before[1]


class Statement(threading.Thread):
    """In a session of its own."""

    def __init__(self, statement, start=True):
        super().__init__(daemon=True)
        self.statement = statement
        self.error = None
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        if start:
            self.start()

    def run(self):
        try:
            self.conn.execute(self.statement)
        except psycopg.Error as e:
            self.error = e
        finally:
            self.conn.close()

    def held(self, conn, point):
        row = conn.execute("SELECT wait_event FROM pg_stat_activity "
                           "WHERE pid = %s", (self.pid,)).fetchone()
        return row is not None and (row[0] or "").lower() == point

    def finish(self):
        self.join()
        assert self.error is None, self.error


def change(conn, first):
    """Rows come, go, and cross the predicate both ways; and back."""
    conn.execute("INSERT INTO t SELECT i, i % 3, CASE WHEN i % 2 = 0 THEN 'x' "
                 "END, 0, ('['||i||',0]')::vector FROM "
                 f"generate_series({first}, {first + 30}) i")
    conn.execute("UPDATE t SET cat = cat + 1 WHERE id % 10 = 0")
    conn.execute("UPDATE t SET note = NULL WHERE id % 10 = 1")
    conn.execute("UPDATE t SET note = 'y' WHERE id % 20 = 1")
    conn.execute("UPDATE t SET v = v + '[0.5,0]' WHERE id % 10 = 4")
    conn.execute("UPDATE t SET other = other + 1 WHERE id % 10 < 6")
    conn.execute("DELETE FROM t WHERE id % 10 = 7")


def test_hot():
    """Columns that only the expression or the predicate uses are columns of
    the index; others are not."""
    with server.connect() as conn:
        make(conn)
        assert hot_updates(conn, "UPDATE t SET other = 1 WHERE id = 1") == (1, 1)
        for column, value in (("cat", "2"), ("note", "'z'"), ("v", "'[9,9]'")):
            statement = f"UPDATE t SET {column} = {value} WHERE id = 4"
            assert hot_updates(conn, statement) == (0, 1), column
        # the same value: nothing changed
        assert hot_updates(conn, "UPDATE t SET cat = 1 WHERE id = 7") == (1, 1)
        # what is folded away at execution counts as it was written
        conn.execute("DROP INDEX t_i")
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops) "
                     "WHERE id > 0 OR true")
        assert hot_updates(conn, "UPDATE t SET id = 4444 WHERE id = 4") == (0, 1)
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []


def test_every_way_in():
    with server.connect() as conn:
        make(conn, rows=0)
        conn.execute("INSERT INTO t VALUES (1, 1, 'a', 0, '[1,0]'), "
                     "(2, 1, NULL, 0, '[2,0]'), (3, 2, 'c', 0, '[3,0]'), "
                     "(4, 1, 'd', 0, NULL)")
        check_ids = conn.execute(f"SELECT count(*) FROM t WHERE {IN_INDEX} "
                                 "AND v IS NOT NULL").fetchone()[0]
        assert check_ids == 1
        conn.execute("DELETE FROM t WHERE v IS NULL")
        check(conn)
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(10, 1500):
                copy.write_row((i, i % 3, None if i % 5 == 0 else "n", 0,
                                f"[{i},0]"))
        check(conn)
        change(conn, 2000)
        check(conn)
        with conn.transaction(force_rollback=True):
            change(conn, 3000)
        check(conn)
        conn.execute("PREPARE p AS INSERT INTO t VALUES ($1, $2, 'p', 0, $3)")
        for i in range(4000, 4030):
            conn.execute(f"EXECUTE p({i}, {i % 3}, '[{i},0]')")
        check(conn)
        conn.execute("TRUNCATE t")
        check(conn)
        change(conn, 1)
        check(conn)


def test_vacuum():
    """Entries of rows that went are taken out; the counts are the index's."""
    with server.connect() as conn:
        make(conn)
        live = conn.execute(f"SELECT count(*) FROM t WHERE {IN_INDEX}"
                            ).fetchone()[0]
        assert reltuples(conn) == live and reltuples(conn, "t") == ROWS
        conn.execute("UPDATE t SET cat = 0 WHERE id % 2 = 0")
        conn.execute("DELETE FROM t WHERE id % 5 = 0")
        conn.execute("VACUUM t")
        check(conn)
        live, rows = conn.execute(
            f"SELECT count(*) FILTER (WHERE {IN_INDEX}), count(*) FROM t"
        ).fetchone()
        assert (reltuples(conn), reltuples(conn, "t")) == (live, rows)
        change(conn, 1000)
        conn.execute("VACUUM (ANALYZE) t")
        check(conn)
        live, rows = conn.execute(
            f"SELECT count(*) FILTER (WHERE {IN_INDEX}), count(*) FROM t"
        ).fetchone()
        assert (reltuples(conn), reltuples(conn, "t")) == (live, rows)
        # ANALYZE alone asks the rows: this table it reads whole
        change(conn, 2000)
        conn.execute("ANALYZE t")
        live, rows = conn.execute(
            f"SELECT count(*) FILTER (WHERE {IN_INDEX}), count(*) FROM t"
        ).fetchone()
        assert (reltuples(conn), reltuples(conn, "t")) == (live, rows)


def test_rename():
    """The stored trees have numbers of columns: a new name changes nothing."""
    with server.connect() as conn:
        make(conn)
        trees = "SELECT indexprs::text, indpred::text FROM pg_index " \
                "WHERE indexrelid = 't_i'::regclass"
        before = conn.execute(trees).fetchone()
        conn.execute("ALTER TABLE t RENAME COLUMN cat TO \"Category\"")
        assert conn.execute(trees).fetchone() == before
        definition = conn.execute("SELECT indexdef FROM pg_indexes WHERE "
                                  "indexname = 't_i'").fetchone()[0]
        assert definition == (
            "CREATE INDEX t_i ON public.t USING hnsw ((((v + '[0,1]'::vector))"
            "::vector(2)) vector_l2_ops) WHERE ((\"Category\" = 1) AND "
            "(note IS NOT NULL))"), definition
        # the text makes the same index again
        conn.execute("DROP INDEX t_i")
        conn.execute(definition)
        after = conn.execute("SELECT indexdef FROM pg_indexes WHERE "
                             "indexname = 't_i'").fetchone()[0]
        assert after == definition
        conn.execute("ALTER TABLE t RENAME COLUMN \"Category\" TO cat")
        change(conn, 1000)
        check(conn)


def test_reindex():
    """The trees stay, also in the copy that a concurrent rebuild makes; that
    forgets where in the statement they stood."""
    def trees():
        return [re.sub(r":location -?\d+", "", tree) for tree in conn.execute(
            "SELECT indexprs::text, indpred::text, indkey::text FROM pg_index "
            "WHERE indexrelid = 't_i'::regclass").fetchone()]
    with server.connect() as conn:
        make(conn)
        before = trees()
        for statement in ("REINDEX INDEX t_i", "REINDEX TABLE t",
                          "REINDEX INDEX CONCURRENTLY t_i",
                          "REINDEX TABLE CONCURRENTLY t"):
            change(conn, 1000)
            conn.execute(statement)
            assert trees() == before, statement
            check(conn)


def test_large_tree():
    """A vector in the expression makes a long text: it is compressed, and read
    wherever the trees are; what does not fit on a page is refused."""
    def point(dims):
        return "[" + ",".join(f"{i * 7919 % 1000 / 1000}"
                              for i in range(dims)) + "]"
    with server.connect() as conn:
        for dims, fits in ((500, True), (1900, False)):
            conn.execute("DROP TABLE IF EXISTS t")
            conn.execute(f"CREATE TABLE t (id integer, v vector({dims}))")
            for i in range(1, 21):
                conn.execute("INSERT INTO t VALUES (%s, %s)",
                             (i, str([i] * dims)))
            expression = f"(v - '{point(dims)}')::vector({dims})"
            try:
                conn.execute("CREATE INDEX t_i ON t USING hnsw "
                             f"(({expression}) vector_l2_ops)")
                assert fits
            except psycopg.errors.ProgramLimitExceeded as e:
                assert not fits, e
                assert "row is too big" in str(e), e
                break
            size, stored = conn.execute(
                "SELECT length(indexprs::text), pg_column_size(indexprs) FROM "
                "pg_index WHERE indexrelid = 't_i'::regclass").fetchone()
            assert stored < size / 2, (size, stored)
            definition = conn.execute("SELECT pg_get_indexdef('t_i'::regclass)"
                                      ).fetchone()[0]
            conn.execute("REINDEX INDEX CONCURRENTLY t_i")
            conn.execute("UPDATE t SET v = v WHERE id < 5")
            conn.execute("UPDATE t SET v = v + v WHERE id > 15")
            assert conn.execute("SELECT * FROM tusk_check('t')"
                                ).fetchall() == []
            conn.execute("SET enable_seqscan = off")
            plan = conn.execute(f"EXPLAIN SELECT id FROM t ORDER BY "
                                f"{expression} <-> '{point(dims)}' LIMIT 1"
                                ).fetchall()
            assert any("Index Scan using t_i" in line[0] for line in plan)
            assert conn.execute("SELECT pg_get_indexdef('t_i'::regclass)"
                                ).fetchone()[0] == definition
        conn.execute("DROP TABLE t")


def test_parallel():
    """Workers read the trees from pg_index; the counts are exact."""
    with server.connect() as conn:
        for leader in ("on", "off"):
            make(conn, index=None, rows=6000, workers=2)
            conn.execute("UPDATE t SET other = 1 WHERE id % 50 = 0")
            conn.execute("DELETE FROM t WHERE id % 100 = 1")
            conn.execute(f"SET parallel_leader_participation = {leader}")
            conn.execute("SELECT injection_points_attach("
                         "'build-participant-done', 'wait')")
            builder = Statement("SET parallel_leader_participation = "
                                f"{leader}; {CREATE}")
            wanted = 3 if leader == "on" else 2
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE "
                "lower(wait_event) = 'build-participant-done'"
                ).fetchone()[0] == wanted, "all participants")
            conn.execute("SELECT injection_points_detach("
                         "'build-participant-done')")
            conn.execute("SELECT injection_points_wakeup("
                         "'build-participant-done')")
            builder.finish()
            live, rows = conn.execute(
                f"SELECT count(*) FILTER (WHERE {IN_INDEX}), count(*) FROM t"
            ).fetchone()
            assert (reltuples(conn), reltuples(conn, "t")) == (live, rows)
            assert conn.execute("SELECT * FROM tusk_check('t')"
                                ).fetchall() == []


def test_errors_of_expressions():
    """The predicate is asked first; an error leaves neither row nor index,
    whoever meets it: an insert, a build, a worker."""
    on = "((('[' || (100 / id)::text || ',0]')::vector(2)) vector_l2_ops)"
    with server.connect() as conn:
        for workers in (0, 2):
            make(conn, index=None, workers=workers, rows=5000)
            conn.execute("INSERT INTO t VALUES (0, 0, 'zero', 0, '[0,0]')")
            try:
                conn.execute(f"CREATE INDEX t_i ON t USING hnsw {on}")
                raise AssertionError("the index was made")
            except psycopg.errors.DivisionByZero as e:
                assert (workers == 0 or "parallel worker" in
                        (e.diag.context or "parallel worker")), e
            assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                                "relname = 't_i'").fetchone() == (0,)
            conn.execute(f"CREATE INDEX t_i ON t USING hnsw {on} "
                         "WHERE id <> 0")
            assert reltuples(conn) == 5000
        conn.execute("INSERT INTO t VALUES (0, 0, 'zero', 0, '[0,0]')")
        conn.execute("DROP INDEX t_i")
        conn.execute("DELETE FROM t WHERE id = 0")
        conn.execute("VACUUM t")
        conn.execute(f"CREATE INDEX t_i ON t USING hnsw {on}")
        for statement in ("INSERT INTO t VALUES (7, 0, 'x', 0, '[1,1]'), "
                          "(0, 0, 'x', 0, '[1,1]')",
                          "UPDATE t SET id = 0 WHERE id = 10"):
            try:
                conn.execute(statement)
                raise AssertionError(statement)
            except psycopg.errors.DivisionByZero:
                pass
        assert conn.execute("SELECT count(*) FROM t").fetchone() == (5000,)
        conn.execute("VACUUM t")
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []


def test_locked_rows():
    """A row that leaves the predicate while it is waited for is not the one:
    its newer version is tested again, although the index said it was in."""
    with server.connect() as conn, server.connect(autocommit=False) as writer:
        make(conn)
        writer.execute("UPDATE t SET cat = 2 WHERE id = 1")
        reader = server.connect()
        reader.execute("SET enable_seqscan = off")
        found = []
        query = (f"SELECT id FROM t WHERE {IN_INDEX} ORDER BY {EXPRESSION} "
                 "<-> '[0,1]' LIMIT 2 FOR UPDATE")
        plan = reader.execute("EXPLAIN " + query).fetchall()
        assert any("Index Scan using t_i" in line[0] for line in plan), plan
        thread = threading.Thread(
            target=lambda: found.extend(reader.execute(query).fetchall()))
        thread.start()
        wait_for(lambda: conn.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %s",
            (reader.info.backend_pid,)).fetchone()[0] == 1, "the reader waits")
        writer.commit()
        thread.join()
        reader.close()
        assert found == [(4,), (7,)], found


def test_older_snapshot():
    """A HOT update moved a row out of the predicate before the index was made:
    a snapshot that sees the old version must not rely on the index."""
    query = (f"SELECT id FROM t WHERE {IN_INDEX} ORDER BY {EXPRESSION} "
             "<-> '[0,1]' LIMIT 1")
    with server.connect() as conn, server.connect(autocommit=False) as old:
        make(conn, index=None)
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1 FROM pg_class LIMIT 1")
        assert hot_updates(conn, "UPDATE t SET cat = 2 WHERE id = 1") == (1, 1)
        conn.execute(CREATE)
        old.execute("SET enable_seqscan = off")
        assert old.execute(query).fetchall() == [(1,)]
        old.commit()
        conn.execute("SET enable_seqscan = off")
        assert conn.execute(query).fetchall() == [(4,)]
        check(conn)


def test_concurrent_writers():
    """At each step of a concurrent build rows cross the predicate."""
    with server.connect() as conn:
        for statement in (CREATE_CONCURRENTLY,
                          "REINDEX INDEX CONCURRENTLY t_i"):
            for point in POINTS:
                if point.endswith("-valid") and "REINDEX" in statement:
                    point = "reindex-concurrent-swap"
                make(conn, None if "CREATE" in statement else CREATE)
                conn.execute("SELECT injection_points_attach(%s, 'wait')",
                             (point,))
                builder = Statement(statement)
                wait_for(lambda: builder.held(conn, point),
                         f"the step {point}")
                change(conn, 1000)
                conn.execute("SELECT injection_points_detach(%s)", (point,))
                conn.execute("SELECT injection_points_wakeup(%s)", (point,))
                builder.finish()
                check(conn)
                change(conn, 2000)
                check(conn)


def test_concurrent_builds_wait():
    """A build whose expressions might look at other tables is waited for by
    other concurrent builds; one of plain columns is not."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS o")
        conn.execute("CREATE TABLE o (v vector(2))")
        for plain in (True, False):
            make(conn, index=None)
            point = "concurrent-index-build"
            first = Statement(
                "CREATE INDEX CONCURRENTLY t_i ON t USING hnsw "
                "(v vector_l2_ops)" if plain else CREATE_CONCURRENTLY,
                start=False)
            conn.execute("SELECT injection_points_attach(%s, %s)",
                         (point, f"wait,pid={first.pid}"))
            first.start()
            wait_for(lambda: first.held(conn, point), "the first build")
            second = Statement("CREATE INDEX CONCURRENTLY o_i ON o USING hnsw "
                               "(v vector_l2_ops)")
            if not plain:
                wait_for(lambda: conn.execute(
                    "SELECT current_locker_pid FROM "
                    "pg_stat_progress_create_index WHERE pid = %s AND "
                    "phase = 'waiting for old snapshots'", (second.pid,)
                    ).fetchone() == (first.pid,), "the second build waits")
                conn.execute("SELECT injection_points_detach(%s)", (point,))
                conn.execute("SELECT injection_points_wakeup(%s)", (point,))
                first.finish()
                second.finish()
            else:
                second.finish()
                assert first.held(conn, point)
                conn.execute("SELECT injection_points_detach(%s)", (point,))
                conn.execute("SELECT injection_points_wakeup(%s)", (point,))
                first.finish()
            conn.execute("DROP INDEX o_i")


def test_crash():
    """What was committed is in the index after replay; a concurrent build that
    was cut off is completed by REINDEX."""
    with server.connect() as conn:
        make(conn)
        change(conn, 1000)
        conn.execute("CHECKPOINT")
        change(conn, 2000)
    for point in (None, "concurrent-index-validate-scan"):
        conn = server.connect()
        if point:
            conn.execute("DROP INDEX t_i")
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
            builder = Statement(CREATE_CONCURRENTLY)
            wait_for(lambda: builder.held(conn, point), "the validation")
            change(conn, 3000)
        for pid in server.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        wait_for(lambda: not server.processes(), "the end of all processes")
        if point:
            builder.join()
        conn.close()
        server.start()
        with server.connect() as conn:
            change(conn, 4000)
            if point:
                conn.execute("REINDEX INDEX t_i")
            check(conn)


for test in (test_hot, test_every_way_in, test_vacuum, test_rename,
             test_reindex, test_large_tree, test_parallel,
             test_errors_of_expressions, test_locked_rows,
             test_older_snapshot, test_concurrent_writers,
             test_concurrent_builds_wait, test_crash):
    suite.run(test)
server.stop()
suite.finish(server)
