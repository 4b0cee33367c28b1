#!/usr/bin/env python3
"""Direct search when something fails: errors and kills at each step, dead
clients, damaged messages, crashes and stops.

The dangers: a number that stays in a slot though its backend has failed, a lock
or a snapshot that nobody gives back, a search that looks valid to a client while
the server makes its memory anew, a message that brings the server down.
"""
import os
import random
import signal
import struct

import psycopg

from common import (READY, Step, assert_nothing_held, child_client, end_child,
                    hold, locks_of, make, oid, server, sql, state_of, stories, suite,
                    wait_for)
from harness import seed
from client import (ASK, BEGIN, END, ENDED, OVER_RINGS, TABLE, TOUCHED, XACT,
                    Client, Segment, ask_blocks, ask_rows, attach, begin, end,
                    touched)
from wire import error_fields, kinds, message, query


def test_end_of_session():
    """Terminated, closed, or cut off: the slot is free, the locks are gone."""
    make()
    for how in ("terminate", "close", "X"):
        c = Client(server)
        s = c.begin(oid("t_v"))
        assert s.valid()
        if how == "terminate":
            sql("SELECT pg_terminate_backend(%s)", (c.pid,))
        elif how == "X":
            c.send(message(b"X"))
        if how != "close":
            assert c.at_end()
        c.close()
        wait_for(lambda: not s.valid(), "the end of the search")
        wait_for(lambda: s.segment.slot(s.slot)["pid"] != c.pid, "its slot")
        wait_for(lambda: locks_of(c.pid) == 0, "its locks")


def test_killed_client():
    """SIGKILL after each message: slot, locks and process go."""
    for number in range(len(stories(0))):
        make()
        pid, backend = child_client(stories(oid("t_v"))[number])
        end_child(pid)
        wait_for(lambda: state_of(backend) is None, "the end of the backend")
        assert not Segment(server).running()
        assert locks_of(backend) == 0
        sql("DROP TABLE t")


def test_malformed():
    """Lengths that do not fit, counts too high, codes that are none: FATAL
    08P01 for that session, nothing for others."""
    make()
    index = oid("t_v")
    limit = struct.pack("!I", ASK)
    bad = [attach(0), attach(1, b"x" * 15), attach(99), attach(BEGIN),
           attach(BEGIN, b"x" * 23),
           attach(BEGIN, struct.pack("<IIQq", 0, 2 ** 32 - 1, 0, 0)),
           attach(BEGIN, struct.pack("<IIQq", 0, 5, 0, 0) + b"abcdef"),
           attach(END), attach(END, b"x" * 33),
           message(b"a", limit + struct.pack("<QIIII", 1, 3, 0, 0, 0)),
           message(b"a", limit + struct.pack("<QIIII", 1, 1, 1025, 0, 0) +
                   b"x" * 8200),
           message(b"a", limit + struct.pack("<QIIII", 1, 1, 1, 0, 0)),
           message(b"a", limit + struct.pack("<QIIII", 1, 2, 1, 1, 0) +
                   b"x" * 12),
           message(b"a", limit + struct.pack("<QIIII", 1, 1, 0, 2 ** 31, 0)),
           attach(TOUCHED), attach(TOUCHED, struct.pack("<II", 5, 0)),
           attach(TOUCHED, struct.pack("<II", 4097, 0) + b"x" * 4 * 4097),
           attach(TOUCHED, struct.pack("<II", 2 ** 30, 0))]
    with Client(server) as sound:
        s = sound.begin(index)
        for part in bad:
            with Client(server) as c:
                c.begin(index)
                c.send(part)
                got = c.read_until(b"ZE")
                assert got[-1][0] == b"E", (part, got)
                fields = error_fields(got[-1][1])
                assert fields["C"] == "08P01" and fields["S"] == "FATAL", \
                    (part, fields)
                assert c.at_end()
        # no subcode: nothing is lost but the message
        for part in (message(b"a", b""), message(b"a", b"\0\0\0")):
            got = sound.ask(part)
            assert kinds(got) == b"EZ" and b"C08P01\0" in got[0][1], got
        s = sound.begin(index)
        assert s.valid() and sound.end(s) == ENDED


