"""Messages for the agreement tests: valid ones of the models' shapes, with a few things changed.

A message is a tree of dicts, lists, texts and, in JSON, numbers; in XML a dict is an element's
children, and a list an element that stands several times.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from hypothesis import strategies as st
from lxml import etree

from gridwright_runtime.operation import Format, Operation
from gridwright_runtime.values import DayOfMonth, Yyyymm, Yyyymmdd
from gridwright_runtime.xml_codec import open_xml, plain, walk

from .support import SCHEMAS

Tree: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Kind: TypeAlias = Literal["text", "code", "number", "date"]

HEADER = {"errMsg": "", "responseTime": "20241010:120700000", "returnCode": "00", "successYn": "Y"}

REQUEST_VALUES = {
    "custNo": "0100000001",
    "cntrNo": "010000000000000001",
    "bizNo": "0900000001",
    "serviceKey": "invented-key",
    "returnType": "02",
    "date": "20241001",
    "sDate": "20241001",
    "endDate": "20241002",
    "stTime": "0000",
    "endTime": "2400",
    "dateTime": "202410011400",
    "dataMonth": "202409",
}


# What a message is written as, and read back from.


def to_json(tree: Tree) -> bytes:
    return _JSON.encode(tree)


_JSON = msgspec.json.Encoder(decimal_format="number")


def exact(body: bytes | str) -> Any:
    """Load JSON with exact numbers."""
    return json.loads(body, parse_float=Decimal)


def to_xml(root: str, tree: Tree) -> bytes:
    element = etree.Element(root)
    _fill(element, tree)
    return etree.tostring(element, encoding="utf-8", xml_declaration=True)


def _fill(parent: etree._Element, tree: Tree) -> None:
    for name, value in tree.items():
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, name)
            if isinstance(one, dict):
                _fill(child, one)
            else:
                child.text = one


def plain_tree(body: bytes) -> Tree:
    """Return what the runtime's codec makes of an XML body."""
    [(_part, root)] = walk(open_xml(body), "nothing-has-this-name")
    return plain(root)


# Valid messages.


@cache
def schema_text(name: str) -> str:
    return (SCHEMAS / name).read_text(encoding="utf-8")


@cache
def kinds(operation: Operation[Any]) -> dict[str, Kind]:
    """Return the wire names of a record with the kind of each; of a long series only some."""
    [shape] = exact(schema_text(f"{operation.name}.reply.schema.json"))["$defs"].values()
    found: dict[str, Kind] = {}
    for field in msgspec.structs.fields(operation.reply.model):
        family = re.search("_(?!0015|0100|0200|2345|2400)[0-9]{4}$", field.name)
        if not family:
            is_code = "enum" in shape["properties"][field.encode_name]
            found[field.encode_name] = "code" if is_code else _kind(field.encode_name, field.type)
    return found


def valid_record(operation: Operation[Any], format: Format) -> Tree:
    """Return a record with every field of its model."""
    [shape] = exact(schema_text(f"{operation.name}.reply.schema.json"))["$defs"].values()
    record: Tree = {}
    for field in msgspec.structs.fields(operation.reply.model):
        wire, types = field.encode_name, get_args(field.type)
        codes = shape["properties"][wire].get("enum")
        if Decimal in types or int in types:
            record[wire] = 12 if format == "json" else "12"
        else:
            record[wire] = codes[0] if codes else _SAMPLES.get(types[0], _TIMES.get(wire, "가나"))
    return record


def _kind(wire: str, annotation: Any) -> Kind:
    types = get_args(annotation)
    if Decimal in types or int in types:
        return "number"
    return "date" if types[0] in _SAMPLES or wire in _TIMES else "text"


_SAMPLES: dict[Any, str] = {Yyyymmdd: "20241001", Yyyymm: "202409", DayOfMonth: "12"}
_TIMES = {"mr_hhmi": "0015"}


# Values.

_SIZES = ((14, 4), (15, 0), (17, 2), (6, 3), (5, 0))
_NUMBERS = [
    *("0", "-0", "0.0", "-0.0000", "1", "-1", "85", "31.5", "00012", "007.50", "1.50000000"),
    *("0.00001", "0.0000000000000000001", "-0.1234", "12345678901234567890.123456789", "1e400"),
    *("1E3", "1E-4", "1E-5", "1e-400", "0E-9", "12e1", "-5E+2", "1E15", "999E12"),
]
for _precision, _scale in _SIZES:
    _whole, _last = "9" * (_precision - _scale), "9" * _scale
    _NUMBERS += [
        f"{sign}{number}"
        for sign in ("", "-")
        for number in (
            f"{_whole}.{_last}" if _last else _whole,
            f"{_whole}.{_last}00",
            f"{_whole}.{_last}9",
            f"1{'0' * len(_whole)}",
            f"1{'0' * len(_whole)}.0",
            f"{_whole}.999999",
        )
    ]
