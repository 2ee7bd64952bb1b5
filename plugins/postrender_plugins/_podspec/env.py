"""The environment of a container: variables, and where they are taken from."""

from collections.abc import Iterable
from typing import Final

from postrender_plugins._podspec.names import env_name_fault, key_faults, object_name_faults
from postrender_plugins._podspec.part import Part
from postrender_plugins._podspec.problem import invalid, required

#: where a variable can be from, with the fields that each must have
SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "fieldRef": ("fieldPath",),
    "resourceFieldRef": ("resource",),
    "configMapKeyRef": ("key",),
    "secretKeyRef": ("key",),
    "fileKeyRef": ("key", "volumeName", "path"),
}
OBJECTS: Final = ("configMapKeyRef", "secretKeyRef")
REFERENCES: Final = ("configMapRef", "secretRef")


def check_env(container: Part) -> None:
    """Look at `env` and `envFrom` of *container*."""
    variables = container.items("env")
    for variable in variables:
        _check_name(variable, variable.text("name"), "name")
        if variable.text("name") == "":
            variable.error("required", required(), "name")
        _check_value(variable)
    _check_hidden(variables)
    for each in container.items("envFrom", ""):
        _check_name(each, each.text("prefix"), "prefix")
        _check_reference(each)


def _check_name(part: Part, name: str | None, key: str) -> None:
    if name and (fault := env_name_fault(name)):
        part.error("name", invalid(name, fault), key)


def _check_value(variable: Part) -> None:
    value, source = variable.text("value"), variable.map("valueFrom")
    if source is None:
        return
    kinds = [kind for kind in SOURCES if source.has(kind)]
    if not kinds:
        known = "`, `".join(list(SOURCES)[:-1])
        fault = f"must specify one of: `{known}` or `{list(SOURCES)[-1]}`"
        source.error("env-source", invalid("", fault))
    elif value:
        # Not the value itself, which may be a secret.
        fault = "may not be specified when `value` is not empty"
        source.error("env-source", invalid("", fault))
    elif len(kinds) > 1:
        source.error(
            "env-source", invalid("", "may not have more than one field specified at a time")
        )
    for kind in kinds:
        reference = source.map(kind)
        if reference is not None:
            _check_fields(reference, SOURCES[kind])
            if kind in OBJECTS:
                _check_object_name(reference)
                _check_key(reference)


def _check_fields(reference: Part, keys: Iterable[str]) -> None:
    for key in keys:
        if reference.text(key) == "":
            reference.error("required", required(), key)


def _check_object_name(reference: Part) -> None:
    name = reference.text("name")
    for fault in () if name is None else object_name_faults(name):
        reference.error("name", invalid(name or "", fault), "name")


def _check_key(reference: Part) -> None:
    key = reference.text("key")
    for fault in key_faults(key) if key else ():
        reference.error("name", invalid(key or "", fault), "key")


def _check_hidden(variables: list[Part]) -> None:
    """Look for a variable that a later one hides, without being made of it."""
    known = set()
    for variable in variables:
        name, value = variable.text("name"), variable.text("value") or ""
        reference = f"$({name})"
        is_made_of_it = reference in value and value != reference
        if name in known and (variable.has("valueFrom") or not is_made_of_it):
            variable.warn(
                "duplicate-env",
                f'hides previous definition of "{name}", which may be dropped when using apply',
            )
        known.add(name)


def _check_reference(part: Part) -> None:
    kinds = [kind for kind in REFERENCES if part.has(kind)]
    if not kinds:
        fault = "must specify one of: `configMapRef` or `secretRef`"
        part.error("env-source", invalid("", fault))
    elif len(kinds) > 1:
        part.error(
            "env-source", invalid("", "may not have more than one field specified at a time")
        )
    for kind in kinds:
        reference = part.map(kind)
        if reference is not None and reference.text("name") == "":
            reference.error("required", required(), "name")
        elif reference is not None:
            _check_object_name(reference)
