"""An attached client by hand: the messages of include/libpq/attach.h, and the
public segment as a client maps it (storage/direct.h).

DIRECT_TRANSPORT says how messages go: "socket", or "rings", of which the client
is given the segment's descriptor too.  Without that it is the postmaster's own,
by /proc, opened for reading.  A Search is an answer to BEGIN; valid() is the
client's check.
"""
import mmap
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "clients"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "rings"))
from ringwire import DIRECT, RINGS, RingWire  # noqa: E402
from wire import Wire, message  # noqa: E402

OVER_RINGS = os.environ.get("DIRECT_TRANSPORT", "socket") == "rings"

BEGIN, END, ASK, TOUCHED = 2, 3, 4, 5

POSSIBLE, NOT_ALLOWED, NO_INDEX, OTHER_AM, TEMPORARY, OTHER_INDEX, \
    NO_STATEMENT, OTHER_PLAN, IN_RECOVERY, IN_BATCH = range(10)

ENDED, CONFLICT, TIMED_OUT, CANCELED, NOT_RUNNING, EXPIRED = range(6)

SHORT = 1

ROWS, BLOCKS = 1, 2
TABLE, INDEX, XACT = 1, 2, 3

NO_VERSION = 0xffffffff

HEADER = struct.Struct("<IIQQii14I")
STRUCTURE = struct.Struct("<48sQQ")
SLOT = struct.Struct("<QQqQQIIIIII")
REPLY = struct.Struct("<IIQQQIiQ" "QIIIII" "III4i" "6I" "6I" "8id" "iiqqQII"
                      "II")
COLUMN = struct.Struct("<IihbcbbH")
OUTPUT = struct.Struct("<iIiI")


def attach(code, body=b""):
    return message(b"a", struct.pack("!I", code) + body)


def begin(index=0, name="", shape=0, limit=0, flags=0):
    name = name.encode()
    return attach(BEGIN, struct.pack("<IHHQq", index, len(name), flags, shape,
                                     limit) + name)


def end(search, searches=0, entries=0, rows=0):
    return attach(END, struct.pack("<QQQQ", search, searches, entries, rows))


def ask_rows(search, tids, columns=()):
    body = struct.pack("<QIIII", search, ROWS, len(tids), len(columns), 0)
    body += b"".join(struct.pack("<hh", *c) for c in columns)
    body += b"".join(struct.pack("<IHH", b, o, 0) for b, o in tids)
    return attach(ASK, body)


def ask_blocks(search, blocks):
    body = struct.pack("<QIIII", search, BLOCKS, len(blocks), 0, 0)
    body += b"".join(struct.pack("<II", *b) for b in blocks)
    return attach(ASK, body)


def touched(ids):
    return attach(TOUCHED, struct.pack("<II", len(ids), 0) +
                  struct.pack(f"<{len(ids)}i", *ids))


class Segment:
    """The public segment of a server."""

    def __init__(self, server, fd=None):
        own = self.open(server) if fd is None else os.dup(fd)
        self.map = mmap.mmap(own, os.fstat(own).st_size,
                             prot=mmap.PROT_READ)
        os.close(own)
        (self.magic, nstructs, _, self.total_size, self.nbuffers, self.nslots,
         *self.abi) = HEADER.unpack_from(self.map, 0)
        self.structs = {}
        for i in range(nstructs):
            name, offset, size = STRUCTURE.unpack_from(
                self.map, HEADER.size + i * STRUCTURE.size)
            self.structs[name.rstrip(b"\0").decode()] = offset, size

    @staticmethod
    def open(server):
        pid = server.postmaster_pid()
        for fd in os.listdir(f"/proc/{pid}/fd"):
            path = f"/proc/{pid}/fd/{fd}"
            try:
                if "memfd:tusk-public" in os.readlink(path):
                    return os.open(path, os.O_RDONLY)
            except OSError:
                pass
        raise AssertionError("no public segment")

    def generation(self):
        return struct.unpack_from("<Q", self.map, 8)[0]

    def slot(self, i):
        names = ("search", "last", "started", "begun", "ended", "table",
                 "index", "pid", "outcome", "in_block", "unused")
        return dict(zip(names, SLOT.unpack_from(
            self.map, self.structs["Direct Slots"][0] + i * SLOT.size)))

    def version(self, place):
        return struct.unpack_from(
            "<Q", self.map, self.structs["Direct Versions"][0] + 8 * place)[0]

    def completions(self):
        """Ends of transactions so far."""
        return struct.unpack_from(
            "<Q", self.map, self.structs["Xact Completions"][0])[0]

    def running(self):
        return [s for s in map(self.slot, range(self.nslots)) if s["search"]]


