"""A name goes to another relation, or to none, while a command has looked it up
and not yet locked what it found.

Story: a command is held once it has found a relation by its name, or once it has
looked at what that is and is about to lock it, or it waits for the lock.  Meanwhile
another session drops the relation, drops it and makes another one of that name,
renames it, or renames it and gives the name to another one.  The command then
does what it does to the relation that has the name, or says that nothing has it.

The dangers: a look at the rows of a relation that is gone (a NULL for its name,
"not an index"), a change of a relation that no longer has the name, a lock on it
that stays.
"""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite  # noqa: E402
from steps import Held, Step, sessions  # noqa: E402

server = Server(autovacuum="off", synchronous_commit="off").start()
suite = Suite()
Step.server = server

FOUND, LOCK, WAITS = "range-var-found", "range-var-lock", "waits"
NO_INDEX = ("42704", 'index "x" does not exist')
NO_TABLE = ("42P01", 'table "t" does not exist')
NO_RELATION = ("42P01", 'relation "{}" does not exist')
SKIPPED = "NOTICE: {} \"{}\" does not exist, skipping"

# What is true of the relation with an OID once the command has worked on it.
GONE = "NOT EXISTS (SELECT FROM pg_class WHERE oid = {})"
RENAMED = "(SELECT relname = 'y' FROM pg_class WHERE oid = {})"
OPTIONS = "(SELECT reloptions::text LIKE '%%fillfactor=50%%' FROM pg_class " \
    "WHERE oid = {})"
INDEX_OPTIONS = "(SELECT reloptions::text LIKE '%%m=5%%' FROM pg_class " \
    "WHERE oid = {})"
COLUMN = "EXISTS (SELECT FROM pg_attribute WHERE attrelid = {} AND " \
    "attname = 'c')"
INDEXED = "EXISTS (SELECT FROM pg_index WHERE indrelid = {} AND " \
    "indexrelid = to_regclass('i'))"
ANEW = "(SELECT relfilenode <> oid FROM pg_class WHERE oid = {})"
ANALYZED = "(SELECT reltuples = 1 FROM pg_class WHERE oid = {})"


class Command:
    """sql: of the relation x, an index, or t, a table.  gone: the error, or the
    notice, if nothing has the name.  effect: on what has the name."""

    def __init__(self, sql, gone=None, effect=None, block=True,
                 locks_table=False):
        self.sql = sql
        self.name = "x" if " x" in sql else "t"
        if gone is None:
            gone = (NO_RELATION[0], NO_RELATION[1].format(self.name))
        self.gone = gone
        self.effect = effect
        self.block = block   # it may stand in a transaction block
        self.locks_table = locks_table   # before its index

    def __str__(self):
        return self.sql.replace(" ", "_")