def test_noise():
    """Messages of random bytes behind the type and a subcode."""
    make()
    index = oid("t_v")
    rng = random.Random(seed("DIRECT"))
    with Client(server) as sound:
        s = sound.begin(index)
        c = None
        for _ in range(400):
            if c is None:
                c = Client(server)
                c.begin(index)
            code = rng.choice((BEGIN, END, ASK, TOUCHED))
            good = {BEGIN: begin(index), END: end(7),
                    ASK: ask_rows(7, [(0, 1)], [(1, 0)]),
                    TOUCHED: touched([1, 2])}[code][9:]
            body = bytearray(good)
            for _ in range(rng.randrange(4)):
                body[rng.randrange(len(body))] = rng.randrange(256)
            if rng.randrange(4) == 0:
                body = body[:rng.randrange(len(body) + 1)]
            try:
                c.send(attach(code, bytes(body)))
                got = c.ask(query("SELECT 1"))
                if got[-1][0] != b"Z" or b"D" not in kinds(got):
                    got += c.read_until(b"Z")
            except (EOFError, ConnectionError):
                c.close()
                c = None
        if c is not None:
            c.close()
        assert s.valid() and sound.end(s) == ENDED
    assert sql("SELECT count(*) FROM t") == [(300,)]


POINTS = ("direct-begin-lock", "direct-begin-locked", "direct-begin-snapshot",
          "direct-begin-version", "direct-begin-described", "direct-slot-set",
          "direct-begin-answer")


def test_errors():
    """An error at each step of BEGIN, END and ASK is told, ends the search and
    leaves nothing; the next search goes as ever.  In a block it fails that."""
    make()
    index = oid("t_v")

    def arm(point, c):
        hold(point, c, "error")

    def disarm(point):
        sql("SELECT injection_points_detach(%s)", (point,))
    for block in (False, True):
        # a session that was given the segment has its slot already
        for point in POINTS + (() if OVER_RINGS else ("direct-slot-take",)):
            with Client(server) as c:
                if block:
                    c.sql("BEGIN")
                arm(point, c)
                got = c.ask(begin(index))
                assert kinds(got) == b"EZ", (point, got)
                assert got[-1][1] == (b"E" if block else b"I"), point
                disarm(point)
                if block:
                    c.sql("ROLLBACK")
                assert_nothing_held(c)
                s = c.begin(index)
                assert s.valid() and c.end(s) == ENDED, point
        for point, part in (("direct-end", end), ("direct-slot-cleared", end),
                            ("direct-ended", end),
                            ("direct-ask", lambda n: ask_rows(n, [(0, 1)])),
                            ("direct-ask-answer",
                             lambda n: ask_rows(n, [(0, 1)])),
                            ("direct-ask-block",
                             lambda n: ask_blocks(n, [(TABLE, 0)])),
                            ("clog-bring-in",
                             lambda n: ask_blocks(n, [(XACT, 0)])),
                            ("direct-touched", lambda n: touched([1]))):
            with Client(server) as c:
                if block:
                    c.sql("BEGIN")
                s = c.begin(index)
                arm(point, c)
                got = c.ask(part(s.search))
                assert kinds(got) == b"EZ", (point, got)
                assert not s.valid(), point
                disarm(point)
                if block:
                    c.sql("ROLLBACK")
                assert_nothing_held(c)
                s = c.begin(index)
                assert s.valid() and c.end(s) == ENDED, point
    # where the message's place is lost the session ends, as it would at any
    # other step of an interrupt
    with Client(server) as c, server.connect() as other:
        s = c.begin(index)
        arm("direct-interrupted", c)
        other.execute("DROP TABLE t")
        assert not s.valid()
        try:
            # or it was about to wait for a message, and not yet in it
            assert kinds(c.read_until(b"Z")) == b"EZ"
        except (EOFError, ConnectionError):
            pass
        disarm("direct-interrupted")
    make()
    # who waits for the locks fails, and the search stands
    with Client(server) as c, server.connect() as other:
        s = c.begin(oid("t_v"))
        pid = other.info.backend_pid
        sql("SELECT injection_points_attach('direct-conflict-signal', "
            "'error,times=1,pid=%d')" % pid)
        try:
            other.execute("DROP TABLE t")
            raise AssertionError("no error")
        except psycopg.Error:
            pass
        disarm("direct-conflict-signal")
        assert s.valid() and c.end(s) == ENDED
    sql("DELETE FROM t WHERE id < 20")
    sql("SELECT injection_points_attach('direct-raise-version', "
        "'error,times=1')")
    try:
        sql("VACUUM t")
        raise AssertionError("no error")
    except psycopg.Error:
        pass
    disarm("direct-raise-version")
    sql("VACUUM t")


