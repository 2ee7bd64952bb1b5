"""Values of Secrets: hidden wherever they stand, equal ones as equal, all else as it is."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postrender import Edit, Manifests
from postrender._redact import Redactor

APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def encoded(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


SECRET: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "db", "annotations": {"a": "b", APPLIED: '{"data": "..."}'}},
    "type": "Opaque",
    "data": {"password": encoded("hunter2-canary"), "other": encoded("abc"), "none": None},
    "stringData": {"password": "hunter2-canary", "pin": 123456},
}

HIDDEN: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "db", "annotations": {"a": "b", APPLIED: "(hidden 1)"}},
    "type": "Opaque",
    "data": {"password": "(hidden 2)", "other": "(hidden 3)", "none": None},
    "stringData": {"password": "(hidden 2)", "pin": "(hidden 4)"},
}


def edit(manifest: str, path: tuple[str | int, ...], old: Any, new: Any, position: int = 1) -> Edit:
    return Edit("1 (step)", manifest, position, "replace", path, old, new)


def test_a_secret_keeps_everything_but_its_values() -> None:
    assert Redactor().hidden(SECRET) == HIDDEN


def test_hiding_leaves_the_object_alone() -> None:
    before = json.dumps(SECRET)
    Redactor().hidden(SECRET)

    assert json.dumps(SECRET) == before


def test_other_objects_are_copied_as_they_are() -> None:
    other = {"kind": "ConfigMap", "data": {"a": "b"}, "metadata": {"annotations": {APPLIED: "{}"}}}

    assert Redactor().hidden(other) == other


def test_secrets_are_found_in_lists_and_deep_in_other_objects() -> None:
    work = {"kind": "ManifestWork", "spec": {"manifests": [SECRET, {"kind": "Pod"}]}}
    api_list = {"kind": "SecretList", "items": [{"data": {"a": "eA=="}}, "no object"]}

    assert Redactor().hidden({"kind": "List", "items": [SECRET]})["items"] == [HIDDEN]
    assert Redactor().hidden(work)["spec"]["manifests"] == [HIDDEN, {"kind": "Pod"}]
    assert Redactor().hidden(api_list)["items"] == [{"data": {"a": "(hidden 1)"}}, "no object"]


def test_data_that_is_no_map_is_hidden_as_a_whole() -> None:
    assert Redactor().hidden({"kind": "Secret", "data": ["canary"], "stringData": None}) == {
        "kind": "Secret",
        "data": "(hidden 1)",
        "stringData": None,
    }


def test_what_stands_in_data_that_is_no_map_is_learned() -> None:
    redactor = Redactor()
    redactor.hidden({"kind": "Secret", "data": ["canary-one", {"a": ["canary-two"]}]})

    assert redactor.scrub("canary-one, canary-two") == "(hidden 3), (hidden 2)"


def test_what_is_nested_deeper_than_anybody_looks_is_hidden() -> None:
    value: Any = SECRET
    for _ in range(100):
        value = [value]

    hidden = json.dumps(Redactor().hidden({"kind": "Odd", "spec": value}))

    assert "hunter2" not in hidden
    assert "(nested too deep to be shown)" in hidden


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ((), SECRET, HIDDEN),
        (
            ("data",),
            SECRET["data"],
            {"password": "(hidden 1)", "other": "(hidden 2)", "none": None},
        ),
        (("data", "password"), "aGVsbG8=", "(hidden 1)"),
        (("data", "password", 0), "hello", "(hidden 1)"),
        (("stringData", "password"), 5, "(hidden 1)"),
        (("metadata", "annotations", APPLIED), "{}", "(hidden 1)"),
        (("metadata", "annotations"), {APPLIED: "{}", "a": "b"}, {APPLIED: "(hidden 1)", "a": "b"}),
        (("metadata", "annotations", "a"), "b", "b"),
        (("metadata", "labels"), {"team": "payments"}, {"team": "payments"}),
        (("kind",), "Secret", "Secret"),
        (("type",), None, None),
    ],
)
def test_an_edit_of_a_secret_hides_its_values_alone(path: Any, old: Any, new: Any) -> None:
    assert Redactor().edit(edit("Secret shop/db", path, old, old)) == edit(
        "Secret shop/db", path, new, new
    )


@pytest.mark.parametrize(
    ("manifest", "path", "old", "new"),
    [
        ("SecretList all", ("items", 0, "data", "a"), "b", "(hidden 1)"),
        ("SecretList all", ("items", 0), {"data": {"a": "b"}}, {"data": {"a": "(hidden 1)"}}),
        ("ManifestWork w", ("spec", "manifests", 0, "data", "a"), "b", "(hidden 1)"),
        ("ManifestWork w", ("spec", "manifests", 0), SECRET, HIDDEN),
        ("ConfigMap web", ("data", "a"), "b", "b"),
        ("ConfigMap web", ("data",), {"a": "b"}, {"a": "b"}),
        ("ExternalSecret web", ("spec", "data", 0, "key"), "b", "b"),
    ],
)
def test_an_edit_of_another_object_hides_the_secrets_in_it(
    manifest: str, path: Any, old: Any, new: Any
) -> None:
    assert Redactor().edit(edit(manifest, path, old, None)).old == new


def test_a_change_of_a_value_shows_as_two_numbers() -> None:
    hidden = Redactor().edit(edit("Secret db", ("stringData", "a"), "x", "y"))

    assert (hidden.old, hidden.new) == ("(hidden 1)", "(hidden 2)")


def test_what_was_a_secret_before_or_becomes_one_is_one() -> None:
    redactor = Redactor()
    edits = [
        edit("Secret shop/db", ("kind",), "Secret", "ConfigMap"),
        edit("ConfigMap shop/db", ("data", "a"), "former-canary", "later-canary"),
        edit("Pod shop/web", (), {"kind": "Pod"}, {"kind": "Secret"}, 2),
    ]

    redactor.learn_edits(edits)

    assert redactor.edit(edits[1]).old == "(hidden 1)"
    assert redactor.edit(edit("Pod shop/web", ("data", "a"), "x", "y", 2)).new == "(hidden 4)"
    assert redactor.edit(edit("ConfigMap shop/db", ("data", "a"), "x", "y", 3)).new == "y"
    assert redactor.scrub("former-canary, later-canary") == "(hidden 1), (hidden 2)"


class TestScrub:
    """Texts that repeat what a Secret holds."""

    def test_values_are_found_as_they_are_and_encoded(self) -> None:
        redactor = Redactor()
        redactor.hidden(SECRET)

        assert redactor.scrub(f"bad hunter2-canary {encoded('hunter2-canary')}, 123456!") == (
            "bad (hidden 2) (hidden 2), (hidden 4)!"
        )

    def test_each_line_of_a_value_is_found(self) -> None:
        redactor = Redactor()
        redactor.hidden({"kind": "Secret", "stringData": {"key": "first-line\n  second line\n"}})

        assert redactor.scrub("there is a second line") == "there is a (hidden 1)"

    def test_a_value_that_holds_another_goes_first(self) -> None:
        redactor = Redactor()
        redactor.hidden({"kind": "Secret", "stringData": {"a": "canary", "b": "canary-two"}})

        assert redactor.scrub("canary-two canary") == "(hidden 2) (hidden 1)"

    def test_a_value_that_is_learned_later_is_found_from_then_on(self) -> None:
        redactor = Redactor()
        redactor.hidden({"kind": "Secret", "stringData": {"a": "unrelated"}})

        assert redactor.scrub("canary-two") == "canary-two"
        redactor.hidden({"kind": "Secret", "stringData": {"a": "canary-two"}})
        assert redactor.scrub("canary-two") == "(hidden 2)"

    def test_short_values_common_words_and_names_of_objects_stay(self) -> None:
        redactor = Redactor()
        redactor.hidden(
            {"kind": "Secret", "stringData": {"a": "short", "b": "password", "c": "wordpress"}}
        )
        redactor.learn_edits([edit("Pod shop/wordpress", ("metadata", "labels", "a"), "b", "c")])

        text = "short password of Pod shop/wordpress"
        assert redactor.scrub(text) == text

    def test_a_name_that_a_step_made_of_a_value_does_not_stay(self) -> None:
        redactor = Redactor()
        redactor.hidden({"kind": "Secret", "stringData": {"a": "canary-name"}})
        redactor.learn_edits(
            [
                edit("Pod web", ("metadata", "name"), "web", "canary-name"),
                edit("Pod canary-name", ("metadata", "labels", "a"), "b", "c"),
            ]
        )

        assert redactor.scrub("Pod canary-name") == "Pod (hidden 1)"

    def test_neither_does_that_of_an_object_that_a_step_added(self) -> None:
        redactor = Redactor()
        redactor.hidden({"kind": "Secret", "stringData": {"a": "canary-name"}})
        redactor.learn_edits(
            [
                edit("Pod canary-name", (), None, {"kind": "Pod"}, 0),
                edit("Pod web", ("metadata",), {"name": "web"}, {"name": "canary-name"}),
                edit("Pod canary-name", ("metadata", "labels", "a"), "b", "c"),
            ]
        )

        assert redactor.scrub("Pod canary-name") == "Pod (hidden 1)"

    def test_without_secrets_texts_stay(self) -> None:
        assert Redactor().scrub("anything at all") == "anything at all"

    def test_values_are_learned_from_manifests_and_their_edits(self) -> None:
        manifests = Manifests.parse(
            b"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: first-canary}\n"
            b"---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {b: removed-1}\n"
            b"---\napiVersion: v1\nkind: Pod\nmetadata: {name: c}\n"
        )
        manifests[1].remove()
        redactor = Redactor()

        redactor.learn(manifests)

        assert redactor.scrub("first-canary removed-1") == "(hidden 2) (hidden 1)"


STREAMS = {
    "plain": "kind: Secret\nmetadata:\n  name: a\nstringData:\n  a: canary-value\n",
    "quoted": 'kind: Secret\nmetadata:\n  name: a\nstringData:\n  a: "canary-value"\n',
    "encoded": f"x: y\nkind: Secret\ndata:\n  a: {encoded('canary-value')}\nmetadata:\n  name: a\n",
    "two maps": "x: y\nkind: Secret\ndata:\n  a: eA==\nstringData:\n  b: canary-value\n",
    "twice": "a: b\nkind: Secret\nstringData:\n  a: canary-value\n  a: other\n",
    "map twice": "a: b\nkind: Secret\ndata:\n  a: canary-value\ndata:\n  a: other\n",
    "last": "apiVersion: v1\nstringData:\n  a: canary-value\nkind: Secret\n",
    "escaped": 'kind: Secret\nstringData:\n  a: "canary\\x2dvalue"\n',
    "folded": "kind: Secret\nstringData:\n  a: >-\n    canary-value\n",
    "JSON": '{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "canary-value"}}\n',
    "JSON lines": '{"kind": "Pod"}\n{"kind":"Secret","stringData":{"a":"canary-value"}}\n',
    "embedded": "kind: W\nspec:\n- kind: Secret\n  stringData: {a: canary-value}\n",
    "list": "kind: List\nitems:\n- kind: Secret\n  stringData: {a: canary-value}\n",
    "quoted kind": "kind: 'Secret'\nstringData: {a: canary-value}\n",
    "tagged": "kind: !!str Secret\nstringData: {a: canary-value}\n",
    "on the next line": "kind:\n  Secret\nstringData: {a: canary-value}\n",
    "an alias": "kind: Secret\nstringData: {a: &x canary-value, b: *x}\n",
    "broken": "kind: Secret\nmetadata: [\nstringData:\n  a: canary-value\n",
    "broken block": "kind: Secret\nstringData:\n  a: |\n    canary-value\n  ]: [\n",
    "broken alias": "kind: Secret\nstringData:\n  a: *canary-value\n",
    "broken JSON": '{"kind": "Secret", "stringData": {"a": "canary-value", }}}\n',
    "behind a bad separator": "--- what\nkind: Secret\nstringData: {a: canary-value}\n",
    "a bad separator": "kind: Secret\nstringData:\n  a: canary-value\n--- what\n",
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("before", ["", "kind: Pod\nspec: {kind: Secretary, Secret: x}\n---\n"])
@pytest.mark.parametrize("after", ["", "---\nkind: Pod\n"])
def test_values_are_learned_from_a_stream_however_they_are_written(
    before: str, stream: str, after: str
) -> None:
    redactor = Redactor()

    redactor.learn_stream((before + stream + after).encode())

    assert redactor.scrub("the canary-value").startswith("the (hidden ")


def test_a_stream_without_secrets_teaches_nothing() -> None:
    redactor = Redactor()

    redactor.learn_stream(b"kind: ConfigMap\ndata: {a: canary-value, b: Secret, kind: Secrets}\n")
    redactor.learn_stream(b"kind: SealedSecret\nspec: {a: canary-value}\n")

    assert redactor.scrub("canary-value") == "canary-value"


@given(
    # Without lone halves of surrogate pairs, which YAML has none of.
    value=st.text(st.characters(exclude_categories=["Cs"])),
    key=st.sampled_from(["data", "stringData"]),
)
def test_no_spelling_of_a_value_survives(value: str, key: str) -> None:
    value = f"canary{value}"
    redactor = Redactor()
    redactor.hidden({"kind": "Secret", key: {"a": encoded(value) if key == "data" else value}})

    for text in (value, repr(value), json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert "canary" not in redactor.scrub(f"a {text} b")
    assert encoded(value) not in redactor.scrub(f"a {encoded(value)} b")
