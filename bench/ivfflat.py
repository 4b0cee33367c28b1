#!/usr/bin/python3
"""ivfflat.py [BUILD_DIR]: an ivfflat index beside faiss's IndexIVFFlat.

One private server and one table, as in index.py: the demo's words, or
NAME.base.bvecs with TUSK_BENCH_DATA=NAME.  Builds take turns ROUNDS (7) times,
Tusk with one and two participants, faiss with one and two threads, with as many
lists, sampled rows and iterations of k-means as Tusk's build had; medians count,
and ratios within a round.  Tusk reads a table, writes pages and logs them; faiss
has all in memory.  How long the steps of a build took is in the server's log.

Then searches for the ten nearest inside a backend, all queries in one
statement that counts the arrays found, and faiss's, one thread, one query after
the other, in turns, with as many probes (PROBES, "1,8,32"), and each with the
fewest with which it finds 0.95 of the nearest.  Recall is counted by distance.
STEPS=build or STEPS=search does one of the two.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import psycopg

from commits import Tusk
from index import load
from search import SQL, files, recall, used

ROUNDS = int(os.environ.get("ROUNDS", "7"))
PROBES = os.environ.get("PROBES", "1,8,32")
STEPS = os.environ.get("STEPS", "build,search").split(",")
RECALL = 0.95
LISTS = 200
SAMPLE = max(50 * LISTS, 10000)
SEED = 7
CREATE = ("CREATE INDEX items_i ON items USING ivfflat "
          f"(embedding vector_l2_ops) WITH (lists = {LISTS})")
STEP_TIMES = re.compile(r"sample ([0-9.]+) s, k-means ([0-9.]+) s in (\d+) "
                        r"iterations, assignment ([0-9.]+) s, sort "
                        r"([0-9.]+) s, load ([0-9.]+) s")


def ratios(what, above, below):
    values = [a / b for a, b in zip(above, below)]
    print(f"{what:52} {statistics.median(values):5.2f}   "
          f"({min(values):.2f} to {max(values):.2f})", flush=True)


# ---- builds ----

def build_tusk(c, server, participants):
    """Seconds: of the build, then of its steps; and how many iterations."""
    c.execute("DROP INDEX IF EXISTS items_i")
    c.execute(f"SET max_parallel_maintenance_workers = {participants - 1}")
    # what other builds left is written, and their log's files are used again
    c.execute("CHECKPOINT")
    clock = time.perf_counter()
    c.execute(CREATE)
    clock = time.perf_counter() - clock
    with open(server.log) as f:
        said = STEP_TIMES.findall(f.read())[-1]
    iterations = int(said[2])
    return [clock] + [float(said[i]) for i in (0, 1, 3, 4, 5)], iterations


def build_faiss(tool, base, threads, iterations):
    """Seconds: of the build, of k-means, of adding the rows; of processors."""
    out = subprocess.run([tool, "build", base, "--lists", str(LISTS),
                          "--sample", str(SAMPLE), "--iterations",
                          str(iterations), "--threads", str(threads)],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    _, clock, processor, train, add = map(float, out.split())
    return clock, train, add, processor


def measure_builds(c, server, tool, base):
    tusk = {1: [], 2: []}
    faiss = {1: [], 2: []}
    for n in range(ROUNDS + 1):
        for participants in (1, 2):
            found, iterations = build_tusk(c, server, participants)
            peer = build_faiss(tool, base, participants, iterations)
            if n > 0:  # the first round finds nothing warm
                tusk[participants].append(found)
                faiss[participants].append(peer)
    for participants in (1, 2):
        total, sample, kmeans, assign, sort, load_s = (
            statistics.median(v) for v in zip(*tusk[participants]))
        print(f"Tusk, {participants} participants: {total:.3f} s: sample "
              f"{sample:.3f}, k-means {kmeans:.3f} ({iterations} iterations), "
              f"assignment {assign:.3f}, sort {sort:.3f}, load {load_s:.3f}")
        total, train, add, processor = (
            statistics.median(v) for v in zip(*faiss[participants]))
        print(f"faiss, {participants} threads: {total:.3f} s: k-means "
              f"{train:.3f}, rows {add:.3f}; {processor:.2f} s of processors")
    for n in (1, 2):
        ratios(f"build, Tusk / faiss, {n} participants",
               [t[0] for t in tusk[n]], [f[0] for f in faiss[n]])
    ratios("1 / 2 participants, k-means and assignment",
           [t[2] + t[3] for t in tusk[1]], [t[2] + t[3] for t in tusk[2]])
    ratios("1 / 2 participants, k-means",
           [t[2] for t in tusk[1]], [t[2] for t in tusk[2]])
    ratios("1 / 2 participants, assignment",
           [t[3] for t in tusk[1]], [t[3] for t in tusk[2]])
    ratios("1 / 2 participants, all of the build",
           [t[0] for t in tusk[1]], [t[0] for t in tusk[2]])
    ratios("1 / 2 threads, faiss",
           [f[0] for f in faiss[1]], [f[0] for f in faiss[2]])


# ---- searches ----

COUNT = ("SELECT count(array(SELECT i.id FROM items i ORDER BY "
         "i.embedding <-> q.embedding LIMIT 10)) FROM queries q")


class Peer:
    """faiss: its index stays while searches take turns."""

    def __init__(self, tool, base, queries, gt, iterations):
        self.process = subprocess.Popen(
            [tool, "search", base, queries, "--gt", gt, "--lists", str(LISTS),
             "--sample", str(SAMPLE), "--iterations", str(iterations)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def search(self, probes):
        """Recall, queries a second, microseconds of processor a query."""
        self.process.stdin.write(f"{probes}\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()[1:]))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Searches:
    """Tusk's, with the recall of each number of probes."""

    def __init__(self, c):
        self.c = c
        self.recalls = {}
        c.execute("SET enable_indexscan = off")
        self.exact = dict(c.execute(SQL).fetchall())
        c.execute("SET enable_indexscan = on; SET enable_seqscan = off")

    def recall(self, probes):
        if probes not in self.recalls:
            self.c.execute(f"SET ivfflat.probes = {probes}")
            self.recalls[probes] = recall(self.c.execute(SQL).fetchall(),
                                          self.exact)
        return self.recalls[probes]

    def search(self, probes):
        """As the peer's."""
        hits = self.recall(probes)
        self.c.execute(f"SET ivfflat.probes = {probes}")
        clock, cpu = time.perf_counter(), used(self.c)
        n = self.c.execute(COUNT).fetchone()[0]
        clock = (time.perf_counter() - clock) / n
        cpu = (used(self.c) - cpu) / n * 1e6
        return hits, 1 / clock, cpu


