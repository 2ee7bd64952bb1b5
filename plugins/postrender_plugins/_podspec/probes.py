"""The probes of a container, and what it does at its start and end."""

from collections.abc import Collection, Iterable
from typing import Final

from postrender_plugins._podspec.names import port_name_faults, port_number_fault
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import forbidden, invalid, required, unsupported

PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
#: in the order in which the API server looks at them
PROBE_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc")
HOOK_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "sleep")
COUNTS: Final = (
    "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold",
    "failureThreshold",
)  # fmt: skip
SCHEMES: Final = ("HTTP", "HTTPS")


def check_no_probes(container: Part) -> None:
    """Look at an init container that must have neither probes nor a lifecycle."""
    for key in ("lifecycle", *PROBES):
        if container.has(key):
            fault = "may not be set for init containers without restartPolicy=Always"
            container.error("init-probe", forbidden(fault), key)


def check_probes(container: Part, grace: int) -> None:
    """Look at the probes and the lifecycle of *container*.

    :param grace: the seconds that the pod has to end.
    """
    if not any(container.has(key) for key in ("lifecycle", *PROBES)):
        return
    names = {port.text("name") for port in container.items("ports", "containerPort")}
    lifecycle = container.map("lifecycle")
    for key in ("postStart", "preStop"):
        hook = lifecycle.map(key) if lifecycle else None
        if hook is not None:
            _check_handler(hook, HOOK_HANDLERS, names)
            _check_sleep(hook, grace)
    for key in PROBES:
        probe = container.map(key)
        if probe is not None:
            _check_handler(probe, PROBE_HANDLERS, names)
            _check_counts(probe, key)


def _check_handler(part: Part, handlers: Iterable[str], names: Collection[str | None]) -> None:
    found = [handler for handler in handlers if part.has(handler)]
    if not found:
        part.error("handler", required("must specify a handler type"))
        return
    for name in found[1:]:
        part.error("handler", forbidden("may not specify more than 1 handler type"), name)
    handler = part.map(found[0])
    if handler is None:
        return
    if found[0] == "exec":
        handler.check_texts("command")
        if handler.value.get("command") in (None, []):
            handler.error("required", required(), "command")
    elif found[0] != "sleep":
        _check_port(handler, names)
    scheme = handler.text("scheme") if found[0] == "httpGet" else ""
    if scheme and scheme not in SCHEMES:
        handler.error("handler", unsupported(scheme, SCHEMES), "scheme")


def _check_port(handler: Part, names: Collection[str | None]) -> None:
    port = handler.value.get("port")
    if not isinstance(port, str):
        number = handler.number("port")
        if number is not None and (fault := port_number_fault(number)):
            handler.error("handler", invalid(number, fault), "port")
        return
    faults = port_name_faults(port)
    for fault in faults:
        handler.error("handler", invalid(port, fault), "port")
    if not faults and port not in names:
        fault = "not the name of a port of this container"
        handler.error("probe-port", invalid(port, fault), "port")


def _check_sleep(hook: Part, grace: int) -> None:
    sleep = hook.map("sleep")
    seconds = sleep.number("seconds") if sleep else None
    if sleep and seconds is not None and not 0 <= seconds <= grace:
        fault = f"must be non-negative and less than terminationGracePeriodSeconds ({grace})"
        sleep.error("handler", invalid(seconds, fault))


def _check_counts(probe: Part, key: str) -> None:
    for count in COUNTS:
        value = probe.number(count)
        if value is not None and value < 0:
            fault = "must be greater than or equal to 0"
            probe.error("probe", invalid(value, fault), count)
    threshold = probe.number("successThreshold")
    if key != "readinessProbe" and threshold not in (None, 0, 1):
        probe.error("probe", invalid(threshold or 0, "must be 1"), "successThreshold")
    grace = probe.number("terminationGracePeriodSeconds")
    if probe.has("terminationGracePeriodSeconds") and grace is not None:
        if grace <= 0:
            fault = "must be greater than 0"
            probe.error("probe", invalid(grace, fault), "terminationGracePeriodSeconds")
        if key == "readinessProbe":
            fault = "must not be set for readinessProbes"
            probe.error("probe", invalid(grace, fault), "terminationGracePeriodSeconds")
