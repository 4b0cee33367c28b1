"""Values of every type for the comparison with PostgreSQL: the ends of each
range, what is next to them, and what has a meaning of its own."""

SAMPLES = {
    "int2": "0 1 -1 7 32767 -32768".split(),
    "int4": "0 1 -1 5 2147483647 -2147483648".split(),
    "int8": "0 1 -1 9223372036854775807 -9223372036854775808 "
            "12345678901".split(),
    "float4": "0 -0 1.5 -2.25 1e38 NaN Infinity -Infinity 0.1 1e-40 16777217 "
              "-7".split(),
    "float8": "0 -0 1.5 -2.25 1e308 NaN Infinity -Infinity 0.1 1e-310 "
              "9007199254740993 1e22 -7 0.5".split(),
    "numeric": "0 1 -1 0.5 -123.456 1e20 NaN Infinity -Infinity "
               "99999999999999.9999 0.00001 1e-10 12 100 2.5 -2.5".split(),
    "text": ["", "abc", "ABC", " a ", "naïve", "x%", "12", "a_b", "-5", "1.5",
             "2024-01-01", "int4", "a,b,c", "ab"],
    "name": ["abc", "pg_class", "", "Foo"],
    "varchar": ["ab", "", "x y"],
    "bpchar": ["a ", "b", ""],
    "char": ["a", "", "1"],
    "bool": ["t", "f"],
    "bytea": ["", "\\x00ff61", "abc"],
    "bit": ["", "0", "1", "101", "b0110", "xFF", "x0123456789abcdef",
            "1111111100000000", "011", "110"],
    "varbit": ["", "1", "010", "x00ff00ff", "x8000000000000000", "1011"],
    "oid": "0 23 1259 4294967295".split(),
    "xid": "0 3 4294967295".split(),
    "cid": "0 5".split(),
    "xid8": "0 5".split(),
    "tid": ["(0,1)", "(4294967295,65535)"],
    "timestamptz": ["2024-02-29 12:34:56.789+00", "infinity", "-infinity",
                    "epoch", "1999-12-31 23:59:59.999999+05",
                    "0044-03-15 00:00:00+00 BC"],
    "timestamp": ["2024-02-29 12:34:56.789", "infinity", "epoch"],
    "date": ["2024-02-29", "infinity", "epoch", "0044-03-15 BC"],
    "interval": ["1 day", "2 mons 03:04:05", "-1 year"],
    "uuid": ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    "_int4": ["{1,2}", "{}", "{NULL,3}", "{5}"],
    "_text": ["{a,b}", "{}", '{NULL,"x y"}'],
    "_float8": ["{1.5,2}", "{}", "{3,1,1}"],
    "_int8": ["{1,2}", "{}"],
    "_bit": ["{101,0}", "{}", "{NULL,xF0}"],
    "_varbit": ["{101,0}", "{}"],
    "oidvector": ["23 25", "", "1"],
    "regclass": ["pg_class", "0"],
    "regtype": ["int4"],
    "cstring": ["", "1", "-32769", "1.5", "abc", "t", "NaN", "{1,2}", "(0,1)",
                "2024-01-01", "x1f", "\\x41", "1e400", "99999999999", "  7 "],
}

# A polymorphic argument stands for these (type, value).
POLYMORPHIC = {
    "anyarray": [("_int4", v) for v in SAMPLES["_int4"]],
    "anyelement": [("int4", "5")],
    "any": [("int4", "5"), ("text", "abc"), ("float8", "1.5")],
}
for name in ("anynonarray", "anycompatible", "anycompatiblenonarray"):
    POLYMORPHIC[name] = POLYMORPHIC["anyelement"]
POLYMORPHIC["anycompatiblearray"] = POLYMORPHIC["anyarray"]


def type_name(t):
    """As a cast is written; an array type's name begins with "_"."""
    if t in ("char", "bit"):    # without quotes another type, another length
        return f'"{t}"'
    if t == "_bit":
        return '"bit"[]'
    return t[1:] + "[]" if t.startswith("_") else t


def literal(t, value):
    if value is None:
        return f"NULL::{type_name(t)}"
    return "'" + value.replace("'", "''") + "'::" + type_name(t)


def domain(t):
    """Every (type, value) for an argument of the type, NULL among them; None
    if there are no samples."""
    if t in POLYMORPHIC:
        values = POLYMORPHIC[t]
        return values + [(values[0][0], None)]
    if t not in SAMPLES:
        return None
    return [(t, v) for v in SAMPLES[t]] + [(t, None)]
