"""XSD 1.0 of every message: replies in XML as they travel, requests as elements for tools.

Elements may stand in any order, as the services do not promise one; each at most once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from lxml import etree

from gridwright.analysis.element_namespaces import (
    Namespaces,
    namespaces_of_body,
    namespaces_of_reply,
    prefixes_of,
)
from gridwright.ir import (
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Record,
    RecordType,
    Reply,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.notation.xml_names import as_element_name
from gridwright.output.view import TextView
from gridwright.targets.calls.replies import (
    Payload,
    has_own_header,
    header_formats,
    header_level,
    payload_of_reply,
    root_fields,
    value_field,
)
from gridwright.targets.containers import Container, container_of
from gridwright.targets.python import class_name, echoed, model_fields, source_of
from gridwright.targets.wire_patterns import (
    integer_expression,
    number_expression,
    temporal_expression,
)
from gridwright.targets.xml_schema.facts import occurrences, xsd_facts
from gridwright.targets.xml_schema.namespaces import split_schema
from gridwright.targets.xml_schema.types import (
    XS,
    XsdElement,
    annotation,
    join_containers,
    lists_of_failures,
    nest_header,
    number_name,
    number_types,
    required_value,
    text_facets,
    value_or_empty,
    value_or_texts,
    xs,
)

__all__ = ["xsd_views"]


def xsd_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield schemas for request and reply of each operation that speaks XML."""
    folder = f"schemas/{interface.system}"
    for operation in interface.operations:
        if "xml" in operation.formats and operation.protocol != "soap11":
            request = _body(interface, operation) or [_request(operation)]
            message = namespaces_of_body(interface, operation)
            name = f"{operation.name}.request"
            yield from _texts(interface, folder, name, request, message)
            is_whole = payload_of_reply(interface, operation).is_whole
            reply = _record_reply if is_whole else _reply_around
            message = namespaces_of_reply(interface, operation)
            name, content = f"{operation.name}.reply", reply(interface, operation)
            yield from _texts(interface, folder, name, content, message)


