"""Random expressions and queries over three small tables.

Everything follows from the seed of the random.Random that is passed.  Columns
that an expression may use are in scope: a dict from type to column names."""

TABLES = {
    "rx": {"int4": ["i", "j"], "int8": ["b"], "int2": ["s"],
           "float8": ["f"], "float4": ["r"], "numeric": ["n"],
           "text": ["t"], "varchar": ["v"], "bool": ["o"], "date": ["d"]},
    "ry": {"int4": ["k"], "text": ["t2"], "numeric": ["n2"], "bool": ["o2"]},
    "rz": {"int4": ["g"], "text": ["h"], "float8": ["w"]},
}

SETUP = [
    "CREATE TABLE rx (i int, j int, b bigint, s smallint, f float8, r real, "
    "n numeric, t text, v varchar(5), o bool, d date)",
    "INSERT INTO rx VALUES "
    "(1, 2, 3, 4, 1.5, 2.5, 3.25, 'abc', 'ab', true, '2024-01-02'), "
    "(null, null, null, null, null, null, null, null, null, null, null), "
    "(-5, 0, 10000000000, -1, 'NaN', 0, 0, '', 'x', false, '1999-12-31'), "
    "(7, 7, 7, 7, 7, 7, 7, '7', '7', true, '2000-01-01')",
    "CREATE TABLE ry (k int, t2 text, n2 numeric, o2 bool)",
    "INSERT INTO ry VALUES (1, 'abc', 1.5, true), (2, 'x', 2, false), "
    "(7, '7', 7, null), (null, null, null, true), (1, 'dup', 3.25, false), "
    "(7, null, 0, true)",
    "CREATE TABLE rz (g int, h text, w float8)",
    "INSERT INTO rz VALUES " + ", ".join(
        f"({i % 5 if i % 11 else 'null'}, '{'abcde'[i % 3]}', {i * 0.5})"
        for i in range(60)),
]

LITERALS = {
    "int4": ["0", "1", "-3", "42"],
    "int8": ["10000000000", "5::bigint"],
    "int2": ["2::smallint"],
    "float8": ["1.5::float8", "'NaN'::float8", "1e10::float8"],
    "float4": ["0.1::real"],
    "numeric": ["1.5", "-2.25", "1e3", "0.00"],
    "text": ["'x'::text", "''::text", "'it''s'", "'a\\b'::text"],
    "varchar": ["'q'::varchar"],
    "bool": ["true", "false", "NULL::bool"],
    "date": ["'2024-02-29'::date"],
}

NUMBERS = ["int4", "int8", "int2", "float8", "float4", "numeric"]

AGGREGATES = ["count(*)", "count({int4})", "count(DISTINCT {text})",
              "max({int4})", "min({int4})", "sum({int4})", "count({bool})",
              "avg({int4})", "sum({numeric})", "sum({int8})",
              "max({numeric})", "min({text})", "max({text})",
              "bool_and({bool})", "bool_or({bool})", "max({float8})",
              "count(*) FILTER (WHERE {bool})"]


def scope_of(tables):
    """tables: (alias, table) pairs"""
    scope = {t: [] for t in LITERALS}
    for alias, table in tables:
        for t, columns in TABLES[table].items():
            scope[t] += [f"{alias}.{c}" for c in columns]
    return {t: columns or LITERALS[t] for t, columns in scope.items()}


