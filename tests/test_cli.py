"""The command line: what goes in, what comes out, what is told, and how it ends."""

import os
from pathlib import Path

import pytest
from support import UNCONFIGURED, Command, Done, Install

import postrender as package
from postrender import Manifests
from postrender._cli import COMMANDS

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
JOB = "apiVersion: v1\nkind: Job\nmetadata:\n  name: job\n"
HEAD = "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
STEP = "labels: {set: {team: a}}"
LABELLED = POD + "  labels:\n    team: a\n"


def config(path: Path, *labels: str) -> str:
    """Write a configuration that sets *labels*, and return its path."""
    steps = ", ".join(f"{{labels: {{set: {{{label}: x}}}}}}" for label in labels)
    path.write_text(f"{HEAD}steps: [{steps}]\n")
    return str(path)


def labels_of(done: Done) -> list[str]:
    """Return the labels in the output of a run on POD."""
    assert done.stderr == ""
    assert done.code == 0
    return [line.split(":")[0].strip() for line in done.stdout.splitlines()[5:]]


ODD = [
    "# nothing\n",
    "---\n\n---\n# Source: a.yaml\n" + POD.rstrip("\n"),
    POD.replace("\n", "\r\n"),
    "\ufeff" + POD,
    '{"apiVersion": "v1", "kind": "Pod"}',
]


@pytest.mark.parametrize("stream", ODD)
def test_without_a_configuration_the_stream_keeps_its_bytes(
    stream: str, postrender: Command
) -> None:
    assert postrender(stdin=stream) == Done(0, stream, UNCONFIGURED)
    assert postrender("-q", stdin=stream) == Done(0, stream, "")


def test_a_configuration_without_steps_is_one(postrender: Command, folder: Path) -> None:
    config(folder / "postrender.yaml")

    assert postrender(stdin=POD) == Done(0, POD, "")


def test_run_is_the_long_name_of_the_filter(postrender: Command) -> None:
    assert postrender("run", "--step", STEP, stdin=POD) == Done(0, LABELLED, "")


def test_the_configuration_in_the_working_folder_is_found(
    postrender: Command, folder: Path
) -> None:
    config(folder / "postrender.yaml", "here")

    assert labels_of(postrender(stdin=POD)) == ["here"]


