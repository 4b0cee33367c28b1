"""VACUUM, ANALYZE and autovacuum.

The dangers: a dead row's place is used again while an index still leads there;
an element of an hnsw index goes while others lead to it; a row that somebody
still sees goes; what vacuum did is lost or half done after a crash.
"""
import os
import random
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import Server, Suite, in_background, wait_for  # noqa: E402

DIM = 8
ROWS = 2000


def vec(rnd):
    return "[" + ",".join(f"{rnd.random():.6f}" for _ in range(DIM)) + "]"


def fill(conn, table, ids, seed):
    rnd = random.Random(seed)
    with conn.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for i in ids:
            copy.write(f"{i}\t{vec(rnd)}\n")


def make(conn, table, rows=ROWS, options="autovacuum_enabled = off"):
    conn.execute(f"DROP TABLE IF EXISTS {table}")
    conn.execute(f"CREATE TABLE {table} (id int, v vector({DIM})) "
                 f"WITH ({options})")
    fill(conn, table, range(rows), 1)
    conn.execute(f"CREATE INDEX {table}_i ON {table} "
                 "USING hnsw (v vector_l2_ops)")


def pages(conn, name):
    return conn.execute("SELECT pg_relation_size(%s) / 8192",
                        (name,)).fetchone()[0]


def nearest(conn, table, query, k, index=True):
    conn.execute(f"SET enable_seqscan = {'off' if index else 'on'}")
    conn.execute(f"SET enable_indexscan = {'on' if index else 'off'}")
    return [r[0] for r in conn.execute(
        f"SELECT id FROM {table} ORDER BY v <-> '{query}' LIMIT {k}")]


def recall(conn, table, k=10, queries=40):
    """The part of the true nearest rows that the index finds."""
    rnd = random.Random(99)
    hits = 0
    for _ in range(queries):
        q = vec(rnd)
        true = set(nearest(conn, table, q, k, False))
        found = nearest(conn, table, q, k)
        assert len(found) == len(set(found)) == k, found
        hits += len(true & set(found))
    return hits / (k * queries)


def verbose(conn, statement):
    """The statement's words."""
    said = []
    conn.add_notice_handler(lambda d: said.append(d.message_primary))
    conn.execute(statement)
    return "\n".join(said)


def stat(conn, table, column):
    return conn.execute(f"SELECT {column} FROM pg_stat_user_tables "
                        "WHERE relname = %s", (table,)).fetchone()[0]


def test_space_is_used_again():
    with server.connect() as conn:
        make(conn, "space")
        before = pages(conn, "space"), pages(conn, "space_i")
        conn.execute("DELETE FROM space WHERE id < 1000")
        conn.execute("VACUUM space")
        fill(conn, "space", range(1000), 2)
        for i in range(1000, 1010):
            conn.execute("INSERT INTO space VALUES (%s, %s)",
                         (i, vec(random.Random(i))))
        conn.execute("DELETE FROM space WHERE id < 1000")
        conn.execute("VACUUM space")
        for i in range(1000):
            conn.execute("INSERT INTO space VALUES (%s, %s)",
                         (i, vec(random.Random(i))))
        heap, index = pages(conn, "space"), pages(conn, "space_i")
        # the bulk load in between does not ask the free space map
        assert heap <= before[0] * 1.6 + 2, (before, heap)
        # elements of other levels do not fit into every place that is free
        assert index <= before[1] * 1.3 + 2, (before, index)
        assert conn.execute("SELECT count(*) FROM space").fetchone()[0] == 2010


def test_recall_after_vacuum():
    with server.connect() as conn:
        make(conn, "rec")
        for turn in range(3):
            conn.execute("DELETE FROM rec WHERE id %% 4 = %s", (turn,))
            conn.execute("VACUUM rec")
            # 40 candidates for 10 of 500 rows or more
            assert recall(conn, "rec") > 0.95, turn
        fill(conn, "rec", range(5000, 6500), 3)
        assert recall(conn, "rec") > 0.95


def test_all_rows_go():
    with server.connect() as conn:
        make(conn, "gone")
        conn.execute("DELETE FROM gone")
        conn.execute("VACUUM gone")
        assert pages(conn, "gone") == 0
        assert nearest(conn, "gone", vec(random.Random(1)), 5) == []
        fill(conn, "gone", range(100), 4)
        assert len(nearest(conn, "gone", vec(random.Random(1)), 5)) == 5


def test_rows_that_are_seen_stay():
    with server.connect() as conn, server.connect(autocommit=False) as old:
        make(conn, "seen", 500)
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert old.execute("SELECT count(*) FROM seen").fetchone()[0] == 500
        conn.execute("DELETE FROM seen")
        said = verbose(conn, "VACUUM VERBOSE seen")
        assert "500 are dead but not yet removable" in said, said
        assert old.execute("SELECT count(*) FROM seen").fetchone()[0] == 500
        assert len(nearest(old, "seen", vec(random.Random(1)), 10)) == 10
        old.commit()
        said = verbose(conn, "VACUUM VERBOSE seen")
        assert "tuples: 500 removed" in said, said
        assert "truncated" in said, said


