#!/usr/bin/env python3
"""Nothing waits for a client that searches, and what it has read when something
was taken from under it does not count.

Story: a client reads under locks, a snapshot and an index version that its
backend holds, and looks at three words of shared memory to learn whether all of
that stood until it had read the last page.  The dangers: a word that stands
though a lock or the snapshot is gone (wrong rows), and a client that is slow,
stopped or dead and holds up DDL, vacuum or a build (a service that its clients
can block).  So everything that conflicts is started against an open search, and
at every step of its BEGIN, with reader_timeout off: it must go on at once, and
the search must be invalid by then.  Schedules are made with injection points.
"""
import os
import threading

from common import (Step, assert_nothing_held, child_client, end_child, held, hold,
                    let_go, make, oid, server, sql, state_of, stories,
                    suite, wait_for)
from client import (CANCELED, CONFLICT, ENDED, NOT_RUNNING, NO_INDEX, POSSIBLE,
                    TIMED_OUT, Client, ask_rows, begin, touched)
from wire import SYNC, kinds, parse, query, sqlstate


DDL = ("DROP INDEX t_v", "DROP TABLE t", "TRUNCATE t", "REINDEX INDEX t_v",
       "REINDEX TABLE t", "ALTER TABLE t ADD COLUMN y integer",
       "ALTER TABLE t ALTER x SET STORAGE external",
       "CREATE INDEX CONCURRENTLY t_w ON t USING hnsw (v vector_l1_ops)",
       "REINDEX INDEX CONCURRENTLY t_v", "DROP INDEX CONCURRENTLY t_v")


def test_ddl():
    """Whatever wants a lock, or the end of old snapshots, gets it from an open
    search at once, though its client does nothing and reader_timeout is off."""
    for text in DDL:
        make()
        with Client(server) as c, server.connect() as other:
            s = c.begin(oid("t_v"))
            assert s.valid()
            other.execute(text)
            assert not s.valid(), text
            assert s.segment.slot(s.slot)["search"] == 0, text
            assert c.end(s) == CONFLICT, text
            assert c.ask_rows(s, [(0, 1)]) == CONFLICT, text
            assert_nothing_held(c)
            assert c.sql("SELECT 1") == [("1",)]


def test_ddl_at_each_step():
    """DDL that comes while BEGIN is at a step, holding the table's lock or more:
    as soon as BEGIN is through the search is ended, with no other message."""
    for point in ("direct-begin-locked", "direct-begin-snapshot",
                  "direct-begin-described", "direct-slot-set",
                  "direct-begin-answer"):
        make()
        with Client(server) as c, server.connect() as other:
            hold(point, c)
            c.send(begin(oid("t_v")))
            held(point, c)
            ddl = Step(other, "DROP TABLE t").waits()
            let_go(point)
            ddl.done()
            assert ddl.error is None, ddl.error
            s = c.begun()
            assert s.obstacle == POSSIBLE and not s.valid(), point
            assert c.end(s) == CONFLICT, point
            assert_nothing_held(c)


def test_ddl_all_the_time():
    """While the index's file is emptied and made anew again and again: whoever
    sees it empty does not find the search valid after that."""
    make(30)
    index = oid("t_v")
    stop = threading.Event()

    def ddl():
        with server.connect() as conn:
            while not stop.is_set():
                conn.execute("TRUNCATE t")

    def is_empty(path):
        try:
            return os.stat(path).st_size == 0
        except FileNotFoundError:
            return True
    thread = threading.Thread(target=ddl)
    thread.start()
    try:
        with Client(server) as c:
            for _ in range(100):
                s = c.begin(index)
                assert s.obstacle == POSSIBLE
                path = os.path.join(server.data, "base", str(s.index[2]),
                                    str(s.index[3]))
                valid = True
                while valid:
                    empty = is_empty(path)
                    valid = s.valid()
                    assert not (empty and valid)
                assert c.end(s) == CONFLICT
                wait_for(lambda: is_empty(path), "the empty file")
    finally:
        stop.set()
        thread.join()


def test_ddl_before_begin():
    """BEGIN that waits for DDL's lock finds what is there after it."""
    make()
    with Client(server) as c, server.connect() as other:
        index = oid("t_v")
        for text, obstacle in (("REINDEX INDEX t_v", POSSIBLE),
                               ("DROP INDEX t_v", NO_INDEX)):
            other.execute("BEGIN")
            other.execute(text)
            c.send(begin(index))
            wait_for(lambda: sql("SELECT 1 FROM pg_stat_activity WHERE "
                                 "pid = %s AND wait_event_type = 'Lock'",
                                 (c.pid,)), "BEGIN's wait")
            other.execute("COMMIT")
            s = c.begun()
            assert s.obstacle == obstacle, (text, s.obstacle)
        # lock_timeout is BEGIN's too
        make()
        c.sql("SET lock_timeout = '10ms'")
        other.execute("BEGIN")
        other.execute("TRUNCATE t")
        assert sqlstate(c.ask(begin(oid("t_v")))) == "55P03"
        other.execute("COMMIT")
        assert_nothing_held(c)


