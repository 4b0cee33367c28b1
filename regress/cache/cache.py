"""The index cache: what a search finds there is what it finds on pages.

Story: tables of several types are indexed with hnsw and searched with and
without the cache, at quiet moments, in between inserts, equal values, deletes,
vacuums that use places again, REINDEX, TRUNCATE, DROP; then sessions do all of
that at once, while others search, load and evict.  After each the same queries
must give the same rows from the cache and from the pages, and tusk_check, which
compares both item by item, must find nothing.  Loads fail, are cancelled, end
with their session or with the server at a named point; changes end with the
server between a page and its copy.

The danger: a copy that a change has missed gives rows that are gone, or does
not find those that came; a load beside a change keeps the old page for good.

The lists are so short (m = 8) and ef_search so large that both searches find
everything near, so that their results can be compared.
"""
import os
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, in_background, seeded, wait_for  # noqa: E402

rng = seeded(5)
server = Server(shared_buffers="32MB", index_cache_size="16MB",
                autovacuum="off", synchronous_commit="off")
suite = Suite()

DIMS = 24
ROWS = 1500
QUERIES = 12
TYPES = (("vector", "vector_l2_ops", "<->"),
         ("vector", "vector_cosine_ops", "<=>"),
         ("vector", "vector_l1_ops", "<+>"),
         ("halfvec", "halfvec_ip_ops", "<#>"),
         ("bit", "bit_hamming_ops", "<~>"))


def value(kind="vector"):
    if kind == "bit":
        return f"{rng.getrandbits(64):064b}"
    return "[" + ",".join(f"{rng.random():.4f}" for _ in range(DIMS)) + "]"


def column(kind):
    return "bit(64)" if kind == "bit" else f"{kind}({DIMS})"


def fill(conn, name, first, n, kind="vector"):
    with conn.cursor() as cur:
        with cur.copy(f"COPY {name} FROM STDIN") as copy:
            for i in range(first, first + n):
                copy.write_row((i, value(kind)))


def make(conn, name, kind="vector", opclass="vector_l2_ops", rows=ROWS):
    conn.execute(f"DROP TABLE IF EXISTS {name}")
    conn.execute(f"CREATE TABLE {name} (id int, v {column(kind)})")
    fill(conn, name, 0, rows, kind)
    conn.execute(f"CREATE INDEX {name}_v ON {name} USING hnsw (v {opclass}) "
                 "WITH (m = 8, ef_construction = 40)")


def state(name):
    """Of the index of the table in the cache: valid, loading or None."""
    found = server.query(
        "SELECT state FROM tusk_index_cache WHERE relfilenode = (SELECT "
        "relfilenode FROM pg_class WHERE relname = %s)", (name + "_v",))
    return found[0][0] if found else None


def search(conn, name, query, kind="vector", operator="<->", limit=30):
    return conn.execute(
        f"SELECT id, v {operator} '{query}'::{column(kind)} FROM {name} "
        f"ORDER BY v {operator} '{query}'::{column(kind)} LIMIT {limit}"
    ).fetchall()


def session():
    conn = server.connect()
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 300")
    return conn


def same_rows(a, b):
    """Up to ties, and to the last rows, which one of them may have missed."""
    near = {i for i, d in a if d < a[-1][1]}
    far = {i for i, d in b if d < b[-1][1]}
    assert [round(d, 4) for _, d in a] == sorted(round(d, 4) for _, d in a)
    assert len(a) == len(b), (len(a), len(b))
    assert len(near - {i for i, _ in b}) <= 1, (a, b)
    assert len(far - {i for i, _ in a}) <= 1, (a, b)


def compare(name, kind="vector", operator="<->", cached=True, limit=30):
    """Cache and pages; every index page is compared by tusk_check."""
    with session() as conn:
        for _ in range(QUERIES):
            query = value(kind)
            conn.execute("SET enable_index_cache = on")
            a = search(conn, name, query, kind, operator, limit)
            if cached:
                assert state(name) == "valid", state(name)
            conn.execute("SET enable_index_cache = off")
            same_rows(a, search(conn, name, query, kind, operator, limit))
        check(conn, name)


