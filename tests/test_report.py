"""The report of a run: what is in it, however the run ends, and what never is."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import Command, Done, Install

import postrender as package
from postrender._cli import main

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
HELM3 = f"""\
---
# Source: shop/templates/web.yaml
{POD}  namespace: shop
  labels:
    app.kubernetes.io/instance: blue
    helm.sh/chart: shop-1.4.2
"""
FILENAME = "postrenderer.helm.sh/postrender-filename"
HELM4 = f"{POD}  annotations:\n    {FILENAME}: 'shop/templates/web.yaml'\n"

PLUGIN = """\
from postrender import Finding, Severity, hookimpl

@hookimpl
def postrender_transform(manifests, options, context):
    context.notice("noticed", manifests[0].at(["metadata", "a/b"]))
    for manifest in manifests:
        manifest.set(("metadata", "labels", "a/b"), "x")
        manifest.set(("metadata", "labels", "a/b"), "y")
        manifest.delete(("metadata", "labels", "a/b"))
    if "add" in options:
        manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "more"}})
    if "raise" in options:
        raise KeyError("spec")
    if "interrupt" in options:
        raise KeyboardInterrupt

@hookimpl
def postrender_check(manifests, options):
    severity = Severity(options.get("severity", "warning"))
    fix = [{"op": "remove", "path": "/a"}, {"op": "add", "path": "/b", "value": float("nan")}]
    for manifest in manifests:
        yield Finding(severity, "rule", "bad", manifest.location, fix)
