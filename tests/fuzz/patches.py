"""Merge random patches into random objects, and compare with `kubectl patch --local`.

    python tests/fuzz/patches.py --pairs 5000 --seed 1
    python tests/fuzz/patches.py --seconds 60

The differences that are meant are taken out on both sides: a null in a new item of a list, which
kubectl leaves and the API server drops; a directive that kubectl leaves in what is new; and the
empty map that kubectl leaves where `$patch: delete` is said of a map. The rest has to be equal,
and what the one refuses the other has to refuse. The first difference is printed, and the exit
code is 1.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # where pytest looks, too

import real
from fuzz.compare import is_equal_json
from fuzz.objects import WORDS, a_kind, an_object, scalar

from postrender import Manifests, Pipeline, PostrenderError

STRETCH = 200  # pairs between two looks at the clock
BATCH = 10  # objects that one run of kubectl patches
#: the keys of the lists that directives are put into; `imagePullSecrets` is merged in pods only
KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "ports": "",  # of containers or of a Service
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
    "schedulingGates": "name",
    "secrets": "name",
    "webhooks": "name",
    "matchConditions": "name",
    "variables": "name",
}
#: lists of scalars
SCALARS = ("finalizers", "args", "externalIPs", "podCIDRs", "hostnames")


class Failure(AssertionError):
    """Ours and kubectl's result differ."""


def main() -> int:
    """Fuzz, and print what was done."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pairs = options.pairs or (5000 if options.seconds == float("inf") else sys.maxsize)
    counts: Counter[str] = Counter()
    start = time.monotonic()
    try:
        random, kubectl = Random(options.seed), real.kubectl()
        while counts["pairs"] < pairs and time.monotonic() - start < options.seconds:
            compare(random, min(pairs, counts["pairs"] + STRETCH), kubectl, counts)
    except Failure as failure:
        print(f"FAILED with --seed {options.seed} after {counts['pairs']} pairs:\n{failure}")
        return 1
    for name, count in sorted(counts.items()):
        print(f"{count:8} {name}")
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s")
    return 0


def compare(random: Random, pairs: int, kubectl: str, counts: Counter[str]) -> None:
    """Compare pairs of an object and a patch until there are so many; raises `Failure`."""
    while counts["pairs"] < pairs:
        kind = a_kind(random)
        objects = [an_object(random, kind, f"o{number}") for number in range(BATCH)]
        patch = a_patch(random, kind, objects)
        theirs = patched_by_kubectl(kubectl, objects, patch)
        counts[f"kind {kind[1]}"] += len(objects)
        for each in objects:
            counts["pairs"] += 1
            counts[check(each, patch, theirs.get(each["metadata"]["name"]))] += 1


def check(each: dict[str, Any], patch: dict[str, Any], theirs: Any) -> str:
    """Compare one pair, and say what came of it; raises `Failure`."""
    try:
        ours = patched_by_us(each, patch)
        error = ""
    except PostrenderError as refusal:
        ours, error = None, str(refusal)
    case = f"object {json.dumps(each)}\npatch {json.dumps(patch)}"
    if ours is None or theirs is None:
        if ours is theirs:
            return "refused by both"
        raise Failure(f"{case}\nours   {ours or error}\ntheirs {theirs or 'refused'}")
    deletes = '"$patch": "delete"' in json.dumps(patch)
    wanted, found = normal(theirs, deletes), normal(ours, deletes)
    again = found
    with suppress(PostrenderError):  # an item without its key is refused once there is a list
        again = normal(patched_by_us(ours, patch), deletes)
    if not is_equal_json(again, found):
        raise Failure(f"{case}\nours   {json.dumps(found)}\nagain  {json.dumps(again)}")
    if not is_equal_json(found, wanted):
        raise Failure(f"{case}\nours   {json.dumps(found)}\ntheirs {json.dumps(wanted)}")
    return "unchanged" if is_equal_json(normal(each, deletes), wanted) else "changed alike"


def patched_by_us(each: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return the object after a step that patches it."""
    entry = {"target": {"name": "*"}, "patch": patch, "options": {"allowTypeChange": True}}
    pipeline = Pipeline.from_dict({"steps": [{"patches": [entry]}]})
    # JSON is flow style; what the object is written as does not matter for its value.
    (manifest,) = Manifests.parse(pipeline.run(json.dumps(each).encode() + b"\n"))
    return manifest.to_dict()


