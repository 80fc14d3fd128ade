"""Methods of records that return readings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gridwright.analysis.naming import reading_class, series_constant
from gridwright.analysis.readings import (
    PlacedReadings,
    find_placed_readings,
    is_local,
    method_names,
    placement_constant,
)
from gridwright.ir import Field, Interface, Marks, Record, Series, ValueInterval
from gridwright.ir.words import Omitted
from gridwright.notation.zones import clock_changes, clocks_may_change
from gridwright.output.escape import python_docstring

__all__ = ["ReadingMethodView", "reading_constants", "reading_imports", "reading_methods"]

_UNDECIDED = (
    "The document does not say whether {labels} names the start or the end of the interval: the "
    "caller decides by ``label_marks``"
)


@dataclass(frozen=True, slots=True)
class ReadingMethodView:
    """One method with its one expression.

    Attributes:
        imports: what its signature and expression name beside the series and the readings.
    """

    signature: str
    docstring: str
    expression: str
    is_static: bool = False
    imports: tuple[str, ...] = ()


def reading_methods(interface: Interface, record: Record) -> Iterator[ReadingMethodView]:
    """Yield the methods of a record that return readings: of its fields, then of records inside."""
    names = method_names(interface, record)
    placed = {one.field.name: one for one in find_placed_readings(interface) if one.outer == record}
    for field in record.fields:
        if field.series is not None:
            yield _series_method(record, field, field.series, names[field.name])
        elif isinstance(field.instant, ValueInterval):
            yield _instant_method(record, field, field.instant, names[field.name])
            yield from _method_in_order(record, field, field.instant, names[field.name])
    for name, one in placed.items():
        yield from _placed_methods(one, names[name])


def reading_constants(interface: Interface, record: Record) -> tuple[tuple[str, str], ...]:
    """Return what says the intervals of each method that returns readings, by the method's name."""
    names = method_names(interface, record)
    found = [
        (names[field.name], series_constant(record, field))
        for field in record.fields
        if field.series is not None or isinstance(field.instant, ValueInterval)
    ]
    placed = (one for one in find_placed_readings(interface) if one.outer == record)
    found += [(names[one.field.name], placement_constant(one)) for one in placed]
    return tuple(found)


def _series_method(record: Record, field: Field, series: Series, name: str) -> ReadingMethodView:
    reading, constant = reading_class(field, series), series_constant(record, field)
    raises = f"Raises:\n    MissingDayError: ``{series.day_field}`` is missing."
    value = f"``{field.name}``, None where the value is missing."
    asks = _asks_repeated(series)
    number = series.positions if series.by_position else len(series.labels)
    count, raises = f"the {number} ", raises + (_RAISES if asks else "") + _unmeasured(field)
    if _may_change(series):
        count = ""
        value += (
            _ELAPSING
            if series.by_position
            else _CHANGING.format(what="moment" if series.register else "interval")
        )
    if series.register:
        return ReadingMethodView(
            signature=f"{name}(self{', *' if asks else ''}{asks}) -> tuple[{reading}, ...]",
            docstring=python_docstring(
                f"Return {count}states of the register, oldest first.\n\n"
                f"Each carries ``read_at``, aware in {_zone_of(series)}, and {value}\n\n{raises}",
                indent=8,
            ),
            expression=f"register_readings(self, {constant}{_PASSED if asks else ''})",
            imports=_argument_types(False, asks),
        )
    undecided = series.marks is Marks.UNDECIDED
    what = f"The label on the wire names the {series.marks.value} of an interval"
    if series.by_position:
        what = "The number on the wire is that of a step of the day"
    if undecided:
        what = _UNDECIDED.format(labels="a label")
    argument = f"{', label_marks: LabelMarks' if undecided else ''}{asks}"
    passed = f"{', label_marks' if undecided else ''}{_PASSED if asks else ''}"
    return ReadingMethodView(
        signature=f"{name}(self{', *' if argument else ''}{argument}) -> tuple[{reading}, ...]",
        docstring=python_docstring(
            f"Return {count}readings of the day, oldest first.\n\n"
            f"{what}; each reading carries its aware start and end in {_zone_of(series)} "
            f"and {value}\n\n{raises}",
            indent=8,
        ),
        expression=f"interval_readings(self, {constant}{passed})",
        imports=_argument_types(undecided, asks),
    )


def _instant_method(
    record: Record, field: Field, instant: ValueInterval, name: str
) -> ReadingMethodView:
    undecided = instant.marks is Marks.UNDECIDED
    what = f"``{instant.time_field}`` names the {instant.marks.value} of the interval."
    if undecided:
        what = f"{_UNDECIDED.format(labels=f'``{instant.time_field}``')}."
    asks = _asks_repeated(instant)
    argument = f"{', label_marks: LabelMarks' if undecided else ''}{asks}"
    marks = "label_marks" if undecided else f'"{instant.marks.value}"'
    argument = f", *{argument}" if argument else ""
    return ReadingMethodView(
        signature=f"{name}(self{argument}) -> {reading_class(field, None)}",
        docstring=python_docstring(
            f"Return the interval reading.\n\n{what}\n\nRaises:\n    MissingDayError: "
            f"``{instant.day_field}`` or ``{instant.time_field}`` is missing{_skipped(instant)}",
            indent=8,
        ),
        expression=f"single_reading(self, {series_constant(record, field)}, {marks}"
        f"{_PASSED if asks else ''})",
        imports=_argument_types(undecided, asks),
    )


