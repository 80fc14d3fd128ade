"""XSD 1.0 of a system's SOAP messages: one element for each, and one for the header block.

The items of a message stand in the document's order; a list repeats its element. A reply whose
items depend on codes may hold those of all its forms.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from lxml import etree

from gridwright.analysis.element_namespaces import soap_messages, soap_prefixes
from gridwright.ir import (
    CodeList,
    CodeType,
    Element,
    Envelope,
    Field,
    Interface,
    ListType,
    Operation,
    Place,
    Presented,
    Record,
    RecordType,
    Soap,
    SoapBlock,
    TextType,
    TypeRef,
)
from gridwright.targets.calls.replies import (
    has_own_header,
    header_level,
    payload_of_reply,
    root_fields,
    value_field,
)
from gridwright.targets.python import echoed, model_fields, source_of
from gridwright.targets.xml_schema.facts import occurrences, xsd_facts
from gridwright.targets.xml_schema.namespaces import split_schema
from gridwright.targets.xml_schema.types import (
    MISSING,
    XS,
    XsdElement,
    annotation,
    join_containers,
    lists_of_failures,
    missing_type,
    nest_header,
    number_types,
    required_value,
    value_or_empty,
    value_or_texts,
    xs,
)

__all__ = [
    "code_type",
    "fields_in_block",
    "record_type",
    "reply_fields",
    "soap_operations",
    "soap_schemas",
]


def soap_operations(interface: Interface) -> tuple[Operation, ...]:
    """Return the operations that travel as SOAP messages and are generated."""
    return tuple(
        o for o in interface.operations if o.protocol == "soap11" and not o.known_by_example
    )


def soap_schemas(interface: Interface, soap: Soap) -> dict[str, str]:
    """Return the schema of all messages by file name: a document for each namespace."""
    name, schema = interface.system, _schema(interface, soap)
    named = soap_prefixes(interface, soap)
    if named:
        prefixes = {space: prefix for prefix, space in named.items()}
        messages = soap_messages(interface, soap)
        return split_schema(schema, messages, soap.namespace, prefixes, name)
    etree.indent(schema, "  ")
    text = etree.tostring(schema, encoding="unicode")
    return {f"{name}.xsd": f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'}


def _schema(interface: Interface, soap: Soap) -> XsdElement:
    attributes = {"targetNamespace": soap.namespace, "elementFormDefault": "qualified"}
    nsmap = {"xs": XS, None: soap.namespace}
    root = etree.Element(
        f"{{{XS}}}schema",
        attributes,
        nsmap=nsmap,  # type: ignore[arg-type] # the stubs forget the default namespace
    )
    # Messages may share an element; then they hold the same items.
    root.extend({str(made.get("name")): made for made in _elements(interface, soap)}.values())
    fields = list(_all_fields(interface, soap))
    root.extend(_record(record) for record in _inner_records(interface))
    codes, numbers = _code_lists(fields), list(number_types(fields))
    root.extend(_codes(one) for one in codes)
    root.extend(numbers or ([missing_type()] if codes else []))
    return root


def record_type(record: str) -> str:
    """Return the name of the type of a record within messages."""
    return f"{record}Type"


def code_type(codes: CodeList) -> str:
    """Return the name of the type of a code list."""
    return f"{codes.name}_code"


def reply_fields(operation: Operation) -> tuple[Field, ...]:
    """Return the items of a reply in all its forms, each once."""
    fields = {field.wire: field for field in operation.reply.record.fields}
    for variant in operation.reply.variants:
        for field in variant.record.fields:
            fields.setdefault(field.wire, field)
    return tuple(fields.values())


def _elements(interface: Interface, soap: Soap) -> Iterator[XsdElement]:
    for block in soap.blocks:
        whose = "every request" if block.element is soap.header else "requests"
        if any(fields_in_block(one, block) for one in soap_operations(interface)):
            whose += " and of replies"
        cited = soap.cite if block.element is soap.header else block.element.cite
        note = f"Header block of {whose}. Source: {source_of(cited)}"
        yield _message(block.element, note, _header_fields(interface, soap, block))
    for operation in soap_operations(interface):
        source = f"{operation.wire_name}. Source: {source_of(operation.cite)}"
        body, reply = operation.body, operation.reply
        if body is None or body.root is None or reply.root is None:
            raise TypeError("resolving reports a SOAP message without an element")
        yield _message(body.root, f"Request of {source}", body.record.fields)
        about = annotation(f"Reply of {source}")
        payload = payload_of_reply(interface, operation)
        if payload.shape == "value" and not payload.path:
            yield _root_value(about, value_field(payload), reply.root.wire)
            continue
        content = xs("sequence", *_reply_content(interface, operation))
        yield xs("element", about, xs("complexType", content), name=reply.root.wire)


def _root_value(about: XsdElement, field: Field, root: str) -> XsdElement:
    """Return the root of a reply that is one value: its text, without an element of its own."""
    value = _of_field(field, field.type, field.required)
    if isinstance(value, str):
        return xs("element", about, name=root, type=value)
    return xs("element", about, value, name=root)


def _reply_content(interface: Interface, operation: Operation) -> Iterator[XsdElement]:
    """Yield the elements of a reply: its header, and its payload in what stands around it."""
    payload, envelope = payload_of_reply(interface, operation), operation.envelope
    if payload.is_whole:
        yield from _elements_of(reply_fields(operation))
        return
    path = payload.path
    level, own = header_level(operation, path)
    parts = [*_elements_of(root_fields(operation))]
    if envelope is not None and has_own_header(operation):
        content = xs("complexType", _sequence(envelope.fields))
        fields = _elements_of(envelope.fields)
        parts = [nest_header(content, own, envelope)] if own else [*fields]
    match payload.shape:
        case "value":
            inner, path = [*_elements_of((value_field(payload),))], path[:-1]
        case "record":
            inner = [*_elements_of(reply_fields(operation))]
        case "list":
            # Without a name of their own, the items are the elements that hold the list.
            item = operation.reply.item
            name = item.wire if item else path[-1]
            path = path if item else path[:-1]
            inner = [
                xs(
                    "element", name=name, type=record_type(payload.record.name), minOccurs="0",
                    maxOccurs="unbounded",
                )
            ]  # fmt: skip
        case "file" | "none":
            return
        case _:
            assert_never(payload.shape)

    def entry(envelope: Envelope) -> XsdElement:
        return xs("complexType", _sequence(envelope.fields))

    for depth, around in enumerate(reversed(path)):
        inner = [*parts, *inner] if level == len(path) - depth else inner
        inner += lists_of_failures(operation, path, len(path) - depth, entry)
        content = xs("sequence", *join_containers(inner))
        inner = [xs("element", xs("complexType", content), name=around)]
    inner = [*parts, *inner] if level == 0 else inner
    yield from join_containers([*inner, *lists_of_failures(operation, path, 0, entry)])


def _message(element: Element, note: str, fields: tuple[Field, ...]) -> XsdElement:
    content = xs("complexType", _sequence(fields))
    return xs("element", annotation(note), content, name=element.wire)


def _record(record: Record) -> XsdElement:
    note = annotation(f"{record.en}. Source: {source_of(record.cite)}")
    content = _sequence(record.fields)
    return xs("complexType", note, content, name=record_type(record.name))


def _sequence(fields: tuple[Field, ...]) -> XsdElement:
    return xs("sequence", *_elements_of(fields))


def _elements_of(fields: tuple[Field, ...]) -> Iterator[XsdElement]:
    yield from (_field(*item) for item in model_fields(fields))


def _field(name: str, wire: str, field: Field, label: str) -> XsdElement:
    about = f"{field.label} {label}".strip() or field.en
    unit = f", {field.unit_text}" if field.unit_text else ""
    note = annotation(f"{about}: {field.en}{unit}{echoed(field)}. Source: {source_of(field.cite)}")
    type_, needed = field.type, field.required
    attributes = {"name": wire, **({} if needed else {"minOccurs": "0"})}
    if isinstance(type_, ListType):
        attributes |= {"maxOccurs": "unbounded"} | occurrences(field)
        type_, needed = type_.item, True
    if isinstance(type_, RecordType):
        return xs("element", note, type=record_type(type_.record), **attributes)
    value = _of_field(field, type_, needed)
    if isinstance(value, str):
        return xs("element", note, type=value, **attributes)
    return xs("element", note, value, **attributes)


def _of_field(field: Field, type_: TypeRef, needed: bool) -> XsdElement | str:
    """Describe a value of a field, with what is said of it beside its type."""
    narrowed = xsd_facts(field, type_)
    if narrowed is None:
        return _value(type_, needed)
    return narrowed if needed else value_or_texts(narrowed, ("",))


def _value(type_: TypeRef, needed: bool) -> XsdElement | str:
    match type_:
        case CodeType(codes=codes) if codes is not None and needed:
            return code_type(codes)
        case CodeType(codes=codes) if codes is not None:
            return xs("simpleType", xs("union", memberTypes=f"{code_type(codes)} {MISSING}"))
        case _:
            return required_value(type_) if needed else value_or_empty(type_)


def _codes(codes: CodeList) -> XsdElement:
    note = annotation(f"{codes.en}. Source: {source_of(codes.cite)}")
    values = (xs("enumeration", value=code.value) for code in codes.values)
    return xs(
        "simpleType", note, xs("restriction", *values, base="xs:string"), name=code_type(codes)
    )


def _header_fields(interface: Interface, soap: Soap, block: SoapBlock) -> tuple[Field, ...]:
    """Return the items of a header block: its own, and what requests and logins put there."""
    fields = {item.field.wire: item.field for item in block.fields}
    is_first = block.element is soap.header
    under = () if is_first else (block.element.wire,)
    for operation in soap_operations(interface):
        for parameter in operation.parameters:
            if parameter.place is Place.SOAP_HEADER and parameter.under == under:
                fields.setdefault(parameter.field.wire, replace(parameter.field, required=False))
    for item in interface.presented if is_first else ():
        if item.place is Place.SOAP_HEADER:
            fields.setdefault(item.wire, _presented(item))
    received = [one for operation in soap_operations(interface)
                for one in fields_in_block(operation, block)]  # fmt: skip
    if not received:
        return tuple(fields.values())
    for field in received:
        fields.setdefault(field.wire, field)
    # Requests and replies have other items in the same element: each may be absent from one.
    return tuple(replace(field, required=False) for field in fields.values())


def fields_in_block(operation: Operation, block: SoapBlock) -> tuple[Field, ...]:
    """Return what a reply has in a block of the SOAP header."""
    beside = operation.reply.beside
    fields = beside.fields if beside is not None else ()
    return tuple(field for field in fields if field.block == block.element.wire)


def _presented(item: Presented) -> Field:
    return Field(
        name=item.wire,
        wire=item.wire,
        provisional=False,
        label="",
        en="what shows who calls",
        type=TextType(size=None),
        unit=None,
        required=not item.operations,
        optional=bool(item.operations),
        personal=False,
        secret=True,
        default=None,
        note="",
        printed_size="",
        also=(),
        series=None,
        instant=None,
        cite=item.cite,
        span=item.span,
    )


def _all_fields(interface: Interface, soap: Soap) -> Iterator[Field]:
    for block in soap.blocks:
        yield from _header_fields(interface, soap, block)
    for operation in soap_operations(interface):
        yield from operation.body.record.fields if operation.body else ()
        yield from reply_fields(operation)
        yield from operation.envelope.fields if operation.envelope else ()
        yield from (field for one in operation.partial for field in one.fields)
    for record in _inner_records(interface):
        yield from record.fields


def _inner_records(interface: Interface) -> tuple[Record, ...]:
    """Return the records within messages, each once, in order of first mention."""
    found: dict[str, Record] = {}
    for operation in soap_operations(interface):
        if operation.reply.shape == "list":
            for record in interface.reachable(operation.reply.record):
                found.setdefault(record.name, record)
        for field in (*(operation.body.record.fields if operation.body else ()),
                      *reply_fields(operation)):  # fmt: skip
            inner = interface.record_of(field)
            for record in interface.reachable(inner) if inner is not None else ():
                found.setdefault(record.name, record)
    return tuple(found.values())


def _code_lists(fields: list[Field]) -> list[CodeList]:
    types = [f.item_type for f in fields]
    lists = [type_.codes for type_ in types if isinstance(type_, CodeType) and type_.codes]
    return list({codes.name: codes for codes in lists}.values())
