"""What a run changes: one edit for each change of each object."""

from collections.abc import Sequence
from typing import Any, NamedTuple

#: Keys of maps and indexes of lists, from the object's root.
Path = Sequence[str | int]


class Edit(NamedTuple):
    """One change of one object, as RFC 6902 has it."""

    step: str  #: the step that made it, "" outside a chain
    manifest: str  #: kind, namespace and name that the object had before
    position: int  #: number of its document, from 1; 0 for one that a step added
    op: str  #: `add`, `remove` or `replace`
    path: tuple[str | int, ...]
    old: Any  #: the value before, None for `add`
    new: Any  #: the value after, None for `remove`
