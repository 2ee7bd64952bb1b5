"""Changes of a release: which fields can be given, and how they get into its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from postrender._errors import RecordCorrupt
from postrender.storage._chart import arranged_chart
from postrender.storage._fields import Fields, fold
from postrender.storage._hook import Hook
from postrender.storage._info import ORDER as INFO
from postrender.storage._info import Dialect, changed_info, dialect
from postrender.storage._json import dumps, loads, sorted_keys
from postrender.storage._members import arranged, assigned, members, written
from postrender.storage._schema import check
from postrender.storage._status import Status
from postrender.storage._times import Time

#: As Helm 4 orders the fields, which has those of Helm 3 and one more.
ORDER: Final = (
    "name",
    "info",
    "chart",
    "config",
    "manifest",
    "hooks",
    "version",
    "namespace",
    "apply_method",
)


class Changes(TypedDict, total=False):
    """What can be given for a release; empty values leave a field out, as Helm does."""

    status: Status
    description: str
    notes: str
    first_deployed: Time
    last_deployed: Time
    deleted: Time
    rollback_revision: int
    labels: Mapping[str, str]  #: the user's, which stand beside the JSON
    version: int  #: the revision; with another one, it is another record
    namespace: str  #: with another one, it is another record
    manifest: str
    hooks: Sequence[Hook]
    config: Mapping[str, Any]  #: the user's values
    chart: Mapping[str, Any]  #: as the JSON has it
    apply_method: str  #: `ssa` or `csa`, for server-side and client-side apply


def changed_json(text: bytes, changes: Changes) -> bytes:
    """Return the JSON of a release with some fields changed, and all others as they were.

    :raises RecordCorrupt: when *text* is no JSON of a release.
    :raises TypeError: when something else is given than the fields of `Changes`.
    :raises ValueError: when the status is none of Helm's.
    """
    _check_names(changes)
    release = Fields(loads(text))
    into = dialect(release)
    changed: dict[str, Any] = {
        name: _value(name, value, into) for name, value in changes.items() if name in ORDER
    }
    of_info = {name: value for name, value in changes.items() if name in INFO}
    _check_values({**changed, "info": changed_info({}, of_info, into)})
    if of_info:
        changed["info"] = changed_info(release.fields("info").stored, of_info, into)
    texts = {name: dumps(value).decode() if value else None for name, value in changed.items()}
    return written(assigned(members(text.decode("utf-8", "replace")), texts, ORDER))


def arranged_json(release: Mapping[str, Any]) -> bytes:
    """Write a release as JSON, in the order in which Go writes it.

    :raises TypeError: for what JSON does not have.
    :raises ValueError: for numbers that JSON does not have.
    """
    ordered = arranged(release, ORDER)
    for key, value in ordered.items():
        match fold(key), value:
            case "info", Mapping():
                ordered[key] = arranged(value, INFO)
            case "chart", Mapping():
                ordered[key] = arranged_chart(value)
            case "config", _:
                ordered[key] = sorted_keys(value)
    return dumps(ordered)


def _value(name: str, value: Any, into: Dialect) -> Any:
    match name:
        case "hooks":
            return [hook.to_dict(into) for hook in value]
        case "chart":
            return arranged_chart(value)
        case "config":
            return sorted_keys(value)
    return value


def _check_names(given: Mapping[str, object]) -> None:
    """Refuse what is no field, as Python refuses an unknown argument."""
    for name in given.keys() - Changes.__annotations__.keys():
        raise TypeError(f"a release has no field {name!r} that can be given")


def _check_values(given: Mapping[str, Any]) -> None:
    """Refuse what Helm could not read; what was in the record before is not looked at."""
    Status(given["info"].get("status", Status.UNKNOWN))
    try:
        check(Fields(loads(dumps(given))))
    except RecordCorrupt as error:
        raise TypeError(error.message) from None
