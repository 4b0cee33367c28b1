"""What the suites that need a running server share.

A Server is a private data directory in a temporary place with its own socket.
A suite has a /dev/shm of its own, in a mount namespace, so that what it finds
there is its servers'; where the system does not let it, segments that processes
of others have mapped are left out, and only a server that another suite killed
a moment ago can be mistaken.  Suite runs test functions and prints "ok NAME" or
"not ok NAME" with the reason and the end of the servers' logs.  After each suite
the server must be gone and must have left nothing in /dev/shm.

What a server must never write (log_faults: a PANIC, a failed assertion, a
sanitizer's report, a leaked resource, a signal that nobody sent) fails the test
in which it was written, unless the test said that it will come (Server.expect).

Waiting is done by asking the server for the state wanted (wait_for), never by
sleeping for a guessed time; the limit there is a watchdog against hangs.
"""
import contextlib
import ctypes
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import psycopg

# seconds until a state that does not come counts as a hang
WATCHDOG = int(os.environ.get("WATCHDOG", 180))

READY = "database system is ready to accept connections"  # the server's words


def seed(name=None):
    """Of what a suite draws: NAME_SEED, or SEED for all suites, or 1.  A test
    that fails prints it."""
    found = (os.environ.get(f"{name}_SEED") if name else None) or \
        os.environ.get("SEED") or "1"
    seeds_used[f"{name}_SEED" if name else "SEED"] = found
    return int(found)


seeds_used = {}


def seeded(number):
    """A generator of the suite's own number; with SEED it draws otherwise."""
    if "SEED" not in os.environ:
        return random.Random(number)
    return random.Random(f"{seed()} {number}")


def build_dir():
    return os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")


CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000


def libc_call(name, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*args) != 0:
        raise OSError(ctypes.get_errno(), name)


def mount_tmpfs(path, size):
    libc_call("mount", b"tmpfs", path.encode(), b"tmpfs", 0,
              f"size={size}".encode())


def umount(path):
    libc_call("umount", path.encode())


def own_mounts():
    """A mount namespace, as root or else in a user namespace where we stay who
    we are; in it a new /dev/shm of the same size."""
    uid, gid = os.geteuid(), os.getegid()
    room = os.statvfs("/dev/shm")
    libc_call("unshare", CLONE_NEWNS | (CLONE_NEWUSER if uid != 0 else 0))
    if uid != 0:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
                           ("gid_map", f"{gid} {gid} 1")):
            with open("/proc/self/" + name, "w") as f:
                f.write(text)
    libc_call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    mount_tmpfs("/dev/shm", room.f_blocks * room.f_frsize)


def try_own_mounts():
    """Half of it would be worse than nothing: a child tries first."""
    pid = os.fork()
    if pid == 0:
        try:
            own_mounts()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        return False
    own_mounts()
    return True


OWN_MOUNTS = try_own_mounts()  # file systems can be mounted, for us alone


def shm_names():
    return {n for n in os.listdir("/dev/shm") if n.startswith("PostgreSQL.")
            and os.stat("/dev/shm/" + n).st_uid == os.geteuid()}


def mapped_by_others(names, servers):
    """Those of the segments that a process of another server has mapped."""
    own = {pid for server in servers for pid in server.processes()}
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if int(pid) in own:
            continue
        try:
            with open(f"/proc/{pid}/maps") as f:
                text = f.read()
            found |= {n for n in names if f"/dev/shm/{n}\n" in text}
        except OSError:
            pass
    return found


def wait_for(condition, what, timeout=WATCHDOG):
    """Ask condition again and again; its first true value."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout} s for {what}")
        time.sleep(0.01)


def in_background(conn, sql):
    """Runs sql in a thread, as it will be held; the thread, and a list that
    holds the error it ended with, if any, once the thread is joined."""
    failed = []

    def work():
        try:
            conn.execute(sql)
        except psycopg.Error as e:
            failed.append(e)
    thread = threading.Thread(target=work)
    thread.start()
    return thread, failed


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "log_faults")) as f:
    LOG_FAULTS = re.compile("|".join(f.read().splitlines()))


def log_faults(text, expected=()):
    """The lines that a server must not write and that are not expected."""
    return [line for line in text.splitlines() if LOG_FAULTS.search(line)
            and not any(re.search(e, line) for e in expected)]


servers = []  # not yet destroyed
overlooked = []  # log_faults of servers that are gone


def interrupted(signum, frame):
    """The suite ran out of time: its servers must not outlive it.  A thread
    may wait for one of them for ever, so nothing is joined."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    for one in list(servers):
        one.destroy()
    os._exit(128 + signum)


signal.signal(signal.SIGTERM, interrupted)


