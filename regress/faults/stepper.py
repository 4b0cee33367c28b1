#!/usr/bin/python3
"""Parallel builds with their participants run one at a time, in given orders.

    stepper.py BUILD_DIR --replay SEED       one order again: schedule and verdict
    stepper.py BUILD_DIR --scenario NAME --policy random|pct --seeds FIRST-LAST
    stepper.py BUILD_DIR --scenario NAME --bound PREEMPTIONS
    stepper.py BUILD_DIR --check             what make check runs
    stepper.py BUILD_DIR --world             what make check-world runs

A seed is SCENARIO/POLICY/NUMBER, or SCENARIO/choices/DIGITS with a digit, the
participant, for each choice; a number alone is middle/random/NUMBER.  Exit
status: 0 if all is well, 1 if an order was found in which it is not.

Story: a build of some thirty rows by a leader and one or two workers.  The
stepper in the server (utils/misc/injection_step.c) lets one of them run at a
time, from point to point.  That all sleep, or that only a time-out goes on, is
a lost wake-up, found at once; each build that ends must have made an index that
has every row once, with exact counts, and must have left nothing.
"""
import argparse
import concurrent.futures
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import psycopg  # noqa: E402

ROWS = 30
DIMS = 400  # a row is 1.6 kB: the table has blocks for all
BUILD = "CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)"
IVFFLAT = ("CREATE INDEX t_v ON t USING ivfflat (v vector_l2_ops) "
           "WITH (lists = 2)")
CONCURRENTLY = BUILD.replace("INDEX", "INDEX CONCURRENTLY", 1)
TIME_OUT = 60  # seconds; a build takes a tenth of one

# What a build does alone, or what does not tell one order from another.
NOT_STEPPED = [
    "sys-*", "wal-*", "xlog-*", "buffer-*", "md-*", "smgr-*", "checkpoint-*",
    "malloc-*", "palloc-*", "fsm-*", "lock-*", "proc-*", "relcache-*",
    "catalog-*", "file-*", "fork-*", "resowner-*", "snapshot-*"]
# How often these are passed depends on processes that are not stepped, or on
# how long a sleep with a time-out took.
NOT_THE_SAME = [
    "latch-*", "lwlock-*", "sinval-*", "procsignal-*", "pmsignal-*",
    "build-not-*", "parallel-attach-*", "exit-*", "child-*"]
POINTS = "|".join(["!" + name for name in NOT_STEPPED + NOT_THE_SAME] + ["*"])

# The protocol of the build alone: few enough for all orders.
BESIDE_PROTOCOL = [
    "build-phase-*", "build-scan", "build-signal-*", "build-broadcast-*",
    "build-reltuples-*", "parallel-create-*", "parallel-fill-*",
    "parallel-serialize-*", "parallel-launch-worker",
    "parallel-worker-attach-*", "parallel-worker-c*", "parallel-worker-r*"]
PROTOCOL = "|".join(["!" + name for name in BESIDE_PROTOCOL + NOT_THE_SAME] + [
    "build-*", "parallel-*", "bgworker-register", "bgworker-start",
    "barrier-*", "kmeans-*", "sharedsort-*", "fileset-attach",
    "shm-mq-send", "shm-mq-receive", "hnsw-flush-start", "hnsw-flush-connect",
    "hnsw-flush-range", "hnsw-flush-end"])

# Name: workers, does the leader take part, memory (of which a MB is not used),
# statement.  A row takes 2.3 kB of the arena.
SCENARIOS = {
    "ample": (1, True, "16MB", BUILD),
    "packed": (1, True, "1060kB", BUILD),  # packed half-way
    "middle": (1, True, "1034kB", BUILD),  # packed, then flushed half-way
    "full": (1, True, "1MB", BUILD),  # nobody finds room
    "three": (2, True, "1036kB", BUILD),
    "workers": (2, False, "1036kB", BUILD),  # the leader only waits
    "fewer": (2, True, "1036kB", BUILD),  # one worker comes, of two asked for
    "concurrent": (1, True, "1034kB", CONCURRENTLY),
    "ivfflat": (1, True, "16MB", IVFFLAT),
    "ivfflat-three": (2, True, "16MB", IVFFLAT),
    "ivfflat-workers": (2, False, "16MB", IVFFLAT),
}


class Violation(Exception):
    pass


