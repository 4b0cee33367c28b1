#!/usr/bin/env python3
"""Roles and privileges: the same statements here and in PostgreSQL 15, and what
each session is told.

The danger is a right that is not asked for (another's table is read, or emptied,
or reindexed), one that lives on in a plan that was kept or in another session's
cache, and a text or SQLSTATE on which a tool stumbles.  Where PostgreSQL 15 is
not installed the comparison is passed over; what is ours alone (logins, limits,
the file of the passwords, rules for groups) is tested in any case."""
import os
import shutil
import sys
import tempfile

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "direct"))
import postgres15  # noqa: E402
from harness import Passed, Server, Suite, in_background, wait_for  # noqa: E402

os.environ["DIRECT_TRANSPORT"] = "rings"
from client import (DIRECT, NOT_ALLOWED, POSSIBLE, RINGS,  # noqa: E402
                    Client, RingWire)

NOBODY = 65534

suite = Suite()
sockets = tempfile.mkdtemp(prefix="tusk-test-sockets-")
os.chmod(sockets, 0o755)
server = Server(max_connections=40)
server.settings.update(
    unix_socket_directories=f"{server.data},{sockets}",
    unix_socket_permissions="0777")
with open(os.path.join(server.data, "pg_hba.conf"), "w") as hba:
    hba.write("local all nobody peer\n"
              "local all +workers reject\n"
              "local all all trust\n")
server.start()


def as_role(role, **more):
    return server.connect(user=role, **more)


def state(conn, sql):
    """SQLSTATE and message; None if it went well."""
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        return (e.diag.sqlstate, e.diag.message_primary)
    return None


# ---- the same as PostgreSQL ----

