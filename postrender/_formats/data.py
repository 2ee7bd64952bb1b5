"""JSON: everything that is known of each finding, allowed ones too."""

import json
from collections.abc import Sequence
from typing import Any

from postrender._formats.items import Item


def render(items: Sequence[Item], version: str) -> str:
    """Return an object with the list `findings`."""
    findings = [_finding(item) for item in items]
    report = {"version": version, "tool": "postrender", "findings": findings}
    return json.dumps(report, indent=2) + "\n"


def _finding(item: Item) -> dict[str, Any]:
    kind, namespace, name = item.names
    data: dict[str, Any] = {
        "ruleId": item.rule,
        "title": item.title,
        "severity": item.level or item.severity,
        "level": item.severity,
        "confidence": item.confidence,
        "message": item.message,
        "object": {
            "apiVersion": item.api_version,
            "kind": kind,
            "namespace": namespace,
            "name": name,
        },
        "path": item.path,
        "field": item.field,
        "source": item.source,
        "file": item.file,
        "document": item.document,
        "line": item.line,
        "endLine": item.end_line,
        "fingerprint": item.fingerprint,
        "check": item.check,
    }
    return data | ({"suppressed": {"reason": item.allowed}} if item.allowed else {})