def check(conn, name):
    found = conn.execute(f"SELECT * FROM tusk_check('{name}')").fetchall()
    assert found == [], found[:5]


def arm(point, action):
    server.query("SELECT injection_points_attach(%s, %s)", (point, action))


def disarm(point):
    server.query("SELECT injection_points_detach(%s)", (point,))


def waiting(point, n=1):
    wait_for(lambda: server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
        (point,)) == [(n,)], f"a session at {point}")


def test_changes(kind, opclass, operator):
    """Each change of an index, one after the other."""
    with server.connect() as conn:
        make(conn, "t", kind, opclass)
        assert state("t") is None
        compare("t", kind, operator)
        fill(conn, "t", ROWS, 300, kind)
        compare("t", kind, operator)
        # equal values are rows of one element, of two from the eleventh on
        conn.execute("INSERT INTO t SELECT id + 100000, v FROM t "
                     "WHERE id % 50 = 0")
        conn.execute("INSERT INTO t SELECT 200000 + i, t.v FROM "
                     "generate_series(1, 25) i, (SELECT v FROM t WHERE "
                     "id = 7) t")
        compare("t", kind, operator)
        conn.execute("DELETE FROM t WHERE id % 3 = 0")
        compare("t", kind, operator)
        conn.execute("VACUUM t")
        compare("t", kind, operator)
        size = conn.execute("SELECT pg_relation_size('t_v')").fetchall()
        fill(conn, "t", 10000, 200, kind)
        assert size == conn.execute(
            "SELECT pg_relation_size('t_v')").fetchall()
        compare("t", kind, operator)
        conn.execute("UPDATE t SET v = v WHERE id % 5 = 1")
        conn.execute("DELETE FROM t WHERE id % 5 > 0")
        conn.execute("VACUUM t")
        compare("t", kind, operator)
        assert state("t") == "valid"
        conn.execute("REINDEX INDEX t_v")
        assert state("t") is None
        compare("t", kind, operator)
        conn.execute("DROP TABLE t")
        assert server.query("SELECT * FROM tusk_index_cache") == []


def test_truncate():
    """What is filled again is not searched in the old copy."""
    with session() as conn:
        make(conn, "t")
        compare("t")
        conn.execute("TRUNCATE t")
        assert search(conn, "t", value()) == []
        fill(conn, "t", 0, 100)
        compare("t")
        # in the transaction that made the table it is truncated in place
        conn.execute("BEGIN")
        make(conn, "u")
        assert len(search(conn, "u", value())) == 30
        conn.execute("TRUNCATE u")
        assert search(conn, "u", value()) == []
        fill(conn, "u", 0, 5)
        assert len(search(conn, "u", value())) == 5
        conn.execute("COMMIT")
        compare("u", limit=5)
        conn.execute("DROP TABLE u")


def test_iterative():
    """A scan that goes on misses nothing and finds nothing twice, and its
    order is strict when it is asked for."""
    with session() as conn:
        make(conn, "t")
        compare("t")
        conn.execute("SET hnsw.ef_search = 20")
        for order in ("relaxed_order", "strict_order"):
            conn.execute(f"SET hnsw.iterative_scan = {order}")
            for _ in range(5):
                query = value()
                conn.execute("BEGIN")
                conn.execute("DECLARE c CURSOR FOR SELECT id FROM t ORDER BY "
                             f"v <-> '{query}'")
                seen = conn.execute("FETCH 50 FROM c").fetchall()
                with session() as other:
                    fill(other, "t", 50000, 5)
                    other.execute("DELETE FROM t WHERE id >= 50000")
                seen += conn.execute("FETCH 100 FROM c").fetchall()
                conn.execute("COMMIT")
                assert len(seen) == len(set(seen)) == 150, len(set(seen))
                if order == "relaxed_order":
                    conn.execute("SET hnsw.max_scan_tuples = 1000000")
                    all_rows = conn.execute(
                        f"SELECT id FROM t ORDER BY v <-> '{query}'"
                    ).fetchall()
                    assert len(set(all_rows)) == len(all_rows) == ROWS
                    conn.execute("RESET hnsw.max_scan_tuples")


