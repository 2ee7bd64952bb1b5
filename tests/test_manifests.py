"""The stream as manifests: views, additions, removals, order, and bytes that stay."""

from collections.abc import Sequence

import pytest

from postrender import Edit, EditError, Manifest, Manifests

COMMENT = "# Values: default\n"
JSON = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s"}}'
LIST = """\
apiVersion: v1
kind: List
items:
# the first
- apiVersion: v1
  kind: Pod
  metadata: {name: l1}
- apiVersion: v1
  kind: Pod
  metadata:
    name: l2 # the second
- {apiVersion: v1, kind: Pod, metadata: {name: l3}}
"""


def pod(name: str) -> str:
    """Return the text of a pod."""
    return f"apiVersion: v1\nkind: Pod # {name}\nmetadata:\n  name: {name}\n"


def pods(*names: str) -> str:
    """Return a stream of pods."""
    return "---\n".join(pod(name) for name in names)


def parse(stream: str) -> Manifests:
    """Return the manifests of a stream."""
    return Manifests.parse(stream.encode())


def names(manifests: Manifests) -> str:
    """Return the names of the manifests in order."""
    return " ".join(manifest.name for manifest in manifests)


def by_name(manifests: Manifests, wanted: str) -> list[Manifest]:
    """Return the manifests of these names."""
    return [each for name in wanted.split() for each in manifests if each.name == name]


STREAMS = {
    "empty": "",
    "a comment": "# only a comment",
    "comments": "# one\n---\n# two\n---\n",
    "no final newline": pods("a", "b")[:-1],
    "separators at both ends": f"---\n{pods('a', 'b')}---\n",
    "comments behind separators": f"--- # first\n{pod('a')}---\t# second\n{pod('b')}",
    "crlf": pods("a", "b").replace("\n", "\r\n"),
    "crlf and lf": pod("a").replace("\n", "\r\n") + "---\n" + pod("b"),
    "a byte order mark": "\ufeff" + pods("a", "b"),
    "byte order marks": f"\ufeff{pod('a')}---\n\ufeff{pod('b')}",
    "a run of json": f" {JSON % 'a'}{JSON % 'b'}\n\n{JSON % 'c'}",
    "json between yaml": f"{pod('a')}---\n{JSON % 'b'}\n{JSON % 'c'}\n---\n{pod('d')}",
    "a list": LIST,
    "an end": f"{pod('a')}...\n---\n{pod('b')}...\n",
    "duplicates": pods("a", "a", "a"),
    "all": f"{COMMENT}---\n{LIST}---\n{COMMENT}---\n{pod('a')}---\n{JSON % 'b'}{JSON % 'c'}",
}


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_a_stream_that_is_not_edited_stays_byte_for_byte(stream: str) -> None:
    manifests = parse(stream)
    for manifest in manifests:
        manifest.to_dict()

    assert manifests.to_bytes() == stream.encode()
    assert manifests.edits == []


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("empty", ""),
        ("comments", ""),
        ("byte order marks", "a b"),
        ("json between yaml", "a b c d"),
        ("a list", "l1 l2 l3"),
        ("duplicates", "a a a"),
        ("all", "l1 l2 l3 a b c"),
    ],
)
def test_manifests_come_in_the_order_of_the_stream(stream: str, expected: str) -> None:
    assert names(parse(STREAMS[stream])) == expected


def test_a_view_has_a_length_and_indexes() -> None:
    manifests = parse(pods("a", "b", "c"))

    assert len(manifests) == 3
    assert (manifests[0].name, manifests[-1].name) == ("a", "c")
    with pytest.raises(IndexError):
        _ = manifests[3]


def test_a_filtered_view_is_narrower_and_on_the_same_stream() -> None:
    manifests = parse(pods("a", "b", "c"))
    view = manifests.filter(lambda manifest: manifest.name != "b")
    narrower = view.filter(lambda manifest: manifest.name != "a")
    narrower[0].set(("metadata", "labels", "x"), "1")

    assert (names(view), names(narrower), names(narrower.all)) == ("a c", "c", "a b c")
    assert narrower.to_bytes().decode() == pods("a", "b", "c") + '  labels:\n    x: "1"\n'
    assert view.edits == manifests.edits


def test_the_step_is_the_same_for_every_view() -> None:
    manifests = parse(pods("a", "b"))
    view = manifests.filter(lambda manifest: manifest.name == "a")
    view.step = "labels"
    manifests[1].delete(("metadata", "name"))

    assert manifests.step == "labels"
    assert [edit.step for edit in manifests.edits] == ["labels"]


def test_a_removed_manifest_is_in_no_view() -> None:
    manifests = parse(pods("a", "b"))
    view = manifests.filter(lambda manifest: True)
    view[0].remove()

    assert (names(manifests), names(view), names(view.all)) == ("b", "b", "b")
    assert manifests.edits == [
        Edit(
            "",
            "Pod a",
            1,
            "remove",
            (),
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}},
            None,
        )
    ]