def fewest_probes(recall_of):
    low, high = 1, LISTS
    while low < high:
        middle = (low + high) // 2
        if recall_of(middle) >= RECALL:
            high = middle
        else:
            low = middle + 1
    return low


def measure_searches(c, server, tool, base, queries, gt):
    _, iterations = build_tusk(c, server, 2)
    tusk = Searches(c)
    peer = Peer(tool, base, queries, gt, iterations)
    pairs = [(int(p), int(p)) for p in PROBES.split(",")]
    pairs.append((fewest_probes(tusk.recall),
                  fewest_probes(lambda p: peer.search(p)[0])))
    found = [[] for _ in pairs]
    for _ in range(ROUNDS):
        for (ours, others), results in zip(pairs, found):
            results.append((tusk.search(ours), peer.search(others)))
    peer.stop()
    for (ours, others), results in zip(pairs, found):
        for name, probes, values in (("Tusk", ours, [r[0] for r in results]),
                                     ("faiss", others, [r[1] for r in results])):
            hits, rate, cpu = (statistics.median(v) for v in zip(*values))
            print(f"{name:5}, {probes:3} probes: recall {hits:.4f}, {rate:6.0f} "
                  f"queries a second, {cpu:6.1f} us of processor each")
        what = (f"{ours} probes" if ours == others
                else f"{ours} and {others} probes")
        ratios(f"queries a second, Tusk / faiss, {what}",
               [r[0][1] for r in results], [r[1][1] for r in results])
        ratios(f"processor of a query, faiss / Tusk, {what}",
               [r[1][2] for r in results], [r[0][2] for r in results])


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    tool = os.path.join(build, "bin/faiss_bench")
    work = tempfile.mkdtemp(prefix="tusk-bench-")
    server = Tusk(work)
    try:
        server.start(buffers="512MB")
        load(build, server, work)
        base, queries, gt = files(work)
        subprocess.run([os.path.join(build, "bin/tusk"), "load", "-h",
                        server.host, "-t", "queries", queries],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=True)
        with psycopg.connect(host=server.host, user=server.user,
                             dbname="postgres", autocommit=True) as c:
            c.execute("SET maintenance_work_mem = '256MB'; "
                      f"SET ivfflat.build_seed = {SEED}; "
                      "SET min_parallel_table_scan_size = 1")
            if "build" in STEPS:
                measure_builds(c, server, tool, base)
            if "search" in STEPS:
                measure_searches(c, server, tool, base, queries, gt)
    finally:
        server.stop()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
