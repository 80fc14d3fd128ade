import pickle
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    ClosedHoursError,
    DeviationError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    NotSubscribedError,
    RejectedError,
    SessionExpiredError,
    SystemFailureError,
    UnexpectedReplyError,
    WrongAddressError,
)
from gridwright_runtime.message import RawReply
from gridwright_runtime.result import Result
from gridwright_runtime.service.attachment import Attachment
from gridwright_runtime.service.read import Circumstances, read_service

from .sample import APPLY, POWER_USAGE, ApplicationStatus, StatusOfMeter
from .support import CITIZEN, raw, read

BANGKOK = ZoneInfo("Asia/Bangkok")


def usage(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"customerinfo": [{"usageHistory": list(entries)}], "error": "", "rowCount": "1"}


BILL = {"kwh": 588000, "Amount": 2105542.18, "billDate": "2019-01-03T00:00:00"}
FILLER = {"kwh": 0, "Amount": 0.00, "billDate": ""}


def test_a_reply_is_one_record() -> None:
    result = read(POWER_USAGE, usage(BILL))
    [bill] = result.body.customers[0].usage_history
    assert bill.energy_kwh == 588000
    assert bill.amount_thb == Decimal("2105542.18")
    assert str(bill.amount_thb) == "2105542.18"
    assert bill.bill_date == datetime(2019, 1, 3, tzinfo=BANGKOK)
    assert bill.bill_date.tzinfo == BANGKOK
    assert result.body.row_count == 1
    assert result.deviations == ()


def test_decimals_are_exact_beyond_a_float() -> None:
    body = b'{"customerinfo": [{"usageHistory": [{"kwh": 1, "Amount": 0.1000000000000000055511}]}]}'
    result = read(POWER_USAGE, raw(body))
    amount = result.body.customers[0].usage_history[0].amount_thb
    assert str(amount) == "0.1000000000000000055511"


# Fillers


def test_a_filler_is_no_zero_consumption_and_no_deviation() -> None:
    result = read(POWER_USAGE, usage(BILL, FILLER, FILLER), strict=True)
    assert len(result.body.customers[0].usage_history) == 1
    assert result.raw.body.count(b"kwh") == 3


@pytest.mark.parametrize(
    "entry",
    [
        {"kwh": "0", "Amount": "0.000", "billDate": None},
        {"kwh": 0.0, "Amount": 0, "billDate": "  "},
        {"kwh": 0, "Amount": 0},
    ],
)
def test_a_filler_may_be_written_otherwise(entry: dict[str, Any]) -> None:
    assert read(POWER_USAGE, usage(entry)).body.customers[0].usage_history == []


@pytest.mark.parametrize(
    "entry",
    [
        {"kwh": 0, "Amount": 0, "billDate": "2019-01-03T00:00:00"},
        {"kwh": 0, "Amount": 1, "billDate": ""},
        {"kwh": "", "Amount": 0, "billDate": "", "note": "see letter"},
        {"kwh": False, "Amount": 0, "billDate": "2019-01-03T00:00:00"},
    ],
)
def test_what_is_no_filler_stays(entry: dict[str, Any]) -> None:
    if entry["kwh"] is False:
        with pytest.raises(UnexpectedReplyError):
            read(POWER_USAGE, usage(entry))
    else:
        assert len(read(POWER_USAGE, usage(entry)).body.customers[0].usage_history) == 1


# Variants and open records


@pytest.mark.parametrize("kind", ["01", "02"])
def test_a_code_decides_the_form_of_a_reply(kind: str) -> None:
    body = read(APPLY, {"kind": kind, "meter": "M1"}).body
    assert isinstance(body, StatusOfMeter)
    assert isinstance(body, ApplicationStatus)
    assert body.meter == "M1"
    assert body.items == {}


def test_other_codes_leave_the_usual_form() -> None:
    body = read(APPLY, {"kind": "03", "meter": "M1"}).body
    assert type(body) is ApplicationStatus
    assert body.items == {"meter": "M1"}


