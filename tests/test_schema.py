"""The JSON Schema: it lets through what the configuration does, and refuses what that refuses."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import BUILTIN, Command, Install

from postrender import ConfigError, Pipeline
from postrender._catalog import catalog
from postrender._schema import schema

ACME = '''\
"""Do it all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Literal

from postrender import Selector, hookimpl


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class Size:
    @classmethod
    def from_config(cls, value: object) -> "Size":
        return cls()


@dataclass
class Tree:
    name: str
    below: "tuple[Tree, ...]" = ()


@dataclass
class Options:
    shorthand: ClassVar[str] = "text"

    text: str = field(metadata={"description": "some text"})
    count: int = 3
    level: Level = Level.LOW
    mode: Literal["fast", "safe"] = "safe"
    names: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    bare: list = field(default_factory=list)
    bare_map: dict = field(default_factory=dict)
    maybe: str | None = None
    anything: Any = None
    tree: Tree | None = None
    target: Selector | None = None
    size: Size | None = None


@hookimpl
def postrender_options():
    return Options


@hookimpl
def postrender_check():
    ...
'''

PLAIN = "from postrender import hookimpl\n@hookimpl\ndef postrender_check(): ...\n"

SELF = """\
from postrender import hookimpl

class Options:
    @classmethod
    def from_config(cls, value):
        return cls()

@hookimpl
def postrender_options():
    return Options

@hookimpl
def postrender_check(): ...
"""

LABELS = {"labels": {"set": {"team": "a"}}}

GOOD: list[list[dict[str, Any]]] = [
    [],
    [LABELS],
    [{**LABELS, "name": "team", "hooks": "only", "expect": 1}],
    [{**LABELS, "expect": {"min": 1, "max": 2}, "where": None}],
    [{**LABELS, "where": {"kind": ["A", "B*"], "hook": True, "not": {"labels": "a=b"}}}],
    [{**LABELS, "where": {"labels": {"a": ["x", "y"]}, "not": [{"name": "x"}]}}],
    [{"exec": "./renderer"}, {"exec": {"command": ["a", "b"], "timeout": 3}}],
    [{"plain": None}, {"plain": {"any": "thing"}}],
    [{"acme": "text"}],
    [{"self": "text"}, {"self": 3}, {"self": None}],
    [{"acme": {"text": "a", "count": 1, "level": "high", "mode": "fast", "names": ["a"]}}],
    [{"acme": {"text": "a", "labels": {"a": "b"}, "bare": [1], "bareMap": {"a": 1}}}],
    [{"acme": {"text": "a", "maybe": None, "anything": [1], "size": "3Mi"}}],
    [{"acme": {"text": "a", "tree": {"name": "a", "below": [{"name": "b"}]}}}],
    [{"acme": {"text": "a", "target": {"kind": "Pod"}}}],
]

BAD: list[dict[str, Any]] = [
    {},
    {"name": "no plugin"},
    {"labels": {"set": {"team": 8}}},
    {"labels": {"sets": {}}},
    {**LABELS, "exec": "./renderer"},
    {**LABELS, "were": {}},
    {**LABELS, "hooks": "no"},
    {**LABELS, "expect": -1},
    {**LABELS, "expect": {"least": 1}},
    {**LABELS, "where": {"kind": []}},
    {**LABELS, "where": {"kid": "x"}},
    {**LABELS, "where": {"labels": {}}},
    {**LABELS, "where": {"not": {}}},
    {"exec": {"timeout": 3}},
    {"exec": None},
    {"acme": {"count": 1}},
    {"acme": {"text": "a", "count": "1"}},
    {"acme": {"text": "a", "level": "middle"}},
    {"acme": {"text": "a", "mode": "slow"}},
    {"acme": {"text": "a", "tree": {"name": "a", "below": [{}]}}},
    {"nothing": {}},
]


def config(steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "postrender.dev/v1alpha1", "kind": "Pipeline", "steps": steps}


@pytest.fixture
def validator(install: Install) -> jsonschema.Draft7Validator:
    """The schema with the options of three strangers."""
    install("acme", ACME)
    install("plain", PLAIN)
    install("self", SELF)
    made = schema(catalog())
    jsonschema.Draft7Validator.check_schema(made)
    return jsonschema.Draft7Validator(made)


@pytest.mark.parametrize("steps", GOOD, ids=str)
def test_the_schema_lets_through_what_a_pipeline_does(
    steps: list[dict[str, Any]], validator: jsonschema.Draft7Validator
) -> None:
    Pipeline.from_dict(config(steps))

    assert list(validator.iter_errors(config(steps))) == []


@pytest.mark.parametrize("step", BAD, ids=str)
def test_the_schema_refuses_what_a_pipeline_does(
    step: dict[str, Any], validator: jsonschema.Draft7Validator
) -> None:
    with pytest.raises(ConfigError):
        Pipeline.from_dict(config([step]))

    assert list(validator.iter_errors(config([step])))


@pytest.mark.parametrize("key", ["apiVersion", "kind", "steps"])
def test_the_schema_demands_the_keys_of_a_file(
    key: str, validator: jsonschema.Draft7Validator
) -> None:
    value = config([])
    del value[key]

    assert list(validator.iter_errors(value))


def test_a_description_and_a_default_are_in_the_schema(
    validator: jsonschema.Draft7Validator,
) -> None:
    assert isinstance(validator.schema, dict)
    definitions = validator.schema["definitions"]
    options = definitions["acme_plugin.Options"]["anyOf"][0]["properties"]

    assert definitions["step"]["properties"]["acme"]["description"] == "Do it all."
    assert options["text"] == {"description": "some text", "type": "string"}
    assert options["count"] == {"default": 3, "type": "integer"}


def test_schema_prints_it_and_leaves_out_what_cannot_be_imported(
    postrender: Command, install: Install
) -> None:
    install("broken", "1 / 0")

    done = postrender("schema")

    assert done.code == 0
    assert done.stderr == (
        "postrender: broken is left out: plugin `broken` cannot be imported: "
        "ZeroDivisionError: division by zero\n"
    )
    printed = json.loads(done.stdout)
    words = ["name", "where", "hooks", "expect", *BUILTIN]
    assert list(printed["definitions"]["step"]["properties"]) == words


def test_schema_has_a_help(postrender: Command) -> None:
    done = postrender("schema", "-h")

    assert done.code == 0
    assert "$schema=postrender.schema.json" in done.stdout


def test_the_example_fits_the_schema(validator: jsonschema.Draft7Validator) -> None:
    import yaml

    path = Path(__file__).parents[1] / "docs" / "example" / "postrender.yaml"

    assert list(validator.iter_errors(yaml.safe_load(path.read_text()))) == []
