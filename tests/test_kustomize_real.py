"""The plugin kustomize gives the objects that the real kustomize gives."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real import kustomize

from postrender import Manifests, Pipeline

HERE = Path(__file__).parent / "plugins" / "kustomize"

#: cases with the fields of one kustomization
INLINE = [
    "common_labels",
    "generators",
    "labels_and_annotations",
    "names",
    "namespace",
    "openapi",
    "patches",
    "replacements",
]


def objects(stream: bytes) -> dict[tuple[str, ...], Any]:
    """Return the objects of *stream* by what they are known by."""
    return {
        (each.api_version, each.kind, each.namespace, each.name): each.to_dict()
        for each in Manifests.parse(stream)
    }


def built(folder: Path) -> dict[tuple[str, ...], Any]:
    """Return what the real kustomize builds in *folder*."""
    done = subprocess.run([kustomize(), "build", folder], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return objects(done.stdout)


@pytest.mark.parametrize("name", INLINE)
def test_the_fields_of_a_step_make_the_same_objects(name: str, tmp_path: Path) -> None:
    shutil.copytree(HERE / name, tmp_path, dirs_exist_ok=True)
    shutil.copy(tmp_path / "input.yaml", tmp_path / "all.yaml")
    options = (tmp_path / "options.yaml").read_text()
    (tmp_path / "kustomization.yaml").write_text(f"resources: [all.yaml]\n{options}")
    assert objects((HERE / name / "expected.yaml").read_bytes()) == built(tmp_path)


def test_bases_and_components_make_the_same_objects(tmp_path: Path) -> None:
    shutil.copytree(HERE / "overlay", tmp_path, dirs_exist_ok=True)
    shutil.copy(tmp_path / "input.yaml", tmp_path / "base" / "all.yaml")
    expected = (HERE / "overlay" / "expected.yaml").read_bytes()
    assert objects(expected) == built(tmp_path / "overlays" / "eu")


def test_a_script_around_kustomize_is_not_needed(tmp_path: Path) -> None:
    case = HERE / "the_script_around_kustomize"
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "kustomize").symlink_to(kustomize())
    done = subprocess.run(
        ["bash", tmp_path / "overlay" / "kustomize.sh"],
        input=(case / "input.yaml").read_bytes(),
        capture_output=True,
        check=True,
        env={**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"},
    )
    assert objects((case / "expected.yaml").read_bytes()) == objects(done.stdout)


FLUX = """\
resources: [all.yaml]
patches:
- target: {version: v1, kind: Deployment, name: shop}
  patch: |
    - {op: add, path: /spec/template/metadata/labels/environment, value: production}
- target: {kind: Service}
  patch: |
    {apiVersion: v1, kind: Service, metadata: {name: not-used, labels: {environment: production}}}
images:
- {name: registry.example.com/shop, newName: mirror.example/shop, newTag: 1.4.3}
"""
# What helmfile makes of it, with chartify.
HELMFILE = """\
resources: [all.yaml]
patchesStrategicMerge:
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: shop, namespace: shop}
  spec: {template: {spec: {nodeSelector: {zone: a}}}}
patchesJson6902:
- target: {version: v1, kind: Service, name: shop}
  patch: |-
    - {op: add, path: /metadata/annotations/example.com~1scrape, value: "true"}
"""


@pytest.mark.parametrize(
    ("name", "kustomization"), [("a_flux_helm_release", FLUX), ("a_helmfile_release", HELMFILE)]
)
def test_a_pasted_block_makes_the_same_objects(
    name: str, kustomization: str, tmp_path: Path
) -> None:
    shutil.copy(HERE / name / "input.yaml", tmp_path / "all.yaml")
    (tmp_path / "kustomization.yaml").write_text(kustomization)
    assert objects((HERE / name / "expected.yaml").read_bytes()) == built(tmp_path)


# -- hashes ---------------------------------------------------------------------------------------

# kustomize takes a key for a number or a boolean where it looks like one.
KEYS = st.text("abcXYZ019._-", max_size=8).map("k{}".format)
# What else is text kustomize cannot write.
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=200)
BINARIES = st.binary(max_size=120).map(b"\xff".__add__)
DATA = st.dictionaries(KEYS, BINARIES | TEXTS.map(str.encode), max_size=4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["configMap", "secret"]), DATA), min_size=1, max_size=6))
def test_names_get_the_same_hashes(generators: list[tuple[str, dict[str, bytes]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        fields: dict[str, list[dict[str, Any]]] = {}
        for number, (kind, data) in enumerate(generators):
            files = []
            for index, (key, value) in enumerate(data.items()):
                (root / f"{number}-{index}").write_bytes(value)
                files.append(f"{key}={number}-{index}")
            each = {"name": f"g{number}", "files": files}
            fields.setdefault(f"{kind}Generator", []).append(each)
        (root / "kustomization.yaml").write_text(repr(fields))
        step = {"kustomize": fields}
        ours = Pipeline.from_dict({"steps": [step]}, folder).run(b"")
        assert {key[3] for key in objects(ours)} == {key[3] for key in built(root)}
