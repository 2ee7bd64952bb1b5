"""One step: the pod templates of every manifest, and what there is to tell of them."""

from collections import Counter
from typing import TYPE_CHECKING

from postrender import Context, Manifest, Manifests, RefusedError
from postrender_plugins._metadata.places import Place
from postrender_plugins._podspec.version import known
from postrender_plugins.sidecars import _marker
from postrender_plugins.sidecars._contents import Contents, Recipe
from postrender_plugins.sidecars._decide import Reason, is_native, reason
from postrender_plugins.sidecars._growth import Growth
from postrender_plugins.sidecars._hazards import hazards, rootless, scalers
from postrender_plugins.sidecars._inject import Injection
from postrender_plugins.sidecars._options import NATIVE
from postrender_plugins.sidecars._places import places
from postrender_plugins.sidecars._template import CONTAINERS, Template
from postrender_plugins.sidecars._validate import Validation
from postrender_plugins.sidecars._values import values_of
from postrender_plugins.sidecars._write import write

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options


def transform(manifests: Manifests, options: "Options", context: Context) -> None:
    """Put into the pod templates of *manifests* what *options* say, or take it out.

    :raises RefusedError: with everything that speaks against it.
    """
    step = _Step(manifests, options, context)
    for manifest in manifests:
        step.edit(manifest)
    step.finish()


def _version(options: "Options", context: Context) -> tuple[int, int] | None:
    """Return the version of Kubernetes, None if it is not known.

    :raises RefusedError: if it is too old for what *options* ask for.
    """
    found = known(options.kube_version, context)
    if options.mode == "native" and found and found < NATIVE and context.kube_version:
        message = "`mode` is native, and there are native sidecars from Kubernetes 1.29 on"
        fact = context.kube_version
        raise RefusedError(message, hint=f"{fact.source} says {fact.value}")
    return found


class _Step:
    """Goes from template to template, and remembers what is told at the end."""

    def __init__(self, manifests: Manifests, options: "Options", context: Context) -> None:
        self._all = manifests.all
        self._options = options
        self._context = context
        self._recipe = Recipe(options)
        self._version = _version(options, context)
        self._validation = Validation(options, context, self._version)
        self._scaled: dict[tuple[str, str, str], dict[str, str]] | None = None
        self._skipped: Counter[str] = Counter()
        self._refused: list[RefusedError] = []
        self._count = self._changed = 0

    def edit(self, manifest: Manifest) -> None:
        """Put in or take out what the step is for, in every template of *manifest*."""
        found = places(manifest, self._options)
        for path in found.templates:
            self._count += 1
            try:
                self._edit(Template(manifest, path))
            except RefusedError as error:
                self._refused.append(error)
        for path in found.missing:
            self._skip(manifest, path, Reason("no_pod_template", "there is no pod template"))
        if found.is_unsupported:
            message = "the kind has containers in it, and no pod template that is known"
            self._skip(manifest, (), Reason("unsupported_kind", message))

    def _edit(self, template: Template) -> None:
        entries = _marker.read(template)
        title = self._options.title
        former = next((each for each in entries if each.rpartition("@")[0] == title), "")
        others = {key: value for key, value in entries.items() if key != former}
        if former:
            _marker.write(template, others)
        undone = _marker.undo(template, entries.get(former, []))
        if self._options.remove:
            if former:
                self._take_out(template, others, undone)
            return
        why = reason(template, self._options, self._version)
        if why is None:
            ours = {each for name in CONTAINERS for each in _marker.added(entries, name)}
            values = values_of(template, self._options, self._context, ours)
            native = is_native(template, self._options, self._version)
            put_in, key = self._recipe.make(values, native=native)
            if key != former:
                order = [key if each == former else each for each in entries]
                records = {each: others.get(each, []) for each in (*order, key)}
                self._put_in(template, put_in, undone, key, records)
                return
            why = Reason("already_injected", "an earlier run has put in the same")
        self._skip(template.manifest, template.path, why)
        self._validation.tell(template)

    def _put_in(
        self,
        template: Template,
        put_in: Contents,
        undone: _marker.Undone,
        key: str,
        entries: _marker.Entries,
    ) -> None:
        def tell(message: str, *keys: str | int) -> None:
            self._context.notice(message, template.manifest.at((*template.path, *keys)))

        names = {each for name in CONTAINERS for each in _marker.added(entries, name)}
        growth = Growth(template, tell)
        Injection(growth, self._options, others=names, places=undone.places).put_in(put_in)
        entries[key] = [*undone.left, *growth.records]
        _marker.write(template, entries)
        self._look(template, put_in)
        write(template.manifest, template.path, template.before, template.after)
        self._changed += 1

    def _take_out(
        self,
        template: Template,
        others: _marker.Entries,
        undone: _marker.Undone,
    ) -> None:
        for records in list(others.values())[:1]:
            records[:0] = undone.left  # that one now takes out what holds both
            _marker.write(template, others)
        write(template.manifest, template.path, template.before, template.after)
        self._changed += 1

    def _look(self, template: Template, put_in: Contents) -> None:
        """Look at the result for what is refused, and what is told."""
        self._refused += self._validation.changed(template)
        if name := rootless(template, put_in):
            hint = "give it a `runAsUser`, or `runAsNonRoot: true` if its image has another user"
            message = f"the container {name} may run as root, which the pod forbids"
            self._refused.append(template.refusal(message, "spec", hint=hint))
        for message in hazards(template, put_in, self._scaled_by(template.manifest)):
            self._context.notice(message, template.manifest.at(template.path))

    def _scaled_by(self, manifest: Manifest) -> dict[str, str]:
        if self._scaled is None:
            self._scaled = scalers(self._all)
        return self._scaled.get((manifest.namespace, manifest.kind, manifest.name), {})

    def _skip(self, manifest: Manifest, path: Place, why: Reason) -> None:
        self._skipped[why.code] += 1
        self._context.notice(f"skipped ({why.code}): {why.message}", manifest.at(path))

    def finish(self) -> None:
        """Refuse everything that is to be refused, or tell how many templates were changed.

        :raises RefusedError: if there is any, or too few templates were changed.
        """
        if len(self._refused) == 1:
            raise self._refused[0]
        if self._refused:
            lines = map(str, self._refused)
            raise RefusedError("\n  ".join([f"there are {len(self._refused)} problems", *lines]))
        done = "taken out of" if self._options.remove else "put into"
        message = f"{self._options.title} was {done} {self._changed} of {self._count} pod templates"
        if self._skipped:
            reasons = (f"{code} {count}" for code, count in self._skipped.items())
            message += f"; skipped: {', '.join(reasons)}"
        have = self._changed + self._skipped["already_injected"]
        if have < self._options.min_matches:
            raise RefusedError(f"{message}; `minMatches` is {self._options.min_matches}")
        self._context.notice(message)
