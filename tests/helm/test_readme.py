"""The README's examples with Helm, on a real cluster: those of the plugin on Helm 4 alone."""

import subprocess
from pathlib import Path

import pytest
import real
from helm.hosts import Helm, installed
from helm.observed import new_namespace, objects, path
from helm.test_hooks import COMPLETE, finishing
from readme import EXAMPLE, HELM_COMMANDS, blocks, fill, in_path
from servers.kubernetes import Cluster

EVERYWHERE = [
    command for command in HELM_COMMANDS if "plugin" not in command and "shop-" not in command
]
MADE_BY_THE_CHART = [
    "ConfigMap/shop-config",
    "Deployment/shop",
    "Secret/shop-session",
    "Service/shop",
    "ServiceAccount/shop",
    "StatefulSet/shop-search",
]


@pytest.fixture(scope="module")
def namespace(cluster: Cluster) -> str:
    """One for all versions: the chart's CustomResourceDefinition stays, and belongs to it."""
    return new_namespace(cluster)


@pytest.fixture
def reader(version: str, tmp_path: Path, cluster: Cluster) -> Helm:
    """A version of Helm with our program in PATH and no plugin, in the README's folder."""
    helm = installed(version, real.helm(version), tmp_path, tmp_path / "none", cluster.kubeconfig)
    fill(helm.folder)
    (helm.folder / "bin" / "helm").symlink_to(helm.program)
    return helm


def shell(reader: Helm, command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    env = {**reader.environment, "PATH": in_path(reader.folder), **environment}
    script = ["bash", "-euo", "pipefail", "-c", command]
    return subprocess.run(
        script, cwd=reader.folder, env=env, check=False, capture_output=True, text=True
    )


def test_commands_run(reader: Helm, cluster: Cluster, namespace: str) -> None:
    commands = EVERYWHERE if reader.major == 3 else HELM_COMMANDS
    assert len(commands) >= 4

    # What installs the plugin comes first: the README says that the rest is the same after it.
    for command in sorted(commands, key=lambda each: "install-plugin" not in each):
        with finishing(cluster, path("Job", namespace, "shop-migrate"), COMPLETE):
            done = shell(reader, command, HELM_NAMESPACE=namespace)
        assert (command, done.returncode, done.stderr) == (command, 0, "")
        assert done.stdout
    found = objects(cluster, namespace)
    shell(reader, "helm uninstall shop", HELM_NAMESPACE=namespace)

    assert sorted(found) == MADE_BY_THE_CHART
    assert {each["metadata"]["labels"]["team"] for each in found.values()} == {"payments"}


def test_the_manifests_of_the_example_are_those_of_its_chart(reader: Helm) -> None:
    done = shell(reader, "helm template shop ./shop -n shop")

    # Helm 4 separates documents by an empty line more.
    rendered = done.stdout.replace("\n\n---\n", "\n---\n") if reader.major == 4 else done.stdout
    assert rendered.strip() == (EXAMPLE / "manifests.yaml").read_text().strip()


FAILING = """\
apiVersion: postrender.dev/v1alpha1
kind: Pipeline
steps:
  - name: on-call
    where: {kind: deployment}
    hooks: exclude
    expect: {min: 1}
    annotations: {set: {example.com/on-call: "#payments, daytime"}}
"""


def test_a_failure_is_shown_as_the_readme_says(reader: Helm) -> None:
    (reader.folder / "postrender.yaml").write_text(FAILING)
    shell(reader, "postrender helm install-plugin")
    on_helm3, on_helm4 = (block.splitlines() for block in blocks("text"))

    done = shell(reader, "helm template shop ./shop --post-renderer postrender")
    report = shell(reader, "postrender report").stdout

    program = str(reader.folder / "bin" / "postrender")
    stderr = done.stderr.replace(program, "/usr/local/bin/postrender")
    # The lines of Helm 4 above its own go to a terminal, and there is none here.
    shown = {3: on_helm3, 4: on_helm4[-1:]}[reader.major]
    assert done.returncode == 1
    assert [line for line in stderr.splitlines() if line in shown] == shown
    said = {3: on_helm3[1], 4: on_helm4[0]}[reader.major]
    assert report.splitlines()[-1] == said.removeprefix("postrender: ")
