"""The life of a server: start, the three kinds of stop, and violent ends.

Story: a server is started, stopped mildly and less mildly, killed in every part,
started over what an earlier life left, and refused where another one runs.  The
danger: a lost row after a clean stop, a process, segment or lock that outlives
the server, a start that trusts a stale file, and a start that is refused by one.
"""
import fcntl
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import psycopg  # noqa: E402
from harness import OWN_MOUNTS, Passed, Server, Suite, wait_for  # noqa: E402

RECOVERED = "database system was not properly shut down; automatic recovery"

server = Server(shared_buffers="2MB", max_connections=20)
suite = Suite()


def path(name):
    return os.path.join(server.data, name)


def segments():
    return suite.segments(server)


def postmaster(*args, env=None, before=None):
    """Run the program itself until it ends; (status, output)."""
    done = subprocess.run([os.path.join(server.bin, "postmaster"), *args],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, timeout=60,
                          env={**os.environ, **(env or {})},
                          preexec_fn=before)
    return done.returncode, done.stdout


def log_since(mark):
    return server.log_text()[mark:]


def log_mark():
    return len(server.log_text())


def make_table(name, rows=3):
    with server.connect() as conn:
        conn.execute(f"CREATE TABLE {name} (id integer)")
        for i in range(rows):
            conn.execute(f"INSERT INTO {name} VALUES ({i})")


def rows_of(name):
    return [r[0] for r in server.query(f"SELECT id FROM {name} ORDER BY id")]


def pid_of(backend_type):
    """Sessions are admitted before the last of the server's own is in the
    view."""
    rows = wait_for(lambda: server.query(
        "SELECT pid FROM pg_stat_activity WHERE backend_type = %s",
        (backend_type,)), f"a {backend_type}")
    return rows[0][0]


def control_state():
    out = subprocess.run(["/usr/lib/postgresql/15/bin/pg_controldata",
                          server.data], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True,
                         env={**os.environ, "LC_ALL": "C"}).stdout
    assert "WARNING" not in out, out
    for line in out.splitlines():
        if line.startswith("Database cluster state:"):
            return line.split(":", 1)[1].strip()
    raise AssertionError(out)


def error_of(conn, sql):
    try:
        conn.execute(sql)
    except psycopg.Error as e:
        return e
    raise AssertionError(f"no error from {sql}")


def kill_postmaster():
    os.kill(server.postmaster_pid(), signal.SIGKILL)
    wait_for(lambda: server.processes() == [], "the end of all processes")


def each(test, *args):
    """A test that failed must not take the next ones with it."""
    suite.run(test, *args)
    for pid in server.processes():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_for(lambda: server.processes() == [], "the end of what is left")


# ---- start and stop ----

def test_programs():
    status, out = postmaster("--version")
    assert status == 0 and "PostgreSQL" in out and "15.20" in out, out
    status, out = postmaster("--help")
    assert status == 0 and "--boot" in out, out
    for args in (["--nonsense"], ["-D"], ["-D", server.data, "-c", "novalue"],
                 ["-D", server.data, "-c", "shared_buffers=moon"],
                 ["-D", server.data, "-c", "no_such_setting=1"],
                 ["-D", server.data, "left", "over"]):
        status, out = postmaster(*args)
        assert status != 0 and out, (args, status, out)
    status, out = postmaster("-D", "/nonexistent")
    assert status != 0 and "/nonexistent" in out, out
    status, out = postmaster("-D", server.dir)
    assert status != 0 and "not a valid data directory" in out, out
    os.chmod(server.data, 0o755)
    status, out = postmaster("-D", server.data)
    assert status != 0 and "has invalid permissions" in out, out
    os.chmod(server.data, 0o700)
    if os.geteuid() == 0:
        os.chown(server.data, 1, -1)
        status, out = postmaster("-D", server.data)
        assert status != 0 and "has wrong ownership" in out, out
        os.chown(server.data, 0, -1)
    status, out = postmaster("--boot", "-D", server.data)
    assert status != 0 and "exists but is not empty" in out, out


