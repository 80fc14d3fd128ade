"""Resolve what says the intervals of values: labels, instants, positions, steps."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from gridwright.diagnostics import nearest
from gridwright.ir import (
    BooleanType,
    CodeType,
    Field,
    IntegerType,
    Marks,
    Placement,
    Repeated,
    Series,
    TemporalType,
    TextType,
    TypeRef,
    UnitOfData,
    ValueInterval,
)
from gridwright.ir.words import MIDNIGHTS, OMITTED, REPEATED
from gridwright.notation.patterns import has_mark
from gridwright.notation.zones import longest_change
from gridwright.resolve.context import Context, duration, one_of, path_of, word, yes
from gridwright.source import Node

__all__ = ["WANTED_BESIDE", "fits_beside", "resolve_instant", "resolve_series"]

_DAY_MINUTES = 24 * 60


def resolve_instant(
    node: Node, value: Field, by_wire: Mapping[str, Field], context: Context
) -> ValueInterval | Placement:
    """Resolve what says the interval of a single value.

    Args:
        node: the mapping under ``instant``.
        value: the value.
        by_wire: the fields of its record; what is not among them stands in records around it.
        context: where problems go.
    """
    name = value.name
    said = tuple(word for word in _FACTS if node.get(word) is not None)
    if said not in _FORMS:
        context.report(
            node.span,
            "interval-without-form",
            f"what says the interval of {name!r} is {' and '.join(said) or 'nothing'}, which is "
            "none of the forms",
            "say day and time, day, time and position, day and position, start and position, "
            "start and end, start and step, end and step, or month",
        )
    has_step = node.get("step") is not None
    if not has_step and said in _FORMS and said not in _WITHOUT_STEP:
        context.report(
            node.span,
            "interval-without-step",
            f"nothing says how long the interval of {name!r} is",
            "add `step:` with a length such as PT15M, or the field that holds it",
        )
    _check_words(node, said, context)
    step = _fixed_step(node, said, context)
    beside = _beside_value(node, value.unit_of_data, context)
    time = by_wire.get(node.string("time"))
    is_marked = (
        time is not None and isinstance(time.type, TemporalType) and has_mark(time.type.pattern)
    )
    is_plain = not beside and not yes(node, "label") and not is_marked and not node.get("until")
    own = (
        is_plain and said == _LABEL and all(_is_own(node, key, by_wire) for key in ("day", "time"))
    )
    if own and (step or not has_step) and _is_own(node.get("repeated"), "field", by_wire):
        return ValueInterval(
            day_field=_other(node, "day", "date", by_wire, context),
            time_field=_other(node, "time", "time", by_wire, context),
            step=duration(step),
            marks=word(Marks, node.string("label_marks"), Marks.UNDECIDED),
            zone=context.zone,
            repeated=_repeated(node, by_wire, context),
            midnight=one_of(MIDNIGHTS, node.string("midnight")) or "undecided",
        )
    return _placement(node, said, step, beside, context)


def _beside_value(
    node: Node, unit: UnitOfData | None, context: Context
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the paths of what fields say of readings beside their intervals, by what it is."""
    unit = unit or UnitOfData(field=(), values=())
    paths = (
        ("unit", unit.field),
        ("power_of_ten", unit.power_of_ten),
        ("quality", path_of(node.get("quality"))),
        ("zone", context.zone_path),
    )
    return tuple((key, path) for key, path in paths if path)


def fits_beside(word: str, type_: TypeRef) -> bool:
    """Say whether a field may hold what readings know beside their intervals."""
    match word:
        case "unit":
            return isinstance(type_, CodeType | TextType | IntegerType)
        case "zone":
            return isinstance(type_, CodeType | TextType)
        case "power_of_ten":
            return isinstance(type_, IntegerType)
        case _:
            return isinstance(type_, BooleanType | CodeType | IntegerType | TextType)


