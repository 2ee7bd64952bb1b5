"""The version of Kubernetes: stated for a run, told to plugins, and what they make of it."""

import json

import pytest
from support import Command, Install

from postrender import Pipeline, UsageError

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1
"""
RESTARTING = WEB + "        restartPolicy: OnFailure\n"
TELL = """\
from postrender import hookimpl

@hookimpl
def postrender_transform(context):
    context.notice(str(context.kube_version))
"""
PROXY = "{name: proxy, image: registry.example.com/proxy:2}"


def sidecar(options: str = "") -> str:
    """Return a step."""
    return f"--step=sidecars: {{containers: [{PROXY}]{options}}}"


def places(stream: str) -> list[str]:
    """Return the lists of containers, in order."""
    lines = (line.strip() for line in stream.splitlines())
    return [line for line in lines if line in ("initContainers:", "containers:")]


def test_it_comes_from_the_option_before_the_variable(
    postrender: Command, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("tell", TELL)

    assert postrender("--step", "tell:", stdin=WEB).stderr.endswith(": None\n")

    monkeypatch.setenv("POSTRENDER_KUBE_VERSION", "1.28")

    assert postrender("--step", "tell:", stdin=WEB).stderr.endswith(
        ": Fact(value='1.28', source='POSTRENDER_KUBE_VERSION')\n"
    )
    done = postrender("--step", "tell:", "--kube-version", "v1.33.2", stdin=WEB)
    assert done.stderr.endswith(": Fact(value='v1.33.2', source='--kube-version')\n")


@pytest.mark.parametrize("version", ["new", "1", "1.33-x y\n", "v1.x", "11111.1"])
def test_what_is_no_version_is_refused(version: str, postrender: Command) -> None:
    done = postrender("--kube-version", version, stdin="no stream")

    assert (done.code, done.stdout) == (2, "")
    assert f"--kube-version: `{version.strip()}".replace("\n", " ") in done.stderr
    assert "is no version of Kubernetes, such as 1.33" in done.stderr


def test_a_program_states_it_too() -> None:
    steps = Pipeline.from_dict(
        {"steps": [{"sidecars": {"containers": [{"name": "proxy", "image": "proxy:2"}]}}]}
    )

    old = steps.render(WEB.encode(), kube_version="1.28").stream.decode()
    new = steps.render(WEB.encode(), kube_version="1.29").stream.decode()

    assert places(old) == ["containers:"]
    assert places(new) == ["initContainers:", "containers:"]
    with pytest.raises(UsageError, match="the argument kube_version: `x` is no version"):
        steps.render(WEB.encode(), kube_version="x")


@pytest.mark.parametrize("command", ["run", "diff", "simulate"])
def test_commands_that_run_the_steps_know_it(command: str, postrender: Command) -> None:
    more = ["--helm", "3"] if command == "simulate" else []
    more += ["--show", "answer"] if more else []

    stream = "---\n# Source: shop/templates/web.yaml\n" + WEB
    done = postrender(command, sidecar(), "--kube-version", "1.33", *more, stdin=stream)

    assert done.code == 0
    assert "initContainers:" in done.stdout


@pytest.mark.parametrize(
    ("configured", "stated", "expected"),
    [
        ("", [], ["containers:"]),
        ("1.33", [], ["initContainers:", "containers:"]),
        ("1.28", ["--kube-version", "1.33"], ["initContainers:", "containers:"]),
        ("1.33", ["--kube-version", "1.28"], ["containers:"]),
        ("", ["--kube-version", "1.33"], ["initContainers:", "containers:"]),
    ],
)
def test_for_sidecars_it_counts_more_than_the_configuration(
    configured: str, stated: list[str], expected: list[str], postrender: Command
) -> None:
    step = sidecar(f", kubeVersion: '{configured}'" if configured else "")

    done = postrender(step, *stated, stdin=WEB)

    assert done.code == 0
    assert places(done.stdout) == expected


def test_native_sidecars_are_refused_where_it_has_none(postrender: Command) -> None:
    done = postrender(sidecar(", mode: native"), "--kube-version", "1.28", stdin=WEB)

    assert done.code == 1
    assert done.stderr.startswith(
        "postrender: error: step 1 (sidecars): `mode` is native, and there are native sidecars from"
        " Kubernetes 1.29 on; --kube-version says 1.28"
    )


@pytest.mark.parametrize(
    ("configured", "stated", "code"),
    [
        ("{}", [], 0),
        ("{}", ["--kube-version", "1.34"], 1),
        ("{kubeVersion: '1.34'}", ["--kube-version", "1.35"], 0),
        ("{kubeVersion: '1.35'}", ["--kube-version", "1.34"], 1),
        ("{kubeVersion: '1.34'}", [], 1),
    ],
)
def test_for_podspec_it_counts_more_than_the_configuration(
    configured: str, stated: list[str], code: int, postrender: Command
) -> None:
    done = postrender(f"--step=podspec: {configured}", *stated, stdin=RESTARTING)

    assert done.code == code
    assert ("may not be set for non-init containers" in done.stderr) is (stated[1:] != ["1.35"])


def test_the_report_has_it(postrender: Command) -> None:
    postrender(sidecar(), "--kube-version", "1.33", "--report", "report.json", stdin=WEB)

    with open("report.json", encoding="utf-8") as file:
        report = json.load(file)

    assert report["kubeVersion"] == {"value": "1.33", "source": "--kube-version"}
    assert "kubeVersion: 1.33 (--kube-version)" in postrender("report", "report.json").stdout
