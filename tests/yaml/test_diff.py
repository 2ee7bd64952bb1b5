"""Differences: the fewest operations that make one value of another."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postrender._yaml import Document, copied, differences, dump, load, same, written


@pytest.mark.parametrize(
    ("old", "new", "operations"),
    [
        pytest.param({"a": 1}, {"a": 1.0}, [], id="equal as JSON"),
        pytest.param({"a": 1}, {"a": True}, [("replace", ("a",), True)], id="1 is not true"),
        pytest.param(1, [1], [("replace", (), [1])], id="the whole"),
        pytest.param({"a": 1}, {"b": 1}, [("remove", ("a",)), ("add", ("b",), 1)], id="keys"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 2}}, [("replace", ("a", "b"), 2)], id="below"),
        pytest.param([1, 2, 3], [1, 3], [("remove", (1,))], id="an item less"),
        pytest.param([1, 3], [1, 2, 3], [("add", (1,), 2)], id="an item more"),
        pytest.param([1, 2], [2, 1], [("remove", (1,)), ("add", (0,), 2)], id="another order"),
        pytest.param([1, 2], [1, 3], [("replace", (1,), 3)], id="another item"),
        pytest.param([1, 1], ["x"], [("remove", (1,)), ("replace", (0,), "x")], id="fewer others"),
        pytest.param(
            [1], ["x", "y"], [("add", (1,), "y"), ("replace", (0,), "x")], id="more others"
        ),
        pytest.param(
            [{"name": "a", "x": 1}, {"name": "b"}],
            [{"name": "c"}, {"name": "a", "x": 2}, {"name": "b"}],
            [("replace", (0, "x"), 2), ("add", (0,), {"name": "c"})],
            id="items with names",
        ),
        pytest.param(
            [{"k": 1, "port": 80}, {"k": 1, "port": 81}],
            [{"k": 1, "port": 81}],
            [("remove", (0,))],
            id="items with another key that names them",
        ),
        pytest.param(
            [{"k": 1, "v": 1}, {"k": 1, "v": 1}],
            [{"k": 1, "v": 2}, {"k": 1, "v": 1}],
            [("replace", (0, "v"), 2)],
            id="items that nothing names",
        ),
        pytest.param(
            [{"a": None}], [{"a": [1]}], [("replace", (0, "a"), [1])], id="no names at all"
        ),
    ],
)
def test_two_values_differ_by(old: Any, new: Any, operations: list[tuple[Any, ...]]) -> None:
    found = [tuple(each) for each in differences(old, new)]

    expected = [(*each, None) if each[0] == "remove" else each for each in operations]
    assert found == expected


VALUES = st.recursive(
    st.sampled_from([None, True, 1, 2, 1.5, "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "k", "v", "w"]), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"name": st.sampled_from("abcd"), "v": inner}), max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES, VALUES)
def test_the_operations_make_one_value_of_the_other(old: Any, new: Any) -> None:
    before = copied(old)
    document = Document(dump({"root": old}))
    for op, keys, value in differences(old, new):
        path = ("root", *keys)
        if op == "remove":
            document.remove(path)
        elif op == "add" and isinstance(path[-1], int):
            document.insert(path, value)
        else:
            document.put(path, value)

    assert same(document.get(("root",)), new)
    assert same(load(written(document)), {"root": new})
    assert old == before


@pytest.mark.parametrize(
    ("left", "right"),
    [(1, True), (0, False), (1.0, True), ([1], [1, 2]), ({"a": 1}, {"b": 1}), ({}, []), ("1", 1)],
)
def test_values_of_other_kinds_are_not_the_same(left: Any, right: Any) -> None:
    assert not same(left, right)
    assert not same([{"a": left}], [{"a": right}])


def test_equal_numbers_are_the_same() -> None:
    assert same({"a": [2, 1e3]}, {"a": [2.0, 1000]})
