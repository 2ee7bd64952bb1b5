"""The formats of findings: what each says, that it is valid, and that no value is in it."""

import gzip
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from support import Command, Done, Install

import postrender as package

SCHEMA = json.loads(
    gzip.decompress((Path(__file__).parent / "schemas" / "sarif-2.1.0.json.gz").read_bytes())
)
FORMATS = ("text", "json", "sarif", "junit", "github")
PASSWORD = "Zk3mQ9vL1"
STREAM = f"""\
# Source: shop/templates/web.yaml
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
              value: {PASSWORD}
            - name: OTHER_PASSWORD
              value: {PASSWORD}2  # postrender:allow-secret generic/* -- a demo
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: conf
data:
  app.conf: |
    user = a

    password = {PASSWORD}
  weak_password: admin
"""
FIELD = "spec.template.spec.containers[web].env[DB_PASSWORD].value"
#: reports what a step says, as a stranger may
STRANGER = """\
from postrender import About, Finding, Location, Severity, hookimpl

@hookimpl
def postrender_check(manifests, options):
    for each in options["findings"]:
        place = manifests[0].at(each["path"]) if "path" in each else Location()
        place = place._replace(line=each.get("line", 0))
        about = About(**each.get("about", {}))
        severity = Severity(each.get("severity", "error"))
        yield Finding(severity, each["rule"], each["message"], place, (), "", about)
"""


def valid_sarif(text: str) -> dict[str, Any]:
    """Return the run of a SARIF log that its schema takes."""
    log = json.loads(text)
    checker = jsonschema.Draft4Validator.FORMAT_CHECKER
    jsonschema.Draft4Validator(SCHEMA, format_checker=checker).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def scan(postrender: Command, name: str, stream: str = STREAM, *more: str) -> str:
    """Return the report of a scan."""
    return postrender("scan", "--report-format", name, *more, stdin=stream).stdout


@pytest.fixture
def strange(postrender: Command, install: Install) -> Any:
    """Report findings of a stranger's check."""
    install("strange", STRANGER)

    def run(name: str, *findings: dict[str, Any], stream: str = STREAM) -> str:
        step = json.dumps({"strange": {"findings": findings}})
        return scan(postrender, name, stream, "--check", "strange", "--step", step)

    return run


# -- JSON -----------------------------------------------------------------------------------------


def test_json_has_all_that_is_known(postrender: Command) -> None:
    report = json.loads(scan(postrender, "json"))
    first, allowed, conf, weak = report["findings"]

    assert (report["version"], report["tool"]) == (package.__version__, "postrender")
    assert first == {
        "ruleId": "generic/password",
        "title": first["title"],
        "severity": "high",
        "level": "error",
        "confidence": "medium",
        "message": first["message"],
        "object": {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "namespace": "shop",
            "name": "web",
        },
        "path": "/spec/template/spec/containers/0/env/0/value",
        "field": FIELD,
        "source": "shop/templates/web.yaml",
        "file": "",
        "document": 1,
        "line": 14,
        "endLine": 14,
        "fingerprint": first["fingerprint"],
        "check": "1 (secrets)",
    }
    assert len(first["fingerprint"]) == 16
    assert (allowed["line"], allowed["suppressed"]) == (16, {"reason": "a demo"})
    assert (conf["line"], conf["field"]) == (26, 'data["app.conf"]')
    assert (weak["line"], weak["level"], weak["severity"]) == (27, "info", "low")
    assert weak["object"] == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "namespace": "",
        "name": "conf",
    }


def test_a_finding_keeps_its_fingerprint_where_lines_and_values_change(
    postrender: Command,
) -> None:
    def marks(stream: str) -> list[str]:
        report = json.loads(scan(postrender, "json", stream))
        return sorted(each["fingerprint"] for each in report["findings"])

    moved = "# more\n\n" + STREAM.replace(PASSWORD, "other7Pass")

    assert marks(moved) == marks(STREAM)
    assert len(set(marks(STREAM))) == 4


