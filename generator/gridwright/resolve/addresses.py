"""Resolve where operations are: their server, path and SOAP action."""

import re
from collections.abc import Sequence

from gridwright.diagnostics import Span
from gridwright.ir import (
    Parameter,
    Place,
    Server,
)
from gridwright.resolve.context import (
    Context,
)
from gridwright.source import Entry, Node

__all__ = ["check_placeholders", "check_wire_name", "soap_action", "split_address"]


_PLACEHOLDER = re.compile(r"[<{]([A-Za-z0-9_]+)[>}]")


# What RFC 3986 lets nobody write into a path, and where the path would end.
_NOT_OF_AN_ADDRESS = re.compile(r"""[\s"<>\\^`{|}?#\x00-\x1f\x7f-\U0010ffff]""")


def soap_action(node: Node, context: Context) -> str:
    """Return what SOAPAction says; report one of what is no SOAP, or that no header can hold."""
    action = node.get("action")
    if action is None:
        return ""
    text = action.text or ""
    if node.string("protocol") != "soap11":
        context.report(
            action.span,
            "misplaced-key",
            "`action:` is what SOAPAction says, and this is no SOAP",
            "add `protocol: soap11`, or give the header as a field with `in: header`",
        )
    elif not re.fullmatch("[!#-~]*", text):
        context.report(
            action.span,
            "malformed-value",
            f"{text!r} cannot stand in the header SOAPAction",
            "write it as the document does, without quotation marks",
        )
    return text


def check_wire_name(entry: Entry, context: Context) -> None:
    """Report an operation whose name the service is told, and nobody knows."""
    node = entry.value
    told = [e.value.get("with") for e in node.children("request")]
    is_told = any(said is not None and said.text == "service" for said in told)
    if node.get("wire_name") is None and (is_told or node.string("protocol") == "soap11"):
        context.report(
            entry.key_span,
            "missing-key",
            f"{entry.key!r} has no 'wire_name', which the service is told",
            "add `wire_name:` as the document prints it",
        )


def split_address(node: Node, servers: Sequence[Server], context: Context) -> tuple[str, str]:
    """Return the server of an address and its path, and report what an address cannot hold."""
    text = _PLACEHOLDER.sub(r"{\1}", node.string("text"))
    span = (node.get("text") or node).span
    odd = sorted(set(_NOT_OF_AN_ADDRESS.findall(_PLACEHOLDER.sub("", text))))
    if odd:
        context.report(
            span,
            "not-an-address",
            f"the address holds {', '.join(map(repr, odd))}",
            "leave query and blanks out, and correct what is misprinted by an erratum",
        )
    for server in servers:
        base = server.address.rstrip("/")
        if base and text.startswith(base + "/"):
            return server.name, text[len(base) :]
    if "://" not in text and servers and text.startswith("/"):
        return servers[0].name, text
    context.report(
        span,
        "unknown-server",
        f"{text!r} belongs to no server of this spec",
        "declare its server under `servers:`, or write a path that starts with /",
    )
    return "", text


def check_placeholders(
    path: str, parameters: Sequence[Parameter], span: Span, context: Context
) -> None:
    """Report holes of a path that no parameter fills, and parameters of a path without a hole."""
    wanted = set(_PLACEHOLDER.findall(path))
    given = {p.field.wire for p in parameters if p.place is Place.PATH}
    for name in sorted(wanted - given):
        context.report(
            span,
            "path-without-parameter",
            f"the address holds {{{name}}}, which no parameter fills",
            f"add `{name}: {{in: path, …}}` to the request",
        )
    for parameter in parameters:
        if parameter.place is Place.PATH and parameter.field.wire not in wanted:
            context.report(
                parameter.field.span,
                "parameter-without-place",
                f"{parameter.field.wire!r} is a path parameter, and the address has no "
                f"place for it",
                "write {name} into the address by an erratum",
            )
