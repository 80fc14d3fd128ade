"""Fill the fields of a SOAP header. Never writes XML."""

from collections.abc import Mapping
from typing import Any

from ..clock import Clock
from ..encoders import encode_datetime
from ..errors import ConfigurationError
from ..instants import encode_instant
from .operation import HeaderField, ServiceOperation

__all__ = ["header_values"]


def header_values(
    operation: ServiceOperation[Any],
    *,
    credentials: Mapping[str, str],
    options: Mapping[str, str],
    clock: Clock,
    identity: str,
) -> dict[str, str]:
    """Return the fields of the header by wire name, in order.

    Args:
        operation: what is called.
        credentials: by Python name.
        options: of the client, by Python name.
        clock: what time it is.
        identity: the identifier of this call.

    Raises:
        ConfigurationError: an option that every request carries was not given.
    """
    fields = operation.soap.header_fields if operation.soap else ()
    missing = [f.name for f in fields if f.source == "option" and not options.get(f.name)]
    if missing:
        given = ", ".join(f"{name}=…" for name in missing)
        raise ConfigurationError(
            f"{operation.system}: every request carries {', '.join(missing)}; pass {given}"
        )
    values = _Filled()
    for field in fields:
        match field.source:
            case "credential":
                value = credentials[field.name]
            case "uuid" | "serial":
                value = identity
            case "service":
                value = operation.wire_name
            case "option":
                value = options[field.name]
            case "now":
                value = _written(field, clock)
        values[field.wire] = value
    return values


class _Filled(dict[str, str]):
    """The fields; shows none, where a tool prints the variables of a traceback."""

    def __repr__(self) -> str:
        return "<SOAP header>"


def _written(field: HeaderField, clock: Clock) -> str:
    """Write the present; what a pattern cannot express is cut off, since nobody gave it."""
    now = clock.now()
    if field.pattern in _WITH_OFFSET:
        return encode_instant(now.replace(microsecond=now.microsecond // 1000 * 1000), field.zone)
    now = now.replace(microsecond=0)
    if field.pattern in ("yyyymmddhhmi", "yyyymmddhh"):
        now = now.replace(second=0)
    if field.pattern == "yyyymmddhh":
        now = now.replace(minute=0)
    return encode_datetime(field.pattern or "yyyy-MM-dd'T'HH:mm:ss", field.zone)(now)


_WITH_OFFSET = ("date-time", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ")
