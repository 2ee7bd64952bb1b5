"""The selector: which manifests a step, a patch or a plugin means."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from postrender._errors import ConfigError, Location
from postrender._manifest import Manifest
from postrender._manifests import Manifests
from postrender._nearest import did_you_mean
from postrender._patterns import (
    LabelPredicate,
    Predicate,
    compile_any,
    compile_labels,
    compile_pairs,
)

Condition = Callable[[Manifest], bool]

#: the attribute of a manifest that each plain condition looks at, the cheapest first
ATTRIBUTES: Final = {
    "kind": "kind",
    "group": "group",
    "version": "version",
    "apiVersion": "api_version",
    "name": "name",
    "namespace": "namespace",
    "source": "source",
}
WORDS: Final = (*ATTRIBUTES, "hook", "labels", "annotations", "not")


class Selector:
    """Conditions that must all hold; without any, every manifest matches.

    `kind`, `group`, `version`, `apiVersion`, `name`, `namespace` and `source` take a pattern or a
    list of patterns of which one must match the whole text: a glob (`*`, `?`, `[..]`), or a
    regular expression between slashes. An empty text means none: `group: ""` is the core group.
    `labels` and `annotations` take a Kubernetes label selector, a list of them (any of), or a
    mapping of keys to patterns. `hook` takes true, false or names of hook events. `not` takes a
    selector, or a list of them, that must not match.
    """

    __slots__ = ("_conditions", "_value")

    def __init__(self, conditions: tuple[Condition, ...], value: Mapping[str, Any]) -> None:
        """Use `Selector.parse` instead."""
        self._conditions = conditions
        self._value = value

    @classmethod
    def parse(cls, value: object) -> "Selector":
        """Return the selector that a value of the configuration means; None selects everything.

        :raises ConfigError: if *value* is no selector; its location's path leads to the fault.
        """
        if value is None:
            return cls((), {})
        if not isinstance(value, Mapping):
            raise ConfigError("a selector is a mapping, such as `{kind: Deployment}`")
        for word in value:
            if word not in WORDS:
                hint = did_you_mean(str(word), WORDS)
                raise ConfigError("unknown condition", location=_at(word), hint=hint)
        conditions = (_condition(word, value[word]) for word in WORDS if word in value)
        return cls(tuple(conditions), value)

    from_config = parse

    def matches(self, manifest: Manifest) -> bool:
        """Tell whether every condition holds for *manifest*."""
        return all(holds(manifest) for holds in self._conditions)

    def select(self, manifests: Manifests) -> Manifests:
        """Return the view on those of *manifests* that match."""
        return manifests.filter(self.matches) if self._conditions else manifests

    def hint(self, manifests: Manifests) -> str:
        """Say why nothing of *manifests* may match, if that looks like a slip; else ""."""
        from postrender._select_hints import hint  # only a selector that matches nothing needs it

        return hint(self._value, manifests)

    @property
    def words(self) -> frozenset[str]:
        """The words that it has conditions for."""
        return frozenset(self._value)

    def __bool__(self) -> bool:
        """Tell whether there is any condition at all."""
        return bool(self._conditions)

    def __str__(self) -> str:
        """Return the selector as a message shows it, such as `{kind: Deployment, name: web}`."""
        return _flow(self._value)

    def __repr__(self) -> str:
        """Return the selector as it was written."""
        return f"Selector.parse({dict(self._value)!r})"


def _flow(value: object) -> str:
    """Write a value about as YAML's flow style does."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value) or '""'


def _at(*path: str | int) -> Location:
    return Location(path=path)


def _condition(word: str, value: object) -> Condition:
    try:
        if word == "not":
            return _none_of(value)
        if word == "hook":
            return _hook(value)
        if word == "labels":
            labels = _labels(value)
            return lambda manifest: labels(manifest.labels)
        if word == "annotations":
            annotations = _labels(value)
            return lambda manifest: annotations(manifest.annotations)
        return _attribute(ATTRIBUTES[word], _pattern(value))
    except ValueError as error:
        raise ConfigError(str(error), location=_at(word)) from error
    except ConfigError as error:
        raise _inside(error, word) from error.__cause__


def _attribute(name: str, test: Predicate) -> Condition:
    return lambda manifest: test(getattr(manifest, name))


def _none_of(value: object) -> Condition:
    if isinstance(value, (list, tuple)):
        selectors = [_parse_at(item, index) for index, item in enumerate(value)]
    else:
        selectors = [Selector.parse(value)]
    if not all(selectors):
        raise ValueError("`not` of no condition matches nothing")
    return lambda manifest: not any(selector.matches(manifest) for selector in selectors)


def _parse_at(value: object, index: int) -> Selector:
    try:
        return Selector.parse(value)
    except ConfigError as error:
        raise _inside(error, index) from error.__cause__


def _inside(error: ConfigError, key: str | int) -> ConfigError:
    """Return *error* with its path continued to the left by *key*."""
    inner = error.location.path if isinstance(error.location, Location) else ()
    error.location = _at(key, *inner)
    return error


def _hook(value: object) -> Condition:
    if isinstance(value, bool):
        return lambda manifest: bool(manifest.hook) is value
    test = _pattern(value)
    return lambda manifest: any(test(event) for event in manifest.hook)


def _labels(value: object) -> LabelPredicate:
    if isinstance(value, Mapping):
        if not value:
            raise ValueError("an empty mapping selects nothing in particular")
        return compile_pairs({key: _pattern(pattern) for key, pattern in value.items()})
    tests = [compile_labels(text) for text in _texts(value)]
    return lambda labels: any(test(labels) for test in tests)


def _pattern(value: object) -> Predicate:
    return compile_any(_texts(value))


def _texts(value: object) -> list[str]:
    """Return the one text or the list of texts that *value* is."""
    texts = list(value) if isinstance(value, (list, tuple)) else [value]
    if not texts:
        raise ValueError("an empty list matches nothing")
    if None in texts:
        raise ValueError('the value is null; leave the condition out, or write `""` for none')
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("the value is no text; quote it")
    return cast("list[str]", texts)
