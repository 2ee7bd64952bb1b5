"""The command scan: what is read, what is left out, what is told, and how it ends."""

import json
import os
import sys
from pathlib import Path

import pytest
from support import Command, Done, Install

PASSWORD = "Zk3mQ9vL1"
DEPLOYMENT = f"""\
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
"""
SECRET = f"""\
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
stringData:
  password: {PASSWORD}
"""
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: clean\n"
HEAD = "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
FIELD = "spec.template.spec.containers[web].env[DB_PASSWORD].value"
WAY = (
    "keep it in a Secret and refer to it, or allow it with a reason in the annotation"
    " postrender.dev/allow-secrets"
)


def lines(done: Done) -> list[str]:
    """Return file, line, severity and rule of each finding on stdout."""
    return [line.split("]: ")[0] + "]" for line in done.stdout.splitlines()]


# -- what is found --------------------------------------------------------------------------------


def test_a_finding_is_told_with_file_line_object_and_the_way_out(
    postrender: Command, folder: Path
) -> None:
    (folder / "web.yaml").write_text("# ours\n" + DEPLOYMENT)

    done = postrender("scan", "-f", "web.yaml")

    head = f"web.yaml:14: error [generic/password]: Deployment shop/web, {FIELD}: high: "
    assert done.code == 1
    assert done.stdout.startswith(head)
    assert done.stdout.endswith(f"; {WAY}\n")
    assert done.stderr == "postrender: 1 error in 1 object of 1 file\n"


def test_stdin_is_read_where_no_file_is_named(postrender: Command) -> None:
    source = "# Source: shop/templates/web.yaml\n"

    done = postrender("scan", stdin=POD + "---\n" + source + DEPLOYMENT)
    named = postrender("scan", "-f", "-", stdin=DEPLOYMENT)

    assert lines(done) == ["stdin:19 (shop/templates/web.yaml): error [generic/password]"]
    assert lines(named) == ["stdin:13: error [generic/password]"]


def test_nothing_found_is_0_and_a_mistake_is_2(postrender: Command) -> None:
    done = postrender("scan", stdin=POD)
    empty = postrender("scan", stdin="")

    assert done == Done(0, "", "postrender: nothing found in 1 object of 1 file\n")
    assert empty == Done(0, "", "postrender: nothing found in 0 objects of 1 file\n")
    assert postrender("scan", "--nothing").code == 2


def test_the_items_of_a_list_are_objects(postrender: Command) -> None:
    item = "  " + DEPLOYMENT.replace("\n", "\n  ").rstrip()
    stream = "apiVersion: v1\nkind: List\nitems:\n- " + item.lstrip() + "\n"

    assert lines(postrender("scan", stdin=stream)) == ["stdin:16: error [generic/password]"]


def test_the_worst_is_told_first_and_allowed_ones_are_counted(postrender: Command) -> None:
    weak = DEPLOYMENT.replace(PASSWORD, "admin").replace(
        "name: web\n  namespace", "name: a\n  namespace"
    )
    known = DEPLOYMENT.replace(PASSWORD, f"{PASSWORD} # gitleaks:allow")

    done = postrender("scan", stdin="---\n".join([weak, known, DEPLOYMENT]))

    assert lines(done) == [
        "stdin:41: error [generic/password]",
        "stdin:13: info [generic/weak-default]",
    ]
    assert done.stderr == "postrender: 1 error, 1 hint, 1 allowed in 3 objects of 1 file\n"


def test_findings_that_refuse_nothing_are_warnings(postrender: Command) -> None:
    done = postrender("scan", "--step", "secrets: {mode: warn}", stdin=DEPLOYMENT)

    assert done.code == 0
    assert lines(done) == ["stdin:13: warning [generic/password]"]
    assert done.stderr == "postrender: 1 warning in 1 object of 1 file\n"


def test_quiet_leaves_the_findings(postrender: Command) -> None:
    done = postrender("scan", "-q", stdin=DEPLOYMENT)

    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_a_secret_in_another_file_is_the_way_out(postrender: Command, folder: Path) -> None:
    (folder / "a.yaml").write_text(DEPLOYMENT)
    (folder / "b.yaml").write_text(SECRET)

    done = postrender("scan", "-f", "b.yaml", "-f", "a.yaml")

    assert "a.yaml:13: error" in done.stdout
    assert "take it from key `password` of the Secret `db`" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr


