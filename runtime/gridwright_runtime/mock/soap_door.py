"""The door of a service that wants a login in the header of each SOAP message."""

import hmac
from collections.abc import Mapping
from typing import Any

from ..service.operation import HeaderField, ServiceOperation, Soap
from .soap_codec import Envelope, SoapFault, element_name
from .world import Refusal

__all__ = ["check_elements", "open_envelope"]


def check_elements(soap: Soap, envelope: Envelope) -> None:
    """Make sure that header and body hold the elements that an operation has.

    Raises:
        SoapFault: they do not.
    """
    header = (soap.namespace, element_name(soap.header))
    if soap.header_fields and header not in envelope.header_names:
        raise SoapFault("Client", f"mock: the SOAP header does not hold {header[1]}")
    name = element_name(soap.request)
    if (envelope.namespace, envelope.name) != (soap.namespace, name):
        raise SoapFault("Client", f"mock: the SOAP body does not hold {name}")


def open_envelope(
    operation: ServiceOperation[Any],
    soap: Soap,
    envelope: Envelope,
    credentials: Mapping[str, str],
) -> str | Refusal:
    """Return who sent an envelope, empty where nobody is named; or why it is refused."""
    account = ""
    for field in soap.header_fields:
        value = envelope.header.get(field.wire)
        if not isinstance(value, str) or not value.strip():
            if field.source == "option":
                continue  # clients send one only where they are given it
            return _missing(field)
        if field.source == "service" and value != operation.wire_name:
            text = f"mock: {field.wire} is that of another service"
            return Refusal("other-service", "mock-1005", text)
        if field.source == "credential":
            expected = credentials.get(field.name, "")
            if not hmac.compare_digest(value.encode("utf-8", "replace"), expected.encode()):
                return Refusal("wrong-login", "mock-1002", f"mock: {field.wire} is not known")
            account = account or value
    return account


def _missing(field: HeaderField) -> Refusal:
    kind = "missing-login" if field.source == "credential" else "missing"
    code = "mock-1001" if field.source == "credential" else "mock-2001"
    return Refusal(kind, code, f"mock: {field.wire} is missing in the SOAP header")
