"""The plugin secrets through the command line: what is refused, what it says, what is allowed."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from secret_tokens import github
from support import Command

from postrender import ConfigError, Context, Manifest, Manifests, PluginError, Result
from postrender.testing import check_case, find_cases, result
from postrender_plugins import secrets
from postrender_plugins.secrets._options import Options
from postrender_plugins.secrets._spelling import fingerprint

CASES = find_cases(Path(__file__).parent / "plugins" / "secrets")
PASSWORD = "Zk3mQ9vL1"

DEPLOYMENT = """\
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
              value: {value}
"""
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
"""


def scan(stream: str, **options: Any) -> Result:
    """Return what the step makes of *stream* without refusing it."""
    return result("secrets", stream, idempotent=False, **({"mode": "warn"} | options))


def told(stream: str, **options: Any) -> list[str]:
    """Return rule and path of each finding."""
    return [
        f"{each.rule} {'/'.join(map(str, each.location.path))}"
        for each in scan(stream, **options).findings
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, update: bool) -> None:
    check_case(case, update=update)


def test_a_password_in_a_variable_is_refused_with_its_place_and_the_way_out(
    postrender: Command,
) -> None:
    done = postrender("--step", "secrets: {}", stdin=DEPLOYMENT.format(value=PASSWORD))

    assert (done.code, done.stdout) == (1, "")
    assert "Deployment shop/web, /spec/template/spec/containers/0/env/0/value" in done.stderr
    assert "generic/password" in done.stderr
    assert "keep it in a Secret" in done.stderr
    assert PASSWORD not in done.stderr


def test_a_clean_stream_passes_byte_for_byte(postrender: Command) -> None:
    stream = DEPLOYMENT.format(value="$(FROM_ELSEWHERE)  # as it should be")

    done = postrender("--step", "secrets: {}", stdin=stream)

    assert (done.code, done.stdout) == (0, stream)


def test_a_variable_that_a_secret_has_comes_with_the_patch_that_refers_to_it() -> None:
    secret = SECRET + f"stringData: {{pw: {PASSWORD}}}\n"

    [finding] = scan(DEPLOYMENT.format(value=PASSWORD) + secret).findings

    assert "key `pw` of the Secret `db`" in finding.message
    assert list(finding.fix) == [
        {"op": "remove", "path": "/spec/template/spec/containers/0/env/0/value"},
        {
            "op": "add",
            "path": "/spec/template/spec/containers/0/env/0/valueFrom",
            "value": {"secretKeyRef": {"name": "db", "key": "pw"}},
        },
    ]


def test_a_secret_with_a_key_of_the_variables_name_is_the_way_out_too() -> None:
    encoded = base64.b64encode(b"other").decode()
    secret = SECRET + f"data: {{db-password: {encoded}, rest: 1}}\n"

    [finding] = scan(DEPLOYMENT.format(value=PASSWORD) + secret).findings

    assert "key `db-password`" in finding.message


def test_a_secret_of_another_namespace_is_no_way_out() -> None:
    secret = SECRET.replace("shop", "other") + f"stringData: {{pw: {PASSWORD}}}\ndata: none\n"

    [finding] = scan(DEPLOYMENT.format(value=PASSWORD) + secret).findings

    assert finding.fix == ()


def test_values_of_secrets_are_looked_at_as_told(postrender: Command) -> None:
    stream = SECRET + f"stringData:\n  password: {PASSWORD}\n"

    assert told(stream) == []
    assert told(stream, secretObjects="report") == ["generic/password stringData/password"]
    assert told(stream, secretObjects="deny") == ["kubernetes/plain-secret "]
    assert told(stream, secretObjects="deny", disable=["kubernetes/plain-secret"]) == []
    assert told(SECRET, secretObjects="deny") == []
    for policy, code in (("allow", 0), ("warn", 0), ("report", 1), ("deny", 1)):
        done = postrender("--step", f"secrets: {{secretObjects: {policy}}}", stdin=stream)
        assert (policy, done.code) == (policy, code)


