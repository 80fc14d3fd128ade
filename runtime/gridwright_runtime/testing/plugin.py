"""Hooks of the pytest plugin: settings, markers, and what is checked around a test.

pytest loads this module in every project that has gridwright installed. It imports no mock and no
generated package; a fixture does so when a test asks for it.
"""

from collections.abc import Generator

import pytest

from .fixtures import fixtures_of
from .limits import unexpected
from .network import Attempt, is_blocked, without_network
from .systems import PackageError, find_systems
from .watched_applications import APPLICATIONS

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_protocol",
]

_ATTEMPTS = pytest.StashKey[list[Attempt]]()
_DEFAULT_PACKAGE = "gridwright_apis"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings, and an option of the command line."""
    parser.addini(
        "gridwright_packages",
        "generated packages whose systems get fixtures (default: gridwright_apis)",
        type="args",
        default=[],
    )
    parser.addini("gridwright_seed", "seed of all mocks (default: 1)", default="1")
    parser.addini(
        "gridwright_now",
        "where the clock of a test begins, with an offset (default: 2024-10-15T03:00:00+00:00)",
        default="2024-10-15T03:00:00+00:00",
    )
    parser.addini(
        "gridwright_block_network",
        "let tests reach this machine alone (default: no)",
        type="bool",
        default=False,
    )
    parser.getgroup("gridwright").addoption(
        "--gridwright-block-network",
        action="store_true",
        help="let tests reach this machine alone",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers, and make the fixtures of all systems."""
    for line in (
        "gridwright_may_break(*limits): these limits of a mock may be broken; all, without names",
        "gridwright_block_network: this test reaches this machine alone",
        "gridwright_allow_network: this test may reach the network, whatever the settings say",
    ):
        config.addinivalue_line("markers", line)
    named = config.getini("gridwright_packages")
    try:
        systems = find_systems(named or [_DEFAULT_PACKAGE], are_named=bool(named))
    except PackageError as error:
        raise pytest.UsageError(f"gridwright_packages: {error}") from None
    config.pluginmanager.register(fixtures_of(systems), "gridwright-fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Block the network from the set-up of a test to the end of its teardown, where asked to."""
    if not is_blocked(item):
        return (yield)
    attempts = item.stash[_ATTEMPTS] = []
    with without_network(attempts):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed, but broke a limit or tried to reach the network."""
    result = yield
    if attempts := item.stash.get(_ATTEMPTS, None):
        pytest.fail(f"the network is blocked: {attempts[0]}", pytrace=False)
    if applications := item.stash.get(APPLICATIONS, None):
        allowed = [marker.args for marker in item.iter_markers("gridwright_may_break")]
        if problem := unexpected(applications, allowed):
            pytest.fail(problem, pytrace=False)
    return result
