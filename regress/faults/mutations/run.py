#!/usr/bin/python3
"""Do the matrix and the stepper see a protocol that is broken?

    run.py [BUILD_DIR] [--only NAME,NAME] [--all] [--trust] [--list]
        [--report FILE]

rules.py lists mutations: one line of the code each, that breaks one rule.  The
tree is copied to a scratch directory; there each mutation is applied in turn,
built, and run against the detectors, in this order, until one has caught it
(--all: all of them):

    litmus    the program of regress/litmus that steps the file, if there is one
    tests     the program of regress/unit that tests it, or the test of a suite
              that the mutation names, if there is one
    stepper   regress/faults/stepper.py: builds, in many orders
    matrix    regress/faults/matrix.py: builds, disturbed at every point

A detector has caught a mutation if a test of it fails, or if it does not come to
an end.  All run without a mutation first; a test that fails then is named, and
does not count afterwards.  Prints a table and, as its last line, "N of M caught";
the exit status is 0 if nine of ten were.
"""
import argparse
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
LIMIT = 420  # seconds: a detector that does not end has seen a hang
WANTED = 0.9

# What is stepped alone.
PROGRAMS = {
    "storage/lmgr/lwlock.c": "build/litmus/lwlock",
    "storage/lmgr/condition_variable.c": "build/litmus/condition_variable",
    "storage/ipc/latch.c": "build/litmus/latch",
    "storage/ipc/shm_mq.c": "build/litmus/shm_mq",
    "storage/ipc/dsm.c": "build/litmus/dsm",
    "parallel/build_phase.c": "build/litmus/build_phase",
    "storage/ipc/barrier.c": "build/litmus/barrier",
    "storage/file/sharedfileset.c": "build/litmus/sharedsort",
    "parallel/sharedsort.c": "build/litmus/sharedsort",
    "access/vector/kmeans.c": "build/litmus/kmeans",
    "access/hnsw/hnswgraph.c": "build/litmus/hnsw_graph",
}

# What has a unit test that runs it in several processes, or through files.
UNITS = {
    "parallel/sharedsort.c": "build/unit/test_sharedsort",
    "utils/sort/tuplesort_tape.c": "build/unit/test_tuplesort",
    "access/vector/kmeans.c": "build/unit/test_kmeans",
}

sys.path.insert(0, HERE)
from rules import MUTATIONS  # noqa: E402


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", nargs="?", default="build")
    parser.add_argument("--only", metavar="NAME,NAME")
    parser.add_argument("--all", action="store_true",
                        help="all detectors, not only until one has caught it")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--trust", action="store_true",
                        help="that all pass without a mutation")
    parser.add_argument("--report", metavar="FILE",
                        help="the table goes there too")
    return parser.parse_args()


def mutated(mutation, text):
    for old, new in mutation.edits:
        if text.count(old) != 1:
            sys.exit(f"{mutation.name}: its text is {text.count(old)} times in "
                     f"{mutation.file}")
        text = text.replace(old, new)
    return text


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


class DoesNotCompile(Exception):
    pass


class Tree:
    """A copy of the sources, with a build that is brought up to date."""

    def __init__(self, build):
        self.dir = tempfile.mkdtemp(prefix="tusk-mutations-")
        self.tmp = os.path.join(self.dir, "tmp")
        os.mkdir(self.tmp)
        self.expected = None  # what fails without a mutation, once known
        self.seen = []
        files = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True,
            capture_output=True, text=True).stdout.split("\0")
        for name in filter(None, files):
            if os.path.isfile(os.path.join(ROOT, name)):
                self.copy(name)
        # Objects are as old as they are: make compiles what is mutated.
        if os.path.isdir(os.path.join(ROOT, build)):
            shutil.copytree(os.path.join(ROOT, build),
                            os.path.join(self.dir, "build"), symlinks=True)

    def copy(self, name):
        to = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(to), exist_ok=True)
        shutil.copy2(os.path.join(ROOT, name), to)

    def path(self, name):
        return os.path.join(self.dir, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)

    def make(self, *what):
        made = subprocess.run(["make", "-j2", *what], cwd=self.dir,
                              capture_output=True, text=True)
        if made.returncode != 0:
            raise DoesNotCompile(made.stdout + made.stderr)

    def end_servers(self):
        """Of a detector that was cut off."""
        for pidfile in glob.glob(self.tmp + "/**/postmaster.pid",
                                 recursive=True):
            try:
                os.kill(int(read(pidfile).split()[0]), signal.SIGQUIT)
            except (OSError, ValueError, IndexError):
                pass
        for name in os.listdir(self.tmp):
            shutil.rmtree(os.path.join(self.tmp, name), ignore_errors=True)

    def remove(self):
        self.end_servers()
        shutil.rmtree(self.dir, ignore_errors=True)


