"""Times, durations and numbers as a service writes and reads them, in the documents' own patterns.

Written by itself, not with what clients write and read with: so each is a check on the other.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import formatdate, parsedate_to_datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from ...times.durations import Duration
from .letters import read, tokens_of, write_time

__all__ = ["beside_of", "is_doubtful", "reader_of", "writer_of"]

Writer: TypeAlias = Callable[[Any, Mapping[str, object]], object]
Reader: TypeAlias = Callable[[object, Mapping[str, object]], object]


def writer_of(kind: Any) -> Callable[[Any], object] | None:
    """Return how a service writes values of a type of a model; None: it is none of a time."""
    pattern = getattr(kind, "pattern", "")
    if hasattr(kind, "thousands"):
        return lambda value: _write_number(value, kind.thousands, kind.decimal)
    if pattern == "duration":
        return lambda value: _length_text(kind.means, value)
    if pattern in _SECONDS:
        return lambda value: _number(value, _SECONDS[pattern])
    if pattern in _WHOLE:
        return lambda value: _write_whole(pattern, value, kind.zone)
    if pattern and isinstance(kind.zone, str) and not hasattr(kind, "hook"):
        return lambda value: _write(pattern, value, kind.zone)
    return None


def beside_of(kind: Any) -> tuple[Writer, Reader] | None:
    """Return how values are written and read of which other fields of the record tell the zone.

    None: none does, or what they tell is which of two hours is meant.
    """
    zone_of = getattr(kind, "zone_of", "")
    if not zone_of:
        return None
    called: dict[str, str] = dict(kind.zone_names)

    def zone(record: Mapping[str, object]) -> str:
        said = str(record.get(zone_of))
        return called.get(said, said)

    def write(value: Any, record: Mapping[str, object]) -> object:
        if kind.pattern in _WHOLE:
            return _write_whole(kind.pattern, value, zone(record))
        return _write(kind.pattern, value, zone(record))

    def read(value: object, record: Mapping[str, object]) -> object:
        if kind.pattern in _WHOLE:
            return _read_whole(kind.pattern, value, zone(record))
        return _read(kind.pattern, value, zone(record), "first")

    return write, read


def is_doubtful(kind: Any, moment: datetime) -> bool:
    """Say whether a text of a type would not say which of two instants is meant."""
    zone, pattern = getattr(kind, "zone", ""), getattr(kind, "pattern", "")
    if not zone or hasattr(kind, "hook"):
        return False
    local = moment.astimezone(ZoneInfo(zone))
    return _comes_twice(local) and "|" not in pattern


def reader_of(kind: Any) -> Callable[[object], object] | None:
    """Return how a service reads such values, raising ValueError; None: it is none of a time."""
    pattern = getattr(kind, "pattern", "")
    if hasattr(kind, "thousands"):
        return lambda value: _read_signed(value, kind.thousands, kind.decimal)
    if pattern == "duration":
        return lambda value: _read_iso_duration(dict(kind.means).get(_stripped(value), value))
    if pattern in _SECONDS:
        return lambda value: _read_number(value, _SECONDS[pattern])
    if pattern in _WHOLE:
        return lambda value: _read_whole(pattern, value, kind.zone)
    if pattern and isinstance(kind.zone, str) and not hasattr(kind, "hook"):
        return lambda value: _read_possible(
            pattern, value, kind.zone, getattr(kind, "repeated", "")
        )
    return None


def _read_possible(pattern: str, value: object, zone: str, repeated: str) -> object:
    try:
        return _read(pattern, value, zone, repeated)
    except OverflowError:
        raise ValueError("is before the first or after the last year of the calendar") from None


def _write(pattern: str, value: Any, zone: str) -> str:
    if not isinstance(value, datetime):
        return write_time(pattern, datetime(value.year, value.month, value.day))
    if ("utc", "Z1") in tokens_of(pattern):
        return write_time(pattern, value.astimezone(UTC))
    local = value.astimezone(ZoneInfo(zone))
    return write_time(pattern, local, comes_twice=_comes_twice(local))


def _read(pattern: str, value: object, zone: str, repeated: str) -> object:
    if not isinstance(value, str):
        raise ValueError("is no text")
    wall = read(pattern, value.strip())
    if not any(name in ("hour", "last") for name, _ in tokens_of(pattern)):
        return wall.shown.date()
    if wall.offset is not None:
        return (wall.shown - wall.offset).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    local = wall.shown.replace(tzinfo=ZoneInfo(zone))
    if wall.second or (wall.second is None and repeated == "second"):
        local = local.replace(fold=1)
    # What the wall skips comes back as another time.
    return local.astimezone(UTC).astimezone(ZoneInfo(zone))


def _comes_twice(local: datetime) -> bool:
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _write_whole(pattern: str, value: datetime, zone: str) -> str | int:
    since = value - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since.days * 86400 + since.seconds
    match pattern:
        case "epoch_s":
            return seconds
        case "epoch_ms":
            return seconds * 1000 + since.microseconds // 1000
        case "http-date":
            return formatdate(seconds, usegmt=True)
    local = value.astimezone(ZoneInfo(zone))
    fraction = f".{local.microsecond:06d}" if local.microsecond else ""
    return write_time("yyyy-MM-dd'T'HH:mm:ss", local) + fraction + write_time("XXX", local)


def _read_whole(pattern: str, value: object, zone: str) -> datetime:
    if pattern in ("epoch_s", "epoch_ms"):
        if not isinstance(value, str | int):
            raise ValueError("is no number")
        unit = timedelta(seconds=1) if pattern == "epoch_s" else timedelta(milliseconds=1)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + int(value) * unit
    elif pattern == "http-date":
        moment = parsedate_to_datetime(str(value))
    else:
        moment = datetime.fromisoformat(str(value).upper())
    local = ZoneInfo(zone)
    return moment.replace(tzinfo=local) if moment.tzinfo is None else moment.astimezone(local)


def _length_text(means: tuple[tuple[str, str], ...], value: Duration) -> str:
    """Write a length by the document's own text for it, where it has one."""
    for said, length in means:
        if _read_iso_duration(length) == value:
            return said
    return _iso_duration(value)


