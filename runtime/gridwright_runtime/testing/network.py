"""Let a test reach this machine alone."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ..sending.loopback import is_loopback

__all__ = ["Attempt", "NetworkBlockedError", "is_blocked", "without_network"]

Attempt = str
"""What was tried: ``connect to 192.0.2.1 port 443``."""

_BLOCK, _ALLOW = "gridwright_block_network", "gridwright_allow_network"


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine.

    It is no ``OSError``, so that no client takes it for a failure of the network and tries again.
    """


def is_blocked(item: pytest.Item) -> bool:
    """Say whether a test is kept from the network; the marker closest to it decides."""
    for marker in item.iter_markers():
        if marker.name in (_BLOCK, _ALLOW):
            return marker.name == _BLOCK
    config = item.config
    return bool(config.getoption(f"--{_BLOCK.replace('_', '-')}") or config.getini(_BLOCK))


@contextmanager
def without_network(attempts: list[Attempt]) -> Iterator[None]:
    """Refuse what would leave this machine, while the block lasts, and note it.

    Sockets of Python are refused, those of asyncio included; code that opens its own, such as
    uvloop or a child process, is not.
    """

    def refuse(what: str) -> None:
        attempts.append(what)
        raise NetworkBlockedError(f"the network is blocked in this test: {what}")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded_method(name, refuse))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, name, _guarded_lookup(name, refuse))
        yield


def _guarded_method(name: str, refuse: Callable[[str], None]) -> Callable[..., Any]:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]  # sendto may have flags before it
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            # `socket.create_connection` leaves it open after anything but an OSError.
            self.close()
            refuse(f"{name} to {address[0]} port {address[1]}")
        return original(self, *arguments)

    return guarded


def _guarded_lookup(name: str, refuse: Callable[[str], None]) -> Callable[..., Any]:
    original = getattr(socket, name)

    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        # An address needs no look-up, and none at all is any address of this machine.
        if text and not _is_here(text) and not _is_address(text):
            refuse(f"look up {text}")
        return original(host, *arguments, **options)

    return guarded


def _is_here(host: str) -> bool:
    return is_loopback(host) or host in ("", "0.0.0.0", "::")  # noqa: S104 - nothing is bound


def _is_address(text: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except OSError:
            continue
        return True
    return False