def test_pid_file():
    server.start(port=5433)
    with open(path("postmaster.pid")) as f:
        lines = f.read().split("\n")
    assert len(lines) == 9 and lines[8] == "", lines
    assert int(lines[0]) in server.processes()
    assert lines[1] == server.data
    assert abs(int(lines[2]) - os.stat(path("postmaster.pid")).st_mtime) < 60
    assert lines[3] == "5433"
    assert lines[4] == server.data
    assert lines[7] == "ready   ", lines[7]
    assert os.path.exists(path(".s.PGSQL.5433"))
    assert control_state() == "in production"
    for name in ("postmaster.pid", ".s.PGSQL.5433.lock"):
        assert os.stat(path(name)).st_mode & 0o777 == 0o600
    server.stop()
    for name in ("postmaster.pid", ".s.PGSQL.5433", ".s.PGSQL.5433.lock"):
        assert not os.path.exists(path(name)), name
    assert control_state() == "shut down"


def test_smart_stop():
    """Waits for the client that is there, refuses new ones, keeps all."""
    server.start()
    make_table("smart")
    with server.connect() as conn:
        os.kill(server.postmaster_pid(), signal.SIGTERM)
        wait_for(lambda: "received smart shutdown request" in
                 server.log_text(), "the request in the log")
        try:
            server.connect().close()
            raise AssertionError("a client was let in during a smart stop")
        except psycopg.OperationalError as e:
            assert "the database system is shutting down" in str(e), e
        conn.execute("INSERT INTO smart VALUES (3)")
    wait_for(lambda: server.processes() == [], "the end of the server")
    assert control_state() == "shut down"
    server.start()
    assert rows_of("smart") == [0, 1, 2, 3]
    server.query("DROP TABLE smart")
    server.stop()


def test_fast_stop():
    """Rolls back what is open, tells the clients, keeps the rest."""
    server.start()
    make_table("fast")
    idle = server.connect()
    busy = server.connect(autocommit=False)
    busy.execute("INSERT INTO fast VALUES (100)")
    server.stop("fast")
    for conn in (idle, busy):
        e = error_of(conn, "SELECT 1")
        assert e.sqlstate == "57P01" or "closed" in str(e), (e.sqlstate, e)
        conn.close()
    assert server.processes() == []
    server.start()
    assert rows_of("fast") == [0, 1, 2]
    server.query("DROP TABLE fast")
    server.stop()


def test_fast_after_smart():
    """A stop that waits for a client can be made a faster one."""
    server.start()
    conn = server.connect()
    mark = log_mark()
    os.kill(server.postmaster_pid(), signal.SIGTERM)
    wait_for(lambda: "received smart shutdown request" in log_since(mark),
             "the request in the log")
    server.stop("fast")
    conn.close()
    assert control_state() == "shut down"


def test_immediate_stop():
    """No last checkpoint: the next start replays the log and keeps all."""
    server.start()
    make_table("immediate")
    conn = server.connect()
    server.stop("immediate")
    e = error_of(conn, "SELECT 1")
    assert e.sqlstate in ("57P01", "57P02", None), e.sqlstate
    conn.close()
    assert control_state() == "in production"
    mark = log_mark()
    server.start()
    assert RECOVERED in log_since(mark), log_since(mark)
    assert rows_of("immediate") == [0, 1, 2]
    server.stop()
    mark = log_mark()
    server.start()
    assert RECOVERED not in log_since(mark)
    assert rows_of("immediate") == [0, 1, 2]
    server.query("DROP TABLE immediate")
    server.stop()


def start_session(s):
    """The protocol by hand up to ReadyForQuery."""
    s.connect(path(".s.PGSQL.5432"))
    user = server.query("SELECT current_user")[0][0].encode()
    s.sendall(packet(3 << 16, b"user\0" + user +
                     b"\0database\0postgres\0\0"))
    got = b""
    while not got.endswith(b"Z\0\0\0\5I"):
        got += s.recv(4096)


def test_stop_of_busy_sessions():
    """None of these may hold up a fast stop: one that waits for a lock, one
    whose client reads nothing of a large result, one in the middle of COPY."""
    server.start(shared_buffers="64MB")
    make_table("busy")
    holder = server.connect(autocommit=False)
    holder.execute("DROP TABLE busy")
    waiter = server.connect()
    waiter.pgconn.send_query(b"SELECT * FROM busy")
    with server.connect() as conn:
        wait_for(lambda: conn.execute(
            "SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s",
            (waiter.info.backend_pid,)).fetchone()[0] == "Lock",
            "a wait for the lock")
        copier = server.connect()
        copier.execute("CREATE TABLE copied (id integer)")
        copier.pgconn.send_query(b"COPY copied FROM STDIN")
        with socket.socket(socket.AF_UNIX) as deaf:
            start_session(deaf)
            query = b"SELECT * FROM pg_buffercache\0"
            deaf.sendall(b"Q" + struct.pack("!i", 4 + len(query)) + query)
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = "
                "'ClientWrite'").fetchone()[0] == 1, "a full socket")
            server.stop("fast")
    for conn in (holder, waiter, copier):
        conn.close()
    assert control_state() == "shut down"
    server.start()
    assert rows_of("busy") == [0, 1, 2]
    assert rows_of("copied") == []
    with server.connect() as conn:
        conn.execute("DROP TABLE busy")
        conn.execute("DROP TABLE copied")
    server.stop()


