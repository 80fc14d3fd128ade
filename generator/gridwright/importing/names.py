"""Names of ours out of names of theirs, for a draft: a person gives better ones in the review."""

import keyword
import re
import unicodedata
from collections.abc import Collection

from gridwright.vocabulary import RESERVED_ARGUMENTS, RESERVED_FIELDS, is_reserved

__all__ = ["class_of", "snake_of", "unique"]


def snake_of(text: str, fallback: str) -> str:
    """Return a snake_case name: ``meterSerialNumber`` → ``meter_serial_number``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", plain)
    name = "_".join(part.lower() for part in parts)
    name = re.sub(r"_(?=[0-9])", "", name)
    if not name or not name[0].isalpha():
        name = f"{fallback}_{name}".strip("_")
    taken = is_reserved(name) or name in RESERVED_FIELDS | RESERVED_ARGUMENTS
    return f"{name}_value" if taken or keyword.iskeyword(name) else name


def class_of(text: str) -> str:
    """Return a class name: ``meter-reading`` → ``MeterReading``."""
    parts = re.findall(r"[A-Za-z0-9]+", unicodedata.normalize("NFKD", text))
    name = "".join(part[:1].upper() + part[1:] for part in parts)
    return name if name[:1].isalpha() else f"Record{name}"


def unique(name: str, taken: Collection[str]) -> str:
    """Return the name, or the first of its numbered forms that nobody has."""
    if name not in taken:
        return name
    number = 2
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"
