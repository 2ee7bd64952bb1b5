"""What can be a label, by Kubernetes' rule, which every store keeps to when it selects by them."""

import re
from collections.abc import Mapping
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_PREFIX: Final = re.compile(
    r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*"
)
_PREFIX_LENGTH: Final = 253


def check_labels(labels: Mapping[str, str]) -> None:
    """Check what a query selects by.

    :raises ValueError: when a key or a value cannot be a label's.
    """
    for key, value in labels.items():
        prefix, slash, name = key.rpartition("/")
        if not _NAME.fullmatch(name) or (slash and not _is_prefix(prefix)):
            raise ValueError(f"not the key of a label: {key!r}")
        if value and not _NAME.fullmatch(value):
            raise ValueError(f"not the value of a label: {key}={value!r}")


def _is_prefix(text: str) -> bool:
    return len(text) <= _PREFIX_LENGTH and bool(_PREFIX.fullmatch(text))