def test_codes_do_not_tell():
    """Points far from 0 and close together: codes are all the same, the
    result is that of the pages, and after some time nobody tries codes."""
    with session() as conn:
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (id int, v vector(4))")
        conn.execute("INSERT INTO t SELECT i, ARRAY[1000, 500 + "
                     "(i % 40) * 0.001, 7 + (i / 40) * 0.001, 0]::vector "
                     "FROM generate_series(0, 1599) i")
        conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
        conn.execute("SET hnsw.ef_search = 40")
        for i in range(150):
            want = rng.randrange(1600)
            query = f"[1000,{500 + want % 40 * 0.001},{7 + want // 40 * 0.001}"
            found = conn.execute(
                f"SELECT id FROM t ORDER BY v <-> '{query},0]' LIMIT 1"
            ).fetchall()
            assert found == [(want,)], (found, want)
        check(conn, "t")


def test_load_beside_changes():
    """A load stands at a page; what changes then, before and behind it, is
    in the copy when it is complete."""
    with session() as conn, session() as loader:
        make(conn, "t")
        for page in (1, 5, 20):
            conn.execute("REINDEX INDEX t_v")
            arm("hnsw-cache-load", f"wait,nth={page},times=1")
            thread, failed = in_background(
                loader, f"SELECT id FROM t ORDER BY v <-> '{value()}' LIMIT 1")
            try:
                waiting("hnsw-cache-load")
                assert state("t") == "loading"
                # others do not wait for it
                assert len(search(conn, "t", value())) == 30
                fill(conn, "t", 20000, 200)
                conn.execute(f"DELETE FROM t WHERE id % 7 = {page % 7}")
                conn.execute("VACUUM t")
                fill(conn, "t", 30000, 100)
                assert state("t") == "loading"
            finally:
                server.query(
                    "SELECT injection_points_wakeup('hnsw-cache-load')")
                thread.join()
                disarm("hnsw-cache-load")
            assert not failed, failed
            compare("t")


def test_load_fails():
    """An error, a cancel, the end of the session: nothing is left, and the
    next search loads."""
    with session() as conn:
        make(conn, "t")
    for end in ("error", "cancel", "terminate", "fatal", "error-at-end"):
        point = ("hnsw-cache-loaded" if end == "error-at-end"
                 else "hnsw-cache-load")
        loader = session()
        pid = loader.info.backend_pid
        wait = end in ("cancel", "terminate")
        action = "wait" if wait else end.split("-")[0]
        nth = "" if end == "error-at-end" else ",nth=3"
        arm(point, f"{action}{nth},times=1")
        thread, failed = in_background(
            loader, f"SELECT id FROM t ORDER BY v <-> '{value()}' LIMIT 1")
        if wait:
            waiting(point)
            assert state("t") == "loading"
            function = {"cancel": "pg_cancel_backend",
                        "terminate": "pg_terminate_backend"}[end]
            server.query(f"SELECT {function}({pid})")
        thread.join()
        assert failed, end
        disarm(point)
        wait_for(lambda: state("t") is None, "the end of the entry")
        loader.close()
    compare("t")


def crash(sql):
    """In a session of its own, which does not survive it."""
    before = server.lives()
    victim = session()
    thread, failed = in_background(victim, sql)
    thread.join()
    assert failed, sql
    server.next_life(before)


def test_kill():
    """A SIGKILL in a load and between a page and its copy: after the reset
    the region is empty, and what was committed is there."""
    for point, sql in (
            ("hnsw-cache-load",
             f"SELECT id FROM t ORDER BY v <-> '{value()}' LIMIT 1"),
            ("hnsw-cache-change", f"INSERT INTO t VALUES (1, '{value()}')"),
            ("hnsw-cache-change", "VACUUM t")):
        with session() as conn:
            make(conn, "t")
            conn.execute("DELETE FROM t WHERE id % 4 = 0")
            conn.execute("CHECKPOINT")
            if point == "hnsw-cache-change":
                search(conn, "t", value())
                assert state("t") == "valid"
        rows = server.query("SELECT count(*) FROM t")
        arm(point, "kill,nth=3")
        crash(sql)
        disarm(point)
        assert server.query("SELECT count(*) FROM t") == rows
        assert server.query("SELECT * FROM tusk_index_cache") == []
        with session() as conn:
            conn.execute("VACUUM t")
        compare("t")