class ServerLog:
    """The log of a server, and what must not be in it (log_faults)."""

    def __init__(self, path):
        self.log = path
        self.expected = []  # what the test knows will come
        self.log_seen = 0   # so far it was looked through

    def log_text(self):
        try:
            with open(self.log, errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def expect(self, *patterns):
        """From now on these lines are no fault; a PANIC ends in SIGABRT."""
        self.expected += patterns

    def new_log_faults(self):
        """In what was written since the last call."""
        text = self.log_text()
        new = text[self.log_seen:] if len(text) >= self.log_seen else text
        self.log_seen = len(text)
        return log_faults(new, self.expected)


class Server(ServerLog):
    def __init__(self, **settings):
        self.bin = os.path.join(build_dir(), "bin")
        self.dir = tempfile.mkdtemp(prefix="tusk-test-")
        self.data = os.path.join(self.dir, "data")
        super().__init__(os.path.join(self.dir, "log"))
        # What comes by itself comes when nobody expects it: it holds back what
        # vacuum removes and passes the steps of others.  Tests of it turn it on.
        self.settings = {"autovacuum": "off", **settings}
        self.env = dict(os.environ)
        servers.append(self)
        self.run_tool("init", "-D", self.data)

    def run_tool(self, *args, check=True):
        done = subprocess.run([os.path.join(self.bin, "tusk"), *args],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL,
                              text=True, timeout=WATCHDOG * 2, env=self.env)
        if check and done.returncode != 0:
            raise AssertionError(f"tusk {' '.join(args)}: status "
                                 f"{done.returncode}: {done.stdout}")
        return done

    def start(self, **more):
        args = ["start", "-D", self.data, "-l", self.log]
        for name, value in {**self.settings, **more}.items():
            args += ["-o", f"{name}={value}"]
        try:
            self.run_tool(*args)
        except AssertionError as e:
            raise AssertionError(f"{e}\n{self.log_text()}")
        return self

    def stop(self, mode="fast", check=True):
        return self.run_tool("stop", "-D", self.data, "-m", mode, check=check)

    @contextlib.contextmanager
    def restarted(self, **more):
        """With other settings for a while."""
        self.stop()
        self.start(**more)
        try:
            yield
        finally:
            self.stop(check=False)
            self.start()

    def postmaster_pid(self):
        with open(os.path.join(self.data, "postmaster.pid")) as f:
            return int(f.readline())

    def processes(self):
        """Every process of this server: the lock file is open in all."""
        pids = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(
                        self.data):
                    pids.append(int(pid))
            except OSError:
                pass
        return pids

    def connect(self, autocommit=True, **more):
        return psycopg.connect(host=self.data, port=5432, dbname="postgres",
                               autocommit=autocommit, **more)

    def query(self, sql, params=None):
        with self.connect() as conn:
            cur = conn.execute(sql, params)
            return cur.fetchall() if cur.description else None

    def psql(self, *args, stdin=None, check=True):
        done = subprocess.run(
            ["psql", "-X", "-h", self.data, "-d", "postgres", *args],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=WATCHDOG * 2)
        if check and done.returncode != 0:
            raise AssertionError(done.stdout)
        return done.stdout

    def serving(self):
        try:
            return self.query("SELECT 1") == [(1,)]
        except psycopg.Error:
            return False

    def lives(self):
        """How often it has begun to serve: once more after each crash."""
        return self.log_text().count(READY)

    def next_life(self, lives):
        """After a death: until it serves again.  lives is what lives() said
        before; until the postmaster has seen the death the old server goes on
        answering, so that it serves says nothing."""
        wait_for(lambda: self.lives() > lives, "the server to begin anew")
        wait_for(self.serving, "a serving server")

    def destroy(self):
        """End what is left (after a failed test) and remove the files."""
        if self in servers:
            servers.remove(self)
        if self.processes():
            try:
                # It removes its segments itself, if it still can.
                self.stop("immediate", check=False)
            except (OSError, subprocess.SubprocessError):
                pass
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        overlooked.extend(self.new_log_faults())
        keep = os.environ.get("KEEP")  # "failed": of suites that failed
        if keep and (keep != "failed" or Suite.any_failed):
            print("kept:", self.dir)
        else:
            shutil.rmtree(self.dir, ignore_errors=True)


class Passed(Exception):
    """The machine does not let the test be done; its line says why."""


class Suite:
    any_failed = False

    def __init__(self):
        self.failed = 0
        self.shm_before = shm_names()
        self.only = set(os.environ.get("TESTS", "").split())

    def segments(self, *servers):
        """What is in /dev/shm since the start of the suite and not others'."""
        names = shm_names() - self.shm_before
        if OWN_MOUNTS or not names:
            return names
        return names - mapped_by_others(names, servers)

    def run(self, test, *args):
        name = test.__name__.removeprefix("test_")
        if args:
            name += "_" + "_".join(str(a) for a in args)
        if self.only and name not in self.only:
            return
        marks = {server: len(server.log_text()) for server in servers}
        started = time.monotonic()
        try:
            test(*args)
            self.check_logs()
        except Passed as e:
            print(f"ok {name} # passed over: {e}", flush=True)
        except BaseException:
            self.failed += 1
            Suite.any_failed = True
            print(f"not ok {name}", flush=True)
            for variable, value in seeds_used.items():
                print(f"# {variable}={value}")
            traceback.print_exc(file=sys.stdout)
            for server in servers:
                text = server.log_text()
                print(f"# the end of {server.log}:", *text[marks.get(
                    server, 0):].splitlines()[-25:], sep="\n# ", flush=True)
                server.log_seen = len(text)
            overlooked.clear()
            if not isinstance(sys.exc_info()[1], Exception):
                raise
        else:
            print(f"ok {name} ({time.monotonic() - started:.1f} s)",
                  flush=True)

    def run_all(self, names, server):
        """Every test_... of a file (its globals()), in order, and the end."""
        try:
            for name, test in list(names.items()):
                if name.startswith("test_"):
                    self.run(test)
        finally:
            self.run(server.stop)
            self.finish(server)

    @staticmethod
    def check_logs():
        found = overlooked + [line for server in servers
                              for line in server.new_log_faults()]
        overlooked.clear()
        assert not found, "\n".join(["in a server's log:", *found])

    def finish(self, *servers):
        """Servers must have stopped; nothing may be left of them."""
        def nothing_left():
            for server in servers:
                assert server.processes() == [], server.processes()
            wait_for(lambda: not self.segments(*servers),
                     "the end of every segment", 10)
        self.run(nothing_left)
        for server in servers:
            server.destroy()
        self.run(self.check_logs)
        sys.exit(1 if self.failed else 0)
