"""Definitions are all or nothing, whatever ends the transaction.

Story: TRUNCATE, REINDEX, ALTER and unlogged tables change which file a relation
has and which rows describe it.  The server is killed before and after the
commit, at every named step, and a statement fails at every named step: what is
found afterwards is the old state or the new one, whole, and no file is left
that no relation names.  The danger: a row of pg_class that names a file that is
gone, or an index that does not belong to its table's file.
"""
import os
import signal
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(shared_buffers="16MB").start()
server.query("CREATE EXTENSION vector")

ROWS = 300


def crash():
    """SIGKILL for all at once; then recovery."""
    for pid in server.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    wait_for(lambda: not server.processes(), "the end of all processes")
    server.start()


def make(conn, name, kind=""):
    conn.execute(f"DROP TABLE IF EXISTS {name}")
    conn.execute(f"CREATE {kind} TABLE {name} (id integer, v vector(3))")
    conn.execute(f"INSERT INTO {name} SELECT i, ('['||i||',0,1]')::vector "
                 f"FROM generate_series(1, {ROWS}) i")
    conn.execute(f"CREATE INDEX {name}_v ON {name} USING hnsw "
                 f"(v vector_l2_ops)")


def nearest(conn, name, x):
    conn.execute("SET enable_seqscan = off")
    rows = conn.execute(f"SELECT id FROM {name} ORDER BY v <-> '[{x},0,1]' "
                        f"LIMIT 1").fetchall()
    return rows[0][0] if rows else None


def check(conn, name, count):
    assert conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == count
    assert nearest(conn, name, 7) == (7 if count else None)


def check_files(conn):
    """Each file of the database is named by a row, and the other way round.

    The first file of a dropped relation goes at a checkpoint.
    """
    conn.execute("CHECKPOINT")
    base = os.path.join(server.data, "base", "5")
    numbers = {int(f.split("_")[0].split(".")[0])
               for f in os.listdir(base) if f[0].isdigit()}
    known = {row[0] for row in conn.execute(
        "SELECT relfilenode FROM pg_class WHERE relfilenode <> 0 "
        "AND NOT relisshared").fetchall()}
    lost = {n for n in numbers - known if n >= 16384}
    assert not lost, f"files without a relation: {lost}"
    assert not known - numbers, f"relations without a file: {known - numbers}"


def test_crash_before_commit():
    conn = server.connect()
    make(conn, "t")
    conn.execute("CHECKPOINT")
    conn.execute("BEGIN")
    conn.execute("TRUNCATE t")
    conn.execute("INSERT INTO t VALUES (1000, '[1,1,1]')")
    conn.execute("ALTER TABLE t ADD COLUMN extra integer")
    conn.execute("ALTER TABLE t RENAME TO u")
    conn.execute("REINDEX TABLE u")
    conn.execute("CREATE TABLE copied AS SELECT * FROM u")
    with server.connect() as other:     # its commit flushes all before it
        make(other, "w")
    crash()
    conn.close()
    with server.connect() as conn:
        check(conn, "t", ROWS)
        check(conn, "w", ROWS)
        check_files(conn)


def test_crash_after_commit():
    with server.connect() as conn:
        make(conn, "t")
        make(conn, "w")
        conn.execute("CHECKPOINT")
        conn.execute("TRUNCATE w")
        conn.execute("ALTER TABLE t ADD COLUMN extra integer")
        conn.execute("REINDEX INDEX t_v")
        conn.execute("ALTER INDEX t_v RENAME TO t_renamed")
        conn.execute("ALTER TABLE t SET (fillfactor = 55)")
        conn.execute("CREATE TABLE copied AS SELECT id, v FROM t")
        with conn.transaction():
            conn.execute("CREATE TABLE frozen (i integer, t text)")
            with conn.cursor().copy("COPY frozen FROM STDIN (FREEZE)") as copy:
                for i in range(3000):
                    copy.write_row((i, "x" * (9000 if i == 7 else 9)))
        crash()
    with server.connect() as conn:
        check(conn, "t", ROWS)
        check(conn, "copied", ROWS)
        for again in range(2):
            assert conn.execute("SELECT count(*), sum(i), sum(length(t)) "
                                "FROM frozen").fetchone() == (
                3000, 4498500, 2999 * 9 + 9000)
            conn.execute("UPDATE frozen SET t = t || '' WHERE i < 3")
            conn.execute("VACUUM frozen")
            assert conn.execute("SELECT * FROM tusk_check('frozen')"
                                ).fetchall() == []
        conn.execute("DROP TABLE copied, frozen")
        check(conn, "w", 0)
        conn.execute("INSERT INTO w VALUES (7, '[7,0,1]')")
        check(conn, "w", 1)
        assert conn.execute("SELECT count(*) FROM t WHERE extra IS NULL"
                            ).fetchone()[0] == ROWS
        assert conn.execute(
            "SELECT reloptions::text FROM pg_class WHERE relname = 't'"
        ).fetchone()[0] == "{fillfactor=55}"
        assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                            "relname = 't_renamed'").fetchone()[0] == 1
        check_files(conn)


