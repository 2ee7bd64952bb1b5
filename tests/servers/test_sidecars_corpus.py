"""Rendered charts with a sidecar in every pod template, judged by a real API server.

Those of the folder that POSTRENDER_CORPUS names, else the example of the documentation. What is
judged is every object of Kubernetes' own kinds that has a pod template; no other is changed.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from corpus.sidecars import MODES, injected, template_of
from servers.dry_run import Answer, ask
from servers.kubernetes import Cluster

from postrender import Manifest, Manifests

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
STREAMS = sorted(Path(os.environ.get("POSTRENDER_CORPUS") or EXAMPLE).glob("*.yaml"))


def judged(cluster: Cluster, manifest: Manifest) -> Answer:
    """Return what the server says of an object, in a namespace that there is."""
    body: dict[str, Any] = manifest.to_dict()
    body["metadata"]["namespace"] = "default"
    root = f"/apis/{manifest.api_version}" if manifest.group else f"/api/{manifest.version}"
    return ask(cluster, f"{root}/namespaces/default/{manifest.kind.lower()}s", body)


@pytest.mark.parametrize("version", MODES, ids=MODES.values())
@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_the_server_takes_every_pod_template_with_a_sidecar(
    path: Path, version: str, cluster: Cluster
) -> None:
    stream = path.read_bytes()
    counts: Counter[str] = Counter()
    rendered = Manifests.parse(injected(stream, version))

    for before, after in zip(Manifests.parse(stream), rendered, strict=True):
        if template_of(before) is None:
            continue
        was, now = judged(cluster, before), judged(cluster, after)
        counts["taken" if now.is_taken else "refused as before"] += 1
        assert now.is_taken is was.is_taken, (before.location, was, now)
        # What it has to say of what was there stays, and nothing comes that is about us.
        assert len(now.told) == len(was.told), (before.location, was, now)

    print(dict(counts))  # for pytest -rP