def test_a_secret_in_plain_text_can_be_an_exception() -> None:
    stream = SECRET + f"stringData: {{password: {PASSWORD}}}\n"
    allow = [{"rule": "kubernetes/plain-secret", "reason": "a demo"}]

    assert told(stream, secretObjects="deny", allow=allow) == []


def test_a_finding_in_metadata_of_a_secret_is_one() -> None:
    stream = SECRET + f"  annotations: {{db-password: {PASSWORD}}}\n"

    assert told(stream) == ["generic/password metadata/annotations/db-password"]


def test_the_lowest_severity_that_refuses_can_be_told(postrender: Command) -> None:
    stream = DEPLOYMENT.format(value="admin")

    low = postrender("--step", "secrets: {failOn: low}", stdin=stream)
    high = postrender("--step", "secrets: {}", stdin=stream)

    assert (low.code, high.code) == (1, 0)
    assert "generic/weak-default" in low.stderr


def test_a_key_of_a_map_that_is_a_token_is_not_told() -> None:
    token = github()
    stream = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{x: {token}}}\n"

    [finding] = scan(stream.replace("x:", f"{token}.password:")).findings

    assert finding.location.path == ("data", "<redacted key>")
    assert token not in str(finding)


def test_a_line_of_a_text_is_told_by_its_number() -> None:
    stream = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        f"data:\n  app.conf: |\n    user = a\n    password = {PASSWORD}\n"
    )

    [finding] = scan(stream).findings

    assert "in line 2 of the text" in finding.message


# -- exceptions -----------------------------------------------------------------------------------

STREAM = DEPLOYMENT.format(value=PASSWORD)
PATH = "spec.template.spec.containers[web].env[DB_PASSWORD].value"


def notices(stream: str, **options: Any) -> list[str]:
    """Return the notices, and "found" for each finding."""
    done = scan(stream, **options)
    return [each.message for each in done.notices] + ["found"] * len(done.findings)


def test_an_exception_of_the_configuration_has_globs() -> None:
    allow = [{"rule": "generic/*", "kind": "Depl*", "namespace": "shop", "reason": "a demo"}]

    assert notices(STREAM, allow=allow) == []
    assert notices(STREAM, allow=[{"path": PATH, "reason": "a demo"}]) == []


def test_an_exception_that_allows_nothing_is_told() -> None:
    allow = [{"name": "other", "reason": "a demo", "until": "2999-01-01"}]

    assert notices(STREAM, allow=allow) == ["allow[0] allows nothing; remove it", "found"]


