"""Serve a mock over HTTP on this machine. Never writes requests to a log: they hold the key."""

import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from ..errors import ConfigurationError
from ..sending.loopback import is_loopback
from .logins.accounts import invented_credential
from .serving.journal_page import JOURNAL_PATH, summary
from .serving.slow_requests import TimedProtocol
from .state import Mock

__all__ = ["running", "serve", "serve_several"]


def serve(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    allow_other_hosts: bool = False,
    started: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve an application until it is interrupted, and say on standard output where.

    A mock also says where its journal of limits is, what a client takes for the addresses of the
    service and of its login, the credentials, where they are invented, and at the end which limits
    were broken.
    Requests that stop halfway are ended after some seconds.

    Args:
        app: what `gridwright_apis.<system>.mock.application` returns.
        host: a loopback address, unless ``allow_other_hosts``.
        port: 0 for any that is free.
        allow_other_hosts: whether others on the network may reach the mock.
        started: is told the address.

    Raises:
        ConfigurationError: the host is not a loopback address.
        OSError: the port is taken.
    """
    if not allow_other_hosts and not is_loopback(host):
        raise ConfigurationError(
            f"{host} can be reached from outside: mocks listen on loopback unless told otherwise"
        )
    if allow_other_hosts:
        _let_in_others(app)
    with _listening(host, port) as listener:
        started(_address(listener))
        sys.stdout.write(f"serving on {_address(listener)} (stop with Ctrl+C)\n")
        _introduce(app, _address(listener))
        sys.stdout.flush()
        try:
            _Server(_config(app)).run(sockets=[listener])
        except KeyboardInterrupt:
            # uvicorn has shut down in good order and raises the signal again.
            return


def serve_several(
    apps: Mapping[str, Starlette],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    started: Callable[[Mapping[str, str]], None] = lambda addresses: None,
    is_silent: bool = False,
) -> None:
    """Serve several applications until they are interrupted, each on a port of its own.

    Each stands below no path but its own, so that addresses in replies and logins stay true.

    Args:
        apps: what `gridwright_apis.<system>.mock.application` returns, by name.
        host: a loopback address.
        port: that of the first; the others follow. 0 for any that are free.
        started: is told the addresses, by name.
        is_silent: whether standard output is left to others.

    Raises:
        ConfigurationError: the host is not a loopback address.
        OSError: a port is taken.
    """
    if len(apps) == 1 and not is_silent:
        ((name, app),) = apps.items()
        serve(app, host=host, port=port, started=lambda address: started({name: address}))
        return
    try:
        with ExitStack() as stack:
            addresses = {
                name: stack.enter_context(running(app, host=host, port=port and port + number))
                for number, (name, app) in enumerate(apps.items())
            }
            started(addresses)
            if not is_silent:
                _introduce_several(apps, addresses)
            Event().wait()
    except KeyboardInterrupt:
        for name, app in apps.items():
            mock = _mock_of(app)
            if mock is not None and not is_silent:
                sys.stdout.write(f"{name}: {summary(mock)}\n")
        sys.stdout.flush()


def _introduce_several(apps: Mapping[str, Starlette], addresses: Mapping[str, str]) -> None:
    for name, address in addresses.items():
        sys.stdout.write(f"{name}: serving on {address}\n")
        _introduce(apps[name], address)
    sys.stdout.write("(stop with Ctrl+C)\n")
    sys.stdout.flush()


@contextmanager
def running(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Run an application in a thread while the block lasts.

    Args:
        app: the application.
        host: a loopback address.
        port: 0 for any that is free.

    Yields:
        The address, e.g. ``http://127.0.0.1:49152``.

    Raises:
        ConfigurationError: the host is not a loopback address.
        OSError: the port is taken.
        RuntimeError: the server did not start.
    """
    if not is_loopback(host):
        raise ConfigurationError(f"{host} is not a loopback address")
    with _listening(host, port) as listener:
        server = uvicorn.Server(_config(app))
        thread = Thread(target=server.run, args=([listener],), name="gridwright-mock", daemon=True)
        thread.start()
        try:
            _await_start(server, thread)
            yield _address(listener)
        finally:
            server.should_exit = True
            thread.join(_REQUEST_SECONDS)


class _Server(uvicorn.Server):
    """Sums up before the signal that stopped it is raised again."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        mock = _mock_of(self.config.app)
        if mock is not None:
            sys.stdout.write(f"{summary(mock)}\n")
            sys.stdout.flush()


def _introduce(app: ASGIApp, address: str) -> None:
    mock = _mock_of(app)
    if mock is None:
        return
    web_page = getattr(app.state, "web_page", "") if isinstance(app, Starlette) else ""
    if web_page:
        sys.stdout.write(f"in a browser: {address}{web_page}\n")
    sys.stdout.write(f"broken limits: {address}{JOURNAL_PATH}\n")
    for path, names in _paths(mock).items():
        of_servers = f" ({', '.join(names)})" if len(_paths(mock)) > 1 else ""
        sys.stdout.write(f"base_url of a client: {address}{path}{of_servers}\n")
    if mock.server is not None and any(is_whole for *_, is_whole in mock.server.addresses()):
        sys.stdout.write(f"login_url of a client: {address}\n")
    for name, value in _invented_credentials(mock).items():
        sys.stdout.write(f"{name} of a client: {value} (invented)\n")


def _paths(mock: Mock) -> dict[str, list[str]]:
    """Return the paths below which the operations stand, with the names of their servers."""
    found: dict[str, list[str]] = {}
    for name, server in mock.servers.items():
        found.setdefault(urlsplit(server).path.rstrip("/"), []).append(name)
    return found or {"": []}


def _invented_credentials(mock: Mock) -> dict[str, str]:
    """Return the credentials of the first account that nobody gave to the mock."""
    known = mock.accounts[0].credentials if mock.accounts else {}
    return {name: value for name, value in known.items() if value == invented_credential(name)}


def _mock_of(app: object) -> Mock | None:
    mock = getattr(app.state, "mock", None) if isinstance(app, Starlette) else None
    return mock if isinstance(mock, Mock) else None


def _let_in_others(app: object) -> None:
    """Take requests by whatever name others on the network know this machine."""
    mock = _mock_of(app)
    if mock is not None:
        mock.takes_any_host = True


def _config(app: ASGIApp) -> uvicorn.Config:
    # The access log would show path and query, and with them keys and numbers of customers.
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        http=TimedProtocol,
        timeout_graceful_shutdown=1,
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol must be named: asyncio turns Nagle's algorithm off only where it sees TCP, and
    # with it every reply waits 40 ms for an acknowledgement.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # From here on clients can connect; uvicorn serves them once it is up.
        listener.listen(128)
        yield listener


def _await_start(server: uvicorn.Server, thread: Thread) -> None:
    deadline = monotonic() + _REQUEST_SECONDS
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("the mock server did not start")
        sleep(0.005)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


_REQUEST_SECONDS = 10.0
