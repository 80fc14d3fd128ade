"""Validators: one readable function per record, request and reply."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from gridwright.analysis.naming import fields_on, labels_constant
from gridwright.analysis.readings import find_placed_readings
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    Interface,
    ListType,
    Marks,
    Operation,
    Parameter,
    Record,
    RecordType,
    Reply,
    Rule,
    Series,
    TemporalType,
    TextType,
    TypeRef,
    ValueInterval,
)
from gridwright.ir.words import RuleKind
from gridwright.notation.patterns import has_mark
from gridwright.notation.zones import clock_changes
from gridwright.output.escape import python_choices, python_docstring, python_text, python_texts
from gridwright.output.view import View
from gridwright.targets.calls.parts import is_checked
from gridwright.targets.calls.replies import (
    WITHOUT_MESSAGE,
    Payload,
    has_own_header,
    header_formats,
    item_check,
    payload_of_reply,
    root_fields,
    value_field,
)
from gridwright.targets.calls.requests import Request, request_of, request_record_names
from gridwright.targets.containers import Level, json_key, level_of
from gridwright.targets.package.times import zone_arguments, zone_names
from gridwright.targets.python import (
    constant_name,
    folder_of,
    header_line,
    is_instant,
    is_placed,
    model_fields,
    snake_name,
    source_of,
)

__all__ = ["CallView", "CheckView", "validator_views"]


_KINDS: dict[type, str] = {
    BinaryType: "file",
    DecimalType: "decimal",
    IntegerType: "integer",
    TextType: "text",
}


@dataclass(frozen=True, slots=True)
class CallView:
    """One line of a validator, as Python.

    Attributes:
        labels: the constant whose labels it is repeated for; empty: it stands once.
        only_for: the format, as Python, in which alone it is asked; empty: in all.
        codes: the constant of the codes that it names.
    """

    call: str
    labels: str = ""
    only_for: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One validator.

    Attributes:
        options: arguments of its last call, as Python.
        forms: for some values, given as Python, another validator judges.
    """

    name: str
    argument: str
    extra: str
    docstring: str
    calls: tuple[CallView, ...]
    options: str = ""
    forms: tuple[tuple[str, str], ...] = ()


