"""Direct search finds what the backend finds.

Story: a program with libtusk inside (direct_client.c) searches indexes in its
own process; in the same session, so under the same settings and, in a
transaction, the same snapshot, the backend runs the same search as a statement.
The rows must be the same, in the same order, with the same values and distances,
for every operator class of hnsw and ivfflat, while rows come, go, are updated,
rolled back, vacuumed, and the index is built anew.

The dangers: rows that the snapshot must not see, or own ones that are missed; an
index that was dropped or has moved; a search that hides that it was disturbed
because it fell back to the backend each time: so each says how it was done.
"""
import os
import re
import random
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, build_dir, seeded, wait_for  # noqa: E402

SECONDS = float(os.environ.get("DIRECT_SECONDS", 4))
TOLD = int(os.environ.get("DIRECT_TOLD", 3000))
ROWS = 1500

rng = seeded(3)
server = Server(shared_buffers="32MB", autovacuum="off",
                synchronous_commit="off")
suite = Suite()


class Client:
    """A direct_client; its sessions are numbered from 0."""

    last = None

    def __init__(self):
        # that of a test that failed may hold locks
        if Client.last and Client.last.process.poll() is None:
            Client.last.process.kill()
        Client.last = self
        self.process = subprocess.Popen(
            [os.path.join(build_dir(), "bin", "direct_client")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        assert answer, f"the client died: {self.process.wait()}: {line}"
        return answer

    def attach(self, n=0, conninfo=None):
        answer = self.ask(f"attach {n} {conninfo or server.data}")
        assert answer == "ok direct", answer

    def sql(self, statement, n=0):
        answer = self.ask(f"sql {n} {statement}")
        assert answer.startswith("ok"), answer
        return [row.split(",") for row in answer[3:].split("/")
                if answer != "ok"]

    def close(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


def oid(index):
    return server.query(f"SELECT '{index}'::regclass::oid")[0][0]


# What a value is as text for SQL, and in binary for the client.

def vector(n):
    return [round(rng.uniform(-1, 1), 3) for _ in range(n)]


def as_text(kind, x):
    if kind == "bit":
        return "".join(map(str, x))
    if kind == "sparsevec":
        return "{%s}/%d" % (",".join(f"{i + 1}:{e}" for i, e in enumerate(x)
                                     if e), len(x))
    return "[" + ",".join(map(str, x)) + "]"


def as_hex(kind, x):
    if kind == "vector":
        return struct.pack(f">HH{len(x)}f", len(x), 0, *x).hex()
    if kind == "halfvec":
        return struct.pack(f">HH{len(x)}e", len(x), 0, *x).hex()
    if kind == "sparsevec":
        at = [i for i, e in enumerate(x) if e]
        return struct.pack(f">iii{len(at)}i{len(at)}f", len(x), len(at), 0,
                           *at, *[x[i] for i in at]).hex()
    bits = "".join(map(str, x)).ljust((len(x) + 7) // 8 * 8, "0")
    return struct.pack(">i", len(x)).hex() + bytes(
        int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)).hex()


def value(kind, dim=12):
    if kind == "bit":
        return [rng.randint(0, 1) for _ in range(dim)]
    x = vector(dim)
    if kind == "sparsevec":
        x = [e if rng.random() < 0.4 else 0 for e in x]
        x[0] = x[0] or 0.5
    return x


OPERATORS = {"l2": "<->", "ip": "<#>", "cosine": "<=>", "l1": "<+>",
             "hamming": "<~>", "jaccard": "<%>"}
CLASSES = [("hnsw", kind, metric) for kind in ("vector", "halfvec", "sparsevec")
           for metric in ("l2", "ip", "cosine", "l1")]
CLASSES += [("hnsw", "bit", "hamming"), ("hnsw", "bit", "jaccard")]
CLASSES += [("ivfflat", kind, metric) for kind in ("vector", "halfvec")
            for metric in ("l2", "ip", "cosine")]
CLASSES += [("ivfflat", kind, metric, 128) for kind in ("vector", "halfvec")
            for metric in ("l2", "ip", "cosine")]
CLASSES += [("ivfflat", "bit", "hamming")]


class Table:
    """A table t with rows and an index, and searches of it both ways."""

    def __init__(self, client, am="hnsw", kind="vector", metric="l2", dim=12,
                 rows=ROWS):
        self.client, self.kind, self.dim = client, kind, dim
        self.operator = OPERATORS[metric]
        client.sql("DROP TABLE IF EXISTS t")
        client.sql(f"CREATE TABLE t (id int, big bigint, name text, gone int, "
                   f"x float8, y real, v {kind}({dim}))")
        self.next = 0
        self.insert(rows)
        options = " WITH (lists = 8)" if am == "ivfflat" else ""
        client.sql(f"CREATE INDEX t_v ON t USING {am} "
                   f"(v {kind}_{metric}_ops){options}")
        for setting in ("enable_seqscan = off", "hnsw.ef_search = 60",
                        "ivfflat.probes = 3"):
            client.sql("SET " + setting)
        self.index = oid("t_v")
        # the backend loads what searches share
        client.sql(self.statement(value(kind, dim), 1))

    def insert(self, n):
        while n > 0:
            some = min(n, 100)
            values = ",".join(
                f"({self.next + i}, {(self.next + i) * 10000000000}, "
                f"{'NULL' if i % 7 == 0 else repr('row' + str(i))}, "
                f"{i / 3}, {i / 7}, "
                f"'{as_text(self.kind, value(self.kind, self.dim))}')"
                for i in range(some))
            self.client.sql("INSERT INTO t (id, big, name, x, y, v) VALUES "
                            + values)
            self.next += some
            n -= some

    def statement(self, x, k, offset=0, columns="ctid"):
        text = as_text(self.kind, x)
        kind = "bit(%d)" % self.dim if self.kind == "bit" else self.kind
        return (f"SELECT {columns} FROM t ORDER BY v {self.operator} "
                f"'{text}'::{kind} LIMIT {k} OFFSET {offset}")

    def check(self, queries=10, k=10, offset=0, all_direct=True):
        """The same rows both ways; how many searches were direct."""
        xs = [value(self.kind, self.dim) for _ in range(queries)]
        form = "floats" if self.kind == "vector" else "binary"
        texts = [",".join(map(str, x)) if form == "floats"
                 else as_hex(self.kind, x) for x in xs]
        # the two single-precision columns go another way as text: left out
        answer = self.client.ask(f"find 0 {self.index} {k} {offset} 1,2,3,0 "
                                 f"{form} " + " ".join(texts))
        if answer.startswith("none") and not all_direct:
            return 0
        assert answer.startswith(f"done {queries} of {queries};"), answer
        found = answer.split("; ", 1)[1].split(";") if k else []
        for x, rows in zip(xs, found):
            text = as_text(self.kind, x)
            kind = "bit(%d)" % self.dim if self.kind == "bit" else self.kind
            expected = self.client.ask("sql 0 " + self.statement(
                x, k, offset, f"'(' || replace(trim(ctid::text, '()'), ',', "
                f"':') || ')', id, big, name, v {self.operator} "
                f"'{text}'::{kind}"))
            expected = expected[3:].split("/") if expected != "ok" else []
            rows = rows.split("/") if rows else []
            assert len(rows) == len(expected), (rows, expected)
            for a, b in zip(rows, expected):
                a, b = a.split(","), b.split(",")
                assert a[:4] == b[:4] and float(a[4]) == float(b[4]), (a, b)
        return queries


def index_is_used(client, table):
    plan = client.ask("sql 0 EXPLAIN " + table.statement(
        value(table.kind, table.dim), 5))
    assert "Index Scan" in plan, plan


def test_operator_class(am, kind, metric, dim=12):
    client = Client()
    client.attach()
    table = Table(client, am, kind, metric, dim)
    # that many numbers are worth codes of ivfflat, which searches of the
    # backend make and those of the client find
    if am == "ivfflat" and kind != "bit":
        assert (server.query(
            "SELECT count(*) FROM tusk_index_cache JOIN pg_class c "
            "ON c.relfilenode = tusk_index_cache.relfilenode "
            "WHERE c.relname = 't_v'")[0][0] == 1) == (dim >= 128)
    index_is_used(client, table)
    table.check()
    table.check(k=40, offset=3)
    for mode in ("relaxed_order", "strict_order" if am == "hnsw"
                 else "relaxed_order", "off"):
        client.sql(f"SET {am}.iterative_scan = {mode}")
        table.check(k=150, queries=4)
    client.sql("DELETE FROM t WHERE id % 3 = 0")
    table.check()
    client.sql("VACUUM t")
    table.check()
    client.close()


def test_settings():
    client = Client()
    client.attach()
    table = Table(client)
    for ef in (1, 10, 400):
        client.sql(f"SET hnsw.ef_search = {ef}")
        table.check(k=30)
    client.sql("SET enable_index_cache = off")
    table.check(k=30)
    client.close()


def test_changes():
    """Rows of this session and others, in and out of transactions."""
    client = Client()
    client.attach()
    client.attach(1)
    table = Table(client)
    table.insert(200)
    table.check()
    client.sql("UPDATE t SET name = 'hot' WHERE id % 2 = 0")
    table.check()
    client.sql("UPDATE t SET v = (SELECT v FROM t u WHERE u.id = 5) "
               "WHERE id % 11 = 0")
    table.check()
    # own changes, not committed
    client.sql("BEGIN")
    table.insert(100)
    client.sql("DELETE FROM t WHERE id % 5 = 0")
    client.sql("UPDATE t SET name = 'mine' WHERE id % 7 = 0")
    # a distance of an own row is the backend's to compute: those alone
    answer = client.ask(f"find 0 {table.index} 1500 0 1 floats "
                        + ",".join(["0"] * 12))
    assert answer.startswith("done 1 of 1;"), answer
    seen = {row.split(",")[1] for row in answer.split("; ")[1].split("/")}
    mine = {row[0] for row in client.sql("SELECT id FROM t")}
    assert seen <= mine and len(seen) > 50, (len(seen), len(seen - mine))
    client.sql("ROLLBACK")
    table.check()
    # another session's, not committed, then committed, then old to us
    client.sql("BEGIN", 1)
    client.sql("DELETE FROM t WHERE id % 3 = 1", 1)
    table.check()
    client.sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
    table.check()
    client.sql("COMMIT", 1)
    client.sql("INSERT INTO t (id, big, name, x, y, v) "
               "SELECT id + 100000, big, name, x, y, v FROM t "
               "WHERE id % 50 = 0", 1)
    table.check()
    client.sql("COMMIT")
    table.check()
    client.close()


def test_statements():
    """By the name of a prepared statement: its columns, LIMIT, OFFSET."""
    client = Client()
    client.attach()
    table = Table(client)
    client.sql("PREPARE p (vector, bigint) AS SELECT name, id FROM t "
               "ORDER BY v <-> $1 LIMIT $2")
    x = value("vector")
    answer = client.ask(f"run 0 p 7 {as_hex('vector', x)}")
    assert answer.startswith("done 1 of 1;"), answer
    rows = [r.split(",")[1:] for r in answer.split("; ")[1].split("/")]
    assert rows == client.sql(table.statement(x, 7, columns="name, id"))
    client.sql("PREPARE q AS SELECT count(*) FROM t")
    assert client.ask(f"run 0 q 7 {as_hex('vector', x)}").startswith("none")
    client.close()


def test_ever_new_texts():
    """A program makes the texts of its statements anew each time.  What is known
    of statements is shared by text, so it must not be kept for each: memory in
    use is the same after 1,000 of them and after 4,000; and what is found again
    and again stays."""
    client = Client()
    client.attach()
    Table(client)
    client.sql("PREPARE p (vector, bigint) AS SELECT name, id FROM t "
               "ORDER BY v <-> $1 LIMIT $2")
    x = as_hex("vector", value("vector"))
    in_use = []
    for start in range(0, 4000, 1000):
        answer = client.ask(f"texts 0 {start} {start + 1000} p 7 {x}").split()
        assert answer[0] == "ok" and int(answer[1]) > 900, answer
        in_use.append(int(answer[2]))
    # one of them has more than a hundred bytes of names and columns alone
    assert in_use[-1] - in_use[0] < 3000 * 100, in_use
    client.close()


def test_no_threads():
    """A program blocks a signal and waits for it.  A thread that the library had
    started with the mask of an earlier time would take it, and the program end by
    it: so none is started, neither where what is known of an index is replaced or
    thrown away, nor at a session's end, nor in a child."""
    client = Client()

    def threads():
        return os.listdir(f"/proc/{client.process.pid}/task")
    client.attach()
    table = Table(client)
    table.check(queries=2)
    client.sql("ALTER TABLE t ADD COLUMN more text")
    table.check(queries=2)
    client.sql("PREPARE p (vector, bigint) AS SELECT name, id FROM t "
               "ORDER BY v <-> $1 LIMIT $2")
    x = as_hex("vector", value("vector"))
    assert client.ask(f"texts 0 0 600 p 7 {x}").startswith("ok 6")
    assert client.ask(f"fork 0 {table.index}").startswith("error 55000")
    assert len(threads()) == 1
    assert client.ask("detach 0") == "ok"
    assert len(threads()) == 1
    client.close()


def test_no_memory():
    """Each allocation of a search by a new text fails in turn: the search is the
    backend's, or the call says so (53200); the session goes on, and the next
    search has the right rows."""
    client = Client()
    client.attach()
    Table(client)
    client.sql("PREPARE p (vector, bigint) AS SELECT name, id FROM t "
               "ORDER BY v <-> $1 LIMIT $2")
    x = as_hex("vector", value("vector"))
    right = client.ask(f"run 0 p 7 {x}")
    assert right.startswith("done 1"), right
    told = set()
    for nth in range(1, 500):
        before = client.ask("refused")
        client.ask(f"nomemory {nth}")
        # by the index, of which this process knows nothing new, or by a text
        answer = client.ask(f"texts 0 {nth} {nth + 1} p 7 {x}") \
            if nth % 2 else client.ask(f"run 0 p 7 {x}")
        fired = client.ask("refused") != before
        told.add(answer.split(" (")[0] if answer.startswith(
            ("none", "error")) else "done")
        assert client.ask(f"run 0 p 7 {x}") == right, nth
        if not fired and nth % 2:
            break
    else:
        raise AssertionError("it needs ever more memory")
    assert {"done", "none: out of memory",
            "error 53200 out of memory"} <= told, told
    assert {t for t in told if t.startswith("error")} == {
        "error 53200 out of memory"}, told
    client.close()


def test_no_memory_to_attach():
    """Each allocation of an attach fails in turn: it says so, or the session is
    one that can do without; nothing of it is left in the process."""
    client = Client()
    client.attach()
    fds = f"/proc/{client.process.pid}/fd"
    before = len(os.listdir(fds))
    told = set()
    for nth in range(1, 500):
        refused = client.ask("refused")
        client.ask(f"nomemory {nth}")
        answer = client.ask(f"attach 1 {server.data}")
        fired = client.ask("refused") != refused
        told.add(answer.split(" ")[1])
        if answer.startswith("ok"):
            client.sql("SELECT 1", 1)
        else:
            assert answer.startswith("error 53200"), (nth, answer)
            assert answer.endswith("out of memory"), (nth, answer)
        client.ask("detach 1")
        assert len(os.listdir(fds)) == before, nth
        if not fired:
            break
    assert not fired and answer == "ok direct" and "53200" in told, (nth, told)
    client.close()


def test_no_room_to_map():
    """The process's address space has no room for the server's pages: who insists
    on them is told at the attach, with the size and the limit; who does not has a
    session over rings, which says so, and searches by the backend."""
    client = Client()
    assert client.ask("room 8192") == "ok"
    answer = client.ask(f"attach 0 host={server.data} dbname=postgres "
                        "attach=direct")
    assert re.fullmatch(
        r"error 53200 direct search is not possible: the public segment cannot "
        r"be used: its \d+ kB could not be mapped: Cannot allocate memory; the "
        r'limit of this process\'s address space \(RLIMIT_AS, "ulimit -v"\) must '
        r"have room for them", answer), answer
    assert client.ask("transport 0") == "none"
    client.ask("detach 0")
    answer = client.ask(f"attach 1 {server.data}")
    assert answer.startswith("ok the public segment cannot be used: its "), answer
    assert client.ask("transport 1") == "rings"
    client.sql("SELECT 1", 1)
    answer = client.ask("find 1 1 1 0 0 floats 1")
    assert answer.startswith("none: the public segment cannot be used"), answer
    # with room, another session has them
    assert client.ask("room -1") == "ok"
    client.attach()
    assert client.ask("transport 0") == "direct"
    assert client.ask("transport 1") == "rings"
    client.close()


def test_index_goes():
    client = Client()
    client.attach()
    table = Table(client)
    table.check()
    client.sql("REINDEX INDEX t_v")
    client.sql(table.statement(value("vector"), 1))
    table.check()
    client.sql("ALTER TABLE t ADD COLUMN more text")
    table.check()
    client.sql("TRUNCATE t")
    table.check(queries=1, k=3)
    client.sql("DROP INDEX t_v")
    x = ",".join(["0"] * 12)
    answer = client.ask(f"find 0 {table.index} 3 0 1 floats {x}")
    assert answer.startswith("none: there is no such index"), answer
    client.sql("SELECT 1")
    client.close()


def test_wrong_values():
    """What the backend would refuse it is left to refuse."""
    client = Client()
    client.attach()
    table = Table(client)
    for value in ("1,2,3", ",".join(["nan"] * 12)):
        answer = client.ask(f"find 0 {table.index} 3 0 1 floats {value}")
        assert answer.startswith("none"), answer
    answer = client.ask(f"find 0 {table.index} 3 0 1 binary 00")
    assert answer.startswith("none"), answer
    # a column of a type that only the backend sends
    answer = client.ask(f"find 0 {table.index} 3 0 7 floats "
                        + ",".join(["0"] * 12))
    assert answer.startswith("none: column 7"), answer
    table.check()
    client.close()


def test_long_values():
    """Vectors and texts out of line; a distance comes from the index then."""
    client = Client()
    client.attach()
    table = Table(client, dim=900, rows=60)
    table.check(queries=3, k=10)
    client.sql("UPDATE t SET name = repeat('long text ', 5000) "
               "WHERE id % 4 = 0")
    answer = client.ask(f"find 0 {table.index} 5 0 1,3 floats "
                        + ",".join(["0.5"] * 900))
    assert answer.startswith("done 1 of 1"), answer[:200]
    client.close()


def test_not_resident():
    """A pool with no room for the index: pages are asked for, and searches that
    lose them again too often are the backend's."""
    small = Server(shared_buffers="1MB", index_cache_size="0",
                   autovacuum="off").start()
    client = Client()
    try:
        small.query("CREATE EXTENSION vector")
        client.attach(0, small.data)
        client.sql("CREATE TABLE t (id int, v vector(100))")
        client.sql("INSERT INTO t SELECT i, ARRAY(SELECT random() FROM "
                   "generate_series(1, 100) WHERE i > 0)::vector(100) "
                   "FROM generate_series(1, 3000) i")
        client.sql("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops) "
                   "WITH (m = 8)")
        client.sql("SET enable_seqscan = off")
        index = small.query("SELECT 't_v'::regclass::oid")[0][0]
        for _ in range(20):
            x = [round(rng.random(), 3) for _ in range(100)]
            answer = client.ask(f"find 0 {index} 10 0 1 floats "
                                + ",".join(map(str, x)))
            assert answer.startswith(("done 1", "none")), answer
            expected = client.sql("SELECT id FROM t ORDER BY v <-> "
                                  f"'{as_text('vector', x)}' LIMIT 10")
            if answer.startswith("done"):
                rows = [r.split(",")[1:]
                        for r in answer.split("; ")[1].split("/")]
                assert rows == expected, (rows, expected)
        direct, backend = map(int, client.ask("counts 0").split()[1:])
        assert direct > 0, (direct, backend)
    finally:
        client.close()
        small.stop()
        small.destroy()


def test_segments():
    """A descriptor that is not a sealed segment of this server is refused; that
    of the server can be written in no way."""
    client = Client()
    client.attach()
    said = client.ask("segments 0").split("/")
    why = "the public segment cannot be used: "
    assert said[:5] == [why + "it is not sealed"] * 5, said
    assert said[5] == why + "its size is not what the server said", said
    assert said[6] == why + "it has not the header of a Tusk server", said
    assert said[7] == (why + "server and library were compiled from different "
                       "versions"), said
    assert said[8].startswith(why), said
    assert said[9] == why + "it is not sealed", said
    assert said[10:] == ["read-only"] * 3, said
    client.close()


def test_fork():
    client = Client()
    client.attach()
    table = Table(client)
    answer = client.ask(f"fork 0 {table.index}")
    assert answer.startswith("error 55000"), answer
    table.check()
    client.close()


def test_two_services():
    other = Server(shared_buffers="16MB", autovacuum="off").start()
    client = Client()
    try:
        other.query("CREATE EXTENSION vector")
        client.attach()
        table = Table(client)
        client.attach(1, other.data)
        client.sql("CREATE TABLE t (id int, v vector(12))", 1)
        client.sql("INSERT INTO t VALUES (77, '%s')" % as_text(
            "vector", [0] * 12), 1)
        client.sql("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops)", 1)
        index = other.query("SELECT 't_v'::regclass::oid")[0][0]
        for _ in range(3):
            table.check(queries=2)
            answer = client.ask(f"find 1 {index} 3 0 1 floats "
                                + ",".join(["0"] * 12))
            assert answer == "done 1 of 1; (0:1),77", answer
        other.stop("immediate")
        answer = client.ask(f"find 1 {index} 3 0 1 floats "
                            + ",".join(["0"] * 12))
        assert answer == "error 57P01 terminating connection due to " \
            "immediate shutdown command", answer
        table.check(queries=2)
    finally:
        client.close()
        other.destroy()


def test_restart():
    """A crash-restart: the session is lost, another one searches again."""
    client = Client()
    client.attach()
    table = Table(client)
    table.check(queries=2)
    victim = client.sql("SELECT pg_backend_pid()")[0][0]
    lives = server.lives()
    server.expect("terminated by signal 9", "was terminated by signal",
                  "server process", "crash of another")
    os.kill(int(victim), 9)
    server.next_life(lives)
    answer = client.ask(f"find 0 {table.index} 3 0 1 floats "
                        + ",".join(["0"] * 12))
    assert answer == "error 57P02 server closed the connection " \
        "unexpectedly: its process crashed or was killed", answer
    client.attach(1)
    client.close()


def test_told():
    """Another process commits and says so: the next search sees it, though it may
    go on with the snapshot of the one before, which most of them do."""
    server.query("CREATE TABLE told (n int, v vector(2))")
    server.query("INSERT INTO told VALUES (0, '[0,0]')")
    server.query("CREATE INDEX told_v ON told USING hnsw (v vector_l2_ops)")
    client = Client()
    answer = client.ask(f"told {TOLD} {oid('told_v')} {server.data}")
    assert answer.startswith("ok"), answer
    calls, begun = int(answer.split()[1]), int(answer.split()[3])
    assert calls == 4 * TOLD and TOLD <= begun < calls, answer
    client.close()
    server.query("DROP TABLE told")


def test_one_after_another(am):
    """Threads search in no transaction, again and again, while pairs of rows
    change together, the table is vacuumed, the index built anew: both of a pair
    are of one moment, and no moment is before that of an earlier search."""
    conn = server.connect()
    options = " WITH (lists = 5)" if am == "ivfflat" else ""
    vector = ("ARRAY(SELECT random() FROM generate_series(1, 16) WHERE i >= 0)"
              "::vector(16)")
    conn.execute("CREATE TABLE pairs (id int, n int, v vector(16))")
    conn.execute(f"INSERT INTO pairs SELECT i, 0, {vector} "
                 "FROM generate_series(0, 399) i")
    # both of a pair are at the same place, so that they are found together
    conn.execute("UPDATE pairs SET v = (SELECT v FROM pairs o WHERE o.id = "
                 "pairs.id - 1) WHERE id % 2 = 1")
    conn.execute(f"CREATE INDEX pairs_v ON pairs USING {am} "
                 f"(v vector_l2_ops){options}")
    stop = threading.Event()
    failed = []

    def change(seed):
        mine = random.Random(seed)
        try:
            with server.connect() as c:
                while not stop.is_set():
                    pair = mine.randrange(200)
                    moved = ", v = '[%s]'" % ",".join(
                        str(mine.random()) for _ in range(16)) \
                        if mine.random() < 0.5 else ""
                    c.execute(f"UPDATE pairs SET n = n + 1{moved} "
                              f"WHERE id / 2 = {pair}")
                    stop.wait(mine.choice((0, 0, 0.002, 0.02)))
        except Exception as e:  # noqa: BLE001
            failed.append(e)

    def clean():
        try:
            with server.connect() as c:
                while not stop.is_set():
                    c.execute("VACUUM pairs")
                    if stop.wait(0.1):
                        break
                    c.execute("REINDEX INDEX pairs_v")
                    stop.wait(0.1)
        except Exception as e:  # noqa: BLE001
            failed.append(e)
    workers = [threading.Thread(target=change, args=(1,)),
               threading.Thread(target=change, args=(2,)),
               threading.Thread(target=clean)]
    for worker in workers:
        worker.start()
    client = Client()
    try:
        answer = client.ask(f"pairs 3 {int(max(SECONDS / 2, 2))} "
                            f"{oid('pairs_v')} {server.data}")
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    client.close()
    assert not failed, failed
    assert answer.startswith("ok"), answer
    words = answer.replace(",", "").split()
    assert int(words[5]) > 0 and int(words[3]) > 0, answer
    # some went on with another's snapshot
    assert int(words[9]) < int(words[5]) + int(words[7]), answer
    if os.environ.get("V"):
        print("#", answer)
    conn.execute("DROP TABLE pairs")
    conn.close()


def test_stress(am):
    """Threads search while rows move and come back, the table is vacuumed, the
    index built anew: what they are given their snapshots see, each row once."""
    conn = server.connect()
    options = " WITH (lists = 20)" if am == "ivfflat" else ""
    # so many numbers are worth codes of ivfflat, which clean() makes
    conn.execute("CREATE TABLE moving (id int, v vector(16))")
    conn.execute("INSERT INTO moving SELECT i, ARRAY(SELECT random() FROM "
                 "generate_series(1, 16) WHERE i > 0)::vector(16) "
                 "FROM generate_series(1, 3000) i")
    conn.execute(f"CREATE INDEX moving_v ON moving USING {am} "
                 f"(v vector_l2_ops){options}")
    stop = threading.Event()
    failed = []

    def change(seed):
        mine = random.Random(seed)
        try:
            with server.connect() as c:
                while not stop.is_set():
                    low = mine.randint(1, 2900)
                    if mine.random() < 0.2:
                        c.execute("BEGIN")
                        c.execute("DELETE FROM moving WHERE id > %s", (low,))
                        c.execute("ROLLBACK")
                    c.execute("UPDATE moving SET v = ARRAY(SELECT random() "
                              "FROM generate_series(1, 16) WHERE id > 0)"
                              "::vector(16) WHERE id %% 3000 BETWEEN %s AND %s",
                              (low, low + 20))
        except Exception as e:  # noqa: BLE001
            failed.append(e)

    def clean():
        try:
            with server.connect() as c:
                c.execute("SET enable_seqscan = off")
                while not stop.is_set():
                    c.execute("VACUUM moving")
                    c.execute("SELECT id FROM moving ORDER BY v <-> (SELECT v "
                              "FROM moving LIMIT 1) LIMIT 10")
                    if stop.wait(0.2):
                        break
                    c.execute("REINDEX INDEX moving_v")
                    stop.wait(0.2)
        except Exception as e:  # noqa: BLE001
            failed.append(e)

    workers = [threading.Thread(target=change, args=(1,)),
               threading.Thread(target=clean)]
    for worker in workers:
        worker.start()
    client = Client()
    try:
        answer = client.ask(f"threads 4 {int(max(SECONDS, 2))} "
                            f"{oid('moving_v')} {server.data}")
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    client.close()
    assert not failed, failed
    assert answer.startswith("ok"), answer
    words = answer.replace(",", "").split()
    # not all were left to the backend
    assert int(words[5]) > 0 and int(words[1]) > 0, answer
    if os.environ.get("V"):
        print("#", answer)
    conn.execute("DROP TABLE moving")
    conn.close()


server.start()
server.query("CREATE EXTENSION vector")
try:
    for args in CLASSES:
        suite.run(test_operator_class, *args)
    for test in (test_settings, test_changes, test_statements,
                 test_ever_new_texts, test_no_threads, test_no_memory,
                 test_no_memory_to_attach, test_no_room_to_map, test_index_goes,
                 test_wrong_values, test_long_values,
                 test_not_resident, test_segments, test_fork,
                 test_two_services, test_restart, test_told):
        suite.run(test)
    for am in ("hnsw", "ivfflat"):
        suite.run(test_one_after_another, am)
        suite.run(test_stress, am)
finally:
    suite.run(server.stop)
    suite.finish(server)
