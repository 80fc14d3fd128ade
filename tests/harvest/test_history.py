"""A lake goes on after any change that leaves the meaning of its rows, and after no other."""

import itertools
import json
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from tests.generated_packages import load_package

from gridwright_apis.kepco_opm import models
from gridwright_runtime.harvest.history import continue_lake
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.meaning import added_to, differences, meaning_of
from gridwright_runtime.harvest.plan import PlanError, Window, windows
from gridwright_runtime.harvest.report import gaps, newest
from gridwright_runtime.harvest.subjects import Subjects
from gridwright_runtime.record import Record

from .world import CUSTOMERS, KINDS, NOW, SINCE, UNTIL, harvested, plan

SPEC = """
gridwright: 1
system: demo
title: {text: Demo, en: Demo, at: 1}
document: {file: demo.txt, title: Demo, language: en, at: 1}
conventions:
  required_marks: {O: required}
  time_zone: {name: Asia/Seoul, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 2}
operations:
  list_readings:
    wire_name: listReadings
    en: readings of a meter
    kind: read
    at: 3
    method: GET
    address: {text: "https://api.example.com/readings", at: 3}
    formats: [json]
    request:
      meterNo: {name: meter_number, type: text, required: O, size: 10, at: 4}
    reply:
      record: Reading
      list: {element: readings, at: 5}
      fields:
        meterNo: {name: meter, type: text, at: 6}
        day: {name: day, type: date, format: yyyymmdd, at: 6}
        q0600~q2400:
          name: energy
          type: decimal
          unit: kWh
          series: {wire: "q{hhmm}", first: "0600", last: "2400", step: PT6H, day: day,
            label_marks: end}
          at: 6
"""
_NUMBERS = itertools.count()


def rows(*changes: tuple[str, str]) -> dict[str, Any]:
    """Return what rows of a spec mean, some of whose words are replaced."""
    text = SPEC
    for word, other in changes:
        assert word in text
        text = text.replace(word, other)
    if "p0600" in text:
        text = text.replace("q{hhmm}", "p{hhmm}")
    (found,) = load_package(text.encode(), f"history_{next(_NUMBERS)}.demo", "models")
    model: type[Record] = found.Reading
    return {about: said for about, said in of(model).items() if about != "harvest"}


def of(model: type[Record] | None, **fixed: Any) -> dict[str, Any]:
    return dict(meaning_of(plan(), model, fixed, NAMES))


class _Names(Subjects):
    def __init__(self) -> None:
        self._key = b"k"


NAMES = _Names()


@pytest.mark.parametrize(
    "change",
    [
        ("en: readings of a meter", "en: all readings of a meter"),
        ("wire_name: listReadings", "wire_name: readings"),
        ("at: 6", "at: 7"),
        ("meterNo: {name: meter, type: text", "mtrNo: {name: meter, size: 12, type: text"),
        ("q0600~q2400", "p0600~p2400"),
    ],
)
def test_a_corrected_description_changes_no_meaning(change: tuple[str, str]) -> None:
    assert differences(rows(), rows(change)) == []
    assert added_to(rows(), rows(change)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("unit: kWh", "unit: MWh"), "unit of readings energy was kWh, and is MWh"),
        (("label_marks: end", "label_marks: start"),
         "marks of readings energy was end, and is start"),
        (("name: Asia/Seoul", "name: Asia/Tokyo"),
         "zone of readings energy was Asia/Seoul, and is Asia/Tokyo"),
        (("name: energy", "name: demand"), "readings energy was there, and is gone"),
        (("name: meter,", "name: meter_number,"), "column meter was there, and is gone"),
        (("{name: meter, type: text", "{name: meter, type: integer"),
         "type of column meter was string, and is int64"),
        (("day: {name: day,", "day: {name: service_day,"),
         "day of readings energy was day, and is service_day"),
    ],
)  # fmt: skip
def test_a_unit_a_time_or_a_name_does(change: tuple[str, str], said: str) -> None:
    assert said in [one.text for one in differences(rows(), rows(change))]


def test_a_further_column_is_told_and_stops_nothing() -> None:
    more = ("meterNo: {name: meter, ", "phase: {name: phase, type: text, at: 6}\n"
            "        meterNo: {name: meter, ")  # fmt: skip
    assert differences(rows(), rows(more)) == []
    assert added_to(rows(), rows(more)) == ["column phase"]


