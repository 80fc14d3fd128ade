"""Options of the whole suite."""

import pytest
from hypothesis import settings
from tests.shared_server.servers import stop_shared

# A busy machine is no failure: no example has to end in a certain time.
settings.register_profile("patient", settings(), deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite what goldens expect, and fail: read the diff, then run without",
    )


def pytest_unconfigure() -> None:
    stop_shared()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run nothing but the tests that rewrite, where golden files are to be rewritten."""
    if config.getoption("--update-golden"):
        items[:] = [one for one in items if "update_golden" in getattr(one, "fixturenames", ())]


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether this run rewrites goldens."""
    return bool(request.config.getoption("--update-golden"))
