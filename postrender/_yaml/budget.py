"""Go's guard against a document that aliases make enormous."""

from typing import Any

from postrender._yaml.parser import error_at

# The numbers are those of go-yaml's `allowedAliasRatio`.
_FREE_ALIASED, _FREE_DECODED = 100, 1000
_SMALL, _RANGE = 400_000, 3_600_000
_MOST, _LEAST = 0.99, 0.1


class Budget:
    """How many nodes were decoded, and how many of them through aliases."""

    __slots__ = ("aliased", "decoded")

    def __init__(self) -> None:
        """Start with nothing decoded."""
        self.decoded = 0
        self.aliased = 0

    def spend(self, size: int, event: Any) -> None:
        """Count an alias to *size* nodes; raise `YamlError` when there were too many."""
        self.decoded += size + 1
        self.aliased += size
        if self.aliased <= _FREE_ALIASED or self.decoded <= _FREE_DECODED:
            return
        over = min(max(self.decoded - _SMALL, 0) / _RANGE, 1)
        if self.aliased / self.decoded > _MOST - (_MOST - _LEAST) * over:
            raise error_at(event, "document contains excessive aliasing")
