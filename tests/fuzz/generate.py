"""Random documents: YAML in all its styles, with comments everywhere, written from templates."""

from random import Random
from typing import NamedTuple

from fuzz.flow import DEEPEST, flow, flow_item, json_document, pair

PLAIN = (
    "x", "yes", "0777", "1e3", "1.50", "true", "~", "null", "two words", "a:b", "a#b", "10.0.0.1",
    "http://example.com:80/?q=1", "-5", "0x1F", "2001-01-01", "1:30", "=", "$(VAR)", "é🎉",
    "20m", "v1", "100Mi", "a\u00a0b",
)  # fmt: skip
QUOTED = (
    '""', "''", '"1"', "'yes'", '"a: b # c"', "'it''s'", '"q\\"\\\\"', '"\\u00e9\\n"', '"{}"',
    "'[x]'", '"\\x41\\t"', "'#'", '" lead"',
)  # fmt: skip
KEYS = (
    "name", "labels", "spec", "app.kubernetes.io/name", "a", "b", "c", "data", "on", "yes", "1",
    "1.5", "0x10", '"quoted"', "'single'", '"a b"', '"a: b"', "f$(X)", "key-4",
)  # fmt: skip
ODD_KEYS = ("a b", "é", "=", '"\\u00e9"', "'it''s'")
COMMENTS = ("# c", "#", "# key: value", "# - item", '# "quote', "#### é", "# a # b")
HEADERS = ("|", "|-", "|+", ">", ">-", ">+", "|2", "|2-", ">2+", "|  ", "| # c")
BODY = ("text", "more: text", "  deeper", "", "# no comment", "- dash", "end  ", "é", "x\ttab")
TAGS = ("!!str", "!custom", "!", "!custom", "!!str &t")


class Habits(NamedTuple):
    """How one document is written."""

    step: int
    dash: int
    comments: float
    odd: float  #: how often there is what takes more than splices


def document(random: Random) -> str:
    """Return a text that most often is a document."""
    if random.random() < 0.12:
        return json_document(random)
    step = random.choice((2, 2, 2, 4, 3, 1))
    habits = Habits(
        step,
        random.choice((0, 0, step)),
        random.choice((0.0, 0.0, 0.2, 0.5)),
        random.choice((0.0, 0.0, 0.05, 0.3)),
    )
    writer = Writer(random, habits)
    lines = [line for _ in range(random.choice((0, 0, 1, 2))) for line in writer.filler(0)]
    lines += writer.sequence(0, 0) if random.random() < 0.04 else writer.mapping(0, 0)
    lines += writer.filler(0) if random.random() < 0.3 else []
    return _ended(random, lines)


def _ended(random: Random, lines: list[str]) -> str:
    """Join lines by one kind of line ending, with or without the last."""
    eol = "\r\n" if random.random() < 0.1 else "\n"
    end = random.choice((eol, eol, eol, eol, "", eol * 3, f"{eol}...{eol}"))
    return eol.join(lines) + end


