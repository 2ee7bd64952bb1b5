"""Large streams: the trees of documents are let go and built again, and nobody can tell."""

from collections.abc import Iterator

import pytest

from postrender import Manifests
from postrender._stream import AWAKE

COUNT = 900
FILLER = "x" * 3300


def documents() -> Iterator[str]:
    """Yield documents that are together larger than what stays in memory."""
    for number in range(COUNT):
        yield (
            f"# Source: shop/templates/{number % 7}.yaml\n"
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
            f"  name: config-{number} # number {number}\n"
            "  labels: {app: shop}\n"
            f'data:\n  number: "{number}"\n  filler: {FILLER}\n'
        )


def edit(manifests: Manifests) -> bytes:
    """Return the stream after four steps over all of its manifests."""
    for manifest in manifests:
        manifest.set(("metadata", "labels", "team"), "payments")
    for manifest in manifests:
        manifest.patch(
            [
                {"op": "test", "path": "/metadata/labels/team", "value": "payments"},
                {"op": "move", "from": "/data/number", "path": "/data/moved"},
            ]
        )
    for manifest in manifests:
        if int(manifest.get(("data", "moved"))) % 3 == 0:
            manifest.remove()
    for manifest in manifests:
        manifest.merge({"metadata": {"annotations": {"source": manifest.source}}, "data": None})
    return manifests.to_bytes()


@pytest.mark.large
def test_four_steps_on_a_large_stream_do_what_they_do_on_slices() -> None:
    texts = list(documents())
    large = Manifests.parse("---\n".join(texts).encode())
    assert sum(map(len, texts)) > AWAKE

    slices = []
    for start in range(0, COUNT, 100):
        stream = "---\n" + "---\n".join(texts[start : start + 100])
        slices.append(edit(Manifests.parse(stream.encode())))

    # Its first document is removed, so that a separator is first in it as in every slice.
    assert edit(large) == b"".join(slices)
    assert len(large) == 600
    assert len(large.edits) == 4800


def test_a_removed_list_does_not_come_back() -> None:
    item = "- apiVersion: v1\n  kind: Pod\n  metadata: {name: web}\n"
    text = f"apiVersion: v1\nkind: List\nitems:\n{item}{item}---\n" + "---\n".join(documents())
    manifests = Manifests.parse(text.encode())
    for manifest in list(manifests)[:2]:
        manifest.set(("metadata", "labels", "a"), "b")
        manifest.remove()
    for manifest in manifests:
        manifest.delete(("data", "filler"))

    result = Manifests.parse(manifests.to_bytes())
    assert len(result) == COUNT
    assert result[0].name == "config-0"


def test_what_was_removed_from_a_list_can_be_read_and_added_elsewhere() -> None:
    items = "".join(
        f"- apiVersion: v1\n  kind: Pod\n  metadata: {{name: {name}}}\n" for name in "abcd"
    )
    text = f"apiVersion: v1\nkind: List\nitems:\n{items}---\n" + "---\n".join(documents())
    manifests = Manifests.parse(text.encode())
    a, _, c, _, *others = manifests
    a.set(("metadata", "labels", "x"), "y")
    a.remove()
    c.remove()
    for manifest in others:
        manifest.delete(("data", "filler"))
    manifests.add(c.to_dict(), near=others[0])
    manifests.add(a, near=others[0])

    assert (a.name, a.labels, c.name) == ("a", {"x": "y"}, "c")
    result = [str(each) for each in Manifests.parse(manifests.to_bytes())][:6]
    assert result == [
        "Pod b",
        "Pod d",
        "ConfigMap config-0",
        "Pod c",
        "Pod a",
        "ConfigMap config-1",
    ]


def test_added_documents_rest_like_others() -> None:
    manifests = Manifests.parse("---\n".join(documents()).encode())
    first, *others = manifests
    added = manifests.add({"apiVersion": "v1", "kind": "Secret"}, near=first)
    added.set(("metadata", "name"), "ours")
    for manifest in others:
        manifest.set(("data", "filler"), "y" * 2300)

    assert added.name == "ours"
    added.set(("metadata", "labels", "a"), "b")
    assert str(Manifests.parse(manifests.to_bytes())[1]) == "Secret ours"
    assert manifests.all[1].labels == {"a": "b"}


def test_a_label_that_is_no_string_can_be_mended_after_its_document_rested() -> None:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    filler = f"---\n{head}data:\n  x: {'y' * 1_500_000}\n"
    manifests = Manifests.parse(f"{head}  labels:\n    v: 1\n{filler}{filler}".encode())

    manifests[0].set(("metadata", "labels", "v"), "1")

    assert manifests.to_bytes().startswith(f'{head}  labels:\n    v: "1"\n'.encode())
