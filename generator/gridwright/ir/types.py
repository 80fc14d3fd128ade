"""Types of values, code lists and units."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.times import Repeated
from gridwright.ir.words import TemporalKind

__all__ = [
    "NO_NAMESPACE",
    "XML_NAMESPACE",
    "AnyType",
    "BinaryType",
    "BooleanType",
    "Code",
    "CodeList",
    "CodeType",
    "DecimalType",
    "DeclaredUnit",
    "IntegerType",
    "ListType",
    "Namespace",
    "NumberRange",
    "RecordType",
    "Sizes",
    "TemporalType",
    "TextType",
    "TypeRef",
    "item_type",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextType:
    """Text of at most ``size`` characters, or bytes in ``encoding``; None: no limit is known."""

    size: int | None
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeType:
    """One value of a code list; None: the document lists no values.

    Open for what is received, closed for what is sent.
    """

    codes: "CodeList | None"
    size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerType:
    """A whole number of at most ``digits`` digits; None: no limit is known."""

    digits: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalType:
    """A decimal of ``precision`` digits, ``scale`` of them behind the point; None: not known.

    Attributes:
        decimal: the sign before the decimals of a text.
        thousands: the sign between the thousands of a text; empty: there is none.
    """

    precision: int | None
    scale: int | None
    decimal: str = "."
    thousands: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a text has a point and nothing else, as a number of JSON."""
        return self.decimal == "." and not self.thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalType:
    """A date or time in the document's own pattern.

    Attributes:
        pattern: as printed, such as yyyymmdd.
            Years of another calendar are marked by its name in front: ``{buddhist}dd/MM/yyyy``.
        zone: IANA name of the zone in which the wire's clock runs.
        has_own_zone: the field or its record names the zone, and not the conventions.
        zone_field: wire name of the field that names the zone; empty: there is none.
        zone_names: what that field may say, each with the IANA name that it means; empty: those.
        repeated: which is meant of an hour that comes twice; None: the pattern says its offset, or
            has no day.
        means: texts of a duration that stand for a length, each with that length in ISO 8601; other
            texts are written so themselves.
    """

    kind: TemporalKind
    pattern: str
    zone: str
    has_own_zone: bool = False
    zone_field: str = ""
    zone_names: tuple[tuple[str, str], ...] = ()
    repeated: Repeated | None = None
    means: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class AnyType:
    """Any JSON value, as it is: a text, a number, true, false, a list, an object; null is none."""


@dataclass(frozen=True, slots=True)
class BinaryType:
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """One record, by the name of its class."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListType:
    """Any number of values; ``item`` is no list."""

    item: "TypeRef"


Sizes: TypeAlias = tuple[tuple[int, int | None], ...]
"""Ranges of sizes, each with its least and its most; None: there is no most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Which numbers a value may be.

    Attributes:
        least: the smallest; None: there is none.
        most: the largest; None: there is none.
        step: it is a whole multiple of this; None: of nothing.
    """

    least: Decimal | None = None
    most: Decimal | None = None
    step: Decimal | None = None


TypeRef: TypeAlias = (
    TextType | CodeType | IntegerType | DecimalType | TemporalType | BooleanType | BinaryType
    | AnyType | RecordType | ListType
)  # fmt: skip


def item_type(type_: TypeRef) -> TypeRef:
    """Return the type of one value: that of the items, where it is a list."""
    return type_.item if isinstance(type_, ListType) else type_


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One value of a code list."""

    value: str
    name: str
    label: str
    en: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """Named values; ``name`` is ours."""

    name: str
    en: str
    values: tuple[Code, ...]
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredUnit:
    """A unit that the language does not have, and the spec declares.

    Attributes:
        same_as: how much of a known unit it is, such as ``1055.056 MJ``; empty: nobody says.
    """

    name: str
    same_as: str
    en: str
    cite: Citation
    span: Span


NO_NAMESPACE = "none"
"""What stands for elements in no namespace, where others of the message are in one."""

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
"""That of the attributes of XML itself, such as ``xml:lang``; its prefix is always ``xml``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A namespace of XML that the spec declares.

    Attributes:
        prefix: that of its elements, in the spec and in messages.
    """

    prefix: str
    uri: str
    en: str
    cite: Citation
    span: Span
