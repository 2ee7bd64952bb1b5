"""The plugin as Helm 4 finds and runs it, and the folders as every Helm names them."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from support import Command

from postrender._helm.plugin.folders import folders

HELM_3 = ("3.17.3", "3.22.0")
HELM_4 = ("4.2.4", "4.3.1")
CONFIG = (
    "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n- labels: {{set: {{team: {}}}}}\n"
)
LABELLED = """\
---
# Source: shop/templates/settings.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels:
    team: {}
"""

Helm = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=HELM_4)
def helm4(
    request: pytest.FixtureRequest,
    helm: Callable[[str], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Helm:
    """Run a Helm 4 beside a chart called shop, with folders of its own."""
    program = helm(request.param)
    (folder / "shop" / "templates").mkdir(parents=True)
    (folder / "shop" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n")
    (folder / "shop" / "templates" / "settings.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"
    )
    for variable in ("HELM_PLUGINS", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for kind in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"HELM_{kind}_HOME", str(folder / "my helm" / kind.lower()))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)

    return run


def template(helm: Helm, name: str, *arguments: str) -> str:
    """Return the chart's manifests after the plugin *name*."""
    done = helm("template", "r", "shop", "--post-renderer", name, *arguments)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout


def wrapper(path: Path) -> str:
    """Write a program that runs this interpreter, and return its path."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
    return str(path)


def test_the_installed_plugin_reads_the_configuration_of_the_working_folder(
    postrender: Command, helm4: Helm, folder: Path
) -> None:
    assert postrender("helm", "install-plugin").code == 0
    (folder / "postrender.yaml").write_text(CONFIG.format("here"))
    (folder / "other.yaml").write_text(CONFIG.format("passed"))

    assert template(helm4, "postrender") == LABELLED.format("here")
    passed = "--post-renderer-args=--config=other.yaml"
    assert template(helm4, "postrender", passed) == LABELLED.format("passed")


def test_files_of_the_working_folder_do_not_pass_for_our_modules(
    postrender: Command, helm4: Helm, folder: Path
) -> None:
    postrender("helm", "install-plugin")
    (folder / "postrender.yaml").write_text(CONFIG.format("here"))
    for name in ("postrender", "pluggy", "gc"):
        (folder / f"{name}.py").write_text("raise SystemExit(9)\n")

    assert template(helm4, "postrender") == LABELLED.format("here")


def test_several_pipelines_have_names_of_their_own(
    postrender: Command, helm4: Helm, folder: Path
) -> None:
    (folder / "my deploy").mkdir()
    (folder / "my deploy" / "prod.yaml").write_text(CONFIG.format("prod"))
    (folder / "test.yaml").write_text(CONFIG.format("test"))
    (folder / "postrender.yaml").write_text(CONFIG.format("here"))
    prod, test = ("-c", "my deploy/prod.yaml"), ("-c", "test.yaml")
    assert postrender("helm", "install-plugin", "--name", "shop-prod", *prod).code == 0
    assert postrender("helm", "install-plugin", "--name", "shop_test", *test).code == 0

    assert template(helm4, "shop-prod") == LABELLED.format("prod")
    assert template(helm4, "shop_test") == LABELLED.format("test")
    step = "--post-renderer-args=--step=annotations: {set: {price: $HOME 5}}"
    annotated = "  annotations:\n    price: $HOME 5\n  labels:\n"
    assert template(helm4, "shop-prod", step) == (
        LABELLED.format("prod").replace("  labels:\n", annotated)
    )


@pytest.mark.parametrize("folder_name", ["a b", "a=b", "ünï", "a'b", 'a"b', "a#b", "{a}"])
def test_the_path_of_the_interpreter_may_be_odd(
    postrender: Command,
    helm4: Helm,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder_name: str,
) -> None:
    monkeypatch.setattr(sys, "executable", wrapper(folder / folder_name / "python"))
    config = folder / folder_name / "my team.yaml"
    config.write_text(CONFIG.format("odd"))

    assert postrender("helm", "install-plugin", "-c", str(config)).code == 0
    assert template(helm4, "postrender") == LABELLED.format("odd")
    assert postrender("helm", "status").code == 0


@pytest.mark.parametrize("folder_name", ["$a", "a=b c"])
def test_where_helm_cannot_be_given_the_path_it_finds_us_in_path(
    postrender: Command,
    helm4: Helm,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder_name: str,
) -> None:
    command(folder, monkeypatch)
    monkeypatch.setattr(sys, "executable", wrapper(folder / folder_name / "python"))
    (folder / "postrender.yaml").write_text(CONFIG.format("found"))

    assert postrender("helm", "install-plugin").code == 0
    assert template(helm4, "postrender") == LABELLED.format("found")


def command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a `postrender` into PATH, as pip does."""
    program = folder / "bin" / "postrender"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m postrender "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_helm_installs_lists_runs_and_uninstalls_the_package(
    postrender: Command, helm4: Helm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(folder, monkeypatch)
    (folder / "prod.yaml").write_text(CONFIG.format("prod"))
    package = ("-o", "team/shop-plugin", "--name", "shop-prod", "-c", "prod.yaml")
    assert postrender("helm", "package-plugin", *package).code == 0
    (folder / "prod.yaml").unlink()

    assert helm4("plugin", "install", "team/shop-plugin").returncode == 0
    listed = helm4("plugin", "list").stdout.splitlines()
    assert [line.split()[:4] for line in listed[1:]] == [
        ["shop-prod", "0.1.0", "postrenderer/v1", "v1"]
    ]
    assert template(helm4, "shop-prod") == LABELLED.format("prod")

    status = postrender("helm", "status")
    assert status.code == 0
    assert "  by: postrender helm package-plugin\n" in status.stdout
    assert postrender("helm", "install-plugin", "--name", "shop-prod").code == 2

    assert helm4("plugin", "uninstall", "shop-prod").returncode == 0
    assert (folder / "team" / "shop-plugin" / "plugin.yaml").exists()
    assert postrender("helm", "status").code == 1

    assert helm4("plugin", "install", "team/shop-plugin").returncode == 0
    assert postrender("helm", "uninstall-plugin", "--name", "shop-prod").code == 0
    assert helm4("plugin", "list").stdout.splitlines()[1:] == []
    assert (folder / "team" / "shop-plugin" / "plugin.yaml").exists()


