"""`postrender secrets fix`: the fixes of the findings as a step of the plugin patches."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from postrender import Console, Finding, Manifest

_FIXABLE: Final = "only a variable can have one, whose value or name a Secret of its namespace has"


def run(options: Any, console: Console) -> None:
    """Print the step, which is to be put before the check."""
    found = [finding for finding in console.findings() if not finding.allowed]
    fixable = [finding for finding in found if finding.fix]
    if fixable:
        owners = {(each.position, str(each)): each for each in console.manifests}
        lines = ["- patches:", *(line for each in fixable for line in _patch(each, owners))]
        console.write("".join(f"{line}\n" for line in lines))
        console.tell("put the step in front of `secrets` in the configuration")
    left = len(found) - len(fixable)
    if left:
        what = "1 finding has" if left == 1 else f"{left} findings have"
        console.tell(f"{what} no fix: {_FIXABLE}")
    elif not found:
        console.tell("nothing is found")


def _patch(finding: Finding, owners: dict[tuple[int, str], Manifest]) -> Iterator[str]:
    """Give the lines of an entry of the step."""
    location = finding.location
    manifest = owners[location.document, location.object]
    target = {"group": manifest.group, "version": manifest.version, "kind": manifest.kind}
    target |= {"name": manifest.name, "namespace": manifest.namespace}
    words = ", ".join(f"{key}: {json.dumps(value)}" for key, value in target.items() if value)
    yield f"    - target: {{{words}}}"
    yield "      patch:"
    for operation in (*_guard(manifest, location.path), *finding.fix):
        yield f"        - {json.dumps(operation)}"


def _guard(manifest: Manifest, path: Sequence[str | int]) -> Iterator[dict[str, object]]:
    """Give the test that the variable is still the one that was looked at."""
    name = manifest.get((*path[:-1], "name"))
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in (*path[:-1], "name"))
    yield {"op": "test", "path": "".join(f"/{part}" for part in parts), "value": name}
