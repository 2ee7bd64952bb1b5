"""What is said of steps and objects, on one line each, whatever they are called."""

from typing import Final

from postrender._host import STEP

_HOST: Final = "for the host"


def one_line(text: str) -> str:
    """Return *text* with all that is no ordinary character written out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def name_step(title: str) -> str:
    """Return what a reader calls a step, or what is done for the host behind all of them."""
    return _HOST if title == STEP else one_line(f"step {title}")