def test_page_checksums():
    """PostgreSQL's own tool finds every page as it should be."""
    out = subprocess.run(["/usr/lib/postgresql/15/bin/pg_checksums", "-D",
                          server.data], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True).stdout
    assert "Bad checksums:  0" in out, out


# ---- who else is there ----

def test_second_server():
    server.start()
    pid = server.postmaster_pid()
    status, out = postmaster("-D", server.data)
    assert status == 1, (status, out)
    assert 'lock file "postmaster.pid" already exists' in out, out
    assert f"(PID {pid})" in out, out
    assert server.serving() and server.postmaster_pid() == pid
    server.stop()


def test_stale_pid_file():
    """The number in an old file may be anybody's by now: the lock decides."""
    for stale in (1, os.getpid(), 4194303):
        with open(path("postmaster.pid"), "w") as f:
            f.write(f"{stale}\n{server.data}\n0\n5432\n{server.data}\n\n"
                    "        0         0\nready   \n")
        with open(path(".s.PGSQL.5432.lock"), "w") as f:
            f.write("4194303\n")
        server.start()
        assert server.postmaster_pid() != stale
        server.stop()
    with open(path("postmaster.pid"), "w"):
        pass
    server.start()
    server.stop()


def test_orphan_keeps_out():
    """Whoever holds the lock is named, and nothing is touched."""
    with open(path("postmaster.lock"), "r+") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        status, out = postmaster("-D", server.data)
        assert status == 1, (status, out)
        assert str(os.getpid()) in out, out
    server.start()
    server.stop()


def test_directory_taken_away():
    """A server whose lock file is another's stops, before it does harm."""
    server.start()
    pid = server.postmaster_pid()
    os.unlink(path("postmaster.pid"))
    # It looks once a minute; it is the postmaster that acts on a signal.
    assert server.serving()
    os.kill(pid, signal.SIGINT)
    wait_for(lambda: server.processes() == [], "the end of the server")
    server.start()
    server.stop()


# ---- violent ends ----

def test_postmaster_killed():
    """No process stays; the next start removes every segment."""
    server.start()
    make_table("victims")
    conns = [server.connect() for _ in range(3)]
    assert len(segments()) == 1  # the control segment of DSM
    kill_postmaster()
    for conn in conns:
        conn.close()
    left = segments()
    server.start()
    assert not (left & segments()), left
    assert len(segments()) == 1
    assert rows_of("victims") == [0, 1, 2]
    server.query("DROP TABLE victims")
    server.stop()
    assert not segments()


def test_killed(what):
    """Crash-restart: everyone is told, then the server serves again."""
    server.start()
    make_table("crash")
    pid = server.postmaster_pid()
    bystander = server.connect()
    victim_conn = server.connect()
    if what == "backend":
        victim = victim_conn.info.backend_pid
    else:
        victim = pid_of(what)
    mark, lives = log_mark(), server.lives()
    os.kill(victim, signal.SIGKILL)
    server.next_life(lives)
    assert RECOVERED in log_since(mark)
    e = error_of(bystander, "SELECT 1")
    assert e.sqlstate in ("57P02", None), e.sqlstate
    bystander.close()
    victim_conn.close()
    text = log_since(mark)
    assert f"(PID {victim}) was terminated by signal 9: Killed" in text, text
    assert "terminating any other active server processes" in text
    assert "all server processes terminated; reinitializing" in text
    assert server.postmaster_pid() == pid
    assert len(segments()) == 1, segments()
    assert rows_of("crash") == [0, 1, 2]
    server.stop()
    server.start()
    assert rows_of("crash") == [0, 1, 2]
    server.query("DROP TABLE crash")
    server.stop()


