"""Every operator class of hnsw, as pgvector's tests of recall do it.

Story: rows of each type (vector, halfvec, sparsevec, bit) are indexed serially,
in parallel, in parallel without room for the graph, and by inserts of several
sessions into an empty index.  Each index must pass tusk_check and find what
the exact search finds; then three of four rows are deleted, and it must again,
before and after VACUUM; equal values share elements of ten rows; deleted places
are used again, also by values of another size.  Filtered searches find as much
as the exact ones in both orders of iterative scans, and end where the budget
says; vacuum and inserts come between two batches of a scan.  At last the server is killed,
recovers, rebuilds each index, stops, and PostgreSQL's tools read the files.

The danger: a type whose size, distance or normalisation is taken for that of
another one shows as low recall or as a damaged value, not as an error.

The least recall is pgvector's, for as many rows (tests 012 to 031; of inserts
it has 10,000, one by one, here there are 2,500; 043 and 044 of iterative scans,
of which 043 has 100,000 rows, here there are 40,000).
"""
import glob
import os
import random
import re
import signal
import subprocess
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

PGBIN = "/usr/lib/postgresql/15/bin/"
ROWS = 2000
BUILD_ROWS = 10000
INSERTERS = 10
EACH = 250  # rows that each of them inserts
VACUUM_ROWS = 10000
LIMIT = 20
QUERIES = 20

rng = random.Random(11)
server = Server(shared_buffers="32MB", max_worker_processes=4,
                max_parallel_workers=4, autovacuum="off",
                synchronous_commit="off")
suite = Suite()


def numbers(dims, factor=1):
    return [factor * rng.random() * rng.random() for _ in range(dims)]


def even(dims):
    return [rng.random() for _ in range(dims)]


def dense(values):
    return "[" + ",".join(f"{v:.7f}" for v in values) + "]"


def sparse(values, dims):
    return "{" + ",".join(f"{i}:{v:.7f}" for i, v in values) + f"}}/{dims}"


def bits(dims):
    return f"{rng.getrandbits(dims):0{dims}b}"


FLOATS = (("l2", "<->"), ("ip", "<#>"), ("cosine", "<=>"), ("l1", "<+>"))


class Type:
    """value(dims) is a random one, plain(dims) one with even elements; least:
    the recall that an operator class must have."""

    def __init__(self, name, dims, value, plain, least, opclasses=FLOATS, ef=40,
                 same="[1,1,1]", narrow=3):
        self.name, self.dims = name, dims
        self.value, self.plain = value, plain
        self.least, self.opclasses, self.ef = least, opclasses, ef
        # of the tests of duplicates
        self.same, self.narrow = same, narrow

    def __str__(self):
        return self.name

    def random_value(self):
        return self.value(self.dims)


TYPES = [
    Type("vector", 3, lambda n: dense(numbers(n)),
         lambda n: dense(even(n)), {"ip": 0.97, "": 0.99}),
    Type("halfvec", 10, lambda n: dense(numbers(n, 2)),
         lambda n: dense(even(n)), {"": 0.98}),
    Type("sparsevec", 3,
         lambda n: sparse(list(enumerate(numbers(n), 1)), n),
         lambda n: sparse(list(enumerate(even(n), 1)), n),
         {"ip": 0.97, "": 0.99}, same="{1:1,2:1,3:1}/3"),
    Type("bit", 52, bits, bits, {"hamming": 0.98, "jaccard": 0.95},
         (("hamming", "<~>"), ("jaccard", "<%%>")), 100, "111"),
]


def load(conn, table, t, count, dims=None, value=None):
    dims, value = dims or t.dims, value or t.value
    conn.execute(f"DROP TABLE IF EXISTS {table}")
    conn.execute(f"CREATE TABLE {table} (i integer, v {t.name}({dims}))")
    with conn.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for i in range(count):
            copy.write_row((i, value(dims)))


def nearest(conn, table, op, query, limit=LIMIT):
    return conn.execute(f"SELECT i, v {op} %s FROM {table} ORDER BY v {op} %s "
                        f"LIMIT {limit}", (query, query)).fetchall()


