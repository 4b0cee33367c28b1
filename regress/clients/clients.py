"""Clients that no one here wrote, and the protocol by hand where they do not
reach: psql, pgbench, psycopg (libpq), and wire.py.

One server serves all tests; each test makes the tables it needs and drops
them.  What a session's failure must not do is spoil the session (or another):
so most tests go on with the same connection after the failure they provoke.
"""
import getpass
import os
import struct
import subprocess
import sys
import tempfile

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.dirname(__file__))
from harness import Server, Suite, wait_for  # noqa: E402
from postgres15 import Peer  # noqa: E402
import wire as w  # noqa: E402
from wire import Wire  # noqa: E402

server = None


def fails(sqlstate, action, *args, **kwargs):
    """The error that action raises; its SQLSTATE must be this one."""
    try:
        action(*args, **kwargs)
    except psycopg.Error as e:
        assert e.sqlstate == sqlstate, (e.sqlstate, str(e))
        return e
    raise AssertionError(f"no error, {sqlstate} was expected")


def backend_gone(pid):
    return lambda: server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE pid = %s",
        (pid,))[0][0] == 0


# ---- start of a session ----

def test_startup_parameters():
    """What libpq and drivers decide by; PostgreSQL 15's set, no more."""
    with server.connect(application_name="clients") as conn:
        expected = {
            "server_version": "15.20", "server_encoding": "UTF8",
            "client_encoding": "UTF8", "application_name": "clients",
            "default_transaction_read_only": "off", "in_hot_standby": "off",
            "is_superuser": "on", "session_authorization": getpass.getuser(),
            "DateStyle": "ISO, MDY", "IntervalStyle": "postgres",
            "TimeZone": "Etc/UTC", "integer_datetimes": "on",
            "standard_conforming_strings": "on"}
        for name, value in expected.items():
            got = conn.info.parameter_status(name)
            assert got == value, (name, got)
        assert conn.info.server_version == 150020
        assert conn.info.backend_pid in server.processes()
    with Wire(server.data) as wire:
        told = {b.split(b"\0")[0].decode()
                for k, b in wire.greeting if k == b"S"}
        assert told == set(expected), told ^ set(expected)


def test_unknown_database_and_role():
    for args, text in (
            (("-d", "nowhere"), 'FATAL:  database "nowhere" does not exist'),
            (("-U", "nobody_here"), 'FATAL:  role "nobody_here" does not')):
        done = subprocess.run(
            ["psql", "-X", "-h", server.data, "-d", "postgres", *args,
             "-c", "select 1"], text=True, capture_output=True)
        assert done.returncode == 2 and text in done.stderr, done.stderr
    with Wire(server.data, database="nowhere") as wire:
        assert w.sqlstate(wire.greeting) == "3D000"
    with Wire(server.data, user="nobody_here") as wire:
        assert w.sqlstate(wire.greeting) == "28000"


def test_startup_options():
    with server.connect(options="-c work_mem=8MB --statement_timeout=5s "
                                "-c application_name=with\\ space") as conn:
        for name, value in (("work_mem", "8MB"), ("statement_timeout", "5s"),
                            ("application_name", "with space")):
            assert conn.execute(f"SHOW {name}").fetchone()[0] == value
            conn.execute(f"SET {name} TO DEFAULT")
            assert conn.execute(f"SHOW {name}").fetchone()[0] == value
    with Wire(server.data, options="-c no_such_thing=1") as wire:
        assert w.sqlstate(wire.greeting) == "42704"
    with Wire(server.data, options="-c shared_buffers=1MB") as wire:
        assert w.sqlstate(wire.greeting) == "55P02"


# ---- simple protocol ----

def test_one_message_many_statements():
    """They are one transaction; COMMIT in their middle ends it."""
    with Wire(server.data) as wire:
        wire.ask(w.query("CREATE TABLE many (i int)"))
        got = wire.ask(w.query("INSERT INTO many VALUES (1); "
                               "INSERT INTO many VALUES (2); SELECT 1/0"))
        assert w.kinds(got) == b"CCEZ", w.kinds(got)
        assert got[-1][1] == b"I"
        got = wire.ask(w.query("SELECT count(*) FROM many"))
        assert w.rows(got) == [[b"0"]]
        got = wire.ask(w.query("BEGIN; INSERT INTO many VALUES (3); COMMIT; "
                               "INSERT INTO many VALUES (4); SELECT 1/0"))
        assert w.kinds(got) == b"CCCCEZ", w.kinds(got)
        got = wire.ask(w.query("SELECT i FROM many"))
        assert w.rows(got) == [[b"3"]]
        got = wire.ask(w.query(""))
        assert w.kinds(got) == b"IZ"
        got = wire.ask(w.query("; ;"))
        assert w.kinds(got) == b"IZ"
        got = wire.ask(w.query("SELECT 1; SELECT 'x' AS a, NULL"))
        assert w.kinds(got) == b"TDCTDCZ", w.kinds(got)
        assert w.rows(got) == [[b"1"], [b"x", None]]
        wire.ask(w.query("DROP TABLE many"))


