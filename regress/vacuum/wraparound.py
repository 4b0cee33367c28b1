"""Xids grow old: warnings, refusal, forced vacuum, failsafe, the commit log cut.

The ages are real ones.  PostgreSQL's pg_resetwal moves the next xid of a stopped
server to the start of a page of the commit log, and the last thousands of xids
before a limit are used up by as many transactions.

The dangers: an xid is handed out that an old row has; a file of the commit log
goes that a row still needs, or stays for ever; a table is never frozen because
nobody asked for it; a server that no vacuum can rescue.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import Server, Suite, in_background, wait_for  # noqa: E402

PGBIN = "/usr/lib/postgresql/15/bin/"
PAGE = 32768  # xids on a page of the commit log
SEGMENT = 32 * PAGE
# From the oldest xid, 3 in a new cluster, as PostgreSQL has them.
WRAP = 3 + 2**31 - 1
WARN = WRAP - 40000000
STOP = WRAP - 3000000
ADVICE = ("\nYou might also need to commit or roll back old prepared "
          "transactions, or drop stale replication slots.")


def chown(top, uid):
    for folder, _, files in os.walk(top):
        for name in [folder, *(os.path.join(folder, f) for f in files)]:
            os.chown(name, uid, -1)


def jump(server, xid):
    """The next xid; pg_resetwal is not to be run by root."""
    assert xid % PAGE == 0
    become = []
    if os.geteuid() == 0:
        chown(server.dir, 65534)
        become = ["setpriv", "--reuid=65534", "--regid=65534",
                  "--clear-groups"]
    done = subprocess.run([*become, PGBIN + "pg_resetwal", "-x", str(xid),
                           "-D", server.data], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, cwd="/")
    if os.geteuid() == 0:
        chown(server.dir, 0)
    assert done.returncode == 0, done.stdout


def use_up(server, n):
    """So many transactions, each with an xid."""
    script = os.path.join(server.dir, "use_up")
    with open(script, "w") as f:
        f.write("SELECT txid_current();\n")
    for clients, each in ((4, n // 4), (1, n % 4)):
        if each == 0:
            continue
        done = subprocess.run(
            [PGBIN + "pgbench", "-n", "-M", "prepared", "-c", str(clients),
             "-t", str(each), "-f", script, "-h", server.data, "postgres"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0 and "failed transactions: 0 (" in (
            done.stdout), done.stdout[-2000:]


def scalar(conn, sql, params=None):
    return conn.execute(sql, params).fetchone()[0]


class Said:
    def __init__(self, diag):
        self.severity = diag.severity
        self.message_primary = diag.message_primary
        self.message_detail = diag.message_detail
        self.message_hint = diag.message_hint


def notices(conn):
    said = []
    conn.add_notice_handler(lambda diag: said.append(Said(diag)))
    return said


def segments(server):
    return sorted(os.listdir(os.path.join(server.data, "pg_xact")))


def wal_files(server):
    return sorted(f for f in os.listdir(os.path.join(server.data, "pg_wal"))
                  if len(f) == 24)


def armed(server, points):
    server.env["TUSK_INJECTION_POINTS"] = points
    return server


def frozen(conn):
    return scalar(conn, "SELECT datfrozenxid::text::bigint FROM pg_database")


def new_server(**more):
    settings = {"autovacuum": "off", "autovacuum_naptime": "2000000",
                "synchronous_commit": "off", **more}
    return Server(**settings).start()


def with_server(test, **more):
    server = new_server(**more)
    try:
        test(server)
        server.stop()
        assert server.processes() == []
    finally:
        server.destroy()


def warn_and_stop(server):
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (a int)")
        conn.execute("INSERT INTO t SELECT generate_series(1, 1000)")
    server.stop()
    # the autovacuum that comes at once does not get anywhere
    armed(server, "autovacuum-table=error")

    first = WARN // PAGE * PAGE
    jump(server, first)
    server.start()
    with server.connect() as conn:
        said = notices(conn)
        use_up(server, WARN - first - 1)
        assert scalar(conn, "SELECT txid_current()") == WARN - 1
        assert said == [], said[0].message_primary
        # an ERROR there costs no xid
        conn.execute("SELECT injection_points_attach('xid-limit', "
                     "'error,times=1')")
        try:
            conn.execute("INSERT INTO t VALUES (1)")
            raise AssertionError("no error")
        except psycopg.errors.InternalError:
            pass
        conn.execute("SELECT injection_points_detach('xid-limit')")
        conn.execute("INSERT INTO t VALUES (1)")
        assert len(said) == 1
        assert said[0].message_primary == (
            'database "postgres" must be vacuumed within 40000000 '
            "transactions"), said[0].message_primary
        assert said[0].message_hint == (
            "To avoid a database shutdown, execute a database-wide VACUUM in "
            "that database." + ADVICE), said[0].message_hint
        # no xid, no warning
        assert scalar(conn, "SELECT count(*) FROM t") == 1001
        assert len(said) == 1
    server.stop()

    first = STOP // PAGE * PAGE
    jump(server, first)
    server.start()
    assert ("database with OID 5 must be vacuumed within "
            f"{WRAP - first} transactions") in server.log_text()
    with server.connect() as conn:
        use_up(server, STOP - first - 1)
        assert scalar(conn, "SELECT txid_current()") == STOP - 1
        for _ in range(3):
            try:
                conn.execute("INSERT INTO t VALUES (2)")
                raise AssertionError("an xid past the limit")
            except psycopg.errors.ProgramLimitExceeded as e:
                assert e.diag.message_primary == (
                    "database is not accepting commands to avoid wraparound "
                    'data loss in database "postgres"')
                assert e.diag.message_hint == (
                    "Stop the postmaster and vacuum that database in "
                    "single-user mode." + ADVICE), e.diag.message_hint
        # what needs no xid goes on, and VACUUM is the rescue
        assert scalar(conn, "SELECT count(*) FROM t") == 1001
        conn.execute("SELECT injection_points_detach('autovacuum-table')")
        conn.execute("VACUUM")
        # the row of then is younger than vacuum_freeze_min_age
        assert frozen(conn) == WARN, frozen(conn)
        conn.execute("VACUUM FREEZE")
        assert frozen(conn) == STOP, frozen(conn)
        said = notices(conn)
        conn.execute("INSERT INTO t VALUES (3)")
        assert said == []
        assert scalar(conn, "SELECT count(*) FROM t") == 1002


def test_warn_and_stop():
    with_server(warn_and_stop)


def forced_autovacuum(server):
    """Nobody asked, autovacuum is off, for the table too, and the launcher
    sleeps for weeks: whoever assigns xids wakes it."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (a int) WITH (autovacuum_enabled = off)")
        conn.execute("INSERT INTO t SELECT generate_series(1, 1000)")
    server.stop()
    jump(server, 3 * PAGE)
    server.start()
    with server.connect() as conn:
        assert frozen(conn) == 3
        use_up(server, PAGE - 10)
        assert frozen(conn) == 3
        assert "prevent wraparound" not in server.log_text()
        use_up(server, 20)
        wait_for(lambda: frozen(conn) > 100000, "the forced autovacuum")
        assert scalar(conn, "SELECT relfrozenxid::text::bigint FROM pg_class "
                      "WHERE relname = 't'") > 100000
        assert scalar(conn, "SELECT count(*) FROM t") == 1000
        assert scalar(conn, "SELECT count(*) FROM pg_class WHERE relkind = 'r'"
                      " AND relfilenode <> 0 AND age(relfrozenxid) > 65536"
                      ) == 0
    log = server.log_text()
    assert ("automatic aggressive vacuum to prevent wraparound of table "
            '"postgres.public.t": index scans: 0') in log, log


