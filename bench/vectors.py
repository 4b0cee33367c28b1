#!/usr/bin/python3
"""vectors.py [BUILD_DIR]: vectors into a table and out of it, by COPY.

Tusk and PostgreSQL 15 run side by side from private directories with the same
settings; each step is done by turns.  If pgvector is not installed there,
PostgreSQL's type is that of pg_vector.c, which has the same bytes.  Printed:
the median of the rounds in milliseconds of the clock, and of the backend's
processor time, and their ratios; below 1 Tusk is the faster one.  An empty
round before the first is not counted.
DIMENSIONS=128,768 STEPS=binary,text chooses, ROUNDS and MEGABYTES set the size.
"""
import array
import os
import random
import socket
import statistics
import struct
import sys
import time

from psycopg.pq import ExecStatus

from servers import (PGBIN, PostgreSQL, Tusk, connect, processor_time, run,
                     running)

ROUNDS = int(os.environ.get("ROUNDS", "7"))
MEGABYTES = int(os.environ.get("MEGABYTES", "50"))
DIMENSIONS = [int(d) for d in
              os.environ.get("DIMENSIONS", "128,768,1536").split(",")]
STEPS = os.environ.get("STEPS", "binary,unlogged,file,out,text,text_out")
PIECE = 65536
HERE = os.path.dirname(os.path.abspath(__file__))


class Data:
    """Rows (id, vector) as COPY takes them."""

    def __init__(self, dim, work):
        self.rows = MEGABYTES * 1000000 // (4 * dim)
        self.dim = dim
        source = random.Random(dim)
        # a hundred vectors, again and again: what they hold does not matter
        vectors = [array.array("f", [source.gauss(0, 1) for _ in range(dim)])
                   for _ in range(100)]
        texts = ["[" + ",".join(f"{x:.7g}" for x in v) + "]" for v in vectors]
        for v in vectors:
            v.byteswap()
        head = struct.pack("!HH", dim, 0)
        fields = [struct.pack("!i", 4 + 4 * dim) + head + v.tobytes()
                  for v in vectors]
        self.binary = b"".join(
            [b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)]
            + [struct.pack("!hii", 2, 4, i) + fields[i % 100]
               for i in range(self.rows)]
            + [struct.pack("!h", -1)])
        self.text = framed("".join(f"{i}\t{texts[i % 100]}\n"
                                   for i in range(self.rows)).encode())
        self.path = os.path.join(work, f"data-{dim}")
        with open(self.path, "wb") as f:
            f.write(self.binary)
        os.chmod(self.path, 0o644)
        self.binary = framed(self.binary)


def framed(data):
    """In CopyData messages, so that a client has nothing to do but to send."""
    return b"".join(
        b"d" + struct.pack("!i", 4 + len(piece)) + piece
        for piece in (data[at:at + PIECE]
                      for at in range(0, len(data), PIECE)))


def send(c, data, statement):
    """data, framed, straight into the socket."""
    begun = c.pgconn.exec_(statement.encode())
    assert begun.status == ExecStatus.COPY_IN, begun.error_message
    with socket.socket(fileno=os.dup(c.fileno())) as s:
        s.setblocking(True)
        s.sendall(data)
        s.setblocking(False)
    c.pgconn.put_copy_end()
    while (done := c.pgconn.get_result()) is not None:
        assert done.status == ExecStatus.COMMAND_OK, done.error_message


def receive(c, statement):
    with c.cursor().copy(statement) as stream:
        for _ in stream:
            pass


def fresh(c, kind=""):
    c.execute("DROP TABLE IF EXISTS v")
    c.execute(f"CREATE {kind} TABLE v (id int, v vector)")
    c.execute("CHECKPOINT")


def timed(c, work):
    clock, used = time.perf_counter(), processor_time(c)
    work()
    return ((time.perf_counter() - clock) * 1e3,
            (processor_time(c) - used) * 1e3)


BINARY_IN = "COPY v FROM STDIN (FORMAT binary)"


def step_binary(c, data):
    fresh(c)
    return timed(c, lambda: send(c, data.binary, BINARY_IN))