HNSW = "USING hnsw (v vector_l2_ops)"
COMMANDS = [
    Command("DROP INDEX x", NO_INDEX, GONE, locks_table=True),
    Command("DROP INDEX IF EXISTS x", SKIPPED.format("index", "x"), GONE,
            locks_table=True),
    Command("DROP INDEX CONCURRENTLY x", NO_INDEX, GONE, block=False,
            locks_table=True),
    Command("ALTER INDEX x RENAME TO y", effect=RENAMED),
    Command("ALTER INDEX IF EXISTS x RENAME TO y",
            SKIPPED.format("relation", "x"), RENAMED),
    Command("ALTER TABLE x RENAME TO y", effect=RENAMED),
    Command("ALTER INDEX x SET (m = 5)", effect=INDEX_OPTIONS),
    Command("REINDEX INDEX x", effect=ANEW, locks_table=True),
    Command("REINDEX INDEX CONCURRENTLY x", block=False, locks_table=True),
    Command("DROP TABLE t", NO_TABLE, GONE),
    Command("DROP TABLE IF EXISTS t", SKIPPED.format("table", "t"), GONE),
    Command("ALTER TABLE t RENAME TO y", effect=RENAMED),
    Command("ALTER INDEX t RENAME TO y", effect=RENAMED),
    Command("ALTER TABLE t RENAME COLUMN id TO c", effect=COLUMN),
    Command("ALTER TABLE t ADD COLUMN c integer", effect=COLUMN),
    Command("ALTER TABLE IF EXISTS t SET (fillfactor = 50)",
            SKIPPED.format("relation", "t"), OPTIONS),
    Command("REINDEX TABLE t"),
    Command("REINDEX TABLE CONCURRENTLY t", block=False),
    Command("TRUNCATE t", effect=ANEW),
    Command("LOCK TABLE t"),
    Command("LOCK TABLE t IN ACCESS SHARE MODE NOWAIT"),
    Command(f"CREATE INDEX i ON t {HNSW}", effect=INDEXED),
    Command(f"CREATE INDEX CONCURRENTLY i ON t {HNSW}", effect=INDEXED,
            block=False),
    Command(f"EXPLAIN CREATE INDEX i ON t {HNSW}"),
    Command("COPY t TO '/dev/null'"),
    Command("COPY t FROM '/dev/null'"),
    Command("INSERT INTO t VALUES (7, '[7]')"),
    Command("UPDATE t SET id = 7"),
    Command("DELETE FROM t"),
    Command("SELECT * FROM t FOR UPDATE"),
    Command("CREATE TABLE y AS SELECT * FROM t"),
    Command("VACUUM t", block=False),
    Command("ANALYZE t (id)", effect=ANALYZED),
]

OTHERS = {
    "drop": ("x: DROP INDEX x", "t: DROP TABLE t"),
    "recreate": ("x: DROP INDEX x", f"x: CREATE INDEX x ON t {HNSW}",
                 "t: DROP TABLE t", "t: CREATE TABLE t (id int, v vector(1))",
                 "t: INSERT INTO t VALUES (1, '[1]')"),
    "rename": ("x: ALTER INDEX x RENAME TO was_x",
               "t: ALTER TABLE t RENAME TO was_t"),
    "swap": ("x: ALTER INDEX x RENAME TO was_x",
             "x: ALTER INDEX other_x RENAME TO x",
             "t: ALTER TABLE t RENAME TO was_t",
             "t: ALTER TABLE other_t RENAME TO t"),
}


def fresh(conn, indexes=True):
    for table in ("t", "was_t", "other_t", "t2", "y"):
        if oid(conn, table):
            conn.execute(f"DROP TABLE {table}")
    for table in ("t", "other_t"):
        conn.execute(f"CREATE TABLE {table} (id int, v vector(1))")
        conn.execute(f"INSERT INTO {table} VALUES (1, '[1]')")
    if indexes:
        conn.execute(f"CREATE INDEX x ON t {HNSW}")
        conn.execute("CREATE TABLE t2 (v vector(1))")
        conn.execute(f"CREATE INDEX other_x ON t2 {HNSW}")


def oid(conn, name):
    return conn.execute("SELECT to_regclass(%s)::oid", (name,)).fetchone()[0]


def other(conn, command, what):
    conn.execute("BEGIN")
    for sql in OTHERS[what]:
        name, sql = sql.split(": ", 1)
        if name == command.name:
            conn.execute(sql)


# Each place and each change once: all pairs would be three times the time.
SCHEDULES = [(FOUND, "drop"), (FOUND, "swap"), (LOCK, "rename"),
             (WAITS, "recreate")]


def possible(command, where, what):
    """Not what waits for a lock that the command holds where it stands."""
    if where == LOCK and command.locks_table:
        return what in ("rename", "swap")
    # without a wait it fails
    return where != WAITS or "NOWAIT" not in command.sql


