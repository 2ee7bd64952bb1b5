"""Documents: read and edited at paths."""

from typing import Any

import pytest
from editing import create, insert, keys, put, remove
from fuzz.edits import Edit

from postrender._yaml import MISSING, Document, Path, PathError, YamlError, locate, written
from postrender._yaml.plain import plain

TEXT = """\
# c
a: 1
b:
  - x: true
    "z w": [1, {q: r}]
  - # c
    - 2
c: {d: "4"}
e:
f: |
  g
"""
TIED = """\
a: &x {k: 1, m: [2]}
b: *x
c:
  <<: *x
  k: 3
d:
  k: 3
  <<: [*x, {k: 4, p: 5}]
"""
EVERY = pytest.mark.parametrize("wanted", [None, {}, {"b": None}], ids=["all", "none", "b"])


@EVERY
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", 1),
        ("b/0/x", True),
        ("b/0/z w/1", {"q": "r"}),
        ("b/1", [[2]][0]),
        ("c", {"d": "4"}),
        ("e", None),
        ("f", "g\n"),
        ("x", MISSING),
        ("a/b", MISSING),
        ("b/2", MISSING),
        ("b/x", MISSING),
        ("c/0", MISSING),
        ("e/x", MISSING),
        ("b/0/z w/1/q/r", MISSING),
    ],
)
def test_a_value_is_found_at_its_path(path: str, value: Any, wanted: None) -> None:
    assert Document(TEXT, wanted).get(keys(path)) == value


@EVERY
def test_a_value_is_a_copy(wanted: None) -> None:
    document = Document(TEXT, wanted)
    document.get(("b",)).clear()
    document.put(("n",), {"m": [1]})
    document.get(("n",))["m"].append(2)

    assert document.get(("b", 1)) == [2]
    assert document.get(("n", "m")) == [1]


@pytest.mark.parametrize("path", [(-1,), ("b", -1), ("b", "0"), (0,), ("b", True)])
def test_a_key_of_another_type_leads_nowhere(path: Path) -> None:
    assert Document(TEXT).get(path) is MISSING


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("b/k", 1),
        ("b/m/0", 2),
        ("c", {"k": 3, "m": [2]}),
        ("c/m/0", 2),
        ("d", {"k": 1, "m": [2], "p": 5}),
        ("d/p", 5),
        ("d/q", MISSING),
    ],
)
def test_aliases_and_merge_keys_are_followed(path: str, value: Any) -> None:
    assert Document(TIED, {}).get(keys(path)) == value


@EVERY
@pytest.mark.parametrize(
    ("path", "kind"),
    [("", dict), ("a", None), ("b", list), ("b/1", list), ("b/0", dict), ("c", dict), ("x", None)],
)
def test_the_kind_of_a_value_is_known(path: str, kind: type | None, wanted: None) -> None:
    assert Document(TEXT, wanted).kind(keys(path)) is kind


def test_the_kind_of_an_alias_and_of_a_new_value_is_known() -> None:
    document = Document(TIED)
    document.put(("n",), [{}])
    document.put(("o",), 1)

    kinds = [document.kind(keys(path)) for path in ("b", "b/m", "n", "n/0", "o")]
    assert kinds == [dict, list, list, dict, None]


@EVERY
@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("", (1, 1)),
        ("a", (2, 1)),
        ("b/0", (4, 5)),
        ("b/0/z w", (5, 5)),
        ("b/0/z w/1/q", (5, 17)),
        ("b/1/0", (7, 7)),
        ("b/9/x", (3, 1)),
        ("x", (1, 1)),
        ("c/d/e", (8, 5)),
    ],
)
def test_a_path_has_a_place(path: str, place: tuple[int, int], wanted: None) -> None:
    assert Document(TEXT, wanted).locate(keys(path)) == place


def test_a_text_is_asked_for_a_place_at_once() -> None:
    assert locate("a:\n  b: 1\n", ("a", "b")) == (2, 3)


def test_what_has_no_text_of_its_own_is_placed_where_its_parent_stands() -> None:
    document = Document(TIED)
    document.put(("c", "n"), {"m": 1})

    assert document.locate(("c", "n", "m")) == (3, 1)
    assert document.locate(("d", "p")) == (6, 1)


