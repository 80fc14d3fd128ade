"""Resolve what calls of a service share: the meaning of statuses, the SOAP header."""

from gridwright.diagnostics import nearest
from gridwright.ir import Soap, SoapHeaderField, Status
from gridwright.resolve.fields import resolve_field
from gridwright.resolve.operations import element
from gridwright.resolve.scope import Scope, cite
from gridwright.source import Entry, Node
from gridwright.vocabulary import UNDOCUMENTED

__all__ = ["resolve_soap", "resolve_statuses"]


def resolve_statuses(root: Node, scope: Scope) -> tuple[Status, ...]:
    """Resolve what HTTP statuses mean."""
    return tuple(
        Status(
            code=int(e.key) if e.key.isdecimal() else 0,
            error=e.value.string("error"),
            label=e.value.string("label"),
            note=e.value.string("note"),
            en=e.value.string("en"),
            cite=cite(e.value, scope, f"status {e.key!r}"),
            span=e.key_span,
        )
        for e in root.children("statuses")
    )


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
