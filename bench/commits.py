#!/usr/bin/python3
"""commits.py [BUILD_DIR]: single-row INSERTs per second.

Tusk and PostgreSQL 15 run side by side from private directories; their runs of
pgbench take turns, so that what else the machine does meets both. Printed: the
median of the rounds. bulk.py uses the two servers, too.
"""
import os
import pwd
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

PGBIN = "/usr/lib/postgresql/15/bin/"
ROUNDS = int(os.environ.get("ROUNDS", "9"))
SECONDS = os.environ.get("SECONDS", "1")

build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")


def run(*args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, timeout=300, **more)


class Tusk:
    name = "tusk"
    user = pwd.getpwuid(os.geteuid()).pw_name

    def __init__(self, work):
        self.data = self.host = os.path.join(work, "tusk")
        self.log = os.path.join(work, "tusk.log")
        self.tool = os.path.join(build, "bin/tusk")
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

    def start(self):
        options = (f"-k {self.host} -c listen_addresses= "
                   "-c shared_buffers=128MB -c max_wal_size=4GB "
                   "-c checkpoint_timeout=1h -c autovacuum=off "
                   "-c max_parallel_workers_per_gather=0")
        done = run(PGBIN + "pg_ctl", "-D", self.data, "-l", self.log, "-w",
                   "-o", options, "start", **self.become)
        assert done.returncode == 0, done.stdout

    def stop(self):
        run(PGBIN + "pg_ctl", "-D", self.data, "-m", "immediate", "stop",
            **self.become)


def sql(server, text):
    done = run("psql", "-X", "-q", "-A", "-t", "-h", server.host, "-U",
               server.user, "-d", "postgres", "-c", text)
    assert done.returncode == 0, done.stdout
    return done.stdout.strip()


def commits(server, script, clients, sync):
    done = run(PGBIN + "pgbench", "-n", "-h", server.host, "-U", server.user,
               "-M", "prepared", "-f", script, "-c", str(clients), "-j", "1",
               "-T", SECONDS, "postgres",
               env={**os.environ, "PGOPTIONS": f"-c synchronous_commit={sync}"})
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))


def crash(server):
    """Ends everything at once, without a word."""
    with open(os.path.join(server.data, "postmaster.pid")) as f:
        pid = int(f.readline())
    os.kill(pid, signal.SIGKILL)
    while os.path.exists(f"/proc/{pid}"):
        time.sleep(0.05)
    time.sleep(1)  # PostgreSQL's children notice by themselves


def recovery_time(server):
    """Seconds of the last replay, by the server's own account."""
    with open(server.log) as f:
        elapsed = re.findall(r"redo done .* elapsed: ([0-9.]+) s", f.read())
    return max(float(elapsed[-1]), 0.01)


def main():
    work = tempfile.mkdtemp(prefix="tusk-commits-")
    os.chmod(work, 0o755)
    servers = []
    try:
        script = os.path.join(work, "insert.sql")
        with open(script, "w") as f:
            f.write("INSERT INTO b VALUES (1, 'some text');\n")
        for kind in (Tusk, PostgreSQL):
            server = kind(work)
            servers.append(server)
            server.start()
            sql(server, "CREATE TABLE b (i int, t text)")
        print(f"{'clients':>8} {'synchronous_commit':>18} "
              + " ".join(f"{s.name + '/s':>14}" for s in servers)
              + f" {'ratio':>6}")
        for clients in (1, 8):
            for sync in ("on", "off"):
                rates = {s.name: [] for s in servers}
                for _ in range(ROUNDS):
                    for s in servers:
                        rates[s.name].append(commits(s, script, clients, sync))
                medians = [statistics.median(rates[s.name]) for s in servers]
                print(f"{clients:8} {sync:>18} "
                      + " ".join(f"{m:14.0f}" for m in medians)
                      + f" {medians[0] / medians[1]:6.2f}", flush=True)
    finally:
        for s in servers:
            s.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
