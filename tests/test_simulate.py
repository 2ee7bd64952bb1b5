"""The simulator without Helm: each rule of what a host sends, and of what it makes of an answer."""

import json
from typing import Any

import pytest
from support import UNCONFIGURED, Command, Install

from postrender import Manifests, PostrenderError, StreamError
from postrender._helm.hosts import helm3 as host3
from postrender._helm.hosts import helm4 as host4
from postrender._helm.hosts.outcome import Outcome
from postrender._helm.hosts.rendered import Rendered, read_rendered

FILENAME = "postrenderer.helm.sh/postrender-filename"

CHART = """\
---
# Source: shop/templates/cfg.yaml
# the settings
apiVersion: v1
kind: ConfigMap
metadata:
  name: cfg
---
# Source: shop/templates/a_web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
---
# Source: shop/templates/Cfg.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: upper
  annotations: {}
---
# Source: shop/templates/notes.yaml
# nothing but a comment
---
# Source: shop/templates/webhook.yaml
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: hook
---
# Source: shop/templates/ape.yaml
apiVersion: zoo.example/v1
kind: Ape
metadata:
  name: ape
---
# Source: shop/templates/migrate.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: Pre-Install, post-delete
---
# Source: shop/templates/tests/test.yaml
apiVersion: v1
kind: Pod
metadata:
  name: test
  annotations:
    helm.sh/hook: test-success
"""
CRD = """\
---
# Source: shop/crds/crd.yaml
---
# of the apes
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: apes.zoo.example

"""
LIST = """\
---
# Source: shop/templates/list.yaml
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: one
- apiVersion: v1
  kind: Secret
  metadata:
    name: two
"""


def chart(text: str) -> str:
    """Return a chart of one file as `helm template` prints it."""
    return f"---\n# Source: shop/templates/a.yaml\n{text}"


def config_map(name: str, *annotations: str) -> str:
    text = f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"
    if annotations:
        text += "  annotations:\n" + "".join(f"    {each}\n" for each in annotations)
    return text


def in_file(file: str, name: str = "x") -> str:
    return config_map(name, f"{FILENAME}: '{file}'")


def stream(*documents: str) -> str:
    return "---\n".join(documents)


def rendered(text: str = "") -> Rendered:
    return read_rendered(text.encode())


def helm4(answer: str, text: str = CHART, strategy: str = "combined") -> Outcome:
    """Return the release that Helm 4 makes of *answer*."""
    return host4.render(rendered(text), lambda _: answer.encode(), strategy)


def helm3(answer: str, text: str = CHART) -> Outcome:
    return host3.render(rendered(text), lambda _: answer.encode())


def objects(outcome: Outcome) -> list[str]:
    """Return file and object of each document of a release."""
    return [f"{each.file}: {each.title}" for each in (*outcome.manifests, *outcome.hooks)]


def handed(text: str, strategy: str = "combined") -> list[Any]:
    """Return file, kind and name of each document that Helm 4 hands over."""
    calls = host4.calls(rendered(text), strategy)
    return [[f"{each.source}: {each}" for each in Manifests.parse(call.stream)] for call in calls]


# -- what Helm 3 hands over -----------------------------------------------------------------------


def test_helm_3_hands_over_no_hooks_and_orders_by_kind_then_file(postrender: Command) -> None:
    done = postrender("simulate", "--helm", "3", "--show", "input", stdin=CHART)

    assert (done.code, done.stderr) == (0, "")
    assert [line for line in done.stdout.split("\n") if line.startswith(("# Source", "kind"))] == [
        "# Source: shop/templates/Cfg.yaml",
        "kind: ConfigMap",
        "# Source: shop/templates/cfg.yaml",
        "kind: ConfigMap",
        "# Source: shop/templates/a_web.yaml",
        "kind: Deployment",
        "# Source: shop/templates/notes.yaml",  # comments alone have the kind ""
        "# Source: shop/templates/ape.yaml",
        "kind: Ape",
        "# Source: shop/templates/webhook.yaml",  # which only Helm 4 has in its order
        "kind: MutatingWebhookConfiguration",
    ]


def test_helm_3_hands_over_what_it_printed_itself() -> None:
    text = chart(config_map("a")) + chart("# a comment\n" + config_map("b"))

    assert host3.call(rendered(text)).stream.decode() == text


def test_helm_3_has_the_files_of_crds_first_as_they_are() -> None:
    text = CRD + chart(config_map("a"))

    assert host3.call(rendered(text)).stream.decode() == text


def test_helm_3_takes_the_blanks_off_that_helm_4_leaves() -> None:
    text = chart("\n" + config_map("a") + "\n") + chart(config_map("b"))

    stream = host3.call(rendered(text)).stream.decode()

    assert stream == chart(config_map("a")) + chart(config_map("b"))


def test_a_chart_that_renders_nothing_makes_an_empty_stream(postrender: Command) -> None:
    for major in ("3", "4"):
        done = postrender("simulate", "--helm", major, "--show", "input")

        assert (done.code, done.stdout) == (0, "")


