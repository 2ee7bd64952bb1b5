"""A release: a lazy view on its record."""

import pickle

import pytest
from storage.golden_records import Golden, records

from postrender.storage._chart import Chart, Dependency, File, Lock, Maintainer
from postrender.storage._codec import encode
from postrender.storage._hook import Execution
from postrender.storage._json import dumps
from postrender.storage._record import Body, Record
from postrender.storage._release import Release
from postrender.storage._status import Status
from postrender.storage._times import Time

RELEASE = {
    "name": "web",
    "info": {
        "first_deployed": "2026-11-22T09:19:03.291429268-05:00",
        "last_deployed": "2026-11-23T09:19:03Z",
        "description": "Upgrade complete",
        "status": "deployed",
        "notes": "hello",
    },
    "chart": {"metadata": {"name": "shop", "version": "1.2.0", "appVersion": "3"}, "lock": None},
    "config": {"password": "hunter2", "list": [1, 2.5]},
    "manifest": "kind: Secret\n",
    "version": 3,
    "namespace": "shop",
}


def release(**changes: object) -> Release:
    return Release.from_json(dumps({**RELEASE, **changes}))


def stored(text: bytes, *, problem: str = "") -> Release:
    """View a record that was not made by us."""
    key = "sh.helm.release.v1.web.v3"
    body = Body(text, problem=problem)
    return Release(Record("shop", key, "web", 3, "deployed", body, {"team": "core"}))


def golden(name: str, version: int, helm: str = "4.3.1") -> Golden:
    key = f"sh.helm.release.v1.{name}.v{version}"
    ours = [item for item in records() if (item.helm, item.driver) == (helm, "sql")]
    return next(item for item in ours if item.record.key == key)


def test_a_release_tells_what_a_listing_shows() -> None:
    web = release()

    assert (web.namespace, web.name, web.version) == ("shop", "web", 3)
    assert web.status is Status.DEPLOYED
    assert web.description == "Upgrade complete"
    assert web.notes == "hello"
    assert web.first_deployed == Time("2026-11-22T09:19:03.291429268-05:00")
    assert web.last_deployed == Time("2026-11-23T09:19:03Z")
    assert not web.deleted
    assert web.rollback_revision == 0
    assert (web.chart_name, web.chart_version, web.app_version) == ("shop", "1.2.0", "3")
    assert repr(web) == "<Release shop/web revision 3>"


def test_what_identifies_a_release_and_its_labels_come_from_the_columns_without_decoding() -> None:
    web = stored(b"****")

    assert (web.namespace, web.name, web.version) == ("shop", "web", 3)
    assert web.labels == {"team": "core"}
    assert repr(web) == "<Release shop/web revision 3>"


def test_a_summary_asks_for_no_more_than_the_beginning_of_a_body() -> None:
    head = golden("sub", 1).of_head(1024)

    assert head.chart_name == "sub"
    assert head.status is Status.DEPLOYED
    with pytest.raises(AssertionError, match="the head was not enough"):
        _ = head.manifest


def test_the_rest_of_a_body_is_loaded_once_and_only_when_it_is_asked_for() -> None:
    whole, loads = golden("sub", 1), []

    def load() -> bytes:
        loads.append(1)
        return whole.text

    lazy = Release(whole.record._replace(body=Body(b"", load)))
    assert not loads
    assert lazy.status is Status.DEPLOYED
    assert lazy.manifest.startswith("---\n# Source: sub/")
    assert lazy.json() == whole.release.json()
    assert len(loads) == 1


def test_all_that_is_in_a_release_is_decoded_when_it_is_asked_for() -> None:
    web = golden("web", 2, "3.17.3").release

    assert web.manifest.startswith("---\n# Source: hooky/templates/cm.yaml\n")
    assert web.config == {"greeting": "v2"}
    first, second = web.hooks
    assert first.name == "web-pre"
    assert first.kind == "ConfigMap"
    assert first.path == "hooky/templates/hook.yaml"
    assert first.manifest.startswith("apiVersion: v1\nkind: ConfigMap\n")
    assert first.events == ("pre-install", "pre-upgrade")
    assert first.weight == -5
    assert first.delete_policies == ("before-hook-creation", "hook-succeeded")
    assert first.output_log_policies == ()
    assert first.last_run == Execution(
        Time("2026-11-22T15:07:58.22292652Z"), Time("2026-11-22T15:07:58.228581846Z"), "Succeeded"
    )
    assert second.events == ("test",)
    assert second.last_run == Execution()


