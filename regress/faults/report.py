"""What the matrix prints: a table of points and actions, and violations."""
from collections import defaultdict
import os

import engine

COLUMNS = ("error", "fatal", "kill", "stop", "delay", "errno")


def column(action):
    return "errno" if action in engine.ERRNOS else action


def table(verdicts):
    """Of each point and action the cases that fired; "3/5" if only three of
    five were as they must be; "." if the class of the point forbids it, "-" if
    none fired."""
    cells = defaultdict(lambda: defaultdict(list))
    classes, never, tried = {}, defaultdict(int), set()
    for v in verdicts:
        tried.add((v.case.point, column(v.case.action)))
        classes[v.case.point] = v.case.point_class
        if v.fired:
            cells[v.case.point][column(v.case.action)].append(v.ok)
        else:
            never[v.case.point] += 1
    width = max(map(len, classes), default=5)
    lines = [f"{'point':{width}}  {'class':10}" +
             "".join(f"{c:>8}" for c in COLUMNS) + "   never fired"]
    for point in sorted(classes):
        lines.append(
            f"{point:{width}}  {classes[point]:10}" +
            "".join(f"{cell(cells[point][c], (point, c) in tried):>8}"
                    for c in COLUMNS) + f"{never[point] or '':>14}")
    return "\n".join(lines)


def cell(found, tried):
    if not found:
        return "-" if tried else "."
    good = sum(found)
    return str(good) if good == len(found) else f"{good}/{len(found)}"


def totals(verdicts, title, key):
    """A line for each value of key."""
    groups = defaultdict(list)
    for v in verdicts:
        groups[key(v.case)].append(v)
    width = max([len(title), *map(len, groups)], default=0)
    lines = [f"{title:{width}}   cases   fired  violations  median ms"]
    for name, group in sorted(groups.items()):
        times = sorted(v.seconds for v in group)
        lines.append(f"{name:{width}}{len(group):8}"
                     f"{sum(v.fired > 0 for v in group):8}"
                     f"{sum(not v.ok for v in group):12}"
                     f"{times[len(times) // 2] * 1000:11.0f}")
    return "\n".join(lines)


def summary(verdicts, seconds):
    return (f"{len(verdicts)} cases, {sum(v.fired > 0 for v in verdicts)} "
            f"fired, {sum(not v.ok for v in verdicts)} violations, "
            f"{len(verdicts) * 60 / max(seconds, 0.001):.0f} cases per minute")


def violation(v):
    """With the command that does it again."""
    lines = [f"violation: {v.oracle}", f"    {v.wrong}"]
    if v.told and v.told not in v.wrong:
        lines.append(f"    the client was told: {v.told}")
    lines += [
             f"    tusk fault matrix --case \"{v.case}\""]
    return "\n".join(lines)


def save(verdicts, path):
    """A line for each case, in a fixed order: two runs can be compared."""
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as f:
        for v in sorted(verdicts, key=lambda v: str(v.case)):
            f.write("\t".join([
                str(v.case), "fired" if v.fired else "never fired",
                "crash" if v.crashed else "-", v.oracle or "ok", v.told]
            ).replace("\n", " ") + "\n")


def save_log(v, folder):
    """What the server logged, and backtraces, for a violation."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, str(v.case).replace("/", ".") + ".log")
    with open(path, "w") as f:
        f.write(f"{v.oracle}: {v.wrong}\n\n{v.log}")
    return path
