"""The plugin as a folder of its own, where no Helm is needed."""

import os
from pathlib import Path

import pytest
from plugin_folder import CONFIG, PROGRAMS, STRANGER, listed, program, without_helm
from support import Command


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Helm's folder of plugins."""
    return without_helm(tmp_path, monkeypatch)


def test_a_package_holds_copies_of_the_configurations_and_finds_us_in_path(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "prod.yaml").write_text(CONFIG)
    (tmp_path / "base.yaml").write_text(CONFIG)

    done = postrender(
        "helm", "package-plugin", "-o", "my team/shop/", "--name", "shop",
        "-c", "base.yaml", "-c", "deploy/prod.yaml",
    )  # fmt: skip

    assert done == (
        0,
        "written: my team/shop/plugin.yaml\n"
        "next: helm plugin install 'my team/shop'\n"
        "or, from git: helm plugin install URL --verify=false\n"
        "then: helm install RELEASE CHART --post-renderer shop\n",
        "",
    )
    package = tmp_path / "my team" / "shop"
    args = (
        "    args:\n"
        '    - "--config=${HELM_PLUGIN_DIR}/base.yaml"\n'
        '    - "--config=${HELM_PLUGIN_DIR}/prod.yaml"\n'
    )
    assert (package / "plugin.yaml").read_text() == (
        "# Written by postrender helm package-plugin, which writes it anew.\n"
        "apiVersion: v1\n"
        "name: shop\n"
        'version: "0.1.0"\n'
        "type: postrenderer/v1\n"
        "runtime: subprocess\n"
        "runtimeConfig:\n"
        "  platformCommand:\n"
        f"  - os: linux\n    command: postrender\n{args}"
        f"  - os: darwin\n    command: postrender\n{args}"
        f"  - os: windows\n    command: postrender\n{args}"
    )
    assert (package / "base.yaml").read_text() == CONFIG
    assert listed(package) == ["base.yaml", "plugin.yaml", "prod.yaml"]


