"""Describe what values may be beside their type, in the words of XSD."""

from gridwright.ir import DecimalType, Field, IntegerType, Sizes, TextType, TypeRef
from gridwright.targets.value_facts import is_in_bytes
from gridwright.targets.xml_schema.types import XsdElement, required_value, xs

__all__ = ["occurrences", "xsd_facts"]


def xsd_facts(field: Field, type_: TypeRef) -> XsdElement | None:
    """Describe a value of a field that is there and keeps what is said of it; None: nothing is.

    XSD has no word for a multiple of a number, and none for lengths in bytes.
    """
    facets: list[XsdElement] = []
    if isinstance(type_, TextType) and field.length and not is_in_bytes(type_):
        facets += _length_facets(field.length)
    if isinstance(type_, IntegerType | DecimalType) and field.range is not None:
        bounds = (("minInclusive", field.range.least), ("maxInclusive", field.range.most))
        if isinstance(type_, IntegerType) or type_.is_plain:
            facets += [xs(word, value=f"{n:f}") for word, n in bounds if n is not None]
    if not facets and not field.matches:
        return None
    base = _restricted(required_value(type_), facets) if facets else required_value(type_)
    # Patterns within one step are alternatives; each further one is a step of its own.
    if len(field.length) > 1 and not is_in_bytes(type_):
        base = _restricted(base, [xs("pattern", value="|".join(map(_any_text, field.length)))])
    if field.matches:
        base = _restricted(base, [xs("pattern", value=field.matches)])
    return base if not isinstance(base, str) else None


def occurrences(field: Field) -> dict[str, str]:
    """Return how often the element of a list is there; nothing where any number will do."""
    if field.count is None:
        return {}
    least, most = field.count
    found = {} if most is None else {"maxOccurs": str(most)}
    return found | ({"minOccurs": str(least)} if field.required and least > 1 else {})


def _any_text(size: tuple[int, int | None]) -> str:
    least, most = size
    return rf"[\s\S]{{{least},{'' if most is None else most}}}"


def _length_facets(length: Sizes) -> list[XsdElement]:
    least, most = length[0][0], length[-1][1]
    facets = [xs("minLength", value=str(least))] if least > 1 else []
    return facets if most is None else [*facets, xs("maxLength", value=str(most))]


def _restricted(base: XsdElement | str, facets: list[XsdElement]) -> XsdElement:
    if isinstance(base, str):
        return xs("simpleType", xs("restriction", *facets, base=base))
    return xs("simpleType", xs("restriction", base, *facets))