def test_a_variable_names_configurations_unless_an_option_does(
    postrender: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(folder / "postrender.yaml", "here")
    one, two = config(folder / "one.yaml", "one"), config(folder / "two.yaml", "two")

    monkeypatch.setenv("POSTRENDER_CONFIG", os.pathsep.join([two, "", one]))

    assert labels_of(postrender(stdin=POD)) == ["two", "one"]
    assert labels_of(postrender("-c", one, stdin=POD)) == ["one"]
    assert labels_of(postrender(f"-c={one}", stdin=POD)) == ["one"]  # as helm takes its own


def test_configurations_are_merged_in_order_and_steps_come_last(
    postrender: Command, folder: Path
) -> None:
    one, two = config(folder / "one.yaml", "one"), config(folder / "two.yaml", "two")

    done = postrender(
        "--step=labels: {set: {three: x}}",
        "-c",
        two,
        f"--config={one}",
        f"--step={STEP}",
        stdin=POD,
    )

    assert labels_of(done) == ["two", "one", "three", "team"]


def test_manifests_come_from_files_and_stdin_in_order(postrender: Command, folder: Path) -> None:
    (folder / "a.yaml").write_text(POD.rstrip("\n"))
    (folder / "b.yaml").write_text("\ufeff" + JOB)

    done = postrender("-qf", "a.yaml", "-f", "-", "--filename=b.yaml", stdin="--- # mine\n" + JOB)

    assert done == Done(0, f"{POD}--- # mine\n{JOB}---\n{JOB}", "")


@pytest.mark.parametrize("stream", ["", "\n", "  "])
def test_no_manifests_are_a_comment_since_helm_4_takes_no_output_for_a_failure(
    stream: str, postrender: Command
) -> None:
    assert postrender("-q", stdin=stream) == Done(0, f"{stream}# no manifests\n", "")
    assert postrender("-q", stdin="# none\n") == Done(0, "# none\n", "")


def test_one_file_keeps_its_bytes(postrender: Command, folder: Path) -> None:
    (folder / "a.yaml").write_text("\ufeff" + POD)

    assert postrender("-qfa.yaml") == Done(0, "\ufeff" + POD, "")


def test_output_goes_to_a_file_that_keeps_its_mode(postrender: Command, folder: Path) -> None:
    path = folder / "out.yaml"
    path.write_text("old")
    path.chmod(0o640)

    assert postrender("-o", "out.yaml", "--step", STEP, stdin=POD) == Done(0, "", "")
    assert path.read_text() == LABELLED
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(folder) == ["out.yaml"]


def test_output_goes_to_a_new_file(postrender: Command, folder: Path) -> None:
    assert postrender("-q", "--output=out.yaml", stdin=POD) == Done(0, "", "")
    assert (folder / "out.yaml").read_text() == POD


def test_a_file_may_be_filtered_in_place(postrender: Command, folder: Path) -> None:
    (folder / "a.yaml").write_text(POD)

    assert postrender("-f", "a.yaml", "-o", "a.yaml", "--step", STEP).code == 0
    assert (folder / "a.yaml").read_text() == LABELLED


def test_output_to_a_link_goes_where_it_leads(postrender: Command, folder: Path) -> None:
    (folder / "real.yaml").write_text("old")
    (folder / "link.yaml").symlink_to("real.yaml")

    assert postrender("-o", "link.yaml", stdin=POD).code == 0
    assert (folder / "link.yaml").is_symlink()
    assert (folder / "real.yaml").read_text() == POD


def test_output_may_go_to_a_device(postrender: Command) -> None:
    assert postrender("-qo", os.devnull, stdin=POD) == Done(0, "", "")


def test_a_file_is_left_alone_where_a_step_fails(postrender: Command, folder: Path) -> None:
    (folder / "out.yaml").write_text("old")

    done = postrender("-o", "out.yaml", "--step", "exec: 'false'", stdin=POD)

    assert done.code == 1
    assert (folder / "out.yaml").read_text() == "old"


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(
    postrender: Command, folder: Path
) -> None:
    name = "x" * 255  # with the name of a temporary file this is too long

    done = postrender("-o", name, stdin=POD)

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.endswith(f"{name}: cannot be written: File name too long\n")
    assert os.listdir(folder) == []


TELL = """\
from postrender import hookimpl

@hookimpl
def postrender_transform(context):
    context.notice(f"{context.release} {context.namespace}")
"""


def told(done: Done) -> str:
    assert done.code == 0
    return done.stderr.removeprefix("postrender: step 1 (tell): ").rstrip("\n")


def test_facts_come_from_options_before_variables(
    postrender: Command, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("tell", TELL)

    assert told(postrender("--step", "tell:", stdin=POD)) == "None None"

    monkeypatch.setenv("POSTRENDER_RELEASE_NAME", "blue")
    monkeypatch.setenv("HELM_NAMESPACE", "shop")

    assert told(postrender("--step", "tell:", stdin=POD)) == (
        "Fact(value='blue', source='POSTRENDER_RELEASE_NAME') "
        "Fact(value='shop', source='HELM_NAMESPACE')"
    )
    assert told(
        postrender("--step", "tell:", "--release-name", "red", "-n", "data", stdin=POD)
    ) == ("Fact(value='red', source='--release-name') Fact(value='data', source='--namespace')")


CHECK = """\
from postrender import Finding, Severity, hookimpl

@hookimpl
def postrender_transform(manifests, options, context):
    context.notice("noticed \\x1b[31m")
    if "remove" in options:
        for manifest in manifests:
            manifest.remove()
    if "raise" in options:
        raise KeyError("spec")
    if "interrupt" in options:
        raise KeyboardInterrupt

@hookimpl
def postrender_check(manifests, options):
    severity = Severity(options.get("severity", "warning"))
    for manifest in manifests:
        yield Finding(severity, "rule", "bad", manifest.location)
"""

NOTICED = "postrender: step 1 (check): noticed \\x1b[31m\n"


@pytest.fixture
def check(install: Install) -> None:
    """Install a plugin that does whatever its options say."""
    install("check", CHECK)


@pytest.mark.usefixtures("check")
class TestCheck:
    """What the plugin makes of a run."""

    def test_notices_and_warnings_are_told_on_stderr(self, postrender: Command) -> None:
        warning = "postrender: warning [rule]: document 1, Pod web: bad\n"

        assert postrender("--step", "check:", stdin=POD) == Done(0, POD, NOTICED + warning)

    @pytest.mark.parametrize("option", ["-q", "--quiet"])
    def test_quiet_tells_neither(self, option: str, postrender: Command) -> None:
        assert postrender(option, "--step", "check:", stdin=POD) == Done(0, POD, "")

    def test_an_error_refuses_the_stream(self, postrender: Command) -> None:
        done = postrender("--step", "check: {severity: error}", stdin=POD)

        assert done == Done(
            1,
            "",
            NOTICED + "postrender: error: the checks found an error\n"
            "  step 1 (check): error [rule]: document 1, Pod web: bad\n",
        )

    def test_everything_may_be_removed_only_if_allowed(self, postrender: Command) -> None:
        step = "check: {remove: true}"

        assert postrender("-q", "--step", step, stdin=POD) == Done(
            1,
            "",
            "postrender: error: the steps removed the only manifest; allow it with --allow-empty\n",
        )
        assert postrender("-q", "--allow-empty", "--step", step, stdin=POD) == Done(
            0, "# no manifests\n", ""
        )

    def test_a_plugin_that_raises_is_named_without_a_traceback(self, postrender: Command) -> None:
        done = postrender("--step", "check: {raise: true}", stdin=POD)

        assert done == Done(
            3,
            "",
            NOTICED + "postrender: error: step 1 (check): the plugin failed: KeyError: 'spec'; "
            "--debug shows the traceback\n",
        )

    def test_debug_shows_the_traceback(self, postrender: Command) -> None:
        done = postrender("--debug", "--step", "check: {raise: true}", stdin=POD)

        assert done.code == 3
        assert "Traceback (most recent call last):" in done.stderr
        assert 'raise KeyError("spec")' in done.stderr
        assert done.stderr.endswith("the plugin failed: KeyError: 'spec'\n")

    def test_an_interrupt_ends_with_130(self, postrender: Command) -> None:
        done = postrender("-q", "--step", "check: {interrupt: true}", stdin=POD)

        assert done == Done(130, "", "postrender: interrupted\n")


def test_the_version_is_printed(postrender: Command) -> None:
    assert postrender("--version") == Done(0, f"postrender {package.__version__}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_help_names_every_option_command_and_variable(option: str, postrender: Command) -> None:
    done = postrender(option)

    assert (done.code, done.stderr) == (0, "")
    for word in (
        "-c, --config FILE",
        "--step STEP",
        "-f, --filename FILE",
        "-o, --output FILE",
        "--release-name NAME",
        "-n, --namespace NAME",
        "--kube-version VERSION",
        "--post-render-strategy NAME",
        "--allow-empty",
        "-q, --quiet",
        "--version",
        "--debug",
        "-h, --help",
        "POSTRENDER_CONFIG",
        "POSTRENDER_RELEASE_NAME",
        "HELM_NAMESPACE",
        "POSTRENDER_KUBE_VERSION",
        *(f"postrender {name}" for name in COMMANDS if name != "run"),
        "postrender PLUGIN",
        "130  interrupted",
    ):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


HOOK = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: hook
  annotations:
    helm.sh/hook: test
    postrenderer.helm.sh/postrender-filename: 'shop/templates/hook.yaml'
"""
ADD = """\
from postrender import hookimpl

@hookimpl
def postrender_transform(manifests):
    manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "new"}})
"""


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [([], ["ConfigMap"]), (["--post-render-strategy", "combined"], ["ConfigMap", "Pod"])],
)
def test_documents_join_hooks_only_where_the_manifests_do(
    arguments: list[str], kinds: list[str], postrender: Command, install: Install
) -> None:
    install("adds", ADD)

    done = postrender("-q", "--step", "adds: {}", *arguments, stdin=HOOK)

    assert done.code == 0
    assert [each.kind for each in Manifests.parse(done.stdout.encode())] == kinds


def test_what_a_plugin_prints_goes_to_stderr(postrender: Command, install: Install) -> None:
    install(
        "talks", ADD.replace("    manifests.add", "    print('hello: world')\n    manifests.add")
    )

    done = postrender("--step", "talks: {}", stdin=POD)

    assert done.code == 0
    assert done.stdout.startswith(POD)
    assert done.stderr == "hello: world\n"
