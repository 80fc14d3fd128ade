"""The invented world: what the document declares, and what was asked; the same for a seed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import field

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import ReplySpec, Verdict
from gridwright_runtime.mock.facts import Facts, FieldFacts
from gridwright_runtime.mock.inventing.values import Inventor
from gridwright_runtime.mock.replies.reply_naming import problems_by_name
from gridwright_runtime.mock.world import Answer, Question
from gridwright_runtime.mock.worlds.finding import find
from gridwright_runtime.mock.worlds.invention import Invented
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.times.instants import zoned_instant
from gridwright_runtime.validation import RecordValidator
from gridwright_runtime.values.types import DayOfMonth, Yyyymm, Yyyymmdd

from .support import (
    CALLS,
    FIND_THINGS,
    GET_USAGE,
    NOON,
    ORDERS,
    UNHEARD,
    FixedWorld,
    anything,
    http,
    make,
    one,
)

if TYPE_CHECKING:
    Instant = datetime
else:
    Instant = zoned_instant("Europe/Istanbul")

ALL = (FIND_THINGS, *ORDERS, *CALLS, GET_USAGE)


def answer(operation: Any, seed: int = 1, facts: Facts | None = None, **arguments: object) -> Any:
    world = Invented([operation], seed=seed, records=3, facts=facts)
    found = world.answer(operation.name, Question(arguments=arguments))
    assert isinstance(found, Answer)
    return found.payload


@pytest.mark.parametrize("operation", ALL, ids=lambda operation: operation.call)
def test_invented_records_pass_the_check_of_their_operation(operation: Any) -> None:
    found = answer(operation)
    for record in found if isinstance(found, list) else [found]:
        assert problems_by_name(operation, record) == []
        assert any(value not in (None, "") for value in record.values())


def test_the_same_seed_invents_the_same() -> None:
    assert answer(FIND_THINGS) == answer(FIND_THINGS)
    assert answer(FIND_THINGS) != answer(FIND_THINGS, seed=2)


def test_records_are_about_what_was_asked() -> None:
    found = answer(FIND_THINGS, thing_number="T-5", made_on=date(2024, 2, 29))
    assert {record["thing_number"] for record in found} == {"T-5"}
    assert {record["made_on"] for record in found} == {date(2024, 2, 29)}


def test_what_cannot_stand_in_a_field_is_not_repeated() -> None:
    found = answer(FIND_THINGS, weight_kg="x", made_on=datetime(2024, 1, 1, tzinfo=UTC))
    assert isinstance(found[0]["weight_kg"], Decimal)
    assert type(found[0]["made_on"]) is date


def test_what_was_sent_is_repeated_record_by_record() -> None:
    sent = [{"number": 7, "grade": None}, {"number": 8, "grade": "X"}]
    first, second = answer(ORDERS[0], bolts=sent)["bolts"]
    assert (first["number"], second["number"], second["grade"]) == (7, 8, "X")


class Reading(Record, frozen=True, kw_only=True):
    reading_id: int = field(name="id")
    kind: str = field(name="k")
    name: str = field(name="nm")
    amount: Decimal = field(name="amt")
    count: int = field(name="cnt")
    at_time: str = field(name="hm")
    start_date: Yyyymmdd = field(name="from")
    end_date: Yyyymmdd = field(name="to")
    opened: Instant = field(name="open")
    closed: Instant = field(name="close")
    month: Yyyymm = field(name="ym")
    day: DayOfMonth = field(name="dd")
    share_percent: Decimal = field(name="pct")
    is_new: bool = field(name="new")


def check_reading(record: Mapping[str, object], path: str = "") -> list[Problem]:
    validator = RecordValidator(record, path)
    validator.integer("id", "reading_id", "", "", required=True)
    validator.code("k", "kind", "", "", codes=("ALPHA", "BETA"), max_characters=5, required=True)
    validator.text("nm", "name", "", "", max_characters=3, min_characters=3, required=True)
    validator.decimal("amt", "amount", "", "", precision=3, scale=2, required=True)
    validator.integer("cnt", "count", "", "", max_digits=1, required=True)
    validator.time("hm", "at_time", "", "", required=True)
    validator.date("from", "start_date", "", "", required=True)
    validator.date("to", "end_date", "", "", required=True)
    validator.instant("open", "opened", "", "", required=True)
    validator.instant("close", "closed", "", "", required=True)
    validator.date("ym", "month", "", "", pattern="yyyymm", required=True)
    validator.day_of_month("dd", "day", "", "", required=True)
    validator.decimal("pct", "share_percent", "", "", required=True)
    validator.boolean("new", "is_new", "", "", required=True)
    return validator.problems()


FACTS: Facts = {
    "Reading": {
        "k": FieldFacts(codes=("ALPHA", "BETA")),
        "nm": FieldFacts(max_characters=3, min_characters=3),
        "amt": FieldFacts(digits=1, decimals=2),
        "cnt": FieldFacts(digits=1),
        "hm": FieldFacts(pattern="hhmi"),
        "open": FieldFacts(starts_before="close"),
    }
}
READINGS = one(
    reply=ReplySpec(
        model=Reading,
        shape="list",
        formats={"json": (), "xml": ()},
        payload=("rows",),
        root="r",
        item="row",
        check=check_reading,
    )
)


@pytest.mark.parametrize("seed", range(30))
def test_facts_are_kept_for_every_seed(seed: int) -> None:
    inventor = Inventor(FACTS, seed=seed)
    for number in range(5):
        record = inventor.record(Reading, {}, number)
        assert problems_by_name(READINGS, record) == []
        assert record["start_date"] <= record["end_date"]  # type: ignore[operator]  # dates
        assert record["opened"] <= record["closed"]  # type: ignore[operator]  # instants
        assert record["share_percent"] <= 100  # type: ignore[operator]  # a number


@pytest.mark.parametrize("seed", range(20))
def test_without_facts_the_check_says_what_would_be_right(seed: int) -> None:
    for record in answer(READINGS, seed=seed):
        assert problems_by_name(READINGS, record) == []
        assert record["kind"] in ("ALPHA", "BETA")


def test_codes_that_were_asked_for_and_do_not_exist_are_not_repeated() -> None:
    assert answer(READINGS, facts=FACTS, kind="GAMMA")[0]["kind"] in ("ALPHA", "BETA")
    assert answer(READINGS, facts=FACTS, kind="BETA")[0]["kind"] == "BETA"


def test_ids_that_were_asked_for_have_a_record_each() -> None:
    found = answer(READINGS, facts=FACTS, reading_ids=[4, 9])
    assert [record["reading_id"] for record in found] == [4, 9]


def test_texts_are_plausible() -> None:
    class Person(Record, frozen=True, kw_only=True):
        customer_name: str = field(name="n")
        meter_number: str = field(name="m")
        home_address: str = field(name="a")

    record = Inventor().record(Person, {}, 1)
    assert str(record["customer_name"]).startswith("Sample customer name ")
    assert str(record["meter_number"]).isdigit()
    assert str(record["home_address"]).endswith(" Sample Street")


def test_facts_reach_the_wire_in_both_formats() -> None:
    with http(make(UNHEARD, [READINGS], facts=FACTS, customers=2)) as client:
        rows = client.get("/one").json()["rows"]
        assert len(rows) == 2
        assert all(check_reading(row) == [] for row in rows)
        assert client.get("/one", headers={"accept": "application/xml"}).text.count("<row>") == 2


def test_what_a_message_needs_beside_payload_and_verdict_is_there() -> None:
    def check(message: Mapping[str, object], path: str = "") -> list[Problem]:
        validator = RecordValidator(message, path)
        validator.record("data", "data", "", "", check=anything, required=True)
        validator.text("code", "code", "", "")
        validator.text("traceId", "trace_id", "", "", required=True)
        validator.integer("took", "took", "", "", required=True)
        return validator.problems()

    operation = one(
        reply=ReplySpec(
            model=Reading,
            shape="record",
            formats={"json": ()},
            payload=("data",),
            check_message=check,
        ),
        verdict=Verdict(code="code", success={"code": ("0",)}),
    )
    with http(make(UNHEARD, [operation], facts=FACTS)) as client:
        assert check(client.get("/one").json()) == []


def test_values_and_nothing_are_answered_too() -> None:
    class Value(Record, frozen=True, kw_only=True):
        value: int = field(name=".")

    def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
        validator = RecordValidator(record, path)
        validator.integer(".", "value", "", "", max_digits=1, required=True)
        return validator.problems()

    assert 0 <= answer(one(shape="value", model=Value, check=check)) <= 9
    assert answer(one(shape="none", model=None)) is None


def test_an_operation_that_the_world_was_not_told_of_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="was not told of get_one"):
        Invented([], seed=1).answer("get_one", Question(arguments={}))


# Which world a system has.


def test_a_system_has_the_world_of_its_name_or_an_invented_one() -> None:
    from gridwright_runtime.mock.clock import ManualClock

    def world_of(name: str) -> str:
        world = find(name, operations=[], seed=1, clock=ManualClock(NOON))
        return type(world).__name__

    assert world_of("kepco_opm") == "KepcoWorld"
    assert world_of("epias_ecms") == "EcmsServers"
    assert world_of("kansai_kakusyu") == "KakusyuWorld"
    assert world_of("kansai_takusou") == "TakusouWorld"
    assert world_of("thai_moi_power") == "ThaiPowerWorld"
    assert world_of("unheard_of") == world_of("invention") == world_of("../x") == "Invented"


@pytest.mark.parametrize("customers", [0, 1001])
def test_a_world_has_some_customers_and_not_too_many(customers: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000 customers"):
        make(UNHEARD, [one()], customers=customers)


def test_a_world_of_one_s_own_may_be_any_object() -> None:
    with http(make(UNHEARD, [one()], world=FixedWorld({"stage": "mine"}))) as client:
        assert client.get("/one").json() == {"kotei": "mine"}


def test_an_open_record_may_have_facts_too() -> None:
    class Open(Record, frozen=True, kw_only=True):
        __open__ = True

        name: str = field(name="nm")
        items: Mapping[str, object] = field(name="", default_factory=dict)

    found = Inventor({"Open": {"nm": FieldFacts(max_characters=3)}}).record(Open, {}, 1)
    assert len(str(found["name"])) <= 3
    assert "items" not in found
