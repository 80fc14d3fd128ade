"""Tell this machine's own addresses from all others."""

import ipaddress
from functools import lru_cache

__all__ = ["is_loopback"]


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Say whether a host, without brackets or a port, is this machine and no name but localhost."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
