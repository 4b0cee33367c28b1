"""What must hold after a build that was disturbed.

Each oracle is a function of the State after a case that returns what is wrong,
in words, or None.  The lists at the end say in which order they are asked; the
first answer is the verdict of the case, since later ones may follow from it.

What a fault may end in is not known beforehand for every point (a worker may
fail before or after it can tell so), but what the client was told must agree
with what is there.
"""
import os
import time

import psycopg

import cluster
import engine
import scenarios
from harness import log_faults

# What the client was told.
BUILT, ERROR, CLOSED, LEFT = "built", "error", "closed", "left"
FAILED = "failed, as it does without a fault"
NOTHING = "nothing: it hung"

# What errnos are called by those who are told.
ERRNO_STATES = {
    "ENOSPC": {"53100", "53200"}, "EIO": {"58030", "XX000", "XX001"},
    "EINTR": set(), "EMFILE": {"53000", "58030", "XX000"},
    "ENOMEM": {"53200", "53000", "58030", "XX000"},
}
ERRNO_TEXTS = {
    "ENOSPC": "No space left on device", "EIO": "Input/output error",
    "EINTR": "Interrupted system call", "EMFILE": "Too many open files",
    "ENOMEM": "Cannot allocate memory",
}

# What the leader says of a worker that could not speak for itself.
SILENT_WORKER = ("parallel worker failed to initialize",
                 "lost connection to parallel worker")

# What a backend says that ends because another process crashed.
CRASHED = ("57P02",)


class State:
    """All that the oracles look at; conn is a fresh connection."""

    def __init__(self, server, scenario, case, twin):
        self.server = server
        self.scenario = scenario
        self.case = case
        self.twin = twin
        self.conn = None
        self.client = None       # cluster.Client after its statement
        self.fired = 0
        self.crashed = False     # the server restarted
        self.serving_after = 0   # seconds
        self.restarted = False   # after it, by us, at once
        self.log = ""            # what was logged meanwhile
        self.hung = ""           # backtraces, if it did not end
        self.told = None         # one of the six, by ended

    def ended(self):
        """The statement has, or is not waited for any longer; the connection is as the server left it."""
        if self.hung:
            self.told = NOTHING
        elif self.client.left:
            self.told = LEFT
        elif self.scenario.fails and \
                self.client.sqlstate == self.scenario.fails:
            self.told = FAILED
        elif self.client.message:
            self.told = CLOSED if self.client.closed else ERROR
        else:
            self.told = BUILT

    @property
    def as_ever(self):
        """What comes of it without a fault, too."""
        return self.told == (FAILED if self.scenario.fails else BUILT)

    def told_in_words(self):
        if self.told in (BUILT, FAILED, LEFT, NOTHING):
            return self.told
        c = self.client
        return f"{self.told}: {c.severity} {c.sqlstate}: {c.message}"

    def ask(self, sql, *args):
        return self.conn.execute(sql, args or None).fetchall()


# ---- the end ----

def ends_within_its_bound(s):
    if s.hung:
        return f"it did not end within {cluster.HANG_SECONDS} s"


def serves_again(s):
    if s.serving_after > cluster.SERVING_SECONDS:
        return f"the server served again only after {s.serving_after:.1f} s"


def log_is_clean(s):
    expected = list(s.server.expected)
    if s.case.action in ERRNO_TEXTS:
        # in a critical section there is nothing else
        expected.append("PANIC: .*" + ERRNO_TEXTS[s.case.action])
    if s.told == FAILED and s.case.action in engine.UNWINDS:
        expected.append("WARNING: .*AbortTransaction while in state")
    found = log_faults(s.log, expected)
    if found:
        return "in the log: " + "; ".join(found[:5])


# ---- what the client was told ----

def crash_was_asked_for(s):
    """A restart of everything is what a death costs, and a PANIC."""
    kind, action = s.case.point_class, s.case.action
    wanted = s.fired and (
        action == "kill" or
        kind == "critical" and action in engine.UNWINDS or
        # who is not a backend and ends by FATAL has failed
        action == "fatal" and not s.case.of_the_build or
        # in a critical section there is nothing but PANIC
        action in engine.ERRNOS and "PANIC" in s.log)
    if s.crashed and not wanted:
        return f"the server crashed: {crash_lines(s.log)}"
    if wanted and not s.crashed and action == "kill":
        return "a process was killed and the server did not restart"


