"""An operation as parts, as plain values: what travels where, from whom, and what judges it."""

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from gridwright.analysis.reading_words import ReadingWords, reading_words
from gridwright.analysis.source_words import source_words
from gridwright.analysis.type_words import describe_type
from gridwright.ir import (
    AuthStep,
    Case,
    Envelope,
    Field,
    Filled,
    Interface,
    Limit,
    Operation,
    Parameter,
    Reply,
    Security,
    Status,
    referred,
)
from gridwright.ir.words import PagingForm
from gridwright.targets.calls.parts import encodings, presented_by
from gridwright.targets.calls.replies import WITHOUT_MESSAGE
from gridwright.targets.calls.requests import payload_of, request_of

__all__ = ["Explained", "explained"]

Explained = dict[str, Any]
"""What is said of one operation, ready for JSON."""


def explained(interface: Interface, operation: Operation) -> Explained:
    """Return the parts of an operation, in the order of a call."""
    return {
        "operation": operation.name,
        "wire_name": operation.wire_name,
        "kind": operation.kind,
        "method": operation.method,
        "address": operation.path,
        "at": str(operation.cite),
        "sends": [*_request_parts(interface, operation)],
        "body": _body(operation),
        "login": [_step(step) for step in _steps(interface, operation)],
        "limits": [_limit(limit) for limit in interface.limits if _holds(limit, operation)],
        "judged": [*_judged(interface, operation)],
        "brings": _brings(operation),
        "readings": [_reading(one) for one in reading_words(interface, operation.reply)],
        "then": [*_describe_repeats(operation)],
    }


def _request_parts(interface: Interface, operation: Operation) -> Iterator[Explained]:
    request = request_of(interface, operation)
    for parameter in operation.parameters:
        yield {
            "name": parameter.field.wire,
            "where": _where(parameter),
            "from": _describe_source(parameter),
            "type": describe_type(parameter.field.type),
            "required": parameter.is_needed,
            "at": str(parameter.field.cite),
        }
    for item in presented_by(interface, operation):
        yield {
            "name": item.wire,
            "where": item.place.value,
            "from": source_words(item.source),
            "type": "text",
            "required": not interface.may_be_left_out(item.source),
            "at": str(item.cite),
        }
    if (certificate := interface.certificate) is not None:
        yield {
            "name": "certificate",
            "where": "TLS",
            "from": f"ssl_context: {certificate.en}",
            "type": "certificate",
            "required": True,
            "at": str(certificate.cite),
        }
    if security := _security(interface, operation):
        yield {
            "name": "UsernameToken",
            "where": "soap header, as WS-Security has it",
            "from": source_words(security.token),
            "type": "text",
            "required": not interface.may_be_left_out(security.token),
            "at": str(security.cite),
        }
    pairs = operation.envelope.pairs if operation.envelope else None
    for pair in pairs.fill if pairs else ():
        source = Filled(pair.source, pair.name)
        yield {
            "name": pair.key,
            "where": f"body, a pair in {pairs.field if pairs else ''}",
            "from": source_words(source),
            "type": "text",
            "required": pair.source == "uuid",
            "at": str(pair.cite),
        }
    keyed = {key for _, key in request.keys}
    payload = payload_of(interface, operation.body)
    under = operation.body.arguments if operation.body else ""
    for field in payload.fields if payload else ():
        if field.wire in keyed:
            continue
        is_credential = field.credential is not None
        yield {
            "name": field.wire,
            "where": f"body, below {under}" if under else "body",
            "from": f"credential {field.credential}" if is_credential else f"argument {field.name}",
            "type": describe_type(field.type),
            "required": field.required,
            "at": str(field.cite),
        }


def _security(interface: Interface, operation: Operation) -> Security | None:
    soap = interface.soap if operation.protocol == "soap11" else None
    return soap.security if soap is not None else None


def _where(parameter: Parameter) -> str:
    place = parameter.place.value.replace("_", " ")
    below = f", below {' > '.join(parameter.under)}" if parameter.under else ""
    joined = f", joined by {parameter.join!r}" if parameter.join else ""
    return f"{place}{below}{joined}"


def _describe_source(parameter: Parameter) -> str:
    if parameter.is_argument:
        return f"argument {parameter.field.name}"
    return source_words(parameter.source)


