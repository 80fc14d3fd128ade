"""Requests as constants of the runtime's types: which parts they have, and what their body is."""

from collections import Counter
from collections.abc import Iterator, Mapping

from gridwright.analysis.element_namespaces import namespaces_of_body
from gridwright.analysis.memoize import memoize
from gridwright.analysis.naming import constant_name
from gridwright.ir import (
    Body,
    Citation,
    Envelope,
    Field,
    Filled,
    FormatWord,
    Hole,
    Interface,
    Operation,
    Parameter,
    Place,
    Presented,
    Record,
    Soap,
    Text,
    referred,
)
from gridwright.ir.words import Encoding
from gridwright.targets.calls.namespaces import namespaces
from gridwright.targets.calls.requests import IN_BODY, RequestArguments, request_of
from gridwright.targets.calls.sources import (
    INTERFACE,
    argument,
    header_source,
    hole,
    new_id,
    part,
    source_of_field,
    source_of_step,
)
from gridwright.targets.expressions import OWN, Call, Expression, Name, Spread, call, dict_display
from gridwright.targets.python import source_of

__all__ = [
    "HEADER_FIELDS",
    "encodings",
    "header_parts",
    "is_checked",
    "pair_parts",
    "pairs_constant",
    "presented_by",
    "provisional",
    "provisional_fields",
    "request_spec",
    "shared_parts",
]

HEADER_FIELDS = "HEADER_FIELDS"
"""The constant with the parts of the SOAP header."""


def request_spec(interface: Interface, operation: Operation) -> Call:
    """Return what a call sends."""
    request = request_of(interface, operation)
    body = operation.body
    shared = shared_parts(interface)
    parts: Expression = tuple(shared.get(one, one) for one in _parts(interface, operation, request))
    match parts:
        case (Spread(of=all_of_them),):
            parts = all_of_them
    encoded = encodings(operation)
    return call(
        Name("RequestSpec", INTERFACE),
        model=Name(f"models.{request.record.name}", OWN),
        check=Name(f"validators.check_{operation.name}_request", OWN),
    ).with_options(
        parts=parts,
        body=_body_spec(interface, operation, encoded) if encoded else None,
        attachments=body is not None and body.attachments,
        provisional=tuple(
            provisional(path, field.wire, field.label or field.en, field.cite)
            for path, field in provisional_fields(interface, request.record)
        ),
    )


@memoize
def shared_parts(interface: Interface) -> dict[Call | Spread, Name]:
    """Return the parts that nobody is asked for and several operations have, each with a name.

    The name is that of the constant which says the part once. It is made of the Python name of the
    field; a part that has none, or whose name another one has, is said where it stands.
    """
    names = {p.field.wire: p.field.name for o in interface.operations for p in o.parameters}
    counted = Counter(
        one
        for operation in interface.operations
        for one in _parts(interface, operation, request_of(interface, operation))
        if isinstance(one, Call) and not _is_asked_for(one)
    )
    found: dict[Call | Spread, Name] = {
        one: Name(f"_{constant_name(names[wire])}")
        for one, count in counted.items()
        if count > 1 and (wire := str(dict(one.named)["wire"])) in names
    }
    taken = Counter(found.values())
    return {one: name for one, name in found.items() if taken[name] == 1}


def _is_asked_for(made: Call) -> bool:
    source = dict(made.named)["source"]
    return isinstance(source, Call) and source.of.text == "Argument"


def encodings(operation: Operation) -> dict[str, Encoding]:
    """Return how the body is written, by format of the reply; nothing where there is no body."""
    in_form = any(p.place is Place.FORM for p in operation.parameters)
    pairs = operation.envelope.pairs if operation.envelope else None
    has_parts = any(p.place in IN_BODY for p in operation.parameters)
    if operation.body is None and not has_parts and pairs is None:
        return {}
    # What brings no message back is written in the format that a client takes by itself.
    formats = tuple("json" if name in ("file", "none") else name for name in operation.formats)
    if operation.protocol == "soap11":
        return dict.fromkeys(formats, "xml")
    media: Encoding
    match operation.request_media:
        case "none" | "multipart_related":
            media = "form" if in_form else "json"
        case said:
            media = said
    if media == "json" and operation.body is not None and operation.body.root is not None:
        # A request is written in the format that its reply is asked for in.
        return {name: "xml" if name == "xml" else "json" for name in formats}
    return dict.fromkeys(formats, media)


def is_checked(operation: Operation, request: RequestArguments, parameter: Parameter) -> bool:
    """Whether the check of a request sees what a parameter is filled with.

    Where an argument, or a field of the body, has the same name, the check sees that.
    """
    source = parameter.source
    if isinstance(source, Text):
        if any(kind != "credential" for kind, _ in referred(source)):
            return False  # not known when a request is checked, or not always there
    elif not isinstance(source, FormatWord):
        return False
    seen = {key for _, key in request.keys}
    seen |= {field.wire for field in operation.body.record.fields} if operation.body else set()
    return parameter.field.wire not in seen


def header_parts(interface: Interface, soap: Soap) -> tuple[Call, ...]:
    """Return the parts of the SOAP header."""
    optional = {credential.name for credential in interface.credentials if credential.optional}
    fields = tuple(
        part(
            item.field.wire, "soap_header", header_source(item),
            under=() if block.element is soap.header else (block.element.wire,),
            optional=item.source == "credential" and item.name in optional,
        )
        for block in soap.blocks
        for item in block.fields
    )  # fmt: skip
    if soap.security is None:
        return fields
    token = soap.security.token
    is_optional = interface.may_be_left_out(token)
    source = source_of_step(token)
    return (*fields, part("UsernameToken", "soap_security", source, optional=is_optional))


