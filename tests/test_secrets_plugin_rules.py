"""The rules of the plugin secrets: each finds what it is for, and files of the user's own."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from secret_corpus import RULES as FILE
from secret_texts import TEXTS
from secret_tokens import from_pattern, github, jwt, pem

from postrender import ConfigError
from postrender.testing import result
from postrender_plugins.secrets._rules import Rule, builtin

RULES = builtin()
SHAPES = [rule for rule in RULES.values() if rule.kind == "shape"]
PACKED = {rule["id"]: rule for rule in yaml.safe_load(FILE.read_text())["rules"]}
#: What a pattern alone does not make: a check sum, or a form within.
SPECIAL = {
    *("jwt", "pem/private-key", "pem/private-key-base64"),
    *("grafana/cloud-token", "grafana/api-key", "discord/bot-token"),
}


def found(value: str, key: str = "example", **options: Any) -> list[str]:
    """Return the rules that find something in an annotation."""
    text = json.dumps({key: value})
    stream = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, annotations: {text}}}\n"
    done = result("secrets", stream, idempotent=False, mode="warn", **options)
    return [each.rule for each in done.findings]


@pytest.mark.parametrize("rule", SHAPES, ids=lambda rule: rule.id)
def test_a_shape_is_found_where_no_name_tells(rule: Rule) -> None:
    if rule.id in SPECIAL:
        return
    makes = (from_pattern(rule.pattern, seed) for seed in range(20))

    assert any(found(f"see {text}" if text[0].isalnum() else text) == [rule.id] for text in makes)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_has_a_title_and_a_shape_the_page_it_was_written_from(rule: Rule) -> None:
    assert rule.title
    assert rule.kind != "shape" or rule.source.startswith("https://")
    assert not rule.show or any(len(each) >= rule.show for each in rule.literals)


def test_there_are_enough_shapes() -> None:
    assert len(SHAPES) >= 180


def test_each_rule_for_texts_has_a_text_that_shows_it() -> None:
    assert TEXTS.keys() == {rule.id for rule in RULES.values() if rule.kind == "text"}


@pytest.mark.parametrize("rule", TEXTS)
@pytest.mark.usefixtures("folder")
def test_a_rule_for_texts_alone_finds_its_secret_and_no_reference(rule: str) -> None:
    """It stands in a file of its own, so that it also is what a user may write."""
    name, text = TEXTS[rule]
    Path("own.yaml").write_text(PACK + yaml.safe_dump([PACKED[rule]]))

    values = ("Zk3mQ9vL1xT7w9xYz8W", "$SECRET_PW", "${SECRET_PW}", "<password>", "changeme")
    stream = "".join(
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{number}}}\n"
        f"data: {json.dumps({name: text.format(value)})}\n"
        for number, value in enumerate(values)
    )

    done = result("secrets", stream, idempotent=False, mode="warn", rules=["own.yaml"])

    assert [(each.rule, each.location.document) for each in done.findings] == [(rule, 1)]


def test_a_check_sum_tells_a_token_from_its_look_alike() -> None:
    token = github()
    fake = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    stream = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {note: %s}}\n"

    messages = [
        result("secrets", stream % each, idempotent=False, mode="warn").findings[0].message
        for each in (token, fake)
    ]

    assert [each.partition(":")[0] for each in messages] == ["critical", "low"]


def test_tokens_and_keys_with_a_form_within_are_found() -> None:
    packed = base64.b64encode(json.dumps({"o": "1", "n": "a", "k": "b" * 9}).encode()).decode()

    assert found(jwt({"sub": "88120934", "role": "admin"})) == ["jwt"]
    assert found(pem()) == ["pem/private-key"]
    assert found(pem().replace("\n", "\\n")) == ["pem/private-key"]
    assert found(base64.b64encode(pem().encode()).decode()) == ["pem/private-key-base64"]
    assert found(f"glc_{packed}") == ["grafana/cloud-token"]
    key = base64.b64encode(b'{"k":"Zk3mQ9vL1xT7w9xYz8WZk3mQ9vL1xT7w","n":"a","id":1}').decode()
    assert found(key) == ["grafana/api-key"]
    assert found(f"MTA5{'Zk3mQ9vL1x' * 2}.GCMCR0.{'FunVBqFNZv' * 3}") == ["discord/bot-token"]


def test_examples_and_forms_without_a_secret_are_not_found() -> None:
    header = "-----BEGIN PRIVATE" + " KEY-----"
    certificate = base64.b64encode(b"-----BEGIN CERTIFICATE-----\n" + b"MIIB" * 30).decode()

    assert found(jwt({"sub": "1234567890", "name": "John Doe"})) == []
    assert found("eyJhbGciOiJI.eyJ" + "a" * 20 + "." + "b1c2d3" * 6) == []
    assert found(f"{header}\n...\n-----END") == []
    assert found(f"run `{header}` and paste it") == []
    assert found(certificate) == []
    assert found("AKIAIOSFODNN7" + "EXAMPLE") == []
    assert found("ghp_" + "x" * 36) == []
    assert found("ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz") == []


# -- files of the user's --------------------------------------------------------------------------

PACK = """\
apiVersion: postrender.dev/v1
kind: SecretRules
rules:
"""
ACME = """\
- id: acme/token
  title: token of Acme
  severity: high
  literals: [acme_]
  pattern: '\\bacme_[a-z0-9]{12}\\b'
  tests: {match: [acme_k3m9v1x7q2z8], noMatch: [acme_short]}
