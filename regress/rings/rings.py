"""Sessions over the rings of a client area, by clients good and bad.

A good client's session must be the same as over the socket, with rings of any
size.  A bad one writes what it likes, where it likes, whenever it likes: the
worst that may come of it is that its own session ends, with 08P01.  The dangers:
a backend that reads beyond a ring or trusts a word that changes (a crash, and
all others restart), one that waits for ever for a client that is gone or that a
wake-up was lost for, an error that comes where no answer was due.
"""
import ctypes
import fcntl
import mmap
import os
import random
import signal
import socket
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients"))

from harness import Server, Suite, seed, wait_for  # noqa: E402
from ringwire import (BYTES, DIRECT, F_ADD_SEALS, F_SEAL_GROW,  # noqa: E402
                      F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_WRITE, RINGS, VERSION,
                      RingWire, request)
from wire import (SYNC, TERMINATE, Wire, bind, describe, error_fields,  # noqa: E402
                  execute, kinds, message, parse, query, rows, sqlstate)

ROUNDS = int(os.environ.get("RINGS_ROUNDS", "150"))
SEED = seed("RINGS")


def ring(*args, **more):
    return RingWire(server.data, *args, **more)


def pid_of(wire):
    return int(rows(wire.ask(query("SELECT pg_backend_pid()")))[0][0])


def gone(pid):
    return server.query("SELECT count(*) FROM pg_stat_activity WHERE pid = %s",
                        (pid,)) == [(0,)]


def wait_event(pid):
    return server.query("SELECT wait_event_type, wait_event "
                        "FROM pg_stat_activity WHERE pid = %s", (pid,))


def alone():
    """Every client but the one that asks has gone."""
    return server.query("SELECT count(*) FROM pg_stat_activity WHERE "
                        "backend_type = 'client backend'") == [(1,)]


def attach_point(conn, point, action):
    conn.execute("SELECT injection_points_attach(%s, %s)", (point, action))


def detach_point(conn, point):
    conn.execute("SELECT injection_points_detach(%s)", (point,))


# ---- good clients ----

def conversation(w):
    """What the session answers, without what differs from one to the next."""
    answers = []

    def ask(*parts):
        answers.append([m for m in w.ask(*parts) if m[0] != b"S"])

    ask(query("TRUNCATE t"))
    ask(query("INSERT INTO t SELECT i, repeat('x', i) "
              "FROM generate_series(1, 300) i"))
    ask(query("SELECT * FROM t ORDER BY i"))
    ask(query("SELECT repeat('y', 300000)"))
    ask(query("SELECT 1/0"))
    ask(query("DROP TABLE IF EXISTS nosuch"))
    ask(parse("SELECT i, t FROM t WHERE i < $1 ORDER BY i"),
        describe(b"S"), bind("p", "", (b"\0\0\0\x20",), (1,), (1, 0)),
        execute("p", 5), execute("p"), SYNC)
    ask(parse("SELEC"), bind(), execute(), SYNC)
    # 700 kB into the server, in pieces that fit no ring
    w.send(query("COPY t FROM STDIN"))
    answers.append(w.read_until(b"G"))
    data = b"".join(b"%d\tzeile %d\n" % (i, i) for i in range(40000))
    w.send(*(message(b"d", data[at:at + 33333])
             for at in range(0, len(data), 33333)), message(b"c"))
    answers.append(w.read_until(b"Z"))
    ask(query("SELECT count(*), sum(i), sum(length(t)) FROM t"))
    # the server complains while we go on sending
    w.send(query("COPY t FROM STDIN"))
    answers.append(w.read_until(b"G"))
    w.send(message(b"d", b"nonsense\n" * 10),
           *[message(b"d", data[:100000])] * 10, message(b"c"))
    answers.append(w.read_until(b"Z"))
    ask(query("COPY t TO STDOUT"))
    return answers


