"""Commands of plugins: how they are found, what they are given, and how they end."""

from pathlib import Path

import pytest
from support import Command, Done, Install

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
SECRET = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData: {a: Zk3mQ9vL1}\n"
PLUGIN = """\
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from postrender import Command, Finding, RefusedError, Severity, hookimpl

@dataclass(frozen=True)
class Greeting:
    who_greets: str = field(metadata={"description": "who greets"})
    whom: tuple[str, ...] = field(default=(), metadata={"description": "who is greeted"})
    loudly: bool = False
    tone: Literal["warm", "cold"] = field(default="warm", metadata={"description": "the tone"})

    def __post_init__(self):
        if self.who_greets == "nobody":
            raise ValueError("nobody greets nobody")

@dataclass(frozen=True)
class Nothing:
    pass

def greet(options, console):
    mark = "!" if options.loudly else "."
    console.write(f"{options.who_greets}, {options.tone}: {' and '.join(options.whom)}{mark}\\n")

def look(options, console):
    for step in console.steps:
        console.tell(f"{step.options} in {step.directory}")
    for each in console.findings():
        console.write(f"{each}\\n")
    console.tell(f"{len(console.manifests)} objects, {console.variables['POSTRENDER_TTY']}")

def copy(options, console):
    console.save("a/b/copy", console.read("original") + console.read("missing"))

def clash(options, console):
    console.save("original/x", b"")

def stdin(options, console):
    console.write(console.read("-").decode())

def fail(options, console):
    raise KeyError("spec " + console.manifests[0].get(("stringData", "a"), ""))

def refuse(options, console):
    raise RefusedError("no " + console.manifests[0].get(("stringData", "a"), ""))

def leave(options, console):
    raise SystemExit(0)

@hookimpl
def postrender_commands() -> Iterable[Command]:
    yield Command("greet", "Greet somebody.", Greeting, greet)
    for run in (look, copy, clash, stdin, fail, refuse, leave):
        yield Command(run.__name__, "Do it.", Nothing, run)
"""
CHECK = """
@hookimpl
def postrender_check(manifests, options):
    allowed = options.get("ok", "")
    for each in manifests:
        yield Finding(Severity.ERROR, "acme", str(options), each.location, (), allowed)
"""


@pytest.fixture
def acme(postrender: Command, install: Install) -> Command:
    """Run a command of a stranger's plugin."""
    install("acme-tool", PLUGIN + CHECK)

    def run(*arguments: str, stdin: str | bytes = "") -> Done:
        return postrender("acme-tool", *arguments, stdin=stdin)

    return run


def test_a_command_gets_its_options(acme: Command) -> None:
    done = acme("greet", "--who-greets", "Ann", "--whom=Bob", "--whom", "Cid", "--loudly")

    assert done == Done(0, "Ann, warm: Bob and Cid!\n", "")
    assert acme("greet", "--who-greets=Ann", "--tone=cold").stdout == "Ann, cold: .\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["greet"], "--who-greets is missing; write --who-greets GREETS"),
        (["greet", "--who-greets", "a", "--tone", "warn"], "--tone: the value is none of warm, "),
        (["greet", "--who-greets", "nobody"], "error: nobody greets nobody"),
        (["greet", "--who"], "unknown option `--who`; did you mean `--whom`?"),
        (["greet", "a"], "unknown argument `a`"),
        (["gret"], "the plugin `acme-tool` has no command `gret`; did you mean `greet`?"),
        (["--nothing"], "unknown option `--nothing`"),
        (["clash"], "original: cannot be made: File exists"),
        (["look", "-c", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
    ],
)
def test_a_mistake_is_told(arguments: list[str], message: str, acme: Command, folder: Path) -> None:
    (folder / "original").write_text("text")

    done = acme(*arguments)

    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_help_of_a_plugin_lists_its_commands(arguments: list[str], acme: Command) -> None:
    done = acme(*arguments)

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: postrender acme-tool COMMAND [options]\n")
    assert "\n  greet   Greet somebody.\n" in done.stdout


def test_the_help_of_a_command_lists_its_options(acme: Command) -> None:
    done = acme("greet", "--help")

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: postrender acme-tool greet [options]\n\nGreet somebody.")
    for line in (
        "--who-greets GREETS  who greets, required\n",
        "--whom WHOM          who is greeted\n",
        "--loudly             \n",
        "--tone TONE          the tone (default: warm)\n",
        "--filename FILE      manifests from FILE or folder (default: -, stdin)\n",
    ):
        assert line in done.stdout


