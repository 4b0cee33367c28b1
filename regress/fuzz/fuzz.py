"""Damaged messages: whatever comes over the socket, the server goes on.

Conversations that are right are damaged in one or two places (a bit, a length,
a byte too many or too few, a piece left out or sent twice) and sent from a
connection of their own.  The danger is a backend that dies of it and takes all
others down in the restart that follows, or one that goes on in a wrong state:
so after each round a sound session must still be the same one, and the log must
not tell of a crash.  FUZZ_ROUNDS and FUZZ_SEED choose more and others.
"""
import os
import random
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))

from harness import Server, Suite, seed, wait_for  # noqa: E402
from wire import (FLUSH, SYNC, TERMINATE, bind, close, describe, execute,  # noqa: E402
                  message, parse, query)

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1000"))
SEED = seed("FUZZ")


def startup(**settings):
    values = {"user": server.user, "database": "postgres", **settings}
    body = struct.pack("!i", 196608) + b"".join(
        k.encode() + b"\0" + v.encode() + b"\0"
        for k, v in values.items()) + b"\0"
    return struct.pack("!i", len(body) + 4) + body


def data(body):
    return message(b"d", body)


def vector(*values):
    return struct.pack("!hh", len(values), 0) + struct.pack(
        f"!{len(values)}f", *values)


def field(body):
    return struct.pack("!i", len(body)) + body


def conversations():
    """Lists of byte strings, each what a client might send."""
    int4 = struct.pack("!i", 7)
    copy_row = struct.pack("!h", 2) + field(int4) + field(vector(1, 2, 3))
    return [
        [query("SELECT i, v <-> '[1,2,3]' FROM f ORDER BY 2 LIMIT 3")],
        [query("BEGIN"), query("INSERT INTO f VALUES (1, '[1,2,3]')"),
         query("ROLLBACK")],
        [parse("SELECT i FROM f WHERE i < $1 AND v <-> $2 < $3", "s",
               (23, 0, 701)),
         describe(b"S", "s"),
         bind("p", "s", (int4, vector(1, 2, 3), struct.pack("!d", 9.5)),
              (1, 1, 1), (1,)),
         describe(b"P", "p"), execute("p", 2), execute("p"), close(b"P", "p"),
         close(b"S", "s"), FLUSH, SYNC],
        [parse("SELECT $1::text, $2::int8, $3::bool, $4::real[]"),
         bind("", "", (b"t", b"1", b"f", b"{1,2}")), execute(), SYNC],
        [query("COPY f FROM STDIN (FORMAT binary)"),
         data(b"PGCOPY\n\xff\r\n\0" + bytes(8) + copy_row * 3),
         data(copy_row), data(struct.pack("!h", -1)), message(b"c"),
         query("DELETE FROM f WHERE i = 7")],
        [query("COPY f FROM STDIN (FORMAT csv)"),
         data(b'1,"[1,2,3]"\n2,'), data(b'"[4,5,6]"\n'), message(b"f", b"x\0"),
         query("SELECT 1")],
        [query("COPY f FROM STDIN"), data("1\t[1,2,3]\nä\t\\N\n".encode()),
         message(b"c")],
        [query("COPY (SELECT * FROM f) TO STDOUT (FORMAT binary)")],
        [query("DECLARE c CURSOR FOR SELECT * FROM f; FETCH 2 FROM c")],
        [query("SET work_mem = '1MB'; SHOW work_mem; RESET work_mem")],
        [query("EXPLAIN (ANALYZE, VERBOSE) SELECT count(*) FROM f")],
    ]