_NO_NUMBERS = [
    *("+5", "5.", ".5", "-.5", "+.50", ".", "-", "+", "--1", "1,5", "1_000", "1 2", "1.2.3"),
    *("１２", "٣", "abc", "NaN", "INF", "Infinity", "0x10", "½", "1\n", " 1", "1 ", "\t1", "−1"),
]
_TEXTS = [
    *("", " ", "x", "Y", "N", "y", "1", "4", "13", "34", "99", "01", "02", "null", "해당없음"),
    *("가" * 10, "가" * 11, "😀" * 10, "😀" * 11, "é" * 10, "e\u0301" * 6, "0" * 18, "0" * 19),
    *("a" * 15, "a" * 16, "나" * 20, "나" * 21, "k" * 255, "k" * 256),
    *("a\tb", "a\nb", "a\r", "x\n", "\n", "\x7f", "a\x85", "\x9f", "\xa0", "\u2028", "a\u200bb"),
]
_DATES = [
    *("20241001", "20240229", "20230229", "20000229", "19000229", "21000229", "20241301"),
    *("99999999", "00000000", "00010101", "00000101", "09991231", "99991231", "20240431"),
    *("20241001\n", " 20241001", "2024-10-01", "２０２４１００１", "2024100१", "2024101", "202410011"),
    *("202409", "202413", "202400", "000001", "000000", "999912", "202409\n"),
    *("2024100100", "2024100123", "2024100124", "2024100125", "2023022900", "2024100100\n"),
    *("202410010000", "202410012359", "202410012400", "202410012401", "202410012360"),
    *("202402290015", "202302290015", "202410010015\n"),
    *("0000", "0015", "2345", "2359", "2400", "2401", "2360", "0060", "1", "9999", "0015\n", "24:00"),
    *("1", "01", "12", "31", "32", "0", "00", "9\n", "012", "+1", "-1", "1.0"),
]
# 9999123124 and 999912312400 are left out: they name the first instant after the last day of
# Python's calendar, which a regular expression of bearable length does not single out.

# What JSON (RFC 8259, section 8.2) and XML alike cannot carry, a lone surrogate, is not made.
_ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=25)
_XML_TEXT = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_EXPONENT = re.compile("[^eE]*[0-9.][eE][-+]?[0-9]+.*", re.DOTALL)

_written_days = st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8))
_near_days = st.builds(
    lambda year, month, day: f"{year:04d}{month:02d}{day:02d}",
    st.sampled_from([1, 4, 100, 400, 999, 1000, 1900, 2000, 2023, 2024, 2100, 9996, 9999]),
    st.integers(0, 13),
    st.sampled_from([0, 1, 28, 29, 30, 31, 32]),
)
_decimals = st.builds(
    lambda sign, whole, decimals: f"{sign}{whole}" + (f".{decimals}" if decimals else ""),
    st.sampled_from(["", "-"]),
    st.integers(0, 10**17),
    st.text("09", max_size=7) | st.text("0123456789", max_size=5),
)
_texts: dict[Kind, st.SearchStrategy[str]] = {
    "text": st.sampled_from(_TEXTS) | _ANY_TEXT,
    "code": st.sampled_from(_TEXTS),
    "number": st.sampled_from(_NUMBERS + _NO_NUMBERS) | _decimals,
    "date": st.sampled_from(_DATES) | _written_days | _near_days,
}
_any_kind = st.one_of(*_texts.values())
_numbers = (st.sampled_from(_NUMBERS) | _decimals).map(
    lambda text: int(text) if re.fullmatch("-?[0-9]+", text) else Decimal(text)
)
_json_shapes: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 12, Decimal("0.5"), [], ["a"], [[]], [{}], {}, {"a": "b"}]
)
_xml_shapes: st.SearchStrategy[Any] = st.sampled_from(
    ["", "  ", "\n ", "x", {"a": "b"}, {"a": ""}, ["x", "y"], ["", ""], [{"a": "b"}, ""]]
)
_xml_elements: st.SearchStrategy[Any] = st.sampled_from(["", {"a": "b"}, {"a": ""}])


def json_values(kind: Kind) -> st.SearchStrategy[Any]:
    # A number written as text is looked at, but how large one with an exponent is no regular
    # expression can say.
    text = (_texts[kind] | _any_kind).filter(
        lambda value: kind != "number" or not _EXPONENT.fullmatch(value)
    )
    return (_numbers | text if kind == "number" else text | text | _numbers) | _json_shapes


def xml_values(kind: Kind) -> st.SearchStrategy[Any]:
    def can_stand(value: str) -> bool:
        if kind == "number" and (value != value.strip(" \t\r\n") or _EXPONENT.fullmatch(value)):
            # xs:decimal drops white space before any facet looks at it, and has no exponents.
            return False
        return _XML_TEXT.fullmatch(value) is not None

    text = (_texts[kind] | _texts[kind] | _any_kind).filter(can_stand)
    return text | text | _xml_shapes


# Messages with something changed.


