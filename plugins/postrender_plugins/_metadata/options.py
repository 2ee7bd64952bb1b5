"""The options that labels and annotations share, and what can be wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from postrender import ConfigError, Location
from postrender_plugins._metadata import extra, names
from postrender_plugins._metadata.extra import ExtraPath

Scope: TypeAlias = Literal[
    "metadata",
    "templates",
    "jobTemplates",
    "volumeClaimTemplates",
    "serviceSelectors",
    "workloadSelectors",
    "pdbSelectors",
    "affinity",
]


# Every method that dataclass generates takes 0.1 ms of each start; these only hold values.
@dataclass(frozen=True, init=False, repr=False, eq=False)
class MetadataOptions:
    """What to do with which maps; the classes of the plugins add `__init__`."""

    map_name: ClassVar[str]  #: `labels` or `annotations`
    max_size: ClassVar[int] = 0  #: the most bytes that the map of one object may hold; 0: any

    set: dict[str, str] = field(
        default_factory=dict, metadata={"description": "keys and the values to give them"}
    )
    remove: tuple[str, ...] = field(
        default=(), metadata={"description": "keys to remove, or globs that match them"}
    )
    rename: dict[str, str] = field(
        default_factory=dict, metadata={"description": "keys and the keys to rename them to"}
    )
    scopes: tuple[Scope, ...] = field(
        default=("metadata",), metadata={"description": "which maps of an object to change"}
    )
    on_conflict: Literal["overwrite", "keep", "error"] = field(
        default="overwrite",
        metadata={"description": "what to do where a key that is set has another value"},
    )
    crds: Literal["metadata", "skip"] = field(
        default="metadata",
        metadata={"description": "change the metadata of CustomResourceDefinitions, or skip them"},
    )
    extra_paths: tuple[ExtraPath, ...] = field(
        default=(), metadata={"description": "maps to change beside those of the scopes"}
    )

    def __post_init__(self) -> None:
        """Refuse what the API server or Helm would refuse, or what contradicts itself.

        :raises ConfigError: with the path of the fault, from these options.
        """
        if not (self.set or self.remove or self.rename):
            hint = "give it `set`, `remove` or `rename`"
            raise ConfigError("the step changes nothing", hint=hint)
        for key, value in self.set.items():
            self._check_key(key, ("set", key))
            self._check_value(value, ("set", key))
        for index, key in enumerate(self.remove):
            _check_ours(key, ("remove", index))
        for old, new in self.rename.items():
            _check_ours(old, ("rename", old))
            self._check_key(new, ("rename", old))
        self._check_overlaps()
        self._check_size()
        extra.check(self.extra_paths, self.scopes, self.map_name)

    def key_fault(self, key: str) -> str:
        """Say what the API server has against *key*, or ""."""
        return names.key_fault(key)

    def value_fault(self, value: str) -> str:
        """Say what the API server has against *value*, or ""."""
        return ""

    def _check_key(self, key: str, path: Sequence[str | int]) -> None:
        _check_ours(key, path)
        if fault := self.key_fault(key):
            raise self._invalid(key, fault, path)

    def _check_value(self, value: str, path: Sequence[str | int]) -> None:
        if fault := self.value_fault(value):
            raise self._invalid(value, fault, path)

    def _invalid(self, value: str, fault: str, path: Sequence[str | int]) -> ConfigError:
        text = f'metadata.{self.map_name}: Invalid value: "{value}": {fault}'
        return ConfigError(text, location=Location(path=path))

    def _check_size(self) -> None:
        if self.max_size and size(self.set) > self.max_size:
            raise ConfigError(self.too_long(), location=Location(path=("set",)))

    def too_long(self) -> str:
        """Return what the API server says of a map that is too large."""
        return f"metadata.{self.map_name}: Too long: may not be more than {self.max_size} bytes"

    def _check_overlaps(self) -> None:
        """Refuse a key with two fates: which one it gets would depend on how often we run."""
        for old, new in self.rename.items():
            if old in self.set or old in self.remove:
                raise _twice(old, "renamed, and set or removed as well", old)
            if new in self.set or new in self.remove or new in self.rename:
                raise _twice(new, "the new name of a key, and set, removed or renamed as well", old)
            if list(self.rename.values()).count(new) > 1:
                raise _twice(new, "the new name of more than one key", old)
        for index, key in enumerate(self.remove):
            if key in self.set:
                message = f"the key {key} is both set and removed"
                raise ConfigError(message, location=Location(path=("remove", index)))


def size(values: dict[str, str]) -> int:
    """Return how many bytes the keys and values take up, as the API server counts them."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in values.items())


def _check_ours(key: str, path: Sequence[str | int]) -> None:
    if reason := names.reserved(key):
        message = f"the key {key} cannot be changed: {reason}"
        raise ConfigError(message, location=Location(path=path))


def _twice(key: str, fates: str, old: str) -> ConfigError:
    return ConfigError(f"the key {key} is {fates}", location=Location(path=("rename", old)))
