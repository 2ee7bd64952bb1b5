"""Taking over what a program made of the manifests."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from postrender import Manifest, Manifests, RefusedError, StreamError
from postrender_plugins.exec._match import FILENAME, match

if TYPE_CHECKING:
    from postrender_plugins.exec import Options

#: the end of a document, and behind it something else than comments and the next one
_UNREAD = re.compile(rb"^\.\.\.(?:[ \t].*)?\r?\n(?:\s*(?:#.*)?\n)*(?!---)[^\s#]", re.MULTILINE)


def take(output: bytes, manifests: Manifests, options: "Options") -> None:
    """Let *manifests* become what *output* says, in its order.

    :raises RefusedError: if *output* is no stream of manifests.
    """
    theirs = list(_parse(output, options))
    ours = list(manifests)
    if ours and not theirs:
        raise RefusedError(f"{options.program} wrote no manifests to stdout")
    matches = match(ours, theirs)
    placed: list[Manifest] = []
    for new, old in zip(theirs, matches, strict=True):
        if old is None:
            # Behind the one before it, or else where the program's part of the stream is.
            near = [*ours[:1], *placed[-1:]]
            placed.append(manifests.add(new, near=near[-1] if near else None))
        else:
            _keep_filename(old, new)
            placed.append(_change(old, new, manifests, options))
    kept = {id(manifest) for manifest in matches}
    for manifest in ours:
        if id(manifest) not in kept:
            manifest.remove()
    _arrange(manifests.all, placed)


def _change(old: Manifest, new: Manifest, manifests: Manifests, options: "Options") -> Manifest:
    """Let *old* be what *new* is, and return the manifest that now stands for both."""
    if options.text == "splice":
        old.replace(new.to_dict())
        return old
    new = _with_source(new, old)
    if old.text() == new.text():
        return old
    added = manifests.add(new, near=old)
    old.remove()
    return added


def _with_source(new: Manifest, old: Manifest) -> Manifest:
    """Return *new* with the comment that names its file, which the program may have dropped."""
    if new.source or not old.source:
        return new
    return Manifests.parse(f"# Source: {old.source}\n{new.text()}".encode())[0]


def _parse(output: bytes, options: "Options") -> Manifests:
    if _UNREAD.search(output):
        raise RefusedError(
            f"{options.program} wrote something behind a line `...`, where nobody reads it",
            hint="documents are separated by ---",
        )
    try:
        return Manifests.parse(output)
    except StreamError as error:
        raise RefusedError(f"{options.program} wrote no manifests to stdout: {error}") from error


def _keep_filename(old: Manifest, new: Manifest) -> None:
    filename = old.get(FILENAME)
    if filename is not None and new.get(FILENAME) is None:
        new.set(FILENAME, filename)


def _arrange(everything: Manifests, placed: Sequence[Manifest]) -> None:
    """Bring *placed* into their order, among the places that they have together."""
    order = list(everything)
    turn = iter(placed)
    ids = {id(manifest) for manifest in placed}
    wanted = [next(turn) if id(manifest) in ids else manifest for manifest in order]
    if any(one is not other for one, other in zip(order, wanted, strict=True)):
        everything.arrange(wanted)
