"""Random regular expressions, most of them well-formed, and strings to match
them with; both of few characters, so that there are matches."""

LETTERS = "abAB01_ -.é\n"
CONSTRAINTS = ["^", "$", "\\A", "\\Z", "\\m", "\\M", "\\y", "\\Y", "[[:<:]]",
               "[[:>:]]"]
ESCAPES = ["\\d", "\\s", "\\w", "\\D", "\\S", "\\W", "\\n", "\\.", "\\x61",
           "\\u0062", "\\060", "\\\\", "\\q", "\\b", "\\B"]
SET_ITEMS = ["a", "b", "A", "0", "_", "é", " ", ".", "a-b", "A-Z", "0-9",
             "[:alpha:]", "[:digit:]", "[:space:]", "[:upper:]", "[:punct:]",
             "[:alnum:]", "\\d", "\\w", "\\s", "\\D", "\\n", "[.-.]"]
BAD_SET_ITEMS = ["b-a", "[:foo:]", "\\q", "a-\\d"]
QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,1}",
               "{2,}", "{0}", "{1,2}?"]
BAD_QUANTIFIERS = ["**", "{2,1}", "{256}", "+*"]


class RegexpGenerator:
    def __init__(self, rng):
        self.rng = rng

    def brackets(self):
        text = "[" + self.rng.choice(["", "", "^"])
        if self.rng.random() < 0.1:
            text += self.rng.choice(["]", "-"])
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            text += self.rng.choice(BAD_SET_ITEMS if self.rng.random() < 0.02
                                    else SET_ITEMS)
        return text + "]"

    def atom(self, depth):
        kind = self.rng.random()
        if kind < 0.45:
            return self.rng.choice("abAB01_ -é,}]")
        if kind < 0.55:
            return "."
        if kind < 0.6:
            return self.rng.choice(CONSTRAINTS)
        if kind < 0.7:
            return self.rng.choice(ESCAPES)
        if kind < 0.85 or depth == 0:
            return self.brackets()
        return self.rng.choice(["(", "(?:"]) + self.pattern(depth - 1) + ")"

    def quantifier(self):
        kind = self.rng.random()
        if kind < 0.6:
            return ""
        return self.rng.choice(BAD_QUANTIFIERS if kind < 0.61
                               else QUANTIFIERS)

    def pattern(self, depth=2):
        branches = ["".join(self.atom(depth) + self.quantifier()
                            for _ in range(self.rng.choice([0, 1, 2, 3])))
                    for _ in range(self.rng.choice([1, 1, 1, 2, 3]))]
        return "|".join(branches)

    def string(self):
        return "".join(self.rng.choice(LETTERS)
                       for _ in range(self.rng.choice([0, 1, 2, 3, 4, 6, 9])))
