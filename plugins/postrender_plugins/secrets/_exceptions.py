"""Exceptions: findings that somebody knows, each with a reason and perhaps an end."""

import json
import os
import re
from collections.abc import Iterator
from fnmatch import translate
from typing import Any, Final, NamedTuple

from postrender import ConfigError, Context, Location, Manifest
from postrender_plugins.secrets._options import Options
from postrender_plugins.secrets._spelling import fingerprint

ANNOTATION: Final = "postrender.dev/allow-secrets"
_OURS: Final = re.compile(r"#\s*postrender:allow-secret\s+([\w./*-]+)\s+--\s+\S")
_OTHERS: Final = re.compile(r"gitleaks:allow|pragma:\s*allowlist\s+(?:secret|nextline)")
_MARK: Final = re.compile(r"postrender:allow-secret|gitleaks:allow|pragma:\s*allowlist")
_WORDS: Final = ("rule", "path", "reason", "until")


class Case(NamedTuple):
    """A finding, as exceptions look at it."""

    rule: str
    manifest: Manifest
    path: str  #: with items of lists by their names
    value: str  #: the line of the text in which it was found
    key: str  #: the last part of the path


class _Exception:
    """One exception, and whether anything needed it."""

    def __init__(self, where: str, location: Location, until: str, tests: dict[str, str]) -> None:
        self.where = where
        self.location = location
        self.until = until
        self.is_used = False
        self._tests = {
            name: re.compile(translate(glob.replace("[", "[[]"))).match
            for name, glob in tests.items()
        }

    def covers(self, case: Case) -> bool:
        """Tell whether it is about *case*."""
        manifest = case.manifest
        facts = {
            "rule": case.rule,
            "kind": manifest.kind,
            "namespace": manifest.namespace,
            "name": manifest.name,
            "path": case.path,
        }
        return all(test(facts[name]) for name, test in self._tests.items())


class Exceptions:
    """All exceptions of a step."""

    def __init__(self, options: Options, context: Context) -> None:
        """Take those of the options, and read the baseline.

        :raises ConfigError: for a baseline that cannot be read.
        """
        self._context = context
        self._all = [
            _Exception(f"exception {number}", Location(), each.until, _tests_of(vars(each)))
            for number, each in enumerate(options.allow, 1)
        ]
        self._baseline = _baseline(options.baseline, context.directory)
        self._name = options.baseline or ""
        self._known: set[str] = set()
        self._commented: dict[int, list[str]] = {}
        self._annotated: dict[int, list[_Exception]] = {}

    def allows(self, case: Case) -> bool:
        """Tell whether there is an exception for *case*."""
        mark = fingerprint(case.rule, case.manifest, case.path)
        if mark in self._baseline:
            self._known.add(mark)
            return True
        is_allowed = False
        for each in (*self._all, *self._of(case.manifest)):
            if each.covers(case):
                each.is_used = True
                is_allowed |= not _is_over(each.until)
        return is_allowed or _is_commented(case, self._lines(case.manifest))

    def tell(self) -> None:
        """Tell of exceptions that nothing needs, and of those that are over."""
        annotated = (each for own in self._annotated.values() for each in own)
        for each in (*self._all, *annotated):
            if _is_over(each.until):
                self._context.notice(f"{each.where} was good until {each.until}", each.location)
            elif not each.is_used:
                self._context.notice(f"{each.where} allows nothing; remove it", each.location)
        left = len(self._baseline - self._known)
        if left:
            self._context.notice(f"{self._name} has {left} findings that are no more")

    def look_at(self, manifest: Manifest) -> None:
        """Read the exceptions that stand in an object's annotation."""
        text = manifest.annotations.get(ANNOTATION)
        if text is not None:
            place = manifest.at(("metadata", "annotations", ANNOTATION))
            self._annotated[id(manifest)] = list(self._read(text, place))

    def _lines(self, manifest: Manifest) -> list[str]:
        """Return the lines of an object's text, none if there is no comment to look for."""
        lines = self._commented.get(id(manifest))
        if lines is None:
            text = manifest.text()
            lines = self._commented[id(manifest)] = text.split("\n") if _MARK.search(text) else []
        return lines

    def _of(self, manifest: Manifest) -> list[_Exception]:
        return self._annotated.get(id(manifest), [])

    def _read(self, text: str, place: Location) -> Iterator[_Exception]:
        """Give the exceptions in an annotation, and tell of what is none."""
        try:
            entries = json.loads(text)
        except ValueError:
            entries = None
        for entry in entries if isinstance(entries, list) else [None]:
            if isinstance(entry, dict) and _is_entry(entry):
                tests = _tests_of(entry)
                yield _Exception("the exception", place, entry.get("until", ""), tests)
            else:
                self._context.notice("it is no list of exceptions, each with a reason", place)


def _is_entry(entry: dict[Any, Any]) -> bool:
    return all(key in _WORDS and isinstance(each, str) for key, each in entry.items()) and bool(
        entry.get("reason", "").strip()
    )


def _tests_of(entry: dict[str, Any]) -> dict[str, str]:
    return {name: glob for name, glob in entry.items() if name not in ("reason", "until")}


def _is_over(until: str) -> bool:
    if not until:
        return False
    from datetime import date  # few exceptions end

    return until < date.today().isoformat()


def _baseline(name: str | None, directory: str) -> frozenset[str]:
    """Return the fingerprints in a baseline, none without a file."""
    if name is None:
        return frozenset()
    try:
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            entries = json.load(file)["entries"]
        return frozenset(str(entry["fingerprint"]) for entry in entries if entry["reason"])
    except OSError as error:
        raise ConfigError(f"the baseline {name} cannot be read: {error.strerror}") from None
    except (ValueError, LookupError, TypeError):
        hint = "each entry has a fingerprint and a reason"
        raise ConfigError(f"{name} is no baseline", hint=hint) from None


def _is_commented(case: Case, lines: list[str]) -> bool:
    """Tell whether a comment on the line of a value, or right above, allows it."""
    places = [at for at, line in enumerate(lines) if case.value and case.value in line]
    for at in places or [at for at, line in enumerate(lines) if f"{case.key}:" in line]:
        # The name of a variable may stand between the comment and its value.
        first = at - 2 if at > 1 and "name:" in lines[at - 1] else max(0, at - 1)
        if any(_allows(lines[near], case, is_own=near == at) for near in range(first, at + 1)):
            return True
    return False


def _allows(line: str, case: Case, *, is_own: bool) -> bool:
    """Tell whether the comment in *line* is about *case*: alone above it, or behind it."""
    if not is_own and not line.lstrip().startswith(("#", "- #")) and "name:" not in line:
        return False
    ours = _OURS.search(line)
    if ours:
        return ours[1] == "*" or re.match(translate(ours[1]), case.rule) is not None
    return _OTHERS.search(line) is not None
