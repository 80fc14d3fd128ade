"""The address of a server, which may hold a password."""

import os
from urllib.parse import urlsplit

from ..errors import ConfigurationError

__all__ = ["VARIABLE", "Address", "address_in_environment", "address_of"]

VARIABLE = "GRIDWRIGHT_STORE"
"""The environment variable that says where all machines of a company keep limits and logins."""


class Address:
    """Where a server is; the repr shows neither user nor password."""

    __slots__ = ("shown", "url")

    def __init__(self, url: str, shown: str) -> None:
        self.url = url
        self.shown = shown
        """What texts may show."""

    def __repr__(self) -> str:
        return f"<address {self.shown}>"


def address_of(url: str) -> Address:
    """Read an address such as ``valkey://user:password@host:6379/0``.

    Raises:
        ConfigurationError: it is none; the message does not repeat it, since it may hold a
            password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(_WRONG) from None
    if parts.scheme not in _SCHEMES or not (parts.hostname or parts.scheme == "unix"):
        raise ConfigurationError(_WRONG)
    if parts.scheme == "unix":
        return Address(url, f"unix://{parts.path}")
    place = f"{parts.hostname}:{port or 6379}"
    return Address(url, f"{parts.scheme}://{place}{parts.path.rstrip('/')}")


def address_in_environment() -> str:
    """Return what the environment says; empty where it says nothing."""
    return os.environ.get(VARIABLE, "")


_SCHEMES = ("valkey", "valkeys", "redis", "rediss", "unix")
_WRONG = (
    "the address of a shared store must be such as valkey://user:password@host:6379/0, with "
    "valkeys for TLS; redis, rediss and unix are understood as well"
)
