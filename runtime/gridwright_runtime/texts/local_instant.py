"""Find the instant of a date and time on the clock on the wall, without guessing."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache

from .zones import load_zone

__all__ = ["NotPlacedError", "instant_at", "wall_of"]


class NotPlacedError(ValueError):
    """A date and time that names no instant, or two; or an instant that no text would name."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message


def instant_at(wall: datetime, zone: str, repeated: str, said: str = "") -> datetime:
    """Return the instant at which the wall of a zone shows a date and time.

    Args:
        wall: naive.
        zone: an IANA name.
        repeated: first or second, whichever is meant of an hour that comes twice; else undecided.
        said: the same, where the text says so itself.

    Raises:
        NotPlacedError: the zone is none, the clocks skip the time, or it comes twice and nothing
            says which is meant.
        ValueError: the text says which of two is meant, and there is only one.
    """
    try:
        local = load_zone(zone)
    except (KeyError, ValueError, OSError):
        local = None
    if local is None:
        raise NotPlacedError("unknown-zone", "cannot be placed: its time zone is not known")
    first = wall.replace(tzinfo=local)
    if not said and _is_even(wall.toordinal(), local):
        return first
    second = first.replace(fold=1)
    one, other = first.utcoffset() or _NONE, second.utcoffset() or _NONE
    if one == other:
        if said:
            raise ValueError("has the mark of an hour that comes twice, and comes once")
        return first
    if one < other:
        if wall.time() == _MIDNIGHT:  # a day begins, even where the wall jumps over its midnight
            # The fold tells it from what the wall shows then; it means nothing else here.
            return first.astimezone(UTC).astimezone(local).replace(fold=1)
        raise NotPlacedError("skipped-time", "is of a time that the clocks of its zone skip")
    word = said or repeated
    if word not in ("first", "second"):
        raise NotPlacedError(
            "undecided-time", "is of an hour that comes twice, and nothing says which is meant"
        )
    return first if word == "first" else second


def wall_of(value: datetime, zone: str, repeated: str, *, is_said: bool = False) -> datetime:
    """Return what the wall of a zone shows at an instant, still aware.

    Args:
        value: aware.
        zone: an IANA name.
        repeated: see `instant_at`.
        is_said: the text can say which of two is meant.

    Raises:
        NotPlacedError: what would be written would name another instant, or two.
    """
    try:
        instant = value.astimezone(UTC)
        back = instant.astimezone(value.tzinfo)
        local = instant.astimezone(load_zone(zone))
        other = local.replace(fold=1 - local.fold).utcoffset()
    except OverflowError:
        raise NotPlacedError("not-a-date", "lies outside the calendar") from None
    except (KeyError, ValueError, OSError):
        raise NotPlacedError("unknown-zone", "cannot be written: its zone is not known") from None
    if back.replace(tzinfo=None, fold=0) != value.replace(tzinfo=None, fold=0):
        raise NotPlacedError("not-a-date", "names an hour that the clocks skipped")
    comes_twice = other != local.utcoffset()
    if comes_twice and not is_said and repeated != ("second" if local.fold else "first"):
        raise NotPlacedError(
            "undecided-time",
            "is of an hour that comes twice, and its text would not say which is meant",
        )
    return local


@lru_cache(maxsize=4096)
def _is_even(ordinal: int, zone: tzinfo) -> bool:
    """Say whether no clock changes on a day of a zone, which nearly all days are."""
    try:
        midnights = [datetime.fromordinal(ordinal + number) for number in (0, 1)]
    except ValueError:
        return False
    folds = [midnight.replace(tzinfo=zone, fold=fold) for midnight in midnights for fold in (0, 1)]
    return len({time.utcoffset() for time in folds}) == 1


_NONE, _MIDNIGHT = timedelta(), time()
