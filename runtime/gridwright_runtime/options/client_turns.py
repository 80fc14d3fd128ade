"""Choose the limiter of a client by its options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..interface import Credential, System
from ..limits.turns import Turns, turns_of
from .client_options import ClientOptions

if TYPE_CHECKING:
    from ..limits.store import LimitStore

__all__ = ["client_turns"]


def client_turns(
    system: System,
    given: ClientOptions,
    base_url: str,
    credentials: Mapping[str, str],
    service: object | None,
) -> Turns:
    """Return where the calls of a client take their turns.

    Args:
        system: whose client it is.
        given: what the client was told.
        base_url: the service's address.
        credentials: by Python name.
        service: the service, where it is one of this process.
    """
    return turns_of(
        system.limits,
        system=system.name,
        base_url=base_url,
        company=given["company"],
        credentials={
            item.name: credentials[item.name]
            for item in _telling(system.credentials)
            if item.name in credentials
        },
        store=_limit_store(given),
        clock=given["clock"],
        service=service,
    )


def _telling(credentials: Sequence[Credential]) -> Sequence[Credential]:
    """Return what tells one account from another, and does not change with a password."""
    return [item for item in credentials if not item.secret] or credentials


def _limit_store(given: ClientOptions) -> LimitStore | None:
    """Return where limits are kept, as far as the client was told."""
    url, store = given["shared_store"], given["limit_store"]
    if url is None or store is not None:
        return store
    from ..limits.valkey import ValkeyLimitStore  # most limits are kept on this machine

    return ValkeyLimitStore(url)
