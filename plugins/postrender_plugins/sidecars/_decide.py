"""Whether a pod template gets what the step puts in, or is left alone, and why."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from postrender import Manifest, Manifests
from postrender_plugins._metadata.places import Place
from postrender_plugins.sidecars._options import NATIVE
from postrender_plugins.sidecars._places import JOBS
from postrender_plugins.sidecars._template import Template

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

Version: TypeAlias = tuple[int, int] | None  # of Kubernetes; None if it is not known

_WORDS: Final = {"true": True, "enabled": True, "false": False, "disabled": False}
_LABELS: Final[Place] = ("metadata", "labels")
_ANNOTATIONS: Final[Place] = ("metadata", "annotations")
#: Linkerd's other word for an injection
_LINKERD: Final = ("linkerd.io/inject", "ingress")


class Reason(NamedTuple):
    """Why a template is left alone, or refused."""

    code: str
    message: str
    refuses: bool = False
    hint: str = ""


def reason(template: Template, options: "Options", version: Version) -> Reason | None:
    """Return why *template* is left alone, None if it is not.

    :param version: that of Kubernetes.
    :raises RefusedError: if it may not be left alone.
    """
    first = None
    for each in _reasons(template, options, version):
        if not each.refuses:
            return first or each
        first = first or each
    if first is not None:
        raise template.refusal(first.message, hint=first.hint)
    return None


def is_native(template: Template, options: "Options", version: Version) -> bool:
    """Tell whether containers run as native sidecars in *template*."""
    is_known = version is not None and version >= NATIVE
    if options.mode == "native" or (options.mode == "auto" and is_known):
        return True
    # Where the version is not known, a Job leaves no choice.
    return options.jobs == "native" and _ends(template) and (is_known or version is None)


def _reasons(template: Template, options: "Options", version: Version) -> Iterator[Reason]:
    if options.pod_where is not None and not options.pod_where.matches(_pod(template)):
        yield Reason("not_selected", "`podWhere` does not select it")
    yield from _opted(template, options)
    if template.spec.get("hostNetwork") is True and options.host_network != "inject":
        message = "it is in the host's network, and `hostNetwork` is not `inject`"
        hint = "leave it alone by `hostNetwork: skip`"
        yield Reason("host_network", message, options.host_network == "error", hint)
    if options.containers and _ends(template) and not is_native(template, options, version):
        message = "its pods are to end, which a container that is no native sidecar prevents"
        hint = "leave Jobs alone by `jobs: skip`"
        yield Reason("job_needs_native", message, refuses=options.jobs != "skip", hint=hint)
    if template.manifest.hook and not options.hooks:
        yield Reason("hook", "hooks are left alone unless `hooks: true`")


def _opted(template: Template, options: "Options") -> Iterator[Reason]:
    for key in options.opt_out:
        if _opt(template, key) is False:
            yield Reason("opted_out", f"{key} says so")
    words = [_opt(template, key) for key in options.opt_in]  # all, for those that are none
    if words and not any(words):
        yield Reason("not_opted_in", f"no {' or '.join(options.opt_in)} says that it may")


def _opt(template: Template, key: str) -> bool | None:
    """Return what *key* says of *template*: the template's word counts before the object's."""
    manifest = template.manifest
    for values, path in _carriers(template):
        if isinstance(values, dict) and key in values:
            word = values[key]
            if (key, word) == _LINKERD:
                return True
            if isinstance(word, bool):  # as Helm's charts often leave it; the API server refuses it
                return word
            if word in _WORDS:
                return _WORDS[word]
            error = template.refusal(f"the value of {key} is none of {', '.join(_WORDS)}")
            error.location = manifest.at((*path, key))
            raise error
    return None


def _carriers(template: Template) -> Iterator[tuple[Any, Place]]:
    """Yield the maps that may say something of *template*, with their paths."""
    yield template.labels, (*template.path, "metadata", "labels")
    yield template.annotations, (*template.path, "metadata", "annotations")
    yield template.manifest.get(_LABELS), _LABELS
    yield template.manifest.get(_ANNOTATIONS), _ANNOTATIONS


def _ends(template: Template) -> bool:
    """Tell whether pods of *template* are to end by themselves."""
    manifest = template.manifest
    if template.spec.get("restartPolicy") in ("Never", "OnFailure"):
        return True
    return (manifest.group, manifest.kind) in JOBS


def _pod(template: Template) -> Manifest:
    """Return a pod that has the labels and annotations of *template*."""
    metadata = {"name": "pod", "labels": template.labels, "annotations": template.annotations}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}
    return Manifests.parse(json.dumps(pod).encode())[0]
