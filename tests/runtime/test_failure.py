"""A refusal is an error wherever it stands in the body, and whatever HTTP says."""

import json
from datetime import date, timedelta

import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    ConsentError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    ProviderError,
    RejectedError,
    UnexpectedReplyError,
)
from gridwright_runtime.operation import Format

from .sample_api import LIST_METERS
from .support import CONSENT_SENTENCE, HEADER, NOW, day_record, json_body, raw, read, xml_body

CODE, TEXT = {"returnCode": "E402"}, {"errMsg": "서비스 신청 필요"}
NOTICE = {**TEXT, **CODE}
FULL_OF_NULLS = dict.fromkeys(day_record())


def refusal(body: bytes, format: Format = "json", **more: object) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        read(body, format, **more)  # type: ignore[arg-type]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        json_body([TEXT, CODE]),
        json_body([NOTICE]),
        json_body([{"successYn": "N", **NOTICE}]),
        json_body([{"sucessYn": "N"}, NOTICE]),
        json_body([day_record(), NOTICE]),
        json_body([day_record(**NOTICE)]),
        json_body([{**FULL_OF_NULLS, **NOTICE}]),
        json_body([], **NOTICE),
        json_body(None, **NOTICE),
        json_body([], cmmMsgHeader=NOTICE),
        json_body([day_record()], cmMsgHeader=NOTICE),
        json_body({"dayInfo": NOTICE}),
        json.dumps(NOTICE).encode(),
        json.dumps([TEXT, CODE]).encode(),
        json.dumps({"cmmMsgHeader": NOTICE}).encode(),
        json.dumps({"response": {"head": NOTICE, "body": {}}}).encode(),
        b"\xef\xbb\xbf" + json_body([TEXT, CODE]),
        json_body([NOTICE]).replace(b"errMsg", b"err\\u004dsg").replace(b"Code", b"C\\u006fde"),
    ],
)
def test_a_refusal_in_json_raises_wherever_it_stands(body: bytes) -> None:
    error = refusal(body)
    assert type(error) is NotSubscribedError
    assert (error.code, error.text) == ("E402", "서비스 신청 필요")
    assert (error.system, error.operation) == ("sample_power", "get_day_profile")
    assert error.gloss == "the service is not subscribed"
    assert error.http_status == 200
    assert error.raw == raw(body)


def _header_alone(header: dict[str, str]) -> bytes:
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in header.items())
    return f"<cmmMsgHeader>{fields}</cmmMsgHeader>".encode()


FAILED = {**HEADER, **NOTICE, "successYn": "N"}


@pytest.mark.parametrize(
    "body",
    [
        xml_body([], header=FAILED, list_name=None),
        xml_body([], header=FAILED),
        xml_body([day_record()], header=FAILED),
        xml_body([], header=NOTICE, list_name=None, root="Other"),
        xml_body([], header=FAILED).replace(b"cmmMsgHeader", b"cmMsgHeader"),
        xml_body([], header={**HEADER, **NOTICE}),
        xml_body([], header=None).replace(
            b"<dayInfoList>",
            "<errMsg>서비스 신청 필요</errMsg><returnCode>E402</returnCode>".encode()
            + b"<dayInfoList>",
        ),
        xml_body([TEXT, CODE]),
        xml_body([NOTICE]),
        xml_body([day_record(**NOTICE)]),
        xml_body([{**FULL_OF_NULLS, **NOTICE}]),
        _header_alone(NOTICE),
        b"<a><b>" + _header_alone(NOTICE).replace(b"cmmMsgHeader", b"error") + b"</b></a>",
    ],
)
def test_a_refusal_in_xml_raises_wherever_it_stands(body: bytes) -> None:
    error = refusal(body, "xml")
    assert type(error) is NotSubscribedError
    assert (error.code, error.text) == ("E402", "서비스 신청 필요")


def test_a_refusal_in_the_other_format_raises_as_well() -> None:
    assert type(refusal(xml_body([], header=FAILED), "json")) is NotSubscribedError
    assert type(refusal(json_body([NOTICE]), "xml")) is NotSubscribedError


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("E401", AuthenticationError),
        ("E402", NotSubscribedError),
        ("E404", NoDataError),
        ("E429", LimitError),
        ("E999", RejectedError),
    ],
)
def test_a_code_decides_the_error(code: str, kind: type[ProviderError]) -> None:
    assert type(refusal(json_body([{"errMsg": "말씀", "returnCode": code}]))) is kind