@pytest.mark.parametrize(
    ("data", "path", "line", "lines"),
    [
        ("  k: |\n    a\n    b\n    c\n", ["data", "k"], 0, (5, 8)),
        ("  k: |\n    a\n    b\n    c\n", ["data", "k"], 2, (7, 7)),
        ("  k: |+\n    a\n\n\n  l: x\n", ["data", "k"], 9, (6, 6)),
        ("  k: >-\n    a\n    b\n", ["data", "k"], 2, (5, 7)),
        ('  k: "a\n    b"\n', ["data", "k"], 2, (5, 6)),
        ("  k: v\n", ["data", "k"], 0, (5, 5)),
        ("  k: v\n", ["data", "none"], 0, (4, 4)),
        ("  k: v\n", ["data"], 0, (4, 4)),
        ("  k: [a,\n    b]\n", ["data", "k", 1], 0, (6, 6)),
        ("  k: v\n", [], 0, (1, 1)),
    ],
)
def test_lines_are_those_of_what_the_path_leads_to(
    data: str, path: list[str | int], line: int, lines: tuple[int, int], strange: Any
) -> None:
    stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" + data
    finding = {"rule": "r", "message": "m", "path": path, "line": line}

    [told] = json.loads(strange("json", finding, stream=stream))["findings"]

    assert (told["line"], told["endLine"]) == lines


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (["spec", "a", 0, "name"], "spec.a[web].name"),
        (["spec", "a", 1], "spec.a[1]"),
        (["spec", "a", 2], "spec.a[2]"),
        (["metadata", "annotations", 'a.b/"c'], 'metadata.annotations["a.b/\\"c"]'),
        ([""], '[""]'),
    ],
)
def test_a_field_is_what_explain_takes(path: list[str | int], field: str, strange: Any) -> None:
    stream = "apiVersion: v1\nkind: Pod\nspec: {a: [{name: web}, {name: 'a.b'}, x]}\n"

    [told] = json.loads(
        strange("json", {"rule": "r", "message": "m", "path": path}, stream=stream)
    )["findings"]

    assert told["field"] == field


# -- SARIF ----------------------------------------------------------------------------------------


def test_sarif_is_valid_and_names_template_line_and_field(postrender: Command) -> None:
    run = valid_sarif(scan(postrender, "sarif"))
    driver = run["tool"]["driver"]
    [result] = [
        each
        for each in run["results"]
        if each["level"] == "error"
        and "suppressions" not in each
        and "Deployment" in json.dumps(each["locations"])
    ]

    assert (driver["name"], driver["version"]) == ("postrender", package.__version__)
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "generic/password"
    assert driver["rules"][result["ruleIndex"]]["properties"] == {
        "security-severity": "7.0",
        "tags": ["security"],
    }
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "shop/templates/web.yaml"},
                "region": {"startLine": 14},
            },
            "logicalLocations": [{"fullyQualifiedName": f"Deployment/shop/web#{FIELD}"}],
        }
    ]
    assert list(result["partialFingerprints"]) == ["postrender/v1"]


def test_sarif_says_what_is_allowed_and_why(postrender: Command) -> None:
    results = valid_sarif(scan(postrender, "sarif"))["results"]

    assert [each["suppressions"] for each in results if "suppressions" in each] == [
        [{"kind": "external", "status": "accepted", "justification": "a demo"}]
    ]


def test_sarif_has_no_text_of_the_manifests(postrender: Command) -> None:
    text = scan(postrender, "sarif")

    assert not any(word in text for word in ("snippet", "contextRegion", '"fixes"'))


def test_sarif_names_the_file_where_there_is_no_template_and_both_where_there_are(
    postrender: Command, folder: Path
) -> None:
    (folder / "a b.yaml").write_text(STREAM)

    results = valid_sarif(scan(postrender, "sarif", "", "-f", "a b.yaml"))["results"]
    places = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: [
            each["physicalLocation"]["artifactLocation"]["uri"]
            for each in result.get("relatedLocations", ())
        ]
        for result in results
    }

    assert places == {"shop/templates/web.yaml": ["a%20b.yaml"], "a%20b.yaml": []}


