"""What is told of a run on stderr, and shown by previews: nowhere is a value of a Secret in it."""

import base64
import json
import os
from pathlib import Path

import pytest
from support import Command, Done, Install

HEADS = ("---\n# Source: shop/templates/secret.yaml\n", "---\n# Source: shop/templates/cm.yaml\n")
KEY = "-----BEGIN KEY-----\ncanary-one\ncanary-two\n-----END KEY-----\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: b\n"
FILENAME = "postrenderer.helm.sh/postrender-filename"

LEAK = """\
from postrender import Finding, RefusedError, Severity, hookimpl

def values_of(manifests):
    return [value for each in manifests for value in (each.get(("stringData",)) or {}).values()]

@hookimpl
def postrender_transform(manifests, options, context):
    values = values_of(manifests)
    for value in values:
        context.notice(f"noticed {value}")
    if "raise" in options:
        raise ValueError(values[0])
    if "refuse" in options:
        raise RefusedError(f"refused {values}", hint=values[-1])
    if "copy" in options:
        for each in manifests:
            if each.kind == "ConfigMap":
                each.set(("data", "copies"), values)
                each.set(("data", "whole"), " and ".join(values))

@hookimpl
def postrender_check(manifests):
    for value in values_of(manifests):
        yield Finding(Severity.WARNING, "rule", f"found {value}", manifests[0].location)
"""

COMMANDS: tuple[list[str], ...] = (
    [],
    ["diff"],
    ["explain", "cm/web"],
    ["simulate", "--helm", "3"],
    ["simulate", "--helm", "4", "--json"],
)


def secret(**values: str) -> str:
    """Return a Secret with *values*, once as they are and once encoded."""
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return (
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
        f"stringData: {json.dumps(values)}\ndata: {json.dumps(encoded)}\n"
    )


SECRET = secret(password="canary-plain", quoted='canary isn\'t "it"', key=KEY)
STREAM = HEADS[0] + SECRET + HEADS[1] + CONFIG_MAP
FORMS = (
    "canary",
    *(base64.b64encode(each).decode()[:16] for each in (b"canary-plain", b"canary isn't")),
)


