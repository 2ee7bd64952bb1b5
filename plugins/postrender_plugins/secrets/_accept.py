"""`postrender secrets baseline`: what is found now becomes what is known, with a reason."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from postrender import Configured, Console, Finding, Manifest
from postrender_plugins.secrets._baseline import KEY, Entry, inner, parse, seal, written
from postrender_plugins.secrets._spelling import spell

DEFAULT: Final = ".postrender/secrets-baseline.json"


def run(options: Any, console: Console) -> None:
    """Write the baseline; what it knew and is still there keeps its reason and its day."""
    output, is_awaited = _output(options.output, console.steps)
    old = console.read(output)
    known = parse(old, output) if old else {}
    owners = {(each.position, str(each)): each for each in console.manifests}
    if is_awaited and not old:
        console.save(output, written({}))  # without it, the step could not be run
    found = _found(console, known, owners)
    new = {mark: _kept(entry, known, options.reason) for mark, entry in found.items()}
    data = written(new)
    if data != old:
        console.save(output, data)
    added = sum(known.get(mark) is None for mark in new)
    gone = len(known.keys() - new.keys())
    what = "1 finding" if len(new) == 1 else f"{len(new)} findings"
    console.tell(f"{output}: knows {what}, {added} new; {gone} dropped")


def _output(stated: str | None, steps: Sequence[Configured]) -> tuple[str, bool]:
    """Return the file to write, and whether a step reads it."""
    files = [
        os.path.join(step.directory, step.options.baseline)
        for step in steps
        if step.options.baseline
    ]
    output = stated or (files[0] if files else DEFAULT)
    return output, os.path.realpath(output) in map(os.path.realpath, files)


def _found(
    console: Console, known: Mapping[str, Entry], owners: Mapping[tuple[int, str], Manifest]
) -> dict[str, Entry]:
    """Return what is found and nothing else allows, without its reasons."""
    key = console.variables.get(KEY, "")
    found = {}
    for finding in console.findings():
        mark = finding.about.fingerprint
        # What is allowed, and known, may be allowed because it is known.
        if mark and (not finding.allowed or mark in known):
            owner = owners[finding.location.document, finding.location.object]
            found[mark] = _entry(finding, owner, key)
    return found


def _entry(finding: Finding, owner: Manifest, key: str) -> Entry:
    location = finding.location
    try:
        path = spell(owner.to_dict(), location.path)
    except LookupError:  # a part of it is a token itself, and covered
        path = ".".join(map(str, location.path))
    text = owner.get(location.path) if location.path else None
    name, value = inner(text, max(0, location.line - 1))
    return Entry(
        fingerprint=finding.about.fingerprint,
        rule=finding.rule,
        object=location.object,
        path=f"{path}#{name}" if name else path,
        reason="",
        added="",
        hmac=seal(key, value) if key and text is not None else "",
    )


def _kept(entry: Entry, known: Mapping[str, Entry], reason: str) -> Entry:
    """Return *entry* with the reason and the day that it has, or gets."""
    old = known.get(entry.fingerprint)
    is_same = old is not None and (not old.hmac or not entry.hmac or old.hmac == entry.hmac)
    if old is not None and is_same:
        return entry._replace(reason=old.reason, added=old.added, hmac=entry.hmac or old.hmac)
    return entry._replace(reason=reason, added=date.today().isoformat())
