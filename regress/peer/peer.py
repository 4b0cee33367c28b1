#!/usr/bin/env python3
"""The same statements to Tusk and to PostgreSQL 15: the answers must be equal.

Every function, operator and cast that both have is called with the samples of
samples.py; damaged values in binary (random_binary.py) are taken or refused
alike; then random array literals (random_arrays.py), strings of bits
(random_bits.py), regular expressions (random_regexp.py), expressions and
queries (random_sql.py), and predicates of partial indexes
(random_predicates.py): how they are stored and shown, and for which conditions
such an index serves.  The danger is
an answer that is plausible and wrong; PostgreSQL's own server is the judge.
Seeds are fixed, so that a failure comes again.

What may differ: Tusk may say 0A000.  An error that depends on which condition
a plan looks at first (division by zero, out of range) may come on one side
only, in queries.  Rows without ORDER BY come in any order.
"""
import itertools
import os
import random
import re
import sys

import psycopg
from psycopg import pq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite  # noqa: E402
from postgres15 import Peer  # noqa: E402
from random_arrays import array_literal  # noqa: E402
import random_binary  # noqa: E402
from random_bits import BitGenerator  # noqa: E402
from random_predicates import COLUMNS, PredicateGenerator  # noqa: E402
from random_regexp import RegexpGenerator  # noqa: E402
from random_sql import SETUP, TABLES, Generator  # noqa: E402
from samples import SAMPLES, domain, literal, type_name  # noqa: E402

CALLS_PER_FUNCTION = 25
EXPRESSIONS = 600
QUERIES = 600
REGEXPS = 1500
ARRAYS = 2500
BITS = 3000
BINARY = 1500
PREDICATES = 150
CONDITIONS = 6

# Errors that a plan may meet or not.
BY_CHANCE = {"22012", "22003", "22P02"}

# Functions whose answers are the server's or the moment's own, and those that
# would fill the memory.
OWN = set("""
    age bit clock_timestamp current_database current_setting current_user
    drandom gen_random_uuid generate_series getpgusername lpad now
    pg_backend_pid pg_cancel_backend pg_conf_load_time
    pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn
    pg_current_xact_id pg_database_size pg_get_userbyid
    pg_indexes_size pg_my_temp_schema pg_postmaster_start_time
    pg_relation_filenode pg_relation_filepath pg_relation_size
    pg_reload_conf pg_size_pretty pg_sleep pg_switch_wal pg_table_size
    pg_tablespace_location pg_tablespace_size pg_terminate_backend
    pg_total_relation_size random repeat rpad session_user set_config
    setseed statement_timestamp timeofday transaction_timestamp
    txid_current version obj_description col_description
    shobj_description""".split())

# Called as no one calls them, with errors of other words: input functions of
# pseudo-types, of names and of dates with nonsense, states of aggregates.
OTHER_WORDS = set("""
    anyarray_in anycompatible_in anycompatiblearray_in
    anycompatiblenonarray_in anyelement_in anyenum_in anynonarray_in
    array_in date_in interval_in record_in timestamp_in timestamptz_in
    unknownin regoperin regoperatorin regprocedurein regtypein to_regtype
    float4_accum int2_avg_accum int4_avg_accum int4_avg_combine
    numeric_send pg_get_replica_identity_index""".split())

# Calls whose answers minor releases of PostgreSQL 15 changed: before 15.20
# right() leaves nothing out for the least integer.
CHANGED = {("right", "-2147483648")}

suite = Suite()
server = Server().start()


def answer(conn, sql):
    """Rows as tuples of texts, or ("error", SQLSTATE, message); malformed
    input has its detail behind the message."""
    result = conn.pgconn.exec_(sql.encode())
    if result.status != pq.ExecStatus.TUPLES_OK:
        state = result.error_field(pq.DiagnosticField.SQLSTATE)
        assert state is not None, f"{sql}: {result.error_message.decode()}"
        message = result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY)
        detail = (result.error_field(pq.DiagnosticField.MESSAGE_DETAIL)
                  if message.startswith(b"malformed array") else None)
        return "error", state.decode(), (message + (detail or b"")).decode()

    def value(row, column):
        v = result.get_value(row, column)
        return None if v is None else v.decode("utf8", "replace")

    return [tuple(value(r, c) for c in range(result.nfields))
            for r in range(result.ntuples)]


def is_error(a, *states):
    return isinstance(a, tuple) and (not states or a[1] in states)


class Comparison:
    def __init__(self):
        self.ours = server.connect()
        self.theirs = peer.connect()
        for conn in (self.ours, self.theirs):
            conn.execute("SET timezone = 'UTC'")
            conn.execute("SET statement_timeout = '60s'")
        self.statements = 0
        self.different = []

    def compare(self, sql, same):
        ours = answer(self.ours, sql)
        theirs = answer(self.theirs, sql)
        self.statements += 1
        if not is_error(ours, "0A000") and not same(ours, theirs):
            self.different.append(f"{sql}\n    Tusk       {str(ours)[:300]}\n"
                                  f"    PostgreSQL {str(theirs)[:300]}")

    def finish(self):
        self.ours.close()
        self.theirs.close()
        print(f"# {self.statements} statements")
        assert not self.different, "\n".join(
            [f"{len(self.different)} answers differ"] + self.different[:10])


