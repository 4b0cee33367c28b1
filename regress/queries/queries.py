#!/usr/bin/env python3
"""Random queries, answered by PostgreSQL 15 and by Tusk: the answers must be
the same, errors by their SQLSTATE.

A planner may move a condition to the wrong side of an outer join, fold away a
NULL, or take a sort for granted; on hand-written queries that shows seldom.
EXPLAIN VERBOSE of each query must work too: it prints every expression of the
plan.

QUERY_SEED=n begins with other queries, QUERY_COUNT=n asks more.  A failure
prints the tables and the query."""
import os
import shutil
import subprocess
import sys
import tempfile

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from generate import Generator  # noqa: E402
from harness import Server, Suite, seed  # noqa: E402

PG_BIN = "/usr/lib/postgresql/15/bin"
SEED = seed("QUERY")
COUNT = int(os.environ.get("QUERY_COUNT", "400"))


class Judge:
    """A private PostgreSQL 15, not as root."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="tusk-judge-")
        self.data = os.path.join(self.dir, "data")
        self.user = []
        if os.geteuid() == 0:
            shutil.chown(self.dir, "nobody", "nogroup")
            self.user = ["setpriv", "--reuid=nobody", "--regid=nogroup",
                         "--clear-groups", "env", f"HOME={self.dir}"]
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "judge",
                 "-E", "UTF8", "--locale=C", "--no-sync")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.dir + "/log",
                 "-o", f"-F -k {self.dir} -h '' -c shared_buffers=16MB "
                 "-c jit=off -c timezone=UTC", "start")

    def run(self, program, *args):
        subprocess.run(self.user + [os.path.join(PG_BIN, program), *args],
                       check=True, cwd=self.dir, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=120)

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.dir)


def answers(queries, setup, args, prefix=""):
    """What psql prints for each query, errors as their SQLSTATE."""
    script = setup
    for n, query in enumerate(queries):
        script += f"\\echo Q{n}\n{prefix}{query};\n"
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "VERBOSITY=sqlstate", *args],
        input=script, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=240)
    result = [None] * len(queries)
    current = None
    for line in done.stdout.split("\n"):
        if line.startswith("Q") and line[1:].isdigit():
            current = result[int(line[1:])] = []
        elif current is not None:
            current.append(line)
    return result


def failed(answer):
    return answer is None or answer[:1] and answer[0].startswith("ERROR")


generator = Generator(SEED)
setup = generator.tables()
queries = [generator.query() for _ in range(COUNT)]
suite = Suite()
server = Server().start()
judge = Judge()
tusk_args = ["-h", server.data, "-d", "postgres"]
judge_args = ["-h", judge.dir, "-U", "judge", "-d", "postgres"]


def test_answers():
    drop = "drop table if exists fa, fb, fc;\n"
    ours = answers(queries, setup, tusk_args)
    theirs = answers(queries, drop + setup, judge_args)
    bad = [n for n in range(COUNT) if ours[n] != theirs[n] and not (
        failed(ours[n]) and failed(theirs[n]) and ours[n] and theirs[n]
        and ours[n][0][:14] == theirs[n][0][:14])]
    assert all(answer is not None for answer in theirs), "psql gave up"
    assert sum(map(bool, map(failed, theirs))) < COUNT / 20, "too many errors"
    assert not bad, (
        f"{len(bad)} of {COUNT} answers differ (seed {SEED})\n{setup}\n" +
        "\n".join(f"{queries[n]};\n PostgreSQL: {theirs[n]}\n"
                  f" Tusk:       {ours[n]}" for n in bad[:3]))


def test_explain():
    plans = answers(queries, "", tusk_args, "explain verbose ")
    runs = answers(queries, "", tusk_args)
    bad = [n for n in range(COUNT) if failed(plans[n]) and not failed(runs[n])]
    assert not bad, "\n".join(f"{queries[n]};\n{plans[n]}" for n in bad[:3])


def deep_statements():
    """Trees that are as deep as the statement is long."""
    yield "select " + "(" * 20000 + "1" + ")" * 20000
    yield "select " + "-(" * 8000 + "1" + ")" * 8000
    yield "select " + "+".join(["1"] * 30000)
    yield "select " + "+".join(["1"] * 2000000)
    yield "select " + "||".join(["'a'"] * 300000)
    yield ("select * from " + "(select * from " * 3000 + "(select 1) x" +
           ") x" * 3000)
    yield "select " + "case when false then 1 else " * 6000 + "1" + \
        " end" * 6000


def wide_statements():
    yield "select " + " and ".join(["true"] * 30000), True
    yield "select 40000 in (" + ", ".join(map(str, range(50000))) + ")", True
    yield ("select count(*) from (" +
           " union all ".join(["select 1"] * 500) + ") s", 500)


def test_deep():
    """An error, not the end of the process (and with it of every session)."""
    with server.connect() as conn:
        for statement in deep_statements():
            try:
                conn.execute(statement)
            except psycopg.Error as e:
                assert e.sqlstate in ("54001", "42601"), (
                    statement[:60], e.sqlstate, str(e)[:200])
            assert conn.execute("select 1").fetchone() == (1,)
        for statement, value in wide_statements():
            assert conn.execute(statement).fetchone() == (value,), (
                statement[:60])


try:
    suite.run(test_deep)
    suite.run(test_answers)
    suite.run(test_explain)
finally:
    judge.stop()
    server.stop()
suite.finish(server)
