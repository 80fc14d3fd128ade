"""XSD 1.0 of every message: replies in XML as they travel, requests as elements for tools.

Elements may stand in any order, as the services do not promise one; each at most once.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias, assert_never

from lxml import etree

from gridwright.ir import (
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Operation,
    Parameter,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.targets.python import class_name, model_fields, source_of
from gridwright.targets.wire_patterns import (
    PATTERN_EXPRESSIONS,
    decimal_expression,
    integer_expression,
)
from gridwright.view import Text

__all__ = ["xsd_views"]

_XS = "http://www.w3.org/2001/XMLSchema"
# A small letter keeps these names apart from those of records.
_MISSING = "missing"
_Element: TypeAlias = etree._Element


def xsd_views(interface: Interface, package: str) -> Iterator[Text]:
    """Yield schemas for request and reply of each operation that speaks XML."""
    folder = f"schemas/{interface.system}"
    for operation in interface.operations:
        if "xml" in operation.formats:
            request = _body(interface, operation) or [_request(operation)]
            yield Text(f"{folder}/{operation.name}.request.xsd", _document(*request))
            reply = _list_reply if operation.reply.list else _record_reply
            content = _document(*reply(interface, operation))
            yield Text(f"{folder}/{operation.name}.reply.xsd", content)


def _xs(tag: str, *children: _Element, **attributes: str) -> _Element:
    """Make one element of the schema language."""
    made = etree.Element(f"{{{_XS}}}{tag}", attributes, nsmap={"xs": _XS})
    made.extend(children)
    return made


def _document(*content: _Element) -> str:
    root = _xs("schema", *content, elementFormDefault="unqualified")
    etree.indent(root, "  ")
    text = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _request(operation: Operation) -> _Element:
    return _xs(
        "element",
        _note(
            f"Request parameters of {operation.wire_name}, one element each; the service takes "
            f"them as text. Source: {source_of(operation.cite)}"
        ),
        _xs("complexType", _xs("all", *(_parameter(p) for p in operation.parameters))),
        name=f"{class_name(operation.name)}Request",
    )


def _body(interface: Interface, operation: Operation) -> list[_Element]:
    """Describe the body of a request; empty where it has none in XML."""
    if operation.body is None or operation.body.root is None:
        return []
    record, root = operation.body.record, operation.body.root
    note = f"Body of a request of {operation.wire_name}. Source: {source_of(operation.cite)}"
    return [
        _xs("element", _note(note), name=root.wire, type=record.name),
        *(_type(r) for r in interface.reachable(record)),
        *_number_types(_all_fields(interface, record)),
    ]


def _record_reply(interface: Interface, operation: Operation) -> Iterator[_Element]:
    record, root = operation.reply.record, operation.reply.root
    note = f"Successful reply of {operation.wire_name} in XML. Source: {source_of(operation.cite)}"
    if root is None:
        raise TypeError("resolving reports a reply in XML without a root")
    yield _xs("element", _note(note), name=root.wire, type=record.name)
    yield from (_type(r) for r in interface.reachable(record))
    yield from _number_types(_all_fields(interface, record))


def _list_reply(interface: Interface, operation: Operation) -> Iterator[_Element]:
    reply = operation.reply
    parts: list[_Element] = []
    envelope = operation.envelope
    if envelope is not None and "xml" in envelope.header_formats:
        content = _xs("complexType", _particles(envelope.fields))
        parts.append(_xs("element", content, name=envelope.header.wire))
    if reply.list is None or reply.item is None or reply.root is None:
        raise TypeError("resolving reports a list in XML without an item or a root")
    item = _xs(
        "element",
        name=reply.item.wire,
        type=reply.record.name,
        minOccurs="0",
        maxOccurs="unbounded",
    )
    parts.append(_xs("element", _xs("complexType", _xs("sequence", item)), name=reply.list.wire))
    note = f"Successful reply of {operation.wire_name} in XML. Source: {source_of(operation.cite)}"
    yield _xs("element", _note(note), _xs("complexType", _xs("all", *parts)), name=reply.root.wire)
    yield from (_type(r) for r in interface.reachable(reply.record))
    headed = envelope.fields if envelope is not None else ()
    yield from _number_types([*headed, *_all_fields(interface, reply.record)])


def _type(record: Record) -> _Element:
    note = _note(f"{record.en}. Source: {source_of(record.cite)}")
    return _xs("complexType", note, _particles(record.fields), name=record.name)


def _particles(fields: tuple[Field, ...]) -> _Element:
    """List the elements of a record: in any order, or in ours where one of them repeats.

    XSD 1.0 lets nothing repeat within xs:all.
    """
    repeats = any(isinstance(field.type, ListType) for field in fields)
    return _xs("sequence" if repeats else "all", *(_field(f) for f in _unfold(fields)))


def _unfold(fields: tuple[Field, ...]) -> list[tuple[str, Field, str]]:
    return [(wire, field, label) for _, wire, field, label in model_fields(fields)]


def _field(unfolded: tuple[str, Field, str]) -> _Element:
    wire, field, label = unfolded
    about = f"{field.label} {label}".strip() or field.en
    unit = f", {field.unit}" if field.unit else ""
    note = _note(f"{about}: {field.en}{unit}. Source: {source_of(field.cite)}")
    attributes = {"name": wire}
    if field.optional:
        attributes["minOccurs"] = "0"
    type_ = field.type
    if isinstance(type_, ListType):
        attributes["maxOccurs"] = "unbounded"
        type_ = type_.item
    if isinstance(type_, RecordType):
        return _xs("element", note, type=type_.record, **attributes)
    # In XML, a list without values may be one empty element.
    value = _required(type_) if field.required else _or_empty(type_)
    if isinstance(value, str):
        return _xs("element", note, type=value, **attributes)
    return _xs("element", note, value, **attributes)


def _parameter(parameter: Parameter) -> _Element:
    field = parameter.field
    facets: list[_Element] = []
    if field.required:
        facets.append(_xs("minLength", value="1"))
    match field.type:
        case _ if parameter.formats:
            facets = [_xs("enumeration", value=value) for _, value in parameter.formats]
        case TextType(size=size) | CodeType(codes=None, size=size):
            facets += _text(size)
        case CodeType(codes=codes) if codes is not None:
            facets = [_xs("enumeration", value=code.value) for code in codes.values]
        case IntegerType(digits=digits):
            facets.append(_xs("pattern", value=integer_expression(digits)))
        case DecimalType(precision=precision, scale=scale):
            facets.append(_xs("pattern", value=decimal_expression(precision, scale)))
        case TemporalType(pattern=pattern):
            facets.append(_xs("pattern", value=PATTERN_EXPRESSIONS[pattern]))
        case _:
            pass
    note = _note(f"{field.label or field.en}: {field.en}. Source: {source_of(field.cite)}")
    attributes = {"name": field.wire or field.name}
    if not field.required:
        attributes["minOccurs"] = "0"
    return _xs(
        "element",
        note,
        _xs("simpleType", _xs("restriction", *facets, base="xs:string")),
        **attributes,
    )


def _or_empty(type_: TypeRef) -> _Element:
    """Describe a value of a reply; an empty element is a missing value."""
    match type_:
        case TextType(size=size) | CodeType(codes=None, size=size):
            return _xs("simpleType", _xs("restriction", *_text(size), base="xs:string"))
        case CodeType(codes=codes):
            values = [code.value for code in codes.values if code.value] if codes else []
            facets = [_xs("enumeration", value=value) for value in [*values, ""]]
            return _xs("simpleType", _xs("restriction", *facets, base="xs:string"))
        case TemporalType(pattern=pattern):
            facet = _xs("pattern", value=f"({PATTERN_EXPRESSIONS[pattern]})?")
            return _xs("simpleType", _xs("restriction", facet, base="xs:string"))
        case IntegerType() | DecimalType() | BooleanType():
            return _xs("simpleType", _xs("union", memberTypes=f"{_type_name(type_)} {_MISSING}"))
        case BinaryType():
            return _xs("simpleType", _xs("restriction", base="xs:base64Binary"))
        case RecordType() | ListType():
            raise TypeError("a record is no simple type")
        case _:
            assert_never(type_)


def _required(type_: TypeRef) -> _Element | str:
    """Describe a value that must be there; a text is the name of its type."""
    match type_:
        case IntegerType() | DecimalType() | BooleanType():
            return _type_name(type_)
        case TextType(size=size) | CodeType(codes=None, size=size):
            some = _xs("minLength", value="1")
            return _xs("simpleType", _xs("restriction", some, *_text(size), base="xs:string"))
        case CodeType(codes=codes):
            values = [code.value for code in codes.values if code.value] if codes else []
            facets = [_xs("enumeration", value=value) for value in values]
            return _xs("simpleType", _xs("restriction", *facets, base="xs:string"))
        case TemporalType(pattern=pattern):
            facet = _xs("pattern", value=PATTERN_EXPRESSIONS[pattern])
            return _xs("simpleType", _xs("restriction", facet, base="xs:string"))
        case _:
            return _or_empty(type_)


def _all_fields(interface: Interface, record: Record) -> list[Field]:
    return [field for r in interface.reachable(record) for field in r.fields]


def _number_types(fields: Iterable[Field]) -> Iterator[_Element]:
    """Define the numbers that fields hold, each once, and what stands for a missing one.

    They have names because binding tools forget members of a union that have none.
    """
    plain = [f.type.item if isinstance(f.type, ListType) else f.type for f in fields]
    types = [t for t in plain if isinstance(t, IntegerType | DecimalType | BooleanType)]
    for name, type_ in {_type_name(type_): type_ for type_ in types}.items():
        yield _xs("simpleType", _restriction(type_), name=name)
    if types:
        empty = _xs("restriction", _xs("length", value="0"), base="xs:string")
        yield _xs("simpleType", empty, name=_MISSING)


def _type_name(type_: IntegerType | DecimalType | BooleanType) -> str:
    match type_:
        case IntegerType(digits=digits):
            sizes = [digits]
        case DecimalType(precision=precision, scale=scale):
            sizes = [precision, scale]
        case BooleanType():
            sizes = []
    kind = type(type_).__name__.removesuffix("Type").lower()
    return "-".join([kind, *(str(size) for size in sizes if size is not None)])


def _restriction(type_: IntegerType | DecimalType | BooleanType) -> _Element:
    match type_:
        case IntegerType(digits=digits):
            return _xs("restriction", *_bounds(digits), base="xs:integer")
        case DecimalType(precision=precision, scale=scale):
            bounds = _bounds(None if precision is None else precision - (scale or 0))
            if scale is not None:
                bounds.append(_xs("fractionDigits", value=str(scale)))
            return _xs("restriction", *bounds, base="xs:decimal")
        case BooleanType():
            return _xs("restriction", base="xs:boolean")


def _text(size: int | None) -> list[_Element]:
    # No control character: of those, XML can carry tabs and line ends.
    limit = [_xs("maxLength", value=str(size))] if size else []
    return [*limit, _xs("pattern", value=r"\P{Cc}*")]


def _bounds(digits: int | None) -> list[_Element]:
    if digits is None:
        return []
    limit = str(10**digits)
    return [_xs("minExclusive", value=f"-{limit}"), _xs("maxExclusive", value=limit)]


def _note(text: str) -> _Element:
    documentation = _xs("documentation")
    documentation.text = text
    return _xs("annotation", documentation)