def interruptible():
    """In the child: SIGINT may be ignored, if we run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end(process):
    """It, and what it has started; servers are stopped in their own way."""
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            return
        try:
            process.wait(20)
            return
        except subprocess.TimeoutExpired:
            pass


def first_failure(tree, command, **more_env):
    """What the first failing test says; None if all pass, but for those that
    fail without a mutation too."""
    env = dict(os.environ, TMPDIR=tree.tmp, WATCHDOG="30", **more_env)
    log = os.path.join(tree.dir, "log")
    with open(log, "w+", encoding="utf-8", errors="replace") as out:
        process = subprocess.Popen(command, cwd=tree.dir, env=env, stdout=out,
                                   stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL,
                                   start_new_session=True,
                                   preexec_fn=interruptible)
        deadline = time.monotonic() + LIMIT
        said = None
        while said is None and process.poll() is None:
            try:
                process.wait(1)
            except subprocess.TimeoutExpired:
                pass
            if tree.expected is not None:
                said = first_new(log, tree.expected)
            if said is None and time.monotonic() > deadline:
                said = "does not come to an end"
        if said is None:
            said = first_new(log, tree.expected or [])
        if said is None and process.wait() != 0 and not failures(log):
            said = last_line(log)
        end(process)
    tree.end_servers()
    if tree.expected is None and said is not None:
        tree.seen += failures(log) or [said]
    return said


def failures(log):
    with open(log, encoding="utf-8", errors="replace") as f:
        return [line.strip()[len("not ok "):] for line in f
                if line.startswith("not ok")]


def first_new(log, expected):
    """Tests are compared by name, which ends at a colon."""
    for said in failures(log):
        if said.split(":")[0] not in [e.split(":")[0] for e in expected]:
            return said
    return None


def last_line(log):
    """Or the first of a unit test that says what was not so."""
    with open(log, encoding="utf-8", errors="replace") as f:
        lines = [line.strip() for line in f if line.strip()]
    for line in lines:
        if "CU_ASSERT" in line or "TRAP" in line:
            return line
    return lines[-1] if lines else "ends without a word"


def programs(tree, mutation, of_file):
    """Those of the file, or all."""
    said = None
    for program in sorted({of_file[f] for f in of_file
                           if mutation is None or f == mutation.file}):
        tree.make(program)
        said = first_failure(tree, [program]) or said
    return said


def litmus(tree, mutation):
    return programs(tree, mutation, PROGRAMS)


def tests(tree, mutation):
    said = programs(tree, mutation, UNITS)
    named = [m.test for m in MUTATIONS
             if m.test and (mutation is None or m is mutation)]
    for suite, name in named if said is None else ():
        tree.make("all")
        said = first_failure(tree, [f"regress/{suite}/run.sh", "build"],
                             TESTS=name) or said
    return said


def stepper(tree, mutation):
    tree.make("all")
    return first_failure(tree, ["regress/faults/stepper.py", "build", "--check"])


def matrix(tree, mutation):
    tree.make("all")
    command = ["regress/faults/matrix.py", "build"]
    said = first_failure(tree, command + ["--check"])
    if said is None and mutation is not None and mutation.more:
        said = first_failure(tree, command + mutation.more)
    return said


DETECTORS = [litmus, tests, stepper, matrix]


class Table:
    def __init__(self, report):
        self.report = open(report, "w", encoding="utf-8") if report else None
        self.line(f"{'mutation':33}{'litmus':9}{'tests':9}{'stepper':9}{'matrix':9}"
                  "what it said")

    def line(self, text):
        print(text, flush=True)
        if self.report:
            self.report.write(text + "\n")
            self.report.flush()

    def row(self, name, found):
        marks = ""
        said = ""
        for detector in DETECTORS:
            what = found.get(detector, "-")
            marks += f"{'caught' if what and what != '-' else what or 'no':9}"
            if what and what != "-" and not said:
                said = what
        self.line(f"{name:33}{marks}{said[:90]}".rstrip())


def judge(tree, mutation, every):
    found = {}
    for detector in DETECTORS:
        found[detector] = detector(tree, mutation)
        if found[detector] and not every:
            break
    return found


def main():
    opts = options()
    chosen = [m for m in MUTATIONS
              if not opts.only or m.name in opts.only.split(",")]
    for mutation in MUTATIONS:
        mutated(mutation, read(os.path.join(ROOT, mutation.file)))
    if opts.list:
        for mutation in chosen:
            print(f"{mutation.name:33}{mutation.file}: {mutation.rule}")
        return 0

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tree = Tree(opts.build)
    try:
        table = Table(opts.report)
        if not opts.trust:
            table.row("(none)", judge(tree, None, True))
        for said in tree.seen:
            table.line(f"does not count: {said}")
        tree.expected = tree.seen
        caught = 0
        for mutation in chosen:
            text = read(tree.path(mutation.file))
            tree.write(mutation.file, mutated(mutation, text))
            try:
                found = judge(tree, mutation, opts.all)
            except DoesNotCompile as log:
                print(f"{mutation.name} does not compile\n{log}")
                return 1
            caught += any(found.values())
            table.row(mutation.name, found)
            tree.write(mutation.file, text)
        table.line(f"{caught} of {len(chosen)} caught")
        return 0 if caught >= WANTED * len(chosen) else 1
    finally:
        tree.remove()


if __name__ == "__main__":
    sys.exit(main())
