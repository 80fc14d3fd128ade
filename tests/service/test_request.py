from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.errors import InvalidRequestError, UndocumentedNameError, UploadError
from gridwright_runtime.service.attachment import Attachment

from .sample import APPLY, POWER_USAGE, ApplyRequest, Equipment, PowerUsageRequest
from .soap_sample import StatusRequest, operation
from .support import CITIZEN, ELSEWHERE, HERE, built, shown


def problems(operation: Any, payload: Any, **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequestError) as caught:
        built(operation, payload, **how)
    return [(problem.path, problem.rule) for problem in caught.value.problems]


def sent(**values: Any) -> Any:
    return msgspec.json.decode(built(APPLY, ApplyRequest(**values)).body)


def test_values_go_to_path_query_and_header() -> None:
    payload = PowerUsageRequest(citizen_id=CITIZEN, year=2024, channel="web 1")
    request = built(POWER_USAGE, payload, ELSEWHERE)
    assert request.method == "GET"
    assert request.full_url == f"{ELSEWHERE}/api/v1/PowerCapital/{CITIZEN}?year=2024"
    assert ("X-Channel", "web 1") in request.headers
    assert request.body is None


def test_what_a_log_may_show_keeps_the_template_of_the_address() -> None:
    request = built(POWER_USAGE, PowerUsageRequest(citizen_id=CITIZEN))
    assert request.safe_url == f"{HERE}/api/v1/PowerCapital/{{CitizenID}}"
    assert CITIZEN not in repr(request)
    assert CITIZEN in tuple(request.sensitive)


def test_a_value_cannot_leave_its_place_in_the_path() -> None:
    request = built(POWER_USAGE, PowerUsageRequest(citizen_id="../a?b#{x}"))
    assert request.url == f"{HERE}/api/v1/PowerCapital/..%2Fa%3Fb%23%7Bx%7D"


@pytest.mark.parametrize("value", [".", ".."])
def test_a_path_value_that_leads_elsewhere_is_refused(value: str) -> None:
    assert problems(POWER_USAGE, PowerUsageRequest(citizen_id=value)) == [
        ("citizen_id", "not-text")
    ]


def test_an_empty_path_value_is_refused() -> None:
    found = problems(POWER_USAGE, PowerUsageRequest(citizen_id=""))
    assert ("citizen_id", "required") in found or ("citizen_id", "not-text") in found


@pytest.mark.parametrize("value", ["a\r\nX: 1", " a", "ä"])
def test_a_header_value_stays_on_its_line(value: str) -> None:
    found = problems(POWER_USAGE, PowerUsageRequest(citizen_id=CITIZEN, channel=value))
    assert ("channel", "not-text") in found


def test_all_problems_are_reported_at_once_without_a_value() -> None:
    payload = ApplyRequest(
        applicant_name="INVENTED name too long",
        wanted_on="tomorrow",  # type: ignore[arg-type]  # on purpose
        capacity_kw=Decimal("1.234"),
    )
    with pytest.raises(InvalidRequestError) as caught:
        built(APPLY, payload)
    assert [(p.path, p.rule) for p in caught.value.problems] == [
        ("applicant_name", "too-long"),
        ("wanted_on", "wrong-type"),
        ("capacity_kw", "too-many-decimals"),
    ]
    assert "INVENTED" not in str(caught.value)


def test_a_json_body_holds_what_was_given_and_nothing_else() -> None:
    request = built(
        APPLY,
        ApplyRequest(
            applicant_name="関西", wanted_on=date(2024, 10, 1), capacity_kw=Decimal("1E+3")
        ),
    )
    assert request.body == '{"applicantName":"関西","wantedOn":"20241001","capacity":1000}'.encode()
    assert ("Content-Type", "application/json") in request.headers


def test_a_payload_of_another_kind_is_refused() -> None:
    assert problems(APPLY, PowerUsageRequest(citizen_id=CITIZEN)) == [("", "wrong-type")]


# Undocumented names


