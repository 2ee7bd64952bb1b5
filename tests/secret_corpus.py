"""The labelled corpus `dev_own`, and what of its secrets stands in a text."""

import gzip
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from postrender_plugins import secrets

FOLDER = Path(__file__).parent / "cases" / "secrets"
RULES = Path(secrets.__file__).parent / "rules.yaml"
#: Digits of a hash of a place, which by chance are those of a secret.
FINGERPRINT = re.compile(r"\"(?:fingerprint|postrender/v1)\": ?\"[0-9a-f]{16}\"")


@cache
def stream() -> str:
    """Return the manifests."""
    return gzip.decompress((FOLDER / "dev_own.yaml.gz").read_bytes()).decode()


@cache
def labels() -> list[dict[str, Any]]:
    """Return what is a secret in them, and what only looks like one."""
    text = gzip.decompress((FOLDER / "dev_own.labels.json.gz").read_bytes())
    found: list[dict[str, Any]] = json.loads(text)["labels"]
    return found


@cache
def values() -> list[str]:
    """Return the secrets in them."""
    documents = list(yaml.load_all(stream(), Loader=yaml.CSafeLoader))
    found = []
    for label in labels():
        if label["is_secret"]:
            value = documents[label["doc"]]
            for part in label["path"]:
                value = value[part]
            found.append(str(value)[label["start"] : label["end"]])
    return found


def pieces(value: str, size: int = 6) -> set[str]:
    """Return all pieces of *value* that are *size* characters long."""
    return {value[at : at + size] for at in range(len(value) - size + 1)}


def leaked(told: str, secret: Iterable[str], public: str = "") -> set[str]:
    """Return the pieces of secrets that stand in *told*, and nowhere in what is *public*."""
    hidden = {piece for value in secret for piece in pieces(value)}
    return (hidden & pieces(FINGERPRINT.sub("", told))) - pieces(public)


@cache
def public() -> str:
    """Return what anybody may read: the manifests without the secrets, the rules, our words."""
    text = stream()
    for value in sorted(values(), key=len, reverse=True):
        for spelled in (value, json.dumps(value)[1:-1], value.replace("'", "''")):
            text = text.replace(spelled, "")
    sources = (path.read_text() for path in Path(secrets.__file__).parent.glob("*.py"))
    return "\n".join((text, "base64:", RULES.read_text(), *sources))
