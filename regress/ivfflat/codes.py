"""Scans of ivfflat by codes give what scans of its pages give, in that order.

Story: tables of many kinds of values are indexed, and each query is asked twice,
with the index cache, where codes of the rows are, and without: the same rows
must come in the same order, ties included, however many are asked for.  So after
inserts, deletes, vacuum, REINDEX, TRUNCATE and a crash, with few buffers and with
few chunks of the cache; while pages change between the steps of a scan, which is
held there; and while sessions insert, delete and vacuum all the time.  Whoever
writes codes is killed in the middle of it.  tusk_check compares codes with pages.

The dangers: a bound above the distance, and a row is missing; codes of a page
that has changed, or of another one; a row that comes twice or never because its
page changed between its bound and its distance.
"""
import os
import random
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import (Server, Suite, in_background, seeded,  # noqa: E402
                     wait_for)

rng = seeded(9)
server = Server(shared_buffers="32MB", index_cache_size="16MB",
                autovacuum="off", synchronous_commit="off")
suite = Suite()

DIMS = 32
ROWS = 1500
LISTS = 6
OPERATORS = {"l2": "<->", "ip": "<#>", "cosine": "<=>"}
READ, AGAIN = "ivfflat-read-codes", "ivfflat-exact-again"

# the number of dimension d of row n; r is random
KINDS = {
    "random": "r - 0.5",
    "integers": "floor(r * 219)",
    "clustered": "(n % 5) * 10 + r * 0.001",
    "far from zero": "1000 + r * 0.001",
    "constant": "7",
    "constant rows": "(n + 0 * d) % 9",
    "ties": "floor(r * 2)",
    "huge": "(r - 0.5) * 6e38",
    "great": "(r - 0.5) * 3e12",
    "small": "(r - 0.5) * 1e-20",
    "denormal": "CASE WHEN r < 0.5 THEN 3e-42 ELSE 1e-44 END",
    "one large": "CASE WHEN d = n % 7 THEN 60000 ELSE r * 0.01 END",
}


def numbers(kind):
    """A row's array; n is its number."""
    return (f"(SELECT array_agg(({KINDS[kind]})::real) FROM "
            "(SELECT d, random() + 0 * n AS r FROM "
            "generate_series(1, {dims}) d) s)")


def value(kind, dims, name):
    cast = f"::vector({dims})"
    return (numbers(kind).format(dims=dims) + cast
            + (f"::{name}({dims})" if name != "vector" else ""))


def make(conn, kind="random", name="vector", opclass="l2", dims=DIMS,
         rows=ROWS, table="t", lists=LISTS):
    conn.execute(f"DROP TABLE IF EXISTS {table}")
    conn.execute(f"CREATE TABLE {table} (i integer, v {name}({dims}))")
    add(conn, 1, rows, kind, name, dims, table)
    conn.execute(f"CREATE INDEX {table}_v ON {table} USING ivfflat "
                 f"(v {name}_{opclass}_ops) WITH (lists = {lists})")


def add(conn, first, last, kind="random", name="vector", dims=DIMS, table="t"):
    conn.execute(f"INSERT INTO {table} SELECT n, {value(kind, dims, name)} "
                 f"FROM generate_series({first}, {last}) n")


def session():
    conn = server.connect()
    conn.prepare_threshold = None
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET client_min_messages = notice")
    conn.execute("SELECT setseed(%s)", (rng.random(),))
    return conn


def queries(conn, n=3, table="t"):
    """Values of rows, and what is near none."""
    found = [r[0] for r in conn.execute(
        f"SELECT v::text FROM {table} WHERE i % 97 = 5 LIMIT {n}").fetchall()]
    dims = conn.execute(f"SELECT vector_dims(v::vector) FROM {table} LIMIT 1"
                        ).fetchone()[0]
    return found + ["[" + ",".join(str(d % 3) for d in range(dims)) + "]"]


def ask(conn, query, op="<->", limit=10, table="t", columns="i"):
    return conn.execute(f"SELECT {columns} FROM {table} ORDER BY v {op} "
                        f"'{query}' LIMIT {limit}").fetchall()


