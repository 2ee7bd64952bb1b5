"""The line reader: what it calls simple, and that the events say the same of it."""

from pathlib import Path
from random import Random

import pytest
from fuzz.compare import EAGER, is_read_alike
from fuzz.generate import document
from fuzz.mutate import mutations
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postrender._yaml import Document, YamlError, split
from postrender._yaml.lines import is_simple

EXAMPLE = Path(__file__).parents[2] / "docs/example/manifests.yaml"
TRICKY = """\
# c

a: 'x''y'
b: "q\\"\\n\\\\" # c
c: [a, "b", 1, [ ], {x.y/z: -1}]
d:
- x: 1
  y: 2

# c
- z
e:
    - p: |
        lit
         eral

        end

    - q: >-
        fold
        ed
f: plain text
  goes on:x
  and on
g: {}
h: []
i: # comment
  j: k # c

  # c
l:
m: |+
  keep

n: "multi
  line \\
  dq"
o: 'multi

  sq'
p:
  {}
0x10: ~
"s t": {a: b, c: [d, e]}
true: |-
  # no comment
 # c
u: http://example.com:80/?q=1#f
"""
SEEDS = [TRICKY, *(part.body.decode() for part in split(EXAMPLE.read_bytes()))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\n", id="a key with a word"),
        pytest.param("  a: 1\n", id="an indented root"),
        pytest.param("# c\n\na: 1 # c\n", id="comments and blank lines"),
        pytest.param("a:\n  b:\n    c: x\n", id="maps in maps"),
        pytest.param("a:\n- b\n", id="a list at the column of its key"),
        pytest.param("a:\n  - b\n  - c: 1\n    d: 2\n", id="a list with maps"),
        pytest.param("a:\nb:\n", id="nothing behind a key"),
        pytest.param("a: {}\nb: []\n", id="empty collections"),
        pytest.param("a:\n  {}\n", id="an empty collection on its own line"),
        pytest.param('a: [b, "c, d", {e: f}] # c\n', id="flow collections of words"),
        pytest.param("a: |\n  b\n\n   c\nd: 1\n", id="a literal block"),
        pytest.param("a: >-\n  b\n", id="a folded block"),
        pytest.param("a: |\nb: 1\n", id="a block without lines"),
        pytest.param("a: b\n  c\n", id="a plain scalar on two lines"),
        pytest.param('a: "b\n  c"\n', id="a quoted scalar on two lines"),
        pytest.param("\"a b\": 1\n'c': 2\n", id="quoted keys"),
        pytest.param("yes: 1\n1.5: 2\n0x10: 3\n", id="keys that are no strings"),
        pytest.param('a: "é"\n', id="text that is not ASCII, in quotes"),
        pytest.param("a: 1\na: 2\n", id="a key twice"),
        pytest.param('{a: 1, "b": {c: [d]}} # c\n', id="a flow map at the root"),
    ],
)
def test_a_text_is_simple(text: str) -> None:
    assert is_read_alike(text)
    assert is_read_alike(text, {})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# c\n", id="only comments"),
        pytest.param("a: 1", id="no final line ending"),
        pytest.param("a: 1\r\n", id="a carriage return"),
        pytest.param("a: \x07\n", id="a control character"),
        pytest.param("é: 1\n", id="a plain key that is not ASCII"),
        pytest.param("a: é\u2028\n", id="a separator that libyaml takes for a line ending"),
        pytest.param("- a\n", id="a list at the root"),
        pytest.param("a\n", id="a scalar at the root"),
        pytest.param("{a: 1,\n b: 2}\n", id="a flow map at the root on two lines"),
        pytest.param("{a: 1}\nb: 2\n", id="something behind a flow map at the root"),
        pytest.param(f"a: {{{'k' * 1030}: 1}}\n", id="a key that is too long, in a flow map"),
        pytest.param("a: &x 1\n", id="an anchor"),
        pytest.param("a: *x\n", id="an alias"),
        pytest.param("a: !x 1\n", id="a tag"),
        pytest.param("<<: {}\n", id="a merge key"),
        pytest.param("? a\n: 1\n", id="a complex key"),
        pytest.param("a:\t1\n", id="a tab between tokens"),
        pytest.param("a:\n- - b\n", id="a list behind a dash"),
        pytest.param("a:\n-\n", id="nothing behind a dash"),
        pytest.param("a: [b,\n  c]\n", id="a flow collection on two lines"),
        pytest.param("a: [b: c]\n", id="a pair without braces"),
        pytest.param("a: |2\n  b\n", id="an indentation indicator"),
        pytest.param("a: .inf\n", id="a number that JSON does not have"),
        pytest.param("null: 1\n", id="a key that JSON does not have"),
        pytest.param("9999999999999999999: 1\n", id="a key too large for a number"),
        pytest.param("a: b: c\n", id="a colon in a plain scalar"),
        pytest.param("a: 1\n b: 2\n", id="a key deeper than its map, behind a value"),
        pytest.param("a:\n  b: 1\n c: 2\n", id="a key between two columns"),
        pytest.param("a: {}\n  b\n", id="something behind a flow collection"),
        pytest.param("a: 1\n- b\n", id="a list that is no value"),
        pytest.param("a:\n  b\n", id="a scalar below its key"),
        pytest.param('a: "\\x41"\n', id="an escape that JSON does not have"),
        pytest.param('a: "\\ud83d"\n', id="half a surrogate pair"),
        pytest.param("a: @b\n", id="a character that begins no plain scalar"),
        pytest.param("a: 1\n...\n", id="an explicit end"),
        pytest.param("%YAML 1.1\n---\na: 1\n", id="a directive"),
        pytest.param("a: " + "[" * 11 + "]" * 11 + "\n", id="flow collections too deep"),
        pytest.param("".join(" " * i + "a:\n" for i in range(201)), id="maps too deep"),
    ],
)
def test_a_text_is_left_to_the_events(text: str) -> None:
    assert not is_simple(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: >\n  b\n  c\n", {"a": "b c\n"}, id="a folded block"),
        pytest.param("a: |\n\nb: 1\n", {"a": "", "b": 1}, id="a literal block without lines"),
        pytest.param(
            "a: |\n\n  \nb: 1\n", {"a": "", "b": 1}, id="a literal block with blanks only"
        ),
        pytest.param("a: b\n  c\n", {"a": "b c"}, id="a plain scalar on two lines"),
        pytest.param('a: "b\n  c"\n', {"a": "b c"}, id="a quoted scalar on two lines"),
        pytest.param('a: "\\u00e9"\n', {"a": "é"}, id="a character by its number"),
        pytest.param("a: [<>]\n", {"a": ["<>"]}, id="angle brackets in a flow collection"),
        pytest.param("a:\n  b: 'c\n\n    d'\n", {"a": {"b": "c\nd"}}, id="below, where it is lazy"),
    ],
)
@pytest.mark.parametrize("wanted", [None, {}])
def test_a_simple_text_with_a_value_that_takes_a_parser_is_read(
    text: str, value: object, wanted: None
) -> None:
    assert is_simple(text)
    assert Document(text, wanted).get(()) == value


@pytest.mark.parametrize("text", SEEDS, ids=range(len(SEEDS)))
@pytest.mark.parametrize("wanted", [None, {}, EAGER, {"metadata": {"labels": None}}])
def test_our_own_texts_are_read_alike(text: str, wanted: None) -> None:
    is_read_alike(text, wanted)


def test_the_tricky_text_is_simple() -> None:
    assert is_simple(TRICKY)


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_generated_documents_are_read_alike(seed: int) -> None:
    random = Random(seed)
    for _ in range(4):
        _compare(document(random))


@settings(max_examples=400)
@given(st.sampled_from(SEEDS), st.integers(0, 2**32))
@example(TRICKY, 0)
def test_mutated_documents_are_read_alike(text: str, seed: int) -> None:
    random = Random(seed)
    for _ in range(3):
        mutants = mutations(random, text)
        for _ in range(3):
            _compare(next(mutants))


def _compare(text: str) -> None:
    try:
        is_read_alike(text, EAGER)
        is_read_alike(text)
    except YamlError as error:
        raise AssertionError(f"{text!r} is simple, but {error}") from error