def test_stopped_child():
    """A process that does not even take SIGQUIT is killed after a while."""
    server.start()
    with server.connect() as frozen, server.connect() as victim:
        pid = frozen.info.backend_pid
        mark, lives = log_mark(), server.lives()
        os.kill(pid, signal.SIGSTOP)
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        server.next_life(lives)
        assert "issuing SIGKILL to recalcitrant children" in log_since(mark)
        assert pid not in server.processes()
    server.stop()


def test_crash_then_stop():
    """A stop that is asked for during the restart is not forgotten."""
    server.start()
    with server.connect() as conn:
        victim = conn.info.backend_pid
        main = server.postmaster_pid()
        os.kill(victim, signal.SIGKILL)
        os.kill(main, signal.SIGINT)
        wait_for(lambda: server.processes() == [], "the end of the server")
    server.start()
    server.stop()


def test_no_restart_after_crash():
    server.start(restart_after_crash="off")
    with server.connect() as conn:
        os.kill(conn.info.backend_pid, signal.SIGKILL)
        wait_for(lambda: server.processes() == [], "the end of the server")
    assert not segments()
    server.start()
    server.stop()


def test_recovery_interrupted(step):
    """Recovery is killed half-way; the next start begins it again."""
    server.start()
    make_table("interrupted")
    server.stop("immediate")
    status, out = postmaster("-D", server.data,
                             env={"TUSK_INJECTION_POINTS": step + "=kill"})
    assert status == 1, (status, out)
    assert "aborting startup due to startup process failure" in out, out
    assert server.processes() == [] and not segments()
    server.start()
    assert rows_of("interrupted") == [0, 1, 2]
    server.query("DROP TABLE interrupted")
    server.stop()


# ---- faults at named steps ----

def attach(conn, step, action):
    conn.execute("SELECT injection_points_attach(%s, %s)",
                 (step, action + ",times=1"))


def test_start_of_backend_fails(step, action):
    """The client gets no session; only a death costs more than that."""
    server.start()
    make_table("kept")
    with server.connect() as conn:
        mark, lives = log_mark(), server.lives()
        attach(conn, step, action)
        try:
            server.connect().close()
            raise AssertionError("a session in spite of the fault")
        except psycopg.OperationalError as e:
            assert action == "kill" or "injection point" in str(e) or \
                "closed" in str(e), e
        if action != "kill":
            conn.execute("SELECT injection_points_detach(%s)", (step,))
    if action == "kill":
        server.next_life(lives)
    else:
        assert server.serving() and RECOVERED not in log_since(mark)
    assert rows_of("kept") == [0, 1, 2]
    server.query("DROP TABLE kept")
    server.stop()


def test_checkpoint_fails(step, action):
    """An error is told to who asked, and the next one does what is missing."""
    server.start()
    make_table("kept")
    with server.connect() as conn:
        mark, lives = log_mark(), server.lives()
        attach(conn, step, action)
        e = error_of(conn, "CHECKPOINT")
        if action == "error":
            assert "checkpoint request failed" in str(e), e
            conn.execute("SELECT injection_points_detach(%s)", (step,))
            conn.execute("CHECKPOINT")
    if action == "kill":
        server.next_life(lives)
    else:
        assert RECOVERED not in log_since(mark)
    server.stop()
    server.start()
    assert rows_of("kept") == [0, 1, 2]
    server.query("DROP TABLE kept")
    server.stop()


def test_stop_fails(step, action):
    """Without its last checkpoint a stop is not a clean one."""
    server.start()
    make_table("kept")
    with server.connect() as conn:
        attach(conn, step, action)
    server.stop()
    # its lock file goes just before the last process does
    wait_for(lambda: server.processes() == [], "the end of all processes")
    assert not segments()
    assert "abnormal database system shutdown" in server.log_text()
    assert control_state() in ("in production", "shutting down")
    mark = log_mark()
    server.start()
    assert RECOVERED in log_since(mark), log_since(mark)
    assert rows_of("kept") == [0, 1, 2]
    server.query("DROP TABLE kept")
    server.stop()


# ---- what an earlier life left ----

def test_leftovers():
    """Segments and files of dynamic memory and temporary files go."""
    kind = path("pg_dynshmem")
    with open(kind + "/mmap.4711", "w") as f:
        f.write("left")
    os.makedirs(path("base/pgsql_tmp"), exist_ok=True)
    with open(path("base/pgsql_tmp/pgsql_tmp4711.0"), "w") as f:
        f.write("left")
    server.start()
    assert not os.path.exists(kind + "/mmap.4711")
    assert not os.path.exists(path("base/pgsql_tmp/pgsql_tmp4711.0"))
    server.stop()


