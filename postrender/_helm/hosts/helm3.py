"""Helm 3 as a host: what it hands to a post-renderer, and the release that it makes of the answer.

It keeps the answer as a text, and looks into it only when it builds the objects for the cluster.
"""

from postrender._helm.hosts.build import build_errors, repeated
from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.first import first
from postrender._helm.hosts.order import by_file, by_kind
from postrender._helm.hosts.outcome import (
    Call,
    Lost,
    Outcome,
    Renderer,
    Warned,
    overlooked,
    stored,
)
from postrender._helm.hosts.rendered import Rendered
from postrender._origin import HELM3, find_source
from postrender._yaml import YamlError, split

_LATE_HOOK = (
    "Helm 3 took the hooks out before: this is an ordinary object, and uninstall leaves it behind"
)

_TWICE = "the object is there twice, and an installation fails when it exists already"


def call(rendered: Rendered) -> Call:
    """Return the stream that Helm 3 hands over: no hooks, and of the files of `crds/` what it has.

    An installation never has those in it, only `helm template --include-crds`.
    """
    manifests = [_trimmed(entry) for entry in by_kind(by_file(rendered.manifests), HELM3)]
    stream = stored([*rendered.crds, *manifests])
    return Call("", [*rendered.crd_documents, *manifests], stream.encode())


def _trimmed(entry: Entry) -> Entry:
    return entry._replace(text=entry.text.strip())


def render(rendered: Rendered, renderer: Renderer) -> Outcome:
    """Return the release that Helm 3 makes of what *renderer* answers.

    What it cannot build objects of is an error of the outcome: it has been stored by then.

    :raises: whatever *renderer* raises.
    """
    answer = renderer(call(rendered)).decode(errors="replace")
    entries, lost, errors = _read(answer)
    hooks = [_trimmed(entry) for entry in by_kind(by_file(rendered.hooks), HELM3)]
    text = f"{answer.strip()}\n{stored(hooks)}"
    warned = [Warned(entry, _LATE_HOOK) for entry in entries if entry.is_marked]
    errors += build_errors(entries)
    errors += [f"{each.location}: {_TWICE}" for each in repeated(entries)]
    return Outcome(entries, hooks, text, lost, warned, errors)


def _read(answer: str) -> tuple[list[Entry], list[Lost], list[str]]:
    """Return the documents of an answer, what is overlooked behind them, and what is no YAML."""
    entries: list[Entry] = []
    lost: list[Lost] = []
    errors = []
    try:
        bodies = [part.body.decode() for part in split(answer.encode())]
    except YamlError as error:
        return [], [], [f"line {error.line}: {error.message}"]
    for number, body in enumerate(bodies, 1):
        file = find_source(body)
        try:
            found = first(body)
        except YamlError as error:
            errors.append(f"document {number}: line {error.line}: {error.message}")
            continue
        entries.append(Entry(file, body, found.document.get(()) if found else None))
        lost += overlooked(file, found.rest if found else "")
    return entries, lost, errors
