"""REINDEX CONCURRENTLY loses no row, whoever writes meanwhile and whatever ends
it.

Story: a table has two vector indexes and values out of line, so that three
indexes are replaced at once.  The command is held at each of its steps, at the
second index where there are several; meanwhile rows are inserted, deleted and
changed, and searches and wide values are read.  Then it fails, is cancelled,
loses its session, or the server is killed at each step.  Afterwards all rows
are found through the indexes, old or new, what is left over is what the error's
hint says, and the statement of the hint removes it.  The danger: a row that
neither index has, two indexes of one name, a wide value whose chunks the index
that is read does not know.
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
# its snapshots would be waited for too
server = Server(shared_buffers="16MB", max_worker_processes=8,
                deadlock_timeout="50ms", autovacuum="off").start()
server.query("CREATE EXTENSION vector")

ROWS = 150
WIDE = 5000     # characters: three chunks
REINDEX = "REINDEX TABLE CONCURRENTLY t"

# In their order; what is passed by each index is stopped at the second.
BEFORE_SWAP = [
    ("concurrent-index-wait", 1), ("concurrent-index-build", 2),
    ("concurrent-index-ready", 2), ("concurrent-index-wait", 2),
    ("concurrent-index-validate", 2), ("concurrent-index-validate-sort", 3),
    ("concurrent-index-validate-scan", 3),
    ("concurrent-index-wait-snapshots", 2), ("reindex-concurrent-swap", 1),
    ("reindex-concurrent-swapped", 1)]
AFTER_SWAP = [
    ("concurrent-index-wait", 3), ("reindex-concurrent-set-dead", 1),
    ("concurrent-index-wait", 4), ("reindex-concurrent-drop", 1),
    ("reindex-concurrent-dropped", 1)]
STEPS = [("reindex-concurrent-created", 1), *BEFORE_SWAP, *AFTER_SWAP]


def wide(i):
    return (f"row {i} " * WIDE)[:WIDE]


def make(conn, table="t"):
    conn.execute(f"DROP TABLE IF EXISTS {table}")
    conn.execute(f"CREATE TABLE {table} (id integer, v vector(2), x text)")
    conn.execute(f"ALTER TABLE {table} ALTER x SET STORAGE external")
    insert(conn, range(1, ROWS + 1), table)
    conn.execute(f"CREATE INDEX {table}_v ON {table} "
                 "USING hnsw (v vector_l2_ops)")
    conn.execute(f"CREATE INDEX {table}_w ON {table} "
                 "USING hnsw (v vector_l2_ops) WITH (m = 8)")
    return set(range(1, ROWS + 1))


def insert(conn, ids, table="t"):
    with conn.cursor() as cur:
        cur.executemany(f"INSERT INTO {table} VALUES (%s, %s::vector, %s)",
                        [(i, f"[{i},0]", wide(i)) for i in ids])


def change(conn, ids, first):
    """Five rows come, three go, one gets another wide value, one a new
    version."""
    insert(conn, range(first, first + 5))
    ids |= set(range(first, first + 5))
    gone = sorted(ids)[:3]
    conn.execute("DELETE FROM t WHERE id = ANY(%s)", (gone,))
    ids -= set(gone)
    one = sorted(ids)[0]
    conn.execute("UPDATE t SET x = x || %s WHERE id = %s", ("", one))
    conn.execute("UPDATE t SET id = id WHERE id = %s", (one,))


def check(conn, ids, table="t"):
    """Each row is the nearest of its own vector, whole, and found once."""
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    for i in sorted(ids)[::7]:
        rows = conn.execute(f"SELECT id, x FROM {table} ORDER BY "
                            "v <-> %s::vector LIMIT 1", (f"[{i},0]",)
                            ).fetchall()
        assert rows == [(i, wide(i))], f"row {i}: {rows[0][0]}"
    found = conn.execute(f"SELECT id, x FROM {table} ORDER BY "
                         "v <-> '[0,0]' LIMIT 1000").fetchall()
    assert [i for i, _ in found] == sorted(ids), \
        set(ids) ^ {i for i, _ in found}
    assert all(x == wide(i) for i, x in found)
    assert conn.execute(f"SELECT * FROM tusk_check('{table}')"
                        ).fetchall() == []


def indexes(conn):
    """Of the table and of its TOAST relation: (name, valid, ready, live)."""
    return {name.replace(toast, "toast"): flags for name, *flags in
            conn.execute(
        "SELECT c.relname, indisvalid, indisready, indislive "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE indrelid = 't'::regclass OR indrelid = (SELECT reltoastrelid "
        "FROM pg_class WHERE oid = 't'::regclass)").fetchall()
        for toast in [re.sub(r"(_index).*", r"\1", name)
                      if name.startswith("pg_toast") else "\0"]}


ALL = ["t_v", "t_w", "toast"]
DONE = {name: [True, True, True] for name in ALL}


def check_files(conn):
    """Each file belongs to a relation, and the other way round."""
    conn.execute("CHECKPOINT")
    base = os.path.join(server.data, "base", "5")
    numbers = {int(f.split("_")[0].split(".")[0])
               for f in os.listdir(base) if f[0].isdigit()}
    known = {row[0] for row in conn.execute(
        "SELECT relfilenode FROM pg_class WHERE relfilenode <> 0 "
        "AND NOT relisshared").fetchall()}
    assert not {n for n in numbers - known if n >= 16384}, numbers - known
    assert not known - numbers, known - numbers


class Step:
    """A statement in a thread, in a session of its own."""

    def __init__(self, statement=REINDEX):
        self.statement = statement
        self.error = None
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def run(self):
        try:
            self.conn.execute(self.statement)
        except psycopg.Error as e:
            self.error = e
        finally:
            self.conn.close()

    def at(self, conn, point):
        """Wait until it is held there."""
        def held():
            assert self.thread.is_alive(), f"not at {point}: {self.error}"
            return conn.execute(
                "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
                "wait_event = %s", (self.pid, point)).fetchone()
        wait_for(held, f"the step {point}")
        return self

    def done(self):
        self.thread.join()
        if self.error is not None:
            raise AssertionError(f"{self.statement}: {self.error}")


def attach(conn, point, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))


def detach(conn, point):
    conn.execute("SELECT injection_points_detach(%s)", (point,))


def wakeup(conn, point):
    conn.execute("SELECT injection_points_wakeup(%s)", (point,))


def hold(conn, point, nth=1, statement=REINDEX):
    step = Step(statement)
    attach(conn, point, f"wait,nth={nth},times=1,pid={step.pid}")
    return step.start().at(conn, point)


def release(conn, point):
    wakeup(conn, point)
    detach(conn, point)


def test_writers_at_every_step():
    with server.connect() as conn:
        ids = make(conn)
        first = 1000
        for point, nth in STEPS:
            step = hold(conn, point, nth)
            change(conn, ids, first)
            # a transaction that has begun before the step goes on after it
            other = server.connect(autocommit=False)
            other.execute("SELECT 1 FROM t LIMIT 1")
            conn.execute("SET enable_seqscan = off")
            rows = conn.execute("SELECT id, x FROM t ORDER BY v <-> %s::vector "
                                "LIMIT 1", (f"[{first},0]",)).fetchall()
            assert rows == [(first, wide(first))], (point, rows)
            release(conn, point)
            insert(other, [first + 5])
            ids.add(first + 5)
            other.commit()
            other.close()
            step.done()
            assert indexes(conn) == DONE, (point, indexes(conn))
            insert(conn, [first + 6])
            ids.add(first + 6)
            check(conn, ids)
            first += 10
        check_files(conn)


def expected(swapped, at):
    """What a failure at a step leaves beside the three: name -> live."""
    if at == "reindex-concurrent-created":
        return {}
    suffix = "_ccold" if swapped else "_ccnew"
    return {name + suffix for name in ALL}


def remedy(error):
    """The statement that the hint names.  (The error of a session that is told
    to end has its parts in the text only.)"""
    return re.search(r"HINT: .*?(DROP INDEX .*?)(, then |, or |\.\s|\.$)",
                     str(error), re.S).group(1)


def test_failures():
    """An error, a cancel, the end of the session: one after the other."""
    with server.connect() as conn:
        ids = make(conn)
        first = 1000
        for n, (point, nth) in enumerate(STEPS):
            swapped = (point, nth) in AFTER_SWAP
            if n % 3 == 0:
                step = Step()
                attach(conn, point, f"error,nth={nth},times=1,pid={step.pid}")
                step.start().thread.join()
                detach(conn, point)
                assert "injection point" in str(step.error), step.error
            else:
                step = hold(conn, point, nth)
                end = ("pg_cancel_backend" if n % 3 == 1
                       else "pg_terminate_backend")
                conn.execute(f"SELECT {end}(%s)", (step.pid,))
                step.thread.join()
                detach(conn, point)
                assert ("canceling statement" if n % 3 == 1
                        else "terminating connection") in str(step.error)
            found = indexes(conn)
            left = expected(swapped, point)
            assert set(found) == set(ALL) | set(left), (point, found)
            assert all(found[name] == [True, True, True] for name in ALL)
            assert not any(found[name][0] for name in left), (point, found)
            change(conn, ids, first)
            check(conn, ids)
            if left:
                conn.execute(remedy(step.error))
            else:
                assert "HINT" not in str(step.error), step.error
            assert indexes(conn) == DONE, (point, indexes(conn))
            conn.execute(REINDEX)
            insert(conn, [first + 9])
            ids.add(first + 9)
            check(conn, ids)
            first += 10
        check_files(conn)


def crash():
    for pid in server.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    wait_for(lambda: not server.processes(), "the end of all processes")
    server.start()


def test_crash():
    first = 1000
    with server.connect() as conn:
        ids = make(conn)
    for n, (point, nth) in enumerate(STEPS):
        swapped = (point, nth) in AFTER_SWAP
        conn = server.connect()
        step = hold(conn, point, nth)
        change(conn, ids, first)
        if n % 2:
            conn.execute("CHECKPOINT")
        crash()
        step.thread.join()
        conn.close()
        with server.connect() as conn:
            found = indexes(conn)
            left = expected(swapped, point)
            assert set(found) == set(ALL) | set(left), (point, found)
            assert all(found[name] == [True, True, True] for name in ALL)
            assert not any(found[name][0] for name in left), (point, found)
            insert(conn, [first + 5])
            ids.add(first + 5)
            check(conn, ids)
            conn.execute("VACUUM t")
            if n % 4 == 3:
                # with all that belongs to it, dead indexes too
                conn.execute("DROP TABLE t")
                check_files(conn)
                assert conn.execute("SELECT count(*) FROM pg_index WHERE "
                                    "indexrelid >= 16384").fetchone() == (0,)
                ids = make(conn)
            for name in left if n % 4 != 3 else ():
                schema = "public"
                if name.startswith("toast"):
                    schema = "pg_toast"
                    name = conn.execute(
                        "SELECT relname FROM pg_class WHERE relname LIKE "
                        "'pg_toast%%_index_cc%%'").fetchone()[0]
                conn.execute(f"DROP INDEX {schema}.{name}")
            assert indexes(conn) == DONE, (point, indexes(conn))
            conn.execute(REINDEX)
            check(conn, ids)
            check_files(conn)
        first += 10


def progress(conn, pid):
    return conn.execute(
        "SELECT command, phase, lockers_total, lockers_done, "
        "current_locker_pid FROM pg_stat_progress_create_index "
        "WHERE pid = %s", (pid,)).fetchone()


def waits_for(conn, pid, phase, locker):
    """One that looks has a snapshot for a moment, and may be waited for too."""
    found = progress(conn, pid)
    return (found is not None and found[2] - found[3] == 1 and
            (found[0], found[1], found[4]) ==
            ("REINDEX CONCURRENTLY", phase, locker))


def test_waits():
    """Each wait ends with who is waited for, and says who that is."""
    with server.connect() as conn:
        ids = make(conn)
        step = Step()

        def waits(phase, locker):
            wait_for(lambda: waits_for(conn, step.pid, phase,
                                       locker.info.backend_pid), phase)

        def begin(statement):
            session = server.connect(autocommit=False)
            session.execute(statement)
            return session

        def end(session):
            session.commit()
            session.close()

        points = ["concurrent-index-ready", "concurrent-index-wait-snapshots",
                  "reindex-concurrent-swap", "reindex-concurrent-set-dead"]
        for point in points:
            nth = 3 if point == "concurrent-index-ready" else 1
            attach(conn, point, f"wait,nth={nth},times=1,pid={step.pid}")
        writer = begin("UPDATE t SET id = id WHERE id = 1")
        step.start()
        waits("waiting for writers before build", writer)
        end(writer)

        step.at(conn, "concurrent-index-ready")
        writer = begin("UPDATE t SET id = id WHERE id = 1")
        wakeup(conn, "concurrent-index-ready")
        waits("waiting for writers before validation", writer)

        # whose snapshot is older than the one it will be complete for
        old = server.connect(autocommit=False)
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1 FROM pg_class LIMIT 1")
        end(writer)
        step.at(conn, "concurrent-index-wait-snapshots")
        wakeup(conn, "concurrent-index-wait-snapshots")
        waits("waiting for old snapshots", old)
        end(old)

        step.at(conn, "reindex-concurrent-swap")
        reader = begin("SELECT 1 FROM t LIMIT 1")
        wakeup(conn, "reindex-concurrent-swap")
        waits("waiting for readers before marking dead", reader)
        reader.execute("SET LOCAL enable_seqscan = off")
        assert reader.execute("SELECT id FROM t ORDER BY v <-> '[7,0]' "
                              "LIMIT 1").fetchone() == (7,)
        end(reader)

        step.at(conn, "reindex-concurrent-set-dead")
        reader = begin("SELECT 1 FROM t LIMIT 1")
        wakeup(conn, "reindex-concurrent-set-dead")
        waits("waiting for readers before dropping", reader)
        end(reader)
        step.done()
        for point in points:
            detach(conn, point)
        check(conn, ids)


def test_who_is_not_waited_for():
    """Another build does not wait for its snapshot to end; but who rebuilds the
    index of a TOAST relation does, as the other may read through it."""
    with server.connect() as conn:
        ids = make(conn)
        make(conn, "u")
        other = hold(conn, "concurrent-index-build", 1,
                     "CREATE INDEX CONCURRENTLY u_x ON u "
                     "USING hnsw (v vector_l1_ops)")
        conn.execute("REINDEX INDEX CONCURRENTLY t_v")
        toast = conn.execute("SELECT reltoastrelid::regclass::text || '_index' "
                             "FROM pg_class WHERE relname = 'u'").fetchone()[0]
        step = Step(f"REINDEX INDEX CONCURRENTLY {toast}").start()
        phase = "waiting for old snapshots"
        wait_for(lambda: waits_for(conn, step.pid, phase, other.pid), phase)
        release(conn, "concurrent-index-build")
        other.done()
        step.done()
        check(conn, ids)
        check(conn, ids, "u")
        conn.execute("DROP TABLE u")


def test_values_of_dead_rows():
    """A transaction holds back the horizon, without a snapshot: a plain build
    reads rows that nobody sees any more.  Their values are found through the
    index that was rebuilt meanwhile, those too that came and went before it was
    ready."""
    with server.connect() as conn:
        conn.execute("DROP TABLE IF EXISTS w")
        conn.execute("CREATE TABLE w (id integer, v vector(800))")

        def fill(first, last):
            conn.execute("INSERT INTO w SELECT i, (SELECT array_agg(i + n) FROM "
                         "generate_series(1, 800) n)::vector(800) "
                         "FROM generate_series(%s::int, %s::int) i",
                         (first, last))

        fill(1, 20)
        idle = server.connect(autocommit=False)
        idle.execute("CREATE TABLE x (a integer)")
        conn.execute("DELETE FROM w WHERE id <= 10")
        toast = conn.execute("SELECT reltoastrelid::regclass::text || '_index' "
                             "FROM pg_class WHERE relname = 'w'").fetchone()[0]
        step = hold(conn, "concurrent-index-ready", 1,
                    f"REINDEX INDEX CONCURRENTLY {toast}")
        fill(21, 30)
        conn.execute("DELETE FROM w WHERE id > 25")
        release(conn, "concurrent-index-ready")
        step.done()
        conn.execute("CREATE INDEX w_v ON w USING hnsw (v vector_l2_ops)")
        conn.execute("REINDEX TABLE w")
        assert conn.execute("SELECT * FROM tusk_check('w')").fetchall() == []
        idle.rollback()
        idle.close()
        conn.execute("VACUUM w")
        assert conn.execute("SELECT * FROM tusk_check('w')").fetchall() == []
        assert conn.execute("SELECT sum(vector_dims(v)), count(*) FROM w"
                            ).fetchone() == (15 * 800, 15)
        conn.execute("DROP TABLE w")


def test_several_at_once():
    """On one table and on others, with writers: none waits for ever."""
    with server.connect() as conn:
        ids = make(conn)
        make(conn, "u")
        statements = ["REINDEX TABLE CONCURRENTLY t",
                      "REINDEX TABLE CONCURRENTLY u",
                      "REINDEX INDEX CONCURRENTLY t_v",
                      "REINDEX SCHEMA CONCURRENTLY public",
                      "CREATE INDEX CONCURRENTLY c1 ON t "
                      "USING hnsw (v vector_l1_ops)",
                      "CREATE INDEX CONCURRENTLY c2 ON t "
                      "USING hnsw (v vector_ip_ops)",
                      "VACUUM t"]
        for round_ in range(3):
            steps = [Step(statement).start() for statement in statements]
            first = 1000 + 100 * round_
            while any(step.thread.is_alive() for step in steps):
                change(conn, ids, first)
                first += 5
            for step in steps:
                step.done()
            drops = [Step(f"DROP INDEX CONCURRENTLY {name}").start()
                     for name in ("c1", "c2")]
            for step in drops:
                step.done()
            check(conn, ids)
        assert indexes(conn) == DONE
        conn.execute("DROP TABLE u")
        check_files(conn)


def test_snapshot_that_goes():
    """A second command, or the call of a function that locks the table, has an
    old snapshot when WAIT 3 of the first begins.  It gives that up before it
    waits for the table, which the first has locked: the first must not wait for
    it any longer, or neither goes on.  The first waits already, or is about
    to."""
    with server.connect() as conn:
        ids = make(conn)
        for about_to, second in ((False, "REINDEX INDEX CONCURRENTLY t_w"),
                                 (True, "REINDEX INDEX CONCURRENTLY t_w"),
                                 (False, "SELECT tusk_check('t')"),
                                 (True, "SELECT * FROM tusk_check('t')")):
            point = ("portal-run" if "tusk_check" in second
                     else "portal-run-utility")
            step = hold(conn, "concurrent-index-wait-snapshots", 1,
                        "REINDEX INDEX CONCURRENTLY t_v")
            if about_to:
                attach(conn, "virtual-xact-wait",
                       f"wait,times=1,pid={step.pid}")
            other = hold(conn, point, 1, second)
            release(conn, "concurrent-index-wait-snapshots")
            step.at(conn, "virtual-xact-wait" if about_to else "virtualxid")
            release(conn, point)
            if about_to:
                other.at(conn, "relation")
                release(conn, "virtual-xact-wait")
            step.done()
            other.done()
            check(conn, ids)


def test_deadlocks_that_stay():
    """Not so a snapshot of the whole transaction, nor what it has written: one
    of the two is told of the deadlock, and the other one goes on."""
    alter = "ALTER TABLE t SET (fillfactor = 90)"
    with server.connect() as conn:
        ids = make(conn)
        for snapshot, statement in ((True, alter), (False, alter),
                                    (True, "SELECT tusk_check('t')"),
                                    (False, "SELECT tusk_check('t')")):
            point = ("concurrent-index-wait-snapshots" if snapshot
                     else "concurrent-index-wait")
            step = hold(conn, point, 1, "REINDEX INDEX CONCURRENTLY t_v")
            other = Step(statement)
            other.conn.autocommit = False
            if snapshot:
                other.conn.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                other.conn.execute("SELECT 1 FROM pg_class LIMIT 1")
            else:
                other.conn.execute("UPDATE t SET id = id WHERE id = 1")
            other.start().at(conn, "relation")
            release(conn, point)
            other.thread.join()
            step.thread.join()
            errors = [s.error for s in (step, other) if s.error is not None]
            assert len(errors) == 1 and errors[0].sqlstate == "40P01", errors
            if step.error is not None:
                conn.execute(remedy(step.error))
            check(conn, ids)
            assert indexes(conn) == DONE, indexes(conn)


def test_cancel_a_wait():
    with server.connect() as conn:
        ids = make(conn)
        writer = server.connect(autocommit=False)
        writer.execute("DELETE FROM t WHERE id = 1")
        errors = []
        for statement in (REINDEX, "CREATE INDEX CONCURRENTLY t_x ON t "
                          "USING hnsw (v vector_l1_ops)"):
            step = Step(statement).start()
            wait_for(lambda: (progress(conn, step.pid) or [None] * 5)[4] ==
                     writer.info.backend_pid, "the wait for the writer")
            conn.execute("SELECT pg_cancel_backend(%s)", (step.pid,))
            step.thread.join()
            assert step.error.sqlstate == "57014", step.error
            errors.append(step.error)
        writer.commit()
        writer.close()
        for error in errors:
            conn.execute(remedy(error))
        assert indexes(conn) == DONE, indexes(conn)
        check(conn, ids - {1})


for test in (test_writers_at_every_step, test_failures, test_crash, test_waits,
             test_who_is_not_waited_for, test_values_of_dead_rows,
             test_several_at_once, test_snapshot_that_goes,
             test_deadlocks_that_stay, test_cancel_a_wait):
    suite.run(test)
server.stop()
suite.finish(server)
