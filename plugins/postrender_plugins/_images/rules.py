"""What entries make of images."""

from collections.abc import Callable, Iterable

from postrender_plugins._images.entries import Entry
from postrender_plugins._images.reference import Reference, normalized, parse


class Rule:
    """An entry, ready to be asked about many images."""

    def __init__(self, entry: Entry) -> None:
        """Read the entry's name or glob once."""
        self.entry = entry
        self.is_used = False  #: whether it has met an image that it means
        self._wanted = parse(entry.name) or Reference("")
        self._matches = self._by_glob() if entry.glob else self._by_name()

    def _by_name(self) -> Callable[[str], bool]:
        name = self._wanted.name
        if self.entry.normalize:
            full = normalized(name)
            return lambda other: normalized(other) == full
        return name.__eq__

    def _by_glob(self) -> Callable[[str], bool]:
        from fnmatch import fnmatchcase  # few entries have a glob

        glob, is_normalized = self.entry.glob, self.entry.normalize
        return lambda name: fnmatchcase(normalized(name) if is_normalized else name, glob)

    def means(self, image: Reference) -> bool:
        """Tell whether the entry means *image*."""
        wanted = self._wanted
        if wanted.digest and wanted[1:] != image[1:]:
            return False
        return wanted.tag in ("", image.tag) and self._matches(image.name)

    def change(self, image: Reference) -> Reference:
        """Return what the entry makes of *image*; a new tag drops a digest and vice versa."""
        entry = self.entry
        name = entry.new_name or image.name
        if entry.new_tag or entry.digest:
            return Reference(name, entry.new_tag, entry.digest)
        if entry.tag_suffix and image.tag:
            # A tag that ends so has been through this before.
            tag = image.tag.removesuffix(entry.tag_suffix) + entry.tag_suffix
            return Reference(name, tag, "" if tag != image.tag else image.digest)
        return Reference(name, image.tag, image.digest)

    def made(self, image: Reference, rename: Callable[[str], str]) -> bool:
        """Tell whether *image* is what the entry, and *rename* behind it, make of another."""
        target = self.entry.new_name or self._wanted.name
        return (
            bool(target)
            and normalized(image.name) in (normalized(target), rename(normalized(target)))
            and self.entry.new_tag in ("", image.tag)
            and self.entry.digest in ("", image.digest)
        )


class Rules:
    """Entries in their order, each on what the ones before it have made."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Make the entries ready."""
        self.rules = [Rule(entry) for entry in entries]

    def change(self, image: Reference, notes: list[str]) -> Reference:
        """Return what the entries make of *image*, and put what they cannot do into *notes*."""
        for rule in self.rules:
            if rule.means(image):
                rule.is_used = True
                if rule.entry.tag_suffix and not image.tag:
                    notes.append(f"the image has no tag to put {rule.entry.tag_suffix} behind")
                image = rule.change(image)
        return image

    def unused(
        self, images: Iterable[Reference], rename: Callable[[str], str]
    ) -> list[tuple[int, Entry]]:
        """Return the entries, with their indexes, that meant none of *images*, nor made one."""
        return [
            (index, rule.entry)
            for index, rule in enumerate(self.rules)
            if not (rule.is_used or any(rule.made(image, rename) for image in images))
        ]
