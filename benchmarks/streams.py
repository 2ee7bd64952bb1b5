"""Make streams of manifests from our own templates, the same bytes on every machine.

    python benchmarks/streams.py 1MB stream.yaml
    python benchmarks/streams.py 10000docs stream.yaml

A size ends with the first document that reaches it, a count is that of small documents. Names are
unique, since kustomize refuses an object that it has seen before.
"""

import re
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from string import Template

UNITS = {"KB": 1_000, "MB": 1_000_000}
TEMPLATES = Path(__file__).parent / "templates"
SERVICE = ("serviceaccount", "service", "deployment")
BACKEND = ("configmap", "secret", "role", "rolebinding", "service", "statefulset", "cronjob")
SMALL = ("small", "service", "serviceaccount", "role")
CRD_EVERY = 4  # parts of the shop for each of which there is one custom resource
CRD_DEPTH = 5


def main(size: str, path: str) -> None:
    """Write the stream of a size, such as `100KB` or `10000docs`, to a file."""
    number, unit = split(size)
    with open(path, "w", encoding="utf-8") as file:
        for document in small(number) if unit == "docs" else mixed(number * UNITS[unit]):
            file.write(document)


def split(size: str) -> tuple[int, str]:
    """Split `100KB` into number and unit; ValueError if it is none."""
    match = re.fullmatch(r"(\d+)(KB|MB|docs)", size)
    if not match:
        raise ValueError(f"{size!r} is no size: write 100KB, 5MB or 10000docs")
    return int(match[1]), match[2]


def mixed(size: int) -> Iterator[str]:
    """Yield documents of a large chart until they are `size` long."""
    for document in documents():
        yield document
        size -= len(document)
        if size <= 0:
            return


def small(number: int) -> Iterator[str]:
    """Yield as many small documents as told, of about 650 bytes on average."""
    templates = [read(name) for name in SMALL]
    for i in range(number):
        yield templates[i % len(templates)].substitute(name=f"small-{i}")


def documents() -> Iterator[str]:
    """Yield the documents of one part of the shop after the other, without end."""
    templates = {name: read(name) for name in (*SERVICE, *BACKEND, "crd")}
    crd_schema = "".join(schema(CRD_DEPTH, " " * 10))
    for i in count():
        for names, part in ((SERVICE, "web"), (BACKEND, "store")):
            for name in names:
                yield templates[name].substitute(name=f"{part}-{i}")
        if i % CRD_EVERY == CRD_EVERY - 1:
            crd = templates["crd"].substitute(
                name=f"crd-{i}", kind=f"Thing{i}", plural=f"thing{i}s"
            )
            yield crd + crd_schema


def schema(depth: int, indent: str) -> Iterator[str]:
    """Yield the lines of a schema whose objects nest as deep as told."""
    yield f"{indent}type: object\n"
    yield f"{indent}description: >-\n"
    yield f"{indent}  What a thing is like, {depth} levels above the ground;\n"
    yield f"{indent}  see its neighbours for what it is not.\n"
    yield f"{indent}properties:\n"
    yield f"{indent}  labels: {{type: object, additionalProperties: {{type: string}}}}\n"
    yield f"{indent}  size:\n{indent}    type: integer\n{indent}    minimum: 0\n"
    if depth:
        for side in ("left", "right"):
            yield f"{indent}  {side}:\n"
            yield from schema(depth - 1, indent + "    ")


def read(name: str) -> Template:
    """Return the template of a name."""
    return Template((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*sys.argv[1:])
