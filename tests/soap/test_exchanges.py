"""The exact bytes of one exchange with each service of Kansai Electric's application site.

Identifiers, boundary and clock are injected; the mock answers. One call has an attachment.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from gridwright_apis.kansai_kakusyu import mock, operations
from gridwright_runtime.client import BaseClient
from gridwright_runtime.interface import Operation
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.multipart.attachment import Attachment

HERE = Path(__file__).parent / "exchanges"
APPLICATION = {
    "selected_item_code": "01",
    "equipment_class": "1",
    "supply_point_number": "0600000000000000000000",
}
VISIT = {**APPLICATION, "desired_visit_date": "20251015", "supply_point_address": "大阪市 <1>"}
ASKED: Mapping[str, dict[str, str]] = {
    "list_applications": {"work_stage": "調査中"},
    "get_application_status": {"application_number": "M000000001"},
    "apply_company_equipment": {**VISIT, "content_kind_code": "10"},
    "apply_customer_equipment": {**VISIT, "content_kind_code": "20"},
    "apply_power_outage": {**VISIT, "customer_name": "見本 太郎"},
    "apply_other": {**VISIT, "content_kind_code": "30"},
    "apply_menu_change": {**APPLICATION, "wheeling_menu": "01", "customer_name": "見本 太郎"},
}
MAPS = [Attachment(content=b"\x89PNG\r\n\x1a\n", content_type="image/png", filename="地図.png")]


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2025, 10, 1, 3, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits")

    async def async_sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits")


class Recorder(httpx2.BaseTransport):
    """Passes requests on, and keeps what went each way."""

    def __init__(self) -> None:
        self._mock = MockTransport(mock.application(clock=Still()))
        self.request = self.reply = b""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        names = ("SOAPAction", "Content-Type")
        lines = [f"{request.method} {request.url.raw_path.decode()}"]
        lines += [f"{name}: {request.headers[name]}" for name in names]
        self.request = "\r\n".join([*lines, "", ""]).encode() + request.read()
        response = self._mock.handle_request(request)
        body = response.read()
        lines = [str(response.status_code), f"Content-Type: {response.headers['Content-Type']}"]
        self.reply = "\r\n".join([*lines, "", ""]).encode() + body
        return httpx2.Response(response.status_code, headers=response.headers, content=body)


def fixed_id() -> str:
    return "1759287600000000001"


def exchange(name: str, new_id: Callable[[], str] | None = fixed_id) -> Recorder:
    operation: Operation[Any] = getattr(operations, name.upper())
    recorder = Recorder()
    with BaseClient(
        operations.SYSTEM,
        credentials={"login_id": "demo-login-id", "password": "demo-password"},
        options={"ip_address": "192.0.2.1"},
        base_url="http://127.0.0.1:1",
        transport=recorder,
        clock=Still(),
        new_id=new_id,
        new_boundary=lambda: "gridwright-boundary",
    ) as client:
        attachments = MAPS if name == "apply_other" else []
        client._record(operation, operation.request.model(**ASKED[name]), attachments=attachments)
    return recorder


@pytest.mark.parametrize("name", ASKED)
def test_exchange_is_that_of_the_golden_file(name: str, update_golden: bool) -> None:
    recorder = exchange(name)
    actual = {"request": recorder.request, "reply": recorder.reply}
    files = {side: HERE / f"{name}.{side}.txt" for side in actual}
    expected = {side: file.read_bytes() if file.exists() else b"" for side, file in files.items()}
    if update_golden and actual != expected:
        HERE.mkdir(exist_ok=True)
        for side, file in files.items():
            file.write_bytes(actual[side])
        pytest.fail(f"rewrote {name}: read the diff, then run without the flag")
    assert actual == expected


def test_every_service_has_its_exchange() -> None:
    assert list(ASKED) == [operation.name for operation in mock.OPERATIONS]


def test_the_request_ids_of_calls_are_numbers_that_grow() -> None:
    sent = [exchange("list_applications", new_id=None).request for _ in range(3)]
    ids = [int(found) for body in sent for found in re.findall(rb"<requestID>(\d+)<", body)]
    assert len(ids) == 3
    assert ids == sorted(set(ids))
