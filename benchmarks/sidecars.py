"""Measure a sidecar by CPU time: a container, a volume and a variable in every Deployment.

    python benchmarks/sidecars.py
    python benchmarks/sidecars.py --peers kustomize --many

Streams are half ConfigMaps and half Deployments, or Deployments alone; no two of these have one
image or name. The peers get a strategic merge patch that does the same, without looking at the
result.
"""

import argparse
import json
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1]))  # behind what is installed

from benchmarks.patches import CONFIG_MAP, DEPLOYMENT, cpu
from benchmarks.run import (
    PEERS,
    Samples,
    count,
    default_postrender,
    measure,
    peak,
    program,
    row,
    verdict,
)

SECONDS, GROWTH = 1.0, 1.25
MANY = (2_000, 20_000)  # objects, for the growth
LABEL, SIDECAR = "one label", "one sidecar"
#: streams by what is in them
HALF, ALL = "half Deployments", "Deployments alone"

CONTAINER: dict[str, Any] = {
    "name": "shipper",
    "image": "registry.example.com/shipper:1.4",
    "args": ["--dir", "/var/log/app"],
    "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "64Mi"}},
    "volumeMounts": [{"name": "app-logs", "mountPath": "/var/log/app", "readOnly": True}],
}
VOLUME: dict[str, Any] = {"name": "app-logs", "emptyDir": {"sizeLimit": "1Gi"}}
VARIABLE: dict[str, Any] = {"name": "LOG_DIR", "value": "/var/log/app"}
STEPS = {
    LABEL: {"labels": {"set": {"team": "payments"}, "scopes": ["metadata", "templates"]}},
    SIDECAR: {"sidecars": {"containers": [CONTAINER], "volumes": [VOLUME], "env": [VARIABLE]}},
}


def main() -> None:
    """Measure, and print the tables and what is aimed at."""
    options = arguments()
    peers = {name: path for name in options.peers if (path := program(name))}
    print(*(f"{name}: {peers.get(name, 'not found')}" for name in options.peers), sep="\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = {
            name: [*options.postrender, "--quiet", f"--step={json.dumps(step)}"]
            for name, step in STEPS.items()
        }
        commands = {**ours, **theirs(peers, folder)}
        for what in (HALF, ALL):
            samples = measured(commands, make(folder, options.objects, what), options)
            print("\n".join(report(options.objects, what, samples)))
        if options.many:
            one = {SIDECAR: ours[SIDECAR]}
            per_object = {
                size: cpu(measured(one, make(folder, size, ALL), options)[SIDECAR]) / size
                for size in MANY
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


def theirs(peers: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """Return the peers' commands by name."""
    containers = [{"name": "app", "env": [VARIABLE]}, CONTAINER]
    patch = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "any"},
        "spec": {"template": {"spec": {"containers": containers, "volumes": [VOLUME]}}},
    }
    entry = {"target": {"kind": "Deployment"}, "patch": json.dumps(patch)}
    text = json.dumps({"resources": ["stream.yaml"], "patches": [entry]})
    (folder / "kustomization.yaml").write_text(text)
    verbs = {"kustomize": "build", "kubectl": "kustomize"}
    return {name: [path, verbs[name], str(folder)] for name, path in peers.items()}


def make(folder: Path, objects: int, what: str) -> Path:
    """Write a stream."""
    path = folder / "stream.yaml"
    with path.open("w", encoding="utf-8") as file:
        for number in range(objects):
            if what == HALF and number % 2:
                file.write(CONFIG_MAP.format(number=number))
            else:
                deployment = DEPLOYMENT.format(number=number)
                file.write(deployment.replace("nginx:1.25", f"nginx:1.25.{number}"))
    return path


def measured(commands: dict[str, list[str]], stream: Path, options: argparse.Namespace) -> Samples:
    """Run each command in turn, and again; those past the limit have no samples."""
    samples: Samples = {name: [] for name in commands}
    deployments = count(stream, b"kind: Deployment")
    for _ in range(options.runs):
        for name, command in commands.items():
            output = stream.with_name("output")
            sample = measure(command, stream, output, options.limit)
            if sample is not None:
                samples[name].append(sample)
                if name != LABEL and count(output, b"shipper:1.4") != deployments:
                    sys.exit(f"{name} did not put a sidecar into every Deployment")
    return samples


def report(objects: int, what: str, samples: Samples) -> Iterator[str]:
    """Yield the table, and what is aimed at."""
    ours = cpu(samples[SIDECAR])
    yield f"\n## {objects:,} objects, {what}\n"
    heads = ("command", "CPU s", "peak MB", f"/ {SIDECAR}")
    yield row(heads)
    yield row("---" if head == "command" else "---:" for head in heads)
    for name, taken in samples.items():
        if taken:
            figures = (cpu(taken), peak(taken) / 1e6, cpu(taken) / ours)
            yield row((name, *(f"{figure:,.2f}" for figure in figures)))
    yield ""
    yield verdict(f"{SIDECAR} in {SECONDS:.0f} s of CPU: {ours:.2f} s", ours <= SECONDS)


def growth(per_object: dict[int, float]) -> Iterator[str]:
    """Yield the CPU time per object of each number of them, against the first."""
    yield f"\n## Linear in the number of objects, {ALL}\n"
    for size, seconds in per_object.items():
        times = seconds / next(iter(per_object.values()))
        text = f"{size:,} objects: {seconds * 1e6:.0f} us an object, {times:.2f} x the first"
        yield verdict(text, times <= GROWTH)


if __name__ == "__main__":
    main()
