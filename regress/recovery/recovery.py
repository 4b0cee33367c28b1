"""Recovery: whatever is killed, at whatever instant, every acknowledged row and
every finished index is there after the restart, and nothing else is.

The sweep runs a workload (workload.py) and ends everything at the n-th write,
fsync, rename, unlink or truncation below the data directory (faultio.c), for n
all over the run.  Then what the disk had not been told to keep is lost: nothing,
all of it, or each sector at random.  Some points also end recovery itself at its
m-th operation, before it may complete.  After each the model is compared with
what the server says, and the files with their checksums.

The other tests damage one thing (the log, the control file, a call that fails)
and look at what the server says about it.
"""
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

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from faultio import FSYNC, READ, WRITE, FaultIO
from harness import Suite, Server, wait_for
from workload import Feature, Workload

PG15 = "/usr/lib/postgresql/15/bin/"
SETTINGS = {"dynamic_shared_memory_type": "mmap",
            "shared_buffers": "256kB", "bgwriter_delay": "10ms",
            "min_parallel_table_scan_size": "0",
            "log_checkpoints": "on"}
STEPS = 60
POINTS = int(os.environ.get("POINTS", "30"))
LOAD_SECONDS = int(os.environ.get("LOAD_SECONDS", "10"))
SEED = int(os.environ.get("SEED", "1"))
EIO = 5
ENOSPC = 28

suite = Suite()
work = os.environ["WORK"]
library = os.environ["FAULTIO"]
template = None
feature = None