def crash_lines(log):
    return "; ".join([x for x in log.splitlines() if "PANIC" in x or
                      "was terminated" in x or "TRAP" in x or
                      "FailedAssertion" in x][:3])


def right_error(s):
    """The SQLSTATE and the message of the action, or none."""
    action, told, c = s.case.action, s.told, s.client
    if told == LEFT:
        return None
    if not s.fired or action in ("stop", "delay", "EINTR"):
        return None if s.as_ever else \
            f"it should have gone as without a fault; {s.told_in_words()}"
    if s.crashed:
        # it may have ended before; the victim says nothing
        if s.as_ever or c.sqlstate in (None, *CRASHED, engine.SQLSTATE) \
                or c.severity == "PANIC":
            return None
        # a worker's PANIC reaches the leader as any error of it, and then the
        # crash comes
        if s.case.of_a_worker and action in ERRNO_STATES and \
                c.sqlstate in ERRNO_STATES[action] and \
                ERRNO_TEXTS[action] in c.message:
            return None
        # "postmaster exited during a parallel transaction"; or its worker has
        # ended of it, which the leader saw before it came to its own end
        if s.case.role == "postmaster" and (
                c.sqlstate == "57P01" or c.message in SILENT_WORKER):
            return None
        return f"at a crash the client was told {s.told_in_words()}"
    if not s.case.of_the_build:
        # who starts no worker for the leader is found out, and told
        if s.as_ever or s.case.role == "postmaster" and \
                c.message in SILENT_WORKER:
            return None
        return f"it should have gone as without a fault; {s.told_in_words()}"
    if action in engine.UNWINDS:
        return right_unwinding(s)
    return right_errno(s)


def right_unwinding(s):
    action, told, c = s.case.action, s.told, s.client
    if s.as_ever or s.case.point in MAY_SWALLOW:
        return swallowed(s)
    text = f"error triggered for injection point {s.case.point}"
    if s.case.of_a_worker and c.message in SILENT_WORKER:
        # only one that died, or that had no queue yet, says nothing
        early = text in s.log
        return None if early and c.sqlstate in ("55000", "08006") else \
            f"unexpected: {s.told_in_words()}"
    if c.sqlstate != engine.SQLSTATE or c.message != text:
        return f"the client was told {s.told_in_words()}"
    if s.case.of_a_worker:
        if c.severity != "ERROR" or told != ERROR:
            return f"a worker's {action} came as {s.told_in_words()}"
        if "parallel worker" not in c.context:
            return f"the context says nothing of a worker: {c.context!r}"
        return None
    wanted = (ERROR, "ERROR") if action == "error" else (CLOSED, "FATAL")
    if (told, c.severity) != wanted:
        return f"the client was told {s.told_in_words()}"


# Points whose errors are reported and nothing else: where, and why.
MAY_SWALLOW = {
    "client-read": "passed when the answer was sent, for the next message",
}


def swallowed(s):
    """An error that nobody was told of must at least be in the log."""
    if s.case.point in MAY_SWALLOW:
        return None
    # a worker that had nothing to do any more, an ending backend
    text = f"error triggered for injection point {s.case.point}"
    if s.case.point_class == "normal" and text not in s.log:
        return "the error is neither in the log nor told to the client"
    if s.case.of_a_worker or text in " ".join(s.client.notices):
        return None
    # the second error of two: it came while the first one was dealt with
    if s.told == FAILED:
        return None
    return f"the build succeeded although its backend had an {s.case.action}"


def right_errno(s):
    """It may have been overcome; else its name is in what is said."""
    action, c = s.case.action, s.client
    if s.as_ever:
        return None
    states, text = ERRNO_STATES[action], ERRNO_TEXTS[action]
    said = c.message + c.context + s.log
    if c.sqlstate in states or c.message in SILENT_WORKER and (
            text in said or "out of memory" in said):
        return None
    if text in c.message:
        return None
    return f"{action} was told as {s.told_in_words()}"


