#!/usr/bin/python3
"""sort.py [BUILD_DIR]: ten million pairs of an integer and a TID, beside GNU sort.

The parallel sort of an index build, without the index (sort_bench.c), with one
and two participants, with 256 MB, where all fits, and with 32 MB, through runs.
GNU sort has the same integers as lines, two threads, the same memory, a
temporary directory beside, and reads and writes ten digits for each line where
Tusk has 16 bytes for each pair. Both read a file that is in the page cache and
write one. They take turns; ROUNDS (3) is how often, the medians count, ratios
are those of each round. Every result is compared with GNU sort's. ROWS and BITS
(32) make other integers.
"""
import collections
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = int(os.environ.get("ROUNDS", "3"))
ROWS = os.environ.get("ROWS", "10000000")
BITS = os.environ.get("BITS", "32")
MEMORIES = (256, 32)


def timed(*args, **more):
    """Seconds on the clock and of processor time, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = time.perf_counter()
    done = subprocess.run(args, stdout=subprocess.PIPE, text=True, check=True,
                          **more)
    clock = time.perf_counter() - clock
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (after.ru_utime + after.ru_stime - before.ru_utime -
            before.ru_stime)
    return clock, used, done.stdout


def run_round(tool, work, found, last):
    for memory in MEMORIES:
        # what was written before is not to be waited for
        os.sync()
        clock, used, _ = timed(
            "sort", "-n", "--parallel=2", "-S", f"{memory}M", "-T", ".",
            "-o", "expected", "keys", cwd=work,
            env=dict(os.environ, LC_ALL="C"))
        found["GNU sort", 2, memory].append((clock, used))
        for participants in (1, 2):
            os.sync()
            clock, used, _ = timed(tool, "sort", "pairs", str(participants),
                                   str(memory * 1024), cwd=work)
            found["tusk", participants, memory].append((clock, used))
            if last:
                timed(tool, "check", "expected", str(participants), cwd=work)


def show(found):
    print(f"{'':10} {'memory':>8} {'processes':>9} {'seconds':>8} "
          f"{'processor':>9}")
    for (system, n, memory), values in found.items():
        clock, used = map(statistics.median, zip(*values))
        print(f"{system:10} {memory:5} MB {n:9} {clock:8.2f} {used:9.2f}")
    print()
    for memory in MEMORIES:
        for what, a, b in (("GNU sort / Tusk, 2 and 2", ("GNU sort", 2),
                            ("tusk", 2)),
                           ("Tusk, 1 / 2 participants", ("tusk", 1),
                            ("tusk", 2))):
            ratios = [x[0] / y[0] for x, y in zip(found[(*a, memory)],
                                                  found[(*b, memory)])]
            print(f"{what:26} {memory:3} MB {statistics.median(ratios):6.2f}   "
                  f"({', '.join(f'{r:.2f}' for r in ratios)})")


def main():
    build = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build")
    tool = os.path.join(build, "bin/sort_bench")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix="tusk-bench-")
    found = collections.defaultdict(list)
    try:
        timed(tool, "make", ROWS, BITS, "keys", "pairs", cwd=work)
        for i in range(ROUNDS):
            run_round(tool, work, found, i == ROUNDS - 1)
        show(found)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
