"""Patch every stream of a folder of rendered charts and check that nothing else happens to it.

    python tests/corpus/patches.py FOLDER

A strategic merge into all pod templates and a JSON patch on all Services must give the values that
`kubectl patch --local` gives (`POSTRENDER_KUBECTL` or PATH; without it, those of the few lines
below), a diff with lines of the patch only, and the same bytes from a second run.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # where pytest looks, too


from fuzz.compare import is_equal_json
from fuzz.patches import patched_by_kubectl

from postrender import Manifest, Manifests, Pipeline, PostrenderError

MARK = "patched"  # in every line that the patches write, but for the heads of maps and lists
TEMPLATE = {
    "metadata": {"annotations": {"example.com/patched": "yes"}},
    "spec": {
        "priorityClassName": "patched",
        "imagePullSecrets": [{"name": "patched"}],
        "nodeSelector": {"example.com/patched": "yes"},
    },
}
HEADS = ("metadata", "annotations", "imagePullSecrets", "nodeSelector", "priorityClassName")
GROUPS = ["", "apps", "batch"]
WORKLOADS = [
    "DaemonSet",
    "Deployment",
    "Job",
    "ReplicaSet",
    "ReplicationController",
    "StatefulSet",
]
#: by the kinds: the merge for them
MERGES: list[tuple[list[str], dict[str, Any]]] = [
    (WORKLOADS, {"spec": {"template": TEMPLATE}}),
    (["CronJob"], {"spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}}}),
    (["Pod"], TEMPLATE),
]
OPERATION = {"op": "add", "path": "/metadata/annotations/example.com~1patched", "value": "yes"}


def main(folder: str) -> int:
    """Print a line for each stream; return 1 if anything else than the patches changed."""
    failed = 0
    kubectl = shutil.which(os.environ.get("POSTRENDER_KUBECTL", "kubectl"))
    print(f"kubectl: {kubectl or 'not found'}")
    print(f"{'stream':36} {'objects':>7} {'patched':>7} {'lines':>7} {'ms':>7}")
    for path in sorted(Path(folder).glob("*.yaml")):
        started = time.perf_counter()
        try:
            counts = survive(path.read_bytes(), kubectl)
        except (AssertionError, PostrenderError) as error:
            failed += 1
            print(f"{path.stem:36} FAILED: {error}")
        else:
            took = (time.perf_counter() - started) * 1e3
            print(f"{path.stem:36} {counts[0]:7} {counts[1]:7} {counts[2]:7} {took:7.0f}")
    print(f"{failed} failed")
    return 1 if failed else 0


def survive(stream: bytes, kubectl: str | None) -> tuple[int, int, int]:
    """Return how many objects there are, how many were patched, and how many lines that cost."""
    patches = Pipeline.from_dict({"steps": [{"patches": list(entries())}]})
    patched = patches.run(stream)
    assert patches.run(patched) == patched, "a second run changes bytes"
    old, new = list(Manifests.parse(stream)), list(Manifests.parse(patched))
    assert len(old) == len(new), f"{len(old)} objects became {len(new)}"
    wanted = dict(intended(old, kubectl))
    for index, (before, after) in enumerate(zip(old, new, strict=True)):
        value = wanted.get(index, before.to_dict())
        assert is_equal_json(after.to_dict(), value), f"{before.location}: other values than meant"
    lines = sum(compare_lines(*pair) for pair in zip(old, new, strict=True))
    return len(old), len(wanted), lines


def entries() -> Iterator[dict[str, Any]]:
    """Yield the entries of the step."""
    for kinds, merge in MERGES:
        target = {"kind": kinds, "group": GROUPS}
        yield {"target": target, "patch": merge, "expect": {"min": 0}}
    yield {
        "target": {"kind": "Service", "group": ""},
        "patch": [OPERATION],
        "options": {"createParents": True},
        "expect": {"min": 0},
    }


def intended(objects: list[Manifest], kubectl: str | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield index and value of what is to be patched."""
    for kinds, merge in MERGES:
        chosen = [
            index
            for index, each in enumerate(objects)
            if each.kind in kinds and each.group in GROUPS
        ]
        values = [objects[index].to_dict() for index in chosen]
        yield from zip(chosen, merged(values, merge, kubectl), strict=True)
    for index, each in enumerate(objects):
        if each.kind == "Service" and not each.group:
            value = each.to_dict()
            value["metadata"]["annotations"] = value["metadata"].get("annotations") or {}
            value["metadata"]["annotations"]["example.com/patched"] = "yes"
            yield index, value


def merged(
    values: list[dict[str, Any]], patch: dict[str, Any], kubectl: str | None
) -> list[dict[str, Any]]:
    """Return what a merge makes of objects."""
    if not kubectl or not values:
        return [reference(value, patch) for value in values]
    for number, value in enumerate(values):
        value["metadata"]["name"], value["was"] = f"o{number}", value["metadata"].get("name")
    found = patched_by_kubectl(kubectl, values, patch)
    result = [found[f"o{number}"] for number in range(len(values))]
    for value in result:
        name = value.pop("was")
        value["metadata"] |= {"name": name}
        if name is None:
            del value["metadata"]["name"]
    return result


def reference(value: Any, patch: dict[str, Any]) -> dict[str, Any]:
    """Merge as far as these patches need it."""
    value = dict(value or {})
    for name, each in patch.items():
        if isinstance(each, dict):
            value[name] = reference(value.get(name), each)
        elif isinstance(each, list):
            rest = [item for item in value.get(name) or [] if item not in each]
            value[name] = (value.get(name) if len(rest) < len(value.get(name) or []) else None) or [
                *each,
                *rest,
            ]
        else:
            value[name] = each
    return dict(value)


def compare_lines(before: Manifest, after: Manifest) -> int:
    """Count the lines of the patches; AssertionError if a line changed that is not theirs."""
    old, new = before.text().splitlines(), after.text().splitlines()
    if old == new:
        return 0
    lines = list(unified_diff(old, new, n=0, lineterm=""))[2:]
    for line in (line for line in lines if not line.startswith("@@")):
        head = line[1:].strip(" -").partition(":")[0]
        is_ours = head in (*HEADS, "{}", "[]") or (line[0] == "+" and MARK in line)
        assert is_ours, f"{before.location}: {line[:60]!r}"
    return sum(line.startswith("+") for line in lines)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
