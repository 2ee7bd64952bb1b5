"""The resources that a container requests, and its limits."""

from typing import Final

from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import forbidden, invalid, required
from postrender_plugins._podspec.quantity import Quantity, parse

STANDARD: Final = ("cpu", "memory", "ephemeral-storage")
HUGE: Final = "hugepages-"
#: resources that are counted in whole bytes
BYTES: Final = ("memory", "ephemeral-storage")


def check_resources(container: Part) -> None:
    """Look at the resources of *container*."""
    resources = container.map("resources")
    if resources is None:
        return
    limits, requests = _read(resources, "limits"), _read(resources, "requests")
    for name, request in requests.items():
        if (limit := limits.get(name)) is not None:
            _compare(resources, name, request, limit)
        elif not _is_shareable(name):
            problem = required("Limit must be set for non overcommitable resources")
            resources.error("resources", problem, "limits")
    names = {*limits, *requests}
    if any(name.startswith(HUGE) for name in names) and names.isdisjoint(("cpu", "memory")):
        resources.error("resources", forbidden("HugePages require cpu or memory"))


def _read(resources: Part, key: str) -> dict[str, Quantity]:
    amounts = resources.map(key)
    quantities = {}
    for name, value in amounts.value.items() if amounts else ():
        quantity = parse(0 if value is None else value)
        if quantity is not None:
            quantities[name] = quantity
            _check(resources, key, name, quantity)
        else:
            fault = "Invalid value: must be a quantity, such as 500m or 1Gi"
            resources.error("resources", fault, key, name)
    return quantities


def _check(resources: Part, key: str, name: str, quantity: Quantity) -> None:
    if "/" not in name and name not in STANDARD and not name.startswith(HUGE):
        fault = "must be a standard resource for containers"
        resources.error("resources", invalid(name, fault), key, name)
    if quantity.amount < 0:
        fault = "must be greater than or equal to 0"
        resources.error("resources", invalid(str(quantity), fault), key, name)
    elif quantity.amount.denominator > 1 and _is_device(name):
        resources.error("resources", invalid(str(quantity), "must be an integer"), key, name)
    elif quantity.amount.denominator > 1 and name in BYTES:
        fault = f'fractional byte value "{quantity}" is invalid, must be an integer'
        resources.warn("fractional-bytes", fault, key, name)


def _compare(resources: Part, name: str, request: Quantity, limit: Quantity) -> None:
    if request.amount != limit.amount and not _is_shareable(name):
        fault = f"must be equal to {name} limit of {limit}"
    elif request.amount > limit.amount:
        fault = f"must be less than or equal to {name} limit of {limit}"
    else:
        return
    resources.error("resources", invalid(str(request), fault), "requests")


def _is_device(name: str) -> bool:
    """Tell whether a resource is neither of Kubernetes nor of a node's own, such as a GPU."""
    return "/" in name and "kubernetes.io/" not in name


def _is_shareable(name: str) -> bool:
    """Tell whether more of a resource may be promised than there is."""
    return not _is_device(name) and not name.startswith(HUGE)
