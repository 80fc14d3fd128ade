"""Resolve what SOAP messages share: their namespace and their header."""

from gridwright.diagnostics import nearest
from gridwright.ir import (
    Element,
    Security,
    Soap,
    SoapBlock,
    SoapHeaderField,
    UsernameToken,
    referred,
)
from gridwright.ir.words import HEADER_FILLERS
from gridwright.resolve.context import Context, cite, one_of
from gridwright.resolve.fields import resolve_field
from gridwright.resolve.message_records import element, element_name
from gridwright.resolve.namespaces import namespace_of, namespace_of_root
from gridwright.resolve.sources import text_of
from gridwright.source import Entry, Node
from gridwright.spec_names import PROVISIONAL, UNDOCUMENTED

__all__ = ["header_block", "resolve_soap"]

_HEADER = "header"
"""What the header block is called where the document does not name it."""


def header_block(root: Node) -> str:
    """Return the wire name of the block for which nothing is said; a provisional one for none."""
    header = (root.get("soap") or root).get("header")
    return f"{PROVISIONAL}{_HEADER}" if header is None else element_name(header, _HEADER)


def resolve_soap(root: Node, context: Context) -> Soap | None:
    """Resolve what all SOAP messages share; None where there are none."""
    node = root.get("soap")
    if node is None:
        return None
    namespace = namespace_of_root(node, context)
    is_provisional = namespace == UNDOCUMENTED
    header, fields = node.get("header"), tuple(node.children("fields"))
    if (header is None) != (not fields):
        context.report(
            node.span,
            "missing-key",
            "the SOAP header holds fields, and nothing says in what element"
            if header is None
            else "the SOAP header has an element, and nothing says what it holds",
            "add `header: {element: …}`" if header is None else "add `fields: {…}`",
        )
    return Soap(
        namespace=f"urn:gridwright:provisional:{root.string('system')}"
        if is_provisional
        else namespace,
        provisional=is_provisional,
        header=None if header is None else element(header, context, "the SOAP header", _HEADER),
        fields=tuple(_header_field(e, context) for e in fields),
        headers=tuple(_block(e, context) for e in node.children("headers")),
        security=_security(node.get("security"), context),
        cite=cite(node, context, "soap"),
        span=node.span,
    )


def _security(node: Node | None, context: Context) -> Security | None:
    if node is None:
        return None
    token = UsernameToken(
        username=text_of(node.get("username") or node, context),
        password=text_of(node.get("password") or node, context),
        is_digest=node.string("password_as") == "digest",
    )
    for kind, name in referred(token):
        if kind != "credential":
            context.report(
                node.span,
                "malformed-value",
                f"the token of WS-Security is to be made of {kind}.{name}",
                "make it of credentials, as `credential.NAME`",
            )
    return Security(token=token, cite=cite(node, context, "soap security"), span=node.span)


def _block(entry: Entry, context: Context) -> SoapBlock:
    node = entry.value
    return SoapBlock(
        element=Element(
            wire=entry.key,
            provisional=False,
            label=node.string("label"),
            en=node.string("en"),
            namespace=namespace_of(node, context),
            cite=cite(node, context, f"header block {entry.key!r}"),
            span=entry.key_span,
        ),
        fields=tuple(_header_field(e, context) for e in node.children("fields")),
    )


def _header_field(entry: Entry, context: Context) -> SoapHeaderField:
    node = entry.value
    # What has no source, or one of no meaning, the grammar has reported.
    source, name = one_of(HEADER_FILLERS, node.string("with")) or "option", node.string("name")
    if source == "credential" and name not in context.credentials:
        context.report(
            node.span,
            "unknown-credential",
            f"{entry.key!r} takes credential {name!r}, which is not declared",
            nearest(name, context.credentials),
        )
    return SoapHeaderField(
        field=resolve_field(entry, context),
        source=source,
        name=name if source in ("credential", "option") else "",
        default=node.string("default"),
    )
