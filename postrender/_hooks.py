"""Hooks that steps make: what Helm 3 takes for ordinary objects, and what Helm 4 drops."""

from collections.abc import Iterator
from typing import Any, Final

from postrender._edits import Edit
from postrender._errors import EditError
from postrender._findings import Notice
from postrender._identity import HOOK
from postrender._manifests import Manifests
from postrender._nearest import did_you_mean

#: What `helm.sh/hook` may say, and how Helm understands it.
EVENTS: Final = {
    "pre-install": "pre-install",
    "post-install": "post-install",
    "pre-delete": "pre-delete",
    "post-delete": "post-delete",
    "pre-upgrade": "pre-upgrade",
    "post-upgrade": "post-upgrade",
    "pre-rollback": "pre-rollback",
    "post-rollback": "post-rollback",
    "test": "test",
    "test-success": "test",
}

_HOOK: Final = ("metadata", "annotations", HOOK)


def late_hooks(manifests: Manifests) -> Iterator[Notice]:
    """Tell of objects that a step made hooks, which Helm 3 no longer takes for such."""
    made = {edit.position: edit.step for edit in manifests.edits if _makes_hook(edit)}
    for manifest in manifests if made else ():
        if manifest.position in made and manifest.unit.is_edited and manifest.hook:
            message = (
                "Helm 3 has taken the hooks out already: it installs this one as an ordinary"
                " object, and leaves it behind on uninstall"
            )
            step = made[manifest.position] if manifest.position else manifest.unit.step
            yield Notice(step, message, manifest.location)


def refuse_unknown(manifests: Manifests) -> None:
    """Refuse a hook that a step gave an event which Helm 4 does not know, and so drops it.

    :raises EditError: then.
    """
    made = {edit.position for edit in manifests.edits if _sets_hook(edit)}
    for manifest in manifests if made else ():
        if manifest.position not in made or not manifest.unit.is_edited:
            continue
        for event in manifest.hook:
            if event.lower() not in EVENTS:
                error = EditError(
                    f"Helm 4 drops a hook with an event that it does not know: `{event}`",
                    location=manifest.at(_HOOK),
                    hint=did_you_mean(event, EVENTS),
                )
                error.step = manifest.unit.step
                raise error


def _makes_hook(edit: Edit) -> bool:
    """Tell whether an edit adds the annotation of a hook."""
    return _sets_hook(edit) and not _has_hook(edit.old, len(edit.path))


def _sets_hook(edit: Edit) -> bool:
    """Tell whether an edit says what the annotation of a hook is."""
    depth = len(edit.path)
    return edit.path == _HOOK[:depth] and _has_hook(edit.new, depth)


def _has_hook(value: Any, depth: int) -> bool:
    for key in _HOOK[depth:]:
        value = value.get(key) if type(value) is dict else None
    return value is not None
