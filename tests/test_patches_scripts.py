"""The scripts beside the plugin patches still run: the table of merge keys, and the benchmark."""

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from postrender_plugins._merge.table import Table

ROOT = Path(__file__).parents[1]
PREFIX = "io.k8s.api."


def run(*command: str | Path) -> str:
    """Return what a script prints; its failure is the test's."""
    return subprocess.run(
        [sys.executable, *command], check=True, capture_output=True
    ).stdout.decode()


def definition(kind: str, group: str, version: str, **spec: object) -> dict[str, object]:
    """Return the definition of a kind."""
    meta = {"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
    return {
        "properties": {"apiVersion": {}, "kind": {}, "metadata": meta, "spec": spec},
        "x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": kind}],
    }


def test_the_table_of_merge_keys_is_derived_from_two_packages(tmp_path: Path) -> None:
    parts = {
        "type": "array",
        "items": {"$ref": f"#/$defs/{PREFIX}shop.v1.Part"},
        "x-kubernetes-patch-strategy": "merge,retainKeys",
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-list-map-keys": ["zone", "name"],
    }
    part = {"additionalProperties": {"$ref": f"#/$defs/{PREFIX}shop.v1.Spec"}}
    spec = {"$ref": f"#/$defs/{PREFIX}shop.v1.Spec"}
    new = {
        f"{PREFIX}shop.v1.Till": definition("Till", "shop", "v1", **spec),
        f"{PREFIX}shop.v1.Spec": {"properties": {"parts": parts, "size": {"type": "integer"}}},
        f"{PREFIX}shop.v1.Part": {"properties": {"parts": part}},
        f"{PREFIX}shop.v1.TillList": {"properties": {"items": {}}},
        f"{PREFIX}shop.v1.Plain": definition("Plain", "shop", "v1"),
    }
    old = {f"{PREFIX}shop.v1beta1.Gone": definition("Gone", "shop", "v1beta1")}
    with ZipFile(tmp_path / "validate.whl", "w") as file:
        for version, definitions in (("1.30", old), ("1.31", new)):
            name = f"schemas/v{version}.0-local/_definitions.json"
            file.writestr(name, json.dumps({"$defs": definitions}))
    with ZipFile(tmp_path / "client.whl", "w") as file:
        methods = "    def create_namespaced_till(\n    def read_plain(\n"
        file.writestr("kubernetes/client/api/shop_v1_api.py", methods)

    table = tmp_path / "table.json"
    script = ROOT / "tests" / "merge_keys" / "derive.py"
    told = run(script, tmp_path / "validate.whl", tmp_path / "client.whl", table)

    found = json.loads(table.read_text())
    assert told == f"3 kinds, 3 types, {len(table.read_text())} bytes\n"
    assert found["kubernetes"] == "1.30 to 1.31"
    assert found["kinds"] == {
        "shop/v1/Plain": ["", "C", "spec"],
        "shop/v1/Till": ["shop.v1.Till", "N", "spec"],
        "shop/v1beta1/Gone": ["", "", "spec"],
    }
    assert found["types"] == {
        "shop.v1.Till": {"spec": ["shop.v1.Spec"]},
        "shop.v1.Spec": {"parts": ["shop.v1.Part", "merge,retainKeys", "name,zone"]},
        "shop.v1.Part": {"parts": ["*shop.v1.Spec"]},
    }


def test_the_table_that_ships_has_every_kind_that_it_should() -> None:
    table = Table()
    namespaced = {
        name: kind and kind.is_namespaced
        for name in ("v1/Pod", "v1/Namespace", "rbac.authorization.k8s.io/v1/ClusterRole")
        for kind in (table.kind(name),)
    }

    assert namespaced == {
        "v1/Pod": True,
        "v1/Namespace": False,
        "rbac.authorization.k8s.io/v1/ClusterRole": False,
    }


def test_the_benchmark_of_patches_prints_a_table_and_judges_the_time() -> None:
    script = (ROOT / "benchmarks" / "patches.py", "--objects", "20", "--runs", "1", "--peers")

    table = run(*script, "--postrender", f"'{sys.executable}' -m postrender")

    assert "| twenty patches |" in table
    assert "- twenty patches in 1 s of CPU: 0." in table
