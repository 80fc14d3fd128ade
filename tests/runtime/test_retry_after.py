"""When a provider asks to come back: by the client's clock, and at every error that knows it."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from gridwright_runtime.errors import (
    GridwrightError,
    HtmlReplyError,
    HttpStatusError,
    LimitError,
    RejectedError,
)
from gridwright_runtime.message import RawReply
from gridwright_runtime.retry import retry_at

NOW = datetime(2024, 10, 1, 3, tzinfo=UTC)


def reply(wait: str, *, date: str | None = None, received_at: datetime | None = NOW) -> RawReply:
    headers = [("Retry-After", wait)]
    if date is not None:
        headers.append(("Date", date))
    return RawReply(status_code=503, headers=tuple(headers), received_at=received_at)


@pytest.mark.parametrize("skew", [0, 20, -600, 86_400])
def test_a_date_counts_from_the_date_of_the_reply(skew: int) -> None:
    theirs = NOW + timedelta(seconds=skew)
    wait = format_datetime(theirs + timedelta(seconds=10), usegmt=True)
    asked = retry_at(reply(wait, date=format_datetime(theirs, usegmt=True)))
    assert asked == NOW + timedelta(seconds=10)


def test_a_date_before_that_of_the_reply_asks_for_no_wait() -> None:
    past = format_datetime(NOW - timedelta(seconds=30), usegmt=True)
    assert retry_at(reply(past, date=format_datetime(NOW, usegmt=True))) == NOW


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_without_a_date_of_the_reply_the_date_itself_counts(date: str | None) -> None:
    wait = NOW + timedelta(seconds=10)
    assert retry_at(reply(format_datetime(wait, usegmt=True), date=date)) == wait


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 01 Oct 2024 03:00:10 GMT",
        "Tuesday, 01-Oct-24 03:00:10 GMT",
        "Tue Oct  1 03:00:10 2024",
        "Tue, 01 Oct 2024 03:00:10 -0000",
        "Tue, 01 Oct 2024 12:00:10 +0900",
    ],
)
def test_a_date_has_any_form_that_http_had(date: str) -> None:
    assert retry_at(reply(date)) == NOW + timedelta(seconds=10)


def test_without_the_time_of_its_coming_a_reply_asks_for_no_more_than_it_says_itself() -> None:
    now = format_datetime(NOW, usegmt=True)
    assert retry_at(reply("120", received_at=None)) is None
    assert retry_at(reply(now, received_at=None)) == NOW
    assert retry_at(reply(now, date=now, received_at=None)) == NOW


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [("120", 120.0), ("10.5", 10.5), (" 7 ", 7.0), ("0.25", 0.25), ("3.", 3.0)],
)
def test_seconds_may_have_decimals(wait: str, seconds: float) -> None:
    assert retry_at(reply(wait)) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("wait", ["", "soon", "-5", "1.2.3", "1e3", "٣", ".5", "1,5", "nan"])
@pytest.mark.parametrize("date", [None, format_datetime(NOW, usegmt=True)])
def test_what_is_no_time_asks_for_nothing(wait: str, date: str | None) -> None:
    assert retry_at(reply(wait, date=date)) is None


def test_a_wait_beyond_the_calendar_is_none() -> None:
    late = datetime(9999, 12, 31, tzinfo=UTC)
    assert retry_at(reply("999999999", received_at=late)) is None


@pytest.mark.parametrize(
    "error",
    [
        HttpStatusError("x", status=503, raw=reply("120")),
        HtmlReplyError("x", status=503, raw=reply("120")),
        RejectedError(system="sample", operation="get", raw=reply("120")),
        LimitError(system="sample", operation="get", raw=reply("120")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_a_reply_says_when_to_come_back(error: GridwrightError) -> None:
    assert error.retry_at == NOW + timedelta(seconds=120)


def test_an_error_of_a_reply_that_does_not_say_knows_no_time() -> None:
    raw = RawReply(status_code=503, received_at=NOW)
    assert HttpStatusError("x", status=503, raw=raw).retry_at is None
    assert GridwrightError("x").retry_at is None
