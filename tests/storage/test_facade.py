"""The facade of the release storage."""

import inspect
import typing
from collections.abc import Iterator

import pytest

from postrender import storage


def test_the_facade_is_complete_and_sorted() -> None:
    missing = [name for name in storage.__all__ if not hasattr(storage, name)]

    assert missing == []
    assert storage.__all__ == sorted(storage.__all__)


def test_the_drivers_are_there_when_they_are_asked_for() -> None:
    drivers = [
        storage.SecretDriver,
        storage.ConfigMapDriver,
        storage.SQLDriver,
        storage.MemoryDriver,
    ]

    assert [driver.__name__ for driver in drivers] == [
        "SecretDriver",
        "ConfigMapDriver",
        "SQLDriver",
        "MemoryDriver",
    ]
    assert not hasattr(storage, "EtcdDriver")


#: What a pod knows; it is found by EnvSettings, and of interest to the drivers alone.
INTERNAL = {"InCluster"}
#: They are opened by `Storage.open` and `connect`; their constructors take what is their own.
CLIENTS = {"ConfigMapDriver", "SQLDriver", "SecretDriver"}
CLASSES = [
    value
    for name in sorted({*storage.__all__} - CLIENTS)
    if inspect.isclass(value := getattr(storage, name))
]


@pytest.mark.parametrize("public", CLASSES)
def test_whatever_a_class_has_in_its_signatures_is_in_the_facade(public: type) -> None:
    named = {each.__name__ for hint in hints(public) for each in ours(hint)}

    assert named - INTERNAL <= {*storage.__all__}


def test_the_signatures_are_looked_at() -> None:
    assert {each.__name__ for hint in hints(storage.Release) for each in ours(hint)} == {
        "Changes",
        "Chart",
        "Dialect",
        "Hook",
        "Info",
        "Record",
        "Status",
        "Time",
    }


def hints(public: type) -> Iterator[object]:
    """Return the types of the fields of a class, and of the signatures of its public methods."""
    yield from typing.get_type_hints(public).values()
    for name, member in vars(public).items():
        function = getattr(member, "fget", getattr(member, "__func__", member))
        if inspect.isfunction(function) and (name == "__init__" or name[0] != "_"):
            yield from typing.get_type_hints(function).values()


def ours(hint: object) -> Iterator[type]:
    """Return the classes of the storage in a type."""
    if isinstance(hint, type) and hint.__module__.startswith("postrender.storage."):
        yield hint
    for part in typing.get_args(hint):
        yield from ours(part)