def _body(operation: Operation) -> str:
    found = dict.fromkeys(encodings(operation).values())
    if operation.protocol == "soap11":
        return "a SOAP 1.1 envelope"
    if not found:
        return "none"
    body = operation.body
    what = body.record.name if body is not None else "the parts that travel in a body"
    if body is not None and body.is_value:
        what = f"{body.record.fields[0].name}, and nothing else"
    return f"{' or '.join(found)}: {what}"


def _steps(interface: Interface, operation: Operation) -> list[AuthStep]:
    """Return the steps whose results the request carries, and those that they need."""
    sources = [p.source for p in operation.parameters]
    sources += [item.source for item in presented_by(interface, operation)]
    if security := _security(interface, operation):
        sources.append(security.token)
    wanted = {name for source in sources for kind, name in referred(source) if kind == "step"}
    found: list[AuthStep] = []
    for step in reversed(interface.auth_steps):
        if step.name in wanted:
            found.insert(0, step)
            wanted |= {
                n for p in step.all_parts for kind, n in referred(p.source) if kind == "step"
            }
    return found


def _step(step: AuthStep) -> Explained:
    lives = f"{int(step.lifetime.total_seconds())} s" if step.lifetime else "until it is refused"
    return {
        "step": step.name,
        "request": _requested(step),
        "sends": _sent(step),
        "renewed": {"request": _requested(step.renewal), "sends": _sent(step.renewal)}
        if step.renewal is not None
        else {},
        "result": list(step.read),
        "parts": {name: list(found) for name, found in step.read_parts if name},
        "lives": f"{'until' if step.lifetime_ends else 'as long as'} {step.lifetime_read} says"
        if step.lifetime_read
        else lives,
        "serves": "one request" if step.once else "many requests",
        "at": str(step.cite),
    }


def _requested(step: AuthStep) -> str:
    return f"{step.method} {' or '.join(address for _, address in step.address)}"


def _sent(step: AuthStep) -> dict[str, str]:
    return {part.wire: f"{part.place}: {source_words(part.source)}" for part in step.parts}


def _holds(limit: Limit, operation: Operation) -> bool:
    return not limit.operations or operation.name in limit.operations


def _limit(limit: Limit) -> Explained:
    return {"limit": limit.name, "kind": limit.kind, "says": limit.en, "at": str(limit.cite)}


def _judged(interface: Interface, operation: Operation) -> Iterator[str]:
    """Yield what is asked of a reply, in order; the first that says no decides."""
    if operation.protocol == "soap11":
        yield "a SOAP fault: a failure of the service"
    for number, envelope in enumerate(operation.envelopes):
        told = _verdict(envelope)
        if number:
            told = (f"if {envelope.name} answers in its place: {line}" for line in told)
        yield from told
    for envelope in operation.partial:
        where = ".".join(envelope.path)
        yield from (f"each entry of {where}: {line}" for line in _verdict(envelope))
        yield f"{where} is in `failures`; where no data are left, the first is raised"
    if operation.reply.verdict is not None:
        told = _verdict(operation.reply.verdict)
        yield from (f"each item of the list: {line}" for line in told)
        yield "an item that failed is in `failures`; where all failed, the first is raised"
    own = {status.code for status in operation.statuses}
    shared = [status for status in interface.statuses if status.code not in own]
    for status in (*operation.statuses, *shared):
        yield _status(status)
    yield "HTTP 401 or 403, if not said above: authentication; 429: limit"
    yield "any other status that is no success: HttpStatusError"
    if operation.reply.shape not in WITHOUT_MESSAGE:
        yield "the payload: what cannot be read is UnexpectedReplyError, what departs a deviation"


def _status(status: Status) -> str:
    return f"HTTP {status.wire}: {_error(status.error)}, {status.en}{_used_up(status.breaks)}"


def _used_up(limit: str) -> str:
    return f"; nothing leaves until {limit} resets" if limit else ""


