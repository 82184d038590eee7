"""Rule 32: any xsd:dateTime becomes an instant in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.model import times

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("lexical", "utc", "assumed"),
    [
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000000Z", False),
        ("2026-11-21T10:00:00z", "2026-11-21T10:00:00.000000Z", False),
        (" 2026-11-21T10:00:00.5+02:00 ", "2026-11-21T08:00:00.500000Z", False),
        ("2026-11-21T10:00:00-0530", "2026-11-21T15:30:00.000000Z", False),
        ("2026-11-21 10:00", "2026-11-21T10:00:00.000000Z", True),
        ("2026-11-21", "2026-11-21T00:00:00.000000Z", True),
        ("2026-11-21T10:00:00.1234567891Z", "2026-11-21T10:00:00.123456Z", False),
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00.000000Z", False),
        ("2026-12-31T23:59:59.999999Z", "2026-12-31T23:59:59.999999Z", False),
        ("2026-12-31T24:00:00.000000Z", "2027-01-01T00:00:00.000000Z", False),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z", False),
    ],
)
def test_a_time_is_an_instant_in_utc(lexical, utc, assumed):
    assert times.instant(lexical) == times.Instant(utc, assumed)


@pytest.mark.parametrize(
    "lexical",
    [
        "", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30", "2026-11-21T25:00:00Z", "2026-11-21T24:00:01Z",
        "2026-02-30T00:00:00.000000Z", "2026-11-21T10:00:60.000000Z", "٢٠٢٦-11-21T10:00:00.000000Z",
        "10:00:00", "2026-11-21T10:00:60Z", "9999-12-31T24:00:00Z",
        "0001-01-01T00:00:00+01:00", "2026-11-21T10:00:00+25:00",
        "٢٠٢٦-11-21", "-2026-01-01T00:00:00Z", "2026-11-21T10",
    ],
)  # fmt: skip
def test_what_is_no_time_stays_text(lexical):
    assert times.instant(lexical) is None


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES))
def test_an_instant_is_what_datetime_says(moment):
    found = times.instant(moment.isoformat())
    assert found is not None
    assert datetime.fromisoformat(found.utc) == moment
    assert times.text(moment) == found.utc
    assert len(found.utc) == 27


@given(st.lists(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)))
def test_instants_sort_as_text(moments):
    assert sorted(map(times.text, moments)) == [times.text(moment) for moment in sorted(moments)]


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_milliseconds_since_1970_are_exact(milliseconds):
    expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert datetime.fromisoformat(times.from_unix_ms(milliseconds)) == expected


def test_now_is_now():
    before = times.text(datetime.now(UTC))
    assert before <= times.now() <= times.text(datetime.now(UTC))
