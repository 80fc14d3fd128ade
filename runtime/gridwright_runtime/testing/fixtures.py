"""Make the fixtures: a few for every test, and a set for each system."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from .watched_applications import watch_application

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ..clock import Clock

__all__ = ["fixtures_of"]


def fixtures_of(systems: Mapping[str, str]) -> ModuleType:
    """Return a plugin with the fixtures.

    Args:
        systems: the package of each system.
    """
    plugin = ModuleType("gridwright_fixtures")
    fixtures: dict[str, object] = {
        "gridwright_seed": _seed,
        "gridwright_clock": _clock,
        "gridwright_folder": _folder,
        "gridwright_watch": _watch,
    }
    for system, package in systems.items():
        fixtures |= _fixtures_of_system(package, system)
    vars(plugin).update(fixtures)
    return plugin


@pytest.fixture(name="gridwright_seed")
def _seed(pytestconfig: pytest.Config) -> int:
    """The seed of all mocks: the same seed gives the same data."""
    text = str(pytestconfig.getini("gridwright_seed"))
    try:
        return int(text)
    except ValueError:
        raise pytest.UsageError(f"gridwright_seed: {text!r} is no whole number") from None


@pytest.fixture(name="gridwright_clock")
def _clock(pytestconfig: pytest.Config) -> "Clock":
    """The clock of mocks and clients: it moves only when a test moves it, or somebody waits."""
    from ..mock.clock import ManualClock

    text = str(pytestconfig.getini("gridwright_now"))
    try:
        return ManualClock(datetime.fromisoformat(text))
    except ValueError:
        raise pytest.UsageError(
            f"gridwright_now: {text!r} is no time with an offset, such as 2024-10-15T12:00:00+09:00"
        ) from None


@pytest.fixture(name="gridwright_folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which clients keep logins and limits during this test, not the user's own."""
    folder = tmp_path / "gridwright-cache"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture(name="gridwright_watch")
def _watch(request: pytest.FixtureRequest) -> "Callable[[Starlette], Starlette]":
    """Check the limits of an application that the test made itself: ``app = watch(app)``."""

    def watch(application: "Starlette") -> "Starlette":
        watch_application(request.node, application)
        return application

    return watch


def _fixtures_of_system(package: str, system: str) -> dict[str, object]:
    """Return the fixtures of one system, by name; each imports what it needs when it is used."""

    def named(suffix: str) -> str:
        return f"{system}_{suffix}"

    @pytest.fixture(name=named("mock_options"))
    def mock_options() -> dict[str, Any]:
        """Further arguments of the mock; override it for a module or a folder."""
        return {}

    @pytest.fixture(name=named("client_options"))
    def client_options() -> dict[str, Any]:
        """Further arguments of the clients; override it for a module or a folder."""
        return {}

    @pytest.fixture(name=named("application"))
    def application(
        request: pytest.FixtureRequest, gridwright_seed: int, gridwright_clock: "Clock"
    ) -> "Starlette":
        """The mock, as an ASGI application."""
        options = request.getfixturevalue(named("mock_options"))
        made: Starlette = _mock(package, system).application(
            **{"seed": gridwright_seed, "clock": gridwright_clock, **options}
        )
        watch_application(request.node, made)
        return made

    @pytest.fixture(name=named("client"))
    def client(request: pytest.FixtureRequest) -> Iterator[Any]:
        """A client of the mock, without a socket."""
        with _client(request, package, system, "Client", "MockTransport") as made:
            yield made

    @pytest.fixture(name=named("async_client"))
    def async_client(request: pytest.FixtureRequest) -> Any:
        """An asynchronous client of the mock, without a socket, which has nothing to close."""
        return _client(request, package, system, "AsyncClient", "AsyncMockTransport")

    @pytest.fixture(name=named("address"))
    def address(request: pytest.FixtureRequest, gridwright_folder: Path) -> Iterator[str]:
        """The address of the mock on this machine, for code that makes its own client."""
        from ..mock.serve import running

        with running(request.getfixturevalue(named("application"))) as url:
            yield url

    @pytest.fixture(name=named("faults"))
    def faults(request: pytest.FixtureRequest) -> Any:
        """The faults that the mock still has to play."""
        return request.getfixturevalue(named("application")).state.mock.faults

    @pytest.fixture(name=named("journal"))
    def journal(request: pytest.FixtureRequest) -> Any:
        """What the mock was asked, and how it answered."""
        return request.getfixturevalue(named("application")).state.mock.journal

    made = {
        "mock_options": mock_options,
        "client_options": client_options,
        "application": application,
        "client": client,
        "async_client": async_client,
        "address": address,
        "faults": faults,
        "journal": journal,
    }
    return {named(suffix): fixture for suffix, fixture in made.items()}


def _mock(package: str, system: str) -> Any:
    try:
        return import_module(f"{package}.{system}.mock")
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        pytest.fail(f"{error.name} is not installed: pip install 'gridwright[mock]'", pytrace=False)


def _client(
    request: pytest.FixtureRequest, package: str, system: str, name: str, transport: str
) -> Any:
    """Make a client that knows what the mock expects, and keeps nothing outside the test."""
    from ..errors import ConfigurationError
    from .arguments import LOOPBACK, client_arguments

    request.getfixturevalue("gridwright_folder")
    application = request.getfixturevalue(f"{system}_application")
    made = getattr(import_module(f"{package}.{system}"), name)
    transports = import_module("gridwright_runtime.mock.transport")
    arguments = client_arguments(
        made,
        _mock(package, system).application,
        request.getfixturevalue(f"{system}_mock_options"),
    )
    arguments["clock"] = request.getfixturevalue("gridwright_clock")
    arguments["transport"] = getattr(transports, transport)(application)
    arguments |= request.getfixturevalue(f"{system}_client_options")
    if "base_url" in arguments:
        return made(**arguments)
    try:
        return made(**arguments)
    except ConfigurationError:
        # The document names no address that anybody has confirmed.
        return made(**arguments, base_url=LOOPBACK)