"""

Reported = Callable[..., dict[str, Any]]


@pytest.fixture
def reported(postrender: Command, folder: Path) -> Reported:
    """Run `postrender` with a report, and return that."""

    def run(*arguments: str, stdin: str = HELM3, code: int = 0) -> dict[str, Any]:
        done = postrender(*arguments, "--report", "report.json", stdin=stdin)
        assert done.code == code
        return read(folder / "report.json")

    return run


def read(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(), parse_constant=pytest.fail)
    assert isinstance(data, dict)
    return data


@pytest.fixture
def plugin(install: Install) -> None:
    install("try", PLUGIN)


@pytest.mark.usefixtures("plugin")
class TestContents:
    """What is in a report."""

    def test_it_says_what_the_run_was_given(self, reported: Reported, folder: Path) -> None:
        (folder / "postrender.yaml").write_text(
            "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps: []\n"
        )

        report = reported("--step", "labels: {set: {a: b}}", "--release-name", "red")

        assert report.pop("started").endswith("Z")
        assert 0 < report.pop("seconds") < 10
        assert len(report.pop("steps")) == 1
        assert report == {
            "apiVersion": "postrender.dev/v1alpha1",
            "kind": "Report",
            "version": package.__version__,
            "host": {"value": "helm3", "source": "# Source:"},
            "strategy": None,
            "release": {"value": "red", "source": "--release-name"},
            "namespace": {"value": "shop", "source": "metadata.namespace"},
            "chart": {"value": "shop-1.4.2", "source": "helm.sh/chart"},
            "kubeVersion": None,
            "directory": str(folder),
            "config": {"files": ["postrender.yaml"], "steps": ["labels: {set: {a: b}}"]},
            "manifests": {"in": 1, "out": 1},
            "notices": [],
            "editsTotal": 1,
            "error": None,
            "exitCode": 0,
        }

    def test_a_stream_of_nobody_knows_nothing(self, reported: Reported) -> None:
        report = reported(stdin=POD)

        assert report["host"] == {"value": "none", "source": ""}
        assert [report[key] for key in ("strategy", "release", "namespace", "chart")] == [None] * 4

    def test_a_stream_of_helm_4_is_told_by_its_annotation(self, reported: Reported) -> None:
        report = reported(stdin=HELM4)

        assert report["host"] == {"value": "helm4", "source": FILENAME}
        assert report["strategy"] is None

    def test_steps_have_their_edits_findings_and_notices(self, reported: Reported) -> None:
        report = reported("--step", "try:", "--step", "labels: {set: {a: b}}")
        first, second = report["steps"]

        assert first.pop("seconds") > 0
        place = {
            "text": "document 1 (shop/templates/web.yaml), Pod shop/web",
            "document": 1,
            "source": "shop/templates/web.yaml",
            "object": "Pod shop/web",
            "path": "",
        }
        edit = {
            "manifest": "Pod shop/web",
            "document": 1,
            "source": "shop/templates/web.yaml",
            "path": "/metadata/labels/a~1b",
        }
        assert first == {
            "title": "1 (try)",
            "selected": 1,
            "failed": False,
            "editsTotal": 3,
            "edits": [
                {"op": "add", "old": None, "new": "x", **edit},
                {"op": "replace", "old": "x", "new": "y", **edit},
                {"op": "remove", "old": "y", "new": None, **edit},
            ],
            "findings": [
                {
                    "severity": "warning",
                    "rule": "rule",
                    "message": "bad",
                    "location": {
                        **place,
                        "apiVersion": "v1",
                        "field": "",
                        "line": 3,
                        "endLine": 3,
                    },
                    "fix": [
                        {"op": "remove", "path": "/a"},
                        {"op": "add", "path": "/b", "value": "nan"},
                    ],
                    "allowed": "",
                    "about": {
                        "title": "",
                        "page": "",
                        "level": "",
                        "confidence": "",
                        "fingerprint": "db7be8e94e9b8385",
                    },
                }
            ],
            "notices": [
                {
                    "step": "1 (try)",
                    "message": "noticed",
                    "location": {
                        **place,
                        "text": f"{place['text']}, /metadata/a~1b",
                        "path": "/metadata/a~1b",
                    },
                }
            ],
        }
        assert (second["title"], second["editsTotal"]) == ("2 (labels)", 1)

    def test_an_added_object_is_an_edit_with_the_whole_of_it(self, reported: Reported) -> None:
        report = reported("--step", "try: {add: true}", stdin=POD)

        assert report["steps"][0]["edits"][-1] == {
            "op": "add",
            "path": "",
            "manifest": "Pod more",
            "document": 0,
            "source": "",
            "old": None,
            "new": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "more"}},
        }
        assert report["manifests"] == {"in": 1, "out": 2}

    def test_notices_of_reading_belong_to_no_step(self, reported: Reported) -> None:
        report = reported("--step", "try:", stdin=POD + "...\nmore\n")

        message = "what follows the line ... is no part of the document for Kubernetes"
        place = {"text": "document 1", "document": 1, "source": "", "object": "", "path": ""}
        assert report["notices"] == [{"step": "", "message": message, "location": place}]
        assert len(report["steps"][0]["notices"]) == 1

    def test_edits_for_the_hosts_sake_are_a_step_of_its_own(
        self, reported: Reported, install: Install
    ) -> None:
        install(
            "strip",
            "from postrender import hookimpl\n\n"
            "@hookimpl\n"
            "def postrender_transform(manifests):\n"
            "    for manifest in manifests:\n"
            "        manifest.delete(('metadata', 'annotations'))\n",
        )
        report = reported("--step", "strip:", stdin=HELM4)

        step, host = report["steps"]
        assert (step["title"], step["editsTotal"]) == ("1 (strip)", 1)
        assert (host["title"], host["selected"], host["failed"]) == ("host", None, False)
        assert host["edits"][0]["path"].startswith("/metadata/annotations")

    def test_a_step_that_fails_is_the_last_one(self, reported: Reported) -> None:
        steps = ("--step", "labels: {set: {a: b}}", "--step", "try: {raise: 1}", "--step", "try:")
        report = reported(*steps, code=3)

        assert [step["title"] for step in report["steps"]] == ["1 (labels)", "2 (try)"]
        assert [step["failed"] for step in report["steps"]] == [False, True]
        assert report["steps"][1]["selected"] is None
        assert report["steps"][1]["editsTotal"] == 3
        assert report["steps"][1]["notices"][0]["message"] == "noticed"
        assert report["manifests"] == {"in": 1, "out": None}
        assert report["error"] == {
            "class": "PluginError",
            "step": "2 (try)",
            "message": "the plugin failed: KeyError: 'spec'",
            "location": None,
            "hint": "",
            "text": "error: step 2 (try): the plugin failed: KeyError: 'spec'; "
            "--debug shows the traceback",
            "traceback": "",
        }
        assert report["exitCode"] == 3

    def test_debug_keeps_the_traceback(self, reported: Reported) -> None:
        error = reported("--debug", "--step", "try: {raise: 1}", code=3)["error"]

        assert error["traceback"].startswith("Traceback (most recent call last):\n")
        assert 'raise KeyError("spec")' in error["traceback"]
        assert error["text"] == "error: step 1 (try): the plugin failed: KeyError: 'spec'"

    def test_a_finding_that_refuses_marks_its_step(self, reported: Reported) -> None:
        steps = ("--step", "try: {severity: error}", "--step", "try:")
        report = reported(*steps, code=1)

        assert [step["failed"] for step in report["steps"]] == [True, False]
        assert report["error"]["class"] == "CheckError"

    def test_an_edit_that_cannot_be_written_marks_the_step_that_made_it(
        self, reported: Reported, install: Install
    ) -> None:
        install(
            "break",
            "from postrender import hookimpl\n\n"
            "@hookimpl\n"
            "def postrender_transform(manifests):\n"
            "    manifests[0].delete(('kind',))\n",
        )
        report = reported("--step", "break:", "--step", "labels: {set: {a: b}}", code=1)

        assert report["error"]["class"] == "EditError"
        assert [step["title"] for step in report["steps"]] == ["1 (break)", "2 (labels)"]
        assert [step["failed"] for step in report["steps"]].count(True) == 1

    def test_it_is_complete_however_many_edits_there_are(self, reported: Reported) -> None:
        stream = "".join(f"---\n{POD.replace('web', f'web-{number}')}" for number in range(1200))
        report = reported("--step", "labels: {set: {a: b}}", stdin=stream)

        assert report["editsTotal"] == 1200
        assert len(report["steps"][0]["edits"]) == 1200


class TestFailures:
    """A run that fails before there is a step to blame."""

    @pytest.mark.parametrize(
        ("arguments", "code", "name", "message", "place"),
        [
            (["--stp", "a"], 2, "UsageError", "unknown option `--stp`", None),
            (["-c", "no.yaml"], 2, "ConfigError", "cannot be read: No such file", "no.yaml"),
            (["-f", "no.yaml"], 2, "UsageError", "cannot be read: No such file", "no.yaml"),
            (["--post-render-strategy", "x"], 2, "UsageError", "", None),
        ],
    )
    def test_a_mistake_is_reported(
        self,
        arguments: list[str],
        code: int,
        name: str,
        message: str,
        place: str | None,
        reported: Reported,
    ) -> None:
        report = reported(*arguments, code=code)
        error = report["error"]

        assert (report["exitCode"], error["class"], error["step"]) == (code, name, "")
        assert error["message"].startswith(message)
        assert (error["location"] or {"text": None}) == {"text": place}
        assert error["text"].startswith("error: ")
        assert report["steps"] == []

    def test_a_step_that_does_not_get_ready_is_there_too(self, reported: Reported) -> None:
        report = reported("--step", "labels: {set: {a: 1}}", code=2)

        assert report["error"]["text"] == (
            "error: step 1 (labels): --step:1:16: labels.set.a: value 1 is a number; quote it"
        )
        assert report["error"]["hint"] == "quote it"
        assert report["steps"] == [
            {
                "title": "1 (labels)",
                "selected": None,
                "seconds": None,
                "failed": True,
                "editsTotal": 0,
                "edits": [],
                "findings": [],
                "notices": [],
            }
        ]

    def test_a_stream_that_cannot_be_read_is_reported_with_its_host(
        self, reported: Reported
    ) -> None:
        report = reported(stdin=HELM4 + "---\n- a\n", code=1)

        assert report["host"] == {"value": "helm4", "source": FILENAME}
        assert report["error"]["location"]["document"] == 2
        assert report["manifests"] == {"in": 0, "out": None}

    def test_an_interrupt_is_reported_with_the_step_that_was_running(
        self, reported: Reported, install: Install, postrender: Command
    ) -> None:
        install("try", PLUGIN)
        steps = ("--step", "labels: {set: {a: b}}", "--step", "try: {interrupt: 1}")
        report = reported(*steps, code=130)

        assert report["exitCode"] == 130
        assert report["error"]["class"] == "KeyboardInterrupt"
        assert report["error"]["text"] == "interrupted"
        assert report["error"]["step"] == "2 (try)"
        assert [step["title"] for step in report["steps"]] == ["1 (labels)", "2 (try)"]
        assert [step["failed"] for step in report["steps"]] == [False, True]
        assert report["steps"][1]["editsTotal"] == 3
        shown = postrender("report", "report.json").stdout
        assert shown.endswith("\ninterrupted in step 2 (try)\n")

    def test_an_error_nobody_foresaw_is_reported(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with open(os.devnull) as closed:
            monkeypatch.setattr(sys, "stdin", closed)

        assert main(["-f", "-", "--report", "report.json"]) == 3
        error = read(folder / "report.json")["error"]
        assert (error["class"], error["message"]) == ("ValueError", "read of closed file")
        assert error["text"].startswith("error: ValueError: read of closed file; this is a bug")
        assert (error["step"], error["location"], error["hint"]) == ("", None, "")

    def test_a_working_folder_that_is_gone_is_no_trouble(
        self,
        postrender: Command,
        tmp_path_factory: pytest.TempPathFactory,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = tmp_path_factory.mktemp("reports") / "report.json"
        gone = tmp_path_factory.mktemp("gone")
        monkeypatch.chdir(gone)
        gone.rmdir()

        assert postrender("-q", "--report", str(path), stdin=POD) == Done(0, POD, "")
        assert read(path)["directory"] == ""

    def test_an_interrupt_while_waiting_for_manifests_is_reported(self, tmp_path: Path) -> None:
        fifo, path = tmp_path / "fifo", tmp_path / "report.json"
        os.mkfifo(fifo)
        command = [sys.executable, "-m", "postrender", "-f", str(fifo), "--debug"]
        with (
            subprocess.Popen([*command, "--report", str(path)], stderr=subprocess.PIPE) as process,
            open(fifo, "wb"),
        ):
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate()

        assert (process.returncode, errors) == (130, b"postrender: interrupted\n")
        assert read(path)["error"]["text"] == "interrupted"
        assert read(path)["error"]["step"] == ""

    def test_a_reader_that_has_gone_is_reported(self, tmp_path: Path, postrender: Command) -> None:
        path = tmp_path / "report.json"
        reader, writer = os.pipe()
        os.close(reader)
        command = [sys.executable, "-m", "postrender", "-q", "--report", str(path)]
        done = subprocess.run(
            command, input=POD.encode(), stdout=writer, stderr=subprocess.PIPE, check=False
        )
        os.close(writer)

        assert (done.returncode, done.stderr) == (1, b"")
        assert read(path)["error"]["class"] == "BrokenPipeError"
        assert read(path)["manifests"] == {"in": 1, "out": None}
        shown = postrender("report", str(path)).stdout
        assert shown.endswith("\nthe reader closed the pipe\n")


class TestFile:
    """Where `--report` writes."""

    def test_only_its_owner_can_read_it(self, reported: Reported, folder: Path) -> None:
        (folder / "report.json").write_text("old")
        (folder / "report.json").chmod(0o644)
        reported()

        assert (folder / "report.json").stat().st_mode & 0o777 == 0o600
        assert [path.name for path in folder.iterdir()] == ["report.json"]

    def test_the_variable_does_as_the_option(
        self, postrender: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POSTRENDER_REPORT", "variable.json")

        assert postrender("-q", stdin=POD) == Done(0, POD, "")
        assert postrender("--nothing", stdin=POD).code == 2
        assert read(folder / "variable.json")["exitCode"] == 2

    def test_the_option_wins_over_the_variable(
        self, reported: Reported, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POSTRENDER_REPORT", "variable.json")

        assert reported()["exitCode"] == 0
        assert not (folder / "variable.json").exists()

    def test_an_empty_variable_is_none(
        self, postrender: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("POSTRENDER_REPORT", "")

        assert postrender("-q", stdin=POD) == Done(0, POD, "")

    def test_what_a_link_leads_to_is_written(self, reported: Reported, folder: Path) -> None:
        (folder / "report.json").symlink_to("target.json")

        assert reported()["exitCode"] == 0
        assert (folder / "report.json").is_symlink()
        assert read(folder / "target.json")["exitCode"] == 0

    def test_stderr_is_written_into(self) -> None:
        command = [sys.executable, "-m", "postrender", "-q", "--report", "/dev/stderr"]
        done = subprocess.run(command, input=POD.encode(), capture_output=True, check=True)

        assert done.stdout == POD.encode()
        assert json.loads(done.stderr)["exitCode"] == 0

    def test_a_pipe_is_written_into(self, tmp_path: Path) -> None:
        fifo = tmp_path / "fifo"
        os.mkfifo(fifo)
        command = [sys.executable, "-m", "postrender", "--report", str(fifo)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            process.stdin.write(POD.encode())
            process.stdin.close()
            assert read(fifo)["exitCode"] == 0

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("-", "stdout is for the manifests, not the report; name a file"),
            ("no/report.json", "no/report.json: cannot be written: No such file or directory"),
            (".", ".: cannot be written: Is a directory"),
            ("out.yaml", "out.yaml: --report and --output name the same file"),
        ],
    )
    @pytest.mark.usefixtures("folder")
    def test_a_place_that_cannot_be_is_told_before_stdin_is_read(
        self, name: str, message: str, postrender: Command
    ) -> None:
        done = postrender("-o", "out.yaml", "--report", name, stdin="no manifest")

        assert done == Done(2, "", f"postrender: error: {message}\n")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_a_folder_that_is_not_ours_is_told(self, postrender: Command, folder: Path) -> None:
        (folder / "locked").mkdir(mode=0o500)
        done = postrender("--report", "locked/report.json", stdin=POD)

        assert done.code == 2
        assert "locked/report.json: cannot be written: Permission denied" in done.stderr

    def test_what_goes_wrong_later_is_told_and_changes_nothing(
        self, postrender: Command, folder: Path, install: Install
    ) -> None:
        (folder / "place").mkdir()
        install(
            "rude",
            "import shutil\nfrom postrender import hookimpl\n\n"
            "@hookimpl\n"
            "def postrender_transform(manifests):\n"
            "    shutil.rmtree('place')\n",
        )
        done = postrender("--report", "place/report.json", "--step", "rude:", stdin=POD)

        assert done == Done(
            0,
            POD,
            "postrender: place/report.json: the report cannot be written: "
            "No such file or directory\n",
        )


LEAK = """\
import base64, json
from postrender import Finding, Location, PostrenderError, RefusedError, Severity, hookimpl

