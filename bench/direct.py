#!/usr/bin/python3
"""direct.py [BUILD_DIR]: search in the client's process, beside hnswlib's.

One private server and one table, as in search.py.  A program with libtusk
(direct_bench.c) searches for the ten nearest of each query directly, in one call
and in a call for each, then by a prepared statement over the rings and over the
Unix socket; then hnswlib searches, one thread.  Each round has all of them, and
the least of ROUNDS (3) counts.  Printed are recall@10, microseconds a query on
the clock and of the client's processor time.  Then two processes at a time
search directly, and one: queries a second of all of them, and the ratio.
"""
import os
import shutil
import subprocess
import sys
import tempfile

import psycopg

from commits import Tusk
from index import load
from search import files, recall

ROUNDS = int(os.environ.get("ROUNDS", "3"))
PASSES = os.environ.get("PASSES", "20")
EFS = [int(e) for e in os.environ.get("EFS", "40,80,160,240").split(",")]
EXACT = ("SELECT array(SELECT i.embedding <-> q.embedding FROM items i "
         "ORDER BY i.embedding <-> q.embedding LIMIT 10) FROM queries q "
         "ORDER BY q.id")
MODES = {"direct, one call": ("batch", ""), "direct": ("single", ""),
         "statement, rings": ("statement", " attach=rings"),
         "statement, socket": ("statement", " attach=off")}


class Bench:
    def __init__(self, build, server, work):
        self.program = os.path.join(build, "bin/direct_bench")
        self.server, self.out = server, os.path.join(work, "found")

    def command(self, mode, ef, out):
        kind, options = MODES[mode]
        conninfo = (f"host={self.server.host} user={self.server.user} "
                    f"dbname=postgres{options}")
        return [self.program, conninfo, str(self.index), kind, str(ef), PASSES,
                out]

    def run(self, mode, ef):
        done = subprocess.run(self.command(mode, ef, self.out), check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split()
        with open(self.out) as f:
            rows = [(i, [float(d) for d in line.split()])
                    for i, line in enumerate(f)]
        assert "direct" not in mode or done[2] == done[3], done
        return recall(rows, self.exact), float(done[0]), float(done[1])

    def together(self, n, ef):
        """Queries a second of n processes."""
        processes = [subprocess.Popen(
            self.command("direct, one call", ef, f"{self.out}{i}"),
            stdout=subprocess.PIPE, text=True) for i in range(n)]
        return sum(1e6 / float(p.communicate()[0].split()[0])
                   for p in processes)


def measure(bench, c):
    c.execute("CREATE INDEX items_v ON items USING hnsw "
              "(embedding vector_l2_ops)")
    bench.index = c.execute("SELECT 'items_v'::regclass::oid").fetchone()[0]
    c.execute("SET enable_indexscan = off")
    bench.exact = [row[0] for row in c.execute(EXACT).fetchall()]
    best = {}
    for _ in range(ROUNDS):
        for ef in EFS:
            for mode in MODES:
                found, clock, cpu = bench.run(mode, ef)
                old = best.get((mode, ef), (0, clock, cpu))
                best[mode, ef] = (found, min(old[1], clock), min(old[2], cpu))
    for (mode, ef), (found, clock, cpu) in best.items():
        print(f"{mode:18} ef {ef:4} recall {found:.4f} {clock:7.1f} us "
              f"{cpu:7.1f} us processor", flush=True)
    ones, twos = [], []
    for _ in range(ROUNDS):
        ones.append(bench.together(1, 80))
        twos.append(bench.together(2, 80))
    ratio = sorted(b / a for a, b in zip(ones, twos))[len(ones) // 2]
    print(f"1 process {max(ones):.0f} queries/s, 2 processes {max(twos):.0f}: "
          f"{ratio:.2f} times", flush=True)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    work = tempfile.mkdtemp(prefix="tusk-bench-")
    server = Tusk(work)
    try:
        server.start(buffers="256MB")
        load(build, server, work)
        base, queries, gt = files(work)
        subprocess.run([os.path.join(build, "bin/tusk"), "load", "-h",
                        server.host, "-t", "queries", queries],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        with psycopg.connect(host=server.host, user=server.user,
                             dbname="postgres", autocommit=True) as c:
            measure(Bench(build, server, work), c)
        server.stop()
        subprocess.run([os.path.join(build, "bin/hnswlib_bench"), base, queries,
                        "--gt", gt, "--threads", "1",
                        "--ef", ",".join(map(str, EFS))], check=True)
    finally:
        server.stop()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
