"""A system gets the world written for it, or an invented one."""

import pytest

from gridwright_runtime.mock.worlds import find_world
from gridwright_runtime.mock.worlds.invented import InventedWorld
from gridwright_runtime.mock.worlds.kepco_opm.world import KepcoWorld


def test_a_system_with_a_world_of_its_own_gets_it() -> None:
    assert isinstance(find_world("kepco_opm"), KepcoWorld)


@pytest.mark.parametrize("system", ["tiny", "invented", "../kepco_opm", "kepco_opm.world", ""])
def test_every_other_system_gets_an_invented_world(system: str) -> None:
    assert isinstance(find_world(system), InventedWorld)


@pytest.mark.parametrize("customers", [0, -1, 1001])
def test_a_world_has_a_bounded_number_of_customers(customers: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        find_world("kepco_opm", customers=customers)
