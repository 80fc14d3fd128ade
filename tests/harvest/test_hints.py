"""What a spec says of harvests becomes a plan: keys as columns, first days, lengths."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from gridwright_apis.kepco_opm import models, operations
from gridwright_runtime.harvest.hints import first_day, first_days, key_columns
from gridwright_runtime.harvest.plan import PlanError, length_of, windows
from gridwright_runtime.mock.inventing.publishing import as_published
from gridwright_runtime.mock.world import Answer, Question, Refusal

from .world import KEY, plan


def test_a_key_of_readings_has_their_subject_interval_and_quantity() -> None:
    assert key_columns(models.DayLoadProfile, "customer_number", ("meter_number",)) == KEY


def test_a_key_of_records_has_nothing_beside_the_subject_and_its_fields() -> None:
    found = key_columns(models.Customer, "account", ("customer_number", "customer_number"))
    assert found == ("account", "customer_number")


def test_a_key_of_no_column_is_refused() -> None:
    with pytest.raises(ValueError, match="no column for nothing"):
        key_columns(models.DayLoadProfile, "", ("nothing",))


@pytest.mark.parametrize(
    ("history", "first"),
    [("P2Y", date(2022, 2, 28)), ("P1Y6M", date(2022, 8, 29)), ("P2W", date(2024, 2, 15))],
)
def test_a_history_goes_back_by_the_calendar(history: str, first: date) -> None:
    assert first_day(history, date(2024, 2, 29)) == first


@pytest.mark.parametrize("text", ["P", "P0D", "P1M1D", "PT1H", "1D", ""])
def test_a_length_is_one_of_days_or_of_months(text: str) -> None:
    with pytest.raises(PlanError, match="P1D"):
        length_of(text)


def test_first_days_are_the_earliest_and_those_of_the_zone() -> None:
    late = datetime(2024, 3, 9, 16, tzinfo=UTC)  # the tenth, in Seoul
    records = [
        SimpleNamespace(no="1", since=date(2024, 5, 1)),
        SimpleNamespace(no="1", since=date(2024, 4, 1)),
        SimpleNamespace(no="2", since=late),
        SimpleNamespace(no="3", since=None),
        SimpleNamespace(no=None, since=late),
    ]
    found = first_days(records, "no", "since", "Asia/Seoul")
    assert found == {"1": date(2024, 4, 1), "2": date(2024, 3, 10)}
    assert first_days(records, "no", "", "Asia/Seoul") == {}


def test_windows_of_a_subject_begin_with_its_first_day() -> None:
    until = date(2024, 3, 14)
    assert next(windows(plan(), until, date(2024, 3, 12))) == (date(2024, 3, 12), date(2024, 3, 13))


def test_a_mock_publishes_late_and_corrects_by_its_clock() -> None:
    told = operations.GET_DAY_LOAD_PROFILE
    assert told.harvest is not None
    operation = replace(
        told, harvest=replace(told.harvest, published_seconds=3600.0, corrected_seconds=7200.0)
    )
    question = Question(arguments={"customer_number": "1", "date": date(2024, 3, 1)})
    answer = Answer(payload=[{"meter_number": "1", "energy_kwh_0015": Decimal("0.50")}])
    midnight = datetime(2024, 3, 1, 15, tzinfo=UTC)  # in Seoul
    early = as_published(operation, question, answer, midnight)
    assert isinstance(early, Refusal) and early.kind == "no-data"
    later = as_published(operation, question, answer, midnight + timedelta(hours=1))
    assert isinstance(later, Answer)
    assert later.payload == [{"meter_number": "1", "energy_kwh_0015": Decimal("0.49")}]
    assert as_published(operation, question, answer, midnight + timedelta(hours=3)) is answer
