"""Each step of a vacuum fails, is cancelled, is killed; and others work on.

Every injection point of the vacuum's path, from the scan to datfrozenxid, is
reached once for each way to end there.  Then the rows that were committed are
there, tusk_check finds nothing, and the next vacuum ends the work.

The dangers: a line pointer is free while an index leads to it; an element is
marked while another leads to it; a page says "all visible" and is not; a free
space map or a visibility map that is half made stops the next vacuum; what was
inserted meanwhile is lost.
"""
import os
import random
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import Server, Suite, in_background, wait_for  # noqa: E402

DIM = 4
ROWS = 240
VACUUM = "VACUUM (FREEZE, INDEX_CLEANUP on) m"
# in the order of the first passage
STEPS = (
    "vacuum-table", "vacuum-scan-page", "visibilitymap-extend", "heap-prune",
    "heap-prune-log", "vacuum-freeze-log", "visibilitymap-set-log",
    "vacuum-index", "hnsw-vacuum-tids-removed", "hnsw-vacuum-entry",
    "hnsw-vacuum-fill", "hnsw-vacuum-repair", "hnsw-vacuum-repaired", "hnsw-vacuum-mark",
    "vacuum-indexes-done", "vacuum-heap-page", "vacuum-heap-log",
    "freespace-extend", "vacuum-truncate", "relation-truncate",
    "vacuum-update-relstats", "toast-index-vacuum")
# where no lock is held that searches or inserts wait for
OPEN = ("vacuum-scan-page", "vacuum-index", "hnsw-vacuum-tids-removed",
        "hnsw-vacuum-fill", "hnsw-vacuum-repaired", "hnsw-vacuum-mark", "vacuum-indexes-done",
        "vacuum-heap-page")


def vec(rnd):
    return "[" + ",".join(f"{rnd.random():.6f}" for _ in range(DIM)) + "]"


def insert(conn, ids, seed):
    rnd = random.Random(seed)
    with conn.cursor().copy("COPY m FROM STDIN") as copy:
        for i in ids:
            # every fourth value is stored outside of its row
            wide = "w" * (3000 if i % 4 == 0 else 3)
            copy.write(f"{i}\t{vec(rnd)}\t{i}{wide}\n")


def make(conn):
    """Rows to be removed at the front, in the middle and at the end, none of
    them frozen yet; no map and no free space map."""
    conn.execute("DROP TABLE IF EXISTS m")
    conn.execute(f"CREATE TABLE m (id int, v vector({DIM}), w text) "
                 "WITH (autovacuum_enabled = off, fillfactor = 25)")
    conn.execute("ALTER TABLE m ALTER w SET STORAGE EXTERNAL")
    insert(conn, range(ROWS), 1)
    conn.execute("CREATE INDEX m_i ON m USING hnsw (v vector_l2_ops)")
    conn.execute("DELETE FROM m WHERE id % 3 = 0 OR id >= 200")
    return {i for i in range(200) if i % 3 != 0}


def search(conn, rnd, k=10):
    conn.execute("SET enable_seqscan = off")
    found = [r[0] for r in conn.execute(
        f"SELECT id FROM m ORDER BY v <-> '{vec(rnd)}' LIMIT {k}")]
    conn.execute("SET enable_seqscan = on")
    return found


def check(conn, ids, what):
    got = {r[0] for r in conn.execute("SELECT id FROM m")}
    assert got == ids, (what, sorted(got ^ ids)[:10])
    assert conn.execute("SELECT count(*) FROM m WHERE w NOT LIKE id || 'w%' OR "
                        "length(w) < 3").fetchone() == (0,), what
    said = conn.execute("SELECT * FROM tusk_check('m')").fetchall()
    assert said == [], (what, said)
    rnd = random.Random(7)
    for _ in range(5):
        found = search(conn, rnd)
        assert len(set(found)) == len(found) == 10, (what, found)
        assert set(found) <= ids, (what, found)


