"""Files that are damaged, cut off or missing: the log, the control file, pages.

What is needed is refused with words that name it, and nothing is changed, so
that it can be put back; what is repaired by the log is repaired.
"""
import os
import re
import shutil
import struct

from cluster import Cluster, pg_tool


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


def test_missing_segment():
    """One in the middle is gone: refused, and nothing is changed, so that it
    can be put back."""
    cluster = crashed_cluster(22000)
    try:
        used = cluster.used_segments()
        assert len(used) >= 3, used
        name = cluster.path("pg_wal/" + used[-2])
        os.rename(name, name + ".away")
        cluster.refused("the write-ahead log is missing or damaged",
                        used[-2], used[-1])
        os.rename(name + ".away", name)
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(22000,)]
        cluster.stop()
    finally:
        cluster.remove()


def test_truncated_segment():
    cluster = crashed_cluster(22000)
    try:
        used = cluster.used_segments()
        name = cluster.path("pg_wal/" + used[-2])
        shutil.copy(name, name + ".copy")
        os.truncate(name, 5 * 1024 * 1024)
        cluster.refused("the write-ahead log is missing or damaged", used[-2])
        os.rename(name + ".copy", name)
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(22000,)]
        cluster.stop()
    finally:
        cluster.remove()


# Nothing is written before the log is flushed, so where the log was cut no page
# may be newer: keep them all in memory.
IN_MEMORY = {"shared_buffers": "96MB", "bgwriter_lru_maxpages": "0"}


def test_damaged_segment():
    """Bytes in the middle of what is needed are wrong.  Who does what the hint
    says gets everything before them."""
    cluster = crashed_cluster(22000, IN_MEMORY)
    try:
        used = cluster.used_segments()
        with open(cluster.path("pg_wal/" + used[-2]), "r+b") as f:
            f.seek(3 * 1024 * 1024 + 17)
            byte = f.read(1)
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte[0] ^ 4]))
        cluster.refused("the write-ahead log is missing or damaged", used[-2],
                        f'move "{used[-1]}" and all later ones out of')
        for name in cluster.segments():
            if name >= used[-1]:
                os.rename(cluster.path("pg_wal/" + name), cluster.path(name))
        cluster.start()
        got = [r[0] for r in cluster.query("SELECT id FROM d ORDER BY id")]
        assert got == list(range(len(got))) and len(got) % 500 == 0, len(got)
        assert 5000 < len(got) < 22000, len(got)
        cluster.tusk_check()
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_missing_continuation():
    """The log ends in the middle of a record that crosses segments.  Writing
    goes on at the next one, and says so; the next recovery passes over it."""
    cluster = crashed_cluster(22000, IN_MEMORY)
    try:
        used = cluster.used_segments()
        with open(cluster.path("pg_wal/" + used[-1]), "r+b") as f:
            f.write(b"\0" * 16 * 1024 * 1024)
        cluster.spawn(env={"TUSK_INJECTION_POINTS":
                           "recovery-checkpoint=kill"})
        assert cluster.gone() == 1
        mark = cluster.mark()
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
        used = cluster.used_segments()
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
        for name in cluster.segments():
            os.rename(cluster.path("pg_wal/" + name),
                      cluster.path(name))
        cluster.refused("could not locate a valid checkpoint record at",
                        "put it back")
        for name in os.listdir(cluster.data):
            if re.fullmatch("[0-9A-F]{24}", name):
                os.rename(cluster.path(name), cluster.path("pg_wal/" + name))
        os.rename(cluster.path("pg_wal"), cluster.path("away"))
        cluster.refused('required WAL directory "pg_wal" does not exist')
        os.rename(cluster.path("away"), cluster.path("pg_wal"))
        shutil.rmtree(cluster.path("pg_wal/archive_status"))
        cluster.start()
        assert "creating missing WAL directory" in cluster.log_text()
        cluster.stop()
    finally:
        cluster.remove()


def with_crc(control):
    """The control file with the CRC-32C of what it says, at byte 288."""
    crc = 0xFFFFFFFF
    for byte in control[:288]:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return control[:288] + struct.pack("<I", crc ^ 0xFFFFFFFF) + control[292:]