def test_removing_twice_is_one_edit() -> None:
    manifests = parse(pods("a", "b"))
    manifest = manifests[0]
    manifest.remove()
    manifest.remove()

    assert len(manifests.edits) == 1


def test_the_text_of_a_removed_manifest_can_still_be_read() -> None:
    manifest = parse(pod("a"))[0]
    manifest.remove()

    assert manifest.text() == pod("a")


@pytest.mark.parametrize(
    ("stream", "removed", "expected"),
    [
        (pods("a", "b", "c"), "a", f"---\n{pods('b', 'c')}"),
        (pods("a", "b", "c"), "c b", pod("a")),
        (pods("a", "b"), "b a", ""),
        (f"{COMMENT}---\n{pods('a', 'b')}", "a", f"{COMMENT}---\n{pod('b')}"),
        (f"{JSON % 'a'}{JSON % 'b'}{JSON % 'c'}", "b", f"{JSON % 'a'}\n---\n{JSON % 'c'}"),
        (f"{JSON % 'a'}{JSON % 'b'}", "a", JSON % "b"),
        (LIST, "l2", LIST.replace(LIST[LIST.index("- api", 60) : LIST.index("- {")], "")),
        (LIST, "l3 l2 l1", ""),
        (LIST + f"---\n{pod('a')}", "l1 l3 l2", f"---\n{pod('a')}"),
    ],
)
def test_what_is_removed_leaves_the_rest_as_it_was(
    stream: str, removed: str, expected: str
) -> None:
    manifests = parse(stream)
    for manifest in by_name(manifests, removed):
        manifest.remove()

    assert manifests.to_bytes().decode() == expected


@pytest.mark.parametrize(
    ("order", "rest"),
    [("l1 l2", "l3"), ("l2 l1", "l3"), ("l3 l1", "l2"), ("l1 l3", "l2"), ("l2 l3", "l1")],
)
def test_items_of_a_list_are_removed_in_any_order(order: str, rest: str) -> None:
    manifests = parse(LIST)
    for manifest in by_name(manifests, order):
        manifest.remove()
    (last,) = manifests
    last.set(("metadata", "labels", "x"), "y")

    assert names(parse(manifests.to_bytes().decode())) == rest
    assert last.labels == {"x": "y"}
    assert last.name == rest


def test_an_item_is_removed_after_the_stream_was_written_once() -> None:
    manifests = parse(LIST)
    first, second, third = manifests
    first.remove()
    assert names(parse(manifests.to_bytes().decode())) == "l2 l3"
    second.remove()

    assert names(parse(manifests.to_bytes().decode())) == "l3"
    assert third.name == "l3"


def test_an_object_is_added_last_or_near_another() -> None:
    manifests = parse(pods("a", "b"))
    manifests.step = "add"
    last = manifests.add({"apiVersion": "v1", "kind": "Secret"})
    near = manifests.add(
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}, manifests[0]
    )
    nearer = manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "d"}}, near)
    manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "e"}}, manifests[0])

    assert names(manifests.all) == "a c d e b "
    assert (last.position, str(near.location), nearer.source) == (0, "Pod c", "")
    assert manifests.edits[0] == Edit(
        "add", "Secret", 0, "add", (), None, {"apiVersion": "v1", "kind": "Secret"}
    )
    added = "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {}\n"
    assert manifests.to_bytes().decode() == "".join(
        [
            pod("a"),
            *(added.format(name) for name in "cde"),
            f"---\n{pod('b')}---\napiVersion: v1\nkind: Secret\n",
        ]
    )


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("", "---\n"),
        ("# comment", "# comment\n---\n"),
        ("---\n", "---\n---\n"),
        (pod("a"), pod("a") + "---\n"),
        (pod("a")[:-1], pod("a") + "---\n"),
        (JSON % "a", JSON % "a" + "\n---\n"),
        ("kind: Pod\r\napiVersion: v1\r\n", "kind: Pod\r\napiVersion: v1\r\n---\n"),
    ],
)
def test_an_added_document_stands_alone_whatever_the_stream_ends_with(
    stream: str, expected: str
) -> None:
    manifests = parse(stream)
    manifests.add({"apiVersion": "v1", "kind": "Pod"})

    assert manifests.to_bytes().decode() == expected + "apiVersion: v1\nkind: Pod\n"


def test_an_object_is_added_near_one_that_is_removed_and_arranged_away() -> None:
    manifests = parse(pods("a", "b"))
    a, b = manifests
    a.remove()
    manifests.arrange([b])
    manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}, near=a)

    assert sorted(names(manifests.all).split()) == ["b", "c"]


def test_the_manifest_of_another_stream_keeps_its_text() -> None:
    manifests = parse(pod("a"))
    manifests.add(parse(f"# ours\n{pod('b')}")[0])
    manifests.add(parse(JSON % "c")[0])

    assert manifests.to_bytes().decode() == (f"{pod('a')}---\n# ours\n{pod('b')}---\n{JSON % 'c'}")


