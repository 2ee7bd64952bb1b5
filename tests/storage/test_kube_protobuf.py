"""Objects and lists in Kubernetes' protobuf, read from bytes."""

import json
from collections.abc import Iterator
from io import BytesIO

import pytest

from postrender.storage._kube._kinds import CONFIG_MAP, SECRET
from postrender.storage._kube._objects import Item, Page, read_item, read_page
from postrender.storage._kube._protobuf import entry, fields
from postrender.storage._kube._status import Status

#: what a real API server answered for a Secret that is not there
NOT_FOUND = (
    b"k8s\0\n\x0c\n\x02v1\x12\x06Status\x12O\n\x06\n\x00\x12\x00\x1a\x00\x12\x07Failure\x1a\x18secre"
    b'ts "nope" not found"\x08NotFound*\x15\n\x04nope\x12\x00\x1a\x07secrets(\x002\x000\x94\x03\x1a'
    b'\x00"\x00'
)


def number(value: int) -> bytes:
    """Write a number as protobuf does."""
    written = b""
    while value >= 0x80:
        written += bytes([value & 0x7F | 0x80])
        value >>= 7
    return written + bytes([value])


def field(tag: int, value: bytes | str | int) -> bytes:
    """Write a field."""
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(tag << 3 | 2) + number(len(data)) + data


def pair(key: str, value: bytes | str) -> bytes:
    """Write an entry of a map."""
    return field(1, key) + field(2, value)


def envelope(kind: str, inside: bytes) -> bytes:
    """Write what is around every object."""
    return b"k8s\0" + field(1, field(1, "v1") + field(2, kind)) + field(2, inside) + field(4, "")


def metadata(**labels: str) -> bytes:
    """Write the metadata of an object, with fields that we do not read."""
    written = field(1, "web.v1") + field(2, "") + field(3, "shop") + field(5, "an-uid")
    written += field(6, "7")
    written += field(7, 300) + field(8, field(1, 1_700_000_000))
    for key, value in labels.items():
        written += field(11, pair(key, value))
    return written + field(17, field(1, "manager") * 20)


def secret(text: bytes | None = b"text", **labels: str) -> bytes:
    """Write a Secret."""
    data = field(2, pair("other", b"x")) + (
        b"" if text is None else field(2, pair("release", text))
    )
    return field(1, metadata(**labels)) + data + field(3, "helm.sh/release.v1") + field(5, 1)


def test_a_secret_is_read() -> None:
    data = envelope("Secret", secret(b"text", name="web", long="v" * 200))

    assert read_item(data, SECRET) == Item(
        "shop",
        "web.v1",
        "an-uid",
        "7",
        {"name": "web", "long": "v" * 200},
        "helm.sh/release.v1",
        b"text",
        4,
    )


def test_of_a_body_as_much_is_kept_as_is_asked_for() -> None:
    data = envelope("Secret", secret(b"x" * 1_000))

    assert read_item(data, SECRET, 10)[-2:] == (b"x" * 10, 1_000)
    assert read_item(data, SECRET, 0)[-2:] == (b"", 1_000)
    assert read_item(data, SECRET)[-2:] == (b"x" * 1_000, 1_000)


def test_a_config_map_has_no_type() -> None:
    inside = field(1, metadata()) + field(2, pair("release", "text"))
    inside += field(3, pair("binary", b"\xff"))

    item = read_item(envelope("ConfigMap", inside), CONFIG_MAP)

    assert (item.type, item.text) == ("", b"text")


def test_an_absent_entry_is_none_and_an_empty_one_is_empty() -> None:
    empty = field(1, metadata()) + field(2, field(1, "release"))

    assert read_item(envelope("Secret", secret(None)), SECRET).text is None
    assert read_item(envelope("Secret", empty), SECRET).text == b""
    assert read_item(envelope("PartialObjectMetadata", field(1, metadata())), SECRET).text is None


@pytest.mark.parametrize(
    "written",
    [
        pair("key", "value"),
        pair("key", "v" * 127),
        pair("key", "v" * 128),
        pair("k" * 200, "value"),
        field(2, "value") + field(1, "key"),
        field(1, "key"),
        field(2, "value"),
        pair("", ""),
        pair("key", "") + field(2, "twice"),
        pair("a", "b") + field(9, 1),
        b"",
    ],
)
def test_an_entry_of_a_map_is_read_however_it_is_written(written: bytes) -> None:
    expected = {tag: written[start:end] for tag, start, end in fields(written) if end >= 0}

    key, start, end = entry(b"..." + written + b"...", 3, 3 + len(written))

    assert (key, (b"..." + written + b"...")[start:end]) == (
        expected.get(1, b""),
        expected.get(2, b""),
    )