def test_transaction_block():
    """In a block the locks are the block's: DDL waits for its end as ever, and
    the search stays valid.  READ COMMITTED takes a new snapshot each time,
    REPEATABLE READ keeps its own."""
    for level in ("READ COMMITTED", "REPEATABLE READ"):
        make()
        with Client(server) as c, server.connect() as other:
            c.sql(f"BEGIN ISOLATION LEVEL {level}")
            s = c.begin(oid("t_v"))
            first = s.xmax
            ddl = Step(other, "DROP TABLE t").waits()
            assert s.valid() and c.end(s) == ENDED and not s.valid()
            assert c.ask_rows(s, [(0, 1)]) == NOT_RUNNING
            sql("CREATE TABLE IF NOT EXISTS other (id integer, v vector(3))")
            sql("INSERT INTO other VALUES (1)")
            sql("INSERT INTO other VALUES (2)")
            s = c.begin(oid("t_v"))
            assert s.valid() and (s.xmax == first) == (level[0:3] == "REP")
            # any other message ends it, and not the block
            assert c.sql("SELECT count(*) FROM t") == [("300",)]
            assert not s.valid() and c.end(s) == ENDED
            xmin = state_of(c.pid)[1]
            assert (xmin is None) == (level[0:3] == "REA"), xmin
            c.sql("COMMIT")
            assert ddl.done().error is None
            assert_nothing_held(c)


def test_other_messages_end_it():
    """A search is over with the next message of another kind, and its own
    transaction is ended before that begins."""
    make()
    with Client(server) as c:
        for part in (query("SELECT 1"), SYNC, parse("SELECT 2") + SYNC,
                     query("BEGIN; COMMIT")):
            s = c.begin(oid("t_v"))
            got = c.ask(part)
            assert b"E" not in kinds(got) and got[-1] == (b"Z", b"I"), got
            assert not s.valid() and c.end(s) == ENDED
            assert_nothing_held(c)


def test_snapshot_is_kept():
    """Rows that others delete stay while the search runs, and are vacuumed once
    it is over; after the timeout too."""
    make()
    with Client(server) as c:
        s = c.begin(oid("t_v"))
        sql("DELETE FROM t WHERE id <= 50")
        sql("VACUUM t")
        got = c.ask_rows(s, [(0, i) for i in range(1, 51)], [(1, 0)])
        assert [r[1] for r in got] == [[str(i).encode()] for i in range(1, 51)]
        assert s.valid(), "nothing was taken away"
        assert c.end(s) == ENDED
        sql("VACUUM t")
        s = c.begin(oid("t_v"))
        assert c.ask_rows(s, [(0, i) for i in range(1, 51)]) == [None] * 50
        c.sql("SET reader_timeout = '50ms'")
        s = c.begin(oid("t_v"))
        sql("DELETE FROM t WHERE id <= 100")
        wait_for(lambda: not s.valid(), "the end by reader_timeout")
        assert_nothing_held(c)
        sql("VACUUM t")
        assert c.end(s) == TIMED_OUT
        s = c.begin(oid("t_v"))
        assert c.ask_rows(s, [(0, 60)]) in ([None], TIMED_OUT)


def test_reader_timeout():
    """One that is off, or long, is no end; in a block it ends the search, its
    snapshot and nothing else; a timer of an old search does not end the next."""
    make()
    with Client(server) as c:
        c.sql("SET reader_timeout = '60ms'")
        c.sql("BEGIN")
        s = c.begin(oid("t_v"))
        wait_for(lambda: not s.valid(), "the end by reader_timeout")
        assert state_of(c.pid) == ("idle in transaction", None)
        assert c.end(s) == TIMED_OUT
        assert c.sql("SELECT count(*) FROM t") == [("300",)]
        c.sql("COMMIT")
        # many short ones, across many ends of the timer
        for _ in range(300):
            s = c.begin(oid("t_v"))
            assert c.end(s) in (ENDED, TIMED_OUT)
        c.sql("SET reader_timeout = 0")
        s = c.begin(oid("t_v"))
        c.send(touched([]))
        wait_for(lambda: sql("SELECT pg_sleep(0.2)"), "the timer's end")
        assert s.valid() and c.end(s) == ENDED
        c.sql("SET reader_timeout = '1h'")
        s = c.begin(oid("t_v"))
        assert s.valid() and c.end(s) == ENDED
        c.sql("SET reader_timeout = '60ms'")
        s = c.begin(oid("t_v"))
        wait_for(lambda: not s.valid(), "the shorter timeout")