def test_forced_autovacuum():
    with_server(forced_autovacuum, autovacuum_freeze_max_age="100000",
                log_autovacuum_min_duration="0")


def no_cancel(server):
    """An autovacuum against wraparound does not give way; another does (the
    suite vacuum.py)."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (a int)")
        conn.execute("INSERT INTO t SELECT generate_series(1, 1000)")
    server.stop()
    jump(server, 4 * PAGE)
    armed(server, "vacuum-scan-page=wait")
    server.start()
    with server.connect() as conn, server.connect() as other:
        wait_for(lambda: scalar(conn, "SELECT count(*) FROM pg_stat_activity "
                                "WHERE wait_event = 'vacuum-scan-page'") == 1,
                 "an autovacuum")
        # it comes to the table
        def on_t():
            query = scalar(conn, "SELECT max(query) FROM pg_stat_activity "
                           "WHERE wait_event = 'vacuum-scan-page'")
            if query and query.startswith("autovacuum: VACUUM public.t"):
                return query
            try:
                conn.execute("SELECT injection_points_wakeup("
                             "'vacuum-scan-page')")
            except psycopg.errors.UndefinedObject:
                pass  # it is on its way to the next page
            return None
        query = wait_for(on_t, "the table's turn")
        assert query == ("autovacuum: VACUUM public.t (to prevent "
                         "wraparound)"), query
        other.execute("SET deadlock_timeout = '10ms'")
        thread, failed = in_background(other, "DROP TABLE t")
        wait_for(lambda: scalar(conn, "SELECT count(*) FROM pg_locks WHERE "
                                "NOT granted") == 1, "the lock's queue")
        # a round of the deadlock check has looked at it
        wait_for(lambda: "process " in server.log_text() and
                 "still waiting" in server.log_text(), "the deadlock check")
        assert "canceling autovacuum task" not in server.log_text()
        conn.execute("SELECT injection_points_detach('vacuum-scan-page')")
        conn.execute("SELECT injection_points_wakeup('vacuum-scan-page')")
        thread.join()
        assert not failed, failed
        assert "canceling autovacuum task" not in server.log_text()
        wait_for(lambda: frozen(conn) > 100000, "the rest of it")


def test_no_cancel():
    with_server(no_cancel, autovacuum_freeze_max_age="100000",
                log_lock_waits="on")


def fill_segments(server, conn=None, count=3):
    """Rows with xids of so many files of the commit log, one of a transaction
    that failed in each."""
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS vector")
        conn.execute("CREATE TABLE t (a int, v vector(3))")
        conn.execute("CREATE INDEX t_i ON t USING hnsw (v vector_l2_ops)")
    for n in range(1, count + 1):
        server.stop()
        jump(server, n * SEGMENT)
        server.start()
        with server.connect() as conn:
            conn.execute("INSERT INTO t SELECT i, ARRAY[i, %s, 1] FROM "
                         "generate_series(1, 100) i", (n,))
            with conn.transaction(force_rollback=True):
                conn.execute("INSERT INTO t VALUES (0, '[0,0,0]')")
            conn.execute("DELETE FROM t WHERE a = 100")
            conn.execute("CHECKPOINT")


def check_rows(server, count):
    with server.connect() as conn:
        assert conn.execute("SELECT count(*), sum(a) FROM t").fetchone() == (
            99 * count, 4950 * count)
        assert conn.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        conn.execute("SET enable_seqscan = off")
        assert len(conn.execute("SELECT a FROM t ORDER BY v <-> '[1,1,1]' "
                                "LIMIT 5").fetchall()) == 5


def clog_truncation(server):
    fill_segments(server)
    assert segments(server) == ["0000", "0001", "0002", "0003"]
    with server.connect() as conn:
        conn.execute("VACUUM FREEZE t")
        # the catalogs still have older ones
        assert segments(server) == ["0000", "0001", "0002", "0003"]
        conn.execute("VACUUM FREEZE")
        assert segments(server) == ["0003"], segments(server)
        assert 3 * SEGMENT < frozen(conn) < 3 * SEGMENT + 100
        end = scalar(conn, "SELECT pg_current_wal_lsn()::text")
        cut = frozen(conn)
    out = subprocess.run(
        [PGBIN + "pg_waldump", "-p", os.path.join(server.data, "pg_wal"),
         "-r", "CLOG", "-e", end, wal_files(server)[0]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    assert f"desc: TRUNCATE page 96; oldestXact {cut}" in out, out
    check_rows(server, 3)
    server.stop()
    server.start()
    assert segments(server) == ["0003"]
    check_rows(server, 3)


def test_clog_truncation():
    with_server(clog_truncation)


def clog_crash(server):
    """Killed at each step.  Behind the record recovery ends what was begun."""
    fill_segments(server)
    for n, point in enumerate(("vacuum-datfrozenxid", "clog-truncate",
                               "clog-unlink")):
        before = server.lives()
        had = segments(server)
        assert len(had) > 1, had
        with server.connect() as conn:
            was = frozen(conn)
            conn.execute("SELECT injection_points_attach(%s, 'kill')",
                         (point,))
            try:
                conn.execute("VACUUM FREEZE")
                raise AssertionError(f"{point} was not passed")
            except psycopg.OperationalError:
                pass
        server.next_life(before)
        last = segments(server)[-1]
        with server.connect() as conn:
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            if point == "vacuum-datfrozenxid":
                assert frozen(conn) == was
                assert segments(server) == had
            else:
                assert frozen(conn) > was
                assert segments(server) == [last], segments(server)
            # again, from wherever it stands
            conn.execute("VACUUM FREEZE") if n else None
        check_rows(server, 3)
        if n:
            # older files again, for the next turn
            server.stop()
            jump(server, (3 + n) * SEGMENT)
            server.start()
            server.query("CHECKPOINT")
            server.query("CREATE TABLE x%d (a int)" % n)
            server.query("CHECKPOINT")
    server.stop()
    server.start()
    check_rows(server, 3)


def test_clog_crash():
    with_server(clog_crash)


def new_segment(server):
    """The checkpoint that makes the first page of a new file fails, and is
    killed: replay brings what it was to write."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (a int)")
    for n, action in enumerate(("error", "kill"), 1):
        server.stop()
        jump(server, n * SEGMENT)
        server.start()
        name = f"{n:04X}"
        before = server.lives()
        with server.connect() as conn:
            conn.execute("SET synchronous_commit = on")
            conn.execute("INSERT INTO t VALUES (%s)", (n,))
            with conn.transaction(force_rollback=True):
                conn.execute("INSERT INTO t VALUES (0)")
            assert name not in segments(server)
            conn.execute("SELECT injection_points_attach('clog-new-segment', "
                         "%s)", (action + ",times=1",))
            try:
                conn.execute("CHECKPOINT")
                raise AssertionError("the checkpoint did not fail")
            except psycopg.Error:
                pass
        if action == "kill":
            server.next_life(before)
        server.query("SELECT injection_points_detach('clog-new-segment')")
        server.query("CHECKPOINT")
        assert name in segments(server)
        assert server.query("SELECT count(*), max(a), min(a) FROM t") == [
            (n, n, 1)]


