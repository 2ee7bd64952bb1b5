"""JSON Patch on a manifest: RFC 6902 to the letter, and all of it or nothing."""

from typing import Any

import pytest

from postrender import EditError, Manifest, Manifests

#: Examples of RFC 6902, appendix A, whose patches apply: number, document, patch, result.
EXAMPLES: list[tuple[str, dict[str, Any], list[dict[str, Any]], dict[str, Any]]] = [
    (
        "A.1",
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux"}],
        {"baz": "qux", "foo": "bar"},
    ),
    (
        "A.2",
        {"foo": ["bar", "baz"]},
        [{"op": "add", "path": "/foo/1", "value": "qux"}],
        {"foo": ["bar", "qux", "baz"]},
    ),
    (
        "A.3",
        {"baz": "qux", "foo": "bar"},
        [{"op": "remove", "path": "/baz"}],
        {"foo": "bar"},
    ),
    (
        "A.4",
        {"foo": ["bar", "qux", "baz"]},
        [{"op": "remove", "path": "/foo/1"}],
        {"foo": ["bar", "baz"]},
    ),
    (
        "A.5",
        {"baz": "qux", "foo": "bar"},
        [{"op": "replace", "path": "/baz", "value": "boo"}],
        {"baz": "boo", "foo": "bar"},
    ),
    (
        "A.6",
        {"foo": {"bar": "baz", "waldo": "fred"}, "qux": {"corge": "grault"}},
        [{"op": "move", "from": "/foo/waldo", "path": "/qux/thud"}],
        {"foo": {"bar": "baz"}, "qux": {"corge": "grault", "thud": "fred"}},
    ),
    (
        "A.7",
        {"foo": ["all", "grass", "cows", "eat"]},
        [{"op": "move", "from": "/foo/1", "path": "/foo/3"}],
        {"foo": ["all", "cows", "eat", "grass"]},
    ),
    (
        "A.8",
        {"baz": "qux", "foo": ["a", 2, "c"]},
        [
            {"op": "test", "path": "/baz", "value": "qux"},
            {"op": "test", "path": "/foo/1", "value": 2},
        ],
        {"baz": "qux", "foo": ["a", 2, "c"]},
    ),
    (
        "A.10",
        {"foo": "bar"},
        [{"op": "add", "path": "/child", "value": {"grandchild": {}}}],
        {"foo": "bar", "child": {"grandchild": {}}},
    ),
    (
        "A.11",
        {"foo": "bar"},
        [{"op": "add", "path": "/baz", "value": "qux", "xyz": 123}],
        {"foo": "bar", "baz": "qux"},
    ),
    (
        "A.14",
        {"/": 9, "~1": 10},
        [{"op": "test", "path": "/~01", "value": 10}],
        {"/": 9, "~1": 10},
    ),
    (
        "A.16",
        {"foo": ["bar"]},
        [{"op": "add", "path": "/foo/-", "value": ["abc", "def"]}],
        {"foo": ["bar", ["abc", "def"]]},
    ),
]
TEXT = """\
apiVersion: v1
kind: Test
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web # ours
    a~b: c
numbers: [1, 2, 3]
empty:
list:
- one # first
- two # second
- three
map:
  # above
  a: 1 # beside
  b: {c: 2}
"""


def parse(text: str = TEXT) -> Manifest:
    """Return the only manifest of a stream."""
    (manifest,) = Manifests.parse(text.encode())
    return manifest


def patched(*operations: dict[str, Any]) -> str:
    """Return the text after a patch."""
    manifest = parse()
    manifest.patch(operations)
    return manifest.text()


