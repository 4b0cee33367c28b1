#!/usr/bin/env python3
"""Passwords: SCRAM-SHA-256 with psql, psycopg and messages written by hand, the
file of the verifiers, and what each failing step of both leaves.

The danger is whoever comes in without the password: by a message that is cut
off or bent, by a proof of another exchange, as a role that does not exist (and
who could find out which do), or because a file was lost half-way."""
import base64
import hashlib
import hmac
import os
import signal
import socket
import stat
import struct
import subprocess
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(max_connections=20, authentication_timeout=60).start()
ME = server.query("SELECT current_user")[0][0]
VERIFIERS = os.path.join(server.data, "pg_verifiers")
# sessions that set up come by trust, as the database's own name
RULES = "local postgres all trust\nlocal all all scram-sha-256\n"


def reload(text):
    with open(os.path.join(server.data, "pg_hba.conf"), "w") as f:
        f.write(text)
    mark = len(server.log_text())
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    wait_for(lambda: "reloading configuration files" in
             server.log_text()[mark:], "SIGHUP")


def set_password(password, conn=None):
    sql = f"ALTER ROLE {ME} PASSWORD " + \
        ("NULL" if password is None else f"'{password}'")
    if conn:
        conn.execute(sql)
    else:
        server.query(sql)


def outcome(password, user=ME):
    """'in' (the database's name is checked after the password), or what the
    client is told."""
    try:
        psycopg.connect(host=server.data, dbname="other", user=user,
                        password=password).close()
    except psycopg.OperationalError as e:
        return "in" if 'database "other" does not exist' in str(e) else str(e)
    return "connected?"


def refused(password, user=ME):
    told = outcome(password, user)
    return f'password authentication failed for user "{user}"' in told


reload(RULES)


def test_login():
    """The right password, wrong ones, and another after a change."""
    assert refused("secret")
    set_password("secret")
    assert outcome("secret") == "in"
    for wrong in ("Secret", "secret ", "s", "x" * 500):
        assert refused(wrong), wrong
    assert "no password supplied" in outcome(None)
    set_password("other, with = and 'quotes'".replace("'", "''"))
    assert refused("secret")
    assert outcome("other, with = and 'quotes'") == "in"
    set_password(None)
    assert refused("secret")
    assert "user \"%s\" has no password assigned" % ME in server.log_text()
    assert refused("secret", "no-such-role")


def test_psql():
    """psql in, out, and its \\password, which sends a verifier."""
    def psql(password, *args, stdin=None):
        return subprocess.run(
            ["psql", "-X", "-w", "-h", server.data, "-d", "other", *args],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=60, env={**os.environ, "PGPASSWORD": password})
    set_password("secret")
    assert 'database "other" does not exist' in psql("secret").stdout
    assert "password authentication failed" in psql("wrong").stdout
    conn = psycopg.connect(host=server.data, dbname="postgres",
                           autocommit=True)
    with conn:
        sent = conn.pgconn.encrypt_password(
            b"by client", ME.encode(), None).decode()
        assert sent.startswith("SCRAM-SHA-256$4096:"), sent
        conn.execute(f"ALTER USER {ME} PASSWORD '{sent}'")
    assert outcome("by client") == "in"
    assert sent in open(VERIFIERS).read()


def test_what_is_kept():
    """The verifier is the one that PostgreSQL computes, in a file of mode 0600
    and nowhere else; it survives a crash."""
    set_password("secret")
    st = os.stat(VERIFIERS)
    assert stat.S_IMODE(st.st_mode) == 0o600
    text = open(VERIFIERS).read()
    oid, secret = text.strip().split(" ")
    assert oid == "10" and text.count("\n") == 1
    rest = secret.removeprefix("SCRAM-SHA-256$4096:")
    salt, keys = rest.split("$")
    stored, key = keys.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", b"secret", base64.b64decode(salt),
                                 4096)
    client = hmac.digest(salted, b"Client Key", "sha256")
    assert base64.b64decode(stored) == hashlib.sha256(client).digest()
    assert base64.b64decode(key) == hmac.digest(salted, b"Server Key",
                                                "sha256")
    assert len(base64.b64decode(salt)) == 16
    assert server.query("SELECT DISTINCT rolpassword FROM pg_authid") == [
        (None,)]
    server.stop("immediate")
    server.start()
    assert outcome("secret") == "in"
    assert open(VERIFIERS).read() == text


