"""Build the real programs that tests run, once, into a cache folder: build.py [NAME ...].

The folder is POSTRENDER_CACHE, else postrender-tests in the user's cache. All is built by Go from
its module proxy, in which every version is pinned; a program that is there is not built again.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELM = ("3.17.3", "3.22.0", "4.2.4", "4.3.1")
MODULE = Path(__file__).parent / "kube-apiserver"


def _required(module: str) -> str:
    """Return the version of a module that our go.mod requires, without the v."""
    found = re.search(rf"\b{module} v(\S+)", (MODULE / "go.mod").read_text(encoding="utf-8"))
    assert found
    return found[1]


KUBERNETES = _required("k8s.io/kubernetes")
ETCD = _required("go.etcd.io/etcd/server/v3")

NAMES = (f"kube-apiserver-{KUBERNETES}", f"etcd-{ETCD}", *(f"helm-{version}" for version in HELM))


def cache() -> Path:
    """Return the folder of programs, which need not exist."""
    named = os.environ.get("POSTRENDER_CACHE")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(home) / "postrender-tests"


def built(name: str) -> Path:
    """Return where the program *name* of NAMES is, or would be."""
    return cache() / name


def main() -> None:
    """Build what is missing of what the command line names, or of everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names or NAMES
    unknown = set(names).difference(NAMES)
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    if not shutil.which("go"):
        sys.exit("build.py: needs Go, see https://go.dev/doc/install")
    for name in names:
        start = time.monotonic()
        if not built(name).exists():
            print(f"{name}: building", flush=True)
            _build(name)
            print(f"{name}: took {time.monotonic() - start:.0f} s")
        print(built(name), flush=True)


def _build(name: str) -> None:
    cache().mkdir(parents=True, exist_ok=True)
    # Beside the goal, so that the last move is a rename and two builders never meet.
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        program, _, version = name.rpartition("-")
        build = _build_helm if program == "helm" else _build_server
        build(program, version, folder)
        (made,) = Path(folder).iterdir()
        made.replace(built(name))


def _build_helm(program: str, version: str, folder: str) -> None:
    module = f"helm.sh/helm/v{version.partition('.')[0]}"
    flags = f"-s -w -X {module}/internal/version.version=v{version}"
    _go(["install", "-ldflags", flags, f"{module}/cmd/{program}@v{version}"], folder)


def _build_server(program: str, version: str, folder: str) -> None:
    """Build what our module names as its tools: their own have `replace`, which install refuses."""
    package = {"kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver"}
    major, minor, _ = version.split(".")
    values = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor}
    texts = [f"-X k8s.io/component-base/version.{key}={value}" for key, value in values.items()]
    flags = " ".join(["-s -w", *texts])
    goal = package.get(program, "go.etcd.io/etcd/server/v3")
    _go(["build", "-trimpath", "-ldflags", flags, "-o", f"{folder}/{program}", goal], folder)


def _go(arguments: list[str], folder: str) -> None:
    # Without cgo no compiler of C is needed, and without version control no git.
    own = {"CGO_ENABLED": "0", "GOBIN": folder, "GOFLAGS": "-buildvcs=false", "GOWORK": "off"}
    env = {**os.environ, **own}
    done = subprocess.run(["go", *arguments], check=False, cwd=MODULE, env=env)
    if done.returncode:
        sys.exit(f"build.py: go {arguments[0]} failed")


if __name__ == "__main__":
    main()