# -- what Helm 4 hands over -----------------------------------------------------------------------


def test_helm_4_hands_over_hooks_too_and_orders_by_the_bytes_of_files() -> None:
    assert handed(CHART) == [
        [
            "shop/templates/Cfg.yaml: ConfigMap upper",
            "shop/templates/a_web.yaml: Deployment shop/web",
            "shop/templates/ape.yaml: Ape ape",
            "shop/templates/cfg.yaml: ConfigMap cfg",
            "shop/templates/migrate.yaml: Job migrate",
            "shop/templates/tests/test.yaml: Pod test",
            "shop/templates/webhook.yaml: MutatingWebhookConfiguration hook",
        ]
    ]


def test_helm_4_names_files_in_an_annotation_and_not_in_comments(postrender: Command) -> None:
    done = postrender("simulate", "--helm=4", "--show=input", stdin=CHART)

    assert done.stdout.startswith(f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: upper
  annotations:
    {FILENAME}: shop/templates/Cfg.yaml
---
apiVersion: apps/v1
kind: Deployment
""")
    assert "# the settings\n" in done.stdout
    assert "# Source" not in done.stdout


def test_helm_4_never_hands_over_the_files_of_crds() -> None:
    assert handed(CRD + chart(config_map("a"))) == [["shop/templates/a.yaml: ConfigMap a"]]


def test_a_template_in_a_folder_called_crds_is_none_of_them() -> None:
    text = CHART.replace("shop/templates/cfg.yaml", "shop/templates/crds/cfg.yaml")

    assert "shop/templates/crds/cfg.yaml: ConfigMap cfg" in handed(text)[0]


def test_helm_4_takes_lists_apart() -> None:
    assert handed(LIST) == [
        ["shop/templates/list.yaml: ConfigMap one", "shop/templates/list.yaml: Secret two"]
    ]


def test_anchors_within_an_item_are_no_obstacle() -> None:
    item = "{apiVersion: v1, kind: A, x: &x [1], z: *x}"

    (call,) = host4.calls(
        rendered(chart(f"kind: List\napiVersion: v1\nitems: [{item}]\n")), "combined"
    )

    assert [entry.value["z"] for entry in call.entries if entry.value] == [[1]]


def test_helm_4_hands_over_no_partial() -> None:
    assert handed("---\n# Source: shop/templates/_a.yaml\n" + config_map("a")) == [[]]


def test_strategies_split_hooks_off() -> None:
    hooks = ["shop/templates/migrate.yaml: Job migrate", "shop/templates/tests/test.yaml: Pod test"]
    manifests = [each for each in handed(CHART)[0] if each not in hooks]

    assert handed(CHART, "separate") == [hooks, manifests]
    assert handed(CHART, "nohooks") == [manifests]


def test_a_group_that_is_empty_is_not_handed_over() -> None:
    assert handed(chart(config_map("a")), "separate") == [["shop/templates/a.yaml: ConfigMap a"]]
    assert handed("", "nohooks") == []
    assert handed("", "combined") == [[]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: List\napiVersion: v1\nitems: [a]\n", "got ScalarNode"),
        ("kind: List\napiVersion: v1\nitems: {a: b}\n", "got ScalarNode"),
        ("kind: A\napiVersion: v1\nspec: &m {a: b}\nmetadata: *m\n", "got AliasNode"),
        (
            "kind: List\napiVersion: v1\nitems: [{kind: A, x: &x [1]}, {kind: A, y: {z: *x}}]\n",
            "unknown anchor",
        ),
    ],
)
def test_helm_4_cannot_hand_over_everything(postrender: Command, text: str, expected: str) -> None:
    done = postrender("simulate", "--helm", "4", stdin=chart(text))

    assert done.code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("postrender: error: shop/templates/a.yaml, ")
    assert "Helm 4 cannot hand over the chart" in done.stderr
    assert expected in done.stderr


def value(text: str) -> Any:
    """Return what Helm 4 makes of an object on its way to the renderer and back."""
    outcome = host4.render(rendered(chart(text)), lambda call: call.stream)
    return dict(outcome.manifests[0].value or {})


OBJECT = "apiVersion: v1\nkind: A\n"
HEAD = {"apiVersion": "v1", "kind": "A"}


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("metadata:\n", {}),
        ("metadata: {}\n", {}),
        ("metadata: {name: a, annotations: {}}\n", {"metadata": {"name": "a"}}),
        ("metadata: {name: a, annotations: []}\n", {"metadata": {"name": "a"}}),
        ("metadata: {name: a, annotations: text}\n", {"metadata": {"name": "a"}}),
        (
            "metadata: {annotations: {config.kubernetes.io/index: '1'}}\n",
            {},
        ),
        (
            "metadata: {annotations: {config.kubernetes.io/path: p}}\n",
            {
                "metadata": {
                    "annotations": {
                        "config.kubernetes.io/path": "p",
                        "internal.config.kubernetes.io/path": "p",
                    }
                }
            },
        ),
        (
            "spec: &a {b: c}\nmetadata: {name: a, annotations: *a}\n",
            {"spec": {"b": "c"}, "metadata": {"name": "a"}},
        ),
        (
            "spec:\n- &a {annotations: {b: c}}\nmetadata:\n  <<: *a\n  name: a\n",
            {
                "spec": [{"annotations": {"b": "c"}}],
                "metadata": {"name": "a", "annotations": {"b": "c"}},
            },
        ),
        (
            "metadata: {annotations: {x: y}}\nmetadata: {name: b}\n",
            {"metadata": {"name": "b"}},
        ),
    ],
)
def test_helm_4_tidies_annotations(metadata: str, expected: dict[str, Any]) -> None:
    found = value(OBJECT + metadata)

    assert found == {**HEAD, **expected}


def test_an_anchored_map_of_annotations_changes_for_its_aliases_too() -> None:
    text = OBJECT + "metadata:\n  annotations: &a\n    b: c\nspec:\n  annotations: *a\n"

    (call,) = host4.calls(rendered(chart(text)), "combined")

    assert call.entries[0].value == {
        **HEAD,
        "metadata": {"annotations": {"b": "c", FILENAME: "shop/templates/a.yaml"}},
        "spec": {"annotations": {"b": "c", FILENAME: "shop/templates/a.yaml"}},
    }
    assert value(text) == {
        **HEAD,
        "metadata": {"annotations": {"b": "c"}},
        "spec": {"annotations": {"b": "c"}},
    }


def test_an_annotation_for_a_file_that_is_there_is_replaced() -> None:
    text = chart(in_file("other.yaml"))

    assert handed(text) == [["shop/templates/a.yaml: ConfigMap x"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">\n  a\n  b\n", "a b\n"),
        (">-  # c\n  a\n\n    b\n", "a\n\n\n\n  b"),
        (">-\n  a\n\n    b \n    c\n", "a\n\n  b \n  c"),  # which is written in quotes
        (">2-\n   a\n  b\n  c\n", " a\nb c"),
        (">2-\n   a\n  b\n\n  c\n", " a\nb c"),
        (">+\n  a\n\n", "a\n\n\n\n"),
        (">+\n  a\n", "a\n"),
        (">-\n\n  a\n", "\na"),
        (">-\n", ""),
    ],
)
def test_helm_4_changes_folded_texts_each_time_that_it_writes_them(
    text: str, expected: str
) -> None:
    assert value(f"{OBJECT}data:\n- {text}- last\n")["data"] == [expected, "last"]


def test_a_null_among_the_items_of_a_list_stays() -> None:
    text = chart("kind: List\napiVersion: v1\nitems: [null, {apiVersion: v1, kind: A}]\n")

    (call,) = host4.calls(rendered(text), "combined")

    assert [entry.value for entry in call.entries] == [
        None,
        {**HEAD, "metadata": {"annotations": {FILENAME: "shop/templates/a.yaml"}}},
    ]


# -- what Helm 4 makes of an answer ---------------------------------------------------------------


def test_documents_without_an_annotation_get_names_that_sort_as_text() -> None:
    outcome = helm4(stream(*(config_map(f"n{index}") for index in range(11))))

    assert objects(outcome)[:4] == [
        "generated-by-postrender-0.yaml: ConfigMap n0",
        "generated-by-postrender-1.yaml: ConfigMap n1",
        "generated-by-postrender-10.yaml: ConfigMap n10",
        "generated-by-postrender-2.yaml: ConfigMap n2",
    ]


def test_names_count_annotated_documents_and_no_comments() -> None:
    answer = stream("# a\n", in_file("a.yaml"), "# b\n", config_map("b"))

    assert objects(helm4(answer)) == [
        "a.yaml: ConfigMap x",
        "generated-by-postrender-1.yaml: ConfigMap b",
    ]


def test_generated_names_have_the_group() -> None:
    outcome = helm4(config_map("a"), strategy="separate")

    assert objects(outcome) == [
        "generated-by-postrender-hooks-0.yaml: ConfigMap a",
        "generated-by-postrender-manifests-0.yaml: ConfigMap a",
    ]


def test_documents_of_one_file_keep_their_order_within_a_kind() -> None:
    answer = stream(
        in_file("b.yaml", "2"),
        in_file("a.yaml", "1"),
        in_file("b.yaml", "0"),
        in_file("b.yaml", "ns").replace("ConfigMap", "Namespace"),
    )

    assert objects(helm4(answer)) == [
        "b.yaml: Namespace ns",
        "a.yaml: ConfigMap 1",
        "b.yaml: ConfigMap 2",
        "b.yaml: ConfigMap 0",
    ]


def test_a_partial_is_lost() -> None:
    outcome = helm4(stream(in_file("a/_b.yaml", "lost"), in_file("_a/b.yaml", "kept")))

    assert objects(outcome) == ["_a/b.yaml: ConfigMap kept"]
    assert [(each.entry.title, each.reason) for each in outcome.lost] == [
        ("ConfigMap lost", "its file's name begins with an underscore")
    ]


def test_hooks_are_made_and_unmade() -> None:
    answer = stream(
        config_map("plain"),
        config_map("made", "helm.sh/hook: test"),
        config_map("late", "helm.sh/hook: pre-install,post-upgrade"),
    )

    outcome = helm4(answer)

    assert [each.title for each in outcome.manifests] == ["ConfigMap plain"]
    assert [(each.title, each.events) for each in outcome.hooks] == [
        ("ConfigMap made", ("test",)),
        ("ConfigMap late", ("pre-install", "post-upgrade")),
    ]


@pytest.mark.parametrize("event", ["pre-lunch", "''", "null", "true", "test,", "[]"])
def test_a_hook_with_an_unknown_event_is_lost(event: str) -> None:
    answer = stream(config_map("x", f"helm.sh/hook: {event}"), config_map("other"))

    if event == "[]":
        with pytest.raises(PostrenderError, match="YAML parse error"):
            helm4(answer)
        return
    outcome = helm4(answer)

    assert objects(outcome) == ["generated-by-postrender-1.yaml: ConfigMap other"]
    assert [each.reason for each in outcome.lost] == ["Helm does not know the event of the hook"]


def test_hooks_are_untouched_with_nohooks() -> None:
    outcome = helm4(config_map("a"), strategy="nohooks")

    assert objects(outcome) == [
        "generated-by-postrender-manifests-0.yaml: ConfigMap a",
        "shop/templates/tests/test.yaml: Pod test",
        "shop/templates/migrate.yaml: Job migrate",
    ]


ITEM = in_file("q/a.yaml", "a").replace("\n", "\n  ").rstrip(" ")
ONE = f"apiVersion: v1\nkind: List\nitems:\n- {ITEM}"


def test_a_list_alone_is_unwrapped() -> None:
    assert objects(helm4(ONE)) == ["q/a.yaml: ConfigMap a"]
    assert objects(helm4("---\n" + ONE)) == ["q/a.yaml: ConfigMap a"]


@pytest.mark.parametrize("answer", [stream(ONE, "# c\n"), "\n---\n" + ONE])
def test_a_list_beside_anything_leaks_the_annotation_of_its_items(answer: str) -> None:
    (entry,) = helm4(answer).manifests

    assert entry.kind == "List"
    assert entry.file == "generated-by-postrender-0.yaml"
    assert FILENAME in entry.text


@pytest.mark.parametrize(
    "answer",
    [
        "apiVersion: v1\nkind: List\nitems: []\n",
        "apiVersion: v1\nkind: List\nitems:\n",
        "apiVersion: v1\nkind: List\nitems: text\n",
        "kind: ResourceList\nfunctionConfig: {kind: X}\n",
        "# c\n",
        "---\n",
        "null\n",
    ],
)
def test_an_answer_without_documents_makes_an_empty_release(answer: str) -> None:
    outcome = helm4(answer)

    assert (objects(outcome), outcome.errors) == ([], [])


def test_a_list_without_items_and_lists_of_one_kind_stay() -> None:
    answer = "apiVersion: v1\nkind: List\n"
    typed = "apiVersion: v1\nkind: ConfigMapList\nitems: [{apiVersion: v1, kind: ConfigMap}]\n"

    assert objects(helm4(answer)) == ["generated-by-postrender-0.yaml: List"]
    assert objects(helm4(typed)) == ["generated-by-postrender-0.yaml: ConfigMapList"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", "produced empty output"),
        (" \n\n", "produced empty output"),
        ("text\n", "wrong node kind: expected MappingNode but got ScalarNode"),
        ("[]\n", "wrong node kind: expected MappingNode but got SequenceNode"),
        ("kind: A\nmetadata: text\n", "wrong node kind: expected MappingNode but got ScalarNode"),
        ("kind: A\nmetadata: []\n", "wrong node kind: expected MappingNode but got SequenceNode"),
        ("kind: A\nmetadata: {annotations: [a]}\n", "but got SequenceNode"),
        ("a: [\n", "MalformedYAMLError"),
        ("a: *b\n", "MalformedYAMLError"),
        ("a: b\n--- {c: d}\n", "invalid document separator"),
        ("a: b\n---c: d\n", "invalid document separator"),
        ("kind: List\nitems: [{a: b}]\n", "missing Resource metadata"),
        ("kind: List\nitems: [{metadata: {labels: {}, uid: x}}]\n", "missing Resource metadata"),
        ("kind: List\nitems: [{kind: A, metadata: {annotations: x}}]\n", "got ScalarNode"),
        ("kind: {a: b}\n", "YAML parse error"),
        ("kind: A\nmetadata: {name: [a]}\n", "YAML parse error"),
        ("kind: A\nmetadata: {annotations: {a: {b: c}}}\n", "YAML parse error"),
    ],
)
def test_helm_4_refuses(answer: str, expected: str) -> None:
    with pytest.raises(PostrenderError, match=expected):
        helm4(answer)


def test_a_list_may_have_items_that_are_null_or_known_by_their_name_alone() -> None:
    outcome = helm4("kind: List\nitems: [null, {metadata: {name: x}}]\n")

    assert [each.value for each in outcome.manifests] == [None, {"metadata": {"name": "x"}}]


@pytest.mark.parametrize(
    ("answer", "kept", "lost"),
    [
        (f"{config_map('a')}...\n{config_map('b')}", ["ConfigMap a"], ["ConfigMap b"]),
        (f"{config_map('a')}...\n# end\n", ["ConfigMap a"], []),
        (f"{config_map('a')}---", ["ConfigMap a"], []),
        (f"{config_map('a')}--- {{apiVersion: v1, kind: B}}", ["ConfigMap a"], ["B"]),
        ('{"apiVersion":"v1","kind":"A"}\n{"kind":"B"}\n', ["A"], ["B"]),
        (f"{config_map('a')}...\nb: [\n", ["ConfigMap a"], [""]),
    ],
)
def test_what_stands_behind_the_end_of_a_document_is_lost(
    answer: str, kept: list[str], lost: list[str]
) -> None:
    outcome = helm4(answer)

    assert [each.title for each in outcome.manifests] == kept
    assert [each.entry.title for each in outcome.lost] == lost


def test_dashes_glued_to_the_first_key_are_a_part_of_it() -> None:
    outcome = helm4("---apiVersion: v1\nkind: A\n")

    assert outcome.manifests[0].value == {"---apiVersion": "v1", "kind": "A"}
    assert outcome.errors == ["generated-by-postrender-0.yaml, A: apiVersion is missing"]


def test_a_value_may_stand_behind_the_dashes_at_the_very_start() -> None:
    assert objects(helm4("--- {apiVersion: v1, kind: A}\n")) == [
        "generated-by-postrender-0.yaml: A"
    ]


def test_windows_line_ends_become_plain_ones() -> None:
    outcome = helm4(config_map("a").replace("\n", "\r\n") + "x: |\r\n  a\r\n")

    assert outcome.manifests[0].value == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a"},
        "x": "a\n",
    }


def test_a_text_that_keeps_its_line_breaks_gets_one_more() -> None:
    outcome = helm4(stream("apiVersion: v1\nkind: A\nx: |+\n  a\n\n", config_map("b")))

    assert outcome.manifests[-1].value == {"apiVersion": "v1", "kind": "A", "x": "a\n\n\n"}


def test_numbers_and_booleans_count_as_texts_in_the_head() -> None:
    answer = "apiVersion: 1\nkind: true\nmetadata: {name: 7, annotations: {a: true, b: 1}}\n"

    outcome = helm4(answer)

    assert objects(outcome) == ["generated-by-postrender-0.yaml: true 7"]
    assert outcome.errors == []


@pytest.mark.parametrize(
    ("answer", "errors"),
    [
        ("a: b\n", [": apiVersion is missing", ": kind is missing"]),
        ("kind: A\n", [", A: apiVersion is missing"]),
    ],
)
def test_what_helm_4_stores_and_cannot_build(answer: str, errors: list[str]) -> None:
    outcome = helm4(answer)

    assert outcome.errors == [f"generated-by-postrender-0.yaml{each}" for each in errors]


# -- what Helm 3 makes of an answer ---------------------------------------------------------------


def test_helm_3_keeps_the_answer_as_it_is() -> None:
    answer = stream(config_map("b"), config_map("a"), "# end\n")

    outcome = helm3(answer, chart(config_map("a")))

    assert outcome.text == answer
    assert [each.title for each in outcome.manifests] == ["ConfigMap b", "ConfigMap a", ""]


def test_helm_3_keeps_the_hooks_as_they_are() -> None:
    outcome = helm3("", CHART)

    assert [each.title for each in outcome.hooks] == ["Pod test", "Job migrate"]
    assert outcome.text.startswith("\n---\n# Source: shop/templates/tests/test.yaml\n")


def test_a_hook_that_is_added_on_helm_3_is_none() -> None:
    outcome = helm3(config_map("a", "helm.sh/hook: test"))

    assert [each.title for each in outcome.manifests] == ["ConfigMap a"]
    assert [(each.entry.title, each.message) for each in outcome.warned] == [
        (
            "ConfigMap a",
            "Helm 3 took the hooks out before: this is an ordinary object, and uninstall leaves it"
            " behind",
        )
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("a: [\n", ["document 1: line 2: did not find expected node content"]),
        (
            "a: b\n--- {c: d}\n",
            ["line 2: invalid document separator: text behind the dashes"],
        ),
        ("text\n", ["document 1: the document is no object"]),
        (
            "# Source: a.yaml\na: b\n",
            ["a.yaml: apiVersion is missing", "a.yaml: kind is missing"],
        ),
    ],
)
def test_helm_3_stores_what_it_cannot_build(answer: str, expected: list[str]) -> None:
    outcome = helm3(answer)

    assert list(outcome.errors) == expected
    assert outcome.text.startswith(answer)


def test_helm_3_overlooks_what_follows_the_end_of_a_document() -> None:
    outcome = helm3(f"{config_map('a')}...\n{config_map('b')}")

    assert [each.title for each in outcome.manifests] == ["ConfigMap a"]
    assert [each.entry.title for each in outcome.lost] == ["ConfigMap b"]


TWICE = stream(config_map("a"), config_map("b"), config_map("a"))


def test_an_object_that_is_there_twice_fails_on_helm_3() -> None:
    assert helm3(TWICE).errors == [
        "ConfigMap a: the object is there twice, and an installation fails when it exists already"
    ]
    assert helm3(stream("kind: A\napiVersion: v1\n", "kind: A\napiVersion: v1\n")).errors == []


def test_of_an_object_that_is_there_twice_the_last_one_wins_on_helm_4() -> None:
    outcome = helm4(TWICE)

    assert [(each.entry.file, each.message) for each in outcome.warned] == [
        (
            "generated-by-postrender-2.yaml",
            "the object is there twice: this one wins, but with --server-side=false it fails",
        )
    ]
    assert outcome.errors == []


def test_a_hook_may_be_the_same_object_as_a_manifest() -> None:
    outcome = helm4(stream(config_map("a"), config_map("a", "helm.sh/hook: test")))

    assert outcome.warned == []


# -- the output of helm template ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"apiVersion: v1\n", "names no file"),
        (b"---\n# Source: a/b.yaml\na: [\n", "document 1 (a/b.yaml): line 2: did not find"),
        (b"---\n# Source: a/b.yaml\ntext\n", "document 1 (a/b.yaml): the document is no object"),
        (b"---\n# Source: a/b.yaml\na: \xff\n", "line 3: invalid UTF-8"),
    ],
)
def test_what_is_no_output_of_helm_template_is_refused(text: bytes, expected: str) -> None:
    with pytest.raises(StreamError) as caught:
        read_rendered(text)

    assert expected in str(caught.value)


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    text = "\ufeff" + CHART.replace("\n", "\r\n")

    assert handed(text) == handed(CHART)


# -- the command ----------------------------------------------------------------------------------

LABEL = ("--step", "{where: {kind: ConfigMap, name: cfg}, labels: {set: {team: a}}}")
ADD = """\
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests, context):
    before = list(manifests)
    manifests.add({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "added"}})
    before[0].remove()
    for manifest in before[1:]:
        if manifest.kind == "Deployment":
            manifest.set(("metadata", "name"), "renamed")
        if manifest.kind == "Job":
            manifest.delete(("metadata", "annotations", "helm.sh/hook"))
        if manifest.kind == "Ape":
            manifest.set(("metadata", "annotations", "helm.sh/hook"), "test")
            manifest.set(("metadata", "annotations", "FILENAME"), "ape.yaml")
    context.notice("look here")
