"""Vacuum of an hnsw index against inserts, searches, other vacuums, REINDEX.

The danger: vacuum takes elements away in four passes (access/hnsw/hnswvacuum.c)
while inserts choose what to link to, give links up, use places again and raise
the entry point.  An insert that has seen an element just before it was emptied,
a list that is written over while something was put into it, an entry point
that goes before another one is there: each leaves a row that no search finds,
or a link into nothing.  pgvector had several of these, found by luck.

Here each step of vacuum is held at an injection point while inserts run, each
step of an insert while vacuum runs, and each step of one against each step of
the other.  The same with duplicates of rows that go and of rows that stay, with
a tenth, most and all of the rows deleted, and with processes that fail or are
killed at the step.  After each: every visible row is found by a search, and
tusk_check finds nothing."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, seeded, wait_for  # noqa: E402
from steps import Held, Step, sessions  # noqa: E402

suite = Suite()
server = Server(autovacuum="off").start()
Step.server = server
server.query("CREATE EXTENSION vector")

ROWS = 150
VACUUM = "VACUUM (TRUNCATE off, INDEX_CLEANUP on) t"
# in the order of their first passage
VACUUM_STEPS = (
    "hnsw-vacuum-page", "hnsw-vacuum-tids-removed", "hnsw-vacuum-barrier",
    "hnsw-vacuum-reached", "hnsw-vacuum-entry", "hnsw-vacuum-repair",
    "hnsw-vacuum-search", "hnsw-vacuum-repaired", "hnsw-vacuum-confirm",
    "hnsw-vacuum-mark", "hnsw-vacuum-marked", "hnsw-vacuum-marked-page",
    "hnsw-vacuum-insert-page")
# vacuum holds UPDATE there, and inserts wait, or those on the highest level
SHUT = ("hnsw-vacuum-entry", "hnsw-vacuum-search")
# and there the lock of a page: nobody is to be held there, but may die
LOCKED = ("hnsw-vacuum-marked",)
HELD = [p for p in VACUUM_STEPS if p not in LOCKED]
INSERT_STEPS = ("hnsw-insert-found", "hnsw-insert-merge",
                "hnsw-insert-planned", "hnsw-insert-placed", "hnsw-link",
                "hnsw-insert-entry")
# the rows that are deleted
SHARES = ("i % 10 = 0", "i % 10 > 2", "true")
rng = seeded(3)


def vec():
    return "[" + ",".join(f"{rng.random():.6f}" for _ in range(3)) + "]"


class Table:
    """A table of which some rows are deleted.  values: of all rows."""

    def __init__(self, conn, dead, options="WITH (m = 4, ef_construction = 16)",
                 rows=ROWS, value=None):
        self.values = [(value or (lambda i: vec()))(i) for i in range(rows)]
        self.next = rows
        conn.execute("DROP TABLE IF EXISTS t")
        conn.execute("CREATE TABLE t (i integer, v vector(3))")
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for row in enumerate(self.values):
                copy.write_row(row)
        conn.execute(f"CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops) "
                     f"{options}")
        self.gone = [i for i, in conn.execute(
            f"DELETE FROM t WHERE {dead} RETURNING i").fetchall()]
        self.live = sorted(set(range(rows)) - set(self.gone))

    def inserts(self, n):
        """Statements that insert a row each: some are duplicates."""
        sql = []
        for k in range(n):
            value = vec()
            if k % 3 == 1 and self.gone:
                value = self.values[rng.choice(self.gone)]
            elif k % 3 == 2 and self.live:
                value = self.values[rng.choice(self.live)]
            sql.append(f"INSERT INTO t VALUES ({self.next}, '{value}')")
            self.next += 1
        return sql

    def duplicate(self, of):
        self.next += 1
        return (f"INSERT INTO t VALUES ({self.next - 1}, "
                f"'{self.values[of]}')")


def verify(what, found=True):
    """Every visible row is found, from wherever a search comes."""
    with sessions(1) as [conn]:
        said = conn.execute("SELECT * FROM tusk_check('t')").fetchall()
        assert said == [], (what, said[:5])
        ids = {i for i, in conn.execute("SELECT i FROM t").fetchall()}
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.iterative_scan = off")
        conn.execute("SET hnsw.ef_search = 1000")
        for query in ("[0,0,0]", "[1,1,1]", "[0.5,0.5,0.5]"):
            got = [i for i, in conn.execute(
                f"SELECT i FROM t ORDER BY v <-> '{query}'").fetchall()]
            assert len(got) == len(set(got)), (what, len(got))
            assert set(got) <= ids, (what, set(got) - ids)
            assert not found or set(got) == ids, (
                what, f"{len(ids - set(got))} of {len(ids)} rows not found",
                sorted(ids - set(got))[:10])


def is_held(step, or_waits=False):
    return Step.ask(
        "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND (wait_event = %s "
        "OR %s AND wait_event_type = 'Lock')",
        (step.conn.info.backend_pid, step.point, or_waits))


def reached(step, or_waits=False):
    """True: the statement is held at its point; False: it ended before."""
    wait_for(lambda: not step.thread.is_alive() or is_held(step, or_waits),
             f"{step.point} or the end of the statement")
    if step.thread.is_alive():
        return True
    step.over()
    assert step.error is None, (step.point, step.error)
    return False


def waits_or_ends(step):
    pid = step.conn.info.backend_pid
    wait_for(lambda: not step.thread.is_alive() or Step.ask(
        "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
        "wait_event_type = 'Lock'", (pid,)), "a lock or the end")


def end(step):
    step.go_on()
    assert step.error is None, (step.point, step.error)


def test_inserts_while_vacuum_is_held():
    passed = set()
    for dead in SHARES:
        for point in HELD:
            with sessions(2) as (conn, busy):
                t = Table(conn, dead)
                vacuum = Held(busy, VACUUM, point)
                if not reached(vacuum):
                    continue
                passed.add(point)
                steps = []
                if point in SHUT:
                    steps = [Step(conn, t.inserts(1)[0])]
                    waits_or_ends(steps[0])
                else:
                    for sql in t.inserts(30):
                        conn.execute(sql)
                    verify_open(conn, (dead, point))
                end(vacuum)
                for step in steps:
                    assert step.done().error is None, step.error
                verify((dead, point))
    assert passed == set(HELD), set(HELD) - passed


def verify_open(conn, what):
    """The same while vacuum is held, which keeps tusk_check out."""
    ids = {i for i, in conn.execute("SELECT i FROM t").fetchall()}
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.iterative_scan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    got = [i for i, in conn.execute(
        "SELECT i FROM t ORDER BY v <-> '[0,0,0]'").fetchall()]
    conn.execute("RESET ALL")
    assert len(got) == len(set(got)), what
    assert set(got) == ids, (what, sorted(set(got) ^ ids)[:10])


def hold_insert(conn, t, point):
    """An insert that is held at the point, or None: none came there."""
    for _ in range(60 if point == "hnsw-insert-entry" else 6):
        sql = t.inserts(1)[0]
        if point == "hnsw-insert-merge":
            sql = t.duplicate(rng.choice(t.gone or t.live))
        step = Held(conn, sql, point)
        if reached(step):
            return step
    return None


def small_table(conn, dead, point, rows=ROWS):
    """One of which an insert soon reaches the highest level, if it must."""
    return Table(conn, dead, "WITH (m = 2, ef_construction = 8)",
                 12 if point == "hnsw-insert-entry" else rows)


def test_vacuum_while_an_insert_is_held():
    for dead in SHARES:
        for point in INSERT_STEPS:
            with sessions(2) as (conn, busy):
                insert = None
                while insert is None:  # it takes a level that is drawn
                    t = small_table(conn, dead, point)
                    insert = hold_insert(conn, t, point)
                vacuum = Step(busy, VACUUM).waits()
                end(insert)
                assert vacuum.done().error is None, vacuum.error
                verify((dead, point))


def test_rows_that_go_while_an_insert_is_held():
    """What the insert knows of rows is of the time before: it does not go round
    in circles, linking again what it has just given up."""
    for _ in range(60):
        with sessions(2) as (conn, busy):
            t = small_table(conn, SHARES[1], "hnsw-link")
            insert = hold_insert(conn, t, "hnsw-link")
            vacuum = Step(busy, VACUUM).waits()  # the rows are gone
            end(insert)
            assert vacuum.done().error is None, vacuum.error
    verify(())


def pair(conn, busy, dead, at, point):
    """True: both were held."""
    t = small_table(conn, dead, point, 60)
    vacuum = Held(busy, VACUUM, at)
    if not reached(vacuum):
        return False
    if at in SHUT:
        insert = Held(conn, t.inserts(1)[0], point)
        if not reached(insert, or_waits=True):
            insert = None
    else:
        insert = hold_insert(conn, t, point)
    Step.ask("SELECT injection_points_wakeup(%s)", (at,))
    if insert and reached(insert):
        waits_or_ends(vacuum)
        end(insert)
    else:
        insert = None
    vacuum.over()
    assert vacuum.error is None, (dead, at, point, vacuum.error)
    verify((dead, at, point))
    return insert is not None


def test_each_step_against_each():
    """Vacuum is held, an insert comes to its step and is held, vacuum goes on
    as far as it can, then the insert."""
    pairs = 0
    for dead in SHARES[1:]:
        for at in HELD:
            for point in INSERT_STEPS:
                with sessions(2) as (conn, busy):
                    pairs += pair(conn, busy, dead, at, point)
    assert pairs > 90, pairs


def test_insert_that_fails():
    """ERROR at each step: what it has placed is a dead row's."""
    for dead in SHARES:
        for point in INSERT_STEPS:
            with sessions(1) as [conn]:
                t = small_table(conn, dead, point)
                Step.ask("SELECT injection_points_attach(%s, 'error')",
                             (point,))
                failed = 0
                for sql in t.inserts(10) + [t.duplicate(0)]:
                    failed += Step(conn, sql).done().error is not None
                Step.ask("SELECT injection_points_detach(%s)", (point,))
                verify((dead, point, failed))
                for sql in t.inserts(10):
                    conn.execute(sql)
                verify((dead, point, "inserts"))
                conn.execute(VACUUM)
                verify((dead, point, "vacuum"))