def wait_for_restart(log_before):
    wait_for(lambda: server.log_text().count(READY) > log_before,
             "the restart")
    wait_for(server.serving, "the server")


def test_crash():
    """A backend is killed: the generation is odd, or a later even one, at every
    moment at which the segment is not what the search began with; its words
    never stand again, and later searches have other numbers."""
    make()
    seg = Segment(server)
    for victim in ("other", "own"):
        with Client(server, seg) as c, server.connect() as other:
            before = server.log_text().count(READY)
            server.expect("was terminated by signal 9")
            generation = seg.generation()
            s = c.begin(oid("t_v"))
            assert s.valid() and s.generation == generation
            os.kill(c.pid if victim == "own" else other.info.backend_pid,
                    signal.SIGKILL)
            wait_for(lambda: seg.generation() != generation, "the crash")
            assert not s.valid()
            assert c.at_end()
            while server.log_text().count(READY) == before:
                now = seg.generation()
                assert now > generation and not s.valid(), now
            wait_for_restart(before)
            assert seg.generation() == generation + 2 and not s.valid()
            assert not seg.running()
        with Client(server, seg) as c:
            again = c.begin(oid("t_v"))
            assert again.valid() and again.search > s.search
            assert again.generation == generation + 2 and not s.valid()


def test_kills():
    """SIGKILL of the backend at each step: nobody's search is valid while the
    server restarts, and it comes up as it was."""
    make()
    seg = Segment(server)
    for point in POINTS + ("direct-end", "direct-slot-cleared", "direct-ask",
                           "direct-interrupted"):
        before = server.log_text().count(READY)
        server.expect("was terminated by signal 9")
        with Client(server, seg) as c, Client(server, seg) as bystander:
            s = bystander.begin(oid("t_v"))
            index = oid("t_v")
            if point in POINTS:
                hold(point, c, "kill")
                c.send(begin(index))
            else:
                mine = c.begin(index)
                hold(point, c, "kill")
                if point == "direct-interrupted":
                    try:
                        with server.connect() as other:
                            other.execute("SELECT pg_cancel_backend(%s)",
                                          (c.pid,))
                    except psycopg.OperationalError:
                        pass  # the crash was faster than the answer
                elif point == "direct-ask":
                    c.send(ask_rows(mine.search, [(0, 1)]))
                else:
                    c.send(end(mine.search))
            wait_for(lambda: not s.valid(), "the crash")
            assert bystander.at_end() and c.at_end()
            wait_for_restart(before)
            assert not s.valid() and not seg.running(), point
        try:
            sql("SELECT injection_points_detach(%s)", (point,))
        except psycopg.Error:
            pass
    assert sql("SELECT count(*) FROM t") == [(300,)]


def test_stop():
    """At every kind of stop the words that a client still has mapped say that
    nothing is valid any more."""
    make()
    for mode in ("smart", "fast", "immediate"):
        c = Client(server)
        s = c.begin(oid("t_v"))
        assert s.valid()
        if mode == "smart":
            c.close()
        if Step.watch is not None:
            Step.watch.close()
        server.stop(mode)
        assert not s.valid(), mode
        c.close()
        server.start()


suite.run_all(globals(), server)