""".replace("FILENAME", FILENAME)
LEAK = """\
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    raise ValueError("cannot use " + manifests[1].get(("stringData", "password")))
"""


def test_the_summary_tells_what_is_sent_and_what_comes_of_it(postrender: Command) -> None:
    done = postrender("simulate", "--helm", "4", *LABEL, stdin=CHART)

    assert (done.code, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
Helm 4 hands over 7 documents:
    shop/templates/Cfg.yaml: ConfigMap upper
    shop/templates/a_web.yaml: Deployment shop/web
    shop/templates/ape.yaml: Ape ape
    shop/templates/cfg.yaml: ConfigMap cfg
    shop/templates/migrate.yaml: Job migrate (pre-install, post-delete)
    shop/templates/tests/test.yaml: Pod test (test)
    shop/templates/webhook.yaml: MutatingWebhookConfiguration hook
the steps answer with 7 documents
Helm 4 installs 5 manifests and 2 hooks:
    shop/templates/Cfg.yaml: ConfigMap upper
  ~ shop/templates/cfg.yaml: ConfigMap cfg
    shop/templates/a_web.yaml: Deployment shop/web
    shop/templates/webhook.yaml: MutatingWebhookConfiguration hook
    shop/templates/ape.yaml: Ape ape
    shop/templates/tests/test.yaml: Pod test (test)
    shop/templates/migrate.yaml: Job migrate (pre-install, post-delete)
"""
    )


