"""What the page of a mock lists of its invented data can be asked for."""

from importlib import import_module

import pytest

from gridwright_runtime.mock.world import HasTables

FIRST = {
    "epias_ecms": "500001",
    "kansai_kakusyu": "M000000001",
    "kansai_takusou": "A0000000001",
    "kepco_opm": "0100000001",
    "thai_moi_power": "9000000000012",
}


@pytest.mark.parametrize(("system", "number"), FIRST.items())
def test_the_first_number_is_the_one_that_the_docs_name(system: str, number: str) -> None:
    world = import_module(f"gridwright_apis.{system}.mock").application().state.mock.world
    assert isinstance(world, HasTables)
    tables = world.tables()
    assert tables[0].rows[0][0] == number
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.heads)}