def step_unlogged(c, data):
    fresh(c, "UNLOGGED")
    return timed(c, lambda: send(c, data.binary, BINARY_IN))


def step_file(c, data):
    fresh(c)
    return timed(c, lambda: c.execute(
        f"COPY v FROM '{data.path}' (FORMAT binary)"))


def step_text(c, data):
    fresh(c)
    return timed(c, lambda: send(c, data.text, "COPY v FROM STDIN"))


def filled(c, data):
    fresh(c)
    send(c, data.binary, BINARY_IN)
    c.execute("SELECT count(*) FROM v")


def step_out(c, data):
    filled(c, data)
    return timed(c, lambda: receive(c, "COPY v TO STDOUT (FORMAT binary)"))


def step_text_out(c, data):
    filled(c, data)
    return timed(c, lambda: receive(c, "COPY v TO STDOUT"))


LABELS = {"binary": "binary COPY FROM", "unlogged": "the same, UNLOGGED",
          "file": "the same, of a file", "text": "text COPY FROM",
          "out": "binary COPY TO", "text_out": "text COPY TO"}


def install_peer(server, work):
    """vector in PostgreSQL: pgvector's, else that of pg_vector.c."""
    with connect(server) as c:
        found = c.execute("SELECT 1 FROM pg_available_extensions "
                          "WHERE name = 'vector'").fetchone()
        if found:
            c.execute("CREATE EXTENSION vector")
            return
        include = run(PGBIN + "pg_config",
                      "--includedir-server").stdout.strip()
        if not os.path.exists(os.path.join(include, "postgres.h")):
            print("vectors.py: neither pgvector nor postgresql-server-dev-15 "
                  "is there to compare with")
            sys.exit(0)
        library = os.path.join(work, "pg_vector.so")
        done = run("cc", "-O2", "-shared", "-fPIC", "-Wno-error", "-I",
                   include, os.path.join(HERE, "pg_vector.c"), "-o", library)
        assert done.returncode == 0, done.stdout
        os.chmod(library, 0o755)
        c.execute("CREATE TYPE vector")
        for name, takes, gives in (("in", "cstring", "vector"),
                                   ("out", "vector", "cstring"),
                                   ("recv", "internal", "vector"),
                                   ("send", "vector", "bytea")):
            c.execute(f"CREATE FUNCTION peer_{name}({takes}) RETURNS {gives} "
                      f"AS '{library}' LANGUAGE C IMMUTABLE STRICT")
        c.execute("CREATE TYPE vector (INPUT = peer_in, OUTPUT = peer_out, "
                  "RECEIVE = peer_recv, SEND = peer_send, "
                  "STORAGE = external)")


def measure(servers, data, name):
    step = globals()["step_" + name]
    results = {s.name: [] for s in servers}
    for n in range(ROUNDS + 1):
        for s in servers:
            with connect(s) as c:
                result = step(c, data)
            if n > 0:
                results[s.name].append(result)
    clock, used = ([statistics.median(r[which] for r in results[s.name])
                    for s in servers] for which in (0, 1))
    print(f"{LABELS[name]:>20} {data.dim:5} {data.rows:7} "
          + " ".join(f"{m:10.0f}" for m in clock)
          + f" {clock[0] / clock[1]:6.2f} "
          + " ".join(f"{m:8.0f}" for m in used)
          + f" {used[0] / max(used[1], 1):6.2f}", flush=True)


def main():
    with running(Tusk, PostgreSQL) as (work, *servers):
        with connect(servers[0]) as c:
            c.execute("CREATE EXTENSION IF NOT EXISTS vector")
        install_peer(servers[1], work)
        print(f"{'':>20} {'dim':>5} {'rows':>7} {'tusk ms':>10} "
              f"{'PG ms':>10} {'ratio':>6} {'tusk cpu':>8} {'PG cpu':>8} "
              f"{'ratio':>6}")
        for dim in DIMENSIONS:
            data = Data(dim, work)
            for name in STEPS.split(","):
                measure(servers, data, name)


if __name__ == "__main__":
    main()
