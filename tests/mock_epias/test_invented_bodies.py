"""A mock of a system that nobody has written a world for."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from msgspec import field

from gridwright_runtime.body_operation import (
    BodyOperation,
    Pair,
    Pairs,
    RecordReply,
    RequestBody,
    ResultEnvelope,
)
from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.instants import zoned_instant
from gridwright_runtime.look import Look
from gridwright_runtime.mock.ticketed import build_ticketed_application
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.worlds.invented_bodies import InventedBodies
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.tickets.flow import ServiceTicketStep, TicketFlow, TicketStep

Instant: Any = zoned_instant("Europe/Istanbul")
HOST = "https://service.invalid"


class Bolt(Record, frozen=True, kw_only=True):
    number: int | None = field(name="boltNo")
    length_mm: Decimal | None = field(name="len", default=None)
    made_at: Instant | None = field(name="made", default=None)
    grade: str | None = field(name="grade", default=None)
    is_new: bool | None = field(name="new", default=None)


class Order(Record, frozen=True, kw_only=True):
    bolts: list[Bolt] | None = field(name="bolts")


class Receipt(Record, frozen=True, kw_only=True):
    bolts: list[Bolt] | None = field(name="bolts")
    first: Bolt | None = field(name="first", default=None)
    marks: list[int] | None = field(name="marks", default=None)


def check_bolt(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.integer("boltNo", "number", "", "", required=True)
    look.decimal("len", "length_mm", "", "", optional=True)
    look.instant("made", "made_at", "", "", optional=True)
    look.code("grade", "grade", "", "", codes=("A", "B"), optional=True)
    look.boolean("new", "is_new", "", "", optional=True)
    return look.problems()


def check_request(record: Mapping[str, object], path: str = "") -> list[Problem]:
    return []


def check_receipt(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.records("bolts", "bolts", "", "", check=check_bolt)
    look.record("first", "first", "", "", check=check_bolt, optional=True)
    look.values("marks", "marks", "", "", kind="integer", optional=True)
    return look.problems()


def check_reply(record: Mapping[str, object], path: str = "") -> list[Problem]:
    look = Look(record, path)
    look.record("result", "result", "", "", check=check_receipt)
    look.text("code", "code", "", "")
    look.text("words", "words", "", "")
    look.text("kind", "kind", "", "")
    return look.problems()


ORDER: BodyOperation[Receipt] = BodyOperation(
    system="nuts_and_bolts",
    name="order_bolts",
    wire_name="order",
    kind="write",
    method="POST",
    path="/order",
    body=RequestBody(model=Order, payload="order", xml_root="orderRequest"),
    reply=RecordReply(model=Receipt, xml_root="orderReply", check=check_reply),
    check_request=check_request,
    envelope=ResultEnvelope(
        payload="result",
        code="code",
        message="words",
        kind="kind",
        success={"code": ("00",), "kind": ("FINE",)},
        pairs=Pairs(field="head", key="k", value="v", fill=(Pair("id", "id", "uuid"),)),
    ),
)
FLOW = TicketFlow(
    grant=TicketStep(
        address={"production": "https://cas.invalid/login?format=text"},
        success_status=201,
        lifetime_seconds=60,
    ),
    service=ServiceTicketStep(
        address={"production": "https://cas.invalid/login/{tgt}"},
        service={"production": HOST},
        success_status=200,
        lifetime_seconds=5,
    ),
    header="bolt-ticket",
)
SENT = {"bolts": [{"number": 7, "length_mm": None, "made_at": None, "grade": "A", "is_new": None}]}


def answer(arguments: Mapping[str, object], seed: int = 1) -> Any:
    return InventedBodies([ORDER], seed=seed).answer("order_bolts", arguments)


def test_what_was_sent_is_repeated_record_by_record() -> None:
    (bolt,) = answer(SENT)["bolts"]
    assert (bolt["number"], bolt["grade"]) == (7, "A")


def test_everything_else_is_invented_by_type() -> None:
    found = answer(SENT)
    bolt = found["bolts"][0]
    assert isinstance(bolt["length_mm"], Decimal)
    assert isinstance(bolt["made_at"], datetime)
    assert isinstance(bolt["is_new"], bool)
    assert all(isinstance(mark, int) for mark in found["marks"])


def test_what_the_check_would_report_is_left_out() -> None:
    assert "grade" not in answer(SENT)["first"]


def test_the_same_seed_invents_the_same() -> None:
    assert answer(SENT) == answer(SENT)
    assert answer(SENT) != answer(SENT, seed=2)


def test_only_operations_that_it_was_told_of_are_answered() -> None:
    with pytest.raises(ConfigurationError, match="was not told of find_bolts"):
        InventedBodies([ORDER], seed=1).answer("find_bolts", {})


def test_a_whole_application_of_another_system() -> None:
    app = build_ticketed_application(
        system="nuts_and_bolts", operations=[ORDER], tickets=FLOW, path="/api", users={"u": "p"}
    )
    with httpx2.Client(transport=MockTransport(app)) as http:
        login = {"username": "u", "password": "p"}
        grant = http.post("https://cas.invalid/login?format=text", data=login).text
        ticket = http.post(f"https://cas.invalid/login/{grant}", data={"service": HOST}).text
        body = {"head": [{"k": "id", "v": "1"}], "order": {"bolts": [{"boltNo": 3}]}}
        reply = http.post(f"{HOST}/api/order", json=body, headers={"bolt-ticket": ticket})
    assert reply.status_code == 200
    tree = reply.json()
    assert (tree["code"], tree["kind"]) == ("00", "FINE")
    assert tree["result"]["bolts"][0]["boltNo"] == 3
    assert check_reply(tree) == []


def test_two_operations_of_one_path_are_no_system() -> None:
    with pytest.raises(ConfigurationError, match="have the same path"):
        build_ticketed_application(
            system="nuts_and_bolts",
            operations=[ORDER, type(ORDER)(**{**fields_of(ORDER), "name": "other"})],
            tickets=FLOW,
            path="/api",
            users={},
        )


def fields_of(operation: BodyOperation[Any]) -> dict[str, Any]:
    return {name: getattr(operation, name) for name in operation.__struct_fields__}
