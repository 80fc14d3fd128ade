import ssl
from typing import Any

import httpx2
import pytest

from gridwright_runtime.errors import (
    ClosedHoursError,
    ConfigurationError,
    ConnectError,
    InvalidRequestError,
    OutcomeUnknownError,
    RejectedError,
    RequestTimeoutError,
    SystemFailureError,
    TransportError,
    UndocumentedNameError,
    WrongAddressError,
)

from . import sample
from .support import CITIZEN, ELSEWHERE, KINDS, Kind, caller, shown

pytestmark = pytest.mark.parametrize("kind", KINDS)


def test_a_call_returns_the_record(kind: Kind) -> None:
    result = caller(kind, {"rowCount": 3}).call("get_power_usage", citizen_id=CITIZEN)
    assert result.body.row_count == 3
    assert result.attachments == ()


def test_a_client_without_an_address_says_why(kind: Kind) -> None:
    with pytest.raises(ConfigurationError, match=r"base_url=….*line 12"):
        caller(kind, base_url=None).call("apply")


def test_a_client_certificate_can_be_given(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context()
    given: dict[str, Any] = {}
    name = "Client" if kind == "sync" else "AsyncClient"
    make = getattr(httpx2, name)
    monkeypatch.setattr(httpx2, name, lambda **options: given.update(options) or make(**options))
    client: Any = sample.Client if kind == "sync" else sample.AsyncClient
    client(base_url="https://api.sample.example", ssl_context=context)
    assert given["verify"] is context


def test_nothing_is_sent_that_breaks_a_rule(kind: Kind) -> None:
    one = caller(kind)
    with pytest.raises(InvalidRequestError):
        one.call("apply", applicant_name="far too long a name")
    assert one.service.seen == []


def test_provisional_names_are_not_sent_to_others_whatever_the_transport(kind: Kind) -> None:
    one = caller(kind, base_url=ELSEWHERE)
    with pytest.raises(UndocumentedNameError):
        one.call("apply", application_number="INVENTED")
    assert one.service.seen == []


@pytest.mark.parametrize("passing", [httpx2.Response(502), httpx2.ReadError("cut")])
def test_a_read_is_repeated(kind: Kind, passing: object) -> None:
    one = caller(kind, passing, passing, {"kind": "1"})
    assert one.call("get_status").body.kind == "1"
    assert len(one.service.seen) == 3
    assert one.clock.slept == [0.25, 0.5]


@pytest.mark.parametrize(
    "outcome", [httpx2.ReadError("cut"), httpx2.ReadTimeout("late"), httpx2.Response(502)]
)
def test_a_write_is_never_sent_twice(kind: Kind, outcome: object) -> None:
    one = caller(kind, outcome, {"kind": "1"})
    with pytest.raises(OutcomeUnknownError):
        one.call("apply", applicant_name="a")
    assert len(one.service.seen) == 1


def test_a_write_that_never_left_is_no_mystery(kind: Kind) -> None:
    with pytest.raises(ConnectError):
        caller(kind, httpx2.ConnectError("no")).call("apply", applicant_name="a")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx2.Response(400), RejectedError),
        (httpx2.Response(500), SystemFailureError),
        (httpx2.Response(503), ClosedHoursError),
    ],
)
def test_an_answer_to_a_write_is_an_answer(
    kind: Kind, answer: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        caller(kind, answer).call("apply", applicant_name="a")


def test_an_unreadable_answer_to_a_write_leaves_its_outcome_unknown(kind: Kind) -> None:
    with pytest.raises(OutcomeUnknownError):
        caller(kind, httpx2.Response(200, text="?")).call("apply", applicant_name="a")


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (httpx2.ReadTimeout(f"at {CITIZEN}"), RequestTimeoutError),
        (httpx2.Response(400, json={"statusDetail": f"not {CITIZEN}"}), RejectedError),
        (httpx2.Response(200, json={"error": CITIZEN, "statusDetail": CITIZEN}), RejectedError),
        (httpx2.ReadError(f"cut at {CITIZEN}"), TransportError),
        (httpx2.Response(400, text=f"no {CITIZEN}"), RejectedError),
        (httpx2.Response(404, json={"name1": "INVENTED", "id": CITIZEN}), WrongAddressError),
    ],
)
def test_a_personal_number_is_in_no_error(
    kind: Kind, outcome: object, error: type[Exception]
) -> None:
    one = caller(kind, *[outcome] * 3)
    with pytest.raises(error) as caught:
        one.call("get_power_usage", citizen_id=CITIZEN)
    assert CITIZEN not in shown(caught.value)
    assert "INVENTED" not in shown(caught.value)
    assert CITIZEN in str(one.service.seen[0].url)


def test_a_personal_number_is_in_no_log(kind: Kind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    caller(kind, {"rowCount": 1}).call("get_power_usage", citizen_id=CITIZEN)
    assert "{CitizenID}" in caplog.text
    assert CITIZEN not in caplog.text


def test_a_closed_client_makes_no_calls(kind: Kind) -> None:
    if kind == "sync":
        client = sample.Client(base_url="http://127.0.0.1:1")
        client.close()
        with pytest.raises(ConfigurationError, match="closed"):
            client.apply()
    else:
        import asyncio

        async def main() -> None:
            client = sample.AsyncClient(base_url="http://127.0.0.1:1")
            await client.aclose()
            with pytest.raises(ConfigurationError, match="closed"):
                await client.apply()

        asyncio.run(main())
