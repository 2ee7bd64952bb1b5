"""The script that builds the servers: what it is told, and what it need not do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from servers import build
from support import Done


def run(*names: str, **environment: str) -> Done:
    done = subprocess.run(
        [sys.executable, build.__file__, *names],
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_program_that_is_there_is_not_built_again(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "go", "exit 1")
    program(tmp_path / "cache" / "helm-4.3.1", "exit 0")

    done = run("helm-4.3.1", POSTRENDER_CACHE=f"{tmp_path}/cache", PATH=f"{tmp_path}/bin")

    assert done == (0, f"{tmp_path}/cache/helm-4.3.1\n", "")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("helm-4.3.1", "install helm.sh/helm/v4/cmd/helm@v4.3.1"),
        ("helm-3.22.0", "install helm.sh/helm/v3/cmd/helm@v3.22.0"),
        ("kube-apiserver-1.36.3", "build k8s.io/kubernetes/cmd/kube-apiserver"),
        ("etcd-3.6.8", "build go.etcd.io/etcd/server/v3"),
    ],
)
def test_a_program_is_built_by_go_and_moved_into_the_cache(
    tmp_path: Path, name: str, made: str
) -> None:
    # It leaves a note of its first and last argument where a program is to be.
    program(
        tmp_path / "bin" / "go",
        'verb=$1; while [ $# -gt 1 ]; do [ "$1" = -o ] && GOBIN=${2%/*}; shift; done; '
        'echo "$verb $1" > "$GOBIN/made"',
    )

    done = run(name, POSTRENDER_CACHE=f"{tmp_path}/cache", PATH=f"{tmp_path}/bin")

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == f"{name}: building"
    assert done.stdout.splitlines()[-1] == f"{tmp_path}/cache/{name}"
    assert (tmp_path / "cache" / name).read_text() == f"{made}\n"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [name]


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "go", ': > "$GOBIN/half"; exit 1')

    done = run("helm-4.3.1", POSTRENDER_CACHE=f"{tmp_path}/cache", PATH=f"{tmp_path}/bin")

    assert done.code == 1
    assert done.stderr == "build.py: go install failed\n"
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_name_that_is_none_and_go_that_is_not_there_are_told(tmp_path: Path) -> None:
    assert "no such program: helm-2.0.0" in run("helm-2.0.0").stderr
    assert run(PATH=str(tmp_path)).stderr == "build.py: needs Go, see https://go.dev/doc/install\n"


def program(path: Path, script: str) -> None:
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
