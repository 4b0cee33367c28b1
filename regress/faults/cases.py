"""Which cases there are: what a recording run passed, times what is allowed.

A case is scenario/point/role/action/n: at its n-th passage of the point by that
role, the action happens, once.  The roles:

    builder     the client's backend; of a parallel build the leader
    worker:0    its first worker, and so on
    worker      any of them (the n-th passage of all together)
    postmaster, checkpointer, bgwriter, walwriter
"""
from dataclasses import dataclass
import fnmatch
import zlib

import engine

# Passages of a point that workers pass by chance are not all there every time.
TIMES_RECORDED = 3


@dataclass(frozen=True)
class Case:
    scenario: str
    point: str
    role: str
    action: str
    nth: int
    point_class: str = "normal"

    def __str__(self):
        return (f"{self.scenario}/{self.point}/{self.role}/{self.action}/"
                f"{self.nth}")

    @property
    def of_a_worker(self):
        return self.role.startswith("worker")

    @property
    def of_the_build(self):
        return self.role == "builder" or self.of_a_worker

    def armed_as(self, pid):
        """In the words of the grammar."""
        who = f"pid={pid}" if self.role == "builder" else f"role={self.role}"
        return f"{engine.ACTIONS[self.action]},nth={self.nth},times=1,{who}"


def parse(text, points):
    """One case by its name."""
    parts = text.split("/")
    if len(parts) != 5 or not parts[4].isdigit():
        raise SystemExit(f"not a case: {text!r}; write "
                         "scenario/point/role/action/n")
    if parts[1] not in points:
        raise SystemExit(f"no such point: {parts[1]!r}; tusk fault list has "
                         "the names")
    if parts[3] not in engine.ACTIONS:
        raise SystemExit(f"no such action: {parts[3]!r}; there are "
                         + ", ".join(engine.ACTIONS))
    return Case(*parts[:4], int(parts[4]), points[parts[1]].kind)


def passages(recordings):
    """Of several recordings [{(point, role): number}], what each had."""
    common = set(recordings[0])
    for one in recordings[1:]:
        common &= set(one)
    return {key: min(r[key] for r in recordings) for key in common}


def small_numbers(n):
    """The first, the second, the middle one, and the last."""
    return sorted({1, min(2, n), (n + 1) // 2, n})


def plan(scenario, points, passed, glob="*", actions=None):
    """All cases of a scenario, in order of their names; disturbing what the
    scenario itself has armed would make it another one."""
    own = set(scenario.also) | {scenario.leaves}
    found = []
    for (name, role), n in sorted(passed.items()):
        if name not in points or name in own or role == "other" or \
                not fnmatch.fnmatch(name, glob):
            continue
        for action in engine.ACTIONS:
            if actions and action not in actions or \
                    not points[name].allows(action):
                continue
            found += [Case(scenario.name, name, role, action, nth,
                           points[name].kind) for nth in small_numbers(n)]
    return found


def weight(case):
    """Smaller is more telling: the first passages, of what takes part; a delay
    finds least."""
    return ((case.nth > 1) + (case.nth > 2) +
            (case.role not in ("builder", "worker:0")) +
            (case.action == "delay"))


def choose(found, seed, limit):
    """So many of them, the more telling ones first, by chance among equals:
    each scenario, point, role and action has its turn before any has a second.
    The order in which they run is that of the seed."""
    # a case more or less, where a recording differs, leaves the others in place
    order = sorted(found, key=lambda c: (
        weight(c), zlib.crc32(f"{seed} {c}".encode()), str(c)))
    if limit and limit < len(order):
        order = order[:limit]
        order.sort(key=lambda c: c.scenario)
    return order
