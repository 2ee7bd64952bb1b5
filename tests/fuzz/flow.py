"""Random flow collections and JSON documents."""

import json
from random import Random

WORDS = ("a", "b", "1", "true", "x.y/z", "-1", '"q r"', "'s'", "null", "e-f", "x_1", "0777")
DEEPEST = 3


def flow(random: Random, depth: int = 0) -> str:
    """Return a flow collection on one line."""
    opening, closing = random.choice(("{}", "[]"))
    write = pair if opening == "{" else flow_item
    members = [write(random, i, depth + 1) for i in range(random.choice((0, 1, 2, 3)))]
    blank = random.choice(("", "", " "))
    comma = "," if members and random.random() < 0.1 else ""
    return opening + blank + random.choice((", ", ",  ")).join(members) + comma + blank + closing


def pair(random: Random, number: int, depth: int = 0) -> str:
    """Return a key with its value in a flow collection."""
    kind = random.random()
    if kind < 0.05:
        return random.choice(('"j":1', "n: ", "'k' : v", "? q : r"))
    value = flow(random, depth + 1) if kind < 0.2 and depth < DEEPEST else random.choice(WORDS)
    return f"{random.choice(('a', 'b', 'on', 'x.y/z', f'k{number}'))}: {value}"


def flow_item(random: Random, number: int, depth: int = 0) -> str:
    """Return an item of a flow sequence."""
    kind = random.random()
    if kind < 0.2 and depth < DEEPEST:
        return flow(random, depth + 1)
    return pair(random, number, DEEPEST) if kind < 0.25 else random.choice(WORDS)


def json_document(random: Random) -> str:
    """Return a JSON document, on one line or on many."""
    value = {"kind": "X", **{key: _json_value(random, 0) for key in random.sample("abcdef", 4)}}
    text = json.dumps(value, indent=random.choice((None, 2, 4)), ensure_ascii=random.random() < 0.5)
    if random.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return random.choice(("", "", "\n", "# c\n")) + text + random.choice(("\n", "\n", ""))


def _json_value(random: Random, depth: int) -> object:
    kind = random.random()
    if kind < 0.3 and depth < DEEPEST:
        return [_json_value(random, depth + 1) for _ in range(random.choice((0, 1, 3)))]
    if kind < 0.6 and depth < DEEPEST:
        return {key: _json_value(random, depth + 1) for key in random.sample("xyz", 2)}
    return random.choice((1, 1.5, True, None, "s", "yes", "a/b é", 'q"', "", "two\nlines"))