def failure(conn, sql):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        return e.sqlstate, e.diag.message_primary
    return None


def test_statements():
    """Blocks, unknown roles, other options, empty and long passwords."""
    set_password("secret")
    with server.connect() as conn:
        assert failure(conn, "BEGIN; ALTER ROLE current_user PASSWORD 'x'")[0] \
            == "25001"
        conn.execute("ROLLBACK")
        assert failure(conn, "ALTER ROLE nosuch PASSWORD 'x'") == \
            ("42704", 'role "nosuch" does not exist')
        assert failure(conn, f"ALTER ROLE {ME} NOLOGIN")[0] == "0A000"
        assert failure(conn, f"ALTER ROLE {ME} PASSWORD 'x' PASSWORD 'y'")[0] \
            == "42601"
        assert failure(conn, f"ALTER ROLE {ME} PASSWORD '{'x' * 1025}'")[0] \
            == "22023"
        conn.execute("SET default_transaction_read_only = on")
        assert failure(conn, f"ALTER ROLE {ME} PASSWORD 'x'")[0] == "25006"
        assert outcome("secret") == "in"
        conn.execute("SET default_transaction_read_only = off")
        cur = conn.execute("ALTER ROLE current_user PASSWORD ''")
        assert cur.statusmessage == "ALTER ROLE"
    assert refused("") or "no password supplied" in outcome("")
    assert refused("secret")


class Raw:
    """A client that says what it likes."""

    def __init__(self, user=ME):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(os.path.join(server.data, ".s.PGSQL.5432"))
        body = struct.pack("!i", 196608) + b"user\0" + user.encode() + \
            b"\0database\0other\0\0"
        self.sock.sendall(struct.pack("!i", len(body) + 4) + body)
        assert self.read() == (b"R", struct.pack("!i", 10) +
                               b"SCRAM-SHA-256\0\0")

    def read(self):
        head = self.sock.recv(5, socket.MSG_WAITALL)
        if len(head) < 5:
            return None
        length = struct.unpack("!i", head[1:])[0] - 4
        return head[:1], self.sock.recv(length, socket.MSG_WAITALL)

    def send(self, data, kind=b"p"):
        self.sock.sendall(kind + struct.pack("!i", len(data) + 4) + data)

    def first(self, text, mechanism=b"SCRAM-SHA-256", length=None):
        self.send(mechanism + b"\0" + struct.pack(
            "!i", len(text) if length is None else length) + text)

    def error(self):
        """SQLSTATE, message and detail; the connection has ended."""
        kind, body = self.read()
        assert kind == b"E", (kind, body)
        fields = {f[:1]: f[1:].decode() for f in body.split(b"\0") if f}
        assert self.read() is None
        self.sock.close()
        return fields[b"C"], fields[b"M"], fields.get(b"D")

    def go(self, password, first=b"n,,n=,r=abc", binding=b"biws", bend=None):
        """The whole exchange; the answer to the proof."""
        self.first(first)
        kind, body = self.read()
        assert body[:4] == struct.pack("!i", 11), body
        server_first = body[4:]
        nonce, salt, rounds = (p[2:] for p in server_first.split(b","))
        salted = hashlib.pbkdf2_hmac("sha256", password,
                                     base64.b64decode(salt), int(rounds))
        client = hmac.digest(salted, b"Client Key", "sha256")
        final = b"c=" + binding + b",r=" + nonce
        auth = first[first.index(b"n="):] + b"," + server_first + b"," + final
        sign = hmac.digest(hashlib.sha256(client).digest(), auth, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client, sign)))
        final += b",p=" + proof
        self.send(bend(final) if bend else final)
        return salt, salted, auth


