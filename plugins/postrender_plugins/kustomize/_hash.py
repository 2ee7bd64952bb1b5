"""The hash that kustomize puts behind the names of generated ConfigMaps and Secrets."""

import hashlib
import json
from typing import Any, Final

from postrender import Manifest

_LENGTH: Final = 10
#: letters that could spell words, and digits that look like letters, are replaced
_SAFE: Final = str.maketrans("013ae", "ghkmt")
#: what Go's encoder escapes in JSON beside what all do
_ESCAPED: Final = str.maketrans(
    {each: f"\\u{ord(each):04x}" for each in ("<", ">", "&", "\u2028", "\u2029")}
)


def name_hash(manifest: Manifest) -> str:
    """Return the hash of the content that *manifest* has now."""
    content: dict[str, Any] = {
        "kind": manifest.kind,
        "name": "",  # kustomize looks for it in the wrong place
        "data": _values(manifest, "data"),
    }
    extra = "binaryData"
    if manifest.kind == "Secret":
        content["type"] = manifest.get(("type",), "")
        extra = "stringData"
    if isinstance(values := _values(manifest, extra), dict):
        content[extra] = values
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.translate(_ESCAPED).encode()).hexdigest()
    return digest[:_LENGTH].translate(_SAFE)


def _values(manifest: Manifest, name: str) -> Any:
    """Return a map of the object, "" for none, as kustomize has it."""
    value = manifest.get((name,))
    return "" if value is None else value
