"""Everything at once: definitions, writes, builds, vacuums and searches on the
same few tables, while somebody cancels, terminates, stops and delays whom he
pleases; in the second test he kills, too.

Story: actors draw statements at random.  A troublemaker draws a process and
cancels it, ends it, stops it for a moment, closes its client's socket, or delays
everybody at a named step, so that the schedule is another one each time.  When
all have ended nothing may be left of it: no lock, no pin, no snapshot, no
segment, no file, no process, no half-made index that does not say so.  The
dangers: a wait that nobody ends, a lock or pin that outlives its owner, a row
that was acknowledged and is gone, or was not and is there, an index that does not
know a row.

Each row of "kept" belongs to one actor, which knows what it must be.  Errors that
such a crowd must meet are listed (EXPECTED); every other one is a failure.
STRESS_SECONDS: how long; STRESS_SEED: which draws.
"""
import logging
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import psycopg
from psycopg.pq import TransactionStatus

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import READY, Server, Suite, seed, wait_for  # noqa: E402

SECONDS = float(os.environ.get("STRESS_SECONDS", "20"))
SEED = seed("STRESS")
ACTORS = 6
LOOSE = ("loose0", "loose1", "loose2")
ROWS = 300  # about so many of each actor
IDLE = TransactionStatus.IDLE
HERE = os.path.dirname(os.path.abspath(__file__))

logging.getLogger("psycopg").setLevel(logging.CRITICAL)

# By SQLSTATE: what concurrent definitions, cancels and locks make of a statement.
EXPECTED = {
    "57014": "cancelled, by a person or statement_timeout",
    "57P01": "terminated",
    "40P01": "deadlock", "40001": "serialization failure",
    "55P03": "lock_timeout",
    "42P01": "no such table", "42P07": "the table or index is there",
    "42704": "no such index", "42703": "no such column",
    "42701": "the column is there",
}
RESTARTED = {"57P02": "another process died", "57P03": "in recovery"}

suite = Suite()
server = Server(shared_buffers="4MB", max_connections="30",
                max_worker_processes="8", max_parallel_workers="8",
                max_parallel_maintenance_workers="3",
                min_parallel_table_scan_size="0", deadlock_timeout="50ms",
                autovacuum="on", autovacuum_naptime="1", work_mem="64kB", max_wal_size="64MB",
                client_connection_check_interval="100ms")


