"""Regular expressions of the wire's dates and times, in the part that all dialects share.

Calendar-exact, ASCII digits only, years 1000 to 9999; no look-around and no named groups, so that
the same text serves JSON Schema and XSD. Not anchored.
"""

__all__ = ["PATTERN_EXPRESSIONS"]

_YEAR = "[1-9][0-9]{3}"
_MONTH = "(0[1-9]|1[0-2])"
_LEAP_YEAR = "([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)"
_HOUR = "([01][0-9]|2[0-3])"
_MINUTE = "[0-5][0-9]"


def _date(separator: str) -> str:
    s = separator
    long_months = f"(0[13578]|1[02]){s}(0[1-9]|[12][0-9]|3[01])"
    short_months = f"(0[469]|11){s}(0[1-9]|[12][0-9]|30)"
    february = f"02{s}(0[1-9]|1[0-9]|2[0-8])"
    return f"({_YEAR}{s}({long_months}|{short_months}|{february})|{_LEAP_YEAR}{s}02{s}29)"


PATTERN_EXPRESSIONS = {
    "yyyymmdd": _date(""),
    "yyyy-MM-dd": _date("-"),
    "yyyymmddhh": f"{_date('')}{_HOUR}",
    "yyyymmddhhmi": f"{_date('')}{_HOUR}{_MINUTE}",
    # What is read: an instant with or without milliseconds, or a bare date, its midnight.
    **dict.fromkeys(
        ("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ", "date-time"),
        f"{_date('-')}(T{_HOUR}:{_MINUTE}:{_MINUTE}(\\.[0-9]{{1,9}})?"
        f"(Z|[+\\-]{_HOUR}:?{_MINUTE}))?",
    ),
    "yyyymm": f"{_YEAR}{_MONTH}",
    "dd": "(0[1-9]|[12][0-9]|3[01])",
    "hhmi": f"({_HOUR}{_MINUTE}|2400)",
}
