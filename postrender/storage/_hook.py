"""The hooks of a release, and how each ran last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from postrender.storage._fields import Fields
from postrender.storage._info import Dialect, written
from postrender.storage._members import assigned
from postrender.storage._times import ZERO, Time

_ORDER: Final = (
    "name",
    "kind",
    "path",
    "manifest",
    "events",
    "last_run",
    "weight",
    "delete_policies",
    "output_log_policies",
)
_RUN_ORDER: Final = ("started_at", "completed_at", "phase")


class Execution(NamedTuple):
    """The last run of a hook."""

    started_at: Time = ZERO
    completed_at: Time = ZERO
    phase: str = ""  #: "", `Unknown`, `Running`, `Succeeded` or `Failed`


_NEVER: Final = Execution()


@dataclass(frozen=True)
class Hook:
    """An object that Helm applies at certain events, and not with the others."""

    name: str = ""
    kind: str = ""  #: of the object
    path: str = ""  #: of the template, with the chart's name in front
    manifest: str = field(default="", repr=False)
    events: tuple[str, ...] = ()  #: such as `pre-install` or `test`
    last_run: Execution = _NEVER
    weight: int = 0  #: lower ones run first
    delete_policies: tuple[str, ...] = ()
    output_log_policies: tuple[str, ...] = ()
    #: the hook as the record has it, from which fields are kept that are not among these
    stored: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def to_dict(self, dialect: Dialect = Dialect.HELM4) -> dict[str, Any]:
        """Return the hook as JSON has it; what has not changed stays as it is stored."""
        stored = Fields(self.stored)
        old = read_hook(stored)
        changes: dict[str, object] = {
            name: written(getattr(self, name), dialect)
            for name in _ORDER
            if getattr(self, name) != getattr(old, name)
        }
        if self.last_run != old.last_run or "last_run" not in stored:
            changes["last_run"] = _changed_run(stored.mapping("last_run"), self.last_run, dialect)
        return assigned(self.stored, changes, _ORDER)


def read_hook(fields: Fields) -> Hook:
    """Read a hook.

    :raises RecordCorrupt: when a field has another type.
    """
    run = fields.fields("last_run")
    return Hook(
        name=fields.text("name"),
        kind=fields.text("kind"),
        path=fields.text("path"),
        manifest=fields.text("manifest"),
        events=fields.texts("events"),
        last_run=Execution(run.time("started_at"), run.time("completed_at"), run.text("phase")),
        weight=fields.number("weight"),
        delete_policies=fields.texts("delete_policies"),
        output_log_policies=fields.texts("output_log_policies"),
        stored=fields.stored,
    )


def _changed_run(old: Mapping[str, Any], run: Execution, dialect: Dialect) -> dict[str, Any]:
    changes = {
        "started_at": written(run.started_at, dialect),
        "completed_at": written(run.completed_at, dialect),
        "phase": run.phase,  # the only one that Helm always writes
    }
    return assigned(old, changes, _RUN_ORDER)