def test_verbose():
    with server.connect() as conn:
        make(conn, "talk")
        conn.execute("DELETE FROM talk WHERE id % 2 = 0")
        said = verbose(conn, "VACUUM (VERBOSE, ANALYZE) talk")
        for text in ('vacuuming "postgres.public.talk"',
                     'finished vacuuming "postgres.public.talk": '
                     'index scans: 1',
                     "tuples: 1000 removed, 1000 remain, 0 are dead but not "
                     "yet removable",
                     "index scan needed: ", 'index "talk_i": pages: ',
                     "buffer usage: ", "WAL usage: ", "system usage: CPU: ",
                     'analyzing "public.talk"',
                     "containing 1000 live rows and 0 dead rows"):
            assert text in said, (text, said)
        row = conn.execute("SELECT reltuples, relallvisible = relpages FROM "
                           "pg_class WHERE relname = 'talk'").fetchone()
        assert row == (1000, True), row


def test_options():
    with server.connect() as conn:
        make(conn, "opt", 300)
        conn.execute("DELETE FROM opt")
        said = verbose(conn, "VACUUM (VERBOSE, INDEX_CLEANUP off, "
                             "TRUNCATE off) opt")
        assert "index scans: 0" in said, said
        assert pages(conn, "opt") > 0
        said = verbose(conn, "VACUUM (VERBOSE, INDEX_CLEANUP on) opt")
        assert "300 dead item identifiers removed" in said, said
        for statement, state in (("VACUUM FULL opt", "0A000"),
                                 ("VACUUM (nonsense) opt", "42601"),
                                 ("VACUUM opt (id)", "0A000"),
                                 ("ANALYZE opt (nothing)", "42703"),
                                 ("VACUUM nothing", "42P01")):
            try:
                conn.execute(statement)
                raise AssertionError(statement)
            except psycopg.Error as e:
                assert e.sqlstate == state, (statement, e.sqlstate)
    with server.connect(autocommit=False) as conn:
        try:
            conn.execute("VACUUM opt")
            raise AssertionError("in a transaction block")
        except psycopg.Error as e:
            assert e.sqlstate == "25001", e.sqlstate
        conn.rollback()
        conn.execute("ANALYZE opt")
        conn.commit()


def test_freeze():
    with server.connect() as conn:
        make(conn, "cold", 300)
        conn.execute("VACUUM (FREEZE) cold")
        age = conn.execute("SELECT relfrozenxid::text FROM pg_class WHERE "
                           "relname = 'cold'").fetchone()[0]
        xmin = conn.execute("SELECT min(id) FROM cold").fetchone()[0]
        assert int(age) > 3 and xmin == 0, (age, xmin)
        said = verbose(conn, "VACUUM (VERBOSE, FREEZE) cold")
        assert "aggressively vacuuming" in said, said


def test_while_others_work():
    """Inserts and searches go on between each two steps of a vacuum: the
    vacuum is held there, and both must find a graph that works."""
    for point in ("hnsw-vacuum-tids-removed", "hnsw-vacuum-search",
                  "hnsw-vacuum-fill", "hnsw-vacuum-repair", "hnsw-vacuum-repaired",
                  "hnsw-vacuum-mark", "vacuum-indexes-done"):
        with server.connect() as conn, server.connect() as busy:
            make(conn, "held", 600)
            conn.execute("DELETE FROM held WHERE id % 4 = 0")
            conn.execute("SELECT injection_points_attach(%s, 'wait')",
                         (point,))
            thread, failed = in_background(
                busy, "VACUUM (INDEX_CLEANUP on) held")
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
                (point,)).fetchone()[0] == 1, f"a vacuum at {point}")
            rnd = random.Random(5)
            for i in range(20):
                # one that waits for the vacuum's lock would hang here
                found = nearest(conn, "held", vec(rnd), 10)
                assert len(found) == 10, (point, found)
                assert all(f % 4 > 0 or f >= 10000 for f in found), found
                # the entry point is repaired with inserts shut out
                if point != "hnsw-vacuum-search":
                    conn.execute("INSERT INTO held VALUES (%s, %s)",
                                 (10000 + i, vec(rnd)))
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
            assert not failed, (point, failed)
            assert recall(conn, "held", queries=20) > 0.95, point
            conn.execute("DELETE FROM held WHERE id % 3 = 0")
            conn.execute("VACUUM held")
            assert recall(conn, "held", queries=20) > 0.95, point


