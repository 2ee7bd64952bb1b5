"""Measure the scan for secrets: CPU time with cold caches, growth, imports, texts meant to hurt.

    python benchmarks/scan.py
    python benchmarks/scan.py --streams charts/*.yaml --gitleaks gitleaks

Reading the stream is not counted for the scan, as any step needs it; the ratio to gitleaks is told
with and without it.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[1]))  # behind what is installed

from benchmarks.run import measure, row, verdict

STREAMS = Path(__file__).parent / "streams.py"
SECONDS, GROWTH, IMPORT, TEXT = 0.5, 4.0, 0.015, 0.25  # what is aimed at
SIZE = 200_000  # characters of a text that is meant to hurt
PIECES = (
    *("a", "password ", "password=", "a://", "a://u:", "eyJa.", "curl -u ", "user x "),
    *("0123456789abcdef", "QUJD", "-----BEGIN PRIVATE" + " KEY-----\n", '"password",\''),
    *("redis-cli ", "mysql -x ", "k=", "password: a\n", "?sv=1&sig=", "$2y$", "<password>"),
    *("machine a login ", "glc_", "SG."),
)


def main() -> None:
    """Measure, and print the tables and what is aimed at."""
    options = arguments()
    if options.child:
        print(json.dumps(one(Path(options.child))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [make(size, folder) for size in ("5MB", "20MB")]
        print("\n".join(sizes([*paths, *map(Path, options.streams)], options.runs)))
        if options.gitleaks:
            print("\n".join(peer(options.gitleaks, paths[0], options.runs)))
    print("\n".join(texts()))


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--streams", nargs="*", default=[], help="more streams to measure")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--gitleaks", default=shutil.which("gitleaks"), help="the peer")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def make(size: str, folder: Path) -> Path:
    """Write the stream of a size."""
    path = folder / f"{size}.yaml"
    subprocess.run([sys.executable, STREAMS, size, path], check=True)
    return path


def one(path: Path) -> dict[str, float]:
    """Scan a stream in this process, which did nothing before; return CPU seconds by part."""
    import gc

    import postrender

    gc.disable()  # as a run does
    manifests = postrender.Manifests.parse(path.read_bytes())
    objects = [manifest.to_dict() for manifest in manifests]
    start = time.process_time()
    from postrender_plugins.secrets import _check, _rules, _scan

    imported = time.process_time()
    rules = _rules.assemble(["builtin"], [], ".")
    found = _scan.Scan(rules).scan(objects)
    end = time.process_time()
    assert _check
    return {"import": imported - start, "scan": end - imported, "found": len(found)}


def runs(path: Path, number: int) -> dict[str, float]:
    """Return the medians of several processes."""
    command = [sys.executable, __file__, "--child", str(path)]
    taken = [
        json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        for _ in range(number)
    ]
    return {name: median(each[name] for each in taken) for name in taken[0]}


def sizes(paths: list[Path], number: int) -> Iterator[str]:
    """Yield the table of streams and what is aimed at."""
    yield "\n## Streams, CPU with cold caches\n"
    yield row(("stream", "MB", "scan s", "import ms", "found"))
    yield row(("---", "---:", "---:", "---:", "---:"))
    taken = {path: runs(path, number) for path in paths}
    for path, each in taken.items():
        figures = (f"{path.stat().st_size / 1e6:.1f}", f"{each['scan']:.2f}")
        yield row((path.name, *figures, f"{each['import'] * 1e3:.1f}", f"{each['found']:.0f}"))
    small, large = taken[paths[0]], taken[paths[1]]
    yield ""
    yield verdict(f"5 MB in {SECONDS} s: {small['scan']:.2f} s", small["scan"] <= SECONDS)
    most, ratio = GROWTH * SECONDS, large["scan"] / small["scan"]
    text = f"20 MB in {most} s: {large['scan']:.2f} s, {ratio:.2f} times the 5 MB"
    yield verdict(text, large["scan"] <= most)
    yield verdict(f"import in {IMPORT * 1e3:.0f} ms", small["import"] <= IMPORT)


def peer(program: str, path: Path, number: int) -> Iterator[str]:
    """Yield how gitleaks does on the same stream, in turn with us."""
    ours: list[float] = []
    theirs: list[float] = []
    whole: list[float] = []
    command = [program, "stdin", "--no-banner", "--exit-code=0", "--log-level=error"]
    step = [sys.executable, "-m", "postrender", "--step", "secrets: {mode: warn}"]
    for _ in range(number):
        ours.append(runs(path, 1)["scan"])
        for each, samples in ((command, theirs), (step, whole)):
            sample = measure(each, path, path.with_name("output"), 300)
            samples.append(sample.cpu if sample else 300.0)
    yield f"\n## gitleaks on {path.name}\n"
    yield row(("", "CPU s", "gitleaks takes"))
    yield row(("---", "---:", "---:"))
    yield row(("gitleaks", f"{median(theirs):.2f}", ""))
    for name, taken in (("our scan", ours), ("our whole run", whole)):
        ratio = median(other / each for each, other in zip(taken, theirs, strict=True))
        yield row((name, f"{median(taken):.2f}", f"{ratio:.1f} x"))


def texts() -> Iterator[str]:
    """Yield how long texts take that are meant to take long, the slowest first."""
    from postrender_plugins.secrets._rules import builtin
    from postrender_plugins.secrets._scan import Scan

    seconds: dict[str, float] = {}
    for piece in PIECES:
        text = (piece * (SIZE // len(piece) + 1))[:SIZE]
        value = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a.conf": text}}
        scan = Scan(builtin())
        start = time.process_time()
        scan.scan([value])
        seconds[piece] = time.process_time() - start
    yield f"\n## {len(PIECES)} texts of {SIZE // 1000} KB\n"
    for piece, each in sorted(seconds.items(), key=lambda item: -item[1])[:5]:
        yield f"- `{piece.strip()}`: {each:.3f} s"
    worst = max(seconds.values())
    yield verdict(f"each in {TEXT} s: {worst:.3f} s", worst <= TEXT)


if __name__ == "__main__":
    main()