@hookimpl
def postrender_transform(manifests, options, context):
    secret, pod = manifests
    value = secret.get(("stringData", "password"))
    if value is None:
        value = base64.b64decode(secret.get(("data", "password"))).decode()
    place = Location(1, value, value, ("a", value))
    context.notice(f"{value!r} {json.dumps(value)} {value}", place)
    pod.set(("metadata", "annotations", "copy"), value)
    pod.set(("metadata", "annotations", value.encode().hex()[:5]), [value, {value: value}])
    pod.set(("metadata", "annotations", "encoded"), base64.b64encode(value.encode()).decode())
    pod.set(("metadata", "annotations"), {})
    secret.set(("stringData", "password"), "replaced " + value)
    secret.set(("data",), {"password": base64.b64encode(value.encode()).decode()})
    secret.set(("metadata", "annotations"),
        {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"x": value})})
    if options["how"] == "rename":
        pod.set(("metadata", "name"), value)
        pod.set(("metadata", "labels", "a"), "b")
    if options["how"] == "turn":
        secret.set(("kind",), "ConfigMap")
        secret.set(("stringData", "password"), "again " + value)
    if options["how"] == "remove":
        secret.remove()
    if options["how"] == "raise":
        raise ValueError(value)
    if options["how"] == "refuse":
        raise RefusedError(repr(value), location=place, hint=json.dumps(value))