# who: statement
STATEMENTS = """
boss: CREATE ROLE alice LOGIN
boss: CREATE USER bob
boss: CREATE GROUP staff
boss: CREATE ROLE alice
boss: CREATE ROLE pg_alice
boss: CREATE ROLE clerk CREATEROLE LOGIN
boss: CREATE ROLE twice LOGIN NOLOGIN
boss: CREATE ROLE limited CONNECTION LIMIT -2
boss: CREATE ROLE late VALID UNTIL '2001-02-03 04:05:06+00' CONNECTION LIMIT 7
boss: CREATE ROLE nonsense VALID UNTIL 'tomorrowish'
boss: SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolpassword, rolvaliduntil FROM pg_roles WHERE rolname !~ '^pg_' AND NOT rolname IN ('boss', 'peer', 'root') AND oid > 16383 ORDER BY rolname
boss: GRANT staff TO alice
boss: GRANT staff TO alice
boss: GRANT alice TO staff
boss: GRANT alice TO alice
boss: REVOKE staff FROM bob
boss: GRANT nosuch TO bob
boss: GRANT staff TO nosuch
boss: GRANT pg_database_owner TO bob
boss: GRANT staff TO pg_database_owner
boss: SELECT r.rolname, m.rolname, admin_option FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.oid > 16383 ORDER BY 1, 2
clerk: CREATE ROLE made SUPERUSER
clerk: CREATE ROLE made REPLICATION
clerk: CREATE ROLE made BYPASSRLS
clerk: CREATE ROLE made
clerk: ALTER ROLE boss NOLOGIN
clerk: ALTER ROLE made SUPERUSER
clerk: ALTER ROLE made LOGIN
clerk: ALTER ROLE made RENAME TO remade
clerk: ALTER ROLE remade RENAME TO alice
clerk: ALTER ROLE remade RENAME TO pg_made
clerk: ALTER ROLE clerk RENAME TO clerks
clerk: ALTER ROLE pg_monitor LOGIN
clerk: GRANT remade TO bob WITH ADMIN OPTION
clerk: GRANT boss TO bob
clerk: DROP ROLE boss
clerk: DROP ROLE clerk
clerk: DROP ROLE pg_monitor
clerk: DROP ROLE nosuch
clerk: DROP ROLE IF EXISTS nosuch
bob: CREATE ROLE other
bob: ALTER ROLE alice LOGIN
bob: ALTER ROLE bob LOGIN
bob: DROP ROLE alice
bob: GRANT staff TO bob
bob: GRANT remade TO alice
bob: REVOKE ADMIN OPTION FOR remade FROM bob
bob: GRANT remade TO staff
alice: SET ROLE staff
alice: SELECT current_user, session_user
alice: RESET ROLE
alice: SET ROLE bob
alice: SET ROLE nosuch
alice: SET ROLE none
alice: SET SESSION AUTHORIZATION bob
alice: SET SESSION AUTHORIZATION alice
alice: SET SESSION AUTHORIZATION nosuch
alice: SELECT pg_has_role('staff', 'USAGE'), pg_has_role('bob', 'alice', 'MEMBER')
alice: SELECT pg_has_role('nosuch', 'USAGE')
boss: CREATE TABLE t (id int, v text)
boss: INSERT INTO t VALUES (1, 'one'), (2, 'two')
boss: CREATE TABLE other (id int)
alice: SELECT * FROM t
alice: SELECT 1 FROM t
alice: SELECT count(*) FROM (SELECT 1 FROM t) s
alice: SELECT 1 WHERE EXISTS (SELECT 1 FROM t)
alice: WITH w AS (SELECT id FROM t) SELECT 1
alice: SELECT 1 FROM other, t WHERE false
alice: EXPLAIN SELECT * FROM t
alice: INSERT INTO t VALUES (3, 'three')
alice: UPDATE t SET v = 'x'
alice: DELETE FROM t
alice: TRUNCATE t
alice: DROP TABLE t
alice: ALTER TABLE t RENAME TO tt
alice: ALTER TABLE t RENAME COLUMN v TO w
alice: ALTER TABLE t ADD COLUMN w int
alice: ALTER TABLE t SET (fillfactor = 50)
alice: ALTER TABLE t OWNER TO alice
alice: CREATE INDEX ON t USING nosuch (id)
alice: VACUUM t
alice: ANALYZE t
alice: VACUUM pg_authid
alice: ANALYZE pg_class
alice: REINDEX TABLE t
alice: REINDEX SCHEMA public
alice: REINDEX DATABASE postgres
alice: LOCK TABLE t IN ACCESS SHARE MODE
alice: LOCK TABLE t IN SHARE MODE
alice: SELECT id FROM t FOR UPDATE
alice: COPY t TO STDOUT
alice: COPY t TO '/tmp/nothing'
alice: COPY t FROM '/tmp/nothing'
alice: CREATE TABLE mine (id int)
alice: CREATE TABLE pg_catalog.mine (id int)
alice: SELECT 1 FROM pg_authid
alice: SELECT count(*) > 0 FROM pg_roles
alice: SELECT count(*) > 0 FROM pg_class
alice: CHECKPOINT
alice: SELECT pg_reload_conf()
alice: SELECT pg_switch_wal()
alice: SELECT pg_stat_reset()
alice: SET log_min_messages = 'debug1'
alice: SET work_mem = '2MB'
alice: RESET log_min_messages
alice: SELECT set_config('log_min_messages', 'debug1', false)
boss: GRANT SELECT ON t TO staff
alice: SELECT * FROM t ORDER BY id
alice: SELECT id FROM t FOR UPDATE
alice: SELECT has_table_privilege('t', 'SELECT'), has_table_privilege('t', 'INSERT'), has_table_privilege('bob', 't', 'SELECT, UPDATE')
alice: SELECT has_table_privilege('t', 'SELEKT')
boss: SELECT has_table_privilege('public', 't', 'SELECT')
boss: ALTER ROLE alice NOINHERIT
alice: SELECT * FROM t
alice: SELECT pg_has_role('staff', 'USAGE'), pg_has_role('staff', 'MEMBER')
alice: SET ROLE staff
alice: SELECT count(*) FROM t
alice: RESET ROLE
boss: ALTER ROLE alice INHERIT
boss: GRANT INSERT, UPDATE ON t TO alice
alice: INSERT INTO t VALUES (3, 'three')
alice: UPDATE t SET v = 'drei' WHERE id = 3
alice: DELETE FROM t WHERE id = 3
bob: INSERT INTO t VALUES (4, 'four') RETURNING id
boss: GRANT INSERT, DELETE, UPDATE ON t TO bob
bob: INSERT INTO t VALUES (4, 'four')
bob: INSERT INTO t VALUES (4, 'four') RETURNING id
bob: UPDATE t SET v = 'vier' WHERE id = 4
bob: UPDATE t SET v = v
bob: UPDATE t SET v = 'all'
bob: DELETE FROM t WHERE id = 4
bob: DELETE FROM t
boss: REVOKE ALL ON t FROM bob, alice, staff
boss: SELECT relacl FROM pg_class WHERE relname = 't'
boss: GRANT SELECT ON t TO PUBLIC
bob: SELECT count(*) FROM t
boss: GRANT SELECT ON t TO PUBLIC WITH GRANT OPTION
boss: GRANT EXECUTE ON t TO bob
boss: GRANT USAGE ON SCHEMA nosuch TO bob
boss: GRANT SELECT ON nosuch TO bob
boss: GRANT SELECT ON t TO nosuch
boss: REVOKE ALL ON t FROM PUBLIC
boss: GRANT ALL ON t TO bob WITH GRANT OPTION
bob: GRANT SELECT, INSERT ON t TO alice WITH GRANT OPTION
alice: GRANT SELECT ON t TO staff
alice: GRANT UPDATE, SELECT ON t TO staff
alice: GRANT DELETE ON t TO staff
alice: GRANT SELECT ON t TO bob WITH GRANT OPTION
alice: GRANT SELECT ON other TO bob
alice: REVOKE DELETE ON t FROM bob
boss: SELECT relacl FROM pg_class WHERE relname = 't'
boss: REVOKE GRANT OPTION FOR SELECT ON t FROM bob
boss: REVOKE GRANT OPTION FOR SELECT ON t FROM bob CASCADE
boss: SELECT relacl FROM pg_class WHERE relname = 't'
boss: REVOKE ALL ON t FROM bob CASCADE
boss: SELECT relacl FROM pg_class WHERE relname = 't'
boss: GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO staff
boss: SELECT relname, relacl FROM pg_class WHERE relname IN ('t', 'other') ORDER BY 1
boss: REVOKE ALL ON ALL TABLES IN SCHEMA public FROM staff
boss: GRANT CREATE ON SCHEMA public TO alice
alice: CREATE TABLE mine (id int)
bob: SELECT * FROM mine
boss: SELECT * FROM mine
alice: GRANT SELECT ON mine TO bob
alice: ALTER TABLE mine OWNER TO bob
alice: ALTER TABLE mine OWNER TO staff
boss: GRANT CREATE ON SCHEMA public TO staff
alice: ALTER TABLE mine OWNER TO staff
boss: SELECT pg_get_userbyid(relowner), relacl FROM pg_class WHERE relname = 'mine'
alice: DROP ROLE staff
clerk: DROP ROLE staff
clerk: DROP ROLE bob
boss: DROP TABLE mine
clerk: DROP ROLE staff
boss: REVOKE CREATE ON SCHEMA public FROM staff, alice
boss: REVOKE USAGE ON SCHEMA public FROM PUBLIC
bob: SELECT * FROM t
bob: SELECT * FROM public.t
boss: GRANT USAGE ON SCHEMA public TO PUBLIC
boss: SELECT nspname, nspacl, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'
boss: GRANT pg_read_all_data TO bob
bob: SELECT count(*) FROM t
bob: INSERT INTO t VALUES (9, 'nine')
boss: GRANT pg_write_all_data TO bob
bob: INSERT INTO t VALUES (9, 'nine')
bob: TRUNCATE t
bob: DELETE FROM t WHERE id = 9
boss: REVOKE pg_read_all_data, pg_write_all_data FROM bob
bob: DELETE FROM t WHERE id = 9
boss: GRANT TRUNCATE ON t TO bob
bob: TRUNCATE t
boss: DROP TABLE t, other
clerk: DROP ROLE alice, bob, staff, remade, late
boss: SELECT rolname FROM pg_roles WHERE oid > 16383 AND rolname NOT IN ('peer', 'root') ORDER BY 1
boss: DROP ROLE clerk
"""