def _stripped(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _iso_duration(value: Duration) -> str:
    months, days = abs(value.months), abs(value.days)
    passed = abs(value.elapsed)
    is_back = value.months < 0 or value.days < 0 or value.elapsed < timedelta()
    text = f"{'-' if is_back else ''}P"
    text += f"{months // 12}Y" if months >= 12 else ""
    text += f"{months % 12}M" if months % 12 else ""
    text += f"{days}D" if days else ""
    if not passed and (months or days):
        return text
    minutes, rest = divmod(passed, timedelta(minutes=1))
    seconds = f"{rest.seconds}.{rest.microseconds:06d}".rstrip("0").rstrip(".")
    # Minutes are not carried into hours: PT60M and PT1H are the same, and services write both.
    text += f"T{minutes}M" if minutes else "T"
    return text if minutes and not rest else f"{text}{seconds}S"


def _read_iso_duration(value: object) -> Duration:
    """Read amounts and their letters one after the other."""
    if not isinstance(value, str) or "P" not in value[:2]:
        raise ValueError("is no duration")
    sign, _, text = value.partition("P")
    date, _, time = text.partition("T")
    amounts = dict.fromkeys(("Y", "M", "W", "D", "TH", "TM", "TS"), Decimal())
    for before, part in (("", date), ("T", time)):
        digits = ""
        for letter in part:
            if letter in "0123456789.,":
                digits += letter.replace(",", ".")
                continue
            if f"{before}{letter}" not in amounts or not digits:
                raise ValueError("is no duration")
            amounts[f"{before}{letter}"], digits = Decimal(digits), ""
    way = -1 if sign == "-" else 1
    seconds = amounts["TH"] * 3600 + amounts["TM"] * 60 + amounts["TS"]
    return Duration(
        way * int(amounts["Y"] * 12 + amounts["M"]),
        way * int(amounts["W"] * 7 + amounts["D"]),
        way * timedelta(microseconds=int(seconds * 1_000_000)),
    )


def _write_number(value: Decimal, thousands: str, decimal: str) -> str:
    digits = f"{abs(value):,f}".replace(",", "\0").replace(".", decimal)
    return f"{'-' if value < 0 else ''}{digits}".replace("\0", thousands)


def _read_signed(value: object, thousands: str, decimal: str) -> Decimal:
    if not isinstance(value, str):
        return Decimal(str(value))
    whole, _, rest = value.partition(decimal)
    digits = "".join(whole.split(thousands)) if thousands else whole
    try:
        return Decimal(f"{digits}.{rest}" if rest else digits or "0")
    except ArithmeticError:
        raise ValueError("is no number") from None


def _number(value: Duration, seconds: int) -> Decimal:
    length = Decimal(value.elapsed // timedelta(microseconds=1)) / 1_000_000
    return length / seconds


def _read_number(value: object, seconds: int) -> Duration:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is no number")
    try:
        length = Decimal(value) * seconds
    except ArithmeticError:
        raise ValueError("is no number") from None
    return Duration(elapsed=timedelta(microseconds=int(length * 1_000_000)))


_WHOLE = ("rfc3339", "iso8601", "http-date", "epoch_s", "epoch_ms")
_SECONDS = {"duration_s": 1, "duration_min": 60, "duration_h": 3600}
