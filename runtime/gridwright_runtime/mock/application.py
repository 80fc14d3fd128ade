"""Build the mock of a system as an ASGI application: operations, logins, limits, a journal.

What is refused, is refused in the operation's own form: where its document gives a verdict, the
verdict says so, inside HTTP 200 but for logins; elsewhere an HTTP status and a small page do. No
document lists the codes of all refusals. Where none is known, the mock uses codes that no service
has, so that nobody takes them for real ones:

========== ==================================================================
mock-1001  the credential, or the result of a login, is missing
mock-1002  the credential, or the result of a login, is not known
mock-1003  what serves once was used before
mock-1004  the result of a login is too old
mock-1005  it was given for another environment, or the request names another service
mock-2001  something required is missing
mock-2002  a text or a number is too long
mock-2003  something is not written as the document says
mock-2004  a code is not in its list, or not allowed here
mock-2005  the document does not know an item
mock-4001  the service is closed
mock-4002  another limit was broken, where the mock was told to refuse
mock-9001  a system failure on demand
mock-9002  a security failure on demand
========== ==================================================================

Codes from mock-3001 on are the world's. What identifies a request may come twice, and is carried
out twice: no document promises anything else.

Every broken limit is kept in ``app.state.mock.watch``, with by how much. What is sent then is
configurable; closed hours are a 503 unless they are named.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..interface import Operation, System
from ..limits.kinds import Limits
from .days import IntervalsByName
from .endpoint import CACHE_BYTES, Endpoint
from .facts import Facts, PagesByName
from .faults import Faults
from .inventing.values import Inventor
from .journal import Journal
from .limits.terms import measures_of
from .limits.watch import LimitsWatch
from .logins.accounts import accounts_of
from .logins.server import LoginServer
from .replies.prepared import Prepared
from .router import LoginTarget, OperationTarget, Router
from .serving.cache import VersionedCache
from .serving.hosts import OnlyOwnHosts, hosts_of
from .serving.journal_page import journal_route
from .state import LimitAnswer, Mock
from .world import World
from .worlds.finding import find

__all__ = ["LimitAnswer", "Mock", "build_application"]


def build_application(
    system: System,
    operations: Sequence[Operation[Any]],
    *,
    credentials: Mapping[str, str] | None = None,
    more_accounts: Sequence[Mapping[str, str]] = (),
    seed: int = 1,
    clock: Clock | None = None,
    when_broken: LimitAnswer | Mapping[str, LimitAnswer] = "journal",
    world: World | None = None,
    journal_size: int = 1000,
    path: str = "",
    customers: int = 8,
    session_place: str = "",
    facts: Facts | None = None,
    pages: PagesByName | None = None,
    intervals: IntervalsByName | None = None,
) -> Starlette:
    """Build the mock of a system as an ASGI application.

    All environments are served at once. A request to the host of one of them is for it; on any
    other host, such as loopback, the result of its login decides, and otherwise it is for the
    default one.

    Args:
        system: what is mocked.
        operations: what it serves: each below ``path``, and below the paths of the servers.
        credentials: what is accepted, by Python name; None: ``demo-`` and the name, with hyphens.
        more_accounts: others whose credentials are accepted.
        seed: the same seed gives the same data.
        clock: what time it is; the machine's clock unless given.
        when_broken: what a broken limit is answered with, for all or by the name of a limit.
        world: where the data come from; unless given, the one written for the system, or one
            invented from its models.
        journal_size: how many requests the journal keeps.
        path: what stands before all paths, beside the paths of the servers.
        customers: how many customers a world has; how many records, where it is invented.
        session_place: where a login puts its result: ``header NAME``, ``cookie NAME``, ``body`` (a
            JSON string), ``text`` (a bare text), ``body KEY`` with dots between the names of
            objects, or ``nowhere``; the first place in which the client looks unless given.
        facts: what an invented world has to know of fields beside their types.
        pages: how the records of long answers are asked for.
        intervals: what says the intervals of values, by the name of the record that tells them.

    Returns:
        The application; ``app.state.mock`` is its `Mock`.

    Raises:
        ConfigurationError: nothing tells two operations apart, a credential has no value, or
            ``when_broken`` names no limit.
        ValueError: there are no customers, or more than a thousand.
    """
    clock = clock or SystemClock()
    limits = system.limits or Limits()
    watch = LimitsWatch(measures_of(limits.limits), clock=clock)
    accounts = accounts_of(system.credentials, credentials, more_accounts)
    logins = None
    if system.steps:
        logins = LoginServer(system, accounts, clock=clock, watch=watch, place=session_place)
    mock = Mock(
        system=system.name,
        operations=tuple(operations),
        world=world
        or find(
            system.name,
            operations=operations,
            seed=seed,
            clock=clock,
            customers=customers,
            servers=tuple(system.servers),
            facts=facts,
            pages=pages,
            intervals=intervals,
        ),
        clock=clock,
        faults=Faults([operation.name for operation in operations]),
        journal=Journal(journal_size),
        watch=watch,
        server=logins,
        answers=_answers(watch, when_broken),
        servers=dict(system.servers),
        accounts=accounts,
    )
    router = Router(mock)
    prefixes = _prefixes(system, path)
    inventor = Inventor(facts, seed=seed, intervals=intervals)
    _add_operations(router, mock, system, inventor, prefixes)
    if logins is not None:
        _add_logins(router, logins, system, list(prefixes))
    return _application(mock, system, router)


def _application(mock: Mock, system: System, router: Router) -> Starlette:
    """Serve what a router leads to, and the journal, under the names of the system's hosts."""
    hosts = hosts_of([*system.servers.values(), *_step_addresses(system)])
    application = Starlette(
        routes=[journal_route(mock)],
        middleware=[Middleware(OnlyOwnHosts, mock=mock, hosts=hosts)],
    )
    application.router.redirect_slashes = False
    application.router.default = router
    application.state.mock = mock
    return application


