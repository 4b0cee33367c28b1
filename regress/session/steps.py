#!/usr/bin/env python3
"""Every step that can fail, fails: an error at it leaves all as it was, a kill
the state before or after the statement, whole.

Story: a small table with an hnsw index and wide values is the model.  For each
step a statement that passes it is run with an error armed there: it must reach
the step and fail, change nothing and leave nothing behind (a pin, a lock, a
file), and succeed when it is run again.  In critical sections, where an error
would be a PANIC anyway, and in the server's own processes, the process ends
itself with SIGKILL instead: after recovery the rows are those from before the
statement or those from after it.  Steps of recovery and of the making of a data
directory are cut off likewise and then done whole.

The danger is the untested way out: a lock that an error does not release, a
structure half changed, a recovery that cannot be begun twice.
"""
import os
import shutil
import signal
import subprocess
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import READY, Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="1MB", wal_buffers="64kB", autovacuum="off",
                min_wal_size="32MB", max_wal_size="32MB",
                max_parallel_maintenance_workers="2",
                min_parallel_table_scan_size="0", wal_level="minimal",
                wal_writer_delay="10s",
                bgwriter_lru_maxpages="0", checkpoint_timeout="1h",
                enable_seqscan="off")

INDEX = "CREATE INDEX t_new ON t USING hnsw (v vector_l2_ops)"
FILL = "INSERT INTO wide SELECT i, repeat(md5(i::text), 100) FROM " \
    "generate_series(1, 1500) i"
# Of the whole of "wide", which does not fit into the buffers.
READ = "SELECT sum(length(x)) FROM wide"
WRITE = "UPDATE wide SET id = id + 1"
FEWER = "DELETE FROM wide; VACUUM wide"
LOCK = "SELECT id FROM t WHERE id > 590 FOR UPDATE"
DELETE = "DELETE FROM t WHERE id = (SELECT min(id) FROM t)"
CHANGE = "UPDATE t SET x = repeat(id::text, 3000) WHERE id < 20"

# An ERROR there; the statement that passes it.
ERRORS = {
    "bgworker-register": INDEX,
    "buffer-evict": WRITE,
    "buffer-read": READ,
    "check-page": "SELECT * FROM tusk_check('t')",
    "client-read": "SELECT 1; SELECT 2",
    "concurrent-index-created": INDEX.replace("INDEX", "INDEX CONCURRENTLY"),
    "dsm-allocate": INDEX,
    "generic-xlog-finish": "INSERT INTO t VALUES (5000, '[5,6,7]', 'new')",
    "heap-delete": DELETE,
    "heap-insert": "INSERT INTO t VALUES (5001, '[5,6,7]', 'new')",
    "heap-lock": LOCK,
    "heap-update": CHANGE,
    "heap-update-find-room": WRITE,
    "hnsw-log-pages": INDEX,
    "md-extend": "CREATE UNLOGGED TABLE fresh (id integer, x text)",
    "md-read": READ,
    "md-immedsync": "CREATE UNLOGGED TABLE fresh (id integer)",
    "portal-run-utility": INDEX,
    "relation-truncate-begin": FEWER,
    "shm-mq-receive": INDEX,
    "shm-mq-send": INDEX,
    "wal-log-newpage-range": INDEX,
}

# A SIGKILL there, to the session or to a process of the server's own.
KILLS = {
    "buffer-writeback": "CHECKPOINT",
    "checkpoint-guts": "CHECKPOINT",
    "checkpointer-begin": "CHECKPOINT",
    "control-file-write": "CHECKPOINT",
    "heap-delete-log": DELETE,
    "heap-inplace-log": "ANALYZE t",
    "heap-insert-log": "INSERT INTO t VALUES (5002, '[5,6,7]', 'new')",
    "heap-lock-log": LOCK,
    "heap-update-log": CHANGE,
    "md-truncate": FEWER,
    "sync-file": "CHECKPOINT",
    "wal-buffers-full": WRITE,
    "wal-flush": CHANGE,
    "wal-insert": CHANGE,
    "wal-insert-reserved": CHANGE,
    "wal-segment-finished": "LONG",
    "wal-segment-rename": "LONG",
    "wal-segment-remove": "LONG",
}

