"""In which order the items of a merged list stand: the API server's rule."""

from collections.abc import Sequence

from postrender_plugins._merge.write import New


def arranged(
    live: Sequence[int], patched: Sequence[int | New], *, append: bool = False
) -> list[int | New]:
    """Return the order of a list's items.

    Items that the patch names have the order that it gives them, the others stay among
    themselves as they are. One of the others comes first only where it stood before the next
    item of the patch in the list; so a new item stands before what no item of the patch precedes.

    :param live: the indexes of the items that the list keeps.
    :param patched: the items that the patch names: indexes, and new ones.
    :param append: whether the list keeps its order instead, and new items stand at the end.
    """
    if append:
        return [*live, *(each for each in patched if isinstance(each, New))]
    named = {each for each in patched if isinstance(each, int)}
    others = [index for index in live if index not in named]
    result: list[int | New] = []
    left = 0
    for each in patched:
        while left < len(others) and isinstance(each, int) and others[left] < each:
            result.append(others[left])
            left += 1
        result.append(each)
    return [*result, *others[left:]]
