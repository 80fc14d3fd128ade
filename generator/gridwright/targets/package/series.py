"""Series: which fields of a record are the readings of a day, and how they are labelled."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from gridwright.analysis.naming import labels_constant, reading_class, series_constant
from gridwright.analysis.readings import (
    IntervalSource,
    PlacedReadings,
    ReadingItems,
    find_placed_readings,
    is_local,
    is_until_local,
    items_of_placed,
    items_of_series,
    placement_constant,
)
from gridwright.ir import (
    BooleanType,
    Field,
    IntegerType,
    Interface,
    Marks,
    Placement,
    Record,
    Repeated,
    Series,
    TemporalType,
    ValueInterval,
)
from gridwright.output.escape import python_docstring, python_text
from gridwright.output.view import View
from gridwright.targets.package.times import zone_names
from gridwright.targets.python import folder_of, is_composed, notice_of, time_type

__all__ = ["series_views"]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One class of readings, with the name and unit of its value.

    Attributes:
        items: name, annotation and meaning of what a reading has beside its interval and value.
    """

    name: str
    value: str
    register: bool
    docstring: str
    value_doc: str
    unit: str
    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series constant; all texts are Python."""

    name: str
    annotation: str
    type: str
    arguments: tuple[str, ...]


def series_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all series, where there are any."""
    families = [(r, f, f.series) for r in interface.records for f in r.fields if f.series]
    singles = [
        (record, field, field.instant)
        for record in interface.records
        for field in record.fields
        if isinstance(field.instant, ValueInterval)
    ]
    placed = find_placed_readings(interface)
    if not families and not singles and not placed:
        return
    labels = {labels_constant(s): _labels(s) for _, _, s in families}
    readings = {reading_class(f, s): _reading(f, s, items_of_series(r, f)) for r, f, s in families}
    readings |= {reading_class(f, None): _reading(f, None, ReadingItems()) for _, f, _ in singles}
    readings |= {
        reading_class(t.field, None): _reading(t.field, None, items_of_placed(t)) for t in placed
    }
    yield View(
        f"{folder_of(package)}/series.py",
        "python/series.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"Interval readings of {interface.title_en}: labels, steps and time zones.",
                indent=0,
            ),
            "labels": sorted(labels.items()),
            "label_readers": ", ".join(
                ["day_labels", "label_minutes"]
                + ["position_labels"] * any(s.by_position for _, _, s in families)
            ),
            "has_intervals": any(not r.register for r in readings.values()),
            "readings": [readings[name] for name in sorted(readings)],
            "series": [
                *(_series(*family) for family in families),
                *(_single(*single) for single in singles),
                *(_placed_view(one) for one in placed),
            ],
            "places": ["Readings"][: len(placed)],
            "beside": _names_beside(families, placed),
            "kinds": sorted(
                {_kind(s) for _, _, s in families} | ({"SingleReading"} if singles else set())
            ),
        },
    )


def _labels(series: Series) -> str:
    minutes = int(series.step / timedelta(minutes=1))
    if series.by_position:
        return f"position_labels({python_text(series.labels[0])}, {python_text(series.labels[-1])})"
    return (
        f"day_labels({python_text(series.labels[0])}, {python_text(series.labels[-1])}, "
        f"step_minutes={minutes})"
    )


def _names_beside(
    families: list[tuple[Record, Field, Series]], placed: Sequence[PlacedReadings]
) -> list[str]:
    """Return what the module imports to say where facts about readings stand."""
    has_told = any(_is_told(s) for _, _, s in families) or any(map(_is_told_beside, placed))
    has_source = any(t.sources for t in placed) or any(
        word in _BESIDE for _, _, series in families for word, _ in series.places
    )
    return ["FieldPath"] * has_source + ["ReadingFacts"] * has_told


def _reading(field: Field, series: Series | None, items: ReadingItems) -> ReadingView:
    register = series is not None and series.register
    unit = f", {field.unit_text}" if field.unit_text else ""
    what = "State of a register" if register else "Amount of one interval"
    return ReadingView(
        name=reading_class(field, series),
        value=field.name,
        register=register,
        docstring=python_docstring(f"{what}: {field.en}."),
        value_doc=python_docstring(
            f"{field.en[:1].upper()}{field.en[1:]}{unit}; None where the "
            "value is missing, which is not zero."
        ),
        unit=python_text(field.unit) if field.unit else "",
        items=tuple(_items(items)),
    )