def test_same_as_the_socket():
    server.query("CREATE TABLE t (i int, t text)")
    with Wire(server.data) as w:
        expected = conversation(w)
    for sizes in ((0, 0), (4096, 4096), (4096, 1 << 20), (1 << 22, 4096)):
        with ring(*sizes) as w:
            assert w.in_size == (sizes[1] or 131072)
            assert w.out_size == (sizes[0] or 131072)
            got = conversation(w)
        for a, b in zip(expected, got):
            assert a == b, (sizes, kinds(a), kinds(b))
        assert len(expected) == len(got)
    server.query("DROP TABLE t")


def test_spins():
    """Both settings of both sides end in the same answers."""
    for spin in (0, 50, 1000):
        with ring(options=f"-c ring_spin={spin}") as w:
            for i in range(300):
                assert rows(w.ask(query(f"SELECT {i}"))) == [
                    [str(i).encode()]]


def test_waits_have_names():
    with ring(4096, 4096) as w:
        pid = pid_of(w)
        wait_for(lambda: wait_event(pid) == [("Client", "ClientRingRead")],
                 "the wait for a message")
        w.send(query("SELECT repeat('x', 1000000)"))
        wait_for(lambda: wait_event(pid) == [("Client", "ClientRingWrite")],
                 "the wait for room")
        w.read_until(b"Z")
        w.send(query("SELECT pg_sleep(600)"))
        wait_for(lambda: wait_event(pid) == [("Timeout", "PgSleep")],
                 "the sleep")
        server.query("SELECT pg_cancel_backend(%s)", (pid,))
        assert sqlstate(w.read_until(b"Z")) == "57014"


def test_cancel_and_timeouts():
    # it counts for every statement of the session, on a slow machine too
    with ring() as w:
        w.ask(query("SET statement_timeout = 20"))
        assert sqlstate(w.ask(query("SELECT pg_sleep(60)"))) == "57014"
    with ring() as w:
        pid = pid_of(w)
        # a cancel that comes between two statements is forgotten
        for i in range(20):
            server.query("SELECT pg_cancel_backend(%s)", (pid,))
            assert rows(w.ask(query(f"SELECT {i}"))) in (
                [[str(i).encode()]], []), i
        w.ask(query("SET idle_session_timeout = 30"))
        assert sqlstate(w.read_until(b"E")) == "57P05"
        assert w.at_end()


def test_terminated():
    """FATAL comes through the ring: idle, at work, and waiting for room."""
    for sql in (None, "SELECT pg_sleep(600)"):
        with ring() as w:
            pid = pid_of(w)
            if sql:
                w.send(query(sql))
            server.query("SELECT pg_terminate_backend(%s)", (pid,))
            assert sqlstate(w.read_until(b"E")) == "57P01"
            assert w.at_end()
    with ring(4096, 4096) as w:
        pid = pid_of(w)
        w.send(query("SELECT repeat('x', 1000000)"))
        wait_for(lambda: wait_event(pid) == [("Client", "ClientRingWrite")],
                 "the wait for room")
        server.query("SELECT pg_terminate_backend(%s)", (pid,))
        wait_for(lambda: gone(pid), "the end of the backend")
        assert w.at_end()


def test_parallel_build():
    """Workers, their notices and errors: all above the transport is the same."""
    with server.connect() as admin, ring(4096, 4096) as w:
        w.ask(query("CREATE TABLE b AS SELECT i, ARRAY[i, i % 7, i % 11]::real[]"
                    "::vector(3) v FROM generate_series(1, 4000) i"))
        w.ask(query("ALTER TABLE b SET (parallel_workers = 2)"))
        w.ask(query("SET max_parallel_maintenance_workers = 2"))
        create = query("CREATE INDEX ON b USING hnsw (v vector_l2_ops)")
        attach_point(admin, "parallel-worker-attached", "error")
        got = w.ask(create)
        detach_point(admin, "parallel-worker-attached")
        fields = error_fields(got[-2][1])
        assert "parallel worker" in fields.get("W", ""), fields
        assert kinds(w.ask(create)) == b"CZ"
        w.ask(query("DROP TABLE b"))


# ---- clients that go ----

