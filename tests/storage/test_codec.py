"""The encoding of a body: what Helm wrote is read, and what is damaged is told, not shown."""

import base64
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage.golden_records import Golden, records

from postrender._errors import RecordCorrupt
from postrender.storage._codec import decode, encode

SECRET = b'{"name":"web","config":{"password":"hunter2"},"manifest":"kind: Secret"}'


def wrapped(data: bytes) -> bytes:
    return base64.b64encode(data)


def packed(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


def reason(body: bytes, **options: int) -> str:
    with pytest.raises(RecordCorrupt) as caught:
        decode(body, **options)
    return str(caught.value)


def test_a_body_is_base64_of_gzip_of_json_with_the_header_that_go_writes() -> None:
    body = encode(b'{"name":"web"}')

    data = base64.b64decode(body, validate=True)
    assert data[:10] == bytes.fromhex("1f8b080000000000 02ff")
    assert gzip.decompress(data) == b'{"name":"web"}'
    assert decode(body) == b'{"name":"web"}'


def test_the_header_is_that_of_all_golden_records() -> None:
    assert {golden.text[:13] for golden in records()} == {b"H4sIAAAAAAAC/"}
    assert encode(b"{}")[:13] == b"H4sIAAAAAAAC/"


@given(st.binary())
def test_whatever_is_encoded_is_decoded_to_the_same(tail: bytes) -> None:
    assert decode(encode(b"{" + tail)) == b"{" + tail


def test_a_body_without_gzip_is_its_json_as_early_helm_wrote_it() -> None:
    # Helm's TestUNcompressedSecretGet and TestUncompressedConfigMapGet
    assert decode(wrapped(b'{"name":"web"}')) == b'{"name":"web"}'
    assert decode(wrapped(b"{ }")) == b"{ }"


def test_line_breaks_in_base64_are_skipped_as_go_does() -> None:
    lines = base64.encodebytes(packed(b'{"name":"' + bytes(range(65, 91)) * 9 + b'"}'))

    assert lines.count(b"\n") > 1
    assert decode(lines.replace(b"\n", b"\r\n"))[:10] == b'{"name":"A'


def test_gzip_of_several_members_is_read_as_one() -> None:
    assert decode(wrapped(packed(b'{"name":') + packed(b'"web"}'))) == (b'{"name":"web"}')


DAMAGED = {
    "nothing": (b"", "is empty"),
    "a beginning of gzip": (b"H4sI", "is neither gzip nor a JSON object"),
    "a star": (b"H4sIAAAAAAAC/*==", "is no base64"),
    "a blank": (b"H4sIAAAA AAAC", "is no base64"),
    "no padding": (b"e30", "is no base64"),
    "no ASCII": ("é".encode(), "is no base64"),
    "a list": (wrapped(b"[]"), "is neither gzip nor a JSON object"),
    "another format": (wrapped(b"PK\x03\x04"), "is neither gzip nor a JSON object"),
    "gzip of a text": (wrapped(packed(b"hunter2")), "is neither gzip nor a JSON object"),
    "no last byte": (wrapped(packed(SECRET)[:-1]), "is gzip without its end"),
    "no second half": (wrapped(packed(SECRET)[:30]), "is gzip without its end"),
    "a wrong length": (wrapped(packed(SECRET)[:-1] + b"\x99"), "is damaged gzip"),
    "something after the end": (wrapped(packed(SECRET) + b"hunter2"), "is damaged gzip"),
    "no deflate": (wrapped(packed(SECRET)[:10] + b"\xff" * 9), "is damaged gzip"),
    "a wrong header": (wrapped(b"\x1f\x8b\x08\xff"), "is damaged gzip"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_what_is_no_body_is_corrupt_with_its_reason(case: str) -> None:
    body, message = DAMAGED[case]

    assert reason(body) == message


@pytest.mark.parametrize("golden", records()[::30], ids=lambda golden: golden.record.place)
def test_every_truncation_of_a_body_is_corrupt(golden: Golden) -> None:
    for size in range(len(golden.text)):
        reason(golden.text[:size])


def test_a_body_that_inflates_without_end_is_corrupt_before_memory_is_full() -> None:
    bomb = wrapped(zlib.compress(b"{" + b" " * 1_000_000, wbits=31))

    assert reason(bomb, limit=1000) == "inflates to more than a release can hold"
    assert len(decode(bomb, limit=1_000_001)) == 1_000_001


def test_the_limit_holds_for_all_members_together() -> None:
    twice = wrapped(packed(b"{" + b" " * 600) * 2)

    assert reason(twice, limit=1000) == "inflates to more than a release can hold"