def _placement(
    node: Node,
    said: tuple[str, ...],
    step: str,
    beside: tuple[tuple[str, tuple[str, ...]], ...],
    context: Context,
) -> Placement:
    in_order = node.string("position") == "order"
    places: list[tuple[str, tuple[str, ...]]] = []
    for key in said:
        if not (key == "position" and in_order):
            places += _places_of(key, node)
    until = node.get("until")
    if until is not None:
        places += _places_of("until", node)
    until_zone = until.get("zone") if until is not None else None
    if until_zone is not None:
        places.append(("until_zone", path_of(until_zone)))
    if node.get("step") is not None and not step:
        places.append(("step", path_of(node.get("step"))))
    words: dict[str, tuple[str, tuple[str, ...]]] = {}
    for key, listed in (("omitted", "repeat"), ("repeated", "second")):
        inner = node.get(key)
        is_field = inner is not None and inner.text is None
        words[key] = ("field" if is_field else node.string(key), ())
        if inner is not None and is_field:
            places.append((key, path_of(inner.get("field"))))
            words[key] = ("field", inner.strings(listed))
    return Placement(
        places=(*places, *beside),
        in_order=in_order,
        counts_from=int(node.string("counts_from") == "1" or not node.get("counts_from")),
        step=step,
        marks=word(Marks, node.string("label_marks"), Marks.UNDECIDED),
        zone=context.zone,
        omitted=one_of(OMITTED, words["omitted"][0]) or "unsaid",
        omitted_repeats=words["omitted"][1],
        repeated=Repeated(
            word=one_of(REPEATED, words["repeated"][0]) or "undecided", second=words["repeated"][1]
        ),
        label=yes(node, "label"),
        midnight=one_of(MIDNIGHTS, node.string("midnight")) or "undecided",
        zone_names=context.zone_names if context.zone_path or until_zone else (),
        span=node.span,
    )