def test_exchange_by_hand():
    """The server proves itself, too; a proof is good once."""
    set_password("secret")
    raw = Raw()
    _, salted, auth = raw.go(b"secret")
    key = hmac.digest(salted, b"Server Key", "sha256")
    assert raw.read() == (b"R", struct.pack("!i", 12) + b"v=" +
                          base64.b64encode(hmac.digest(key, auth, "sha256")))
    assert raw.read() == (b"R", struct.pack("!i", 0))
    raw.sock.close()
    # that could bind its channel if the server could
    raw = Raw()
    raw.go(b"secret", b"y,,n=,r=abc", b"eSws")
    assert raw.read()[1][:4] == struct.pack("!i", 12)
    raw.sock.close()
    # with its first message when asked
    raw = Raw()
    raw.first(b"", length=-1)
    assert raw.read() == (b"R", struct.pack("!i", 11))
    raw.send(b"n,,n=,r=abc")
    assert raw.read()[1][4:].startswith(b"r=abc")
    raw.sock.close()
    kept = []
    raw = Raw()
    raw.go(b"secret", bend=lambda m: (kept.append(m), m)[1])
    raw.sock.close()
    raw = Raw()
    raw.go(b"secret", bend=lambda m: kept[0])
    assert raw.error() == ("08P01", "invalid SCRAM response",
                           "Nonce does not match.")


def test_unknown_roles_look_alike():
    """A role that is not there has a salt, the same one each time."""
    def salt(user):
        raw = Raw(user)
        found = raw.go(b"secret")[0]
        assert raw.error() == (
            "28P01", f'password authentication failed for user "{user}"', None)
        return found
    assert salt("nosuch1") == salt("nosuch1") != salt("nosuch2")
    # of zeros, as the made-up verifier has them, no proof can be made
    assert len(base64.b64decode(salt("nosuch1"))) == 16


def test_malformed_messages():
    """Each of them ends the session, whatever password is known."""
    set_password("secret")
    bad = "malformed SCRAM message"
    for first, message in (
            (b"", bad), (b"n", bad), (b"n,", bad), (b"n,,", bad),
            (b"p=tls-server-end-point,,n=,r=a", bad), (b"x,,n=,r=a", bad),
            (b"n,,n=", bad), (b"n,,r=a", bad), (b"n,,n,r=a", bad),
            (b"n,b,n=,r=a", bad), (b"n,,n=,r=a\0", bad),
            (b"n,a=x,n=,r=a",
             "client uses authorization identity, but it is not supported"),
            (b"n,,m=x,n=,r=a",
             "client requires an unsupported SCRAM extension"),
            (b"n,,n=,r=\x07", "non-printable characters in SCRAM nonce")):
        raw = Raw()
        raw.first(first)
        assert raw.error()[1] == message, first
    raw = Raw()
    raw.first(b"n,,n=,r=a", mechanism=b"SCRAM-SHA-256-PLUS")
    assert raw.error()[:2] == ("08P01", "client selected an invalid SASL "
                               "authentication mechanism")
    for length in (1, 100, 2 ** 31 - 1, -2, -2 ** 31):
        raw = Raw()
        raw.first(b"n,,n=,r=a", length=length)
        assert raw.error()[0] == "08P01", length
    raw = Raw()
    raw.send(b"SELECT 1\0", b"Q")
    assert raw.error() == ("08P01", "expected SASL response, got message type "
                           "81", None)
    raw = Raw()
    raw.send(b"SCRAM-SHA-256")
    assert raw.error()[0] == "08P01"
    for bend, state in (
            (lambda m: m[:-4], "08P01"), (lambda m: m[:m.index(b",p")],
                                          "08P01"),
            (lambda m: m + b",x=y", "08P01"), (lambda m: m + b"\0", "08P01"),
            (lambda m: m.replace(b"c=biws", b"c=eSws"), "08P01"),
            (lambda m: m.replace(b"r=abc", b"r=abd"), "08P01"),
            (lambda m: m[:m.index(b"r=")] + m[m.index(b"p="):], "08P01"),
            (lambda m: m[:m.index(b"p=")] + b"p=AAAA", "08P01"),
            (lambda m: m[:m.index(b"p=")] + b"p=" + b"A" * 43 + b"=",
             "28P01"),
            (lambda m: m[:m.index(b"p=")] + b"e=f," + m[m.index(b"p="):],
             "28P01"),
            (lambda m: b"", "08P01"), (lambda m: b",", "08P01")):
        raw = Raw()
        raw.go(b"secret", bend=bend)
        error = raw.error()
        assert error[0] == state, error
    assert outcome("secret") == "in"


