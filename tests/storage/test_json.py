"""Go's JSON: the same bytes for the same values, and the same values for the same bytes."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage.golden_records import Golden, records

from postrender._errors import RecordCorrupt
from postrender.storage._codec import decode
from postrender.storage._json import dumps, loads, sorted_keys

# What Helm holds of a number is a float, and what it writes of that is read back as the same.
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)


@pytest.mark.parametrize("helm", ["3.17.3", "4.3.1"])
def test_every_golden_record_is_written_again_to_the_byte(helm: str) -> None:
    texts = [decode(golden.text) for golden in records() if golden.helm == helm]

    assert len(texts) > 100
    assert [dumps(loads(text)) for text in texts] == texts


@given(st.dictionaries(st.text(), VALUES))
def test_any_object_in_the_form_of_go_is_written_again_to_the_byte(value: dict[str, Any]) -> None:
    text = dumps(value)

    assert dumps(loads(text)) == text


# All of these were tried with Go 1.26: it writes the right for the left.
@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("1.0", "1"),
        ("1e2", "100"),
        ("0.1", "0.1"),
        ("-0", "-0"),
        ("-0.0", "-0"),
        ("0.0", "0"),
        ("1e20", "100000000000000000000"),
        ("1.2345678901234567e+20", "123456789012345670000"),
        ("1e21", "1e+21"),
        ("1.5e300", "1.5e+300"),
        ("0.00001", "0.00001"),
        ("1.5e-5", "0.000015"),
        ("-1.5e-6", "-0.0000015"),
        ("1e-6", "0.000001"),
        ("9.99e-7", "9.99e-7"),
        ("1e-10", "1e-10"),
        ("5e-324", "5e-324"),
        ("12345678901", "12345678901"),
        ('"<&>"', r'"\u003c\u0026\u003e"'),
        (r'"\u2028\u2029"', r'"\u2028\u2029"'),
        (r'"\b\f\n\r\t\u0001\u001F"', r'"\b\f\n\r\t\u0001\u001f"'),
        (r'"\/\"\\"', r'"/\"\\"'),
        (r'"\u00e9\ud83d\ude00"', '"é😀"'),
        (r'"a\ud800b"', '"a\ufffdb"'),
        (r'"\uD83D"', '"\ufffd"'),
        ("[null, true, false, {}]", "[null,true,false,{}]"),
        (r'{"\ud800": ["\udc00", 1]}', '{"\ufffd":["\ufffd",1]}'),
        ('"\x7f"', '"\x7f"'),
    ],
)
def test_a_value_is_written_as_go_writes_it(read: str, written: str) -> None:
    assert dumps(loads(f'{{"a": {read}}}'.encode())) == f'{{"a":{written}}}'.encode()


def test_whole_numbers_of_python_keep_all_digits() -> None:
    assert dumps([9007199254740993, -1]) == b"[9007199254740993,-1]"


def test_bytes_that_are_no_utf_8_become_replacement_characters() -> None:
    assert loads(b'{"a":"x\xff"}') == {"a": "x\ufffd"}


def test_half_a_character_is_written_as_a_replacement_character() -> None:
    assert dumps("\ud800") == '"\ufffd"'.encode()


def test_of_a_key_that_stands_twice_the_last_value_counts() -> None:
    assert loads(b'{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is no JSON from character 0 on"),
        (b'{"a":', "is no JSON from character 5 on"),
        (b'{"a":1} {', "is no JSON from character 8 on"),
        (b'{"a":"hunter2\t"}', "is no JSON from character 13 on"),
        (b'{"a":"\\x"}', "is no JSON from character 6 on"),
        ("\ufeff{}".encode(), "is no JSON from character 0 on"),
        (b"null", "is JSON, and no object"),
        (b'["hunter2"]', "is JSON, and no object"),
        (b'{"a":1e999}', "holds a number out of range"),
        (b'{"a":NaN}', "holds a number out of range"),
        (b'{"a":-Infinity}', "holds a number out of range"),
        (b'{"a":' + b"9" * 5000 + b"}", "holds a number out of range"),
        (b'{"a":' + b"[" * 200_000, "is nested too deeply"),
    ],
)
def test_what_is_no_object_in_json_is_corrupt_with_its_reason(text: bytes, message: str) -> None:
    with pytest.raises(RecordCorrupt) as caught:
        loads(text)

    assert str(caught.value) == message
    # The decoder's error holds all of the text.
    assert caught.value.__context__ is None


def test_what_json_does_not_have_is_not_written() -> None:
    with pytest.raises(TypeError, match="JSON has no set"):
        dumps({"a": {1}})
    with pytest.raises(TypeError, match="a key in JSON is a string, not int"):
        dumps({1: 2})
    with pytest.raises(ValueError, match="JSON has no infinite numbers"):
        dumps([math.inf])


def test_maps_are_sorted_at_all_levels_as_go_writes_them() -> None:
    value = {"b": [{"d": 1, "c": 2}], "a": ("x", {"Z": 1, "Y": 2}), "é": 1, "z": 2}

    assert dumps(sorted_keys(value)).decode() == (
        '{"a":["x",{"Y":2,"Z":1}],"b":[{"c":2,"d":1}],"z":2,"é":1}'
    )


def test_the_maps_of_golden_records_are_sorted_already() -> None:
    def sort(golden: Golden) -> bytes:
        value = loads(decode(golden.text))
        return dumps({**value, "config": sorted_keys(value.get("config", {}))})

    with_config = [golden for golden in records() if b'"config"' in decode(golden.text)]
    assert len(with_config) > 50
    assert [sort(golden) for golden in with_config] == [
        decode(golden.text) for golden in with_config
    ]