def damage(rng, parts):
    """One or two mistakes in the stream."""
    parts = list(parts)
    for _ in range(rng.choice((1, 1, 2))):
        if b"" in parts:
            parts.remove(b"")
        if not parts:
            return b""
        k = rng.randrange(len(parts))
        part = bytearray(parts[k])
        kind = rng.randrange(8)
        if kind == 0:
            at = rng.randrange(len(part))
            part[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and len(part) > 8:
            # a length or a count somewhere
            at = rng.randrange(len(part) - 4)
            part[at:at + 4] = struct.pack("!i", rng.choice(
                (-1, -2, 0, 1, 3, 4, 5, 255, 65536, 2**30, 2**31 - 1,
                 -2**31)))
        elif kind == 2:
            del part[rng.randrange(len(part)):]
        elif kind == 3:
            at = rng.randrange(len(part))
            part[at:at] = rng.randbytes(rng.randrange(1, 9))
        elif kind == 4 and len(part) > 5:
            # a body of the right length with noise in it
            at = rng.randrange(5, len(part))
            n = min(len(part) - at, rng.randrange(1, 9))
            part[at:at + n] = rng.randbytes(n)
        elif kind == 5:
            parts.insert(k, bytes(part))
            continue
        elif kind == 6:
            del parts[k]
            continue
        else:
            other = rng.randrange(len(parts))
            parts[k], parts[other] = parts[other], parts[k]
            continue
        parts[k] = bytes(part)
    return b"".join(parts)


def converse(stream):
    """Sends it, then hangs up; reads what comes, so that nobody waits."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(30)
        s.connect(os.path.join(server.data, ".s.PGSQL.5432"))
        try:
            s.sendall(stream)
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass
        except (BrokenPipeError, ConnectionResetError):
            pass


def run_rounds(seed, make):
    rng = random.Random(seed)
    with server.connect() as judge:
        pid = judge.info.backend_pid
        for i in range(ROUNDS):
            stream = make(rng)
            converse(stream)
            try:
                same = judge.execute("SELECT pg_backend_pid()").fetchone()[0]
            except Exception as e:
                raise AssertionError(f"round {i}, {stream!r}: {e}")
            assert same == pid, (i, stream)
    log = server.log_text()
    for word in ("PANIC", "was terminated by signal", "TRAP",
                 "AddressSanitizer", "runtime error", "exited with exit code"):
        assert word not in log, log[-4000:]
    # nobody stays behind, and nothing of it stays in the table
    wait_for(lambda: server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = "
        "'client backend'") == [(1,)], "the backends to end")


def test_messages():
    good = conversations()
    first = startup()

    def make(rng):
        return first + damage(rng, rng.choice(good))

    run_rounds(SEED, make)


def test_startup_packets():
    good = [startup(application_name="x", options="-c work_mem=1MB"),
            startup(client_encoding="UTF8"),
            struct.pack("!ii", 8, 80877103) + startup(),
            struct.pack("!iiii", 16, 80877102, 1, 2)]

    def make(rng):
        return damage(rng, [rng.choice(good)]) + query("SELECT 1")

    run_rounds(SEED + 1, make)


def test_noise():
    first = startup()

    def make(rng):
        noise = rng.randbytes(rng.randrange(200))
        if rng.random() < 0.5:
            return noise
        # messages of a type that is known with a body that means nothing
        for _ in range(rng.randrange(1, 6)):
            noise += message(rng.choice(b"QPBEDCSHFdcfXp?").to_bytes(),
                             rng.randbytes(rng.randrange(40)))
        return first + noise + TERMINATE

    run_rounds(SEED + 2, make)


suite = Suite()
server = Server(shared_buffers="8MB").start()
with server.connect() as conn:
    server.user = conn.info.user
    conn.execute("CREATE EXTENSION vector")
    conn.execute("CREATE TABLE f (i int, v vector(3))")
    conn.execute("INSERT INTO f SELECT i, ARRAY[i, i % 3, 1]::real[]::vector "
                 "FROM generate_series(1, 50) i")
    conn.execute("CREATE INDEX ON f USING hnsw (v vector_l2_ops)")
suite.run(test_messages)
suite.run(test_startup_packets)
suite.run(test_noise)
suite.run(server.stop)
suite.finish(server)
