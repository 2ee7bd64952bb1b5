"""Edits, findings, notices and errors as plain data, without the values of Secrets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from postrender._edits import Edit
from postrender._errors import Location, PostrenderError, pointer
from postrender._findings import Finding, Notice
from postrender._manifests import Manifests
from postrender._places import Places
from postrender._redact import Redactor

Data = dict[str, Any]

_LONGEST: Final = 10_000  #: characters of a value that is not to be cut
_DEEPEST: Final = 100
_NOWHERE: Final[Data] = {"location": None, "hint": ""}


class Seen:
    """What a run has seen, from which the values of Secrets are learned once they may be told.

    A run that has nothing to tell looks for none.
    """

    def __init__(self) -> None:
        """Have seen nothing."""
        self.stream = b""  #: what came, to be set before it is parsed, since that may fail
        self.manifests: Manifests | None = None  #: what was made of it
        self._redactor: Redactor | None = None

    @property
    def redactor(self) -> Redactor:
        """What hides those values; it is to be asked for when the steps have run."""
        if self._redactor is None:
            self._redactor = Redactor()
            self._redactor.learn_stream(self.stream)
            if self.manifests is not None:  # it may be empty by now
                self._redactor.learn_edits(self.manifests.edits)
        return self._redactor

    def scrub(self, text: str) -> str:
        """Return *text* as `Redactor.scrub` does."""
        return self.redactor.scrub(text)


def scrubbed(value: Any, scrub: Callable[[str], str]) -> Any:
    """Return a copy of a plain value whose texts *scrub* has seen; keys stay as they are."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {key: scrubbed(each, scrub) for key, each in value.items()}
    if isinstance(value, list):
        return [scrubbed(each, scrub) for each in value]
    return value


def _about(finding: Finding) -> dict[str, str]:
    """Return what a finding says about itself, with a fingerprint where it has none of its own."""
    about = finding.about
    if not about.fingerprint:
        from hashlib import sha256  # 2 ms, and most runs find nothing

        parts = (str(finding.rule), finding.location.object, pointer(finding.location.path))
        mark = sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:16]
        about = about._replace(fingerprint=mark)
    return about._asdict()


class Teller:
    """Says what happened, in values that JSON has."""

    def __init__(self, redactor: Redactor, sources: Mapping[int, str], most: int | None) -> None:
        """Hide what *redactor* hides.

        :param sources: the files of documents, by their numbers.
        :param most: how many edits to tell, and then with values of bearable length; None for all.
        """
        self._redactor = redactor
        self._sources = sources
        self._left = most
        self.text = redactor.scrub

    def edits(self, edits: Sequence[Edit]) -> list[Data]:
        """Return *edits*, or the first of them where there are too many."""
        if self._left is not None:
            edits = edits[: self._left]
            self._left -= len(edits)
        return [self._edit(self._redactor.edit(edit)) for edit in edits]

    def _edit(self, edit: Edit) -> Data:
        return {
            "op": edit.op,
            "path": self.text(pointer(edit.path)),
            "manifest": self.text(edit.manifest),
            "document": edit.position,
            "source": self.text(self._sources.get(edit.position, "")),
            "old": self._value(edit.old),
            "new": self._value(edit.new),
        }

    def findings(self, findings: Iterable[Finding], places: Places) -> list[Data]:
        """Return *findings*, with what *places* know of them."""
        return [
            {
                "severity": str(finding.severity),
                "rule": self.text(str(finding.rule)),
                "message": self.text(str(finding.message)),
                "location": self._place(finding.location, places),
                "fix": [self._fix(each, finding.location) for each in finding.fix],
                "allowed": self.text(str(finding.allowed)),
                "about": {key: self.text(str(each)) for key, each in _about(finding).items()},
            }
            for finding in findings
        ]

    def _place(self, location: Location, places: Places) -> Data | None:
        told = self.location(location)
        if told is not None:
            place = places.find(location)
            told |= {"apiVersion": self.text(place.api_version), "field": self.text(place.field)}
            told |= {"line": place.line, "endLine": place.end_line}
        return told

    def _fix(self, operation: Mapping[str, object], location: Location) -> Any:
        path = tuple(str(operation.get("path", "")).replace("~1", "/").split("/")[1:])
        value = operation.get("value")
        edit = Edit("", location.object, location.document, "add", path, None, value)
        if value is None:
            return self._value(dict(operation))
        return self._value({**operation, "value": self._redactor.edit(edit).new})

    def notices(self, notices: Iterable[Notice]) -> list[Data]:
        """Return *notices*."""
        return [
            {
                "step": self.text(notice.step),
                "message": self.text(str(notice.message)),
                "location": self.location(notice.location),
            }
            for notice in notices
        ]

    def location(self, location: Location | str) -> Data | None:
        """Return a place in the stream, or in the configuration; None for none."""
        if not str(location):
            return None
        place: Data = {"text": self.text(str(location))}
        if isinstance(location, Location):
            place |= {
                "document": location.document,
                "source": self.text(location.source),
                "object": self.text(location.object),
                "path": self.text(pointer(location.path)),
            }
        return place

    def error(self, error: BaseException) -> Data:
        """Return what an error says of itself."""
        name = type(error).__name__
        if not isinstance(error, PostrenderError):
            return {"class": name, "step": "", "message": self.text(str(error))} | _NOWHERE
        return {
            "class": name,
            "step": self.text(error.step),
            "message": self.text(error.message),
            "location": self.location(error.location),
            "hint": self.text(error.hint),
        }

    def _value(self, value: Any) -> Any:
        """Return a copy of *value* that JSON can say, its size where it is too long."""
        if type(value) is str and len(value) <= _LONGEST:
            return self.text(value)
        value = self._plain(value, 0)
        if self._left is not None:
            size = len(value if isinstance(value, str) else repr(value))
            if size > _LONGEST:
                return f"({size} characters)"
        return value

    def _plain(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            return "(nested too deep to be shown)"
        if isinstance(value, Mapping):
            return {
                self.text(str(key)): self._plain(each, depth + 1) for key, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._plain(each, depth + 1) for each in value]
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float) and isfinite(value):
            return value
        return self.text(str(value))
