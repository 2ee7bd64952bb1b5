"""The configuration: sources read into steps, whose plugins nobody has looked at yet."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeGuard

from postrender._errors import ConfigError
from postrender._nearest import did_you_mean, nearest
from postrender._select import Selector
from postrender._source import Path, Source, at, path_of

API_VERSION: Final = "postrender.dev/v1alpha1"
KIND: Final = "Pipeline"
HOOKS: Final = ("include", "exclude", "only")
WORDS: Final = ("name", "where", "hooks", "expect")  #: what every step may say, whatever its plugin


class Expect(NamedTuple):
    """How many objects a step must select; None where any number will do."""

    min: int | None = None
    max: int | None = None


class StepConfig(NamedTuple):
    """One step as it is written."""

    title: str  #: number, name and plugin, as in `2 (log shipper: sidecars)`
    plugin: str
    options: object
    where: Selector
    hooks: str
    expect: Expect
    source: Source
    path: Path  #: from the root of the source to the step

    def blame(self, error: ConfigError) -> ConfigError:
        """Return *error* about the step's options with the step and its place."""
        error.step = self.title
        error.location = at(self.plugin, *path_of(error))
        return self.source.point(error, self.path)


def read(sources: Iterable[Source]) -> list[StepConfig]:
    """Return the steps of all *sources*, in order.

    :raises ConfigError: if one is no configuration, with step and place of the fault.
    """
    steps: list[StepConfig] = []
    for source in sources:
        for path, value in _items(source):
            steps.append(_step(source, path, value, len(steps) + 1))
    return steps


def _items(source: Source) -> list[tuple[Path, object]]:
    """Return path and value of each step that *source* has."""
    if source.is_step:
        return [((), source.value)]
    try:
        steps = _list_of_steps(source)
    except ConfigError as error:
        raise source.point(error, ()) from None
    return [(("steps", index), value) for index, value in enumerate(steps)]


def _list_of_steps(source: Source) -> list[object]:
    value = source.value
    if not isinstance(value, Mapping):
        what = "is empty" if value is None else "is no mapping"
        raise ConfigError(f"the configuration {what}", hint="it needs apiVersion, kind and steps")
    for key in value:
        if key not in ("apiVersion", "kind", "steps"):
            hint = did_you_mean(str(key), ("apiVersion", "kind", "steps"))
            raise ConfigError("unknown key", location=at(key), hint=hint)
    for key, wanted in (("apiVersion", API_VERSION), ("kind", KIND)):
        if key in value and value[key] != wanted:
            raise ConfigError("not a value known here", location=at(key), hint=f"write `{wanted}`")
        if key not in value and source.name:
            raise ConfigError(f"`{key}` is missing", hint=f"write `{key}: {wanted}`")
    steps = value.get("steps")
    if not isinstance(steps, list):
        what = "is no list" if "steps" in value else "is missing"
        raise ConfigError(f"`steps` {what}", location=at("steps") if "steps" in value else "")
    return steps


def _step(source: Source, path: Path, value: object, number: int) -> StepConfig:
    title = str(number)
    try:
        step = _mapping(value)
        plugin, name = _plugin(step), _name(step)
        title = f"{number} ({name}: {plugin})" if name else f"{number} ({plugin})"
        where, hooks, expect = _where(step), _hooks(step), _expect(step)
    except ConfigError as error:
        error.step = title
        raise source.point(error, path) from None
    return StepConfig(title, plugin, step[plugin], where, hooks, expect, source, path)


def _mapping(step: object) -> Mapping[str, object]:
    if not isinstance(step, Mapping):
        raise ConfigError("the step is no mapping", hint="write `labels: {set: {team: a}}`")
    return step


def _plugin(step: Mapping[str, object]) -> str:
    """Return the one key of *step* that is no word of the framework."""
    plugins = [key for key in step if key not in WORDS]
    if len(plugins) == 1:
        return plugins[0]
    if not plugins:
        raise ConfigError("the step names no plugin", hint="write `labels: {set: {team: a}}`")
    for key in plugins:
        if near := nearest(key, WORDS, cutoff=0.85):  # `exec` is not `expect`
            raise ConfigError("unknown word", location=at(key), hint=f"did you mean `{near}`?")
    names = " and ".join(f"`{key}`" for key in plugins)
    hint = f"make each a step of its own; beside it stand only {', '.join(WORDS)}"
    raise ConfigError(f"the step names more than one plugin: {names}", hint=hint)


def _name(step: Mapping[str, object]) -> str:
    name = step.get("name", "")
    if not isinstance(name, str):
        raise ConfigError("the name is no text", location=at("name"), hint="quote it")
    return name


def _where(step: Mapping[str, object]) -> Selector:
    try:
        return Selector.parse(step.get("where"))
    except ConfigError as error:
        error.location = at("where", *path_of(error))
        raise


def _hooks(step: Mapping[str, object]) -> str:
    hooks = step.get("hooks", "include")
    if hooks not in HOOKS:
        raise ConfigError("hooks is none of " + ", ".join(HOOKS), location=at("hooks"))
    return str(hooks)


def _expect(step: Mapping[str, object]) -> Expect:
    """Return the bounds of `expect: 3`, `expect: {min: 1}` or `expect: {min: 1, max: 3}`."""
    value = step.get("expect")
    if value is None:
        return Expect()
    if _is_count(value):
        return Expect(value, value)
    if not isinstance(value, Mapping):
        raise ConfigError("expect is no number and no mapping", location=at("expect"))
    for key, bound in value.items():
        if key not in Expect._fields:
            hint = did_you_mean(str(key), Expect._fields)
            raise ConfigError("unknown key", location=at("expect", key), hint=hint)
        if not _is_count(bound):
            raise ConfigError("the bound is no whole number", location=at("expect", key))
    expect = Expect(**value)
    if expect.min is not None and expect.max is not None and expect.min > expect.max:
        raise ConfigError("min is greater than max", location=at("expect"))
    return expect


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
