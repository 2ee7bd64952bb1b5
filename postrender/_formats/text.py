"""Text, as compilers write it: file and line, what is wrong, where in the object."""

from collections.abc import Sequence

from postrender._formats.items import Item, told

STDIN = "stdin"


def render(items: Sequence[Item], version: str) -> str:
    """Return a line for each finding that no exception allows."""
    return "".join(f"{_line(item)}\n" for item in told(items))


def _line(item: Item) -> str:
    place = item.file or STDIN
    place += f":{item.line}" if item.line else ""
    place += f" ({item.source})" if item.source else ""
    where = ", ".join(part for part in (item.object, item.field) if part)
    where += ": " if where else ""
    line = f"{place}: {item.severity} [{item.rule}]: {where}{item.message}"
    return line.replace("\n", "\\n")  # names of files and keys may hold one
