"""tusk, the command-line tool: what it does, what it says, its exit codes.

The dangers: a wrong or cut file that is half loaded, a tool that says done and
was not, an exit status that a script cannot trust, something left behind.
"""
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import psycopg  # noqa: E402
from harness import (WATCHDOG, Passed, Server, Suite,  # noqa: E402
                     build_dir, wait_for)

DONE, FAILED, USAGE, NOT_RUNNING, NO_DIRECTORY = range(5)


def tusk(*args, **more):
    return subprocess.run([os.path.join(build_dir(), "bin", "tusk"), *args],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True,
                          timeout=WATCHDOG * 3, **more)


def expect(status, *args, out="", err="", **more):
    """The tool's status, and what must be in its two outputs."""
    done = tusk(*args, **more)
    assert done.returncode == status, (args, done)
    assert out in done.stdout, (args, done)
    assert err in done.stderr, (args, done)
    return done


def path(name):
    return os.path.join(server.dir, name)


def write_vectors(name, vectors):
    """By the file's kind: f, b or i."""
    pattern = {"f": "f", "b": "B", "i": "i"}[name[-5]]
    with open(path(name), "wb") as f:
        for v in vectors:
            f.write(struct.pack(f"<i{len(v)}{pattern}", len(v), *v))
    return path(name)


def load(status, name, *args, **more):
    return expect(status, "load", "-D", server.data, *args, name, **more)


