"""Messages for the agreement tests: valid ones of the models' shapes, with a few things changed.

A message is a tree of dicts, lists, texts and, in JSON, numbers; in XML a dict is an element's
children, and a list an element that stands several times.
"""

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeAlias, get_args, get_origin

import msgspec
from hypothesis import strategies as st
from lxml import etree

from gridwright_apis.epias_ecms import models
from gridwright_apis.epias_ecms.times import LocalInstant
from gridwright_runtime.interface import Format
from gridwright_runtime.record import Record

from .support import SCHEMAS

Tree: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Part: TypeAlias = Literal["request", "reply"]
Kind: TypeAlias = Literal["text", "code", "decimal", "integer", "instant", "record"]


# What a message is written as.


def to_json(tree: Tree) -> bytes:
    return _JSON.encode(tree)


_JSON = msgspec.json.Encoder(decimal_format="number")


def exact(body: bytes | str) -> Any:
    """Load JSON with exact numbers."""
    return json.loads(body, parse_float=Decimal)


def to_xml(root: str, tree: Tree) -> bytes:
    element = etree.Element(root)
    _fill(element, tree)
    return bytes(etree.tostring(element, encoding="utf-8", xml_declaration=True))


def _fill(parent: Any, tree: Tree) -> None:
    for name, value in tree.items():
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, name)
            if isinstance(one, dict):
                _fill(child, one)
            else:
                child.text = one


# Valid messages.


class Field(NamedTuple):
    wire: str
    kind: Kind
    many: bool
    model: type[Record] | None
    codes: list[str]


@cache
def schema(name: str, part: Part) -> Any:
    return exact((SCHEMAS / f"{name}.{part}.schema.json").read_text(encoding="utf-8"))


def root_model(name: str, part: Part) -> type[Record]:
    """Return the model of a whole message."""
    found: type[Record] = getattr(models, schema(name, part)["$ref"].rpartition("/")[2])
    return found


@cache
def fields(name: str, part: Part, model: type[Record]) -> tuple[Field, ...]:
    """Return the fields of a model in the order of the schema, which is that of XML."""
    properties = schema(name, part)["$defs"][model.__name__]["properties"]
    infos = {info.encode_name: info for info in msgspec.structs.fields(model)}
    assert set(infos) == set(properties)
    found = [_field(infos[wire], properties[wire]) for wire in properties]
    if model is root_model(name, part):
        return tuple(found)
    return tuple(sorted(found, key=lambda field: field.many))


def _field(info: msgspec.structs.FieldInfo, shape: Any) -> Field:
    kind: Any = next(one for one in get_args(info.type) if one is not NoneType)
    many = get_origin(kind) is list
    inner: Any = get_args(kind)[0] if many else kind
    if isinstance(inner, type) and issubclass(inner, Record):
        return Field(info.encode_name, "record", many, inner, [])
    codes = [one for one in _codes(shape) if one]
    kinds: dict[Any, Kind] = {
        str: "code" if codes else "text",
        Decimal: "decimal",
        int: "integer",
        LocalInstant: "instant",
    }
    return Field(info.encode_name, kinds[inner], many, None, codes)


def _codes(shape: Any) -> Iterator[str]:
    for one in (shape, *shape.get("anyOf", ())):
        yield from one.get("enum", ())


def valid(name: str, part: Part, model: type[Record], format: Format) -> Tree:
    """Return a record with every field of its model."""
    tree: Tree = {}
    for field in fields(name, part, model):
        if field.model is not None:
            value: Any = valid(name, part, field.model, format)
        elif field.kind in ("decimal", "integer"):
            value = 12 if format == "json" else "12"
        elif field.kind == "instant":
            value = "2016-10-01T00:00:00.000+0300"
        else:
            value = field.codes[0] if field.codes else "metin"
        tree[field.wire] = [value, value] if field.many and field.model is None else value
        if field.many and field.model is not None:
            tree[field.wire] = [value, valid(name, part, field.model, format)]
    return tree


# Values.

_NUMBERS = [
    *("0", "-0", "0.0", "1", "-1", "85", "31.5", "00012", "007.50", "1.50000000", "0.00001"),
    *("9999999999.999", "12345678901234567890123456.78", "-0.1234", "99999999999999999999"),
    *("1E3", "1E-4", "1e400", "0E-9", "12e1", "1E15"),
]
_NO_NUMBERS = [
    *("+5", "5.", ".5", "+.50", ".", "-", "+", "--1", "1,5", "1_000", "1 2", "1.2.3", "１２"),
    *("٣", "abc", "NaN", "INF", "Infinity", "0x10", "½", "1\n", " 1", "1 ", "\t1", "−1"),
]
_TEXTS = [
    *("", " ", "x", "ACTIVE", "active", "ACTIVE ", "OTHER", "SUCCESS", "null", "Kaydedildi."),
    *("ğüş", "😀", "a" * 300, "a\tb", "a\nb", "a\r", "\n", "\x7f", "a\x85", "\xa0", "\u2028"),
]
_INSTANTS = [
    *("2016-10-01", "2016-02-29", "2015-02-29", "2000-02-29", "1900-02-29", "2016-04-31"),
    *("2016-13-01", "2016-00-01", "2016-10-00", "0000-01-01", "0001-01-01", "9999-12-31"),
    *("20161001", "2016-10-1", "2016-W40-6", "2016-275", " 2016-10-01", "2016-10-01\n"),
    *("２０１６-10-01", "2016-10-01T", "2016-10-01T00:00", "2016-10-01T00:00:00"),
    *("2016-10-01T00:00:00.000+0300", "2016-10-01T00:00:00.000+03:00", "2016-10-01T00:00:00Z"),
    *("2016-10-01T00:00:00+03", "2016-10-01T00:00:00.1+0300", "2016-10-01T00:00:00.+0300"),
    *("2016-10-01T00:00:00.123456789Z", "2016-10-01T00:00:00.1234567890Z"),
    *("2016-10-01T00:00:00,5Z", "2016-10-01 00:00:00Z", "2016-10-01T24:00:00Z"),
    *("2016-10-01T23:59:59-2359", "2016-10-01T23:59:59+2400", "2016-10-01T23:59:60Z"),
    *("2016-10-01T23:60:00Z", "2016-10-01T00:00:00+0360", "2016-10-01T00:00:00z"),
    *("2016-10-01T00:00:00+03:00:30", "2016-02-30T00:00:00Z", "2016-10-01T00:00:00-0000"),
    *("0001-01-01T00:00:00+0300", "9999-12-31T23:59:59-0300"),
]
_XML_TEXT = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_EXPONENT = re.compile("[^eE]*[0-9.][eE][-+]?[0-9]+.*", re.DOTALL)
_ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)

