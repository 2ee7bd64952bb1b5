"""The simulator beside the real Helm: the same chart, the same answers, the same release.

A renderer of two lines records what each version sends, and answers what a test wants.
"""

import json
import os
import re
import stat
import subprocess
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import real
from helm.answers import FILENAME, OF_A_STREAM, OTHERS, config_map
from helm.hosts import CHAIN, Helm
from support import Command

from postrender import PostrenderError
from postrender._helm.hosts import helm3, helm4
from postrender._helm.hosts.outcome import Outcome
from postrender._helm.hosts.rendered import Rendered, read_rendered
from postrender._yaml import YamlError, load, split

CHARTS = Path(__file__).parent / "charts"
NAMES = sorted(path.name for path in CHARTS.iterdir())
VERSIONS = ("3.17.3", "3.22.0", "4.2.4", "4.3.1")
RECORDER = '#!/bin/sh\ncat > "$RECORD"\ncat "$ANSWER"\n'
PLUGIN = """\
apiVersion: v1
name: recorder
version: 0.1.0
type: postrenderer/v1
runtime: subprocess
runtimeConfig:
  platformCommand:
  - command: ${HELM_PLUGIN_DIR}/recorder
"""


class Told(NamedTuple):
    """What the real host did."""

    sent: bytes
    stdout: str
    stderr: str
    code: int


class Host:
    """One version of Helm, with a folder of its own."""

    def __init__(self, version: str, folder: Path) -> None:
        self.version = version
        self.program = real.helm(version)
        self.folder = folder
        self.recorder = folder / "plugins" / "recorder" / "recorder"
        self.recorder.parent.mkdir(parents=True)
        self.recorder.write_text(RECORDER)
        self.recorder.chmod(stat.S_IRWXU)
        (self.recorder.parent / "plugin.yaml").write_text(PLUGIN)

    @property
    def major(self) -> int:
        return int(self.version[0])

    def template(self, chart: str, *arguments: str, **variables: str) -> Told:
        environment = {
            "PATH": os.environ["PATH"],
            "HELM_CACHE_HOME": str(self.folder / "cache"),
            "HELM_CONFIG_HOME": str(self.folder / "config"),
            "HELM_DATA_HOME": str(self.folder / "data"),
            **variables,
        }
        done = subprocess.run(
            [self.program, "template", "demo", str(CHARTS / chart), *arguments],
            env=environment,
            capture_output=True,
            check=False,
            cwd=self.folder,
        )
        return Told(b"", done.stdout.decode(), done.stderr.decode(), done.returncode)

    def render(self, chart: str, answer: bytes, *arguments: str) -> Told:
        """Return what is sent to a renderer that answers *answer*, and what comes of it."""
        record, file = self.folder / "record", self.folder / "answer"
        file.write_bytes(answer)
        variables = {"RECORD": str(record), "ANSWER": str(file)}
        renderer = str(self.recorder)
        if self.major == 4:
            renderer, variables["HELM_PLUGINS"] = "recorder", str(self.recorder.parent.parent)
        told = self.template(chart, "--post-renderer", renderer, *arguments, **variables)
        return told._replace(sent=record.read_bytes())

    def sent(self, chart: str) -> str:
        """Return what is sent to a renderer."""
        return self.render(chart, b"#").sent.decode()


Hosts = Callable[[str], Host]
Charts = Callable[..., Rendered]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Hosts:
    @lru_cache
    def find(version: str) -> Host:
        return Host(version, tmp_path_factory.mktemp(f"helm-{version}"))

    return find


@pytest.fixture(scope="module")
def rendered(hosts: Hosts) -> Charts:
    @lru_cache
    def read(version: str, chart: str, *arguments: str) -> Rendered:
        return read_rendered(hosts(version).template(chart, *arguments).stdout.encode())

    return read


def values(stream: bytes) -> list[Any]:
    """Return the values of a stream's documents."""
    found = [load(part.body.decode()) for part in split(stream)]
    return [value for value in found if value is not None]


def installed(text: str) -> list[tuple[str, Any]]:
    """Return file and value of what `helm template` prints."""
    parts = re.split(r"(?m)^---\n# Source: (.*)\n", text)
    return list(zip(parts[1::2], map(load, parts[2::2]), strict=True))


def render(rendered: Rendered, answer: bytes, major: int) -> Outcome:
    if major == 3:
        return helm3.render(rendered, lambda _: answer)
    return helm4.render(rendered, lambda _: answer)


# -- what the host hands over ---------------------------------------------------------------------


@pytest.mark.parametrize("source", ["3.17.3", "3.22.0"])
@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("version", ["3.17.3", "3.22.0"])
def test_helm_3_sends_the_stream_that_is_worked_out_from_helm_3(
    hosts: Hosts, rendered: Charts, version: str, chart: str, source: str
) -> None:
    sent = hosts(version).render(chart, b"").sent

    assert helm3.call(rendered(source, chart)).stream.decode() == sent.decode()


