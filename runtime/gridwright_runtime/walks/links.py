"""Check addresses that a service gives for the next page."""

from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from msgspec.structs import replace

from ..errors import UnexpectedReplyError
from ..interface import Basic, Operation, Source
from ..message import HttpRequest
from ..sources import holes_in

__all__ = ["completed", "followed", "hidden_names", "without"]


def followed(call: str, own: str, link: str) -> str:
    """Return the address to which a link leads.

    Args:
        call: the operation's name, for messages.
        own: the address of the operation.
        link: as the service gave it: absolute, or relative to the operation's.

    Raises:
        UnexpectedReplyError: it leads to another server, to which no credential goes.
    """
    try:
        found = urlsplit(urljoin(own, link))
        is_same = _origin(found) == _origin(urlsplit(own)) and found.username is None
    except ValueError:
        is_same = False
    if not is_same:
        raise UnexpectedReplyError(
            f"{call}: the address of the next page is on another server; nothing was sent there"
        )
    return quote(urlunsplit(found._replace(fragment="")), safe=_KEPT)


def completed(operation: Operation[Any], request: HttpRequest, link: str) -> HttpRequest:
    """Return a request for the address of a link; what it presents goes along."""
    address = followed(operation.call, request.url, link)
    names = hidden_names(operation) - _names_in(urlsplit(address).query)
    query = tuple(item for item in request.query if item[0] in names)
    return replace(request, url=address, query=query)


def hidden_names(operation: Operation[Any]) -> frozenset[str]:
    """Return the parameters of the query that hold credentials or results of logins."""
    return frozenset(
        part.wire
        for part in operation.request.parts
        if part.place == "query" and _is_access(part.source)
    )


def without(address: str, names: frozenset[str]) -> str:
    """Return an address without some parameters of its query."""
    if not names:
        return address
    parts = urlsplit(address)
    kept = [item for item in parts.query.split("&") if not _names_in(item) & names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _names_in(item: str) -> set[str]:
    return {name for name, _ in parse_qsl(item, keep_blank_values=True)}


def _origin(parts: Any) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _is_access(source: Source) -> bool:
    return isinstance(source, Basic) or any(hole.kind != "option" for hole in holes_in(source))


_KEPT = ":/?#[]@!$&'()*+,;=%"
_PORTS = {"http": 80, "https": 443}
