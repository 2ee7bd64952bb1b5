"""Measure patches against kustomize and kubectl: CPU time, memory, ratios, and growth.

    python benchmarks/patches.py
    python benchmarks/patches.py --objects 2000 --runs 3 --peers kubectl --limit 120

Half of the objects are small ConfigMaps, half Deployments. The peers get the one JSON patch on all
Deployments only: what they take for it is nearly all for reading the objects.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[1]))  # behind what is installed

from benchmarks.run import (
    PEERS,
    Sample,
    Samples,
    count,
    default_postrender,
    measure,
    peak,
    program,
    row,
    verdict,
)

ONE, TWENTY, MERGES = "one JSON patch", "twenty patches", "twenty merges"
MANY = (10_000, 100_000)  # objects, for the growth
RATIO, SECONDS, GROWTH = 50, 1.0, 1.25

CONFIG_MAP = """\
---
# Source: shop/templates/config-{number}.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: config-{number}
data:
  a: "1"
  b: text of it
"""
DEPLOYMENT = """\
---
# Source: shop/templates/web-{number}.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  labels:
    app: web-{number}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-{number}
  template:
    metadata:
      labels:
        app: web-{number}
    spec:
      containers:
      - name: app
        image: nginx:1.25
        env:
        - name: A
          value: "1"
        - name: B
          value: "2"
        ports:
        - containerPort: 8080
          protocol: TCP
        volumeMounts:
        - name: data
          mountPath: /data
      volumes:
      - name: data
        emptyDir: {{}}
"""
TARGET = "target: {kind: Deployment}"
OPERATION = "[{op: add, path: /metadata/labels/team-%d, value: payments}]"
MERGE = "{spec: {template: {spec: {containers: [{name: app, env: [{name: A, value: x%d}]}]}}}}"
NAMED = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web-%d}, spec: {replicas: 3}}"


def main() -> None:
    """Measure, and print the tables and what is aimed at."""
    options = arguments()
    peers = {name: path for name in options.peers if (path := program(name))}
    print(*(f"{name}: {peers.get(name, 'not found')}" for name in options.peers), sep="\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands = {each: [*options.postrender, f"--step={step(each)}"] for each in STEPS}
        commands |= theirs(peers, folder)
        samples = measured(commands, make(folder, options.objects), options)
        print("\n".join(report(options.objects, samples)))
        if options.many:
            one = {ONE: commands[ONE]}
            per_object = {
                size: cpu(measured(one, make(folder, size), options)[ONE]) / size for size in MANY
            }
            print("\n".join(growth(per_object)))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--objects", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS)
    parser.add_argument("--limit", type=float, default=300, help="seconds that a peer may take")
    parser.add_argument("--many", action="store_true", help="measure the growth, too")
    parser.add_argument("--postrender", type=shlex.split, default=default_postrender())
    return parser.parse_args()


def patches(name: str) -> Iterator[tuple[str, str]]:
    """Yield the target and the patch of each entry, in flow style."""
    if name == ONE:
        yield TARGET, OPERATION % 0
    elif name == MERGES:
        yield from ((TARGET, MERGE % number) for number in range(20))
    else:
        yield from ((TARGET, OPERATION % number) for number in range(10))
        yield from ((TARGET, MERGE % number) for number in range(5))
        yield from (("expect: 1", NAMED % number) for number in range(5))


STEPS = (ONE, TWENTY, MERGES)


def step(name: str) -> str:
    """Return a step for the command line."""
    return f"patches: [{', '.join(f'{{{at}, patch: {patch}}}' for at, patch in patches(name))}]"


def theirs(peers: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """Return the peers' commands by name, for the one patch."""
    operation = '[{"op": "add", "path": "/metadata/labels/team-0", "value": "payments"}]'
    text = f"resources: [stream.yaml]\npatches:\n- {TARGET}\n  patch: '{operation}'\n"
    (folder / "kustomization.yaml").write_text(text)
    verbs = {"kustomize": "build", "kubectl": "kustomize"}
    return {name: [path, verbs[name], str(folder)] for name, path in peers.items()}


def make(folder: Path, objects: int) -> Path:
    """Write a stream."""
    path = folder / "stream.yaml"
    with path.open("w", encoding="utf-8") as file:
        for number in range(objects // 2):
            file.write(CONFIG_MAP.format(number=number) + DEPLOYMENT.format(number=number))
    return path


def measured(commands: dict[str, list[str]], stream: Path, options: argparse.Namespace) -> Samples:
    """Run each command in turn, and again; those past the limit have no samples."""
    samples: Samples = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            output = stream.with_name("output")
            sample = measure(command, stream, output, options.limit)
            patched = count(output, b"payments")
            if sample is not None:
                samples[name].append(sample)
                if name != MERGES and patched < count(stream, b"kind: Deployment"):
                    sys.exit(f"{name} did not patch every Deployment")
    return samples


def report(objects: int, samples: Samples) -> Iterator[str]:
    """Yield the table, and what is aimed at."""
    ours = cpu(samples[ONE])
    yield f"\n## {objects:,} objects\n"
    heads = ("command", "CPU s", "wall s", "peak MB", f"/ {ONE}")
    yield row(heads)
    yield row("---" if head == "command" else "---:" for head in heads)
    for name, taken in samples.items():
        if taken:
            walls = median(sample.wall for sample in taken)
            figures = (cpu(taken), walls, peak(taken) / 1e6, cpu(taken) / ours)
            yield row((name, *(f"{figure:,.2f}" for figure in figures)))
    yield ""
    if samples.get("kubectl"):
        ratio = cpu(samples["kubectl"]) / ours
        yield verdict(f"kubectl takes {RATIO} x the CPU of {ONE}: {ratio:.0f} x", ratio >= RATIO)
    seconds = cpu(samples[TWENTY])
    yield verdict(f"{TWENTY} in {SECONDS:.0f} s of CPU: {seconds:.2f} s", seconds <= SECONDS)


def growth(per_object: dict[int, float]) -> Iterator[str]:
    """Yield the CPU time per object of each number of them, against the first."""
    yield "\n## Linear in the number of objects, one JSON patch\n"
    for size, seconds in per_object.items():
        times = seconds / next(iter(per_object.values()))
        text = f"{size:,} objects: {seconds * 1e6:.0f} us an object, {times:.2f} x the first"
        yield verdict(text, times <= GROWTH)


def cpu(samples: Sequence[Sample]) -> float:
    """Return the median of the CPU time in seconds."""
    return median(sample.cpu for sample in samples)


if __name__ == "__main__":
    main()