def _texts(
    interface: Interface,
    folder: str,
    name: str,
    content: Iterable[XsdElement],
    message: Namespaces,
) -> Iterator[TextView]:
    """Yield the schema of a message: a document for each namespace that it has."""
    schema = _schema(content, message.root)
    if message.elements:
        messages = {str(one.get("name")): message for one in schema.findall(f"{{{XS}}}element")}
        prefixes = prefixes_of(interface, message)
        found = split_schema(schema, messages, message.root, prefixes, name)
        yield from (TextView(f"{folder}/{file}", text) for file, text in found.items())
        return
    etree.indent(schema, "  ")
    text = etree.tostring(schema, encoding="unicode")
    yield TextView(f"{folder}/{name}.xsd", f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _schema(content: Iterable[XsdElement], namespace: str) -> XsdElement:
    if namespace:
        root = etree.Element(
            f"{{{XS}}}schema",
            {"targetNamespace": namespace, "elementFormDefault": "qualified"},
            nsmap={"xs": XS, None: namespace},  # type: ignore[dict-item]  # lxml takes it
        )
        root.extend(content)
        return root
    return xs("schema", *content, elementFormDefault="unqualified")


def _request(operation: Operation) -> XsdElement:
    return xs(
        "element",
        annotation(
            f"Request parameters of {operation.wire_name}, one element each; the service takes "
            f"them as text. Source: {source_of(operation.cite)}"
        ),
        xs("complexType", xs("all", *(_parameter(p) for p in operation.parameters))),
        name=f"{class_name(operation.name)}Request",
    )


def _body(interface: Interface, operation: Operation) -> list[XsdElement]:
    """Describe the body of a request; empty where it has none in XML."""
    if operation.body is None or operation.body.root is None:
        return []
    record, root = operation.body.record, operation.body.root
    note = f"Body of a request of {operation.wire_name}. Source: {source_of(operation.cite)}"
    if operation.body.is_value:
        (field,) = record.fields
        within = interface.reachable(record)[1:]
        return [
            _whole(field, root.wire, note),
            *(_type(r) for r in within),
            *number_types([field, *(f for r in within for f in r.fields)]),
        ]
    return [
        xs("element", annotation(note), name=root.wire, type=record.name),
        *(_type(r) for r in interface.reachable(record)),
        *number_types(_all_fields(interface, record)),
    ]


def _whole(field: Field, root: str, note: str) -> XsdElement:
    """Describe a root that is one value, or holds the items of a list."""
    if isinstance(field.type, RecordType):
        return xs("element", annotation(note), name=root, type=field.type.record)
    if isinstance(field.type, ListType):
        named = replace(field, wire=field.item, item="", optional=not field.required)
        items = _field((field.item, named, ""))
        return xs("element", annotation(note), xs("complexType", xs("sequence", items)), name=root)
    value = _value(field, field.type)
    if isinstance(value, str):
        return xs("element", annotation(note), name=root, type=value)
    return xs("element", annotation(note), value, name=root)


def _record_reply(interface: Interface, operation: Operation) -> Iterator[XsdElement]:
    record, root = operation.reply.record, operation.reply.root
    note = f"Successful reply of {operation.wire_name} in XML. Source: {source_of(operation.cite)}"
    if root is None:
        raise TypeError("resolving reports a reply in XML without a root")
    yield xs("element", annotation(note), name=root.wire, type=record.name)
    yield from (_type(r) for r in interface.reachable(record))
    yield from number_types(_all_fields(interface, record))


def _reply_around(interface: Interface, operation: Operation) -> Iterator[XsdElement]:
    """Describe a reply whose payload has something around it, or beside it."""
    reply, envelope = operation.reply, operation.envelope
    if reply.root is None:
        raise TypeError("resolving reports a reply in XML without a root")
    payload = payload_of_reply(interface, operation)
    if payload.shape == "value" and not payload.path:
        yield from _root_value(operation, payload, reply.root.wire)
        return
    path, inner, attributes, repeats = _innermost(reply, payload)
    beside = container_of(reply.beside.fields if reply.beside is not None else ())
    height, own = header_level(operation, path)
    parts = list(_header(operation, own))
    for depth in range(len(path), 0, -1):
        inner = [*parts, *inner] if height == depth else inner
        more = _container_at(beside, path[:depth])
        failures = lists_of_failures(operation, path, depth, _entry)
        inner, repeats = [*inner, *failures], repeats or bool(failures)
        members = join_containers([*_elements(more, without=path[depth:]), *inner])
        group = xs("sequence" if repeats else "all", *members)
        content = xs("complexType", group, *attributes, *_attributes(more))
        inner, repeats, attributes = [xs("element", content, name=path[depth - 1])], False, []
    failures = lists_of_failures(operation, path, 0, _entry)
    inner, repeats = [*inner, *failures], repeats or bool(failures)
    above = parts if height == 0 else []
    members = join_containers([*above, *_elements(beside, without=path), *inner])
    group = xs("sequence" if repeats else "all", *members)
    note = f"Successful reply of {operation.wire_name} in XML. Source: {source_of(operation.cite)}"
    content = xs("complexType", group, *attributes, *_attributes(beside))
    yield xs("element", annotation(note), content, name=reply.root.wire)
    if payload.shape != "value":
        record, *within = interface.reachable(reply.record)
        yield _type(_with_failures(operation, record))
        yield from (_type(r) for r in within)
    headed = [*(envelope.fields if envelope is not None else ())]
    headed += [field for one in operation.partial for field in one.fields]
    others = reply.beside.fields if reply.beside is not None else ()
    yield from number_types([*headed, *others, *_all_fields(interface, reply.record)])


def _innermost(
    reply: Reply, payload: Payload
) -> tuple[tuple[str, ...], list[XsdElement], list[XsdElement], bool]:
    """Return the innermost container that a payload stands in.

    Returns:
        The path of the container, its elements, its attributes, and whether elements in it may
        repeat.
    """
    path = payload.path
    match payload.shape:
        case "value":
            field = value_field(payload)
            element = _field((field.wire, field, ""))
            return path[:-1], [element], [], isinstance(field.type, ListType)
        case "record":
            container = container_of(reply.record.fields)
            repeats = any(isinstance(field.type, ListType) for field in reply.record.fields)
            return path, _elements(container), _attributes(container), repeats
        case "list":
            # Without a name of their own, the items are the elements that hold the list.
            name = reply.item.wire if reply.item else path[-1]
            element = xs("element", name=name, type=reply.record.name, minOccurs="0",
                         maxOccurs="unbounded")  # fmt: skip
            return (path if reply.item else path[:-1]), [element], [], True
        case "file" | "none":
            raise TypeError("asked only for replies with a message")
        case _:
            assert_never(payload.shape)


def _with_failures(operation: Operation, record: Record) -> Record:
    """Return the record of a list; where items may fail, one that has what a failure has alone."""
    verdict = operation.reply.verdict
    if verdict is None:
        return record
    said = {verdict.code, *(wire for wire, _ in verdict.success)}
    fields = [f if f.wire in said else replace(f, optional=True, required=False)
              for f in record.fields]  # fmt: skip
    return replace(record, fields=tuple(fields))


def _root_value(operation: Operation, payload: Payload, root: str) -> Iterator[XsdElement]:
    field = value_field(payload)
    value = _value(field, field.type)
    note = annotation(f"Successful reply of {operation.wire_name} in XML.")
    if isinstance(value, str):
        yield xs("element", note, name=root, type=value)
    else:
        yield xs("element", note, value, name=root)
    yield from number_types([field])


def _header(operation: Operation, own: tuple[str, ...]) -> Iterator[XsdElement]:
    """Yield what the header of a reply is, within containers of its own."""
    envelope = operation.envelope
    if envelope is None or "xml" not in header_formats(operation):
        return
    fields = envelope.fields
    if envelope.header_optional and not own:
        fields = tuple(replace(field, optional=True, required=False) for field in fields)
    if not own and (root_fields(operation) or has_own_header(operation)):
        yield from (_field(field) for field in _unfold(fields))
    elif own and has_own_header(operation):
        yield nest_header(xs("complexType", _particles(fields)), own, envelope)


def _entry(envelope: Envelope) -> XsdElement:
    """Describe an entry of a list of failures."""
    return xs("complexType", *_content(container_of(envelope.fields)))


def _type(record: Record) -> XsdElement:
    note = annotation(f"{record.en}. Source: {source_of(record.cite)}")
    return xs("complexType", note, *_content(container_of(record.fields)), name=record.name)


def _particles(fields: tuple[Field, ...]) -> XsdElement:
    """List the elements of a record."""
    return _group(container_of(fields))


def _content(container: Container) -> list[XsdElement]:
    """Describe an element: its children and attributes, or its text and attributes."""
    if container.text is None:
        return [_group(container), *_attributes(container)]
    # A text that has attributes beside it is of a type with a name, which a list of values of
    # any kind is not: what it may be is said by the field.
    extension = xs("extension", *_attributes(container), base=_text_type(container.text))
    return [xs("simpleContent", extension)]


def _text_type(field: Field) -> str:
    if isinstance(field.type, IntegerType | DecimalType | BooleanType) and field.required:
        return number_name(field.type)
    return "xs:string"


def _group(container: Container) -> XsdElement:
    """List elements: in any order, or in ours where one of them repeats.

    XSD 1.0 lets nothing repeat within xs:all.
    """
    repeats = any(isinstance(f.type, ListType) and not f.item for _, f, _ in container.elements)
    return xs("sequence" if repeats else "all", *_elements(container))


def _elements(container: Container, without: Sequence[str] = ()) -> list[XsdElement]:
    """List the elements of a container, but for the one that leads on to the payload."""
    return [
        *(_field(item) for item in container.elements),
        *(
            xs("element", xs("complexType", *_content(inner)), **_name_attributes(name, inner))
            for name, inner in container.inner.items()
            if name not in without[:1]
        ),
    ]


def _name_attributes(name: str, container: Container) -> dict[str, str]:
    return {"name": name} | ({"minOccurs": "0"} if container.is_optional else {})


def _attributes(container: Container) -> list[XsdElement]:
    return [_attribute(wire.removeprefix("@"), field) for wire, field, _ in container.attributes]


def _attribute(name: str, field: Field) -> XsdElement:
    note = annotation(f"{field.label or field.en}: {field.en}. Source: {source_of(field.cite)}")
    about = {"name": name} | ({} if field.optional and not field.required else {"use": "required"})
    value = _value(field, field.type)
    if isinstance(value, str):
        return xs("attribute", note, type=value, **about)
    return xs("attribute", note, value, **about)


def _container_at(container: Container, path: Sequence[str]) -> Container:
    for step in path:
        container = container.inner.get(step, Container())
    return container


def _unfold(fields: tuple[Field, ...]) -> list[tuple[str, Field, str]]:
    return [(wire, field, label) for _, wire, field, label in model_fields(fields)]


def _field(unfolded: tuple[str, Field, str]) -> XsdElement:
    wire, field, label = unfolded
    about = f"{field.label} {label}".strip() or field.en
    unit = f", {field.unit_text}" if field.unit_text else ""
    note = annotation(f"{about}: {field.en}{unit}{echoed(field)}. Source: {source_of(field.cite)}")
    attributes = {"name": wire}
    if field.optional and not field.required:
        attributes["minOccurs"] = "0"
    type_ = field.type
    if field.item:
        within = _field((field.item, replace(field, item="", optional=True), ""))
        return xs("element", note, xs("complexType", xs("sequence", within)), **attributes)
    if isinstance(type_, ListType):
        attributes |= {"maxOccurs": "unbounded"} | occurrences(field)
        type_ = type_.item
    if isinstance(type_, RecordType):
        return xs("element", note, type=type_.record, **attributes)
    # In XML, a list without values may be one empty element.
    value = _value(field, type_)
    if isinstance(value, str):
        return xs("element", note, type=value, **attributes)
    return xs("element", note, value, **attributes)


def _value(field: Field, type_: TypeRef) -> XsdElement | str:
    """Describe the value of a field."""
    narrowed = xsd_facts(field, type_)
    if narrowed is None:
        value = required_value(type_) if field.required else value_or_empty(type_)
    else:
        value = narrowed if field.required else value_or_texts(narrowed, ("",))
    return value_or_texts(value, field.missing) if field.missing else value


def _parameter(parameter: Parameter) -> XsdElement:
    field = parameter.field
    facets: list[XsdElement] = []
    if field.required:
        facets.append(xs("minLength", value="1"))
    match field.type:
        case _ if parameter.formats:
            facets = [xs("enumeration", value=value) for _, value in parameter.formats]
        case TextType(size=size) | CodeType(codes=None, size=size):
            facets += text_facets(size)
        case CodeType(codes=codes) if codes is not None:
            facets = [xs("enumeration", value=code.value) for code in codes.values]
        case IntegerType(digits=digits):
            facets.append(xs("pattern", value=integer_expression(digits)))
        case DecimalType():
            facets.append(xs("pattern", value=number_expression(field.type)))
        case TemporalType():
            facets.append(xs("pattern", value=temporal_expression(field.type)))
        case _:
            pass
    wire = field.wire or field.name
    name = as_element_name(wire)
    sent = "" if name == wire else f" Sent as {wire}."
    about = f"{field.label or field.en}: {field.en}.{sent} Source: {source_of(field.cite)}"
    note = annotation(about)
    attributes = {"name": name}
    if not field.required:
        attributes["minOccurs"] = "0"
    value = xs("simpleType", xs("restriction", *facets, base="xs:string"))
    narrowed = xsd_facts(field, field.type) if isinstance(field.type, TextType) else None
    if narrowed is not None:
        value = narrowed if field.required else value_or_texts(narrowed, ("",))
    return xs("element", note, value, **attributes)


def _all_fields(interface: Interface, record: Record) -> list[Field]:
    return [field for r in interface.reachable(record) for field in r.fields]
