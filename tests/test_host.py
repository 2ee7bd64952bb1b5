"""What the host would make of the stream: the same streams as Helm 3 and Helm 4 send them."""

from collections.abc import Callable
from typing import Any

import pytest

from postrender import EditError, Fact, Manifest, Manifests, PostrenderError, Result, hookimpl
from postrender._pipeline import assemble
from postrender._source import from_mapping

FILENAME = "postrenderer.helm.sh/postrender-filename"
FILE = ("metadata", "annotations", FILENAME)
HOOK = ("metadata", "annotations", "helm.sh/hook")

HELM4 = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    a: b
    postrenderer.helm.sh/postrender-filename: 'shop/templates/web.yaml'
spec:
  template:
    metadata:
      annotations:
        c: d
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-install
    postrenderer.helm.sh/postrender-filename: 'shop/templates/migrate.yaml'
"""
HELM3 = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
---
# Source: shop/templates/cfg.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cfg
"""
HOOKS = HELM4.partition("---\n")[2]


def run(body: Callable[[Manifests], object], stream: str = HELM4, **stated: Any) -> Result:
    """Run one step that does *body*, and assert that a second run without it changes nothing."""

    class Plugin:
        @hookimpl
        def postrender_transform(self, manifests: Manifests) -> None:
            body(manifests)

    pipeline = assemble([from_mapping({"steps": [{"step": None}]}, ".")], {"step": Plugin()})
    result = pipeline.render(stream.encode(), allow_empty=True, **stated)
    again = assemble([]).render(result.stream, allow_empty=True)
    assert (again.stream, again.edits) == (result.stream, ())
    return result


def config_map(name: str, **metadata: object) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **metadata}}


def add(*objects: dict[str, Any], near: int | None = None) -> Callable[[Manifests], None]:
    def body(manifests: Manifests) -> None:
        neighbour = None if near is None else manifests[near]
        for each in objects:
            manifests.add(each, near=neighbour)

    return body


def files(result: Result) -> dict[str, str]:
    """Return the file of each object, as the host will know it."""
    return {str(each): each.source for each in Manifests.parse(result.stream)}


def notices(result: Result) -> list[str]:
    return [str(notice) for notice in result.notices]


# -- Helm 4: the file of a document ---------------------------------------------------------------


def replace_annotations(manifest: Manifest) -> None:
    manifest.set(("metadata", "annotations"), {"new": "x"})


def remove_annotations(manifest: Manifest) -> None:
    manifest.delete(("metadata", "annotations"))


def empty_the_annotation(manifest: Manifest) -> None:
    manifest.set(FILE, "")


def make_it_no_string(manifest: Manifest) -> None:
    manifest.set(FILE, 1)


def replace_the_object(manifest: Manifest) -> None:
    manifest.replace(config_map("other"))


@pytest.mark.parametrize(
    "damage",
    [
        replace_annotations,
        remove_annotations,
        empty_the_annotation,
        make_it_no_string,
        replace_the_object,
    ],
)
def test_the_annotation_of_helm_4_survives(damage: Callable[[Manifest], None]) -> None:
    result = run(lambda manifests: damage(manifests[0]))

    assert list(files(result).values()) == [
        "shop/templates/web.yaml",
        "shop/templates/migrate.yaml",
    ]
    assert {edit.path for edit in result.edits if edit.step == "host"} <= {FILE, FILE[:2]}


def test_a_later_step_knows_the_file_that_an_earlier_one_lost() -> None:
    def body(manifests: Manifests) -> None:
        remove_annotations(manifests[0])
        assert manifests[0].source == "shop/templates/web.yaml"

    run(body)


def test_a_step_may_move_an_object_to_another_file() -> None:
    result = run(lambda manifests: manifests[0].set(FILE, "shop/templates/other.yaml"))

    assert files(result)["Deployment web"] == "shop/templates/other.yaml"


