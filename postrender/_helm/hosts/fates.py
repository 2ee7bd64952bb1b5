"""What became of each document between the host's stream and the release."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.outcome import Outcome
from postrender._helm.hosts.simulation import Simulation
from postrender._identity import FILENAME
from postrender._yaml import same


class Change(StrEnum):
    """What happened to a document."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"  #: the steps left it out
    LOST = "lost"  #: the host dropped it


class Fate(NamedTuple):
    """A document as it ended up, or as it was handed over if it is gone."""

    entry: Entry
    change: Change
    notes: Sequence[str] = ()  #: what else is to be known about it


class Fates(NamedTuple):
    """The documents of the release, and those that are not in it."""

    manifests: Sequence[Fate]
    hooks: Sequence[Fate]
    gone: Sequence[Fate]


def fates(simulation: Simulation, outcome: Outcome) -> Fates:
    """Compare what was handed over with what the host made of the answers."""
    handed = [entry for each in simulation.exchanges for entry in each.call.entries]
    handed = [each for each in (*handed, *simulation.untouched) if each.value is not None]
    lost = [Fate(each.entry, Change.LOST, [each.reason]) for each in outcome.lost]
    release = [entry for entry in (*outcome.manifests, *outcome.hooks) if entry.value is not None]
    before = _pairs(handed, [*release, *(each.entry for each in lost)])
    found = {id(entry) for entry in before.values()}
    left = [entry for entry in handed if id(entry) not in found]
    warned = {id(each.entry): each.message for each in outcome.warned}
    told = [_fate(entry, before.get(id(entry)), warned.get(id(entry))) for entry in release]
    count = len(release) - len(outcome.hooks)
    return Fates(
        told[:count],
        told[count:],
        [*lost, *(Fate(entry, Change.REMOVED) for entry in left)],
    )


def _fate(entry: Entry, before: Entry | None, warning: str | None) -> Fate:
    notes = [warning] if warning else []
    if before is None:
        return Fate(entry, Change.ADDED, notes)
    change = Change.UNCHANGED if same(_bare(before.value), _bare(entry.value)) else Change.CHANGED
    notes = [*_differences(before, entry), *notes]
    # Helm 3 does not know the file: a comment tells it, if that is still there.
    return Fate(entry if entry.file else entry._replace(file=before.file), change, notes)


def _differences(before: Entry, after: Entry) -> Iterator[str]:
    if before.title != after.title:
        yield f"was {before.title}"
    if after.file and before.file != after.file:
        yield f"was in {before.file}"
    if before.is_marked and not after.is_marked:
        yield "no longer a hook"
    if after.is_marked and not before.is_marked:
        yield "made a hook"


def _bare(value: Any) -> Any:
    """Return an object without the annotation for its file, and without annotations then empty."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        return value
    annotations = metadata.get("annotations")
    if isinstance(annotations, dict):
        annotations = {key: each for key, each in annotations.items() if key != FILENAME}
    rest = {key: each for key, each in metadata.items() if key != "annotations"}
    rest |= {"annotations": annotations} if annotations else {}
    bare = {key: each for key, each in value.items() if key != "metadata"}
    return {**bare, "metadata": rest} if rest else bare


def _pairs(before: Iterable[Entry], after: Iterable[Entry]) -> dict[int, Entry]:
    """Return what each document of *after* was, by its id: the same object, else a renamed one."""
    found: dict[int, Entry] = {}
    before, after = list(before), list(after)
    for key in (_identity, _place):
        buckets: dict[object, list[Entry]] = {}
        for entry in before:
            buckets.setdefault(key(entry), []).append(entry)
        for entry in after:
            if id(entry) not in found and (bucket := buckets.get(key(entry))):
                found[id(entry)] = bucket.pop(_likest(bucket, entry))
        taken = {id(entry) for entry in found.values()}
        before = [entry for entry in before if id(entry) not in taken]
    return found


def _identity(entry: Entry) -> tuple[str, str]:
    return entry.group, entry.title


def _place(entry: Entry) -> tuple[str, str]:
    return entry.file, entry.kind


def _likest(entries: Sequence[Entry], after: Entry) -> int:
    """Return the index of the entry that is a hook, or none, as *after* is, and in its file."""
    likeness = [(each.is_marked == after.is_marked, each.file == after.file) for each in entries]
    return likeness.index(max(likeness))
