#!/usr/bin/python3
"""index.py [BUILD_DIR]: an hnsw index from its build to its vacuum.

One private server, one table: the demo's words, or NAME.base.bvecs with
TUSK_BENCH_DATA=NAME.  Printed are seconds on the clock and of the backend's
processor time: of the build with all of its memory and with a half, a third, a
quarter and a tenth of it, of single-row inserts into the built index in one
transaction, and of VACUUMs after a tenth of the rows was deleted; beside them
the share of the build with all of its memory.  A NOTICE of a build tells after
how many rows its memory was full.  ROWS limits the table.
"""
import re
import time

from dataset import load
from servers import Tusk, connect, processor_time, running

INSERTS = 2000
M = 16


def bytes_per_row(dim):
    """Of the graph in memory, as hnswarena.c lays it out."""
    def lines(size):
        return (size + 63) // 64 * 64

    lists = 20 + 4 + 2 * M * 8 + 4
    upper = lines(4 + M * 8 + 4) / (M - 1)
    return lines(lines(lists + 8) + 4 * dim) + lines(16 + dim) + upper


def timed(connection, work):
    clock, used = time.perf_counter(), processor_time(connection)
    work()
    return (time.perf_counter() - clock, processor_time(connection) - used)


def measure(c):
    rows = c.execute("SELECT count(*) FROM items").fetchone()[0]
    dim = c.execute("SELECT vector_dims(embedding) FROM items "
                    "LIMIT 1").fetchone()[0]
    memory = rows * bytes_per_row(dim) / 1024
    base = None

    def show(step, seconds, note=""):
        clock, used = seconds
        print(f"{step:34} {clock:8.2f} s {used:8.2f} s processor "
              f"{used / base:7.2f} {note}", flush=True)

    c.execute("SET max_parallel_maintenance_workers = 0")
    said = []
    c.add_notice_handler(lambda d: said.append(d.message_primary))
    for part in (2, 0.5, 1 / 3, 0.25, 0.1):
        c.execute("DROP INDEX IF EXISTS items_v")
        c.execute(f"SET maintenance_work_mem = '{int(memory * part)}kB'")
        seconds = timed(c, lambda: c.execute(
            "CREATE INDEX items_v ON items USING hnsw "
            "(embedding vector_l2_ops)"))
        base = base or seconds[1]
        full = re.findall(r"after (\d+) tuples", " ".join(said))
        said.clear()
        show("build" if part > 1 else f"build, {part:.0%} of the memory",
             seconds, f"in memory: {full[0]} of {rows}" if full else "")

    # the rest as a user has it who has set nothing
    c.execute("RESET maintenance_work_mem")
    c.execute("REINDEX INDEX items_v")
    new = c.execute("SELECT id, embedding::text FROM items ORDER BY id LIMIT "
                    f"{INSERTS}").fetchall()

    def insert():
        with c.transaction():
            for i, v in new:
                # a little away from the row that it is made of
                first, rest = v[1:].split(",", 1)
                c.execute("INSERT INTO items VALUES (%s, %s::vector)",
                          (rows + i, f"[{float(first) + 0.01},{rest}"),
                          prepare=True)

    seconds = timed(c, insert)
    show(f"{INSERTS} inserts", seconds,
         f"{INSERTS / seconds[0]:.0f} rows a second")
    for n in (1, 2, 3):
        c.execute(f"DELETE FROM items WHERE id % 10 = {n}")
        show(f"VACUUM, a tenth deleted ({n})",
             timed(c, lambda: c.execute("VACUUM items")))


def main():
    with running(Tusk) as (work, server):
        load(server, work)
        with connect(server) as c:
            measure(c)


if __name__ == "__main__":
    main()
