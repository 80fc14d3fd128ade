"""The steps of a client's login, and whether they may be carried out at their addresses."""

from __future__ import annotations

from collections.abc import Mapping

from ..access.plan import Planned, planned_steps
from ..errors import ConfigurationError
from ..interface import System
from ..sending.addresses import checked_address
from ..sources import holes_in
from .client_options import ClientOptions

__all__ = ["login_steps"]


def login_steps(
    system: System,
    server: str,
    base_url: str,
    given: ClientOptions,
    credentials: Mapping[str, str],
    has_transport: bool,
) -> tuple[Planned, ...]:
    """Return the steps of a client, each with its address.

    Args:
        system: whose client it is.
        server: the name of the server that it calls.
        base_url: the address of that.
        given: what the client was told.
        credentials: by Python name.
        has_transport: its requests are carried by something of the user's own.

    Raises:
        ConfigurationError: a credential would go where nobody meant it to.
    """
    name, own_url, login_url = system.name, given["base_url"], given["login_url"]
    if login_url is not None:
        login_url = checked_address(name, login_url, has_transport, "login_url")
    steps = planned_steps(system, server=server, base_url=base_url, login_url=login_url)
    is_apart = any(planned.is_apart for planned in steps)
    if login_url is not None and not is_apart:
        raise ConfigurationError(f"{name}: the login is below base_url, so leave out login_url")
    # Some generated clients have the document's address for their default.
    is_own = own_url is not None and own_url == system.servers.get(server)
    is_one_given = not is_own and (own_url is None) != (login_url is None)
    if is_apart and not has_transport and is_one_given:
        # Else a password meant for a mock would go to the real server of the login, or a real
        # result to some other service.
        raise ConfigurationError(f"{name}: base_url and login_url must be given together")
    for planned in steps:
        _check_path(name, planned, credentials)
    return steps


def _check_path(system: str, planned: Planned, credentials: Mapping[str, str]) -> None:
    for part in planned.parts:
        if part.place == "path":
            for hole in holes_in(part.source):
                if hole.kind == "credential" and credentials.get(hole.name) in (".", ".."):
                    raise ConfigurationError(f"{system}: {hole.name} would lead to another address")