def test_sarif_takes_files_elsewhere_and_findings_about_no_object(
    postrender: Command, strange: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "web.yaml"
    outside.write_text("---\n" + STREAM.partition("---\n")[2])
    about = {"page": "http://not.safe", "level": "odd", "title": "A rule"}

    [result] = valid_sarif(scan(postrender, "sarif", "", "-f", str(outside)))["results"][:1]
    run = valid_sarif(strange("sarif", {"rule": "r", "message": "m", "about": about}))

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": f"file://{outside}"
    }
    assert run["tool"]["driver"]["rules"] == [{"id": "r", "shortDescription": {"text": "A rule"}}]
    assert run["results"][0]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "rendered.yaml"},
                "region": {"startLine": 1},
            }
        }
    ]


def test_sarif_has_a_page_and_the_worst_level_of_a_rule(strange: Any) -> None:
    findings = [
        {"rule": "r", "message": "m", "about": {"level": level, "page": "https://a.example/r"}}
        for level in ("low", "critical")
    ]

    [rule] = valid_sarif(strange("sarif", *findings))["tool"]["driver"]["rules"]

    assert rule["helpUri"] == "https://a.example/r"
    assert rule["properties"]["security-severity"] == "9.0"


def test_sarif_has_all_lines_of_a_value(strange: Any) -> None:
    stream = "apiVersion: v1\nkind: A\nspec:\n  a: |\n    b\n    c\n"
    finding = {"rule": "r", "message": "m", "path": ["spec", "a"]}

    [result] = valid_sarif(strange("sarif", finding, stream=stream))["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 4, "endLine": 6}


def test_what_a_step_added_has_no_line(postrender: Command, install: Install) -> None:
    install(
        "adds",
        "from postrender import Finding, Location, Severity, hookimpl\n"
        "@hookimpl\n"
        "def postrender_transform(manifests):\n"
        "    added = {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'added'}}\n"
        "    manifests.add(added)\n"
        "@hookimpl\n"
        "def postrender_check(manifests):\n"
        "    yield Finding(Severity.WARNING, 'r', 'm', manifests[-1].at(['metadata', 'name']))\n"
        "    yield Finding(Severity.WARNING, 'r', 'm', Location(object='Pod gone'))\n",
    )

    postrender("--step", "adds:", stdin=STREAM)
    items = json.loads(postrender("report", "--format", "json").stdout)["findings"]

    assert [(each["object"]["name"], each["line"], each["field"]) for each in items] == [
        ("gone", 0, ""),
        ("added", 0, "metadata.name"),
    ]


def test_sarif_without_a_finding_is_valid(postrender: Command) -> None:
    assert valid_sarif(scan(postrender, "sarif", ""))["results"] == []


# -- JUnit ----------------------------------------------------------------------------------------


def test_junit_has_a_case_for_each_finding(postrender: Command) -> None:
    root = ElementTree.fromstring(scan(postrender, "junit"))
    [suite] = root
    cases = {case.get("name"): [child.tag for child in case] for case in suite}

    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
    }
    assert cases == {
        f"Deployment shop/web {FIELD}": ["failure"],
        f"Deployment shop/web {FIELD.replace('DB', 'OTHER')}": ["skipped"],
        'ConfigMap conf data["app.conf"]': ["failure"],
        "ConfigMap conf data.weak_password": ["system-out"],
    }


def test_junit_without_a_finding_has_a_case_that_passes(postrender: Command) -> None:
    [suite] = ElementTree.fromstring(scan(postrender, "junit", ""))

    assert suite.get("tests") == "1"
    assert [len(case) for case in suite] == [0]


def test_junit_is_well_formed_whatever_a_finding_says(strange: Any) -> None:
    odd = "<&>\"']]>\x00\x1b[1m\ufffe\u00e9"

    [suite] = ElementTree.fromstring(strange("junit", {"rule": odd, "message": odd}))
    failure = suite[0][0]

    assert failure.get("message") == "<&>\"']]>\\x00\\x1b[1m\\ufffe\u00e9"
    assert suite[0].get("name") == "rendered.yaml"