def run(command, where, what):
    with sessions(3) as (conn, a, b):
        fresh(conn, command.name == "x" or "INDEX" in command.sql)
        before = oid(conn, command.name)
        notices = []
        b.add_notice_handler(lambda d: notices.append(
            f"{d.severity}: {d.message_primary}"))
        if command.block:
            b.execute("BEGIN")
        if where == WAITS:
            other(a, command, what)
            step = Step(b, command.sql).waits()
            now = oid(a, command.name)
            a.execute("COMMIT")
            step.done()
        else:
            step = Held(b, command.sql, where).there()
            other(a, command, what)
            now = oid(a, command.name)
            a.execute("COMMIT")
            step.go_on()
        if what in ("drop", "rename"):
            if isinstance(command.gone, str):
                assert step.error is None and notices == [command.gone], (
                    step.error, notices)
            else:
                assert step.error == command.gone, step.error
        else:
            assert step.error is None and not notices, (step.error, notices)
            assert now and now != before, (now, before)
        if command.block and step.error is None:
            # nothing of what it found first is locked
            held = {row[0] for row in conn.execute(
                "SELECT relation FROM pg_locks WHERE pid = %s AND relation "
                ">= 16384", (b.info.backend_pid,)).fetchall()}
            assert before not in held, (before, held)
            b.execute("COMMIT")
        if command.effect and what in ("recreate", "swap"):
            for which, expected in ((before, what == "recreate" and
                                     command.effect == GONE), (now, True)):
                found = conn.execute("SELECT coalesce(" + command.effect.format(
                    which) + ", false)").fetchone()[0]
                assert found == expected, (which, found)


def test_name_of(command):
    for where, what in SCHEDULES:
        if possible(command, where, what):
            try:
                run(command, where, what)
            except AssertionError as e:
                raise AssertionError(f"{what} at {where}: {e}") from e


def test_table_goes_before_vacuum():
    """Between the look-up of the name, in a transaction of its own, and the
    lock: a warning, and the rest of the list is done."""
    for sql, word in (("VACUUM t, other_t", "vacuum"),
                      ("ANALYZE t, other_t", "analyze"),
                      ("VACUUM (SKIP_LOCKED) t", "vacuum")):
        with sessions(2) as (conn, b):
            fresh(conn)
            notices = []
            b.add_notice_handler(lambda d: notices.append(
                (d.severity, d.sqlstate, d.message_primary)))
            step = Held(b, sql, "vacuum-open-relation").there()
            conn.execute("DROP TABLE t")
            step.go_on()
            assert step.error is None, step.error
            assert notices == [
                ("WARNING", "42P01", f'skipping {word} of "t" --- relation no '
                 "longer exists")], notices


def test_vacuum_skips_what_is_locked():
    """Where the name is looked up, and where the table is opened; the others of
    the list are done, and no list at all is not every table."""
    skipped = [("WARNING", "55P03",
                'skipping vacuum of "t" --- lock not available')]
    with sessions(3) as (conn, a, b):
        fresh(conn)
        notices = []
        b.add_notice_handler(lambda d: notices.append(
            (d.severity, d.sqlstate, d.message_primary)))
        a.execute("BEGIN")
        a.execute("LOCK TABLE t")
        b.execute("VACUUM (SKIP_LOCKED, VERBOSE) t")
        assert notices == skipped, notices
        notices.clear()
        b.execute("VACUUM (SKIP_LOCKED) t, other_t")
        assert notices == skipped, notices
        assert b.execute("SELECT relpages FROM pg_class WHERE relname = "
                         "'other_t'").fetchone() == (1,)
        notices.clear()
        b.execute("VACUUM (SKIP_LOCKED)")
        assert notices == [], notices
        a.execute("ROLLBACK")
        step = Held(b, "VACUUM (SKIP_LOCKED) t", "vacuum-open-relation").there()
        a.execute("BEGIN")
        a.execute("LOCK TABLE t")
        step.go_on()
        a.execute("ROLLBACK")
        assert step.error is None and notices == skipped, (step.error, notices)


