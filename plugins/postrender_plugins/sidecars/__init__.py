"""Put containers, with all that they need, into pod templates.

    steps:
      - where: {kind: [Deployment, StatefulSet]}
        sidecars:
          containers:
            - name: shipper
              image: registry.example.com/shipper:1.4
              args: [--app, "${APP}", --dir, /var/log/app]
              volumeMounts: [{name: logs, mountPath: /var/log/app, readOnly: true}]
          volumes: [{name: logs, emptyDir: {}}]
          volumeMounts: [{name: logs, mountPath: /var/log/app}]
          templates: {APP: metadata.name}

`containers`, `initContainers` and `volumes` are what Kubernetes calls so. `env`, `envFrom` and
`volumeMounts` go into the containers that are there, which `into` narrows down. `securityContext`
gives the pod what it lacks; `podLabels`, `podAnnotations` and `imagePullSecrets` are added too.

Every built-in kind that has a pod template gets them, and the well-known custom ones; `extraPaths`
adds others. `podWhere` selects by the labels and annotations of the template. Hooks are left alone
unless `hooks: true`, and templates with host networking unless `hostNetwork: inject`. A label or
an annotation `postrender.io/inject: "false"`, of the template or its object, leaves one alone.

With `mode: native`, or `auto` and a `kubeVersion` of at least 1.29, containers run as native
sidecars: init containers that restart. `--kube-version` counts more than that option. In Jobs they
always do, since a regular one would keep the Job from its end; `jobs` may say otherwise.

`templates` names values of the object; `${NAME}` stands for one in any text that is put in, and
nothing else between such braces is touched. The sources are `kind`, `metadata.name`,
`metadata.namespace`, `metadata.labels['KEY']`, `metadata.annotations['KEY']`, with `template.` in
front those of the template, and of the first container that no step added `container.name`,
`container.image`, `container.ports[0]` and `container.ports['NAME']`.

An annotation of the template remembers what was put in. The same configuration is not put in
twice, another one of the same `name` takes the place of the former, and with `remove: true` the
former is taken out. `name` is that of the first container unless it is given.

What the API server would refuse is refused here, all of it at once; what was wrong before is told.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from postrender import Context, Manifests, Selector, hookimpl
from postrender_plugins._images.extra import ExtraPath
from postrender_plugins.sidecars._options import Beside, Into, PullSecret, Value, check


@dataclass(frozen=True, repr=False, eq=False)
class Options:
    """What to put into which pod templates."""

    name: str = field(
        default="",
        metadata={"description": "what a later run finds it by; the first container's by default"},
    )
    remove: bool = field(
        default=False, metadata={"description": "take out what an earlier run put in"}
    )
    containers: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "containers, as Kubernetes has them"}
    )
    init_containers: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "init containers, as Kubernetes has them"}
    )
    volumes: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "volumes, as Kubernetes has them"}
    )
    env: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "variables for the containers that are there"}
    )
    env_from: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "sources of variables for them"}
    )
    volume_mounts: tuple[dict[str, Any], ...] = field(
        default=(), metadata={"description": "mounts for them"}
    )
    into: Into = field(
        default=Into(), metadata={"description": "which of them; all but init containers"}
    )
    image_pull_secrets: tuple[PullSecret, ...] = field(
        default=(), metadata={"description": "secrets to pull images with, by name"}
    )
    pod_labels: dict[str, str] = field(
        default_factory=dict, metadata={"description": "labels for the pod template"}
    )
    pod_annotations: dict[str, str] = field(
        default_factory=dict, metadata={"description": "annotations for the pod template"}
    )
    security_context: dict[str, Any] = field(
        default_factory=dict, metadata={"description": "what the pod's is to have if it has none"}
    )
    templates: dict[str, Value] = field(
        default_factory=dict, metadata={"description": "names for values of the object"}
    )
    pod_where: Selector | None = field(
        default=None, metadata={"description": "which templates: `labels`, `annotations`, `not`"}
    )
    mode: Literal["auto", "native", "regular"] = field(
        default="auto", metadata={"description": "whether containers run as native sidecars"}
    )
    kube_version: str = field(
        default="",
        metadata={"description": "the version of Kubernetes, where `--kube-version` says none"},
    )
    position: Literal["last", "first"] | Beside = field(
        default="last", metadata={"description": "where containers stand"}
    )
    init_position: Literal["last", "first"] | Beside = field(
        default="last", metadata={"description": "where init containers and native sidecars stand"}
    )
    on_existing: Literal["error", "keep", "replace", "merge"] = field(
        default="error", metadata={"description": "what to do with containers of the same name"}
    )
    host_network: Literal["skip", "inject", "error"] = field(
        default="skip", metadata={"description": "what to do with pods in the host's network"}
    )
    jobs: Literal["native", "skip", "error"] = field(
        default="native",
        metadata={"description": "what to do with Jobs where containers would run as regular ones"},
    )
    hooks: bool = field(default=False, metadata={"description": "whether hooks get it too"})
    opt_out: tuple[str, ...] = field(
        default=("postrender.io/inject",),
        metadata={"description": "labels or annotations whose `false` leaves a template alone"},
    )
    opt_in: tuple[str, ...] = field(
        default=(),
        metadata={"description": "labels or annotations of which one must be `true`, if given"},
    )
    ports: Literal["error", "warn"] = field(
        default="error", metadata={"description": "what to do where two containers share a port"}
    )
    validate: Literal["changed", "all", "off"] = field(
        default="changed", metadata={"description": "which pod specs are validated afterwards"}
    )
    extra_paths: tuple[ExtraPath, ...] = field(
        default=(), metadata={"description": "pod templates in other places"}
    )
    guess_pod_templates: bool = field(
        default=False,
        metadata={"description": "take for a pod template what looks like one at `spec.template`"},
    )
    min_matches: int = field(
        default=0, metadata={"description": "how many templates must get it, or have it already"}
    )

    def __post_init__(self) -> None:
        """Refuse what puts nothing in, or cannot be put in anywhere.

        :raises ConfigError: with the path of the fault, from these options.
        """
        check(self)

    @property
    def title(self) -> str:
        """What the annotation calls it."""
        named = (*self.containers, *self.init_containers)
        return self.name or (str(named[0]["name"]) if named else "")


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Put the containers into the pod templates of every manifest."""
    from postrender_plugins.sidecars._step import transform  # not to check a configuration

    transform(manifests, options, context)
