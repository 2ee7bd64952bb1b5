"""What the configuration says: what to look for, what refuses the stream, exceptions."""

from dataclasses import dataclass, field
from typing import Literal

from postrender import ConfigError, Location


@dataclass(frozen=True)
class Allow:
    """An exception: what it is for, why, and until when."""

    reason: str = field(metadata={"description": "why it is no leak"})
    rule: str = field(default="*", metadata={"description": "the rule's id, or a glob"})
    kind: str = field(default="*", metadata={"description": "the object's kind, or a glob"})
    namespace: str = field(default="*", metadata={"description": "its namespace, or a glob"})
    name: str = field(default="*", metadata={"description": "its name, or a glob"})
    path: str = field(
        default="*", metadata={"description": "the path, as in `data.*`, `*.env[DEMO].value`"}
    )
    until: str = field(default="", metadata={"description": "the last day, as in `2027-01-31`"})

    def __post_init__(self) -> None:
        """Refuse an exception without a reason, or with a day that is none.

        :raises ConfigError: with the path of the fault.
        """
        if not self.reason.strip():
            hint = "say why it is no leak"
            raise ConfigError("it has no reason", location=Location(path=("reason",)), hint=hint)
        if self.until and not _is_day(self.until):
            raise ConfigError(
                "it is no day", location=Location(path=("until",)), hint="write it as 2027-01-31"
            )


def _is_day(text: str) -> bool:
    from datetime import date  # only an exception that ends has a day

    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@dataclass(frozen=True)
class Options:
    """What to look for, and what refuses the stream."""

    mode: Literal["fail", "warn"] = field(
        default="fail", metadata={"description": "whether findings refuse the stream"}
    )
    fail_on: Literal["critical", "high", "medium", "low"] = field(
        default="high", metadata={"description": "the lowest severity that refuses the stream"}
    )
    secret_objects: Literal["allow", "warn", "deny", "report"] = field(
        default="allow", metadata={"description": "what to do about the values of Secrets"}
    )
    rules: tuple[str, ...] = field(
        default=("builtin",), metadata={"description": "`builtin`, and files of your own rules"}
    )
    disable: tuple[str, ...] = field(
        default=(), metadata={"description": "ids of rules that are not to be used"}
    )
    allow: tuple[Allow, ...] = field(
        default=(), metadata={"description": "exceptions, each with a reason"}
    )
    baseline: str | None = field(
        default=None, metadata={"description": "a file with findings that are known"}
    )
    on_error: Literal["fail", "warn"] = field(
        default="fail",
        metadata={"description": "what happens when an object cannot be looked at"},
    )