def json_replies(operation: Operation[Any]) -> st.SearchStrategy[Tree]:
    @st.composite
    def made(draw: Draw) -> Tree:
        reply = operation.reply
        record = valid_record(operation, "json")
        records: list[Any] = [dict(record) for _ in range(draw(st.integers(0, 2)))]
        tree: Tree = {reply.list_name: records}
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            _change_record(draw, operation, records, json_values)
        match draw(st.integers(0, 15)):
            case 0:
                tree = {}
            case 1:
                tree[reply.list_name] = draw(_json_shapes)
            case 2:
                records.append(draw(_json_shapes))
            case 3:
                tree["cmmMsgHeader"] = dict(HEADER)
            case 4:
                tree["more"] = draw(_json_shapes)
            case 5:
                tree[reply.list_name] = {reply.item_name: record}
        return tree

    return made()


def xml_replies(operation: Operation[Any], *, any_header: bool, any_list: bool) -> st.SearchStrategy[Tree]:
    """Make trees of XML replies.

    Text between the elements is never made: the plain tree has no place for it, nor have the
    readers any use. The same holds for attributes.
    """

    @st.composite
    def made(draw: Draw) -> Tree:
        reply = operation.reply
        record = valid_record(operation, "xml")
        records: list[Any] = [dict(record) for _ in range(draw(st.integers(0, 2)))]
        header: Tree = dict(HEADER)
        tree: Tree = {"cmmMsgHeader": header, reply.list_name: {reply.item_name: records}}
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            _change_record(draw, operation, records, xml_values)
        match draw(st.integers(0, 20)):
            case 0:
                del tree[reply.list_name]
            case 1:
                tree[reply.list_name] = draw(_xml_shapes if any_list else _xml_elements)
            case 2:
                records.append(draw(_xml_shapes.filter(lambda shape: not isinstance(shape, list))))
            case 3:
                tree[reply.list_name] = {reply.item_name: records, "other": dict(record)}
            case 4:
                tree[reply.list_name] = {"other": [dict(record)]}
            case 5:
                tree["more"] = draw(_xml_shapes)
            case 6:
                del tree["cmmMsgHeader"]
            case 7:
                del header[draw(st.sampled_from(sorted(HEADER)))]
            case 8:
                header["more"] = "1"
            case 9:
                header["sucessYn"] = header.pop("successYn")
            case 10:
                tree["cmMsgHeader"] = tree.pop("cmmMsgHeader")
            case 11 if any_list:
                tree[reply.list_name] = [tree[reply.list_name], tree[reply.list_name]]
            case 12 | 13 if any_header:
                name = draw(st.sampled_from(sorted(HEADER)))
                header[name] = draw(xml_values("code" if name == "successYn" else "text"))
            case 14 if any_header:
                tree["cmmMsgHeader"] = draw(_xml_shapes)
            case 15 if any_header:
                tree["cmmMsgHeader"] = [header, header]
        return tree

    return made()


def requests(
    operation: Operation[Any], values: Callable[[Kind], st.SearchStrategy[Any]]
) -> st.SearchStrategy[Tree]:
    wires = [item.wire for item in (*operation.parameters, *operation.credentials)] + ["returnType"]
    valid = {wire: REQUEST_VALUES[wire] for wire in wires}
    if operation.name == "get_all_customers_hour":
        valid["date"] = "2024100114"

    @st.composite
    def made(draw: Draw) -> Tree:
        tree = dict(valid)
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
            wire = draw(st.sampled_from(wires))
            match draw(st.integers(0, 9)):
                case 0:
                    tree.pop(wire, None)
                case 1:
                    tree[draw(st.sampled_from(["more", "metrNo", "custno"]))] = "1"
                case _:
                    is_date = "date" in wire.lower() or "time" in wire.lower()
                    code: Kind = "code" if wire == "returnType" else "text"
                    tree[wire] = draw(values("date" if is_date else code))
        return tree

    return made()


def _change_record(
    draw: Draw,
    operation: Operation[Any],
    records: list[Any],
    values: Callable[[Kind], st.SearchStrategy[Any]],
) -> None:
    if not records:
        return
    record = draw(st.sampled_from(records))
    fields = kinds(operation)
    wire = draw(st.sampled_from(list(fields)))
    match draw(st.integers(0, 11)):
        case 0:
            record.pop(wire, None)
        case 1:
            extra = st.sampled_from(["lv_hv_val", "mr_hhmi", "vld_pwr", "pwr_qtyxxxx", "more"])
            record[draw(extra)] = "1"
        case 2:
            also = {name: alias for alias, name in operation.reply.model.__also__.items()}
            if wire in also and wire in record:
                record[also[wire]] = record.pop(wire)
        case _:
            record[wire] = draw(values(fields[wire]))


def a_year_of_days(year: int) -> list[str]:
    """Return every text of a year's shape whose month and day are near a calendar's."""
    return [f"{year:04d}{month:02d}{day:02d}" for month in range(14) for day in range(33)]


def is_day(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
