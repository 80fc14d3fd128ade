"""Call a generated client with values made up from its own signature. Knows no combination."""

import datetime
import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal
from io import BytesIO
from types import ModuleType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.record import Record
from gridwright_runtime.times.durations import Duration

__all__ = ["NOW", "arguments_of", "credentials_of"]

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime.datetime(2024, 10, 2, 3, tzinfo=datetime.UTC)
"""A Wednesday at noon in Seoul: no limit of the combinations closes the service then."""
_OPTIONS = {
    "attachments", "begin", "format", "overrule", "page_size", "progress", "strict",
    "timeout_seconds", "transaction_id",
}  # fmt: skip
_VALUES: Mapping[str, object] = {
    "level": "12",
    "first_row": 1,
    "last_row": 5,
    "day_of_month": 5,
    "meter_number": "0000000001",
    "first_day": datetime.date(2024, 10, 1),
    "last_day": datetime.date(2024, 10, 31),
    "only_day": datetime.date(2024, 10, 1),
}


def arguments_of(
    method: Callable[..., Any], package: ModuleType, moment: str = ""
) -> dict[str, Any]:
    """Return a value for each argument that a method needs.

    Args:
        method: of a client.
        package: the generated package.
        moment: the text of a time, where records have it as a text.
    """
    hints = get_type_hints(method, vars(package.client) | vars(package.models))
    return {
        name: moment if (name, hints[name]) == ("moment", str) else _value(name, hints[name])
        for name, parameter in inspect.signature(method).parameters.items()
        if name not in _OPTIONS and name != "self"
        and parameter.default is inspect.Parameter.empty
    }  # fmt: skip


def credentials_of(make: Callable[..., Any]) -> dict[str, str]:
    """Return what a mock accepts of credentials, by its own defaults."""
    return {
        name: parameter.default
        for name, parameter in inspect.signature(make).parameters.items()
        if isinstance(parameter.default, str) and parameter.default.startswith("demo-")
    }


def _value(name: str, kind: Any) -> object:
    if name == "to":
        return BytesIO()
    if name in _VALUES:
        return _VALUES[name]
    kinds = [one for one in get_args(kind) if one is not NoneType]
    if get_origin(kind) in (Union, UnionType):
        return _value(name, kinds[0])
    if get_origin(kind) is not None:  # a list, or an open record's items
        if issubclass(get_origin(kind), Mapping):
            return {"more": "1"}
        if kinds[0] is Upload:
            return [_value(name, Upload), _value(name, Upload)]
        return ["A1", "B2"] if kinds[0] is str else [_value(name, kinds[0])]
    if isinstance(kind, type) and issubclass(kind, Record):
        return kind(**{
            info.name: _value(info.name, info.type)
            for info in msgspec.structs.fields(kind)
            if info.required
        })  # fmt: skip
    if hasattr(kind, "takes_anything"):
        return {"steps": [1, Decimal("2.50"), None, ""]}
    return _PLAIN[getattr(kind, "plain", kind)](name)


_PLAIN: Mapping[Any, Callable[[str], object]] = {
    str: lambda name: "A1",
    int: lambda name: 5,
    bool: lambda name: True,
    Decimal: lambda name: Decimal("1.5"),
    datetime.date: lambda name: datetime.date(2024, 10, 1),
    datetime.datetime: lambda name: datetime.datetime(2024, 10, 1, 14, tzinfo=SEOUL),
    Duration: lambda name: Duration(elapsed=datetime.timedelta(minutes=90)),
    Upload: lambda name: Upload(b"drawing", filename="drawing.png"),
}
