"""Change objects by patches: JSON patches, strategic merges, JSON merges; comments stay.

    steps:
      - patches:
          - target: {kind: Deployment, name: web}
            patch: |-
              - op: replace
                path: /spec/replicas
                value: 3
          - patch:
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: web}
              spec:
                template:
                  spec:
                    containers:
                      - name: app
                        image: registry.example/app:2.1
          - path: patches/no-limits.yaml
            target: {kind: [Deployment, StatefulSet]}

Each entry has a `patch`, as text or as it would stand in a file, or the `path` of a file. A list
is a JSON patch (RFC 6902) and needs a `target`, which selects as `where` does. A mapping is a
part of an object: merged as the API server merges (strategic merge patch, with `$patch`,
`$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList`) where it is known what tells the
items of a list apart, else as RFC 7386 says. Without a target it names its object itself. A file
may hold several mappings. `type` says which it has to be, where that is to be made sure.

The entries are applied in their order, to each object on its own. One that matches nothing is an
error, unless its `expect` (`{min: 0}`) or `allowNoMatch` says otherwise; one that changes nothing
is told. A patch with a target keeps apiVersion, kind, name and namespace of the object as they
are.

`options` of an entry:

`allowNameChange`, `allowKindChange`, `allowNamespaceChange`
    a merge with a target may change these too
`allowNoMatch`
    the entry may match nothing
`allowTypeChange`
    a map, a list and a scalar may take each other's place
`newItems: append`
    merged lists keep their order, and new items go to the end; the API server gives what the
    patch names the order that it has there, and puts new items before the others
`createParents`, `ignoreMissing`, `lenient`
    in a JSON patch, `add` makes missing maps, `remove` may find nothing, `replace` may add (and
    `test` takes what is missing for null)
`ignoreApiVersion`
    a patch without a target finds its object under any apiVersion

How the lists of custom kinds are merged is known from their CustomResourceDefinitions, in the
stream or in files, and from what the step says of paths; so a step may be written out:

    steps:
      - patches:
          entries:
            - {path: farm.yaml}
          schemas: [crds/farms.yaml]
          mergeKeys: {spec/pools: name, spec/pools/ports: [port, protocol]}

Paths start from the folder of the configuration, and stay in it unless `allowOutside: true`.
"""

from postrender import Context, Manifests, hookimpl
from postrender_plugins.patches._options import Options


@hookimpl
def postrender_options() -> type:
    """Return the class of the options."""
    return Options


@hookimpl
def postrender_transform(manifests: Manifests, options: Options, context: Context) -> None:
    """Apply every entry to the objects that it means."""
    from postrender_plugins.patches._run import run  # the machinery of merges, for these steps only

    run(manifests, options, context)
