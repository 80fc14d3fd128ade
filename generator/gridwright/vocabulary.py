"""Words that specs may use: patterns of dates and times, reserved names."""

import keyword
from dataclasses import dataclass

__all__ = [
    "INSTANTS",
    "PATTERNS",
    "PROVISIONAL",
    "RESERVED_ARGUMENTS",
    "RESERVED_FIELDS",
    "UNDOCUMENTED",
    "Pattern",
    "is_reserved",
]


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

# How the names begin that stand in for names which a document does not give.
PROVISIONAL = "PROVISIONAL_"
# How a spec says that a document does not give a name.
UNDOCUMENTED = "undocumented"

# Attributes that every record has already, or that generated classes need.
RESERVED_FIELDS = frozenset({
    "bool", "bytes", "dict", "field", "frozenset", "int", "reading", "readings", "str", "tuple",
})  # fmt: skip

# Arguments that every method of a client has, and names that its body needs.
RESERVED_ARGUMENTS = frozenset({
    "dict", "format", "object", "operations", "self", "str", "strict", "timeout_seconds", "values",
})  # fmt: skip


# Words that are keywords in some places only; which of them are differs between versions.
_SOFT_KEYWORDS = frozenset({"_", "case", "match", "type"})


def is_reserved(name: str) -> bool:
    """Whether some version of Python keeps ``name`` for itself."""
    return keyword.iskeyword(name) or name in _SOFT_KEYWORDS
