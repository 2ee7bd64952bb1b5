"""Which documents have to be built whole: what ties their parts together."""

import re

# An anchor, an alias, a tag or a merge key: at the start of a token, before a character of a name.
_TIE = re.compile(r"(?:^|[\s,\[{:?-])(?:[&*][0-9A-Za-z_-]|!)|<<")
# What ends a line for libyaml and nowhere else.
_BREAK = re.compile("\r(?!\n)|[\x85\u2028\u2029]")
_NOT_FINITE = re.compile(r"\.(?:inf|Inf|INF|nan|NaN|NAN)\b")


def is_odd(text: str) -> bool:
    """Tell whether *text* may hold ties between its parts, odd lines, or what JSON cannot say."""
    if ("&" in text or "!" in text or "<<" in text) and _TIE.search(text):
        return True
    return bool(_NOT_FINITE.search(text) or _BREAK.search(text))
