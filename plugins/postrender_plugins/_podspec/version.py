"""Versions of Kubernetes, such as `1.33` and `v1.33.2+build`."""

import re

from postrender import Context


def known(configured: str | None, context: Context) -> tuple[int, int] | None:
    """Return the version that was stated for the run, else the *configured* one."""
    text = context.kube_version.value if context.kube_version else configured
    return parse(text) if text else None


def parse(text: str) -> tuple[int, int]:
    """Return the major and minor version that *text* says.

    :raises ValueError: if it says none.
    """
    match = re.fullmatch(r"v?(\d{1,4})\.(\d{1,4})(?:[.+-].*)?", text)
    if not match:
        raise ValueError("the value is no version of Kubernetes, such as 1.33")
    return int(match[1]), int(match[2])