def test_control_file_of_others():
    """A handle in the file that names nothing, or a foreign segment, or
    nonsense: the start goes on and touches what is not ours not at all."""
    foreign = "/dev/shm/PostgreSQL.4712"
    with open(foreign, "wb") as f:
        f.write(b"\x5a" * 8192)
    try:
        for text in ("4712", "4714", "0", "", "moon", "99999999999999999999"):
            with open(path("pg_dynshmem/control"), "w") as f:
                f.write(text)
            server.start()
            server.stop()
        with open(foreign, "rb") as f:
            assert f.read() == b"\x5a" * 8192
    finally:
        os.unlink(foreign)


def test_cluster_of_postgresql():
    """A directory that initdb made: its tables would be files of nobody, and
    recovery would remove them."""
    with open(path("global/pg_filenode.map"), "wb") as f:
        f.write(bytes(512))
    before = sorted(os.listdir(path("base/5")))
    status, out = postmaster("-D", server.data)
    assert status == 1, (status, out)
    assert "is a cluster of PostgreSQL" in out, out
    assert sorted(os.listdir(path("base/5"))) == before
    os.unlink(path("global/pg_filenode.map"))
    server.start()
    server.stop()


def test_line_of_configuration_file():
    """What is wrong in the file is said with its line."""
    for text, error in (("no_such = 1", "unrecognized configuration parameter"),
                        ("work_mem = lots", 'parameter "work_mem"')):
        with open(path("tusk.conf"), "w") as f:
            f.write(f"# first\n\n{text}\n")
        status, out = postmaster("-D", server.data)
        assert status == 2, (status, out)
        assert error in out, out
        assert 'CONTEXT:  line 3 of configuration file "tusk.conf"' in out, out
    os.unlink(path("tusk.conf"))


def test_mmap_kind():
    server.start(dynamic_shared_memory_type="mmap")
    assert not segments()
    kill_postmaster()
    assert os.listdir(path("pg_dynshmem"))
    server.start()
    assert not [n for n in os.listdir(path("pg_dynshmem"))
                if n.startswith("mmap.")]
    server.stop()


def test_full_dev_shm():
    """No room in /dev/shm: what is taken instead is said, and all works."""
    if not OWN_MOUNTS:
        raise Passed("no right to mount a file system")
    tool = os.path.join(server.bin, "tusk")
    mark = log_mark()
    script = ("mount -t tmpfs -o size=64k tmpfs /dev/shm && "
              "head -c 64k /dev/zero > /dev/shm/full; "
              f"exec {tool} start -D {server.data} -l {server.log} "
              "-o shared_buffers=4MB")
    command = ["unshare", "-m", "sh", "-c", script]
    if os.geteuid() != 0:
        command.insert(1, "-r")
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True)
    assert done.returncode == 0, done.stdout + log_since(mark)
    text = log_since(mark)
    assert "does not fit into /dev/shm" in text, text
    assert "65536 bytes" in text and "--shm-size" in text, text
    make_table("small")
    assert rows_of("small") == [0, 1, 2]
    # A crash restart has no more room than the start had.
    lives = server.lives()
    with server.connect() as conn:
        os.kill(conn.info.backend_pid, signal.SIGKILL)
    server.next_life(lives)
    server.stop()
    assert not segments()


def test_more_than_there_is():
    """Refused, with the numbers: reserving it would have the kernel kill
    whatever process it likes."""
    def careful():
        # Should it reserve it after all, it is stopped early, or dies first.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        with open("/proc/self/oom_score_adj", "w") as f:
            f.write("1000")
    status, out = postmaster("-D", server.data, "-c", "shared_buffers=8000GB",
                             before=careful)
    assert status == 1, (status, out)
    assert "bytes of memory are available" in out, out
    assert "Reduce shared_buffers" in out, out
    assert server.processes() == [] and not segments()


