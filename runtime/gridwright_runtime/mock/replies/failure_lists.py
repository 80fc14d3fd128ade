"""List failures beside the data of a reply, as a document has them. Never writes, never reads."""

from collections.abc import Sequence
from typing import Any

from ...errors import ConfigurationError
from ...interface import Format, Operation, Verdict
from ..texts.wire import WireTree
from ..world import Refusal
from .verdicts import failing_fields

__all__ = ["list_for", "with_failures_beside"]


def with_failures_beside(
    operation: Operation[Any], format: Format, message: object, failures: Sequence[Refusal]
) -> object:
    """Return a message with lists of what failed behind all that it holds.

    Raises:
        ConfigurationError: the document has no such list in the format, or no room for one.
    """
    if not failures:
        return message
    if not isinstance(message, dict):
        raise ConfigurationError(
            f"{operation.call} has no room beside its data for a failure in {format}"
        )
    for refusal in failures:
        verdict = list_for(operation, refusal)
        if verdict is None or format not in verdict.formats:
            raise ConfigurationError(
                f"{operation.call} lists no failures beside its data in {format}"
            )
        message = _added(message, verdict, _entry(operation, verdict, format, refusal))
    return message


def list_for(operation: Operation[Any], refusal: Refusal) -> Verdict | None:
    """Return the list of failures in which a refusal is said: one that knows its code, if any."""
    knowing = (
        verdict
        for verdict in operation.partial
        if refusal.code in verdict.errors
        or any(refusal.code in case.when.get(verdict.code, ()) for case in verdict.cases)
    )
    return next(knowing, next(iter(operation.partial), None))


def _entry(operation: Operation[Any], verdict: Verdict, format: Format, refusal: Refusal) -> object:
    fields = failing_fields(operation, verdict, refusal)
    if list(fields) == ["."]:
        return fields["."]
    entry: WireTree = {}
    for wire, value in fields.items():
        holder = entry
        for step in verdict.located.get(wire, ()):
            inner = holder.setdefault(step, {})
            holder = inner if isinstance(inner, dict) else {}
        holder[wire if format == "xml" else wire.removeprefix("@")] = value
    return entry


def _added(message: WireTree, verdict: Verdict, entry: object) -> WireTree:
    """Return a message with an entry at the end of a list, which it may have already."""
    whole = dict(message)
    holder = whole
    for step in verdict.under[:-1]:
        inner = holder.get(step)
        copied = dict(inner) if isinstance(inner, dict) else {}
        holder[step] = copied
        holder = copied
    before = holder.get(verdict.under[-1])
    holder[verdict.under[-1]] = [*(before if isinstance(before, list) else []), entry]
    return whole