def test_an_unknown_code_keeps_its_text() -> None:
    error = refusal(json_body([{"errMsg": " 사용기간 만료 ", "returnCode": "99"}]))
    assert type(error) is RejectedError
    assert (error.code, error.text, error.gloss) == ("99", " 사용기간 만료 ", "")
    assert "사용기간 만료" in str(error)


def test_a_text_without_a_code_is_a_refusal() -> None:
    error = refusal(json_body([{"errMsg": "말씀"}]))
    assert (type(error), error.code, error.text) == (RejectedError, None, "말씀")


def test_a_code_that_comes_as_a_number_is_read() -> None:
    assert refusal(json_body([{"returnCode": 7}])).code == "7"


def test_a_flag_of_failure_is_enough() -> None:
    error = refusal(xml_body([], header={**HEADER, "returnCode": None, "successYn": "N"}), "xml")
    assert (type(error), error.code, error.text) == (RejectedError, None, None)


def test_a_code_of_failure_counts_more_than_a_flag_of_success() -> None:
    assert refusal(xml_body([], header={**HEADER, "returnCode": "98"}), "xml").code == "98"


def test_a_text_beside_a_code_of_success_is_no_refusal() -> None:
    reply = read(xml_body([day_record()], header={**HEADER, "errMsg": "정상"}), "xml")
    assert len(reply.records) == 1


def test_notices_of_success_are_no_records() -> None:
    reply = read(json_body([{"errMsg": ""}, {"returnCode": "00"}, day_record()]))
    assert len(reply.records) == 1
    assert [problem.rule for problem in reply.deviations] == ["unknown-field", "unknown-field"]


def test_a_text_in_the_list_is_a_refusal_though_the_header_says_success() -> None:
    assert refusal(xml_body([TEXT]), "xml").text == "서비스 신청 필요"


def test_a_header_of_failure_in_json_is_read() -> None:
    body = {"header": {"resultCode": "E404", "resultMsg": "없음"}, "meterInfoList": []}
    error = refusal(json.dumps(body).encode(), operation=LIST_METERS)
    assert (type(error), error.text) == (NoDataError, "없음")


def test_a_header_of_failure_without_a_list_is_read() -> None:
    body = {"header": {"resultCode": "E404", "resultMsg": "없음"}}
    assert type(refusal(json.dumps(body).encode(), operation=LIST_METERS)) is NoDataError


@pytest.mark.parametrize(
    "body",
    [
        json_body([{"errMsg": CONSENT_SENTENCE}, {"returnCode": "E404"}]),
        json_body([{"errMsg": CONSENT_SENTENCE, "returnCode": "99"}]),
        json_body([{"errMsg": CONSENT_SENTENCE}]),
        json_body([], errMsg=CONSENT_SENTENCE),
        json_body([{"errMsg": "말씀"}, {"errMsg": CONSENT_SENTENCE}, {"returnCode": "1"}]),
        json_body([{"errMsg": CONSENT_SENTENCE.replace("동의일", " 동의일")}]),
        json_body([{"errMsg": CONSENT_SENTENCE.replace(" ", "  "), "returnCode": "00"}]),
        json.dumps({"errMsg": CONSENT_SENTENCE}).encode(),
        xml_body([], header={**FAILED, "errMsg": CONSENT_SENTENCE}, list_name=None),
        xml_body([], header={**HEADER, "errMsg": f"\n  {CONSENT_SENTENCE}\n"}),
        xml_body([{"errMsg": CONSENT_SENTENCE}]),
    ],
)
def test_the_sentence_about_consent_gives_its_day(body: bytes) -> None:
    error = refusal(body, "xml" if body.startswith(b"<") else "json")
    assert isinstance(error, ConsentError)
    assert error.consent_from == date(2024, 3, 15)
    assert "정보제공 동의한 날짜부터" in " ".join(str(error).split())


@pytest.mark.parametrize("day", ["yyyyMMdd", "20241350", "", "２０２４０３１５"])
def test_a_consent_without_a_day_that_can_be_read_has_none(day: str) -> None:
    error = refusal(json_body([{"errMsg": CONSENT_SENTENCE.replace("20240315", day)}]))
    assert isinstance(error, ConsentError)
    assert error.consent_from is None


# What HTTP says.


