"""The settings of a client, checked when it is made, which all of its calls share.

All that both kinds of clients know, but for their connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import httpx2

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..interface import System
from ..limits.turns import NoTurns, Turns
from ..message import Hidden
from ..redact import install_log_filter
from ..requests.serial import next_serial
from ..sending.addresses import is_here, is_without_tls, trusting_nobody
from ..sending.conversation import CallAccess, OpenAccess, Terms
from ..sending.in_process import service_behind
from ..sources import Values
from .client_arguments import (
    check_basic_users,
    check_certificate,
    check_options,
    check_written_credentials,
    require,
    resolve_address,
    resolve_credentials,
    resolve_options,
    resolve_server,
)
from .client_options import DEFAULTS, ClientOptions
from .client_turns import client_turns

if TYPE_CHECKING:
    from ..access.client_access import ClientAccess

__all__ = ["Settings"]

HttpT = TypeVar("HttpT", httpx2.Client, httpx2.AsyncClient)


class Settings:
    """What both clients know; neither opens nor waits for anything."""

    def __init__(self, system: System, transport: object | None, options: ClientOptions) -> None:
        given: ClientOptions = {**DEFAULTS, **options}
        install_log_filter()
        name, has_transport = system.name, transport is not None
        check_options(name, given)
        self.system = system
        self.server = resolve_server(system, given["server"])
        self.base_url = resolve_address(system, self.server, given["base_url"], has_transport)
        if given["ssl_context"] is None and not has_transport:
            check_certificate(system, self.base_url)
        self.credentials = _Secrets(resolve_credentials(system, given["credentials"]))
        if not is_here(self.base_url) and service_behind(transport, is_here=False) is None:
            check_written_credentials(system, self.credentials)
        self.secrets = Hidden(self.credentials.values())
        self.options = resolve_options(system, given["options"])
        check_basic_users(system, self.credentials, self.options)
        self.clock: Clock = given["clock"] or SystemClock()
        aware = self.clock.now().utcoffset() is not None
        require(name, "clock", aware, "must tell aware time")
        self.retry = given["retry"]
        self.max_body_bytes = given["max_body_bytes"]
        self.format = given["format"]
        self.new_id = given["new_id"] or _uuid
        self.new_number = given["new_id"] or next_serial
        self.new_boundary = given["new_boundary"] or _boundary
        self.timeout_seconds = given["timeout_seconds"]
        self.strict = given["strict"]
        self._longest_call_seconds = given["longest_call_seconds"]
        self._wait_for_turn = given["wait_for_turn"]
        self._longest_wait_seconds = given["longest_wait_seconds"]
        self._max_connections = given["max_connections"]
        self._ssl_context = given["ssl_context"]
        self.turns: Turns | None = None
        if system.limits:
            service = service_behind(transport, is_here(self.base_url))
            self.turns = client_turns(system, given, self.base_url, self.credentials, service)
        self.access: ClientAccess | None = None
        self._login_addresses: tuple[str, ...] = ()
        if system.steps:
            self._set_up_access(given, has_transport)
        elif given["login_url"] is not None:
            raise ConfigurationError(f"{name}: there is no login, and so no login_url")

    def opened(self, make: Callable[..., HttpT], transport: object | None) -> HttpT:
        """Make a client of httpx2; it asks no proxy for what is on this machine.

        Raises:
            ConfigurationError: a proxy or certificate of the environment cannot be used.
        """
        options: dict[str, Any] = {"transport": transport}
        if self._ssl_context is not None:
            options["verify"] = self._ssl_context
        elif all(map(is_without_tls, (self.base_url, *self._login_addresses))):
            options["verify"] = trusting_nobody()
        # Who has a turn sends at once: calls that queued here would leave all together.
        most = None if self.turns is not None else self._max_connections
        limits = httpx2.Limits(
            max_connections=most, max_keepalive_connections=self._max_connections
        )
        if any(place.startswith("cookie ") for place in _places(self.system)):
            # A result goes where the spec puts it; the jar would send it with everything.
            options["cookies"] = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        try:
            return make(
                limits=limits,
                follow_redirects=False,
                trust_env=not is_here(self.base_url),
                **options,
            )
        except (ValueError, OSError, ImportError, httpx2.InvalidURL) as error:
            kind = type(error).__name__
        # Not chained: a proxy's address may hold a password.
        raise ConfigurationError(
            f"{self.system.name}: the proxy or certificate variables of the environment cannot be "
            f"used ({kind})"
        )

    def is_strict(self, given: bool | None) -> bool:
        """Say whether a reply that departs from the document is refused; None: by the client."""
        return self.strict if given is None else given

    def terms(self, timeout_seconds: float | None = None) -> Terms:
        """Return how long a call that begins now may take; None: as the client was told."""
        in_all = self._longest_call_seconds
        return Terms(
            self.timeout_seconds if timeout_seconds is None else timeout_seconds,
            None if in_all is None else self.clock.monotonic() + in_all,
            self._wait_for_turn,
            self._longest_wait_seconds,
        )

    def call_access(self, steps: frozenset[str], operation: str, terms: Terms) -> CallAccess:
        """Return the access of a call that carries the results of some steps."""
        if self.access is None or not steps:
            return OpenAccess(self.secrets)
        from ..access.step_access import StepAccess

        return StepAccess(self.access, steps, operation, terms)

    def entering(self) -> CallAccess:
        """Return the access of a call that needs every login, as who only looks has one."""
        steps = frozenset(self.access.steps) if self.access else frozenset[str]()
        return self.call_access(steps, "login", self.terms())

    def _set_up_access(self, given: ClientOptions, has_transport: bool) -> None:
        from ..access.client_access import ClientAccess
        from ..access.store_choice import StoreChoice
        from .login_steps import login_steps

        steps = login_steps(
            self.system, self.server, self.base_url, given, self.credentials, has_transport
        )
        self._login_addresses = tuple(planned.address for planned in steps)
        self.access = ClientAccess(
            system=self.system.name,
            steps=steps,
            values=Values(credentials=self.credentials, options=self.options),
            clock=self.clock,
            choose_store=StoreChoice(
                given["login_folder"],
                given["login_store"],
                shared=given["shared_store"],
                clock=self.clock,
                is_invented=has_transport,
            ).store,
            turns=self.turns or NoTurns(),
            new_id=self.new_id,
            next_serial=next_serial,
        )


class _Secrets(dict[str, str]):
    """Secrets by name; shows none, where a tool prints the variables of a traceback."""

    def __repr__(self) -> str:
        return "<secrets>"


def _places(system: System) -> Iterator[str]:
    """Yield where the results of logins are looked for."""
    for step in system.steps:
        for places in step.read.values():
            yield from places


def _uuid() -> str:
    return str(uuid4())


def _boundary() -> str:
    return f"gridwright-{token_hex(16)}"
