"""Consistency under load: eight clients that go on whatever happens, what they
were told, and a server of which something is killed every few seconds.

Set: three clients insert numbers, in pairs k and -k of one transaction, each
with a vector of its own, and delete some pairs again.  A pair that was
acknowledged is there for whoever looks later, at once, until its deletion
begins; nobody sees half of one.  A search by the index finds the number whose
vector is asked for (a graph may leave a few rows unreachable: as many as
tusk_check lets pass).

Bank: two clients transfer between accounts by UPDATE under READ COMMITTED, one
under REPEATABLE READ, where it reads the balances first and begins again after
a serialization failure.  Each transfer writes a line of a ledger in the same
transaction.  The sum of the balances is the same in every single statement under
READ COMMITTED and all through a transaction under REPEATABLE READ, where each
balance also is what the ledger says; each acknowledged transfer is in it.
"""
import collections
import itertools
import logging
import os
import random
import subprocess
import threading
import time

import psycopg

from cluster import Cluster
from harness import seed, wait_for

SECONDS = int(os.environ.get("LOAD_SECONDS", "10"))
SEED = seed()
ACCOUNTS = 20
FIRST_BALANCE = 100
TOTAL = ACCOUNTS * FIRST_BALANCE
OWN_PAIRS = 150  # that a client keeps
ROUND = 60       # seconds, after which the ledger begins anew

# a rollback that the server did not live to see is what we are here for
logging.getLogger("psycopg").setLevel(logging.ERROR)


def vector_of(k):
    """Different for all k that occur, and not in a line."""
    rng = random.Random(k)
    return f"[{rng.random():.6f},{rng.random():.6f},{rng.random():.6f}]"


def make_tables(conn):
    conn.execute("CREATE TABLE numbers (k integer, v vector(3))")
    conn.execute("CREATE INDEX numbers_v ON numbers USING hnsw "
                 "(v vector_l2_ops)")
    conn.execute("CREATE TABLE account (id integer, b integer) "
                 "WITH (fillfactor = 50)")
    conn.execute(f"INSERT INTO account SELECT i, {FIRST_BALANCE} FROM "
                 f"generate_series(1, {ACCOUNTS}) i")
    conn.execute("CREATE TABLE ledger (n integer, a integer, b integer, "
                 "amount integer)")


