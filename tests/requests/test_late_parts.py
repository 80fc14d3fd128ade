"""What is known only when a request leaves: results of logins, the time, numbers."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.interface import Basic, Hole, Now, Part, Serial, Text

from .sample import APPLY, models, status_operation
from .support import NOW, body_of, drafted, shown

TOKEN = Hole("step", "login", "token")
BEARER = Text(("Bearer ", TOKEN))
RESULTS = {"login": {"token": "T-INVENTED/1"}, "ticket": {"": "ST-1"}}


def carrying(place: Any, source: Any, wire: str = "X-Late", **more: Any) -> Any:
    part = Part(wire=wire, place=place, source=source, **more)
    path = APPLY.path + (f"/{{{wire}}}" if place == "path" else "")
    request = replace(APPLY.request, parts=(part,), provisional=())
    return replace(APPLY, path=path, request=request)


def leaving(operation: Any, **how: Any) -> Any:
    facts: dict[str, Any] = {"results": RESULTS, "now": NOW, "serial": "41"} | how
    return drafted(operation, models.ApplyRequest(applicant_name="a")).request(**facts)


def test_a_result_travels_in_a_header_by_its_template() -> None:
    request = leaving(carrying("header", BEARER, wire="Authorization"))
    assert ("Authorization", "Bearer T-INVENTED/1") in request.headers
    assert "T-INVENTED/1" in request.sensitive
    assert "T-INVENTED/1" not in repr(request)


def test_a_result_travels_in_a_query() -> None:
    request = leaving(carrying("query", Text((TOKEN,))))
    assert parse_qs(urlsplit(request.full_url).query) == {"X-Late": ["T-INVENTED/1"]}


def test_a_result_travels_in_a_path_that_logs_do_not_show() -> None:
    request = leaving(carrying("path", Text((TOKEN,))))
    assert request.url.endswith("/api/JojMshkm/T-INVENTED%2F1")
    assert request.safe_url.endswith("/api/JojMshkm/{X-Late}")


def test_a_result_travels_in_a_cookie() -> None:
    request = leaving(carrying("cookie", Text((TOKEN,)), wire="sid"))
    assert ("Cookie", "sid=T-INVENTED/1") in request.headers


def test_a_result_travels_in_a_body() -> None:
    request = leaving(carrying("body", Text((TOKEN,)), wire="token", under=("auth",)))
    tree = {"auth": {"token": "T-INVENTED/1"}, "applicantName": "a"}
    assert json.loads(body_of(request)) == tree


def test_a_body_is_written_anew_for_each_result() -> None:
    draft = drafted(carrying("body", Text((TOKEN,))), models.ApplyRequest(applicant_name="a"))
    for text in ("1", "2"):
        request = draft.request(results={"login": {"token": text}}, now=NOW)
        assert json.loads(body_of(request)) == {"applicantName": "a", "X-Late": text}


def test_a_result_is_part_of_basic_authentication() -> None:
    source = Basic(user=Text((Hole("credential", "login_id"),)), password=Text((TOKEN,)))
    request = leaving(carrying("header", source, wire="Authorization"))
    encoded = dict(request.headers)["Authorization"].removeprefix("Basic ")
    assert b64decode(encoded) == b"INVENTED-login:T-INVENTED/1"
    assert encoded in request.sensitive


def test_a_draft_knows_whose_results_it_carries() -> None:
    assert drafted(carrying("header", BEARER), models.ApplyRequest()).steps == {"login"}
    assert drafted(APPLY, models.ApplyRequest()).steps == frozenset()


def test_the_time_is_that_at_which_the_request_leaves() -> None:
    operation = carrying("query", Now("yyyymmddhhmi", "Asia/Seoul"))
    draft = drafted(operation, models.ApplyRequest())
    moments = [datetime(2024, 10, 1, 23, 59, 59, 999, tzinfo=UTC), NOW + timedelta(minutes=1)]
    sent = [draft.request(results={}, now=now).query for now in moments]
    assert sent == [(("X-Late", "202410020859"),), (("X-Late", "202410021205"),)]


def test_a_number_is_that_of_the_request() -> None:
    assert leaving(carrying("query", Serial())).query == (("X-Late", "41"),)


def test_what_nobody_gave_is_a_mistake_of_the_caller() -> None:
    draft = drafted(carrying("header", BEARER), models.ApplyRequest())
    with pytest.raises(TypeError, match="X-Late"):
        draft.request(results={}, now=NOW)


def test_an_optional_result_may_be_missing() -> None:
    draft = drafted(carrying("query", Text((TOKEN,)), optional=True), models.ApplyRequest())
    assert draft.request(results={}, now=NOW).query == ()


@pytest.mark.parametrize(
    ("place", "text"),
    [("header", "a\r\nX: SPLIT"), ("path", ".."), ("cookie", "SPLIT;b"), ("query", "SPLIT\ud800")],
)
def test_a_result_that_cannot_stand_in_its_place_is_not_sent(place: str, text: str) -> None:
    draft = drafted(carrying(place, Text((TOKEN,))), models.ApplyRequest())
    with pytest.raises(UnexpectedReplyError, match=r"nothing was sent.*login") as caught:
        draft.request(results={"login": {"token": text}}, now=NOW)
    assert "SPLIT" not in shown(caught.value)


def test_a_checked_part_that_is_not_known_yet_is_not_missed() -> None:
    from collections.abc import Mapping

    from gridwright_runtime.problems import Problem
    from gridwright_runtime.validation import RecordValidator

    def check(record: Mapping[str, object], path: str = "") -> list[Problem]:
        validator = RecordValidator(record, path)
        validator.text("applicantName", "applicant_name", "", "", required=True)
        validator.text("X-Late", "late", "", "", required=True)
        return validator.problems()

    operation = carrying("query", Text((TOKEN,)), checked=True)
    operation = replace(operation, request=replace(operation.request, check=check))
    assert leaving(operation).query == (("X-Late", "T-INVENTED/1"),)


def test_a_draft_shows_nothing() -> None:
    assert (
        repr(drafted(APPLY, models.ApplyRequest(applicant_name="INVENTED")))
        == "<Draft sample.apply>"
    )


def test_a_soap_header_is_filled_when_the_request_leaves() -> None:
    operation = status_operation()
    part = Part(wire="password", place="soap_header", source=Text((TOKEN,)))
    parts = (*operation.request.parts[:-1], part)
    operation = replace(operation, request=replace(operation.request, parts=parts))
    draft = drafted(operation, operation.request.model(number="1"))
    bodies = [
        body_of(draft.request(results={"login": {"token": text}}, now=NOW)) for text in ("A", "B")
    ]
    assert [b"<password>A<" in bodies[0], b"<password>B<" in bodies[1]] == [True, True]
