"""What an encoder wrote is read back."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from gridwright_runtime.encoders import Encoder
from gridwright_runtime.mock.arguments import reader_of
from gridwright_runtime.values import (
    encode_code,
    encode_date,
    encode_datetime,
    encode_decimal,
    encode_integer,
    encode_month,
    encode_text,
    encode_time,
)


@pytest.mark.parametrize(
    ("encode", "value"),
    [
        (encode_text, "0100000001"),
        (encode_text, "20241001"),
        (encode_code, "01"),
        (encode_date("yyyymmdd"), date(2024, 10, 1)),
        (encode_month, date(2024, 10, 1)),
        (encode_decimal, Decimal("12.50")),
        (encode_integer, -7),
        (encode_time, "2400"),
    ],
)
def test_an_argument_comes_back_as_it_was_given(encode: Encoder, value: object) -> None:
    read = reader_of(encode)(encode(value))
    assert read == value
    assert type(read) is type(value)


def test_a_datetime_comes_back_as_wall_clock_of_the_service() -> None:
    moment = datetime(2024, 9, 30, 16, 15, tzinfo=UTC)
    encode = encode_datetime("yyyymmddhhmi", "Asia/Seoul")
    assert reader_of(encode)(encode(moment)) == datetime(2024, 10, 1, 1, 15)
    encode = encode_datetime("yyyymmddhh", "Asia/Seoul")
    assert reader_of(encode)("2024100124") == datetime(2024, 10, 2)


def test_a_time_of_day_comes_back_as_text() -> None:
    assert reader_of(encode_time)(encode_time(time(1, 15))) == "0115"


@pytest.mark.parametrize(
    ("encode", "text"),
    [
        (encode_date("yyyymmdd"), "20240230"),
        (encode_month, "202413"),
        (encode_datetime("yyyymmddhh", "Asia/Seoul"), "202410011"),
        (encode_time, "2401"),
        (encode_decimal, "NaN"),
        (encode_integer, "1.5"),
    ],
)
def test_what_is_not_written_so_is_refused(encode: Encoder, text: str) -> None:
    with pytest.raises(ValueError, match="is"):
        reader_of(encode)(text)