def injection_points():
    """The names that the server's source has."""
    found = subprocess.run(
        ["grep", "-rhoE", r'INJECTION_POINT\("[a-z0-9-]+"', "--include=*.c",
         *(os.path.join(HERE, "../..", d) for d in
           ("access", "parallel", "postmaster", "sql", "storage", "utils"))],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    return sorted(set(re.findall(r'"([^"]+)"', found)))


def vector(rng):
    return "[" + ",".join(f"{rng.gauss(0, 1):.4f}" for _ in range(4)) + "]"


def birth(pid):
    """When it was started: numbers of processes are used again."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[19]
    except OSError:
        return None


class Crowd:
    """The actors, and what went wrong."""

    def __init__(self, kills=False):
        self.stop = threading.Event()
        self.allowed = EXPECTED | (RESTARTED if kills else {})
        self.kills = kills
        self.failures = []
        self.counts = {}
        self.lock = threading.Lock()
        self.next_id = 1
        self.actors = [Actor(self, i) for i in range(ACTORS)]

    def run(self, trouble, seconds):
        for actor in self.actors:
            actor.start()
        try:
            trouble(self, seconds)
        finally:
            self.stop.set()
        end = time.monotonic() + 90
        for actor in self.actors:
            actor.join(max(0.1, end - time.monotonic()))
        stuck = [a for a in self.actors if a.is_alive()]
        if stuck:
            self.failures.append("these do not end: " + "; ".join(
                f"{a.pid}: {a.statement}" for a in stuck) + "\n" + state())
        if self.failures:
            raise AssertionError("\n".join(self.failures[:10]))

    def new_ids(self, n):
        with self.lock:
            first = self.next_id
            self.next_id += n
        return range(first, first + n)

    def count(self, what):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + 1

    def fail(self, text):
        with self.lock:
            self.failures.append(text)
        self.stop.set()

    def done(self):
        return sum(n for what, n in self.counts.items() if what in
                   Actor.JOBS)


def state():
    """Who waits for what, for the report of a hang."""
    lines = []
    with server.connect() as conn:
        for query in (
                "SELECT pid, backend_type, state, wait_event_type, wait_event, "
                "backend_xid::text, backend_xmin::text, "
                "pg_blocking_pids(pid)::text, query FROM pg_stat_activity",
                "SELECT pid, locktype, relation, page, tuple, virtualxid, "
                "transactionid::text, mode, granted FROM pg_locks ORDER BY 1"):
            lines += [str(row) for row in conn.execute(query).fetchall()]
    return "\n".join(lines)


class Actor(threading.Thread):
    JOBS = {"insert": 8, "copy": 3, "update": 6, "delete": 4, "mine": 3,
            "for_update": 3, "search": 8, "repeatable": 3, "sort": 2,
            "rollback": 3, "loose_insert": 5, "loose_truncate": 2,
            "loose_drop": 2, "loose_create": 4, "loose_rename": 1,
            "loose_column": 1, "loose_index": 3, "temporary": 2,
            "create_index": 3, "drop_index": 2, "concurrently": 2,
            "drop_concurrently": 1, "drop_leftovers": 1, "reindex": 2, "reindex_concurrently": 1,
            "vacuum": 3, "analyze": 1, "checkpoint": 1, "options": 1,
            "look_up": 4, "described": 3, "if_exists": 2, "lock": 1,
            "prepared": 2, "reindex_all": 1}

    def __init__(self, crowd, number):
        super().__init__(daemon=True)
        self.crowd = crowd
        self.number = number
        self.rng = random.Random(f"{SEED} {crowd.kills} {number}")
        self.rows = {}   # id: what its text may be, None for no row
        self.conn = None
        self.pid = None
        self.born = None
        self.statement = ""

    def run(self):
        names, weights = zip(*self.JOBS.items())
        while not self.crowd.stop.is_set():
            job = self.rng.choices(names, weights)[0]
            try:
                if self.conn is None or self.conn.closed:
                    self.connect()
                self.timeouts()
                getattr(self, job)()
                self.crowd.count(job)
            except psycopg.Error as e:
                self.after_error(job, e)
            except ValueError as e:
                # a timeout between Parse and Sync: two results, which psycopg
                # does not expect
                if "unpack" not in str(e):
                    self.crowd.fail(f"{job}: {e!r}\n{self.statement}")
                self.conn.close()
            except Exception as e:
                self.crowd.fail(f"{job}: {e!r}\n{self.statement}")
        if self.conn is not None:
            self.conn.close()
        if self.pid:
            wait_for(self.gone, f"the end of {self.pid}")

    def gone(self):
        """The session; it may have been ended before we looked at its birth."""
        now = birth(self.pid)
        return now is None or now != self.born

    def connect(self):
        """Once the session before has ended: until then it may commit."""
        if self.pid:
            wait_for(self.gone, f"the end of {self.pid}")
        self.conn = server.connect()
        self.pid = self.conn.info.backend_pid
        self.born = birth(self.pid)

    def timeouts(self):
        """Some statements are cancelled by the clock."""
        which = self.rng.random()
        self.execute("SET statement_timeout = %d" % (
            self.rng.randint(1, 30) if which < 0.05 else 0))
        self.execute("SET lock_timeout = %d" % (
            self.rng.randint(1, 30) if which > 0.95 else 0))
        self.execute("SET max_parallel_maintenance_workers = %d" %
                     self.rng.choice((0, 1, 2, 3)))

    def execute(self, sql):
        self.statement = sql
        return self.conn.execute(sql)

    def after_error(self, job, e):
        code = e.sqlstate
        self.crowd.count(f"{job} {code}")
        lost = self.conn is None or self.conn.broken or self.conn.closed
        if code not in self.crowd.allowed and not (code is None and lost):
            self.crowd.fail(f"{job}: {code} {e}\n{self.statement}")
        if lost:
            self.conn = None
            if self.crowd.kills:
                self.crowd.stop.wait(0.02)
            return
        try:
            if self.conn.info.transaction_status != IDLE:
                self.execute("ROLLBACK")
        except psycopg.Error as again:
            self.after_error(job, again)

    # ---- rows of its own ----

    def change(self, ids, text, *statements):
        """Rows become text (None: none).  An error means they did not, unless
        the connection went with it."""
        before = {i: self.rows.get(i, {None}) for i in ids}
        for i in ids:
            self.rows[i] = before[i] | {text}
        try:
            for sql in statements:
                self.execute(sql)
        except psycopg.Error:
            if not (self.conn.broken or self.conn.closed):
                self.rows.update(before)
            raise
        for i in ids:
            self.rows[i] = {text}

    def present(self):
        return [i for i, texts in self.rows.items() if texts != {None}]

    def values(self, ids, text):
        return ", ".join(f"({i}, {self.number}, '{vector(self.rng)}', "
                         f"'{text}')" for i in ids)

    def text(self):
        return "x" * self.rng.choice((3, 3, 200, 3000)) + str(
            self.rng.randrange(10 ** 6))

    def insert(self):
        if len(self.present()) > ROWS:
            return self.delete()
        ids = self.crowd.new_ids(self.rng.choice((1, 1, 5, 30)))
        text = self.text()
        self.change(ids, text, "INSERT INTO kept VALUES "
                    + self.values(ids, text))

    def rollback(self):
        ids = self.crowd.new_ids(10)
        self.execute("BEGIN")
        self.execute("INSERT INTO kept VALUES " + self.values(ids, "no"))
        self.execute(f"UPDATE kept SET t = 'no' WHERE owner = {self.number} "
                     f"AND id % 5 = {self.rng.randrange(5)}")
        self.execute("ROLLBACK")

    def copy(self):
        ids = self.crowd.new_ids(20)
        before = dict(self.rows)
        for i in ids:
            self.rows[i] = {None, "copied"}
        try:
            self.statement = "COPY kept FROM STDIN"
            with self.conn.cursor().copy(self.statement) as copy:
                for i in ids:
                    copy.write_row((i, self.number, vector(self.rng),
                                    "copied"))
        except psycopg.Error:
            if not (self.conn.broken or self.conn.closed):
                self.rows = before
            raise
        for i in ids:
            self.rows[i] = {"copied"}

    def some(self, n):
        ids = self.present()
        return self.rng.sample(ids, min(n, len(ids)))

    def update(self):
        ids = self.some(self.rng.choice((1, 3, 20)))
        if not ids:
            return
        text = self.text()
        what = "" if self.rng.random() < 0.5 else f"v = '{vector(self.rng)}', "
        # a row in doubt that is not there does not become one
        doubt = [i for i in ids if None in self.rows[i]]
        self.change([i for i in ids if i not in doubt], text,
                    f"UPDATE kept SET {what}t = '{text}' WHERE id IN "
                    f"({', '.join(map(str, set(ids) - set(doubt)) ) or 0})")

    def delete(self):
        ids = self.some(self.rng.choice((1, 3, 30)))
        if ids:
            self.change(ids, None, "DELETE FROM kept WHERE id IN "
                        f"({', '.join(map(str, ids))})")

    def mine(self):
        """What is there is what was acknowledged."""
        found = dict(self.execute(
            f"SELECT id, t FROM kept WHERE owner = {self.number}").fetchall())
        wrong = {i for i in found if i not in self.rows} | {
            i for i, texts in self.rows.items() if found.get(i) not in texts}
        assert not wrong, [(i, str(self.rows.get(i))[:60],
                            str(found.get(i))[:60]) for i in sorted(wrong)[:5]]
        self.rows = {i: {text} for i, text in found.items()}

    def for_update(self):
        """In any order, and others' rows too: deadlocks."""
        self.execute("BEGIN")
        for _ in range(3):
            self.execute("SELECT id FROM kept WHERE id % 50 = "
                         f"{self.rng.randrange(50)} FOR UPDATE")
        self.execute(self.rng.choice(("COMMIT", "ROLLBACK")))

    # ---- reading ----

    def search(self):
        self.execute("SET enable_seqscan = off")
        table = self.rng.choice(("kept", "kept", *LOOSE))
        found = self.execute(f"SELECT id FROM {table} ORDER BY v <-> "
                             f"'{vector(self.rng)}' LIMIT 10").fetchall()
        self.execute("RESET enable_seqscan")
        assert table != "kept" or len(found) == len(set(found)), found

    def repeatable(self):
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        counts = [self.execute("SELECT count(*), sum(id), min(t) FROM kept"
                               ).fetchone() for _ in range(3)]
        self.execute("COMMIT")
        assert len(set(counts)) == 1, counts

    def sort(self):
        """Runs on disk."""
        rows = self.execute("SELECT id FROM kept ORDER BY t || id DESC, id"
                            ).fetchall()
        assert len(rows) == len(set(rows))

    # ---- tables that come and go ----

    def loose(self):
        return self.rng.choice(LOOSE)

    def loose_create(self):
        kind = self.rng.choice(("", "", "UNLOGGED "))
        self.execute(f"CREATE {kind}TABLE {self.loose()} (id integer, owner "
                     "integer, v vector(4), t text)")

    def loose_insert(self):
        self.execute(f"INSERT INTO {self.loose()} (id, owner, v, t) SELECT "
                     f"id, owner, v, t FROM kept LIMIT "
                     f"{self.rng.choice((5, 100, 500))}")

    def loose_truncate(self):
        self.execute("BEGIN")
        self.execute(f"TRUNCATE {self.loose()}")
        if self.rng.random() < 0.5:
            self.loose_insert()
        self.execute(self.rng.choice(("COMMIT", "ROLLBACK")))

    def loose_drop(self):
        self.execute("BEGIN")
        self.execute(f"DROP TABLE {self.loose()}")
        if self.rng.random() < 0.5:
            self.loose_create()
        self.execute(self.rng.choice(("COMMIT", "COMMIT", "ROLLBACK")))

    def loose_rename(self):
        self.execute(f"ALTER TABLE {self.loose()} RENAME TO {self.loose()}")

    def loose_column(self):
        self.execute(f"ALTER TABLE {self.loose()} ADD COLUMN "
                     f"c{self.rng.randrange(3)} integer")

    def loose_index(self):
        table = self.loose()
        if self.rng.random() < 0.5:
            self.execute(f"REINDEX TABLE {table}")
        else:
            self.execute(f"CREATE INDEX ON {table} USING hnsw "
                         "(v vector_l2_ops) WITH (m = 4, ef_construction = 8)")

    def temporary(self):
        self.execute("CREATE TEMP TABLE own (id integer, v vector(4))")
        self.execute("INSERT INTO own SELECT id, v FROM kept LIMIT 50")
        self.execute("CREATE INDEX ON own USING hnsw (v vector_l2_ops)")
        self.execute(f"SELECT id FROM own ORDER BY v <-> "
                     f"'{vector(self.rng)}' LIMIT 5")
        self.execute("DROP TABLE own")

    # ---- indexes of the table that stays ----

    def drop_leftovers(self):
        """What a rebuild left that failed, as its HINT says."""
        for (name,) in self.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname "
                "~ '^kept.*_cc(new|old)'").fetchall():
            self.execute(f"DROP INDEX IF EXISTS {name}")

    INDEX = "{} ON kept USING hnsw (v vector_l2_ops) WITH (m = 6, " \
        "ef_construction = 16)"

    def index(self):
        return self.rng.choice(("kept_a", "kept_b"))

    def create_index(self):
        self.execute("CREATE INDEX " + self.INDEX.format(self.index()))

    def drop_index(self):
        self.execute("BEGIN")
        self.execute("DROP INDEX " + self.index())
        self.execute(self.rng.choice(("COMMIT", "ROLLBACK")))

    def concurrently(self):
        self.execute("CREATE INDEX CONCURRENTLY "
                     + self.INDEX.format(self.index()))

    def drop_concurrently(self):
        self.execute("DROP INDEX CONCURRENTLY " + self.index())

    def reindex(self):
        self.execute(self.rng.choice(("REINDEX TABLE kept",
                                      f"REINDEX INDEX {self.index()}")))

    def reindex_concurrently(self):
        self.execute(self.rng.choice((
            "REINDEX TABLE CONCURRENTLY kept",
            f"REINDEX INDEX CONCURRENTLY {self.index()}",
            f"REINDEX TABLE CONCURRENTLY {self.loose()}")))

    # ---- what says something of relations without locking them ----

    VIEWS = ("pg_indexes", "pg_tables", "pg_stat_all_tables",
             "pg_stat_all_indexes", "pg_locks",
             "pg_stat_progress_create_index", "pg_stat_activity")
    SAID = ("oid::regclass", "pg_relation_size(oid)",
            "pg_total_relation_size(oid)", "pg_relation_filepath(oid)",
            "pg_get_indexdef(oid)", "pg_get_indexdef(oid, 1, true)",
            "pg_table_is_visible(oid)", "has_table_privilege(oid, 'SELECT')",
            "pg_describe_object('pg_class'::regclass, oid, 1)",
            "pg_relation_is_publishable(oid)")

    def look_up(self):
        self.execute(f"SELECT * FROM {self.rng.choice(self.VIEWS)}")

    def described(self):
        """Each of them; the rows may be gone when the function is called."""
        self.execute(f"SELECT {self.rng.choice(self.SAID)} FROM pg_class "
                     "WHERE relnamespace = 2200")

    def if_exists(self):
        """Nothing is missing then, and nothing is there already."""
        table = self.loose()
        self.execute(self.rng.choice((
            f"DROP TABLE IF EXISTS {table}",
            f"CREATE TABLE IF NOT EXISTS {table} (id integer, owner integer, "
            "v vector(4), t text)",
            f"DROP INDEX IF EXISTS {self.index()}",
            f"ALTER TABLE IF EXISTS {table} SET (fillfactor = 70)",
            f"ALTER TABLE IF EXISTS {table} RENAME COLUMN c0 TO c1",
            f"ALTER INDEX IF EXISTS {self.index()} SET (ef_construction = 17)",
            "CREATE INDEX IF NOT EXISTS " + self.INDEX.format(self.index()))))

    def lock(self):
        self.execute("BEGIN")
        self.execute(f"LOCK TABLE {self.loose()} IN " + self.rng.choice((
            "ACCESS SHARE MODE NOWAIT", "SHARE MODE", "ACCESS EXCLUSIVE MODE")))
        self.execute(self.rng.choice(("COMMIT", "ROLLBACK")))

    def prepared(self):
        """The plan is made for a table that may be another one now."""
        self.execute(f"PREPARE p AS SELECT id, t FROM {self.loose()}")
        try:
            for _ in range(3):
                self.execute("EXECUTE p")
        finally:
            if not self.conn.closed and \
                    self.conn.info.transaction_status == IDLE:
                self.execute("DEALLOCATE p")

    def reindex_all(self):
        self.execute(self.rng.choice((
            "REINDEX SCHEMA public", "REINDEX (CONCURRENTLY) SCHEMA public")))

    # ---- upkeep ----

    def vacuum(self):
        self.execute(self.rng.choice((
            f"VACUUM (SKIP_LOCKED) {self.loose()}, kept", "VACUUM kept", "VACUUM (INDEX_CLEANUP on, FREEZE) kept",
            f"VACUUM (TRUNCATE on) {self.loose()}", "VACUUM (ANALYZE) kept",
            "VACUUM")))

    def analyze(self):
        self.execute("ANALYZE")

    def checkpoint(self):
        self.execute("CHECKPOINT")

    def options(self):
        self.execute(f"ALTER TABLE kept SET (fillfactor = "
                     f"{self.rng.choice((50, 100))})")


