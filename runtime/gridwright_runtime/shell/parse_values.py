"""Parse texts as people type them into the values that a client takes. Never guesses.

No message holds the text: it may be a customer's number.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from msgspec.structs import fields

from ..record import Record
from ..tables.flatten import without_none
from ..texts.local_instant import NotPlacedError, instant_at
from ..texts.zones import load_zone
from ..times.durations import Duration
from .usage_error import UsageError, near

__all__ = ["TypingContext", "is_month", "read_typed", "record_of"]


class TypingContext:
    """What relative and local times mean; looked up when somebody types one.

    Args:
        find_zone: returns the zone of the service; an empty text: nobody knows it.
    """

    def __init__(self, find_zone: Callable[[], str] = str) -> None:
        self._find_zone = find_zone

    @property
    def zone(self) -> str:
        """The zone of the service; empty: nobody knows it."""
        return self._find_zone()

    @property
    def today(self) -> date | None:
        """The day that it is there; None: nobody knows it."""
        zone = self.zone
        return datetime.now(UTC).astimezone(load_zone(zone)).date() if zone else None


def read_typed(value: Any, annotation: Any, wire_kind: Any, about: TypingContext, name: str) -> Any:
    """Read a value that was typed, or that stands in a file of JSON or YAML.

    Args:
        value: a text, or what JSON has: numbers are ``Decimal`` or ``int``.
        annotation: what the client takes.
        wire_kind: the type of the field in the record of the request; tells a month from a day,
            and knows the zone of a local time. None where it is not known.
        about: the service's zone and day.
        name: for messages.

    Raises:
        UsageError: it cannot be read without a doubt.
    """
    kind = without_none(annotation)
    origin = get_origin(kind)
    if value is None:
        return None
    if origin is Literal:
        choices = [str(one) for one in get_args(kind)]
        if str(value) not in choices:
            raise UsageError(f"{name}: is one of {', '.join(choices)}")
        return value
    if origin in (list, tuple) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return _list(value, get_args(kind)[0], about, name)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise UsageError(f'{name}: write a JSON object, such as \'{{"name": "text"}}\'')
        return value
    if isinstance(origin, type) and issubclass(origin, Collection):
        return _list(value, get_args(kind)[0], about, name)
    if isinstance(kind, type) and issubclass(kind, Record):
        return record_of(kind, value, about, name)
    return _reader(kind)(value, wire_kind, about, name)


def record_of(model: type[Record], value: Any, about: TypingContext, name: str) -> Record:
    """Make a record of a mapping with our names.

    Raises:
        UsageError: it is none, or has a name that the record does not have.
    """
    if not isinstance(value, Mapping):
        raise UsageError(f"{name}: write a JSON object with the fields of {model.__name__}")
    known = {field.name: field for field in fields(model)}
    by_wire = {field.encode_name: field.name for field in known.values()}
    found: dict[str, Any] = {}
    for key, item in value.items():
        if key not in known:
            help = by_wire.get(key, "")
            said = f"its name here is {help}" if help else near(str(key), known)
            said = said or f"known: {', '.join(known)}"
            raise UsageError(f"{name}: {model.__name__} has no field of the name {key!r}; {said}")
        kind = known[key].type
        found[key] = read_typed(item, kind, without_none(kind), about, f"{name}.{key}")
    for field in known.values():
        # What a document requires is for the check of the request to miss, with its line.
        if field.required and field.name not in found:
            found[field.name] = None
    return model(**found)


def _list(value: Any, kind: Any, about: TypingContext, name: str) -> list[Any]:
    values = value if isinstance(value, list | tuple) else [value]
    return [
        read_typed(item, kind, None, about, name if len(values) == 1 else f"{name}[{number}]")
        for number, item in enumerate(values)
    ]


def _reader(kind: Any) -> Callable[[Any, Any, TypingContext, str], Any]:
    if get_args(kind) or not isinstance(kind, type):
        # Such as a time of day, which may be a text: 2400 is none of Python's times.
        return _as_text if str in get_args(kind) else _as_it_is
    if hasattr(kind, "takes_anything"):
        return _as_it_is
    for example, read in _READERS:
        if kind is not object and isinstance(example, kind):
            return read
    return _as_it_is


def _as_it_is(value: Any, wire_kind: Any, about: TypingContext, name: str) -> Any:
    return value


def _as_text(value: Any, wire_kind: Any, about: TypingContext, name: str) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{name}: is a text; put it into quotation marks")
    return value


def _as_boolean(value: Any, wire_kind: Any, about: TypingContext, name: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in ("yes", "true"):
        return True
    if word in ("no", "false"):
        return False
    raise UsageError(f"{name}: write yes or no")


def _as_integer(value: Any, wire_kind: Any, about: TypingContext, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch("[+-]?[0-9]{1,100}", value):
        return int(value)
    raise UsageError(f"{name}: write a whole number, such as 42")


def _as_decimal(value: Any, wire_kind: Any, about: TypingContext, name: str) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?", value):
        return Decimal(value)
    raise UsageError(f"{name}: write a number with a point and without blanks, such as 1234.5")


def _as_date(value: Any, wire_kind: Any, about: TypingContext, name: str) -> date:
    text = value if isinstance(value, str) else ""
    if is_month(wire_kind):
        if (found := re.fullmatch("([0-9]{4})-?([0-9]{2})", text)) is not None:
            return _date(int(found[1]), int(found[2]), 1, name)
        if re.fullmatch("(this|last) month", text):
            first = _today(about, name).replace(day=1)
            return first if text[0] == "t" else (first - timedelta(days=1)).replace(day=1)
        raise UsageError(f"{name}: is a month; write it as 2024-10, or 'last month'")
    if (found := re.fullmatch("([0-9]{4})-?([0-9]{2})-?([0-9]{2})", text)) is not None:
        return _date(int(found[1]), int(found[2]), int(found[3]), name)
    if (named := _named_day(text, about, name)) is not None:
        return named
    raise UsageError(f"{name}: write a day as 2024-10-01, yesterday, today or today-7")


def _named_day(text: str, about: TypingContext, name: str) -> date | None:
    """Return the day that today, yesterday or today-7 is; None: it is no such word."""
    found = re.fullmatch("(today|yesterday)(?:-([0-9]{1,5}))?", text)
    if found is None:
        return None
    back = int(found[2] or 0) + (found[1] == "yesterday")
    return _today(about, name) - timedelta(days=back)


def _as_datetime(value: Any, wire_kind: Any, about: TypingContext, name: str) -> datetime:
    text = value if isinstance(value, str) else ""
    help = (
        "write day and time as 2024-10-01T05:00, with +09:00 or Z if not the service's own, or a "
        "day for its beginning, which may be yesterday or today-7"
    )
    if (named := _named_day(text, about, name)) is not None:
        text = named.isoformat()
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}.*)?", text) is None:
        raise UsageError(f"{name}: {help}")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name}: {help}") from None
    if found.tzinfo is not None:
        return found
    zone = getattr(wire_kind, "zone", "") or about.zone
    if not zone:
        raise UsageError(f"{name}: say the offset too, such as 2024-10-01T05:00+09:00")
    try:
        return instant_at(found, zone, "undecided")
    except NotPlacedError as error:
        raise UsageError(f"{name}: {error} in {zone}; say the offset too") from None


def _as_duration(value: Any, wire_kind: Any, about: TypingContext, name: str) -> Duration:
    """Return a length of the calendar and of time: a day is a day, and never 24 hours."""
    try:
        if isinstance(value, str):
            return Duration.parse(value)
    except ValueError:
        pass
    raise UsageError(f"{name}: write a length of time as PT15M, PT1H, P1D or P1M")


def _as_elapsed(value: Any, wire_kind: Any, about: TypingContext, name: str) -> timedelta:
    """Return a time that elapses, such as a wait: a day of it is 24 hours."""
    form = r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?)?"
    text = value if isinstance(value, str) else ""
    found = re.fullmatch(form, text)
    if found is None or not any(found.groups()):
        raise UsageError(f"{name}: write a length of time as PT15M, PT1H or P1D")
    days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _as_bytes(value: Any, wire_kind: Any, about: TypingContext, name: str) -> bytes:
    if isinstance(value, bytes):
        return value
    raise UsageError(f"{name}: is the content of a file; write @ and its name, such as @photo.jpg")


def is_month(kind: Any) -> bool:
    """Whether two days of one month are written alike."""
    from ..values.types import Yyyymm

    if kind is None:
        return False
    if kind is Yyyymm:
        return True
    write = getattr(kind, "write_wire", None)
    if write is None or not isinstance(date(2024, 10, 1), kind):
        return False
    return bool(write(date(2024, 10, 1)) == write(date(2024, 10, 2)))


def _date(year: int, month: int, day: int, name: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise UsageError(f"{name}: there is no such day") from None


def _today(about: TypingContext, name: str) -> date:
    today = about.today
    if today is None:
        raise UsageError(f"{name}: nobody knows which day it is there; write the date")
    return today


# By a value of each kind, since types of fields answer `isinstance` for what they hold. The order
# matters: yes and no are whole numbers to Python, and every datetime is a date.
_READERS: tuple[tuple[Any, Callable[[Any, Any, TypingContext, str], Any]], ...] = (
    (1, _as_integer),
    (True, _as_boolean),
    ("", _as_text),
    (Decimal(0), _as_decimal),
    (date(2024, 10, 1), _as_date),
    (datetime(2024, 10, 1), _as_datetime),
    (Duration(), _as_duration),
    (timedelta(0), _as_elapsed),
    (time(0), _as_text),
    (b"", _as_bytes),
)
