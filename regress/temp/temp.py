"""Temporary tables belong to one session and end with it, however it ends.

Story: sessions make temporary tables of the same names side by side; one looks
at another's; sessions leave, are ended, are killed, and the server is stopped,
killed and started over their files.  Each step that can fail is made to fail.
The danger: a page that two processes believe to be theirs, a file or a row of
pg_class that outlives its session for ever, a session that finds another's rows
in the schema that it took over, and a table that hides the one it failed to be.
"""
import os
import signal
import socket
import sys
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="16MB", max_connections=20, autovacuum="off",
                max_worker_processes=8).start()
server.query("CREATE EXTENSION vector")
server.query("CREATE TABLE kept (id integer)")
server.query("INSERT INTO kept VALUES (1)")

ROWS = 600


def files():
    return {f for f in os.listdir(os.path.join(server.data, "base", "5"))
            if f[0] == "t"}


def rows_left():
    return server.query("SELECT relname FROM pg_class WHERE "
                        "relpersistence = 't' ORDER BY 1")


def nothing_left():
    assert rows_left() == [], rows_left()
    assert files() == set(), files()


def wait_nothing_left():
    """Of sessions that were closed and are not waited for one by one."""
    wait_for(lambda: rows_left() == [], "the ends of the sessions")
    nothing_left()


