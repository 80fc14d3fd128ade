"""Resolve how an operation is harvested: read for many over a long time."""

from datetime import timedelta

from gridwright.ir import Harvest
from gridwright.resolve.context import Context, cite, duration, is_length, months_of, path_of
from gridwright.source import Node

__all__ = ["resolve_harvest"]


def resolve_harvest(operation: Node, context: Context) -> Harvest | None:
    """Resolve the hints of an operation for bulk work; None where there are none."""
    node = operation.get("harvest")
    if node is None:
        return None
    nothing = Node(span=node.span, entries=())
    each, window = node.get("each") or nothing, node.get("window") or nothing
    history = node.get("history") or nothing
    _check_window(window, context)
    _check_pair(each, context)
    return Harvest(
        each=each.string("argument"),
        listed_by=each.string("operation"),
        listed_as=each.string("field"),
        first=window.string("field") or window.string("from"),
        last=window.string("to"),
        is_end_excluded=window.string("to_is") == "excluded",
        step=_days(window.get("step"), context) or "P1D",
        key=path_of(node.get("key")),
        published=_length(node.get("published"), context),
        corrected=_length(node.get("corrected"), context),
        history="" if history.text is None else _days(history, context),
        since=history.string("field"),
        cite=cite(node, context, "harvest"),
        span=node.span,
    )


def _check_window(window: Node, context: Context) -> None:
    has_day = window.get("field") is not None
    period = [key for key in ("from", "to", "to_is", "step") if window.get(key) is not None]
    if has_day and period:
        context.report(
            window.span,
            "misplaced-key",
            f"a window is one day, of a field, and has {period[0]!r} of a period",
            "write `window: {field: DAY}`, or `window: {from: FIRST, to: LAST, to_is: included}`",
        )
    elif not has_day:
        for key in ("from", "to", "to_is"):
            if window.get(key) is None:
                context.report(
                    window.span,
                    "missing-key",
                    f"a window needs its first and its last day, and {key!r} is missing",
                    "write `window: {from: FIRST, to: LAST, to_is: included}`, or excluded; or "
                    "`window: {field: DAY}`",
                )


def _check_pair(each: Node, context: Context) -> None:
    if (each.get("operation") is None) != (each.get("field") is None):
        lacking = "field" if each.get("field") is None else "operation"
        context.report(
            each.span,
            "missing-key",
            f"subjects are listed by an operation and a field of its records, and {lacking!r} is "
            "missing",
            f"add `{lacking}:`, or leave both out where the caller names the subjects",
        )


def _days(node: Node | None, context: Context) -> str:
    """Read a length of whole days, weeks or months, such as P7D, or P2Y."""
    if node is None or node.text is None:
        return ""
    text = node.text
    if "T" in text or not is_length(text) or (months_of(text) and duration(text)):
        context.report(
            node.span,
            "malformed-value",
            f"{text!r} is no length of days, weeks, months or years",
            "write P1D, P7D, P1M or P2Y",
        )
        return ""
    return text


def _length(node: Node | None, context: Context) -> timedelta:
    """Read an elapsed length, such as PT48H or P5D."""
    if node is None or node.text is None:
        return timedelta(0)
    if not is_length(node.text) or months_of(node.text):
        context.report(
            node.span,
            "malformed-value",
            f"{node.text!r} is no length of days, hours or minutes",
            "write PT48H or P5D",
        )
        return timedelta(0)
    return duration(node.text)
