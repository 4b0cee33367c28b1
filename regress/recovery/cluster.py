"""A copy of the template and a postmaster on it, with the layer below if wanted.

The template is made once and stopped cleanly; a test gets a copy of its files
(sparse, so that segments of the log cost nothing).  All is in a file system in
memory if one can be mounted: what a power failure takes is decided by the layer,
not by a disk.
"""
import fcntl
import os
import re
import shutil
import signal
import subprocess
import tempfile

import psycopg

import harness
from faultio import FaultIO
from harness import OWN_MOUNTS, Server, ServerLog, mount_tmpfs, wait_for

PG15 = "/usr/lib/postgresql/15/bin/"
SETTINGS = {"dynamic_shared_memory_type": "mmap",
            "shared_buffers": "256kB", "bgwriter_delay": "10ms",
            "min_parallel_table_scan_size": "0",
            "log_checkpoints": "on", "autovacuum": "off"}

ZEROS = b"\0" * (1 << 16)

work = os.path.join(os.environ["WORK"], "clusters")
os.mkdir(work)
if OWN_MOUNTS:
    mount_tmpfs(work, 4 << 30)
tempfile.tempdir = work
library = os.environ["FAULTIO"]
template = None


def make_template(prepare):
    """prepare(conn) is called once on it."""
    global template
    template = Server(**SETTINGS)
    template.start()
    with template.connect() as conn:
        prepare(conn)
    template.stop()
    return template


