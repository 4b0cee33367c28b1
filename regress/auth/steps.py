#!/usr/bin/env python3
"""Roles and privileges that fail, or whose server is killed, at a step.

Story: statements that write several rows (two roles, four memberships, a table
with its index and its TOAST table) fail or die at the second or third of them;
then catalogs, access lists, owners and the file of the passwords are what they
were, nothing is locked, and the same statement works, in the same session and in
another.  A password goes when the DROP ROLE is committed: not before, whatever
fails, and not if it is rolled back.

The danger is a half: a role without its memberships, an index that is not its
table's owner's, a role that is there and whose password is not, a counted
session that is not there."""
import os
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, in_background, wait_for  # noqa: E402

suite = Suite()
server = Server(max_connections=20)
with open(os.path.join(server.data, "pg_hba.conf"), "w") as hba:
    hba.write("local postgres +proving scram-sha-256\nlocal all all trust\n")
server.start()
VERIFIERS = os.path.join(server.data, "pg_verifiers")
server.query("CREATE EXTENSION vector")
for role in "CREATE ROLE staff", "CREATE ROLE clerks", \
        "CREATE ROLE proving", "CREATE ROLE alice LOGIN PASSWORD 'a'", \
        "CREATE ROLE bob LOGIN PASSWORD 'b' IN ROLE staff, proving", \
        "CREATE ROLE carol IN ROLE staff":
    server.query(role)
server.query("CREATE TABLE t (id int, v vector(3), words text)")
server.query("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)")
server.query("CREATE TABLE u (id int)")
server.query("GRANT SELECT ON t, u TO carol")

LOOK = (
    "SELECT rolname, rolsuper, rolcreaterole, rolcanlogin, rolconnlimit, "
    "rolpassword FROM pg_authid ORDER BY 1",
    "SELECT pg_get_userbyid(roleid), pg_get_userbyid(member), admin_option "
    "FROM pg_auth_members ORDER BY 1, 2",
    "SELECT c.oid, relname, relfilenode, pg_get_userbyid(relowner), relacl "
    "FROM pg_class c WHERE c.oid > 16383 ORDER BY 1",
    "SELECT nspname, pg_get_userbyid(nspowner), nspacl FROM pg_namespace "
    "ORDER BY 1")


def state():
    """All that there is of roles and privileges, by names."""
    with server.connect() as conn:
        found = [conn.execute(sql).fetchall() for sql in LOOK]
        owners = dict(conn.execute("SELECT oid::text, rolname FROM pg_authid"))
    lines = verifiers().splitlines()
    found.append(sorted(owners.get(one.split(" ")[0], "nobody")
                        for one in lines))
    return found


def verifiers():
    with open(VERIFIERS) as f:
        return f.read()


def proves(role, password):
    """It comes in by that password; None: by none."""
    try:
        server.connect(user=role, password=password).close()
    except psycopg.OperationalError as e:
        assert "password authentication failed" in str(e), e
        return False
    return True


def nothing_held(pid):
    with server.connect() as conn:
        assert conn.execute("SELECT locktype, mode FROM pg_locks WHERE pid = "
                            "%s", (pid,)).fetchall() == []
        assert conn.execute("SELECT kind, name FROM tusk_resources_held WHERE "
                            "pid = %s AND kind <> 'process'",
                            (pid,)).fetchall() == []
    assert not os.path.exists(VERIFIERS + ".tmp")


def arm(point, action):
    server.query("SELECT injection_points_attach(%s, %s)", (point, action))


def disarm(point):
    server.query("SELECT injection_points_detach(%s)", (point,))


def fails(conn, sql, told):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        assert told in str(e), e
        return e
    raise AssertionError(f"it did not fail: {sql}")


