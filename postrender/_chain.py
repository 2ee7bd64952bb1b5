"""The chain: every step in turn on one stream, with blame on the step that fails."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final, NamedTuple

from postrender._config import Expect, StepConfig
from postrender._context import NO_VARIABLES, Context, Fact
from postrender._errors import (
    CheckError,
    ExpectError,
    PluginError,
    PostrenderError,
    RefusedError,
)
from postrender._findings import Finding
from postrender._manifests import Manifests

Hook = Callable[..., Sequence[Any]]  #: calls one hook of one plugin, and returns its results


MOST: Final = 50  #: errors of checks that a message tells


class Step(NamedTuple):
    """One step, ready to run."""

    config: StepConfig
    options: object
    expect: Expect  #: what the step says, and where it does not, what its plugin says
    transform: Hook | None
    check: Hook | None

    @property
    def title(self) -> str:
        """Return number, name and plugin, as in `2 (log shipper: sidecars)`."""
        return self.config.title


class StepRun(NamedTuple):
    """One step that has run."""

    title: str
    selected: int  #: how many manifests it saw
    findings: Sequence[Finding]
    seconds: float


#: Called after each step that has run, with the manifests as it left them.
Observer = Callable[[StepRun, Manifests], None]


def run(
    steps: Sequence[Step],
    manifests: Manifests,
    facts: Mapping[str, Fact],
    observe: Observer | None = None,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> list[Finding]:
    """Run *steps* on *manifests*, in place, and return what the checks found.

    Findings that an exception allows are for the observer only.

    :param facts: what was stated about the release, as `Context` takes it.
    :param variables: what steps may know of the environment.
    :raises PostrenderError: from the first step that fails, with the step's title; `CheckError`
        when all have run and a check found an error.
    """
    found: list[tuple[str, Finding]] = []
    for step in steps:
        start = perf_counter()
        with _blame(step):
            selected, findings = _run(step, manifests, facts, variables)
        found += ((step.title, finding) for finding in findings if not finding.allowed)
        if observe:
            seconds = perf_counter() - start
            observe(StepRun(step.title, selected, findings, seconds), manifests)
    manifests.step = ""
    errors = [each for each in found if each[1].is_error]
    if errors:
        raise _refusal(errors)
    return [finding for _, finding in found]


@contextmanager
def _blame(step: Step) -> Iterator[None]:
    """Put the step's title on what it raises, whatever that is."""
    try:
        yield
    except PostrenderError as error:
        error.step = error.step or step.title
        raise
    except (Exception, SystemExit) as error:
        failure = PluginError(f"the plugin failed: {type(error).__name__}: {error}")
        failure.step = step.title
        raise failure from error


def _run(
    step: Step, manifests: Manifests, facts: Mapping[str, Fact], variables: Mapping[str, str]
) -> tuple[int, Sequence[Finding]]:
    """Run one step, and return how many manifests it saw and what its check found."""
    manifests.step = step.title
    directory = step.config.source.directory
    context = Context(manifests, step=step.title, directory=directory, variables=variables, **facts)
    selected = _select(step, manifests)
    _expect(step, selected, context)
    count = len(selected)
    if not count and _is_filtered(step):
        return 0, ()
    if step.transform:
        step.transform(manifests=selected, options=step.options, context=context)
    return count, _check(step, manifests, selected, context)


def _check(
    step: Step, manifests: Manifests, selected: Manifests, context: Context
) -> Sequence[Finding]:
    if not step.check:
        return ()
    if step.transform:
        selected = _select(step, manifests)  # it may have changed what is selected
    edits = len(manifests.edits)
    results = step.check(manifests=selected, options=step.options, context=context)
    findings = [finding for result in results for finding in result]
    if len(manifests.edits) != edits:
        raise PluginError("the plugin edits manifests in postrender_check")
    if not all(isinstance(finding, Finding) for finding in findings):
        raise PluginError("postrender_check gives something that is no Finding")
    return findings


def _is_filtered(step: Step) -> bool:
    return bool(step.config.where) or step.config.hooks != "include"


def _select(step: Step, manifests: Manifests) -> Manifests:
    selected = step.config.where.select(manifests.all)
    if step.config.hooks != "include":
        wanted = step.config.hooks == "only"
        selected = selected.filter(lambda manifest: bool(manifest.hook) is wanted)
    return selected


def _expect(step: Step, selected: Manifests, context: Context) -> None:
    """Refuse a number of objects that the step does not expect, and tell of none at all."""
    count, (least, most) = len(selected), step.expect
    hint = ""
    if not count and step.config.where:
        hint = step.config.where.hint(selected.all)
    if (least is not None and count < least) or (most is not None and count > most):
        raise ExpectError(f"{_selects(count, selected)}, but {_bounds(least, most)}", hint=hint)
    if not count and _is_filtered(step):
        context.notice(_selects(count, selected) + (f"; {hint}" if hint else ""))


def _selects(count: int, selected: Manifests) -> str:
    return f"selects {count or 'none'} of {len(selected.all)} objects"


def _bounds(least: int | None, most: int | None) -> str:
    if least == most:
        return f"must select {least}"
    parts = [f"at least {least}"] if least is not None else []
    parts += [f"at most {most}"] if most is not None else []
    return "must select " + " and ".join(parts)


def _refusal(errors: Sequence[tuple[str, Finding]]) -> CheckError:
    count = "an error" if len(errors) == 1 else f"{len(errors)} errors"
    lines = [f"step {title}: {finding}" for title, finding in errors[:MOST]]
    if errors[MOST:]:
        lines.append(f"and {len(errors) - MOST} more, which the report has")
    return CheckError("\n  ".join([f"the checks found {count}", *lines]))


def refuse_loss(before: int, manifests: Manifests) -> None:
    """Refuse a stream that had *before* manifests and has none left.

    :raises RefusedError: then; Helm would delete all that the release has.
    """
    if before and not manifests.all:
        what = "the only manifest" if before == 1 else f"all {before} manifests"
        raise RefusedError(f"the steps removed {what}", hint="allow it with --allow-empty")
