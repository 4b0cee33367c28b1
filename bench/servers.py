"""servers.py: private servers for the benchmarks, Tusk's and PostgreSQL 15's.

A benchmark's first argument is the build directory, else "build".  Both servers
run from directories of their own below /tmp, with the same settings as far as
both know them and without autovacuum, and are gone with them at the end.
"""
import contextlib
import os
import pwd
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile

import psycopg

PGBIN = "/usr/lib/postgresql/15/bin/"

build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")


def run(*args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, timeout=300, **more)


class Tusk:
    name = "tusk"
    user = pwd.getpwuid(os.geteuid()).pw_name

    def __init__(self, work, tree=build):
        self.data = self.host = os.path.join(work, "tusk")
        self.log = os.path.join(work, "tusk.log")
        self.tool = os.path.join(tree, "bin/tusk")
        run(self.tool, "init", "-D", self.data)

    def start(self, buffers="128MB"):
        done = run(self.tool, "start", "-D", self.data, "-l", self.log,
                   "-o", f"shared_buffers={buffers}", "-o", "max_wal_size=4GB",
                   "-o", "checkpoint_timeout=1h", "-o", "autovacuum=off")
        assert done.returncode == 0, done.stdout

    def stop(self):
        run(self.tool, "stop", "-D", self.data, "-m", "immediate")


class PostgreSQL:
    name = "PostgreSQL"

    def __init__(self, work):
        """It does not run as root: then as nobody."""
        self.host = os.path.join(work, "pg")
        self.data = os.path.join(self.host, "data")
        self.log = os.path.join(self.host, "log")
        os.mkdir(self.host)
        self.become = {}
        self.user = pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.host, nobody.pw_uid, nobody.pw_gid)
            self.become = {"user": nobody.pw_uid, "group": nobody.pw_gid,
                           "cwd": self.host}
            self.user = "nobody"
        done = run(PGBIN + "initdb", "-k", "-D", self.data, **self.become)
        assert done.returncode == 0, done.stdout

    def start(self, buffers="128MB"):
        options = (f"-k {self.host} -c listen_addresses= "
                   f"-c shared_buffers={buffers} -c max_wal_size=4GB "
                   "-c checkpoint_timeout=1h -c autovacuum=off "
                   "-c max_parallel_workers_per_gather=0")
        done = run(PGBIN + "pg_ctl", "-D", self.data, "-l", self.log, "-w",
                   "-o", options, "start", **self.become)
        assert done.returncode == 0, done.stdout

    def stop(self):
        run(PGBIN + "pg_ctl", "-D", self.data, "-m", "immediate", "stop",
            **self.become)


@contextlib.contextmanager
def running(*kinds, buffers="128MB"):
    """A directory, and a server of each kind that runs there; gone at the end,
    by SIGTERM too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix="tusk-bench-")
    os.chmod(work, 0o755)
    servers = []
    try:
        for kind in kinds:
            servers.append(kind(work))
            servers[-1].start(buffers)
        yield work, *servers
    finally:
        for s in servers:
            s.stop()
        shutil.rmtree(work, ignore_errors=True)


def connect(server):
    return psycopg.connect(host=server.host, user=server.user,
                           dbname="postgres", autocommit=True)


def processor_time(connection):
    """Seconds of the backend's so far."""
    with open(f"/proc/{connection.info.backend_pid}/schedstat") as f:
        return int(f.read().split()[0]) / 1e9


def ratios(above, below):
    """Of rounds: the median of their ratios, the least and the greatest."""
    values = [a / b for a, b in zip(above, below)]
    return statistics.median(values), min(values), max(values)
