"""dataset.py: the vectors that searches are measured on, and their recall.

The demo's words, or NAME.base.bvecs, NAME.query.bvecs and NAME.gt.ivecs with
TUSK_BENCH_DATA=NAME; ROWS limits the table.  Tusk has them as items and queries,
a peer's program reads the files.  Recall is counted by distance, so that ties do
not matter.
"""
import math
import os
import subprocess
from itertools import pairwise

from servers import build

ROWS = int(os.environ.get("ROWS", "0"))
NEAREST = 10
SEARCH = ("SELECT q.id, array(SELECT i.embedding <-> q.embedding FROM items i "
          f"ORDER BY i.embedding <-> q.embedding LIMIT {NEAREST}) "
          "FROM queries q ORDER BY q.id")


def files(directory):
    """Of base vectors, queries, ground truth."""
    name = os.environ.get("TUSK_BENCH_DATA")
    if name:
        return (f"{name}.base.bvecs", f"{name}.query.bvecs",
                f"{name}.gt.ivecs")
    return (f"{directory}/words.fvecs", f"{directory}/queries.fvecs",
            f"{directory}/queries.gt.ivecs")


def tool(*args):
    subprocess.run([os.path.join(build, "bin/tusk"), *args],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=True)


def load(server, directory):
    base, _, _ = files(directory)
    if not os.environ.get("TUSK_BENCH_DATA"):
        tool("demo", "--vectors-only", directory)
    limit = ["--limit", str(ROWS)] if ROWS else []
    tool("load", "-h", server.host, *limit, base)


def load_with_queries(server, directory):
    load(server, directory)
    _, queries, _ = files(directory)
    tool("load", "-h", server.host, "-t", "queries", queries)


def exact_distances(c):
    """Those of the nearest of each query, by scans of the table."""
    c.execute("SET enable_indexscan = off")
    exact = dict(c.execute(SEARCH).fetchall())
    c.execute("SET enable_indexscan = on; SET enable_seqscan = off")
    return exact


def recall(rows, exact):
    found = sum(sum(d <= exact[i][-1] * (1 + 1e-6) for d in row)
                for i, row in rows)
    return found / (NEAREST * len(rows))


def least_with(target, recall_of, most):
    """The least of 1 to most (ef, probes) whose recall is target or more."""
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        if recall_of(middle) >= target:
            high = middle
        else:
            low = middle + 1
    return low


def at_recall(target, points):
    """Of points (recall, value) in the order of what they were measured with,
    the value at target: between the two neighbours about it, its logarithm taken
    as linear in recall."""
    for (r1, v1), (r2, v2) in pairwise(points):
        if r1 < target <= r2:
            part = (target - r1) / (r2 - r1)
            return math.exp(math.log(v1) * (1 - part) + math.log(v2) * part)
    raise ValueError(f"{points} are not about recall {target}")


class Searcher:
    """A program that stays while searches take turns: it answers each line of
    numbers and words with a line of numbers."""

    def __init__(self, program, *args):
        self.process = subprocess.Popen(
            [os.path.join(build, "bin", program), *args],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def send(self, *words):
        print(*words, file=self.process.stdin, flush=True)

    def receive(self):
        return tuple(map(float, self.process.stdout.readline().split()))

    def ask(self, *words):
        self.send(*words)
        return self.receive()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Peer(Searcher):
    """A library's index, in that process (peer.hpp: serve)."""

    def search(self, parameter, passes=1):
        """Recall, microseconds a query and of processor time, of the fastest
        pass over all queries."""
        return self.ask(parameter, passes)
