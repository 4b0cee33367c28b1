"""What the suites of direct search share: the server, the table that is searched,
what a session holds, and holding a client's backend at a step."""
import os
import signal
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, os.path.join(HERE, "..", "isolation"))
from harness import Server, Suite, wait_for  # noqa: E402
from client import TABLE, Client, ask_blocks, ask_rows, begin, end  # noqa: E402
from steps import Step  # noqa: E402

READY = "database system is ready to accept connections"

suite = Suite()
server = Server(autovacuum="off", reader_timeout="0", enable_seqscan="off",
                shared_buffers="8MB").start()
Step.server = server
server.query("CREATE EXTENSION vector")


def sql(text, params=None):
    return Step.ask(text, params)


def oid(name):
    return sql("SELECT %s::regclass::oid", (name,))[0][0]


def make(rows=300):
    """Table t, its index t_v."""
    sql("DROP TABLE IF EXISTS t")
    sql("CREATE TABLE t (id integer, v vector(3), x text)")
    sql("INSERT INTO t SELECT i, ARRAY[i, i %% 7, i %% 11]::real[]::vector, "
        "repeat(i::text, 3) FROM generate_series(1, %s) i", (rows,))
    sql("CREATE INDEX t_v ON t USING hnsw (v vector_l2_ops) "
        "WITH (m = 4, ef_construction = 16)")


def locks_of(pid):
    return sql("SELECT count(*) FROM pg_locks WHERE pid = %s AND "
               "relation IN (SELECT oid FROM pg_class WHERE relname IN "
               "('t', 't_v'))", (pid,))[0][0]


def state_of(pid):
    rows = sql("SELECT state, backend_xmin FROM pg_stat_activity "
               "WHERE pid = %s", (pid,))
    return rows[0] if rows else None


def assert_nothing_held(client):
    wait_for(lambda: locks_of(client.pid) == 0, "the end of its locks")
    wait_for(lambda: state_of(client.pid) == ("idle", None), "an idle backend")


def hold(point, client, action="wait"):
    sql("SELECT injection_points_attach(%s, %s)",
        (point, f"{action},times=1,pid={client.pid}"))


def held(point, client):
    wait_for(lambda: sql("SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
                         "wait_event = %s", (client.pid, point)),
             f"the step {point}")


def let_go(point):
    sql("SELECT injection_points_wakeup(%s)", (point,))
    sql("SELECT injection_points_detach(%s)", (point,))


def oid_of(typename):
    return sql("SELECT oid FROM pg_type WHERE typname = %s", (typename,))[0][0]


def tid_of(number):
    ctid = sql("SELECT ctid::text FROM t WHERE id = %s", (number,))[0][0]
    return tuple(map(int, ctid.strip("()").split(",")))


def child_client(work):
    """work(client) in a process of its own, which stops itself when it is
    through; its pid and that of its backend."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(r)
            c = Client(server)
            work(c)
            os.write(w, struct.pack("<i", c.pid))
            os.close(w)
            os.kill(os.getpid(), signal.SIGSTOP)
        finally:
            os._exit(1)
    os.close(w)
    got = os.read(r, 4)
    os.close(r)
    assert len(got) == 4, "the client failed"
    assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
    return pid, struct.unpack("<i", got)[0]


def end_child(pid):
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def stories(index):
    """What a client has sent when it stops or dies."""
    def started(c):
        return c.begin(index)

    def nothing_read(c):
        c.send(begin(index))

    def asked(c):
        s = c.begin(index)
        c.send(ask_rows(s.search, [(0, 1)], [(1, 0)]))

    def half_a_message(c):
        s = c.begin(index)
        c.send(ask_blocks(s.search, [(TABLE, 0)])[:11])

    def one_byte(c):
        c.begin(index)
        c.send(b"a")

    def pipelined(c):
        s = c.begin(index)
        c.send(end(s.search), begin(index))

    def in_block(c):
        c.sql("BEGIN")
        c.begin(index)

    return (started, nothing_read, asked, half_a_message, one_byte, pipelined,
            in_block)
