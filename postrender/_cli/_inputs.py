"""What every command that runs the steps is given: configuration, manifests, facts of a release."""

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Final, TypedDict

from postrender._cli import _files
from postrender._cli._arguments import Arguments, Option
from postrender._context import Fact, expect_kube_version
from postrender._errors import ConfigError, UsageError
from postrender._nearest import did_you_mean
from postrender._source import Source, from_file, from_step

CONFIG: Final = "postrender.yaml"
VARIABLE: Final = "POSTRENDER_CONFIG"
OURS: Final = "POSTRENDER_"  #: how the names of variables begin that steps may know
UNCONFIGURED: Final = (
    f"no configuration: {CONFIG} is not in this folder, so nothing is changed;"
    " name one with --config"
)

STEPS: Final = (
    Option("--config", "steps from FILE (default: postrender.yaml)", "-c", "FILE", True),
    Option("--step", "one more step: 'labels: {set: {team: a}}'", "", "STEP", True),
    Option("--filename", "manifests from FILE (default: -, stdin)", "-f", "FILE", True),
)
RELEASE: Final = (
    Option("--release-name", "the name of the release", "", "NAME"),
    Option("--namespace", "the namespace of the release", "-n", "NAME"),
    Option("--kube-version", "the version of Kubernetes, such as 1.33", "", "VERSION"),
    Option("--post-render-strategy", "combined, separate or nohooks, on Helm 4", "", "NAME"),
    Option("--allow-empty", "let the steps remove every manifest"),
)
STRATEGIES: Final = ("combined", "separate", "nohooks")


class Stated(TypedDict):
    """What `Pipeline.apply` takes from the command line and the environment."""

    release: Fact | str
    namespace: Fact | str
    strategy: Fact | str
    kube_version: Fact | str
    allow_empty: bool
    variables: Mapping[str, str]


def sources(arguments: Arguments) -> Iterator[Source]:
    """Give what the steps are read from, in order.

    :raises ConfigError: from a file that cannot be read as a configuration.
    """
    for path in configs(arguments):
        try:
            source = from_file(path)
        except ConfigError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                _doubt(error, path, by_variable=not arguments.all("--config"))
            raise
        yield source
    yield from map(from_step, arguments.all("--step"))


def _doubt(error: ConfigError, path: str, *, by_variable: bool) -> None:
    """Put on *error* what a path that is not there looks like, if it is not simply misspelt."""
    if path != path.strip():
        error.location = repr(path)  # else nobody sees that blank
    if not any(char in ",;" or char.isspace() for char in path):
        return
    if by_variable:
        error.hint = f"paths in {VARIABLE} are separated by `{os.pathsep}`"
    elif path[:1].isspace() and path.strip():
        name = path.split(maxsplit=1)[0]
        error.hint = f"write --config={name}, and each option as an argument of its own"
    else:
        error.hint = "repeat -c for each file"


def is_unconfigured(arguments: Arguments) -> bool:
    """Tell whether there are no steps, since nobody named any and none were found."""
    return not configs(arguments) and not arguments.all("--step")


def configs(arguments: Arguments) -> list[str]:
    """Return the paths of the configuration files, in order."""
    paths = arguments.all("--config")
    if not paths and (variable := os.environ.get(VARIABLE)):
        paths = [path for path in variable.split(os.pathsep) if path]
    if not paths and os.path.exists(CONFIG):
        paths = [CONFIG]
    return paths


def read_manifests(arguments: Arguments) -> bytes:
    """Return the contents of the files that are named, or of stdin.

    :raises UsageError: if one cannot be read, or stdin would be typed by hand.
    """
    names = arguments.all("--filename")
    if not names and is_typed():
        hint = "pipe manifests in, or name a file with -f; see postrender --help"
        raise UsageError("stdin is a terminal", hint=hint)
    return _files.read(names or ["-"])


def is_typed() -> bool:
    """Tell whether stdin is a terminal, on which nobody types manifests."""
    return sys.stdin is not None and sys.stdin.isatty()


def stated(arguments: Arguments) -> Stated:
    """Return what is stated about the release and the run, with where it is stated.

    :raises UsageError: if the strategy is none that Helm has, or the version of Kubernetes is none.
    """
    return {
        "release": _fact(arguments, "--release-name", "POSTRENDER_RELEASE_NAME"),
        "namespace": _fact(arguments, "--namespace", "HELM_NAMESPACE"),
        "strategy": _strategy(arguments),
        "kube_version": _kube_version(arguments),
        "allow_empty": "--allow-empty" in arguments,
        "variables": variables(),
    }


def variables() -> dict[str, str]:
    """Return the variables of the environment that are ours, or of one of our plugins."""
    return {name: value for name, value in os.environ.items() if name.startswith(OURS)}


def _fact(arguments: Arguments, option: str, variable: str) -> Fact | str:
    if value := arguments.one(option):
        return Fact(value, option)
    value = os.environ.get(variable, "")
    return Fact(value, variable) if value else ""


def _kube_version(arguments: Arguments) -> Fact | str:
    fact = _fact(arguments, "--kube-version", "POSTRENDER_KUBE_VERSION")
    if isinstance(fact, Fact):
        expect_kube_version(fact)  # before stdin is waited for
    return fact


def _strategy(arguments: Arguments) -> Fact | str:
    option = "--post-render-strategy"
    value = arguments.one(option)
    if not value:
        return ""
    if value not in STRATEGIES:
        raise UsageError(f"unknown strategy `{value}`", hint=did_you_mean(value, STRATEGIES))
    return Fact(value, option)
