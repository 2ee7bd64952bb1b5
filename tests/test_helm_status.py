"""The status of the plugins, where no Helm is needed."""

import json
import os
import sys
from pathlib import Path

import pytest
from plugin_folder import CONFIG, PROGRAMS, STRANGER, program, without_helm
from support import Command

UNASKED = "POSTRENDER_CONFIG, or postrender.yaml in the folder that helm runs in"


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Helm's folder of plugins."""
    return without_helm(tmp_path, monkeypatch)


def test_the_status_of_nothing_says_what_to_do(postrender: Command, plugins: Path) -> None:
    done = postrender("helm", "status")

    assert done == (
        1,
        "postrender 0.1.0\n"
        f"plugins folder: {plugins} (HELM_PLUGINS)\n"
        "helm: none\n"
        "\n"
        "nothing to use; install the plugin with: postrender helm install-plugin\n",
        "",
    )


def test_the_status_of_a_plugin_that_works(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "helm", "echo v4.3.1")
    (tmp_path / "my prod.yaml").write_text(CONFIG)
    postrender("helm", "install-plugin", "-c", "my prod.yaml")

    done = postrender("helm", "status")

    assert done == (
        0,
        "postrender 0.1.0\n"
        f"plugins folder: {plugins} (HELM_PLUGINS)\n"
        f"helm: v4.3.1 ({tmp_path}/bin/helm)\n"
        "\n"
        "postrender 0.1.0\n"
        f"  folder: {plugins}/postrender\n"
        "  by: postrender helm install-plugin\n"
        f"  starts: {sys.executable} -P -m postrender '--config={tmp_path}/my prod.yaml' (0.1.0)\n"
        f"  config: {tmp_path}/my prod.yaml\n"
        "\n"
        "use: helm install RELEASE CHART --post-renderer postrender\n",
        "",
    )


def test_the_status_as_json(postrender: Command, plugins: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "helm", "exit 1")
    (tmp_path / "prod.yaml").write_text(CONFIG)
    postrender("helm", "install-plugin")
    postrender("helm", "install-plugin", "--name", "prod", "-c", "prod.yaml")

    done = postrender("helm", "status", "--json", "--name", "prod")

    assert done.code == 0
    assert json.loads(done.stdout) == {
        "version": "0.1.0",
        "folders": [str(plugins)],
        "reason": "HELM_PLUGINS",
        "helm": {"path": f"{tmp_path}/bin/helm", "version": ""},
        "usable": ["prod"],
        "here": [],
        "plugins": [
            {
                "name": "prod",
                "version": "0.1.0",
                "folder": f"{plugins}/prod",
                "writer": "postrender helm install-plugin",
                "command": [
                    sys.executable, "-P", "-m", "postrender", f"--config={tmp_path}/prod.yaml",
                ],
                "runs": "0.1.0",
                "configs": [{"path": f"{tmp_path}/prod.yaml", "error": ""}],
                "notes": [],
                "problems": [],
            }
        ],
    }  # fmt: skip
    (tmp_path / "bin" / "helm").unlink()
    assert json.loads(postrender("helm", "status", "--json").stdout)["helm"] is None


