#!/usr/bin/env python3
"""Who may come in: the rules of pg_hba.conf, the owner when there are none, and
what another user of the system reaches.

The danger is a rule that lets in whom it does not name: a wrong line that is
passed over, a reload that leaves half of the rules, a failing look at the
client's user that counts as the right one, a socket or a segment that anybody
may open.  Other users are real ones: the suite runs as root and psql as nobody
(65534); who is not root passes those tests over."""
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import postgres15  # noqa: E402
from harness import Passed, Server, Suite, wait_for  # noqa: E402

NOBODY = 65534

suite = Suite()
sockets = tempfile.mkdtemp(prefix="tusk-test-sockets-")
os.chmod(sockets, 0o755)
server = Server(max_connections=20)
server.settings["unix_socket_directories"] = f"{server.data},{sockets}"
HBA = os.path.join(server.data, "pg_hba.conf")
server.start()
ME = server.query("SELECT current_user")[0][0]


def need_root():
    if os.geteuid() != 0:
        raise Passed("other users need root")


def psql_as(uid, user=ME, host=sockets, dbname="postgres", sql="SELECT 1"):
    """(status, output) of psql run by that user of the system."""
    need_root()
    done = subprocess.run(
        ["psql", "-X", "-h", host, "-U", user, "-d", dbname, "-Atc", sql],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=60, user=uid, group=uid, extra_groups=[], cwd="/")
    return done.returncode, done.stdout


def refusal(host=None, **more):
    """What the client is told; None if it is in."""
    try:
        psycopg.connect(host=host or server.data, port=5432,
                        **{"dbname": "postgres", **more}).close()
    except psycopg.OperationalError as e:
        return str(e)
    return None


def log_since(mark):
    return server.log_text()[mark:]


def reload(text=None):
    """New rules (None: no file), and what the log says of them."""
    mark = len(server.log_text())
    if text is None:
        if os.path.exists(HBA):
            os.unlink(HBA)
    else:
        with open(HBA, "w") as f:
            f.write(text)
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    # the rules are read before the next connection is accepted
    wait_for(lambda: "reloading configuration files" in log_since(mark),
             "SIGHUP")
    return mark


def reload_wrong(text):
    """The lines of the log about a file that is wrong."""
    mark = reload(text)
    wait_for(lambda: "was not reloaded" in log_since(mark),
             "the refusal of the file")
    return log_since(mark)


def no_start(**more):
    """What the log says of a start that fails."""
    mark = len(server.log_text())
    try:
        server.start(**more)
    except AssertionError:
        return log_since(mark)
    raise AssertionError(f"it starts with {more}")


def restart(**more):
    server.stop()
    server.start(**more)


def test_owner_when_there_is_no_file():
    """Without a file: the server's user, as which role he likes, and nobody
    else, though the socket be open to all."""
    assert refusal() is None
    assert 'role "someone" does not exist' in refusal(user="someone")
    restart(unix_socket_permissions="0777")
    mark = len(server.log_text())
    status, out = psql_as(NOBODY)
    assert status == 2 and f'Peer authentication failed for user "{ME}"' in \
        out, out
    assert "user ID 65534 of the client is not the server's" in log_since(mark)


def test_root_may_when_another_user_runs_it():
    """Root may come in to a server of nobody's."""
    need_root()
    base = tempfile.mkdtemp(prefix="tusk-test-nobody-")
    data = os.path.join(base, "data")
    os.chmod(base, 0o755)
    os.chown(base, NOBODY, NOBODY)

    def tool(*args):
        return subprocess.run(
            [os.path.join(server.bin, "tusk"), *args, "-D", data],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, timeout=120, user=NOBODY, group=NOBODY,
            extra_groups=[], cwd="/")
    try:
        done = tool("init")
        if "Permission denied" in done.stdout:
            raise Passed("nobody cannot reach the programs")
        assert done.returncode == 0, done.stdout
        done = tool("start", "-l", os.path.join(base, "log"), "-o",
                    f"unix_socket_directories={base}", "-o",
                    "unix_socket_permissions=0777")
        assert done.returncode == 0, done.stdout
        try:
            assert psql_as(0, "nobody", base) == (0, "1\n")
            assert psql_as(NOBODY, "nobody", base) == (0, "1\n")
            status, out = psql_as(1, "nobody", base)
            assert status == 2 and "Peer authentication failed" in out, out
        finally:
            tool("stop", "-m", "fast")
    finally:
        shutil.rmtree(base)


