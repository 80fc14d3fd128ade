"""Fill the parts of a request from their sources."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from msgspec import Struct, field

from .interface import (
    Argument,
    Basic,
    Format,
    FormatWord,
    Hole,
    NewId,
    Now,
    Serial,
    ServiceName,
    Source,
    Text,
    UsernameToken,
)

__all__ = ["Values", "colon_in_user", "fill_source", "holes_in", "steps_in"]


class Values(Struct, frozen=True, kw_only=True):
    """What sources draw on; its repr shows nothing of it."""

    credentials: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    """What the client was told, by Python name; without what it was not told."""
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Results of login steps by the name of the step, then of the part; ``""`` for the only one."""
    identity: str = ""
    """What identifies the call; empty where nothing does."""
    serial: str = ""
    now: datetime | None = None
    """When the request leaves, aware."""
    service_name: str = ""
    format: Format = "json"

    def __repr__(self) -> str:
        return "<values>"


def fill_source(source: Source, values: Values) -> str | None:
    """Return the text of a source; None where it has nothing, such as an option not given."""
    match source:
        case Text():
            pieces = [_piece(piece, values) for piece in source.pieces]
            return None if None in pieces else "".join(filter(None, pieces))
        case Basic():
            user, password = fill_source(source.user, values), fill_source(source.password, values)
            if user is None or password is None:
                return None
            return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"
        case UsernameToken():
            return _token(source, values)
        case NewId():
            return values.identity or None
        case Serial():
            return values.serial or None
        case Now():
            return None if values.now is None else _write_now(values.now, source)
        case ServiceName():
            return values.service_name
        case FormatWord():
            return source.words.get(values.format)
        case Argument():
            return None  # stands in the arguments, not here
        case _:
            assert_never(source)


def colon_in_user(source: Source, values: Values) -> str:
    """Return why HTTP Basic authentication cannot carry a user; empty where it can."""
    if not isinstance(source, Basic) or ":" not in (fill_source(source.user, values) or ""):
        return ""
    names = " and ".join(hole.name for hole in holes_in(source.user)) or "the user"
    return (
        f"{names} holds a colon, at which HTTP Basic authentication ends the user: the service "
        "would take the rest for the beginning of the password"
    )


def steps_in(source: Source) -> frozenset[str]:
    """Return the names of the login steps whose results a source carries."""
    return frozenset(hole.name for hole in holes_in(source) if hole.kind == "step")


def holes_in(source: Source) -> tuple[Hole, ...]:
    """Return what a source is filled with by name, in the order in which it stands there."""
    match source:
        case Text():
            return tuple(piece for piece in source.pieces if isinstance(piece, Hole))
        case Basic():
            return holes_in(source.user) + holes_in(source.password)
        case UsernameToken():
            return holes_in(source.username) + holes_in(source.password)
        case Argument() | NewId() | Serial() | Now() | ServiceName() | FormatWord():
            return ()
        case _:
            assert_never(source)


def _piece(piece: str | Hole, values: Values) -> str | None:
    if isinstance(piece, str):
        return piece
    if piece.kind == "step":
        return values.results.get(piece.name, {}).get(piece.part)
    known = values.credentials if piece.kind == "credential" else values.options
    return known.get(piece.name)


def _token(source: UsernameToken, values: Values) -> str | None:
    from .texts.username_token import username_token  # few systems have one

    user, password = fill_source(source.username, values), fill_source(source.password, values)
    if user is None or password is None:
        return None
    if not source.is_digest:
        return username_token(user, password)
    return None if values.now is None else username_token(user, password, values.now)


def _write_now(now: datetime, source: Now) -> str:
    """Write the present; what a pattern cannot express is cut off, since nobody gave it."""
    # Few requests tell the time.
    from .texts.encoders import encode_datetime
    from .times.instants import encode_instant
    from .times.patterns import is_known

    if source.pattern in _WITH_OFFSET:
        return encode_instant(now.replace(microsecond=now.microsecond // 1000 * 1000), source.zone)
    now = now.replace(microsecond=0)
    if source.pattern in ("yyyymmddhhmi", "yyyymmddhh"):
        now = now.replace(second=0)
    if source.pattern == "yyyymmddhh":
        now = now.replace(minute=0)
    pattern = source.pattern or "yyyy-MM-dd'T'HH:mm:ss"
    if is_known(pattern):
        return encode_datetime(pattern, source.zone, _fold(now, source.zone))(now)
    return _composed(pattern, now, source.zone)


def _composed(pattern: str, now: datetime, zone: str) -> str:
    from .texts.encoders import EncodingError
    from .texts.zones import load_zone
    from .times.letters import compiled

    write = compiled(pattern).write
    midnight = now.astimezone(load_zone(zone)).date()
    for value in (now, now.replace(second=0), now.replace(minute=0, second=0), midnight):
        try:
            return str(write(value, zone, _fold(now, zone)))
        except EncodingError:
            continue
    return str(write(midnight.replace(day=1), zone))


def _fold(now: datetime, zone: str) -> str:
    """Say which of two hours the present is in: what the wall shows now is meant as it is now."""
    from .texts.zones import load_zone

    return ("first", "second")[now.astimezone(load_zone(zone)).fold]


_WITH_OFFSET = ("date-time", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "yyyy-MM-dd’T’HH:mm:ss.SSSZ")
