"""`postrender schema`: the JSON Schema of the configuration, for editors."""

import json
from collections.abc import Sequence
from typing import Final

from postrender import _schema
from postrender._catalog import catalog
from postrender._cli import _terminal
from postrender._cli._arguments import HELP, parse, usage

DESCRIPTION: Final = """\
Print the JSON Schema of postrender.yaml with the options of every installed plugin.
An editor that speaks to yaml-language-server takes it from a comment at the file's top:

  # yaml-language-server: $schema=postrender.schema.json"""


def schema(argv: Sequence[str]) -> int:
    """Print the schema."""
    if HELP.long in parse((), argv):
        _terminal.write(usage("postrender schema", (), DESCRIPTION))
        return 0
    entries = catalog()
    for entry in entries:
        if entry.error:
            _terminal.tell(f"{entry.name} is left out: {entry.error}")
    _terminal.write(json.dumps(_schema.schema(entries), indent=2) + "\n")
    return 0
