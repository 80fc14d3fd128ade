"""A Postman collection of a system: one request per operation, with its login, for the mock.

The variables hold what the mock knows; whoever calls a real service sets them to what is theirs.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from gridwright.ir import (
    AuthStep,
    BinaryType,
    Interface,
    Operation,
    Parameter,
    Place,
    Record,
    SoapHeaderField,
)
from gridwright.targets.examples import parameter_example, record_example, request_example
from gridwright.targets.parts import encodings
from gridwright.targets.requests import IN_BODY
from gridwright.targets.sources import with_variables
from gridwright.view import Text

__all__ = ["postman_collection", "postman_views"]

Json = dict[str, Any]

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_BOUNDARY = "gridwright-part"


def postman_views(interface: Interface, package: str) -> Iterator[Text]:
    """Yield the collection of a system."""
    text = json.dumps(postman_collection(interface), ensure_ascii=False, indent=2) + "\n"
    yield Text(f"schemas/{interface.system}/postman_collection.json", text)


def postman_collection(interface: Interface) -> Json:
    """Make one request of each operation, with what is checked of its reply."""
    login = _login(interface)
    events = [_script("prerequest", login)] if login else []
    return {
        "info": {
            "name": interface.title_en,
            "description": "Runs against the mock; set the variables to call another server.",
            "schema": _SCHEMA,
        },
        "variable": [
            {"key": "base_url", "value": f"http://127.0.0.1:8080{_base_path(interface)}"},
            {"key": "login_url", "value": "http://127.0.0.1:8080"},
            *(
                {"key": c.name, "value": f"demo-{c.name}".replace("_", "-")}
                for c in interface.credentials
            ),
            *({"key": step.name, "value": ""} for step in interface.auth_steps),
        ],
        **({"event": events} if events else {}),
        "item": [
            _item(interface, operation)
            for operation in interface.operations
            if not operation.known_by_example
        ],
    }


def _base_path(interface: Interface) -> str:
    server = interface.default_server
    return urlsplit(server.address).path.rstrip("/") if server else ""


def _item(interface: Interface, operation: Operation) -> Json:
    carried = [(p.place, {"key": p.wire, "value": with_variables(p.value)})
               for p in interface.presented]  # fmt: skip
    presented = {p.wire for p in interface.presented}
    headers = [pair for place, pair in carried if place == "header"]
    query = [pair for place, pair in carried if place == "query"]
    path = operation.path
    for parameter in operation.parameters:
        value = _parameter(interface, parameter)
        if parameter.place is Place.PATH:
            path = path.replace(f"{{{parameter.field.wire}}}", value)
        elif parameter.field.wire in presented:
            continue
        elif parameter.place is Place.HEADER:
            headers.append({"key": parameter.field.wire, "value": value})
        elif parameter.place is Place.QUERY and (parameter.field.required or parameter.credential):
            query.append({"key": parameter.field.wire, "value": value})
    body = _body(interface, operation, headers)
    raw = f"{{{{base_url}}}}{path}"
    if query:
        raw += "?" + "&".join(f"{pair['key']}={pair['value']}" for pair in query)
    return {
        "name": operation.name,
        "event": [_script("test", _checks(operation))],
        "request": {
            "method": operation.method,
            "description": operation.en,
            "header": headers,
            **({"body": body} if body else {}),
            "url": {
                "raw": raw,
                "host": ["{{base_url}}"],
                "path": path.strip("/").split("/"),
                **({"query": query} if query else {}),
            },
        },
    }


def _parameter(interface: Interface, parameter: Parameter) -> str:
    if parameter.credential is not None:
        return f"{{{{{parameter.credential}}}}}"
    return parameter_example(interface, parameter)


def _body(interface: Interface, operation: Operation, headers: list[Json]) -> Json:
    body = operation.body
    if body is None:
        return _fields(interface, operation, headers)
    if operation.protocol == "soap11":
        headers += [
            {
                "key": "Content-Type",
                "value": f'multipart/related; type="text/xml"; boundary="{_BOUNDARY}"',
            },
            {"key": "SOAPAction", "value": '""'},
        ]
        return {"mode": "raw", "raw": _envelope(interface, operation)}
    example = request_example(interface, operation)
    if operation.request_media == "multipart_form":
        media = f'multipart/form-data; boundary="{_BOUNDARY}"'
        headers.append({"key": "Content-Type", "value": media})
        return {"mode": "raw", "raw": _form(body.record, example)}
    headers.append({"key": "Content-Type", "value": "application/json; charset=UTF-8"})
    return {"mode": "raw", "raw": json.dumps(example, ensure_ascii=False, indent=2)}


def _fields(interface: Interface, operation: Operation, headers: list[Json]) -> Json:
    """Write a body that is put together from parameters alone; nothing where there is none."""
    fields = [p for p in operation.parameters if p.place in IN_BODY]
    sent = {p.field.wire: _parameter(interface, p) for p in fields}
    encoding = next(iter(encodings(operation).values()), "")
    if not sent:
        return {}
    if encoding == "form":
        return {
            "mode": "urlencoded",
            "urlencoded": [{"key": k, "value": v} for k, v in sent.items()],
        }
    if encoding == "multipart_form":
        listed = [{"key": k, "value": v, "type": "text"} for k, v in sent.items()]
        return {"mode": "formdata", "formdata": listed}
    headers.append({"key": "Content-Type", "value": "application/json; charset=UTF-8"})
    return {"mode": "raw", "raw": json.dumps(sent, ensure_ascii=False, indent=2)}


def _form(record: Record, example: Mapping[str, object]) -> str:
    """Write a form whole: Postman takes files from a path alone, which nobody else has."""
    parts = []
    for field in record.fields:
        name = f'Content-Disposition: form-data; name="{field.wire}"'
        if isinstance(field.type, BinaryType):
            file = str(example.get(field.wire, "file.pdf"))
            parts.append(
                f'{name}; filename="{file}"\r\nContent-Type: application/pdf\r\n\r\ninvented'
            )
        elif field.wire in example:
            parts.append(f"{name}\r\n\r\n{example[field.wire]}")
    written = "".join(f"--{_BOUNDARY}\r\n{part}\r\n" for part in parts)
    return f"{written}--{_BOUNDARY}--\r\n"


def _envelope(interface: Interface, operation: Operation) -> str:
    soap, body = interface.soap, operation.body
    if soap is None or body is None or body.root is None:
        raise TypeError("resolving reports SOAP operations without their names")
    fields = "".join(
        f"<x:{f.field.wire}>{_header_value(f, operation)}</x:{f.field.wire}>" for f in soap.fields
    )
    example = record_example(interface, body.record)
    content = "".join(f"<x:{name}>{value}</x:{name}>" for name, value in example.items())
    envelope = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        f'xmlns:x="{soap.namespace}">'
        f"<s:Header><x:{soap.header.wire}>{fields}</x:{soap.header.wire}></s:Header>"
        f"<s:Body><x:{body.root.wire}>{content}</x:{body.root.wire}></s:Body></s:Envelope>"
    )
    head = "Content-Type: text/xml; charset=UTF-8"
    return f"--{_BOUNDARY}\r\n{head}\r\n\r\n{envelope}\r\n--{_BOUNDARY}--\r\n"


def _header_value(field: SoapHeaderField, operation: Operation) -> str:
    match field.source:
        case "credential":
            return f"{{{{{field.name}}}}}"
        case "uuid":
            return "{{$guid}}"
        case "serial":
            return "{{$timestamp}}"
        case "service":
            return operation.wire_name
        case "now":
            return "{{$isoTimestamp}}"
        case _:
            return field.default or "127.0.0.1"


def _login(interface: Interface) -> list[str]:
    """Spell the login in the script that runs before each request."""
    lines: list[str] = []
    names = [step.name for step in interface.auth_steps]
    for step in reversed(interface.auth_steps):
        lines = _step(step, names, lines)
    return lines


def _step(step: AuthStep, names: list[str], then: list[str]) -> list[str]:
    address = next(value for _, value in step.address)
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    base = "login_url" if parts.netloc else "base_url"
    for place, value in step.path:
        path = path.replace(f"{{{place}}}", with_variables(value))
    for name in names:
        # A place that is called like an earlier step holds its result.
        path = re.sub(rf"(?<!\{{)\{{{name}\}}", f"{{{{{name}}}}}", path, flags=re.IGNORECASE)
    sent = {name: with_variables(next(v for _, v in values)) for name, values in step.send}
    if step.body == "json":
        body = f'{{mode: "raw", raw: pm.variables.replaceIn({json.dumps(json.dumps(sent))})}}'
        media = "application/json"
    else:
        listed = ", ".join(
            f"{{key: {json.dumps(name)}, value: pm.variables.replaceIn({json.dumps(value)})}}"
            for name, value in sent.items()
        )
        body = f'{{mode: "urlencoded", urlencoded: [{listed}]}}'
        media = "application/x-www-form-urlencoded"
    return [
        "pm.sendRequest({",
        f"  url: pm.variables.replaceIn({json.dumps(f'{{{{{base}}}}}{path}')}),",
        f'  method: "{step.method}",',
        f'  header: {{"Content-Type": "{media}"}},',
        f"  body: {body},",
        "}, (error, response) => {",
        '  if (error || response.code >= 400) throw new Error("the login failed");',
        f"  const found = {_read(step)};",
        f"  pm.collectionVariables.set({json.dumps(step.name)}, found);",
        *(f"  {line}" for line in then),
        "});",
    ]


def _read(step: AuthStep) -> str:
    """Spell where the result of a step is looked for, in order."""
    looks = []
    for place in step.read:
        kind, _, name = place.partition(" ")
        if kind == "header":
            looks.append(f"response.headers.get({json.dumps(name)})")
        elif name:
            keys = "".join(f"?.[{json.dumps(key)}]" for key in name.split("."))
            looks.append(f"(() => {{ try {{ return response.json(){keys}; }} catch (e) {{}} }})()")
        else:
            looks.append("response.text().trim()")
    return " || ".join(looks)


def _checks(operation: Operation) -> list[str]:
    """Spell what is checked: a status of success, and that the body is no refusal."""
    lines = [
        'pm.test("the service answers", () => {',
        "  pm.expect(pm.response.code).to.equal(200);",
        "});",
    ]
    envelope, reply = operation.envelope, operation.reply
    if envelope is None or "json" not in operation.formats:
        return lines
    lines += ['pm.test("the reply is no refusal", () => {', "  const body = pm.response.json();"]
    if reply.list is not None:
        lines += [
            f"  for (const record of body[{json.dumps(reply.list.wire)}])",
            f"    pm.expect(record).to.not.have.property({json.dumps(envelope.message)});",
        ]
    elif envelope.header.wire == ".":
        lines += [
            f'  pm.expect({json.dumps(values)}).to.include(String(body[{json.dumps(name)}] ?? ""));'
            for name, values in envelope.success
        ]
    return [*lines, "});"]


def _script(listen: str, lines: list[str]) -> Json:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}
