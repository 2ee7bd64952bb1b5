"""Set, remove and rename annotations.

    steps:
      - annotations:
          set: {example.com/on-call: "#payments", example.com/runbook: "https://runbooks.example"}
          remove: [example.com/debug-*]
          rename: {owner: example.com/owner}
          scopes: [metadata, templates]

Only the metadata of the objects themselves is changed unless `scopes` says otherwise:

`metadata`
    the object's own annotations; the default
`templates`
    pod templates, of the built-in workloads and of well-known custom kinds; this restarts pods
`jobTemplates`
    the jobs that a CronJob makes
`volumeClaimTemplates`
    the claims of a StatefulSet, which an upgrade cannot change

Keys are renamed first, then removed, then set; new keys come after those that are there.
`extraPaths` adds places of other kinds:

    extraPaths:
      - {group: acme.example, kind: Farm, path: "spec/pools[]/annotations", create: true}

An object that `config.kubernetes.io/local-config` keeps from the cluster is left alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from postrender import Context, Manifests, hookimpl
from postrender_plugins._metadata import names
from postrender_plugins._metadata.edits import Editor
from postrender_plugins._metadata.options import MetadataOptions

Scope: TypeAlias = Literal["metadata", "templates", "jobTemplates", "volumeClaimTemplates"]


@dataclass(frozen=True, repr=False, eq=False)
class Options(MetadataOptions):
    """Which annotations to change, and where."""

    map_name: ClassVar[str] = "annotations"
    max_size: ClassVar[int] = 262144

    scopes: tuple[Scope, ...] = field(
        default=("metadata",), metadata={"description": "which maps of an object to change"}
    )

    def key_fault(self, key: str) -> str:
        """Say what the API server has against *key*, or ""; it takes capitals in the prefix."""
        return names.key_fault(key.lower())


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Change the annotations of every manifest."""
    editor = Editor(options, context)
    for manifest in manifests:
        editor.edit(manifest, options.scopes)
