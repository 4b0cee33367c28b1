#!/usr/bin/python3
"""seeds.py DIRECTORY: first inputs of the fuzz targets, where there is no
corpus to begin with: right conversations for fuzz_messages.c, programs of every
step for fuzz_ring.c."""
import os
import random
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "rings"))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "direct"))

from client import ask_blocks, ask_rows, begin, end, touched  # noqa: E402
from wire import (FLUSH, SYNC, TERMINATE, bind, close, describe, execute,  # noqa: E402
                  message, parse, query)


DIRECT = "SELECT i, v <-> $1 FROM f ORDER BY v <-> $1 LIMIT $2"
SEARCH = (1 << 20) + 1  # of fuzz_messages.c


def field(body):
    return struct.pack("!i", len(body)) + body


def vector(*values):
    return struct.pack("!hh", len(values), 0) + struct.pack(
        f"!{len(values)}f", *values)


def startup(code=196608, **settings):
    body = struct.pack("!i", code) + b"".join(
        k.encode() + b"\0" + v.encode() + b"\0"
        for k, v in settings.items()) + (b"\0" if settings else b"")
    return struct.pack("!i", len(body) + 4) + body


def messages():
    row = struct.pack("!h", 2) + field(struct.pack("!i", 7)) + field(
        vector(1, 2, 3))
    data = b"PGCOPY\n\xff\r\n\0" + bytes(8) + row * 2
    sessions = [
        [query("SELECT i, v <-> '[1,2,3]' FROM f ORDER BY 2 LIMIT 3"),
         TERMINATE],
        [query("SELECT * FROM f; SELECT 1"), query(""), query("nonsense")],
        [parse("SELECT i FROM f WHERE i < $1 AND v <-> $2 < $3", "s",
               (23, 0, 701)), describe(b"S", "s"),
         bind("p", "s", (struct.pack("!i", 9), vector(1, 2, 3),
                         struct.pack("!d", 9.5)), (1, 1, 1), (1,)),
         describe(b"P", "p"), execute("p", 2), execute("p"), close(b"P", "p"),
         close(b"S", "s"), FLUSH, SYNC],
        [parse("SELECT $1::text, $2::int8, $3::bool, $4::real[]"),
         bind("", "", (b"t", b"1", b"f", b"{1,2}")), execute(), SYNC],
        [parse("SELECT $1::vector(3), $2::halfvec, $3::sparsevec, $4::bit(8)"),
         bind("", "", (b"[1,2,3]", b"[1,2]", b"{1:2}/3", b"10101010")),
         execute(), SYNC],
        [parse("SELECT $1::vector(3), $2::halfvec, $3::sparsevec, $4::bit(8)"),
         bind("", "", (vector(1, 2, 3), struct.pack("!hhHH", 2, 0, 15360, 0),
                       struct.pack("!iiiif", 3, 1, 0, 0, 2),
                       struct.pack("!ib", 8, 90)), (1,), (1,)),
         execute(), SYNC],
        [parse("SELECT $1::numeric, $2::timestamptz, $3::uuid, $4::bytea, "
               "$5::interval"),
         bind("", "", (struct.pack("!hhhhh", 1, 0, 0, 0, 7), bytes(8),
                       bytes(16), b"\1\2", bytes(16)), (1,), (1,)),
         execute(), SYNC],
        [parse("SELECT $1::int4"), bind("", "", (None,)), execute(),
         bind("", "", (b"x",)), execute(), SYNC, query("DEALLOCATE ALL")],
        [query("COPY f FROM STDIN (FORMAT binary)"), message(b"d", data),
         message(b"d", struct.pack("!h", -1)), message(b"c")],
        [query("COPY f FROM STDIN (FORMAT csv)"),
         message(b"d", b'1,"[1,2,3]"\n2,'), message(b"d", b'"[4,5,6]"\n'),
         message(b"f", b"x\0"), query("ROLLBACK")],
        [query("COPY f FROM STDIN"), message(b"d", b"1\t[1,2,3]\n\\N\t\\N\n"),
         message(b"c")],
        [query("COPY f TO STDOUT (FORMAT binary)")],
        [query("BEGIN"), query("DECLARE c CURSOR FOR SELECT * FROM f"),
         query("FETCH 2 FROM c"), query("COMMIT")],
        [message(b"a", struct.pack("!i", 1) + struct.pack("<IIII", 2, 1, 0,
                                                          0))],
        # direct search: by name, by oid, in a block, after errors
        [parse(DIRECT, "s"), SYNC, begin(name="s", limit=3),
         ask_rows(SEARCH, [(0, 1), (0, 2), (7, 9)], [(1, 0), (1, 1), (2, 2)]),
         ask_blocks(SEARCH, [(1, 0), (2, 0), (2, 9), (3, 0), (3, 5)]),
         touched([0, 1, 5, -1]), end(SEARCH, 1, 3, 3), end(SEARCH)],
        [parse(DIRECT), SYNC, begin(), ask_rows(SEARCH, [(0, 3)]),
         begin(shape=1), end(SEARCH + 1), end(SEARCH)],
        [begin(16385), begin(16388), begin(16400), end(SEARCH),
         query("BEGIN"), parse(DIRECT, "s"), SYNC, begin(name="s"),
         ask_rows(SEARCH, [(0, 1)], [(2, 0)]), query("COMMIT"),
         ask_rows(SEARCH, [(0, 1)], [(1, 0)])],
        [parse(DIRECT, "s"), SYNC, begin(name="s"),
         ask_rows(SEARCH, [(0, 1)], [(9, 0)]), begin(name="s"),
         ask_rows(SEARCH + 1, [(0, 1)], [(1, 7)]), begin(name="none"),
         parse(DIRECT, "t"), begin(name="t"), SYNC],
        # a short one; its END comes late
        [parse(DIRECT, "s"), SYNC, begin(name="s", flags=1),
         begin(name="s", flags=1), query("SELECT 1"), end(SEARCH + 1, 1, 3, 3),
         end(SEARCH + 1, 1, 3, 3), begin(name="s", flags=0xffff)],
        [message(b"F", bytes(12)), message(b"?")],
    ]
    who = {"user": "u", "database": "postgres"}
    starts = [
        startup(**who, application_name="x", options="-c work_mem=1MB"),
        startup(**who, **{"_pq_.tusk_attach": "1", "_pq_.other": "2"}),
        startup(80877103) + startup(80877104) + startup(**who),
        struct.pack("!iiii", 16, 80877102, 1, 2),
        startup(196610, **who, replication="true"),
        startup(131072, **who), struct.pack("!i", 3),
    ]
    for parts in sessions:
        yield b"\0" + b"".join(parts)
        yield bytes([14]) + b"".join(parts)
    for part in starts:
        yield b"\1" + part
        yield bytes([7]) + part


def ring():
    rng = random.Random(1)
    for i in range(24):
        # transfers first; scribbling in every third only
        steps = (0, 1, 2, 3, 4, 5, 5, 2) if i % 3 else range(8)
        yield b"".join(bytes([rng.choice(steps)]) + rng.randbytes(
            rng.choice((1, 2, 4))) for _ in range(60))


for name, inputs in (("messages", messages()), ("ring", ring())):
    os.makedirs(os.path.join(sys.argv[1], name), exist_ok=True)
    for i, content in enumerate(inputs):
        with open(os.path.join(sys.argv[1], name, f"seed-{i:02}"), "wb") as f:
            f.write(content)
