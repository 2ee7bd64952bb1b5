"""Where documents come from: the host that hands the stream over, and the files of the chart."""

import re
from typing import Final

HELM3: Final = "helm3"  #: names the file in a comment above a document, as `helm template` does
HELM4: Final = "helm4"  #: names it in an annotation
SOURCE: Final = "# Source: "

_ADDED = re.compile(r"\.postrender-(\d+)\.yaml$")


def find_source(text: str) -> str:
    """Return what a `# Source:` line among the comments above a document says, else `""`."""
    at = 0
    while text[at : at + 1] in ("#", "\n", "\r"):
        line, _, _ = text[at : at + 4096].partition("\n")
        if line.startswith(SOURCE):
            return line[len(SOURCE) :].strip()
        at += len(line) + 1
    return ""


def name_added(file: str, number: int) -> str:
    """Return the file name of a document that a step adds beside those of *file*.

    Helm 4 orders documents by their files, byte by byte: the name comes right behind *file*, and
    names of higher *number* behind it. Two names of added documents never stand in each other.
    """
    return f"{_ADDED.sub('', file)}.postrender-{number:06}.yaml"


def last_file(file: str) -> str:
    """Return a name that comes behind those of the chart which *file* belongs to."""
    chart = file.partition("/")[0] or "postrender"  # where nothing came, nothing names the chart
    return f"{chart}/templates/~"


def number_of(file: str) -> str:
    """Return the number in the name of an added document, "" for any other file."""
    found = _ADDED.search(file)
    return found[1] if found else ""


def is_partial(file: str) -> bool:
    """Tell whether Helm takes a file for one of helpers, and never installs what it holds."""
    return file.rstrip("/").rpartition("/")[2].startswith("_")