def _add_operations(
    router: Router,
    mock: Mock,
    system: System,
    inventor: Inventor,
    prefixes: Mapping[str, frozenset[str]],
) -> None:
    """Serve each operation below each prefix, which stands for some of the servers."""
    cache: VersionedCache[Prepared] = VersionedCache(CACHE_BYTES)
    endpoints = [Endpoint(mock, system, one, inventor, cache) for one in mock.operations]
    for before, servers in prefixes.items():
        for endpoint in endpoints:
            one = endpoint.operation
            router.add(one.method, before + one.path, OperationTarget(endpoint, servers))
    # Where the world takes it, and nothing else does.
    posted = {one.path for one in mock.operations if one.method == "POST"}
    for before, servers in prefixes.items():
        for endpoint in endpoints:
            path = endpoint.operation.path
            if endpoint.reads_forms_as_queries and path not in posted:
                router.add("POST", before + path, OperationTarget(endpoint, servers))


def _add_logins(
    router: Router, logins: LoginServer, system: System, prefixes: Sequence[str]
) -> None:
    """Serve the steps of the login: at their own addresses, or below those of the servers."""
    served: set[tuple[str, str, int]] = set()
    for method, path, step, is_whole in logins.addresses():
        for before in [""] if is_whole else prefixes:
            if (method, before + path, step) in served:
                continue
            served.add((method, before + path, step))
            name = f"{system.name}.{logins.step_name(step)}"
            router.add(method, before + path, LoginTarget(logins, step, name))


def _paths(system: System) -> dict[str, str]:
    """Return the paths of the system's servers by name."""
    return {name: urlsplit(address).path.rstrip("/") for name, address in system.servers.items()}


def _prefixes(system: System, path: str) -> dict[str, frozenset[str]]:
    """Return what stands before the paths of operations, and for which environments."""
    found: dict[str, set[str]] = {}
    for name, before in _paths(system).items():
        found.setdefault(before, set()).add(name)
    if path or not found:
        found.setdefault(path.rstrip("/"), set()).update(system.servers)
    return {before: frozenset(names) for before, names in found.items()}


def _step_addresses(system: System) -> list[str]:
    steps = [one for step in system.steps for one in (step, step.renewal) if one is not None]
    return [address for one in steps for address in one.address.values()]


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
