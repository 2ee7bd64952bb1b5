"""The one error of this package's readers."""


class YamlError(ValueError):
    """A text that is not one YAML document as Go reads it; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        """Say what is wrong and where, 0 when the place is not known."""
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """Return the place and the message."""
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        return place + self.message
