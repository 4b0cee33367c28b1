"""A disk that is full, and calls that fail: a clear error, and nothing lost.

Full is a file system of a few megabytes, in memory or (where loop devices can be
had) ext4; without the right to mount one these tests are passed over, and say
so.  Single calls are failed by the layer (faultio.c).  A write that fails is an
error and is tried again; a sync that fails is a PANIC, for nothing is known then
of what was written; so is a write of the log.
"""
import os
import re
import subprocess
import tempfile

import psycopg

import cluster as base
from cluster import Cluster
from faultio import (ALLOCATE, CREATE, FSYNC, READ, TRUNCATE, UNLINK, WRITE)
from harness import OWN_MOUNTS, Passed, mount_tmpfs, umount, wait_for

EIO = 5
ENOSPC = 28
MEGABYTE = 1 << 20
FULL = "53100"
IO_ERROR = "58030"

# %e in front of each line
WITH_STATE = {"log_line_prefix": "%b %e "}


class SmallDisk:
    """A file system of some megabytes, mounted for us alone."""

    def __init__(self, kind, megabytes):
        if not OWN_MOUNTS:
            raise Passed("no right to mount a file system")
        self.path = tempfile.mkdtemp(prefix="disk", dir=base.work)
        self.image = None
        if kind == "tmpfs":
            mount_tmpfs(self.path, megabytes * MEGABYTE)
        else:
            self.image = self.path + ".ext4"
            with open(self.image, "wb") as f:
                f.truncate(megabytes * MEGABYTE)
            self.tool("mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0",
                      self.image)
            self.tool("mount", "-o", "loop", self.image, self.path)

    def tool(self, *args):
        try:
            done = subprocess.run(args, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        except FileNotFoundError:
            raise Passed(f"no {args[0]}")
        if done.returncode != 0:
            raise Passed(f"{args[0]}: {done.stdout.strip()}")

    def fill(self):
        """Take what is left; the file that did."""
        name = os.path.join(self.path, "filler")
        with open(name, "ab", buffering=0) as f:
            for size in (1 << 16, 1 << 12):
                try:
                    while True:
                        f.write(b"f" * size)
                except OSError:
                    pass
        return name

    def empty(self):
        """Give it back."""
        name = os.path.join(self.path, "filler")
        if os.path.exists(name):
            os.unlink(name)

    def remove(self):
        umount(self.path)
        os.rmdir(self.path)
        if self.image:
            os.unlink(self.image)


def error_of(conn, sql):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        return e
    raise AssertionError(f"no error from {sql}")


def check_error(e, sqlstate, pattern, hint=None):
    assert e.sqlstate == sqlstate, (e.sqlstate, str(e))
    assert re.search(pattern, e.diag.message_primary), e.diag.message_primary
    if hint:
        assert hint in (e.diag.message_hint or ""), e.diag.message_hint


def log_on_other_disk(cluster):
    """pg_wal as a link to a directory with room."""
    away = tempfile.mkdtemp(prefix="wal", dir=base.work)
    target = os.path.join(away, "pg_wal")
    base.shutil.move(cluster.path("pg_wal"), target)
    os.symlink(target, cluster.path("pg_wal"))


def fill_table(conn, table, acked):
    """Rows of about half a kilobyte, ten at a time, until there is an error."""
    for n in range(1, 1 << 30, 10):
        try:
            conn.execute(f"INSERT INTO {table} SELECT i, ('[' || i || "
                         f"',1,2]')::vector, repeat('x', 500) FROM generate_series({n}, "
                         f"{n + 9}) i")
        except psycopg.Error as e:
            return e
        acked.update(range(n, n + 10))


def ids(conn, table):
    return {r[0] for r in conn.execute(f"SELECT id FROM {table}")}


# What a failing disk may do to a server: no word of these is a fault.
DISK_PANIC = ("PANIC:  could not ", "terminated by signal 6: Aborted")


def test_full_disk(kind):
    """Tables: whoever needs a new page gets an error with a hint, everybody
    else goes on; a drop makes room; a crash in this state costs nothing."""
    disk = SmallDisk(kind, 8)
    cluster = None
    try:
        cluster = Cluster(disk.path, shared_buffers="1MB",
                          **WITH_STATE)
        log_on_other_disk(cluster)
        cluster.start()
        acked = set()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE ballast (id integer, v vector(3), "
                         "t text)")
            conn.execute("INSERT INTO ballast SELECT i, '[1,2,3]', "
                         "repeat('y', 1900) FROM generate_series(1, 1900) i")
            conn.execute("CREATE TABLE d (id integer, v vector(3), t text)")
            e = fill_table(conn, "d", acked)
            check_error(e, FULL, r'^could not (extend|create) file "base/5/'
                        r'\d+(_\w+)?": (No space left on device|wrote only)',
                        "Check free disk space.")
            assert len(acked) > 1000, len(acked)
            assert ids(conn, "d") == acked
            # a transaction that fails is undone; its session goes on
            conn.execute("BEGIN")
            conn.execute("DELETE FROM d WHERE id <= 10")
            e = error_of(conn, "INSERT INTO d SELECT i, '[1,2,3]', "
                         "repeat('z', 1900) FROM generate_series(1, 500) i")
            check_error(e, FULL, "could not extend file")
            conn.execute("ROLLBACK")
            assert ids(conn, "d") == acked
            # a build needs pages
            disk.fill()
            e = error_of(conn, "CREATE INDEX d_v ON d USING hnsw "
                         "(v vector_l2_ops)")
            assert e.sqlstate == FULL, (e.sqlstate, str(e))
            assert conn.execute("SELECT count(*) FROM pg_class WHERE relname "
                                "= 'd_v'").fetchone() == (0,)
            # so does a sort that does not fit into memory
            conn.execute("SET work_mem = '64kB'")
            e = error_of(conn, "SELECT id FROM ballast ORDER BY t || id")
            check_error(e, FULL, "could not write to file "
                        r'"base/pgsql_tmp/pgsql_tmp')
            assert not os.path.isdir(cluster.path("base/pgsql_tmp")) or \
                not os.listdir(cluster.path("base/pgsql_tmp"))
            conn.execute("CHECKPOINT")
            conn.execute("DELETE FROM d WHERE id <= 20")
            acked -= set(range(1, 21))
        cluster.kill()
        mark = cluster.mark()
        cluster.spawn()
        wait_for(lambda: cluster.main.poll() is not None or
                 "ready to accept" in cluster.log_text()[mark:], "the start")
        cluster.expect(*DISK_PANIC)
        if cluster.main.poll() is not None:
            # replay may need a page too; then it says so, and waits for room
            assert re.search(r"FATAL|PANIC", cluster.tail()) and \
                "No space left on device" in cluster.tail(), cluster.tail()
            disk.empty()
            cluster.start()
        with cluster.connect() as conn:
            assert ids(conn, "d") == acked
            conn.execute("DROP TABLE ballast")
            more = {-i for i in range(1, 501)}
            conn.execute("INSERT INTO d SELECT -i, '[1,2,3]', repeat('x', "
                         "500) FROM generate_series(1, 500) i")
            disk.empty()
            conn.execute("CREATE INDEX d_v ON d USING hnsw (v vector_l2_ops)")
            assert ids(conn, "d") == acked | more
        cluster.tusk_check()
        assert not re.search("PANIC|terminated by signal",
                             cluster.log_text()), cluster.tail()
        assert cluster.stop() == 0, cluster.tail()
        cluster.check_files()
    finally:
        if cluster is not None:
            cluster.remove()
        disk.remove()


def test_full_disk_of_log(kind):
    """No room for the next segment is a PANIC; every acknowledged row is there
    when there is room again, and not before does the server serve."""
    disk = SmallDisk(kind, 80)
    cluster = None
    try:
        cluster = Cluster(max_wal_size="1GB", checkpoint_timeout="1h",
                          wal_recycle="off", **WITH_STATE)
        target = os.path.join(disk.path, "pg_wal")
        base.shutil.move(cluster.path("pg_wal"), target)
        os.symlink(target, cluster.path("pg_wal"))
        cluster.expect(*DISK_PANIC)
        filler = disk.fill()
        os.truncate(filler, os.path.getsize(filler) - 20 * MEGABYTE)
        cluster.start()
        acked = set()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer, v vector(3), t text)")
        conn = cluster.connect()
        mark = cluster.mark()
        while len(acked) < 100000:
            n = len(acked) + 1
            try:
                conn.execute("INSERT INTO d SELECT i, '[1,2,3]', repeat('x', "
                             f"1900) FROM generate_series({n}, {n + 99}) i")
            except psycopg.Error:
                break
            acked.update(range(n, n + 100))
        conn.close()
        wait_for(lambda: "PANIC" in cluster.log_text()[mark:], "the PANIC")
        text = cluster.log_text()[mark:]
        assert re.search(r'53100 PANIC:  could not (write to|create|extend) '
                         r'file "pg_wal/xlogtemp.\d+": No space left', text), \
            text
        if cluster.main.poll() is None:
            wait_for(lambda: cluster.main.poll() is not None or
                     "ready to accept connections" in
                     cluster.log_text()[mark:], "the end of recovery")
        os.unlink(filler)
        if cluster.main.poll() is not None:
            cluster.start()
        with cluster.connect() as conn:
            have = ids(conn, "d")
            n = len(acked) + 1
            assert have in (acked, acked | set(range(n, n + 100))), len(have)
            conn.execute("INSERT INTO d VALUES (-1)")
        assert cluster.stop() == 0, cluster.tail()
        cluster.check_files()
    finally:
        if cluster is not None:
            cluster.remove()
        disk.remove()


