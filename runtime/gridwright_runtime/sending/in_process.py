"""Tell transports that lead to an application of this process from those that lead out."""

import httpx2

__all__ = ["HERE", "service_behind"]


class _Here:
    """All services that are reached on this machine by transports of others."""


HERE = _Here()


def service_behind(transport: object | None, is_here: bool) -> object | None:
    """Return the service of this process that a transport leads to.

    Args:
        transport: what a client was given to carry its requests.
        is_here: whether the address is one of this machine.

    Returns:
        The application, where the transport says which one it calls; the transport, where it
        answers by itself; `HERE`, where it leads no further than this machine; None: it leads out.
    """
    if transport is None:
        return None
    application = getattr(transport, "calls", None)
    if application is not None:
        found: object = application
        return found
    if isinstance(transport, httpx2.ASGITransport | httpx2.WSGITransport):
        return transport.app
    if isinstance(transport, httpx2.MockTransport):
        return transport
    return HERE if is_here else None
