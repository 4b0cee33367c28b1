#!/usr/bin/env python3
"""What a client is told: the segment's header, BEGIN, END, ASK, TOUCHED.

Story: a client that searches in its own address space has nothing but these
answers to go by.  The danger is one that is not what the session would have
done: another plan, another snapshot, a row that the snapshot does not see, a
column of another table's shape.
"""
import struct

from common import (assert_nothing_held, locks_of, make, oid, oid_of, server,
                    sql, state_of, suite, tid_of, wait_for)
from client import (ENDED, INDEX, IN_BATCH, NOT_RUNNING, NO_INDEX,
                    NO_STATEMENT, NO_VERSION, OTHER_INDEX, OTHER_PLAN, POSSIBLE,
                    TABLE, TEMPORARY, XACT, Client, Segment, ask_rows, begin, end,
                    touched)
from harness import Passed, build_dir
from wire import SYNC, kinds, message, parse, query, sqlstate


def test_header():
    """What a client maps: numbers that agree, structures within the segment,
    and no way to write or to change its size."""
    seg = Segment(server)
    assert seg.magic == 0x4b535554 and seg.generation() % 2 == 0
    assert seg.total_size == len(seg.map), (seg.total_size, len(seg.map))
    assert seg.abi[1] == 8192 and seg.abi[11] == 64, seg.abi
    assert set(seg.structs) == {
        "Xact", "Buffer Descriptors", "Buffer Blocks",
        "Shared Buffer Lookup Table", "Index Cache Entries", "Index Cache",
        "Direct Slots", "Direct Versions", "Xact Completions"}, seg.structs
    end_before = 0
    for offset, size in sorted(seg.structs.values()):
        assert end_before <= offset and offset + size <= seg.total_size
        end_before = offset + size


def test_begin_and_end():
    """BEGIN's answer is what the catalogs and the session say; its number is in
    the slot until END, and the next is another."""
    make()
    with Client(server) as c:
        s = c.begin(oid("t_v"))
        assert s.obstacle == POSSIBLE and s.valid()
        got = sql("SELECT oid, reltablespace, relfilenode FROM pg_class WHERE "
                  "relname IN ('t', 't_v') ORDER BY relname")
        for rel, (relid, _, node) in zip((s.table, s.index), got):
            assert rel[0] == relid and rel[3] == node, (rel, got)
            assert rel[1:3] == (1663, 5)
        assert (s.am, s.type, s.metric, s.dimensions, s.m_or_lists,
                s.attnum) == (1, 1, 1, 3, 4, 2), vars(s)
        assert s.settings[:3] == (40, 1, 20000), s.settings
        assert [col[0] for col in s.columns] == [23, oid_of("vector"), 25]
        assert s.xmin <= s.xmax and s.own_xid == 0 and s.xip == ()
        assert s.slot == getattr(c, "slot", s.slot)
        slot = s.segment.slot(s.slot)
        assert (slot["search"], slot["pid"], slot["table"], slot["index"]) == \
            (s.search, c.pid, s.table[0], s.index[0]), slot
        assert state_of(c.pid)[0] == "active" and locks_of(c.pid) == 2
        assert c.end(s, searches=2, entries=20, rows=10) == ENDED
        assert not s.valid()
        assert_nothing_held(c)
        assert c.end(s) == ENDED and c.end(s.search + 1) == NOT_RUNNING
        again = c.begin(oid("t_v"), shape=s.shape)
        assert again.search > s.search and again.shape == s.shape
        assert again.columns == [] and not s.valid() and again.valid()
        # a BEGIN ends the one before, an END ahead of it too
        third = c.begin(oid("t_v"))
        assert third.valid() and not again.valid()
        c.send(end(third.search), begin(oid("t_v")), end(third.search))
        assert c.ended() == ENDED
        fourth = c.begun()
        assert fourth.valid() and c.ended() == ENDED
        assert c.end(fourth) == ENDED
        wait_for(lambda: sql("SELECT idx_scan, idx_tup_read FROM "
                             "pg_stat_user_indexes WHERE indexrelname = 't_v'")
                 == [(2, 20)], "the counts of END")