def finish(ids, point, action):
    """What a failure left is in order; so is what the next vacuum makes."""
    what = (point, action)
    with server.connect() as conn:
        check(conn, ids, what)
        insert(conn, range(5000, 5020), 2)
        ids |= set(range(5000, 5020))
        conn.execute(VACUUM)
        check(conn, ids, what)
        conn.execute("DELETE FROM m WHERE id % 5 = 1")
        conn.execute(VACUUM)
        check(conn, {i for i in ids if i % 5 != 1}, what)


def attach(conn, point, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))


def detach(point):
    server.query("SELECT injection_points_detach(%s)", (point,))


def test_step_fails(action):
    """error: an ERROR, or PANIC where a page is half changed."""
    for point in STEPS:
        before = server.lives()
        with server.connect() as conn:
            ids = make(conn)
            # once: some are passed by replay as well
            attach(conn, point, action + ",times=1")
            try:
                conn.execute(VACUUM)
                raise AssertionError(f"{point} was not passed")
            except psycopg.OperationalError as e:
                crashed = conn.closed
                assert crashed or e.sqlstate, (point, e)
            except psycopg.Error:
                crashed = False
            assert crashed or action == "error", (point, action)
        if crashed:
            server.next_life(before)
        detach(point)
        finish(ids, point, action)


def until_waits(conn, point):
    wait_for(lambda: conn.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
        (point,)).fetchone()[0] == 1, f"a vacuum at {point}")


def test_held(end):
    """A vacuum is held at a step; rows come and are found; then it is cancelled,
    killed, or goes on."""
    for n, point in enumerate(OPEN):
        before = server.lives()
        with server.connect() as conn, server.connect() as busy:
            ids = make(conn)
            pid = busy.info.backend_pid
            attach(conn, point, "wait")
            thread, failed = in_background(busy, VACUUM)
            until_waits(conn, point)
            rnd = random.Random(n)
            for i in range(1000, 1020):
                insert(conn, [i], i)
                ids.add(i)
                found = search(conn, rnd)
                assert len(found) == 10 and set(found) <= ids, (point, found)
            conn.execute("DELETE FROM m WHERE id IN (1001, 2)")
            ids -= {1001, 2}
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            if end == "cancel":
                conn.execute("SELECT pg_cancel_backend(%s)", (pid,))
            elif end == "kill":
                os.kill(pid, 9)
            else:
                conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
            if end == "cancel":
                assert failed and failed[0].sqlstate == "57014", failed
            elif end == "goes_on":
                assert not failed, failed
        if end == "kill":
            server.next_life(before)
        finish(ids, point, end)


