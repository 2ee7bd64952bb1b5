"""What goes wrong when Helm makes the objects of a release, which templates do not tell."""

from collections.abc import Iterable, Iterator

from postrender._helm.hosts.entries import Entry


def build_errors(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield what is wrong with documents that are no objects; comments alone are no fault."""
    for number, entry in enumerate(entries, 1):
        where = entry.location or f"document {number}"
        if entry.value is not None and not isinstance(entry.value, dict):
            yield f"{where}: the document is no object"
        elif entry.value is not None:
            for name, value in (("apiVersion", entry.api_version), ("kind", entry.kind)):
                if not value:
                    yield f"{where}: {name} is missing"


def repeated(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield documents whose object a document before them has too, as far as names tell."""
    seen = set()
    for entry in entries:
        identity = (entry.group, entry.title)
        if entry.name and identity in seen:
            yield entry
        seen.add(identity)
