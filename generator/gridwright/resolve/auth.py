"""Resolve logins: their steps, and what each request carries afterwards."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import (
    AuthStep,
    Certificate,
    Hole,
    Place,
    Presented,
    Server,
    Source,
    StepPart,
    Text,
)
from gridwright.ir.words import STEP_BODIES, STEP_LIVES
from gridwright.resolve.context import Context, cite, duration, one_of, path_of, word, yes
from gridwright.resolve.sources import basic_of, text_of
from gridwright.source import Node

__all__ = ["auth_steps", "certificate", "login_names", "presented", "step_results"]

# Braces stand for a ticket or a credential; a path alone is below the server. A login never
# travels in the clear.
_ADDRESS = re.compile(
    r"(https://([a-z0-9._\-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?)?(/[a-z0-9._~!$&'()*+,;=:@%/{}?\-]*)?",
    re.IGNORECASE | re.ASCII,
)


def auth_steps(root: Node, servers: Sequence[Server], context: Context) -> tuple[AuthStep, ...]:
    """Resolve the steps of a login, in order."""
    steps = (root.get("auth") or root).get("steps")
    names = [server.name for server in servers]
    return tuple(
        _step(node, names, _with_earlier(context, at), _with_earlier(context, at + 1))
        for at, node in enumerate(steps.items or () if steps else ())
    )


def _with_earlier(context: Context, count: int) -> Context:
    """Return a context in which a step sees the results of those before it alone."""
    return replace(context, steps=dict(list(context.steps.items())[:count]))


def presented(root: Node, operations: Collection[str], context: Context) -> tuple[Presented, ...]:
    """Resolve what requests carry, after a login or without one."""
    found = []
    for entry in (root.get("auth") or root).children("present"):
        node = entry.value
        for name in node.strings("operations"):
            if name not in operations:
                context.report(
                    node.span,
                    "unknown-operation",
                    f"{entry.key!r} is for {name!r}, which is no operation",
                    nearest(name, operations),
                )
        found.append(
            Presented(
                wire=entry.key,
                place=word(Place, node.string("in"), Place.HEADER),
                value=node.string("value"),
                source=_source(node, entry.key, context),
                operations=node.strings("operations"),
                under=path_of(node.get("under")),
                cite=cite(node, context, f"{entry.key!r}"),
                span=entry.key_span,
            )
        )
    return tuple(found)


def certificate(root: Node, context: Context) -> Certificate | None:
    """Resolve the certificate that a client shows; None: nobody asks for one."""
    node = (root.get("auth") or root).get("certificate")
    if node is None:
        return None
    return Certificate(
        label=node.string("label"),
        en=node.string("en"),
        cite=cite(node, context, "certificate"),
        span=node.span,
    )


def login_names(root: Node) -> tuple[str, str]:
    """Return the Python names of the client's arguments about its login: folder and address."""
    names = (root.get("auth") or root).get("names") or Node(root.span, entries=())
    return names.string("folder", "login_folder"), names.string("url", "login_url")


def step_results(root: Node) -> dict[str, tuple[str, ...]]:
    """Return the names of the results of each step; an empty name is its only one."""
    steps = (root.get("auth") or root).get("steps")
    return {
        node.string("name"): tuple(entry.key for entry in node.children("read")) or ("",)
        for node in (steps.items or () if steps else ())
    }


def _source(node: Node, wire: str, context: Context) -> Source:
    """Resolve what a login or a request carries: a text, or user and password."""
    basic, value = node.get("basic"), node.get("value")
    if (basic is None) == (value is None):
        context.report(
            node.span,
            "missing-key" if basic is None else "misplaced-key",
            f"{wire!r} carries nothing" if basic is None else f"{wire!r} carries two things",
            "write `value: credential.NAME`, or `basic: {user: …, password: …}`",
        )
        return Text(("",))
    if basic is not None:
        return basic_of(basic, context)
    return text_of(value or node, context)


def _renewal(node: Node, servers: Collection[str], context: Context) -> AuthStep | None:
    """Resolve the request that renews a result: each key that it lacks is that of the step."""
    renew = node.get("renew")
    if renew is None:
        return None
    own = {entry.key for entry in renew.entries or ()}
    own |= {"path"} if "address" in own else set()  # it fills the other address
    kept = (e for e in node.entries or () if e.key != "renew" and e.key not in own)
    whole = replace(node, span=renew.span, entries=(*kept, *(renew.entries or ())))
    return _step(whole, servers, context, context)