def test_huge_pages():
    """"on" is refused where there are none, "try" is not; what was obtained
    is shown."""
    with open("/proc/meminfo") as f:
        free = [int(line.split()[1]) for line in f
                if line.startswith("HugePages_Free:")]
    shown = ("SELECT size FROM pg_shmem_allocations WHERE name = "
             "'<huge pages>'")
    if not free or free[0] == 0:
        status, out = postmaster("-D", server.data, "-c", "huge_pages=on")
        assert status == 1, (status, out)
        assert "huge pages" in out and "vm.nr_hugepages" in out, out
    server.start(huge_pages="off")
    assert server.query(shown) == [(0,)]
    server.stop()
    server.start(huge_pages="try")
    size = server.query(shown)[0][0]
    assert size >= 0 and (size == 0 or free[0] > 0), (size, free)
    server.stop()


# ---- connections ----

def test_too_many_clients():
    server.start(max_connections=4, superuser_reserved_connections=0)

    def place():
        try:
            return server.connect()
        except psycopg.OperationalError as e:
            assert "sorry, too many clients already" in str(e), e
            return None
    # the one that looked whether the server has started may be slow to go
    conns = [wait_for(place, "a place") for _ in range(4)]
    assert place() is None, "five clients on four places"
    conns.pop().close()
    wait_for(server.serving, "a free place")
    for conn in conns:
        conn.close()
    server.stop()


def exchange(data, shut=True):
    """Send bytes on a fresh connection; all that comes back."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(60)
        s.connect(path(".s.PGSQL.5432"))
        try:
            s.sendall(data)
            if shut:
                s.shutdown(socket.SHUT_WR)
            got = b""
            while True:
                more = s.recv(65536)
                if not more:
                    return got
                got += more
        except ConnectionError:
            return b""


def packet(code, body=b""):
    return struct.pack("!ii", 8 + len(body), code) + body


def test_odd_clients():
    """Whatever is sent first: one process ends, in order, and no more."""
    server.start()
    pid = server.postmaster_pid()
    mark = log_mark()
    exchange(b"")
    exchange(b"\0\0")
    exchange(b"GET / HTTP/1.0\r\n\r\n")
    exchange(struct.pack("!i", -5) + b"xxxx")
    exchange(struct.pack("!i", 8))
    assert exchange(packet(80877103))[:1] == b"N"  # SSL
    assert exchange(packet(80877104))[:1] == b"N"  # GSS
    assert b"unsupported frontend protocol 2.0" in exchange(packet(2 << 16))
    assert b"invalid startup packet layout" in exchange(
        packet(3 << 16, b"user\0me\0"))
    assert b"no PostgreSQL user name" in exchange(
        packet(3 << 16, b"database\0postgres\0\0"))
    assert b"replication connections are not supported" in exchange(
        packet(3 << 16, b"user\0me\0replication\0true\0\0"))
    # A newer minor version is answered with ours.
    answer = exchange(packet((3 << 16) + 99, b"user\0postgres\0database\0"
                                             b"postgres\0_pq_.new\0yes\0\0"))
    assert answer[:1] == b"v" and b"_pq_.new" in answer, answer[:60]
    assert server.serving() and server.postmaster_pid() == pid
    server.stop()
    # Silence ends by authentication_timeout.
    server.start(authentication_timeout=1)
    pid = server.postmaster_pid()
    assert exchange(b"", shut=False) == b""
    wait_for(server.serving, "a session")
    assert server.postmaster_pid() == pid
    assert "terminated by signal" not in log_since(mark)
    server.stop()


def test_cancel_requests():
    server.start()
    with server.connect() as conn:
        pid = conn.info.backend_pid
        # A wrong key, a wrong process, a wrong length: nothing happens.
        for key, who in ((1, pid), (1, 1), (0, pid), (-1, 0)):
            assert exchange(packet(80877102, struct.pack("!ii", who,
                                                         key))) == b""
        assert exchange(packet(80877102, b"short")) == b""
        assert conn.execute("SELECT 1").fetchone() == (1,)
    server.stop()


def test_reload():
    server.start()
    with open(path("tusk.conf"), "a") as f:
        f.write("\nlog_checkpoints = off\ndeadlock_timeout = '7s'\n"
                "shared_buffers = 4MB\n")
    conn = server.connect()
    mark = log_mark()
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    wait_for(lambda: "reloading configuration files" in log_since(mark),
             "the reload")
    wait_for(lambda: server.query("SHOW deadlock_timeout") == [("7s",)],
             "the new value in a new session")
    wait_for(lambda: conn.execute("SHOW deadlock_timeout").fetchone() ==
             ("7s",), "the new value in an old session")
    assert conn.execute("SHOW shared_buffers").fetchone() == ("2MB",)
    assert 'parameter "shared_buffers" cannot be changed without restarting' \
        in log_since(mark) or "shared_buffers" not in log_since(mark)
    # A mistake changes nothing and is said.
    mark = log_mark()
    with open(path("tusk.conf"), "a") as f:
        f.write("deadlock_timeout = moon\n")
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    wait_for(lambda: "deadlock_timeout" in log_since(mark), "the complaint")
    assert conn.execute("SHOW deadlock_timeout").fetchone() == ("7s",)
    # by the postmaster alone, though every process reads the file
    server.query("SELECT pg_sleep(0)")
    assert log_since(mark).count("deadlock_timeout") == 1, log_since(mark)
    conn.close()
    server.stop()
    os.unlink(path("tusk.conf"))


def test_log_line_prefix():
    """Who a line is from; what is no session's ends at %q."""
    mark = log_mark()
    server.start(log_line_prefix="%b %q<%u@%d %a %e %h 100%%> ",
                 log_connections="on")
    with server.connect(application_name="somebody") as conn:
        try:
            conn.execute("SELECT no_such")
        except psycopg.Error as e:
            assert e.sqlstate == "42703", e
        user = conn.info.user
    server.stop()
    log = log_since(mark)
    assert "\npostmaster LOG:  received fast shutdown request\n" in log, log
    assert "\ncheckpointer LOG:  shutting down\n" in log, log
    assert (f"\nclient backend <{user}@postgres somebody 42703 [local] 100%> "
            "ERROR:  column") in log, log


