#!/usr/bin/python3
"""The fault matrix: builds, disturbed at every point that they pass.

    matrix.py BUILD_DIR [--scenario S] [--points GLOB] [--actions A,B]
        [--seed N] [--limit N] [--jobs N] [--case CASE] [--list] [--check]

Each scenario (scenarios.py) is run without a fault first, while the server
counts which points are passed, by whom and how often.  Each of those, times each
action that the class of the point allows, times a few of the passages, is a case
(cases.py).  A case runs the build again with that one fault (runner.py), and what
is found afterwards is judged (oracles.py).  Only what fired counts.

Cases run in the order of the seed, on as many servers as there are jobs; those
that kill nothing share a server, and those that kill go on with the server that
has recovered.  The exit status is 1 if there was a violation.
"""
import argparse
import ctypes
import fnmatch
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import cases  # noqa: E402
import cluster  # noqa: E402
import harness  # noqa: E402
import report  # noqa: E402
import scenarios  # noqa: E402
from runner import Runner  # noqa: E402

PR_SET_PDEATHSIG = 1
CHECK_LIMIT = 120  # the most telling ones, for "make check"


def options():
    parser = argparse.ArgumentParser(
        prog="tusk fault matrix",
        description="Run index builds, disturbed at every point that they pass.")
    parser.add_argument("build_dir", help=argparse.SUPPRESS)
    parser.add_argument("--scenario", default="*", metavar="GLOB",
                        help="of " + ", ".join(scenarios.BY_NAME))
    parser.add_argument("--points", default="*", metavar="GLOB")
    parser.add_argument("--actions", metavar="A,B",
                        help="of " + ", ".join(cases.engine.ACTIONS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0,
                        help="so many cases, the most telling ones")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--case", metavar="CASE",
                        help="this one: scenario/point/role/action/n")
    parser.add_argument("--times", type=int, default=1,
                        help="run each case so often")
    parser.add_argument("--list", action="store_true",
                        help="say which cases there are")
    parser.add_argument("--check", action="store_true",
                        help=f"the {CHECK_LIMIT} most telling ones, a line of "
                        "a test each")
    return parser.parse_args()


# ---- jobs ----

def start_job(work, number, tasks, where):
    """A process with a server: work(runner, task) for each of the tasks; their
    results come through the queue, and (number, None) at the end."""
    queue = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=job, args=(
        work, number, tasks, where, queue, os.getpid()))
    process.start()
    return process, queue


