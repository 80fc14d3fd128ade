import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.values.types import (
    DayOfMonth,
    Encoder,
    EncodingError,
    IsoDate,
    Yyyymm,
    Yyyymmdd,
    decode_hook,
    encode_code,
    encode_date,
    encode_datetime,
    encode_decimal,
    encode_integer,
    encode_month,
    encode_text,
    encode_time,
    is_said_missing,
    parse,
    read_decimal,
    read_integer,
)

KST = timezone(timedelta(hours=9))
MINUTE = encode_datetime("yyyymmddhhmi", "Asia/Seoul")
HOUR = encode_datetime("yyyymmddhh", "Asia/Seoul")


class Choice(StrEnum):
    YES = "Y"


def rule_of(encode: Encoder, value: object) -> str:
    with pytest.raises(EncodingError) as caught:
        encode(value)
    return caught.value.rule


@pytest.mark.parametrize(
    ("encode", "value", "wire"),
    [
        (encode_text, "고객", "고객"),
        (encode_code, Choice.YES, "Y"),
        (encode_integer, 12, "12"),
        (encode_decimal, Decimal("31.50"), "31.50"),
        (encode_decimal, Decimal("1E+3"), "1000"),
        (encode_decimal, Decimal("1E-7"), "0.0000001"),
        (encode_decimal, 85, "85"),
        (encode_date("yyyymmdd"), date(987, 1, 2), "09870102"),
        (encode_month, date(2024, 10, 1), "202410"),
        (encode_time, "2400", "2400"),
        (encode_time, time(0, 15), "0015"),
        (MINUTE, datetime(2024, 10, 1, 14, 0, tzinfo=KST), "202410011400"),
        (MINUTE, datetime(2024, 10, 1, 15, 30, tzinfo=UTC), "202410020030"),
        (HOUR, datetime(2024, 10, 1, 15, tzinfo=UTC), "2024100200"),
    ],
)
def test_a_value_is_written_as_the_document_says(encode: Encoder, value: Any, wire: str) -> None:
    assert encode(value) == wire


@pytest.mark.parametrize(
    ("encode", "value", "rule"),
    [
        (encode_text, 123, "wrong-type"),
        (encode_text, b"a", "wrong-type"),
        (encode_integer, True, "wrong-type"),
        (encode_integer, 1.0, "wrong-type"),
        pytest.param(encode_integer, 10**5000, "not-number", id="5000 digits"),
        (encode_decimal, 0.1, "wrong-type"),
        (encode_decimal, "1", "wrong-type"),
        (encode_decimal, True, "wrong-type"),
        (encode_decimal, Decimal("NaN"), "not-number"),
        (encode_decimal, Decimal("1E+1000000"), "not-number"),
        (encode_date("yyyymmdd"), "20241001", "wrong-type"),
        (encode_date("yyyymmdd"), datetime(2024, 10, 1, tzinfo=KST), "wrong-type"),
        (encode_month, date(2024, 10, 2), "wrong-day-of-month"),
        (encode_time, time(1, 2, 3), "not-a-date"),
        (encode_time, time(1, 2, tzinfo=UTC), "wrong-type"),
        (encode_time, 15, "wrong-type"),
        (MINUTE, datetime(2024, 10, 1), "naive-time"),
        (MINUTE, date(2024, 10, 1), "wrong-type"),
        (MINUTE, datetime(2024, 10, 1, 0, 0, 30, tzinfo=KST), "not-a-date"),
        (HOUR, datetime(2024, 10, 1, 0, 15, tzinfo=KST), "not-a-date"),
        (MINUTE, datetime.max.replace(microsecond=0, second=0, tzinfo=UTC), "not-a-date"),
    ],
)
def test_a_value_that_cannot_be_written_is_refused(encode: Encoder, value: Any, rule: str) -> None:
    assert rule_of(encode, value) == rule


def test_an_encoder_of_an_unknown_pattern_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="dd/mm"):
        encode_date("dd/mm")


@pytest.mark.parametrize(
    ("kind", "wire", "value"),
    [
        (Yyyymmdd, "20241001", date(2024, 10, 1)),
        (Yyyymmdd, 20241001, date(2024, 10, 1)),
        (Yyyymmdd, "2024-10-01", date(2024, 10, 1)),
        (Yyyymm, "2024-10", date(2024, 10, 1)),
        (Yyyymmdd, " 20241001\n", date(2024, 10, 1)),
        (Yyyymm, "202410", date(2024, 10, 1)),
        (DayOfMonth, "12", 12),
        (DayOfMonth, "01", 1),
        (DayOfMonth, 7, 7),
    ],
)
def test_a_marker_reads_its_wire_format(kind: Any, wire: object, value: object) -> None:
    assert decode_hook(kind, wire) == value


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        (Yyyymmdd, "20241301"),
        (Yyyymmdd, "2024100"),
        (Yyyymmdd, "2024-1-001"),
        (Yyyymmdd, "01-10-2024"),
        (Yyyymm, "2024-100"),
        (Yyyymmdd, "２０２４１００１"),
        (Yyyymmdd, True),
        (Yyyymmdd, 1.5),
        (Yyyymmdd, 10**30),
        (Yyyymm, "202400"),
        (DayOfMonth, "0"),
        (DayOfMonth, "32"),
        (DayOfMonth, -1),
        (DayOfMonth, ["1"]),
    ],
)
def test_a_marker_refuses_other_text_without_quoting_it(kind: Any, wire: object) -> None:
    with pytest.raises(ValueError, match=r"\A(?!.*(2024|２０２４))") as caught:
        decode_hook(kind, wire)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_markers_work_inside_models() -> None:
    class Model(msgspec.Struct):
        day: Yyyymmdd | None
        month: Yyyymm | None = None

    decoder = msgspec.json.Decoder(Model, dec_hook=decode_hook)
    assert decoder.decode(b'{"day": "20241001"}').day == date(2024, 10, 1)
    assert decoder.decode(b'{"day": null, "month": "202402"}').month == date(2024, 2, 1)
    assert msgspec.convert({"day": "20241001"}, Model, dec_hook=decode_hook).day == date(
        2024, 10, 1
    )


