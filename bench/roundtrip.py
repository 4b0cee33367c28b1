#!/usr/bin/python3
"""roundtrip.py [BUILD_DIR]: what a prepared statement costs over a socket.

roundtrip.c does it: the ten nearest of 20,000 vectors, one by one with a
prepared statement and binary parameters, and all in one statement inside the
backend; and SELECT $1, in Tusk and in PostgreSQL 15, by turns; then rings.c:
SELECT 1 by libtusk over the socket and over rings.  Printed are
microseconds for one on the clock and of the backend's processor time, which is
what counts when others use the machine: what the socket costs is the difference
of the first two.  TUSK_BENCH_DATA=NAME takes NAME.base.bvecs instead of the
demo's words, ROWS limits them, ROUNDS sets how often.
"""
import os
import subprocess

from dataset import load
from servers import PostgreSQL, Tusk, build, connect, running

ROUNDS = os.environ.get("ROUNDS", "9")


def prepare(c):
    c.execute("SET maintenance_work_mem = '256MB'")
    c.execute("CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)")
    c.execute("CREATE TABLE queries AS SELECT id, embedding FROM items "
              "WHERE id % 20 = 7")
    c.execute("VACUUM ANALYZE items")
    c.execute("CHECKPOINT")


def rings(tusk):
    """rings.c: libtusk's sessions over the socket and over rings, by turns."""
    out = subprocess.run([os.path.join(build, "bin/rings"), tusk.host, ROUNDS],
                         stdout=subprocess.PIPE, text=True, check=True).stdout
    print(f"\n{'libtusk, a prepared SELECT 1':48} {'clock us':>9} "
          f"{'backend us':>11} {'client us':>10} {'clock':>8}")
    socket = None
    for line in out.splitlines():
        label, *numbers = line.split("\t")
        clock, backend, client = map(float, numbers)
        socket = socket or clock
        print(f"{label:48} {clock:9.1f} {backend:11.1f} {client:10.1f} "
              f"{clock / socket:7.2f}x", flush=True)


def main():
    tool = os.path.join(build, "bin/roundtrip")
    with running(Tusk, PostgreSQL) as (work, tusk, postgres):
        load(tusk, work)
        with connect(tusk) as c:
            prepare(c)
        print(f"{'':42} {'clock us':>9} {'processor us':>13}")
        for server, what in ((tusk, "search"), (tusk, "trivial"),
                             (postgres, "trivial")):
            out = subprocess.run([tool, server.host, server.user, what,
                                  ROUNDS], stdout=subprocess.PIPE,
                                 text=True, check=True).stdout
            for line in out.splitlines():
                label, clock, cpu = line.split("\t")
                print(f"{server.name + ': ' + label:42} {clock:>9} {cpu:>13}",
                      flush=True)
        rings(tusk)


if __name__ == "__main__":
    main()
