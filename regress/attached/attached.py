"""Attached clients that die, pry or are not welcome, and servers that die.

Stories: clients are killed at any instruction, and while their backend stands at
each step that it does for them (victims.c), beside others that search, insert,
build and vacuum; a client tries everything to change the memory that it may only
read (segment.c); another user of the machine tries to get in; the server crashes
and restarts while threads search and attach anew (lives.c).

The dangers: a slot, lock, descriptor or segment that nobody gives back, an error
in a session that did nothing wrong, a restart; a client that can write what all
others believe; rows that were read from memory that a crash has emptied.

ATTACHED_SECONDS: of the sweep, which goes on until ATTACHED_KILLED clients (10 a
second) have died.  ATTACHED_ROUNDS: crashes.  ATTACHED_SEED.
"""
import ctypes
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "direct"))
from harness import (Passed, Server, Suite, build_dir,  # noqa: E402
                     in_background, seed, shm_names, wait_for)

os.environ["DIRECT_TRANSPORT"] = "socket"
from client import (TABLE, XACT, Client, Segment, ask_blocks,  # noqa: E402
                    ask_rows, touched)

SECONDS = float(os.environ.get("ATTACHED_SECONDS", 5))
KILLED = int(os.environ.get("ATTACHED_KILLED", 10 * SECONDS))
ROUNDS = int(os.environ.get("ATTACHED_ROUNDS", 2))
SEED = seed("ATTACHED")
PROGRAMS = os.environ["PROGRAMS"]
NOBODY = 65534

suite = Suite()
server = Server(autovacuum="off", synchronous_commit="off",
                shared_buffers="32MB", max_connections="200")


