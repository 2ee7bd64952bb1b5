"""Sets of words, written as texts that a person can read."""


def words_of(*texts: str) -> frozenset[str]:
    """Return the words of *texts*, which spaces part."""
    return frozenset(word for text in texts for word in text.split())
