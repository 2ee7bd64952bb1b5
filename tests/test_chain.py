"""The chain: order, selection, blame, findings, and all or nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from postrender import (
    CheckError,
    ConfigError,
    Context,
    EditError,
    ExpectError,
    Fact,
    Finding,
    Location,
    Manifest,
    Manifests,
    Notice,
    PluginError,
    PostrenderError,
    RefusedError,
    Result,
    Severity,
    hookimpl,
)
from postrender._pipeline import assemble
from postrender._source import from_mapping
from postrender.testing import result

STREAM = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
---
# Source: shop/templates/job.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install
"""


def transforms(body: Callable[[Manifests, Context], object]) -> object:
    """Return a plugin that does *body*."""

    class Plugin:
        @hookimpl
        def postrender_transform(self, manifests: Manifests, context: Context) -> None:
            body(manifests, context)

    return Plugin()


def checks(body: Callable[[Manifests], Any]) -> object:
    """Return a plugin that reports what *body* finds."""

    class Plugin:
        @hookimpl
        def postrender_check(self, manifests: Manifests) -> Any:
            return body(manifests)

    return Plugin()


def run(body: Callable[[Manifests, Context], object], stream: str = STREAM, **step: Any) -> Result:
    return result(transforms(body), stream, idempotent=False, **step)


def mark(manifest: Manifest) -> None:
    manifest.set(("metadata", "annotations", "mark"), "x")


def test_an_edit_remembers_step_object_path_and_values() -> None:
    edit, *others = run(lambda manifests, _: mark(manifests[1])).edits

    assert not others
    assert edit.step == "1 (Plugin)"
    assert edit.manifest == "Job migrate"
    assert (edit.position, edit.op) == (2, "add")
    assert edit.path == ("metadata", "annotations", "mark")
    assert (edit.old, edit.new) == (None, "x")


def test_a_step_sees_the_whole_stream_beside_what_it_selects() -> None:
    seen = []

    def look(manifests: Manifests, context: Context) -> None:
        seen.append(([str(each) for each in manifests], len(manifests.all)))

    run(look, where={"kind": "Job"})

    assert seen == [(["Job migrate"], 2)]


def test_a_step_is_not_called_where_it_selects_nothing() -> None:
    called: list[object] = []

    done = run(lambda *arguments: called.append(arguments), where={"kind": "Pods"})

    assert called == []
    assert done.stream == STREAM.encode()
    assert [str(notice) for notice in done.notices] == [
        "step 1 (Plugin): selects none of 2 objects"
    ]


def test_a_notice_hints_at_the_slip_in_a_selector() -> None:
    notices = run(lambda *_: None, where={"kind": "deployment"}).notices

    assert [notice.message for notice in notices] == [
        "selects none of 2 objects; no kind is called `deployment`; did you mean `Deployment`?"
    ]


def test_no_hook_is_told_like_no_match() -> None:
    stream = "apiVersion: v1\nkind: Pod\n"

    notices = run(lambda *_: None, stream, hooks="only").notices

    assert [notice.message for notice in notices] == ["selects none of 1 objects"]


def test_a_step_that_selects_everything_is_called_for_an_empty_stream_too() -> None:
    called: list[object] = []

    run(lambda *arguments: called.append(arguments), "# nothing\n")

    assert len(called) == 1


def test_a_notice_names_step_and_place() -> None:
    def tell(manifests: Manifests, context: Context) -> None:
        context.notice("old", manifests[0].location)
        context.notice("well")

    notices = run(tell, where={"kind": "*"}).notices

    location = Location(1, "shop/templates/web.yaml", "Deployment shop/web")
    assert notices == (
        Notice("1 (Plugin)", "old", location),
        Notice("1 (Plugin)", "well", Location()),
    )
    assert str(notices[0]) == (
        "step 1 (Plugin): document 1 (shop/templates/web.yaml), Deployment shop/web: old"
    )


def raising(error: BaseException) -> Callable[[Manifests, Context], object]:
    def fail(manifests: Manifests, context: Context) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (KeyError("spec"), "step 1 (Plugin): the plugin failed: KeyError: 'spec'"),
        (SystemExit(0), "step 1 (Plugin): the plugin failed: SystemExit: 0"),
        (RecursionError("deep"), "step 1 (Plugin): the plugin failed: RecursionError: deep"),
    ],
    ids=str,
)
def test_an_unforeseen_error_is_a_fault_of_the_plugin(error: BaseException, message: str) -> None:
    with pytest.raises(PluginError) as raised:
        run(raising(error))

    assert str(raised.value) == message
    assert raised.value.exit_code == 3
    assert raised.value.__cause__ is error


