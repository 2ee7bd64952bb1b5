"""Helm 4 as a host: what it hands to a post-renderer, and the release that it makes of the answer.

A document keeps the name of its file in an annotation, and Helm 4 sorts by it afterwards. A
strategy says how hooks go: `combined` with the manifests, `separate` in a stream of their own,
`nohooks` not at all.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from postrender._errors import RefusedError
from postrender._helm.hosts import kyaml
from postrender._helm.hosts.build import build_errors, repeated
from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.order import by_file, by_kind
from postrender._helm.hosts.outcome import (
    Call,
    Lost,
    Outcome,
    Renderer,
    Warned,
    overlooked,
    printed,
)
from postrender._helm.hosts.rendered import Rendered
from postrender._identity import FILENAME
from postrender._origin import HELM4, is_partial
from postrender._yaml import load

_TWICE: Final = "the object is there twice: this one wins, but with --server-side=false it fails"


def calls(rendered: Rendered, strategy: str) -> list[Call]:
    """Return the streams that Helm 4 hands over, in order.

    :raises RefusedError: if it can make none of what the chart renders.
    """
    if strategy == "combined":
        return [_call("", rendered.documents)]
    groups = [("hooks", rendered.hooks)] if strategy == "separate" else []
    groups.append(("manifests", rendered.manifests))
    return [_call(name, by_kind(entries, HELM4)) for name, entries in groups if entries]


def _call(group: str, entries: Iterable[Entry]) -> Call:
    handed = [each for entry in by_file(entries) for each in _annotated(entry)]
    return Call(group, handed, "---\n".join(entry.text for entry in handed).encode())


def _annotated(entry: Entry) -> list[Entry]:
    """Return the documents of one document of a file, with the annotation for it."""
    if is_partial(entry.file):
        return []
    try:
        trees = kyaml.parse(entry.text)
        for tree in trees:
            tree.annotate(FILENAME, entry.file)
    except RefusedError as error:
        error.location = entry.location
        raise
    return [Entry(entry.file, tree.text(), tree.value) for tree in trees]


def render(rendered: Rendered, renderer: Renderer, strategy: str = "combined") -> Outcome:
    """Return the release that Helm 4 makes of what *renderer* answers.

    :raises RefusedError: if it refuses the answer; whatever *renderer* raises.
    """
    found = list(rendered.hooks) if strategy == "nohooks" else []
    lost: list[Lost] = []
    for call in calls(rendered, strategy):
        answer = renderer(call).decode(errors="replace")
        entries, unread = _read(answer, call.group)
        found += entries
        lost += unread
    return _release(rendered, found, lost)


def _read(answer: str, group: str) -> tuple[list[Entry], list[Lost]]:
    """Return the documents of an answer with their files, and what was overlooked behind them."""
    if not answer.strip():
        hint = "a comment is enough for a release without objects"
        raise RefusedError("the post-renderer produced empty output", hint=hint)
    entries, lost = [], []
    for index, tree in enumerate(kyaml.parse(answer)):
        tree.check_item()
        file = tree.annotation(FILENAME)
        if not file:
            prefix = f"{group}-" if group else ""
            file = f"generated-by-postrender-{prefix}{index}.yaml"
        tree.clear(FILENAME)
        text = tree.text()
        # The line break that comes behind each document is one more of a text that keeps them all.
        value = load(f"{text}\n") if text.endswith("\n\n") else tree.value
        entries.append(Entry(file, text, value))
        lost += overlooked(file, tree.rest)
    return entries, lost


def _release(rendered: Rendered, entries: Sequence[Entry], lost: list[Lost]) -> Outcome:
    """Sort documents into hooks and manifests."""
    kept: list[Entry] = []
    for entry in by_file(entries):
        if is_partial(entry.file):
            lost.append(Lost(entry, "its file's name begins with an underscore"))
            continue
        entry.check_head()
        if entry.events is None:
            lost.append(Lost(entry, "Helm does not know the event of the hook"))
        else:
            kept.append(entry)
    manifests = by_kind((entry for entry in kept if not entry.events), HELM4)
    hooks = by_kind((entry for entry in kept if entry.events), HELM4)
    text = printed([*rendered.crds, *manifests], hooks)
    errors = list(build_errors([*manifests, *hooks]))
    warned = [Warned(each, _TWICE) for each in repeated(manifests)]
    return Outcome(manifests, hooks, text, lost, warned, errors)
