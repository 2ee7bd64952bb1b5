"""The parameters of a connection as libpq takes them, where lib/pq has others or other defaults."""

import re
from collections.abc import Mapping
from typing import Final

from postrender._errors import ConfigError
from postrender.storage._postgres.connection_string import ENCODED, WHERE

#: what lib/pq alone knows, and what changes nothing for us
IGNORED: Final = ("binary_parameters", "disable_prepared_binary_result", "krbspn", "sslinline")
SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
#: libpq's own default of `sslmode` and `gssencmode`; lib/pq insists on TLS, and has no GSSAPI
PREFER: Final = "prefer"
SECONDS: Final = "10"  #: to wait for a connection; lib/pq waits for ever
IDLE: Final = "15"  #: seconds, as with Go; else a firewall forgets a connection without a word

_FALSE: Final = ("", "0", "f", "false", "n", "no", "off")
_SETTING: Final = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_PORTS: Final = re.compile(r"\d*(?:,\d*)*", re.ASCII)
_IN_OPTIONS: Final = re.compile(r"([\s\\])")


def for_libpq(
    given: Mapping[str, str], known: Mapping[str, str | None], *, has_root_certificate: bool = False
) -> dict[str, str]:
    """Return what to give to libpq for what a connection string gives.

    :param given: what the string gives.
    :param known: every parameter of libpq, with its value from the environment if there is one.
    :param has_root_certificate: whether the user's folder has one where libpq looks for it.
    :raises ConfigError: if a value is refused by lib/pq, or cannot be meant for libpq.
    """
    _check(given)
    given = {key: value for key, value in given.items() if key not in IGNORED}
    if "database" in given:
        given = {**given, "dbname": given["database"]}
        del given["database"]
    settings = {key: value for key, value in given.items() if key not in known}
    chosen = {key: value for key, value in given.items() if key in known}
    chosen |= {"client_encoding": "UTF8", **_options(settings, {**known, **chosen})}
    everything = {**known, **chosen}
    if not any(everything.get(each) for each in ("host", "hostaddr", "service")):
        chosen["host"] = everything["host"] = "localhost"
    chosen |= _tls(chosen, everything, has_root_certificate=has_root_certificate)
    defaults = {
        "connect_timeout": SECONDS,
        "fallback_application_name": "postrender",
        "gssencmode": "disable",
        "keepalives_idle": IDLE,
    }
    return {
        key: value for key, value in defaults.items() if known.get(key) in (None, "", PREFER)
    } | chosen


def place(parameters: Mapping[str, str | None]) -> str:
    """Name a database for a message, as in `database helm at db:5432`."""
    host = parameters.get("host") or parameters.get("hostaddr") or parameters.get("service")
    database = parameters.get("dbname") or parameters.get("user") or "of the user's name"
    return f"database {database} at {host}:{parameters.get('port') or '5432'}"


def _check(given: Mapping[str, str]) -> None:
    if not _PORTS.fullmatch(given.get("port", "")):
        raise ConfigError("has a port that is no number", location=WHERE, hint=ENCODED)
    if given.get("sslmode", "disable") not in SSL_MODES:
        raise ConfigError(f"has a sslmode that is none of {', '.join(SSL_MODES)}", location=WHERE)
    if given.get("sslinline", "").lower() not in _FALSE:
        hint = "write the certificates to files, and name these"
        raise ConfigError(
            "has certificates inline, which is not possible", location=WHERE, hint=hint
        )
    encoding = re.sub(r"[^a-z0-9]", "", given.get("client_encoding", "utf8").lower())
    if encoding not in ("utf8", "unicode"):
        raise ConfigError("has a client_encoding other than UTF8", location=WHERE)


def _tls(
    chosen: Mapping[str, str], everything: Mapping[str, str | None], *, has_root_certificate: bool
) -> dict[str, str]:
    """Return how to use TLS: as lib/pq does, unless a service file says it."""
    mode, root = everything.get("sslmode"), everything.get("sslrootcert")
    hosts = (everything.get("host") or "").split(",")
    if all(host.startswith(("/", "@")) for host in hosts):
        return {"sslmode": "disable"}
    if mode == PREFER and "sslmode" not in chosen:
        service = everything.get("service")
        return {} if service or root == "system" else {"sslmode": "require"}
    if mode == "verify-full" and not root and not has_root_certificate:
        return {"sslrootcert": "system"}  # Go trusts what the system does
    return {}


def _options(settings: Mapping[str, str], known: Mapping[str, str | None]) -> dict[str, str]:
    """Return the settings of a session, which lib/pq sends with the others, as options."""
    words = [known["options"]] if known.get("options") else []
    for key, value in settings.items():
        if not _SETTING.fullmatch(key):
            raise ConfigError("has a parameter that is no name", location=WHERE, hint=ENCODED)
        words.append("-c " + key + "=" + _IN_OPTIONS.sub(r"\\\1", value))
    return {"options": " ".join(filter(None, words))} if words else {}