def exactly(ours, theirs):
    return ours == theirs


def plain(value):
    """Of equal numbers (0, 0.0, -0) a plan may give any."""
    if value is None or not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value is None, value or ""
    if "." in value:
        value = value.rstrip("0").rstrip(".")
    return False, "0" if value == "-0" else value


def same_rows(ours, theirs):
    """In any order; errors by chance may be on one side only."""
    if is_error(ours) or is_error(theirs):
        return (is_error(ours, *BY_CHANCE) or is_error(theirs, *BY_CHANCE) or
                (is_error(ours) and is_error(theirs) and
                 ours[1] == theirs[1]))
    return (sorted([plain(v) for v in row] for row in ours) ==
            sorted([plain(v) for v in row] for row in theirs))


def types():
    return {oid: name for oid, name in server.query(
        "SELECT oid, typname FROM pg_type")}


def same_sign(ours, theirs):
    """Comparison functions promise only less, equal or greater."""
    if is_error(ours) or is_error(theirs) or not ours[0][0]:
        return ours == theirs
    a, b = int(ours[0][0]), int(theirs[0][0])
    return (a > 0) - (a < 0) == (b > 0) - (b < 0)


def test_functions():
    rng = random.Random(1)
    names = types()
    c = Comparison()
    for name, args, retset in server.query(
            "SELECT proname, proargtypes::text, proretset FROM pg_proc "
            "WHERE pronamespace = 11 AND prokind = 'f' AND oid < 9000 "
            "ORDER BY oid"):
        domains = [domain(names[int(a)]) for a in args.split()]
        if name in OWN or name in OTHER_WORDS or None in domains:
            continue
        if name.startswith("pg_stat_get_"):     # counts of what it did
            continue
        calls = list(itertools.islice(itertools.product(*domains), 5000))
        if len(calls) > CALLS_PER_FUNCTION:
            calls = [tuple(rng.choice(d) for d in domains)
                     for _ in range(CALLS_PER_FUNCTION)]
        for call in calls:
            if call and (name, call[-1][1]) in CHANGED:
                continue
            values = ", ".join(literal(*v) for v in call)
            c.compare(f"SELECT {'* FROM ' if retset else ''}"
                      f'pg_catalog."{name}"({values})',
                      same_sign if "cmp" in name else exactly)
    c.finish()


def test_operators():
    rng = random.Random(2)
    names = types()
    c = Comparison()
    for name, left, right in server.query(
            "SELECT oprname, oprleft, oprright FROM pg_operator "
            "WHERE oprnamespace = 11 ORDER BY oid"):
        domains = [domain(names[t]) for t in (left, right) if t != 0]
        if None in domains:
            continue
        for _ in range(10):
            values = [literal(*rng.choice(d)) for d in domains]
            first = values[0] if left else ""
            c.compare(f"SELECT {first} OPERATOR(pg_catalog.{name}) "
                      f"{values[-1]}", exactly)
    c.finish()


def test_casts():
    rng = random.Random(3)
    base = [t for t in SAMPLES if t not in ("cstring", "oidvector") and
            not t.startswith("_") and not t.startswith("reg")]
    c = Comparison()
    for source, target in itertools.product(base, base):
        for value in rng.sample(SAMPLES[source],
                                min(3, len(SAMPLES[source]))):
            c.compare(f"SELECT {literal(source, value)}::"
                      f"{type_name(target)}", exactly)
    c.finish()


def test_arrays():
    """PostgreSQL 15 fills some arrays of unequal depth up with NULLs."""
    def same(ours, theirs):
        return ours == theirs or (
            is_error(ours, "22P02") and not is_error(theirs) and
            ours[2].endswith("sub-arrays with matching dimensions."))

    rng = random.Random(8)
    c = Comparison()
    for _ in range(ARRAYS):
        value = literal("text", array_literal(rng))
        c.compare(f"SELECT ({value}::text)::text[]", same)
    c.finish()


def test_binary():
    """Values of all types in binary, damaged: the same value or error."""
    rng = random.Random(9)
    c = Comparison()
    for conn in (c.ours, c.theirs):
        random_binary.make_tables(conn)
    values = random_binary.sample_bytes(c.theirs)
    for _ in range(BINARY):
        t = rng.choice(random_binary.TYPES)
        value = random_binary.damaged(rng, rng.choice(values[t]))
        ours = random_binary.taken(c.ours, t, value)
        theirs = random_binary.taken(c.theirs, t, value)
        c.statements += 1
        if ours != theirs:
            c.different.append(f"{t} {value.hex()}\n    Tusk       {ours}\n"
                               f"    PostgreSQL {theirs}")
    c.finish()


def test_bits():
    g = BitGenerator(random.Random(7))
    c = Comparison()
    for _ in range(BITS):
        c.compare(g.statement(), exactly)
    c.finish()


