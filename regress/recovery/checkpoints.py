"""A checkpoint and other changes, in the order that hurts."""
import re
import threading

import psycopg

from cluster import Cluster
from harness import wait_for


def waiting_at(cluster, event):
    return cluster.query("SELECT count(*) FROM pg_stat_activity WHERE "
                         f"wait_event = '{event}'")[0][0] > 0


def in_background(cluster, sql):
    def run():
        try:
            cluster.query(sql)
        except psycopg.Error:
            pass
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_changes_during_checkpoint(step):
    """The checkpoint is held at a step; what is changed meanwhile is behind its
    redo pointer, or in what it writes, and must be there after a crash."""
    cluster = Cluster(shared_buffers="2MB")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("INSERT INTO d VALUES (1)")
            conn.execute("SELECT injection_points_attach(%s, 'wait')", (step,))
            thread = in_background(cluster, "CHECKPOINT")
            wait_for(lambda: waiting_at(cluster, step), "the checkpoint")
            conn.execute("INSERT INTO d SELECT i FROM "
                         "generate_series(2, 2000) i")
            conn.execute("DELETE FROM d WHERE id <= 100")
            conn.execute("CREATE TABLE e (id integer)")
            conn.execute("INSERT INTO e VALUES (1)")
            conn.execute("SELECT injection_points_detach(%s)", (step,))
            conn.execute("SELECT injection_points_wakeup(%s)", (step,))
            thread.join()
            conn.execute("INSERT INTO e VALUES (2)")
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT count(*), min(id), max(id) FROM d") == \
            [(1900, 101, 2000)]
        assert cluster.query("SELECT id FROM e ORDER BY id") == [(1,), (2,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def test_checkpoint_during_commit():
    """A commit is in the log and not yet in the commit log: a checkpoint that
    begins now waits for it, for its replay would not see the record."""
    cluster = Cluster()
    step = "transaction-logged"
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer)")
            conn.execute("SELECT injection_points_attach(%s, 'wait')", (step,))
            writer = in_background(cluster, "INSERT INTO d VALUES (1)")
            wait_for(lambda: waiting_at(cluster, step), "the commit")
            conn.execute("SELECT injection_points_detach(%s)", (step,))
            # others go on, and make the record older than the redo pointer
            conn.execute("INSERT INTO d VALUES (2)")
            checkpoint = in_background(cluster, "CHECKPOINT")
            wait_for(lambda: waiting_at(cluster, "CheckpointDelayStart"),
                     "the checkpoint's wait")
            conn.execute("SELECT injection_points_wakeup(%s)", (step,))
            writer.join()
            checkpoint.join()
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT id FROM d ORDER BY id") == [(1,), (2,)]
        assert cluster.stop() == 0
    finally:
        cluster.remove()


def test_checkpoints_by_volume():
    """max_wal_size brings checkpoints, and old segments are used again."""
    cluster = Cluster(shared_buffers="8MB", max_wal_size="48MB",
                      min_wal_size="32MB", checkpoint_timeout="1h",
                      checkpoint_completion_target="0")
    try:
        cluster.start()
        with cluster.connect() as conn:
            conn.execute("CREATE TABLE d (id integer, t text)")
            for start in range(0, 60000, 6000):
                conn.execute(
                    "INSERT INTO d SELECT i, repeat('x', 1900) FROM "
                    f"generate_series({start}, {start + 5999}) i")
        wait_for(lambda: re.search(r"checkpoint complete.* [1-9]\d* recycled",
                                   cluster.log_text()), "a recycled segment")
        assert "checkpoint starting: wal" in cluster.log_text()
        cluster.query("CHECKPOINT")
        assert len(cluster.segments()) <= 6, cluster.segments()
        cluster.kill()
        cluster.start()
        assert cluster.query("SELECT count(*) FROM d") == [(60000,)]
        assert cluster.stop() == 0
        cluster.check_files()
    finally:
        cluster.remove()


def run(suite):
    for one in ("checkpoint-redo-set", "checkpoint-buffers", "checkpoint-sync",
                "checkpoint-record"):
        suite.run(test_changes_during_checkpoint, one)
    suite.run(test_checkpoint_during_commit)
    suite.run(test_checkpoints_by_volume)