class Seed:
    """One order of one scenario."""

    def __init__(self, scenario, policy, what):
        self.scenario = scenario
        self.policy = policy
        self.what = what  # a number, or the digits of choices

    @staticmethod
    def parse(text):
        parts = text.split("/")
        if len(parts) == 1:
            parts = ["middle", "random"] + parts
        if (len(parts) != 3 or parts[0] not in SCENARIOS or
                parts[1] not in ("random", "pct", "choices") or
                not (parts[2] + "0").isdigit()):
            sys.exit(f"{text}: not SCENARIO/POLICY/NUMBER; scenarios are "
                     f"{', '.join(SCENARIOS)}, policies random, pct, choices")
        return Seed(*parts)

    def __str__(self):
        return f"{self.scenario}/{self.policy}/{self.what}"

    def options(self, points):
        if self.policy == "choices":
            return f"policy=choices,choices={self.what},points={points}"
        length = 400 if self.scenario.startswith("ivfflat") else 120
        return (f"policy={self.policy},seed={self.what},length={length},"
                f"depth={2 + int(self.what) % 3},points={points}")


class Step:
    """A line of the schedule."""

    def __init__(self, line):
        participant, enabled, previous, self.point = line.split(" ", 3)
        self.participant = int(participant)
        self.enabled = int(enabled)
        self.previous = int(previous)

    def __str__(self):
        return (f"{'    ' * self.participant}{self.participant}: {self.point}")


class Stepper:
    """A server whose builds are run in given orders."""

    def __init__(self, points=POINTS):
        self.points = points
        self.server = None
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.table_workers = None
        self.runs = 0

    def start(self):
        from harness import Server
        self.server = Server(shared_buffers="8MB", max_worker_processes=8,
                             autovacuum="off", fsync="off",
                             bgwriter_lru_maxpages="0",
                             wal_writer_delay="10s",
                             checkpoint_timeout="1d")
        self.server.start()
        self.conn = self.server.connect()
        self.conn.execute(f"SET statement_timeout = '{TIME_OUT}s'")
        self.conn.execute("CREATE EXTENSION vector")
        self.conn.execute(f"CREATE TABLE t (id integer, v vector({DIMS}))")
        rng = random.Random(5)
        with self.conn.cursor().copy("COPY t FROM STDIN") as copy:
            for i in range(ROWS):
                v = ",".join(f"{rng.gauss(0, 1):.3f}" for _ in range(DIMS))
                copy.write_row((i, f"[{v}]"))
        self.builder = self.server.connect()
        self.pid = self.builder.info.backend_pid
        self.relations = self.catalog()
        # What a build loads, and a leader's group, stay.
        self.usual = None
        self.run(Seed("three", "choices", ""))
        self.usual = self.held()

    def stop(self):
        if self.server:
            self.server.destroy()
        self.server = None
        self.table_workers = None

    def catalog(self):
        return {r[0] for r in self.conn.execute(
            "SELECT relname FROM pg_class").fetchall()}

    def held(self):
        return set(self.conn.execute(
            "SELECT * FROM tusk_resources_held").fetchall())

    def ask(self, sql):
        return self.conn.execute(sql).fetchone()[0]

    def prepare(self, scenario):
        workers, leader, memory, statement = SCENARIOS[scenario]
        self.builder.execute("SET client_min_messages = warning")
        self.builder.execute("SET ivfflat.build_seed = 1")
        self.builder.execute(f"SET maintenance_work_mem = '{memory}'")
        self.builder.execute(
            f"SET parallel_leader_participation = {leader}")
        self.builder.execute("SET max_parallel_workers = "
                             f"{1 if scenario == 'fewer' else 8}")
        if workers != self.table_workers:
            self.conn.execute(f"ALTER TABLE t SET (parallel_workers = "
                              f"{workers})")
            self.table_workers = workers
        return statement

    def build(self, statement):
        self.builder.execute(statement)

    def run(self, seed):
        """The schedule; Violation (with it) if anything is not as it should."""
        statement = self.prepare(seed.scenario)
        self.runs += 1
        self.conn.execute("SELECT injection_steps_begin(%s)",
                          (f"leader={self.pid}," + seed.options(self.points),))
        future = self.pool.submit(self.build, statement)
        error = None
        verdict = "not done"
        end = time.monotonic() + TIME_OUT
        while not future.done() and time.monotonic() < end:
            concurrent.futures.wait([future], 0.5)
            if not future.done():
                verdict = self.ask("SELECT injection_steps_verdict()")
                if not verdict.startswith(("not done", "done")):
                    break
        if future.done():
            error = future.exception()
        verdict = self.ask("SELECT injection_steps_verdict()")
        schedule = [Step(line) for line in self.ask(
            "SELECT injection_steps()").splitlines()]
        self.conn.execute("SELECT injection_steps_end()")
        wrong = None
        if verdict != "done":
            wrong = verdict
        elif error is not None:
            wrong = f"the build failed: {error}"
        if wrong is None:
            wrong = self.judge()
        if wrong:
            self.give_up(future)
            raise Violation(wrong, schedule)
        self.conn.execute("DROP INDEX t_v")
        return schedule

    def judge(self):
        """What is wrong with the index and with what is left, or None."""
        defects = self.conn.execute("SELECT tusk_check('t')").fetchall()
        if defects:
            return f"tusk_check: {defects}"
        for name in ("t", "t_v"):
            n = self.ask("SELECT reltuples FROM pg_class WHERE relname = "
                         f"'{name}'")
            if n != ROWS:
                return f"reltuples of {name} is {n}, not {ROWS}"
        if not self.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                        "'t_v'::regclass"):
            return "the index is not valid"
        left = self.catalog() - self.relations - {"t_v"}
        if left:
            return f"relations are left: {left}"
        held = self.held() - self.usual if self.usual is not None else None
        if held:
            return f"resources are held: {held}"
        busy = self.conn.execute(
            "SELECT backend_type, wait_event FROM pg_stat_activity WHERE "
            "backend_type = 'parallel worker'").fetchall()
        if busy:
            return f"workers are left: {busy}"
        return None

    def give_up(self, future):
        """The server may hang: another one takes its place."""
        servers_end = self.server
        try:
            os.kill(servers_end.postmaster_pid(), 9)
        except OSError:
            pass
        concurrent.futures.wait([future], 20)
        first = self.usual is None
        self.stop()
        if not first:
            self.start()


