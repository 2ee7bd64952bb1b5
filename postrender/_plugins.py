"""Plugins: found by name, ours first, and registered with a manager of their own."""

import importlib
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

import pluggy

from postrender import hookspecs
from postrender._errors import ConfigError, PluginError
from postrender._nearest import nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

PACKAGE: Final = "postrender_plugins"  #: where the built-in plugins live, a module for each
GROUP: Final = "postrender"  #: the entry points of the others
HOOKS: Final = (
    "postrender_options",
    "postrender_transform",
    "postrender_check",
    "postrender_commands",
)


class Manager:
    """The plugins of one pipeline, each registered once, and called one at a time."""

    def __init__(self) -> None:
        """Start with no plugin."""
        self._pluggy = pluggy.PluginManager("postrender")
        self._pluggy.add_hookspecs(hookspecs)

    def register(self, name: str, plugin: object) -> None:
        """Take *plugin*, unless it is there already.

        :raises ConfigError: if it implements no hook, or one that there is not.
        """
        if not isinstance(plugin, Hashable):
            hint = "a dataclass is with eq=False"
            raise ConfigError(f"plugin `{name}` is not hashable, as pluggy needs it", hint=hint)
        if self._pluggy.is_registered(plugin):
            return
        try:
            self._pluggy.register(plugin, name)
            self._pluggy.check_pending()
        except pluggy.PluginValidationError as error:
            raise _invalid(name, error) from error
        if not any(self.call_for(hook, plugin) for hook in HOOKS[1:]):
            raise ConfigError(f"plugin `{name}` implements no hook of postrender")

    def call_for(self, hook: str, plugin: object) -> pluggy.HookCaller | None:
        """Return what calls *hook* of *plugin* and of no other; None if it has no such hook."""
        others = self._pluggy.get_plugins() - {plugin}
        caller = self._pluggy.subset_hook_caller(hook, others)
        return caller if caller.get_hookimpls() else None

    def options_class(self, plugin: object) -> type | None:
        """Return what *plugin* reads its options into, or None where it takes them as they are.

        :raises PluginError: if its `postrender_options` fails.
        """
        caller = self.call_for("postrender_options", plugin)
        try:
            cls = caller() if caller else None
        except (Exception, SystemExit) as error:
            reason = f"{type(error).__name__}: {error}"
            raise PluginError(f"postrender_options failed: {reason}") from error
        if cls is not None and not isinstance(cls, type):
            raise PluginError("postrender_options gives no class")
        return cls


def _invalid(name: str, error: pluggy.PluginValidationError) -> ConfigError:
    reason = str(error).splitlines()[-1]
    hint = "the hooks and their arguments are those of postrender.hookspecs"
    return ConfigError(f"plugin `{name}` does not fit: {reason}", hint=hint)


def find(name: str) -> object:
    """Import the plugin called *name*: a built-in first, then an entry point of that name.

    A dash in a name is as good as an underscore.

    :raises ConfigError: if no plugin, or more than one, is called so.
    :raises PluginError: if the plugin cannot be imported.
    """
    module = name.replace("-", "_")
    if module.isidentifier() and not module.startswith("_"):
        path = f"{PACKAGE}.{module}"
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name not in (path, PACKAGE):
                raise _failed(name, error) from error
        except (Exception, SystemExit) as error:
            raise _failed(name, error) from error
    return load(name, _entry_point(name))


def load(name: str, entry_point: "EntryPoint") -> object:
    """Return the plugin that *entry_point* leads to; a class is called for its instance.

    :raises PluginError: if it cannot be imported.
    """
    try:
        plugin = entry_point.load()
        return plugin() if isinstance(plugin, type) else plugin
    except (Exception, SystemExit) as error:
        raise _failed(name, error) from error


def _failed(name: str, error: BaseException) -> PluginError:
    reason = f"{type(error).__name__}: {error}"
    return PluginError(f"plugin `{name}` cannot be imported: {reason}")


def _entry_point(name: str) -> "EntryPoint":
    found = [each for each in entry_points() if same_name(each.name, name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unknown(name)
    owners = " and ".join(sorted(distribution(each) for each in found))
    hint = "uninstall all but one"
    raise ConfigError(f"more than one plugin is called `{name}`: in {owners}", hint=hint)


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are of the same plugin."""
    return one.replace("-", "_") == other.replace("-", "_")


def entry_points() -> "list[EntryPoint]":
    """Return the plugins that other distributions offer."""
    # It takes 25 ms, more than all else; built-in plugins do without.
    from importlib.metadata import entry_points

    return list(entry_points(group=GROUP))


def distribution(entry_point: "EntryPoint") -> str:
    """Return name and version of the distribution that offers *entry_point*."""
    owner = entry_point.dist
    return f"{owner.name} {owner.version}" if owner else "an unknown distribution"


def builtin_names() -> list[str]:
    """Return the names of the built-in plugins; none where they are not installed."""
    import pkgutil  # only lists and errors ask for all names

    try:
        package = importlib.import_module(PACKAGE)
    except ModuleNotFoundError:
        return []
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def names() -> list[str]:
    """Return the names of all plugins that are installed."""
    return sorted({*builtin_names(), *(each.name for each in entry_points())})


def _unknown(name: str) -> ConfigError:
    installed = names()
    near = nearest(name, installed)
    hint = f"did you mean `{near}`? " if near else ""
    hint += "installed are " + (", ".join(installed) or "none")
    return ConfigError(f"no plugin is called `{name}`", hint=hint)
