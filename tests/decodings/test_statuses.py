"""What HTTP says, beside what the body says; and whose word a failure is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from gridwright_runtime.decodings.reader import Circumstances
from gridwright_runtime.errors import (
    AuthenticationError,
    BusyError,
    ClosedHoursError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    NoDataError,
    NotSubscribedError,
    ProviderError,
    RejectedError,
    SessionExpiredError,
    SystemFailureError,
    UnexpectedReplyError,
    WrongAddressError,
)
from gridwright_runtime.interface import ErrorMeaning

from .support import (
    HISTORY,
    LIST,
    NOW,
    PAGE,
    STATUS,
    Reading,
    Status,
    answer,
    error_of,
    listed,
    operation,
    page,
    read,
    reading,
    refused,
    to_json,
)

STATUSES = {
    400: ErrorMeaning(RejectedError, "the request is not as documented"),
    402: ErrorMeaning(NotSubscribedError, "this service is not subscribed to"),
    403: ErrorMeaning(NotSubscribedError, "this service is not subscribed to"),
    404: ErrorMeaning(WrongAddressError, "there is no such service"),
    500: ErrorMeaning(SystemFailureError, "the service failed"),
    503: ErrorMeaning(ClosedHoursError, "the service is being maintained"),
}
DOCUMENTED = operation(shape="record", model=Status, payload=(), statuses=STATUSES)
ALL = (LIST, PAGE, HISTORY, STATUS)
every = pytest.mark.parametrize("called", ALL, ids=lambda one: one.name)
NOTICE = {"msg": "말씀", "code": "E402"}
PAGES = [
    b"<!DOCTYPE html><html><body>Maintenance</body></html>",
    b"\n<html lang='ko'>\n",
    b"\xef\xbb\xbf<HTML>",
    b"<!-- x --><!doctype HTML PUBLIC '-//W3C//DTD XHTML 1.0//EN'><html>",
    b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
]


@every
@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
@pytest.mark.parametrize("body", [b"", b'{"wrong": "x"}', b"plain", b"<a/>"])
def test_statuses_that_nobody_explains_are_errors_of_their_own(
    called: Any, status: int, body: bytes
) -> None:
    outcome = refused(called, body, status=status)
    assert isinstance(outcome.error, HttpStatusError)
    assert outcome.error.status == status
    assert not outcome.is_own_word and not outcome.is_access


@every
@pytest.mark.parametrize("status", [200, 404, 418, 500, 502])
@pytest.mark.parametrize("sent", PAGES)
def test_a_page_is_no_reply_whatever_the_status(called: Any, status: int, sent: bytes) -> None:
    outcome = refused(called, sent, status=status)
    assert isinstance(outcome.error, HtmlReplyError)
    assert outcome.error.status == status
    assert not outcome.is_own_word


@pytest.mark.parametrize(
    "sent", [b"<head><title>x</title>", b"<script>1 < 2</script>", b"Sorry!", b"<a b=c>"]
)
def test_parts_of_a_page_are_known_by_their_content_type(sent: bytes) -> None:
    assert isinstance(error_of(LIST, sent, content_type="text/html"), HtmlReplyError)


def test_data_sent_as_html_are_read() -> None:
    for format in ("json", "xml"):
        body = listed([reading()], format)
        assert len(read(LIST, body, content_type="text/html").records) == 1


@every
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"", b"{}", b"Unauthorized", b"<html></html>"])
def test_statuses_of_access_are_about_the_login_in_every_system(
    called: Any, status: int, body: bytes
) -> None:
    outcome = refused(called, body, status=status)
    assert type(outcome.error) is AuthenticationError
    assert (outcome.error.http_status, outcome.error.text) == (status, None)
    assert outcome.is_access and not outcome.is_own_word


@every
def test_too_many_requests_say_when_to_try_again(called: Any) -> None:
    error = error_of(called, b"", status=429, Retry_After="30")
    assert isinstance(error, LimitError)
    assert error.retry_at == NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RejectedError),
        (402, NotSubscribedError),
        (403, NotSubscribedError),
        (404, WrongAddressError),
        (500, SystemFailureError),
        (503, ClosedHoursError),
        (401, AuthenticationError),
        (429, LimitError),
        (418, HttpStatusError),
        (302, HttpStatusError),
    ],
)
@pytest.mark.parametrize("body", [b"", b"x", b"{}"])
def test_a_documented_status_becomes_its_error(
    status: int, error: type[Exception], body: bytes
) -> None:
    outcome = refused(DOCUMENTED, body, status=status)
    assert type(outcome.error) is error
    assert outcome.is_own_word == (status in STATUSES and bool(body))


def test_a_page_under_a_documented_status_is_not_the_services_own_word() -> None:
    outcome = refused(DOCUMENTED, PAGES[0], status=503)
    assert isinstance(outcome.error, ClosedHoursError)
    assert not outcome.is_own_word


def test_a_bare_text_under_a_documented_status_is_what_the_provider_says() -> None:
    error = error_of(DOCUMENTED, b"no such item\n", status=400, content_type="text/plain")
    assert isinstance(error, RejectedError)
    assert error.text == "no such item"


@pytest.mark.parametrize("sent", [b"", b"{}", PAGES[0]])
def test_a_refused_login_is_told_from_refused_credentials(sent: bytes) -> None:
    outcome = refused(STATUS, sent, status=401, circumstances=Circumstances(refused=(401,)))
    assert type(outcome.error) is SessionExpiredError
    assert "where it is new, lacks the rights" in str(outcome.error)
    assert outcome.is_access
    assert outcome.is_own_word == (sent not in (PAGES[0], b""))
    other = operation(shape="record", model=Status, payload=(), statuses=STATUSES)
    assert type(error_of(other, sent, status=403, circumstances=Circumstances(refused=(403,)))) is (
        NotSubscribedError
    )


def test_closed_hours_say_when_the_service_opens() -> None:
    opens_at = datetime(2024, 10, 6, 3, tzinfo=UTC)
    error = error_of(DOCUMENTED, b"", status=503, circumstances=Circumstances(opens_at=opens_at))
    assert isinstance(error, ClosedHoursError)
    assert error.opens_at == opens_at
    error = error_of(DOCUMENTED, b"", status=503, Retry_After="60")
    assert isinstance(error, ClosedHoursError)
    assert error.opens_at == NOW + timedelta(seconds=60)


def test_what_the_body_says_counts_more_than_the_status_where_its_meaning_is_known() -> None:
    outcome = refused(LIST, to_json({"list": [NOTICE]}), status=500)
    assert type(outcome.error) is NotSubscribedError
    assert outcome.error.http_status == 500
    assert outcome.is_own_word
    assert type(error_of(PAGE, page(None, code="9", type="SYSTEM"), status=401)) is (
        SystemFailureError
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AuthenticationError),
        (403, AuthenticationError),
        (429, LimitError),
        (422, RejectedError),
    ],
)
def test_a_status_says_what_an_unknown_failure_means(status: int, kind: type[Exception]) -> None:
    bodies = {
        LIST: to_json({"list": [{"msg": "말씀", "code": "77"}]}),
        PAGE: page(None, code="77", msg="말씀", type="NEW"),
        HISTORY: to_json({"error": "77", "detail": "말씀"}),
    }
    for called, body in bodies.items():
        outcome = refused(called, body, status=status)
        assert type(outcome.error) is kind
        assert vars(outcome.error)["text"] == "말씀"
        assert outcome.is_own_word
        assert outcome.is_access == (kind is AuthenticationError)


def test_a_failure_without_a_body_of_its_own_says_nothing_of_the_provider() -> None:
    error = error_of(HISTORY, b"", status=401)
    assert isinstance(error, AuthenticationError)
    assert (error.code, error.text) == (None, None)


@every
def test_hidden_values_are_in_no_message(called: Any) -> None:
    about = Circumstances(hide=("INVENTED secret",))
    quoted = "no INVENTED secret, no INVENTED%20secret, no 1234567890"
    bodies = {
        LIST.name: to_json({"list": [{"msg": quoted, "code": "1"}]}),
        PAGE.name: page(None, code="1", msg=quoted),
        HISTORY.name: to_json({"error": "1", "detail": quoted}),
        STATUS.name: b"{}",
    }
    for status in (200, 400, 401, 500):
        error = error_of(called, bodies[called.name], status=status, circumstances=about)
        for secret in ("INVENTED", "1234567890"):
            assert secret not in str(error)


@every
@pytest.mark.parametrize("body", [b"", b" \r\n ", b"\xef\xbb\xbf"])
def test_an_empty_body_is_no_success(called: Any, body: bytes) -> None:
    error = error_of(called, body)
    assert type(error) is UnexpectedReplyError


@pytest.mark.parametrize("status", [200, 201, 204])
def test_nothing_may_come_where_nothing_is_documented(status: int) -> None:
    called = operation(shape="none", payload=())
    result = read(called, b"", status=status)
    assert result.body is None
    assert result.deviations == ()
    said = read(called, b"OK", status=status)
    assert [problem.rule for problem in said.deviations] == ["unknown-field"]
    assert [p.path for p in read(called, b'{"id": 1}').deviations] == ["id"]
    assert type(getattr(answer(called, PAGES[0]), "error", None)) is HtmlReplyError


RANGES = {
    4: ErrorMeaning(RejectedError, "the request is wrong"),
    404: ErrorMeaning(NoDataError, "there is no such meter"),
    5: ErrorMeaning(BusyError, "the service has too much to do"),
}
RANGED = operation(shape="record", model=Status, payload=(), statuses=RANGES)


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RejectedError), (404, NoDataError), (418, RejectedError), (503, BusyError)],
)
@pytest.mark.parametrize("body", [b"", b"plain", b'{"wrong": "x"}', PAGES[0]])
def test_a_status_of_its_own_goes_before_all_that_begin_like_it(
    status: int, error: type[ProviderError], body: bytes
) -> None:
    outcome = refused(RANGED, body, status=status)
    assert type(outcome.error) is error


@pytest.mark.parametrize("status", [302, 101])
def test_statuses_that_begin_otherwise_are_nobodys(status: int) -> None:
    assert type(refused(RANGED, b"", status=status).error) is HttpStatusError


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AuthenticationError), (403, AuthenticationError), (429, LimitError)],
)
def test_what_a_status_means_everywhere_goes_before_all_that_begin_like_it(
    status: int, error: type[ProviderError]
) -> None:
    assert type(refused(RANGED, b"", status=status).error) is error


GIVEN = [
    (b'{"error": "invalid_token"}', "invalid_token"),
    (b'{"error": "invalid_token", "error_description": "expired"}', "invalid_token; expired"),
    (b'{"detail": "it failed"}', "it failed"),
    (b'{"errors": [{"code": 7, "message": "one"}, {"message": "two"}]}', "one; two"),
    (b'[{"Message": "one"}]', "one"),
    (b'{"error": {"errors": ["one"], "name": "Kim"}}', "one"),
    (b"<Error><Code>7</Code><Message>one</Message></Error>", "one"),
]


@pytest.mark.parametrize("status", [401, 429, 400, 500])
@pytest.mark.parametrize(("body", "words"), GIVEN)
def test_words_by_a_usual_name_stand_in_the_error(status: int, body: bytes, words: str) -> None:
    outcome = refused(STATUS, body, status=status)
    assert f"the provider says: {words}" in str(outcome.error)
    assert "Kim" not in str(outcome.error)
    assert not outcome.is_own_word
    if isinstance(outcome.error, ProviderError):
        assert outcome.error.text == words


# A call that sends a record of these fields.
ASKING = structs.replace(STATUS, request=structs.replace(STATUS.request, model=Reading))
OF_ARGUMENTS = [
    (b'{"errors": {"mtr": ["is not known"], "Ymd": "is no day"}}', "mtr: is not known; Ymd: is no"),
    (b'{"title": "wrong", "errors": {"$.mtr": ["a", "b"]}}', "wrong; $.mtr: a; $.mtr: b"),
    (b'{"detail": [{"mtr": ["is not known"], "name": ["Kim"]}]}', "mtr: is not known"),
    (b'{"mtr": ["is not known"], "name": ["Kim"]}', "mtr: is not known"),
    (b'{"non_field_errors": ["no"], "mtr": ["is not known"]}', "no; mtr: is not known"),
    (b"<a><error><mtr>is not known</mtr></error></a>", None),
    (b'{"mtr": "M1", "name": "Kim"}', None),
    (b'{"mtr": ["M1"], "name": "Kim"}', None),
    (b'{"mtr": [1], "kwh": [{"name": "Kim"}]}', None),
    (b'{"errors": {"name": ["Kim"], "mtr": [1]}}', None),
]


@pytest.mark.parametrize(("body", "words"), OF_ARGUMENTS)
def test_words_under_the_name_of_an_argument_stand_in_the_error(
    body: bytes, words: str | None
) -> None:
    for status in (400, 401):
        said = str(error_of(ASKING, body, status=status))
        assert (f"the provider says: {words}" in said) is (words is not None)
        assert ("the provider says" in said) is (words is not None)
        assert "Kim" not in said


def test_words_under_another_name_are_not_shown() -> None:
    error = error_of(STATUS, b'{"errors": {"mtr": ["is not known"]}}', status=401)
    assert vars(error)["text"] is None


def test_words_under_the_name_of_an_argument_are_masked() -> None:
    about = Circumstances(hide=("INVENTED secret",))
    body = b'{"errors": {"mtr": ["no INVENTED secret"]}}'
    error = error_of(ASKING, body, status=400, circumstances=about)
    assert "the provider says: mtr: no ***" in str(error) and "INVENTED" not in str(error)


@pytest.mark.parametrize("status", [401, 500])
def test_words_by_a_usual_name_are_masked(status: int) -> None:
    about = Circumstances(hide=("INVENTED secret",))
    body = b'{"error": "no INVENTED secret, no 1234567890"}'
    error = error_of(STATUS, body, status=status, circumstances=about)
    assert "the provider says: no ***" in str(error)
    assert "INVENTED" not in str(error) and "1234567890" not in str(error)


@pytest.mark.parametrize(
    "body", [b'{"error": 7}', b'{"error": [', b'{"data": {"error": "x"}}', b"<error>", b"[]"]
)
def test_what_is_no_words_by_a_usual_name_is_not_shown(body: bytes) -> None:
    assert vars(error_of(STATUS, body, status=401))["text"] is None
