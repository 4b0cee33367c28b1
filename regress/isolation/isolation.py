#!/usr/bin/env python3
"""Two and three transactions on the same rows, in fixed schedules.

The danger is a change that is lost, or seen too early, or a wait that nothing
ends.  A schedule is forced by waiting until pg_stat_activity says that a
session waits for a lock; what must come out is what PostgreSQL's manual says
of READ COMMITTED and REPEATABLE READ."""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, wait_for  # noqa: E402
from steps import Held, Step  # noqa: E402

suite = Suite()
server = Server(deadlock_timeout="50ms").start()
Step.server = server


def fresh(*rows):
    server.query("DROP TABLE IF EXISTS t")
    server.query("CREATE TABLE t (id int, v int)")
    for row in rows:
        server.query("INSERT INTO t VALUES (%s, %s)", row)


def table():
    return server.query("SELECT id, v FROM t ORDER BY id, v")


def session(level="READ COMMITTED"):
    conn = server.connect()
    conn.execute(f"BEGIN ISOLATION LEVEL {level}")
    # the snapshot of REPEATABLE READ
    conn.execute("SELECT count(*) FROM t")
    return conn


def pair(level="READ COMMITTED"):
    return session(level), session(level)


def test_increments_add_up():
    """READ COMMITTED: the second UPDATE waits and starts from the new value."""
    fresh((1, 10), (2, 20))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = v + 1 WHERE id = 1")
        step = Step(b, "UPDATE t SET v = v + 100 WHERE id = 1 "
                       "RETURNING v").waits()
        a.execute("COMMIT")
        assert step.done().rows == [(111,)], (step.rows, step.error)
        b.execute("COMMIT")
    assert table() == [(1, 111), (2, 20)]


def test_first_rolls_back():
    fresh((1, 10))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = 0")
        step = Step(b, "UPDATE t SET v = v + 1").waits()
        a.execute("ROLLBACK")
        assert step.done().count == 1
        b.execute("COMMIT")
    assert table() == [(1, 11)]


def test_row_no_longer_wanted():
    """The newest version does not meet the condition: the row is left alone,
    by UPDATE and by DELETE."""
    for change in ("UPDATE t SET v = -1 WHERE v = 10",
                   "DELETE FROM t WHERE v = 10"):
        fresh((1, 10), (2, 10))
        a, b = pair()
        with a, b:
            a.execute("UPDATE t SET v = 11 WHERE id = 1")
            step = Step(b, change).waits()
            a.execute("COMMIT")
            assert step.done().count == 1, (step.count, step.error)
            b.execute("COMMIT")
        assert (1, 11) in table() and (2, 10) not in table(), table()


def test_chain_of_versions():
    """Two versions on: the newest one counts, not the next one."""
    for wanted, rows in (("0, 2", [(2,)]), ("0, 1", [])):
        fresh((1, 0))
        a, b = pair()
        with a, b:
            a.execute("UPDATE t SET v = v + 1")
            a.execute("UPDATE t SET v = v + 1")
            step = Step(b, f"DELETE FROM t WHERE v IN ({wanted}) "
                           "RETURNING v").waits()
            a.execute("COMMIT")
            assert step.done().rows == rows, (step.rows, step.error)
            b.execute("COMMIT")


def test_delete_follows_update():
    fresh((1, 0))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = 5")
        step = Step(b, "DELETE FROM t WHERE id = 1 RETURNING v").waits()
        a.execute("COMMIT")
        assert step.done().rows == [(5,)], (step.rows, step.error)
        b.execute("COMMIT")
    assert table() == []


def test_deleted_meanwhile():
    fresh((1, 0))
    a, b = pair()
    with a, b:
        a.execute("DELETE FROM t")
        step = Step(b, "UPDATE t SET v = 1").waits()
        a.execute("COMMIT")
        assert step.done().count == 0, (step.count, step.error)
        b.execute("COMMIT")
    assert table() == []


