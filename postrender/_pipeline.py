"""The pipeline: a configuration made ready to run, and what Python programs run it with."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from postrender import _chain, _config, _host, _plugins, _source
from postrender._context import NO_VARIABLES, Fact, expect_kube_version
from postrender._edits import Edit
from postrender._errors import ConfigError, PluginError
from postrender._findings import Finding, Notice
from postrender._manifests import Manifests
from postrender._options import bind


class PostRenderer(Protocol):
    """What renders a release's manifests once more, as Helm's Go interface has it."""

    def run(self, stream: bytes) -> bytes:
        """Return the manifests to install instead of *stream*; raise on any failure."""


class Result(NamedTuple):
    """What came of a stream."""

    stream: bytes
    edits: Sequence[Edit]  #: every change, in order, with the step that made it
    findings: Sequence[Finding]  #: warnings and information; an error raises `CheckError`
    notices: Sequence[Notice]


class Pipeline:
    """The steps of a configuration, with their plugins loaded and their options checked."""

    def __init__(self, steps: Sequence[_chain.Step]) -> None:
        """Use `Pipeline.load` or `Pipeline.from_dict` instead."""
        self._steps = tuple(steps)

    @classmethod
    def load(cls, *paths: str | os.PathLike[str]) -> "Pipeline":
        """Read one configuration file, or the steps of several in order.

        :raises ConfigError: if a file is wrong or names no plugin that is installed.
        :raises PluginError: if a plugin cannot be imported.
        """
        return assemble(_source.from_file(os.fspath(path)) for path in paths)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, object], directory: str = ".") -> "Pipeline":
        """Take a configuration as a file would hold it; `apiVersion` and `kind` may be left out.

        :param directory: the folder that relative paths in it start from.
        :raises ConfigError: if it is wrong or names no plugin that is installed.
        :raises PluginError: if a plugin cannot be imported.
        """
        return assemble([_source.from_mapping(mapping, directory)])

    def run(self, stream: bytes) -> bytes:
        """Return *stream* after the last step; what no step edits keeps its bytes.

        :raises PostrenderError: on any failure; then there is no output at all.
        """
        return self.render(stream).stream

    def render(  # noqa: PLR0913 - that much is known of a release
        self,
        stream: bytes,
        *,
        release: str | Fact = "",
        namespace: str | Fact = "",
        strategy: str | Fact = "",
        kube_version: str | Fact = "",
        allow_empty: bool = False,
        variables: Mapping[str, str] = NO_VARIABLES,
    ) -> Result:
        """Return *stream* after the last step together with its edits, findings and notices.

        :param release: the release's name, where the manifests alone do not tell it.
        :param namespace: the release's namespace.
        :param strategy: which of hooks and manifests Helm 4 sends: `combined`, `separate` or
            `nohooks`.
        :param kube_version: the cluster's version of Kubernetes, such as `1.33`.
        :param allow_empty: whether the steps may remove every manifest.
        :param variables: what plugins may know of the environment, `POSTRENDER_...` by name.
        :raises PostrenderError: on any failure.
        """
        manifests = Manifests.parse(stream)
        findings = self.apply(
            manifests,
            release=release,
            namespace=namespace,
            strategy=strategy,
            kube_version=kube_version,
            allow_empty=allow_empty,
            variables=variables,
        )
        edits, notices = tuple(manifests.edits), tuple(manifests.notices)
        return Result(manifests.to_bytes(), edits, tuple(findings), notices)

    def apply(  # noqa: PLR0913 - so much may be known
        self,
        manifests: Manifests,
        *,
        release: str | Fact = "",
        namespace: str | Fact = "",
        strategy: str | Fact = "",
        kube_version: str | Fact = "",
        allow_empty: bool = False,
        variables: Mapping[str, str] = NO_VARIABLES,
        observe: _chain.Observer | None = None,
    ) -> Sequence[Finding]:
        """Run the steps on *manifests*, in place, and return what the checks found.

        The arguments are those of `render`.

        :param observe: called after each step that has run.
        :raises PostrenderError: on any failure; then the manifests are of no further use.
        """
        before = len(manifests)
        facts = _facts(
            release=release, namespace=namespace, strategy=strategy, kube_version=kube_version
        )
        findings = _chain.run(self._steps, manifests, facts, observe, variables)
        _host.settle(manifests, facts["strategy"].value if strategy else "")
        if not allow_empty:
            _chain.refuse_loss(before, manifests)
        return findings


def _facts(**stated: str | Fact) -> dict[str, Fact]:
    """Return what was stated, as `Context` takes it.

    :raises UsageError: if the version of Kubernetes is none.
    """
    facts = {
        key: value if isinstance(value, Fact) else Fact(value, f"the argument {key}")
        for key, value in stated.items()
        if value
    }
    if "kube_version" in facts:
        expect_kube_version(facts["kube_version"])
    return facts


def assemble(
    sources: Iterable[_source.Source], plugins: Mapping[str, object] | None = None
) -> Pipeline:
    """Return the pipeline of all *sources*, whose plugins are looked for in *plugins* first.

    :raises ConfigError: if a source is wrong or names no plugin that is installed.
    :raises PluginError: if a plugin cannot be imported.
    """
    manager = _plugins.Manager()
    # A hook caller leaves out the plugins that there are when it is made, so all come first.
    registered = [register(config, manager, plugins or {}) for config in _config.read(sources)]
    steps = [ready(config, manager, plugin) for config, plugin in registered]
    for step in steps:
        if not (step.transform or step.check):
            raise step.config.blame(ConfigError("the plugin has commands alone, and no step"))
    return Pipeline(steps)


def register(
    config: _config.StepConfig, manager: _plugins.Manager, plugins: Mapping[str, object]
) -> tuple[_config.StepConfig, object]:
    """Return a step with its plugin, which *manager* gets to know.

    :raises ConfigError: if there is none of that name, or it is no plugin.
    :raises PluginError: if it cannot be imported.
    """
    with _blame(config):
        given = plugins.get(config.plugin)
        plugin = _plugins.find(config.plugin) if given is None else given
        manager.register(config.plugin, plugin)
    return config, plugin


@contextmanager
def _blame(config: _config.StepConfig) -> Iterator[None]:
    """Put step and place on what is raised while a step is made ready."""
    try:
        yield
    except ConfigError as error:
        raise config.blame(error) from error.__cause__
    except PluginError as error:
        error.step = config.title
        raise


def ready(config: _config.StepConfig, manager: _plugins.Manager, plugin: object) -> _chain.Step:
    """Return a step ready to run, of a plugin that *manager* knows.

    :raises ConfigError: if its options are wrong.
    :raises PluginError: if the plugin cannot say what its options are.
    """
    with _blame(config):
        cls = manager.options_class(plugin)
        return _chain.Step(
            config=config,
            options=_options(config.options, cls),
            expect=_expect(config.expect, cls),
            transform=manager.call_for("postrender_transform", plugin),
            check=manager.call_for("postrender_check", plugin),
        )


def _options(value: object, cls: type | None) -> object:
    if cls is not None:
        return bind(cls, value)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigError("the options are no mapping")
    return value


def _expect(stated: _config.Expect, cls: type | None) -> _config.Expect:
    least = getattr(cls, "expect_min", None) if stated.min is None else stated.min
    most = getattr(cls, "expect_max", None) if stated.max is None else stated.max
    if least is not None and most is not None and least > most:
        # Only one of them was stated, and it wins over the plugin's.
        least, most = (None, most) if stated.min is None else (least, None)
    return _config.Expect(least, most)
