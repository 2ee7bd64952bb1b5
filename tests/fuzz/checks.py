"""What has to hold for every edited document."""

from random import Random
from typing import Any, NamedTuple

from fuzz.compare import EAGER, events
from fuzz.edits import Edit, Editor, any_edit
from fuzz.model import Model, Span

from postrender._yaml import MISSING, Document, YamlError, same, write, written
from postrender._yaml.nodes import Wanted
from postrender._yaml.plain import plain

WAYS = {
    "spliced": write._spliced,
    "by ruamel.yaml": write._round_tripped,
    "spliced, comments lost": write._spliced_at_any_cost,
    "anew": write._anew,
}


class Failure(AssertionError):
    """A document and edits that give what they must not."""


class Case(NamedTuple):
    """A document and what is done to it."""

    text: str
    edits: tuple[Edit, ...]
    wanted: Wanted = None

    def __str__(self) -> str:
        """Return what makes it again."""
        edits = "".join(f"\n  {edit!r}" for edit in self.edits)
        return f"text = {self.text!r}\nwanted = {self.wanted!r}\nedits ={edits}"


def any_case(random: Random, text: str) -> Case:
    """Return a document with some edits; raises `YamlError` when it is none."""
    editor = Editor(Model(text))
    edits = []
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        edit = any_edit(random, editor.model.root)
        if edit is not None:
            editor.apply(edit)
            edits.append(edit)
    return Case(text, tuple(edits), random.choice((None, EAGER, {})))


def check(case: Case) -> str:
    """Edit a document and check the text that is written; return the way that it was written.

    Raises `Failure`.
    """
    document = Document(case.text, case.wanted)
    editor = Editor(Model(case.text))
    try:
        assert written(document) is case.text, "an unedited document is written anew"
        for edit in case.edits:
            editor.apply(edit)
            edit.apply(document)
        return _check_edited(document, editor)
    except Exception as error:
        raise Failure(f"{error!r}\n{case}") from error


def smallest(case: Case) -> Case:
    """Return the smallest case that still fails, by leaving out lines and edits."""
    smaller = True
    while smaller:
        smaller = False
        rows = case.text.split("\n")
        fewer = [
            case._replace(edits=case.edits[:i] + case.edits[i + 1 :])
            for i in range(len(case.edits))
        ]
        for width in (32, 8, 2, 1):
            fewer += [
                case._replace(text="\n".join(rows[:i] + rows[i + width :]))
                for i in range(0, len(rows) - width, max(width // 2, 1))
            ]
        for each in fewer:
            if _fails(each):
                case, smaller = each, True
                break
    return case


def _fails(case: Case) -> bool:
    try:
        model = Model(case.text)
        if not case.edits or model.root.value is MISSING:
            return False
        editor = Editor(model)
        for edit in case.edits:
            editor.apply(edit)
    except (YamlError, LookupError, TypeError, AttributeError, AssertionError):
        return False  # no document, or no such edits
    try:
        check(case)
    except Failure:
        return True
    return False


def _check_edited(document: Document, editor: Editor) -> str:
    expected = editor.model.root.plain()
    assert same(document.get(()), expected), f"the tree is {document.get(())!r}, not {expected!r}"
    new = written(document)
    assert same(value_of(new), expected), f"reads back as another value: {new!r}"
    if new is document.text:
        return "not edited"
    way = next(name for name, write in WAYS.items() if write(document) == new)
    if way.startswith("spliced") and not editor.model.is_tied:
        assert _order(value_of(new)) == _order(expected), f"the keys are in another order: {new!r}"
    missing = lost(editor, new, way)
    if missing is not None:
        assert way != "spliced", f"the line {missing!r} is lost in {new!r}"
        way += ", a comment lost"
    assert written(Document(new)) is new
    return way


def value_of(text: str) -> Any:
    """Return what *text* means by its events alone."""
    try:
        tree = events(text)
    except YamlError as error:
        raise AssertionError(f"reads back as no YAML: {error}: {text!r}") from error
    return MISSING if tree is None else plain(tree)


def lost(editor: Editor, new: str, way: str) -> str | None:
    """Return a line of the old text that had to stay and did not, None when all stayed."""
    model = editor.model
    if model.has_odd_characters:
        return None
    spans = [*editor.allowed, *_ties(editor)] if model.is_tied else editor.allowed
    kept = _outside(model.rows, spans)
    if way == "spliced":
        rows = iter(new.split("\n"))
        last = model.rows[-1]
        return next((row for row in kept if not _stands(row, rows, is_last=row is last)), None)
    if way == "by ruamel.yaml":
        comments = _outside(model.rows, [*_with_comments_behind(model, spans), *model.scalars])
        return next(
            (each for each in comments if each.lstrip()[:1] == "#" and each.strip() not in new),
            None,
        )
    return None


def _with_comments_behind(model: Model, spans: list[Span]) -> list[Span]:
    """Return *spans* with the comment lines behind each, which ruamel.yaml counts to it."""
    longer = []
    for first, end in spans:
        last = end
        while last + 1 < len(model.rows) and model.rows[last + 1].lstrip()[:1] in ("", "#"):
            last += 1
        longer.append((first, last))
    return longer


def _ties(editor: Editor) -> list[Span]:
    """Return the lines that an edit of tied parts may touch: of all that is tied, and its own."""
    model = editor.model
    members = Model(model.text).root.value
    touched = [members[key] for key in editor.tops if isinstance(members, dict) and key in members]
    return [*model.ties, *(each.lines for each in touched if each.lines)]


def _outside(rows: list[str], spans: list[Span]) -> list[str]:
    inside = {line for first, last in spans for line in range(first, last + 1)}
    return [row for number, row in enumerate(rows) if number not in inside]


def _stands(row: str, rows: Any, *, is_last: bool) -> bool:
    """Tell whether a row is among the rest of *rows*."""
    return any(each == row or (is_last and each == row + "\r") for each in rows)


def _order(value: Any) -> Any:
    """Return the keys of all maps in *value*, in their order."""
    if isinstance(value, dict):
        return [(name, _order(each)) for name, each in value.items()]
    return [_order(each) for each in value] if isinstance(value, list) else None