def test_join_is_tested_again():
    """With another table: the new version is joined, not the old one."""
    fresh((1, 1))
    server.query("DROP TABLE IF EXISTS s")
    server.query("CREATE TABLE s (v int, name int)")
    server.query("INSERT INTO s VALUES (1, 100), (2, 200)")
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = 2")
        step = Step(b, "UPDATE t SET id = s.name FROM s WHERE s.v = t.v "
                       "AND s.v IN (SELECT v FROM s) RETURNING id").waits()
        a.execute("COMMIT")
        assert step.done().rows == [(200,)], (step.rows, step.error)
        b.execute("COMMIT")
    server.query("DROP TABLE s")


def test_with_query_is_shared():
    """The plan that tests the newest version again reads a WITH query's rows
    that the first one has fetched, from their beginning, and fetches what it
    needs; the first one then goes on where it stood."""
    for rows in ((1, 2, 3), (3, 1, 2), (2, 3, 1)):
        fresh(*((i, i) for i in rows))
        a, b = pair()
        with a, b:
            a.execute("UPDATE t SET v = v + 10 WHERE id <> 2")
            step = Step(b, "WITH c AS MATERIALIZED (SELECT i, random() AS r FROM "
                           "generate_series(1, 20) i) UPDATE t SET id = c.i + 100 "
                           "FROM c WHERE c.i = t.v AND c.r >= 0 AND "
                           "(SELECT count(*) FROM c) = 20").waits()
            a.execute("COMMIT")
            assert step.done().count == 3, (step.count, step.error)
            b.execute("COMMIT")
        assert table() == [(102, 2), (111, 11), (113, 13)], table()


def test_repeatable_read():
    """REPEATABLE READ: 40001 after a commit, nothing after a rollback."""
    for first, word in (("UPDATE t SET v = 0", "update"),
                        ("DELETE FROM t", "delete")):
        for second in ("UPDATE t SET v = 1", "DELETE FROM t"):
            for end in ("COMMIT", "ROLLBACK"):
                fresh((1, 10))
                a, b = pair("REPEATABLE READ")
                with a, b:
                    a.execute(first)
                    step = Step(b, second).waits()
                    a.execute(end)
                    step.done()
                    if end == "ROLLBACK":
                        assert step.count == 1, step.error
                    else:
                        assert step.error == (
                            "40001", "could not serialize access due to "
                            f"concurrent {word}"), step.error
                    b.execute("ROLLBACK")


def test_lost_update_refused():
    """Read, then write what was read plus one: REPEATABLE READ refuses it."""
    fresh((1, 10))
    a, b = pair("REPEATABLE READ")
    with a, b:
        a.execute("UPDATE t SET v = 11")
        a.execute("COMMIT")
        assert b.execute("SELECT v FROM t").fetchall() == [(10,)]
        assert Step(b, "UPDATE t SET v = 11").done().error[0] == "40001"
        b.execute("ROLLBACK")


def test_write_skew():
    """Snapshot isolation allows it: each changes what the other has read."""
    fresh((1, 1), (2, 1))
    a, b = pair("REPEATABLE READ")
    with a, b:
        a.execute("UPDATE t SET v = 0 WHERE id = 1 AND "
                  "(SELECT sum(v) FROM t) = 2")
        b.execute("UPDATE t SET v = 0 WHERE id = 2 AND "
                  "(SELECT sum(v) FROM t) = 2")
        a.execute("COMMIT")
        b.execute("COMMIT")
    assert table() == [(1, 0), (2, 0)]


def test_deadlock():
    """Rows in opposite order: one of the two gets 40P01, the other goes on."""
    fresh((1, 0), (2, 0))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = 1 WHERE id = 1")
        b.execute("UPDATE t SET v = 2 WHERE id = 2")
        one = Step(a, "UPDATE t SET v = 1 WHERE id = 2").waits()
        two = Step(b, "UPDATE t SET v = 2 WHERE id = 1")
        wait_for(lambda: one.error or two.error, "a deadlock's end")
        loser, winner = (one, two) if one.error else (two, one)
        assert loser.error == ("40P01", "deadlock detected"), loser.error
        loser.done().conn.execute("ROLLBACK")
        assert winner.done().count == 1, winner.error
        winner.conn.execute("COMMIT")
    assert table() in ([(1, 1), (2, 1)], [(1, 2), (2, 2)])