def test_under_load(end):
    """Inserts and searches without pause while one vacuum after the other ends
    early, at each pass over the index; every acknowledged row is there."""
    for n, point in enumerate(("hnsw-vacuum-tids-removed",
                               "hnsw-vacuum-repaired", "hnsw-vacuum-mark",
                               "vacuum-indexes-done")):
        stop = threading.Event()
        failed = []
        with server.connect() as conn:
            ids = make(conn)
        before = server.lives()

        def writer(first, mine):
            try:
                with server.connect() as conn:
                    rnd = random.Random(first)
                    for i in range(first, first + 10000):
                        if stop.is_set():
                            break
                        mine[0] = i
                        conn.execute("INSERT INTO m VALUES (%s, %s, %s)",
                                     (i, vec(rnd), f"{i}www"))
                        mine[1].add(i)
            except psycopg.OperationalError as e:
                if end != "kill":
                    failed.append(e)
            except Exception as e:
                failed.append(e)

        def reader():
            rnd = random.Random(3)
            try:
                with server.connect() as conn:
                    while not stop.is_set():
                        found = search(conn, rnd)
                        assert len(set(found)) == len(found) == 10, found
            except psycopg.OperationalError as e:
                if end != "kill":
                    failed.append(e)
            except Exception as e:
                failed.append(e)
        written = [[None, set()] for _ in range(2)]
        threads = [threading.Thread(target=writer,
                                    args=(10000 * (w + 1), written[w]))
                   for w in range(2)] + [threading.Thread(target=reader)]
        with server.connect() as conn, server.connect() as busy:
            pid = busy.info.backend_pid
            attach(conn, point, "wait")
            for t in threads:
                t.start()
            vacuum, ended = in_background(busy, VACUUM)
            until_waits(conn, point)
            # each of the writers has gone on meanwhile
            seen = [len(w[1]) for w in written]
            wait_for(lambda: failed or all(
                len(w[1]) > s + 5 for w, s in zip(written, seen)), "rows")
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            if end == "cancel":
                conn.execute("SELECT pg_cancel_backend(%s)", (pid,))
            else:
                os.kill(pid, 9)
            vacuum.join()
            assert ended, point
        stop.set()
        for t in threads:
            t.join()
        assert not failed, (point, failed)
        if end == "kill":
            server.next_life(before)
        with server.connect() as conn:
            there = {r[0] for r in conn.execute(
                "SELECT id FROM m WHERE id >= 10000")}
        for last, acknowledged in written:
            assert acknowledged <= there, (point, acknowledged - there)
            # one may be committed whose answer was lost
            there -= acknowledged | {last}
            ids |= acknowledged
        assert not there, (point, there)
        with server.connect() as conn:
            conn.execute("DELETE FROM m WHERE id = ANY(%s)", (
                [last for last, acknowledged in written
                 if last not in acknowledged],))
        finish(ids, point, end)


def test_half_marked():
    """Cut off between two elements that are marked as deleted: the rest leads
    to them, and nothing leads to the rest."""
    for action in ("error,nth=20,times=1", "wait,nth=20"):
        before = server.lives()
        with server.connect() as conn, server.connect() as busy:
            ids = make(conn)
            attach(conn, "hnsw-vacuum-marked", action)
            thread, failed = in_background(busy, VACUUM)
            if action.startswith("wait"):
                until_waits(conn, "hnsw-vacuum-marked")
                # a commit brings the log to disk up to here
                conn.execute("CREATE TABLE flushed (a int)")
                conn.execute("DROP TABLE flushed")
                os.kill(busy.info.backend_pid, 9)
            thread.join()
            assert failed, action
        if action.startswith("wait"):
            server.next_life(before)
        detach("hnsw-vacuum-marked")
        finish(ids, "hnsw-vacuum-marked", action)


def test_wait_for_cleanup():
    """A page that somebody has pinned, with an xid that may not stay, is waited
    for; a cancel ends the wait."""
    with server.connect() as conn, server.connect() as busy, \
            server.connect(autocommit=False) as pins:
        make(conn)
        cursor = pins.cursor(name="c")
        cursor.itersize = 1
        cursor.execute("SELECT id FROM m")
        cursor.fetchone()
        for end in ("cancel", "close"):
            attach(conn, "vacuum-wait-cleanup", "notice")
            said = []
            busy.add_notice_handler(lambda d: said.append(d.message_primary))
            pid = busy.info.backend_pid
            thread, failed = in_background(busy, VACUUM)
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND "
                "wait_event = 'BufferPin'", (pid,)).fetchone()[0] == 1,
                "the wait for the pin")
            conn.execute("SELECT injection_points_detach("
                         "'vacuum-wait-cleanup')")
            if end == "cancel":
                conn.execute("SELECT pg_cancel_backend(%s)", (pid,))
            else:
                cursor.close()
                pins.rollback()
            thread.join()
            if end == "cancel":
                assert failed and failed[0].sqlstate == "57014", failed
            else:
                assert not failed, failed
            assert any("vacuum-wait-cleanup" in s for s in said), said
    finish({i for i in range(200) if i % 3 != 0}, "vacuum-wait-cleanup", end)


