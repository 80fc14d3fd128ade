"""Reference pages say where each value stands, from the outside in."""

from pathlib import Path

import pytest

from ..support import files_of, understood

EXCHANGES = Path(__file__).parents[2] / "exchanges"


def page_of(name: str, operation: str) -> str:
    """Return the page of an operation of an exchange."""
    spec = (EXCHANGES / f"{name}.yaml").read_text("utf-8").partition("\n---\n")[0]
    interface, problems = understood(spec)
    assert interface is not None, problems
    return files_of(interface)[f"docs/{interface.system}/{operation}.md"]


@pytest.mark.parametrize(
    "said",
    [
        "| `start` | `period` › `interval` › `start` |",
        "| `legs` | `body` › `legs`, in XML each item `leg` |",
    ],
)
def test_a_page_shows_the_containers_of_a_field(said: str) -> None:
    assert said in page_of("fields_in_containers", "get_trade")


@pytest.mark.parametrize(
    "said",
    [
        "| `number_id` | `id` in the path |",
        "| `content_language` | `Content-Language` in a header |",
        "| `theme` of the client | `theme` in a cookie |",
        "| `app` of the client | `meta` › `client` › `app` in the body |",
        "| `dry_run` | `dry-run` |",
    ],
)
def test_a_page_says_where_a_value_travels_that_is_not_in_the_query(said: str) -> None:
    assert said in page_of("values_in_places", "put_number")


def test_a_page_shows_the_way_to_what_a_reply_brings() -> None:
    assert "| what it brings | `a` › `b` › `c` |" in page_of("values_in_places", "put_number")


def test_a_page_says_what_a_login_sends_with_its_place() -> None:
    page = page_of("login_by_get", "README")
    assert "`X-Word` in a header: the text" in page


def test_a_page_says_that_a_question_is_cut_where_a_service_has_no_pages() -> None:
    page = page_of("asked_in_parts", "list_readings")
    assert "walks any number of records, part by part." in page
    assert "page by page" not in page


@pytest.mark.parametrize(("to_is", "day"), [("excluded", 2), ("included", 1)])
def test_a_snippet_asks_for_a_period_that_is_not_empty(to_is: str, day: int) -> None:
    spec = (EXCHANGES / "asked_in_parts.yaml").read_text("utf-8").partition("\n---\n")[0]
    interface, _ = understood(spec.replace("to_is: included", f"to_is: {to_is}"))
    assert interface is not None
    page = files_of(interface)["docs/asked_in_parts/list_readings.md"]
    assert f"last_day=datetime.date(2024, 10, {day})" in page


@pytest.mark.parametrize(
    ("exchange", "operation", "said"),
    [
        (
            "zones_by_name",
            "list_amounts",
            "- `Amount.reading()` of `amount_kwh`: day in Datum, time in von, each PT15M long; von "
            "is the start of the interval; times of the zone that Zeitzone names (CET is "
            "Etc/GMT-1; CEST is Etc/GMT-2); in kWh",
        ),
        (
            "units_of_data",
            "list_readings",
            "in the unit that uom names",
        ),
        (
            "printed_end",
            "list_values",
            "bis, in the zone that Zeitzone bis names, has to be the end, or the value is not",
        ),
        (
            "positions_in_periods",
            "list_load",
            "a position that is not there has",
        ),
    ],
)
def test_a_page_says_to_which_interval_each_value_belongs(
    exchange: str, operation: str, said: str
) -> None:
    assert said in page_of(exchange, operation)
