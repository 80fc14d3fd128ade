"""Long replies of odd shapes, to find what costs most for its size. Never measures."""

import json
from collections.abc import Iterator
from typing import Any

from gridwright_runtime.interface import Operation
from gridwright_runtime.message import RawReply
from gridwright_runtime.values.convert import ModelField, shape_of

__all__ = ["shapes"]

_SOAP = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>',
    b"</s:Body></s:Envelope>",
)


def shapes(operation: Operation[Any], size: int) -> Iterator[tuple[str, RawReply]]:
    """Yield long replies of an operation, each with its name.

    Args:
        operation: whose replies they seem to be.
        size: how long each is, about.
    """
    if operation.soap is not None:
        yield from _xml(operation, size, _SOAP)
        yield from _multipart(size)
        return
    if "json" in operation.reply.formats:
        yield from _json(operation, size)
    if "xml" in operation.reply.formats:
        yield from _xml(operation, size, (b"", b""))


def _json(operation: Operation[Any], size: int) -> Iterator[tuple[str, RawReply]]:
    head = ("content-type", "application/json")
    places = {"list": _json_around(operation), "root": (b"[", b"]"), "object": (b'{"a":[', b"]}")}
    for unit_name, unit in _json_units(operation).items():
        for place, (before, after) in places.items():
            count = max(1, size // (len(unit) + 1))
            body = before + b",".join([unit] * count) + after
            yield f"json {unit_name} in {place}", _raw(body, head)
    names = b",".join(b'"%x":1' % number for number in range(size // 9))
    yield "json many names", _raw(b"{" + names + b"}", head)
    before, after = _json_around(operation)
    twice = b"{" + names + b',"0":1}'
    yield "json many names, one twice", _raw(twice, head)
    yield "json many names in list, one twice", _raw(before + twice + after, head)
    yield "json many names in list", _raw(before + b"{" + names + b"}" + after, head)
    yield "json blanks", _raw(b"{" + b" " * size + b"}", head)
    yield "json one long number", _raw(before + b'{"a":' + b"9" * size + b"}" + after, head)
    yield "json escapes", _raw(before + b'{"a":"' + b"\\u0041" * (size // 6) + b'"}' + after, head)
    for field in _fields(operation)[:3]:
        name = field.wire.encode()
        long = b'{"' + name + b'":"' + b"9" * size + b'"}'
        yield f"json one long {field.name}", _raw(before + long + after, head)
    lines = b"".join(b"\\u%04x" % (0x4E00 + number % 900) for number in range(size // 6))
    yield "json escaped text", _raw(before + b'{"a":"' + lines + b'"}' + after, head)


def _json_units(operation: Operation[Any]) -> dict[str, bytes]:
    fields = _fields(operation)
    first = fields[0].wire.encode() if fields else b"a"
    whole = {field.wire: _value(field) for field in fields}
    units = {
        "{}": b"{}",
        "[]": b"[]",
        "null": b"null",
        "1": b"1",
        '""': b'""',
        "one foreign field": b'{"abcd":1}',
        "one short foreign field": b'{"a":1}',
        "a nested foreign field": b'{"a":{"b":{}}}',
        "a foreign list": b'{"a":[[],[]]}',
        "one field": b'{"' + first + b'":"1"}',
        "one empty field": b'{"' + first + b'":""}',
        "one null field": b'{"' + first + b'":null}',
        "a field twice": b'{"' + first + b'":"1","' + first + b'":"2"}',
        "a list of foreign names twice": b'{"a":1,"a":2}',
        # Just long enough for what refuses tiny ones.
        "a long foreign field": b'{"abcdefghijklmnop":1}',
        "a long value": b'{"' + first + b'":"' + b"1" * max(1, 18 - len(first)) + b'"}',
        "blank objects": b"{" + b" " * 23 + b"}",
        "blank lists": b"[" + b" " * 23 + b"]",
        "whole records": json.dumps(whole).encode(),
        "records of blanks": json.dumps(dict.fromkeys(whole, " ")).encode(),
        "records of nulls": json.dumps(dict.fromkeys(whole)).encode(),
        "unreadable records": json.dumps(dict.fromkeys(whole, "x.y")).encode(),
        "records with more": json.dumps({**whole, "more": "1"}).encode(),
        "records of lists": json.dumps({name: [] for name in whole}).encode(),
        "numbers": b"1.5e5",
        "short fractions": b"1.5",
        "fractions": b"12.75",
        "whole numbers": b"257",
        "short texts": b'"ab"',
        "short foreign texts": '"é"'.encode(),
        "a pair of fractions": b"[12.75,13.75]",
        "a list of fractions": b'{"abcdefghijkl":[' + b",".join([b"12.75"] * 20) + b"]}",
        "deep": b"[" * 60 + b"]" * 60,
    }
    for at, field in enumerate(fields):
        if field.many and field.model is not None:
            units[f"lists of {field.name}"] = (
                b'{"' + field.wire.encode() + b'":[' + b",".join([b'{"a":1}'] * 40) + b"]}"
            )
            inner = shape_of(field.model).fields[0].wire.encode()
            units[f"lists of one field of {field.name}"] = (
                b'{"' + field.wire.encode() + b'":[' + b",".join([b'{"%b":"1"}' % inner] * 40)
                + b"]}"
            )  # fmt: skip
        if at > 40:
            break
    return units


def _xml(
    operation: Operation[Any], size: int, envelope: tuple[bytes, bytes]
) -> Iterator[tuple[str, RawReply]]:
    head = ("content-type", "text/xml" if operation.soap else "application/xml")
    around = _xml_around(operation)
    for unit_name, unit in _xml_units(operation).items():
        for place, (before, after) in {"list": around, "root": (b"<a>", b"</a>")}.items():
            body = before + unit * max(1, size // len(unit)) + after
            body = envelope[0] + body + envelope[1]
            yield f"xml {unit_name} in {place}", _raw(body, head)


def _xml_units(operation: Operation[Any]) -> dict[str, bytes]:
    fields = _fields(operation)
    first = fields[0].wire.encode() if fields else b"a"
    item = (operation.reply.item or _last(operation.reply.payload) or "item").encode()

    def within(inner: bytes) -> bytes:
        return b"<" + item + b">" + inner + b"</" + item + b">"

    def element(name: bytes, inner: bytes) -> bytes:
        return b"<" + name + b">" + inner + b"</" + name + b">"

    whole = b"".join(element(field.wire.encode(), _text(field)) for field in fields)
    units = {
        "<a/>": b"<a/>",
        "<a></a>": b"<a></a>",
        "<a>1</a>": b"<a>1</a>",
        "<id>1</id>": b"<id>1</id>",
        "<abcde/>": b"<abcdefg/>",
        "<a>foreign</a>": "<ab>é</ab>".encode(),
        "<abc>12</abc>": b"<abc>12</abc>",
        "long attributes": b'<abcdefgh bc="12" de="13" fg="14"/>' + b" " * 4,
        "a long foreign field": within(b"<abcde>1</abcde>" + b" " * 4),
        "a field and a blank": within(element(first, b"1") + b" " * 8),
        "spaced attributes": b'<abcdefg b="12" c="12" d="12" e="12"/>',
        "empty items": within(b""),
        "empty short items": b"<" + item + b"/>",
        "items of text": within(b"1"),
        "one foreign field": within(b"<a/>"),
        "one foreign value": within(b"<a>1</a>"),
        "one field": within(element(first, b"1")),
        "one empty field": within(b"<" + first + b"/>"),
        "a field twice": within(element(first, b"1") * 2),
        "whole records": within(whole),
        "records of blanks": within(b"".join(element(f.wire.encode(), b" ") for f in fields)),
        "unreadable records": within(b"".join(element(f.wire.encode(), b"x.y") for f in fields)),
        "fields without items": element(first, b"1"),
        "attributes": b'<a b="" c="" d="" e="" f="" g=""/>',
        "namespaces": b'<q:a xmlns:q="u"/>',
        "comments": b"<!---->",
        "instructions": b"<?a?>",
        "sections": b"<![CDATA[]]>",
        "references": b"&#65;",
        "entities": b"&lt;",
        "deep": b"<a>" * 60 + b"</a>" * 60,
        "line ends": b"\r\n",
    }
    return units


def _multipart(size: int) -> Iterator[tuple[str, RawReply]]:
    head = ("content-type", 'multipart/related; boundary="x"')
    units = {
        "empty parts": b"--x\r\n\r\n\r\n",
        "small parts": b"--x\r\nContent-ID: <a>\r\n\r\n1\r\n",
        "parts with names": b'--x\r\nContent-Disposition: a; filename="\xe5\x9b\xb3"\r\n\r\n\r\n',
        "base64 parts": b"--x\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n",
        "lines": b"\r\n",
        "almost boundaries": b"\r\n--",
        "heads": b"A: b\r\n",
        "quoted": b"=41",
    }
    for name, unit in units.items():
        body = b"--x\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n" + unit * (size // len(unit))
        yield f"multipart {name}", _raw(body + b"\r\n--x--\r\n", head)
    quoted = b"--x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=41" * (size // 3)
    yield "multipart quoted part", _raw(quoted + b"\r\n--x--\r\n", head)


def _json_around(operation: Operation[Any]) -> tuple[bytes, bytes]:
    reply, verdict = operation.reply, operation.verdict
    before, after = b"", b""
    path = reply.payload
    said = b""
    if verdict is not None and "json" in verdict.formats:
        fields = {name: values[0] for name, values in verdict.success.items() if values}
        inner: Any = fields
        for step in reversed(verdict.under):
            inner = {step: inner}
        said = json.dumps(inner).encode()[1:-1]
    for depth, step in enumerate(path):
        between = said + b"," if said and depth == 0 else b""
        before += b"{" + between + b'"' + step.encode() + b'":'
        after = b"}" + after
    if reply.shape == "list":
        return before + b"[", b"]" + after
    many = next((f for f in _top(operation) if f.many), None)
    if many is None:
        return before + b'{"a":[', b"]}" + after
    return before + b'{"' + many.wire.encode() + b'":[', b"]}" + after


def _xml_around(operation: Operation[Any]) -> tuple[bytes, bytes]:
    reply = operation.reply
    steps = list(reply.payload)
    if reply.shape == "list" and not reply.item and steps:
        steps.pop()
    names = [reply.root or "root", *steps]
    if operation.soap is not None:
        names = [operation.reply.root or "reply"]
    before = b"".join(b"<" + name.encode() + b">" for name in names)
    after = b"".join(b"</" + name.encode() + b">" for name in reversed(names))
    return before, after


def _top(operation: Operation[Any]) -> tuple[ModelField, ...]:
    model: Any = operation.reply.model
    return () if model is None else shape_of(model).fields


def _fields(operation: Operation[Any]) -> tuple[ModelField, ...]:
    """Return the fields of the records that stand in the reply's list, or its own."""
    fields = _top(operation)
    if operation.reply.shape == "list":
        return fields
    many = next((field for field in fields if field.many and field.model), None)
    return fields if many is None or many.model is None else shape_of(many.model).fields


def _value(field: ModelField) -> object:
    if field.many:
        return []
    return {} if field.model is not None else _text(field).decode()


def _text(field: ModelField) -> bytes:
    return b"20241001" if field.rule == "not-a-date" else b"1"


def _last(path: tuple[str, ...]) -> str:
    return path[-1] if path else ""


def _raw(body: bytes, head: tuple[str, str]) -> RawReply:
    return RawReply(status_code=200, headers=(head,), body=body)
