"""Releases made and changed: fields that nobody knows stay, and times are written as they were."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage.golden_records import records

from postrender._errors import RecordCorrupt
from postrender.storage._codec import encode
from postrender.storage._hook import Execution, Hook
from postrender.storage._info import Dialect
from postrender.storage._json import dumps
from postrender.storage._record import Body
from postrender.storage._release import Release
from postrender.storage._status import Status
from postrender.storage._times import ZERO, Time

START = Time("2026-11-22T09:19:03.291429268-05:00")
END = Time("2026-11-22T09:19:04-05:00")

#: as Helm 3 writes it, with fields that no Helm has, and a number as Go would not write it
HELM3 = (
    '{"name":"web","info":{"first_deployed":"2026-11-22T09:19:03.291429268-05:00",'
    '"last_deployed":"2026-11-22T09:19:03.291429268-05:00","deleted":"",'
    '"description":"Install complete","x":{"b":1,"a":2},"status":"deployed"},'
    '"x_chart":1.0,"chart":{"metadata":{"name":"shop"},"values":{"ratio":1.0}},'
    '"manifest":"kind: Pod\\n","hooks":[{"name":"pre","events":["pre-install"],'
    '"last_run":{"started_at":"","completed_at":"","phase":""},"x":null}],'
    '"version":3,"namespace":"shop"}'
)
#: the same as Helm 4 writes it
HELM4 = (
    HELM3.replace('"deleted":"",', "")
    .replace('"started_at":"","completed_at":"",', "")
    .replace('{"ratio":1.0}', '{"ratio":1.0},"schemamodtime":"0001-01-01T00:00:00Z"')
    .replace('"shop"}', '"shop","apply_method":"ssa"}')
)
DIALECTS = pytest.mark.parametrize("text", [HELM3, HELM4], ids=["Helm 3", "Helm 4"])


def changed(text: str, **changes: Any) -> str:
    return Release.from_json(text).replace(**changes).json().decode()


@DIALECTS
def test_a_changed_field_is_changed_and_nothing_else(text: str) -> None:
    assert changed(text, status=Status.SUPERSEDED, description="é <&>") == (
        text.replace('"deployed"', '"superseded"').replace(
            "Install complete", r"é \u003c\u0026\u003e"
        )
    )


@DIALECTS
def test_a_field_that_was_absent_comes_where_go_writes_it(text: str) -> None:
    assert changed(text, notes="hi", rollback_revision=2, config={"b": [{"d": 1, "c": 2}]}) == (
        text.replace('"deployed"}', '"deployed","rollback_revision":2,"notes":"hi"}').replace(
            '"manifest"', '"config":{"b":[{"c":2,"d":1}]},"manifest"'
        )
    )


@DIALECTS
def test_an_empty_value_takes_the_field_out_as_helm_does(text: str) -> None:
    assert changed(text, description="", manifest="", hooks=[], chart={}) == (
        text.replace('"description":"Install complete",', "")
        .replace('"manifest":"kind: Pod\\n",', "")
        .replace(text[text.index('"hooks"') : text.index('"version"')], "")
        .replace(text[text.index('"chart"') : text.index('"manifest"')], "")
    )


# The counterparts of Helm's TestInfoMarshalJSON and TestInfoEmptyStringRoundTrip
def test_a_zero_time_is_written_as_the_dialect_has_it() -> None:
    assert changed(HELM3, deleted=END, first_deployed=ZERO) == HELM3.replace(
        '"deleted":""', '"deleted":"2026-11-22T09:19:04-05:00"'
    ).replace(f'"first_deployed":"{START}"', '"first_deployed":""')
    assert changed(HELM4, deleted=END, first_deployed=ZERO) == HELM4.replace(
        '"description"', '"deleted":"2026-11-22T09:19:04-05:00","description"'
    ).replace(f'"first_deployed":"{START}",', "")


@DIALECTS
def test_a_time_that_comes_and_goes_leaves_the_text_as_it_was(text: str) -> None:
    gone = Release.from_json(text).replace(deleted=END, rollback_revision=1)

    assert gone.replace(deleted=ZERO, rollback_revision=0).json() == text.encode()


# The counterpart of Helm's TestInfoUnmarshalJSON and TestInfoRollbackRevisionRoundTrip
@pytest.mark.parametrize("zero", ['"deleted":"",', '"deleted":null,', ""])
def test_empty_null_and_absent_times_are_zero(zero: str) -> None:
    release = Release.from_json(HELM3.replace('"deleted":"",', zero + '"rollback_revision":2,'))

    assert not release.deleted
    assert release.first_deployed == START
    assert release.rollback_revision == 2


def test_a_time_that_is_none_is_an_error() -> None:
    with pytest.raises(RecordCorrupt, match=r"^info\.deleted is no RFC 3339 time$"):
        Release.from_json(HELM3.replace('"deleted":""', '"deleted":"soon"'))


# The counterparts of Helm's TestHookExecution… MarshalJSON, RoundTrip and EmptyStringRoundTrip
@pytest.mark.parametrize(
    ("dialect", "run"),
    [
        (Dialect.HELM3, {"started_at": "", "completed_at": "", "phase": ""}),
        (Dialect.HELM4, {"phase": ""}),
    ],
)
def test_a_new_hook_has_always_a_last_run_with_a_phase(
    dialect: Dialect, run: dict[str, str]
) -> None:
    hook = Hook(name="pre", kind="Job", events=("pre-install",), weight=-5)

    assert dumps(hook.to_dict(dialect)) == dumps(
        {"name": "pre", "kind": "Job", "events": ["pre-install"], "last_run": run, "weight": -5}
    )


@DIALECTS
def test_a_hook_that_starts_has_no_end_yet(text: str) -> None:
    release = Release.from_json(text)
    hooks = [replace(hook, last_run=Execution(START, phase="Running")) for hook in release.hooks]

    end = ',"completed_at":""' if text == HELM3 else ""
    old = text[text.index('"last_run"') : text.index(',"x":null')]
    new = f'"last_run":{{"started_at":"{START}"{end},"phase":"Running"}}'
    assert release.replace(hooks=hooks).json().decode() == text.replace(old, new)


@pytest.mark.parametrize("run", ['{"phase":"x"}', '{"started_at":null,"completed_at":""}', "null"])
def test_empty_null_and_absent_times_of_a_hook_are_zero(run: str) -> None:
    old = HELM3[HELM3.index('"last_run":') + 11 : HELM3.index(',"x":null')]
    text = HELM3.replace(old, run)
    release = Release.from_json(text)

    assert not release.hooks[0].last_run.started_at
    assert not release.hooks[0].last_run.completed_at
    assert release.replace(hooks=release.hooks).json().decode() == text


def test_a_hook_keeps_fields_that_nobody_knows() -> None:
    release = Release.from_json(HELM4)
    (hook,) = release.hooks

    moved = replace(hook, weight=7, delete_policies=("hook-failed",), events=())

    assert dumps(moved.to_dict()).decode() == (
        '{"name":"pre","last_run":{"phase":""},"x":null,"weight":7,'
        '"delete_policies":["hook-failed"]}'
    )
    assert replace(moved, weight=0, delete_policies=(), events=("pre-install",)) == hook


def test_columns_follow_what_is_changed() -> None:
    web = Release.from_json(HELM3, labels={"team": "core"})
    record = web.record._replace(token="41", created_at=7, modified_at=8, status="pending-install")
    new = Release(record).replace(status=Status.FAILED, labels={"team": "shop"}).record

    assert new[:5] == ("shop", "sh.helm.release.v1.web.v3", "web", 3, "failed")
    assert new.labels == {"team": "shop"}
    assert (new.token, new.created_at, new.modified_at) == ("41", 7, 8)


def test_the_body_is_the_same_one_where_only_labels_change() -> None:
    web = Release.from_json(HELM3)

    assert web.replace(labels={"team": "shop"}).record.body is web.record.body
    assert web.replace().record == web.record


@pytest.mark.parametrize(
    ("changes", "namespace", "key"),
    [
        ({"version": 4}, "shop", "sh.helm.release.v1.web.v4"),
        ({"namespace": "stage"}, "stage", "sh.helm.release.v1.web.v3"),
    ],
)
def test_another_version_or_namespace_makes_a_record_that_no_store_has(
    changes: Any, namespace: str, key: str
) -> None:
    web = Release.from_json(HELM3)
    old = web.record._replace(token="41", created_at=7, modified_at=8)
    new = Release(old).replace(**changes)

    assert (new.record.namespace, new.record.key) == (namespace, key)
    assert (new.record.token, new.record.created_at, new.record.modified_at) == ("", 0, 0)
    assert new.problems() == []


def test_a_key_that_is_opaque_stays() -> None:
    record = Release.from_json(HELM3).record._replace(key="web.v3")

    assert Release(record).replace(description="x").record.key == "web.v3"


def test_a_field_in_another_case_is_changed_where_it_stands() -> None:
    text = HELM4.replace('"status"', '"Status"').replace('"manifest"', '"Manifest"')

    assert changed(text, status=Status.FAILED, manifest="x") == (
        text.replace('"deployed"', '"failed"').replace('"kind: Pod\\n"', '"x"')
    )


def test_of_a_field_that_stands_twice_the_one_that_counts_is_changed() -> None:
    text = '{"name":"web","manifest":"a","MANIFEST":"b"}'

    assert changed(text, manifest="c") == '{"name":"web","manifest":"a","MANIFEST":"c"}'
    assert changed(text, manifest="") == '{"name":"web"}'


def test_json_with_blanks_keeps_the_texts_of_its_values() -> None:
    text = '\n{ "name" : "web",\n  "x": [ 1.0,\t2 ] , "version" :1 }\n'

    assert changed(text, version=2) == '{"name":"web","x":[ 1.0,\t2 ],"version":2}'
    assert changed('{ \n"name":"web"}', version=2) == '{"name":"web","version":2}'


def test_what_is_no_field_cannot_be_given() -> None:
    with pytest.raises(TypeError, match="a release has no field 'stauts' that can be given"):
        changed(HELM3, stauts="failed")
    with pytest.raises(TypeError, match="a release has no field 'replicas' that can be given"):
        Release.new("web", replicas=2)  # type: ignore[call-arg]


# Helm skips a record that it cannot read, so that a slip here would hide a release from it.
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": 4711}, "info.description is a whole number where a string belongs"),
        ({"last_deployed": "soon"}, "info.last_deployed is no RFC 3339 time"),
        ({"version": "4"}, "version is a string where a whole number belongs"),
        ({"version": -1}, "version is negative"),
        ({"manifest": {"kind": "Pod"}}, "manifest is an object where a string belongs"),
        ({"config": ["hunter2"]}, "config is a list where an object belongs"),
        ({"config": {"a": {1}}}, "JSON has no set"),
        (
            {"chart": {"metadata": {"version": 1.5}}},
            "chart.metadata.version is a number with a fraction where a string belongs",
        ),
        (
            {"hooks": [Hook(weight="1")]},  # type: ignore[arg-type]
            "hooks[0].weight is a string where a whole number belongs",
        ),
        ({"labels": {"team": 4711}}, "the label 'team' is no text"),
    ],
)
def test_what_helm_could_not_read_cannot_be_given(changes: Any, message: str) -> None:
    for make in (Release.from_json(HELM4).replace, lambda **given: Release.new("web", **given)):
        with pytest.raises(TypeError) as caught:
            make(**changes)

        assert str(caught.value) == message


def test_a_status_that_helm_does_not_have_cannot_be_given() -> None:
    with pytest.raises(ValueError, match="'deployd' is not a valid Status"):
        changed(HELM3, status="deployd")
    assert changed(HELM3, status="failed") == changed(HELM3, status=Status.FAILED)


def test_a_release_with_a_field_that_cannot_be_read_can_still_be_mended() -> None:
    text = HELM3.replace('"deleted":""', '"deleted":"soon"').replace('"x_chart"', '"config":[],"y"')
    stored = Release(Release.from_json(HELM3).record._replace(body=Body(encode(text.encode()))))

    failed = stored.replace(status=Status.FAILED)

    assert failed.json().decode() == text.replace('"deployed"', '"failed"')
    assert failed.problems() == ["info.deleted is no RFC 3339 time"]
    assert failed.replace(deleted=ZERO, config={}).problems() == []


@given(st.sampled_from(records()), st.text(), st.sampled_from([*Status]))
def test_a_change_that_is_taken_back_leaves_any_golden_record_to_the_byte(
    golden: Any, description: str, status: Status
) -> None:
    release = golden.release
    new = release.replace(status=status, description=description, rollback_revision=7)

    assert new.status is status
    assert (new.manifest, new.config, new.hooks) == (
        release.manifest,
        release.config,
        release.hooks,
    )
    back = new.replace(
        status=release.status,
        description=release.description,
        rollback_revision=release.rollback_revision,
    )
    assert back.json() == release.json()


def test_a_new_release_is_written_as_helm_4_writes_it() -> None:
    web = Release.new(
        "web",
        namespace="shop",
        version=2,
        status=Status.DEPLOYED,
        description="Install complete",
        first_deployed=START,
        last_deployed=END,
        notes="hi",
        chart={
            "values": {"b": 1, "a": {"d": 1, "c": 2}},
            "templates": [{"name": "templates/a.yaml", "data": ""}],
            "metadata": {"version": "1.0.0", "name": "shop", "x": 1},
        },
        config={"b": 1.0, "a": None},
        manifest="kind: Pod\n",
        hooks=[Hook(name="pre", last_run=Execution(START, END, "Succeeded"))],
        labels={"team": "core"},
        apply_method="ssa",
    )

    assert web.json().decode() == (
        f'{{"name":"web","info":{{"first_deployed":"{START}","last_deployed":"{END}",'
        '"description":"Install complete","status":"deployed","notes":"hi"},'
        '"chart":{"metadata":{"name":"shop","version":"1.0.0","x":1},'
        '"templates":[{"name":"templates/a.yaml","data":""}],'
        '"values":{"a":{"c":2,"d":1},"b":1}},"config":{"a":null,"b":1},"manifest":"kind: Pod\\n",'
        f'"hooks":[{{"name":"pre","last_run":{{"started_at":"{START}","completed_at":"{END}",'
        '"phase":"Succeeded"}}],"version":2,"namespace":"shop","apply_method":"ssa"}'
    )
    assert web.record[:5] == ("shop", "sh.helm.release.v1.web.v2", "web", 2, "deployed")
    assert web.labels == {"team": "core"}
    assert web.dialect is Dialect.HELM4
    assert web.problems() == []


def test_a_new_release_is_revision_1_in_default_and_has_no_more_than_it_is_given() -> None:
    web = Release.new("web")

    assert web.json() == b'{"name":"web","info":{},"version":1,"namespace":"default"}'
    assert web.record[:5] == ("default", "sh.helm.release.v1.web.v1", "web", 1, "")
    assert web.labels == {}


def test_a_release_of_a_dict_has_the_order_of_go_and_unknown_fields_at_the_end() -> None:
    web = Release.from_dict(
        {
            "x": 1,
            "config": {"b": 1, "a": 2},
            "Info": {"status": "failed", "y": 2, "first_deployed": ""},
            "version": 1,
            "chart": {"files": None, "metadata": None},
            "name": "web",
        },
        namespace="shop",
        labels={"team": "core"},
    )

    assert web.json().decode() == (
        '{"name":"web","Info":{"first_deployed":"","status":"failed","y":2},'
        '"chart":{"metadata":null,"files":null},"config":{"a":2,"b":1},"version":1,"x":1}'
    )
    assert web.record[:5] == ("shop", "sh.helm.release.v1.web.v1", "web", 1, "failed")
    assert web.labels == {"team": "core"}


@pytest.mark.parametrize("odd", [{"name": "web", "info": None, "chart": None, "config": None}])
def test_a_release_of_a_dict_may_have_nulls(odd: dict[str, None]) -> None:
    assert json.loads(Release.from_dict(odd).json()) == odd


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "the release has no name"),
        ('{"name":null}', "the release has no name"),
        ('{"name":1}', "name is a whole number where a string belongs"),
        ('{"name":"web","version":-1}', "version is negative"),
        ('{"name":"web","info":1}', "info is a whole number where an object belongs"),
        (
            '{"name":"web","hooks":[{"weight":"1"}]}',
            "hooks[0].weight is a string where a whole number belongs",
        ),
        ("hunter2", "is no JSON from character 0 on"),
    ],
)
def test_what_is_no_release_is_corrupt_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(RecordCorrupt) as caught:
        Release.from_json(text)

    assert str(caught.value) == message
