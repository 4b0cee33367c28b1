"""A workload with a model of what the tables must hold.

Every step is one or several statements that become visible together, or in
stages that are known.  The model knows the state before and after it.  When the
server dies in the middle of a step the answer may have been lost on the way, so
both are right, and the stages, but nothing in between and nothing else.

Beside each step a second session changes one row after the other of a table of
its own (Side), on which the steps build and drop indexes concurrently.
"""
import copy
import random
import threading

import psycopg

FIRST_ROWS = 60
WIDE = 700  # dimensions that do not stay in the row


class Feature:
    """What the server can do."""

    def __init__(self, conn):
        self.temporary = self.try_it(conn, "CREATE TEMP TABLE feature (i int)",
                                     "DROP TABLE feature")
        conn.execute("CREATE TABLE feature (v vector(3))")
        conn.execute("CREATE INDEX feature_i ON feature USING hnsw "
                     "(v vector_l2_ops)")
        self.reindex_concurrently = self.try_it(
            conn, "REINDEX INDEX CONCURRENTLY feature_i")
        conn.execute("DROP TABLE feature")

    @staticmethod
    def try_it(conn, *statements):
        try:
            for sql in statements:
                conn.execute(sql)
            return True
        except psycopg.Error:
            return False


class Table:
    def __init__(self, unlogged=False):
        self.rows = {}  # id -> (v, t, w)
        self.unlogged = unlogged
        self.columns = 4
        self.fillfactor = None
        self.storage = "x"  # of t

    def __eq__(self, other):
        return vars(self) == vars(other)


class State:
    def __init__(self):
        self.tables = {}
        self.indexes = {}  # name -> (table, is valid)

    def __eq__(self, other):
        return vars(self) == vars(other)

    def copy(self):
        new = State()
        new.indexes = dict(self.indexes)
        for name, table in self.tables.items():
            new.tables[name] = copy.copy(table)
            new.tables[name].rows = dict(table.rows)
        return new

    def after_crash(self):
        new = self.copy()
        for table in new.tables.values():
            if table.unlogged:
                table.rows = {}
        return new


class NotNow(Exception):
    """The step has nothing to work on."""


def row_values(rng, number):
    """v, t and w of a row; numbers that print as they are written."""
    v = "[" + ",".join(f"{rng.randint(-4000, 4000) / 8:g}"
                       for _ in range(3)) + "]"
    kind = rng.random()
    if kind < 0.05:   # compressed, and out of line all the same
        t = "".join(f"{rng.getrandbits(64):016x}" for _ in range(500))
    elif kind < 0.1:  # compressed
        t = "wide " * 1000 + str(number)
    else:
        t = "x" * rng.choice((5, 30, 300)) + str(number)
    w = None
    if rng.random() < 0.1:
        w = "[" + ",".join(str((number * i) % 9) for i in range(WIDE)) + "]"
    return v, t, w


def literal(value):
    return "NULL" if value is None else f"'{value}'"


def insert_sql(table, rows):
    return (f"INSERT INTO {table} VALUES "
            + ", ".join(f"({i}, {', '.join(map(literal, row))})"
                        for i, row in rows.items()))