# point, passage, statement, what takes it back
STEPS = (
    ("role-insert", 1, "CREATE ROLE made PASSWORD 'm' IN ROLE staff ROLE bob",
     ["DROP ROLE made"]),
    ("role-update", 1, "ALTER ROLE carol CREATEROLE PASSWORD 'c'",
     ["ALTER ROLE carol NOCREATEROLE PASSWORD NULL"]),
    ("role-update", 1, "ALTER ROLE carol RENAME TO caroline",
     ["ALTER ROLE caroline RENAME TO carol"]),
    ("role-drop", 2, "DROP ROLE alice, bob",
     ["CREATE ROLE alice LOGIN PASSWORD 'a'",
      "CREATE ROLE bob LOGIN PASSWORD 'b' IN ROLE staff, proving"]),
    ("role-membership-write", 2, "CREATE ROLE made ROLE alice ADMIN bob",
     ["DROP ROLE made"]),
    ("role-membership-write", 3, "GRANT clerks, proving TO alice, carol",
     ["REVOKE clerks, proving FROM alice, carol"]),
    ("role-membership-write", 2, "REVOKE staff FROM bob, carol",
     ["GRANT staff TO bob, carol"]),
    ("role-membership-write", 2, "DROP ROLE bob",
     ["CREATE ROLE bob LOGIN PASSWORD 'b' IN ROLE staff, proving"]),
    ("acl-store", 2, "GRANT INSERT, DELETE ON t, u TO alice WITH GRANT OPTION",
     ["REVOKE ALL ON t, u FROM alice"]),
    ("acl-store", 2, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM carol",
     ["GRANT SELECT ON t, u TO carol"]),
    ("acl-store", 1, "GRANT CREATE ON SCHEMA public TO alice",
     ["REVOKE CREATE ON SCHEMA public FROM alice"]),
    # the table, its index, its TOAST table, and the index of that
    *(("alter-owner", n, "ALTER TABLE t OWNER TO alice",
       ["ALTER TABLE t OWNER TO current_user"]) for n in (1, 2, 3, 4)),
)


def both_states(sql, back):
    """Before the statement and after it; it is taken back."""
    before = state()
    server.query(sql)
    after = state()
    assert after != before, sql
    for one in back:
        server.query(one)
    assert state() == before, (sql, before, state())
    return before, after


def finish(before, after, sql, back):
    """The same statement works."""
    assert state() == before, (sql, before, state())
    server.query(sql)
    assert state() == after, (sql, after, state())
    for one in back:
        server.query(one)


def test_errors():
    """At each step: nothing has changed, nothing is held, and it works."""
    for point, nth, sql, back in STEPS:
        before, after = both_states(sql, back)
        kept = verifiers()
        for block in (False, True):
            if block and "PASSWORD" in sql:
                continue
            with server.connect() as conn:
                pid = conn.info.backend_pid
                arm(point, f"error,nth={nth},pid={pid}")
                if block:
                    conn.execute("BEGIN")
                    conn.execute("CREATE TABLE beside (id int)")
                fails(conn, sql, f"injection point {point}")
                if block:
                    conn.execute("ROLLBACK")
                disarm(point)
                nothing_held(pid)
                assert state() == before and verifiers() == kept, sql
                # in the same session, and back
                conn.execute(sql)
                assert state() == after, sql
                for one in back:
                    conn.execute(one)
                kept = verifiers()
        finish(before, after, sql, back)


def test_rollback():
    """A whole statement that is rolled back has changed nothing."""
    for sql, back in {one[2]: one[3] for one in STEPS}.items():
        if "PASSWORD" in sql:
            continue
        before, kept = state(), verifiers()
        with server.connect() as conn:
            conn.execute("BEGIN")
            conn.execute(sql)
            conn.execute("ROLLBACK")
            nothing_held(conn.info.backend_pid)
        assert state() == before and verifiers() == kept, sql


