"""The first document of a text, which is all that Helm's libraries read of it."""

import re
from typing import Any, Final, NamedTuple

from postrender._yaml import Document, YamlError, dump, load, split

_START: Final = re.compile(r"(?:[ \t]*(?:#.*)?\n)*---[ \t]*(?:#.*)?(?:\n|\Z)")
_SEPARATOR: Final = re.compile(r"(?m)^---(?=\s|\Z)")
_CONTENT: Final = re.compile(r"(?m)^(?:---|\.\.\.)?[ \t]*(?!---|\.\.\.)[^\s#]")


class First(NamedTuple):
    """What is read of a text, and what of it is not."""

    document: Document
    rest: str = ""  #: "" if nothing but comments stands behind the document


def first(text: str) -> First | None:
    """Read the first document of *text*; None if there is no value in it.

    :raises YamlError: if it is none.
    """
    value = load(text)
    if value is None:
        return None
    started = _START.match(text)
    body = text[started.end() :] if started else text
    body, rest = _cut(body)
    if body.startswith("---"):  # a value on that line, or what looks like it
        return First(Document(dump(value)), rest)
    try:
        document = Document(body)
    except YamlError:  # another document follows, such as a second object of JSON
        behind = list(split(body.encode()))[1:]
        return First(Document(dump(value)), b"".join(part.body for part in behind).decode())
    end = document.outline.trailing
    if end is None:
        return First(document, rest)
    return First(Document(body[:end]), _content(body[end:]) or rest)


def _cut(body: str) -> tuple[str, str]:
    """Cut a text before a separator in it, and return what holds anything behind that, too."""
    found = _SEPARATOR.search(body, 3)
    return (body[: found.start()], _content(body[found.start() :])) if found else (body, "")


def _content(text: str) -> str:
    """Return a text that holds more than comments, "" for any other."""
    return text if _CONTENT.search(text) else ""


def documents(text: str) -> list[tuple[str, Any]]:
    """Return the documents of a text that was overlooked, as far as it can be read."""
    try:
        text = re.sub(r"(?m)^(?:\.\.\.|---(?=\s))", "---\n", text)
        parts = [part.body.decode() for part in split(text.encode())]
        values = [(part, load(part)) for part in parts]
    except YamlError:
        return [(text, None)]
    return [(part, value) for part, value in values if value is not None]
