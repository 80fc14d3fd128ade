"""Every format goes with every shape, place of the payload and verdict, and they mean the same."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from gridwright_runtime.errors import (
    AuthenticationError,
    HttpStatusError,
    LimitError,
    NotSubscribedError,
    ProviderError,
    UnexpectedReplyError,
)
from gridwright_runtime.interface import Format, Operation, Shape

from .support import (
    FORMATS,
    VERDICTS,
    Kind,
    Number,
    Page,
    Reading,
    answer,
    envelope,
    error_of,
    operation,
    read,
    reading,
    refused,
    rules,
    to_json,
    to_xml,
)

PATHS: Mapping[int, tuple[str, ...]] = {0: (), 1: ("data",), 3: ("answer", "part", "data")}
SHAPES: tuple[Shape, ...] = ("record", "list", "value", "none")
MODELS: Mapping[Shape, Any] = {"record": Page, "list": Reading, "value": Number, "none": None}
SAID: Mapping[Kind, dict[str, object]] = {
    "none": {},
    "root": {"code": "0", "msg": "fine"},
    "element": {"code": "0", "msg": "fine"},
    "list": {"msg": "fine", "code": "0", "ok": "Y"},
    "kinds": {"code": "0", "msg": "fine", "type": "OK"},
}
FAILED: dict[str, object] = {"code": "E402", "msg": "말씀"}
ROWS = [{"id": 1, "kwh": Decimal("1.5"), "estimated": True}, {"id": 2}]
PAGE: dict[str, object] = {"range": {"begin": 1, "end": 2}, "rows": ROWS, "numbers": [5]}
PAYLOADS: Mapping[Shape, Any] = {
    "record": PAGE,
    "list": [reading(), reading(cnt=2)],
    "value": Decimal("12.5"),
    "none": None,
}


def stands_apart(shape: Shape, depth: int) -> bool:
    """Whether anything can stand beside the payload in JSON."""
    return depth > 0 or shape in ("record", "none")


CELLS = [
    pytest.param(shape, depth, kind, id=f"{shape}-{depth}-{kind}")
    for shape in SHAPES
    for depth in PATHS
    for kind in VERDICTS
    if stands_apart(shape, depth) or kind == "none"
]
"""A list or a value that is the whole message leaves no room for a verdict in JSON."""
cells = pytest.mark.parametrize(("shape", "depth", "kind"), CELLS)
formats = pytest.mark.parametrize("format", FORMATS)


def made(shape: Shape, depth: int, kind: Kind) -> Operation[Any]:
    verdict = VERDICTS[kind]
    return operation(
        shape=shape, model=MODELS[shape], payload=PATHS[depth], item="item", verdict=verdict
    )


def tree_of(
    called: Operation[Any], payload: object, said: Mapping[str, object], format: Format
) -> Any:
    """Return a message with a payload and a verdict at their places."""
    reply, verdict = called.reply, called.verdict
    tree: Any = {}
    if reply.shape != "none":
        tree = payload
        if reply.shape == "list" and format == "xml":
            tree = {"item": payload}
        for step in reversed(reply.payload):
            tree = {step: tree}
    if verdict is None or not said:
        return tree
    tree = tree or {}
    if not verdict.under:
        return {**said, **tree}
    return {verdict.under[0]: said, **tree}


def written(
    called: Operation[Any], payload: object, said: Mapping[str, object], format: Format
) -> bytes:
    tree = tree_of(called, payload, said, format)
    if format == "json":
        return to_json(tree)
    return to_xml(tree) if isinstance(tree, Mapping) else f"<Answer>{tree}</Answer>".encode()


def said_in(called: Operation[Any], kind: Kind, format: Format) -> dict[str, object]:
    """Return what a success says of itself in a format."""
    verdict = called.verdict
    return SAID[kind] if verdict is not None and format in verdict.formats else {}


def value_of(outcome: Any, shape: Shape) -> Any:
    return outcome.records if shape == "list" else outcome.body


@cells
def test_a_success_reads_the_same_in_every_format(shape: Shape, depth: int, kind: Kind) -> None:
    called = made(shape, depth, kind)
    found = []
    for format in FORMATS:
        body = written(called, PAYLOADS[shape], said_in(called, kind, format), format)
        outcome = read(called, body, format)
        assert outcome.deviations == ()
        found.append(value_of(outcome, shape))
        # What was asked for is not what counts.
        other: Format = "json" if format == "xml" else "xml"
        again = read(called, body, other)
        assert value_of(again, shape) == found[-1]
        assert rules(again) == [" other-format"]
        if format == "xml":
            packed = read(called, envelope(body), "xml")
            assert value_of(packed, shape) == found[-1]
            assert rules(packed) == [" other-element"]
    assert found[0] == found[1]
    if shape == "record":
        assert [row.energy_kwh for row in found[0].rows] == [Decimal("1.5"), None]
    elif shape == "list":
        assert [one.count for one in found[0]] == [1, 2]
    elif shape == "value":
        assert found[0].value == Decimal("12.5")
    else:
        assert found[0] is None


@cells
@formats
def test_a_success_that_departs_is_read_all_the_same(
    shape: Shape, depth: int, kind: Kind, format: Format
) -> None:
    called = made(shape, depth, kind)
    changes: Mapping[Shape, tuple[Any, str]] = {
        "record": (
            {**PAGE, "rows": [{"id": 1}, {"id": 2, "more": 1}]},
            f"{'.'.join((*PATHS[depth], 'rows'))}[1].more unknown-field",
        ),
        "list": ([reading(), reading(more="1")], "records[1].more unknown-field"),
        "value": (
            Decimal("1234567.5"),
            f"{'.'.join((*PATHS[depth], 'value'))} too-many-digits",
        ),
    }
    if shape == "none":
        return
    payload, expected = changes[shape]
    body = written(called, payload, said_in(called, kind, format), format)
    assert rules(read(called, body, format)) == [expected]


@cells
@formats
def test_a_failure_is_found(shape: Shape, depth: int, kind: Kind, format: Format) -> None:
    called = made(shape, depth, kind)
    if called.verdict is None:
        return
    for payload in (PAYLOADS[shape], None):
        outcome = refused(called, written(called, payload, FAILED, format), format)
        assert isinstance(outcome.error, ProviderError)
        assert (outcome.error.code, outcome.error.text) == ("E402", "말씀")
        assert outcome.is_own_word and not outcome.is_access
        if kind != "kinds":
            assert type(outcome.error) is NotSubscribedError


@cells
@formats
def test_a_success_that_does_not_say_so_is_none(
    shape: Shape, depth: int, kind: Kind, format: Format
) -> None:
    called = made(shape, depth, kind)
    if called.verdict is None or format not in called.verdict.formats:
        return
    for said in ({}, {"msg": "fine"}, {"msg": "fine", "code": None}):
        error = error_of(called, written(called, PAYLOADS[shape], said, format), format)
        # Where failures come in pieces, words alone are one.
        pieces = isinstance(error, ProviderError) and called.verdict.in_list and said
        assert type(error) is UnexpectedReplyError or pieces


@cells
@formats
def test_a_value_that_cannot_be_read_is_named(
    shape: Shape, depth: int, kind: Kind, format: Format
) -> None:
    called = made(shape, depth, kind)
    path = ".".join(PATHS[depth])
    changes: Mapping[Shape, tuple[Any, str]] = {
        "record": (
            {**PAGE, "rows": [{"id": 1}, {"kwh": "NaN"}]},
            f"{'.'.join((*PATHS[depth], 'rows'))}[1].energy_kwh",
        ),
        "list": ([reading(), reading(kwh="1_5")], "records[1].energy_kwh"),
        "value": ("many", f"{path}.value" if path else "value"),
    }
    if shape == "none":
        return
    payload, expected = changes[shape]
    error = error_of(
        called, written(called, payload, said_in(called, kind, format), format), format
    )
    if shape == "value" and depth == 0 and format == "json":
        payload = to_json("many")
    assert isinstance(error, UnexpectedReplyError)
    assert [(one.path, one.rule) for one in error.problems] == [(expected, "not-number")]


@cells
@formats
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, AuthenticationError),
        (403, AuthenticationError),
        (429, LimitError),
        (404, HttpStatusError),
    ],
)
def test_a_status_means_the_same_everywhere(
    shape: Shape, depth: int, kind: Kind, format: Format, status: int, expected: type[Exception]
) -> None:
    called = made(shape, depth, kind)
    body = written(called, PAYLOADS[shape], said_in(called, kind, format), format)
    for sent in (body, b"", b"text", b"{}"):
        outcome = refused(called, sent, format, status=status)
        assert type(outcome.error) is expected
        assert not outcome.is_own_word
        assert outcome.is_access == (status in (401, 403))


@pytest.mark.parametrize("depth", PATHS)
@formats
@pytest.mark.parametrize("shape", ["record", "list", "value"])
def test_a_payload_that_is_not_there_is_no_success(
    shape: Shape, depth: int, format: Format
) -> None:
    called = operation(shape=shape, model=MODELS[shape], payload=PATHS[depth])
    for tree in ({}, {"error": "no"}, {"error": {"code": 1}}):
        body = to_json(tree) if format == "json" else to_xml(tree, root="Fault")
        assert type(error_of(called, body, format)) is UnexpectedReplyError


@cells
def test_html_is_no_reply(shape: Shape, depth: int, kind: Kind) -> None:
    outcome = answer(made(shape, depth, kind), b"<!DOCTYPE html><html>no</html>")
    assert type(getattr(outcome, "error", None)).__name__ == "HtmlReplyError"
