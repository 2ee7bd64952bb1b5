"""The report of a run: what it was given, what each step did, and how it ended, as plain data.

    apiVersion, kind     `postrender.dev/v1alpha1`, `Report`
    version              of postrender
    started, seconds     when, in UTC as RFC 3339 has it, and how long it took
    host                 who handed the stream over: `helm3`, `helm4` or `none`
    strategy, release, namespace, chart, kubeVersion
    directory            in which it ran, and where relative paths start from
    config               `files`: their paths, `steps`: each `--step` of the command line
    manifests            `in`: how many came, `out`: how many left, null if none did
    steps                those that have run, in order, last the one that failed:
                         `title`, `selected`, `seconds`, `failed`, `editsTotal`,
                         `edits`: `op`, `path`, `manifest`, `document`, `source`, `old`, `new`,
                         `findings`: `severity`, `rule`, `message`, `location`, `fix`,
                         `allowed`: the reason of an exception, else `""`, `about`: `title`,
                         `page`, `level`, `confidence`, `fingerprint`,
                         `notices`: `step`, `message`, `location`
    notices              what reading the stream, or the host, gave rise to
    editsTotal           how many edits there were, be they all in the report or not
    error                null, or `class`, `step`, `message`, `location`, `hint`,
                         `text`: what stderr said, `traceback`: with `--debug`, else `""`
    exitCode

Host, strategy, release, namespace, chart and kubeVersion have a `value` and its `source`, or are
null. A path is a JSON Pointer. A location is null, or has `text` and, in the stream, what is known
of `document`, `source`, `object` and `path`; that of a finding has `line` and `endLine` of the
stream too, from 1, `apiVersion`, and `field`, which is the path with items of lists by their names.
Edits for the host's sake stand in a last step called `host`. Values of Secrets are nowhere in it; a
number tells which are equal. The step of an error is the one that failed, or was running when it
was interrupted.
"""

from collections.abc import Mapping, Sequence
from time import gmtime, perf_counter, strftime, time
from typing import Final, NamedTuple

from postrender._chain import StepRun
from postrender._config import API_VERSION
from postrender._context import Context, Fact
from postrender._edits import Edit
from postrender._errors import PostrenderError
from postrender._findings import Notice
from postrender._host import STEP as HOST
from postrender._identity import FILENAME, Identity
from postrender._manifests import Manifests
from postrender._origin import HELM4
from postrender._places import Places
from postrender._redacted import Data, Seen, Teller

KIND: Final = "Report"

#: Facts that a report calls by another name.
_NAMES: Final = {"kube_version": "kubeVersion"}

#: What a report that nobody asked for spares: edits beyond so many, and where the stream has so
#: many bytes, a look at the labels of all manifests for what nobody stated.
_MOST, _LARGE = 300, 500_000


class End(NamedTuple):
    """How a run ended."""

    code: int = 0
    text: str = ""  #: what stderr said
    error: BaseException | None = None
    traceback: str = ""


class Ran(NamedTuple):
    """A step that has run, and how many edits and notices there were then."""

    step: StepRun
    edits: int
    notices: int


