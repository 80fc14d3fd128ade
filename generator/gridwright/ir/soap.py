"""SOAP: how an operation is put into an envelope."""

from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir.facts import Citation
from gridwright.ir.records import Field
from gridwright.ir.requests import Element, UsernameToken
from gridwright.ir.words import HeaderFiller

__all__ = ["Security", "Soap", "SoapBlock", "SoapHeaderField"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapHeaderField:
    """One element of the SOAP header.

    Attributes:
        name: Python name of the credential or option; empty: the source needs none.
    """

    field: Field
    source: HeaderFiller
    name: str
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapBlock:
    """One block of the SOAP header.

    Attributes:
        fields: those that each message has; fields of requests may stand beside them.
    """

    element: Element
    fields: tuple[SoapHeaderField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What WS-Security has in the header."""

    token: UsernameToken
    cite: Citation
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Soap:
    """What all SOAP messages of a system share.

    Attributes:
        namespace: of the elements of header and body; a visibly provisional one where the document
            gives none.
        header: the element that holds the header fields; None: there are none.
        headers: further blocks of the header, in order.
        security: the token of WS-Security; None: there is none.
    """

    namespace: str
    provisional: bool
    header: Element | None
    fields: tuple[SoapHeaderField, ...]
    headers: tuple[SoapBlock, ...] = ()
    security: Security | None
    cite: Citation
    span: Span

    @property
    def blocks(self) -> tuple[SoapBlock, ...]:
        """All blocks of the header but that of WS-Security."""
        own = () if self.header is None else (SoapBlock(element=self.header, fields=self.fields),)
        return (*own, *self.headers)

    @property
    def all_fields(self) -> tuple[SoapHeaderField, ...]:
        """The fields of all blocks."""
        return tuple(field for block in self.blocks for field in block.fields)