def test_killed_clients():
    """SIGKILL of a client: idle, with a statement at work, while the backend
    waits for room, in a transaction.  Nothing of it stays."""
    for sql in (b"", query("SELECT pg_sleep(600)"),
                query("SELECT repeat('x', 10000000)"),
                query("BEGIN; CREATE TABLE never (i int)")):
        r, wr = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                w = ring(4096, 4096)
                pid = pid_of(w)
                if sql:
                    w.send(sql)
                os.write(wr, struct.pack("i", pid))
                signal.pause()
            finally:
                os._exit(1)
        os.close(wr)
        pid, = struct.unpack("i", os.read(r, 4))
        os.close(r)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wait_for(lambda: gone(pid), "the end of the backend")
    assert server.query("SELECT to_regclass('never')") == [(None,)]


def test_left_in_the_ring():
    """What was written before the socket's end is read, as from a socket."""
    server.query("CREATE TABLE left_over (i int)")
    for i in range(20):
        w = ring()
        pid = pid_of(w)
        w.send(query(f"INSERT INTO left_over VALUES ({i})"), TERMINATE)
        w.close()
        wait_for(lambda: gone(pid), "the end of the backend")
    assert server.query("SELECT count(*) FROM left_over") == [(20,)]
    server.query("DROP TABLE left_over")


def test_without_a_socket():
    """After the socket's end no more is read than was there: a client cannot
    go on without one."""
    with server.connect() as admin:
        attach_point(admin, "ring-asleep", "wait")
        w = ring()
        pid = None
        wait_for(lambda: admin.execute(
            "SELECT waiting[1] FROM injection_points WHERE name = "
            "'ring-asleep' AND cardinality(waiting) > 0").fetchone(),
            "the backend at the point")
        pid = admin.execute("SELECT waiting[1] FROM injection_points WHERE "
                            "name = 'ring-asleep'").fetchone()[0]
        w.sock.close()
        w.sock = socket.socketpair()[0]  # nobody there
        detach_point(admin, "ring-asleep")
        admin.execute("SELECT injection_points_wakeup('ring-asleep')")
        wait_for(lambda: gone(pid), "the end of the backend")
        w.put(query("CREATE TABLE never (i int)"))
        w.close()
    assert server.query("SELECT to_regclass('never')") == [(None,)]


# ---- wake-ups ----

def test_wakeups_are_not_lost():
    """The message comes while the backend stands before it says that it sleeps,
    and between that and the sleep: in both cases it must see it."""
    for point in ("ring-wait-read", "ring-asleep"):
        with server.connect() as admin:
            w = ring(options="-c ring_spin=0")
            pid = pid_of(w)
            wait_for(lambda: wait_event(pid) == [("Client", "ClientRingRead")],
                     "the wait for a message")
            attach_point(admin, point, f"wait,pid={pid}")
            assert rows(w.ask(query("SELECT 1"))) == [[b"1"]]
            wait_for(lambda: admin.execute(
                "SELECT waiting FROM injection_points WHERE name = %s",
                (point,)).fetchone()[0] == [pid], "the backend at the point")
            w.send(query("SELECT 2"))
            detach_point(admin, point)
            admin.execute("SELECT injection_points_wakeup(%s)", (point,))
            assert rows(w.read_until(b"Z")) == [[b"2"]]
            w.close()


def test_noise_on_the_socket():
    """Bytes over the socket mean nothing, however many."""
    with ring() as w:
        for i in range(200):
            w.sock.sendall(b"Q\0\0\0\x0dnonsense\0" * 30)
            if i % 50 == 0:
                assert rows(w.ask(query("SELECT 7"))) == [[b"7"]]
        assert rows(w.ask(query("SELECT 8"))) == [[b"8"]]


# ---- bad clients ----

def judged(test):
    """The server is the same afterwards: no crash, and others go on."""
    with server.connect() as judge:
        pid = judge.info.backend_pid
        test()
        assert judge.execute("SELECT pg_backend_pid()").fetchone()[0] == pid
    wait_for(alone, "the backends to end")


