"""`postrender explain`: which step set a field of an object, from what to what."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import UNCONFIGURED, Command, Done, Install

from postrender import Manifest, Manifests
from postrender._trace.kinds import is_called
from postrender._trace.provenance import fate, find, history

STREAM = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app.kubernetes.io/name: web
    team: a
spec:
  replicas: 2
  paused: false
  template:
    spec:
      containers:
      - name: log
        image: log:1
      - name: app
        image: app:1
        ports:
        - {containerPort: 80, name: http}
        - {containerPort: 443}
---
apiVersion: v1
kind: Service
metadata:
  name: web
"""


def steps(*texts: str) -> list[str]:
    """Return the arguments for steps."""
    return [word for text in texts for word in ("--step", text)]


TEAMS = steps("{name: first, labels: {set: {team: b}}}", "labels: {set: {team: c}}")

#: A plugin whose step runs the lines that it is given, each on every manifest that it sees.
DO = """
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests, options):
    for manifest in list(manifests):
        exec(options["it"], {"manifest": manifest, "manifests": manifests})
"""


def do(*lines: str, where: str = "{}") -> str:
    """Return a step that runs Python lines on what is selected."""
    return f"{{where: {where}, do: {{it: {json.dumps(chr(10).join(lines))}}}}}"


@pytest.fixture
def explain(postrender: Command, install: Install, folder: Path) -> Command:
    """Run `postrender explain` with the plugin `do`, and no steps but those of the arguments."""
    install("do", DO)
    (folder / "postrender.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps: []\n"
    )

    def run(*arguments: str, stdin: str | bytes = "") -> Done:
        return postrender("explain", *arguments, stdin=stdin)

    return run


# -- what is told ---------------------------------------------------------------------------------


def test_the_history_of_a_field_is_told_in_order(explain: Command) -> None:
    assert explain("deploy/web", "/metadata/labels/team", *TEAMS, stdin=STREAM) == Done(
        0,
        "Deployment shop/web, document 1 (shop/templates/web.yaml)\n"
        '  step 1 (first: labels): set /metadata/labels/team from "a" to "b"\n'
        '  step 2 (labels): set /metadata/labels/team from "b" to "c"\n',
        "",
    )


def test_without_a_path_every_edit_of_the_object_is_told(explain: Command) -> None:
    chain = steps(
        do("manifest.set(('spec', 'replicas'), 3)", "manifest.delete(('spec', 'paused'))"),
        do("manifest.set(('metadata', 'annotations'), {'a': 'b'})", where="{kind: Deployment}"),
    )

    done = explain("deploy/web", *chain, stdin=STREAM)

    assert done.stdout == (
        "Deployment shop/web, document 1 (shop/templates/web.yaml)\n"
        "  step 1 (do): set /spec/replicas from 2 to 3\n"
        "  step 1 (do): removed /spec/paused, which was false\n"
        '  step 2 (do): added /metadata/annotations: {"a": "b"}\n'
    )


def test_a_field_that_no_step_edited_is_as_it_came(explain: Command) -> None:
    done = explain("svc/web", "metadata.name", *TEAMS, stdin=STREAM)

    assert done == Done(0, 'Service web, document 2\n  as it came: "web"\n', "")


def test_an_object_that_no_step_edited_is_as_it_came(explain: Command) -> None:
    assert explain("svc/web", stdin=STREAM) == Done(
        0, "Service web, document 2\n  as it came\n", ""
    )


def test_an_edit_of_a_parent_counts_as_far_as_it_changes_the_field(explain: Command) -> None:
    chain = steps(
        do("manifest.set(('metadata', 'labels'), {'team': 'a', 'x': 'y'})"),
        do("manifest.set(('metadata', 'labels'), {'team': 'b'})"),
        do("manifest.delete(('metadata', 'labels'))"),
        do("manifest.set(('metadata', 'labels'), {'team': 'c'})"),
    )

    done = explain("deploy/web", "metadata.labels.team", *chain, stdin=STREAM)

    assert done.stdout.splitlines()[1:] == [
        '  step 2 (do): set /metadata/labels/team from "a" to "b", by way of /metadata/labels',
        '  step 3 (do): removed /metadata/labels/team, which was "b", by way of /metadata/labels',
        '  step 4 (do): added /metadata/labels/team: "c", by way of /metadata/labels',
    ]


