"""YAML text: the documents of a file, and a document that a string inside of an object holds."""

from typing import Any, Final

from postrender import ConfigError, Manifest, Manifests, StreamError, load_documents

#: An object whose field `value` is the document; its lines move down and to the right.
_HEAD: Final = "apiVersion: v1\nkind: Value\nvalue:\n"
_LINES, _COLUMNS = _HEAD.count("\n"), 2


def document(text: str, name: str) -> Any:
    """Return the value of the one document in *text*, None without content.

    :param name: what to call the text in messages.
    :raises ConfigError: if it is no YAML, or more than one document.
    """
    try:
        values = load_documents(text)
    except ConfigError as error:
        error.location = name
        raise
    if len(values) > 1:
        raise ConfigError("there is more than one document", location=name)
    return values[0] if values else None


class Embedded:
    """A document inside of a string, edited at paths; what is not edited keeps its text."""

    def __init__(self, text: str) -> None:
        """Read *text*; raises `StreamError` for what is no YAML."""
        lines = text.split("\n")
        inside = "\n".join(" " * _COLUMNS + line if line.strip() else line for line in lines)
        self._holder = Manifests.parse((_HEAD + inside).encode())
        self.manifest: Manifest = self._holder[0]  #: has the document as its field `value`

    def text(self) -> str:
        """Return the text with all edits."""
        lines = self._holder.to_bytes().decode().split("\n")[_LINES:]
        return "\n".join(line.removeprefix(" " * _COLUMNS) for line in lines)


def embedded(text: str) -> Embedded | None:
    """Return the document in *text*, None where it holds no map and no list."""
    try:
        found = Embedded(text)
    except StreamError:
        return None
    return found if found.manifest.kind_at(("value",)) else None
