"""Replay makes the very pages that were made the first time.

The data directory is copied after a checkpoint.  A workload goes on with the
original, which is stopped cleanly; its log is given to the copy, whose recovery
replays all of it.  Then every page of the two must be the same, but for what the
log does not say: LSN and checksum, hint bits, command ids, the room between line
pointers and tuples.  The danger: a redo routine that does nearly what the change
did shows only in the row that was wrong, and long after.
"""
import os
import random
import shutil
import struct

from cluster import Cluster

BLCKSZ = 8192
HEADER = 24
XMIN_FROZEN = 0x0300
XMAX_HINTS = 0x0C00
COMBO_CID = 0x0020
XACT_MASK = 0xFFF0
PAGE_HINTS = 0x0003  # PD_HAS_FREE_LINES, PD_PAGE_FULL


def vector(coin):
    return "[" + ",".join(str(coin.randint(0, 1000)) for _ in range(3)) + "]"


def fill(conn, coin, first, n):
    with conn.cursor().copy("COPY d FROM STDIN") as copy:
        for i in range(first, first + n):
            copy.write_row((i, 0, "p" * coin.randint(1, 400), vector(coin)))


def change(conn, coin, i):
    """One of the ways in which rows change; i: about which row."""
    far = i + coin.randint(1, 30)
    wide = "q" * coin.choice((1, 60, 500, 2500, 9000))
    kind = coin.randint(0, 9)
    if kind == 0:
        conn.execute("UPDATE d SET n = n + 1 WHERE id = %s", (i,))
    elif kind == 1:
        conn.execute("UPDATE d SET n = n + 1 WHERE id BETWEEN %s AND %s",
                     (i, far))
    elif kind == 2:
        conn.execute("UPDATE d SET v = %s WHERE id = %s", (vector(coin), i))
    elif kind == 3:
        conn.execute("UPDATE d SET t = %s WHERE id = %s", (wide, i))
    elif kind == 4:
        conn.execute("DELETE FROM d WHERE id BETWEEN %s AND %s", (i, far))
        fill(conn, coin, i, far - i)
    elif kind == 5:
        conn.execute("BEGIN")
        conn.execute("UPDATE d SET n = 0, t = 'a' WHERE id BETWEEN %s AND %s",
                     (i, far))
        conn.execute("UPDATE d SET n = n + 1 WHERE id = %s", (i,))
        conn.execute(coin.choice(("COMMIT", "ROLLBACK")))
    elif kind == 6:
        conn.execute("BEGIN")
        conn.execute("SELECT id FROM d WHERE id = %s FOR UPDATE", (i,))
        conn.execute(coin.choice(("COMMIT", "ROLLBACK")))
    elif kind == 7:
        conn.execute("INSERT INTO d VALUES (%s, 1, %s, %s)",
                     (i, wide, vector(coin)))
    elif kind == 8:
        conn.execute("BEGIN")
        conn.execute("DELETE FROM d WHERE id = %s", (i,))
        conn.execute("INSERT INTO d VALUES (%s, 2, %s, %s)",
                     (i, wide, vector(coin)))
        conn.execute(coin.choice(("COMMIT", "ROLLBACK")))
    else:
        conn.execute("SELECT count(*) FROM d WHERE t = ''")


INDEX = "INDEX {} {} ON d USING hnsw (v vector_l2_ops) WITH (m = 4)"
DEFINITIONS = (
    ["VACUUM (INDEX_CLEANUP on) d"],
    ["VACUUM (FREEZE, INDEX_CLEANUP on) d"],
    ["CREATE " + INDEX.format("CONCURRENTLY", "two"),
     "UPDATE d SET n = n + 1 WHERE id < 50", "DROP INDEX two"],
    ["REINDEX INDEX one"],
    ["CREATE TABLE e (a integer, b text)", "INSERT INTO e SELECT g, "
     "repeat('k', g) FROM generate_series(1, 200) g", "DROP TABLE e"],
    ["CREATE TABLE e (a integer)",
     "INSERT INTO e SELECT generate_series(1, 2000)",
     "DELETE FROM e WHERE a > 20", "VACUUM e", "TRUNCATE e",
     "ALTER TABLE e SET (fillfactor = 60)", "DROP TABLE e"],
    ["DELETE FROM d WHERE id > 900", "VACUUM d"],
    ["ANALYZE"],
)


