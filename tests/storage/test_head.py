"""The beginning of a body: the same summary as from all of it, or none."""

import base64
import gzip
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage.golden_records import Golden, records

from postrender.storage._codec import decode, encode
from postrender.storage._head import Head, read_head
from postrender.storage._json import dumps

INFO = {"status": "deployed", "notes": "é" * 3}
CHART = {"metadata": {"name": "web", "version": "1.0.0"}, "lock": None}
RELEASE = {"name": "web", "info": INFO, "chart": CHART, "version": 1, "namespace": "shop"}
HEAD = Head("web", INFO, {"name": "web", "version": "1.0.0"})


def body(**changes: object) -> bytes:
    return encode(dumps({**RELEASE, **changes}))


def noise(size: int) -> str:
    """Return text that deflate makes little of."""
    return base64.b85encode(random.Random(1).randbytes(size)).decode()


def whole(golden: Golden) -> Head:
    release: dict[str, Any] = json.loads(decode(golden.text))
    return Head(release["name"], release["info"], release["chart"]["metadata"])


def test_the_beginning_of_every_golden_record_is_enough() -> None:
    assert [read_head(golden.text[:1024]) for golden in records()] == [
        whole(golden) for golden in records()
    ]


@pytest.mark.parametrize("golden", records()[::15], ids=lambda golden: golden.record.place)
def test_a_beginning_of_any_length_gives_the_same_or_nothing(golden: Golden) -> None:
    expected = whole(golden)

    heads = [read_head(golden.text[:size]) for size in range(len(golden.text) + 1)]

    assert [head for head in heads if head] == [expected] * sum(map(bool, heads))
    assert heads[0] is None
    assert heads[-1] == expected


@given(st.text(max_size=3000), st.integers(0, 3000))
def test_a_character_that_is_cut_in_two_is_waited_for(notes: str, size: int) -> None:
    text = base64.b64encode(dumps({**RELEASE, "info": {"notes": notes}}))

    head = read_head(text[:size])

    assert head is None or head.info == {"notes": notes}


@pytest.mark.parametrize("encoded", [body(), base64.b64encode(dumps(RELEASE))])
def test_gzip_and_plain_json_are_read_alike(encoded: bytes) -> None:
    assert read_head(encoded) == HEAD


def test_line_breaks_are_skipped() -> None:
    assert read_head(base64.encodebytes(base64.b64decode(body())).replace(b"\n", b"\r\n")) == HEAD


def test_what_follows_is_not_inflated() -> None:
    encoded = body(manifest=noise(100_000))

    # The rest is damaged in its first byte after the summary's step.
    assert read_head(encoded[:1024] + b"*" * 1024) == HEAD


def test_notes_of_several_pieces_are_read() -> None:
    notes = noise(20_000)

    head = read_head(body(info={"notes": notes}, manifest=noise(100_000)))

    assert head
    assert head.info == {"notes": notes}


def test_notes_beyond_all_measure_make_it_a_body_to_decode_whole() -> None:
    assert read_head(body(info={"notes": noise(100_000)})) is None


def test_a_chart_without_metadata_is_enough() -> None:
    assert read_head(body(chart={"metadata": None})) == Head("web", INFO, None)


@pytest.mark.parametrize(
    "release",
    [
        {"info": INFO, "name": "web", "chart": CHART},
        {"name": "web", "chart": CHART, "info": INFO},
        {"name": "web", "info": INFO, "version": 1},
        {"name": "web", "info": INFO, "chart": None},
        {"name": "web", "info": INFO, "chart": {"lock": None}},
        {"name": "web", "info": [], "chart": CHART},
        {"name": 1, "info": INFO, "chart": CHART},
        {"NAME": "web", "info": INFO, "chart": CHART},
        {},
    ],
)
def test_what_is_not_in_the_order_of_go_is_a_body_to_decode_whole(release: object) -> None:
    assert read_head(encode(dumps(release))) is None


def test_json_with_blanks_is_a_body_to_decode_whole() -> None:
    assert read_head(encode(json.dumps(RELEASE).encode())) is None


def test_half_a_character_makes_it_a_body_to_decode_whole() -> None:
    text = rb'{"name":"web","info":{"notes":"\ud800"},"chart":{"metadata":null}}'

    assert read_head(encode(text)) is None


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"H4s",
        b"****",
        b"H4sIAAAAAAAC/////////w==",
        base64.b64encode(gzip.compress(b"", mtime=0)),
        encode(b'{"name":' + b"[" * 200_000),
    ],
    ids=["nothing", "too little", "no base64", "no deflate", "empty", "too deep"],
)
def test_what_is_damaged_is_a_body_to_decode_whole(damaged: bytes) -> None:
    assert read_head(damaged) is None
