"""GitHub's workflow commands, which a job prints to have findings shown at files and lines."""

from collections.abc import Sequence
from typing import Final

from postrender._formats.items import ERROR, INFO, WARNING, Item, told

_COMMANDS: Final = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def render(items: Sequence[Item], version: str) -> str:
    """Return a command for each finding that no exception allows."""
    return "".join(f"{_command(item)}\n" for item in told(items))


def _command(item: Item) -> str:
    file, line = item.spot
    properties = {"file": file}
    if line:
        properties |= {"line": str(line), "endLine": str(item.end_line)}
    properties["title"] = item.title or item.rule
    words = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    where = ", ".join(part for part in (item.object, item.field) if part)
    text = f"{where}: {item.message} [{item.rule}]" if where else f"{item.message} [{item.rule}]"
    return f"::{_COMMANDS[item.severity]} {words}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