def test_the_item_of_another_streams_list_becomes_a_document() -> None:
    manifests = parse(pod("a"))
    manifests.add(parse(LIST)[2], near=manifests[0])

    assert manifests.to_bytes().decode() == (
        f"{pod('a')}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: l3\n"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"kind": "Pod"}, "Pod: apiVersion is missing"),
        ({"apiVersion": "v1", "kind": 3}, "kind is not a string"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": []}, "Pod: metadata is not a map"),
        ({"apiVersion": "v1", "kind": "Pod", "x": {1: 2}}, "cannot be added: a map has a key"),
    ],
)
def test_what_is_no_object_is_not_added(value: dict[str, object], message: str) -> None:
    manifests = parse(pod("a"))

    with pytest.raises(EditError, match=message):
        manifests.add(value)

    assert manifests.to_bytes().decode() == pod("a")
    assert manifests.edits == []


def test_an_object_is_not_added_near_the_manifest_of_another_stream() -> None:
    with pytest.raises(ValueError, match="Pod b is in another stream"):
        parse(pod("a")).add({"apiVersion": "v1", "kind": "Pod"}, near=parse(pod("b"))[0])


@pytest.mark.parametrize(
    ("stream", "order", "expected"),
    [
        (pods("a", "b", "c"), "c a b", f"---\n{pod('c')}---\n{pods('a', 'b')}"),
        (pods("a", "b", "c"), "a b c", pods("a", "b", "c")),
        (pods("a", "b")[:-1], "b a", f"---\n{pods('b', 'a')}"),
        (
            f"{pod('a')}---\n{COMMENT}---\n{pod('b')}---\n{COMMENT}",
            "b a",
            f"---\n{COMMENT}---\n{pods('b', 'a')}---\n{COMMENT}",
        ),
        (
            f"{JSON % 'a'}{JSON % 'b'}{JSON % 'c'}",
            "b c a",
            f"{JSON % 'b'}{JSON % 'c'}\n---\n{JSON % 'a'}",
        ),
        (f"{LIST}---\n{pod('a')}", "a l3 l1 l2", f"---\n{pod('a')}---\n{LIST}"),
        (
            f"\ufeff{pods('a', 'b')}",
            "b a",
            f"---\n{pod('b')}---\n\ufeff{pod('a')}",
        ),
    ],
)
def test_documents_are_arranged(stream: str, order: str, expected: str) -> None:
    manifests = parse(stream)
    manifests.arrange(by_name(manifests, order))

    assert manifests.to_bytes().decode() == expected
    assert len(parse(expected)) == len(manifests)


def test_added_documents_are_arranged_like_others() -> None:
    manifests = parse(pods("a", "b"))
    a, b = manifests
    c = manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "c"}}, near=a)
    d = manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "d"}}, near=c)
    manifests.arrange([d, b, c, a])
    manifests.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "e"}}, near=d)

    assert names(manifests.all) == "d e b c a"
    assert names(parse(manifests.to_bytes().decode())) == "d e b c a"


@pytest.mark.parametrize("order", ["a", "a a", "b", ""])
def test_an_order_has_to_name_every_manifest(order: str) -> None:
    manifests = parse(pods("a", "b"))

    with pytest.raises(ValueError, match="has to name every manifest of the stream"):
        manifests.arrange(by_name(manifests, order))

    assert manifests.to_bytes().decode() == pods("a", "b")


def test_an_order_has_no_manifest_of_another_stream() -> None:
    manifests = parse(pods("a", "b"))
    foreign: Sequence[Manifest] = [*manifests, parse(pod("c"))[0]]

    with pytest.raises(ValueError, match="Pod c is in another stream"):
        manifests.arrange(foreign)


def test_lines_of_a_crlf_stream_are_edited_in_its_own_way() -> None:
    manifests = parse(pods("a", "b").replace("\n", "\r\n"))
    manifests[1].set(("metadata", "labels", "x"), "y")
    manifests[0].set(("metadata", "name"), "c")

    assert manifests.to_bytes().decode() == (
        pods("a", "b").replace("  name: a", "  name: c") + '  labels:\n    x: "y"\n'
    ).replace("\n", "\r\n")


def test_a_list_of_another_kind_stands_for_its_items_where_all_are_objects() -> None:
    items = "".join(
        f"- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: {name}\n" for name in "ab"
    )
    stream = f"apiVersion: v1\nkind: ConfigMapList\nitems:\n{items}"

    assert [str(each) for each in Manifests.parse(stream.encode())] == [
        "ConfigMap a",
        "ConfigMap b",
    ]


def test_another_kind_that_ends_in_list_is_an_ordinary_object() -> None:
    stream = b"apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\nitems: [{ip: x}]\n"

    assert [str(each) for each in Manifests.parse(stream)] == ["AllowList a"]
