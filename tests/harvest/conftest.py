"""Lakes whose ledger is a file, and lakes whose ledger is in a PostgreSQL server on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign.postgres import WHY_NOT, postgres_running

from gridwright_runtime.harvest.databases.places import place_ledger


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Return the address of a database."""
    with postgres_running() as address:
        if address is None:
            pytest.skip(WHY_NOT)
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return an empty lake, for each kind of ledger."""
    folder = tmp_path / "lake"
    folder.mkdir()
    if request.param == "postgres":
        place_ledger(folder, request.getfixturevalue("postgres"))
    return folder
