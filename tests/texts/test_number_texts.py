"""Decimals with signs of their own: what is written is read, and nothing is taken for another."""

import json
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.mock.texts.time_texts import reader_of, writer_of
from gridwright_runtime.texts import number_texts
from gridwright_runtime.texts.number_texts import read_number

KINDS = ["Comma", "PointComma", "BlankComma", "QuoteComma", "CommaPoint", "BlankPoint"]
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12))


@given(number=NUMBERS.filter(lambda n: abs(n) < 10**15), kind=st.sampled_from(KINDS))
def test_what_is_written_is_read_and_a_service_does_the_same(number: Decimal, kind: str) -> None:
    marker = cast("Any", getattr(number_texts, kind))
    write, read = writer_of(marker), reader_of(marker)
    assert write is not None and read is not None
    text = marker.write_wire(number)
    assert (marker.read_wire(text), read(text)) == (number, number)
    # A negative zero loses its sign there.
    assert write(number) == text or not number


@pytest.mark.parametrize(
    ("text", "thousands", "decimal"),
    [
        ("12.34", ".", ","),
        ("1.2345", ".", ","),
        ("1.234", "", ","),
        ("1,234", "'", "."),
        ("1.234,5.6", ".", ","),
        (".234", ".", ","),
        ("1e3", ".", ","),
        ("١.٢٣٤", ".", ","),
        ("", ".", ","),
    ],
)
def test_a_text_that_is_written_otherwise_is_no_number(
    text: str, thousands: str, decimal: str
) -> None:
    with pytest.raises(ValueError, match="number"):
        read_number(text, thousands, decimal)


def test_a_number_of_json_is_not_read_from_a_binary_one() -> None:
    with pytest.raises(ValueError, match="digits"):
        read_number(json.loads("0.1234567890123456789"), ".", ",")
