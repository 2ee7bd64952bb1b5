"""The hooks that a plugin may implement: the whole contract between postrender and a plugin.

A plugin is a module, or an object with methods, whose functions are marked with
`postrender.hookimpl` and named as below. It takes of the arguments only those it needs, by name.
One step of the configuration is one plugin with its options; the steps run in the order of the
file, and a plugin may stand in several of them. Only plugins that the configuration names run.

    from postrender import Manifests, hookimpl

    @hookimpl
    def postrender_transform(manifests: Manifests) -> None:
        for manifest in manifests:
            manifest.set(("metadata", "annotations", "acme.example/seen"), "true")

A distribution offers its plugins as entry points of the group `postrender`:

    [project.entry-points.postrender]
    acme = "acme_postrender"

`tryfirst`, `trylast` and `wrapper` mean nothing here, since each call asks a single plugin.
Hooks grow by new arguments, so a plugin that does not ask for them keeps working.
"""

from collections.abc import Iterable
from typing import Any

import pluggy

from postrender._commands import Command
from postrender._context import Context
from postrender._findings import Finding
from postrender._manifests import Manifests

hookspec = pluggy.HookspecMarker("postrender")
hookimpl = pluggy.HookimplMarker("postrender")


@hookspec(firstresult=True)
def postrender_options() -> type | None:
    """Return the dataclass that the step's options are read into.

    Called once for each step when the configuration is read, which is before the manifests are.
    The keys of the configuration are the names of the fields in camelCase (`on_conflict` is
    `onConflict`), and the types of the fields say what they may hold: `str`, `int`, `float`,
    `bool`, `None`, `Any`, `Literal`, an `Enum`, lists, tuples and mappings of these, unions,
    other dataclasses, and classes with a `from_config(value)`, such as `Selector`. Unknown keys,
    wrong types, and a `ValueError` or `TypeError` of `__post_init__` end the run with a message
    that names the step and the place; a `ConfigError` may have a `Location` whose path leads from
    the options to the fault. A plugin without this hook gets the plain mapping.

    Of the class, these are read too:

    `shorthand: ClassVar[str]`
        the key that a value which is no mapping is for, so that `exec: ./renderer` means
        `exec: {command: ./renderer}`
    `expect_min: ClassVar[int]`, `expect_max: ClassVar[int]`
        how many objects a step must select where its `expect` does not say
    `field(metadata={"description": "..."})`
        what `postrender schema` and `postrender plugins` say of a field
    """


@hookspec
def postrender_transform(manifests: Manifests, options: Any, context: Context) -> None:
    """Edit the manifests in place.

    Called once for each step, unless the step's `where` and `hooks` leave nothing to do. What is
    raised here ends the run, and nothing is written: a `RefusedError` (such as `EditError`) says
    that the manifests are at fault; any other exception is reported as a fault of the plugin.

    :param manifests: the manifests that the step selects, after the steps before it;
        `manifests.all` is the whole stream. Change them through their methods only.
    :param options: the step's options, as the class from `postrender_options` holds them.
    :param context: what is known about the release; takes notices.
    """


@hookspec
def postrender_check(
    manifests: Manifests, options: Any, context: Context
) -> Iterable[Finding] | None:
    """Look at the manifests and report findings; a check edits nothing.

    Called once for each step, after the step's `postrender_transform` if it has one. The run goes
    on to the last step, so that all findings are told at once; one of severity error then refuses
    the stream.

    :param manifests: the manifests that the step selects, as `postrender_transform` left them.
    :param options: the step's options, as the class from `postrender_options` holds them.
    :param context: what is known about the release; takes notices.
    """


@hookspec(firstresult=True)
def postrender_commands() -> Iterable[Command] | None:
    """Return the commands that the plugin offers, as `postrender PLUGIN COMMAND`.

    Called when the command line names the plugin, and never for a step. A command gets its options
    and a `Console`, with which it reads manifests, runs the plugin's check on them, and writes.
    What it raises ends the process as it ends a run: a `PostrenderError` with its exit code,
    anything else as a fault of the plugin.
    """
