"""`postrender plugins`: what is installed, from where, with which options."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from postrender._catalog import Entry, catalog
from postrender._cli import _terminal
from postrender._cli._arguments import HELP, parse, usage
from postrender._cli._arguments import Option as Argument
from postrender._schema import Types

OPTIONS: Final = (Argument("--json", "print JSON"),)
DESCRIPTION: Final = (
    "List the plugins that a step can use, where they come from, and their options."
)


def plugins(argv: Sequence[str]) -> int:
    """Print the list."""
    arguments = parse(OPTIONS, argv)
    if HELP.long in arguments:
        text = usage("postrender plugins", OPTIONS, DESCRIPTION)
    elif "--json" in arguments:
        import json  # 3 ms that only this needs

        text = json.dumps([_object(entry) for entry in catalog()], indent=2) + "\n"
    else:
        text = "\n".join("".join(f"{line}\n" for line in _lines(entry)) for entry in catalog())
    _terminal.write(text)
    return 0


def _lines(entry: Entry) -> Iterator[str]:
    yield f"{entry.name} ({entry.origin})"
    if told := entry.error or entry.summary:
        yield f"  {told}"
    for option in entry.options:
        needed = ", required" if option.required else ""
        yield f"    {option.key}: {_type(Types().of(option.hint))}{needed}"
        if option.description:
            yield f"        {option.description}"


def _object(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "origin": entry.origin,
        "summary": entry.summary,
        "error": entry.error,
        "options": [
            {
                "key": option.key,
                "type": _type(Types().of(option.hint)),
                "required": option.required,
                "description": option.description,
            }
            for option in entry.options
        ],
    }


def _type(schema: Mapping[str, Any]) -> str:
    """Say in words what a schema allows."""
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    if "additionalProperties" in schema:
        return f"mapping of {_type(schema['additionalProperties'])}"
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].rpartition(".")[2]
    return str(schema.get("type", "anything"))
