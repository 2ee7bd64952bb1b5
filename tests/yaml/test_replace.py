"""Replacing: a new value in the place of an old one, like its neighbours."""

import pytest
from editing import create, edited, insert, put, remove
from fuzz.edits import Edit


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param("a: 1\nb: 2\n", [put("a", "x")], "a: x\nb: 2\n", id="a plain scalar"),
        pytest.param(
            "a: 1  # c\nb: 2\n",
            [put("a", "x")],
            "a: x  # c\nb: 2\n",
            id="a comment behind the value stays",
        ),
        pytest.param(
            "a:   1 \nb: 2\n",
            [put("a", "x")],
            "a:   x \nb: 2\n",
            id="blanks before and behind a value stay",
        ),
        pytest.param('a: "x" # c\n', [put("a", "u")], 'a: "u" # c\n', id="double quotes stay"),
        pytest.param("a: 'x'\n", [put("a", "it's")], "a: 'it''s'\n", id="single quotes stay"),
        pytest.param(
            "a: 'x'\n",
            [put("a", "y\nz\n")],
            'a: "y\\nz\\n"\n',
            id="single quotes give way to a line break",
        ),
        pytest.param('a: "x"\n', [put("a", 3)], "a: 3\n", id="quotes go with a number"),
        pytest.param(
            'a: "x\n  u" # c\nb: 2\n',
            [put("a", "z")],
            'a: "z" # c\nb: 2\n',
            id="a quoted scalar on two lines",
        ),
        pytest.param(
            "a: x\n  u # c\nb: 2\n",
            [put("a", "z")],
            "a: z # c\nb: 2\n",
            id="a plain scalar on two lines",
        ),
        pytest.param(
            "a: 1 # c\nb: 2\n",
            [put("a", {"x": {"u": [1]}})],
            "a: # c\n  x:\n    u:\n    - 1\nb: 2\n",
            id="a map in the place of a scalar",
        ),
        pytest.param(
            "a: 1 # c\nb: 2\n",
            [put("a", [1, {"x": 2, "u": 3}])],
            "a: # c\n- 1\n- x: 2\n  u: 3\nb: 2\n",
            id="a list in the place of a scalar",
        ),
        pytest.param(
            "a: 1 # c\nb: 2\n",
            [put("a", "x\ny\n")],
            "a: | # c\n  x\n  y\nb: 2\n",
            id="a multi-line text in the place of a scalar",
        ),
        pytest.param(
            "a: # c\n  x: 1\n  u: 2\nb: 2\n",
            [put("a", 3)],
            "a: 3 # c\nb: 2\n",
            id="a scalar in the place of a map",
        ),
        pytest.param(
            "a:\n  # c\n  x: 1\n# d\nb: 2\n",
            [put("a", {})],
            "a: {}\n# d\nb: 2\n",
            id="an empty map in the place of a map",
        ),
        pytest.param(
            "a:\nb: 2\n", [put("a", 1)], "a: 1\nb: 2\n", id="a value in the place of nothing"
        ),
        pytest.param(
            "a: # c\nb: 2\n",
            [put("a", 1)],
            "a: 1 # c\nb: 2\n",
            id="a value in the place of nothing with a comment",
        ),
        pytest.param(
            "a:   # c\nb: 2\n",
            [put("a", {"x": 1})],
            "a: # c\n  x: 1\nb: 2\n",
            id="a map in the place of nothing with a comment",
        ),
        pytest.param(
            "a: null # c\nb: ~\n",
            [create("a/x", 1), create("b/x", 1)],
            "a: # c\n  x: 1\nb:\n  x: 1\n",
            id="null",
        ),
        pytest.param("a:\n- 1 # c\n- 2\n", [put("a/0", "x")], "a:\n- x # c\n- 2\n", id="an item"),
        pytest.param(
            "a:\n- # c\n- 2\n",
            [put("a/0", "x")],
            "a:\n- x # c\n- 2\n",
            id="an item that is nothing",
        ),
        pytest.param(
            "a:\n  - 1 # c\n  - 2\n",
            [put("a/0", {"x": 1, "u": [2]})],
            "a:\n  - x: 1 # c\n    u:\n      - 2\n  - 2\n",
            id="an item that becomes a map",
        ),
        pytest.param(
            "a:\n- 1\n",
            [put("a/0", [1, [2]])],
            "a:\n- - 1\n  - - 2\n",
            id="an item that becomes a list",
        ),
        pytest.param(
            "a:\n- x: 1\n  u: 2\n- 3\n",
            [put("a/0", "z")],
            "a:\n- z\n- 3\n",
            id="an item that was a map",
        ),
        pytest.param("a: 1", [put("a", 2)], "a: 2", id="without a final line ending"),
        pytest.param(
            "a:\n  b: 1", [put("a", {"x": 2})], "a:\n  x: 2", id="a map without a final line ending"
        ),
        pytest.param(
            "a: 1\nb: 1\nc: 1\nd: 1\n",
            [put("a", "yes"), put("b", "0777"), put("c", "x: u"), put("d", "x #u")],
            'a: "yes"\nb: "0777"\nc: "x: u"\nd: "x #u"\n',
            id="text that needs quotes",
        ),
        pytest.param(
            "a: 1\nb:\n  c: 2 # c\n  d: 3\ne: 4\n",
            [put("a", 5), put("b/c", 6), remove("e"), put("b/f", 7)],
            "a: 5\nb:\n  c: 6 # c\n  d: 3\n  f: 7\n",
            id="several places at once",
        ),
        pytest.param(
            "a: 1\na: 2\n", [put("a", 3)], "a: 1\na: 3\n", id="the last of two equal keys"
        ),
        pytest.param(
            "a: {}\nb: 1\n", [put("a/x", 1)], "a: {x: 1}\nb: 1\n", id="an empty map that gets a key"
        ),
        pytest.param(
            "a: {} # c\nb: 1\n",
            [put("a/x", {"u": 1})],
            "a: {x: {u: 1}} # c\nb: 1\n",
            id="an empty map with a comment that gets a map",
        ),
        pytest.param(
            "a: [] # c\nb: 1\n",
            [insert("a/0", {"x": 1})],
            "a: [{x: 1}] # c\nb: 1\n",
            id="an empty list that gets an item",
        ),
        pytest.param(
            "a:\n  {}\nb: 1\n",
            [put("a/x", 1)],
            "a:\n  {x: 1}\nb: 1\n",
            id="an empty map on its own line",
        ),
    ],
)
def test_a_value_is_replaced(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a: | # c\n  x\n  u\n\nb: 1\n",
            [put("a", "z\nw\n")],
            "a: | # c\n  z\n  w\n\nb: 1\n",
            id="a literal block",
        ),
        pytest.param(
            "a: |- # c\n  x\n\nb: 1\n",
            [put("a", "z")],
            "a: z # c\n\nb: 1\n",
            id="a literal block becomes a word",
        ),
        pytest.param(
            "a: >-\n  x\n  u\nb: 1\n", [put("a", "z\n")], "a: |\n  z\nb: 1\n", id="a folded block"
        ),
        pytest.param(
            "a:\n  b: |\n    x\n\n# c\nd: 1\n",
            [put("a/e", 1)],
            "a:\n  b: |\n    x\n  e: 1\n\n# c\nd: 1\n",
            id="a key behind a literal block",
        ),
        pytest.param(
            "a:\n  b: |+\n    x\n\nd: 1\n",
            [put("a/e", 1)],
            "a:\n  b: |+\n    x\n\n  e: 1\nd: 1\n",
            id="a key behind a kept block",
        ),
        pytest.param(
            "a: |\n  x", [put("b", 1)], "a: x\nb: 1\n", id="a key behind a block at the end"
        ),
        pytest.param(
            "a: |+\n  x\n\n",
            [put("b", 1)],
            "a: |+\n  x\n\nb: 1\n",
            id="a key behind a kept block at the end",
        ),
        pytest.param(
            "a: |", [put("b", 1)], "a: |\nb: 1", id="a key behind a block without lines at the end"
        ),
        pytest.param(
            "a: |+\n\nb: 1\n",
            [put("c", 1), put("b", 2)],
            "a: |+\n\nb: 2\nc: 1\n",
            id="a key behind a kept block without lines",
        ),
        pytest.param("a: |\n  x\n\n  u\n\nb: 1\n", [remove("a")], "\nb: 1\n", id="a removed block"),
        pytest.param("a: |+\n  x\n\nb: 1\n", [remove("a")], "b: 1\n", id="a removed kept block"),
        pytest.param(
            "a: |2\n    x\nb: 1\n",
            [put("b", 2), put("c", 3)],
            "a: |2\n    x\nb: 2\nc: 3\n",
            id="an indentation indicator",
        ),
        pytest.param(
            "a:\n- |\n  x\n- 1\n",
            [put("a/0", "y\nz")],
            "a:\n- |-\n  y\n  z\n- 1\n",
            id="a block in an item",
        ),
        pytest.param(
            "a: 1\nb: 1\nc: 1\n",
            [put("a", " x\ny"), put("b", "x \ny\n"), put("c", "x\n\n")],
            'a: " x\\ny"\nb: "x \\ny\\n"\nc: "x\\n\\n"\n',
            id="a text that a literal block cannot say",
        ),
        pytest.param(
            "a: |-\n  x\n",
            [put("a", "é\n  🎉\n\ty")],
            "a: |-\n  é\n    🎉\n  \ty\n",
            id="a text in single quotes becomes several lines",
        ),
    ],
)
def test_a_block_scalar_is_left_or_replaced(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected
