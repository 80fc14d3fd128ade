"""A Postman collection of a system: one request per operation, with its login, for the mock.

The variables hold what the mock knows; whoever calls a real service sets them to what is theirs.
"""

import json
from collections.abc import Iterator, Mapping, Set
from typing import Any, assert_never
from urllib.parse import urlsplit

from gridwright.analysis.element_namespaces import (
    Namespaces,
    namespaces_of_block,
    namespaces_of_body,
    prefixes_of,
)
from gridwright.ir import (
    Basic,
    BinaryType,
    FormatWord,
    Interface,
    Operation,
    Parameter,
    Place,
    Presented,
    Record,
    Soap,
    SoapBlock,
    SoapHeaderField,
    Source,
)
from gridwright.output.view import TextView
from gridwright.targets.calls.parts import encodings, presented_by
from gridwright.targets.calls.replies import is_in_root
from gridwright.targets.calls.requests import IN_BODY
from gridwright.targets.calls.sources import with_variables
from gridwright.targets.examples import (
    body_part_example,
    nested,
    parameter_example,
    record_example,
    request_example,
    value_example,
)
from gridwright.targets.json_text import json_text
from gridwright.targets.kept_rules import as_shown
from gridwright.targets.postman_logins import (
    about_renewals,
    login_script,
    login_variables,
    replaced,
)

__all__ = ["postman_collection", "postman_views"]

Json = dict[str, Any]

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_JSON = "application/json; charset=UTF-8"
_BOUNDARY = "gridwright-part"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"


