import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_apis.epias_ecms import models
from gridwright_runtime.texts.encoders import EncodingError
from gridwright_runtime.times.instants import (
    encode_instant,
    is_instant_text,
    read_instant,
    zoned_instant,
)

ZONE = "Europe/Istanbul"
ISTANBUL = ZoneInfo(ZONE)


def instant(*parts: int) -> datetime:
    # The checker cannot see that the parts end before the time zone's place.
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2016-10-01", instant(2016, 9, 30, 21)),
        ("2016-01-01", instant(2015, 12, 31, 22)),
        ("2016-10-01T00:00:00.000+0300", instant(2016, 9, 30, 21)),
        ("2016-10-01T00:00:00.000+03:00", instant(2016, 9, 30, 21)),
        ("2016-03-25T00:00:00.000+0300", instant(2016, 3, 24, 21)),
        ("2016-09-30T21:00:00Z", instant(2016, 9, 30, 21)),
        ("2016-09-30T21:00:00.123Z", instant(2016, 9, 30, 21, 0, 0, 123000)),
        (" 2016-10-03T13:34:43+0300\n", instant(2016, 10, 3, 10, 34, 43)),
    ],
)
def test_every_form_of_the_document_is_read(text: str, value: datetime) -> None:
    found = read_instant(text, ZONE)
    assert found == value
    assert found.tzinfo == ISTANBUL
    assert is_instant_text(text.strip())


@pytest.mark.parametrize(
    "value",
    [
        "2016-10-01T00:00:00.000",
        "2016-10-01 00:00",
        "20161001T1",
        "20161001",
        "2016-13-01",
        "2016-02-30",
        "01.10.2016",
        "２０１６-10-01",
        "0001-01-01T00:00:00+2359",
        "",
        20161001,
        None,
        True,
    ],
)
def test_what_is_no_instant_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is ") as caught:
        read_instant(value, ZONE)
    assert "2016" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2016, 1, 1, tzinfo=ISTANBUL), "2016-01-01T00:00:00.000+0200"),
        (datetime(2016, 3, 27, 2, 59, tzinfo=ISTANBUL), "2016-03-27T02:59:00.000+0200"),
        (datetime(2016, 3, 27, 4, 0, tzinfo=ISTANBUL), "2016-03-27T04:00:00.000+0300"),
        (datetime(2015, 11, 8, 3, 30, tzinfo=ISTANBUL), "2015-11-08T03:30:00.000+0300"),
        (datetime(2015, 11, 8, 3, 30, fold=1, tzinfo=ISTANBUL), "2015-11-08T03:30:00.000+0200"),
        (datetime(2016, 12, 1, tzinfo=ISTANBUL), "2016-12-01T00:00:00.000+0300"),
        (instant(2024, 1, 1, 0, 0, 0, 7000), "2024-01-01T03:00:00.007+0300"),
        (
            datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=-5))),
            "2024-01-01T08:00:00.000+0300",
        ),
    ],
)
def test_instants_are_written_with_the_offset_of_their_day(value: datetime, text: str) -> None:
    assert encode_instant(value, ZONE) == text
    assert is_instant_text(text)