def test_nothing_without_permission():
    """The default: another user reaches no socket, no file, no segment."""
    restart()
    for directory in (server.data, sockets):
        path = os.path.join(directory, ".s.PGSQL.5432")
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700, path
    status, out = psql_as(NOBODY)
    assert status == 2 and "Permission denied" in out, out
    pid = server.postmaster_pid()
    segments = [f"/proc/{pid}/fd/{fd}" for fd in os.listdir(f"/proc/{pid}/fd")
                if "memfd" in os.readlink(f"/proc/{pid}/fd/{fd}")]
    assert segments
    paths = segments + [f"/proc/{pid}/mem", f"/proc/{pid}/maps", server.data,
                        os.path.join(server.data, "base"),
                        os.path.join(server.data, "postmaster.pid")] + \
        ["/dev/shm/" + n for n in os.listdir("/dev/shm")
         if n.startswith("PostgreSQL.")]
    look = "import sys\n" \
        "for p in sys.argv[1:]:\n" \
        "  for mode in 'rb', 'r+b':\n" \
        "    try: open(p, mode)\n" \
        "    except PermissionError: continue\n" \
        "    print(p, mode)\n"
    done = subprocess.run(["/usr/bin/python3", "-c", look, *paths],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, user=NOBODY, group=NOBODY,
                          extra_groups=[], cwd="/")
    assert done.stdout == "", done.stdout


def test_group_and_permissions():
    """The socket of a group is for its members; the rule decides who is in."""
    need_root()
    restart(unix_socket_group="65534", unix_socket_permissions="0770")
    st = os.stat(os.path.join(sockets, ".s.PGSQL.5432"))
    assert (st.st_gid, stat.S_IMODE(st.st_mode)) == (65534, 0o770)
    assert "Peer authentication failed" in psql_as(NOBODY)[1]
    assert "Permission denied" in psql_as(1)[1]
    reload(f"local all {ME} trust\n")
    assert psql_as(NOBODY) == (0, "1\n")
    assert server.query("SHOW unix_socket_permissions") == [("0770",)]
    reload(None)
    assert "Peer authentication failed" in psql_as(NOBODY)[1]


def test_settings_that_are_wrong():
    """Wrong numbers and groups end the start, with the reason."""
    server.stop()
    for settings, text in (
            ({"unix_socket_permissions": "0888"}, "is an octal number"),
            ({"unix_socket_permissions": "1777"}, "is an octal number"),
            ({"unix_socket_group": "no-such-group"},
             'group "no-such-group" does not exist'),
            ({"hba_file": "/nonexistent/rules"},
             'could not open configuration file "/nonexistent/rules"')):
        log = no_start(**settings)
        assert text in log, log
    server.start(unix_socket_permissions="0777")


def test_peer():
    """peer: the role has the name of the user of the system, who is asked of
    the kernel."""
    need_root()
    reload("local all all peer\n")
    assert refusal() is None
    mark = len(server.log_text())
    assert 'Peer authentication failed for user "nobody"' in refusal(
        user="nobody")
    assert "provided user name (nobody) and authenticated user name (root) " \
        "do not match" in log_since(mark)
    assert 'Connection matched pg_hba.conf line 1: "local all all peer"' in \
        log_since(mark)
    # who is nobody is let through; that there is no such role comes after
    assert 'role "nobody" does not exist' in psql_as(NOBODY, "nobody")[1]
    assert f'Peer authentication failed for user "{ME}"' in psql_as(NOBODY)[1]


def test_first_rule_decides():
    """Order, lists, quotes, keywords, continued lines, rules of TCP."""
    reload('# who may\n'
           'host all all 127.0.0.1/32 trust\n'
           'local "all" all trust # a database of that name\n'
           'local other,third all trust\n'
           'local all no1, no2 \\\n'
           '   reject\n'
           f'local sameuser all trust\n'
           f'local postgres "{ME}",x trust\n')
    assert refusal() is None
    told = refusal(user="no2")
    assert 'pg_hba.conf rejects connection for host "[local]", user "no2", ' \
        'database "postgres", no encryption' in told, told
    told = refusal(user="y")
    assert 'no pg_hba.conf entry for host "[local]", user "y", database ' \
        '"postgres", no encryption' in told, told
    assert 'role "y" does not exist' in refusal(user="y", dbname="y")
    assert 'role "y" does not exist' in refusal(user="y", dbname="all")
    assert 'role "y" does not exist' in refusal(user="y", dbname="third")
    assert "no pg_hba.conf entry" in refusal(user="y", dbname="fourth")