def test_edits_of_children_count(explain: Command) -> None:
    chain = steps("labels: {set: {team: b, tier: x}}", "labels: {remove: [tier]}")

    done = explain("deploy/web", "/metadata", *chain, stdin=STREAM)

    assert done.stdout.splitlines()[1:] == [
        '  step 1 (labels): set /metadata/labels/team from "a" to "b"',
        '  step 1 (labels): added /metadata/labels/tier: "x"',
        '  step 2 (labels): removed /metadata/labels/tier, which was "x"',
    ]


def test_an_item_is_followed_through_what_is_inserted_and_removed_before_it(
    explain: Command,
) -> None:
    containers = "('spec', 'template', 'spec', 'containers'"
    chain = steps(
        do(f"manifest.set({containers}, 1, 'image'), 'app:2')", where="{kind: Deployment}"),
        do(
            f"manifest.insert({containers}, 0), {{'name': 'new', 'image': 'new:1'}})",
            f"manifest.insert({containers}, 3), {{'name': 'last', 'image': 'last:1'}})",
            f"manifest.delete({containers}, 1))",
            where="{kind: Deployment}",
        ),
        do(f"manifest.set({containers}, 1, 'image'), 'app:3')", where="{kind: Deployment}"),
    )

    app = explain("deploy/web", "spec.template.spec.containers[app].image", *chain, stdin=STREAM)
    new = explain("deploy/web", "spec.template.spec.containers[0].image", *chain, stdin=STREAM)
    log = explain("deploy/web", "spec.template.spec.containers[log].image", *chain, stdin=STREAM)
    port = explain("deploy/web", "spec.template.spec.containers[log]", *TEAMS, stdin=STREAM)

    assert app.stdout.splitlines()[1:] == [
        '  step 1 (do): set /spec/template/spec/containers/1/image from "app:1" to "app:2"',
        '  step 3 (do): set /spec/template/spec/containers/1/image from "app:2" to "app:3"',
    ]
    assert new.stdout.splitlines()[1:] == [
        '  step 2 (do): added /spec/template/spec/containers/0/image: "new:1", by way of'
        " /spec/template/spec/containers/0",
    ]
    assert log.stdout.splitlines()[1:] == [
        '  step 2 (do): removed /spec/template/spec/containers/1/image, which was "log:1", by way'
        " of /spec/template/spec/containers/1",
    ]
    assert port.stdout.splitlines()[1:] == ['  as it came: {"name": "log", "image": "log:1"}']


def test_a_field_that_is_there_only_for_a_time_has_a_history(explain: Command) -> None:
    chain = steps("labels: {set: {tier: x}}", "labels: {remove: [tier]}")

    done = explain("deploy/web", "metadata.labels.tier", *chain, stdin=STREAM)

    assert done.stdout.splitlines()[1:] == [
        '  step 1 (labels): added /metadata/labels/tier: "x"',
        '  step 2 (labels): removed /metadata/labels/tier, which was "x"',
    ]


def test_a_long_value_is_cut(explain: Command) -> None:
    step = do("manifest.set(('metadata', 'annotations'), {'a': 'é' * 200})")

    done = explain("svc/web", *steps(step), stdin=STREAM)

    assert done.stdout.splitlines()[1] == (
        "  step 1 (do): added /metadata/annotations: " + '{"a": "' + "é" * 93 + "…"
    )