def print_schedule(schedule):
    for i, step in enumerate(schedule):
        print(f"  {i:4}  {step}")


def again(seed, schedule, points):
    digits = "".join(str(s.participant) for s in schedule)
    more = "" if points == POINTS else f" --points '{points}'"
    by_seed = "" if seed.policy == "choices" else (
        f"again: tusk fault replay {seed}{more}\n   or:")
    return (f"{by_seed or 'again:'} tusk fault replay "
            f"{seed.scenario}/choices/{digits}{more}")


def report(seed, violation, points):
    wrong, schedule = violation.args
    print(f"not ok {seed if seed.policy != 'choices' else seed.scenario}: "
          f"{wrong}")
    print_schedule(schedule)
    print(again(seed, schedule, points), flush=True)


def next_choices(path, bound):
    """The beginning of the next order with at most bound preemptions: path is
    a list of [step, choices tried, preemptions before]; None at the end."""
    while path:
        step, tried, before = path[-1]
        for c in range(8):
            if not step.enabled & (1 << c) or c in tried:
                continue
            if before + (step.previous >= 0 and step.previous != c) > bound:
                continue
            tried.add(c)
            step.participant = c
            return "".join(str(s.participant) for s, _, _ in path)
        path.pop()
    return None


def explore(stepper, scenario, bound, limit=None):
    """All orders within the bound; their number, or Violation."""
    path = []
    choices = ""
    runs = 0
    while choices is not None and (limit is None or runs < limit):
        seed = Seed(scenario, "choices", choices)
        try:
            schedule = stepper.run(seed)
        except Violation as v:
            report(seed, v, stepper.points)
            return runs, False
        runs += 1
        del path[len(choices):]
        for step in schedule[len(choices):]:
            before = 0
            if path:
                last, _, sofar = path[-1]
                before = sofar + (last.previous >= 0 and
                                  last.previous != last.participant)
            path.append([step, {step.participant}, before])
        choices = next_choices(path, bound)
    return runs, True


def run_seeds(stepper, scenario, policy, first, last):
    """How many of the orders are all right; stops at the first that is not."""
    longest = 0
    for n in range(first, last + 1):
        seed = Seed(scenario, policy, str(n))
        try:
            longest = max(longest, len(stepper.run(seed)))
        except Violation as v:
            report(seed, v, stepper.points)
            return n - first, longest, False
    return last - first + 1, longest, True


def said(what, ok, begin, runs):
    seconds = time.monotonic() - begin
    print(f"{'ok' if ok else 'not ok'} {what}; {seconds:.1f} s, "
          f"{runs / max(seconds, 0.001) * 60:.0f} a minute", flush=True)
    return ok


def seeds_line(stepper, scenario, policy, first, last):
    begin = time.monotonic()
    runs, longest, ok = run_seeds(stepper, scenario, policy, first, last)
    return said(f"{scenario}-{policy}: {runs} orders, up to {longest} steps",
                ok, begin, runs)


def bound_line(stepper, scenario, bound, limit=None):
    begin = time.monotonic()
    runs, ok = explore(stepper, scenario, bound, limit)
    some = "the first" if runs == limit else "all"
    return said(f"{scenario}-bound: {some} {runs} orders with at most {bound} "
                f"preemptions", ok, begin, runs)