WRONG = (
    ("lokal all all trust", 'invalid connection type "lokal"'),
    ("local,host all all trust",
     "multiple values specified for connection type"),
    ("local", "end-of-line before database specification"),
    ("local all", "end-of-line before role specification"),
    ("local all all", "end-of-line before authentication method"),
    ("local all all trusty", 'invalid authentication method "trusty"'),
    ("local all all trust,peer",
     "multiple values specified for authentication type"),
    ("local all all peer map", "authentication option not in name=value "
                               "format: map"),
    ("local all all peer krb=m", "unrecognized authentication option name: "
                                 '"krb"'),
    ("local all all trust map=m", 'authentication option "map" is only valid '
                                  "for authentication methods ident, peer"),
    ("local @names all trust", 'file "names" of names is not supported'),
    ("host all all", "end-of-line before IP address specification"),
    ("host all all 127.0.0.1", "end-of-line before netmask specification"),
    ("host all all 127.0.0.1/33 trust",
     'invalid CIDR mask in address "127.0.0.1/33"'),
    ("host all all 127.0.0.1/ trust",
     'invalid CIDR mask in address "127.0.0.1/"'),
    ("host all all 127.0.0.1 ffff trust", 'invalid IP mask "ffff"'),
    ("host all all 127.0.0.1 ::1 trust", "IP address and mask do not match"),
    ("host all all localhost trust", 'invalid IP address "localhost"'),
    ("host all all ::1/128 peer",
     "peer authentication is only supported on local sockets"),
    ("hostssl all all ::1/128 trust",
     'connection type "hostssl" is not supported'),
)


def test_wrong_lines_keep_the_old_rules():
    """Each kind of wrong line is named by its number, all of them at once, and
    none of the right ones beside them is in force."""
    reload("local all all trust\n")
    text = "local all all reject\n" + "".join(f"{line}\n" for line, _ in WRONG)
    log = reload_wrong(text)
    for n, (line, message) in enumerate(WRONG, 2):
        assert message in log, (line, log)
        assert f'line {n} of configuration file "{HBA}"' in log, (line, log)
    assert refusal() is None
    log = reload_wrong("# nothing\n\n")
    assert "contains no entries" in log, log
    assert refusal() is None
    reload_wrong("local all all trust\0\n")
    assert refusal() is None


SHOWN = """# TYPE DATABASE USER ADDRESS METHOD

local all all trust
local "all",sameuser +workers,"+x",bob peer
host all all 127.0.0.1/32 scram-sha-256
host db all 127.0.0.1 255.0.0.0 reject
hostnossl all all ::1/128 trust
hostnogssenc all all all trust
host all all samehost trust
host all all samenet \\
 trust
local all
nonsense all all trust
host all all 1.2.3.4/40 trust
host all all 127.0.0.1 ::1 trust
host all all 127.0.0.1/32
host "a db" all "127.0.0.1/32" peer
local all all trust # the end
local all all peer map=m
local all all peer map=m,map=n map=
local all all peer krb=m
local all all peer map
local all all scram-sha-256 map=m
"""

SHOWN_MAPS = """# MAP USER ROLE

m root boss
m,n root boss
m "/^adm[a-z]$" boss
m root
m
"a b" "c d" "e" f
m root,x y
"""

VIEWS = {"pg_hba_file_rules": ("pg_hba.conf", SHOWN),
         "pg_ident_file_mappings": ("pg_ident.conf", SHOWN_MAPS)}


