"""Where a configuration is written, and how its errors point into it."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from postrender import _yaml
from postrender._errors import ConfigError, Location
from postrender._yaml import nodes

NEWLINE: Final = "\n"
Path = tuple[str | int, ...]


class Source(NamedTuple):
    """A configuration file, a mapping made by Python code, or a step of the command line."""

    value: object
    directory: str  #: the folder that relative paths in it start from
    name: str = ""  #: the file's path, or `--step`; a mapping has none, and so no lines
    document: _yaml.Document | None = None
    is_step: bool = False  #: whether the value is one step, and not a whole configuration

    def point(self, error: ConfigError, path: Path) -> ConfigError:
        """Return *error* with the place in this source that it is about.

        *path* leads to the step, and the path of the error's own location from there to the fault.
        """
        inner = path_of(error)
        place = dotted(inner)
        if self.document:
            line, column = self.document.locate((*path, *inner))
            place = f"{self.name}:{line}:{column}" + (f": {place}" if place else "")
        error.location = place
        return error


def from_file(path: str) -> Source:
    """Read the configuration file *path*.

    :raises ConfigError: if it cannot be read, or is not one YAML document.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", location=path) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 at byte {error.start}", location=path) from error
    return _parse(text, path, os.path.dirname(path) or ".")


def from_step(text: str, directory: str = ".") -> Source:
    """Read one step of the command line, such as `labels: {set: {team: a}}`.

    :raises ConfigError: if it is not one YAML document.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ConfigError("is not UTF-8", location="--step") from error
    text = text if "\n" in text else text + "\n"  # PyYAML, 10 ms, is then seldom needed
    return _parse(text, "--step", directory)._replace(is_step=True)


def from_mapping(mapping: Mapping[str, object], directory: str) -> Source:
    """Take a configuration that Python code made."""
    return Source(mapping, directory)


def _parse(text: str, name: str, directory: str) -> Source:
    text = text.removeprefix("\ufeff")
    # Three dashes or dots at the start of a line end a document, whatever they stand in.
    documents = re.split(r"(?m)^(?:---|\.\.\.)(?=\s|$)", text)
    if sum(bool(re.search(r"(?m)^\s*[^\s#%]", document)) for document in documents) > 1:
        raise ConfigError("holds more than one document", location=name)
    try:
        document = _yaml.Document(text)
    except _yaml.YamlError as error:
        place = f"{name}:{error.line}:{error.column}" if error.line else name
        raise ConfigError(error.message, location=place) from error
    value = document.get(()) if document.root else None  # all of the document is built by now
    for offset, message, hint in _faults(document.root):
        before = text[:offset]
        place = f"{name}:{before.count(NEWLINE) + 1}:{offset - before.rfind(NEWLINE)}"
        raise ConfigError(message, location=place, hint=hint)
    return Source(value, directory, name, document)


def _faults(node: object) -> Iterator[tuple[int, str, str]]:
    """Give offset, message and hint for keys that mean what nobody wants them to, though YAML may.

    Those are keys that their mapping has twice, and keys such as `on` that are no text.
    """
    if isinstance(node, nodes.Mapping):
        names = set()
        for entry in node.entries:
            if isinstance(entry.key, nodes.Scalar) and entry.name is not None:
                if not isinstance(entry.key.value, str):
                    yield entry.key.start, f"the key means `{entry.name}`", "quote it"
                if entry.name in names:
                    yield entry.key.start, f"the key `{entry.name}` is there twice", ""
                names.add(entry.name)
            yield from _faults(entry.value)
    elif isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from _faults(item.value)


def at(*path: str | int) -> Location:
    """Return the location of *path*, from the value that is being read."""
    return Location(path=path)


def path_of(error: ConfigError) -> Path:
    """Return the path of an error's location; () when it has none."""
    return tuple(error.location.path) if isinstance(error.location, Location) else ()


def dotted(path: Path) -> str:
    """Write a path as `containers[0].name`; keys that are no plain words stand in brackets."""
    text = ""
    for key in path:
        plain = isinstance(key, str) and re.fullmatch(r"[\w-]+", key)
        text += (f".{key}" if text else str(key)) if plain else f"[{key}]"
    return text