def test_failed_transaction():
    with server.connect() as conn:
        conn.execute("CREATE TABLE failed (i int)")
        conn.execute("BEGIN")
        conn.execute("INSERT INTO failed VALUES (1)")
        fails("42P01", conn.execute, "SELECT * FROM no_such_table")
        assert conn.info.transaction_status == \
            psycopg.pq.TransactionStatus.INERROR
        fails("25P02", conn.execute, "SELECT 1")
        fails("25P02", conn.execute, "SELECT %s::int", (1,))
        assert conn.execute("COMMIT").statusmessage == "ROLLBACK"
        assert conn.execute("SELECT count(*) FROM failed").fetchone() == (0,)
        fails("25P01", conn.execute, "DECLARE c CURSOR FOR SELECT 1")
        conn.execute("DROP TABLE failed")


def test_transaction_modes():
    with server.connect() as conn:
        notices = []
        conn.add_notice_handler(lambda d: notices.append(d.sqlstate))
        conn.execute("COMMIT")
        conn.execute("BEGIN")
        conn.execute("BEGIN")
        assert conn.execute("ROLLBACK").statusmessage == "ROLLBACK"
        assert notices == ["25P01", "25001"], notices
        conn.execute("START TRANSACTION ISOLATION LEVEL REPEATABLE READ, "
                     "READ ONLY")
        assert conn.execute("SHOW transaction_isolation").fetchone() == \
            ("repeatable read",)
        fails("25006", conn.execute, "CREATE TABLE no (i int)")
        conn.execute("ROLLBACK")
        assert conn.execute("SHOW transaction isolation level").fetchone() == \
            ("read committed",)
        fails("0A000", conn.execute, "BEGIN ISOLATION LEVEL SERIALIZABLE")
        conn.execute("ROLLBACK")
        fails("0A000", conn.execute,
              "SET default_transaction_isolation = 'serializable'")
        fails("22023", conn.execute, "SET ROLE somebody_else")
        for sql in ("SET ROLE NONE", "RESET ROLE",
                    "SET SESSION AUTHORIZATION DEFAULT"):
            conn.execute(sql)
        fails("0A000", conn.execute, "SAVEPOINT a")
        fails("0A000", conn.execute, "LISTEN a")
        conn.execute("BEGIN")
        conn.execute("COMMIT AND CHAIN")
        assert conn.info.transaction_status == \
            psycopg.pq.TransactionStatus.INTRANS
        conn.execute("ROLLBACK")


def test_repeatable_read():
    """The snapshot of the first statement stays for the transaction."""
    with server.connect() as a, server.connect() as b:
        a.execute("CREATE TABLE rr (i int)")
        a.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        assert a.execute("SELECT count(*) FROM rr").fetchone() == (0,)
        b.execute("INSERT INTO rr VALUES (1)")
        assert a.execute("SELECT count(*) FROM rr").fetchone() == (0,)
        a.execute("COMMIT")
        a.execute("BEGIN")
        assert a.execute("SELECT count(*) FROM rr").fetchone() == (1,)
        b.execute("INSERT INTO rr VALUES (2)")
        assert a.execute("SELECT count(*) FROM rr").fetchone() == (2,)
        a.execute("COMMIT")
        a.execute("DROP TABLE rr")


def test_error_position():
    """psql's caret and the driver's position: characters, not bytes."""
    with server.connect() as conn:
        for sql, at in (("SELECT 'ä', no_such FROM pg_class", 13),
                        ("SELEC 1", 1), ("SELECT * FROM nowhere", 15)):
            try:
                conn.execute(sql)
            except psycopg.Error as e:
                assert e.diag.statement_position == str(at), \
                    (sql, e.diag.statement_position)
            else:
                raise AssertionError(sql)
    out = server.psql("-c", "SELECT nothing FROM pg_class", check=False)
    assert 'ERROR:  column "nothing" does not exist' in out, out
    assert "LINE 1: SELECT nothing FROM pg_class" in out, out
    assert "\n               ^" in out, out


def test_error_in_a_parameter():
    """Which parameter it was; of its value no more than is asked for."""
    with server.connect() as conn:
        for length, shown in ((None, "'...'"), (-1, "'it''s no number'"),
                              (6, "'it''s n...'")):
            if length is not None:
                conn.execute("SET log_parameter_max_length_on_error = "
                             f"{length}")
            try:
                conn.execute("SELECT 1 + %s", ("it's no number",))
            except psycopg.Error as e:
                assert e.sqlstate == "22P02", e
                assert e.diag.context == \
                    f"unnamed portal parameter $1 = {shown}", e.diag.context
            else:
                raise AssertionError("no error")


# ---- settings ----

def test_settings_are_reported():
    with server.connect() as conn:
        conn.execute("SET application_name TO 'renamed'")
        assert conn.info.parameter_status("application_name") == "renamed"
        assert conn.execute(
            "SELECT application_name FROM pg_stat_activity WHERE pid = %s",
            (conn.info.backend_pid,)).fetchone() == ("renamed",)
        conn.execute("BEGIN")
        conn.execute("SET LOCAL application_name TO 'for now'")
        assert conn.info.parameter_status("application_name") == "for now"
        conn.execute("ROLLBACK")
        assert conn.info.parameter_status("application_name") == "renamed"
        conn.execute("SET work_mem = '3MB'")
        conn.execute("PREPARE p AS SELECT 1")
        conn.execute("DISCARD ALL")
        assert conn.execute("SHOW work_mem").fetchone() == ("4MB",)
        fails("26000", conn.execute, "EXECUTE p")
        assert len(conn.execute("SHOW ALL").fetchall()) > 80
        fails("55P02", conn.execute, "SET shared_buffers = '1MB'")
        fails("22023", conn.execute, "SET work_mem = 'much'")
        fails("42704", conn.execute, "SHOW no_such_setting")