class Load:
    def __init__(self, cluster):
        self.cluster = cluster
        self.stop = threading.Event()
        self.failures = []
        self.lock = threading.Lock()
        self.there = {}          # pair: its client; acknowledged
        self.doubt = set()       # pairs that nobody knows about
        self.gone = set()        # pairs whose deletion was acknowledged
        self.transfers = set()   # acknowledged
        self.next = itertools.count(1)
        self.done = 0
        self.retries = 0
        self.searches = 0
        self.not_found = 0
        jobs = [self.change_set, self.change_set, self.change_set,
                self.transfer, self.transfer, self.transfer_repeatable,
                self.read_statement, self.read_transaction]
        self.threads = [threading.Thread(target=self.go_on, args=(job, i))
                        for i, job in enumerate(jobs)]
        for thread in self.threads:
            thread.start()

    def go_on(self, job, number):
        rng = random.Random(f"{SEED} {number}")
        while not self.stop.is_set():
            try:
                with self.cluster.connect() as conn:
                    conn.execute("SET enable_seqscan = off")
                    conn.execute("SET hnsw.ef_search = 200")
                    while not self.stop.is_set():
                        job(conn, number, rng)
                        with self.lock:
                            self.done += 1
            except psycopg.errors.SerializationFailure:
                with self.lock:
                    self.retries += 1
            except psycopg.OperationalError as e:
                if e.sqlstate not in (None, "57P01", "57P02", "57P03"):
                    self.fail(job, e)
                self.stop.wait(0.01)
            except BaseException as e:
                self.fail(job, e)

    def fail(self, job, e):
        self.failures.append(f"{job.__name__}: {e!r}")
        self.stop.set()

    # ---- set ----

    def change_set(self, conn, number, rng):
        with self.lock:
            mine = [k for k, owner in self.there.items() if owner == number]
        if rng.random() < 0.3 and mine:
            self.search(conn, rng.choice(mine))
        elif mine and rng.random() < len(mine) / (2 * OWN_PAIRS):
            self.remove_pair(conn, rng.choice(mine))
        else:
            self.add_pair(conn, number)

    def add_pair(self, conn, number):
        k = next(self.next)
        with self.lock:
            self.doubt.add(k)
        with conn.transaction():
            for one in (k, -k):
                conn.execute(f"INSERT INTO numbers VALUES ({one}, "
                             f"'{vector_of(one)}')")
        with self.lock:
            self.doubt.discard(k)
            self.there[k] = number

    def remove_pair(self, conn, k):
        with self.lock:
            del self.there[k]
            self.doubt.add(k)
        conn.execute(f"DELETE FROM numbers WHERE k = {k} OR k = -{k}")
        with self.lock:
            self.doubt.discard(k)
            self.gone.add(k)

    def search(self, conn, k):
        """Only its own client removes it."""
        rows = conn.execute(
            f"SELECT k FROM numbers ORDER BY v <-> '{vector_of(k)}' "
            "LIMIT 3").fetchall()
        with self.lock:
            self.searches += 1
            self.not_found += (k,) not in rows

    def read_set(self, conn):
        with self.lock:
            before = set(self.there)
            gone = set(self.gone)
        keys = [r[0] for r in conn.execute("SELECT k FROM numbers").fetchall()]
        have = set(keys)
        assert len(keys) == len(have), "a row twice"
        assert {-k for k in have} == have, "half of a pair"
        with self.lock:
            lost = (before & set(self.there)) - have
            assert not lost, f"acknowledged and not there: {sorted(lost)[:10]}"
            back = have & gone
            assert not back, f"deleted and there: {sorted(back)[:10]}"

    # ---- bank ----

    def write_transfer(self, conn, n, a, b, amount):
        # in one order, so that no two wait for each other
        for account, change in sorted(((a, -amount), (b, amount))):
            conn.execute(f"UPDATE account SET b = b + {change} "
                         f"WHERE id = {account}")
        conn.execute(f"INSERT INTO ledger VALUES ({n}, {a}, {b}, {amount})")

    def transfer(self, conn, number, rng):
        a, b = rng.sample(range(1, ACCOUNTS + 1), 2)
        n = next(self.next)
        with conn.transaction():
            self.write_transfer(conn, n, a, b, rng.randint(1, 9))
        with self.lock:
            self.transfers.add(n)

    def transfer_repeatable(self, conn, number, rng):
        """What was read decides: no change of others may come between."""
        n = next(self.next)
        a, b = rng.sample(range(1, ACCOUNTS + 1), 2)
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            balance = dict(conn.execute("SELECT id, b FROM account"))
            if balance[a] < balance[b]:
                a, b = b, a
            amount = (balance[a] - balance[b]) // 2
            for account, value in sorted(((a, balance[a] - amount),
                                          (b, balance[b] + amount))):
                conn.execute(f"UPDATE account SET b = {value} "
                             f"WHERE id = {account}")
            conn.execute(f"INSERT INTO ledger VALUES ({n}, {a}, {b}, "
                         f"{amount})")
        with self.lock:
            self.transfers.add(n)

    def read_statement(self, conn, number, rng):
        row = conn.execute("SELECT count(*), sum(b) FROM account").fetchone()
        assert row == (ACCOUNTS, TOTAL), row
        self.read_set(conn)

    def read_transaction(self, conn, number, rng):
        with conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            before = sorted(conn.execute("SELECT id, b FROM account"))
            assert len(before) == ACCOUNTS
            assert sum(b for _, b in before) == TOTAL, before
            balance = {i: FIRST_BALANCE for i in range(1, ACCOUNTS + 1)}
            for a, b, amount in conn.execute("SELECT a, b, sum(amount) FROM "
                                             "ledger GROUP BY a, b"):
                balance[a] -= amount
                balance[b] += amount
            assert sorted(balance.items()) == before, "ledger and balances"
            keys = conn.execute("SELECT count(*), sum(k) FROM "
                                "numbers").fetchone()
            assert keys[1] in (0, None), keys
            # the same again, whatever was committed meanwhile
            assert sorted(conn.execute("SELECT id, b FROM account")) == before
            assert keys == conn.execute("SELECT count(*), sum(k) FROM "
                                        "numbers").fetchone()

    # ---- at the end ----

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures

    def check(self):
        with self.cluster.connect() as conn:
            have = {r[0] for r in conn.execute("SELECT k FROM numbers")}
            assert {-k for k in have} == have
            positive = {k for k in have if k > 0}
            lost = set(self.there) - positive
            assert not lost, f"lost: {sorted(lost)[:10]}"
            back = self.gone & positive
            assert not back, f"back again: {sorted(back)[:10]}"
            assert positive <= set(self.there) | self.doubt
            self.read_transaction(conn, 0, None)
            noted = [r[0] for r in conn.execute("SELECT n FROM ledger")]
            assert len(noted) == len(set(noted))
            assert self.transfers <= set(noted), \
                sorted(self.transfers - set(noted))[:10]
        # by the same measure as check_hnsw.c
        assert self.not_found <= max(10, 0.003 * self.searches), \
            f"{self.not_found} of {self.searches} searches missed their row"
        self.cluster.tusk_check()


