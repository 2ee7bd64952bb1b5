"""Random edits, made in a document and in its model, and the lines that each may touch."""

from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

from fuzz.model import Held, Model, Span, fresh

from postrender._yaml import Document, Path, PathError, copied

VALUES: tuple[Any, ...] = (
    "x", "yes", "0777", "1e3", "a: b", "#c", "", "multi\nline\ntext\n", "a\n\nb", "it's", '"q"',
    "-", "- a", "{x}", "[y", " lead", "trail ", "é🎉", "1.0", "null", "~", "a\tb", "@x", "%d",
    "*a", "&a", "!t", "| x", "> x", "a #b", "a:b", "http://x:80/y?z=1", "true", "---", "...",
    "one\n---\ntwo\n", "tail \nx", "\n", "\n\n", "a\r\nb\n", "a\rb", "\ttab", "\x7f\x85\u2028",
    "\ufeff", "\x00\x1b", "x:", "<<", "=", "é\nü\n", "# c\nd\n", "  deep\nless\n", "\\", "a\\nb",
    5, -3, 1.5, 1e22, 1e-7, 2**63, 0, -0.0, True, False, None, {}, [], [[], {}], {"a": {}},
    {"a": 1, "b": {"c": ["d", "e"]}}, [1, "two", {"k": "v", "l": [3]}], [[1, 2], [[]]],
    {"x y": "yes", "on": "1"}, {"": None, "1": "a", "a: b": "c", "<<": "m", "é": "\n"},
    {"name": "sidecar", "image": "r/x:1", "env": [{"name": "A", "value": "1"}]},
    {"text": "line\nline\n", "more": ["a\nb", {"c": "d\n"}]},
)  # fmt: skip
NAMES = ("new", "a b", "yes", "x.io/y", "1", "", "a: b", "é", "null", "#", "name", "b")


class Edit(NamedTuple):
    """What was done, to be done again."""

    op: str
    path: Path
    value: Any = None
    before: str | None = None  #: the key in front of which a new one goes

    def apply(self, document: Document) -> None:
        """Edit *document*; raises `PathError`."""
        value = copied(self.value)
        if self.op == "remove":
            document.remove(self.path)
        elif self.op == "insert":
            document.insert(self.path, value)
        else:
            document.put(self.path, value, create=self.op == "create", before=self.before)


