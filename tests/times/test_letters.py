"""Patterns composed of letters: what is read, what is refused, and the way back."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.texts.encoders import EncodingError
from gridwright_runtime.times.letters import compiled
from gridwright_runtime.times.patterns import parse
from gridwright_runtime.times.types import written_date, written_instant
from gridwright_runtime.validation import RecordValidator

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2024, 10, 1)
AFTERNOON = datetime(2024, 10, 1, 14, 5)
TWO_HOURS = timezone(timedelta(hours=2))

TEXTS = [
    ("dd.MM.yyyy", "01.10.2024", DAY),
    ("DD/MM/YYYY", "01/10/2024", DAY),
    ("dd/mm/yyyy", "01/10/2024", DAY),
    ("MM-dd-yyyy", "10-01-2024", DAY),
    ("yyyy-MM-dd", "2024-10-01", DAY),
    ("d.M.yy", "1.10.24", DAY),
    ("dd MMM yyyy", "01 Oct 2024", DAY),
    ("yyyy-MM", "2024-10", DAY),
    ("MM/yyyy", "10/2024", DAY),
    ("yyyy-'W'ww", "2024-W40", date(2024, 9, 30)),
    ("yyyyMMddHHmmss", "20241001140500", AFTERNOON),
    ("YYYYMMDDHHMISS", "20241001140500", AFTERNOON),
    ("yyyyMMddHHmmssSSS", "20241001140500250", AFTERNOON.replace(microsecond=250_000)),
    ("yyyy-MM-dd HH:mm", "2024-10-01 14:05", AFTERNOON),
    ("DD.MM.YYYY HH24:MI", "01.10.2024 14:05", AFTERNOON),
    ("MM/dd/yyyy hh:mm a", "10/01/2024 02:05 PM", AFTERNOON),
    ("yyyy-MM-ddTHH:mm:ssZ", "2024-10-01T14:05:00Z", AFTERNOON.replace(tzinfo=UTC)),
    ("yyyy-MM-dd'T'HH:mm:ssXXX", "2024-10-01T14:05:00+02:00", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("yyyy-MM-dd'T'HH:mmXX", "2024-10-01T14:05+0200", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("rfc3339", "2024-10-01T14:05:00+02:00", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("http-date", "Tue, 01 Oct 2024 12:05:00 GMT", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("epoch_s", "1727784300", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("epoch_ms", "1727784300000", AFTERNOON.replace(tzinfo=TWO_HOURS)),
    ("HH:mm", "14:05", timedelta(hours=14, minutes=5)),
    ("HHmmss", "140500", timedelta(hours=14, minutes=5)),
    ("H:mm", "9:05", timedelta(hours=9, minutes=5)),
    ("d", "7", 7),
]


@pytest.mark.parametrize(("pattern", "text", "value"), TEXTS)
def test_a_text_is_read_and_written_back(pattern: str, text: str, value: object) -> None:
    letters = compiled(pattern)
    read, write = letters.read, letters.write
    assert read(text) == value
    given = value
    if isinstance(value, datetime) and value.tzinfo is None:
        given = value.replace(tzinfo=BERLIN)
    if isinstance(value, timedelta):
        given = (datetime.min + value).time()
    assert write(given, "Europe/Berlin") == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        *(
            ("dd.MM.yyyy", text)
            for text in ("2024-10-01", "1.10.2024", "01.10.2024 ", "٠١.10.2024")
        ),
        *(
            ("dd.MM.yyyy", text)
            for text in ("30.02.2024", "00.01.2024", "01.13.2024", "01.01.0000")
        ),
        *(("HH:mm", text) for text in ("24:01", "25:00", "12:60", "1200", "")),
        *(("yyyy-'W'ww", text) for text in ("2024-W53", "2024-W00", "2024W40")),
        *(("rfc3339", text) for text in ("2024-10-01T14:05:00", "2024-10-01", "2024-10-01T14Z")),
        *(("epoch_s", text) for text in ("1e9", "1.5", "")),
        ("http-date", "Tue, 01 Okt 2024 12:05:00 GMT"),
        ("yyyy-MM-dd HH:mm", "9999-12-31 24:00"),
    ],
)
def test_what_is_written_otherwise_is_refused_without_showing_it(pattern: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"is (not )?written") as caught:
        compiled(pattern).read(text)
    assert not text or text not in str(caught.value)


def test_hour_24_is_the_midnight_that_ends_the_day() -> None:
    assert compiled("HH:mm").read("24:00") == timedelta(days=1)
    assert compiled("dd.MM.yyyy HH:mm").read("31.12.2024 24:00") == datetime(2025, 1, 1)
    assert parse("HH:mm", "24:00") == timedelta(days=1)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("dd.MM.yyyy", AFTERNOON),
        ("dd.MM.yyyy", "01.10.2024"),
        ("MM/yyyy", date(2024, 10, 2)),
        ("yyyy-'W'ww", date(2024, 10, 1)),
        ("dd.MM.yy", date(1969, 1, 1)),
        ("yyyy-MM-dd HH:mm", AFTERNOON),
        ("yyyy-MM-dd HH:mm", AFTERNOON.replace(tzinfo=UTC, second=1)),
        ("epoch_s", AFTERNOON.replace(tzinfo=UTC, microsecond=1)),
        ("HH:mm", time(14, 5, 30)),
        ("HH:mm", time(14, 5, tzinfo=UTC)),
    ],
)
def test_what_a_pattern_cannot_express_is_refused_and_not_cut_off(
    pattern: str, value: object
) -> None:
    with pytest.raises(EncodingError):
        compiled(pattern).write(value, "Europe/Berlin")


@given(st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31), timezones=st.just(UTC)))
def test_every_instant_comes_back_from_patterns_with_an_offset(moment: datetime) -> None:
    for pattern in ("rfc3339", "iso8601", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"):
        text = compiled(pattern).write(moment, "Europe/Berlin")
        assert compiled(pattern).read(text) == moment


def test_an_instant_in_an_hour_that_comes_twice_is_written() -> None:
    for moment in (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)):
        for pattern in ("rfc3339", "yyyy-MM-dd'T'HH:mmXXX", "epoch_s", "http-date"):
            text = compiled(pattern).write(moment.astimezone(BERLIN), "Europe/Berlin")
            assert compiled(pattern).read(text).astimezone(UTC) == moment  # type: ignore[union-attr]


def test_types_of_fields_hold_dates_and_aware_datetimes() -> None:
    instants, dates = written_instant("epoch_ms", "Europe/Berlin"), written_date("dd.MM.yyyy")
    assert instants.read_wire(1727784300000) == AFTERNOON.replace(tzinfo=BERLIN)
    assert instants.read_wire(" 1727784300000 ").tzinfo == BERLIN
    assert dates.read_wire("01.10.2024") == DAY
    assert isinstance(DAY, dates)
    assert not isinstance(DAY, instants)
    for wrong in (True, None, 1.5):
        with pytest.raises(ValueError, match="neither"):
            instants.read_wire(wrong)


@pytest.mark.parametrize(
    ("pattern", "text", "rules"),
    [
        ("dd.MM.yyyy", "01.10.2024", []),
        ("dd.MM.yyyy", "01.10.2567", ["implausible-date"]),
        ("dd.MM.yyyy", "2024-10-01", ["not-a-date"]),
        ("yyyymmdd", "25671001", ["implausible-date"]),
        ("epoch_s", 1727784300, []),
        ("epoch_s", 1727784300000, ["implausible-date"]),
        ("epoch_ms", 1727784300, ["implausible-date"]),
        ("epoch_ms", "1727784300", ["implausible-date"]),
        ("epoch_s", 0, ["implausible-date"]),
        ("epoch_s", 253402300799, ["implausible-date"]),
        ("epoch_s", 31536000, []),
        ("epoch_s", -31536001, []),
    ],
)
def test_a_validator_judges_composed_patterns(pattern: str, text: object, rules: list[str]) -> None:
    validator = RecordValidator({"day": text})
    validator.date("day", "day", "", "", pattern=pattern)
    assert [problem.rule for problem in validator.problems()] == rules
