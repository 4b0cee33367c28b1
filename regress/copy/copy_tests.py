"""COPY: the binary format, what goes wrong on the wire, all or nothing.

The text and CSV formats are in regress/unit/test_copy.c (cut at every byte) and
regress/sql/copy.sql (against PostgreSQL's own output).  Here are the messages:
an error, a cancel or a lost client at any moment must leave no row, no lock and
a session that is in step with its client, or none.
"""
import os
import random
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))

import psycopg  # noqa: E402
from harness import Server, Suite, wait_for  # noqa: E402
from wire import (SYNC, FLUSH, Wire, bind, describe, error_fields, execute,  # noqa: E402
                  kinds, message, parse, query, rows, sqlstate)

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
TRAILER = struct.pack("!h", -1)
DONE = message(b"c")


def data(body):
    return message(b"d", body)


def fail(reason):
    return message(b"f", reason.encode() + b"\0")


def field(body):
    return struct.pack("!i", -1) if body is None else \
        struct.pack("!i", len(body)) + body


def row(*fields):
    return struct.pack("!h", len(fields)) + b"".join(map(field, fields))


def int4(n):
    return struct.pack("!i", n)


def bits(text):
    n = -len(text) % 8
    return struct.pack("!i", len(text)) + int(text + "0" * n or "0", 2).to_bytes(
        (len(text) + n) // 8, "big")


def vector(*values):
    return struct.pack("!hh", len(values), 0) + b"".join(
        struct.pack("!f", v) for v in values)


def halfvec(*values):
    return struct.pack("!hh", len(values), 0) + b"".join(
        struct.pack("!e", v) for v in values)


def wire():
    return Wire(server.data)


def start_copy(w, sql):
    w.send(query(sql))
    return w.read_until(b"GHE")


def outcome(messages):
    """(SQLSTATE, message, context) of the error, or the command's tag."""
    for kind, body in messages:
        if kind == b"E":
            f = error_fields(body)
            return f["C"], f["M"], f.get("W", "")
    return next(b for k, b in messages if k == b"C")[:-1].decode()


def copy_in(sql, *parts):
    w = wire()
    assert kinds(start_copy(w, sql)) == b"G"
    w.send(*(data(p) for p in parts), DONE)
    result = outcome(w.read_until())
    # still in step
    assert rows(w.ask(query("SELECT 1"))) == [[b"1"]]
    return result


def count(table):
    return server.query(f"SELECT count(*) FROM {table}")[0][0]


def pieces(body, size):
    return [body[i:i + size] for i in range(0, len(body), size)]


# ---- binary ----

def test_binary_types():
    """Every type out and in again, and the bytes of the documentation."""
    server.query("CREATE TABLE types (i int, b bigint, r real, d double "
                 "precision, t text, o boolean, v vector(3))")
    server.query("""INSERT INTO types VALUES
        (1, 2, 3.5, 4.25, 'fünf', true, '[6,7,8]'),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        (-2147483648, -9223372036854775808, -0.0, 1e300, '', false,
         '[1e-40,-0,3e38]')""")
    w = wire()
    got = w.ask(query("COPY types TO STDOUT (FORMAT binary)"))
    assert kinds(got) == b"HddddcCZ", kinds(got)
    assert got[0][1] == b"\x01\x00\x07" + b"\x00\x01" * 7
    first = row(int4(1), struct.pack("!q", 2), struct.pack("!f", 3.5),
                struct.pack("!d", 4.25), "fünf".encode(), b"\x01",
                vector(6, 7, 8))
    assert got[1][1] == HEADER + first, got[1][1]
    assert got[2][1] == row(*[None] * 7)
    assert got[4][1] == TRAILER
    everything = b"".join(b for k, b in got if k == b"d")
    server.query("CREATE TABLE types2 (i int, b bigint, r real, d double "
                 "precision, t text, o boolean, v vector(3))")
    for size in (1, 2, 3, 7, 64, len(everything)):
        sql = "COPY types2 FROM STDIN (FORMAT binary)"
        assert copy_in(sql, *pieces(everything, size)) == "COPY 3"
        again = w.ask(query("COPY types2 TO STDOUT (FORMAT binary)"))
        assert b"".join(b for k, b in again if k == b"d") == everything
        server.query("DELETE FROM types2")
    # a header with an extension, and no trailer
    longer = HEADER[:15] + struct.pack("!i", 5) + b"12345" + everything[19:-2]
    assert copy_in("COPY types2 FROM STDIN (FORMAT binary)", longer) == "COPY 3"
    # a query's rows
    got = w.ask(query("COPY (SELECT t, i FROM types WHERE i = 1) TO STDOUT "
                      "(FORMAT binary)"))
    assert got[1][1] == HEADER + row("fünf".encode(), int4(1))
    got = w.ask(query("COPY (SELECT i FROM types WHERE i = 7) TO STDOUT "
                      "(FORMAT binary)"))
    assert kinds(got) == b"HdcCZ" and got[1][1] == HEADER + TRAILER
    server.query("DROP TABLE types")
    server.query("DROP TABLE types2")


def test_binary_errors():
    """Cut and damaged anywhere: the line and column, and no row."""
    server.query("CREATE TABLE b (i int, v vector(2))")
    good = row(int4(1), vector(1, 2))
    bad = "22P04"
    cases = [
        (b"", bad, "COPY file signature not recognized", ""),
        (b"PGCOPY\n\xff\r\n", bad, "COPY file signature not recognized", ""),
        (b"1\t[1,2]\n" * 3, bad, "COPY file signature not recognized", ""),
        (HEADER[:13], bad, "invalid COPY file header (missing flags)", ""),
        (HEADER[:11] + int4(1 << 16) + int4(0), bad,
         "invalid COPY file header (WITH OIDS)", ""),
        (HEADER[:11] + int4(1 << 17) + int4(0), bad,
         "unrecognized critical flags in COPY file header", ""),
        (HEADER[:17], bad, "invalid COPY file header (missing length)", ""),
        (HEADER[:15] + int4(-1), bad,
         "invalid COPY file header (missing length)", ""),
        (HEADER[:15] + int4(9) + b"123", bad,
         "invalid COPY file header (wrong length)", ""),
        (HEADER + good + row(int4(1)), bad,
         "row field count is 1, expected 2", "COPY b, line 2"),
        (HEADER + good + good[:4], bad, "unexpected EOF in COPY data",
         "COPY b, line 2, column i"),
        (HEADER + good + good[:-1], bad, "unexpected EOF in COPY data",
         "COPY b, line 2, column v"),
        (HEADER + struct.pack("!hi", 2, -2), bad, "invalid field size",
         "COPY b, line 1, column i"),
        (HEADER + row(b"12345", None), "22P03",
         "incorrect binary data format", "COPY b, line 1, column i"),
        (HEADER + row(b"12", None), "08P01",
         "insufficient data left in message", "COPY b, line 1, column i"),
        (HEADER + row(int4(1), vector(1, 2, 3)), "22000",
         "expected 2 dimensions, not 3", "COPY b, line 1, column v"),
        (HEADER + row(int4(1), vector(1, float("nan"))), "22000",
         "NaN not allowed in vector", "COPY b, line 1, column v"),
        (HEADER + row(int4(1), vector(1, float("inf"))), "22000",
         "infinite value not allowed in vector", "COPY b, line 1, column v"),
        (HEADER + good + TRAILER + b"x", bad,
         "received copy data after EOF marker", "COPY b, line 2"),
    ]
    for body, state, text, context in cases:
        for size in (1, 1000):
            got = copy_in("COPY b FROM STDIN (FORMAT binary)",
                          *pieces(body, size))
            assert got == (state, text, context), (body, got)
        assert count("b") == 0
    server.query("DROP TABLE b")


def test_binary_halfvec():
    """Its bytes, those of its arrays, and every check of what comes in."""
    server.query("CREATE TABLE hv (v halfvec(2), a halfvec[])")
    server.query("INSERT INTO hv VALUES ('[1,-2]', '{\"[65504]\",NULL}'), "
                 "('[1e-7,-0]', NULL), (NULL, '{}')")
    w = wire()
    got = w.ask(query("COPY hv TO STDOUT (FORMAT binary)"))
    everything = b"".join(b for k, b in got if k == b"d")
    oid = server.query("SELECT 'halfvec'::regtype::oid")[0][0]
    array = struct.pack("!iiIii", 1, 1, oid, 2, 1) + field(halfvec(65504)) + \
        field(None)
    empty = struct.pack("!iiI", 0, 0, oid)
    assert halfvec(1, -2) == bytes.fromhex("000200003c00c000")
    assert everything == HEADER + row(halfvec(1, -2), array) + \
        row(halfvec(2 ** -23, -0.0), None) + row(None, empty) + TRAILER
    server.query("CREATE TABLE hv2 (v halfvec(2), a halfvec[])")
    for size in (1, 7, len(everything)):
        assert copy_in("COPY hv2 FROM STDIN (FORMAT binary)",
                       *pieces(everything, size)) == "COPY 3"
        again = w.ask(query("COPY hv2 TO STDOUT (FORMAT binary)"))
        assert b"".join(b for k, b in again if k == b"d") == everything
        server.query("DELETE FROM hv2")
    for value, state, text in [
            (struct.pack("!hh", 0, 0), "22000",
             "halfvec must have at least 1 dimension"),
            (struct.pack("!hh", -1, 0), "54000",
             "halfvec cannot have more than 16000 dimensions"),
            (halfvec(1, 2, 3), "22000", "expected 2 dimensions, not 3"),
            (struct.pack("!hhhh", 2, 7, 0, 0), "22000",
             "expected unused to be 0, not 7"),
            (struct.pack("!hhhh", 2, -1, 0, 0), "22000",
             "expected unused to be 0, not -1"),
            (halfvec(1, float("nan")), "22000", "NaN not allowed in halfvec"),
            (halfvec(float("-inf"), 1), "22000",
             "infinite value not allowed in halfvec"),
            (halfvec(1, 2)[:-1], "08P01",
             "insufficient data left in message"),
            (halfvec(1, 2) + b"x", "22P03", "incorrect binary data format")]:
        got = copy_in("COPY hv2 (v) FROM STDIN (FORMAT binary)",
                      HEADER + row(value))
        assert got == (state, text, "COPY hv2, line 1, column v"), got
    server.query("DROP TABLE hv, hv2")


def test_binary_arrays():
    """Several dimensions: their numbers and bounds, and what is refused."""
    server.query("CREATE TABLE arrays (a int[])")
    server.query("INSERT INTO arrays VALUES ('[0:1][1:2]={{1,NULL},{3,4}}'), "
                 "('{{{7}}}'), ('{}')")
    w = wire()
    got = w.ask(query("COPY arrays TO STDOUT (FORMAT binary)"))
    everything = b"".join(b for k, b in got if k == b"d")
    first = struct.pack("!iiIiiii", 2, 1, 23, 2, 0, 2, 1) + field(int4(1)) + \
        field(None) + field(int4(3)) + field(int4(4))
    second = struct.pack("!iiIiiiiii", 3, 0, 23, 1, 1, 1, 1, 1, 1) + \
        field(int4(7))
    assert everything == HEADER + row(first) + row(second) + \
        row(struct.pack("!iiI", 0, 0, 23)) + TRAILER
    assert copy_in("COPY arrays FROM STDIN (FORMAT binary)", everything) == \
        "COPY 3"
    assert server.query("SELECT a::text, count(*) FROM arrays GROUP BY 1 "
                        "ORDER BY 1") == [
        ("[0:1][1:2]={{1,NULL},{3,4}}", 2), ("{{{7}}}", 2), ("{}", 2)]
    server.query("DELETE FROM arrays")
    big = 0x7fffffff
    for value, state, text in [
            (struct.pack("!iiI", 7, 0, 23) + struct.pack("!ii", 1, 1) * 7,
             "54000", "number of array dimensions (7) exceeds the maximum "
             "allowed (6)"),
            (struct.pack("!iiIiiii", 2, 0, 23, big, 1, big, 1), "54000", None),
            (struct.pack("!iiIii", 1, 0, 23, 1, big), "54000",
             "array lower bound is too large: 2147483647"),
            (struct.pack("!iiIiiii", 2, 0, 23, 2, 1, 2, 1) + field(int4(1)),
             None, "insufficient data left in message"),
            (struct.pack("!iiIii", 1, 0, 23, 2, 1) + int4(5), "22P03",
             "insufficient data left in message"),
            (struct.pack("!iiIii", 1, 0, 23, 1, 1) + field(int4(1) + b"x"),
             "22P03", "improper binary format in array element 1"),
            (struct.pack("!iiI", 0, 0, 9999), "42804",
             "binary data has array element type 9999 (???) instead of "
             "expected 23 (integer)")]:
        got = copy_in("COPY arrays FROM STDIN (FORMAT binary)",
                      HEADER + row(value))
        assert got[0] == (state or got[0]) and got[0] != "00000", got
        assert got[1] == (text or got[1]), got
    assert count("arrays") == 0
    # the type that another server gave that number to, but integers
    assert copy_in("COPY arrays FROM STDIN (FORMAT binary)", HEADER + row(
        struct.pack("!iiIii", 1, 0, 16384, 1, 1) + field(int4(8)))) == "COPY 1"
    server.query("DROP TABLE arrays")


def test_binary_bits():
    """bit and bit varying: the number of bits, then the bytes; what comes in
    behind the last bit is forgotten.  The lengths, states and texts are
    PostgreSQL's."""
    server.query("CREATE TABLE bits (b bit(10), v bit varying(12), w varbit, "
                 "a bit(3)[])")
    server.query("INSERT INTO bits VALUES (B'1010101011', B'1', '', "
                 "ARRAY[B'110', NULL]), (NULL, '', X'0123456789', '{}')")
    w = wire()
    got = w.ask(query("COPY bits TO STDOUT (FORMAT binary)"))
    everything = b"".join(b for k, b in got if k == b"d")
    array = struct.pack("!iiIii", 1, 1, 1560, 2, 1) + field(bits("110")) + \
        field(None)
    empty = struct.pack("!iiI", 0, 0, 1560)
    assert bits("1010101011") == bytes.fromhex("0000000aaac0")
    assert everything == HEADER + \
        row(bits("1010101011"), bits("1"), bits(""), array) + \
        row(None, bits(""), int4(40) + bytes.fromhex("0123456789"), empty) + \
        TRAILER
    sql = "COPY bits FROM STDIN (FORMAT binary)"
    for size in (1, 7, len(everything)):
        server.query("DELETE FROM bits")
        assert copy_in(sql, *pieces(everything, size)) == "COPY 2"
        again = w.ask(query("COPY bits TO STDOUT (FORMAT binary)"))
        assert b"".join(b for k, b in again if k == b"d") == everything
    server.query("DELETE FROM bits")
    assert copy_in("COPY bits (w) FROM STDIN (FORMAT binary)",
                   HEADER + row(int4(3) + b"\xff")) == "COPY 1"
    assert server.query("SELECT w::text, w = B'111' FROM bits") == \
        [("111", True)]
    for column, value, state, text in [
            ("b", bits("1" * 9), "22026",
             "bit string length 9 does not match type bit(10)"),
            ("b", bits(""), "22026",
             "bit string length 0 does not match type bit(10)"),
            ("v", bits("1" * 13), "22001",
             "bit string too long for type bit varying(12)"),
            ("w", int4(-1), "22P03", "invalid length in external bit string"),
            ("w", int4(2147483641) + b"x", "22P03",
             "invalid length in external bit string"),
            ("w", int4(2147483640) + b"x", "08P01",
             "insufficient data left in message"),
            ("w", bits("101010101")[:-1], "08P01",
             "insufficient data left in message"),
            ("w", bits("1") + b"x", "22P03", "incorrect binary data format"),
            ("w", b"\0\0\0", "08P01", "insufficient data left in message")]:
        got = copy_in(f"COPY bits ({column}) FROM STDIN (FORMAT binary)",
                      HEADER + row(value))
        assert got == (state, text, f"COPY bits, line 1, column {column}"), got
    server.query("DROP TABLE bits")


def test_vector_text():
    """The type's own errors, with the line."""
    server.query("CREATE TABLE vt (v vector(2))")
    for text, state, error in [
            ("[1,2,3]", "22000", "expected 2 dimensions, not 3"),
            ("[1,x]", "22P02", 'invalid input syntax for type vector: '
             '"[1,x]"'),
            ("[nan,1]", "22000", "NaN not allowed in vector"),
            ("[1e39,1]", "22003", '"1e39" is out of range for type vector'),
            ("[]", "22000", "vector must have at least 1 dimension")]:
        got = copy_in("COPY vt FROM STDIN", f"[1,2]\n{text}\n".encode())
        assert got == (state, error,
                       f'COPY vt, line 2, column v: "{text}"'), got
    assert copy_in("COPY vt FROM STDIN", b"[1.5,-2e3]\n\\N\n") == "COPY 2"
    assert server.query("SELECT v FROM vt WHERE v IS NOT NULL") == \
        [("[1.5,-2000]",)]
    assert count("vt") == 2
    server.query("DROP TABLE vt")


# ---- all or nothing ----

def test_failure_at_row_50000():
    """With an index, so that most rows are in it already."""
    server.query("CREATE TABLE big (i int, v vector(2))")
    server.query("INSERT INTO big VALUES (-1, '[0,0]')")
    server.query("CREATE INDEX ON big USING hnsw (v vector_l2_ops) "
                 "WITH (m = 4, ef_construction = 8)")
    body = "".join(f"{i}\t[{i % 100},{i // 100}]\n" for i in range(1, 4000))
    got = copy_in("COPY big FROM STDIN", body.encode(), b"4000\t[1]\n")
    assert got == ("22000", "expected 2 dimensions, not 1",
                   'COPY big, line 4000, column v: "[1]"'), got
    assert count("big") == 1
    with server.connect() as conn:
        conn.execute("SET enable_seqscan = off")
        assert conn.execute("SELECT i FROM big ORDER BY v <-> '[0,0]' "
                            "LIMIT 5").fetchall() == [(-1,)]
    server.query("DROP TABLE big")
    server.query("CREATE TABLE big (i int, t text)")
    body = "".join(f"{i}\tsome text\n" for i in range(1, 50000)).encode()
    got = copy_in("COPY big FROM STDIN", *pieces(body, 30000), b"x\ty\n")
    assert got == ("22P02", 'invalid input syntax for type integer: "x"',
                   'COPY big, line 50000, column i: "x"'), got
    assert count("big") == 0
    assert copy_in("COPY big FROM STDIN", *pieces(body, 30000)) == "COPY 49999"
    assert server.query("SELECT count(*), min(i), max(i), sum(i) FROM big") \
        == [(49999, 1, 49999, 49999 * 50000 // 2)]
    server.query("DROP TABLE big")


def test_row_too_big():
    """The context names the row, not the line that was last read."""
    server.query("CREATE TABLE wide (t text)")
    server.query("ALTER TABLE wide ALTER t SET STORAGE PLAIN")
    got = copy_in("COPY wide FROM STDIN", b"a\n" + b"x" * 20000 + b"\nb\n")
    assert got[0] == "54000" and "row is too big" in got[1], got
    assert count("wide") == 0
    server.query("DROP TABLE wide")


def test_two_at_once():
    """Copies into one table and its index do not disturb each other."""
    server.query("CREATE TABLE shared (i int, v vector(8))")
    server.query("CREATE INDEX ON shared USING hnsw (v vector_l2_ops)")
    n, each = 4, 1500
    results = [None] * n
    rng = random.Random(11)
    vectors = ["[" + ",".join(f"{rng.gauss(0, 1):.4f}" for _ in range(8)) + "]"
               for _ in range(n * each)]

    def load(k):
        body = "".join(f"{i}\t{vectors[i]}\n"
                       for i in range(k * each, (k + 1) * each))
        try:
            results[k] = copy_in("COPY shared FROM STDIN", body.encode())
        except Exception as e:
            results[k] = e

    threads = [threading.Thread(target=load, args=(k,)) for k in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [f"COPY {each}"] * n, results
    assert count("shared") == n * each
    with server.connect() as conn:
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.ef_search = 200")
        found = 0
        for i in range(0, n * each, 100):
            got = conn.execute(
                f"SELECT i FROM shared ORDER BY v <-> '{vectors[i]}' LIMIT 1"
            ).fetchone()
            found += got == (i,)
        # a lost race may cost a link, hardly ever an element
        assert found >= n * each // 100 - 1, found
    server.query("DROP TABLE shared")


# ---- the wire ----

def test_client_fails_it():
    server.query("CREATE TABLE f (i int)")
    w = wire()
    start_copy(w, "COPY f FROM STDIN")
    w.send(data(b"1\n2\n"), fail("changed my mind"))
    assert outcome(w.read_until()) == (
        "57014", "COPY from stdin failed: changed my mind",
        "COPY f, line 3"), "context"
    assert count("f") == 0
    # Flush and Sync are passed over, and the end marker ends the data early
    start_copy(w, "COPY f FROM STDIN")
    w.send(data(b"1\n"), FLUSH, SYNC, data(b"2\n\\.\nnot a row\n"),
           data(b"nor this"), DONE)
    assert outcome(w.read_until()) == "COPY 2"
    assert count("f") == 2
    # what still comes after an error is thrown away
    start_copy(w, "COPY f FROM STDIN")
    w.send(data(b"x\n"), data(b"1\n"), data(b"2\n"), DONE)
    assert outcome(w.read_until())[0] == "22P02"
    w.send(data(b"late"), DONE, fail("late"))
    assert rows(w.ask(query("SELECT count(*) FROM f"))) == [[b"2"]]
    # out of place: ignored as PostgreSQL does
    w.send(DONE, data(b"1\n"))
    assert rows(w.ask(query("SELECT 2"))) == [[b"2"]]
    server.query("DROP TABLE f")


def test_extended_protocol():
    server.query("CREATE TABLE e (i int)")
    w = wire()
    # Sync right behind Execute, as libpq sends it
    w.send(parse("COPY e FROM STDIN"), bind(), describe(b"P"), execute(),
           SYNC)
    assert kinds(w.read_until(b"G")) == b"12nG"
    w.send(data(b"1\n2\n"), DONE, SYNC)
    got = w.read_until()
    assert kinds(got) == b"CZ" and outcome(got) == "COPY 2"
    # an error: all up to the next Sync is skipped, data and statements alike
    w.send(parse("COPY e FROM STDIN"), bind(), execute())
    w.read_until(b"G")
    w.send(data(b"x\n"), data(b"3\n"), DONE, parse("SELECT 1"), bind(),
           execute(), SYNC)
    got = w.read_until()
    assert kinds(got) == b"EZ" and sqlstate(got) == "22P02", got
    w.send(parse("COPY e FROM STDIN"), bind(), execute())
    w.read_until(b"G")
    w.send(data(b"3\n"), fail("no"), SYNC)
    got = w.read_until()
    assert kinds(got) == b"EZ" and sqlstate(got) == "57014", got
    got = w.ask(parse("COPY e TO STDOUT"), bind(), describe(b"P"), execute(),
                SYNC)
    assert kinds(got) == b"12nHddcCZ", kinds(got)
    got = w.ask(parse("COPY (SELECT $1) TO STDOUT"), bind(), execute(), SYNC)
    assert kinds(got) == b"12EZ" and sqlstate(got) == "42P02", got
    server.query("DROP TABLE e")


def test_foreign_message():
    """A statement in the middle of the data: the connection is of no use."""
    server.query("CREATE TABLE m (i int)")
    w = wire()
    start_copy(w, "COPY m FROM STDIN")
    w.send(data(b"1\n"), query("SELECT 1"))
    got = []
    try:
        while True:
            got.append(w.read())
    except EOFError:
        pass
    assert [error_fields(b)["C"] for k, b in got if k == b"E"] == \
        ["08P01", "08P01"], got
    assert error_fields(got[0][1])["M"] == \
        "unexpected message type 0x51 during COPY from stdin"
    assert error_fields(got[1][1])["M"] == \
        "terminating connection because protocol synchronization was lost"
    assert count("m") == 0
    server.query("DROP TABLE m")


def backend_of(w):
    return next(struct.unpack("!ii", b) for k, b in w.greeting if k == b"K")


def cancel(w):
    pid, key = backend_of(w)
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(os.path.join(server.data, ".s.PGSQL.5432"))
        s.sendall(struct.pack("!iiii", 16, 80877102, pid, key))
        assert s.recv(1) == b""


def waits_for_client(w):
    return server.query("SELECT 1 FROM pg_stat_activity WHERE pid = "
                        f"{backend_of(w)[0]} AND wait_event = 'ClientRead'")


def test_cancel():
    server.query("CREATE TABLE c (i int)")
    w = wire()
    # while it waits for the next message
    start_copy(w, "COPY c FROM STDIN")
    w.send(data(b"1\n"))
    wait_for(lambda: waits_for_client(w), "the backend to wait")
    cancel(w)
    got = w.read_until()
    assert outcome(got)[:2] == (
        "57014", "canceling statement due to user request"), got
    w.send(data(b"2\n"), DONE)
    assert rows(w.ask(query("SELECT count(*) FROM c"))) == [[b"0"]]
    # in the middle of a message: it is served at the message's end
    start_copy(w, "COPY c FROM STDIN")
    whole = data(b"1\n" * 100)
    w.send(whole[:50])
    wait_for(lambda: waits_for_client(w), "the backend to wait")
    cancel(w)
    wait_for(lambda: waits_for_client(w), "the backend to wait")
    w.sock.settimeout(0.2)
    try:
        w.read()
        raise AssertionError("cancelled inside a message")
    except TimeoutError:
        pass
    w.sock.settimeout(60)
    w.send(whole[50:])
    assert outcome(w.read_until())[0] == "57014"
    w.send(DONE)
    assert rows(w.ask(query("SELECT count(*) FROM c"))) == [[b"0"]]
    server.query("DROP TABLE c")


def test_cancel_out():
    """The client does not read: the cancel must come through all the same."""
    server.query("CREATE TABLE o (t text)")
    body = (b"x" * 1000 + b"\n") * 20000
    assert copy_in("COPY o FROM STDIN", *pieces(body, 100000)) == "COPY 20000"
    w = wire()
    w.send(query("COPY o TO STDOUT"))
    pid = backend_of(w)[0]
    wait_for(lambda: server.query(
        f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid} AND wait_event = "
        "'ClientWrite'"), "the backend to find the socket full")
    cancel(w)
    got = w.read_until()
    assert outcome(got)[0] == "57014", kinds(got)[-5:]
    assert kinds(got).count(b"d") < 20000
    assert rows(w.ask(query("SELECT 1"))) == [[b"1"]]
    server.query("DROP TABLE o")


def test_lost_client():
    """No row, no lock, no process stays: at a message's end and inside one."""
    server.query("CREATE TABLE l (i int)")
    for cut in (b"", data(b"2\n")[:6], b"d\0"):
        w = wire()
        pid = backend_of(w)[0]
        start_copy(w, "COPY l FROM STDIN")
        w.send(data(b"1\n"), cut)
        wait_for(lambda: waits_for_client(w), "the backend to wait")
        w.sock.close()
        wait_for(lambda: not server.query(
            f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"),
            "the backend to end")
        assert count("l") == 0
    # and while it writes
    assert copy_in("COPY l FROM STDIN", b"1234567\n" * 200000) == \
        "COPY 200000"
    w = wire()
    pid = backend_of(w)[0]
    w.send(query("COPY l TO STDOUT"))
    w.read_until(b"H")
    w.sock.close()
    wait_for(lambda: not server.query(
        f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"),
        "the backend to end")
    server.query("DROP TABLE l")


def test_terminated():
    server.query("CREATE TABLE k (i int)")
    w = wire()
    start_copy(w, "COPY k FROM STDIN")
    w.send(data(b"1\n"))
    wait_for(lambda: waits_for_client(w), "the backend to wait")
    assert server.query(
        f"SELECT pg_terminate_backend({backend_of(w)[0]})") == [(True,)]
    got = w.read_until(b"E")
    assert sqlstate(got) == "57P01", got
    assert count("k") == 0
    server.query("DROP TABLE k")


def test_progress():
    """What pg_stat_progress_copy shows while a COPY waits, and after it."""
    server.query("CREATE TABLE p (i int)")
    w = wire()
    start_copy(w, "COPY p FROM STDIN")
    w.send(data(b"1\n" * 3000))
    sql = ("SELECT pid, relid = 'p'::regclass, datname, command, type, "
           "bytes_processed, bytes_total, tuples_processed, tuples_excluded "
           "FROM pg_stat_progress_copy")
    expected = [(backend_of(w)[0], True, "postgres", "COPY FROM", "PIPE",
                 6000, 0, 3000, 0)]
    wait_for(lambda: server.query(sql) == expected, "the rows to be in")
    w.send(DONE)
    assert outcome(w.read_until()) == "COPY 3000"
    assert server.query(sql) == []
    # a failed one is over too
    start_copy(w, "COPY p FROM STDIN")
    w.send(data(b"x\n"))
    assert outcome(w.read_until())[0] == "22P02"
    wait_for(lambda: server.query(sql) == [], "the end of the failed COPY")
    server.query("DROP TABLE p")


# ---- files ----

def test_files():
    """COPY from and to files of the server, and its errors."""
    server.query("CREATE TABLE fi (i int, t text)")
    path = os.path.join(server.dir, "rows")
    server.query("INSERT INTO fi SELECT i, 'row ' || i FROM "
                 "generate_series(1, 3000) i")
    for options in ("", "(FORMAT csv, HEADER)", "(FORMAT binary)"):
        with server.connect() as conn:
            cur = conn.execute(f"COPY fi TO '{path}' {options}")
            assert cur.statusmessage == "COPY 3000"
            conn.execute("CREATE TABLE fi2 (i int, t text)")
            cur = conn.execute(f"COPY fi2 FROM '{path}' {options}")
            assert cur.statusmessage == "COPY 3000"
            assert conn.execute("SELECT count(*), sum(i), min(t), max(t) FROM "
                                "fi2").fetchone() == \
                (3000, 4501500, "row 1", "row 999")
            conn.execute("DROP TABLE fi2")
    os.chmod(path, 0o600)
    assert os.stat(path).st_mode & 0o022 == 0
    try:
        server.query("COPY fi FROM PROGRAM 'true'")
        raise AssertionError("no error")
    except psycopg.errors.FeatureNotSupported:
        pass
    server.query("DROP TABLE fi")


def test_many_columns():
    """More columns than the field array begins with, and a long line."""
    n = 400
    columns = ", ".join(f"c{i} int" for i in range(n))
    server.query(f"CREATE TABLE many ({columns})")
    line = "\t".join(str(i) for i in range(n)) + "\n"
    assert copy_in("COPY many FROM STDIN", line.encode() * 50) == "COPY 50"
    got = copy_in("COPY many FROM STDIN", line.encode()[:-1] + b"\t1\n")
    assert got[1] == "extra data after last expected column", got
    assert len(got[2]) < 150, got
    with server.connect() as conn:
        with conn.cursor().copy("COPY many TO STDOUT") as copy:
            out = b"".join(bytes(b) for b in copy)
    assert out == line.encode() * 50
    server.query("DROP TABLE many")


def test_space_is_used_again():
    """COPY fills the room that vacuum found: a table that is emptied and filled
    again and again does not grow.  The last row stays, lest the file is cut."""
    with server.connect() as conn:
        conn.execute("CREATE TABLE again (id integer, t text)")
        sizes = set()
        for i in range(4):
            with conn.cursor().copy("COPY again FROM STDIN") as copy:
                for j in range(3000):
                    copy.write_row((i * 3000 + j, "x" * 100))
            conn.execute("DELETE FROM again WHERE id < %s", (i * 3000 + 2999,))
            conn.execute("VACUUM again")
            sizes.add(conn.execute(
                "SELECT pg_relation_size('again')").fetchone()[0])
        assert max(sizes) <= min(sizes) + 16 * 8192, sizes
        conn.execute("DROP TABLE again")


suite = Suite()
server = Server(shared_buffers="16MB").start()
server.query("CREATE EXTENSION IF NOT EXISTS vector")
suite.run_all(globals(), server)