def test_items_of_an_open_record_are_read_exactly_and_are_no_deviations() -> None:
    body = b'{"kind": "9", "a": 1.10, "b": {"c": [12345678901234567890123]}, "d": null}'
    result = read(APPLY, raw(body), strict=True)
    assert result.body.items == {
        "a": Decimal("1.10"),
        "b": {"c": [12345678901234567890123]},
        "d": None,
    }
    assert "1.10" not in repr(result.body)


# Deviations


def test_deviations_are_listed_and_the_reply_returned() -> None:
    result = read(POWER_USAGE, {"customerinfo": [], "newItem": 1, "error": ""})
    assert [(d.path, d.rule) for d in result.deviations] == [("newItem", "unknown-field")]


def test_strict_refuses_deviations() -> None:
    with pytest.raises(DeviationError) as caught:
        read(APPLY, {"kind": "01", "meter": "INVENTED"}, strict=True)
    assert [p.rule for p in caught.value.problems] == ["too-long"]
    assert "INVENTED" not in str(caught.value)


@pytest.mark.parametrize(
    ("tree", "strict"),
    [
        ({"customerinfo": [{"name1": ["INVENTED"]}], "rowCount": "INVENTED"}, False),
        ({"customerinfo": [{"name9": "INVENTED"}], CITIZEN: "INVENTED"}, True),
    ],
)
def test_no_value_of_a_refused_reply_is_among_the_variables_of_its_traceback(
    tree: Any, strict: bool
) -> None:
    reply = raw(tree)
    with pytest.raises(UnexpectedReplyError) as caught:
        read_service(POWER_USAGE, reply, strict=strict, about=Circumstances(hide=(CITIZEN,)))
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in trace.stack if frame.filename.endswith("/service/read.py")]
    assert ours
    for frame in ours:
        for value in (frame.locals or {}).values():
            assert "INVENTED" not in value
            assert CITIZEN not in value


def test_a_customer_who_is_a_name_of_the_reply_is_masked_among_the_deviations() -> None:
    found = read(
        POWER_USAGE, {"customerinfo": [], "rowCount": 0, CITIZEN: 1}, about=Circumstances(hide=())
    )
    assert [d.path for d in found.deviations if d.rule == "unknown-field"] == ["***"]


def test_a_name_given_twice_is_a_deviation() -> None:
    result = read(APPLY, raw(b'{"kind": "1", "kind": "2"}'))
    assert [d.rule for d in result.deviations] == ["repeated-field"]


def test_a_value_that_cannot_be_read_is_reported_with_its_place() -> None:
    with pytest.raises(UnexpectedReplyError) as caught:
        read(POWER_USAGE, usage(BILL | {"billDate": "INVENTED"}))
    [problem] = caught.value.problems
    assert problem.path == "customers[0].usage_history[0].bill_date"
    assert problem.label_en == "day of the bill"
    assert "INVENTED" not in str(caught.value)


# Bodies that are not what they should be


@pytest.mark.parametrize(
    ("body", "kind", "error", "said"),
    [
        (b"", "application/json", UnexpectedReplyError, "no body"),
        (b"<!DOCTYPE html><html>no</html>", "text/html", HtmlReplyError, "HTML"),
        (b"<a/>", "application/xml", UnexpectedReplyError, "XML"),
        (b"Authorized", "text/plain", UnexpectedReplyError, "not JSON"),
        (b'"Authorized"', "application/json", UnexpectedReplyError, "not JSON"),
        (b"[1]", "application/json", UnexpectedReplyError, "no object"),
        (b'{"kind": "1', "application/json", UnexpectedReplyError, "cut off"),
        (b'{"unknown": 1}', "application/json", UnexpectedReplyError, "no item"),
        (b"{}", "application/json", UnexpectedReplyError, "no item"),
    ],
)
def test_a_body_of_another_kind_is_unexpected(
    body: bytes, kind: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(POWER_USAGE, raw(body, content_type=kind))


def test_the_content_type_is_not_believed() -> None:
    assert read(APPLY, raw(b'{"kind": "1"}', content_type="text/html")).body.kind == "1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "shift_jis"])
def test_other_encodings_are_read(encoding: str) -> None:
    body = '{"kind": "受付"}'.encode(encoding)
    reply = raw(body, content_type=f"application/json; charset={encoding}")
    assert read(APPLY, reply).body.kind == "受付"


# Statuses


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RejectedError),
        (402, NotSubscribedError),
        (404, WrongAddressError),
        (500, SystemFailureError),
        (503, ClosedHoursError),
        (401, AuthenticationError),
        (429, LimitError),
        (418, HttpStatusError),
        (302, HttpStatusError),
    ],
)
def test_a_status_becomes_its_error(status: int, error: type[Exception]) -> None:
    for body in (b"", b"<html>no</html>" if error is not HttpStatusError else b"x", b"{}"):
        with pytest.raises(error) as caught:
            read(APPLY, raw(body, status))
        assert str(status) in str(caught.value)