# ---- who disturbs them ----

class Trouble:
    """A connection of its own, which nobody touches."""

    def __init__(self, crowd):
        self.crowd = crowd
        self.rng = random.Random(f"{SEED} trouble {crowd.kills}")
        self.points = injection_points()
        self.conn = server.connect()
        self.armed = None

    def close(self):
        if self.armed is not None and not self.conn.closed:
            self.disarm()
        self.conn.close()

    def victim(self, *kinds):
        rows = self.conn.execute(
            "SELECT pid, backend_type FROM pg_stat_activity WHERE pid <> "
            "pg_backend_pid()").fetchall()
        pids = [pid for pid, kind in rows if kind in kinds]
        return self.rng.choice(pids) if pids else None

    def anyone(self):
        """Parallel workers are rare: they come first."""
        kinds = self.rng.choice((("parallel worker",), ("client backend",),
                                 ("autovacuum worker",)))
        return self.victim(*kinds) or self.victim("client backend")

    def function(self, name):
        pid = self.anyone()
        if pid:
            self.conn.execute(f"SELECT {name}({pid})")
            self.crowd.count("*" + name)

    def cancel(self):
        self.function("pg_cancel_backend")

    def terminate(self):
        self.function("pg_terminate_backend")

    def close_socket(self):
        conn = self.rng.choice(self.crowd.actors).conn
        try:
            with socket.socket(fileno=os.dup(conn.fileno())) as s:
                s.shutdown(socket.SHUT_RDWR)
            self.crowd.count("*close_socket")
        except (AttributeError, OSError, psycopg.Error):
            pass    # it has none just now

    def halt(self):
        """It may hold what all others need: no query before it goes on."""
        pid = self.anyone()
        if pid:
            try:
                os.kill(pid, signal.SIGSTOP)
                self.crowd.count("*stop")
                self.crowd.stop.wait(self.rng.random() * 0.1)
                os.kill(pid, signal.SIGCONT)
            except OSError:
                pass

    def delay(self):
        """Everybody is slow at one step, for a while."""
        if self.armed is None:
            self.armed = self.rng.choice(self.points)
            self.conn.execute(
                "SELECT injection_points_attach(%s, %s)",
                (self.armed, f"sleep:{self.rng.choice((1, 5, 20))},times=20"))
            self.crowd.count("*delay")
        else:
            self.disarm()

    def disarm(self):
        self.conn.execute("SELECT injection_points_detach(%s)", (self.armed,))
        self.armed = None

    def one(self):
        kind = self.rng.choices(("cancel", "terminate", "close_socket", "halt",
                                 "delay"), (6, 2, 1, 2, 6))[0]
        getattr(self, kind)()


