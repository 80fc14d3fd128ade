"""Operations: what calls need, as constants of the runtime's types."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.analysis.element_namespaces import soap_prefixes
from gridwright.analysis.naming import constant_name
from gridwright.ir import Element, Interface, Operation, Soap, Status
from gridwright.output.escape import python_docstring
from gridwright.output.view import View
from gridwright.targets.calls.cuts import cuts, cuts_constant
from gridwright.targets.calls.errors import NO_ERROR
from gridwright.targets.calls.harvests import harvest_spec
from gridwright.targets.calls.limits import client_limits, limit_expressions, touched_fields
from gridwright.targets.calls.paging import pages, pages_constant
from gridwright.targets.calls.parts import (
    HEADER_FIELDS,
    header_parts,
    pair_parts,
    pairs_constant,
    provisional,
    provisional_fields,
    request_spec,
    shared_parts,
)
from gridwright.targets.calls.reaches import reaches_of
from gridwright.targets.calls.replies import (
    payload_model,
    payload_of_reply,
    reply_spec,
    status_entries,
    verdict,
    verdict_constant,
)
from gridwright.targets.calls.requests import request_of
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.calls.systems import LIMITS, system
from gridwright.targets.expressions import (
    OWN,
    Call,
    DictDisplay,
    Expression,
    Name,
    Spread,
    Subscript,
    call,
    dict_display,
    imports_of,
    spelled,
)
from gridwright.targets.package.messages import header_class, reply_class, request_class
from gridwright.targets.python import folder_of, notice_of
from gridwright.targets.xml_schema.soap import soap_operations

__all__ = ["ConstantView", "has_provisional_names", "operation_views"]

_STATUSES = "STATUSES"
_SYSTEM = "SYSTEM"
_MAPPING = Name("Mapping", "collections.abc")


@dataclass(frozen=True, slots=True)
class _Constant:
    """One constant; an annotation that is None is left to what a type checker infers."""

    name: str
    value: Expression
    annotation: Expression = None


@dataclass(frozen=True, slots=True)
class ConstantView:
    """One constant: its name, annotation (empty: none) and value, as Python."""

    name: str
    annotation: str
    value: str


def operation_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all operations."""
    constants = list(_constants(interface))
    used = [e for c in constants for e in (c.value, c.annotation)]
    yield View(
        f"{folder_of(package)}/operations.py",
        "python/operations.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"Operations of {interface.title_en}: what is sent, what comes back, and what a "
                "client must keep.",
                indent=0,
            ),
            "imports": imports_of(used, package),
            "public": [one.name for one in constants if not one.name.startswith("_")],
            "constants": [
                ConstantView(
                    constant.name,
                    "" if constant.annotation is None else spelled(constant.annotation),
                    spelled(constant.value),
                )
                for constant in constants
            ],
        },
    )


def has_provisional_names(interface: Interface, operation: Operation) -> bool:
    """Whether a request may carry a name that the document does not give."""
    if any(provisional_fields(interface, request_of(interface, operation).record)):
        return True
    soap = interface.soap if operation.protocol == "soap11" else None
    return soap is not None and bool(_provisional_names(soap, operation))


def _constants(interface: Interface) -> Iterator[_Constant]:
    """Yield all constants, in order of use."""
    statuses = status_entries(interface.statuses)
    if statuses:
        annotation = Subscript(_MAPPING, (Name("int"), Name("ErrorMeaning", INTERFACE)))
        yield _Constant(_STATUSES, dict_display(statuses), annotation)
    if client_limits(interface):
        yield _Constant(LIMITS, limit_expressions(interface))
    yield _Constant(_SYSTEM, system(interface))
    for envelope in interface.envelopes:
        yield _Constant(verdict_constant(envelope), verdict(interface, envelope))
        if envelope.pairs is not None:
            yield _parts_constant(pairs_constant(envelope), pair_parts(envelope))
    if interface.soap is not None and soap_operations(interface):
        parts = header_parts(interface, interface.soap)
        if parts:
            yield _parts_constant(HEADER_FIELDS, parts)
    for one, name in shared_parts(interface).items():
        yield _Constant(name.text, one)
    for operation in interface.operations:
        model = payload_model(payload_of_reply(interface, operation))
        annotation = Subscript(Name("Operation", INTERFACE), (model,))
        value = _operation(interface, operation, has_statuses=bool(statuses))
        yield _Constant(constant_name(operation.name), value, annotation)
        if operation.paging is not None:
            yield _Constant(pages_constant(operation), pages(interface, operation))
            if (made := cuts(interface, operation)) is not None:
                yield _Constant(cuts_constant(operation), made)


