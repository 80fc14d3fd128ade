"""Which of the records sent are stored: what is not said to be stored is sent again."""

from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridwright_runtime.errors import DeviationError
from gridwright_runtime.problems import Problem
from gridwright_runtime.reconcile import Reconciliation
from gridwright_runtime.record import Record
from gridwright_runtime.times.durations import Duration
from gridwright_runtime.walks.at_end import refuse_partial

NOON = datetime(2024, 10, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


class Part(Record, frozen=True):
    """A part of what is sent."""

    code: str
    amount: Decimal | None = None


class StoredPart(Record, frozen=True):
    """A part of what is stored, which got a number."""

    number: int
    code: str | None = None
    amount: Decimal | None = None


class Sent(Record, frozen=True):
    """What is sent."""

    meter: str
    read_at: datetime = NOON
    energy: Decimal | None = None
    note: str | None = None
    parts: list[Part] | None = None
    unknown_there: int = 7


class Stored(Record, frozen=True):
    """What is stored."""

    number: int = 1
    meter: str | None = "M1"
    read_at: datetime | None = NOON
    energy: Decimal | None = None
    note: str | None = None
    parts: list[StoredPart] | None = None
    status: str | None = None


def is_found(sent: Sent, stored: Record, **standing: tuple[str, ...]) -> bool:
    work = Reconciliation([sent], ("meter", "read_at"), standing)
    (example,) = work.examples()
    work.see(stored, example)
    return work.found()[0].is_stored


@pytest.mark.parametrize(
    ("sent", "stored", "same"),
    [
        ({"energy": Decimal("1.50")}, {"energy": Decimal("1.5")}, True),
        ({"energy": Decimal("1.5")}, {"energy": Decimal("1.4")}, False),
        ({"energy": Decimal("0")}, {"energy": Decimal("1")}, False),
        ({"energy": None}, {"energy": Decimal("1")}, True),
        ({"energy": Decimal("1")}, {"energy": None}, True),
        ({"note": "text"}, {"note": " text "}, True),
        ({"note": "text"}, {"note": "Text"}, False),
        ({"note": "  "}, {"note": "text"}, True),
        ({"note": "text"}, {"note": ""}, True),
        ({"note": "Zahler im Bu\u0308ro"}, {"note": "Zahler im B\u00fcro"}, True),
        ({"meter": "A\u030a1"}, {"meter": "\u00c51"}, True),
        ({"read_at": NOON.astimezone(timezone(timedelta(hours=9)))}, {"read_at": NOON}, True),
        ({}, {"read_at": NOON + timedelta(seconds=1)}, False),
        ({"meter": "M1 "}, {"meter": "M1"}, True),
        ({"meter": "M2"}, {"meter": "M1"}, False),
    ],
)
def test_what_both_say_must_agree(sent: dict[str, Any], stored: dict[str, Any], same: bool) -> None:
    assert is_found(Sent(**({"meter": "M1"} | sent)), Stored(**stored)) is same


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=3)), BERLIN])
def test_a_time_in_the_hour_that_comes_twice_is_found_by_its_instant(
    fold: int, hour: int, zone: Any
) -> None:
    sent = Sent(meter="M1", read_at=datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=fold))
    stored = datetime(2024, 10, 27, hour, 30, tzinfo=UTC)
    assert is_found(sent, Stored(read_at=stored.astimezone(zone)))
    other = stored + timedelta(hours=1 - 2 * fold)
    assert not is_found(sent, Stored(read_at=other.astimezone(zone)))


class Kinds(Record, frozen=True):
    """What may be given as one kind of value, and is stored as another."""

    length: Any = None
    at: Any = None
    tags: Any = None


@pytest.mark.parametrize(
    ("sent", "stored", "same"),
    [
        ({"length": timedelta(hours=1)}, {"length": Duration(elapsed=timedelta(minutes=60))}, True),
        ({"length": timedelta(hours=1)}, {"length": Duration(elapsed=timedelta(hours=2))}, False),
        ({"length": timedelta(days=1)}, {"length": Duration(days=1)}, False),
        ({"at": time(5, 30)}, {"at": "0530"}, True),
        ({"at": time(5, 30)}, {"at": "0531"}, False),
        ({"at": "2400"}, {"at": "2400"}, True),
        ({"tags": ("a", "b")}, {"tags": ["a", "b"]}, True),
        ({"tags": {"a": 1, "b": 2}.keys()}, {"tags": ["a", "b"]}, True),
        ({"tags": frozenset({"a"})}, {"tags": ["b"]}, False),
        ({"tags": iter(["a"])}, {"tags": ["b"]}, True),
        ({"tags": "a"}, {"tags": ["a"]}, False),
    ],
)
def test_what_may_be_given_in_several_ways_is_found_as_it_is_read(
    sent: dict[str, Any], stored: dict[str, Any], same: bool
) -> None:
    work = Reconciliation([Kinds(**sent)], (), {})
    (example,) = work.examples()
    work.see(Kinds(**stored), example)
    assert work.found()[0].is_stored is same


