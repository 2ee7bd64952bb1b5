"""Why a selector matches nothing: slips that are easily made."""

from collections.abc import Mapping
from typing import Any

from postrender._manifests import Manifests
from postrender._nearest import nearest

_ALIKE = 0.45  # how alike names must be, from 0 to 1: `web` and `web-server` are


def hint(conditions: Mapping[str, Any], manifests: Manifests) -> str:
    """Return advice for a selector that matches none of *manifests*, or ""."""
    for text in _texts(conditions, "version"):
        if "/" in text:
            group, _, version = text.rpartition("/")
            return f"`version: {text}` is an apiVersion; write `apiVersion: {text}`, " + (
                f"or `group: {group}` with `version: {version}`"
            )
    for text in _texts(conditions, "group"):
        group, slash, version = text.partition("/")
        if slash and not text.startswith("/"):
            return f"`group: {text}` is an apiVersion; write `apiVersion: {text}`"
    for word in ("kind", "name", "namespace"):
        known = {getattr(manifest, word) for manifest in manifests} - {""}
        if found := _misspelt(_texts(conditions, word), known):
            return f"no {word} is called `{found[0]}`; did you mean `{found[1]}`?"
    if _texts(conditions, "namespace") and not any(each.namespace for each in manifests):
        return 'no object says its namespace; `namespace: ""` selects those'
    return ""


def _texts(conditions: Mapping[str, Any], word: str) -> list[str]:
    value = conditions.get(word, [])
    return [value] if isinstance(value, str) else value


def _misspelt(texts: list[str], known: set[str]) -> tuple[str, str] | None:
    """Return the first text that nothing is called, with what was probably meant."""
    for text in texts:
        is_literal = text and "/" not in text
        if is_literal and text not in known and (near := nearest(text, known, _ALIKE)):
            return text, near
    return None