def program(name, *args):
    return subprocess.Popen([os.path.join(PROGRAMS, name), *map(str, args)],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


RANDOM = ("ARRAY(SELECT random() FROM generate_series(1, 8) WHERE i > 0)"
          "::vector(8)")


def make(one):
    """The tables of the programs."""
    one.query("CREATE EXTENSION vector")
    for name, rows in (("kept", 2000), ("built", 600), ("moving", 1000),
                       ("poured", 0)):
        one.query(f"CREATE TABLE {name} (id bigint, v vector(8))")
        one.query(f"INSERT INTO {name} SELECT i, {RANDOM} "
                  "FROM generate_series(1, %s) i", (rows,))
        one.query(f"CREATE INDEX {name}_v ON {name} USING hnsw "
                  "(v vector_l2_ops)")
    one.query("VACUUM kept")
    one.query("CREATE UNLOGGED TABLE fleeting (id bigint, v vector(8))")
    one.query("CREATE INDEX fleeting_v ON fleeting USING hnsw "
              "(v vector_l2_ops)")


def fill_fleeting(one, life):
    one.query(f"INSERT INTO fleeting SELECT %s * 1000 + i, {RANDOM} "
              "FROM generate_series(1, 300) i", (life,))


# ---- nothing is left ----

def descriptors(pid):
    names = []
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            names.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except OSError:
            pass
    return names


def areas():
    """Client areas that a process of the server has open or mapped."""
    found = []
    for pid in server.processes():
        try:
            with open(f"/proc/{pid}/maps") as f:
                text = f.read()
            found += [pid] * (text + "\n".join(descriptors(pid))).count(
                "memfd:tusk-client")
        except OSError:
            pass
    return found


class Held:
    """What is to be as it was before the clients came."""

    def __init__(self):
        self.postmaster = sorted(descriptors(server.postmaster_pid()))
        self.lives = server.lives()
        self.segments = shm_names()

    def check(self, conn):
        def left(sql):
            return conn.execute(sql).fetchall()

        def nothing(sql, what):
            try:
                wait_for(lambda: not left(sql), what)
            except AssertionError as e:
                raise AssertionError(f"{e}: {left(sql)}")
        # first of all: the others would fail for it
        assert server.lives() == self.lives, "a restart"
        nothing("SELECT pid, state, wait_event, query FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND "
                "pid <> pg_backend_pid()", "the ends of the backends")
        nothing("SELECT * FROM tusk_resources_held WHERE kind <> 'process' AND "
                "name IS DISTINCT FROM 'autovacuum launcher' AND "
                "NOT (kind = 'dsm segment' AND holders = 0)", "resources")
        nothing("SELECT * FROM pg_locks WHERE pid <> pg_backend_pid() OR "
                "pid IS NULL", "locks")
        nothing("SELECT pid FROM tusk_resources_held WHERE kind = 'process' "
                "AND pid NOT IN (SELECT pid FROM pg_stat_activity)",
                "the ends of processes")
        segment = Segment(server)
        assert segment.generation() % 2 == 0 and not segment.running()
        busy = [s for s in map(segment.slot, range(segment.nslots))
                if s["pid"] != 0]
        assert not busy, busy
        wait_for(lambda: not areas(), "the ends of client areas")
        wait_for(lambda: sorted(descriptors(server.postmaster_pid())) ==
                 self.postmaster, "the postmaster's descriptors")
        wait_for(lambda: shm_names() == self.segments, "segments")
        assert server.lives() == self.lives, "a restart"


class Others:
    """Sessions that insert, delete, build and vacuum meanwhile, a program that
    searches, one statement that searches: all must be right all the time."""

    def __init__(self):
        self.stop, self.failed, self.done = threading.Event(), [], {}
        self.threads = [threading.Thread(target=self.work, args=(f,))
                        for f in (self.change, self.clean, self.search)]
        self.watch = program("victims", "watch", server.data)
        for t in self.threads:
            t.start()

    def work(self, step):
        name = step.__name__
        try:
            with server.connect() as c:
                c.execute("SET enable_seqscan = off")
                self.done[name] = 0
                while not self.stop.is_set():
                    step(c)
                    self.done[name] += 1
                    self.stop.wait(0.005)  # processors for the victims
        except Exception as e:  # noqa: BLE001
            self.failed.append((name, e))

    def change(self, c):
        c.execute(f"INSERT INTO moving SELECT i + 10000, {RANDOM} "
                  "FROM generate_series(1, 20) i")
        c.execute("UPDATE moving SET id = id WHERE id BETWEEN 100 AND 110")
        gone = c.execute("DELETE FROM moving WHERE id > 10000 RETURNING 1")
        assert len(gone.fetchall()) == 20

    def clean(self, c):
        c.execute("VACUUM moving")
        c.execute("CREATE INDEX again ON moving USING hnsw (v vector_l2_ops)")
        c.execute("DROP INDEX again")
        c.execute("VACUUM poured")

    wanted = None

    def search(self, c):
        rows = c.execute("SELECT id FROM kept ORDER BY v <-> "
                         "'[0.5,0.5,0.5,0.5,0.5,0.5,0.5,0.5]' LIMIT 10"
                         ).fetchall()
        self.wanted = self.wanted or rows
        assert rows == self.wanted and len(rows) == 10

    def until_all_did(self):
        wait_for(lambda: self.failed or
                 len(self.done) == 3 and all(self.done.values()), "the others")

    def end(self):
        self.stop.set()
        for t in self.threads:
            t.join()
        said = self.watch.communicate()[0]
        assert not self.failed, self.failed
        assert said.startswith("ok "), said
        searches, direct = map(int, said.split()[1:])
        assert searches > 0 and direct > 0 and all(self.done.values()), (
            said, self.done)
        return f"{searches} direct batches, {self.done}"


def check_tables(conn):
    """Each insert of seven is there whole or not at all; no COPY was ended."""
    assert conn.execute("SELECT id, count(*) FROM poured GROUP BY id "
                        "HAVING count(*) <> 7").fetchall() == []
    for name, rows in (("kept", 2000), ("built", 600), ("moving", 1000)):
        assert conn.execute(f"SELECT count(*) FROM {name}").fetchone() == (
            rows,), name


def test_killed_at_any_instruction():
    held = Held()
    others = Others()
    try:
        # a backend does not hear of its client's death in the midst of a
        # build: not too many of them
        sweep = program("victims", "sweep", server.data, int(SECONDS * 1000),
                        KILLED, 6, SEED)
        said = sweep.communicate(timeout=SECONDS + 60 + KILLED / 5)[0]
        others.until_all_did()
    finally:
        told = others.end()
    print("#", said.strip(), "beside", told)
    assert sweep.returncode == 0, said
    total = int(re.search(r"(\d+) killed:", said)[1])
    died = dict(re.findall(r"(\w+)=(\d+)", said))
    assert total >= KILLED and died["attach"] != "0" and \
        died["search"] != "0", said
    with server.connect() as conn:
        held.check(conn)
        check_tables(conn)


# ---- at each step of its backend ----

STEPS = ("ring-area-made", "ring-area-sealed", "ring-area-mapped",
         "ring-before-answer", "ring-answered", "ring-read", "ring-write",
         "ring-wake", "ring-wait-read", "ring-wait-write", "ring-asleep",
         "direct-slot-take", "direct-begin-lock", "direct-begin-locked",
         "direct-begin-snapshot", "direct-begin-version",
         "direct-begin-described", "direct-slot-set", "direct-begin-answer",
         "direct-end", "direct-slot-cleared", "direct-ended",
         "direct-slot-give-back")
ASKED = (("direct-ask", lambda n: ask_rows(n, [(0, 1)])),
         ("direct-ask-answer", lambda n: ask_rows(n, [(0, 1)])),
         ("direct-ask-block", lambda n: ask_blocks(n, [(TABLE, 0)])),
         ("clog-bring-in", lambda n: ask_blocks(n, [(XACT, 0)])),
         ("direct-touched", lambda n: touched([1])),
         ("client-read", lambda n: touched([1])))


class Searcher:
    """A client in a process of its own that has begun a search; its backend is
    pid."""

    def __init__(self, conn, index):
        oid = conn.execute("SELECT %s::regclass::oid", (index,)).fetchone()[0]
        told, tell = os.pipe()
        go, self.go = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            try:
                c = Client(server)
                search = c.begin(oid)
                os.write(tell, b"%d" % c.pid)
                which = os.read(go, 1)
                c.send(ASKED[which[0]][1](search.search))
                signal.pause()
            finally:
                os._exit(1)
        os.close(tell)
        os.close(go)
        self.pid = int(os.read(told, 20))
        os.close(told)

    def go_on(self, number):
        """It sends that part of ASKED."""
        os.write(self.go, bytes([number]))

    def kill(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        self.child = 0

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.child:
            self.kill()
        os.close(self.go)


def waiting(conn, point):
    rows = conn.execute("SELECT waiting FROM injection_points WHERE name = %s",
                        (point,)).fetchall()
    return rows and rows[0][0]


def arm(conn, point, more=""):
    conn.execute("SELECT injection_points_attach(%s, %s)",
                 (point, "wait,times=1" + more))


def let_go(conn, point, held):
    conn.execute("SELECT injection_points_wakeup(%s)", (point,))
    conn.execute("SELECT injection_points_detach(%s)", (point,))
    held.check(conn)


def test_killed_at_each_step():
    """The backend stands at the step, the client is killed, the backend goes
    on: it ends, and leaves nothing."""
    held = Held()
    conn = server.connect()
    for i, point in enumerate(STEPS):
        arm(conn, point)
        victim = program("victims", "loop", server.data, SEED + i)
        wait_for(lambda: waiting(conn, point) or victim.poll() is not None,
                 f"a backend at {point}")
        victim.kill()
        said = victim.communicate()[0]
        assert victim.returncode == -signal.SIGKILL, (point, said)
        let_go(conn, point, held)
    for number, (point, _) in enumerate(ASKED):
        with Searcher(conn, "kept_v") as victim:
            arm(conn, point, f",pid={victim.pid}")
            victim.go_on(number)
            wait_for(lambda: waiting(conn, point) == [victim.pid], point)
            victim.kill()
            let_go(conn, point, held)
    check_tables(conn)
    conn.close()


def test_killed_while_others_stand():
    """The same, where what stands is there because of the client's search: its
    backend, which another has asked to end it; who waits for its locks; a vacuum
    that makes it invalid."""
    held = Held()
    conn = server.connect()
    point = "direct-interrupted"
    with Searcher(conn, "kept_v") as victim:
        arm(conn, point, f",pid={victim.pid}")
        assert conn.execute("SELECT pg_cancel_backend(%s)",
                            (victim.pid,)).fetchone() == (True,)
        wait_for(lambda: waiting(conn, point) == [victim.pid], point)
        victim.kill()
        let_go(conn, point, held)
    for point, sql in (
            ("direct-conflict-signal",
             "BEGIN; LOCK TABLE moving IN ACCESS EXCLUSIVE MODE; ROLLBACK"),
            ("direct-raise-version", "VACUUM moving")):
        conn.execute("UPDATE moving SET id = id WHERE id < 50")
        with Searcher(conn, "moving_v") as victim, server.connect() as other:
            pid = other.info.backend_pid
            arm(conn, point, f",pid={pid}")
            thread, failed = in_background(other, sql)
            wait_for(lambda: waiting(conn, point) == [pid], point)
            victim.kill()
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
            assert not failed, (point, failed)
        conn.execute("SELECT injection_points_detach(%s)", (point,))
        held.check(conn)
    check_tables(conn)
    conn.close()


# ---- at each step of its own ----

STEPPED = os.path.join(build_dir(), "bin", "stepped_client")
# Whether a message finds the other asleep depends on who is faster: that step is
# not passed in every run.
TRIES = 100


def stepped(*args):
    # who waits sleeps at once: so each wait and each wake-up is passed
    return subprocess.Popen(
        [STEPPED, args[0], f"host={server.data} dbname=postgres ring_spin=0 "
         "options='-c ring_spin=0 -c hnsw.ef_search=1000'", *args[1:]],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


KEPT = ("direct-kept", "direct-goes-on", "direct-kept-ends")


def client_steps():
    """Every step in the sources: none may be left out.  Each with the parts of
    the program in which it is sure to be passed."""
    sources = subprocess.run(
        ["grep", "-rhoE", "--include=*.[ch]", 'CLIENT_STEP\\("[a-z-]+"\\)',
         "interfaces/libtusk", "include", "access", "storage"],
        stdout=subprocess.PIPE, text=True,
        cwd=os.path.join(os.path.dirname(__file__), "..", ".."), check=True)
    steps = set(re.findall(r'"(.*)"', sources.stdout))
    passed = {}
    for _ in range(TRIES):
        one = stepped("list")
        said = one.communicate(timeout=60)[0]
        assert one.returncode == 0, said
        passed.update(re.findall(r"step (\S+) (\S+) \d+", said))
        if set(passed) == steps:
            break
    assert set(passed) == steps, passed
    # where rows are asked for; where one has an xid that nobody has looked up
    special = {"direct-asked": ["built"], "direct-clog-copied": ["moving"]}
    # where searches follow one another soon enough
    special.update({step: ["kept"] for step in KEPT})
    return {step: special.get(step, ["built", "moving"] if
                              step.startswith("direct-") else [part])
            for step, part in passed.items()}


def stand_at(step, part):
    """The client, stopped at the step."""
    for _ in range(TRIES):
        one = stepped("stop", step, part)
        pid, status = os.waitpid(one.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return one
        one.returncode = status
        said = one.stdout.read()
        one.stdout.close()
        assert status == 0, f"{step}, {part}: {said}"
    raise AssertionError(f"{step}, {part}: not passed in {TRIES} runs")


def change_moving(conn):
    """Rows of its own go and come, some nearer to the query than all others
    but the client's, and what they leave is removed."""
    conn.execute("DELETE FROM moving WHERE id >= 20000")
    conn.execute("VACUUM moving")
    conn.execute("INSERT INTO moving SELECT i, ARRAY[.5, .5, .5, .5, .5, .5, "
                 ".5, .5001]::vector(8) FROM generate_series(20000, 20020) i")
    conn.execute("UPDATE moving SET v = v WHERE id % 7 = 0")
    conn.execute("VACUUM moving")


def test_killed_at_each_own_step():
    """The client stands at a step of the library, others work on, it is
    killed: nothing is left."""
    held = Held()
    conn = server.connect()
    for step, parts in client_steps().items():
        for part in parts:
            one = stand_at(step, part)
            change_moving(conn)
            one.kill()
            one.communicate()
            held.check(conn)
    conn.execute("DELETE FROM moving WHERE id >= 20000")
    check_tables(conn)
    conn.close()


def goes_on(one):
    """What it says when it may go on: lines, by their first words."""
    one.send_signal(signal.SIGCONT)
    said = one.communicate(timeout=60)[0]
    assert one.returncode == 0, said
    found = [line.split(" ") for line in said.splitlines()]
    assert [f[0] for f in found] == ["built", "built", "found", "seen",
                                     "kept", "kept"], said
    return [list(map(int, f[1:])) for f in found]


def test_changed_under_its_reads():
    """The client stands between a version, what it copies, and the look whether
    that counts; meanwhile the rows change, are vacuumed, the index is built
    anew or dropped.  Then it goes on: it finds what its snapshot sees."""
    conn = server.connect()
    own = [(step, parts) for step, parts in client_steps().items()
           if step.startswith("direct-") and "moving" in parts]
    exact = [row[0] for row in conn.execute(
        "SELECT id FROM built ORDER BY v <-> '[.5,.5,.5,.5,.5,.5,.5,.5]', id "
        "LIMIT 10").fetchall()]
    for number, (step, parts) in enumerate(own):
        try:
            one = stand_at(step, "moving")
        finally:
            change_moving(conn)
        _, _, found, seen, *_ = goes_on(one)
        assert len(found) == 10 == len(set(found)), (step, found)
        assert set(found) <= set(seen), (step, set(found) - set(seen))
        assert len(seen) == len(set(seen)), (step, len(seen))
        if "built" not in parts:
            continue
        # outside of a block: nobody waits for it
        one = stand_at(step, "built")
        if number % 2:
            conn.execute("REINDEX INDEX built_v")
        else:
            conn.execute("DROP INDEX built_v")
            if number % 4:
                conn.execute("CREATE INDEX built_v ON built USING hnsw "
                             "(v vector_l2_ops)")
        # of all there are as many as are looked at: the nearest are found
        first, second, *_ = goes_on(one)
        assert first == second == exact, (step, first, second, exact)
        conn.execute("CREATE INDEX IF NOT EXISTS built_v ON built USING hnsw "
                     "(v vector_l2_ops)")
    conn.execute("DELETE FROM moving WHERE id >= 20000")
    conn.close()


def test_changed_while_kept():
    """The client stands with a search that it keeps, or goes on with, or is about
    to end; others commit, build the index anew, and nothing waits.  What it finds
    then is what there is."""
    conn = server.connect()
    conn.execute("SET statement_timeout = '60s'")
    text = ("SELECT id FROM built ORDER BY v <-> '[.5,.5,.5,.5,.5,.5,.5,.5]', "
            "id LIMIT 10")
    for step in KEPT:
        for sql in ("INSERT INTO built VALUES (5000, "
                    "'[.5,.5,.5,.5,.5,.5,.5,.5]')", "VACUUM built",
                    "DELETE FROM built WHERE id = 5000",
                    "REINDEX INDEX built_v",
                    "DROP INDEX built_v; CREATE INDEX built_v ON built "
                    "USING hnsw (v vector_l2_ops)"):
            one = stand_at(step, "kept")
            conn.execute(sql)
            wait_for(lambda: not Segment(server).running(), "the search's end")
            *_, first, second = goes_on(one)
            exact = [row[0] for row in conn.execute(text).fetchall()]
            assert second == exact, (step, sql, second, exact)
            # of the others that was found before
            assert first == exact or step != "direct-kept", (step, sql)
    conn.close()


def test_cancelled_at_its_reads():
    """tusk_cancel by another thread, and statement_timeout, in the midst of a
    search of the client's own: 57014, and the next search goes its way."""
    held = Held()
    for how, text in (("cancel", "user request"),
                      ("late", "statement timeout")):
        for step in ("direct-begun", "direct-nodes-versions",
                     "direct-list-copied", "direct-page-copied"):
            one = stepped(how, step)
            said = one.communicate(timeout=60)[0]
            assert one.returncode == 0 and said == (
                f"ended: 57014 canceling statement due to {text}\n"
                "then direct\n"), (how, step, said)
    with server.connect() as conn:
        held.check(conn)


# ---- what a client may not do ----

def test_segment():
    """Line by line what segment.c tried."""
    one = program("segment", server.data)
    said = one.communicate()[0]
    assert one.returncode == 0 and "not ok" not in said, said
    assert said.count("ok ") > 40, said


def test_segment_is_open_for_reading_only():
    """No process of the server has a descriptor of it that could be given away
    by mistake."""
    conn = server.connect()
    found = 0
    for pid in server.processes():
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                name = os.readlink(f"/proc/{pid}/fd/{fd}")
                info = open(f"/proc/{pid}/fdinfo/{fd}").read()
            except OSError:
                continue
            if not name.startswith("/memfd:tusk-public"):
                continue
            flags = int(re.search(r"flags:\s*(\d+)", info).group(1), 8)
            assert flags & os.O_ACCMODE == os.O_RDONLY, (pid, fd, flags)
            found += 1
    assert found >= 2, found
    conn.close()


def test_segment_of_a_server_that_is_not_roots():
    """The same by a client of the uid that runs the server, which owns the
    segment and takes its mode away: root would be let through all the same."""
    if os.geteuid() != 0:
        raise Passed("another user needs root")
    base = tempfile.mkdtemp(prefix="tusk-test-nobody-")
    data = os.path.join(base, "data")
    os.chown(base, NOBODY, NOBODY)
    os.chmod(PROGRAMS, 0o755)

    def run(*args):
        return subprocess.run(args, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, timeout=120,
                              stdin=subprocess.DEVNULL, user=NOBODY,
                              group=NOBODY, extra_groups=[], cwd="/")

    def tool(*args):
        return run(os.path.join(server.bin, "tusk"), *args, "-D", data)
    try:
        done = tool("init")
        if "Permission denied" in done.stdout:
            raise Passed("nobody cannot reach the programs")
        assert done.returncode == 0, done.stdout
        done = tool("start", "-l", os.path.join(base, "log"))
        assert done.returncode == 0, done.stdout
        try:
            done = run("psql", "-X", "-h", data, "-U", "nobody", "-d",
                       "postgres", "-c", "CREATE TABLE kept (id int)")
            assert done.returncode == 0, done.stdout
            done = run(os.path.join(PROGRAMS, "segment"), data)
            assert done.returncode == 0 and "not ok" not in done.stdout, \
                done.stdout
            assert "ok server_goes_on" in done.stdout
        finally:
            tool("stop", "-m", "fast")
    finally:
        shutil.rmtree(base)


def test_segment_that_cannot_be_opened():
    """Without /proc the server starts, says so, and gives rings only."""
    one = Server(max_connections=20)
    one.env["TUSK_INJECTION_POINTS"] = "shmem-public-open=errno:ENOENT"
    one.start()
    assert "could not open public shared memory segment for reading" in \
        one.log_text()
    assert one.query("SELECT 1") == [(1,)]
    # attach=best takes the rings; segment.c asks for more
    assert program("segment", one.data).wait() == 2
    one.destroy()


def as_nobody(attempts):
    """Names of those that did not fail, done by a process of user nobody."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(r)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            for name, attempt in attempts:
                try:
                    attempt()
                    os.write(w, name.encode() + b"\n")
                except OSError:
                    pass
            os.write(w, b"end\n")
        finally:
            os._exit(0)
    os.close(w)
    with os.fdopen(r) as f:
        said = f.read().split("\n")
    os.waitpid(pid, 0)
    assert said[-2:] == ["end", ""], said
    return said[:-2]


def system_call(number, *args):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *args) < 0:
        raise OSError(ctypes.get_errno(), "system call")


def attempts_on_process(pid):
    """Its descriptors, its memory, itself."""
    local = ctypes.create_string_buffer(16)
    iov = (ctypes.c_size_t * 2)(ctypes.addressof(local), 16)
    with open(f"/proc/{pid}/maps") as f:
        start = int(f.read().split("-")[0], 16)
    remote = (ctypes.c_size_t * 2)(start, 16)
    paths = [f"/proc/{pid}/{name}" for name in ("mem", "maps", "environ")]
    for kind in ("fd", "map_files"):
        paths += [f"/proc/{pid}/{kind}/{n}"
                  for n in os.listdir(f"/proc/{pid}/{kind}")]
    found = [(path, lambda path=path: os.open(path, os.O_RDONLY))
             for path in paths]
    found.append((f"list {pid}", lambda: os.listdir(f"/proc/{pid}/fd")))
    found.append((f"signal {pid}", lambda: os.kill(pid, 0)))
    # x86-64 numbers
    found.append((f"ptrace {pid}", lambda: system_call(101, 16, pid, 0, 0)))
    found.append((f"vm {pid}", lambda: system_call(310, pid, iov, 1, remote, 1,
                                                   0)))

    def take():
        for fd in range(64):
            try:
                system_call(438, os.pidfd_open(pid), fd, 0)
                return
            except OSError:
                pass
        raise OSError("none")
    found.append((f"take from {pid}", take))
    return found


def test_another_user():
    """Neither socket nor segment nor file: of the server, while it builds with
    a worker, and of its clients."""
    if os.geteuid() != 0:
        raise Passed("only root can be another user")
    os.chmod(server.dir, 0o755)  # what keeps others out is the server's own

    def connect():
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(os.path.join(server.data, ".s.PGSQL.5432"))
    point = "parallel-worker-attached"
    with server.connect() as conn, server.connect() as builder:
        conn.execute("ALTER TABLE kept SET (parallel_workers = 1)")
        arm(conn, point)
        thread = threading.Thread(target=builder.execute, args=(
            "CREATE INDEX other ON kept USING hnsw (v vector_l2_ops)",))
        thread.start()
        client = program("victims", "watch", server.data)
        try:
            wait_for(lambda: waiting(conn, point), "the worker")
            wait_for(lambda: any("tusk-public" in name for child in
                                 children(client.pid)
                                 for name in descriptors(child)),
                     "the client's segment")
            attempts = [("socket", connect),
                        ("list", lambda: os.listdir(server.data)),
                        ("new", lambda: os.open(server.data + "/new",
                                                os.O_CREAT | os.O_WRONLY))]
            paths = glob.glob(server.data + "/**", recursive=True)
            assert len(paths) > 50
            paths += ["/dev/shm/" + name for name in shm_names()]
            assert any("/dev/shm" in path for path in paths)
            attempts += [(path, lambda path=path: os.open(path, os.O_RDONLY))
                         for path in paths]
            for pid in lasting(conn) + children(client.pid):
                attempts += attempts_on_process(pid)
            got = as_nobody(attempts)
        finally:
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            thread.join()
            client.communicate()
        conn.execute("DROP INDEX other")
        conn.execute("ALTER TABLE kept RESET (parallel_workers)")
    assert got == [], got


def lasting(conn):
    """Processes of the server that do not end by themselves meanwhile."""
    return [server.postmaster_pid()] + [row[0] for row in conn.execute(
        "SELECT pid FROM pg_stat_activity").fetchall()]


def children(pid):
    found = []
    for task in glob.glob(f"/proc/{pid}/task/*/children"):
        with open(task) as f:
            found += map(int, f.read().split())
    return found


# ---- servers that die ----

def crash(one, how, life):
    """Its next life, with its rows in fleeting."""
    lives = one.lives()
    if how == "crash":
        one.expect("was terminated by signal 9")
        with one.connect() as c:
            os.kill(c.info.backend_pid, signal.SIGKILL)
        one.next_life(lives)
    else:
        one.stop(how)
        one.start()
    if how == "fast":
        life -= 1  # its rows are kept
    else:
        assert one.query("SELECT count(*) FROM fleeting") == [(0,)]
        fill_fleeting(one, life)
    return life


SAID = {"57P01": "shut|terminat", "57P02": "crash|killed", "57P03": "start|recover"}


def test_restarts():
    """Threads search two services; one crashes and restarts again and again:
    every call there ends with what happened, or what it found is true; the other
    service's threads see nothing of it."""
    steady = Server(autovacuum="off", shared_buffers="16MB").start()
    client = None
    try:
        make(steady)
        fill_fleeting(server, 1)
        fill_fleeting(steady, 1)
        client = program("lives", 3, server.data, steady.data)
        life = 1
        for how in ["crash", "crash", "immediate", "fast"] * ROUNDS:
            # all are there
            wait_for(lambda: client.poll() is not None or server.query(
                "SELECT count(*) FROM tusk_direct_searches")[0][0] >= 3,
                "the threads' sessions")
            if client.poll() is not None:
                break
            life = crash(server, how, life + 1)
        said = client.communicate("")[0]
    finally:
        if client and client.poll() is None:
            client.kill()
        steady.stop()
        steady.destroy()
    print("#", said.replace("\n", "\n# ").rstrip("# \n"))
    assert client.returncode == 0 and "wrong" not in said, said
    counts = {int(n): list(map(int, rest)) for n, *rest in re.findall(
        r"service (\d): (\d+) (\d+) (\d+)", said)}
    assert counts[0][1] > 0 and counts[1][1] > 0, said
    assert counts[0][2] >= 3 * ROUNDS and counts[1][2] == 0, said
    lost = re.findall(r"lost (\d) (\S+) (.*)", said)
    assert lost, said
    for service, state, message in lost:
        assert service == "0" and state in SAID, said
        assert re.search(SAID[state], message), said


server.start()
make(server)
suite.run_all(globals(), server)
