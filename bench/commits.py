#!/usr/bin/python3
"""commits.py [BUILD_DIR]: single-row INSERTs per second.

Tusk and PostgreSQL 15 run side by side from private directories; their runs of
pgbench take turns, so that what else the machine does meets both. Printed: the
median of the rounds.
"""
import os
import re
import statistics

from servers import PGBIN, PostgreSQL, Tusk, connect, run, running

ROUNDS = int(os.environ.get("ROUNDS", "9"))
SECONDS = os.environ.get("SECONDS", "1")


def commits(server, script, clients, sync):
    done = run(PGBIN + "pgbench", "-n", "-h", server.host, "-U", server.user,
               "-M", "prepared", "-f", script, "-c", str(clients), "-j", "1",
               "-T", SECONDS, "postgres",
               env={**os.environ, "PGOPTIONS": f"-c synchronous_commit={sync}"})
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))


def main():
    with running(Tusk, PostgreSQL) as (work, *servers):
        script = os.path.join(work, "insert.sql")
        with open(script, "w") as f:
            f.write("INSERT INTO b VALUES (1, 'some text');\n")
        for server in servers:
            with connect(server) as c:
                c.execute("CREATE TABLE b (i int, t text)")
        print(f"{'clients':>8} {'synchronous_commit':>18} "
              + " ".join(f"{s.name + '/s':>14}" for s in servers)
              + f" {'ratio':>6}")
        for clients in (1, 8):
            for sync in ("on", "off"):
                rates = {s.name: [] for s in servers}
                for _ in range(ROUNDS):
                    for s in servers:
                        rates[s.name].append(commits(s, script, clients, sync))
                medians = [statistics.median(rates[s.name]) for s in servers]
                print(f"{clients:8} {sync:>18} "
                      + " ".join(f"{m:14.0f}" for m in medians)
                      + f" {medians[0] / medians[1]:6.2f}", flush=True)


if __name__ == "__main__":
    main()