def _items(items: ReadingItems) -> Iterator[tuple[str, str, str]]:
    """Yield name, annotation and meaning of what a reading has beside its interval and value."""
    if items.unit:
        yield "unit", "str | None", "The unit of the value, as its reply says; None: no value."
    if items.label:
        yield "label", "str", "The document's own label of the interval."
    match items.quality:
        case None:
            return
        case IntegerType():
            kind = "int"
        case BooleanType():
            kind = "bool"
        case _:
            kind = "str"
    yield "quality", f"{kind} | None", "How good the value is, as its reply says; None: not said."


def _kind(series: Series) -> str:
    return "RegisterSeries" if series.register else "Series"


def _series(record: Record, field: Field, series: Series) -> SeriesView:
    labels = labels_constant(series)
    arguments = [
        f"reading={reading_class(field, series)}",
        f"fields=tuple({python_text(field.name + '_')} + label for label in {labels})",
        f"minutes=tuple({_minutes_of(series, labels)})",
        f"day={python_text(series.day_field)}",
        f"zone={python_text(series.zone)}",
    ]
    if not series.register:
        arguments.append(f"step={_timedelta(series.step)}")
        if series.marks is not Marks.UNDECIDED:
            arguments.append(f"marks={python_text(series.marks.value)}")
    arguments += [f"positions={series.positions}"] if series.by_position else []
    arguments += _series_facts(record, field, series)
    names = {other.wire: other.name for other in record.fields}
    zone = dict(series.places).get("zone")
    arguments += [f"zone_field={python_text(names.get(zone[0], ''))}"] if zone else []
    arguments += zone_names(series.zone_names)
    arguments += _repeated(series.repeated)
    return SeriesView(
        series_constant(record, field),
        f"{_kind(series)}[{reading_class(field, series)}]",
        _kind(series),
        tuple(arguments),
    )


def _minutes_of(series: Series, labels: str) -> str:
    if not series.by_position:
        return f"label_minutes(label) for label in {labels}"
    minutes = int(series.step / timedelta(minutes=1))
    # The state of a register at the end of the first step is that of one step after midnight.
    shift = int(series.labels[0]) - (1 if series.register and series.marks is Marks.END else 0)
    return f"(int(label) - {shift}) * {minutes} for label in {labels}"


def _single(record: Record, field: Field, instant: ValueInterval) -> SeriesView:
    return SeriesView(
        series_constant(record, field),
        f"SingleReading[{reading_class(field, None)}]",
        "SingleReading",
        (
            f"reading={reading_class(field, None)}",
            f"value={python_text(field.name)}",
            f"day={python_text(instant.day_field)}",
            f"time={python_text(instant.time_field)}",
            f"step={_timedelta(instant.step)}",
            f"zone={python_text(instant.zone)}",
            *_label_pattern(record, instant),
            *(['marks="start"'] if instant.marks is Marks.START else []),
            *_midnight(instant),
            *_repeated(instant.repeated),
        ),
    )


def _placed_view(placed: PlacedReadings) -> SeriesView:
    """Lay out the readings of a record whose intervals instants or positions say."""
    placement, reading = placed.placement, reading_class(placed.field, None)
    arguments = [f"reading={reading}", f"value={python_text(placed.field.name)}"]
    if placed.steps:
        arguments.append(f"steps={_texts(step.name for step in placed.steps)}")
    arguments.append(f"zone={python_text(placed.zone)}")
    arguments += [
        f"{_WORDS.get(s.word, s.word)}={_source(s, placed.source(f'{s.word}_time'))}"
        for s in placed.sources
        if s.word not in ("repeated", "start_time", "end_time", "until_time", *_BESIDE)
    ]
    arguments += zone_names(placement.zone_names)
    if placement.step:
        arguments.append(f"step={python_text(placement.step)}")
    if placed.source("time") is not None and placement.marks is not Marks.END:
        arguments.append(f"marks={python_text(placement.marks.value)}")
    arguments += _midnight(placement) if placed.source("time") is not None else []
    arguments += ["in_order=True"] if placement.in_order else []
    arguments += [] if placement.counts_from else ["counts_from=0"]
    arguments += ["local=True"] if is_local(placed) else []
    arguments += ["until_local=True"] if is_until_local(placed) else []
    word, field, second = placed.repeated
    if field is not None:
        arguments.append(f"repeated_field={_source(field)}")
        arguments.append(f"second={_texts(second)}")
    elif word not in ("", "undecided"):
        arguments.append(f"repeated={python_text(word)}")
    if placement.omitted == "field":
        arguments.append(f"repeats={_texts(placement.omitted_repeats)}")
    elif placement.omitted != "unsaid":
        arguments.append(f"omitted={python_text(placement.omitted)}")
    if _is_told_beside(placed):
        sources = {s.word: _source(s) for s in placed.sources if s.word in _BESIDE}
        arguments.append(_reading_facts(placed.field, placement.label, sources))
    return SeriesView(
        placement_constant(placed), f"Readings[{reading}]", "Readings", tuple(arguments)
    )


