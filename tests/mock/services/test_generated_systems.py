"""The worlds know the names that the generated packages have: replies are as documented."""

from collections.abc import Mapping
from typing import Any

import pytest

from gridwright_apis.kansai_kakusyu import mock as kakusyu
from gridwright_apis.kansai_takusou import mock as takusou
from gridwright_apis.thai_moi_power import mock as thai
from gridwright_runtime.interface import Operation
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.inventing.values import Inventor
from gridwright_runtime.mock.replies.reply_naming import payload_on_wire
from gridwright_runtime.mock.world import Answer, Question, ReceivedFile
from gridwright_runtime.mock.worlds.finding import find
from gridwright_runtime.mock.worlds.thai_moi_power import CITIZENS

from .support import NOON

SYSTEMS: Mapping[str, tuple[Operation[Any], ...]] = {
    "kansai_kakusyu": tuple(kakusyu.OPERATIONS),
    "kansai_takusou": tuple(takusou.OPERATIONS),
    "thai_moi_power": tuple(thai.OPERATIONS),
}
FILE = ReceivedFile("図面.pdf", "application/pdf", 3, "00")


def arguments(operation: Operation[Any]) -> dict[str, object]:
    """Return what an operation of a world fresh from the seed can be asked with."""
    if operation.system == "thai_moi_power":
        return {"citizen_id": CITIZENS[0]}
    if operation.name == "mark_notice_read":
        return {"items": {"number": "N00000001"}}
    if operation.name.startswith(("apply", "list")):
        return {}
    if operation.system == "kansai_kakusyu":
        return {"application_number": "M000000001"}
    number = 3 if "housing" in operation.name else 2 if "street" in operation.name else 1
    return {"application_number": f"A000000000{number}", "file": FILE}


@pytest.mark.parametrize(
    "operation",
    [operation for found in SYSTEMS.values() for operation in found],
    ids=lambda operation: operation.call,
)
def test_every_reply_is_as_documented(operation: Operation[Any]) -> None:
    world = find(
        operation.system,
        operations=SYSTEMS[operation.system],
        seed=1,
        clock=ManualClock(NOON),
    )
    answer = world.answer(operation.name, Question(arguments=arguments(operation)))
    assert isinstance(answer, Answer)
    tree = payload_on_wire(operation, answer, Inventor())
    assert isinstance(tree, dict) and tree
    assert operation.reply.check_message is not None
    assert operation.reply.check_message(tree, "") == []


def test_all_services_are_there() -> None:
    assert {system: len(found) for system, found in SYSTEMS.items()} == {
        "kansai_kakusyu": 7,
        "kansai_takusou": 21,
        "thai_moi_power": 1,
    }