def test_a_second_package_changes_nothing_and_a_changed_configuration_updates_it(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text(CONFIG)
    command = ("helm", "package-plugin", "-o", "shop", "-c", "base.yaml")
    postrender(*command)
    before = (tmp_path / "shop" / "plugin.yaml").stat().st_ino

    again = postrender(*command)
    (tmp_path / "base.yaml").write_text(CONFIG + "# more\n")
    changed = postrender(*command)

    assert again.stdout.startswith("is up to date: shop/plugin.yaml\n")
    assert changed.stdout.startswith("updated: shop/plugin.yaml\n")
    assert (tmp_path / "shop" / "base.yaml").read_text() == CONFIG + "# more\n"
    assert (tmp_path / "shop" / "plugin.yaml").stat().st_ino == before


def test_a_package_is_written_around_a_configuration_and_what_it_names(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "base.yaml").write_text(CONFIG)
    (tmp_path / "shop" / "renderer.sh").write_text("cat\n")

    done = postrender("helm", "package-plugin", "-o", "shop", "-c", "shop/base.yaml")

    assert done.stdout.startswith("written: shop/plugin.yaml\n")
    assert listed(tmp_path / "shop") == ["base.yaml", "plugin.yaml", "renderer.sh"]


def test_what_a_configuration_names_and_the_package_does_not_hold_is_told(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "overlay").mkdir()
    (tmp_path / "cluster").mkdir()
    for name in ("there.sh", "web.yaml", "images.lock"):
        (tmp_path / name).write_text("cat\n")
    (tmp_path / "prod.yaml").write_text(
        f"{PROGRAMS}"
        "- annotations: {set: {stage: cluster, text: no file, absolute: /bin}}\n"
        "- kustomize: ./overlay\n"
        "- patches: [{path: web.yaml, target: {kind: Deployment}}]\n"
        "- images: {lock: images.lock, frozen: true}\n"
        "- patches: [{path: web.yaml, target: {kind: StatefulSet}}]\n"
    )
    command = ("helm", "package-plugin", "-o", "shop", "-c", "prod.yaml")

    bare = postrender(*command)
    for name in ("there.sh", "web.yaml", "images.lock"):
        (tmp_path / "shop" / name).write_text("cat\n")
    (tmp_path / "shop" / "overlay").mkdir()
    (tmp_path / "up.sh").write_text("cat\n")
    filled = postrender(*command)

    names = "prod.yaml names what shop does not hold:"
    assert (bare.code, filled.code) == (0, 0)
    assert bare.stderr == (
        f"postrender: {names} ./there.sh, bin/add.sh, ../up.sh, ./overlay, web.yaml, images.lock\n"
    )
    assert filled.stderr == f"postrender: {names} bin/add.sh, ../up.sh\n"


def test_whoever_has_helm_3_is_told_that_the_package_is_not_for_it(
    postrender: Command, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "helm", "echo v3.22.0")

    done = postrender("helm", "package-plugin", "-o", "shop")

    assert done.code == 0
    assert done.stderr == (
        f"postrender: {tmp_path}/bin/helm is Helm v3.22.0, which needs no plugin, and loads none of"
        " its own any more beside one of Helm 4; install it on Helm 4\n"
    )


def test_a_package_is_written_into_a_new_repository(postrender: Command, tmp_path: Path) -> None:
    (tmp_path / "shop" / ".git").mkdir(parents=True)

    assert postrender("helm", "package-plugin", "-o", "shop").code == 0


def test_a_package_does_not_take_the_place_of_anothers_files(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text(CONFIG)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / "plugin.yaml").write_text(STRANGER)
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "plugin.yaml").write_bytes(b"\xff")
    postrender("helm", "package-plugin", "-o", "ours")
    (tmp_path / "ours" / "base.yaml").write_text("mine")

    full = postrender("helm", "package-plugin", "-o", "full")
    strange = postrender("helm", "package-plugin", "-o", "strange")
    latin = postrender("helm", "package-plugin", "-o", "latin")
    ours = postrender("helm", "package-plugin", "-o", "ours", "-c", "base.yaml")
    file = postrender("helm", "package-plugin", "-o", "base.yaml")

    choose = "name a folder of its own with -o\n"
    foreign = "has a plugin.yaml not by `postrender helm package-plugin`"
    assert full == (2, "", f"postrender: error: full: holds other files; {choose}")
    assert strange == (2, "", f"postrender: error: strange: {foreign}; {choose}")
    assert latin == (2, "", f"postrender: error: latin: {foreign}; {choose}")
    assert ours == (
        2,
        "",
        "postrender: error: ours/base.yaml: is there already; remove it, or rename base.yaml\n",
    )
    assert file == (2, "", "postrender: error: base.yaml: is no folder: Not a directory\n")
    assert (tmp_path / "ours" / "base.yaml").read_text() == "mine"
    assert listed(tmp_path / "full") == ["notes.txt"]


def test_configurations_that_share_a_name_cannot_share_a_package(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Base.yaml").write_text(CONFIG)
    (tmp_path / "base.yaml").write_text(CONFIG)
    (tmp_path / "plugin.yaml").write_text(CONFIG)

    done = postrender(
        "helm", "package-plugin", "-o", "shop", "-c", "base.yaml", "-c", "a/Base.yaml"
    )
    plugin = postrender("helm", "package-plugin", "-o", "shop", "-c", "plugin.yaml")

    hint = "they share a folder in the plugin; rename one\n"
    assert done == (2, "", f"postrender: error: two files are called Base.yaml; {hint}")
    assert plugin == (2, "", f"postrender: error: two files are called plugin.yaml; {hint}")
    assert not (tmp_path / "shop").exists()


def test_a_package_with_a_wrong_configuration_or_without_a_folder_is_refused(
    postrender: Command, tmp_path: Path
) -> None:
    wrong = postrender("helm", "package-plugin", "-o", "shop", "-c", "no.yaml")
    nowhere = postrender("helm", "package-plugin")

    assert wrong.code == 2
    assert nowhere == (
        2,
        "",
        "postrender: error: package-plugin needs a folder to write to; name one with -o DIR\n",
    )
    assert not (tmp_path / "shop").exists()


def test_when_one_file_of_a_package_cannot_be_written_none_is(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "base.yaml").write_text(CONFIG)
    (tmp_path / "more.yaml").write_text(CONFIG)
    postrender("helm", "package-plugin", "-o", "shop", "-c", "more.yaml")
    (tmp_path / "shop" / f".plugin.yaml.{os.getpid()}.tmp").mkdir()

    done = postrender("helm", "package-plugin", "-o", "shop", "-c", "base.yaml")

    assert done.code == 2
    assert listed(tmp_path / "shop") == ["more.yaml", "plugin.yaml"]
