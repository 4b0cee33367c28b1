"""Runs cases, one after the other, on the server of a job."""
from dataclasses import dataclass, field
import os
import signal
import time
import zlib

import psycopg

import cluster
import oracles
import scenarios
from engine import Engine, UNWINDS

CRASHED = "reinitializing"  # the postmaster's word for a restart of all
RECALL_NOISE = 0.08  # five times the spread between builds without a fault
DURABLE_EVERY = 16  # of so many cases one is stopped at once and checked again


@dataclass
class Verdict:
    case: object
    fired: int = 0
    told: str = ""
    oracle: str = ""   # the broken one; empty: none
    wrong: str = ""
    log: str = ""      # of a violation
    seconds: float = 0
    crashed: bool = False

    @property
    def ok(self):
        return not self.oracle


@dataclass
class Twin:
    """What builds of the scenario without a fault are like."""
    recall_at_least: float = 0
    heap: list = field(default_factory=list)
    catalog_rows: tuple = ()
    segments: set = field(default_factory=set)
    passed: dict = field(default_factory=dict)


# So long it may take to get to a point after a child's end.
POSTMASTER_SECONDS = 0.3


class Runner:
    def __init__(self, say=lambda text: None):
        self.say = say
        self.server = None
        self.twins = {}
        self.new_server()

    def new_server(self):
        if self.server:
            self.sweep()
            self.server.destroy()
        self.server = cluster.Server()
        self.connect()

    def sweep(self):
        """A start removes what a postmaster that was killed has left, which the
        next cases would be blamed for."""
        if self.server.is_alive():
            return
        try:
            self.server.start()
        except AssertionError as e:
            self.say(f"a server does not start any more: {e}")

    def connect(self):
        self.conn = self.server.connect()
        self.engine = Engine(self.conn)

    def points(self):
        return self.engine.points()

    # ---- builds ----

    def client(self, scenario):
        client = cluster.Client(self.server)
        for name, value in {**scenario.settings, "client_min_messages":
                            "debug1"}.items():
            client.run(f"SET {name} = '{value}'")
        if scenario.leaves:
            client.leave_at = f"injection point {scenario.leaves}"
        client.notices.clear()
        return client

    def arm_scenario(self, scenario, pid):
        for name, action in scenario.also.items():
            self.engine.arm(name, action)
        if scenario.leaves:
            self.engine.arm(scenario.leaves, f"notice,times=1,pid={pid}")

    def build(self, client, scenario, watch=None):
        """Until it ends; backtraces if it does not."""
        client.send(scenario.statement)
        end = time.monotonic() + cluster.HANG_SECONDS
        while not client.poll(cluster.POLL_SECONDS if watch else 0.05):
            if watch:
                watch.look()
            if time.monotonic() > end:
                return self.server.backtraces()
        if watch:
            watch.forget()
        return ""

    # ---- without a fault ----

    def record(self, scenario, times):
        """Runs it without a fault: what is passed, and its twin."""
        twin = Twin(heap=oracles.heap(self.conn, scenario.table),
                    catalog_rows=oracles.catalog_rows(self.conn),
                    segments=oracles.segments(self.server))
        recalls, recordings = [], []
        for i in range(times + 1):
            before = set(self.server.children())
            client = self.client(scenario)
            if i == 0:
                client.leave_at = None  # so that there is an index to look at
            self.arm_scenario(scenario, client.pid)
            self.engine.record()
            hung = self.build(client, scenario)
            if client.left:
                self.await_its_end(before)
            recordings.append(self.engine.recorded())
            self.engine.disarm_all()
            if hung or (client.sqlstate or "") != scenario.fails or \
                    client.message and not scenario.fails:
                raise SystemExit(f"{scenario.name}: without a fault it does "
                                 "not end as it should: " +
                                 (hung or client.message))
            client.close()
            self.await_its_end(before)
            for text in () if client.left else scenario.tells:
                if not any(text in n for n in client.notices):
                    raise SystemExit(f"{scenario.name}: no message says "
                                     f"\"{text}\": {client.notices}")
            if self.conn.execute(oracles.INDEX).fetchall():
                recalls.append(oracles.recall(self.conn, scenario))
            self.conn.execute("DROP INDEX IF EXISTS x")
        twin.recall_at_least = min(recalls, default=1) - RECALL_NOISE
        self.twins[scenario.name] = twin
        return recordings[1:]

    def await_its_end(self, before, mark=None):
        """Until only the processes from before are there, or all have ended: a
        backend whose client left goes on for a while, workers may be late."""
        oracles.until_nothing(
            lambda: set(self.server.children()) - before and
            not (mark is not None and self.has_crashed(mark)),
            cluster.HANG_SECONDS)

    def has_crashed(self, mark):
        return CRASHED in self.server.log_since(mark) or \
            not self.server.is_alive()

    # ---- with one ----

    def run(self, case):
        started = time.monotonic()
        scenario = scenarios.BY_NAME[case.scenario]
        if scenario.name not in self.twins:
            self.record(scenario, 1)
        try:
            verdict = self.run_case(case, scenario)
        except (psycopg.Error, OSError, AssertionError) as e:
            verdict = Verdict(case, oracle="the matrix itself",
                              wrong=f"{type(e).__name__}: {e}")
        verdict.seconds = time.monotonic() - started
        if not verdict.ok:
            verdict.log += self.server.log_text()[-6000:]
            self.new_server()
        return verdict

    def run_case(self, case, scenario):
        mark = len(self.server.log_text())
        before = set(self.server.children())
        state = oracles.State(self.server, scenario, case,
                              self.twins[scenario.name])
        state.client = self.client(scenario)
        self.arm_scenario(scenario, state.client.pid)
        self.engine.arm(case.point, case.armed_as(state.client.pid))
        watch = cluster.Watch(self.server, scenario.table) \
            if case.action == "stop" else None
        state.hung = self.build(state.client, scenario, watch)
        state.ended()
        if state.hung:
            # one that hangs where its counters cannot be read has met its fault
            state.fired = self.server.ask_fired(case.point, 1)
        else:
            self.come_to_rest(state, mark, before)
        state.log = self.server.log_since(mark)
        found = self.judge(state)
        verdict = Verdict(case, state.fired, state.told_in_words(),
                          crashed=state.crashed)
        if found:
            verdict.oracle, verdict.wrong = found
            verdict.log = state.hung
        return verdict

    # ---- to rest ----

    def come_to_rest(self, state, mark, before):
        """Until the server serves and the build's backend is gone; then what
        was armed is disarmed."""
        self.let_go()
        state.client.close()
        self.await_its_end(before, mark)
        if state.case.role == "postmaster" and state.case.action == "kill":
            self.postmaster_may_have_died(state)
        started = time.monotonic()
        self.insist(lambda: self.count_fired(state))
        if self.crash_is_due(state, mark):
            self.await_crash(mark)
        state.serving_after = time.monotonic() - started
        self.insist(self.engine_disarm)
        state.crashed |= CRASHED in self.server.log_since(mark)
        state.conn = self.conn

    def count_fired(self, state):
        # the counters went with a postmaster
        if not state.crashed:
            state.fired = self.engine.fired(state.case.point)

    def engine_disarm(self):
        self.engine.disarm_all()

    def let_go(self):
        """What is still stopped stands in nobody's way any more."""
        for pid in self.server.stopped():
            try:
                os.kill(pid, signal.SIGCONT)
            except OSError:
                pass

    def insist(self, what):
        """Again on a new connection if a crash ends this one."""
        end = time.monotonic() + 2 * cluster.SERVING_SECONDS
        while True:
            try:
                return what()
            except psycopg.Error:
                if time.monotonic() > end:
                    raise
                self.connect_again(end)

    def connect_again(self, end):
        self.conn.close()
        while True:
            try:
                return self.connect()
            except psycopg.Error:
                if time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def panicked(self, case, mark):
        """An error in a critical section is logged before its process ends;
        most points of the class are passed outside of one, too."""
        if case.point_class != "critical" or case.action not in UNWINDS:
            return False
        text = f"error triggered for injection point {case.point}"
        oracles.until_nothing(
            lambda: text not in self.server.log_since(mark), 1)
        return "PANIC: " in self.server.log_since(mark)

    def crash_is_due(self, state, mark):
        """Who was killed may be found dead only a moment later."""
        client, case = state.client, state.case
        if state.crashed:
            return False
        lost = state.told == oracles.CLOSED and (
            not client.sqlstate or client.severity == "PANIC")
        return lost or client.sqlstate in oracles.CRASHED or \
            state.fired and (
                case.action == "kill" or self.panicked(case, mark))

    def await_crash(self, mark):
        end = time.monotonic() + cluster.SERVING_SECONDS
        while CRASHED not in self.server.log_since(mark):
            if time.monotonic() > end:
                return
            time.sleep(0.005)
        self.connect_again(end + cluster.SERVING_SECONDS)

    def postmaster_may_have_died(self, state):
        """If it did: no process may be left, and the next start recovers.  What
        it does when the last of a build has ended comes a moment later."""
        if oracles.until_nothing(self.server.is_alive, POSTMASTER_SECONDS):
            return
        left = oracles.until_nothing(self.server.processes)
        if left:
            raise AssertionError(f"the postmaster died, and left {left}")
        state.crashed, state.fired = True, 1
        self.server.start()
        self.connect_again(time.monotonic() + cluster.SERVING_SECONDS)

    # ---- the verdict ----

    def judge(self, state):
        found = oracles.judge(state, oracles.ORACLES)
        if not found and (oracles.left_to_the_next_start(state) or zlib.crc32(
                str(state.case).encode()) % DURABLE_EVERY == 0):
            self.conn.close()
            self.server.stop("immediate")
            self.server.start()
            self.connect()
            state.conn, state.restarted = self.conn, True
            found = oracles.judge(state, oracles.DURABLE)
        return found or oracles.judge(state, oracles.LEFTOVERS)

    def close(self):
        self.conn.close()
        self.server.destroy()
