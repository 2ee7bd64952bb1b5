"""New text: block style, plain where every YAML reads it alike, quoted elsewhere."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postrender._yaml import dump, load, plain_value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({}, "{}\n", id="an empty map"),
        pytest.param([], "[]\n", id="an empty list"),
        pytest.param(None, "null\n", id="null"),
        pytest.param("x", "x\n", id="a word"),
        pytest.param({"a": {"b": {}}, "c": []}, "a:\n  b: {}\nc: []\n", id="empty collections"),
        pytest.param({"a": [1, {"b": 2, "c": 3}]}, "a:\n- 1\n- b: 2\n  c: 3\n", id="a list"),
        pytest.param([[1, [2]], {"a": [3]}], "- - 1\n  - - 2\n- a:\n  - 3\n", id="lists in lists"),
        pytest.param({"a": True, "b": None}, "a: true\nb: null\n", id="words"),
        pytest.param({"a": 1.5, "b": 1e22, "c": -3}, "a: 1.5\nb: 1e+22\nc: -3\n", id="numbers"),
        pytest.param({"a": "x\ny\n"}, "a: |\n  x\n  y\n", id="lines"),
        pytest.param({"a": "x\n\n y"}, "a: |-\n  x\n\n   y\n", id="lines without the last ending"),
        pytest.param(["x\ny"], "- |-\n  x\n  y\n", id="lines in a list"),
        pytest.param("x\n", '"x\\n"\n', id="lines alone"),
        pytest.param({"x\ny": 1}, '"x\\ny": 1\n', id="lines as a key"),
    ],
)
def test_a_value_is_written(value: Any, text: str) -> None:
    assert dump(value) == text


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "X9",
        "a b",
        "a.b/c",
        "registry.example/app:1.4",
        "100Mi",
        "20m",
        "1z2a",
        "$(VAR)",
        "a,b",
    ],
)
def test_a_string_that_all_yaml_reads_alike_is_plain(text: str) -> None:
    assert dump(text) == f"{text}\n"


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a ", " a", "yes", "No", "on", "OFF", "y", "N", "true", "null", "Null", "~"),
        *(
            "1",
            "0777",
            "0o7",
            "0x1F",
            "0b1",
            "1_000",
            "1e3",
            "1.5",
            ".5",
            "+1",
            "-1",
            ".inf",
            ".NaN",
        ),
        *("1:30", "12:30:45", "2001-01-01", "2001-01-01T00:00:00Z", "1e", "123e4", "=", "<<", "-"),
        *(
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "%a",
            "@a",
            "`a",
            "|",
            ">",
            "?",
            "? a",
        ),
        *("{", "}", "[", "]", "{}", ",a", "'a'", "a\tb", "---", "...", "é", "a\u00a0b"),
    ],
)
def test_any_other_string_is_quoted_as_in_json(text: str) -> None:
    written = dump(text)

    assert written[0] == '"'
    assert written.endswith('"\n')
    assert load(written) == text


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"\\\n\r\t', '"\\"\\\\\\n\\r\\t"'),
        ("\x00\x1b\x7f\x85\x9f", '"\\u0000\\u001b\\u007f\\u0085\\u009f"'),
        ("\u2028\u2029\ufeff\ufffe\uffff", '"\\u2028\\u2029\\ufeff\\ufffe\\uffff"'),
        ("é🎉", '"é🎉"'),
    ],
)
def test_what_yaml_does_not_show_is_escaped(text: str, quoted: str) -> None:
    assert dump(text) == f"{quoted}\n"


@pytest.mark.parametrize(
    "text",
    [" x\ny", "\nx", "x\n\n", "x \ny", "x\t\ny", "x\ny ", "x\r\ny", "x\x07\ny", "x\u2028\ny"],
)
def test_lines_that_a_literal_block_would_change_are_quoted(text: str) -> None:
    assert dump(text)[0] == '"'
    assert load(dump({"a": text})) == {"a": text}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.text("ab:# -\n\t'\"{}[],&*!|>%@`0.e~yn")
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)
)


@given(VALUES)
def test_any_value_reads_back(value: Any) -> None:
    assert load(dump(value)) == value


class Text(str):
    __slots__ = ()


class Number(int):
    pass


def test_a_callers_value_becomes_plain() -> None:
    value = {Text("a"): (Text("b"), Number(3), 1.5, True, None)}

    plain = plain_value(value)

    assert plain == {"a": ["b", 3, 1.5, True, None]}
    assert [type(each) for each in plain["a"]] == [str, int, float, bool, type(None)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1: 2}, "a map has a key that is no string"),
        (b"x", "a bytes cannot be written as YAML"),
        ({"a": [{1}]}, "a set cannot be written as YAML"),
        (float("nan"), "cannot be written as YAML"),
        ("\ud800", "half a surrogate pair"),
        ({"\udfff": 1}, "half a surrogate pair"),
    ],
)
def test_what_yaml_and_json_cannot_both_say_is_refused(value: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        plain_value(value)
