"""A simulation told: as lines for people, and as data for programs; neither has what objects hold.

    helm        3 or 4
    strategy    how hooks are handed over: `combined`, `separate` or `nohooks` (always of Helm 3)
    streams     what the host hands over: `group` (`hooks`, `manifests` or ""), its `documents`, and
                how many the steps `answered` with (null if they failed)
    manifests   the documents of the release, in its order
    hooks       its hooks and tests
    gone        the documents that were removed by the steps or lost by the host
    notices     what the steps had to tell
    error       null, or what the steps or the host refused: `message`, `location`, `step`, `hint`,
                `exitCode`

A document has `file`, `apiVersion`, `kind`, `namespace`, `name` and `hook` (its events); from
`manifests` on also `change` and `notes`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from postrender._errors import PostrenderError
from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.fates import Change, Fate, Fates, fates
from postrender._helm.hosts.simulation import Exchange, Simulation, named
from postrender._yaml import split

_MARKS: Final[Mapping[Change, str]] = {
    Change.UNCHANGED: " ",
    Change.CHANGED: "~",
    Change.ADDED: "+",
    Change.REMOVED: "-",
    Change.LOST: "!",
}


def account(
    simulation: Simulation, told: Iterable[object], scrub: Callable[[str], str]
) -> dict[str, Any]:
    """Return all of a simulation as JSON has it.

    :param told: what the steps had to tell.
    :param scrub: takes the values of Secrets out of a message.
    """
    found = _fates(simulation)
    return {
        "helm": int(simulation.host[-1]),
        "strategy": simulation.strategy,
        "streams": [_stream(exchange) for exchange in simulation.exchanges],
        "manifests": [_told(fate) for fate in found.manifests],
        "hooks": [_told(fate) for fate in found.hooks],
        "gone": [_told(fate) for fate in found.gone],
        "notices": [scrub(str(each)) for each in told],
        "error": simulation.error and _error(simulation.error, scrub),
    }


def _fates(simulation: Simulation) -> Fates:
    return fates(simulation, simulation.outcome) if simulation.outcome else Fates((), (), ())


def _stream(exchange: Exchange) -> dict[str, Any]:
    call, answered = exchange.call, _count(exchange.answer)
    documents = [_document(entry) for entry in call.entries if entry.value is not None]
    return {"group": call.group, "documents": documents, "answered": answered}


def _count(answer: bytes | None) -> int | None:
    """Return how many documents with anything in them an answer has."""
    if answer is None:
        return None
    bodies = (part.body.decode().splitlines() for part in split(answer))
    return sum(any(line.strip()[:1] not in ("", "#") for line in body) for body in bodies)


def _document(entry: Entry) -> dict[str, Any]:
    return {
        "file": entry.file,
        "apiVersion": entry.api_version,
        "kind": entry.kind,
        "namespace": entry.namespace,
        "name": entry.name,
        "hook": list(entry.events or ()),
    }


def _told(fate: Fate) -> dict[str, Any]:
    return {**_document(fate.entry), "change": str(fate.change), "notes": list(fate.notes)}


def _error(error: PostrenderError, scrub: Callable[[str], str]) -> dict[str, Any]:
    return {
        "message": scrub(error.message),
        "location": scrub(str(error.location)),
        "step": error.step,
        "hint": scrub(error.hint),
        "exitCode": error.exit_code,
    }


def lines(simulation: Simulation) -> Iterator[str]:
    """Yield the lines that tell people of a simulation; the error is not among them."""
    host = named(simulation.host)
    for exchange in simulation.exchanges:
        yield from _heard(host, exchange)
    if simulation.outcome:
        found = _fates(simulation)
        counts = f"{_many(found.manifests, 'manifest')} and {_many(found.hooks, 'hook')}"
        yield f"{host} installs {counts}" + (":" if (*found.manifests, *found.hooks) else "")
        yield from map(_line, (*found.manifests, *found.hooks))
        if found.gone:
            yield "what is not installed:"
            yield from map(_line, found.gone)


def _heard(host: str, exchange: Exchange) -> Iterator[str]:
    entries = [entry for entry in exchange.call.entries if entry.value is not None]
    group = f"the {exchange.call.group}, " if exchange.call.group else ""
    yield f"{host} hands over {group}{_many(entries, 'document')}" + (":" if entries else "")
    yield from (f"    {_name(entry)}" for entry in entries)
    count = _count(exchange.answer)
    if count is not None:
        yield f"the steps answer with {count} {'document' if count == 1 else 'documents'}"


def _line(fate: Fate) -> str:
    notes = "; ".join(fate.notes)
    return f"  {_MARKS[fate.change]} {_name(fate.entry)}" + (f" -- {notes}" if notes else "")


def _name(entry: Entry) -> str:
    hook = f" ({', '.join(entry.events)})" if entry.events else ""
    file = f"{entry.file}: " if entry.file else ""
    return f"{file}{entry.title}{hook}"


def _many(things: Sequence[object], what: str) -> str:
    return f"{len(things)} {what}" + ("" if len(things) == 1 else "s")