def test_a_chart_is_typed_and_its_files_are_decoded() -> None:
    chart = golden("sub", 1).release.chart

    child = Dependency("child", "0.2.0", "", "child.enabled", enabled=True)
    assert chart.metadata.name == "sub"
    assert chart.metadata.home == "https://example.invalid/sub"
    assert chart.metadata.sources == ("https://example.invalid/src",)
    assert chart.metadata.keywords == ("one", "two")
    assert chart.metadata.maintainers == (Maintainer("A B", "a@example.invalid"),)
    assert chart.metadata.api_version == "v2"
    assert chart.metadata.annotations == {"category": "test"}
    assert chart.metadata.kube_version == ">=1.20.0-0"
    assert chart.metadata.type == "application"
    assert not chart.metadata.deprecated
    assert chart.metadata.dependencies[0].import_values == (
        {"child": "exports.data", "parent": "."},
    )
    assert chart.metadata.dependencies[0].condition == child.condition
    assert chart.lock == Lock(
        Time("2026-01-02T03:04:05.678901234Z"),
        "sha256:0d1f3f2d2f1d8e6f9f4a0b1f9d0e7c4c8d2b1e7a6f5d4c3b2a19081726354453",
        (Dependency("child", "0.2.0"),),
    )
    assert chart.templates[0].name == "templates/_helpers.tpl"
    assert chart.templates[0].data == b'{{- define "sub.x" -}}x{{- end -}}\n'
    assert chart.files == (
        File("files/bin.dat", b"raw\x00\xff\xfebytes", Time("2026-11-22T14:02:59.796994068Z")),
    )
    assert chart.values["global"] == {"g": 1}
    assert chart.schema == b""
    assert chart.modtime == Time("2026-11-22T14:02:59.784522662Z")


def test_a_schema_is_decoded() -> None:
    assert golden("uning", 1).release.chart.schema.startswith(b"{")


def test_a_release_without_a_chart_has_an_empty_one() -> None:
    assert Release.new("web").chart == Chart()
    assert Release.new("web").chart_name == ""


def test_the_apply_method_is_empty_where_helm_3_wrote_it() -> None:
    assert golden("demo", 1, "3.17.3").release.apply_method == ""
    assert golden("demo", 1).release.apply_method == "ssa"
    assert golden("csa", 1).release.apply_method == "csa"


def test_names_of_fields_match_in_any_case_and_the_last_one_counts() -> None:
    text = (
        b'{"NAME":"web","Info":{"Status":"failed","DELETED":"","STATUS":"deployed"},'
        b'"cHart":{"metadata":{"appversion":"3"}},"Hooks":[{"Weight":2}],"Version":3}'
    )
    web = Release.from_json(text)

    assert (web.name, web.version, web.namespace) == ("web", 3, "default")
    assert web.status is Status.DEPLOYED
    assert web.app_version == "3"
    assert web.hooks[0].weight == 2


def test_null_is_as_good_as_absent() -> None:
    chart = {"metadata": {"maintainers": [None], "keywords": [None]}, "values": None}
    web = release(info=None, chart=chart, config=None, hooks=[None], manifest=None)

    assert web.status is Status.UNKNOWN
    assert web.config == {}
    assert web.manifest == ""
    assert [hook.name for hook in web.hooks] == [""]
    assert web.chart.metadata.maintainers == (Maintainer(),)
    assert web.chart.metadata.keywords == ("",)


def test_a_status_that_helm_does_not_have_is_unknown() -> None:
    assert release(info={"status": "confused"}).status is Status.UNKNOWN


def test_the_json_is_as_it_is_stored_and_the_dict_has_fields_that_nobody_knows() -> None:
    text = b'{"name": "web", "info":{"x_info":1.0}, "x_top": [1e2, "\\u0041"]}'
    web = Release.from_json(text)

    assert web.json() == text
    assert web.to_dict() == {"name": "web", "info": {"x_info": 1.0}, "x_top": [100, "A"]}


def test_what_is_given_away_can_be_changed_without_changing_the_release() -> None:
    web = release(chart={"values": {"list": [1]}})

    web.config["list"].append(3)
    web.chart.values["list"].append(3)
    web.to_dict()["name"] = "other"

    assert web.config["list"] == [1, 2.5]
    assert web.chart.values == {"list": [1]}
    assert web.to_dict()["name"] == "web"


def test_what_may_hold_a_secret_is_in_no_repr() -> None:
    secret, data = "a-secret-value", "YS1zZWNyZXQtdmFsdWU="
    web = release(
        info={"status": "deployed", "notes": secret, "description": secret},
        hooks=[{"name": "pre", "manifest": secret}],
        chart={
            "values": {"password": secret},
            "schema": data,
            "templates": [{"name": "templates/a.yaml", "data": data}],
        },
        config={"password": secret},
    )

    shown = [web, web.record, web.record.body, web.info, *web.hooks, web.chart]

    assert secret not in repr(shown)
    assert repr(web.info) == "<Info deployed>"
    assert repr(web.chart.templates) == "(<File templates/a.yaml>,)"


def test_releases_are_equal_when_place_labels_and_json_are() -> None:
    text = dumps(RELEASE)
    web = Release.from_json(text)
    plain = Release(web.record._replace(body=Body(encode(text)), token="7"))

    assert plain == web
    assert hash(plain) == hash(web)
    assert Release.from_json(text, namespace="stage") != web
    assert Release.from_json(text, labels={"team": "core"}) != web
    assert release(manifest="kind: Pod\n") != web
    assert web != RELEASE


def test_a_release_survives_being_pickled() -> None:
    assert pickle.loads(pickle.dumps(release())) == release()