def test_what_a_terminal_would_obey_is_shown(explain: Command) -> None:
    step = do("manifest.set(('metadata', 'annotations'), {'\\x1b[1m': '\\x9b'})")

    done = explain("svc/web", *steps(step), stdin=STREAM)

    assert done.stdout.splitlines()[1] == (
        '  step 1 (do): added /metadata/annotations: {"\\u001b[1m": "\\x9b"}'
    )


# -- objects over time ----------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["deploy/web", "deploy/new", "deploy/newer", "sts/newer"])
def test_a_renamed_object_is_found_by_its_old_names_and_its_new_one(
    target: str, explain: Command
) -> None:
    chain = steps(
        do("manifest.set(('metadata', 'name'), 'new')", where="{kind: Deployment}"),
        do("manifest.set(('metadata', 'name'), 'newer')", where="{name: new}"),
        do("manifest.set(('kind',), 'StatefulSet')", where="{name: newer}"),
        do("manifest.set(('spec', 'replicas'), 3)", where="{name: newer}"),
    )

    done = explain(target, *chain, stdin=STREAM)

    assert done.stdout == (
        "StatefulSet shop/newer, formerly Deployment shop/web, Deployment shop/new, Deployment"
        " shop/newer, document 1 (shop/templates/web.yaml)\n"
        '  step 1 (do): set /metadata/name from "web" to "new"\n'
        '  step 2 (do): set /metadata/name from "new" to "newer"\n'
        '  step 3 (do): set /kind from "Deployment" to "StatefulSet"\n'
        "  step 4 (do): set /spec/replicas from 2 to 3\n"
    )


def test_an_added_object_has_a_history_of_its_own(explain: Command) -> None:
    chain = steps(
        do(
            "manifests.add({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'a'}})",
            "manifests.add({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'b'}})",
            where="{kind: Service}",
        ),
        "labels: {set: {team: b}}",
    )

    whole = explain("cm/b", *chain, stdin=STREAM)
    name = explain("cm/b", "metadata.name", *chain, stdin=STREAM)

    assert whole.stdout == (
        "ConfigMap b (shop/templates/~.postrender-000002.yaml)\n"
        "  step 1 (do): added it\n"
        '  step 2 (labels): added /metadata/labels/team: "b"\n'
    )
    assert name.stdout.splitlines()[1:] == [
        '  step 1 (do): added /metadata/name: "b", by way of the whole object'
    ]


def test_a_removed_object_is_still_explained(explain: Command) -> None:
    chain = [*TEAMS, *steps(do("manifest.remove()", where="{kind: Deployment}"))]

    whole = explain("deploy/web", *chain, stdin=STREAM)
    team = explain("deploy/web", "metadata.labels.team", *chain, stdin=STREAM)

    assert whole.stdout.splitlines()[-1] == "  step 3 (do): removed it"
    assert team.stdout.splitlines()[-1] == (
        '  step 3 (do): removed /metadata/labels/team, which was "c", by way of the whole object'
    )


def test_an_object_that_is_replaced_says_so(explain: Command) -> None:
    step = do(
        "manifest.set((), {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'x'}})"
    )

    done = explain("svc/x", *steps(step), stdin=STREAM.partition("---\napi")[2].join(["api", ""]))

    assert (
        done.stdout == "Service x, formerly Service web, document 1\n  step 1 (do): replaced it\n"
    )


def test_the_items_of_a_list_are_told_apart(explain: Command) -> None:
    stream = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: a}}\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n"
    )
    chain = steps(
        "{where: {name: a}, labels: {set: {x: a}}}", "{where: {name: b}, labels: {set: {x: b}}}"
    )

    done = explain("po/b", *chain, stdin=stream)

    assert done.stdout == ('Pod b, document 1\n  step 2 (labels): added /metadata/labels/x: "b"\n')


