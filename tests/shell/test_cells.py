"""Values as the text of a cell."""

from decimal import Decimal

import pytest

from gridwright_runtime.shell.output import cell


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("-0.50", "-0.50"),
        ("1E-7", "0.0000001"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
        ("1E+999999999", "1E+999999999"),
        ("-1E-999999999", "-1E-999999999"),
    ],
)
def test_a_number_has_all_its_digits_and_no_thousand_zeros(value: str, text: str) -> None:
    assert cell(Decimal(value)) == text
