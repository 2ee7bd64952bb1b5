"""Exceptions: findings that somebody knows, each with a reason and perhaps an end."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import translate
from typing import Any, Final, NamedTuple

from postrender import Context, Location, Manifest
from postrender_plugins.secrets._baseline import KEY, Baseline, inner
from postrender_plugins.secrets._options import Options
from postrender_plugins.secrets._spelling import fingerprint

ANNOTATION: Final = "postrender.dev/allow-secrets"
#: A reason ends where a quoted text does that the comment is in: what follows may be secret.
_OURS: Final = re.compile(
    r"""#\s*postrender:allow-secret\s+([\w./*-]+)\s+--\s+((?=[^\s\\])(?:(?!["']\s*[,}\]:]|\\).)+)"""
)
_OTHERS: Final = re.compile(r"gitleaks:allow|pragma:\s*allowlist\s+(?:secret|nextline)")
_MARK: Final = re.compile(r"postrender:allow-secret|gitleaks:allow|pragma:\s*allowlist")
_WORDS: Final = ("rule", "path", "reason", "until")
_INHERITED: Final = "inherited"  #: the reason of a comment that is for another scanner


class Case(NamedTuple):
    """A finding, as exceptions look at it."""

    rule: str
    manifest: Manifest
    path: str  #: with items of lists by their names
    place: tuple[str | int, ...]  #: the path as it is
    text: str  #: what stands there
    number: int  #: of the line of the text in which it was found, from 0


class _Exception:
    """One exception, and whether anything needed it."""

    def __init__(self, where: str, location: Location, entry: Mapping[str, str]) -> None:
        self.where = where
        self.location = location
        self.reason = entry["reason"]
        self.until = entry.get("until", "")
        self.is_used = False
        self._tests = {
            name: re.compile(translate(glob.replace("[", "[[]"))).match
            for name, glob in entry.items()
            if name not in ("reason", "until")
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
            _Exception(f"allow[{index}]", Location(), vars(each))
            for index, each in enumerate(options.allow)
        ]
        key = context.variables.get(KEY, "")
        self._baseline = Baseline.read(options.baseline, context.directory, key)
        self._name = options.baseline or ""
        self._marks: Counter[str] = Counter()
        self._commented: dict[int, bool] = {}
        self._annotated: dict[int, list[_Exception]] = {}

    def judge(self, case: Case) -> tuple[str, str]:
        """Return the fingerprint of *case*, and why it is allowed, `""` if it is not.

        Each is to be judged once, in the order of the stream: what stands in one place of one text
        has a fingerprint by its number there.
        """
        name, value = inner(case.text, case.number)
        path = f"{case.path}#{name}" if name else case.path
        mark = fingerprint(case.rule, case.manifest, path)
        self._marks[mark] += 1
        if self._marks[mark] > 1:
            mark = fingerprint(case.rule, case.manifest, f"{path}#{self._marks[mark]}")
        return mark, self._baseline.reason(mark, value) or self._reason(case)

    def _reason(self, case: Case) -> str:
        reason = ""
        for each in (*self._all, *self._of(case.manifest)):
            if each.covers(case):
                each.is_used = True
                reason = reason or ("" if _is_over(each.until) else each.reason)
        return reason or (_comment(case) if self._is_commented(case.manifest) else "")

    def tell(self) -> None:
        """Tell of exceptions that nothing needs, and of those that are over."""
        annotated = (each for own in self._annotated.values() for each in own)
        for each in (*self._all, *annotated):
            if _is_over(each.until):
                self._context.notice(f"{each.where} was good until {each.until}", each.location)
            elif not each.is_used:
                self._context.notice(f"{each.where} allows nothing; remove it", each.location)
        self._tell_of_baseline()

    def _tell_of_baseline(self) -> None:
        baseline = self._baseline
        gone = len(baseline.entries.keys() - baseline.used - baseline.changed)
        if gone:
            again = "write it again with postrender secrets baseline"
            self._context.notice(f"{self._name} knows {_counted(gone)} too many; {again}")
        if baseline.changed:
            changed = _counted(len(baseline.changed))
            self._context.notice(f"{self._name} knows {changed} with another value")
        if baseline.is_blind:
            self._context.notice(f"{self._name} has values that only {KEY} can compare")

    def look_at(self, manifest: Manifest) -> None:
        """Read the exceptions that stand in an object's annotation."""
        text = manifest.annotations.get(ANNOTATION)
        if text is not None:
            place = manifest.at(("metadata", "annotations", ANNOTATION))
            self._annotated[id(manifest)] = list(self._read(text, place))

    def _is_commented(self, manifest: Manifest) -> bool:
        """Tell whether there is a comment to look for in an object's document."""
        known = self._commented.get(id(manifest))
        if known is None:
            lines, _, _ = manifest.text_at(())
            known = self._commented[id(manifest)] = any(map(_MARK.search, lines))
        return known

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
                yield _Exception("the exception", place, entry)
            else:
                self._context.notice("it is no list of exceptions, each with a reason", place)


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


def _is_entry(entry: dict[Any, Any]) -> bool:
    return all(key in _WORDS and isinstance(each, str) for key, each in entry.items()) and bool(
        entry.get("reason", "").strip()
    )


def _is_over(until: str) -> bool:
    if not until:
        return False
    from datetime import date  # few exceptions end

    return until < date.today().isoformat()


def _comment(case: Case) -> str:
    """Return the reason in a comment on the line of a value, or right above, `""` without one.

    One on the line of the key, or above that, is about all lines of the value.
    """
    lines, key, _ = case.manifest.text_at(case.place)
    _, first, last = case.manifest.text_at(case.place, case.number + 1)
    if "\n" not in case.text:
        first = key  # and what spans several lines is one value
    for start, end in ((first, last), (key, key)):
        # The name of a variable may stand between the comment and its value.
        above = 2 if start > 1 and "name:" in lines[start - 1] else 1
        for near in range(max(0, start - above), end + 1):
            if reason := _reason_in(lines[near], case, is_own=near >= start):
                return reason
    return ""


def _reason_in(line: str, case: Case, *, is_own: bool) -> str:
    """Return the reason in *line* if its comment is about *case*: alone above it, or behind it."""
    if not is_own and not line.lstrip().startswith(("#", "- #")) and "name:" not in line:
        return ""
    ours = _OURS.search(line)
    if ours:
        fits = ours[1] == "*" or re.match(translate(ours[1]), case.rule)
        return ours[2].strip() if fits else ""
    return _INHERITED if _OTHERS.search(line) else ""