class Generator:
    def __init__(self, rng):
        self.rng = rng
        self.scope = scope_of([])
        self.aliases = 0

    def pick(self, *choices):
        return self.rng.choice(choices)

    def leaf(self, t):
        if self.rng.random() < 0.65:
            return self.rng.choice(self.scope[t])
        return self.rng.choice(LITERALS[t])

    def expr(self, t, depth):
        """An expression of the type, at most so deep."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self.leaf(t)
        if t == "bool":
            return self.boolean(depth - 1)
        e = lambda u=t, d=depth - 1: self.expr(u, d)
        kind = self.rng.randrange(10)
        if kind == 0:
            other = f" ELSE {e()}" if self.rng.random() < 0.6 else ""
            return f"CASE WHEN {e('bool')} THEN {e()}{other} END"
        if kind == 1:
            return f"coalesce({e()}, {e()})"
        if kind == 2:
            return f"{self.pick('greatest', 'least')}({e()}, {e()})"
        if kind == 3:
            return f"nullif({e()}, {e()})"
        if kind == 4:
            sources = (NUMBERS if t in NUMBERS
                       else list(LITERALS) if t in ("text", "varchar")
                       else [t])
            return f"({e(self.rng.choice(sources))})::{t}"
        if kind == 5:
            return (f"CASE {e('int4')} WHEN {self.leaf('int4')} THEN {e()} "
                    f"WHEN 2 THEN {self.leaf(t)} ELSE {self.leaf(t)} END")
        if t in NUMBERS:
            return self.number(t, depth - 1)
        if t in ("text", "varchar"):
            return self.pick(
                f"upper({e('text')})",
                f"({e('text')} || {e(self.pick('text', 'varchar', 'int4'))})",
                f"substr({e('text')}, {self.leaf('int4')})",
                f"concat({e('text')}, {e('int4')})",
                f"replace({e('text')}, 'a', {self.leaf('text')})")
        return self.leaf(t)

    def number(self, t, depth):
        r = self.rng.random()
        if r < 0.2:
            functions = ["abs", "-", "+"]
            if t in ("numeric", "float8"):
                functions += ["round", "sign"]
            return f"{self.rng.choice(functions)}({self.expr(t, depth)})"
        if r < 0.3 and t in ("int4", "int8"):
            return f"length({self.expr('text', depth)})"
        return (f"({self.expr(t, depth)} {self.pick(*'+-*/')} "
                f"{self.expr(self.pick(t, t, 'int4'), depth)})")

    def boolean(self, depth):
        e = lambda u, d=depth: self.expr(u, d)
        number = self.rng.choice(NUMBERS)
        negated = self.pick("", "NOT ")
        kind = self.rng.randrange(11)
        if kind < 3:
            op = self.pick("=", "<>", "<", ">", "<=", ">=")
            return f"({e(number)} {op} {e(self.rng.choice(NUMBERS))})"
        if kind == 3:
            if self.rng.random() < 0.4:
                return f"({e('text')} {negated}LIKE 'a%')"
            return (f"({e('text')} {self.pick('=', '<>', '<', 'LIKE')} "
                    f"{self.leaf(self.pick('text', 'varchar'))})")
        if kind == 4:
            return f"({e('bool')} {self.pick('AND', 'OR')} {e('bool')})"
        if kind == 5:
            return f"(NOT {e('bool')})"
        if kind == 6:
            return f"({e(self.rng.choice(list(LITERALS)))} IS {negated}NULL)"
        if kind == 7:
            value = self.pick("TRUE", "FALSE", "UNKNOWN")
            return f"({e('bool')} IS {negated}{value})"
        if kind == 8:
            values = ", ".join(self.leaf(number)
                               for _ in range(self.rng.randrange(1, 4)))
            return f"({e(number)} {negated}IN ({values}))"
        if kind == 9:
            return (f"({e(number)} {negated}BETWEEN {self.leaf(number)} AND "
                    f"{e(number)})")
        return f"({e(number)} IS {negated}DISTINCT FROM {e(number)})"

    # ---- queries ----

    def alias(self):
        self.aliases += 1
        return f"a{self.aliases}"

    def from_clause(self):
        """Joins of up to three tables; the scope is theirs afterwards."""
        tables = [(self.alias(), self.rng.choice(list(TABLES)))
                  for _ in range(self.pick(1, 1, 2, 2, 3))]
        text = f"{tables[0][1]} AS {tables[0][0]}"
        for n, (alias, table) in enumerate(tables[1:], 1):
            join = self.pick("JOIN", "LEFT JOIN", "CROSS JOIN", ",")
            if join == ",":
                text += f", {table} AS {alias}"
                continue
            text += f" {join} {table} AS {alias}"
            if join == "CROSS JOIN":
                continue
            # ON sees the tables of its join only: all, if there is no comma
            self.scope = scope_of(tables[n:n + 1] if "," in text
                                  else tables[:n + 1])
            key = f"{alias}.{TABLES[table]['int4'][0]}"
            text += " ON " + (self.expr("bool", 2) if self.rng.random() < 0.5
                              else f"({self.expr('int4', 1)} = {key})")
        self.scope = scope_of(tables)
        return text

    def sublink(self):
        outer_scope = self.scope
        t = self.pick("int4", "text")
        outer = self.rng.choice(self.scope[t])
        table = self.rng.choice([x for x in TABLES if t in TABLES[x]])
        alias = self.alias()
        column = f"{alias}.{TABLES[table][t][0]}"
        self.scope = scope_of([(alias, table)])
        condition = (f"({column} = {outer})" if self.rng.random() < 0.5
                     else self.expr("bool", 1))
        self.scope = outer_scope
        rest = f"FROM {table} AS {alias} WHERE {condition}"
        return self.pick(
            f"{outer} IN (SELECT {column} {rest})",
            f"{outer} NOT IN (SELECT {column} {rest})",
            f"EXISTS (SELECT 1 {rest})",
            f"NOT EXISTS (SELECT 1 {rest})",
            f"{outer} {self.pick('=', '<', '>')} (SELECT max({column}) {rest})")

    def aggregate(self):
        text = self.rng.choice(AGGREGATES)
        for t in LITERALS:
            if "{" + t + "}" in text:
                text = text.replace("{" + t + "}", self.expr(t, 1))
        return text

    def select(self):
        tables = self.from_clause()
        conditions = []
        if self.rng.random() < 0.6:
            conditions.append(self.expr("bool", 2))
        if self.rng.random() < 0.35:
            conditions.append(self.sublink())
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        if self.rng.random() < 0.35:
            keys = [f"coalesce({self.rng.choice(self.scope[t])}, {null})"
                    for t, null in self.rng.sample(
                        [("int4", "0"), ("text", "''"), ("bool", "true")],
                        self.pick(0, 1, 1, 2))]
            items = keys + [self.aggregate()
                            for _ in range(self.pick(1, 2))]
            tail = " GROUP BY " + ", ".join(keys) if keys else ""
            if self.rng.random() < 0.3:
                tail += f" HAVING {self.aggregate()} IS NOT NULL"
            distinct = ""
        else:
            items = [f"({self.expr(self.rng.choice(list(LITERALS)), 2)})"
                     for _ in range(self.pick(1, 2, 3))]
            tail = ""
            distinct = "DISTINCT " if self.rng.random() < 0.2 else ""
        text = f"SELECT {distinct}{', '.join(items)} FROM {tables}{where}{tail}"
        if self.rng.random() < 0.4:
            text += " ORDER BY " + ", ".join(
                f"{n + 1}" + self.pick("", " DESC", " NULLS FIRST",
                                       " DESC NULLS LAST")
                for n in range(len(items)))
            if self.rng.random() < 0.5:
                text += f" LIMIT {self.rng.randrange(6)}"
        return text

    def query(self):
        kind = self.rng.random()
        if kind < 0.1:
            return f"SELECT count(*) FROM ({self.select()}) AS q"
        if kind < 0.2:
            return f"WITH c AS ({self.select()}) SELECT * FROM c"
        if kind < 0.3:
            operation = self.pick("UNION", "UNION ALL", "INTERSECT",
                                  "EXCEPT", "EXCEPT ALL")
            self.scope = scope_of([("rx", "rx")])
            first = f"SELECT i FROM rx WHERE {self.expr('bool', 2)}"
            self.scope = scope_of([("ry", "ry")])
            return (f"{first} {operation} SELECT {self.expr('int4', 1)} "
                    "FROM ry")
        return self.select()