# ---- the views ----

def test_activity():
    server.start()
    with server.connect(application_name="looker") as conn:
        for kind in ("client backend", "checkpointer", "walwriter",
                     "background writer", "autovacuum launcher"):
            pid_of(kind)
        # a worker of autovacuum may be at work, a session of pid_of ending
        assert conn.execute(
            "SELECT count(DISTINCT backend_type) FROM pg_stat_activity WHERE "
            "backend_type <> 'autovacuum worker'").fetchone() == (5,)
        row = conn.execute(
            "SELECT datname, application_name, state, wait_event_type, query, "
            "leader_pid, client_port FROM pg_stat_activity WHERE pid = "
            "pg_backend_pid()").fetchone()
        assert row[0] == "postgres" and row[1] == "looker", row
        assert row[2] == "active" and row[3] is None, row
        assert row[4].startswith("SELECT datname"), row
        assert row[5] is None and row[6] == -1, row
        with server.connect() as other:
            other.execute("BEGIN")
            pid = other.info.backend_pid
            # It reports its state first and goes to wait then.
            wait_for(lambda: conn.execute(
                "SELECT state, wait_event_type, wait_event, query FROM "
                "pg_stat_activity WHERE pid = %s AND xact_start IS NOT NULL",
                (pid,)).fetchall() == [("idle in transaction", "Client",
                                        "ClientRead", "BEGIN")],
                "an idle transaction")
        wait_for(lambda: ("checkpointer", "CheckpointerMain") in conn.execute(
            "SELECT backend_type, wait_event FROM pg_stat_activity WHERE "
            "wait_event_type = 'Activity'").fetchall(), "an idle checkpointer")
    server.stop()


def test_other_views():
    server.start()
    with server.connect(autocommit=False) as conn:
        conn.execute("CREATE TABLE viewed (id integer)")
        conn.execute("INSERT INTO viewed VALUES (1)")
        locks = conn.execute(
            "SELECT locktype, mode, granted FROM pg_locks WHERE pid = "
            "pg_backend_pid()").fetchall()
        assert ("virtualxid", "ExclusiveLock", True) in locks, locks
        assert ("transactionid", "ExclusiveLock", True) in locks, locks
        assert ("relation", "AccessExclusiveLock", True) in locks or \
            ("relation", "RowExclusiveLock", True) in locks, locks
        assert conn.execute("SELECT count(*) FROM pg_buffercache"
                            ).fetchone()[0] == 256
        assert conn.execute("SELECT count(*) FROM pg_buffercache WHERE isdirty"
                            ).fetchone()[0] > 0
        name, setting, unit, context, category = conn.execute(
            "SELECT name, setting, unit, context, category FROM pg_settings "
            "WHERE name = 'shared_buffers'").fetchone()
        assert (setting, unit, context) == ("256", "8kB", "postmaster")
        assert category == "Resource Usage / Memory"
        names = [r[0] for r in conn.execute("SELECT name FROM pg_settings")]
        assert len(names) == len(set(names)), "a setting is shown twice"
        parts = conn.execute("SELECT name, allocated_size FROM "
                             "pg_shmem_allocations").fetchall()
        assert len(parts) > 10
        assert {None, "<anonymous>"} <= {p[0] for p in parts}
        assert all(p[1] >= 0 for p in parts), parts
        assert conn.execute("SELECT count(*) FROM "
                            "pg_stat_progress_create_index").fetchone()[0] == 0
        conn.rollback()
    server.stop()


