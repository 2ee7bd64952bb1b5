"""One scan: the texts of all objects, the rules they need, and what is found where."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from postrender_plugins.secrets._decode import Budget
from postrender_plugins.secrets._judge import Hit, Judge
from postrender_plugins.secrets._rules import Rule
from postrender_plugins.secrets._walk import Node, Unit, Walker, path_of


class Found(NamedTuple):
    """A secret in an object."""

    number: int  #: of the object
    path: tuple[str | int, ...]
    hit: Hit
    in_secret: bool  #: whether it is a value of a Secret


class Scan:
    """Scans objects, and tells whether it could look at everything."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """Scan by *rules*."""
        self._budget = Budget()
        self._judge = Judge(rules, self._budget)

    @property
    def is_incomplete(self) -> bool:
        """Whether something was left because it was too much to unpack."""
        return self._budget.is_spent

    def is_token(self, text: str) -> bool:
        """Tell whether a name, such as a key of a map, is itself a token with a shape."""
        self._judge.shapes.prime([text])
        return any(True for _ in self._judge.shapes.find(text))

    def scan(self, objects: Iterable[Mapping[str, Any]]) -> list[Found]:
        """Return the secrets in *objects*, in the order of these and of their paths."""
        places = self._collect(objects)
        self._judge.prime(places.keys())
        found = []
        for unit, nodes in places.items():
            for hit in self._judge.judge(unit):
                for node in nodes:
                    number, *path = path_of(node)
                    found.append(Found(int(number), tuple(path), hit, unit.in_secret))
        return sorted(found, key=lambda each: (each.number, str(each.path), each.hit.line))

    def _collect(self, objects: Iterable[Mapping[str, Any]]) -> dict[Unit, list[Node]]:
        """Return the texts of *objects*, of which most stand in many places, and the places."""
        walker = Walker(self._budget)
        places: dict[Unit, list[Node]] = {}
        for index, each in enumerate(objects):
            for node, unit in walker.units(each, root=(None, index)):
                nodes = places.get(unit)
                if nodes is None:
                    places[unit] = [node]
                else:
                    nodes.append(node)
        return places
