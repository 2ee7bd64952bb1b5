"""The commands of the plugin secrets: rules, fix and baseline."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from secret_tokens import github
from support import Command, Done

PASSWORD = "Zk3mQ9vL1"
WEB = f"""\
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
            - name: MODE
              value: fast
            - name: DB_PASSWORD
              value: {PASSWORD}
            - name: MAIL_PASSWORD
              value: {PASSWORD}m
"""
SECRET = f"""\
---
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
stringData:
  password: {PASSWORD}
"""
HEAD = "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
DEFAULT = ".postrender/secrets-baseline.json"
NO_FIX = "no fix: only a variable can have one, whose value or name a Secret of its namespace has"


# -- rules ----------------------------------------------------------------------------------------


def test_rules_are_listed_with_severity_title_and_source(postrender: Command) -> None:
    done = postrender("secrets", "rules")
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}

    assert (done.code, done.stderr) == (0, "")
    assert rows["age/secret-key"].split(None, 1)[1] == (
        "critical  age secret key  https://age-encryption.org/v1"
    )
    assert "generic/password" in rows
    assert list(rows) == sorted(rows)
    assert any("  https://" in line for line in rows.values())


def test_rules_are_those_of_the_configuration(postrender: Command, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "ours.yaml").write_text(
        "apiVersion: postrender.dev/v1\nkind: SecretRules\nrules:\n"
        "- {id: acme/token, title: Acme token, severity: medium, confidence: low,\n"
        "   literals: [acme_], pattern: 'acme_[a-z]{10}', source: 'https://acme.example/t'}\n"
    )
    (folder / "sub" / "p.yaml").write_text(
        HEAD + "steps: [secrets: {rules: [./ours.yaml, builtin], disable: [generic/password]}]\n"
    )

    done = postrender("secrets", "rules", "--format", "json", "-c", "sub/p.yaml")
    rules = {rule["id"]: rule for rule in json.loads(done.stdout)}

    assert rules["acme/token"] == {
        "id": "acme/token",
        "title": "Acme token",
        "severity": "medium",
        "confidence": "low",
        "kind": "shape",
        "source": "https://acme.example/t",
    }
    assert "generic/password" not in rules
    assert "generic/token" in rules


def test_without_rules_nothing_is_listed(postrender: Command) -> None:
    assert postrender("secrets", "rules", "--step", "secrets: {rules: []}") == Done(0, "", "")


# -- fix ------------------------------------------------------------------------------------------


def test_a_fix_is_a_step_that_makes_the_finding_go_away(postrender: Command, folder: Path) -> None:
    stream = WEB.replace(f"{PASSWORD}m", "$(FROM_ELSEWHERE)") + SECRET
    (folder / "all.yaml").write_text(stream)

    fix = postrender("secrets", "fix", "-f", "all.yaml")
    (folder / "p.yaml").write_text(f"{HEAD}steps:\n{fix.stdout}- secrets: {{}}\n")
    done = postrender("-c", "p.yaml", "-f", "all.yaml")

    assert fix.stdout == (
        "- patches:\n"
        '    - target: {group: "apps", version: "v1", kind: "Deployment", name: "web",'
        ' namespace: "shop"}\n'
        "      patch:\n"
        '        - {"op": "test", "path": "/spec/template/spec/containers/0/env/1/name",'
        ' "value": "DB_PASSWORD"}\n'
        '        - {"op": "remove", "path": "/spec/template/spec/containers/0/env/1/value"}\n'
        '        - {"op": "add", "path": "/spec/template/spec/containers/0/env/1/valueFrom",'
        ' "value": {"secretKeyRef": {"name": "db", "key": "password"}}}\n'
    )
    assert fix.stderr == "postrender: put the step in front of `secrets` in the configuration\n"
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == stream.replace(
        f"value: {PASSWORD}\n",
        "valueFrom:\n                secretKeyRef:\n                  name: db\n"
        "                  key: password\n",
    )


def test_a_fix_refuses_where_the_variable_is_no_longer_there(
    postrender: Command, folder: Path
) -> None:
    fix = postrender("secrets", "fix", stdin=WEB + SECRET)
    (folder / "p.yaml").write_text(f"{HEAD}steps:\n{fix.stdout}")

    done = postrender("-c", "p.yaml", stdin=WEB.replace("DB_PASSWORD", "OTHER") + SECRET)

    assert (done.code, done.stdout) == (1, "")


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (WEB, f"2 findings have {NO_FIX}"),
        (WEB + SECRET, f"1 finding has {NO_FIX}"),
        (SECRET, "nothing is found"),
        (WEB.replace("value: Z", "value: $$(X)Z").replace("$$", "$"), "nothing is found"),
    ],
)
def test_what_has_no_fix_is_counted(stream: str, told: str, postrender: Command) -> None:
    done = postrender("secrets", "fix", stdin=stream)

    assert done.code == 0
    assert done.stderr.splitlines()[-1] == f"postrender: {told}"


def test_what_is_allowed_needs_no_fix(postrender: Command) -> None:
    step = ("--step", "secrets: {allow: [{reason: a demo}]}")

    done = postrender("secrets", "fix", *step, stdin=WEB + SECRET)

    assert done == Done(0, "", "postrender: nothing is found\n")


# -- baseline -------------------------------------------------------------------------------------


def entries(path: str = DEFAULT) -> list[dict[str, Any]]:
    """Return the entries of a baseline."""
    found: list[dict[str, Any]] = json.loads(Path(path).read_text())["entries"]
    return found


def accept(postrender: Command, *arguments: str, stdin: str = WEB, reason: str = "known") -> Done:
    """Write a baseline."""
    return postrender("secrets", "baseline", "--reason", reason, *arguments, stdin=stdin)


def test_a_baseline_names_what_is_found_and_nothing_of_its_value(postrender: Command) -> None:
    done = accept(postrender)

    prefix = "spec.template.spec.containers[web].env"
    assert done == Done(0, "", f"postrender: {DEFAULT}: knows 2 findings, 2 new; 0 dropped\n")
    assert [set(each) for each in entries()] == [
        {"fingerprint", "rule", "object", "path", "reason", "added"}
    ] * 2
    assert [each["path"] for each in entries()] == [
        f"{prefix}[DB_PASSWORD].value",
        f"{prefix}[MAIL_PASSWORD].value",
    ]
    assert {each["object"] for each in entries()} == {"Deployment shop/web"}
    assert {each["added"] for each in entries()} == {date.today().isoformat()}
    assert {each["reason"] for each in entries()} == {"known"}
    assert PASSWORD[:6] not in Path(DEFAULT).read_text()


def test_a_baseline_makes_the_same_manifests_pass(postrender: Command) -> None:
    accept(postrender)

    done = postrender("--step", f"secrets: {{baseline: {DEFAULT}}}", stdin=WEB)

    assert (done.code, done.stdout, done.stderr) == (0, WEB, "")


def test_a_baseline_keeps_reasons_and_days_and_drops_what_is_gone(postrender: Command) -> None:
    accept(postrender)
    text = Path(DEFAULT).read_text().replace(date.today().isoformat(), "2020-02-02")
    Path(DEFAULT).write_text(text)
    stream = WEB.replace("DB_PASSWORD", "API_PASSWORD")

    done = accept(postrender, stdin=stream, reason="more")

    assert done.stderr == f"postrender: {DEFAULT}: knows 2 findings, 1 new; 1 dropped\n"
    assert [(each["path"][38:-7], each["reason"], each["added"]) for each in entries()] == [
        ("[API_PASSWORD", "more", date.today().isoformat()),
        ("[MAIL_PASSWORD", "known", "2020-02-02"),
    ]


def test_a_baseline_is_the_same_whatever_the_order_of_the_stream(
    postrender: Command, folder: Path
) -> None:
    other = WEB.replace("name: web\n  namespace", "name: api\n  namespace")
    accept(postrender, stdin=WEB + "---\n" + other)
    first = Path(DEFAULT).read_bytes()

    accept(postrender, "--output", "b.json", stdin=other + "---\n" + WEB)
    written = (folder / "b.json").stat().st_mtime_ns
    accept(postrender, "--output", "b.json", stdin=WEB + "---\n" + other)

    assert (folder / "b.json").read_bytes() == first
    assert (folder / "b.json").stat().st_mtime_ns == written


def test_the_baseline_of_the_step_is_written_where_it_is_read(
    postrender: Command, folder: Path
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "p.yaml").write_text(HEAD + "steps: [secrets: {baseline: known.json}]\n")
    config = ("-c", "sub/p.yaml")

    first = accept(postrender, *config)
    again = accept(postrender, *config, reason="again")

    assert first.stderr == "postrender: sub/known.json: knows 2 findings, 2 new; 0 dropped\n"
    assert again.stderr == "postrender: sub/known.json: knows 2 findings, 0 new; 0 dropped\n"
    assert {each["reason"] for each in entries("sub/known.json")} == {"known"}
    assert postrender(*config, stdin=WEB).code == 0


def test_what_something_else_allows_is_not_in_a_baseline(postrender: Command) -> None:
    stream = WEB.replace(f"{PASSWORD}m", f"{PASSWORD}m # gitleaks:allow")

    accept(postrender, stdin=stream)

    assert [each["path"][38:-7] for each in entries()] == ["[DB_PASSWORD"]


def test_values_are_sealed_where_there_is_a_key(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(postrender, reason="old")
    monkeypatch.setenv("POSTRENDER_FINGERPRINT_KEY", "a key")
    accept(postrender)
    sealed = entries()
    accept(postrender, stdin=WEB.replace(f"{PASSWORD}m", "Yj8wP3rT5"), reason="changed")
    changed = entries()
    monkeypatch.delenv("POSTRENDER_FINGERPRINT_KEY")
    accept(postrender)

    assert [len(each["hmac"]) for each in sealed] == [12, 12]
    assert [each["reason"] for each in sealed] == ["old", "old"]
    assert [each["reason"] for each in changed] == ["old", "changed"]
    assert changed[0] == sealed[0]
    assert changed[1]["hmac"] != sealed[1]["hmac"]
    assert entries() == changed


def test_a_key_that_is_a_token_itself_is_not_in_a_baseline(postrender: Command) -> None:
    token = github()
    stream = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    stream += f"data: {{{token}.password: {PASSWORD}}}\n"

    accept(postrender, stdin=stream)

    assert [each["path"] for each in entries()] == ["data.<redacted key>"]
    assert token not in Path(DEFAULT).read_text()


def test_a_plain_secret_can_be_known(postrender: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTRENDER_FINGERPRINT_KEY", "a key")
    step = f"secrets: {{secretObjects: deny, baseline: {DEFAULT}}}"

    accept(postrender, "--step", step, stdin=SECRET)

    assert [(each["rule"], each.get("path", "")) for each in entries()] == [
        ("kubernetes/plain-secret", "")
    ]
    assert "hmac" not in entries()[0]
    assert postrender("--step", step, stdin=SECRET).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "--reason is missing; write --reason REASON"),
        (("--reason", " "), "--reason is empty; say why the findings are accepted"),
        (("--reason", "a", "--output", "no.json"), "no.json is no baseline"),
        (("--reason", "a", "--output", "file/b.json"), "file: cannot be made: File exists"),
    ],
)
def test_a_mistake_is_told(
    arguments: tuple[str, ...], message: str, postrender: Command, folder: Path
) -> None:
    (folder / "no.json").write_text("{}")
    (folder / "file").write_text("")

    done = postrender("secrets", "baseline", *arguments, stdin=WEB)

    assert done.code == 2
    assert message in done.stderr
