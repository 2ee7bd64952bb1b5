"""Which documents have to be built whole: what ties their parts together."""

import re

# An anchor, an alias, a tag or a merge key: at the start of a token, before a character of a name.
_TIE = re.compile(r"(?:^|[\s,\[{:?-])(?:[&*][0-9A-Za-z_-]|!)|<<")
_NOT_FINITE = re.compile(r"\.(?:inf|Inf|INF|nan|NaN|NAN)\b")


def is_odd(text: str) -> bool:
    """Tell whether *text* may hold what ties its parts together, or what JSON cannot say."""
    if ("&" in text or "!" in text or "<<" in text) and _TIE.search(text):
        return True
    return bool(_NOT_FINITE.search(text))