def gone(pid):
    """Its row goes when the process has done all else."""
    wait_for(lambda: not server.query(
        "SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)),
        "the end of a session")


def fill(conn, first=1, name="t"):
    conn.execute(f"CREATE TEMP TABLE {name} (id integer, v vector(3), w text)")
    conn.execute(f"INSERT INTO {name} SELECT i, ('['||i||',0,1]')::vector, "
                 f"repeat('w', 1500) FROM generate_series(%s::int, %s::int) i",
                 (first, first + ROWS - 1))
    conn.execute(f"CREATE INDEX {name}_v ON {name} USING hnsw "
                 f"(v vector_l2_ops)")


def check(conn, first=1, name="t"):
    last = first + ROWS - 1
    got = conn.execute(f"SELECT count(*), sum(id), min(id), max(id) "
                       f"FROM {name}").fetchone()
    assert got == (ROWS, (first + last) * ROWS // 2, first, last), got
    conn.execute("SET enable_seqscan = off")
    middle = first + ROWS // 2
    got = conn.execute(f"SELECT id FROM {name} ORDER BY v <-> %s::vector "
                       f"LIMIT 1", (f"[{middle},0,1]",)).fetchone()
    assert got == (middle,), got
    assert conn.execute("SELECT * FROM tusk_check(%s::regclass)",
                        (name,)).fetchall() == []


def fails(conn, sql, text, state=None):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        assert text in str(e), f"{sql}: {e}"
        assert state is None or e.sqlstate == state, (sql, e.sqlstate)
        return
    raise AssertionError(f"no error from {sql}")


def schema_of(conn):
    return conn.execute("SELECT pg_my_temp_schema()::regnamespace::text"
                        ).fetchone()[0]


def number_of(conn):
    return int(schema_of(conn).rsplit("_", 1)[1])


def crash_backend(conn):
    """SIGKILL for one session; the server starts over."""
    pid = conn.info.backend_pid
    before = server.lives()
    os.kill(pid, signal.SIGKILL)
    server.next_life(before)


# ---- the schema ----

def test_schema():
    """The first session of a number makes the schema, or fails to."""
    with server.connect() as conn:
        assert schema_of(conn) == "-"
        for nth in (1, 2):
            conn.execute("SELECT injection_points_attach("
                         "'temp-namespace-create', %s)", (f"error,nth={nth}",))
            fails(conn, "CREATE TEMP TABLE u (a integer)", "injection point")
            conn.execute("SELECT injection_points_detach("
                         "'temp-namespace-create')")
            assert schema_of(conn) == "-"
            assert conn.execute("SELECT count(*) FROM pg_namespace WHERE "
                                "nspname ~ 'temp'").fetchone() == (0,)
        conn.execute("BEGIN")
        conn.execute("CREATE TEMP TABLE u (a integer)")
        assert schema_of(conn).startswith("pg_temp_")
        conn.execute("ROLLBACK")
        assert schema_of(conn) == "-"
        fill(conn)
        check(conn)
        assert conn.execute("SELECT count(*) FROM pg_namespace WHERE "
                            "nspname ~ 'temp'").fetchone() == (2,)
        pid = conn.info.backend_pid
    gone(pid)
    nothing_left()


# ---- two sessions ----

def test_side_by_side():
    """The same names, other rows, in several sessions at once."""
    errors = []

    def work(me):
        try:
            for turn in range(3):
                with server.connect() as conn:
                    conn.execute("SET temp_buffers = 100")
                    first = 1 + 10000 * me + 100 * turn
                    fill(conn, first)
                    check(conn, first)
                    conn.execute("DELETE FROM t WHERE id % 2 = 0")
                    conn.execute("VACUUM t")
                    conn.execute("TRUNCATE t")
                    conn.execute("DROP TABLE t")
                    fill(conn, first)
                    check(conn, first)
                    pid = conn.info.backend_pid
                gone(pid)
        except BaseException as e:
            errors.append(e)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    nothing_left()


def test_other_session():
    """Seen in the catalogs, not to be read; dropping it is allowed."""
    with server.connect() as mine, server.connect() as other:
        fill(mine)
        schema = schema_of(mine)
        name = f"{schema}.t"
        index = f"{schema}.t_v"
        other.execute("CREATE TEMP TABLE own (id integer)")
        assert schema_of(other) != schema
        assert other.execute(
            "SELECT relpersistence, pg_is_other_temp_schema(relnamespace), "
            "pg_relation_filepath(oid) = %s FROM pg_class "
            "WHERE relname = 't'",
            (mine.execute("SELECT pg_relation_filepath('t')").fetchone()[0],)
        ).fetchall() == [("t", True, True)]
        fails(other, "SELECT * FROM t", 'relation "t" does not exist')
        fails(other, "SELECT * FROM pg_temp.t", "does not exist")
        access = "cannot access temporary tables of other sessions"
        for sql in (f"SELECT * FROM {name}",
                    f"INSERT INTO {name} VALUES (1)",
                    f"UPDATE {name} SET id = 1", f"DELETE FROM {name}",
                    f"COPY {name} TO '{server.dir}/copied'",
                    f"SELECT * FROM tusk_check('{name}')"):
            fails(other, sql, access, "0A000")
        for sql, what in (
                (f"TRUNCATE {name}", "truncate"),
                (f"ALTER TABLE {name} ADD COLUMN x integer", "alter"),
                (f"ALTER TABLE {name} SET (fillfactor = 50)", "alter"),
                (f"REINDEX INDEX {index}", "reindex"),
                (f"REINDEX TABLE {name}", "reindex"),
                (f"CREATE INDEX ON {name} USING hnsw (v vector_l2_ops)",
                 "create indexes on")):
            fails(other, sql, f"cannot {what} temporary tables of other "
                  f"sessions", "0A000")
        make = "cannot create relations in temporary schemas of other sessions"
        fails(other, f"CREATE TABLE {schema}.x (a integer)", make, "42P16")
        fails(other, f"CREATE TEMP TABLE {schema}.x (a integer)", make, "42P16")
        # passed over in silence, named or not
        for sql in (f"VACUUM {name}", f"ANALYZE {name}", "VACUUM", "ANALYZE",
                    "REINDEX DATABASE postgres", f"REINDEX SCHEMA {schema}",
                    "REINDEX DATABASE CONCURRENTLY postgres"):
            other.execute(sql)
        assert other.execute(f"SELECT pg_relation_size('{name}') > 0"
                             ).fetchone() == (True,)
        check(mine)
        # whoever may drop it can; the owner goes on
        other.execute(f"DROP TABLE {name}")
        fails(mine, "SELECT * FROM t", "does not exist", "42P01")
        mine.execute("CREATE TEMP TABLE t2 (id integer, w text)")
        mine.execute("INSERT INTO t2 SELECT i, repeat('w', 900) FROM "
                     "generate_series(1, 12000) i")   # evicts what was left
        assert mine.execute("SELECT count(*) FROM t2").fetchone() == (12000,)
        fill(mine)
        check(mine)
        pids = mine.info.backend_pid, other.info.backend_pid
    for pid in pids:
        gone(pid)
    nothing_left()


def test_no_log():
    """Rows of temporary tables are not logged, nor do their indexes."""
    def lsn(conn):
        return conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]

    with server.connect() as conn:
        fill(conn)
        size = conn.execute("SELECT pg_relation_size('t')").fetchone()[0]
        start = lsn(conn)
        with conn.transaction():
            conn.execute("INSERT INTO t SELECT id + 10000, v, w FROM t")
            conn.execute("UPDATE t SET w = 'changed' WHERE id < 10000")
            conn.execute("DELETE FROM t WHERE id > 10000")
        written = conn.execute("SELECT pg_wal_lsn_diff(%s, %s)",
                               (lsn(conn), start)).fetchone()[0]
        # the end of the transaction, and images of catalogs' pages that were
        # looked at; the table has twice its pages now, each changed twice
        assert written < size / 4, (written, size)
        check(conn)
        pid = conn.info.backend_pid
    gone(pid)


def test_parallel_build_beside():
    """A session with temporary tables builds others with workers."""
    with server.connect() as conn:
        fill(conn)
        conn.execute("CREATE TABLE big (id integer, v vector(3)) "
                     "WITH (parallel_workers = 2)")
        conn.execute("INSERT INTO big SELECT id, v FROM t")
        conn.execute("SET max_parallel_maintenance_workers = 2")
        conn.execute("CREATE INDEX big_v ON big USING hnsw (v vector_l2_ops)")
        check(conn, name="big")
        check(conn)
        conn.execute("DROP TABLE big")
        pid = conn.info.backend_pid
    gone(pid)
    nothing_left()


def test_long_reader_elsewhere():
    """What others may still see does not count in a table they cannot see."""
    with server.connect(autocommit=False) as reader, server.connect() as conn:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM kept")
        fill(conn)
        conn.execute("DELETE FROM t")
        conn.execute("VACUUM t")
        assert conn.execute("SELECT pg_relation_size('t')").fetchone() == (0,)
        pid = conn.info.backend_pid
    gone(pid)


# ---- ends ----

def test_session_ends():
    """Nothing stays: of a client that says good-bye, hangs up, is ended idle,
    in a transaction, in a failed one, in the middle of a statement."""
    with server.connect() as conn:
        fill(conn)
        conn.execute("CREATE TEMP TABLE d (a integer) ON COMMIT DELETE ROWS")
        schema = schema_of(conn)
        number = conn.info.backend_pid
    gone(number)
    nothing_left()
    # the schema stays, for the next one of that number
    assert server.query("SELECT count(*) FROM pg_namespace WHERE nspname = %s",
                        (schema,)) == [(1,)]

    for how in ("idle", "in a block", "failed", "uncommitted", "hung up"):
        conn = server.connect()
        pid = conn.info.backend_pid
        if how == "uncommitted":
            conn.execute("BEGIN")
            fill(conn)
        else:
            fill(conn)
        if how == "in a block":
            conn.execute("BEGIN")
            conn.execute("TRUNCATE t")
            conn.execute("CREATE TEMP TABLE more (a integer)")
        if how == "failed":
            conn.execute("BEGIN")
            conn.execute("INSERT INTO t VALUES (1)")
            fails(conn, "SELECT 1/0", "division by zero")
        if how == "hung up":
            socket.socket(fileno=os.dup(conn.fileno())).shutdown(
                socket.SHUT_RDWR)
        else:
            server.query("SELECT pg_terminate_backend(%s)", (pid,))
        gone(pid)
        conn.close()
        nothing_left()

    with server.connect() as conn, server.connect() as other:
        pid = conn.info.backend_pid
        fill(conn)
        other.execute("SELECT injection_points_attach('local-buffer-extend', "
                      "'wait')")
        thread = threading.Thread(target=lambda: fails(
            conn, "INSERT INTO t SELECT id, v, w FROM t", ""))
        thread.start()
        wait_for(lambda: other.execute(
            "SELECT wait_event FROM pg_stat_activity WHERE pid = %s",
            (pid,)).fetchone() == ("local-buffer-extend",), "the wait")
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        thread.join()
        gone(pid)
        other.execute("SELECT injection_points_detach('local-buffer-extend')")
    nothing_left()


def test_exit_fails():
    """What a session could not drop at its end is dropped by the next one of
    its number, before that uses the schema."""
    # "error" is the end of the session's work; the server goes on
    for point in ("temp-relations-remove-at-exit", "temp-relation-remove"):
        conn = server.connect()
        fill(conn)
        pid = conn.info.backend_pid
        schema = schema_of(conn)
        server.query("SELECT injection_points_attach(%s, 'error')", (point,))
        conn.close()
        gone(pid)
        server.query("SELECT injection_points_detach(%s)", (point,))
        assert server.serving()
        assert ("t",) in rows_left(), point
        take_over(schema)
        wait_nothing_left()


class Sessions:
    """One after the other, so that all numbers come up: a number that is given
    back is the last to be given out again."""

    def __init__(self):
        self.open = []

    def __enter__(self):
        return self

    def __iter__(self):
        for _ in range(60):
            if len(self.open) > 8:
                self.open.pop(0).close()
            self.open.append(server.connect())
            yield self.open[-1]

    def __exit__(self, *exc):
        for conn in self.open:
            pid = conn.info.backend_pid
            conn.close()
            gone(pid)


def take_over(schema):
    """A session that gets the number finds an empty schema."""
    with Sessions() as sessions:
        for conn in sessions:
            conn.execute("CREATE TEMP TABLE mine (id integer)")
            if schema_of(conn) == schema:
                break
        else:
            raise AssertionError(f"no session has {schema}")
        assert conn.execute(
            "SELECT relname FROM pg_class c, pg_namespace n WHERE "
            "n.oid = relnamespace AND nspname = %s", (schema,)
        ).fetchall() == [("mine",)]
        fails(conn, "SELECT * FROM t", "does not exist", "42P01")
        fill(conn, 5)
        check(conn, 5)


def test_crash():
    """SIGKILL of the session: files go with the restart, rows with the next
    user of the schema; other sessions' rows are not mistaken for theirs."""
    conn = server.connect()
    other = server.connect()
    fill(conn)
    fill(other, 3)
    conn.execute("CREATE TEMP TABLE wide (t text)")
    conn.execute("ALTER TABLE wide ALTER t SET STORAGE external")
    conn.execute("INSERT INTO wide VALUES (repeat('x', 100000))")
    schemas = {schema_of(conn), schema_of(other)}
    assert len(files()) > 8
    crash_backend(conn)
    conn.close()
    other.close()
    assert files() == set(), files()
    left = rows_left()
    assert ("t",) in left and ("wide",) in left, left
    # what looks at all relations passes over them
    for row in server.query("SELECT oid::regclass::text FROM pg_class "
                            "WHERE relpersistence = 't' AND relkind = 'r'"):
        with server.connect() as conn:
            # its file is gone; were it not, it could not be read either
            fails(conn, f"SELECT * FROM {row[0]}", "could not open file",
                  "58P01")
    server.query("VACUUM")
    server.query("ANALYZE")
    assert server.query("SELECT * FROM kept") == [(1,)]
    for schema in schemas:
        take_over(schema)
    wait_nothing_left()


def test_clean_fails():
    """The next user of the schema fails to empty it, or to commit that."""
    conn = server.connect()
    fill(conn)
    schema = schema_of(conn)
    crash_backend(conn)
    conn.close()
    failed = set()
    with Sessions() as sessions:
        for conn in sessions:
            for point in ("temp-namespace-clean", "temp-relation-remove"):
                conn.execute("SELECT injection_points_attach(%s, %s)",
                             (point, f"error,pid={conn.info.backend_pid}"))
                try:
                    conn.execute("CREATE TEMP TABLE mine (id integer)")
                except psycopg.Error as e:
                    assert f"injection point {point}" in str(e), e
                    failed.add(point)
                    assert schema_of(conn) == "-"
                    fails(conn, "SELECT * FROM t", "does not exist")
                conn.execute("SELECT injection_points_detach(%s)", (point,))
                conn.execute("DROP TABLE IF EXISTS mine")
            conn.execute("BEGIN")
            conn.execute("CREATE TEMP TABLE mine (id integer)")
            conn.execute("ROLLBACK")
            conn.execute("CREATE TEMP TABLE mine (id integer)")
            if schema_of(conn) == schema:
                break
        assert failed == {"temp-namespace-clean", "temp-relation-remove"}, failed
        fill(conn)
        check(conn)
    wait_nothing_left()


def test_autovacuum():
    """Rows that nobody takes over are dropped by autovacuum, and those of
    sessions that live are not."""
    # the number of a session to come shall not be that of the one that dies:
    # a server that has just started gives the lowest
    sessions = [server.connect() for _ in range(15)]
    for one in sessions:
        one.execute("CREATE TEMP TABLE other (id integer)")
    conn = max(sessions, key=number_of)
    assert number_of(conn) >= 10, number_of(conn)
    for one in sessions:
        one.execute("DROP TABLE other")
    fill(conn)
    crash_backend(conn)
    for one in sessions:
        one.close()
    assert ("t",) in rows_left()
    server.stop()
    server.start(autovacuum="on", autovacuum_naptime="1s")
    assert ("t",) in rows_left() or "dropping orphan" in server.log_text()
    with server.connect() as living:
        living.execute("CREATE TEMP TABLE living (id integer)")
        wait_for(lambda: ("t",) not in rows_left(), "autovacuum")
        assert "autovacuum: dropping orphan temp table \"postgres.pg_temp_" \
            in server.log_text()
        assert rows_left() == [("living",)]
        living.execute("INSERT INTO living VALUES (1)")
        pid = living.info.backend_pid
    gone(pid)
    nothing_left()
    # it fails on one table, and tries again
    conn = server.connect()
    fill(conn)
    server.query("SELECT injection_points_attach('autovacuum-drop-orphan', "
                 "'error,times=1')")
    crash_backend(conn)
    conn.close()
    wait_for(lambda: rows_left() == [], "the second attempt")
    assert "injection point autovacuum-drop-orphan" in server.log_text() \
        or server.query("SELECT injection_points_hits("
                        "'autovacuum-drop-orphan')")[0][0] > 1
    server.query("SELECT injection_points_detach('autovacuum-drop-orphan')")
    nothing_left()
    server.stop()
    server.start()


def test_stops():
    """Fast stop drops; immediate stop and SIGKILL leave files that the next
    start removes, and only those."""
    conn = server.connect()
    fill(conn)
    server.stop("fast")
    conn.close()
    assert files() == set(), files()
    server.start()
    nothing_left()

    for end in ("immediate", "kill"):
        conn = server.connect()
        fill(conn)
        schema = schema_of(conn)
        if end == "kill":
            # the session follows it, and may not do its work before that
            os.kill(conn.info.backend_pid, signal.SIGSTOP)
            os.kill(server.postmaster_pid(), signal.SIGKILL)
            wait_for(lambda: not server.processes(), "the end")
        else:
            server.stop("immediate")
        conn.close()
        assert files() != set()
        server.start()
        assert files() == set(), files()
        take_over(schema)
        wait_nothing_left()

    # after a clean stop as well: what looks like one goes, nothing else
    server.stop()
    base = os.path.join(server.data, "base", "5")
    planted = ["t3_99999", "t3_99999_fsm", "t3_99999_vm", "t12_99998.1",
               "t12_99998_fsm.2"]
    others = ["t3", "t_99999", "t3_", "t3_x", "t3_99999_foo", "tt3_99999",
              "t3_99999.", "t3_99999_fsm."]
    for name in planted + others:
        with open(os.path.join(base, name), "w") as f:
            f.write("x")
    server.env["TUSK_INJECTION_POINTS"] = \
        "remove-temp-relation-file=kill,nth=3"
    assert server.run_tool("start", "-D", server.data, "-l", server.log,
                           check=False).returncode != 0
    del server.env["TUSK_INJECTION_POINTS"]
    wait_for(lambda: not server.processes(), "the end of the start")
    assert len(files()) == len(others) + len(planted) - 2, files()
    server.start()
    assert files() == set(others), files()
    for name in others:
        os.unlink(os.path.join(base, name))
    nothing_left()


# ---- failures ----

FAILURES = [
    # of a session that has none yet
    ("local-buffers-init", "CREATE TEMP TABLE u (a text)", True),
    ("local-buffer-storage", "CREATE TEMP TABLE u (a text)", True),
    ("relation-create-storage", "CREATE TEMP TABLE u (a integer)", True),
    ("md-create", "CREATE TEMP TABLE u (a integer)", True),
    # of one that has table t, with more pages than buffers
    ("local-buffer-extend", "INSERT INTO t SELECT * FROM t", False),
    ("local-buffer-write",
     "INSERT INTO t SELECT id, v, repeat('z', 900) FROM t", False),
    ("local-buffer-read", "SELECT sum(length(w)) FROM t", False),
    ("md-write",
     "INSERT INTO t SELECT id, v, repeat('z', 900) FROM t", False),
    ("md-zeroextend", "INSERT INTO t SELECT * FROM t", False),
    ("truncate-table", "TRUNCATE t", False),
    ("relation-new-relfilenode", "TRUNCATE t", False),
    ("reindex-index", "REINDEX TABLE t", False),
    ("index-built", "REINDEX TABLE t", False),
    ("temp-relation-remove", "DISCARD TEMP", False),
    ("heap-drop", "DISCARD ALL", False),
]


def test_failures():
    """A statement that fails at any step leaves the table as it was."""
    for point, sql, fresh in FAILURES:
        with server.connect() as conn, server.connect() as other:
            pid = conn.info.backend_pid
            conn.execute("SET temp_buffers = 100")
            if not fresh:
                fill(conn)
                check(conn)
            other.execute("SELECT injection_points_attach(%s, %s)",
                          (point, f"error,pid={pid}"))
            fails(conn, sql, f'injection point {point}')
            other.execute("SELECT injection_points_detach(%s)", (point,))
            if fresh:
                fails(conn, "SELECT * FROM u", "does not exist")
                conn.execute("CREATE TEMP TABLE u (a text)")
                conn.execute("INSERT INTO u VALUES ('a')")
                fill(conn)
            check(conn)
            # the failed extension's block is used after all
            conn.execute("INSERT INTO t SELECT id + 100000, v, w FROM t")
            conn.execute("DELETE FROM t WHERE id > 100000")
            conn.execute("VACUUM t")
            check(conn)
        gone(pid)
        nothing_left()


def test_commit_fails():
    """An action at commit that fails takes the transaction with it."""
    for point in ("on-commit-actions", "heap-truncate", "heap-drop"):
        with server.connect() as conn, server.connect() as other:
            pid = conn.info.backend_pid
            conn.execute("CREATE TEMP TABLE r (id integer, v vector(3), "
                         "w text) ON COMMIT DELETE ROWS")
            conn.execute("CREATE INDEX ON r USING hnsw (v vector_l2_ops)")
            conn.execute("BEGIN")
            conn.execute("INSERT INTO r SELECT i, '[1,2,3]', repeat('r', 5000) "
                         "FROM generate_series(1, 300) i")
            conn.execute("CREATE TEMP TABLE d (a integer) ON COMMIT DROP")
            conn.execute("INSERT INTO kept VALUES (2)")
            other.execute("SELECT injection_points_attach(%s, %s)",
                          (point, f"error,pid={pid}"))
            fails(conn, "COMMIT", "injection point")
            other.execute("SELECT injection_points_detach(%s)", (point,))
            assert conn.execute("SELECT * FROM kept").fetchall() == [(1,)]
            assert conn.execute("SELECT count(*) FROM r").fetchone() == (0,)
            fails(conn, "SELECT * FROM d", "does not exist")
            conn.execute("BEGIN")
            conn.execute("INSERT INTO r VALUES (1, '[1,1,1]')")
            assert conn.execute("SELECT id FROM r ORDER BY v <-> '[1,1,1]' "
                                "LIMIT 1").fetchone() == (1,)
            assert conn.execute("SELECT * FROM tusk_check('r')"
                                ).fetchall() == []
            conn.execute("COMMIT")
            assert conn.execute("SELECT pg_relation_size('r')"
                                ).fetchone() == (0,)
        gone(pid)
        nothing_left()


def test_tool():
    """tusk check goes past the temporary tables of others."""
    with server.connect() as conn:
        fill(conn)
        done = server.run_tool("check", "-D", server.data)
        assert "kept: 0 defects" in done.stdout, done.stdout
        assert "pg_temp" not in done.stdout, done.stdout
        pid = conn.info.backend_pid
    gone(pid)


for test in (test_schema, test_side_by_side, test_other_session, test_no_log,
             test_parallel_build_beside, test_long_reader_elsewhere,
             test_session_ends, test_exit_fails, test_crash, test_clean_fails,
             test_failures, test_commit_fails, test_tool, test_autovacuum,
             test_stops):
    suite.run(test)
    if not server.processes():
        server.start()

server.stop()
suite.finish(server)
