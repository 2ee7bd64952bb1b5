"""What a patch may have done to an object that is to be refused, or told."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from postrender import EditError, Manifest
from postrender_plugins._merge.choices import HEADER, Notify

TEXTS: Final = ("data", "stringData", "binaryData")  #: what holds strings in ConfigMap and Secret

_IDENTITY: Final = frozenset(["", "/metadata", *("/" + "/".join(path) for path, _ in HEADER)])
_NATURES: Final = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    dict: "a map",
    list: "a list",
}


class Reach(NamedTuple):
    """What of an object a patch may change that is looked at afterwards."""

    identity: bool
    data: bool

    @classmethod
    def of(cls, operations: Sequence[Mapping[str, Any]]) -> "Reach":
        """Return what a JSON Patch may change."""
        pointers = [
            operation[member]
            for operation in operations
            for member in ("path", "from")
            if member in operation
        ]
        tops = {pointer.split("/")[1] if pointer else "" for pointer in pointers}
        return cls(
            identity=any(pointer in _IDENTITY for pointer in pointers),
            data=not tops.isdisjoint((*TEXTS, "")),
        )


class Watch:
    """Looks at an object before and after a patch."""

    def __init__(self, manifest: Manifest, reach: Reach, notify: Notify) -> None:
        self._manifest = manifest
        self._notify = notify
        self._before = manifest.location if reach.identity else None
        has_data = reach.data and manifest.kind in ("ConfigMap", "Secret") and not manifest.group
        self._odd = _odd_texts(manifest) if has_data else None

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, *_: object) -> None:
        """Refuse what the API server would refuse, and tell what Helm will do."""
        manifest = self._manifest
        if kind is not None or manifest.is_removed:
            return
        if self._before is not None and str(manifest) != self._before.object:
            if not manifest.name and not manifest.generate_name:
                message = "the patch takes away the object's name"
                raise EditError(message, location=self._before)
            message = f"was {self._before.object}, so Helm deletes that one and creates this"
            self._notify(message, manifest.location)
        if self._odd is not None:
            for path, what in _odd_texts(manifest).items():
                if path not in self._odd:
                    message = f"the value is {what}, not a string"
                    raise EditError(message, location=manifest.at(path), hint="quote it")


def _odd_texts(manifest: Manifest) -> dict[tuple[str, ...], str]:
    """Return path and nature of data that the API server does not take, as it is no string."""
    return {
        (name, key): _NATURES[type(value)]
        for name in TEXTS
        for values in (manifest.get((name,)),)
        for key, value in (values.items() if isinstance(values, dict) else ())
        if type(value) in _NATURES
    }
