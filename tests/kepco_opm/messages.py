"""Messages for the agreement tests: valid ones of the models' shapes, with a few things changed.

A message is a tree of dicts, lists, texts and, in JSON, numbers; in XML a dict is an element's
children, and a list an element that stands several times.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias, get_args

import msgspec
from hypothesis import strategies as st
from lxml import etree

from gridwright_runtime.codecs.xml_codec import open_xml, plain
from gridwright_runtime.decodings.xml.walk import parsed
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.values.types import DayOfMonth, Yyyymm, Yyyymmdd

from .awkward import JSON_SHAPES, XML_SHAPES, Kind, json_values, xml_values
from .support import SCHEMAS, model_of

Tree: TypeAlias = dict[str, Any]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

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
    root = parsed(open_xml(body))
    return plain(root)


# Valid messages.


@cache
def schema_text(name: str) -> str:
    return (SCHEMAS / name).read_text(encoding="utf-8")


@cache
def record_schema(operation: Operation[Any]) -> Any:
    [shape] = exact(schema_text(f"{operation.name}.reply.schema.json"))["$defs"].values()
    return shape


@cache
def kinds(operation: Operation[Any]) -> dict[str, Kind]:
    """Return the wire names of a record with the kind of each; of a long series only some."""
    shape = record_schema(operation)
    found: dict[str, Kind] = {}
    for field in msgspec.structs.fields(model_of(operation)):
        family = re.search("_(?!0015|0100|0200|2345|2400)[0-9]{4}$", field.name)
        if not family:
            is_code = "enum" in shape["properties"][field.encode_name]
            found[field.encode_name] = "code" if is_code else _kind(field.encode_name, field.type)
    return found


def one_of_each_shape(operation: Operation[Any]) -> dict[str, Kind]:
    """Return those fields, the first of every type and size."""
    shape = record_schema(operation)
    words = {"title", "description"}
    seen: dict[str, str] = {}
    for wire in kinds(operation):
        rules = {k: v for k, v in shape["properties"][wire].items() if k not in words}
        seen.setdefault(repr(rules), wire)
    return {wire: kinds(operation)[wire] for wire in seen.values()}


def valid_record(operation: Operation[Any], format: Format) -> Tree:
    """Return a record with every field of its model."""
    return dict(_valid_record(operation, format))


@cache
def _valid_record(operation: Operation[Any], format: Format) -> Tree:
    shape = record_schema(operation)
    record: Tree = {}
    for field in msgspec.structs.fields(model_of(operation)):
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


def valid_request(operation: Operation[Any]) -> Tree:
    """Return the parameters of a request as they travel."""
    request = {part.wire: REQUEST_VALUES[part.wire] for part in operation.request.parts}
    if operation.name == "get_all_customers_hour":
        request["date"] = "2024100114"
    return request


# Messages with something changed.

# Made once: hypothesis looks at every strategy that it has not seen before.
_how_many_changes = st.sampled_from([0, 1, 1, 1, 1, 2])
_how_many_records = st.integers(0, 2)
_which = st.integers(0, 59)
_structure = st.sampled_from([*range(16), *[99] * 16])
_headings = st.sampled_from(sorted(HEADER))
_extras = st.sampled_from(["lv_hv_val", "mr_hhmi", "vld_pwr", "pwr_qtyxxxx", "more"])
_json_shapes: st.SearchStrategy[Any] = st.sampled_from(JSON_SHAPES)
_xml_shapes: st.SearchStrategy[Any] = st.sampled_from(XML_SHAPES)
_xml_elements: st.SearchStrategy[Any] = st.sampled_from(["", "\n ", {"a": "b"}, {"a": ""}])


def json_replies(operation: Operation[Any]) -> st.SearchStrategy[Tree]:
    @st.composite
    def made(draw: Draw) -> Tree:
        reply = operation.reply
        record = valid_record(operation, "json")
        records: list[Any] = [dict(record) for _ in range(draw(_how_many_records))]
        tree: Tree = {reply.payload[0]: records}
        for _ in range(draw(_how_many_changes)):
            _change_record(draw, operation, records, json_values)
        match draw(_structure):
            case 0:
                tree = {}
            case 1:
                tree[reply.payload[0]] = draw(_json_shapes)
            case 2:
                records.append(draw(_json_shapes))
            case 3:
                tree["cmmMsgHeader"] = dict(HEADER)
            case 4:
                tree["more"] = draw(_json_shapes)
            case 5:
                tree[reply.payload[0]] = {reply.item: record}
        return tree

    return made()


def xml_replies(
    operation: Operation[Any], *, any_header: bool, any_list: bool
) -> st.SearchStrategy[Tree]:
    """Make trees of XML replies.

    Text between the elements is never made: the plain tree has no place for it, nor have the
    readers any use. The same holds for attributes.
    """

    @st.composite
    def made(draw: Draw) -> Tree:
        reply = operation.reply
        record = valid_record(operation, "xml")
        records: list[Any] = [dict(record) for _ in range(draw(_how_many_records))]
        header: Tree = dict(HEADER)
        tree: Tree = {"cmmMsgHeader": header, reply.payload[0]: {reply.item: records}}
        for _ in range(draw(_how_many_changes)):
            _change_record(draw, operation, records, xml_values)
        match draw(_structure):
            case 0:
                del tree[reply.payload[0]]
            case 1:
                tree[reply.payload[0]] = draw(_xml_shapes if any_list else _xml_elements)
            case 2:
                records.append(draw(_xml_elements))
            case 3:
                tree[reply.payload[0]] = {reply.item: records, "other": dict(record)}
            case 4:
                tree[reply.payload[0]] = {"other": [dict(record)]}
            case 5:
                tree["more"] = draw(_xml_shapes)
            case 6:
                del tree["cmmMsgHeader"]
            case 7:
                del header[draw(_headings)]
            case 8:
                header["more"] = "1"
            case 9:
                header["sucessYn"] = header.pop("successYn")
            case 10:
                tree["cmMsgHeader"] = tree.pop("cmmMsgHeader")
            case 11 if any_list:
                tree[reply.payload[0]] = [tree[reply.payload[0]], tree[reply.payload[0]]]
            case 12 | 13 if any_header:
                name = draw(_headings)
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
    valid = valid_request(operation)
    any_wire = st.sampled_from(list(valid))

    @st.composite
    def made(draw: Draw) -> Tree:
        tree = dict(valid)
        for _ in range(draw(_how_many_changes)):
            wire = draw(any_wire)
            match draw(_which) % 10:
                case 0:
                    tree.pop(wire, None)
                case 1:
                    tree[draw(_extras)] = "1"
                case _:
                    is_date = "date" in wire.lower() or "time" in wire.lower()
                    code: Kind = "code" if wire == "returnType" else "text"
                    tree[wire] = draw(values("date" if is_date else code))
        return tree

    return made()


@cache
def _any_of(operation: Operation[Any]) -> st.SearchStrategy[str]:
    return st.sampled_from(list(kinds(operation)))


def _change_record(
    draw: Draw,
    operation: Operation[Any],
    records: list[Any],
    values: Callable[[Kind], st.SearchStrategy[Any]],
) -> None:
    if not records:
        return
    record = records[draw(_which) % len(records)]
    fields = kinds(operation)
    wire = draw(_any_of(operation))
    match draw(_which) % 12:
        case 0:
            record.pop(wire, None)
        case 1:
            record[draw(_extras)] = "1"
        case 2:
            also = {name: alias for alias, name in model_of(operation).__also__.items()}
            if wire in also and wire in record:
                record[also[wire]] = record.pop(wire)
        case _:
            record[wire] = draw(values(fields[wire]))
