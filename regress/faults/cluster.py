"""A server of the matrix, and the client whose build is disturbed.

A job has one server at a time, on a file system in memory and with a /dev/shm of
its own where the system lets it mount them.  The server goes on from case to
case, through crashes; after a violation it is replaced, since nobody knows what
it still is.
"""
import os
import select
import signal
import subprocess
import tempfile
import time

from psycopg import pq

import harness
import scenarios

SETTINGS = dict(shared_buffers="4MB", fsync="off", autovacuum="off",
                max_worker_processes=8, max_connections=20,
                max_wal_size="64MB", log_checkpoints="off")
SERVING_SECONDS = 60   # until a server that crashed serves again: a hang
HANG_SECONDS = 60      # a build takes some tens of milliseconds
POLL_SECONDS = 0.005

AUXILIARY = {"checkpointer", "background writer", "walwriter",
             "autovacuum launcher"}


class Server(harness.Server):
    def __init__(self):
        super().__init__(**SETTINGS)
        # a client that is lost in a build says so, and nothing waits for ever
        self.start()
        with self.connect() as conn:
            scenarios.load(conn)
            conn.execute("CHECKPOINT")
        self.expect(r"PANIC:  error triggered for injection point",
                    r"terminated by signal 6", r"terminated by signal 9",
                    r"terminated by signal 3")

    def is_alive(self):
        """A postmaster that was killed is nobody's zombie for long."""
        try:
            with open(f"/proc/{self.postmaster_pid()}/stat") as f:
                return f.read().rpartition(")")[2].split()[0] not in "ZX"
        except (OSError, ValueError):
            return False

    def children(self, pid=None):
        """Of the postmaster."""
        try:
            pid = pid or self.postmaster_pid()
            with open(f"/proc/{pid}/task/{pid}/children") as f:
                return [int(p) for p in f.read().split()]
        except (OSError, ValueError):
            return []

    def stopped(self):
        """Processes in state T, the postmaster's too."""
        try:
            postmaster = self.postmaster_pid()
        except (OSError, ValueError):
            return []
        found = []
        for pid in [postmaster, *self.children(postmaster)]:
            try:
                with open(f"/proc/{pid}/stat") as f:
                    state = f.read().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state == "T":
                found.append(pid)
        return found

    def backtraces(self):
        """Of every process, by gdb."""
        texts = []
        for pid in self.processes():
            try:
                done = subprocess.run(
                    ["gdb", "-p", str(pid), "-batch", "-nx", "-ex",
                     "set pagination off", "-ex", "bt 40"],
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                    stdin=subprocess.DEVNULL, text=True, timeout=30)
                text = done.stdout
            except (OSError, subprocess.SubprocessError) as e:
                text = f"{e}\n"
            lines = [x for x in text.splitlines() if x.startswith("#")]
            texts.append(f"process {pid}:\n" + "\n".join(lines) + "\n")
        return "\n".join(texts)

    def log_since(self, mark):
        return self.log_text()[mark:]

    def ask_fired(self, point, otherwise):
        """How often an armed action acted; asked of a server that may answer
        nobody any more."""
        try:
            client = Client(self)
            client.send("SELECT fired FROM injection_points WHERE name = "
                        f"'{point}'")
            end = time.monotonic() + SERVING_SECONDS
            while not client.poll(0.1) and time.monotonic() < end:
                pass
            client.close()
            return int(client.rows[0][0])
        except (ConnectionError, IndexError):
            return otherwise