def test_an_object_that_stands_twice_in_the_stream_is_explained_twice(explain: Command) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n"
    hook = pod + "  annotations:\n    helm.sh/hook: test\n"
    step = "{hooks: only, labels: {set: {x: b}}}"

    done = explain("pod/a", *steps(step), stdin=f"{pod}---\n{hook}")

    assert done.stdout == (
        "Pod a, document 1\n  as it came\n"
        'Pod a, document 2\n  step 1 (labels): added /metadata/labels/x: "b"\n'
    )


def test_what_is_done_for_the_host_is_no_steps(explain: Command) -> None:
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n"
        "    postrenderer.helm.sh/postrender-filename: 'shop/web.yaml'\n"
    )
    step = do("manifest.delete(('metadata', 'annotations'))")

    done = explain("pod/web", *steps(step), stdin=stream)

    assert done.stdout.splitlines()[2] == (
        "  for the host: added /metadata/annotations/postrenderer.helm.sh~1postrender-filename:"
        ' "shop/web.yaml"'
    )


# -- Secrets --------------------------------------------------------------------------------------

SECRET = """\
apiVersion: v1
kind: Secret
metadata:
  name: token
stringData:
  password: s3cret-one
  user: s3cret-two
"""
CHANGE = do(
    "manifest.set(('stringData', 'user'), 's3cret-one')",
    "manifest.set(('stringData', 'new'), 's3cret-three')",
)


def test_the_values_of_a_secret_are_hidden(explain: Command) -> None:
    edits = explain("secret/token", *steps(CHANGE), stdin=SECRET)
    password = explain("secret/token", "stringData.password", stdin=SECRET)

    assert edits.stdout == (
        "Secret token, document 1\n"
        '  step 1 (do): set /stringData/user from "(hidden 2)" to "(hidden 1)"\n'
        '  step 1 (do): added /stringData/new: "(hidden 3)"\n'
    )
    assert password.stdout.splitlines()[1] == '  as it came: "(hidden 1)"'


def test_the_values_of_a_secret_are_shown_on_demand(explain: Command) -> None:
    done = explain("secret/token", "--show-secrets", *steps(CHANGE), stdin=SECRET)

    assert done.stdout == (
        "Secret token, document 1\n"
        '  step 1 (do): set /stringData/user from "s3cret-two" to "s3cret-one"\n'
        '  step 1 (do): added /stringData/new: "s3cret-three"\n'
    )


@pytest.mark.parametrize("kinds", [("Secret", "ConfigMap"), ("ConfigMap", "Secret")])
@pytest.mark.parametrize("form", [[], ["--json"]])
@pytest.mark.parametrize("path", [[], ["data"], ["data.k"], ["data.l"]])
def test_what_was_a_secret_or_becomes_one_is_hidden_all_along(
    kinds: tuple[str, str], form: list[str], path: list[str], explain: Command
) -> None:
    chain = steps(
        do("manifest.set(('data', 'k'), 's3cret-two')", "manifest.set(('data', 'l'), 's3cret')"),
        do(f"manifest.set(('kind',), '{kinds[1]}')"),
        do("manifest.set(('data', 'k'), 's3cret-three')"),
        do("manifest.delete(('data', 'l'))"),
    )
    stream = SECRET.replace("stringData", "data").replace("Secret", kinds[0])

    done = explain("secret/token", *path, *form, *chain, stdin=stream)

    assert done.code == 0
    assert "hidden" in done.stdout
    assert "s3cret" not in done.stdout


# -- JSON -----------------------------------------------------------------------------------------