def test_analyze():
    for action in ("error", "kill"):
        before = server.lives()
        with server.connect() as conn:
            ids = make(conn)
            attach(conn, "analyze-page", action)
            try:
                conn.execute("ANALYZE m")
                raise AssertionError("analyze-page was not passed")
            except psycopg.Error:
                pass
        if action == "kill":
            server.next_life(before)
        detach("analyze-page")
        finish(ids, "analyze-page", action)


def test_autovacuum():
    """The launcher dies as it asks for a worker; a worker dies or fails at a
    table: the next one comes, and does the work."""
    with server.restarted(autovacuum="on", autovacuum_naptime="1",
                          autovacuum_vacuum_cost_delay="0"):
        autovacuum_fails()


def autovacuum_fails():
    for point, action in (("autovacuum-launch", "kill"),
                          ("autovacuum-table", "kill"),
                          ("autovacuum-table", "error,times=1"),
                          ("hnsw-vacuum-mark", "error,times=1")):
        before = server.lives()
        with server.connect() as conn:
            ids = make(conn)
            attach(conn, point, action)
            conn.execute("ALTER TABLE m SET (autovacuum_enabled = on, "
                         "autovacuum_vacuum_threshold = 1, "
                         "autovacuum_vacuum_scale_factor = 0, "
                         "vacuum_index_cleanup = on)")
        if action == "kill":
            server.next_life(before)
            # the counts are gone with the crash: others
            with server.connect() as conn:
                conn.execute("DELETE FROM m WHERE id IN (1, 2, 4)")
                ids -= {1, 2, 4}
        with server.connect() as conn:
            wait_for(lambda: conn.execute(
                "SELECT autovacuum_count FROM pg_stat_user_tables WHERE "
                "relname = 'm'").fetchone()[0] > 0, "an autovacuum")
            conn.execute("ALTER TABLE m SET (autovacuum_enabled = off)")
        detach(point)
        if point == "hnsw-vacuum-mark":
            assert ('automatic vacuum of table "postgres.public.m"'
                    ) in server.log_text()
        finish(ids, point, action)


def test_options():
    """What a table's options say is what VACUUM does."""
    with server.connect() as conn:
        said = []
        conn.add_notice_handler(lambda d: said.append(d.message_primary))

        def vacuum(options, command="VACUUM (VERBOSE) m"):
            del said[:]
            ids = make(conn)
            conn.execute(f"ALTER TABLE m SET ({options})")
            conn.execute(command)
            check(conn, ids, options)
            return "\n".join(said)
        text = vacuum("vacuum_index_cleanup = off")
        assert "index scan bypassed: " in text, text
        text = vacuum("vacuum_index_cleanup = off",
                      "VACUUM (VERBOSE, INDEX_CLEANUP on) m")
        assert "index scan needed: " in text, text
        assert "truncated" in text, text
        text = vacuum("vacuum_truncate = off")
        assert 'table "m": truncated' not in text, text
        text = vacuum("vacuum_truncate = off", "VACUUM (VERBOSE, TRUNCATE) m")
        assert 'table "m": truncated' in text, text
        # of the TOAST table alone
        text = vacuum("toast.vacuum_truncate = off")
        assert 'table "m": truncated' in text, text
        assert 'table "pg_toast' not in text, text
        text = vacuum("toast.vacuum_index_cleanup = off")
        assert text.count("index scan bypassed: ") == 1, text
        assert text.count("index scan needed: ") == 1, text
        conn.execute("DROP TABLE m")
        conn.execute("CREATE TABLE m (id int, w text) "
                     "WITH (toast_tuple_target = 128)")
        conn.execute("ALTER TABLE m ALTER w SET STORAGE EXTERNAL")
        conn.execute("INSERT INTO m VALUES (1, repeat('x', 2100))")
        size = "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE " \
            "relname = 'm'"
        assert conn.execute(size).fetchone() == (8192,)
        conn.execute("ALTER TABLE m SET (toast_tuple_target = 4000)")
        conn.execute("TRUNCATE m")
        conn.execute("INSERT INTO m VALUES (1, repeat('x', 2100))")
        assert conn.execute(size).fetchone() == (0,)