def test_statement_log():
    """log_statement before, log_min_duration_statement after a statement; the
    statement that failed; the end of the session."""
    with Wire(server.data, options="-c log_statement=all "
              "-c log_min_duration_statement=0 -c log_disconnections=on"
              ) as wire:
        wire.ask(w.query("SELECT 'logged before'"))
        wire.ask(w.parse("SELECT 'logged extended'", "st"),
                 w.bind(statement="st"), w.execute(), w.SYNC)
        wire.ask(w.query("SET log_statement = 'none'"))
        wire.ask(w.query("SELECT 'logged after'"))
        wire.ask(w.query("SELECT 'fails' / 0"))
        wire.send(w.TERMINATE)
        assert wire.at_end()
    log = server.log_text()
    for part in ("LOG:  statement: SELECT 'logged before'",
                 "LOG:  execute st: SELECT 'logged extended'",
                 " ms  statement: SELECT 'logged after'",
                 "STATEMENT:  SELECT 'fails' / 0",
                 "disconnection: session time: 0:00:0"):
        assert part in log, part


# ---- extended protocol ----

def test_rows_in_pieces():
    """Execute with a limit suspends the portal, which goes on at the next."""
    with Wire(server.data) as wire:
        wire.ask(w.query("CREATE TABLE pieces (i int); INSERT INTO pieces "
                         "VALUES (1), (2), (3), (4), (5)"))
        got = wire.ask(w.parse("SELECT i FROM pieces"),
                       w.bind(portal="p"), w.execute("p", 2),
                       w.execute("p", 2), w.execute("p", 2), w.SYNC)
        assert w.kinds(got) == b"12DDsDDsDCZ", w.kinds(got)
        assert got[-2][1] == b"SELECT 1\0"
        # The portal ended with the transaction that the Sync ended.
        got = wire.ask(w.execute("p", 2), w.SYNC)
        assert w.sqlstate(got) == "34000"
        wire.ask(w.query("DROP TABLE pieces"))


def test_skip_to_sync():
    """After an error nothing is done, and nothing answered, up to the Sync."""
    with Wire(server.data) as wire:
        got = wire.ask(w.parse("SELECT 1/0", "bad"), w.bind(statement="bad"),
                       w.execute(), w.parse("CREATE TABLE skipped (i int)"),
                       w.bind(), w.execute(), w.SYNC,
                       w.parse("SELECT 7"), w.bind(), w.execute(), w.SYNC)
        assert w.sqlstate(got) == "22012" and got[-1] == (b"Z", b"I")
        assert w.kinds(got).endswith(b"EZ"), w.kinds(got)
        got = wire.read_until(b"Z")
        assert w.kinds(got) == b"12DCZ" and w.rows(got) == [[b"7"]]
        got = wire.ask(w.query("SELECT * FROM skipped"))
        assert w.sqlstate(got) == "42P01"


def test_describe():
    with Wire(server.data) as wire:
        got = wire.ask(w.parse("SELECT $1::int4 + 1 AS a, $2::text", "s"),
                       w.describe(b"S", "s"), w.SYNC)
        assert w.kinds(got) == b"1tTZ", w.kinds(got)
        assert got[1][1] == struct.pack("!hII", 2, 23, 25)
        assert struct.unpack_from("!h", got[2][1]) == (2,)
        assert got[2][1][2:4] == b"a\0"
        got = wire.ask(w.parse("SELECT relname FROM pg_class", "c"),
                       w.describe(b"S", "c"), w.SYNC)
        table, column, oid = struct.unpack_from("!IhI", got[2][1],
                                                2 + len("relname\0"))
        assert (table, column, oid) == (1259, 2, 19)
        got = wire.ask(w.parse("CREATE TABLE never (i int)", "d"),
                       w.describe(b"S", "d"), w.SYNC)
        assert w.kinds(got) == b"1tnZ"
        got = wire.ask(w.parse("SHOW work_mem", "e"), w.describe(b"S", "e"),
                       w.bind("", "e"), w.describe(b"P"), w.execute(), w.SYNC)
        assert w.kinds(got) == b"1tT2TDCZ", w.kinds(got)
        got = wire.ask(w.close(b"S", "s"), w.close(b"S", "s"),
                       w.close(b"P", "no"), w.SYNC)
        assert w.kinds(got) == b"333Z"
        got = wire.ask(w.describe(b"S", "s"), w.SYNC)
        assert w.sqlstate(got) == "26000"