def _step(node: Node, servers: Collection[str], context: Context, renewing: Context) -> AuthStep:
    """Resolve a step; what renews its result may use that as well, which ``renewing`` knows."""
    send = []
    for entry in node.children("send"):
        send.append((entry.key, _by_server(entry.value, servers, context)))
    addresses = node.get("address") or node
    path = [(entry.key, entry.value.text or "") for entry in node.children("path")]
    for below in addresses.walk():
        if below.text is not None and not _is_address(below.text):
            context.report(
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
            for server, address in _by_server(addresses, servers, context)
        ),
        body=one_of(STEP_BODIES, node.string("body")) or "none",
        path=tuple(path),
        send=tuple(send),
        success_status=node.string("success_status"),
        read=tuple(place for _, places in _read_parts(node) for place in places),
        lifetime=duration(node.string("lifetime")) if node.string("lifetime") else None,
        lifetime_from=one_of(STEP_LIVES, node.string("lifetime_from")) or "issue",
        once=node.string("uses") == "once",
        shared=yes(node, "shared"),
        renew_when=node.strings("renew_when"),
        never=node.strings("never"),
        parts=tuple(_parts(node, context)),
        read_parts=_read_parts(node),
        lifetime_read=(node.get("lifetime") or node).string("read") if _is_read(node) else "",
        lifetime_ends=_ends(node, context),
        renewal=_renewal(node, servers, renewing),
        en=node.string("en"),
        cite=cite(node, context, f"step {node.string('name')!r}"),
        span=node.span,
    )


def _ends(node: Node, context: Context) -> bool:
    """Say whether a lifetime is the moment of its end; report one that is neither or both."""
    if not _is_read(node):
        return False
    lifetime = node.get("lifetime") or node
    unit, pattern = lifetime.get("unit"), lifetime.get("pattern")
    if (unit is None) == (pattern is None):
        context.report(
            lifetime.span,
            "missing-key" if unit is None else "misplaced-key",
            "nothing says what stands there, a length or a moment"
            if unit is None
            else "what stands there is a length and a moment",
            "add `unit: s` for a length, or `pattern: epoch_s` for the moment at which it ends",
        )
    return pattern is not None


def _is_read(node: Node) -> bool:
    """Whether the lifetime is a place of the reply, not a length."""
    return (node.get("lifetime") or node).entries is not None and node.get("lifetime") is not None


def _read_parts(node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    read = node.get("read") or node
    if read.items is not None:
        return (("", node.strings("read")),)
    return tuple(
        (entry.key, tuple(item.text or "" for item in entry.value.items or ()))
        for entry in node.children("read")
    )


def _parts(node: Node, context: Context) -> Iterator[StepPart]:
    """Yield what a step sends: what fills its address, its parameters, and its other parts."""
    for entry in node.children("path"):
        yield StepPart(
            server="", wire=entry.key, place=Place.PATH, source=text_of(entry.value, context)
        )
    given = {entry.key for entry in node.children("path")}
    for name in _placeholders(node):
        # The address holds the result of an earlier step: by its name, or by the document's word
        # for that of the step before.
        step = name if name in context.steps else next(reversed(context.steps), "")
        if name not in given and step:
            yield StepPart(
                server="", wire=name, place=Place.PATH, source=Text((Hole("step", step),))
            )
    # Short for a parameter of the address of a GET, and else for one in the body.
    place = Place.QUERY if node.string("method") == "GET" else Place.BODY
    for entry in node.children("send"):
        if entry.value.entries is None:
            yield StepPart(
                server="", wire=entry.key, place=place, source=text_of(entry.value, context)
            )
        for below in entry.value.entries or ():
            yield StepPart(
                server=below.key, wire=entry.key, place=place, source=text_of(below.value, context)
            )
    for entry in node.children("request"):
        cite(entry.value, context, f"{entry.key!r} of step {node.string('name')!r}")
        yield StepPart(
            server="",
            wire=entry.key,
            place=word(Place, entry.value.string("in"), Place.HEADER),
            source=_source(entry.value, entry.key, context),
        )


def _placeholders(node: Node) -> tuple[str, ...]:
    addresses = node.get("address") or node
    texts = [below.text or "" for below in addresses.walk()]
    found = [name for text in texts for name in re.findall(r"[<{]([A-Za-z0-9_]+)[>}]", text)]
    return tuple(dict.fromkeys(found))


def _is_address(text: str) -> bool:
    if text.startswith("//"):
        return False
    return bool(text) and bool(_ADDRESS.fullmatch(re.sub("<[A-Za-z0-9_]+>", "", text)))


def _by_server(
    node: Node, servers: Collection[str], context: Context
) -> tuple[tuple[str, str], ...]:
    if node.entries is None:
        return (("", node.text or ""),)
    for entry in node.entries:
        if entry.key not in servers:
            context.report(
                entry.key_span,
                "unknown-server",
                f"no server is called {entry.key!r}",
                nearest(entry.key, servers),
            )
    return tuple((entry.key, entry.value.text or "") for entry in node.entries)