class Editor:
    """Edits a model, and knows the lines that the edits may touch."""

    def __init__(self, model: Model) -> None:
        """Edit *model*."""
        self.model = model
        self.allowed: list[Span] = []
        self.tops: set[str | int] = set()  #: the members of the root that were edited

    def apply(self, edit: Edit) -> None:
        """Make an edit that can be made."""
        self.tops.add(edit.path[0])
        if self.model.is_loose:
            self._may_touch_flow(edit.path)
        if edit.before is None:
            getattr(self, f"_{edit.op}")(edit.path, fresh(edit.value))
        else:
            self._place(edit.path, fresh(edit.value), edit.before)

    def _put(self, path: Path, new: Held) -> None:
        parent = _parent(self.model.root, path)
        self._put_in(parent, path, new)

    def _place(self, path: Path, new: Held, before: str) -> None:
        parent = _parent(self.model.root, path)
        if parent.has(path[-1]) or not parent.has(before):
            self._put_in(parent, path, new)
            return
        pairs = list(parent.value.items())
        index = list(parent.value).index(before)
        self._may_add(path[:-1], parent, index)
        if parent.lines and parent.child(before).lines:
            self._climb_to_item(path, parent, before)
        pairs.insert(index, (str(path[-1]), new))
        parent.value.clear()
        parent.value.update(pairs)

    def _climb_to_item(self, path: Path, parent: Held, before: str) -> None:
        """Allow the first line of a map behind a dash, whose first key is pushed down."""
        first = min(each.lines[0] for each in parent.members() if each.lines)
        lines = parent.child(before).lines
        # Of a key that is there twice, the value is the last one's, and the place the first one's.
        is_first = before == next(iter(parent.value)) or (lines and lines[0] == first)
        if parent.lines and len(path) > 1 and type(path[-2]) is int and is_first:
            first = parent.lines[0]
            self.allowed.append((first, first))
            self._climb(path[:-1])

    def _put_in(self, parent: Held, path: Path, new: Held) -> None:
        key: Any = path[-1]
        if parent.has(key):
            self._may_touch(path, parent.child(key))
            parent.value[key] = _moved(new, parent.child(key))
        else:
            self._may_add(path[:-1], parent, len(parent.value))
            parent.value[key] = new

    def _create(self, path: Path, new: Held) -> None:
        held = self.model.root
        for depth, key in enumerate(path[:-1], 1):
            if isinstance(held.value, dict) and key not in held.value:
                if not isinstance(key, str):
                    raise LookupError("a list is not made")
                self._put_in(held, path[:depth], Held({}))
            held = held.child(key)
            if held.value is None:
                self._may_touch(path[:depth], held)
                held.value = {}
        self._put_in(held, path, new)

    def _insert(self, path: Path, new: Held) -> None:
        held, index = _parent(self.model.root, path), path[-1]
        assert isinstance(index, int)
        self._may_add(path[:-1], held, index)
        held.value.insert(index, new)

    def _remove(self, path: Path, _: Held) -> None:
        parent = _parent(self.model.root, path)
        held, members = parent.child(path[-1]), parent.members()
        self._may_touch(path, held)
        self.allowed += held.more
        starts = sorted(each.lines[0] for each in members if each.lines and each is not held)
        is_item = len(path) > 1 and type(path[-2]) is int
        for lines in (held.lines, *held.more):
            if lines and is_item and all(start > lines[0] for start in starts):
                following = starts[0] if starts else lines[1]
                self.allowed.append((lines[0], following))  # moves up behind the dash
                self._climb(path)
        if not any(each.lines for each in members if each is not held):
            self._may_touch(path[:-1], parent)
        del parent.value[path[-1]]

    # -- lines ----------------------------------------------------------------------------------

    def _may_touch(self, path: Path, held: Held) -> None:
        """Allow the lines of a member, and in a flow collection up to its neighbours."""
        if held.lines:
            self.allowed.append(held.lines)
            if path and (parent := _parent(self.model.root, path)).flow:
                self._between(parent, (held.lines, *held.more), held)

    def _may_touch_flow(self, path: Path) -> None:
        """Allow the lines of the outermost flow collection on a path."""
        held = self.model.root
        for key in path:
            if held.flow or not held.has(key):
                break
            held = held.child(key)
        self.allowed += [held.lines] if held.lines and held.flow else []

    def _may_add(self, path: Path, held: Held, index: int) -> None:
        """Allow what a new member at *index* touches: no line in a block that has members."""
        if held.flow and held.lines:
            before = [each.lines[1] for each in held.members()[:index] if each.lines]
            after = [each.lines[0] for each in held.members()[index:] if each.lines]
            is_list = isinstance(held.value, list) or index < len(held.value)
            first = before[-1] if before and is_list else held.lines[is_list - 1]
            self._between(held, [(first, after[0] if after and is_list else held.lines[1])])
        elif held.lines and not any(each.lines for each in held.members()):
            self.allowed.append(held.lines)
        if held.flow or isinstance(held.value, list):
            self._climb((*path, index))

    def _between(self, parent: Held, around: Sequence[Span], held: Held | None = None) -> None:
        """Allow lines of a flow collection, and those up to its members before and behind."""
        assert parent.lines is not None
        members = [each for each in parent.members() if each is not held]
        spans = [span for each in members for span in (each.lines, *each.more) if span]
        for first, last in around:
            begin = max((end for _, end in spans if end < first), default=parent.lines[0])
            end = min((start for start, _ in spans if start > last), default=parent.lines[1])
            self.allowed.append((begin, end))

    def _climb(self, path: Path) -> None:
        """Allow the item around a list that starts on the line of another's dash."""
        for depth in range(len(path) - 1, 0, -1):
            outer, inner = _parent(self.model.root, path[:depth]), path[depth - 1]
            held = outer.child(inner)
            first = next((each.lines for each in held.members() if each.lines), None)
            is_nested = isinstance(outer.value, list) and isinstance(held.value, list)
            if not (is_nested and held.lines and (not first or first[0] == held.lines[0])):
                return
            self.allowed.append(held.lines)


def _parent(root: Held, path: Path) -> Held:
    """Return what holds the member at *path*."""
    for key in path[:-1]:
        root = root.child(key)
    return root


def _moved(new: Held, old: Held) -> Held:
    """Give a new value the lines that the old one had."""
    new.lines, new.more = old.lines, old.more
    return new


def any_edit(random: Random, root: Held) -> Edit | None:
    """Return an edit that can be made, None when the document has nothing to edit."""
    places = list(root.below())[1:]
    while places:
        path, held = random.choice(places)
        value, name = copied(random.choice(VALUES)), random.choice(NAMES)
        op = random.choice(("replace", "add", "remove", "insert", "create"))
        if op == "replace":
            return Edit("put", path, value)
        if op == "remove":
            return Edit("remove", path)
        if op == "insert" and isinstance(held.value, list):
            return Edit("insert", (*path, random.randint(0, len(held.value))), value)
        if op == "add" and isinstance(held.value, dict):
            there = [key for key, each in held.value.items() if each.lines]
            before = random.choice([None, *there, random.choice(NAMES)])
            return Edit("put", (*path, name), value, before)
        if (
            op == "create"
            and _takes_keys(held)
            and _takes_keys(held.value and held.value.get(name))
        ):
            return Edit("create", (*path, name, random.choice(("l1", "l2"))), value)
    return None


def _takes_keys(held: Held | None) -> bool:
    return not held or held.value is None or isinstance(held.value, dict)


def refused(random: Random, document: Document) -> None:
    """Try what no document allows; it has to be refused."""
    edit = random.choice((
        Edit("put", ("no", "such", "place"), 1), Edit("remove", ("no such key",)),
        Edit("insert", ("no such list", 0), 1), Edit("create", ("none", 0), 1),
        Edit("create", ("none", "x", 3, "y"), 1), Edit("put", (10**6,), 1),
    ))  # fmt: skip
    try:
        edit.apply(document)
    except PathError:
        return
    raise AssertionError(f"not refused: {edit}")
