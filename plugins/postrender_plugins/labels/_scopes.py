"""The scopes that reach into selectors: labels that are set become part of what selects them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from postrender import Context, Manifest, Manifests, RefusedError
from postrender_plugins._metadata.edits import Editor, Map
from postrender_plugins._metadata.places import POD_TEMPLATES, Place, expand
from postrender_plugins.labels._selectors import (
    POD,
    WORKLOADS,
    Selectors,
    pod_terms,
    requirements,
)

if TYPE_CHECKING:
    from postrender_plugins.labels import Options

#: kinds that select the pods of others, and the scope for each
FOREIGN: Final = {
    ("", "Service"): "serviceSelectors",
    ("policy", "PodDisruptionBudget"): "pdbSelectors",
}
#: kinds whose selector is a map of labels, not a LabelSelector; it may change
PLAIN: Final = (
    ("", "ReplicationController"),
    ("", "Service"),
    ("apps.openshift.io", "DeploymentConfig"),
)

Pods: TypeAlias = list[tuple[Manifest, dict[str, Any]]]  # workloads and the labels of their pods


def transform(manifests: Manifests, options: "Options", context: Context) -> None:
    """Change the labels of every manifest, and then the selectors that the scopes name."""
    # Read before the first edit, so that no object's turn decides what the selectors say.
    editor = Editor(options, context, Selectors(manifests.all).check)
    edited = []
    for manifest in manifests:
        scopes: tuple[str, ...] = options.scopes
        if "workloadSelectors" in scopes and (manifest.group, manifest.kind) in WORKLOADS:
            scopes = (*scopes, "templates")
        if editor.edit(manifest, scopes):
            edited.append(manifest)
    pods = _pods(manifests.all)
    for manifest in edited:
        kind = (manifest.group, manifest.kind)
        if FOREIGN.get(kind) in options.scopes:
            _extend_foreign(manifest, pods, options, context)
        elif kind in WORKLOADS:
            _extend_workload(manifest, options, context)


def _pods(manifests: Iterable[Manifest]) -> Pods:
    pods = []
    for manifest in manifests:
        kind = (manifest.group, manifest.kind)
        places = ((),) if kind == POD else POD_TEMPLATES.get(kind, ())
        for place in places:
            for template in expand(manifest, place):
                labels = manifest.get((*template, "metadata", "labels"))
                pods.append((manifest, labels if isinstance(labels, dict) else {}))
    return pods


def _extend_foreign(manifest: Manifest, pods: Pods, options: "Options", context: Context) -> None:
    path = ("spec", "selector")
    before = _selected(manifest, path, pods)
    if _extend(manifest, path, options.set, options):
        after = _selected(manifest, path, pods)
        for workload in before:
            if workload not in after:
                message = (
                    f"the pods of {workload} do not have the labels, and are no longer selected"
                )
                context.notice(message, manifest.at(path))


def _selected(manifest: Manifest, path: Place, pods: Pods) -> list[str]:
    asked = list(requirements(manifest.get(path)))
    return [
        str(workload)
        for workload, labels in pods
        if asked and all(requirement.met_by(labels.get(requirement.key)) for requirement in asked)
    ]


def _extend_workload(manifest: Manifest, options: "Options", context: Context) -> None:
    kind = (manifest.group, manifest.kind)
    path = WORKLOADS[kind]
    labels = _labels_of_pods(manifest, POD_TEMPLATES[kind][0], options)
    if "affinity" in options.scopes:
        own = manifest.get(path)
        same = {"matchLabels": own} if kind in PLAIN else own
        for term in list(pod_terms(manifest)):
            if manifest.get(term) == same:
                _extend(manifest, term, labels, options)
    if "workloadSelectors" in options.scopes and _extend(manifest, path, labels, options):
        if kind in PLAIN:
            reason = "the selector changes: pods that exist are no longer selected"
        else:
            reason = "the selector is immutable: an upgrade of an object that exists is refused"
        context.notice(reason, manifest.at(path))


def _labels_of_pods(manifest: Manifest, template: Place, options: "Options") -> dict[str, Any]:
    """Return what the pods of *manifest* have, by now, of the labels that are set."""
    labels = manifest.get((*template, "metadata", "labels")) or {}
    return {key: labels[key] for key in options.set if key in labels}


def _extend(manifest: Manifest, path: Place, labels: Mapping[str, Any], options: "Options") -> bool:
    """Add *labels* to the selector at *path* unless it selects by nothing; tell if that is new."""
    if not manifest.get(path):
        return False
    is_plain = (manifest.group, manifest.kind) in PLAIN and path[-1] == "selector"
    entries = Map(manifest, path if is_plain else (*path, "matchLabels"), POD)
    for key, value in labels.items():
        old = entries.values.get(key)
        if old is None:
            entries.put(key, value)
        elif old != value and options.on_conflict != "keep":
            raise RefusedError(
                f"the selector asks for {old!r} in the label {key}, not for {value!r}",
                location=manifest.at((*entries.path, key)),
                hint="leave it out, or patch the selector",
            )
    return entries.changed