def test_the_summary_marks_what_happens_to_documents(postrender: Command, install: Install) -> None:
    install("add", ADD)

    done = postrender("simulate", "--helm", "4", "--step", "add:", stdin=CHART)

    assert (done.code, done.stderr) == (0, "postrender: step 1 (add): look here\n")
    assert (
        done.stdout.partition("the steps answer")[2]
        == """\
 with 7 documents
Helm 4 installs 5 manifests and 2 hooks:
    shop/templates/cfg.yaml: ConfigMap cfg
  + shop/templates/~.postrender-000001.yaml: ConfigMap added
  ~ shop/templates/a_web.yaml: Deployment shop/renamed -- was Deployment shop/web
  ~ shop/templates/migrate.yaml: Job migrate -- no longer a hook
    shop/templates/webhook.yaml: MutatingWebhookConfiguration hook
    shop/templates/tests/test.yaml: Pod test (test)
  ~ ape.yaml: Ape ape (test) -- was in shop/templates/ape.yaml; made a hook
what is not installed:
  - shop/templates/Cfg.yaml: ConfigMap upper
"""
    )


def test_the_summary_has_two_streams_with_separate(postrender: Command) -> None:
    done = postrender(
        "simulate", "--helm", "4", "--strategy", "separate", "--no-chain", stdin=CHART
    )

    assert [line for line in done.stdout.split("\n") if not line.startswith(" ")] == [
        "Helm 4 hands over the hooks, 2 documents:",
        "the steps answer with 2 documents",
        "Helm 4 hands over the manifests, 5 documents:",
        "the steps answer with 5 documents",
        "Helm 4 installs 5 manifests and 2 hooks:",
        "",
    ]


