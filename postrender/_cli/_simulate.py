"""`postrender simulate`: what a host would send us, and what it would make of our answer."""

from collections.abc import Sequence
from typing import Final

from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._inputs import (
    RELEASE,
    STEPS,
    STRATEGIES,
    UNCONFIGURED,
    is_unconfigured,
    read_manifests,
    sources,
    stated,
)
from postrender._errors import UsageError
from postrender._helm.hosts.account import account, lines
from postrender._helm.hosts.rendered import read_rendered
from postrender._helm.hosts.simulation import calls, simulated
from postrender._manifests import Manifests
from postrender._nearest import did_you_mean
from postrender._origin import HELM3, HELM4
from postrender._pipeline import assemble
from postrender._redact import Redactor

HOSTS: Final = {"3": HELM3, "4": HELM4}
SHOWN: Final = ("input", "answer", "result")

OPTIONS: Final = (
    Option("--helm", "the major version of Helm: 3 or 4", "", "MAJOR"),
    Option("--strategy", "combined (default), separate or nohooks, of Helm 4", "", "NAME"),
    *STEPS,
    *RELEASE,
    Option("--no-chain", "answer with the stream as it came"),
    Option("--show", "print the input, the answer or the result instead", "", "WHAT"),
    Option("--json", "print JSON"),
)

DESCRIPTION: Final = """\
From the output of `helm template`, of Helm 3 or Helm 4, work out the stream that
this host hands to a post-renderer, run the configured steps on it, and tell what
the host makes of the answer: which files and objects, in which order, what it
loses, and what it refuses. No Helm and no cluster are needed.

    helm template shop ./shop | postrender simulate --helm 4 -c postrender.yaml"""

MORE: Final = """\
marks:
  ~  changed    +  added    -  removed by the steps    !  lost by the host

--show, for diff and kubectl, with the values of Secrets:
  input   the stream that the host hands over
  answer  what the steps make of it
  result  the release as `helm template` prints it with the post-renderer

--json has helm, strategy, streams, manifests, hooks, gone, notices and error: what
the lines tell, and nothing of what objects hold.

Strategies say how Helm 4 hands hooks over: with the manifests, in a stream of their
own before them, or not at all. The helm command only has combined; the others are
for programs that have Helm built in.

What the output of `helm template` does not tell:
  - the order of manifests and hooks of one file, which Helm 4 hands over as they
    stand in the file: here manifests come by kind, and hooks behind them
  - hooks with an event that Helm does not know; it leaves them out of its output
  - the line breaks at the end of a text that keeps them all (|+), at the end of
    a document from Helm 3, and of the last one from Helm 4
  - hooks that were left out by --no-hooks or --skip-tests: Helm 4 sends them still
Helm 4 is simulated as of 4.2.4; earlier ones split and end some texts otherwise.

exit codes:
  0  the host accepts the answer
  1  the steps or the host refuse
  2  a mistake in the arguments or the configuration
  3  a plugin or postrender itself failed"""


def simulate(argv: Sequence[str]) -> int:
    """Tell what a host makes of a chart and of the steps."""
    arguments = parse(OPTIONS, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender simulate", OPTIONS, DESCRIPTION, MORE))
        return 0
    redactor = Redactor()
    with _terminal.veiled(redactor.scrub):
        _simulate(arguments, redactor)
    return 0


def _simulate(arguments: Arguments, redactor: Redactor) -> None:
    host, strategy = _host(arguments)
    shown = arguments.one("--show") and _one_of("--show", arguments.one("--show"), SHOWN)
    if shown and "--json" in arguments:
        raise UsageError("--show and --json exclude each other")
    steps = _Steps(arguments, host, redactor)
    stream = read_manifests(arguments)
    redactor.learn_stream(stream)
    rendered = read_rendered(stream)
    if shown == "input":
        _write([call.stream for call in calls(rendered, host, strategy)])
        return
    simulation = simulated(rendered, steps.answer, host, strategy)
    if simulation.exchanges and "--no-chain" not in arguments and is_unconfigured(arguments):
        _terminal.tell(UNCONFIGURED)
    if shown == "answer":
        _write([each.answer for each in simulation.exchanges if each.answer is not None])
    elif shown == "result":
        _terminal.write(simulation.outcome.text if simulation.outcome else "")
    elif "--json" in arguments:
        _write_json(account(simulation, steps.told, redactor.scrub))
    else:
        text = "".join(f"{line}\n" for line in lines(simulation))
        _terminal.write(_terminal.printable(text))
    if simulation.error:
        raise simulation.error


class _Steps:
    """The steps, as they answer each stream of the host."""

    def __init__(self, arguments: Arguments, host: str, redactor: Redactor) -> None:
        """Make the steps ready that *arguments* name, for *redactor* to learn from."""
        self._host = host
        self._facts = stated(arguments)
        self._pipeline = assemble(sources(arguments))
        self._skips = "--no-chain" in arguments
        self.told: list[object] = []
        self._redactor = redactor

    def answer(self, stream: bytes) -> bytes:
        """Answer as the filter does, and tell what the steps have to tell."""
        if self._skips:
            return stream
        manifests = Manifests.parse(stream)
        if not manifests.host and self._host == HELM4:
            manifests.host = HELM4  # which the plugin knows, though an empty stream does not tell
        told: list[object] = []
        try:
            with _terminal.spared_stdout():
                told += self._pipeline.apply(manifests, **self._facts)
            answer = manifests.to_bytes()
        finally:
            self._redactor.learn(manifests)
            self.told += (*manifests.notices, *told)
            for each in (*manifests.notices, *told):
                _terminal.tell(self._redactor.scrub(str(each)))
        return _files.visible(answer)


def _host(arguments: Arguments) -> tuple[str, str]:
    """Return the host and its strategy."""
    if "--helm" not in arguments:
        raise UsageError("--helm is missing", hint="write --helm 3 or --helm 4")
    host = HOSTS[_one_of("--helm", arguments.one("--helm"), tuple(HOSTS))]
    if host == HELM4:
        stated_one = arguments.one("--post-render-strategy", "combined")
        return host, _one_of("--strategy", arguments.one("--strategy", stated_one), STRATEGIES)
    if "--strategy" in arguments:
        raise UsageError("--strategy is for Helm 4", hint="Helm 3 hands no hooks over")
    return host, "nohooks"


def _one_of(option: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise UsageError(f"unknown value `{value}` of {option}", hint=did_you_mean(value, known))
    return value


def _write(streams: Sequence[bytes]) -> None:
    """Write streams as one."""
    _terminal.write_stdout(b"---\n".join(streams))


def _write_json(value: object) -> None:
    import json  # 3 ms that only this needs

    _terminal.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
