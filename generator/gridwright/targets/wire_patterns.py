"""Regular expressions of the wire's dates, times and numbers, in the part that all dialects share.

Calendar-exact, ASCII digits only, years 0001 to 9999, as the runtime reads them; no look-around and
no named groups, so that the same text serves JSON Schema and XSD. Not anchored.
"""

from gridwright.ir import DecimalType, TemporalType
from gridwright.notation.patterns import literal_expression, understand

__all__ = [
    "decimal_expression",
    "integer_expression",
    "number_expression",
    "pattern_expression",
    "temporal_expression",
]

# Digits are repeated where other expressions would count them: in alternatives, libxml2 miscounts.
_YEAR = "([0-9][0-9][0-9][1-9]|[0-9][0-9][1-9]0|[0-9][1-9]00|[1-9]000)"
_MONTH = "(0[1-9]|1[0-2])"
_LEAP_YEAR = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_HOUR = "([01][0-9]|2[0-3])"
_MINUTE = "[0-5][0-9]"


def integer_expression(digits: int | None) -> str:
    """Return the expression of a whole number written as text; leading zeros do not count."""
    return rf"[+\-]?0*[0-9]{{1,{digits or ''}}}"


def number_expression(type_: DecimalType) -> str:
    """Return the expression of a number whose texts have signs of their own.

    Where they part thousands, digits are not counted.
    """
    if not type_.thousands:
        plain = decimal_expression(type_.precision, type_.scale)
        return plain if type_.decimal == "." else plain.replace(r"\.", type_.decimal)
    point = r"\." if type_.decimal == "." else type_.decimal
    sign = r"\." if type_.thousands == "." else type_.thousands
    whole = f"([0-9]+|[0-9]{{1,3}}({sign}[0-9][0-9][0-9])+)"
    return rf"[+\-]?({whole}({point}[0-9]*)?|{point}[0-9]+)"


def decimal_expression(precision: int | None, scale: int | None) -> str:
    """Return the expression of a number written as text; zeros at either end do not count."""
    digits = None if precision is None else precision - (scale or 0)
    whole = "0+" if digits == 0 else f"0*[0-9]{{1,{'' if digits is None else digits}}}"
    if scale is None:
        some, none = "[0-9]*", "[0-9]+"
    else:
        some, none = f"[0-9]{{0,{scale}}}0*", f"[0-9]{{1,{scale}}}0*" if scale else "0+"
    return rf"[+\-]?({whole}(\.{some})?|\.{none})"


def _date(separator: str) -> str:
    s = separator
    long_months = f"(0[13578]|1[02]){s}(0[1-9]|[12][0-9]|3[01])"
    short_months = f"(0[469]|11){s}(0[1-9]|[12][0-9]|30)"
    february = f"02{s}(0[1-9]|1[0-9]|2[0-8])"
    return f"({_YEAR}{s}({long_months}|{short_months}|{february})|{_LEAP_YEAR}{s}02{s}29)"


def temporal_expression(type_: TemporalType) -> str:
    """Return the expression of a date, a time or a duration as it is written."""
    plain = pattern_expression(type_.pattern)
    if not type_.means:
        return plain
    return f"({'|'.join(literal_expression(said) for said, _ in type_.means)}|{plain})"


def pattern_expression(pattern: str) -> str:
    """Return the expression of what is written in a pattern."""
    return _PATTERNS.get(pattern) or understand(pattern).expression


_PATTERNS = {
    "yyyymmdd": _date(""),
    "yyyy-MM-dd": _date("-"),
    # Hour 24 is the midnight at the end of the day.
    "yyyymmddhh": f"{_date('')}({_HOUR}|24)",
    "yyyymmddhhmi": f"{_date('')}({_HOUR}{_MINUTE}|2400)",
    # What is read: an instant with or without milliseconds, or a bare date, its midnight.
    **dict.fromkeys(
        ("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ", "date-time"),
        f"{_date('-')}(T{_HOUR}:{_MINUTE}:{_MINUTE}(\\.[0-9]{{1,9}})?"
        f"(Z|[+\\-]{_HOUR}:?{_MINUTE}))?",
    ),
    "yyyy-MM-dd'T'HH:mm:ss": f"{_date('-')}T{_HOUR}:{_MINUTE}:{_MINUTE}",
    "yyyymm": f"{_YEAR}{_MONTH}",
    "dd": "(0?[1-9]|[12][0-9]|3[01])",
    "hhmi": f"({_HOUR}{_MINUTE}|2400)",
}
