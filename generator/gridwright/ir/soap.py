"""How an operation is put into a SOAP envelope."""

from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.records import Field
from gridwright.ir.requests import Element

__all__ = ["Soap", "SoapHeaderField"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapHeaderField:
    """One element of the SOAP header.

    Attributes:
        source: credential, uuid, serial, service, option or now: who fills it.
        name: Python name of the credential or option; empty: the source needs none.
    """

    field: Field
    source: str
    name: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Soap:
    """What all SOAP messages of a system share.

    Attributes:
        namespace: of the elements of header and body; a visibly provisional one where the document
            gives none.
        header: the element that holds the header fields.
    """

    namespace: str
    provisional: bool
    header: Element
    fields: tuple[SoapHeaderField, ...]
    cite: Citation
    span: Span
