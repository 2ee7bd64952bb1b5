"""Streams that are refused, streams with something to tell, and edits that cannot be written."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from postrender import EditError, Location, Manifest, Manifests, Notice, StreamError

POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
SOURCE = "# Source: shop/templates/web.yaml\n"
NEEDED = "every Kubernetes object has apiVersion and kind"
SEPARATOR = "a line that begins with --- separates documents; only a comment may follow"


def refusal(stream: str | bytes) -> str:
    """Return the message of the error for a stream."""
    with pytest.raises(StreamError) as caught:
        Manifests.parse(stream.encode() if isinstance(stream, str) else stream)
    return str(caught.value)


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (
            POD.encode() + b"---\n" + SOURCE.encode() + b"apiVersion: v1\nkind: \xff\n",
            "document 2 (shop/templates/web.yaml): line 8: invalid UTF-8 (byte 0xff); "
            "manifests are UTF-8; convert the file",
        ),
        (
            POD.encode("utf-16"),
            "document 1: line 1: invalid UTF-8 (byte 0xff); manifests are UTF-8; convert the file",
        ),
        (
            POD.encode("utf-16-be"),
            "document 1: line 1, column 1: control characters are not allowed",
        ),
        (
            POD.encode("utf-16-le"),
            "document 1: line 1, column 2: control characters are not allowed",
        ),
        (
            b'{"apiVersion": "v1"}\n' + b'{"kind": "\xe9"}',
            "document 1: line 2: invalid UTF-8 (byte 0xe9); manifests are UTF-8; convert the file",
        ),
    ],
)
def test_a_stream_that_is_not_utf_8_is_refused(stream: bytes, message: str) -> None:
    assert refusal(stream) == message


@pytest.mark.parametrize("line", ["--- web", "---web", "--- {}", "----"])
def test_a_separator_with_something_behind_it_is_refused(line: str) -> None:
    assert refusal(f"{POD}---\n{POD}{line}\n{POD}") == (
        f"line 10: invalid document separator: text behind the dashes; {SEPARATOR}"
    )


@pytest.mark.parametrize("line", ["---", "--- ", "---\t", "--- # web", "---\r"])
def test_a_separator_may_have_blanks_and_a_comment_behind_it(line: str) -> None:
    assert len(Manifests.parse(f"{POD}{line}\n{POD}".encode())) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", "line 7, column 5: mapping values are not allowed in this context"),
        ("a: [\n", "line 8, column 1: did not find expected node content"),
        ("a: *x\n", "line 7, column 4: unknown anchor 'x' referenced"),
        ('a:\n- "\n', "line 9, column 1: found unexpected end of stream"),
        ("\ta: b\n", "line 7, column 1: found a tab character that violates indentation"),
    ],
)
def test_a_syntax_error_has_the_line_of_the_stream(text: str, message: str) -> None:
    stream = f"---\r\n# none\n---\n{SOURCE}apiVersion: v1\nkind: Pod\n{text}"

    assert refusal(stream) == f"document 2 (shop/templates/web.yaml): {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("web\n", "document 2 (shop/templates/web.yaml): the document is a string, not an object"),
        ("4711\n", "document 2 (shop/templates/web.yaml): the document is a scalar, not an object"),
        ("- a\n", "document 2 (shop/templates/web.yaml): the document is a list, not an object"),
        ("[]\n", "document 2 (shop/templates/web.yaml): the document is a list, not an object"),
        ("{}\n", f"document 2 (shop/templates/web.yaml): apiVersion is missing; {NEEDED}"),
        (
            "kind: Pod\n",
            f"document 2 (shop/templates/web.yaml), Pod: apiVersion is missing; {NEEDED}",
        ),
        (
            "apiVersion: v1\nmetadata: {name: web}\n",
            f"document 2 (shop/templates/web.yaml), web: kind is missing; {NEEDED}",
        ),
        (
            'apiVersion: ""\nkind: Pod\n',
            f"document 2 (shop/templates/web.yaml), Pod: apiVersion is missing; {NEEDED}",
        ),
        (
            "apiVersion: 1\nkind: Pod\n",
            f"document 2 (shop/templates/web.yaml), Pod: apiVersion is not a string; {NEEDED}",
        ),
        (
            "apiVersion: v1\nkind: [Pod]\n",
            f"document 2 (shop/templates/web.yaml): kind is not a string; {NEEDED}",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: web\n",
            "document 2 (shop/templates/web.yaml), Pod: metadata is not a map",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: []\n",
            "document 2 (shop/templates/web.yaml), Pod: metadata is not a map",
        ),
        (
            "apiVersion: v1\nkind: List\nitems: {}\n",
            "document 2 (shop/templates/web.yaml), List, /items: items is not a list",
        ),
        (
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, web]\n",
            "document 2 (shop/templates/web.yaml), List, /items/1: the item is not an object",
        ),
        (
            "apiVersion: v1\nkind: List\nitems: [{kind: Pod}]\n",
            f"document 2 (shop/templates/web.yaml), Pod: apiVersion is missing; {NEEDED}",
        ),
    ],
)
def test_a_document_that_is_no_object_is_refused(text: str, message: str) -> None:
    assert refusal(f"{POD}---\n{SOURCE}{text}") == message


@pytest.mark.parametrize("text", ["", "# comment\n", "null\n", "~\n", "--- # comment\n", "\n\n"])
def test_a_document_without_content_is_kept(text: str) -> None:
    stream = f"{text}---\n{POD}".encode()
    manifests = Manifests.parse(stream)

    assert len(manifests) == 1
    assert manifests.to_bytes() == stream


@pytest.mark.parametrize("items", ["items:\n", "items: []\n", ""])
def test_a_list_without_items_is_kept(items: str) -> None:
    stream = f"apiVersion: v1\nkind: List\n{items}".encode()
    manifests = Manifests.parse(stream)

    assert len(manifests) == 0
    assert manifests.to_bytes() == stream


def test_other_kinds_that_end_in_list_are_ordinary_objects() -> None:
    manifests = Manifests.parse(b"apiVersion: v1\nkind: PodList\nitems: [web]\n")

    assert [str(each) for each in manifests] == ["PodList"]


def test_text_behind_the_end_of_a_document_is_told() -> None:
    stream = f"{POD}---\n{SOURCE}{POD}...\nkind: Ignored\n".encode()
    manifests = Manifests.parse(stream)

    message = "what follows the line ... is no part of the document for Kubernetes"
    assert manifests.notices == [Notice("", message, Location(2, "shop/templates/web.yaml"))]
    assert str(manifests.notices[0]) == f"document 2 (shop/templates/web.yaml): {message}"
    assert manifests.to_bytes() == stream


def test_an_end_with_nothing_behind_it_is_not_told() -> None:
    assert Manifests.parse(f"{POD}...\n".encode()).notices == []


def without_kind(manifest: Manifest) -> None:
    manifest.delete(("kind",))


def with_a_wrong_version(manifest: Manifest) -> None:
    manifest.set(("apiVersion",), 1)


def with_a_wrong_metadata(manifest: Manifest) -> None:
    manifest.set(("metadata",), "web")


def as_a_list(manifest: Manifest) -> None:
    manifest.set((), ["web"])


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (without_kind, f"step two: document 1, web: kind is missing; {NEEDED}"),
        (
            with_a_wrong_version,
            f"step two: document 1, Pod web: apiVersion is not a string; {NEEDED}",
        ),
        (with_a_wrong_metadata, "step two: document 1, Pod: metadata is not a map"),
        (as_a_list, f"step two: document 1: apiVersion is missing; {NEEDED}"),
    ],
)
def test_an_edit_that_leaves_no_object_is_refused_and_its_step_named(
    edit: Callable[[Manifest], None], message: str
) -> None:
    manifests = Manifests.parse(f"{POD}---\n{POD}".encode())
    manifests.step = "one"
    manifests[0].set(("metadata", "labels", "a"), "b")
    manifests.step = "two"
    edit(manifests[0])
    manifests.step = "three"
    manifests[1].set(("metadata", "labels", "a"), "b")

    with pytest.raises(EditError) as caught:
        manifests.to_bytes()

    assert str(caught.value) == message


def test_an_edit_that_is_mended_by_a_later_one_is_accepted() -> None:
    manifests = Manifests.parse(POD.encode())
    manifests[0].delete(("kind",))
    manifests[0].set(("kind",), "Service")

    assert manifests.to_bytes().startswith(b"apiVersion: v1\n")
    assert manifests[0].kind == "Service"


def test_what_is_wrong_with_a_removed_object_does_not_matter() -> None:
    manifests = Manifests.parse(f"{POD}---\n{POD}".encode())
    manifests[0].delete(("kind",))
    manifests[0].remove()

    assert manifests.to_bytes() == f"---\n{POD}".encode()


def test_a_value_that_reads_back_as_another_is_refused_and_its_step_named() -> None:
    manifests = Manifests.parse(POD.encode())
    manifests.step = "large"
    manifests[0].set(("metadata", "k" * 1100), "a key this long takes a question mark")
    manifests.step = "later"

    with pytest.raises(EditError) as caught:
        manifests.to_bytes()

    assert str(caught.value) == (
        "step large: document 1, Pod web: reads back as another value, however it is written"
    )


def test_an_added_object_that_cannot_be_written_names_its_step() -> None:
    manifests = Manifests.parse(POD.encode())
    manifests.step = "add"
    added = manifests.add({"apiVersion": "v1", "kind": "Secret"})
    manifests.step = "break"
    added.delete(("apiVersion",))
    manifests.step = "later"
    manifests[0].set(("metadata", "labels", "a"), "b")

    with pytest.raises(EditError) as caught:
        manifests.to_bytes()

    assert str(caught.value) == f"step break: Secret: apiVersion is missing; {NEEDED}"


def test_reading_without_libyaml_is_told_once() -> None:
    program = (
        "import sys\n"
        "sys.modules['yaml._yaml'] = None\n"  # as where PyYAML was built without libyaml
        "from postrender import Manifests\n"
        "pod = 'apiVersion: v1\\nkind: Pod\\na: &a [1]\\n'\n"
        "manifests = Manifests.parse(f'{pod}---\\n{pod}'.encode())\n"
        "print(len(manifests), *manifests.notices, sep='|')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert done.stdout == (
        "2|PyYAML has no libyaml here, so some documents take thirty times as long\n"
    )


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("labels: {a: 1}", "/metadata/labels/a: the value is a number, not a string; quote it"),
        ("labels:\n    a: yes", "/metadata/labels/a: the value is a boolean, not a string"),
        ("annotations: {a: {b: c}}", "/metadata/annotations/a: the value is a map, not a string"),
        ("annotations: {a: [b]}", "/metadata/annotations/a: the value is a list, not a string"),
    ],
)
def test_a_label_that_is_no_string_is_refused_unless_a_step_mends_it(
    metadata: str, message: str
) -> None:
    manifests = Manifests.parse(f"{POD}  {metadata}\n".encode())

    with pytest.raises(EditError) as caught:
        manifests.to_bytes()
    manifests[0].set(("metadata", metadata.partition(":")[0], "a"), "1")

    assert message in str(caught.value)
    assert b'a: "1"' in manifests.to_bytes()


HOOK = f"{POD}  annotations: {{helm.sh/hook: test, helm.sh/hook-weight: 3}}\n"


def test_what_refuses_a_hook_when_it_runs_is_told_since_helm_installs_it() -> None:
    manifests = Manifests.parse(HOOK.encode())
    manifests[0].set(("metadata", "labels"), {"team": "a"})

    assert b"team: a" in manifests.to_bytes()
    assert [str(notice) for notice in manifests.notices] == [
        "document 1, Pod web, /metadata/annotations/helm.sh~1hook-weight: the value is a number,"
        " not a string; the hook is refused when it runs"
    ]


@pytest.mark.parametrize("value", [1, {"count": 1}])
def test_a_step_that_gives_a_hook_such_a_label_is_refused(value: object) -> None:
    manifests = Manifests.parse(HOOK.encode())
    path = ("metadata", "labels") if isinstance(value, dict) else ("metadata", "labels", "count")
    manifests[0].set(path, value)

    with pytest.raises(EditError, match="the value is a number, not a string"):
        manifests.to_bytes()


def test_a_step_that_makes_a_label_of_a_number_is_refused() -> None:
    manifests = Manifests.parse(f"{POD}".encode())
    manifests.step = "count"
    manifests[0].set(("metadata", "labels", "count"), 3)

    with pytest.raises(EditError, match=r"^step count: .*/metadata/labels/count: the value is a"):
        manifests.to_bytes()


def test_a_null_label_is_left_to_the_api_server_which_drops_it() -> None:
    stream = f"{POD}  labels: {{a: null, b: }}\n".encode()

    assert Manifests.parse(stream).to_bytes() == stream