def pg_tool(name, *args):
    done = subprocess.run([PG15 + name, *args], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stdout


def copy_sparse(source, target, **_):
    """A block of zeros stays a hole: most of the log is."""
    size = os.path.getsize(source)
    with open(source, "rb") as f, open(target, "wb") as t:
        while chunk := f.read(1 << 16):
            if chunk == ZEROS:
                t.seek(len(chunk), os.SEEK_CUR)
            else:
                t.write(chunk)
        t.truncate(size)
    shutil.copymode(source, target)
    return target


class Cluster(ServerLog):
    def __init__(self, directory=None, **settings):
        self.dir = tempfile.mkdtemp(prefix="c", dir=directory or work)
        self.data = os.path.join(self.dir, "data")
        shutil.copytree(template.data, self.data, copy_function=copy_sparse)
        super().__init__(os.path.join(self.dir, "log"))
        self.settings = {**SETTINGS, **settings}
        self.fio = FaultIO(library, self.dir, self.data)
        self.main = None
        harness.servers.append(self)

    def spawn(self, layer=False, env=None):
        args = [os.path.join(template.bin, "postmaster"), "-D", self.data]
        for name, value in self.settings.items():
            args += ["-c", f"{name}={value}"]
        with open(self.log, "a") as log:
            self.main = subprocess.Popen(
                args, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(self.fio.env if layer else {}),
                     **(env or {})}, start_new_session=True)
        return self

    def start(self, layer=False, env=None):
        self.spawn(layer, env)
        self.serving()
        return self

    def serving(self):
        def serves():
            if self.main.poll() is not None:
                raise AssertionError("the start failed:\n" + self.tail())
            try:
                self.connect().close()
                return True
            except psycopg.Error:
                return False
        wait_for(serves, "a serving server")

    def connect(self, autocommit=True):
        return psycopg.connect(host=self.data, port=5432, dbname="postgres",
                               autocommit=autocommit)

    def query(self, sql, params=None):
        with self.connect() as conn:
            cur = conn.execute(sql, params)
            return cur.fetchall() if cur.description else None

    def all_gone(self):
        """Every process of a server holds the lock on this file."""
        with open(self.path("postmaster.lock"), "r+") as f:
            try:
                fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                return False

    def gone(self):
        """Wait for the end of all; the exit status."""
        status = self.main.wait(60)
        wait_for(self.all_gone, "the end of all processes")
        return status

    def kill(self):
        self.main.kill()
        self.gone()

    def stop(self):
        self.main.send_signal(signal.SIGINT)
        return self.gone()

    def tail(self, lines=30):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def mark(self):
        return len(self.log_text())

    def kill_one(self, pid):
        """SIGKILL to a process; false: it had ended by itself."""
        mark = self.mark()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        wait_for(lambda: not os.path.exists(f"/proc/{pid}"), "its end")
        try:
            wait_for(lambda: f"(PID {pid}) was terminated by signal 9" in
                     self.log_text()[mark:], "the postmaster", 5)
        except AssertionError:
            return False
        return True

    def restarted(self, mark):
        wait_for(lambda: "ready to accept connections" in
                 self.log_text()[mark:], "the restart")

    def path(self, name):
        return os.path.join(self.data, name)

    def control(self, field):
        text = pg_tool("pg_controldata", self.data)[1]
        assert "WARNING" not in text, text
        return re.search(f"^{field}:\\s*(.*)$", text, re.M).group(1)

    def segments(self):
        return sorted(n for n in os.listdir(self.path("pg_wal"))
                      if re.fullmatch("[0-9A-F]{24}", n))

    def used_segments(self):
        """Those that carry their own address."""
        found = []
        for name in self.segments():
            with open(self.path("pg_wal/" + name), "rb") as f:
                head = f.read(16)
            address = int.from_bytes(head[8:16], "little")
            if address == int(name[16:], 16) * 16 * 1024 * 1024:
                found.append(name)
        return found

    def refused(self, *texts):
        """The start fails in order, with these texts in the log."""
        mark = self.mark()
        self.spawn()
        status = self.gone()
        text = self.log_text()[mark:]
        assert status == 1, (status, text)
        for one in texts:
            assert one in text, text
        return text

    # ---- verification ----

    def orphans(self):
        """Files of relations that are none, and of sessions that have gone."""
        known = {r[0] for r in self.query(
            "SELECT relfilenode FROM pg_class")}
        found = set()
        for name in os.listdir(self.path("base/5")):
            match = re.match(r"(\d+)", name)
            if match and int(match.group(1)) >= 16384 and \
                    int(match.group(1)) not in known:
                found.add(name)
            if re.match(r"t\d+_", name):
                found.add(name)
        return found

    def tusk_check(self):
        """Every table and index, by the program."""
        done = subprocess.run(
            [os.path.join(template.bin, "tusk"), "check", "-D", self.data],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=300)
        assert done.returncode == 0, done.stdout

    def check_files(self):
        """After a clean stop: state, checksums, and the log to its end."""
        assert self.control("Database cluster state") == "shut down"
        status, text = pg_tool("pg_checksums", "--check", "-D", self.data)
        assert status == 0 and "Bad checksums:  0" in text, text
        redo = self.control("Latest checkpoint's REDO WAL file")
        first = sorted(n for n in self.segments() if n <= redo)[0]
        status, text = pg_tool("pg_waldump", "-q", "-p", self.path("pg_wal"),
                               first)
        assert "error" not in text or "invalid record length" in text or \
            "invalid magic number 0000" in text or \
            "unexpected pageaddr" in text or "could not find" in text, text

    def keep(self):
        """For whoever looks into a failure."""
        if os.environ.get("KEEP"):
            shutil.copytree(self.dir, os.path.join(
                os.environ["KEEP"], os.path.basename(self.dir)),
                dirs_exist_ok=True,
                ignore=shutil.ignore_patterns(".s.*"))

    def destroy(self):
        """The suite ran out of time."""
        self.remove()

    def remove(self):
        if self in harness.servers:
            harness.servers.remove(self)
        if self.main is not None and self.main.poll() is None:
            self.kill()
        harness.overlooked.extend(self.new_log_faults())
        # what a killed server leaves to its next start, which never comes
        try:
            with open(self.path("pg_dynshmem/control")) as f:
                os.unlink("/dev/shm/PostgreSQL." + f.read().strip())
        except (OSError, ValueError):
            pass
        self.fio.close()
        shutil.rmtree(self.dir, ignore_errors=True)
