"""Exceptions of the plugin secrets: comments at exact lines, and values that a baseline knows."""

import json
from pathlib import Path
from typing import Any

import pytest
from support import Command

PASSWORD = "Zk3mQ9vL1"
COMMENT = "# postrender:allow-secret generic/* -- a demo"
KEY = "POSTRENDER_FINGERPRINT_KEY"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n"


def found(postrender: Command, stream: str, *arguments: str) -> list[tuple[int, str]]:
    """Return line and reason of each finding, in the order of lines."""
    done = postrender("scan", "--report-format", "json", *arguments, stdin=stream)
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return sorted((each["line"], each.get("suppressed", {}).get("reason", "")) for each in findings)


# -- comments -------------------------------------------------------------------------------------


def test_a_comment_is_about_its_own_line_though_another_begins_alike(postrender: Command) -> None:
    data = f"  one_password: {PASSWORD}\n\n  two_password: {PASSWORD}2  {COMMENT}\n"

    assert found(postrender, CONFIG_MAP + data) == [(6, ""), (8, "a demo")]


def test_a_comment_stands_at_an_item_of_a_list(postrender: Command) -> None:
    item = CONFIG_MAP.replace("\n", "\n  ") + f"  {COMMENT}\n    password: {PASSWORD}\n"
    stream = "apiVersion: v1\nkind: List\nitems:\n- " + item

    assert found(postrender, stream) == [(10, "a demo")]


def test_a_comment_at_the_key_is_about_all_of_a_text(postrender: Command) -> None:
    text = f"    password: {PASSWORD}\n    user: a\n    db_password = {PASSWORD}x\n"
    above = f"  {COMMENT}\n  app.conf: |\n" + text
    behind = f"  app.conf: |  {COMMENT}\n" + text

    assert found(postrender, CONFIG_MAP + above) == [(8, "a demo"), (10, "a demo")]
    assert found(postrender, CONFIG_MAP + behind) == [(7, "a demo"), (9, "a demo")]


def test_a_comment_within_a_text_is_about_its_line(postrender: Command) -> None:
    text = (
        f"  app.conf: |\n    password: {PASSWORD}\n    user: a\n"
        f"    db_password = {PASSWORD}x\n    {COMMENT}\n    my_password = {PASSWORD}y\n"
    )

    assert found(postrender, CONFIG_MAP + text) == [(7, ""), (9, ""), (11, "a demo")]


def test_a_comment_behind_a_value_of_several_lines_is_about_it(postrender: Command) -> None:
    value = f'  password: "{PASSWORD}\\\n    2"  {COMMENT}\n'

    assert found(postrender, CONFIG_MAP + value) == [(6, "a demo")]


def test_a_comment_for_another_scanner_has_an_inherited_reason(postrender: Command) -> None:
    data = f"  password: {PASSWORD}  # gitleaks:allow\n"

    assert found(postrender, CONFIG_MAP + data) == [(6, "inherited")]


def test_a_comment_stays_where_a_step_edits_the_object(postrender: Command) -> None:
    data = f"  password: {PASSWORD}  {COMMENT}\n  other_password: {PASSWORD}2\n"

    done = postrender(
        "--step", "labels: {set: {a: b}}", "--step", "secrets:", stdin=CONFIG_MAP + data
    )

    assert done.code == 1
    assert "the checks found an error\n" in done.stderr
    assert "/data/other_password" in done.stderr


# -- baselines ------------------------------------------------------------------------------------


def baseline(postrender: Command, stream: str) -> None:
    """Write a baseline that knows what is in *stream*."""
    done = postrender(
        "secrets", "baseline", "--reason", "known", "--output", "b.json", stdin=stream
    )
    assert done.code == 0


BASELINE = ("--baseline-path", "b.json")


def test_each_line_of_a_text_is_known_by_its_name(postrender: Command) -> None:
    text = f"  app.conf: |\n    password: {PASSWORD}\n"
    baseline(postrender, CONFIG_MAP + text)

    more = CONFIG_MAP + text + f"    other_password: {PASSWORD}\n"

    assert found(postrender, more, *BASELINE) == [(7, "known"), (8, "")]


def test_what_has_no_name_is_known_by_its_number(postrender: Command) -> None:
    text = f"  hosts: |\n    machine a.example login me password {PASSWORD}\n"
    baseline(postrender, CONFIG_MAP + text)

    more = CONFIG_MAP + text + f"    machine b.example login me password {PASSWORD}b\n"

    assert found(postrender, more, *BASELINE) == [(7, "known"), (8, "")]


def test_a_changed_value_is_known_unless_there_is_a_key(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = CONFIG_MAP + f"  password: {PASSWORD}\n"
    changed = CONFIG_MAP + f"  password: {PASSWORD}2\n"
    baseline(postrender, stream)

    assert found(postrender, changed, *BASELINE) == [(6, "known")]

    monkeypatch.setenv(KEY, "a key")
    assert found(postrender, changed, *BASELINE) == [(6, "known")]  # its value was not sealed
    baseline(postrender, stream)
    assert found(postrender, stream, *BASELINE) == [(6, "known")]
    assert found(postrender, changed, *BASELINE) == [(6, "")]
    monkeypatch.setenv(KEY, "another key")
    assert found(postrender, stream, *BASELINE) == [(6, "")]


def test_a_change_is_told_and_so_is_a_key_that_is_missing(
    postrender: Command, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    stream = CONFIG_MAP + f"  password: {PASSWORD}\n"
    monkeypatch.setenv(KEY, "a key")
    baseline(postrender, stream)

    step = ("--step", "secrets: {baseline: b.json}")
    changed = postrender(*step, stdin=stream.replace(PASSWORD, PASSWORD + "2"))
    monkeypatch.delenv(KEY)
    blind = postrender(*step, stdin=stream)

    assert changed.code == 1
    assert "b.json knows 1 finding with another value" in changed.stderr
    assert blind.code == 0
    assert f"b.json has values that only {KEY} can compare" in blind.stderr
    assert "a key" not in (folder / "b.json").read_text()


@pytest.mark.parametrize(
    "content",
    ["[]", '{"entries": 1}', '{"entries": [1]}', '{"entries": [{"reason": "a"}]}', "[" * 5000],
)
def test_what_is_no_baseline_is_told(content: str, postrender: Command, folder: Path) -> None:
    (folder / "b.json").write_text(content)

    done = postrender("--step", "secrets: {baseline: b.json}", stdin=CONFIG_MAP)

    assert done.code == 2
    assert "b.json is no baseline; each entry has a fingerprint and a reason" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("known", " ", "b.json gives no reason for the entry "),
        (": 1,", ": 2,", "b.json is a baseline of version 2; update postrender"),
    ],
)
def test_a_baseline_that_cannot_count_is_told(
    old: str, new: str, message: str, postrender: Command, folder: Path
) -> None:
    stream = CONFIG_MAP + f"  password: {PASSWORD}\n"
    baseline(postrender, stream)
    text = (folder / "b.json").read_text()
    (folder / "b.json").write_text(text.replace(old, new))

    done = postrender("--step", "secrets: {baseline: b.json}", stdin=stream)

    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr


def test_findings_that_are_gone_are_counted(postrender: Command) -> None:
    baseline(postrender, CONFIG_MAP + f"  password: {PASSWORD}\n  db_password: {PASSWORD}\n")

    done = postrender("--step", "secrets: {baseline: b.json}", stdin=CONFIG_MAP)

    told = "b.json knows 2 findings too many; write it again with postrender secrets baseline"
    assert done.code == 0
    assert told in done.stderr
