"""Replies that are one record: in an envelope, or the whole message."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.decodings.reader import Circumstances
from gridwright_runtime.errors import (
    AuthenticationError,
    RejectedError,
    SystemFailureError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format, Verdict

from .support import (
    FORMATS,
    HISTORY,
    PAGE,
    STATUS,
    MeterStatus,
    Page,
    Status,
    Undocumented,
    error_of,
    operation,
    page,
    raw,
    read,
    refused,
    rules,
    to_json,
    to_xml,
)

formats = pytest.mark.parametrize("format", FORMATS)
OK: dict[str, object] = {"code": "0", "msg": "OK", "type": "OK"}


@pytest.mark.parametrize("rows", [[{"id": 1}], [{"id": 1}, {"id": 2, "kwh": Decimal("9.5")}], []])
def test_lists_within_a_record_are_lists_in_both_formats(rows: list[dict[str, object]]) -> None:
    tree = {"rows": rows, "numbers": [7]}
    found = [
        read(PAGE, page(tree, "json")),
        read(PAGE, page({**tree, "rows": rows or [None]}, "xml"), "xml"),
    ]
    assert found[0] == found[1]
    assert found[0].deviations == found[1].deviations == ()
    assert [row.row_id for row in found[0].body.rows] == [row["id"] for row in rows]


@formats
def test_an_item_without_values_keeps_its_place_among_others(format: Format) -> None:
    tree = {"rows": [{"id": 1}, {}, {"id": 2}], "numbers": [7]}
    assert [row.row_id for row in read(PAGE, page(tree, format), format).body.rows] == [1, None, 2]


@formats
def test_a_value_that_is_missing_among_others_is_not_left_out(format: Format) -> None:
    error = error_of(PAGE, page({"rows": [{"id": 1}], "numbers": [7, None, 9]}, format), format)
    assert isinstance(error, UnexpectedReplyError)
    assert [(problem.path, problem.rule) for problem in error.problems] == [
        ("body.numbers[1]", "not-number")
    ]


def test_a_record_in_another_root_is_read_and_listed() -> None:
    body = page({"rows": [{"id": 1}]}, "xml")
    other = body.replace(b"<Answer", b"<Error").replace(b"</Answer", b"</Error")
    result = read(PAGE, other, "xml")
    assert result.body == read(PAGE, body, "xml").body
    assert rules(result) == ["Answer renamed-field"]


def test_the_verdict_and_the_identity_are_at_hand() -> None:
    about = Circumstances(identity="4711")
    result = read(PAGE, page({}, code=0, msg=" fine "), circumstances=about)
    assert (result.code, result.description, result.transaction_id) == ("0", " fine ", "4711")


@pytest.mark.parametrize("body", [None, "", True, "true", ...])
@formats
def test_a_success_may_come_without_its_record(body: object, format: Format) -> None:
    result = read(PAGE, page(body, format), format)
    assert result.body in (None, Page())


def test_a_payload_that_is_no_record_is_a_deviation() -> None:
    assert rules(read(PAGE, page(True))) == ["body wrong-type"]
    assert type(error_of(PAGE, page([1]))) is UnexpectedReplyError


@formats
def test_departures_within_records_are_listed_with_their_place(format: Format) -> None:
    tree = {"rows": [{"id": 1}, {"id": 2, "more": {"a": 1}}], "title": "x" * 21}
    result = read(PAGE, page(tree, format, extra=1), format)
    assert sorted(rules(result)) == [
        "body.rows[1].more unknown-field",
        "body.title too-long",
        "extra unknown-field",
    ]


@formats
@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ({"id": "x"}, "not-number"),
        ({"kwh": "NaN"}, "not-number"),
        ({"kwh": "1_5"}, "not-number"),
        ({"kwh": "\u0661"}, "not-number"),
        ({"estimated": "maybe"}, "wrong-type"),
    ],
)
def test_values_that_cannot_be_read_are_refused(
    format: Format, field: dict[str, Any], rule: str
) -> None:
    error = error_of(PAGE, page({"rows": [{"id": 1}, field]}, format), format)
    assert isinstance(error, UnexpectedReplyError)
    [problem] = error.problems
    assert problem.path.startswith("body.rows[1].")
    assert problem.rule == rule


def test_numbers_written_otherwise_are_read() -> None:
    row = {"id": "7", "kwh": "1e2", "estimated": "true"}
    [found] = read(PAGE, page({"rows": [row]})).body.rows
    assert (found.row_id, found.energy_kwh, found.is_estimated) == (7, Decimal(100), True)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("BUSINESS", RejectedError),
        ("SYSTEM", SystemFailureError),
        ("SECURITY", AuthenticationError),
        ("NEW", RejectedError),
        (None, RejectedError),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 500])
@formats
def test_the_kind_of_failure_decides_the_error(
    format: Format, kind: str | None, error: type[Exception], status: int
) -> None:
    for body in (None, {"rows": [{"id": "x"}]}, "no"):
        sent = page(body, format, code="EC-1", msg="kural: 5", type=kind)
        outcome = refused(PAGE, sent, format, status=status)
        assert type(outcome.error) is error
        assert isinstance(outcome.error, RejectedError | SystemFailureError | AuthenticationError)
        assert (outcome.error.code, outcome.error.text) == ("EC-1", "kural: 5")
        assert outcome.is_own_word


def test_one_field_of_failure_is_enough() -> None:
    assert isinstance(error_of(PAGE, page({}, type="BUSINESS")), RejectedError)
    assert isinstance(error_of(PAGE, page({}, code="17")), RejectedError)


@pytest.mark.parametrize("missing", ["code", "type"])
@formats
def test_a_success_has_all_fields_of_its_verdict(missing: str, format: Format) -> None:
    error = error_of(PAGE, page({"rows": []}, format, **{missing: ...}), format)
    assert type(error) is UnexpectedReplyError
    assert "does not say whether the call succeeded" in str(error)


@pytest.mark.parametrize(
    "body",
    [
        '{"type":"BUSINESS",HEAD,"body":{"rows":[]}}',
        '{HEAD,"body":{"rows":[]},"code":"4711"}',
        '{HEAD,"body":{"rows":[{"id":1}]},"body":{"rows":[{"id":2}]}}',
        '{HEAD,"body":{"rows":[{"id":1}],"rows":[{"id":2}]}}',
        '{HEAD,"body":{"rows":[{"id":1}],"range":null,"rows":null}}',
        '{HEAD,"body":{"title":"[a]","range":null,"rows":[],"rows":null}}',
        '{HEAD,"body":{"rows":[{"id":1}],"\\u0072ows":[{"id":2}]}}',
        '{HEAD, "body": {"rows": [{"kwh": ""}], "rows": []}}',
    ],
)
def test_which_of_two_lists_or_verdicts_counts_is_not_guessed(body: str) -> None:
    head = json.dumps(OK)[1:-1]
    error = error_of(PAGE, body.replace("HEAD", head).encode())
    assert "more than once" in str(error)


@pytest.mark.parametrize(
    "tree",
    [
        {"type": ["OK", "BUSINESS"], "body": None},
        {"type": "OK", "body": [{"rows": None}, {"rows": None}]},
        {"type": "OK", "body": None, "code": ["0", "4711"]},
    ],
)
def test_nor_is_it_in_xml(tree: dict[str, object]) -> None:
    assert "more than once" in str(error_of(PAGE, to_xml({**OK, **tree}), "xml"))


@pytest.mark.parametrize("slow", [False, True])
@pytest.mark.parametrize("values", [(b"2", b"3"), (b"2", b"null"), (b"null", b"3"), (b"2", b"2")])
def test_a_field_that_a_record_has_twice_is_refused_in_both_ways(
    slow: bool, values: tuple[bytes, bytes]
) -> None:
    more = {"new": 1} if slow else {}
    body = page({"rows": [{"id": 1, **more}, {"id": "@"}]})
    twice = body.replace(b'"id": "@"', b'"id":%s,"id":%s' % values)
    error = error_of(PAGE, twice)
    assert [(one.path, one.rule) for one in error.problems] == [
        ("body.rows[1].row_id", "repeated-field")
    ]


def test_an_unknown_field_that_a_record_has_twice_is_a_deviation() -> None:
    body = page({"rows": [{"id": 1}, {"id": 2, "new": "@"}]})
    result = read(PAGE, body.replace(b'"new": "@"', b'"new": 2, "new": 3'))
    assert "body.rows[1].new repeated-field" in rules(result)


# The whole message is the record.

BILL = {"kwh": 5, "day": "20190103"}
FILLER = {"kwh": "0.00", "day": None}


def history(*bills: Mapping[str, object], **more: object) -> bytes:
    return to_json({"bills": list(bills), **more})


def test_a_filler_is_no_entry_and_no_deviation() -> None:
    result = read(HISTORY, history(BILL, FILLER, FILLER), strict=True)
    assert [bill.energy_kwh for bill in result.body.bills] == [5]
    xml = read(HISTORY, to_xml({"bills": [BILL, FILLER]}), "xml", strict=True)
    assert xml.body == result.body


@pytest.mark.parametrize("entry", [{"kwh": 0, "day": "20190103"}, {"kwh": 1, "day": ""}])
def test_what_is_no_filler_stays(entry: dict[str, object]) -> None:
    assert len(read(HISTORY, history(entry)).body.bills) == 1


@pytest.mark.parametrize("kind", ["01", "02"])
@formats
def test_a_code_decides_the_form_of_a_record(kind: str, format: Format) -> None:
    tree = {"kind": kind, "meter": "M1"}
    body = to_json(tree) if format == "json" else to_xml(tree)
    assert read(STATUS, body, format).body == MeterStatus(kind=kind, meter="M1")
    other = body.replace(kind.encode(), b"03")
    assert read(STATUS, other, format).body == Status(kind="03", items={"meter": "M1"})


def test_items_of_an_open_record_are_read_exactly_and_are_no_deviations() -> None:
    body = b'{"kind": "9", "a": 1.10, "b": {"c": [12345678901234567890123]}, "d": null}'
    result = read(STATUS, body, strict=True)
    assert result.body.items == {
        "a": Decimal("1.10"),
        "b": {"c": [12345678901234567890123]},
        "d": None,
    }
    assert "1.10" not in repr(result.body)


@pytest.mark.parametrize("tree", [{}, {"error": "no"}, {"Error": {"code": 1}}, {"fault": "x"}])
def test_an_undocumented_reply_that_holds_nothing_or_an_error_is_no_success(tree: Any) -> None:
    for model in (Undocumented, Status):
        called = operation(shape="record", model=model, payload=())
        assert type(error_of(called, to_json(tree))) is UnexpectedReplyError
    called = operation(shape="record", model=Undocumented, payload=())
    assert read(called, b'{"number": "1", "error": ""}').body.items["number"] == "1"


@pytest.mark.parametrize("body", [b"{}", b'{"unknown": 1}', b"[1]", b'"Authorized"', b'{"bills":'])
def test_a_body_that_has_nothing_of_the_record_is_unexpected(body: bytes) -> None:
    assert type(error_of(HISTORY, body)) is UnexpectedReplyError


@pytest.mark.parametrize("error", ["", None, " ", False, ...])
def test_no_error_is_success(error: object) -> None:
    more = {} if error is ... else {"error": error}
    assert read(HISTORY, history(BILL, **more)).body.bills


@pytest.mark.parametrize("error", [True, 1, {"code": 1}, ["no"], "E1"])
def test_an_error_in_any_form_is_a_failure(error: object) -> None:
    outcome = refused(HISTORY, history(BILL, error=error, detail="no data"))
    assert isinstance(outcome.error, RejectedError)
    assert outcome.error.text == "no data"


@pytest.mark.parametrize(
    ("flag", "values", "is_success"),
    [
        (True, ("true",), True),
        (False, ("true",), False),
        (False, ("false",), True),
        (1000, ("1000",), True),
        (1001, ("1000",), False),
        (0, ("0",), True),
    ],
)
def test_flags_that_are_no_texts_are_compared_as_texts(
    flag: object, values: tuple[str, ...], is_success: bool
) -> None:
    verdict = Verdict(success={"ok": values})
    called = operation(shape="record", model=Page, payload=("data",), verdict=verdict)
    body = to_json({"ok": flag, "data": {"title": "x"}})
    if is_success:
        assert read(called, body).body.title == "x"
    else:
        assert isinstance(error_of(called, body), RejectedError)


@pytest.mark.parametrize(
    "body", [b'{"ok": null, "data": {"title": "x"}}', b'{"data": {"title": "x"}}']
)
def test_a_flag_that_is_missing_or_null_is_no_success(body: bytes) -> None:
    called = operation(
        shape="record", model=Page, payload=("data",), verdict=Verdict(success={"ok": ("true",)})
    )
    assert type(error_of(called, body)) is UnexpectedReplyError


def test_a_name_given_twice_is_refused_and_an_item_given_twice_a_deviation() -> None:
    error = error_of(STATUS, b'{"kind": "1", "kind": "2"}')
    assert [(one.path, one.rule) for one in error.problems] == [("kind", "repeated-field")]
    assert rules(read(STATUS, b'{"kind": "9", "a": 1, "a": 2}')) == ["a repeated-field"]


def test_a_record_at_the_root_may_be_read_fast_and_means_the_same() -> None:
    called = operation(shape="record", model=Page, payload=())
    fast = read(called, b'{"title": "x", "numbers": [1]}')
    assert fast == read(called, b'{"title": "x", "numbers": [1], "more": 1}')
    assert fast == read(called, to_xml({"title": "x", "numbers": 1}), "xml")
    assert fast.deviations == ()


# What nobody should see.


def test_a_customer_who_is_a_name_of_the_reply_is_masked_among_the_deviations() -> None:
    result = read(
        HISTORY,
        history(BILL, **{"9000000000012": 1, "INVENTED": 2}),
        circumstances=Circumstances(hide=("INVENTED",)),
    )
    assert [problem.path for problem in result.deviations] == ["***", "***"]


def test_no_value_is_in_a_repr() -> None:
    about = Circumstances(hide=("INVENTED",), asked=[{"INVENTED"}])
    sent = raw(history(BILL, customer="INVENTED", error="INVENTED"))
    outcome = refused(HISTORY, sent.body, circumstances=about)
    for shown in (repr(about), repr(outcome), str(outcome.error), repr(outcome.error)):
        assert "INVENTED" not in shown
