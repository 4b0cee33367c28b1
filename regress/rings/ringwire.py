"""The client area by hand: a Wire whose messages go through the rings.

It keeps the rules of include/libpq/ring.h unless a test breaks them: the words
of the area can be read and written as self.word[NAME], its bytes as self.area.
"""
import array
import ctypes
import fcntl
import mmap
import os
import socket
import struct
import threading

from wire import Wire, message

F_ADD_SEALS, F_GET_SEALS = 1033, 1034
F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE = 1, 2, 4, 8
RINGS, DIRECT = 1, 2
ATTACH = 1
VERSION = 2

# offsets of struct ClientArea
WORDS = {"to_server.written": (128, ctypes.c_uint64),
         "to_server.writer_asleep": (136, ctypes.c_uint32),
         "to_server.read": (256, ctypes.c_uint64),
         "to_server.reader_asleep": (264, ctypes.c_uint32),
         "to_client.written": (384, ctypes.c_uint64),
         "to_client.writer_asleep": (392, ctypes.c_uint32),
         "to_client.read": (512, ctypes.c_uint64),
         "to_client.reader_asleep": (520, ctypes.c_uint32)}
BYTES = 4096


class Words:
    def __init__(self, area):
        self.at = {name: kind.from_buffer(area, offset)
                   for name, (offset, kind) in WORDS.items()}

    def __getitem__(self, name):
        return self.at[name].value

    def __setitem__(self, name, value):
        self.at[name].value = value


def request(flags=RINGS, to_server=0, to_client=0, version=VERSION):
    return message(b"a", struct.pack("!i", ATTACH) + struct.pack(
        "<IIII", version, flags, to_server, to_client))


class RingWire(Wire):
    def __init__(self, directory, to_server=0, to_client=0, flags=RINGS,
                 **more):
        self.area = None
        self.fds = []
        self.closed = False
        more.setdefault("_pq_.tusk_attach", "1")
        super().__init__(directory, **more)
        self.sock.sendall(request(flags, to_server, to_client))
        kind, body = self.read_answer()
        assert kind == b"a", (kind, body)
        assert self.buffer == b"", self.buffer
        self.take(body)

    def read_answer(self):
        """As read, but keeps the descriptors that come with the bytes."""
        while len(self.buffer) < 5 or len(self.buffer) < 1 + struct.unpack_from(
                "!i", self.buffer, 1)[0]:
            got, ancillary, _, _ = self.sock.recvmsg(65536, 1024)
            if not got:
                raise EOFError(self.buffer)
            self.buffer += got
            for level, kind, data in ancillary:
                assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
                fds = array.array("i")
                fds.frombytes(data)
                self.fds += fds
        return self.read()

    def take(self, body):
        (code, ) = struct.unpack_from("!i", body)
        version, self.granted, size, self.public_size, self.generation, \
            self.slot, nfds = struct.unpack_from("<IIQQQII", body, 4)
        self.reason = body[4 + 40:].rstrip(b"\0").decode()
        assert (code, version, nfds) == (ATTACH, VERSION, len(self.fds))
        assert os.fstat(self.fds[0]).st_size == size
        self.area = mmap.mmap(self.fds[0], size)
        self.word = Words(self.area)
        self.in_size, = struct.unpack_from("<I", self.area, 12)
        self.out_size, = struct.unpack_from("<I", self.area, 8)
        assert size == BYTES + self.in_size + self.out_size
        self.read_to = self.written_to = 0
        self.lock = threading.Lock()

    def barrier(self):
        """Taking a lock is a full barrier."""
        with self.lock:
            pass

    def wake(self):
        """The server, if it sleeps."""
        self.barrier()
        for name in ("to_server.reader_asleep", "to_client.writer_asleep"):
            if self.word[name]:
                self.word[name] = 0
                self.send_byte()

    def send_byte(self, byte=b"\0"):
        try:
            self.sock.send(byte, socket.MSG_DONTWAIT)
        except BlockingIOError:
            pass
        except (BrokenPipeError, ConnectionResetError):
            self.closed = True

    def sleep(self, ready):
        """Until a byte comes, or ready() by itself."""
        self.word["to_client.reader_asleep"] = 1
        self.word["to_server.writer_asleep"] = 1
        self.barrier()
        if not ready() and not self.closed:
            try:
                if not self.sock.recv(256):
                    self.closed = True
            except ConnectionResetError:
                self.closed = True
        self.word["to_client.reader_asleep"] = 0
        self.word["to_server.writer_asleep"] = 0

    def room(self):
        return self.out_size - (self.written_to - self.word["to_server.read"])

    def put(self, data):
        """As much as there is room for; the rest comes back."""
        n = min(len(data), self.room())
        at = self.written_to % self.out_size
        first = min(n, self.out_size - at)
        self.area[BYTES + at:BYTES + at + first] = data[:first]
        self.area[BYTES:BYTES + n - first] = data[first:n]
        self.written_to += n
        self.word["to_server.written"] = self.written_to
        self.wake()
        return data[n:]

    def get(self):
        """What is there."""
        n = self.word["to_client.written"] - self.read_to
        assert 0 <= n <= self.in_size, n
        base = BYTES + self.out_size
        at = self.read_to % self.in_size
        first = min(n, self.in_size - at)
        got = self.area[base + at:base + at + first] + \
            self.area[base:base + n - first]
        self.read_to += n
        self.word["to_client.read"] = self.read_to
        self.wake()
        return got

    def send(self, *parts):
        data = b"".join(parts)
        if self.area is None:
            self.sock.sendall(data)
            return
        while data:
            data = self.put(data)
            if data:
                self.buffer += self.get()
                if self.closed:
                    raise EOFError
                self.sleep(lambda: self.room() > 0 or
                           self.word["to_client.written"] != self.read_to)

    def _need(self, n):
        if self.area is None:
            super()._need(n)
            return
        while len(self.buffer) < n:
            closed = self.closed
            got = self.get()
            self.buffer += got
            if not got:
                if closed:
                    raise EOFError(self.buffer)
                self.sleep(
                    lambda: self.word["to_client.written"] != self.read_to)

    def seals(self):
        return fcntl.fcntl(self.fds[0], F_GET_SEALS)

    def close(self):
        self.sock.close()
        for fd in self.fds:
            os.close(fd)
        self.fds = []
