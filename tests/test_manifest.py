"""One manifest: how its values are read and edited."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from postrender import Edit, EditError, Location, Manifest, Manifests

DEPLOYMENT = """\
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app: web # ours
    tier: front
  generation: 4
  annotations:
spec:
  replicas: 2
  args: [a, "b"]
  containers:
    - name: web
      image: web:1
    - name: log # shipper
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


def edited(*edits: Any) -> str:
    """Return the deployment after calls such as `("set", path, value)`."""
    manifest = parse(DEPLOYMENT)
    for name, *arguments in edits:
        getattr(manifest, name)(*arguments)
    return manifest.text()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "replicas"), 2),
        (("spec", "args"), ["a", "b"]),
        (("spec", "args", 1), "b"),
        (["spec", "containers", 1, "name"], "log"),
        (("metadata", "annotations"), None),
        (("metadata", "nothing"), "default"),
        (("spec", "args", 2), "default"),
        (("spec", "args", -1), "default"),
        (("spec", "args", "0"), "default"),
        (("spec", 0), "default"),
        (("kind", "x"), "default"),
    ],
)
def test_a_value_is_read_at_its_path(path: Any, expected: object) -> None:
    assert parse(DEPLOYMENT).get(path, "default") == expected


def test_what_is_read_is_a_copy() -> None:
    manifest = parse(DEPLOYMENT)
    manifest.get(("spec", "args")).append("c")
    manifest.to_dict()["kind"] = "Other"

    assert manifest.get(("spec", "args")) == ["a", "b"]
    assert manifest.kind == "Deployment"


def test_kind_at_tells_maps_from_lists() -> None:
    manifest = parse(DEPLOYMENT)
    manifest.set(("spec", "new"), {"a": [1]})

    assert manifest.kind_at(()) is dict
    assert manifest.kind_at(("metadata",)) is dict
    assert manifest.kind_at(("spec", "args")) is list
    assert manifest.kind_at(("spec", "containers")) is list
    assert manifest.kind_at(("spec", "new")) is dict
    assert manifest.kind_at(("spec", "new", "a")) is list
    assert manifest.kind_at(("spec", "new", "a", 0)) is None
    assert manifest.kind_at(("spec", "replicas")) is None
    assert manifest.kind_at(("nothing",)) is None


@pytest.mark.parametrize("method", ["get", "delete", "kind_at", "set", "insert"])
def test_a_path_that_is_a_string_is_a_type_error(method: str) -> None:
    arguments: list[Any] = ["spec/replicas"] + ([1] if method in ("set", "insert") else [])

    with pytest.raises(TypeError, match="not the string 'spec/replicas'"):
        getattr(parse(DEPLOYMENT), method)(*arguments)


@pytest.mark.parametrize(
    ("edits", "old", "new"),
    [
        ([("set", ("spec", "replicas"), 3)], "replicas: 2", "replicas: 3"),
        ([("set", ("spec", "args", 0), "c")], "[a, ", "[c, "),
        ([("set", ("metadata", "labels", "app"), "yes")], "app: web #", 'app: "yes" #'),
        ([("delete", ("metadata", "labels", "tier"))], "    tier: front\n", ""),
        ([("delete", ("spec", "args", 1))], '[a, "b"]', "[a]"),
        ([("insert", ("spec", "args", 1), "c")], '[a, "b"]', '[a, c, "b"]'),
        ([("insert", ("spec", "args", 2), "c")], '[a, "b"]', '[a, "b", c]'),
        (
            [("set", ("metadata", "annotations", "a/b"), "c")],
            "annotations:\n",
            "annotations:\n    a/b: c\n",
        ),
        (
            [("set", ("spec", "a", "b"), 1)],
            "log # shipper\n",
            "log # shipper\n  a:\n    b: 1\n",
        ),
    ],
)
def test_an_edit_changes_its_lines_only(edits: list[Any], old: str, new: str) -> None:
    assert DEPLOYMENT.count(old) == 1

    assert edited(*edits) == DEPLOYMENT.replace(old, new)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("spec", "replicas"), 2),
        (("spec", "replicas"), 2.0),
        (("spec", "args"), ("a", "b")),
        (("metadata", "annotations"), None),
        (("metadata", "labels"), MappingProxyType({"tier": "front", "app": "web"})),
    ],
)
def test_an_equal_value_is_no_edit(path: Any, value: object) -> None:
    manifest = parse(DEPLOYMENT)
    manifest.set(path, value)

    assert manifest.text() == DEPLOYMENT