def test_views():
    """They are the files as they are, in force or not, line by line as
    PostgreSQL 15 has it; a superuser's."""
    reload("local all all trust\n")

    def shown(data, query):
        found = []
        for view, (name, text) in VIEWS.items():
            with open(os.path.join(data, name), "w") as f:
                f.write(text)
            found += [query(f"SELECT * FROM {view}"), query(
                "SELECT attname, atttypid::regtype::text FROM pg_attribute "
                f"WHERE attnum > 0 AND attrelid = '{view}'::regclass "
                "ORDER BY attnum")]
        return found
    both = shown(server.data, server.query)
    ours, maps = both[0], both[2]
    numbers = [r[0] for r in ours]
    assert numbers == [*range(3, 11), *range(12, 24)], numbers
    wrong = [r[0] for r in ours if r[-1] is not None]
    assert wrong == [12, 13, 14, 15, 16, 17, 21, 22, 23], ours
    assert [r[0] for r in maps if r[-1] is None] == [3, 5, 8], maps
    assert ours[1] == (4, "local", ["all", "sameuser"],
                       ["+workers", "+x", "bob"], None, None, "peer", None,
                       None), ours[1]
    assert refusal() is None
    if os.path.exists(f"{postgres15.BIN}/initdb"):
        peer = postgres15.Peer()
        try:
            with peer.connect() as conn:
                theirs = shown(peer.data,
                               lambda sql: conn.execute(sql).fetchall())
        finally:
            peer.destroy()
        for mine, other in zip(both, theirs):
            assert mine == other, [p for p in zip(mine, other)
                                   if p[0] != p[1]]
    os.unlink(os.path.join(server.data, "pg_ident.conf"))
    show = "SELECT * FROM pg_hba_file_rules"
    with server.connect() as conn:
        conn.execute("CREATE ROLE plain")
        conn.execute("SET ROLE plain")
        for view in VIEWS:
            try:
                conn.execute(f"SELECT * FROM {view}")
                raise AssertionError("everybody sees the rules")
            except psycopg.errors.InsufficientPrivilege as e:
                assert view in str(e), e
        conn.execute("RESET ROLE")
        conn.execute("DROP ROLE plain")
        for point in "hba-open", "hba-read":
            conn.execute("SELECT injection_points_attach(%s, %s)", (
                point, f"errno:EIO,pid={conn.info.backend_pid}"))
            try:
                conn.execute(show)
                raise AssertionError(point)
            except psycopg.Error as e:
                assert e.sqlstate == "58030" and HBA in str(e), e
            conn.execute("SELECT injection_points_detach(%s)", (point,))
        os.unlink(HBA)
        for view in VIEWS:
            assert conn.execute(f"SELECT * FROM {view}").fetchall() == []
    reload(None)


def maps(text):
    """New maps (None: no file), and the place in the log before them."""
    path = os.path.join(server.data, "pg_ident.conf")
    if text is None:
        os.unlink(path)
    else:
        with open(path, "w") as f:
            f.write(text)
    return reload("local all mapped,other peer map=m\n"
                  "local all empty peer map=\nlocal all all trust\n")


def test_maps():
    """map= of a rule and pg_ident.conf: which user of the system may be which
    role, and nobody else; a wrong file keeps the maps there were, and at the
    start lets nobody in by a map."""
    me = pwd.getpwuid(os.geteuid()).pw_name
    ident = os.path.join(server.data, "pg_ident.conf")
    for role in "mapped", "other", "empty":
        server.query(f"CREATE ROLE {role} LOGIN")

    def state():
        return [refusal(user=role) is None for role in ("mapped", "other")]
    mark = maps(f"m {me} mapped\nn {me} other\n")
    assert state() == [True, False]
    assert (f'no match in usermap "m" for user "other" authenticated as '
            f'"{me}"') in log_since(mark), log_since(mark)
    # an empty name is none: the role's name is to be the user's
    assert refusal(user="empty") is not None
    assert "do not match" in log_since(mark)
    for text, wanted in (
            (f"m {me} other\nm {me} mapped # both\n", [True, True]),
            (f"m {me}x mapped\nm {me} mappe\nM {me} mapped\n",
             [False, False]),
            (f'm "/^{me[:2]}.*$" other\n', [False, True]),
            (f"m /{me[1:]} mapped\n", [True, False]),
            (f"m /^{me[1:]}$ mapped\n", [False, False]),
            ("# nothing\n", [False, False]), (None, [False, False]),
            (f"m {me} mapped\n", [True, False])):
        maps(text)
        assert state() == wanted, (text, state())
    # wrong ones: all of them are told, and the last right ones stay
    for line, message in (
            (f"m {me}", "missing entry at end of line"),
            (f"m {me},x other", "multiple values in ident field"),
            ("m /(x other", 'invalid regular expression "(x": '),
            ("m /x(.*) \\1", 'back reference in "\\1" is not supported')):
        mark = maps(f"m {me} other\n{line}\n")
        wait_for(lambda: f"{ident} was not reloaded" in log_since(mark),
                 "the refusal of the file")
        log = log_since(mark)
        assert message in log and \
            f'line 2 of configuration file "{ident}"' in log, log
        assert state() == [True, False], line
    mark = len(server.log_text())
    restart(unix_socket_permissions="0777")
    assert "back reference" in log_since(mark)
    assert state() == [False, False] and refusal() is None
    maps(f"m {me} other\n")
    assert state() == [False, True]
    if os.geteuid() == 0:
        name = pwd.getpwuid(NOBODY).pw_name
        assert psql_as(NOBODY, user="other")[0] != 0
        maps(f"m {name} other\n")
        assert psql_as(NOBODY, user="other") == (0, "1\n")
        assert psql_as(NOBODY, user="mapped")[0] != 0
        assert state() == [False, False]
    os.unlink(ident)
    reload(None)
    server.query("DROP ROLE mapped, other, empty")


