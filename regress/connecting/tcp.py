"""libtusk over TCP, with a password: to our server, to PostgreSQL 15, and to
servers that are none.

Story: a program has an address and a password instead of a socket's directory.
Its password comes from the string, the environment or a file that libpq's users
know, and is proved, not sent.  Somebody else listens on that port and would like
to have it, or to be taken for the server: he is told nothing and not believed.

The dangers: a session with a server that never proved anything; a password given
away; a file that others can read; a message cut or bent that is read beyond its
end; an error that does not say what to do.
"""
import base64
import hashlib
import hmac
import os
import pwd
import socket
import struct
import sys
import tempfile
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, wait_for  # noqa: E402
from postgres15 import Peer  # noqa: E402

import tusk  # noqa: E402

for name in list(os.environ):
    if name.startswith("PG"):
        del os.environ[name]
suite = Suite()
server = Server(max_connections=20)
os.environ["HOME"] = server.dir
SECRET = "it's a secret: with \\ and :"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def on_free_port(start):
    """Somebody may take it first: then another."""
    for _ in range(20):
        port = free_port()
        try:
            return port, start(port)
        except AssertionError as e:
            if "Address already in use" not in str(e):
                raise
    raise AssertionError("no port is free")


with open(os.path.join(server.data, "pg_hba.conf"), "w") as f:
    f.write("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
port, _ = on_free_port(lambda port: server.start(
    listen_addresses="127.0.0.1", port=port))


def local(sql):
    with tusk.attach(host=server.data, port=port, dbname="postgres") as s:
        return s.execute(sql)


ME = local("SELECT current_user").scalar()


def set_password(password):
    local("ALTER ROLE current_user PASSWORD '%s'" %
          password.replace("'", "''"))


def attach(**more):
    """Over TCP, as the server's superuser."""
    given = dict(host="127.0.0.1", port=port, user=ME, dbname="postgres")
    return tusk.attach(**{**given, **more})


def refused(kind=tusk.ConnectionLost, **more):
    """The error."""
    try:
        attach(**more).close()
    except kind as e:
        return e
    raise AssertionError(f"it is let in: {more}")


class Environment:
    def __init__(self, **values):
        self.values = {name: str(value) for name, value in values.items()}

    def __enter__(self):
        os.environ.update(self.values)

    def __exit__(self, *exception):
        for name in self.values:
            del os.environ[name]


def passfile(text, mode=0o600, name=".pgpass"):
    path = os.path.join(server.dir, name)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def escaped(text):
    return text.replace("\\", "\\\\").replace(":", "\\:")


# ---- our server ----

def test_password():
    """From the string, the environment, in that order; and what it lets in."""
    set_password(SECRET)
    with attach(password=SECRET) as s:
        assert s.transport == "socket"
        assert s.execute("SELECT 6 * 7").scalar() == 42
        got = s.execute("SELECT repeat('x', 3000000)").scalar()
        assert len(got) == 3000000
        assert s.execute("SELECT length($1)", [got]).scalar() == 3000000
        s.reattach()
        assert s.execute("SELECT 1").scalar() == 1
    with Environment(PGPASSWORD=SECRET):
        attach().close()
        e = refused(password="another")
        assert e.sqlstate == "28P01" and e.message == \
            f'password authentication failed for user "{ME}"', e
        assert e.detail is None
    with Environment(PGHOST="127.0.0.1", PGPORT=port, PGUSER=ME,
                     PGDATABASE="postgres", PGPASSWORD=SECRET):
        with tusk.attach() as s:
            assert s.transport == "socket"
    for password in (None, ""):
        e = refused(**{} if password is None else {"password": password})
        assert e.sqlstate == "28P01", e
        assert e.message == "fe_sendauth: no password supplied", e
        assert os.path.join(server.dir, ".pgpass") in e.hint, e
    e = refused(user="nosuch", password="x")
    assert e.sqlstate == "28P01", e
    e = refused(dbname="nosuch", password=SECRET)
    assert e.sqlstate == "3D000", e
    for way in ("rings", "direct"):
        e = refused(attach=way, password=SECRET)
        assert e.sqlstate == "0A000" and "over TCP" in e.message, e
    set_password("another")
    assert refused(password=SECRET).sqlstate == "28P01"
    with attach(password="another") as s:
        set_password(SECRET)
        try:
            s.reattach()
            raise AssertionError("with the old password")
        except tusk.ConnectionLost as e:
            assert e.sqlstate == "28P01", e


def test_passfile():
    """Lines, wildcards, escapes and order as libpq has them; whose it must be."""
    set_password(SECRET)
    good = f"127.0.0.1:{port}:postgres:{ME}:{escaped(SECRET)}\n"
    others = (f"# a comment\n\nnonsense\n127.0.0.2:*:*:*:x\n*:1:*:*:x\n"
              f"*:*:other:*:x\n*:*:*:nosuch:x\n*:*:*\n"
              f"127.0.0.1x:*:*:*:x\n127.0.0:*:*:*:x\n\\*:*:*:*:x\n")
    for text in (good, others + good, f"*:*:*:*:{escaped(SECRET)}",
                 others + f"*:*:postgres:*:{escaped(SECRET)}\r\n*:*:*:*:x\n",
                 f"127\\.0.0.1:*:*:*:{escaped(SECRET)}\n"):
        passfile(text)
        attach().close()
    path = passfile("*:*:*:*:first\n" + good)
    e = refused()
    assert e.sqlstate == "28P01" and e.detail == \
        f'The password was retrieved from file "{path}".', e
    # another file by PGPASSFILE, and by the string rather than that
    other = passfile(good, name="other")
    with Environment(PGPASSFILE=other):
        attach().close()
    with Environment(PGPASSFILE="/nonexistent"):
        assert "no password supplied" in refused().message
        attach(passfile=other).close()
    # the password that is given counts more
    attach(password=SECRET).close()
    # a file that others may read is as none; neither is what is no file
    for mode in (0o640, 0o604, 0o620):
        passfile(good, mode)
        e = refused()
        assert "no password supplied" in e.message, e
        assert "group or world access" in e.detail and path in e.detail, e
    os.unlink(path)
    os.mkfifo(path, 0o600)
    e = refused()
    assert "not a plain file" in e.detail, e
    os.unlink(path)
    assert refused().detail is None


def test_no_server():
    """libpq's words; each address of a host is tried."""
    gone = free_port()
    e = refused(port=gone)
    assert e.sqlstate == "08001" and e.message == (
        f'connection to server at "127.0.0.1", port {gone} failed: Connection '
        "refused\n\tIs the server running on that host and accepting TCP/IP "
        "connections?"), e
    e = refused(host="localhost", port=gone)
    assert f'at "localhost" (127.0.0.1), port {gone} failed' in e.message, e
    set_password(SECRET)
    with attach(host="localhost", password=SECRET):
        pass
    e = refused(host="nosuch.invalid")
    assert e.message.startswith('could not translate host name '
                                '"nosuch.invalid" to address: '), e
    # nothing is encrypted: it stays here
    for host in ("192.0.2.1", "0.0.0.0", "::", "2001:db8::1"):
        e = refused(tusk.MisuseError, host=host, connect_timeout=5)
        assert "not this machine" in e.message and "tunnel" in e.hint, e
    for wrong in ("x", "0", "65536", "5432x"):
        assert refused(tusk.MisuseError, port=wrong).sqlstate == "08001"


def test_cancel_and_end():
    """A cancel request goes to the same address; FATAL is told."""
    set_password(SECRET)
    with attach(password=SECRET) as s:
        pid = s.backend_pid
        thread = threading.Thread(target=lambda: (wait_for(lambda: local(
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND "
            f"pid = {pid}").rows, "the statement"), s.cancel()))
        thread.start()
        try:
            s.execute("SELECT pg_sleep(600)")
            raise AssertionError("it slept")
        except tusk.QueryCanceled:
            pass
        thread.join()
        local(f"SELECT pg_terminate_backend({pid})")
        try:
            while True:
                s.execute("SELECT 1")
        except tusk.ConnectionLost as e:
            assert e.sqlstate == "57P01", e
        assert s.transport == "none"


# ---- servers that are none ----

def md(kind, body=b""):
    return kind + struct.pack("!i", len(body) + 4) + body


def auth(code, body=b""):
    return md(b"R", struct.pack("!i", code) + body)


OFFER = auth(10, b"SCRAM-SHA-256\0\0")
WELCOME = auth(0) + md(b"K", struct.pack("!ii", 1, 2)) + md(b"Z", b"I")


class Impostor:
    """Listens, and says what script tells it to: a generator that is sent each
    message of the client and yields the bytes to answer with."""

    def __init__(self, script):
        self.sock = socket.create_server(("127.0.0.1", 0))
        self.sock.settimeout(60)
        self.port = self.sock.getsockname()[1]
        self.script = script
        self.seen = b""
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def message(self, conn, typed):
        n = 5 if typed else 4
        head = conn.recv(n, socket.MSG_WAITALL)
        if len(head) < n:
            raise EOFError
        body = conn.recv(struct.unpack("!i", head[-4:])[0] - 4,
                         socket.MSG_WAITALL)
        self.seen += head + body
        return body

    def work(self):
        conn, _ = self.sock.accept()
        with conn:
            conn.settimeout(60)
            try:
                script = self.script
                self.message(conn, False)
                answer = next(script)
                while True:
                    conn.sendall(answer)
                    answer = script.send(self.message(conn, True))
            except (EOFError, StopIteration, OSError):
                pass
        self.sock.close()

    def told(self, **more):
        """The error of a client that comes here with the password."""
        e = refused(port=self.port, password=SECRET, **more)
        self.thread.join()
        assert SECRET.encode() not in self.seen
        return e


def scram(bend_first=lambda m: m, bend_final=lambda m: m, after=auth(0),
          password=b"another", salt=b"salt" * 4, rounds=4096):
    """A server that has another password's verifier, or bends its messages."""
    body = yield OFFER
    assert body.startswith(b"SCRAM-SHA-256\0")
    client_first = body[len(b"SCRAM-SHA-256\0") + 4:]
    assert client_first.startswith(b"n,,n=,r=")
    bare = client_first[3:]
    nonce = bare[len(b"n=,r="):] + b"and-more"
    server_first = b"r=" + nonce + b",s=" + base64.b64encode(salt) + \
        b",i=%d" % rounds
    final = yield auth(11, bend_first(server_first))
    without_proof = final[:final.index(b",p=")]
    assert without_proof == b"c=biws,r=" + nonce
    salted = hashlib.pbkdf2_hmac("sha256", password, salt, rounds)
    message = bare + b"," + server_first + b"," + without_proof
    key = hmac.digest(salted, b"Server Key", "sha256")
    sign = b"v=" + base64.b64encode(hmac.digest(key, message, "sha256"))
    yield auth(12, bend_final(sign)) + after


def test_right_by_hand():
    """The impostor's arithmetic is right: with the password he is believed."""
    one = Impostor(scram(password=SECRET.encode(), after=WELCOME))
    with attach(port=one.port, password=SECRET) as s:
        assert s.backend_pid == 1
    one.thread.join()
    one = Impostor(scram(password=SECRET.encode(), rounds=1, salt=b"x",
                         after=WELCOME))
    attach(port=one.port, password=SECRET).close()
    one.thread.join()


def test_signature():
    """Who does not know the verifier is no server of ours, whatever he says."""
    e = Impostor(scram()).told()
    assert (e.sqlstate, e.message) == ("28000", "incorrect server signature")
    good = dict(password=SECRET.encode())
    for bend, message in (
            (lambda m: m[:-2] + b"B=", "malformed SCRAM message (invalid "
             "server signature)"),
            (lambda m: m[:10] + (b"A" if m[10:11] != b"A" else b"B") + m[11:],
             "incorrect server signature"),
            (lambda m: m[:-4], "malformed SCRAM message (invalid server "
             "signature)"),
            (lambda m: m + b",x=y", "malformed SCRAM message (garbage at end "
             "of server-final-message)"),
            (lambda m: b"v=", "malformed SCRAM message (invalid server "
             "signature)"),
            (lambda m: b"x=" + m[2:], 'malformed SCRAM message (attribute "v" '
             "expected)"),
            (lambda m: b"e=other-error", "error received from server in SCRAM "
             "exchange: other-error"),
            (lambda m: m + b"\0", "malformed SCRAM message (length mismatch)"),
            (lambda m: b"", "malformed SCRAM message (empty message)")):
        e = Impostor(scram(bend_final=bend, **good)).told()
        assert e.message == message, e


def without_proof(*answers):
    for answer in answers:
        yield answer


def scram_then(*answers):
    """The exchange as it should be up to the proof, then something else."""
    body = yield OFFER
    nonce = body[body.index(b"r=") + 2:]
    yield auth(11, b"r=" + nonce + b"x,s=" + base64.b64encode(b"salt") +
               b",i=1")
    for answer in answers:
        yield answer


def test_let_in_without_proof():
    """AuthenticationOk in the midst of the exchange counts for nothing."""
    for script in (without_proof(OFFER, WELCOME), scram_then(WELCOME)):
        e = Impostor(script).told()
        assert (e.sqlstate, e.message) == (
            "28000", "server did not complete authentication"), e
    # messages out of order, or twice
    for script in (without_proof(OFFER, OFFER), scram_then(OFFER)):
        e = Impostor(script).told()
        assert e.message == "duplicate SASL authentication request", e
    for script in (without_proof(auth(11, b"r=x")),
                   without_proof(auth(12, b"v=x")),
                   without_proof(OFFER, auth(12, b"v=x")),
                   scram_then(auth(11, b"r=x"))):
        e = Impostor(script).told()
        assert e.message.startswith("unexpected authentication request"), e


def test_first_message():
    bad = "malformed SCRAM message (%s)"
    for bend, why in (
            (lambda m: b"s" + m, 'attribute "r" expected'),
            (lambda m: b"m=x," + m, 'attribute "r" expected'),
            (lambda m: b"r=x" + m[2:], "nonce mismatch"),
            (lambda m: m.replace(b"and-more", b""), "nonce mismatch"),
            (lambda m: b"r=", "nonce mismatch"),
            (lambda m: m[:m.index(b",s=")], 'attribute "s" expected'),
            (lambda m: m.replace(b",s=", b",s=!"), "invalid salt"),
            (lambda m: m[:m.index(b",s=")] + b",s=,i=1", "invalid salt"),
            (lambda m: m[:m.index(b",i=")], 'attribute "i" expected'),
            (lambda m: m.replace(b",i=4096", b",i=0"),
             "invalid iteration count"),
            (lambda m: m.replace(b",i=4096", b",i=-1"),
             "invalid iteration count"),
            (lambda m: m.replace(b",i=4096", b",i=99999999999"),
             "invalid iteration count"),
            (lambda m: m + b"x", "invalid iteration count"),
            (lambda m: m + b",x=y", "garbage at end of server-first-message"),
            (lambda m: m + b"\0", "length mismatch"),
            (lambda m: m + b"," * 2000, "length mismatch"),
            (lambda m: b"", "empty message")):
        e = Impostor(scram(bend_first=bend)).told()
        assert (e.sqlstate, e.message) == ("08P01", bad % why), e


def test_iterations():
    """A server that is none asks for hours of computing: it is told no before
    anything is computed.  At the limit, which can be moved, it is done."""
    def asks(n):
        return scram(bend_first=lambda m: m.replace(b"i=4096", b"i=%d" % n))
    for n, limit, given in ((100001, 100000, {}), (2147483647, 100000, {}),
                            (4096, 4095, {"scram_max_iterations": 4095}),
                            (4097, 4096, {"scram_max_iterations": 4096})):
        e = Impostor(asks(n)).told(**given)
        assert (e.sqlstate, e.message) == (
            "08004", f"server asks for {n} iterations of SCRAM-SHA-256, the "
            f"limit is {limit}"), e
        assert "scram_max_iterations" in e.hint and e.detail, e
    with Environment(PGSCRAMMAXITERATIONS=1):
        assert Impostor(asks(2)).told().sqlstate == "08004"
    for n, given in ((100000, {}), (100001, {"scram_max_iterations": 0}),
                     (100001, {"scram_max_iterations": 2147483647})):
        one = Impostor(scram(password=SECRET.encode(), rounds=n,
                             after=WELCOME))
        attach(port=one.port, password=SECRET, **given).close()
        one.thread.join()
    for wrong in ("x", "-1", "4096x", "2147483648", ""):
        e = refused(tusk.MisuseError, scram_max_iterations=wrong)
        assert e.sqlstate == "08001" and "scram_max_iterations" in e.message, e


def test_other_methods():
    """Nothing is sent to who asks for the password itself."""
    for code, asks in ((3, "the password itself"), (5, "an MD5 sum")):
        one = Impostor(without_proof(auth(code, b"salt")))
        e = one.told()
        assert (e.sqlstate, e.message) == (
            "08004", f"authentication method {code} not supported"), e
        assert asks in e.hint and "scram-sha-256" in e.hint
    assert Impostor(without_proof(auth(7))).told().hint is None
    for body in (b"\0", b"SCRAM-SHA-256-PLUS\0\0", b"", b"SCRAM-SHA-256"):
        e = Impostor(without_proof(auth(10, body))).told()
        assert "none of the server's SASL" in e.message, (body, e)
    e = Impostor(without_proof(md(b"R", b"\0\0"))).told()
    assert e.message == "malformed authentication request", e
    # one who trusts us is let us in by
    one = Impostor(without_proof(WELCOME))
    attach(port=one.port).close()
    one.thread.join()


def requirement(asked, failed):
    return f'authentication method requirement "{asked}" failed: {failed}'


def test_require_auth():
    """A server that asks for nothing has proved nothing: who wants a proof says
    so, and has sent nothing but the start-up packet then.  By default it is
    believed, as by libpq."""
    not_done = "server did not complete authentication"
    for asked in ("scram-sha-256", "!none", "scram-sha-256,md5", "!gss, !none"):
        one = Impostor(without_proof(WELCOME))
        e = one.told(require_auth=asked)
        assert (e.sqlstate, e.message) == ("28000", requirement(
            asked, not_done)), e
        assert "pg_hba.conf" in e.hint, e
        assert len(one.seen) == struct.unpack("!i", one.seen[:4])[0], one.seen
    with Environment(PGREQUIREAUTH="scram-sha-256"):
        e = Impostor(without_proof(WELCOME)).told()
        assert e.sqlstate == "28000" and not_done in e.message, e
    # what would have been refused anyway is called by its name
    for code, what in ((3, "a cleartext password"), (5, "a hashed password"),
                       (7, "GSSAPI authentication"),
                       (9, "SSPI authentication")):
        e = Impostor(without_proof(auth(code, b"salt"))).told(
            require_auth="scram-sha-256")
        assert e.message == requirement("scram-sha-256",
                                        "server requested " + what), e
    e = Impostor(without_proof(auth(3))).told(require_auth="password")
    assert e.message == "authentication method 3 not supported", e
    # with servers that are some
    set_password(SECRET)
    for asked in ("scram-sha-256", "!none", "none,scram-sha-256",
                  "!password,!md5", ""):
        attach(password=SECRET, require_auth=asked).close()
    for asked in ("none", "!scram-sha-256"):
        e = refused(password=SECRET, require_auth=asked)
        assert e.message == requirement(
            asked, "server requested SASL authentication"), e
    attach(host=server.data, require_auth="none").close()
    e = refused(host=server.data, require_auth="!none")
    assert e.message == requirement("!none", not_done), e
    for wrong, message in (
            ("x", 'invalid require_auth value: "x"'),
            ("scram", 'invalid require_auth value: "scram"'),
            ("none,", 'invalid require_auth value: ""'),
            ("!", 'invalid require_auth value: "!"'),
            ("md5,none,md5",
             'require_auth method "md5" is specified more than once'),
            ("!md5,!md5",
             'require_auth method "!md5" is specified more than once'),
            ("none,!md5", 'negative require_auth method "md5" cannot be mixed '
             "with non-negative methods"),
            ("!none,md5", 'require_auth method "md5" cannot be mixed with '
             "negative methods")):
        e = refused(tusk.MisuseError, require_auth=wrong)
        assert (e.sqlstate, e.message) == ("08001", message), e


class Listener:
    """On a Unix socket in a directory of its own, as that user."""

    def __init__(self, uid):
        self.dir = tempfile.mkdtemp(dir=server.dir)
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.bind(os.path.join(self.dir, ".s.PGSQL.5432"))
        self.sock.settimeout(60)
        mine = os.geteuid()
        os.seteuid(uid)
        try:
            self.sock.listen()
        finally:
            os.seteuid(mine)

    def refused(self, wanted):
        """The error; nothing was sent."""
        e = refused(host=self.dir, port=5432, requirepeer=wanted)
        conn, _ = self.sock.accept()
        with conn:
            conn.settimeout(60)
            assert conn.recv(1) == b""
        return e


def test_requirepeer():
    """Somebody else has made the socket: he is told nothing, not even who
    comes."""
    uid = os.stat(f"/proc/{server.postmaster_pid()}").st_uid
    user = pwd.getpwuid(uid).pw_name
    set_password(SECRET)
    attach(host=server.data, requirepeer=user).close()
    attach(host=server.data, requirepeer="").close()
    with Environment(PGREQUIREPEER="nosuch"):
        e = refused(host=server.data)
        assert (e.sqlstate, e.message) == (
            "28000", 'requirepeer specifies "nosuch", but actual peer user '
            f'name is "{user}"'), e
        assert "Nothing was sent" in e.hint, e
        # over TCP, as libpq's, it means nothing
        attach(password=SECRET).close()
    me = pwd.getpwuid(os.geteuid()).pw_name
    e = Listener(os.geteuid()).refused("nosuch")
    assert f'is "{me}"' in e.message, e
    if os.geteuid() == 0:
        e = Listener(1234567).refused(me)
        assert e.message == "local user with ID 1234567 does not exist", e


def test_silence():
    """connect_timeout is for each wait of it."""
    done = threading.Event()

    def silent():
        done.wait(60)
        yield b""
    one = Impostor(silent())
    e = refused(port=one.port, password=SECRET, connect_timeout=0.05)
    assert (e.sqlstate, e.message) == ("08001", "no answer from the server "
                                       "within 50 ms"), e
    done.set()
    one.thread.join()
    # a server that does not even accept: its queue is full
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(3):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(full.getsockname())
        e = refused(port=full.getsockname()[1], connect_timeout=0.05)
        assert e.sqlstate == "08001", e
        assert "Connection timed out" in e.message or \
            "no answer" in e.message, e
        for one in waiting:
            one.close()


# ---- PostgreSQL 15 ----

class Postgres(Peer):
    def __init__(self, port):
        super().__init__("listen_addresses=127.0.0.1", f"port={port}")
        self.port = port

    def connect(self):
        return psycopg.connect(
            host=self.dir, port=self.port, user="peer", dbname="postgres",
            autocommit=True)

    def rules(self, text):
        with open(os.path.join(self.data, "pg_hba.conf"), "w") as f:
            f.write("local all all trust\n" + text)
        self.run("pg_ctl", "-D", self.data, "reload")

    def attach(self, **more):
        given = dict(host="127.0.0.1", port=self.port, user="peer",
                     dbname="postgres")
        return tusk.attach(**{**given, **more})


def use(s, marker):
    """What a session can do with any server."""
    assert s.server_setting("server_version").startswith("15.")
    assert s.execute("SELECT $1::int + 1, $2::text, $3::float8",
                     [41, "drei", 2.5]).rows == [(42, "drei", 2.5)]
    with s.transaction():
        s.execute(f"CREATE TABLE {marker} (id bigint, t text)")
        assert s.copy_in(f"COPY {marker} FROM STDIN",
                         [b"1\tone\n2\t", b"two\n"] +
                         [b"%d\tmany\n" % i for i in range(3, 20001)]) == 20000
    lines = []
    assert s.copy_out(f"COPY {marker} TO STDOUT", lines.append) == 20000
    assert b"".join(lines).startswith(b"1\tone\n2\ttwo\n3\tmany\n")
    one = s.prepare(f"SELECT t FROM {marker} WHERE id = $1")
    assert [one.execute(i).scalar() for i in (1, 2)] == ["one", "two"]
    s.set("work_mem", "5MB")
    assert s.get("work_mem") == "5MB"
    try:
        s.execute("SELECT 1/0")
        raise AssertionError("divided")
    except tusk.ServerError as e:
        assert e.sqlstate == "22012", e
    assert len(s.execute("SELECT repeat('x', 3000000)").scalar()) == 3000000


def test_postgres():
    """All of it again with PostgreSQL 15: over TCP by a password, over its Unix
    socket; how it refuses; what it says at its end."""
    _, postgres = on_free_port(Postgres)
    try:
        with postgres.connect() as conn:
            conn.execute("SET password_encryption = 'scram-sha-256'")
            conn.execute("ALTER ROLE peer PASSWORD '%s'" %
                         SECRET.replace("'", "''"))
            conn.execute("CREATE ROLE old LOGIN")
            conn.execute("SET password_encryption = 'md5'")
            conn.execute("ALTER ROLE old PASSWORD 'x'")
        postgres.rules("host all old 127.0.0.1/32 md5\n"
                       "host all trusted 127.0.0.1/32 trust\n"
                       "host all all 127.0.0.1/32 scram-sha-256\n")
        wait_for(lambda: "reloading" in postgres.log_text(), "its rules")

        def rules_hold():
            try:
                postgres.attach(password="wrong").close()
            except tusk.ConnectionLost as e:
                return e.sqlstate == "28P01"
        wait_for(rules_hold, "its rules")
        with postgres.attach(password=SECRET) as s:
            assert s.transport == "socket"
            use(s, "over_tcp")
            notices = []
        for how in ({"password": SECRET}, {"host": postgres.dir}):
            with postgres.attach(notice=notices.append, **how) as s:
                assert s.transport == "socket"
                s.execute("DROP TABLE IF EXISTS nosuch")
                s.execute("SELECT 1")
        assert [n.sqlstate for n in notices] == ["00000"] * 2, notices
        with postgres.attach(host=postgres.dir) as s:
            use(s, "over_unix")
            pid = s.backend_pid
            with postgres.connect() as conn:
                thread = threading.Thread(target=lambda: (wait_for(
                    lambda: conn.execute(
                        "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
                        "wait_event = 'PgSleep'", (pid,)).fetchall(),
                    "the statement"), s.cancel()))
                thread.start()
                try:
                    s.execute("SELECT pg_sleep(600)")
                    raise AssertionError("it slept")
                except tusk.QueryCanceled:
                    pass
                thread.join()

        def told(**more):
            try:
                postgres.attach(**more).close()
            except tusk.ConnectionLost as e:
                return e
            raise AssertionError(f"it is let in: {more}")
        e = told(password="wrong")
        assert e.message == 'password authentication failed for user "peer"', e
        assert told().message == "fe_sendauth: no password supplied"
        e = told(user="old", password="x")
        assert e.message == "authentication method 5 not supported", e
        e = told(user="trusted")
        assert e.sqlstate == "28000" and "does not exist" in e.message, e
        assert told(dbname="nosuch", password=SECRET).sqlstate == "3D000"
        e = told(host=postgres.dir, attach="rings")
        assert e.message == "the server does not offer to attach", e
        with postgres.attach(password=SECRET) as s:
            postgres.run("pg_ctl", "-D", postgres.data, "-m", "fast", "-w",
                         "stop")
            try:
                s.execute("SELECT 1")
                raise AssertionError("it answers")
            except tusk.ConnectionLost as e:
                assert e.sqlstate == "57P01", e
        postgres.run("pg_ctl", "-D", postgres.data, "-w", "-l",
                     os.path.join(postgres.dir, "log"), "start", "-o",
                     f"-k {postgres.dir} -c listen_addresses=127.0.0.1 "
                     f"-c port={postgres.port}")
        with postgres.attach(password=SECRET) as s:
            assert s.execute("SELECT count(*) FROM over_tcp").scalar() == 20000
    finally:
        postgres.destroy()


suite.run_all(globals(), server)
