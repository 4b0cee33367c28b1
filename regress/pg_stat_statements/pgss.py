"""pg_stat_statements: the same counts as PostgreSQL 15's, and what becomes of
them.

Story: a list of statements runs in PostgreSQL 15 and here, and the views must
say the same.  Then sessions run more statements than the table has room for,
the file of the texts grows and is rewritten, the server stops, crashes, starts
over damaged files, and each step with a file fails.
The danger: a text that belongs to another statement, counts that a stop loses
or a crash keeps, a session that dies of statistics.
"""
import os
import subprocess
import sys
import threading
import zlib

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from harness import Server, Suite, wait_for  # noqa: E402
from postgres15 import Peer  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
VIEW = ("SELECT toplevel, calls, rows, plans, query FROM pg_stat_statements "
        "ORDER BY query COLLATE \"C\", toplevel, calls")

suite = Suite()
server = Server(shared_buffers="16MB", max_connections=20, autovacuum="off",
                **{"pg_stat_statements.max": 100}).start()
server.query("CREATE EXTENSION pg_stat_statements")


def in_data(path):
    return os.path.join(server.data, path)


TEXTS = in_data("pg_stat_tmp/pgss_query_texts.stat")
DUMP = in_data("pg_stat/pg_stat_statements.stat")


def reset():
    server.query("SELECT pg_stat_statements_reset()")


def row(text, columns="calls"):
    """Of the statement with that text, or None."""
    found = server.query(f"SELECT {columns} FROM pg_stat_statements "
                         "WHERE query = %s", (text,))
    return found[0] if found else None


def statement(name):
    """One of its own: what a column is called does not make a query another
    one, what is computed does."""
    bits = f"{zlib.crc32(name.encode()):032b}"
    return "SELECT 1" + "".join(" + 1" if bit == "1" else " - 1"
                                for bit in bits) + f" AS {name}"


def named(name, columns="calls"):
    found = server.query(f"SELECT {columns} FROM pg_stat_statements WHERE "
                         "query LIKE '% AS " + name + "'")
    assert len(found) < 2, found
    return found[0] if found else None


# ---- beside PostgreSQL 15 ----

def columns_of(conn, names):
    return conn.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, -1) FROM "
        "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE attnum > 0 "
        "AND relname = ANY (%s) ORDER BY relname, attnum", (names,)).fetchall()


