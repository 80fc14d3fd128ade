"""Fields and records, wherever they stand."""

from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.times import Placement, Series, UnitOfData, ValueInterval
from gridwright.ir.types import NumberRange, Sizes, TypeRef, item_type
from gridwright.ir.words import JsonKind, Layout

__all__ = ["Field", "Record", "WireName"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WireName:
    """Another wire name under which a field was seen."""

    name: str
    cite: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record, with every name and unit resolved.

    Attributes:
        name: ours, snake_case, unit last.
        wire: theirs, byte for byte; a visibly provisional one where the document gives none.
        provisional: the document gives no wire name.
        unit: None: the value has no dimension, the document does not say, or each reply does.
        unit_of_data: how a reply says the unit of its readings; None: it does not.
        required: the sender must give it.
        optional: the key may be absent from a reply without a deviation.
        also: other wire names under which real replies carry it.
        series: not None: the field stands for a family, and ``wire`` is the family's key.
        echoes: the field of the request whose value it says again: wire names that lead to it, or
            one name that it has wherever it stands; empty: it is none of these.
        missing: texts that stand for a missing value, beside the empty one.
        length: how long a text may be, in characters, or in bytes where its type counts these;
            of a list, each of its texts; empty: nothing is said beside the size of its type.
        range: which numbers it may be; of a list, each of its items; None: nothing is said.
        count: how many items a list may have; None: any number.
        matches: regular expression that the whole text matches; of a list, each of its texts;
            empty: nothing is said. See `gridwright.notation.matching` for its dialect.
        json: what JSON has in its place, where that is not as its type gives it: text, number or
            boolean; of a list, of each item; empty: it is as its type gives it.
        under: wire names of the containers between the record and the field.
        item: the name that XML alone gives the items of a list, within its element; empty: none.
        namespace: that of its element in XML, and of those within; empty: as around it;
            `NO_NAMESPACE`: none. Of an attribute; empty: none.
        in_header: beside a payload: it is a header of the reply, or of its SOAP message.
        block: wire name of the block of the SOAP header that it stands in; empty: in none.
        keyed_by: wire name of the field of its items that the keys of such a list are values of.
        credential: name of the credential that fills it, in a record that is sent; None: the
            caller does. That of a parameter stands in `Parameter`.
    """

    name: str
    wire: str
    provisional: bool
    label: str
    en: str
    type: TypeRef
    unit: str | None
    required: bool
    optional: bool
    personal: bool
    secret: bool
    default: str | None
    note: str
    printed_size: str
    also: tuple[WireName, ...]
    series: Series | None
    instant: ValueInterval | Placement | None
    unit_of_data: UnitOfData | None = None
    echoes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    length: Sizes = ()
    range: NumberRange | None = None
    count: tuple[int, int | None] | None = None
    matches: str = ""
    json: JsonKind = ""
    under: tuple[str, ...] = ()
    item: str = ""
    namespace: str = ""
    in_header: bool = False
    block: str = ""
    layout: Layout = ""
    keyed_by: str = ""
    credential: str | None = None
    cite: Citation
    span: Span

    @property
    def key(self) -> str:
        """What stands for the field in its record: its wire name, after its containers'."""
        return "/".join((*self.under, self.wire))

    @property
    def item_type(self) -> TypeRef:
        """The type of one of its values: that of the items, where it is a list."""
        return item_type(self.type)

    @property
    def unit_text(self) -> str:
        """The unit for a reader; empty: there is none, or nobody says it."""
        if self.unit_of_data is None:
            return self.unit or ""
        return f"unit as {'.'.join(self.unit_of_data.field)} says"

    @property
    def is_located(self) -> bool:
        """Whether the field does not stand in its record under its own name."""
        return bool(self.under or self.item or self.in_header or self.layout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Named fields in the document's order.

    Attributes:
        name: that of the class.
        open: it may hold items beside its fields, which nobody has documented.
        extends: name of the record whose fields come before its own; empty: none. ``fields`` holds
            them all.
        filler: values, by wire name, of an entry that stands for nothing; empty: there is none.
        namespace: that of the elements of its fields in XML; empty: that of the element around
            them; `NO_NAMESPACE`: none.
    """

    name: str
    en: str
    namespace: str = ""
    fields: tuple[Field, ...]
    open: bool
    extends: str
    filler: tuple[tuple[str, str], ...]
    cite: Citation
    span: Span

    def field(self, wire: str) -> Field | None:
        """Return the field of a wire name; None: there is none."""
        return next((field for field in self.fields if field.wire == wire), None)