def test_cut_off():
    """A client that leaves at any byte, and messages that are too long."""
    set_password("secret")
    whole = b"SCRAM-SHA-256\0" + struct.pack("!i", 11) + b"n,,n=,r=abc"
    whole = b"p" + struct.pack("!i", len(whole) + 4) + whole
    for n in range(len(whole)):
        raw = Raw()
        raw.sock.sendall(whole[:n])
        raw.sock.close()
    for length in (0, 3, 1029, 2 ** 31 - 1, -1):
        raw = Raw()
        raw.sock.sendall(b"p" + struct.pack("!i", length))
        assert raw.read() is None, length
        raw.sock.close()
    wait_for(lambda: server.query("SELECT count(*) FROM pg_stat_activity WHERE "
                                  "backend_type = 'client backend'") == [(1,)],
             "the end of all sessions")
    assert outcome("secret") == "in"


def test_timeout():
    """Who says nothing is ended after authentication_timeout."""
    server.stop()
    server.start(authentication_timeout=1)
    raw = Raw()
    assert raw.error()[1] == "canceling authentication due to timeout"
    # a second is enough for who speaks, sooner or later
    wait_for(server.serving, "a session")
    server.stop()
    server.start()


def test_failing_steps():
    """Each step of a change that fails or is killed: the old password, or from
    the rename on the new one, whole; and the next change works."""
    set_password("old")
    with server.connect() as conn:
        for point in ("verifiers-open", "verifiers-read", "verifiers-create",
                      "verifiers-write", "verifiers-sync"):
            conn.execute("SELECT injection_points_attach(%s, 'errno:EIO')",
                         (point,))
            found = failure(conn, f"ALTER ROLE {ME} PASSWORD 'new'")
            assert found and "could not" in found[1], (point, found)
            if point in ("verifiers-open", "verifiers-read"):
                assert outcome("old") != "in"
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            assert outcome("old") == "in", point
            assert not os.path.exists(VERIFIERS + ".tmp"), point
        conn.execute("SELECT injection_points_attach('verifiers-written', "
                     "'error')")
        assert failure(conn, f"ALTER ROLE {ME} PASSWORD 'new'")
        conn.execute("SELECT injection_points_detach('verifiers-written')")
        assert outcome("old") == "in"
        for point in ("auth-sasl-read", "auth-sasl-proof"):
            conn.execute("SELECT injection_points_attach(%s, 'error')",
                         (point,))
            assert point in outcome("old")
            conn.execute("SELECT injection_points_detach(%s)", (point,))
    password = "old"
    for point in ("verifiers-created", "verifiers-written",
                  "verifiers-renamed"):
        lives = server.lives()
        conn = server.connect()
        conn.execute("SELECT injection_points_attach(%s, 'kill')", (point,))
        assert failure(conn, f"ALTER ROLE {ME} PASSWORD 'new'"), point
        server.next_life(lives)
        server.query("SELECT injection_points_detach(%s)", (point,))
        if point == "verifiers-renamed":
            password = "new"
        assert outcome(password) == "in", point
    set_password("last")
    assert outcome("last") == "in" and refused("new")


def test_damaged_file():
    """A file that is no file of verifiers lets nobody in by password."""
    set_password("secret")
    text = open(VERIFIERS).read()
    for wrong in (text[:-3] + "\n", text.replace("10 ", "10"), "\0\0",
                  text.replace("4096", "0"), text.replace(":", "$"), "10 \n"):
        with open(VERIFIERS, "w") as f:
            f.write(wrong)
        assert refused("secret"), wrong
    with open(VERIFIERS, "w") as f:
        f.write("garbage\n" + text)
    assert outcome("secret") == "in"


suite.run_all(globals(), server)
