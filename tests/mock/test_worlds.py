"""The worlds that are written by hand, by the one protocol that all worlds have."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.world import (
    Answer,
    Question,
    ReceivedFile,
    Refusal,
    RefusesInReplies,
    TellsTheTime,
    Versioned,
)
from gridwright_runtime.mock.worlds.finding import find
from gridwright_runtime.mock.worlds.thai_moi_power import CITIZENS

NOW = datetime(2024, 10, 5, 3, 7, tzinfo=UTC)
SEOUL, ISTANBUL = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Istanbul")


def world(name: str, clock: ManualClock | None = None, **options: Any) -> Any:
    return find(name, operations=[], seed=1, clock=clock or ManualClock(NOW), **options)


def ask(of: Any, operation: str, **arguments: object) -> Any:
    found = of.answer(operation, Question(arguments=arguments))
    assert isinstance(found, Answer), found
    return found.payload


def refused(of: Any, operation: str, **arguments: object) -> str:
    found = of.answer(operation, Question(arguments=arguments))
    assert isinstance(found, Refusal), found
    return found.code


def test_korea_takes_instants_of_any_zone() -> None:
    korea = world("kepco_opm")
    at_noon = datetime(2024, 10, 1, 12, tzinfo=SEOUL)
    [local] = ask(
        korea, "get_quarter_hour_reading", customer_number="0100000001", date_time=at_noon
    )
    [elsewhere] = ask(
        korea,
        "get_quarter_hour_reading",
        customer_number="0100000001",
        date_time=at_noon.astimezone(UTC),
    )
    assert local == elsewhere
    assert (local["reading_date"], local["reading_time"]) == (date(2024, 10, 1), "1200")


def test_korea_writes_missing_values_as_empty_texts_and_numbers_shortly() -> None:
    korea = world("kepco_opm")
    [day] = ask(korea, "get_day_load_profile", customer_number="0100000001", date=date(2024, 10, 5))
    values = [value for name, value in day.items() if name.startswith("energy_kwh_")]
    assert "" in values
    numbers = [value for value in values if value != ""]
    assert numbers
    assert all(str(n) == format(n.normalize(), "f") for n in numbers if isinstance(n, Decimal))


def test_korea_refuses_and_tells_when_it_changes() -> None:
    clock = ManualClock(NOW)
    korea = world("kepco_opm", clock)
    day = {"date": date(2024, 10, 1)}
    assert refused(korea, "get_day_load_profile", customer_number="0", **day) == "mock-3001"
    assert isinstance(korea, Versioned)
    before = korea.version()
    clock.advance(900)
    assert korea.version() != before
    assert isinstance(korea, TellsTheTime)
    assert korea.response_time() == "20241005:122200000"


def index(**changes: object) -> Mapping[str, object]:
    at = {
        "period": datetime(2024, 5, 1, tzinfo=ISTANBUL),
        "first_measured_at": datetime(2024, 5, 1, tzinfo=ISTANBUL),
        "last_measured_at": datetime(2024, 6, 1, tzinfo=ISTANBUL),
    }
    names = [f"{which}_t{number}" for which in ("first", "last") for number in range(4)]
    return {
        **dict.fromkeys(names),
        **at,
        "metering_point_id": 123456,
        "metering_point_eic": None,
        "power_type": "ACTIVE",
        "factor": Decimal(1),
        "digit_count": None,
        **changes,
    }


def test_turkey_keeps_records_of_its_own_for_each_environment() -> None:
    turkey = world("epias_ecms", servers=("production", "test"))

    def saved(server: str) -> Any:
        return turkey.answer(
            "save_indexes", Question(arguments={"indexes": [index()]}, server=server)
        ).payload["indexes"][0]["index_id"]

    before = turkey.index_count
    id = saved("production")
    assert turkey.index_count == before + 1
    for server, expected in (("production", 1), ("test", 0)):
        question = Question(arguments={"index_ids": [id]}, server=server)
        assert len(turkey.answer("find_indexes", question).payload["indexes"]) == expected


def test_turkey_refuses_by_its_own_codes() -> None:
    turkey = world("epias_ecms")
    assert refused(turkey, "cancel_indexes", index_ids=[1]) == "mock-3101"
    unknown = index(metering_point_id=900_000_001)
    assert refused(turkey, "save_indexes", indexes=[unknown]) == "mock-3001"


def test_kansai_knows_applications_and_files() -> None:
    kansai = world("kansai_takusou")
    number = ask(kansai, "apply_regular", items={})["application_number"]
    file = ReceivedFile("plan.pdf", "application/pdf", 4, "00" * 32)
    told = ask(kansai, "attach_file", application_number=number, file=file)
    assert told["items"]["MOCK_size_bytes"] == 4
    assert refused(kansai, "get_progress", application_number="A9999999999") == "mock-3001"


def test_kansai_gives_back_the_parts_that_came() -> None:
    kansai = world("kansai_kakusyu")
    file = ReceivedFile("写真.png", "image/png", 3, "00" * 32, b"png")
    question = Question(arguments={"selected_item_code": "01"}, attachments=(file,))
    number = kansai.answer("apply_other", question).payload["application_number"]
    state = kansai.answer(
        "get_application_status", Question(arguments={"application_number": number})
    )
    assert state.attachments == (file,)
    assert state.may_tell_more
    assert isinstance(kansai, RefusesInReplies)
    said = kansai.refused("list_applications", Refusal("x", "mock-1", "no"))
    assert said == {"request_status": "mock-1", "reception_message": "no"}


@pytest.mark.parametrize("citizen", CITIZENS)
def test_thailand_has_bills_for_everyone_it_knows(citizen: str) -> None:
    found = ask(world("thai_moi_power"), "get_power_usage", citizen_id=citizen)
    assert found["citizen_id"] == citizen
    assert found.get("customers") or found.get("contract_accounts")


def test_thailand_does_not_know_others() -> None:
    assert refused(world("thai_moi_power"), "get_power_usage", citizen_id="1") == "mock-3001"


@pytest.mark.parametrize("name", ["epias_ecms", "kansai_kakusyu", "thai_moi_power"])
def test_an_operation_that_a_world_does_not_have_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        world(name).answer("nothing", Question(arguments={}))