def _verdict(envelope: Envelope) -> Iterator[str]:
    roots = (envelope.root.wire,) if envelope.root else ()
    where = ".".join((*roots, *envelope.path)) or ("it" if envelope.of_items else "the root")
    for case in envelope.cases:
        yield f"{_describe_case(case)}: {_error(case.error)}, {case.en}{_used_up(case.breaks)}"
    success = " and ".join(
        f"{name} is {' or '.join(value or 'empty' for value in values)}"
        for name, values in envelope.success
    )
    if success:
        yield f"success, in {where}: {success}"
    if envelope.failure_in_list is not None:
        yield f"a record that has {envelope.code}: a failure, in the place of records"
    for error in envelope.errors:
        said = f"{_error(error.error)}, {error.en}{_used_up(error.breaks)}"
        yield f"{envelope.code} {error.code}: {said}"
    for kind in envelope.kinds:
        yield f"{envelope.kind_field} {kind.value}: {_error(kind.error)}, {kind.en}"
    if envelope.cases and not envelope.success and envelope.partial is None:
        yield "anything else: success"
    else:
        yield f"any other {envelope.code or 'failure'}: what its HTTP status means, else rejected"


def _describe_case(case: Case) -> str:
    asked = [f"the root is {' or '.join(case.root)}"] if case.root else []
    asked += [f"HTTP {' or '.join(case.status)}"] if case.status else []
    asked += [f"{name} is {' or '.join(value or 'empty' for value in v)}" for name, v in case.when]
    asked += [f"{name} contains {text!r}" for name, text in case.contains]
    asked += [f"there is {'.'.join(case.has)}"] if case.has else []
    asked += [f"there is no {'.'.join(case.lacks)}"] if case.lacks else []
    return " and ".join(asked)


def _error(error: str) -> str:
    return "success" if error == "none" else error.replace("_", " ")


def _brings(operation: Operation) -> Explained:
    reply = operation.reply
    return {
        "formats": list(operation.formats),
        "root": reply.root.wire if reply.root and "xml" in operation.formats else "",
        "path": list(reply.payload),
        "item": reply.item.wire if reply.item and "xml" in operation.formats else "",
        "what": _what(reply),
        "fields": [
            {"name": f.wire, "as": f.name, "type": describe_type(f.type), "at": str(f.cite)}
            for f in reply.record.fields
        ],
        "beside": [
            {
                "name": f.wire,
                "as": f.name,
                "type": describe_type(f.type),
                "where": _place_beside(operation, f),
                "at": str(f.cite),
            }
            for f in (reply.beside.fields if reply.beside is not None else ())
        ],
    }


def _place_beside(operation: Operation, field: Field) -> str:
    """Say where a value beside a payload stands."""
    if field.in_header:
        if operation.protocol != "soap11":
            return "a header"
        return f"block {field.block} of the SOAP header" if field.block else "the SOAP header"
    return " > ".join(field.under) or "the root"


def _reading(one: ReadingWords) -> Explained:
    return {"method": f"{one.record}.{one.method}()", "of": one.value, "says": list(one.words)}


def _what(reply: Reply) -> str:
    match reply.shape:
        case "record":
            return f"record {reply.record.name}"
        case "list":
            return f"list of {reply.record.name}"
        case "value":
            name = f"called {reply.record.fields[0].name}" if reply.record.fields else ""
            return f"value {name}"
        case "file":
            return "a file"
        case "none":
            return "nothing"
        case _:
            assert_never(reply.shape)


def _describe_repeats(operation: Operation) -> Iterator[str]:
    if operation.kind == "write":
        yield "it is never sent twice: an outcome that is not known is OutcomeUnknownError"
    else:
        yield "it may be asked again after a failure of the network or the service"
    if operation.paging is not None:
        yield f"{operation.paging.name}() {_WALKS[operation.paging.form]}"
    if operation.reconcile is not None:
        yield f"{operation.reconcile.search}() finds what it left behind"
    if operation.harvest is not None:
        window = operation.harvest
        of = f"each {window.each} and " if window.each else "each "
        yield f"`gridwright harvest` reads it for {of}window of {window.step}"


_WALKS: Mapping[PagingForm, str] = {
    "rows": "walks over its pages, asked for by first and last row",
    "page": "walks over its pages, asked for by number",
    "offset": "walks over its pages, asked for by how many records are left out",
    "token": "walks over its pages, each asked for by what the one before gave",
    "link": "walks over its pages, each at the address that the one before gave",
    "whole": "asks in parts for what one call does not take",
}