def test_view():
    """Who searches what since when, and how searches ended."""
    make()

    def row(client):
        return sql("SELECT search, relid, indexrelid, in_block, searches, "
                   "ended_by_server, last_end, started IS NOT NULL FROM "
                   "tusk_direct_searches WHERE pid = %s", (client.pid,))
    table, index = oid("t"), oid("t_v")
    with Client(server) as c:
        assert row(c)[:1] in ([], [(None, None, None, False, 0, 0, None,
                                    False)])
        s = c.begin(index)
        assert row(c) == [(s.search, table, index, False, 1, 0, None, True)]
        c.end(s)
        assert row(c) == [(None, table, index, False, 1, 0, "client", True)]
        c.sql("BEGIN")
        s = c.begin(index)
        assert row(c) == [(s.search, table, index, True, 2, 0, "client", True)]
        sql("SELECT pg_cancel_backend(%s)", (c.pid,))
        wait_for(lambda: not s.valid(), "the cancel")
        assert row(c) == [(None, table, index, True, 2, 1, "cancel", True)]
    wait_for(lambda: row(c) == [], "the end of the session")


def test_running_transactions():
    """The snapshot lists who runs; what the block itself did has its own xid."""
    make()
    with Client(server) as c, server.connect() as other:
        other.execute("BEGIN")
        other.execute("INSERT INTO t VALUES (1000, '[1,2,3]', 'x')")
        sql("INSERT INTO t VALUES (1001, '[1,2,3]', 'x')")
        s = c.begin(oid("t_v"))
        assert len(s.xip) == 1 and s.xmin == s.xip[0] < s.xmax, vars(s)
        other.execute("COMMIT")
        got = c.ask_rows(s, [tid_of(1000), tid_of(1001)], [(1, 0)])
        assert got[0] is None and got[1][1] == [b"1001"], got
        assert c.end(s) == ENDED
        c.sql("BEGIN")
        tid = tid_of(1001)
        c.sql("UPDATE t SET x = 'mine' WHERE id = 1001")
        s = c.begin(oid("t_v"))
        assert s.own_xid != 0 and s.curcid >= 1 and s.valid()
        # along the chain on its page
        got = c.ask_rows(s, [tid], [(3, 0)])
        assert got[0][1] == [b"mine"] and got[0][0] != tid, got
        assert c.end(s) == ENDED
        c.sql("ROLLBACK")