def ask_exact(conn, table, op, queries):
    """For each query the numbers of its nearest rows, all that tie with the
    last one included."""
    conn.execute("SET enable_indexscan = off")
    answers = []
    for query in queries:
        last = nearest(conn, table, op, query)[-1][1]
        answers.append({r[0] for r in conn.execute(
            f"SELECT i FROM {table} WHERE v {op} %s <= %s",
            (query, last)).fetchall()})
    conn.execute("RESET enable_indexscan")
    return answers


def recall(conn, table, op, queries, exact, ef):
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.iterative_scan = off")
    conn.execute(f"SET hnsw.ef_search = {ef}")
    plan = conn.execute(f"EXPLAIN SELECT i FROM {table} ORDER BY v {op} "
                        f"%s LIMIT {LIMIT}", (queries[0],)).fetchall()
    assert any("Index Scan" in line[0] for line in plan), plan
    found = sum(len({r[0] for r in nearest(conn, table, op, q)} & e)
                for q, e in zip(queries, exact))
    conn.execute("RESET enable_seqscan")
    return found / (LIMIT * len(queries))


def check(conn, table):
    """Also that a path leads to every element, which tusk_check tells at
    DEBUG1 if it is of a few."""
    notices = []

    def note(diag):
        notices.append(diag.message_primary)
    conn.add_notice_handler(note)
    level = conn.execute("SHOW client_min_messages").fetchone()[0]
    conn.execute("SET client_min_messages = debug1")
    found = conn.execute("SELECT * FROM tusk_check(%s)", (table,)).fetchall()
    conn.execute(f"SET client_min_messages = {level}")
    conn.remove_notice_handler(note)
    found += [line for line in notices if "are not reached" in line]
    assert found == [], found[:5]


def least(t, opclass):
    return t.least.get(opclass, t.least.get("", 0))


def test_build(t):
    queries = [t.random_value() for _ in range(QUERIES)]
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", t, BUILD_ROWS)
        conn.execute("SET max_parallel_maintenance_workers = 2")
        conn.execute("SET client_min_messages = debug1")
        for opclass, op in t.opclasses:
            exact = ask_exact(conn, "t", op, queries)
            for workers, memory in ((0, "64MB"), (2, "64MB"), (2, "4MB")):
                # enough rows go to pages without room for each opclass once
                if memory == "4MB" and opclass not in ("l2", "jaccard"):
                    continue
                notices.clear()
                conn.execute(f"ALTER TABLE t SET (parallel_workers = {workers})")
                conn.execute(f"SET maintenance_work_mem = '{memory}'")
                conn.execute("CREATE INDEX t_v ON t USING hnsw "
                             f"(v {t.name}_{opclass}_ops)")
                assert (workers > 0) == any(
                    re.match(r"using \d+ parallel workers", n)
                    for n in notices), notices
                assert (memory == "4MB") == any(
                    "no longer fits" in n for n in notices), notices
                value = recall(conn, "t", op, queries, exact, t.ef)
                assert value >= least(t, opclass), (opclass, workers, value)
                check(conn, "t")
                conn.execute("DROP INDEX t_v")
        conn.execute("DROP TABLE t")


def filtered(conn, op, query, divisor, columns="i", limit=LIMIT):
    return conn.execute(f"SELECT {columns} FROM t WHERE i %% {divisor} = 0 "
                        f"ORDER BY v {op} %s LIMIT {limit}",
                        (query,)).fetchall()


def filtered_recall(conn, t, op, queries, divisor, exact):
    order = conn.execute("SHOW hnsw.iterative_scan").fetchone()[0]
    # the index has cosine's values normalised, and that rounds them
    rounding = 0.002 if t.name == "halfvec" else 1e-6
    found = 0
    for query, (last, count) in zip(queries, exact):
        got = filtered(conn, op, query, divisor, f"i, v {op} '{query}'")
        ids = {i for i, _ in got}
        assert len(ids) == len(got) == count, (divisor, len(got), len(ids))
        assert all(i % divisor == 0 for i in ids)
        if order == "strict_order":
            assert all(a <= b + rounding for (_, a), (_, b)
                       in zip(got, got[1:])), got
        found += sum(d <= last for _, d in got)
    return found / sum(count for _, count in exact)


