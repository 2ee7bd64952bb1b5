"""Scalars: tags and keys as Go's library has them; plain text is in the cases of `test_values`."""

from typing import Any

import pytest

from postrender._yaml import YamlError, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 1", "1"),
        ("!!int 1", 1),
        ("!!float 1", 1.0),
        ("!!bool yes", True),
        ("!!null ~", None),
        ("!!binary aGk=", "hi"),
        ("!!binary /w==", "\ufffd"),
        ("!custom 1", "1"),
        ("! 1", "1"),
        ("!!timestamp 2001-01-01", "2001-01-01"),
    ],
)
def test_a_tag_says_what_a_scalar_is(text: str, value: Any) -> None:
    found = load(f"v: {text}\n")["v"]

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!!int x", "cannot decode !!str as a !!int"),
        ("!!bool 1", "cannot decode !!int as a !!bool"),
        ("!!null x", "cannot decode !!str as a !!null"),
        ("!!binary '%'", "!!binary value contains invalid base64 data"),
        ("!!float .inf", ".inf is no JSON value"),
    ],
)
def test_a_tag_that_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(YamlError, match=message):
        load(f"v: {text}\n")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("yes", "true"),
        ("Off", "false"),
        ("0x10", "16"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("0.0", "0"),
        ("1.50", "1.5"),
        ("-2.5", "-2.5"),
        ("0.1", "0.1"),
        ("16777217.0", "1.6777216e+07"),
        ("1e3", "1000"),
        ("123456.0", "123456"),
        ("1e6", "1e+06"),
        ("1e20", "1e+20"),
        ("1e21", "1e+21"),
        ("1.5e-5", "1.5e-05"),
        ("0.001", "0.001"),
        ("1e39", ".inf"),
        ("-1e39", "-.inf"),
        (".inf", ".inf"),
        (".nan", ".nan"),
    ],
)
def test_a_key_is_named_as_go_names_it(key: str, name: str) -> None:
    assert load(f"{key}: 1\n") == {name: 1}


@pytest.mark.parametrize(
    ("key", "message"),
    [("~", "a mapping key is null"), ("9223372036854775808", "a mapping key is no string")],
)
def test_a_key_that_json_cannot_have_is_refused(key: str, message: str) -> None:
    with pytest.raises(YamlError, match=message):
        load(f"{key}: 1\n")
