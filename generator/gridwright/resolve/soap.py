"""Resolve what SOAP messages share: their namespace and their header."""

from gridwright.diagnostics import nearest
from gridwright.ir import Soap, SoapHeaderField
from gridwright.resolve.fields import resolve_field
from gridwright.resolve.operations import element
from gridwright.resolve.scope import Scope, cite
from gridwright.source import Entry, Node
from gridwright.vocabulary import UNDOCUMENTED

__all__ = ["resolve_soap"]


def resolve_soap(root: Node, scope: Scope) -> Soap | None:
    """Resolve what all SOAP messages share; None where there are none."""
    node = root.get("soap")
    if node is None:
        return None
    namespace = node.string("namespace")
    is_provisional = namespace == UNDOCUMENTED
    return Soap(
        namespace=f"urn:gridwright:provisional:{root.string('system')}"
        if is_provisional
        else namespace,
        provisional=is_provisional,
        header=element(node.get("header") or node, scope, "the SOAP header", "header"),
        fields=tuple(_header_field(e, scope) for e in node.children("fields")),
        cite=cite(node, scope, "soap"),
        span=node.span,
    )


def _header_field(entry: Entry, scope: Scope) -> SoapHeaderField:
    node = entry.value
    source, name = node.string("with"), node.string("name")
    if source == "credential" and name not in scope.credentials:
        scope.report(
            node.span,
            "unknown-credential",
            f"{entry.key!r} takes credential {name!r}, which is not declared",
            nearest(name, scope.credentials),
        )
    return SoapHeaderField(
        field=resolve_field(entry, scope),
        source=source,
        name=name if source in ("credential", "option") else "",
        default=node.string("default"),
    )
