"""Objects from the first step to behind the last: what each was called, and its edits."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from postrender._chain import StepRun
from postrender._edits import Edit
from postrender._manifest import Manifest
from postrender._manifests import Manifests
from postrender._redact import Redactor
from postrender._trace.cover import KINDS, cover


class Identity(NamedTuple):
    """What an object was called at a time."""

    api_version: str
    kind: str
    namespace: str
    name: str
    title: str  #: kind, namespace and name, as in `Deployment shop/web`


class Life:
    """One object."""

    def __init__(self, manifest: Manifest, original: Manifest | None) -> None:
        """Take an object, and what it was in the stream that came, if it was there."""
        self._manifest = manifest
        self._original = original
        self.identities = [_identity(manifest)]

    def look(self) -> None:
        """Take note of a change of kind or name."""
        if (identity := _identity(self._manifest)) != self.identities[-1]:
            self.identities.append(identity)

    @property
    def is_removed(self) -> bool:
        """Whether a step removed it."""
        return self._manifest.is_removed

    @property
    def position(self) -> int:
        """The number of its document in the stream that came, 0 if a step added it."""
        return self._manifest.position

    @property
    def source(self) -> str:
        """The chart's file."""
        return self._manifest.source

    def _was_secret(self, redactor: Redactor) -> bool:
        """Tell whether it may have been a Secret, or may become one."""
        if len({identity.kind for identity in self.identities}) > 1:
            return True
        return redactor.was_secret(self.position, self.identities[-1].title)

    def first(self, redactor: Redactor | None) -> dict[str, Any]:
        """Return it as it came, empty if it did not; *redactor* hides the values of Secrets."""
        value = self._original.to_dict() if self._original else {}
        return cover(value, redactor, turns=self._was_secret(redactor)) if redactor else value

    def last(self, redactor: Redactor | None) -> dict[str, Any]:
        """Return it as it leaves, or as it was when it was removed."""
        value = self._manifest.to_dict()
        return cover(value, redactor, turns=self._was_secret(redactor)) if redactor else value

    def edits(self, edits: Sequence[Edit], redactor: Redactor | None) -> list[Edit]:
        """Return those of *edits* that are edits of it."""
        titles = {identity.title for identity in self.identities}
        is_alone = self.position and self._manifest.index is None
        own = [
            edit
            for edit in edits
            if edit.position == self.position and (is_alone or edit.manifest in titles)
        ]
        if redactor is None:
            return own
        if any(identity.kind in KINDS for identity in self.identities):
            # What it holds is that of a Secret, whatever it is called at the time.
            own = [edit._replace(manifest="Secret") for edit in own]
        return [redactor.edit(edit) for edit in own]


class Lives:
    """All objects of a stream, and those that steps add."""

    def __init__(self, manifests: Manifests) -> None:
        """Look at *manifests* before the first step."""
        # Read once more, since the steps change the others in place.
        originals = Manifests.parse(manifests.to_bytes())
        self._lives = {
            manifest: Life(manifest, original)
            for manifest, original in zip(manifests, originals, strict=True)
        }

    def observe(self, run: StepRun, manifests: Manifests) -> None:
        """Look at the objects after a step; `Pipeline.apply` takes this."""
        self.look(manifests)

    def look(self, manifests: Manifests) -> None:
        """Look at the objects as they are now."""
        for manifest in manifests.all:
            if manifest in self._lives:
                self._lives[manifest].look()
            else:
                self._lives[manifest] = Life(manifest, None)

    def __iter__(self) -> Iterator[Life]:
        """Iterate over all objects, those that came first, in the order of the stream."""
        return iter(self._lives.values())


def _identity(manifest: Manifest) -> Identity:
    name = manifest.name or manifest.generate_name
    title = str(manifest)
    return Identity(manifest.api_version, manifest.kind, manifest.namespace, name, title)
