"""Answer as a service that publishes late and corrects its values.

Before a window is published there is nothing. While its values may change, each is one unit of its
last digit less than what it will be in the end; nothing is invented anew, so that a reading keeps
what tells it from others.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ...interface import Harvest, Operation
from ...texts.zones import load_zone
from ..world import Answer, Question, Refusal

__all__ = ["as_published"]


def as_published(
    operation: Operation[Any], question: Question, answer: Answer | Refusal, now: datetime
) -> Answer | Refusal:
    """Return what a service says now of what it will say in the end.

    Args:
        operation: which operation was asked.
        question: what was asked.
        answer: what it will say.
        now: the time, aware.
    """
    harvest = operation.harvest
    if harvest is None or isinstance(answer, Refusal):
        return answer
    end = _end(harvest, question.arguments)
    if end is None:
        return answer
    published = end + timedelta(seconds=harvest.published_seconds)
    if harvest.published_seconds and now < published:
        return Refusal("no-data", "mock-4004", "mock: this is published later")
    if harvest.corrected_seconds and now < published + timedelta(seconds=harvest.corrected_seconds):
        kept = {repr(value) for value in question.arguments.values()}
        return Answer(
            payload=_provisional(answer.payload, kept),
            beside=answer.beside,
            headers=answer.headers,
            attachments=answer.attachments,
            may_tell_more=answer.may_tell_more,
        )
    return answer


def _end(harvest: Harvest, arguments: Mapping[str, object]) -> datetime | None:
    """Return the first instant after the window that was asked for."""
    last = arguments.get(harvest.last or harvest.first)
    if isinstance(last, datetime):
        return last.astimezone(UTC) if last.tzinfo is not None else None
    if not isinstance(last, date):
        return None
    day = last if harvest.last and harvest.end == "excluded" else last + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=load_zone(harvest.zone or "UTC"))


def _provisional(value: Any, kept: set[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _provisional(one, kept) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_provisional(one, kept) for one in value]
    if isinstance(value, Decimal) and value.is_finite() and repr(value) not in kept:
        last = Decimal(1).scaleb(int(value.as_tuple().exponent))
        return value - last if value >= last else value + last
    return value