def _parts_constant(name: str, parts: tuple[Call, ...]) -> _Constant:
    kind = Subscript(Name("tuple"), (Name("Part", INTERFACE), Name("...")))
    return _Constant(name, parts, kind)


def _operation(interface: Interface, operation: Operation, *, has_statuses: bool) -> Call:
    envelope, harvest = operation.envelope, operation.harvest
    soap = interface.soap if operation.protocol == "soap11" else None
    return call(
        Name("Operation", INTERFACE),
        system=interface.system,
        name=operation.name,
        wire_name=operation.wire_name,
        kind=operation.kind,
        method=operation.method,
        path=operation.path,
        request=request_spec(interface, operation),
        reply=reply_spec(interface, operation),
    ).with_options(
        verdict=Name(verdict_constant(envelope)) if envelope is not None else None,
        gateways=tuple(Name(verdict_constant(gateway)) for gateway in operation.gateways),
        partial=tuple(Name(verdict_constant(one)) for one in operation.partial),
        statuses=_statuses(interface, operation, has_shared=has_statuses),
        success_status=operation.success_status if operation.success_status != 200 else None,
        soap=_soap(interface, soap, operation) if soap is not None else None,
        same=dict_display(touched_fields(interface, operation).items()),
        walk=operation.paging.name if operation.paging is not None else "",
        harvest=harvest_spec(interface, operation, harvest) if harvest is not None else None,
        reaches=reaches_of(interface, operation),
    )


def _statuses(interface: Interface, operation: Operation, *, has_shared: bool) -> Expression:
    """Return what HTTP statuses mean: the shared meanings, and those of the operation."""
    own = status_entries(operation.statuses)
    left = _left_of_shared(interface, operation)
    if left is not None:
        return dict_display((*status_entries(left), *own))
    if not own:
        return Name(_STATUSES) if has_shared else None
    return DictDisplay(own, (Spread(Name(_STATUSES), is_mapping=True),) if has_shared else ())


def _left_of_shared(interface: Interface, operation: Operation) -> tuple[Status, ...] | None:
    """Return the other shared statuses, where one of them is no failure of the operation.

    None: the operation takes back none.
    """
    own = {status.code for status in operation.statuses}
    fine = {status.code for status in operation.statuses if status.error == NO_ERROR}
    if not fine & {status.code for status in interface.statuses if status.error != NO_ERROR}:
        return None
    return tuple(status for status in interface.statuses if status.code not in own)


def _soap(interface: Interface, soap: Soap, operation: Operation) -> Call:
    def header(element: Element) -> Name:
        return Name(f"messages.{header_class(soap, element)}", OWN)

    return call(
        Name("SoapSpec", INTERFACE),
        namespace=soap.namespace,
        request=Name(f"messages.{request_class(operation)}", OWN),
        reply=Name(f"messages.{reply_class(operation)}", OWN),
    ).with_options(
        header=header(soap.header) if soap.header is not None else None,
        headers=dict_display((block.element.wire, header(block.element)) for block in soap.headers),
        prefixes=dict_display(soap_prefixes(interface, soap).items()),
        action=operation.soap_action,
        is_alone=operation.request_media == "xml",
        provisional=_provisional_names(soap, operation),
    )


def _provisional_names(soap: Soap, operation: Operation) -> tuple[Call, ...]:
    """Return what the document leaves open of an envelope, beside the fields of the request."""
    found = [provisional("namespace", soap.namespace, "", soap.cite)] if soap.provisional else []
    elements: list[tuple[str, Element | None]] = [
        ("SOAP header", soap.header),
        ("request element", operation.body.root if operation.body else None),
    ]
    for path, element in elements:
        if element is not None and element.provisional:
            label = element.label or element.en
            found.append(provisional(path, element.wire, label, element.cite))
    for item in soap.all_fields:
        if item.field.provisional:
            label = item.field.label or item.field.en
            path = f"SOAP header {item.field.name}"
            found.append(provisional(path, item.field.wire, label, item.field.cite))
    return tuple(found)