def is_silent(done: Done) -> bool:
    """Tell whether nothing that was said has a value in it."""
    return not any(form in done.stdout + done.stderr for form in FORMS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
class TestCommands:
    """Every command that runs steps."""

    def test_what_a_program_says_has_no_values(
        self, command: list[str], postrender: Command
    ) -> None:
        step = 'exec: [sh, -c, "cat >&2; echo canary-plain canary-two >&2; exit 7"]'

        done = postrender(*command, "--debug", "--step", step, stdin=STREAM)

        assert done.code == 1
        assert "sh exited with code 7: " in done.stderr
        assert "(hidden 1)" in done.stderr
        assert is_silent(done)

    @pytest.mark.parametrize("how", ["raise", "refuse"])
    def test_what_a_plugin_raises_notices_and_finds_has_none(
        self, how: str, command: list[str], postrender: Command, install: Install
    ) -> None:
        install("leak", LEAK)

        done = postrender(
            *command, "--debug", "--step", "leak:", "--step", f"leak: {{{how}: true}}", stdin=STREAM
        )

        assert done.code == {"raise": 3, "refuse": 1}[how]
        assert "Traceback (most recent call last):" in done.stderr
        assert "noticed (hidden 1)" in done.stderr
        assert is_silent(done)

    def test_a_run_that_ends_well_tells_none_either(
        self, command: list[str], postrender: Command, install: Install
    ) -> None:
        install("leak", LEAK)

        done = postrender(*command, "--step", "leak:", stdin=STREAM)

        assert done.code == 0
        assert "noticed (hidden 1)" in done.stderr
        assert "found (hidden 1)" in done.stderr
        assert is_silent(done._replace(stdout=""))
        assert command == [] or is_silent(done)

    def test_a_stream_that_cannot_be_read_is_told_without_values(
        self, command: list[str], postrender: Command
    ) -> None:
        broken = STREAM + HEADS[1] + "canary-plain\n"

        done = postrender(*command, "--debug", "--step", "labels: {set: {a: b}}", stdin=broken)

        assert done.code == 1
        assert is_silent(done)


def test_numbers_are_the_same_on_stderr_and_in_the_report(postrender: Command) -> None:
    step = 'exec: [sh, -c, "echo canary-two canary-plain >&2; exit 7"]'

    done = postrender("--step", step, stdin=STREAM)

    told = done.stderr.removeprefix("postrender: ")
    assert told.count("(hidden ") == 2
    assert postrender("report").stdout.endswith(told)


COPY = ("--step", "leak: {copy: true}")
DIFF = """\
--- ConfigMap web (shop/templates/cm.yaml)
+++ ConfigMap web (shop/templates/cm.yaml)
@@ -14,3 +14,16 @@ step 1 (leak)
   name: web
 data:
   a: b
+  copies:
+  - (hidden 1)
+  - "(hidden 2)"
+  - |
+    (hidden 3)
+    (hidden 3)
+    (hidden 3)
+    (hidden 3)
+  whole: |
+    (hidden 1) and (hidden 2) and (hidden 3)
+    (hidden 3)
+    (hidden 3)
+    (hidden 3)
"""


class TestPreviews:
    """What `diff` and `explain` show of objects that are no Secrets."""

    @pytest.fixture(autouse=True)
    def _plugin(self, install: Install) -> None:
        install("leak", LEAK)

    def test_a_copy_of_a_value_is_hidden_in_a_diff(self, postrender: Command) -> None:
        done = postrender("diff", *COPY, stdin=STREAM)

        assert done.stdout == DIFF

    def test_a_value_in_the_quotes_of_yaml_is_known(self, postrender: Command) -> None:
        program = "s/^  a: b/  a: 'canary isn''t \"it\"'/"
        step = f"exec: {json.dumps({'command': ['sed', program], 'text': 'replace'})}"

        done = postrender("diff", "--step", step, stdin=STREAM)

        assert "+  a: '(hidden 2)'\n" in done.stdout

    def test_and_shown_on_demand(self, postrender: Command) -> None:
        done = postrender("diff", "--show-secrets", *COPY, stdin=STREAM)

        assert "+  - canary-plain\n" in done.stdout
        assert "canary" not in done.stderr

    @pytest.mark.parametrize("path", [[], ["data"], ["data.copies"], ["data.whole"]])
    @pytest.mark.parametrize("form", [[], ["--json"]])
    def test_a_copy_of_a_value_is_hidden_in_an_explanation(
        self, path: list[str], form: list[str], postrender: Command
    ) -> None:
        done = postrender("explain", "cm/web", *path, *form, *COPY, stdin=STREAM)

        assert done.code == 0
        assert "(hidden 1)" in done.stdout
        assert is_silent(done)

    def test_and_shown_there_on_demand(self, postrender: Command) -> None:
        command = ("explain", "cm/web", "data.copies", "--show-secrets")

        assert '"canary-plain"' in postrender(*command, *COPY, stdin=STREAM).stdout

    @pytest.mark.parametrize(
        "command", [["diff"], ["explain", "cm/db"], ["explain", "cm/db", "stringData.pin"]]
    )
    def test_a_secret_that_a_program_makes_something_else_hides_even_short_values(
        self, command: list[str], postrender: Command
    ) -> None:
        step = 'exec: [sed, "s/^kind: Secret/kind: ConfigMap/"]'

        done = postrender(
            *command, "--step", step, stdin=secret(pin="ab12", password="canary-plain")
        )

        assert done.code == 0
        assert "ab12" not in done.stdout
        assert is_silent(done)


def test_a_report_of_it_hides_them_too(postrender: Command, folder: Path) -> None:
    step = 'exec: [sed, "s/^kind: Secret/kind: ConfigMap/"]'

    postrender("--step", step, "--report", "report.json", stdin=secret(pin="ab12"))

    text = (folder / "report.json").read_text()
    edits = json.loads(text)["steps"][0]["edits"]
    assert [(edit["op"], edit["manifest"]) for edit in edits] == [
        ("add", "ConfigMap db"),
        ("remove", "Secret db"),
    ]
    assert "ab12" not in text


def test_a_run_with_nothing_to_tell_learns_nothing(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTRENDER_STATE", "off")
    monkeypatch.setattr("postrender._redacted.Redactor", None)

    assert postrender("--step", "labels: {set: {a: b}}", stdin=STREAM).code == 0


def test_the_terminal_of_helm_4_has_none(
    postrender: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    terminal = tmp_path / "terminal"
    terminal.touch()
    monkeypatch.setattr("postrender._cli._tty.TERMINAL", os.fspath(terminal))
    monkeypatch.delenv("POSTRENDER_TTY")
    stream = STREAM.replace("name: web\n", f"name: web\n  annotations:\n    {FILENAME}: a.yaml\n")

    done = postrender("--step", 'exec: [sh, -c, "cat >&2; exit 7"]', stdin=stream)

    shown = terminal.read_text()
    assert shown.startswith("postrender: error: step 1 (exec): sh exited with code 7: ")
    assert is_silent(done)
    assert is_silent(Done(0, shown, ""))
