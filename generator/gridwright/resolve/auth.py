"""Resolve logins: their steps, and what each request carries afterwards."""

import re
from collections.abc import Collection, Sequence

from gridwright.diagnostics import nearest
from gridwright.ir import AuthStep, Presented, Server
from gridwright.resolve.scope import Scope, cite, duration, yes
from gridwright.source import Node

__all__ = ["auth_steps", "presented"]

# Braces stand for a ticket or a credential; a path alone is below the server. A login never
# travels in the clear.
_ADDRESS = re.compile(
    r"(https://([a-z0-9._\-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?)?(/[a-z0-9._~!$&'()*+,;=:@%/{}?\-]*)?",
    re.IGNORECASE | re.ASCII,
)


def auth_steps(root: Node, servers: Sequence[Server], scope: Scope) -> tuple[AuthStep, ...]:
    """Resolve the steps of a login, in order."""
    steps = (root.get("auth") or root).get("steps")
    names = [server.name for server in servers]
    resolved: list[AuthStep] = []
    for node in steps.items or () if steps else ():
        earlier = [step.name for step in resolved]
        resolved.append(_step(node, names, earlier, scope))
    return tuple(resolved)


def presented(root: Node, scope: Scope) -> tuple[Presented, ...]:
    """Resolve what each request carries after the login."""
    return tuple(
        Presented(
            wire=e.key,
            place=e.value.string("in"),
            value=e.value.string("value"),
            cite=cite(e.value, scope, f"{e.key!r}"),
            span=e.key_span,
        )
        for e in (root.get("auth") or root).children("present")
    )


def _step(node: Node, servers: Collection[str], earlier: Collection[str], scope: Scope) -> AuthStep:
    send = []
    for entry in node.children("send"):
        values = _by_server(entry.value, servers, scope)
        for _, value in values:
            _check_reference(entry.value, value, earlier, scope)
        send.append((entry.key, values))
    addresses = node.get("address") or node
    path = [(entry.key, entry.value.text or "") for entry in node.children("path")]
    for entry in node.children("path"):
        _check_reference(entry.value, entry.value.text or "", earlier, scope)
    for below in addresses.walk():
        if below.text is not None and not _is_address(below.text):
            scope.report(
                below.span,
                "not-an-address",
                f"{below.text!r} is not an address of a login",
                "write https://, the host and the path",
            )
    return AuthStep(
        name=node.string("name"),
        method=node.string("method"),
        address=tuple(
            (server, re.sub(r"<([A-Za-z0-9_]+)>", r"{\1}", address))
            for server, address in _by_server(addresses, servers, scope)
        ),
        body=node.string("body", "none"),
        path=tuple(path),
        send=tuple(send),
        success_status=node.string("success_status"),
        read=node.strings("read"),
        lifetime=duration(node.string("lifetime")) if node.get("lifetime") else None,
        lifetime_from=node.string("lifetime_from", "issue"),
        once=node.string("uses") == "once",
        shared=yes(node, "shared"),
        renew_when=node.strings("renew_when"),
        never=node.strings("never"),
        en=node.string("en"),
        cite=cite(node, scope, f"step {node.string('name')!r}"),
        span=node.span,
    )


def _is_address(text: str) -> bool:
    if text.startswith("//"):
        return False
    return bool(text) and bool(_ADDRESS.fullmatch(re.sub("<[A-Za-z0-9_]+>", "", text)))


def _by_server(node: Node, servers: Collection[str], scope: Scope) -> tuple[tuple[str, str], ...]:
    if node.entries is None:
        return (("", node.text or ""),)
    for entry in node.entries:
        if entry.key not in servers:
            scope.report(
                entry.key_span,
                "unknown-server",
                f"no server is called {entry.key!r}",
                nearest(entry.key, servers),
            )
    return tuple((entry.key, entry.value.text or "") for entry in node.entries)


def _check_reference(node: Node, value: str, earlier: Collection[str], scope: Scope) -> None:
    kind, _, name = value.partition(".")
    known = {"credential": scope.credentials, "step": earlier}.get(kind)
    if known is not None and name not in known and name.isidentifier():
        scope.report(
            node.span,
            "unknown-credential" if kind == "credential" else "unknown-step",
            f"{value!r} names no {kind}",
            nearest(name, known),
        )
