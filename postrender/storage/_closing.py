"""What is closed at the end of a `with` block."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Closing(ABC):
    """Gives back what it holds when a block ends, however it ends."""

    __slots__ = ()

    @abstractmethod
    def close(self) -> None:
        """Give it back; closing twice is nothing."""

    def __enter__(self) -> Self:
        """Return this, which is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()