# Cut off there while it recovers from the death of a session, and done again.
RECOVERY = ("recovery-open-segment", "recovery-read-page",
            "recovery-remove-orphans", "redo-restore-image", "reinit-copy",
            "reinit-unlink", "sync-data-directory")

# Of "tusk init".
BOOT = ("boot-make-directory", "boot-write-version", "boot-commit",
        "control-file-write", "wal-bootstrap-write", "wal-segment-fill")


def make(conn):
    conn.execute("CREATE EXTENSION vector")
    conn.execute("CREATE TABLE t (id integer, v vector(3), x text)")
    conn.execute("INSERT INTO t SELECT i, ARRAY[i % 10, i % 7, i / 10], "
                 "repeat(i::text, i * 10) FROM generate_series(1, 600) i")
    conn.execute("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops) "
                 "WITH (m = 4, ef_construction = 16)")
    conn.execute("CREATE TABLE wide (id integer, x text)")
    conn.execute("ALTER TABLE wide ALTER x SET STORAGE plain")
    conn.execute(FILL)
    conn.execute("CREATE UNLOGGED TABLE unlogged (id integer)")
    conn.execute("CHECKPOINT")


def rows(conn):
    return [conn.execute(f"SELECT count(*), sum(id), sum(length(x)) FROM "
                         f"{table}").fetchone() for table in ("t", "wide")]


def clean(conn):
    """What a statement that succeeded has added."""
    conn.execute("DROP INDEX IF EXISTS t_new")
    conn.execute("DROP TABLE IF EXISTS fresh")


def check(conn):
    for table in ("t", "wide"):
        assert conn.execute(f"SELECT * FROM tusk_check('{table}')"
                            ).fetchall() == []
    assert conn.execute("SELECT bufferid FROM pg_buffercache WHERE "
                        "pinning_backends > 0").fetchall() == []
    assert conn.execute("SELECT count(*) FROM pg_locks WHERE pid <> "
                        "pg_backend_pid()").fetchone() == (0,)


def run(conn, sql):
    """Statement by statement; LONG: more log than a segment holds, and a
    checkpoint, so that segments are made, finished and removed."""
    if sql == "LONG":
        sql = "; ".join([WRITE, WRITE, WRITE, WRITE, "CHECKPOINT"])
    for one in sql.split("; "):
        conn.execute(one)


def attach(conn, point, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))


def detach(conn, point):
    conn.execute("SELECT injection_points_detach(%s)", (point,))


def everywhere(point):
    """Passed by workers or by the server's own processes too."""
    return point.startswith(("shm-mq", "check", "sync", "control", "buffer-wr",
                             "wal-segment", "wal-log", "hnsw-log"))


def test_error(point):
    with server.connect() as conn:
        victim = server.connect()
        before = rows(conn)
        if ERRORS[point] == FEWER:
            before[1] = (0, None, None)
        pid = "" if everywhere(point) else f",pid={victim.info.backend_pid}"
        attach(conn, point, "error,times=1" + pid)
        try:
            run(victim, ERRORS[point])
            raised = None
        except psycopg.Error as e:
            raised = e
        # a worker that cannot send is gone for its leader, and so is a session
        # that cannot read for its client
        assert raised is not None and (
            "injection point" in str(raised) or
            point in ("client-read", "shm-mq-send")), raised
        detach(conn, point)
        victim.close()
        wait_for(lambda: conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type IN "
            "('client backend', 'parallel worker')").fetchone() == (1,),
            "the end of the session")
        assert rows(conn) == before
        clean(conn)
        check(conn)
        run(conn, ERRORS[point])
        if ERRORS[point] == FEWER:
            conn.execute(FILL)
        clean(conn)
        check(conn)