def test_statements():
    """Which plans a client can run, and what it is told of them."""
    make()
    sql("CREATE TABLE IF NOT EXISTS other (id integer, v vector(3))")
    possible = {
        "SELECT id FROM t ORDER BY v <-> $1 LIMIT 5":
            (5, 0, 0, [1]),
        "SELECT v <-> $1 AS d, x, id FROM t ORDER BY d LIMIT $2":
            (-1, 2, 0, [0, 3, 1]),
        "SELECT id, $1::vector <-> v FROM t ORDER BY v <-> $1 LIMIT 7 OFFSET 2":
            (7, 0, 2, [1, 0]),
        "SELECT * FROM t ORDER BY v <-> $1 LIMIT $2":
            (-1, 2, 0, [1, 2, 3]),
        "SELECT id FROM t ORDER BY v <-> $1": (-1, 0, 0, [1]),
    }
    impossible = (
        "SELECT id + 1 FROM t ORDER BY v <-> $1 LIMIT 5",
        "SELECT id FROM t WHERE id > 3 ORDER BY v <-> $1 LIMIT 5",
        "SELECT id FROM t ORDER BY v <-> $1, id LIMIT 5",
        "SELECT id FROM t ORDER BY v <=> $1 LIMIT 5",
        "SELECT id FROM t ORDER BY v <-> '[1,2,3]' LIMIT 5",
        "SELECT id FROM t WHERE v = $1",
        "SELECT id FROM t ORDER BY v <-> $1 LIMIT 5 FOR UPDATE",
        "SELECT count(*) FROM (SELECT id FROM t ORDER BY v <-> $1 LIMIT 5) s",
        "SELECT ctid FROM t ORDER BY v <-> $1 LIMIT 5",
        "SELECT t.id FROM t, other ORDER BY t.v <-> $1 LIMIT 5",
        "SELECT id FROM other ORDER BY v <-> $1 LIMIT 5",
        "INSERT INTO other VALUES (1, $1)",
        "SELECT 1",
        "SHOW work_mem",
    )
    with Client(server) as c:
        for text, (limit, param, offset, columns) in possible.items():
            c.ask(parse(text, "s"), SYNC)
            s = c.begin(name="s", limit=10)
            assert s.obstacle == POSSIBLE, (text, s.obstacle)
            assert (s.limit, s.limit_param, s.offset, s.query_param) == \
                (limit, param, offset, 1), (text, vars(s))
            assert [o[0] for o in s.outputs] == columns, (text, s.outputs)
            # the same again is told in short
            s = c.begin(name="s", limit=10, shape=s.shape)
            assert s.outputs == [] and s.valid()
            assert c.end(s) == ENDED
            c.ask(message(b"C", b"Ss\0"), SYNC)
        for text in impossible:
            got = c.ask(parse(text, "s"), SYNC)
            assert kinds(got)[:1] == b"1", (text, got)
            assert c.begin(name="s", limit=10).obstacle == OTHER_PLAN, text
            assert_nothing_held(c)
            c.ask(message(b"C", b"Ss\0"), SYNC)
        assert c.begin(name="s").obstacle == NO_STATEMENT
        # the unnamed one, and settings that change the plan
        c.ask(parse("SELECT id FROM t ORDER BY v <-> $1 LIMIT 5"), SYNC)
        assert c.begin().obstacle == POSSIBLE
        c.sql("SET enable_indexscan = off")
        c.ask(parse("SELECT id FROM t ORDER BY v <-> $1 LIMIT 5", "s"), SYNC)
        assert c.begin(name="s").obstacle == OTHER_PLAN
        c.sql("RESET enable_indexscan")
        s = c.begin(name="s")
        assert s.obstacle == POSSIBLE and s.index[0] == oid("t_v")
        sql("REINDEX INDEX t_v")
        again = c.begin(name="s", shape=s.shape)
        assert again.index[0] == s.index[0] and again.index[3] != s.index[3]
        assert again.outputs != [] and again.shape != s.shape
        # without the index there is another plan
        sql("DROP INDEX t_v")
        assert c.begin(name="s").obstacle == OTHER_PLAN
        sql("ALTER TABLE t ADD COLUMN y integer")
        sql("CREATE INDEX t_v ON t USING ivfflat (v vector_ip_ops) "
            "WITH (lists = 3)")
        c.ask(parse("SELECT id FROM t ORDER BY v <#> $1 LIMIT 5", "i"), SYNC)
        s = c.begin(name="i")
        assert (s.am, s.metric, s.m_or_lists) == (2, 2, 3), vars(s)
        assert s.version_place == NO_VERSION and s.valid()
        assert len(s.columns) == 4, s.columns


