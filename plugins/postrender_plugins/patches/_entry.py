"""One entry in a run: what it matches and changes, and what is refused or told of that."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from postrender import Context, ExpectError, Location, Manifest, Manifests, PostrenderError
from postrender_plugins._merge.apply import Patching
from postrender_plugins._merge.choices import Choices, Style
from postrender_plugins._merge.named import Name
from postrender_plugins._merge.schemas import Schemas
from postrender_plugins._merge.text import JsonPatch, Patch
from postrender_plugins._merge.watch import Reach
from postrender_plugins.patches._options import Entry

Kind: TypeAlias = tuple[str, str]  # apiVersion and kind
INFERRED: Final = "metadata.namespace"  #: the source of a namespace that nobody stated
_KIND_WORDS: Final = frozenset(["kind", "group", "version", "apiVersion"])


class Step:
    """What the entries of a step share."""

    def __init__(self, manifests: Manifests, context: Context) -> None:
        """Take the objects that the step selects."""
        self.edits = manifests.edits  # all that there are so far
        self.context = context
        self._default = ""

    def default(self) -> str:
        """Return the namespace of what says none: the release's, where that was stated."""
        if not self._default:
            fact = self.context.namespace
            is_stated = fact is not None and fact.source != INFERRED
            self._default = fact.value if fact is not None and is_stated else "default"
        return self._default


class EntryRun:
    """One entry in a run."""

    def __init__(
        self, entry: Entry, number: int, patches: Sequence[Patch], schemas: Schemas, step: Step
    ) -> None:
        """Take an entry, its number (0 where it is the only one) and its patches."""
        self.renamed: list[Manifest] = []  #: the objects that it gave other names
        self._title = _title(entry, number)
        self._entry = entry
        self._patches = patches
        self._step = step
        self._choices = _choices(entry)
        self._patching = Patching(schemas, self._notify)
        self._names = [
            None if entry.target or isinstance(patch, JsonPatch) else Name.of(patch.value)
            for patch in patches
        ]
        self._all = range(len(patches))
        self._by_kind: dict[Kind, bool] = {}  # whether a target of kinds alone has each
        #: whether it may change what an object is called
        self.may_rename = bool(self._choices.header) or any(
            isinstance(patch, JsonPatch) and Reach.of(patch.operations).identity
            for patch in patches
        )
        self._matched = [0] * len(patches)  # how many objects each patch matched
        self._objects = 0  # how many objects any patch matched
        self._changes = 0
        self._notices: dict[str, list[Location]] = {}

    def visit(self, manifest: Manifest, kind: Kind) -> None:
        """Apply the patches to an object, of this kind, that they are for."""
        fitting = self._fitting(manifest, kind)
        if not fitting:
            return
        before, title = len(self._step.edits), str(manifest)
        for index in fitting:
            self._matched[index] += 1
            try:
                self._patching.apply(manifest, self._patches[index], self._choices)
            except PostrenderError as error:
                error.message = self._told(error.message)
                raise
            if manifest.is_removed:
                break
        self._objects += 1
        self._changes += len(self._step.edits) - before
        if not manifest.is_removed and str(manifest) != title:
            self.renamed.append(manifest)

    def _fitting(self, manifest: Manifest, kind: Kind) -> Sequence[int]:
        """Return the indexes of the patches that are for an object."""
        target = self._entry.target
        if target is None:
            ignores = self._entry.options.ignore_api_version
            return [
                index
                for index, name in enumerate(self._names)
                if name
                and name.kind == kind[1]
                and name.matches(manifest, self._step.default, ignores_version=ignores)
            ]
        fits = self._by_kind.get(kind)
        if fits is None:
            fits = target.matches(manifest)
            if target.words <= _KIND_WORDS:
                self._by_kind[kind] = fits
        return self._all if fits else ()

    def _notify(self, message: str, location: Location) -> None:
        self._notices.setdefault(message, []).append(location)

    def finish(self, manifests: Manifests) -> None:
        """Refuse a number of matches that the entry does not allow, and tell what is worth it."""
        self._expect(manifests)
        for message, locations in self._notices.items():
            more = len(locations) - 1
            also = f" (and {more} more like this)" if more else ""
            self._step.context.notice(self._told(message + also), locations[0])
        if not self._changes:
            what = f"matched {self._objects} and changed nothing" if self._patches else "is empty"
            self._step.context.notice(f"{self._title or 'the patch'} {what}")

    def _told(self, message: str) -> str:
        return f"{self._title}: {message}" if self._title else message

    def _expect(self, manifests: Manifests) -> None:
        least, most = self._entry.bounds
        if not self._patches:
            return
        for name, matched in zip(self._names, self._matched, strict=True):
            if name is not None and not matched and least:
                message = f"there is no {name} among {len(manifests)} objects"
                raise ExpectError(self._told(message), hint=name.nearest(manifests))
        if self._objects < least or (most is not None and self._objects > most):
            target = f"the target {self._entry.target}" if self._entry.target else "the patch"
            count = f"{self._objects or 'none'} of {len(manifests)} objects"
            message = self._told(f"{target} matches {count}, but {_bounds(least, most)}")
            raise ExpectError(message, hint=self._hint(manifests))

    def _hint(self, manifests: Manifests) -> str:
        """Return what may have been meant by a target that matches nothing."""
        target = self._entry.target
        return target.hint(manifests) if target and not self._objects else ""


def kind_of(manifest: Manifest) -> Kind:
    """Return apiVersion and kind of an object."""
    return (manifest.api_version, manifest.kind)


def _title(entry: Entry, number: int) -> str:
    """Return what messages call an entry, "" for one that stands alone without a name."""
    if not number:
        return f"entry {entry.name}" if entry.name else ""
    return f"entry {number} ({entry.name})" if entry.name else f"entry {number}"


def _bounds(least: int, most: int | None) -> str:
    if least == most:
        return f"must match {least}"
    upper = f"at most {most}" if most is not None else ""
    return "must match " + " and ".join(part for part in (f"at least {least}", upper) if part)


def _choices(entry: Entry) -> Choices:
    options = entry.options
    header = {
        "allowNameChange": options.allow_name_change,
        "allowKindChange": options.allow_kind_change,
        "allowNamespaceChange": options.allow_namespace_change,
    }
    style = Style(
        append=options.new_items == "append",
        allow_type_change=options.allow_type_change,
        is_literal=entry.type == "merge",
    )
    return Choices(
        style=style,
        is_targeted=entry.target is not None,
        header=frozenset(choice for choice, is_made in header.items() if is_made),
        create_parents=options.create_parents,
        ignore_missing=options.ignore_missing,
        lenient=options.lenient,
    )
