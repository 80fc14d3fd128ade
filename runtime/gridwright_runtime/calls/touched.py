"""List what a call touches, as limits know it, and what its reply says of limits."""

from __future__ import annotations

from typing import Any

import msgspec

from ..interface import Operation
from ..limits.turns import EVERY_ARGUMENT, Touched, Turns
from ..record import Record

__all__ = ["note_named", "note_used_up", "touched_by"]


def touched_by(
    operation: Operation[Any], arguments: Record, link: str | None, *, is_here: bool
) -> Touched:
    """Return the values by which limits with ``same`` count a call, by the names in ``same``.

    Args:
        operation: what is called.
        arguments: what it is asked with.
        link: the address that it goes to in place of the operation's own.
        is_here: whether the service is on this machine.
    """
    if not operation.same:
        return None
    provisional = {item.path for item in operation.request.provisional}
    found: dict[str, str | None] = {}
    for same, name in operation.same.items():
        if same == EVERY_ARGUMENT:
            found[same] = _compared([arguments, link])
            continue
        value = getattr(arguments, name, None)
        text = "" if value is None else _compared(value)
        # Where no argument can name it, any call may be about any of them.
        is_unnamed = not text and name in provisional and not is_here
        found[same] = text or (_NOT_NAMED if is_unnamed else None)
    return found


def note_used_up(turns: Turns, operation: Operation[Any], refused: Any, touched: Touched) -> None:
    """Let limits know that one is used up by the service's own word, where a refusal says so."""
    if not refused.breaks:
        return
    until = turns.note_used_up(operation.name, refused.breaks, touched)
    if refused.error.retry_at is None:
        refused.error.retry_at = until


def note_named(turns: Turns, operation: Operation[Any], arguments: Record, found: Any) -> None:
    """Let limits know of a thing that a reply names and its request did not."""
    record = getattr(found, "body", None)
    for same, name in operation.same.items():
        value = getattr(record, name, None)
        if value and value != getattr(arguments, name, None):
            turns.note_reply(operation.name, {same: str(value)})


def _compared(value: object) -> str:
    """Return a text by which a value that is sent is known again; it holds what is personal."""
    if isinstance(value, Record | list | tuple | dict):
        # Their own texts mask what is personal.
        return msgspec.json.encode(value, enc_hook=str, order="deterministic").decode()
    return str(value)


_NOT_NAMED = "(not named)"