def test_on_helm_3_the_hooks_are_told_too(postrender: Command) -> None:
    done = postrender("simulate", "--helm", "3", *LABEL, stdin=CRD + CHART)

    assert done.code == 0
    assert (
        done.stdout.partition("installs ")[2]
        == """\
6 manifests and 2 hooks:
    shop/crds/crd.yaml: CustomResourceDefinition apes.zoo.example
    shop/templates/Cfg.yaml: ConfigMap upper
  ~ shop/templates/cfg.yaml: ConfigMap cfg
    shop/templates/a_web.yaml: Deployment shop/web
    shop/templates/ape.yaml: Ape ape
    shop/templates/webhook.yaml: MutatingWebhookConfiguration hook
    shop/templates/tests/test.yaml: Pod test (test)
    shop/templates/migrate.yaml: Job migrate (pre-install, post-delete)
"""
    )


def test_a_hook_made_on_helm_3_is_told_to_be_none(postrender: Command, install: Install) -> None:
    install("add", ADD)

    done = postrender("simulate", "--helm", "3", "--step", "add:", stdin=CHART)

    assert (
        "  ~ shop/templates/ape.yaml: Ape ape (test) -- made a hook; Helm 3 took the hooks out"
        " before: this is an ordinary object, and uninstall leaves it behind\n"
    ) in done.stdout


