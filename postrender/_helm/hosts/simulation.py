"""A release simulated: the host's streams, the answers to them, and what the host makes of them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from postrender._errors import PostrenderError, RefusedError
from postrender._helm.hosts import helm3, helm4
from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.outcome import Call, Outcome, Renderer
from postrender._helm.hosts.rendered import Rendered
from postrender._origin import HELM3

_UNSENT = "cannot hand over the chart"


class Exchange(NamedTuple):
    """A stream that the host handed over, and the answer; None if there came none."""

    call: Call
    answer: bytes | None


class Simulation(NamedTuple):
    """What happened, as far as it went."""

    host: str  #: `helm3` or `helm4`
    strategy: str
    rendered: Rendered
    exchanges: Sequence[Exchange]
    outcome: Outcome | None
    error: PostrenderError | None

    @property
    def untouched(self) -> Sequence[Entry]:
        """The hooks that the host kept to itself."""
        keeps = self.host == HELM3 or self.strategy == "nohooks"
        return self.rendered.hooks if keeps else ()


def calls(rendered: Rendered, host: str, strategy: str) -> list[Call]:
    """Return the streams that the host hands over.

    :raises RefusedError: if it can make none.
    """
    return [helm3.call(rendered)] if host == HELM3 else helm4.calls(rendered, strategy)


def simulated(
    rendered: Rendered, answer: Callable[[bytes], bytes], host: str, strategy: str
) -> Simulation:
    """Have *host* install what *answer* makes of the chart.

    :param strategy: how Helm 4 hands hooks over; Helm 3 never does.
    """
    exchanges: list[Exchange] = []

    def renderer(call: Call) -> bytes:
        exchanges.append(Exchange(call, None))
        exchanges[-1] = Exchange(call, answer(call.stream))
        return exchanges[-1].answer or b""

    outcome, error = None, None
    try:
        outcome = _render(rendered, renderer, host, strategy)
    except PostrenderError as failure:
        error = failure
        if all(each.answer is not None for each in exchanges):
            error = _refusal(host, failure, "refuses the answer" if exchanges else _UNSENT)
    if outcome and outcome.errors:
        wrong = RefusedError("\n  ".join(outcome.errors))
        error = _refusal(host, wrong, "stores the answer, and fails to build the objects of it")
    return Simulation(host, strategy, rendered, exchanges, outcome, error)


def named(host: str) -> str:
    """Return what people call a host, as in `Helm 4`."""
    return f"Helm {host[-1]}"


def _render(rendered: Rendered, renderer: Renderer, host: str, strategy: str) -> Outcome:
    if host == HELM3:
        return helm3.render(rendered, renderer)
    return helm4.render(rendered, renderer, strategy)


def _refusal(host: str, error: PostrenderError, what: str) -> RefusedError:
    """Return an error of the host's, which says that it is."""
    message = f"{named(host)} {what}: {error.message}"
    return RefusedError(message, location=error.location, hint=error.hint)
