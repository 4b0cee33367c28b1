"""What is in the log, as pg_waldump reads it: a build's pages once and not per
row, nothing of an unlogged index, and every record of a mixed workload.
"""
import collections
import re

import sweep
from cluster import Cluster, pg_tool
from workload import Workload

ROWS = 3000
INDEX = "USING hnsw (v vector_l2_ops) WITH (m = 8, ef_construction = 32)"


def blocks_logged(cluster, start, end, node):
    """How often each block of the main fork is in records from start to end."""
    # the record that begins at end is not there: the tool says so
    text = pg_tool("pg_waldump", "-p", cluster.path("pg_wal"), "-s", start,
                   "-e", end)[1]
    assert "rmgr:" in text, text
    return collections.Counter(
        int(block) for block in
        re.findall(rf"blkref #\d+: rel 1663/5/{node} blk (\d+)", text)), text


def build(cluster, table, statement, workers):
    """(block: times logged, pages of the index, the records)"""
    with cluster.connect() as conn:
        conn.execute(f"SET max_parallel_maintenance_workers = {workers}")
        start = conn.execute("SELECT pg_current_wal_insert_lsn()"
                             ).fetchone()[0]
        conn.execute(f"{statement} i ON {table} {INDEX}")
        node, oid = conn.execute("SELECT relfilenode, oid FROM pg_class WHERE "
                                 "relname = 'i'").fetchone()
        pages = conn.execute("SELECT pg_relation_size('i') / 8192"
                             ).fetchone()[0]
        # with what was inserted flushed up to here
        conn.execute("CREATE TABLE mark (id integer)")
        conn.execute("DROP TABLE mark")
        end = conn.execute("SELECT pg_current_wal_flush_lsn()").fetchone()[0]
        logged, text = blocks_logged(cluster, start, end, node)
        conn.execute("DROP INDEX i")
    return logged, pages, text


def make_table(conn, name, kind=""):
    conn.execute(f"CREATE {kind} TABLE {name} (id integer, v vector(3))")
    conn.execute(f"INSERT INTO {name} SELECT i, ('[' || i % 61 || ',' || "
                 f"i % 53 || ',' || i || ']')::vector FROM "
                 f"generate_series(1, {ROWS}) i")


def test_build_logs_pages_once(how):
    """However many rows: each page of the index is in the log one time."""
    cluster = Cluster(wal_level="replica", shared_buffers="16MB")
    try:
        cluster.start()
        with cluster.connect() as conn:
            make_table(conn, "d")
        statement = "CREATE INDEX CONCURRENTLY" if how == "concurrently" \
            else "CREATE INDEX"
        logged, pages, text = build(cluster, "d", statement,
                                    2 if how == "parallel" else 0)
        assert pages > 20, pages
        assert set(logged) == set(range(pages)), \
            set(logged) ^ set(range(pages))
        often = {b: n for b, n in logged.items() if n > 1}
        assert not often, often
        cluster.kill()
        cluster.start()
        cluster.tusk_check()
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def test_unlogged_build_logs_nothing(how):
    """But for the fork from which it begins after a crash."""
    cluster = Cluster(wal_level="replica", shared_buffers="16MB")
    try:
        cluster.start()
        with cluster.connect() as conn:
            make_table(conn, "u", "UNLOGGED")
        logged, pages, text = build(cluster, "u", "CREATE INDEX",
                                    2 if how == "parallel" else 0)
        assert pages > 20, pages
        assert not logged, logged
        assert re.search(r"blkref #0: rel 1663/5/\d+ fork init blk 0", text)
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def number(lsn):
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def test_waldump_reads_all():
    """Every segment of a mixed workload to its natural end, where the tool
    always reports the record of length zero; and our resource managers."""
    # the workload's checkpoints leave the segments where they are
    cluster = Cluster(wal_level="replica", max_wal_size="1GB",
                      wal_keep_size="1GB", checkpoint_timeout="1h")
    try:
        cluster.start()
        load = Workload(3, sweep.feature)
        # a checkpoint after it would remove the first segment
        load.STEPS = [s for s in Workload.STEPS if s != "switch"]
        with cluster.connect() as conn:
            load.begin(conn, cluster)
            assert load.run(conn, 50)
            conn.execute("SELECT pg_switch_wal()")
            load.STEPS = ("insert", "update", "alter")
            assert load.run(conn, 10)
            load.check(conn)
            end = conn.execute("SELECT pg_current_wal_flush_lsn()"
                               ).fetchone()[0]
        load.side.conn.close()
        cluster.kill()
        used = cluster.used_segments()
        assert len(used) == 2, used
        start = f"0/{int(used[0][16:], 16):X}000028"
        text = pg_tool("pg_waldump", "-p", cluster.path("pg_wal"), "-s",
                       start)[1]
        last = text.rstrip().splitlines()[-1]
        match = re.search(r"invalid record length at ([0-9A-F/]+): wanted 24, "
                          "got 0$", last)
        if match:
            assert number(match.group(1)) >= number(end), (last, end)
        else:
            # the log ends with a page
            assert "invalid magic number 0000 in log segment" in last, last
        stats = pg_tool("pg_waldump", "--stats", "-p", cluster.path("pg_wal"),
                        "-s", start)[1]
        for name in ("XLOG", "Transaction", "Storage", "Heap2", "Heap",
                     "Generic"):
            row = re.search(rf"^{name}\s+(\d+)", stats, re.M)
            assert row and int(row.group(1)) > 0, stats
        cluster.start()
        with cluster.connect() as conn:
            load.side.conn = cluster.connect()
            load.check(conn, crashed=True)
        load.side.conn.close()
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def run(suite):
    for how in ("serial", "parallel", "concurrently"):
        suite.run(test_build_logs_pages_once, how)
    for how in ("serial", "parallel"):
        suite.run(test_unlogged_build_logs_nothing, how)
    suite.run(test_waldump_reads_all)
