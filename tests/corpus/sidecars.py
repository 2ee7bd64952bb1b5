"""Put a sidecar into every stream of a folder of rendered charts; check that nothing else happens.

    python tests/corpus/sidecars.py FOLDER

A container, a volume, a mount and a variable go into every pod template, hooks and pods in the
host's network too; once as a regular container, once as a native sidecar. Each object must have
the values of the few lines below, the text only new lines (or the head of a list or map that was
empty), and a second run must give the same bytes. `tests/servers/test_sidecars_corpus.py` lets a
real API server judge the same streams.
"""

import sys
import time
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any, NamedTuple

from postrender import Manifest, Manifests, Pipeline, PostrenderError

MARKER = "postrender.io/injected"
CONTAINER: dict[str, Any] = {
    "name": "postrender-shipper",
    "image": "registry.example.com/shipper:1.4",
    "args": ["--app", "${APP}"],
    "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "volumeMounts": [
        {"name": "postrender-logs", "mountPath": "/var/log/postrender", "readOnly": True}
    ],
}
VOLUME: dict[str, Any] = {"name": "postrender-logs", "emptyDir": {"sizeLimit": "1Gi"}}
MOUNT: dict[str, Any] = {"name": "postrender-logs", "mountPath": "/var/log/postrender"}
VARIABLE: dict[str, Any] = {"name": "POSTRENDER_LOGS", "value": "/var/log/postrender"}
OPTIONS: dict[str, Any] = {
    "containers": [CONTAINER],
    "volumes": [VOLUME],
    "volumeMounts": [MOUNT],
    "env": [VARIABLE],
    "templates": {"APP": {"source": "metadata.name", "default": "app"}},
    "hooks": True,
    "hostNetwork": "inject",
    "optOut": [],
}
#: the mode of the containers, by the version of Kubernetes; without one, Jobs get native ones
MODES = {"": "regular", "1.33": "native"}
TEMPLATES = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "Pod": (),
    "PodTemplate": ("template",),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
GROUPS = ("", "apps", "batch", "extensions")
#: kinds whose pods are to end
JOBS = ("CronJob", "Job")
#: the heads of lists and maps that there may have been none of, or an empty one
EMPTY = ("annotations", "env", "initContainers", "metadata", "volumeMounts", "volumes")


class Counts(NamedTuple):
    """What there was in a stream, and what the sidecar cost."""

    objects: int
    templates: int
    added: int  #: lines that are new
    replaced: int  #: lines that said of a list or a map that it is empty


def main(folder: str) -> int:
    """Print a line for each stream and mode; return 1 if anything else than the sidecar changed."""
    failed, total = 0, [0, 0, 0, 0]
    heads = ("objects", "templates", "added", "replaced", "ms")
    print(f"{'stream':44} {'mode':8}", *(f"{head:>9}" for head in heads))
    for path in sorted(Path(folder).glob("*.yaml")):
        for version, mode in MODES.items():
            started = time.perf_counter()
            try:
                counts = survive(path.read_bytes(), version)
            except (AssertionError, PostrenderError) as error:
                failed += 1
                print(f"{path.stem:44} {mode:8} FAILED: {error}")
            else:
                took = (time.perf_counter() - started) * 1e3
                total = [one + other for one, other in zip(total, counts, strict=True)]
                figures = (f"{figure:9.0f}" for figure in (*counts, took))
                print(f"{path.stem:44} {mode:8}", *figures)
    sums = Counts(*total)
    print(f"{sums.objects} objects, {sums.templates} templates, {failed} failed", end=", ")
    print(f"{sums.added} lines added, {sums.replaced} replaced")
    return 1 if failed else 0


def injected(stream: bytes, version: str) -> bytes:
    """Return *stream* with the sidecar, for a version of Kubernetes."""
    steps = Pipeline.from_dict({"steps": [{"sidecars": OPTIONS}]})
    return steps.render(stream, kube_version=version).stream


