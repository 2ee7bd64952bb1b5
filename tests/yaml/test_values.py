"""Values: what a text means is what Go's library, which Helm and kubectl use, says it means.

`cases/yaml/documents.json` holds what helm's `fromYaml` gave for each text, or its error.
"""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from fuzz.compare import is_equal_json, is_read_alike

from postrender import Manifests, StreamError
from postrender._yaml import YamlError, load
from postrender._yaml.lines import is_simple

CASES = json.loads((Path(__file__).parents[1] / "cases/yaml/documents.json").read_text())

#: What we read otherwise, knowingly.
OTHERWISE = {
    "multiline: dq escapes": "libyaml knows the escape \\/, which JSON has and Go refuses",
    "multiline: dq single quote escape": "libyaml does not know the escape \\', which Go allows",
    "encoding: BOM mid doc": "libyaml refuses a byte order mark within a document",
    "encoding: utf16le": "manifests are UTF-8, and the stream says so",
    "encoding: utf16be": "manifests are UTF-8, and the stream says so",
}
#: Scalars at the root: valid YAML, but nothing that the stream takes.
SCALARS = {"key: a #b", "style: no space colon", "encoding: NBSP", "doc: doc root number"}
#: Written down as too deep for the JSON of the cases.
DEEP = "style: deep flow 1000"


def name(case: dict[str, Any]) -> str:
    return f"{case['group']}: {case['name']}"


def text(case: dict[str, Any]) -> str:
    """Return the text of a case without a byte order mark, which the stream takes off."""
    data = case["text"] if "text" in case else base64.b64decode(case["b64"]).decode()
    return str(data).removeprefix("\ufeff")


def ours(case: dict[str, Any]) -> Any:
    """Return what we read, YamlError for an error."""
    try:
        return load(text(case))
    except (YamlError, UnicodeDecodeError):
        return YamlError


USUAL = [case for case in CASES if name(case) not in {*OTHERWISE, *SCALARS, DEEP}]


@pytest.mark.parametrize("case", USUAL, ids=name)
def test_a_text_means_what_it_means_to_go(case: dict[str, Any]) -> None:
    value = ours(case)

    if "error" in case["go"]:
        assert value is YamlError
    else:
        assert is_equal_json({} if value is None else value, case["go"]["value"])


def test_what_is_read_otherwise_is_known_by_name() -> None:
    named = {name(case): case for case in CASES}

    assert {*OTHERWISE, *SCALARS, DEEP} <= named.keys()
    assert ours(named["multiline: dq escapes"])["v"].startswith("Aé🎉\t\n")
    for each in list(OTHERWISE)[1:]:
        assert ours(named[each]) is YamlError
        assert "value" in named[each]["go"]


def test_a_thousand_flow_sequences_in_each_other_are_read() -> None:
    value = load("v: " + "[" * 1000 + "]" * 1000 + "\n")["v"]

    depth = 0
    while value:
        value = value[0]
        depth += 1
    assert depth == 999


@pytest.mark.parametrize("case", [c for c in CASES if name(c) in SCALARS], ids=name)
def test_a_scalar_at_the_root_is_refused_by_the_stream(case: dict[str, Any]) -> None:
    with pytest.raises(StreamError):
        Manifests.parse(text(case).encode())


@pytest.mark.parametrize("case", [c for c in CASES if ours(c) is not YamlError], ids=name)
def test_what_the_lines_read_is_what_the_events_say(case: dict[str, Any]) -> None:
    is_read_alike(text(case))


@pytest.mark.parametrize("case", [c for c in CASES if ours(c) is YamlError], ids=name)
def test_no_line_reader_takes_what_is_no_document(case: dict[str, Any]) -> None:
    if "b64" not in case:
        assert not is_simple(text(case))
