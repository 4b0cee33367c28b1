"""Searches of an hnsw index that stand while vacuum and inserts change it.

The danger: a search holds no pin and no lock on what it stands on.  Vacuum may
take an element away while a search has still to read it, and an insert may
have put another one there.  A search must not follow a link into nothing, must
not take the new element for the old one, and must not miss rows because the
way to them led over what is gone.

Each schedule is forced: a cursor between two batches stands still as long as
nobody fetches, and vacuum is held at an injection point of each of its steps
(access/hnsw/hnswvacuum.c).  What must come out: every row that the snapshot
sees, none twice, no other."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, seeded  # noqa: E402
from steps import Held, Step, sessions  # noqa: E402

suite = Suite()
server = Server(autovacuum="off", synchronous_commit="off").start()
Step.server = server
server.query("CREATE EXTENSION vector")

ROWS = 1200
VACUUM = "VACUUM (TRUNCATE off, INDEX_CLEANUP on) t"
rng = seeded(5)


def in_cube(i):
    return "[" + ",".join(f"{rng.random():.6f}" for _ in range(3)) + "]"


def in_line(i):
    """Links of layer 0 are short: who goes from one end to the other meets all
    that is between."""
    return f"[{i % ROWS},0,0]"


def copy(conn, ids, vec=in_cube):
    with conn.cursor().copy("COPY t FROM STDIN") as data:
        for i in ids:
            data.write_row((i, vec(i)))


def make(conn, dead, options="", vec=in_cube):
    """Rows, of which those that dead picks are deleted already."""
    conn.execute("DROP TABLE IF EXISTS t")
    conn.execute("CREATE TABLE t (i integer, v vector(3))")
    copy(conn, range(ROWS), vec)
    conn.execute(f"CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops) {options}")
    conn.execute(f"DELETE FROM t WHERE {dead}")
    return {r[0] for r in conn.execute("SELECT i FROM t")}


def open_scan(conn, order="relaxed_order", ef=10, first=10):
    """A scan that stands before its next batch; what it has shown."""
    conn.execute("SET enable_seqscan = off")
    conn.execute(f"SET hnsw.ef_search = {ef}")
    conn.execute(f"SET hnsw.iterative_scan = {order}")
    conn.execute("SET hnsw.max_scan_tuples = 1000000")
    conn.execute("SET hnsw.scan_mem_multiplier = 100")
    conn.execute("BEGIN")
    conn.execute("DECLARE c CURSOR FOR SELECT i FROM t "
                 "ORDER BY v <-> '[0,0,0]'")
    return [i for i, in conn.execute(f"FETCH {first} FROM c").fetchall()]


def end_scan(conn, got, ids, what):
    got = got + [i for i, in conn.execute("FETCH ALL FROM c").fetchall()]
    conn.execute("COMMIT")
    assert len(set(got)) == len(got), (what, len(got), len(set(got)))
    assert set(got) <= ids, (what, sorted(set(got) - ids)[:10])
    return ids - set(got)


def check(conn):
    found = conn.execute("SELECT * FROM tusk_check('t')").fetchall()
    assert found == [], found[:5]


def test_gap():
    """All that the scan has met and not looked behind goes at once, and what
    is beyond it stays: before, such a scan ended there."""
    for order in ("relaxed_order", "strict_order"):
        for inserts in (0, 300):
            with sessions(2) as (conn, other):
                ids = make(conn, "i BETWEEN 10 AND 400",
                           "WITH (m = 4, ef_construction = 16)", in_line)
                got = open_scan(conn, order, first=5)
                other.execute(VACUUM)
                copy(other, range(ROWS, ROWS + inserts), in_line)
                missing = end_scan(conn, got, ids, order)
                assert not missing, (order, inserts, len(missing), len(ids))
                check(other)


def test_begin_anew_fails():
    """ERROR where the search begins anew: the lock that keeps vacuum away is
    gone with the transaction."""
    with sessions(2) as (conn, other):
        make(conn, "i BETWEEN 10 AND 400",
             "WITH (m = 4, ef_construction = 16)", in_line)
        open_scan(conn, first=5)
        other.execute(VACUUM)
        step = Held(conn, "FETCH ALL FROM c", "hnsw-scan-again", "error").over()
        assert "hnsw-scan-again" in step.error[1], step.error
        conn.execute("ROLLBACK")
        other.execute("DELETE FROM t WHERE i % 3 = 0")
        other.execute(VACUUM)
        check(other)


def test_gap_half_marked():
    """Vacuum is held after some of its pages, and places there are used again:
    what the scan stands on is not marked yet, and leads to elements that are
    not the ones it led to."""
    for order in ("relaxed_order", "strict_order"):
        for pages in (1, 4, 8, 12, 16):
            with sessions(3) as (conn, busy, other):
                ids = make(conn, "i BETWEEN 10 AND 400",
                           "WITH (m = 4, ef_construction = 16)", in_line)
                got = open_scan(conn, order, first=5)
                step = Held(busy, VACUUM, "hnsw-vacuum-marked-page",
                            f"wait,nth={pages}").there()
                copy(other, range(ROWS, ROWS + 200), in_line)
                try:
                    missing = end_scan(conn, got, ids, order)
                finally:
                    step.go_on()
                assert step.error is None, step.error
                assert not missing, (order, pages, len(missing), len(ids))
                check(other)


def test_vacuum_between_batches():
    """Vacuum takes most of what the scan has met and not looked behind; with
    and without inserts that use the places."""
    for dead in ("i % 3 > 0", "i % 10 > 0", "i % 10 = 0"):
        for inserts in (0, 300):
            with sessions(2) as (conn, other):
                ids = make(conn, dead)
                got = open_scan(conn)
                other.execute(VACUUM)
                copy(other, range(ROWS, ROWS + inserts))
                missing = end_scan(conn, got, ids, dead)
                assert not missing, (dead, inserts, len(missing), len(ids))
                check(other)


def test_vacuum_between_all_batches():
    """Rows go and come between any two batches; the budget alone bounds how
    often the search begins anew."""
    with sessions(2) as (conn, other):
        ids = make(conn, "i % 3 > 0")
        got = open_scan(conn)
        n = ROWS
        while len(got) < len(ids) // 2:
            other.execute(VACUUM)
            copy(other, range(n, n + 60))
            other.execute(f"DELETE FROM t WHERE i >= {n}")
            n += 60
            more = conn.execute("FETCH 20 FROM c").fetchall()
            got += [i for i, in more]
            assert more, (len(got), len(ids))
        missing = end_scan(conn, got, ids, "all")
        assert not missing, (len(missing), len(ids))
        check(other)


def test_strict_order_says_what_it_drops():
    """A search in strict order is held before each of some batches, vacuum takes
    away what it stands on, and it begins anew: what comes too late then is
    dropped, and EXPLAIN ANALYZE counts it.  The rows that come are in order."""
    dropped = anew = 0
    for n in range(12):
        with sessions(2) as (conn, other):
            ids = make(conn, "i % 3 > 0", "WITH (m = 2, ef_construction = 4)")
            open_scan(conn, "strict_order", ef=3, first=1)
            conn.execute("COMMIT")
            sql = "SELECT v <-> '[0,0,0]' FROM t ORDER BY v <-> '[0,0,0]'"
            point = "hnsw-scan-continue"
            said = []
            if n % 2:
                sql = "EXPLAIN (ANALYZE, COSTS OFF) " + sql
            conn.add_notice_handler(lambda d: said.append(d.message_primary))
            Step.ask("SELECT injection_points_attach('hnsw-scan-again', "
                     "'notice')")
            scan = Held(conn, sql, point, f"wait,nth={20 + 5 * n}").there()
            other.execute(VACUUM)
            scan.go_on()
            Step.ask("SELECT injection_points_detach('hnsw-scan-again')")
            assert scan.error is None, scan.error
            anew += any("hnsw-scan-again" in text for text in said)
            if n % 2 == 0:
                got = [d for d, in scan.rows]
                assert got == sorted(got), n
                continue
            plan = "\n".join(line for line, in scan.rows)
            rows = int(re.search(r"actual .* rows=(\d+)", plan)[1])
            removed = re.search(r"Rows Removed by Strict Order: (\d+)", plan)
            removed = int(removed[1]) if removed else 0
            # also what was dead, and not taken away yet when it was met
            assert len(ids) <= rows + removed, (n, rows, removed, len(ids))
            dropped += removed
    assert dropped > 0 and anew > 0, (dropped, anew)


suite.run_all(globals(), server)
