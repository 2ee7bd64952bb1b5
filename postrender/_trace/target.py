"""Which object a person means by `KIND/NAME`, as kubectl has it."""

from collections.abc import Iterable, Sequence
from typing import Final

from postrender._errors import UsageError
from postrender._nearest import did_you_mean, nearest
from postrender._trace.kinds import is_called
from postrender._trace.lives import Identity, Life

_FEW: Final = 10  #: names that are worth being listed


def choose(target: str, namespace: str, lives: Iterable[Life]) -> Sequence[Life]:
    """Return the object that *target* names, by its last name or else by an earlier one.

    They are several where one object stands in the stream more than once, as hook and as template
    for instance. An object without a namespace is in any.

    :param namespace: where to look for it, "" for everywhere.
    :raises UsageError: if there is none, or one of several may be meant.
    """
    word, slash, name = target.partition("/")
    if not (word and slash and name):
        raise UsageError(f"`{target}` names no object", hint="write it as deployment/web")
    lives = [life for life in lives if _is_in(namespace, life.identities[-1])]

    def means(identity: Identity) -> bool:
        return identity.name == name and is_called(word, identity.kind, identity.api_version)

    found = [life for life in lives if means(life.identities[-1])]
    found = found or [life for life in lives if any(map(means, life.identities))]
    if not found:
        raise UsageError(f"there is no `{target}`", hint=_hint(word, name, lives))
    if len({_key(life) for life in found}) > 1:
        last = [life.identities[-1] for life in found]
        names = ", ".join(f"{identity.title} ({identity.api_version})" for identity in last)
        hint = "choose one with -n NAMESPACE or as KIND.GROUP/NAME"
        raise UsageError(f"`{target}` may be any of {names}", hint=hint)
    return found


def _is_in(namespace: str, identity: Identity) -> bool:
    return not namespace or identity.namespace in (namespace, "")


def _key(life: Life) -> tuple[str, str, str, str]:
    """Return what makes it one object for the cluster."""
    version, kind, namespace, name, _ = life.identities[-1]
    return version.rpartition("/")[0], kind, namespace, name


def _hint(word: str, name: str, lives: Iterable[Life]) -> str:
    """Say what is there instead: names of that kind, or else kinds."""
    last = [life.identities[-1] for life in lives]
    names = {each.name for each in last if is_called(word, each.kind, each.api_version)}
    if not names:
        return did_you_mean(word, {each.kind for each in last})
    if len(names) <= _FEW:
        return did_you_mean(name, names)
    near = nearest(name, names)
    return f"did you mean `{near}`?" if near else ""
