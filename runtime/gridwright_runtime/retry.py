"""Decide when to send a request again."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from .message import RawReply

__all__ = ["RetryPolicy", "retry_at"]


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How patiently reads are repeated; writes never are.

    Repeated are broken or refused connections and the listed statuses; not replies that took too
    long. The pause doubles each time, by half of it up to chance, and is at least what the
    provider's Retry-After asks for.
    """

    attempts: int = 3
    """How often a request is sent at most; 1 means never again."""
    base_seconds: float = 0.5
    """The pause before the second attempt."""
    max_seconds: float = 8.0
    """The longest pause, where the provider asks for none."""
    budget_seconds: float = 60.0
    """No attempt begins later than this after the first."""
    statuses: frozenset[int] = frozenset({429, 502, 503, 504})
    random: Callable[[], float] = random.random
    """From 0 to below 1."""

    def pause(
        self, attempt: int, elapsed_seconds: float, wanted_seconds: float | None
    ) -> float | None:
        """Return the seconds to wait after a failed attempt, or None to give up.

        Args:
            attempt: how many attempts there have been.
            elapsed_seconds: since the first began.
            wanted_seconds: what the provider asks for, if it does.
        """
        if attempt >= self.attempts:
            return None
        step = min(self.base_seconds * 2 ** min(attempt - 1, 30), self.max_seconds)
        seconds = max(step / 2 + step / 2 * self.random(), wanted_seconds or 0.0)
        return seconds if elapsed_seconds + seconds <= self.budget_seconds else None


def retry_at(raw: RawReply) -> datetime | None:
    """Return when a reply's Retry-After asks to come back, aware; None when it does not say.

    It is a moment of the client's clock: a date counts from the reply's own Date, so that it does
    not matter whether the two clocks agree.
    """
    value = (raw.header("retry-after") or "").strip()
    if not value:
        return None
    seconds = _seconds(value)
    if seconds is None:
        when = _http_date(value)
        sent_at = _http_date(raw.header("date") or "")
        if when is None or sent_at is None or raw.received_at is None:
            return when
        seconds = max(0.0, (when - sent_at).total_seconds())
    if raw.received_at is None:
        return None
    try:
        return raw.received_at + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _seconds(value: str) -> float | None:
    """Read a number of seconds; decimals stand in no standard, and are sent all the same."""
    whole, _, decimals = value.partition(".")
    if not value.isascii() or not whole.isdigit() or not (decimals or "0").isdigit():
        return None
    # Nine digits are thirty years, and stay within the calendar.
    return float(f"{whole[:9]}.{decimals[:6]}")


def _http_date(value: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # rarely needed

    try:
        when = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when