@pytest.mark.parametrize(
    ("path", "value"), [(("spec", "replicas"), True), (("spec", "replicas"), "2")]
)
def test_a_value_of_another_type_is_an_edit(path: Any, value: object) -> None:
    assert edited(("set", path, value)) != DEPLOYMENT


def test_a_new_key_goes_in_front_of_another() -> None:
    manifests = Manifests.parse(DEPLOYMENT.encode())
    manifest = manifests[0]

    manifest.set(("spec", "initContainers"), [{"name": "a"}], before="containers")
    manifest.set(("spec", "replicas"), 3, before="containers")
    manifest.set(("spec", "paused"), True, before="none")

    assert [each.op for each in manifests.edits] == ["add", "replace", "add"]
    assert manifest.text() == (
        DEPLOYMENT.replace("replicas: 2", "replicas: 3").replace(
            "  containers:\n", "  initContainers:\n    - name: a\n  containers:\n"
        )
        + "  paused: true\n"
    )


def test_kind_and_group_are_those_of_the_last_edit() -> None:
    manifest = parse(DEPLOYMENT)
    assert (manifest.group, manifest.version, manifest.kind) == ("apps", "v1", "Deployment")

    manifest.set(("kind",), "StatefulSet")
    manifest.merge({"apiVersion": "apps/v1beta1"})

    assert (manifest.version, manifest.kind) == ("v1beta1", "StatefulSet")

    manifest.replace({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}})

    assert (manifest.group, manifest.kind, str(manifest)) == ("", "Pod", "Pod web")


def test_a_value_belongs_to_the_manifest_alone() -> None:
    manifest = parse(DEPLOYMENT)
    value = {"a": [1]}
    manifest.set(("spec", "new"), value)
    value["a"].append(2)

    assert manifest.get(("spec", "new")) == {"a": [1]}


def test_delete_tells_whether_there_was_anything() -> None:
    manifest = parse(DEPLOYMENT)

    assert manifest.delete(("spec", "replicas"))
    assert not manifest.delete(("spec", "replicas"))
    assert manifest.delete(("metadata", "annotations"))


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("set", ("spec", "args", "0"), "/spec/args/0: is a key, but its parent is a list"),
        ("set", ("spec", "args", 2), "/spec/args/2: does not exist"),
        ("set", ("spec", 0), "/spec/0: is an index, but its parent is a map"),
        ("set", ("kind", "a", "b"), "/kind: is neither a map nor a list"),
        ("set", ("spec", "a", 0), "/spec/a/0: does not exist, and a list is not made"),
        ("set", ("spec", "a", "b", 0, "c"), "/spec/a/b/0: does not exist, and a list is not made"),
        ("insert", ("spec", "args", 3), "/spec/args/3: does not exist"),
        ("insert", ("spec", "containers", "x"), "/spec/containers/x: is a key, but its parent is"),
        ("insert", ("spec", "x"), "/spec/x: is no list"),
        ("insert", ("nothing", 0), "/nothing: does not exist"),
    ],
)
def test_an_edit_that_cannot_be_names_its_place(method: str, path: Any, message: str) -> None:
    manifest = parse(DEPLOYMENT)

    with pytest.raises(EditError) as caught:
        getattr(manifest, method)(path, "x")

    place = "document 1 (shop/templates/web.yaml), Deployment shop/web, "
    assert str(caught.value).startswith(place + message)
    assert manifest.text() == DEPLOYMENT


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1: 2}, "a map has a key that is no string"),
        (b"x", "a bytes cannot be written as YAML"),
        (float("nan"), "a number of this size cannot be written as YAML"),
        (2**64, "a number of this size cannot be written as YAML"),
        (["\ud800"], "a string with half a surrogate pair cannot be written as YAML"),
    ],
)
def test_a_value_that_yaml_cannot_say_is_refused(value: Any, message: str) -> None:
    with pytest.raises(EditError) as caught:
        parse(DEPLOYMENT).set(("spec", "x"), value)

    assert str(caught.value) == (
        f"document 1 (shop/templates/web.yaml), Deployment shop/web, /spec/x: {message}"
    )


