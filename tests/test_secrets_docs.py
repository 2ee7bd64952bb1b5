"""The examples in docs/secrets.md, each run on what it is for."""

import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support import Command, Done
from test_formats import valid_sarif

from postrender import load_documents
from postrender_plugins.secrets._options import Options

DOCS = (Path(__file__).parent.parent / "docs" / "secrets.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
YAML = [text for kind, text in BLOCKS if kind == "yaml"]
CONFIGS = [text for text in YAML if "kind: Pipeline" in text]
CHARTS = [text for text in YAML if text.startswith("apiVersion: v1\n")]
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
[RULES] = [text for text in YAML if "kind: SecretRules" in text]
[FIX] = [text for text in YAML if text.startswith("- patches:")]
JOBS = [
    command
    for text in YAML
    for command in re.findall(r"^ +- (?:run: )?((?:helm|postrender) .*)$", text, re.MULTILINE)
]
TEXTS = [text for kind, text in BLOCKS if kind == "text"]

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - name: DB_PASSWORD
              value: Zk3mQ9vL1
"""
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop}
stringData: {password: Zk3mQ9vL1}
"""
SOURCE = "# Source: shop/templates/web.yaml\n"
BASELINE = ".postrender/secrets-baseline.json"


@pytest.fixture
def shell(postrender: Command, folder: Path) -> Any:
    """Run a command of the documentation on an example chart."""
    (folder / "deploy").mkdir()
    (folder / "deploy" / "web.yaml").write_text(WEB)
    (folder / "rendered.yaml").write_text(SOURCE + WEB + SECRET)
    (folder / "postrender.yaml").write_text(CONFIGS[0])

    def run(line: str) -> Done:
        helm = "helm template shop ./shop | "
        words = shlex.split(line.removeprefix(helm))
        assert words[0] == "postrender"
        return postrender(*words[1:], stdin=SOURCE + WEB if line.startswith(helm) else "")

    return run


def test_the_first_message_is_what_a_run_says(shell: Any, postrender: Command) -> None:
    assert postrender(stdin=SOURCE + WEB).stderr == TEXTS[0]


@pytest.mark.parametrize("config", CONFIGS)
def test_every_configuration_can_be_used(config: str, postrender: Command, folder: Path) -> None:
    (folder / "postrender.yaml").write_text(config)
    (folder / "our-rules.yaml").write_text(RULES)
    (folder / ".postrender").mkdir()
    (folder / BASELINE).write_text('{"version": 1, "entries": []}')

    refused = postrender(stdin=WEB)
    clean = postrender(stdin=WEB.replace("value: Z", "value: $(Z)Z"))

    assert (refused.code, clean.code) == (1, 0)


def test_the_configuration_of_the_policy_names_every_option_of_it() -> None:
    [document] = load_documents(CONFIGS[1])
    [step] = document["steps"]
    others = {"allow", "baseline"}
    camel = {re.sub(r"_(.)", lambda m: m[1].upper(), name) for name in vars(Options())}

    assert set(step["secrets"]) | others == camel


def test_the_exceptions_of_the_configuration_are_needed(postrender: Command, folder: Path) -> None:
    [config] = [text for text in CONFIGS if "allow:" in text]
    (folder / "postrender.yaml").write_text(config)
    demo = CHARTS[0].replace("commented", "demo-1").replace("postrender:allow-secret", "none")
    token = WEB.replace("DB_PASSWORD", "DEMO_TOKEN").replace("Zk3mQ9vL1", "fkT39xLq0ZpR7vYw2BnM")

    done = postrender(stdin=demo + "---\n" + token)

    assert (done.code, done.stderr) == (0, "")


@pytest.mark.parametrize("chart", CHARTS)
def test_every_exception_in_a_chart_allows(chart: str, postrender: Command) -> None:
    lines = (line for line in chart.splitlines(True) if "allow-secret" not in line)

    assert postrender("--step", "secrets: {}", stdin=chart).code == 0
    assert postrender("--step", "secrets: {}", stdin="".join(lines)).code == 1


def test_the_rule_finds_what_it_is_for(postrender: Command, folder: Path) -> None:
    (folder / "our-rules.yaml").write_text(RULES)
    value = "acme_" + "x7k2m9" * 3 + "q1"
    pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, annotations: {{note: {value}}}}}\n"

    done = postrender("--step", "secrets: {rules: [./our-rules.yaml]}", stdin=pod)

    assert done.code == 1
    assert "[acme/token]: document 1, Pod a, /metadata/annotations/note: critical" in done.stderr


@pytest.mark.parametrize("command", [*COMMANDS, *JOBS])
def test_every_command_does_what_it_says(command: str, shell: Any, folder: Path) -> None:
    needs_baseline = "--baseline-path" in command
    if needs_baseline:
        assert shell(COMMANDS[0]).code == 0
    if command == "postrender report --format github":
        shell("postrender -f rendered.yaml")

    done = shell(command)

    refuses = "scan" in command or "--report" in command
    allows = needs_baseline or "--exit-code 0" in command
    assert done.code == int(refuses and not allows), done
    assert "Zk3mQ9vL1" not in done.stdout + done.stderr
    for path in folder.glob("secrets.*"):
        if path.suffix == ".sarif":
            assert valid_sarif(path.read_text())["results"]
        else:
            assert ElementTree.parse(path).getroot().tag == "testsuites"


def test_a_scan_prints_what_the_documentation_shows(shell: Any) -> None:
    done = shell("postrender scan -f deploy")

    assert done.stdout + done.stderr == TEXTS[1]


def test_a_fix_prints_what_the_documentation_shows(shell: Any) -> None:
    assert shell("postrender secrets fix -f rendered.yaml").stdout == FIX


def test_the_workflow_may_upload_and_uploads_what_the_scan_writes() -> None:
    [workflow] = load_documents(next(text for text in YAML if "upload-sarif" in text))
    steps = workflow["jobs"]["scan"]["steps"]

    assert workflow["permissions"]["security-events"] == "write"
    assert steps[-1]["if"] == "always()"
    assert f"--report-path {steps[-1]['with']['sarif_file']}" in steps[-2]["run"]


def test_every_severity_policy_and_format_is_in_the_tables() -> None:
    for word in (
        *("critical", "high", "medium", "low", "allow", "warn", "report", "deny"),
        *("text", "json", "sarif", "junit", "github"),
    ):
        assert f"| `{word}` |" in DOCS