def test_progress():
    """A build that stands at a known step, seen from outside."""
    server.start()
    point = "build-participant-done"
    with server.connect() as conn, server.connect() as builder:
        conn.execute("CREATE EXTENSION vector")
        conn.execute("CREATE TABLE seen (id integer, v vector(3)) "
                     "WITH (parallel_workers = 1)")
        with conn.cursor().copy("COPY seen FROM STDIN") as copy:
            for i in range(500):
                copy.write_row((i, f"[{i},{i % 7},{i % 11}]"))
        conn.execute("SELECT injection_points_attach(%s, 'wait')", (point,))
        thread = threading.Thread(target=builder.execute, args=(
            "CREATE INDEX seen_idx ON seen USING hnsw (v vector_l2_ops)",))
        thread.start()
        try:
            wait_for(lambda: conn.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s "
                "AND wait_event_type = 'InjectionPoint'",
                (point,)).fetchone()[0] == 2, "both participants")
            row = conn.execute(
                "SELECT pid, datname, relid, command, phase, blocks_total, "
                "blocks_done, tuples_done FROM pg_stat_progress_create_index"
                ).fetchone()
            relid = conn.execute("SELECT oid FROM pg_class WHERE relname = "
                                 "'seen'").fetchone()[0]
            assert row[:5] == (builder.info.backend_pid, "postgres", relid,
                               "CREATE INDEX",
                               "building index: loading tuples"), row
            assert 0 < row[6] <= row[5], row
            worker = conn.execute(
                "SELECT leader_pid, query, datname FROM pg_stat_activity WHERE "
                "backend_type = 'parallel worker'").fetchall()
            assert len(worker) == 1, worker
            assert worker[0][0] == builder.info.backend_pid, worker
            assert worker[0][1].startswith("CREATE INDEX seen_idx"), worker
        finally:
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            conn.execute("SELECT injection_points_wakeup(%s)", (point,))
            thread.join()
        assert conn.execute("SELECT count(*) FROM "
                            "pg_stat_progress_create_index").fetchone()[0] == 0
    server.stop()


for test in (test_programs, test_pid_file, test_smart_stop, test_fast_stop,
             test_fast_after_smart, test_immediate_stop,
             test_stop_of_busy_sessions, test_page_checksums,
             test_second_server, test_stale_pid_file, test_orphan_keeps_out,
             test_directory_taken_away, test_postmaster_killed):
    each(test)
for one in ("backend", "checkpointer", "background writer"):
    each(test_killed, one)
each(test_stopped_child)
each(test_crash_then_stop)
each(test_no_restart_after_crash)
for one in ("recovery-begin", "recovery-apply-record", "recovery-replayed",
            "recovery-checkpoint", "checkpoint-record", "startup-open"):
    each(test_recovery_interrupted, one)
for one in ("child-started", "backend-start", "backend-initialized",
            "backend-joined-shared-memory"):
    for what in ("error", "fatal", "kill"):
        each(test_start_of_backend_fails, one, what)
for one in ("checkpoint-begin", "checkpoint-buffers", "checkpoint-sync",
            "checkpoint-record"):
    for what in ("error", "kill"):
        each(test_checkpoint_fails, one, what)
        each(test_stop_fails, one, what)
each(test_checkpoint_fails, "checkpoint-control-file", "kill")
each(test_stop_fails, "checkpoint-control-file", "kill")
for test in (test_leftovers, test_control_file_of_others,
             test_cluster_of_postgresql, test_line_of_configuration_file,
             test_mmap_kind, test_full_dev_shm, test_more_than_there_is,
             test_huge_pages, test_too_many_clients, test_odd_clients,
             test_cancel_requests, test_reload, test_log_line_prefix,
             test_activity, test_other_views, test_progress):
    each(test)
suite.finish(server)