# -- GitHub ---------------------------------------------------------------------------------------


def test_github_gets_a_command_for_each_finding_that_is_not_allowed(postrender: Command) -> None:
    commands = scan(postrender, "github").splitlines()

    assert [command.partition(",title=")[0] for command in commands] == [
        "::error file=shop/templates/web.yaml",
        "::error file=rendered.yaml,line=26,endLine=26",
        "::notice file=rendered.yaml,line=27,endLine=27",
    ]
    assert f"::Deployment shop/web, {FIELD}: high: " in commands[0]
    assert commands[0].endswith(" [generic/password]")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("github", "file=web.yaml,line=14,endLine=14,"),
        ("junit", 'file="web.yaml" line="14"'),
        ("junit", ">web.yaml:14: Deployment shop/web "),
    ],
)
def test_a_line_is_that_of_the_file_that_was_read(
    name: str, place: str, postrender: Command, folder: Path
) -> None:
    (folder / "web.yaml").write_text(STREAM)

    assert place in scan(postrender, name, "", "-f", "web.yaml")


def test_a_template_has_no_line_of_the_stream(postrender: Command) -> None:
    text = scan(postrender, "junit")

    assert 'file="shop/templates/web.yaml">' in text
    assert ">shop/templates/web.yaml: Deployment shop/web " in text
    assert 'file="rendered.yaml" line="26">' in text


def test_github_gets_what_it_would_obey_escaped(strange: Any) -> None:
    finding = {"severity": "warning", "rule": "a,b:c%", "message": "100%\r\n::error::no\x1b"}

    assert strange("github", finding) == (
        "::warning file=rendered.yaml,title=a%2Cb%3Ac%25::100%25%0D%0A::error::no\\x1b [a,b:c%25]\n"
    )


# -- reports of ordinary runs ---------------------------------------------------------------------


def run(postrender: Command, *arguments: str) -> Done:
    """Run a step that refuses."""
    return postrender("--step", "secrets: {failOn: high}", *arguments, stdin=STREAM)


def test_a_run_tells_fifty_errors_and_its_report_has_all(postrender: Command) -> None:
    data = "".join(f"  a{number}_password: {PASSWORD}\n" for number in range(53))
    stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n" + data

    done = postrender("--step", "secrets: {}", stdin=stream)

    assert done.stderr.startswith("postrender: error: the checks found 53 errors\n")
    assert done.stderr.endswith("\n  and 3 more, which the report has\n")
    assert len(done.stderr.splitlines()) == 52
    assert len(postrender("report", "--format", "text").stdout.splitlines()) == 53


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_of_a_run_has_the_findings_in_each_format(
    name: str, postrender: Command
) -> None:
    assert run(postrender).code == 1

    reported = postrender("report", "--format", name)

    assert reported == Done(0, scan(postrender, name), "")


def test_a_run_leaves_the_report_that_the_name_of_its_file_asks_for(
    postrender: Command, folder: Path
) -> None:
    for name in ("r.sarif", "r.sarif.json", "r.xml", "r.json"):
        done = run(postrender, "--report", name)
        assert done.code == 1

    assert (folder / "r.sarif").read_text() == scan(postrender, "sarif")
    assert (folder / "r.sarif.json").read_text() == scan(postrender, "sarif")
    assert (folder / "r.xml").read_text() == scan(postrender, "junit")
    assert json.loads((folder / "r.json").read_text())["kind"] == "Report"