def test_an_unknown_marker_is_a_mistake_of_the_program() -> None:
    with pytest.raises(NotImplementedError):
        decode_hook(bytes, "a")


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ("31.5", Decimal("31.5")),
        (85, Decimal(85)),
        (Decimal("9999999999.9999"), Decimal("9999999999.9999")),
        (0.1, Decimal("0.1")),
        (" 6.53 ", Decimal("6.53")),
    ],
)
def test_a_number_is_read_exactly(wire: object, value: Decimal) -> None:
    assert read_decimal(wire) == value


@pytest.mark.parametrize(
    "wire",
    ["NaN", "sNaN", "-Infinity", math.inf, math.nan, "", "1,5", True, None, [], "1e" + "9" * 30],
)
def test_what_is_no_finite_number_is_refused(wire: object) -> None:
    with pytest.raises(ValueError, match="is not a number") as caught:
        read_decimal(wire)
    assert caught.value.__context__ is None


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert read_integer("5") == read_integer(Decimal("5.0")) == 5


@pytest.mark.parametrize("digits", [1, 39, 40, 41, 4300])
def test_a_whole_number_has_as_many_digits_as_are_written(digits: int) -> None:
    number = 10**digits - 1
    assert read_integer(f"+{number}") == read_integer(number) == number


@pytest.mark.parametrize("wire", ["5.5", "1E+45", "1E+999999999", "9" * 4301, "x", False])
def test_other_numbers_are_no_whole_number(wire: object) -> None:
    with pytest.raises(ValueError, match="is not a"):
        read_integer(wire)


def test_2400_is_the_first_instant_of_the_next_day() -> None:
    assert parse("yyyymmddhhmi", "202412312400") == datetime(2025, 1, 1)
    assert parse("hhmi", "2400") == timedelta(days=1)


@given(st.dates())
def test_dates_survive_writing_and_reading(day: date) -> None:
    assert decode_hook(Yyyymmdd, encode_date("yyyymmdd")(day)) == day


@given(st.dates().map(lambda day: day.replace(day=1)))
def test_months_survive_writing_and_reading(month: date) -> None:
    assert decode_hook(Yyyymm, encode_month(month)) == month


@given(
    st.datetimes(
        min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
    )
)
def test_instants_survive_writing_as_wall_clock_of_seoul(instant: datetime) -> None:
    whole = instant.replace(second=0, microsecond=0)
    wall = parse("yyyymmddhhmi", MINUTE(whole))
    assert isinstance(wall, datetime)
    assert wall.replace(tzinfo=KST) == whole


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_numbers_survive_writing_and_reading(number: Decimal) -> None:
    assert read_decimal(encode_decimal(number)) == number


@pytest.mark.parametrize("text", ["1_5", "_15", "15_", "１５", "١٥", "1５", "", ".", "1 5", "0x1"])
def test_only_ascii_digits_make_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_decimal(text)
    with pytest.raises(ValueError, match="not a number"):
        read_integer(text)


@pytest.mark.parametrize("text", [" 1.5\n", "+1.5", "15e-1", "01.50", "1.5E0"])
def test_blanks_signs_and_exponents_may_be_part_of_a_number(text: str) -> None:
    assert read_decimal(text) == Decimal("1.5")


@pytest.mark.parametrize("value", ["n/a", " n/a\n", -999, Decimal("-999"), "-999"])
def test_a_text_may_stand_for_a_missing_value_and_so_may_a_number(value: object) -> None:
    assert is_said_missing(value, ("n/a", "-999"))
    assert not is_said_missing(value, ())


@pytest.mark.parametrize("value", [-999, Decimal("-999.0"), "-999.00", " -0999 "])
def test_a_number_that_stands_for_a_missing_value_may_have_zeros_more(value: object) -> None:
    assert is_said_missing(value, ("n/a", "-999"), read_decimal)
    assert not is_said_missing(value, ("n/a", "-99"), read_decimal)


@pytest.mark.parametrize(
    "value",
    ["N/A", "", 0, True, None, [], -99, pytest.param(10**5000, id="long"), Decimal("-999.0")],
)
def test_no_other_value_stands_for_a_missing_one(value: object) -> None:
    assert not is_said_missing(value, ("n/a", "-999", "True"))


@pytest.mark.parametrize("text", ["2024-1-1", "24-01-01", "2024/1/1"])
def test_a_date_that_cannot_be_read_is_told_by_the_pattern_of_the_document(text: str) -> None:
    with pytest.raises(ValueError, match="is not written yyyy-MM-dd"):
        decode_hook(IsoDate, text)
