"""The crash sweep, and kills at named steps and at random.

The sweep runs a workload (workload.py) and ends everything at the n-th write,
fsync, rename, unlink, truncation, creation, allocation or flush of the log below
the data directory (faultio.c), for n over the whole run.  Then what the disk had
not been told to keep is lost: nothing, all of it, or each sector at random.  Some
points also end recovery itself at its m-th operation, before it may complete.
After each:

- the model is what the server says, or one of the states that the step in doubt
  may have left (workload.py); unlogged tables are empty;
- `tusk check` finds nothing in any table or index;
- no file is left of a relation that is none;
- the work goes on, the server stops cleanly, pg_checksums finds every page good
  and pg_waldump reads the log to its end.

One call that fails, instead of the end, must leave the same: what was acknowledged
and nothing else, in the server that goes on or restarts, and after a crash.

POINTS=n takes n points at random; POINTS=all every operation of whole runs, one
seed after the other, until there are AT_LEAST.  FAILURES=n: failed calls of each
sort.
"""
import collections
import multiprocessing
import os
import random
import signal
import threading
import time
import traceback

import psycopg

import harness
from cluster import Cluster
from faultio import (ALLOCATE, CREATE, FAIL_ERRNO, FSYNC, READ, RENAME,
                     TRUNCATE, UNLINK, WRITE)
from harness import wait_for
from workload import Workload

STEPS = 50
MODES = ("none", "all", "random")
AT_LEAST = 2100
EIO = 5
ENOSPC = 28
POINTS = os.environ.get("POINTS", "30")
FAILURES = int(os.environ.get("FAILURES", "5"))
SEED = harness.seed()
JOBS = int(os.environ.get("JOBS", str(os.cpu_count())))

feature = None


# what the runs of one seed after the other are under
VARIANTS = ({"wal_init_zero": "off"},
            {"wal_init_zero": "off", "wal_compression": "lz4"},
            {"wal_init_zero": "off", "wal_level": "replica"},
            {"wal_init_zero": "off", "wal_recycle": "off",
             "wal_sync_method": "open_datasync"})


def new_cluster(seed):
    # large buffers of the log: an abandoned segment is filled in few writes
    return Cluster(checkpoint_timeout="30s", min_wal_size="32MB",
                   max_wal_size="64MB", wal_buffers="8MB",
                   **VARIANTS[seed % len(VARIANTS)])


def count_operations(seed):
    """How many there are in a run that nothing interrupts; how many of which
    kind."""
    cluster = new_cluster(seed)
    try:
        load = Workload(seed, feature)
        cluster.start(layer=True)
        with cluster.connect() as conn:
            load.begin(conn, cluster)
            cluster.fio.begin()
            assert load.run(conn, STEPS)
        return cluster.fio.ops(), cluster.fio.tallies()
    finally:
        cluster.remove()


def end_recovery_too(cluster, point, mode, seed):
    cluster.fio.begin(point)
    mark = cluster.mark()
    cluster.spawn(layer=True)
    wait_for(lambda: cluster.main.poll() is not None or
             "ready to accept" in cluster.log_text()[mark:],
             "the end or the success of recovery")
    ended = cluster.main.poll() is not None
    if not ended:
        cluster.main.kill()
    cluster.gone()
    cluster.fio.end()
    lost = cluster.fio.take_back(mode, seed)
    cluster.fio.forget()
    return lost, ended


def crash_point(seed, point, mode, recovery_point):
    """One life and one recovery; what happened, for the totals."""
    cluster = new_cluster(seed)
    found = collections.Counter(points=1)
    try:
        load = Workload(seed, feature)
        cluster.start(layer=True)
        conn = cluster.connect()
        load.begin(conn, cluster)
        cluster.fio.begin(point)
        done = load.run(conn, STEPS)
        if done:
            cluster.main.kill()
            found["at the end"] += 1
        else:
            found["before a " + cluster.fio.end_kind()] += 1
            found["in " + load.last_kind] += 1
        cluster.gone()
        conn.close()
        load.side.conn.close()
        cluster.fio.end()
        found += cluster.fio.take_back(mode, point)
        cluster.fio.forget()
        if recovery_point:
            lost, ended = end_recovery_too(cluster, recovery_point, mode,
                                           point + 1)
            found += lost
            found["recoveries"] += ended
        cluster.start()
        load.side.conn = cluster.connect()
        # before the check drops anything: a file stays until a checkpoint
        assert not cluster.orphans(), cluster.orphans()
        with cluster.connect() as conn:
            load.check(conn, crashed=True)
            cluster.tusk_check()
            # and it goes on
            load.run(conn, 5)
            load.check(conn)
        load.side.conn.close()
        assert cluster.stop() == 0, cluster.tail()
        cluster.check_files()
        faults = cluster.new_log_faults()
        assert not faults, faults
        return found, None
    except BaseException:
        cluster.keep()
        return found, (f"seed {seed} point {point} mode {mode} recovery point "
                       f"{recovery_point}\n{traceback.format_exc()}\n"
                       f"{cluster.tail(60)}")
    finally:
        cluster.remove()


