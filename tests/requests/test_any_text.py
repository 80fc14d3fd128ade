"""Any text arrives as it was given, in any place and encoding, or is refused with its reason."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.errors import InvalidRequestError
from gridwright_runtime.interface import Argument, Part

from .test_combinations import Arguments, OnlyExtra, decoded, operation, sent

ANY = st.text(st.characters(), min_size=1, max_size=20)
WHOLE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
# Line ends of a form's field are as browsers send them; a parser of mail would change others.
PLAIN = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize("encoding", ["form", "json", "xml", "multipart_form", "soap"])
@settings(deadline=None)
@given(text=PLAIN)
def test_a_text_in_a_body_arrives_as_it_was(encoding: str, text: str) -> None:
    request = sent(operation(encoding, (), Arguments), Arguments(name=text), "json")
    assert decoded(encoding, request) == {"name": text}


@pytest.mark.parametrize("encoding", ["form", "json"])
@given(text=WHOLE)
def test_so_do_control_characters_where_an_encoding_has_them(encoding: str, text: str) -> None:
    request = sent(operation(encoding, (), Arguments), Arguments(name=text), "json")
    assert decoded(encoding, request) == {"name": text}


@given(text=WHOLE)
def test_a_text_in_a_query_arrives_as_it_was(text: str) -> None:
    parts = (Part(wire="part", place="query", source=Argument("extra")),)
    request = sent(operation("none", parts, OnlyExtra), OnlyExtra(extra=text), "json")
    assert parse_qs(urlsplit(request.full_url).query) == {"part": [text]}


@given(text=WHOLE.filter(lambda text: text not in (".", "..")))
def test_a_text_in_a_path_is_one_step_of_it(text: str) -> None:
    parts = (Part(wire="part", place="path", source=Argument("extra")),)
    request = sent(operation("none", parts, OnlyExtra), OnlyExtra(extra=text), "json")
    start, _, step = request.url.rpartition("/")
    assert start == "http://127.0.0.1:8000/a"
    assert unquote(step) == text


@pytest.mark.parametrize("place", ["path", "query", "header", "cookie"])
@given(text=ANY)
def test_any_text_is_sent_or_refused_with_a_reason(place: Any, text: str) -> None:
    parts = (Part(wire="part", place=place, source=Argument("extra")),)
    arguments = OnlyExtra(extra=text)
    try:
        request = sent(operation("none", parts, OnlyExtra), arguments, "json")
    except InvalidRequestError as error:
        assert [problem.path for problem in error.problems] == ["extra"]
    else:
        assert request.full_url.isascii()
        for _name, value in request.headers:
            assert value.isascii() and value.isprintable() and value == value.strip()


@pytest.mark.parametrize("encoding", ["form", "json", "xml", "multipart_form", "soap"])
@settings(deadline=None)
@given(text=ANY)
def test_any_text_in_a_body_is_sent_or_refused_with_a_reason(encoding: str, text: str) -> None:
    try:
        request = sent(operation(encoding, (), Arguments), Arguments(name=text), "json")
    except InvalidRequestError as error:
        assert [(problem.path, problem.rule) for problem in error.problems] == [
            ("name", "control-character")
        ]
    else:
        assert request.body
