"""The namespace that a kubeconfig is set to, found as client-go finds it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from postrender._errors import ConfigError


class InCluster(NamedTuple):
    """What a pod knows of the cluster that it runs in."""

    service_account: Path  #: the folder of its token
    pod_namespace: str = ""  #: what POD_NAMESPACE says

    @property
    def is_possible(self) -> bool:
        """Whether there is a token to speak to the cluster with."""
        return (self.service_account / "token").is_file()

    def namespace(self) -> str:
        """Return the pod's namespace, or `default`."""
        if self.pod_namespace:
            return self.pod_namespace
        try:
            return (self.service_account / "namespace").read_text().strip() or "default"
        except OSError:
            return "default"


def namespace_of_context(files: Iterable[str], context: str = "") -> str:
    """Return the namespace of a context; "" when it has none, or there is no context.

    Of several files the first one that says something wins; files that are not there are nothing.

    :param context: its name; "" is the current one.
    :raises ConfigError: when a file cannot be read, or has no context of this name.
    """
    current, contexts = context, dict[str, Any]()
    for file in files:
        config = _load(Path(file))
        current = current or _text(config.get("current-context"))
        for name, value in _contexts(config):
            contexts.setdefault(name, value)
    if not current:
        return ""
    if current not in contexts:
        hint = f"known are {', '.join(sorted(contexts))}" if contexts else ""
        raise ConfigError(f"the kubeconfig has no context `{current}`", hint=hint)
    return _text(contexts[current].get("namespace"))


def _load(path: Path) -> Mapping[str, Any]:
    import yaml  # 20 ms, and only who gives no namespace needs it

    try:
        config = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", location=str(path)) from error
    except (yaml.YAMLError, UnicodeError):
        # Their text shows lines of the file, which holds tokens.
        raise ConfigError("is not YAML", location=str(path)) from None
    if not isinstance(config or {}, dict):
        raise ConfigError("is not a kubeconfig", location=str(path))
    return config or {}


def _contexts(config: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    named = config.get("contexts")
    for each in named if isinstance(named, list) else []:
        if isinstance(each, dict):
            context = each.get("context")
            yield _text(each.get("name")), context if isinstance(context, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
