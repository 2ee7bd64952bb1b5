"""Labels and annotations that all objects get, and the templates and selectors in them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from postrender import Manifest
from postrender_plugins._metadata.places import (
    CLAIM_TEMPLATES,
    JOB_TEMPLATES,
    POD_TEMPLATES,
    Place,
    expand,
)
from postrender_plugins.kustomize._entries import Labels
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._paths import places, split
from postrender_plugins.kustomize._resource import Resource, Resources
from postrender_plugins.kustomize._scope import BUILT_IN
from postrender_plugins.kustomize._selectors import IMMUTABLE, SELECTORS, Selectors, refusal

CRON_JOB: Final = ("batch", "CronJob")
_POD_TEMPLATE: Final = ("", "PodTemplate")
#: what kustomize adds labels to beside selectors of the objects' own pods
_FOREIGN: Final = tuple(
    map(
        split,
        (
            "spec/ingress/from/podSelector/matchLabels",
            "spec/egress/to/podSelector/matchLabels",
            "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution"
            "/labelSelector/matchLabels",
            "spec/template/spec/affinity/podAntiAffinity"
            "/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
            "spec/template/spec/affinity/podAffinity"
            "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector"
            "/matchLabels",
            "spec/template/spec/affinity/podAntiAffinity"
            "/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector"
            "/matchLabels",
            "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
        ),
    )
)


class Labeler:
    """Sets labels and annotations of one kustomization."""

    def __init__(self, layer: Layer, resources: Resources, notes: Notes) -> None:
        """Take the kustomization and its objects."""
        self._kustomization = layer.kustomization
        self._resources = resources
        self._notes = notes

    def run(self) -> None:
        """Set the labels, then the annotations.

        :raises RefusedError: where a selector relies on a label that would change.
        """
        entries = list(self._kustomization.labels)
        if self._kustomization.common_labels:
            entries.append(Labels(self._kustomization.common_labels, include_selectors=True))
        for entry in entries:
            self._label(entry)
        if self._kustomization.common_annotations:
            self._annotate(self._kustomization.common_annotations)

    def _label(self, entry: Labels) -> None:
        selectors = Selectors(self._resources)
        immutable: list[str] = []
        for resource in self._resources:
            for path in self._label_paths(resource, entry):
                self._put(resource, path, entry.pairs, selectors)
            if entry.include_selectors and self._select(resource, entry.pairs):
                immutable.append(str(resource.manifest))
        if immutable:
            listed = ", ".join(immutable)
            self._notes.tell(
                f"new labels in the selectors of {listed}: selectors are immutable, so an upgrade"
                " of objects that exist is refused"
            )

    def _label_paths(self, resource: Resource, entry: Labels) -> Iterable[Place]:
        manifest = resource.manifest
        yield ("metadata", "labels")
        for template in self._labelled_templates(resource, entry):
            yield (*template, "metadata", "labels")
        for spec in entry.fields:
            if spec.means(manifest):
                yield from places(manifest, split(spec.path), create=spec.create)

    def _labelled_templates(self, resource: Resource, entry: Labels) -> Iterable[Place]:
        kind = resource.kind
        if entry.include_templates or entry.include_selectors:
            for template in self._templates(resource, POD_TEMPLATES.get(kind, ())):
                yield template
                if kind[0] not in BUILT_IN or kind == _POD_TEMPLATE:
                    what = f"the pod template of a {kind[1]} is labelled too"
                    self._notes.differs(what, resource.manifest.at(template))
            if kind == CRON_JOB:
                yield from self._templates(resource, JOB_TEMPLATES[kind])
            self._spare_claims(resource, entry)
        if entry.include_volume_claim_templates:
            yield from self._templates(resource, CLAIM_TEMPLATES.get(kind, ()))

    def _spare_claims(self, resource: Resource, entry: Labels) -> None:
        claims = ("spec", "volumeClaimTemplates")
        if (
            resource.kind == ("apps", "StatefulSet")
            and resource.manifest.length_at(claims)
            and not entry.include_volume_claim_templates
        ):
            self._notes.differs(
                "volumeClaimTemplates are immutable and get no label; `includeVolumeClaimTemplates`"
                " labels them",
                resource.manifest.at(claims),
            )

    def _templates(self, resource: Resource, table: Iterable[Place]) -> Iterable[Place]:
        """Yield the places of *table* that have a template."""
        for place in table:
            for template in expand(resource.manifest, place):
                if resource.manifest.kind_at(template) is dict:
                    yield template
                elif resource.manifest.get(template, "") is None:
                    what = "a template that is null is left alone"
                    self._notes.differs(what, resource.manifest.at(template))

    def _put(
        self, resource: Resource, path: Place, pairs: Mapping[str, str], selectors: Selectors
    ) -> None:
        old = resource.manifest.get(path)
        labels = old if isinstance(old, dict) else {}
        is_of_pods = len(path) > len(("metadata", "labels")) or resource.manifest.kind == "Pod"
        for key, value in pairs.items():
            if is_of_pods and labels.get(key) not in (None, value):
                selectors.check(resource, path, key, labels)
            _set(resource.manifest, path, key, value, labels)

    def _select(self, resource: Resource, pairs: Mapping[str, str]) -> bool:
        """Add *pairs* to the object's selector; tell whether that is new in an immutable one."""
        manifest = resource.manifest
        if any(True for parts in _FOREIGN for _ in places(manifest, parts)):
            self._notes.differs(
                "peers of a NetworkPolicy and terms of affinity and topology spread keep their"
                " selectors; `fields` of `labels` can name them",
                manifest.location,
            )
        if resource.kind not in SELECTORS:
            return False
        path, makes = SELECTORS[resource.kind]
        labels = manifest.get(path)
        if not labels and not makes:
            if resource.kind == ("", "Service"):
                self._notes.differs("a Service without a selector gets none", manifest.location)
            return False
        before = dict(labels or {})
        for key, value in pairs.items():
            if before.get(key) not in (None, value):
                raise refusal(manifest, (*path, key), f"the selector has another value of {key}")
            _set(manifest, path, key, value, before)
        return manifest.kind in IMMUTABLE and not pairs.items() <= before.items()

    def _annotate(self, annotations: Mapping[str, str]) -> None:
        for resource in self._resources:
            paths: list[Place] = [("metadata", "annotations")]
            kind = resource.kind
            if kind[0] in BUILT_IN and kind != _POD_TEMPLATE:
                table = (*POD_TEMPLATES.get(kind, ()), *JOB_TEMPLATES.get(kind, ()))
                for template in self._templates(resource, table):
                    paths.append((*template, "metadata", "annotations"))
            for path in paths:
                old = resource.manifest.get(path)
                for key, value in annotations.items():
                    _set(resource.manifest, path, key, value, old)
                self._look_at_nulls(resource, path, old)

    def _look_at_nulls(self, resource: Resource, path: Place, values: Any) -> None:
        for key, value in values.items() if isinstance(values, dict) else ():
            if value is None and key not in self._kustomization.common_annotations:
                what = f"the value of {key} stays null, so the API server drops the key"
                self._notes.differs(what, resource.manifest.at((*path, key)))


def _set(manifest: Manifest, path: Place, key: str, value: str, old: Any) -> None:
    if not isinstance(old, dict) or old.get(key) != value:
        manifest.set((*path, key), value)
