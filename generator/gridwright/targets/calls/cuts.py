"""Questions that reach further than one call may: where a walk cuts them."""

from dataclasses import dataclass
from datetime import timedelta

from gridwright.analysis.naming import arguments_path, constant_name, fields_on
from gridwright.ir import Field, Interface, Limit, Operation, TemporalType
from gridwright.resolve.context import days_of, duration, months_of
from gridwright.targets.calls.requests import request_of
from gridwright.targets.expressions import Call, Expression, Name, call

__all__ = ["CutArguments", "cuts", "cuts_constant", "length_of", "resolve_cut", "step_of"]

_MODULE = "gridwright_runtime.walks.cuts"
_LENGTHS = "gridwright_runtime.times.lengths"


@dataclass(frozen=True, slots=True)
class CutArguments:
    """The arguments of a walk that differ from part to part.

    Attributes:
        period: names of the arguments with the first and the last moment; empty: there are none.
        items: name of the argument with the list; empty: there is none.
        named: what is given for each.
        asked: the names by which the runtime gives them.
    """

    period: tuple[str, ...]
    items: str
    named: tuple[tuple[str, Expression], ...]
    asked: tuple[str, ...]


def cuts_constant(operation: Operation) -> str:
    """Return the name of the constant that says what one call may hold."""
    return f"{constant_name(operation.name)}_CUTS"


def resolve_cut(interface: Interface, operation: Operation) -> CutArguments | None:
    """Return the arguments that differ from part to part; None where no question is cut."""
    period, batch = interface.cuts_of(operation)
    if period is None and batch is None:
        return None
    ends: tuple[str, ...] = ()
    if period is not None:
        ends = tuple(
            _argument(interface, operation, wire).name
            for wire in (period.from_field, period.to_field)
        )
    items = _argument(interface, operation, batch.field).name if batch is not None else ""
    names = (*ends, items) if items else ends
    # They are given by their order, in place of the arguments of the method.
    asked = tuple(f"{name}_part" for name in names)
    return CutArguments(ends, items, tuple(zip(names, map(Name, asked), strict=True)), asked)


def cuts(interface: Interface, operation: Operation) -> Call | None:
    """Return what one call may hold; None where no question is cut."""
    period, batch = interface.cuts_of(operation)
    if period is None and batch is None:
        return None
    return call(Name("Cuts", _MODULE)).with_options(
        period=_period(interface, operation, period) if period is not None else None,
        items=int(batch.at_most) if batch is not None else None,
    )


def step_of(type_: TemporalType) -> timedelta:
    """Return the time from one moment that a pattern can name to the next."""
    if type_.kind == "date":
        return timedelta(days=1)
    text = type_.pattern
    if "ss" in text or "SS" in text or text in ("date-time", "rfc3339", "iso8601", "epoch_s"):
        return timedelta(seconds=1)
    return timedelta(minutes=1)


def _period(interface: Interface, operation: Operation, limit: Limit) -> Call:
    type_ = _argument(interface, operation, limit.from_field).type
    step: Call
    zone = ""
    if isinstance(type_, TemporalType) and type_.kind == "month":
        step = call(Name("Length", _LENGTHS), months=1)
    elif isinstance(type_, TemporalType) and type_.kind == "date":
        step = call(Name("Length", _LENGTHS), days=1)
    elif isinstance(type_, TemporalType):
        seconds = step_of(type_).total_seconds()
        step, zone = call(Name("Length", _LENGTHS), seconds=seconds), type_.zone
    else:
        raise TypeError("asked only for periods between dates and times")
    to_is = limit.to_is or "undecided"
    cut = call(Name("PeriodCut", _MODULE), at_most=length_of(limit.at_most), to_is=to_is, step=step)
    return cut.with_options(zone=zone)


def length_of(text: str) -> Call:
    """Spell a length of time, by the calendar and by the clock."""
    days = days_of(text)
    return call(Name("Length", _LENGTHS)).with_options(
        months=months_of(text) or None,
        days=days or None,
        seconds=(duration(text) - timedelta(days=days)).total_seconds() or None,
    )


def _argument(interface: Interface, operation: Operation, wire: str) -> Field:
    record = request_of(interface, operation).record
    return fields_on(interface, record, ".".join(arguments_path(operation, wire)))[0]
