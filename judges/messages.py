"""Our client calls every operation, and validators judge all that it and the mock have said.

What other judges' clients said to the mock is judged with it, but for what schemathesis invents:
much of that is meant to be wrong.
"""

import contextlib
import email.policy
import io
import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple

import xmlschema
from lxml import etree

from judges.snippets import snippet_of
from judges.tools import FOREIGN, HOME, ToolMissing, find_program, node_packages, run_tool
from judges.verdict import Exchange, Judge, Mock, Verdict, failed, not_for, passed

__all__ = ["JUDGES"]

_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


class _Message(NamedTuple):
    name: str
    schema: Path
    text: bytes


def _our_client(mock: Mock) -> Verdict:
    """Run the snippet of each reference page against the mock, in each format."""
    count = 0
    for operation in _operations(mock):
        code = snippet_of(mock.system, operation["name"])
        for format in operation["formats"]:
            # A service takes one format, and its client has no choice of formats.
            choice = f"format={format!r}, " if len(operation["formats"]) > 1 else ""
            asked = code.replace("mock.application()", "APPLICATION")
            asked = asked.replace(f"{mock.system}.Client(", f"{mock.system}.Client({choice}")
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(asked, operation["name"], "exec"), {"APPLICATION": mock.fresh()})  # noqa: S102  # our own page
            count += 1
    return passed(f"{count} calls")


def _ajv(mock: Mock) -> Verdict:
    messages = list(_json_messages(mock))
    if not messages:
        return _none_of(mock, "json")
    packages = node_packages()
    file = HOME / f"messages-{mock.system}.json"
    listed = [
        {"name": m.name, "schema": str(m.schema), "instance": m.text.decode()} for m in messages
    ]
    file.write_text(json.dumps(listed), encoding="utf-8")
    script = FOREIGN / "ajv_judge.cjs"
    status, text = run_tool(["node", str(script), str(packages), str(file)])
    if status or text.strip():
        return failed(text[:900])
    return passed(f"{len(messages)} messages")


def _xmllint(mock: Mock) -> Verdict:
    messages = list(_xml_messages(mock))
    if not messages:
        return _none_of(mock, "xml")
    program = find_program("xmllint", "libxml2-utils")
    folder = HOME / "work" / mock.system / "xml"
    folder.mkdir(parents=True, exist_ok=True)
    said = []
    for schema in sorted({message.schema for message in messages}):
        files = []
        for number, message in enumerate(m for m in messages if m.schema == schema):
            file = folder / f"{schema.stem}-{number}.xml"
            file.write_bytes(message.text)
            files.append(str(file))
        status, text = run_tool([program, "--noout", "--nonet", "--schema", str(schema), *files])
        if status:
            said += [line for line in text.splitlines() if not line.endswith("validates")]
    return failed("; ".join(said)[:900]) if said else passed(f"{len(messages)} messages")


def _xmlschema(mock: Mock) -> Verdict:
    messages = list(_xml_messages(mock))
    if not messages:
        return _none_of(mock, "xml")
    schemas = {schema: xmlschema.XMLSchema(str(schema)) for schema in {m.schema for m in messages}}
    said = [
        f"{message.name}: {error.path} {error.reason}"
        for message in messages
        for error in schemas[message.schema].iter_errors(message.text.decode())
    ]
    return failed("; ".join(said)[:900]) if said else passed(f"{len(messages)} messages")


def _none_of(mock: Mock, format: str) -> Verdict:
    """Judge that no message is in a format: wrong where an operation has it."""
    has_it = any(format in operation["formats"] for operation in _operations(mock))
    return failed(f"no message in {format} was seen") if has_it else not_for(f"no {format}")


def _operations(mock: Mock) -> list[dict[str, Any]]:
    return [o for o in mock.interface["operations"] if not o.get("known_by_example")]


def _answered(mock: Mock) -> Iterator[tuple[dict[str, Any], Exchange]]:
    """Yield the exchanges of every operation that were to succeed; all must have been seen."""
    seen = set()
    for exchange in mock.exchanges:
        if exchange.judge == "schemathesis" or exchange.status != 200:
            continue
        for operation in _operations(mock):
            path = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(operation["path"]))
            if re.fullmatch(f".*{path}", exchange.path):
                seen.add(operation["name"])
                yield operation, exchange
    lacking = {operation["name"] for operation in _operations(mock)} - seen
    if lacking:
        raise ToolMissing(
            f"nothing was said about {', '.join(sorted(lacking))}: ask our-client too"
        )


def _json_messages(mock: Mock) -> Iterator[_Message]:
    for operation, exchange in _answered(mock):
        name = operation["name"]
        if "application/json" in exchange.request_type:
            yield _Message(f"{name} request", _schema(mock, name, "request"), exchange.request)
        if "application/json" in exchange.reply_type:
            yield _Message(f"{name} reply", _schema(mock, name, "reply"), exchange.reply)


def _schema(mock: Mock, name: str, part: str) -> Path:
    return mock.schemas / f"{name}.{part}.schema.json"


def _xml_messages(mock: Mock) -> Iterator[_Message]:
    for operation, exchange in _answered(mock):
        name = operation["name"]
        sides = (
            ("request", exchange.request_type, exchange.request),
            ("reply", exchange.reply_type, exchange.reply),
        )
        for part, content_type, body in sides:
            if operation["protocol"] == "soap11":
                for element in _elements(content_type, body):
                    schema = mock.schemas / f"{mock.system}.xsd"
                    yield _Message(f"{name} {part}", schema, etree.tostring(element))
            elif "/xml" in content_type:
                yield _Message(f"{name} {part}", mock.schemas / f"{name}.{part}.xsd", body)


def _elements(content_type: str, body: bytes) -> Iterator[etree._Element]:
    """Yield what stands in header and body of an envelope, multipart or not."""
    if content_type.startswith("multipart/"):
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        whole = message_from_bytes(head + body, policy=email.policy.HTTP)
        envelope = next(whole.iter_parts()).get_payload(decode=True)
        body = envelope if isinstance(envelope, bytes) else b""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(body, parser)
    for place in ("Header", "Body"):
        yield from root.findall(f"{_SOAP}{place}/*")


JUDGES = (
    Judge("our-client", "every operation called, in every format", _our_client),
    Judge("xmlschema", "XML messages, by our XSD", _xmlschema),
    Judge("xmllint", "XML messages, by our XSD", _xmllint),
    Judge("ajv", "JSON messages, by our JSON Schema", _ajv),
)