def test_items_of_a_typed_list_are_known_by_the_file_of_the_list() -> None:
    stream = f"""\
apiVersion: v1
kind: ConfigMapList
metadata:
  annotations:
    {FILENAME}: 'shop/templates/list.yaml'
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
"""
    result = run(lambda manifests: manifests[0].set(("metadata", "labels", "x"), "b"), stream)

    assert result.stream.decode() == stream + "    labels:\n      x: b\n"
    assert files(result) == {"ConfigMap a": "shop/templates/list.yaml"}


@pytest.mark.parametrize("file", ["_x", "shop/_x.yaml", "shop/templates/_x/", "shop/_x//"])
def test_a_file_that_helm_4_takes_for_helpers_is_refused(file: str) -> None:
    with pytest.raises(EditError, match="Helm 4 drops a document"):
        run(lambda manifests: manifests[0].set(FILE, file))


def test_a_file_that_helm_4_would_drop_is_refused() -> None:
    with pytest.raises(EditError) as refusal:
        run(lambda manifests: manifests[0].set(FILE, "shop/templates/_web.yaml"))

    assert str(refusal.value) == (
        "step 1 (step): document 1 (shop/templates/_web.yaml), Deployment web,"
        " /metadata/annotations/postrenderer.helm.sh~1postrender-filename: Helm 4 drops a"
        " document whose file name begins with an underscore; name another file, or remove the"
        " manifest"
    )


def test_the_annotation_never_reaches_a_pod_template() -> None:
    def body(manifests: Manifests) -> None:
        web = manifests[0]
        web.set(("spec", "template", "metadata", "annotations"), web.annotations)

    result = run(body)

    web = Manifests.parse(result.stream)[0]
    assert web.get(("spec", "template", "metadata", "annotations")) == {"a": "b"}
    assert web.source == "shop/templates/web.yaml"


def test_a_key_of_that_name_elsewhere_stays() -> None:
    def body(manifests: Manifests) -> None:
        manifests[0].set(("spec", "template", "metadata", "annotations"), {FILENAME: "x"})
        manifests.add({**config_map("a"), "data": {FILENAME: "y"}})

    added = Manifests.parse(run(body).stream)[2]
    assert added.get(("data",)) == {FILENAME: "y"}


def test_an_anchor_does_not_take_the_annotation_to_a_pod_template() -> None:
    stream = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: &all
    a: b
    {FILENAME}: 'shop/templates/web.yaml'
spec:
  template:
    metadata:
      annotations: *all