# ---- the index ----

INDEX = ("SELECT c.oid, i.indisvalid, c.reltuples FROM pg_class c LEFT JOIN "
         "pg_index i ON i.indexrelid = c.oid WHERE c.relname = 'x'")


def answer_is_right(s):
    """Of a scenario that builds no index."""
    wanted = [[s.scenario.answer.encode()]]
    if s.told == BUILT and s.client.rows != wanted:
        return f"the answer was {s.client.rows}, not {wanted}"


def index_is_whole_or_absent(s):
    if s.scenario.answer:
        return answer_is_right(s)
    rows = s.ask(INDEX)
    told = s.told
    if len(rows) > 1 or rows and rows[0][1] is None:
        return f"half an index in the catalogs: {rows}"
    if not rows:
        return "the client was told of an index that is not there" \
            if told == BUILT else None
    if not rows[0][1]:
        if not s.scenario.concurrent or told == BUILT:
            return "the index is there and invalid"
        return None
    if told == ERROR:
        return f"the index is there; {s.told_in_words()}"
    return index_is_right(s, rows[0][2])


def index_is_right(s, reltuples):
    if reltuples != scenarios.TABLES[s.scenario.table].rows:
        return f"reltuples of the index are {reltuples}"
    defects = s.ask(f"SELECT * FROM tusk_check('{s.scenario.table}')")
    if defects:
        return f"tusk_check: {[d[0] for d in defects[:5]]}"
    found = recall(s.conn, s.scenario)
    if found < s.twin.recall_at_least:
        return (f"recall is {found:.3f}, of builds without a fault "
                f"{s.twin.recall_at_least:.3f} at least")


def nearest(conn, table, query):
    return {r[0] for r in conn.execute(
        f"SELECT id FROM {table} ORDER BY v <-> %s LIMIT {scenarios.NEAREST}",
        (query,)).fetchall()}


EXACT = {}  # by table: the same rows in every server


def recall(conn, scenario):
    table = scenario.table
    _, queries = scenarios.vectors_once(table)
    if table not in EXACT:
        conn.execute("SET enable_indexscan = off")
        EXACT[table] = [nearest(conn, table, q) for q in queries]
        conn.execute("RESET enable_indexscan")
    conn.execute("SET enable_seqscan = off")
    hits = sum(len(nearest(conn, table, q) & exact)
               for q, exact in zip(queries, EXACT[table]))
    conn.execute("RESET enable_seqscan")
    return hits / (scenarios.NEAREST * len(queries))


def index_can_be_dropped(s):
    """What is left of it in the catalogs is seen afterwards."""
    try:
        s.conn.execute("DROP INDEX IF EXISTS x")
    except psycopg.Error as e:
        return f"DROP INDEX: {e}"


# ---- what is left ----

def heap(conn, table):
    return conn.execute(
        f"SELECT count(*), sum(id), sum(v)::text, sum(vector_norm(v)) FROM {table}"
    ).fetchall()


def heap_untouched(s):
    if heap(s.conn, s.scenario.table) != s.twin.heap:
        return "the table's rows are not what they were"
    defects = s.ask(f"SELECT * FROM tusk_check('{s.scenario.table}')")
    if defects:
        return f"tusk_check of the table: {[d[0] for d in defects[:5]]}"


CATALOGS = ("pg_class", "pg_attribute", "pg_index", "pg_depend",
            "pg_constraint", "pg_attrdef")


def catalog_rows(conn):
    return conn.execute("SELECT " + ", ".join(
        f"(SELECT count(*) FROM {c})" for c in CATALOGS)).fetchone()


def no_catalog_row_left(s):
    now = catalog_rows(s.conn)
    if now != s.twin.catalog_rows:
        return "rows left: " + ", ".join(
            f"{c} {b - a:+d}" for c, a, b in
            zip(CATALOGS, s.twin.catalog_rows, now) if a != b)


