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
the other, in turns, with as many probes (PROBES, "1,8,32"); and each with the
numbers of probes about the least that finds 0.95 of the nearest, between which
its time at exactly that recall is interpolated (dataset.py: at_recall).
STEPS=build or STEPS=search does one of the two.
"""
import os
import re
import statistics
import subprocess
import time

from dataset import (SEARCH, Peer, at_recall, exact_distances, files,
                     least_with, load_with_queries, recall)
from servers import (Tusk, build, connect, processor_time, ratios, running)

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


def show_ratios(what, above, below):
    print("{:52} {:5.2f}   ({:.2f} to {:.2f})".format(
        what, *ratios(above, below)), flush=True)


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


def options(iterations):
    """Of faiss_bench: as Tusk's build was."""
    return ("--lists", str(LISTS), "--sample", str(SAMPLE), "--iterations",
            str(iterations))


def build_faiss(base, threads, iterations):
    """Seconds: of the build, of k-means, of adding the rows; of processors."""
    out = subprocess.run([os.path.join(build, "bin/faiss_bench"), "build",
                          base, *options(iterations), "--threads",
                          str(threads)],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    _, clock, processor, train, add = map(float, out.split())
    return clock, train, add, processor


def measure_builds(c, server, base):
    tusk = {1: [], 2: []}
    faiss = {1: [], 2: []}
    for n in range(ROUNDS + 1):
        for participants in (1, 2):
            found, iterations = build_tusk(c, server, participants)
            peer = build_faiss(base, participants, iterations)
            if n > 0:  # the first round finds nothing warm
                tusk[participants].append(found)
                faiss[participants].append(peer)
    show_builds(tusk, faiss, iterations)


def show_builds(tusk, faiss, iterations):
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
        show_ratios(f"build, Tusk / faiss, {n} participants",
                    [t[0] for t in tusk[n]], [f[0] for f in faiss[n]])
    for what, seconds in (("k-means and assignment", lambda t: t[2] + t[3]),
                          ("k-means", lambda t: t[2]),
                          ("assignment", lambda t: t[3]),
                          ("all of the build", lambda t: t[0])):
        show_ratios(f"1 / 2 participants, {what}", map(seconds, tusk[1]),
                    map(seconds, tusk[2]))
    show_ratios("1 / 2 threads, faiss", [f[0] for f in faiss[1]],
                [f[0] for f in faiss[2]])


# ---- searches ----

COUNT = ("SELECT count(array(SELECT i.id FROM items i ORDER BY "
         "i.embedding <-> q.embedding LIMIT 10)) FROM queries q")


class Searches:
    """Tusk's, with the recall of each number of probes."""

    def __init__(self, c):
        self.c = c
        self.recalls = {}
        self.exact = exact_distances(c)

    def recall(self, probes):
        if probes not in self.recalls:
            self.c.execute(f"SET ivfflat.probes = {probes}")
            self.recalls[probes] = recall(self.c.execute(SEARCH).fetchall(),
                                          self.exact)
        return self.recalls[probes]

    def search(self, probes):
        """As the peer's."""
        hits = self.recall(probes)
        self.c.execute(f"SET ivfflat.probes = {probes}")
        clock, cpu = time.perf_counter(), processor_time(self.c)
        n = self.c.execute(COUNT).fetchone()[0]
        clock = (time.perf_counter() - clock) / n
        cpu = (processor_time(self.c) - cpu) / n
        return hits, clock * 1e6, cpu * 1e6


def about(recall_of):
    """Numbers of probes, ascending, about the least with enough recall."""
    least = least_with(RECALL, recall_of, LISTS)
    return [n for n in (least - 1, least, least + 1) if n > 0]


def at_target(results):
    """Of one round, recall and times at RECALL."""
    return (RECALL, *(at_recall(RECALL, [(r[0], r[which]) for r in results])
                      for which in (1, 2)))


def show_searches(what, tusk, faiss):
    for name, values in (("Tusk", tusk), ("faiss", faiss)):
        hits, clock, cpu = (statistics.median(v) for v in zip(*values))
        print(f"{name:5}, {what:12}: recall {hits:.4f}, {clock:6.1f} us a "
              f"query, {cpu:6.1f} us of processor")
    show_ratios(f"time of a query, faiss / Tusk, {what}",
                [f[1] for f in faiss], [t[1] for t in tusk])
    show_ratios(f"processor of a query, faiss / Tusk, {what}",
                [f[2] for f in faiss], [t[2] for t in tusk])


def measure_searches(c, server, base, queries, gt):
    _, iterations = build_tusk(c, server, 2)
    tusk = Searches(c)
    peer = Peer("faiss_bench", "search", base, queries, "--gt", gt,
                *options(iterations))
    equal = [int(p) for p in PROBES.split(",")]
    ours = about(tusk.recall)
    others = about(lambda p: peer.search(p)[0])
    found = {p: ([], []) for p in (*equal, RECALL)}
    for _ in range(ROUNDS):
        for p in equal:
            found[p][0].append(tusk.search(p))
            found[p][1].append(peer.search(p))
        found[RECALL][0].append(at_target([tusk.search(p) for p in ours]))
        found[RECALL][1].append(at_target([peer.search(p) for p in others]))
    peer.stop()
    for p in equal:
        show_searches(f"{p} probes", *found[p])
    show_searches(f"recall {RECALL}", *found[RECALL])
    print(f"interpolated between {ours} probes of Tusk's and {others} of "
          "faiss's")


def main():
    with running(Tusk, buffers="512MB") as (work, server):
        load_with_queries(server, work)
        base, queries, gt = files(work)
        with connect(server) as c:
            c.execute("SET maintenance_work_mem = '256MB'; "
                      f"SET ivfflat.build_seed = {SEED}; "
                      "SET min_parallel_table_scan_size = 1")
            if "build" in STEPS:
                measure_builds(c, server, base)
            if "search" in STEPS:
                measure_searches(c, server, base, queries, gt)


if __name__ == "__main__":
    main()
