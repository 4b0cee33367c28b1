"""Statements that run in a thread, because they have to wait: for a lock, or
at an injection point.  Step.server is the server of the suite."""
import contextlib
import threading

import psycopg

from harness import WATCHDOG, wait_for


class Step:
    """A statement that runs in a thread, as it may have to wait."""
    server = None
    watch = None  # the connection that looks at the others

    @classmethod
    def ask(cls, sql, params=None):
        if cls.watch is None or cls.watch.closed:
            cls.watch = cls.server.connect()
        try:
            cur = cls.watch.execute(sql, params)
        except psycopg.OperationalError:  # it was of the time before a crash
            if not cls.watch.closed:
                raise
            return cls.ask(sql, params)
        return cur.fetchall() if cur.description else None

    def __init__(self, conn, sql):
        self.conn = conn
        self.rows = self.error = self.count = None
        # a test that fails leaves it behind
        self.thread = threading.Thread(target=self.run, args=(sql,),
                                       daemon=True)
        self.thread.start()

    def run(self, sql):
        try:
            cur = self.conn.execute(sql)
            self.count = cur.rowcount
            if cur.description:
                self.rows = cur.fetchall()
        except psycopg.Error as e:
            self.error = (e.sqlstate, e.diag.message_primary)

    def waits(self):
        pid = self.conn.info.backend_pid

        def waiting():
            return self.ask(
                "SELECT 1 FROM pg_stat_activity "
                "WHERE pid = %s AND wait_event_type = 'Lock'", (pid,))
        wait_for(waiting, "wait for a lock")
        return self

    def done(self):
        self.thread.join(WATCHDOG)
        assert not self.thread.is_alive(), "the statement hangs"
        return self


class Held(Step):
    """A statement that is stopped at an injection point."""

    held = set()

    def __init__(self, conn, sql, point, action="wait"):
        self.point = point
        self.held.add(self)
        self.ask("SELECT injection_points_attach(%s, %s)",
                          (point, f"{action},times=1,pid={conn.info.backend_pid}"))
        super().__init__(conn, sql)

    def is_there(self):
        return self.ask(
            "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND "
            "wait_event = %s", (self.conn.info.backend_pid, self.point))

    def there(self):
        wait_for(self.is_there, f"the step {self.point}")
        return self

    def go_on(self):
        self.ask("SELECT injection_points_wakeup(%s)", (self.point,))
        return self.over()

    def over(self):
        self.done()
        self.held.discard(self)
        self.ask("SELECT injection_points_detach(%s)", (self.point,))
        return self

    def killed(self):
        """Its point stays armed: nobody can be asked before recovery."""
        self.done()
        self.held.discard(self)

    @classmethod
    def release(cls):
        """Those that a failed test has left: they must not hold up others."""
        for step in list(cls.held):
            cls.held.discard(step)
            for function in ("detach", "wakeup"):
                try:
                    cls.ask(f"SELECT injection_points_{function}(%s)",
                            (step.point,))
                except psycopg.Error:
                    pass  # nobody is there


@contextlib.contextmanager
def sessions(n):
    """Connections, to be closed even if a failed test has left one held."""
    conns = [Step.server.connect() for _ in range(n)]
    try:
        yield conns
    finally:
        Held.release()
        for conn in conns:
            conn.close()
