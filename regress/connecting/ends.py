"""How sessions of libtusk do not begin, and how they end: what the program is
told.

Story: a program attaches to a directory where nothing runs, or where it may not;
or its server stops, crashes or ends the session, while the program is idle, waits
for a statement, searches by itself, copies rows in, or does not read an answer.
It is told what happened and what to do, the same over each transport.

The danger: a program that is told that its server crashed when it was stopped, or
asked whether a server runs that does, and does the wrong thing next.  A backend
that is ended in the middle of a message has no place for words; over rings it
leaves them beside the messages.
"""
import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Passed, Server, Suite, wait_for  # noqa: E402

import tusk  # noqa: E402

for name in list(os.environ):
    if name.startswith("PG"):
        del os.environ[name]
suite = Suite()
server = Server(max_connections=60, autovacuum="off", shared_buffers="16MB")


def told(conninfo, **more):
    try:
        tusk.attach(conninfo, **more).close()
    except tusk.Error as e:
        return e
    raise AssertionError(f"attached to {conninfo}")


def test_nothing_runs():
    """dir= can start one; a socket's directory cannot, unless it is that of
    the data, too."""
    question = "\n\tIs the server running locally and accepting " \
        "connections on that socket?"
    for name in (server.data, "/nonexistent/data"):
        e = told(f"dir={name}")
        path = f"{name}/.s.PGSQL.5432"
        assert e.sqlstate == "08001" and e.message == (
            f'connection to server on socket "{path}" failed: '
            f"No such file or directory{question}"), e
        assert f'"dir={name} autostart=on"' in e.hint, e
        assert f'"tusk start -D {name}"' in e.hint, e
        hint = e.hint if name == server.data else None
        for conninfo in (name, f"host={name}"):
            e = told(conninfo)
            assert e.message.endswith(question) and e.hint == hint, e
        # where the directory is said apart, it is not the server's
        assert told(f"dir=/x host={name}").hint is None
    server.start()
    # a socket that nobody listens at any more
    left = os.path.join(server.dir, ".s.PGSQL.5432")

    with socket.socket(socket.AF_UNIX) as s:
        s.bind(left)
    e = told(f"dir={server.dir}")
    assert "Connection refused" in e.message and "autostart" in e.hint, e
    os.unlink(left)


def as_nobody(function):
    """What it returns, done by a process of user nobody."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(r)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.write(w, repr(function()).encode())
        except BaseException as e:  # noqa: BLE001
            os.write(w, repr(repr(e)).encode())
        finally:
            os._exit(0)
    os.close(w)
    with os.fdopen(r) as f:
        said = f.read()
    os.waitpid(pid, 0)
    return eval(said)


def test_not_allowed():
    """Who may not reach the socket is not asked whether it is there."""
    if os.geteuid() != 0:
        raise Passed("only root can be another user")
    os.chmod(server.dir, 0o755)

    def attempt(conninfo):
        e = told(conninfo)
        return type(e).__name__, e.sqlstate, e.message, e.hint
    for conninfo in (f"dir={server.data} user=x", f"host={server.data} user=x",
                     f"dir={server.data} user=x autostart=on"):
        kind, state, message, hint = as_nobody(lambda: attempt(conninfo))
        assert (kind, state, message) == (
            "ConnectionLost", "08001", "connection to server on socket "
            f'"{server.data}/.s.PGSQL.5432" failed: Permission denied'), (
                conninfo, state, message)
        rules = f'"{server.data}/pg_hba.conf"' if "dir=" in conninfo else \
            '"pg_hba.conf" in its data directory'
        assert rules in hint and "unix_socket_permissions" in hint, hint


# ---- how they end ----

# Says "ready", does what it is told to until the session is lost, says why.
CHILD = """
import os, sys, tusk, numpy
what, conninfo = sys.argv[1:]
def ready():
    print(session.backend_pid, flush=True)
def wait():
    ready()
    sys.stdin.readline()
def endless():
    yield b"1\\n"
    wait()
    while True:
        yield b"1\\n" * 1000
def use():
    if what == "idle" or what == "killed":
        wait()
        session.execute("SELECT 1")
    elif what == "block":
        session.execute("BEGIN")
        wait()
        session.execute("SELECT 1")
    elif what == "statement":
        ready()
        session.execute("SELECT pg_sleep(600)")
    elif what == "stuck":
        ready()
        session.execute("SELECT repeat('x', 1000) "
                        "FROM far a, far b, far c, far d")
    elif what == "build":
        wait()
        with session.start_build("REINDEX INDEX far_v") as b:
            b.wait()
    elif what == "copy":
        session.copy_in("COPY poured FROM STDIN", endless())
    elif what == "search":
        session.execute("SET enable_seqscan = off")
        search = session.search("SELECT id, v <-> $1 FROM far "
                                "ORDER BY v <-> $1 LIMIT $2")
        queries = numpy.zeros((4, 3), numpy.float32)
        search.batch(queries, 3)
        ready()
        while True:
            search.batch(queries, 3)
