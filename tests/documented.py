"""The example that a plugin's documentation begins with, as a configuration."""

import re
from textwrap import dedent


def example(documentation: str | None) -> str:
    """Return the text of a configuration with the first `steps:` of *documentation*."""
    found = re.search(r"^    steps:\n(?: {6}.*\n)+", documentation or "", re.MULTILINE)
    assert found
    return "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n" + dedent(found.group())
