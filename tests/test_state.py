"""The reports of the last runs: where they are kept, how many, and how they are read back."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support import UNCONFIGURED, Command, Done, Install

import postrender as package

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
SOURCED = f"---\n# Source: shop/templates/web.yaml\n{POD}"

PLUGIN = """\
from postrender import Finding, Severity, hookimpl

@hookimpl
def postrender_transform(manifests, options, context):
    context.notice("noticed \\x1b[31m", manifests[0].location)
    for manifest in manifests:
        for number in range(options.get("edits", 0)):
            manifest.set(("metadata", "labels", "a"), "x" * number)
        manifest.set(("spec",), {"image": "long" * 20})
        manifest.delete(("spec",))
        if "large" in options:
            manifest.set(("data", "a"), "x" * 10_000)
            manifest.set(("data", "a"), "x" * 10_001)
            manifest.set(("data", "b"), ["x" * 10_001])
    if "raise" in options:
        raise KeyError("spec")

@hookimpl
def postrender_check(manifests, options):
    yield Finding(Severity.WARNING, "rule", "bad", manifests[0].location)
    yield Finding(Severity.INFO, "rule", "is fine")
"""


@pytest.fixture
def state(folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> Path:
    """The user's state folder, which is empty."""
    path: Path = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(path))
    monkeypatch.delenv("POSTRENDER_STATE", raising=False)
    return path / "postrender" / "reports"


def kept(state: Path) -> list[dict[str, Any]]:
    """Return the reports in the folder, the oldest first."""
    return [json.loads(path.read_text()) for path in sorted(state.iterdir())]


OLDEST = "00010101T000000.000000000Z-1"
NEWEST = "99990101T000000.000000000Z-1"