session = tusk.attach(conninfo)
try:
    use()
    print("nothing happened")
except tusk.ConnectionLost as e:
    print(e.sqlstate, e.message, e.detail, sep="|")
"""
DOING = ("idle", "block", "statement", "stuck", "copy", "search")
SEARCHES = "hnsw-scan-search"
WAYS = {"direct": "direct", "rings": "rings", "off": "socket"}


class Child:
    def __init__(self, way, what):
        self.way, self.what = way, what
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD, what,
             f"host={server.data} dbname=postgres attach={way} "
             f"application_name={what}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self):
        """It does what it is to do, and its backend is not in the middle of a
        message, but for one that is stuck in it."""
        self.pid = int(self.process.stdout.readline())
        listens = "wait_event IN ('ClientRead', 'ClientRingRead')"
        wanted = {"idle": listens, "copy": listens,
                  "block": f"{listens} AND state = 'idle in transaction'",
                  "statement": "wait_event = 'PgSleep'",
                  "stuck": "wait_event IN ('ClientWrite', 'ClientRingWrite')"}
        if self.what == "search" and self.way == "off":
            # one row after the other goes out: where none does it is held
            server.query("SELECT injection_points_attach(%s, %s)",
                         (SEARCHES, f"wait,pid={self.pid}"))
            wanted["search"] = f"wait_event = '{SEARCHES}'"
        if self.what == "stuck":
            self.await_backend("query LIKE 'SELECT repeat%%'")
            self.process.send_signal(signal.SIGSTOP)
            wait_for(self.stopped, "the client to stop")
        self.await_backend(wanted.get(self.what, "true"))

    def await_backend(self, condition):
        wait_for(lambda: server.query(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND " + condition,
            (self.pid,)), f"{self.what}: {condition}")

    def stopped(self):
        with open(f"/proc/{self.process.pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "T"

    def end(self):
        """What it was told."""
        if self.what == "stuck":
            self.process.send_signal(signal.SIGCONT)
        said = self.process.communicate("go\n", timeout=120)[0]
        assert self.process.returncode == 0, (self.way, self.what, said)
        return said.strip().split("|")


TOLD = {"terminate": ("57P01", "terminating connection due to administrator "
                      "command"),
        "fast": ("57P01", "terminating connection due to administrator "
                 "command"),
        "immediate": ("57P01", "terminating connection due to immediate "
                      "shutdown command"),
        "crash": ("57P02", "terminating connection because of crash of "
                  "another server process")}
NO_WORD = ("57P02", "server closed the connection unexpectedly: its process "
           "crashed or was killed")


def end_sessions(how, children, killed):
    if how == "terminate":
        for one in children:
            server.query("SELECT pg_terminate_backend(%s)", (one.pid,))
            wait_for(lambda: not server.query(
                "SELECT 1 FROM pg_stat_activity WHERE pid = %s", (one.pid,)),
                f"the end of {one.way} {one.what}")
        server.query("SELECT injection_points_detach(%s)", (SEARCHES,))
    elif how == "crash":
        server.expect("was terminated by signal 9")
        lives = server.lives()
        os.kill(killed.pid, signal.SIGKILL)
        server.next_life(lives)
    else:
        server.stop(how)
        server.start()


def test_ends(how):
    if not server.processes():
        server.start()
    if not server.query("SELECT 1 FROM pg_class WHERE relname = 'far'"):
        server.query("CREATE EXTENSION vector")
        server.query("CREATE TABLE poured (i int)")
        server.query("CREATE TABLE far (id int, v vector(3))")
        server.query("INSERT INTO far SELECT i, ARRAY[i, 1, 2]::vector(3) "
                     "FROM generate_series(1, 300) i")
        server.query("CREATE INDEX far_v ON far USING hnsw (v vector_l2_ops)")
    children = [Child(way, what) for way in WAYS for what in DOING]
    killed = Child("direct", "killed") if how == "crash" else None
    try:
        for one in children + ([killed] if killed else []):
            one.begin()
        end_sessions(how, children, killed)
        for one in children:
            state, message, detail = one.end()
            wanted = TOLD[how]
            # in the middle of a message there is no word over a socket
            if one.what == "stuck" and one.way == "off":
                wanted = NO_WORD
                assert detail == "Or it was ended while it sent, when it " \
                    "cannot say why.", detail
            assert (state, message) == wanted, (how, one.way, one.what,
                                                state, message, detail)
        if killed:
            assert killed.end() == [*NO_WORD, "None"]
    finally:
        for one in children + ([killed] if killed else []):
            if one.process.poll() is None:
                one.process.kill()
                one.process.wait()


try:
    suite.run(test_nothing_runs)
    suite.run(test_not_allowed)
    for how in TOLD:
        suite.run(test_ends, how)
finally:
    suite.run(server.stop)
    suite.finish(server)