def test_like_postgres(file):
    peer = Peer("shared_preload_libraries=pg_stat_statements")
    try:
        answers = []
        for host, user in ((peer.dir, "peer"), (server.data, None)):
            def psql(*args):
                return subprocess.run(
                    ["psql", "-X", "-q", "-At", "-h", host, "-d", "postgres",
                     *(["-U", user] if user else []), *args],
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    text=True, timeout=60).stdout
            psql("-c", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            psql("-c", "SELECT pg_stat_statements_reset()")
            psql("-f", os.path.join(HERE, file))
            answers.append(psql("-c", VIEW).splitlines())
        for line in answers[0]:
            assert line in answers[1], f"missing: {line}\n{answers[1]}"
        for line in answers[1]:
            assert line in answers[0], f"too many: {line}\n{answers[0]}"
        assert len(answers[0]) == len(answers[1]) > 20
        views = ["pg_stat_statements", "pg_stat_statements_info"]
        with peer.connect() as theirs, server.connect() as ours:
            assert columns_of(theirs, views) == columns_of(ours, views)
    finally:
        peer.destroy()


def test_extended_protocol():
    """A prepared statement has one entry however often it is run, and those
    that differ by values too; its rows come in pieces."""
    reset()
    with server.connect() as conn:
        for i in range(10):
            conn.execute("SELECT %s::int + 40", (i,), prepare=True)
        assert row("SELECT $1::int + $2", "calls, rows") == (10, 10)
        conn.execute("SELECT 'secret' WHERE %s", (True,))
        assert row("SELECT $2 WHERE $1") == (1,), server.query(VIEW)


def test_counts():
    """Times, rows, buffers and log records are of the statement."""
    reset()
    with server.connect() as conn:
        conn.execute("CREATE TABLE counted (a int, b text)")
        for n in (1000, 1500):
            conn.execute(f"INSERT INTO counted SELECT i, 'x' FROM "
                         f"generate_series(1, {n}) i")
        conn.execute("SELECT count(*) FROM counted")
        # so different that no wait for a processor makes them equal
        conn.execute("SELECT pg_sleep(2.0)")
        conn.execute("SELECT pg_sleep(0.01)")
        conn.execute("SET work_mem = '64kB'")
        conn.execute("SELECT a FROM counted ORDER BY b, a DESC OFFSET 2400")
        conn.execute("CREATE TEMP TABLE mine AS SELECT 1")
        conn.execute("SELECT * FROM mine")
    got = row("INSERT INTO counted SELECT i, $1 FROM generate_series($2, $3) i",
              "calls, rows, wal_records > 0, wal_bytes > 1000, "
              "shared_blks_hit > 0, shared_blks_dirtied > 0")
    assert got == (2, 2500, True, True, True, True), got
    got = row("SELECT count(*) FROM counted",
              "rows, shared_blks_hit > 5, wal_bytes, "
              "total_exec_time = mean_exec_time, stddev_exec_time")
    assert got == (1, True, 0, True, 0), got
    got = row("SELECT pg_sleep($1)",
              "calls, min_exec_time >= 10, max_exec_time >= 2000, "
              "total_exec_time >= 2010, mean_exec_time > min_exec_time, "
              "mean_exec_time < max_exec_time, stddev_exec_time >= 10, "
              "total_plan_time")
    assert got == (2, True, True, True, True, True, True, 0), got
    assert row("SELECT a FROM counted ORDER BY b, a DESC OFFSET $1",
               "rows, temp_blks_written > 0") == (100, True)
    assert row("SELECT * FROM mine", "local_blks_hit > 0") == (True,)
    server.query("DROP TABLE counted")


def test_failed_statement():
    """It is not counted, and the session's next one is, at the top level."""
    reset()
    with server.connect() as conn:
        for sql in ("SELECT 1 / 0", "DROP TABLE nobody",
                    "EXPLAIN ANALYZE SELECT 1 / (random() * 0)"):
            try:
                conn.execute(sql)
                raise AssertionError(sql)
            except psycopg.Error:
                pass
        conn.execute("SELECT 'after'")
    assert row("SELECT $1", "toplevel, calls") == (True, 1)
    assert row("DROP TABLE nobody") is None


def test_query_id():
    """pg_stat_activity names the entry; the same in EXPLAIN if asked for."""
    reset()
    with server.connect() as conn, server.connect() as other:
        conn.execute("SELECT 1 AS one")
        one = row("SELECT $1 AS one", "queryid")
        got = other.execute("SELECT query_id FROM pg_stat_activity WHERE "
                            "pid = %s", (conn.info.backend_pid,)).fetchone()
        assert got == one, (got, one)
        conn.execute("SET compute_query_id = on")
        plan = "".join(r[0] for r in conn.execute(
            "EXPLAIN (VERBOSE) SELECT 7 AS two"))
        assert f"Query Identifier: {one[0]}" in plan, plan
        conn.execute("SET compute_query_id = off")
        conn.execute("SELECT 1 AS one")
        assert other.execute(
            "SELECT query_id FROM pg_stat_activity WHERE pid = %s",
            (conn.info.backend_pid,)).fetchone() == (None,)
    assert row("SELECT $1 AS one", "calls") == (1,)


def test_reset_one():
    reset()
    before = server.query("SELECT stats_reset FROM pg_stat_statements_info")
    server.query(statement("a"))
    server.query(statement("b"))
    queryid, userid, dbid = named("a", "queryid, userid, dbid")
    server.query(f"SELECT pg_stat_statements_reset(0, 0, {queryid})")
    assert named("a") is None
    assert named("b") == (1,)
    server.query(f"SELECT pg_stat_statements_reset({userid + 1})")
    server.query(f"SELECT pg_stat_statements_reset(0, {dbid + 1})")
    assert named("b") == (1,)
    assert server.query(
        "SELECT stats_reset FROM pg_stat_statements_info") == before
    server.query(f"SELECT pg_stat_statements_reset({userid}, {dbid})")
    assert named("b") is None
    assert server.query(
        "SELECT stats_reset FROM pg_stat_statements_info") > before


def test_extension():
    """Its names go and come; a table of the user's is not replaced; without
    the library there is PostgreSQL's error, with an unknown one no start."""
    server.query("DROP EXTENSION pg_stat_statements")
    with server.connect() as conn:
        for sql in ("SELECT * FROM pg_stat_statements",
                    "SELECT * FROM pg_stat_statements(true)",
                    "SELECT pg_stat_statements_reset()"):
            try:
                conn.execute(sql)
                raise AssertionError(sql)
            except (psycopg.errors.UndefinedTable,
                    psycopg.errors.UndefinedFunction):
                pass
        conn.execute("CREATE TABLE pg_stat_statements (a int)")
        try:
            conn.execute("CREATE EXTENSION pg_stat_statements")
            raise AssertionError("no error")
        except psycopg.errors.DuplicateTable as e:
            assert 'relation "pg_stat_statements" already exists' in str(e)
        conn.execute("DROP TABLE pg_stat_statements")
        conn.execute("CREATE EXTENSION pg_stat_statements")
        assert conn.execute("SELECT count(*) > 0 FROM pg_stat_statements(false)"
                            " WHERE query IS NULL").fetchone() == (True,)
    server.stop()
    server.start(shared_preload_libraries="")
    try:
        server.query("SELECT * FROM pg_stat_statements")
        raise AssertionError("no error")
    except psycopg.errors.ObjectNotInPrerequisiteState as e:
        assert ("pg_stat_statements must be loaded via shared_preload_"
                "libraries") in str(e), e
    server.stop()
    done = server.run_tool("start", "-D", server.data, "-l", server.log, "-o",
                           "shared_preload_libraries=vector,auto_explain",
                           check=False)
    assert done.returncode != 0
    assert ('could not access file "auto_explain": No such file or directory'
            in server.log_text())
    server.start()


# ---- more than there is room for ----

def run_many(count, prefix, conn):
    for i in range(count):
        conn.execute(statement(f"{prefix}{i}"))


def test_full():
    """The least used go, a twentieth at a time; the often used stay."""
    reset()
    with server.connect() as conn:
        for _ in range(30):
            conn.execute(statement("often"))
        run_many(300, "full", conn)
        assert named("often") == (30,)
        count, = conn.execute("SELECT count(*) FROM "
                              "pg_stat_statements").fetchone()
        assert 50 <= count <= 100, count
        dealloc, = conn.execute("SELECT dealloc FROM "
                                "pg_stat_statements_info").fetchone()
        assert 10 <= dealloc <= 40, dealloc


def test_texts_rewritten():
    """The file of the texts does not grow for ever, and no text changes."""
    reset()
    largest = 0
    rewritten = False
    with server.connect() as conn:
        for i in range(1200):
            wide = ", ".join(f"a{j}" for j in range(150))
            conn.execute(f"/* {wide} */ {statement(f'g{i}')}")
            size = os.path.getsize(TEXTS)
            rewritten = rewritten or size < largest
            largest = max(largest, size)
        texts = conn.execute("SELECT query FROM pg_stat_statements WHERE query "
                             "LIKE '% AS g%'").fetchall()
    assert rewritten and largest < 300 * 1024, largest
    assert len(texts) > 50
    for text, in texts:
        assert text.startswith(f"/* {wide} */ SELECT $1 "), text


def test_everybody_at_once():
    """Sessions with more statements than fit, others that read and reset."""
    reset()
    failed = []

    def work(n):
        try:
            with server.connect() as conn:
                for turn in range(3):
                    run_many(120, f"s{n}t{turn}x", conn)
        except psycopg.Error as e:
            failed.append(e)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    with server.connect() as conn:
        while any(thread.is_alive() for thread in threads):
            for query, calls in conn.execute(
                    "SELECT query, calls FROM pg_stat_statements"):
                assert query is not None and calls > 0, (query, calls)
                assert query.startswith("SELECT"), query
    for thread in threads:
        thread.join()
    assert not failed, failed
    reset()


# ---- stops, crashes, files ----

def test_clean_stop():
    """Counts and texts are there afterwards, but with save = off."""
    reset()
    for _ in range(3):
        server.query(statement("kept"))
    want = named("kept", "queryid, calls, total_exec_time")
    before = server.query("SELECT * FROM pg_stat_statements_info")
    server.stop()
    assert os.path.exists(DUMP) and not os.path.exists(TEXTS)
    server.start()
    assert not os.path.exists(DUMP)
    assert named("kept",
               "queryid, calls, total_exec_time") == want
    server.query(statement("kept"))
    assert named("kept") == (4,)
    assert server.query("SELECT * FROM pg_stat_statements_info") == before
    server.stop()
    server.start(**{"pg_stat_statements.save": "off"})
    server.query(statement("lost"))
    server.stop()
    assert not os.path.exists(TEXTS)
    os.remove(DUMP)
    server.start()
    assert named("lost") is None


def test_crash():
    """Nothing stays: neither counts nor the file."""
    server.query(statement("crashed"))
    assert named("crashed") == (1,)
    server.stop("immediate")
    server.start()
    assert named("crashed") is None
    assert not os.path.exists(DUMP)


def test_damaged_file():
    """It is told in the log, and is no reason not to start."""
    server.query(statement("damaged"))
    server.stop()
    with open(DUMP, "r+b") as f:
        f.seek(-20, os.SEEK_END)
        byte = f.read(1)
        f.seek(-1, os.SEEK_CUR)
        f.write(bytes([byte[0] ^ 1]))
    server.start()
    assert 'ignoring invalid data in file "pg_stat/pg_stat_' \
        in server.log_text()
    assert named("damaged") is None
    for length in (0, 10, 100):
        server.stop()
        os.truncate(DUMP, length)
        server.start()
        assert server.serving()


def blocked(path):
    """A directory in the place of the file: nothing can be opened there."""
    if os.path.exists(path):
        os.remove(path)
    os.mkdir(path)


def test_texts_cannot_be_written():
    """Statements go on; what they took is not kept, a line in the log is."""
    reset()
    blocked(TEXTS)
    assert len(server.query(statement("unwritten"))) == 1
    wait_for(lambda: f'could not write file "{os.path.relpath(TEXTS, server.data)}"'
             in server.log_text(), "the line")
    assert named("unwritten") is None
    os.rmdir(TEXTS)
    assert len(server.query(statement("unwritten"))) == 1
    assert named("unwritten") == (1,)


def test_texts_are_gone():
    """Counts are there without them; a stop keeps those."""
    reset()
    server.query(statement("textless"))
    queryid, = named("textless", "queryid")
    os.remove(TEXTS)
    by_id = f"SELECT calls, query FROM pg_stat_statements WHERE " \
            f"queryid = {queryid}"
    assert server.query(by_id) == [(1, None)]
    server.stop()
    server.start()
    assert server.query(by_id) == [(1, None)]


def test_dump_cannot_be_written():
    server.stop()
    tmp = in_data("pg_stat/pg_stat_statements.tmp")
    server.start()
    os.mkdir(tmp)
    server.stop()
    assert 'could not write file "pg_stat/pg_stat_statements.tmp"' \
        in server.log_text()
    os.rmdir(tmp)
    server.start()
    assert server.serving()


def test_injected(point):
    """A step fails inside of a session: the statement does, nothing else."""
    reset()
    with server.connect() as conn:
        run_many(40, "before", conn)
        # these two must have their entries when the step fails
        for where in ("try-other", point):
            conn.execute(f"SELECT injection_points_attach('{where}', 'error')")
            if where != point:
                conn.execute(f"SELECT injection_points_detach('{where}')")
        failed = 0
        for i in range(80):
            try:
                conn.execute(f"/* {'x' * 4000} */ {statement(f'inj{i}')}")
            except psycopg.Error as e:
                assert point in str(e), e
                failed += 1
                break
        assert failed == 1
        server.query(f"SELECT injection_points_detach('{point}')")
        reset()
        conn.execute(statement("fine"))
        assert named("fine") == (1,)


def test_killed_at_stop(point):
    """A stop that dies while it writes leaves no half a file to believe."""
    server.query(statement("stopped"))
    server.query(f"SELECT injection_points_attach('{point}', 'error')")
    server.stop(check=False)
    wait_for(lambda: not server.processes(), "the end")
    server.start()
    assert server.serving()
    server.query(statement("stopped"))


def test_killed_at_start():
    """It has read the file and not removed it: the next start reads it."""
    reset()
    server.query(statement("kept"))
    server.stop()
    server.env["TUSK_INJECTION_POINTS"] = "pgss-dump-read=kill"
    try:
        assert server.run_tool("start", "-D", server.data, "-l", server.log,
                               check=False).returncode != 0
    finally:
        del server.env["TUSK_INJECTION_POINTS"]
    wait_for(lambda: not server.processes(), "the end")
    server.start()
    assert named("kept") == (1,)


for f in "statements.sql", "nested.sql":
    suite.run(test_like_postgres, f)
for test in (test_extended_protocol, test_counts, test_failed_statement,
             test_query_id, test_reset_one, test_extension, test_full,
             test_texts_rewritten, test_everybody_at_once, test_clean_stop,
             test_crash, test_damaged_file, test_texts_cannot_be_written,
             test_texts_are_gone, test_dump_cannot_be_written):
    suite.run(test)
for point in "pgss-text-store", "pgss-text-gc":
    suite.run(test_injected, point)
for point in "pgss-dump-write", "pgss-dump-rename":
    suite.run(test_killed_at_stop, point)
suite.run(test_killed_at_start)
server.stop()
suite.finish(server)
