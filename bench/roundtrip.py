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
import shutil
import subprocess
import sys
import tempfile

import psycopg

from commits import PostgreSQL, Tusk, build
from index import load

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
    work = tempfile.mkdtemp(prefix="tusk-roundtrip-")
    os.chmod(work, 0o755)
    servers = []
    tool = os.path.join(build, "bin/roundtrip")
    try:
        for kind in (Tusk, PostgreSQL):
            servers.append(kind(work))
            servers[-1].start()
        tusk = servers[0]
        load(build, tusk, work)
        with psycopg.connect(host=tusk.host, user=tusk.user,
                             dbname="postgres", autocommit=True) as c:
            prepare(c)
        print(f"{'':42} {'clock us':>9} {'processor us':>13}")
        for server, what in ((tusk, "search"), (tusk, "trivial"),
                             (servers[1], "trivial")):
            out = subprocess.run([tool, server.host, server.user, what,
                                  ROUNDS], stdout=subprocess.PIPE,
                                 text=True, check=True).stdout
            for line in out.splitlines():
                label, clock, cpu = line.split("\t")
                print(f"{server.name + ': ' + label:42} {clock:>9} {cpu:>13}",
                      flush=True)
        rings(tusk)
    finally:
        for s in servers:
            s.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