def killed(sql, point, nth=1):
    """At that passage, and with it the server, which begins anew."""
    lives = server.lives()
    conn = server.connect()
    arm(point, f"kill,nth={nth},pid={conn.info.backend_pid}")
    fails(conn, sql, "")
    conn.close()
    server.next_life(lives)
    disarm(point)
    assert not os.path.exists(VERIFIERS + ".tmp"), (sql, point)


def test_kills():
    """A kill at each step: after recovery all is as it was, and works."""
    for point, nth, sql, back in STEPS:
        before, after = both_states(sql, back)
        kept = verifiers()
        killed(sql, point, nth)
        assert verifiers() == kept, sql
        finish(before, after, sql, back)


DROP = "DROP ROLE bob"
AGAIN = "CREATE ROLE bob LOGIN PASSWORD 'b' IN ROLE staff, proving"


def test_a_password_stays_until_the_commit():
    """Each step before the commit that fails or is killed: the role is there,
    and comes in by its password; no step has made it come in by another's."""
    before, after = both_states(DROP, [AGAIN])
    assert proves("bob", "b") and not proves("bob", "a")
    for point, action in (
            ("verifiers-open", "errno:EIO"), ("verifiers-read", "errno:EIO"),
            ("verifiers-create", "errno:ENOSPC"),
            ("verifiers-write", "errno:ENOSPC"),
            ("verifiers-sync", "errno:EIO"), ("verifiers-written", "error"),
            ("transaction-pre-commit", "error")):
        with server.connect() as conn:
            pid = conn.info.backend_pid
            arm(point, f"{action},pid={pid}")
            fails(conn, DROP, "")
            disarm(point)
            nothing_held(pid)
            assert state() == before, point
            assert proves("bob", "b"), point
    for point in ("verifiers-created", "verifiers-written",
                  "transaction-pre-commit", "transaction-commit"):
        killed(DROP, point)
        assert state() == before and proves("bob", "b"), point
    finish(before, after, DROP, [AGAIN])
    assert proves("bob", "b")


def test_a_password_behind_the_commit():
    """The role is gone; a line that could not be taken out is nobody's, and goes
    with the next change of any password."""
    before, after = both_states(DROP, [AGAIN])
    for point in ("transaction-committed", "verifiers-committed"):
        killed(DROP, point)
        assert state()[:-1] == after[:-1], point
        assert state()[-1].count("nobody") == 1, point
        assert not proves("proving", "b")
        server.query(AGAIN)
        assert state() == before, point
    with server.connect() as conn:
        told = []
        conn.add_notice_handler(lambda d: told.append((
            d.severity, d.sqlstate, d.message_primary)))
        arm("sys-rename", f"errno:EIO,pid={conn.info.backend_pid}")
        conn.execute(DROP)
        disarm("sys-rename")
        assert told == [(
            "WARNING", "58030", 'could not rename file "pg_verifiers.tmp" to '
            '"pg_verifiers": Input/output error')], told
        assert state()[:-1] == after[:-1]
        assert state()[-1].count("nobody") == 1
        conn.execute(AGAIN)
    assert state() == before and proves("bob", "b")
    assert not os.path.exists(VERIFIERS + ".tmp")


def test_nobody_else_changes_the_file_meanwhile():
    """A DROP ROLE stands before its commit with its new file ready; another's
    password is not lost in it, nor does a rolled back block drop one."""
    with server.connect() as conn, server.connect() as other:
        conn.execute("BEGIN")
        conn.execute(DROP)
        assert proves("bob", "b")
        thread, _ = in_background(other, "ALTER ROLE alice PASSWORD 'new'")
        wait_for(lambda: server.query(
            "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted",
            (other.info.backend_pid,)), "the lock on the roles")
        conn.execute("COMMIT")
        thread.join()
    with server.connect() as conn:
        conn.execute("GRANT proving TO alice")
        assert proves("alice", "new")
        conn.execute("REVOKE proving FROM alice")
        conn.execute(AGAIN)
    # several statements in one message are one transaction
    with server.connect() as conn:
        fails(conn, "DROP ROLE bob; SELECT 1/0", "division by zero")
    assert proves("bob", "b")
    # and so is all up to a Sync: the drop is undone with the rest
    with server.connect() as conn:
        try:
            with conn.pipeline():
                conn.execute(DROP)
                conn.execute("ALTER ROLE alice PASSWORD 'a'")
                conn.execute("SELECT 1/0")
        except psycopg.errors.DivisionByZero:
            pass
    assert proves("bob", "b")