def test_what_is_known_of_rows_has_words_that_stay() -> None:
    """A lake that was begun with these words must go on with every later version."""
    assert of(models.DayLoadProfile) == {
        "harvest": {
            "system": "kepco_opm", "operation": "get_day_load_profile",
            "subject": "customer_number", "window": "date", "step": "P1D",
            "key": "customer_number,meter_number,interval_start,quantity", "zone": "Asia/Seoul",
        },
        "column customer_number": {"type": "string"},
        "column meter_number": {"type": "string"},
        "column reading_date": {"type": "date32[day]"},
        "column is_multi_meter": {"type": "string"},
        "readings energy_kwh": {
            "unit": "kWh", "marks": "end", "minutes": "15 to 1440 by 15", "step": "900 s",
            "day": "reading_date", "zone": "Asia/Seoul",
        },
        "registers cumulative_kwh": {
            "unit": "kWh", "minutes": "60 to 1440 by 60", "day": "reading_date",
            "zone": "Asia/Seoul",
        },
    }  # fmt: skip
    assert of(models.CustomerBill)["column basic_charge_krw"] == {
        "type": "decimal128(38, 9)", "unit": "KRW",
    }  # fmt: skip


def test_arguments_of_all_calls_belong_to_the_meaning_and_stand_nowhere_in_clear() -> None:
    one, other = of(None, number="0100000001", page_size=5), of(None, number="0100000003")
    assert "0100000001" not in str(one)
    assert [found.text for found in differences(one, other)] == [
        "argument number had another value"
    ]
    assert [found.text for found in differences(of(None), other)] == [
        "argument number was not given"
    ]
    assert differences(one, of(None, number="0100000001", page_size=9)) == []


def test_records_as_arguments_are_told_apart_by_what_they_hold() -> None:
    kind = models.GetDayLoadProfileRequest
    one, same, other = (
        of(None, criteria=kind(customer_number=number, date=date(2024, 1, 1)))
        for number in ("0100000001", "0100000001", "0100000003")
    )
    assert (differences(one, same), len(differences(one, other))) == ([], 1)


def manifest(lake: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((lake / "manifest.json").read_bytes())
    return found


def test_another_interface_goes_on_and_the_manifest_says_so(lake: Path) -> None:
    told: dict[str, Any] = {"customers": CUSTOMERS[:1], "until": date(2024, 3, 12)}
    harvested(lake, **told, about={"interface": "a", "document": {"file": "one.pdf"}})
    harvested(lake, **told, about={"interface": "a", "document": {"file": "one.pdf"}})
    outcome = harvested(lake, **told, about={"interface": "b", "document": {"file": "two.pdf"}})
    assert (outcome.exit_status, outcome.calls, outcome.notes) == (0, 0, ())
    found = manifest(lake)
    assert found["interface"] == "b"
    assert [one["document"]["file"] for one in found["history"]] == ["one.pdf", "two.pdf"]
    assert {one["at"] for one in found["history"]} == {NOW.isoformat()}


def test_the_manifest_says_what_the_lake_is_made_of_and_what_it_holds(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1], until=date(2024, 3, 12), about={"interface": "a"})
    found = manifest(lake)
    with Ledger(lake) as ledger:
        parts = ledger.parts()
    assert found["gridwright"] == version("gridwright") and found["interface"] == "a"
    assert (found["chunks"], found["parts"], found["rows"]) == (
        {"done": 2}, len(parts), sum(parts.values()),
    )  # fmt: skip
    assert found["plan"]["key"] == list(plan().key)
    assert (found["plan"]["since"], found["plan"]["zone"]) == ("2024-03-10", "Asia/Seoul")


def test_later_publication_goes_on_and_is_told(lake: Path) -> None:
    told: dict[str, Any] = {"customers": CUSTOMERS[:1], "until": date(2024, 3, 12)}
    harvested(lake, **told)
    outcome = harvested(lake, **told, corrected_seconds=3600.0)
    assert (outcome.exit_status, outcome.notes) == (0, ("corrected_seconds was 0, and is 3600",))
    assert manifest(lake)["history"][1]["changed"] == list(outcome.notes)
    assert manifest(lake)["plan"]["corrected_seconds"] == 3600