def test_formats_and_nulls():
    with Wire(server.data) as wire:
        got = wire.ask(
            w.parse("SELECT $1::int4, $2::int8, $3::text, $4::float8"),
            w.bind(params=(struct.pack("!i", -5), b"77", None,
                           struct.pack("!d", 0.5)),
                   formats=(1, 0, 0, 1), results=(0, 1, 1, 0)),
            w.execute(), w.SYNC)
        assert w.rows(got) == [[b"-5", struct.pack("!q", 77), None, b"0.5"]]
        for parts, state in (
                (w.bind(params=()), "08P01"),
                (w.bind(params=(b"1",) * 4, formats=(0, 0)), "08P01"),
                (w.bind(params=(b"1",) * 4, results=(0, 0)), "08P01"),
                (w.bind(params=(b"1",) * 4, formats=(7,)), "22023"),
                (w.bind(params=(b"one", b"1", b"1", b"1")), "22P02"),
                (w.bind(params=(b"123456", b"1", b"1", b"1"), formats=(1,)),
                 "22P03"),
                (w.bind(params=(b"1", b"1", b"a\0b", b"1")), "22021")):
            got = wire.ask(parts, w.execute(), w.SYNC)
            assert w.kinds(got) == b"EZ" and w.sqlstate(got) == state, \
                (state, w.error_fields(got[0][1]))
        got = wire.ask(w.parse("SELECT 1; SELECT 2"), w.SYNC)
        assert w.sqlstate(got) == "42601"
        got = wire.ask(w.parse("SELECT $1", "undetermined"), w.bind(
            statement="undetermined", params=(b"x",)), w.execute(), w.SYNC)
        assert w.rows(got) == [[b"x"]]
        got = wire.ask(w.parse(""), w.bind(), w.describe(b"P"), w.execute(),
                       w.SYNC)
        assert w.kinds(got) == b"12nIZ", w.kinds(got)


def test_named_statements():
    """One name space for PREPARE and Parse; the plan follows the table."""
    with Wire(server.data) as wire:
        wire.ask(w.parse("SELECT 1 AS x", "s1"), w.SYNC)
        got = wire.ask(w.query("EXECUTE s1"))
        assert w.rows(got) == [[b"1"]]
        got = wire.ask(w.parse("SELECT 2", "s1"), w.SYNC)
        assert w.sqlstate(got) == "42P05"
        wire.ask(w.query("PREPARE s2 (int) AS SELECT $1 * 2"))
        got = wire.ask(w.bind(statement="s2", params=(b"21",)), w.execute(),
                       w.SYNC)
        assert w.rows(got) == [[b"42"]]
        # Dropped while a portal still runs it.
        got = wire.ask(w.bind("p", "s1"), w.close(b"S", "s1"),
                       w.execute("p"), w.SYNC)
        assert w.kinds(got) == b"23DCZ", w.kinds(got)
        got = wire.ask(w.parse("DEALLOCATE ALL", "s3"),
                       w.bind(statement="s3"), w.execute(), w.SYNC)
        assert w.kinds(got) == b"12CZ", w.kinds(got)
        got = wire.ask(w.query("EXECUTE s2 (1)"))
        assert w.sqlstate(got) == "26000"

        wire.ask(w.query("CREATE TABLE changing (a int)"))
        wire.ask(w.parse("SELECT * FROM changing", "s4"), w.SYNC)
        wire.ask(w.query("DROP TABLE changing"))
        wire.ask(w.query("CREATE TABLE changing (a int, b int)"))
        got = wire.ask(w.bind(statement="s4"), w.execute(), w.SYNC)
        assert w.sqlstate(got) == "0A000"
        wire.ask(w.query("DROP TABLE changing"))


def test_generic_plans():
    """A statement that is asked again and again is planned no more, until a
    table or a setting is another; a portal that is open meanwhile goes on."""
    text = "SELECT a FROM gp WHERE a > %s ORDER BY a"

    def ask(conn, least):
        return [r[0] for r in conn.execute(text, (least,), prepare=True)]

    def plans(conn):
        return conn.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements "
            "WHERE statement LIKE '%ORDER BY a'").fetchone()

    with server.connect() as conn, server.connect() as other:
        conn.execute("CREATE TABLE gp (a int)")
        conn.execute("INSERT INTO gp SELECT generate_series(1, 20)")
        for i in range(8):
            assert ask(conn, i) == list(range(i + 1, 21)), i
        assert plans(conn) == (3, 5), plans(conn)
        conn.execute("SET plan_cache_mode = force_custom_plan")
        assert ask(conn, 18) == [19, 20]
        assert plans(conn) == (3, 6), plans(conn)
        conn.execute("SET plan_cache_mode = force_generic_plan")
        assert ask(conn, 18) == [19, 20]
        assert plans(conn) == (4, 6), plans(conn)

        # others' changes of the table
        other.execute("INSERT INTO gp VALUES (21)")
        assert ask(conn, 18) == [19, 20, 21]
        other.execute("ALTER TABLE gp RENAME TO gp_old")
        fails("42P01", ask, conn, 18)
        other.execute("CREATE TABLE gp (b int, a int)")
        other.execute("INSERT INTO gp VALUES (1, 19), (2, 77)")
        assert ask(conn, 18) == [19, 77]
        other.execute("DROP TABLE gp")
        other.execute("CREATE TABLE gp (a text)")
        fails("42883", ask, conn, 18)
        other.execute("DROP TABLE gp")
        other.execute("ALTER TABLE gp_old RENAME TO gp")
        assert ask(conn, 18) == [19, 20, 21]
        # own ones: another table comes before it in the path
        conn.execute("CREATE TEMP TABLE gp (a int)")
        assert ask(conn, 18) == []
        conn.execute("DROP TABLE pg_temp.gp")
        assert ask(conn, 18) == [19, 20, 21]
        conn.execute("SET search_path = pg_catalog")
        fails("42P01", ask, conn, 18)
        conn.execute("RESET search_path")
        assert ask(conn, 18) == [19, 20, 21]
        other.execute("DROP TABLE gp")

    # the plan of a portal stays until it is closed
    with Wire(server.data) as wire:
        wire.ask(w.query("CREATE TABLE gp (a int)"))
        wire.ask(w.query("INSERT INTO gp SELECT generate_series(1, 20)"))
        wire.ask(w.query("BEGIN"))
        wire.ask(w.parse("SELECT a FROM gp", "s"), w.SYNC)
        got = wire.ask(w.bind("p", "s"), w.execute("p", 5), w.SYNC)
        assert len(w.rows(got)) == 5, got
        for setting in ("64kB", "128kB"):
            wire.ask(w.query(f"SET work_mem = '{setting}'"))
            got = wire.ask(w.bind("q", "s"), w.execute("q"),
                           w.close(b"P", "q"), w.SYNC)
            assert len(w.rows(got)) == 20, got
        got = wire.ask(w.close(b"S", "s"), w.execute("p"), w.SYNC)
        assert len(w.rows(got)) == 15, got
        wire.ask(w.query("COMMIT"))
        wire.ask(w.query("DROP TABLE gp"))