def postman_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield the collection of a system."""
    path = f"schemas/{interface.system}/postman_collection.json"
    yield TextView(path, json_text(postman_collection(interface)))


def postman_collection(interface: Interface) -> Json:
    """Make one request of each operation, with what is checked of its reply."""
    login = [*_digest(interface), *login_script(interface)]
    events = [_script("prerequest", login)] if login else []
    return {
        "info": {
            "name": interface.title_en,
            "description": "Runs against the mock; set the variables to call another server."
            + about_renewals(interface)
            + (
                f" Add {interface.certificate.en} to the certificates of the settings."
                if interface.certificate is not None
                else ""
            ),
            "schema": _SCHEMA,
        },
        "variable": [
            {"key": "base_url", "value": f"http://127.0.0.1:8080{_base_path(interface)}"},
            {"key": "login_url", "value": "http://127.0.0.1:8080"},
            *(
                {"key": c.name, "value": f"demo-{c.name}".replace("_", "-")}
                for c in interface.credentials
            ),
            *({"key": name, "value": ""} for name in login_variables(interface)),
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
    interface, operation = as_shown(interface, operation)
    headers: list[Json] = []
    query: list[Json] = []
    path, basic = operation.path, None
    for place, wire, value, source in _carried(interface, operation):
        pair = {"key": wire, "value": value}
        if isinstance(source, Basic):
            basic = source
        elif place == "path":
            path = path.replace(f"{{{wire}}}", value)
        elif place == "header":
            headers.append(pair)
        elif place == "cookie":
            headers.append({"key": "Cookie", "value": f"{wire}={value}"})
        elif place == "query":
            query.append(pair)
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
            **({"auth": _basic(basic)} if basic is not None else {}),
            **({"body": body} if body else {}),
            "url": {
                "raw": raw,
                "host": ["{{base_url}}"],
                "path": path.strip("/").split("/"),
                **({"query": query} if query else {}),
            },
        },
    }


def _carried(interface: Interface, operation: Operation) -> Iterator[tuple[str, str, str, Source]]:
    """Yield what a request carries: place, wire name, value as Postman has it, and who gives it."""
    presented = {(p.wire, p.place) for p in interface.presented}
    for item in (*presented_by(interface, operation), *_presented_by_request(operation, presented)):
        yield item.place.value, item.wire, with_variables(item.source), item.source
    for parameter in operation.parameters:
        field, place = parameter.field, parameter.place
        is_filled = (field.wire, place) in presented and not parameter.is_argument
        if is_filled or (place is Place.QUERY and parameter.is_argument and not field.required):
            continue
        yield place.value, field.wire, _parameter(interface, parameter), parameter.source


def _presented_by_request(
    operation: Operation, presented: Set[tuple[str, Place]]
) -> Iterator[Presented]:
    """Yield what a request lists itself, and a login fills."""
    for parameter in operation.parameters:
        field, place = parameter.field, parameter.place
        if (field.wire, place) in presented and not parameter.is_argument:
            yield Presented(
                wire=field.wire, place=place, value="", source=parameter.source, operations=(),
                under=(), cite=field.cite, span=field.span,
            )  # fmt: skip


def _basic(source: Basic) -> Json:
    pairs = (("username", source.user), ("password", source.password))
    return {
        "type": "basic",
        "basic": [
            {"key": key, "value": with_variables(text), "type": "string"} for key, text in pairs
        ],
    }


def _parameter(interface: Interface, parameter: Parameter) -> str:
    if parameter.is_argument or isinstance(parameter.source, FormatWord):
        return parameter_example(interface, parameter)
    return with_variables(parameter.source)


def _body(interface: Interface, operation: Operation, headers: list[Json]) -> Json:
    body = operation.body
    if body is None:
        return _fields(interface, operation, headers)
    if operation.protocol == "soap11":
        related = f'multipart/related; type="text/xml"; boundary="{_BOUNDARY}"'
        media = "text/xml; charset=UTF-8" if operation.request_media == "xml" else related
        headers += [
            {"key": "Content-Type", "value": media},
            {"key": "SOAPAction", "value": f'"{operation.soap_action}"'},
        ]
        return {"mode": "raw", "raw": _envelope(interface, operation)}
    if body.is_value:
        return _whole(interface, operation, headers)
    example = _credentials(body.record) | request_example(interface, operation)
    example |= nested(_in_body(interface, operation))
    if operation.request_media == "multipart_form":
        media = f'multipart/form-data; boundary="{_BOUNDARY}"'
        headers.append({"key": "Content-Type", "value": media})
        return {"mode": "raw", "raw": _form(body.record, example)}
    if operation.request_media == "xml" and body.root is not None:
        headers.append({"key": "Content-Type", "value": "application/xml; charset=UTF-8"})
        return {"mode": "raw", "raw": _document(interface, operation, body.root.wire, example)}
    if operation.request_media == "form":
        return {"mode": "urlencoded", "urlencoded": list(_pairs(example))}
    headers.append({"key": "Content-Type", "value": _JSON})
    return {"mode": "raw", "raw": json.dumps(example, ensure_ascii=False, indent=2)}


def _pairs(example: Mapping[str, object]) -> Iterator[Json]:
    """Yield the fields of a form; a list is its name again for each item."""
    for key, value in example.items():
        for item in value if isinstance(value, list) else [value]:
            yield {"key": key, "value": item if isinstance(item, str) else json.dumps(item)}


def _document(interface: Interface, operation: Operation, root: str, value: object) -> str:
    """Write a body in XML."""
    message = namespaces_of_body(interface, operation)
    names = _Names(interface, message)
    written = _element(names, message, (), root, value)
    end = 1 + len(names.name(message, (), root))
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{start}{written[:end]}{names.declared}{written[end:]}"


def _whole(interface: Interface, operation: Operation, headers: list[Json]) -> Json:
    """Write a body that is one value."""
    encoding = next(iter(encodings(operation).values()))
    media = {"file": "application/octet-stream", "text": "text/plain; charset=UTF-8"}
    headers.append({"key": "Content-Type", "value": media.get(encoding, _JSON)})
    if encoding == "file":
        return {"mode": "raw", "raw": "invented"}
    value = value_example(interface, operation)
    if encoding == "text" and isinstance(value, str):
        return {"mode": "raw", "raw": value}
    return {"mode": "raw", "raw": json.dumps(value, ensure_ascii=False, indent=2)}


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
    headers.append({"key": "Content-Type", "value": _JSON})
    whole = nested(_in_body(interface, operation))
    return {"mode": "raw", "raw": json.dumps(whole, ensure_ascii=False, indent=2)}


def _in_body(interface: Interface, operation: Operation) -> Iterator[tuple[Parameter, Any]]:
    """Yield the parts of a body in JSON with values: numbers are numbers, the rest as texts."""
    for parameter in operation.parameters:
        if parameter.place in IN_BODY:
            value = (
                body_part_example(interface, parameter)
                if parameter.is_argument
                else with_variables(parameter.source)
            )
            yield parameter, value


def _credentials(record: Record) -> dict[str, object]:
    """Return the fields of a body that credentials fill, as Postman has them."""
    return {f.wire: f"{{{{{f.credential}}}}}" for f in record.fields if f.credential is not None}


def _form(record: Record, example: Mapping[str, object]) -> str:
    """Write a form whole: Postman takes files from a path alone, which nobody else has."""
    parts = []
    for field in record.fields:
        name = f'Content-Disposition: form-data; name="{field.wire}"'
        item = field.item_type
        said = example.get(field.wire, "file.pdf" if isinstance(item, BinaryType) else [])
        for value in said if isinstance(said, list) else [said]:
            if isinstance(item, BinaryType):
                file = f'; filename="{value}"\r\nContent-Type: application/pdf'
                parts.append(f"{name}{file}\r\n\r\ninvented")
            else:
                parts.append(f"{name}\r\n\r\n{value}")
    written = "".join(f"--{_BOUNDARY}\r\n{part}\r\n" for part in parts)
    return f"{written}--{_BOUNDARY}--\r\n"


def _envelope(interface: Interface, operation: Operation) -> str:
    soap, body = interface.soap, operation.body
    if soap is None or body is None or body.root is None:
        raise TypeError("resolving reports SOAP operations without their names")
    message = namespaces_of_body(interface, operation)
    blocks = {block.element.wire: namespaces_of_block(soap, block) for block in soap.blocks}
    names = _Names(interface, message, *blocks.values())
    example = _credentials(body.record) | record_example(interface, body.record)
    content = _element(names, message, (), body.root.wire, example)
    header = "".join(
        _element(names, blocks[block.element.wire], (), block.element.wire, values)
        for block in soap.blocks
        if (values := _block_values(interface, operation, block)) or block.element is soap.header
    )
    envelope = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
        f"{names.declared}>{_header(soap, header)}<s:Body>{content}</s:Body></s:Envelope>"
    )
    if operation.request_media == "xml":
        return envelope
    head = "Content-Type: text/xml; charset=UTF-8"
    return f"--{_BOUNDARY}\r\n{head}\r\n\r\n{envelope}\r\n--{_BOUNDARY}--\r\n"


def _block_values(
    interface: Interface, operation: Operation, block: SoapBlock
) -> dict[str, object]:
    """Return what a block of the header holds: its own fields, and those of the request."""
    soap = interface.soap
    under = () if soap is not None and block.element is soap.header else (block.element.wire,)
    own: dict[str, object] = {f.field.wire: _header_value(f, operation) for f in block.fields}
    return own | {
        parameter.field.wire: _parameter(interface, parameter)
        for parameter in operation.parameters
        if parameter.place is Place.SOAP_HEADER and parameter.under == under
    }


class _Names:
    """Names of elements with prefixes: `x` where all are in one namespace."""

    def __init__(self, interface: Interface, *messages: Namespaces) -> None:
        found = prefixes_of(interface, *messages)
        is_in_one = len(found) == 1 and not any(message.elements for message in messages)
        self._prefixes = dict.fromkeys(found, "x") if is_in_one else found
        pairs = self._prefixes.items()
        self.declared = "".join(f' xmlns:{prefix}="{space}"' for space, prefix in pairs)

    def name(self, message: Namespaces, path: tuple[str, ...], wire: str) -> str:
        """Return the name of an element to which a path leads."""
        prefix = self._prefixes.get(message.at(path))
        return f"{prefix}:{wire}" if prefix else wire


def _element(
    names: _Names, message: Namespaces, path: tuple[str, ...], wire: str, value: object
) -> str:
    """Write one element of a message, or each of several."""
    if isinstance(value, list):
        return "".join(_element(names, message, path, wire, one) for one in value)
    if isinstance(value, dict):
        inside = value.items()
        value = "".join(_element(names, message, (*path, n), n, one) for n, one in inside)
    name = names.name(message, path, wire)
    text = str(value).lower() if isinstance(value, bool) else value
    return f"<{name}>{text}</{name}>"


def _header(soap: Soap, own: str) -> str:
    """Write the header of an envelope: the document's own blocks, and that of WS-Security."""
    if soap.security is None:
        return f"<s:Header>{own}</s:Header>" if own else ""
    token = soap.security.token
    password, kind = with_variables(token.password), "TextView"
    hashed = ""
    if token.is_digest:
        password, kind = "{{soap_digest}}", "Digest"
        hashed = (
            f'<w:Nonce EncodingType="{_WSS}-soap-message-security-1.0#Base64Binary">'
            "{{soap_nonce}}</w:Nonce>"
            f'<u:Created xmlns:u="{_WSS}-wssecurity-utility-1.0.xsd">'
            "{{soap_created}}</u:Created>"
        )
    return (
        f'<s:Header>{own}<w:Security xmlns:w="{_WSS}-wssecurity-secext-1.0.xsd"><w:UsernameToken>'
        f"<w:Username>{with_variables(token.username)}</w:Username>"
        f'<w:Password Type="{_WSS}-username-token-profile-1.0#Password{kind}">{password}'
        f"</w:Password>{hashed}</w:UsernameToken></w:Security></s:Header>"
    )