REFUSED = [
    pytest.param(put("x/y", 1), "does not exist", 0, id="put below a missing key"),
    pytest.param(put("a/y", 1), "is neither a map nor a list", 0, id="put below a scalar"),
    pytest.param(put("a/y/z", 1), "is neither a map nor a list", 0, id="put far below a scalar"),
    pytest.param(put("b/2", 1), "does not exist", 1, id="put behind a list"),
    pytest.param(put("b/2/x", 1), "does not exist", 1, id="put below what is behind a list"),
    pytest.param(put("b/x", 1), "is a key, but its parent is a list", 1, id="put a key in a list"),
    pytest.param(put("b/x/y", 1), "is a key, but its parent is a list", 1, id="a key of a list"),
    pytest.param(
        put("0", 1), "is an index, but its parent is a map", 0, id="put an index in a map"
    ),
    pytest.param(put("c/0/x", 1), "is an index, but its parent is a map", 1, id="index of a map"),
    pytest.param(insert("c/d", 1), "is no list", 1, id="insert a key"),
    pytest.param(insert("b/3", 1), "does not exist", 1, id="insert behind the end"),
    pytest.param(insert("a/0", 1), "is neither a map nor a list", 0, id="insert into a scalar"),
    pytest.param(remove("x"), "does not exist", 0, id="remove a missing key"),
    pytest.param(remove("b/2"), "does not exist", 1, id="remove a missing item"),
    pytest.param(remove("a/x"), "does not exist", 1, id="remove below a scalar"),
    pytest.param(create("x/0", 1), "does not exist, and a list is not made", 1, id="make a list"),
    pytest.param(create("x/y/0/z", 1), "does not exist, and a list is not made", 2, id="deeper"),
    pytest.param(create("e/0", 1), "does not exist, and a list is not made", 1, id="out of null"),
    pytest.param(create("b/5/x", 1), "does not exist", 1, id="make an item"),
]


@EVERY
@pytest.mark.parametrize(("edit", "message", "depth"), REFUSED)
def test_an_edit_that_leads_nowhere_is_refused_and_changes_nothing(
    edit: Edit, message: str, depth: int, wanted: None
) -> None:
    document = Document(TEXT, wanted)

    with pytest.raises(PathError, match=message) as caught:
        edit.apply(document)

    assert (caught.value.message, caught.value.depth) == (message, depth)
    assert written(document) == TEXT


@pytest.mark.parametrize(("edit", "message", "depth"), REFUSED)
def test_an_edit_of_a_new_value_is_refused_alike(edit: Edit, message: str, depth: int) -> None:
    document = Document("n: 1\n")
    value = Document(TEXT).get(())
    document.put(("n",), value)

    with pytest.raises(PathError) as caught:
        edit._replace(path=("n", *edit.path)).apply(document)

    assert (caught.value.message, caught.value.depth) == (message, depth + 1)
    assert document.get(("n",)) == value


def test_a_new_value_is_edited_in_place() -> None:
    document = Document("n: 1\n")
    document.put(("n",), {"a": {"b": [1, 2]}, "c": [None, None]})
    document.put(("n", "a", "b", 0), 3)
    document.insert(("n", "a", "b", 1), 4)
    document.remove(("n", "a", "b", 2))
    document.put(("n", "c", 0, "d"), 5, create=True)
    document.put(("n", "e", "f"), 6, create=True)

    assert document.get(("n",)) == {"a": {"b": [3, 4]}, "c": [{"d": 5}, None], "e": {"f": 6}}
    with pytest.raises(PathError, match="is no list"):
        document.insert(("n", "a", "x"), 1)


def test_a_large_map_finds_its_keys() -> None:
    text = "".join(f"k{i}: {i}\n" for i in range(20)) + "k3: 33\n"
    document = Document(text)

    assert document.get(("k3",)) == 33
    document.put(("new",), 1)
    document.remove(("k3",))
    document.put(("k3",), 3)
    document.remove(("new",))
    assert document.get(("k3",)) == 3
    assert document.get(("new",)) is MISSING
    assert written(document) == text.replace("k3: 3\n", "").replace("k3: 33\n", "k3: 3\n")


def test_a_document_rests_with_its_edits_and_wakes() -> None:
    document = Document("a: 1\nb: 2 # c\n")
    document.put(("a",), 3)
    document.rest(written(document))
    assert document.is_asleep

    document.wake({})
    document.put(("b",), {"c": 4})
    document.rest(written(document))
    document.rest(document.text)
    document.wake({})

    assert document.get(()) == {"a": 3, "b": {"c": 4}}
    assert written(document) == "a: 3\nb: # c\n  c: 4\n"


def test_a_document_that_takes_the_parser_rests_and_wakes() -> None:
    document = Document("a: &x 1\nb: *x\n")
    document.rest(document.text)
    document.wake(None)

    assert document.get(("b",)) == 1


