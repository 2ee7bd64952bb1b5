"""Errors on the controlling terminal, where Helm 4 keeps them from stderr."""

import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import UNCONFIGURED
from terminals import Shown, on_terminal

FILENAME = "postrenderer.helm.sh/postrender-filename"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
HELM4 = f"{POD}  annotations:\n    {FILENAME}: 'shop/templates/web.yaml'\n"
FAILING = ("--step", 'exec: [sh, -c, "echo out of mirrors >&2; exit 7"]')
MESSAGE = "postrender: error: step 1 (exec): sh exited with code 7: out of mirrors"
MORE = "postrender: `postrender report` shows more"


Terminal = Callable[..., Shown]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Run `postrender` with a controlling terminal, and pipes for the rest."""
    monkeypatch.delenv("POSTRENDER_TTY")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*arguments: str, stdin: str = HELM4, **how: Any) -> Shown:
        command = [sys.executable, "-m", "postrender", *arguments]
        return on_terminal(command, stdin=stdin, cwd=tmp_path, **how)

    return run


def test_under_helm_4_an_error_is_seen_on_the_terminal(terminal: Terminal) -> None:
    shown = terminal(*FAILING)

    assert shown == Shown(1, f"{MESSAGE}\n{MORE}\n", f"{MESSAGE}\n")


def test_a_stream_of_another_host_leaves_the_terminal_alone(terminal: Terminal) -> None:
    assert terminal(*FAILING, stdin=POD) == Shown(1, "", f"{MESSAGE}\n")


def test_a_run_that_ends_well_leaves_the_terminal_alone(terminal: Terminal) -> None:
    assert terminal("--step", "labels: {set: {a: b}}") == Shown(0, "", "")


def test_under_helm_4_a_run_without_steps_is_told_on_the_terminal(terminal: Terminal) -> None:
    assert terminal() == Shown(0, UNCONFIGURED, UNCONFIGURED)
    assert terminal("-q") == Shown(0, "", "")
    assert terminal(stdin=POD) == Shown(0, "", UNCONFIGURED)


NUMBERS = '--step=exec: [sh, -c, "seq 100 {} >&2; exit 7"]'


def test_of_a_long_message_the_terminal_has_first_and_last_lines(terminal: Terminal) -> None:
    first = "postrender: error: step 1 (exec): sh exited with code 7: "

    shown = terminal(NUMBERS.format(999))
    assert shown.terminal == f"{first}...\n995\n996\n997\n998\n999\n{MORE}\n"
    assert shown.stderr.startswith(f"{first}...\n500\n501\n")
    assert terminal(NUMBERS.format(106)).terminal == (
        f"{first}100\n...\n102\n103\n104\n105\n106\n{MORE}\n"
    )
    assert terminal(NUMBERS.format(105)).terminal == (
        f"{first}100\n101\n102\n103\n104\n105\n{MORE}\n"
    )


def test_without_a_report_the_terminal_has_all_of_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTRENDER_STATE", "off")

    shown = terminal(NUMBERS.format(199))
    assert shown.terminal == shown.stderr
    assert shown.terminal.count("\n") == 100


def test_stderr_that_is_the_terminal_has_it_once(terminal: Terminal) -> None:
    assert terminal(*FAILING, redirected=False).terminal == f"{MESSAGE}\n"


def test_it_can_be_switched_off(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTRENDER_TTY", "off")

    assert terminal(*FAILING) == Shown(1, "", f"{MESSAGE}\n")


def test_without_a_report_nothing_more_is_promised(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTRENDER_STATE", "off")

    assert terminal(*FAILING).terminal == f"{MESSAGE}\n"


def test_a_report_file_is_named(terminal: Terminal) -> None:
    shown = terminal(*FAILING, "--report", "report.json").terminal

    assert shown == f"{MESSAGE}\npostrender: `postrender report report.json` shows more\n"


def test_what_a_terminal_would_obey_is_shown_instead(terminal: Terminal) -> None:
    step = "exec: [sh, -c, \"printf '\\\\033[31mred' >&2; exit 7\"]"

    assert "code 7: \\x1b[31mred\n" in terminal("--step", step).terminal


class TestPlugin:
    """A plugin of Helm 4, by its variables, while there is no stream yet."""

    @pytest.fixture(autouse=True)
    def _started_by_helm(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "plugin.yaml").write_text("type: postrenderer/v1\n")
        monkeypatch.setenv("HELM_PLUGIN_NAME", "postrender")
        monkeypatch.setenv("HELM_PLUGIN_DIR", str(tmp_path))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["-c", "no.yaml"], "no.yaml: cannot be read: No such file or directory"),
            (["--confg", "x"], "unknown option `--confg`; did you mean `--config`?"),
        ],
    )
    def test_a_mistake_is_seen(
        self, arguments: list[str], message: str, terminal: Terminal
    ) -> None:
        shown = terminal(*arguments, stdin="")

        assert shown.terminal == f"postrender: error: {message}\n{MORE}\n"

    def test_an_unknown_command_is_seen(self, terminal: Terminal) -> None:
        shown = terminal("plugin", stdin="").terminal

        assert shown == "postrender: error: unknown command `plugin`; did you mean `plugins`?\n"

    def test_another_plugin_that_started_us_is_none_of_our_business(
        self, terminal: Terminal, tmp_path: Path
    ) -> None:
        (tmp_path / "plugin.yaml").write_text("type: cli/v1\n")
        assert terminal("-c", "no.yaml", stdin="").terminal == ""
        (tmp_path / "plugin.yaml").unlink()
        assert terminal("-c", "no.yaml", stdin="").terminal == ""

    def test_a_run_without_steps_is_seen_whatever_the_stream(self, terminal: Terminal) -> None:
        assert terminal(stdin=POD) == Shown(0, UNCONFIGURED, UNCONFIGURED)

    def test_the_report_knows_the_host(self, terminal: Terminal, tmp_path: Path) -> None:
        terminal("-c", "no.yaml", "--report", "report.json", stdin="")

        report = (tmp_path / "report.json").read_text()
        assert '"value": "helm4",\n  "source": "HELM_PLUGIN_DIR"' in report


def test_in_the_background_it_neither_stops_nor_waits(terminal: Terminal) -> None:
    shown = terminal(*FAILING, where="background", prepare=stop_writers)

    assert shown == Shown(1, f"{MESSAGE}\n{MORE}\n", f"{MESSAGE}\n")


def stop_writers(terminal: int) -> None:
    """Have a terminal stop programs in the background that write to it."""
    attributes = termios.tcgetattr(terminal)
    attributes[3] |= termios.TOSTOP
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)


def test_a_terminal_that_is_held_up_is_not_waited_for(terminal: Terminal) -> None:
    started = time.monotonic()
    shown = terminal(*FAILING, prepare=lambda it: termios.tcflow(it, termios.TCOOFF))

    assert (shown.code, shown.stderr) == (1, f"{MESSAGE}\n")
    assert time.monotonic() - started < 20


def test_without_a_terminal_there_is_only_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTRENDER_TTY")
    done = subprocess.run(
        [sys.executable, "-m", "postrender", *FAILING],
        input=HELM4.encode(),
        capture_output=True,
        start_new_session=True,
        check=False,
    )

    assert (done.returncode, done.stderr.decode()) == (1, f"{MESSAGE}\n")


@pytest.mark.usefixtures("terminal")
def test_a_closed_stderr_is_no_obstacle() -> None:
    script = 'exec "$0" -m postrender "$@" 2>&-'
    command = ["/bin/sh", "-c", script, sys.executable, *FAILING]

    assert on_terminal(command, stdin=HELM4) == Shown(1, f"{MESSAGE}\n{MORE}\n", "")
