"""The build: what a kustomization and its bases do to the stream, in kustomize's order."""

from collections.abc import Callable

from postrender import Context, Manifests, RefusedError, StreamError
from postrender_plugins._merge.schemas import Schemas
from postrender_plugins.kustomize._follow import Follower
from postrender_plugins.kustomize._generate import Generator
from postrender_plugins.kustomize._hash import name_hash
from postrender_plugins.kustomize._images import ImageChanger
from postrender_plugins.kustomize._labels import Labeler
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._names import (
    add_prefix,
    add_suffix,
    look_at_webhooks,
    set_namespace,
)
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._openapi import definitions
from postrender_plugins.kustomize._patches import Patcher
from postrender_plugins.kustomize._replacements import Replacer
from postrender_plugins.kustomize._replicas import set_replicas
from postrender_plugins.kustomize._resource import Id, Resource, Resources
from postrender_plugins.kustomize._scope import Scopes


def build(layer: Layer, manifests: Manifests, context: Context) -> None:
    """Do to *manifests* what the kustomization of *layer* says.

    :raises ConfigError: for a file that cannot be read, or says what makes no sense.
    :raises RefusedError: where the manifests are not as the kustomization needs them.
    """
    builder = _Builder(layer, manifests, context)
    resources = Resources()
    builder.run(layer, resources)
    for resource in resources:
        if resource.needs_hash:
            resource.rename(f"{resource.name}-{name_hash(resource.manifest)}")
    Follower(resources, builder.notes).run()
    if any(each.kustomization.namespace for each in layer.walk()):
        look_at_webhooks(resources, builder.notes)
    for resource in resources:
        if resource.is_local:
            resource.manifest.remove()


class _Builder:
    """Runs one kustomization after the other, from the innermost outwards."""

    def __init__(self, layer: Layer, manifests: Manifests, context: Context) -> None:
        self._manifests = manifests
        self.notes = Notes(context)
        self._scopes = Scopes(manifests.all)
        self._schemas = Schemas(manifests.all, tuple(definitions(layer, self.notes)))

    def run(self, layer: Layer, resources: Resources) -> None:
        """Make or change *resources* as *layer* says."""
        self._gather(layer, resources)
        Generator(layer, self._manifests, self._scopes).run(resources)
        for component in layer.components:
            self.run(component, resources)
        self._transform(layer, resources)

    def _gather(self, layer: Layer, resources: Resources) -> None:
        for index, entry in enumerate(layer.bases):
            if index == layer.stream:
                resources.add(Resource(each, self._scopes) for each in self._manifests)
            elif isinstance(entry, Layer):
                base = Resources()
                self.run(entry, base)
                resources.add(base.readable())
            else:
                self._add_file(layer, entry, resources)
        if any(each.is_own for each in resources.readable()):
            _refuse_doubles(layer, resources)

    def _add_file(self, layer: Layer, path: str, resources: Resources) -> None:
        name = layer.folder.named(path)
        try:
            found = list(Manifests.parse(layer.folder.read(path)))
        except StreamError as error:
            error.location = ", ".join(filter(None, (name, str(error.location))))
            raise
        for manifest in found:
            added = self._manifests.add(manifest)
            resources.add([Resource(added, self._scopes, is_own=True)])

    def _transform(self, layer: Layer, resources: Resources) -> None:
        kustomization, notes = layer.kustomization, self.notes
        patcher = Patcher(layer, resources, self._schemas, notes)
        patcher.run_first()
        steps: tuple[tuple[str, Callable[[Resources, str, Notes], None]], ...] = (
            (kustomization.namespace, set_namespace),
            (kustomization.name_prefix, add_prefix),
            (kustomization.name_suffix, add_suffix),
        )
        for value, change in steps:
            if value:
                change(resources, value, notes)
        Labeler(layer, resources, notes).run()
        patcher.run_last()
        set_replicas(layer, resources)
        ImageChanger(layer, resources, notes).run()
        Replacer(layer, resources, notes).run()
        if kustomization.sort_options is not None:
            notes.differs("the objects keep their order, as Helm sorts them itself")


def _refuse_doubles(layer: Layer, resources: Resources) -> None:
    """Refuse to add an object that is there already; a chart may have one twice."""
    seen: dict[Id, Resource] = {}
    for resource in resources.readable():
        other = seen.setdefault(resource.id, resource)
        if other is not resource and (other.is_own or resource.is_own):
            raise RefusedError(
                f"{resource.manifest} is there already",
                location=layer.where("resources"),
                hint="if one of the files stands for the stream, name it with `stream`",
            )
