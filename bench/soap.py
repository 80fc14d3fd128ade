"""SOAP exchanges through the client, against zeep with the generated WSDL.

Both ask for the same list with the same items, each through its own HTTP library, and get the same
bytes back within this process: what the mock answered once, before the clock runs. zeep has read
the WSDL by then, too. Ours is the whole call, as users make it: it checks the request, takes its
turn within the limits of the document (granted at once: before each call its clock moves on far
enough), looks for refusals, and makes records of the reply.

zeep comes as its users have it: with a session of requests that asks the environment about proxies
before each call, as httpx2 does once for a client. The details of a row also say how long zeep
takes where it is told not to, and our call where it compares the reply with the document at once.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import requests
import zeep
from requests.adapters import BaseAdapter
from zeep.transports import Transport

from bench.equal import require_equal
from bench.rows import Row, Target
from bench.sizes import Size
from bench.timing import take_turns
from gridwright_apis import kansai_kakusyu
from gridwright_apis.kansai_kakusyu import mock
from gridwright_apis.kansai_kakusyu.operations import LIST_APPLICATIONS
from gridwright_runtime.clock import Clock
from gridwright_runtime.mock.transport import MockTransport

__all__ = ["rows"]

_WSDL = Path(__file__).parents[1] / "generated/schemas/kansai_kakusyu/kansai_kakusyu.wsdl"
_ADDRESS = "http://127.0.0.1:1"
_HEADER = {
    "requestID": "00000000-0000-4000-8000-000000000000",
    "serviceID": LIST_APPLICATIONS.wire_name,
    "ipAddress": "192.0.2.1",
    "timeStamp": "2025-10-01T12:00:00+09:00",
    "loginID": "demo-login-id",
    "password": "demo-password",
}
_ASKED = {"PROVISIONAL_work_stage": "1", "PROVISIONAL_desired_visit_date": "20251001"}


def rows(size: Size) -> list[Row]:
    """Measure the rows of this group."""
    return [
        _row("soap-zeep", size, more=100, target=Target("at least", 3.0)),
        _row("soap-zeep-short", size, more=0, target=Target("at least", 3.0)),
    ]


def _row(name: str, size: Size, *, more: int, target: Target | None) -> Row:
    """Measure one exchange; ``more`` applications than the mock begins with are in the list."""
    reply = _reply_of_the_mock(more)
    clock = _Clock()
    with _client(transport=_Canned(reply), clock=clock) as client:
        service, lean_service = _zeep(reply), _zeep(reply, asks_environment=False)

        def by_client(strict: bool = False) -> Any:
            clock.sleep(_BETWEEN_SECONDS)
            return client.list_applications(
                work_stage=_ASKED["PROVISIONAL_work_stage"],
                desired_visit_date=_ASKED["PROVISIONAL_desired_visit_date"],
                strict=strict,
            )

        def by_zeep(service: Any = service) -> Any:
            return service.list_applications(**_ASKED, _soapheaders={"header": _HEADER})

        compared = _compare(by_client().body, by_zeep())
        turns = take_turns(
            {
                "zeep": _repeat(by_zeep, size.calls),
                "gridwright": _repeat(by_client, size.calls),
                "zeep_without_environment": _repeat(lambda: by_zeep(lean_service), size.calls),
                "gridwright_strict": _repeat(lambda: by_client(strict=True), size.calls),
            },
            size.rounds,
        )
    per_call = {f"{who}_us_per_call": turns.best(who) / size.calls * 1e6 for who in turns.seconds}
    return Row(
        name=name,
        what=f"a SOAP exchange in process with {compared - 2} applications, against zeep",
        unit="x speed",
        estimate=turns.ratio("zeep", "gridwright"),
        target=target,
        compared=compared,
        details=per_call | {"body_bytes": len(reply)},
    )


class _Clock:
    """Stands still, but for those who sleep."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._now = _BEGAN

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self._seconds += seconds
        self._now = _BEGAN + timedelta(seconds=self._seconds)

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


class _Canned(httpx2.BaseTransport):
    """Gives httpx2 the same reply each time."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        # As httpx2's own transports do: the client reads it.
        stream = httpx2.ByteStream(self._body)
        return httpx2.Response(200, headers=_RAW_CONTENT, stream=stream)


class _CannedAdapter(BaseAdapter):
    """Gives requests the same reply each time."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        response = requests.Response()
        response.status_code = 200
        response.headers.update(_CONTENT)
        response.url = request.url or ""
        response.request = request
        response._content = self._body
        return response

    def close(self) -> None:
        pass


def _reply_of_the_mock(more: int) -> bytes:
    clock = _Clock()
    with _client(transport=MockTransport(mock.application(clock=clock)), clock=clock) as client:
        for _ in range(more):
            client.apply_power_outage(customer_name="demo")
        return client.list_applications().raw.body


def _client(*, transport: httpx2.BaseTransport, clock: Clock) -> kansai_kakusyu.Client:
    return kansai_kakusyu.Client(
        login_id=_HEADER["loginID"],
        password=_HEADER["password"],
        ip_address=_HEADER["ipAddress"],
        base_url=_ADDRESS,
        transport=transport,
        clock=clock,
    )


def _zeep(reply: bytes, *, asks_environment: bool = True) -> Any:
    session = requests.Session()
    session.trust_env = asks_environment
    session.mount("http://", _CannedAdapter(reply))
    transport = Transport(session=session)  # type: ignore[no-untyped-call] # zeep has no types
    client = zeep.Client(str(_WSDL), transport=transport)  # type: ignore[no-untyped-call]
    name = LIST_APPLICATIONS.wire_name
    return client.bind(name, f"{name}Port")


def _compare(ours: Any, theirs: Any) -> int:
    """Compare all values, and return how many there are."""
    values = [ours.request_status, ours.reception_message]
    values += [entry.application_number for entry in ours.applications]
    found = [theirs.PROVISIONAL_request_status, theirs.PROVISIONAL_reception_message]
    found += [entry.PROVISIONAL_application_number for entry in theirs.PROVISIONAL_applications]
    require_equal(len(values) > 2, True, "SOAP, applications in the reply")
    require_equal(values, found, "SOAP, gridwright and zeep")
    return len(values)


def _repeat(call: Callable[[], object], times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            call()

    return run


_BEGAN = datetime(2025, 10, 1, 3, tzinfo=UTC)
_BETWEEN_SECONDS = 2.0  # the limit is one call a second, and the client keeps a margin
_CONTENT = {"Content-Type": "text/xml; charset=UTF-8"}
_RAW_CONTENT = [(name.encode(), value.encode()) for name, value in _CONTENT.items()]
