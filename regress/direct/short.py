#!/usr/bin/env python3
"""Short searches, which their clients keep between two queries.

Story: a client that searches once and again does not tell its backend when it is
through: the next query goes on with the same search, as long as a word of shared
memory says that no transaction has ended since, so that a new snapshot would be
the same.  The dangers: a query that does not see what was committed before it
(the word says nothing of it), a client that has gone quiet and holds up others
(vacuum, DDL, the horizon), counts that are lost.  Nothing here depends on how
long a short search lasts: each test takes what it finds, and tries again where it
wants to see one that is still there.
"""
import random
import threading

from common import (Step, assert_nothing_held, child_client, end_child, held,
                    hold, let_go, make, oid, server, sql, state_of, suite,
                    wait_for)
from harness import seed
from client import (CANCELED, CONFLICT, ENDED, EXPIRED, NOT_ALLOWED, SHORT,
                    TIMED_OUT, Client, Segment, begin, end)
from wire import query

# so often a short search is begun that something is to find still running
TRIES = 1000


def short(c, index):
    return c.begin(index, flags=SHORT)


def until_over(s):
    wait_for(lambda: not s.valid(), "the end of a short search")


def counts():
    return sql("SELECT idx_scan, idx_tup_read, idx_tup_fetch FROM "
               "pg_stat_user_indexes WHERE indexrelname = 't_v'")[0]


def test_expires():
    """It ends by itself, which nobody counts as forced; what its client asks and
    counts later is answered, and counted once."""
    make()
    index = oid("t_v")
    with Client(server) as c:
        s = short(c, index)
        assert s.keep_ms == 10, s.keep_ms
        until_over(s)
        assert_nothing_held(c)
        assert sql("SELECT search, searches, ended_by_server, last_end FROM "
                   "tusk_direct_searches WHERE pid = %s", (c.pid,)) == \
            [(None, 1, 0, "expired")]
        assert c.ask_rows(s, [(0, 1)]) == EXPIRED
        assert c.end(s, searches=3, entries=30, rows=12) == EXPIRED
        assert counts() == (3, 30, 12)
        assert c.end(s, searches=3, entries=30, rows=12) == EXPIRED
        assert counts() == (3, 30, 12), "counted twice"
        # the timer of a short one does not end the next
        s = short(c, index)
        s = c.begin(index)
        assert s.keep_ms == 0
        wait_for(lambda: sql("SELECT pg_sleep(0.2)"), "the timer's end")
        assert s.valid() and c.end(s) == ENDED
        assert c.end(c.begin(index)) == ENDED


def test_not_short():
    """Neither in a block nor under a reader_timeout that is as short."""
    make()
    index = oid("t_v")
    with Client(server) as c:
        c.sql("BEGIN")
        assert short(c, index).keep_ms == 0
        c.sql("COMMIT")
        c.sql("SET reader_timeout = '20ms'")
        s = short(c, index)
        assert s.keep_ms == 0
        until_over(s)
        assert c.end(s) == TIMED_OUT
        c.sql("SET reader_timeout = '21ms'")
        assert short(c, index).keep_ms == 10


def test_counts():
    """Of searches that anything has ended, also of a table that is gone."""
    make()
    index = oid("t_v")
    with Client(server) as c, server.connect() as other:
        s = short(c, index)
        assert c.end(s, searches=1, entries=10, rows=4) in (ENDED, EXPIRED)
        assert counts() == (1, 10, 4)
        s = short(c, index)
        other.execute("TRUNCATE t")
        assert not s.valid()
        assert c.end(s, searches=1, entries=10, rows=4) in (CONFLICT, EXPIRED)
        assert counts() == (2, 20, 8)
        # END and the next message in one write, whatever that is
        s = short(c, index)
        c.send(end(s.search, 1, 10, 4), query("SELECT 1"))
        assert c.ended() in (ENDED, EXPIRED)
        c.read_until(b"Z")
        assert counts() == (3, 30, 12)
        s = short(c, index)
        c.send(end(s.search, 2, 5, 5), begin(index, flags=SHORT))
        assert c.ended() in (ENDED, EXPIRED)
        s = c.begun()
        assert counts() == (5, 35, 17)
        other.execute("DROP TABLE t")
        assert c.end(s, searches=1, entries=1, rows=1) in (CONFLICT, EXPIRED)
        assert c.sql("SELECT 1") == [("1",)]
        # in a block, of which it is none: not running
        assert c.end(s, searches=1) in (CONFLICT, EXPIRED)


