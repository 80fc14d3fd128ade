"""Resolve servers, and the credentials that they are given."""

import re

from gridwright.ir import (
    Credential,
    Server,
)
from gridwright.resolve.context import (
    Context,
    cite,
    yes,
)
from gridwright.resolve.value_facts import expression_of
from gridwright.source import Entry
from gridwright.spec_names import UNDOCUMENTED, is_reserved

__all__ = ["resolve_credential", "resolve_server"]


_SERVER = re.compile(
    r"https?://([a-z0-9._\-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?(/[a-z0-9._~!$&'()*+,;=:@%/\-]*)?",
    re.IGNORECASE | re.ASCII,
)


def resolve_server(entry: Entry, context: Context) -> Server:
    """Resolve a server, and report an address that is none."""
    node = entry.value
    address = node.string("address")
    span = (node.get("address") or node).span
    if address == UNDOCUMENTED:
        address = ""
    elif not _SERVER.fullmatch(address):
        context.report(
            span,
            "not-an-address",
            f"{address!r} is not an address of a server",
            "write https:// and the host, with a port and a path if need be, and nothing else",
        )
    elif address.startswith("http://"):
        context.report(
            span,
            "unencrypted-server",
            f"{address!r} is not encrypted",
            "write https://, or leave the server out",
        )
    return Server(
        name=entry.key,
        address=address,
        doubtful=not address or not yes(node, "confirmed", default=True),
        default=yes(node, "default"),
        en=node.string("en"),
        cite=cite(node, context, f"server {entry.key!r}"),
        span=entry.key_span,
    )


def resolve_credential(entry: Entry, context: Context) -> Credential:
    """Resolve a credential."""
    node = entry.value
    if is_reserved(entry.key):
        context.report(
            entry.key_span,
            "reserved-name",
            f"{entry.key!r} is a word of Python",
            "choose another name",
        )
    return Credential(
        name=entry.key,
        label=node.string("label"),
        en=node.string("en"),
        secret=yes(node, "secret"),
        personal=yes(node, "personal"),
        environment=node.string("environment"),
        optional=yes(node, "optional"),
        matches=expression_of(node.get("matches"), context),
        cite=cite(node, context, f"credential {entry.key!r}"),
        span=entry.key_span,
    )
