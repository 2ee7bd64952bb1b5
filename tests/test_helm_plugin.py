"""The plugin of Helm 4: installed, and removed, where no Helm is needed."""

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from plugin_folder import CONFIG, PROGRAMS, STRANGER, listed, program, without_helm
from support import Command

from postrender import UsageError
from postrender._helm.plugin.command import Command as Started
from postrender._helm.plugin.command import is_writable, of_installation, system
from postrender._helm.plugin.folders import folders
from postrender._helm.plugin.metadata import compose

NEXT = "next: helm install RELEASE CHART --post-renderer"
UNASKED = "reads: POSTRENDER_CONFIG, or postrender.yaml in the folder that helm runs in\n"
IF_NOT = "if that fails, Helm 4 does not show why: postrender report\n"
PLUGIN = """\
# Written by postrender helm install-plugin, which writes it anew.
apiVersion: v1
name: postrender
version: "0.1.0"
type: postrenderer/v1
runtime: subprocess
runtimeConfig:
  platformCommand:
  - os: linux
    command: /opt/python
    args:
    - "-P"
    - "-m"
    - postrender
  - os: darwin
    command: postrender
  - os: windows
    command: postrender
"""


@pytest.fixture(autouse=True)
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Helm's folder of plugins."""
    return without_helm(tmp_path, monkeypatch)


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose interpreter is /opt/python, on Linux."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(sys, "executable", "/opt/python")


# -- install-plugin -------------------------------------------------------------------------------


@pytest.mark.usefixtures("linux")
def test_the_plugin_starts_this_installation_here_and_what_is_in_path_elsewhere(
    postrender: Command, plugins: Path
) -> None:
    done = postrender("helm", "install-plugin")

    file = plugins / "postrender" / "plugin.yaml"
    assert done == (0, f"installed: {file}\n{UNASKED}{NEXT} postrender\n{IF_NOT}", "")
    assert file.read_text() == PLUGIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert listed(plugins) == ["postrender/plugin.yaml"]


