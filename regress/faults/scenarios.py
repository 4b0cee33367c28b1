"""The builds that the fault matrix disturbs: a row each.

A further access method, or another way to build, is another row: nothing else
knows what is built.  A row's build should take some tens of milliseconds, and
its table is one of TABLES, loaded once per server.

    name       the first word of a case's name
    table      whose rows are indexed: one of TABLES
    statement  what the client sends; the index is called "x"
    settings   of the client's session
    also       points that are armed besides the one of the case, so that a rare
               schedule is the usual one
    leaves     a point of the leader at which the client closes its socket
    tells      parts of the messages of a run without faults that show that the
               row is what its name says: checked in the recording runs
    answer     of a statement that builds no index: the value that it returns
    fails      of a statement that goes wrong without a fault: its SQLSTATE
"""
from dataclasses import dataclass, field
import functools
import random

NEAREST = 10
QUERIES = 20


@dataclass(frozen=True)
class Table:
    rows: int
    dims: int
    apart: int = 0   # five heaps, so far from one another


TABLES = {
    # some 3 kB per element of hnsw: 1 MB of memory holds half of the rows
    "t": Table(600, 400),
    # 80 bytes per row of a sort: 1 MB holds half of them, a third of 1 MB a
    # sixth; and the sample of ivfflat with all that k-means needs is less
    "many": Table(24000, 8, 3),
}

HNSW = "USING hnsw (v vector_l2_ops) WITH (m = 8, ef_construction = 32)"
IVFFLAT = "USING ivfflat (v vector_l2_ops) WITH (lists = 5)"


@dataclass(frozen=True)
class Scenario:
    name: str
    statement: str = f"CREATE INDEX x ON t {HNSW}"
    table: str = "t"
    settings: dict = field(default_factory=dict)
    also: dict = field(default_factory=dict)
    leaves: str = ""
    tells: tuple = ()
    answer: str = ""
    fails: str = ""

    @property
    def concurrent(self):
        return "CONCURRENTLY" in self.statement


def build(name, workers, memory="64MB", spill="pack", leader="on", limit="-1",
          **more):
    """A row; memory of 1536 kB leaves 512 kB to the arena of a parallel build,
    4 MB leaves nothing, 1 MB is all that of a serial one."""
    settings = {"max_parallel_maintenance_workers": workers,
                "maintenance_work_mem": memory, "hnsw.build_spill": spill,
                "parallel_leader_participation": leader,
                "temp_file_limit": limit,
                "ivfflat.build_seed": 1}
    return Scenario(name, settings=settings, **more)


PACKED = ("was packed",)
FLUSHED = ("no longer fits",)
CONCURRENT = f"CREATE INDEX CONCURRENTLY x ON t {HNSW}"

# Whoever finds the arena full stands still for a moment, so that the others
# find it full too before the first one has done anything about it.
ALL_AT_ONCE = {"hnsw-graph-full": "sleep:20,times=3"}

# k-means has not come far when the last participant comes, and all wait for one
# another at its barriers.
ALL_IN_STEP = {"kmeans-block": "sleep:10,times=8"}

# Runs, merged before the last merge, of the rows whose numbers are odd.
SORT = ("SELECT count(*) FROM (SELECT id FROM many WHERE id % 2 = 1 ORDER BY "
        "id % 1009, v <-> '[1,2,3,4,5,6,7,8]' OFFSET 100) x")
SPILLED = f"CREATE INDEX x ON many {IVFFLAT}"

SCENARIOS = [
    build("serial", 0),
    build("serial-packed", 0, "1MB", tells=PACKED),
    build("serial-flushed", 0, "1MB", "page_inserts", tells=FLUSHED),
    build("parallel", 2),
    build("parallel-leaderless", 2, leader="off"),
    # nobody else wakes the leader, and the worker leaves slowly
    build("parallel-one-worker", 1, leader="off",
          also={"shm-mq-detach": "sleep:30,role=worker"}),
    build("parallel-packed", 2, "1536kB", tells=PACKED),
    build("parallel-flushed", 2, "1536kB", "page_inserts", tells=FLUSHED),
    build("parallel-full-for-all", 2, "4MB", "page_inserts", also=ALL_AT_ONCE,
          tells=FLUSHED),
    build("concurrent", 2, statement=CONCURRENT),
    build("concurrent-flushed", 2, "1536kB", "page_inserts",
          statement=CONCURRENT, tells=FLUSHED),
    build("client-leaves", 2, leaves="build-participant-done"),
    build("client-leaves-flushed", 2, "1536kB", "page_inserts",
          leaves="hnsw-flush-start"),
    build("ivfflat", 0, statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-parallel", 2, statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-leaderless", 2, leader="off",
          statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-client-leaves", 2, leaves="kmeans-step",
          statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-two-in-step", 1, also=ALL_IN_STEP,
          statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-three-in-step", 2, also=ALL_IN_STEP,
          statement=f"CREATE INDEX x ON t {IVFFLAT}"),
    build("ivfflat-spilled", 0, "1MB", table="many", statement=SPILLED),
    build("ivfflat-parallel-spilled", 2, "1MB", table="many",
          statement=SPILLED),
    build("ivfflat-client-leaves-spilled", 2, "1MB", table="many",
          leaves="sharedsort-given", statement=SPILLED),
    build("ivfflat-limited", 2, "1MB", table="many", statement=SPILLED,
          limit="200kB", fails="53400"),
    Scenario("sort-spilled", SORT, table="many", answer="11900",
             settings={"work_mem": "64kB"}),
    Scenario("sort-limited", SORT, table="many", answer="11900", fails="53400",
             settings={"work_mem": "64kB", "temp_file_limit": "500kB"}),
    Scenario("parallel-sum", "SELECT parallel_sum(2, 10000)",
             answer="50005000"),
]

BY_NAME = {s.name: s for s in SCENARIOS}


@functools.cache
def vectors_once(table):
    """Rows and queries, the same in every server of every run."""
    rng = random.Random(5)
    one = TABLES[table]
    text = [["[" + ",".join(f"{rng.gauss(one.apart * (i % 5 == j % 5), 1):.3f}"
                            for j in range(one.dims)) + "]"
             for i in range(n)] for n in (one.rows, QUERIES)]
    return text[0], text[1]


def load(conn):
    """Makes and fills the tables."""
    conn.execute("CREATE EXTENSION vector")
    conn.execute("CREATE EXTENSION parallel_sum")
    for name, table in TABLES.items():
        rows, _ = vectors_once(name)
        conn.execute(f"CREATE TABLE {name} (id integer, v vector({table.dims})) "
                     "WITH (parallel_workers = 2)")
        with conn.cursor().copy(f"COPY {name} FROM STDIN") as copy:
            copy.write("".join(f"{i}\t{row}\n" for i, row in enumerate(rows)))