def test_full_disk_at_start():
    """Refused with the file's name; a start with room finds all as it was."""
    disk = SmallDisk("tmpfs", 24)
    cluster = None
    try:
        cluster = Cluster(disk.path)
        cluster.start()
        cluster.query("CREATE TABLE d (id integer)")
        cluster.query("INSERT INTO d VALUES (1)")
        cluster.kill()
        os.unlink(cluster.path("postmaster.pid"))
        log = cluster.log
        cluster.log = os.path.join(base.work, "log")  # a disk with room
        open(cluster.log, "w").close()
        filler = disk.fill()
        cluster.refused("could not write lock file", "No space left on device")
        os.unlink(filler)
        os.unlink(cluster.log)
        cluster.log = log
        cluster.start()
        assert cluster.query("SELECT id FROM d") == [(1,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        if cluster is not None:
            cluster.remove()
        disk.remove()


# ---- calls that fail ----

def with_table(rows=1, **settings):
    """A server over the layer, a table d, and a connection."""
    cluster = Cluster(**WITH_STATE, **settings)
    cluster.start(layer=True)
    conn = cluster.connect()
    conn.execute("CREATE TABLE d (id integer, v vector(3), t text)")
    conn.execute("INSERT INTO d SELECT i, ('[' || i || ',1,2]')::vector, "
                 f"repeat('x', 500) FROM generate_series(1, {rows}) i")
    return cluster, conn


def finish(cluster, conn, expected):
    """All is there, now and after a crash."""
    cluster.fio.set(32, 0)
    assert conn.execute("SELECT count(*) FROM d").fetchone() == (expected,)
    cluster.tusk_check()
    conn.close()
    cluster.kill()
    cluster.fio.end()
    cluster.start()
    assert cluster.query("SELECT count(*) FROM d") == [(expected,)]
    cluster.tusk_check()
    assert not cluster.orphans(), cluster.orphans()
    assert cluster.stop() == 0, cluster.tail()
    cluster.check_files()


def test_data_read_fails():
    """The statement fails with the file's name and the block; the next does
    not."""
    cluster, conn = with_table(1500)
    try:
        conn.execute("CREATE INDEX d_v ON d USING hnsw (v vector_l2_ops)")
        conn.execute("CHECKPOINT")
        node, index = [conn.execute(
            "SELECT relfilenode FROM pg_class WHERE relname = %s",
            (name,)).fetchone()[0] for name in ("d", "d_v")]
        cluster.fio.fail(EIO, READ, f"base/5/{node}")
        e = error_of(conn, "SELECT count(*) FROM d")
        check_error(e, IO_ERROR, rf'^could not read block \d+ in file '
                    rf'"base/5/{node}": Input/output error$')
        conn.execute("SET enable_seqscan = off")
        search = "SELECT id FROM d ORDER BY v <-> '[7,1,2]' LIMIT 1"
        cluster.fio.fail(EIO, READ, f"base/5/{index}")
        e = error_of(conn, search)
        check_error(e, IO_ERROR, rf'"base/5/{index}": Input/output error$')
        cluster.fio.set(32, 0)
        assert conn.execute(search).fetchone() == (7,)
        finish(cluster, conn, 1500)
    finally:
        cluster.remove()


def test_data_write_fails(error):
    """A page cannot be written: the checkpoint fails, and so does a statement
    that needs a buffer; with the cause in words.  The next ones work."""
    text = "No space left on device" if error == ENOSPC else \
        "Input/output error"
    state = FULL if error == ENOSPC else IO_ERROR
    cluster, conn = with_table()
    try:
        node = conn.execute("SELECT relfilenode FROM pg_class WHERE relname "
                            "= 'd'").fetchone()[0]
        mark = cluster.mark()
        cluster.fio.fail(error, WRITE, f"base/5/{node}", times=1000000)
        e = error_of(conn, "CHECKPOINT")
        assert "checkpoint request failed" in str(e), e
        assert "server log" in (e.diag.message_hint or ""), e.diag.message_hint
        assert re.search(rf'{state} ERROR:  could not write block 0 in file '
                         rf'"base/5/{node}": {text}',
                         cluster.log_text()[mark:]), cluster.tail()
        e = error_of(conn, "INSERT INTO d SELECT i, '[1,2,3]', "
                     "repeat('x', 1900) FROM generate_series(1, 400) i")
        assert e.sqlstate == state, (e.sqlstate, str(e))
        assert re.search(f"could not (write block|extend).*{text}",
                         str(e)), e
        cluster.fio.set(32, 0)
        conn.execute("CHECKPOINT")
        conn.execute("INSERT INTO d SELECT i, '[1,2,3]', repeat('x', 1900) "
                     "FROM generate_series(1, 400) i")
        finish(cluster, conn, 401)
    finally:
        cluster.remove()


def test_extension_fails(error):
    """The table cannot grow: the statement fails, nothing of it stays."""
    cluster, conn = with_table(10)
    try:
        node = conn.execute("SELECT relfilenode FROM pg_class WHERE relname "
                            "= 'd'").fetchone()[0]
        cluster.fio.fail(error, WRITE | ALLOCATE, f"base/5/{node}",
                         times=1000000)
        e = error_of(conn, "INSERT INTO d SELECT i, '[1,2,3]', "
                     "repeat('x', 1900) FROM generate_series(1, 100) i")
        assert e.sqlstate == (FULL if error == ENOSPC else IO_ERROR), e
        assert re.search(rf'could not (extend|write block \d+ in) file '
                         rf'"base/5/{node}(_fsm)?"', str(e)), e
        finish(cluster, conn, 10)
    finally:
        cluster.remove()


def test_create_fails():
    cluster, conn = with_table()
    try:
        for sql in ("CREATE TABLE e (id integer)",
                    "CREATE UNLOGGED TABLE e (id integer)",
                    "CREATE INDEX e ON d USING hnsw (v vector_l2_ops)",
                    "TRUNCATE d"):
            cluster.fio.fail(ENOSPC, CREATE, "base/5/")
            e = error_of(conn, sql)
            check_error(e, FULL, r'^could not create file "base/5/\d+": '
                        "No space left on device$")
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = "
                            "'e'").fetchone() == (0,)
        finish(cluster, conn, 1)
    finally:
        cluster.remove()


def test_unlink_fails():
    """What cannot be removed is told; the drop is committed all the same, and
    the end of a recovery removes it."""
    cluster, conn = with_table()
    try:
        conn.execute("CREATE TABLE e (id integer)")
        mark = cluster.mark()
        cluster.fio.fail(EIO, UNLINK | TRUNCATE, "base/5/", times=1000000)
        conn.execute("DROP TABLE e")
        assert conn.execute("SELECT count(*) FROM pg_class WHERE relname = "
                            "'e'").fetchone() == (0,)
        try:
            conn.execute("CHECKPOINT")
        except psycopg.Error:
            pass
        assert re.search(r'could not (remove|truncate) file "base/5/\d+": '
                         "Input/output error", cluster.log_text()[mark:]), \
            cluster.tail()
        finish(cluster, conn, 1)
    finally:
        cluster.remove()


def test_truncation_fails():
    """VACUUM cannot cut off the end of a file, whose pages in the pool are
    thrown away by then.  The file has the rows as they were before they were
    deleted: an ERROR would bring them back.  PANIC, and replay cuts."""
    cluster, conn = with_table(300)
    try:
        cluster.expect(*DISK_PANIC)
        conn.execute("CHECKPOINT")
        conn.execute("DELETE FROM d WHERE id > 10")
        mark = cluster.mark()
        cluster.fio.fail(EIO, TRUNCATE, "base/5/", times=1)
        try:
            conn.execute("VACUUM d")
            raise AssertionError("a vacuum in spite of the failure")
        except psycopg.OperationalError:
            pass
        cluster.restarted(mark)
        assert ('PANIC:  could not truncate file "base/5/' in
                cluster.log_text()[mark:])
        cluster.fio.set(32, 0)
        conn = cluster.connect()
        rows, size = conn.execute("SELECT count(*), pg_relation_size('d') "
                                  "FROM d").fetchone()
        # a page that the background writer had pinned stays, and those before
        assert rows == 10 and size < 20 * 8192, (rows, size)
        conn.execute("INSERT INTO d SELECT i, '[1,2,3]', repeat('x', 500) "
                     "FROM generate_series(11, 300) i")
        conn.execute("DELETE FROM d WHERE id > 200")
        conn.execute("VACUUM d")
        finish(cluster, conn, 200)
    finally:
        cluster.remove()


def test_sync_fails(where):
    """After a failed sync nothing is known: PANIC, and replay."""
    cluster, conn = with_table()
    try:
        cluster.expect(*DISK_PANIC)
        mark = cluster.mark()
        cluster.fio.fail(EIO, FSYNC, where)
        e = error_of(conn, "CHECKPOINT")
        assert e.sqlstate in ("57P02", None, "XX000"), e.sqlstate
        conn.close()
        cluster.restarted(mark)
        text = cluster.log_text()[mark:]
        assert re.search(rf'58030 PANIC:  could not f(data)?sync file '
                         rf'"{where}[^"]*": Input/output error', text) or \
            re.search(rf'58030 PANIC:  could not access status of transaction '
                      rf'\d+\n.*Could not fsync file "{where}[^"]*": '
                      'Input/output error', text), text
        finish(cluster, cluster.connect(), 1)
    finally:
        cluster.remove()


def test_log_write_fails(error, kind):
    """The log cannot be written: PANIC; what was acknowledged stays."""
    cluster, conn = with_table()
    try:
        cluster.expect(*DISK_PANIC)
        mark = cluster.mark()
        cluster.fio.fail(error, kind, "pg_wal/")
        try:
            conn.execute("INSERT INTO d VALUES (2)")
        except psycopg.Error:
            pass
        conn.close()
        cluster.restarted(mark)
        text = cluster.log_text()[mark:]
        assert re.search(
            "58030 PANIC:  could not fdatasync file "
            '"000000010000000000000001": Input/output error'
            if kind == FSYNC else
            "(58030|53100) PANIC:  could not write to log file "
            r"000000010000000000000001 at offset \d+, length \d+: "
            "(Input/output error|No space left on device)", text), text
        with cluster.connect() as conn:
            have = ids(conn, "d")
            assert have in ({1}, {1, 2}), have
        finish(cluster, cluster.connect(), len(have))
    finally:
        cluster.remove()


def test_log_write_fails_in_worker(skip):
    """Whoever of a parallel build has to write the log, for a page that is in
    the way: a PANIC in a worker is told to its leader, too."""
    cluster = Cluster(**WITH_STATE, wal_writer_delay="10s",
                      bgwriter_lru_maxpages="0",
                      parallel_leader_participation="off")
    try:
        cluster.start(layer=True)
        conn = cluster.connect()
        conn.execute("CREATE TABLE d (id integer, v vector(3), t text) WITH "
                     "(parallel_workers = 2)")
        insert = ("INSERT INTO d SELECT i, ('[' || i || ',1,2]')::vector FROM "
                  "generate_series(1, 1000) i")
        conn.execute(insert)
        conn.execute("CHECKPOINT")
        conn.execute("SET synchronous_commit = off")
        conn.execute(insert)
        mark = cluster.mark()
        cluster.expect(*DISK_PANIC)
        cluster.fio.fail(ENOSPC, WRITE, "pg_wal/", skip=skip)
        e = error_of(conn, "CREATE INDEX d_v ON d USING hnsw "
                     "(v vector_l2_ops)")
        assert e.sqlstate in (FULL, "57P02", None), e.sqlstate
        conn.close()
        cluster.restarted(mark)
        assert "53100 PANIC:  could not write to log file" in \
            cluster.log_text()[mark:], cluster.tail()
        with cluster.connect() as conn:
            # what was committed without a wait may be lost
            have = conn.execute("SELECT count(*) FROM d").fetchone()[0]
        assert have in (1000, 2000), have
        finish(cluster, cluster.connect(), have)
    finally:
        cluster.remove()


def test_log_read_fails():
    """EIO while the log is read is no end of the log."""
    cluster, conn = with_table(300)
    conn.close()
    try:
        cluster.kill()
        cluster.fio.end()
        cluster.fio.fail(EIO, READ, "pg_wal/", skip=5)
        cluster.spawn(layer=True)
        assert cluster.gone() == 1
        assert "could not read from log segment" in cluster.log_text()
        cluster.fio.end()
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(300,)]
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def test_commit_log_read_fails():
    """Outcomes that cannot be read are not guessed: no start."""
    cluster, conn = with_table(5)
    try:
        conn.close()
        assert cluster.stop() == 0
        cluster.fio.end()
        cluster.fio.fail(EIO, READ, "pg_xact/")
        mark = cluster.mark()
        cluster.spawn(layer=True)
        assert cluster.gone() == 1
        text = cluster.log_text()[mark:]
        assert re.search(r"58030 FATAL:  could not access status of "
                         r"transaction \d+", text), text
        assert re.search('Could not read from file "pg_xact/0000" at offset '
                         r"\d+: Input/output error", text), text
        cluster.fio.end()
        cluster.start(layer=True)
        finish(cluster, cluster.connect(), 5)
    finally:
        cluster.remove()