def test_a_command_sees_its_steps_the_manifests_and_what_its_check_finds(
    acme: Command, folder: Path
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "p.yaml").write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n"
        "- exec: ./missing\n"
        "- {acme_tool: {a: b}, where: {kind: Pod}}\n"
        "- acme-tool: {ok: since}\n"
    )

    done = acme("look", "-c", "sub/p.yaml", stdin=POD + "---\n" + SECRET)

    assert done.code == 0
    assert done.stdout.splitlines() == [
        "error [acme]: document 1, Pod web: {'a': 'b'}",
        "error [acme]: document 1, Pod web: {'ok': 'since'}",
        "error [acme]: document 2, Secret s: {'ok': 'since'}",
    ]
    assert done.stderr.splitlines() == [
        "postrender: {'a': 'b'} in sub",
        "postrender: {'ok': 'since'} in sub",
        "postrender: 2 objects, off",
    ]


def test_a_plugin_without_a_step_in_the_configuration_has_its_defaults(acme: Command) -> None:
    done = acme("look", stdin=POD)

    assert done.stderr.startswith("postrender: {} in .\n")


def test_a_command_reads_and_writes_files(acme: Command, folder: Path) -> None:
    (folder / "original").write_text("text")

    assert acme("copy") == Done(0, "", "")
    assert (folder / "a" / "b" / "copy").read_text() == "text"
    assert acme("stdin", stdin="\x1b[1mtext\n").stdout == "\\x1b[1mtext\n"


def test_manifests_that_cannot_be_read_are_an_error(acme: Command, folder: Path) -> None:
    (folder / "bad.yaml").write_text("kind: Pod\napiVersion: v1\nmetadata: [\n")
    (folder / "good.yaml").write_text(POD)

    done = acme("look", "-f", ".")

    assert (done.code, done.stdout) == (1, "")
    assert "error: bad.yaml, document 1: " in done.stderr


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("fail", 3, "error: acme-tool fail: the command failed: KeyError: 'spec (hidden 1)'"),
        ("refuse", 1, "error: no (hidden 1)"),
        ("leave", 3, "the command failed: SystemExit: 0"),
    ],
)
def test_an_error_ends_a_command_as_it_ends_a_run(
    command: str, code: int, message: str, acme: Command
) -> None:
    done = acme(command, "--debug", stdin=SECRET)

    assert (done.code, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Zk3mQ9vL1" not in done.stderr


def test_an_option_that_every_command_has_is_not_for_a_plugin(
    postrender: Command, install: Install
) -> None:
    install("acme-clash", PLUGIN.replace("loudly: bool", "config: bool"))

    done = postrender("acme-clash", "greet", "--help")

    assert done.code == 3
    message = "acme-clash greet: the option --config is one that every command has"
    assert message in done.stderr
    assert postrender("acme-clash", "stdin", stdin="text\n").stdout == "text\n"


def test_a_plugin_may_have_commands_alone(postrender: Command, install: Install) -> None:
    install("acme-alone", PLUGIN)

    greeting = postrender("acme_alone", "greet", "--who-greets", "Ann")
    step = postrender("--step", "acme-alone:", stdin=POD)
    look = postrender("acme-alone", "look", stdin=POD)

    assert greeting.code == 0
    assert step.code == 2
    assert (
        "step 1 (acme-alone): --step:1:1: acme-alone: the plugin has commands alone" in step.stderr
    )
    assert look.code == 2
    assert "the plugin `acme-alone` checks nothing" in look.stderr


@pytest.mark.parametrize(
    ("module", "code", "message"),
    [
        ("x = 1\n", 2, "plugin `acme-odd` implements no hook of postrender"),
        ("1/0\n", 3, "plugin `acme-odd` cannot be imported: ZeroDivisionError"),
        (
            "from postrender import hookimpl\n@hookimpl\ndef postrender_commands():\n    1/0\n",
            3,
            "postrender_commands failed: ZeroDivisionError: division by zero",
        ),
        (
            "from postrender import hookimpl\n@hookimpl\ndef postrender_commands(odd):\n    pass\n",
            2,
            "plugin `acme-odd` does not fit",
        ),
        (
            "from postrender import hookimpl\n@hookimpl\ndef postrender_check():\n    pass\n",
            2,
            "the plugin `acme-odd` has no commands; it is for a step of the configuration",
        ),
    ],
)
def test_a_plugin_that_has_none_is_told(
    module: str, code: int, message: str, postrender: Command, install: Install
) -> None:
    install("acme-odd", module)

    done = postrender("acme-odd", "greet")

    assert done.code == code
    assert message in done.stderr


def test_a_command_of_ours_wins_over_a_plugin_of_its_name(
    postrender: Command, install: Install
) -> None:
    install("diff", PLUGIN)

    assert postrender("diff", "--help").stdout.startswith("usage: postrender diff [options]")
