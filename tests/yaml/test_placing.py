"""A new key in front of another one: where it stands in the text, and what stays there."""

import pytest
from editing import edited, keys, put, remove
from fuzz.edits import Edit

from postrender._yaml import Document, written


def place(path: str, value: object, before: str) -> Edit:
    """Make *value* the value at *path*, in front of the key *before* where it is new."""
    return Edit("put", keys(path), value, before)


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a: 1\nb: 2\nc: 3\n", [place("x", 0, "b")], "a: 1\nx: 0\nb: 2\nc: 3\n", id="between"
        ),
        pytest.param("a: 1\nb: 2\n", [place("x", 0, "a")], "x: 0\na: 1\nb: 2\n", id="first"),
        pytest.param("a: 1\n", [place("x", 0, "none")], "a: 1\nx: 0\n", id="no such key"),
        pytest.param(
            "a: 1\nb: 2\n", [place("b", 0, "a")], "a: 1\nb: 0\n", id="a key that is there stays"
        ),
        pytest.param(
            "s:\n  a: 1 # one\n\n  # why\n  b: 2\n",
            [place("s/x", {"w": [1]}, "b")],
            "s:\n  a: 1 # one\n  x:\n    w:\n    - 1\n\n  # why\n  b: 2\n",
            id="comments stay with what they lead to",
        ),
        pytest.param(
            "# top\n\n# why\na: 1\n",
            [place("x", 0, "a")],
            "# top\n\nx: 0\n# why\na: 1\n",
            id="above the comment of the first key",
        ),
        pytest.param(
            "a:\n  - u\nb: 1\n",
            [place("x", 1, "b"), place("w", 2, "b"), put("z", 3)],
            "a:\n  - u\nx: 1\nw: 2\nb: 1\nz: 3\n",
            id="several in the order in which they came",
        ),
        pytest.param(
            "a: 1\nb: 2\n",
            [place("x", 0, "b"), place("w", 1, "x")],
            "a: 1\nw: 1\nx: 0\nb: 2\n",
            id="in front of one that is new itself",
        ),
        pytest.param(
            "a: 1\nb: 2\nc: 3\n",
            [place("x", 0, "b"), remove("b")],
            "a: 1\nx: 0\nc: 3\n",
            id="the other goes later",
        ),
        pytest.param(
            "a: 1\nb: 2\n",
            [place("x", 0, "b"), remove("a"), remove("b")],
            "x: 0\n",
            id="every other goes later",
        ),
        pytest.param(
            "a: 1\n",
            [put("x", 0), place("w", 1, "x"), remove("x")],
            "a: 1\nw: 1\n",
            id="a new one goes again",
        ),
        pytest.param(
            "l:\n- a: 1\n  b: 2\n",
            [place("l/0/x", 0, "a")],
            "l:\n- x: 0\n  a: 1\n  b: 2\n",
            id="behind the dash of an item",
        ),
        pytest.param(
            "l:\n- a: 1\n  b: 2\n",
            [remove("l/0/a"), place("l/0/x", 0, "b")],
            "l:\n- x: 0\n  b: 2\n",
            id="behind a dash whose first key goes",
        ),
        pytest.param(
            "l:\n- a: 1\n  b: 2\n",
            [place("l/0/x", 0, "b")],
            "l:\n- a: 1\n  x: 0\n  b: 2\n",
            id="further down in an item",
        ),
        pytest.param(
            "a: {b: 1, c: 2}\n", [place("a/x", 0, "c")], "a: {b: 1, x: 0, c: 2}\n", id="flow"
        ),
        pytest.param(
            "a: {b: 1, c: 2}\n",
            [place("a/x", 0, "b")],
            "a: {x: 0, b: 1, c: 2}\n",
            id="first in a flow",
        ),
        pytest.param(
            '{\n  "a": 1,\n  "b": 2\n}\n',
            [place("x", 0, "a"), place("y", 1, "b")],
            '{\n  "x": 0,\n  "a": 1,\n  "y": 1,\n  "b": 2\n}\n',
            id="JSON with a line for each",
        ),
        pytest.param(
            "a: 1\nb: 2\n",
            [put("m", {"c": 1}), place("m/x", 0, "c")],
            "a: 1\nb: 2\nm:\n  x: 0\n  c: 1\n",
            id="in a value that is new",
        ),
        pytest.param(
            "a: &m\n  b: 1\nc: *m\n",
            [place("c/x", 0, "b")],
            "a: &m\n  b: 1\nc:\n  x: 0\n  b: 1\n",
            id="in what an alias stood for",
        ),
        pytest.param(
            "a: 1\r\nb: 2\r\n", [place("x", 0, "b")], "a: 1\r\nx: 0\r\nb: 2\r\n", id="line endings"
        ),
        pytest.param(
            "a: 1\n  # odd\nb: 2\n",
            [place("x", "t\nu\n", "b")],
            'a: 1\nx: "t\\nu\\n"\n  # odd\nb: 2\n',
            id="a comment that a literal block would take in",
        ),
    ],
)
def test_a_new_key_stands_in_front_of_another(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


def test_the_value_has_the_same_order_as_the_text() -> None:
    document = Document("a: 1\nb: 2\n")

    document.put(("x",), 0, before="b")

    assert list(document.get(())) == ["a", "x", "b"]
    assert list(Document(written(document)).get(())) == ["a", "x", "b"]