def survive(stream: bytes, version: str) -> Counts:
    """Return what there is in a stream; AssertionError if more than the sidecar came."""
    rendered = injected(stream, version)
    assert injected(rendered, version) == rendered, "a second run changes bytes"
    old, new = list(Manifests.parse(stream)), list(Manifests.parse(rendered))
    assert len(old) == len(new), f"{len(old)} objects became {len(new)}"
    templates = sum(_compare(*pair, version) for pair in zip(old, new, strict=True))
    return Counts(len(old), templates, *_compare_lines(stream.decode(), rendered.decode()))


def template_of(manifest: Manifest) -> tuple[str, ...] | None:
    """Return where the pod template of an object of Kubernetes' own kinds stands."""
    path = TEMPLATES.get(manifest.kind) if manifest.group in GROUPS else None
    is_there = path is not None and isinstance(manifest.get((*path, "spec")), dict)
    return path if is_there else None


def _compare(before: Manifest, after: Manifest, version: str) -> bool:
    """Tell whether an object has a template; AssertionError if it is not what was intended."""
    path = template_of(before)
    if path is None:
        # Custom kinds with a template that we know of are rare: they have it at the usual place.
        path = ("spec", "template") if MARKER in after.text() else None
        assert path is None or "." in before.group, f"{before.location}: has no template"
    if path is None:
        assert after.to_dict() == before.to_dict(), f"{before.location}: was changed"
        return False
    value = after.to_dict()
    template = _at(value, path)
    marker = template["metadata"]["annotations"].pop(MARKER)
    assert marker.startswith("postrender-shipper@sha256:"), f"{before.location}: {marker}"
    wanted = before.to_dict()
    _inject(_at(wanted, path), before, native=bool(version) or before.kind in JOBS)
    for each in (template, _at(wanted, path)):
        _drop_empty(each)
    assert value == wanted, f"{before.location}: other values than the sidecar's changed"
    return True


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _inject(template: dict[str, Any], manifest: Manifest, *, native: bool) -> None:
    """Do to a pod template what the step is to do."""
    spec = template["spec"]
    for container in spec["containers"]:
        for name, item in (("env", VARIABLE), ("volumeMounts", MOUNT)):
            container[name] = [*(container.get(name) or []), item]
    app = manifest.name or "app"
    ours = {**CONTAINER, "args": ["--app", app]}
    if native:
        ours["restartPolicy"] = "Always"
    place = "initContainers" if native else "containers"
    spec[place] = [*(spec.get(place) or []), ours]
    spec["volumes"] = [*(spec.get("volumes") or []), VOLUME]


def _drop_empty(template: dict[str, Any]) -> None:
    """Drop metadata and annotations that there are none of."""
    metadata = template.get("metadata") or {}
    if not metadata.get("annotations"):
        metadata.pop("annotations", None)
    if not metadata:
        template.pop("metadata", None)


def _compare_lines(before: str, after: str) -> tuple[int, int]:
    """Count new and replaced lines; AssertionError if one is gone that was no empty collection."""
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changes = [line for line in list(lines)[2:] if not line.startswith("@@")]
    gone = list(_gone(changes))
    for line in gone:
        head, colon, rest = line.strip(" -").partition(":")
        value = rest.split("#")[0].strip() if colon else head
        is_empty = value in ("", "{}", "[]", "null", "~") and (head in EMPTY or not colon)
        assert is_empty, f"a line is gone: {line[:60]!r}"
    return sum(line.startswith("+") for line in changes) - len(gone), len(gone)


def _gone(changes: list[str]) -> Iterator[str]:
    """Yield lines that are gone, and not only pushed down from behind a dash."""
    added = [line[1:].strip(" -") for line in changes if line.startswith("+")]
    for line in changes:
        if line.startswith("-") and line[1:].strip(" -") not in added:
            yield line[1:]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
