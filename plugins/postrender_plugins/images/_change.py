"""What a step makes of an image, wherever the image stands."""

from typing import TYPE_CHECKING, NamedTuple

from postrender_plugins._images.entries import Entry
from postrender_plugins._images.reference import Reference, normalized, parse
from postrender_plugins._images.rules import Rules
from postrender_plugins.images._registries import Registries

if TYPE_CHECKING:
    from postrender_plugins.images import Options
    from postrender_plugins.images._lock import Lock


class Change(NamedTuple):
    """What becomes of an image."""

    text: str  #: the image as it is from now on
    notes: tuple[str, ...] = ()  #: what to tell wherever it stands
    unpinned: str = ""  #: why the lock file does not pin it, "" if it does


class Changer:
    """Entries, then registries, then the lock file; each image is looked at once."""

    def __init__(self, options: "Options", lock: "Lock | None") -> None:
        """Take what to change, and the lock file if there is one."""
        self._rules = Rules(options.entries)
        self._registries = Registries(options.registries)
        self._lock = lock
        self._changes: dict[str, Change] = {}
        self.images: list[Reference] = []  #: all that were looked at, as they were

    def change(self, text: str) -> Change:
        """Return what becomes of the image *text*."""
        change = self._changes.get(text)
        if change is None:
            change = self._changes[text] = self._change(text)
        return change

    def unused(self) -> list[tuple[int, Entry]]:
        """Return the entries that meant no image, with their indexes."""
        return self._rules.unused(self.images, self._registries.rename)

    def _change(self, text: str) -> Change:
        image = parse(text)
        if image is None:
            # What it is instead may hold a password, so it is not told.
            fault = "the image is no reference of one"
            return Change(text, (f"{fault} and left alone",), fault)
        self.images.append(image)
        notes: list[str] = []
        changed = self._rules.change(image, notes)
        final, unpinned = self._pin(self._mirror(changed), changed)
        if image.digest and not final.digest:
            notes.append("the image loses its digest, so what its tag stands for may change")
        return Change(str(final), tuple(notes), unpinned)

    def _mirror(self, image: Reference) -> Reference:
        """Return *image* as the registries have it; one that they do not have keeps its name."""
        full = normalized(image.name)
        name = self._registries.rename(full)
        return image if name == full else image._replace(name=name)

    def _pin(self, image: Reference, original: Reference) -> tuple[Reference, str]:
        """Return *image* with its digest, and why the lock file does not pin it.

        The lock file may know it by the name of the *original* or of the mirror. A digest that is
        there says exactly which image is meant, and the lock file only what a tag stood for.
        """
        if self._lock is None or (image.digest and not image.tag):
            return image, ""
        digest = self._lock.digest(image, original)
        if image.digest:
            is_other = digest not in ("", image.digest)
            return image, f"{image} has another digest than the one locked" if is_other else ""
        return image._replace(digest=digest), "" if digest else f"{image} is not in it"
