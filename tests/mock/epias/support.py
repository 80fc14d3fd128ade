"""One helper for each boundary: the clock, the application, requests to it, the world behind it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import httpx2
from lxml import etree
from starlette.applications import Starlette

from gridwright_apis.epias_ecms import mock
from gridwright_runtime.mock.application import Mock
from gridwright_runtime.mock.clock import ManualClock
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.mock.world import Refusal
from gridwright_runtime.mock.worlds.epias_ecms import EcmsWorld

Format = Literal["json", "xml"]
FORMATS: tuple[Format, ...] = ("json", "xml")
Tree = dict[str, Any]

ISTANBUL = ZoneInfo("Europe/Istanbul")
NOW = datetime(2024, 6, 15, 9, tzinfo=UTC)
"""12:00 in Istanbul."""
USERNAME, PASSWORD = "demo-username", "demo-password"
PRODUCTION, TEST = "https://tysapi.epias.com.tr", "https://testtysapi.epias.com.tr"
CAS = "https://cas.epias.com.tr/cas/v1/tickets"
BASE = "/ecms-index-metering-data/rest"
POINT = 500_001
"""A metering point with records from the start."""
FREE_POINT = 123_456
"""One without."""
EIC = "40ZINVENTED00001"
TRANSACTION = "00000000-0000-4000-8000-000000000001"

INDEX: Tree = {
    "period": "2024-05-01T00:00:00.000+0300",
    "periodDescription": "invented",
    "meteringPointId": FREE_POINT,
    "meteringPointEic": EIC,
    "meterBrand": "MOCK-A",
    "meterSerialNumber": "INVENTED1",
    "meterType": "ELECTRONIC",
    "powerType": "ACTIVE",
    "factor": 1,
    "firstMeasureDate": "2024-05-01T00:00:00.000+0300",
    "firstMeasureType": "PERIODIC",
    "firstLoadType": "MANUALLY",
    "firstT1": "1.5",
    "lastMeasureDate": "2024-06-01T00:00:00.000+0300",
    "lastMeasureType": "PERIODIC",
    "lastLoadType": "MANUALLY",
    "lastT1": "9999999999.999",
}
ACCRUAL: Tree = {
    "period": "2024-05-01T00:00:00.000+0300",
    "meteringPointId": FREE_POINT,
    "meteringPointEic": EIC,
    "startDate": "2024-05-03T00:00:00.000+0300",
    "endDate": "2024-05-05T00:00:00.000+0300",
    "t1": "12.5",
    "reason": "METER_DIGIT_FAULT",
}


def make_app(**options: Any) -> Starlette:
    return mock.application(clock=options.pop("clock", None) or ManualClock(NOW), **options)


def mock_of(app: Starlette) -> Mock:
    found = app.state.mock
    assert isinstance(found, Mock)
    return found


def clock_of(app: Starlette) -> ManualClock:
    clock = mock_of(app).clock
    assert isinstance(clock, ManualClock)
    return clock


def play(app: Starlette, operation: str | None, fault: Fault, *, times: int = 1) -> None:
    mock_of(app).faults.add(operation, fault, times=times)


class Caller:
    """Calls the mock as any HTTP client would, without anything of ours but the transport."""

    def __init__(self, app: Starlette, host: str = PRODUCTION) -> None:
        self.http = httpx2.Client(transport=MockTransport(app))
        self.host = host
        self._grant: str | None = None

    def ticket(self, service: str = PRODUCTION) -> str:
        if self._grant is None:
            login = {"username": USERNAME, "password": PASSWORD}
            self._grant = self.http.post(f"{CAS}?format=text", data=login).text
        return self.http.post(f"{CAS}/{self._grant}", data={"service": service}).text

    def post(
        self,
        path: str,
        body: bytes | Tree,
        *,
        format: Format = "json",
        root: str = "",
        ticket: str | None = "new",
        **headers: str,
    ) -> httpx2.Response:
        """Send a body, or the payload of one; headers with ``_`` for ``-``, empty: not sent."""
        if not isinstance(body, bytes):
            tree = {"header": pairs(), "body": body}
            body = to_json(tree) if format == "json" else to_xml(root, tree)
        sent = {
            "content-type": f"application/{format}",
            "accept": f"application/{format}",
            "ecms-service-ticket": self.ticket(_service(self.host)) if ticket == "new" else ticket,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        kept = {name: value for name, value in sent.items() if value}
        return self.http.post(f"{self.host}{BASE}{path}", content=body, headers=kept)

    def ask(self, path: str, payload: Tree) -> Tree:
        """Return the payload of a JSON reply that says success."""
        reply = self.post(path, payload)
        assert reply.status_code == 200, reply.text
        tree = reply.json()
        assert tree["resultType"] == "SUCCESS", tree
        found: Tree = tree["body"]
        return found

    def refusal(self, path: str, payload: Tree) -> tuple[str, str]:
        """Return kind and code of a refusal inside HTTP 200."""
        reply = self.post(path, payload)
        assert reply.status_code == 200, reply.text
        tree = reply.json()
        assert "body" not in tree
        return tree["resultType"], tree["resultCode"]

    def save(self, *indexes: Tree) -> list[Tree]:
        found: list[Tree] = self.ask("/index-metering/save", {"indexes": list(indexes)})["indexes"]
        return found


def _service(host: str) -> str:
    return TEST if host == TEST else PRODUCTION


def pairs(transaction_id: str = TRANSACTION) -> list[Tree]:
    return [
        {"key": "transactionId", "value": transaction_id},
        {"key": "application", "value": "tests"},
    ]


def to_json(tree: Tree) -> bytes:
    return httpx2.Request("POST", "http://x.invalid", json=tree).read()


def to_xml(root: str, tree: Mapping[str, Any]) -> bytes:
    """Write a tree as the document's examples do: lists repeat their element."""
    element = etree.Element(root)
    _fill(element, tree)
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8"))


