"""Turn Python values into Arrow arrays. Never rounds, and never fills in what is missing."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, get_args, get_origin

import msgspec
import pyarrow as pa

from ..record import Record

__all__ = ["DECIMAL", "MICROSECOND", "array_of", "decimals", "instants", "micros", "numbers"]

DECIMAL = pa.decimal128(38, 9)
"""Of 38 digits nine are decimals; more of them where a value has more."""
MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def micros(moment: datetime) -> int:
    """Return an aware instant as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // MICROSECOND


def instants(values: Sequence[int | None], zone: str) -> pa.Array:
    """Return instants, given in microseconds, in a zone."""
    return pa.array(values, pa.int64()).cast(pa.timestamp("us", tz=zone))


def numbers(values: "array[int]", kind: pa.DataType) -> pa.Array:
    """Return whole numbers, or what is made of them, such as instants; none is missing."""
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def decimals(values: Sequence[Decimal | None]) -> pa.Array:
    """Return decimal numbers, all of their digits.

    Raises:
        ValueError: one has more than 38 digits.
    """
    try:
        return pa.array(values, DECIMAL)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        pass
    scale = max(-int(one.as_tuple().exponent) for one in values if one is not None)
    try:
        return pa.array(values, pa.decimal128(38, max(scale, DECIMAL.scale)))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise ValueError("a number has more digits than a table can hold, which are 38") from None


def array_of(values: Sequence[Any], kind: Any) -> pa.Array:
    """Return values of a field as an array.

    Args:
        values: None is missing.
        kind: the type of the field, None left out.

    Raises:
        ValueError: one is larger than its column can hold.
    """
    if get_origin(kind) is list:
        inner = get_args(kind)[0]
        if not (isinstance(inner, type) and issubclass(inner, Record)):
            return _lists(values, inner)
        return pa.array([None if one is None else _as_json(one) for one in values], pa.string())
    if hasattr(kind, "takes_anything"):
        return pa.array([None if one is None else _as_json(one) for one in values], pa.string())
    if isinstance(kind, type) and not issubclass(kind, Record):
        for example, make in _MAKERS:
            if isinstance(example, kind):
                return make(values, kind)
    return pa.array([None if one is None else _as_text(one) for one in values], pa.string())


def _lists(values: Sequence[Any], inner: Any) -> pa.Array:
    flat = array_of([item for one in values if one is not None for item in one], inner)
    offsets: list[int | None] = []
    end = 0
    for one in values:
        offsets.append(None if one is None else end)
        end += 0 if one is None else len(one)
    return pa.ListArray.from_arrays(pa.array([*offsets, end], pa.int32()), flat)


def _decimals(values: Sequence[Any], kind: Any) -> pa.Array:
    return decimals(values)


def _integers(values: Sequence[Any], kind: Any) -> pa.Array:
    try:
        return pa.array(values, pa.int64())
    except (pa.ArrowInvalid, OverflowError):
        raise ValueError("a whole number is larger than 64 bits") from None


def _texts(values: Sequence[Any], kind: Any) -> pa.Array:
    return pa.array(values, pa.string())


def _booleans(values: Sequence[Any], kind: Any) -> pa.Array:
    return pa.array(values, pa.bool_())


def _dates(values: Sequence[Any], kind: Any) -> pa.Array:
    return pa.array(values, pa.date32())


def _datetimes(values: Sequence[Any], kind: Any) -> pa.Array:
    zone = getattr(kind, "zone", "") or "UTC"
    return instants([None if one is None else micros(one) for one in values], zone)


def _durations(values: Sequence[Any], kind: Any) -> pa.Array:
    return pa.array(values, pa.duration("us"))


def _binaries(values: Sequence[Any], kind: Any) -> pa.Array:
    return pa.array(values, pa.binary())


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Record | Mapping | list):
        return _as_json(value)
    return str(value)


def _as_json(value: Any) -> str:
    return _ENCODER.encode(_plain(value)).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


# By a value of each kind, since types of fields answer `isinstance` for what they hold.
_MAKERS: tuple[tuple[Any, Any], ...] = (
    (1, _integers),
    (True, _booleans),
    ("", _texts),
    (Decimal(0), _decimals),
    (date(2024, 10, 1), _dates),
    (datetime(2024, 10, 1, tzinfo=UTC), _datetimes),
    (timedelta(0), _durations),
    (b"", _binaries),
)
