#!/usr/bin/env python3
"""Writes doc/injection-points.md: every injection point, by subsystem and class.

    tools/points.py BUILD_DIR            # what the file should be, to the output
    tools/points.py BUILD_DIR --write    # writes it ("make points")

The names are those that "tusk fault list" tells, so what was compiled.
regress/stories compares the file with that.
"""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(TOP, "doc", "injection-points.md")

# in this order; the words are those of utils/injection_point.h
CLASSES = ("normal", "critical", "no-throw", "postmaster")

HEAD = """\
# Injection points, by subsystem

Written by `make points`; `make check` compares it with the server. `tusk fault list` and the view `injection_points` say more: file, line, what each
allows. `doc/faults.md` is the guide.

| class | an error there | what can be armed |
|---|---|---|
| normal | unwinds, as any ERROR | everything |
| critical | is a PANIC if it is in a critical section: the server restarts | everything |
| no-throw | must not be: the place is inside locks, latches, queues, or before a system call | kill, stop, exit, wait, sleep; before a call also errno, short, torn |
| postmaster | ends the service | everything |

{total} points: {counts}.

| subsystem | class | points |
|---|---|---|
"""


def rank(name):
    return (CLASSES.index(name) if name in CLASSES else len(CLASSES), name)


def listed(build):
    """(subsystem, class, name) of each point."""
    subsystem, rows = None, []
    out = subprocess.run([os.path.join(build, "bin", "tusk"), "fault", "list"],
                         check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in out.splitlines():
        if line.startswith("  "):
            name, kind = line.split()[:2]
            rows.append((subsystem, kind, name))
        elif line:
            subsystem = line.strip()
    return sorted(rows)


def page(rows):
    groups = {}
    for subsystem, kind, name in rows:
        groups.setdefault((subsystem, kind), []).append(name)
    kinds = sorted({kind for _, kind, _ in rows}, key=rank)
    counts = ", ".join(
        f"{sum(k == kind for _, k, _ in rows)} {kind}" for kind in kinds)
    text = HEAD.format(total=len(rows), counts=counts)
    for (subsystem, kind), names in sorted(
            groups.items(), key=lambda g: (g[0][0], rank(g[0][1]))):
        text += (f"| {subsystem} | {kind} | "
                 + ", ".join(f"`{n}`" for n in names) + " |\n")
    return text


def main():
    text = page(listed(sys.argv[1]))
    if "--write" in sys.argv:
        with open(PAGE, "w") as f:
            f.write(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