def test_create_table_as():
    """With parameters and prepared: made anew at each execution; the tag tells
    the rows, or what was not done."""
    with server.connect() as conn:
        for value in (3, 4):
            made = conn.execute(
                "CREATE TABLE made (i, v) AS SELECT g, %s::text FROM "
                "generate_series(1, %s::int) g", ("x", value), prepare=True)
            assert made.statusmessage == f"SELECT {value}", made.statusmessage
            assert made.description is None
            assert conn.execute("SELECT count(*), max(i), max(v) FROM made"
                                ).fetchone() == (value, value, "x")
            conn.execute("DROP TABLE made")
        fails("42P18", conn.execute, "CREATE TABLE made AS SELECT 1 WHERE %s "
              "IS NULL", (None,))
        for statement, tag in (
                ("SELECT %s::int AS i INTO made", "SELECT 1"),
                ("CREATE TABLE IF NOT EXISTS made AS SELECT %s::int",
                 "CREATE TABLE AS"),
                ("CREATE TEMP TABLE none AS SELECT %s::int WITH NO DATA",
                 "CREATE TABLE AS"),
                ("EXPLAIN CREATE TABLE other AS SELECT %s::int", "EXPLAIN")):
            cursor = conn.execute(statement, (5,))
            assert cursor.statusmessage == tag, cursor.statusmessage
        assert conn.execute("TABLE made").fetchall() == [(5,)]
        assert conn.execute("SELECT * FROM none").fetchall() == []
        conn.execute("DROP TABLE made, none")


def test_flush_without_sync():
    with Wire(server.data) as wire:
        wire.send(w.parse("SELECT 1"), w.bind(), w.execute(), w.FLUSH)
        assert w.kinds(wire.read_until(b"C")) == b"12DC"
        assert w.kinds(wire.ask(w.SYNC)) == b"Z"


def test_function_call_refused():
    with Wire(server.data) as wire:
        got = wire.ask(w.message(b"F", struct.pack("!Ihhh", 1, 0, 0, 0)))
        assert w.sqlstate(got) == "0A000"
        assert w.rows(wire.ask(w.query("SELECT 1"))) == [[b"1"]]


def test_broken_messages():
    """Who does not speak the protocol loses the session, nobody else does."""
    for garbage in (b"!" + b"\0\0\0\4", b"Q\0\0\0\1", b"S\x7f\xff\xff\xff",
                    b"E\0\0\0\xff" + b"x" * 20):
        with Wire(server.data) as wire:
            wire.send(garbage)
            wire.sock.shutdown(1)
            assert wire.at_end()
    with Wire(server.data) as wire:
        got = wire.ask(w.message(b"P", b"no end"), w.SYNC)
        assert w.sqlstate(got) == "08P01"
        got = wire.ask(w.message(b"B", b"\0"), w.SYNC)
        assert w.sqlstate(got) == "08P01"
        got = wire.ask(w.message(b"E", b"\0\0\0\0\0 and more"), w.SYNC)
        assert w.sqlstate(got) == "08P01"
        got = wire.ask(w.message(b"D", b"Z\0"), w.SYNC)
        assert w.sqlstate(got) == "08P01"
        assert w.rows(wire.ask(w.query("SELECT 1"))) == [[b"1"]]
    assert server.serving()


