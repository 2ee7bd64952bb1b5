"""`helm template` with the chain, on each version of Helm, without a cluster."""

from typing import Any

import pytest
from helm.hosts import CHAIN, CHARTS, FAILING, SHOP, Helm

from postrender import Manifests

SECRET = """\
---
# Source: shop/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: shop-login
{}type: Opaque
stringData:
  user: nobody
  password: not-a-real-password
"""
LABELS = "  labels:\n    team: payments\n"
ANNOTATIONS = '  annotations:\n    example.com/on-call: "#payments"\n'

FROM_HELM_4 = """\
Error: error while running post render on files: failed to invoke post-renderer plugin \
"postrender": plugin "postrender" exited with error

Use --debug flag to render out invalid YAML
"""
FROM_HELM_3 = """\
Error: error while running post render on files: error while running command {program}. \
error output:
postrender: error: {message}
: exit status {code}

Use --debug flag to render out invalid YAML
"""


@pytest.fixture(autouse=True)
def chain(offline: Helm) -> None:
    offline.chain(CHAIN)


def test_a_document_has_the_chains_lines_and_those_of_the_chart(offline: Helm) -> None:
    done = offline("template", "shop", SHOP, "--show-only", "templates/secret.yaml", *offline.flags)

    # Helm 4's own annotation stands in the object while we see it.
    added = {3: LABELS + ANNOTATIONS, 4: ANNOTATIONS + LABELS}[offline.major]
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.rstrip("\n") + "\n" == SECRET.format(added)


@pytest.mark.parametrize("chart", ["shop", "odd", "hooks-only"])
def test_the_chain_changes_what_it_says_and_nothing_else(offline: Helm, chart: str) -> None:
    command = ("template", "shop", str(CHARTS / chart), "--include-crds")

    done = offline(*command, *offline.flags)

    # Not without a renderer: Helm 4 writes all anew for one, a folded scalar with other line ends.
    untouched = offline(*command, *offline.renderer("cat", "cat"))
    assert (done.code, done.stderr) == (0, untouched.stderr)
    assert authored(done.stdout) == authored(untouched.stdout)


@pytest.mark.parametrize(
    ("chart", "in_helm_3", "in_helm_4"),
    [("shop", (16, 6), (21, 1)), ("odd", (15, 1), (16, 0)), ("hooks-only", (0, 3), (3, 0))],
)
def test_the_chain_sees_hooks_and_tests_on_helm_4_alone(
    offline: Helm, chart: str, in_helm_3: tuple[int, int], in_helm_4: tuple[int, int]
) -> None:
    command = ("template", "shop", str(CHARTS / chart), "--include-crds", *offline.flags)

    teams = [team(item) for item in documents(offline(*command).stdout)]

    # The CustomResourceDefinition of shop is labelled on Helm 3, which hands over crds/ too.
    counts = (teams.count("payments"), teams.count(None))
    assert counts == {3: in_helm_3, 4: in_helm_4}[offline.major]


def test_the_same_object_may_be_a_hook_and_a_template(offline: Helm) -> None:
    done = offline("template", "shop", str(CHARTS / "odd"), *offline.flags)

    accounts = [
        (item["metadata"].get("annotations", {}).get("helm.sh/hook"), team(item))
        for item in documents(done.stdout)
        if item["kind"] == "ServiceAccount"
    ]
    hook = {3: None, 4: "payments"}[offline.major]
    assert accounts == [(None, "payments"), ("pre-install", hook)]


def test_a_chart_that_renders_nothing_stays_one(offline: Helm) -> None:
    done = offline("template", "shop", str(CHARTS / "nothing"), *offline.flags)

    assert (done.code, done.stderr) == (0, "")
    assert documents(done.stdout) == []


def test_files_of_output_dir_are_rendered_by_helm_4_and_not_by_helm_3(offline: Helm) -> None:
    done = offline("template", "shop", SHOP, "--output-dir", "out", *offline.flags)

    text = (offline.folder / "out/shop/templates/secret.yaml").read_text()
    assert (done.code, done.stderr) == (0, "")
    # Helm 3 writes its files before it asks the renderer, and hands it nothing.
    assert text.count("team: payments") == {3: 0, 4: 1}[offline.major]


@pytest.mark.parametrize("way", ["folder", "argument", "variable", "step"])
def test_the_configuration_arrives_in_every_way(offline: Helm, way: str) -> None:
    here, there = offline.folder / "postrender.yaml", offline.folder / "deploy" / "all.yaml"
    there.parent.mkdir()
    if way != "folder":
        here.replace(there)
    step = "labels: {set: {team: payments}}"
    arguments = {
        "argument": ["--post-renderer-args=--config", "--post-renderer-args=deploy/all.yaml"],
        "step": ["--post-renderer-args", f"--step={step}"],
    }.get(way, [])
    environment = {"POSTRENDER_CONFIG": "deploy/all.yaml"} if way == "variable" else {}

    done = offline("template", "shop", SHOP, *offline.flags, *arguments, **environment)

    teams = [team(item) for item in documents(done.stdout)]
    assert teams.count("payments") == {3: 15, 4: 21}[offline.major]


@pytest.mark.parametrize(
    ("steps", "code", "message"),
    [
        (FAILING, 1, "step 1 (mirrors: exec): sh exited with code 7: out of mirrors"),
        (
            "- where: {kind: CronJob}\n  expect: 1\n  labels: {set: {team: a}}\n",
            1,
            "step 1 (labels): selects none of 15 objects, but must select 1",
        ),
        (
            "- labels: {sett: {team: a}}\n",
            2,
            "step 1 (labels): postrender.yaml:4:12: labels.sett: unknown option; "
            "did you mean `set`?",
        ),
    ],
    ids=["program", "expectation", "configuration"],
)
def test_a_failure_ends_helm_with_what_it_lets_through(
    offline: Helm, steps: str, code: int, message: str
) -> None:
    offline.chain(steps)

    done = offline("template", "shop", SHOP, *offline.flags)

    program = offline.folder.parent / "bin" / "postrender"
    from_helm_3 = FROM_HELM_3.format(program=program, message=message, code=code)
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.strip() == {3: from_helm_3, 4: FROM_HELM_4}[offline.major].strip()


def test_a_failure_leaves_the_folder_of_output_dir_empty_on_helm_4(offline: Helm) -> None:
    offline.chain(FAILING)

    done = offline("template", "shop", SHOP, "--output-dir", "out", *offline.flags)

    assert done.code == 1
    # Helm 3 has written its files before it asks the renderer.
    assert (offline.folder / "out").exists() == {3: True, 4: False}[offline.major]


def test_charts_are_those_that_the_tests_know() -> None:
    names = sorted(path.name for path in CHARTS.iterdir())

    assert names == ["hooks-only", "leaky", "nothing", "odd", "shop"]


def documents(text: str) -> list[Any]:
    """Return the objects of a stream, those in a List each for itself."""
    found: list[Any] = [item.to_dict() for item in Manifests.parse(text.encode())]
    lists = [item["items"] if item["kind"] == "List" else [item] for item in found]
    return [item for items in lists for item in items]


def team(item: Any) -> str | None:
    """Return the label that the chain sets."""
    value = item.get("metadata", {}).get("labels", {}).get("team")
    return None if value is None else str(value)


def authored(text: str) -> list[Any]:
    """Return the objects of a stream without what the chain adds to them."""
    items = documents(text.replace("mirror.example", "registry.example"))
    for item in items:
        metadata = item.setdefault("metadata", {})
        for key, added in (("labels", "team"), ("annotations", "example.com/on-call")):
            metadata.setdefault(key, {}).pop(added, None)
    return items