def test_the_whole_object_is_not_deleted_at_a_path() -> None:
    with pytest.raises(EditError, match=r"cannot be deleted at a path; use remove\(\)"):
        parse(DEPLOYMENT).delete(())


#: RFC 7386, appendix A, as far as the whole document is an object.
@pytest.mark.parametrize(
    ("original", "patch", "expected"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_does_the_examples_of_rfc_7386(
    original: Mapping[str, Any], patch: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    manifest = Manifests.parse(b"").add({"apiVersion": "v1", "kind": "Test", **original})
    manifest.merge(patch)

    assert manifest.to_dict() == {"apiVersion": "v1", "kind": "Test", **expected}


def test_merge_leaves_equal_values_as_they_are_written() -> None:
    assert edited(("merge", {"spec": {"args": ["a", "b"], "replicas": 2}})) == DEPLOYMENT


def test_replace_makes_the_smallest_edits() -> None:
    manifest = parse(DEPLOYMENT)
    new = manifest.to_dict()
    del new["metadata"]["labels"]["tier"]
    new["spec"]["containers"].insert(1, {"name": "proxy"})
    new["spec"]["args"] = ["b"]
    manifest.replace(new)

    assert manifest.to_dict() == new
    assert manifest.text() == (
        DEPLOYMENT.replace("    tier: front\n", "")
        .replace('[a, "b"]', '["b"]')
        .replace("      image: web:1\n", "      image: web:1\n    - name: proxy\n")
    )


def test_each_edit_is_recorded() -> None:
    manifests = Manifests.parse(DEPLOYMENT.encode())
    (manifest,) = manifests
    manifests.step = "first"
    manifest.set(("spec", "replicas"), 3)
    manifest.set(("metadata", "name"), "shop")
    manifests.step = "second"
    manifest.insert(["spec", "args", 0], "z")
    manifest.delete(("metadata", "labels", "tier"))
    manifest.set(("spec", "x", "y"), [1])
    manifest.set(("spec", "x", "y"), [1])

    web, shop = "Deployment shop/web", "Deployment shop/shop"
    assert manifests.edits == [
        Edit("first", web, 1, "replace", ("spec", "replicas"), 2, 3),
        Edit("first", web, 1, "replace", ("metadata", "name"), "web", "shop"),
        Edit("second", shop, 1, "add", ("spec", "args", 0), None, "z"),
        Edit("second", shop, 1, "remove", ("metadata", "labels", "tier"), "front", None),
        Edit("second", shop, 1, "add", ("spec", "x", "y"), None, [1]),
    ]


def test_items_of_a_list_are_edited_in_it() -> None:
    manifests = Manifests.parse(LIST.encode())
    manifests[1].set(("metadata", "labels", "x"), "y")
    manifests[0].delete(("metadata", "name"))

    assert [str(each) for each in manifests] == ["Pod", "Pod b"]
    assert manifests[1].text() == (
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: b\n  labels:\n    x: "y"\n'
    )
    assert manifests.to_bytes().decode() == LIST.replace("{name: a}", "{}").replace(
        "b # second\n", 'b # second\n    labels:\n      x: "y"\n'
    )


def test_an_error_in_an_item_of_a_list_names_the_path_from_the_item() -> None:
    manifests = Manifests.parse(LIST.encode())

    with pytest.raises(EditError) as caught:
        manifests[1].set(("kind", "a"), 1)

    assert caught.value.location == Location(1, "", "Pod b", ("kind",))