def test_an_interrupt_is_no_fault_of_the_plugin() -> None:
    with pytest.raises(KeyboardInterrupt):
        run(raising(KeyboardInterrupt()))


@pytest.mark.parametrize(
    ("error", "code"), [(RefusedError("no"), 1), (ConfigError("no"), 2), (PostrenderError("no"), 3)]
)
def test_an_error_of_ours_keeps_its_class_and_gets_the_step(
    error: PostrenderError, code: int
) -> None:
    with pytest.raises(type(error)) as raised:
        run(raising(error))

    assert raised.value is error
    assert str(error) == "step 1 (Plugin): no"
    assert error.exit_code == code


def test_an_impossible_edit_names_step_document_object_and_path() -> None:
    with pytest.raises(EditError) as raised:
        run(lambda manifests, _: manifests[0].set(("kind", "name"), "x"))

    assert str(raised.value).startswith(
        "step 1 (Plugin): document 1 (shop/templates/web.yaml), Deployment shop/web, /kind"
    )


def finding(severity: Severity, manifest: Manifest) -> Finding:
    return Finding(severity, "no-old", "too old", manifest.at(("metadata", "name")))


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_warnings_and_information_are_in_the_result(severity: Severity) -> None:
    plugin = checks(lambda manifests: [finding(severity, manifests[0])])

    findings = result(plugin, STREAM).findings

    assert [str(each) for each in findings] == [
        f"{severity} [no-old]: document 1 (shop/templates/web.yaml), Deployment shop/web, "
        "/metadata/name: too old"
    ]


def test_an_error_refuses_the_stream() -> None:
    def find(manifests: Manifests) -> Iterator[Finding]:
        for manifest in manifests:
            yield finding(Severity.ERROR, manifest)
            yield finding(Severity.WARNING, manifest)

    with pytest.raises(CheckError) as raised:
        result(checks(find), STREAM)

    assert raised.value.exit_code == 1
    assert str(raised.value) == (
        "the checks found 2 errors\n"
        "  step 1 (Plugin): error [no-old]: document 1 (shop/templates/web.yaml), "
        "Deployment shop/web, /metadata/name: too old\n"
        "  step 1 (Plugin): error [no-old]: document 2 (shop/templates/job.yaml), "
        "Job migrate, /metadata/name: too old"
    )


def test_a_check_may_find_nothing_at_all() -> None:
    assert result(checks(lambda manifests: None), STREAM).findings == ()


def test_a_check_may_not_edit() -> None:
    with pytest.raises(PluginError, match="the plugin edits manifests in postrender_check"):
        result(checks(lambda manifests: mark(manifests[0])), STREAM)


def test_a_check_may_not_find_anything_but_findings() -> None:
    with pytest.raises(PluginError, match="postrender_check gives something that is no Finding"):
        result(checks(lambda manifests: ["x"]), STREAM)


def test_a_check_that_fails_in_its_midst_is_blamed() -> None:
    def find(manifests: Manifests) -> Iterator[Finding]:
        yield finding(Severity.INFO, manifests[0])
        raise ValueError("x")

    with pytest.raises(PluginError, match=r"^step 1 \(Plugin\): the plugin failed: ValueError: x$"):
        result(checks(find), STREAM)


def test_a_check_sees_what_its_own_step_made_of_the_manifests() -> None:
    seen: list[str] = []

    class Plugin:
        @hookimpl
        def postrender_transform(self, manifests: Manifests) -> None:
            manifests.add({"apiVersion": "v1", "kind": "Job", "metadata": {"name": "new"}})

        @hookimpl
        def postrender_check(self, manifests: Manifests) -> None:
            seen.extend(str(each) for each in manifests)

    result(Plugin(), STREAM, where={"kind": "Job"}, idempotent=False)

    assert seen == ["Job migrate", "Job new"]


class Bounded:
    """Two objects, unless the step says otherwise."""

    expect_min = 2
    expect_max = 2

    @classmethod
    def from_config(cls, value: object) -> "Bounded":
        return cls()


