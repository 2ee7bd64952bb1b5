"""Putting containers, and what they need, into one pod template."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from postrender_plugins._merge.write import is_same
from postrender_plugins._metadata import names
from postrender_plugins.sidecars._containers import merged, place_of
from postrender_plugins.sidecars._contents import Contents
from postrender_plugins.sidecars._growth import Growth
from postrender_plugins.sidecars._into import fill_containers, receivers
from postrender_plugins.sidecars._marker import Taken
from postrender_plugins.sidecars._template import CONTAINERS, index_of

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

DEFAULT_CONTAINER: Final = "kubectl.kubernetes.io/default-container"


class Injection:
    """Changes one template."""

    def __init__(
        self,
        growth: Growth,
        options: "Options",
        *,
        others: set[str],
        places: Mapping[tuple[str, str], int],
    ) -> None:
        """Take the template.

        :param others: the names of the containers that steps have put in.
        :param places: where containers stood that an earlier run had put in.
        """
        self._growth = growth
        self._template = growth.template
        self._options = options
        self._others = others
        self._places = places

    def put_in(self, put_in: Contents) -> None:
        """Put everything in.

        :raises RefusedError: for what cannot be, such as a container of a name that is taken.
        """
        growth = self._growth
        there = receivers(self._template, self._options.into)
        first = self._first_container()
        for volume in put_in.volumes:
            self._add_volume(volume)
        self._add_containers("initContainers", put_in.init_containers)
        self._add_containers("containers", put_in.containers)
        ours = {each["name"] for each in put_in.all_containers}
        fill_containers(growth, [each for each in there if each[-1] not in ours], put_in)
        for secret in put_in.image_pull_secrets:
            growth.add(("spec", "imagePullSecrets"), secret)
        growth.fill(("spec", "securityContext"), put_in.security_context)
        self._check_labels(put_in.labels)
        growth.fill(("metadata", "labels"), put_in.labels)
        growth.fill(("metadata", "annotations"), put_in.annotations)
        is_known = DEFAULT_CONTAINER in self._template.annotations
        if self._options.position == "first" and put_in.containers and first and not is_known:
            growth.fill(("metadata", "annotations"), {DEFAULT_CONTAINER: first})
        growth.map_at(("metadata", "annotations"))  # for the annotation that remembers this

    def _first_container(self) -> str:
        name = next((each.get("name") for each in self._template.items("containers")), "")
        return name if isinstance(name, str) else ""

    def _check_labels(self, labels: Mapping[str, str]) -> None:
        for key, value in labels.items():
            if fault := names.value_fault(value):
                raise self._template.refusal(fault, "metadata", "labels", key)

    def _add_volume(self, volume: Mapping[str, Any]) -> None:
        there = self._growth.find(("spec", "volumes"), volume)
        if there is not None and not is_same(there, volume):
            name = volume["name"]
            message = f"there is another volume of the name {name}"
            hint = "give ours another name"
            raise self._growth.refusal(message, "spec", "volumes", name, hint=hint)
        self._growth.add(("spec", "volumes"), volume)

    def _add_containers(self, name: str, containers: Sequence[dict[str, Any]]) -> None:
        new = [each for each in (self._resolved(name, one) for one in containers) if each]
        if new:
            self._growth.list_at(("spec", name))
            index = self._place(name)
            for number, container in enumerate(new):
                self._growth.insert(("spec", name), index + number, container)

    def _place(self, name: str) -> int:
        """Return the index in the list *name* where all that is new goes."""
        options = self._options
        position = options.position if name == "containers" else options.init_position
        former = [index for (there, _), index in self._places.items() if there == name]
        return place_of(self._template, name, position, min(former, default=None), self._others)

    def _resolved(self, name: str, container: dict[str, Any]) -> dict[str, Any] | None:
        """Return what is to be added for *container*; None if one that is there stands for it."""
        for each in CONTAINERS:
            items: Any = self._template.spec.get(each)
            is_list = isinstance(items, list)
            index = index_of(each, items, container["name"]) if is_list else None
            if index is not None:
                return self._among(container, each, index, stays=each == name)
        return container

    def _among(
        self, container: dict[str, Any], name: str, index: int, *, stays: bool
    ) -> dict[str, Any] | None:
        """Let *container* and the one at *index* of the list *name* become one, by the options."""
        key, policy = container["name"], self._options.on_existing
        path = ("spec", name, key)
        if policy == "error":
            hint = "give ours another name, or let `onExisting` be `keep`, `replace` or `merge`"
            message = f"there is a container {key} that no run has put in"
            raise self._growth.refusal(message, *path, hint=hint)
        if policy == "keep":
            self._growth.tell(
                f"the container {key} is there already, and kept", "spec", name, index
            )
            return None
        items = self._template.owned("spec", name)
        new = merged(container, items[index]) if policy == "merge" else container
        self._growth.records.append(Taken(path, index, items[index]))
        if stays:
            items[index] = new
            return None
        del items[index]
        return new