def test_a_refusal_under_a_status_of_failure_is_the_providers() -> None:
    error = refusal(json_body([NOTICE]), status=500)
    assert (type(error), error.http_status) == (NotSubscribedError, 500)
    assert "HTTP 500" in str(error)


@pytest.mark.parametrize("body", [b"", b"{}", b"Unauthorized", b"<html></html>"])
def test_status_401_is_about_the_credentials(body: bytes) -> None:
    error = refusal(body, status=401)
    assert (type(error), error.http_status, error.text) == (AuthenticationError, 401, None)


def test_an_unknown_code_under_status_401_keeps_its_text() -> None:
    error = refusal(json_body([{"errMsg": "키 만료", "returnCode": "77"}]), status=401)
    assert (type(error), error.code, error.text) == (AuthenticationError, "77", "키 만료")


def test_status_429_says_when_to_try_again() -> None:
    error = refusal(b"", status=429, Retry_After="30")
    assert isinstance(error, LimitError)
    assert error.retry_at == NOW + timedelta(seconds=30)


@pytest.mark.parametrize("status", [301, 302, 400, 403, 404, 500, 503])
@pytest.mark.parametrize("body", [b"", b'{"error": "x"}', b"plain", json_body([day_record()])])
def test_other_statuses_are_errors_of_their_own(status: int, body: bytes) -> None:
    with pytest.raises(HttpStatusError) as caught:
        read(body, status=status)
    assert caught.value.status == status
    assert caught.value.raw == raw(body, status)


PAGES = [
    b"<!DOCTYPE html><html><body>Maintenance</body></html>",
    b"\n<html lang='ko'>\n",
    b"\xef\xbb\xbf<HTML>",
    b"<!-- x --><!doctype HTML PUBLIC '-//W3C//DTD XHTML 1.0//EN'><html>",
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
]


@pytest.mark.parametrize("status", [200, 403, 404, 500, 502])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("format", ["json", "xml"])
def test_a_page_is_no_reply_whatever_the_status(status: int, page: bytes, format: Format) -> None:
    with pytest.raises(HtmlReplyError) as caught:
        read(page, format, status=status)
    assert caught.value.status == status
    assert caught.value.raw == raw(page, status)
    assert isinstance(caught.value, UnexpectedReplyError)


@pytest.mark.parametrize(
    "page", [b"<head><title>x</title>", b"<script>1 < 2</script>", b"Sorry!", b"<a b=c>"]
)
def test_parts_of_a_page_are_known_by_their_content_type(page: bytes) -> None:
    with pytest.raises(HtmlReplyError):
        read(page, content_type="text/html; charset=utf-8")


def test_data_sent_as_html_are_read() -> None:
    assert len(read(json_body([day_record()]), content_type="text/html").records) == 1
    assert len(read(xml_body([day_record()]), "xml", content_type="text/html").records) == 1


GOOD_HEADER = _header_alone({"returnCode": "00", "successYn": "Y"})


@pytest.mark.parametrize(
    "headers",
    [
        GOOD_HEADER + _header_alone(NOTICE),
        _header_alone(NOTICE) + GOOD_HEADER,
        GOOD_HEADER + _header_alone(NOTICE).replace(b"cmmMsgHeader", b"cmMsgHeader"),
        _header_alone({**NOTICE, "returnCode": "00</returnCode><returnCode>E402"}),
        _header_alone({**NOTICE, "returnCode": "E402</returnCode><returnCode>00"}),
    ],
)
def test_a_refusal_beside_a_success_raises_all_the_same(headers: bytes) -> None:
    body = xml_body([day_record()], header=None)
    error = refusal(body.replace(b"<dayInfoList>", headers + b"<dayInfoList>"), "xml")
    assert (error.code, error.text) == ("E402", "서비스 신청 필요")


def test_a_verdict_that_is_no_text_is_no_success() -> None:
    nested = _header_alone({"returnCode": "<b>00</b>"})
    body = xml_body([day_record()], header=None)
    assert refusal(body.replace(b"<dayInfoList>", nested + b"<dayInfoList>"), "xml")
    assert refusal(json_body([], returnCode={"code": "00"}))
    assert refusal(json_body([], returnCode=[["00"]]))


def test_a_refusal_in_a_list_beside_the_records_raises() -> None:
    assert refusal(json_body([], errors=[NOTICE])).code == "E402"