def validator_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all validators."""
    checks = [*_records(interface), *_headers(interface)]
    for operation in interface.operations:
        checks += [_request(interface, operation), *_replies(interface, operation)]
    labels = sorted({call.labels for check in checks for call in check.calls if call.labels})
    codes = sorted({call.codes for check in checks for call in check.calls if call.codes})
    yield View(
        f"{folder_of(package)}/validators.py",
        "python/validators.py.j2",
        {
            "header": header_line(interface),
            "docstring": python_docstring(
                f"Validators of {interface.title_en}: what is wrong with a message, as values.\n\n"
                "A message is a mapping of wire names, as it stands in the parameters of a "
                "request, in a JSON object or in the elements of an XML record. Nothing is "
                "raised, and an empty list means that nothing was found.",
                indent=0,
            ),
            "document": python_text(interface.document.file),
            "labels": labels,
            "codes": codes,
            "checks": checks,
        },
    )


def _records(interface: Interface) -> Iterator[CheckView]:
    # What the record of a request is called may be what the request's own check is called.
    made, telling = request_record_names(interface), _telling(interface)
    requests = {o.body.record.name for o in interface.operations if o.body is not None}
    taken = {f"check_{operation.name}_request" for operation in interface.operations}
    for record in interface.records:
        if record.name in made or (
            record.name in requests and f"check_{snake_name(record.name)}" in taken
        ):
            continue
        yield CheckView(
            name=f"check_{snake_name(record.name)}",
            argument="record",
            extra="",
            docstring=python_docstring(
                f"Find what is wrong with one record as it stands on the wire: {record.en}.\n\n"
                f"Source: {source_of(record.cite)}."
            ),
            calls=tuple(_reply_fields(record.fields, telling)),
            options=_options(record),
        )


def _telling(interface: Interface) -> frozenset[str]:
    """Return the records without which readings would all be missing."""
    steps = (step.type for told in find_placed_readings(interface) for step in told.steps)
    items = (type_.item if isinstance(type_, ListType) else type_ for type_ in steps)
    return frozenset(item.record for item in items if isinstance(item, RecordType))


def _options(record: Record) -> str:
    return "open=True" if record.open else ""


def _headers(interface: Interface) -> Iterator[CheckView]:
    for envelope in interface.envelopes:
        if envelope.partial is not None:
            yield from _entry_checks(envelope, level_of(envelope.fields), "")
            continue
        if not envelope.path or all(o.envelope is not envelope for o in interface.operations):
            continue  # its fields stand in the reply's own record, or in no success at all
        yield CheckView(
            name=_header_check(envelope.name),
            argument="header",
            extra="",
            docstring=python_docstring(
                f"Find what is wrong with the header of a reply.\n\n"
                f"Source: {source_of(envelope.header.cite)}."
            ),
            calls=tuple(_reply_field(field) for field in envelope.fields),
        )


def _entry_checks(envelope: Envelope, level: Level, step: str) -> Iterator[CheckView]:
    """Yield the checks of an entry of a list of failures, those of its containers first."""
    calls = [
        _reply_field(replace(field, wire=wire, under=())) for wire, field, _label in level.fields
    ]
    for name, inner in level.inner.items():
        below = f"{step}_{snake_name(name)}"
        yield from _entry_checks(envelope, inner, below)
        options = [
            f"check={_header_check(envelope.name)}{below}",
            "optional=True" if inner.is_optional else "required=True",
            f"line={python_text(str(envelope.header.cite))}",
        ]
        calls.append(CallView(_call("record", name, "header", "", "what holds a field", options)))
    yield CheckView(
        name=f"{_header_check(envelope.name)}{step}",
        argument="header",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with {'an entry' if not step else 'a part of an entry'} of the "
            f"list of failures of a reply.\n\nSource: {source_of(envelope.header.cite)}."
        ),
        calls=tuple(calls),
    )


def _failures(envelope: Envelope) -> Iterator[CallView]:
    """Yield what is asked of a list of failures beside the data."""
    header = envelope.header
    for form in envelope.header_formats:
        options = [
            f"check={_header_check(envelope.name)}",
            *(["single=True"] if form == "xml" else []),
            "optional=True",
            f"line={python_text(str(header.cite))}",
        ]
        call = _call("records", header.wire, "failures", header.label, header.en, options)
        yield CallView(call, only_for=python_text(form))


def _header_check(envelope: str) -> str:
    return f"check_{envelope}_header"


def _request(interface: Interface, operation: Operation) -> CheckView:
    request, body = request_of(interface, operation), operation.body
    fields = body.record.fields if body else ()
    calls = [c for p in operation.parameters for c in _parameter(operation, request, p)]
    calls += [_reply_field(field) for field in fields]
    keyed = (replace(parameter.field, wire=key) for parameter, key in request.keys)
    whole = replace(request.record, fields=(*keyed, *fields))
    calls += [_rule(interface, request, whole, rule) for rule in interface.rules_of(operation)]
    what = "body" if body else "parameters"
    if body and request.keys:
        what = "parameters and body"
    of_text = "" if body else ", all of them text"
    return CheckView(
        name=f"check_{operation.name}_request",
        argument="request",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with the {what} of {operation.wire_name}{of_text}.\n\n"
            f"Source: {source_of(operation.cite)}."
        ),
        calls=tuple(calls),
        options=_options(body.record) if body else "",
    )


def _parameter(operation: Operation, request: Request, parameter: Parameter) -> Iterator[CallView]:
    """Yield what is asked of a parameter; nothing where a login fills it."""
    field = parameter.field
    if parameter.is_argument:
        yield _reply_field(
            replace(field, wire=request.key_of(parameter), optional=not field.required)
        )
    elif is_checked(operation, request, parameter):
        yield _request_field(parameter)


def _rule(interface: Interface, request: Request, whole: Record, rule: Rule) -> CallView:
    """Return the call that judges a rule; where it is of several fields, they come as a tuple."""
    keys = {parameter.field.wire: key for parameter, key in request.keys}
    places = [_place(interface, whole, keys.get(path, path)) for path in rule.fields]
    line = f"line={python_text(str(rule.cite))}"
    if _COMPARES[rule.kind]:
        compared = ", ".join(
            f"({', '.join(python_text(text) for text in texts)})" for _, texts in places
        )
        options = [f"({compared})"]
        type_ = places[0][0].type
        if rule.kind in ("not_after", "longest_period") and isinstance(type_, TemporalType):
            options.append(f"pattern={python_text(type_.pattern)}")
        if rule.at_most is not None:
            options += _longest(rule.at_most, rule.months, rule.days)
            if isinstance(type_, TemporalType) and type_.kind == "datetime" and type_.zone:
                options.append(f"zone={python_text(type_.zone)}")
        if rule.to_is == "included" and isinstance(type_, TemporalType) and _is_day(type_):
            options.append("is_last_included=True")
        return CallView(f"validator.{rule.kind}({', '.join([*options, line])})")
    ((_, texts), *_) = places
    options = [python_text(text) for text in texts]
    if rule.when:
        when = ((keys.get(wire, wire), values) for wire, values in rule.when)
        options.append(f"when={python_choices(when)}")
    if rule.kind == "most_items":
        options.append(f"at_most={int(rule.values[0])}")
    elif rule.values:
        options.append(f"values=({', '.join(map(python_text, rule.values))},)")
    return CallView(f"validator.{rule.kind}({', '.join([*options, line])})")


def _place(interface: Interface, whole: Record, path: str) -> tuple[Field, tuple[str, ...]]:
    """Return the field on a path of wire names, with the path in both names and its labels."""
    own = next((field for field in whole.fields if field.wire == path), None)
    fields = (own,) if own is not None else fields_on(interface, whole, path)
    names = ".".join(field.name for field in fields)
    return fields[-1], (path, names, fields[-1].label, fields[-1].en)


def _longest(at_most: timedelta, months: int, days: int) -> Iterator[str]:
    """Yield how long a period may be: months and days of the calendar, seconds that elapse."""
    elapses = int((at_most - timedelta(days=days)).total_seconds())
    for name, count in (("months", months), ("days", days), ("at_most_seconds", elapses)):
        if count:
            yield f"{name}={count}"


def _is_day(type_: TemporalType) -> bool:
    return type_.kind in ("date", "month")


# Whether a rule holds its fields against each other, and so gets them as a tuple.
_COMPARES: Mapping[RuleKind, bool] = {
    "required_if": False,
    "forbidden": False,
    "one_of": True,
    "exactly_one": True,
    "at_most_one": True,
    "together": True,
    "needs": True,
    "not_after": True,
    "longest_period": True,
    "most_items": False,
}


def _replies(interface: Interface, operation: Operation) -> Iterator[CheckView]:
    """Yield the checks of a reply: of each of its containers, innermost first, and of the whole."""
    reply, payload = operation.reply, payload_of_reply(interface, operation)
    telling = _telling(interface)
    if payload.shape in WITHOUT_MESSAGE:
        return
    if payload.is_whole:
        yield _record_reply(operation, telling)
        return
    if reply.variants:
        yield _record_of_forms(operation, telling)
    calls = _calls_by_container(operation, payload, telling)
    level, holders, header = _header_checks(operation, payload.path[:-1])
    yield from holders
    around = payload.path[:level]
    calls[around] = [*header, *calls[around]]
    names = _container_checks(operation, payload, calls)
    for path in sorted(filter(None, calls), key=len, reverse=True):
        check = names[path]
        yield _container(operation, check, calls[path])
        options = [
            f"check=lambda payload, path: {check}(payload, path, format=format)",
            "required=True",
            f"line={python_text(str(operation.cite))}",
        ]
        name, what = (
            ("payload", "what holds the payload")
            if _is_on_way(payload, path)
            else ("beside", "what is beside it")
        )
        calls[path[:-1]].append(CallView(_call("record", path[-1], name, "", what, options)))
    yield _message(operation, payload, calls[()])


def _record_reply(operation: Operation, telling: frozenset[str]) -> CheckView:
    """Return the check of a reply that is one record and nothing else."""
    record = operation.reply.record
    return CheckView(
        name=f"check_{operation.name}_reply",
        argument="reply",
        extra="",
        docstring=python_docstring(f"{_of_reply(operation)}{_source(operation)}"),
        calls=tuple(_reply_fields(record.fields, telling)),
        options=_options(record),
        forms=_forms(operation),
    )


def _record_of_forms(operation: Operation, telling: frozenset[str]) -> CheckView:
    """Return the check of one record of a reply, which has several forms."""
    record = operation.reply.record
    return CheckView(
        name=item_check(operation, record),
        argument="record",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with one record of a reply of {operation.wire_name}.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(_reply_fields(record.fields, telling)),
        options=_options(record),
        forms=_forms(operation),
    )


def _container(operation: Operation, name: str, calls: Iterable[CallView]) -> CheckView:
    """Return the check of one container around the payload, or beside it."""
    return CheckView(
        name=name,
        argument="payload",
        extra=", *, format: str",
        docstring=python_docstring(
            f"Find what is wrong around the payload of a reply of {operation.wire_name}.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(calls),
    )


def _message(operation: Operation, payload: Payload, calls: Iterable[CallView]) -> CheckView:
    """Return the check of a whole message, whose payload stands in something."""
    is_open = not payload.path and payload.shape == "record"
    return CheckView(
        name=f"check_{operation.name}_reply",
        argument="reply",
        extra=", *, format: str",
        docstring=python_docstring(
            f"{_of_reply(operation)}"
            f"Args:\n    reply: {_whole(operation)}, or what stands in the root element of the "
            "XML: its elements by name, as text or mappings, in a list where a name repeats.\n"
            "    path: what stands before every path.\n"
            "    format: json or xml.\n\n"
            f"{_source(operation)}"
        ),
        calls=tuple(calls),
        options=_options(payload.record) if is_open else "",
    )


def _of_reply(operation: Operation) -> str:
    return f"Find what is wrong with a successful reply of {operation.wire_name}.\n\n"


def _source(operation: Operation) -> str:
    return f"Source: {source_of(operation.cite)}."


def _calls_by_container(
    operation: Operation, payload: Payload, telling: frozenset[str]
) -> dict[tuple[str, ...], list[CallView]]:
    """Return what is asked of each container of a message, by its path; () is the root."""
    beside = operation.reply.beside.fields if operation.reply.beside is not None else ()
    found: dict[tuple[str, ...], list[CallView]] = {(): []}
    around = (*(field.under for field in beside), *(one.header_under for one in operation.partial))
    for path in (payload.path[:-1], *around):
        for depth in range(1, len(path) + 1):
            found.setdefault(path[:depth], [])
    found[payload.path[:-1]] += _payload(operation, payload, telling)
    for field in beside:
        if not field.in_header:
            found[field.under].append(_reply_field(replace(field, under=())))
    for envelope in operation.partial:
        if not all(field.wire == "." for field in envelope.fields):
            found[envelope.header_under] += _failures(envelope)
    return found


def _is_on_way(payload: Payload, path: tuple[str, ...]) -> bool:
    return payload.path[: len(path)] == path


def _container_checks(
    operation: Operation, payload: Payload, paths: Iterable[tuple[str, ...]]
) -> dict[tuple[str, ...], str]:
    """Return the names of the validators of containers, those of the payload from within."""
    names: dict[tuple[str, ...], str] = {}
    # What stands beside a list is a record, whose validator has the first of these names.
    others = 0 if operation.reply.beside is None else 1
    for path in filter(None, paths):
        if _is_on_way(payload, path):
            depth = len(payload.path) - len(path)
            names[path] = f"check_{operation.name}_payload{depth if depth > 1 else ''}"
        else:
            others += 1
            names[path] = f"check_{operation.name}_around{others if others > 1 else ''}"
    return names


def _whole(operation: Operation) -> str:
    root = operation.reply.root
    if root is not None and "json" in root.formats:
        return f"what the JSON body has as {root.wire!r}"
    return "the JSON body"


def _header_checks(
    operation: Operation, inner: tuple[str, ...]
) -> tuple[int, tuple[CheckView, ...], tuple[CallView, ...]]:
    """Return how deep the header of a reply is asked for, what holds it there, and the calls.

    Args:
        operation: whose reply it is.
        inner: the containers around the payload, from the root.
    """
    envelope = operation.envelope
    calls = tuple(_header(operation))
    path = envelope.path if envelope is not None and has_own_header(operation) else ()
    if path and path == inner[: len(path)] and envelope is not None:
        # Its fields stand in a container of the payload.
        return len(path), (), tuple(_header_fields(operation, envelope))
    level = 0
    while level < min(len(path) - 1, len(inner)) and path[level] == inner[level]:
        level += 1
    holders: list[CheckView] = []
    for depth, wire in enumerate(reversed(path[level:-1])):
        check = f"check_{operation.name}_header{depth + 1 if depth else ''}"
        holders.append(
            CheckView(
                name=check,
                argument="header",
                extra=", *, format: str",
                docstring=python_docstring(
                    f"Find what is wrong around the header of a reply of {operation.wire_name}.\n\n"
                    f"Source: {source_of(operation.cite)}."
                ),
                calls=calls,
            )
        )
        options = [
            f"check=lambda header, path: {check}(header, path, format=format)",
            "optional=True"
            if envelope is not None and envelope.header_optional
            else "required=True",
            f"line={python_text(str(operation.cite))}",
        ]
        call = _call("record", wire, "header", "", "what holds the header", options)
        always = set(operation.formats) <= set(header_formats(operation))
        calls = tuple(
            CallView(call, only_for=python_text(form) if form else "")
            for form in (("",) if always else header_formats(operation))
        )
    return level, tuple(holders), calls


def _forms(operation: Operation) -> tuple[tuple[str, str], ...]:
    return tuple(
        (python_choices(variant.when), f"check_{snake_name(variant.record.name)}")
        for variant in operation.reply.variants
    )


def _header(operation: Operation) -> Iterator[CallView]:
    """Yield what is asked of the header of a reply, where it stands beside the payload."""
    envelope = operation.envelope
    if envelope is None:
        return
    if root_fields(operation):
        yield from _header_fields(operation, envelope)
    for form in header_formats(operation):
        if has_own_header(operation):
            header = envelope.header
            options = [
                f"check={_header_check(envelope.name)}",
                "optional=True" if envelope.header_optional else "required=True",
                f"line={python_text(str(header.cite))}",
            ]
            call = _call("record", envelope.path[-1], "header", header.label, header.en, options)
            yield CallView(call, only_for=python_text(form))


def _header_fields(operation: Operation, envelope: Envelope) -> Iterator[CallView]:
    """Yield what is asked of the fields of a header that stand beside other things."""
    always = set(operation.formats) <= set(header_formats(operation))
    for form in ("",) if always else header_formats(operation):
        for field in envelope.fields:
            one = replace(field, optional=True) if envelope.header_optional else field
            yield replace(_reply_field(one), only_for=python_text(form) if form else "")


def _payload(operation: Operation, payload: Payload, telling: frozenset[str]) -> Iterator[CallView]:
    """Yield what is asked of the payload, within what stands around it."""
    reply, record = operation.reply, payload.record
    wire = payload.path[-1] if payload.path else ""
    line = python_text(str((reply.list or record).cite))
    match payload.shape:
        case "value":
            yield _reply_field(value_field(payload))
        case "record" if not wire:
            yield from _reply_fields(record.fields, telling)
        case "record":
            options = [f"check={item_check(operation, record)}", "required=True", f"line={line}"]
            yield CallView(_call("record", wire, "payload", "", record.en, options))
        case "list":
            yield _list(operation, payload, wire, line)
        case "file" | "none":
            raise TypeError("a reply without a message has no payload to judge")
        case _:
            assert_never(payload.shape)


def _list(operation: Operation, payload: Payload, wire: str, line: str) -> CallView:
    """Return what is asked of the list of a reply."""
    reply, item = operation.reply, list[str]()
    if reply.item is not None and wire and "json" in reply.item.formats:
        item = [f"item={python_text(reply.item.wire)}"]
    elif reply.item is not None and wire:
        item = [f'item={python_text(reply.item.wire)} if format == "xml" else ""']
    # The items of a list without a name are elements of the root; in JSON it is no record.
    wire = wire or (reply.item.wire if reply.item else ".")
    check = f"check={item_check(operation, reply.record)}"
    options = [check, *item, *_layout(reply), "required=True", f"line={line}"]
    label, en = (reply.list.label, reply.list.en) if reply.list else ("", payload.record.en)
    return CallView(_call("records", wire, "records", label, en, options))


def _layout(reply: Reply) -> list[str]:
    """Return how JSON lays the list of a reply out, as arguments; nothing: as objects."""
    if not reply.layout:
        return []
    fields = model_fields(reply.record.fields)
    names = ", ".join(python_text(json_key(wire)) for _, wire, _, _ in fields)
    key = [f"keyed_by={python_text(reply.keyed_by)}"] if reply.keyed_by else []
    return [f"layout={python_text(reply.layout)}, names=({names},)", *key]


def _request_field(parameter: Parameter) -> CallView:
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
        _call(
            method,
            field.wire or field.name,
            field.name,
            field.label,
            field.en,
            [*options, *_marks(field)],
        ),
        codes="" if parameter.formats else _codes(field),
    )


def _reply_fields(fields: Sequence[Field], telling: frozenset[str]) -> Iterator[CallView]:
    """Yield what is asked of each field, then of the labels of those that are readings.

    Args:
        fields: of one record.
        telling: the records that have the values of readings told further out.
    """
    for field in fields:
        yield _reply_field(field, telling)
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
    return CallView(_call("label", field.wire, field.name, field.label, field.en, options))


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
        *_labels(field.label, field.en),
    ]


def _reply_field(field: Field, telling: frozenset[str] = frozenset()) -> CallView:
    method, options = _type_options(field)
    options += _facts(field)
    item = field.type.item if isinstance(field.type, ListType) else field.type
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
        call = _call(method, field.key or field.name, field.name, field.label, field.en, options)
        return CallView(call, codes=_codes(field))
    call = f"validator.{method}({', '.join([*_of_label(field, field.series), *options])})"
    return CallView(call, labels=labels_constant(field.series), codes=_codes(field))


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
            return "duration", [] if pattern == "duration" else [f"pattern={python_text(pattern)}"]
        case TemporalType(kind="day_of_month"):
            return "day_of_month", []
        case TemporalType(kind=kind, pattern=pattern):
            return "time" if kind == "time" else "date", [f"pattern={python_text(pattern)}"]
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
    item = field.type.item if isinstance(field.type, ListType) else field.type
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


def _call(method: str, wire: str, name: str, label: str, en: str, options: list[str]) -> str:
    texts = [python_text(wire), f"name={python_text(name)}", *_labels(label, en)]
    return f"validator.{method}({', '.join([*texts, *options])})"


def _labels(label: str, en: str) -> list[str]:
    said = [f"label={python_text(label)}"] if label else []
    return [*said, f"label_en={python_text(en)}"]
