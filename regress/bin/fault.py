#!/usr/bin/env python3
"""tusk fault: the names that a program has, with and without a server; arming,
waking and disarming from the shell; which program the drivers are.

The danger: a command that says done and armed nothing, or armed what can never
happen, so that a test of faults tests none.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import (WATCHDOG, Server, Suite, build_dir,  # noqa: E402
                     in_background, wait_for)

DONE, FAILED, USAGE = range(3)


def expect(status, *args, out="", err="", program=None, **more):
    done = subprocess.run(
        [program or os.path.join(build_dir(), "bin", "tusk"), "fault", *args],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, timeout=WATCHDOG, **more)
    assert done.returncode == status, (args, done)
    assert out in done.stdout, (args, done)
    assert err in done.stderr, (args, done)
    return done


def names(text):
    return re.findall(r"^  ([a-z0-9-]+) +(?:normal|critical|no-throw|"
                      r"postmaster) +[A-Za-z_0-9/]+\.[ch]:\d+$", text, re.M)


def test_usage():
    expect(DONE, "--help", out="Usage: tusk fault list")
    expect(DONE, "list", "--help", out="Usage: tusk fault list")
    for args, err in (((), "give one of list, arm"),
                      (("explode",), "give one of list, arm"),
                      (("arm", "try-normal"), "needs a NAME and an ACTION"),
                      (("wake",), "wake needs a NAME"),
                      (("disarm",), "disarm needs NAMEs, or --all"),
                      (("disarm", "--all", "x"), "NAMEs, or --all"),
                      (("list", "x"), "too many arguments"),
                      (("replay",), "replay needs a SEED"),
                      (("list", "--nosuch"), "unrecognized option")):
        expect(USAGE, *args, err=err)


def test_list():
    """The program's own names are those of its server's view."""
    with_server = names(expect(DONE, "list", "-D", server.data).stdout)
    alone = names(expect(DONE, "list").stdout)
    view = [name for name, in server.query(
        "SELECT name FROM injection_points ORDER BY name")]
    assert len(view) > 200 and with_server == alone == view
    done = expect(DONE, "list", "--subsystem", "try", "--allowed",
                  out="\n5 points\n")
    assert "try-call" in done.stdout and "wal-" not in done.stdout, done
    assert "allowed: off, kill, stop, exit, wait, sleep, errno, short, torn" \
        in done.stdout, done
    expect(DONE, "list", "-D", server.data, "--armed", out="0 points\n")
    expect(FAILED, "list", err="cannot be run",
           env=dict(os.environ, TUSK_POSTMASTER="/nonexistent"))
    expect(FAILED, "list", err="--injection-points\" failed",
           env=dict(os.environ, TUSK_POSTMASTER="/bin/false"))
    expect(FAILED, "list", "-D", server.dir, err="no server is running in")


def test_arm():
    """Armed, seen, passed, disarmed; what is wrong is said with its hint."""
    at = ("-D", server.data)
    expect(DONE, "arm", *at, "try-normal", "1*off->error:40001")
    for state in (None, "40001", "40001"):
        try:
            server.query("SELECT injection_points_run('try-normal')")
            assert state is None
        except psycopg.Error as e:
            assert e.sqlstate == state, e
    expect(DONE, "list", *at, "--armed",
           out="armed: 1*off->error:40001; passed 3, fired 2")
    done = expect(FAILED, "arm", *at, "try-normal", "notice",
                  err='could not arm "try-normal"')
    assert "already defined" in done.stderr, done
    done = expect(FAILED, "arm", *at, "try-norml", "notice",
                  err="does not exist")
    assert 'Perhaps you mean "try-normal"' in done.stderr, done
    expect(FAILED, "arm", *at, "try-no-throw", "error", err="Allowed there:")
    expect(FAILED, "arm", *at, "try-other", "dance", err="Verbs are off")
    expect(DONE, "arm", *at, "try-other", "off")
    expect(DONE, "disarm", *at, "try-other")
    expect(FAILED, "disarm", *at, "try-other", err='disarm "try-other"')
    expect(DONE, "disarm", *at, "--all", out="disarmed: try-normal\n")
    expect(DONE, "disarm", *at, "--all")
    expect(DONE, "list", *at, "--armed", out="0 points\n")


def test_wake():
    at = ("-D", server.data)
    expect(DONE, "arm", *at, "try-other", "wait")
    expect(FAILED, "wake", *at, "try-other", err="could not find injection")
    with server.connect() as conn:
        for who in ((), (str(conn.info.backend_pid),)):
            thread, failed = in_background(
                conn, "SELECT injection_points_run('try-other')")
            waiting = f"waiting: {conn.info.backend_pid}"
            wait_for(lambda: waiting in expect(
                DONE, "list", *at, "--armed").stdout, "the session to wait")
            if who:
                expect(FAILED, "wake", *at, "try-other", "1")
            expect(DONE, "wake", *at, "try-other", *who)
            thread.join()
            assert not failed, failed
    expect(DONE, "disarm", *at, "try-other")


def test_drivers():
    """They are found beside a build tree and in an installation, and get the
    folder of the programs and the arguments."""
    home = tempfile.mkdtemp(prefix="tusk-bin-")
    try:
        faults = os.path.join(home, "share", "tusk", "faults")
        os.makedirs(faults)
        os.makedirs(os.path.join(home, "bin"))
        for name in ("tusk", "postmaster"):
            shutil.copy(os.path.join(build_dir(), "bin", name),
                        os.path.join(home, "bin", name))
        for name in ("matrix.py", "stepper.py"):
            with open(os.path.join(faults, name), "w") as f:
                f.write("import sys\nprint(sys.argv)\nsys.exit(7)\n")
        program = os.path.join(home, "bin", "tusk")
        driver = os.path.join(faults, "matrix.py")
        expect(7, "matrix", "--seed", "3", program=program,
               out=str([driver, home, "--seed", "3"]))
        driver = os.path.join(faults, "stepper.py")
        expect(7, "replay", "random/4", "--quiet", program=program,
               out=str([driver, home, "--replay", "random/4", "--quiet"]))
        os.unlink(driver)
        expect(FAILED, "replay", "4", program=program,
               err='could not find "stepper.py"')
        expect(7, "matrix", out="matrix.py",
               env=dict(os.environ, TUSK_FAULTS=faults))
    finally:
        shutil.rmtree(home)


suite = Suite()
server = Server().start()
for test in (test_usage, test_list, test_arm, test_wake, test_drivers):
    suite.run(test)
suite.run(server.stop)
suite.finish(server)
