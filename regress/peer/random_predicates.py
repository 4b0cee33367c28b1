"""Random predicates of partial indexes, and conditions that may imply them.

Half of the conditions are made of the predicate: it and more, or it with other
constants.  Equality of two columns is left out, and so is what contradicts
itself by equalities: PostgreSQL derives from those what the planner here does
not.
"""
import re

COLUMNS = {"a": "integer", "b": "text", "c": "float8", "e": "boolean",
           "s": "smallint", "l": "bigint", "n": "numeric", "d": "integer[]"}
OPERATORS = ["=", "<>", "<", "<=", ">", ">="]
COMPARED = ["a", "s", "l", "a", "b", "c", "n"]
BOOLEANS = ["e", "not e", "e is true", "e = true", "e is not null",
            "e <> true", "e is unknown"]
OTHERS = ["b like 'a%'", "b || 'x' = 'ax'", "d[1] = 1", "d[1] > 0",
          "d is not null", "cardinality(d) > 1", "a is distinct from 1",
          "coalesce(a, 0) > 1", "nullif(a, 1) = 2", "greatest(a, s) > 2",
          "(case when a > 1 then b else 'x' end) = 'b'",
          "(case a when 1 then 2 else 3 end + 1) * 2 = a - 1 - 2",
          "a::text = '1'", "b::varchar = 'a'", "b::varchar(2) = 'a'",
          "a::float8 > 1", "(a + s) * 2 > -a", "d = array[1, a]"]
TWO_COLUMNS = ["a < s", "a <= s", "s > a", "a <> l", "l <> a", "a >= l",
               "s <> a", "a > s"]


class PredicateGenerator:
    def __init__(self, rng):
        self.rng = rng

    def constant(self, t):
        rng = self.rng
        if t == "integer":
            return str(rng.randint(-2, 4))
        if t in ("smallint", "bigint"):
            value = str(rng.randint(0, 3))
            return f"{value}::{t}" if rng.random() < 0.3 else value
        if t == "float8":
            return rng.choice(["0", "1", "2", "3::float8", "4::float8"])
        if t == "numeric":
            return rng.choice(["1", "2.5", "3", "0.5"])
        return "'" + rng.choice("abcd") + "'"

    def operand(self):
        rng = self.rng
        column = rng.choice(COMPARED)
        t = COLUMNS[column]
        if t in ("integer", "smallint", "bigint") and rng.random() < 0.15:
            return f"({column} + 1)", t
        if t == "text" and rng.random() < 0.2:
            return "lower(b)", t
        return column, t

    def atom(self):
        rng = self.rng
        x, t = self.operand()
        r = rng.random()
        if r < 0.5:
            op = rng.choice(OPERATORS)
            if rng.random() < 0.85:
                return f"{x} {op} {self.constant(t)}"
            return f"{self.constant(t)} {op} {x}"
        if r < 0.62:
            return f"{x} is {rng.choice(['', 'not ', 'not '])}null"
        if r < 0.72:
            values = ", ".join(self.constant(t)
                               for _ in range(rng.randint(1, 3)))
            return f"{x} {rng.choice(['in', 'not in'])} ({values})"
        if r < 0.76:
            return f"{x} between {self.constant(t)} and {self.constant(t)}"
        if r < 0.80:
            return f"{x} = any (array[{self.constant(t)}, {self.constant(t)}])"
        return rng.choice([BOOLEANS, OTHERS, TWO_COLUMNS][rng.randint(0, 2)])

    def clause(self, depth=0):
        rng = self.rng
        r = rng.random()
        if depth >= 2 or r < 0.45:
            return self.atom()
        if r < 0.95:
            word = " and " if r < 0.7 else " or "
            return "(" + word.join(self.clause(depth + 1) for _ in
                                   range(rng.randint(2, 3))) + ")"
        return f"not ({self.clause(depth + 1)})"

    def condition(self, predicate):
        rng = self.rng
        r = rng.random()
        if r < 0.35:
            return self.clause()
        if r < 0.5:
            return predicate
        if r < 0.65:
            return f"{predicate} and {self.clause(1)}"
        if r < 0.75:
            return f"{self.atom()} and {predicate}"
        return re.sub(r"\b\d\b", lambda m: str(
            max(0, int(m.group()) + rng.choice([-1, 0, 1]))), predicate)