def job(work, number, tasks, where, queue, parent):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, harness.interrupted)
    runner = None
    try:
        folder = os.path.join(where, str(number))
        os.makedirs(folder, exist_ok=True)
        cluster.private_files(folder)
        runner = Runner()
        for task in tasks:
            queue.put(work(runner, task))
    except SystemExit as e:
        print(e, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        if runner:
            runner.close()
        queue.put(None)


def in_jobs(work, tasks, jobs, where, on_result=lambda result: None):
    """The results, those of a job in order."""
    jobs = max(1, min(jobs, len(tasks)))
    running = {}
    for i in range(jobs):
        process, queue = start_job(work, i, tasks[i::jobs], where)
        running[queue._reader] = process, queue
    results = []
    while running:
        for reader in multiprocessing.connection.wait(list(running)):
            process, queue = running[reader]
            result = queue.get()
            if result is None:
                process.join()
                del running[reader]
            else:
                results.append(result)
                on_result(result)
    if len(results) < len(tasks):
        raise SystemExit("a job has failed")
    return results


# ---- the two phases ----

def record(runner, scenario):
    """Which points there are, and what the scenario passes of them."""
    recordings = runner.record(scenario, cases.TIMES_RECORDED)
    return scenario.name, runner.points(), cases.passages(recordings)


def run_case(runner, case):
    return runner.run(case)


def plan(opts, where):
    """All cases, and the points."""
    wanted = [s for s in scenarios.SCENARIOS
              if fnmatch.fnmatch(s.name, opts.scenario)]
    if not wanted:
        raise SystemExit(f"no such scenario: {opts.scenario}")
    actions = opts.actions.split(",") if opts.actions else None
    found, points = [], {}
    for name, points, passed in in_jobs(record, wanted, opts.jobs, where):
        found += cases.plan(scenarios.BY_NAME[name], points, passed,
                            opts.points, actions)
    return found, points


def progress(started, total):
    """Says from time to time how far it is."""
    state = {"done": 0, "next": started + 30}

    def on_result(verdict):
        state["done"] += 1
        if not verdict.ok:
            print(f"# violation: {verdict.case}: {verdict.oracle}",
                  flush=True)
        if time.monotonic() > state["next"]:
            state["next"] += 30
            print(f"# {state['done']} of {total} cases", flush=True)
    return on_result


def check_line(verdict):
    name = str(verdict.case).replace("/", " ")
    if verdict.ok:
        note = "" if verdict.fired else " # never fired"
        print(f"ok matrix {name}{note}", flush=True)
    else:
        print(f"not ok matrix {name}", flush=True)
        print(report.violation(verdict), verdict.log, sep="\n", flush=True)


def one_case(opts, where):
    def with_class(runner, text):
        case = cases.parse(text, runner.points())
        return runner.run(case)
    verdicts = in_jobs(with_class, [opts.case] * opts.times, opts.jobs, where)
    for v in verdicts:
        print("fired" if v.fired else "never fired",
              "the server restarted" if v.crashed else "no restart",
              f"the client was told: {v.told}", v.oracle or "ok", sep="; ")
        if not v.ok:
            print(report.violation(v), v.log, sep="\n")
    return verdicts


def run(opts, where):
    folder = os.path.join(harness.build_dir(), "fault-matrix")
    if opts.case:
        return one_case(opts, where)
    found, points = plan(opts, where)
    if not found:
        raise SystemExit(f"no case: no scenario like {opts.scenario!r} passes "
                         f"a point like {opts.points!r} that may be disturbed "
                         "that way; tusk fault list has the points, --help the "
                         "scenarios")
    chosen = cases.choose(found, opts.seed,
                          CHECK_LIMIT if opts.check else opts.limit)
    if opts.list:
        print(*chosen, f"{len(chosen)} cases", sep="\n")
        return []
    started = time.monotonic()
    if opts.check:
        return in_jobs(run_case, chosen, opts.jobs, where, check_line)
    print(f"# {len(found)} cases at {len({c.point for c in found})} of "
          f"{len(points)} points, {len(chosen)} of them chosen by seed "
          f"{opts.seed}", flush=True)
    verdicts = in_jobs(run_case, chosen * opts.times, opts.jobs, where,
                       progress(started, len(chosen) * opts.times))
    print(report.table(verdicts), "",
          report.totals(verdicts, "scenario", lambda c: c.scenario), "",
          report.totals(verdicts, "role", lambda c: c.role), "",
          report.totals(verdicts, "action", lambda c: c.action), "", sep="\n")
    for v in sorted(verdicts, key=lambda v: str(v.case)):
        if not v.ok:
            print(report.violation(v), "    " + report.save_log(v, folder),
                  sep="\n")
    report.save(verdicts, os.path.join(folder, "verdicts"))
    print(report.summary(verdicts, time.monotonic() - started))
    return verdicts


def end_jobs():
    """Each destroys its server."""
    for process in multiprocessing.active_children():
        process.terminate()
        process.join()


def terminated(signum, frame):
    raise KeyboardInterrupt


def main():
    opts = options()
    where = tempfile.mkdtemp(prefix="tusk-matrix-")
    signal.signal(signal.SIGTERM, terminated)
    try:
        verdicts = run(opts, where)
    except KeyboardInterrupt:
        return 130
    finally:
        end_jobs()
        shutil.rmtree(where, ignore_errors=True)
    return 1 if any(not v.ok for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