def test_obstacles():
    """Indexes that only the backend searches; each answer leaves nothing."""
    make()
    sql("CREATE INDEX t_part ON t USING hnsw (v vector_cosine_ops) "
        "WHERE id > 100")
    sql("CREATE INDEX t_expr ON t USING hnsw (((v + v)::vector(3)) "
        "vector_l2_ops)")
    with Client(server) as c:
        for name in ("t_part", "t_expr"):
            assert c.begin(oid(name)).obstacle == OTHER_INDEX, name
        for number in (1, oid("t"), 4000000000):
            assert c.begin(number).obstacle == NO_INDEX, number
        c.sql("CREATE TEMP TABLE tt (v vector(3))")
        c.sql("CREATE INDEX tt_v ON tt USING hnsw (v vector_l2_ops)")
        number = int(c.sql("SELECT 'tt_v'::regclass::oid")[0][0])
        assert c.begin(number).obstacle == TEMPORARY
        assert_nothing_held(c)
        # its end would be the end of what the client has not ended
        c.send(parse("SELECT 1", "a"), begin(oid("t_v")), SYNC)
        assert c.read()[0] == b"1"
        assert c.begun().obstacle == IN_BATCH
        assert c.read_until(b"Z")[-1] == (b"Z", b"I")
        # a failed block takes none
        c.sql("BEGIN")
        assert sqlstate(c.ask(query("SELECT 1 / 0"))) == "22012"
        assert sqlstate(c.ask(begin(oid("t_v")))) == "25P02"
        c.send(end(5))
        assert c.ended() == NOT_RUNNING
        c.sql("ROLLBACK")
        assert c.begin(oid("t_v")).obstacle == POSSIBLE


def test_ask():
    """Rows: the version that is visible along a HOT chain, values in all
    formats and out of line, places that are none.  Pages: where they are, or
    that there is none."""
    make()
    sql("ALTER TABLE t ALTER x SET STORAGE external")
    sql("UPDATE t SET x = repeat('long', 5000) WHERE id = 7")
    sql("UPDATE t SET x = NULL WHERE id = 8")
    sql("DELETE FROM t WHERE id = 9")
    with Client(server) as c:
        s = c.begin(oid("t_v"))
        sql("UPDATE t SET x = 'later' WHERE id = 5")
        sql("DELETE FROM t WHERE id = 6")
        tids = [(0, i) for i in range(1, 12)] + [(0, 0), (0, 9999),
                                                 (10 ** 6, 1)]
        got = c.ask_rows(s, tids, [(1, 0), (1, 1), (1, 2), (3, 0)])
        by_id = {r[1][0]: r for r in got if r}
        assert got[-3:] == [None] * 3, got[-3:]
        assert by_id[b"5"][1][3] == b"555" and by_id[b"6"][1][3] == b"666"
        # updates left their rows on the page, or their entries lead elsewhere
        assert b"9" not in by_id
        assert by_id[b"1"][1] == [b"1", struct.pack("!i", 1),
                                  struct.pack("<i", 1), b"111"]
        where = sql("SELECT ctid::text FROM t WHERE id = 7")[0][0]
        tid = tuple(map(int, where.strip("()").split(",")))
        row, = c.ask_rows(s, [tid], [(3, 0), (3, 2)])
        if row is not None:
            assert row[1][0] == b"long" * 5000
            assert row[1][1][4:] == b"long" * 5000
        assert [r[1] for r in c.ask_rows(s, [(0, 1)])] == [[]]
        places = c.ask_blocks(s, [(TABLE, 0), (INDEX, 0), (INDEX, 10 ** 6),
                                  (TABLE, 0xffffffff), (XACT, 0),
                                  (XACT, 131071), (XACT, 0xffffffff), (9, 0)])
        assert places[0] >= 0 and places[1] >= 0 and places[4] == 0, places
        assert places[2:4] == [-1, -1] and places[5:] == [-1] * 3, places
        tag = sql("SELECT relfilenode, relblocknumber FROM pg_buffercache "
                  "WHERE bufferid = %s", (places[1] + 1,))
        assert tag == [(s.index[3], 0)], tag
        assert sqlstate(c.ask(ask_rows(s.search, [(0, 1)], [(4, 0)]))) == \
            "42703"
        assert not s.valid(), "an error ends it"
        assert_nothing_held(c)
        s = c.begin(oid("t_v"))
        assert sqlstate(c.ask(ask_rows(s.search, [(0, 1)], [(1, 3)]))) == \
            "22023"
        s = c.begin(oid("t_v"))
        assert c.end(s) == ENDED and \
            c.ask_rows(s, [(0, 1)]) == NOT_RUNNING and \
            c.ask_blocks(s, [(TABLE, 0)]) == NOT_RUNNING