def test_completions():
    """The word changes with every transaction that wrote, however it ended, and
    with no other."""
    make()
    index = oid("t_v")
    with Client(server) as c, server.connect() as other:
        def changes(text):
            s = c.begin(index)
            assert s.current()
            other.execute(text)
            assert s.valid()
            return not s.current()
        assert changes("UPDATE t SET x = 'y' WHERE id = 1")
        assert changes("CREATE TABLE IF NOT EXISTS word (id int)")
        assert changes("DROP TABLE word")
        assert not changes("SELECT count(*) FROM t")
        assert not changes("BEGIN")
        assert not changes("INSERT INTO t (id) VALUES (1000)")
        assert not changes("SELECT count(*) FROM t")
        assert changes("ROLLBACK")
        assert not changes("BEGIN")
        assert not changes("INSERT INTO t (id) VALUES (1000)")
        assert changes("COMMIT")
        # of a session that ends within one
        with server.connect() as third:
            third.execute("BEGIN")
            third.execute("INSERT INTO t (id) VALUES (1001)")
            s = c.begin(index)
        wait_for(lambda: not s.current(), "the end of its transaction")


def test_same_snapshot():
    """While others commit and abort: two snapshots of the same count are the
    same, and one that does not see what another has seen has a lower count."""
    make()
    index = oid("t_v")
    rng = random.Random(seed("DIRECT"))
    stop = threading.Event()
    failed = []

    def write(number):
        try:
            with server.connect() as conn:
                while not stop.is_set():
                    conn.execute("BEGIN")
                    conn.execute("UPDATE t SET x = 'z' WHERE id = %s",
                                 (number,))
                    conn.execute(rng.choice(("COMMIT", "ROLLBACK")))
        except Exception as e:  # noqa: BLE001
            failed.append(e)
    threads = [threading.Thread(target=write, args=(i,)) for i in (1, 2, 3)]
    for t in threads:
        t.start()
    try:
        with Client(server) as a, Client(server) as b:
            same = other = 0
            for _ in range(100 * TRIES):
                a.send(begin(index, flags=SHORT))
                b.send(begin(index, flags=SHORT))
                x, y = sorted((a.begun(), b.begun()),
                              key=lambda s: s.completions)
                if x.completions == y.completions:
                    assert (x.xmax, set(x.xip)) == (y.xmax, set(y.xip)), (
                        vars(x), vars(y))
                    same += 1
                else:
                    # what was over for the first is so for the second
                    assert x.xmax <= y.xmax and not (
                        {i for i in y.xip if i < x.xmax} - set(x.xip)), (
                        vars(x), vars(y))
                    other += 1
                if same > 100 and other > 100:
                    break
            assert same and other, (same, other)
    finally:
        stop.set()
        for t in threads:
            t.join()
    assert not failed, failed


def test_vacuum():
    """What is deleted after a short search was begun is removed by a vacuum that
    comes at once, whether its client still uses it or not."""
    make()
    index = oid("t_v")
    asked = 0
    with Client(server) as c, server.connect() as other:
        for i in range(TRIES):
            s = short(c, index)
            other.execute("DELETE FROM t WHERE id = %s" % (i % 250))
            other.execute("VACUUM t")
            assert sql("SELECT n_dead_tup FROM pg_stat_user_tables "
                       "WHERE relname = 't'") == [(0,)], i
            asked += c.end(s) == CONFLICT
            other.execute("INSERT INTO t VALUES (%s, '[1,2,3]')" % (i % 250))
            if asked > 3:
                break
        assert asked, "it was over each time"
        # one that is not short keeps what it sees
        s = c.begin(index)
        other.execute("DELETE FROM t WHERE id = 280")
        other.execute("VACUUM t")
        assert sql("SELECT n_dead_tup FROM pg_stat_user_tables "
                   "WHERE relname = 't'") == [(1,)]
        assert c.end(s) == ENDED


def at_the_point(c, other, index, text, action="wait"):
    """The other runs the text, and is where it asks for the end of c's search:
    the statement; None: that was over each time."""
    point = "direct-end-short"
    for _ in range(TRIES):
        pid = other.info.backend_pid
        sql("SELECT injection_points_attach(%s, %s)",
            (point, f"{action},times=1,pid={pid}"))
        s = short(c, index)
        step = Step(other, text)
        wait_for(lambda: not step.thread.is_alive() or sql(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
            "wait_event = %s", (pid, point)), "vacuum, or its step")
        if step.thread.is_alive() or step.error is not None:
            return step
        sql("SELECT injection_points_detach(%s)", (point,))
        c.end(s)
    return None