@pytest.mark.parametrize(
    ("document", "patch", "expected"),
    [pytest.param(*rest, id=name) for name, *rest in EXAMPLES],
)
def test_the_examples_of_rfc_6902(
    document: dict[str, Any], patch: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    manifest = Manifests.parse(b"").add({"apiVersion": "v1", "kind": "Test", **document})
    manifest.patch(patch)

    assert manifest.to_dict() == {"apiVersion": "v1", "kind": "Test", **expected}


@pytest.mark.parametrize(
    ("document", "operation", "message"),
    [
        ({"baz": "qux"}, {"op": "test", "path": "/baz", "value": "bar"}, "the value is another"),
        (
            {"foo": "bar"},
            {"op": "add", "path": "/baz/bat", "value": "qux"},
            "the parent does not exist",
        ),
        ({"/": 9, "~1": 10}, {"op": "test", "path": "/~01", "value": "10"}, "the value is another"),
    ],
    ids=["A.9", "A.12", "A.15"],
)
def test_the_examples_of_rfc_6902_that_are_errors(
    document: dict[str, Any], operation: dict[str, Any], message: str
) -> None:
    manifest = Manifests.parse(b"").add({"apiVersion": "v1", "kind": "Test", **document})

    with pytest.raises(EditError, match=message):
        manifest.patch([operation])


@pytest.mark.parametrize(
    ("operation", "old", "new"),
    [
        ({"op": "add", "path": "/map/a", "value": 2}, "a: 1 #", "a: 2 #"),
        ({"op": "add", "path": "/list/0", "value": "zero"}, "- one", "- zero\n- one"),
        ({"op": "add", "path": "/list/3", "value": "four"}, "three\n", "three\n- four\n"),
        ({"op": "replace", "path": "/list/1", "value": 2}, "two", "2"),
        ({"op": "replace", "path": "/empty", "value": 2}, "empty:", "empty: 2"),
        (
            {"op": "replace", "path": "/metadata/labels/app.kubernetes.io~1name", "value": "x"},
            "web # ours",
            "x # ours",
        ),
        ({"op": "replace", "path": "/metadata/labels/a~0b", "value": "x"}, "b: c\n", "b: x\n"),
        ({"op": "remove", "path": "/list/1"}, "- two # second\n", ""),
        ({"op": "copy", "from": "/map/b", "path": "/numbers/-"}, "3]", "3, {c: 2}]"),
        ({"op": "copy", "from": "/numbers/0", "path": "/numbers/3"}, "3]", "3, 1]"),
        ({"op": "copy", "from": "/map/b/c", "path": "/map/b/0"}, "{c: 2}", '{c: 2, "0": 2}'),
        ({"op": "move", "from": "/numbers/0", "path": "/numbers/-"}, "[1, 2, 3]", "[2, 3, 1]"),
        ({"op": "move", "from": "/map/b/c", "path": "/map/b/d"}, "{c: 2}", "{d: 2}"),
        ({"op": "add", "path": "/map/b/", "value": 1}, "{c: 2}", '{c: 2, "": 1}'),
        ({"op": "test", "path": "/numbers", "value": [1.0, 2, 3]}, "[1", "[1"),
        ({"op": "test", "path": "/empty", "value": None}, "empty", "empty"),
    ],
)
def test_a_patch_changes_its_lines_only(operation: dict[str, Any], old: str, new: str) -> None:
    assert TEXT.count(old) == 1

    assert patched(operation) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"op": "add", "path": "/none/b", "value": 1}, "the parent does not exist, or holds"),
        ({"op": "add", "path": "/empty/b", "value": 1}, "the parent does not exist, or holds"),
        ({"op": "add", "path": "/kind/b", "value": 1}, "the parent does not exist, or holds"),
        ({"op": "add", "path": "/list/4", "value": 1}, "the list has 3 items"),
        ({"op": "add", "path": "/list/-1", "value": 1}, "'-1' is no index of a list"),
        ({"op": "add", "path": "/list/01", "value": 1}, "'01' is no index of a list"),
        ({"op": "add", "path": "/list/+1", "value": 1}, r"'\+1' is no index of a list"),
        ({"op": "add", "path": "/list/٣", "value": 1}, "'٣' is no index of a list"),
        ({"op": "add", "path": "/list/x", "value": 1}, "'x' is no index of a list"),
        ({"op": "add", "path": "", "value": [1]}, "can only become an object"),
        ({"op": "add", "path": "/a", "value": {1: 2}}, "a map has a key that is no string"),
        ({"op": "replace", "path": "/none", "value": 1}, "there is nothing to replace"),
        ({"op": "replace", "path": "/list/3", "value": 1}, "there is nothing to replace"),
        ({"op": "replace", "path": "/list/-", "value": 1}, "'-' is no index of a list"),
        ({"op": "remove", "path": "/none"}, "does not exist"),
        ({"op": "remove", "path": "/list/3"}, "does not exist"),
        ({"op": "remove", "path": "/list/-"}, "'-' is no index of a list"),
        ({"op": "test", "path": "/none", "value": None}, "does not exist"),
        ({"op": "test", "path": "/list/-", "value": 1}, "'-' is no index of a list"),
        ({"op": "test", "path": "/map/a", "value": True}, "the value is another"),
        ({"op": "copy", "from": "/none", "path": "/a"}, "does not exist"),
        ({"op": "copy", "from": "/list/-", "path": "/a"}, "'-' is no index of a list"),
        ({"op": "move", "from": "/none", "path": "/a"}, "does not exist"),
        ({"op": "move", "from": "/map", "path": "/map/b/c"}, "cannot move into itself"),
        ({"op": "move", "from": "/list/0", "path": "/list/3"}, "the list has 2 items"),
        ({"op": "move", "from": "/map", "path": "/map/a/b"}, "cannot move into itself"),
        ({"op": "move", "from": "/list/0", "path": "/none/a"}, "the parent does not exist"),
        ({"op": "move", "from": "", "path": ""}, "can only become an object"),
    ],
)
def test_what_does_not_apply_is_an_error(operation: dict[str, Any], message: str) -> None:
    manifest = parse()

    with pytest.raises(EditError, match=message):
        manifest.patch([operation])

    assert manifest.text() == TEXT


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"op": "upsert", "path": "/a", "value": 1}, "there are add, copy, move, remove, replace"),
        ({"path": "/a", "value": 1}, r"\(\? /a\): operation does not contain 'op' member"),
        ({"op": 1, "path": "/a"}, "op must be a string"),
        ({"op": "remove"}, r"\(remove \?\): operation must have a 'path' member"),
        ({"op": "remove", "path": 1}, "invalid 'path'"),
        ({"op": "remove", "path": "spec/replicas"}, "location must start with /"),
        ({"op": "remove", "path": "/a~2"}, "invalid escape ~2"),
        ({"op": "add", "path": "/a"}, "the member 'value' is missing"),
        ({"op": "add", "path": "/a", "vaule": 1}, "the member 'value' is missing"),
        ({"op": "replace", "path": "/kind"}, "the member 'value' is missing"),
        ({"op": "test", "path": "/kind"}, "the member 'value' is missing"),
        ({"op": "move", "path": "/a"}, "the member 'from' is missing"),
        ({"op": "copy", "path": "/a"}, "the member 'from' is missing"),
        ({"op": "copy", "path": "/a", "from": "kind"}, "the member 'from' is no JSON Pointer"),
        ({"op": "copy", "path": "/a", "from": ["kind"]}, "the member 'from' is no JSON Pointer"),
        ("remove /a", "operation 1: is not a map"),
    ],
)
def test_what_is_malformed_is_an_error(operation: Any, message: str) -> None:
    with pytest.raises(EditError, match=message):
        parse().patch([operation])