def test_insert_that_is_killed():
    server.expect("was terminated by signal 9")
    for point in INSERT_STEPS:
        with sessions(1) as [conn]:
            insert = None
            while insert is None:  # it takes a level that is drawn
                t = small_table(conn, "i % 10 = 0", point)
                insert = hold_insert(conn, t, point)
            before = server.lives()
            os.kill(conn.info.backend_pid, 9)
            insert.killed()
        server.next_life(before)
        Step.ask("SELECT injection_points_detach(%s)", (point,))
        verify((point, "recovered"))
        with sessions(1) as [conn]:
            for sql in t.inserts(20):
                conn.execute(sql)
            verify((point, "inserts"))
            conn.execute(VACUUM)
            verify((point, "vacuum"))


def test_vacuum_that_is_killed():
    """At each step, also where many lists are made anew: all live rows are
    found after the next vacuum, and before it, unless most of them went."""
    server.expect("was terminated by signal 9")
    passed = set()
    for dead in SHARES:
        for at in VACUUM_STEPS:
            for nth in (1, 9):
                with sessions(1) as [conn]:
                    t = Table(conn, dead)
                    before = server.lives()
                    Step.ask("SELECT injection_points_attach(%s, %s)",
                                 (at, f"kill,nth={nth}"))
                    step = Step(conn, VACUUM).done()
                if step.error is None:
                    Step.ask("SELECT injection_points_detach(%s)", (at,))
                    continue
                server.next_life(before)
                Step.ask("SELECT injection_points_detach(%s)", (at,))
                passed.add(at)
                verify((dead, at, nth), dead == SHARES[0])
                with sessions(1) as [conn]:
                    for sql in t.inserts(10):
                        conn.execute(sql)
                    conn.execute(VACUUM)
                verify((dead, at, nth, "vacuum"))
    assert passed == set(VACUUM_STEPS), set(VACUUM_STEPS) - passed