@given(st.datetimes(datetime(1930, 1, 1), datetime(2200, 1, 1)))
def test_what_is_written_is_read_back(value: datetime) -> None:
    aware = value.replace(microsecond=value.microsecond // 1000 * 1000, tzinfo=UTC)
    read = read_instant(encode_instant(aware, ZONE), ZONE)
    # In UTC: Python holds an hour that the clocks repeat for unequal to that of another zone.
    assert read.astimezone(UTC) == aware


FORMS = st.sampled_from(
    [
        "{day}T{clock}{offset}",
        "{day} {clock}{offset}",
        "{day}T{clock}",
        "{day}",
        "{day}T{clock}{offset} ",
        "{day}T12:00+030000{offset}",
        "{day}{offset}",
        "{day}é{clock}{offset}",
        "{day}T24:00:00.000{offset}",
        "{day}T120000.00000{offset}",
        "{day}T１2:00:00.000{offset}",
    ]
)
ZONES = st.sampled_from([ZONE, "America/Sao_Paulo", "Asia/Amman", "Asia/Kathmandu", "UTC"])
OFFSETS = st.sampled_from(["+0300", "+0200", "+03:00", "-0330", "Z", "+2359", "+030", "+03000"])
CLOCKS = st.one_of(
    st.just("00:00:00.000"), st.times().map(lambda time: time.isoformat("milliseconds"))
)
DAYS = st.one_of(
    st.sampled_from(
        [
            *("2016-03-27", "2015-11-08", "2016-09-07", "2018-11-04", "2018-02-17"),
            *("0001-01-01", "9999-12-31"),
        ]
    ),
    st.dates().map(str),
)


@given(ZONES, st.lists(st.tuples(FORMS, DAYS, CLOCKS, OFFSETS), min_size=1))
def test_what_a_reply_holds_is_read_alike_however_often_and_in_whatever_order(
    zone: str, parts: list[tuple[str, str, str, str]]
) -> None:
    kind: Any = zoned_instant(zone)
    for form, day, clock, offset in parts:
        text = form.format(day=day, clock=clock, offset=offset)
        assert _read(kind.read_wire, text) == _read(partial(read_instant, zone=zone), text)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Istanbul", "2016-03-27"),  # an hour was skipped
        ("Europe/Istanbul", "2015-11-08"),  # an hour came twice
        ("Europe/Istanbul", "2016-09-07"),  # summer time became the time of the year
        ("America/Sao_Paulo", "2018-11-04"),  # midnight was skipped
        ("America/Sao_Paulo", "2018-02-17"),  # the last hour came twice
        ("America/Sao_Paulo", "2018-02-18"),
        ("Asia/Amman", "2021-10-29"),  # the first hour came twice
        ("Africa/Casablanca", "2024-03-10"),  # an hour came twice, in spring
        ("Pacific/Apia", "2011-12-30"),  # no such day
        ("America/Toronto", "1919-03-30"),  # an hour around midnight was skipped
    ],
)
def test_around_a_change_of_the_clocks_each_instant_is_the_one_that_was_sent(
    zone: str, day: str
) -> None:
    kind: Any = zoned_instant(zone)
    for minutes in range(-1440, 2880, 15):
        for hours in (-10, -5, -4, -3, -2, 0, 1, 2, 3, 14):
            sent = datetime.fromisoformat(day) + timedelta(minutes=minutes)
            sent = sent.replace(tzinfo=timezone(timedelta(hours=hours)))
            text = sent.isoformat(timespec="milliseconds")
            assert kind.read_wire(text).astimezone(UTC) == sent
            assert _read(kind.read_wire, text) == _read(partial(read_instant, zone=zone), text)


@pytest.mark.parametrize("value", [None, 5, True, [], {}, ["2016-10-01"], Decimal(1)])
def test_what_is_no_text_is_no_instant(value: Any) -> None:
    kind: Any = zoned_instant(ZONE)
    with pytest.raises(ValueError, match="is not a text"):
        kind.read_wire(value)


def _read(read: Callable[[str], datetime], text: str) -> object:
    """Return a reading in parts that can be compared, or what is said against it."""
    try:
        found = read(text)
    except ValueError as error:
        return str(error)
    return found.replace(tzinfo=None), found.fold, found.tzinfo, found.utcoffset()


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (datetime(2016, 10, 1), "naive-time"),
        ("2016-10-01", "wrong-type"),
        (instant(2016, 10, 1, 0, 0, 0, 1), "not-a-date"),
        (datetime.max.replace(microsecond=0, tzinfo=UTC), "not-a-date"),
    ],
)
def test_what_cannot_be_written_is_said(value: Any, rule: str) -> None:
    with pytest.raises(EncodingError) as caught:
        encode_instant(value, ZONE)
    assert caught.value.rule == rule


@pytest.mark.parametrize(
    "text",
    ["2016-10-01T00:00:00", "2016-10-01T00:00:00.000", "2016-02-30", "2016-W40-1", "20161001", ""],
)
def test_other_forms_are_deviations(text: str) -> None:
    assert not is_instant_text(text)


def test_records_with_instants_can_be_copied() -> None:
    row = models.IndexQueryResult(period=instant(2016, 10, 1))
    assert copy.deepcopy(row) == row


def test_an_hour_that_the_clocks_skipped_is_refused() -> None:
    skipped = datetime(2016, 3, 27, 3, 30, tzinfo=ISTANBUL)
    with pytest.raises(EncodingError, match="skipped"):
        encode_instant(skipped, ZONE)
