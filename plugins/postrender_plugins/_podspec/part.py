"""A map in a pod spec: its fields by their types, and a place for the problems found in it."""

from typing import Any, Final

from postrender import Severity
from postrender_plugins._metadata.places import Place
from postrender_plugins._podspec.problem import Problem
from postrender_plugins._podspec.rules import Rule

_NAMES: Final = {str: "a string", int: "an integer", bool: "true or false", list: "a list"}


class Part:
    """A map in a pod spec.

    A field that is null is absent, as for the API server. One of another type than it is asked for
    is a problem of its own, so that no other problem needs to be made of it: None stands for it.
    """

    __slots__ = ("_found", "path", "subject", "value")

    def __init__(
        self,
        value: dict[str, Any],
        path: Place,
        found: dict[Problem, None],
        subject: tuple[Any, ...] = (),
    ) -> None:
        """Look at *value*, which stands at *path*, and put problems into *found*."""
        self._found = found
        self.value = value
        self.path = path
        self.subject = subject

    # -- fields ----------------------------------------------------------------------------------

    def has(self, key: str) -> bool:
        """Tell whether a field is there and not null."""
        return self.value.get(key) is not None

    def text(self, key: str) -> str | None:
        """Return a string, "" where there is none."""
        value = self.value.get(key)
        if type(value) is str:
            return value  # most are
        absent: str | None = self._typed(key, str, "")
        return absent

    def number(self, key: str) -> int | None:
        """Return an integer, 0 where there is none."""
        value: int | None = self._typed(key, int, 0)
        return value

    def flag(self, key: str) -> bool | None:
        """Return true or false, false where there is neither."""
        value: bool | None = self._typed(key, bool, False)
        return value

    def check_texts(self, key: str) -> None:
        """Look whether a list has nothing but strings in it."""
        for index, each in enumerate(self._typed(key, list, ()) or ()):
            if each is not None and type(each) is not str:  # null is ""
                self._mistyped("a string", key, index)

    def map(self, key: str) -> "Part | None":
        """Return a map, None where there is none."""
        value = self.value.get(key)
        if value is None:
            return None
        if type(value) is dict:
            return Part(value, (*self.path, key), self._found, (*self.subject, key))
        self._mistyped("a map", key)
        return None

    def items(self, key: str, identity: str = "name") -> list["Part"]:
        """Return the maps of a list, which *identity* tells from each other."""
        parts = []
        for index, each in enumerate(self._typed(key, list, ()) or ()):
            if each is not None and type(each) is not dict:
                self._mistyped("a map", key, index)
                continue
            value: dict[str, Any] = each or {}
            name = value.get(identity)
            own = name if isinstance(name, str | int) else index
            path, subject = (*self.path, key, index), (*self.subject, key, own)
            parts.append(Part(value, path, self._found, subject))
        return parts

    # -- problems --------------------------------------------------------------------------------

    def error(self, rule: Rule, message: str, *keys: str | int) -> None:
        """Tell of an error, at the path of *keys* in this map."""
        self._add(Severity.ERROR, rule, message, keys)

    def warn(self, rule: Rule, message: str, *keys: str | int) -> None:
        """Warn, at the path of *keys* in this map."""
        self._add(Severity.WARNING, rule, message, keys)

    def _add(self, severity: Severity, rule: Rule, message: str, keys: Place) -> None:
        path, subject = (*self.path, *keys), (*self.subject, *keys)
        self._found[Problem(severity, rule, path, message, subject)] = None

    def _typed(self, key: str, kind: type, absent: Any) -> Any:
        value = self.value.get(key)
        if value is None:
            return absent
        if type(value) is kind:
            return value
        if kind is int and type(value) is float and value.is_integer():
            return int(value)  # as JSON, 80.0 is 80
        self._mistyped(_NAMES[kind], key)
        return None

    def _mistyped(self, wanted: str, *keys: str | int) -> None:
        # Not the value, which may be a secret.
        self.error("type", f"Invalid value: must be {wanted}", *keys)
