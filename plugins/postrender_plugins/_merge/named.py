"""The object that a patch itself names, and the objects that may be meant where there is none."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from postrender import ConfigError, Manifest

_MOST = 3  # candidates that a message names
_ALIKE = 0.4  # how alike names must be, from 0 to 1: `web` and `web-server` are


class Name(NamedTuple):
    """What the header of a patch says."""

    api_version: str
    kind: str
    name: str
    namespace: str

    @classmethod
    def of(cls, patch: Mapping[str, Any]) -> "Name":
        """Return the object that *patch* names.

        :raises ConfigError: if it names none.
        """
        metadata = patch.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        name = metadata.get("name") or metadata.get("generateName")
        parts = (patch.get("apiVersion"), patch.get("kind"), name)
        if not all(isinstance(part, str) and part for part in parts):
            raise ConfigError(
                "the patch names no object",
                hint="give it apiVersion, kind and metadata.name, or the entry a `target`",
            )
        namespace = metadata.get("namespace") or ""
        api_version, kind, name = (str(part) for part in parts)
        return cls(api_version, kind, name, str(namespace))

    def matches(
        self, manifest: Manifest, default: Callable[[], str], *, ignores_version: bool
    ) -> bool:
        """Tell whether *manifest*, of the same kind, is the object.

        :param default: returns the namespace of what says none.
        :param ignores_version: whether it may have another apiVersion.
        """
        if (manifest.name or manifest.generate_name) != self.name:
            return False
        if not ignores_version and manifest.api_version != self.api_version:
            return False
        namespace = manifest.namespace
        return namespace == self.namespace or (
            not (namespace and self.namespace) and (namespace or self.namespace) == default()
        )

    def __str__(self) -> str:
        """Return apiVersion, kind, namespace and name."""
        name = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.api_version} {self.kind} {name}"

    def nearest(self, manifests: Iterable[Manifest]) -> str:
        """Return a hint that names the objects that may have been meant, or ""."""
        same_kind = [each for each in manifests if each.kind == self.kind]
        same_name = [each for each in same_kind if each.name == self.name]
        found = [_full(each) for each in same_name] or near(self.name, same_kind)
        return f"did you mean {_either(found)}?" if found else ""


def near(name: str, manifests: Iterable[Manifest]) -> list[str]:
    """Return the objects whose names are the nearest to *name*."""
    from difflib import get_close_matches  # only a run that fails needs it

    by_name = {each.name: str(each) for each in manifests}
    return [by_name[match] for match in get_close_matches(name, by_name, _MOST, _ALIKE)]


def _full(manifest: Manifest) -> str:
    return f"{manifest.api_version} {manifest}"


def _either(names: list[str]) -> str:
    *others, last = names[:_MOST]
    return f"{', '.join(others)} or {last}" if others else last