class Side:
    """The session beside: a table, and what it must hold."""

    def __init__(self, seed):
        self.random = random.Random(f"side {seed}")
        self.rows = {}
        self.next_id = 1
        self.doubt = None   # (id, row before, row after): nobody knows
        self.conn = None
        self.thread = None
        self.failure = None
        self.may_fail = False  # whatever the error

    def begin(self, conn, cluster):
        conn.execute("CREATE TABLE side (id integer, v vector(3), t text)")
        self.conn = cluster.connect()

    def change(self):
        rng = self.random
        kind = rng.random() if self.rows else 0
        if kind < 0.5:
            key = self.next_id
            self.next_id += 1
            old, new = None, row_values(rng, key)[:2]
            sql = insert_sql("side", {key: new})
        else:
            key = rng.choice(sorted(self.rows))
            old = self.rows[key]
            v, t, _ = row_values(rng, key)
            if kind < 0.7:
                new = (old[0], t)
                sql = f"UPDATE side SET t = '{t}' WHERE id = {key}"
            elif kind < 0.85:
                new = (v, old[1])
                sql = f"UPDATE side SET v = '{v}' WHERE id = {key}"
            else:
                new = None
                sql = f"DELETE FROM side WHERE id = {key}"
        self.doubt = (key, old, new)
        self.conn.execute(sql)
        self.settle(new)

    def settle(self, row):
        key = self.doubt[0]
        self.doubt = None
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row

    def go(self, count):
        """Change count rows while the step goes on."""
        def run():
            try:
                for _ in range(count):
                    self.change()
            except psycopg.Error as e:
                if not self.may_fail and not \
                        isinstance(e, psycopg.OperationalError):
                    self.failure = e
            except BaseException as e:
                self.failure = e
        self.thread = threading.Thread(target=run)
        self.thread.start()

    def wait(self):
        self.thread.join()
        assert self.failure is None, self.failure

    def lost(self):
        return self.conn.closed or self.conn.broken

    def check(self, conn):
        rows = conn.execute("SELECT id, v, t FROM side").fetchall()
        have = {i: (v, t) for i, v, t in rows}
        assert len(have) == len(rows), "side: an id appears twice"
        if self.doubt is not None:
            key, old, new = self.doubt
            assert have.get(key) in (old, new), f"side: {key} half changed"
            self.settle(have.get(key))
        assert have == self.rows, (
            f"side: lost {sorted(set(self.rows) - set(have))[:10]}, too many "
            f"{sorted(set(have) - set(self.rows))[:10]}, changed "
            f"{[i for i in have if have[i] != self.rows.get(i)][:10]}")


