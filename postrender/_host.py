"""What the host would make of the stream: mended where it would lose something, or told."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from postrender._edits import Edit
from postrender._errors import EditError
from postrender._findings import Notice
from postrender._hooks import late_hooks, refuse_unknown
from postrender._identity import FILENAME, FILENAME_PATH
from postrender._manifest import Manifest
from postrender._manifests import Manifests
from postrender._origin import HELM3, HELM4, is_partial, name_added, number_of

STEP: Final = "host"  #: the name on the edits that are made for the host's sake


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
        manifests.notices.extend(late_hooks(manifests))
    if manifests.host == HELM4:
        _withhold(manifests, strategy)
        _expand(_doubtful(manifests))
        _annotate(_doubtful(manifests.all))
        refuse_unknown(manifests.all)
        if any(_is_leak(edit) for edit in manifests.edits):
            _clean(manifests.filter(lambda each: each.unit.is_edited))
        else:
            _clean(_untied(manifests))
        _renumber(manifests.all)
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
    lists = [manifest for manifest in manifests if manifest.kind == "List"]
    for each in lists:  # which grows where an item is a list
        added = [manifests.add(item, near=each) for item in each.get(("items",)) or ()]
        lists += (manifest for manifest in added if manifest.kind == "List")
        each.remove()


def _annotate(manifests: Manifests) -> None:
    """Give documents back the file that Helm 4 knows them by.

    :raises EditError: if Helm 4 would drop one.
    """
    for manifest in manifests:
        file = manifest.annotations.get(FILENAME)
        if not file and manifest.unit.origin:
            manifest.set(FILENAME_PATH, manifest.unit.origin)
        elif file and is_partial(file):
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
            if path != FILENAME_PATH and path[-2:-1] == ("annotations",):
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


def _renumber(manifests: Manifests) -> None:
    """Let the names of added documents have the order in which they stand."""
    if not manifests.is_rearranged:
        return
    added = [each for each in manifests if not each.position and number_of(each.source)]
    numbers = sorted(number_of(each.source) for each in added)
    for manifest, number in zip(added, numbers, strict=True):
        if number_of(manifest.source) != number:
            manifest.set(FILENAME_PATH, name_added(manifest.source, int(number)))


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
