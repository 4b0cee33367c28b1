"""PostgreSQL 15's tools accept a stopped directory.

Story: a server makes tables, rolls back, deletes, builds hnsw indexes and
stops. pg_checksums, pg_controldata and pg_filedump then read every file. Their
exit status says little, so their output is read. The danger: pages that only
Tusk itself can read, checksums that are wrong on pages written by the flush of
a build or by an eviction, a control file that PostgreSQL would not believe.
At last the server starts again and has what was committed.
"""
import glob
import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite  # noqa: E402

PGBIN = "/usr/lib/postgresql/15/bin/"
ROWS = 3000
PAGE = 8192

rng = random.Random(3)
server = Server(shared_buffers="1MB")  # 128 buffers: most pages are evicted
suite = Suite()


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=120,
                          env={**os.environ, "LC_ALL": "C"})
    return done.stdout


def relation_files():
    return sorted(f for f in glob.glob(server.data + "/base/*/*")
                  + glob.glob(server.data + "/global/*")
                  if re.fullmatch(r"\d+(\.\d+)?", os.path.basename(f)))


def test_fill():
    server.start()
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION vector")
        conn.execute("CREATE TABLE t (id integer, name text, v vector(16))")
        with conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(ROWS):
                copy.write_row((i, f"row {i}", str(
                    [round(rng.gauss(0, 1), 4) for _ in range(16)])))
        conn.execute("DELETE FROM t WHERE id % 10 = 3")
        conn.execute("CREATE INDEX t_l2 ON t USING hnsw (v vector_l2_ops)")
        conn.execute("CREATE INDEX t_cos ON t USING hnsw (v vector_cosine_ops)"
                     " WITH (m = 8)")
        conn.execute("BEGIN")
        conn.execute("CREATE TABLE gone (a integer)")
        conn.execute("INSERT INTO gone VALUES (1)")
        conn.execute("INSERT INTO t SELECT id + 10000, name, v FROM t "
                     "WHERE id < 100")
        conn.execute("ROLLBACK")
        conn.execute("INSERT INTO t SELECT id + 20000, name, v FROM t "
                     "WHERE id < 100")
    server.stop()


def test_pg_checksums():
    out = run(PGBIN + "pg_checksums", "--check", "-D", server.data)
    assert "Bad checksums:  0" in out, out
    scanned = int(re.search(r"Blocks scanned: +(\d+)", out).group(1))
    assert scanned > 100, out


def test_pg_controldata():
    out = run(PGBIN + "pg_controldata", server.data)
    assert "WARNING" not in out, out
    assert re.search(r"cluster state: +shut down\n", out), out
    assert re.search(r"page checksum version: +1\n", out), out


def test_pg_filedump_checksums():
    files = relation_files()
    assert len(files) > 5, files
    for f in files:
        out = run("pg_filedump", "-k", f)
        # A page of zeros has no checksum; anything else must have its own.
        for block, text in re.findall(r"Block +(\d+) \**(.*?)(?=\nBlock|\Z)",
                                      out, re.S):
            if "checksum failure" not in text:
                continue
            with open(f, "rb") as raw:
                raw.seek(int(block) * PAGE)
                assert raw.read(PAGE) == bytes(PAGE), (f, block, text[:400])


def test_pg_filedump_items():
    for f in relation_files():
        with open(f, "rb") as raw:
            raw.seek(16)
            special = int.from_bytes(raw.read(2), "little")
        if special != PAGE:
            continue  # not a heap
        out = run("pg_filedump", "-i", "-k", f)
        assert "Error" not in out, (f, [line for line in out.splitlines()
                                        if "Error" in line][:5])


def test_after_start_again():
    server.start()
    live = ROWS - ROWS // 10 + 90
    with server.connect() as conn:
        assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == live
        assert conn.execute("SELECT count(*) FROM pg_class WHERE "
                            "relname = 'gone'").fetchone()[0] == 0
        conn.execute("SET enable_seqscan = off")
        row = conn.execute("SELECT id, v FROM t WHERE id = 50").fetchone()
        found = conn.execute("SELECT id FROM t ORDER BY v <-> %s LIMIT 2",
                             (row[1],)).fetchall()
        assert {r[0] for r in found} == {50, 20050}, found


suite.run(test_fill)
suite.run(test_pg_checksums)
suite.run(test_pg_controldata)
suite.run(test_pg_filedump_checksums)
suite.run(test_pg_filedump_items)
suite.run(test_after_start_again)
server.stop()
suite.finish(server)