class TestFolder:
    """Where reports are kept."""

    def test_a_run_leaves_a_report_that_only_its_user_can_read(
        self, state: Path, postrender: Command
    ) -> None:
        assert postrender("--step", "labels: {set: {a: b}}", stdin=POD).code == 0

        (path,) = state.iterdir()
        assert path.suffix == ".json"
        assert path.stat().st_mode & 0o777 == 0o600
        assert state.stat().st_mode & 0o777 == 0o700
        assert state.parent.stat().st_mode & 0o777 == 0o700
        assert kept(state)[0]["editsTotal"] == 1

    def test_only_the_newest_twenty_are_kept(self, state: Path, postrender: Command) -> None:
        for number in range(23):
            postrender("--step", f"labels: {{set: {{a: b{number}}}}}", stdin=POD)

        steps = [report["config"]["steps"][0] for report in kept(state)]
        assert steps == [f"labels: {{set: {{a: b{number}}}}}" for number in range(3, 23)]

    def test_what_a_killed_run_left_goes_with_the_old_ones(
        self, state: Path, postrender: Command
    ) -> None:
        state.mkdir(parents=True)
        (state / ".20250101T000000.000000000Z-1.json.1.tmp").write_text("{")
        for _ in range(20):
            postrender(stdin=POD)

        assert [path.suffix for path in state.iterdir()] == [".json"] * 20

    def test_runs_at_the_same_time_do_not_meet(self, state: Path) -> None:
        command = [sys.executable, "-m", "postrender", "--step", "labels: {set: {a: b}}"]
        runs = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(6)
        ]
        for run in runs:
            assert run.communicate(POD.encode())[1] == b""

        assert [report["exitCode"] for report in kept(state)] == [0] * 6

    def test_failures_are_kept_whatever_they_are(self, state: Path, postrender: Command) -> None:
        postrender("--nothing", stdin=POD)
        postrender("-c", "no.yaml", stdin=POD)
        postrender(stdin="- a\n")

        assert [report["exitCode"] for report in kept(state)] == [2, 2, 1]

    @pytest.mark.parametrize(
        "arguments", [["--version"], ["--help"], ["plugins"], ["schema"], ["report", "--help"]]
    )
    def test_no_other_command_leaves_one(
        self, arguments: list[str], state: Path, postrender: Command
    ) -> None:
        assert postrender(*arguments).code == 0
        assert not state.exists()

    def test_a_run_with_a_report_file_is_kept_too(
        self, state: Path, folder: Path, postrender: Command, install: Install
    ) -> None:
        install("try", PLUGIN)
        done = postrender("--report", "report.json", "--step", "try: {edits: 400}", stdin=POD)

        assert done.code == 0
        (brief,), whole = kept(state), json.loads((folder / "report.json").read_text())
        assert [len(each["steps"][0]["edits"]) for each in (brief, whole)] == [300, 402]
        assert brief["started"] == whole["started"]

    def test_a_report_file_that_cannot_be_written_late_leaves_it_here(
        self, state: Path, folder: Path, postrender: Command
    ) -> None:
        (folder / "place").mkdir()
        step = "exec: [sh, -c, 'rmdir place; exit 7']"
        done = postrender("--report", "place/report.json", "--step", step, stdin=POD)

        assert "place/report.json: the report cannot be written: No such file" in done.stderr
        assert kept(state)[0]["exitCode"] == 1

    def test_a_report_file_that_cannot_be_is_told_here(
        self, state: Path, postrender: Command
    ) -> None:
        assert postrender("--report", "no/report.json", stdin=POD).code == 2
        assert kept(state)[0]["error"]["location"] == {"text": "no/report.json"}

    def test_it_can_be_switched_off(
        self, state: Path, postrender: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POSTRENDER_STATE", "off")

        assert postrender(stdin=POD) == Done(0, POD, UNCONFIGURED)
        assert not state.exists()

    @pytest.mark.parametrize("variable", [None, "", "relative"])
    def test_by_default_it_is_in_the_home_folder(
        self,
        variable: str | None,
        folder: Path,
        postrender: Command,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("HOME", str(folder / "home"))
        monkeypatch.delenv("XDG_STATE_HOME")
        if variable is not None:
            monkeypatch.setenv("XDG_STATE_HOME", variable)

        assert postrender(stdin=POD) == Done(0, POD, UNCONFIGURED)
        assert len(kept(folder / "home" / ".local" / "state" / "postrender" / "reports")) == 1

    @pytest.mark.parametrize("home", [None, "", "relative"])
    def test_without_a_home_there_is_none(
        self,
        home: str | None,
        folder: Path,
        postrender: Command,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv("HOME", raising=False)
        monkeypatch.delenv("XDG_STATE_HOME")
        if home is not None:
            monkeypatch.setenv("HOME", home)

        assert postrender(stdin=POD) == Done(0, POD, UNCONFIGURED)
        assert list(folder.iterdir()) == []
        assert postrender("report") == Done(
            2,
            "",
            "postrender: error: there is no folder for reports; "
            "set HOME or XDG_STATE_HOME, or use --report FILE\n",
        )

    def test_a_place_where_nothing_can_be_written_is_no_reason_to_complain(
        self, folder: Path, postrender: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "file").write_text("")
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "file"))

        assert postrender(stdin=POD) == Done(0, POD, UNCONFIGURED)
        assert postrender("-c", "no.yaml", stdin=POD).stderr.count("\n") == 1

    def test_an_old_report_that_cannot_be_removed_stays(
        self, state: Path, postrender: Command
    ) -> None:
        (state / f"{OLDEST}.json").mkdir(parents=True)
        for _ in range(21):
            assert postrender(stdin=POD) == Done(0, POD, UNCONFIGURED)

        assert len(list(state.iterdir())) == 21

    def test_a_large_run_is_cut(self, state: Path, postrender: Command, install: Install) -> None:
        install("try", PLUGIN)
        assert postrender("-q", "--step", "try: {edits: 400}", stdin=POD).code == 0

        (step,) = kept(state)[0]["steps"]
        assert (step["editsTotal"], len(step["edits"])) == (402, 300)
        assert kept(state)[0]["editsTotal"] == 402

    def test_large_values_are_cut(self, state: Path, postrender: Command, install: Install) -> None:
        install("try", PLUGIN)
        assert postrender("-q", "--step", "try: {large: 1}", stdin=POD).code == 0

        edits = kept(state)[0]["steps"][0]["edits"][-3:]
        assert edits[0]["new"] == {"a": "x" * 10_000} or edits[0]["new"] == "x" * 10_000
        assert edits[1]["new"] == "(10001 characters)"
        assert edits[2]["new"] == "(10005 characters)"

    def test_of_a_large_stream_only_what_is_stated_is_told_of_the_release(
        self, state: Path, postrender: Command
    ) -> None:
        pod = f"{POD}  namespace: shop\ndata: {'x' * 500_000}\n"
        postrender("--release-name", "red", stdin=pod)

        (report,) = kept(state)
        assert report["release"] == {"value": "red", "source": "--release-name"}
        assert report["namespace"] is None

    def test_values_that_json_has_not_are_no_trouble(
        self, state: Path, postrender: Command, install: Install
    ) -> None:
        install(
            "odd",
            "from postrender import Finding, Severity, hookimpl\n\n"
            "@hookimpl\n"
            "def postrender_transform(manifests):\n"
            "    manifests[0].delete(('spec',))\n"
            "@hookimpl\n"
            "def postrender_check(manifests):\n"
            "    deep = []\n"
            "    for _ in range(5000):\n"
            "        deep = [deep]\n"
            "    odd = {'x': {1}, 'y': float('inf'), 'z': deep}\n"
            "    fix = [{'op': 'add', 'path': '/a', 'value': deep, **odd}]\n"
            "    yield Finding(Severity.INFO, 'rule', 'bad', fix=fix)\n",
        )
        stream = POD + "spec: {a: 1, b: [1.5, null, true]}\n"
        assert postrender("--step", "odd:", stdin=stream).code == 0

        (step,) = kept(state)[0]["steps"]
        assert step["edits"][0]["old"] == {"a": 1, "b": [1.5, None, True]}
        fix = step["findings"][0]["fix"][0]
        assert (fix["x"], fix["y"]) == ("{1}", "inf")
        assert "(nested too deep to be shown)" in json.dumps(fix["z"])
        assert "(nested too deep to be shown)" in json.dumps(fix["value"])


TEXT = """\
postrender VERSION, TIME, exit code 3
host: helm3 (# Source:)
release: blue (--release-name)
directory: FOLDER
config: postrender.yaml
config: --step 'try: {edits: 2, raise: 1}'
manifests: 1 in, none written
notice: document 1 (shop/templates/web.yaml): what follows the line ... is no part of the \
document for Kubernetes
step 1 (labels): 1 selected, 1 edit, TIME
  add Pod web /metadata/labels/team: "a"
step 2 (ours: try): 1 selected, 3 edits, TIME
  add Pod web /metadata/labels/a: ""
  add Pod web /spec: {"image": "longlonglonglonglonglonglonglonglonglonglonglongl...
  remove Pod web /spec: {"image": "longlonglonglonglonglonglonglonglonglonglonglongl...
  warning [rule]: document 1 (shop/templates/web.yaml), Pod web: bad
  info [rule]: is fine
  notice: document 1 (shop/templates/web.yaml), Pod web: noticed \\x1b[31m
step 3 (try): failed, 3 edits
  replace Pod web /metadata/labels/a: "" by "x"
  add Pod web /spec: {"image": "longlonglonglonglonglonglonglonglonglonglonglongl...
  remove Pod web /spec: {"image": "longlonglonglonglonglonglonglonglonglonglonglongl...
  notice: document 1 (shop/templates/web.yaml), Pod web: noticed \\x1b[31m
error: step 3 (try): the plugin failed: KeyError: 'spec'; --debug shows the traceback
"""


def timeless(text: str) -> str:
    """Return *text* without the times, which are others on each run."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, \d+\.\d\d s", "TIME", text)
    return re.sub(r"\d+\.\d{3} s", "TIME", text)


class TestCommand:
    """`postrender report`."""

    def test_it_tells_the_whole_run_and_the_error_last(
        self, state: Path, folder: Path, postrender: Command, install: Install
    ) -> None:
        install("try", PLUGIN)
        (folder / "postrender.yaml").write_text(
            "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n"
            "- labels: {set: {team: a}}\n- {name: ours, try: {edits: 1}}\n"
        )
        failed = postrender(
            *("--release-name", "blue", "--step", "try: {edits: 2, raise: 1}"),
            stdin=SOURCED + "...\nmore\n",
        )

        shown = postrender("report")

        assert (shown.code, shown.stderr) == (0, "")
        expected = TEXT.replace("VERSION", package.__version__).replace("FOLDER", str(folder))
        assert timeless(shown.stdout) == expected
        assert failed.stderr.splitlines()[-1] == f"postrender: {shown.stdout.splitlines()[-1]}"
        assert postrender("report", "--last") == shown

    def test_debug_shows_the_traceback_before_the_error(
        self, state: Path, postrender: Command, install: Install
    ) -> None:
        install("try", PLUGIN)
        postrender("--debug", "--step", "try: {raise: 1}", stdin=POD)

        lines = postrender("report").stdout.splitlines()
        assert lines[-1] == "error: step 1 (try): the plugin failed: KeyError: 'spec'"
        assert "Traceback (most recent call last):" in lines

    def test_of_many_edits_it_shows_the_first(
        self, state: Path, postrender: Command, install: Install
    ) -> None:
        install("try", PLUGIN)
        postrender("--step", "try: {edits: 400}", stdin=POD)

        lines = postrender("report").stdout.splitlines()
        assert lines[5].startswith("step 1 (try): 1 selected, 402 edits, ")
        assert len([line for line in lines if line.startswith("  replace")]) == 19
        assert "  and 382 more" in lines

    def test_the_last_failed_one_is_found_behind_others(
        self, state: Path, postrender: Command
    ) -> None:
        postrender("-c", "first.yaml", stdin=POD)
        postrender("-c", "second.yaml", stdin=POD)
        postrender(stdin=POD)

        assert "exit code 0" in postrender("report").stdout
        shown = postrender("report", "--failed").stdout
        assert shown.endswith("error: second.yaml: cannot be read: No such file or directory\n")

    def test_it_is_an_error_that_none_has_failed(self, state: Path, postrender: Command) -> None:
        postrender(stdin=POD)

        assert postrender("report", "--failed") == Done(
            1, "", f"postrender: error: {state}: none of the runs that are kept has failed\n"
        )

    def test_what_others_keep_there_is_left_alone(self, state: Path, postrender: Command) -> None:
        state.mkdir(parents=True)
        for number in range(25):
            (state / f"2020-notes-{number}.json").write_text("mine")

        postrender(stdin=POD)

        assert len(list(state.iterdir())) == 26
        assert "exit code 0" in postrender("report").stdout

    def test_the_list_has_a_line_for_each(self, state: Path, postrender: Command) -> None:
        postrender("--step", "labels: {set: {a: b}}", "--release-name", "blue", stdin=POD)
        time.sleep(0.01)
        postrender("-c", "no.yaml", stdin=POD)
        (state / f"{OLDEST}.json").write_text("{")

        last, first, damaged = postrender("report", "--list").stdout.splitlines()
        assert last[:6] + last[24:] == (
            " 1  20  exit 2  host none  no.yaml  "
            "error: no.yaml: cannot be read: No such file or directory"
        )
        assert first[:6] + first[24:] == (" 2  20  exit 0  host none, release blue  --step  1 edit")
        assert damaged == f" 3  {state / OLDEST}.json is damaged"
        assert postrender("report", "--list", "--failed").stdout == f"{last}\n"
        listed = json.loads(postrender("report", "--list", "--json").stdout)
        assert [report["exitCode"] for report in listed] == [2, 0]

    def test_the_list_names_the_host_the_configurations_and_where_there_are_none(
        self, state: Path, folder: Path, postrender: Command
    ) -> None:
        (folder / "a.yaml").write_text(
            "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps: []\n"
        )
        postrender("-c", "a.yaml", "-c", "a.yaml", "--step", "labels: {set: {a: b}}", stdin=SOURCED)
        postrender(stdin=POD)
        postrender("--confg", stdin=POD)

        lines = postrender("report", "--list").stdout.splitlines()
        assert [line[24:] for line in lines] == [
            "  exit 2  host none  error: unknown option `--confg`; did you mean `--config`?",
            "  exit 0  host none  no configuration  0 edits",
            "  exit 0  host helm3  a.yaml, a.yaml, --step  1 edit",
        ]

    def test_a_number_of_the_list_shows_that_run(
        self, state: Path, folder: Path, postrender: Command
    ) -> None:
        for name in ("one", "two", "three"):
            postrender("-c", f"{name}.yaml", stdin=POD)

        assert "error: three.yaml: " in postrender("report", "1").stdout
        assert "error: one.yaml: " in postrender("report", "3").stdout
        data = json.loads(postrender("report", "--json", "2").stdout)
        assert data["config"]["files"] == ["two.yaml"]
        for number in ("0", "4"):
            assert postrender("report", number) == Done(
                1,
                "",
                f"postrender: error: there is no run {number}, but 1 to 3;"
                f" see postrender report --list; a file of that name is ./{number}\n",
            )

    def test_a_failed_one_keeps_its_number_in_the_list(
        self, state: Path, postrender: Command
    ) -> None:
        postrender("-c", "no.yaml", stdin=POD)
        postrender(stdin=POD)

        assert postrender("report", "--list", "--failed").stdout.startswith(" 2  20")

    def test_without_a_configuration_it_says_so(
        self, state: Path, folder: Path, postrender: Command
    ) -> None:
        postrender(stdin=POD)
        expected = f"config: none (postrender.yaml is not in {folder})"
        assert expected in postrender("report").stdout.splitlines()

        postrender("--step", "labels: {set: {a: b}}", stdin=POD)
        assert "config: none" not in postrender("report").stdout
        postrender("--nothing", stdin=POD)
        assert "config: none" not in postrender("report").stdout

    def test_a_reader_that_has_gone_is_no_failure(self, state: Path, postrender: Command) -> None:
        postrender("-c", "no.yaml", stdin=POD)
        reader, writer = os.pipe()
        os.close(reader)
        command = [sys.executable, "-m", "postrender", "--step", "labels: {set: {a: b}}"]
        done = subprocess.run(
            command, input=POD.encode(), stdout=writer, stderr=subprocess.PIPE, check=False
        )
        os.close(writer)

        assert (done.returncode, done.stderr) == (1, b"")
        assert postrender("report").stdout.endswith("\nthe reader closed the pipe\n")
        assert "no.yaml" in postrender("report", "--failed").stdout
        first, second = postrender("report", "--list").stdout.splitlines()
        assert first.endswith("  --step  the reader closed the pipe")
        assert postrender("report", "--list", "--failed").stdout == f"{second}\n"

    def test_json_is_the_report_itself(self, state: Path, postrender: Command) -> None:
        postrender("--step", "labels: {set: {a: b}}", stdin=POD)

        assert json.loads(postrender("report", "--json").stdout) == kept(state)[0]

    def test_a_file_is_read_too(self, state: Path, postrender: Command) -> None:
        postrender("--report", "report.json", "-c", "no.yaml", stdin=POD)

        shown = postrender("report", "report.json").stdout
        assert shown.endswith("error: no.yaml: cannot be read: No such file or directory\n")

    def test_where_there_is_none_yet_it_says_so(self, state: Path, postrender: Command) -> None:
        message = f"{state}: holds no report yet; each run of postrender leaves one"

        assert postrender("report") == Done(1, "", f"postrender: error: {message}\n")
        assert postrender("report", "--list") == Done(1, "", f"postrender: error: {message}\n")

    def test_where_it_is_off_it_says_so(
        self, state: Path, postrender: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POSTRENDER_STATE", "off")

        assert postrender("report") == Done(
            2,
            "",
            "postrender: error: reports of the last runs are switched off; "
            "unset POSTRENDER_STATE, or name the FILE that --report wrote\n",
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{"apiVersion": "postrender.dev/v1alpha1", ', "is damaged: Expecting property name"),
            ("", "is damaged: "),
            ("{", "is no report of postrender"),
            ("\xff", "is no report of postrender"),
            ("[" * 100_000, "is no report of postrender"),
            (POD, "is no report of postrender"),
            ("apiVersion: postrender.dev/v1alpha1\n", "is no report of postrender"),
            ("[]", "is no report of postrender"),
            ('{"kind": "Pipeline"}', "is no report of postrender"),
            ('{"kind": "Report", "apiVersion": "x/v2"}', "is not of postrender.dev/v1alpha1; read"),
            ('{"kind": "Report", "apiVersion": "postrender.dev/v1alpha1"}', "is damaged: KeyError"),
        ],
    )
    def test_a_file_that_is_no_report_is_told(
        self, text: str, message: str, folder: Path, postrender: Command
    ) -> None:
        (folder / "report.json").write_text(text, encoding="latin-1")

        done = postrender("report", "report.json")

        assert (done.code, done.stdout) == (1, "")
        assert done.stderr.startswith(f"postrender: error: report.json: {message}")

    def test_a_damaged_last_one_is_told_and_passed_over_for_failed_ones(
        self, state: Path, postrender: Command
    ) -> None:
        postrender("-c", "no.yaml", stdin=POD)
        (state / f"{NEWEST}.json").write_text("")

        assert f"{state / NEWEST}.json: is damaged: " in postrender("report").stderr
        assert "no.yaml" in postrender("report", "--failed").stdout

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["a", "b"], "unknown argument `b`; one report is shown at a time"),
            (["a"], "a: cannot be read: No such file or directory"),
            (
                ["--last", "a"],
                "--last and --failed are for the reports that are kept, not for a FILE",
            ),
            (["--list", "a"], "--list is for the reports that are kept, not for a FILE"),
            (["--lst"], "unknown option `--lst`; did you mean `--list`?"),
        ],
    )
    def test_mistakes_are_told(
        self, arguments: list[str], message: str, postrender: Command
    ) -> None:
        assert postrender("report", *arguments) == Done(2, "", f"postrender: error: {message}\n")

    def test_the_help_names_everything(self, postrender: Command) -> None:
        done = postrender("report", "--help")

        assert (done.code, done.stderr) == (0, "")
        for word in (
            "[N | FILE]",
            "--last",
            "--failed",
            "--list",
            "--json",
            "POSTRENDER_STATE=off",
        ):
            assert word in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_killed_run_leaves_nothing_behind(state: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "postrender", "-f", str(fifo), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command) as process, open(fifo, "wb"):
        process.kill()

    assert not state.exists()
    assert list(tmp_path.iterdir()) == [fifo]