def same_again(stepper, scenario, seeds):
    """A seed gives the same order in another server, and after other runs."""
    begin = time.monotonic()

    def orders():
        return [[str(s) for s in stepper.run(Seed(scenario, policy, str(n)))]
                for n in seeds for policy in ("random", "pct")]
    try:
        first = orders()
        stepper.stop()
        stepper.start()
        second = orders()
    except Violation as v:
        print(f"not ok {scenario}-again: {v.args[0]}")
        return False
    differing = [i for i, (a, b) in enumerate(zip(first, second)) if a != b]
    for i in differing[:1]:
        a, b = first[i], second[i]
        at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y),
                  min(len(a), len(b)))
        print(f"  differs at step {at}: {a[at - 2:at + 3]} and "
              f"{b[at - 2:at + 3]}")
    return said(f"{scenario}-again: {len(first)} seeds give the same order in "
                "another server", not differing, begin, 2 * len(first))


def refusals(stepper):
    """What is not understood, and a second run beside the first."""
    conn = stepper.conn
    wrong = []
    for options in ("seed", "seed=x", "policy=none", "choices=09", "depth=-1",
                    "nothing=1", "points=" + "a|" * 100):
        try:
            conn.execute("SELECT injection_steps_begin(%s)", (options,))
            wrong.append(options)
            conn.execute("SELECT injection_steps_end()")
        except psycopg.errors.InvalidParameterValue:
            pass
    conn.execute("SELECT injection_steps_begin('seed=1')")
    try:
        conn.execute("SELECT injection_steps_begin('seed=2')")
        wrong.append("a second run")
    except psycopg.errors.ObjectInUse:
        pass
    conn.execute("SELECT injection_steps_end()")
    print(f"{'not ok' if wrong else 'ok'} refusals {wrong or ''}".strip())
    return not wrong


def check(stepper):
    ok = refusals(stepper)
    for scenario in SCENARIOS:
        ok &= seeds_line(stepper, scenario, "random", 1, 25)
        ok &= seeds_line(stepper, scenario, "pct", 1, 25)
    stepper.points = PROTOCOL
    ok &= bound_line(stepper, "middle", 1)
    ok &= bound_line(stepper, "workers", 0)
    ok &= bound_line(stepper, "ivfflat", 1, 200)
    stepper.points = POINTS
    ok &= same_again(stepper, "middle", range(100, 105))
    ok &= same_again(stepper, "three", range(100, 103))
    ok &= same_again(stepper, "ivfflat-three", range(100, 102))
    return ok


def world(stepper):
    ok = True
    for scenario in SCENARIOS:
        ok &= bound_line(stepper, scenario, 1, 400)
        ok &= seeds_line(stepper, scenario, "random", 1001, 1300)
        ok &= seeds_line(stepper, scenario, "pct", 1001, 1300)
    stepper.points = PROTOCOL
    ok &= bound_line(stepper, "middle", 2, 3000)
    ok &= bound_line(stepper, "three", 1, 1000)
    return ok


def replay(stepper, seed):
    try:
        schedule = stepper.run(seed)
    except Violation as v:
        report(seed, v, stepper.points)
        return False
    print_schedule(schedule)
    print(f"ok {seed}: {len(schedule)} steps; the index is right, and nothing "
          "is left")
    return True


def arguments():
    parser = argparse.ArgumentParser(
        description="parallel builds, one participant at a time")
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--replay", metavar="SEED")
    parser.add_argument("--scenario", default="middle", choices=SCENARIOS)
    parser.add_argument("--policy", default="random",
                        choices=["random", "pct"])
    parser.add_argument("--seeds", metavar="FIRST-LAST")
    parser.add_argument("--bound", type=int, metavar="PREEMPTIONS")
    parser.add_argument("--points", default=POINTS,
                        help="those that count: patterns, | between them, ! in "
                        "front of those that do not")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--world", action="store_true")
    return parser.parse_args()


def main():
    args = arguments()
    sys.argv = [sys.argv[0], args.build]  # what the harness reads
    if args.replay:
        seed = Seed.parse(args.replay)
    stepper = Stepper(args.points)
    ok = True
    try:
        stepper.start()
        if args.replay:
            ok = replay(stepper, seed)
        elif args.world:
            ok = world(stepper)
        elif args.check:
            ok = check(stepper)
        if args.seeds:
            first, _, last = args.seeds.partition("-")
            ok &= seeds_line(stepper, args.scenario, args.policy, int(first),
                             int(last or first))
        if args.bound is not None:
            ok &= bound_line(stepper, args.scenario, args.bound)
    except Violation as v:  # in the first build of a server
        report(Seed("three", "choices", ""), v, stepper.points)
        ok = False
    finally:
        stepper.stop()
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