def test_control_file(damage):
    """Refused, with what is wrong and what can be done; the right file back, it
    starts as if nothing had been."""
    cluster = Cluster(log_line_prefix="%b %e ")
    try:
        name = cluster.path("global/pg_control")
        with open(name, "rb") as f:
            good = f.read()
        version = ("database files are incompatible with server",
                   'Start it with the build that made it, or make another one '
                   'with "tusk init" and load the data again.')
        bad, texts = {
            "bit": (good[:40] + bytes([good[40] ^ 1]) + good[41:],
                    ("XX001 FATAL:  incorrect checksum in control file",
                     "Restore it from a backup")),
            "short": (good[:100],
                      ('XX001 FATAL:  could not read file '
                       '"global/pg_control": read 100 of 296',)),
            "empty": (b"", ("read 0 of 296",)),
            "version": (good[:8] + b"\x13\x05\0\0" + good[12:],
                        ("initialized with PG_CONTROL_VERSION 1299, but",
                         *version)),
            # of a build with other catalogs: the sum is right
            "catalogs": (with_crc(good[:12] + b"\x7d\x62\x0d\x0c" + good[16:]),
                         ("initialized with CATALOG_VERSION_NO 202203773, but "
                          "the server was compiled with CATALOG_VERSION_NO 2026",
                          *version)),
            "order": (good[:8] + good[8:12][::-1] + good[12:],
                      ("mismatched byte ordering", *version)),
            "missing": (None,
                        ('58P01 FATAL:  could not open file '
                         '"global/pg_control": No such file or directory',
                         "If it was moved, put it back.")),
        }[damage]
        os.unlink(name)
        if bad is not None:
            with open(name, "wb") as f:
                f.write(bad)
        cluster.refused(*texts)
        with open(name, "wb") as f:
            f.write(good)
        os.chmod(name, 0o600)
        cluster.start()
        cluster.stop()
        cluster.check_files()
    finally:
        cluster.remove()


def test_commit_log_missing(stopped):
    """Without the file nothing would have committed, and after a crash the
    files of every table would go as those of transactions that were cut off:
    the start is refused, and all is there once the file is back."""
    cluster = Cluster()
    try:
        cluster.start()
        cluster.query("CREATE TABLE d (id integer)")
        cluster.query("INSERT INTO d VALUES (1)")
        if stopped == "clean":
            assert cluster.stop() == 0
        else:
            cluster.query("CHECKPOINT")
            cluster.query("INSERT INTO d VALUES (2)")
            cluster.kill()
        name = cluster.path("pg_xact/0000")
        os.rename(name, name + ".away")
        cluster.refused("FATAL:  could not access status of transaction",
                        'Could not open file "pg_xact/0000": No such file')
        shutil.copy(name + ".away", name)
        os.truncate(name, 0)
        cluster.refused("FATAL:  could not access status of transaction",
                        'Could not read from file "pg_xact/0000" at offset 0: '
                        "read too few bytes.")
        os.rename(name + ".away", name)
        cluster.start()
        assert cluster.query("SELECT max(id) FROM d") == [
            (1 if stopped == "clean" else 2,)]
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def test_pruned_rollback():
    """An update was rolled back, its row version pruned, and the hint bit that
    says so lost with a crash.  That is no damage: tusk_check is silent."""
    cluster = Cluster(autovacuum="off")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            conn.execute("CHECKPOINT")
            conn.execute("BEGIN")
            conn.execute("UPDATE d SET id = 2")
            conn.execute("ROLLBACK")
            conn.execute("VACUUM d")
            conn.execute("CREATE TABLE e (id integer)")
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT * FROM tusk_check('d')") == []
        assert cluster.query("SELECT id FROM d") == [(1,)]
        assert cluster.stop() == 0
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
        text = cluster.refused("invalid page in block 0 of relation")
        assert "WAL redo at" in text, text
    finally:
        cluster.remove()


def run(suite):
    for test in (test_missing_segment, test_truncated_segment,
                 test_damaged_segment, test_missing_continuation,
                 test_last_segment_cut, test_no_checkpoint_record):
        suite.run(test)
    for one in ("bit", "short", "empty", "version", "catalogs", "order",
                "missing"):
        suite.run(test_control_file, one)
    for one in ("clean", "crash"):
        suite.run(test_commit_log_missing, one)
    for test in (test_torn_page, test_torn_page_without_images,
                 test_pruned_rollback):
        suite.run(test)