class Told:
    """A session, and all that its server tells it."""

    def __init__(self, conn):
        self.conn = conn
        self.notices = []
        conn.add_notice_handler(
            lambda d: self.notices.append((d.severity, d.sqlstate,
                                           d.message_primary,
                                           d.message_detail, d.message_hint)))

    def ask(self, sql):
        self.notices.clear()
        # LOCK TABLE is for transaction blocks
        if sql.startswith("LOCK"):
            self.conn.execute("BEGIN")
        try:
            cur = self.conn.cursor()
            if sql.startswith("COPY") and "STDOUT" in sql:
                with cur.copy(sql) as copy:
                    got = b"".join(bytes(b) for b in copy)
            else:
                cur.execute(sql)
                got = cur.fetchall() if cur.description else \
                    cur.statusmessage
                if sql.startswith("EXPLAIN"):
                    got = "a plan"
        except psycopg.Error as e:
            d = e.diag
            got = (d.severity, d.sqlstate, d.message_primary,
                   d.message_detail, d.message_hint)
        if sql.startswith("LOCK"):
            self.conn.execute("ROLLBACK")
        return got, list(self.notices)


def answers(connect):
    with connect(None) as one:
        one.execute("CREATE ROLE boss SUPERUSER LOGIN")
    sessions = {}
    told = []
    for line in STATEMENTS.strip().split("\n"):
        who, sql = line.split(": ", 1)
        if who not in sessions:
            sessions[who] = Told(connect(who))
        told.append((line, sessions[who].ask(sql)))
    for session in sessions.values():
        session.conn.close()
    return told


