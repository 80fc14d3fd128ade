"""What a private amendment adds to a reply, the mock tells where it knows it, or invents."""

from collections.abc import Mapping

from msgspec import field

from gridwright_runtime.look import Look
from gridwright_runtime.mock.service_codec import complete_reply
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.service.operation import ServiceOperation, ServiceReply, ServiceRequest

from . import systems


class Row(Record, frozen=True, kw_only=True):
    application_number: str | None = field(name="no")
    floor: str | None = field(name="kai")


class Amended(Record, frozen=True, kw_only=True):
    request_status: str | None = field(name="status")
    reference: str | None = field(name="ref")
    short: str | None = field(name="s")
    note: str | None = field(name="note", default=None)
    applications: list[Row] = field(name="rows")


def check_row(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.text("no", "application_number", "", "number", max_characters=11)
    look.text("kai", "floor", "", "floor", max_characters=40)
    return look.problems()


def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.text("status", "request_status", "", "status", max_characters=20)
    look.text("ref", "reference", "", "reference", max_characters=40)
    look.text("s", "short", "", "short", max_characters=2)
    look.text("note", "note", "", "note", optional=True)
    look.records("rows", "applications", "", "rows", check=check_row)
    return look.problems()


OPERATION: ServiceOperation[Amended] = ServiceOperation(
    system="kansai_kakusyu",
    name="list_applications",
    wire_name="Ichiran",
    kind="read",
    method="POST",
    path="/Ichiran",
    request=ServiceRequest(model=systems.Wanted, media="json", check=systems.texts({})),
    reply=ServiceReply(model=Amended, check=check),
)
REPLY: Mapping[str, object] = {
    "request_status": "mock-0000",
    "applications": [{"application_number": "M000000001", "not_in_the_model": "left out"}],
}


def test_what_the_world_does_not_know_is_invented_also_inside_of_lists() -> None:
    tree = complete_reply(OPERATION, REPLY)
    assert tree["status"] == "mock-0000"
    assert str(tree["ref"]).startswith("reference ")
    rows = tree["rows"]
    assert isinstance(rows, list)
    assert set(rows[0]) == {"no", "kai"}
    assert rows[0]["no"] == "M000000001"
    assert "floor" in rows[0]["kai"]


def test_what_may_be_absent_and_what_would_not_fit_stays_away() -> None:
    tree = complete_reply(OPERATION, REPLY)
    assert "note" not in tree
    assert "s" not in tree


def test_what_is_invented_repeats_and_the_world_s_reply_is_left_as_it_was() -> None:
    assert complete_reply(OPERATION, REPLY) == complete_reply(OPERATION, REPLY)
    assert "floor" not in str(REPLY)