def test_panic():
    """An ERROR between a page and its copy cannot be: it is a PANIC."""
    server.expect("hnsw-cache-change", "PANIC", "signal 6")
    with session() as conn:
        make(conn, "t")
        conn.execute("CHECKPOINT")
        search(conn, "t", value())
    arm("hnsw-cache-change", "error,times=1")
    crash(f"INSERT INTO t VALUES (1, '{value()}')")
    disarm("hnsw-cache-change")
    compare("t")


def busy(work, seen, stop):
    """One session of test_together; errors but for races of DDL count."""
    try:
        with session() as conn:
            conn.execute("SET hnsw.ef_search = 60")
            while not stop.is_set():
                work(conn)
    except (psycopg.Error, AssertionError) as e:
        seen.append(e)
        stop.set()


def test_together():
    """All at once: searches, inserts, deletes, vacuum, REINDEX, evictions."""
    with session() as conn:
        make(conn, "t")
        make(conn, "u", "halfvec", "halfvec_l2_ops", rows=600)
    stop, seen = threading.Event(), []
    ids = iter(range(100000, 10000000))
    lock = threading.Lock()
    rounds = [0] * 6

    def next_id():
        with lock:
            return next(ids)

    def searcher(conn):
        for name, kind in (("t", "vector"), ("u", "halfvec")):
            found = search(conn, name, value(kind), kind, limit=10)
            assert len(found) == len({i for i, _ in found}) == 10, found
        rounds[0] += 1

    def finder(conn):
        """A row that is committed is found at once, where it is."""
        mine, query = next_id(), value()
        conn.execute(f"INSERT INTO t VALUES ({mine}, '{query}')")
        found = search(conn, "t", query, limit=1)
        assert found[0][0] == mine, (mine, found)
        conn.execute(f"DELETE FROM t WHERE id = {mine}")
        found = search(conn, "t", query, limit=3)
        assert mine not in {i for i, _ in found}, (mine, found)
        rounds[1] += 1

    def changer(conn):
        mine = next_id()
        conn.execute(f"INSERT INTO u VALUES ({mine}, '{value('halfvec')}')")
        conn.execute(f"INSERT INTO t VALUES ({mine}, '{value()}')")
        if rounds[2] % 3 == 0:
            conn.execute("DELETE FROM t WHERE id = "
                         f"{rng.randrange(ROWS)}")
        rounds[2] += 1

    def vacuum(conn):
        conn.execute("VACUUM t")
        conn.execute("VACUUM u")
        rounds[3] += 1

    def reindexer(conn):
        conn.execute("REINDEX INDEX u_v")
        rounds[4] += 1

    threads = [threading.Thread(target=busy, args=(work, seen, stop))
               for work in (searcher, searcher, finder, changer, vacuum,
                            reindexer)]
    for thread in threads:
        thread.start()
    try:
        wait_for(lambda: stop.is_set() or (
            rounds[0] >= 60 and rounds[1] >= 60 and rounds[2] >= 150 and
            rounds[3] >= 6 and rounds[4] >= 6), "the rounds")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not seen, seen
    compare("t")
    compare("u", "halfvec")


def test_room():
    """A region for one of two indexes: the one that is used more is in it;
    one that grows out of it, or is too large, is searched on pages."""
    server.stop()
    server.start(index_cache_size="576kB")
    with session() as conn:
        make(conn, "t", rows=700)
        make(conn, "u", rows=700)
        search(conn, "t", value())
        assert state("t") == "valid"
        # used again and again it stays
        for _ in range(30):
            search(conn, "t", value())
            search(conn, "u", value())
        assert (state("t"), state("u")) == ("valid", None)
        # a scan goes on when its copy is gone and others use its room
        with session() as other:
            other.execute("SET hnsw.ef_search = 20")
            other.execute("BEGIN")
            other.execute("DECLARE c CURSOR FOR SELECT id FROM t ORDER BY "
                          f"v <-> '{value()}'")
            seen = other.execute("FETCH 30 FROM c").fetchall()
            for _ in range(100):
                search(conn, "u", value())
            assert (state("t"), state("u")) == (None, "valid")
            seen += other.execute("FETCH 1000 FROM c").fetchall()
            assert len(seen) == len(set(seen)) == 700, len(set(seen))
        compare("u")
        compare("t", cached=False)
        conn.execute("DROP TABLE t")
        for i in range(20):
            fill(conn, "u", 10000 + i * 400, 400)
            if state("u") is None:
                break
        assert state("u") is None
        compare("u", cached=False)
        conn.execute("DROP TABLE u")
        make(conn, "t", rows=6000)
        for _ in range(3):
            search(conn, "t", value())
        assert state("t") is None
        compare("t", cached=False)


