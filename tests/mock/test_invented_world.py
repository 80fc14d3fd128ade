"""An invented world fits the documents' own checks, whatever the system."""

from datetime import date
from typing import Any

import pytest

from gridwright_apis.kepco_opm.mock import OPERATIONS
from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.mock.encoding import Codec
from gridwright_runtime.mock.world import Refusal
from gridwright_runtime.mock.worlds.invented import InventedWorld
from gridwright_runtime.operation import Operation

from . import tiny_api
from .support import SetClock


def invented(operation: Operation[Any], seed: int = 1, **arguments: object) -> list[dict[str, Any]]:
    world = InventedWorld([operation], seed=seed, clock=SetClock(), records=3)
    answer = world.reply(operation.name, arguments)
    assert not isinstance(answer, Refusal)
    return [dict(record) for record in answer]


@pytest.mark.parametrize(
    "operation", (*tiny_api.OPERATIONS, *OPERATIONS), ids=lambda item: item.call
)
def test_invented_records_pass_the_check_of_their_operation(operation: Operation[Any]) -> None:
    for record in Codec(operation).records(invented(operation)):
        assert operation.reply.check(record, "") == []


def test_the_same_seed_invents_the_same() -> None:
    assert invented(tiny_api.FIND_THINGS) == invented(tiny_api.FIND_THINGS)
    assert invented(tiny_api.FIND_THINGS) != invented(tiny_api.FIND_THINGS, seed=2)


def test_records_are_about_what_was_asked() -> None:
    records = invented(
        tiny_api.FIND_THINGS, thing_number="T-5", made_on=date(2024, 2, 29), made_in=None
    )
    assert {record["thing_number"] for record in records} == {"T-5"}
    assert {record["made_on"] for record in records} == {date(2024, 2, 29)}
    assert all(record["made_in"] for record in records)


def test_an_argument_of_another_type_is_not_repeated() -> None:
    assert invented(tiny_api.FIND_THINGS, weight_kg="x")[0]["weight_kg"] != "x"


def test_texts_are_cut_to_size_and_codes_found() -> None:
    (record, *_) = invented(tiny_api.FIND_THINGS)
    assert 0 < len(record["thing_number"]) <= 6
    assert record["kind"] == "Y"
    assert 0 <= record["count"] <= 9
    assert len(record["parts"]) == 2


def test_an_operation_that_the_world_was_not_told_of_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="save_thing"):
        InventedWorld([], seed=1, clock=SetClock()).reply("save_thing", {})


def test_nothing_ever_changes() -> None:
    clock = SetClock()
    world = InventedWorld([], seed=1, clock=clock)
    before = world.version()
    clock.set(clock.now().replace(year=2030))
    assert world.version() == before
    assert world.response_time() == "2030-10-05T03:07:00.000+00:00"