def test_wrong_indices():
    """Indices that cannot be: ahead of what fits, behind what was."""

    def work():
        for delta in (-1, -1 << 63, 4097, 1 << 32, 1 << 62, -4096):
            # of the client's writing: told through the ring, FATAL
            with ring(4096, 4096, options="-c ring_spin=0") as w:
                w.word["to_server.written"] = (w.written_to + delta) % 2**64
                w.send_byte()
                fields = error_fields(w.read_until(b"E")[-1][1])
                assert fields["C"] == "08P01", fields
                assert fields["S"] == "FATAL", fields
                assert w.at_end()
        for delta in (1, 1 << 63, 1 << 32, -4097, -1 << 40):
            # of its reading: nothing can be told, the session ends
            with ring(4096, 4096) as w:
                pid = pid_of(w)
                w.put(query("SELECT repeat('x', 100000)"))
                wait_for(lambda: wait_event(pid) in
                         ([], [("Client", "ClientRingWrite")]),
                         "the wait for room")
                w.word["to_client.read"] = (
                    w.word["to_client.written"] + delta) % 2**64
                w.send_byte()
                wait_for(lambda: gone(pid), "the end of the backend")

    judged(work)
    assert "the rings of the client area are damaged" in server.log_text()


def test_servers_words():
    """What is the server's to write it never reads back."""

    def work():
        with ring() as w:
            for i in range(50):
                for name in ("to_server.read", "to_client.written"):
                    keep = w.word[name]
                    w.word[name] = random.Random(i).getrandbits(64)
                    if i % 2:
                        w.word[name] = keep
                w.area[0:128] = os.urandom(128)
                w.word["to_server.read"] = w.written_to
                w.word["to_client.written"] = w.read_to
                assert rows(w.ask(query(f"SELECT {i}"))) == [
                    [str(i).encode()]]

    judged(work)


def test_scribbling():
    """Random bytes all over the area, between messages and while the backend
    reads and writes."""
    rng = random.Random(SEED)

    def work():
        for i in range(ROUNDS):
            w = ring(4096, 4096)
            pid = pid_of(w)
            parts = [query("SELECT repeat('x', 20000)"),
                     parse("SELECT $1::text"), bind("", "", (b"x" * 5000,)),
                     execute(), SYNC]
            try:
                for _ in range(rng.randrange(1, 30)):
                    kind = rng.randrange(5)
                    if kind == 0:
                        w.put(rng.choice(parts))
                    elif kind == 1:
                        at = rng.randrange(128, 600)
                        w.area[at:at + 8] = rng.randbytes(8)
                    elif kind == 2:
                        name = rng.choice(list(w.word.at))
                        w.word[name] = w.word[name] + rng.randrange(
                            -5000, 5000)
                    elif kind == 3:
                        at = rng.randrange(BYTES, len(w.area) - 600)
                        w.area[at:at + 600] = rng.randbytes(600)
                    else:
                        w.area[:] = rng.randbytes(len(w.area))
                    w.send_byte()
            except (IndexError, ValueError):
                pass  # room() of a ring that we have scribbled over
            w.close()
            if i % 10 == 0:
                wait_for(lambda: gone(pid), "the end of the backend")

    judged(work)


def test_memory_taken_away():
    """The client gives the area's pages back to the kernel (MADV_REMOVE): the
    server sees zeros there, and neither crashes nor waits for ever."""
    libc = ctypes.CDLL(None, use_errno=True)

    def work():
        for sql in (None, query("SELECT repeat('x', 1000000)")):
            with ring(4096, 4096) as w:
                pid = pid_of(w)
                if sql:
                    w.put(sql)
                    wait_for(lambda: wait_event(pid) ==
                             [("Client", "ClientRingWrite")],
                             "the wait for room")
                address = ctypes.addressof(ctypes.c_char.from_buffer(w.area))
                assert libc.madvise(ctypes.c_void_p(address),
                                    ctypes.c_size_t(len(w.area)), 9) == 0
                w.send_byte()
                wait_for(lambda: gone(pid), "the end of the backend")

    judged(work)