def test_insert_loses_room():
    """The copy goes while an insert stands between its search and its links,
    and others use the room: the insert ends by pages."""
    with session() as conn, session() as inserter:
        make(conn, "t", rows=700)
        make(conn, "u", rows=700)
        for i in range(3):
            for _ in range(100):
                search(conn, "t", value())
            assert (state("t"), state("u")) == ("valid", None)
            arm("hnsw-insert-found", "wait,times=1")
            query = value()
            thread, failed = in_background(
                inserter, f"INSERT INTO t VALUES ({5000 + i}, '{query}')")
            try:
                waiting("hnsw-insert-found")
                for _ in range(100):
                    search(conn, "u", value())
                assert (state("t"), state("u")) == (None, "valid")
            finally:
                server.query(
                    "SELECT injection_points_wakeup('hnsw-insert-found')")
                thread.join()
                disarm("hnsw-insert-found")
            assert not failed, failed
            assert search(conn, "t", query, limit=1)[0][0] == 5000 + i
            compare("t", cached=False)
        conn.execute("DROP TABLE u")


def test_vacuum_loses_room():
    """The copy goes while vacuum measures by its codes what fills the lists,
    and others use the room: vacuum measures that again by pages."""
    with session() as conn, session() as cleaner:
        make(conn, "t", rows=700)
        make(conn, "u", rows=700)
        met = []
        cleaner.add_notice_handler(lambda d: met.append(d.message_primary))
        for _ in range(100):
            search(conn, "t", value())
        assert (state("t"), state("u")) == ("valid", None)
        conn.execute("DELETE FROM t WHERE id % 6 = 0")
        arm("hnsw-vacuum-fill", "wait,times=1")
        arm("hnsw-vacuum-fill-pages", "notice")
        thread, failed = in_background(cleaner, "VACUUM t")
        try:
            waiting("hnsw-vacuum-fill")
            for _ in range(100):
                search(conn, "u", value())
            assert (state("t"), state("u")) == (None, "valid")
        finally:
            server.query("SELECT injection_points_wakeup('hnsw-vacuum-fill')")
            thread.join()
            disarm("hnsw-vacuum-fill")
            disarm("hnsw-vacuum-fill-pages")
        assert not failed, failed
        assert len([m for m in met if "hnsw-vacuum-fill-pages" in m]) == 1, met
        found = conn.execute("SELECT tusk_check('t')").fetchall()
        assert found == [], found
        compare("t", cached=False)
        conn.execute("DROP TABLE u")


def test_none():
    """No region at all."""
    server.stop()
    server.start(index_cache_size="0")
    compare("t", cached=False)
    assert server.query("SELECT * FROM tusk_index_cache") == []
    assert server.query("SELECT count(*) FROM pg_shmem_allocations WHERE "
                        "name LIKE 'Index Cache%'") == [(0,)]
    server.stop()
    server.start()
    compare("t")
    size = server.query("SELECT size FROM pg_shmem_allocations WHERE "
                        "name = 'Index Cache'")[0][0]
    assert size >= 16 << 20, size


server.start()
server.query("CREATE EXTENSION vector")
try:
    for one in TYPES:
        suite.run(test_changes, *one)
    for one in (test_truncate, test_iterative, test_codes_do_not_tell,
                test_load_beside_changes, test_load_fails, test_kill,
                test_panic, test_together, test_room,
                test_insert_loses_room,
                test_vacuum_loses_room, test_none):
        suite.run(one)
    server.stop()
finally:
    suite.finish(server)