@pytest.mark.parametrize("major", ["3", "4"])
def test_the_answer_is_what_the_filter_makes_of_the_input(postrender: Command, major: str) -> None:
    sent = postrender("simulate", "--helm", major, "--show", "input", stdin=CHART).stdout

    answer = postrender("simulate", "--helm", major, "--show", "answer", *LABEL, stdin=CHART)

    assert answer.stdout == postrender(*LABEL, stdin=sent).stdout
    assert "    team: a\n" in answer.stdout


def test_streams_of_two_groups_are_shown_as_one(postrender: Command) -> None:
    command = ("simulate", "--helm", "4", "--strategy", "separate", "--show", "input")

    done = postrender(*command, stdin=CHART)

    names = [manifest.name for manifest in Manifests.parse(done.stdout.encode())]
    assert names == ["migrate", "test", "upper", "web", "ape", "cfg", "hook"]


def test_the_strategy_that_the_steps_are_told_is_that_of_the_host(postrender: Command) -> None:
    command = ("simulate", "--helm", "4", "--post-render-strategy", "nohooks", "--json")

    done = postrender(*command, stdin=CHART)

    assert json.loads(done.stdout)["strategy"] == "nohooks"
    assert len(json.loads(done.stdout)["streams"][0]["documents"]) == 5


