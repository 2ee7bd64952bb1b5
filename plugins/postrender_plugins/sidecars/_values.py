"""Values of the object in the texts of what is put in."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from postrender import Context
from postrender_plugins.sidecars._options import SOURCE
from postrender_plugins.sidecars._template import Template, items_of

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_NUMBERS: Final = ("containerPort", "hostPort", "port")


def values_of(
    template: Template, options: "Options", context: Context, ours: set[str]
) -> dict[str, str | int]:
    """Return what the names in `templates` stand for in *template*.

    :param ours: the names of the containers that a step added.
    :raises RefusedError: for a value that is not there, and has no default.
    """
    values: dict[str, str | int] = {}
    for name, each in options.templates.items():
        value = _find(template, each.source, context, ours)
        if value is None:
            value = each.default
        if value is None:
            raise template.refusal(
                f"there is no {each.source} for ${{{name}}}",
                hint=f"give `templates.{name}` a default",
            )
        values[name] = value
    return values


def _find(template: Template, source: str, context: Context, ours: set[str]) -> str | int | None:
    manifest = template.manifest
    found = cast("re.Match[str]", SOURCE.fullmatch(source))  # the options are checked
    if found["kind"]:
        return manifest.kind
    if found["own"]:
        return _name(manifest.name) if found["own"] == "name" else _namespace(template, context)
    if found["map"]:
        carrier = template if found["template"] else manifest
        values: Mapping[str, Any] = getattr(carrier, found["map"])
        return _scalar(values.get(found["key"]))
    return _of_container(template, found.groupdict(), ours)


def _name(name: str) -> str | None:
    return name or None


def _namespace(template: Template, context: Context) -> str | None:
    if template.manifest.namespace:
        return template.manifest.namespace
    return context.namespace.value if context.namespace else None


def _of_container(
    template: Template, found: Mapping[str, str | None], ours: set[str]
) -> str | int | None:
    """Return a value of the first container that no step added."""
    containers = (each for each in template.items("containers") if each.get("name") not in ours)
    container = next(containers, {})
    if found["field"]:
        return _scalar(container.get(found["field"]))
    ports = items_of(container, "ports")
    if found["index"]:
        ports = ports[int(found["index"]) :]
    else:
        ports = [port for port in ports if port.get("name") == found["port"]]
    return _scalar(ports[0].get("containerPort")) if ports else None


def _scalar(value: Any) -> str | int | None:
    return value if type(value) in (str, int) else None


def fill(value: Any, values: Mapping[str, str | int], field: str = "") -> Any:
    """Return *value*, which *field* holds, with *values* in its texts; a port stays a number."""
    if isinstance(value, dict):
        return {key: fill(each, values, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [fill(each, values) for each in value]
    if not isinstance(value, str) or "${" not in value:
        return value
    whole = _VARIABLE.fullmatch(value)
    if whole and whole[1] in values and field in _NUMBERS:
        return values[whole[1]]
    return _VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), value)