def test_sent_ahead():
    """Several requests in one write: their answers come, in order, also when
    the last request has none."""
    make()
    with Client(server) as c:
        s = c.begin(oid("t_v"))
        c.send(ask_rows(s.search, [(0, 1)], [(1, 0)]) + end(s.search) +
               begin(oid("t_v")) + touched([1]))
        assert c._asked()[1:3] == (1, ENDED)
        assert c.ended() == ENDED
        s = c.begun()
        assert s.valid()
        c.send(end(s.search) + touched([1]) + query("SELECT 1"))
        assert c.ended() == ENDED and kinds(c.read_until(b"Z")) == b"TDCZ"


def private_memory(pid):
    """kB of the process's own."""
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f
                    if line.startswith("RssAnon"))


def test_memory():
    """A session that searches again and again does not grow, in a block or
    without one."""
    if build_dir().endswith("asan"):
        raise Passed("a sanitizer keeps what was freed")
    make()
    statement = parse("SELECT id FROM t ORDER BY v <-> $1 LIMIT 5", "s")
    for block in ("", "BEGIN"):
        with Client(server) as c:
            c.ask(statement, SYNC)
            c.sql(block)
            s = c.begin(oid("t_v"))
            sizes = []
            for _ in range(2):
                for _ in range(500):
                    c.send(ask_rows(s.search, [(0, 1)], [(3, 0)]) +
                           end(s.search) +
                           begin(name="s", limit=5, shape=s.shape))
                    c._asked()
                    assert c.ended() == ENDED
                    s = c.begun()
                sizes.append(private_memory(c.pid))
            assert sizes[1] - sizes[0] < 200, sizes


def test_long_answers():
    """An answer has an end: what is left is asked for again."""
    sql("DROP TABLE IF EXISTS wide")
    sql("CREATE TABLE wide (id integer, v vector(2), x text)")
    sql("ALTER TABLE wide ALTER x SET STORAGE external")
    sql("INSERT INTO wide SELECT i, '[1,2]', repeat('x', 100000) "
        "FROM generate_series(1, 60) i")
    sql("CREATE INDEX wide_v ON wide USING hnsw (v vector_l2_ops)")
    tids = [tuple(map(int, t[0].strip("()").split(",")))
            for t in sql("SELECT ctid::text FROM wide ORDER BY id")]
    with Client(server) as c:
        s = c.begin(oid("wide_v"))
        got = []
        while len(got) < 60:
            part = c.ask_rows(s, tids[len(got):], [(1, 0), (3, 0)])
            assert 0 < len(part) < 30
            got += part
        assert [int(r[1][0]) for r in got] == list(range(1, 61))
        assert all(r[1][1] == b"x" * 100000 for r in got)


def test_touched():
    """Counts of 0 become 1, others stay; numbers that are none do no harm."""
    make()
    with Client(server) as c:
        before = dict(sql("SELECT bufferid, usagecount FROM pg_buffercache "
                          "WHERE relfilenode IS NOT NULL"))
        assert before
        c.send(touched([-1, 10 ** 9, -2 ** 31] +
                       [b - 1 for b in list(before)[:4000]]))
        assert c.sql("SELECT 1") == [("1",)]
        after = dict(sql("SELECT bufferid, usagecount FROM pg_buffercache "
                         "WHERE relfilenode IS NOT NULL"))
        assert all(after.get(b, 1) >= 1 for b in before)


suite.run_all(globals(), server)
