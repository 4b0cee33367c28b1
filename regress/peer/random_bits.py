"""Random statements about strings of bits: every operator and function, with
lengths around those of bytes and words, and arguments on both sides of what is
legal."""

LENGTHS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128]
NUMBERS = [0, 1, 2, 3, -1, -2, 5, 8, 9, 16, 17, 31, 40, 2147483647,
           -2147483647]
COMPARISONS = ("<", "<=", "=", "<>", ">=", ">")


class BitGenerator:
    def __init__(self, rng):
        self.rng = rng

    def digits(self, n=None):
        """n bits, or some; mostly ones or mostly zeros at times"""
        r = self.rng
        if n is None:
            n = r.choice(LENGTHS + [r.randrange(200)])
        share = r.choice([0.5, 0.5, 0.95, 0.05])
        return "".join("1" if r.random() < share else "0" for _ in range(n))

    def bits(self, n=None):
        return f"B'{self.digits(n)}'"

    def number(self):
        return self.rng.choice(NUMBERS + [self.rng.randrange(-10, 140)])

    def width(self):
        return self.rng.randrange(1, 140)

    def integer(self, width):
        n = self.rng.randrange(-2 ** (width - 1) + 1, 2 ** (width - 1))
        return f"({n >> self.rng.randrange(width)})"

    def position(self):
        """Of a part that is there, and of one that may be."""
        text = self.digits()
        start = self.rng.randrange(len(text) + 1)
        end = start + self.rng.randrange(20)
        return (f"position(B'{text[start:end]}' in B'{text}'), "
                f"position({self.bits(5)} in {self.bits()})")

    def literal(self):
        text = "".join(self.rng.choice("bBxX0110aFg é")
                       for _ in range(self.rng.randrange(6)))
        type_name = self.rng.choice(["bit(4)", "varbit", "varbit(3)", "bit"])
        return f"'{text}'::{type_name}"

    def rows(self, values):
        return "(VALUES " + ", ".join(f"({v})" for v in values) + ") AS v (b)"

    def statement(self):
        r, bits, number = self.rng, self.bits, self.number
        n = r.randrange(200)
        operator = r.choice("&|#")
        text = r.choice([
            lambda: f"{bits(n)} {operator} {bits(n)}",
            lambda: f"{bits()} {operator} {bits()}",
            lambda: f"~{bits()}, {bits()} || {bits()}",
            lambda: f"{bits()} << {number()}, {bits()} >> {number()}",
            lambda: f"substring({bits()}, {number()}, {number()})",
            lambda: f"substring({bits()}, {number()})",
            lambda: f"overlay({bits()} placing {bits()} from {number()} "
                    f"for {number()})",
            lambda: f"overlay({bits()} placing {bits()} from {number()})",
            self.position,
            lambda: f"get_bit({bits()}, {number()})",
            lambda: f"set_bit({bits()}, {number()}, {r.choice([0, 1, 1, 2])})",
            lambda: ", ".join(f"{f}({bits()})" for f in (
                "bit_count", "length", "octet_length", "bit_length")),
            lambda: f"{bits()}::integer",
            lambda: f"{bits()}::bigint",
            lambda: f"{self.integer(32)}::bit({self.width()})",
            lambda: f"{self.integer(64)}::bigint::bit({self.width()})",
            lambda: f"{bits()}::bit({self.width()}), "
                    f"{bits()}::varbit({self.width()})",
            lambda: ", ".join(f"{bits()} {c} {bits()}" for c in COMPARISONS),
            lambda: f"bit_send({bits()}), varbit_send({bits()}), "
                    f"X'{''.join(r.choice('09afAF') for _ in range(n // 8))}'",
            self.literal])()
        if r.random() < 0.1:
            values = [bits(n) for _ in range(4)] + ["NULL"]
            return ("SELECT bit_and(b), bit_or(b), bit_xor(b), count(DISTINCT "
                    f"b) FROM {self.rows(values)}")
        if r.random() < 0.1:
            values = [bits() for _ in range(5)] + ["NULL"]
            return f"SELECT b FROM {self.rows(values)} ORDER BY b"
        return f"SELECT {text}"