# -- folders --------------------------------------------------------------------------------------


def test_a_folder_is_read_with_all_below_it_but_what_is_hidden(
    postrender: Command, folder: Path
) -> None:
    for name in ("deploy/web.yaml", "deploy/b/web.yml", "deploy/.git/web.yaml", "deploy/.x.yaml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(DEPLOYMENT)
    (folder / "deploy/c.json").write_text(json.dumps({"apiVersion": "v1", "kind": "Pod"}))
    (folder / "deploy/d.txt").write_text(DEPLOYMENT)

    done = postrender("scan", "-f", "deploy")
    absolute = postrender("scan", "-f", str(folder / "deploy"))

    assert lines(done) == [
        "deploy/b/web.yml:13: error [generic/password]",
        "deploy/web.yaml:13: error [generic/password]",
    ]
    assert done.stderr == "postrender: 2 errors in 3 objects of 3 files\n"
    assert absolute == done


def test_files_of_a_folder_that_are_no_manifests_are_left_out_and_counted(
    postrender: Command, folder: Path
) -> None:
    (folder / "values.yaml").write_text(
        f"kind: web\nrbac: {{apiVersion: v1}}\npassword: {PASSWORD}\n"
    )
    (folder / "package.json").write_text("{}")
    (folder / "web.yaml").write_text("apiVersion: v1\nkind: Pod\n{{ if .Values.a }}\n")

    done = postrender("scan", "-f", ".")

    assert done.code == 0
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "postrender: left out 1 template of charts, such as web.yaml; what `helm template` prints"
        " can be scanned",
        "postrender: left out 2 files without manifests, such as package.json",
        "postrender: nothing found in 0 objects of 0 files",
    ]


