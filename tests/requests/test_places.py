"""Arguments, credentials and options in path, query, header and cookie."""

from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec import field
from msgspec.structs import replace

from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.interface import Argument, Basic, Hole, Part, RequestSpec, Text
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record

from .sample import GET_USAGE, models
from .support import ELSEWHERE, HERE, built, problems, shown

CITIZEN = "1000000000009"


def usage(**values: Any) -> Any:
    return models.GetUsageRequest(**({"citizen_id": CITIZEN} | values))


def with_part(place: Any, *pieces: Any, wire: str = "X-Extra", **more: Any) -> Any:
    part = Part(wire=wire, place=place, source=Text(pieces), **more)
    parts = (*GET_USAGE.request.parts, part)
    path = GET_USAGE.path + (f"/{{{wire}}}" if place == "path" else "")
    return replace(GET_USAGE, path=path, request=replace(GET_USAGE.request, parts=parts))


def test_values_go_to_their_places() -> None:
    arguments = usage(year=2024, channel="web 1", session="s1", kinds=["a", "b&c"])
    request = built(GET_USAGE, arguments, ELSEWHERE)
    assert request.method == "GET"
    assert urlsplit(request.full_url).path == f"/base/api/v1/PowerCapital/{CITIZEN}"
    assert parse_qs(urlsplit(request.full_url).query) == {"year": ["2024"], "kind": ["a", "b&c"]}
    assert ("X-Channel", "web 1") in request.headers
    assert ("Cookie", "sid=s1") in request.headers
    assert request.body is None


def test_what_a_log_may_show_keeps_the_template_of_the_address() -> None:
    request = built(GET_USAGE, usage())
    assert request.safe_url == f"{HERE}/api/v1/PowerCapital/{{CitizenID}}"
    assert CITIZEN not in repr(request)
    assert CITIZEN in tuple(request.sensitive)


def test_a_value_cannot_leave_its_place_in_the_path() -> None:
    request = built(GET_USAGE, usage(citizen_id="../a?b#{x}"))
    assert request.url == f"{HERE}/api/v1/PowerCapital/..%2Fa%3Fb%23%7Bx%7D"


@pytest.mark.parametrize("value", [".", "..", ""])
def test_a_path_value_that_leads_elsewhere_is_refused(value: str) -> None:
    assert problems(GET_USAGE, usage(citizen_id=value)) == ["citizen_id not-text"]


def test_an_address_has_no_gaps() -> None:
    assert problems(GET_USAGE, usage(citizen_id=None)) == ["citizen_id required"]


@pytest.mark.parametrize("value", ["a\r\nX: 1", " a", "a ", "ä", "a\tb", "\ud800", ""])
def test_a_header_value_is_printable_ascii_on_one_line(value: str) -> None:
    assert problems(GET_USAGE, usage(channel=value)) == ["channel not-text"]


@pytest.mark.parametrize("value", ["a;b", 'a"b', "a b", "a,b", "ä", "a\\b", "a\n", ""])
def test_a_cookie_stays_one_cookie(value: str) -> None:
    assert problems(GET_USAGE, usage(session=value)) == ["session not-text"]


def test_half_a_character_in_a_query_is_a_problem() -> None:
    assert problems(GET_USAGE, usage(kinds=["a", "\ud800"])) == ["kinds[1] control-character"]


def test_a_value_that_is_not_given_is_sent_nowhere() -> None:
    request = built(GET_USAGE, usage())
    assert request.query == ()
    assert request.headers == (("Accept", "application/json"),)


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        ("header", "ключ", "printable ASCII"),
        ("header", "a\nb", "printable ASCII"),
        ("header", " INVENTED", "without outer blanks"),
        ("cookie", "a;b", "semicolons"),
        ("path", "..", "another address"),
        ("query", "a\ud800", "half a character"),
    ],
)
@pytest.mark.parametrize("kind", ["credential", "option"])
def test_what_a_client_was_given_must_fit_its_place(
    kind: Any, place: str, value: str, why: str
) -> None:
    settings: Any = {f"{kind}s": {"extra": value}}
    with pytest.raises(ConfigurationError, match=f"extra travels in .*{why}") as caught:
        built(with_part(place, Hole(kind, "extra")), usage(), **settings)
    assert value not in shown(caught.value)


@pytest.mark.parametrize("kind", ["credential", "option"])
def test_an_address_has_no_gap_where_an_optional_value_is_not_given(kind: Any) -> None:
    operation = with_part("path", Hole(kind, "extra"), optional=True)
    with pytest.raises(ConfigurationError, match="extra"):
        built(operation, usage(), credentials={}, options={})
    settings: Any = {f"{kind}s": {"extra": "1"}}
    assert built(operation, usage(), **settings).url.endswith(f"/{CITIZEN}/1")


