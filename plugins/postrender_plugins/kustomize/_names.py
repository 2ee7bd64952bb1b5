"""Namespace, prefix and suffix: what changes the names of all objects."""

from collections.abc import Iterable
from typing import Any, Final

from postrender import RefusedError
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._paths import places, split
from postrender_plugins.kustomize._resource import Id, Resource, Resources
from postrender_plugins.kustomize._scope import CRD

BINDINGS: Final = ("RoleBinding", "ClusterRoleBinding")
_API_SERVICE: Final = ("apiregistration.k8s.io", "APIService")
_NAMESPACE: Final = ("", "Namespace")
#: their names say what they define, so they cannot be changed
_FIXED: Final = (CRD, _API_SERVICE, _NAMESPACE)
_CONVERSION: Final = split("spec/conversion/webhook/clientConfig/service/namespace")
_WEBHOOKS: Final = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_SERVICE: Final = split("webhooks/clientConfig/service/namespace")


def set_namespace(resources: Resources, namespace: str, notes: Notes) -> None:
    """Put every object into *namespace* that can be in one.

    :raises RefusedError: where two objects would become one.
    """
    before: dict[Id, Id] = {}
    for resource in resources:
        old = resource.id
        resource.remember()
        _move(resource, namespace, notes)
        resource.renamed()
        other = before.setdefault(resource.id, old)
        if other != old:
            raise RefusedError(
                f"in the namespace {namespace} it would have the name of another object, which"
                f" was in {other.namespace}",
                location=resource.manifest.location,
            )


def _move(resource: Resource, namespace: str, notes: Notes) -> None:
    manifest = resource.manifest
    is_namespaced = resource.scopes.namespaced(resource.kind)
    if is_namespaced or (is_namespaced is None and manifest.namespace):
        manifest.set(("metadata", "namespace"), namespace)
    elif is_namespaced is None:
        notes.differs(
            f"{manifest.kind} of {manifest.group} gets no namespace, as nothing tells whether it"
            " can have one; a CustomResourceDefinition in the stream would",
            manifest.location,
        )
    _move_others(resource, namespace)


def _move_others(resource: Resource, namespace: str) -> None:
    """Change the namespace where it stands elsewhere in an object."""
    manifest = resource.manifest
    if resource.kind == _NAMESPACE:
        manifest.set(("metadata", "name"), namespace)
    elif resource.kind == _API_SERVICE:
        manifest.set(("spec", "service", "namespace"), namespace)
    elif resource.kind == CRD:
        for path in places(manifest, _CONVERSION):
            manifest.set(path, namespace)
    elif resource.id.kind in BINDINGS:
        for index, subject in enumerate(_list(manifest.get(("subjects",)))):
            if isinstance(subject, dict) and subject.get("name") == "default":
                manifest.set(("subjects", index, "namespace"), namespace)


def look_at_webhooks(resources: Resources, notes: Notes) -> None:
    """Tell of webhooks whose Service is in none of the namespaces that the objects are in now."""
    namespaces = {each.namespace for each in resources}
    for resource in resources:
        if resource.id.kind in _WEBHOOKS:
            for path in places(resource.manifest, _SERVICE):
                namespace = resource.manifest.get(path)
                if namespace not in namespaces:
                    notes.tell(
                        f"the webhook's Service is still looked for in the namespace {namespace}",
                        resource.manifest.at(path),
                    )


def add_prefix(resources: Resources, prefix: str, notes: Notes) -> None:
    """Put *prefix* in front of the names."""
    for resource in _renamable(resources, notes):
        resource.prefixes.append(prefix)
        resource.rename(prefix + resource.name)


def add_suffix(resources: Resources, suffix: str, notes: Notes) -> None:
    """Put *suffix* behind the names."""
    for resource in _renamable(resources, notes):
        resource.suffixes.append(suffix)
        resource.rename(resource.name + suffix)


def _renamable(resources: Resources, notes: Notes) -> Iterable[Resource]:
    for resource in resources:
        if resource.kind in _FIXED or resource.id.kind == CRD[1]:
            continue
        if resource.name:
            yield resource
        else:
            notes.tell("it has no name to change", resource.manifest.location)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
