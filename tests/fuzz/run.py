"""Edit random documents at random, for as long as told, and check what is written.

    python tests/fuzz/run.py --seconds 60 --seed 1
    python tests/fuzz/run.py --edits 1000000 --corpus FOLDER

With a corpus, the documents are those of the rendered charts in a folder, changed a little at
times; otherwise they come from our own generator. The first failure is printed, and the exit code
is 1.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))  # where pytest looks, too

from fuzz.checks import Failure, any_case, check, smallest
from fuzz.compare import EAGER, is_read_alike
from fuzz.generate import document
from fuzz.mutate import mutations

from postrender._yaml import YamlError, split
from postrender._yaml.lines import is_simple

LONGEST = 8000  # characters of a document
MUTATED = 0.3  # how many documents are changed at random, too


def main() -> int:
    """Fuzz, and print what was done."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    if options.seconds == float("inf") and not options.edits:
        parser.error("say how long: --seconds or --edits")
    random = Random(options.seed)
    texts = _corpus(random, options.corpus) if options.corpus else _generated(random)
    counts: Counter[str] = Counter()
    start = time.monotonic()
    try:
        for text in texts:
            _fuzz(random, text, counts)
            took = time.monotonic() - start
            if took > options.seconds or 0 < options.edits <= counts["edits"]:
                break
    except AssertionError as failure:
        print(f"FAILED with --seed {options.seed} after {counts['edits']} edits: {failure}")
        return 1
    for name, count in sorted(counts.items()):
        print(f"{count:10} {name}")
    print(f"{counts['edits'] / took:10.0f} edits/s, seed {options.seed}, {took:.0f} s")
    return 0


def _generated(random: Random) -> Iterator[str]:
    while True:
        yield document(random)


def _corpus(random: Random, folder: Path) -> Iterator[str]:
    """Yield documents of a folder's streams in any order, without end."""
    parts = (part for path in sorted(folder.glob("*.yaml")) for part in split(path.read_bytes()))
    bodies = [part.body.decode() for part in parts if 0 < len(part.body) < LONGEST]
    while True:
        text = random.choice(bodies)
        yield text.replace("\n", "\r\n") if random.random() < 0.05 else text


def _fuzz(random: Random, text: str, counts: Counter[str]) -> None:
    """Check one text: how it is read, and how it is written after some edits."""
    variants = [text]
    if random.random() < MUTATED:
        variants += [next(mutations(random, text))]
    for each in variants:
        try:
            counts["read by lines"] += is_read_alike(each, EAGER)
            case = any_case(random, each)
        except YamlError as error:
            if is_simple(each):
                raise Failure(f"simple, but no YAML: {error}: {each!r}") from error
            counts["texts that are no document"] += 1
            continue
        counts["documents"] += 1
        counts["edits"] += len(case.edits)
        try:
            counts[f"written: {check(case)}"] += 1
        except Failure:
            check(smallest(case))
            raise


if __name__ == "__main__":
    sys.exit(main())