def test_as_postgres():
    """Statement by statement: rows, tags, errors, notices."""
    if not os.path.exists(f"{postgres15.BIN}/initdb"):
        raise Passed("PostgreSQL 15 is not installed")
    peer = postgres15.Peer()
    try:
        theirs = answers(
            lambda user: psycopg.connect(host=peer.dir, user=user or "peer",
                                         dbname="postgres", autocommit=True))
    finally:
        peer.destroy()
    ours = answers(lambda user: as_role(user) if user else server.connect())
    wrong = [f"{line}\n  ours   {o}\n  theirs {t}"
             for (line, o), (_, t) in zip(ours, theirs) if o != t]
    assert not wrong, "\n".join(wrong)
    server.query("DROP ROLE boss")


# ---- ours alone ----

def refusal(role):
    try:
        as_role(role).close()
    except psycopg.OperationalError as e:
        return str(e)
    return None


def sessions_of(role):
    return server.query("SELECT count(*) FROM pg_stat_activity "
                        "WHERE usename = %s", (role,))[0][0]


def test_logins():
    """Who is not let in, and by which text; the superuser is always let in."""
    server.query("CREATE ROLE no_login")
    server.query("CREATE ROLE one LOGIN CONNECTION LIMIT 1")
    assert 'role "no_login" is not permitted to log in' in refusal("no_login")
    assert 'role "nosuch" does not exist' in refusal("nosuch")
    with as_role("one"):
        assert 'too many connections for role "one"' in refusal("one")
    wait_for(lambda: sessions_of("one") == 0, "the end of the session")
    assert refusal("one") is None
    server.query("ALTER ROLE one CONNECTION LIMIT 0")
    assert "too many connections" in refusal("one")
    server.query("ALTER ROLE one SUPERUSER")
    assert refusal("one") is None
    with server.connect() as conn:
        for option in "NOSUPERUSER", "NOLOGIN":
            assert state(conn, f"ALTER ROLE current_user {option}") == \
                ("0A000", "permission denied to alter role")
        for option in "CREATEDB", "REPLICATION", "BYPASSRLS":
            assert state(conn, f"ALTER ROLE no_login {option}")[0] == "0A000"
            assert state(conn, f"ALTER ROLE one {option}") is None
        assert state(conn, "ALTER ROLE one SET work_mem = '1MB'")[0] == "0A000"
        assert state(conn, "GRANT SELECT (id) ON pg_class TO one")[0] == \
            "0A000"
        assert state(conn, "GRANT CONNECT ON DATABASE postgres TO one")[0] == \
            "0A000"
    server.query("DROP ROLE one, no_login")


def test_group_rules():
    """+role is for members, and a superuser is none unless he was made one."""
    server.query("CREATE ROLE workers")
    server.query("CREATE ROLE worker LOGIN IN ROLE workers")
    assert "pg_hba.conf rejects connection" in refusal("worker")
    server.connect().close()
    server.query("REVOKE workers FROM worker")
    assert refusal("worker") is None
    server.query("DROP ROLE worker, workers")


def test_password_of_a_dropped_role():
    """Its verifier goes with it (steps.py); a block holds no password."""
    def kept():
        with open(os.path.join(server.data, "pg_verifiers")) as f:
            return f.read()
    with server.connect() as conn:
        conn.execute("BEGIN")
        assert state(conn, "CREATE ROLE x PASSWORD 'x'")[0] == "25001"
        conn.execute("ROLLBACK")
    server.query("CREATE ROLE x PASSWORD 'x'")
    oid = server.query("SELECT oid FROM pg_roles WHERE rolname = 'x'")[0][0]
    assert f"{oid} SCRAM" in kept()
    server.query("DROP ROLE x")
    assert f"{oid} SCRAM" not in kept()
    server.query("CREATE ROLE y PASSWORD 'y'")
    assert server.query("SELECT DISTINCT rolpassword FROM pg_authid") == [
        (None,)]
    server.query("DROP ROLE y")


def test_kept_plans_and_other_sessions():
    """A revoked right holds at the next execution, whoever kept a plan."""
    server.query("CREATE ROLE reader LOGIN")
    server.query("CREATE TABLE kept (id int)")
    server.query("GRANT SELECT ON kept TO reader")
    with as_role("reader") as conn:
        conn.execute("PREPARE p AS SELECT id FROM kept")
        assert conn.execute("EXECUTE p").fetchall() == []
        server.query("REVOKE SELECT ON kept FROM reader")
        denied = ("42501", "permission denied for table kept")
        assert state(conn, "EXECUTE p") == denied
        server.query("GRANT pg_read_all_data TO reader")
        assert state(conn, "EXECUTE p") is None
        server.query("REVOKE pg_read_all_data FROM reader")
        assert state(conn, "EXECUTE p") == denied
        server.query("ALTER ROLE reader SUPERUSER")
        assert state(conn, "EXECUTE p") is None
        server.query("ALTER ROLE reader NOSUPERUSER")
        assert state(conn, "EXECUTE p") == denied
    server.query("DROP TABLE kept")
    server.query("DROP ROLE reader")


def test_set_role_ends_with_its_transaction():
    server.query("CREATE ROLE other")
    with server.connect() as conn:
        conn.prepare_threshold = None  # DISCARD ALL takes them away

        def now():
            return conn.execute("SELECT current_user, current_setting('role'),"
                                " current_setting('is_superuser')").fetchone()
        start = now()
        other = ("other", "other", "off")
        for sql, inside, after in (
                ("SET ROLE other", other, other),
                ("RESET ROLE", start, start),
                ("SET LOCAL ROLE other", other, start),
                ("SELECT set_config('role', 'other', true)", other, start)):
            conn.execute("BEGIN")
            conn.execute(sql)
            assert now() == inside, sql
            conn.execute("ROLLBACK")
            conn.execute("BEGIN")
            conn.execute(sql)
            conn.execute("COMMIT")
            assert now() == after, sql
        conn.execute("SET SESSION AUTHORIZATION other")
        assert conn.execute("SELECT session_user").fetchone() == ("other",)
        conn.execute("DISCARD ALL")
        assert now() == start
    server.query("DROP ROLE other")


