"""SARIF 2.1.0, which code scanning services take; nothing of a manifest's text is in it."""

import json
import os
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from postrender._formats.items import ERROR, INFO, LEVELS, WARNING, Item

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {ERROR: "error", WARNING: "warning", INFO: "note"}
#: What GitHub sorts alerts by: from 9 on it is critical, from 7 high, from 4 medium.
_SCORES: Final = {"critical": "9.0", "high": "7.0", "medium": "5.0", "low": "2.0"}
FINGERPRINT: Final = "postrender/v1"


def render(items: Sequence[Item], version: str) -> str:
    """Return a log with one run; findings that are allowed are suppressed results."""
    rules = {rule: _rule(rule, items) for rule in sorted({item.rule for item in items})}
    driver = {"name": "postrender", "version": version, "rules": list(rules.values())}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, list(rules).index(item.rule)) for item in items],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(rule: str, items: Sequence[Item]) -> dict[str, Any]:
    """Return what is known of a rule, as bad as the worst of its findings."""
    worst = min(
        (item for item in items if item.rule == rule), key=lambda item: LEVELS.index(item.level)
    )
    data: dict[str, Any] = {"id": rule, "shortDescription": {"text": worst.title or rule}}
    if worst.page.startswith("https://"):
        data["helpUri"] = worst.page
    if worst.level:
        data["properties"] = {"security-severity": _SCORES[worst.level], "tags": ["security"]}
    return data


def _result(item: Item, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "level": _LEVELS[item.severity],
        "message": {"text": item.message},
        "locations": [_location(item)],
        "partialFingerprints": {FINGERPRINT: item.fingerprint},
    }
    if item.source and item.file:
        result["relatedLocations"] = [{"physicalLocation": _physical(item.file, item)}]
    if item.allowed:
        suppression = {"kind": "external", "status": "accepted", "justification": item.allowed}
        result["suppressions"] = [suppression]
    return result


def _location(item: Item) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _physical(item.artifact, item)}
    if item.object:
        kind, namespace, name = item.names
        owner = "/".join(part for part in (kind, namespace, name) if part)
        full = f"{owner}#{item.field}" if item.field else owner
        location["logicalLocations"] = [{"fullyQualifiedName": full}]
    return location


def _physical(file: str, item: Item) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    # Services want a line; what stands in none is about the whole.
    place["region"] = {"startLine": item.line or 1}
    if item.end_line > item.line:
        place["region"]["endLine"] = item.end_line
    return place


def _uri(file: str) -> str:
    """Return a path as a reference, which begins with a scheme where it is absolute."""
    path = quote(file.replace(os.sep, "/"))
    return f"file://{path}" if path.startswith("/") else path