def test_a_provisional_name_goes_to_this_machine() -> None:
    for base_url in (HERE, "http://localhost:1", "http://[::1]:1"):
        payload = ApplyRequest(application_number="INVENTED")
        assert b"PROVISIONAL_application_number" in built(APPLY, payload, base_url).body


def test_a_provisional_name_goes_nowhere_else() -> None:
    payload = ApplyRequest(application_number="INVENTED", equipment=[Equipment(code="1")])
    with pytest.raises(UndocumentedNameError) as caught:
        built(APPLY, payload, ELSEWHERE)
    said = str(caught.value)
    assert [p.path for p in caught.value.problems] == ["application_number", "equipment.code"]
    for word in ("申込番号", "sample.txt:37", "--amend", "docs/how-to.md", "api.sample.example"):
        assert word in said
    assert "INVENTED" not in said


def test_a_request_without_provisional_names_may_go_anywhere() -> None:
    payload = ApplyRequest(applicant_name="a", equipment=[Equipment(items={"x": 1})])
    assert built(APPLY, payload, ELSEWHERE).url.startswith(ELSEWHERE)


# Open records


def test_items_stand_beside_the_documented_fields() -> None:
    found = sent(applicant_name="a", items={"zip": "5300001", "n": {"deep": [1, None, True]}})
    assert found == {"applicantName": "a", "zip": "5300001", "n": {"deep": [1, None, True]}}


def test_items_of_a_record_within_stand_in_that_record() -> None:
    assert sent(equipment=[Equipment(items={"x": "1"})]) == {"equipment": [{"x": "1"}]}


def test_an_item_with_a_documented_name_is_a_problem() -> None:
    assert problems(APPLY, ApplyRequest(items={"applicantName": "INVENTED"})) == [
        ("applicant_name", "repeated-field")
    ]


@pytest.mark.parametrize(
    "value", [object(), date(2024, 1, 1), 1.5, Decimal("NaN"), {1: 2}, "\ud800"]
)
def test_an_item_that_json_does_not_have_is_a_problem(value: object) -> None:
    [(path, _rule)] = problems(APPLY, ApplyRequest(items={"x": value}))
    assert path == "x"


def test_an_item_that_holds_itself_is_a_problem() -> None:
    knot: list[object] = []
    knot.append(knot)
    [(path, rule)] = problems(APPLY, ApplyRequest(items={"x": knot}))
    assert path.startswith("x[0]")
    assert rule == "wrong-type"


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**90), 10**90) | st.text('aé日\n"', max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_json)
def test_any_item_of_json_arrives_as_it_was(value: object) -> None:
    body = built(APPLY, ApplyRequest(items={"x": value})).body
    import json

    assert json.loads(body) == {"x": value}


def test_what_items_hold_is_masked() -> None:
    payload = ApplyRequest(items={"name": "INVENTED"}, applicant_name="INVENTED 2")
    assert "INVENTED" not in repr(payload)
    assert set(built(APPLY, payload).sensitive) == {"INVENTED", "INVENTED 2"}


def test_attachments_are_refused_where_there_are_none() -> None:
    found = problems(APPLY, ApplyRequest(), attachments=[Attachment(content=b"x")])
    assert found == [("attachments", "forbidden")]


def test_attachments_may_come_from_a_generator() -> None:
    parts = (Attachment(content=content) for content in (b"first", b"second"))
    body = built(operation(), StatusRequest(number="1"), attachments=parts).body
    assert b"first" in body
    assert b"second" in body


def test_one_attachment_without_a_list_is_a_problem() -> None:
    with pytest.raises(InvalidRequestError, match="list of Attachment"):
        built(operation(), StatusRequest(number="1"), attachments=3)


def test_an_attachment_that_vanishes_does_not_show_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "INVENTED-person.pdf"
    path.write_bytes(b"x")

    def gone(attachment: Attachment) -> bytes:
        path.unlink()
        return path.read_bytes()

    monkeypatch.setattr(Attachment, "read", gone)
    with pytest.raises(UploadError, match="nothing was sent") as caught:
        built(operation(), StatusRequest(number="1"), attachments=[Attachment(content=path)])
    assert "INVENTED" not in shown(caught.value)
