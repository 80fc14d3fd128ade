"""What a reply says of itself: which case decides, and what stands for success or failure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.decodings.decoded_body import Failure, Judged, Outside
from gridwright_runtime.decodings.verdicts import (
    consent_day,
    deciding_case,
    is_notice,
    is_there,
    judge,
    mappings_in,
    places_of,
    text_of,
)
from gridwright_runtime.errors import NoDataError, SystemFailureError
from gridwright_runtime.interface import Case, ConsentRule, ErrorMeaning, Verdict

NO_DATA = ErrorMeaning(NoDataError, "nothing is there")
FAILED = ErrorMeaning(SystemFailureError, "it failed")


def decided(case: Case, *headers: Mapping[str, object], **about: Any) -> bool:
    """Say whether a case holds for a reply; ``tree`` is its message, ``of`` what is beside it."""
    verdict = Verdict(code="code", message="text", cases=(case,))
    tree, outside = about.get("tree", {}), about.get("of", Outside())
    return deciding_case(verdict, headers, tree, outside) is case


@pytest.mark.parametrize(
    ("statuses", "status", "holds"),
    [((404,), 404, True), ((4,), 404, True), ((404,), 400, False), ((5, 404), 503, True)],
)
def test_a_case_holds_for_its_statuses(statuses: tuple[int, ...], status: int, holds: bool) -> None:
    assert decided(Case(meaning=FAILED, statuses=statuses), of=Outside(status=status)) is holds


def test_a_case_holds_for_its_roots() -> None:
    case = Case(meaning=FAILED, roots=("Fault",))
    assert decided(case, of=Outside(root="Fault"))
    assert not decided(case, of=Outside(root="Reply"))
    assert decided(case, tree={"Fault": {}})
    assert not decided(case, tree={"Fault": "", "more": ""})
    assert not decided(case, tree={"Fault": "no mapping"})


def test_a_case_holds_where_something_is_there_or_lacks() -> None:
    has, lacks = Case(meaning=FAILED, has=("a", "b")), Case(meaning=FAILED, lacks=("a", "b"))
    for tree, is_in in [
        ({"a": {"b": ""}}, True),
        ({"a": {"b": None}}, False),
        ({"a": [{"c": 1}, {"b": 1}]}, True),
        ({"a": []}, False),
        ({"a": "b"}, False),
        ({}, False),
    ]:
        assert decided(has, tree=tree) is is_in
        assert decided(lacks, tree=tree) is not is_in


def test_what_was_taken_out_of_a_message_is_there_with_all_that_leads_to_it() -> None:
    outside = Outside(taken=("a", "b"))
    assert is_there({}, ("a",), outside)
    assert is_there({}, ("a", "b"), outside)
    assert not is_there({}, ("a", "b", "c"), outside)
    assert not is_there({}, ("b",), outside)
    assert not is_there({}, ("a",), Outside())


def test_an_empty_element_of_xml_is_there_and_null_of_json_is_not() -> None:
    assert is_there({"a": None}, ("a",), Outside(root="Reply"))
    assert not is_there({"a": None}, ("a",), Outside())
    assert not is_there(None, (), Outside())
    assert is_there("", (), Outside())


def test_a_case_asks_all_of_one_place() -> None:
    case = Case(meaning=FAILED, when={"code": ("1", "2")}, contains={"text": "no  data"})
    assert decided(case, {"code": " 2 ", "text": "there is no\n data"})
    assert not decided(case, {"code": "2"}, {"text": "no data"})
    assert not decided(case, {"code": "3", "text": "no data"})
    assert not decided(case, {"code": "2", "text": "nodata"})
    assert decided(case, {}, {"code": "1", "text": "no data"})
    assert not decided(case)


def test_an_empty_value_of_a_case_stands_for_a_missing_field() -> None:
    case = Case(meaning=FAILED, when={"code": ("",)})
    assert decided(case, {"text": "words"})
    assert not decided(case, {"code": "1"})


def test_the_first_case_that_holds_decides() -> None:
    fails = Case(meaning=NO_DATA, when={"code": ("1",)})
    works = Case(meaning=None, statuses=(200,))
    verdict = Verdict(code="code", message="text", kind="kind", cases=(fails, works))
    places = [{"code": "0"}, {"code": "1", "text": "none", "kind": "K"}]
    found = judge(verdict, "json", places, tree={})
    assert found.failure == Failure(code="1", text="none", kind="K", meaning=NO_DATA)
    assert (found.verdict, found.header) == (verdict, {"code": "0"})
    found = judge(verdict, "json", [{"code": "0"}])
    assert (found.failure, found.is_said, found.verdict) == (None, True, verdict)
    assert found.header == {"code": "0"}


def test_a_case_without_words_decides_by_the_status_alone() -> None:
    verdict = Verdict(code="code", cases=(Case(meaning=FAILED, statuses=(5,)),))
    found = judge(verdict, "json", [], outside=Outside(status=503))
    assert found.failure == Failure(meaning=FAILED)
    assert found.header is None


def test_where_no_case_holds_a_known_code_or_kind_is_a_failure_and_others_a_success() -> None:
    verdict = Verdict(
        code="code",
        message="text",
        kind="kind",
        kinds={"K": FAILED},
        errors={"9": FAILED},
        cases=(Case(meaning=NO_DATA, statuses=(404,)),),
    )
    found = judge(verdict, "json", [{"code": " 9 ", "text": "broken"}])
    assert found.failure == Failure(code="9", text="broken")
    found = judge(verdict, "json", [{"code": "8", "text": "odd", "kind": "K"}])
    assert found.failure == Failure(code="8", text="odd", kind="K")
    found = judge(verdict, "json", [{"code": "8", "text": "odd", "kind": "L"}])
    assert (found.failure, found.verdict) == (None, verdict)


def test_without_a_verdict_nothing_is_judged() -> None:
    assert judge(None, "json", [{"code": "1"}]) == Judged()
    assert places_of(None, {"code": "1"}) == []
    assert not is_notice(None, {"code": "1"})


PLAIN = Verdict(code="code", message="text", success={"code": ("0", "00")}, also={"cod": "code"})


@pytest.mark.parametrize("code", ["1", "", " ", "000", 1, True, None, ["0", "1"]])
def test_what_is_no_value_of_success_is_no_said_success(code: object) -> None:
    found = judge(PLAIN, "json", [{"code": code, "text": "words"}])
    assert not (found.is_said and found.failure is None)


@pytest.mark.parametrize("header", [{"code": "0", "text": "OK"}, {"cod": "00"}, {"code": [" 0 "]}])
def test_a_value_of_success_is_a_said_success(header: Mapping[str, object]) -> None:
    found = judge(PLAIN, "json", [header])
    assert (found.failure, found.is_said, found.is_missing) == (None, True, False)


def test_a_failure_names_the_code_that_is_none_of_success() -> None:
    found = judge(PLAIN, "json", [{"code": ["0", "7"], "text": "words"}])
    assert found.failure == Failure(code="7", text="words")


def test_words_that_are_an_object_are_no_words_and_what_follows_is_heard() -> None:
    found = judge(PLAIN, "json", [{"text": [{"a": 1}, "words"], "code": "7"}])
    assert found.failure == Failure(code="7", text="words")


def test_no_error_as_false_says_nothing_where_nothing_may_be_missing() -> None:
    verdict = Verdict(code="error", message="text", success={"error": ("",)})
    found = judge(verdict, "json", [{"error": [False, "7"]}])
    assert found.failure == Failure(code="7")
    assert judge(verdict, "json", [{"error": False}]).failure is None
    assert judge(verdict, "json", [{"error": True}]).failure == Failure(code="true")


def test_a_code_that_is_an_object_is_not_shown() -> None:
    found = judge(PLAIN, "json", [{"code": {"secret": "INVENTED"}}])
    assert found.failure == Failure(code="(not a text)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        (7, "7"),
        ({}, ""),
        ([], ""),
        ([1], "(not a text)"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E+99"), "1" + "0" * 99),
        (Decimal("1E+100"), "1E+100"),
        (Decimal("1E-99"), "0." + "0" * 98 + "1"),
        (Decimal("1E-100"), "1E-100"),
    ],
)
def test_values_as_texts(value: object, text: str) -> None:
    assert text_of(value) == text


def test_places_are_found_by_every_name_and_in_every_item() -> None:
    verdict = Verdict(under=("head", "part"), also={"Head": "head"}, code="code")
    tree = {"head": {"part": [{"code": 1}, "text", {"code": 2}]}, "Head": {"part": {"code": 3}}}
    assert places_of(verdict, tree) == [("part", {"code": n}) for n in (1, 2, 3)]


def test_places_are_those_of_the_documented_root() -> None:
    verdict = Verdict(root="Reply", code="code")
    assert places_of(verdict, {"code": 1}, "Reply") == [("", {"code": 1})]
    assert places_of(verdict, {"code": 1}, "Fault") == []
    assert places_of(verdict, {"Reply": {"code": 1}}) == [("", {"code": 1})]
    assert places_of(verdict, {"Fault": {"code": 1}}) == []


def test_mappings_are_found_at_any_depth_but_not_in_what_is_left_out() -> None:
    left, inner = {"code": 1}, {"code": 2}
    tree = {"a": [{"b": inner}, left, "text"], "c": left}
    found = list(mappings_in(tree, without=[left]))
    assert found[0] is tree
    assert inner in found
    assert not any(one is left for one in found)


def test_cases_that_do_not_hold_are_passed_over() -> None:
    holds = Case(meaning=NO_DATA, when={"code": ("1",)})
    verdict = Verdict(
        code="code",
        cases=(
            Case(meaning=FAILED, statuses=(404,)),
            Case(meaning=FAILED, roots=("Fault",)),
            Case(meaning=FAILED, has=("a",)),
            Case(meaning=FAILED, lacks=("b",)),
            Case(meaning=FAILED, when={"code": ("2",)}),
            holds,
            Case(meaning=FAILED),
        ),
    )
    assert deciding_case(verdict, [{"code": "1"}], {"b": ""}, Outside()) is holds


@pytest.mark.parametrize(
    ("text", "shown"), [("OK", "OK"), (" ", None), ("", None), (7, "7"), (None, None)]
)
def test_the_fields_of_a_success_are_shown(text: object, shown: str | None) -> None:
    found = judge(PLAIN, "json", [{"code": "0", "text": text}])
    assert (found.is_said, found.header) == (True, {"code": "0", "text": shown})


def test_of_a_root_that_holds_the_payload_nothing_else_is_shown() -> None:
    verdict = Verdict(code="code", message="text", success={"code": ("0",)}, fields=("time",))
    header = {"rows": [], "other": "x", "code": "0", "text": "OK", "time": "12"}
    found = judge(verdict, "json", [header])
    assert found.header == {"code": "0", "text": "OK", "time": "12"}


def test_an_element_of_its_own_is_shown_whole_but_for_what_is_no_text() -> None:
    verdict = Verdict(under=("head",), code="code", message="text", success={"code": ("0",)})
    found = judge(verdict, "json", [{"more": {}, "code": "0", "text": "OK", "id": 7}])
    assert found.header == {"code": "0", "text": "OK", "id": "7"}


def test_a_field_of_another_name_is_shown_under_the_documented_one() -> None:
    assert judge(PLAIN, "json", [{"cod": "0", "text": "OK"}]).header == {"code": "0", "text": "OK"}
    failed = judge(PLAIN, "json", [{"cod": "7", "text": "OK"}])
    assert failed.header == {"code": "7", "text": "OK"}


@pytest.mark.parametrize(
    ("verdict", "is_missing"),
    [
        (Verdict(code="code", success={"code": ("0",)}), True),
        (Verdict(code="code", success={"code": ("0", "")}), False),
        (Verdict(code="code", success={"code": ("0", ""), "ok": ("Y",)}), True),
        (Verdict(code="code", success={"code": ("0",)}, formats=("xml",)), False),
    ],
)
def test_a_success_without_its_verdict_lacks_something(verdict: Verdict, is_missing: bool) -> None:
    assert judge(verdict, "json", []).is_missing is is_missing
    assert judge(verdict, "json", [{"other": "x"}]).is_missing is is_missing


def test_a_success_may_do_without_an_optional_verdict() -> None:
    verdict = Verdict(code="code", success={"code": ("0",)}, is_optional=True)
    assert not judge(verdict, "json", []).is_missing


def test_in_pieces_of_a_list_words_alone_are_a_failure() -> None:
    verdict = Verdict(code="code", message="text", success={"code": ("0",)}, in_list=True)
    pieces = [{"code": "7"}, {"text": "words"}]
    assert judge(verdict, "json", [], notices=pieces).failure == Failure(code="7", text="words")
    assert judge(verdict, "json", [], beside=pieces).failure == Failure(code="7", text="words")
    assert judge(verdict, "json", [{"text": "words"}]).failure == Failure(text="words")
    assert judge(verdict, "json", [{"code": "0", "text": "words"}]).failure is None
    assert judge(verdict, "json", [{"code": "0"}], notices=pieces).failure is not None
    assert is_notice(verdict, {"text": ""})
    assert not is_notice(verdict, {"value": ""})


def test_elsewhere_words_alone_are_none() -> None:
    found = judge(PLAIN, "json", [{"text": "words"}])
    assert (found.failure, found.is_said, found.is_missing) == (None, False, True)
    assert judge(PLAIN, "json", [], notices=[{"code": "7"}]).failure is None
    assert not is_notice(PLAIN, {"code": "7"})


def test_where_a_format_has_no_fields_for_a_success_words_alone_are_a_failure() -> None:
    verdict = Verdict(code="code", message="text", success={"code": ("0",)}, formats=("xml",))
    assert judge(verdict, "json", [{"text": "words"}]).failure == Failure(text="words")
    assert judge(verdict, "json", [{"code": "0", "text": "words"}]).is_said
    assert judge(verdict, "xml", [{"text": "words"}]).failure is None


def test_without_values_of_success_a_code_or_words_are_a_failure() -> None:
    verdict = Verdict(code="code", message="text", kind="kind")
    found = judge(verdict, "json", [{"code": " 7 ", "text": "words", "kind": "K"}])
    assert found.failure == Failure(code="7", text="words", kind="K")
    found = judge(verdict, "json", [{"text": "words", "kind": "K"}])
    assert found.failure == Failure(text="words", kind="K")
    assert judge(verdict, "json", [{"kind": "K"}]).failure is None


CONSENT = ConsentRule("since the day of consent", "of consent: ?([0-9]{8})")


def test_the_sentence_about_a_consent_is_told_from_other_failures() -> None:
    verdict = Verdict(code="code", message="text", success={"code": ("0",)}, consent=CONSENT)
    said = "only since  the day ofconsent: 20240315"
    found = judge(verdict, "json", [{"code": "7", "text": ["first", said]}])
    assert found.failure == Failure(code="7", text=said, is_consent=True)
    assert judge(verdict, "json", [{"code": "0", "text": said}]).failure is not None
    assert judge(verdict, "json", [{"code": "7", "text": "words"}]).failure == Failure(
        code="7", text="words"
    )
    assert judge(verdict, "json", [{"code": "0", "text": "words"}]).failure is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("of consent: 20240315", date(2024, 3, 15)),
        ("of consent:20240315 of consent:20250101", date(2024, 3, 15)),
        ("o f consent: 2024 03 15", None),
        ("of consent: 20241315", None),
        ("of consent", None),
    ],
)
def test_the_day_of_a_consent(text: str, day: date | None) -> None:
    assert consent_day(CONSENT, text) == day


def test_the_day_of_a_consent_is_found_between_blanks() -> None:
    rule = ConsentRule("consent", "consent:([0-9]{8})")
    assert consent_day(rule, "c onsent : 2024 0315") == date(2024, 3, 15)


def test_one_of_several_values_is_enough_for_a_case() -> None:
    assert decided(Case(meaning=FAILED, when={"code": ("1", "2")}), {"code": ["9", "2"]})


def test_a_known_code_is_named_before_others() -> None:
    verdict = Verdict(
        code="code", errors={"9": FAILED}, cases=(Case(meaning=FAILED, roots=("F",)),)
    )
    assert judge(verdict, "json", [{"code": ["8", "9"]}]).failure == Failure(code="9")


def test_a_failure_is_found_behind_what_the_document_does_not_know() -> None:
    verdict = Verdict(code="code", message="text", kind="kind", success={"code": ("0",)})
    found = judge(verdict, "json", [{"other": "x", "text": 5, "code": "7", "kind": "K"}])
    assert found.failure == Failure(code="7", text="5", kind="K")
    assert found.verdict is None


def test_what_is_missing_says_nothing() -> None:
    nothing: tuple[object, ...] = (None, "", [], {})
    for value in nothing:
        found = judge(PLAIN, "json", [{"code": value, "text": "words"}])
        assert (found.failure, found.is_missing) == (None, True)
    assert judge(PLAIN, "json", [{"code": False}]).failure == Failure(code="false")


def test_words_alone_among_the_items_of_a_list_are_a_failure() -> None:
    verdict = Verdict(
        message="text", success={"code": ("0",)}, in_list=True, also={"Text": "text", "x": "other"}
    )
    assert judge(verdict, "json", [], notices=[{"Text": "words"}]).failure == Failure(text="words")
    assert is_notice(verdict, {"Text": ""})
    assert not is_notice(verdict, {"x": ""})


def test_a_place_is_not_found_by_the_other_name_of_something_else() -> None:
    verdict = Verdict(under=("head",), also={"Code": "code"}, code="code")
    assert places_of(verdict, {"Code": {"code": 1}}) == []
    assert places_of(Verdict(code="code"), {"Reply": {"code": 1}}) == [("", {"Reply": {"code": 1}})]
    within = {"Reply": {"code": 1}}
    assert places_of(Verdict(root="Reply", code="code"), within, "Reply") == [("", within)]


def test_a_list_that_is_left_out_is_not_looked_into() -> None:
    rows = [{"code": 1}]
    assert list(mappings_in({"rows": rows}, without=[rows])) == [{"rows": rows}]