class Workload:
    def __init__(self, seed, feature):
        self.random = random.Random(seed)
        self.feature = feature
        self.state = State()
        self.after = []      # other states that are right, if cut off
        self.next_id = 1
        self.next_name = 1
        self.steps_done = 0
        self.last_kind = None
        self.error = None    # of the last step, if it failed
        self.large = set()   # tables with more dead rows than a search sees
        self.stages = []     # of the step
        self.side = Side(seed)

    # ---- parts of steps ----

    def rows(self, n):
        found = {}
        for _ in range(n):
            found[self.next_id] = row_values(self.random, self.next_id)
            self.next_id += 1
        return found

    def some(self, state, with_rows=False):
        names = sorted(n for n, t in state.tables.items()
                       if t.rows or not with_rows)
        if not names:
            raise NotNow
        name = self.random.choice(names)
        return name, state.tables[name]

    def some_ids(self, table, most):
        ids = sorted(table.rows)
        low = self.random.choice(ids)
        high = low + self.random.randint(0, most)
        return low, high, [i for i in ids if low <= i <= high]

    def name(self, prefix):
        self.next_name += 1
        return f"{prefix}{self.next_name}"

    # ---- steps: each returns statements and changes a copy of the model ----

    def step_insert(self, state):
        name, table = self.some(state)
        rows = self.rows(self.random.choice((1, 1, 2, 20)))
        table.rows.update(rows)
        return [insert_sql(name, rows)]

    def step_copy(self, state):
        name, table = self.some(state)
        rows = self.rows(30)
        table.rows.update(rows)

        def copy_in(conn):
            with conn.cursor().copy(f"COPY {name} (id, v, t, w) FROM "
                                    "STDIN") as out:
                for i, row in rows.items():
                    out.write_row((i, *row))
        return [copy_in]

    def step_transaction(self, state):
        statements = ["BEGIN"]
        for _ in range(self.random.randint(1, 3)):
            name, table = self.some(state)
            rows = self.rows(self.random.randint(1, 5))
            table.rows.update(rows)
            statements.append(insert_sql(name, rows))
        return statements + ["COMMIT"]

    def step_checkpoint_inside(self, state):
        """Pages of a transaction that has not ended go to disk."""
        name, table = self.some(state)
        statements = ["BEGIN"]
        keep = self.random.random() < 0.5
        for _ in range(2):
            rows = self.rows(8)
            if keep:
                table.rows.update(rows)
            statements += [insert_sql(name, rows), "CHECKPOINT"]
        return statements + ["COMMIT" if keep else "ROLLBACK"]

    def step_large(self, state):
        """More pages than the pool has: they are written before the end."""
        name, table = self.some(state)
        keep = self.random.random() < 0.5
        low = self.next_id
        self.next_id += 150
        self.large.add(name)
        width = self.random.choice((1000, 1900))
        high = low + self.random.randint(100, 148)
        statements = ["BEGIN",
                      f"INSERT INTO {name} SELECT i, ('[' || i % 37 || ',' || "
                      f"i % 23 || ',' || i % 17 || ']')::vector, "
                      f"repeat('y', {width}) FROM "
                      f"generate_series({low}, {low + 149}) i"]
        if keep:
            table.rows.update({i: (f"[{i % 37},{i % 23},{i % 17}]",
                                   "y" * width, None)
                               for i in range(high + 1, low + 150)})
            statements.append(f"DELETE FROM {name} WHERE id >= {low} AND "
                              f"id <= {high}")
        return statements + ["COMMIT" if keep else "ROLLBACK"]

    def step_rollback(self, state):
        name, _ = self.some(state)
        gone = self.name("gone")
        return ["BEGIN", insert_sql(name, self.rows(3)),
                f"CREATE TABLE {gone} (id integer, v vector(3), t text)",
                f"INSERT INTO {gone} VALUES (1, '[1,2,3]', 'no')",
                f"CREATE INDEX ON {gone} USING hnsw (v vector_l2_ops)",
                f"ALTER TABLE {name} ADD COLUMN no integer",
                f"TRUNCATE {name}",
                "ROLLBACK"]

    def step_delete(self, state):
        name, table = self.some(state, with_rows=True)
        low, high, ids = self.some_ids(table, 10)
        for i in ids:
            del table.rows[i]
        return [f"DELETE FROM {name} WHERE id >= {low} AND id <= {high}"]

    def step_update(self, state):
        """No indexed column changes: HOT, where the page has room."""
        name, table = self.some(state, with_rows=True)
        low, high, ids = self.some_ids(table, 5)
        text = "updated" + str(self.random.randint(0, 99999))
        for i in ids:
            table.rows[i] = (table.rows[i][0], text, table.rows[i][2])
        return [f"UPDATE {name} SET t = '{text}' WHERE id >= {low} "
                f"AND id <= {high}"]

    def step_update_again(self, state):
        """A chain on one page, which is pruned in between."""
        name, table = self.some(state, with_rows=True)
        key = self.random.choice(sorted(table.rows))
        v, _, w = table.rows[key]
        statements = ["BEGIN"]
        for _ in range(4):
            text = "chain" + str(self.random.randint(0, 99999))
            statements.append(f"UPDATE {name} SET t = '{text}' "
                              f"WHERE id = {key}")
        table.rows[key] = (v, text, w)
        return statements + ["COMMIT", f"SELECT count(*) FROM {name}"]

    def step_update_vector(self, state):
        """The indexed column changes."""
        name, table = self.some(state, with_rows=True)
        low, high, ids = self.some_ids(table, 5)
        v, _, w = row_values(self.random, low)
        for i in ids:
            table.rows[i] = (v, table.rows[i][1], w)
        return [f"UPDATE {name} SET v = '{v}', w = {literal(w)} WHERE "
                f"id >= {low} AND id <= {high}"]

    def step_lock(self, state):
        name, table = self.some(state, with_rows=True)
        low, high, _ = self.some_ids(table, 5)
        return ["BEGIN", f"SELECT id FROM {name} WHERE id >= {low} AND id <= "
                f"{high} FOR UPDATE", "COMMIT"]

    def step_create_table(self, state):
        if len(state.tables) >= 5:
            raise NotNow
        name = self.name("t")
        rows = self.rows(10)
        table = state.tables[name] = Table(self.random.random() < 0.4)
        table.rows.update(rows)
        return ["BEGIN",
                f"CREATE {'UNLOGGED ' if table.unlogged else ''}TABLE {name} "
                "(id integer, v vector(3), t text, w vector)",
                insert_sql(name, rows), "COMMIT"]

    def step_temporary(self, state):
        """One in two stays until the session ends."""
        if not self.feature.temporary:
            raise NotNow
        name = self.name("temp")
        return [f"CREATE TEMP TABLE {name} (id integer, v vector(3), t text, "
                "w vector)", insert_sql(name, self.rows(20)),
                f"CREATE INDEX ON {name} USING hnsw (v vector_l2_ops)",
                f"DROP TABLE {name}" if self.random.random() < 0.5 else
                f"UPDATE {name} SET t = 'changed'"]

    def step_drop_table(self, state):
        if len(state.tables) <= 2:
            raise NotNow
        name, _ = self.some(state)
        del state.tables[name]
        state.indexes = {i: x for i, x in state.indexes.items()
                         if x[0] != name}
        return [f"DROP TABLE {name}"]

    def table_without_index(self, state):
        names = set(state.tables) - {x[0] for x in state.indexes.values()}
        if not names:
            raise NotNow
        return self.random.choice(sorted(names))

    INDEX = "USING hnsw (v vector_l2_ops) WITH (m = 4, ef_construction = 16)"

    def step_build(self, state):
        """By the session alone, or with two workers."""
        table = self.table_without_index(state)
        name = self.name("i")
        state.indexes[name] = (table, True)
        workers = self.random.choice((0, 2))
        return [f"SET max_parallel_maintenance_workers = {workers}",
                f"CREATE INDEX {name} ON {table} {self.INDEX}"]

    def staged(self, state, name, *values):
        """The stages an index goes through before it is as in state."""
        for value in values:
            stage = state.copy()
            stage.indexes.pop(name, None)
            if value is not None:
                stage.indexes[name] = value
            self.stages.append(stage)

    def step_build_concurrently(self, state):
        """Beside the other session's changes, if it is its table."""
        table = "side"
        if table in (x[0] for x in state.indexes.values()):
            table = self.table_without_index(state)
        name = self.name("i")
        state.indexes[name] = (table, True)
        self.staged(state, name, (table, False))
        return [f"CREATE INDEX CONCURRENTLY {name} ON {table} {self.INDEX}"]

    def some_index(self, state):
        if not state.indexes:
            raise NotNow
        name = self.random.choice(sorted(state.indexes))
        return name, state.indexes[name][0]

    def step_drop_index(self, state):
        name, table = self.some_index(state)
        del state.indexes[name]
        if self.random.random() < 0.5:
            return [f"DROP INDEX {name}"]
        self.staged(state, name, (table, False))
        return [f"DROP INDEX CONCURRENTLY {name}"]

    def step_reindex(self, state):
        name, table = self.some_index(state)
        if not self.feature.reindex_concurrently or self.random.random() < 0.6:
            return [self.random.choice((f"REINDEX INDEX {name}",
                                        f"REINDEX TABLE {table}"))]
        for left in (f"{name}_ccnew", f"{name}_ccold"):
            self.staged(state, left, (table, False))
        return [f"REINDEX INDEX CONCURRENTLY {name}"]

    def step_checkpoint(self, state):
        return ["CHECKPOINT"]

    def step_switch(self, state):
        """A new segment of the log; the old ones are used again or go."""
        return ["SELECT pg_switch_wal()",
                self.random.choice(("CHECKPOINT", "SELECT 1"))]

    def step_vacuum(self, state):
        name = self.random.choice(sorted(state.tables) + ["side"])
        return [self.random.choice((f"VACUUM {name}", f"VACUUM {name}",
                                    f"VACUUM (FREEZE) {name}",
                                    f"VACUUM (ANALYZE) {name}", "ANALYZE"))]

    def step_vacuum_shorter(self, state):
        """The end of the table becomes empty and is cut off."""
        name, table = self.some(state)
        low = self.next_id
        self.next_id += 40
        self.large.add(name)
        return ["BEGIN",
                f"INSERT INTO {name} SELECT i, '[1,2,3]', repeat('z', 1500) "
                f"FROM generate_series({low}, {low + 39}) i",
                f"DELETE FROM {name} WHERE id >= {low} AND id <= {low + 39}",
                "COMMIT", f"VACUUM {name}"]

    def step_truncate(self, state):
        name, table = self.some(state)
        rows = self.rows(4)
        table.rows = dict(rows)
        return ["BEGIN", f"TRUNCATE {name}", insert_sql(name, rows), "COMMIT"]

    def step_alter(self, state):
        name, table = self.some(state)
        kind = self.random.choice(("column", "rename", "option", "storage",
                                   "index"))
        if kind == "column":
            if table.columns >= 9:
                raise NotNow
            table.columns += 1
            return [f"ALTER TABLE {name} ADD COLUMN c{table.columns} integer"]
        if kind == "rename":
            new = self.name("t")
            state.tables[new] = state.tables.pop(name)
            if name in self.large:
                self.large.add(new)
            for index, (on, valid) in state.indexes.items():
                if on == name:
                    state.indexes[index] = (new, valid)
            return [f"ALTER TABLE {name} RENAME TO {new}"]
        if kind == "option":
            table.fillfactor = self.random.randint(50, 100)
            return [f"ALTER TABLE {name} SET (fillfactor = "
                    f"{table.fillfactor})"]
        if kind == "storage":
            table.storage, word = self.random.choice(
                (("e", "EXTERNAL"), ("x", "EXTENDED"), ("m", "MAIN")))
            return [f"ALTER TABLE {name} ALTER COLUMN t SET STORAGE {word}"]
        index, _ = self.some_index(state)
        new = self.name("i")
        state.indexes[new] = state.indexes.pop(index)
        return [f"ALTER INDEX {index} RENAME TO {new}"]

    def step_definitions(self, state):
        """Several definitions and rows, all or nothing."""
        keep = self.random.random() < 0.6
        state = state if keep else state.copy()
        name = self.name("t")
        table = state.tables[name] = Table()
        rows = self.rows(12)
        table.rows.update(rows)
        table.fillfactor = 70
        table.columns = 5
        index = self.name("i")
        state.indexes[index] = (name, True)
        statements = ["BEGIN",
                      f"CREATE TABLE {name}x (id integer, v vector(3), t text,"
                      " w vector)",
                      f"CREATE INDEX {index} ON {name}x {self.INDEX}",
                      insert_sql(name + "x", rows),
                      f"ALTER TABLE {name}x RENAME TO {name}",
                      f"ALTER TABLE {name} SET (fillfactor = 70)",
                      f"ALTER TABLE {name} ADD COLUMN c5 integer"]
        if len(state.tables) > 5:
            victim = self.random.choice(sorted(set(state.tables) - {name}))
            del state.tables[victim]
            state.indexes = {i: x for i, x in state.indexes.items()
                             if x[0] != victim}
            statements.append(f"DROP TABLE {victim}")
        return statements + ["COMMIT" if keep else "ROLLBACK"]

    STEPS = ("insert", "insert", "insert", "copy", "transaction",
             "transaction", "rollback", "large", "checkpoint_inside", "delete",
             "delete", "update", "update", "update_again", "update_vector",
             "lock", "create_table", "create_table", "drop_table", "temporary",
             "build", "build", "build_concurrently", "build_concurrently",
             "drop_index", "drop_index", "reindex", "checkpoint", "switch",
             "switch", "vacuum", "vacuum", "vacuum_shorter", "truncate", "alter", "alter",
             "definitions")

    # ---- running ----

    def begin(self, conn, cluster):
        conn.execute("CREATE TABLE t0 (id integer, v vector(3), t text, "
                     "w vector)")
        table = self.state.tables["t0"] = Table()
        table.rows = self.rows(FIRST_ROWS)
        conn.execute(insert_sql("t0", table.rows))
        conn.execute(f"CREATE INDEX i0 ON t0 {self.INDEX}")
        self.state.indexes["i0"] = ("t0", True)
        conn.execute("CREATE UNLOGGED TABLE t1 (id integer, v vector(3), "
                     "t text, w vector)")
        conn.execute(f"CREATE INDEX i1 ON t1 {self.INDEX}")
        self.state.tables["t1"] = Table(True)
        self.state.indexes["i1"] = ("t1", True)
        self.side.begin(conn, cluster)

    def next_step(self):
        """(kind, statements, state after it)"""
        while True:
            state = self.state.copy()
            self.stages = []
            kind = self.random.choice(self.STEPS)
            try:
                return kind, getattr(self, "step_" + kind)(state), state
            except NotNow:
                pass

    def run(self, conn, steps, may_fail=False):
        """True: all steps were done.  False: the server died in one, or if it
        may, one failed."""
        self.side.may_fail = may_fail
        for _ in range(steps):
            kind, statements, state = self.next_step()
            self.last_kind = kind
            self.side.go(6 if kind == "build_concurrently" else 1)
            try:
                for one in statements:
                    if callable(one):
                        one(conn)
                    else:
                        conn.execute(one)
            except psycopg.Error as e:
                if not (conn.closed or conn.broken or may_fail):
                    raise AssertionError(f"{kind}: {statements}: {e}") from e
                self.error = e
                self.after = self.stages + [state]
                return False
            finally:
                self.side.wait()
            self.state = state
            self.steps_done += 1
            if self.side.lost() or self.side.doubt is not None:
                return False
        return True

    # ---- what the server has ----

    def observed(self, conn):
        state = State()
        for name, persistence, options in conn.execute(
                "SELECT relname, relpersistence, reloptions FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 2200 AND relname <> "
                "'side'").fetchall():
            table = state.tables[name] = Table(persistence == "u")
            rows = conn.execute(f"SELECT id, v, t, w FROM {name}").fetchall()
            table.rows = {row[0]: row[1:] for row in rows}
            assert len(table.rows) == len(rows), \
                f"{name}: an id appears twice"
            if options:
                table.fillfactor = int(options[0].split("=")[1])
            table.columns = conn.execute(
                "SELECT count(*) FROM pg_attribute WHERE attnum > 0 AND "
                f"attrelid = '{name}'::regclass").fetchone()[0]
            table.storage = conn.execute(
                "SELECT attstorage FROM pg_attribute WHERE attname = 't' AND "
                f"attrelid = '{name}'::regclass").fetchone()[0]
        state.indexes = {i: (t, valid) for i, t, valid in conn.execute(
            "SELECT i.relname, t.relname, indisvalid FROM pg_index x, "
            "pg_class i, pg_class t WHERE x.indexrelid = i.oid AND "
            "x.indrelid = t.oid AND i.relnamespace = 2200").fetchall()}
        return state

    def check(self, conn, crashed=False):
        have = self.observed(conn)
        allowed = [self.state] + self.after
        if crashed:
            allowed = [state.after_crash() for state in allowed]
        assert have in allowed, self.explain(have, allowed)
        # what is there now is what counts from here on
        self.state = have
        self.after = []
        self.side.check(conn)
        self.mend_invalid(conn)
        for index, (table, _) in self.state.indexes.items():
            self.check_index(conn, index, table)

    def mend_invalid(self, conn):
        """What a concurrent command that was cut off leaves can be dropped, or
        made whole."""
        for index, (table, valid) in sorted(self.state.indexes.items()):
            if valid:
                continue
            if index.endswith(("_ccnew", "_ccold")) or \
                    self.random.random() < 0.5:
                conn.execute(f"DROP INDEX {index}")
                del self.state.indexes[index]
            else:
                conn.execute(f"REINDEX INDEX {index}")
                assert conn.execute(
                    "SELECT indisvalid AND indisready FROM pg_index WHERE "
                    f"indexrelid = '{index}'::regclass").fetchone()[0], index
                self.state.indexes[index] = (table, True)

    def explain(self, have, allowed):
        lines = [f"after {self.steps_done} steps, in {self.last_kind}, "
                 f"{len(allowed)} states were allowed:"]
        for n, want in enumerate(allowed):
            lines.append(f"state {n}:")
            if set(have.tables) != set(want.tables):
                lines.append(f"  tables {sorted(have.tables)}, expected "
                             f"{sorted(want.tables)}")
            if have.indexes != want.indexes:
                lines.append(f"  indexes {have.indexes}, expected "
                             f"{want.indexes}")
            for name in sorted(set(have.tables) & set(want.tables)):
                a, b = have.tables[name], want.tables[name]
                if a == b:
                    continue
                lines.append(
                    f"  {name}: lost {sorted(set(b.rows) - set(a.rows))[:10]},"
                    f" too many {sorted(set(a.rows) - set(b.rows))[:10]}, "
                    "changed " + str([i for i in a.rows if i in b.rows and
                                      a.rows[i] != b.rows[i]][:10])
                    + ", have " + str({k: v for k, v in vars(a).items()
                                       if k != "rows"}))
        return "\n".join(lines)

    def check_index(self, conn, index, table):
        live = set(self.side.rows if table == "side"
                   else self.state.tables[table].rows)
        conn.execute("SET enable_seqscan = off")
        conn.execute("SET hnsw.ef_search = 1000")
        found = [r[0] for r in conn.execute(
            f"SELECT id FROM {table} ORDER BY v <-> '[0,0,0]' LIMIT 1000")]
        conn.execute("RESET enable_seqscan")
        assert len(found) == len(set(found)), f"{index}: a row twice"
        assert set(found) <= live, \
            f"{index}: dead rows {sorted(set(found) - live)[:10]}"
        # what a graph of few neighbours cannot reach is no fault of recovery
        # (tusk_check knows how many that may be), and dead rows count among
        # the 1000
        assert table in self.large or len(found) >= 0.9 * min(len(live), 900), \
            f"{index}: {len(found)} of {len(live)} rows reachable"