def test_pipeline():
    """psycopg's pipeline: many in flight, an error spoils those up to the
    next Sync only."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE piped (i int, t text)")
        with conn.pipeline():
            for i in range(500):
                conn.execute("INSERT INTO piped VALUES (%s, %s)",
                             (i, f"row {i}"))
        assert conn.execute("SELECT count(*), max(i) FROM piped"
                            ).fetchone() == (500, 499)
        try:
            with conn.pipeline():
                conn.execute("INSERT INTO piped VALUES (1000, 'a')")
                conn.execute("INSERT INTO nowhere VALUES (1)")
                conn.execute("INSERT INTO piped VALUES (1001, 'b')")
        except psycopg.errors.UndefinedTable:
            pass
        else:
            raise AssertionError("no error from the pipeline")
        assert conn.execute("SELECT count(*) FROM piped WHERE i = 1001"
                            ).fetchone() == (0,)
        conn.execute("DROP TABLE piped")


def test_binary_parameters():
    """psycopg in binary, both ways, prepared and not."""
    with server.connect() as conn:
        conn.prepare_threshold = 2
        cur = conn.cursor(binary=True)
        for i in range(5):
            got = cur.execute(
                "SELECT %b::int4, %b::int8, %b::float8, %b::text, %b::bool",
                (i, 2 ** 40 + i, i / 4, f"täxt {i}", i % 2 == 0)).fetchone()
            assert got == (i, 2 ** 40 + i, i / 4, f"täxt {i}", i % 2 == 0)
        conn.execute("CREATE TABLE bin (id int, v float8)")
        cur.executemany("INSERT INTO bin VALUES (%b, %b)",
                        [(i, i * 0.25) for i in range(200)])
        got = cur.execute("SELECT id, v FROM bin WHERE id >= %b ORDER BY id "
                          "LIMIT %b", (190, 3)).fetchall()
        assert got == [(190, 47.5), (191, 47.75), (192, 48.0)]
        conn.execute("DROP TABLE bin")


# ---- cursors, large results ----

def test_large_result():
    """More than any buffer between us: 60,000 rows of 200 bytes, and a value
    and a statement of 4 MB."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE large (i int, t text)")
        with conn.cursor().copy("COPY large FROM STDIN") as copy:
            for i in range(60000):
                copy.write_row((i, f"{i:0200d}"))
        rows = conn.execute("SELECT * FROM large").fetchall()
        assert len(rows) == 60000
        assert all(int(t) == i and len(t) == 200 for i, t in rows)
        text = "x" * (4 << 20)
        assert conn.execute(f"SELECT '{text}'").fetchone()[0] == text
        assert conn.execute("SELECT %s::text", (text,)).fetchone()[0] == text
        conn.execute("BEGIN")
        with conn.cursor(name="c") as cur:
            cur.itersize = 1000
            cur.execute("SELECT i FROM large")
            assert sum(1 for _ in cur) == 60000
        conn.execute("ROLLBACK")
        conn.execute("DROP TABLE large")


def test_cursors():
    with server.connect() as conn:
        conn.execute("CREATE TABLE cur (i int)")
        conn.execute("INSERT INTO cur VALUES (1), (2), (3), (4)")
        conn.execute("BEGIN")
        conn.execute("DECLARE c CURSOR FOR SELECT i FROM cur")
        assert conn.execute("FETCH 2 FROM c").fetchall() == [(1,), (2,)]
        assert conn.execute("MOVE 1 IN c").statusmessage == "MOVE 1"
        assert conn.execute("FETCH NEXT FROM c").fetchall() == [(4,)]
        assert conn.execute("FETCH ALL FROM c").statusmessage == "FETCH 0"
        conn.execute("CLOSE c")
        fails("34000", conn.execute, "FETCH c")
        conn.execute("ROLLBACK")
        fails("34000", conn.execute, "CLOSE c")
        conn.execute("DROP TABLE cur")


# ---- what ends a statement or a session ----

def test_cancel():
    """PQcancel during a wait; the session goes on; one between statements
    does nothing."""
    with server.connect() as conn:
        conn.cancel()
        assert conn.execute("SELECT 1").fetchone() == (1,)
        import threading

        def sleeping():
            return server.query(
                "SELECT state FROM pg_stat_activity WHERE pid = %s AND "
                "query = 'SELECT pg_sleep(1000)'", (pid,)) == [("active",)]

        pid = conn.info.backend_pid

        def cancel():
            wait_for(sleeping, "the statement to run")
            conn.cancel()
        thread = threading.Thread(target=cancel)
        thread.start()
        e = fails("57014", conn.execute, "SELECT pg_sleep(1000)")
        thread.join()
        assert "canceling statement due to user request" in str(e)
        assert conn.execute("SELECT 1").fetchone() == (1,)


def test_timeouts():
    # it counts for every statement of the session, on a slow machine too
    with server.connect() as conn:
        conn.execute("SET statement_timeout = '50ms'")
        e = fails("57014", conn.execute, "SELECT pg_sleep(1000)")
        assert "due to statement timeout" in str(e)
    with server.connect() as conn, server.connect() as other:
        conn.execute("CREATE TABLE locked (i int)")
        other.execute("BEGIN")
        other.execute("DROP TABLE locked")
        conn.execute("SET lock_timeout = '50ms'")
        e = fails("55P03", conn.execute, "SELECT * FROM locked")
        assert "due to lock timeout" in str(e)
        other.execute("COMMIT")
        conn.execute("SET lock_timeout = 0")

    for setting, sql, state in (
            ("idle_in_transaction_session_timeout", "BEGIN", "25P03"),
            ("idle_session_timeout", "SELECT 1", "57P05")):
        with Wire(server.data) as wire:
            wire.ask(w.query(f"{sql}; SET {setting} = '100ms'"))
            got = wire.read_until(b"E")
            assert w.sqlstate(got) == state, got
            assert wire.at_end()


