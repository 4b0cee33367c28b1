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
import shutil
import subprocess
import sys
import tempfile
import time

import psycopg

from commits import Tusk
from index import load

ROUNDS = int(os.environ.get("ROUNDS", "5"))
EFS = (40, 60, 80, 120, 160)
SQL = ("SELECT q.id, array(SELECT i.embedding <-> q.embedding FROM items i "
       "ORDER BY i.embedding <-> q.embedding LIMIT 10) FROM queries q")


def files(directory):
    name = os.environ.get("TUSK_BENCH_DATA")
    if name:
        return (f"{name}.base.bvecs", f"{name}.query.bvecs",
                f"{name}.gt.ivecs")
    return (f"{directory}/words.fvecs", f"{directory}/queries.fvecs",
            f"{directory}/queries.gt.ivecs")


def used(connection):
    with open(f"/proc/{connection.info.backend_pid}/schedstat") as f:
        return int(f.read().split()[0]) / 1e9


def recall(rows, exact):
    """By distance, so that ties do not matter."""
    found = sum(sum(d <= exact[i][-1] * (1 + 1e-6) for d in row)
                for i, row in rows)
    return found / (10 * len(rows))


def measure(c):
    c.execute("CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)")
    c.execute("SET enable_indexscan = off")
    exact = dict(c.execute(SQL).fetchall())
    c.execute("SET enable_indexscan = on; SET enable_seqscan = off")
    best = {}
    for _ in range(ROUNDS):
        for ef in EFS:
            for cache in ("on", "off"):
                c.execute(f"SET hnsw.ef_search = {ef}")
                c.execute(f"SET enable_index_cache = {cache}")
                clock, cpu = time.perf_counter(), used(c)
                rows = c.execute(SQL).fetchall()
                clock = (time.perf_counter() - clock) / len(rows) * 1e6
                cpu = (used(c) - cpu) / len(rows) * 1e6
                old = best.get((cache, ef), (0, clock, cpu))
                best[cache, ef] = (recall(rows, exact), min(old[1], clock),
                                   min(old[2], cpu))
    for (cache, ef), (found, clock, cpu) in sorted(best.items(), reverse=True):
        print(f"{'cache' if cache == 'on' else 'pages':8} ef {ef:4} "
              f"recall {found:.4f} {clock:7.0f} us {cpu:7.0f} us processor",
              flush=True)


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
            measure(c)
        server.stop()
        subprocess.run([os.path.join(build, "bin/hnswlib_bench"), base, queries,
                        "--gt", gt, "--threads", "1",
                        "--ef", ",".join(map(str, EFS))], check=True)
    finally:
        server.stop()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
