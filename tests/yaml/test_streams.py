"""Streams: cut into the documents that Kubernetes sees, and joined again without a byte of change.

`cases/yaml/streams.json` holds what `kubectl annotate --local` read from each stream, or its error.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from fuzz.compare import is_equal_json
from hypothesis import given
from hypothesis import strategies as st

from postrender import Manifests, PostrenderError
from postrender._yaml import YamlError, split

CASES = json.loads((Path(__file__).parents[1] / "cases/yaml/streams.json").read_text())
MAP = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"


def bare(value: Any) -> Any:
    """Return an object without the empty annotations that `kubectl annotate` leaves."""
    metadata = dict(value.get("metadata") or {})
    if metadata.get("annotations") == {}:
        del metadata["annotations"]
    return {**value, "metadata": metadata}


def joined(stream: bytes) -> bytes:
    """Return the parts of a stream together again."""
    return b"".join(part.head + part.body for part in split(stream))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_stream_holds_the_objects_that_kubectl_finds(case: dict[str, Any]) -> None:
    found: Any
    try:
        manifests = Manifests.parse(case["text"].encode())
        manifests.to_bytes()
        found = [bare(each.to_dict()) for each in manifests]
    except PostrenderError:
        found = PostrenderError

    if case["error"]:
        assert found is PostrenderError
    else:
        assert is_equal_json(found, [bare(each) for each in case["objects"]])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_stream_of_the_cases_is_joined_without_a_change(case: dict[str, Any]) -> None:
    stream = case["text"].encode()
    try:
        assert joined(stream) == stream
    except YamlError:
        assert case["error"]


PIECES = (
    b"---\n", b"--- # c\n", b"---\r\n", b"---", b"...\n", b"\n", b"\r\n", b"\r", b" ", b"\t",
    b"\xef\xbb\xbf", b"{}", b'{"a": {"b": [1, "}"]}}', b"{", b"a: 1\n", b"# c\n", b"\xff",
    b"\xc3\xa9", MAP,
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=12))
def test_any_bytes_are_joined_without_a_change(pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    try:
        again = joined(stream)
    except YamlError:
        again = stream  # a separator with text behind it

    assert again == stream


@pytest.mark.parametrize(
    ("stream", "parts"),
    [
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"a: 1", [(b"", b"a: 1")], id="one, without a line ending"),
        pytest.param(b"---", [(b"---", b"")], id="a separator alone"),
        pytest.param(b"--- # c\na: 1\n", [(b"--- # c\n", b"a: 1\n")], id="a comment behind it"),
        pytest.param(
            b"a: 1\n---\r\n\xef\xbb\xbfb: 1\n",
            [(b"", b"a: 1\n"), (b"---\r\n\xef\xbb\xbf", b"b: 1\n")],
            id="a byte order mark belongs to the separator",
        ),
        pytest.param(
            b"t: |\n  ---\n ---\nb: 1\n",
            [(b"", b"t: |\n  ---\n ---\nb: 1\n")],
            id="indented dashes",
        ),
        pytest.param(
            b' {"a": 1}\n{"b": 2} {}\n',
            [(b"", b' {"a": 1}\n'), (b"", b'{"b": 2} '), (b"", b"{}\n")],
            id="JSON objects in a row",
        ),
        pytest.param(b"{a: 1}\n{b: 2}\n", [(b"", b"{a: 1}\n{b: 2}\n")], id="flow is no JSON"),
        pytest.param(b"{} a\n", [(b"", b"{} a\n")], id="something behind a JSON object"),
        pytest.param(b'{"a": "\xff"}', [(b"", b'{"a": "\xff"}')], id="JSON that is not UTF-8"),
    ],
)
def test_a_stream_is_cut(stream: bytes, parts: list[tuple[bytes, bytes]]) -> None:
    assert list(split(stream)) == parts


def test_a_separator_line_with_text_is_refused_with_its_place() -> None:
    with pytest.raises(YamlError, match="text behind the dashes") as caught:
        list(split(b"a: 1\n---x\nb: 1\n"))

    assert (caught.value.line, caught.value.column) == (2, 4)


def test_a_million_braces_are_no_json() -> None:
    stream = b'{"a":' * 200_000

    assert joined(stream) == stream