def trouble(crowd, seconds):
    """A pace, not a wait for anything."""
    one = Trouble(crowd)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end and not crowd.stop.is_set():
            one.one()
            crowd.stop.wait(one.rng.random() * 0.05)
    finally:
        one.close()


def killing(crowd, seconds):
    """As long as the time lasts: some work, a death, recovery.  Participants of
    builds are slow, so that there are some."""
    rng = random.Random(f"{SEED} kills")
    end = time.monotonic() + seconds
    server.query("SELECT injection_points_attach('build-participant', "
                 "'sleep:50')")
    while time.monotonic() < end and not crowd.stop.is_set():
        before = crowd.done()
        more = rng.randint(5, 60)
        wait_for(lambda: crowd.stop.is_set() or crowd.done() > before + more,
                 "work between two deaths")
        mark = len(server.log_text())
        try:
            with server.connect() as conn:
                rows = conn.execute(
                    "SELECT pid, backend_type FROM pg_stat_activity WHERE "
                    "pid <> pg_backend_pid() AND backend_type NOT IN "
                    "('logical replication launcher')").fetchall()
        except psycopg.OperationalError:
            continue
        workers = [r for r in rows if r[1] == "parallel worker"]
        pid, kind = rng.choice(workers or rows)
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
        crowd.count("*killed " + kind)
        wait_for(lambda: READY in server.log_text()[mark:] or
                 not signalled(mark, pid), "the restart")
    wait_for(server.serving, "a serving server")
    server.query("SELECT injection_points_detach('build-participant')")