def tables():
    return [name for name, in server.query(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND oid >= 16384")]


# ---- usage ----

def test_usage():
    expect(DONE, "--help", out="Usage: tusk COMMAND")
    expect(DONE, "--version", out="tusk (Tusk) 0.1\n")
    expect(USAGE, err="Usage: tusk COMMAND")
    expect(USAGE, "nosuch", err='unknown command "nosuch"')
    for command in ("init", "start", "stop", "status", "load", "bench",
                    "check", "demo"):
        done = expect(DONE, command, "--help", out=f"Usage: tusk {command}")
        assert done.stderr == "", done
        expect(USAGE, command, "--nosuch",
               err=f"tusk {command}: unrecognized option '--nosuch'")
    for command in ("init", "start", "stop", "status"):
        expect(USAGE, command, err=f"usage: tusk {command} -D DIR", env={})
        expect(USAGE, command, err="no data directory: give -D DIR", env={})
        expect(USAGE, command, "-D", "a", "b", err="too many arguments")
    expect(USAGE, "stop", "-D", server.data, "-m", "gently",
           err='invalid mode "gently"')
    expect(USAGE, "start", "-D", server.data, "-o", "nonsense",
           err='invalid setting "nonsense"')
    expect(USAGE, "load", "-D", server.data, err="FILE is missing")
    expect(USAGE, "load", "-D", server.data, "a.fvecs", "b.fvecs")
    expect(USAGE, "load", "-t", 'a"b', "a.fvecs", err="invalid table name")
    expect(USAGE, "load", "--limit", "0", "a.fvecs", err="--limit")
    expect(USAGE, "bench", "-D", server.data, err="--base FILE is missing")
    expect(USAGE, "bench", "--base", "a", err="--query FILE is missing")
    expect(USAGE, "bench", "--base", "a", "--query", "b", "--ef", "40,0",
           err="invalid value 0 for --ef: must be between 1 and 1000")
    expect(USAGE, "bench", "--base", "a", "--query", "b", "--metric", "l7",
           err='unknown metric "l7"')
    expect(USAGE, "bench", "--base", "a", "--query", "b", "--ef", "40,,80",
           err='invalid list "40,,80"')


# ---- init, start, stop, status ----

def test_life_of_a_directory():
    work = tempfile.mkdtemp(prefix="tusk-bin-")
    try:
        d = os.path.join(work, "d")
        expect(NO_DIRECTORY, "status", "-D", d,
               out="is no data directory: it does not exist")
        expect(FAILED, "start", "-D", d, err=f'"tusk init -D {d}"')
        expect(NO_DIRECTORY, "status", "-D", work, out='no file "PG_VERSION"')
        expect(FAILED, "start", "-D", work,
               err='is no data directory: it has no file "global/pg_control"')
        expect(NO_DIRECTORY, "status", "-D", __file__,
               out="is no data directory: it is no directory")
        expect(FAILED, "stop", "-D", d, err="no server is running")
        expect(DONE, "init", "-D", d, out=f"tusk start -D {d}")
        expect(FAILED, "init", "-D", d, err="not empty")
        expect(NOT_RUNNING, "status", "-D", d, out="No server is running.")
        expect(FAILED, "stop", "-D", d, err="no server is running")
        full = os.path.join(work, "full")
        os.mkdir(full)
        with open(os.path.join(full, "file"), "w"):
            pass
        expect(FAILED, "init", "-D", full)
        assert os.listdir(full) == ["file"]
        # an empty directory may be there, PGDATA names the default one
        os.mkdir(os.path.join(work, "empty"))
        expect(DONE, "init", env={"PGDATA": os.path.join(work, "empty")})
        # a wrong setting: the reason is told, nothing runs
        expect(FAILED, "start", "-D", d, "-o", "shared_buffers=lots",
               err="shared_buffers")
        expect(FAILED, "start", "-D", d, "-o", "no_such_setting=1",
               err="no_such_setting")
        expect(NOT_RUNNING, "status", "-D", d)
        done = expect(DONE, "start", "-D", d, "-o", "port=5544", "-o",
                      f"unix_socket_directories={work}")
        assert f"psql -h {work} -p 5544 postgres" in done.stdout, done
        # what it warns of is told at once, not only in the log
        assert ("WARNING:  the server is run by root\nHINT:" in done.stderr) \
            == (os.geteuid() == 0), done
        assert os.path.exists(os.path.join(work, ".s.PGSQL.5544"))
        pid = int(re.search(r"PID (\d+)", done.stdout).group(1))
        expect(DONE, "status", "-D", d, out=f"PID {pid}), ready")
        expect(FAILED, "start", "-D", d, err="already exists")
        expect(DONE, "status", "-D", d, out=f"PID {pid}), ready")
        for mode, again in (("smart", 1), ("fast", 1), ("immediate", 0)):
            expect(DONE, "stop", "-D", d, "-m", mode,
                   out="Server is stopped.")
            expect(NOT_RUNNING, "status", "-D", d)
            if again:
                expect(DONE, "start", "-D", d)
        # a process number of somebody else in an old file means nothing
        with open(os.path.join(d, "postmaster.pid"), "w") as f:
            f.write(f"{os.getpid()}\n{d}\n1\n5432\n\n")
        expect(NOT_RUNNING, "status", "-D", d)
        expect(FAILED, "stop", "-D", d, err="no server is running")
        # the program must be there
        expect(FAILED, "start", "-D", d, err="cannot be run",
               env={"TUSK_POSTMASTER": "/nonexistent"})
    finally:
        tusk("stop", "-D", os.path.join(work, "d"), "-m", "immediate")
        shutil.rmtree(work)


def test_not_allowed():
    """Who may not look into the directory is not told that nothing runs."""
    if os.geteuid() != 0:
        raise Passed("only root can be another user")
    nobody = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        tusk("--version", **nobody)
    except PermissionError:
        raise Passed("another user cannot run the programs") from None
    denied = f'could not access data directory "{server.data}": Permission'
    expect(NO_DIRECTORY, "status", "-D", server.data, err=denied, **nobody)
    for command in ("start", "stop", "check"):
        expect(FAILED, command, "-D", server.data, err=denied, **nobody)


# ---- load ----

def test_load_kinds():
    f = write_vectors("a.fvecs", [[1.5, -2], [1e-30, 3]])
    done = load(DONE, f, "-t", "kinds", out="2 rows of dimension 2 loaded")
    assert "Loading" in done.stderr
    b = write_vectors("a.bvecs", [[0, 255]])
    load(DONE, b, "-t", "kinds", "--first-id", "2")
    i = write_vectors("a.ivecs", [[-7, 70000], [1, 1], [2, 2]])
    load(DONE, i, "-t", "kinds", "--first-id", "3", "--limit", "1",
         out="1 rows")
    assert server.query("SELECT id, embedding FROM kinds ORDER BY id") == [
        (0, "[1.5,-2]"), (1, "[1e-30,3]"), (2, "[0,255]"),
        (3, "[-7,70000]")]
    # the default table, and another way to say where the server is
    expect(DONE, "load", "-h", server.data, "-p", "5432", f,
           out='into "items"')
    assert server.query("SELECT count(*) FROM items") == [(2,)]
    server.query("DROP TABLE kinds")
    server.query("DROP TABLE items")


def test_load_wrong_files():
    """Nothing of them gets into the table, and the reason is told."""
    good = write_vectors("good.fvecs", [[1, 2, 3]] * 5)
    load(DONE, good, "-t", "w")
    cases = {
        "cut.fvecs": (open(good, "rb").read()[:-1], "is truncated"),
        "empty.fvecs": (b"", "empty or truncated: 0 bytes"),
        "tiny.fvecs": (b"\3\0", "empty or truncated: 2 bytes"),
        "text.fvecs": (b"id,embedding\n1,[1,2,3]\n", "is no vector file"),
        "zero.fvecs": (struct.pack("<i", 0) * 4, "is no vector file"),
        "negative.fvecs": (struct.pack("<ii", -1, 0), "is no vector file"),
        # the right size, but the second record says another dimension
        "mixed.fvecs": (struct.pack("<i3f", 3, 1, 2, 3) +
                        struct.pack("<i3f", 2, 1, 2, 3), "is damaged"),
        "nan.fvecs": (struct.pack("<i3f", 3, 1, 2, 3) +
                      struct.pack("<i3f", 3, 1, float("nan"), 3),
                      "NaN not allowed in vector"),
        "inf.fvecs": (struct.pack("<i3f", 3, 1, float("inf"), 3),
                      "infinite value not allowed in vector"),
        "other.fvecs": (struct.pack("<i2f", 2, 1, 2),
                        "expected 3 dimensions, not 2"),
    }
    for name, (body, error) in cases.items():
        with open(path(name), "wb") as f:
            f.write(body)
        done = load(FAILED, path(name), "-t", "w", err=error)
        assert "rows of dimension" not in done.stdout, done
        assert server.query("SELECT count(*) FROM w") == [(5,)], name
    load(FAILED, path("nosuch.fvecs"), "-t", "w",
         err="No such file or directory")
    load(FAILED, path("good.csv"), "-t", "w",
         err="is none of .fvecs, .bvecs, .ivecs")
    os.mkdir(path("dir.fvecs"))
    load(FAILED, path("dir.fvecs"), "-t", "w", err="not a regular file")
    # a table of another shape
    server.query("CREATE TABLE shape (id bigint)")
    load(FAILED, good, "-t", "shape", err="has the columns (id bigint), must "
         "have (bigint, vector)")
    server.query("DROP TABLE shape")
    server.query("CREATE TABLE shape (id integer, embedding vector(3))")
    load(FAILED, good, "-t", "shape", err="(id integer, embedding vector), ")
    server.query("DROP TABLE shape")
    server.query("DROP TABLE w")
    # nobody there
    expect(FAILED, "load", "-h", server.dir, good, err="could not connect")
    expect(FAILED, "load", "-D", server.dir, good,
           err="no server is running")
    assert tables() == []


def test_load_interrupted():
    """Ctrl-C: the server is told to drop it, and no row stays."""
    big = path("big.fvecs")
    record = struct.pack("<i64f", 64, *range(64))
    with open(big, "wb") as f:
        for _ in range(400):
            f.write(record * 1000)
    process = subprocess.Popen(
        [os.path.join(build_dir(), "bin", "tusk"), "load", "-D", server.data,
         "-t", "cut", big], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    wait_for(lambda: server.query("SELECT 1 FROM pg_stat_activity WHERE query "
                                  "LIKE 'COPY \"cut\"%' AND state = 'active'"),
             "the COPY to run")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WATCHDOG)
    assert process.returncode == FAILED, (process.returncode, out, err)
    # the tool gives up between two messages, or cancels while it waits
    assert "interrupted" in err or "canceling statement" in err, err
    assert server.query("SELECT count(*) FROM cut") == [(0,)]
    server.query("DROP TABLE cut")
    os.unlink(big)


# ---- bench ----

def test_bench():
    random.seed(1)
    base = [[random.random() for _ in range(8)] for _ in range(600)]
    queries = [[random.random() for _ in range(8)] for _ in range(20)]

    def squares(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    exact = [sorted(range(600), key=lambda i: squares(base[i], q))[:10]
             for q in queries]
    write_vectors("base.fvecs", base)
    write_vectors("query.fvecs", queries)
    write_vectors("gt.ivecs", exact)
    args = ["bench", "-D", server.data, "--base", path("base.fvecs"),
            "--query", path("query.fvecs"), "--header", "--ef", "10,100"]
    for more in (["--gt", path("gt.ivecs")], ["--metric", "ip"],
                 ["--metric", "cosine", "--workers", "0,2"]):
        done = expect(DONE, *args, *more)
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        assert lines[0] == ["system", "threads", "build_s", "cpu_s", "ef",
                            "recall", "qps"], done
        assert len(lines) == 5, done
        threads = ["1", "1", "3", "3"] if "0,2" in more else \
            ["1", "1", "2", "2"]
        for line, n, ef in zip(lines[1:], threads, ["10", "100"] * 2):
            assert line[0] == "tusk" and line[1] == n and line[4] == ef, done
            assert 0 <= float(line[3]) < 60, done
            assert float(line[5]) >= (0.97 if ef == "100" else 0.7), done
            assert float(line[6]) > 0, done
    assert tables() == []
    expect(DONE, *args, "--keep", "--table", "kept", "--workers", "0")
    assert tables() == ["kept"]
    # a table that is there is somebody's: it is neither used nor dropped
    expect(FAILED, *args, "--table", "kept", err='table "kept" exists')
    assert server.query("SELECT count(*) FROM kept") == [(600,)]
    server.query("DROP TABLE kept")
    # exact neighbours that do not fit
    write_vectors("short.ivecs", [row[:5] for row in exact])
    expect(FAILED, *args, "--gt", path("short.ivecs"), err="needed are 10")
    expect(FAILED, *args, "--gt", path("base.fvecs"), err="--gt takes .ivecs")
    write_vectors("far.ivecs", [[700] * 10] * 20)
    expect(FAILED, *args, "--gt", path("far.ivecs"), err="names row 700")
    write_vectors("narrow.fvecs", [[1, 2]])
    args[6] = path("narrow.fvecs")
    expect(FAILED, *args, err="dimensions differ")
    assert tables() == []


# ---- check ----

def test_check():
    """Pages that cannot be read are told, all of them, of tables, indexes and
    values out of line; what is readable is looked at."""
    server.query("CREATE EXTENSION IF NOT EXISTS vector")
    for name in ("first", "second", "third", "fourth"):
        server.query(f"CREATE TABLE {name} (i integer, v vector(3), w text)")
        server.query(f"ALTER TABLE {name} ALTER w SET STORAGE EXTERNAL")
        server.query(f"INSERT INTO {name} SELECT g, '[1,2,3]', repeat('w', 3000)"
                     " FROM generate_series(1, 400) g")
        server.query(f"CREATE INDEX {name}_v ON {name} USING hnsw "
                     "(v vector_l2_ops)")
    done = expect(DONE, "check", "-D", server.data)
    assert done.stdout.count(": 0 defects\n") == 4, done
    expect(FAILED, "check", "-D", server.data, "nosuch",
           err='could not look at all of table "nosuch"\n'
               'ERROR:  relation "nosuch" does not exist')
    damaged = {}
    for name, relation, blocks in (
            ("first", "'first'", (0, 2)), ("second", "'second_v'", (1, 2)),
            ("third", "(SELECT reltoastrelid FROM pg_class WHERE "
             "relname = 'third')", (1, 5, 7))):
        (file,), = server.query(f"SELECT pg_relation_filepath({relation})")
        damaged[name] = (file, blocks)
    server.stop()
    for file, blocks in damaged.values():
        with open(os.path.join(server.data, file), "r+b") as f:
            for block in blocks:
                f.seek(block * 8192 + 4000)
                f.write(b"damaged")
    server.start()
    done = expect(FAILED, "check", "-D", server.data)
    for name, (file, blocks) in damaged.items():
        for block in blocks:
            said = f"invalid page in block {block} of relation {file}\n"
            assert done.stdout.count(said) == 1, (said, done.stdout)
        assert f"{name}: {len(blocks)} defects\n" in done.stdout, done.stdout
    assert "fourth: 0 defects\n" in done.stdout, done.stdout
    # nothing is pinned or in progress that the damaged pages have left
    expect(FAILED, "check", "-D", server.data, "first", out="2 defects")
    for name in ("first", "second", "third", "fourth"):
        server.query(f"DROP TABLE {name}")


def test_check_names():
    """Names that must be quoted, and long ones."""
    names = ["it's", 'a "b" c', "é" * 31, '"' * 63]
    for name in names:
        quoted = name.replace('"', '""')
        server.query(f'CREATE TABLE "{quoted}" (i integer)')
    done = expect(DONE, "check", "-D", server.data)
    assert done.stdout.count(": 0 defects\n") == len(names), done
    expect(DONE, "check", "-D", server.data, '"it\'s"', out="0 defects")
    for name in names:
        quoted = name.replace('"', '""')
        server.query(f'DROP TABLE "{quoted}"')


def test_check_beside_build():
    """A concurrent build waits for snapshots older than its end, while the look at
    its table waits for the build's lock.  The build must not be what fails: it is
    held until the look has waited for longer than deadlock_timeout, so that a
    deadlock is found by who comes last."""
    server.query("CREATE EXTENSION IF NOT EXISTS vector")
    server.query("CREATE TABLE built (i integer, v vector(2))")
    server.query("INSERT INTO built SELECT 1, '[1,2]' FROM "
                 "generate_series(1, 100)")
    step = "concurrent-index-build"
    server.query("SELECT injection_points_attach(%s, 'wait')", (step,))
    done = {}

    def build():
        try:
            server.query("CREATE INDEX CONCURRENTLY built_i ON built "
                         "USING hnsw (v vector_l2_ops)")
        except psycopg.Error as e:
            done["build"] = e

    def check():
        done["check"] = tusk("check", "-D", server.data, "built")
    threads = [threading.Thread(target=f) for f in (build, check)]
    threads[0].start()
    wait_for(lambda: server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = %s",
        (step,)) == [(1,)], "build")
    threads[1].start()
    wait_for(lambda: server.query(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
        "'SELECT * FROM tusk_check%' AND wait_event_type = 'Lock' AND "
        "backend_start < now() - interval '1.5 s'") == [(1,)], "check waits")
    server.query("SELECT injection_points_detach(%s)", (step,))
    server.query("SELECT injection_points_wakeup(%s)", (step,))
    for thread in threads:
        thread.join()
    assert "build" not in done, done
    assert done["check"].returncode == DONE, done
    assert done["check"].stdout == "built: 0 defects\n", done
    assert server.query("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                        "'built_i'::regclass") == [(True,)]
    server.query("DROP TABLE built")


# ---- demo ----

def test_small_demo():
    """The whole of it, on a word list of its own; nothing is left behind."""
    random.seed(2)
    work = tempfile.mkdtemp(prefix="tusk-bin-")
    words = os.path.join(work, "words")
    letters = "abcdefghijklmnopqrstuvwxyz"
    with open(words, "w") as f:
        f.writelines(sorted({"".join(random.choices(letters, k=8)) + "\n"
                             for _ in range(3000)}))
        f.write("accommodate\ndefinitely\npossessive's\n")
    env = dict(os.environ, TMPDIR=work)
    try:
        done = expect(DONE, "demo", "--words", words, "--vectors", work,
                      env=env)
        assert "built with 0 workers" in done.stdout, done.stdout
        assert "built with 1 worker " in done.stdout, done.stdout
        assert re.search(r"accomodate +->  accommodate \(", done.stdout)
        assert "server processes: 0" in done.stdout
        assert "temporary directory: removed, segments in /dev/shm: 0" in \
            done.stdout
        assert re.search(r"exact scan +recall@10 1.000", done.stdout)
        assert "possessive" not in done.stdout
        left = sorted(os.listdir(work))
        assert left == ["queries.fvecs", "queries.gt.ivecs", "words",
                        "words.fvecs"], left
        # the vectors alone: the same ones, and no server
        again = os.path.join(work, "again")
        os.mkdir(again)
        done = expect(DONE, "demo", "--words", words, "--vectors-only", again,
                      env=env)
        assert "private server" not in done.stdout, done.stdout
        for name in os.listdir(again):
            with open(os.path.join(work, name), "rb") as f, \
                    open(os.path.join(again, name), "rb") as g:
                assert f.read() == g.read(), name
        assert len(os.listdir(again)) == 3
        shutil.rmtree(again)
        expect(FAILED, "demo", "--words", "/nonexistent",
               err="could not read the word list", env=env)
        with open(words, "w") as f:
            f.write("few\nwords\n")
        expect(FAILED, "demo", "--words", words, env=env,
               err=f'word list "{words}" has 2 usable words, needed are 1000')
        assert sorted(os.listdir(work)) == left
    finally:
        shutil.rmtree(work)


def test_demo_interrupted():
    """Ctrl-C in the middle of it cleans up all the same."""
    work = tempfile.mkdtemp(prefix="tusk-bin-")
    words = os.path.join(work, "words")
    with open(words, "w") as f:
        f.writelines(f"word{i}\n" for i in range(30000))
    process = subprocess.Popen(
        [os.path.join(build_dir(), "bin", "tusk"), "demo", "--words", words],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ, TMPDIR=work))
    try:
        for line in process.stdout:
            if "Building the index" in line:
                break
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=WATCHDOG)
        assert process.returncode == FAILED, (process.returncode, out)
        assert "server processes: 0, temporary directory: removed" in out, out
        assert os.listdir(work) == ["words"], os.listdir(work)
    finally:
        process.kill()
        shutil.rmtree(work)


suite = Suite()
server = Server(shared_buffers="32MB").start()
suite.run_all(globals(), server)
