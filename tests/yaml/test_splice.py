"""Splices: keys and items that come and go, and no other line that changes."""

import pytest
from editing import create, edited, insert, put, remove
from fuzz.edits import Edit

from postrender._yaml.flow import Splice
from postrender._yaml.places import Awkward
from postrender._yaml.splice import apply


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a:\n  x: 1\n\n# c\nb: 2\n",
            [put("a/u", 2)],
            "a:\n  x: 1\n  u: 2\n\n# c\nb: 2\n",
            id="a key is added last",
        ),
        pytest.param(
            "a: 1\n\n# end\n",
            [put("b", 2)],
            "a: 1\nb: 2\n\n# end\n",
            id="a key is added to the root",
        ),
        pytest.param(
            "a: 1",
            [put("b", {"x": 1})],
            "a: 1\nb:\n  x: 1",
            id="a key is added without a final line ending",
        ),
        pytest.param(
            "a:\n    x: 1\n",
            [put("b", {"u": {"z": 1}})],
            "a:\n    x: 1\nb:\n    u:\n        z: 1\n",
            id="a map is added in the document's indentation",
        ),
        pytest.param(
            "a:\n  - 1\n",
            [put("b", [1])],
            "a:\n  - 1\nb:\n  - 1\n",
            id="a list is added like those of the document",
        ),
        pytest.param(
            "a:\n- 1\n",
            [put("b", [1])],
            "a:\n- 1\nb:\n- 1\n",
            id="a list is added at the column of its key",
        ),
        pytest.param(
            "a: 1\n",
            [create("b/c/d", 2)],
            "a: 1\nb:\n  c:\n    d: 2\n",
            id="maps on the way are made",
        ),
        pytest.param(
            "a: 1\n",
            [put("yes", 1), put("x u", 2), put(("",), 3), put("x: u", 4)],
            'a: 1\n"yes": 1\nx u: 2\n"": 3\n"x: u": 4\n',
            id="a key that needs quotes",
        ),
        pytest.param(
            "a: 1 # c\nb: 2 # d\nc: 3\n",
            [remove("b")],
            "a: 1 # c\nc: 3\n",
            id="a key is removed with its comment",
        ),
        pytest.param(
            "a: 1\n# c\nb: 2\nc: 3\n",
            [remove("b")],
            "a: 1\n# c\nc: 3\n",
            id="comments above a removed key stay",
        ),
        pytest.param(
            "a:\n  # c\n  x: 1 # d\n  # e\n# f\nb: 2\n",
            [remove("a")],
            "  # e\n# f\nb: 2\n",
            id="comments in a removed map go",
        ),
        pytest.param(
            "a: 1\nb: 2\na: 3\n", [remove("a")], "b: 2\n", id="all of equal keys are removed"
        ),
        pytest.param(
            "a: # c\n  x: 1\nb: 2\n",
            [remove("a/x")],
            "a: {} # c\nb: 2\n",
            id="the last key leaves an empty map",
        ),
        pytest.param("# c\na: 1\n", [remove("a")], "# c\n{}\n", id="every key of the root"),
        pytest.param(
            "a: 1\nb: 2\n", [remove("a"), remove("b")], "{}\n", id="every key of a bare root"
        ),
        pytest.param(
            "a: 1\nb: 2\n",
            [remove("a"), put("a", 3)],
            "b: 2\na: 3\n",
            id="a removed key that comes again",
        ),
        pytest.param(
            "a:\n  x: 1 # c\n  u: 2\nb: 1\n",
            [remove("a/x"), remove("a/u"), put("a/z", 3)],
            "a:\n  z: 3\nb: 1\n",
            id="every key goes and another comes",
        ),
        pytest.param(
            "  a: 1\n  b: 2\n",
            [put("c", {"x": 1}), remove("a")],
            "  b: 2\n  c:\n    x: 1\n",
            id="an indented root",
        ),
    ],
)
def test_a_map_is_edited(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a:\n# c\n- 1\n- 2\n",
            [insert("a/0", "x")],
            "a:\n- x\n# c\n- 1\n- 2\n",
            id="an item is inserted in front, above the comment of the first",
        ),
        pytest.param(
            "a:\n  - 1 # c\n  # d\n  - 2\n",
            [insert("a/1", {"x": 1, "u": 2})],
            "a:\n  - 1 # c\n  - x: 1\n    u: 2\n  # d\n  - 2\n",
            id="an item is inserted between",
        ),
        pytest.param(
            "a:\n- x: 1\n  u: 2\nb: 1\n",
            [insert("a/1", [1, 2])],
            "a:\n- x: 1\n  u: 2\n- - 1\n  - 2\nb: 1\n",
            id="an item is inserted last",
        ),
        pytest.param(
            "a:\n- 1\n- 2\n",
            [insert("a/0", "x"), insert("a/2", "u"), insert("a/4", "z"), insert("a/5", "w")],
            "a:\n- x\n- 1\n- u\n- 2\n- z\n- w\n",
            id="items are inserted at several places",
        ),
        pytest.param(
            "a:\n- 1 # c\n# d\n- 2\n- 3\n",
            [remove("a/1")],
            "a:\n- 1 # c\n# d\n- 3\n",
            id="an item is removed",
        ),
        pytest.param(
            "a: # c\n- 1\nb: 1\n",
            [remove("a/0")],
            "a: [] # c\nb: 1\n",
            id="the last item leaves an empty list",
        ),
        pytest.param(
            "a:\n- 1\n- 2\n",
            [remove("a/0"), insert("a/0", 3)],
            "a:\n- 3\n- 2\n",
            id="an item is removed and another inserted",
        ),
        pytest.param(
            "a:\n- 1\n",
            [remove("a/0"), insert("a/0", {"x": 1})],
            "a:\n- x: 1\n",
            id="every item goes and another comes",
        ),
        pytest.param(
            "a:\n- x: 1\n  u: 2\n  z: 3\n",
            [remove("a/0/x")],
            "a:\n- u: 2\n  z: 3\n",
            id="the first key of an item",
        ),
        pytest.param(
            "a:\n- x: 1\n  u: 2\n  z: 3\n",
            [remove("a/0/x"), remove("a/0/u")],
            "a:\n- z: 3\n",
            id="the first two keys of an item",
        ),
        pytest.param(
            "a:\n- x: 1\n- 2\n", [remove("a/0/x")], "a:\n- {}\n- 2\n", id="every key of an item"
        ),
        pytest.param(
            "a:\n- x: 1\n  u: 2\n- 2\n",
            [remove("a/0/x"), remove("a/0/u"), put("a/0/z", 3), put("a/0/w", 4)],
            "a:\n- z: 3\n  w: 4\n- 2\n",
            id="every key of an item goes and another comes",
        ),
        pytest.param(
            "a:\n-   x: 1\n-   u: 2\n",
            [put("a/0/z", 3)],
            "a:\n-   x: 1\n    z: 3\n-   u: 2\n",
            id="a key of an item is added",
        ),
        pytest.param(
            "a:\n- x: 1 # c\n  u: 2\n",
            [remove("a/0/x")],
            "a:\n- u: 2\n",
            id="a comment behind a removed first key",
        ),
        pytest.param(
            "a:\n- x: 1\n  # c\n  u: 2\n- 1\n",
            [remove("a/0/x")],
            "a:\n- u: 2\n- 1\n",
            id="a comment line behind a removed first key",
        ),
        pytest.param(
            "a:\n- # c\n  x: 1\n  u: 2\n",
            [remove("a/0/x"), put("a/0/z", 3)],
            "a:\n- # c\n  u: 2\n  z: 3\n",
            id="a comment between dash and item",
        ),
        pytest.param(
            "a:\n- - 1\n  - 2\n- 3\n",
            [put("a/0/0", "x"), insert("a/0/2", "u")],
            "a:\n- - x\n  - 2\n  - u\n- 3\n",
            id="a list in a list",
        ),
        pytest.param(
            "a:\n- - 1\n  - 2\n- 3\n",
            [insert("a/0/0", "x")],
            "a:\n- - x\n  - 1\n  - 2\n- 3\n",
            id="in front of a list in a list",
        ),
        pytest.param(
            "a:\n- - 1\n  - 2\n- 3\n",
            [remove("a/0/0")],
            "a:\n- - 2\n- 3\n",
            id="the first item of a list in a list",
        ),
        pytest.param(
            "a:\n- - 1\n  - 2 # c\n- 3\nb: 1 # d\n",
            [remove("a/0/0")],
            "a:\n- - 2\n- 3\nb: 1 # d\n",
            id="the first item of a list in a list with a comment",
        ),
        pytest.param(
            "- 1\n- a: 2\n",
            [insert("1", 3), put("2/b", 4)],
            "- 1\n- 3\n- a: 2\n  b: 4\n",
            id="a list at the root",
        ),
        pytest.param("- 1\n", [remove("0")], "[]\n", id="a list at the root is emptied"),
        pytest.param(
            "a:\n  - 1\n",
            [insert("a/1", [[1, [2]], {"x": [3]}])],
            "a:\n  - 1\n  - - - 1\n      - - 2\n    - x:\n        - 3\n",
            id="lists in lists of a new value",
        ),
    ],
)
def test_a_list_is_edited(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a: 1\r\nb:\r\n  c: 2\r\n",
            [put("b/d", 3), put("e", [1, {"f": "x\ny\n"}])],
            "a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\ne:\r\n- 1\r\n- f: |\r\n    x\r\n    y\r\n",
            id="a key is added",
        ),
        pytest.param(
            "a: 1 # c\r\nb: 2\r\n",
            [put("a", {"x": 1})],
            "a: # c\r\n  x: 1\r\nb: 2\r\n",
            id="a value is replaced by a map",
        ),
        pytest.param(
            "a: 1\r\nb: 2\r\nc: 3\r\n", [remove("b")], "a: 1\r\nc: 3\r\n", id="a key is removed"
        ),
        pytest.param(
            "a: 1\r\nb: 2", [put("c", 3)], "a: 1\r\nb: 2\r\nc: 3", id="without a final line ending"
        ),
        pytest.param(
            "a:\r\n  b: 1\r\nc: 2\r\n", [remove("a/b")], "a: {}\r\nc: 2\r\n", id="a map is emptied"
        ),
        pytest.param(
            "a: 1\r\nb: 2\n", [put("c", 3)], "a: 1\r\nb: 2\nc: 3\n", id="mixed line endings"
        ),
        pytest.param(
            "a: 1\rb: 2\n",
            [put("a", 3)],
            "a: 3\rb: 2\n",
            id="a lone carriage return ends a line for YAML",
        ),
        pytest.param(
            "a: 1\rb: 2\n",
            [put("a", {"x": 1})],
            "a:\n  x: 1\nb: 2\n",
            id="a lone carriage return behind a value that becomes a map",
        ),
        pytest.param(
            "a: |\r\n  x\r\n\r\nb: 1\r\n",
            [put("a", "y\nz\n")],
            "a: |\r\n  y\r\n  z\r\n\r\nb: 1\r\n",
            id="a literal block",
        ),
    ],
)
def test_line_endings_stay(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param("a: 1\n...\n", [put("b", 2)], "a: 1\nb: 2\n...\n", id="an explicit end"),
        pytest.param(
            "a: 1\n... # c\n# d\n",
            [put("a", 2), put("b", [1])],
            "a: 2\nb:\n- 1\n... # c\n# d\n",
            id="an explicit end with a comment",
        ),
        pytest.param(
            "a: 1\n...\nno: [yaml\n",
            [put("a", 2)],
            "a: 2\n...\nno: [yaml\n",
            id="text behind an explicit end",
        ),
        pytest.param(
            "a: |\n  x\n...\n",
            [put("a", "y\nz\n")],
            "a: |\n  y\n  z\n...\n",
            id="a literal block before an explicit end",
        ),
        pytest.param(
            "%YAML 1.1\n---\na: 1\n",
            [put("b", 2)],
            "%YAML 1.1\n---\na: 1\nb: 2\n",
            id="a directive",
        ),
    ],
)
def test_what_stands_around_the_document_stays(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


def test_splices_that_overlap_are_not_made() -> None:
    with pytest.raises(Awkward):
        apply("abc", [Splice(0, 2, "x"), Splice(1, 3, "y")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  # one\n  # more\n  - b\n", "a:\n  - x\n  # one\n  # more\n  - b\n"),
        ("a: # list\n    # deeper\n- b\n", "a: # list\n    # deeper\n- x\n- b\n"),
        ("a:\n  # far\n\n  - b\n", "a:\n  # far\n\n  - x\n  - b\n"),
        ("a:\r\n  # one\r\n  - b\r\n", "a:\r\n  - x\r\n  # one\r\n  - b\r\n"),
    ],
)
def test_a_comment_stays_above_the_item_that_it_leads(text: str, expected: str) -> None:
    assert edited(text, insert("a/0", "x")) == expected


def test_a_comment_at_the_top_stays_above_the_first_item() -> None:
    assert edited("# top\n- b\n", insert("0", "x")) == "- x\n# top\n- b\n"