def test_signals_and_activity():
    """Others' sessions are seen by name only, and not ended."""
    server.query("CREATE ROLE watcher LOGIN")
    server.query("CREATE ROLE victim LOGIN")
    with as_role("watcher") as conn, as_role("victim") as victim, \
            server.connect() as boss:
        victim.execute("SELECT 'secret'")
        pid = victim.info.backend_pid
        look = "SELECT state, query FROM pg_stat_activity WHERE pid = %s"
        assert conn.execute(look, (pid,)).fetchall() == [
            (None, "<insufficient privilege>")]
        kill = f"SELECT pg_cancel_backend({pid})"
        assert state(conn, kill)[0] == "42501"
        kill_boss = f"SELECT pg_terminate_backend({boss.info.backend_pid})"
        assert state(conn, kill_boss) == (
            "42501", "must be a superuser to terminate superuser process")
        server.query("GRANT pg_signal_backend, pg_monitor TO watcher")
        assert conn.execute(look, (pid,)).fetchall() == [
            ("idle", "SELECT 'secret'")]
        assert state(conn, kill) is None
        assert state(conn, kill_boss)[0] == "42501"
        assert state(conn, "SELECT injection_points_attach('x', 'error')")[0] \
            == "42501"
    server.query("DROP ROLE watcher, victim")


def test_progress_of_others():
    """A build, its participants, a COPY and a VACUUM stand still: of another's
    one sees that they are there, in PostgreSQL's views with the database, and not
    on which tables they work; one's own, and with pg_read_all_stats all, whole."""
    views = {"pg_stat_progress_create_index": 3, "pg_stat_progress_build": 1,
             "pg_stat_progress_build_participants": 1,
             "pg_stat_progress_copy": 3, "pg_stat_progress_vacuum": 3}
    server.query("CREATE EXTENSION IF NOT EXISTS vector")
    server.query("CREATE ROLE watcher LOGIN")
    server.query("CREATE ROLE owner LOGIN")
    server.query("GRANT CREATE ON SCHEMA public TO owner")
    with as_role("owner") as builder, as_role("owner") as copier, \
            as_role("owner") as cleaner, server.connect() as boss, \
            as_role("watcher") as conn, as_role("owner") as own:
        builder.execute("CREATE TABLE built (v vector(3)) "
                        "WITH (parallel_workers = 1)")
        builder.execute("INSERT INTO built SELECT ARRAY[i, i % 7, 1]::vector "
                        "FROM generate_series(1, 2000) i")
        builder.execute("CREATE TABLE copied (id int)")
        builder.execute("CREATE TABLE cleaned (id int)")
        builder.execute("INSERT INTO cleaned VALUES (1)")
        steps = "build-complete", "vacuum-scan-page"
        for step in steps:
            boss.execute("SELECT injection_points_attach(%s, 'wait')", (step,))
        threads = [in_background(builder, "CREATE INDEX ON built USING hnsw "
                                 "(v vector_l2_ops)"),
                   in_background(cleaner, "VACUUM cleaned")]

        def look(session):
            return {view: session.execute(
                f"SELECT * FROM {view} ORDER BY pid").fetchall()
                for view in views}

        def all_stand():
            # leader, worker and vacuum; the COPY is there when it has begun
            waiting = boss.execute("SELECT waiting FROM injection_points "
                                   "WHERE name IN (%s, %s)", steps).fetchall()
            return sum(len(w[0] or []) for w in waiting) == 3 and \
                look(boss)["pg_stat_progress_copy"]
        try:
            with copier.cursor().copy("COPY copied FROM STDIN") as copy:
                copy.write("1\n")
                wait_for(all_stand, "a row in each of the views")
                seen, hidden = look(boss), look(conn)
                server.query("GRANT pg_read_all_stats TO watcher")
                allowed, owners = look(conn), look(own)
        finally:
            for step in steps:
                boss.execute("SELECT injection_points_detach(%s)", (step,))
                boss.execute("SELECT injection_points_wakeup(%s)", (step,))
            for thread, _ in threads:
                thread.join()
        for view, shown in views.items():
            assert len(seen[view]) == len(hidden[view]), (view, hidden)
            for whole, row in zip(seen[view], hidden[view]):
                assert row[:shown] == whole[:shown], (view, row)
                assert set(row[shown:]) == {None}, (view, row)
                assert None not in whole[:shown + 1], (view, whole)
            for rows in allowed[view], owners[view]:
                assert [r[:4] for r in rows] == \
                    [r[:4] for r in seen[view]], (view, rows)
        assert not threads[0][1] and not threads[1][1], threads
        builder.execute("DROP TABLE built, copied, cleaned")
    server.query("REVOKE CREATE ON SCHEMA public FROM owner")
    server.query("DROP ROLE watcher, owner")


