"""What travels in query and headers is checked and answered like what stands in a body."""

import httpx2
from msgspec import field

from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.services import build_service_application
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.record import Record
from gridwright_runtime.service.operation import ServiceOperation, ServiceReply, ServiceRequest

from .support import NOON, mock_of
from .systems import texts


class Asked(Record, frozen=True, kw_only=True):
    __personal__ = frozenset({"person"})

    month: str | None = field(name="ym", default=None)
    person: str | None = field(name="X-Person", default=None)


class Answered(Record, frozen=True, kw_only=True):
    month: str | None = field(name="ym", default=None)


OPERATION: ServiceOperation[Answered] = ServiceOperation(
    system="unheard_of",
    name="get_month",
    wire_name="month",
    kind="read",
    method="GET",
    path="/month",
    request=ServiceRequest(
        model=Asked,
        media="none",
        check=texts({"ym": "month", "X-Person": "person"}, required=("ym",), size=6),
        places={"ym": "query", "X-Person": "header"},
    ),
    reply=ServiceReply(model=Answered, check=texts({"ym": "month"})),
)


def test_query_and_headers_are_read_checked_and_masked() -> None:
    app = build_service_application(
        system="unheard_of", operations=[OPERATION], clock=ManualClock(NOON), path="/v1"
    )
    with httpx2.Client(transport=MockTransport(app), base_url="http://mock.invalid") as client:
        good = client.get("/v1/month?ym=202401", headers={"X-Person": "P1"})
        long = client.get("/v1/month?ym=2024-01-31")
        missing = client.get("/v1/month")
    assert good.json() == {"ym": "202401"}
    assert "mock-2002" in long.text
    assert "mock-2001" in missing.text
    assert [entry.parameters for entry in mock_of(app).journal] == [
        {"ym": "202401", "X-Person": "***"},
        {"ym": "***"},
        {},
    ]
