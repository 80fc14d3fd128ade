"""What is no value of success is a failure, and what is missing says nothing, in every format."""

import json
import re
from typing import Any, NamedTuple

import httpx2
import pytest

from gridwright_runtime.errors import GridwrightError, RejectedError, UnexpectedReplyError
from gridwright_runtime.reply import Reply
from gridwright_runtime.result import Result

from .support import KINDS, Kind, Wire, outcome, replying, success_of
from .systems import SYSTEMS, System

GONE = "gone"
"""In place of a value: the field is not there."""
BLANKS: tuple[Any, ...] = (GONE, None, "", " ")
OTHERS: tuple[Any, ...] = (1, True, "no", "N", "-1", "성공")
"""Values of success of none of the fields."""


class Flag(NamedTuple):
    """A field by which replies of a system say that a call succeeded."""

    system: str
    wire: str
    good: tuple[Any, ...]
    """Other ways to write its value of success."""
    may_be_missing: bool = False
    """Success is that nothing stands there."""


FLAGS = (
    Flag("kepco_opm-xml", "successYn", (" Y ",)),
    Flag("kepco_opm-xml", "returnCode", ("00", "00\n")),
    Flag("epias_ecms-json", "resultCode", (0, "0", " 0")),
    Flag("epias_ecms-json", "resultType", ("SUCCESS",)),
    Flag("epias_ecms-xml", "resultCode", (0, "0", " 0")),
    Flag("epias_ecms-xml", "resultType", ("SUCCESS",)),
    Flag("thai_moi_power", "error", (False,), may_be_missing=True),
    Flag("example_reading_archive", "resultCode", ("00", " 00 ")),
)
every_kind = pytest.mark.parametrize("kind", KINDS)
every_flag = pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: f"{flag.system}-{flag.wire}")


def system_of(flag: Flag) -> System:
    return next(one for one in SYSTEMS if one.id == flag.system)


def read(flag: Flag, value: Any, kind: Kind) -> Any:
    """Read a reply of success in which one field has another value."""
    system = system_of(flag)
    reply = success_of(system, system.read)
    change = replying(200, _with(reply, flag.wire, value), reply.headers["content-type"])
    return outcome(kind, Wire(system, change), system, system.read)


def _with(reply: httpx2.Response, wire: str, value: Any) -> bytes:
    if reply.content.startswith(b"<"):
        written = "" if value == GONE else f"<{wire}>{_in_xml(value)}</{wire}>"
        pattern = f"<{wire}/>|<{wire}>[^<]*</{wire}>"
        body, count = re.subn(pattern, written, reply.content.decode(), count=1)
        assert count == 1
        return body.encode()
    tree = json.loads(reply.content)
    tree[wire] = value
    if value == GONE:
        del tree[wire]
    return json.dumps(tree).encode()


def _in_xml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


@every_kind
@every_flag
def test_a_reply_that_does_not_say_whether_it_is_a_success_is_none(flag: Flag, kind: Kind) -> None:
    for value in BLANKS:
        found = read(flag, value, kind)
        if flag.may_be_missing:
            assert isinstance(found, Result), value
        else:
            assert type(found) is UnexpectedReplyError, value
            assert "does not say whether the call succeeded" in str(found)


@every_kind
@every_flag
def test_any_other_value_is_a_failure(flag: Flag, kind: Kind) -> None:
    for value in OTHERS:
        assert type(read(flag, value, kind)) is RejectedError, value


@every_kind
@every_flag
def test_a_value_of_success_may_be_a_number_or_have_blanks_around_it(
    flag: Flag, kind: Kind
) -> None:
    for value in flag.good:
        found = read(flag, value, kind)
        assert isinstance(found, Reply | Result), (value, found)


@every_kind
@every_flag
def test_a_flag_that_is_no_plain_value_is_a_failure(flag: Flag, kind: Kind) -> None:
    if flag.system.endswith(("-xml", "archive")):
        values: tuple[Any, ...] = ("<a>1</a>",)
    else:
        values = ({"a": 1}, [1], ["no"])
    for value in values:
        found = read(flag, value, kind)
        assert isinstance(found, GridwrightError), value
        assert isinstance(found, RejectedError | UnexpectedReplyError), value
