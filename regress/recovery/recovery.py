"""Recovery: whatever is killed, at whatever instant, every acknowledged row and
every finished index is there after the restart, and nothing else is.

sweep.py ends everything at the n-th operation on files; load.py lets clients
work while processes are killed; checkpoints.py orders a checkpoint and other
changes; damage.py damages a file; disk.py fills the disk and lets calls fail;
volume.py reads what is in the log.
"""
import os
import sys

import psycopg

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
sys.path.insert(0, here)
import checkpoints  # noqa: E402
import damage  # noqa: E402
import disk  # noqa: E402
import load  # noqa: E402
import replay  # noqa: E402
import sweep  # noqa: E402
import volume  # noqa: E402
from cluster import make_template  # noqa: E402
from harness import Suite  # noqa: E402
from workload import Feature  # noqa: E402


def prepare(conn):
    try:
        conn.execute("CREATE EXTENSION vector")
    except psycopg.Error:
        pass
    sweep.feature = Feature(conn)


suite = Suite()
template = make_template(prepare)
for part in (sweep, load, checkpoints, damage, disk, replay, volume):
    part.run(suite)
suite.finish(template)