def test_json_has_it_all(explain: Command) -> None:
    chain = [*TEAMS, *steps(do("manifest.delete(('metadata', 'labels'))"))]

    field = explain("deploy/web", "metadata.labels.team", "--json", *chain, stdin=STREAM)
    whole = explain("svc/web", "--json", *steps("labels: {set: {team: a}}"), stdin=STREAM)

    assert json.loads(field.stdout) == {
        "apiVersion": "postrender.dev/v1alpha1",
        "kind": "Explanation",
        "objects": [
            {
                "object": "Deployment shop/web",
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "namespace": "shop",
                "name": "web",
                "formerly": [],
                "document": 1,
                "source": "shop/templates/web.yaml",
                "removed": False,
                "path": "/metadata/labels/team",
                "history": [
                    {
                        "step": "1 (first: labels)",
                        "op": "replace",
                        "path": "/metadata/labels/team",
                        "edited": "/metadata/labels/team",
                        "old": "a",
                        "new": "b",
                    },
                    {
                        "step": "2 (labels)",
                        "op": "replace",
                        "path": "/metadata/labels/team",
                        "edited": "/metadata/labels/team",
                        "old": "b",
                        "new": "c",
                    },
                    {
                        "step": "3 (do)",
                        "op": "remove",
                        "path": "/metadata/labels/team",
                        "edited": "/metadata/labels",
                        "old": "c",
                    },
                ],
            }
        ],
    }
    assert json.loads(whole.stdout)["objects"][0] | {"history": []} == {
        "object": "Service web",
        "apiVersion": "v1",
        "kind": "Service",
        "namespace": "",
        "name": "web",
        "formerly": [],
        "document": 2,
        "source": "",
        "removed": False,
        "path": "",
        "history": [],
    }


def test_json_tells_the_value_of_a_field(explain: Command) -> None:
    done = explain("deploy/web", "spec.replicas", "--json", stdin=STREAM)

    assert json.loads(done.stdout)["objects"][0]["value"] == 2


# -- which object ---------------------------------------------------------------------------------

NAMES = [
    ("deploy", "Deployment", "apps/v1", True),
    ("Deployment", "Deployment", "apps/v1", True),
    ("DEPLOYMENTS", "Deployment", "apps/v1", True),
    ("deployments.apps", "Deployment", "apps/v1", True),
    ("deployment.v1.apps", "Deployment", "apps/v1", True),
    ("deploy.extensions", "Deployment", "apps/v1", False),
    ("deployment.v1", "Deployment", "apps/v1", False),
    ("pod.v1", "Pod", "v1", False),
    ("po", "Pod", "v1", True),
    ("ingresses", "Ingress", "networking.k8s.io/v1", True),
    ("ing", "Ingress", "networking.k8s.io/v1", True),
    ("networkpolicies", "NetworkPolicy", "networking.k8s.io/v1", True),
    ("endpoints", "Endpoints", "v1", True),
    ("widgets.example.com", "Widget", "example.com/v1", True),
    ("svc", "Pod", "v1", False),
    ("s", "Pod", "v1", False),
]


@pytest.mark.parametrize(("word", "kind", "api_version", "expected"), NAMES)
def test_a_kind_is_called_what_kubectl_calls_it(
    word: str, kind: str, api_version: str, expected: bool
) -> None:
    assert is_called(word, kind, api_version) is expected


PODS = "---\n".join(
    f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: {namespace}\n"
    for namespace in ("one", "two")
)


def test_a_namespace_picks_one_of_several(explain: Command) -> None:
    assert (
        explain("pod/a", "-n", "two", stdin=PODS).stdout == "Pod two/a, document 2\n  as it came\n"
    )


def test_an_object_without_a_namespace_is_in_any(explain: Command) -> None:
    assert explain("svc/web", "-n", "any", stdin=STREAM).code == 0


MISTAKES = [
    (
        ["pod/a"],
        "`pod/a` may be any of Pod one/a (v1), Pod two/a (v1); choose one with -n NAMESPACE or as"
        " KIND.GROUP/NAME",
    ),
    (["pod/b"], "there is no `pod/b`; known are a"),
    (["pod/a", "-n", "three"], "there is no `pod/a`"),
    (["pud/a"], "there is no `pud/a`; did you mean `Pod`?"),
    (["pod"], "`pod` names no object; write it as deployment/web"),
    (["pod/"], "`pod/` names no object; write it as deployment/web"),
    (["/a"], "`/a` names no object; write it as deployment/web"),
    ([], "no object is named; write it as postrender explain deployment/web"),
    (["pod/a", "b", "c"], "unknown argument `c`; an object and a path are enough"),
]


