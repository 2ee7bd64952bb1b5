"""The ports of containers: each of them, and those that get in each other's way."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from postrender_plugins._podspec.names import port_name_faults, port_number_fault
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import duplicate, invalid, required, unsupported, written

PROTOCOLS: Final = ("SCTP", "TCP", "UDP")


class _Port(NamedTuple):
    """A port as it is read; what is of a wrong type is as if it were not there."""

    part: Part
    container: Part
    runs: bool  #: whether the container runs together with the others
    name: str
    number: int
    protocol: str
    host: tuple[str, int]  #: address and port of the node

    @property
    def label(self) -> str:
        """Return number and protocol."""
        return f"{self.number}/{self.protocol}"


def check_ports(container: Part) -> None:
    """Look at each port of *container*."""
    names: set[str] = set()
    for port in container.items("ports", "containerPort"):
        _check_name(port, names)
        if port.number("containerPort") == 0:
            port.error("required", required(), "containerPort")
        for key in ("containerPort", "hostPort"):
            value = port.number(key)
            if value and (fault := port_number_fault(value)):
                port.error("port-number", invalid(value, fault), key)
        protocol = port.text("protocol")
        if protocol and protocol not in PROTOCOLS:
            port.error("port-protocol", unsupported(protocol, PROTOCOLS), "protocol")


def _check_name(port: Part, names: set[str]) -> None:
    name = port.text("name")
    if not name:
        return
    for fault in port_name_faults(name):
        port.error("name", invalid(name, fault), "name")
    if name in names:
        port.error("duplicate-port-name", duplicate(name), "name")
    names.add(name)


def check_all_ports(inits: Sequence[Part], containers: Sequence[Part], *, on_host: bool) -> None:
    """Look at the ports of a pod's containers together.

    :param on_host: whether the pod has the network of its node.
    """
    first = [_read(container) for container in inits]
    then = [_read(container) for container in containers]
    for ports in first:
        _check_host_ports(ports, on_host=on_host)  # one init container runs after the other
    _check_host_ports([port for ports in then for port in ports], on_host=on_host)
    if on_host:
        for ports in then:
            _check_same_on_host(ports)
    everything = [port for ports in (*first, *then) for port in ports]
    _check_overlaps(everything)
    _check_names(everything)


def _read(container: Part) -> list[_Port]:
    is_init = "initContainers" in container.path
    runs = not is_init or container.value.get("restartPolicy") == "Always"
    return [
        _Port(
            port,
            container,
            runs,
            port.text("name") or "",
            port.number("containerPort") or 0,
            port.text("protocol") or "TCP",
            (port.text("hostIP") or "", port.number("hostPort") or 0),
        )
        for port in container.items("ports", "containerPort")
    ]


def _check_host_ports(ports: Sequence[_Port], *, on_host: bool) -> None:
    taken = set()
    for port in ports:
        address, number = port.host
        # In the network of the node, every port is one of the node.
        number = number or (port.number if on_host else 0)
        if not number:
            continue
        name = f"{port.protocol}/{address}/{number}"
        if name in taken:
            port.part.error("host-port", duplicate(name), "hostPort")
        taken.add(name)


def _check_same_on_host(ports: Sequence[_Port]) -> None:
    for port in ports:
        if port.host[1] not in (0, port.number):
            fault = "must match `containerPort` when `hostNetwork` is true"
            port.part.error("host-port", invalid(port.host[1], fault), "hostPort")


def _check_overlaps(ports: Sequence[_Port]) -> None:
    """Look for one port in two places; the containers of a pod share one network namespace."""
    known: dict[str, list[_Port]] = {}
    for port in ports:
        others = known.setdefault(port.label, [])
        for other in others if port.number else ():
            word = _overlap(port.host, other.host)
            if not word:
                continue
            message = f"{word} port definition with {written(other.part.path)}"
            if port.container is not other.container and port.runs and other.runs:
                why = f"two containers cannot both listen on {port.label}"
                port.part.error("port-clash", f"{message}: {why}")
            else:
                port.part.warn("duplicate-port", message)
        others.append(port)


def _overlap(one: tuple[str, int], other: tuple[str, int]) -> str:
    if one == other:
        return "duplicate"
    if not (one[1] and other[1]):
        return "overlapping"
    return "dangerously ambiguous" if one[1] == other[1] and not (one[0] and other[0]) else ""


def _check_names(ports: Sequence[_Port]) -> None:
    known: dict[str, _Port] = {}
    for port in ports:
        other = known.setdefault(port.name, port)
        if port.name and other.container is not port.container:
            first = written(other.part.path)
            port.part.warn(
                "duplicate-port-name",
                f'duplicate port name "{port.name}" with {first}, services and probes that select'
                f" ports by name will use {first}",
            )
