"""The fields that say the interval of a value can be reached from it, and have the right type."""

import re
from collections.abc import Iterator
from datetime import timedelta

from gridwright.analysis.readings import (
    IntervalSource,
    PlacedReadings,
    Unseen,
    find_placed_readings,
    has_offset,
    unseen,
)
from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import (
    BooleanType,
    CodeType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Marks,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
    ValueInterval,
)
from gridwright.notation.patterns import finest_step
from gridwright.resolve.context import duration, months_of
from gridwright.resolve.intervals import WANTED_BESIDE, fits_beside

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report what says an interval and is not there, or is of another type."""
    for missing in unseen(interface):
        yield _unseen(missing)
    for record in interface.records:
        yield from _coarse_labels(record)
        yield from _contradictory_marks(record)
    reported: set[Diagnostic] = set()
    for placed in find_placed_readings(interface):
        for problem in (
            *_types(placed),
            *_order(placed),
            *_offsets(placed),
            *_levels(placed),
            *_until(placed),
            *_coarse_source(placed),
        ):
            if problem not in reported:
                reported.add(problem)
                yield problem


def _unseen(missing: Unseen) -> Diagnostic:
    placement = missing.placement
    if "position" in missing.words and not placement.place("position"):
        return Diagnostic(
            placement.span,
            "order-without-list",
            f"the values of {missing.field.name!r} stand in order, and no record has a list of "
            f"{missing.holder.name!r}",
            "put them into a list of a record, or say by `position:` which field has their number",
        )
    word = missing.words[0]
    where = f"{missing.holder.name!r}"
    if missing.outermost.name != missing.holder.name:
        where += f", nor of a record around it up to {missing.outermost.name!r},"
    return Diagnostic(
        placement.span,
        "unknown-field",
        f"no field of {where} is {' '.join(placement.place(word))!r}, which says the {word} of "
        f"{missing.field.name!r}",
        _leads_through_list(missing, placement.place(word))
        or _length_of_number(word, placement.place(word))
        or "name a field by its wire name, or by a list of the names that lead to it",
    )


def _length_of_number(word: str, path: tuple[str, ...]) -> str:
    """Say how a length is written, where a bare number stands for one; minutes are meant most."""
    if word != "step" or len(path) != 1 or not re.fullmatch("[0-9]{1,4}", path[0]):
        return ""
    return f"write a length with its unit, such as PT{int(path[0])}M for minutes"


def _leads_through_list(missing: Unseen, path: tuple[str, ...]) -> str:
    """Say which name on a path is that of a list, which has more than one of what is named."""
    fields = (*missing.holder.fields, *missing.outermost.fields)
    if any(field.wire in path[:1] and isinstance(field.type, ListType) for field in fields):
        return (
            f"{path[0]!r} is a list, and nothing says which of its items is meant: name a field "
            "that stands once beside the value"
        )
    return ""


def _types(placed: PlacedReadings) -> Iterator[Diagnostic]:
    for source in placed.sources:
        type_ = source.fields[-1].type
        if not _fits(placed, source.word, type_):
            wire = source.fields[-1].wire
            wanted = _wanted(placed, source.word)
            unit = (
                ", with `unit: s` where it is a number of seconds" if wanted == "duration" else ""
            )
            help = f"name another field, or say `type: {wanted.split()[0]}` there{unit}"
            if isinstance(type_, TemporalType) and type_.kind == "month":
                help = (
                    "a month has neither a day nor a time: where the value is of the month, write "
                    f"`instant: {{month: {wire}}}`"
                )
            yield Diagnostic(
                placed.placement.span,
                "wrong-field",
                f"field {wire!r} cannot be the {source.word} of {placed.field.name!r}: it is no "
                f"{wanted}",
                help,
            )


def _wanted(placed: PlacedReadings, word: str) -> str:
    return "date" if placed.source(f"{word}_time") is not None else _WANTED[word]


def _fits(placed: PlacedReadings, word: str, type_: TypeRef) -> bool:
    wanted = _wanted(placed, word)
    if wanted in ("date", "time", "month", "datetime", "duration"):
        return isinstance(type_, TemporalType) and type_.kind == wanted
    if word == "until":
        return isinstance(type_, TemporalType) and type_.kind in ("time", "datetime")
    if word == "until_zone":
        return fits_beside("zone", type_)
    if word in WANTED_BESIDE:
        return fits_beside(word, type_)
    if word == "position":
        return isinstance(type_, IntegerType)
    return isinstance(type_, BooleanType | CodeType | IntegerType | TextType)


def _order(placed: PlacedReadings) -> Iterator[Diagnostic]:
    if placed.placement.in_order and placed.source("time") is not None:
        yield Diagnostic(
            placed.placement.span,
            "order-without-list",
            f"each value of {placed.field.name!r} has a label of its own, so that none of them has "
            "a place in the order of an hour",
            "say by `position:` which field has the number of its part of the hour, or leave "
            "`position:` out",
        )
        return
    begin = placed.moment("start") or placed.source("day")
    if placed.placement.in_order and begin is not None and begin.depth >= len(placed.steps):
        yield Diagnostic(
            placed.placement.span,
            "order-without-list",
            f"each value of {placed.field.name!r} has its own {_word(begin)}, so that none of "
            "them has a place in an order",
            "say by `position:` which field has its number, or `step:` alone",
        )


def _offsets(placed: PlacedReadings) -> Iterator[Diagnostic]:
    start, end = placed.source("start"), placed.source("end")
    both = [source.fields[-1] for source in (start, end) if source is not None]
    if len({has_offset(field) for field in both}) > 1:
        yield Diagnostic(
            placed.placement.span,
            "wrong-field",
            f"of start and end of {placed.field.name!r}, one has an offset and one has none",
            "name two fields of one kind, or one of them and a step",
        )
    type_ = end.fields[-1].type if end is not None else None
    if start is None and isinstance(type_, TemporalType) and type_.zone_field:
        yield Diagnostic(
            placed.placement.span,
            "wrong-field",
            f"the end of {placed.field.name!r} is a local time of a zone that another field names, "
            "so that nobody knows how far its step leads back",
            "name a start, or an end that carries its offset",
        )


def _until(placed: PlacedReadings) -> Iterator[Diagnostic]:
    """Report a printed end that is not that of the interval whose start is said."""
    begin, until = placed.source("time") or placed.moment("start"), placed.moment("until")
    if begin is None or until is None:
        return
    zone = placed.source("until_zone")
    for source in (until, zone):
        if source is not None and source.depth != begin.depth:
            yield Diagnostic(
                placed.placement.span,
                "wrong-field",
                f"field {source.fields[-1].wire!r} does not stand beside the {_word(begin)} of "
                f"{placed.field.name!r}, so that it says nothing of its end",
                f"name a field of the record that has the {_word(begin)}",
            )
    type_ = until.fields[-1].type
    if zone is not None and isinstance(type_, TemporalType) and type_.kind == "datetime":
        yield Diagnostic(
            placed.placement.span,
            "word-without-use",
            f"'zone' says nothing of the end of {placed.field.name!r}: a date with a time says "
            "itself of which zone it is",
            f"say `zone: {{field: {zone.fields[-1].wire}}}` at field {until.fields[-1].wire!r}, "
            "and here `until` with that field alone",
        )
    if until.fields == begin.fields:
        yield Diagnostic(
            placed.placement.span,
            "wrong-field",
            f"field {until.fields[-1].wire!r} is the {_word(begin)} of {placed.field.name!r}, and "
            "cannot print its end",
            "name the field that prints the end of the interval, or leave `until` out",
        )


def _coarse_labels(record: Record) -> Iterator[Diagnostic]:
    """Report a label beside its value that several intervals share."""
    by_name = {field.name: field for field in record.fields}
    for field in record.fields:
        if isinstance(field.instant, ValueInterval):
            label, step = by_name[field.instant.time_field], field.instant.step
            yield from _too_coarse(label, step, field, field.span)


def _contradictory_marks(record: Record) -> Iterator[Diagnostic]:
    """Report two values of one record and one label, which marks the start of one interval alone.

    Intervals of two lengths may start and end at one label; a label that is left open contradicts
    nothing.
    """
    marked: dict[tuple[object, ...], dict[Marks, Field]] = {}
    for field in record.fields:
        label = _label_of(record, field)
        if label is None or field.instant is None or field.instant.marks is Marks.UNDECIDED:
            continue
        marks = field.instant.marks
        same = marked.setdefault(label, {})
        same.setdefault(marks, field)
        other = same.get(_OTHER_END[marks])
        if other is None:
            continue
        yield Diagnostic(
            field.span,
            "contradictory-marks",
            f"{other.name!r} and {field.name!r} of {record.name!r} have one step and one label, "
            f"which marks the {_OTHER_END[marks].value} of the interval of {other.name!r} and the "
            f"{marks.value} of that of {field.name!r}",
            "look at what the document says, and write one `label_marks:` for both; name another "
            "`time:` where the record has two labels, or write `label_marks: undecided` for the "
            "value of which the document leaves it open",
        )


def _label_of(record: Record, field: Field) -> tuple[object, ...] | None:
    """Return what labels a value and the step; None: no label does."""
    instant = field.instant
    if isinstance(instant, ValueInterval):
        wires = {other.name: other.wire for other in record.fields}
        return (wires[instant.day_field],), (wires[instant.time_field],), instant.step
    if instant is None or not instant.place("time") or not instant.place("day"):
        return None
    step = duration(instant.step) if instant.step else instant.place("step")
    return instant.place("day"), instant.place("time"), step


def _coarse_source(placed: PlacedReadings) -> Iterator[Diagnostic]:
    """Report a label, a start or an end that several intervals share."""
    placement = placed.placement
    if not placement.step or months_of(placement.step):
        return
    if placed.source("position") and placed.source("time"):
        yield from _label_of_parts(placed)
        return
    if placement.in_order or placed.source("position"):
        return
    for word in ("time", "start", "end"):
        # Of a date and a time of its own, the time is the finer.
        source = placed.source(f"{word}_time") or placed.source(word)
        if source is not None:
            step = duration(placement.step)
            yield from _too_coarse(source.fields[-1], step, placed.field, placement.span)


def _label_of_parts(placed: PlacedReadings) -> Iterator[Diagnostic]:
    """Report a label that a number beside it divides, and that names no hour."""
    time = placed.source("time")
    type_ = None if time is None else time.fields[-1].type
    if time is None or not isinstance(type_, TemporalType):
        return
    if finest_step(type_.pattern) != _HOUR:
        yield Diagnostic(
            placed.placement.span,
            "label-too-fine",
            f"a position counts the parts of an hour, and field {time.fields[-1].wire!r}, which is "
            f"written {type_.pattern}, says more than its hour",
            "write a `pattern:` of hours alone there, such as `HH:'00'` where its minutes are "
            "always 00; or leave `position:` out",
        )


def _too_coarse(label: Field, step: timedelta, value: Field, span: Span) -> Iterator[Diagnostic]:
    type_ = label.type
    if not isinstance(type_, TemporalType):
        return
    finest = finest_step(type_.pattern)
    if finest is not None and timedelta() < step < finest:
        yield Diagnostic(
            span,
            "label-too-coarse",
            f"the intervals of {value.name!r} are shorter than field {label.wire!r} can say, which "
            f"is written {type_.pattern}: several of them would be the same one",
            "write the `step:` that one value of the field stands for; where a further field "
            "counts the parts of an hour, name it by `position:` beside `day:` and `time:`",
        )


def _levels(placed: PlacedReadings) -> Iterator[Diagnostic]:
    """Report a field that differs between records whose intervals are counted together.

    Positions count from one date or start. A zone, a length or the like in the list between that
    field and the values would be another one for each part of the positions.
    """
    begin = placed.moment("start") or placed.source("day")
    counts = placed.placement.in_order or placed.source("position")
    if begin is None or not counts or placed.source("time"):
        return
    if begin.depth >= len(placed.steps):
        return
    for source in placed.sources:
        is_later = begin.depth < source.depth < len(placed.steps)
        if is_later or (source.word == "zone" and begin.depth < source.depth):
            yield Diagnostic(
                placed.placement.span,
                "positions-of-two-lists",
                f"the positions of {placed.field.name!r} count from the {_word(begin)}, and the "
                f"{source.word} of each part of them is another one",
                f"name a {source.word} that stands beside the {_word(begin)}, or beside the value",
            )
            return
    for field in _said_by_parts(placed, begin.depth):
        yield Diagnostic(
            placed.placement.span,
            "positions-of-two-lists",
            f"the positions of {placed.field.name!r} count from the {_word(begin)} through several "
            f"lists, and field {field.wire!r} tells these apart: values of one would be placed "
            "after those of another",
            f"name a {_word(begin)} that stands beside each list, or leave out `instant:`: then "
            "records have the values, and no readings",
        )
        return


def _said_by_parts(placed: PlacedReadings, begin: int) -> Iterator[Field]:
    """Yield the plain fields of records in lists between a beginning and the list of the values."""
    holders = {record.name: record for record in placed.records}
    has_list = False
    for depth, step in enumerate(placed.steps[:-1]):
        has_list = has_list or (depth >= begin and isinstance(step.type, ListType))
        type_ = step.item_type
        if not has_list or not isinstance(type_, RecordType):
            continue
        for field in holders[type_.record].fields:
            if not isinstance(field.type, ListType | RecordType):
                yield field


def _word(source: IntervalSource) -> str:
    return source.word.removesuffix("_time")


_HOUR = timedelta(hours=1)
_OTHER_END = {Marks.START: Marks.END, Marks.END: Marks.START}
_WANTED = {
    "day": "date",
    "time": "time",
    "month": "month",
    "start": "datetime",
    "start_time": "time",
    "end": "datetime",
    "end_time": "time",
    "position": "integer",
    "until": "time or datetime",
    "until_time": "time",
    "until_zone": "code or text",
    "step": "duration",
    "omitted": "code or text",
    "repeated": "code or text",
} | WANTED_BESIDE
