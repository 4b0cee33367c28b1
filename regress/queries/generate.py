"""Random queries over three small tables with many NULLs.

Every query orders its rows by all of its columns, so there is one right answer.
The generator knows types and scopes: what it writes is nearly always valid, and
what is not (an ambiguous name, a division of text) must be the same error in
both servers.
"""
import random

TABLES = {
    "fa": [("i", "int"), ("j", "int"), ("t", "text"), ("b", "bool"),
           ("f", "float")],
    "fb": [("k", "int"), ("g", "big"), ("s", "text")],
    "fc": [("m", "int"), ("u", "text"), ("c", "bool")],
}

CREATE = """create table fa (i int, j int, t text, b boolean, f float8);
create table fb (k int, g bigint, s text);
create table fc (m int, u text, c boolean);
"""

WORDS = ["a", "b", "ab", "abc", "", "x%", "B"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = 0

    def chance(self, p):
        return self.random.random() < p

    def one_of(self, *items):
        return self.random.choice(items)

    def pick(self, weighted):
        """weighted: {function: weight}"""
        return self.random.choices(list(weighted), list(weighted.values()))[0]

    def name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    # ---- rows ----

    def literal(self, kind):
        if self.chance(0.12):
            return "null"
        if kind in ("int", "big"):
            return str(self.random.randint(-3, 8))
        if kind == "text":
            return f"'{self.one_of(*WORDS)}'"
        if kind == "bool":
            return self.one_of("true", "false")
        return self.one_of("1.5", "-2.25", "0", "3", "100.125")

    def tables(self):
        sql = CREATE
        for table, columns in TABLES.items():
            rows = ["(" + ", ".join(self.literal(k) for _, k in columns) + ")"
                    for _ in range(self.random.randint(3, 12))]
            sql += f"insert into {table} values {', '.join(rows)};\n"
        return sql

    # ---- expressions; scope is [(alias, columns)] ----

    def columns(self, scope, *kinds):
        return [f"{alias}.{name}" for alias, columns in scope
                for name, kind in columns if kind in kinds]

    def constant(self):
        return str(self.random.randint(-2, 6))

    def number(self, scope, depth, outer=None):
        columns = self.columns(scope, "int", "big")
        if outer and self.chance(0.3):
            columns = self.columns(outer, "int", "big") or columns
        if depth <= 0 or self.chance(0.4):
            if columns and self.chance(0.75):
                return self.random.choice(columns)
            return self.constant()

        def sub():
            return self.number(scope, depth - 1, outer)
        form = self.pick({"op": 20, "coalesce": 8, "case": 6, "nullif": 6,
                          "minmax": 6, "abs": 6, "select": 8})
        if form == "op":
            return f"({sub()} {self.one_of('+', '-', '*')} {sub()})"
        if form == "case":
            return (f"case when {self.condition(scope, depth - 1, outer)} "
                    f"then {sub()} else {sub()} end")
        if form == "minmax":
            return f"{self.one_of('greatest', 'least')}({sub()}, {sub()})"
        if form == "abs":
            return f"abs({sub()})"
        if form == "select":
            return self.scalar_select(scope, depth)
        return f"{form}({sub()}, {sub()})"

    def scalar_select(self, scope, depth):
        alias = self.name("z")
        table = self.random.choice(list(TABLES))
        inner = [(alias, TABLES[table])]
        column = self.random.choice(self.columns(inner, "int", "big"))
        function = self.one_of("count", "max", "min", "sum")
        return (f"(select {function}({column}) from {table} {alias}"
                f"{self.inner_where(inner, depth, scope, 0.6)})")

    def inner_where(self, inner, depth, scope, correlated):
        if self.chance(0.35):
            return ""
        outer = scope if self.chance(correlated) else None
        return f" where {self.condition(inner, depth - 1, outer)}"

    def text(self, scope, depth, outer=None):
        columns = self.columns(scope, "text")
        if depth <= 0 or self.chance(0.6):
            if columns and self.chance(0.8):
                return self.random.choice(columns)
            return f"'{self.one_of('a', 'b', 'ab', 'zz')}'"

        def sub():
            return self.text(scope, depth - 1, outer)
        return self.one_of(f"({sub()} || {sub()})",
                           f"coalesce({sub()}, {sub()})", f"upper({sub()})")

    def condition(self, scope, depth, outer=None):
        def num(d=depth - 1):
            return self.number(scope, d, outer)

        def cond():
            return self.condition(scope, depth - 1, outer)
        booleans = self.columns(scope, "bool")
        form = "compare" if depth <= 0 else self.pick(
            {"compare": 30, "text": 8, "bool": 5, "andor": 10, "not": 7,
             "null": 6, "between": 5, "in": 5, "distinct": 4, "select": 13,
             "like": 7})
        if form == "compare" or (form == "bool" and not booleans):
            op = self.one_of("=", "<>", "<", ">", "<=", ">=")
            return f"{num()} {op} {num()}"
        if form == "text":
            op = self.one_of("=", "<>", "<", ">=")
            return (f"{self.text(scope, depth - 1, outer)} {op} "
                    f"{self.text(scope, depth - 1, outer)}")
        if form == "bool":
            return self.random.choice(booleans) + self.one_of(
                "", " is true", " is not true", " is false", " is unknown",
                " is not unknown", " = true", " <> true", " is null")
        if form == "andor":
            return f"({cond()} {self.one_of('and', 'or')} {cond()})"
        if form == "not":
            return f"not ({cond()})"
        if form == "null":
            return f"{num()} is {self.one_of('', 'not ')}null"
        if form == "between":
            return f"{num(0)} between {num(0)} and {num(0)}"
        if form == "in":
            items = [self.constant() if self.chance(0.85) else "null"
                     for _ in range(3)]
            return f"{num(0)} {self.one_of('', 'not ')}in ({', '.join(items)})"
        if form == "distinct":
            return (f"{num()} is {self.one_of('', 'not ')}distinct from "
                    f"{num()}")
        if form == "like":
            pattern = self.one_of("'a%'", "'%b'", "'_'", "'%'")
            return f"{self.text(scope, 0, outer)} like {pattern}"
        return self.select_condition(scope, depth, outer)

    def select_condition(self, scope, depth, outer):
        alias = self.name("y")
        table = self.random.choice(list(TABLES))
        inner = [(alias, TABLES[table])]
        where = self.inner_where(inner, depth, scope, 0.5)
        if self.chance(0.5):
            return (f"{self.one_of('', 'not ')}exists "
                    f"(select 1 from {table} {alias}{where})")
        op = self.one_of("in", "not in", "= any", "> all", "< any", "<> all")
        column = self.random.choice(self.columns(inner, "int", "big"))
        return (f"{self.number(scope, 0, outer)} {op} "
                f"(select {column} from {table} {alias}{where})")

    # ---- FROM ----

    def from_item(self, depth):
        alias = self.name("r")
        if depth > 0 and self.chance(0.15):
            table = self.random.choice(list(TABLES))
            inner = [("w", TABLES[table])]
            limit = ""
            if self.chance(0.4):
                limit = f" order by 1, 2 limit {self.random.randint(1, 5)}"
            return (f"(select {self.number(inner, 1)} as p, "
                    f"{self.text(inner, 1)} as q from {table} w "
                    f"where {self.condition(inner, 1)}{limit}) {alias}",
                    (alias, [("p", "int"), ("q", "text")]))
        if self.chance(0.06):
            return (f"(values (1,'a'),(2,null),(null,'c')) {alias}(p, q)",
                    (alias, [("p", "int"), ("q", "text")]))
        table = self.random.choice(list(TABLES))
        return f"{table} {alias}", (alias, TABLES[table])

    def lateral_item(self, scope):
        """One that refers to the items before it."""
        alias = self.name("l")
        if self.chance(0.3):
            return (f"lateral (values ({self.number(scope, 1)}, "
                    f"{self.text(scope, 0)}), (1, 'a')) {alias}(p, q)",
                    (alias, [("p", "int"), ("q", "text")]))
        table = self.random.choice(list(TABLES))
        inner = [("w", TABLES[table])]
        limit = ""
        if self.chance(0.5):
            limit = f" order by 1, 2 limit {self.random.randint(1, 3)}"
        return (f"lateral (select {self.number(inner, 1, scope)} as p, "
                f"{self.text(inner, 1, scope)} as q from {table} w "
                f"where {self.condition(inner, 1, scope)}{limit}) {alias}",
                (alias, [("p", "int"), ("q", "text")]))

    def from_clause(self, depth):
        sql, item = self.from_item(depth)
        scope = [item]
        for _ in range(self.random.choices([0, 1, 2], [6, 3, 1])[0]):
            join = self.one_of("join", "left join", "right join", ",")
            if join != "right join" and self.chance(0.2):
                source, item = self.lateral_item(scope)
            else:
                source, item = self.from_item(depth)
            scope = scope + [item]
            if join == "," and "join" not in sql:
                sql += f", {source}"
            else:
                join = "join" if join == "," else join
                sql += f" {join} {source} on {self.condition(scope, 1)}"
        return sql, scope

    def where(self, scope, depth, p):
        if not self.chance(p):
            return ""
        return f" where {self.condition(scope, depth)}"

    # ---- queries ----

    def plain(self):
        source, scope = self.from_clause(2)
        columns = [self.number(scope, 2), self.text(scope, 1),
                   self.condition(scope, 2)]
        sql = (f"select {'distinct ' if self.chance(0.25) else ''}"
               f"{', '.join(columns)} from {source}"
               f"{self.where(scope, 3, 0.8)} order by 1 "
               f"{self.one_of('', 'desc', 'nulls first', 'desc nulls last')}"
               ", 2, 3")
        if self.chance(0.25):
            sql += f" limit {self.random.randint(0, 6)}"
        if self.chance(0.1):
            sql += " offset 2"
        return sql

    def grouped(self):
        source, scope = self.from_clause(1)
        where = self.where(scope, 2, 0.6)
        groups = [self.pick({self.number: 1, self.text: 1})(scope, 1)
                  for _ in range(self.random.randint(0, 2))]
        groups = [g for g in groups if "." in g and "select" not in g]
        values = ["count(*)"]
        for _ in range(2):
            function = self.one_of("sum", "min", "max", "count")
            values.append(f"{function}({self.number(scope, 1)})")
        if self.chance(0.3):
            values.append(f"count(distinct {self.number(scope, 0)})")
        if self.chance(0.3):
            columns = self.columns(scope, "int", "big") or ["1"]
            values.append(f"avg({self.random.choice(columns)})")
        if self.chance(0.2):
            values.append(f"sum({self.number(scope, 0)}) filter "
                          f"(where {self.condition(scope, 1)})")

        def numbers(n):
            return ", ".join(str(i + 1) for i in range(n))
        group_by = f" group by {numbers(len(groups))}" if groups else ""
        having = ""
        if self.chance(0.3):
            having = f" having count(*) > {self.random.randint(0, 2)}"
        return (f"select {', '.join(groups + values)} from {source}{where}"
                f"{group_by}{having} "
                f"order by {numbers(len(groups) + len(values))}")

    def member(self):
        source, scope = self.from_clause(1)
        return (f"select {self.number(scope, 1)}, {self.text(scope, 1)} "
                f"from {source}{self.where(scope, 1, 0.5)}")

    def set_operation(self):
        op = self.one_of("union", "union all", "intersect", "except",
                         "intersect all", "except all")
        return f"{self.member()} {op} {self.member()} order by 1, 2"

    def with_query(self):
        table = self.random.choice(list(TABLES))
        inner = [("w", TABLES[table])]
        hint = self.one_of("", "materialized ", "not materialized ")
        scope = [("v1", [("p", "int"), ("q", "text")]),
                 ("v2", [("p", "int"), ("q", "text")])]
        return (f"with v(p, q) as {hint}(select {self.number(inner, 1)}, "
                f"{self.text(inner, 1)} from {table} w"
                f"{self.where(inner, 1, 0.6)}) "
                f"select {self.number(scope, 1)}, {self.text(scope, 1)} "
                f"from v v1 {self.one_of('join', 'left join')} v v2 on "
                f"{self.condition(scope, 1)} order by 1, 2")

    def query(self):
        return self.pick({self.plain: 55, self.grouped: 25,
                          self.set_operation: 12, self.with_query: 8})()