def pairs_constant(envelope: Envelope) -> str:
    """Return the name of the constant with the pairs that every request carries."""
    return f"{constant_name(envelope.name)}_PAIRS"


def pair_parts(envelope: Envelope) -> tuple[Call, ...]:
    """Return the pairs that every request carries, as parts."""
    pairs = envelope.pairs
    if pairs is None:
        return ()
    return tuple(
        part(
            pair.key,
            "body",
            new_id() if pair.source == "uuid" else hole("option", pair.name),
            under=(pairs.field,),
            pair=(pairs.key, pairs.value),
            checked=True,
            optional=pair.source != "uuid",
        )
        for pair in pairs.fill
    )


def provisional(path: str, wire: str, label: str, cite: Citation) -> Call:
    """Return what stands in for a name that the document does not give."""
    return call(Name("Provisional", INTERFACE), path, wire, label, source_of(cite))


def provisional_fields(
    interface: Interface, record: Record, before: str = ""
) -> Iterator[tuple[str, Field]]:
    """Yield the fields without a documented name, with their Python path."""
    for field in record.fields:
        path = f"{before}{field.name}"
        if field.provisional:
            yield path, field
        inner = interface.record_of(field)
        if inner is not None:
            yield from provisional_fields(interface, inner, f"{path}.")


def _body_spec(interface: Interface, operation: Operation, encoded: Mapping[str, Encoding]) -> Call:
    body: Body | None = operation.body
    spec = call(Name("BodySpec", INTERFACE), encodings=dict_display(encoded.items()))
    if body is None:
        return spec
    root, in_xml = body.root, "xml" in encoded.values()
    spaces = namespaces_of_body(interface, operation)
    return spec.with_options(
        is_value=body.is_value,
        item=body.record.fields[0].item if body.is_value and root is not None else "",
        under=(body.arguments,) if body.arguments else (),
        root=root.wire if root is not None else "",
        namespaces=namespaces(interface, operation, spaces) if root and in_xml else None,
    )


def presented_by(interface: Interface, operation: Operation) -> list[Presented]:
    """Return what a request carries by `auth: {present: …}` that it does not list itself."""
    listed = {(p.field.wire, p.place) for p in operation.parameters}
    return [
        p
        for p in interface.presented
        if (not p.operations or operation.name in p.operations) and (p.wire, p.place) not in listed
    ]


def _parts(
    interface: Interface, operation: Operation, request: RequestArguments
) -> Iterator[Call | Spread]:
    """Yield the parts of a request: as the document lists them, then what all requests carry."""
    envelope = operation.envelope
    if envelope is not None and envelope.language is not None:
        yield part("Accept-Language", "header", hole("option", "language"), optional=True)
    logins = {(p.wire, p.place) for p in interface.presented}
    for parameter in operation.parameters:
        if (parameter.field.wire, parameter.place) in logins and not parameter.is_argument:
            source = source_of_field(parameter.source, parameter.field)
            optional = interface.may_be_left_out(parameter.source)
            yield _part_of(parameter, source, optional=optional)
        elif (made := _parameter(interface, operation, request, parameter)) is not None:
            yield made
    for item in presented_by(interface, operation):
        where = _WHERE.get(item.place, item.place.value)
        optional = interface.may_be_left_out(item.source)
        yield part(
            item.wire, where, source_of_step(item.source), under=item.under, optional=optional
        )
    under = (operation.body.arguments,) if operation.body and operation.body.arguments else ()
    for field in request.record.fields:
        if field.credential is not None:
            optional = interface.may_be_left_out(Text((Hole("credential", field.credential),)))
            yield part(
                field.wire, "body", hole("credential", field.credential), under=under,
                checked=not under, optional=optional,
            )  # fmt: skip
    if envelope is not None and envelope.pairs is not None:
        yield Spread(Name(pairs_constant(envelope)))
    soap = interface.soap if operation.protocol == "soap11" else None
    if soap is not None and header_parts(interface, soap):
        yield Spread(Name(HEADER_FIELDS))


def _parameter(
    interface: Interface, operation: Operation, request: RequestArguments, parameter: Parameter
) -> Call | None:
    """Return the part of a parameter; None where it is an argument that is the body's own."""
    if not parameter.is_argument:
        source = source_of_field(parameter.source, parameter.field)
        is_option = isinstance(parameter.source, Filled) and parameter.source.with_ == "option"
        is_optional = is_option and not parameter.field.required
        is_optional = is_optional or interface.may_be_left_out(parameter.source)
        checked = is_checked(operation, request, parameter)
        constant, default = parameter.constant, parameter.field.default
        own = default if constant is not None and default == constant else None
        kind = parameter.field.json
        return _part_of(
            parameter, source, checked=checked, optional=is_optional, default=own, json=kind
        )
    is_beside = operation.body is not None and operation.body.arguments
    if parameter.place in IN_BODY and not (parameter.under or parameter.join or is_beside):
        return None
    source = argument(request.key_of(parameter))
    return _part_of(parameter, source, optional=not parameter.field.required, join=parameter.join)


def _part_of(parameter: Parameter, source: Call, **keywords: Expression) -> Call:
    place = parameter.place
    return part(
        parameter.field.wire,
        _WHERE.get(place, place.value),
        source,
        under=parameter.under,
        **keywords,
    )


_WHERE = dict.fromkeys(IN_BODY, "body")