def one_point(args):
    return crash_point(*args)


def worker_begins():
    # the template is not its to remove
    harness.servers.clear()


def choose_points():
    """(seed, point, mode, recovery point) of each; a line about the runs."""
    rng = random.Random(SEED)
    chosen = []
    tallies = collections.Counter()
    seed = SEED
    while True:
        total, tally = count_operations(seed)
        assert total > 100, total
        tallies.update(tally)
        tallies["operations"] += total
        points = range(1, total + 1)
        if POINTS != "all":
            points = sorted(rng.sample(points, min(int(POINTS), total)))
        for n, point in enumerate(points):
            chosen.append((seed, point, MODES[n % 3],
                           rng.randint(1, 120) if n % 4 == 3 else 0))
        if POINTS != "all" or len(chosen) >= AT_LEAST:
            return chosen, tallies
        seed += 1


def listed(counter, prefix=""):
    return ", ".join(f"{n} {name.removeprefix(prefix)}"
                     for name, n in sorted(counter.items())
                     if name.startswith(prefix) and n)


def run_points(function, chosen):
    """All of them, by several processes; what was counted, what failed."""
    started = time.monotonic()
    found = collections.Counter()
    failures = []
    pool = multiprocessing.get_context("fork").Pool(JOBS, worker_begins)
    for counted, failure in pool.imap_unordered(function, chosen):
        found.update(counted)
        if failure:
            failures.append(failure)
            print(failure, flush=True)
        if found["points"] % 200 == 0:
            print(f"# {found['points']} of {len(chosen)} points, "
                  f"{len(failures)} failures, "
                  f"{time.monotonic() - started:.0f} s", flush=True)
    pool.close()
    pool.join()
    return found, failures


def test_sweep():
    chosen, tallies = choose_points()
    operations = tallies.pop("operations")
    print(f"# {operations} operations: {listed(tallies)}", flush=True)
    found, failures = run_points(one_point, chosen)
    print(f"# {found['points']} crash points; {found['sectors']} sectors, "
          f"{found['files']} new files, {found['truncations']} truncations, "
          f"{found['removals']} removals lost; {found['recoveries']} recoveries cut off too\n"
          f"# ended before: {listed(found, 'before a ')}\n"
          f"# ended in: {listed(found, 'in ')}", flush=True)
    assert not failures, f"{len(failures)} points failed"


# ---- one call fails ----

# of a statement: no space, input/output, what a failed checkpoint gives, or
# the server went down and came back
EXPECTED_STATES = ("53100", "58030", "XX000", "57P02", "57P03", None)
IN_LOG = ("PANIC:  could not ", "terminated by signal 6: Aborted")


def after_failure(cluster, load, conn, mark):
    """A connection to a server that goes on, or has come back; did it?"""
    down = conn.closed or conn.broken or load.side.lost()
    if down:
        conn.close()
        load.side.conn.close()
        cluster.restarted(mark)
        conn = cluster.connect()
        load.side.conn = cluster.connect()
    else:
        conn.execute("ROLLBACK")
    return conn, down


def failure_point(seed, point, error, kinds):
    """The point-th call of these kinds fails; nothing acknowledged is lost,
    nothing of what failed is there; and after a crash the same."""
    cluster = new_cluster(seed)
    found = collections.Counter(points=1)
    conn = None
    try:
        cluster.expect(*IN_LOG)
        load = Workload(seed, feature)
        cluster.start(layer=True)
        conn = cluster.connect()
        load.begin(conn, cluster)
        mark = cluster.mark()
        cluster.fio.fail(error, kinds, skip=point)
        done = load.run(conn, STEPS, may_fail=True)
        found["not reached"] += cluster.fio.failures_left()
        cluster.fio.set(FAIL_ERRNO, 0)
        if load.error is not None:
            assert load.error.sqlstate in EXPECTED_STATES, \
                f"{load.error.sqlstate}: {load.error}"
        conn, down = after_failure(cluster, load, conn, mark)
        found["restarts" if down else "unnoticed" if done else "errors"] += 1
        load.check(conn, crashed=down)
        cluster.tusk_check()
        load.run(conn, 5)
        load.check(conn)
        conn.close()
        load.side.conn.close()
        cluster.kill()
        cluster.fio.end()
        cluster.start()
        assert not cluster.orphans(), cluster.orphans()
        load.side.conn = cluster.connect()
        with cluster.connect() as conn:
            load.check(conn, crashed=True)
        load.side.conn.close()
        cluster.tusk_check()
        assert cluster.stop() == 0, cluster.tail()
        cluster.check_files()
        faults = cluster.new_log_faults()
        assert not faults, faults
        return found, None
    except BaseException:
        cluster.keep()
        return found, (f"seed {seed} failure {point} errno {error} kinds "
                       f"{kinds}\n{traceback.format_exc()}\n"
                       f"{cluster.tail(60)}")
    finally:
        cluster.remove()