def test_an_error_names_object_operation_and_path() -> None:
    with pytest.raises(EditError) as caught:
        parse().patch(
            [{"op": "test", "path": "/kind", "value": "Test"}] * 2
            + [{"op": "remove", "path": "/map/x"}]
        )

    assert str(caught.value) == (
        "document 1, Test web, /map/x: operation 3 (remove /map/x): does not exist; /map has no `x`"
    )


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/new", "value": 1},
        {"op": "add", "path": "/list/0", "value": 1},
        {"op": "add", "path": "/list/-", "value": 1},
        {"op": "add", "path": "", "value": {"apiVersion": "v1", "kind": "Other"}},
        {"op": "replace", "path": "/map/a", "value": 2},
        {"op": "replace", "path": "/list/0", "value": {"a": "b"}},
        {"op": "replace", "path": "", "value": {"apiVersion": "v1", "kind": "Other"}},
        {"op": "remove", "path": "/map"},
        {"op": "remove", "path": "/list/1"},
        {"op": "remove", "path": ""},
        {"op": "move", "from": "/map/a", "path": "/list/1"},
        {"op": "move", "from": "/list/0", "path": "/map/c"},
        {"op": "copy", "from": "/map", "path": "/numbers/0"},
    ],
)
def test_a_patch_that_fails_leaves_no_trace(operation: dict[str, Any]) -> None:
    manifests = Manifests.parse(TEXT.encode())

    with pytest.raises(EditError, match="operation 2"):
        manifests[0].patch([operation, {"op": "test", "path": "/kind", "value": "Wrong"}])

    assert manifests.to_bytes().decode() == TEXT
    assert manifests.edits == []


def test_operations_see_what_those_before_them_did() -> None:
    text = patched(
        {"op": "add", "path": "/spec", "value": {}},
        {"op": "add", "path": "/spec/replicas", "value": 2},
        {"op": "test", "path": "/spec", "value": {"replicas": 2}},
        {"op": "copy", "from": "/spec/replicas", "path": "/spec/copies"},
        {"op": "remove", "path": "/spec/replicas"},
    )

    assert text == TEXT + "spec:\n  copies: 2\n"


def test_an_empty_patch_changes_nothing() -> None:
    assert patched() == TEXT


@pytest.mark.parametrize("op", ["add", "replace"])
def test_the_empty_pointer_replaces_the_object(op: str) -> None:
    value = {"apiVersion": "v1", "kind": "Test", "metadata": {"name": "api"}, "map": {"a": 1}}

    assert patched({"op": op, "path": "", "value": value}) == (
        "apiVersion: v1\nkind: Test\nmetadata:\n  name: api\nmap:\n  # above\n  a: 1 # beside\n"
    )


def test_the_empty_pointer_tests_the_object() -> None:
    manifest = parse()
    manifest.patch([{"op": "test", "path": "", "value": manifest.to_dict()}])

    with pytest.raises(EditError, match="the value is another"):
        manifest.patch([{"op": "test", "path": "", "value": {}}])


def test_removing_the_empty_pointer_removes_the_object() -> None:
    manifests = Manifests.parse(TEXT.encode())
    manifests[0].patch([{"op": "remove", "path": ""}])

    assert len(manifests) == 0
    assert manifests.to_bytes() == b""


def test_nothing_can_be_done_to_an_object_that_was_removed() -> None:
    with pytest.raises(EditError, match=r"operation 2 \(add \)"):
        parse().patch(
            [{"op": "remove", "path": ""}, {"op": "add", "path": "", "value": {"kind": "Test"}}]
        )
