#!/usr/bin/env python3
"""TCP: only when set, only on this host, only by a rule; passwords through it.

The danger is a server that listens where nobody asked it to, or that takes a
client of the network for one of the Unix socket, whose user is known."""
import os
import signal
import socket
import subprocess
import sys

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from harness import Server, Suite, wait_for  # noqa: E402

suite = Suite()
server = Server(max_connections=20).start()
ME = server.query("SELECT current_user")[0][0]
port = 0


def rules(text):
    with open(os.path.join(server.data, "pg_hba.conf"), "w") as f:
        f.write(text)
    mark = len(server.log_text())
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    wait_for(lambda: "reloading configuration files" in
             server.log_text()[mark:], "SIGHUP")


def told(host, password="secret", **more):
    """None if the client is in."""
    try:
        psycopg.connect(host=host, port=port, user=ME, dbname="postgres",
                        password=password, **more).close()
    except psycopg.OperationalError as e:
        return str(e)
    return None


def no_start(**more):
    mark = len(server.log_text())
    try:
        server.start(**more)
    except AssertionError:
        return server.log_text()[mark:]
    raise AssertionError(f"it starts with {more}")


def listening():
    """The addresses of the listening TCP sockets of the postmaster."""
    pid = server.postmaster_pid()
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        link = os.readlink(f"/proc/{pid}/fd/{fd}")
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    found = []
    for name in ("tcp", "tcp6"):
        with open(f"/proc/{pid}/net/{name}") as f:
            for line in f.readlines()[1:]:
                words = line.split()
                if words[9] in inodes and words[3] == "0A":
                    found.append(words[1].split(":")[0])
    return sorted(found)


def start_with_tcp(addresses):
    """On a port that is free; somebody may take it first: then another."""
    global port
    for _ in range(20):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        try:
            server.start(listen_addresses=addresses, port=port)
            return
        except AssertionError as e:
            if "Address already in use" not in str(e):
                raise
    raise AssertionError("no port is free")


def test_none_by_default():
    assert listening() == []
    server.query(f"ALTER ROLE {ME} PASSWORD 'secret'")
    server.stop()


def test_addresses_that_are_refused():
    for address in ("0.0.0.0", "::", "10.0.0.1", "*", "example.com",
                    "127.0.0.1,192.168.0.1"):
        log = no_start(listen_addresses=address)
        assert "is not supported" in log or \
            "invalid address" in log, (address, log)


def test_rules_and_passwords():
    start_with_tcp("127.0.0.1")
    assert listening() == ["0100007F"]
    # without rules nobody comes by TCP, though the uid be the right one
    assert f'no pg_hba.conf entry for host "127.0.0.1", user "{ME}", ' \
        'database "postgres", no encryption' in told("127.0.0.1")
    assert told(server.data) is None
    rules("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    assert told("127.0.0.1") is None
    assert "password authentication failed" in told("127.0.0.1", "wrong")
    assert told(server.data) is None
    for text, answer in (("1\n", "secret"),
                         ("password authentication failed", "wrong")):
        done = subprocess.run(
            ["psql", "-X", "-w", "-h", "127.0.0.1", "-p", str(port), "-U", ME,
             "-d", "postgres", "-Atc", "SELECT 1"], text=True, timeout=60,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PGPASSWORD": answer})
        assert text in done.stdout, done.stdout
    for rule, ok in (("127.0.0.0/8", True), ("127.0.0.0 255.0.0.0", True),
                     ("127.0.0.2/32", False), ("10.0.0.0/8", False),
                     ("::1/128", False), ("all", True), ("samehost", True),
                     ("0.0.0.0/0", True)):
        rules(f"local all all trust\nhost all all {rule} trust\n")
        assert (told("127.0.0.1") is None) == ok, rule
    rules("local all all trust\n")
    assert "no pg_hba.conf entry" in told("127.0.0.1")


def test_large_answers():
    """Through TCP's windows, both ways."""
    rules("host all all all trust\nlocal all all trust\n")
    with psycopg.connect(host="127.0.0.1", port=port, user=ME,
                         dbname="postgres", autocommit=True) as conn:
        got = conn.execute("SELECT repeat('x', 5000000)").fetchone()[0]
        assert len(got) == 5000000
        assert conn.execute("SELECT length(%s)", (got,)).fetchone() == (
            5000000,)
    server.stop()


def test_failing_steps():
    for point in ("socket-tcp", "socket-tcp-bind", "socket-tcp-listen"):
        server.env["TUSK_INJECTION_POINTS"] = f"{point}=errno:EADDRINUSE"
        log = no_start(listen_addresses="127.0.0.1")
        assert 'could not listen on address "127.0.0.1"' in log, log
        assert "could not create any TCP/IP sockets" in log, log
        del server.env["TUSK_INJECTION_POINTS"]
    server.start()


suite.run_all(globals(), server)