def states(conn, sql):
    """The rows before the statement and after each part of it."""
    found = [rows(conn)]
    if "UPDATE wide" in sql or sql == "LONG":
        for n in range(4):
            t, (count, total, length) = found[-1]
            found.append([t, (count, total + count, length)])
    elif sql == FEWER:
        found.append([found[0][0], (0, None, None)])
    elif sql.split()[0] in ("UPDATE", "DELETE", "INSERT"):
        with server.connect(autocommit=False) as other:
            other.execute(sql)
            found.append(rows(other))
            other.rollback()
    return found


def test_kill(point):
    sql = KILLS[point]
    with server.connect() as conn:
        allowed = states(conn, sql)
        if sql == "CHECKPOINT":
            conn.execute(sql)
            conn.execute(CHANGE)
            allowed = [rows(conn)]
    mark = len(server.log_text())
    lives = server.lives()
    conn = server.connect()
    pid = "" if everywhere(point) else f",pid={conn.info.backend_pid}"
    attach(conn, point, "kill" + pid)
    try:
        run(conn, sql)
    except psycopg.Error:
        pass
    wait_for(lambda: "was terminated by signal 9" in
             server.log_text()[mark:], "the kill")
    server.next_life(lives)
    conn.close()
    with server.connect() as conn:
        detach(conn, point)
        found = rows(conn)
        assert found in allowed, (found, allowed)
        check(conn)
        run(conn, sql)
        if sql == FEWER:
            conn.execute(FILL)
        check(conn)


def test_recovery(point):
    """The start-up process is killed at the step: the server ends.  It is
    started again, and has what was committed."""
    mark = len(server.log_text())
    conn = server.connect()
    conn.execute("CHECKPOINT")
    conn.execute(CHANGE)
    conn.execute("INSERT INTO unlogged VALUES (1)")
    before = rows(conn)
    pid = server.postmaster_pid()
    attach(conn, point, "kill")
    os.kill(conn.info.backend_pid, signal.SIGKILL)
    wait_for(lambda: not os.path.exists(f"/proc/{pid}") or
             READY in server.log_text()[mark:], "the end of the server")
    conn.close()
    assert READY not in server.log_text()[mark:], "it was not passed"
    wait_for(lambda: not server.processes(), "the end of all")
    server.start()
    with server.connect() as conn:
        assert rows(conn) == before
        assert conn.execute("SELECT count(*) FROM unlogged").fetchone() == (0,)
        check(conn)


def test_stats_file_read():
    """After a clean stop.  The file is still there, and read again."""
    server.query("INSERT INTO unlogged VALUES (1)")
    server.stop()
    server.env["TUSK_INJECTION_POINTS"] = "stats-file-read=kill"
    try:
        server.start()
    except AssertionError:
        pass
    else:
        raise AssertionError("it started")
    finally:
        del server.env["TUSK_INJECTION_POINTS"]
    wait_for(lambda: not server.processes(), "the end of all")
    server.start()
    with server.connect() as conn:
        assert conn.execute("SELECT n_tup_ins > 0 FROM pg_stat_user_tables "
                            "WHERE relname = 'unlogged'").fetchone() == (True,)


def test_boot(point):
    """A data directory that is not finished is not taken for one; what is begun
    in its place afterwards is whole."""
    data = os.path.join(server.dir, "other")

    def tool(command, **env):
        return subprocess.run(
            [os.path.join(server.bin, "tusk"), command, "-D", data],
            env=dict(server.env, **env), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
    done = tool("init", TUSK_INJECTION_POINTS=f"{point}=kill")
    assert done.returncode != 0, done.stdout
    done = tool("start")
    assert done.returncode != 0, done.stdout
    shutil.rmtree(data, ignore_errors=True)
    done = tool("init")
    assert done.returncode == 0, done.stdout
    shutil.rmtree(data)


server.start()
with server.connect() as conn:
    make(conn)
for one in ERRORS:
    suite.run(test_error, one)
for one in KILLS:
    suite.run(test_kill, one)
for one in RECOVERY:
    suite.run(test_recovery, one)
suite.run(test_stats_file_read)
for one in BOOT:
    suite.run(test_boot, one)
if server.processes():
    server.stop()
suite.finish(server)
