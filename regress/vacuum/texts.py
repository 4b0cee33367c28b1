"""What VACUUM, ANALYZE and autovacuum say, beside PostgreSQL 15.

The same statements to both, on tables of the same rows; the lines must be the
same but for times, costs and xids.  Who reads such lines by a program of theirs
must not be surprised.
"""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from harness import Server, Suite, wait_for  # noqa: E402
from postgres15 import Peer  # noqa: E402

VACUUMS = """
    CREATE TABLE t (a int, b text) WITH (autovacuum_enabled = off)
    ALTER TABLE t ALTER b SET STORAGE external
    INSERT INTO t SELECT i, 'x' FROM generate_series(1, 1000) i
    VACUUM VERBOSE t
    DELETE FROM t WHERE a % 2 = 0
    VACUUM VERBOSE t
    VACUUM (VERBOSE, DISABLE_PAGE_SKIPPING) t
    DELETE FROM t
    VACUUM (VERBOSE, INDEX_CLEANUP off, TRUNCATE off) t
    VACUUM (VERBOSE, FREEZE) t
    VACUUM (VERBOSE, ANALYZE) t
    INSERT INTO t SELECT i, repeat('x', 3000 + i) FROM generate_series(1, 100) i
    DELETE FROM t WHERE a < 50
    ANALYZE VERBOSE t
    VACUUM VERBOSE t
    VACUUM (VERBOSE, PROCESS_TOAST off) t
    VACUUM (PARALLEL -1) t
    VACUUM (PARALLEL 1025) t
    VACUUM (PARALLEL) t
    VACUUM (PARALLEL 2, FULL) t
    VACUUM (INDEX_CLEANUP maybe) t
    VACUUM (TRUNCATE maybe) t
    VACUUM (VERBOSE maybe) t
    VACUUM (FREEZE 2) t
    VACUUM (FULL off, ANALYZE off) t(a)
    VACUUM (nonsense) t
    VACUUM nothing
    VACUUM pg_stat_activity
    ANALYZE t(a, a)
    ANALYZE t(nothing)
    ANALYZE (FREEZE) t
    ANALYZE pg_locks
    TRUNCATE t
    VACUUM VERBOSE t
"""


def plain(text):
    """Without what differs from run to run."""
    for pattern, put in (
            (r"cutoff: \d+, which was \d+ XIDs", "cutoff: X, which was N XIDs"),
            (r"relfrozenxid: \d+, which is \d+", "relfrozenxid: X, which is N"),
            (r"pg_toast_\d+", "pg_toast_X"),
            (r"\d+\.\d+ MB/s", "N MB/s"), (r"\d+\.\d+ s", "N s"),
            (r"usage: \d+ hits, \d+ misses, \d+ dirtied", "usage: N"),
            (r"\d+ records, \d+ full page images, \d+ bytes", "N records")):
        text = re.sub(pattern, put, text)
    return text


def told(conn, statement):
    """All that a statement says, an error included."""
    said = []

    def note(diag):
        said.append((diag.severity, diag.message_primary, diag.message_detail,
                     diag.message_hint))
    conn.add_notice_handler(note)
    result = conn.pgconn.exec_(statement.encode())
    conn.remove_notice_handler(note)
    if result.error_message:
        said.append((result.error_message.decode(),))
    return [tuple(plain(part or "") for part in line) for line in said]


def verbose(peer):
    with server.connect() as ours, peer.connect() as theirs:
        for statement in VACUUMS.strip().split("\n"):
            statement = statement.strip()
            # one uses up xids where the other does not: there is a new one
            ours.execute("SELECT txid_current()")
            theirs.execute("SELECT txid_current()")
            here, there = told(ours, statement), told(theirs, statement)
            assert here == there, (statement, here, there)


def auto_lines(log, table):
    """The reports of autovacuums of the table, whole."""
    found = re.findall(r"LOG:  (automatic (?:vacuum|analyze) of table "
                       rf'"postgres\.public\.{table}".*\n(?:\t.*\n)*)', log)
    return [plain(text) for text in found]


def autovacuum_log(peer):
    for which in (server, peer):
        with which.connect() as conn:
            conn.execute("CREATE TABLE auto (a int) WITH (autovacuum_enabled = "
                         "off, autovacuum_vacuum_threshold = 10, "
                         "autovacuum_vacuum_scale_factor = 0, "
                         "autovacuum_vacuum_insert_threshold = -1, "
                         "autovacuum_analyze_threshold = 10, "
                         "autovacuum_analyze_scale_factor = 0, "
                         "log_autovacuum_min_duration = 0)")
            conn.execute("INSERT INTO auto SELECT generate_series(1, 1000)")
            conn.execute("DELETE FROM auto WHERE a % 2 = 0")
            conn.execute("ALTER TABLE auto SET (autovacuum_enabled = on)")
    for which in (server, peer):
        wait_for(lambda: len(auto_lines(which.log_text(), "auto")) >= 2,
                 "an autovacuum")
    ours, theirs = (auto_lines(w.log_text(), "auto")[:2]
                    for w in (server, peer))
    assert ours == theirs, (ours, theirs)


def beside_peer(test, *options):
    peer = Peer(*options)
    try:
        test(peer)
    finally:
        peer.destroy()


def test_by_itself():
    with server.restarted(autovacuum="on", autovacuum_naptime="1"):
        beside_peer(autovacuum_log, "autovacuum=on",
                    "autovacuum_naptime=1")


def test_when_asked():
    beside_peer(verbose)


suite = Suite()
server = Server().start()
suite.run(test_when_asked)
suite.run(test_by_itself)
suite.run(server.stop)
suite.finish(server)
