"""What the steps did to each document of a stream: its lines before and after, and their steps."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from postrender._chain import StepRun
from postrender._edits import Edit
from postrender._errors import EditError
from postrender._host import STEP
from postrender._manifests import Manifests
from postrender._redact import Redactor
from postrender._trace.cover import KINDS, count_above, hide, scrub_lines
from postrender._trace.lineage import Lineage, Replacement
from postrender._trace.lines import common
from postrender._trace.words import name_step, one_line
from postrender._unit import Unit


class Change(NamedTuple):
    """A document that is not as it came."""

    before: str  #: its name and place in the stream that came, "" if a step added it
    after: str  #: its name and place in the stream that leaves, "" if a step removed it
    old_line: int  #: how many lines are before it in the stream that came
    new_line: int  #: how many lines are before it in the stream that leaves
    lines: Sequence[str]  #: its text in the stream that leaves
    replacements: Sequence[Replacement]
    notes: Sequence[str]  #: what no line shows


class _Version(NamedTuple):
    step: str
    piece: bytes


class _Track:
    """What became of one document."""

    def __init__(self, count: int, piece: bytes) -> None:
        self.count = count  #: how many objects it had
        self.versions = [_Version("", piece)]

    @property
    def is_changed(self) -> bool:
        return self.versions[0].piece != self.versions[-1].piece

    def take(self, step: str, piece: bytes) -> None:
        """Remember what *step* made of it, if anything."""
        if piece != self.versions[-1].piece:
            self.versions.append(_Version(step, piece))


class Recorder:
    """Sees the documents before the first step and after each one.

    It never asks an object for what it holds: in a large stream that would build trees anew.
    """

    def __init__(self, manifests: Manifests) -> None:
        """Look at the stream as it came."""
        self._step = ""
        self._drafts: dict[Unit, str] = {}
        self._tracks = {
            unit: _Track(len(unit.manifests), piece)
            for unit, piece in manifests.pieces(self._draft)
        }
        self._first = self._order = list(self._tracks)
        self._rearrangers: list[str] = []

    def observe(self, run: StepRun, manifests: Manifests) -> None:
        """Look at the stream after a step; `Pipeline.apply` takes this."""
        self._step = run.title
        self._take(run.title, manifests, self._draft)

    def changes(self, manifests: Manifests, redactor: Redactor | None) -> Iterator[Change]:
        """Yield what has changed, in the order of the stream that leaves.

        :param manifests: the stream after the last step.
        :param redactor: what hides the values of Secrets, None to show them.
        :raises EditError: if the stream cannot be written.
        """
        self._take("", manifests, Unit.text)
        edits: dict[int, list[Edit]] = {}
        for edit in manifests.edits:
            edits.setdefault(edit.position, []).append(edit)
        moved = self._moved()
        for unit, old_line, new_line in self._places():
            notes = [moved[unit]] if unit in moved else []
            if self._tracks[unit].is_changed or notes:
                past = _Past(unit, self._tracks[unit].count, edits.get(unit.position, ()))
                yield self._change(past, redactor, notes, (old_line, new_line))

    def _change(
        self, past: "_Past", redactor: Redactor | None, notes: list[str], starts: tuple[int, int]
    ) -> Change:
        track = self._tracks[past.unit]
        pieces = [version.piece for version in track.versions]
        was_secret = redactor is not None and past.was_secret(redactor)
        is_secret, turns = past.is_secret or was_secret, past.turns or was_secret
        texts = hide(pieces, redactor, is_secret=is_secret, turns=turns)
        if texts is None:
            texts = [piece.decode(errors="surrogateescape") for piece in pieces]
        else:
            starts = starts[0] + count_above(pieces[0]), starts[1] + count_above(pieces[-1])
        if redactor:
            texts = [scrub_lines(text, redactor.scrub) for text in texts]
        lineage = Lineage(texts[0])
        for version, text in zip(track.versions[1:], texts[1:], strict=True):
            lineage.advance(text, version.step)
        if track.is_changed and texts[0] == texts[-1]:
            notes.append("its text differs where a Secret is not shown")
        before, after = past.before if pieces[0] else "", past.after if pieces[-1] else ""
        replacements = list(lineage.replacements())
        return Change(before, after, *starts, lineage.lines, replacements, notes)

    def _take(self, step: str, manifests: Manifests, text: Callable[[Unit], str]) -> None:
        """Remember what a step made of each document, "" for what comes behind the last one."""
        order = []
        for unit, piece in manifests.pieces(text):
            order.append(unit)
            track = self._tracks.setdefault(unit, _Track(0, b""))
            track.take(step or unit.step or STEP, piece)
        left = set(order)
        for unit in self._order:
            if unit not in left:
                self._tracks[unit].take(step or unit.step, b"")
        if _moves(self._order, order):
            self._rearrangers.append(step or STEP)
        self._order = order

    def _draft(self, unit: Unit) -> str:
        """Return the text of a document, which is new only where this step has edited it."""
        if unit not in self._drafts or unit.step == self._step:
            try:
                self._drafts[unit] = unit.draft()
            except EditError:  # a later step may mend it, or the end of the run tells
                self._drafts.setdefault(unit, "")
        return self._drafts[unit]

    def _moved(self) -> dict[Unit, str]:
        """Return the documents that left the order of the others, with what to say of each."""
        numbers = {unit: number for number, unit in enumerate(self._order, 1)}
        steps = ", ".join(map(name_step, self._rearrangers))
        return {
            unit: f"document {unit.position} is now document {numbers[unit]}, {steps}"
            for unit in _moves(self._first, self._order)
        }

    def _places(self) -> Iterator[tuple[Unit, int, int]]:
        """Yield all documents with the numbers of lines before them in both streams."""
        starts: dict[Unit, int] = {}
        gone: dict[Unit | None, list[Unit]] = {}  # by the document that they stood behind
        left = set(self._order)
        last: Unit | None = None
        lines = 0
        for unit in self._first:
            starts[unit] = lines
            lines += self._tracks[unit].versions[0].piece.count(b"\n")
            if unit in left:
                last = unit
            else:
                gone.setdefault(last, []).append(unit)
        old = new = 0
        for place in (None, *self._order):
            for unit in (place, *gone.get(place, ())):
                if unit is not None:
                    versions = self._tracks[unit].versions
                    old = starts.get(unit, old)
                    yield unit, old, new
                    old += _count(versions[0].piece, unit in self._first[-1:])
                    new += _count(versions[-1].piece, unit in self._order[-1:])


def _count(piece: bytes, is_last: bool) -> int:
    """Return how many lines end in a document; the next may share one, but none is behind all."""
    return piece.count(b"\n") + (is_last and not piece.endswith(b"\n"))


def _moves(before: Sequence[Unit], after: Sequence[Unit]) -> list[Unit]:
    """Return the documents that have to be moved to get one order from the other."""
    old, new = set(before), set(after)
    before = [unit for unit in before if unit in new]
    after = [unit for unit in after if unit in old]
    if before == after:
        return []
    stay = {unit for run in common(before, after) for unit in before[run.old : run.old + run.size]}
    return [unit for unit in after if unit not in stay]


class _Past:
    """What a document was called, as its edits tell."""

    def __init__(self, unit: Unit, count: int, edits: Sequence[Edit]) -> None:
        self.unit = unit
        self._count = count
        titles = [str(manifest) for manifest in unit.manifests]
        if not unit.position:
            # All that was added has this number, and names alone tell one from the other.
            names = {_name_of(title) for title in titles}
            edits = [edit for edit in edits if _name_of(edit.manifest) in names]
        self._titles = [*(edit.manifest for edit in edits), *titles]
        #: whether a step made another kind of object of one
        self.turns = any(
            edit.path == ("kind",) or (edit.op == "replace" and not edit.path) for edit in edits
        )
        #: whether one of its objects is a Secret, at any time that is known
        self.is_secret = any(title.partition(" ")[0] in KINDS for title in self._titles)

    def was_secret(self, redactor: Redactor) -> bool:
        """Tell whether one of its objects stands for a Secret, as *redactor* knows."""
        return any(redactor.was_secret(self.unit.position, title) for title in self._titles)

    @property
    def before(self) -> str:
        """Name and place in the stream that came, as in `Service web (shop/templates/web.yaml)`."""
        return self._name(self._titles[:1], self._count)

    @property
    def after(self) -> str:
        """Name and place in the stream that leaves."""
        return self._name(self._titles[-1:], len(self.unit.manifests))

    def _name(self, titles: Sequence[str], count: int) -> str:
        place = f"document {self.unit.position}" if self.unit.position else ""
        if not titles:
            return place
        is_list = self.unit.manifests[0].index is not None
        name = f"list of {count} objects" if is_list else titles[0]
        place = self.unit.source or place
        return one_line(f"{name} ({place})" if place else name)


def _name_of(title: str) -> str:
    """Return namespace and name without the kind."""
    return title.partition(" ")[2]
