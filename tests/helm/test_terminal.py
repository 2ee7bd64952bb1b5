"""A failing step under each Helm: what its user sees on the terminal, and types next."""

import shutil
from pathlib import Path

from helm.hosts import SHOP, Helm
from terminals import on_terminal

FAILING = '- name: mirrors\n  exec: {command: [sh, -c, "echo out of mirrors >&2; exit 7"]}\n'
MESSAGE = "postrender: error: step 1 (mirrors: exec): sh exited with code 7: out of mirrors\n"
MORE = "postrender: `postrender report` shows more\n"


def seen(host: Helm, *arguments: str) -> str:
    """Return what is on the terminal after a call of Helm that fails."""
    environment = {k: v for k, v in host.environment.items() if k != "POSTRENDER_TTY"}
    command = [host.program, "template", "shop", SHOP, *host.flags, *arguments]
    shown = on_terminal(command, redirected=False, cwd=host.folder, env=environment)
    assert shown.code == 1
    return shown.terminal


def report(host: Helm) -> str:
    """Return what `postrender report --last` prints."""
    program = shutil.which("postrender", path=host.environment["PATH"])
    assert program
    command = [program, "report", "--last"]
    shown = on_terminal(command, redirected=False, cwd=host.folder, env=host.environment)
    assert shown.code == 0
    return shown.terminal


def test_a_failing_step_is_seen_and_reported(offline: Helm) -> None:
    offline.chain(FAILING)

    terminal = seen(offline)

    assert terminal.count(MESSAGE) == 1
    assert (MORE in terminal) is (offline.major == 4)
    lines = report(offline).splitlines()
    assert lines[1].startswith(f"host: helm{offline.major} (")
    assert "config: postrender.yaml" in lines
    assert lines[-2:] == [
        "step 1 (mirrors: exec): failed, 0 edits",
        MESSAGE.removeprefix("postrender: ").rstrip(),
    ]


def test_a_wrong_configuration_is_seen_and_reported(offline: Helm) -> None:
    offline.chain("- lables: {set: {a: b}}\n")

    terminal = seen(offline)

    message = "error: step 1 (lables): postrender.yaml:4:3: lables: no plugin is called `lables`"
    assert terminal.count(message) == 1
    assert report(offline).splitlines()[-1].startswith(message)


def test_a_wrong_argument_is_seen(offline: Helm) -> None:
    terminal = seen(offline, "--post-renderer-args=--confg=x")

    assert terminal.count("error: unknown option `--confg`; did you mean `--config`?") == 1


def test_the_report_is_in_the_users_state_folder(offline: Helm) -> None:
    offline.chain(FAILING)
    seen(offline)

    folder = Path(offline.environment["HOME"]) / ".local" / "state" / "postrender" / "reports"
    assert len(list(folder.iterdir())) == 1