def test_a_second_run_changes_nothing_and_says_so(postrender: Command, plugins: Path) -> None:
    postrender("helm", "install-plugin")
    file = plugins / "postrender" / "plugin.yaml"
    before = file.stat()

    done = postrender("helm", "install-plugin")

    told = f"is installed already: {file}\n{UNASKED}{NEXT} postrender\n{IF_NOT}"
    assert done == (0, told, "")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_another_installation_or_configuration_updates_the_plugin(
    postrender: Command, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prod.yaml").write_text(CONFIG)
    monkeypatch.setattr(sys, "executable", "/opt/python")
    postrender("helm", "install-plugin")
    file = plugins / "postrender" / "plugin.yaml"

    monkeypatch.setattr(sys, "executable", "/opt/other/python")
    file.write_text(file.read_text().replace("0.1.0", "0.0.9"))
    assert postrender("helm", "install-plugin").stdout.startswith(
        f"updated: {file}\n"
        "version: 0.1.0 (before: 0.0.9)\n"
        "starts: /opt/other/python -P -m postrender (before: /opt/python -P -m postrender)\n"
        f"{UNASKED}{NEXT}"
    )
    assert "command: /opt/other/python\n" in file.read_text()

    assert postrender("helm", "install-plugin", "-c", "prod.yaml").stdout.startswith(
        f"updated: {file}\n"
        f"starts: /opt/other/python -P -m postrender --config={tmp_path}/prod.yaml"
        " (before: /opt/other/python -P -m postrender)\n"
        f"reads: {tmp_path}/prod.yaml\n{NEXT}"
    )
    assert f"--config={tmp_path}/prod.yaml" in file.read_text()


def test_a_second_run_without_a_configuration_keeps_those_that_there_are(
    postrender: Command, plugins: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("base.yaml", "prod.yaml"):
        (tmp_path / name).write_text(CONFIG)
    monkeypatch.setattr(sys, "executable", "/opt/python")
    postrender("helm", "install-plugin", "-c", "base.yaml", "-c", "prod.yaml")
    file = plugins / "postrender" / "plugin.yaml"
    reads = f"reads: {tmp_path}/base.yaml\nreads: {tmp_path}/prod.yaml\n"

    again = postrender("helm", "install-plugin")
    monkeypatch.setattr(sys, "executable", "/opt/other/python")
    moved = postrender("helm", "install-plugin")

    assert again.stdout.startswith(f"is installed already: {file}\n{reads}{NEXT}")
    assert moved.stdout.startswith(f"updated: {file}\nstarts: /opt/other/python ")
    assert reads in moved.stdout
    assert file.read_text().count(f'"--config={tmp_path}/prod.yaml"') == 3
    (tmp_path / "prod.yaml").unlink()
    assert postrender("helm", "install-plugin") == (
        2,
        "",
        f"postrender: error: what the plugin reads cannot be used: {tmp_path}/prod.yaml: cannot be"
        " read: No such file or directory; name others with -c, or uninstall the plugin first\n",
    )
    other = postrender("helm", "install-plugin", "-c", "base.yaml").stdout
    assert f"\nreads: {tmp_path}/base.yaml\n{NEXT}" in other


def test_whoever_installs_is_told_of_programs_that_are_not_there(
    postrender: Command, tmp_path: Path
) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "there.sh").write_text("cat\n")
    (tmp_path / "deploy" / "prod.yaml").write_text(PROGRAMS)

    done = postrender("helm", "install-plugin", "-c", "deploy/prod.yaml")

    assert done.code == 0
    assert done.stderr == (
        f"postrender: {tmp_path}/deploy/prod.yaml names what is not there: bin/add.sh, ../up.sh\n"
    )


def test_several_pipelines_stand_side_by_side_with_absolute_paths(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    (tmp_path / "my deploy").mkdir()
    (tmp_path / "my deploy" / "prod.yaml").write_text(CONFIG)
    (tmp_path / "base.yaml").write_text(CONFIG)

    one = postrender("helm", "install-plugin", "--name", "base", "-c", "base.yaml")
    two = postrender(
        "helm", "install-plugin", "--name=shop-prod", "-c", "base.yaml", "-cmy deploy/prod.yaml"
    )

    assert (one.code, two.code) == (0, 0)
    assert two.stdout.endswith(f"{NEXT} shop-prod\n{IF_NOT}")
    text = (plugins / "shop-prod" / "plugin.yaml").read_text()
    base, prod = f"--config={tmp_path}/base.yaml", f"--config={tmp_path}/my deploy/prod.yaml"
    assert f'    - "{base}"\n    - "{prod}"\n' in text
    assert "name: shop-prod\n" in text
    assert listed(plugins) == ["base/plugin.yaml", "shop-prod/plugin.yaml"]


def test_a_wrong_configuration_is_told_now(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    (tmp_path / "wrong.yaml").write_text(CONFIG.replace("labels", "lables"))

    done = postrender("helm", "install-plugin", "-c", "wrong.yaml")
    absent = postrender("helm", "install-plugin", "-c", "no.yaml")

    assert (done.code, done.stdout) == (2, "")
    assert "wrong.yaml:4:3" in done.stderr
    assert "did you mean `labels`?" in done.stderr
    assert (absent.code, absent.stdout) == (2, "")
    assert (
        absent.stderr == "postrender: error: no.yaml: cannot be read: No such file or directory\n"
    )
    assert not plugins.exists()


def test_an_interpreter_with_a_space_in_its_path_is_an_argument(
    postrender: Command, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/home/a b/python")

    postrender("helm", "install-plugin")

    text = (plugins / "postrender" / "plugin.yaml").read_text()
    assert (
        "    command: /usr/bin/env\n"
        "    args:\n"
        "    - /home/a b/python\n"
        '    - "-P"\n'
        '    - "-m"\n'
        "    - postrender\n"
    ) in text


@pytest.mark.parametrize("python", ["/home/$a/python", "/home/a=b c/python", ""])
def test_an_interpreter_that_helm_cannot_be_given_is_replaced_by_what_is_in_path(
    postrender: Command,
    plugins: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    python: str,
) -> None:
    monkeypatch.setattr(sys, "executable", python)
    (tmp_path / "prod.yaml").write_text(CONFIG)

    refused = postrender("helm", "install-plugin")
    program(tmp_path / "bin" / "postrender", "exit 0")
    done = postrender("helm", "install-plugin", "-c", "prod.yaml")

    assert refused.code == 2
    assert refused.stderr.endswith(
        "Helm cannot be given this path; put the postrender of this installation into PATH\n"
    )
    assert done.code == 0
    assert done.stderr == (
        f"postrender: Helm cannot be given the path {python}, so the plugin starts"
        f" {tmp_path}/bin/postrender, by PATH\n"
    )
    text = (plugins / "postrender" / "plugin.yaml").read_text()
    assert text.count("command: postrender\n") == 3
    assert text.count("prod.yaml") == 3


def test_a_configuration_that_helm_cannot_be_given_is_refused(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    (tmp_path / "$a.yaml").write_text(CONFIG)

    done = postrender("helm", "install-plugin", "-c", "$a.yaml")

    assert done == (
        2,
        "",
        f"postrender: error: {tmp_path}/$a.yaml: the path holds a dollar;"
        " Helm would take it for a variable; rename the file or its folder\n",
    )
    assert not plugins.exists()


def test_a_path_that_is_no_text_is_refused(
    postrender: Command, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/\udcff/python")

    done = postrender("helm", "install-plugin")

    assert done.code == 2
    assert "/opt/\\udcff/python" in done.stderr
    assert "a path is not UTF-8" in done.stderr
    assert not plugins.exists()


@pytest.mark.parametrize("name", ["", "a b", "../up", "päckchen", "a\n"])
@pytest.mark.parametrize("command", ["install-plugin", "uninstall-plugin", "package-plugin"])
def test_a_name_that_helm_refuses_is_refused(postrender: Command, command: str, name: str) -> None:
    options = ["-o", "out"] if command == "package-plugin" else []

    done = postrender("helm", command, f"--name={name}", *options)

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("postrender: error: a plugin cannot be called `")
    assert done.stderr.endswith("`; use letters, digits, `-` and `_`\n")


@pytest.mark.parametrize("command", ["install-plugin", "uninstall-plugin"])
@pytest.mark.parametrize("folder", ["postrender", "elsewhere", ".hidden"])
def test_a_plugin_of_the_same_name_by_another_hand_is_not_touched(
    postrender: Command, plugins: Path, command: str, folder: str
) -> None:
    (plugins / folder).mkdir(parents=True)
    (plugins / folder / "plugin.yaml").write_text(STRANGER)
    (plugins / "broken").mkdir()
    (plugins / "broken" / "plugin.yaml").write_bytes(b"\xff")
    (plugins / "odd").mkdir()
    (plugins / "odd" / "plugin.yaml").write_text("[")

    done = postrender("helm", command)

    assert done == (
        2,
        "",
        f"postrender: error: {plugins}/{folder}: holds the plugin `postrender`, which"
        " `postrender helm install-plugin` did not write; choose another --name, or remove it with:"
        f" helm plugin uninstall postrender, or on Helm 3: rm -r {plugins}/{folder}\n",
    )
    assert (plugins / folder / "plugin.yaml").read_text() == STRANGER
    assert postrender("helm", "install-plugin", "--name", "other").code == 0


@pytest.mark.parametrize("command", ["install-plugin", "uninstall-plugin"])
def test_what_a_link_leads_to_is_not_touched(
    postrender: Command, plugins: Path, tmp_path: Path, command: str
) -> None:
    postrender("helm", "install-plugin", "--plugins-dir", "team")
    plugins.mkdir()
    (plugins / "postrender").symlink_to(tmp_path / "team" / "postrender")

    done = postrender("helm", command)

    assert done.code == 2
    assert "holds the plugin `postrender`, which" in done.stderr
    assert done.stderr.endswith(f", or on Helm 3: rm {plugins}/postrender\n")
    assert listed(tmp_path / "team") == ["postrender/plugin.yaml"]


@pytest.mark.parametrize("command", ["install-plugin", "uninstall-plugin"])
def test_a_folder_or_file_that_is_no_plugin_is_not_touched(
    postrender: Command, plugins: Path, command: str
) -> None:
    plugins.mkdir()
    (plugins / "postrender").mkdir()
    (plugins / "postrender" / "notes.txt").write_text("mine")
    (plugins / "file").write_text("mine")

    for name in ("postrender", "file"):
        done = postrender("helm", command, "--name", name)

        assert done.code == 2
        assert done.stderr == (
            f"postrender: error: {plugins}/{name}: is there already and no plugin;"
            " choose another --name\n"
        )


def test_an_empty_folder_is_taken(postrender: Command, plugins: Path) -> None:
    (plugins / "postrender").mkdir(parents=True)

    assert postrender("helm", "install-plugin").stdout.startswith("installed: ")


def test_our_plugin_is_rewritten_when_somebody_has_damaged_it(
    postrender: Command, plugins: Path
) -> None:
    postrender("helm", "install-plugin")
    file = plugins / "postrender" / "plugin.yaml"
    whole = file.read_text()
    file.write_text(whole.partition("\n")[0] + "\n[")

    done = postrender("helm", "install-plugin")

    assert done.stdout.startswith(f"updated: {file}\nversion: 0.1.0 (before: nothing)\nstarts: ")
    assert file.read_text() == whole


def test_the_first_folder_of_several_is_taken_and_a_link_followed(
    postrender: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    listing = os.pathsep.join(["", str(tmp_path / "link"), str(tmp_path / "second")])
    monkeypatch.setenv("HELM_PLUGINS", listing)

    done = postrender("helm", "install-plugin")

    assert done.stdout.startswith(f"installed: {tmp_path}/link/postrender/plugin.yaml\n")
    assert listed(tmp_path / "real") == ["postrender/plugin.yaml"]
    assert not (tmp_path / "second").exists()


def test_a_folder_of_plugins_can_be_named(postrender: Command, tmp_path: Path) -> None:
    done = postrender("helm", "install-plugin", "--plugins-dir", "mine")

    assert done.stdout == (
        f"installed: mine/postrender/plugin.yaml\n{UNASKED}"
        "next, with HELM_PLUGINS=mine: helm install RELEASE CHART --post-renderer postrender\n"
        + IF_NOT
    )
    assert postrender("helm", "status", "--plugins-dir", "mine").code == 0
    assert postrender("helm", "uninstall-plugin", "--plugins-dir", "mine").code == 0
    assert listed(tmp_path) == []


def test_an_empty_list_of_folders_is_refused(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELM_PLUGINS", "")

    done = postrender("helm", "install-plugin")

    assert done == (
        2,
        "",
        "postrender: error: HELM_PLUGINS is empty, so Helm has no plugins;"
        " unset it, or name a folder with --plugins-dir\n",
    )


@pytest.mark.parametrize("folder", ["a[1]", "a\\b"])
def test_a_folder_in_which_helm_finds_nothing_is_refused(
    postrender: Command, tmp_path: Path, folder: str
) -> None:
    done = postrender("helm", "install-plugin", "--plugins-dir", folder)

    assert done.code == 2
    assert "Helm reads the path as a pattern" in done.stderr
    assert listed(tmp_path) == []


def test_a_folder_that_cannot_be_made_leaves_nothing(postrender: Command, plugins: Path) -> None:
    plugins.write_text("a file\n")

    done = postrender("helm", "install-plugin")

    assert done.code == 2
    assert done.stderr == (
        f"postrender: error: {plugins}/postrender/plugin.yaml: cannot be written: Not a directory\n"
    )
    assert plugins.read_text() == "a file\n"


def test_folders_that_were_made_are_removed_when_the_next_cannot_be(
    postrender: Command, tmp_path: Path
) -> None:
    long = "x" * 300

    done = postrender("helm", "install-plugin", "--plugins-dir", f"a/b/{long}")

    assert done.code == 2
    assert done.stderr.endswith("cannot be written: File name too long\n")
    assert not (tmp_path / "a").exists()


def test_a_file_that_cannot_be_written_leaves_nothing(postrender: Command, plugins: Path) -> None:
    (plugins / "postrender").mkdir(parents=True)
    blocked = plugins / "postrender" / f".plugin.yaml.{os.getpid()}.tmp"
    blocked.mkdir()
    (plugins / "postrender" / "plugin.yaml").write_text(PLUGIN)

    done = postrender("helm", "install-plugin")

    assert done.code == 2
    assert done.stderr == (
        f"postrender: error: {plugins}/postrender/plugin.yaml: cannot be written: File exists\n"
    )
    assert (plugins / "postrender" / "plugin.yaml").read_text() == PLUGIN


def test_beside_helm_3_the_plugin_is_installed_only_where_that_is_meant(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    program(tmp_path / "bin" / "helm", "echo complains >&2; echo v3.17.3+ge4da497")
    helm3 = (
        "is Helm v3.17.3, which needs no plugin, and loads none of its own any more beside one of"
        " Helm 4"
    )

    refused = postrender("helm", "install-plugin")
    assert listed(tmp_path) == ["bin/helm"]
    shared = postrender("helm", "install-plugin", "--force")
    apart = postrender("helm", "install-plugin", "--plugins-dir", "mine")

    assert refused == (
        2,
        "",
        f"postrender: error: {tmp_path}/bin/helm: {helm3}; use --post-renderer postrender as it"
        " is; for a Helm 4 beside it, name a folder that its HELM_PLUGINS names with --plugins-dir,"
        " or share this one with --force\n",
    )
    assert (shared.code, apart.code) == (0, 0)
    assert shared.stderr == apart.stderr == f"postrender: {tmp_path}/bin/helm {helm3}\n"
    assert postrender("helm", "uninstall-plugin") == (0, f"uninstalled: {plugins}/postrender\n", "")


@pytest.mark.parametrize("version", ["v4.3.1", "nonsense"])
def test_any_other_helm_is_no_hindrance(postrender: Command, tmp_path: Path, version: str) -> None:
    program(tmp_path / "bin" / "helm", f"echo {version}")

    done = postrender("helm", "install-plugin")

    assert (done.code, done.stderr) == (0, "")


def test_a_helm_that_fails_is_nobodys_concern(postrender: Command, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "helm", "exit 1")

    done = postrender("helm", "install-plugin")

    assert (done.code, done.stderr) == (0, "")


# -- uninstall-plugin -----------------------------------------------------------------------------


def test_uninstalling_removes_what_was_installed_and_says_when_there_is_nothing(
    postrender: Command, plugins: Path
) -> None:
    postrender("helm", "install-plugin")
    postrender("helm", "install-plugin", "--name", "other")

    once = postrender("helm", "uninstall-plugin")
    twice = postrender("helm", "uninstall-plugin")

    assert once == (0, f"uninstalled: {plugins}/postrender\n", "")
    assert twice == (0, f"is not installed: {plugins}/postrender\n", "")
    assert [path.name for path in plugins.iterdir()] == ["other"]


def test_uninstalling_leaves_the_files_of_others(postrender: Command, plugins: Path) -> None:
    postrender("helm", "install-plugin")
    (plugins / "postrender" / "notes.txt").write_text("mine")

    done = postrender("helm", "uninstall-plugin")

    assert done.code == 0
    assert listed(plugins) == ["postrender/notes.txt"]


def test_uninstalling_removes_the_link_to_a_package_and_not_the_package(
    postrender: Command, plugins: Path, tmp_path: Path
) -> None:
    postrender("helm", "package-plugin", "-o", "team", "--name", "shop")
    postrender("helm", "package-plugin", "-o", "copied", "--name", "copied")
    plugins.mkdir()
    (plugins / "team").symlink_to(tmp_path / "team")
    (tmp_path / "copied").rename(plugins / "copied")

    done = postrender("helm", "uninstall-plugin", "--name", "shop")
    again = postrender("helm", "uninstall-plugin", "--name", "shop")
    copied = postrender("helm", "uninstall-plugin", "--name", "copied")

    told = f"uninstalled: {plugins}/team, a link to {tmp_path}/team, which stays\n"
    assert done == (0, told, "")
    assert again == (0, f"is not installed: {plugins}/shop\n", "")
    assert copied.code == 2
    assert copied.stderr.endswith(
        f"helm plugin uninstall copied, or on Helm 3: rm -r {plugins}/copied\n"
    )
    assert listed(tmp_path / "team") == ["plugin.yaml"]
    assert listed(plugins) == ["copied/plugin.yaml"]


def test_a_plugin_of_another_name_in_our_folder_stays(postrender: Command, plugins: Path) -> None:
    postrender("helm", "install-plugin")
    (plugins / "postrender").rename(plugins / "moved")

    done = postrender("helm", "uninstall-plugin", "--name", "moved")

    assert done.code == 2
    assert "holds the plugin `postrender`, which" in done.stderr
    assert listed(plugins) == ["moved/plugin.yaml"]


def test_a_plugin_that_cannot_be_removed_is_told(
    postrender: Command, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    postrender("helm", "install-plugin")
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", unlink)  # root, as whom CI runs, may remove everything
        done = postrender("helm", "uninstall-plugin")

    assert done.code == 2
    assert done.stderr == (
        f"postrender: error: {plugins}/postrender: cannot be removed: Permission denied\n"
    )
    assert listed(plugins) == ["postrender/plugin.yaml"]


# -- what Helm would say --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "platform", "paths", "reason"),
    [
        ({"HOME": "/h"}, "linux", ("/h/.local/share/helm/plugins",), "Helm's default"),
        ({"HOME": "/h"}, "darwin", ("/h/Library/helm/plugins",), "Helm's default"),
        ({}, "linux", (".local/share/helm/plugins",), "Helm's default"),
        (
            {"HOME": "/h", "HELM_DATA_HOME": "", "XDG_DATA_HOME": ""},
            "linux",
            ("/h/.local/share/helm/plugins",),
            "Helm's default",
        ),
        ({"HOME": "/h", "XDG_DATA_HOME": "/x/"}, "darwin", ("/x/helm/plugins",), "XDG_DATA_HOME"),
        (
            {"XDG_DATA_HOME": "/x", "HELM_DATA_HOME": "/d//"},
            "linux",
            ("/d/plugins",),
            "HELM_DATA_HOME",
        ),
        ({"HELM_PLUGINS": ":/a:/b/"}, "linux", ("/a", "/b/"), "HELM_PLUGINS"),
        (
            {"APPDATA": r"C:\Users\a b\AppData\Roaming", "HOME": "/h"},
            "win32",
            (r"C:\Users\a b\AppData\Roaming\helm\plugins",),
            "Helm's default",
        ),
        ({"HELM_PLUGINS": r"C:\a;D:\b"}, "win32", (r"C:\a", r"D:\b"), "HELM_PLUGINS"),
    ],
)
def test_the_folders_are_those_that_helm_has(
    environment: Mapping[str, str], platform: str, paths: tuple[str, ...], reason: str
) -> None:
    assert folders(environment, platform) == (paths, reason)


def test_a_list_of_empty_names_is_no_folder() -> None:
    with pytest.raises(UsageError, match="HELM_PLUGINS is empty"):
        folders({"HELM_PLUGINS": ":"}, "linux")


@pytest.mark.parametrize(
    ("platform", "name"),
    [("linux", "linux"), ("darwin", "darwin"), ("win32", "windows"), ("freebsd14", "freebsd")],
)
def test_systems_are_called_as_go_calls_them(platform: str, name: str) -> None:
    assert system(platform) == name


def test_on_windows_the_interpreter_is_started_directly_or_found_in_path() -> None:
    commands = of_installation(r"C:\Python\python.exe", "windows", [r"D:\my shop\prod.yaml"])

    config = r"--config=D:\my shop\prod.yaml"
    assert commands == [
        Started("windows", r"C:\Python\python.exe", ("-P", "-m", "postrender", config)),
        Started("linux", "postrender", (config,)),
        Started("darwin", "postrender", (config,)),
    ]
    assert is_writable(r"C:\Python\python.exe", "windows")
    assert not is_writable(r"C:\Program Files\Python\python.exe", "windows")


def test_a_system_that_is_none_of_the_three_gets_an_entry_too() -> None:
    commands = of_installation("/usr/local/bin/python", "freebsd", [])

    assert [command.os for command in commands] == ["freebsd", "linux", "darwin", "windows"]


@pytest.mark.parametrize(
    ("version", "semantic"),
    [
        ("0.1.0", '"0.1.0"'),
        ("1", '"1.0.0"'),
        ("2026.04.1", '"2026.4.1"'),
        ("1.2.0rc1", '"1.2.0-rc1"'),
        ("1.2.dev3+g12ab", '"1.2.0-dev3.g12ab"'),
        ("unknown", '"0.0.0-unknown"'),
    ],
)
def test_a_version_is_one_of_three_numbers(version: str, semantic: str) -> None:
    text = compose("x", version, "postrender helm install-plugin", []).decode()

    assert f"\nversion: {semantic}\n" in text


# -- the commands ---------------------------------------------------------------------------------


def test_the_commands_are_listed(postrender: Command) -> None:
    done = postrender("helm", "--help")

    assert done.code == 0
    assert done.stdout.startswith("usage: postrender helm COMMAND [options]\n")
    for name in ("install-plugin", "uninstall-plugin", "status", "package-plugin"):
        assert f"  postrender helm {name} " in done.stdout
        own = postrender("helm", name, "--help")
        assert own.code == 0
        assert own.stdout.startswith(f"usage: postrender helm {name} [options]\n")


def test_a_command_that_there_is_not_is_an_error(postrender: Command) -> None:
    assert postrender("helm") == (
        2,
        "",
        "postrender: error: helm needs a command; see postrender helm --help\n",
    )
    assert postrender("helm", "instal-plugin").stderr == (
        "postrender: error: unknown command `helm instal-plugin`; did you mean `install-plugin`?\n"
    )
