"""Random array literals: well-formed ones with a change or two, and noise."""

SOUND = ['{{1,2},{3,4}}', '{"a",b}', '{{{1},{2}}}', '[1:2][1:1]={{1},{2}}',
         '{{"x",NULL}}', '[0:1]={a,"}"}', '{}']
PIECES = ['{', '}', '{', '}', ',', ',', ',', '"', '\\', ' ', 'a', '1', 'NULL',
          '{1,2}', '{{', '}}', '[1:2]', '=']


def noise(rng):
    return ''.join(rng.choice(PIECES) for _ in range(rng.randint(1, 9)))


def changed(rng):
    text = rng.choice(SOUND)
    for _ in range(rng.randint(1, 2)):
        at = rng.randint(0, len(text))
        if rng.random() < 0.2:
            text = text[:at] + text[at + 1:]
        else:
            text = text[:at] + rng.choice(PIECES) + \
                text[at + rng.randint(0, 1):]
    return text


def array_literal(rng):
    return noise(rng) if rng.random() < 0.4 else changed(rng)