class Search:
    def __init__(self, body, segment=None):
        assert len(body) >= REPLY.size, len(body)
        f = REPLY.unpack_from(body)
        (self.obstacle, self.slot, self.search, self.generation, self.version,
         self.version_place, self.cache_entry, self.cache_version) = f[:8]
        self.completions = f[8]
        self.xmin, self.xmax, self.own_xid, self.curcid, nxip = f[9:14]
        self.am, self.type, self.metric = f[14:17]
        self.dimensions, self.m_or_lists, self.attnum, _ = f[17:21]
        self.table, self.index = f[21:26], f[27:32]
        self.settings = f[33:42]
        (self.limit_param, self.query_param, self.limit, self.offset,
         self.shape, ncolumns, noutputs, self.keep_ms) = f[42:50]
        at = REPLY.size
        self.xip = struct.unpack_from(f"<{nxip}I", body, at) \
            if not self.obstacle else ()
        at = (at + 4 * nxip + 7) // 8 * 8
        self.columns = [COLUMN.unpack_from(body, at + i * COLUMN.size)
                        for i in range(ncolumns)]
        at += ncolumns * COLUMN.size
        self.outputs = [OUTPUT.unpack_from(body, at + i * OUTPUT.size)[:2]
                        for i in range(noutputs)]
        at += noutputs * OUTPUT.size
        assert self.obstacle or at == len(body), (at, len(body))
        self.segment = segment

    def current(self):
        return self.segment.completions() == self.completions

    def valid(self):
        s = self.segment
        return s.slot(self.slot)["search"] == self.search and \
            s.generation() == self.generation and \
            (self.version_place == NO_VERSION or
             s.version(self.version_place) == self.version)


class Client(RingWire if OVER_RINGS else Wire):
    """A session; answers are taken apart."""

    def __init__(self, server, segment=None, **settings):
        if OVER_RINGS:
            super().__init__(server.data, flags=RINGS | DIRECT, **settings)
            assert self.granted == RINGS | DIRECT, (self.granted, self.reason)
        else:
            super().__init__(server.data, **settings)
        self.segment = segment or Segment(
            server, self.fds[1] if OVER_RINGS else None)
        self.pid = next(struct.unpack("!i", b[:4])[0]
                        for k, b in self.greeting if k == b"K")

    def answer(self, code):
        while True:
            kind, body = self.read()
            if kind in b"NS":
                continue
            assert kind == b"a", (kind, body)
            assert struct.unpack_from("!I", body)[0] == code, body[:4]
            return body[4:]

    def begin(self, *args, **more):
        self.send(begin(*args, **more))
        return self.begun()

    def begun(self):
        return Search(self.answer(BEGIN), self.segment)

    def end(self, search, **counts):
        self.send(end(getattr(search, "search", search), **counts))
        return self.ended()

    def ended(self):
        return struct.unpack("<QII", self.answer(END))[1]

    def _asked(self):
        body = self.answer(ASK)
        _, kind, n, outcome, _ = struct.unpack_from("<QIIII", body)
        return kind, n, outcome, body[24:]

    def ask_blocks(self, search, blocks):
        """Places, or the outcome of a search that is over."""
        self.send(ask_blocks(search.search, blocks))
        _, n, outcome, body = self._asked()
        return outcome or list(struct.unpack(f"<{n}i", body))

    def ask_rows(self, search, tids, columns=()):
        """Per row None or ((block, offset), values); as many as came."""
        self.send(ask_rows(search.search, tids, columns))
        _, n, outcome, body = self._asked()
        if outcome:
            return outcome
        rows, at = [], 0
        for _ in range(n):
            visible, block, offset, _ = struct.unpack_from("<IIHH", body, at)
            at += 12
            if not visible:
                rows.append(None)
                continue
            values = []
            for _ in columns:
                length, = struct.unpack_from("<i", body, at)
                at += 4
                values.append(None if length < 0 else body[at:at + length])
                at += max(length, 0)
            rows.append(((block, offset), values))
        assert at == len(body)
        return rows

    def sql(self, text):
        """Its rows as text; an error as AssertionError with the SQLSTATE."""
        from wire import error_fields, query, rows
        got = self.ask(query(text))
        for kind, body in got:
            assert kind != b"E", error_fields(body)
        return [tuple(v if v is None else v.decode() for v in row)
                for row in rows(got)]
