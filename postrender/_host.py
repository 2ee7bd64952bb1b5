"""What the host would make of the stream: mended where it would lose something, or told."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from postrender._edits import Edit
from postrender._errors import EditError
from postrender._findings import Notice
from postrender._identity import FILENAME, FILENAME_PATH, HOOK
from postrender._manifest import Manifest
from postrender._manifests import Manifests
from postrender._origin import HELM3, HELM4

STEP: Final = "host"  #: the name on the edits that are made for the host's sake

_HOOK: Final = ("metadata", "annotations", HOOK)


def settle(manifests: Manifests, strategy: str = "") -> None:
    """Make what the steps left of a host's stream what this host takes as it is meant.

    Helm 4 finds the file of a document by its annotation, which each document keeps or gets here
    and nothing else in it may have. It takes a `List` apart only where it stands alone, so that
    is done here, and drops a file whose name begins with an underscore, so that is refused.

    :param strategy: the strategy of Helm 4 as it was stated, "" if it was not.
    :raises EditError: if the host would drop a document.
    """
    manifests = manifests.all
    manifests.step = STEP
    if manifests.host == HELM3:
        manifests.notices.extend(_late_hooks(manifests))
    if manifests.host == HELM4:
        _withhold(manifests, strategy)
        _expand(_doubtful(manifests))
        _annotate(_doubtful(manifests.all))
        if any(_is_leak(edit) for edit in manifests.edits):
            _clean(manifests.filter(lambda each: each.unit.is_edited))
        else:
            _clean(_untied(manifests))
        manifests.notices.extend(_moved(manifests.all))
    manifests.step = ""


# -- Helm 4 ---------------------------------------------------------------------------------------


def _withhold(manifests: Manifests, strategy: str) -> None:
    """Take out what steps added to the hooks; they add it again when the manifests come."""
    added = manifests.filter(lambda each: not each.position and not each.hook)
    if not added or (strategy or manifests.strategy) != "separate":
        return
    for manifest in added:
        message = (
            "is not added, since this stream holds hooks alone and the manifests come in"
            " another; where they do not, say --post-render-strategy combined"
        )
        manifests.notices.append(Notice(manifest.unit.step, message, manifest.location))
        manifest.remove()


def _doubtful(manifests: Manifests) -> Manifests:
    """Return those whose kind or file may be another; the rest of a large stream stays at rest."""
    positions = {edit.position for edit in manifests.edits if _is_doubtful(edit.path)}
    return manifests.filter(lambda each: each.index is None and each.position in positions)


def _is_doubtful(path: tuple[str | int, ...]) -> bool:
    return path == ("kind",) or path == FILENAME_PATH[: len(path)]


def _expand(manifests: Manifests) -> None:
    """Put the items of a `List` that a step made into the stream as documents of their own."""
    for manifest in manifests:
        if manifest.kind == "List":
            for item in manifest.get(("items",)) or ():
                manifests.add(item, near=manifest)
            manifest.remove()


def _annotate(manifests: Manifests) -> None:
    """Give documents back the file that Helm 4 knows them by.

    :raises EditError: if Helm 4 would drop one.
    """
    for manifest in manifests:
        file = manifest.annotations.get(FILENAME)
        if not file and manifest.unit.origin:
            manifest.set(FILENAME_PATH, manifest.unit.origin)
        elif file and file.rpartition("/")[2].startswith("_"):
            error = EditError(
                "Helm 4 drops a document whose file name begins with an underscore",
                location=manifest.at(FILENAME_PATH),
                hint="name another file, or remove the manifest",
            )
            error.step = manifest.unit.step
            raise error


def _is_leak(edit: Edit) -> bool:
    """Tell whether an edit put the annotation where it does not belong."""
    if FILENAME in edit.path:
        return edit.path != FILENAME_PATH
    return any(edit.path + path != FILENAME_PATH for path in _paths(edit.new))


def _untied(manifests: Manifests) -> Manifests:
    """Return those in which an edit may have made a copy of annotations that an anchor shared."""
    at = FILENAME_PATH[:2]
    positions = {edit.position for edit in manifests.edits if edit.path[:2] == at[: len(edit.path)]}
    return manifests.filter(lambda each: each.position in positions and each.unit.is_odd)


def _clean(manifests: Manifests) -> None:
    """Take the annotation out of pod templates, and of whatever else it was copied to."""
    for manifest in manifests:
        for path in list(_paths(manifest.to_dict())):
            if path != FILENAME_PATH:
                manifest.delete(path)
                if not manifest.length_at(path[:-1]):
                    manifest.delete(path[:-1])


def _paths(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths in *value* at which a map has the annotation as a key."""
    stack: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while stack:
        path, each = stack.pop()
        members: Iterable[tuple[Any, Any]] = ()
        if type(each) is dict:
            members = each.items()
            if FILENAME in each:
                yield (*path, FILENAME)
        elif type(each) is list:
            members = enumerate(each)
        stack.extend(((*path, key), member) for key, member in members)


def _moved(manifests: Manifests) -> Iterator[Notice]:
    """Tell where Helm 4 undoes an order that the steps made: it sorts by kind, then by file."""
    if not manifests.is_rearranged:
        return
    last: dict[str, Manifest] = {}
    told = set()
    for manifest in manifests:
        before = last.get(manifest.kind)
        if before and _file(manifest) < _file(before) and manifest.kind not in told:
            told.add(manifest.kind)
            message = f"Helm 4 orders one kind by file names, so it comes before {before}"
            yield Notice("", message, manifest.location)
        elif not manifest.hook:
            last[manifest.kind] = manifest


def _file(manifest: Manifest) -> bytes:
    return manifest.source.encode()


# -- Helm 3 ---------------------------------------------------------------------------------------


def _late_hooks(manifests: Manifests) -> Iterator[Notice]:
    """Tell of objects that a step made hooks, which Helm 3 no longer takes for such."""
    made = {edit.manifest: edit.step for edit in manifests.edits if _makes_hook(edit)}
    for manifest in manifests if made else ():
        if manifest.unit.is_edited and manifest.hook and str(manifest) in made:
            message = (
                "Helm 3 has taken the hooks out already: it installs this one as an ordinary"
                " object, and leaves it behind on uninstall"
            )
            yield Notice(made[str(manifest)], message, manifest.location)


def _makes_hook(edit: Edit) -> bool:
    """Tell whether an edit adds the annotation of a hook."""
    depth = len(edit.path)
    if edit.path != _HOOK[:depth]:
        return False
    return _has_hook(edit.new, depth) and not _has_hook(edit.old, depth)


def _has_hook(value: Any, depth: int) -> bool:
    for key in _HOOK[depth:]:
        value = value.get(key) if type(value) is dict else None
    return value is not None