def test_search_in_flight():
    """A search that is held on layer 0 keeps vacuum from marking, and nobody
    from inserting."""
    with sessions(3) as (conn, busy, other):
        t = Table(conn, "i % 2 = 0")
        conn.execute("SET enable_seqscan = off")
        search = Held(conn, "SELECT i FROM t ORDER BY v <-> '[0,0,0]' LIMIT 20",
                      "hnsw-scan-search").there()
        vacuum = Step(busy, VACUUM).waits()
        for sql in t.inserts(20):
            other.execute(sql)
        search.go_on()
        assert search.error is None, search.error
        assert len(search.rows) == 20 and all(
            i % 2 == 1 and i < ROWS for i, in search.rows), search.rows
        assert vacuum.done().error is None, vacuum.error
        verify("search")


def passes(conn, points):
    """Counts the passages of conn through points."""
    counts = dict.fromkeys(points, 0)

    def note(diag):
        for point in points:
            counts[point] += point in diag.message_primary
    conn.add_notice_handler(note)
    return counts


def test_bridge_goes():
    """Two clumps, far from each other, and a bridge of rows between them, which
    goes: vacuum links what has no way back to the entry point, and what is not
    reached from it."""
    points = ("hnsw-vacuum-reach", "hnsw-link-out")
    bridge = 30

    def value(i):
        if i < bridge:
            return f"[{i * 1000 / bridge},0,0]"
        near = rng.random() + (1000 if i % 2 else 0)
        return f"[{near:.5f},{rng.random():.5f},{rng.random():.5f}]"
    for share in (bridge, 100):
        with sessions(2) as (conn, busy):
            counts = passes(busy, points)
            for point in points:
                Step.ask("SELECT injection_points_attach(%s, 'notice')",
                         (point,))
            # levels are drawn: a graph may have other ways
            for n in range(100):
                Table(conn, f"i < {share}", "WITH (m = 2, ef_construction = 8)",
                      value=value)
                busy.execute(VACUUM)
                verify("bridge")
                if n >= 3 and all(counts.values()):
                    break
            for point in points:
                Step.ask("SELECT injection_points_detach(%s)", (point,))
            assert all(counts.values()), counts


