"""What is told of an object's past, or of a field's: as lines to be read, and as data."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from postrender._errors import UsageError, pointer
from postrender._manifests import Manifests
from postrender._redact import Redactor
from postrender._redacted import scrubbed
from postrender._trace.field import Field
from postrender._trace.lives import Life
from postrender._trace.provenance import Event, Path, fate, find, history
from postrender._trace.words import name_step, one_line
from postrender._yaml import MISSING

_WIDE: Final = 100  #: characters of a value that are shown


class Explanation(NamedTuple):
    """The past of an object, or of what stands at a path in it."""

    life: Life
    path: Path
    value: Any  #: what stands there now, or stood there when the object was removed, or `MISSING`
    events: Sequence[Event]


def explain(
    life: Life, field: Field | None, manifests: Manifests, redactor: Redactor | None
) -> Explanation:
    """Return what happened to an object, or to one field of it.

    :param manifests: the stream after the last step.
    :param redactor: what hides the values of Secrets, None to show them.
    :raises UsageError: if the object never had such a field.
    """
    told = _explained(life, field, manifests, redactor)
    return _scrubbed(told, redactor) if redactor else told


def _scrubbed(told: Explanation, redactor: Redactor) -> Explanation:
    """Return what is told without values of Secrets that were copied to where no Secret is."""
    events = [
        event._replace(
            old=scrubbed(event.old, redactor.scrub), new=scrubbed(event.new, redactor.scrub)
        )
        for event in told.events
    ]
    return told._replace(value=scrubbed(told.value, redactor.scrub), events=events)


def _explained(
    life: Life, field: Field | None, manifests: Manifests, redactor: Redactor | None
) -> Explanation:
    edits = life.edits(manifests.edits, redactor)
    last = life.last(redactor)
    if field is None:
        return Explanation(life, (), last, history(edits, ()))
    path = field.resolve(last)
    if path is not None:
        return Explanation(life, path, find(last, path), history(edits, path))
    path = field.resolve(life.first(redactor))
    # What steps both made and removed is known from the edits alone.
    events = history(edits, field.literal) if path is None else fate(edits, path)
    if not events:
        title = life.identities[-1].title
        hint = field.hint(last)
        raise UsageError(f"nothing stands at `{field.text}`", location=title, hint=hint)
    return Explanation(life, field.literal if path is None else path, MISSING, events)


def lines(explanation: Explanation) -> Iterator[str]:
    """Yield the lines that tell it to people."""
    yield one_line(_title(explanation.life))
    if explanation.events:
        for event in explanation.events:
            yield one_line(f"  {name_step(event.step)}: {_told(event)}")
    elif explanation.path:
        yield one_line(f"  as it came: {_shown(explanation.value)}")
    else:
        yield "  as it came"


def data(explanation: Explanation) -> dict[str, Any]:
    """Return it as plain data; values that are not there have no key."""
    life, path, value, events = explanation
    api_version, kind, namespace, name, title = life.identities[-1]
    return {
        "object": title,
        "apiVersion": api_version,
        "kind": kind,
        "namespace": namespace,
        "name": name,
        "formerly": [identity.title for identity in life.identities[:-1]],
        "document": life.position or None,
        "source": life.source,
        "removed": life.is_removed,
        "path": pointer(path),
        **({} if value is MISSING or not path else {"value": value}),
        "history": [_event(each) for each in events],
    }


def _title(life: Life) -> str:
    """Return what an object is called, was called, and where it stands."""
    formerly = [identity.title for identity in life.identities[:-1]]
    came = f", formerly {', '.join(formerly)}" if formerly else ""
    place = f", document {life.position}" if life.position else ""
    return life.identities[-1].title + came + place + (f" ({life.source})" if life.source else "")


def _told(event: Event) -> str:
    """Say what happened."""
    if not event.path:
        return {"add": "added it", "remove": "removed it"}.get(event.op, "replaced it")
    path = pointer(event.path)
    if event.op == "add":
        told = f"added {path}: {_shown(event.new)}"
    elif event.op == "remove":
        told = f"removed {path}, which was {_shown(event.old)}"
    else:
        told = f"set {path} from {_shown(event.old)} to {_shown(event.new)}"
    return told if event.edited == event.path else f"{told}, by way of {_above(event)}"


def _above(event: Event) -> str:
    return pointer(event.edited) or "the whole object"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDE else f"{text[:_WIDE]}…"


def _event(event: Event) -> dict[str, Any]:
    values = {"old": event.old, "new": event.new}
    return {
        "step": event.step,
        "op": event.op,
        "path": pointer(event.path),
        "edited": pointer(event.edited),
        **{key: value for key, value in values.items() if value is not MISSING},
    }
