"""Which names, ports and paths the API server accepts, in its words where it does not."""

import re
from typing import Final

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_KEY: Final = "[-._a-zA-Z0-9]+"
_LONGEST: Final = 253  # bytes, in the names of objects and of the keys in them


def label_faults(name: str) -> list[str]:
    """Say what is wrong with the name of a container or a volume."""
    faults = ["must be no more than 63 characters"] if len(name.encode()) > 63 else []  # noqa: PLR2004
    if re.fullmatch(_LABEL, name):
        return faults
    if re.fullmatch(_SUBDOMAIN, name):
        return [*faults, "must not contain dots"]
    return [
        *faults,
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
        " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
        f" used for validation is '{_LABEL}')",
    ]


def object_name_faults(name: str) -> list[str]:
    """Say what is wrong with the name of a Secret or a ConfigMap."""
    faults = ["must be no more than 253 characters"] if len(name.encode()) > _LONGEST else []
    if not re.fullmatch(_SUBDOMAIN, name):
        faults.append(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
            " or '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
            f" regex used for validation is '{_SUBDOMAIN}')"
        )
    return faults


def key_faults(key: str) -> list[str]:
    """Say what is wrong with a key in a Secret or a ConfigMap."""
    faults = ["must be no more than 253 characters"] if len(key.encode()) > _LONGEST else []
    if not re.fullmatch(_KEY, key):
        faults.append(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
            f" 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '{_KEY}')"
        )
    if key in (".", ".."):
        faults.append(f"must not be '{key}'")
    elif key.startswith(".."):
        faults.append("must not start with '..'")
    return faults


def port_name_faults(name: str) -> list[str]:
    """Say what is wrong with the name of a port."""
    faults = []
    if len(name.encode()) > 15:  # noqa: PLR2004 - as its text says
        faults.append("must be no more than 15 characters")
    if not re.fullmatch("[-a-z0-9]+", name):
        faults.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", name):
        faults.append("must contain at least one letter (a-z)")
    if "--" in name:
        faults.append("must not contain consecutive hyphens")
    if name[:1] == "-" or name[-1:] == "-":
        faults.append("must not begin or end with a hyphen")
    return faults


def port_number_fault(number: int) -> str:
    """Say what is wrong with the number of a port, or ""."""
    return "" if 1 <= number <= 65535 else "must be between 1 and 65535, inclusive"  # noqa: PLR2004


def id_fault(number: int) -> str:
    """Say what is wrong with the number of a user or a group, or ""."""
    fits = 0 <= number <= 2147483647  # noqa: PLR2004 - as its text says
    return "" if fits else "must be between 0 and 2147483647, inclusive"


def env_name_fault(name: str) -> str:
    """Say what is wrong with the name of a variable, or ""."""
    if all(" " <= character <= "~" and character != "=" for character in name):
        return ""
    return (
        "a valid environment variable name must consist only of printable ASCII characters other"
        " than '='"
    )


def descending_path_faults(path: str) -> list[str]:
    """Say what is wrong with a path that must stay below where it starts."""
    faults = ["must be a relative path"] if path.startswith("/") else []
    return faults + backstep_faults(path)


def backstep_faults(path: str) -> list[str]:
    """Say what is wrong with a path that must not lead upwards."""
    return ["must not contain '..'"] if ".." in path.split("/") else []
