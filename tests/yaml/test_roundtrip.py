"""ruamel.yaml's round trip: comments are kept where the text cannot be edited in place."""

from typing import Any

import pytest
from editing import edited, put, remove
from fuzz.edits import Edit

from postrender._yaml import load
from postrender._yaml.roundtrip import rewrite


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        pytest.param(
            "a: 1 # c\nb: # d\n  c: 2\n",
            {"a": 2, "b": {"c": 2, "d": "yes"}},
            'a: 2 # c\nb: # d\n  c: 2\n  d: "yes"\n',
            id="values and keys",
        ),
        pytest.param("a: 1 # c\nb: 2\n", {"a": 1}, "a: 1 # c\n", id="a key less"),
        pytest.param("a: # c\n- 1\n- 2\n", {"a": [1]}, "a: # c\n- 1\n", id="an item less"),
        pytest.param("a:\n- 1 # c\n", {"a": [1, ["x", {"y: z": None}]]}, None, id="an item more"),
        pytest.param("true: 1 # c\n1.5: 2\n", {"true": 1, "1.5": 3}, None, id="odd keys"),
        pytest.param("a: 1\n", {"a": [1]}, "a:\n- 1\n", id="another kind"),
        pytest.param("a: 1\n", {"a": "x # y"}, 'a: "x # y"\n', id="a string that needs quotes"),
    ],
)
def test_a_document_is_written_with_its_comments(text: str, new: Any, expected: str | None) -> None:
    written = rewrite(text, load(text), new)

    assert load(written) == new
    assert text.count("#") == written.replace("x # y", "").count("#")
    assert expected in (None, written)


@pytest.mark.parametrize("text", ["a: b: c\n", "a:\tb\n\t- c\n"])
def test_a_text_that_it_cannot_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"ruamel\.yaml cannot write it"):
        rewrite(text, {"a": 1}, {"a": 2})


@pytest.mark.parametrize(
    ("text", "edits", "value"),
    [
        pytest.param(
            'a: "{}" # c\nf:   # c\n      text\n\n',
            [remove("f"), remove("a")],
            {},
            id="comments that overlap",
        ),
        pytest.param(
            "? a # c\n: &x 1\nb: &x 2\nc: *x\n",
            [put("a", 3)],
            {"a": 3, "b": 2, "c": 2},
            id="an anchor that is used again",
        ),
        pytest.param(
            'labels:\r\n "q": 1\r\n   # c\rname: x\r\n',
            [put("labels", "# c\nd\n")],
            {"labels": "# c\nd\n", "name": "x"},
            id="a comment behind a lone carriage return",
        ),
    ],
)
def test_what_is_odd_is_written_somehow(text: str, edits: list[Edit], value: Any) -> None:
    assert load(edited(text, *edits)) == value