def one_failure(args):
    return failure_point(*args)


def test_failures(error, which):
    kinds = {"write": WRITE | CREATE | ALLOCATE, "read": READ,
             "other": FSYNC | TRUNCATE | RENAME | UNLINK}[which]
    rng = random.Random(f"{SEED} {error} {which}")
    # a run has about as many
    most = {"write": 600, "read": 1000, "other": 400}[which]
    chosen = [(SEED + n % 4, point, error, kinds) for n, point in
              enumerate(sorted(rng.sample(range(most), FAILURES)))]
    found, failures = run_points(one_failure, chosen)
    print(f"# {listed(found)}", flush=True)
    assert not failures, f"{len(failures)} points failed"


# ---- kills at random: the kernel lives on ----

def test_killed_at_random(victim):
    """Writers are cut off by the death of one process, again and again."""
    cluster = Cluster()
    acked = set()
    tried = set()
    stop = threading.Event()

    def writer(number):
        n = 0
        while not stop.is_set():
            try:
                with cluster.connect() as conn:
                    while not stop.is_set():
                        key = number * 1000000 + n
                        n += 1
                        tried.add(key)
                        conn.execute("INSERT INTO k VALUES (%s)", (key,))
                        acked.add(key)
            except psycopg.Error:
                stop.wait(0.01)
    try:
        cluster.start()
        cluster.query("CREATE TABLE k (id integer)")
        threads = [threading.Thread(target=writer, args=(i,))
                   for i in range(3)]
        for thread in threads:
            thread.start()
        rng = random.Random(victim)
        for _ in range(4):
            before = len(acked)
            wait_for(lambda: len(acked) > before + rng.randint(20, 200),
                     "work")
            if victim == "postmaster":
                cluster.kill()
                cluster.start()
                continue
            mark = cluster.mark()
            rows = wait_for(lambda: cluster.query(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = "
                f"'{victim}' AND pid <> pg_backend_pid()"), f"a {victim}")
            os.kill(rows[0][0], signal.SIGKILL)
            cluster.restarted(mark)
        stop.set()
        for thread in threads:
            thread.join()
        got = [r[0] for r in cluster.query("SELECT id FROM k")]
        assert len(got) == len(set(got))
        assert acked <= set(got), f"lost {sorted(acked - set(got))[:10]}"
        assert set(got) <= tried
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        stop.set()
        cluster.remove()


# ---- kills at named steps ----

def test_killed_at(step):
    """A process ends itself at the step; all of the model is there after."""
    cluster = Cluster()
    try:
        load = Workload(7, feature)
        cluster.start()
        with cluster.connect() as conn:
            load.begin(conn, cluster)
        conn = cluster.connect()
        # another process may pass it at once
        mark = cluster.mark()
        conn.execute("SELECT injection_points_attach(%s, 'kill')", (step,))
        try:
            load.run(conn, 40)
        except psycopg.Error:
            pass
        conn.close()
        try:
            # a step of writing may be left to it
            cluster.query("CHECKPOINT")
        except psycopg.Error:
            pass
        wait_for(lambda: "was terminated by signal 9" in
                 cluster.log_text()[mark:], "the kill")
        cluster.restarted(mark)
        assert not cluster.orphans(), cluster.orphans()
        with cluster.connect() as conn:
            load.check(conn, crashed=True)
        cluster.tusk_check()
        load.side.conn.close()
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


KILL_STEPS = ("checkpoint-redo-set", "checkpoint-buffers", "checkpoint-sync",
              "checkpoint-record", "checkpoint-control-file",
              "checkpoint-post", "buffer-write", "md-write", "buffer-extend",
              "md-zeroextend", "md-create", "md-unlink",
              "relation-create-storage", "pending-deletes")


def run(suite):
    suite.run(test_sweep)
    for error, which in ((EIO, "write"), (ENOSPC, "write"), (EIO, "read"),
                         (EIO, "other")):
        suite.run(test_failures, error, which)
    for one in ("client backend", "checkpointer", "background writer",
                "walwriter", "postmaster"):
        suite.run(test_killed_at_random, one)
    for one in KILL_STEPS:
        suite.run(test_killed_at, one)