def test_an_exception_that_is_over_does_not_apply_and_is_told() -> None:
    allow = [{"reason": "a demo", "until": "2020-01-31"}]

    assert notices(STREAM, allow=allow) == ["allow[0] was good until 2020-01-31", "found"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"reason": " "}, "has no reason"),
        ({"reason": "a", "until": "tomorrow"}, "is no day"),
        ({"reason": "a", "until": "20270131"}, "is no day"),
    ],
)
def test_an_exception_needs_a_reason_and_its_end_is_a_day(
    entry: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        scan(STREAM, allow=[entry])


def annotated(text: str) -> str:
    """Return the stream with exceptions in an annotation."""
    line = f"  annotations: {{postrender.dev/allow-secrets: {json.dumps(text)}}}\n"
    return STREAM.replace("  namespace: shop\n", "  namespace: shop\n" + line)


def test_an_annotation_of_the_object_allows() -> None:
    entry = {"rule": "generic/password", "path": "*DB_PASSWORD*", "reason": "a demo"}

    assert notices(annotated(json.dumps([entry]))) == []


@pytest.mark.parametrize(
    "text", ["no", "{}", "[1]", '[{"rule": "*"}]', '[{"reason": "a", "x": "y"}]']
)
def test_an_annotation_that_is_none_is_told(text: str) -> None:
    assert notices(annotated(text)) == ["it is no list of exceptions, each with a reason", "found"]


def test_an_annotation_that_allows_nothing_is_told_with_its_place() -> None:
    [notice] = scan(annotated('[{"path": "data.*", "reason": "a"}]')).notices

    assert notice.message == "the exception allows nothing; remove it"
    assert notice.location.path[-1] == "postrender.dev/allow-secrets"


@pytest.mark.parametrize(
    "comment",
    [
        "# postrender:allow-secret generic/password -- a demo",
        "# postrender:allow-secret * -- a demo",
        "# gitleaks:allow",
        "# pragma: allowlist secret",
    ],
)
def test_a_comment_on_the_line_or_above_allows(comment: str) -> None:
    on_line = STREAM.replace(PASSWORD, f"{PASSWORD} {comment}")
    above_value = STREAM.replace(
        "              value", f"              {comment}\n              value"
    )
    above_name = STREAM.replace(
        "            - name: DB", f"            {comment}\n            - name: DB"
    )

    assert [notices(each) for each in (on_line, above_value, above_name)] == [[], [], []]


def test_a_comment_without_a_reason_or_about_something_else_allows_nothing() -> None:
    for comment in ("postrender:allow-secret *", "postrender:allow-secret jwt -- a demo"):
        assert notices(STREAM.replace(PASSWORD, f"{PASSWORD} # {comment}")) == ["found"]
    below = STREAM + "            # gitleaks:allow\n"
    before = STREAM.replace("value:", "value:  ").replace(
        "        - name: web", "        - name: web  # gitleaks:allow"
    )

    assert notices(below) == notices(before) == ["found"]


def test_a_comment_in_a_file_of_a_configmap_allows_its_line() -> None:
    stream = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  app.conf: |\n"
        f"    # postrender:allow-secret * -- a demo\n    password = {PASSWORD}\n\n"
        f"    secret = {PASSWORD}x\n"
    )

    assert notices(stream) == ["found"]


def test_a_comment_is_found_where_the_value_is_written_otherwise() -> None:
    stream = "apiVersion: a/v1\nkind: A\nmetadata: {name: a}\n"
    stream += 'password: "Zk3mQ9v\\x4c1" # gitleaks:allow\n'

    assert notices(stream) == []


def test_a_baseline_allows_what_it_knows_and_tells_what_is_no_more(folder: Path) -> None:
    [manifest] = Manifests.parse(STREAM.encode())
    mark = fingerprint("generic/password", manifest, PATH)
    entries = [{"fingerprint": each, "reason": "known"} for each in (mark, "0" * 16)]
    (folder / "known.json").write_text(json.dumps({"version": 1, "entries": entries}))

    assert notices(STREAM, baseline="known.json") == [
        "known.json knows 1 finding too many; write it again with postrender secrets baseline"
    ]


@pytest.mark.parametrize(
    ("content", "message"), [("{}", "is no baseline"), (None, "cannot be read: No such file")]
)
def test_a_baseline_that_is_none_is_a_fault_of_the_configuration(
    folder: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (folder / "known.json").write_text(content)

    with pytest.raises(ConfigError, match=message):
        scan(STREAM, baseline="known.json")


# -- what breaks ----------------------------------------------------------------------------------


class Broken(Manifests):
    """Manifests that cannot be looked at."""

    def __iter__(self) -> Iterator[Manifest]:
        raise LookupError(PASSWORD)


def test_a_scan_that_breaks_says_nothing_of_a_value() -> None:
    manifests = Broken.parse(STREAM.encode())
    context = Context(manifests)

    with pytest.raises(PluginError) as raised:
        secrets.postrender_check(manifests, Options(), context)
    assert str(raised.value) == (
        "the scan for secrets broke (LookupError); `onError: warn` lets the manifests pass"
    )
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert secrets.postrender_check(manifests, Options(on_error="warn"), context) == []
    assert [each.message for each in manifests.notices] == [
        "the scan for secrets broke (LookupError)"
    ]


def test_the_check_changes_nothing() -> None:
    stream = STREAM + SECRET + f"stringData: {{pw: {PASSWORD}}}\n"

    done = scan(stream, secretObjects="report")

    assert done.stream.decode() == stream
    assert done.edits == ()
