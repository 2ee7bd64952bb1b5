"""The plugin exec: programs as steps, run for real."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documented import example
from real import kustomize

from postrender import ConfigError, Manifests, Pipeline, RefusedError
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import exec
from postrender_plugins.exec._program import _Interrupts

Script = Callable[[str, str], str]

STREAM = """\
---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # the front
spec:
  replicas: 0x2
  # quoted on purpose
  paused: 'no'
---
# Source: shop/templates/cfg.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cfg
data:
  a: "1"   # one
"""


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Write executable sh scripts into the folder that the configuration is in."""

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return f"./{name}"

    return write


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Run a step that is to be refused, and return the message."""

    def run(command: Any, error: type[Exception] = RefusedError, **options: Any) -> str:
        with pytest.raises(error) as caught:
            render("exec", STREAM, directory=tmp_path, command=command, **options)
        assert type(caught.value) is error
        return str(caught.value)

    return run


GOLDEN = find_cases(Path(__file__).parent / "plugins" / "exec")


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


def test_the_example_of_the_documentation_is_a_configuration(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(exec.__doc__))
    Pipeline.load(config)


# -- what goes in and what comes out ---------------------------------------------------------------


def test_a_program_that_changes_nothing_leaves_every_byte(tmp_path: Path, script: Script) -> None:
    outcome = result("exec", STREAM, directory=tmp_path, command=script("same", "exec cat"))
    assert outcome.stream.decode() == STREAM
    assert outcome.edits == ()


def test_a_string_is_the_program(tmp_path: Path, script: Script) -> None:
    steps = {"steps": [{"exec": script("same", "exec cat")}]}
    assert Pipeline.from_dict(steps, str(tmp_path)).run(STREAM.encode()).decode() == STREAM


def test_only_the_difference_is_written_into_our_text(tmp_path: Path, script: Script) -> None:
    # The program loses comments, quotes and the hexadecimal number, and changes one value.
    program = script(
        "scale",
        """cat >/dev/null; cat <<'END'
{"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "web"},
 "spec": {"paused": "no", "replicas": 3}}