def test_seals():
    """The area keeps its size, and whoever has the descriptor cannot seal it
    against the server's writing."""
    with ring(flags=RINGS | DIRECT) as w:
        assert w.seals() == F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW
        for size in (0, 4096, len(w.area) + 4096):
            for target in (w.fds[0], f"/proc/self/fd/{w.fds[0]}"):
                try:
                    os.truncate(target, size)
                    raise AssertionError("its size was changed")
                except PermissionError:
                    pass
        try:
            fcntl.fcntl(w.fds[0], F_ADD_SEALS, F_SEAL_WRITE)
            raise AssertionError("a seal was added")
        except PermissionError:
            pass
        # the public segment's is for reading
        assert w.granted == RINGS | DIRECT and len(w.fds) == 2
        assert w.generation % 2 == 0 and w.generation > 0
        assert os.fstat(w.fds[1]).st_size == w.public_size
        assert fcntl.fcntl(w.fds[1], fcntl.F_GETFL) & os.O_ACCMODE == \
            os.O_RDONLY
        for change in (lambda: mmap.mmap(w.fds[1], 4096),
                       lambda: os.write(w.fds[1], b"x")):
            try:
                change()
                raise AssertionError("the public segment was written")
            except OSError:
                pass
        assert mmap.mmap(w.fds[1], 4096, prot=mmap.PROT_READ)[:4] == b"TUSK"


# ---- requests ----

def test_refused_requests():
    with Wire(server.data) as w:
        for flags, sizes, version, state in (
                (0, (0, 0), VERSION, "22023"), (4, (0, 0), VERSION, "22023"),
                (RINGS, (4095, 0), VERSION, "22023"),
                (RINGS, (0, 1 << 30), VERSION, "22023"),
                (RINGS, (12288, 0), VERSION, "22023"),
                (RINGS, (0, 0), VERSION + 1, "0A000")):
            got = w.ask(request(flags, *sizes, version))
            assert sqlstate(got) == state, (flags, sizes, got)
        assert rows(w.ask(query("SELECT 1"))) == [[b"1"]]
        assert w.ask(query("BEGIN"))[-1] == (b"Z", b"T")
        got = w.ask(request(0))
        assert got[-1] == (b"Z", b"E")
    for bad in (request()[:-1], request() + b"x"):
        bad = b"a" + struct.pack("!i", len(bad) - 1) + bad[5:]
        with Wire(server.data) as w:
            w.send(bad)
            assert sqlstate(w.read_until(b"E")) == "08P01"
            assert w.at_end()
    with Wire(server.data) as w:
        w.send(request() + query("SELECT 1"))
        assert sqlstate(w.read_until(b"E")) == "08P01"
        assert w.at_end()
    with ring() as w:
        assert sqlstate(w.ask(request())) == "55000"
        assert rows(w.ask(query("SELECT 1"))) == [[b"1"]]


def test_offer():
    """The protocol option is refused exactly when nothing is offered."""
    def refused(**options):
        with Wire(server.data, **options) as w:
            return (b"v", ) in [(k,) for k, _ in w.greeting]

    assert not refused(**{"_pq_.tusk_attach": "1"})
    assert refused(**{"_pq_.other": "1"})
    with server.connect() as conn:
        config = os.path.join(server.data, "tusk.conf")
        before = open(config).read() if os.path.exists(config) else None
        for value in ("off", "rings"):
            with open(config, "w") as f:
                f.write((before or "") + f"\nattach = {value}\n")
            conn.execute("SELECT pg_reload_conf()")
            wait_for(lambda: server.query("SHOW attach") == [(value,)],
                     "the setting")
            if value == "off":
                assert refused(**{"_pq_.tusk_attach": "1"})
                with Wire(server.data) as w:
                    assert sqlstate(w.ask(request())) == "0A000"
            else:
                with ring(flags=RINGS | DIRECT) as w:
                    assert w.granted == RINGS and len(w.fds) == 1
                    assert "\"attach\"" in w.reason, w.reason
        with open(config, "w") as f:
            f.write(before or "")
        conn.execute("SELECT pg_reload_conf()")
        wait_for(lambda: server.query("SHOW attach") == [("direct",)],
                 "the setting")


