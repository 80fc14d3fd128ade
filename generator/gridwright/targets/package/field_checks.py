"""What validators ask of each field, by its type and by what is said of its values."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from gridwright.analysis.naming import labels_constant
from gridwright.analysis.readings import find_placed_readings
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Marks,
    Parameter,
    RecordType,
    Series,
    TemporalType,
    TextType,
    TypeRef,
    ValueInterval,
)
from gridwright.notation.patterns import has_mark
from gridwright.notation.zones import clock_changes
from gridwright.output.escape import python_text, python_texts
from gridwright.targets.package.check_views import CallView, call_text, label_texts
from gridwright.targets.package.times import meanings, zone_arguments, zone_names
from gridwright.targets.python import constant_name, is_instant, is_placed, snake_name, source_of

__all__ = ["field_call", "field_calls", "parameter_call", "telling_records"]


_KINDS: dict[type, str] = {
    BinaryType: "file",
    DecimalType: "decimal",
    IntegerType: "integer",
    TextType: "text",
}


def telling_records(interface: Interface) -> frozenset[str]:
    """Return the records without which readings would all be missing."""
    items = (step.item_type for told in find_placed_readings(interface) for step in told.steps)
    return frozenset(item.record for item in items if isinstance(item, RecordType))


def field_calls(fields: Sequence[Field], telling: frozenset[str]) -> Iterator[CallView]:
    """Yield what is asked of each field, then of the labels of those that are readings.

    Args:
        fields: of one record.
        telling: the records that have the values of readings told further out.
    """
    for field in fields:
        yield field_call(field, telling)
    known = {field.name: field for field in fields}
    for field in fields:
        if field.series is not None and field.series.by_position:
            if len(field.series.labels) > field.series.positions:
                yield _position_of_series(field, field.series, known[field.series.day_field])
        elif field.series is not None and (
            clock_changes(field.series.zone) or "zone" in dict(field.series.places)
        ):
            yield _label_of_series(field, field.series, known[field.series.day_field])
        elif isinstance(field.instant, ValueInterval) and clock_changes(field.instant.zone):
            yield _label_of_value(field, field.instant, known)


def field_call(field: Field, telling: frozenset[str] = frozenset()) -> CallView:
    """Return what is asked of a field, under its wire name."""
    method, options = _type_options(field)
    options += _facts(field)
    item = field.item_type
    if isinstance(item, RecordType) and item.record in telling:
        options.append("readings=True")
    if field.required:
        options.append("required=True")
        if isinstance(field.type, ListType):
            options.append("some=True")
    if field.optional:
        options.append("optional=True")
    if field.also:
        names = ", ".join(python_text(w.name) for w in field.also)
        options.append(f"also=({names},)")
    if field.missing:
        options.append(f"missing={python_texts(field.missing)}")
    options += _marks(field)
    if field.series is None:
        call = call_text(
            method, field.key or field.name, field.name, field.label, field.en, options
        )
        return CallView(call, codes=_codes(field))
    call = f"validator.{method}({', '.join([*_of_label(field, field.series), *options])})"
    return CallView(call, labels=labels_constant(field.series), codes=_codes(field))


def parameter_call(parameter: Parameter) -> CallView:
    """Return what is asked of a parameter that is no argument."""
    field = parameter.field
    if parameter.formats:
        values = ", ".join(python_text(value) for _, value in parameter.formats)
        method, options = "code", [f"codes=({values},)"]
    else:
        method, options = _type_options(field)
        options += _facts(field)
    if field.required:
        options.append("required=True")
    else:
        options.append("optional=True")
    return CallView(
        call_text(
            method,
            field.wire or field.name,
            field.name,
            field.label,
            field.en,
            [*options, *_marks(field)],
        ),
        codes="" if parameter.formats else _codes(field),
    )


def _label_of_series(field: Field, series: Series, day: Field) -> CallView:
    step = "" if series.register else f"step_minutes={int(series.step / timedelta(minutes=1))}"
    options = [
        f"day=({python_text(day.wire)}, {python_text(_pattern(day))})",
        'time=label, time_pattern="hhmi"',
        *([step, f"marks={python_text(series.marks.value)}"] if step else []),
        f"zone={python_text(series.zone)}",
        *_zone_of(series),
        *_marks(field),
    ]
    call = f"validator.label({', '.join([*_of_label(field, series), *options])})"
    return CallView(call, labels=labels_constant(series))


def _position_of_series(field: Field, series: Series, day: Field) -> CallView:
    options = [
        f"day=({python_text(day.wire)}, {python_text(_pattern(day))})",
        f"index=int(label) - {int(series.labels[0])}",
        f"step_minutes={int(series.step / timedelta(minutes=1))}",
        f"zone={python_text(series.zone)}",
        *_zone_of(series),
        *_marks(field),
    ]
    call = f"validator.position({', '.join([*_of_label(field, series), *options])})"
    return CallView(call, labels=labels_constant(series))


def _zone_of(series: Series) -> list[str]:
    path = dict(series.places).get("zone")
    if not path:
        return []
    return [f"zone_of={python_text(path[0])}", *zone_names(series.zone_names)]


def _label_of_value(field: Field, instant: ValueInterval, known: Mapping[str, Field]) -> CallView:
    day, time = known[instant.day_field], known[instant.time_field]
    options = [
        f"day=({python_text(day.wire)}, {python_text(_pattern(day))})",
        f"time_of={python_text(time.wire)}, time_pattern={python_text(_pattern(time))}",
        f"step_minutes={int(instant.step / timedelta(minutes=1))}",
        f"marks={python_text(instant.marks.value)}",
        *([f"midnight={python_text(instant.midnight)}"] if _says_midnight(instant) else []),
        f"zone={python_text(instant.zone)}",
        *_marks(field),
    ]
    return CallView(call_text("label", field.wire, field.name, field.label, field.en, options))


def _says_midnight(instant: ValueInterval) -> bool:
    return instant.midnight != "begins_day" and instant.marks is Marks.END


def _pattern(field: Field) -> str:
    return field.type.pattern if isinstance(field.type, TemporalType) else ""


def _of_label(field: Field, series: Series) -> list[str]:
    """Return what tells the field of one label, in a loop over all of them."""
    before, after = series.around
    return [
        f"{python_text(before)} + label" + (f" + {python_text(after)}" if after else ""),
        f"name={python_text(field.name + '_')} + label",
        *label_texts(field.label, field.en),
    ]


def _codes(field: Field) -> str:
    """Return the constant of the codes that a field may have; empty: any."""
    codes = field.type.codes if isinstance(field.type, CodeType) else None
    return constant_name(codes.name) if codes is not None else ""


def _type_options(field: Field) -> tuple[str, list[str]]:
    match field.type:
        case TextType(size=size, encoding=None):
            return "text", [f"max_characters={size}"] if size else []
        case TextType(size=size, encoding=encoding):
            return "text", [f"max_bytes={size}", f"encoding={python_text(encoding or '')}"]
        case CodeType(codes=None, size=size):
            return "text", [f"max_characters={size}"] if size else []
        case CodeType(codes=codes, size=size):
            assert codes is not None  # noqa: S101 - the case above has taken None
            limit = [f"max_characters={size}"] if size else []
            kind = [f"json={python_text(field.json)}"] if field.json else []
            return "code", [f"codes={constant_name(codes.name)}", *limit, *kind]
        case IntegerType(digits=digits):
            return "integer", [f"max_digits={digits}"] if digits else []
        case DecimalType(precision=precision, scale=scale):
            limits = [f"precision={precision}"] if precision else []
            limits += [f"scale={scale}"] if scale is not None else []
            signs = (field.type.thousands, field.type.decimal)
            return "decimal", limits if field.type.is_plain else [*limits, f"signs={signs!r}"]
        case TemporalType() if is_instant(field.type):
            return "instant", []
        case TemporalType(kind="datetime") if is_judged(field.type):
            return "local", _local(field.type)
        case TemporalType(kind="duration", pattern=pattern):
            written = [] if pattern == "duration" else [f"pattern={python_text(pattern)}"]
            return "duration", [*written, *meanings(field.type)]
        case TemporalType(kind="day_of_month"):
            return "day_of_month", []
        case TemporalType(kind=kind, pattern=pattern):
            said = [f"json={python_text(field.json)}"] if field.json else []
            return "time" if kind == "time" else "date", [f"pattern={python_text(pattern)}", *said]
        case RecordType(record=record):
            return "record", [f"check=check_{snake_name(record)}"]
        case ListType(item=RecordType(record=record)):
            return "records", [f"check=check_{snake_name(record)}"]
        case ListType(item=item):
            return "values", [f"kind={python_text(_KINDS[type(item)])}"]
        case BooleanType():
            return "boolean", []
        case BinaryType():
            return "upload", []
        case AnyType():
            return "json", []
        case _:
            assert_never(field.type)


def _facts(field: Field) -> list[str]:
    """Return what is said of the values of a field beside their type, as arguments."""
    found: list[str] = []
    item = field.item_type
    if field.length and isinstance(item, TextType) and item.encoding is not None:
        found.append(f"byte_lengths={field.length!r}")
        if isinstance(field.type, ListType):
            found.append(f"encoding={python_text(item.encoding)}")
    elif field.length:
        found.append(f"lengths={field.length!r}")
    if field.matches:
        found.append(f"matches={python_text(field.matches)}")
    if field.range is not None:
        numbers = (field.range.least, field.range.most, field.range.step)
        texts = ("" if number is None else f"{number:f}" for number in numbers)
        found.append(f"range=({', '.join(map(python_text, texts))})")
    if field.count is not None:
        found.append(f"count={field.count!r}")
    return found


def is_judged(type_: TypeRef) -> bool:
    """Whether a value may be well written and still be no instant, or two."""
    if not isinstance(type_, TemporalType) or type_.repeated is None:
        return False
    return is_placed(type_) or clock_changes(type_.zone) or has_mark(type_.pattern)


def _local(type_: TemporalType) -> list[str]:
    zone = f"zone={python_text(type_.zone)}"
    return [f"pattern={python_text(type_.pattern)}", zone, *zone_arguments(type_)]


def _marks(field: Field) -> list[str]:
    marks = ["personal=True"] if field.personal else []
    return [
        *marks,
        *(["secret=True"] if field.secret else []),
        f"line={python_text(str(field.cite) or source_of(field.cite))}",
    ]