def kill_something(cluster, rng):
    if rng.random() < 0.4:
        cluster.kill()
        cluster.start()
        return
    mark = cluster.mark()
    victims = cluster.query("SELECT pid FROM pg_stat_activity WHERE pid <> "
                            "pg_backend_pid() ORDER BY random()")
    for (pid,) in victims:
        # an autovacuum worker may have ended meanwhile
        if cluster.kill_one(pid):
            break
    cluster.restarted(mark)


def one_round(cluster, rng, seconds):
    """From empty tables to the books."""
    with cluster.connect() as conn:
        make_tables(conn)
    load = Load(cluster)
    try:
        end = time.monotonic() + seconds
        kills = 0
        while time.monotonic() < end and not load.stop.is_set():
            # a rest that is measured by what was done
            more = load.done + rng.randint(100, 3000)
            wait_for(lambda: load.done > more or load.stop.is_set() or
                     time.monotonic() > end, "work", seconds + 60)
            if rng.random() < 0.3:
                cluster.query(rng.choice(("CHECKPOINT", "VACUUM")))
            if not load.stop.is_set():
                kills += 1
                kill_something(cluster, rng)
        load.finish()
        load.check()
        with cluster.connect() as conn:
            conn.execute("DROP TABLE numbers, account, ledger")
        return collections.Counter(
            transactions=load.done, retries=load.retries, kills=kills,
            searches=load.searches, missed=load.not_found)
    finally:
        load.stop.set()


def test_load():
    cluster = Cluster(shared_buffers="2MB", max_wal_size="64MB",
                      min_wal_size="32MB", checkpoint_timeout="30s",
                      autovacuum="on", autovacuum_naptime="1s")
    found = collections.Counter()
    rng = random.Random(SEED)
    end = time.monotonic() + SECONDS
    try:
        cluster.start()
        while time.monotonic() < end - 1:
            found += one_round(cluster, rng,
                               min(ROUND, end - time.monotonic()))
        print(f"# 8 clients: {found['transactions']} transactions, "
              f"{found['retries']} serialization failures, {found['kills']} "
              f"kills, {found['searches']} searches ({found['missed']} "
              "missed)", flush=True)
        assert cluster.stop() == 0
        cluster.check_files()
    except BaseException:
        print(cluster.tail(60), flush=True)
        cluster.keep()
        raise
    finally:
        cluster.remove()


PGBENCH = f"""\\set low random(1, {ACCOUNTS // 2})
\\set high random({ACCOUNTS // 2 + 1}, {ACCOUNTS})
\\set amount random(-9, 9)
BEGIN;
UPDATE account SET b = b - :amount WHERE id = :low;
UPDATE account SET b = b + :amount WHERE id = :high;
INSERT INTO ledger VALUES (0, :low, :high, :amount);
SELECT sum(b) FROM account;
END;
"""


def test_pgbench(mode):
    """pgbench's clients do the transfers; the books are right afterwards, also
    after a crash."""
    cluster = Cluster(shared_buffers="2MB")
    try:
        cluster.start()
        with cluster.connect() as conn:
            make_tables(conn)
        script = os.path.join(cluster.dir, "transfer.sql")
        with open(script, "w") as f:
            f.write(PGBENCH)
        done = subprocess.run(
            ["pgbench", "-n", "-M", mode, "-c", "8", "-j", "2", "-t", "100",
             "-h", cluster.data, "-f", script, "postgres"],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=100)
        assert done.returncode == 0, done.stdout
        assert "transactions actually processed: 800/800" in done.stdout, \
            done.stdout
        cluster.kill()
        cluster.start()
        with cluster.connect() as conn:
            Load.read_transaction(None, conn, 0, None)
            assert conn.execute("SELECT count(*) FROM ledger").fetchone() == \
                (800,)
        cluster.tusk_check()
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def run(suite):
    suite.run(test_load)
    for mode in ("simple", "extended", "prepared"):
        suite.run(test_pgbench, mode)
