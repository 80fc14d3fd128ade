import copy
import pickle
from typing import Any

import pytest

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem
from gridwright_runtime.record import Record
from gridwright_runtime.reply import Reply, ReplyBeside
from gridwright_runtime.result import Result, ResultBeside

from .wire import day_record, json_body, read


def test_deviations_are_worked_out_once_and_when_asked_for() -> None:
    looks: list[int] = []

    def look() -> list[Problem]:
        looks.append(1)
        return [Problem(path="a", wire="b", rule="too-long", message="m")]

    raw = RawReply(status_code=200, headers=(), body=b"")
    reply: Reply[DayLoadProfile] = Reply([], raw=raw, find_deviations=look)
    assert looks == []
    assert reply.deviations is reply.deviations
    assert looks == [1]


_RAW = RawReply(status_code=200, headers=(), body=b"")
_WORDS: dict[str, Any] = {"code": "0", "description": "fine", "transaction_id": "t-1"}
_BESIDE = Record()
_DEVIATION = Problem(path="a", wire="b", rule="too-long", message="m")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(
            [],
            raw=_RAW,
            header={"a": "b"},
            model=DayLoadProfile,
            find_deviations=lambda: [_DEVIATION],
        ),
        ReplyBeside([], _BESIDE, raw=_RAW, find_deviations=lambda: [_DEVIATION]),
        Result(None, raw=_RAW, **_WORDS, find_deviations=lambda: [_DEVIATION]),
        ResultBeside(None, _BESIDE, raw=_RAW, **_WORDS, find_deviations=lambda: [_DEVIATION]),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_all_that_a_reply_tells_survives_pickling(reply: Any) -> None:
    again = pickle.loads(pickle.dumps(reply))
    told = ["raw", "model", "deviations", "failures", "records", "header", "beside", "body"]
    told += ["code", "description", "transaction_id", "attachments"]
    assert type(again) is type(reply)
    assert again.deviations == (_DEVIATION,)
    assert [getattr(again, name, None) for name in told] == [
        getattr(reply, name, None) for name in told
    ]


def test_a_reply_survives_copying_and_pickling() -> None:
    reply = read(json_body([day_record(extra="x")]))
    for again in (copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):
        assert again == reply
        assert again.raw == reply.raw
        assert again.deviations == reply.deviations != ()
