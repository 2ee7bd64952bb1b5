"""The examples in docs/storage.md, run one after another, and what they print."""

import re
from pathlib import Path
from typing import Any

import pytest

from postrender.storage import Body, Record, Release, Status, Storage, Time

DOCS = (Path(__file__).parents[2] / "docs" / "storage.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", DOCS, re.M | re.S)


def _release(name: str, version: int, status: Status, chart: str, **more: Any) -> Record:
    labels = {"team": "payments"} if name == "web" else {}
    fields = {
        "namespace": "shop",
        "last_deployed": Time(f"2026-03-0{version}T09:00:00Z"),
        "chart": {"metadata": {"name": name, "version": chart, "apiVersion": "v2"}},
        **more,
    }
    return Release.new(name, version=version, status=status, labels=labels, **fields).record


MANIFEST = """\
---
# Source: web/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
"""
RECORDS = [
    _release(
        "web",
        1,
        Status.SUPERSEDED,
        "1.4.0",
        last_deployed=Time("2026-03-01T09:00:00.123456789Z"),
    ),
    _release("web", 2, Status.SUPERSEDED, "1.5.0"),
    _release(
        "web",
        3,
        Status.DEPLOYED,
        "1.5.0",
        manifest=MANIFEST,
        config={"replicas": 2},
        description="Upgrade complete",
        notes="Visit https://web.example.com",
    ),
    _release("worker", 1, Status.DEPLOYED, "2.0.0"),
    _release("worker", 2, Status.PENDING_UPGRADE, "2.0.1"),
    _release("api", 1, Status.FAILED, "0.3.0"),
    _release("api", 1, Status.FAILED, "0.3.0", namespace="staging"),
]


def test_the_examples_do_what_they_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HELM_DRIVER", "memory")
    monkeypatch.setenv("HELM_NAMESPACE", "shop")
    names: dict[str, Any] = {}

    opened, *examples = EXAMPLES
    exec(opened[0], names)
    storage = names["storage"]
    assert isinstance(storage, Storage)
    old = _release("old", 7, Status.DEPLOYED, "1.0.0")
    cut = old._replace(body=Body(old.body.text()[:40]))
    for record in [*RECORDS, cut]:
        storage.driver.create(record)

    for code, printed in examples:
        exec(code, names)
        assert capsys.readouterr().out == printed
