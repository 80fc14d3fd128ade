from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.texts.encoders import EncodingError
from gridwright_runtime.times.local_times import local_instant
from gridwright_runtime.times.patterns import parse
from gridwright_runtime.validation import RecordValidator

PATTERN = "yyyy-MM-dd'T'HH:mm:ss"
BANGKOK = ZoneInfo("Asia/Bangkok")
KIND = local_instant(PATTERN, "Asia/Bangkok")


def read(value: object) -> datetime:
    found: datetime = KIND.read_wire(value)  # type: ignore[attr-defined]  # of its metaclass
    return found


def written(value: object) -> str:
    found: str = KIND.write_wire(value)  # type: ignore[attr-defined]  # of its metaclass
    return found


def test_a_local_time_is_aware_in_its_zone() -> None:
    found = read("2019-01-03T00:00:00")
    assert found == datetime(2019, 1, 2, 17, tzinfo=UTC)
    assert found.tzinfo == BANGKOK


@pytest.mark.parametrize(
    "text",
    [
        "2019-01-03",
        "2019-01-03 00:00:00",
        "2019-01-03T00:00:00Z",
        "2019-01-03T00:00:00+07:00",
        "2019-01-03T00:00:00.000",
        "20190103T000000",
        "2019-02-30T00:00:00",
        "2019-01-03T24:00:00",
        "๒๐๑๙-01-03T00:00:00",
    ],
)
def test_other_forms_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(ValueError, match=r"is written|is not written") as caught:
        parse(PATTERN, text)
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-09-30T08:18:50.01", datetime(2024, 9, 30, 1, 18, 50, 10_000, tzinfo=UTC)),
        ("2024-09-30T08:18:50.1234567", datetime(2024, 9, 30, 1, 18, 50, 123_456, tzinfo=UTC)),
        ("2024-09-30T08:18:50+07:00", datetime(2024, 9, 30, 1, 18, 50, tzinfo=UTC)),
        ("2024-09-30T08:18:50+0900", datetime(2024, 9, 29, 23, 18, 50, tzinfo=UTC)),
        ("2024-09-30T01:18:50Z", datetime(2024, 9, 30, 1, 18, 50, tzinfo=UTC)),
        ("2024-09-30 08:18:50", datetime(2024, 9, 30, 1, 18, 50, tzinfo=UTC)),
        ("2024-09-30", datetime(2024, 9, 29, 17, tzinfo=UTC)),
    ],
)
def test_what_is_certain_is_read_and_reported(text: str, meant: datetime) -> None:
    found = read(text)
    assert found == meant
    assert found.tzinfo == BANGKOK
    validator = RecordValidator({"at": text})
    validator.date("at", "read_at", "", "", pattern=PATTERN)
    assert [problem.rule for problem in validator.problems()] == ["not-a-date"]


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-30T08:18",
        "2024-09-30T",
        "2024-09-30T08:18:50,5",
        "2024-09-30T08:18:50+7",
        "30-09-2024",
        "2024-W40-1",
        "2024-02-30T08:18:50Z",
        "2024-09-30T24:00:00.0",
        "0001-01-01T00:00:00+14:00",
        "๒๐๒๔-09-30",
    ],
)
def test_what_is_not_certain_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"is written|is not written|out of range"):
        read(text)


@pytest.mark.parametrize("value", [20190103, None, True])
def test_only_texts_are_read(value: object) -> None:
    with pytest.raises(ValueError, match="not a text"):
        read(value)


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
        lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
    )
)
def test_what_is_written_is_read_as_the_same_instant(instant: datetime) -> None:
    assert read(written(instant)) == instant


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (datetime(2024, 1, 1), "naive-time"),
        (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=1), "not-a-date"),
        ("2024-01-01T00:00:00", "wrong-type"),
    ],
)
def test_what_the_form_cannot_express_is_refused(value: object, rule: str) -> None:
    with pytest.raises(EncodingError) as caught:
        written(value)
    assert caught.value.rule == rule