def _fill(element: Any, tree: Mapping[str, Any]) -> None:
    for name, value in tree.items():
        for item in value if isinstance(value, list) else [value]:
            child = etree.SubElement(element, name)
            if isinstance(item, Mapping):
                _fill(child, item)
            elif item is not None:
                child.text = str(item)


def texts(body: bytes, path: str) -> list[str | None]:
    """Return the texts of all elements at a path below the root."""
    return [element.text for element in etree.fromstring(body).findall(path)]


# The world itself, in Python names.

_INDEX_OPTIONS = (
    *("description", "digit_count", "metering_point_eic", "period_description"),
    *(f"{which}_t{number}" for which in ("first", "last") for number in range(4)),
)
_ACCRUAL_OPTIONS = (
    *("demand", "description", "metering_point_eic", "rc", "ri"),
    *("t0", "t1", "t2", "t3"),
)


def at(month: int, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=ISTANBUL)


def make_world(clock: ManualClock | None = None, seed: int = 1) -> EcmsWorld:
    return EcmsWorld(seed=seed, clock=clock or ManualClock(NOW))


def index(**changes: object) -> dict[str, object]:
    given = {
        "factor": Decimal(1),
        "first_load_type": "MANUALLY",
        "first_measured_at": at(5),
        "first_measure_type": "PERIODIC",
        "first_t1": Decimal(1),
        "last_load_type": "MANUALLY",
        "last_measured_at": at(6),
        "last_measure_type": "PERIODIC",
        "last_t1": Decimal(2),
        "meter_brand": "MOCK-A",
        "meter_serial_number": "INVENTED1",
        "meter_type": "ELECTRONIC",
        "metering_point_id": FREE_POINT,
        "period": at(5),
        "power_type": "ACTIVE",
        **changes,
    }
    return {**dict.fromkeys(_INDEX_OPTIONS), **given}


def accrual(**changes: object) -> dict[str, object]:
    given = {
        "start_at": at(5, 3),
        "end_at": at(5, 5),
        "metering_point_id": FREE_POINT,
        "period": at(5),
        "reason": "METER_DIGIT_FAULT",
        "t1": Decimal("12.5"),
        **changes,
    }
    return {**dict.fromkeys(_ACCRUAL_OPTIONS), **given}


def answer(world: EcmsWorld, operation: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    found = world.answer(operation, arguments)
    assert not isinstance(found, Refusal), found
    return found


def refused(world: EcmsWorld, operation: str, arguments: Mapping[str, Any]) -> str:
    found = world.answer(operation, arguments)
    assert isinstance(found, Refusal)
    return found.code


def save(world: EcmsWorld, *rows: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = answer(world, "save_indexes", {"indexes": list(rows)})[
        "indexes"
    ]
    return found


def search(
    world: EcmsWorld,
    kind: Literal["indexes", "accruals"] = "indexes",
    rows: Mapping[str, int | None] | None = None,
    **criteria: object,
) -> list[Mapping[str, Any]]:
    arguments = {"criteria": criteria, "row_range": rows}
    found: list[Mapping[str, Any]] = answer(world, f"search_{kind}", arguments)[kind]
    return found


def status_of(world: EcmsWorld, id: int) -> str:
    (row,) = answer(world, "find_indexes", {"index_ids": [id]})["indexes"]
    return str(row["status"])


def ids(rows: Sequence[Mapping[str, Any]], name: str = "index_id") -> list[int]:
    return [row[name] for row in rows]
