"""`postrender`, or `postrender run`: manifests in, manifests out."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import postrender
from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._inputs import RELEASE, STEPS, read_manifests, sources, stated
from postrender._manifests import Manifests
from postrender._pipeline import Pipeline, assemble

OPTIONS: Final = (
    *STEPS,
    Option("--output", "write manifests to FILE, all or nothing", "-o", "FILE"),
    *RELEASE,
    Option("--quiet", "print errors only", "-q"),
    Option("--version", "print the version"),
)

DESCRIPTION: Final = """\
Read Kubernetes manifests, run the configured steps on them, and write them
again; what no step edits keeps its bytes. -c, --step and -f may be repeated."""

MORE: Final = """\
environment:
  POSTRENDER_CONFIG        configuration files, where there is no -c
  POSTRENDER_RELEASE_NAME  the release's name, where there is no --release-name
  HELM_NAMESPACE           the release's namespace, where there is no -n

other commands, each with its own --help:
  postrender plugins       list the plugins that a step can use
  postrender schema        print the JSON Schema of the configuration

exit codes:
  0    done
  1    the manifests were refused
  2    a mistake in the arguments or the configuration
  3    a plugin or postrender itself failed
  130  interrupted"""


def run(argv: Sequence[str]) -> int:
    """Filter manifests through the steps."""
    arguments = parse(OPTIONS, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender", OPTIONS, DESCRIPTION, MORE))
    elif "--version" in arguments:
        _terminal.write(f"postrender {postrender.__version__}\n")
    else:
        with _no_collector():
            _filter(arguments)
    return 0


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from looking for cycles, which trees of manifests have none of.

    It would take a fifth of the time of a large stream, and free nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _filter(arguments: Arguments) -> None:
    # First the configuration, so that a mistake in it is told before stdin is waited for.
    pipeline = assemble(sources(arguments))
    manifests = Manifests.parse(read_manifests(arguments))
    _files.write(arguments.one("--output", "-"), _apply(pipeline, manifests, arguments))


def _apply(pipeline: Pipeline, manifests: Manifests, arguments: Arguments) -> bytes:
    """Return the stream after the last step, and tell what the steps had to tell."""
    told: list[object] = []
    try:
        told += pipeline.apply(manifests, **stated(arguments))
        return manifests.to_bytes()
    finally:
        # Also where a step failed: what the steps before it noticed may be the reason.
        if "--quiet" not in arguments:
            for each in (*manifests.notices, *told):
                _terminal.tell(each)
