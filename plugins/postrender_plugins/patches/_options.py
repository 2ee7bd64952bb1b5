"""The options of the step: entries, and what they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

from postrender import ConfigError, Location, Selector
from postrender_plugins._merge.text import JsonPatch, Patch, of_value, parse


def _field(default: Any, description: str) -> Any:
    return field(default=default, metadata={"description": description})


# ruff: noqa: RUF009 - `_field` is `dataclasses.field` with a description


@dataclass(frozen=True)
class Expect:
    """How many objects an entry must match."""

    min: int | None = None
    max: int | None = None

    def __post_init__(self) -> None:
        """Refuse bounds that nothing can meet."""
        least, most = self.min or 0, self.max
        if least < 0 or (most is not None and most < least):
            raise ConfigError("no number is within these bounds")


@dataclass(frozen=True)
class PatchOptions:
    """What a patch may do, and how it is meant."""

    allow_name_change: bool = _field(False, "a merge may rename the object")
    allow_kind_change: bool = _field(False, "a merge may change apiVersion and kind")
    allow_namespace_change: bool = _field(False, "a merge may change the namespace")
    allow_no_match: bool = _field(False, "the entry may match nothing")
    allow_type_change: bool = _field(False, "map, list and scalar may replace each other")
    create_parents: bool = _field(False, "`add` makes the maps that are missing on its way")
    ignore_missing: bool = _field(False, "`remove` may find nothing")
    lenient: bool = _field(
        False, "`replace` may add what is not there, and `test` takes it for null"
    )
    new_items: Literal["prepend", "append"] = _field(
        "prepend", "where new items of merged lists go; the API server puts them first"
    )
    ignore_api_version: bool = _field(
        False, "without a target, the object may have another apiVersion than the patch"
    )


@dataclass(frozen=True, eq=False)
class Entry:
    """One patch, and the objects that it is for."""

    name: str = _field("", "what messages call the entry")
    target: Selector | None = _field(None, "which objects; a merge may name its own object instead")
    patch: str | list[Any] | dict[str, Any] | None = _field(None, "the patch, as text or as it is")
    path: str = _field("", "the file of the patch, from the folder of the configuration")
    type: Literal["auto", "json", "strategic", "merge"] = _field(
        "auto", "what the patch has to be: RFC 6902, the API server's merge, or RFC 7386"
    )
    options: PatchOptions = _field(PatchOptions(), "what the patch may do, and how it is meant")
    expect: Expect | int | None = _field(None, "how many objects it must match; at least one")

    def __post_init__(self) -> None:
        """Refuse a patch that could never be applied, as far as the configuration holds it.

        :raises ConfigError: with the path of the fault, from the entry.
        """
        if (self.patch is None) is not bool(self.path):
            what = "both `patch` and `path`" if self.path else "neither `patch` nor `path`"
            raise ConfigError(f"the entry has {what}", hint="give it one of them")
        if self.target is not None and not self.target:
            raise ConfigError(
                "the target has no condition, so it would select everything",
                location=Location(path=("target",)),
                hint='write `{kind: "*"}` if that is meant',
            )
        if not self.path:
            self.check(self.inline)

    @cached_property
    def inline(self) -> Sequence[Patch]:
        """The patches that the configuration itself holds."""
        try:
            text = self.patch
            return parse(text, self.type) if isinstance(text, str) else of_value(text, self.type)
        except ConfigError as error:
            path = error.location.path if isinstance(error.location, Location) else ()
            # In a text, the place of the fault is a line of the text, which the message has.
            error.location = Location(path=("patch", *(() if isinstance(text, str) else path)))
            raise

    def check(self, patches: Sequence[Patch]) -> None:
        """Refuse patches that do not fit together, or without an object.

        :raises ConfigError: with the path of the fault, from the entry.
        """
        from postrender_plugins._merge.named import Name

        place = Location(path=("path" if self.path else "patch",))
        json_patches = sum(isinstance(patch, JsonPatch) for patch in patches)
        if json_patches and len(patches) > 1:
            message = "the text has a JSON patch and another document"
            hint = "write all operations in one list, or several entries"
            raise ConfigError(message, location=place, hint=hint)
        if self.target is None:
            for patch in patches:
                if isinstance(patch, JsonPatch):
                    message, hint = "a JSON patch needs a `target`", "write `target: {kind: …}`"
                    raise ConfigError(message, location=place, hint=hint)
                try:
                    Name.of(patch.value)
                except ConfigError as error:
                    error.location = place
                    raise

    @property
    def bounds(self) -> tuple[int, int | None]:
        """Return how few and how many objects the entry may match, None for any number."""
        least = 0 if self.options.allow_no_match else 1
        if isinstance(self.expect, int):
            return self.expect, self.expect
        if self.expect is None:
            return least, None
        if self.expect.min is None:
            return min(
                least, least if self.expect.max is None else self.expect.max
            ), self.expect.max
        return self.expect.min, self.expect.max


@dataclass(frozen=True, eq=False)
class Options(Entry):
    """The patches of the step: several entries, or one that is written out as the step itself."""

    shorthand: ClassVar[str] = "entries"

    entries: tuple[Entry, ...] = _field((), "the patches, in the order in which they are applied")
    schemas: tuple[str, ...] = _field((), "files with CustomResourceDefinitions")
    merge_keys: Mapping[str, str | tuple[str, ...]] = field(
        default_factory=dict,
        metadata={
            "description": "paths of lists, such as `spec/pools`, with the keys of their items"
        },
    )
    allow_outside: bool = _field(False, "files may be outside the folder of the configuration")

    def __post_init__(self) -> None:
        """Refuse a step without patches, or with one beside the list."""
        is_written_out = self.patch is not None or bool(self.path)
        if not self.entries:
            super().__post_init__()
        elif is_written_out:
            raise ConfigError(
                "there is a patch beside `entries`", hint="write it as one of the entries"
            )
        for path, keys in self.merge_keys.items():
            if not path.strip("/") or not keys:
                message = "names no list, or no keys"
                raise ConfigError(message, location=Location(path=("mergeKeys", path)))

    @property
    def all_entries(self) -> Sequence[Entry]:
        """Return the entries, whichever way they are written."""
        return self.entries or (self,)