def test_dead_client():
    """A client that vanishes while its statement runs takes it along, though
    the statement itself sends nothing."""
    wire = Wire(server.data, options="-c client_connection_check_interval=50")
    pid = int(w.rows(wire.ask(w.query("SELECT pg_backend_pid()")))[0][0])
    wire.send(w.query("SELECT pg_sleep(1000)"))
    wait_for(lambda: server.query(
        "SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,)) ==
        [("active",)], "the statement to run")
    wire.close()
    wait_for(backend_gone(pid), "the backend to end")


def test_terminate():
    with Wire(server.data) as wire:
        pid = int(w.rows(wire.ask(w.query("SELECT pg_backend_pid()")))[0][0])
        assert server.query("SELECT pg_terminate_backend(%s)", (pid,)) == \
            [(True,)]
        assert w.sqlstate(wire.read_until(b"E")) == "57P01"
        assert wire.at_end()
    wait_for(backend_gone(pid), "the backend to end")


# ---- faults ----

def test_error_at(point):
    """An ERROR at each step of a statement's life: nothing of the statement
    stays, and the session goes on, in both protocols."""
    with Wire(server.data) as wire, Wire(server.data) as other:
        other.ask(w.query("CREATE TABLE faulty (i int)"))
        pid = int(w.rows(wire.ask(w.query("SELECT pg_backend_pid()")))[0][0])
        for parts in ((w.query("INSERT INTO faulty VALUES (1)"),),
                      (w.parse("INSERT INTO faulty VALUES (1)"), w.bind(),
                       w.execute(), w.SYNC)):
            got = other.ask(w.query(
                "SELECT injection_points_attach("
                f"'{point}', 'error,times=1,pid={pid}')"))
            assert b"E" not in w.kinds(got), got
            got = wire.ask(*parts)
            assert w.kinds(got).endswith(b"EZ"), w.kinds(got)
            assert got[-1][1] == b"I"
            other.ask(w.query(f"SELECT injection_points_detach('{point}')"))
            got = wire.ask(w.query("SELECT count(*) FROM faulty"))
            assert w.rows(got) == [[b"0"]], got
        other.ask(w.query("DROP TABLE faulty"))


def test_panic_at(point):
    """An ERROR where the outcome is being recorded is a PANIC: the server
    recovers, and the log decides whether the row is there."""
    server.expect("PANIC:  error triggered for injection point " + point,
                  "terminated by signal 6: Aborted")
    lives = server.lives()
    with server.connect() as conn:
        conn.execute("CREATE TABLE faulty (i int)")
        pid = conn.info.backend_pid
        server.query("SELECT injection_points_attach(%s, %s)",
                     (point, f"error,times=1,pid={pid}"))
        try:
            conn.execute("INSERT INTO faulty VALUES (1)")
        except psycopg.Error:
            pass
        else:
            raise AssertionError("no error")
    server.next_life(lives)
    server.query("SELECT injection_points_detach(%s)", (point,))
    assert "PANIC:  error triggered for injection point " + point in \
        server.log_text()
    with server.connect() as conn:
        rows = conn.execute("SELECT * FROM faulty").fetchall()
        # Before the record, or behind its flush.
        assert rows == ([(1,)] if point == "transaction-committed" else []), \
            rows
        conn.execute("DROP TABLE faulty")


# ---- COPY ----

def test_psql_copy():
    """\\copy in and out through files, CSV of psql's own making included."""
    with tempfile.TemporaryDirectory() as d:
        source, target = os.path.join(d, "in"), os.path.join(d, "out")
        lines = [f"{i}\tline {i} \\\\ \\t end\t\\N\n" for i in range(5000)]
        with open(source, "w") as f:
            f.writelines(lines)
        out = server.psql("-v", "ON_ERROR_STOP=1", stdin=f"""
            CREATE TABLE copied (i int, t text, n float8);
            \\copy copied from '{source}'
            \\copy copied to '{target}'
            \\copy (select i, t from copied where i < 3) to stdout
            DROP TABLE copied;
        """)
        assert out.count("COPY 5000") == 2, out
        assert "\n2\tline 2 \\\\ \\t end\n" in out, out
        with open(target) as f:
            assert f.readlines() == lines


def test_copy_that_fails():
    """No row of it stays, and the session is in step with its client."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE partly (i int)")
        try:
            with conn.cursor().copy("COPY partly FROM STDIN") as copy:
                for i in range(20000):
                    copy.write(f"{i}\n")
                copy.write("not a number\n")
                for i in range(20000):
                    copy.write(f"{i}\n")
        except psycopg.errors.InvalidTextRepresentation as e:
            assert "COPY partly, line 20001, column i" in \
                e.diag.context, e.diag.context
        else:
            raise AssertionError("no error from COPY")
        assert conn.execute("SELECT count(*) FROM partly").fetchone() == (0,)
        try:
            with conn.cursor().copy("COPY partly FROM STDIN") as copy:
                copy.write("1\n")
                raise KeyError("the client gives up")
        except psycopg.errors.QueryCanceled as e:
            assert "COPY from stdin failed" in str(e), e
        assert conn.execute("SELECT count(*) FROM partly").fetchone() == (0,)
        conn.execute("DROP TABLE partly")


# ---- programs ----

def test_psql():
    out = server.psql("-At", "-c", "SELECT 1", "-c", "SELECT 'two'")
    assert out == "1\ntwo\n", out
    out = server.psql("-At", "-v", "ON_ERROR_STOP=1", stdin="""
        \\set x 5
        CREATE TABLE ps (i int, t text);
        INSERT INTO ps VALUES (:x, 'a'), (6, NULL);
        SELECT * FROM ps ORDER BY i \\gx
        PREPARE q (int) AS SELECT t FROM ps WHERE i = $1;
        EXECUTE q (5);
        EXPLAIN (COSTS OFF) SELECT * FROM ps;
        DROP TABLE ps;
    """)
    for part in ("CREATE TABLE", "INSERT 0 2", "i|5", "PREPARE",
                 "Seq Scan on ps", "DROP TABLE"):
        assert part in out, (part, out)
    done = subprocess.run(
        ["psql", "-X", "-h", server.data, "-d", "postgres",
         "-v", "ON_ERROR_STOP=1", "-c", "SELECT 1/0"],
        text=True, capture_output=True)
    assert done.returncode == 1
    assert done.stderr.strip() == "ERROR:  division by zero", done.stderr


def test_pgbench(mode):
    """Four clients that insert, read and roll back at the same time."""
    script = os.path.join(server.dir, "bench.sql")
    with open(script, "w") as f:
        f.write("\\set i random(1, 1000)\n"
                "BEGIN;\n"
                "INSERT INTO bench VALUES (:i, 0.5);\n"
                "SELECT count(*) FROM bench WHERE i = :i;\n"
                "COMMIT;\n"
                "BEGIN;\n"
                "INSERT INTO bench VALUES (-1, 0.5);\n"
                "ROLLBACK;\n")
    server.query("CREATE TABLE bench (i int, v float8)")
    done = subprocess.run(
        ["pgbench", "-n", "-M", mode, "-c", "4", "-j", "2", "-t", "50",
         "-h", server.data, "-f", script, "postgres"],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=100)
    assert done.returncode == 0, done.stdout
    assert "transactions actually processed: 200/200" in done.stdout, \
        done.stdout
    assert server.query("SELECT count(*), min(i) > 0 FROM bench") == \
        [(200, True)]
    server.query("DROP TABLE bench")


def test_pgbench_keys():
    """Without being told otherwise it wants primary keys: the error says what
    to tell it."""
    done = subprocess.run(["pgbench", "-i", "-h", server.data, "postgres"],
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)
    assert done.returncode != 0
    assert "ADD PRIMARY KEY is not supported" in done.stdout, done.stdout
    assert 'by "pgbench -i -I dtgv"' in done.stdout, done.stdout


def test_restore():
    """A script that PostgreSQL 15's pg_dump wrote of a plain table."""
    peer = Peer()
    try:
        with peer.connect() as conn:
            conn.execute("CREATE TABLE items (id bigint NOT NULL, v text, "
                         "n numeric(10,2), a int[], t timestamptz, b bytea, "
                         "j json)")
            conn.execute("INSERT INTO items VALUES (1, E'a\\tb', 1.5, '{1,2}', "
                         "'2020-01-01 UTC', '\\x0102', '{\"a\": 1}'), "
                         "(2, NULL, NULL, NULL, NULL, NULL, NULL)")
            want = conn.execute("SELECT * FROM items ORDER BY id").fetchall()
        script = subprocess.run(
            ["pg_dump", "-h", peer.dir, "-U", "peer", "postgres"], text=True,
            stdout=subprocess.PIPE, check=True, timeout=60).stdout
    finally:
        peer.destroy()
    owner = f"OWNER TO {getpass.getuser()};"
    server.psql("-v", "ON_ERROR_STOP=1", "-q",
                stdin=script.replace("OWNER TO peer;", owner))
    assert server.query("SELECT * FROM public.items ORDER BY id") == want
    server.query("DROP TABLE public.items")


def test_pgbench_init():
    """Its own tables, made as it makes them but for the keys: COPY with FREEZE
    leaves pages that VACUUM need not read."""
    for arguments in (["-i", "-I", "dtgv"], ["-S", "-t", "20", "-c", "2"],
                      ["-t", "20", "-c", "2"]):
        done = subprocess.run(
            ["pgbench", *arguments, "-h", server.data, "postgres"], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=100)
        assert done.returncode == 0, done.stdout
        if arguments[0] == "-i":
            notices = []
            with server.connect() as conn:
                conn.add_notice_handler(
                    lambda notice: notices.append(notice.message_primary))
                conn.execute("VACUUM VERBOSE pgbench_accounts")
            assert any("1640 remain, 1 scanned" in n for n in notices), notices
    assert server.query(
        "SELECT sum(a.abalance) = (SELECT sum(delta) FROM pgbench_history), "
        "count(*) FROM pgbench_accounts a") == [(True, 100000)]
    server.query("DROP TABLE pgbench_accounts, pgbench_branches, "
                 "pgbench_history, pgbench_tellers")


def main():
    global server
    suite = Suite()
    server = Server()
    server.start()
    for test in (test_startup_parameters, test_unknown_database_and_role,
                 test_startup_options, test_one_message_many_statements,
                 test_failed_transaction, test_transaction_modes,
                 test_repeatable_read, test_error_position,
                 test_settings_are_reported, test_statement_log, test_rows_in_pieces,
                 test_skip_to_sync, test_describe, test_formats_and_nulls,
                 test_named_statements, test_generic_plans,
                 test_create_table_as,
                 test_flush_without_sync,
                 test_function_call_refused, test_broken_messages,
                 test_pipeline, test_binary_parameters, test_large_result,
                 test_cursors, test_cancel, test_timeouts, test_dead_client,
                 test_terminate, test_psql_copy, test_copy_that_fails,
                 test_psql):
        suite.run(test)
    for mode in ("simple", "extended", "prepared"):
        suite.run(test_pgbench, mode)
    suite.run(test_pgbench_keys)
    suite.run(test_pgbench_init)
    suite.run(test_restore)
    for point in ("portal-start", "portal-run", "transaction-pre-commit"):
        suite.run(test_error_at, point)
    for point in ("transaction-commit", "transaction-committed"):
        suite.run(test_panic_at, point)
    suite.run(server.stop)
    suite.finish(server)


if __name__ == "__main__":
    main()
