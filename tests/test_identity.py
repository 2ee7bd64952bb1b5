"""What a manifest says of itself: kind, names, labels, source, hook and place."""

import pytest

from postrender import Location, Manifest, Manifests

DEPLOYMENT = """\
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web # ours
    tier: 4
  annotations:
"""
LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: {name: a}
- apiVersion: v1
  kind: Pod
  metadata:
    name: b # second
"""


def parse(text: str) -> Manifest:
    """Return the only manifest of a stream."""
    (manifest,) = Manifests.parse(text.encode())
    return manifest


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("apiVersion: v1\nkind: Pod\n", ("", "v1", "Pod")),
        ("apiVersion: apps/v1\nkind: Deployment\n", ("apps", "v1", "Deployment")),
        ("apiVersion: extensions/v1beta1\nkind: Ingress\n", ("extensions", "v1beta1", "Ingress")),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n",
            ("rbac.authorization.k8s.io", "v1", "Role"),
        ),
        ('{"apiVersion": "batch/v1", "kind": "Job"}', ("batch", "v1", "Job")),
    ],
)
def test_group_version_and_kind_are_read(text: str, identity: tuple[str, str, str]) -> None:
    manifest = parse(text)

    assert (manifest.group, manifest.version, manifest.kind) == identity


def test_names_are_read() -> None:
    manifest = parse(DEPLOYMENT)

    assert manifest.api_version == "apps/v1"
    assert (manifest.name, manifest.namespace, manifest.generate_name) == ("web", "shop", "")
    assert str(manifest) == "Deployment shop/web"
    assert repr(manifest) == "<Manifest Deployment shop/web in document 1>"


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("", "Job"),
        ("metadata:\n", "Job"),
        ("metadata: {name: a}\n", "Job a"),
        ("metadata: {name: 4711}\n", "Job"),
        ("metadata: {generateName: a-}\n", "Job a-"),
        ("metadata: {name: b, generateName: a-}\n", "Job b"),
        ("metadata: {name: a, namespace: shop}\n", "Job shop/a"),
    ],
)
def test_an_object_is_called_by_kind_namespace_and_name(metadata: str, expected: str) -> None:
    assert str(parse(f"apiVersion: batch/v1\nkind: Job\n{metadata}")) == expected


def test_the_name_follows_an_edit() -> None:
    manifest = parse(DEPLOYMENT)
    assert str(manifest) == "Deployment shop/web"

    manifest.set(("metadata", "name"), "shop")
    manifest.delete(("metadata", "namespace"))

    assert str(manifest) == "Deployment shop"


def test_labels_and_annotations_leave_out_what_is_no_string() -> None:
    manifest = parse(DEPLOYMENT)

    assert manifest.labels == {"app": "web"}
    assert manifest.annotations == {}


def test_labels_are_a_copy() -> None:
    manifest = parse(DEPLOYMENT)
    manifest.labels["app"] = "other"

    assert manifest.labels == {"app": "web"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Source: a/b.yaml\napiVersion: v1\nkind: Pod\n", "a/b.yaml"),
        ("\n# ours\n# Source: a/b.yaml \r\napiVersion: v1\nkind: Pod\n", "a/b.yaml"),
        ("apiVersion: v1\n# Source: a/b.yaml\nkind: Pod\n", ""),
        ("#Source: a/b.yaml\napiVersion: v1\nkind: Pod\n", ""),
        (
            "# Source: old.yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n"
            "    postrenderer.helm.sh/postrender-filename: new.yaml\n",
            "new.yaml",
        ),
    ],
)
def test_the_source_is_told_by_a_comment_or_by_the_annotation_of_helm_4(
    text: str, expected: str
) -> None:
    assert parse(text).source == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("pre-install", ("pre-install",)),
        ("pre-install, pre-upgrade", ("pre-install", "pre-upgrade")),
        ('""', ()),
        ("1", ()),
    ],
)
def test_a_hook_has_events(value: str, expected: tuple[str, ...]) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{annotations: {{helm.sh/hook: '{value}'}}}}\n"
    if value[0] in '"1':
        text = text.replace(f"'{value}'", value)

    assert parse(text).hook == expected


def test_the_position_counts_documents_and_the_location_names_everything() -> None:
    manifests = Manifests.parse(f"# only a comment\n---\n{DEPLOYMENT}---\n{LIST}".encode())

    assert [manifest.position for manifest in manifests] == [2, 3, 3]
    assert manifests[0].location == Location(2, "shop/templates/web.yaml", "Deployment shop/web")
    assert str(manifests[0].at(("spec", "args", 0))) == (
        "document 2 (shop/templates/web.yaml), Deployment shop/web, /spec/args/0"
    )
    assert manifests[2].at(["metadata", "a/b"]).path == ("metadata", "a/b")