def test_a_manifest_that_cannot_be_read_fails_the_scan_of_a_folder_and_stops_it_not(
    postrender: Command, folder: Path
) -> None:
    (folder / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: [\n")
    (folder / "web.yaml").write_text(POD)

    done = postrender("scan", "-f", ".")

    assert (done.code, done.stdout) == (1, "")
    told, error = done.stderr.splitlines()
    assert told == "postrender: nothing found in 1 object of 1 file"
    assert error.startswith("postrender: error: broken.yaml, document 1: line ")


def test_a_file_is_read_once_however_often_it_is_named(postrender: Command, folder: Path) -> None:
    (folder / "web.yaml").write_text(DEPLOYMENT)
    (folder / "same.yaml").symlink_to("web.yaml")

    done = postrender("scan", "-f", "./web.yaml", "-f", ".", "-f", "web.yaml")

    assert lines(done) == ["web.yaml:13: error [generic/password]"]


def test_what_is_no_file_in_a_folder_is_left_out_or_told(postrender: Command, folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (folder / "link.yaml").symlink_to("pipe.yaml")
    (folder / "gone.yaml").symlink_to("nowhere")
    (folder / "web.yaml").write_text(DEPLOYMENT)

    done = postrender("scan", "-f", ".")

    assert lines(done) == ["web.yaml:13: error [generic/password]"]
    assert done.stderr.endswith("error: gone.yaml: cannot be read: No such file or directory\n")


def test_a_folder_that_cannot_be_read_is_told(postrender: Command, folder: Path) -> None:
    for _ in range(os.pathconf(folder, "PC_PATH_MAX") // 200 + 1):
        os.mkdir("d" * 200)  # in parts, since even root cannot read a path as long as all of them
        os.chdir("d" * 200)
    os.chdir(folder)

    alone = postrender("scan", "-f", ".")
    (folder / "web.yaml").write_text(POD)
    beside = postrender("scan", "-f", ".")

    assert (alone.code, beside.code) == (1, 1)
    assert "nothing found in 0 objects of 0 files" in alone.stderr
    assert "nothing found in 1 object of 1 file" in beside.stderr
    for done in (alone, beside):
        assert done.stderr.endswith("ddd: cannot be read: File name too long\n")


def test_values_of_secrets_are_no_part_of_what_a_check_says(
    postrender: Command, install: Install
) -> None:
    install(
        "acme-loud",
        "from postrender import Finding, Severity, hookimpl\n"
        "@hookimpl\n"
        "def postrender_check(manifests):\n"
        "    for each in manifests:\n"
        "        value = each.get(('stringData', 'password'))\n"
        "        yield Finding(Severity.ERROR, 'loud', f'says {value}', each.location)\n",
    )

    for name in ("text", "json", "sarif", "junit", "github"):
        arguments = ("--check", "acme-loud", "--report-format", name)
        done = postrender("scan", *arguments, stdin=SECRET)
        assert "says (hidden 1)" in done.stdout
        assert PASSWORD not in done.stdout


def test_a_file_that_is_named_is_to_be_one_of_manifests(postrender: Command, folder: Path) -> None:
    (folder / "values.yaml").write_text("a: b\n")
    (folder / "web.yaml").write_text("apiVersion: v1\nkind: {{ .Values.kind }}\n")

    values = postrender("scan", "-f", "values.yaml")
    template = postrender("scan", "-f", "web.yaml")
    stdin = postrender("scan", stdin="a: b\n")

    assert (values.code, template.code, stdin.code) == (1, 1, 1)
    assert "error: values.yaml, document 1: apiVersion is missing" in values.stderr
    assert "error: web.yaml: line 1: " in template.stderr
    assert "look at what `helm template` prints" in template.stderr
    assert "error: document 1: apiVersion is missing" in stdin.stderr


def test_an_error_shows_no_value_of_a_secret(postrender: Command) -> None:
    stream = SECRET + f"---\napiVersion: v1\nkind: Pod\n{PASSWORD}: [\n"

    done = postrender("scan", "--step", "secrets: {secretObjects: report}", stdin=stream)

    assert done.code == 1
    assert PASSWORD not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory"),
        (["-f", "empty"], "empty: holds no file that ends in .yaml, .yml, .json"),
        (["-f", "-", "-f", "-"], "stdin can be read only once"),
        (["--report-format", "serif"], "unknown format `serif`; did you mean `sarif`?"),
        (["--exit-code", "x"], "--exit-code is no number from 0 to 125: `x`"),
        (["--exit-code", "126"], "--exit-code is no number from 0 to 125: `126`"),
        (["--check", "nothing"], "error: no plugin is called `nothing`"),
        (["--check", "labels"], "error: the plugin `labels` checks nothing"),
        (["--step", "secrets: {failOn: some}"], "the value is none of critical, high, medium, low"),
        (["--baseline-path", "x.json", "--step", "secrets: no"], "value false is a boolean"),
        (["--baseline-path", "x.json"], "x.json cannot be read: No such file"),
    ],
)
def test_a_mistake_is_told(
    arguments: list[str], message: str, postrender: Command, folder: Path
) -> None:
    (folder / "empty").mkdir()

    done = postrender("scan", *arguments, stdin=POD)

    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr


def test_manifests_are_not_typed(postrender: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    def scan(*arguments: str) -> Done:
        from postrender._cli import main

        monkeypatch.setattr(sys, "stdin", Terminal())
        return Done(main(["scan", *arguments]), "", "")

    assert scan().code == 2


# -- the policy -----------------------------------------------------------------------------------


def test_the_policy_is_that_of_the_configuration(postrender: Command, folder: Path) -> None:
    (folder / "postrender.yaml").write_text(
        HEAD + "steps:\n"
        "- exec: ./not-there\n"
        "- expect: 5\n  where: {kind: Deployment}\n"
        "  secrets: {allow: [{rule: generic/*, reason: a demo}]}\n"
    )

    done = postrender("scan", stdin=DEPLOYMENT)

    assert (done.code, done.stdout) == (0, "")
    assert done.stderr == "postrender: nothing found, 1 allowed in 1 object of 1 file\n"


def test_a_step_of_the_command_line_counts_instead_of_the_configuration_that_is_found(
    postrender: Command, folder: Path
) -> None:
    config = HEAD + "steps: [{secrets: {allow: [{reason: a demo}]}}]\n"
    (folder / "postrender.yaml").write_text(config)
    step = ("--step", "secrets: {failOn: critical}")

    alone = postrender("scan", *step, stdin=DEPLOYMENT)
    beside = postrender("scan", *step, "-c", "postrender.yaml", stdin=DEPLOYMENT)

    assert lines(alone) == ["stdin:13: warning [generic/password]"]
    assert lines(beside) == ["stdin:13: warning [generic/password]"]
    assert "1 allowed" in beside.stderr


def test_a_notice_names_the_file_that_it_is_about(postrender: Command, folder: Path) -> None:
    pod = POD + "  annotations: {postrender.dev/allow-secrets: '[]', a: b}\n"
    (folder / "a.yaml").write_text(POD + "---\n" + POD)
    (folder / "b.yaml").write_text("---\n---\n" + pod.replace("'[]'", "'1'"))

    done = postrender("scan", "-f", ".", "--step", "secrets: {allow: [{reason: a demo}]}")

    assert (
        done.stderr.splitlines()[:2]
        == [
            "postrender: allow[0] allows nothing; remove it",
            "postrender: b.yaml, document 2, Pod clean, "
            "/metadata/annotations/postrender.dev~1allow-secrets: it is no list of exceptions, each"
            " with a reason",
        ][::-1]
    )


def test_what_reading_a_file_told_names_the_file(postrender: Command, folder: Path) -> None:
    (folder / "a.yaml").write_text(POD)
    (folder / "b.yaml").write_text(POD + "...\nmore\n")

    done = postrender("scan", "-f", "a.yaml", "-f", "b.yaml")

    assert done.stderr.splitlines()[0] == (
        "postrender: b.yaml, document 1: what follows the line ... is no part of the document"
        " for Kubernetes"
    )


def test_the_baseline_of_the_command_line_is_from_the_working_folder(
    postrender: Command, folder: Path
) -> None:
    (folder / "web.yaml").write_text(DEPLOYMENT)
    (folder / "sub").mkdir()
    (folder / "sub/p.yaml").write_text(HEAD + "steps: [secrets: {failOn: low}]\n")
    postrender("secrets", "baseline", "-f", "web.yaml", "--reason", "known", "--output", "b.json")

    done = postrender("scan", "-f", "web.yaml", "-c", "sub/p.yaml", "--baseline-path", "b.json")

    assert (done.code, done.stdout) == (0, "")


def test_a_file_in_utf_16_is_not_left_out(postrender: Command, folder: Path) -> None:
    for name in ("utf-16-le", "utf-16-be"):
        (folder / f"{name}.yaml").write_bytes(f"\ufeff{DEPLOYMENT}".encode(name))
    (folder / "values.yaml").write_text("a: b\n", encoding="utf-16")

    done = postrender("scan", "-f", ".")

    assert done.code == 1
    assert "left out 1 file without manifests, such as values.yaml" in done.stderr
    assert "error: utf-16-be.yaml, document 1: line 1: invalid UTF-8" in done.stderr
    assert "error: utf-16-le.yaml, document 1: line 1: invalid UTF-8" in done.stderr


def test_a_name_that_is_no_text_does_not_break_a_line_or_a_report(
    postrender: Command, folder: Path
) -> None:
    (folder / "a\nb.yaml").write_text(DEPLOYMENT)
    Path(os.fsdecode(bytes(folder) + b"/c\xff.yaml")).write_text(DEPLOYMENT)

    done = postrender("scan", "-f", ".")

    assert lines(done) == [
        "a\\nb.yaml:13: error [generic/password]",
        "c\\xff.yaml:13: error [generic/password]",
    ]
    for name in ("json", "sarif", "junit", "github"):
        arguments = ("-f", ".", "--report-format", name, "--report-path", "../r")
        assert postrender("scan", *arguments).code == 1
        assert "c\\" in Path("../r").read_text() or "c%5Cxff.yaml" in Path("../r").read_text()


def test_a_configuration_without_a_step_of_the_plugin_leaves_its_defaults(
    postrender: Command, folder: Path
) -> None:
    (folder / "postrender.yaml").write_text(HEAD + "steps: [{labels: {set: {a: b}}}]\n")

    assert lines(postrender("scan", stdin=DEPLOYMENT)) == ["stdin:13: error [generic/password]"]


def test_a_step_of_another_plugin_is_not_the_policy_that_is_meant(
    postrender: Command, folder: Path
) -> None:
    config = HEAD + "steps: [{secrets: {allow: [{reason: a demo}]}}]\n"
    (folder / "p.yaml").write_text(config)
    step = ("--step", "secretss: {failOn: low}")

    alone = postrender("scan", *step, stdin=DEPLOYMENT)
    beside = postrender("scan", *step, "-c", "p.yaml", stdin=DEPLOYMENT)

    assert (alone.code, alone.stdout) == (2, "")
    assert "--step: the step is of `secretss`, and the check of `secrets`" in alone.stderr
    assert beside.code == 0


@pytest.mark.parametrize(("exit_code", "code"), [("0", 1), ("7", 7)])
def test_a_file_that_cannot_be_read_is_not_a_scan_that_has_passed(
    exit_code: str, code: int, postrender: Command, folder: Path
) -> None:
    (folder / "broken.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: [\n")
    (folder / "web.yaml").write_text(DEPLOYMENT)

    assert postrender("scan", "-f", ".", "--exit-code", exit_code).code == code


@pytest.mark.parametrize(("stream", "code"), [(DEPLOYMENT, 7), (POD, 0)])
def test_the_exit_code_of_a_refusal_can_be_said(
    stream: str, code: int, postrender: Command
) -> None:
    assert postrender("scan", "--exit-code", "7", stdin=stream).code == code


def test_redact_is_taken_since_it_is_always_on(postrender: Command) -> None:
    plain = postrender("scan", stdin=DEPLOYMENT)

    assert postrender("scan", "--redact", stdin=DEPLOYMENT) == plain
    assert postrender("scan", "--redact=50", stdin=DEPLOYMENT) == plain


def test_another_check_can_be_run(postrender: Command, install: Install) -> None:
    install(
        "acme-look",
        "from postrender import Finding, PluginError, CheckError, Severity, hookimpl\n"
        "@hookimpl\n"
        "def postrender_check(manifests, options, context):\n"
        "    print('printed')\n"
        "    if 'raise' in options:\n"
        "        raise CheckError('of its own')\n"
        "    where = str(context.namespace.value), context.variables.get('POSTRENDER_ACME', '')\n"
        "    yield Finding(Severity.INFO, 'acme', '-'.join(where))\n",
    )

    done = postrender("scan", "--check", "acme-look", stdin=DEPLOYMENT)
    failed = postrender(
        "scan", "--check", "acme-look", "--step", "acme-look: {raise: 1}", stdin=POD
    )

    assert done.code == 0
    assert done.stdout == "stdin: info [acme]: shop-\n"
    assert done.stderr == "printed\npostrender: 1 hint in 1 object of 1 file\n"
    assert failed.code == 1
    assert "step 1 (acme-look): of its own" in failed.stderr


def test_a_check_knows_our_variables_and_the_release(
    postrender: Command, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(
        "acme-env",
        "from postrender import Finding, Severity, hookimpl\n"
        "@hookimpl\n"
        "def postrender_check(context):\n"
        "    told = [context.release.value, *sorted(context.variables.items())]\n"
        "    yield Finding(Severity.WARNING, 'acme', str(told))\n",
    )
    for name in os.environ:
        if name.startswith("POSTRENDER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("POSTRENDER_TTY", "off")
    monkeypatch.setenv("POSTRENDER_RELEASE_NAME", "blue")
    monkeypatch.setenv("ACME_TOKEN", "no")

    run = postrender("-q", "--step", "acme-env:", "--report", "r.json", stdin=POD)
    done = postrender("scan", "--check", "acme-env", stdin=POD)

    told = "['blue', ('POSTRENDER_RELEASE_NAME', 'blue'), ('POSTRENDER_TTY', 'off')]"
    assert run.code == 0
    assert json.loads(Path("r.json").read_text())["steps"][0]["findings"][0]["message"] == told
    assert done.stdout == f"stdin: warning [acme]: {told}\n"


def test_the_help_says_what_is_scanned(postrender: Command) -> None:
    done = postrender("scan", "--help")

    assert (done.code, done.stderr) == (0, "")
    for word in ("--report-format FORMAT", "--baseline-path FILE", "--exit-code N", "--redact"):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