def test_the_result_is_what_helm_template_prints(postrender: Command) -> None:
    text = CRD + chart(config_map("a", "helm.sh/hook: test")) + chart(config_map("b"))

    done = postrender("simulate", "--helm", "4", "--show", "result", "--no-chain", stdin=text)

    assert (done.code, done.stdout) == (
        0,
        CRD + chart(config_map("b")) + chart(config_map("a", "helm.sh/hook: test")) + "\n",
    )


def test_json_has_all_of_it(postrender: Command, install: Install) -> None:
    install("add", ADD)
    text = (
        chart(config_map("a"))
        + chart(config_map("b"))
        + chart(config_map("c").replace("ConfigMap", "Ape"))
    )

    done = postrender("simulate", "--helm", "4", "--json", "--step", "add:", stdin=text)

    file, api = {"file": "shop/templates/a.yaml"}, {"apiVersion": "v1"}
    first = {**file, **api, "kind": "ConfigMap", "namespace": "", "name": "a", "hook": []}
    second = {**file, **api, "kind": "Ape", "namespace": "", "name": "c", "hook": []}
    kept = {**first, "name": "b"}
    added = {**first, "file": "shop/templates/~.postrender-000001.yaml", "name": "added"}
    ape = {**second, "file": "ape.yaml", "hook": ["test"]}
    assert json.loads(done.stdout) == {
        "helm": 4,
        "strategy": "combined",
        "streams": [{"group": "", "documents": [first, kept, second], "answered": 3}],
        "manifests": [
            {**kept, "change": "unchanged", "notes": []},
            {**added, "change": "added", "notes": []},
        ],
        "hooks": [
            {
                **ape,
                "change": "changed",
                "notes": ["was in shop/templates/a.yaml", "made a hook"],
            }
        ],
        "gone": [{**first, "change": "removed", "notes": []}],
        "notices": ["step 1 (add): look here"],
        "error": None,
    }