@pytest.mark.parametrize("source", ["4.2.4", "4.3.1"])
@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("version", ["3.17.3", "3.22.0"])
def test_helm_3_sends_the_stream_that_is_worked_out_from_helm_4(
    hosts: Hosts, rendered: Charts, version: str, chart: str, source: str
) -> None:
    sent = hosts(version).render(chart, b"").sent

    stream = helm3.call(rendered(source, chart)).stream

    # Helm 3 finds one document more where nothing but comments stands between two separators.
    assert installed(stream.decode()) == installed(sent.decode())


@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("version", ["3.17.3", "3.22.0"])
def test_helm_3_sends_the_files_of_crds_if_told_to(
    hosts: Hosts, rendered: Charts, version: str, chart: str
) -> None:
    sent = hosts(version).render(chart, b"", "--include-crds").sent

    stream = helm3.call(rendered(version, chart, "--include-crds")).stream

    assert stream.decode() == sent.decode()


@pytest.mark.parametrize("source", VERSIONS)
@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("version", ["4.2.4", "4.3.1"])
def test_helm_4_sends_the_stream_that_is_worked_out(
    hosts: Hosts, rendered: Charts, version: str, chart: str, source: str
) -> None:
    sent = hosts(version).render(chart, b"#", "--include-crds").sent

    (call,) = helm4.calls(rendered(source, chart, "--include-crds"), "combined")

    assert by_file(call.stream) == by_file(sent)


def by_file(stream: bytes) -> list[tuple[str, list[str]]]:
    """Return the objects of each file, in the order of the files.

    Their order within a file is not known from what `helm template` prints, and hooks with an
    unknown event are not in it.
    """
    found: dict[str, list[str]] = {}
    for value in values(stream):
        annotations = value["metadata"]["annotations"]
        if annotations.get("helm.sh/hook") != "pre-lunch":
            found.setdefault(annotations[FILENAME], []).append(json.dumps(value, sort_keys=True))
    return [(file, sorted(texts)) for file, texts in found.items()]


# -- what the host makes of an answer -------------------------------------------------------------


@pytest.mark.parametrize("name", OF_A_STREAM)
@pytest.mark.parametrize("chart", NAMES)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_host_makes_the_same_of_a_changed_stream(
    hosts: Hosts, rendered: Charts, version: str, chart: str, name: str
) -> None:
    answer = OF_A_STREAM[name](hosts(version).sent(chart)).encode()

    real = hosts(version).render(chart, answer)

    assert told(real) == simulated(rendered(version, chart), answer, int(version[0]))


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_host_makes_the_same_of_any_answer(
    hosts: Hosts, rendered: Charts, version: str, name: str
) -> None:
    answer = OTHERS[name].encode()

    real = hosts(version).render("shop", answer)

    assert told(real) == simulated(rendered(version, "shop"), answer, int(version[0]))


#: What the messages of the host and of the simulator have in common.
PHRASES = (
    "MalformedYAMLError",
    "YAML parse error",
    "expected MappingNode but got AliasNode",
    "expected MappingNode but got ScalarNode",
    "expected MappingNode but got SequenceNode",
    "invalid document separator",
    "missing Resource metadata",
    "produced empty output",
    "unknown anchor",
)


def told(real: Told) -> object:
    """Return file and value of what the real host installs, in order, or why it refuses."""
    return [each for each in PHRASES if each in real.stderr] if real.code else release(real.stdout)


def simulated(rendered: Rendered, answer: bytes, major: int) -> object:
    """Return the same of the simulated one."""
    try:
        outcome = render(rendered, answer, major)
    except PostrenderError as error:
        return [each for each in PHRASES if each in str(error)]
    entries = (*outcome.manifests, *outcome.hooks)
    if major == 4:
        assert [entry.file for entry in entries] == [file for file, _ in installed(outcome.text)]
    return release(outcome.text)


def release(text: str) -> object:
    """Return what `helm template` prints; the text where it is not to be read."""
    try:
        return installed(text)
    except YamlError:
        return text


# -- our own program ------------------------------------------------------------------------------

ADDED = config_map("more").replace("\n", "\\\\n")
ADDING = f"""\
- where: {{kind: ConfigMap}}
  annotations: {{set: {{example.com/on-call: "7"}}}}
- exec: {{command: [sh, -c, "cat; printf -- '---\\n{ADDED}'"]}}
"""


@pytest.mark.parametrize("chain", [CHAIN, ADDING], ids=["the matrix's", "adding"])
@pytest.mark.parametrize("chart", NAMES)
def test_the_result_is_what_the_host_prints_with_our_program(
    offline: Helm, postrender: Command, chart: str, chain: str
) -> None:
    plain = offline("template", "demo", str(CHARTS / chart))
    offline.chain(chain)

    real = offline("template", "demo", str(CHARTS / chart), *offline.flags)
    command = ("simulate", "--helm", str(offline.major), "--show", "result")
    done = postrender(*command, "-c", str(offline.folder / "postrender.yaml"), stdin=plain.stdout)

    assert (done.code, real.code) == (0, 0), done.stderr + real.stderr
    assert installed(done.stdout) == installed(real.stdout)