def both(conn, query, op="<->", limit=10, table="t"):
    """Twice with the cache: the first may be what fills it."""
    conn.execute("SET enable_index_cache = on")
    first = ask(conn, query, op, limit, table)
    second = ask(conn, query, op, limit, table)
    conn.execute("SET enable_index_cache = off")
    plain = ask(conn, query, op, limit, table)
    conn.execute("RESET enable_index_cache")
    assert first == second == plain, (query[:60], op, limit, first[:12],
                                      second[:12], plain[:12])
    return plain


def compare(conn, op="<->", table="t", limits=(10, 150, 100000),
            probes=(2, LISTS)):
    for probe in probes:
        conn.execute(f"SET ivfflat.probes = {probe}")
        for query in queries(conn, table=table):
            for limit in limits:
                both(conn, query, op, limit, table)
    check(conn, table)


def check(conn, table="t"):
    found = conn.execute(f"SELECT * FROM tusk_check('{table}')").fetchall()
    assert found == [], found[:5]


def cached(table="t"):
    """Bytes of its codes, None: it is not there."""
    found = server.query(
        "SELECT bytes FROM tusk_index_cache WHERE relfilenode = (SELECT "
        "relfilenode FROM pg_class WHERE relname = %s)", (table + "_v",))
    return found[0][0] if found else None


def arm(point, action):
    server.query("SELECT injection_points_attach(%s, %s)", (point, action))


def disarm(point):
    server.query("SELECT injection_points_detach(%s)", (point,))


class Seen:
    """How often a session comes by a point."""

    def __init__(self, conn):
        self.said = []
        conn.add_notice_handler(lambda d: self.said.append(d.message_primary))

    def count(self, point, act):
        self.said.clear()
        arm(point, "notice")
        try:
            act()
        finally:
            disarm(point)
        return sum(point in s for s in self.said)


def test_same(kind, name="vector"):
    """Each kind of values, each operator class."""
    with session() as conn:
        dims = DIMS if name == "vector" else 128
        if name == "halfvec" and kind in ("huge", "great"):
            return
        for opclass, op in OPERATORS.items():
            make(conn, kind, name, opclass, dims,
                 rows=ROWS if name == "vector" else 600)
            compare(conn, op, limits=(1, 10, 100000), probes=(1, LISTS))
            assert cached() > 0, cached()


def test_dimensions():
    """Of one number there are no codes, of two thousand a row has a page."""
    with session() as conn:
        seen = Seen(conn)
        for dims, coded in ((1, False), (16, True), (17, True), (100, True),
                            (2000, True)):
            for opclass, op in OPERATORS.items():
                if dims == 1 and opclass != "l2":
                    continue
                make(conn, opclass=opclass, dims=dims, rows=300)
                compare(conn, op, probes=(LISTS,))
                assert (cached() is not None) == coded, (dims, cached())
                query = queries(conn, 1)[0]
                n = seen.count(READ, lambda: ask(conn, query, op))
                assert (n > 0) == coded, (dims, n)


def test_few_are_read():
    """The point of it: distances of few rows are computed."""
    with session() as conn:
        make(conn, "integers", dims=128, rows=3000)
        conn.execute(f"SET ivfflat.probes = {LISTS}")
        seen = Seen(conn)
        for query in queries(conn):
            both(conn, query)
            n = seen.count("ivfflat-exact-row", lambda: ask(conn, query))
            assert 10 <= n < 100, n
            # of all rows each is read, but no more than once
            n = seen.count("ivfflat-exact-row",
                           lambda: ask(conn, query, limit=5000))
            assert n == 3000, n


def test_changes():
    """Rows come and go; pages are read again when they have changed."""
    with session() as conn:
        for name in ("vector", "halfvec"):
            dims = DIMS if name == "vector" else 128
            make(conn, name=name, dims=dims, rows=800)
            compare(conn)
            add(conn, 10000, 10400, name=name, dims=dims)
            compare(conn)
            conn.execute("DELETE FROM t WHERE i % 3 = 0")
            compare(conn)
            conn.execute("VACUUM t")
            compare(conn)
            add(conn, 20000, 20400, "ties", name=name, dims=dims)
            compare(conn)
            conn.execute("UPDATE t SET v = (SELECT v FROM t LIMIT 1) "
                         "WHERE i % 5 = 0")
            conn.execute("VACUUM t")
            compare(conn)
            conn.execute("REINDEX INDEX t_v")
            compare(conn)
            conn.execute("TRUNCATE t")
            add(conn, 1, 300, name=name, dims=dims)
            compare(conn)
            with conn.transaction():
                conn.execute("TRUNCATE t")
                add(conn, 1, 400, name=name, dims=dims)
                ask(conn, queries(conn)[0])
            compare(conn)


