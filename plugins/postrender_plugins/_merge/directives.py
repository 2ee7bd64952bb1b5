"""The directives of strategic merge patches, none of which may reach an object."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

PATCH: Final = "$patch"
RETAIN: Final = "$retainKeys"
ORDER: Final = "$setElementOrder/"
DELETE_FROM: Final = "$deleteFromPrimitiveList/"
KINDS: Final = ("delete", "replace", "merge")
DROPPED: Final = object()  #: what `clean` returns for a value that is not to be there

#: keys of JSON Schema that begin like a directive
_KEYS: Final = frozenset(["$ref", "$schema"])


class DirectiveError(Exception):
    """A directive that is none, or stands where it has no meaning; *path* leads there."""

    def __init__(self, message: str, path: Path = (), hint: str = "") -> None:
        """Say what is wrong, where in the value, and what to do about it."""
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint


def is_directive(key: str) -> bool:
    """Tell whether a key of a patch is an instruction; raises `DirectiveError` for an unknown."""
    if not key.startswith("$") or key in _KEYS:
        return False
    if key in (PATCH, RETAIN) or key.startswith((ORDER, DELETE_FROM)):
        return True
    known = f"{PATCH}, {RETAIN}, {ORDER}FIELD and {DELETE_FROM}FIELD"
    raise DirectiveError("there is no such directive", (key,), f"there are {known}")


def kind_of(patch: Mapping[str, Any]) -> str:
    """Return what `$patch` says, "" for a map without it."""
    kind = patch.get(PATCH)
    if kind is None and PATCH not in patch:
        return ""
    if kind not in KINDS:
        said = kind if isinstance(kind, str) else "what it holds"
        hint = f"there are {', '.join(KINDS)}"
        raise DirectiveError(f"{said} is nothing that $patch may say", (PATCH,), hint)
    return str(kind)


def retained(patch: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the keys that `$retainKeys` keeps, None without it."""
    if RETAIN not in patch:
        return None
    keys = patch[RETAIN]
    if not isinstance(keys, Sequence) or isinstance(keys, str):
        raise DirectiveError("is no list of keys", (RETAIN,))
    kept = frozenset(key for key in keys if isinstance(key, str))
    for key, value in patch.items():
        if value is not None and key not in kept and not is_directive(key):
            message = f"the patch sets `{key}`, which {RETAIN} does not keep"
            raise DirectiveError(message, (key,), f"name it in {RETAIN}")
    return kept


def lists_of(patch: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield fields with the list that a directive such as `$setElementOrder/` has for each."""
    for key, value in patch.items():
        if key.startswith(prefix):
            if not isinstance(value, list):
                raise DirectiveError("is no list", (key,))
            yield key.removeprefix(prefix), value


def clean(value: Any, path: Path = ()) -> Any:
    """Return the value that a patch means where there is none yet: without nulls and directives.

    :raises DirectiveError: for a directive that is none.
    """
    if isinstance(value, dict):
        return _clean_map(value, path)
    if isinstance(value, list):
        items = (_clean_item(item, (*path, index)) for index, item in enumerate(value))
        return [item for item in items if item is not DROPPED]
    return value


def _clean_map(value: Mapping[str, Any], path: Path) -> Any:
    with at(path):
        if kind_of(value) == "delete":
            return DROPPED
        retained(value)
        names = [name for name in value if not is_directive(name) and value[name] is not None]
    cleaned = {name: clean(value[name], (*path, name)) for name in names}
    return {name: each for name, each in cleaned.items() if each is not DROPPED}


def _clean_item(item: Any, path: Path) -> Any:
    if isinstance(item, dict) and PATCH in item:
        with at(path):
            if is_whole_list(item):
                return DROPPED
    return clean(item, path)


def is_whole_list(item: Mapping[str, Any]) -> bool:
    """Tell whether an item says `$patch: replace` of the list that it stands in.

    :raises DirectiveError: where it holds more, so that it may be meant for itself.
    """
    kind = kind_of(item)
    if kind == "merge":
        raise DirectiveError("an item of a list cannot say merge", (PATCH,))
    if kind == "replace" and len(item) > 1:
        hint = (
            "for the whole list, write an item that says only this; for one field, write it there"
        )
        raise DirectiveError("`$patch: replace` stands among other members of an item", (), hint)
    return kind == "replace"


def verbatim(items: list[Any], path: Path) -> list[Any]:
    """Return a list that replaces another as it is; an item may say `$patch: replace` of it.

    :raises DirectiveError: for any other directive, which would have no meaning.
    """
    items = [item for item in items if item != {PATCH: "replace"}]
    _refuse_directives(items, path)
    return items


def _refuse_directives(value: Any, path: Path) -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            with at(path):
                if is_directive(name):
                    hint = "write the whole list, or say in `mergeKeys` what tells its items apart"
                    raise DirectiveError("this list is replaced as a whole", (name,), hint)
            _refuse_directives(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _refuse_directives(each, (*path, index))


class at:
    """Puts a path before that of the errors in a block."""

    def __init__(self, path: Path) -> None:
        """Take the path."""
        self._path = path

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """Put the path there."""
        if isinstance(error[1], DirectiveError):
            error[1].path = (*self._path, *error[1].path)