def finish_in_any_order(conns, steps):
    """After the first commits: once the waiters know of the row's new version
    they run for it, and either may win."""
    conns[0].execute("COMMIT")
    wait_for(lambda: any(s.count == 1 for s in steps), "the second")
    steps.sort(key=lambda step: step.count != 1)
    for step in steps:
        assert step.done().error is None, step.error
        step.conn.execute("COMMIT")
    for conn in conns:
        conn.close()


def test_who_blocks():
    """pg_blocking_pids and pg_locks: the first waits for the transaction, the
    second for the row's turn."""
    fresh((1, 0))
    conns = [session() for _ in range(3)]
    pids = [c.info.backend_pid for c in conns]
    conns[0].execute("UPDATE t SET v = 1")
    steps = [Step(c, "UPDATE t SET v = v + 1").waits() for c in conns[1:]]

    def blockers(pid):
        return set(server.query("SELECT pg_blocking_pids(%s)", (pid,))[0][0])
    assert blockers(pids[0]) == set()
    assert blockers(pids[1]) == {pids[0]}, blockers(pids[1])
    assert blockers(pids[2]) == {pids[1]}, blockers(pids[2])
    waiting = server.query("SELECT pid, locktype, relation = 't'::regclass, "
                           "tuple FROM pg_locks WHERE NOT granted")
    assert sorted(waiting) == sorted([(pids[1], "transactionid", None, None),
                                      (pids[2], "tuple", True, 1)]), waiting
    finish_in_any_order(conns, steps)
    assert table() == [(1, 3)]


def test_three():
    """Three increments in a row of waits: none is lost."""
    fresh((1, 0))
    conns = [session() for _ in range(3)]
    conns[0].execute("UPDATE t SET v = v + 1")
    steps = [Step(c, "UPDATE t SET v = v + 1").waits() for c in conns[1:]]
    finish_in_any_order(conns, steps)
    assert table() == [(1, 3)]


def test_for_update_holds_writers():
    """A locked row waits for; both strengths, and UPDATE and DELETE after."""
    for lock in ("FOR UPDATE", "FOR NO KEY UPDATE"):
        fresh((1, 0), (2, 0))
        a, b = pair()
        with a, b:
            assert a.execute(f"SELECT v FROM t WHERE id = 1 {lock}"
                             ).fetchall() == [(0,)]
            assert b.execute("SELECT v FROM t WHERE id = 1").fetchall() == [
                (0,)]
            b.execute("UPDATE t SET v = 9 WHERE id = 2")
            step = Step(b, "UPDATE t SET v = v + 1 WHERE id = 1").waits()
            a.execute("UPDATE t SET v = 5 WHERE id = 1")
            a.execute("COMMIT")
            assert step.done().count == 1, step.error
            b.execute("COMMIT")
        assert table() == [(1, 6), (2, 9)]


def test_for_update_newest():
    """The newest version is shown, if it is still wanted; in ORDER BY's and
    a join's place of the old one."""
    fresh((1, 10), (2, 20), (3, 30))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = v + 100 WHERE id <= 2")
        a.execute("DELETE FROM t WHERE id = 3")
        step = Step(b, "SELECT id, v FROM t WHERE v <> 120 ORDER BY v "
                       "FOR UPDATE").waits()
        a.execute("COMMIT")
        assert step.done().rows == [(1, 110)], (step.rows, step.error)
        b.execute("COMMIT")
    fresh((1, 10))
    a, b = pair("REPEATABLE READ")
    with a, b:
        a.execute("UPDATE t SET v = 0")
        a.execute("COMMIT")
        assert Step(b, "SELECT * FROM t FOR UPDATE").done().error == (
            "40001", "could not serialize access due to concurrent update")
        b.execute("ROLLBACK")


def test_for_update_of_a_join():
    """Only the named table's rows are locked, and joined anew."""
    fresh((1, 1), (2, 2))
    a, b = pair()
    with a, b:
        a.execute("SELECT * FROM t x, t y WHERE x.id = 1 AND y.id = 2 "
                  "FOR UPDATE OF x")
        b.execute("UPDATE t SET v = 3 WHERE id = 2")
        step = Step(b, "SELECT v FROM t WHERE id = 1 FOR UPDATE").waits()
        a.execute("COMMIT")
        assert step.done().rows == [(1,)], step.error
        b.execute("COMMIT")