def test_the_status_says_what_is_broken(
    postrender: Command, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prod.yaml").write_text(CONFIG)
    postrender("helm", "install-plugin", "--name", "config", "-c", "prod.yaml")
    (tmp_path / "prod.yaml").unlink()
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/gone")
    postrender("helm", "install-plugin", "--name", "gone")
    program(tmp_path / "fails", "echo first; echo No module named postrender >&2; exit 1")
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/fails")
    postrender("helm", "install-plugin", "--name", "fails")
    program(tmp_path / "other", "echo python 3")
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/other")
    postrender("helm", "install-plugin", "--name", "other")
    program(tmp_path / "silent", "exit 1")
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/silent")
    postrender("helm", "install-plugin", "--name", "silent")

    done = postrender("helm", "status")

    assert done.code == 1
    assert (
        f"  config: {tmp_path}/prod.yaml: cannot be read: No such file or directory\n"
    ) in done.stdout
    assert f"  problem: {tmp_path}/gone: cannot be started: No such file or directory\n" in (
        done.stdout
    )
    assert f"  problem: {tmp_path}/fails: fails: No module named postrender\n" in done.stdout
    assert f"  problem: {tmp_path}/silent: fails: \n" in done.stdout
    assert f"  problem: {tmp_path}/other: is no postrender\n" in done.stdout
    assert "use:" not in done.stdout


def test_the_status_tells_of_other_versions_which_are_no_fault(
    postrender: Command, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "python", "echo postrender 0.3.0")
    monkeypatch.setattr(sys, "executable", f"{tmp_path}/python")
    postrender("helm", "install-plugin")
    file = plugins / "postrender" / "plugin.yaml"
    file.write_text(file.read_text().replace("0.1.0", "0.2.0"))

    done = postrender("helm", "status")

    assert done.code == 0
    assert (
        "postrender 0.2.0\n"
        f"  folder: {plugins}/postrender\n"
        "  by: postrender helm install-plugin\n"
        f"  starts: {tmp_path}/python -P -m postrender (0.3.0)\n"
        f"  config: {UNASKED}; here: none, which changes nothing\n"
        "  note: its plugin.yaml was written by another postrender than this one (0.1.0)\n"
        "  note: it starts another postrender than this one (0.1.0)\n"
        "\n"
    ) in done.stdout
    assert postrender("helm", "install-plugin").stdout.startswith("updated: ")


def test_the_status_says_what_a_plugin_without_configurations_reads_here(
    postrender: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postrender("helm", "install-plugin")

    (tmp_path / "postrender.yaml").write_text(CONFIG)
    here = postrender("helm", "status")
    (tmp_path / "prod.yaml").write_text(CONFIG)
    monkeypatch.setenv("POSTRENDER_CONFIG", f"gone.yaml{os.pathsep}prod.yaml")
    stated = postrender("helm", "status")

    assert (here.code, stated.code) == (0, 0)
    assert f"  config: {UNASKED}; here: postrender.yaml\n" in here.stdout
    assert (
        f"  config: {UNASKED}; here: gone.yaml: cannot be read: No such file or directory"
        " and prod.yaml\n"
    ) in stated.stdout
    assert json.loads(postrender("helm", "status", "--json").stdout)["here"] == [
        {"path": "gone.yaml", "error": "gone.yaml: cannot be read: No such file or directory"},
        {"path": "prod.yaml", "error": ""},
    ]


def test_the_status_says_which_programs_are_not_there(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    (tmp_path / "up.sh").write_text("cat\n")
    (tmp_path / "prod.yaml").write_text(PROGRAMS)
    postrender("helm", "package-plugin", "-o", "team/shop", "-c", "prod.yaml")
    program(tmp_path / "bin" / "postrender", "echo postrender 0.1.0")
    plugins.mkdir()
    (plugins / "shop").symlink_to(tmp_path / "team" / "shop")

    done = postrender("helm", "status")

    config = f"{plugins}/shop/prod.yaml"
    names = "names what is not there: ./there.sh, bin/add.sh, ../up.sh"
    assert done.code == 1
    assert f"  config: {config}: {names}\n" in done.stdout


def test_the_status_says_when_a_plugin_yaml_was_damaged(postrender: Command, plugins: Path) -> None:
    mark = "# Written by postrender helm install-plugin, which writes it anew.\n"
    (plugins / "a").mkdir(parents=True)
    (plugins / "a" / "plugin.yaml").write_text(f"{mark}[")
    texts = [
        "runtimeConfig: 1",
        "runtimeConfig: {platformCommand: 1}",
        "runtimeConfig: {platformCommand: [1, {command: x, args: 1}]}",
    ]
    for index, text in enumerate(texts):
        (plugins / f"b{index}").mkdir()
        (plugins / f"b{index}" / "plugin.yaml").write_text(
            f"{mark}name: b{index}\ntype: postrenderer/v1\n{text}\n"
        )

    done = postrender("helm", "status")

    assert done.code == 1
    assert done.stdout.count("  problem: its plugin.yaml is damaged; install it again\n") == 1
    assert done.stdout.count("  problem: it has no command for ") == 4


def test_the_status_says_what_keeps_helm_from_finding_a_plugin(
    postrender: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        postrender("helm", "install-plugin", "--plugins-dir", name)
    (tmp_path / "two" / "twin").mkdir()
    (tmp_path / "two" / "twin" / "plugin.yaml").write_text(STRANGER)
    (tmp_path / "one" / "anonymous").mkdir()
    (tmp_path / "one" / "anonymous" / "plugin.yaml").write_text("{}")
    monkeypatch.setenv("HELM_PLUGINS", os.pathsep.join(["one", "two"]))

    done = postrender("helm", "status")

    assert done.code == 1
    assert "plugins folder: one (HELM_PLUGINS)\nplugins folder: two (HELM_PLUGINS)\n" in done.stdout
    assert (
        "  problem: two plugins are called `postrender`, which Helm 4 refuses:"
        " two/postrender and two/twin\n"
        "  problem: Helm takes the plugin of this name that it finds first: one/postrender\n"
    ) in done.stdout
    assert done.stdout.endswith("\nuse: helm install RELEASE CHART --post-renderer postrender\n")

    (tmp_path / "one").rename(tmp_path / "[one]")
    monkeypatch.setenv("HELM_PLUGINS", "[one]")
    assert "  problem: Helm reads the path of the folder as a pattern, and" in (
        postrender("helm", "status").stdout
    )


def test_with_helm_3_the_program_in_path_is_what_can_be_used(
    postrender: Command, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "helm", "echo v3.17.3+ge4da497")

    without = postrender("helm", "status")
    program(tmp_path / "bin" / "postrender", "exit 0")
    with_it = postrender("helm", "status")

    assert without.code == 1
    assert without.stdout.endswith("\nnothing to use; Helm 3 needs postrender in PATH\n")
    assert with_it.code == 0
    assert f"helm: v3.17.3 ({tmp_path}/bin/helm)\n" in with_it.stdout
    assert with_it.stdout.endswith("\nuse: helm install RELEASE CHART --post-renderer postrender\n")


def test_the_status_says_what_a_plugin_does_to_helm_3(postrender: Command, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "postrender", "exit 0")
    postrender("helm", "install-plugin")
    program(tmp_path / "bin" / "helm", "echo v3.22.0")

    done = postrender("helm", "status")
    told = json.loads(postrender("helm", "status", "--json").stdout)

    note = "Helm 3 loads none of its plugins because of this one"
    assert done.code == 0
    assert f"  note: {note}\n" in done.stdout
    assert told["plugins"][0]["notes"] == [note]
