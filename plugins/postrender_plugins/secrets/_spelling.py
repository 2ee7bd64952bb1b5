"""How paths are spelled, for people, exceptions and fingerprints: `spec.env[NAME].value`."""

from collections.abc import Mapping, Sequence
from typing import Any

from postrender import Manifest


def spell(value: Any, path: Sequence[str | int]) -> str:
    """Return *path* in *value* with items of lists by their names, where they have one."""
    text = ""
    for part in path:
        value = value[part]
        if isinstance(part, int):
            name = value.get("name") if isinstance(value, Mapping) else None
            text += f"[{name if isinstance(name, str) else part}]"
        else:
            text += f".{part}" if text else part
    return text


def fingerprint(rule: str, manifest: Manifest, path: str) -> str:
    """Return what names a finding from run to run, without anything of its value."""
    from hashlib import sha256  # only what was found needs one

    owner = (f"{manifest.group}/{manifest.kind}", manifest.namespace, manifest.name)
    return sha256("|".join(("v1", rule, *owner, path)).encode()).hexdigest()[:16]