def test_an_html_page_with_an_unknown_status_says_so() -> None:
    with pytest.raises(HtmlReplyError):
        read(APPLY, raw(b"<html>no</html>", 418))


def test_closed_hours_say_when_the_service_opens() -> None:
    opens_at = datetime(2024, 10, 6, 3, tzinfo=ZoneInfo("Asia/Tokyo"))
    with pytest.raises(ClosedHoursError) as caught:
        read(APPLY, raw(b"", 503), about=Circumstances(opens_at=opens_at))
    assert caught.value.opens_at == opens_at


def test_a_closed_service_may_say_itself_when_it_opens() -> None:
    reply = RawReply(
        status_code=503,
        headers=(("Retry-After", "60"),),
        received_at=datetime(2024, 10, 1, tzinfo=UTC),
    )
    with pytest.raises(ClosedHoursError) as caught:
        read(APPLY, reply)
    assert caught.value.opens_at == datetime(2024, 10, 1, 0, 1, tzinfo=UTC)


def test_a_refused_session_is_told_from_refused_credentials() -> None:
    with pytest.raises(SessionExpiredError):
        read(APPLY, raw(b"", 401), about=Circumstances(refused=(401,)))


# Verdicts


def test_an_error_inside_a_success_is_raised_with_the_providers_words() -> None:
    tree = {"error": "E1", "statusDetail": f"no data for {CITIZEN}", "customerinfo": []}
    with pytest.raises(RejectedError) as caught:
        read(POWER_USAGE, tree, about=Circumstances(hide=(CITIZEN,)))
    assert caught.value.text == f"no data for {CITIZEN}"
    assert CITIZEN not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthenticationError), (429, LimitError), (503, ClosedHoursError)]
)
def test_a_status_says_what_an_error_in_the_body_means(status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        read(POWER_USAGE, {"error": "1", "statusDetail": "come back later"}, status)
    assert vars(caught.value)["text"] == "come back later"


def test_an_error_in_the_body_stands_where_the_status_means_nothing_by_itself() -> None:
    with pytest.raises(RejectedError) as caught:
        read(POWER_USAGE, {"error": "1", "statusDetail": "no such month"}, 422)
    assert caught.value.text == "no such month"


@pytest.mark.parametrize("error", ["", None, " ", False])
def test_no_error_is_success(error: object) -> None:
    assert read(POWER_USAGE, {"error": error, "customerinfo": []}).body.customers == []


@pytest.mark.parametrize("error", [True, 1, {"code": 1}, ["no"]])
def test_an_error_in_any_form_is_a_failure(error: object) -> None:
    with pytest.raises(RejectedError):
        read(POWER_USAGE, {"error": error, "customerinfo": []})


def test_a_missing_verdict_is_success_where_empty_is() -> None:
    assert read(POWER_USAGE, {"customerinfo": []}).description is None


# Results


def test_a_result_survives_pickling_with_its_attachments() -> None:
    part = Attachment(content=b"x", filename="図面.pdf")
    result: Result[ApplicationStatus] = Result(
        ApplicationStatus(kind="1"),
        raw=raw({}),
        code=None,
        description=None,
        transaction_id="",
        attachments=[part],
    )
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.attachments == (part,)
    assert repr(result) == "Result(ApplicationStatus, HTTP 200)"
    assert "図面" not in repr(part)


def test_a_bare_text_is_what_the_provider_says() -> None:
    with pytest.raises(RejectedError, match="the provider says: no such item") as caught:
        read(APPLY, raw(b"no such item\n", 400, "text/plain"))
    assert caught.value.text == "no such item"
