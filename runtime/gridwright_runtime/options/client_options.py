"""The options that a client takes when it is made, declared once for all."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ..clock import Clock
from ..interface import Format
from ..retry import RetryPolicy

if TYPE_CHECKING:
    import ssl

    from ..access.store import LoginStore
    from ..limits.store import LimitStore

__all__ = ["DEFAULTS", "MAX_BODY_BYTES", "ClientOptions"]

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Twenty times the longest page that a document allows, of a thousand records in XML."""


class ClientOptions(TypedDict, total=False):
    """What a client is told, beside its system and what carries its requests."""

    credentials: Mapping[str, str | None]
    """By Python name; those not given are taken from the environment."""
    options: Mapping[str, str | None]
    """What is sent with every call, by Python name."""
    server: str | None
    """The name of the server; the document's own unless given."""
    base_url: str | None
    """The address of the service, in place of the document's."""
    login_url: str | None
    """Scheme, host, port and perhaps a path of the server of the login, likewise."""
    login_folder: str | Path | None
    """Where logins are kept for all processes of this user."""
    login_store: "LoginStore | None"
    """Where they are kept instead; a given transport has one of its own."""
    shared_store: str | None
    """The address of a server of Valkey or Redis at which all machines share limits and logins;
    that of ``GRIDWRIGHT_STORE`` where None."""
    company: str
    """Whose limits these are, where a machine serves several."""
    wait_for_turn: bool
    """False: raise where a call would have to wait."""
    longest_wait_seconds: float | None
    """How long a call waits for its turn; None: as long as need be."""
    limit_store: "LimitStore | None"
    """Where turns are counted; by default in files, for all processes of this user, and in memory
    where the transport leads to an application of this process."""
    ssl_context: "ssl.SSLContext | None"
    """Certificates, where the service asks for one of the client's."""
    timeout_seconds: float
    """Longest single wait of an attempt."""
    longest_call_seconds: float | None
    """How long a call may take in all, attempts, pauses and waits for its turn included; the wait
    that is on when it ends is still waited for. None: no limit."""
    retry: RetryPolicy
    """How patiently reads are repeated."""
    clock: Clock | None
    """Tells the time and waits; the machine's where None."""
    format: Format | None
    """Of requests and replies; where an operation does not offer it, its own first."""
    strict: bool
    """Refuse replies that depart from the document."""
    max_connections: int
    """Size of the connection pool; calls wait for a free one. With limits, how many are kept
    open."""
    max_body_bytes: int
    """Longest reply that is read."""
    new_id: Callable[[], str] | None
    """Makes identifiers of requests; random UUIDs where None."""
    new_boundary: Callable[[], str] | None
    """Makes what stands between the parts of a body; random where None."""


DEFAULTS = ClientOptions(
    credentials={},
    options={},
    server=None,
    base_url=None,
    login_url=None,
    login_folder=None,
    login_store=None,
    shared_store=None,
    company="",
    wait_for_turn=True,
    longest_wait_seconds=None,
    limit_store=None,
    ssl_context=None,
    timeout_seconds=30.0,
    longest_call_seconds=None,
    retry=RetryPolicy(),
    clock=None,
    format=None,
    strict=False,
    max_connections=10,
    max_body_bytes=MAX_BODY_BYTES,
    new_id=None,
    new_boundary=None,
)
"""What holds where a client is not told."""
