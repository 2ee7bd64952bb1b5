"""The command line's errors: what each says, and the exit code that it ends with."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from support import BUILTIN, Command, Done

from postrender._cli import main

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"

MISTAKES: list[tuple[Sequence[str], str]] = [
    (["plugin"], "unknown command `plugin`; did you mean `plugins`?"),
    (
        ["frobnicate"],
        "unknown command `frobnicate`; known are diff, explain, helm, plugins, report, run,"
        " schema, simulate",
    ),
    (["--confg", "x"], "unknown option `--confg`; did you mean `--config`?"),
    (
        ["--post-render-strategy", "seperate"],
        "unknown strategy `seperate`; did you mean `separate`?",
    ),
    (
        ["--post-render-strategy=x"],
        "unknown strategy `x`; known are combined, nohooks, separate",
    ),
    (["-c"], "-c needs a value; write -c FILE"),
    (["-qc"], "-c needs a value; write -c FILE"),
    (["--config"], "--config needs a value; write --config FILE"),
    (["--quiet=1"], "--quiet takes no value"),
    (["-o", "a", "--output", "b"], "--output is given twice"),
    (["-q", "x.yaml"], "unknown argument `x.yaml`; options begin with a dash"),
    (["plugins", "labels"], "unknown argument `labels`; options begin with a dash"),
    (["-f", "-", "-f", "-"], "stdin can be read only once"),
    (["-f", "no.yaml"], "no.yaml: cannot be read: No such file or directory"),
    (["-f", "."], ".: cannot be read: Is a directory"),
    (["-o", "no/out.yaml"], "no/out.yaml: cannot be written: No such file or directory"),
    (["-o", "."], ".: cannot be written: Is a directory"),
    (["-c", "no.yaml"], "no.yaml: cannot be read: No such file or directory"),
    (["-c", "."], ".: cannot be read: Is a directory"),
    (["--step", "a: ["], "--step:2:1: did not find expected node content"),
    (["--step", "\udcff"], "--step: is not UTF-8"),
    (
        ["--step", "nothing:"],
        "step 1 (nothing): --step:1:1: nothing: no plugin is called `nothing`; "
        f"installed are {', '.join(BUILTIN)}",
    ),
    (
        ["--step", "labels: {set: {n: 1}}"],
        "--step:1:16: the key means `false`; quote it",
    ),
    (
        ["--step", "labels: {set: {a: 1}}"],
        "step 1 (labels): --step:1:16: labels.set.a: value 1 is a number; quote it",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES, ids=str)
def test_a_mistake_ends_with_2_and_says_what_it_is(
    arguments: Sequence[str], message: str, postrender: Command
) -> None:
    assert postrender(*arguments, stdin=POD) == Done(2, "", f"postrender: error: {message}\n")


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (POD + "---\n- a\n", "document 2"),
        (POD + "---\nkind: [\n", "document 2"),
        (b"kind: \xff\n", "UTF-8"),
    ],
)
def test_a_bad_stream_ends_with_1_and_says_where(
    stream: str | bytes, message: str, postrender: Command
) -> None:
    done = postrender(stdin=stream)

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("postrender: error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_error_nobody_foresaw_ends_with_3_and_asks_for_a_report(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with open(os.devnull) as closed:
        monkeypatch.setattr(sys, "stdin", closed)

    assert main(["-f", "-"]) == 3
    assert capfd.readouterr() == (
        "",
        "postrender: error: ValueError: read of closed file; this is a bug in "
        "postrender; please report it with the output of --debug\n",
    )
    assert main(["-f", "-", "--debug"]) == 3
    assert "Traceback (most recent call last):" in capfd.readouterr().err


def test_a_terminal_on_stdin_gets_a_hint_instead_of_a_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    parent, child = os.openpty()
    with open(child) as terminal, open(parent):
        monkeypatch.setattr(sys, "stdin", terminal)

        assert main([]) == 2

    assert capfd.readouterr() == (
        "",
        "postrender: error: stdin is a terminal; "
        "pipe manifests in, or name a file with -f; see postrender --help\n",
    )


def test_closed_streams_are_told_as_far_as_they_can_be(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.yaml").write_text(POD)
    monkeypatch.setattr(sys, "stdin", None)
    assert main([]) == 2
    assert capfd.readouterr().err == ("postrender: error: stdin is closed; name a file with -f\n")

    monkeypatch.setattr(sys, "stdout", None)
    assert main(["-f", "a.yaml"]) == 3
    assert capfd.readouterr().err == "postrender: error: stdout is closed\n"

    monkeypatch.setattr(sys, "stderr", None)
    assert main(["-f", "no.yaml"]) == 2
    with open(os.devnull) as unwritable:
        monkeypatch.setattr(sys, "stderr", unwritable)
        assert main(["-f", "no.yaml"]) == 2
    assert capfd.readouterr() == ("", "")
