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
        " scan, schema, simulate, storage",
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
    (["help"], "unknown command `help`; write postrender --help"),
    (["version"], "unknown command `version`; write postrender --version"),
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
    (["-qo", "no/out.yaml"], "no/out.yaml: cannot be written: No such file or directory"),
    (["-qo", "."], ".: cannot be written: Is a directory"),
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
    ("arguments", "message"),
    [
        (["m.yaml"], "unknown command `m.yaml`"),
        (["-q", "m.yaml"], "unknown argument `m.yaml`"),
        (["diff", "m.yaml"], "unknown argument `m.yaml`"),
    ],
)
def test_a_file_of_manifests_without_its_option_is_told_how_it_is_read(
    arguments: Sequence[str], message: str, postrender: Command, folder: Path
) -> None:
    (folder / "m.yaml").write_text(POD)

    assert postrender(*arguments) == Done(
        2, "", f"postrender: error: {message}; read it with -f m.yaml\n"
    )
    assert "-f" not in postrender("plugins", "m.yaml").stderr


ABSENT = "cannot be read: No such file or directory"
AS_ARGUMENTS = "and each option as an argument of its own"
SEPARATED = "paths in POSTRENDER_CONFIG are separated by `:`"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("a.yaml,b.yaml", f"a.yaml,b.yaml: {ABSENT}; repeat -c for each file"),
        ("a.yaml b.yaml", f"a.yaml b.yaml: {ABSENT}; repeat -c for each file"),
        (" ../a.yaml", f"' ../a.yaml': {ABSENT}; write --config=../a.yaml, {AS_ARGUMENTS}"),
        (" a.yaml -q", f"' a.yaml -q': {ABSENT}; write --config=a.yaml, {AS_ARGUMENTS}"),
        ("a.yaml ", f"'a.yaml ': {ABSENT}; repeat -c for each file"),
        (" ", f"' ': {ABSENT}; repeat -c for each file"),
        ("a.yaml", f"a.yaml: {ABSENT}"),
    ],
)
def test_a_path_that_is_not_there_may_be_several_or_have_a_blank_too_many(
    path: str, message: str, postrender: Command
) -> None:
    # As a host passes on what stands in --post-renderer-args: in one argument.
    assert postrender(f"-c{path}", stdin=POD) == Done(2, "", f"postrender: error: {message}\n")


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ("a.yaml;b.yaml", f"a.yaml;b.yaml: {ABSENT}; {SEPARATED}"),
        ("a.yaml,b.yaml", f"a.yaml,b.yaml: {ABSENT}; {SEPARATED}"),
        (" a.yaml", f"' a.yaml': {ABSENT}; {SEPARATED}"),
        ("a.yaml", f"a.yaml: {ABSENT}"),
    ],
)
def test_how_paths_in_the_variable_are_separated_is_told(
    paths: str, message: str, postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTRENDER_CONFIG", paths)

    assert postrender(stdin=POD) == Done(2, "", f"postrender: error: {message}\n")


def test_a_path_with_a_blank_is_fine_where_there_is_such_a_file(
    postrender: Command, folder: Path
) -> None:
    (folder / " a,b.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps: [{nothing: {}}]\n"
    )

    assert "no plugin is called `nothing`" in postrender("-c", " a,b.yaml", stdin=POD).stderr


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
    assert main(["-qf", "a.yaml"]) == 3
    assert capfd.readouterr().err == "postrender: error: stdout is closed\n"

    monkeypatch.setattr(sys, "stderr", None)
    assert main(["-f", "no.yaml"]) == 2
    with open(os.devnull) as unwritable:
        monkeypatch.setattr(sys, "stderr", unwritable)
        assert main(["-f", "no.yaml"]) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "arguments", [["--report", "-"], ["--report", "out.yaml", "-o", "out.yaml"]], ids=str
)
def test_beside_another_mistake_no_report_is_written_where_it_must_not_be(
    arguments: list[str], postrender: Command, folder: Path
) -> None:
    assert postrender(*arguments, "--bogus", stdin=POD).code == 2
    assert sorted(path.name for path in folder.glob("*")) in ([], ["state"])
