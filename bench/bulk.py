#!/usr/bin/python3
"""bulk.py [BUILD_DIR]: loading, scanning, sorting, vacuuming, replaying many rows.

Tusk and PostgreSQL 15 run side by side from private directories, each step by
turns, so that what else the machine does meets both.  Printed: the median of
the rounds, in milliseconds, and their ratio; below 1 Tusk is the faster one.
Replay is timed by the servers' own "redo done" line after a kill.
STEPS=insert,copy chooses, ROUNDS and ROWS set the size.
"""
import os
import re
import signal
import statistics
import time

from servers import PostgreSQL, Tusk, connect, running

ROUNDS = int(os.environ.get("ROUNDS", "5"))
ROWS = int(os.environ.get("ROWS", "400000"))
VALUES_ROWS = 1000
VALUES_STATEMENTS = 40

COPY_DATA = b"".join(b"%d\trow %d\n" % (i, i) for i in range(ROWS))
VALUES = "INSERT INTO load VALUES " + ", ".join(
    f"({i}, 'row {i}')" for i in range(VALUES_ROWS))
SOURCE = f"SELECT i, 'row ' || i FROM generate_series(1, {ROWS}) i"


def crash(server):
    """Ends everything at once, without a word."""
    with open(os.path.join(server.data, "postmaster.pid")) as f:
        pid = int(f.readline())
    os.kill(pid, signal.SIGKILL)
    while os.path.exists(f"/proc/{pid}"):
        time.sleep(0.05)
    time.sleep(1)  # PostgreSQL's children notice by themselves


def only(server, text):
    """The one row of a query in a session of its own."""
    with connect(server) as c:
        return c.execute(text).fetchone()


def recovery_time(server):
    """Seconds of the last replay, by the server's own account."""
    with open(server.log) as f:
        elapsed = re.findall(r"redo done .* elapsed: ([0-9.]+) s", f.read())
    return max(float(elapsed[-1]), 0.01)


def timed(connection, text):
    start = time.perf_counter()
    connection.execute(text)
    return (time.perf_counter() - start) * 1e3


def fresh(connection):
    connection.execute("DROP TABLE IF EXISTS load")
    connection.execute("CREATE TABLE load (i int, t text)")
    connection.execute("CHECKPOINT")


def filled(connection):
    fresh(connection)
    connection.execute("INSERT INTO load " + SOURCE)


def insert(server, c):
    fresh(c)
    return {"INSERT ... SELECT": timed(c, "INSERT INTO load " + SOURCE)}


def copy(server, c):
    fresh(c)
    start = time.perf_counter()
    with c.cursor().copy("COPY load FROM STDIN") as stream:
        for at in range(0, len(COPY_DATA), 65536):
            stream.write(COPY_DATA[at:at + 65536])
    return {"COPY FROM": (time.perf_counter() - start) * 1e3}


def values(server, c):
    fresh(c)
    start = time.perf_counter()
    with c.transaction():
        for _ in range(VALUES_STATEMENTS):
            c.execute(VALUES)
    return {f"{VALUES_STATEMENTS} x VALUES of {VALUES_ROWS} rows":
            (time.perf_counter() - start) * 1e3}


def series(server, c):
    return {"generate_series alone": timed(
        c, f"SELECT count(*) FROM ({SOURCE}) s")}


def scan(server, c):
    filled(c)
    c.execute("SELECT count(*) FROM load")  # sets the hint bits
    return {"count(*)": timed(c, "SELECT count(*) FROM load"),
            "sum of a filtered column": timed(
                c, "SELECT sum(i) FROM load WHERE i % 3 = 0"),
            "filter by text": timed(
                c, "SELECT count(*) FROM load WHERE t = 'row 77'")}


def update(server, c):
    filled(c)
    return {"UPDATE of each row": timed(c, "UPDATE load SET i = i + 1"),
            "DELETE of each row": timed(c, "DELETE FROM load")}


def vacuum(server, c):
    filled(c)
    times = {"VACUUM, first": timed(c, "VACUUM load")}
    c.execute("DELETE FROM load WHERE i % 2 = 0")
    times["VACUUM, half of the rows dead"] = timed(c, "VACUUM load")
    times["VACUUM FREEZE"] = timed(c, "VACUUM FREEZE load")
    return times


def checkpoint(server, c):
    filled(c)
    return {"CHECKPOINT after a load": timed(c, "CHECKPOINT")}


def recovery(server, c):
    """Inserts, updates and deletes, some with images of their pages."""
    filled(c)
    c.execute("CHECKPOINT")
    before, = only(server, "SELECT pg_current_wal_lsn()")
    c.execute("UPDATE load SET i = i + 1 WHERE i % 4 = 0")
    c.execute("DELETE FROM load WHERE i % 4 = 2")
    c.execute("INSERT INTO load " + SOURCE)
    written, = only(
        server, f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')")
    rows = only(server, "SELECT count(*), sum(i) FROM load")
    c.close()
    crash(server)
    server.start()
    assert only(server, "SELECT count(*), sum(i) FROM load") == rows
    seconds = recovery_time(server)
    return {"log of the same work, MB": float(written) / 1e6,
            "its replay": seconds * 1e3}


def sort(server, c):
    """Rows in disorder, all that memory holds and through files."""
    c.execute("DROP TABLE IF EXISTS load")
    c.execute("CREATE TABLE load (i int, n numeric, b bytea)")
    c.execute("INSERT INTO load SELECT k, k / 100.0, ('key' || k)::text::bytea "
              "FROM (SELECT (i::bigint * 829315601 % 1000003)::int AS k "
              f"FROM generate_series(1, {ROWS}) i) s")
    c.execute("SELECT count(*) FROM load")
    times = {}
    for memory in ("256MB", "4MB"):
        c.execute(f"SET work_mem = '{memory}'")
        for key in ("i", "n", "b"):
            times[f"ORDER BY {key}, {memory}"] = timed(
                c, f"SELECT * FROM load ORDER BY {key} OFFSET {ROWS - 1}")
    times["ORDER BY n LIMIT 100"] = timed(
        c, "SELECT * FROM load ORDER BY n LIMIT 100")
    return times


STEPS = {f.__name__: f for f in (series, insert, copy, values, scan, update,
                                 vacuum, sort, checkpoint, recovery)}


def main():
    wanted = os.environ.get("STEPS", ",".join(STEPS)).split(",")
    with running(Tusk, PostgreSQL) as (_, *servers):
        print(f"{'':>32} " + " ".join(f"{s.name + ' ms':>13}" for s in servers)
              + f" {'ratio':>6}")
        for name in wanted:
            results = {s.name: [] for s in servers}
            for _ in range(ROUNDS):
                for s in servers:
                    with connect(s) as c:
                        results[s.name].append(STEPS[name](s, c))
            for label in results[servers[0].name][0]:
                medians = [statistics.median(r[label]
                                             for r in results[s.name])
                           for s in servers]
                print(f"{label:>32} "
                      + " ".join(f"{m:13.1f}" for m in medians)
                      + f" {medians[0] / medians[1]:6.2f}", flush=True)


if __name__ == "__main__":
    main()
