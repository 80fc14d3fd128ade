"""Types of values in XSD 1.0, and the elements of the schema language."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, assert_never

from lxml import etree

from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Envelope,
    Field,
    IntegerType,
    ListType,
    Operation,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.targets.wire_patterns import number_expression, temporal_expression

__all__ = [
    "MISSING",
    "XS",
    "XsdElement",
    "annotation",
    "join_containers",
    "lists_of_failures",
    "missing_type",
    "nest_header",
    "number_name",
    "number_types",
    "required_value",
    "text_facets",
    "value_or_empty",
    "value_or_texts",
    "xs",
]

# A small letter keeps these names apart from those of records.
MISSING = "missing"
XsdElement: TypeAlias = etree._Element
XS = "http://www.w3.org/2001/XMLSchema"


def xs(tag: str, *children: XsdElement, **attributes: str) -> XsdElement:
    """Make one element of the schema language."""
    made = etree.Element(f"{{{XS}}}{tag}", attributes, nsmap={"xs": XS})
    made.extend(children)
    return made


def annotation(text: str) -> XsdElement:
    """Say something about the element in which this stands."""
    documentation = xs("documentation")
    documentation.text = text
    return xs("annotation", documentation)


def nest_header(content: XsdElement, path: tuple[str, ...], envelope: Envelope) -> XsdElement:
    """Put the type of a header into the elements on its path, which it may be left out with."""
    for depth, wire in enumerate(reversed(path), 1):
        is_left_out = envelope.header_optional and depth == len(path)
        made = xs("element", content, name=wire, **({"minOccurs": "0"} if is_left_out else {}))
        content = xs("complexType", xs("sequence", made))
    return made


def join_containers(elements: Iterable[XsdElement]) -> list[XsdElement]:
    """Return elements where containers of one name are one, with the content of all of them."""
    joined: dict[str, XsdElement] = {}
    for one in elements:
        first = joined.setdefault(str(one.get("name")), one)
        group, other = _group_of(first), _group_of(one)
        if first is one or group is None or other is None:
            continue
        group.tag = f"{{{XS}}}sequence"
        content = join_containers([*group, *other])
        group[:] = content
        if "minOccurs" not in one.attrib and "minOccurs" in first.attrib:
            del first.attrib["minOccurs"]
    return list(joined.values())


def _group_of(element: XsdElement) -> XsdElement | None:
    """Return what groups the content of a container; None: it is none."""
    groups = (f"{{{XS}}}sequence", f"{{{XS}}}all")
    inner = element.iterfind(f"{{{XS}}}complexType/*")
    return next((one for one in inner if one.tag in groups), None)


def lists_of_failures(
    operation: Operation,
    path: tuple[str, ...],
    depth: int,
    entry: Callable[[Envelope], XsdElement],
) -> list[XsdElement]:
    """Return the elements of lists of failures that stand at one place of a reply.

    Args:
        operation: whose reply it is.
        path: the containers around the payload, from the root.
        depth: how many of them are around the place.
        entry: describes an entry.
    """
    found: list[XsdElement] = []
    for envelope in operation.partial:
        common = 0
        while envelope.path[common : common + 1] == path[common : common + 1] != ():
            common += 1
        if "xml" not in envelope.header_formats or min(common, len(envelope.path) - 1) != depth:
            continue
        *around, wire = envelope.path[depth:]
        made = xs("element", entry(envelope), name=wire, minOccurs="0", maxOccurs="unbounded")
        for holder in reversed(around):
            content = xs("complexType", xs("sequence", made))
            made = xs("element", content, name=holder, minOccurs="0")
        found.append(made)
    return found


def value_or_empty(type_: TypeRef) -> XsdElement:
    """Describe a value of a reply; an empty element is a missing value."""
    match type_:
        case TextType(size=size) | CodeType(codes=None, size=size):
            return xs("simpleType", xs("restriction", *text_facets(size), base="xs:string"))
        case CodeType(codes=codes):
            values = [code.value for code in codes.values if code.value] if codes else []
            facets = [xs("enumeration", value=value) for value in [*values, ""]]
            return xs("simpleType", xs("restriction", *facets, base="xs:string"))
        case TemporalType():
            facet = xs("pattern", value=f"({temporal_expression(type_)})?")
            return xs("simpleType", xs("restriction", facet, base="xs:string"))
        case DecimalType() if not type_.is_plain:
            facet = xs("pattern", value=f"({number_expression(type_)})?")
            return xs("simpleType", xs("restriction", facet, base="xs:string"))
        case IntegerType() | DecimalType() | BooleanType():
            return xs("simpleType", xs("union", memberTypes=f"{number_name(type_)} {MISSING}"))
        case BinaryType():
            return xs("simpleType", xs("restriction", base="xs:base64Binary"))
        case AnyType() | RecordType() | ListType():
            raise TypeError("a record is no simple type, and a JSON value stands in no XML")
        case _:
            assert_never(type_)


def required_value(type_: TypeRef) -> XsdElement | str:
    """Describe a value that must be there; a text is the name of its type."""
    match type_:
        case DecimalType() if not type_.is_plain:
            facet = xs("pattern", value=number_expression(type_))
            return xs("simpleType", xs("restriction", facet, base="xs:string"))
        case IntegerType() | DecimalType() | BooleanType():
            return number_name(type_)
        case TextType(size=size) | CodeType(codes=None, size=size):
            some = xs("minLength", value="1")
            return xs("simpleType", xs("restriction", some, *text_facets(size), base="xs:string"))
        case CodeType(codes=codes):
            values = [code.value for code in codes.values if code.value] if codes else []
            facets = [xs("enumeration", value=value) for value in values]
            return xs("simpleType", xs("restriction", *facets, base="xs:string"))
        case TemporalType():
            facet = xs("pattern", value=temporal_expression(type_))
            return xs("simpleType", xs("restriction", facet, base="xs:string"))
        case _:
            return value_or_empty(type_)


def value_or_texts(value: XsdElement | str, texts: tuple[str, ...]) -> XsdElement:
    """Describe a value in the place of which some texts may stand."""
    facets = [xs("enumeration", value=text) for text in texts]
    words = xs("simpleType", xs("restriction", *facets, base="xs:string"))
    if isinstance(value, str):
        return xs("simpleType", xs("union", words, memberTypes=value))
    return xs("simpleType", xs("union", value, words))


def number_types(fields: Iterable[Field]) -> Iterator[XsdElement]:
    """Define the numbers that fields hold, each once, and what stands for a missing one.

    They have names because binding tools forget members of a union that have none.
    """
    plain = [f.item_type for f in fields]
    types = [t for t in plain if isinstance(t, IntegerType | DecimalType | BooleanType)]
    types = [t for t in types if not isinstance(t, DecimalType) or t.is_plain]
    for name, type_ in {number_name(type_): type_ for type_ in types}.items():
        yield xs("simpleType", _restriction(type_), name=name)
    if types:
        yield missing_type()


def missing_type() -> XsdElement:
    """Define what stands for a missing value."""
    empty = xs("restriction", xs("length", value="0"), base="xs:string")
    return xs("simpleType", empty, name=MISSING)


def number_name(type_: IntegerType | DecimalType | BooleanType) -> str:
    """Return the name under which `number_types` defines a number."""
    match type_:
        case IntegerType(digits=digits):
            sizes = [digits]
        case DecimalType(precision=precision, scale=scale):
            sizes = [precision, scale]
        case BooleanType():
            sizes = []
    kind = type(type_).__name__.removesuffix("Type").lower()
    return "-".join([kind, *(str(size) for size in sizes if size is not None)])


def text_facets(size: int | None) -> list[XsdElement]:
    """Restrict a text."""
    # No control character: of those, XML can carry tabs and line ends.
    limit = [xs("maxLength", value=str(size))] if size else []
    return [*limit, xs("pattern", value=r"\P{Cc}*")]


def _restriction(type_: IntegerType | DecimalType | BooleanType) -> XsdElement:
    match type_:
        case IntegerType(digits=digits):
            return xs("restriction", *_bounds(digits), base="xs:integer")
        case DecimalType(precision=precision, scale=scale):
            bounds = _bounds(None if precision is None else precision - (scale or 0))
            if scale is not None:
                bounds.append(xs("fractionDigits", value=str(scale)))
            return xs("restriction", *bounds, base="xs:decimal")
        case BooleanType():
            return xs("restriction", base="xs:boolean")


def _bounds(digits: int | None) -> list[XsdElement]:
    if digits is None:
        return []
    limit = str(10**digits)
    return [xs("minExclusive", value=f"-{limit}"), xs("maxExclusive", value=limit)]
