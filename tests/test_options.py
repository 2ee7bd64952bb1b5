"""Options: what a plugin's dataclass is read from, and what it refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Generic, Literal, TypeVar

import pytest

from postrender import ConfigError, Location, PluginError, Selector, hookimpl
from postrender.testing import render

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True)
class Port:
    shorthand: ClassVar[str] = "number"

    number: int
    protocol: Literal["TCP", "UDP"] = "TCP"


class Size:
    """A class that reads itself."""

    def __init__(self, mebibytes: int) -> None:
        self.mebibytes = mebibytes

    @classmethod
    def from_config(cls, value: object) -> "Size":
        if not isinstance(value, str):
            raise TypeError("a size is text, such as 8Mi")
        if not value.endswith("Mi"):
            raise ConfigError("unknown unit", location=Location(path=("unit",)))
        return cls(int(value.removesuffix("Mi")))


@dataclass(frozen=True)
class Volume:
    name: str


@dataclass(frozen=True)
class Options:
    text: str = ""
    number: int = 0
    ratio: float = 0.0
    is_on: bool = False
    nothing: None = None
    anything: Any = None
    thing: object = None
    level: Level = Level.LOW
    mode: Literal["fast", "safe", 3] = "safe"
    some_names: tuple[str, ...] = ()
    names_too: Sequence[str] = ()
    counts: list[int] = field(default_factory=list)
    bare_list: list = field(default_factory=list)  # type: ignore[type-arg]
    labels: Mapping[str, str] = field(default_factory=dict)
    bare_map: dict = field(default_factory=dict)  # type: ignore[type-arg]
    maybe: str | None = None
    either: str | list[str] = ""
    ports: tuple[Port, ...] = ()
    port_or_name: Port | str = ""
    volume: Volume | None = None
    target: Selector | None = None
    size: Size | None = None
    from_: str = ""
    derived: str = field(default="", init=False)


def read(**options: Any) -> Options:
    """Return the options that a plugin gets from a configuration."""
    got: list[Options] = []

    class Plugin:
        @hookimpl
        def postrender_options(self) -> type:
            return Options

        @hookimpl
        def postrender_transform(self, options: Options) -> None:
            got.append(options)

    render(Plugin(), POD, **options)
    return got[0]


READ: list[tuple[dict[str, Any], str, object]] = [
    ({"text": "8"}, "text", "8"),
    ({"number": 8}, "number", 8),
    ({"ratio": 8}, "ratio", 8.0),
    ({"ratio": 0.5}, "ratio", 0.5),
    ({"isOn": True}, "is_on", True),
    ({"nothing": None}, "nothing", None),
    ({"anything": {"a": [1]}}, "anything", {"a": [1]}),
    ({"thing": [None]}, "thing", [None]),
    ({"level": "high"}, "level", Level.HIGH),
    ({"mode": "fast"}, "mode", "fast"),
    ({"mode": 3}, "mode", 3),
    ({"someNames": ["a", "b"]}, "some_names", ("a", "b")),
    ({"namesToo": ["a"]}, "names_too", ("a",)),
    ({"counts": [1, 2]}, "counts", [1, 2]),
    ({"bareList": [1, "a"]}, "bare_list", [1, "a"]),
    ({"labels": {"a": "b"}}, "labels", {"a": "b"}),
    ({"bareMap": {"a": 1}}, "bare_map", {"a": 1}),
    ({"maybe": None}, "maybe", None),
    ({"maybe": "a"}, "maybe", "a"),
    ({"either": "a"}, "either", "a"),
    ({"either": ["a"]}, "either", ["a"]),
    ({"ports": [{"number": 80, "protocol": "UDP"}, 81]}, "ports", (Port(80, "UDP"), Port(81))),
    ({"portOrName": {"number": 80}}, "port_or_name", Port(80)),
    ({"portOrName": "http"}, "port_or_name", "http"),
    ({"from": "a"}, "from_", "a"),
]


@pytest.mark.parametrize(("options", "name", "value"), READ, ids=str)
def test_a_value_is_read_by_the_type_of_its_field(
    options: dict[str, Any], name: str, value: object
) -> None:
    got = getattr(read(**options), name)

    assert got == value
    assert type(got) is type(value)


def test_a_selector_and_a_class_with_from_config_read_themselves() -> None:
    options = read(target={"kind": "Pod"}, size="8Mi")

    assert repr(options.target) == "Selector.parse({'kind': 'Pod'})"
    assert options.size is not None
    assert options.size.mebibytes == 8


def test_a_field_that_init_does_not_take_is_no_option() -> None:
    with pytest.raises(ConfigError, match="derived: unknown option"):
        read(derived="x")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": 8}, "text: value 8 is a number; quote it"),
    ({"text": True}, "text: value true is a boolean; quote it"),
    ({"text": None}, "text: value is null, not text"),
    ({"text": ["a"]}, "text: value is a list, not text"),
    ({"text": {"a": "b"}}, "text: value is a mapping, not text"),
    ({"number": "8"}, "number: value is text, not a whole number"),
    ({"number": 8.5}, "number: value 8.5 is a number, not a whole number"),
    ({"number": True}, "number: value true is a boolean, not a whole number"),
    ({"ratio": "1"}, "ratio: value is text, not a number"),
    ({"ratio": False}, "ratio: value false is a boolean, not a number"),
    ({"isOn": "yes"}, "isOn: value is text, not true or false"),
    ({"isOn": 1}, "isOn: value 1 is a number, not true or false"),
    ({"nothing": "a"}, "nothing: value is text, not null"),
    ({"level": "hgh"}, "level: the value is none of low, high; did you mean `high`?"),
    ({"level": 1}, "level: the value is none of low, high"),
    ({"mode": True}, "mode: the value is none of fast, safe, 3"),
    ({"someNames": "a"}, "someNames: value is text, not a list"),
    ({"someNames": ["a", 1]}, "someNames[1]: value 1 is a number; quote it"),
    ({"labels": ["a"]}, "labels: value is a list, not a mapping"),
    ({"labels": {"a": 1}}, "labels.a: value 1 is a number; quote it"),
    ({"labels": {"a.b/c": 1}}, "labels[a.b/c]: value 1 is a number; quote it"),
    ({"maybe": 1}, "maybe: value 1 is a number; quote it"),
    ({"either": 1}, "either: value 1 is a number; quote it"),
    ({"either": ["a", 1]}, "either[1]: value 1 is a number; quote it"),
    ({"either": None}, "either: value is null, not text"),
    ({"ports": [{"number": "80"}]}, "ports[0].number: value is text, not a whole number"),
    ({"ports": ["80"]}, "ports[0]: value is text, not a whole number"),
    ({"ports": [{}]}, "ports[0]: the option `number` is missing"),
    ({"ports": [{"numbr": 1}]}, "ports[0].numbr: unknown option; did you mean `number`?"),
    ({"portOrName": {"number": "a"}}, "portOrName.number: value is text, not a whole number"),
    ({"volume": "data"}, "volume: value is text, not a mapping"),
    ({"target": {"kid": "Pod"}}, "target.kid: unknown condition; did you mean `kind`?"),
    ({"size": 8}, "size: a size is text, such as 8Mi"),
    ({"size": "8Gi"}, "size.unit: unknown unit"),
    ({"size": "xMi"}, "size: invalid literal for int() with base 10: 'x'"),
    ({"is_on": True}, "is_on: unknown option; did you mean `isOn`?"),
]


@pytest.mark.parametrize(("options", "message"), REFUSED, ids=str)
def test_a_wrong_value_is_refused_with_its_path(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read(**options)

    assert str(raised.value) == f"step 1 (Plugin): Plugin.{message}"


def reads_into(cls: object) -> object:
    """Return a plugin whose options class is *cls*."""

    class Plugin:
        @hookimpl
        def postrender_options(self) -> object:
            if isinstance(cls, Exception):
                raise cls
            return cls

        @hookimpl
        def postrender_transform(self) -> None:
            """Do nothing."""

    return Plugin()


def test_what_post_init_refuses_is_a_config_error() -> None:
    @dataclass
    class Checked:
        port: int

        def __post_init__(self) -> None:
            if self.port > 65535:
                raise ValueError("there is no such port")

    with pytest.raises(ConfigError, match=r"^step 1 \(Plugin\): Plugin: there is no such port$"):
        render(reads_into(Checked), POD, port=65536)


def test_what_post_init_refuses_may_have_a_path() -> None:
    @dataclass
    class Checked:
        port: int

        def __post_init__(self) -> None:
            raise ConfigError("no such port", location=Location(path=("port",)), hint="count again")

    with pytest.raises(ConfigError) as raised:
        render(reads_into(Checked), POD, port=1)

    assert str(raised.value) == "step 1 (Plugin): Plugin.port: no such port; count again"


@dataclass
class Misnamed:
    port: "Prot"  # type: ignore[name-defined]  # noqa: F821 - the mistake that is tested


@dataclass
class Unreadable:
    port: "tuple[int, str]"


T = TypeVar("T")


@dataclass
class Open(Generic[T]):
    port: T


class Plain:
    """No dataclass."""


@pytest.mark.parametrize(
    ("cls", "message"),
    [
        (Plain, "the options class `Plain` is no dataclass"),
        ("Options", "postrender_options gives no class"),
        (KeyError("x"), "postrender_options failed: KeyError: 'x'"),
        (Misnamed, "the types of `Misnamed` cannot be evaluated: name 'Prot' is not defined"),
        (Open, "options cannot be of the type `~T`"),
        (Unreadable, "options cannot be of the type `tuple` but as `tuple[..., ...]`"),
    ],
)
def test_a_class_that_nothing_can_be_read_into_is_the_plugins_fault(
    cls: object, message: str
) -> None:
    with pytest.raises(PluginError) as raised:
        render(reads_into(cls), POD, port=[1])

    assert str(raised.value) == f"step 1 (Plugin): {message}"


def test_a_plugin_without_an_options_class_gets_the_mapping() -> None:
    got: list[object] = []

    class Plugin:
        @hookimpl
        def postrender_transform(self, options: dict[str, object]) -> None:
            got.append(options)

    render(Plugin(), POD, anyKey=[1], idempotent=False)

    assert got == [{"anyKey": [1]}]
