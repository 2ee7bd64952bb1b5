"""Set, remove and rename labels.

    steps:
      - labels:
          set: {team: payments, cost-center: "4711"}
          remove: [legacy-*]
          rename: {owner: example.com/owner}
          scopes: [metadata, templates]

Only the metadata of the objects themselves is changed unless `scopes` says otherwise:

`metadata`
    the object's own labels; the default
`templates`
    pod templates, of the built-in workloads and of well-known custom kinds; this restarts pods
`jobTemplates`
    the jobs that a CronJob makes
`volumeClaimTemplates`
    the claims of a StatefulSet, which an upgrade cannot change
`serviceSelectors`, `pdbSelectors`
    the selectors of Services and PodDisruptionBudgets that have one
`workloadSelectors`
    the selectors of workloads that have one, and their pod templates; `acceptImmutable: true`
    confirms that an upgrade of existing workloads is refused
`affinity`
    the terms of affinity and topology spread that select the workload's own pods

Keys are renamed first, then removed, then set; new keys come after those that are there. A value
that a selector in the stream relies on is never changed. `extraPaths` adds places of other kinds:

    extraPaths:
      - {group: acme.example, kind: Farm, path: "spec/pools[]/labels", create: true}

An object that `config.kubernetes.io/local-config` keeps from the cluster is left alone.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from postrender import ConfigError, Context, Location, Manifests, hookimpl
from postrender_plugins._metadata import names
from postrender_plugins._metadata.edits import Editor, Guard, Map
from postrender_plugins._metadata.options import MetadataOptions

if TYPE_CHECKING:
    from postrender_plugins.labels._selectors import Selectors

SELECTOR_SCOPES: Final = ("serviceSelectors", "workloadSelectors", "pdbSelectors", "affinity")


@dataclass(frozen=True, repr=False, eq=False)
class Options(MetadataOptions):
    """Which labels to change, and where."""

    map_name: ClassVar[str] = "labels"

    accept_immutable: bool = field(
        default=False,
        metadata={"description": "confirm that existing workloads refuse new selectors"},
    )

    def __post_init__(self) -> None:
        """Refuse what the API server would refuse, and selectors that nobody asked to change."""
        super().__post_init__()
        selector_scopes = [scope for scope in self.scopes if scope in SELECTOR_SCOPES]
        if selector_scopes and not self.set:
            message = f"the scope {selector_scopes[0]} is only for labels that are `set`"
            raise ConfigError(message, location=Location(path=("scopes",)))
        if "workloadSelectors" in self.scopes and not self.accept_immutable:
            raise ConfigError(
                "the selector of a workload is immutable, so an upgrade of an existing one is"
                " refused",
                location=Location(path=("scopes",)),
                hint="say `acceptImmutable: true` if that is meant",
            )

    def value_fault(self, value: str) -> str:
        """Say what the API server has against *value*, or ""."""
        return names.value_fault(value)


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Change the labels of every manifest."""
    if set(SELECTOR_SCOPES).isdisjoint(options.scopes):
        editor = Editor(options, context, _guard(manifests))
        for manifest in manifests:
            editor.edit(manifest, options.scopes)
    else:
        from postrender_plugins.labels._scopes import transform  # few steps touch selectors

        transform(manifests, options, context)


def _guard(manifests: Manifests) -> Guard:
    """Return the guard over labels that selectors use; selectors are read once they are needed."""
    selectors: Selectors | None = None

    def guard(entries: Map, key: str, value: Any) -> None:
        nonlocal selectors
        if selectors is None:
            from postrender_plugins.labels._selectors import Selectors  # few steps change a value

            selectors = Selectors(manifests.all)
        selectors.check(entries, key, value)

    return guard
