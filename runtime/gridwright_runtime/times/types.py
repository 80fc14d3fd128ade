"""Types of fields that hold dates and times in composed patterns. Never naive in Python."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from ..texts.local_instant import NotPlacedError, instant_at
from ..texts.zones import ZoneNames, load_zone, zone_named
from .letters import compiled
from .patterns import EPOCHS, is_in_other_unit

__all__ = ["read_local", "written_date", "written_instant"]


class _Written(type):
    """A class that stands for the values of one pattern, so that msgspec asks our hook."""

    pattern: str
    zone: str


class _Date(_Written):
    __instancecheck__ = date.__instancecheck__

    def read_wire(cls, value: object) -> object:
        return compiled(cls.pattern).read(_text(value))

    def write_wire(cls, value: object) -> str:
        return compiled(cls.pattern).write(value, cls.zone)


class _Instant(_Written):
    repeated: str
    __instancecheck__ = datetime.__instancecheck__

    def read_wire(cls, value: object) -> object:
        return _instant(_text(value), cls.pattern, cls.zone, cls.repeated)

    def write_wire(cls, value: object) -> str | int:
        text = compiled(cls.pattern).write(value, cls.zone, cls.repeated)
        return int(text) if cls.pattern in EPOCHS else text


class _Beside(_Instant):
    """Values that other fields of the record tell something of: their zone, or which of two."""

    zone_of: str
    zone_names: ZoneNames
    repeated_of: str
    second: tuple[str, ...]

    def read_wire(cls, value: object) -> object:
        raise NotPlacedError("unknown-zone", "cannot be placed without its record")

    def read_beside(cls, value: object, record: Mapping[str, object]) -> object:
        """Read a value of a wire record."""
        zone, repeated = cls._zone_and_choice(record)
        return _instant(_text(value), cls.pattern, zone, repeated, otherwise=cls.zone)

    def write_beside(cls, value: object, record: Mapping[str, object]) -> str | int:
        """Write a value into a wire record that has the others already."""
        zone, repeated = cls._zone_and_choice(record)
        # What is written with its offset is certain in every zone.
        zone = zone or (cls.zone if cls.pattern in _OFFSET_OR_NONE else "")
        text = compiled(cls.pattern).write(value, zone, repeated)
        return int(text) if cls.pattern in EPOCHS else text

    def _zone_and_choice(cls, record: Mapping[str, object]) -> tuple[str, str]:
        zone, repeated = cls.zone, cls.repeated
        if cls.zone_of:
            try:
                zone = zone_named(record.get(cls.zone_of), cls.zone_names)
            except LookupError:
                zone = ""
        if cls.repeated_of:
            said = record.get(cls.repeated_of)
            is_missing = said is None or said == ""
            repeated = "undecided" if is_missing else _word(str(said).strip().lower() in cls.second)
        return zone, repeated


@cache
def written_date(pattern: str) -> Any:
    """Return the type of a field that holds dates, or months as their first day."""
    return _Date("WrittenDate", (), {"pattern": pattern, "zone": "UTC"})


@cache
def written_instant(
    pattern: str,
    zone: str,
    repeated: str = "undecided",
    *,
    zone_of: str = "",
    zone_names: ZoneNames = (),
    repeated_of: str = "",
    second: tuple[str, ...] = (),
) -> Any:
    """Return the type of a field that holds dates with a time.

    Args:
        pattern: the document's; with an offset or an epoch, or else the wall clock of the zone.
        zone: an IANA name; every value is given there.
        repeated: which is meant of an hour that comes twice: first, second or undecided.
        zone_of: wire name of the field that names the zone; empty: there is none.
        zone_names: what it may say, where it says no IANA names.
        repeated_of: wire name of the field that says which is meant; empty: there is none.
        second: its values that mean the second.
    """
    about: dict[str, Any] = {"pattern": pattern, "zone": zone, "repeated": repeated}
    if not (zone_of or repeated_of):
        return _Instant("WrittenInstant", (), about)
    lowered = tuple(text.lower() for text in second)
    about |= {
        "zone_of": zone_of,
        "zone_names": zone_names,
        "repeated_of": repeated_of,
        "second": lowered,
    }
    return _Beside("WrittenInstant", (), about)


def read_local(
    text: str,
    pattern: str,
    zone: str,
    repeated: str,
    zone_of: str,
    zone_names: ZoneNames,
    repeated_of: str,
    second: tuple[str, ...],
    *,
    record: Mapping[str, object],
) -> datetime:
    """Read a date with a time that stands in a wire record; see `written_instant`.

    Raises:
        NotPlacedError: it is no instant, or two.
        ValueError: it is not written so.
    """
    kind = written_instant(
        pattern,
        zone,
        repeated,
        zone_of=zone_of,
        zone_names=zone_names,
        repeated_of=repeated_of,
        second=second,
    )
    if zone_of or repeated_of:
        return cast("datetime", kind.read_beside(text, record))
    return cast("datetime", kind.read_wire(text))


def _word(is_second: bool) -> str:
    return "second" if is_second else "first"


def _instant(text: str, pattern: str, zone: str, repeated: str, *, otherwise: str = "") -> datetime:
    """Read an instant.

    Args:
        text: what stands on the wire.
        pattern: the document's.
        zone: where a value without an offset is placed; empty: it is not known.
        repeated: which is meant of an hour that comes twice.
        otherwise: the zone in which a value is given that carries its offset all the same.
    """
    letters = compiled(pattern)
    read: Any = letters.read(text)
    if read.tzinfo is None:
        word = repeated if letters.unmarked == "undecided" else letters.unmarked
        return instant_at(read, zone, word, letters.mark_in(text))
    if is_in_other_unit(pattern, read):
        raise NotPlacedError("implausible-date", "cannot be placed: its unit is another")
    if not zone and pattern in _OFFSET_OR_NONE:
        zone = otherwise
    try:
        return cast("datetime", read.astimezone(load_zone(zone)))
    except (KeyError, ValueError, OSError):
        pass
    except OverflowError:
        raise ValueError("is out of range") from None
    raise NotPlacedError("unknown-zone", "cannot be placed: its time zone is not known")


# Values of these may carry an offset, or none.
_OFFSET_OR_NONE = ("iso8601",)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip(" \t\r\n")
    # JSON may carry a time as a number.
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**17 else ""
    raise ValueError("is neither text nor a number")
