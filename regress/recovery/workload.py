"""A workload with a model of what the tables must hold.

Every step is one or several statements that become visible together.  The model
knows the state before and after it.  When the server dies in the middle of a
step the answer may have been lost on the way, so both are right, but nothing
in between and nothing else.
"""
import copy
import random

import psycopg

VECTOR_ROWS = 60


class Feature:
    """What the server can do by now."""

    def __init__(self, conn):
        conn.execute("CREATE TABLE feature (id integer, t text)")
        conn.execute("INSERT INTO feature VALUES (1, 'a')")
        self.update = self.try_it(conn, "UPDATE feature SET t = 'b'")
        self.vacuum = self.try_it(conn, "VACUUM feature")
        self.truncate = self.try_it(conn, "TRUNCATE feature")
        self.unlogged = self.try_it(conn, "CREATE UNLOGGED TABLE feature2 "
                                    "(id integer)", "DROP TABLE feature2")
        self.concurrently = False
        if self.try_it(conn, "CREATE TABLE feature3 (v vector(3))"):
            self.concurrently = self.try_it(
                conn, "CREATE INDEX CONCURRENTLY feature_i ON feature3 USING "
                "hnsw (v vector_l2_ops)")
            conn.execute("DROP TABLE feature3")
        conn.execute("DROP TABLE feature")

    @staticmethod
    def try_it(conn, *statements):
        try:
            for sql in statements:
                conn.execute(sql)
            return True
        except psycopg.Error:
            return False