def _digest(interface: Interface) -> list[str]:
    """Spell the digest of a password in the script that runs before each request."""
    security = interface.soap.security if interface.soap is not None else None
    if security is None or not security.token.is_digest:
        return []
    return [
        "const nonce = CryptoJS.lib.WordArray.random(16);",
        "const created = new Date().toISOString();",
        f"const password = {replaced(with_variables(security.token.password))};",
        "const hashed = nonce.clone().concat(CryptoJS.enc.Utf8.parse(created + password));",
        'pm.variables.set("soap_nonce", CryptoJS.enc.Base64.stringify(nonce));',
        'pm.variables.set("soap_created", created);',
        'pm.variables.set("soap_digest", CryptoJS.enc.Base64.stringify(CryptoJS.SHA1(hashed)));',
    ]


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
        case "option":
            return field.default or "127.0.0.1"
        case _:
            assert_never(field.source)


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
    if reply.list is not None and envelope.message:
        lines += [
            f"  for (const record of body[{json.dumps(reply.list.wire)}])",
            f"    pm.expect(record).to.not.have.property({json.dumps(envelope.message)});",
        ]
    elif reply.list is None and is_in_root(envelope):
        lines += [
            f'  pm.expect({json.dumps(values)}).to.include(String(body[{json.dumps(name)}] ?? ""));'
            for name, values in envelope.success
        ]
    return [*lines, "});"]


def _script(listen: str, lines: list[str]) -> Json:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": lines}}