class Client:
    """One statement on a connection of its own, without blocking: the matrix
    watches the server meanwhile."""

    def __init__(self, server):
        self.conn = pq.PGconn.connect(
            f"host={server.data} port=5432 dbname=postgres "
            f"connect_timeout={HANG_SECONDS}".encode())
        if self.conn.status != pq.ConnStatus.OK:
            raise ConnectionError(self.conn.error_message.decode())
        self.pid = self.conn.backend_pid
        self.notices = []
        self.conn.notice_handler = self.on_notice
        self.leave_at = None   # a text in a notice at which it goes
        self.left = False
        self.sqlstate = self.severity = None
        self.message = self.context = ""
        self.done = False      # the statement has ended, well or not
        self.rows = []

    def on_notice(self, result):
        text = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or
                b"").decode(errors="replace")
        self.notices.append(text)
        if self.leave_at and self.leave_at in text:
            self.left = True

    def run(self, sql):
        """A statement that must succeed, and be waited for."""
        self.send(sql)
        while not self.poll(1.0):
            pass
        if self.message:
            raise ConnectionError(f"{sql}: {self.message}")

    def send(self, sql):
        self.done, self.sqlstate, self.message = False, None, ""
        self.conn.nonblocking = 1
        try:
            self.conn.send_query(sql.encode())
            while self.conn.flush():
                pass
        except Exception as e:
            self.lost(str(e))

    def lost(self, text):
        self.done = True
        self.message = self.message or text or "connection lost"

    @property
    def closed(self):
        return self.left or self.conn.status != pq.ConnStatus.OK

    def poll(self, seconds):
        """Wait that long at most; true if the statement has ended."""
        if self.done:
            return True
        select.select([self.conn.socket], [], [], seconds)
        try:
            self.conn.consume_input()
        except Exception as e:
            self.drain()
            self.lost(str(e))
            return True
        if self.left:
            self.close()
            self.done = True
            return True
        self.drain()
        return self.done

    def drain(self):
        try:
            while not self.conn.is_busy():
                result = self.conn.get_result()
                if result is None:
                    self.done = True
                    return
                self.take(result)
        except Exception as e:
            self.lost(str(e))

    def take(self, result):
        def field(name):
            return (result.error_field(name) or b"").decode(errors="replace")
        if result.status == pq.ExecStatus.FATAL_ERROR:
            f = pq.DiagnosticField
            state = field(f.SQLSTATE)
            # of several, the first that the server said
            if state and not self.sqlstate:
                self.sqlstate = state
                self.severity = field(f.SEVERITY_NONLOCALIZED)
                self.message = field(f.MESSAGE_PRIMARY)
                self.context = field(f.CONTEXT)
            elif not self.message:
                self.message = result.error_message.decode(errors="replace")
        elif result.status == pq.ExecStatus.TUPLES_OK:
            self.rows = [[result.get_value(i, j) for j in
                          range(result.nfields)] for i in range(result.ntuples)]

    def close(self):
        if self.conn.status == pq.ConnStatus.OK:
            self.conn.finish()


class Watch:
    """Ends what a stopped process stands in the way of.

    A process that was stopped goes on as soon as a peer is seen waiting: another
    process of the build, or one that wants a lock on the table, which this sends.
    When nobody waits within two seconds the engine lets it go on by itself; a
    peer that got through says that nobody will."""

    PEER = "DELETE FROM %s WHERE id < 0"

    WAITING = ("SELECT count(*) FROM pg_stat_activity WHERE wait_event IS NOT "
               "NULL AND pid <> ALL ('{%s}') AND backend_type IN "
               "('client backend', 'parallel worker') AND state = 'active'")

    def __init__(self, server, table):
        self.server = server
        self.table = table
        self.peer = self.asker = None
        self.peer_done = False
        self.seen = []       # pids that were found stopped
        self.since = 0

    def look(self):
        """Called again and again while the build runs."""
        stopped = self.server.stopped()
        if not stopped:
            if self.seen:
                self.forget()
            return
        now = time.monotonic()
        if not self.seen:
            self.seen, self.since = stopped, now
            self.ask(stopped)
        elif self.a_peer_waits(now):
            for pid in stopped:
                try:
                    os.kill(pid, signal.SIGCONT)
                except OSError:
                    pass

    def ask(self, stopped):
        postmaster = self.server.postmaster_pid()
        if postmaster in stopped:
            return  # nobody gets in
        # made beforehand would be passing points of its own in the record
        try:
            self.peer = Client(self.server)
            self.asker = Client(self.server)
            self.peer.send(self.PEER % self.table)
            self.asker.send(self.WAITING % ",".join(map(str, stopped)))
        except ConnectionError:
            pass

    def a_peer_waits(self, now):
        if self.peer is None:
            return now - self.since > 0.3
        if self.peer.poll(0):
            return True
        if not self.asker.poll(0):
            # it waits for the stopped one itself
            return now - self.since > 0.3
        waiting = self.asker.rows and int(self.asker.rows[0][0]) > 0
        if not waiting:
            self.asker.rows = []
            self.asker.send(self.WAITING % ",".join(map(str, self.seen)))
        return waiting

    def forget(self):
        """The peer may still wait for the build; it ends with it."""
        for one in (self.peer, self.asker):
            if one is not None:
                one.close()
        self.peer = self.asker = None


def private_files(where):
    """Give this process file systems of its own, in memory."""
    if harness.OWN_MOUNTS and harness.try_own_mounts():
        harness.mount_tmpfs(where, 4 << 30)
    tempfile.tempdir = where
