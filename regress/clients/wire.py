"""The wire protocol by hand, for what client libraries do not send.

A Wire is one connection.  Messages are (type, body) pairs; read_until collects
what comes up to a type.  parse, bind, execute and so on only build bytes, so
that a test decides what goes out in one write.
"""
import getpass
import os
import socket
import struct


def message(kind, body=b""):
    return kind + struct.pack("!i", len(body) + 4) + body


def cstr(text):
    return text.encode() + b"\0"


def query(sql):
    return message(b"Q", cstr(sql))


def parse(sql, name="", types=()):
    return message(b"P", cstr(name) + cstr(sql) +
                   struct.pack("!h", len(types)) +
                   b"".join(struct.pack("!I", t) for t in types))


def bind(portal="", statement="", params=(), formats=(), results=()):
    body = cstr(portal) + cstr(statement)
    body += struct.pack("!h", len(formats))
    body += b"".join(struct.pack("!h", f) for f in formats)
    body += struct.pack("!h", len(params))
    for p in params:
        body += struct.pack("!i", -1) if p is None else \
            struct.pack("!i", len(p)) + p
    body += struct.pack("!h", len(results))
    body += b"".join(struct.pack("!h", f) for f in results)
    return message(b"B", body)


def execute(portal="", max_rows=0):
    return message(b"E", cstr(portal) + struct.pack("!i", max_rows))


def describe(kind, name=""):
    return message(b"D", kind + cstr(name))


def close(kind, name=""):
    return message(b"C", kind + cstr(name))


SYNC = message(b"S")
FLUSH = message(b"H")
TERMINATE = message(b"X")


def error_fields(body):
    return {f[:1].decode(): f[1:].decode()
            for f in body.split(b"\0") if f}


def sqlstate(messages):
    """Of the first ErrorResponse in there."""
    return next(error_fields(b)["C"] for k, b in messages if k == b"E")


def kinds(messages):
    return b"".join(k for k, _ in messages)


def data_row(body):
    n, = struct.unpack_from("!h", body)
    at = 2
    row = []
    for _ in range(n):
        length, = struct.unpack_from("!i", body, at)
        at += 4
        if length < 0:
            row.append(None)
        else:
            row.append(body[at:at + length])
            at += length
    return row


def rows(messages):
    return [data_row(b) for k, b in messages if k == b"D"]


class Wire:
    def __init__(self, directory, port=5432, user=None, **settings):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(os.path.join(directory, f".s.PGSQL.{port}"))
        self.buffer = b""
        values = {"user": user or getpass.getuser(), "database": "postgres",
                  **settings}
        body = struct.pack("!i", 196608)
        body += b"".join(cstr(k) + cstr(v) for k, v in values.items()) + b"\0"
        self.send(struct.pack("!i", len(body) + 4) + body)
        self.greeting = self.read_until(b"ZE")

    def send(self, *parts):
        self.sock.sendall(b"".join(parts))

    def _need(self, n):
        while len(self.buffer) < n:
            got = self.sock.recv(65536)
            if not got:
                raise EOFError(self.buffer)
            self.buffer += got

    def read(self):
        self._need(5)
        length, = struct.unpack_from("!i", self.buffer, 1)
        self._need(1 + length)
        result = self.buffer[:1], self.buffer[5:1 + length]
        self.buffer = self.buffer[1 + length:]
        return result

    def read_until(self, last=b"Z"):
        """Up to a message whose type is in last, notices left out."""
        result = []
        while True:
            m = self.read()
            if m[0] not in b"NS":
                result.append(m)
            elif m[0] == b"S":
                result.append(m)
            if m[0] in last:
                return result

    def ask(self, *parts):
        self.send(*parts)
        return self.read_until(b"Z")

    def at_end(self):
        """True when the server has closed the connection."""
        try:
            while True:
                self.read()
        except (EOFError, ConnectionError):
            return True

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()
