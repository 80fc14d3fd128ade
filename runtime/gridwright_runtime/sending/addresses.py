"""Check which addresses a client may talk to."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import ConfigurationError
from .loopback import is_loopback

if TYPE_CHECKING:
    import ssl

__all__ = ["checked_address", "is_here", "is_without_tls", "trusting_nobody"]


def checked_address(system: str, address: str, any_address: bool, name: str = "base_url") -> str:
    """Return the address; secrets go over TLS only, save to this machine or a given transport.

    Raises:
        ConfigurationError: it is no such address.
    """
    if not isinstance(address, str):
        raise ConfigurationError(f"{system}: {name} must be text")
    if not address.isprintable():
        # Half a character could not even be hashed, as what processes share is named by it.
        raise ConfigurationError(f"{system}: {name} holds a character that no address has")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = None, ""
    if parts is None or parts.scheme not in ("https", "http") or not host:
        raise ConfigurationError(f"{system}: {name} is no http or https address")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(f"{system}: {name} must be scheme, host, port and path alone")
    if parts.scheme == "http" and not is_loopback(host) and not any_address:
        raise ConfigurationError(f"{system}: {name} must be https: the calls carry secrets")
    return address.rstrip("/")


def is_here(address: str) -> bool:
    """Say whether an address is of this machine."""
    return is_loopback(urlsplit(address).hostname or "")


def is_without_tls(address: str) -> bool:
    """Say whether an address is asked without TLS."""
    return address[:7].lower() == "http://"


def trusting_nobody() -> "ssl.SSLContext":
    """Return what refuses all servers, for a client that talks to none over TLS.

    Those who can be trusted need not be loaded, which takes longer than all the rest of a client.
    """
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