def test_cancel():
    """A cancel ends the search that runs, and means nothing between two."""
    make()
    with Client(server) as c:
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        s = c.begin(oid("t_v"))
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        wait_for(lambda: not s.valid(), "the end by the cancel")
        assert c.end(s) == CANCELED
        assert_nothing_held(c)
        # while it is being begun it is an error as ever
        hold("direct-begin-locked", c)
        c.send(begin(oid("t_v")))
        held("direct-begin-locked", c)
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        assert sqlstate(c.read_until(b"Z")) == "57014"
        sql("SELECT injection_points_detach('direct-begin-locked')")
        assert_nothing_held(c)
        assert c.begin(oid("t_v")).valid()


def test_vacuum():
    """Vacuum that takes elements away ends, by the index's version, the
    validity of searches that began before; later ones stand."""
    make()
    with Client(server) as c:
        s = c.begin(oid("t_v"))
        assert c.end(s) == ENDED
        sql("DELETE FROM t WHERE id % 3 = 0")
        s = c.begin(oid("t_v"))
        sql("VACUUM t")
        assert not s.valid() and s.segment.slot(s.slot)["search"] == s.search
        assert c.end(s) == ENDED
        s = c.begin(oid("t_v"))
        sql("VACUUM t")
        assert s.valid() and c.end(s) == ENDED


def test_vacuum_between():
    """A BEGIN that looks at the version while vacuum has raised it and waits
    for searches has the new version: its search stands, as it begins after the
    graph was repaired.  One that began before the raise does not."""
    make()
    sql("DELETE FROM t WHERE id % 3 = 0")
    with Client(server) as c, Client(server) as early, \
            server.connect() as vac:
        old = early.begin(oid("t_v"))
        hold("direct-begin-version", c)
        c.send(begin(oid("t_v")))
        held("direct-begin-version", c)
        # it holds the SCAN lock there
        step = Step(vac, "VACUUM t").waits()
        assert not old.valid()
        let_go("direct-begin-version")
        assert step.done().error is None
        s = c.begun()
        assert s.valid() and s.version != old.version
        assert early.end(old) == ENDED and c.end(s) == ENDED


def test_stopped_client():
    """SIGSTOP at any point between messages: DDL goes on at once.  (In a block
    it would wait for the block, as for any idle one.)"""
    make()
    for story in stories(oid("t_v"))[:-1]:
        make()
        index = oid("t_v")
        story = dict((f.__name__, f) for f in stories(index))[story.__name__]
        pid, _ = child_client(story)
        try:
            with server.connect() as other:
                other.execute("SET statement_timeout = '60s'")
                other.execute("DROP TABLE t")
        finally:
            end_child(pid)


def test_client_that_does_not_read():
    """Answers pile up until the backend waits for room in the socket, with the
    search's locks: they are given up there too, on request and by the timeout,
    and the session is whole when the client reads on."""
    sql("DROP TABLE IF EXISTS wide")
    sql("CREATE TABLE wide (id integer, v vector(2), x text)")
    sql("INSERT INTO wide SELECT i, '[1,2]', repeat('x', 8000) "
        "FROM generate_series(1, 100) i")
    sql("CREATE INDEX wide_v ON wide USING hnsw (v vector_l2_ops)")
    tids = [(i, j) for i in range(60) for j in (1, 2)]

    def stuck(c):
        return sql("SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
                   "wait_event IN ('ClientWrite', 'ClientRingWrite')",
                   (c.pid,))
    # a time-out in which this machine fills a socket
    for how in ("conflict", 300, 3000, 30000):
        with Client(server) as c, server.connect() as other:
            if how != "conflict":
                c.sql(f"SET reader_timeout = {how}")
            s = c.begin(oid("wide_v"))
            for _ in range(20):
                c.send(ask_rows(s.search, tids, [(3, 0)]))
            wait_for(lambda: stuck(c) or not s.valid(), "a full socket")
            full = s.valid()
            if how == "conflict":
                other.execute("BEGIN")
                other.execute("TRUNCATE wide")
                other.execute("ROLLBACK")
            wait_for(lambda: not s.valid(), "the end of the search")
            outcomes = [c._asked()[2] for _ in range(20)]
            expected = CONFLICT if how == "conflict" else TIMED_OUT
            first = outcomes.index(expected)
            assert outcomes == [ENDED] * first + [expected] * (20 - first)
            c.sql("RESET reader_timeout")
            assert_nothing_held(c)
            assert c.begin(oid("wide_v")).valid()
        if how != "conflict" and full:
            break
    assert full


suite.run_all(globals(), server)
