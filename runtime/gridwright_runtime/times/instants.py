"""Instants written with their offset: read in every form, written in one, never naive."""

from collections.abc import Callable
from datetime import UTC, datetime, timezone, tzinfo
from functools import cache
from typing import Any, TypeVar

from ..texts.encoders import EncodingError
from ..texts.zones import load_zone

__all__ = ["encode_instant", "is_instant_text", "read_instant", "zoned_instant"]

_DATE_LENGTH = len("2016-10-01")
_MOST = 4096

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class _Instant(type):
    """A class that stands for aware datetimes of one zone, so that msgspec asks our hook."""

    zone: str

    # What `isinstance` asks, at the speed of a built-in type.
    __instancecheck__ = datetime.__instancecheck__

    def write_wire(cls, value: object) -> str:
        return encode_instant(value, cls.zone)


@cache
def zoned_instant(zone: str) -> type:
    """Return the type of a model's field that holds instants, for the runtime's eyes.

    Args:
        zone: an IANA name; a bare date is midnight there, and every value is given there.
    """
    read = _reader(zone)
    members = {"zone": zone, "read_wire": classmethod(read), "hook": staticmethod(read)}
    return _Instant("Instant", (), members)


def read_instant(value: object, zone: str) -> datetime:
    """Read an instant, or a bare date, which is its midnight in ``zone``.

    Returns:
        An aware datetime in ``zone``.

    Raises:
        ValueError: it is written otherwise, or has no offset.
    """
    if not isinstance(value, str):
        raise ValueError("is not a text")
    text = value.strip(" \t\r\n")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or not text.isascii():
        # Not chained: the library's message repeats the value.
        raise ValueError("is no date and no instant")
    if read.tzinfo is None:
        if len(text) == _DATE_LENGTH and "T" not in text:
            return read.replace(tzinfo=load_zone(zone))
        raise ValueError("is an instant without an offset")
    try:
        return read.astimezone(load_zone(zone))
    except OverflowError:
        raise ValueError("is out of range") from None


def _reader(zone: str) -> Callable[[type, object], datetime]:
    """Return `read_instant` for one zone, made for long replies; it is msgspec's hook, too.

    Most instants come with the offset that the zone has all that day, and need no conversion.
    Whole seconds, as the dates of readings are, come again and again, and are remembered.
    """
    known: dict[Any, datetime] = {}
    days = _Days(zone)
    read_iso, combine = datetime.fromisoformat, datetime.combine

    def read(kind: type, value: Any) -> datetime:
        try:
            found = known.get(value)
            if found is not None:
                return found
            sent = read_iso(value)
            # Any character may stand between date and time, so far as Python is concerned.
            if sent.tzinfo == days[sent.toordinal()] and value.isascii():
                found = combine(sent, sent.time(), days.local)
                if not found.microsecond:
                    _remember(known, value, found)
                return found
        except (TypeError, ValueError):
            pass
        return read_instant(value, zone)

    return read


class _Days(dict[int, timezone | str]):
    """The offset that a zone keeps all day, by the day's ordinal; "" where there are several.

    Not None there, which is the `tzinfo` of a naive time and would be taken for its match.
    """

    __slots__ = ("local", "name")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.local: tzinfo | None = None
        """The zone, from the first day on: to load it takes time, and not every call needs it."""

    def __missing__(self, ordinal: int) -> timezone | str:
        self.local = load_zone(self.name)
        found = _offset_all_day(ordinal, self.local)
        _remember(self, ordinal, found)
        return found


def _offset_all_day(ordinal: int, zone: tzinfo) -> timezone | str:
    """Return the offset of every instant of a day; "": there are several.

    An hour that the clocks skip or repeat has two offsets, one for each fold.
    """
    try:
        midnights = [datetime.fromordinal(ordinal + number) for number in (0, 1)]
    except ValueError:
        return ""
    folds = [midnight.replace(tzinfo=zone, fold=fold) for midnight in midnights for fold in (0, 1)]
    [offset, *others] = {time.utcoffset() for time in folds}
    return "" if others or offset is None else timezone(offset)


def _remember(kept: dict[KeyT, ValueT], key: KeyT, value: ValueT) -> None:
    if len(kept) >= _MOST:
        kept.clear()
    kept[key] = value


def encode_instant(value: object, zone: str) -> str:
    """Write an aware datetime as ``2016-10-01T00:00:00.000+0300``, in ``zone``.

    The offset is the one that was in force there at that instant. What the form cannot express,
    microseconds, is refused.

    Raises:
        EncodingError: it is no aware datetime, or cannot be expressed.
    """
    if not isinstance(value, datetime):
        kind = type(value).__name__
        raise EncodingError("wrong-type", f"must be a datetime (datetime.datetime), not {kind}")
    if value.tzinfo is None or value.utcoffset() is None:
        raise EncodingError(
            "naive-time", f"has no time zone; give an aware datetime, such as {zone}"
        )
    if value.microsecond % 1000:
        raise EncodingError("not-a-date", "must be on a whole millisecond")
    try:
        # No clock of UTC skips an hour.
        back = value if value.tzinfo is UTC else value.astimezone(UTC).astimezone(value.tzinfo)
        local = value.astimezone(load_zone(zone))
    except OverflowError:
        raise EncodingError("not-a-date", "is out of range") from None
    if back.replace(tzinfo=None, fold=0) != value.replace(tzinfo=None, fold=0):
        raise EncodingError("not-a-date", "names an hour that the clocks skipped")
    text = local.isoformat(timespec="milliseconds")
    if len(text) != len("2016-10-01T00:00:00.000+03:00"):
        # Before zones had whole minutes, a hundred years ago.
        raise EncodingError("not-a-date", "is out of range")
    return text[:26] + text[27:]


def is_instant_text(value: str) -> bool:
    """Whether a text is written in one of the forms that the documents show."""
    import re

    date = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    time = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
    if not re.fullmatch(f"{date}(?:T{time})?", value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