def _method_in_order(
    record: Record, field: Field, instant: ValueInterval, name: str
) -> Iterator[ReadingMethodView]:
    """Yield the method that reads records which come in the order of time, where it matters."""
    if instant.repeated.word != "in_order" or not clock_changes(instant.zone):
        return
    undecided = instant.marks is Marks.UNDECIDED
    marks = "label_marks=label_marks, " if undecided else ""
    yield _in_order(
        record,
        field,
        name,
        undecided,
        f"readings_in_order(records, lambda one, word: one.{name}({marks}repeated=word), key=key)",
        f"{_RUNTIME}.readings_in_order",
    )


def _in_order(
    record: Record, field: Field, name: str, undecided: bool, expression: str, function: str
) -> ReadingMethodView:
    marks = "label_marks: LabelMarks, " if undecided else ""
    return ReadingMethodView(
        signature=f'{name.removesuffix("reading")}readings_of(records: Iterable["{record.name}"], '
        f'*, {marks}key: Callable[["{record.name}"], Hashable] | None = None) '
        f"-> tuple[{reading_class(field, None)}, ...]",
        docstring=python_docstring(
            "Return the readings of records that come in the order of time, one a record.\n\n"
            "When the clocks go back, two records have the same time: the former of them means the "
            "first.\n\n"
            "Args:\n    records: the records, such as those of a reply.\n"
            + ("    label_marks: which end of its interval a label names.\n" if undecided else "")
            + "    key: what tells the records of one meter from those of another; None: all are "
            "of one.\n\n"
            "Raises:\n    MissingDayError: what says an interval is missing, or names none.\n"
            "    UndecidedTimeError: not two records have a time that the clocks show twice.",
            indent=8,
        ),
        expression=expression,
        is_static=True,
        imports=(*_argument_types(undecided, ""), *_IN_ORDER, function),
    )


def _placed_methods(placed: PlacedReadings, name: str) -> Iterator[ReadingMethodView]:
    """Yield the methods of readings whose intervals instants or positions say."""
    placement, reading = placed.placement, reading_class(placed.field, None)
    undecided = placed.source("time") is not None and placement.marks is Marks.UNDECIDED
    asks = _asks_placed(placed)
    arguments = f"{', label_marks: LabelMarks' if undecided else ''}{asks}"
    passed = f"{', label_marks' if undecided else ''}{_PASSED if asks else ''}"
    count = "reading" if placed.is_own else "readings"
    result = reading if placed.is_own else f"tuple[{reading}, ...]"
    constant = placement_constant(placed)
    yield ReadingMethodView(
        signature=f"{name}(self{', *' if arguments else ''}{arguments}) -> {result}",
        docstring=python_docstring(_placed_doc(placed, undecided, bool(asks)), indent=8),
        expression=f"placed_{count}(self, {constant}{passed})",
        imports=_argument_types(undecided, asks),
    )
    if placed.is_own and placement.repeated.word == "in_order" and asks:
        marks = ", label_marks" if undecided else ""
        yield _in_order(
            placed.outer,
            placed.field,
            name,
            undecided,
            f"placed_readings_in_order(records, {constant}{marks}, key=key)",
            f"{_INTERVALS}.placed_readings_in_order",
        )


def _placed_doc(placed: PlacedReadings, undecided: bool, asks: bool) -> str:
    what = (
        "the interval reading" if placed.is_own else "the interval readings, in the order they have"
    )
    lines = [f"Return {what}."]
    facts = [
        f"``{'.'.join(field.name for field in source.fields)}`` {_says(placed, source.word)}"
        for source in placed.sources
    ]
    said = "; ".join(facts) or "The values stand in the order of time"
    lines.append(
        f"{said[:1].upper()}{said[1:]}. Each interval is given in {_zone_of_placed(placed)}."
    )
    counts = placed.source("position") or placed.placement.in_order
    if not placed.is_own and counts and placed.source("time") is None:
        lines.append(f"A position that is not there {_MEANS[placed.placement.omitted]}.")
    if undecided:
        lines.append(f"{_UNDECIDED.format(labels='a label')}.")
    raises = "Raises:\n    MissingDayError: what says an interval is missing, or names none."
    if not placed.is_own and placed.placement.omitted not in ("unsaid", "missing"):
        raises += "\n    UndecidedTimeError: two values have one position."
    lines.append(raises + (_RAISES if asks else "") + _unmeasured(placed.field))
    return "\n\n".join(lines)


