"""ConfigMaps and Secrets that a kustomization makes, or adds data to."""

from typing import Any, Final

from postrender import ConfigError, Manifest, Manifests, RefusedError
from postrender_plugins.kustomize._data import config_map_data, pairs, secret_data
from postrender_plugins.kustomize._entries import (
    ConfigMapGenerator,
    GeneratorOptions,
    SecretGenerator,
)
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._resource import DEFAULT, Id, Resource, Resources
from postrender_plugins.kustomize._scope import Scopes

#: where the data of an object are
_MAPS: Final = ("data", "binaryData")


class Generator:
    """Runs the generators of one kustomization."""

    def __init__(self, layer: Layer, manifests: Manifests, scopes: Scopes) -> None:
        """Take the kustomization, and the stream that objects are added to."""
        self._layer = layer
        self._manifests = manifests
        self._scopes = scopes

    def run(self, resources: Resources) -> None:
        """Make the objects, ConfigMaps first, and put them among *resources*."""
        kustomization = self._layer.kustomization
        for index, each in enumerate(kustomization.config_map_generator):
            self._generate(resources, each, "ConfigMap", ("configMapGenerator", index))
        for index, secret in enumerate(kustomization.secret_generator):
            self._generate(resources, secret, "Secret", ("secretGenerator", index))

    def _generate(
        self,
        resources: Resources,
        generator: ConfigMapGenerator,
        kind: str,
        path: tuple[str, int],
    ) -> None:
        common = self._layer.kustomization.generator_options or GeneratorOptions()
        options = _merged(generator.options, common)
        made = self._object(generator, kind, options, path)
        wanted = Id("", "v1", kind, generator.namespace or DEFAULT, generator.name)
        found = resources.known_as(wanted)
        where = self._layer.where(*path)
        if not found:
            if generator.behavior in ("merge", "replace"):
                message = f"there is no {kind} {generator.name} to {generator.behavior}"
                raise RefusedError(message, location=where)
            manifest = self._manifests.add(made)
            resource = Resource(manifest, self._scopes, is_own=True)
            resource.needs_hash = not options.disable_name_suffix_hash
            resources.add([resource])
        elif generator.behavior not in ("merge", "replace"):
            raise RefusedError(
                f"{found[0].manifest} exists already",
                location=where,
                hint="let `behavior` be `merge` or `replace`",
            )
        else:
            for each in found:
                _change(each, made, generator)
                each.needs_hash = each.needs_hash and not options.disable_name_suffix_hash

    def _object(
        self,
        generator: ConfigMapGenerator,
        kind: str,
        options: GeneratorOptions,
        path: tuple[str, int],
    ) -> dict[str, Any]:
        metadata: dict[str, Any] = {"name": generator.name}
        if generator.namespace:
            metadata["namespace"] = generator.namespace
        for name, values in (("labels", options.labels), ("annotations", options.annotations)):
            if values:
                metadata[name] = dict(sorted(values.items()))
        made: dict[str, Any] = {"apiVersion": "v1", "kind": kind, "metadata": metadata}
        data = self._pairs(generator, path)
        if isinstance(generator, SecretGenerator):
            made.update(secret_data(data), type=generator.type or "Opaque")
        else:
            made.update(config_map_data(data))
        if options.immutable:
            made["immutable"] = True
        return made

    def _pairs(self, generator: ConfigMapGenerator, path: tuple[str, int]) -> dict[str, bytes]:
        try:
            return pairs(generator, self._layer.folder)
        except ValueError as error:
            raise ConfigError(str(error), location=self._layer.where(*path)) from None


def _merged(own: GeneratorOptions, common: GeneratorOptions) -> GeneratorOptions:
    """Return the options of a generator, with those that are for all where it has none."""
    return GeneratorOptions(
        labels={**common.labels, **own.labels},
        annotations={**common.annotations, **own.annotations},
        disable_name_suffix_hash=own.disable_name_suffix_hash or common.disable_name_suffix_hash,
        immutable=own.immutable or common.immutable,
    )


def _change(resource: Resource, made: dict[str, Any], generator: ConfigMapGenerator) -> None:
    """Merge what was generated into an object, or put it into the place of its data."""
    manifest = resource.manifest
    for name in ("labels", "annotations"):
        for key, value in made["metadata"].get(name, {}).items():
            manifest.set(("metadata", name, key), value)
    if generator.behavior == "replace":
        _empty(manifest, made)
    for name in _MAPS:
        for key, value in made.get(name, {}).items():
            manifest.set((name, key), value)
            manifest.delete((_MAPS[1 - _MAPS.index(name)], key))
            manifest.delete(("stringData", key))
    # Unlike kustomize's, a merge leaves the type alone unless it is told one.
    if getattr(generator, "type", "") or (generator.behavior == "replace" and "type" in made):
        manifest.set(("type",), made["type"])
    if "immutable" in made:
        manifest.set(("immutable",), True)


def _empty(manifest: Manifest, made: dict[str, Any]) -> None:
    """Drop the data that *made* does not have."""
    for name in (*_MAPS, "stringData"):
        if name not in made:
            manifest.delete((name,))
        for key in list(manifest.get((name,)) or {}):
            if key not in made[name]:
                manifest.delete((name, key))
    if "immutable" not in made:
        manifest.delete(("immutable",))