@pytest.mark.parametrize(("arguments", "message"), MISTAKES)
def test_what_names_no_object_is_refused(
    arguments: list[str], message: str, explain: Command
) -> None:
    assert explain(*arguments, stdin=PODS) == Done(2, "", f"postrender: error: {message}\n")


def test_of_many_names_only_the_nearest_is_told(explain: Command) -> None:
    stream = "---\n".join(
        f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-{number}\n" for number in range(11)
    )

    assert explain("po/wb-3", stdin=stream).stderr.endswith("; did you mean `web-3`?\n")
    assert explain("po/x", stdin=stream).stderr == "postrender: error: there is no `po/x`\n"


def test_a_group_picks_one_of_several(explain: Command) -> None:
    stream = "---\n".join(
        f"apiVersion: {group}/v1\nkind: Ingress\nmetadata:\n  name: a\n" for group in ("x", "y")
    )

    assert explain("ing/a", stdin=stream).code == 2
    assert explain("ing.y/a", stdin=stream).stdout.startswith("Ingress a, document 2\n")


# -- which field ----------------------------------------------------------------------------------

CONTAINERS = "/spec/template/spec/containers"
PATHS = [
    ("/metadata/labels/app.kubernetes.io~1name", '"web"'),
    ("metadata.labels.app.kubernetes.io/name", '"web"'),
    (".metadata.labels.team", '"a"'),
    ('metadata.labels["app.kubernetes.io/name"]', '"web"'),
    ("metadata.labels.'app.kubernetes.io/name'", '"web"'),
    ("\"metadata\".labels['team']", '"a"'),
    ('metadata.labels["te\\am"]', '"a"'),
    ("metadata.labels[team]", '"a"'),
    (f"{CONTAINERS}/1/image", '"app:1"'),
    (f"{CONTAINERS}/app/image", '"app:1"'),
    ("spec.template.spec.containers[1].image", '"app:1"'),
    ("spec.template.spec.containers.app.image", '"app:1"'),
    ("spec.template.spec.containers[app].image", '"app:1"'),
    ("spec.template.spec.containers[image=app:1].name", '"app"'),
    ('spec.template.spec.containers[name="app"].image', '"app:1"'),
    ("spec.template.spec.containers[app].ports[containerPort=443]", '{"containerPort": 443}'),
    ("spec.template.spec.containers[app].ports[http].containerPort", "80"),
    ("spec.paused", "false"),
]


@pytest.mark.parametrize(("path", "value"), PATHS)
def test_a_path_leads_to_a_value(path: str, value: str, explain: Command) -> None:
    done = explain("deploy/web", path, stdin=STREAM)

    assert done.stdout.splitlines()[1:] == [f"  as it came: {value}"]


NOWHERE = [
    ("spec.replcas", "; did you mean `replicas`?"),
    ("spec.replicas.x", ""),
    ("spec.replicas[a=b]", ""),
    ("spec[name=x]", "; known are paused, replicas, template"),
    ("/spec/template/spec/containers/2", "; known are app, log"),
    ("spec.template.spec.containers[ap].image", "; did you mean `app`?"),
    ("spec.template.spec.containers[app].ports[containerPort=8]", "; known are http"),
    ("metadata.labels.app.kubernetes.io/nam", "; known are app.kubernetes.io/name, team"),
]


@pytest.mark.parametrize(("path", "hint"), NOWHERE)
def test_a_path_that_leads_nowhere_is_refused(path: str, hint: str, explain: Command) -> None:
    assert explain("deploy/web", path, stdin=STREAM) == Done(
        2,
        "",
        f"postrender: error: Deployment shop/web: nothing stands at `{path}`{hint}\n",
    )


