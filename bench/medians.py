#!/usr/bin/python3
"""medians.py: what run.sh's rounds say, from their lines on standard input.

Prints a table of medians, then Tusk's builds as multiples of hnswlib's speed,
and what a second participant brings, both within each round and then the median
of the rounds, so that a machine that drifts does not matter.
"""
import collections
import statistics
import sys

HEADER = ("system", "threads", "build_s", "cpu_s", "ef", "recall@10", "qps")
FORMATS = ("%.3f", "%.2f", "%.4f", "%.0f")


def main():
    found = collections.defaultdict(list)
    builds = collections.defaultdict(list)
    for line in sys.stdin:
        system, threads, build, cpu, ef, recall, rate = line.split()
        values = found[system, threads, ef]
        values.append([float(v) for v in (build, cpu, recall, rate)])
        if len(values) > len(builds[system, threads]):
            builds[system, threads].append(float(build))
    rows = [HEADER]
    for (system, threads, ef), values in found.items():
        build, cpu, recall, rate = (f % statistics.median(column) for f, column
                                    in zip(FORMATS, zip(*values)))
        rows.append((system, threads, build, cpu, ef, recall, rate))
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(v.ljust(w) for v, w in zip(row, widths)).rstrip())

    def ratios(a, b):
        return [x / y for x, y in zip(builds[a], builds[b])]

    def show(what, values):
        print(f"{what:44} {statistics.median(values):5.2f}   (" +
              ", ".join(f"{v:.2f}" for v in values) + ")")

    print()
    for n in "1", "2":
        show(f"builds, hnswlib / Tusk, {n} participant{'s'[:n != '1']}",
             ratios(("hnswlib", n), ("tusk", n)))
    for system in "tusk", "hnswlib":
        show(f"builds, 1 / 2 participants, {system}",
             ratios((system, "1"), (system, "2")))


if __name__ == "__main__":
    main()