def test_regexps():
    rng = random.Random(6)
    c = Comparison()
    for _ in range(REGEXPS):
        g = RegexpGenerator(rng)
        pattern = literal("text", g.pattern())
        strings = ", ".join(f"({literal('text', g.string())})"
                            for _ in range(12))
        c.compare(f"SELECT s {rng.choice(['~', '~*', '!~'])} {pattern} "
                  f"FROM (VALUES {strings}) AS v (s)", exactly)
    c.finish()


def make_tables():
    for connect in (server.connect, peer.connect):
        with connect() as conn:
            for statement in SETUP:
                conn.execute(statement)


def test_expressions():
    rng = random.Random(4)
    c = Comparison()
    for _ in range(EXPRESSIONS):
        g = Generator(rng)
        g.scope = TABLES["rx"]
        t = rng.choice(list(g.scope))
        text = g.expr(t, rng.choice([1, 2, 2, 3, 3, 4]))
        c.compare(f"SELECT {text} FROM rx", same_rows)
        where = text if t == "bool" else f"{text} IS NULL"
        c.compare(f"SELECT i, t FROM rx WHERE {where}", same_rows)
    c.finish()


def test_queries():
    rng = random.Random(5)
    c = Comparison()
    for _ in range(QUERIES):
        text = Generator(rng).query()
        c.compare(text, same_rows)
    c.finish()


PREDICATE_TEXTS = """
    SELECT pg_get_expr(indpred, indrelid), pg_get_expr(indpred, indrelid, true),
        indpred::text FROM pg_index WHERE indexrelid = 'partial'::regclass"""


def make_partial_tables(here, there):
    columns = ", ".join(f"{name} {t}" for name, t in COLUMNS.items())
    here.execute("CREATE EXTENSION vector")
    here.execute(f"CREATE TABLE px ({columns}, v vector(2))")
    there.execute(f"CREATE TABLE px ({columns}, v integer)")
    for conn in (here, there):
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET enable_sort = off")
    there.execute("SET enable_bitmapscan = off")


def filters(plan):
    """The conditions of a plan's Filter line; their order is the planner's."""
    return [set(re.split(r"\) (?:AND|OR) \(|[()]", line)) - {""}
            for line in plan if line.lstrip().startswith("Filter:")]


def compare_partial(here, there, predicate, condition):
    """A message if one uses the index and the other does not, or tests other
    conditions; '' if they agree; None if there is nothing to compare."""
    select = f"EXPLAIN (COSTS OFF) SELECT a FROM px WHERE {condition} ORDER BY"
    ours = [row[0] for row in here.execute(f"{select} v <-> '[1,1]'")]
    theirs = [row[0] for row in there.execute(f"{select} v")]
    if any("One-Time Filter: false" in line for line in theirs):
        return None
    used = [any("Index Scan using partial" in line for line in plan)
            for plan in (ours, theirs)]
    if used[0] == used[1] and filters(ours) == filters(theirs):
        return ""
    return f"{predicate}\n    {condition}\n    {ours}\n    {theirs}"


def test_predicates():
    rng = random.Random(7)
    g = PredicateGenerator(rng)
    failures = []
    agreed = 0
    with server.connect() as here, peer.connect() as there:
        make_partial_tables(here, there)
        for _ in range(PREDICATES):
            predicate = g.clause()
            # of the same length, so that locations are equal
            here.execute("CREATE INDEX partial ON px USING hnsw  "
                         f"(v vector_l2_ops) WHERE {predicate}")
            there.execute("CREATE INDEX partial ON px USING btree "
                          f"(v int4_ops     ) WHERE {predicate}")
            ours = here.execute(PREDICATE_TEXTS).fetchone()
            theirs = there.execute(PREDICATE_TEXTS).fetchone()
            for a, b in zip(ours, theirs):
                if re.sub(r"(hash|neg)funcid \d+", "", a or "") != re.sub(
                        r"(hash|neg)funcid \d+", "", b or ""):
                    failures.append(f"{predicate}\n    {a}\n    {b}")
            for _ in range(CONDITIONS):
                message = compare_partial(here, there, predicate,
                                          g.condition(predicate))
                if message:
                    failures.append(message)
                agreed += message == ""
            here.execute("DROP INDEX partial")
            there.execute("DROP INDEX partial")
        here.execute("DROP TABLE px")
        here.execute("DROP EXTENSION vector")
    assert not failures, f"{len(failures)} differ:\n" + "\n".join(failures)
    assert agreed > PREDICATES * CONDITIONS // 2, agreed


try:
    peer = Peer()
    suite.run(test_functions)
    suite.run(test_operators)
    suite.run(test_casts)
    suite.run(test_arrays)
    suite.run(test_binary)
    suite.run(test_bits)
    suite.run(test_regexps)
    suite.run(make_tables)
    suite.run(test_expressions)
    suite.run(test_queries)
    suite.run(test_predicates)
finally:
    peer.destroy()
suite.run(server.stop)
suite.finish(server)