@hookimpl
def postrender_check(manifests, options):
    value = "replaced"
    for manifest in manifests:
        value = str(manifest.get(("stringData", "password"))) if len(manifests) > 1 else value
        fix = [{"op": "add", "path": "/stringData/password", "value": value}]
        yield Finding(Severity.WARNING, value, value, manifest.location, fix)
"""

VALUES = [
    "canary-plain",
    "canary two words",
    "canary: 'single' and \"double\"",
    "canary\\back\\slash",
    "canary-line\n  canary-more\n",
    "canary\ttab and \x1b escape",
    "canary-ünïcödé-☃",
    "canary" * 200,
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("key", ["data", "stringData"])
@pytest.mark.parametrize("how", ["go on", "rename", "turn", "remove", "raise", "refuse"])
@pytest.mark.parametrize("where", ["file", "state"])
def test_no_value_of_a_secret_is_anywhere_in_a_report(
    value: str,
    key: str,
    how: str,
    where: str,
    postrender: Command,
    install: Install,
) -> None:
    install("leak", LEAK)
    encoded = base64.b64encode(value.encode()).decode()
    written = json.dumps(encoded if key == "data" else value)
    stream = f"apiVersion: v1\nkind: Secret\n{key}:\n  password: {written}\n---\n{POD}"
    report = ["--report", "report.json"] if where == "file" else []

    done = postrender("--step", f"leak: {{how: {how}}}", *report, "--debug", stdin=stream)

    assert done.code == {"raise": 3, "refuse": 1}.get(how, 0)
    for line in done.stderr.splitlines():
        assert "canary" not in line
        assert encoded not in line
    shown = postrender("report", *report[1:])
    data = postrender("report", "--json", *report[1:]).stdout
    assert (shown.code, shown.stderr) == (0, "")
    for text in (shown.stdout, data):
        assert "(hidden " in text
        assert "canary" not in text
        assert encoded not in text
