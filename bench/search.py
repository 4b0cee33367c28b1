#!/usr/bin/python3
"""search.py [BUILD_DIR]: searches inside a backend, beside hnswlib's.

One private server and one table, as in index.py.  One statement searches for
the ten nearest of each query, so that neither socket nor planner is in the
figures, from the index cache and from pages; then hnswlib searches, one thread,
with several ef.  Printed are recall@10, and microseconds a query on the clock
and of processor time; ROUNDS (5) is how often, the least counts.  Compare at
equal recall.
"""
import os
import subprocess
import time

from dataset import (SEARCH, exact_distances, files, load_with_queries,
                     recall)
from servers import Tusk, build, connect, processor_time, running

ROUNDS = int(os.environ.get("ROUNDS", "5"))
EFS = (40, 60, 80, 120, 160)


def measure(c):
    c.execute("CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)")
    exact = exact_distances(c)
    best = {}
    for _ in range(ROUNDS):
        for ef in EFS:
            for cache in ("on", "off"):
                c.execute(f"SET hnsw.ef_search = {ef}")
                c.execute(f"SET enable_index_cache = {cache}")
                clock, cpu = time.perf_counter(), processor_time(c)
                rows = c.execute(SEARCH).fetchall()
                clock = (time.perf_counter() - clock) / len(rows) * 1e6
                cpu = (processor_time(c) - cpu) / len(rows) * 1e6
                old = best.get((cache, ef), (0, clock, cpu))
                best[cache, ef] = (recall(rows, exact), min(old[1], clock),
                                   min(old[2], cpu))
    for (cache, ef), (found, clock, cpu) in sorted(best.items(), reverse=True):
        print(f"{'cache' if cache == 'on' else 'pages':8} ef {ef:4} "
              f"recall {found:.4f} {clock:7.0f} us {cpu:7.0f} us processor",
              flush=True)


def main():
    with running(Tusk, buffers="256MB") as (work, server):
        load_with_queries(server, work)
        with connect(server) as c:
            measure(c)
        server.stop()
        base, queries, gt = files(work)
        subprocess.run([os.path.join(build, "bin/hnswlib_bench"), base, queries,
                        "--gt", gt, "--threads", "1",
                        "--ef", ",".join(map(str, EFS))], check=True)


if __name__ == "__main__":
    main()
