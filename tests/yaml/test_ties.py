"""Ties: an edit is meant for one path, whatever anchors, aliases and merge keys say."""

import pytest
from editing import edited, insert, put, remove
from fuzz.edits import Edit


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param(
            "a: &x 1\nb: *x\nc: 2\n",
            [put("c", 3), put("d", 4)],
            "a: &x 1\nb: *x\nc: 3\nd: 4\n",
            id="a key behind an alias",
        ),
        pytest.param(
            "a: &x 1\nb: *x\n",
            [put("a", 2)],
            "a: 2\nb: 1\n",
            id="an anchored scalar is used elsewhere",
        ),
        pytest.param("a: &x 1\nb: *x # c\n", [put("b", 2)], "a: &x 1\nb: 2 # c\n", id="an alias"),
        pytest.param(
            "a: &x\n  u: 1\nb: *x\nc: 2\n",
            [put("b/u", 2)],
            "a: &x\n  u: 1\nb:\n  u: 2\nc: 2\n",
            id="below an alias",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb: *x\nc: 2 # c\n",
            [put("a/u", 2)],
            "a: &x\n  u: 2\nb:\n  u: 1\nc: 2 # c\n",
            id="below an anchor",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb: *x\nc: 2\n",
            [remove("a")],
            "b:\n  u: 1\nc: 2\n",
            id="an anchored map is removed",
        ),
        pytest.param(
            "a: &x\n  u: &z {w: 1}\nb: *x\nc: *z\n",
            [put("a/u/w", 2)],
            "a: &x\n  u: &z {w: 2}\nb:\n  u:\n    w: 1\nc:\n  w: 1\n",
            id="an anchor within an anchor",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb: 2\n",
            [put("a/u", 3), put("a/z", 4)],
            "a: &x\n  u: 3\n  z: 4\nb: 2\n",
            id="an anchor that nothing uses",
        ),
        pytest.param(
            "a: &x\n  u: 1\n  z: 2\nb:\n  <<: *x\n  w: 3\n",
            [put("b/u", 4)],
            "a: &x\n  u: 1\n  z: 2\nb:\n  w: 3\n  u: 4\n  z: 2\n",
            id="a key that a merge gives",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  <<: *x\n  u: 2\n",
            [put("b/u", 3)],
            "a: &x\n  u: 1\nb:\n  <<: *x\n  u: 3\n",
            id="a key behind a merge",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  u: 2\n  <<: *x\n",
            [put("b/u", 3)],
            "a: &x\n  u: 1\nb:\n  u: 3\n",
            id="a key before a merge that hides it",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  <<: *x\n  w: 2\n",
            [put("b/w", 3), put("b/v", 4)],
            "a: &x\n  u: 1\nb:\n  <<: *x\n  w: 3\n  v: 4\n",
            id="a key beside a merge",
        ),
        pytest.param(
            "a: &x\n  u: 1\n  z: 2\nb:\n  <<: *x\n",
            [remove("b/u")],
            "a: &x\n  u: 1\n  z: 2\nb:\n  z: 2\n",
            id="a key that a merge gives is removed",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  <<: *x\n  u: 2\n",
            [remove("b/u")],
            "a: &x\n  u: 1\nb: {}\n",
            id="a key behind a merge that has it is removed",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  <<: *x\n  w: 2\n",
            [remove("b/w")],
            "a: &x\n  u: 1\nb:\n  <<: *x\n",
            id="a key beside a merge is removed",
        ),
        pytest.param(
            "a: &x\n  u: {z: 1}\nb:\n  <<: *x\n",
            [put("b/u/z", 2)],
            "a: &x\n  u: {z: 1}\nb:\n  u:\n    z: 2\n",
            id="below a key that a merge gives",
        ),
        pytest.param(
            "a: &x {m: 1}\nb: &u {m: 2, v: 3}\nc:\n  <<: [*x, *u]\n",
            [put("c/m", 4)],
            "a: &x {m: 1}\nb: &u {m: 2, v: 3}\nc:\n  m: 4\n  v: 3\n",
            id="a list of merges",
        ),
        pytest.param(
            "a: &x\n  u: 1\nb:\n  <<: *x\n",
            [put("a/u", 2)],
            "a: &x\n  u: 2\nb:\n  <<:\n    u: 1\n",
            id="what a merge names",
        ),
        pytest.param(
            "a:\n  <<: {x: 1, u: 2}\n  z: 3\n",
            [put("a/x", 4)],
            "a:\n  z: 3\n  x: 4\n  u: 2\n",
            id="a merge of an inline map",
        ),
        pytest.param(
            "a: &x b\nc:\n  *x : 1\n",
            [put("c/b", 2)],
            "a: &x b\nc:\n  *x : 2\n",
            id="an alias as a key",
        ),
        pytest.param(
            "a: &x {u: 1}\nb:\n- *x\n- *x # c\n",
            [put("b/0/u", 2)],
            "a: &x {u: 1}\nb:\n- u: 2\n- *x # c\n",
            id="an alias in a list",
        ),
        pytest.param(
            "a: !!str 1\nb: !x {u: 1}\n",
            [put("a", "2"), put("b/u", 2)],
            'a: "2"\nb: !x {u: 2}\n',
            id="a tag",
        ),
        pytest.param(
            "a: !x\n  u: 1\nb: 2\n",
            [put("a/z", 3), put("b", 4)],
            "a: !x\n  u: 1\n  z: 3\nb: 4\n",
            id="a tag in front of a map",
        ),
        pytest.param(
            "a: !x\n- 1\n- 2\n",
            [insert("a/1", 3), remove("a/0")],
            "a: !x\n- 3\n- 2\n",
            id="a tagged list",
        ),
        pytest.param(
            "a: &x # c\n  - 1\nb: 2\n",
            [insert("a/0", 3)],
            "a: &x # c\n  - 3\n  - 1\nb: 2\n",
            id="an anchored list",
        ),
        pytest.param(
            "a: &x [1]\nb: *x\nc: *x\n",
            [remove("a")],
            "b:\n- 1\nc:\n- 1\n",
            id="a removed anchor is used twice",
        ),
        pytest.param(
            "a: &x 1\nb: &u\n  c: *x\nd: *u\n",
            [put("a", 2), put("d/c", 3)],
            "a: 2\nb: &u\n  c: 1\nd:\n  c: 3\n",
            id="an alias within what an alias names",
        ),
    ],
)
def test_an_edit_counts_at_its_path_only(text: str, edits: list[Edit], expected: str) -> None:
    assert edited(text, *edits) == expected