def test_lock_by_schema():
    """NOWAIT says the name as it was given."""
    with sessions(2) as (a, b):
        fresh(a)
        a.execute("BEGIN")
        a.execute("LOCK TABLE t")
        b.execute("BEGIN")
        try:
            b.execute("LOCK TABLE public.t NOWAIT")
            raise AssertionError("locked")
        except psycopg.errors.LockNotAvailable as e:
            assert e.diag.message_primary == \
                'could not obtain lock on relation "public.t"', e


def while_held(conn, b, sql, point, *others):
    step = Held(b, sql, point).there()
    for statement in others:
        conn.execute(statement)
    step.go_on()
    assert step.error is None, (sql, point, step.error)
    return step.rows


def test_table_goes_before_it_is_described():
    """A function of an OID reads one row after the other, without a lock: NULL
    if one of them is gone."""
    index = "pg_get_indexdef('x'::regclass)"
    for function, point in (
            (index, "indexdef-read-table"), (index, "deparse-context"),
            ("pg_get_indexdef('x'::regclass, 1, true)", "deparse-context"),
            ("pg_get_expr((SELECT indpred FROM pg_index WHERE indexrelid = "
             "'x'::regclass), 't'::regclass)", "deparse-context"),
            ("pg_describe_object('pg_class'::regclass, 't'::regclass, 1)",
             "describe-relation")):
        with sessions(2) as (conn, b):
            fresh(conn)
            conn.execute("DROP INDEX x")
            conn.execute("CREATE INDEX x ON t USING hnsw ((v::vector(1)) "
                         "vector_l2_ops) WHERE id > 7")
            assert conn.execute("SELECT " + function).fetchone() != (None,)
            assert while_held(conn, b, "SELECT " + function, point,
                              "DROP TABLE t") == [(None,)], (function, point)


def test_column_is_added_while_they_are_read():
    """The number of columns is read before the columns."""
    with sessions(2) as (conn, b):
        fresh(conn)
        assert while_held(
            conn, b, "SELECT pg_get_indexdef('x'::regclass)",
            "indexdef-read-table", "ALTER TABLE t ADD COLUMN c integer") == [
            ("CREATE INDEX x ON public.t USING hnsw (v vector_l2_ops)",)]


def test_view_of_indexes():
    with sessions(2) as (conn, b):
        fresh(conn)
        rows = while_held(conn, b, "SELECT indexname FROM pg_indexes WHERE "
                          "indexdef IS NOT NULL", "indexdef-read-table",
                          "DROP TABLE t", "DROP TABLE t2")
        assert rows == [], rows


def test_dependent_goes_before_drop_extension():
    """Its name is the detail of the error; what is gone is no dependent."""
    with sessions(2) as (conn, b):
        for table in ("t", "was_t", "other_t", "t2", "y"):
            conn.execute(f"DROP TABLE IF EXISTS {table}")
        conn.execute("CREATE TABLE t (v vector(1))")
        b.execute("BEGIN")
        while_held(conn, b, "DROP EXTENSION vector",
                   "drop-extension-dependent", "DROP TABLE t")
        b.execute("ROLLBACK")


def test_table_goes_before_its_turn():
    """REINDEX of many: the list is made before, and a table that is gone is
    passed over; one that was renamed is done."""
    for options in ("", "(CONCURRENTLY) "):
        with sessions(2) as (conn, b):
            fresh(conn)
            while_held(conn, b, f"REINDEX {options}SCHEMA public",
                       "reindex-next-table", "DROP TABLE t", "DROP TABLE t2",
                       "ALTER TABLE other_t RENAME TO y")


server.query("CREATE EXTENSION vector")
for command in COMMANDS:
    suite.run(test_name_of, command)
for test in (test_table_goes_before_vacuum, test_vacuum_skips_what_is_locked,
             test_lock_by_schema, test_table_goes_before_it_is_described,
             test_column_is_added_while_they_are_read, test_view_of_indexes,
             test_dependent_goes_before_drop_extension,
             test_table_goes_before_its_turn):
    suite.run(test)
suite.run(server.stop)
suite.finish(server)