def test_helm_installs_the_package_from_git_as_we_say(
    postrender: Command, helm4: Helm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(folder, monkeypatch)
    (folder / "prod.yaml").write_text(CONFIG.format("prod"))
    told = postrender("helm", "package-plugin", "-o", "team", "-c", "prod.yaml").stdout
    me = ("-c", "user.name=me", "-c", "user.email=me@example.com")
    for words in (("init", "-q"), ("add", "."), (*me, "commit", "-q", "-m", "plugin")):
        subprocess.run(["git", "-C", "team", *words], check=True)
    url = (folder / "team").as_uri()

    assert "or, from git: helm plugin install URL --verify=false\n" in told
    assert helm4("plugin", "install", url).returncode == 1
    assert helm4("plugin", "install", url, "--verify=false").returncode == 0
    assert template(helm4, "postrender") == LABELLED.format("prod")


def test_a_program_that_the_configuration_names_is_found_in_the_package(
    postrender: Command, helm4: Helm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(folder, monkeypatch)
    program = folder / "plugin" / "renderer.sh"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nsed 's/settings/changed/'\n")
    program.chmod(0o755)
    (folder / "plugin" / "pipeline.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n- exec: ./renderer.sh\n"
    )
    options = ("-o", "plugin", "-c", "plugin/pipeline.yaml")
    assert postrender("helm", "package-plugin", *options).code == 0

    assert helm4("plugin", "install", "plugin").returncode == 0
    assert "name: changed\n" in template(helm4, "postrender")


def test_helm_lists_and_uninstalls_what_we_installed(postrender: Command, helm4: Helm) -> None:
    postrender("helm", "install-plugin")

    listed = helm4("plugin", "list").stdout.splitlines()
    assert [line.split()[:4] for line in listed[1:]] == [
        ["postrender", "0.1.0", "postrenderer/v1", "v1"]
    ]
    assert helm4("plugin", "uninstall", "postrender").returncode == 0
    assert postrender("helm", "uninstall-plugin").stdout.startswith("is not installed: ")


def test_after_uninstalling_helm_does_not_find_the_plugin(postrender: Command, helm4: Helm) -> None:
    postrender("helm", "install-plugin")
    postrender("helm", "uninstall-plugin")

    done = helm4("template", "r", "shop", "--post-renderer", "postrender")

    assert done.returncode == 1
    assert "plugin: {Name:postrender Type:postrenderer/v1} not found" in done.stderr


def test_what_we_refuse_helm_would_refuse_too(
    postrender: Command, helm4: Helm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = folder / "my helm" / "data" / "plugins"
    postrender("helm", "install-plugin")
    text = (plugins / "postrender" / "plugin.yaml").read_text()
    (plugins / ".twin").mkdir()
    (plugins / ".twin" / "plugin.yaml").write_text(text)
    assert postrender("helm", "install-plugin").code == 2
    assert postrender("helm", "status").code == 1
    twins = helm4("template", "r", "shop", "--post-renderer", "postrender")
    assert twins.returncode == 1
    assert 'two plugins claim the name "postrender"' in twins.stderr

    for name in ("[a]", "a\\b"):
        (folder / name / "postrender").mkdir(parents=True)
        (folder / name / "postrender" / "plugin.yaml").write_text(text)
        monkeypatch.setenv("HELM_PLUGINS", str(folder / name))
        assert postrender("helm", "install-plugin").code == 2
        unseen = helm4("template", "r", "shop", "--post-renderer", "postrender")
        assert "not found" in unseen.stderr


def test_the_first_folder_of_the_list_wins(
    postrender: Command, helm4: Helm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "one.yaml").write_text(CONFIG.format("one"))
    (folder / "two.yaml").write_text(CONFIG.format("two"))
    for name in ("one", "two"):
        postrender("helm", "install-plugin", "--plugins-dir", name, "-c", f"{name}.yaml")
    (folder / "link").symlink_to(folder / "two")

    monkeypatch.setenv("HELM_PLUGINS", os.pathsep.join(["link", "one"]))
    assert template(helm4, "postrender") == LABELLED.format("two")
    assert "finds first: link/postrender\n" in postrender("helm", "status").stdout


@pytest.fixture(params=HELM_3)
def helm3(
    helm4: Helm,  # which sets the folders
    request: pytest.FixtureRequest,
    helm: Callable[[str], str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Helm:
    """Run a Helm 3 that stands in PATH beside us, has a plugin, and shares folders with Helm 4."""
    command(folder, monkeypatch)
    (folder / "bin" / "helm").symlink_to(helm(request.param))
    mine = folder / "my helm" / "data" / "plugins" / "mine"
    mine.mkdir(parents=True)
    (mine / "plugin.yaml").write_text("name: mine\nversion: 1.0.0\ncommand: echo\n")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["helm", *arguments], capture_output=True, text=True, check=False)

    return run


def plugins_of(helm: Helm) -> list[str]:
    """Return the names of the plugins that Helm lists, if it lists any."""
    done = helm("plugin", "list")
    return [line.split()[0] for line in done.stdout.splitlines()[1:]]


def test_helm_3_keeps_its_plugins_unless_we_are_forced(
    postrender: Command, helm4: Helm, helm3: Helm, folder: Path
) -> None:
    (folder / "postrender.yaml").write_text(CONFIG.format("here"))

    assert postrender("helm", "install-plugin").code == 2
    assert plugins_of(helm3) == ["mine"]
    assert postrender("helm", "status").code == 0

    assert postrender("helm", "install-plugin", "--force").code == 0
    assert helm3("plugin", "list").returncode == 1
    done = helm3("template", "r", "shop", "--post-renderer", "postrender")
    assert done.stdout == LABELLED.format("here")
    assert "failed to load plugins" in done.stderr
    assert template(helm4, "postrender") == LABELLED.format("here")
    assert "  note: Helm 3 loads none of its plugins because of this one\n" in (
        postrender("helm", "status").stdout
    )

    assert postrender("helm", "uninstall-plugin").code == 0
    assert plugins_of(helm3) == ["mine"]


def test_we_remove_the_link_that_helm_3_makes_and_cannot_remove(
    postrender: Command, helm3: Helm, folder: Path
) -> None:
    packaged = postrender("helm", "package-plugin", "-o", "team", "--name", "shop")
    assert packaged.stderr.endswith("; install it on Helm 4\n")

    assert helm3("plugin", "install", "team").returncode == 1
    assert helm3("plugin", "uninstall", "shop").returncode == 1
    assert plugins_of(helm3) == []

    done = postrender("helm", "uninstall-plugin", "--name", "shop")
    link = folder / "my helm" / "data" / "plugins" / "team"
    assert done.stdout == f"uninstalled: {link}, a link to {folder}/team, which stays\n"
    assert plugins_of(helm3) == ["mine"]


@pytest.mark.parametrize("version", [*HELM_3, *HELM_4])
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HELM_DATA_HOME": "/data//"},
        {"XDG_DATA_HOME": "/xdg/"},
        {"HELM_DATA_HOME": "", "XDG_DATA_HOME": ""},
        {"HELM_DATA_HOME": "relative", "XDG_DATA_HOME": "/xdg"},
        {"HELM_PLUGINS": "/a:/b", "HELM_DATA_HOME": "/data"},
        {"HOME": ""},
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the defaults are those of Linux")
def test_the_folders_are_those_of_helm_env(
    helm: Callable[[str], str], version: str, environment: Mapping[str, str]
) -> None:
    environment = {"HOME": "/home/me", **environment}

    told = subprocess.check_output(
        [helm(version), "env", "HELM_PLUGINS"], env=environment, text=True
    )

    assert ":".join(folders(environment, sys.platform).paths) == told.strip()