FAILURES = [
    ("truncate-table", "TRUNCATE t"),
    ("truncate-index", "TRUNCATE t"),
    ("relation-new-relfilenode", "TRUNCATE t"),
    ("relation-create-storage", "TRUNCATE t"),
    ("reindex-index", "REINDEX TABLE t"),
    ("index-build", "REINDEX TABLE t"),
    ("index-built", "REINDEX INDEX t_v"),
    ("rename-relation", "ALTER TABLE t RENAME TO u"),
    ("rename-column", "ALTER TABLE t RENAME id TO di"),
    ("alter-reloptions", "ALTER TABLE t SET (fillfactor = 20)"),
    ("alter-add-column", "ALTER TABLE t ADD COLUMN x integer"),
    ("relation-create-init-fork", "CREATE UNLOGGED TABLE u (a integer)"),
    ("create-table-as-made", "CREATE TABLE u AS SELECT * FROM t"),
    ("heap-insert", "CREATE TABLE u AS SELECT * FROM t"),
    ("create-table-as-filled", "SELECT * INTO u FROM t"),
    ("create-table-as-filled", "EXPLAIN ANALYZE CREATE TABLE u AS TABLE t"),
]


def test_failures():
    with server.connect() as conn:
        make(conn, "t")
        for point, statement in FAILURES:
            conn.execute("SELECT injection_points_attach(%s, 'error')",
                         (point,))
            try:
                conn.execute(statement)
                raise AssertionError(f"{statement}: no error at {point}")
            except psycopg.Error as e:
                assert "injection point" in str(e), f"{point}: {e}"
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            check(conn, "t", ROWS)
            check_files(conn)


def test_unlogged():
    """Empty after a crash, kept by a clean stop; so are its index and TOAST."""
    with server.connect() as conn:
        make(conn, "t", "UNLOGGED")
        conn.execute("ALTER TABLE t ADD COLUMN wide text")
        conn.execute("ALTER TABLE t ALTER wide SET STORAGE external")
        conn.execute("INSERT INTO t VALUES (0, '[-9,0,1]', repeat('x', 90000))")
        conn.execute("DELETE FROM t WHERE id = 1")
        make(conn, "w")
        check(conn, "t", ROWS)
    server.stop()
    server.start()
    with server.connect() as conn:
        check(conn, "t", ROWS)
        conn.execute("TRUNCATE t")
        conn.execute("INSERT INTO t VALUES (7, '[7,0,1]')")
        check(conn, "t", 1)
        conn.execute("CHECKPOINT")
        crash()
    for again in range(2):
        with server.connect() as conn:
            check(conn, "t", 0)
            check(conn, "w", ROWS)
            conn.execute("INSERT INTO t VALUES (7, '[7,0,1]', "
                         "repeat('x', 90000))")
            check(conn, "t", 1)
            assert conn.execute("SELECT length(wide) FROM t"
                                ).fetchone()[0] == 90000
            check_files(conn)
            crash()
    with server.connect() as conn:
        conn.execute("DROP TABLE t")
        crash()
    with server.connect() as conn:
        check_files(conn)


def test_unlogged_not_committed():
    dying = server.connect(autocommit=False)
    dying.execute("CREATE UNLOGGED TABLE gone (a integer, t text)")
    with server.connect() as conn:
        make(conn, "w")
        crash()
    dying.close()
    with server.connect() as conn:
        check_files(conn)


for test in (test_crash_before_commit, test_crash_after_commit, test_failures,
             test_unlogged, test_unlogged_not_committed):
    suite.run(test)
server.stop()
suite.finish(server)