class Workload:
    def __init__(self, seed, feature):
        self.random = random.Random(seed)
        self.feature = feature
        self.tables = {}   # name -> {id: text}
        self.indexes = {}  # name -> table
        self.after = None  # (tables, indexes) if a step was cut off
        self.next_id = 1
        self.next_name = 1
        self.steps_done = 0
        self.large = set()  # tables with more dead rows than a search sees

    # ---- steps: each returns statements and changes a copy of the model ----

    def rows(self, n):
        found = []
        for _ in range(n):
            found.append((self.next_id,
                          "[" + ",".join(f"{self.random.uniform(-1, 1):.4f}"
                                         for _ in range(3)) + "]",
                          "x" * self.random.choice((5, 30, 300))
                          + str(self.next_id)))
            self.next_id += 1
        return found

    @staticmethod
    def insert_sql(table, rows):
        return (f"INSERT INTO {table} VALUES "
                + ", ".join(f"({i}, '{v}', '{t}')" for i, v, t in rows))

    def some_table(self, tables):
        return self.random.choice(sorted(tables))

    def step_insert(self, tables, indexes):
        table = self.some_table(tables)
        rows = self.rows(self.random.choice((1, 1, 2, 20)))
        tables[table].update({i: t for i, _, t in rows})
        return [self.insert_sql(table, rows)]

    def step_transaction(self, tables, indexes):
        statements = ["BEGIN"]
        for _ in range(self.random.randint(1, 3)):
            table = self.some_table(tables)
            rows = self.rows(self.random.randint(1, 5))
            tables[table].update({i: t for i, _, t in rows})
            statements.append(self.insert_sql(table, rows))
        return statements + ["COMMIT"]

    def step_checkpoint_inside(self, tables, indexes):
        """Pages of a transaction that has not ended go to disk."""
        table = self.some_table(tables)
        statements = ["BEGIN"]
        keep = self.random.random() < 0.5
        for _ in range(2):
            rows = self.rows(8)
            if keep:
                tables[table].update({i: t for i, _, t in rows})
            statements += [self.insert_sql(table, rows), "CHECKPOINT"]
        return statements + ["COMMIT" if keep else "ROLLBACK"]

    def step_large(self, tables, indexes):
        """More pages than the pool has: they are written before the end."""
        table = self.some_table(tables)
        keep = self.random.random() < 0.5
        low = self.next_id
        self.next_id += 150
        self.large.add(table)
        width = self.random.choice((1000, 1900))
        if keep:
            tables[table].update({i: "y" * width
                                  for i in range(low, low + 150)})
        statements = ["BEGIN",
                      f"INSERT INTO {table} SELECT i, ('[' || i % 37 || ',' || "
                      f"i % 23 || ',' || i % 17 || ']')::vector, "
                      f"repeat('y', {width}) FROM "
                      f"generate_series({low}, {low + 149}) i"]
        if keep:
            high = low + self.random.randint(100, 149)
            for i in range(low, high + 1):
                del tables[table][i]
            statements.append(f"DELETE FROM {table} WHERE id >= {low} AND "
                              f"id <= {high}")
        return statements + ["COMMIT" if keep else "ROLLBACK"]

    def step_rollback(self, tables, indexes):
        table = self.some_table(tables)
        return ["BEGIN", self.insert_sql(table, self.rows(3)),
                f"CREATE TABLE gone{self.next_id} (id integer, v vector(3), "
                "t text)",
                f"INSERT INTO gone{self.next_id} VALUES (1, '[1,2,3]', 'no')",
                "ROLLBACK"]

    def step_delete(self, tables, indexes):
        table = self.some_table(tables)
        if not tables[table]:
            return ["SELECT 1"]
        ids = sorted(tables[table])
        low = self.random.choice(ids)
        high = low + self.random.randint(0, 10)
        for i in ids:
            if low <= i <= high:
                del tables[table][i]
        return [f"DELETE FROM {table} WHERE id >= {low} AND id <= {high}"]

    def step_update(self, tables, indexes):
        if not self.feature.update:
            return self.step_delete(tables, indexes)
        table = self.some_table(tables)
        if not tables[table]:
            return ["SELECT 1"]
        ids = sorted(tables[table])
        low = self.random.choice(ids)
        high = low + self.random.randint(0, 5)
        text = "updated" + str(self.random.randint(0, 99999))
        for i in ids:
            if low <= i <= high:
                tables[table][i] = text
        return [f"UPDATE {table} SET t = '{text}' WHERE id >= {low} "
                f"AND id <= {high}"]

    def step_create_table(self, tables, indexes):
        if len(tables) >= 4:
            return self.step_drop_table(tables, indexes)
        name = f"t{self.next_name}"
        self.next_name += 1
        rows = self.rows(10)
        tables[name] = {i: t for i, _, t in rows}
        return ["BEGIN",
                f"CREATE TABLE {name} (id integer, v vector(3), t text)",
                self.insert_sql(name, rows), "COMMIT"]

    def step_drop_table(self, tables, indexes):
        if len(tables) <= 1:
            return ["SELECT 1"]
        name = self.some_table(tables)
        del tables[name]
        for index in [i for i in indexes if indexes[i] == name]:
            del indexes[index]
        return [f"DROP TABLE {name}"]

    def step_create_index(self, tables, indexes):
        table = self.some_table(tables)
        if table in indexes.values():
            return self.step_drop_index(tables, indexes)
        name = f"i{self.next_name}"
        self.next_name += 1
        indexes[name] = table
        workers = self.random.choice((0, 0, 2))
        return [f"SET max_parallel_maintenance_workers = {workers}",
                f"CREATE INDEX {name} ON {table} USING hnsw "
                "(v vector_l2_ops) WITH (m = 4, ef_construction = 16)"]

    def step_drop_index(self, tables, indexes):
        if not indexes:
            return ["SELECT 1"]
        name = self.random.choice(sorted(indexes))
        del indexes[name]
        return [f"DROP INDEX {name}"]

    def step_checkpoint(self, tables, indexes):
        return ["CHECKPOINT"]

    def step_vacuum(self, tables, indexes):
        if not self.feature.vacuum:
            return ["CHECKPOINT"]
        return [f"VACUUM {self.some_table(tables)}"]

    def step_truncate(self, tables, indexes):
        if not self.feature.truncate:
            return self.step_insert(tables, indexes)
        table = self.some_table(tables)
        rows = self.rows(4)
        tables[table] = {i: t for i, _, t in rows}
        return ["BEGIN", f"TRUNCATE {table}", self.insert_sql(table, rows),
                "COMMIT"]

    STEPS = ("insert", "insert", "insert", "insert", "transaction",
             "transaction", "rollback", "large", "large",
             "checkpoint_inside", "delete", "update", "update",
             "create_table", "drop_table", "create_index", "create_index",
             "checkpoint", "vacuum", "truncate", "drop_index")

    def begin(self, conn):
        conn.execute("CREATE TABLE t0 (id integer, v vector(3), t text)")
        rows = self.rows(VECTOR_ROWS)
        conn.execute(self.insert_sql("t0", rows))
        conn.execute("CREATE INDEX i0 ON t0 USING hnsw (v vector_l2_ops)")
        self.tables = {"t0": {i: t for i, _, t in rows}}
        self.indexes = {"i0": "t0"}

    def run(self, conn, steps):
        """True: all steps were done.  False: the server died in one."""
        for _ in range(steps):
            tables = copy.deepcopy(self.tables)
            indexes = dict(self.indexes)
            kind = self.random.choice(self.STEPS)
            statements = getattr(self, "step_" + kind)(tables, indexes)
            try:
                for sql in statements:
                    conn.execute(sql)
            except psycopg.OperationalError as e:
                if not conn.closed and not conn.broken:
                    raise AssertionError(f"{kind}: {e}") from e
                self.after = (tables, indexes)
                return False
            self.tables, self.indexes = tables, indexes
            self.steps_done += 1
        return True

    # ---- what the server has ----

    def observed(self, conn):
        names = [r[0] for r in conn.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND "
            "relnamespace = 2200 ORDER BY 1").fetchall()]
        tables = {}
        for name in names:
            rows = conn.execute(f"SELECT id, t FROM {name}").fetchall()
            tables[name] = dict(rows)
            assert len(tables[name]) == len(rows), \
                f"{name}: an id appears twice"
        indexes = dict(conn.execute(
            "SELECT i.relname, t.relname FROM pg_index x, pg_class i, "
            "pg_class t WHERE x.indexrelid = i.oid AND x.indrelid = t.oid AND "
            "i.relnamespace = 2200").fetchall())
        return tables, indexes

    def check(self, conn):
        tables, indexes = self.observed(conn)
        allowed = [(self.tables, self.indexes)]
        if self.after is not None:
            allowed.append(self.after)
        assert (tables, indexes) in allowed, self.explain(tables, indexes)
        # what is there now is what counts from here on
        self.tables, self.indexes = tables, indexes
        self.after = None
        for index, table in indexes.items():
            self.check_index(conn, index, table)

    def explain(self, tables, indexes):
        lines = [f"after {self.steps_done} steps:"]
        if set(tables) != set(self.tables):
            lines.append(f"tables {sorted(tables)}, "
                         f"expected {sorted(self.tables)}"
                         + (f" or {sorted(self.after[0])}" if self.after
                            else ""))
        if indexes != self.indexes:
            lines.append(f"indexes {indexes}, expected {self.indexes}")
        for name in sorted(set(tables) & set(self.tables)):
            have, want = tables[name], self.tables[name]
            if have != want:
                lines.append(
                    f"{name}: lost {sorted(set(want) - set(have))[:10]}, "
                    f"too many {sorted(set(have) - set(want))[:10]}, changed "
                    f"{[i for i in have if i in want and have[i] != want[i]][:10]}")
        if self.after is not None:
            lines.append("a step was in doubt")
        return "\n".join(lines)

    def check_index(self, conn, index, table):
        live = set(self.tables[table])
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.ef_search = 1000")
        found = [r[0] for r in conn.execute(
            f"SELECT id FROM {table} ORDER BY v <-> '[0,0,0]' LIMIT 1000")]
        conn.execute("RESET enable_seqscan")
        assert len(found) == len(set(found)), f"{index}: a row twice"
        assert set(found) <= live, \
            f"{index}: dead rows {sorted(set(found) - live)[:10]}"
        # what a graph of few neighbours cannot reach is no fault of recovery,
        # and dead rows count among the 1000
        assert table in self.large or len(found) >= 0.9 * min(len(live), 900), \
            f"{index}: {len(found)} of {len(live)} rows reachable"