def _is_told(series: Series) -> bool:
    return series.label or any(word in _BESIDE for word, _ in series.places)


def _is_told_beside(placed: PlacedReadings) -> bool:
    return placed.placement.label or any(source.word in _BESIDE for source in placed.sources)


def _series_facts(record: Record, field: Field, series: Series) -> list[str]:
    if not _is_told(series):
        return []
    names = {other.wire: other.name for other in record.fields}
    sources = {
        word: f"FieldPath(0, {_texts([names.get(path[0], '')])})"
        for word, path in series.places
        if word in _BESIDE
    }
    arguments = [_reading_facts(field, series.label, sources)]
    return [*arguments, f"labels={labels_constant(series)}"] if series.label else arguments


def _reading_facts(field: Field, has_label: bool, sources: Mapping[str, str]) -> str:
    """Spell what readings know beside their intervals."""
    arguments = [f"{word}={source}" for word, source in sources.items()]
    if field.unit_of_data is not None:
        pairs = ", ".join(
            f"{python_text(said)}: {python_text(unit)}" for said, unit in field.unit_of_data.values
        )
        arguments.append(f"units={{{pairs}}}")
    arguments += ["label=True"] if has_label else []
    return f"reading_facts=ReadingFacts({', '.join(arguments)})"


def _source(source: IntervalSource, time: IntervalSource | None = None) -> str:
    """Spell where something stands; of a date, also its time, where another field says it."""
    names = _texts(field.name for field in source.fields)
    pattern = "" if time is not None else _pattern_of_text(source)
    arguments = [str(source.depth), names, *([python_text(pattern)] if pattern else [])]
    arguments += [] if time is None else [f"time={_source(time)}"]
    return f"FieldPath({', '.join(arguments)})"


def _pattern_of_text(source: IntervalSource) -> str:
    """Return the pattern of a time that stays a text in Python; empty: it is none."""
    type_ = source.fields[-1].type
    if not isinstance(type_, TemporalType) or type_.kind not in ("time", "datetime"):
        return ""
    return type_.pattern if type_.kind == "time" or not time_type(type_) else ""


def _texts(texts: Iterable[str]) -> str:
    listed = [python_text(text) for text in texts]
    return f"({listed[0]},)" if len(listed) == 1 else f"({', '.join(listed)})"


def _label_pattern(record: Record, instant: ValueInterval) -> list[str]:
    field = next(field for field in record.fields if field.name == instant.time_field)
    if not is_composed(field.type) or not isinstance(field.type, TemporalType):
        return []
    return [f"time_pattern={python_text(field.type.pattern)}"]


def _midnight(interval: ValueInterval | Placement) -> list[str]:
    # Where the caller says what labels name, the caller has read what the document says of them.
    is_open = interval.midnight == "undecided" and interval.marks is Marks.END
    if interval.midnight == "ends_day" or is_open:
        return [f"midnight={python_text(interval.midnight)}"]
    return []


def _repeated(repeated: Repeated) -> list[str]:
    if repeated.word == "field":
        second = _texts(repeated.second)
        return [f"repeated_field={python_text(repeated.field)}", f"second={second}"]
    return (
        []
        if repeated.word in ("undecided", "in_order")
        else [f"repeated={python_text(repeated.word)}"]
    )


def _timedelta(step: timedelta) -> str:
    return f"timedelta(minutes={int(step / timedelta(minutes=1))})"


# Facts that are called otherwise in the runtime.
_WORDS = {"step": "step_field", "omitted": "omitted_field", "zone": "zone_field"}
# What readings know beside their intervals.
_BESIDE = ("unit", "power_of_ten", "quality")