_decimals = st.builds(
    lambda sign, whole, decimals: f"{sign}{whole}" + (f".{decimals}" if decimals else ""),
    st.sampled_from(["", "-"]),
    st.integers(0, 10**17),
    st.text("0123456789", max_size=5),
)
_instants = st.builds(
    lambda year, month, day, rest: f"{year:04d}-{month:02d}-{day:02d}{rest}",
    st.sampled_from([1, 4, 100, 400, 1900, 2000, 2015, 2016, 2100, 9999]),
    st.integers(0, 13),
    st.sampled_from([0, 1, 28, 29, 30, 31, 32]),
    st.sampled_from(["", "T00:00:00Z", "T12:30:00.5+0530", "T23:59:59.999-0100"]),
)
_texts: dict[Kind, st.SearchStrategy[str]] = {
    "text": st.sampled_from(_TEXTS) | _ANY_TEXT,
    "code": st.sampled_from(_TEXTS),
    "decimal": st.sampled_from(_NUMBERS + _NO_NUMBERS) | _decimals,
    "integer": st.sampled_from(_NUMBERS + _NO_NUMBERS) | _decimals,
    "instant": st.sampled_from(_INSTANTS) | _instants,
    "record": st.sampled_from(_TEXTS),
}
_any_kind = st.one_of(*_texts.values())
_numbers = (st.sampled_from(_NUMBERS) | _decimals).map(
    lambda text: int(text) if re.fullmatch("-?[0-9]+", text) else Decimal(text)
)
_json_shapes: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 12, Decimal("0.5"), [], ["a"], [1], [None], [[]], [{}], {}, {"a": "b"}]
)
_xml_shapes: st.SearchStrategy[Any] = st.sampled_from(
    ["", "x", {"a": "b"}, {"a": ""}, ["x", "y"], ["", ""], [{"a": "b"}, ""]]
)
_NUMERIC = ("decimal", "integer")


def json_values(field: Field) -> st.SearchStrategy[Any]:
    # A number written as text is looked at, but how large one with an exponent is no regular
    # expression can say.
    text = (_texts[field.kind] | _any_kind).filter(
        lambda value: field.kind not in _NUMERIC or not _EXPONENT.fullmatch(value)
    )
    value = _numbers | text if field.kind in _NUMERIC else text | text | _numbers
    return _lists(field, value) | _json_shapes


def xml_values(field: Field) -> st.SearchStrategy[Any]:
    def can_stand(value: str) -> bool:
        if field.kind in _NUMERIC and (
            value != value.strip(" \t\r\n") or _EXPONENT.fullmatch(value)
        ):
            # xs:decimal drops white space before any facet looks at it, and has no exponents.
            return False
        # White space between elements is nobody's text.
        if field.kind == "record" and value.strip(" \t\r\n") != value:
            return False
        return _XML_TEXT.fullmatch(value) is not None

    value = (_texts[field.kind] | _texts[field.kind] | _any_kind).filter(can_stand)
    return _lists(field, value) | _xml_shapes


def _lists(field: Field, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return value | st.lists(value, max_size=3) if field.many else value


# Messages with something changed.


def changed(name: str, part: Part, format: Format) -> st.SearchStrategy[Tree]:
    values = json_values if format == "json" else xml_values

    @st.composite
    def made(draw: Draw) -> Tree:
        model = root_model(name, part)
        tree = valid(name, part, model, format)
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            record, model = draw(st.sampled_from(list(_records(name, part, tree, model))))
            _change(draw, record, model, fields(name, part, model), values)
            model = root_model(name, part)
        return tree

    return made()


def _records(
    name: str, part: Part, tree: Any, model: type[Record]
) -> Iterator[tuple[Tree, type[Record]]]:
    """Yield a record and all within it; what was changed beyond recognition is left out."""
    if not isinstance(tree, dict):
        return
    yield tree, model
    for field in fields(name, part, model):
        below = tree.get(field.wire)
        if field.model is not None:
            for one in below if isinstance(below, list) else [below]:
                yield from _records(name, part, one, field.model)


def _change(
    draw: Draw,
    record: Tree,
    model: type[Record],
    known: tuple[Field, ...],
    values: Callable[[Field], st.SearchStrategy[Any]],
) -> None:
    field = draw(st.sampled_from(known))
    match draw(st.integers(0, 11)):
        case 0:
            record.pop(field.wire, None)
        case 1:
            record["more"] = "1"
        case 2:
            also = {name: alias for alias, name in model.__also__.items()}
            if field.wire in also and field.wire in record:
                record[also[field.wire]] = record.pop(field.wire)
        case _:
            if field.wire in record:  # an order of elements is none of the validator's business
                record[field.wire] = draw(values(field))