def _says(placed: PlacedReadings, word: str) -> str:
    is_part = word == "position" and placed.source("time") is not None
    return "is the part of that hour" if is_part else _SAYS[word]


def _unmeasured(field: Field) -> str:
    if field.unit_of_data is None:
        return ""
    path = ".".join(field.unit_of_data.field)
    return f"\n    UnknownUnitError: the unit in ``{path}`` is not one of the document's."


def _asks_placed(placed: PlacedReadings) -> str:
    """Return the argument that decides a time that comes twice; empty: the spec does, or none."""
    decided = placed.repeated[0] in ("first", "second")
    may_change = clocks_may_change(
        placed.zone,
        is_named=placed.source("zone") is not None,
        names=placed.placement.zone_names,
    )
    if decided or not is_local(placed) or not may_change:
        return ""
    return ", repeated: Repeated | None = None"


def _asks_repeated(readings: Series | ValueInterval) -> str:
    """Return the argument that decides an hour that comes twice; empty: the spec does, or none."""
    if isinstance(readings, Series) and readings.by_position:
        return ""
    open_words = ("undecided", "in_order", "field")
    if not _may_change(readings) or readings.repeated.word not in open_words:
        return ""
    return ", repeated: Repeated | None = None"


def _may_change(readings: Series | ValueInterval) -> bool:
    """Say whether the clocks of a zone are changed; those of one that a field names may be."""
    if not isinstance(readings, Series):
        return clock_changes(readings.zone)
    is_named = "zone" in dict(readings.places)
    return clocks_may_change(readings.zone, is_named=is_named, names=readings.zone_names)


def _zone_of(series: Series) -> str:
    path = dict(series.places).get("zone")
    return f"the zone that ``{'.'.join(path)}`` names" if path else series.zone


def _zone_of_placed(placed: PlacedReadings) -> str:
    return placed.zone if placed.source("zone") is None else "that zone"


def _skipped(instant: ValueInterval) -> str:
    if not clock_changes(instant.zone):
        return "."
    skipped = ", or the clocks skip the interval."
    return skipped + (_RAISES if _asks_repeated(instant) else "")


def reading_imports(interface: Interface, package: str) -> list[str]:
    """Return what the module of the records imports for these methods."""
    names: set[str] = set()
    module, runtime = f"{package}.series", _RUNTIME
    for record in interface.records:
        for field in record.fields:
            if field.series is not None:
                kind = "register" if field.series.register else "interval"
                names |= {
                    f"{runtime}.{kind}_readings",
                    f"{module}.{series_constant(record, field)}",
                }
            elif isinstance(field.instant, ValueInterval):
                names |= {f"{runtime}.single_reading", f"{module}.{series_constant(record, field)}"}
            else:
                continue
            names.add(f"{module}.{reading_class(field, field.series)}")
    for placed in find_placed_readings(interface):
        names |= {
            f"{_INTERVALS}.placed_{'reading' if placed.is_own else 'readings'}",
            f"{module}.{placement_constant(placed)}",
            f"{module}.{reading_class(placed.field, None)}",
        }
    for record in interface.records:
        for method in reading_methods(interface, record):
            names |= set(method.imports)
    return sorted(names)


def _argument_types(undecided: bool, repeated: str) -> tuple[str, ...]:
    """Return the types of what a method asks of its caller."""
    asked = (f"{_RUNTIME}.LabelMarks",) if undecided else ()
    return (*asked, f"{_RUNTIME}.Repeated") if repeated else asked


_RUNTIME = "gridwright_runtime.series"
_INTERVALS = "gridwright_runtime.intervals"
_IN_ORDER = tuple(f"collections.abc.{name}" for name in ("Iterable", "Callable", "Hashable"))
_PASSED = ", repeated=repeated"
_CHANGING = (
    " Their number is that of the day, whose clocks may change: each {what} that the clocks repeat "
    "is there twice, and none that they skip."
)
_ELAPSING = " Their number is that of the day, whose clocks may change."
_RAISES = (
    "\n    UndecidedTimeError: a label names two intervals, since the clocks go back; say by "
    "``repeated`` which of them is meant."
)
_SAYS = {
    "day": "is the day",
    "time": "is the label",
    "month": "is the month",
    "start": "is the start",
    "start_time": "is its time of day",
    "end": "is the end",
    "end_time": "is its time of day",
    "position": "is the position",
    "until": "is the end as it is printed, which is checked",
    "until_time": "is its time of day",
    "until_zone": "names the zone of that end",
    "step": "is the length of an interval",
    "omitted": "says what a position means that is not there",
    "repeated": "says which of two intervals is meant at which the clocks show the same",
    "unit": "names the unit",
    "power_of_ten": "is the power of ten that the value is multiplied by",
    "quality": "says how good the value is",
    "zone": "names the zone",
}
_MEANS: Mapping[Omitted, str] = {
    "unsaid": "has no value, and is a deviation",
    "missing": "has no value",
    "repeat": "has the value of the position before it",
    "field": "has no value or, where the reply says so, that of the position before it",
}
