"""Label every stream of a folder of rendered charts and check that nothing else happens to it.

    python tests/corpus/survive.py FOLDER

Without a config the bytes must stay. A label on the metadata, and one on metadata and templates,
must give a diff with only added lines (or the line of the labels replaced), the intended objects
with every other value as it was, and the same bytes from a second run.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from postrender import Manifest, Manifests, Pipeline, PostrenderError

KEY, VALUE = "example.com/team", "payments"
SCOPES = {"metadata": ("metadata",), "templates": ("metadata", "templates", "jobTemplates")}
POD_TEMPLATES = {
    ("", "PodTemplate"): (("template",),),
    ("", "ReplicationController"): (("spec", "template"),),
    ("apps", "DaemonSet"): (("spec", "template"),),
    ("apps", "Deployment"): (("spec", "template"),),
    ("apps", "ReplicaSet"): (("spec", "template"),),
    ("apps", "StatefulSet"): (("spec", "template"),),
    ("batch", "CronJob"): (("spec", "jobTemplate"), ("spec", "jobTemplate", "spec", "template")),
    ("batch", "Job"): (("spec", "template"),),
}


class Lines(NamedTuple):
    """How many lines of a stream a label cost."""

    added: int
    replaced: int


def main(folder: str) -> int:
    """Print a line for each stream and scope; return 1 if anything else than the label changed."""
    failed = 0
    print(f"{'stream':36} {'scope':10} {'objects':>7} {'added':>7} {'replaced':>8} {'ms':>7}")
    for path in sorted(Path(folder).glob("*.yaml")):
        for scope in SCOPES:
            started = time.perf_counter()
            try:
                objects, lines = survive(path.read_bytes(), scope)
            except (AssertionError, PostrenderError) as error:
                failed += 1
                print(f"{path.stem:36} {scope:10} FAILED: {error}")
            else:
                took = (time.perf_counter() - started) * 1e3
                counts = f"{objects:7} {lines.added:7} {lines.replaced:8} {took:7.0f}"
                print(f"{path.stem:36} {scope:10} {counts}")
    print(f"{failed} failed")
    return 1 if failed else 0


def survive(stream: bytes, scope: str) -> tuple[int, Lines]:
    """Return how many objects a stream has and what the label cost; AssertionError if it failed."""
    assert pipeline().run(stream) == stream, "no config changes bytes"
    label = pipeline({"labels": {"set": {KEY: VALUE}, "scopes": list(SCOPES[scope])}})
    labelled = label.run(stream)
    assert label.run(labelled) == labelled, "a second run changes bytes"
    return compare_values(stream, labelled, scope), compare_lines(stream, labelled)


def pipeline(*steps: Mapping[str, object]) -> Pipeline:
    """Return a pipeline of steps."""
    return Pipeline.from_dict(
        {"apiVersion": "postrender.dev/v1alpha1", "kind": "Pipeline", "steps": list(steps)}
    )


def compare_values(stream: bytes, labelled: bytes, scope: str) -> int:
    """Count the objects; AssertionError if one is more than its old self and the label."""
    old, new = list(Manifests.parse(stream)), list(Manifests.parse(labelled))
    assert len(old) == len(new), f"{len(old)} objects became {len(new)}"
    for before, after in zip(old, new, strict=True):
        wanted = list(intended(before, scope))
        assert after.to_dict() in wanted, f"{before.location}: other values than the label changed"
    return len(old)


def intended(manifest: Manifest, scope: str) -> Iterator[dict[str, Any]]:
    """Yield what an object may become: itself with the label.

    A custom resource may have a pod template that we know of, or not.
    """
    known = POD_TEMPLATES.get((manifest.group, manifest.kind), ())
    places: list[tuple[str, ...]] = [(), *known] if scope == "templates" else [()]
    yield with_label(manifest.to_dict(), places)
    if scope == "templates" and "." in manifest.group:
        yield with_label(manifest.to_dict(), [(), ("spec", "template")])


def with_label(value: dict[str, Any], places: list[tuple[str, ...]]) -> dict[str, Any]:
    """Put the label into the metadata below each place that is a map."""
    for place in places:
        parent: Any = value
        for key in place:
            parent = parent.get(key) if isinstance(parent, dict) else None
        if isinstance(parent, dict):
            parent["metadata"] = parent.get("metadata") or {}
            labels = parent["metadata"]["labels"] = parent["metadata"].get("labels") or {}
            labels[KEY] = VALUE
    return value


def compare_lines(stream: bytes, labelled: bytes) -> Lines:
    """Count added and replaced lines; AssertionError if a line changed that is not the label's."""
    old, new = stream.decode().split("\n"), labelled.decode().split("\n")
    at = added = replaced = 0
    for number, line in enumerate(new, 1):
        if at < len(old) and line == old[at]:
            at += 1
        elif at < len(old) and replaces(old[at], line):
            at += 1
            replaced += 1
        elif line.strip(" -") in (f"{KEY}: {VALUE}", "labels:", "metadata:"):
            added += 1
        else:
            before = old[at] if at < len(old) else "the end"
            raise AssertionError(f"line {number}: {before[:60]!r} became {line[:60]!r}")
    assert at == len(old), f"line {at + 1} is gone: {old[at][:60]!r}"
    return Lines(added, replaced)


def replaces(old: str, new: str) -> bool:
    """Tell whether a line is the old one with the label, or the head of labels that had none."""
    empty = old.strip(" -") in ("labels: {}", "labels: null", "labels: ~")
    return (empty and new.strip(" -") == "labels:") or (KEY in new and "labels" in old)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