def test_ways_given_up_at_once():
    """An insert is held just before it gives up a link, and others give up, now
    and then, the way that it relies on: what it has dropped it must link
    again."""
    for n in range(25):
        with sessions(2) as (conn, busy):
            t = Table(conn, "false", "WITH (m = 2, ef_construction = 4)", 60)
            near = [rng.random() for _ in range(3)]
            insert = Held(busy, f"INSERT INTO t VALUES (1000, '{near}')",
                          "hnsw-link", f"wait,nth={n % 4 + 1}")
            if not reached(insert):
                continue
            other = None
            for i in range(20):
                value = [x + rng.gauss(0, 0.05) for x in near]
                other = Step(conn, f"INSERT INTO t VALUES ({t.next + i}, "
                             f"'{value}')")
                waits_or_ends(other)
                if other.thread.is_alive():
                    break  # the highest level: it waits for the one that is held
            end(insert)
            assert other.done().error is None, other.error
            verify(("at once", n))


# x is far to the right of four others; all five fill each other's lists
CLUMP = ("[100,0,0]", "[0,0,0]", "[-1,0.5,0]", "[-1,-0.5,0]", "[-1,0,0.7]")


def give_up_each_others_way(conn, busy):
    """An insert to the right of the second is held just before that gives up x
    for it, because the others lead there; an insert to the left of the others
    makes all of them give up x, because the second leads there.  Returns the
    first when it is over, None if it was not held."""
    Table(conn, "false", "WITH (m = 2, ef_construction = 64)", 0)
    for i, value in enumerate(CLUMP):
        conn.execute(f"INSERT INTO t VALUES ({i}, '{value}')")
    insert = Held(busy, "INSERT INTO t VALUES (10, '[0.1,0,0]')", "hnsw-link")
    if not reached(insert):
        return None
    other = Step(conn, "INSERT INTO t VALUES (11, '[-1.5,0,0]')")
    waits_or_ends(other)  # one of the highest level waits for the other
    before = server.lives()
    Step.ask("SELECT injection_points_wakeup('hnsw-link')")
    insert.killed()
    other.done()
    if busy.broken:
        server.next_life(before)
    Step.ask("SELECT injection_points_detach('hnsw-link')")
    return insert