def test_iterative(t):
    """Both orders find what there is, and as many rows as are asked for."""
    rows, divisors = (50000, (50, 500)) if t.name == "vector" else (5000, (50,))
    queries = [t.plain(t.dims) for _ in range(QUERIES)]
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", t, rows, value=t.plain)
        notices.clear()
        for opclass, op in t.opclasses[::2]:
            conn.execute("CREATE INDEX t_v ON t USING hnsw "
                         f"(v {t.name}_{opclass}_ops)")
            for divisor in divisors:
                conn.execute("SET enable_indexscan = off")
                conn.execute("RESET enable_seqscan")
                exact = []
                for query in queries:
                    got = filtered(conn, op, query, divisor, f"v {op} '{query}'")
                    exact.append((got[-1][0], len(got)))
                conn.execute("RESET enable_indexscan")
                conn.execute("SET enable_seqscan = off")
                for order in ("relaxed_order", "strict_order"):
                    conn.execute(f"SET hnsw.iterative_scan = {order}")
                    value = filtered_recall(conn, t, op, queries, divisor,
                                            exact)
                    assert value >= 0.99, (opclass, divisor, order, value)
            conn.execute("DROP INDEX t_v")
        assert not notices, notices
        conn.execute("DROP TABLE t")


def test_iterative_budget():
    """As many of the rows that qualify are found as the budget lets the scan
    come to, in pgvector's bounds, and the end is told."""
    t = TYPES[0]
    rows, matches = 40000, 400
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        load(conn, "t", t, rows, value=t.plain)
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.scan_mem_multiplier = 2")
        for share in (0.3, 0.5, 0.7, 1):
            conn.execute(f"SET hnsw.max_scan_tuples = {int(rows * share)}")
            for _ in range(5):
                notices.clear()
                found = len(filtered(conn, "<->", t.plain(t.dims),
                                     rows // matches, limit=matches + 1))
                if share == 1:
                    assert found == matches, found
                    assert not notices, notices[0]
                else:
                    assert abs(found / matches - share) <= 0.2, (share, found)
                    assert len(notices) == 1, notices
                    assert "\"hnsw.max_scan_tuples\"" in notices[0]
        query = ("(ANALYZE, COSTS OFF%s) SELECT i FROM t WHERE i < 0 "
                 "ORDER BY v <-> '[0,0,0]' LIMIT 1")
        for setting in ("max_scan_tuples", "scan_mem_multiplier"):
            conn.execute("RESET ALL")
            conn.execute("SET enable_seqscan = off")
            conn.execute(f"SET hnsw.{setting} = 1")
            if setting == "scan_mem_multiplier":
                conn.execute("SET work_mem = 256")
            plan = conn.execute("EXPLAIN " + query % "").fetchall()
            said = f"Search Cut Short By: hnsw.{setting}"
            assert sum(said in line for line, in plan) == 1, plan
            plan = conn.execute("EXPLAIN " + query % ", FORMAT JSON")
            plan = plan.fetchone()[0][0]["Plan"]["Plans"][0]
            assert plan["Search Cut Short By"] == f"hnsw.{setting}", plan
            conn.execute("SET hnsw.iterative_scan = off")
            plan = conn.execute("EXPLAIN " + query % "").fetchall()
            assert not any("Cut Short" in line for line, in plan), plan
        conn.execute("DROP TABLE t")


def test_iterative_vacuum(t):
    """Between two batches vacuum takes elements that the scan knows, and
    inserts use their places: the scan shows no row twice, none that its
    snapshot does not see, and no error."""
    opclass, op = t.opclasses[0]
    rows = 1000
    with server.connect() as conn, server.connect() as other:
        load(conn, "t", t, rows, value=t.plain)
        conn.execute(f"CREATE INDEX ON t USING hnsw (v {t.name}_{opclass}_ops)")
        conn.execute("DELETE FROM t WHERE i % 3 = 0")
        conn.execute("SET enable_seqscan = off")
        for order in ("relaxed_order", "strict_order"):
            conn.execute(f"SET hnsw.iterative_scan = {order}")
            conn.execute("BEGIN")
            conn.execute(f"DECLARE c CURSOR FOR SELECT i FROM t ORDER BY v {op} "
                         f"'{t.plain(t.dims)}'")
            got = conn.execute("FETCH 50 FROM c").fetchall()
            # rows that were dead before the scan began
            other.execute("VACUUM (TRUNCATE off) t")
            for i in range(300):
                other.execute(f"INSERT INTO t VALUES ({rows + i}, "
                              f"'{t.plain(t.dims)}')")
            got += conn.execute("FETCH ALL FROM c").fetchall()
            conn.execute("COMMIT")
            ids = {i for i, in got}
            assert len(ids) == len(got), (order, len(got), len(ids))
            assert all(i < rows and i % 3 for i in ids), order
            assert len(ids) >= 50, (order, len(ids))
            check(conn, "t")
            conn.execute(f"DELETE FROM t WHERE i >= {rows}")
        conn.execute("DROP TABLE t")


def test_iterative_held():
    """A scan that is held before its second batch holds up nothing, and is
    cancelled there, or ends with the rows of its snapshot."""
    t = TYPES[0]
    with server.connect() as conn, server.connect() as other:
        load(conn, "t", t, 500)
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
        conn.execute("DELETE FROM t WHERE i % 2 = 0")
        pid = conn.info.backend_pid
        point = "hnsw-scan-continue"
        for cancel in (True, False):
            other.execute(f"SELECT injection_points_attach('{point}', 'wait')")
            result = []

            def scan():
                try:
                    conn.execute("SET enable_seqscan = off")
                    result.append(len(conn.execute(
                        "SELECT i FROM t ORDER BY v <-> '[0,0,0]'").fetchall()))
                except psycopg.errors.QueryCanceled:
                    result.append("cancelled")

            thread = threading.Thread(target=scan)
            thread.start()
            wait_for(lambda: other.execute(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = %s",
                (pid,)).fetchone()[0] == point, "the scan to be held")
            other.execute("VACUUM (TRUNCATE off) t")
            other.execute("INSERT INTO t SELECT 1000 + g, "
                          "array[random(), random(), random()]::vector "
                          "FROM generate_series(1, 100) g")
            other.execute(f"SELECT injection_points_detach('{point}')")
            if cancel:
                other.execute("SELECT pg_cancel_backend(%s)", (pid,))
            else:
                other.execute(f"SELECT injection_points_wakeup('{point}')")
            thread.join()
            if cancel:
                assert result == ["cancelled"], result
            else:
                assert 40 <= result[0] <= 350, result
        check(conn, "t")
        conn.execute("DROP TABLE t")


def test_iterative_half_marked():
    """A scan goes on while vacuum marks: what it has met and is not marked yet
    leads to what is."""
    t = TYPES[0]
    point = "hnsw-vacuum-marked-page"
    for order in ("relaxed_order", "strict_order"):
        with server.connect() as conn, server.connect() as busy, \
                server.connect() as other:
            load(conn, "t", t, 2000)
            conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
            busy.execute("DELETE FROM t WHERE i % 3 > 0")
            conn.execute("SET enable_seqscan = off")
            conn.execute("SET hnsw.ef_search = 10")
            conn.execute(f"SET hnsw.iterative_scan = {order}")
            conn.execute("BEGIN")
            conn.execute("DECLARE c CURSOR FOR SELECT i FROM t "
                         "ORDER BY v <-> '[0,0,0]'")
            got = conn.execute("FETCH 10 FROM c").fetchall()
            other.execute(
                f"SELECT injection_points_attach('{point}', 'wait,nth=8')")
            thread = threading.Thread(
                target=lambda: busy.execute("VACUUM (TRUNCATE off) t"))
            thread.start()
            wait_for(lambda: other.execute(
                "SELECT wait_event FROM pg_stat_activity WHERE pid = %s",
                (busy.info.backend_pid,)).fetchone()[0] == point,
                "vacuum to be half done")
            try:
                got += conn.execute("FETCH ALL FROM c").fetchall()
            finally:
                other.execute(f"SELECT injection_points_detach('{point}')")
                other.execute(f"SELECT injection_points_wakeup('{point}')")
                thread.join()
            conn.execute("COMMIT")
            ids = {i for i, in got}
            assert len(ids) == len(got), (order, len(got), len(ids))
            assert all(i % 3 == 0 for i in ids), order
            assert len(ids) >= 10, (order, len(ids))
            check(conn, "t")
            conn.execute("DROP TABLE t")


def in_threads(count, work):
    failed = []

    def one(number):
        try:
            with server.connect() as conn:
                work(conn, number)
        except psycopg.Error as e:
            failed.append(e)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def test_insert(t):
    """All operator classes at once: each row goes into each index."""
    queries = [t.random_value() for _ in range(QUERIES)]
    values = [t.random_value() for _ in range(EACH * INSERTERS)]

    def insert(conn, number):
        for i in range(number * EACH, (number + 1) * EACH):
            conn.execute(f"INSERT INTO t VALUES (%s, %s::{t.name}({t.dims}))",
                         (i, values[i]))

    with server.connect() as conn:
        load(conn, "t", t, 0)
        for opclass, _ in t.opclasses:
            conn.execute(f"CREATE INDEX t_{opclass} ON t USING hnsw "
                         f"(v {t.name}_{opclass}_ops)")
        in_threads(INSERTERS, insert)
        check(conn, "t")
        for opclass, op in t.opclasses:
            exact = ask_exact(conn, "t", op, queries)
            value = recall(conn, "t", op, queries, exact, t.ef)
            assert value >= least(t, opclass), (opclass, value)
        conn.execute("DROP TABLE t")


def test_vacuum(t):
    """Three of four rows go: m = 4, ef_construction = 8, as pgvector's tests
    014, 022, 026 and 030."""
    bit = t.name == "bit"
    dims = 52 if bit else 3
    opclass, op = t.opclasses[0]
    queries = [t.plain(dims) for _ in range(QUERIES)]
    with server.connect() as conn:
        load(conn, "t", t, VACUUM_ROWS, dims, t.plain)
        conn.execute(f"CREATE INDEX ON t USING hnsw (v {t.name}_{opclass}_ops) "
                     "WITH (m = 4, ef_construction = 8)")
        conn.execute(f"DELETE FROM t WHERE i >= {VACUUM_ROWS // 4}")
        exact = ask_exact(conn, "t", op, queries)
        for ef, bound in ((100, 0.35),) if bit else ((20, 0.18), (100, 0.93)):
            value = recall(conn, "t", op, queries, exact, ef)
            assert value >= bound, ("before", ef, value)
        conn.execute("VACUUM t")
        value = recall(conn, "t", op, queries, exact, 100 if bit else 20)
        assert value >= (0.80 if bit else 0.95), ("after", value)
        check(conn, "t")
        conn.execute("DROP TABLE t")


def test_wear(t):
    """A tenth of the rows goes, and again, until half are gone; with so little
    memory that short lists are filled in several batches."""
    opclass, op = t.opclasses[0]
    queries = [t.random_value() for _ in range(QUERIES)]
    with server.connect() as conn:
        load(conn, "t", t, ROWS)
        conn.execute(f"CREATE INDEX ON t USING hnsw (v {t.name}_{opclass}_ops)")
        conn.execute("SET maintenance_work_mem = '1MB'")
        for digit in range(5):
            conn.execute(f"DELETE FROM t WHERE i % 10 = {digit}")
            conn.execute("VACUUM t")
            check(conn, "t")
        exact = ask_exact(conn, "t", op, queries)
        value = recall(conn, "t", op, queries, exact, t.ef)
        assert value >= least(t, opclass), value
        conn.execute("DROP TABLE t")


def size(conn, index):
    return conn.execute("SELECT pg_relation_size(%s::regclass)",
                        (index,)).fetchone()[0]


def test_space(t):
    """All rows go and come again: the index has its places for them."""
    opclass, op = t.opclasses[0]
    with server.connect() as conn:
        load(conn, "t", t, ROWS // 4)
        conn.execute("DROP TABLE IF EXISTS kept")
        conn.execute(f"CREATE TABLE kept (i integer, v {t.name}({t.dims}))")
        conn.execute("INSERT INTO kept SELECT * FROM t")
        conn.execute(f"CREATE INDEX t_v ON t USING hnsw "
                     f"(v {t.name}_{opclass}_ops)")
        before = size(conn, "t_v")
        conn.execute("DELETE FROM t")
        conn.execute("VACUUM t")
        check(conn, "t")
        conn.execute("INSERT INTO t SELECT * FROM kept")
        check(conn, "t")
        after = size(conn, "t_v")
        # Levels are drawn anew, and an element of a higher one takes 400 bytes
        # that nobody has left: of 500 rows the numbers of such elements
        # differ by 41, two pages, once in ten million times.
        assert after <= before * 1.02 + 2 * 8192, (before, after)
        conn.execute("DROP TABLE t, kept")


def test_duplicates(t):
    opclass, op = t.opclasses[0]

    def ten(conn):
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.iterative_scan = off")
        conn.execute("SET hnsw.ef_search = 1")
        return len(conn.execute(f"SELECT * FROM t ORDER BY v {op} "
                                f"'{t.same}'").fetchall())

    def insert(conn, number=0, count=100):
        for _ in range(count):
            conn.execute(f"INSERT INTO t VALUES ('{t.same}')")

    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute(f"CREATE TABLE t (v {t.name}({t.narrow}))")
        insert(conn, count=20)
        conn.execute(f"CREATE INDEX ON t USING hnsw "
                     f"(v {t.name}_{opclass}_ops)")
        assert ten(conn) == 10, ten(conn)
        conn.execute("TRUNCATE t")
        insert(conn, count=20)
        assert ten(conn) == 10, ten(conn)
        in_threads(5, insert)
        check(conn, "t")
        conn.execute("DROP TABLE t")


def test_overflow():
    """Distances that are infinite, or no number at all, as infinity less
    infinity: such rows are last, as ORDER BY has them, and hide no others."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(2))")
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_ip_ops)")
        conn.execute("CREATE INDEX ON t USING hnsw (v vector_l2_ops)")
        conn.execute("INSERT INTO t SELECT g, array[g, 0]::vector "
                     "FROM generate_series(1, 100) g")
        conn.execute("INSERT INTO t VALUES (1000, '[3e38,3e38]'), "
                     "(1001, '[3e38,-3e38]'), (1002, '[-3e38,3e38]')")
        for rebuild in (False, True):
            if rebuild:
                conn.execute("REINDEX TABLE t")
            conn.execute("SET enable_seqscan = off")
            conn.execute("SET hnsw.ef_search = 200")
            for op, first, last in (("<#>", [1001, 100, 99], {1000, 1002}),
                                    ("<->", [3, 2, 4], {1000, 1001, 1002})):
                got = [i for i, in conn.execute(
                    f"SELECT i FROM t ORDER BY v {op} '[3,-3]'").fetchall()]
                assert len(got) == len(set(got)) == 103, len(got)
                assert got[0] == first[0], (op, got[:5])
                assert set(got[:3]) == set(first), (op, got[:5])
                assert set(got[-len(last):]) == last, (op, got[-5:])
            check(conn, "t")
        conn.execute("DROP TABLE t")


def test_wide():
    """As many dimensions as make a page of each element, from many sessions at
    once: none is lost (test 016)."""
    dims = 1900
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute(f"CREATE TABLE t (v vector({dims}))")
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.iterative_scan = off")

        def insert(rows, times):
            def work(session, number):
                for _ in range(times):
                    session.execute(
                        "INSERT INTO t SELECT (SELECT array_agg(random()) FROM "
                        f"generate_series(1, {dims}) WHERE g = g)::vector FROM "
                        f"generate_series(1, {rows}) g")
            return work

        def found():
            return len(conn.execute(
                "SELECT 1 FROM t ORDER BY v <-> (SELECT v FROM t LIMIT 1)"
            ).fetchall())
        for _ in range(5):
            in_threads(10, insert(1, 1))
            assert found() == 10, found()
            conn.execute("TRUNCATE t")
        in_threads(20, insert(10, 5))
        conn.execute("SET hnsw.ef_search = 1000")
        assert found() >= 997, found()
        check(conn, "t")
        conn.execute("DROP TABLE t")


def test_sizes(seed):
    """Sparse vectors of all sizes: a deleted place takes what fits, and what
    is smaller leaves room that must not be lost for good."""
    dims = 100000
    rng.seed(seed)

    def row(i):
        places = sorted(rng.sample(range(1, dims + 1), rng.randrange(100)))
        return i, sparse([(p, rng.random() + 0.001) for p in places], dims)

    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute(f"CREATE TABLE t (i integer, v sparsevec({dims}))")
        for opclass in ("l2", "ip", "cosine", "l1"):
            conn.execute(f"CREATE INDEX ON t USING hnsw "
                         f"(v sparsevec_{opclass}_ops)")
        for step in range(3):
            with conn.cursor().copy("COPY t FROM STDIN") as copy:
                for i in range(100):
                    copy.write_row(row(i))
            check(conn, "t")
            conn.execute("DELETE FROM t WHERE i % 2 = 0")
            conn.execute("VACUUM t")
            check(conn, "t")
        conn.execute("REINDEX TABLE t")
        check(conn, "t")
        # values of other sizes than those of the build find their rows
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.ef_search = 200")
        for i, v in conn.execute("SELECT i, v::text FROM t").fetchall():
            got = conn.execute("SELECT v::text FROM t ORDER BY v <-> %s "
                               "LIMIT 1", (v,)).fetchone()[0]
            assert got == v, (i, v, got)
        conn.execute("DROP TABLE t")


def test_sparse_builds():
    """An arena with values of all sizes is used to its end, and in parallel."""
    dims = 5000
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute(f"CREATE TABLE t (i integer, v sparsevec({dims}))")
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(3000):
                # every tenth one is a duplicate of another one
                if i % 10 != 9 or i < 20:
                    count = rng.choice((8, 12, 16, 24))
                    places = sorted(rng.sample(range(1, 25), count))
                    value = sparse([(p, rng.random()) for p in places], dims)
                copy.write_row((i, value))
        rows = conn.execute("SELECT v::text FROM t WHERE i % 100 = 0").fetchall()
        conn.execute("SET hnsw.build_spill = page_inserts")
        for workers, memory, full in ((0, "64MB", False), (2, "64MB", False),
                                      (0, "1MB", True), (2, "5MB", True),
                                      (0, "1MB", None), (2, "5MB", None)):
            if full is None:
                conn.execute("SET hnsw.build_spill = pack")
            notices.clear()
            conn.execute(f"ALTER TABLE t SET (parallel_workers = {workers})")
            conn.execute(f"SET maintenance_work_mem = '{memory}'")
            conn.execute("CREATE INDEX t_v ON t USING hnsw "
                         "(v sparsevec_l2_ops)")
            if full is not None:
                assert full == any("no longer fits" in n
                                   for n in notices), notices
            check(conn, "t")
            conn.execute("SET enable_seqscan = off")
            conn.execute("SET hnsw.ef_search = 100")
            lost = 0
            for v, in rows:
                got = conn.execute("SELECT v::text FROM t ORDER BY v <-> %s "
                                   "LIMIT 1", (v,)).fetchone()[0]
                lost += got != v
            conn.execute("RESET enable_seqscan")
            assert lost <= len(rows) // 15, (lost, workers, memory)
            conn.execute("DROP INDEX t_v")
        conn.execute("DROP TABLE t")


def test_crash():
    """Kill the server between changes of every index; replay makes them whole.
    """
    with server.connect() as conn:
        for t in TYPES:
            load(conn, f"crash_{t.name}", t, 200)
            for opclass, _ in t.opclasses:
                conn.execute(f"CREATE INDEX crash_{t.name}_{opclass} ON "
                             f"crash_{t.name} USING hnsw "
                             f"(v {t.name}_{opclass}_ops)")
        conn.execute("CHECKPOINT")
        for t in TYPES:
            table = f"crash_{t.name}"
            conn.execute(f"DELETE FROM {table} WHERE i < 80")
            conn.execute(f"VACUUM {table}")
            for i in range(200, 240):
                conn.execute(f"INSERT INTO {table} VALUES "
                             f"({i}, '{t.random_value()}')")
        # what comes before it is on disk when this commit is
        conn.execute("SET synchronous_commit = on")
        conn.execute("CREATE TABLE last ()")
    pid = server.postmaster_pid()
    server.expect("was terminated by signal 9", "not properly shut down")
    others = [p for p in server.processes() if p != pid]
    os.kill(pid, signal.SIGKILL)
    for process in others:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it saw the end of the postmaster
    wait_for(lambda: not server.processes(), "the end of all processes")
    server.start()
    with server.connect() as conn:
        for t in TYPES:
            table = f"crash_{t.name}"
            check(conn, table)
            conn.execute("SET enable_seqscan = off")
            conn.execute("SET hnsw.iterative_scan = off")
            conn.execute("SET hnsw.ef_search = 400")
            for _, op in t.opclasses:
                got = conn.execute(f"SELECT count(*) FROM (SELECT i FROM "
                                   f"{table} ORDER BY v {op} %s) x",
                                   (t.random_value(),)).fetchone()[0]
                assert got == 160, (table, op, got)
            conn.execute(f"REINDEX TABLE {table}")
            check(conn, table)


def run(*args):
    return subprocess.run(args, check=True, capture_output=True,
                          text=True).stdout


# as wide as an index takes; stored out of line
WIDE = {"vector": (2000, lambda n: dense(numbers(n))),
        "halfvec": (4000, lambda n: dense(numbers(n))),
        "sparsevec": (5000, lambda n: sparse(
            list(zip(sorted(rng.sample(range(1, n + 1), 1000)),
                     (0.1 + rng.random() for _ in range(1000)))), n)),
        "bit": (64000, bits)}


def fill_wide(conn, t):
    """Values of the largest size: rows come, go, and come again."""
    dims, value = WIDE[t.name]
    table = f"wide_{t.name}"
    conn.execute(f"CREATE TABLE {table} (i integer, v {t.name}({dims}))")
    conn.execute(f"CREATE INDEX {table}_v ON {table} USING hnsw "
                 f"(v {t.name}_{t.opclasses[0][0]}_ops)")
    for i in range(60):
        conn.execute(f"INSERT INTO {table} VALUES (%s, %s::text::{t.name}({dims}))",
                     (i, value(dims)))
        if i == 30:
            conn.execute(f"DELETE FROM {table} WHERE i % 3 = 0")
            conn.execute(f"VACUUM (INDEX_CLEANUP on) {table}")
    conn.execute(f"UPDATE {table} SET i = -i WHERE i % 5 = 1")
    check(conn, table)


def test_files():
    """Heap, TOAST relation and index of each type, read by PostgreSQL's tools.
    """
    with server.connect() as conn:
        for t in TYPES:
            fill_wide(conn, t)
        files = conn.execute(
            "SELECT c.relname, c.relkind, pg_relation_filepath(c.oid) "
            "FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN "
            "('r', 't', 'i') AND pg_relation_size(c.oid) > 0").fetchall()
        toasted = [r[0] for r in conn.execute(
            "SELECT t.relname FROM pg_class c JOIN pg_class t "
            "ON c.reltoastrelid = t.oid WHERE c.relname LIKE 'wide%'")]
    names = {name for name, _, _ in files}
    assert {f"{kind}_{t}" for t in TYPES for kind in ("crash", "wide")} <= names
    assert len(toasted) == len(TYPES) and set(toasted) <= names, toasted
    assert len([n for n in names if n.startswith("crash_")]) >= 18, names
    server.stop()
    out = run(PGBIN + "pg_checksums", "--check", "-D", server.data)
    assert re.search(r"Bad checksums: +0", out), out
    for name, kind, file in files:
        options = ["-k"] if kind == "i" else ["-i", "-k"]
        out = run("pg_filedump", *options, os.path.join(server.data, file))
        assert "checksum failure" not in out, (name, out[:400])
        assert "Error" not in out or kind == "i", (
            name, out[out.index("Error"):][:200])
        assert re.search(r"Block +0 ", out), (name, out[:400])
        if kind != "i":
            assert "XMIN" in out, (name, out[:400])


server.start()
with server.connect() as setup:
    setup.execute("CREATE EXTENSION vector")
for each_type in TYPES:
    for test in (test_build, test_insert, test_vacuum, test_wear, test_space,
                 test_duplicates, test_iterative, test_iterative_vacuum):
        suite.run(test, each_type)
suite.run(test_iterative_budget)
suite.run(test_iterative_held)
suite.run(test_iterative_half_marked)
suite.run(test_overflow)
suite.run(test_wide)
for seed in range(6):
    suite.run(test_sizes, seed)
suite.run(test_sparse_builds)
suite.run(test_crash)
suite.run(test_files)
suite.finish(server)
