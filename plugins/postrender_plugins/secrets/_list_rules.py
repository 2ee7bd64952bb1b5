"""`postrender secrets rules`: each rule with what it is about, how bad it is, and its source."""

import json
from typing import Any

from postrender import Console
from postrender_plugins.secrets import _rules


def run(options: Any, console: Console) -> None:
    """Print the rules that the steps of the configuration use."""
    rules: dict[str, _rules.Rule] = {}
    for step in console.steps:
        rules |= _rules.assemble(step.options.rules, step.options.disable, step.directory)
    ordered = [rules[id] for id in sorted(rules)]
    if options.format == "json":
        console.write(json.dumps([_data(rule) for rule in ordered], indent=2) + "\n")
        return
    width = max((len(rule.id) for rule in ordered), default=0)
    for rule in ordered:
        told = f"{rule.id.ljust(width)}  {rule.severity.ljust(8)}  {rule.title}"
        console.write(told + (f"  {rule.source}" if rule.source else "") + "\n")


def _data(rule: _rules.Rule) -> dict[str, str]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "kind": rule.kind,
        "source": rule.source,
    }
