"""Serve the operations of a system of services: an ASGI application.

For every request: the limits, the login, the form of the request, the document's own check of the
whole request, then the world. Never invents data, never opens a socket.

What is refused is refused as the documents say, by HTTP status and a small page: 400 for a request
that is not as documented, 403 for a login in the SOAP header that is not known, 503 in closed
hours. An envelope that SOAP 1.1 does not allow gets a fault. A refusal by the world stands in the
reply's own fields where it has such; otherwise it is a 400, too. No document lists codes of these
refusals; the mock uses codes that no service has:

========== ==================================================================
mock-1001  the session or the login is missing
mock-1002  the session or the login is not known
mock-1004  the session is too old
mock-1005  the SOAP header names another service
mock-2001  something required is missing
mock-2002  a text or a number is too long
mock-2003  something is not written as the document says
mock-2004  a code is not in its list, or not allowed here
mock-2005  the document does not know an item
mock-4001  the service is closed
mock-4002  another limit was broken, where the mock was told to refuse
mock-9001  a system failure on demand
========== ==================================================================

Codes from mock-3001 on are the world's.

Every broken limit is kept in ``app.state.mock.watch``, with by how much. What is sent then is
configurable but for closed hours, where the documents have an answer: by default the request is
answered as if nothing were wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..limits.kinds import Limits
from ..service.operation import ServiceOperation
from ..service.session_flow import SessionFlow
from .faults import Faults, soap_fault, system_failure
from .journal import Journal
from .journal_page import journal_route
from .limit_terms import measures_of
from .limits_watch import LimitsWatch
from .routing import page_for, refuse_shared_paths
from .service_endpoint import Endpoint, LimitAnswer, ServiceMock
from .service_world import ServiceWorld
from .session_door import SessionServer
from .worlds.services import find_service_world

__all__ = [
    "LimitAnswer",
    "ServiceMock",
    "build_service_application",
    "soap_fault",
    "system_failure",
]


def build_service_application(
    *,
    system: str,
    operations: Sequence[ServiceOperation[Any]],
    limits: Limits | None = None,
    session: SessionFlow | None = None,
    session_place: str = "",
    credentials: Mapping[str, str] | None = None,
    more_accounts: Sequence[Mapping[str, str]] = (),
    path: str = "",
    seed: int = 1,
    clock: Clock | None = None,
    when_broken: LimitAnswer | Mapping[str, LimitAnswer] = "journal",
    world: ServiceWorld | None = None,
    journal_size: int = 1000,
) -> Starlette:
    """Build the mock of a system of services as an ASGI application.

    Args:
        system: the system's id.
        operations: what it serves, each at its own path below ``path``.
        limits: what it watches over, for one company: whoever calls.
        session: how a session is opened; None where no call needs one.
        session_place: where a login puts the session; see `SessionServer`.
        credentials: what a login must carry, by Python name.
        more_accounts: others that may open sessions.
        path: what stands before all paths.
        seed: the same seed gives the same stored records.
        clock: what time it is; the machine's clock unless given.
        when_broken: what a broken limit is answered with, for all or by the name of a limit.
            Closed hours are a 503 unless their name is given.
        world: where the data come from; that of the system unless given.
        journal_size: how many requests the journal keeps.

    Returns:
        The application; ``app.state.mock`` is its `ServiceMock`.

    Raises:
        ConfigurationError: two operations share a path, a credential has no value, or
            ``when_broken`` names no limit.
    """
    clock = clock or SystemClock()
    limits = limits or Limits()
    credentials = dict(credentials or {})
    watch = LimitsWatch(measures_of(limits.limits), clock=clock)
    _refuse_missing(operations, credentials)
    sessions = (
        SessionServer(
            session,
            [credentials, *more_accounts],
            clock=clock,
            watch=watch,
            place=session_place,
        )
        if session is not None
        else None
    )
    mock = ServiceMock(
        system=system,
        operations=tuple(operations),
        world=world or find_service_world(system, operations=operations, seed=seed, clock=clock),
        clock=clock,
        faults=Faults([operation.name for operation in operations]),
        journal=Journal(journal_size),
        watch=watch,
        sessions=sessions,
        credentials=credentials,
        answers=_answers(watch, when_broken),
    )
    refuse_shared_paths(operations)
    routes: list[BaseRoute] = [
        Route(
            path + operation.path,
            Endpoint(mock, operation),
            methods=[operation.method],
            name=operation.name,
        )
        for operation in operations
    ]
    if sessions is not None:
        routes.append(sessions.route(path))
    handler = page_for(mock)
    application = Starlette(
        routes=[*routes, journal_route(mock)], exception_handlers={404: handler, 405: handler}
    )
    application.router.redirect_slashes = False
    application.state.mock = mock
    return application


def _refuse_missing(
    operations: Sequence[ServiceOperation[Any]], credentials: Mapping[str, str]
) -> None:
    needed = {
        item.name
        for operation in operations
        if operation.soap is not None
        for item in operation.soap.header_fields
        if item.source == "credential"
    }
    if missing := sorted(name for name in needed if not credentials.get(name)):
        raise ConfigurationError(f"the mock needs a value of {', '.join(missing)}")


def _answers(
    watch: LimitsWatch, chosen: LimitAnswer | Mapping[str, LimitAnswer]
) -> dict[str, LimitAnswer]:
    given = chosen if isinstance(chosen, Mapping) else {}
    if unknown := sorted(given.keys() - set(watch.kinds)):
        known = ", ".join(watch.kinds) or "none"
        raise ConfigurationError(f"no limit is named {', '.join(unknown)}; known: {known}")
    common: LimitAnswer = "journal" if isinstance(chosen, Mapping) else chosen
    return {
        name: given.get(name, "503" if kind == "closed_hours" else common)
        for name, kind in watch.kinds.items()
    }
