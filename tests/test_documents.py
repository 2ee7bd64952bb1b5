"""Texts of the user's own: their documents, read in Helm's dialect."""

from typing import Any

import pytest

from postrender import ConfigError, load_documents


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("# nothing\n", []),
        ("a: yes\nb: 2024-01-01\nc: 0o17\n", [{"a": True, "b": "2024-01-01", "c": 15}]),
        ("---\n- 1\n---\n# none\n---\ntext\n", [[1], "text"]),
        ('{"a": 1}\n{"b": [null]}', [{"a": 1}, {"b": [None]}]),
        ("a: |\n  b\n...\n", [{"a": "b\n"}]),
    ],
)
def test_the_documents_of_a_text_are_plain_values(text: str, values: list[Any]) -> None:
    assert load_documents(text) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b\n---\nc: [d\n", "line 4, column 1: "),
        ("a: b\n--- c\n", "line 2, column 4: invalid document separator"),
        ("a: b\n...\nc\n...\nd: e\n", "line 3, column 1: did not find"),
        ("a: \ud800", "is not UTF-8"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_documents(text)

    assert caught.value.message.startswith(message)
