"""A private PostgreSQL 15 to compare with."""
import os
import shutil
import subprocess
import tempfile

import psycopg

BIN = "/usr/lib/postgresql/15/bin"


class Peer:
    """A private PostgreSQL 15, under another user if this one is root."""

    def __init__(self, *options):
        self.dir = tempfile.mkdtemp(prefix="tusk-peer-")
        self.data = os.path.join(self.dir, "data")
        self.become = []
        if os.geteuid() == 0:
            self.become = ["setpriv", "--reuid=65534", "--regid=65534",
                           "--clear-groups"]
            os.chown(self.dir, 65534, 65534)
        try:
            self.start(options)
        except subprocess.CalledProcessError as e:
            said = self.log_text()
            shutil.rmtree(self.dir, ignore_errors=True)
            raise AssertionError(f"{e}\n{said}")

    def start(self, options):
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "peer",
                 "--no-sync", "-E", "UTF8", "--locale=C")
        self.run("pg_ctl", "-D", self.data, "-w", "-l",
                 os.path.join(self.dir, "log"), "start", "-o",
                 " ".join([f"-k {self.dir} -c listen_addresses= -c fsync=off "
                           "-c shared_buffers=16MB -c autovacuum=off "
                           "-c max_parallel_workers_per_gather=0",
                           *(f"-c {option}" for option in options)]))

    def run(self, program, *args):
        subprocess.run([*self.become, f"{BIN}/{program}", *args], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       cwd="/", timeout=60,
                       # a sanitizer that our programs need it would not bear
                       env={name: value for name, value in os.environ.items()
                            if name != "LD_PRELOAD"})

    def log_text(self):
        try:
            with open(os.path.join(self.dir, "log")) as f:
                return f.read()
        except OSError:
            return ""

    def connect(self):
        return psycopg.connect(host=self.dir, user="peer", dbname="postgres",
                               autocommit=True)

    def destroy(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.dir, ignore_errors=True)
