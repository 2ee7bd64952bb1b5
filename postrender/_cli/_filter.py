"""`postrender`, or `postrender run`: manifests in, manifests out."""

import os
from collections.abc import Sequence
from typing import Final

import postrender
from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._collector import no_collector
from postrender._cli._inputs import (
    RELEASE,
    STEPS,
    UNCONFIGURED,
    configs,
    is_unconfigured,
    read_manifests,
    sources,
    stated,
)
from postrender._cli._recording import REPORT, Recording
from postrender._manifests import Manifests
from postrender._origin import HELM4
from postrender._pipeline import assemble
from postrender._report import Recorder

OPTIONS: Final = (
    *STEPS,
    Option("--output", "write manifests to FILE, all or nothing", "-o", "FILE"),
    *RELEASE,
    REPORT,
    Option("--quiet", "print errors only", "-q"),
    Option("--version", "print the version"),
)

DESCRIPTION: Final = """\
Read Kubernetes manifests, run the configured steps on them, and write them
again; what no step edits keeps its bytes. -c, --step and -f may be repeated."""

MORE: Final = f"""\
environment:
  POSTRENDER_CONFIG        configuration files, separated by `{os.pathsep}`, without -c
  POSTRENDER_RELEASE_NAME  the release's name, where there is no --release-name
  HELM_NAMESPACE           the release's namespace, where there is no -n
  POSTRENDER_KUBE_VERSION  the version of Kubernetes, without --kube-version
  POSTRENDER_REPORT        the report's file, where there is no --report
  POSTRENDER_STATE         off: keep no reports of the last runs
  POSTRENDER_TTY           off: write nothing to the terminal under Helm 4

other commands, each with its own --help:
  postrender diff          show what the steps would change
  postrender explain       tell which step set a field
  postrender helm          be a plugin of Helm 4
  postrender plugins       list the plugins that a step can use
  postrender report        show what the last run did, or why it failed
  postrender scan          look for secrets in files and folders
  postrender schema        print the JSON Schema of the configuration
  postrender simulate      show what Helm 3 or 4 makes of the steps
  postrender storage       prepare a database for the releases of Helm
  postrender PLUGIN        run a command that a plugin has, such as secrets

exit codes:
  0    done
  1    the manifests were refused
  2    a mistake in the arguments or the configuration
  3    a plugin or postrender itself failed
  130  interrupted"""


def run(argv: Sequence[str]) -> int:
    """Filter manifests through the steps."""
    recording = Recording(argv)
    with no_collector():
        try:
            arguments = parse(OPTIONS, argv)
            if HELP.long in arguments:
                _terminal.write(usage("postrender", OPTIONS, DESCRIPTION, MORE))
                return 0
            if "--version" in arguments:
                _terminal.write(f"postrender {postrender.__version__}\n")
                return 0
            recording.check(arguments)
            _filter(arguments, recording.recorder)
        except (KeyboardInterrupt, Exception) as error:
            return recording.fail(error)
        recording.succeed()
        return 0


def _filter(arguments: Arguments, recorder: Recorder) -> None:
    facts = stated(arguments)
    recorder.state(facts, configs(arguments), arguments.all("--step"))
    # First the configuration, so that a mistake in it is told before stdin is waited for.
    pipeline = assemble(sources(arguments))
    stream = read_manifests(arguments)
    recorder.read(stream)
    manifests = Manifests.parse(stream)
    if not manifests.host and _terminal.plugin_folder():
        manifests.host = HELM4  # an empty stream does not tell
    recorder.begin(manifests)
    is_quiet = "--quiet" in arguments
    if is_unconfigured(arguments) and not is_quiet:
        _terminal.warn(UNCONFIGURED, by_helm4=recorder.is_helm4)
    told: list[object] = []
    try:
        with _terminal.spared_stdout():
            told += pipeline.apply(manifests, observe=recorder.observe, **facts)
        stream = manifests.to_bytes()
    finally:
        # Also where a step failed: what the steps before it noticed may be the reason.
        if not is_quiet:
            for each in (*manifests.notices, *told):
                _terminal.tell(recorder.seen.scrub(str(each)))
    _files.write(arguments.one("--output", "-"), _files.visible(stream))
