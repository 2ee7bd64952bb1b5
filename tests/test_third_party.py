"""A stranger's distribution, built and installed beside our wheel in an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ACME = ROOT / "tests" / "third_party" / "acme"

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - {name: web, image: "web:1.0"}  # pinned
"""


def run(*command: str | Path, cwd: Path, stdin: str = "") -> str:
    """Return what a command printed; its failure is the test's, with all that it said."""
    # A safe path or a path of ours would let the environment see more than was installed there.
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, check=False, cwd=cwd, env=env, input=stdin, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.large
def test_a_strangers_plugin_is_built_installed_typed_tested_and_run(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", venv, cwd=tmp_path)
    bin_ = venv / "bin"

    run(bin_ / "pip", "install", "-q", ROOT, ACME, "mypy", "pytest", cwd=tmp_path)
    run(bin_ / "mypy", "--strict", "-p", "acme_postrender", cwd=tmp_path)
    run(bin_ / "mypy", "--strict", ACME / "tests" / "test_acme.py", cwd=tmp_path)
    run(
        bin_ / "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--confcutdir",
        ACME,
        ACME / "tests",
        cwd=tmp_path,
    )

    assert "acme-mirror" in run(bin_ / "postrender", "plugins", cwd=tmp_path)
    command = (bin_ / "postrender", "acme-mirror", "list", "--prefix", "web")
    assert run(*command, cwd=tmp_path, stdin=DEPLOYMENT) == "web:1.0\n"
    step = ("--step", "acme-mirror: eu")
    assert run(bin_ / "postrender", *step, cwd=tmp_path, stdin=DEPLOYMENT) == DEPLOYMENT.replace(
        "web:1.0", "eu.mirror.acme.example/web:1.0"
    )
