"""Images: kustomize's entries, on every container that there is."""

import re
from collections.abc import Iterator
from typing import Any

from postrender_plugins._images.entries import Entry
from postrender_plugins._images.places import fields, images, pod_specs
from postrender_plugins._images.reference import Reference, parse
from postrender_plugins._images.rules import Rules
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._resource import Resource, Resources
from postrender_plugins.kustomize._scope import BUILT_IN, CRD


class ImageChanger:
    """Changes the images of one kustomization."""

    def __init__(self, layer: Layer, resources: Resources, notes: Notes) -> None:
        """Take the kustomization and its objects."""
        self._layer = layer
        self._entries = (*layer.kustomization.images, *layer.kustomization.image_tags)
        self._rules = Rules(self._entries)
        self._resources = resources
        self._notes = notes
        self._seen: list[Reference] = []

    def run(self) -> None:
        """Change them, and tell of entries that mean none."""
        if not self._entries:
            return
        for resource in self._resources:
            pods = list(pod_specs(resource.manifest))
            for path in (*images(resource.manifest, pods), *fields(resource.manifest)):
                self._change(resource, path)
            if not pods and resource.kind[0] not in BUILT_IN and resource.kind != CRD:
                self._look_for_others(resource)
        for index, entry in self._rules.unused(self._seen, lambda name: name):
            self._tell_unused(self._layer.where("images", index), entry)

    def _tell_unused(self, where: str, entry: Entry) -> None:
        name = entry.name or entry.glob
        for image in self._seen:
            if _is_expression(name, image.name):
                self._notes.differs(f"{where}: {name} is a name and no expression for {image.name}")
                return
        self._notes.tell(f"{where}: no image is called {name}")

    def _change(self, resource: Resource, path: tuple[str | int, ...]) -> None:
        manifest = resource.manifest
        text = manifest.get(path)
        image = parse(text) if isinstance(text, str) else None
        if image is None:
            return
        self._seen.append(image)
        told: list[str] = []
        changed = self._rules.change(image, told)
        if image.digest and not changed.digest:
            told.append("the image loses its digest, so what its tag stands for may change")
        for message in told:
            self._notes.tell(message, manifest.at(path))
        if changed != image:
            manifest.set(path, str(changed))
            if "ephemeralContainers" in path:
                what = "images of ephemeral containers change too"
                self._notes.differs(what, manifest.at(path))

    def _look_for_others(self, resource: Resource) -> None:
        """Tell of a custom resource with an image that kustomize would have changed."""
        for text in _images_in(resource.manifest.to_dict()):
            image = parse(text)
            if image and any(rule.means(image) for rule in self._rules.rules):
                self._notes.differs(
                    f"images of a {resource.manifest.kind} are left alone, as nothing tells that"
                    " it holds containers; a patch changes them",
                    resource.manifest.location,
                )


def _is_expression(name: str, image: str) -> bool:
    """Tell whether *name* would mean *image* where a dot stands for any character."""
    return re.fullmatch(re.escape(name).replace(r"\.", "."), image) is not None


def _images_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("containers", "initContainers") and isinstance(each, list):
                found = (item.get("image") for item in each if isinstance(item, dict))
                yield from (image for image in found if isinstance(image, str))
            yield from _images_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _images_in(each)