def work(conn, coin):
    for i in range(260):
        change(conn, coin, coin.randint(0, 900))
        if i % 20 == 19:
            for one in DEFINITIONS[i // 20 % len(DEFINITIONS)]:
                conn.execute(one)


def heap_page(page):
    """Without what the log does not say; as PostgreSQL's heap_mask."""
    page = bytearray(page)
    lower, upper = struct.unpack_from("<HH", page, 12)
    page[0:10] = bytes(10)
    page[10] &= ~PAGE_HINTS
    page[20:24] = bytes(4)
    if lower < HEADER:
        return page
    page[lower:upper] = bytes(upper - lower)
    for at in range(HEADER, lower, 4):
        item = struct.unpack_from("<I", page, at)[0]
        start, flags, length = item & 0x7FFF, item >> 15 & 3, item >> 17
        if flags != 1:
            continue
        mask = struct.unpack_from("<H", page, start + 20)[0]
        mask &= (~(XMAX_HINTS | COMBO_CID) if mask & XMIN_FROZEN == XMIN_FROZEN
                 else ~XACT_MASK)
        struct.pack_into("<H", page, start + 20, mask & 0xFFFF)
        page[start + 8:start + 12] = bytes(4)
        end = start + (length + 7) // 8 * 8
        page[start + length:end] = bytes(end - start - length)
    return page


def index_page(page):
    page = bytearray(page)
    lower, upper = struct.unpack_from("<HH", page, 12)
    page[0:10] = bytes(10)
    page[lower:upper] = bytes(upper - lower)
    return page


def pages(path, kind):
    """Of the map only the bits: a page without any may be missing."""
    try:
        with open(path, "rb") as f:
            data = f.read()
    except FileNotFoundError:
        data = b""
    assert len(data) % BLCKSZ == 0, (path, len(data))
    found = [data[i:i + BLCKSZ] for i in range(0, len(data), BLCKSZ)]
    if kind == "map":
        found = [page[HEADER:] for page in found]
        while found and not any(found[-1]):
            found.pop()
        return found
    return [(index_page if kind == "i" else heap_page)(page)
            for page in found]


def compare(first, second, kinds):
    """How many pages were compared."""
    n = 0
    for name in sorted(set(os.listdir(first)) | set(os.listdir(second))):
        node, _, fork = name.partition("_")
        if not node.isdigit() or fork == "fsm":
            continue
        kind = "map" if fork == "vm" else kinds.get(node, "dropped")
        a, b = [pages(os.path.join(d, name), kind) for d in (first, second)]
        assert len(a) == len(b), (name, kind, len(a), len(b))
        for block, (x, y) in enumerate(zip(a, b)):
            differing = [i for i in range(len(x)) if x[i] != y[i]]
            assert not differing, (name, kind, block, differing[:10])
            n += 1
    return n


def test_replay_is_exact(images):
    settings = {"autovacuum": "off", "full_page_writes": images,
                "checkpoint_timeout": "1h", "wal_keep_size": "1GB"}
    original = Cluster(**settings)
    copy = Cluster(**settings)
    coin = random.Random(5)
    try:
        original.start()
        with original.connect() as conn:
            conn.execute("CREATE TABLE d (id integer, n integer, t text, "
                         "v vector(3))")
            conn.execute("ALTER TABLE d ALTER t SET STORAGE EXTERNAL")
            fill(conn, coin, 0, 1000)
            conn.execute("CREATE " + INDEX.format("", "one"))
            conn.execute("CHECKPOINT")
            shutil.rmtree(copy.data)
            shutil.copytree(original.data, copy.data,
                            ignore=shutil.ignore_patterns(".s.*",
                                                          "postmaster.*"))
            work(conn, coin)
            kinds = {str(node): kind for node, kind in conn.execute(
                "SELECT relfilenode, relkind::text FROM pg_class WHERE "
                "relfilenode <> 0")}
        assert original.stop() == 0
        shutil.rmtree(copy.path("pg_wal"))
        shutil.copytree(original.path("pg_wal"), copy.path("pg_wal"))
        copy.start()
        assert "redo done at" in copy.log_text(), copy.tail()
        # before anything is asked: a query would prune pages
        assert copy.stop() == 0
        n = compare(original.path("base/5"), copy.path("base/5"), kinds)
        assert n > 100, n
        with open(original.path("pg_xact/0000"), "rb") as f, \
                open(copy.path("pg_xact/0000"), "rb") as g:
            assert f.read() == g.read(), "pg_xact"
        copy.start()
        assert copy.query("SELECT * FROM tusk_check('d')") == []
        assert copy.stop() == 0
    finally:
        original.remove()
        copy.remove()


def run(suite):
    for images in ("on", "off"):
        suite.run(test_replay_is_exact, images)