def test_of_items_without_a_name_the_indexes_are_told(explain: Command) -> None:
    stream = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nargs: [x, y]\n"

    done = explain("po/a", "args[2]", stdin=stream)

    assert done.stderr.endswith("nothing stands at `args[2]`; known are 0, 1\n")


HINT = "write /spec/replicas, or spec.template.spec.containers[app].image"


@pytest.mark.parametrize(
    ("path", "where"), [("a..b", "`..b`"), ("[", "it"), ("a[b", "`[b`"), ("a[0]b", "`b`")]
)
def test_a_path_that_is_none_is_refused(path: str, where: str, explain: Command) -> None:
    assert explain("deploy/web", path, stdin=STREAM).stderr == (
        f"postrender: error: the path `{path}` makes no sense where {where} begins; {HINT}\n"
    )


# -- how it ends ----------------------------------------------------------------------------------


def test_a_chain_that_fails_explains_nothing(explain: Command) -> None:
    done = explain("deploy/web", *steps("{expect: 5, labels: {set: {a: b}}}"), stdin=STREAM)

    assert done == Done(
        1,
        "",
        "postrender: error: step 1 (labels): selects 2 of 2 objects, but must select 5\n",
    )


def test_help_is_printed(explain: Command) -> None:
    done = explain("--help")

    assert done.code == 0
    assert done.stdout.startswith("usage: postrender explain KIND/NAME [PATH] [options]\n")


# -- any edits ------------------------------------------------------------------------------------

FIRST: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "m": {"a": 1, "b": {"a": 2}},
    "l": [{"a": 3}, {"a": 4, "b": [5]}, 6],
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of what holds nothing else."""
    members = value.items() if type(value) is dict else enumerate(value)
    for key, each in members:
        if type(each) in (dict, list) and each:
            yield from leaves(each, (*path, key))
        else:
            yield (*path, key)


def edit(manifest: Manifest, number: int, data: st.DataObject) -> None:
    """Make an edit of any kind anywhere."""
    ends = [path for path in leaves(manifest.to_dict()) if path[0] in ("m", "l")]
    if type(manifest.get(("m",))) is dict:
        ends.append(("m", "c"))
    path = data.draw(st.sampled_from(ends))
    path = path[: data.draw(st.integers(1, len(path)))]
    value = data.draw(st.sampled_from([number, {"a": number}, [{"a": number}]]))
    what = data.draw(st.sampled_from(["set", "insert", "delete"]))
    if what == "insert" and type(path[-1]) is int:
        manifest.insert(path, value)
    elif what == "delete" and len(path) > 1:
        manifest.delete(path)
    else:
        manifest.set(path, value)


@settings(max_examples=200)
@given(st.data())
def test_the_history_of_each_field_ends_with_its_value_and_begins_with_what_came(
    data: st.DataObject,
) -> None:
    manifests = Manifests.parse(json.dumps(FIRST).encode())
    for number in range(10, data.draw(st.integers(10, 17))):
        edit(manifests[0], number, data)

    last = manifests[0].to_dict()
    for path in leaves(last):
        events = history(manifests.edits, path)
        value = find(last, path)
        if not events:
            assert value in [find(FIRST, each) for each in leaves(FIRST)]
        elif value not in ({}, []):  # of which the last event may have removed the last member
            assert events[-1].new == value
    for path in leaves(FIRST):
        events = fate(manifests.edits, path)
        assert not events or events[0].old == find(FIRST, path)


def test_without_steps_it_says_so(postrender: Command) -> None:
    done = postrender("explain", "deploy/web", stdin=STREAM)

    assert (done.code, done.stderr) == (0, UNCONFIGURED)


def test_one_of_two_objects_of_a_name_may_lack_the_field(postrender: Command) -> None:
    one = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, annotations: {helm.sh/hook: test}}\n"
    )
    two = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n"

    done = postrender("explain", "cm/a", "data.k", stdin=f"{one}---\n{two}")

    assert done.code == 0
    assert "document 2" in done.stdout
    assert "document 1" not in done.stdout