"""
    labelled = run(lambda manifests: manifests[0].set(("metadata", "labels"), {"x": "z"}), stream)
    result = run(lambda manifests: manifests[0].set(("metadata", "annotations", "c"), "d"), stream)

    assert "annotations: *all" in labelled.stream.decode()  # Helm 4 takes it out of both
    web = Manifests.parse(result.stream)[0]
    assert web.get(("spec", "template", "metadata", "annotations")) == {"a": "b"}
    assert web.annotations == {"a": "b", "c": "d", FILENAME: "shop/templates/web.yaml"}


def test_a_map_that_held_the_annotation_alone_goes_with_it() -> None:
    path = ("spec", "template", "metadata", "annotations", FILENAME)
    result = run(
        lambda manifests: manifests.add(
            {
                "apiVersion": "example.com/v1",
                "kind": "Pods",
                "metadata": {"name": "pods"},
                "spec": [{"template": {"metadata": {"annotations": {FILENAME: "x"}}}}],
            }
        ),
        HELM4,
    )

    pods = Manifests.parse(result.stream)[2]
    assert pods.get(("spec", 0)) == {"template": {"metadata": {}}}
    assert pods.get(path) is None


# -- documents that steps add ---------------------------------------------------------------------


def test_documents_beside_another_come_right_behind_its_file() -> None:
    result = run(add(config_map("a"), config_map("b"), near=0))

    assert files(result) == {
        "Deployment web": "shop/templates/web.yaml",
        "ConfigMap a": "shop/templates/web.yaml.postrender-000001.yaml",
        "ConfigMap b": "shop/templates/web.yaml.postrender-000002.yaml",
        "Job migrate": "shop/templates/migrate.yaml",
    }


def test_documents_at_the_end_come_behind_every_file_of_the_chart() -> None:
    result = run(add(config_map("a"), {**config_map("b"), "metadata": None}))

    assert list(files(result).values())[2:] == [
        "shop/templates/~.postrender-000001.yaml",
        "shop/templates/~.postrender-000002.yaml",
    ]


def test_a_document_beside_an_added_one_is_named_after_the_file_of_the_chart() -> None:
    def body(manifests: Manifests) -> None:
        first = manifests.add(config_map("a"), near=manifests[0])
        manifests.add(config_map("b"), near=first)

    assert files(run(body))["ConfigMap b"] == "shop/templates/web.yaml.postrender-000002.yaml"


def test_a_copy_stays_in_the_file_of_its_original() -> None:
    def body(manifests: Manifests) -> None:
        copy = manifests[0].to_dict()
        copy["metadata"]["name"] = "copy"
        manifests.add(copy, near=manifests[0])

    assert files(run(body))["Deployment copy"] == "shop/templates/web.yaml"


def test_an_added_document_that_loses_its_file_gets_it_back() -> None:
    def body(manifests: Manifests) -> None:
        remove_annotations(manifests.add(config_map("a"), near=manifests[0]))

    assert files(run(body))["ConfigMap a"] == "shop/templates/web.yaml.postrender-000001.yaml"


def test_on_helm_3_added_documents_say_their_file_in_a_comment() -> None:
    result = run(add(config_map("a"), near=0), HELM3)

    assert result.stream.decode().split("---\n")[2] == (
        "# Source: shop/templates/web.yaml.postrender-000001.yaml\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    )
    assert "postrenderer" not in result.stream.decode()


def test_a_document_that_says_its_file_keeps_it() -> None:
    other = Manifests.parse(b"# Source: shop/templates/x.yaml\napiVersion: v1\nkind: Pod\n")

    result = run(lambda manifests: manifests.add(other[0]), HELM3)

    assert files(result)["Pod"] == "shop/templates/x.yaml"


def test_without_a_host_an_added_document_says_nothing() -> None:
    result = run(add(config_map("a")), "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n")

    assert result.stream.decode().endswith(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    )


# -- Helm 4: what it would lose -------------------------------------------------------------------


def test_a_list_is_taken_apart() -> None:
    items = [config_map("a"), config_map("b", annotations={FILENAME: "shop/templates/x.yaml"})]
    whole = {"apiVersion": "v1", "kind": "List", "items": items}

    result = run(add(whole, near=1))

    assert list(files(result).items())[2:] == [
        ("ConfigMap a", "shop/templates/migrate.yaml.postrender-000002.yaml"),
        ("ConfigMap b", "shop/templates/x.yaml"),
    ]


def test_a_list_in_a_list_is_taken_apart_too() -> None:
    inner = {"apiVersion": "v1", "kind": "List", "items": [config_map("a")]}
    whole = {"apiVersion": "v1", "kind": "List", "items": [inner, config_map("b")]}

    assert sorted(files(run(add(whole))))[:2] == ["ConfigMap a", "ConfigMap b"]
    assert "List" not in run(add(whole)).stream.decode()


def test_a_list_without_items_leaves() -> None:
    result = run(add({"apiVersion": "v1", "kind": "List"}))

    assert list(files(result)) == ["Deployment web", "Job migrate"]


def test_a_list_with_an_item_that_is_no_object_is_refused() -> None:
    with pytest.raises(EditError, match="apiVersion is missing"):
        run(add({"apiVersion": "v1", "kind": "List", "items": [{}]}))


def test_what_follows_three_dots_is_not_added() -> None:
    other = Manifests.parse(b"apiVersion: v1\nkind: Pod\n...\napiVersion: v1\nkind: Service\n")

    result = run(lambda manifests: manifests.add(other[0]))

    assert "Service" not in result.stream.decode()
    assert list(files(result))[2:] == ["Pod"]


def test_json_objects_are_separated() -> None:
    stream = (
        '{"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations":'
        f' {{"{FILENAME}": "shop/templates/a.json"}}}}}}\n'
        '{"apiVersion": "v1", "kind": "Service"}\n'
    )

    separated = stream.replace('\n{"apiVersion"', '\n---\n{"apiVersion"')
    assert assemble([]).run(stream.encode()).decode() == separated


# -- hooks ----------------------------------------------------------------------------------------


def test_nothing_but_hooks_is_added_to_hooks() -> None:
    hook = config_map("hook", annotations={"helm.sh/hook": "test"})

    result = run(add(config_map("a"), hook), HOOKS)

    assert list(files(result)) == ["Job migrate", "ConfigMap hook"]
    assert notices(result) == [
        "step 1 (step): ConfigMap a: is not added, since"
        " this stream holds hooks alone and the manifests come in another; where they do not, say"
        " --post-render-strategy combined"
    ]


def test_what_came_tells_the_strategy_not_what_the_steps_left_of_it() -> None:
    def body(manifests: Manifests) -> None:
        manifests[0].remove()
        manifests.add(config_map("a"))

    assert list(files(run(body))) == ["Job migrate", "ConfigMap a"]


def test_a_stated_strategy_wins() -> None:
    result = run(add(config_map("a")), HOOKS, strategy="combined")

    assert list(files(result)) == ["Job migrate", "ConfigMap a"]
    assert notices(result) == []


@pytest.mark.parametrize(
    ("stream", "strategy"),
    [
        (HELM4, Fact("combined", "helm.sh/hook")),
        (HOOKS, Fact("separate", "helm.sh/hook")),
        (HELM4.partition("---\n")[0], None),
        (HELM3, None),
    ],
)
def test_the_strategy_is_inferred_from_the_hooks(stream: str, strategy: Fact | None) -> None:
    seen: list[Fact | None] = []

    class Look:
        @hookimpl
        def postrender_transform(self, context: Any) -> None:
            seen.append(context.strategy)

    pipeline = assemble([from_mapping({"steps": [{"look": None}]}, ".")], {"look": Look()})
    pipeline.run(stream.encode())
    pipeline.render(stream.encode(), strategy="nohooks")

    assert seen == [strategy, Fact("nohooks", "the argument strategy")]


def test_the_same_object_may_be_a_hook_and_a_manifest() -> None:
    both = HELM4.replace("migrate\n", "web\n").replace(
        "batch/v1\nkind: Job", "apps/v1\nkind: Deployment"
    )

    def body(manifests: Manifests) -> None:
        for manifest in manifests:
            manifest.set(("metadata", "labels", "team"), "a")

    assert run(body, both).stream.decode().count("    team: a\n") == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("metadata", "annotations", "helm.sh/hook"), "pre-install"),
        (("metadata", "annotations"), {"helm.sh/hook": "pre-install"}),
    ],
)
def test_on_helm_3_a_step_that_makes_a_hook_is_told(path: tuple[str, ...], value: object) -> None:
    result = run(lambda manifests: manifests[1].set(path, value), HELM3)

    assert notices(result) == [
        "step 1 (step): document 2 (shop/templates/cfg.yaml), ConfigMap cfg: Helm 3 has taken the"
        " hooks out already: it installs this one as an ordinary object, and leaves it behind on"
        " uninstall"
    ]


def test_on_helm_3_a_hook_that_is_added_is_told() -> None:
    result = run(add(config_map("a", annotations={"helm.sh/hook": "test"})), HELM3)

    assert len(notices(result)) == 1


@pytest.mark.parametrize("name", ["name", "namespace"])
def test_on_helm_3_a_hook_that_is_renamed_is_told(name: str) -> None:
    def body(manifests: Manifests) -> None:
        manifests[1].set(HOOK, "test")
        manifests[1].set(("metadata", name), "other")
        manifests.add(config_map("new", annotations={"helm.sh/hook": "test"})).set(
            ("metadata", name), "new"
        )

    assert len(notices(run(body, HELM3))) == 2


def test_a_hook_with_an_event_that_helm_4_does_not_know_is_refused() -> None:
    with pytest.raises(EditError) as refusal:
        run(lambda manifests: manifests[0].set(HOOK, "test,pre-instal"))

    assert str(refusal.value) == (
        "step 1 (step): document 1 (shop/templates/web.yaml), Deployment web,"
        " /metadata/annotations/helm.sh~1hook: Helm 4 drops a hook with an event that it does not"
        " know: `pre-instal`; did you mean `pre-install`?"
    )


def test_a_hook_with_a_known_event_is_one() -> None:
    assert run(lambda manifests: manifests[0].set(HOOK, "Pre-Install")).notices == ()


def test_an_edit_of_a_hook_is_not_told() -> None:
    hooked = HELM3 + "  annotations: {helm.sh/hook: test}\n"

    def body(manifests: Manifests) -> None:
        manifests[1].set(("metadata", "annotations"), {"helm.sh/hook": "pre-install"})

    assert notices(run(body, hooked)) == []


# -- order ----------------------------------------------------------------------------------------

TWO = HELM4.partition("---\n")[0] + "---\n" + HELM4.partition("---\n")[0].replace("web", "api")


def test_an_order_that_helm_4_keeps_is_not_told() -> None:
    def body(manifests: Manifests) -> None:
        manifests.arrange([manifests[1], manifests[0]])

    assert notices(run(body, TWO)) == []


def test_an_order_that_helm_4_undoes_is_told_once_for_each_kind() -> None:
    three = TWO + "---\n" + TWO.partition("---\n")[0].replace("web", "all")

    def body(manifests: Manifests) -> None:
        manifests.arrange([manifests[0], manifests[1], manifests[2]])

    assert notices(run(body, three)) == [
        "document 2 (shop/templates/api.yaml), Deployment api: Helm 4 orders one kind by file"
        " names, so it comes before Deployment web"
    ]


def test_added_documents_keep_the_order_that_steps_bring_them_into() -> None:
    def body(manifests: Manifests) -> None:
        a, b = (manifests.add(config_map(name), near=manifests[0]) for name in "ab")
        web, migrate = (each for each in manifests.all if each.position)
        manifests.arrange([web, b, a, migrate])

    result = run(body)

    assert files(result)["ConfigMap b"] == "shop/templates/web.yaml.postrender-000001.yaml"
    assert files(result)["ConfigMap a"] == "shop/templates/web.yaml.postrender-000002.yaml"
    assert notices(result) == []


def test_documents_of_a_chart_that_renders_nothing_have_names_too() -> None:
    manifests = Manifests.parse(b"")
    manifests.host = "helm4"

    manifests.add(config_map("a"))

    assert manifests.all[0].source == "postrender/templates/~.postrender-000001.yaml"


def test_an_order_among_hooks_is_theirs() -> None:
    def body(manifests: Manifests) -> None:
        manifests.arrange(list(manifests))

    hooks = HOOKS + "---\n" + HOOKS.replace("migrate", "before")
    assert notices(run(body, hooks)) == []


def test_the_order_of_helm_3_is_the_order_of_the_stream() -> None:
    def body(manifests: Manifests) -> None:
        manifests.arrange(list(reversed(list(manifests))))

    result = run(body, HELM3)

    assert list(files(result)) == ["ConfigMap cfg", "Deployment web"]
    assert notices(result) == []


def test_an_empty_stream_has_no_host() -> None:
    assert run(lambda manifests: None, "").stream == b""
    assert Manifests.parse(b"").host == ""


def test_a_failure_for_the_hosts_sake_is_a_refusal() -> None:
    with pytest.raises(PostrenderError) as failure:
        run(lambda manifests: manifests[0].set(FILE, "_x"))

    assert failure.value.exit_code == 1
