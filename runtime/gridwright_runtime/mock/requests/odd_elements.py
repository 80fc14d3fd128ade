"""Compare the elements of an envelope with those of an operation of SOAP."""

from typing import Any

from ...interface import Operation
from ..texts.soap_envelopes import SoapEnvelope, element_name, element_namespace
from ..texts.xml_namespaces import strangers_in

__all__ = ["odd_elements"]


def odd_elements(operation: Operation[Any], envelope: SoapEnvelope) -> str:
    """Say how an envelope does not hold the elements of an operation; empty: it does."""
    soap = operation.soap
    if soap is None:
        return ""
    parts = [p for p in operation.request.parts if p.place == "soap_header"]
    wanted = [soap.header] if soap.header and any(not part.under for part in parts) else []
    needed = {part.under[0] for part in parts if part.under and not part.optional}
    wanted += [block for name, block in soap.headers.items() if name in needed]
    for block in wanted:
        if (element_namespace(block), element_name(block)) not in envelope.header_names:
            return f"mock: the SOAP header does not hold {element_name(block)}"
    name = element_name(soap.request)
    if (envelope.namespace, envelope.name) != (element_namespace(soap.request), name):
        return f"mock: the SOAP body does not hold {name}"
    body = operation.request.body
    if body is not None and body.namespaces is not None:
        for text in strangers_in(envelope.element, body.namespaces):
            return f"mock: {text}"
    return ""