def test_vacuum_waits_for_no_begin():
    """One that waits for a lock, which somebody may hold for long, is not yet
    a search: the vacuum of another table goes on."""
    make()
    sql("DROP TABLE IF EXISTS u")
    sql("CREATE TABLE u AS SELECT * FROM t")
    index = oid("t_v")
    with Client(server) as c, server.connect() as other, \
            server.connect() as holder:
        assert short(c, index).obstacle == 0
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        c.send(begin(index, flags=SHORT))
        wait_for(lambda: sql("SELECT 1 FROM pg_stat_activity WHERE pid = %s "
                             "AND wait_event_type = 'Lock'", (c.pid,)),
                 "BEGIN's wait")
        Step(other, "VACUUM u").done()
        holder.execute("COMMIT")
        assert c.begun().obstacle == 0


def test_vacuum_fails():
    """An error there is the vacuum's; a kill is a crash as any other."""
    make()
    with Client(server) as c, server.connect() as other:
        step = at_the_point(c, other, oid("t_v"), "VACUUM t", "error")
        assert step is not None and step.done().error is not None
        sql("SELECT injection_points_detach('direct-end-short')")
        other.execute("VACUUM t")
    server.expect("was terminated by signal 9")
    for point in ("direct-end-short", "direct-late-end"):
        lives = server.lives()
        with Client(server) as c, server.connect() as other:
            pid = c.pid if point == "direct-late-end" else \
                other.info.backend_pid
            sql("SELECT injection_points_attach(%s, %s)",
                (point, f"kill,times=1,pid={pid}"))
            for _ in range(TRIES):
                s = short(c, oid("t_v"))
                if point == "direct-late-end":
                    until_over(s)
                    c.send(end(s.search, 1, 1, 1))
                    break
                step = Step(other, "VACUUM t")
                step.done()
                if step.error is not None:
                    break
                c.end(s)
            server.next_life(lives)
            assert not s.valid(), point
    sql("VACUUM t")


def test_cancel():
    """A request that comes when it has expired, and its client has not noticed
    yet, ends the query all the same; a later one is for nobody."""
    make()
    with Client(server) as c:
        s = short(c, oid("t_v"))
        until_over(s)
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        assert c.end(s) == CANCELED
        s = short(c, oid("t_v"))
        until_over(s)
        assert c.end(s) == EXPIRED
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        assert c.end(s) == EXPIRED
        s = short(c, oid("t_v"))
        assert c.end(s) in (ENDED, EXPIRED)


def test_right_is_lost():
    """REVOKE is a commit as any: no search goes on after it, none begins."""
    make()
    index = oid("t_v")
    sql("DROP ROLE IF EXISTS reader")
    sql("CREATE ROLE reader")
    with Client(server) as c:
        sql("GRANT pg_read_all_data TO reader")
        c.sql("SET ROLE reader")
        s = short(c, index)
        assert s.obstacle == 0
        sql("REVOKE pg_read_all_data FROM reader")
        assert not s.current()
        assert short(c, index).obstacle == NOT_ALLOWED
        c.sql("RESET ROLE")
    sql("DROP ROLE reader")


def test_stopped_client():
    """SIGSTOP, then SIGKILL, of one that keeps a search: DDL goes on, nothing is
    held."""
    for ddl in (True, False):
        make()
        index = oid("t_v")
        pid, backend = child_client(lambda c: short(c, index))
        try:
            if ddl:
                sql("DROP TABLE t")
            else:
                wait_for(lambda: state_of(backend) == ("idle", None),
                         "its end")
                assert not Segment(server).running()
        finally:
            end_child(pid)
        wait_for(lambda: not sql("SELECT 1 FROM pg_stat_activity WHERE "
                                 "pid = %s", (backend,)), "its backend's end")
        assert not Segment(server).running()


def test_interrupted_begin():
    """DDL that comes between BEGIN's lock and the moment at which it is a short
    search."""
    for point in ("direct-begin-locked", "direct-slot-set"):
        make()
        with Client(server) as c, server.connect() as other:
            hold(point, c)
            c.send(begin(oid("t_v"), flags=SHORT))
            held(point, c)
            ddl = Step(other, "DROP TABLE t").waits()
            let_go(point)
            assert ddl.done().error is None, ddl.error
            s = c.begun()
            assert not s.valid() and c.ask_rows(s, [(0, 1)]) in (CONFLICT,
                                                                 EXPIRED)
            assert c.end(s) in (CONFLICT, EXPIRED), point
            assert_nothing_held(c)


suite.run_all(globals(), server)
