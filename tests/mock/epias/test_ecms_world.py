"""The ledger of the EPIAS mock: what is saved is found, searched for and cancelled."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.worlds.epias_ecms import EcmsWorld

from .support import (
    FREE_POINT,
    NOW,
    POINT,
    accrual,
    answer,
    at,
    ids,
    index,
    make_world,
    refused,
    save,
    search,
    status_of,
)

NOW_HERE = NOW.astimezone(at(1).tzinfo)


def test_a_saved_record_comes_back_with_id_status_and_time() -> None:
    world = make_world()
    (row,) = save(world, index(first_t1=Decimal("1.50"), description="okuma"))
    assert row["index_id"] == ids(search(world))[-1]
    assert (row["status"], row["state"], row["recorded_at"]) == ("ACTIVE", "Kaydedildi.", NOW_HERE)
    assert str(row["first_t1"]) == "1.50"
    assert row["description"] == "okuma"
    assert "edited_at" not in row


def test_what_was_not_said_is_null_and_what_nobody_says_is_absent() -> None:
    (row,) = save(make_world(), index())
    assert row["first_t0"] is None
    assert "line_loss" not in row


def test_find_gives_records_in_the_order_asked_for_and_leaves_out_unknown_ones() -> None:
    world = make_world()
    first, second = ids(save(world, index(), index(power_type="INDUCTIVE")))
    asked = {"index_ids": [second, 1, first, second]}
    assert ids(answer(world, "find_indexes", asked)["indexes"]) == [second, first]


def test_find_of_unknown_ids_is_an_empty_list() -> None:
    assert answer(make_world(), "find_indexes", {"index_ids": [1]}) == {"indexes": []}


def test_saving_again_makes_the_former_record_an_old_version() -> None:
    clock = ManualClock(NOW)
    world = make_world(clock)
    (former,) = ids(save(world, index()))
    clock.advance(60)
    (latter,) = ids(save(world, index(last_t1=Decimal(3))))
    assert (status_of(world, former), status_of(world, latter)) == ("OLD_VERSION", "ACTIVE")
    (row,) = answer(world, "find_indexes", {"index_ids": [former]})["indexes"]
    assert row["edited_at"] == NOW_HERE + timedelta(seconds=60)
    assert row["state"] == "Eski sürüm."


@pytest.mark.parametrize(
    "changes",
    [{"metering_point_id": FREE_POINT + 1}, {"period": at(4)}, {"power_type": "DEMAND"}],
    ids=str,
)
def test_a_record_of_another_key_replaces_nothing(changes: dict[str, Any]) -> None:
    world = make_world()
    (former,) = ids(save(world, index()))
    save(world, index(**changes))
    assert status_of(world, former) == "ACTIVE"


def test_cancelling_makes_passive_and_lists_what_was_cancelled() -> None:
    world = make_world()
    (id,) = ids(save(world, index()))
    assert answer(world, "cancel_indexes", {"index_ids": [id, 1, id]}) == {
        "cancelled_index_ids": [id]
    }
    assert status_of(world, id) == "PASSIVE"


def test_only_active_records_are_cancelled() -> None:
    world = make_world()
    (old,) = ids(save(world, index()))
    (new,) = ids(save(world, index()))
    found = answer(world, "cancel_indexes", {"index_ids": [old, new]})
    assert found == {"cancelled_index_ids": [new]}
    assert refused(world, "cancel_indexes", {"index_ids": [old, new, 1]}) == "mock-3101"


def test_an_old_version_stays_one_when_its_successor_is_cancelled_and_another_saved() -> None:
    world = make_world()
    (old,) = ids(save(world, index()))
    (middle,) = ids(save(world, index()))
    answer(world, "cancel_indexes", {"index_ids": [middle]})
    (new,) = ids(save(world, index()))
    assert [status_of(world, id) for id in (old, middle, new)] == [
        "OLD_VERSION",
        "PASSIVE",
        "ACTIVE",
    ]


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("mock-3001", {"metering_point_id": 900_000_000}),
        ("mock-3001", {"metering_point_id": 0}),
        ("mock-3002", {"metering_point_id": POINT, "metering_point_eic": "40ZINVENTED00001"}),
        ("mock-3003", {"last_measured_at": at(4, 30)}),
        ("mock-3004", {"last_t1": Decimal("0.999")}),
        ("mock-3005", {"last_measured_at": at(6, 16)}),
        ("mock-3005", {"period": at(7)}),
        ("mock-3006", {"period": at(5, 2)}),
        ("mock-3006", {"period": at(5, 1, 1)}),
        ("mock-3007", {"first_t2": Decimal("-0.001")}),
        ("mock-3007", {"factor": Decimal(0)}),
    ],
)
def test_a_broken_rule_refuses_the_request(code: str, changes: dict[str, Any]) -> None:
    world = make_world()
    before = world.index_count
    assert refused(world, "save_indexes", {"indexes": [index(**changes)]}) == code
    assert world.index_count == before


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("mock-3001", {"metering_point_id": 900_000_000}),
        ("mock-3003", {"end_at": at(5, 2)}),
        ("mock-3005", {"period": at(7)}),
        ("mock-3006", {"period": at(5, 2)}),
    ],
)
def test_a_broken_rule_refuses_additional_consumption(code: str, changes: dict[str, Any]) -> None:
    world = make_world()
    assert refused(world, "save_accruals", {"accruals": [accrual(**changes)]}) == code


def test_a_register_may_run_over_when_its_digits_are_given() -> None:
    world = make_world()
    before = world.index_count
    [row] = save(world, index(first_t1=Decimal(999), last_t1=Decimal(3), digit_count=3))
    assert row["status"] == "ACTIVE"
    assert world.index_count == before + 1


def test_the_eic_that_was_given_first_is_kept() -> None:
    world = make_world()
    save(world, index(metering_point_eic="40ZINVENTED00001"))
    (row,) = save(world, index())
    assert row["metering_point_eic"] == "40ZINVENTED00001"
    other = {"indexes": [index(metering_point_eic="40ZINVENTED00002")]}
    assert refused(world, "save_indexes", other) == "mock-3002"


def test_good_records_are_saved_beside_broken_ones() -> None:
    world = make_world()
    before = world.index_count
    bad, good, twice = save(world, index(factor=Decimal(-1)), index(), index())
    assert world.index_count == before + 1
    assert good["status"] == "ACTIVE"
    for row, code in ((bad, "mock-3007"), (twice, "mock-3008")):
        assert str(row["state"]).startswith(f"Kaydedilmedi: {code} ")
        assert "index_id" not in row
        assert "status" not in row


def test_what_is_refused_is_no_obstacle_to_the_same_record_put_right() -> None:
    bad, good = save(make_world(), index(factor=Decimal(-1)), index())
    assert "index_id" not in bad
    assert "index_id" in good


def test_additional_consumption_is_added_found_and_cancelled() -> None:
    world = make_world()
    arguments = {"accruals": [accrual(), accrual()]}
    saved = answer(world, "save_accruals", arguments)["accruals"]
    first, second = ids(saved, "accrual_id")
    assert [row["state"] for row in saved] == ["Kaydedildi.", "Kaydedildi."]
    cancelled = answer(world, "cancel_accruals", {"accrual_ids": [first]})
    assert cancelled == {"cancelled_accrual_ids": [first]}
    found = answer(world, "find_accruals", {"accrual_ids": [first, second]})["accruals"]
    assert [row["status"] for row in found] == ["PASSIVE", "ACTIVE"]
    assert [row["state"] for row in found] == ["İptal edildi.", "Geçerli."]


def every_record(world: EcmsWorld, clock: ManualClock) -> dict[str, int]:
    """Save records that differ, and return their ids."""
    names = {
        "base": index(),
        "other meter": index(metering_point_id=FREE_POINT + 1, meter_serial_number="INVENTED2"),
        "other time": index(
            power_type="INDUCTIVE",
            first_measured_at=at(5, 2, 23, 59),
            last_measured_at=at(5, 30, 0, 1),
        ),
        "other eic": index(metering_point_id=FREE_POINT + 2, metering_point_eic="40ZINVENTED1"),
        "other period": index(metering_point_id=FREE_POINT + 3, period=at(2)),
    }
    found = {}
    for name, row in names.items():
        (found[name],) = ids(save(world, row))
        clock.advance(3600)
    answer(world, "cancel_indexes", {"index_ids": [found["other period"]]})
    return found


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"metering_point_id": FREE_POINT}, ["base", "other time"]),
        ({"metering_point_id": FREE_POINT, "power_type": "ACTIVE"}, ["base"]),
        ({"meter_serial_number": "INVENTED2"}, ["other meter"]),
        ({"metering_point_eic": "40ZINVENTED1"}, ["other eic"]),
        ({"status": "PASSIVE"}, ["other period"]),
        ({"edited_at": at(6, 15)}, ["other period"]),
        ({"first_measured_at": at(5, 2)}, ["other time"]),
        ({"last_measured_at": at(5, 30, 12)}, ["other time"]),
        (
            {"recorded_from": at(6, 15, 13), "recorded_until": at(6, 15, 14)},
            ["other meter", "other time"],
        ),
        ({"period": at(2), "status": "PASSIVE"}, ["other period"]),
        ({"metering_point_id": 1}, []),
        ({"supplier_organization_id": 9002, "meter_serial_number": "INVENTED2"}, ["other meter"]),
        ({"measuring_organization_id": 1}, []),
    ],
    ids=str,
)
def test_a_search_is_by_every_criterion(criteria: dict[str, Any], expected: list[str]) -> None:
    clock = ManualClock(NOW)
    world = make_world(clock)
    saved = every_record(world, clock)
    assert ids(search(world, **criteria)) == [saved[name] for name in expected]


def test_a_search_by_id() -> None:
    world = make_world()
    (id,) = ids(save(world, index()))
    assert ids(search(world, index_id=id)) == [id]


def test_a_period_interval_takes_the_year_up_to_it() -> None:
    world = make_world()
    found = {row["period"] for row in search(world, period_interval=at(2, 29))}
    assert min(found) == datetime(2023, 6, 1, tzinfo=at(1).tzinfo)  # the first there is
    assert max(found) == at(2)


@pytest.mark.parametrize(
    ("criteria", "is_found"),
    [
        ({"start_at": at(5, 3), "end_at": at(5, 5)}, True),
        ({"start_at": at(5, 3, 12)}, True),
        ({"start_at": at(5, 4)}, False),
        ({"end_at": at(5, 4)}, False),
        ({"end_at": at(5, 9)}, True),
    ],
    ids=str,
)
def test_additional_consumption_lies_within_the_days_of_its_criteria(
    criteria: dict[str, Any], is_found: bool
) -> None:
    world = make_world()
    answer(world, "save_accruals", {"accruals": [accrual()]})
    found = search(world, "accruals", metering_point_id=FREE_POINT, **criteria)
    assert bool(found) == is_found


def test_pages_count_from_one_and_include_their_end() -> None:
    world = make_world()
    everything = ids(search(world))
    page = answer(world, "search_indexes", {"criteria": {}, "row_range": {"begin": 3, "end": 5}})
    assert ids(page["indexes"]) == everything[2:5]
    assert page["query_information"] == {"begin": 3, "end": 5, "count": len(everything)}


def test_a_page_beyond_the_end_is_empty_and_still_counts() -> None:
    world = make_world()
    page = answer(
        world, "search_indexes", {"criteria": {}, "row_range": {"begin": 10_001, "end": 10_002}}
    )
    assert page["indexes"] == []
    assert page["query_information"]["count"] == world.index_count


def test_without_a_range_the_first_ten_thousand_come() -> None:
    page = answer(make_world(), "search_indexes", {"criteria": {}, "row_range": None})
    assert page["query_information"]["end"] == 10_000


@pytest.mark.parametrize("rows", [{"begin": 0, "end": 5}, {"begin": 5, "end": 4}])
def test_a_range_that_makes_no_sense_is_refused(rows: dict[str, int]) -> None:
    arguments = {"criteria": {}, "row_range": rows}
    assert refused(make_world(), "search_indexes", arguments) == "mock-3201"


def test_a_search_repeated_after_a_change_sees_the_change() -> None:
    world = make_world()
    before = len(search(world, status="ACTIVE"))
    save(world, index())
    assert len(search(world, status="ACTIVE")) == before + 1


def test_the_same_seed_gives_the_same_records_and_another_seed_others() -> None:
    assert search(make_world()) == search(make_world())
    assert search(make_world()) != search(make_world(seed=2))
    assert search(make_world(), "accruals") == search(make_world(), "accruals")


def test_environments_have_records_of_their_own() -> None:
    clock = ManualClock(NOW)
    test = EcmsWorld(seed=1, clock=clock, environment="test")
    assert search(test) != search(make_world(clock))


def test_seeded_records_are_twelve_months_of_eight_points_that_follow_each_other() -> None:
    world = make_world()
    rows = search(world, status="ACTIVE")
    assert len(rows) == 12 * 8 * 2
    assert {row["metering_point_id"] for row in rows} == set(range(500_001, 500_009))
    series = [
        row for row in rows if (row["metering_point_id"], row["power_type"]) == (POINT, "ACTIVE")
    ]
    assert [row["period"].month for row in series] == [6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5]
    for former, latter in pairwise(series):
        assert former["last_t1"] == latter["first_t1"]
        assert former["first_t1"] < former["last_t1"]
        assert former["last_measured_at"] == latter["first_measured_at"]
    assert all(row["recorded_at"] <= NOW for row in rows)


def test_seeded_records_can_be_replaced_and_cancelled() -> None:
    world = make_world()
    (row,) = search(world, metering_point_id=POINT, period=at(5), power_type="ACTIVE")
    save(world, index(metering_point_id=POINT))
    assert status_of(world, row["index_id"]) == "OLD_VERSION"


def test_a_world_can_start_in_any_year() -> None:
    world = make_world(ManualClock(datetime(2016, 10, 1, tzinfo=UTC)))
    assert world.index_count > 0
    assert world.accrual_count > 0


def test_the_time_of_saving_is_one_that_the_wire_can_show() -> None:
    world = make_world(ManualClock(NOW.replace(microsecond=123_456)))
    (row,) = save(world, index())
    assert row["recorded_at"].microsecond == 123_000


def test_an_operation_that_does_not_exist_is_a_bug_of_the_caller() -> None:
    with pytest.raises(KeyError):
        make_world().answer("nothing", {})