@pytest.mark.parametrize("kind", ["credential", "option"])
def test_a_user_with_a_colon_is_not_sent_by_basic_authentication(kind: Any) -> None:
    source = Basic(user=Text((Hole(kind, "extra"),)), password=Text(("p:w",)))
    part = Part(wire="Authorization", place="header", source=source)
    operation = with_part("query", "1")
    request = replace(operation.request, parts=(*operation.request.parts, part))
    operation = replace(operation, request=request)
    settings: Any = {f"{kind}s": {"extra": "INVENTED:user"}}
    with pytest.raises(ConfigurationError, match="extra holds a colon") as caught:
        built(operation, usage(), **settings)
    assert "INVENTED" not in shown(caught.value)
    settings = {f"{kind}s": {"extra": "user"}}
    assert ("Authorization", "Basic dXNlcjpwOnc=") in built(operation, usage(), **settings).headers


@pytest.mark.parametrize("kind", ["credential", "option"])
def test_a_part_without_a_value_is_left_out_where_it_may_be(kind: Any) -> None:
    operation = with_part("query", Hole(kind, "extra"), optional=True)
    assert built(operation, usage(), credentials={}, options={}).query == ()
    settings: Any = {f"{kind}s": {"extra": "1"}}
    assert built(operation, usage(), **settings).query == (("X-Extra", "1"),)


def test_a_document_has_its_own_word_for_a_header_that_is_sent_anyway() -> None:
    operation = with_part("header", "application/vnd.sample+json", wire="accept")
    headers = built(operation, usage()).headers
    assert headers == (("accept", "application/vnd.sample+json"),)


class Inner(Record, frozen=True, kw_only=True):
    text: str | None = field(name="text", default=None)
    number: Decimal | None = field(name="number", default=None)


class Outer(Record, frozen=True, kw_only=True):
    inner: Inner | None = field(name="inner", default=None)


def holding(place: Any) -> Any:
    def no_problem(record: object, path: str) -> list[Problem]:
        return []

    parts = (Part(wire="inner", place=place, source=Argument("inner")),)
    request = RequestSpec(model=Outer, check=no_problem, parts=parts)
    return replace(GET_USAGE, path="/a", request=request)


@pytest.mark.parametrize("place", ["query", "header"])
def test_a_record_outside_a_body_is_a_text_in_json(place: str) -> None:
    request = built(holding(place), Outer(inner=Inner(text="a", number=Decimal("1.50"))))
    pairs = request.query if place == "query" else request.headers
    assert dict(pairs)["inner"] == '{"text":"a","number":1.50}'


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("query", "\ud800", "inner control-character"),
        ("header", "ä", "inner not-text"),
        ("query", 1, "inner.text wrong-type"),
    ],
)
def test_a_record_that_cannot_stand_in_its_place_is_a_problem(
    place: str, text: Any, found: str
) -> None:
    assert problems(holding(place), Outer(inner=Inner(text=text))) == [found]


class Listed(Record, frozen=True, kw_only=True):
    texts: list[str] | None = field(name="texts", default=None)
    counts: list[int] | None = field(name="counts", default=None)
    amounts: list[Decimal] | None = field(name="amounts", default=None)


def joined(sign: str) -> Any:
    names = ("texts", "counts", "amounts")
    parts = tuple(
        Part(wire=name, place="query", source=Argument(name), join=sign) for name in names
    )
    request = RequestSpec(model=Listed, check=lambda record, path: [], parts=parts)
    return replace(GET_USAGE, path="/a", request=request)


@pytest.mark.parametrize(
    ("sign", "items", "wrong"),
    [
        (",", {"texts": ["a", "b,c"]}, "texts[1]"),
        ("||", {"texts": ["a|", "b"]}, "texts[0]"),
        ("-", {"counts": [1, -2]}, "counts[1]"),
        ("1", {"counts": [2, 13]}, "counts[1]"),
        (".", {"amounts": [Decimal(1), Decimal("1.5")]}, "amounts[1]"),
    ],
)
def test_an_item_that_would_be_taken_for_two_is_a_problem(
    sign: str, items: dict[str, Any], wrong: str
) -> None:
    assert problems(joined(sign), Listed(**items)) == [f"{wrong} not-text"]


@pytest.mark.parametrize(
    ("sign", "items", "sent"),
    [
        ("||", {"texts": ["a", "|b"]}, "a|||b"),
        ("-", {"counts": [1, 2]}, "1-2"),
        (".", {"amounts": [Decimal(1), Decimal("1E+1")]}, "1.10"),
        (",", {"amounts": [Decimal("-0.5")]}, "-0.5"),
    ],
)
def test_items_that_can_be_told_apart_are_joined(
    sign: str, items: dict[str, Any], sent: str
) -> None:
    assert [text for _, text in built(joined(sign), Listed(**items)).query] == [sent]


def test_a_list_cannot_stand_in_a_path() -> None:
    operation = with_part("query", "1")
    parts = tuple(
        replace(part, place="path") if part.wire == "kind" else part
        for part in operation.request.parts
    )
    path = f"{operation.path}/{{kind}}"
    operation = replace(operation, path=path, request=replace(operation.request, parts=parts))
    assert problems(operation, usage(kinds=["a"])) == ["kinds wrong-type"]