# ---- failures ----

def descriptors(pid):
    """Of the process, but for files of the data directory and what waits
    make."""
    links = []
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except OSError:
            pass
    return sorted(link for link in links if server.data not in link and
                  "eventpoll" not in link)


def test_failing_steps():
    """Up to the answer a failure leaves the session on its socket."""
    with server.connect() as admin:
        for point, action, state in (
                ("sys-memfd-create", "errno:EMFILE", "53200"),
                ("ring-area-reserve", "errno:ENOSPC", "53200"),
                ("ring-area-seal", "errno:EINVAL", "53200"),
                ("ring-area-map", "errno:ENOMEM", "53200"),
                ("ring-send-descriptors", "errno:ETOOMANYREFS", None),
                ("ring-area-made", "error", None),
                ("ring-area-sealed", "error", None),
                ("ring-area-mapped", "error", None),
                ("ring-before-answer", "error", None)):
            with Wire(server.data) as w:
                pid = pid_of(w)
                files = descriptors(pid)
                maps = open(f"/proc/{pid}/maps").read().count("tusk-client")
                attach_point(admin, point, f"{action},pid={pid}")
                got = w.ask(request())
                detach_point(admin, point)
                assert kinds(got) == b"EZ", (point, got)
                assert state in (None, sqlstate(got)), (point, got)
                assert rows(w.ask(query("SELECT 1"))) == [[b"1"]], point
                now = descriptors(pid)
                assert now == files, (point, now, files)
                assert open(f"/proc/{pid}/maps").read().count(
                    "tusk-client") == maps == 0, point
        # while reading: FATAL, for the place of the next message is lost
        for point in ("ring-read", "ring-wait-read"):
            with ring() as w:
                pid = pid_of(w)
                attach_point(admin, point, f"error,pid={pid}")
                w.send(query("SELECT 1"))
                wait_for(lambda: gone(pid), "the end of the backend")
                assert w.at_end()
                detach_point(admin, point)


def test_descriptors_are_closed():
    """The backend keeps the mapping, not what it shares with the client."""
    with ring(flags=RINGS | DIRECT) as w:
        pid = pid_of(w)
        assert not any("tusk-client" in link for link in descriptors(pid))


def test_killed_backends():
    """A backend that dies at any step is a crash-restart and nothing else:
    clients are told by the end of their sockets, and nothing stays."""
    for point in ("ring-area-made", "ring-area-sealed", "ring-area-mapped",
                  "ring-before-answer", "ring-answered", "ring-read",
                  "ring-write", "ring-wake", "ring-wait-read", "ring-asleep"):
        lives = server.lives()
        with server.connect() as admin:
            attach_point(admin, point, "kill")
        try:
            with ring(options="-c ring_spin=0") as w:
                for _ in range(100):
                    w.ask(query("SELECT 1"))
            raise AssertionError(f"{point} was not passed")
        except (EOFError, ConnectionError):
            pass
        server.next_life(lives)
        assert rows(ring().ask(query("SELECT 1"))) == [[b"1"]]
    wait_for(alone, "the backends to end")


def test_stop_tells():
    """A fast stop is told through the ring."""
    w = ring()
    v = ring(4096, 4096)
    v.send(query("SELECT repeat('x', 100000)"))
    server.stop("fast")
    assert sqlstate(w.read_until(b"E")) == "57P01"
    assert w.at_end()
    assert v.at_end()
    w.close()
    v.close()
    server.start()
    x = ring()
    server.stop("immediate")
    try:
        notices = []
        while True:
            notices.append(x.read())
    except EOFError:
        pass
    assert [error_fields(b)["C"] for k, b in notices if k == b"N"] == [
        "57P01"], notices
    server.start()


suite = Suite()
server = Server(shared_buffers="16MB").start()
server.query("CREATE EXTENSION vector")
suite.run_all(globals(), server)
