"""Real programs for tests: found by a variable or in PATH, required when CI=true."""

import os
import shutil

import pytest


def kustomize() -> str:
    """Return the path of kustomize, from POSTRENDER_KUSTOMIZE or PATH; skip the test without it."""
    return _program("kustomize", "POSTRENDER_KUSTOMIZE")


def _program(name: str, variable: str) -> str:
    found = shutil.which(os.environ.get(variable) or name)
    if found:
        return found
    reason = f"needs {name}: put it into PATH or its path into {variable}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