def test_missing_file():
    """A table's file is gone, or too short: its reader is told which, the
    others notice nothing."""
    cluster, conn = with_table(300)
    try:
        conn.execute("CREATE TABLE e (id integer)")
        conn.execute("INSERT INTO e VALUES (1)")
        node = conn.execute("SELECT relfilenode FROM pg_class WHERE relname "
                            "= 'd'").fetchone()[0]
        conn.close()
        assert cluster.stop() == 0
        name = cluster.path(f"base/5/{node}")
        os.rename(name, name + ".away")
        cluster.start()
        with cluster.connect() as conn:
            e = error_of(conn, "SELECT count(*) FROM d")
            check_error(e, "58P01", rf'^could not open file "base/5/{node}": '
                        "No such file or directory$")
            assert ids(conn, "e") == {1}
        assert cluster.stop() == 0
        os.rename(name + ".away", name)
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(300,)]
        cluster.stop()
    finally:
        cluster.remove()


def run(suite):
    for kind in ("tmpfs", "ext4"):
        suite.run(test_full_disk, kind)
        suite.run(test_full_disk_of_log, kind)
    suite.run(test_full_disk_at_start)
    suite.run(test_data_read_fails)
    for error in (EIO, ENOSPC):
        suite.run(test_data_write_fails, error)
        suite.run(test_extension_fails, error)
    for test in (test_create_fails, test_unlink_fails, test_truncation_fails):
        suite.run(test)
    for where in ("base/5/", "pg_xact/", "global/pg_control"):
        suite.run(test_sync_fails, where)
    suite.run(test_log_write_fails, EIO, WRITE)
    suite.run(test_log_write_fails, ENOSPC, WRITE)
    suite.run(test_log_write_fails, EIO, FSYNC)
    for skip in range(3):
        suite.run(test_log_write_fails_in_worker, skip)
    for test in (test_log_read_fails, test_commit_log_read_fails,
                 test_missing_file):
        suite.run(test)
