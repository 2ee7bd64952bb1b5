"""Which keys and values the API server accepts in metadata, and whose keys they are."""

from typing import Final

ALPHANUMERIC: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
LOWER: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
#: Helm finds its hooks, its releases and the files of its chart by these
HELM: Final = ("helm.sh", "meta.helm.sh", "postrenderer.helm.sh")
MANAGED_BY: Final = "app.kubernetes.io/managed-by"
_FORM: Final = (
    "must consist of alphanumeric characters, '-', '_' or '.',"
    " and must start and end with an alphanumeric character"
)


def key_fault(key: str) -> str:
    """Say what the API server has against *key* of a label, or ""."""
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        return f"a valid label key {_FORM} with an optional DNS subdomain prefix and '/'"
    if slash and not prefix:
        return "prefix part must be non-empty"
    return (_prefix_fault(prefix) if slash else "") or _name_fault(name)


def value_fault(value: str) -> str:
    """Say what the API server has against *value* of a label, or ""."""
    if len(value.encode()) > 63:  # noqa: PLR2004 - the API server's limit, as its text says
        return "must be no more than 63 bytes"
    if value and not _is_token(value, ALPHANUMERIC, "-_."):
        return _FORM.replace("must consist", "a valid label must be an empty string or consist", 1)
    return ""


def reserved(key: str) -> str:
    """Say why *key* is not the user's to change, or ""; *key* may be a glob."""
    if key == MANAGED_BY:
        return "Helm itself writes this label after the post-renderer, whatever it says"
    if key.partition("/")[0] in HELM and "/" in key:
        return "the keys of helm.sh and its subdomains belong to Helm"
    return ""


def kubernetes(key: str) -> bool:
    """Tell whether the prefix of *key* is reserved for Kubernetes.

    `app.kubernetes.io` is not: its labels are recommended to everybody.
    """
    prefix, slash, _ = key.partition("/")
    ours = ("kubernetes.io", "k8s.io")
    return (
        bool(slash)
        and prefix != "app.kubernetes.io"
        and ("." + prefix).endswith(tuple("." + domain for domain in ours))
    )


def _prefix_fault(prefix: str) -> str:
    if len(prefix.encode()) > 253:  # noqa: PLR2004 - the API server's limit, as its text says
        return "prefix part must be no more than 253 bytes"
    if all(_is_token(label, LOWER, "-") for label in prefix.split(".")):
        return ""
    return (
        "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
        " characters, '-' or '.', and must start and end with an alphanumeric character"
    )


def _name_fault(name: str) -> str:
    if not name:
        return "name part must be non-empty"
    if len(name.encode()) > 63:  # noqa: PLR2004 - the API server's limit, as its text says
        return "name part must be no more than 63 bytes"
    return "" if _is_token(name, ALPHANUMERIC, "-_.") else f"name part {_FORM}"


def _is_token(text: str, ends: frozenset[str], inner: str) -> bool:
    """Tell whether *text* is made of *ends*, and between its first and last also of *inner*."""
    return bool(text) and {text[0], text[-1]} <= ends and ends.union(inner).issuperset(text)
