"""Measure the list of releases against `helm list` on the same server: time, memory, ratios.

    python benchmarks/storage.py
    python benchmarks/storage.py --drivers sql --releases 100 --runs 1

Both print the newest revision of each release of all namespaces as JSON, and a run in which they
print different releases is refused.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parents[1]))  # behind what is installed
sys.path.append(str(Path(__file__).parents[1] / "tests"))

import real
from servers.kubernetes import Cluster

from benchmarks.run import Sample, Samples, measure, peak, ratio, row, verdict, wall
from benchmarks.storage_fill import filled
from benchmarks.storage_rows import Shape

FOLDER = Path(__file__).parent
DRIVERS = ("sql", "secret", "configmap")
PEERS = ("4.3.1", "3.22.0")
OURS = "postrender.storage"
LIST = ["list", "--all-namespaces", "--max", "0", "--output", "json"]

#: how many times faster than Helm 4, and how many bytes at most
AIMS = {"sql": 40, "secret": 20, "configmap": 20}
MEMORY = 100e6
#: bodies of which the list takes about the same time and memory, and by what factor at most
FLAT, GROWTH = ("5KB", "50KB", "500KB"), 1.5
#: releases of one revision and a small body, by whose number the time may grow, and how much more
MANY, LINEAR = (1_000, 10_000), 1.25
SMALL = "5KB"


def main() -> None:
    """Measure each driver that was asked for and print a table for each."""
    options = arguments()
    try:
        helms = {f"helm {version}": real.helm(version) for version in options.helm}
        shape = Shape(options.releases, options.revisions, options.size)
        for driver in options.drivers:
            with filled(driver, shape):
                samples = interleave(commands(helms), options.runs, options.limit)
                print("\n".join(report(driver, shape, samples)), flush=True)
            if options.flat:
                print("\n".join(flat(driver, options)), flush=True)
            if options.many:
                print("\n".join(many(driver, options)), flush=True)
    except pytest.skip.Exception as missing:
        sys.exit(str(missing))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--drivers", nargs="+", default=DRIVERS, choices=DRIVERS)
    parser.add_argument("--helm", nargs="*", default=PEERS, metavar="VERSION")
    parser.add_argument("--releases", type=int, default=1000)
    parser.add_argument("--revisions", type=int, default=10)
    parser.add_argument("--size", default="50KB", help="of an encoded body")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, help="seconds that Helm may take")
    parser.add_argument(
        "--flat",
        type=int,
        default=100,
        metavar="RELEASES",
        help=f"for the growth with bodies of {', '.join(FLAT)}; 0 leaves it out",
    )
    parser.add_argument("--many", action="store_true", help="add the growth by releases")
    return parser.parse_args()


def commands(helms: Mapping[str, str]) -> dict[str, list[str]]:
    """Return each command by its name."""
    # Helm 4 shows all states by itself.
    every = {name: [] if name.startswith("helm 4") else ["--all"] for name in helms}
    theirs = {name: [path, *LIST, *every[name]] for name, path in helms.items()}
    return {**theirs, OURS: [sys.executable, "-P", str(FOLDER / "storage_list.py")]}


def interleave(commands: Mapping[str, list[str]], runs: int, limit: float) -> Samples:
    """Run every command once, then again, so that a busy minute of the machine hits all of them.

    The first round warms the caches and does not count; a command past the limit is not run again.
    """
    samples: Samples = {name: [] for name in commands}
    late = set()
    with tempfile.TemporaryDirectory() as folder:
        nothing, output = Path(folder, "nothing"), Path(folder, "output")
        nothing.touch()
        for turn in range(runs + 1):
            printed = {}
            for name, command in commands.items():
                sample = None if name in late else measure(command, nothing, output, limit)
                if sample is None:
                    late.add(name)
                    continue
                printed[name] = listed(output)
                if turn:
                    samples[name].append(sample)
            same(printed)
    return samples


def listed(output: Path) -> list[Any]:
    """Return what was printed, in an order of its own: Helm has none for equal names."""
    rows = json.loads(output.read_text())
    return sorted(rows, key=lambda each: (each["namespace"], each["name"]))


def same(printed: Mapping[str, list[Any]]) -> None:
    """Refuse a comparison in which one program printed other releases than another."""
    ours = printed[OURS]
    for name, rows in printed.items():
        if rows != ours:
            other = [pair for pair in zip(rows, ours, strict=False) if pair[0] != pair[1]]
            sys.exit(f"{name} prints {len(rows)} releases, we {len(ours)}: {other[:1]}")


def report(driver: str, shape: Shape, samples: Samples) -> Iterator[str]:
    """Yield the table of a driver and what is aimed at."""
    yield f"\n## {driver}: {shape}, {len(samples[OURS])} runs\n"
    peers = [name for name, taken in samples.items() if taken and name != OURS]
    heads = ("command", "wall s", "CPU s", "peak MB", *(f"/ {peer}" for peer in peers))
    yield row(heads)
    yield row("---" if head == "command" else "---:" for head in heads)
    for name, taken in samples.items():
        if taken:
            ratios = (f"{ratio(taken, samples[peer]):.4f}" for peer in peers)
            yield row((name, *figures(taken), *ratios))
        else:
            yield row((name, "too long", *[""] * (len(heads) - 2)))
    yield ""
    for peer in [each for each in peers if each.startswith("helm 4")]:
        times = 1 / ratio(samples[OURS], samples[peer])
        aim = AIMS[driver]
        yield verdict(f"at least {aim} times as fast as {peer}: {times:.0f}", times >= aim)
    reached = peak(samples[OURS])
    yield verdict(f"peak <= {MEMORY / 1e6:.0f} MB: {reached / 1e6:.0f} MB", reached <= MEMORY)


def figures(taken: list[Sample]) -> Iterator[str]:
    """Yield the cells of a table for what a command took."""
    yield f"{wall(taken):.2f}"
    yield f"{median(sample.cpu for sample in taken):.2f}"
    yield f"{peak(taken) / 1e6:.0f}"


def flat(driver: str, options: argparse.Namespace) -> Iterator[str]:
    """Yield how time and memory grow with the size of the bodies."""
    yield f"\n## {driver}: {options.flat * options.revisions:,} records, by the size of a body\n"
    yield from heading("body")
    ours = {}
    for size in FLAT:
        with filled(driver, Shape(options.flat, options.revisions, size)) as cluster:
            ours[size] = alone(options)
            yield row((size, *figures(ours[size]), requests(cluster, driver)))
    yield ""
    small, large = ours[FLAT[0]], ours[FLAT[-1]]
    for name, factor in (("time", ratio(large, small)), ("memory", peak(large) / peak(small))):
        text = f"{name} with {FLAT[-1]} <= {GROWTH} x that with {FLAT[0]}: {factor:.2f}"
        yield verdict(text, factor <= GROWTH)


def many(driver: str, options: argparse.Namespace) -> Iterator[str]:
    """Yield how time and memory grow with the number of releases."""
    yield f"\n## {driver}: records of {SMALL}, by the number of releases\n"
    yield from heading("releases")
    ours = {}
    for releases in MANY:
        with filled(driver, Shape(releases, 1, SMALL)) as cluster:
            ours[releases] = alone(options)
            yield row((f"{releases:,}", *figures(ours[releases]), requests(cluster, driver)))
    yield ""
    few, most = ours[MANY[0]], ours[MANY[-1]]
    factor = ratio(most, few) * MANY[0] / MANY[-1]
    yield verdict(f"time per release <= {LINEAR} x the first: {factor:.2f}", factor <= LINEAR)
    reached = peak(most)
    yield verdict(f"peak <= {MEMORY / 1e6:.0f} MB: {reached / 1e6:.0f} MB", reached <= MEMORY)


def heading(first: str) -> Iterator[str]:
    """Yield the heads of a table of our figures alone."""
    heads = (first, "wall s", "CPU s", "peak MB", "requests")
    yield row(heads)
    yield row("---" if head == first else "---:" for head in heads)


def alone(options: argparse.Namespace) -> list[Sample]:
    """Measure the list without Helm."""
    return interleave(commands({}), max(options.runs, 3), options.limit)[OURS]


def requests(cluster: Cluster, driver: str) -> str:
    """Return how many requests a list sends to the API server; a database counts none."""
    if driver == "sql":
        return ""
    before = answered(cluster, driver)
    subprocess.run(commands({})[OURS], check=True, capture_output=True)
    return f"{answered(cluster, driver) - before:,}"


def answered(cluster: Cluster, driver: str) -> int:
    """Return how many reading requests for records the API server has answered so far."""
    lines = [
        line
        for line in cluster.get("/metrics").splitlines()
        if line.startswith("apiserver_request_total{") and f'resource="{driver}s"' in line
    ]
    reading = [line for line in lines if 'verb="LIST"' in line or 'verb="GET"' in line]
    return sum(int(float(line.rpartition(" ")[2])) for line in reading)


if __name__ == "__main__":
    main()
