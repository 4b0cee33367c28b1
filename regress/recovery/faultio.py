"""The test's side of faultio.c: shared state, and what a power failure takes.

take_back() walks the journal backwards.  A write that was not followed by an
fsync of its file may be lost, sector by sector: mode "all" loses every one,
"none" loses nothing (a SIGKILL with the kernel alive), "random" loses each by
the throw of a seeded coin, which tears pages.  A sector that is kept ends the
question for all older writes to it.  Also lost may be the length that a write or
an allocation gave a file, a truncation (what was cut off is there again), and,
if the directory was not synced either, a new file, or the removal of one.
"""
import collections
import mmap
import os
import random
import struct

OPS, CRASH_AT, DEAD, PM_PID, RECORDING = 0, 8, 20, 24, 28
FAIL_ERRNO, FAIL_KINDS, FAIL_SKIP, FAIL_TIMES, FAIL_PATH = 32, 36, 40, 48, 56
TALLY, END_TALLY = 312, 384
WRITE, FSYNC, TRUNCATE, RENAME, UNLINK, READ = 1, 2, 4, 8, 16, 32
CREATE, ALLOCATE, DIRSYNC = 64, 128, 256
TALLIES = ("write", "fsync", "truncation", "rename", "unlink", "read",
           "creation", "allocation", "WAL flush")
SECTOR = 512
HEAD = struct.Struct("=6q")


