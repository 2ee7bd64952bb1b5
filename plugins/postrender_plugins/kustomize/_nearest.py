"""The objects that come nearest to one that is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

from postrender_plugins.kustomize._resource import Resource

_MOST = 3
_KIND = 0.8  # how alike kinds must be, from 0 to 1


def hint(resources: Iterable[Resource], kind: str, name: str) -> str:
    """Return a hint that names objects like *kind* and *name*, either of which may be empty."""
    known = list(resources)
    alike = [each for each in known if kind in ("", each.id.kind)]
    if not alike:
        by_lower = {each.id.kind.lower(): each.id.kind for each in known}
        near = get_close_matches(kind.lower(), by_lower, n=1, cutoff=_KIND)
        nothing = f"there is nothing of the kind {kind}" if kind else ""
        return f"did you mean the kind {by_lower[near[0]]}?" if near else nothing
    titles = {each.name: str(each.manifest) for each in alike}
    if near := get_close_matches(name, titles, n=1):
        return f"did you mean {titles[near[0]]}?"
    some = list(titles.values())
    more = f" and {len(some) - _MOST} more" if len(some) > _MOST else ""
    return f"there is {', '.join(some[:_MOST])}{more}"
