#!/usr/bin/python3
"""points.py WITH WITHOUT: what injection points cost while nothing is armed.

Two build trees, one with the points, one made without them:

    make
    CPPFLAGS=-DNO_INJECTION_POINTS make B=build-nopoints
    bench/points.py build build-nopoints

A server of each runs from a private directory, and a second one of the first,
which says what the machine's noise is.  They take turns: in each round each
makes an hnsw index on 30,000 rows of 128 dimensions, alone, and inserts 300,000
rows of two numbers.  Printed is the processor time of the backends: for each
the least and the median of the rounds, and the ratios to the server without
points, or of the first to the second; the median of the rounds' own ratios says
most on a busy machine.
"""
import os
import random
import shutil
import statistics
import sys
import tempfile

from servers import Tusk, connect, processor_time

ROUNDS = int(os.environ.get("ROUNDS", "9"))
ROWS = int(os.environ.get("ROWS", "30000"))
DIMENSIONS = 128
INSERT = ("INSERT INTO pairs SELECT i, i % 1000 "
          "FROM generate_series(1, 300000) i")


class Server:
    def __init__(self, tree, work, name):
        os.mkdir(os.path.join(work, name))
        self.tusk = Tusk(os.path.join(work, name), os.path.abspath(tree))
        self.tusk.start()
        self.conn = connect(self.tusk)
        self.times = {}

    def prepare(self, lines):
        run = self.conn.execute
        run("CREATE EXTENSION vector")
        run(f"CREATE TABLE items (v vector({DIMENSIONS}))")
        with self.conn.cursor().copy("COPY items FROM STDIN") as copy:
            copy.write(lines)
        run("CREATE TABLE pairs (a int, b int)")
        run("SET max_parallel_maintenance_workers = 0")
        run("SET maintenance_work_mem = '256MB'")

    def measure(self, what, sql, undo):
        before = processor_time(self.conn)
        self.conn.execute(sql)
        spent = processor_time(self.conn) - before
        self.times.setdefault(what, []).append(spent)
        self.conn.execute(undo)

    def round(self):
        self.measure("build", "CREATE INDEX items_v ON items USING hnsw "
                     "(v vector_l2_ops)", "DROP INDEX items_v")
        self.measure("insert", INSERT, "TRUNCATE pairs")


def main():
    work = tempfile.mkdtemp(prefix="tusk-bench-")
    servers = []
    rng = random.Random(1)
    lines = "".join(
        "[" + ",".join(f"{rng.random():.4f}" for _ in range(DIMENSIONS))
        + "]\n" for _ in range(ROWS))
    try:
        for name, tree in (("with", 1), ("again", 1), ("without", 2)):
            servers.append(Server(sys.argv[tree], work, name))
            servers[-1].prepare(lines)
        for n in range(ROUNDS):
            for server in servers if n % 2 == 0 else servers[::-1]:
                server.round()
        for what in ("build", "insert"):
            first, second, without = (s.times[what] for s in servers)
            print(f"{what}: least and median,",
                  ", ".join(f"{name} {min(t):.3f} {statistics.median(t):.3f}"
                            for name, t in (("with", first),
                                            ("again", second),
                                            ("without", without))), "s")
            for name, a, b in (("with / without", first, without),
                               ("again / without", second, without),
                               ("with / again", first, second)):
                print(f"  {name:16} {min(a) / min(b):.3f} "
                      f"{statistics.median(a) / statistics.median(b):.3f} "
                      "rounds "
                      f"{statistics.median(x / y for x, y in zip(a, b)):.3f}")
    finally:
        for server in servers:
            server.tusk.stop()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