def test_nowait():
    fresh((1, 0))
    a, b = pair()
    with a, b:
        a.execute("SELECT * FROM t FOR UPDATE")
        assert Step(b, "SELECT * FROM t FOR UPDATE NOWAIT").done().error == (
            "55P03", 'could not obtain lock on row in relation "t"')
        b.execute("ROLLBACK")


def test_queue():
    """SKIP LOCKED: three workers take three jobs, nobody waits, and none is
    done twice."""
    fresh(*[(i, 0) for i in range(1, 5)])
    conns = [session() for _ in range(3)]
    for i, conn in enumerate(conns):
        assert conn.execute(
            "UPDATE t SET v = 1 WHERE id = (SELECT id FROM t WHERE v = 0 "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
        ).fetchall() == [(i + 1,)]
    conns[1].execute("ROLLBACK")
    assert conns[0].execute("SELECT id FROM t WHERE v = 0 ORDER BY id "
                            "FOR UPDATE SKIP LOCKED").fetchall() == [(2,),
                                                                     (4,)]
    for conn in conns:
        conn.execute("COMMIT")
        conn.close()
    assert table() == [(1, 1), (2, 0), (3, 1), (4, 0)]


def test_changed_again_while_looking():
    """UPDATE has waited for a change and looks for the newest version: a third
    transaction changes the row once more, or deletes it, in that moment."""
    for last, rows in (("UPDATE t SET v = v * 10", [(121,)]),
                       ("UPDATE t SET id = 7", []), ("DELETE FROM t", [])):
        fresh((1, 10))
        a, b = pair()
        with a, b:
            a.execute("UPDATE t SET v = v + 2")
            step = Held(b, "UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v",
                        "modify-conflict").waits()
            a.execute("COMMIT")
            step.there()
            server.query(last)
            assert step.go_on().rows == rows, (last, step.rows, step.error)
            b.execute("COMMIT")


def test_error_while_looking():
    """The row stays as the other transaction left it, and free."""
    fresh((1, 10))
    a, b = pair()
    with a, b:
        a.execute("UPDATE t SET v = v + 2")
        step = Held(b, "UPDATE t SET v = v + 1", "modify-conflict",
                    "error").waits()
        a.execute("COMMIT")
        assert "modify-conflict" in step.over().error[1], step.error
        b.execute("ROLLBACK")
        server.query("UPDATE t SET v = v + 5")
    assert table() == [(1, 17)]


def test_changed_before_the_lock():
    """FOR UPDATE has found the row under its snapshot and is about to lock it:
    what it shows is the version that it locks."""
    for change, rows in (("UPDATE t SET v = 11 WHERE id = 1", [(1, 11)]),
                         ("UPDATE t SET v = 0 WHERE id = 1", []),
                         ("DELETE FROM t WHERE id = 1", [])):
        fresh((1, 10))
        with session() as a:
            step = Held(a, "SELECT id, v FROM t WHERE v > 5 FOR UPDATE",
                        "lock-rows").there()
            server.query(change)
            assert step.go_on().rows == rows, (change, step.rows, step.error)
            a.execute("ROLLBACK")
        # under REPEATABLE READ it is an error
        fresh((1, 10))
        with session("REPEATABLE READ") as a:
            step = Held(a, "SELECT id, v FROM t WHERE v > 5 FOR UPDATE",
                        "lock-rows").there()
            server.query(change)
            assert step.go_on().error[0] == "40001", step.error
            a.execute("ROLLBACK")


def test_error_before_the_lock():
    """The error ends the transaction: rows that it locked before are free."""
    fresh((1, 10), (2, 20))
    with session() as a:
        a.execute("SELECT id FROM t WHERE id = 1 FOR UPDATE")
        step = Held(a, "SELECT id FROM t WHERE id = 2 FOR UPDATE", "lock-rows",
                    "error").over()
        assert "lock-rows" in step.error[1], step.error
        assert server.query("SELECT id FROM t ORDER BY id FOR UPDATE "
                            "SKIP LOCKED") == [(1,), (2,)]
        a.execute("ROLLBACK")


suite.run_all(globals(), server)