@pytest.mark.parametrize("text", ["", "# c\n", "\n \n"])
def test_a_text_with_comments_only_has_no_value(text: str) -> None:
    document = Document(text)

    assert document.get(()) is MISSING
    assert document.kind(()) is None
    assert document.locate(("a",)) == (1, 1)
    assert written(document) == text


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        pytest.param("a: b: c\n", "mapping values are not allowed", 1, 5, id="syntax"),
        pytest.param("a: 'b\n", "unexpected end of stream", 2, 1, id="a quote without end"),
        pytest.param("a: *x\n", "unknown anchor 'x' referenced", 1, 4, id="no such anchor"),
        pytest.param("a: &x [*x]\n", "anchor 'x' value contains itself", 1, 8, id="a circle"),
        pytest.param("a: 1\nb: .inf\n", ".inf is no JSON value", 2, 4, id="infinity"),
        pytest.param("a:\n- .nan\n", ".nan is no JSON value", 2, 3, id="not a number"),
        pytest.param("null: 1\n", "a mapping key is null", 1, 1, id="a key that is null"),
        pytest.param("? [a]\n: 1\n", "invalid map key", 1, 5, id="a list as a key"),
        pytest.param(
            "a: 1\n<<: 2\n", "map merge requires map or sequence", 2, 5, id="a merge of 2"
        ),
        pytest.param(
            "<<: [{}, 1]\n", "map merge requires map or sequence", 1, 11, id="merges of 1"
        ),
        pytest.param("a: !!int x\n", "cannot decode !!str as a !!int", 1, 4, id="a tag"),
        pytest.param("%YAML 1.2\n---\na: 1\n", "found incompatible YAML", 1, 1, id="a version"),
        pytest.param("a: 1\nb: \x01\n", "not allowed", 2, 4, id="a control character"),
        pytest.param("a: 1\n  b: 2\n", "mapping values are not", 2, 4, id="indentation"),
        pytest.param("a: 1\n- b\n", "did not find expected", 2, 1, id="behind the root"),
        pytest.param("{a: 1}\nb\n", "did not find expected", 2, 1, id="behind a flow map"),
    ],
)
def test_a_text_that_is_no_document_is_refused_with_the_place(
    text: str, message: str, line: int, column: int
) -> None:
    with pytest.raises(YamlError) as caught:
        Document(text)

    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value) == f"line {line}, column {column}: {caught.value.message}"


def test_an_unknown_alias_in_a_part_that_is_skipped_is_refused() -> None:
    with pytest.raises(YamlError, match="unknown anchor 'x' referenced"):
        Document("a:\n  b: [1, *x]\n", {})


def test_an_error_without_a_place_says_only_what_is_wrong() -> None:
    assert str(YamlError("no document")) == "no document"


@EVERY
@pytest.mark.parametrize(
    ("path", "length"),
    [("", 5), ("b", 2), ("b/0/z w", 2), ("c", 1), ("a", 0), ("e", 0), ("x", 0)],
)
def test_a_collection_has_a_length(path: str, length: int, wanted: None) -> None:
    assert Document(TEXT, wanted).length(keys(path)) == length


def test_the_length_of_an_alias_a_merge_and_a_new_value_is_known() -> None:
    document = Document(TIED)
    document.put(("n",), [1, 2, 3])

    assert [document.length((name,)) for name in "bcdn"] == [2, 2, 3, 3]
    assert document.length(("b", "m")) == 1


@pytest.mark.parametrize(
    ("text", "is_textual"),
    [
        pytest.param("a: {}\n", False, id="built already"),
        pytest.param("a:\n  b: x\n  c:\n", True, id="words and nothing"),
        pytest.param("a:\n  b: 1\n", False, id="a number"),
        pytest.param("a:\n  b: x # &c\n", True, id="a comment"),
        pytest.param("a:\n  b: x\nc: &d e\n", False, id="built as the document has an anchor"),
    ],
)
def test_a_skipped_part_may_be_known_to_be_textual(text: str, is_textual: bool) -> None:
    assert Document(text, {}).is_textual(("a",)) is is_textual


def test_a_scalar_document_stays_when_an_edit_is_refused() -> None:
    document = Document("x\n")

    with pytest.raises(PathError, match="is neither a map nor a list"):
        document.put(("a",), 1)

    assert document.get(()) == "x"
    assert written(document) == "x\n"


def test_a_part_that_was_skipped_is_not_read_as_a_whole() -> None:
    outline = Document("a:\n  b: 1\n", {}).outline

    with pytest.raises(AssertionError, match="the whole tree was asked for"):
        plain(outline.tree)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["a: {x: 1}\na: {x: 2}\n", "a:\n  x: 1\na:\n  x: 2\n", "a: [1]\na: {x: 2}\n"]
)
def test_the_last_of_equal_keys_counts(text: str) -> None:
    document = Document(text)

    assert document.get(()) == {"a": {"x": 2}}
    assert document.get(("a", "x")) == 2


def test_a_large_map_with_a_merge_key_finds_its_keys() -> None:
    text = "a: &x {u: 1, v: 2}\nb:\n" + "".join(f"  k{i}: {i}\n" for i in range(10))
    document = Document(text + "  <<: *x\n")

    assert document.get(("b", "v")) == 2
    document.put(("b", "k3"), "x")
    assert written(document) == text.replace("k3: 3", "k3: x") + "  <<: *x\n"


def test_a_key_is_added_behind_a_part_that_was_skipped() -> None:
    text = "a: 1\nb:\n  c:\n    - d:\n        e: 1 # c\n\n"
    document = Document(text, {})
    document.put(("f",), 2)

    assert written(document) == text[:-1] + "f: 2\n\n"


@pytest.mark.parametrize(("edit", "depth"), [(put("a/k/y", 1), 1), (put("b/x/y", 1), 1)])
def test_an_edit_of_a_tied_document_that_leads_nowhere_is_refused(edit: Edit, depth: int) -> None:
    document = Document(TIED)

    with pytest.raises(PathError) as caught:
        edit.apply(document)

    assert caught.value.depth == depth
