"""Times of releases: to the nanosecond, with the offset that they were written with."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postrender.storage._times import ZERO, Time

NEW_YORK = Time("2026-11-22T09:19:03.291429268-05:00")


def test_a_time_keeps_nanoseconds_and_offset_as_they_are_written() -> None:
    assert str(NEW_YORK) == "2026-11-22T09:19:03.291429268-05:00"
    assert repr(NEW_YORK) == "Time('2026-11-22T09:19:03.291429268-05:00')"
    assert NEW_YORK.nanoseconds == 1_795_357_143_291_429_268
    assert NEW_YORK.datetime == datetime(
        2026, 11, 22, 9, 19, 3, 291429, timezone(-timedelta(hours=5))
    )


# Seconds since 1970 and the rest, as Go 1.26 tells them.
@pytest.mark.parametrize(
    ("text", "seconds", "rest"),
    [
        ("2026-11-22T09:19:03Z", 1_795_339_143, 0),
        ("2026-11-22T09:19:03.1Z", 1_795_339_143, 100_000_000),
        ("2026-11-22T09:19:03.1234567891Z", 1_795_339_143, 123_456_789),
        ("2026-11-22T09:19:03+00:00", 1_795_339_143, 0),
        ("2026-11-22T09:19:03-05:00", 1_795_357_143, 0),
        ("1969-12-31T23:59:59.5Z", -1, 500_000_000),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
        ("0001-01-01T00:00:00+05:00", -62_135_614_800, 0),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ],
)
def test_a_time_is_the_moment_that_go_reads(text: str, seconds: int, rest: int) -> None:
    assert Time(text).nanoseconds == seconds * 1_000_000_000 + rest


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026-11-22 09:19:03Z",
        "2026-11-22T09:19:03",
        "2026-11-22T09:19:03z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T09:19:60Z",
        "2026-02-30T00:00:00Z",
        "2026-11-22T09:19:03.Z",
        "2026-11-22T09:19:03+0530",
        "٢026-11-22T09:19:03Z",
        "hunter2",
    ],
)
def test_what_go_refuses_is_no_time_and_is_not_shown(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is no RFC 3339 time$"):
        Time(text)


@pytest.mark.parametrize("text", ["", "0001-01-01T00:00:00Z"])
def test_the_zero_time_of_go_is_no_time(text: str) -> None:
    zero = Time(text)

    assert not zero
    assert zero == ZERO
    assert zero.datetime is None
    assert zero < NEW_YORK
    assert str(zero) == text


def test_times_compare_by_the_moment() -> None:
    kolkata = Time("2026-11-22T19:49:03.291429268+05:30")

    assert kolkata == NEW_YORK
    assert hash(kolkata) == hash(NEW_YORK)
    assert Time("2026-11-22T19:49:03.291429267+05:30") < NEW_YORK
    assert Time("2026-11-22T19:49:03.29142927+05:30") > NEW_YORK
    assert NEW_YORK != "2026-11-22T09:19:03.291429268-05:00"


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 9, 19, 3, 290000, UTC), "2026-11-22T09:19:03.29Z"),
        (
            datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "2026-01-02T00:00:00+05:30",
        ),
    ],
)
def test_a_moment_of_python_is_written_as_go_writes_it(moment: datetime, text: str) -> None:
    assert Time.of(moment).text == text


def test_a_moment_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="a time of a release has an offset"):
        Time.of(datetime(2026, 1, 2))


def test_now_is_between_before_and_after() -> None:
    before, now, after = datetime.now(UTC), Time.now(), datetime.now(UTC)

    assert now.datetime is not None
    assert before <= now.datetime <= after


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-1439, 1439))
def test_moments_survive_being_written(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert Time(Time.of(local).text) == Time.of(local)
    assert Time.of(local).nanoseconds // 1000 == (local - datetime(1970, 1, 1, tzinfo=UTC)) // (
        timedelta(microseconds=1)
    )