def patched_by_kubectl(
    kubectl: str, objects: list[dict[str, Any]], patch: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return those objects by name that kubectl could patch."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "objects.json").write_text("\n".join(json.dumps(each) for each in objects))
        Path(folder, "patch.json").write_text(json.dumps(patch))
        command = [kubectl, "patch", "--local", "--type", "strategic", "-o", "json"]
        files = ["-f", f"{folder}/objects.json", "--patch-file", f"{folder}/patch.json"]
        done = subprocess.run([*command, *files], check=False, capture_output=True, text=True)
    found = {}
    text, decode = done.stdout.lstrip(), json.JSONDecoder().raw_decode
    while text:
        value, end = decode(text)
        found[value["metadata"]["name"]] = value
        text = text[end:].lstrip()
    return found


# -- what is meant to differ ----------------------------------------------------------------------


def normal(value: Any, deletes: bool) -> Any:
    """Return a value without nulls, without directives, and, where told, without empty maps."""
    if isinstance(value, dict):
        if value.get("$patch") == "delete":
            return {}
        items = {name: normal(each, deletes) for name, each in value.items() if name[:1] != "$"}
        kept = {name: each for name, each in items.items() if each is not None}
        return {name: each for name, each in kept.items() if each != {} or not deletes}
    if isinstance(value, list):
        return [normal(each, deletes) for each in value if not _is_deletion(each)]
    return value


def _is_deletion(item: Any) -> bool:
    return isinstance(item, dict) and "$patch" in item


# -- patches --------------------------------------------------------------------------------------


def a_patch(random: Random, kind: tuple[str, str], objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a strategic merge patch for objects of a kind: a part of one, with directives."""
    patch = an_object(random, kind, "o")
    del patch["apiVersion"], patch["kind"], patch["metadata"]["name"]
    return dict(_directed(random, patch, objects, depth=0))


def _directed(
    random: Random, value: dict[str, Any], lives: list[Any], depth: int
) -> dict[str, Any]:
    """Put directives into a map of a patch, and into what it holds.

    :param lives: what the objects have there, as far as that can be told. Of a map that is not
        there kubectl takes nothing with `$patch: replace`, against the API's documentation.
    """
    patch: dict[str, Any] = {}
    for name, each in value.items():
        below = [live.get(name) if isinstance(live, dict) else None for live in lives]
        patch[name] = _value(random, name, each, below, depth)
        if isinstance(each, list):
            patch |= _beside_list(random, name, each, patch[name])
    if depth > 1 and random.random() < 0.04:
        is_there = bool(lives) and all(isinstance(live, dict) for live in lives)
        patch["$patch"] = random.choice(["delete", "replace"]) if is_there else "delete"
    if depth > 1 and random.random() < 0.04:
        keys = [key for key in patch if not key.startswith("$")]
        patch["$retainKeys"] = [*keys, random.choice(["image", "type", "name", "emptyDir"])]
    return patch


def _value(random: Random, name: str, value: Any, lives: list[Any], depth: int) -> Any:
    chance = random.random()
    if chance < 0.06 and depth:
        return None
    if isinstance(value, dict):
        return _directed(random, value, lives, depth + 1)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return _items(random, name, value, depth)
    if chance < 0.08:
        return random.choice(WORDS) if isinstance(value, str) else scalar(random)
    return value


def _items(random: Random, name: str, items: list[dict[str, Any]], depth: int) -> list[Any]:
    key = _key(name, items)
    if not key:
        return items
    result: list[Any] = []
    for item in items:
        if random.random() < 0.12:
            result.append({key: item[key], "$patch": "delete"})
        else:
            rest = {each: value for each, value in item.items() if each != key}
            directed = _directed(random, rest, [], depth + 1)
            directed.pop("$patch", None)  # in an item, it speaks of the item or the list
            if "$retainKeys" in directed:
                directed["$retainKeys"].append(key)
            result.append({key: item[key], **directed})
    if random.random() < 0.05:
        result.insert(random.randint(0, len(result)), {"$patch": "replace"})
    if random.random() < 0.03:
        result[0].pop(key, None)  # refused
    return result


def _beside_list(random: Random, name: str, items: list[Any], patched: Any) -> dict[str, Any]:
    """Return the directives that stand beside a list."""
    key = _key(name, items)
    if not isinstance(patched, list) or random.random() > 0.15:
        return {}
    if name in SCALARS and random.random() < 0.5:
        rest = [word for word in ("a", "b", "c", "d") if word not in patched]
        return {f"$deleteFromPrimitiveList/{name}": rest[:2]} if rest else {}
    if name == "finalizers":
        return {f"$setElementOrder/{name}": _between(random, patched, ["a", "b", "c", "d"])}
    kept = [item for item in patched if "$patch" not in item] if key else []
    if key and len(kept) == len(patched) and all(key in item for item in kept):
        named = [item[key] for item in kept]
        others = [80, 443, 8080] if key in ("port", "containerPort") else ["a", "b", "c", "d"]
        order = _between(random, named, others)
        return {f"$setElementOrder/{name}": [{key: each} for each in order]}
    return {}


def _between(random: Random, named: list[Any], others: list[Any]) -> list[Any]:
    """Return *named* in their order, with some of *others* between."""
    order = list(named)
    for each in others:
        if each not in order and random.random() < 0.5:
            order.insert(random.randint(0, len(order)), each)
    if random.random() < 0.05:
        random.shuffle(order)  # refused, if it is another order
    return order


def _key(name: str, items: list[Any]) -> str:
    """Return the key of a list that is merged, "" for another."""
    key = KEYS.get(name, "")
    if name == "ports" and items:
        key = "containerPort" if "containerPort" in items[0] else "port"
    return key if items and isinstance(items[0], dict) and key in items[0] else ""


if __name__ == "__main__":
    sys.exit(main())
