"""The simulator beside a real installation: which objects there are, and what cannot be built."""

import pytest
from helm.answers import OTHERS, config_map, items, stream
from helm.hosts import CHARTS, Helm
from helm.observed import objects
from servers.kubernetes import Cluster

from postrender import PostrenderError
from postrender._helm.hosts import helm3, helm4
from postrender._helm.hosts.rendered import Rendered

A, B = config_map("a"), config_map("b")
ANSWERS = {
    "two": stream(A, B),
    "one twice": stream(A, A),
    "list with one": items(A),
    "no apiVersion": stream(A, "kind: ConfigMap\nmetadata: {name: x}\n"),
    **{
        name: OTHERS[name]
        for name in (
            *("JSON", "JSON by the line", "JSON with tabs", "comment", "comments between"),
            *("dashes at the end", "dots", "dots and dashes", "empty", "empty list", "invalid"),
            *("invalid document", "key behind dashes", "key behind the first dashes", "no kind"),
            *("list of texts", "no object", "null and another", "text", "value behind dashes"),
        )
    },
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_cluster_has_the_objects_of_the_outcome(
    host: Helm, cluster: Cluster, namespace: str, name: str
) -> None:
    answer, renderer = host.folder / "answer", host.folder / "renderer"
    answer.write_text(ANSWERS[name])
    renderer.write_text(f"#!/bin/sh\ncat > stream\ncat {answer}\n")
    renderer.chmod(0o755)
    flags = host.renderer("answer", str(renderer))

    real = host("install", "demo", str(CHARTS / "nothing"), "-n", namespace, *flags)

    found = [each for each in objects(cluster, namespace) if each.startswith("ConfigMap")]
    expected = simulated(host.major, ANSWERS[name].encode())
    assert real.code == (expected is None), real.stderr
    assert expected in (None, [each for each in found if each != "ConfigMap/kube-root-ca.crt"])


def simulated(major: int, answer: bytes) -> list[str] | None:
    """Return the objects of the simulated release, None where it fails."""
    render = {3: helm3.render, 4: helm4.render}[major]
    try:
        outcome = render(Rendered((), ()), lambda _: answer)
    except PostrenderError:
        return None
    if outcome.errors:
        return None
    found: set[str] = set()
    for entry in outcome.manifests:
        value = entry.value or {"items": []}
        found |= {each["metadata"]["name"] for each in value.get("items", [value])}
    return sorted(f"ConfigMap/{name}" for name in found)
