"""Replacements: values that are copied from one field to others."""

import re
from collections.abc import Iterator
from typing import Any, Final

from postrender import ConfigError, Manifest, RefusedError
from postrender_plugins.kustomize._bind import bind
from postrender_plugins.kustomize._entries import (
    FieldOptions,
    Replacement,
    ReplacementTarget,
    Source,
)
from postrender_plugins.kustomize._field_paths import FieldPath, as_text, create
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._paths import Path
from postrender_plugins.kustomize._resource import Id, Resource, Resources
from postrender_plugins.kustomize._targets import Chooser
from postrender_plugins.kustomize._text import document, embedded

#: maps whose values are strings, whatever was copied into them
_STRINGS: Final = (("data",), ("stringData",), ("metadata", "labels"), ("metadata", "annotations"))


class Replacer:
    """Makes the replacements of one kustomization."""

    def __init__(self, layer: Layer, resources: Resources, notes: Notes) -> None:
        """Take the kustomization and its objects."""
        self._layer = layer
        self._resources = resources
        self._notes = notes

    def run(self) -> None:
        """Make them in order.

        :raises RefusedError: for a source or a field that is not there.
        """
        for index, replacement in enumerate(self._layer.kustomization.replacements):
            where = ("replacements", index)
            for each in self._read(replacement) if replacement.path else (replacement,):
                value = each.source_value
                if each.source is not None:
                    value = self._value(each.source, where)
                for number, target in enumerate(each.targets):
                    self._write(value, target, (*where, "targets", number))

    def _read(self, replacement: Replacement) -> list[Replacement]:
        """Return the replacements in the file that one names."""
        folder, name = self._layer.folder, self._layer.folder.named(replacement.path)
        content = document(folder.read_text(replacement.path), name)
        try:
            if isinstance(content, list):
                return [bind(Replacement, each, (index,)) for index, each in enumerate(content)]
            return [bind(Replacement, content)]
        except ConfigError as error:
            error.location = ", ".join(filter(None, (name, str(error.location))))
            raise

    def _value(self, source: Source, where: tuple[str | int, ...]) -> Any:
        found = [each for each in self._resources.readable() if _is_selected(each, source)]
        if len(found) != 1:
            what = " and ".join(str(each.manifest) for each in found) or "nothing"
            raise RefusedError(
                f"the source of a replacement must be one object, and is {what}",
                location=self._layer.where(*where, "source"),
            )
        manifest = found[0].manifest
        path, left = next(FieldPath(source.field_path).find(manifest))
        value = manifest.get(path)
        if left or value in (None, {}, []):
            message = f"the field {source.field_path} of the source is missing"
            raise RefusedError(message, location=manifest.at(path))
        if not source.options.delimiter:
            return value
        text = as_text(value)
        if text is None:
            message = "a delimiter is for text, and the source is none"
            raise RefusedError(message, location=manifest.at(path))
        parts = text.split(source.options.delimiter)
        if not 0 <= source.options.index < len(parts):
            message = f"the source has {len(parts)} parts, and none of index {source.options.index}"
            raise RefusedError(message, location=manifest.at(path))
        return parts[source.options.index]

    def _write(self, value: Any, target: ReplacementTarget, where: tuple[str | int, ...]) -> None:
        chosen = list(self._chosen(target))
        if not chosen:
            self._notes.tell(f"{self._layer.where(*where)}: the replacement selects no object")
        for resource in chosen:
            for path in map(FieldPath, target.field_paths):
                self._write_field(resource.manifest, path, value, target.options)
                resource.renamed()
                if path.is_loose:
                    what = f"the path {path.text} compares whole values, not parts of them"
                    self._notes.differs(what, resource.manifest.location)

    def _chosen(self, target: ReplacementTarget) -> Iterator[Resource]:
        select = Chooser(target.select)
        rejected = [Chooser(each) for each in target.reject]
        for resource in self._resources:
            ids = resource.ids
            if (
                any(select.means_id(id) for id in ids)
                and select.means_labels(resource)
                and not any(each.rejects(resource, ids) for each in rejected)
            ):
                yield resource

    def _write_field(
        self, manifest: Manifest, field: FieldPath, value: Any, options: FieldOptions
    ) -> None:
        is_written = False
        for path, left in list(field.find(manifest)):
            if not left:
                _overwrite(manifest, path, value, options)
                is_written = True
            elif isinstance(manifest.get(path), str):
                is_written |= _write_inside(manifest, path, field, left, value)
            elif options.create and (made := create(manifest, path, left)):
                self._make(manifest, made, value)
                is_written = True
        if not is_written:
            what = "found or made" if options.create else "found"
            hint = "" if options.create else "`options: {create: true}` makes it"
            message = f"the field {field.text} of a replacement's target cannot be {what}"
            raise RefusedError(message, location=manifest.location, hint=hint)

    def _make(self, manifest: Manifest, path: Path, value: Any) -> None:
        new = _put(value, path, value, FieldOptions())
        manifest.set(path, new)
        if type(new) is not type(value):
            self._notes.differs("what is copied into data becomes a string", manifest.at(path))


def _overwrite(manifest: Manifest, path: Path, value: Any, options: FieldOptions) -> None:
    old = manifest.get(path)
    if options.delimiter and as_text(old) is None:
        message = "a delimiter is for text, and the target is none"
        raise RefusedError(message, location=manifest.at(path))
    manifest.set(path, _put(old, path, value, options))


def _write_inside(
    manifest: Manifest, path: Path, field: FieldPath, left: list[str], value: Any
) -> bool:
    """Write into the YAML or JSON that a string holds; tell whether the field is there."""
    inside = embedded(manifest.get(path))
    if inside is None:
        return False
    found = list(field.follow(inside.manifest, left, ("value",)))
    places = [place for place, rest in found if not rest]
    for place in places:
        inside.manifest.set(place, _put(inside.manifest.get(place), (), value, FieldOptions()))
    manifest.set(path, inside.text())
    return bool(places)


def _is_selected(resource: Resource, source: Source) -> bool:
    return any(_is_id(id, source) for id in resource.ids)


def _is_id(id: Id, source: Source) -> bool:
    return (
        source.name in ("", id.name)
        and source.namespace in ("", id.namespace)
        and source.group in ("", id.group)
        and source.version in ("", id.version)
        and source.kind in ("", id.kind)
    )


def _put(old: Any, path: Path, value: Any, options: FieldOptions) -> Any:
    """Return what *old* at *path* becomes: a scalar keeps its type where *value* allows."""
    if options.delimiter:
        value = _joined(as_text(old) or "", as_text(value) or "", options)
    if isinstance(value, (dict, list)):
        return value
    text = as_text(value)
    if isinstance(old, str) or any(path[: len(each)] == each for each in _STRINGS):
        return text
    if isinstance(value, str) and isinstance(old, (bool, int, float)):
        return _scalar(value)
    return value


def _joined(old: str, value: str, options: FieldOptions) -> str:
    parts = old.split(options.delimiter)
    if options.index < 0:
        parts.insert(0, value)
    elif options.index >= len(parts):
        parts.append(value)
    else:
        parts[options.index] = value
    return options.delimiter.join(parts)


def _scalar(text: str) -> Any:
    """Return the number or boolean that *text* writes, or the text."""
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(?:0|[1-9][0-9]*)", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text
