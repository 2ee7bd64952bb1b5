"""What `helm template` printed, taken apart into the documents of the chart's files."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from postrender._errors import Location, StreamError
from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.first import documents
from postrender._yaml import YamlError, load

_SOURCE: Final = re.compile(r"^---[ \t]*\r?\n# Source: ([^\r\n]*)\r?\n", re.MULTILINE)
_CRDS: Final = re.compile(r"[^/]+(?:/charts/[^/]+)*/crds/")


class Rendered(NamedTuple):
    """The documents of a chart, those of each part in the order that they were printed in."""

    crds: Sequence[Entry]  #: the files of `crds/`, whole; only `--include-crds` prints them
    documents: Sequence[Entry]  #: manifests, and behind them hooks and tests

    @property
    def crd_documents(self) -> list[Entry]:
        """The documents of the files of `crds/`."""
        found = [(crd.file, documents(crd.text)) for crd in self.crds]
        return [Entry(file, text, value) for file, each in found for text, value in each]

    @property
    def manifests(self) -> list[Entry]:
        """The documents that are no hooks."""
        return [entry for entry in self.documents if entry.events == ()]

    @property
    def hooks(self) -> list[Entry]:
        """The hooks and tests."""
        return [entry for entry in self.documents if entry.events]


def read_rendered(stream: bytes) -> Rendered:
    """Read the output of `helm template`, of Helm 3 or Helm 4.

    :raises StreamError: if a document has no `# Source:` comment, or is no YAML.
    """
    text = _decode(stream)
    cuts = list(_SOURCE.finditer(text))
    _refuse_strangers(text[: cuts[0].start()] if cuts else text)
    ends = [*(cut.start() for cut in cuts[1:]), len(text)]
    crds: list[Entry] = []
    others: list[Entry] = []
    for number, (cut, end) in enumerate(zip(cuts, ends, strict=False), 1):
        file, body = cut[1].strip(), text[cut.end() : end]
        # Helm ends each with a line break of its own.
        if _CRDS.match(file):
            crds.append(Entry(file, body.removesuffix("\n"), None))
        else:
            body = body[:-1] if body.endswith("\n\n") else body
            others.append(_entry(number, file, body))
    return Rendered(crds, others)


def _decode(stream: bytes) -> str:
    try:
        return stream.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = stream.count(b"\n", 0, error.start) + 1
        hint = "manifests are UTF-8; convert the file"
        raise StreamError(f"line {line}: invalid UTF-8", hint=hint) from None


def _refuse_strangers(text: str) -> None:
    """Refuse text in front of the first file that `helm template` names."""
    if re.search(r"(?m)^\s*[^\s#-]", text):
        message = "the stream begins with a document that names no file"
        hint = "give the output of `helm template`, with its comments `# Source:`"
        raise StreamError(message, hint=hint)


def _entry(position: int, file: str, text: str) -> Entry:
    try:
        value = load(text)
    except YamlError as error:
        location = Location(position, file)
        raise StreamError(f"line {error.line}: {error.message}", location=location) from None
    if value is not None and not isinstance(value, dict):
        raise StreamError("the document is no object", location=Location(position, file))
    return Entry(file, text, value)
