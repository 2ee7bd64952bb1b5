"""Security contexts: users and groups, and what contradicts each other."""

from typing import Any, Final

from postrender_plugins._podspec.names import id_fault
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import invalid

IDS: Final = ("runAsUser", "runAsGroup", "fsGroup")


def check_pod_security(pod: Part) -> None:
    """Look at the security context of a pod, and at what it shares with its node."""
    security = pod.map("securityContext")
    if security is not None:
        _check_ids(security)
    if all([pod.flag("shareProcessNamespace"), pod.flag("hostPID")]):  # the types of both
        fault = "Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled"
        pod.error("host-namespace", fault, "shareProcessNamespace")


def check_security(container: Part, pod: Part) -> None:
    """Look at the security context of *container*, in that of its pod."""
    security = container.map("securityContext")
    if security is not None:
        _check_ids(security)
        _check_privileges(security)
    contexts = [each for each in (security, pod.map("securityContext")) if each is not None]
    _check_root(container, contexts)


def _check_ids(security: Part) -> None:
    for key in IDS:
        number = security.number(key)
        if number is not None and (fault := id_fault(number)):
            security.error("security-context", invalid(number, fault), key)


def _check_privileges(security: Part) -> None:
    added: Any = None
    if capabilities := security.map("capabilities"):
        capabilities.check_texts("add")
        capabilities.check_texts("drop")
        added = capabilities.value.get("add")
    may = security.flag("allowPrivilegeEscalation")
    if may is not False or not security.has("allowPrivilegeEscalation"):
        return
    rest = ""
    if security.flag("privileged"):
        rest = "`privileged` to true"
    elif isinstance(added, list) and "CAP_SYS_ADMIN" in added:
        rest = "`capabilities.Add` CAP_SYS_ADMIN"
    if rest:
        fault = f"Invalid value: cannot set `allowPrivilegeEscalation` to false and {rest}"
        security.error("security-context", fault)


def _check_root(container: Part, contexts: list[Part]) -> None:
    """Look for user 0 where that is ruled out; what the container itself says comes first."""
    must_not = next((each for each in contexts if each.has("runAsNonRoot")), None)
    user = next((each for each in contexts if each.has("runAsUser")), None)
    if must_not and must_not.flag("runAsNonRoot") and user and user.number("runAsUser") == 0:
        name = container.text("name")
        fault = f'container "{name}" must not be root, so the kubelet will not start it'
        user.error("run-as-root", invalid(0, fault), "runAsUser")
