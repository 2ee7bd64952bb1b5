"""The known word that a mistyped one comes nearest to."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the word of *known* that *word* was probably meant to be, or "".

    :param cutoff: how alike they must be, from 0 to 1.
    """
    from difflib import get_close_matches  # only a run that fails needs it

    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or else all of them."""
    words = sorted(known)
    if near := nearest(word, words):
        return f"did you mean `{near}`?"
    return "known are " + ", ".join(words) if words else ""
