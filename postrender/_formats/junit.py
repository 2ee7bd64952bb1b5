"""JUnit's XML, which CI services show as tests: each finding is a case, and an error fails it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from postrender._formats.items import ERROR, Item

#: What XML 1.0 cannot hold, however it is written.
_ODD: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(items: Sequence[Item], version: str) -> str:
    """Return a suite for each check; without a finding, one with a case that passes."""
    checks = dict.fromkeys(item.check for item in items)
    suites = [(check, [item for item in items if item.check == check]) for check in checks]
    lines = [line for check, own in suites for line in _suite(check, own)]
    if not suites:
        lines = [
            '<testsuite name="postrender" tests="1" failures="0" errors="0" skipped="0">',
            '<testcase classname="postrender" name="no findings"/>',
            "</testsuite>",
        ]
    text = "\n".join(lines)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<testsuites name="postrender">\n{text}\n</testsuites>\n'


def _suite(check: str, items: Sequence[Item]) -> Iterator[str]:
    failures = sum(item.severity == ERROR and not item.allowed for item in items)
    skipped = sum(bool(item.allowed) for item in items)
    counts = f'tests="{len(items)}" failures="{failures}" errors="0" skipped="{skipped}"'
    yield f"<testsuite name={_quoted(check)} {counts}>"
    for item in items:
        yield from _case(item)
    yield "</testsuite>"


def _case(item: Item) -> Iterator[str]:
    file, line = item.spot
    place = " ".join(part for part in (item.object, item.field) if part) or file
    names = f"classname={_quoted(item.rule)} name={_quoted(place)}"
    number = f' line="{line}"' if line else ""
    yield f"<testcase {names} file={_quoted(file)}{number}>"
    if item.allowed:
        yield f"<skipped message={_quoted(item.allowed)}/>"
    elif item.severity == ERROR:
        what = f"type={_quoted(item.rule)} message={_quoted(item.message)}"
        where = f"{file}:{line}" if line else file
        yield f"<failure {what}>{_text(f'{where}: {place}')}</failure>"
    else:
        yield f"<system-out>{_text(f'{item.severity}: {item.message}')}</system-out>"
    yield "</testcase>"


def _quoted(text: str) -> str:
    return quoteattr(_plain(text))


def _text(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    return _ODD.sub(lambda match: ascii(match.group())[1:-1], text)
