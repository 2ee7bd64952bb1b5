"""Measure postrender against kustomize and kubectl: time, memory, and their ratios to the aims."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from threading import Timer
from typing import NamedTuple

STREAMS = Path(__file__).parent / "streams.py"
SIZES = ("2KB", "100KB", "1MB", "5MB", "20MB", "10000docs", "20000docs", "50000docs", "100000docs")
PEERS = ("kustomize", "kubectl")
PLAIN, ONE, FOUR = "postrender, no config", "postrender, one step", "postrender, four steps"

# What `includeTemplates` reaches in kustomize, so that both put the same labels.
SCOPES = "[metadata, templates, jobTemplates]"
LABEL = f"labels: {{set: {{team: payments}}, scopes: {SCOPES}}}"
MORE = (
    "annotations: {set: {example.com/on-call: payments}}",
    "{where: {kind: [Deployment, StatefulSet]}, labels: {set: {tier: app}}}",
    "annotations: {set: {example.com/reviewed: 'yes'}}",
)
KUSTOMIZATION = """\
resources: [stream.yaml]
labels: [{pairs: {team: payments}, includeTemplates: true}]
"""


class Aim(NamedTuple):
    """A ratio of wall times that is not to be exceeded."""

    size: str
    command: str
    peer: str
    ratio: float


AIMS = (
    Aim("2KB", FOUR, "kubectl", 1.3),
    Aim("100KB", ONE, "kustomize", 1.2),
    Aim("1MB", ONE, "kustomize", 0.2),
    Aim("5MB", ONE, "kustomize", 0.05),
)
MEMORY_FACTOR, MEMORY_BASE = 6, 25e6
LINEAR = 1.25  # time per document, against the smallest count of documents


class Sample(NamedTuple):
    """What one process took."""

    wall: float  #: seconds
    cpu: float  #: seconds, of all its threads
    peak: int  #: bytes of resident memory


Samples = dict[str, list[Sample]]


def main() -> None:
    """Measure every size that was asked for and print a table for each."""
    options = arguments()
    peers = {name: path for name in options.peers if (path := program(name))}
    print(*(f"{name}: {peers.get(name, 'not found')}" for name in options.peers), sep="\n")
    per_document: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            stream = make_stream(size, Path(folder))
            commands = {**ours(options.postrender), **theirs(peers, Path(folder))}
            samples = interleave(commands, stream, options.runs, options.limit)
            peers = {name: path for name, path in peers.items() if samples[name]}
            objects = count(stream, b"---\n")
            print("\n".join(report(size, stream.stat().st_size, objects, samples, options.limit)))
            if size.endswith("docs"):
                per_document[size] = wall(samples[ONE]) / objects
    if per_document:
        print("\n".join(linearity(per_document)))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=SIZES, metavar="SIZE")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS)
    parser.add_argument("--limit", type=float, default=60, help="seconds that a peer may take")
    parser.add_argument("--postrender", type=shlex.split, default=default_postrender())
    return parser.parse_args()


def default_postrender() -> list[str]:
    """Return the command of this environment: its script, else its module."""
    script = Path(sys.executable).with_name("postrender")
    return [str(script)] if script.exists() else [sys.executable, "-m", "postrender"]


def program(peer: str) -> str | None:
    """Return the path of a peer, from a variable such as POSTRENDER_KUSTOMIZE or from PATH."""
    return shutil.which(os.environ.get(f"POSTRENDER_{peer.upper()}") or peer)


def make_stream(size: str, folder: Path) -> Path:
    """Write the stream of a size, in a process of its own to keep this one small.

    A process that is forked from a large one counts the large one's memory as its own peak.
    """
    path = folder / "stream.yaml"
    subprocess.run([sys.executable, STREAMS, size, path], check=True)
    (folder / "kustomization.yaml").write_text(KUSTOMIZATION)
    return path


def ours(postrender: Sequence[str]) -> dict[str, list[str]]:
    """Return our commands by name."""
    steps = [f"--step={step}" for step in (LABEL, *MORE)]
    return {PLAIN: [*postrender], ONE: [*postrender, steps[0]], FOUR: [*postrender, *steps]}


def theirs(peers: dict[str, str], folder: Path) -> dict[str, list[str]]:
    """Return the peers' commands by name."""
    verbs = {"kustomize": "build", "kubectl": "kustomize"}
    return {name: [path, verbs[name], str(folder)] for name, path in peers.items()}


