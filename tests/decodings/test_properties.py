"""What holds for any reply: reading ends in one of three ways, and fast and slow mean the same."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.decodings.json import message as json_message
from gridwright_runtime.decodings.reader import Refused
from gridwright_runtime.decodings.xml import list_message
from gridwright_runtime.decodings.xml import message as xml_message
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.reply import Reply
from gridwright_runtime.result import Result

from .support import (
    FORMATS,
    HISTORY,
    IN_ELEMENT,
    LIST,
    PAGE,
    STATUS,
    Number,
    Page,
    Row,
    answer,
    envelope,
    listed,
    operation,
    page,
    read,
    reading,
    rules,
    to_json,
    to_xml,
)

DEEP = operation(shape="record", model=Page, payload=("a", "b", "c"), verdict=IN_ELEMENT)
ROWS = operation(model=Row, payload=("a", "rows"), item="row")
VALUE = operation(shape="value", model=Number, payload=("a",))
HEAD = {"code": "0", "msg": "x"}
WHOLE: list[tuple[Operation[Any], bytes]] = [
    (LIST, listed([reading(), reading(note="가")], "json")),
    (LIST, listed([reading(), reading(note="가")], "xml")),
    (PAGE, page({"rows": [{"id": 1, "kwh": 1}], "numbers": [1]})),
    (PAGE, page({"rows": [{"id": 1, "kwh": 1}], "numbers": [1]}, "xml")),
    (HISTORY, to_json({"bills": [{"kwh": 0, "day": ""}, {"kwh": 1, "day": "20240101"}]})),
    (STATUS, to_json({"kind": "01", "meter": "1", "x": [1, {"y": None}]})),
    (DEEP, to_json({"head": HEAD, "a": {"b": {"c": {"title": "x"}}}})),
    (DEEP, to_xml({"head": HEAD, "a": {"b": {"c": {"rows": [{"id": 1}] * 2}}}})),
    (DEEP, envelope(to_xml({"head": HEAD, "a": {"b": {"c": {"title": "x"}}}}))),
    (ROWS, to_json({"a": {"rows": [{"id": 1}, {"id": 2}]}})),
    (ROWS, to_xml({"a": {"rows": {"row": [{"id": 1}, {"id": 2}]}}})),
    (VALUE, b'{"a": 1.5}'),
]


@given(st.data())
def test_whatever_comes_is_a_reply_or_a_failure(data: st.DataObject) -> None:
    called, whole = data.draw(st.sampled_from(WHOLE))
    body = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        size = data.draw(st.integers(0, 12))
        body[at : at + size] = data.draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(
                    [b"{", b"}", b"[", b'"', b",", b"null", b"<", b"</", b"/>", b"&#0;"]
                ),
            )
        )
    outcome = answer(called, bytes(body), data.draw(st.sampled_from(FORMATS)))
    assert isinstance(outcome, Reply | Result | Refused)
    if not isinstance(outcome, Refused):
        assert all(problem.rule for problem in outcome.deviations)


values = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "1", "1.5", "NaN", "1_5", "２", "true", "x", "20240101", "a\\u0041"]),
    st.integers(-5, 5),
    st.booleans(),
    st.just({}),
    st.just([1]),
)
texts = st.one_of(
    st.none(), st.sampled_from(["", " ", "1", "1.5", "NaN", "1_5", "２", "true", "x"])
)


def records(names: list[str], value: st.SearchStrategy[object]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(names), value, max_size=5)


def trees(value: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[Operation[Any], Any]]:
    rows = st.lists(records(["id", "kwh", "estimated", "more"], value), max_size=3)
    whole = st.fixed_dictionaries({"mtr": value, "ymd": value, "cnt": value, "kwh": value})
    pages = st.fixed_dictionaries({}, optional={"rows": rows, "title": value, "more": value})
    said = st.sampled_from([HEAD, {"code": "9"}, {}, {"code": None}, {"code": "0", "x": "1"}])
    return st.one_of(
        st.tuples(st.just(LIST), st.lists(whole, max_size=3).map(lambda found: {"list": found})),
        st.tuples(st.just(ROWS), rows.map(lambda found: {"a": {"rows": found}})),
        st.tuples(
            st.just(DEEP),
            st.builds(lambda head, body: {"head": head, "a": {"b": {"c": body}}}, said, pages),
        ),
        st.tuples(
            st.just(PAGE),
            st.builds(
                lambda body, kind: {"code": "0", "type": kind, "body": body},
                pages,
                st.sampled_from(["OK", "BUSINESS", None]),
            ),
        ),
    )


def shown(outcome: Any) -> object:
    """Return what a caller sees of a reply, to compare two ways of reading it."""
    if isinstance(outcome, Refused):
        error: Any = outcome.error
        problems = [(one.path, one.rule) for one in getattr(error, "problems", ())]
        return type(error), getattr(error, "code", None), problems, outcome.is_own_word
    found = outcome.records if isinstance(outcome, Reply) else (outcome.body, outcome.code)
    return found, rules(outcome)


@given(trees(values))
def test_the_fast_way_and_the_slow_way_mean_the_same_in_json(
    case: tuple[Operation[Any], Any],
) -> None:
    called, tree = case
    body = to_json(tree).replace(b"\\\\u", b"\\u")
    fast = shown(answer(called, body))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_message, "plan_of", lambda operation: None)
        assert shown(answer(called, body)) == fast


@given(trees(texts))
def test_the_fast_way_and_the_slow_way_mean_the_same_in_xml(
    case: tuple[Operation[Any], Any],
) -> None:
    called, tree = case
    body = to_xml(_listed(called, tree))
    fast = shown(answer(called, body, "xml"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml_message, "_fields_of", lambda operation: None)
        patch.setattr(list_message, "_record_reader", lambda operation: lambda element: None)
        assert shown(answer(called, body, "xml")) == fast


def _listed(called: Operation[Any], tree: Any) -> Mapping[str, object]:
    """Put records into elements of their own, where the document has them so."""
    if called is LIST:
        return {"head": {"msg": "", "code": "0", "ok": "Y"}, "list": {"item": tree["list"]}}
    if called is ROWS:
        return {"a": {"rows": {"row": tree["a"]["rows"]}}}
    return dict(tree)


@pytest.mark.parametrize("format", FORMATS)
def test_a_reader_of_json_loads_neither_xml_nor_soap(format: Format) -> None:
    code = (
        "import sys, gridwright_runtime.decodings.reader\n"
        "print([name for name in sys.modules if name.startswith(('lxml', 'xsdata'))\n"
        "       or 'soap' in name or 'multipart' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert read(LIST, listed([], format), format).records == []