class Writer:
    """Writes the lines of one document."""

    def __init__(self, random: Random, habits: Habits) -> None:
        """Write with these *habits*."""
        self.random = random
        self.habits = habits
        self.anchors: list[str] = []
        self.maps: list[str] = []  #: the anchors that name mappings

    def is_odd(self) -> bool:
        """Tell whether to write something odd now."""
        return self.random.random() < self.habits.odd

    def comment(self) -> str:
        """Return what may stand behind a value."""
        if self.random.random() < self.habits.comments:
            return self.random.choice((" ", "   ")) + self.random.choice(COMMENTS)
        return self.random.choice(("", "", "", "", " "))

    def filler(self, column: int) -> list[str]:
        """Return lines without content."""
        if self.random.random() < self.habits.comments:
            indent = " " * self.random.choice((column, column, 0, column + 2))
            return [self.random.choice((indent + self.random.choice(COMMENTS), "", "  "))]
        return []

    def mapping(self, column: int, depth: int) -> list[str]:
        """Return the lines of a block mapping."""
        lines: list[str] = []
        size = self.random.choice(
            (1, 1, 2, 3, 10) if depth == 1 else (1, 2, 3) if depth else (2, 3, 9)
        )
        keys = self.random.sample(KEYS + ODD_KEYS if self.is_odd() else KEYS, size)
        if self.is_odd():
            keys.append(self.random.choice(keys))
        for key in keys:
            if lines:
                lines += self.filler(column)
            lines += self._entry(key, column, depth)
        return lines

    def _entry(self, key: str, column: int, depth: int) -> list[str]:
        indent = " " * column
        if self.maps and self.is_odd():
            merged = f"*{self.random.choice(self.maps)}"
            return [f"{indent}<<: {self.random.choice((merged, f'[{merged}]'))}"]
        if self.is_odd() and self.random.random() < 0.2:
            return [f"{indent}? {key}", *self.value(f"{indent}:", column, depth)]
        colon = " :" if self.is_odd() and self.random.random() < 0.2 else ":"
        return self.value(indent + key + colon, column, depth)

    def sequence(self, column: int, depth: int) -> list[str]:
        """Return the lines of a block sequence."""
        lines: list[str] = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            if lines:
                lines += self.filler(column)
            lines += self._item(column, depth)
        return lines

    def _item(self, column: int, depth: int) -> list[str]:
        head = " " * column + "-"
        kind = self.random.random()
        if depth >= DEEPEST or kind < 0.4:
            return self.value(head, column, DEEPEST)
        wide = self.random.choice((1, 1, 1, 1, 3))
        inner = column + 1 + wide
        write = self.mapping if kind < 0.85 else self.sequence
        if self.random.random() < 0.1:
            return [head + self.comment(), *self.filler(inner), *write(inner, depth + 1)]
        lines = write(inner, depth + 1)
        return [head + " " * wide + lines[0][inner:], *lines[1:]]

    def value(self, head: str, column: int, depth: int) -> list[str]:
        """Return the lines of a key or dash with its value."""
        if self.is_odd():
            return self._tied(head, column, depth)
        return self._value(head, column, depth)

    def _tied(self, head: str, column: int, depth: int) -> list[str]:
        """Return the lines of a value with an anchor, which may be used afterwards, or a tag."""
        if self.random.random() < 0.3:
            return self._value(f"{head} {self.random.choice(TAGS)}", column, depth)
        anchor = self.random.choice(("x", f"y{len(self.anchors)}", f"z-{len(self.anchors)}"))
        lines = self._value(f"{head} &{anchor}", column, depth)
        self.anchors.append(anchor)
        below = lines[1].strip() if lines[0].rstrip().endswith(f"&{anchor}") and lines[1:] else "-"
        if ":" in below and below[0] not in "-#":
            self.maps.append(anchor)
        return lines

    def _value(self, head: str, column: int, depth: int) -> list[str]:
        kind = self.random.random()
        if depth < DEEPEST and kind < 0.3:
            inner = column + self.random.choice((self.habits.step,) * 9 + (1,))
            return [head + self.comment(), *self.filler(inner), *self.mapping(inner, depth + 1)]
        if depth < DEEPEST and kind < 0.5 and not head.endswith("-"):
            inner = column + self.habits.dash
            return [head + self.comment(), *self.filler(inner), *self.sequence(inner, depth + 1)]
        if kind < 0.58:
            return self._block_scalar(head, column)
        if kind < 0.62:
            return self._several_lines(head, column)
        if kind < 0.72:
            return self._flow(head, column)
        return [head + self.scalar(tied="&" in head or "!" in head) + self.comment()]

    def scalar(self, *, tied: bool) -> str:
        """Return a scalar with the blank before it, or nothing."""
        kind = self.random.random()
        if self.anchors and self.is_odd() and not tied:
            return f" *{self.random.choice(self.anchors)}"
        if kind < 0.1:
            return ""
        if kind < 0.2:
            return " " + self.random.choice(("{}", "[]", "{ }", "[ ]"))
        blanks = self.random.choice((" ", " ", " ", "   "))
        return blanks + self.random.choice(PLAIN if kind < 0.65 else QUOTED)

    def _block_scalar(self, head: str, column: int) -> list[str]:
        header = self.random.choice(HEADERS if self.is_odd() else HEADERS[:6])
        body = [self.random.choice(BODY) for _ in range(self.random.choice((0, 1, 1, 2, 5)))]
        if "2" not in header and body and body[0][:1] in ("", " "):
            body.insert(0, "first")  # the indentation is told by the first line
        lines = [" " * (column + 2) + line if line else "" for line in body]
        return [f"{head} {header}", *lines, *[""] * self.random.choice((0, 0, 0, 1, 2))]

    def _several_lines(self, head: str, column: int) -> list[str]:
        quote = self.random.choice(("", "", "'", '"'))
        more = [
            self.random.choice(
                ("goes on", "", "and #on" if quote else "and#on", "x: y" if quote else "z")
            )
        ]
        lines = [" " * (column + 2) + line if line else "" for line in more]
        break_ = "\\" if quote == '"' and self.random.random() < 0.3 else ""
        last = " " * (column + 3) + f"end{quote}{self.comment()}"
        return [f"{head} {quote}first words{break_}", *lines, last]

    def _flow(self, head: str, column: int) -> list[str]:
        if self.random.random() < 0.7:
            return [f"{head} {flow(self.random)}{self.comment()}"]
        indent = " " * (column + 2)
        opening, closing = self.random.choice(("{}", "[]"))
        write = pair if opening == "{" else flow_item
        rows = [write(self.random, i) for i in range(self.random.choice((1, 2, 3)))]
        lines = [f"{indent}{row},{self.comment()}" for row in rows]
        if self.random.random() < 0.5:
            lines[-1] = f"{indent}{rows[-1]}{self.comment()}"
        return [f"{head} {opening}{self.comment()}", *lines, f"{indent}{closing}"]