class Recorder:
    """Watches a run, and reports it."""

    def __init__(self, version: str, directory: str, *, brief: bool) -> None:
        """Start the clock.

        :param directory: the working folder.
        :param brief: whether no more of a large run is looked at than a brief report has.
        """
        self._version = version
        self._directory = directory
        self._brief = brief
        self._started, self._clock = time(), perf_counter()
        self._config: Mapping[str, Sequence[str]] = {"files": (), "steps": ()}
        self._facts: dict[str, Fact | None] = {}
        self.seen = Seen()
        self._members: Sequence[Identity] = ()
        self._read = 0
        self._ran: list[Ran] = []

    def state(
        self, facts: Mapping[str, object], files: Sequence[str] = (), steps: Sequence[str] = ()
    ) -> None:
        """Take what was stated: facts such as `release`, configuration files, inline steps."""
        self._facts |= {key: fact for key, fact in facts.items() if isinstance(fact, Fact)}
        self._config = {"files": files, "steps": steps}

    def read(self, stream: bytes) -> None:
        """Take the stream before it is parsed, since that may fail."""
        self.seen.stream = stream

    def begin(self, manifests: Manifests) -> None:
        """Take the manifests before the first step."""
        self.seen.manifests = manifests
        self._members = list(manifests)
        self._read = len(manifests.notices)
        context = Context(
            manifests,
            release=self._facts.get("release"),
            namespace=self._facts.get("namespace"),
            strategy=self._facts.get("strategy"),
        )
        self._facts |= {"strategy": context.strategy}
        if context.host:
            self._facts["host"] = context.host
        if not self._brief or len(self.seen.stream) < _LARGE:
            self._facts |= {"release": context.release, "namespace": context.namespace}
            self._facts |= {"chart": context.chart}

    def observe(self, step: StepRun, manifests: Manifests) -> None:
        """Take a step that has run."""
        self._ran.append(Ran(step, len(manifests.edits), len(manifests.notices)))

    def _host(self) -> Fact | None:
        if self.seen.manifests is None and FILENAME.encode() in self.seen.stream:
            return Fact(HELM4, FILENAME)  # it cannot be read otherwise
        return self._facts.get("host")

    @property
    def is_helm4(self) -> bool:
        """Whether Helm 4 has started the run, as far as is known."""
        host = self._host()
        return host is not None and host.value == HELM4

    def report(self, end: End, *, brief: bool) -> Data:
        """Return the report of the run, cut where *brief* and the run is large."""
        manifests = self.seen.manifests
        edits: Sequence[Edit] = manifests.edits if manifests is not None else ()
        notices: Sequence[Notice] = manifests.notices if manifests is not None else ()
        most = _MOST if brief else None
        told = {edit.position for edit in edits[:most]}
        members = [each for each in self._members if each.position in told]
        sources = {each.position: each.unit.source for each in members}
        teller = Teller(self.seen.redactor, sources, most)
        steps, of_host = self._steps(teller, end, edits, notices)
        out = None if end.error else self._count()
        report = {
            "apiVersion": API_VERSION,
            "kind": KIND,
            "version": self._version,
            "started": strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(self._started)),
            "seconds": round(perf_counter() - self._clock, 6),
            "host": {"value": "none", "source": ""},
            **dict.fromkeys(("strategy", "release", "namespace", "chart", "kubeVersion")),
            "directory": teller.text(self._directory),
            "config": {key: [*map(teller.text, each)] for key, each in self._config.items()},
            "manifests": {"in": len(self._members), "out": out},
            "steps": steps,
            "notices": teller.notices((*notices[: self._read], *of_host)),
            "editsTotal": len(edits),
            "error": self._error(teller, end),
            "exitCode": end.code,
        }
        for key, fact in {**self._facts, "host": self._host()}.items():
            if fact:
                value = {"value": teller.text(fact.value), "source": teller.text(fact.source)}
                report[_NAMES.get(key, key)] = value
        return report

    def _count(self) -> int:
        """Return how many manifests there are now."""
        manifests = self.seen.manifests
        if manifests is not None and any(not edit.path for edit in manifests.edits):
            return len(manifests.all)
        return len(self._members)

    def _steps(
        self, teller: Teller, end: End, edits: Sequence[Edit], notices: Sequence[Notice]
    ) -> tuple[list[Data], Sequence[Notice]]:
        """Return the steps, and the notices that were given after the last one."""
        failed = self._failed(end)
        steps: list[Data] = []
        places = Places(self.seen.manifests)
        done, told = 0, self._read
        for step, edited, noticed in self._ran:
            data = _step(step.title, failed)
            data |= {"selected": step.selected, "seconds": round(step.seconds, 6)}
            data["findings"] = teller.findings(step.findings, places)
            data["failed"] |= any(each.is_error for each in step.findings)
            steps.append(_add(data, teller, edits[done:edited], notices[told:noticed]))
            done, told = edited, noticed
        rest, late = edits[done:], notices[told:]
        if failed and all(ran.step.title != failed for ran in self._ran):
            steps.append(_add(_step(failed, failed), teller, rest, late))
            return steps, ()
        if rest:
            steps.append(_add(_step(HOST, failed), teller, rest, ()))
        return steps, late

    def _failed(self, end: End) -> str:
        """Return the title of the step that failed, or was interrupted."""
        manifests = self.seen.manifests
        if isinstance(end.error, KeyboardInterrupt) and manifests is not None:
            return manifests.step
        return end.error.step if isinstance(end.error, PostrenderError) else ""

    def _error(self, teller: Teller, end: End) -> Data | None:
        if end.error is None:
            return None
        told = {"text": teller.text(end.text), "traceback": teller.text(end.traceback)}
        return teller.error(end.error) | told | {"step": teller.text(self._failed(end))}


def _step(title: str, failed: str) -> Data:
    """Return a step of which nothing else is known."""
    return {
        "title": title,
        "selected": None,
        "seconds": None,
        "failed": title == failed,
        "findings": [],
    }


def _add(data: Data, teller: Teller, edits: Sequence[Edit], notices: Sequence[Notice]) -> Data:
    """Return *data* with the edits and notices of its step."""
    return {
        **data,
        "title": teller.text(data["title"]),
        "editsTotal": len(edits),
        "edits": teller.edits(edits),
        "notices": teller.notices(notices),
    }
