"""Which object of a program's output is which object of its input."""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Final, TypeAlias

from postrender import Manifest

Key: TypeAlias = Callable[[Manifest], Hashable]

#: Helm 4 finds the file of a document by this
FILENAME: Final = ("metadata", "annotations", "postrenderer.helm.sh/postrender-filename")


def match(ours: Sequence[Manifest], theirs: Sequence[Manifest]) -> list[Manifest | None]:
    """Return for each of *theirs* the one of *ours* that it is, or None for a new one.

    The strictest key decides first. Objects that share an identity are matched in their order;
    one that got another namespace or name is matched only where no other can be meant.
    """
    found: dict[int, int] = {}  # index in theirs -> index in ours
    for key, may_repeat in _KEYS:
        before = _indexes(ours, key, set(found.values()))
        for value, news in _indexes(theirs, key, found).items():
            olds = before.get(value, [])
            if may_repeat or len(news) == len(olds) == 1:
                found.update(zip(news, olds, strict=False))
    return [ours[found[index]] if index in found else None for index in range(len(theirs))]


def _indexes(
    manifests: Sequence[Manifest], key: Key, matched: Collection[int]
) -> dict[Hashable, list[int]]:
    """Return the indexes of the *manifests* that are not *matched* yet, by their keys."""
    indexes: dict[Hashable, list[int]] = {}
    if len(matched) == len(manifests):
        return indexes
    for index, manifest in enumerate(manifests):
        value = None if index in matched else key(manifest)
        if value is not None:
            indexes.setdefault(value, []).append(index)
    return indexes


def _identity_and_file(manifest: Manifest) -> Hashable:
    return (_identity(manifest), manifest.get(FILENAME))


def _identity(manifest: Manifest) -> Hashable:
    return (manifest.namespace, _moved(manifest))


def _moved(manifest: Manifest) -> Hashable:
    return (manifest.group, manifest.kind, manifest.name, manifest.generate_name)


def _renamed(manifest: Manifest) -> Hashable:
    filename = manifest.get(FILENAME)
    return (manifest.group, manifest.kind, filename) if filename else None


#: from strict to loose; the flag says whether several may share a key
_KEYS: Final[tuple[tuple[Key, bool], ...]] = (
    (_identity_and_file, True),
    (_identity, True),
    (_moved, False),
    (_renamed, False),
)