def test_wrong_file_at_the_start():
    """No start with a wrong file: not with none of its rules, nor some."""
    server.stop()
    with open(HBA, "w") as f:
        f.write("local all all trust\nlocal all\n")
    log = no_start()
    assert f'line 2 of configuration file "{HBA}"' in log, log
    assert f"could not load {HBA}" in log, log
    os.unlink(HBA)
    server.start(unix_socket_permissions="0777")


def test_failing_steps():
    """What the system refuses is a refusal, and the next one is served."""
    reload("local all all peer\n")
    with server.connect() as conn:
        for point, message in (
                ("auth-peercred", "could not get peer credentials"),
                ("auth-user-name", "could not look up local user ID")):
            mark = len(server.log_text())
            conn.execute("SELECT injection_points_attach(%s, 'errno:EIO')",
                         (point,))
            assert "Peer authentication failed" in refusal()
            conn.execute("SELECT injection_points_detach(%s)", (point,))
            assert message in log_since(mark), log_since(mark)
        mark = len(server.log_text())
        conn.execute("SELECT injection_points_attach('backend-getpeername', "
                     "'errno:ENOTCONN')")
        assert refusal() is not None
        conn.execute("SELECT injection_points_detach('backend-getpeername')")
        assert "could not get the address of the client" in log_since(mark)
        for point in ("auth-rule", "auth-passed"):
            conn.execute("SELECT injection_points_attach(%s, 'error')",
                         (point,))
            assert point in refusal()
            conn.execute("SELECT injection_points_detach(%s)", (point,))
        conn.execute("SELECT injection_points_attach('auth-failed', 'error')")
        assert "auth-failed" in refusal(user="x")
        conn.execute("SELECT injection_points_detach('auth-failed')")
        for point in ("hba-open", "hba-read"):
            conn.execute("SELECT injection_points_attach(%s, 'errno:EIO')",
                         (point,))
            log = reload_wrong("local all all reject\n")
            assert "could not open configuration file" in log, log
            conn.execute("SELECT injection_points_detach(%s)", (point,))
        assert refusal() is None
    reload(None)
    assert refusal() is None


def test_a_reload_that_fails():
    """The postmaster fails while it makes new rules, as for want of memory: it
    says of which file, serves on with the old ones, and takes the
    new ones when it is asked again.  Its death there is the end of the service,
    and no obstacle to the next start."""
    reload("local all all trust\n")
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('hba-load', "
                     "'error:53200')")
        log = reload_wrong("local all all reject\n")
        assert "hba-load" in log and f"{HBA} was not reloaded" in log, log
        assert refusal() is None
        conn.execute("SELECT injection_points_detach('hba-load')")
    reload("local all nosuch reject\nlocal all all trust\n")
    assert "rejects connection" in refusal(user="nosuch")
    with server.connect() as conn:
        conn.execute("SELECT injection_points_attach('hba-load', 'kill')")
    os.kill(server.postmaster_pid(), signal.SIGHUP)
    wait_for(lambda: server.processes() == [], "the end of all processes")
    server.start()
    assert "rejects connection" in refusal(user="nosuch")
    assert refusal() is None
    reload(None)


def test_failing_socket():
    """A socket whose group or mode cannot be set is not listened on."""
    server.stop()
    for point, more in (("socket-chmod", {}),
                        ("socket-chown", {"unix_socket_group": "0"})):
        server.env["TUSK_INJECTION_POINTS"] = f"{point}=errno:EPERM"
        log = no_start(**more)
        assert "Operation not permitted" in log, log
        assert "could not create any Unix-domain sockets" in log, log
        del server.env["TUSK_INJECTION_POINTS"]
        assert not os.path.exists(os.path.join(sockets, ".s.PGSQL.5432"))
    server.start()


try:
    suite.run_all(globals(), server)
finally:
    shutil.rmtree(sockets, ignore_errors=True)