def test_what_the_provider_fills_in_is_found_though_it_was_not_sent() -> None:
    sent: list[Any] = [Sent(meter=meter) for meter in ("M1", "M2")]
    sent = [type(one)(meter=one.meter, read_at=None) for one in sent]
    work = Reconciliation(sent, ("meter", "read_at"), {})
    example, _ = work.examples()
    work.see(Stored(meter="M1", read_at=NOON), example)
    assert [one.is_stored for one in work.found()] == [True, False]


@pytest.mark.parametrize("rule", ["fewer-than-total", "partial-content"])
def test_a_search_that_did_not_bring_all_says_nothing_of_what_is_missing(rule: str) -> None:
    partial = Problem(path="", wire="", rule=rule, message="some are missing")
    other = Problem(path="note", wire="note", rule="too-long", message="is too long")
    with pytest.raises(DeviationError, match=r"sample\.search: not all .* has come") as caught:
        refuse_partial("sample.search", [other, partial])
    assert caught.value.problems == (partial,)
    refuse_partial("sample.search", [other])


@pytest.mark.parametrize(
    ("stored", "same"),
    [
        ([StoredPart(number=5, code="A ", amount=Decimal("2.0")), StoredPart(number=6)], True),
        ([StoredPart(number=5, code="A", amount=Decimal("3")), StoredPart(number=6)], False),
        ([StoredPart(number=6, code="A")], False),
        (StoredPart(number=6, code="A"), False),
    ],
)
def test_records_within_agree_by_the_same_rule(stored: Any, same: bool) -> None:
    parts = [Part(code="A", amount=Decimal("2")), Part(code="B")]
    assert is_found(Sent(meter="M1", parts=parts), Stored(parts=stored)) is same


@pytest.mark.parametrize(
    ("stored", "same"),
    [
        (StoredPart(number=6, code="A"), True),
        (StoredPart(number=6, code="B"), False),
        ([StoredPart(number=6, code="A")], False),
    ],
)
def test_one_record_within_agrees_with_one(stored: Any, same: bool) -> None:
    sent: Any = Part(code="A")
    assert is_found(Sent(meter="M1", parts=sent), Stored(parts=stored)) is same


@pytest.mark.parametrize(
    ("status", "counts"),
    [("ACTIVE", True), ("ACTIVE ", True), (" ", True), ("CANCELLED", False), (None, True)],
)
def test_a_record_that_no_longer_stands_does_not_count(status: str | None, counts: bool) -> None:
    assert is_found(Sent(meter="M1"), Stored(status=status), status=("NEW", "ACTIVE")) is counts


def test_what_is_alike_in_what_is_searched_for_is_searched_once() -> None:
    first, second = Sent(meter="M1", note="first"), Sent(meter="M1 ", note="second")
    other = Sent(meter="M2")
    work = Reconciliation([first, second, other], ("meter",), {})
    assert list(work.examples()) == [first, other]


def test_a_record_that_two_pages_bring_is_stored_once_and_one_sent_twice_twice() -> None:
    work = Reconciliation([Sent(meter="M1")], ("meter",), {})
    (example,) = work.examples()
    for number in (1, 2, 1):
        work.see(Stored(number=number), example)
    assert [one.number for one in work.found()[0].stored] == [1, 2]


class Brief(Record, frozen=True):
    """What is stored, without what it was searched by."""

    energy: Decimal


@pytest.mark.parametrize(
    "stored", [Stored(meter=None, energy=Decimal("3")), Brief(energy=Decimal("3"))]
)
def test_what_a_stored_record_does_not_say_is_what_was_searched_for(stored: Record) -> None:
    sent = [Sent(meter=meter, energy=Decimal("3")) for meter in ("M1", "M2")]
    work = Reconciliation(sent, ("meter", "read_at"), {})
    _, example = work.examples()
    work.see(stored, example)
    assert [one.is_stored for one in work.found()] == [False, True]


def test_what_a_wide_search_brings_is_judged_by_what_it_says_itself() -> None:
    sent = [Sent(meter=meter) for meter in ("M1", "M2")]
    work = Reconciliation(sent, ("meter",), {})
    _, example = work.examples()
    work.see(Stored(meter="M1"), example)
    assert [one.is_stored for one in work.found()] == [True, False]