def test_mixed():
    """Equal rows on pages of which one is read itself, as rows came into it,
    and the others by their codes."""
    with session() as conn:
        make(conn, "constant rows", rows=1500, lists=2)
        conn.execute("SET ivfflat.probes = 2")
        conn.execute("DELETE FROM t WHERE i < 200")
        conn.execute("VACUUM t")
        for n in range(12):
            # not of any row: bounds are below their distances
            query = "[" + ",".join(f"{n + d % 3 / 7:.3f}"
                                   for d in range(DIMS)) + "]"
            ask(conn, query)
            add(conn, 10000 + 10 * n, 10005 + 10 * n, "constant rows")
            both(conn, query, limit=(10, 40, 150, 400)[n % 4])
        compare(conn)


def test_buffers():
    """EXPLAIN (ANALYZE, BUFFERS) counts as many pages, from codes or not."""
    with session() as conn:
        make(conn, dims=128, rows=2000)
        conn.execute("SET ivfflat.probes = 3")
        query = queries(conn)[0]

        def hit(cache):
            conn.execute(f"SET enable_index_cache = {cache}")
            plan = conn.execute(
                "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT i FROM t "
                f"ORDER BY v <-> '{query}' LIMIT 10").fetchone()[0][0]["Plan"]
            return plan["Shared Hit Blocks"], plan["Shared Read Blocks"]
        hit("on")
        hit("on")
        assert hit("on") == hit("off"), (hit("on"), hit("off"))
        assert hit("on")[0] > 40, hit("on")


