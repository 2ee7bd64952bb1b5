"""Following references: where an object's name has changed, those that name it change too."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from postrender import RefusedError
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._paths import Path
from postrender_plugins.kustomize._references import (
    CONFIG_MAP,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    Reference,
    references,
)
from postrender_plugins.kustomize._resource import Resource, Resources
from postrender_plugins.kustomize._scope import BUILT_IN

#: what custom resources may well name, too
_OFTEN_NAMED: Final = (CONFIG_MAP, SECRET, SERVICE, SERVICE_ACCOUNT)


class Follower:
    """Knows which objects were called what."""

    def __init__(self, resources: Resources, notes: Notes) -> None:
        """Look for objects that have had other ids."""
        self._resources = resources
        self._notes = notes
        self._first_namespaces = {each.original.namespace for each in resources}
        self._by_name: dict[str, list[Resource]] = {}
        for resource in resources:
            if any(each != resource.id for each in resource.earlier):
                for name in dict.fromkeys(name for _, _, name in resource.previous):
                    self._by_name.setdefault(name, []).append(resource)

    def run(self) -> None:
        """Write the new names into everything that has the old ones.

        :raises RefusedError: where it cannot be told which of several objects is meant.
        """
        if not self._by_name:
            return
        for resource in self._resources:
            updated = set()
            for place in list(references(resource.manifest)):
                if place.path not in updated and self._update(resource, place):
                    updated.add(place.path)
            if resource.kind[0] not in BUILT_IN:
                self._look_for_others(resource)

    def _update(self, referrer: Resource, place: Reference) -> bool:
        """Update what stands at a place: a name, a map with one, or a list of either."""
        value = referrer.manifest.get(place.path)
        if isinstance(value, dict):
            is_new = self._update_map(referrer, place, value)
        elif isinstance(value, str):
            is_new = self._update_name(referrer, place, value)
        else:
            is_new = False
        if is_new and not place.is_followed:
            what = f"references of a {referrer.manifest.kind} to a {place.target[1]} are followed"
            self._notes.differs(what, referrer.manifest.at(place.path))
        return is_new

    def _update_name(self, referrer: Resource, place: Reference, value: str) -> bool:
        found = self._select(referrer, place, value, partial(_is_reachable, referrer))
        if found is None or found.name == value:
            return False
        referrer.manifest.set(place.path, found.name)
        return True

    def _update_map(self, referrer: Resource, place: Reference, value: dict[str, Any]) -> bool:
        """Update name and namespace of what a subject, or a webhook's service, names."""
        if value.get("kind", place.target[1]) != place.target[1]:
            return False
        is_near = self._in_namespace(value.get("namespace"), referrer)
        found = self._select(referrer, place, str(value.get("name")), is_near)
        if found is None:
            return False
        before = dict(value)
        for key, new in (("name", found.name), ("namespace", found.manifest.namespace)):
            if new and before.get(key) != new:
                referrer.manifest.set((*place.path, key), new)
                value[key] = new
        return value != before

    def _in_namespace(self, wanted: object, referrer: Resource) -> Callable[[Resource], bool]:
        """Return the test for what is in a namespace that a reference names, or was in it first."""
        if wanted is None:
            return partial(_is_reachable, referrer)
        if wanted in self._first_namespaces:
            return lambda candidate: candidate.original.namespace == wanted
        return lambda candidate: candidate.namespace == wanted

    def _select(
        self,
        referrer: Resource,
        place: Reference,
        name: str,
        is_near: Callable[[Resource], bool],
    ) -> Resource | None:
        """Return the object that *name* means, None if it is none of those that changed."""
        candidates = [
            each
            for each in self._by_name.get(name, ())
            if is_near(each)
            and any((id.group, id.kind, id.name) == (*place.target, name) for id in each.earlier)
            and _is_of_kind(referrer, place, each)
        ]
        for allows_none in (True, False):
            if len(candidates) > 1:
                candidates = [
                    each for each in candidates if _is_of_same_layer(each, referrer, allows_none)
                ]
        # Where a name alone is asked for, it does not matter which of those that have it.
        is_map = referrer.manifest.kind_at(place.path) is dict
        names = {(each.name, is_map and each.manifest.namespace) for each in candidates}
        if len(names) > 1:
            listed = ", ".join(str(each.manifest) for each in candidates)
            where = referrer.manifest.at(place.path)
            raise RefusedError(f"{name} could mean each of {listed}", location=where)
        return candidates[0] if candidates else None

    def _look_for_others(self, resource: Resource) -> None:
        """Tell of a custom resource that seems to name something that is called otherwise now."""
        for path, text in _texts(resource.manifest.to_dict(), ()):
            for target in self._by_name.get(text, ()) if _is_name(path) else ():
                if target.kind in _OFTEN_NAMED and target.name != text:
                    self._notes.tell(
                        f"it may mean the {target.manifest.kind} {text}, which is called"
                        f" {target.name} now; references of a {resource.manifest.kind} are not"
                        " known",
                        resource.manifest.at(path),
                    )


def _is_of_kind(referrer: Resource, place: Reference, candidate: Resource) -> bool:
    """Tell whether the kind that stands beside the name, if one does, is the candidate's."""
    if place.path[-1] != "name" or place.path[-2:-1] not in (("roleRef",), ("scaleTargetRef",)):
        return True
    kind = referrer.manifest.get((*place.path[:-1], "kind"))
    return kind in (None, candidate.manifest.kind)


def _is_reachable(referrer: Resource, candidate: Resource) -> bool:
    """Tell whether an object can name another, considering their namespaces."""
    if referrer.is_cluster_scoped or candidate.is_cluster_scoped:
        return True
    return referrer.namespace == candidate.namespace


def _is_of_same_layer(candidate: Resource, referrer: Resource, allows_none: bool) -> bool:
    """Tell whether two objects went through the same prefixes and suffixes."""
    pairs = (
        (candidate.prefixes, referrer.prefixes),
        (candidate.suffixes, referrer.suffixes),
    )
    return all(
        (allows_none and not (first and second)) or _end_alike(first, second)
        for first, second in pairs
    )


def _end_alike(first: Sequence[str], second: Sequence[str]) -> bool:
    length = min(len(first), len(second))
    return bool(length) == bool(first or second) and (
        list(first[len(first) - length :]) == list(second[len(second) - length :])
    )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        items: Iterable[tuple[str | int, Any]] = value.items()
    else:
        items = enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if isinstance(each, str):
            yield (*path, key), each
        else:
            yield from _texts(each, (*path, key))


def _is_name(path: Path) -> bool:
    """Tell whether the last key of *path* is for names, other than the object's own."""
    return path[0] != "metadata" and str(path[-1]).lower().endswith(
        ("name", "ref", "map", "secret")
    )