def test_fields_of_every_wire_type_are_passed_over() -> None:
    written = field(300, 2**63) + b"\x09" + b"8 bytes." + b"\x15" + b"4 b." + field(2, "end")

    assert [*fields(written)] == [(300, 2**63, -1), (2, len(written) - 3, len(written))]


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a",
        b"\x0a\x05abc",
        b"\x0a\x80",
        b"\x08\x80",
        b"\x80",
        b"\x0b",
        b"\x09abc",
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"message"):
        [*fields(data)]
    with pytest.raises(ValueError, match=r"message"):
        read_item(b"k8s\0" + data, SECRET)


def test_an_object_without_metadata_is_refused() -> None:
    with pytest.raises(ValueError, match="an object has no metadata"):
        read_item(b"k8s\0", SECRET)


# Lists


class Slow(BytesIO):
    """Counts how much was ever asked for at once."""

    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.most = max(self.most, size or 0)
        return super().read(size)


def listing(*items: bytes, more: str = "") -> bytes:
    """Write a list."""
    inside = field(1, field(1, "") + field(2, "9") + field(3, more))
    for item in items:
        inside += field(2, item)
    return envelope("SecretList", inside)


def test_a_list_is_read_object_by_object() -> None:
    stream = Slow(listing(*(secret(b"x" * 10_000, n=str(n)) for n in range(100)), more="token"))

    page = read_page(stream, SECRET, 10)

    assert page.more == "token"
    assert [item.labels["n"] for item in page.items] == [str(n) for n in range(100)]
    assert {(item.text, item.size) for item in page.items} == {(b"x" * 10, 10_000)}
    assert stream.most < 11_000
    assert stream.read() == b""


def test_an_empty_list_has_no_objects() -> None:
    assert read_page(BytesIO(listing()), SECRET, 0) == Page([], "")


@pytest.fixture
def whole() -> bytes:
    return listing(secret(b"x" * 200, name="web"), secret(b"y"), more="token")


def test_a_list_that_ends_early_is_no_shorter_list(whole: bytes) -> None:
    for end in range(len(whole) - 2):  # what is after the list says nothing
        with pytest.raises(ValueError, match=r"."):
            read_page(BytesIO(whole[:end]), SECRET, None)


def cut(data: bytes) -> Iterator[bytes]:
    """Return lists whose lengths do not fit."""
    yield data.replace(field(2, secret(b"y")), field(2, secret(b"y"))[:-1], 1)
    yield b"k8s\0" + field(2, number(2 << 3 | 2) + b"\x7f" + b"short")
    yield b"k8s\0" + field(2, field(2, 5))
    yield b"k8s\0" + field(1, 5)
    yield b"k8s\0\x80\x01"


def test_a_list_whose_lengths_do_not_fit_is_refused(whole: bytes) -> None:
    for data in cut(whole):
        with pytest.raises(ValueError, match=r"."):
            read_page(BytesIO(data), SECRET, None)


# Refusals


def test_a_status_is_read_in_both_languages() -> None:
    causes = field(4, field(1, "NamespaceTerminating") + field(2, "why")) * 2
    details = field(1, "web") + field(3, "secrets") + causes + field(5, 3)
    inside = field(1, field(3, "go-on")) + field(2, "Failure") + field(3, "no")
    inside += field(4, "Expired") + field(5, details) + field(6, 410)
    cause = {"reason": "NamespaceTerminating"}
    in_json = {
        "kind": "Status",
        "metadata": {"continue": "go-on"},
        "message": "no",
        "reason": "Expired",
        "details": {"kind": "secrets", "causes": [cause, cause]},
    }

    expected = Status(410, "Expired", "no", "secrets", ("NamespaceTerminating",) * 2, "go-on")
    assert Status.read(410, envelope("Status", inside)) == expected
    assert Status.read(410, json.dumps(in_json).encode()) == expected
    assert Status.read(404, NOT_FOUND) == Status(
        404, "NotFound", 'secrets "nope" not found', "secrets"
    )


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"{}", b"[]", b"null", b'{"kind": "Secret"}', b"k8s\0", b"k8s\0\x0a"]
)
def test_what_is_no_status_is_none(data: bytes) -> None:
    assert Status.read(404, data) is None
    assert Status.read(404, envelope("Secret", b"")) is None
