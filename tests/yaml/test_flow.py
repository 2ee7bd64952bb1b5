"""Flow collections and JSON: edited in the style that they are written in."""

import pytest
from editing import edited, insert, put, remove
from fuzz.edits import Edit


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a: {x: 1, u: 2} # c\n", [put("a/x", "z")], "a: {x: z, u: 2} # c\n", id="a value"
        ),
        pytest.param(
            "a: {x: 1 } # c\n", [put("a/u", "b c")], "a: {x: 1, u: b c } # c\n", id="a key is added"
        ),
        pytest.param(
            "a: {x: {}}\n",
            [put("a/x/u", 1)],
            "a: {x: {u: 1}}\n",
            id="a key is added to an empty map in a flow map",
        ),
        pytest.param(
            "a: {x: 1, u: 2, z: 3}\n", [remove("a/u")], "a: {x: 1, z: 3}\n", id="a key is removed"
        ),
        pytest.param(
            "a: {x: 1, u: 2}\n", [remove("a/x")], "a: {u: 2}\n", id="the first key is removed"
        ),
        pytest.param(
            "a: {x: 1, u: 2, z: 3}\n",
            [remove("a/x"), remove("a/u")],
            "a: {z: 3}\n",
            id="the first two keys are removed",
        ),
        pytest.param(
            "a: {x: 1, u: 2}\n",
            [remove("a/x"), remove("a/u")],
            "a: {}\n",
            id="every key is removed",
        ),
        pytest.param(
            "a: {x: 1, u: 2}\n",
            [remove("a/x"), remove("a/u"), put("a/z", 3)],
            "a: {z: 3}\n",
            id="every key is removed and another comes",
        ),
        pytest.param("a: [1, 2]\n", [insert("a/0", 0)], "a: [0, 1, 2]\n", id="an item in front"),
        pytest.param(
            "a: [1,2]\n", [insert("a/1", "x, u")], 'a: [1, "x, u",2]\n', id="an item between"
        ),
        pytest.param("a: [1, 2,]\n", [insert("a/2", 3)], "a: [1, 2, 3,]\n", id="an item last"),
        pytest.param(
            "a: [1, 2, 3]\n", [remove("a/0"), remove("a/1")], "a: [2]\n", id="an item is removed"
        ),
        pytest.param(
            "a: [1, 2]\n",
            [put("a/0", {"x": [None, True, "yes", ""]})],
            'a: [{x: [null, true, "yes", ""]}, 2]\n',
            id="a value becomes a map",
        ),
        pytest.param(
            "a: {x: 1} # c\n",
            [put("a", {"u": ["b", {"c": "d:e"}]})],
            'a: {u: [b, {c: "d:e"}]} # c\n',
            id="the whole becomes another",
        ),
        pytest.param(
            "a: {x: 1} # c\n", [put("a", {})], "a: {} # c\n", id="the whole becomes empty"
        ),
        pytest.param(
            "a: [\n  x,\n  u\n]\n",
            [insert("a/2", "z"), insert("a/0", "w")],
            "a: [\n  w,\n  x,\n  u,\n  z\n]\n",
            id="an item on a line of its own",
        ),
        pytest.param(
            "a: [\n  x, # c\n  u, # d\n]\n",
            [insert("a/2", "z"), remove("a/0")],
            "a: [\n  u,\n  z, # d\n]\n",
            id="a trailing comma",
        ),
        pytest.param(
            "a: [x: 1, 2]\n", [put("a/0/x", 3)], "a: [x: 3, 2]\n", id="a pair without braces"
        ),
        pytest.param(
            "a: [x: 1, 2]\n",
            [put("a/0/u", 3)],
            "a: [{x: 1, u: 3}, 2]\n",
            id="a pair without braces gets a key",
        ),
        pytest.param(
            "a: [x: 1, 2]\n",
            [remove("a/0/x")],
            "a: [{}, 2]\n",
            id="a pair without braces loses its key",
        ),
        pytest.param(
            "a: {x: , u: 1}\n", [put("a/x", 2)], "a: {x: 2, u: 1}\n", id="nothing as a value"
        ),
        pytest.param(
            "a: {x, u: 1}\n", [put("a/x", 2)], "a: {x: 2, u: 1}\n", id="nothing as the key's value"
        ),
        pytest.param(
            'a: {"x":1}\n', [put("a/x", 2)], 'a: {"x": 2}\n', id="behind a colon without a blank"
        ),
        pytest.param(
            'a: {"x": 1}\n',
            [put("a/u", "z")],
            'a: {"x": 1, "u": "z"}\n',
            id="a quoted key makes it JSON",
        ),
        pytest.param(
            "a: &x {u: 1}\nb: 2\n",
            [remove("a/u")],
            "a: &x {}\nb: 2\n",
            id="a map with an anchor is emptied",
        ),
    ],
)
def test_a_flow_collection_is_edited(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            '{"a": {"b": 1}, "c": []}\n',
            [put("a/d", "x"), insert("c/0", {"e": None})],
            '{"a": {"b": 1, "d": "x"}, "c": [{"e": null}]}\n',
            id="on one line",
        ),
        pytest.param(
            '{\n  "a": {\n    "b": 1\n  }\n}\n',
            [put("a/c", [1, "yes"]), put("d", True)],
            '{\n  "a": {\n    "b": 1,\n    "c": [1, "yes"]\n  },\n  "d": true\n}\n',
            id="pretty",
        ),
        pytest.param(
            '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}\n',
            [remove("b")],
            '{\n  "a": 1,\n  "c": 3\n}\n',
            id="pretty, a key removed",
        ),
        pytest.param(
            '{\n  "a": 1,\n  "b": 2\n}\n',
            [remove("b")],
            '{\n  "a": 1\n}\n',
            id="pretty, the last key removed",
        ),
        pytest.param(
            '{\n  "a": 1,\n  "b": 2\n}\n',
            [remove("a")],
            '{\n  "b": 2\n}\n',
            id="pretty, the first key removed",
        ),
        pytest.param(
            '{\n  "a": [\n    {\n      "b": 1\n    }\n  ]\n}\n',
            [insert("a/1", {"b": 2})],
            '{\n  "a": [\n    {\n      "b": 1\n    },\n    {"b": 2}\n  ]\n}\n',
            id="an item behind pretty items",
        ),
        pytest.param(
            '{\n\t"a": 1\n}\n',
            [put("b", "é\u2028")],
            '{\n\t"a": 1,\n\t"b": "é\\u2028"\n}\n',
            id="with tabs",
        ),
        pytest.param(
            '{\r\n  "a": 1\r\n}\r\n',
            [put("b", 2)],
            '{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n',
            id="with carriage returns",
        ),
        pytest.param(
            '{"a": 1}\n',
            [put("a", 'x\n"\\\u0001é')],
            '{"a": "x\\n\\"\\\\\\u0001é"}\n',
            id="strings are quoted as JSON has them",
        ),
    ],
)
def test_a_json_document_stays_json(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected
