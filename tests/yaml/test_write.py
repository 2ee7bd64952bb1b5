"""Writing: what takes more than splices, and what cannot be written."""

import pytest
from editing import edited, insert, put, remove
from fuzz.edits import Edit

from postrender._yaml import load


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "? a\n: 1\nb: 2\nc: 3\n",
            [remove("b")],
            "a: 1\nc: 3\n",
            id="a key behind a complex key is removed",
        ),
        pytest.param(
            "a:\n- ? b\n...\n",
            [put("a/0/b", 1)],
            "a:\n- b: 1\n...\n",
            id="a complex key without a value before an explicit end",
        ),
        pytest.param(
            "a:\n- 1\r- 2\n",
            [insert("a/1", 3)],
            "a:\n- 1\n- 3\n- 2\n",
            id="dashes that no line starts with",
        ),
        pytest.param(
            "a:\n- 1\r- 2\nb: 3\n",
            [insert("a/1", 3)],
            "a:\n- 1\n- 3\n- 2\nb: 3\n",
            id="dashes that no line starts with, before a key",
        ),
        pytest.param(
            "? a\n: 1\nb: 2\n", [put("b", 3), put("c", 4)], "a: 1\nb: 3\nc: 4\n", id="a complex key"
        ),
        pytest.param(
            "? a\n: 1\nb: 2\n", [put("a", 3)], "a: 3\nb: 2\n", id="the value of a complex key"
        ),
        pytest.param(
            "b:\n  ? a\n  : 1\n  # c\n  d: 2 # d\ne: 3\n",
            [put("b/a", 3)],
            "b:\n  a: 3\n  # c\n  d: 2 # d\ne: 3\n",
            id="the value of a complex key beside a comment",
        ),
        pytest.param("? a\n: 1\nb: 2\n", [remove("a")], "b: 2\n", id="a complex key is removed"),
        pytest.param("a : 1 # c\n", [put("a", 2)], "a : 2 # c\n", id="a blank before the colon"),
        pytest.param(
            "a: { # c\n  x: 1, # d\n  u: 2 # e\n  }\n",
            [put("a/x", 3), put("a/z", 4)],
            "a: { # c\n  x: 3, # d\n  u: 2,\n  z: 4 # e\n  }\n",
            id="a comment within a flow map on lines",
        ),
        pytest.param(
            "a:\t1\t# c\n", [put("a", {"x": 1})], "a: # c\n  x: 1\n", id="a tab before a comment"
        ),
        pytest.param(
            "a:\n- # c\n  - 1\n  - 2\n",
            [put("a/0/1", 3), insert("a/0/0", 4)],
            "a:\n- # c\n  - 4\n  - 1\n  - 3\n",
            id="a list whose dashes are not found",
        ),
        pytest.param(
            "a:\n- - 1 # c\n  - 2\nb: 3\n",
            [remove("a/0/0")],
            "a:\n- - 2 # c\nb: 3\n",
            id="the only comment is in the node",
        ),
    ],
)
def test_what_is_awkward_is_written(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param("# c\na: 1\n", [put("", {"b": 2})], "# c\nb: 2\n", id="a whole other value"),
        pytest.param(
            "# c\n\na: 1 # d\n",
            [put("", [1])],
            "# c\n\n- 1\n",
            id="a whole other value below comments",
        ),
        pytest.param("a: 1\n", [put("", "x")], "x\n", id="a scalar"),
        pytest.param("# c\n", [put("", {"a": 1})], "# c\na: 1\n", id="nothing becomes something"),
        pytest.param("", [put("", {"a": {}})], "a: {}\n", id="nothing at all becomes something"),
    ],
)
def test_the_whole_value_is_replaced(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


def test_a_comment_behind_a_new_literal_block_stays_a_comment() -> None:
    text = "a:\n  b: 1\n    # c\n\n   # d\ne: 2\n"

    new = edited(text, put("a/d", "x\ny\n"))

    assert new == 'a:\n  b: 1\n  d: "x\\ny\\n"\n    # c\n\n   # d\ne: 2\n'
    assert load(new) == {"a": {"b": 1, "d": "x\ny\n"}, "e": 2}
