"""Lists whose keys in JSON say what their items are."""

from datetime import UTC, datetime
from typing import Any

from tests.generated_packages import load_package

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.world import Answer, Question
from gridwright_runtime.mock.worlds.finding import find

SPEC = """
gridwright: 1
system: keyed_lists
title: {text: Meters, en: Meters, at: 1}
document: {file: meters.txt, title: Meters, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 2}
operations:
  list_meters:
    wire_name: meters
    en: meters by number
    kind: read
    at: 3
    method: GET
    address: {text: /meters, at: 3}
    formats: [json]
    reply:
      record: Meter
      list: {element: meters, keyed_by: number, at: 3}
      fields:
        number: {name: meter_number, en: number, type: integer, size: 2, at: 4}
        town: {name: town, en: town, type: text, at: 4}
"""


def test_no_two_invented_items_have_one_key() -> None:
    (mock,) = load_package(SPEC.encode(), "keyed_lists_apis.meters", "mock")
    clock = ManualClock(datetime(2024, 10, 5, tzinfo=UTC))
    for seed in range(20):
        world: Any = find(
            "keyed_lists", operations=mock.OPERATIONS, seed=seed, clock=clock, facts=mock.FACTS
        )
        found = world.answer("list_meters", Question(arguments={}))
        assert isinstance(found, Answer) and isinstance(found.payload, list)
        keys = [row["meter_number"] for row in found.payload]
        assert len(keys) == len(set(keys)) > 1
