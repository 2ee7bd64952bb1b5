"""Real programs for tests: found by a variable, in the cache or PATH; required when CI=true."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from servers import build


def kustomize() -> str:
    """Return the path of kustomize, from POSTRENDER_KUSTOMIZE or PATH; skip the test without it."""
    found = _named("POSTRENDER_KUSTOMIZE") or shutil.which("kustomize")
    return found or missing(
        "needs kustomize: put it into PATH or its path into POSTRENDER_KUSTOMIZE"
    )


def kubectl() -> str:
    """Return the path of kubectl, from POSTRENDER_KUBECTL or PATH; skip the test without it."""
    found = _named("POSTRENDER_KUBECTL") or shutil.which("kubectl")
    return found or missing("needs kubectl: put it into PATH or its path into POSTRENDER_KUBECTL")


def helm(version: str) -> str:
    """Return the path of one version of Helm, such as 4.3.1; skip the test without it."""
    return _built(f"helm-{version}", f"POSTRENDER_HELM_{version.replace('.', '_')}")


def kube_apiserver() -> str:
    """Return the path of kube-apiserver; skip the test without it."""
    name = f"kube-apiserver-{build.KUBERNETES}"
    return _built(name, "POSTRENDER_KUBE_APISERVER", "kube-apiserver")


def etcd() -> str:
    """Return the path of etcd; skip the test without it."""
    return _built(f"etcd-{build.ETCD}", "POSTRENDER_ETCD", "etcd")


def postgresql() -> Path:
    """Return the folder of PostgreSQL's programs; skip the test without it."""
    variable = "POSTRENDER_POSTGRESQL"
    named = os.environ.get(variable)
    in_path = shutil.which("initdb")
    if named or in_path:
        return Path(named) if named else Path(in_path or "").resolve().parent
    # Where Debian keeps it: beside PATH, as several versions may be there.
    versions = {
        int(path.parent.parent.name): path
        for path in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")
    }
    if versions:
        return versions[max(versions)].parent
    return missing(f"needs PostgreSQL: install it, or put its folder of programs into {variable}")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _built(name: str, variable: str, in_path: str = "") -> str:
    cached = str(build.built(name))
    found = _named(variable) or shutil.which(cached) or shutil.which(in_path)
    return found or missing(
        f"needs {name}: run `python tests/servers/build.py {name}`, or put its path into {variable}"
    )


def _named(variable: str) -> str | None:
    """Return the program that a variable names; one that is not there is a failure."""
    named = os.environ.get(variable)
    found = shutil.which(named) if named else None
    if named and not found:
        pytest.fail(f"{variable} names no program: {named}", pytrace=False)
    return found
