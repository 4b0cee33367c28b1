"""Values of every sample in binary, most of them damaged: cut, longer than
they are, bytes changed.  Both servers get them by COPY."""
import struct

import psycopg

from samples import SAMPLES, literal, type_name

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
TYPES = [t for t in SAMPLES if t != "cstring"]


def make_tables(conn):
    for t in TYPES:
        conn.execute(f"CREATE TEMP TABLE bin_{t} (x {type_name(t)})")


def sample_bytes(conn):
    """By type, as the server sends them."""
    values = {}
    for t in TYPES:
        values[t] = []
        for value in SAMPLES[t]:
            with conn.cursor().copy(f"COPY (SELECT {literal(t, value)}) "
                                    "TO STDOUT (FORMAT binary)") as copy:
                out = b"".join(bytes(b) for b in copy)
            values[t].append(out[len(HEADER) + 6:-len(TRAILER)])
    return values


def damaged(rng, value):
    kind = rng.random()
    if kind < 0.2:
        return value
    if kind < 0.4 and value:
        return value[:rng.randrange(len(value))]
    if kind < 0.55 or not value:
        return value + bytes([rng.randrange(256)])
    value = bytearray(value)
    for _ in range(rng.choice([1, 1, 2])):
        value[rng.randrange(len(value))] = rng.choice(
            [0, 1, 255, 127, 128, rng.randrange(256)])
    return bytes(value)


def taken(conn, t, value):
    """The value that the server made of it, or the error."""
    row = struct.pack("!hi", 1, len(value)) + value
    try:
        with conn.cursor().copy(f"COPY bin_{t} FROM STDIN "
                                "(FORMAT binary)") as copy:
            copy.write(HEADER + row + TRAILER)
        return conn.execute(f"SELECT x::text, pg_column_size(x) FROM bin_{t}"
                            ).fetchall()
    except psycopg.Error as e:
        # the words name a type by its OID, which only one of them may know
        return e.sqlstate, (None if e.sqlstate == "42804"
                            else e.diag.message_primary)
    finally:
        conn.execute(f"TRUNCATE bin_{t}")
