"""What a step tells: each thing once, however many objects it is true of."""

from typing import Final

from postrender import Context, Location

_NOWHERE: Final = Location()


class Notes:
    """The notices of one step."""

    def __init__(self, context: Context) -> None:
        """Tell through *context*."""
        self._context = context
        self._told: set[str] = set()

    def tell(self, message: str, location: Location = _NOWHERE) -> None:
        """Tell *message*, with the place where it was true first."""
        if message not in self._told:
            self._told.add(message)
            self._context.notice(message, location)

    def differs(self, what: str, location: Location = _NOWHERE) -> None:
        """Tell of something that kustomize would have done in another way."""
        self.tell(f"other than kustomize: {what}", location)
