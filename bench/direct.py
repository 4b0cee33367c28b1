#!/usr/bin/python3
"""direct.py [BUILD_DIR]: search in the client's process, beside hnswlib's.

One private server and one table (dataset.py), the ten nearest of each query.  A
program with libtusk (direct_bench.c) searches directly, by a call for each query
and by one for all, and through the backend over the rings and over the Unix
socket; hnswlib, one thread, has the same vectors in its own process.  All of them
take turns ROUNDS (7) times, each measured with a few ef about the least with
which it reaches recall 0.95 and 0.99; the fastest of PASSES (5) counts.  Between
two neighbouring ef the time at exactly that recall is interpolated, its logarithm
as linear in recall, for all in the same way.

Then two such programs search at a time, and one, by turns, directly, with
recall 0.95: the rates of all passes, and the ratio of each round.  At last
attach_bench.c: attach, first search, detach, and libpq's connect, query, close.
STEPS=search,processes,attach chooses.  Printed are medians, in Markdown.
"""
import os
import statistics
import subprocess

from dataset import (Peer, Searcher, at_recall, exact_distances, files,
                     least_with, load_with_queries)
from servers import Tusk, build, connect, ratios, running

ROUNDS = int(os.environ.get("ROUNDS", "7"))
PASSES = int(os.environ.get("PASSES", "5"))
STEPS = os.environ.get("STEPS", "search,processes,attach").split(",")
TARGETS = (0.95, 0.99)
NEIGHBOURS = (0.8, 0.9, 1, 1.1, 1.25)
MAX_EF = 1000
WAYS = {"direct": "direct, a call for each query",
        "batch": "direct, one call for all",
        "rings": "backend, over the rings",
        "socket": "backend, over the Unix socket",
        "hnswlib": "hnswlib, a call for each query"}


class Session(Searcher):
    """direct_bench.c."""

    def __init__(self, host, limits):
        super().__init__("direct_bench", host, limits)

    def search(self, way, ef, passes=1):
        """As Peer's; and of all passes, microseconds a query."""
        return self.ask(way, ef, passes)


def around(target, search):
    """Values of ef, ascending, with recall about target."""
    least = least_with(target, lambda ef: search(ef)[0], MAX_EF)
    return sorted({max(1, round(least * n)) for n in NEIGHBOURS})


def time_at(target, measured):
    """Of one round: microseconds on the clock and of processor time."""
    return tuple(at_recall(target, [(m[0], m[which]) for m in measured])
                 for which in (1, 2))


def show_searches(found, efs):
    def cell(way, target):
        clock, processor = zip(*found[way, target])
        ratio, low, high = ratios([t[0] for t in found["hnswlib", target]],
                                  clock)
        return (f"{statistics.median(clock):.1f} "
                f"({statistics.median(processor):.1f}) | "
                f"{ratio:.2f} ({low:.2f} to {high:.2f})")

    print("| search, microseconds a query on the clock (of processor time) | "
          + " | ".join(f"recall {t} | hnswlib's time / this" for t in TARGETS)
          + " |\n|---|" + "---|" * 2 * len(TARGETS))
    for way, label in WAYS.items():
        print(f"| {label} | " + " | ".join(cell(way, t) for t in TARGETS)
              + " |")
    print("\nmeasured with ef " + "; ".join(
        f"{who}, recall {target}: {', '.join(map(str, values))}"
        for (who, target), values in efs.items()) + "\n", flush=True)


def searches(session, peer):
    def search(way, ef, passes=1):
        if way == "hnswlib":
            return peer.search(ef, passes)
        return session.search(way, ef, passes)

    # the four ways find the same with the same ef
    efs = {(who, target): around(target, lambda ef: search(way, ef))
           for who, way in (("Tusk", "direct"), ("hnswlib", "hnswlib"))
           for target in TARGETS}
    found = {(way, target): [] for way in WAYS for target in TARGETS}
    for _ in range(ROUNDS):
        for target in TARGETS:
            measured = {way: [] for way in WAYS}
            for way in WAYS:
                who = "hnswlib" if way == "hnswlib" else "Tusk"
                for ef in efs[who, target]:
                    measured[way].append(search(way, ef, PASSES))
            for way in WAYS:
                found[way, target].append(time_at(target, measured[way]))
    show_searches(found, efs)


def processes(host, limits, ef):
    sessions = [Session(host, limits) for _ in (0, 1)]

    def rate(n):
        """Queries a second of n programs together."""
        for s in sessions[:n]:
            s.send("batch", ef, PASSES * 4)
        return sum(1e6 / s.receive()[3] for s in sessions[:n])

    rate(2)  # warm
    ones, twos = zip(*((rate(1), rate(2)) for _ in range(ROUNDS)))
    for s in sessions:
        s.stop()
    ratio, low, high = ratios(twos, ones)
    print("| direct, processes at a time | queries a second |\n|---|---|\n"
          f"| 1 | {statistics.median(ones):.0f} |\n"
          f"| 2 | {statistics.median(twos):.0f} |\n"
          f"| 2 / 1, of each round | {ratio:.2f} ({low:.2f} to {high:.2f}) |\n",
          flush=True)


def attach(server):
    out = subprocess.run([os.path.join(build, "bin/attach_bench"), server.host,
                          server.user], stdout=subprocess.PIPE, text=True,
                         check=True).stdout
    print("| microseconds | all | attach | first search | detach |\n"
          "|---|---|---|---|---|")
    for line in out.splitlines():
        print("| " + line.replace("\t", " | ") + " |", flush=True)


def write_limits(c, name):
    with open(name, "w") as f:
        for _, nearest in sorted(exact_distances(c).items()):
            f.write(f"{nearest[-1]!r}\n")


def main():
    with running(Tusk, buffers="256MB") as (work, server):
        load_with_queries(server, work)
        limits = os.path.join(work, "limits")
        with connect(server) as c:
            c.execute("SET maintenance_work_mem = '512MB'")
            c.execute("CREATE INDEX items_v ON items USING hnsw "
                      "(embedding vector_l2_ops)")
            write_limits(c, limits)
        session = Session(server.host, limits)
        if "search" in STEPS:
            base, queries, gt = files(work)
            peer = Peer("hnswlib_bench", "turns", base, queries, "--gt", gt,
                        "--threads", "1")
            searches(session, peer)
            peer.stop()
        ef = least_with(TARGETS[0], lambda n: session.search("direct", n)[0],
                        MAX_EF)
        session.stop()
        if "processes" in STEPS:
            processes(server.host, limits, ef)
        if "attach" in STEPS:
            attach(server)


if __name__ == "__main__":
    main()
