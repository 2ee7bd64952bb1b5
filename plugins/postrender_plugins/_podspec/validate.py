"""Everything that is wrong with a pod spec, at once.

    place = (*template, "spec")                # a template from `places.pods(manifest)`
    before = problems(manifest.get(place), place, owner(manifest))
    ...
    after = problems(manifest.get(place), place, owner(manifest))
    for problem in compare(before, after):     # what was there before is a warning
        if problem.severity is Severity.ERROR: ...

`compare` is in `_podspec.problem`, `pods` and `owner` in `_podspec.places`.
"""

from typing import Any, Final

from postrender import Severity
from postrender_plugins._metadata.places import Place
from postrender_plugins._podspec.containers import ALWAYS, check_containers
from postrender_plugins._podspec.names import label_faults
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.places import JOBS, POD, WORKLOADS, Owner
from postrender_plugins._podspec.problem import (
    Problem,
    forbidden,
    invalid,
    quoted,
    required,
    unsupported,
)
from postrender_plugins._podspec.security import check_pod_security
from postrender_plugins._podspec.volumes import check_volumes

RESTARTS: Final = (ALWAYS, "OnFailure", "Never")
ENDING: Final = ("OnFailure", "Never")
DNS_POLICIES: Final = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
#: seconds; the API server keeps them in 32 bits
LONGEST: Final = 2147483647
_NOT_IN_TEMPLATES: Final = "ephemeral containers not allowed in pod template"
_NEVER_ENDS: Final = (
    "the pod of a Job ends when all its containers have; one that keeps running belongs into"
    " initContainers, with restartPolicy Always"
)


def problems(spec: Any, path: Place, owner: Owner) -> list[Problem]:
    """Return all that is wrong with the pod spec *spec*, which stands at *path* in its object.

    :param spec: the plain value at *path*, whatever it is.
    :param owner: the object that it is in, and the version of Kubernetes where that is known.
    """
    if type(spec) is not dict:
        message = "Invalid value: must be a map"
        return [] if spec is None else [Problem(Severity.ERROR, "type", path, message, path)]
    found: dict[Problem, None] = {}
    pod = Part(spec, path, found, path)
    volumes = check_volumes(pod)
    check_containers(pod, {**volumes, **dict.fromkeys(owner.claims, True)}, owner)
    check_pod_security(pod)
    _check_restart(pod, owner)
    _check_policies(pod)
    _check_pull_secrets(pod)
    if pod.has("ephemeralContainers") and pod.value["ephemeralContainers"] != []:
        is_pod = owner.kind == POD
        fault = "cannot be set on create" if is_pod else _NOT_IN_TEMPLATES
        pod.error("ephemeral-containers", forbidden(fault), "ephemeralContainers")
    return list(found)


def _check_restart(pod: Part, owner: Owner) -> None:
    policy = pod.text("restartPolicy")
    if policy is None:
        return
    if policy and policy not in RESTARTS:
        pod.error("restart-policy", unsupported(policy, RESTARTS), "restartPolicy")
    if owner.kind in JOBS:
        if policy in ("", ALWAYS):
            problem = required(f"valid values: {', '.join(map(quoted, ENDING))}")
            pod.error("restart-policy", problem, "restartPolicy")
        if len(pod.items("containers")) > 1:
            pod.warn("job-sidecar", _NEVER_ENDS, "containers")
    elif owner.kind in WORKLOADS and policy in ENDING:
        pod.error("restart-policy", unsupported(policy, (ALWAYS,)), "restartPolicy")


def _check_policies(pod: Part) -> None:
    policy = pod.text("dnsPolicy")
    if policy and policy not in DNS_POLICIES:
        pod.error("policy", unsupported(policy, DNS_POLICIES), "dnsPolicy")
    for key in ("hostname", "subdomain"):
        name = pod.text(key)
        for fault in label_faults(name) if name else ():
            pod.error("name", invalid(name or "", fault), key)
    seconds = pod.number("activeDeadlineSeconds")
    if pod.has("activeDeadlineSeconds") and seconds is not None and not 1 <= seconds <= LONGEST:
        fault = f"must be between 1 and {LONGEST}, inclusive"
        pod.error("policy", invalid(seconds, fault), "activeDeadlineSeconds")
    grace = pod.number("terminationGracePeriodSeconds")
    if grace is not None and grace < 0:
        fault = "must be >= 0; negative values are invalid and will be treated as 1"
        pod.warn("policy", fault, "terminationGracePeriodSeconds")


def _check_pull_secrets(pod: Part) -> None:
    names = set()
    for secret in pod.items("imagePullSecrets"):
        name = secret.text("name")
        if name == "":
            secret.warn("pull-secret", 'invalid empty name ""', "name")
        elif name is not None and name in names:
            secret.warn("pull-secret", f"duplicate name {quoted(name)}", "name")
        names.add(name)
