"""What the API server takes, and what still goes wrong with the containers that were put in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from postrender import Manifest
from postrender_plugins.sidecars._contents import Contents
from postrender_plugins.sidecars._template import CONTAINERS, Template, items_of

_TOKEN: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
_SECCOMP: Final = ("RuntimeDefault", "Localhost")


def hazards(template: Template, put_in: Contents, scaled: Mapping[str, str]) -> Iterator[str]:
    """Yield what may go wrong with *put_in* in *template*, now that it is there.

    :param scaled: resources that something scales the workload by, and what does.
    """
    manifest = template.manifest
    if (manifest.group, manifest.kind) == ("batch", "Job") and not manifest.hook:
        yield "the template of a Job is immutable: an upgrade of a Job that exists is refused"
    if manifest.group == "serving.knative.dev" and (put_in.init_containers or put_in.volumes):
        yield "Knative takes init containers and most volumes only where a feature flag allows them"
    yield from _restricted(template, put_in)
    has_no_token = template.spec.get("automountServiceAccountToken") is False
    for container in put_in.all_containers:
        name = container["name"]
        if has_no_token and _wants_token(container):
            yield f"the container {name} looks for a service account's token, which is not there"
        for resource in _unsized(template, container, scaled):
            yield (
                f"the container {name} requests no {resource}, which {scaled[resource]} scales by"
            )


def rootless(template: Template, put_in: Contents) -> str:
    """Return the name of a container that may run as root where the pod forbids that, or ""."""
    pod = _map(template.spec, "securityContext")
    if pod.get("runAsNonRoot") is not True or pod.get("runAsUser") is not None:
        return ""
    for container in put_in.all_containers:
        own = _map(container, "securityContext")
        # One that says of itself that it is not root has an image that is made so.
        if own.get("runAsUser") is None and own.get("runAsNonRoot") is None:
            return str(container["name"])
    return ""


def scalers(manifests: Iterable[Manifest]) -> dict[tuple[str, str, str], dict[str, str]]:
    """Return by namespace, kind and name what scales a workload: its resources, and the object."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for manifest in manifests:
        if (manifest.group, manifest.kind) == ("autoscaling", "HorizontalPodAutoscaler"):
            target, resources = manifest.get(("spec", "scaleTargetRef")), _resources(manifest)
        elif (manifest.group, manifest.kind) == ("autoscaling.k8s.io", "VerticalPodAutoscaler"):
            target, resources = manifest.get(("spec", "targetRef")), ["cpu", "memory"]
        else:
            continue
        if isinstance(target, dict):
            key = (manifest.namespace, str(target.get("kind")), str(target.get("name")))
            found.setdefault(key, {}).update(dict.fromkeys(resources, str(manifest)))
    return found


def _resources(manifest: Manifest) -> list[str]:
    """Return the resources that an autoscaler looks at in relation to what is requested."""
    spec = _map({"spec": manifest.get(("spec",))}, "spec")
    found = ["cpu"] if spec.get("targetCPUUtilizationPercentage") is not None else []
    for metric in items_of(spec, "metrics"):
        resource = _map(metric, "resource")
        is_relative = _map(resource, "target").get("type") == "Utilization"
        if is_relative or "targetAverageUtilization" in resource:
            found.append(str(resource.get("name")))
    return found


def _unsized(
    template: Template, container: Mapping[str, Any], scaled: Mapping[str, str]
) -> list[str]:
    """Return the resources of *scaled* that *container* does not request."""
    is_init = container in template.items("initContainers")
    if is_init and container.get("restartPolicy") != "Always":
        return []
    resources = _map(container, "resources")
    known = {**_map(resources, "limits"), **_map(resources, "requests")}
    return [resource for resource in scaled if resource not in known]


def _wants_token(container: Mapping[str, Any]) -> bool:
    mounts = items_of(container, "volumeMounts")
    if any(str(mount.get("mountPath")).startswith(_TOKEN) for mount in mounts):
        return False
    return any(_TOKEN in text for text in _texts(container))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def _restricted(template: Template, put_in: Contents) -> Iterator[str]:
    """Yield how a container misses Pod Security's `restricted` where all others meet it."""
    pod = _map(template.spec, "securityContext")
    ours = {each["name"] for each in put_in.all_containers}
    everything = [each for name in CONTAINERS for each in template.items(name)]
    others = [each for each in everything if each.get("name") not in ours]
    if not others or any(_missing(each, pod) for each in others):
        return
    for container in everything:
        missing = _missing(container, pod)
        if missing:
            name = container["name"]
            what = ", ".join(missing)
            yield f"the container {name} misses of the Pod Security standard `restricted`: {what}"


def _missing(container: Mapping[str, Any], pod: Mapping[str, Any]) -> list[str]:
    """Return what *container* lacks to meet the standard `restricted`."""
    own = _map(container, "securityContext")
    both = {**pod, **own}
    capabilities = _map(own, "capabilities")
    added = [each for each in _texts(capabilities.get("add")) if each != "NET_BIND_SERVICE"]
    held = {
        "allowPrivilegeEscalation: false": own.get("allowPrivilegeEscalation") is False,
        "capabilities.drop: [ALL]": "ALL" in _texts(capabilities.get("drop")) and not added,
        "runAsNonRoot: true": both.get("runAsNonRoot") is True,
        "seccompProfile.type: RuntimeDefault": (
            _map(both, "seccompProfile").get("type") in _SECCOMP
        ),
    }
    return [what for what, holds in held.items() if not holds]


def _map(value: Any, key: str) -> Mapping[str, Any]:
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}