def no_file_left(s):
    """A dropped relation's stays, empty, until the next checkpoint."""
    if left_to_the_next_start(s):
        return None
    known = {str(r[0]) for r in s.ask("SELECT relfilenode FROM pg_class "
                                      "WHERE relfilenode <> 0")}
    where = os.path.join(s.server.data, "base/5")
    left = []
    for name in os.listdir(where):
        number = name.split("_")[0].split(".")[0]
        if number.isdigit() and number not in known and int(number) >= 16384 \
                and os.path.getsize(os.path.join(where, name)) > 0:
            left.append("base/5/" + name)
    for folder in ("base/pgsql_tmp", "pg_dynshmem"):
        try:
            left += [f"{folder}/{n}" for n in
                     os.listdir(os.path.join(s.server.data, folder))
                     if (folder, n) != ("pg_dynshmem", "control")]
        except FileNotFoundError:
            pass
    if left:
        return f"files left: {left}"


def until_nothing(look, seconds=cluster.SERVING_SECONDS):
    """What look still returns in the end: an exiting process takes time."""
    end = time.monotonic() + seconds
    while True:
        left = look()
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.01)


IDLE = "autovacuum launcher"


# What cannot be removed is left, with a line in the log, to the next start of
# everything: the only things that may be left.  A file that cannot be emptied
# waits as it is for the checkpoint that removes it.
REMOVALS = ("dsm-unlink", "sys-shm-unlink", "sys-truncate", "sys-unlink")


def left_to_the_next_start(s):
    return s.case.point in REMOVALS and s.case.action in ERRNO_TEXTS \
        and s.fired and not s.restarted


def nothing_held(s):
    """LWLocks, pins, segments, worker slots, processes of the view."""
    kept = "dsm segment" if left_to_the_next_start(s) else ""
    left = until_nothing(lambda: s.ask(
        "SELECT kind, name, number, holders, mode, pid FROM "
        "tusk_resources_held WHERE name IS NULL OR name NOT IN ("
        f"'{IDLE}', 'auxiliary process') AND NOT (kind = 'process' AND pid IN "
        "(SELECT pid FROM pg_stat_activity WHERE backend_type = %s)) AND "
        "NOT (kind = %s AND holders = 0)", IDLE, kept))
    if left:
        return f"still held: {left}"


def no_lock_left(s):
    left = until_nothing(lambda: s.ask(
        "SELECT locktype, relation::regclass::text, pid, mode, granted FROM "
        "pg_locks WHERE pid <> pg_backend_pid() OR pid IS NULL"))
    if left:
        return f"locks left: {left}"


def no_process_left(s):
    """But the postmaster, what always runs, and who answers."""
    def look():
        known = {r[0] for r in s.ask("SELECT pid FROM pg_stat_activity")}
        known.add(s.server.postmaster_pid())
        return set(s.server.children()) - known
    left = until_nothing(look)
    if left:
        return f"processes left: {left}"


def segments(server):
    """In /dev/shm, but for the control segment."""
    with open(os.path.join(server.data, "pg_dynshmem/control")) as f:
        control = "PostgreSQL." + f.read().strip()
    return set(os.listdir("/dev/shm")) - {control}


def no_segment_left(s):
    """Nor a semaphore with a name: those would be here too."""
    if left_to_the_next_start(s):
        return None
    left = until_nothing(lambda: segments(s.server) - s.twin.segments)
    if left:
        return f"in /dev/shm: {left}"


ORACLES = [
    ends_within_its_bound,
    serves_again,
    crash_was_asked_for,
    log_is_clean,
    right_error,
    index_is_whole_or_absent,
    nothing_held,
    no_lock_left,
    no_process_left,
    no_segment_left,
]

# Of some cases, after everything was stopped at once and has recovered.
DURABLE = [
    index_is_whole_or_absent,
    heap_untouched,
    no_segment_left,
]

# The last: the index that there may be is dropped first.
LEFTOVERS = [
    index_can_be_dropped,
    heap_untouched,
    no_catalog_row_left,
    no_file_left,
]


def judge(state, oracles):
    """The first that is broken, as (its name, what is wrong), or None."""
    for oracle in oracles:
        try:
            wrong = oracle(state)
        except (psycopg.Error, OSError, AssertionError) as e:
            wrong = f"could not be asked: {type(e).__name__}: {e}"
        if wrong:
            return oracle.__name__, wrong
    return None
