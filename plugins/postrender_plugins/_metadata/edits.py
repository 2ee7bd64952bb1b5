"""Renaming, removing and setting keys in the maps of one object's metadata."""

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from postrender import Context, Manifest, RefusedError
from postrender_plugins._metadata import extra, names
from postrender_plugins._metadata.options import MetadataOptions, size
from postrender_plugins._metadata.places import SCOPES, Kind, Place, expand

LOCAL_CONFIG: Final = "config.kubernetes.io/local-config"
CRD: Final = ("apiextensions.k8s.io", "CustomResourceDefinition")
JOB: Final = ("batch", "Job")
POD: Final = ("", "Pod")
_MISSING: Final = object()


class Map:
    """One map of labels or annotations: where it stands, and its values as they are now."""

    def __init__(self, manifest: Manifest, path: Place, carrier: Kind) -> None:
        """Read the map at *path*, which is on objects of the kind *carrier*."""
        self.manifest = manifest
        self.path = path
        self.carrier = carrier
        self.changed = False
        values = manifest.get(path)
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}

    def put(self, key: str, value: Any) -> None:
        """Give *key* a value."""
        self.manifest.set((*self.path, key), value)
        self.values[key] = value
        self.changed = True

    def drop(self, key: str) -> None:
        """Remove *key*."""
        self.manifest.delete((*self.path, key))
        del self.values[key]
        self.changed = True


#: called before a value that is there changes, with map, key and the new value or None for
#: removed; raises to refuse that
Guard: TypeAlias = Callable[[Map, str, Any], None]


class Editor:
    """Makes the changes of one step, object by object."""

    def __init__(
        self, options: MetadataOptions, context: Context, guard: Guard | None = None
    ) -> None:
        """Take what to change, and who is asked before a value changes."""
        self._options = options
        self._context = context
        self._guard = guard
        self._is_removed = _matcher(options)
        for key in (*options.set, *options.rename.values()):
            if names.kubernetes(key):
                context.notice(f"the prefix of the key {key} is reserved for Kubernetes")

    def edit(self, manifest: Manifest, scopes: Iterable[str]) -> bool:
        """Change the maps of *scopes* in *manifest*; False means that it is to be left alone.

        :raises RefusedError: where a value must not change.
        """
        kind = (manifest.group, manifest.kind)
        if kind == CRD:
            # Of a definition only its own metadata is metadata; what else looks so is schema.
            if self._options.crds == "metadata":
                self._edit_map(Map(manifest, ("metadata", self._options.map_name), kind))
            return False
        if manifest.get(("metadata", "annotations", LOCAL_CONFIG)) not in (None, False, "false"):
            return False
        for scope in scopes:
            if scope == "metadata":
                self._edit_map(Map(manifest, ("metadata", self._options.map_name), kind))
            elif scope in SCOPES:
                self._edit_templates(manifest, kind, scope)
        if self._options.extra_paths:
            self._edit_extra_paths(manifest)
        return True

    def _edit_templates(self, manifest: Manifest, kind: Kind, scope: str) -> None:
        table, carrier = SCOPES[scope]
        for place in table.get(kind, ()):
            for template in expand(manifest, place):
                entries = Map(manifest, (*template, "metadata", self._options.map_name), carrier)
                if entries.values or self._is_template(manifest, template):
                    self._edit_map(entries)
                if entries.changed and (reason := _immutable(manifest, kind, scope)):
                    self._context.notice(reason, manifest.at(entries.path))

    def _is_template(self, manifest: Manifest, template: Place) -> bool:
        """Tell whether *template* is there to have metadata; a workload may have none."""
        if manifest.kind_at(template) is dict:
            return True
        if manifest.get(template, _MISSING) is None:
            self._context.notice("the template is null and left alone", manifest.at(template))
        return False

    def _edit_extra_paths(self, manifest: Manifest) -> None:
        for extra_path in self._options.extra_paths:
            for path in extra.expand(extra_path, manifest):
                self._edit_map(Map(manifest, path, POD))

    def _edit_map(self, entries: Map) -> None:
        self._rename(entries)
        for key in [key for key in entries.values if self._is_removed(key)]:
            self._ask(entries, key, None)
            entries.drop(key)
        for key, value in self._options.set.items():
            if entries.values.get(key) != value and self._may_set(entries, key, value):
                entries.put(key, value)
        self._look(entries)

    def _rename(self, entries: Map) -> None:
        for old, new in self._options.rename.items():
            value = entries.values.get(old)
            if value is not None:
                self._ask(entries, old, None)
                if entries.values.get(new) != value and self._may_set(entries, new, value):
                    entries.put(new, value)
                entries.drop(old)

    def _may_set(self, entries: Map, key: str, value: Any) -> bool:
        """Decide what becomes of a value that is there; null is none, as for the API server."""
        if entries.values.get(key) is None:
            return True
        if self._options.on_conflict == "keep":
            return False
        if self._options.on_conflict == "error":
            raise RefusedError(
                f"the key {key} has another value already",
                location=entries.manifest.at((*entries.path, key)),
                hint="let `onConflict` be `overwrite` or `keep`",
            )
        self._ask(entries, key, value)
        return True

    def _ask(self, entries: Map, key: str, value: Any) -> None:
        if self._guard is not None:
            self._guard(entries, key, value)

    def _look(self, entries: Map) -> None:
        """Look at the result for what the API server would not take as it stands."""
        for key, value in entries.values.items():
            if value is None:
                message = f"the value of {key} is null, so the API server drops the key"
                self._context.notice(message, entries.manifest.at((*entries.path, key)))
        if entries.changed and self._options.max_size:
            texts = {key: str(value) for key, value in entries.values.items()}
            if size(texts) > self._options.max_size:
                where = entries.manifest.at(entries.path)
                raise RefusedError(self._options.too_long(), location=where)


def _matcher(options: MetadataOptions) -> Callable[[str], bool]:
    """Return the test for keys to remove; a glob spares keys that are set, or not the user's."""
    globs = [key for key in options.remove if not set(key).isdisjoint("*?[")]
    exact = frozenset(options.remove).difference(globs)
    if not globs:
        return exact.__contains__
    from fnmatch import fnmatchcase  # few steps remove by glob

    spared = {*options.set, *options.rename.values()}

    def is_removed(key: str) -> bool:
        if key in exact or key in spared or names.reserved(key):
            return key in exact
        return any(fnmatchcase(key, glob) for glob in globs)

    return is_removed


def _immutable(manifest: Manifest, kind: Kind, scope: str) -> str:
    """Say why an upgrade refuses a change in *scope*, or ""."""
    if scope == "volumeClaimTemplates":
        return "volumeClaimTemplates are immutable: an upgrade of an object that exists is refused"
    if scope == "templates" and kind == JOB and not manifest.hook:
        return "the template of a Job is immutable: an upgrade of a Job that exists is refused"
    return ""
