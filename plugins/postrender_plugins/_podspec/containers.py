"""The containers of a pod: each by itself, and their names."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from postrender_plugins._podspec.env import check_env
from postrender_plugins._podspec.mounts import check_mounts
from postrender_plugins._podspec.names import label_faults
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.places import Owner
from postrender_plugins._podspec.ports import check_all_ports, check_ports
from postrender_plugins._podspec.probes import check_no_probes, check_probes
from postrender_plugins._podspec.problem import (
    duplicate,
    forbidden,
    invalid,
    required,
    unsupported,
)
from postrender_plugins._podspec.resources import check_resources
from postrender_plugins._podspec.security import check_security

ALWAYS: Final = "Always"
RESTARTS: Final = (ALWAYS, "Never", "OnFailure")
PULL_POLICIES: Final = (ALWAYS, "IfNotPresent", "Never")
MESSAGE_POLICIES: Final = ("File", "FallbackToLogsOnError")
GRACE: Final = 30  # seconds, where the pod does not say
KNATIVE: Final = "serving.knative.dev"
#: versions of Kubernetes in which a container may have a restart policy
NATIVE, RULES = (1, 29), (1, 35)


class _Pod(NamedTuple):
    """What the containers of a pod have in common."""

    part: Part
    volumes: Mapping[str, bool]
    owner: Owner
    grace: int


def check_containers(part: Part, volumes: Mapping[str, bool], owner: Owner) -> None:
    """Look at all containers of a pod."""
    pod = _Pod(part, volumes, owner, _grace(part))
    containers, inits = part.items("containers"), part.items("initContainers")
    if not containers and part.value.get("containers") in (None, []):
        part.error("required", required(), "containers")
    for container in containers:
        _check_common(container, pod)
        check_probes(container, pod.grace)
        _check_restart(container, owner)
    for container in inits:
        _check_common(container, pod)
        _check_init(container, pod)
    debuggers = part.items("ephemeralContainers")
    for container in debuggers:
        _check_common(container, pod)
    _check_names([*containers, *inits, *debuggers])
    check_all_ports(inits, containers, on_host=bool(part.flag("hostNetwork")))


def _grace(pod: Part) -> int:
    seconds = pod.number("terminationGracePeriodSeconds")
    if seconds is None or not pod.has("terminationGracePeriodSeconds"):
        return GRACE
    return seconds if seconds >= 0 else 1  # as the API server has it


def _check_common(container: Part, pod: _Pod) -> None:
    name, image = container.text("name"), container.text("image")
    if name == "" and pod.owner.kind[0] != KNATIVE:
        container.error("required", required(), "name")
    for fault in label_faults(name) if name else ():
        container.error("name", invalid(name or "", fault), "name")
    if image == "":
        container.error("required", required(), "image")
    elif image and image != image.strip():
        fault = "must not have leading or trailing whitespace"
        container.error("image", invalid(image, fault), "image")
    for key, known in (
        ("imagePullPolicy", PULL_POLICIES),
        ("terminationMessagePolicy", MESSAGE_POLICIES),
    ):
        policy = container.text(key)
        if policy and policy not in known:
            container.error("policy", unsupported(policy, known), key)
    for key in ("command", "args"):
        container.check_texts(key)
    check_ports(container)
    check_env(container)
    check_mounts(container, pod.volumes)
    check_resources(container)
    check_security(container, pod.part)


def _check_names(containers: list[Part]) -> None:
    names = set()
    for container in containers:
        name = container.text("name")
        if name and name in names:
            container.error("duplicate-container", duplicate(name), "name")
        names.add(name)


def _check_restart(container: Part, owner: Owner) -> None:
    """Look at the restart policy of a container that is no init container."""
    policy = container.text("restartPolicy")
    if policy is None or not container.has("restartPolicy"):
        return
    if policy not in RESTARTS:
        container.error("restart-policy", unsupported(policy, RESTARTS), "restartPolicy")
    elif owner.version and owner.version < RULES:
        fault = forbidden("may not be set for non-init containers")
        container.error("restart-policy", fault, "restartPolicy")
    elif not owner.version:
        fault = forbidden("may not be set for non-init containers before Kubernetes 1.35")
        container.warn("restart-policy", fault, "restartPolicy")


def _check_init(container: Part, pod: _Pod) -> None:
    """Look at the restart policy of an init container, and at what depends on it."""
    policy, version = container.text("restartPolicy"), pod.owner.version
    if policy is not None and container.has("restartPolicy") and policy not in RESTARTS:
        container.error("restart-policy", unsupported(policy, RESTARTS), "restartPolicy")
    elif policy == ALWAYS and version and version < NATIVE:
        fault = forbidden("may not be set for init containers before Kubernetes 1.29")
        container.error("restart-policy", fault, "restartPolicy")
    elif policy and policy != ALWAYS and version and version < RULES:
        container.error("restart-policy", unsupported(policy, (ALWAYS,)), "restartPolicy")
    if policy == ALWAYS:
        check_probes(container, pod.grace)
    else:
        check_no_probes(container)