def signalled(mark, pid):
    """Not if it ended by itself a moment before."""
    return os.path.exists(f"/proc/{pid}") or f"(PID {pid}) was terminated" in \
        server.log_text()[mark:]


# ---- what must be left ----

LEFT = {
    "locks": "SELECT * FROM pg_locks WHERE pid <> pg_backend_pid()",
    "locks of nobody": "SELECT * FROM pg_locks WHERE pid IS NULL",
    "transactions": "SELECT pid, backend_type, backend_xid::text, "
                    "backend_xmin::text, query FROM pg_stat_activity WHERE "
                    "pid <> pg_backend_pid() AND (backend_xid IS NOT NULL OR "
                    "backend_xmin IS NOT NULL)",
    "processes": "SELECT pid, backend_type, wait_event, query FROM "
                 "pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                 "backend_type IN ('client backend', 'parallel worker', "
                 "'autovacuum worker')",
    "pins": "SELECT bufferid, relfilenode, pinning_backends FROM "
            "pg_buffercache WHERE pinning_backends > 0",
    "builds": "SELECT * FROM pg_stat_progress_create_index",
    "vacuums": "SELECT * FROM pg_stat_progress_vacuum",
    "copies": "SELECT * FROM pg_stat_progress_copy",
}


def left(conn):
    found = {}
    for what, query in LEFT.items():
        rows = conn.execute(query).fetchall()
        if rows:
            found[what] = rows
    return found


def check(conn, table):
    """But for elements that no path leads to: there they may be of rows that
    are dead; what of it matters check_found sees."""
    return [text for text, in conn.execute(
        f"SELECT * FROM tusk_check('{table}')").fetchall()
        if "are not reached from here" not in text]


def check_found(conn):
    """Each row by its own vector, as far as tusk_check wants it."""
    conn.execute("SET enable_seqscan = off")
    conn.execute("SET hnsw.ef_search = 1000")
    rows = conn.execute("SELECT id, v::text FROM kept").fetchall()
    missing = [i for i, v in rows if conn.execute(
        f"SELECT v <-> '{v}' FROM kept ORDER BY v <-> '{v}' LIMIT 1"
        ).fetchone() != (0,)]
    conn.execute("RESET enable_seqscan")
    assert len(missing) <= max(10, 0.003 * len(rows)), missing


def check_whole(crowd):
    """Nothing runs, nothing is held, and every row is where it must be."""
    with server.connect() as conn:
        # autovacuum goes on by itself; not now
        conn.execute("ALTER TABLE kept SET (autovacuum_enabled = off)")
        try:
            wait_for(lambda: not left(conn), "an end of everything", 30)
        except AssertionError as e:
            raise AssertionError(f"{e}: {left(conn)}\n{state()}")
        for actor in crowd.actors:
            actor.conn = conn
            actor.mine()
        conn.execute("CHECKPOINT")
        check_files(conn)
        tables = [r[0] for r in conn.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND "
            "relnamespace = 2200 ORDER BY 1").fetchall()]
        for table in tables:
            wrong = check(conn, table)
            assert not wrong, (table, wrong)
        # what a concurrent build left says that it is not valid, and goes
        for name, in conn.execute(
                "SELECT nspname || '.' || relname FROM pg_index, pg_class c, "
                "pg_namespace n WHERE c.oid = indexrelid AND n.oid = "
                "relnamespace AND NOT indisvalid").fetchall():
            conn.execute(f"DROP INDEX {name}")
        check_found(conn)
        conn.execute("VACUUM kept")
        conn.execute("REINDEX TABLE kept")
        assert not check(conn, "kept"), check(conn, "kept")
        check_found(conn)
        conn.execute("ALTER TABLE kept RESET (autovacuum_enabled)")
    control = os.path.join(server.data, "pg_dynshmem/control")
    with open(control) as f:
        own = {"PostgreSQL." + f.read().strip()}
    assert suite.segments(server) <= own, suite.segments(server)
    assert os.listdir(os.path.dirname(control)) == ["control"]
    temporary = os.path.join(server.data, "base/pgsql_tmp")
    assert not os.path.isdir(temporary) or not os.listdir(temporary), \
        os.listdir(temporary)


