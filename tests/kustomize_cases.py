"""What cases that kustomize was given have in common."""

from pathlib import Path
from typing import Any

from postrender import Manifests


def check_same_objects(case: Path) -> None:
    """Assert that our output has kustomize's objects, in the order of the input."""

    def read(name: str) -> dict[str, Any]:
        manifests = Manifests.parse((case / name).read_bytes())
        return {str(manifest): manifest.to_dict() for manifest in manifests}

    ours = read("expected.yaml")
    assert ours == read("kustomize.yaml")
    assert list(ours) == list(read("input.yaml"))
