"""A chart that leaks a password is refused under each Helm before anything is stored."""

import json
import shutil
from pathlib import Path

import pytest
from helm.hosts import CHARTS, Helm
from helm.observed import objects, record
from servers.kubernetes import Cluster
from terminals import on_terminal

LEAKY = str(CHARTS / "leaky")
PASSWORD = "Zk3mQ9vL1xT7w"
STEP = "- secrets: {}\n"
PLACE = "Deployment shop-web, /spec/template/spec/containers/0/env/0/value"
WAY = (
    "take it from key `db-password` of the Secret `shop-db`;"
    " postrender secrets fix prints the patch"
)


def arguments(host: Helm, namespace: str, *more: str) -> tuple[str, ...]:
    """Return what follows the verb."""
    return ("shop", LEAKY, "-n", namespace, "--set", f"password={PASSWORD}", *host.flags, *more)


def report(host: Helm) -> str:
    """Return what `postrender report --last` prints."""
    program = shutil.which("postrender", path=host.environment["PATH"])
    assert program
    shown = on_terminal(
        [program, "report", "--last"], redirected=False, cwd=host.folder, env=host.environment
    )
    assert shown.code == 0
    return shown.terminal


def test_a_password_is_refused_with_its_place_and_the_way_out(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(STEP)
    environment = {k: v for k, v in host.environment.items() if k != "POSTRENDER_TTY"}
    command = [host.program, "install", *arguments(host, namespace)]

    shown = on_terminal(command, redirected=False, cwd=host.folder, env=environment)

    assert shown.code == 1
    for text in (shown.terminal, report(host)):
        for wanted in ("generic/password", PLACE, WAY):
            assert wanted in text
        assert PASSWORD not in text
    assert objects(cluster, namespace) == {}
    assert record(cluster, namespace, 1) is None


def test_a_password_that_an_upgrade_brings_leaves_the_release_as_it_is(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(STEP)
    first = ("shop", LEAKY, "-n", namespace, "--set", "password=changeme", *host.flags)
    assert host("install", *first).code == 0
    before = objects(cluster, namespace), record(cluster, namespace, 1)

    done = host("upgrade", *arguments(host, namespace))

    assert done.code == 1
    assert PASSWORD not in done.stdout + done.stderr
    assert (objects(cluster, namespace), record(cluster, namespace, 1)) == before
    assert record(cluster, namespace, 2) is None


@pytest.mark.parametrize("way", ["annotation", "configuration"])
def test_the_same_chart_passes_with_an_exception_that_has_a_reason(
    host: Helm, cluster: Cluster, namespace: str, way: str, tmp_path: Path
) -> None:
    entry = {"rule": "generic/password", "path": "*DB_PASSWORD*", "reason": "a demo"}
    more: tuple[str, ...] = ()
    if way == "configuration":
        host.chain(f"- secrets: {{allow: [{json.dumps(entry)}]}}\n")
    else:
        host.chain(STEP)
        values = tmp_path / "values.json"
        text = json.dumps([entry])
        values.write_text(json.dumps({"annotations": {"postrender.dev/allow-secrets": text}}))
        more = ("-f", str(values))

    done = host("install", *arguments(host, namespace, *more))

    assert done.code == 0, done.stderr
    stored = objects(cluster, namespace)["Deployment/shop-web"]
    assert stored["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"] == PASSWORD
    assert record(cluster, namespace, 1)["info"]["status"] == "deployed"


def test_an_exception_without_a_reason_is_none(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain('- secrets: {allow: [{rule: generic/password, reason: ""}]}\n')

    done = host("install", *arguments(host, namespace))

    assert done.code == 1
    assert objects(cluster, namespace) == {}
    assert record(cluster, namespace, 1) is None
