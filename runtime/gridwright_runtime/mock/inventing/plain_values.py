"""Invent one value of a type, as what is known of its field allows."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from ...times.durations import Duration
from ...values.types import DayOfMonth, IsoDate, Yyyymm, Yyyymmdd
from ..facts import FieldFacts
from ..texts.letters import is_composed, write_time
from ..texts.time_texts import is_doubtful
from .draw import draw

__all__ = ["SOME_INSTANT", "Name", "dated", "is_pattern", "plain_value", "write_clock"]

Name = tuple[object, ...]
"""What a value belongs to, from the outside in; the same name has the same value."""
SOME_INSTANT = datetime(2024, 1, 1, tzinfo=UTC)


def plain_value(kind: Any, fact: FieldFacts, name: Name) -> object:
    """Invent a value; None: it is of no type that is known."""
    label = next((str(part) for part in reversed(name) if isinstance(part, str)), "")
    if fact.codes:
        code = fact.codes[draw(0, len(fact.codes) - 1, *name)]
        return int(code) if kind is int else code
    if kind is str:
        return _text(label, fact, name)
    if hasattr(kind, "takes_anything"):
        return _anything(label, draw(1, 99, *name))
    if kind is bool:
        return draw(0, 1, *name) == 1
    if fact.range is not None and kind is int:
        return int(_number_in(fact, Decimal(1), name))
    if kind is int:
        return draw(1, _largest(fact.digits, 99), *name)
    if kind is Decimal or (isinstance(kind, type) and isinstance(_SOME_NUMBER, kind)):
        if label.endswith("percent") and fact.range is None:
            return Decimal(draw(0, 100, *name))
        decimals = 1 if fact.decimals is None else min(fact.decimals, 3)
        if fact.range is not None:
            return _number_in(fact, Decimal(1).scaleb(-decimals), name)
        digits = min(3, 3 if fact.digits is None else fact.digits)
        return Decimal(draw(0, 10 ** (digits + decimals) - 1, *name)).scaleb(-decimals)
    if kind in (Yyyymmdd, IsoDate):
        return _DAY + timedelta(days=draw(0, 365, *name))
    if kind is Yyyymm:
        return date(2024, draw(1, 12, *name), 1)
    if kind is DayOfMonth:
        return draw(1, 28, *name)
    if isinstance(kind, type) and kind is not int and isinstance(_DAY, kind):
        # Each is a Monday and the first of its month, which every pattern can express.
        return date(2024, draw(0, 2, *name) * 3 + 1, 1)
    if isinstance(kind, type) and isinstance(_LENGTHS[0], kind):
        if means := getattr(kind, "means", ()):
            return Duration.parse(means[draw(0, len(means) - 1, *name)][1])
        return _LENGTHS[draw(0, len(_LENGTHS) - 1, *name)]
    if isinstance(kind, type) and isinstance(SOME_INSTANT, kind):
        moment = SOME_INSTANT + timedelta(days=draw(0, 365, *name))
        # At noon no clock is changed.
        return moment + timedelta(hours=12) if is_doubtful(kind, moment) else moment
    return None


def _text(label: str, fact: FieldFacts, name: Name) -> str:
    if fact.examples:
        return fact.examples[draw(0, len(fact.examples) - 1, *name)]
    if fact.letters:
        drawn = (draw(0, len(some) - 1, *name, at) for at, some in enumerate(fact.letters))
        return "".join(some[at] for some, at in zip(fact.letters, drawn, strict=True))
    if fact.pattern:
        return dated(fact.pattern, SOME_INSTANT + timedelta(days=draw(0, 365, *name)), name)
    most = fact.max_characters
    if fact.max_bytes is not None:
        most = fact.max_bytes if most is None else min(most, fact.max_bytes)
    number = draw(1, 999, *name)
    last = label.rpartition("_")[2]
    text = _PLAUSIBLE.get(last, "{label} {number:03d}").format(
        label=label.replace("_", " "), number=number
    )
    if most is not None and len(text) > most:
        text = f"{draw(0, 10 ** min(most, 9) - 1, *name):0{most}d}"[:most]
    least = fact.min_characters or 0
    text = text if len(text) >= least else text.ljust(least, "0")
    if fact.lengths and not any(
        first <= len(text) and (last is None or len(text) <= last) for first, last in fact.lengths
    ):
        size = fact.lengths[0][0]
        return f"{draw(0, 10 ** min(size, 9) - 1, *name):0{size}d}"
    return text


def _number_in(fact: FieldFacts, step: Decimal, name: Name) -> Decimal:
    """Invent a number in a range, a multiple of its step or of the one that is given."""
    first, last, said = (Decimal(text) if text else None for text in fact.range or ("", "", ""))
    step = said or step
    if fact.digits is not None:
        largest = 10**fact.digits - step
        last = largest if last is None else min(last, largest)
    if first is None:
        first = Decimal(0) if last is None or last >= 0 else last - 99 * step
    least = (first / step).to_integral_value(ROUND_CEILING)
    most = least + 99 if last is None else (last / step).to_integral_value(ROUND_FLOOR)
    return (least + draw(0, max(0, int(min(most - least, Decimal(10**6)))), *name)) * step


def dated(pattern: str, moment: datetime, name: Name) -> str:
    """Write a date or a time as a pattern of documents does."""
    if pattern == "hhmi":
        return f"{draw(0, 23, *name):02d}{15 * draw(0, 3, *name, 'minute'):02d}"
    if pattern in _PATTERNS:
        return moment.strftime(_PATTERNS[pattern])
    return write_time(pattern, moment)


def is_pattern(text: str) -> bool:
    """Say whether dates or times can be written by a pattern."""
    return text in _PATTERNS or text == "hhmi" or is_composed(text)


def write_clock(pattern: str, moment: datetime) -> str:
    """Write what clocks show."""
    known = "%H%M" if pattern == "hhmi" else _PATTERNS.get(pattern)
    return moment.strftime(known) if known else write_time(pattern, moment)


def _anything(label: str, number: int) -> dict[str, object]:
    """Return an object in which everything stands that JSON has."""
    return {
        "said": label.replace("_", " "),
        "numbers": [number, Decimal(number).scaleb(-1)],
        "is_invented": True,
        "nothing": None,
    }


def _largest(digits: int | None, otherwise: int) -> int:
    return otherwise if digits is None else max(1, min(otherwise, 10**digits - 1))


_SOME_NUMBER = Decimal()
_DAY = date(2024, 1, 1)
# None is of the calendar: a number of seconds could not express it.
_LENGTHS = tuple(Duration(elapsed=timedelta(minutes=minutes)) for minutes in (15, 30, 60))
_PATTERNS = {
    "yyyymmdd": "%Y%m%d",
    "yyyymm": "%Y%m",
    "yyyymmddhhmi": "%Y%m%d%H%M",
    "yyyymmddhh": "%Y%m%d%H",
    "dd": "%d",
    "yyyy-MM-dd'T'HH:mm:ss": "%Y-%m-%dT%H:%M:%S",
    "date-time": "%Y-%m-%dT%H:%M:%S.000+0000",
}
_PLAUSIBLE = {
    "number": "{number:06d}",
    "id": "{number:06d}",
    "code": "{number:03d}",
    "name": "Sample {label} {number}",
    "address": "{number} Sample Street",
    "street": "Sample Street {number}",
    "city": "Sampleton",
    "email": "sample{number}@example.org",
    "phone": "000-555-{number:04d}",
    "url": "https://example.org/{number}",
    "country": "Sampleland",
    "currency": "XXX",
    "note": "An invented note {number}",
    "description": "An invented description {number}",
    "message": "An invented message {number}",
}