---
{"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "cfg"}, "data": {"a": "1"}}
END""",
    )
    outcome = result("exec", STREAM, directory=tmp_path, command=program)
    assert outcome.stream.decode() == STREAM.replace("0x2", "3")
    assert [edit[1:] for edit in outcome.edits] == [
        ("Deployment web", 1, "replace", ("spec", "replicas"), 2, 3)
    ]


def test_a_value_that_only_python_thinks_equal_is_a_difference(
    tmp_path: Path, script: Script
) -> None:
    text = "apiVersion: v1\nkind: A\nspec: {a: 1, b: true, c: 0}\n"
    program = script("types", r"""sed 's/{.*}/{a: true, b: 1, c: "0"}/'""")
    out = render("exec", text, directory=tmp_path, command=program)
    assert out == 'apiVersion: v1\nkind: A\nspec: {a: true, b: 1, c: "0"}\n'


def test_order_additions_and_removals_are_those_of_the_program(
    tmp_path: Path, script: Script
) -> None:
    stream = "".join(
        f"---\n# about {name}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n"
        for name in ("a", "b", "c")
    )
    program = script(
        "shuffle",
        """cat >/dev/null; cat <<'END'
# brand new
apiVersion: v1
kind: Secret
metadata: {name: first}   # by the program
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: Secret
metadata: {name: last}
END""",
    )
    assert render("exec", stream, directory=tmp_path, command=program) == (
        "---\n# brand new\napiVersion: v1\nkind: Secret\n"
        "metadata: {name: first}   # by the program\n"
        "---\n# about c\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n"
        "---\n# about a\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: last}\n"
    )


def test_text_replace_takes_the_text_of_the_program(tmp_path: Path, script: Script) -> None:
    program = script("plain", "sed -e 's/ *#.*//' -e '/^$/d'")
    out = render("exec", STREAM, directory=tmp_path, command=program, text="replace")
    assert out == (
        "---\n# Source: shop/templates/web.yaml\n"
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
        "  replicas: 0x2\n  paused: 'no'\n"
        "---\n# Source: shop/templates/cfg.yaml\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\ndata:\n"
        '  a: "1"\n'
    )


def test_text_replace_leaves_what_the_program_left(tmp_path: Path, script: Script) -> None:
    program = script("web", "sed 's/name: web .*/name: web/'")
    outcome = result("exec", STREAM, directory=tmp_path, command=program, text="replace")
    assert outcome.stream.decode() == STREAM.replace("name: web   # the front", "name: web")
    assert [edit.manifest for edit in outcome.edits] == ["Deployment web", "Deployment web"]


def test_with_where_the_program_reads_the_selected_documents_only(
    tmp_path: Path, script: Script
) -> None:
    program = script("see", 'tee seen | sed \'s/"1"/"2"/\'')
    out = render("exec", STREAM, directory=tmp_path, command=program, where={"kind": "ConfigMap"})
    assert out == STREAM.replace('"1"', '"2"')
    assert (tmp_path / "seen").read_text() == "---\n" + STREAM.rpartition("---\n")[2].replace(
        '"1"', '"2"'
    )


def test_with_where_the_others_keep_their_places(tmp_path: Path, script: Script) -> None:
    stream = "".join(
        f"---\napiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n"
        for kind, name in (("A", "one"), ("B", "two"), ("A", "three"), ("B", "four"))
    )
    program = script(
        "swap",
        """cat >/dev/null; cat <<'END'
{apiVersion: v1, kind: A, metadata: {name: three}}
---
{apiVersion: v1, kind: A, metadata: {name: one}}
END""",
    )
    out = render("exec", stream, directory=tmp_path, command=program, where={"kind": "A"})
    assert [str(each) for each in Manifests.parse(out.encode())] == [
        "A three",
        "B two",
        "A one",
        "B four",
    ]


def test_items_of_a_list_are_documents_for_the_program_and_edited_in_place(
    tmp_path: Path, script: Script
) -> None:
    stream = (
        "apiVersion: v1\nkind: List\nitems:\n"
        "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}   # first\n"
        "- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n"
    )
    program = script("rename", "sed 's/^kind: ConfigMap/&\\nimmutable: true/'")
    out = render("exec", stream, directory=tmp_path, command=program, where={"kind": "ConfigMap"})
    assert out == stream.replace("# first\n", "# first\n  immutable: true\n")


def test_json_and_documents_without_a_final_newline_can_be_selected(
    tmp_path: Path, script: Script
) -> None:
    json = '{"apiVersion": "v1", "kind": "A"}'
    stream = f"{json}\n---\nkind: B\napiVersion: v1\n---\nkind: A\napiVersion: v1"
    program = script("count", "tee seen")
    assert (
        render("exec", stream, directory=tmp_path, command=program, where={"kind": "A"}) == stream
    )
    assert (tmp_path / "seen").read_text() == (f"---\n{json}\n---\nkind: A\napiVersion: v1\n")


def test_a_program_may_add_to_an_empty_stream(tmp_path: Path, script: Script) -> None:
    program = script("make", "printf 'apiVersion: v1\\nkind: A\\n'")
    out = render("exec", "", directory=tmp_path, command=program)
    assert [str(each) for each in Manifests.parse(out.encode())] == ["A"]


def test_three_programs_are_three_steps(tmp_path: Path, script: Script) -> None:
    steps = [
        {"exec": script("one", "sed 's/name: web/name: web1/'")},
        {"exec": script("two", "sed 's/name: web1/name: web12/'")},
        {"exec": ["sed", "s/name: web12/name: web123/"]},
    ]
    out = Pipeline.from_dict({"steps": steps}, str(tmp_path)).run(STREAM.encode()).decode()
    assert "  name: web123   # the front\n" in out or "  name: web123\n" in out


# -- which object is which -------------------------------------------------------------------------


def _objects(*names: str) -> str:
    return "".join(f"---\n# {name}\napiVersion: v1\nkind: A\n{name}\n" for name in names)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("metadata: {name: a}", "metadata: {name: a, namespace: b}", id="namespace"),
        pytest.param(
            "metadata: {generateName: a-}",
            "metadata: {generateName: a-, uid: z}",
            id="generateName",
        ),
        pytest.param(
            "metadata: {name: a, annotations: {postrenderer.helm.sh/postrender-filename: f}}",
            "metadata: {name: pre-a, annotations: {postrenderer.helm.sh/postrender-filename: f}}",
            id="renamed, in the file of Helm 4",
        ),
    ],
)
def test_an_object_is_known_again_and_keeps_its_comments(
    tmp_path: Path, script: Script, before: str, after: str
) -> None:
    stream = f"# why\napiVersion: v1\nkind: A\n{before}\n"
    program = script("change", f"grep -v '^#' | sed 's|{before}|{after}|'")
    out = render("exec", stream, directory=tmp_path, command=program)
    assert out == f"# why\napiVersion: v1\nkind: A\n{after}\n"


def test_another_api_version_is_a_change_of_the_object(tmp_path: Path, script: Script) -> None:
    stream = "# why\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n"
    program = script("newer", "grep -v '^#' | sed 's/v1beta1/v1/'")
    out = render("exec", stream, directory=tmp_path, command=program)
    assert out == stream.replace("v1beta1", "v1")


def test_an_object_with_a_new_name_and_nothing_to_know_it_by_is_another_one(
    tmp_path: Path, script: Script
) -> None:
    stream = "# why\napiVersion: v1\nkind: A\nmetadata: {name: a}\n"
    program = script("rename", "grep -v '^#' | sed 's/name: a/name: b/'")
    outcome = result("exec", stream, directory=tmp_path, command=program)
    assert [(edit.op, edit.manifest) for edit in outcome.edits] == [
        ("add", "A b"),
        ("remove", "A a"),
    ]
    assert "# why" not in outcome.stream.decode()


def test_an_object_that_takes_the_place_of_another_stands_there(
    tmp_path: Path, script: Script
) -> None:
    texts = [f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n" for kind in "ABC"]
    program = script("rename", "sed 's/name: a/name: b/'")
    out = render(
        "exec", "---\n".join(texts), directory=tmp_path, command=program, where={"kind": "B"}
    )
    texts[1] = texts[1].replace("name: a", "name: b")
    assert out == "---\n".join(texts)


def test_objects_that_share_an_identity_are_matched_in_their_order(
    tmp_path: Path, script: Script
) -> None:
    one = "---\n# one\napiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {n: 1}\n"
    two = "---\n# two\napiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {n: 2}\n"
    program = script("more", "grep -v '^#' | sed -e 's/n: 2/n: 12/' -e 's/n: 1}/n: 11}/'")
    out = render("exec", one + two, directory=tmp_path, command=program)
    assert out == one.replace("n: 1}", "n: 11}") + two.replace("n: 2", "n: 12")


def test_the_file_of_helm_4_tells_objects_apart_that_share_an_identity(
    tmp_path: Path, script: Script
) -> None:
    def text(file: str) -> str:
        annotation = f"postrenderer.helm.sh/postrender-filename: {file}"
        return f"apiVersion: v1\nkind: A\nmetadata: {{name: a, annotations: {{{annotation}}}}}\n"

    stream = f"# of x\n{text('x')}---\n# of w\n{text('w')}"
    program = script("swap", f"cat >/dev/null; cat <<'END'\n{text('w')}---\n{text('x')}END")
    out = render("exec", stream, directory=tmp_path, command=program)
    assert out == f"---\n# of w\n{text('w')}---\n# of x\n{text('x')}"


@pytest.mark.parametrize("text", ["splice", "replace"])
def test_the_file_of_helm_4_survives_a_program_that_drops_annotations(
    tmp_path: Path, script: Script, text: str
) -> None:
    stream = (
        "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n"
        "    x: v\n    postrenderer.helm.sh/postrender-filename: f.yaml\n"
    )
    program = script("drop", "grep -v -e annotations -e x: -e postrender")
    out = render("exec", stream, directory=tmp_path, command=program, text=text)
    assert next(iter(Manifests.parse(out.encode()))).annotations == {
        "postrenderer.helm.sh/postrender-filename": "f.yaml"
    }


# -- kustomize -------------------------------------------------------------------------------------

KUSTOMIZE = """set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/all.yaml"
cat >"$folder/kustomization.yaml" <<'END'
resources: [all.yaml]
labels:
- pairs: {team: core}
images:
- {name: nginx, newTag: "1.27"}
END
"$KUSTOMIZE" build "$folder"
"""


def test_comments_survive_a_pass_through_kustomize(tmp_path: Path, script: Script) -> None:
    stream = """\
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # the front
  labels: {app: 'web'}
spec:
  template:
    spec:
      containers:
        # the only one
        - image: nginx:1.25   # pinned
          name: web
          args: ["--verbose",   '--color']
---
# Source: shop/templates/cfg.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: cfg
data:
  b: |
    # text
  a: 'x'   # after b
"""
    outcome = result(
        "exec",
        stream,
        directory=tmp_path,
        command=script("kustomized", KUSTOMIZE),
        env={"KUSTOMIZE": kustomize()},
    )
    web, cfg = stream.split("---\n")
    # kustomize puts ConfigMaps first.
    assert outcome.stream.decode() == (
        "---\n"
        + cfg.replace("  name: cfg\n", "  name: cfg\n  labels:\n    team: core\n")
        + "---\n"
        + web.replace("{app: 'web'}", "{app: 'web', team: core}").replace("1.25", "1.27")
    )


def test_an_error_of_kustomize_is_told_as_it_says_it(
    refusal: Callable[..., str], script: Script
) -> None:
    program = script("kustomized", KUSTOMIZE.replace("all.yaml]", "none.yaml]"))
    message = refusal(program, env={"KUSTOMIZE": kustomize()})
    assert message.startswith("step 1 (exec): ./kustomized exited with code 1: Error: accumulating")


# -- how a program is started ----------------------------------------------------------------------


def test_a_bare_name_is_looked_up_in_path(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script("bin/mine", "sed 's/name: web/name: found/'")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    out = render("exec", STREAM, directory=tmp_path, command="mine")
    assert "  name: found" in out


def test_the_path_of_env_is_the_one_that_counts(tmp_path: Path, script: Script) -> None:
    script("bin/mine", "sed 's/name: web/name: found/'")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    out = render("exec", STREAM, directory=tmp_path, command="mine", env={"PATH": path})
    assert "  name: found" in out


def test_a_name_with_a_separator_and_cwd_start_from_the_folder_of_the_configuration(
    tmp_path: Path, script: Script
) -> None:
    script("bin/renderer", 'pwd -P >where; cat "$1" >seen; cat')
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "argument").write_text("read")
    render("exec", STREAM, directory=tmp_path, command=["bin/renderer", "argument"], cwd="work")
    assert (tmp_path / "work" / "where").read_text() == f"{(tmp_path / 'work').resolve()}\n"
    assert (tmp_path / "work" / "seen").read_text() == "read"


def test_a_configuration_file_is_what_relative_paths_start_from(
    tmp_path: Path, script: Script
) -> None:
    program = script("renderer", "sed 's/name: web/name: found/'")
    config = tmp_path / "postrender.yaml"
    config.write_text(
        f"apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n  - exec: {program}\n"
    )
    assert b"  name: found" in Pipeline.load(config).run(STREAM.encode())


def test_env_is_added_to_the_environment(
    tmp_path: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INHERITED", "i")
    program = script("env", 'cat; printf "%s %s" "$INHERITED" "$ADDED" >seen')
    render("exec", STREAM, directory=tmp_path, command=program, env={"ADDED": "a b $HOME"})
    assert (tmp_path / "seen").read_text() == "i a b $HOME"


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    out = render("exec", STREAM, directory=tmp_path, command=["sed", "s/name: web/name: $x`y`*/"])
    assert "  name: $x`y`*" in out


# -- how it can fail -------------------------------------------------------------------------------


def test_another_exit_code_than_0_refuses_the_manifests(
    refusal: Callable[..., str], script: Script
) -> None:
    program = script("fail", "cat; echo 'first line' >&2; echo boom >&2; exit 3")
    assert refusal(program) == "step 1 (exec): ./fail exited with code 3: first line\nboom"


def test_silence_is_told_too(refusal: Callable[..., str], script: Script) -> None:
    message = refusal(script("fail", "exit 1"))
    assert message == "step 1 (exec): ./fail exited with code 1, with nothing on stderr"


def test_of_a_long_stderr_the_end_is_told(refusal: Callable[..., str], script: Script) -> None:
    program = script("fail", "seq 100 999 >&2; exit 1")
    message = refusal(program)
    numbers = "\n".join(map(str, range(500, 1000)))
    assert message == f"step 1 (exec): ./fail exited with code 1: ...\n{numbers}"


def test_no_line_of_stderr_is_cut(refusal: Callable[..., str], script: Script) -> None:
    for size, told in ((5000, "0" * 5000), (20_001, "(a line of 20001 characters)")):
        program = script("fail", f"echo first >&2; printf '%0{size}d' 0 >&2; exit 1")
        assert refusal(program) == f"step 1 (exec): ./fail exited with code 1: ...\n{told}"
    program = script("fail", "printf '%05000d' 0 >&2; exit 1")
    assert refusal(program) == f"step 1 (exec): ./fail exited with code 1: {'0' * 5000}"


@pytest.mark.parametrize(
    ("name", "fate"), [("SEGV", "SIGSEGV"), (str(int(signal.SIGRTMIN) + 1), None)]
)
def test_a_signal_is_named(
    refusal: Callable[..., str], script: Script, name: str, fate: str | None
) -> None:
    message = refusal(script("dies", f"kill -s {name} $$ 2>/dev/null || kill -{name} $$"))
    expected = fate or f"signal {name}"
    assert message == f"step 1 (exec): ./dies was killed by {expected}, with nothing on stderr"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("cat >/dev/null", "wrote nothing to stdout, with nothing on stderr"),
        ("echo; echo why >&2", "wrote nothing to stdout: why"),
        ("echo '# nothing'", "wrote no manifests to stdout"),
        (
            "echo 'Usage: it [options]'",
            "wrote no manifests to stdout: document 1: apiVersion is missing; every Kubernetes"
            " object has apiVersion and kind",
        ),
        (
            "echo hello",
            "wrote no manifests to stdout: document 1: the document is a string, not an object",
        ),
    ],
)
def test_output_that_is_no_manifests_refuses_them(
    refusal: Callable[..., str], script: Script, command: str, told: str
) -> None:
    assert refusal(script("odd", command)) == f"step 1 (exec): ./odd {told}"


def test_output_that_is_no_yaml_refuses_the_manifests(
    refusal: Callable[..., str], script: Script
) -> None:
    message = refusal(script("odd", "printf 'a: [\\n'"))
    assert message.startswith("step 1 (exec): ./odd wrote no manifests to stdout: document 1: ")


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # What has ended may wait for somebody to ask; it runs no more.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def _ends(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while _is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not _is_running(pid)


SLOW = "echo waiting >&2; sleep 60 & echo $! >child; wait"


def test_a_program_that_takes_too_long_is_killed_with_what_it_started(
    tmp_path: Path, refusal: Callable[..., str], script: Script
) -> None:
    assert refusal(script("slow", SLOW), timeout=0.5) == (
        "step 1 (exec): ./slow did not finish within 0.5 seconds: waiting;"
        " let `timeout` be longer if it needs that"
    )
    assert _ends(int((tmp_path / "child").read_text()))


def test_what_a_program_leaves_running_on_our_pipes_is_killed_in_time(
    tmp_path: Path, refusal: Callable[..., str], script: Script
) -> None:
    program = script("forks", "sleep 60 & echo $! >child; exit 0")
    assert refusal(program, timeout=0.5) == (
        "step 1 (exec): ./forks did not finish within 0.5 seconds, with nothing on stderr;"
        " let `timeout` be longer if it needs that"
    )
    assert _ends(int((tmp_path / "child").read_text()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_us_ends_the_program(
    tmp_path: Path, script: Script, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    started = tmp_path / "child"

    def interrupt() -> None:
        while not started.exists() or not started.read_text().strip():
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        render("exec", STREAM, directory=tmp_path, command=script("slow", SLOW))
    thread.join()
    assert _ends(int(started.read_text()))
    assert signal.getsignal(number) is before


def test_a_signal_is_held_back_until_the_program_can_be_ended() -> None:
    with _Interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGTERM)  # while the program starts

        with pytest.raises(KeyboardInterrupt):
            interrupts.let_through()


def test_a_signal_that_somebody_else_handles_stays_theirs() -> None:
    handled: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: handled.append(number))
    try:
        with _Interrupts() as interrupts:
            interrupts.let_through()
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert handled == [signal.SIGHUP]


def test_a_thread_can_run_programs(tmp_path: Path, script: Script) -> None:
    program, outputs = script("same", "exec cat"), []

    def run() -> None:
        outputs.append(render("exec", STREAM, directory=tmp_path, command=program))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert outputs == [STREAM]


def test_a_program_may_write_much_before_it_reads(tmp_path: Path, script: Script) -> None:
    stream = "".join(
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{n}\ndata:\n  x: {'y' * 5000}\n"
        for n in range(400)
    )
    (tmp_path / "copy").write_text(stream)
    program = script(
        "eager", "head -c 1000000 /dev/zero | tr '\\0' x >&2; cat copy; cat >/dev/null"
    )
    outcome = result("exec", stream, directory=tmp_path, command=program, timeout=60)
    assert outcome.stream.decode() == stream


def test_a_program_need_not_read(tmp_path: Path, script: Script) -> None:
    stream = STREAM + "---\n# " + "x" * 1_000_000 + "\n"
    (tmp_path / "copy").write_text(stream)
    program = script("deaf", "exec <&-; cat copy")
    assert render("exec", stream, directory=tmp_path, command=program) == stream


def test_what_a_program_that_succeeds_says_is_a_notice(tmp_path: Path, script: Script) -> None:
    program = script("chatty", "echo careful >&2; exec cat")
    outcome = result("exec", STREAM, directory=tmp_path, command=program)
    assert [str(notice) for notice in outcome.notices] == ["step 1 (exec): ./chatty: careful"]


# -- what cannot be started ------------------------------------------------------------------------


def test_a_missing_program_is_a_fault_of_the_configuration(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    assert refusal("./none", ConfigError) == (
        f"step 1 (exec): {tmp_path}/none cannot be started: no such file or directory"
    )
    assert refusal("no-such-program", ConfigError) == (
        "step 1 (exec): no-such-program cannot be started: no such file or directory;"
        " it is in none of the folders of PATH"
    )
    assert refusal("sed -n p", ConfigError) == (
        "step 1 (exec): sed -n p cannot be started: no such file or directory;"
        " write a program with arguments as a list: [program, argument]"
    )


def test_a_program_that_may_not_be_executed_is_one_too(
    tmp_path: Path, refusal: Callable[..., str]
) -> None:
    (tmp_path / "plain").write_text("#!/bin/sh\ncat\n")
    message = (
        "cannot be started: permission denied; let it be a file that may be executed (chmod +x)"
    )
    assert refusal("./plain", ConfigError) == f"step 1 (exec): {tmp_path}/plain {message}"
    (tmp_path / "folder").mkdir()
    assert refusal("./folder", ConfigError) == f"step 1 (exec): {tmp_path}/folder {message}"


def test_a_file_that_is_no_program_is_one_too(tmp_path: Path, refusal: Callable[..., str]) -> None:
    for name, content in (("text", "just text\n"), ("empty", "")):
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o755)
        assert refusal(f"./{name}", ConfigError) == (
            f"step 1 (exec): {tmp_path}/{name} cannot be started: exec format error;"
            " begin it with #!/bin/sh, if it is a script"
        )
    (tmp_path / "script").write_text("#!/no/such/interpreter\n")
    (tmp_path / "script").chmod(0o755)
    assert refusal("./script", ConfigError) == (
        f"step 1 (exec): {tmp_path}/script cannot be started: no such file or directory;"
        " the interpreter that its first line names is missing"
    )


def test_a_missing_folder_is_one_too(tmp_path: Path, refusal: Callable[..., str]) -> None:
    assert refusal("cat", ConfigError, cwd="none") == (
        f"step 1 (exec): there is no folder {tmp_path}/none to run cat in"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "exec.command: the command names no program"),
        ([], "exec.command: the command names no program"),
        ([""], "exec.command: the command names no program"),
        ({"command": []}, "exec.command: the command names no program"),
        ({"command": ["sh", "a\0b"]}, "exec.command: a NUL character cannot be in it"),
        ({"command": ["sh", 5]}, "exec.command[1]: value 5 is a number; quote it"),
        ({"command": "sh", "cwd": "\0"}, "exec.cwd: a NUL character cannot be in it"),
        (
            {"command": "sh", "env": {"A=B": "x"}},
            "exec.env[A=B]: the environment cannot hold this variable",
        ),
        ({"command": "sh", "env": {"A": 1}}, "exec.env.A: value 1 is a number; quote it"),
        (
            {"command": "sh", "timeout": 0},
            "exec.timeout: the time is not between 0 and 86400 seconds",
        ),
        (
            {"command": "sh", "timeout": float("inf")},
            "exec.timeout: the time is not between 0 and 86400 seconds",
        ),
        ({"command": "sh", "text": "keep"}, "exec.text: the value is none of splice, replace"),
        ({"timeout": 5}, "exec: the option `command` is missing"),
    ],
)
def test_wrong_options_are_refused_before_anything_runs(options: Any, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"exec": options}]})
    assert told in str(caught.value)


@pytest.mark.parametrize("text", ["splice", "replace"])
@pytest.mark.parametrize("between", ["...\n", "... # end\n\n# more\n"])
def test_a_document_behind_three_dots_is_refused_since_nobody_would_read_it(
    text: str, between: str, tmp_path: Path
) -> None:
    command = ["sh", "-c", f"cat; printf '{between}kind: Service'"]

    with pytest.raises(RefusedError, match="wrote something behind a line") as refusal:
        render("exec", STREAM, directory=tmp_path, command=command, text=text)

    assert refusal.value.hint == "documents are separated by ---"


def test_three_dots_may_end_a_document(tmp_path: Path) -> None:
    command = ["sh", "-c", "cat; printf '...\\n# end\\n---\\n'"]

    assert render("exec", STREAM, directory=tmp_path, command=command) == STREAM
