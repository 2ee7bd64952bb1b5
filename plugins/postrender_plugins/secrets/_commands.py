"""The commands: `postrender secrets rules`, `fix` and `baseline`."""

from dataclasses import dataclass, field
from typing import Literal

from postrender import Command, UsageError
from postrender_plugins.secrets import _accept, _list_rules, _print_fixes


@dataclass(frozen=True)
class RulesOptions:
    """How the rules are shown."""

    format: Literal["text", "json"] = field(
        default="text", metadata={"description": "text or json"}
    )


@dataclass(frozen=True)
class FixOptions:
    """Nothing: the fixes are those of the findings."""


@dataclass(frozen=True)
class BaselineOptions:
    """Why findings are accepted, and where that is kept."""

    reason: str = field(metadata={"description": "why they are accepted"})
    output: str | None = field(
        default=None, metadata={"description": "the file to write (default: the step's baseline)"}
    )

    def __post_init__(self) -> None:
        """Refuse a reason that is none.

        :raises UsageError: then.
        """
        if not self.reason.strip():
            raise UsageError("--reason is empty", hint="say why the findings are accepted")


def commands() -> list[Command]:
    """Return all commands."""
    return [
        Command(
            "baseline", "Accept what is found now, with a reason.", BaselineOptions, _accept.run
        ),
        Command("fix", "Print the steps that mend what is found.", FixOptions, _print_fixes.run),
        Command("rules", "List the rules of the step.", RulesOptions, _list_rules.run),
    ]