def test_new_segment():
    with_server(new_segment)


def missing_segment(server):
    """A file of the commit log that is lost is an error, not a transaction
    that failed."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE t (a int)")
        conn.execute("INSERT INTO t VALUES (1)")
    server.stop()
    jump(server, SEGMENT)
    server.start()
    server.query("CREATE TABLE u (a int)")
    server.stop()
    os.rename(os.path.join(server.data, "pg_xact/0000"),
              os.path.join(server.dir, "0000"))
    server.start()
    with server.connect() as conn:
        try:
            conn.execute("SELECT * FROM t")
            raise AssertionError("read without its status")
        except psycopg.errors.UndefinedFile as e:
            assert e.diag.message_primary.startswith(
                "could not access status of transaction "), e
            assert e.diag.message_detail == (
                'Could not open file "pg_xact/0000": No such file or '
                "directory."), e.diag.message_detail
    os.rename(os.path.join(server.dir, "0000"),
              os.path.join(server.data, "pg_xact/0000"))
    assert server.query("SELECT * FROM t") == [(1,)]


def test_missing_segment():
    with_server(missing_segment)


def failsafe(server):
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION vector")
        conn.execute("CREATE TABLE t (a int, v vector(3)) "
                     "WITH (vacuum_index_cleanup = on)")
        conn.execute("INSERT INTO t SELECT i, ARRAY[i, 1, 1] FROM "
                     "generate_series(1, 1000) i")
        conn.execute("CREATE INDEX t_1 ON t USING hnsw (v vector_l2_ops)")
        conn.execute("CREATE INDEX t_2 ON t USING hnsw (v vector_cosine_ops)")
    server.stop()
    jump(server, 3 * PAGE)
    armed(server, "autovacuum-table=error")
    server.start()
    with server.connect() as conn, server.connect() as busy:
        conn.execute("DELETE FROM t WHERE a > 500")
        conn.execute("SET vacuum_failsafe_age = 0")  # so 105000 * 1.05
        said = notices(conn)
        conn.execute("SELECT injection_points_attach('vacuum-index', 'wait')")
        thread, failed = in_background(conn, "VACUUM (VERBOSE) t")
        wait_for(lambda: scalar(busy, "SELECT count(*) FROM pg_stat_activity "
                                "WHERE wait_event = 'vacuum-index'") == 1,
                 "the first index")
        # the age comes while the first index is cleaned
        use_up(server, 10000)
        busy.execute("SELECT injection_points_detach('vacuum-index')")
        busy.execute("SELECT injection_points_wakeup('vacuum-index')")
        thread.join()
        assert not failed, failed
        warning = [n for n in said if n.severity == "WARNING"]
        # the other is of the TOAST table, which is as old
        assert len(warning) == 2, [n.message_primary for n in said]
        assert warning[0].message_primary == (
            'bypassing nonessential maintenance of table "postgres.public.t" '
            "as a failsafe after 0 index scans")
        assert warning[0].message_detail == (
            "The table's relfrozenxid or relminmxid is too far in the past.")
        assert warning[0].message_hint == (
            'Consider increasing configuration parameter '
            '"maintenance_work_mem" or "autovacuum_work_mem".\nYou might also '
            "need to consider other ways for VACUUM to keep up with the "
            "allocation of transaction IDs.")
        text = "\n".join(n.message_primary for n in said)
        assert re.search(r"index scan bypassed by failsafe: \d+ pages from "
                         r"table \(.*% of total\) have 500 dead item "
                         "identifiers", text), text
        assert "new relfrozenxid: " in text, text
        assert "truncated" not in text, text
        busy.execute("SET enable_seqscan = off")
        assert len(busy.execute("SELECT a FROM t ORDER BY v <=> '[1,1,1]' "
                                "LIMIT 10").fetchall()) == 10
        # from the start of a vacuum, too: a table without an index
        assert busy.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        # it is young again: the next one does it all
        del said[:]
        conn.execute("VACUUM (VERBOSE) t")
        text = "\n".join(n.message_primary for n in said)
        assert "500 dead item identifiers removed" in text, text
        assert busy.execute("SELECT * FROM tusk_check('t')").fetchall() == []
        conn.execute("SELECT injection_points_attach('vacuum-failsafe', "
                     "'error,times=1')")
        try:
            conn.execute("VACUUM pg_class")
            raise AssertionError("no error")
        except psycopg.errors.InternalError:
            pass
        conn.execute("SELECT injection_points_detach('vacuum-failsafe')")
        del said[:]
        conn.execute("VACUUM (VERBOSE) pg_class")
        assert said[0].message_primary.startswith(
            "bypassing nonessential maintenance of table "
            '"postgres.pg_catalog.pg_class"'), said[0].message_primary


def test_failsafe():
    with_server(failsafe, autovacuum_freeze_max_age="100000")


def around(server):
    """Once around all xids: the numbers begin again, the epoch is raised, and
    the commit log's first page is there a second time."""
    fill_segments(server, count=1)
    for xid in (1500000256 // PAGE * PAGE, 3000000512 // PAGE * PAGE,
                2**32 - PAGE):
        server.stop()
        jump(server, xid)
        server.start()
        with server.connect() as conn:
            conn.execute("CREATE TABLE IF NOT EXISTS u (a bigint)")
            conn.execute("INSERT INTO u VALUES (%s)", (xid,))
            conn.execute("VACUUM")
            conn.execute("VACUUM FREEZE u")
            assert len(segments(server)) <= 1, segments(server)
        check_rows(server, 1)
    before = server.lives()
    with server.connect() as conn:
        conn.execute("SET synchronous_commit = on")
        epoch = scalar(conn, "SELECT txid_current()") >> 32
        use_up(server, PAGE)
        now = scalar(conn, "SELECT txid_current()")
        assert now >> 32 == epoch + 1 and now & 0xffffffff < 1000, hex(now)
        conn.execute("INSERT INTO u VALUES (1)")
        with conn.transaction(force_rollback=True):
            conn.execute("INSERT INTO u VALUES (0)")
        assert scalar(conn, "SELECT count(*) FROM u") == 4
        # the row's xid is smaller than those of rows that came before it
        assert scalar(conn, "SELECT xmin::text::bigint FROM u WHERE a = 1"
                      ) < 1000
        conn.execute("CREATE TABLE young (a int)")
        assert scalar(conn, "SELECT age(relfrozenxid) FROM pg_class "
                      "WHERE relname = 'young'") < 10
        conn.execute("INSERT INTO young VALUES (1)")
        conn.execute("SELECT injection_points_attach('vacuum-scan-page', "
                     "'kill')")
        try:
            conn.execute("VACUUM FREEZE u")
            raise AssertionError("not killed")
        except psycopg.OperationalError:
            pass
    server.next_life(before)
    check_rows(server, 1)
    with server.connect() as conn:
        conn.execute("SELECT injection_points_detach('vacuum-scan-page')")
        assert scalar(conn, "SELECT txid_current()") > now
        assert scalar(conn, "SELECT count(*) FROM u") == 4
        assert scalar(conn, "SELECT count(*) FROM young") == 1
        conn.execute("CHECKPOINT")
        assert segments(server) == ["0000", "0FFF"], segments(server)
        conn.execute("VACUUM FREEZE")
        assert segments(server) == ["0000"], segments(server)
        assert scalar(conn, "SELECT count(*) FROM u") == 4
    check_rows(server, 1)
    server.stop()
    out = subprocess.run([PGBIN + "pg_controldata", server.data],
                         stdout=subprocess.PIPE, text=True).stdout
    assert re.search(rf"NextXID: +{epoch + 1}:", out), out
    assert re.search(r"oldestXID: +\d{1,4}\n", out), out
    server.start()
    check_rows(server, 1)


def test_around():
    with_server(around)


suite = Suite()
for name, test in list(globals().items()):
    if name.startswith("test_"):
        suite.run(test)
suite.finish()
