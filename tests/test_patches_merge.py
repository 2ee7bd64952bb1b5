"""The plugin patches: merges as the API server makes them, and what it refuses in them."""

from typing import Any

import pytest

from postrender import ConfigError, EditError, Pipeline, PostrenderError
from postrender.testing import render, result

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  finalizers: [a, b, c]
spec:
  containers:
  - name: a # first
    image: x
    ports:
    - {containerPort: 53, protocol: UDP}
    - {containerPort: 80}
  - name: b # second
  - name: c # third
  topologySpreadConstraints:
  - {topologyKey: zone, whenUnsatisfiable: DoNotSchedule}
  - {topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}
  - {topologyKey: host}
  tolerations:
  - {key: x}
  nodeSelector: {disk: ssd}
"""

END = "the end"  # stands for what is added behind the pod


def entry(patch: Any, **more: Any) -> dict[str, Any]:
    """Return an entry for the pod."""
    return {"target": {"name": "web"}, "patch": patch, **more}


def merged(patch: str, stream: str = POD, *, once: bool = False, **options: Any) -> str:
    """Return the stream after a merge."""
    return render("patches", stream, entries=[entry(patch, options=options)], idempotent=not once)


def refusal(patch: str, stream: str = POD, **options: Any) -> str:
    """Return the error of a merge, without the step and the object."""
    with pytest.raises(EditError) as caught:
        merged(patch, stream, **options)
    return str(caught.value).removeprefix("step 1 (patches): document 1, Pod web, ")


def notices(patch: str, stream: str = POD) -> list[str]:
    """Return what is told of a merge."""
    done = result("patches", stream, entries=[entry(patch)], idempotent=False)
    return [str(notice).removeprefix("step 1 (patches): ") for notice in done.notices]


def names(stream: str) -> str:
    """Return the names of the containers, in their order."""
    return "".join(line[10] for line in stream.splitlines() if line.startswith("  - name: "))


# -- maps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patch", "old", "new"),
    [
        ("spec: {nodeSelector: {disk: null}}", "{disk: ssd}", "{}"),
        ("spec: {nodeSelector: null}", "  nodeSelector: {disk: ssd}\n", ""),
        ("spec: {nodeSelector: {$patch: delete}}", "  nodeSelector: {disk: ssd}\n", ""),
        ("spec: {nodeSelector: {$patch: replace, a: b}}", "{disk: ssd}", "{a: b}"),
        ("spec: {nodeSelector: {$patch: merge, a: b}}", "{disk: ssd}", "{disk: ssd, a: b}"),
        ("spec: {nodeSelector: {$retainKeys: [a], a: b}}", "{disk: ssd}", "{a: b}"),
        ("spec: {nodeSelector: {$retainKeys: [disk], a: null}}", "", ""),
        ("spec: {nodeSelector: {none: null}}", "", ""),
        ("spec: {none: {$patch: delete}}", "", ""),
        ("spec: {none: null}", "", ""),
        (
            "spec: {affinity: {a: null, b: {$patch: delete}, c: {}}}",
            END,
            "  affinity:\n    c: {}\n",
        ),
        ("spec: {overhead: {$retainKeys: [a], a: b}}", END, "  overhead:\n    a: b\n"),
        ("spec: {nodeSelector: {}}", "", ""),
        (
            "spec: {volumes: [{$patch: replace}, {name: a, $patch: delete}, {name: b}]}",
            END,
            "  volumes:\n  - name: b\n",
        ),
    ],
)
def test_a_map_is_merged_into_a_map(patch: str, old: str, new: str) -> None:
    expected = POD + new if old == END else POD.replace(old, new)

    assert merged(patch) == (expected if old else POD)


def test_a_value_that_is_null_counts_as_none() -> None:
    stream = POD.replace("{disk: ssd}", "null")

    assert merged("spec: {nodeSelector: {a: b}}", stream) == POD.replace(
        "disk: ssd", "a: b"
    ).replace("nodeSelector: {a: b}", "nodeSelector:\n    a: b")


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        (
            "spec: {nodeSelector: {$patch: remove}}",
            "/spec/nodeSelector/$patch: remove is nothing that $patch may say; there are delete,"
            " replace, merge",
        ),
        (
            "spec: {nodeSelector: {$patch: [1]}}",
            "/spec/nodeSelector/$patch: what it holds is nothing that $patch may say; there are",
        ),
        (
            "spec: {new: {deep: [{$patch: remove}]}}",
            "/spec/new/deep/0/$patch: remove is nothing that $patch may say",
        ),
        ("spec: {new: {$path: replace}}", "/spec/new/$path: there is no such directive; there are"),
        (
            "spec: {$retainkeys: [a]}",
            "/spec/$retainkeys: there is no such directive; there are $pa",
        ),
        ("$retainKeys: a", "/$retainKeys: is no list of keys"),
        ("spec: {$retainKeys: a}", "/spec/$retainKeys: is no list of keys"),
        (
            "spec: {$retainKeys: [a], b: 1}",
            "/spec/b: the patch sets `b`, which $retainKeys does not keep; name it in $retainKeys",
        ),
        (
            "spec: {$setElementOrder/containers: a}",
            "/spec/$setElementOrder~1containers: is no list",
        ),
        ("spec: {$deleteFromPrimitiveList/a: b}", "/spec/$deleteFromPrimitiveList~1a: is no list"),
        (
            "spec: {containers: {a: b}}",
            "/spec/containers: the patch has a map where the object has a list; remove the old"
            " value with null first, or say `allowTypeChange: true`",
        ),
        (
            "spec: {nodeSelector: [a]}",
            "/spec/nodeSelector: the patch has a list where the object has",
        ),
        (
            "spec: {nodeSelector: a}",
            "/spec/nodeSelector: the patch has a scalar where the object has",
        ),
        (
            "kind: Pod\nmetadata: {name: {a: b}}\nspec: {nodeSelector: {disk: {a: b}}}",
            "/spec/nodeSel",
        ),
    ],
)
def test_what_makes_no_sense_in_a_map_is_refused(patch: str, told: str) -> None:
    assert refusal(patch).startswith(told)


def test_types_may_change_on_request() -> None:
    def changed(patch: str) -> str:
        return merged(patch, allowTypeChange=True)

    assert changed("spec: {nodeSelector: [a]}") == POD.replace("{disk: ssd}", "[a]")
    assert changed("spec: {nodeSelector: a}") == POD.replace("{disk: ssd}", "a")
    assert changed("spec: {tolerations: {a: b}}") == POD.replace(
        "tolerations:\n  - {key: x}\n", "tolerations:\n    a: b\n"
    )


def test_a_map_whose_strategy_is_to_be_replaced_is_replaced() -> None:
    budget = (
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\nspec:\n"
        "  selector: {matchLabels: {a: b}}\n"
    )

    assert merged("spec: {selector: {matchLabels: {c: d}}}", budget) == budget.replace(
        "a: b", "c: d"
    )
    assert merged("spec: {selector: {$patch: delete}}", budget) == budget.replace(
        "\n  selector: {matchLabels: {a: b}}", " {}"
    )


def test_below_a_list_that_the_step_has_keys_for_the_types_of_kubernetes_count() -> None:
    schema = "properties: {a: {x-kubernetes-validations: [%s]}, b: {type: %s}}"
    version = "  - {name: v1, schema: {openAPIV3Schema: {%s}}}\n"
    stream = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: web}\nspec:\n  versions:\n" + version
    )
    patch = "spec:\n  versions:\n" + version % (schema % ("{rule: z}", "object"))
    options = {"entries": [entry(patch)], "mergeKeys": {"spec/versions": "name"}}

    assert render("patches", stream % (schema % ("{rule: x}", "string")), **options) == (
        stream % (schema % ("{rule: z}, {rule: x}", "object"))
    )


def test_keys_of_json_schema_are_no_directives() -> None:
    schema = "spec: {versions: [{schema: {openAPIV3Schema: {$ref: a, $schema: b}}}]}"
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: web}\n"
    )

    assert "$ref: a" in merged(schema, crd)


# -- lists of maps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "order"),
    [
        ("{name: c, image: x}", "abc"),
        ("{name: m}", "mabc"),
        ("{name: a}, {name: m}", "ambc"),
        ("{name: m}, {name: c}", "mabc"),
        ("{name: c}, {name: a}", "bca"),
        ("{name: c}, {name: b}, {name: a}", "cba"),
        ("{name: b, $patch: delete}", "ac"),
        ("{name: b, $patch: delete}, {name: m}", "mac"),
        ("{name: a, $patch: delete}, {name: b, $patch: delete}, {name: c, $patch: delete}", ""),
        ("{name: none, $patch: delete}", "abc"),
        ("{$patch: replace}, {name: m}, {name: b}, {name: x, $patch: delete}", "mb"),
        ("", "abc"),
    ],
)
def test_the_items_of_a_list_stand_in_the_order_of_the_api_server(items: str, order: str) -> None:
    out = merged(f"spec: {{containers: [{items}]}}")

    assert names(out) == order


def test_items_that_need_not_move_keep_their_comments() -> None:
    out = merged("spec: {containers: [{name: c}, {name: a}]}")

    assert "  - name: b # second\n  - name: c # third\n  - name: a\n    image: x\n" in out


@pytest.mark.parametrize(
    ("patch", "order"),
    [
        ("$setElementOrder/containers: [{name: c}, {name: a}, {name: b}]", "cab"),
        ("$setElementOrder/containers: [{name: c}, {name: none}]", "abc"),
        ("$setElementOrder/containers: [{name: b}, {name: a}]", "bac"),
        (
            "containers: [{name: m}, {name: a}],"
            " $setElementOrder/containers: [{name: b}, {name: m}, {name: a}, {name: z}]",
            "bmac",
        ),
        (
            "containers: [{name: m}, {name: c, $patch: delete}],"
            " $setElementOrder/containers: [{name: a}, {name: b}, {name: m}]",
            "abm",
        ),
        ("$setElementOrder/none: [{name: b}]", "abc"),
        ("$setElementOrder/nodeSelector: [b]", "abc"),
    ],
)
def test_a_patch_may_give_the_whole_order(patch: str, order: str) -> None:
    assert names(merged(f"spec: {{{patch}}}")) == order


def test_new_items_may_stand_at_the_end() -> None:
    patch = "{metadata: {finalizers: [z]}, spec: {containers: [{name: m}, {name: b, image: y}]}}"
    out = merged(patch, newItems="append")

    assert names(out) == "abcm"
    assert "finalizers: [a, b, c, z]" in out


@pytest.mark.parametrize(
    ("port", "old", "new"),
    [
        (
            "{containerPort: 80, name: http}",
            "{containerPort: 80}",
            "{containerPort: 80, name: http}",
        ),
        (
            "{containerPort: 80, protocol: TCP}",
            "{containerPort: 80}",
            "{containerPort: 80, protocol: TCP}",
        ),
        (
            "{containerPort: 53, name: dns}",
            "protocol: UDP}",
            "protocol: UDP, name: dns}",
        ),
        (
            "{containerPort: 53, protocol: TCP}",
            "    - {containerPort: 53",
            "    - containerPort: 53\n      protocol: TCP\n    - {containerPort: 53",
        ),
        ("{containerPort: 53, $patch: delete}", "    - {containerPort: 53, protocol: UDP}\n", ""),
        ("{containerPort: 80, protocol: UDP, $patch: delete}", "", ""),
    ],
)
def test_items_with_several_keys_are_told_apart_by_all_of_them(
    port: str, old: str, new: str
) -> None:
    patch = f"spec: {{containers: [{{name: a, ports: [{port}]}}]}}"

    assert merged(patch) == (POD.replace(old, new) if old else POD)


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        (
            "spec: {containers: [{image: y}]}",
            "/spec/containers/0: the item has no `name`, which tells the items apart",
        ),
        (
            "spec: {containers: [{name: a}, {name: a}]}",
            "/spec/containers: two items of the patch are for the same item of the list",
        ),
        (
            "spec: {containers: [{name: m}, {name: m}]}",
            "/spec/containers: two items of the patch are for the same item of the list",
        ),
        (
            "spec: {containers: [{name: a, $patch: merge}]}",
            "/spec/containers/0/$patch: an item of a list cannot say merge",
        ),
        (
            "spec: {containers: [{name: a, $patch: replace}]}",
            "/spec/containers/0: `$patch: replace` stands among other members of an item; for the",
        ),
        (
            "spec: {containers: [a]}",
            "/spec/containers: the list has maps as well as other items, so it cannot be merged",
        ),
        (
            "metadata: {finalizers: [{a: b}]}",
            "/metadata/finalizers: nothing says what tells the items of this list apart; say it in",
        ),
        (
            "metadata: {finalizers: [{a: b}, c]}",
            "/metadata/finalizers: the list has maps as well as other items, so it cannot be",
        ),
        (
            "spec: {topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1}]}",
            "/spec/topologySpreadConstraints: several items fit the one of the patch, without"
            " `whenUnsatisfiable`",
        ),
        (
            "spec: {containers: [{name: b}, {name: a}], $setElementOrder/containers: [{name: a}]}",
            "/spec/$setElementOrder~1containers: the items of the patch do not stand here in their",
        ),
        (
            "metadata: {finalizers: [b, a], $setElementOrder/finalizers: [a, b]}",
            "/metadata/$setElementOrder~1finalizers: the items of the patch do not stand here in",
        ),
        (
            "spec: {$setElementOrder/containers: [a]}",
            "/spec/containers: is no map, as the items of the list are",
        ),
        (
            "spec: {tolerations: [{key: x, $patch: delete}]}",
            "/spec/tolerations/0/$patch: this list is replaced as a whole; write the whole list",
        ),
    ],
)
def test_what_makes_no_sense_in_a_list_is_refused(patch: str, told: str) -> None:
    assert refusal(patch).startswith(told)


def test_items_that_are_no_maps_are_refused_where_maps_are_told_apart() -> None:
    stream = POD.replace("  - name: c # third\n", "  - c\n")

    assert refusal("spec: {containers: [{name: a}]}", stream) == (
        "/spec/containers: the list has maps as well as other items, so it cannot be merged"
    )
    assert (
        names(
            merged(
                "spec: {containers: [{name: b, $patch: delete}]}",
                POD.replace("  - name: c # third\n", "  - image: x\n"),
            )
        )
        == "a"
    )


def test_containers_of_one_name_are_refused_and_other_twins_are_told() -> None:
    twins = POD.replace("name: b", "name: a")
    env = POD.replace("    image: x\n", "    env: [{name: A, value: one}, {name: A, value: two}]\n")
    patch = "spec: {containers: [{name: a, env: [{name: A, value: three}]}]}"

    assert refusal("spec: {containers: [{name: a, image: z}]}", twins) == (
        "/spec/containers: several items have the same `name`"
    )
    assert merged(patch, env) == env.replace("two", "three")
    assert notices(patch, env) == [
        "document 1, Pod web, /spec/containers/0/env/1: several items have the same `name`; the"
        " last one, which counts, is patched"
    ]


# -- other lists -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("finalizers: [c]", "[a, b, c]"),
        ("finalizers: [m]", "[m, a, b, c]"),
        ("finalizers: [b, m, b]", "[a, b, m, c]"),
        ("finalizers: [c, a]", "[b, c, a]"),
        ("$deleteFromPrimitiveList/finalizers: [a, c, z]", "[b]"),
        ("finalizers: [m], $deleteFromPrimitiveList/finalizers: [a]", "[m, b, c]"),
        ("$setElementOrder/finalizers: [c, b, z]", "[a, c, b]"),
        ("finalizers: [m], $setElementOrder/finalizers: [c, m, a]", "[b, c, m, a]"),
        ("$deleteFromPrimitiveList/none: [a]", "[a, b, c]"),
        ("finalizers: []", "[a, b, c]"),
    ],
)
def test_scalars_are_merged_as_a_set(patch: str, expected: str) -> None:
    once = "$delete" in patch and "[m]" in patch

    assert merged(f"metadata: {{{patch}}}", once=once) == POD.replace("[a, b, c]", expected)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ("[{key: x}, {key: z}]", "  - {key: x}\n  - key: z\n"),
        ("[{$patch: replace}, {key: z}]", "  - {key: z}\n"),
        ("[{key: z}, {key: x}]", "  - key: z\n  - {key: x}\n"),
        ("[{key: x, effect: null}]", "  - {key: x, effect: null}\n"),
        ("[]", None),
        ("[{key: 1}]", "  - {key: 1}\n"),
        ("[a]", "  - a\n"),
    ],
)
def test_a_list_that_is_not_merged_is_replaced_by_small_edits(
    items: str, expected: str | None
) -> None:
    out = merged(f"spec: {{tolerations: {items}}}")

    assert out == (
        POD.replace("  - {key: x}\n", expected)
        if expected
        else POD.replace("tolerations:\n  - {key: x}\n", "tolerations: []\n")
    )


def test_true_is_not_one() -> None:
    stream = POD.replace("[a, b, c]", "[1, true]")

    assert merged("metadata: {finalizers: [true]}", stream) == stream


def test_of_a_custom_kind_the_replacement_of_maps_is_told() -> None:
    stream = "apiVersion: a/v1\nkind: B\nmetadata: {name: web}\nitems:\n- {name: x}\nmore: [1]\n"
    told = (
        "document 1, B web, /items: the list is replaced as a whole, since nothing says what tells"
        " its items apart; `mergeKeys` can say it"
    )

    assert notices("items: [{name: z}]", stream) == [told]
    assert notices("items: [{name: x}]\nmore: [2]", stream) == []
    assert notices("more: [{name: x}]\n", stream.replace("[1]", "[]")) == []


@pytest.mark.parametrize(
    ("crd", "expected"),
    [
        ("spec: {version: v1, validation: {openAPIV3Schema: %s}}", "[{id: 2}, {id: 1}]"),
        ("spec: {versions: [{name: v1}], validation: {openAPIV3Schema: %s}}", "[{id: 2}, {id: 1}]"),
        ("spec: {versions: [{name: v1, schema: {openAPIV3Schema: %s}}]}", "[{id: 2}, {id: 1}]"),
        ("spec: {versions: [{name: v2, schema: {openAPIV3Schema: %s}}]}", "[{id: 2}]"),
        ("spec: {versions: [{name: v1}, odd], validation: odd, other: %s}", "[{id: 2}]"),
        ("spec: odd\nother: %s", "[{id: 2}]"),
    ],
)
def test_definitions_of_every_age_say_how_lists_are_merged(crd: str, expected: str) -> None:
    items = (
        "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [id],"
        " items: {type: object}}"
    )
    definition = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
    )
    text = crd % f"{{type: object, properties: {{items: {items}}}}}"
    if "spec: {" in text:
        text = text.replace("spec: {", "spec: {group: a, names: {kind: B}, ", 1)
    stream = "apiVersion: a/v1\nkind: B\nmetadata: {name: web}\nitems: [{id: 1}]\n"

    out = merged("items: [{id: 2}]", f"{stream}---\n{definition}{text}\n")

    assert out.startswith(stream.replace("[{id: 1}]", expected))


@pytest.mark.parametrize("version", ["apps/v1", "apps/v1beta1", "extensions/v1beta1", "apps/v9"])
def test_every_version_of_a_kind_is_merged_as_its_best_known_one(version: str) -> None:
    stream = (
        f"apiVersion: {version}\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n"
        "    spec:\n      containers: [{name: a}, {name: b}]\n"
    )
    patch = "spec: {template: {spec: {containers: [{name: b, image: x}]}}}"

    assert merged(patch, stream) == stream.replace("{name: b}", "{name: b, image: x}")


def test_what_is_not_of_kubernetes_has_no_keys_of_kubernetes() -> None:
    stream = (
        "apiVersion: acme.example/v1\nkind: Pod\nmetadata: {name: web}\n"
        "spec: {containers: [{name: a}]}\n"
    )

    assert merged("spec: {containers: [{name: b}]}", stream) == stream.replace(
        "{name: a}", "{name: b}"
    )


def test_a_merge_that_is_told_to_be_of_rfc_7386_knows_no_directives() -> None:
    patch = "{spec: {containers: [{name: m}], nodeSelector: {$patch: replace}}}"
    out = render("patches", POD, entries=[entry(patch, type="merge")])

    assert names(out) == "m"
    assert "{disk: ssd, $patch: replace}" in out


def test_a_strategic_merge_may_be_asked_for() -> None:
    out = render(
        "patches", POD, entries=[entry("spec: {containers: [{name: m}]}", type="strategic")]
    )

    assert names(out) == "mabc"


def test_the_table_knows_scopes_and_keys() -> None:
    from postrender_plugins._merge.table import Table

    table = Table()
    kinds = {name: table.kind(name) for name in ("v1/Node", "apps/v1/Deployment", "a.b/v1/C")}

    assert [kind and kind.is_namespaced for kind in kinds.values()] == [False, True, None]
    deployment = kinds["apps/v1/Deployment"]
    assert deployment is not None
    spec = deployment.type.field("spec").type
    pod = spec.field("template").type.field("spec").type
    containers = pod.field("containers")
    assert (containers.strategy, containers.keys) == ("merge", ("name",))
    assert containers.type.field("ports").keys == ("containerPort", "protocol")
    assert pod.field("volumes").strategy == "merge,retainKeys"
    assert spec.field("strategy").strategy == "retainKeys"
    assert table.type("*core.v1.PodSpec").field("any").type.field("containers").keys == ("name",)


def test_patches_are_part_of_the_chain() -> None:
    steps = [
        {"labels": {"set": {"team": "core"}}},
        {"patches": [{"target": {"labels": "team=core"}, "patch": "spec: {nodeName: m}"}]},
    ]

    assert Pipeline.from_dict({"steps": steps}).run(POD.encode()).endswith(b"  nodeName: m\n")


def test_errors_have_the_exit_codes_of_their_kinds() -> None:
    with pytest.raises(PostrenderError) as caught:
        merged("spec: {containers: [{}]}")
    assert caught.value.exit_code == 1
    with pytest.raises(ConfigError):
        render("patches", POD, entries=[{"patch": "a: b"}])
