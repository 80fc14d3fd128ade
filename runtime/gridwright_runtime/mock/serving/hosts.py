"""Refuse what a page of a browser could send to a mock on this machine.

A page of the web may make a browser ask any address on this machine, also by a name of its own that
it lets point here. Such requests name a host or an origin that is neither this machine nor one of
the system's own.
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from ...sending.loopback import is_loopback
from ..journal import JournalEntry
from ..state import Mock
from .sending import page

__all__ = ["OnlyOwnHosts", "hosts_of"]


class OnlyOwnHosts:
    """Lets requests through that name this machine or the system's own hosts.

    The address that a request came to may be named, too. Servers tell it as a number, which no
    page's name is; transports in the same process tell the name that the caller gave.
    """

    def __init__(self, app: ASGIApp, mock: Mock, hosts: frozenset[str]) -> None:
        self._app = app
        self._mock = mock
        self._hosts = hosts
        self._last_known = b""
        """What callers mostly name, as it was written."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http" or self._is_own(scope):
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        self._mock.journal.write(
            JournalEntry(
                time=self._mock.clock.now(),
                operation=None,
                method=method if method in _METHODS else "other",
                status=403,
                outcome="foreign-host",
            )
        )
        await page(403, "foreign host or origin")(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        for name, value in scope["headers"]:
            if name == b"host":
                if value == self._last_known or self._mock.takes_any_host:
                    continue
                host = _host_of(value)
                if not self._is_known(host) and host != (scope.get("server") or ("",))[0]:
                    return False
                self._last_known = value
            elif name == b"origin" and not self._is_known(_origin_of(value)):
                return False
        return True

    def _is_known(self, host: str) -> bool:
        return host in self._hosts or is_loopback(host) or host.endswith(".localhost")


def hosts_of(addresses: list[str]) -> frozenset[str]:
    """Return the hosts of addresses."""
    return frozenset(filter(None, (urlsplit(address).hostname for address in addresses)))


def _host_of(value: bytes) -> str:
    return _hostname(f"//{value.decode('latin-1')}")


def _origin_of(value: bytes) -> str:
    return _hostname(value.decode("latin-1"))


def _hostname(text: str) -> str:
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
