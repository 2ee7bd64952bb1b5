"""One walk over an object: each text in it with the name that says what it is."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from postrender_plugins.secrets import _arguments, _places
from postrender_plugins.secrets._decode import DEEPEST, Budget, decode, is_keystore, text_of
from postrender_plugins.secrets._keys import PASS, classify, is_about
from postrender_plugins.secrets._places import SHAPES, VALUE
from postrender_plugins.secrets._shapes import SHORTEST

Node: TypeAlias = tuple[Any, str | int] | None

KEYSTORE: Final = "\0keystore"  #: stands for what is no text
JWK: Final = "\0jwk"
_NAMES: Final = ("name", "key", "header", "headerName", "parameter", "Name", "Key", "type")
_VALUES: Final = ("value", "default", "stringValue", "Value")
_BARE: Final = ("key", "Key", "KEY")
_USERS: Final = frozenset(("user", "username"))
_BESIDE: Final = frozenset(("name", "path", "operator", "property", "values"))
#: What ends the name of a map of secrets, whose keys say whose they are.
_GROUPS: Final = ("passwords", "tokens", "secrets", "keys", "oauth", "bearer")
_LISTS: Final = frozenset(("args", "command", "cmd", "entrypoint", "extraArgs", "exec"))
_LEAST: Final = 4  #: characters of a secret
_NUMBER: Final = 100_000  #: the smallest number that may be a password
_PRIVATE: Final = frozenset(("d", "k"))
_HELM: Final = "helm.sh/release.v1"
_URI: Final = re.compile(r"data:[\w/+.-]{0,60};base64,")


class Unit(NamedTuple):
    """A text, and what is known about it wherever it stands."""

    key: str  #: the name that says what it is
    value: str
    mode: str
    in_secret: bool  #: whether it is a value of a Secret
    depth: int = 0  #: how often it was decoded


def path_of(node: Node) -> tuple[str | int, ...]:
    """Return the path that leads to *node*."""
    parts: list[str | int] = []
    while node is not None:
        node, part = node
        parts.append(part)
    return tuple(reversed(parts))


Placed: TypeAlias = tuple[Node, Unit]  #: a text, and where it stands


class Walker:
    """Walks over objects and values, and decodes what Kubernetes keeps encoded."""

    def __init__(self, budget: Budget) -> None:
        """Decode no more than *budget* has."""
        self._budget = budget
        self._stack: list[tuple[Node, Any, str, str, bool]] = []

    def units(self, value: Any, *, root: Node = None, in_secret: bool = False) -> Iterator[Placed]:
        """Give the texts in an object, or in any value, that stands at *root*."""
        stack = self._stack = [(root, value, "", VALUE, in_secret)]
        while stack:
            node, each, key, mode, inside = stack.pop()
            if type(each) is str:
                yield node, Unit("" if mode is SHAPES else key, each, mode, inside)
            elif type(each) is dict:
                yield from self._map(node, each, key, mode, inside)
            elif type(each) is list:
                yield from self._list(node, each, key, mode, inside)
            elif type(each) is int and each >= _NUMBER and classify(key) == PASS:
                yield (node, Unit(key, str(each), mode, inside))

    # -- maps -------------------------------------------------------------------------------------

    def _map(
        self, node: Node, value: dict[Any, Any], owner: str, mode: str, inside: bool
    ) -> Iterator[Placed]:
        if type(value.get("kind")) is str and type(value.get("apiVersion")) is str:
            yield from self._object(node, value, mode)
            return
        if "kty" in value:
            for name in _PRIVATE & value.keys():
                yield ((node, name), Unit("", JWK, VALUE, inside))
        if mode == VALUE and type(value.get("properties")) is dict and "type" in value:
            mode = SHAPES  # a schema
        stack = self._stack
        is_group = owner.lower().endswith(_GROUPS)
        for key, each in reversed(value.items()):
            called = key if type(key) is str else str(key)
            below = SHAPES if mode is SHAPES or _places.is_name(called) else mode
            if type(each) is str and len(each) < (SHORTEST if below is SHAPES else _LEAST):
                continue  # as most are
            if called in _VALUES or called in _BARE or is_group:
                called = _whole(called, owner, value)
            stack.append(((node, key), each, called, below, inside))

    def _list(
        self, node: Node, value: list[Any], key: str, mode: str, inside: bool
    ) -> Iterator[Placed]:
        if key in _LISTS and all(type(each) is not dict for each in value) and mode == VALUE:
            for index, name, text in _arguments.pairs(value):
                yield ((node, index), Unit(name, text, VALUE, inside))
            return
        for index in range(len(value) - 1, -1, -1):
            self._stack.append(((node, index), value[index], key, mode, inside))

    # -- objects ----------------------------------------------------------------------------------

    def _object(self, node: Node, value: dict[str, Any], mode: str) -> Iterator[Placed]:
        """Give the texts of a Kubernetes object, which may stand in another one."""
        kind = value["kind"]
        if mode == VALUE and _places.is_shapes_only(kind):
            mode = SHAPES
        for key, each in reversed(value.items()):
            below = (node, key)
            if key == "metadata" and type(each) is dict:
                self._metadata(below, each)
            elif kind in ("Secret", "ConfigMap") and key in ("data", "stringData", "binaryData"):
                yield from self._data(below, each, value)
            elif key not in ("kind", "apiVersion"):
                self._stack.append((below, each, key, mode, False))

    def _metadata(self, node: Node, value: dict[str, Any]) -> None:
        for key, each in reversed(value.items()):
            mode = VALUE if key in ("annotations", "labels") else SHAPES
            self._stack.append(((node, key), each, key, mode, False))

    def _data(self, node: Node, data: Any, owner: Mapping[str, Any]) -> Iterator[Placed]:
        """Give the values of a ConfigMap or a Secret, each of which may be a file."""
        if type(data) is not dict or owner.get("type") == _HELM:
            return
        is_secret = owner["kind"] == "Secret"
        is_encoded = node is not None and (
            node[1] == "binaryData" or (is_secret and node[1] == "data")
        )
        for key, value in data.items():
            at = (node, key)
            if type(value) is int and is_secret:
                value = str(value)  # noqa: PLW2901 - which no API server takes, and people write
            if type(value) is str and is_encoded:
                yield from self.encoded(at, str(key), value, in_secret=is_secret)
            elif type(value) is str:
                yield (at, Unit(str(key), value, _places.file_mode(str(key)), is_secret))

    def encoded(
        self, node: Node, key: str, value: str, *, in_secret: bool, depth: int = 1
    ) -> Iterator[Placed]:
        """Give the text that *value* encodes, and what stands for a keystore."""
        raw = decode(value, self._budget) if depth <= DEEPEST else None
        if raw is None:
            yield (node, Unit(key, value, SHAPES, in_secret))
        elif is_keystore(raw):
            yield (node, Unit(key, KEYSTORE, VALUE, in_secret))
        elif (text := text_of(raw, self._budget)) is not None:
            yield (node, Unit(key, text, _places.file_mode(key), in_secret, depth))


def _called(value: Mapping[Any, Any]) -> str:
    """Return what a map such as that of a variable says its value is, "" if it does not."""
    name = next((value[each] for each in _NAMES if each in value), None)
    return name if type(name) is str else ""


def _whole(name: str, owner: str, value: Mapping[Any, Any]) -> str:
    """Return a name in a map together with that of the map, where this says what it is."""
    if name in _VALUES:
        return _called(value) or owner or name
    if name in _BARE:
        if _BESIDE & value.keys():
            return name
        return f"{'account' if _USERS & value.keys() else owner} {name}"
    if not classify(owner):
        return "token" if "." in name and owner.lower().endswith(_GROUPS[-2:]) else name
    return name if classify(name) or is_about(name) else f"{name} {owner}"


def data_uri(value: str) -> str:
    """Return the base64 in a `data:` URI, "" for any other text."""
    match = _URI.match(value)
    return value[match.end() :] if match else ""