def test_the_variable_for_a_report_takes_a_format_too(
    postrender: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTRENDER_REPORT", str(folder / "r.sarif"))

    run(postrender)

    assert len(valid_sarif((folder / "r.sarif").read_text())["results"]) == 4


def test_a_report_tells_what_is_allowed_and_a_run_does_not(postrender: Command) -> None:
    told = run(postrender).stderr
    report = postrender("report").stdout

    assert "a demo" not in told
    assert "  allowed [generic/password]: document 1 (shop/templates/web.yaml), " in report
    assert report.count("(a demo)") == 1


def test_an_allowed_finding_refuses_nothing(postrender: Command) -> None:
    step = "secrets: {allow: [{rule: '*', reason: all of it}]}"

    done = postrender("--step", step, "--report", "r.json", stdin=STREAM)
    [reported] = json.loads(Path("r.json").read_text())["steps"]

    assert (done.code, done.stdout, done.stderr) == (0, STREAM, "")
    assert not reported["failed"]
    assert {each["severity"] for each in reported["findings"]} == {"error", "info"}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["report", "--format", "serif"], 2, "unknown format `serif`; did you mean `sarif`?"),
        (["report", "old.json", "--format", "json"], 0, ""),
        (["report", "bad.json", "--format", "json"], 1, "bad.json: is damaged"),
    ],
)
def test_a_report_of_another_shape_is_told(
    arguments: list[str], code: int, message: str, postrender: Command, folder: Path
) -> None:
    run(postrender, "--report", "r.json")
    report = json.loads((folder / "r.json").read_text())
    for finding in report["steps"][0]["findings"]:
        del finding["about"], finding["allowed"]
        finding["location"] = None
    (folder / "old.json").write_text(json.dumps(report))
    report["steps"] = [{}]
    (folder / "bad.json").write_text(json.dumps(report))

    done = postrender(*arguments)

    assert done.code == code
    assert message in done.stderr


def test_findings_of_an_earlier_version_are_shown_as_far_as_they_go(
    postrender: Command, folder: Path
) -> None:
    run(postrender, "--report", "r.json")
    report = json.loads((folder / "r.json").read_text())
    for finding in report["steps"][0]["findings"]:
        del finding["about"], finding["allowed"]
    (folder / "r.json").write_text(json.dumps(report))

    assert "  error [generic/password]: document 1" in postrender("report", "r.json").stdout


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["--report-path", "x.sarif"], "sarif"),
        (["--report-path", "x.SARIF"], "sarif"),
        (["--report-path", "x.xml"], "junit"),
        (["--report-path", "x.json"], "json"),
        (["--report-path", "x.sarif.json"], "sarif"),
        (["--report-path", "x"], "json"),
        (["--report-path", "x.json", "--report-format", "github"], "github"),
    ],
)
def test_a_report_goes_to_its_file_and_the_text_to_stdout(
    arguments: list[str], name: str, postrender: Command, folder: Path
) -> None:
    done = postrender("scan", *arguments, stdin=STREAM)

    assert (folder / arguments[1]).read_text() == scan(postrender, name)
    assert done.stdout == scan(postrender, "text")


def test_a_report_to_stdout_is_the_only_one(postrender: Command) -> None:
    assert scan(postrender, "sarif", STREAM, "--report-path", "-") == scan(postrender, "sarif")


# -- redaction ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("policy", ["allow", "report", "deny"])
def test_no_format_has_a_piece_of_a_value(name: str, policy: str, postrender: Command) -> None:
    value = "Vt7$kQ2!mZx9Lp4w"
    values = [f"a{value}", f"b{value}", f"c{value}"]
    stream = STREAM.replace(f"{PASSWORD}2 ", f"'{values[0]}'").replace(PASSWORD, values[1])
    stream += "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
    stream += f"stringData: {{token: '{values[2]}'}}\n"
    step = f"secrets: {{secretObjects: {policy}}}"

    done = postrender("scan", "--debug", "--report-format", name, "--step", step, stdin=stream)
    told = done.stdout + done.stderr
    run = postrender("--debug", "--step", step, "--report", "r.json", stdin=stream)
    told += run.stderr + Path("r.json").read_text()
    told += postrender("report", "--format", name).stdout

    assert done.code == run.code == 1
    pieces = {each[at : at + 6] for each in values for at in range(len(each) - 5)}
    assert [piece for piece in pieces if piece in told] == []
