"""Conventions: what is documented, tested, and where it stands."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import postrender
from postrender import hookspecs
from postrender._catalog import Entry, catalog
from postrender._plugins import HOOKS

ROOT = Path(postrender.__file__).parent
TESTS = Path(__file__).parent
BUILTIN = [entry for entry in catalog() if entry.origin == "built-in"]
MODULES = sorted(ROOT.rglob("*.py"))


def test_the_hooks_are_those_of_the_hookspecs() -> None:
    names = [name for name in vars(hookspecs) if name.startswith("postrender_")]

    assert names == list(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_documents_each_of_its_arguments(name: str) -> None:
    hook = getattr(hookspecs, name)

    documented = re.findall(r":param (\w+):", inspect.getdoc(hook) or "")

    assert documented == list(inspect.signature(hook).parameters)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_tested(name: str) -> None:
    tests = "".join(path.read_text() for path in TESTS.glob("test_*.py"))

    assert f"def {name}(" in tests


@pytest.mark.parametrize("entry", BUILTIN, ids=lambda entry: entry.name)
def test_every_builtin_is_documented_and_has_options_and_cases(entry: Entry) -> None:
    assert entry.error == ""
    assert entry.summary.endswith(".")
    assert entry.options
    assert all(option.description for option in entry.options)
    assert list((TESTS / "plugins" / entry.name).glob("*/input.yaml"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_is_small_and_says_in_its_first_line_what_it_is(path: Path) -> None:
    text = path.read_text()
    lines = len(text.splitlines())
    first = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]

    assert first
    assert first.rstrip(".:`")
    assert lines <= 250


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_touches_the_process(path: Path) -> None:
    # The storage finds what Helm would find, by the settings that Helm reads, and in one place.
    if "_cli" in path.parts or path == ROOT / "storage" / "_settings.py":
        return
    names = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
    }

    assert not names & {"argv", "environ", "stdin", "stdout", "stderr"}
