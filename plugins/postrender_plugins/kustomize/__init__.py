"""Do what a kustomization says, without kustomize.

    steps:
      - kustomize:
          namePrefix: eu-
          labels:
            - pairs: {team: payments}
              includeTemplates: true
          patches:
            - target: {kind: Deployment, name: web}
              patch: |-
                - op: replace
                  path: /spec/replicas
                  value: 3
          images:
            - {name: nginx, newTag: "1.27"}

The fields are kustomize's, so that the `kustomize:` of a Flux HelmRelease's `postRenderers` can be
pasted as it is, and so can the `jsonPatches` and `strategicMergePatches` of a helmfile release.
Supported are `resources`, `components`, `configMapGenerator`, `secretGenerator`,
`generatorOptions`, `patches`, `patchesStrategicMerge`, `patchesJson6902`, `namespace`,
`namePrefix`, `nameSuffix`, `labels`, `commonLabels`, `commonAnnotations`, `replicas`, `images`,
`replacements` and `openapi`; they work in kustomize's order, whatever the order in the file.
`labels` take `includeVolumeClaimTemplates`, and `options` of a patch `allowNoTargetMatch`, too.

Instead of fields, `path` names a folder with a kustomization file:

    steps:
      - kustomize: ./overlay

Its bases and components are folders of the same kind. One entry of `resources`, its own or of a
base, stands for the stream: the one that `stream` names; else the file that is not there, since
the script around kustomize would have written it. A kustomization without resources gets the
stream; else it stands for the only file that there is. Every other file is added to the stream. In
a step with fields, `resources` may be left out, and files that are there are added.

Files are local: nothing is fetched. They start from the folder of their kustomization, or of the
configuration, and `allowOutside: true` lets them leave the folder of the configuration.

What differs from kustomize does so on purpose, and is told where it happens: texts and order stay,
objects may come twice, selectors and claims are not changed behind your back, and a patch that
means no object is refused. A field that is not supported is refused, too: `exec` can run kustomize.
"""

from dataclasses import dataclass, field, fields
from typing import ClassVar

from postrender import ConfigError, Context, Manifests, hookimpl
from postrender_plugins.kustomize._fields import Kustomization


@dataclass(frozen=True, repr=False, eq=False)
class Options(Kustomization):
    """A kustomization, or the folder that has one."""

    shorthand: ClassVar[str] = "path"

    path: str = field(default="", metadata={"description": "a folder with a kustomization file"})
    stream: str = field(
        default="", metadata={"description": "the file among `resources` that the stream is"}
    )
    allow_outside: bool = field(
        default=False,
        metadata={"description": "let files be outside of the folder of the configuration"},
    )

    def __post_init__(self) -> None:
        """Refuse a step that says nothing, or says it twice."""
        super().__post_init__()
        values = ((getattr(self, each.name), each.default) for each in fields(Kustomization))
        given = any(value and value is not default for value, default in values)
        if self.path and given:
            raise ConfigError("beside `path` stand only `stream` and `allowOutside`")
        if not self.path and not given:
            raise ConfigError("the step changes nothing", hint="write `kustomize: ./overlay`")


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Build the kustomization on the manifests."""
    # Not needed to check a configuration.
    from postrender_plugins.kustomize._build import build
    from postrender_plugins.kustomize._files import Folder
    from postrender_plugins.kustomize._layers import in_folder, inline
    from postrender_plugins.kustomize._placing import place_stream

    limit = None if options.allow_outside else context.directory
    folder = Folder(context.directory, limit)
    layer = in_folder(options.path, folder) if options.path else inline(options, folder)
    place_stream(layer, options.stream, context, is_folder=bool(options.path))
    build(layer, manifests, context)