"""


def with_rules(text: str, value: str, key: str = "example", **options: Any) -> list[str]:
    Path("own.yaml").write_text(text)
    return found(value, key, rules=["builtin", "own.yaml"], **options)


@pytest.mark.usefixtures("folder")
def test_a_rule_of_the_users_own_finds_its_shape() -> None:
    assert with_rules(PACK + ACME, "acme_k3m9v1x7q2z8") == ["acme/token"]
    assert with_rules(PACK + ACME, "acme_k3m9v1x7q2z8", disable=["acme/token"]) == []


@pytest.mark.usefixtures("folder")
def test_a_text_rule_and_names_of_the_users_own() -> None:
    text = "- {id: a/t, kind: text, literals: [acmectl], value: password, group: 1,"
    text += " pattern: 'acmectl -k (\\S{4,99})'}\n"
    names = "- {id: a/n, kind: key, nouns: [magicWord], value: password}\n"

    assert with_rules(PACK + text, "acmectl -k Zk3mQ9vL1") == ["a/t"]
    assert with_rules(PACK + text, "acmectl -k $KEY") == []
    assert with_rules(PACK + names, "Zk3mQ9vL1", "magicWord") == ["a/n"]


@pytest.mark.usefixtures("folder")
def test_a_built_in_rule_can_be_taken_away_or_replaced() -> None:
    token = github()

    assert with_rules(PACK + "- {id: github/token, enabled: false}\n", token) == []
    assert with_rules(PACK + "- {id: github/token, enabled: true}\n", token) == ["github/token"]
    assert found("Zk3mQ9vL1", "password", disable=["generic/password"]) == []


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", "own.yaml is no file of rules: line 2"),
        ("kind: Other\n", "own.yaml is no file of rules; its kind"),
        ("kind: SecretRules\n", "own.yaml has an unknown apiVersion"),
        (PACK, "own.yaml has no list `rules`"),
        (PACK + "- {}\n", "rules/0: it has no id"),
        (PACK + "- 1\n", "rules/0: it has no id"),
        (PACK + ACME + "  colour: red\n", "there is no `colour` in a rule"),
        (PACK + ACME.replace("{12}", "{12"), "fails one of its own tests, in `match`"),
        (PACK + ACME.replace("[acme_]", "[emca_]"), "none of its literals is in one of its own"),
        (PACK + ACME.replace("{12}", "{12}(?:a|a)*$"), "takes too long on some texts"),
        (PACK + ACME.replace("[a-z0-9]{12}", "("), "its pattern is no regular expression"),
        (
            PACK + ACME.replace("acme_short", "acme_a3m9v1x7q2z8"),
            "fails one of its own tests, in `noMatch`",
        ),
        (PACK + ACME.replace("[a-z0-9]{12}", ".*"), "has a gap without a bound"),
        (PACK + ACME.replace("[acme_]", "[ac]"), "its literals need at least 3 characters"),
        (PACK + ACME.replace("[acme_]", "[]"), "it needs literals"),
        (PACK + ACME + "  check: magic\n", "its check is none that there is"),
        (PACK + ACME + "  onCheckFail: maybe\n", "onCheckFail is neither"),
        (PACK + ACME + "  group: 2\n", "its pattern has no such group"),
        (PACK + ACME + "  value: number\n", "value is none of"),
        (PACK + ACME + "  kind: structure\n", "kind is none of"),
        (PACK + ACME.replace("high", "huge"), "severity is none of"),
        (PACK + "- {id: a/n, kind: key, value: any}\n", "a key rule has `nouns`"),
    ],
)
def test_a_fault_in_a_file_of_rules_is_told(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        with_rules(text, "nothing")
    assert message in str(raised.value)


def test_a_file_of_rules_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigError, match=r"gone.yaml cannot be read: No such file"):
        found("a", rules=["gone.yaml"])


def test_a_rule_that_is_not_there_cannot_be_disabled() -> None:
    with pytest.raises(ConfigError, match="there is no rule `gone` to disable"):
        found("a", disable=["gone"])