def until_linked_back(times, cache, attempt):
    """On what level an insert is has part in it: where it is on an upper one, it
    is held before another link, or the other waits for it."""
    linked = tries = 0
    while linked < times:
        tries += 1
        assert tries < 100, (cache, linked)
        with sessions(2) as (conn, busy):
            for session in (conn, busy):
                session.execute(f"SET enable_index_cache = {cache}")
            linked += attempt(conn, busy)


def test_link_back():
    """The link that both have relied on is made again, from pages and from the
    index cache."""
    def attempt(conn, busy):
        counts = passes(busy, ("hnsw-link-back",))
        insert = give_up_each_others_way(conn, busy)
        assert insert is None or insert.error is None, insert.error
        verify("linked back")
        conn.execute(VACUUM)
        verify("linked back, vacuum")
        return counts["hnsw-link-back"]
    Step.ask("SELECT injection_points_attach('hnsw-link-back', 'notice')")
    for cache in ("on", "off"):
        until_linked_back(4, cache, attempt)
    Step.ask("SELECT injection_points_detach('hnsw-link-back')")


def test_link_back_fails():
    """An ERROR, and a kill, where the link is to be made again: the next vacuum
    sees to it."""
    server.expect("was terminated by signal 9")
    for action in ("error", "kill"):
        def attempt(conn, busy):
            Step.ask("SELECT injection_points_attach('hnsw-link-back', %s)",
                     (action,))
            insert = give_up_each_others_way(conn, busy)
            failed = insert is not None and insert.error is not None
            Step.ask("SELECT injection_points_detach('hnsw-link-back')")
            with sessions(1) as [again]:
                again.execute("INSERT INTO t VALUES (12, '[0,0,0.1]')")
                again.execute(VACUUM)
            verify((action, failed))
            return failed
        until_linked_back(2, "on", attempt)


def test_link_back_without_room():
    """None of the elements that may lead to x has room for it, which no data
    that we know of brings about: the insert that is to link it ends all the
    same, and the next vacuum sees to it."""
    def attempt(conn, busy):
        counts = passes(busy, ("hnsw-link-back",))
        insert = give_up_each_others_way(conn, busy)
        assert insert is None or insert.error is None, insert.error
        if counts["hnsw-link-back"] == 0:
            return 0
        met = fired("hnsw-link-room")
        Step.ask("SELECT injection_points_detach('hnsw-link-room')")
        conn.execute(VACUUM)
        verify("without room, vacuum")
        Step.ask("SELECT injection_points_attach('hnsw-link-room', "
                 "'errno:ENOSPC')")
        return met > 0

    def fired(point):
        return Step.ask("SELECT fired FROM injection_points WHERE name = %s",
                        (point,))[0][0]
    Step.ask("SELECT injection_points_attach('hnsw-link-back', 'notice')")
    Step.ask("SELECT injection_points_attach('hnsw-link-room', 'errno:ENOSPC')")
    for cache in ("on", "off"):
        until_linked_back(2, cache, attempt)
    for point in ("hnsw-link-room", "hnsw-link-back"):
        Step.ask("SELECT injection_points_detach(%s)", (point,))


