"""Read numbers from wire texts, exactly."""

import re
from decimal import Decimal, InvalidOperation

__all__ = ["read_decimal", "read_integer"]


def read_decimal(value: object) -> Decimal:
    """Read a wire number exactly: text, or a JSON number already decoded.

    Raises:
        ValueError: it is no number, or not a finite one.
    """
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise ValueError("is not a number")
    if isinstance(value, str):
        # Decimal alone would take 1_5 for 15, and digits of any script.
        value = value.strip(" \t\r\n")
        if not re.fullmatch(_NUMBER, value):
            raise ValueError("is not a number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        number = _NOT_A_NUMBER
    if not number.is_finite():
        raise ValueError("is not a number")
    return number


def read_integer(value: object) -> int:
    """Read a wire integer: text, or a JSON number already decoded, ``5.0`` included.

    Raises:
        ValueError: it is no whole number, or has thousands of digits.
    """
    number = read_decimal(value)
    # The bound keeps 1E+999999999 from becoming a number of a billion digits: those that are there
    # may be read, up to what Python itself reads.
    there = _MOST_DIGITS if isinstance(value, int) else len(value) if isinstance(value, str) else 0
    most = min(max(there, 40), _MOST_DIGITS)
    if number.adjusted() >= most or number != number.to_integral_value():
        raise ValueError("is not a whole number")
    return int(number)


# Compiled when first used: importing a client must stay cheap.
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBERS = (Decimal, str, int, float)
_MOST_DIGITS = 4300
_NOT_A_NUMBER = Decimal("NaN")