def test_under_load():
    """Writers and readers without pause, vacuum after vacuum: no answer may
    hold a row that is gone, or one twice."""
    stop = threading.Event()
    failed = []
    with server.connect() as conn:
        make(conn, "load", 1500)

    def writer(n):
        rnd = random.Random(n)
        try:
            with server.connect() as conn:
                i = 100000 * (n + 1)
                while not stop.is_set():
                    i += 1
                    conn.execute("INSERT INTO load VALUES (%s, %s)",
                                 (i, vec(rnd)))
                    if i % 2:
                        conn.execute("DELETE FROM load WHERE id = %s",
                                     (i - 10,))
        except Exception as e:
            failed.append(e)

    def reader():
        rnd = random.Random(7)
        try:
            with server.connect() as conn:
                while not stop.is_set():
                    found = nearest(conn, "load", vec(rnd), 10)
                    assert len(set(found)) == len(found), found
        except Exception as e:
            failed.append(e)
    threads = [threading.Thread(target=writer, args=(n,)) for n in range(2)]
    threads.append(threading.Thread(target=reader))
    for t in threads:
        t.start()
    with server.connect() as conn:
        for turn in range(4):
            conn.execute("DELETE FROM load WHERE id %% 7 = %s", (turn,))
            conn.execute("VACUUM (INDEX_CLEANUP on) load")
    stop.set()
    for t in threads:
        t.join()
    assert not failed, failed
    with server.connect() as conn:
        assert recall(conn, "load") > 0.95


def autovacuum():
    return server.restarted(autovacuum="on", autovacuum_naptime="1",
                            autovacuum_vacuum_cost_delay="0")


def test_autovacuum():
    with autovacuum(), server.connect() as conn:
        make(conn, "auto", 1000, "fillfactor = 100")
        conn.execute("DELETE FROM auto WHERE id % 2 = 0")
        wait_for(lambda: stat(conn, "auto", "autovacuum_count") > 0 and
                 stat(conn, "auto", "n_dead_tup") == 0 and
                 stat(conn, "auto", "autoanalyze_count") > 0,
                 "an autovacuum of the table")
        assert stat(conn, "auto", "n_tup_del") == 500
        assert stat(conn, "auto", "n_live_tup") == 500
        assert conn.execute("SELECT reltuples FROM pg_class WHERE relname = "
                            "'auto'").fetchone()[0] == 500


def test_autovacuum_gives_way():
    """A lock that an autovacuum stands in the way of is had soon: the
    autovacuum is cancelled."""
    with autovacuum(), server.connect() as conn, server.connect() as other:
        make(conn, "way", 1000, "fillfactor = 100")
        # held for as long as nobody cancels it
        conn.execute("SELECT injection_points_attach('vacuum-index', 'wait')")
        conn.execute("DELETE FROM way WHERE id % 2 = 0")
        wait_for(lambda: conn.execute(
            "SELECT count(*) FROM pg_stat_progress_vacuum p, "
            "pg_stat_activity a WHERE p.pid = a.pid AND relid = "
            "'way'::regclass AND wait_event = 'vacuum-index'"
            ).fetchone()[0] > 0, "an autovacuum")
        conn.execute("SELECT injection_points_detach('vacuum-index')")
        other.execute("SET deadlock_timeout = '10ms'")
        other.execute("DROP TABLE way")
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = "
                            "'way'").fetchone()[0] == 0


def test_crash():
    """Killed between two steps: after recovery the rows are there, and the
    next vacuum ends what this one began."""
    for point in ("hnsw-vacuum-tids-removed", "hnsw-vacuum-repaired",
                  "vacuum-indexes-done", "vacuum-heap-log", "vacuum-truncate",
                  "relation-truncate", "vacuum-update-relstats"):
        before = server.lives()
        with server.connect() as conn:
            make(conn, "crash", 400)
            conn.execute("DELETE FROM crash WHERE id >= 200")
            conn.execute("SELECT injection_points_attach(%s, 'kill')",
                         (point,))
            try:
                conn.execute("VACUUM (INDEX_CLEANUP on) crash")
                raise AssertionError(f"{point} was not passed")
            except psycopg.OperationalError:
                pass
        server.next_life(before)
        with server.connect() as conn:
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            got = conn.execute("SELECT count(*), max(id) FROM crash")
            assert got.fetchone() == (200, 199), point
            conn.execute("VACUUM (INDEX_CLEANUP on) crash")
            assert recall(conn, "crash", queries=20) > 0.95, point
            fill(conn, "crash", range(1000, 1300), 6)
            assert recall(conn, "crash", queries=20) > 0.95, point


suite = Suite()
server = Server(shared_buffers="16MB").start()
server.query("CREATE EXTENSION IF NOT EXISTS vector")
suite.run_all(globals(), server)
