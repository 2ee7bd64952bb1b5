"""Tests of a stranger, who has postrender from a wheel and nothing of its repository."""

import pytest

from postrender import ConfigError, Pipeline, RefusedError
from postrender.testing import render

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web  # ours
spec:
  template:
    spec:
      containers:
        - name: web
          image: web:1.0  # pinned
"""


def test_images_come_from_the_mirror() -> None:
    rendered = render("acme-mirror", DEPLOYMENT, region="eu")

    assert rendered == DEPLOYMENT.replace("web:1.0", "eu.mirror.acme.example/web:1.0")


def test_kept_registries_are_left_alone() -> None:
    assert render("acme-mirror", DEPLOYMENT, region="eu", keep=["web:"]) == DEPLOYMENT


def test_latest_is_refused() -> None:
    with pytest.raises(RefusedError, match="no-latest"):
        render("acme-mirror", DEPLOYMENT.replace("1.0", "latest"), region="eu")


def test_a_region_alone_is_the_whole_config() -> None:
    pipeline = Pipeline.from_dict(
        {
            "apiVersion": "postrender.dev/v1alpha1",
            "kind": "Pipeline",
            "steps": [{"acme-mirror": "eu"}],
        }
    )

    assert b"image: eu.mirror.acme.example/web:1.0  # pinned\n" in pipeline.run(DEPLOYMENT.encode())


def test_a_wrong_region_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="region 'e u' is not letters and digits"):
        render("acme-mirror", DEPLOYMENT, region="e u")