def test_row_moved(end):
    """Counts go into the newest version of a row of pg_class.  A vacuum has
    looked up the row of an index when that is renamed: the version which it knows
    is not the newest any more (commit, rollback), or is gone, and another
    relation's row has taken its place (reused), which must not be overwritten."""
    made = []
    own = Server().start()
    own.query("CREATE EXTENSION vector")
    with own.connect() as conn:
        def ctid(name):
            return conn.execute("SELECT ctid FROM pg_class WHERE relname = %s",
                                (name,)).fetchone()[0]

        def fill(there):
            """Rows of pg_class, until one is there."""
            for _ in range(300):
                name = f"row_moved_{len(made)}"
                conn.execute(f"CREATE TABLE {name} (a int)")
                made.append(name)
                if there(ctid(name)):
                    return
            raise AssertionError("place of the row not found")

        def fill_page(block):
            fill(lambda tid: tid.split(",")[0] != block)
        if end == "reused":
            fill_page(ctid("pg_class").split(",")[0])
            fill_page(ctid(made[-1]).split(",")[0])
        ids = make(conn)
        was = ctid("m_i")
        if end == "reused":
            # no room beside it: the new version goes to another page
            fill_page(was.split(",")[0])
        attach(conn, "catalog-inplace", "wait")
        failed = []

        def vacuum():
            try:
                own.query(VACUUM)
            except psycopg.Error as e:
                failed.append(e)
        thread = threading.Thread(target=vacuum)
        thread.start()
        wait_for(lambda: conn.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event = 'catalog-inplace'"
        ).rowcount == 1, "vacuum at the row")
        conn.execute("SELECT injection_points_detach('catalog-inplace')")
        if end != "reused":
            conn.execute("BEGIN")
        conn.execute("ALTER INDEX m_i RENAME TO m_j")
        if end == "reused":
            while made:
                conn.execute(f"DROP TABLE {made.pop()}")
            conn.execute("VACUUM pg_class")
            fill(lambda tid: tid == was)
        own.query("SELECT injection_points_wakeup('catalog-inplace')")
        if end != "reused":
            wait_for(lambda: own.query(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND "
                "locktype = 'transactionid'") == [(1,)], "vacuum waits")
            conn.execute(end)
        thread.join()
        assert failed == [], failed
        for name in made:
            assert conn.execute(f"SELECT * FROM {name}").fetchall() == []
            conn.execute(f"DROP TABLE {name}")
        assert conn.execute(
            "SELECT relname, relkind, reltuples FROM pg_class WHERE relname "
            "IN ('m_i', 'm_j')").fetchall() == [
                ("m_i" if end == "rollback" else "m_j", "i", len(ids))]
        check(conn, ids, end)
    own.stop()
    own.destroy()


suite = Suite()
server = Server(shared_buffers="16MB").start()
# where an ERROR is a PANIC
server.expect(r"PANIC:  error triggered for injection point ",
              r"server process \(PID \d+\) was terminated by signal 6")
server.query("CREATE EXTENSION vector")
suite.run(test_step_fails, "error")
suite.run(test_step_fails, "kill")
for end in ("cancel", "kill", "goes_on"):
    suite.run(test_held, end)
for end in ("cancel", "kill"):
    suite.run(test_under_load, end)
for end in ("commit", "rollback", "reused"):
    suite.run(test_row_moved, end)
for test in (test_half_marked, test_wait_for_cleanup, test_analyze, test_autovacuum,
             test_options):
    suite.run(test)
suite.run(server.stop)
suite.finish(server)
