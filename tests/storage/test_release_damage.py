"""Damage: whatever is wrong with a record is told with its place, and nothing of its body is."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage.golden_records import records

from postrender._errors import RecordCorrupt, ReleaseConflict, StorageUnavailable
from postrender.storage._codec import encode
from postrender.storage._json import dumps
from postrender.storage._record import Body, Record
from postrender.storage._release import Release

SECRET = "hunter2"
RELEASE: dict[str, Any] = {
    "name": "web",
    "info": {"status": "deployed", "notes": SECRET},
    "chart": {"metadata": {"name": "shop"}},
    "config": {"password": SECRET},
    "manifest": f"kind: Secret\ndata: {SECRET}\n",
    "version": 3,
    "namespace": "shop",
}


def stored(text: bytes, *, problem: str = "") -> Release:
    key = "sh.helm.release.v1.web.v3"
    return Release(Record("shop", key, "web", 3, "deployed", Body(text, problem=problem)))


ASKED: dict[str, Callable[[Release], object]] = {
    "status": lambda web: web.status,
    "chart_name": lambda web: web.chart_name,
    "manifest": lambda web: web.manifest,
    "hooks": lambda web: web.hooks,
    "config": lambda web: web.config,
    "chart": lambda web: web.chart,
    "apply_method": lambda web: web.apply_method,
    "dialect": lambda web: web.dialect,
    "json": lambda web: web.json(),
    "to_dict": lambda web: web.to_dict(),
    "validate": lambda web: web.validate(),
    "replace": lambda web: web.replace(description="mended"),
}
PLACE = "shop/sh.helm.release.v1.web.v3"


@pytest.mark.parametrize("asked", ASKED)
def test_a_damaged_body_is_told_with_its_place_whatever_is_asked_for(asked: str) -> None:
    text = encode(dumps(RELEASE))
    beyond = text[:80] + b"*" + text[81:]

    with pytest.raises(RecordCorrupt) as caught:
        ASKED[asked](stored(beyond))

    assert str(caught.value) == f"{PLACE}: is no base64"


def test_damage_beyond_the_beginning_does_not_hide_the_summary() -> None:
    damaged = stored(encode(dumps({**RELEASE, "manifest": "x"}))[:-8])

    assert (damaged.status, damaged.chart_name) == ("deployed", "shop")
    assert damaged.problems() == ["is gzip without its end"]


def test_a_record_without_a_body_is_told_with_its_place() -> None:
    with pytest.raises(RecordCorrupt) as caught:
        _ = stored(b"", problem="has no entry data.release").status

    assert str(caught.value) == f"{PLACE}: has no entry data.release"


def test_a_store_that_is_gone_is_no_damage() -> None:
    def gone() -> bytes:
        raise StorageUnavailable("the server is gone", location="db.example")

    with pytest.raises(StorageUnavailable) as caught:
        _ = Release(records()[0].record._replace(body=Body(b"", gone))).manifest

    assert str(caught.value) == "db.example: the server is gone"


def test_a_body_that_changed_since_its_beginning_was_read_is_a_conflict() -> None:
    body = Body(records()[0].text[:80], lambda: encode(dumps(RELEASE)))

    with pytest.raises(ReleaseConflict) as caught:
        _ = Release(stored(b"").record._replace(body=body)).manifest

    assert str(caught.value) == f"{PLACE}: was changed while it was read; read it again"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "info": ({"info": []}, "info is a list where an object belongs"),
    "status": ({"info": {"status": 4711}}, "info.status is a whole number where a string belongs"),
    "time": ({"info": {"deleted": "hunter2"}}, "info.deleted is no RFC 3339 time"),
    "number": (
        {"info": {"rollback_revision": 1.5}},
        "info.rollback_revision is a number with a fraction where a whole number belongs",
    ),
    "true": (
        {"info": {"rollback_revision": True}},
        "info.rollback_revision is a boolean where a whole number belongs",
    ),
    "chart": ({"chart": "hunter2"}, "chart is a string where an object belongs"),
    "metadata": (
        {"chart": {"metadata": {"keywords": ["a", 1]}}},
        "chart.metadata.keywords[1] is a whole number where a string belongs",
    ),
    "maintainers": (
        {"chart": {"metadata": {"maintainers": {}}}},
        "chart.metadata.maintainers is an object where a list belongs",
    ),
    "deprecated": (
        {"chart": {"metadata": {"deprecated": "yes"}}},
        "chart.metadata.deprecated is a string where a boolean belongs",
    ),
    "annotations": (
        {"chart": {"metadata": {"annotations": {"hunter2": 1}}}},
        "a value of chart.metadata.annotations is a whole number where a string belongs",
    ),
    "file": (
        {"chart": {"templates": [{"data": ""}, {"data": "hunter2!"}]}},
        "chart.templates[1].data is no base64",
    ),
    "ASCII": ({"chart": {"schema": "é"}}, "chart.schema is no base64"),
    "hook": ({"hooks": [1]}, "hooks[0] is a whole number where an object belongs"),
    "run": (
        {"hooks": [{"last_run": {"started_at": "yesterday"}}]},
        "hooks[0].last_run.started_at is no RFC 3339 time",
    ),
    "config": ({"config": ["hunter2"]}, "config is a list where an object belongs"),
    "manifest": ({"manifest": {}}, "manifest is an object where a string belongs"),
    "apply method": ({"apply_method": 1}, "apply_method is a whole number where a string belongs"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_field_of_another_type_is_named_and_not_shown(case: str) -> None:
    changes, message = WRONG[case]

    web = stored(encode(dumps({**RELEASE, **changes})))

    assert web.problems() == [message]
    with pytest.raises(RecordCorrupt) as caught:
        _ = (web.info, web.chart, web.hooks, web.config, web.manifest, web.apply_method)
    assert str(caught.value) == f"{PLACE}: {message}"


def test_a_release_that_helm_could_read_is_valid() -> None:
    stored(encode(dumps(RELEASE))).validate()
    with pytest.raises(RecordCorrupt, match="config is a list where an object belongs"):
        stored(encode(dumps({**RELEASE, "config": []}))).validate()


@pytest.mark.parametrize("depth", [700, 70_000])
def test_what_is_nested_too_deeply_is_corrupt(depth: int) -> None:
    text = dumps(RELEASE)[:-1] + b',"config":{"a":' + b"[" * depth + b"]" * depth + b"}}"

    with pytest.raises(RecordCorrupt) as caught:
        _ = stored(encode(text)).config

    assert str(caught.value) == f"{PLACE}: is nested too deeply"


def test_columns_that_disagree_with_the_body_are_problems() -> None:
    body = Body(encode(json.dumps(RELEASE).encode()))
    record = Record("stage", "sh.helm.release.v1.web.v4", "api", 4, "failed", body)

    assert Release(record).problems() == [
        "has the name 'web' in its body and 'api' in its columns",
        "has the namespace 'shop' in its body and 'stage' in its columns",
        "has the version 3 in its body and 4 in its columns",
        "has the status 'deployed' in its body and 'failed' in its columns",
        "has the key of another revision",
    ]


def test_a_record_that_its_store_finds_wrong_has_that_problem_first() -> None:
    record = stored(encode(dumps(RELEASE))).record._replace(problem="has no label version")

    assert Release(record).problems() == ["has no label version"]
    assert Release(record._replace(body=Body(b""))).problems() == [
        "has no label version",
        "is empty",
    ]


def checked(release: Release) -> None:
    """Ask for everything; only one error is allowed, and it tells no secret."""
    told = [repr(release)]
    for asked in ASKED.values():
        try:
            asked(release)
        except RecordCorrupt as error:
            told.append(str(error))
    assert all(text.startswith(PLACE + ": ") for text in told[1:])
    assert SECRET not in "".join(told)
    release.problems()


@given(st.sampled_from([encode(dumps(RELEASE)), b64encode(dumps(RELEASE))]), st.data())
def test_any_damage_of_a_body_is_corrupt_and_no_other_error(
    text: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    middle = data.draw(st.binary(max_size=8) | st.just(b"A" * (end - start)))

    checked(stored(text[:start] + middle + text[end:]))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "metadata",
                    "Lock",
                    "templates",
                    "data",
                    "last_run",
                    "started_at",
                    "status",
                    "deleted",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*RELEASE, "hooks", "Info", "apply_method"]), ANYTHING))
def test_any_json_object_is_a_release_or_corrupt_and_no_other_error(value: dict[str, Any]) -> None:
    checked(stored(encode(dumps({**RELEASE, **value}))))
    checked(stored(encode(dumps(value))))