def test_iterative_and_filters():
    """Batch after batch, and rows that a condition leaves out."""
    with session() as conn:
        make(conn, "ties", rows=3000)
        conn.execute("SET ivfflat.iterative_scan = relaxed_order")
        for where, limit in (("i % 50 = 3", 30), ("i % 7 = 3", 200),
                             ("true", 2500)):
            for query in queries(conn):
                sql = (f"SELECT i FROM t WHERE {where} ORDER BY v <-> "
                       f"'{query}' LIMIT {limit}")
                found = []
                for cache in ("on", "on", "off"):
                    conn.execute(f"SET enable_index_cache = {cache}")
                    found.append(conn.execute(sql).fetchall())
                assert found[0] == found[1] == found[2], (where, found)
                assert len(found[0]) >= min(limit, 3000 // 50), len(found[0])
        # many runs of one scan
        sql = ("SELECT a.i, array(SELECT t.i FROM t ORDER BY t.v <-> a.v "
               "LIMIT 5) FROM t a WHERE a.i < 60 ORDER BY a.i")
        found = []
        for cache in ("on", "off"):
            conn.execute(f"SET enable_index_cache = {cache}")
            found.append(conn.execute(sql).fetchall())
        assert found[0] == found[1]


def test_spill():
    """More rows than work_mem holds: bounds become distances for the sort."""
    with session() as conn:
        make(conn, "ties", rows=6000, dims=20)
        conn.execute(f"SET ivfflat.probes = {LISTS}")
        query = queries(conn)[0]
        whole = both(conn, query, limit=6000)
        assert len(whole) == 6000
        conn.execute("SET work_mem = '64kB'")
        seen = Seen(conn)
        assert seen.count("ivfflat-scan-spill",
                          lambda: ask(conn, query, limit=6000)) == 1
        assert both(conn, query, limit=6000) == whole
        assert both(conn, query, limit=20) == whole[:20]


def test_codes_that_say_nothing():
    """Values far from zero and near to each other: codes are given up after a
    while, and tried again when the index is another."""
    with session() as conn:
        make(conn, "far from zero", dims=64, rows=4000)
        conn.execute(f"SET ivfflat.probes = {LISTS}")
        seen = Seen(conn)
        query = queries(conn)[0]
        plain = both(conn, query)
        assert seen.count("ivfflat-exact-rest",
                          lambda: ask(conn, query)) == 1
        for _ in range(100):
            assert ask(conn, query) == plain
        assert seen.count(READ, lambda: ask(conn, query)) == 0
        conn.execute("REINDEX INDEX t_v")
        ask(conn, query)
        assert seen.count(READ, lambda: ask(conn, query)) > 0


CHANGES = (
    ("rows come", "INSERT INTO t SELECT 50000 + i, v FROM t"),
    ("dead rows go", "VACUUM t"),
    ("dead rows go, and others come in their place",
     "VACUUM t; INSERT INTO t SELECT 50000 + i, v FROM t"),
    ("the index cache is emptied", None),
)


def held(conn, other, point, nth, sql, change):
    """sql waits at the point while change is made; what it gave."""
    arm(point, f"wait,nth={nth},times=1")
    found = []
    failed = []

    def run():
        try:
            found.extend(conn.execute(sql).fetchall())
        except psycopg.Error as e:
            failed.append(e)
    thread = threading.Thread(target=run)
    thread.start()
    try:
        wait_for(lambda: not thread.is_alive() or server.query(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
            (point,)) == [(1,)], f"a scan at {point}")
        assert thread.is_alive(), (point, failed)
        change(other)
        # and their codes are written anew
        ask(other, queries(other)[0])
    finally:
        server.query("SELECT injection_points_wakeup(%s)", (point,))
        thread.join()
        disarm(point)
    assert not failed, failed
    return found


def do(other, sql):
    for one in (sql or "").split("; "):
        if one:
            other.execute(one)
    if sql is None:
        # eviction: others that are used more
        for name in ("a", "b", "c"):
            make(other, table=name, dims=200, rows=1200)
            for _ in range(6):
                ask(other, queries(other, table=name)[0], table=name)


def test_changed_meanwhile(point):
    """Pages change while a scan stands between two steps: its rows and their
    order are those of its snapshot."""
    server.stop()
    server.start(index_cache_size="1MB" if point == READ else "16MB")
    with session() as conn, session() as other:
        seen = Seen(conn)
        other.execute(f"SET ivfflat.probes = {LISTS}")
        for what, sql in CHANGES:
            for nth in (1, 8):
                if sql is None and (nth > 1 or point != READ):
                    continue
                make(conn, rows=1200)
                conn.execute(f"SET ivfflat.probes = {LISTS}")
                conn.execute("DELETE FROM t WHERE i % 2 = 0")
                query = queries(conn)[0]
                for limit in (25, 5000):
                    # without codes, which are made, or there already
                    conn.execute("REINDEX INDEX t_v")
                    other.execute("SET enable_index_cache = off")
                    plain = ask(other, query, limit=limit)
                    other.execute("RESET enable_index_cache")
                    if point != "ivfflat-codes-publish":
                        # others that were used more have to go first
                        wait_for(lambda: seen.count(point, lambda: ask(
                            conn, query, limit=limit)) >= nth, "codes")
                    found = held(conn, other, point, nth,
                                 f"SELECT i FROM t ORDER BY v <-> '{query}' "
                                 f"LIMIT {limit}", lambda o: do(o, sql))
                    assert found == plain, (what, point, nth, limit)
                    conn.execute("DELETE FROM t WHERE i >= 50000")
                    conn.execute("VACUUM t")
                    compare(conn, limits=(10, 3000), probes=(LISTS,))
        for name in ("a", "b", "c"):
            conn.execute(f"DROP TABLE IF EXISTS {name}")


def test_cursors():
    """Of a cursor some rows are fetched, then pages change, then the rest: the
    rows of the snapshot, in their order, each once."""
    with session() as conn, session() as other:
        for what, sql in CHANGES[:3]:
            make(conn, rows=1200)
            conn.execute(f"SET ivfflat.probes = {LISTS}")
            conn.execute("DELETE FROM t WHERE i % 2 = 0")
            query = queries(conn)[0]
            whole = both(conn, query, limit=5000)
            seen = Seen(conn)
            conn.execute("BEGIN")
            conn.execute("DECLARE c CURSOR FOR SELECT i FROM t ORDER BY "
                         f"v <-> '{query}'")
            found = conn.execute("FETCH 7 FROM c").fetchall()
            do(other, sql)
            n = seen.count(AGAIN, lambda: found.extend(
                conn.execute("FETCH 20 FROM c").fetchall()))
            found += conn.execute("FETCH 5000 FROM c").fetchall()
            conn.execute("COMMIT")
            assert found == whole, (what, len(found), len(whole))
            assert n > 0, what


def test_few_buffers():
    """The index is larger than the pool: pages leave it, and come again
    elsewhere, between one scan and the next, and within one."""
    server.stop()
    server.start(shared_buffers="1MB")
    with session() as conn:
        make(conn, dims=128, rows=3000)
        for _ in range(3):
            compare(conn, limits=(10, 4000))
        conn.execute(f"SET ivfflat.probes = {LISTS}")
        query = queries(conn)[0]
        whole = both(conn, query, limit=4000)
        conn.execute("BEGIN")
        conn.execute("DECLARE c CURSOR FOR SELECT i FROM t ORDER BY "
                     f"v <-> '{query}'")
        found = conn.execute("FETCH 5 FROM c").fetchall()
        with session() as other:
            other.execute("SET enable_indexscan = off")
            other.execute("SELECT sum(i) FROM t").fetchall()
            other.execute("SET enable_indexscan = on")
            ask(other, queries(other)[1], limit=4000)
        found += conn.execute("FETCH 4000 FROM c").fetchall()
        conn.execute("COMMIT")
        assert found == whole
    server.stop()
    server.start()


def test_room():
    """No region, one that is too small, one for one of two indexes, one that an
    index grows out of."""
    for size, fits in (("0", False), ("128kB", False), ("384kB", True)):
        server.stop()
        server.start(index_cache_size=size)
        with session() as conn:
            make(conn, rows=2000 if fits else 6000, dims=64)
            compare(conn, limits=(10, 3000))
            assert (cached() is not None) == fits, (size, cached())
            if not fits:
                continue
            make(conn, rows=2000, dims=64, table="u")
            for _ in range(80):
                ask(conn, queries(conn, table="u")[0], table="u")
            assert cached("u") is not None
            assert cached() is None
            compare(conn, limits=(10, 3000))
            compare(conn, limits=(10, 3000), table="u")
            # it grows: the new pages have no room, and no codes
            add(conn, 50000, 56000, dims=64, table="u")
            compare(conn, limits=(10, 10000), table="u")
            conn.execute("DROP TABLE u")
    server.stop()
    server.start()


def crash(sql):
    """In a session of its own, which does not survive it."""
    before = server.lives()
    victim = session()
    victim.execute(f"SET ivfflat.probes = {LISTS}")
    thread, failed = in_background(victim, sql)
    thread.join()
    assert failed, sql
    server.next_life(before)


def test_killed():
    """A SIGKILL while codes are written, made, or looked for: the region is
    empty after it, and what was committed is there, with its codes anew."""
    for point, nth in (("ivfflat-codes-write", 1), ("ivfflat-codes-write", 9),
                       ("ivfflat-codes-publish", 5), ("ivfflat-codes-enter", 1),
                       (READ, 3), ("ivfflat-exact-row", 4)):
        with session() as conn:
            make(conn)
            conn.execute("CHECKPOINT")
            query = queries(conn)[0]
            conn.execute(f"SET ivfflat.probes = {LISTS}")
            if point in (READ, "ivfflat-exact-row"):
                ask(conn, query)
                ask(conn, query)
            conn.execute("SET enable_index_cache = off")
            plain = ask(conn, query)
        arm(point, f"kill,nth={nth}")
        crash(f"SELECT i FROM t ORDER BY v <-> '{query}' LIMIT 10")
        disarm(point)
        assert server.query("SELECT * FROM tusk_index_cache") == []
        with session() as conn:
            conn.execute(f"SET ivfflat.probes = {LISTS}")
            assert both(conn, query) == plain
            compare(conn, limits=(10, 3000))


def test_panic():
    """An ERROR while codes are written cannot be: it is a PANIC."""
    server.expect("ivfflat-codes-write", "PANIC", "signal 6")
    with session() as conn:
        make(conn)
        conn.execute("CHECKPOINT")
        query = queries(conn)[0]
    arm("ivfflat-codes-write", "error,times=1")
    crash(f"SELECT i FROM t ORDER BY v <-> '{query}' LIMIT 10")
    disarm("ivfflat-codes-write")
    with session() as conn:
        compare(conn, limits=(10, 3000))


def test_failing_steps():
    """An ERROR, or a cancel, at the other steps leaves nothing half done."""
    with session() as conn:
        for point in ("ivfflat-codes-enter", "ivfflat-codes-publish", READ,
                      "ivfflat-exact-row", AGAIN, "ivfflat-exact-rest"):
            make(conn, "far from zero" if "rest" in point else "random",
                 dims=64)
            conn.execute(f"SET ivfflat.probes = {LISTS}")
            query = queries(conn)[0]
            if "codes-" not in point or point == READ:
                ask(conn, query)
                ask(conn, query)
            if point == AGAIN:
                conn.execute("BEGIN")
                conn.execute("DECLARE c CURSOR FOR SELECT i FROM t ORDER BY "
                             f"v <-> '{query}'")
                conn.execute("FETCH 1 FROM c")
                with session() as other:
                    add(other, 9000, 9500, dims=64)
            arm(point, "error,times=1")
            try:
                try:
                    if point == AGAIN:
                        conn.execute("FETCH 500 FROM c")
                    else:
                        ask(conn, query)
                    assert False, point
                except psycopg.Error as e:
                    assert point in str(e), e
            finally:
                disarm(point)
                if point == AGAIN:
                    conn.execute("ROLLBACK")
            compare(conn, limits=(10, 3000))


def test_stress():
    """Sessions insert, delete and vacuum; others ask, each in a snapshot of its
    own, with codes and without: always the same answer."""
    with session() as conn:
        make(conn, rows=2000)
        stop = threading.Event()
        failed = []

        def change(me):
            mine = random.Random(me)
            try:
                with session() as own:
                    for n in range(25):
                        first = me * 1000000 + n * 1000
                        add(own, first, first + 60,
                            mine.choice(("random", "ties")))
                        own.execute("DELETE FROM t WHERE i BETWEEN %s AND %s "
                                    "AND i %% 3 > 0",
                                    (first - 2000, first - 1000))
                        if mine.random() < 0.5:
                            own.execute("VACUUM t")
            except BaseException as e:  # noqa: BLE001
                failed.append(e)

        def look(me):
            mine = random.Random(me)
            try:
                with session() as own:
                    own.execute(f"SET ivfflat.probes = {LISTS}")
                    while not failed:
                        own.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
                        query = "[" + ",".join(
                            str(mine.choice((0, 1, 0.3, -0.2)))
                            for _ in range(DIMS)) + "]"
                        for limit in (10, 40, 5000):
                            found = []
                            for cache in ("on", "off", "on"):
                                own.execute(
                                    f"SET LOCAL enable_index_cache = {cache}")
                                # of equal ones any may be first: pages change
                                found.append(ask(
                                    own, query, limit=limit,
                                    columns=f"v <-> '{query}'"))
                            assert found[0] == found[1] == found[2], (
                                limit, len(found[0]), len(found[1]))
                        rows = [r[0] for r in ask(own, query, limit=5000)]
                        assert len(rows) == len(set(rows)) == own.execute(
                            "SELECT count(*) FROM t").fetchone()[0]
                        own.execute("COMMIT")
                        if stop.is_set():
                            break
            except BaseException as e:  # noqa: BLE001
                failed.append(e)
        changers = [threading.Thread(target=change, args=(i,))
                    for i in (1, 2)]
        lookers = [threading.Thread(target=look, args=(i,)) for i in (3, 4)]
        for thread in changers + lookers:
            thread.start()
        for thread in changers:
            thread.join()
        stop.set()
        for thread in lookers:
            thread.join()
        assert not failed, failed[0]
        compare(conn, limits=(10, 10000))
        conn.execute("VACUUM t")
        compare(conn, limits=(10, 10000))


server.start()
server.query("CREATE EXTENSION vector")
try:
    for one in KINDS:
        suite.run(test_same, one)
    for one in ("random", "ties", "small", "one large"):
        suite.run(test_same, one, "halfvec")
    for one in (test_dimensions, test_few_are_read, test_changes, test_mixed,
                test_buffers, test_iterative_and_filters, test_spill,
                test_codes_that_say_nothing, test_cursors, test_failing_steps,
                test_killed, test_panic, test_stress):
        suite.run(one)
    for one in (READ, "ivfflat-exact-row", "ivfflat-codes-publish"):
        suite.run(test_changed_meanwhile, one)
    suite.run(test_few_buffers)
    suite.run(test_room)
finally:
    suite.run(server.stop)
    suite.finish(server)
