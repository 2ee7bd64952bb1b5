"""What is known about the release, each fact with its source, and a place for notices."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from postrender._errors import Location, UsageError
from postrender._findings import Notice
from postrender._identity import FILENAME, HOOK
from postrender._manifests import Manifests
from postrender._origin import HELM4

INSTANCE: Final = "app.kubernetes.io/instance"
CHART: Final = "helm.sh/chart"


#: What the environment holds for a program that states nothing of it.
NO_VARIABLES: Final[Mapping[str, str]] = MappingProxyType({})

_NOWHERE: Final = Location()


class Fact(NamedTuple):
    """A value, and where it is known from."""

    value: str
    source: (
        str  #: an option such as `--release-name`, a variable, or a label such as `helm.sh/chart`
    )


def expect_kube_version(fact: Fact) -> None:
    """Refuse what is no version of Kubernetes.

    :raises UsageError: then.
    """
    if not re.fullmatch(r"v?[0-9]{1,4}\.[0-9]{1,4}(?:[.+-].*)?", fact.value):
        message = f"`{fact.value}` is no version of Kubernetes, such as 1.33"
        raise UsageError(message, location=fact.source)


class Context:
    """The release as one step may know it.

    What nobody stated is inferred from the manifests as this step finds them, and only when it is
    asked for; None means that it is not known, or that the manifests do not agree on it.
    """

    def __init__(  # noqa: PLR0913 - so much may be known
        self,
        manifests: Manifests,
        *,
        step: str = "",
        directory: str = ".",
        release: Fact | None = None,
        namespace: Fact | None = None,
        strategy: Fact | None = None,
        kube_version: Fact | None = None,
        variables: Mapping[str, str] = NO_VARIABLES,
    ) -> None:
        """Take what was stated about the release; the chain makes one context for each step."""
        self._manifests = manifests.all
        self._step = step
        self._release = release
        self._namespace = namespace
        self._strategy = strategy
        #: the cluster's version of Kubernetes, such as `1.33` or `v1.33.2`; None where nobody
        #: stated it, since no cluster is asked; it counts more than what a configuration says
        self.kube_version = kube_version
        self.directory = directory  #: the folder that relative paths in the options start from
        #: those of the environment whose names begin with `POSTRENDER_`, as the command line has
        #: them; a program that embeds the pipeline states its own
        self.variables = variables

    @property
    def release(self) -> Fact | None:
        """Return the release's name."""
        if self._release is None:
            self._release = _agreed(INSTANCE, (m.labels.get(INSTANCE) for m in self._manifests))
        return self._release

    @property
    def namespace(self) -> Fact | None:
        """Return the release's namespace."""
        if self._namespace is None:
            self._namespace = _agreed("metadata.namespace", (m.namespace for m in self._manifests))
        return self._namespace

    @property
    def chart(self) -> Fact | None:
        """Return the chart's name and version as its `helm.sh/chart` labels have it."""
        own = (m for m in self._manifests if "/charts/" not in m.source)
        return _agreed(CHART, (m.labels.get(CHART) for m in own))

    @property
    def host(self) -> Fact | None:
        """Return `helm4`, or `helm3` (which `helm template` looks like too)."""
        host = self._manifests.host
        return Fact(host, FILENAME if host == HELM4 else "# Source:") if host else None

    @property
    def strategy(self) -> Fact | None:
        """Return how Helm 4 sends hooks: `combined` with the manifests, or `separate`.

        A chart that has hooks alone looks like the first stream of `separate`.
        """
        strategy = self._manifests.strategy
        return self._strategy or (Fact(strategy, HOOK) if strategy else None)

    def notice(self, message: str, location: Location = _NOWHERE) -> None:
        """Tell the user something that refuses nothing; it must not hold a secret."""
        self._manifests.notices.append(Notice(self._step, message, location))


def _agreed(source: str, values: Iterable[str | None]) -> Fact | None:
    """Return the one value that all who have one agree on."""
    found = {value for value in values if value}
    return Fact(found.pop(), source) if len(found) == 1 else None