def check_files(conn):
    """Each file of the database is named by a row, and the other way round; but
    for rows of temporary tables, which a killed session leaves, without files,
    to the next that has its number."""
    base = os.path.join(server.data, "base/5")
    numbers = {int(re.split("[_.]", f)[0]) for f in os.listdir(base)
               if f[0].isdigit()}
    known = {row[0] for row in conn.execute(
        "SELECT relfilenode FROM pg_class WHERE relfilenode <> 0 "
        "AND NOT relisshared AND relpersistence <> 't'").fetchall()}
    lost = {n for n in numbers - known if n >= 16384}
    assert not lost, f"files without a relation: {lost}"
    assert not known - numbers, f"relations without a file: {known - numbers}"
    others = [f for f in os.listdir(base) if re.match(r"t\d+_", f)]
    assert not others, others


def make_tables():
    with server.connect() as conn:
        conn.execute("CREATE EXTENSION vector")
        conn.execute("CREATE TABLE kept (id integer, owner integer, "
                     "v vector(4), t text)")
        for table in LOOSE:
            conn.execute(f"CREATE TABLE {table} (id integer, owner integer, "
                         "v vector(4), t text)")


def test_trouble():
    server.query("DELETE FROM kept")
    crowd = Crowd()
    crowd.run(trouble, SECONDS)
    print(f"# {crowd.done()} done; {dict(sorted(crowd.counts.items()))}")
    check_whole(crowd)


def test_kills():
    server.query("DELETE FROM kept")
    crowd = Crowd(kills=True)
    crowd.run(killing, SECONDS / 2)
    print(f"# {crowd.done()} done; {dict(sorted(crowd.counts.items()))}")
    check_whole(crowd)


def test_stop():
    server.stop()
    done = subprocess.run(
        ["/usr/lib/postgresql/15/bin/pg_checksums", "--check", "-D",
         server.data], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)
    assert done.returncode == 0, done.stdout


server.start()
make_tables()
for test in (test_trouble, test_kills, test_stop):
    suite.run(test)
if server.processes():
    server.stop("immediate")
suite.finish(server)