# ---- the right to read everything ----

def test_direct():
    """Superusers and members of pg_read_all_data get the segment.  Who loses
    the right keeps what is mapped, but no search begins; and SET ROLE counts,
    as it does for statements."""
    server.query("CREATE EXTENSION IF NOT EXISTS vector")
    server.query("CREATE TABLE items (id int, v vector(3))")
    server.query("INSERT INTO items VALUES (1, '[1,2,3]')")
    server.query("CREATE INDEX items_v ON items USING hnsw "
                 "(v vector_l2_ops)")
    index = server.query("SELECT 'items_v'::regclass::oid")[0][0]
    server.query("CREATE ROLE searcher LOGIN")
    server.query("GRANT SELECT ON items TO searcher")
    with RingWire(server.data, flags=RINGS | DIRECT, user="searcher") as w:
        assert w.granted == RINGS and len(w.fds) == 1
        assert w.reason == "only superusers and members of pg_read_all_data " \
            "may read all of shared memory"
    server.query("GRANT pg_read_all_data TO searcher")
    c = Client(server, user="searcher")
    search = c.begin(index)
    assert search.obstacle == POSSIBLE and search.valid()
    c.end(search)
    server.query("REVOKE pg_read_all_data FROM searcher")
    assert c.begin(index).obstacle == NOT_ALLOWED
    c.sql("SELECT id FROM items")
    server.query("GRANT pg_read_all_data TO searcher")
    assert c.begin(index).obstacle == POSSIBLE
    c.close()
    c = Client(server)
    assert c.begin(index).obstacle == POSSIBLE
    server.query("REVOKE pg_read_all_data FROM searcher")
    c.sql("SET ROLE searcher")
    assert c.begin(index).obstacle == NOT_ALLOWED
    c.sql("RESET ROLE")
    assert c.begin(index).obstacle == POSSIBLE
    c.close()
    server.query("DROP TABLE items")
    server.query("DROP ROLE searcher")


def test_another_user_of_the_system():
    """Who is let in by a rule and has no right gets rings, and his own
    statements; with the right he gets the segment."""
    if os.geteuid() != 0:
        raise Passed("other users need root")
    server.query("CREATE ROLE nobody LOGIN")

    def granted():
        r, w = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                wire = RingWire(sockets, flags=RINGS | DIRECT, user="nobody")
                os.write(w, f"{wire.granted} {len(wire.fds)}".encode())
            except BaseException as e:
                os.write(w, repr(e).encode())
            finally:
                os._exit(0)
        os.close(w)
        with os.fdopen(r) as f:
            said = f.read()
        os.waitpid(pid, 0)
        return said
    assert granted() == f"{RINGS} 1", granted()
    server.query("GRANT pg_read_all_data TO nobody")
    assert granted() == f"{RINGS | DIRECT} 2", granted()
    server.query("DROP ROLE nobody")


try:
    suite.run_all(globals(), server)
finally:
    shutil.rmtree(sockets, ignore_errors=True)