class Strict:
    @hookimpl
    def postrender_options(self) -> type:
        return Bounded

    @hookimpl
    def postrender_transform(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"where": {"kind": "Job"}}, "selects 1 of 2 objects, but must select 2"),
        ({"expect": {"max": 1}}, "selects 2 of 2 objects, but must select at most 1"),
        ({"expect": {"min": 3}}, "selects 2 of 2 objects, but must select at least 3"),
    ],
)
def test_a_plugin_may_expect_a_number_of_objects(words: dict[str, Any], message: str) -> None:
    with pytest.raises(ExpectError) as raised:
        result(Strict(), STREAM, **words)

    assert str(raised.value) == f"step 1 (Strict): {message}"


def test_what_a_plugin_expects_may_hold() -> None:
    assert result(Strict(), STREAM).stream == STREAM.encode()


def remove_all(manifests: Manifests, context: Context) -> None:
    for manifest in manifests:
        manifest.remove()


def test_a_stream_may_not_lose_all_its_manifests() -> None:
    with pytest.raises(RefusedError) as raised:
        run(remove_all)

    assert str(raised.value) == "the steps removed all 2 manifests; allow it with --allow-empty"
    assert raised.value.exit_code == 1


def test_a_stream_may_not_lose_its_only_manifest() -> None:
    with pytest.raises(RefusedError, match="the steps removed the only manifest"):
        run(remove_all, "apiVersion: v1\nkind: Pod\n")


FACTS = """\
# Source: shop/templates/a.yaml
apiVersion: v1
kind: Service
metadata:
  name: a
  namespace: shop
  labels: {app.kubernetes.io/instance: blue, helm.sh/chart: shop-1.2.3}
---
# Source: shop/charts/db/templates/b.yaml
apiVersion: v1
kind: Service
metadata:
  name: b
  labels: {app.kubernetes.io/instance: blue, helm.sh/chart: db-0.1.0}
"""

HELM4 = """\
apiVersion: v1
kind: Service
metadata:
  name: a
  annotations: {postrenderer.helm.sh/postrender-filename: shop/templates/a.yaml}
"""

HELM4_HOOK = HELM4.replace("{", "{helm.sh/hook: test, ")


def facts(
    stream: str, release: Fact | None = None, namespace: Fact | None = None
) -> dict[str, Fact | None]:
    """Return what a step may know of the release."""
    manifests = Manifests.parse(stream.encode())
    context = Context(manifests, release=release, namespace=namespace)
    names = ("release", "namespace", "chart", "host", "strategy")
    return {name: getattr(context, name) for name in names}


def test_facts_are_inferred_from_the_manifests_with_their_source() -> None:
    assert facts(FACTS) == {
        "release": Fact("blue", "app.kubernetes.io/instance"),
        "namespace": Fact("shop", "metadata.namespace"),
        "chart": Fact("shop-1.2.3", "helm.sh/chart"),
        "host": Fact("helm3", "# Source:"),
        "strategy": None,
    }


def test_what_is_stated_is_not_inferred() -> None:
    green, other = Fact("green", "--release-name"), Fact("other", "HELM_NAMESPACE")

    known = facts(FACTS, release=green, namespace=other)

    assert known["release"] == green
    assert known["namespace"] == other


def test_what_the_manifests_do_not_agree_on_is_not_known() -> None:
    other = FACTS.replace("instance: blue, helm.sh/chart: db", "instance: red, helm.sh/chart: db")

    assert facts(other)["release"] is None


def test_nothing_is_known_of_manifests_that_say_nothing() -> None:
    stream = "apiVersion: v1\nkind: Pod\n"

    assert set(facts(stream).values()) == {None}


@pytest.mark.parametrize(
    ("stream", "strategy"),
    [(HELM4, None), (HELM4 + "---\n" + HELM4_HOOK, Fact("combined", "helm.sh/hook"))],
)
def test_helm_4_is_told_from_its_annotation(stream: str, strategy: Fact | None) -> None:
    known = facts(stream)

    assert known["host"] == Fact("helm4", "postrenderer.helm.sh/postrender-filename")
    assert known["strategy"] == strategy


def test_each_step_calls_its_own_plugin_once_and_no_other() -> None:
    calls: list[str] = []
    first = transforms(lambda manifests, context: calls.append(f"first as {manifests.step}"))
    second = transforms(lambda manifests, context: calls.append(f"second as {manifests.step}"))
    steps = [{"first": None}, {"second": None}, {"first": None}]
    pipeline = assemble([from_mapping({"steps": steps}, ".")], {"first": first, "second": second})

    pipeline.run(STREAM.encode())

    assert calls == ["first as 1 (first)", "second as 2 (second)", "first as 3 (first)"]