def pg_tool(name, *args):
    done = subprocess.run([PG15 + name, *args], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    return done.returncode, done.stdout


class Cluster:
    """A copy of the template and a postmaster on it, with the layer below."""

    def __init__(self, **settings):
        self.dir = tempfile.mkdtemp(prefix="c", dir=work)
        self.data = os.path.join(self.dir, "data")
        shutil.copytree(template.data, self.data)
        self.log = os.path.join(self.dir, "log")
        open(self.log, "w").close()
        self.settings = {**SETTINGS, **settings}
        self.fio = FaultIO(library, self.dir, self.data)
        self.main = None

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

        def serves():
            if self.main.poll() is not None:
                raise AssertionError("the start failed:\n" + self.tail())
            try:
                self.connect().close()
                return True
            except psycopg.Error:
                return False
        wait_for(serves, "a serving server")
        return self

    def connect(self, autocommit=True):
        return psycopg.connect(host=self.data, port=5432, dbname="postgres",
                               autocommit=autocommit)

    def query(self, sql):
        with self.connect() as conn:
            cur = conn.execute(sql)
            return cur.fetchall() if cur.description else None

    def children(self):
        real = os.path.realpath(self.data)
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/cwd") == real:
                    found.append(int(pid))
            except OSError:
                pass
        return found

    def gone(self):
        """Wait for the end of all; the exit status."""
        status = self.main.wait(60)
        wait_for(lambda: not self.children(), "the end of all processes")
        return status

    def kill(self):
        self.main.kill()
        self.gone()

    def stop(self):
        self.main.send_signal(signal.SIGINT)
        return self.gone()

    def log_text(self):
        with open(self.log) as f:
            return f.read()

    def tail(self, lines=30):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def path(self, name):
        return os.path.join(self.data, name)

    def control(self, field):
        text = pg_tool("pg_controldata", self.data)[1]
        assert "WARNING" not in text, text
        return re.search(f"^{field}:\\s*(.*)$", text, re.M).group(1)

    def orphans(self):
        known = {r[0] for r in self.query(
            "SELECT relfilenode FROM pg_class")}
        found = set()
        for name in os.listdir(self.path("base/5")):
            match = re.match(r"(\d+)", name)
            if match and int(match.group(1)) >= 16384:
                found.add(int(match.group(1)))
        return found - known

    def check_files(self):
        """After a clean stop: state, checksums, and the log to its end."""
        assert self.control("Database cluster state") == "shut down"
        status, text = pg_tool("pg_checksums", "--check", "-D", self.data)
        assert status == 0, text
        redo = self.control("Latest checkpoint's REDO WAL file")
        first = sorted(n for n in os.listdir(self.path("pg_wal"))
                       if re.fullmatch("[0-9A-F]{24}", n) and n <= redo)[0]
        status, text = pg_tool("pg_waldump", "-q", "-p", self.path("pg_wal"),
                               first)
        assert "error" not in text or "invalid record length" in text or \
            "invalid magic number 0000" in text or \
            "unexpected pageaddr" in text or "could not find" in text, text

    def remove(self):
        if self.main is not None and self.main.poll() is None:
            self.kill()
        # what a killed server leaves to its next start, which never comes
        try:
            with open(self.path("pg_dynshmem/control")) as f:
                os.unlink("/dev/shm/PostgreSQL." + f.read().strip())
        except (OSError, ValueError):
            pass
        self.fio.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def each(test, *args):
    suite.run(test, *args)


def make_template():
    global template, feature
    template = Server(**SETTINGS)
    template.start()
    with template.connect() as conn:
        try:
            conn.execute("CREATE EXTENSION vector")
        except psycopg.Error:
            pass
        feature = Feature(conn)
    template.stop()


# ---- the sweep ----

def count_operations(seed, steps):
    cluster = Cluster()
    try:
        load = Workload(seed, feature)
        cluster.start(layer=True)
        with cluster.connect() as conn:
            load.begin(conn)
            cluster.fio.begin()
            assert load.run(conn, steps)
        return cluster.fio.ops()
    finally:
        cluster.remove()


def crash_point(seed, steps, point, mode, recovery_point):
    cluster = Cluster(checkpoint_timeout="30s")
    try:
        load = Workload(seed, feature)
        cluster.start(layer=True)
        conn = cluster.connect()
        load.begin(conn)
        cluster.fio.begin(point)
        done = load.run(conn, steps)
        if done:
            cluster.main.kill()
        cluster.gone()
        conn.close()
        cluster.fio.end()
        lost, _ = cluster.fio.take_back(mode, point)
        cluster.fio.forget()
        if recovery_point:
            cluster.fio.begin(recovery_point)
            cluster.spawn(layer=True)
            wait_for(lambda: cluster.main.poll() is not None or
                     "ready to accept" in cluster.log_text().rsplit(
                         "starting PostgreSQL", 1)[-1],
                     "the end or the success of recovery")
            if cluster.main.poll() is None:
                cluster.main.kill()
            cluster.gone()
            cluster.fio.end()
            cluster.fio.take_back(mode, point + 1)
            cluster.fio.forget()
        cluster.start()
        with cluster.connect() as conn:
            load.check(conn)
            assert not cluster.orphans(), cluster.orphans()
            # and it goes on
            load.run(conn, 5)
            load.check(conn)
        assert cluster.stop() == 0, cluster.tail()
        cluster.check_files()
        return lost, not done
    except BaseException:
        print(f"seed {seed} point {point} mode {mode} recovery point "
              f"{recovery_point}\n{cluster.tail(60)}", flush=True)
        if os.environ.get("KEEP"):
            cluster.fio.close()
            shutil.copytree(cluster.dir, os.environ["KEEP"],
                            dirs_exist_ok=True)
        raise
    finally:
        cluster.remove()


def test_sweep(mode):
    rng = random.Random(f"{SEED} {mode}")
    total = count_operations(SEED, STEPS)
    assert total > 50, total
    points = sorted(rng.sample(range(1, total + 1), min(POINTS // 3, total)))
    lost = 0
    cut_off = 0
    for n, point in enumerate(points):
        sectors, in_step = crash_point(SEED, STEPS, point, mode,
                                       rng.randint(1, 60) if n % 4 == 3 else 0)
        lost += sectors
        cut_off += in_step
    print(f"# {mode}: {len(points)} of {total} operations, {cut_off} cut off "
          f"a statement, {lost} sectors lost", flush=True)


# ---- kills at random: the kernel lives on ----

def test_killed_at_random(victim):
    """Writers are cut off by the death of one process, again and again."""
    cluster = Cluster()
    acked = set()
    tried = set()
    stop = threading.Event()

    def writer(number):
        n = 0
        while not stop.is_set():
            try:
                with cluster.connect() as conn:
                    while not stop.is_set():
                        key = number * 1000000 + n
                        n += 1
                        tried.add(key)
                        conn.execute("INSERT INTO k VALUES (%s)", (key,))
                        acked.add(key)
            except psycopg.Error:
                stop.wait(0.01)
    try:
        cluster.start()
        cluster.query("CREATE TABLE k (id integer)")
        threads = [threading.Thread(target=writer, args=(i,))
                   for i in range(3)]
        for thread in threads:
            thread.start()
        rng = random.Random(victim)
        for _ in range(4):
            before = len(acked)
            wait_for(lambda: len(acked) > before + rng.randint(20, 200),
                     "work")
            if victim == "postmaster":
                cluster.kill()
                cluster.start()
                continue
            mark = len(cluster.log_text())
            rows = cluster.query(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = "
                f"'{victim}' AND pid <> pg_backend_pid()")
            os.kill(rows[0][0], signal.SIGKILL)
            wait_for(lambda: "ready to accept connections" in
                     cluster.log_text()[mark:], "the restart")
        stop.set()
        for thread in threads:
            thread.join()
        got = [r[0] for r in cluster.query("SELECT id FROM k")]
        assert len(got) == len(set(got))
        assert acked <= set(got), f"lost {sorted(acked - set(got))[:10]}"
        assert set(got) <= tried
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        stop.set()
        cluster.remove()


# ---- consistency under load ----

class Load:
    """Clients that go on whatever happens, and what they were told.

    Pairs: a transaction inserts k and -k, another deletes both, so whoever sees
    one without the other, or a sum other than 0, saw an impossible state.
    Accounts (if there is UPDATE): transfers, whose total never changes.
    """
    ACCOUNTS = 20

    def __init__(self, cluster, writers, readers):
        self.cluster = cluster
        self.stop = threading.Event()
        self.failures = []
        self.lock = threading.Lock()
        self.acked = set()     # pairs that are there
        self.gone = set()      # pairs whose deletion was acknowledged
        self.doubt = set()     # nobody knows
        self.done = 0
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE pairs (k integer, v vector(3))")
            conn.execute("CREATE INDEX ON pairs USING hnsw (v vector_l2_ops)")
            conn.execute("CREATE TABLE account (id integer, b integer)")
            conn.execute("INSERT INTO account SELECT i, 100 FROM "
                         f"generate_series(1, {self.ACCOUNTS}) i")
        jobs = [(self.write_pairs, i) for i in range(writers)]
        jobs += [(self.read, i) for i in range(readers)]
        if feature.update:
            jobs += [(self.transfer, i) for i in range(2)]
        self.threads = [threading.Thread(target=self.go_on, args=job)
                        for job in jobs]
        for thread in self.threads:
            thread.start()

    def go_on(self, job, number):
        rng = random.Random(number)
        while not self.stop.is_set():
            try:
                with self.cluster.connect() as conn:
                    while not self.stop.is_set():
                        job(conn, number, rng)
            except psycopg.OperationalError:
                self.stop.wait(0.01)
            except BaseException as e:
                self.failures.append(f"{job.__name__}: {e!r}")
                self.stop.set()

    def write_pairs(self, conn, number, rng):
        with self.lock:
            mine = [k for k in self.acked if k % 16 == number]
            self.done += 1
            key = self.done * 16 + number
        if mine and rng.random() < 0.3:
            key = rng.choice(mine)
            with self.lock:
                self.acked.discard(key)
                self.doubt.add(key)
            conn.execute(f"DELETE FROM pairs WHERE k = {key} OR k = -{key}")
            with self.lock:
                self.doubt.discard(key)
                self.gone.add(key)
            return
        with self.lock:
            self.doubt.add(key)
        with conn.transaction():
            conn.execute(f"INSERT INTO pairs VALUES ({key}, '[1,2,{key}]')")
            conn.execute(f"INSERT INTO pairs VALUES (-{key}, '[1,-2,{key}]')")
        with self.lock:
            self.doubt.discard(key)
            self.acked.add(key)

    def transfer(self, conn, number, rng):
        a, b = sorted(rng.sample(range(1, self.ACCOUNTS + 1), 2))
        with conn.transaction():
            conn.execute(f"UPDATE account SET b = b - 1 WHERE id = {a}")
            conn.execute(f"UPDATE account SET b = b + 1 WHERE id = {b}")
        with self.lock:
            self.done += 1

    def read(self, conn, number, rng):
        keys = [r[0] for r in conn.execute("SELECT k FROM pairs").fetchall()]
        assert len(keys) == len(set(keys)), "a row twice"
        assert sum(keys) == 0, f"half of a pair: {sum(keys)}"
        rows = conn.execute("SELECT count(*), sum(b) FROM account").fetchall()
        assert rows == [(self.ACCOUNTS, 100 * self.ACCOUNTS)], rows

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    def check(self):
        keys = {r[0] for r in self.cluster.query("SELECT k FROM pairs")}
        assert {-k for k in keys} == keys
        positive = {k for k in keys if k > 0}
        assert self.acked <= positive, sorted(self.acked - positive)[:10]
        assert not self.gone & positive, sorted(self.gone & positive)[:10]
        assert positive <= self.acked | self.doubt
        assert self.cluster.query("SELECT sum(b) FROM account") == \
            [(100 * self.ACCOUNTS,)]


def test_load():
    cluster = Cluster(shared_buffers="2MB", max_wal_size="64MB",
                      min_wal_size="32MB", checkpoint_timeout="30s")
    load = None
    try:
        cluster.start()
        load = Load(cluster, 6, 2)
        rng = random.Random(SEED)
        end = time.monotonic() + LOAD_SECONDS
        kills = 0
        while time.monotonic() < end and not load.stop.is_set():
            before = load.done
            wait_for(lambda: load.done > before + rng.randint(50, 600) or
                     load.stop.is_set(), "work")
            if rng.random() < 0.3:
                cluster.query("CHECKPOINT")
            kills += 1
            if rng.random() < 0.3:
                cluster.kill()
                cluster.start()
                continue
            mark = len(cluster.log_text())
            victims = cluster.query(
                "SELECT pid FROM pg_stat_activity WHERE pid <> "
                "pg_backend_pid() ORDER BY random()")
            os.kill(victims[0][0], signal.SIGKILL)
            wait_for(lambda: "ready to accept connections" in
                     cluster.log_text()[mark:], "the restart")
        load.finish()
        load.check()
        print(f"# {load.done} transactions, {kills} kills", flush=True)
        assert cluster.stop() == 0
        cluster.check_files()
    except BaseException:
        print(cluster.tail(60), flush=True)
        raise
    finally:
        if load is not None:
            load.stop.set()
        cluster.remove()


# ---- kills at named steps ----

def test_killed_at(step):
    """A process ends itself at the step; all of the model is there after."""
    cluster = Cluster()
    try:
        load = Workload(7, feature)
        cluster.start()
        with cluster.connect() as conn:
            load.begin(conn)
        conn = cluster.connect()
        conn.execute("SELECT injection_points_attach(%s, 'kill')", (step,))
        mark = len(cluster.log_text())
        try:
            done = load.run(conn, 40)
            if done:
                load.after = (load.tables, load.indexes)
                conn.execute("CHECKPOINT")
        except psycopg.Error:
            pass
        conn.close()
        wait_for(lambda: "was terminated by signal 9" in
                 cluster.log_text()[mark:], "the kill")
        wait_for(lambda: "ready to accept connections" in
                 cluster.log_text()[mark:], "the restart")
        with cluster.connect() as conn:
            load.check(conn)
        assert not cluster.orphans()
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


# ---- a checkpoint and others, in the order that hurts ----

def waiting_at(cluster, event):
    return cluster.query("SELECT count(*) FROM pg_stat_activity WHERE "
                         f"wait_event = '{event}'")[0][0] > 0


def in_background(cluster, sql):
    def run():
        try:
            cluster.query(sql)
        except psycopg.Error:
            pass
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_changes_during_checkpoint(step):
    """The checkpoint is held at a step; what is changed meanwhile is behind its
    redo pointer, or in what it writes, and must be there after a crash."""
    cluster = Cluster(shared_buffers="2MB")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            conn.execute("SELECT injection_points_attach(%s, 'wait')", (step,))
            thread = in_background(cluster, "CHECKPOINT")
            wait_for(lambda: waiting_at(cluster, step), "the checkpoint")
            conn.execute("INSERT INTO d SELECT i FROM "
                         "generate_series(2, 2000) i")
            conn.execute("DELETE FROM d WHERE id <= 100")
            conn.execute("CREATE TABLE e (id integer)")
            conn.execute("INSERT INTO e VALUES (1)")
            conn.execute("SELECT injection_points_detach(%s)", (step,))
            conn.execute("SELECT injection_points_wakeup(%s)", (step,))
            thread.join()
            conn.execute("INSERT INTO e VALUES (2)")
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT count(*), min(id), max(id) FROM d") == \
            [(1900, 101, 2000)]
        assert cluster.query("SELECT id FROM e ORDER BY id") == [(1,), (2,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_checkpoint_during_commit():
    """A commit is in the log and not yet in the commit log: a checkpoint that
    begins now waits for it, for its replay would not see the record."""
    cluster = Cluster()
    step = "transaction-logged"
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("SELECT injection_points_attach(%s, 'wait')", (step,))
            writer = in_background(cluster, "INSERT INTO d VALUES (1)")
            wait_for(lambda: waiting_at(cluster, step), "the commit")
            conn.execute("SELECT injection_points_detach(%s)", (step,))
            # others go on, and make the record older than the redo pointer
            conn.execute("INSERT INTO d VALUES (2)")
            checkpoint = in_background(cluster, "CHECKPOINT")
            wait_for(lambda: waiting_at(cluster, "CheckpointDelayStart"),
                     "the checkpoint's wait")
            conn.execute("SELECT injection_points_wakeup(%s)", (step,))
            writer.join()
            checkpoint.join()
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT id FROM d ORDER BY id") == [(1,), (2,)]
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def test_checkpoints_by_volume():
    """max_wal_size brings checkpoints, and old segments are used again."""
    cluster = Cluster(shared_buffers="8MB", max_wal_size="48MB",
                      min_wal_size="32MB", checkpoint_timeout="1h",
                      checkpoint_completion_target="0")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer, t text)")
            for start in range(0, 60000, 6000):
                conn.execute(
                    "INSERT INTO d SELECT i, repeat('x', 1900) FROM "
                    f"generate_series({start}, {start + 5999}) i")
        wait_for(lambda: re.search(r"checkpoint complete.* [1-9]\d* recycled",
                                   cluster.log_text()), "a recycled segment")
        assert "checkpoint starting: wal" in cluster.log_text()
        cluster.query("CHECKPOINT")
        assert len(segments(cluster)) <= 6, segments(cluster)
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(60000,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


# ---- damage ----

def crashed_cluster(rows=2000, settings=None):
    """Rows after the last checkpoint, over more than one segment of log; none
    so wide that it is compressed."""
    cluster = Cluster(**{"checkpoint_timeout": "1h", **(settings or {})})
    cluster.start()
    with cluster.connect() as conn:
        conn.execute("CREATE TABLE d (id integer, t text)")
        conn.execute("CHECKPOINT")
        for start in range(0, rows, 500):
            conn.execute("INSERT INTO d SELECT i, repeat('x', 1900) FROM "
                         f"generate_series({start}, {start + 499}) i")
    cluster.kill()
    return cluster


def segments(cluster):
    return sorted(n for n in os.listdir(cluster.path("pg_wal"))
                  if re.fullmatch("[0-9A-F]{24}", n))


def used_segments(cluster):
    """Those that carry their own address."""
    found = []
    for name in segments(cluster):
        with open(cluster.path("pg_wal/" + name), "rb") as f:
            head = f.read(16)
        address = int.from_bytes(head[8:16], "little")
        if address == int(name[16:], 16) * 16 * 1024 * 1024:
            found.append(name)
    return found


def refused(cluster, *texts):
    mark = len(cluster.log_text())
    cluster.spawn()
    status = cluster.gone()
    text = cluster.log_text()[mark:]
    assert status == 1, (status, text)
    for one in texts:
        assert one in text, text
    return text


def test_missing_segment():
    """One in the middle is gone: refused, and nothing is changed, so that it
    can be put back."""
    cluster = crashed_cluster(22000)
    try:
        used = used_segments(cluster)
        assert len(used) >= 3, used
        name = cluster.path("pg_wal/" + used[-2])
        os.rename(name, name + ".away")
        refused(cluster, "the write-ahead log is missing or damaged", used[-2],
                used[-1])
        os.rename(name + ".away", name)
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(22000,)]
        cluster.stop()
    finally:
        cluster.remove()


def test_truncated_segment():
    cluster = crashed_cluster(22000)
    try:
        used = used_segments(cluster)
        name = cluster.path("pg_wal/" + used[-2])
        shutil.copy(name, name + ".copy")
        os.truncate(name, 5 * 1024 * 1024)
        refused(cluster, "the write-ahead log is missing or damaged", used[-2])
        os.rename(name + ".copy", name)
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(22000,)]
        cluster.stop()
    finally:
        cluster.remove()


def test_damaged_segment():
    """A bit flipped in the middle of what is needed."""
    cluster = crashed_cluster(22000)
    try:
        used = used_segments(cluster)
        with open(cluster.path("pg_wal/" + used[-2]), "r+b") as f:
            f.seek(3 * 1024 * 1024 + 17)
            byte = f.read(1)
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte[0] ^ 4]))
        refused(cluster, "the write-ahead log is missing or damaged", used[-2])
    finally:
        cluster.remove()


# Nothing is written before the log is flushed, so where the log was cut no page
# may be newer: keep them all in memory.
IN_MEMORY = {"shared_buffers": "96MB", "bgwriter_lru_maxpages": "0"}


def test_missing_continuation():
    """The log ends in the middle of a record that crosses segments.  Writing
    goes on at the next one, and says so; the next recovery passes over it."""
    cluster = crashed_cluster(22000, IN_MEMORY)
    try:
        used = used_segments(cluster)
        with open(cluster.path("pg_wal/" + used[-1]), "r+b") as f:
            f.write(b"\0" * 16 * 1024 * 1024)
        cluster.spawn(env={"TUSK_INJECTION_POINTS":
                           "recovery-checkpoint=kill"})
        assert cluster.gone() == 1
        mark = len(cluster.log_text())
        cluster.start()
        assert "successfully skipped missing contrecord at" in \
            cluster.log_text()[mark:], cluster.tail()
        got = [r[0] for r in cluster.query("SELECT id FROM d ORDER BY id")]
        assert got == list(range(len(got))) and len(got) % 500 == 0, len(got)
        cluster.query("INSERT INTO d VALUES (-1, 'after')")
        cluster.kill()
        cluster.start()
        now = cluster.query("SELECT count(*) FROM d")
        assert now == [(len(got) + 1,)], (now, len(got), cluster.tail(60))
        assert cluster.stop() == 0
        cluster.check_files()
        text = pg_tool("pg_waldump", "-p", cluster.path("pg_wal"),
                       used[-2])[1]
        assert "OVERWRITE_CONTRECORD" in text or \
            "could not" in text, text[-2000:]
    finally:
        cluster.remove()


def test_last_segment_cut():
    """Nothing follows it: what is left counts, as after a power failure."""
    cluster = crashed_cluster(22000, IN_MEMORY)
    try:
        used = used_segments(cluster)
        os.truncate(cluster.path("pg_wal/" + used[-1]), 1024 * 1024)
        cluster.start()
        got = [r[0] for r in cluster.query("SELECT id FROM d ORDER BY id")]
        assert got == list(range(len(got))) and len(got) % 500 == 0, len(got)
        assert 0 < len(got) < 22000
        cluster.stop()
        cluster.check_files()
    finally:
        cluster.remove()


def test_no_checkpoint_record():
    cluster = Cluster()
    try:
        for name in segments(cluster):
            os.rename(cluster.path("pg_wal/" + name),
                      cluster.path(name))
        refused(cluster, "could not locate a valid checkpoint record at",
                "put it back")
        for name in os.listdir(cluster.data):
            if re.fullmatch("[0-9A-F]{24}", name):
                os.rename(cluster.path(name), cluster.path("pg_wal/" + name))
        os.rename(cluster.path("pg_wal"), cluster.path("away"))
        refused(cluster, 'required WAL directory "pg_wal" does not exist')
        os.rename(cluster.path("away"), cluster.path("pg_wal"))
        shutil.rmtree(cluster.path("pg_wal/archive_status"))
        cluster.start()
        assert "creating missing WAL directory" in cluster.log_text()
        cluster.stop()
    finally:
        cluster.remove()


def test_control_file(damage):
    cluster = Cluster()
    try:
        name = cluster.path("global/pg_control")
        with open(name, "rb") as f:
            good = f.read()
        if damage == "bit":
            bad = good[:40] + bytes([good[40] ^ 1]) + good[41:]
            text = "incorrect checksum in control file"
        elif damage == "short":
            bad = good[:100]
            text = "read 100 of 296"
        elif damage == "empty":
            bad = b""
            text = "read 0 of 296"
        elif damage == "version":
            bad = good[:8] + b"\x13\x05\0\0" + good[12:]
            text = "database files are incompatible with server"
        else:
            bad = None
            text = "could not open file \"global/pg_control\""
        os.unlink(name)
        if bad is not None:
            with open(name, "wb") as f:
                f.write(bad)
        refused(cluster, text)
        with open(name, "wb") as f:
            f.write(good)
        os.chmod(name, 0o600)
        cluster.start()
        cluster.stop()
        cluster.check_files()
    finally:
        cluster.remove()


def test_torn_page():
    """Half of a page is new, half is old: the image in the log repairs it."""
    cluster = crashed_cluster(500)
    try:
        # the table's: every page of it was changed after the checkpoint
        relation = [max((n for n in os.listdir(cluster.path("base/5"))
                         if n.isdigit() and int(n) >= 16384),
                        key=lambda n: os.path.getsize(
                            cluster.path("base/5/" + n)))]
        torn = 0
        for name in relation:
            path = cluster.path("base/5/" + name)
            size = os.path.getsize(path)
            with open(path, "r+b") as f:
                for block in range(0, size // 8192):
                    f.seek(block * 8192 + 4096)
                    f.write(b"\xa5" * 4096)
                    torn += 1
        assert torn > 100, torn
        cluster.start()
        assert cluster.query("SELECT count(*), min(length(t)) FROM d") == \
            [(500, 1900)]
        cluster.stop()
        cluster.check_files()
    finally:
        cluster.remove()


def test_torn_page_without_images():
    """full_page_writes off: nothing repairs it, but the checksum tells."""
    cluster = Cluster(full_page_writes="off", checkpoint_timeout="1h")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer, t text)")
            conn.execute("INSERT INTO d VALUES (1, repeat('x', 1900))")
            conn.execute("CHECKPOINT")
            conn.execute("INSERT INTO d VALUES (2, 'y')")
            node = conn.execute("SELECT relfilenode FROM pg_class WHERE "
                                "relname = 'd'").fetchone()[0]
        cluster.kill()
        with open(cluster.path(f"base/5/{node}"), "r+b") as f:
            f.seek(4096)
            f.write(b"\xa5" * 512)
        text = refused(cluster, "invalid page in block 0 of relation")
        assert "WAL redo at" in text, text
    finally:
        cluster.remove()


# ---- calls that fail ----

def test_fsync_fails():
    """After a failed fsync nothing is known: PANIC, and replay."""
    cluster = Cluster()
    try:
        cluster.start(layer=True)
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            mark = len(cluster.log_text())
            cluster.fio.fail(EIO, FSYNC, "base/")
            try:
                conn.execute("CHECKPOINT")
                raise AssertionError("a checkpoint in spite of the failure")
            except psycopg.Error:
                pass
        wait_for(lambda: "ready to accept connections" in
                 cluster.log_text()[mark:], "the restart")
        assert "PANIC:  could not fsync file" in cluster.log_text()
        assert cluster.query("SELECT id FROM d") == [(1,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_log_write_fails(error, kind):
    """The log cannot be written: PANIC; what was acknowledged stays."""
    cluster = Cluster()
    try:
        cluster.start(layer=True)
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            mark = len(cluster.log_text())
            cluster.fio.fail(error, kind, "pg_wal/")
            try:
                conn.execute("INSERT INTO d VALUES (2)")
            except psycopg.Error:
                pass
        wait_for(lambda: "ready to accept connections" in
                 cluster.log_text()[mark:], "the restart")
        assert "PANIC" in cluster.log_text()[mark:], cluster.tail()
        got = cluster.query("SELECT id FROM d ORDER BY id")
        assert got in ([(1,)], [(1,), (2,)]), got
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_data_write_fails():
    """A page cannot be written: the checkpoint fails, the next one works."""
    cluster = Cluster()
    try:
        cluster.start(layer=True)
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            cluster.fio.fail(ENOSPC, WRITE, "base/", times=1000000)
            try:
                conn.execute("CHECKPOINT")
                raise AssertionError("a checkpoint in spite of the failure")
            except psycopg.Error as e:
                assert "checkpoint request failed" in str(e), e
            cluster.fio.set(32, 0)
            conn.execute("CHECKPOINT")
        assert "could not write block" in cluster.log_text()
        assert cluster.query("SELECT id FROM d") == [(1,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_log_read_fails():
    """EIO while the log is read is no end of the log."""
    cluster = crashed_cluster(500)
    try:
        cluster.fio.fail(EIO, READ, "pg_wal/", skip=20)
        cluster.spawn(layer=True)
        assert cluster.gone() == 1
        assert "could not read from log segment" in cluster.log_text()
        cluster.fio.end()
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(500,)]
        assert cluster.stop() == 0
    finally:
        cluster.remove()


make_template()
suite.shm_before |= set()
for one in ("none", "all", "random"):
    each(test_sweep, one)
for one in ("client backend", "checkpointer", "background writer",
            "walwriter", "postmaster"):
    each(test_killed_at_random, one)
each(test_load)
for one in ("checkpoint-redo-set", "checkpoint-buffers", "checkpoint-sync",
            "checkpoint-record", "checkpoint-control-file", "checkpoint-post",
            "buffer-write", "md-write", "buffer-extend", "md-zeroextend", "md-create", "md-unlink",
            "relation-create-storage", "pending-deletes"):
    each(test_killed_at, one)
for one in ("checkpoint-redo-set", "checkpoint-buffers", "checkpoint-sync",
            "checkpoint-record"):
    each(test_changes_during_checkpoint, one)
each(test_checkpoint_during_commit)
each(test_checkpoints_by_volume)
for test in (test_missing_segment, test_truncated_segment,
             test_damaged_segment, test_missing_continuation,
             test_last_segment_cut,
             test_no_checkpoint_record):
    each(test)
for one in ("bit", "short", "empty", "version", "missing"):
    each(test_control_file, one)
for test in (test_torn_page, test_torn_page_without_images, test_fsync_fails,
             test_data_write_fails, test_log_read_fails):
    each(test)
each(test_log_write_fails, EIO, WRITE)
each(test_log_write_fails, ENOSPC, WRITE)
each(test_log_write_fails, EIO, FSYNC)
suite.finish(template)
