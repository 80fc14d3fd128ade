"""Patterns of dates and times that are read in faster ways of their own, not by letters."""

from dataclasses import dataclass

__all__ = ["INSTANTS", "PATTERNS", "Pattern"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A printed pattern of a date or time; ``length`` in characters, None where it varies."""

    kind: str
    length: int | None
    meaning: str


PATTERNS = {
    "yyyymmdd": Pattern("date", 8, "year, month, day"),
    "yyyy-MM-dd": Pattern("date", 10, "year, month, day"),
    "yyyymmddhh": Pattern("datetime", 10, "year, month, day, hour"),
    "yyyymmddhhmi": Pattern("datetime", 12, "year, month, day, hour, minute"),
    "yyyy-MM-dd'T'HH:mm:ss.SSSZ": Pattern("datetime", 35, "instant with milliseconds and offset"),
    # The same pattern with the quotes that a word processor makes of it, and by its Swagger name.
    "yyyy-MM-dd’T’HH:mm:ss.SSSZ": Pattern("datetime", 35, "instant with milliseconds and offset"),
    "date-time": Pattern("datetime", 35, "instant with milliseconds and offset"),
    "yyyy-MM-dd'T'HH:mm:ss": Pattern("datetime", 19, "local date and time, without an offset"),
    "yyyymm": Pattern("month", 6, "year, month"),
    "dd": Pattern("day_of_month", 2, "day of the month"),
    "hhmi": Pattern("time", 4, "hour, minute; 2400 is the end of the day"),
}

# Patterns whose values carry their own offset: aware datetimes in Python.
INSTANTS = frozenset({"date-time", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ"})
