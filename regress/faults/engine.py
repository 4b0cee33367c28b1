"""The server's injection points, as the matrix uses them.

A point has a class, which says what may be done there (utils/injection_point.h):

    normal      anything; an error unwinds
    critical    an error or a fatal one is a PANIC: the server restarts
    no-throw    only what does not unwind: kill, stop, delay, errno
    postmaster  the same, and its death is that of the service
"""
from dataclasses import dataclass

DELAY_MS = 30
STOP_MS = 2000  # at most: cluster.py ends it as soon as a peer waits
SQLSTATE = "58000"  # of errors that are raised: nothing else raises it
ERRNOS = ("ENOSPC", "EIO", "EINTR", "EMFILE", "ENOMEM")

# What a call can really fail with, where that is not all of them; "" none.
CALL_ERRNOS = {
    "dsm-map": "ENOMEM", "dsm-open": "ENOSPC EMFILE ENOMEM", "dsm-stat": "EIO",
    "dsm-unlink": "EIO", "fork-worker": "ENOMEM", "hnsw-link-room": "ENOSPC",
    "md-add-segment": "ENOMEM",
    "sys-epoll-create": "EMFILE ENOMEM", "sys-epoll-ctl": "ENOMEM ENOSPC",
    "sys-epoll-wait": "EINTR", "sys-fork": "ENOMEM", "sys-fsync": "EIO ENOSPC",
    "sys-fdatasync": "EIO ENOSPC", "sys-malloc": "ENOMEM",
    "sys-memfd-create": "EMFILE ENOMEM", "sys-mkdir": "ENOSPC EIO ENOMEM",
    "sys-mmap": "ENOMEM",
    "sys-munmap": "ENOMEM", "sys-opendir": "EMFILE ENOMEM",
    "sys-pipe": "EMFILE", "sys-pread": "EIO EINTR", "sys-read": "EIO EINTR",
    "sys-rename": "EIO ENOSPC", "sys-sem-init": "ENOSPC",
    "sys-sem-post": "", "sys-sem-trywait": "EINTR", "sys-sem-wait": "EINTR",
    "sys-shm-open": "ENOSPC EMFILE ENOMEM", "sys-shm-unlink": "EIO",
    "sys-signalfd": "EMFILE ENOMEM", "sys-unlink": "EIO",
}

# What the matrix does at a point, in the words of the grammar.
ACTIONS = {
    "error": f"error:{SQLSTATE}",
    "fatal": f"fatal:{SQLSTATE}",
    "kill": "kill",
    "stop": f"stop:{STOP_MS}",
    "delay": f"sleep:{DELAY_MS}",
    **{e: f"errno:{e}" for e in ERRNOS},
}
UNWINDS = ("error", "fatal")


@dataclass(frozen=True)
class Point:
    name: str
    kind: str      # its class
    errno: bool    # a call is wrapped, which can be made to fail

    def allows(self, action):
        if action in ERRNOS:
            return self.errno and action in CALL_ERRNOS.get(
                self.name, " ".join(ERRNOS)).split()
        return action not in UNWINDS or self.kind in ("normal", "critical")


class Engine:
    """By a connection (autocommit) that takes no part in what is disturbed."""

    def __init__(self, conn):
        self.conn = conn

    def points(self):
        rows = self.conn.execute("SELECT name, class, allowed FROM "
                                 "injection_points").fetchall()
        return {name: Point(name, kind, "errno" in allowed)
                for name, kind, allowed in rows}

    def arm(self, name, action):
        self.conn.execute("SELECT injection_points_attach(%s, %s)",
                          (name, action))

    def fired(self, name):
        """How often the action acted."""
        return self.conn.execute("SELECT fired FROM injection_points WHERE "
                                 "name = %s", (name,)).fetchone()[0]

    def disarm_all(self):
        self.conn.execute("SELECT injection_points_detach(name) FROM "
                          "injection_points WHERE action IS NOT NULL")

    # ---- recording ----

    def record(self):
        """From now on passages are counted, from zero."""
        self.conn.execute("SELECT injection_points_record(true)")

    def recorded(self):
        """Passages since then as {(name, role): number}.  The backends are the
        one that builds, which is a leader for a part of the time, and this one,
        whose passages are taken out."""
        found = self.passages()
        self.record()
        own = self.passages()
        return {key: n - own.get(key, 0) for key, n in found.items()
                if n > own.get(key, 0)}

    def passages(self):
        self.conn.execute("SELECT injection_points_record(false)")
        sums = {}
        for name, role, n in self.conn.execute(
                "SELECT name, role, passages FROM injection_point_passages"
                ).fetchall():
            key = name, "builder" if role in ("leader", "backend") else role
            sums[key] = sums.get(key, 0) + n
        return sums
