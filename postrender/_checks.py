"""What every Kubernetes object is, and what its labels and annotations are: texts."""

from typing import Any

from postrender._edits import Path
from postrender._errors import EditError, PostrenderError
from postrender._manifest import Manifest


def check_object(manifest: Manifest, error: type[PostrenderError]) -> None:
    """Raise *error* for what no Kubernetes object can be."""
    for name in ("apiVersion", "kind"):
        value = manifest.get((name,))
        if type(value) is not str or not value:
            what = "is missing" if value in (None, "") else "is not a string"
            hint = "every Kubernetes object has apiVersion and kind"
            raise error(f"{name} {what}", location=manifest.location, hint=hint)
    if manifest.kind_at(("metadata",)) is not dict and manifest.get(("metadata",)) is not None:
        raise error("metadata is not a map", location=manifest.location)


def check_texts(manifest: Manifest) -> None:
    """Raise `EditError` for a label or annotation that the API server does not take."""
    for path, what in odd_texts(manifest):
        raise EditError(f"{what}, not a string", location=manifest.at(path), hint="quote it")


def odd_texts(manifest: Manifest) -> list[tuple[Path, str]]:
    """Return path and nature of labels and annotations that are neither strings nor null."""
    odd: list[tuple[Path, str]] = []
    for name in ("labels", "annotations"):
        values = manifest.get(("metadata", name))
        if type(values) is dict:
            odd += [
                (("metadata", name, key), f"the value is a {_NATURE[type(value)]}")
                for key, value in values.items()
                if type(value) in _NATURE
            ]
    return odd


_NATURE = {bool: "boolean", int: "number", float: "number", dict: "map", list: "list"}


def are_objects(items: Any) -> bool:
    """Tell whether these are items such as those of a `ConfigMapList`: whole objects."""
    return type(items) is list and all(
        type(item) is dict
        and type(item.get("apiVersion")) is str
        and type(item.get("kind")) is str
        and type(item.get("metadata")) is dict
        for item in items
    )