class FaultIO:
    def __init__(self, library, directory, data):
        self.path = os.path.join(directory, "faultio.state")
        self.journal = os.path.join(directory, "faultio.journal")
        self.data = os.path.realpath(data)
        with open(self.path, "wb") as f:
            f.write(b"\0" * 4096)
        self.file = open(self.path, "r+b")
        self.map = mmap.mmap(self.file.fileno(), 4096)
        self.env = {"LD_PRELOAD": library, "FAULTIO_STATE": self.path,
                    "FAULTIO_DATADIR": self.data,
                    "FAULTIO_JOURNAL": self.journal}

    def get(self, offset, kind="i"):
        return struct.unpack_from("=" + kind, self.map, offset)[0]

    def set(self, offset, value, kind="i"):
        struct.pack_into("=" + kind, self.map, offset, value)

    def ops(self):
        return self.get(OPS, "Q")

    def tallies(self):
        return {name: self.get(TALLY + 8 * i, "Q")
                for i, name in enumerate(TALLIES)}

    def end_kind(self):
        return TALLIES[self.get(END_TALLY)]

    def begin(self, crash_at=0):
        """Count, and end everything at the crash_at-th operation from now."""
        self.set(DEAD, 0)
        self.set(OPS, 0, "Q")
        self.set(CRASH_AT, crash_at, "Q")
        for i in range(len(TALLIES)):
            self.set(TALLY + 8 * i, 0, "Q")
        self.set(RECORDING, 1)

    def fail(self, error, kinds, path="", skip=0, times=1):
        self.set(FAIL_ERRNO, 0)
        raw = path.encode()[:255] + b"\0"
        self.map[FAIL_PATH:FAIL_PATH + len(raw)] = raw
        self.set(FAIL_KINDS, kinds)
        self.set(FAIL_SKIP, skip, "q")
        self.set(FAIL_TIMES, times, "q")
        self.set(FAIL_ERRNO, error)

    def failures_left(self):
        return self.get(FAIL_TIMES, "q")

    def end(self):
        """Nobody runs any more: ready for the next life."""
        self.set(RECORDING, 0)
        self.set(FAIL_ERRNO, 0)
        self.set(16, 0)  # the lock may have died with its holder
        self.set(DEAD, 0)

    def forget(self):
        try:
            os.unlink(self.journal)
        except FileNotFoundError:
            pass

    def close(self):
        self.map.close()
        self.file.close()

    # ---- the power failure ----

    def entries(self):
        try:
            with open(self.journal, "rb") as f:
                text = f.read()
        except FileNotFoundError:
            return []
        found = []
        at = 0
        while at + HEAD.size <= len(text):
            kind, path_len, offset, length, asked, size = HEAD.unpack_from(
                text, at)
            at += HEAD.size
            path = text[at:at + path_len].decode()
            at += path_len
            data = text[at:at + length]
            at += length
            if at > len(text):
                break  # the entry that was being written
            found.append((kind, path, offset, data, asked, size))
        return found

    def take_back(self, mode, seed=0):
        """Returns how many sectors, files and truncations were lost."""
        lost = collections.Counter()
        if mode == "none":
            return lost
        coin = random.Random(seed)
        alias = {}  # a name of then: the name now, None: gone
        synced = set()
        kept = set()
        for kind, path, offset, data, asked, size in reversed(self.entries()):
            now = alias.get(path, path)
            if kind == UNLINK:
                alias[path] = None
                if asked >= 0 and self.take_back_unlink(mode, coin, synced,
                                                        path, data):
                    alias[path] = path
                    lost["removals"] += 1
            elif kind == RENAME:
                target = data.decode()
                alias[path] = alias.get(target, target)
                alias[target] = None
            elif kind == DIRSYNC:
                synced.add(path)
            elif now is None:
                continue
            elif kind == FSYNC:
                synced.add(now)
            elif kind == CREATE:
                # what is older was another file of this name
                alias[path] = None
                if now not in synced and \
                        os.path.dirname(path) not in synced and \
                        (mode == "all" or coin.random() < 0.5):
                    os.unlink(os.path.join(self.data, now))
                    lost["files"] += 1
            elif now in synced:
                continue
            elif kind == TRUNCATE:
                if asked > 0 and (mode == "all" or coin.random() < 0.5):
                    self.take_back_truncation(kept, now, offset, data, asked)
                    lost["truncations"] += 1
            elif kind == WRITE:
                lost["sectors"] += self.take_back_write(
                    mode, coin, kept, now, offset, data, asked, size)
        return lost

    def take_back_unlink(self, mode, coin, synced, path, data):
        """The file is there again, unless its name was used anew."""
        full = os.path.join(self.data, path)
        if os.path.dirname(path) in synced or os.path.exists(full) or \
                (mode != "all" and coin.random() < 0.5):
            return False
        with open(full, "wb") as f:
            f.write(data)
        os.chmod(full, 0o600)
        return True

    def take_back_truncation(self, kept, path, offset, data, asked):
        """The file is as long as it was, with what it had there; but for what
        was written later and is kept."""
        old = data + b"\0" * (asked - len(data))
        with open(os.path.join(self.data, path), "r+b") as f:
            now = os.fstat(f.fileno()).st_size
            at = offset
            while at < offset + asked:
                upto = min((at // SECTOR + 1) * SECTOR, offset + asked)
                if (path, at // SECTOR) not in kept or at >= now:
                    f.seek(at)
                    f.write(old[at - offset:upto - offset])
                at = upto

    def take_back_write(self, mode, coin, kept, path, offset, data, asked,
                        size):
        full = os.path.join(self.data, path)
        old = data + b"\0" * (asked - len(data))
        lost = 0
        with open(full, "r+b") as f:
            end = min(offset + asked, os.fstat(f.fileno()).st_size)
            at = offset
            while at < end:
                upto = min((at // SECTOR + 1) * SECTOR, end)
                key = (path, at // SECTOR)
                if key in kept:
                    pass
                elif mode == "all" or coin.random() < 0.5:
                    f.seek(at)
                    f.write(old[at - offset:upto - offset])
                    lost += 1
                else:
                    kept.add(key)
                at = upto
            # the file's new length was not known to the disk either
            if offset + asked > size and \
                    os.fstat(f.fileno()).st_size == offset + asked and \
                    (mode == "all" or
                     (coin.random() < 0.5 and
                      not any((path, n) in kept for n in
                              range(size // SECTOR, end // SECTOR + 1)))):
                f.truncate(size)
        return lost
