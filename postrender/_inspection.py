"""One plugin's check on its own, on manifests that go nowhere."""

from collections.abc import Iterable, Mapping, Sequence

from postrender import _chain, _config, _plugins, _source
from postrender._context import Fact
from postrender._errors import CheckError, ConfigError
from postrender._manifests import Manifests
from postrender._pipeline import ready, register


class Inspection:
    """The check of a plugin, as the steps of a configuration have it."""

    def __init__(self, steps: Sequence[_chain.Step]) -> None:
        """Use `assemble_check` instead."""
        self.steps = tuple(steps)

    def run(
        self, manifests: Manifests, facts: Mapping[str, Fact], variables: Mapping[str, str]
    ) -> list[_chain.StepRun]:
        """Return what each step finds, errors too, and what exceptions allow.

        :param facts: what was stated about the release, as `Context` takes it.
        :param variables: what the plugin may know of the environment.
        :raises PostrenderError: if a step fails.
        """
        runs: list[_chain.StepRun] = []
        try:
            _chain.run(self.steps, manifests, facts, lambda run, _: runs.append(run), variables)
        except CheckError as error:
            if error.step:  # the plugin raised it, and it is not what the chain makes of findings
                raise
        return runs


def expect_check(name: str) -> None:
    """Refuse a plugin that checks nothing.

    :raises ConfigError: then, or if no plugin is called so.
    :raises PluginError: if the plugin cannot be imported.
    """
    plugin = _plugins.find(name)
    manager = _plugins.Manager()
    manager.register(name, plugin)
    if manager.call_for("postrender_check", plugin) is None:
        raise ConfigError(f"the plugin `{name}` checks nothing")


def assemble_check(
    sources: Iterable[_source.Source], name: str, overrides: Mapping[str, object]
) -> Inspection:
    """Return the check of the plugin called *name*, as the steps in *sources* have it.

    Steps of other plugins are not looked at: what they need may be missing. Where none is of this
    plugin, there is one with its defaults.

    :param overrides: options that count instead of those of the steps.
    :raises ConfigError: if a source is wrong, the only steps of the command line are of other
        plugins, or no plugin is called so.
    :raises PluginError: if the plugin cannot be imported.
    """
    found = _config.read(sources)
    configs = [each for each in found if _plugins.same_name(each.plugin, name)]
    if not configs:
        for stray in filter(lambda each: each.source.is_step, found):
            # The policy that somebody means would not be used.
            message = f"the step is of `{stray.plugin}`, and the check of `{name}`"
            raise ConfigError(message, location=stray.source.name)
        configs = _config.read([_source.from_mapping({"steps": [{name: None}]}, ".")])
    manager = _plugins.Manager()
    steps = []
    for config in configs:
        _, plugin = register(config, manager, {})
        step = ready(_overridden(config, overrides), manager, plugin)
        # How many objects there must be is said of a release, not of what is looked at here.
        steps.append(step._replace(expect=_config.Expect(), transform=None))
    return Inspection(steps)


def _overridden(config: _config.StepConfig, overrides: Mapping[str, object]) -> _config.StepConfig:
    options = {} if config.options is None else config.options
    if not overrides or not isinstance(options, Mapping):
        return config
    return config._replace(options={**options, **overrides})
