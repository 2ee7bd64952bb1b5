"""Which documents are simple, and what their lines look like."""

import re
from functools import lru_cache

_ASCII = bytes(range(0x20, 0x7F)) + b"\n\t"
_ODD_CHARACTER = (  # compiled where a text is not ASCII: it takes 3 ms
    "[^\\t\\n\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
_DEEPEST, _DEEPEST_FLOW = 200, 10  # deeper collections are left to the events
_LONGEST_FLOW = 1000  # characters; a key has at most 1,024 up to its colon

# The pieces of a line. Quantifiers are possessive: what cannot match fails at once.
_PLAIN_KEY = r"(?!(?:null|Null|NULL):|[0-9]{19})[A-Za-z0-9_./$()][A-Za-z0-9_./$()@%^=+~-]{0,200}+"
KEY = rf"""(?:{_PLAIN_KEY}|"[^"\\\n]{{0,200}}+"|'[^'\n]{{0,200}}+')"""
_WORD = r"(?:[^\s:#]++|:(?=\S)|(?<=\S)\#|[ ]++(?=[^\s#]))"  # what a plain scalar goes on with
_NO_JSON = r"(?![-+]?\.(?:inf|Inf|INF|nan|NaN|NAN))"
PLAIN = rf"{_NO_JSON}(?:[A-Za-z0-9_./$(+~^=;]|[-:](?=\S)){_WORD}*+"
_ESCAPED = r"""\\["\\nrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"""
REST = r"[ ]*+(?:(?<=[ ])\#[^\n]*+)?\n"  # blanks and a comment
EMPTY = r"(?:[ ]*+(?:\#[^\n]*+)?\n)*+"  # lines without content
_DEEPER = r"\1(?(2)(?(3)[ ][ ]))[ ]++"  # more than a key or a dash has
_FOLD = rf"\n(?=\n|{_DEEPER}\S)"
# A line with what belongs to it. Groups: its indentation, a dash, a key, then its value: one that
# stands on other lines (4), a flow collection (5), or any scalar; at last anything else (7).
_LINE = re.compile(
    rf"([ ]*+)(-[ ])?+(?:({KEY}:)(?=[ \n])[ ]*+)?+(?:"
    r"((?:(?<=[ ])\#[^\n]*+)?\n)"
    rf"|{PLAIN}(?:[ ]*+\n(?:{_DEEPER}(?=[^\s#]){_WORD}++[ ]*+\n)*+|[ ]++\#[^\n]*+\n)"
    rf"|([\[{{][^\n]*+)\n"
    rf"""|(?:"(?:[^"\\\n]|{_ESCAPED}|\\?{_FOLD})*+"|'(?:[^'\n]|''|{_FOLD})*+'){REST}"""
    rf"|[|>][-+]?[ ]*+\n(?:\n*+({_DEEPER})(?=[^ \t\n])[^\n]*+\n(?:\6[^\n]*+\n|[ ]*+\n)*+)?+"
    rf"){EMPTY}|([\s\S])"
)
_NOTHING = re.compile(EMPTY)
DOUBLE = rf'"(?:[^"\\\n]|{_ESCAPED})*+"'
SINGLE = r"'(?:[^'\n]|'')*+'"
_STRING = re.compile(f"{DOUBLE}|{SINGLE}")
_FLOW_WORD = r"""(?:-?[A-Za-z0-9_/][A-Za-z0-9_./-]*+|""|<>)"""
_FLOW_ENTRY = rf"""(?:(?!(?:null|Null|NULL):)[A-Za-z_][A-Za-z0-9_./-]*+|""):[ ]{_FLOW_WORD}"""
_INNERMOST = re.compile(
    rf"\[[ ]?(?:{_FLOW_WORD}(?:,[ ]?{_FLOW_WORD})*+)?[ ]?\]"
    rf"|\{{[ ]?(?:{_FLOW_ENTRY}(?:,[ ]?{_FLOW_ENTRY})*+)?[ ]?\}}"
)
_FLAT = re.compile(r"<>[ ]*+(?:(?<=[ ])\#.*+)?\Z")


def is_simple(text: str) -> bool:
    """Tell whether *text* is one mapping that this package reads."""
    if text[-1:] != "\n":
        return False
    if text.encode().translate(None, _ASCII) if text.isascii() else re.search(_ODD_CHARACTER, text):
        return False
    if text[0] == "{":
        return text.find("\n") == len(text) - 1 and _is_flow(text[:-1])
    begin = _NOTHING.match(text)
    rows = _LINE.findall(text, begin.end() if begin else 0)
    return bool(rows) and not rows[0][1] and bool(rows[0][2]) and _is_nested(rows)


def _is_nested(rows: list[tuple[str, ...]]) -> bool:  # noqa: C901 - flat, as it sees every line
    """Tell whether the lines stand at columns where their collections are open."""
    # The open collections: twice the column, and one more for a mapping.
    stack = [2 * len(rows[0][0]) + 1]
    to_come = -1  # column of the key whose value is on other lines
    for indent, dash, key, value_below, flow, _, odd in rows:
        column = len(indent)
        if odd or (flow and not _is_flow(flow)) or (value_below and not key):
            return False
        if dash or key:
            goal = 2 * column if dash else 2 * column + 1
            if 0 <= to_come < column + bool(dash):  # a dash may stand at the column of its key
                stack.append(goal)
            elif stack[-1] != goal and not _close(stack, goal):
                return False
            if dash and key:
                column += 2
                stack.append(2 * column + 1)
        elif not (flow[:2] in ("{}", "[]") and 0 <= to_come < column):
            return False
        to_come = column if value_below else -1
        if len(stack) > _DEEPEST:
            return False
    return True


def _close(stack: list[int], goal: int) -> bool:
    """Close the collections within *goal*; tell whether it is open.

    A sequence may stand at the column of the mapping that it is a value of.
    """
    while stack and (stack[-1] > goal or (stack[-1] == goal - 1 and goal % 2)):
        stack.pop()
    return bool(stack) and stack[-1] == goal


@lru_cache(maxsize=512)
def _is_flow(text: str) -> bool:
    """Tell whether *text* is a flow collection of plain words and quoted strings, and a comment."""
    if len(text) > _LONGEST_FLOW:
        return False
    text = _STRING.sub('""', text)
    for _ in range(_DEEPEST_FLOW):
        if text[0] == "<":
            break
        text = _INNERMOST.sub("<>", text)
    return bool(_FLAT.match(text))