def test_an_earlier_first_day_adds_days_and_a_later_one_takes_none(lake: Path) -> None:
    customers, late = CUSTOMERS[:1], date(2024, 3, 15)
    assert harvested(lake, customers=customers, since=late).calls == 5
    more = harvested(lake, customers=customers)
    assert (more.calls, more.counts) == (5, {"done": 10})
    assert more.notes == (f"the lake began on {late}, and begins on {SINCE}",)
    again = harvested(lake, customers=customers, since=late, until=date(2024, 3, 21))
    assert (again.calls, again.counts) == (1, {"done": 11})
    assert again.notes == (f"the lake begins on {SINCE} already",)
    assert len(manifest(lake)["history"]) == 2
    assert gaps(lake) == [] and newest(lake).num_rows == 11 * 96


def test_windows_before_a_former_first_day_end_with_it(tmp_path: Path) -> None:
    first, former = date(2024, 1, 3), date(2024, 1, 20)
    weeks = plan(window=Window(first="a", last="b", step="P7D"), since=first)
    found = list(windows(weeks, date(2024, 2, 1), cuts=(former,)))
    assert [one[1] for one in found[:-1]] == [other[0] for other in found[1:]]
    later = list(windows(plan(window=weeks.window, since=former), date(2024, 2, 1)))
    assert found[-len(later) :] == later


@pytest.mark.parametrize(
    ("change", "said", "option"),
    [
        ({"key": ("meter_number", "interval_start")},
         "key was customer_number,meter_number,interval_start,quantity, and is "
         "meter_number,interval_start",
         "--key customer_number,meter_number,interval_start,quantity"),
        ({"zone": "Asia/Tokyo"}, "zone was Asia/Seoul, and is Asia/Tokyo", "--zone Asia/Seoul"),
        ({"label_marks": "start"}, "label marks was not said, and is start", "no --label-marks"),
        ({"window": Window(first="day")}, "window was date, and is day", "--window date"),
    ],
)  # fmt: skip
def test_another_meaning_is_refused_and_says_how_to_go_on(
    lake: Path, change: dict[str, Any], said: str, option: str
) -> None:
    told: dict[str, Any] = {"customers": CUSTOMERS[:1], "until": date(2024, 3, 11)}
    harvested(lake, **told)
    before = manifest(lake)
    with pytest.raises(PlanError) as caught:
        harvested(lake, **told, kinds=KINDS | {"day": date}, **change)
    assert said in str(caught.value)
    assert f"To go on with it, give {option}; else read into another folder" in str(caught.value)
    assert manifest(lake) == before
    assert harvested(lake, **told).exit_status == 0


def test_rows_of_another_unit_are_refused_with_the_edition_that_they_are_of(lake: Path) -> None:
    now = datetime(2024, 4, 21, tzinfo=NOW.tzinfo)
    with Ledger(lake) as ledger:
        continue_lake(ledger, plan(), of(None) | rows(), {}, NOW)
        with pytest.raises(
            PlanError, match="unit of readings energy was kWh, and is MWh"
        ) as caught:
            other = of(None) | rows(("unit: kWh", "unit: MWh"))
            continue_lake(ledger, plan(), other, {}, now)
        assert "take the package as it was (manifest.json has the spec; gridwright" in str(
            caught.value
        )
        assert continue_lake(ledger, plan(), of(None) | rows(), {}, now).notes == ()


def test_columns_are_compared_once_they_are_known(lake: Path) -> None:
    with Ledger(lake) as ledger:
        for meaning in (of(None), of(None) | rows(), of(None)):
            assert continue_lake(ledger, plan(), meaning, {}, NOW).notes == ()
        with pytest.raises(PlanError, match="column meter was there, and is gone"):
            gone = {about: said for about, said in rows().items() if about != "column meter"}
            continue_lake(ledger, plan(), of(None) | gone, {}, NOW)


def test_the_end_of_the_period_may_move(lake: Path) -> None:
    harvested(lake, customers=CUSTOMERS[:1], until=date(2024, 3, 12))
    assert harvested(lake, customers=CUSTOMERS[:1], until=UNTIL).calls == 8


def test_a_window_of_an_argument_that_the_client_does_not_take_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="takes no argument day: it takes customer_number, date"):
        harvested(tmp_path / "lake", window=Window(first="day"))
    assert list(tmp_path.iterdir()) == []
