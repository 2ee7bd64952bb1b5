"""A text of the user's own, such as a patch in a file: its YAML documents as plain values."""

from typing import Any

from postrender._errors import ConfigError
from postrender._yaml import YamlError, load, split


def load_documents(text: str) -> list[Any]:
    """Return the values of the documents of *text*, without those that hold nothing.

    Documents are split as those of a stream, and their values are plain, in Helm's dialect.

    :raises ConfigError: if it is no YAML; the message begins with line and column, from 1.
    """
    line = 0
    values = []
    try:
        # All are split before one is read, as the lines of an error in that count from the start.
        for part in list(split(text.encode("utf-8", "surrogatepass"))):
            line += part.head.count(b"\n")
            values.append(load(part.body.decode(), alone=True))
            line += part.body.count(b"\n")
    except YamlError as error:
        place = f"line {line + error.line}, column {error.column}: " if error.line else ""
        raise ConfigError(place + error.message) from error
    except UnicodeError as error:
        raise ConfigError("is not UTF-8") from error
    return [value for value in values if value is not None]
