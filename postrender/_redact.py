"""Secrets without their values: numbered placeholders stand where a value was.

Equal values have the same number within one `Redactor`, so a reader sees that a value changed, or
that it stands in two places, and learns nothing else of it: no length, no hash, no first letter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Final

from postrender._edits import Edit
from postrender._manifests import Manifests
from postrender._secrets import SHORTEST, decoded, secrets_in, spellings

#: The annotation in which `kubectl apply` keeps the whole object, values and all.
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"

_ENCODED: Final = "data"
_VALUES: Final = (_ENCODED, "stringData")
_KINDS: Final = ("Secret", "SecretList")
#: Where an edit that leads no deeper than this may give an object another name.
_IDENTITY: Final = ((), ("kind",), ("metadata",))
_SHALLOW: Final = 2
_DEEPEST: Final = 60  #: what is nested deeper is hidden, whatever it is
_TOO_DEEP: Final = "(nested too deep to be shown)"


class Redactor:
    """Hides the values of Secrets in objects and edits, and in texts those it has seen."""

    def __init__(self) -> None:
        """Know no value yet."""
        self._numbers: dict[object, int] = {}
        self._forms: dict[str, str] = {}  # what a text must not hold, and what it gets instead
        self._names: set[str] = set()  # what is no secret, since objects are called so
        self._former: set[tuple[int, str]] = set()
        self._heads: dict[str, list[str]] = {}  # those forms by their first characters
        self._scrubbed: dict[str, str] = {}

    def hidden(self, object: Mapping[str, Any]) -> dict[str, Any]:
        """Return a copy of a whole object without the values of the Secrets that it is or holds."""
        covered: dict[str, Any] = self._cover(object, 0)
        return covered

    def edit(self, edit: Edit) -> Edit:
        """Return *edit* without the values of Secrets; other metadata stays as it is."""
        if self._is_secret(edit):
            path = edit.path
        elif at := _embedded(edit.path):
            path = edit.path[at:]
        elif type(edit.new) is str and type(edit.old) in (str, NoneType):
            return edit
        else:
            return edit._replace(old=self._cover(edit.old, 0), new=self._cover(edit.new, 0))
        return edit._replace(old=self._at(path, edit.old), new=self._at(path, edit.new))

    def learn(self, manifests: Manifests) -> None:
        """Learn the values of the Secrets among *manifests* and in their edits, for `scrub`."""
        self.learn_edits(manifests.edits)
        for manifest in manifests.all:
            if manifest.kind in _KINDS or self.was_secret(manifest.position, str(manifest)):
                self._secret(manifest.to_dict(), 0)

    def learn_stream(self, stream: bytes) -> None:
        """Learn the values of the Secrets in *stream*, as far as it can be read."""
        for value in secrets_in(stream):
            self._cover(value, 0)

    def learn_edits(self, edits: Sequence[Edit]) -> None:
        """Learn the values of Secrets that were replaced, made or removed."""
        titles: set[str] = set()
        renamed = {0}  # what was added, or may have got the name of a value
        for edit in edits:
            if edit.position not in renamed:
                titles.add(edit.manifest)
            if len(edit.path) <= _SHALLOW and edit.path[:1] in _IDENTITY:
                renamed.add(edit.position)
                if edit.path in ((), ("kind",)) and _turns(edit):
                    name = edit.manifest.partition(" ")[2]
                    # What is added may be the same Secret with another kind: programs do that.
                    self._former |= {(edit.position, name), (0, name)}
        for title in titles:
            self._names.update(title.partition(" ")[2].split("/"))
        for edit in edits:
            # Most edits set a label, and there are many.
            if type(edit.new) is not str or edit.path[:2] != ("metadata", "labels"):
                self.edit(edit)

    def scrub(self, text: str) -> str:
        """Return *text* with a placeholder for each value of a Secret that was seen so far.

        Those that are shorter than six characters, common words or names of objects stay.
        """
        if not self._forms or len(text) < SHORTEST:
            return text
        scrubbed = self._scrubbed.get(text)
        if scrubbed is None:
            scrubbed = self._scrubbed[text] = self._replaced(text)
        return scrubbed

    def _replaced(self, text: str) -> str:
        """Return *text* with the placeholders."""
        # One pattern of all forms would be tried at each character, form by form.
        heads = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}
        found = [form for head in heads & self._heads.keys() for form in self._heads[head]]
        forms = sorted({form for form in found if form in text} - self._names, key=len)
        if not forms:
            return text
        pattern = re.compile("|".join(map(re.escape, reversed(forms))))
        return pattern.sub(lambda match: self._forms[match.group()], text)

    # -- objects ----------------------------------------------------------------------------------

    def _cover(self, value: Any, depth: int) -> Any:
        """Return a copy of *value*, whatever it is, without the values of Secrets in it."""
        if depth > _DEEPEST:
            return _TOO_DEEP
        if isinstance(value, Mapping):
            if value.get("kind") in _KINDS:
                return self._secret(value, depth)
            return {key: self._cover(each, depth + 1) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._cover(each, depth + 1) for each in value]
        return value

    def _secret(self, value: Any, depth: int) -> Any:
        """Return a copy of a Secret, or of a list of Secrets, without values."""
        if not isinstance(value, Mapping):
            return self._cover(value, depth)
        return {key: self._member(key, each, depth + 1) for key, each in value.items()}

    def _member(self, key: Any, value: Any, depth: int) -> Any:
        """Return a copy of what a Secret has under *key*."""
        if key in _VALUES:
            if isinstance(value, Mapping):
                return {name: self._placeholder(each, key) for name, each in value.items()}
            return self._placeholder(value, key)
        if key == "items" and isinstance(value, list | tuple):
            return [self._secret(each, depth + 1) for each in value]
        covered = self._cover(value, depth)
        annotations = covered.get("annotations") if isinstance(covered, dict) else None
        if key == "metadata" and isinstance(annotations, dict) and LAST_APPLIED in annotations:
            annotations[LAST_APPLIED] = self._placeholder(annotations[LAST_APPLIED])
        return covered

    def _at(self, path: tuple[str | int, ...], value: Any) -> Any:
        """Return a copy of what stands at *path* of a Secret, without values."""
        if path[:1] == ("items",) and len(path) > 1:
            path = path[2:]
        whole = value
        for key in reversed(path):
            whole = {key: whole}
        covered = self._secret(whole, 0)
        for key in path:
            if not isinstance(covered, dict):
                break  # all of it is hidden
            covered = covered[key]
        return covered

    def _is_secret(self, edit: Edit) -> bool:
        kind = edit.manifest.partition(" ")[0]
        return kind in _KINDS or self.was_secret(edit.position, edit.manifest)

    def was_secret(self, position: int, title: str) -> bool:
        """Tell whether an object that a step made something else was, or becomes, a Secret."""
        return bool(self._former) and (position, title.partition(" ")[2]) in self._former

    # -- values -----------------------------------------------------------------------------------

    def _placeholder(self, value: Any, key: str = "") -> Any:
        """Return what stands for *value*, None for none, and remember the value for `scrub`."""
        if value is None:
            return None
        leaves: list[Any] = []
        if isinstance(value, Mapping | list | tuple):  # which no Secret may have there
            leaves += _leaves(value)
            value = repr(self._cover(value, 0))
        plain = decoded(value) if key == _ENCODED else value
        number = self._numbers.setdefault(plain, len(self._numbers) + 1)
        for leaf in leaves:
            self._placeholder(leaf)
        placeholder = f"(hidden {number})"
        for form in (*spellings(value), *spellings(plain)):
            if form not in self._forms:
                self._forms[form] = placeholder
                self._heads.setdefault(form[:SHORTEST], []).append(form)
                self._scrubbed.clear()
        return placeholder


def _leaves(value: Any) -> Iterator[Any]:
    """Give what stands in a collection, however deep."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, Mapping):
            stack.extend(each.values())
        elif isinstance(each, list | tuple):
            stack.extend(each)
        else:
            yield each


def _turns(edit: Edit) -> bool:
    """Tell whether an edit makes a Secret something else, or something else a Secret."""
    values = (edit.old, edit.new)
    kinds = [value.get("kind") if isinstance(value, Mapping) else value for value in values]
    return "Secret" in kinds and kinds[0] != kinds[1]


def _embedded(path: tuple[str | int, ...]) -> int:
    """Return where a path leads into the values of what may be a Secret in a list, else 0."""
    for index in range(1, len(path)):
        if path[index] in _VALUES and type(path[index - 1]) is int:
            return index
    return 0
