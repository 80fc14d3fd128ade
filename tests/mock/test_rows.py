"""The invented world of a long answer holds a fixed number of records, and gives the rows asked."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import field

from gridwright_runtime.interface import Operation, ReplySpec, RequestSpec
from gridwright_runtime.mock.facts import RowsOf
from gridwright_runtime.mock.world import Answer, Question
from gridwright_runtime.mock.worlds.invention import Invented
from gridwright_runtime.paging import Pages
from gridwright_runtime.record import Record

from .support import UNHEARD, anything, argument, http, make, one


class Row(Record, frozen=True, kw_only=True):
    number: int = field(name="no")
    label: str = field(name="label")


class Information(Record, frozen=True, kw_only=True):
    count: int = field(name="count")


class Found(Record, frozen=True, kw_only=True):
    about: Information = field(name="about")
    rows: list[Row] = field(name="rows")


class Asked(Record, frozen=True, kw_only=True):
    first_row: int = field(name="from")
    last_row: int = field(name="to")
    label: str | None = field(name="label", default=None)


ASKED = RequestSpec(
    model=Asked,
    check=anything,
    parts=(argument("from"), argument("to"), argument("label")),
)
LISTED = one(
    request=ASKED,
    reply=ReplySpec(
        model=Row, shape="list", formats={"json": ()}, payload=("rows",), check=anything
    ),
)
RECORD = one(
    request=ASKED,
    reply=ReplySpec(model=Found, shape="record", formats={"json": ()}, check=anything),
)
ROWS: Mapping[str, RowsOf] = {
    "list": RowsOf(Pages(records="records", total="", key="number"), "first_row", "last_row"),
    "record": RowsOf(
        Pages(records="rows", total="about.count", key="number"), "first_row", "last_row"
    ),
}
OPERATIONS: Mapping[str, Operation[Any]] = {"list": LISTED, "record": RECORD}
shapes = pytest.mark.parametrize("shape", ["list", "record"])


def page(shape: str, **arguments: object) -> Any:
    world = Invented(
        [OPERATIONS[shape]], seed=1, records=4, pages={OPERATIONS[shape].name: ROWS[shape]}
    )
    found = world.answer("get_one", Question(arguments=arguments))
    assert isinstance(found, Answer)
    return found.payload


def rows(shape: str, **arguments: object) -> list[dict[str, Any]]:
    found = page(shape, **arguments)
    listed: list[dict[str, Any]] = found if shape == "list" else found["rows"]
    return listed


@shapes
def test_there_are_three_times_as_many_records_as_in_other_lists(shape: str) -> None:
    assert [row["number"] for row in rows(shape)] == list(range(1, 13))


@shapes
def test_a_question_gets_the_rows_that_it_names(shape: str) -> None:
    assert [row["number"] for row in rows(shape, first_row=5, last_row=7)] == [5, 6, 7]
    assert [row["number"] for row in rows(shape, first_row=11, last_row=99)] == [11, 12]
    assert rows(shape, first_row=13, last_row=20) == []


@shapes
def test_a_record_is_the_same_on_every_page(shape: str) -> None:
    whole = rows(shape)
    assert rows(shape, first_row=5, last_row=7) == whole[4:7]
    assert len({row["label"] for row in whole}) > 1


@shapes
def test_records_are_about_what_was_asked(shape: str) -> None:
    assert {row["label"] for row in rows(shape, label="L")} == {"L"}


def test_a_reply_with_a_total_says_how_many_there_are() -> None:
    assert page("record", first_row=3, last_row=4)["about"] == {"count": 12}


@pytest.mark.parametrize(("kind", "key"), [(str, "7"), (int, 7)])
def test_what_tells_records_apart_has_the_type_of_its_field(kind: type, key: object) -> None:
    from gridwright_runtime.mock.inventing.rows import key_values

    class Keyed(Record, frozen=True, kw_only=True):
        id: kind  # type: ignore[valid-type]  # a field of this type

    assert key_values(Keyed, "id", 7) == {"id": key}
    assert key_values(Keyed, "", 7) == {}


def test_rows_reach_the_wire() -> None:
    app = make(UNHEARD, [RECORD], pages={"get_one": ROWS["record"]}, customers=4)
    with http(app) as client:
        found = client.get("/one", params={"from": "2", "to": "3"}).json()
    assert [row["no"] for row in found["rows"]] == [2, 3]
    assert found["about"] == {"count": 12}
