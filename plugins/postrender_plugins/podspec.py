"""Check that the API server would take each pod spec, and that it can work.

    steps:
      - podspec: {}

Whatever is wrong is told at once, in the API server's own words, and refuses the stream: names,
duplicate containers, volumes and ports, mounts of volumes that are not there, variables, probes,
resources, restart policies. So is what the API server takes although it cannot work: two
containers on one port, a probe of a port without that name, a container that must not be root
and is. What it warns of is a warning here too.

Looked at are the pods and pod templates of all kinds that Kubernetes has, and of well-known custom
kinds unless `crds` is false. `extraPaths` adds pod specs in other places:

    extraPaths:
      - {group: acme.example, kind: Farm, path: spec/server/pod}

`kubeVersion` says for which version of Kubernetes, where `--kube-version` does not: containers
that are no init containers have a restart policy since 1.35, and init containers since 1.29.
`severity: warning` only tells, and `ignore` leaves out rules by the name that a finding has in
brackets:

    steps:
      - podspec:
          kubeVersion: "1.33"
          ignore: [port-clash]
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from postrender import (
    ConfigError,
    Context,
    Finding,
    Location,
    Manifest,
    Manifests,
    Severity,
    hookimpl,
)
from postrender_plugins._podspec import version
from postrender_plugins._podspec.extra import ExtraPath
from postrender_plugins._podspec.rules import Rule


@dataclass(frozen=True, repr=False, eq=False)
class Options:
    """Which pod specs to check, and how much to make of it."""

    severity: Severity = field(
        default=Severity.ERROR, metadata={"description": "the worst that a finding may be"}
    )
    crds: bool = field(
        default=True, metadata={"description": "look at well-known custom kinds too"}
    )
    extra_paths: tuple[ExtraPath, ...] = field(
        default=(), metadata={"description": "pod specs in other places"}
    )
    kube_version: str | None = field(
        default=None,
        metadata={"description": "the version of Kubernetes, where `--kube-version` says none"},
    )
    ignore: tuple[Rule, ...] = field(
        default=(), metadata={"description": "rules to leave out, by their names"}
    )

    def __post_init__(self) -> None:
        """Refuse what is no version.

        :raises ConfigError: with the path of the fault, from these options.
        """
        if self.kube_version is None:
            return
        try:
            version.parse(self.kube_version)
        except ValueError as error:
            raise ConfigError(str(error), location=Location(path=("kubeVersion",))) from error


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_check(manifests: Manifests, options: Options, context: Context) -> Iterable[Finding]:
    """Return what is wrong with the pod specs of all manifests."""
    known = version.known(options.kube_version, context)
    for manifest in manifests:
        yield from _check(manifest, options, known)


def _check(
    manifest: Manifest, options: Options, kubernetes: tuple[int, int] | None
) -> Iterator[Finding]:
    from postrender_plugins._images import extra  # all these are not to check a configuration
    from postrender_plugins._podspec.places import is_custom, owner, pods
    from postrender_plugins._podspec.problem import at_most
    from postrender_plugins._podspec.validate import problems

    known = pods(manifest) if options.crds or not is_custom(manifest) else ()
    paths = [(*template, "spec") for template in known]
    for each in options.extra_paths:
        paths += [path for path, is_map in extra.find(each, manifest) if is_map]
    for path in dict.fromkeys(paths):
        its_owner = owner(manifest, kubernetes)
        for problem in problems(manifest.get(path), path, its_owner):
            if problem.rule not in options.ignore:
                told = at_most(problem, options.severity)
                where = manifest.at(problem.path)
                yield Finding(told.severity, problem.rule, problem.message, where)
