"""What Go's library or JSON refuses in the nodes of a tree."""

import math
from typing import Any

from postrender._yaml.nodes import Alias, Mapping, Node, Scalar, Sequence
from postrender._yaml.parser import error_at
from postrender._yaml.scalars import TAG


def check_merge(node: Node, event: Any) -> None:
    """Refuse a merge key whose value is no mapping and no list of mappings."""
    target = node.target if type(node) is Alias else node
    targets = [item.value for item in target.items] if type(target) is Sequence else [target]
    for each in targets:
        if type(each.target if type(each) is Alias else each) is not Mapping:
            raise error_at(event, "map merge requires map or sequence of maps as the value")


def check_scalar(node: Scalar, event: Any) -> None:
    """Refuse what Go's library or JSON cannot say."""
    text = node.text
    if node.tag is None and (text[-1:] not in _FINAL or node.style):
        return
    try:
        value = node.value
    except ValueError as error:
        raise error_at(event, str(error)) from None
    if type(value) is float and not math.isfinite(value):
        raise error_at(event, f"{text} is no JSON value")


def is_merge(key: Scalar) -> bool:
    """Tell whether a key `<<` is the merge key: plain, or tagged so."""
    return (key.tag is None and not key.style) or key.tag == TAG + "merge"


_FINAL = frozenset("fFnN")  # the last characters of .inf and .nan