def check_strictly():
    """What tusk_check finds; elements that no path reaches, however few."""
    with sessions(1) as [conn]:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.message_primary))
        conn.execute("SET client_min_messages = debug1")
        said = conn.execute("SELECT * FROM tusk_check('t')").fetchall()
    return said + [line for line in notices if "are not reached" in line]


def test_taken_over():
    """Ten insert at once, slowly, where few elements are everybody's nearest.
    What an element takes over from one that gives it up for it may be gone from
    its list before that: others have found it by its first link.  It must be
    linked again, or all that it leads to is lost."""
    for point, action in (("hnsw-link", "sleep:1"),
                          ("hnsw-link-unsure", "notice")):
        Step.ask("SELECT injection_points_attach(%s, %s)", (point, action))
    met = tries = 0
    while met < 40:
        tries += 1
        assert tries < 20, met
        with sessions(10) as conns:
            conns[0].execute("DROP TABLE IF EXISTS t")
            conns[0].execute("CREATE TABLE t (i integer, v vector(3))")
            for m in (4, 8, 16):
                conns[0].execute(
                    "CREATE INDEX ON t USING hnsw (v vector_ip_ops) "
                    f"WITH (m = {m}, ef_construction = {4 * m})")
            counts = [passes(conn, ("hnsw-link-unsure",)) for conn in conns]
            rows = ",".join(
                f"({i}, '{[rng.random() * rng.random() for _ in range(3)]}')"
                for i in range(600)).replace("),(", ")\n(").split("\n")
            steps = [Step(conn, "".join(f"INSERT INTO t VALUES {row};"
                                        for row in rows[n::10]))
                     for n, conn in enumerate(conns)]
            for step in steps:
                assert step.done().error is None, step.error
            met += sum(c["hnsw-link-unsure"] for c in counts)
        said = check_strictly()
        assert said == [], said
    for point in ("hnsw-link", "hnsw-link-unsure"):
        Step.ask("SELECT injection_points_detach(%s)", (point,))


OPEN = [p for p in HELD if p not in SHUT]


def test_others_wait_for_vacuum():
    """Another vacuum, REINDEX and its CONCURRENTLY, an index that is made."""
    for sql in (VACUUM, "REINDEX INDEX t_v", "REINDEX TABLE CONCURRENTLY t",
                "CREATE INDEX t_w ON t USING hnsw (v vector_l2_ops)"):
        for at in OPEN:
            with sessions(3) as (conn, busy, other):
                t = Table(conn, SHARES[0])
                vacuum = Held(busy, VACUUM, at)
                if not reached(vacuum):
                    continue
                step = Step(other, sql).waits()
                end(vacuum)
                assert step.done().error is None, (sql, at, step.error)
                for insert in t.inserts(10):
                    conn.execute(insert)
                verify((sql, at))
                conn.execute(VACUUM)
                verify((sql, at, "vacuum"))


def test_reindex_and_insert():
    """REINDEX waits for an insert that is under way; the new index has it, and
    vacuum waits for REINDEX and works on the new index."""
    for point in INSERT_STEPS[:-1]:
        with sessions(3) as (conn, busy, other):
            t = Table(conn, SHARES[0])
            insert = hold_insert(conn, t, point)
            reindex = Step(busy, "REINDEX INDEX t_v").waits()
            vacuum = Step(other, VACUUM).waits()
            end(insert)
            for step in (reindex, vacuum):
                assert step.done().error is None, (point, step.error)
            verify(point)


suite.run_all(globals(), server)