def _places_of(key: str, node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a moment is said: by one field, or by one of its date and one of its time."""
    said = node.get(key)
    if said is None:
        return
    if (day := said.get("day")) is None:
        yield key, path_of(said.get("field") or said)
        return
    yield key, path_of(day)
    yield f"{key}_time", path_of(said.get("time"))


def _is_pair(node: Node, key: str) -> bool:
    said = node.get(key)
    return said is not None and said.get("day") is not None


def _check_words(node: Node, said: tuple[str, ...], context: Context) -> None:
    """Report words that say nothing in the form that is said, and one that is missing there."""
    is_labelled, counts = said in (_LABEL, _LABEL_IN_PARTS), "position" in said
    is_span = counts and not is_labelled
    is_paired = _is_pair(node, "start") or _is_pair(node, "end")
    begins = said == ("start",) or (is_labelled and node.string("label_marks") == "start")
    may_end = is_labelled and node.string("label_marks") != "start"
    for key, means_something, reason in (
        ("step", said not in _WITHOUT_STEP, "its end is said"),
        ("label_marks", is_labelled, "no label of a day is said"),
        ("midnight", may_end, "no label names its end"),
        ("until", begins, "nothing says where it starts, and `step` how long it is"),
        ("counts_from", counts, "no position is said"),
        (
            "omitted",
            is_span,
            "each value has a label of its own" if counts else "no position is said",
        ),
        (
            "label",
            said == _LABEL or is_span,
            "its label is that of a whole hour"
            if is_labelled
            else "neither a label nor a position is said",
        ),
        (
            "repeated",
            is_labelled or is_paired,
            "a month is there once"
            if said == ("month",)
            else "the field of its start or end says which of two is meant",
        ),
    ):
        inner = node.get(key)
        if inner is not None and said in _FORMS and not means_something:
            context.report(
                inner.span,
                "word-without-use",
                f"{key!r} says nothing of this interval, since {reason}",
                "leave it out",
            )
    if is_labelled and node.get("label_marks") is None:
        context.report(
            node.span,
            "missing-key",
            "'label_marks' is missing: nothing says which end of its interval a label names",
            "add `label_marks: start`, `end` or, where the document leaves it open, `undecided`",
        )
    omitted = node.get("omitted")
    is_endless = is_span and "day" not in said and "end" not in said
    if omitted is not None and omitted.text != "missing" and is_endless:
        context.report(
            omitted.span,
            "word-without-use",
            "nothing says which position is the last, so that none after it is known to be omitted",
            "add `end:` with the field that holds the end of the last interval",
        )


def _fixed_step(node: Node, said: tuple[str, ...], context: Context) -> str:
    """Return a length that the spec says; empty: a field of the reply does, or nothing."""
    step = node.get("step")
    if step is None or step.text is None or not _LENGTH.fullmatch(step.text):
        return ""
    if said in (_LABEL, _LABEL_IN_PARTS, ("day", "position")):
        length = _step(node, context)
        if said == _LABEL_IN_PARTS and _HOUR % length:
            context.report(
                step.span,
                "not-a-step",
                f"an hour has no whole number of steps of {step.text}",
                "write the length of one part of the hour, such as PT15M",
            )
    elif not re.search("[1-9]", step.text) or not _OF_ONE_KIND.fullmatch(step.text):
        context.report(
            step.span,
            "not-a-step",
            f"{step.text!r} is no length of months, of days, or of hours and minutes",
            "write it such as PT15M, P1D or P1M",
        )
    return step.text


def _is_own(node: Node | None, key: str, by_wire: Mapping[str, Field]) -> bool:
    """Say whether a field of the record itself is named, by one name."""
    inner = None if node is None else node.get(key)
    return inner is None or (inner.text is not None and inner.text in by_wire)


def resolve_series(
    node: Node, value: Field, by_wire: Mapping[str, Field], context: Context
) -> Series:
    """Resolve a family of fields: one value a step over a day."""
    name = value.name
    step = _step(node, context)
    labels: tuple[str, ...] = ()
    by_position = "{n}" in node.string("wire")
    of_key = _position if by_position else _minutes
    first, last = of_key(node, "first", context), of_key(node, "last", context)
    _check_series_words(node, context, by_position=by_position)
    if sum(node.string("wire").count(hole) for hole in ("{hhmm}", "{n}")) != 1:
        context.report(
            (node.get("wire") or node).span,
            "series-without-label",
            f"the wire name of series {name!r} has not one place for the label",
            "write {hhmm} once, where the label stands, such as pwr_qty{hhmm}; or {n} for the "
            "number of a position",
        )
    elif by_position:
        labels = _positions(node, name, (first, last), step, context)
    elif first is not None and last is not None:
        minutes = int(step / timedelta(minutes=1))
        if first > last or (last - first) % minutes:
            context.report(
                (node.get("step") or node).span,
                "series-step",
                f"series {name!r} does not go from {node.string('first')} to "
                f"{node.string('last')} in steps of {node.string('step')}",
                "correct the first label, the last label or the step",
            )
        else:
            labels = tuple(f"{m // 60:02}{m % 60:02}" for m in range(first, last + 1, minutes))
    return Series(
        labels=labels,
        wire=node.string("wire"),
        step=step,
        # A position has no label, and begins where it begins.
        marks=word(Marks, node.string("label_marks"), Marks.START if by_position else _OPEN),
        day_field=_other(node, "day", "date", by_wire, context),
        zone=context.zone,
        register=node.string("measures") == "register",
        repeated=_repeated(node, by_wire, context),
        label=yes(node, "label"),
        places=_beside_series(node, value, by_wire, context),
        zone_names=context.zone_names if context.zone_path else (),
    )


def _beside_series(
    node: Node, value: Field, by_wire: Mapping[str, Field], context: Context
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what the readings of a series know beside their intervals; its record says it."""
    places = _beside_value(node, value.unit_of_data, context)
    for key, path in places:
        other = by_wire.get(path[0]) if len(path) == 1 else None
        wire = ".".join(path)
        if other is None:
            context.report(
                node.span,
                "unknown-field",
                f"no field of the record is {wire!r}, which says the {key} of {value.name!r}",
                "name a field of the record of the series, by its wire name",
            )
        elif not fits_beside(key, other.type):
            context.report(
                node.span,
                "wrong-field",
                f"field {wire!r} cannot be the {key} of {value.name!r}: it is no "
                f"{WANTED_BESIDE[key]}",
                f"name the field that holds the {WANTED_BESIDE[key]}",
            )
    return places


def _check_series_words(node: Node, context: Context, *, by_position: bool) -> None:
    """Report words that say nothing of positions, and one that is missing."""
    marks, is_register = node.get("label_marks"), node.string("measures") == "register"
    needs_marks = not by_position or is_register
    if needs_marks and marks is None:
        context.report(
            node.span,
            "missing-key",
            "'label_marks' is missing: nothing says which end of its interval a label names",
            "add `label_marks: start`, `end` or, where the document leaves it open, `undecided`",
        )
    elif by_position and is_register and node.string("label_marks") == "undecided":
        context.report(
            (marks or node).span,
            "malformed-value",
            "the state of a register at a position is that at its start or at its end",
            "write `label_marks: start` or `label_marks: end`",
        )
    for key in ("label_marks", "repeated"):
        inner = node.get(key)
        if inner is not None and by_position and not (key == "label_marks" and is_register):
            context.report(
                inner.span,
                "word-without-use",
                f"{key!r} says nothing of this series, since a position comes once",
                "leave it out",
            )


def _positions(
    node: Node,
    name: str,
    ends: tuple[int | None, int | None],
    step: timedelta,
    context: Context,
) -> tuple[str, ...]:
    """Return the numbers of a series by position, as they are written."""
    first, last = ends
    if first is None or last is None:
        return ()
    day = timedelta(days=1)
    longest = day + longest_change(context.zone)
    needed = -(-longest // step)
    if day % step or last - first + 1 < needed or last - first > _MOST_POSITIONS:
        context.report(
            (node.get("last") or node).span,
            "series-step",
            f"series {name!r} goes from {first} to {last}, and the longest day of {context.zone} "
            f"has {needed} steps of {node.string('step')}",
            f'write `last: "{first + needed - 1}"`, or a step that a day has a whole number of',
        )
        return ()
    width = len(node.string("first"))
    return tuple(str(number).zfill(width) for number in range(first, last + 1))


def _position(node: Node, key: str, context: Context) -> int | None:
    text = node.string(key)
    if text.isascii() and text.isdecimal() and len(text) < 5:
        return int(text)
    context.report(
        (node.get(key) or node).span,
        "not-a-label",
        f"{text!r} is not the number of a position",
        "write a number, such as 1 or 01",
    )
    return None


def _repeated(node: Node, by_wire: Mapping[str, Field], context: Context) -> Repeated:
    repeated = node.get("repeated")
    if repeated is None or repeated.text is not None:
        return Repeated(word=one_of(REPEATED, node.string("repeated")) or "undecided")
    wanted = repeated.string("field")
    if wanted not in by_wire:
        context.report(
            (repeated.get("field") or repeated).span,
            "unknown-field",
            f"no field of the record is {wanted!r}",
            nearest(wanted, by_wire),
        )
        return Repeated(word="undecided")
    return Repeated(word="field", field=by_wire[wanted].name, second=repeated.strings("second"))


def _step(node: Node, context: Context) -> timedelta:
    step = duration(node.string("step"))
    if timedelta(0) < step <= timedelta(days=1) and not step % timedelta(minutes=1):
        return step
    context.report(
        (node.get("step") or node).span,
        "not-a-step",
        f"{node.string('step')!r} is no step of a day",
        "write whole minutes, such as PT15M",
    )
    return timedelta(minutes=1)


def _minutes(node: Node, key: str, context: Context) -> int | None:
    text = node.string(key)
    if len(text) == 4 and text.isascii() and text.isdecimal() and int(text[2:]) < 60:
        minutes = int(text[:2]) * 60 + int(text[2:])
        if minutes <= _DAY_MINUTES:
            return minutes
    context.report(
        (node.get(key) or node).span,
        "not-a-label",
        f"{text!r} is not a label of the day",
        "write hours and minutes, 0000 to 2400",
    )
    return None


def _other(node: Node, key: str, kind: str, by_wire: Mapping[str, Field], context: Context) -> str:
    wanted = node.string(key)
    other = by_wire.get(wanted)
    if other is None:
        context.report(
            (node.get(key) or node).span,
            "unknown-field",
            f"no field of the record is {wanted!r}",
            nearest(wanted, by_wire),
        )
        return ""
    if not (isinstance(other.type, TemporalType) and other.type.kind == kind):
        context.report(
            (node.get(key) or node).span,
            "wrong-field",
            f"field {wanted!r} is not a {kind}",
            f"name the field that holds the {kind}",
        )
    return other.name


WANTED_BESIDE = {
    "unit": "code or text",
    "power_of_ten": "integer",
    "quality": "code or text",
    "zone": "code or text",
}
"""What a field has to be that says something of a reading beside its interval."""
_OPEN = Marks.UNDECIDED
_MOST_POSITIONS = 1600  # more than the minutes of a day
_LENGTH = re.compile(
    "P(?=.)([0-9]{1,3}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?"
    "(T(?=.)([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?"
)
# A month and a day differ in length, so that a step is of one kind.
_OF_ONE_KIND = re.compile("P([0-9]+[YM])+|P([0-9]+[WD])+|PT.+")
_FACTS = ("day", "time", "month", "start", "end", "position")
_LABEL = ("day", "time")
_LABEL_IN_PARTS = ("day", "time", "position")
_HOUR = timedelta(hours=1)
_FORMS = frozenset({
    _LABEL,
    _LABEL_IN_PARTS,
    ("day", "position"),
    ("start", "position"),
    ("start", "end", "position"),
    ("start", "end"),
    ("start",),
    ("end",),
    ("month",),
})  # fmt: skip
_WITHOUT_STEP = (("start", "end"), ("month",))