def test_no_memory_for_the_file():
    """The file is long, and each allocation of a statement that reads it fails
    in turn: no descriptor stays open, and all is as it was."""
    with open(VERIFIERS, "a") as f:
        f.write("".join(f"a line that is nobody's {i}\n" for i in range(5000)))
    kept = verifiers()
    with server.connect() as conn:
        pid = conn.info.backend_pid

        def descriptors():
            return sorted(os.readlink(f"/proc/{pid}/fd/{fd}")
                          for fd in os.listdir(f"/proc/{pid}/fd")
                          if os.path.lexists(f"/proc/{pid}/fd/{fd}"))
        failed = 0
        for nth in range(1, 200):
            arm("sys-malloc", f"errno:ENOMEM,nth={nth},times=1,pid={pid}")
            try:
                conn.execute("ALTER ROLE carol PASSWORD 'c'")
                failure = None
            except psycopg.errors.OutOfMemory as e:
                failure = e
            fired = server.query("SELECT fired FROM injection_points WHERE "
                                 "name = 'sys-malloc'")
            disarm("sys-malloc")
            found = [one for one in descriptors() if "verifiers" in one]
            assert not found, (nth, found)
            if fired == [(0,)]:
                break
            if failure is not None:
                failed += 1
                assert verifiers() == kept, nth
                nothing_held(pid)
        assert failure is None and failed > 5, (nth, failed)
        assert "nobody" not in state()[-1]
        conn.execute("ALTER ROLE carol PASSWORD NULL")


def sessions_of(role):
    return server.query("SELECT count(*) FROM pg_stat_activity "
                        "WHERE usename = %s", (role,))[0][0]


def test_counted_sessions():
    """A session that fails, or dies, when it has been counted, counts no more;
    while it stands there it does."""
    def refusal():
        try:
            server.connect(user="one").close()
        except psycopg.OperationalError as e:
            return str(e)
        return None
    server.query("CREATE ROLE one LOGIN CONNECTION LIMIT 1")
    point = "session-user-counted"
    with server.connect() as conn:
        arm(point, "error,times=1")
        assert point in refusal()
        disarm(point)
        wait_for(lambda: sessions_of("one") == 0, "the end of the session")
        assert refusal() is None
        wait_for(lambda: sessions_of("one") == 0, "the end of the session")

        arm(point, "wait,times=1")
        first = psycopg.pq.PGconn.connect_start(
            f"host={server.data} port=5432 dbname=postgres user=one".encode())
        while first.status != psycopg.pq.ConnStatus.AWAITING_RESPONSE:
            assert first.connect_poll() != psycopg.pq.PollingStatus.FAILED
        wait_for(lambda: conn.execute(
            "SELECT waiting FROM injection_points WHERE name = %s",
            (point,)).fetchone()[0], "it to be counted")
        assert "too many connections for role" in refusal()
        disarm(point)
        conn.execute("SELECT injection_points_wakeup(%s)", (point,))
        wait_for(lambda: first.connect_poll() ==
                 psycopg.pq.PollingStatus.OK, "the first to be in")
        first.finish()
        wait_for(lambda: sessions_of("one") == 0, "the end of the session")
        arm(point, "kill")
        lives = server.lives()
        assert refusal() is not None
    server.next_life(lives)
    disarm(point)
    assert refusal() is None
    wait_for(lambda: sessions_of("one") == 0, "the end of the session")
    server.query("DROP ROLE one")


suite.run_all(globals(), server)