def interleave(commands: dict[str, list[str]], stream: Path, runs: int, limit: float) -> Samples:
    """Run every command once, then again, so that a busy minute of the machine hits all of them.

    The first round warms the caches and does not count; a command past the limit is not run again.
    """
    samples: Samples = {name: [] for name in commands}
    labels: dict[str, int] = {}
    for turn in range(runs + 1):
        for name, command in list(commands.items()):
            output = stream.with_name("output")
            sample = measure(command, stream, output, limit)
            if sample is None:
                del commands[name]
            elif turn:
                samples[name].append(sample)
            else:
                labels[name] = count(output, b"team: payments")
    same_work({name: labels[name] for name in (ONE, *PEERS) if name in labels})
    return samples


def measure(command: list[str], stream: Path, output: Path, limit: float) -> Sample | None:
    """Run a command from the stream to the output; None when it took longer than the limit."""
    errors = stream.with_name("errors")
    with stream.open("rb") as stdin, output.open("wb") as stdout, errors.open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr)
        timer = Timer(limit, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if elapsed >= limit:
        return None
    if process.returncode:
        sys.exit(f"{command[0]} ended with exit code {process.returncode}: {errors.read_text()}")
    return Sample(elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def same_work(labels: dict[str, int]) -> None:
    """Refuse a comparison in which one program put more labels than another."""
    if len(set(labels.values())) > 1:
        sys.exit(f"they did not do the same work, by labels: {labels}")


def count(path: Path, text: bytes) -> int:
    """Count the lines of a file that hold a text."""
    with path.open("rb") as file:
        return sum(text in line for line in file)


def report(size: str, length: int, objects: int, samples: Samples, limit: float) -> Iterator[str]:
    """Yield the table of a size and the aims that are judged on it."""
    peers = [name for name in PEERS if samples.get(name)]
    yield f"\n## {size}: {length:,} bytes, {objects:,} objects, {len(samples[ONE])} runs\n"
    heads = ("command", "wall ms", "CPU ms", "peak MB", *(f"/ {peer}" for peer in peers))
    yield row(heads)
    yield row("---" if head == "command" else "---:" for head in heads)
    for name, taken in samples.items():
        if taken:
            figures = (wall(taken) * 1e3, median(s.cpu for s in taken) * 1e3, peak(taken) / 1e6)
            ratios = (f"{ratio(taken, samples[peer]):.2f}" for peer in peers)
            yield row((name, *(f"{figure:,.1f}" for figure in figures), *ratios))
        else:
            yield row((name, f"> {limit * 1e3:,.0f}", *[""] * (len(heads) - 2)))
    yield ""
    yield from judge(size, length, samples)


def judge(size: str, length: int, samples: Samples) -> Iterator[str]:
    """Yield the aims of a size, met or missed."""
    for aim in AIMS:
        if aim.size == size and samples.get(aim.peer):
            reached = ratio(samples[aim.command], samples[aim.peer])
            text = f"{aim.command} <= {aim.ratio} x {aim.peer}: {reached:.2f}"
            yield verdict(text, reached <= aim.ratio)
    limit = MEMORY_FACTOR * length + MEMORY_BASE
    for name in [each for each in (PLAIN, ONE, FOUR) if samples[each]]:
        reached = peak(samples[name])
        text = f"{name}, peak <= {limit / 1e6:.0f} MB: {reached / 1e6:.0f} MB"
        yield verdict(text, reached <= limit)


def linearity(per_document: dict[str, float]) -> Iterator[str]:
    """Yield the time per document of each count, against the first."""
    yield "\n## Linear in the number of documents, one step\n"
    for size, seconds in per_document.items():
        growth = seconds / next(iter(per_document.values()))
        text = f"{size}: {seconds * 1e6:.0f} us a document, {growth:.2f} x the first"
        yield verdict(text, growth <= LINEAR)


def row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(cells) + " |"


def verdict(text: str, met: bool) -> str:
    """Return a line of a Markdown list with its verdict."""
    return f"- {text}, {'met' if met else 'MISSED'}"


def ratio(ones: list[Sample], others: list[Sample]) -> float:
    """Return the median of the ratios of neighbouring runs."""
    return median(one.wall / other.wall for one, other in zip(ones, others, strict=False))


def wall(samples: list[Sample]) -> float:
    """Return the median wall time in seconds."""
    return median(sample.wall for sample in samples)


def peak(samples: list[Sample]) -> int:
    """Return the largest peak of memory in bytes."""
    return max(sample.peak for sample in samples)


if __name__ == "__main__":
    main()
