"""The worked examples in docs/sidecars.md, each run on what it is for."""

import re
from pathlib import Path
from typing import Any

import pytest

from postrender import Manifests, Pipeline

DOCS = (Path(__file__).parent.parent / "docs" / "sidecars.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)

STREAM = b"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    app.kubernetes.io/name: shop
    app.kubernetes.io/instance: shop-prod
spec:
  template:
    metadata:
      labels:
        app.kubernetes.io/name: shop
    spec:
      initContainers:
        - name: wait
          image: registry.example.com/wait:1
      containers:
        - name: shop
          image: registry.example.com/shop:1
          ports:
            - name: http
              containerPort: 8081
        - name: redis-exporter
          image: registry.example.com/exporter:1
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  labels:
    app.kubernetes.io/name: shop
    app.kubernetes.io/instance: shop-prod
  annotations:
    helm.sh/hook: pre-upgrade
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example.com/migrate:1
"""


def _run(index: int, folder: Path) -> list[dict[str, Any]]:
    """Return the pod specs that an example makes, once it has been run twice."""
    config = folder / "postrender.yaml"
    config.write_text(EXAMPLES[index])
    pipeline = Pipeline.load(config)
    first = pipeline.run(STREAM)
    assert pipeline.run(first) == first
    assert set(STREAM.splitlines()) <= set(first.splitlines())
    return [each.get(("spec", "template", "spec")) for each in Manifests.parse(first)]


def _names(spec: dict[str, Any], key: str) -> list[str]:
    return [each["name"] for each in spec.get(key, [])]


def test_there_are_three_examples() -> None:
    assert len(EXAMPLES) == 3


def test_the_log_shipper_shares_a_volume_with_the_application(tmp_path: Path) -> None:
    web, job = _run(0, tmp_path)

    assert _names(web, "containers") == ["shop", "redis-exporter", "shipper"]
    shop, exporter, shipper = web["containers"]
    assert shop["volumeMounts"] == [{"name": "app-logs", "mountPath": "/var/log/app"}]
    assert shop["env"] == [{"name": "LOG_DIR", "value": "/var/log/app"}]
    assert set(exporter) == {"name", "image"}
    assert shipper["args"] == ["--app", "shop", "--namespace", "default", "/var/log/app"]
    assert _names(job, "containers") == ["migrate"]


def test_the_proxy_starts_before_everything_else(tmp_path: Path) -> None:
    web, job = _run(1, tmp_path)

    assert _names(web, "initContainers") == ["proxy", "wait"]
    assert _names(web, "containers") == ["shop", "redis-exporter"]
    proxy = web["initContainers"][0]
    assert proxy["restartPolicy"] == "Always"
    assert proxy["args"] == ["--upstream", "127.0.0.1:8081"]
    assert _names(job, "initContainers") == []


def test_the_database_proxy_lets_a_job_end(tmp_path: Path) -> None:
    web, job = _run(2, tmp_path)

    assert _names(web, "containers") == ["shop", "redis-exporter", "database-proxy"]
    assert _names(job, "initContainers") == ["database-proxy"]
    assert _names(job, "containers") == ["migrate"]
    sidecar = job["initContainers"][0]
    assert sidecar["args"][-1] == "project:region:shop-prod"
    assert job["containers"][0]["env"] == [
        {"name": "PGHOST", "value": "127.0.0.1"},
        {"name": "PGPORT", "value": "5432"},
    ]


@pytest.mark.parametrize(
    "reason",
    [
        "not_selected",
        "opted_out",
        "not_opted_in",
        "host_network",
        "job_needs_native",
        "hook",
        "already_injected",
        "no_pod_template",
        "unsupported_kind",
    ],
)
def test_every_reason_is_documented(reason: str) -> None:
    assert f"| `{reason}` |" in DOCS
