"""The parser: what libyaml and PyYAML's pure parser both give, and their errors."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from yaml import StreamEndEvent, YAMLError

from postrender._yaml import YamlError, load
from postrender._yaml.parser import NextEvent, events, failure, slow_events

EXAMPLE = Path(__file__).parents[2] / "docs/example/manifests.yaml"
TEXTS = [
    EXAMPLE.read_text(),
    "a: &x [1, {b: 'c'}]\nd: *x\ne: !t |+\n  f\n\ng: >-\n  h\n  i\n",
    "é: 🎉\n? k\n: v\n",
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_theslow_events_parser_gives_the_same_events_at_the_same_places(text: str) -> None:
    fast, pure = events(text), slow_events(text)

    while True:
        left, right = fast(), pure()
        places = [(each.start_mark.index, each.end_mark.index) for each in (left, right)]
        assert type(left) is type(right)
        assert getattr(left, "value", None) == getattr(right, "value", None)
        if not hasattr(left, "tag") or type(left).__name__ == "ScalarEvent":
            assert places[0][0] == places[1][0]
        if type(left).__name__ == "StreamEndEvent":
            break


def test_a_python_without_libyaml_reads_and_writes_the_same() -> None:
    code = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from postrender._yaml import Document, load, written\n"
        "from postrender._yaml.parser import IS_FAST\n"
        "document = Document('a: &x 1\\nb: *x # c\\n')\n"
        "document.put(('b',), [2])\n"
        "print(IS_FAST, load('a: [1, yes]\\n? b\\n: 0o17\\n'), repr(written(document)))\n"
        "try:\n"
        "    load('a: \\x07\\n')\n"
        "except ValueError as error:\n"
        "    print(error)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.splitlines() == [
        "False {'a': [1, True], 'b': 15} 'a: &x 1\\nb: # c\\n- 2\\n'",
        "line 1, column 4: special characters are not allowed",
    ]


def test_a_second_document_is_refused_where_one_is_wanted() -> None:
    assert load("a: 1\n--- {}\n") == {"a": 1}
    with pytest.raises(YamlError, match="expected a single document"):
        load("a: 1\n--- {}\n", alone=True)


@pytest.mark.parametrize("read", [events, slow_events], ids=["libyaml", "pure"])
def test_a_character_that_cannot_be_read_is_refused_with_its_place(
    read: Callable[[str], NextEvent],
) -> None:
    try:
        next_event = read("a: 1\nb: \x07\n")
        while not isinstance(next_event(), StreamEndEvent):
            pass
    except YAMLError as error:
        found = failure(error, "a: 1\nb: \x07\n")
    except YamlError as error:
        found = error

    assert (found.line, found.column) == (2, 4)
