"""Plugins: how a name finds one, and what is wrong with one that does not fit."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support import BUILTIN, Command, Install

import postrender_plugins
from postrender import ConfigError, Pipeline, PluginError, hookimpl
from postrender.testing import render

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"

MARK = '''\
"""Mark every object.

More about it.
"""

from dataclasses import dataclass, field
from typing import Any

from postrender import Manifests, hookimpl


@dataclass(frozen=True)
class Options:
    marker: str = field(metadata={"description": "what to write"})
    anything: Any = None


@hookimpl
def postrender_options() -> type:
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options) -> None:
    for manifest in manifests:
        manifest.set(("metadata", "annotations", "mark"), options.marker)
'''


CLASS = """\
from postrender import hookimpl


class Plugin:
    @hookimpl
    def postrender_transform(self, manifests, options):
        manifests[0].set(("metadata", "annotations", "mark"), options["marker"])
"""


def use(name: str) -> Pipeline:
    return Pipeline.from_dict({"steps": [{name: {"marker": "x"}}]})


@pytest.mark.parametrize("name", ["acme-mark", "acme_mark"])
def test_an_entry_point_is_found_by_name_with_dashes_or_underscores(
    name: str, install: Install
) -> None:
    install("acme-mark", MARK)

    assert b"mark: x\n" in use(name).run(POD.encode())


def test_a_builtin_cannot_be_taken_by_an_entry_point(install: Install) -> None:
    install("labels", MARK)

    assert render("labels", POD, set={"a": "b"}) == POD + "  labels:\n    a: b\n"


def test_a_class_is_called_for_its_instance(install: Install) -> None:
    install("acme-mark", CLASS, "Plugin")

    assert b"mark: x\n" in use("acme-mark").run(POD.encode())


def test_a_plugin_may_stand_in_two_steps(install: Install) -> None:
    install("acme", MARK)
    steps = [{"acme": {"marker": "x"}}, {"acme": {"marker": "y"}}]

    edits = Pipeline.from_dict({"steps": steps}).render(POD.encode()).edits

    assert [(edit.step, edit.new) for edit in edits] == [("1 (acme)", "x"), ("2 (acme)", "y")]


@pytest.mark.parametrize("name", ["nothing", "_metadata", "a.b", "a b", ""])
def test_an_unknown_plugin_is_refused_with_what_is_installed(name: str) -> None:
    with pytest.raises(ConfigError, match=f"installed are {', '.join(BUILTIN)}$") as raised:
        use(name)

    assert f"no plugin is called `{name}`" in str(raised.value)


def test_an_unknown_plugin_is_refused_with_the_nearest_name(install: Install) -> None:
    install("acme-mark", MARK)

    with pytest.raises(ConfigError) as raised:
        use("acme-marks")

    assert str(raised.value) == (
        "step 1 (acme-marks): acme-marks: no plugin is called `acme-marks`; "
        f"did you mean `acme-mark`? installed are acme-mark, {', '.join(BUILTIN)}"
    )


def test_a_name_that_two_distributions_offer_is_refused(install: Install) -> None:
    install("acme-mark", MARK)
    install("acme_mark", MARK)

    with pytest.raises(ConfigError) as raised:
        use("acme-mark")

    assert str(raised.value) == (
        "step 1 (acme-mark): acme-mark: more than one plugin is called `acme-mark`: "
        "in acme-mark-plugins 1.2 and acme_mark-plugins 1.2; uninstall all but one"
    )


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("import no_such_library", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(0)", "SystemExit: 0"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_its_own_fault(
    module: str, reason: str, install: Install
) -> None:
    install("broken", module)

    with pytest.raises(PluginError) as raised:
        use("broken")

    assert str(raised.value) == f"step 1 (broken): plugin `broken` cannot be imported: {reason}"


def test_options_of_a_plugin_without_a_class_must_be_a_mapping(install: Install) -> None:
    install("acme-mark", CLASS, "Plugin")

    with pytest.raises(ConfigError, match=r"acme-mark: the options are no mapping$"):
        Pipeline.from_dict({"steps": [{"acme-mark": "x"}]})


def test_a_builtin_that_cannot_be_imported_is_not_looked_for_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "unfinished.py").write_text("import no_such_library")
    (tmp_path / "broken.py").write_text("1 / 0")
    monkeypatch.setattr(postrender_plugins, "__path__", [str(tmp_path)])

    with pytest.raises(PluginError, match=r"No module named 'no_such_library'$"):
        use("unfinished")
    with pytest.raises(PluginError, match=r"ZeroDivisionError: division by zero$"):
        use("broken")


def test_other_plugins_work_without_the_builtin_ones(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("acme-mark", MARK)
    monkeypatch.setitem(sys.modules, "postrender_plugins", None)

    assert b"mark: x\n" in use("acme-mark").run(POD.encode())
    with pytest.raises(ConfigError, match=r"installed are acme-mark$"):
        use("nothing")


class Misnamed:
    @hookimpl
    def postrender_transfrom(self) -> None:
        """Its name has a typo."""


class Misasking:
    @hookimpl
    def postrender_transform(self, manifest: object) -> None:
        """Its argument has a typo."""


class Hookless:
    """It forgot the marker."""

    def postrender_transform(self) -> None:
        """Do nothing."""


class Optionless:
    """It only has options."""

    @hookimpl
    def postrender_options(self) -> type:
        return dict


@dataclass
class Unhashable:
    """It defines equality and no hash."""


@pytest.mark.parametrize(
    ("plugin", "message"),
    [
        (Unhashable(), "is not hashable, as pluggy needs it; a dataclass is with eq=False"),
        (Misnamed(), "unknown hook 'postrender_transfrom' in plugin"),
        (Misasking(), "Argument(s) {'manifest'} are declared in the hookimpl but can not be found"),
        (Hookless(), "plugin `Hookless` implements no hook of postrender"),
        (Optionless(), "plugin `Optionless` implements no hook of postrender"),
    ],
)
def test_a_plugin_that_does_not_fit_is_refused(plugin: object, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        render(plugin, POD)

    assert message in str(raised.value)
    assert str(raised.value).startswith(f"step 1 ({type(plugin).__name__})")


def test_plugins_lists_what_is_installed_and_from_where(
    postrender: Command, install: Install
) -> None:
    install("acme-mark", MARK)
    install("broken", "1 / 0")
    install("bare", "from postrender import hookimpl\n@hookimpl\ndef postrender_check(): ...\n")

    done = postrender("plugins")

    assert done.code == 0
    assert done.stdout.startswith("annotations (built-in)\n  Set, remove and rename annotations.\n")
    assert done.stdout.endswith("""\

acme-mark (acme-mark-plugins 1.2)
  Mark every object.
    marker: string, required
        what to write
    anything: anything

bare (bare-plugins 1.2)

broken (broken-plugins 1.2)
  plugin `broken` cannot be imported: ZeroDivisionError: division by zero
""")


def test_plugins_prints_json(postrender: Command, install: Install) -> None:
    install("acme-mark", MARK)

    entry = json.loads(postrender("plugins", "--json").stdout)[-1]

    assert entry == {
        "name": "acme-mark",
        "origin": "acme-mark-plugins 1.2",
        "summary": "Mark every object.",
        "error": "",
        "options": [
            {
                "key": "marker",
                "type": "string",
                "required": True,
                "description": "what to write",
            },
            {"key": "anything", "type": "anything", "required": False, "description": ""},
        ],
    }


def test_plugins_has_a_help(postrender: Command) -> None:
    done = postrender("plugins", "--help")

    assert done.code == 0
    assert done.stdout.startswith("usage: postrender plugins [options]\n")
