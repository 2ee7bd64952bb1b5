"""Limits: what is too deep or too large is refused, and what is large is no burden."""

from typing import Any

import pytest
from fuzz.compare import events

from postrender._yaml import Document, UnwritableError, YamlError, load, plain_value, same, written

DEEP = 10_000


def depth(value: Any) -> int:
    """Return how many lists or maps of one member stand in each other."""
    count = 0
    while isinstance(value, dict | list) and value:
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
        count += 1
    return count


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        pytest.param("[", "]", marks=pytest.mark.large, id="lists"),
        pytest.param("{a: ", "}", id="maps"),
    ],
)
def test_ten_thousand_collections_in_each_other_are_read_and_one_more_is_not(
    opening: str, closing: str
) -> None:
    def nested(count: int) -> str:
        return opening * (count - 1) + "[1]" + closing * (count - 1) + "\n"

    assert depth(load(nested(DEEP))) == DEEP
    with pytest.raises(YamlError, match="exceeded max depth of 10000"):
        load(nested(DEEP + 1))


def test_a_part_that_is_skipped_has_the_same_limit() -> None:
    Document("a: " + "{a: " * 9_998 + "{}" + "}" * 9_998 + "\n", {})
    with pytest.raises(YamlError, match="exceeded max depth of 10000"):
        Document("a: " + "{a: " * 10_001 + "}" * 10_001 + "\n", {})


@pytest.mark.large
def test_deep_values_are_compared_and_copied_without_recursion() -> None:
    text = "a: " + "[" * 5_000 + "]" * 5_000 + "\n"
    document = Document(text)

    assert same(document.get(()), load(text))
    document.put(("b",), 1)
    assert written(document) == text + "b: 1\n"


def test_blocks_three_hundred_deep_are_edited() -> None:
    text = "".join("  " * i + "a:\n" for i in range(300)) + "  " * 300 + "b: 1\n"
    document = Document(text, {})
    document.put(("a",) * 300 + ("b",), 2)

    assert written(document) == text.replace("b: 1", "b: 2")


@pytest.mark.parametrize("levels", [9, 12])
def test_an_alias_bomb_is_refused(levels: int) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    for i in range(1, levels):
        rows.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n")

    with pytest.raises(YamlError, match="document contains excessive aliasing"):
        load("".join(rows))


def test_many_aliases_of_something_small_are_fine() -> None:
    text = "a: &a x\nb:\n" + "- *a\n" * 2000

    assert load(text)["b"] == ["x"] * 2000


def test_ten_megabytes_in_one_scalar_are_left_alone() -> None:
    scalar = "0123456789abcde\n" * 640_000
    text = "a: |\n  " + scalar.replace("\n", "\n  ").rstrip(" ") + "b: 1 # c\n"
    document = Document(text, {})
    document.put(("b",), 2)

    assert written(document) == text.replace("b: 1 # c", "b: 2 # c")
    assert document.get(("a",)) == scalar


@pytest.mark.parametrize("count", [1_000, pytest.param(100_000, marks=pytest.mark.large)])
def test_as_many_edits_of_one_document_as_there_are_keys(count: int) -> None:
    text = "".join(f"k{i}: {i} # c\n" for i in range(count))
    document = Document(text)
    for i in range(count):
        document.put((f"k{i}",), "x")

    assert written(document) == "".join(f"k{i}: x # c\n" for i in range(count))


@pytest.mark.large
def test_many_keys_come_and_go() -> None:
    count = 20_000
    document = Document("a:\n" + "".join(f"  k{i}: {i}\n" for i in range(count)))
    for i in range(count):
        document.remove(("a", f"k{i}"))
        document.put(("a", f"n{i}"), i)

    assert written(document) == "a:\n" + "".join(f"  n{i}: {i}\n" for i in range(count))


def test_many_items_are_inserted() -> None:
    document = Document("a:\n- x\n- y\n")
    for i in range(20_000):
        document.insert(("a", 1), i)

    rows = "".join(f"- {i}\n" for i in reversed(range(20_000)))
    assert written(document) == f"a:\n- x\n{rows}- y\n"


def test_a_key_too_long_for_libyaml_cannot_be_written() -> None:
    document = Document("a: 1\n")
    document.put(("k" * 1200,), 1)

    with pytest.raises(UnwritableError, match="reads back as another value"):
        written(document)


def test_a_number_that_json_rounds_cannot_be_written() -> None:
    document = Document("a: 1\n")
    document.put(("a",), 2**70 + 1)

    with pytest.raises(UnwritableError, match="reads back as another value"):
        written(document)


@pytest.mark.large
def test_the_events_of_a_deep_document_are_built_without_recursion() -> None:
    tree = events("[" * DEEP + "]" * DEEP)

    count = 0
    while tree.items:
        tree = tree.items[0].value
        count += 1
    assert count == DEEP - 1


def test_an_edit_too_deep_in_a_flow_collection_cannot_be_written() -> None:
    document = Document("a: " + "{a: " * 5_000 + "1" + "}" * 5_000 + "\n")
    document.put(("a", *["a"] * 5_000), 2)

    with pytest.raises(UnwritableError, match="is nested too deep to be edited there"):
        written(document)


def test_a_callers_value_without_end_is_refused() -> None:
    value: list[Any] = []
    value.append(value)

    with pytest.raises(TypeError, match="levels is not written"):
        plain_value(value)


def test_more_collections_in_each_other_than_libyaml_reads_are_read() -> None:
    document = Document("[" * 1100 + "]" * 1100 + "\n")

    assert document.kind((0,) * 1099) is list