def test_a_step_that_fails_ends_it_behind_what_was_sent(
    postrender: Command, install: Install
) -> None:
    install("leak", LEAK)
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n"
    text = CHART + chart(secret + "stringData:\n  password: correct-horse\n")
    text = chart(config_map("a")) + chart(secret + "stringData:\n  password: correct-horse\n")

    done = postrender("simulate", "--helm", "3", "--step", "leak:", stdin=text)
    data = postrender("simulate", "--helm", "3", "--step", "leak:", "--json", stdin=text)

    assert done.code == data.code == 3
    assert (
        done.stdout
        == """\
Helm 3 hands over 2 documents:
    shop/templates/a.yaml: Secret s
    shop/templates/a.yaml: ConfigMap a
"""
    )
    assert "step 1 (leak)" in done.stderr
    assert json.loads(data.stdout)["error"]["exitCode"] == 3
    assert json.loads(data.stdout)["streams"][0]["answered"] is None
    assert "correct-horse" not in data.stdout + done.stdout


def test_what_the_host_refuses_is_an_error(postrender: Command) -> None:
    text = chart("kind: List\napiVersion: v1\nitems: []\n")

    done = postrender("simulate", "--helm", "4", "--no-chain", stdin=text)

    assert done.code == 1
    assert done.stdout == "Helm 4 hands over 0 documents\nthe steps answer with 0 documents\n"
    assert done.stderr == (
        "postrender: error: Helm 4 refuses the answer: the post-renderer produced empty output;"
        " a comment is enough for a release without objects\n"
    )


def test_a_chart_that_renders_nothing_is_an_empty_release(postrender: Command) -> None:
    for major in ("3", "4"):
        done = postrender("simulate", "--helm", major)

        assert (done.code, done.stderr) == (0, UNCONFIGURED)
        assert done.stdout == (
            f"Helm {major} hands over 0 documents\n"
            "the steps answer with 0 documents\n"
            f"Helm {major} installs 0 manifests and 0 hooks\n"
        )


def test_without_steps_it_says_so_where_they_would_have_run(postrender: Command) -> None:
    stream = chart("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")

    assert postrender("simulate", "--helm", "4", stdin=stream).stderr == UNCONFIGURED
    for option in (["--no-chain"], ["--show", "input"]):
        assert postrender("simulate", "--helm", "4", *option, stdin=stream).stderr == ""


def test_nothing_is_shown_of_a_release_that_the_host_refuses(postrender: Command) -> None:
    text = chart("kind: List\napiVersion: v1\nitems: []\n")

    done = postrender("simulate", "--helm", "4", "--no-chain", "--show", "result", stdin=text)

    assert (done.code, done.stdout) == (1, "")


def test_what_the_host_cannot_build_is_an_error(postrender: Command) -> None:
    done = postrender("simulate", "--helm", "3", "--no-chain", stdin=CRD.replace("kind", "king"))

    assert done.code == 1
    assert "Helm 3 installs 1 manifest and 0 hooks:\n" in done.stdout
    assert done.stderr.startswith(
        "postrender: error: Helm 3 stores the answer, and fails to build the objects of it: "
    )


def test_objects_without_metadata_are_told(postrender: Command) -> None:
    done = postrender("simulate", "--helm", "3", "--no-chain", stdin=chart(OBJECT))

    assert done.stdout.endswith("1 manifest and 0 hooks:\n    shop/templates/a.yaml: A\n")


def test_names_cannot_steer_a_terminal(postrender: Command) -> None:
    text = chart(config_map('"\\e[2J"'))

    done = postrender("simulate", "--helm", "3", stdin=text)

    assert "ConfigMap \\x1b[2J" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "--helm is missing; write --helm 3 or --helm 4"),
        (("--helm", "2"), "unknown value `2` of --helm; known are 3, 4"),
        (
            ("--helm", "4", "--strategy", "seperate"),
            "unknown value `seperate` of --strategy; did you mean `separate`?",
        ),
        (
            ("--helm", "3", "--strategy", "separate"),
            "--strategy is for Helm 4; Helm 3 hands no hooks over",
        ),
        (
            ("--helm", "3", "--show", "all"),
            "unknown value `all` of --show; known are answer, input, result",
        ),
        (("--helm", "3", "--show", "input", "--json"), "--show and --json exclude each other"),
        (("--helm", "3", "--step", "lables:"), "lables"),
    ],
)
def test_a_mistake_in_the_arguments_is_told(
    postrender: Command, arguments: tuple[str, ...], expected: str
) -> None:
    done = postrender("simulate", *arguments, stdin=CHART)

    assert (done.code, done.stdout) == (2, "")
    assert expected in done.stderr


def test_the_help_says_what_cannot_be_known(postrender: Command) -> None:
    done = postrender("simulate", "--help")

    assert done.code == 0
    assert "What the output of `helm template` does not tell:\n" in done.stdout
