import copy
import pickle

from gridwright_apis.kepco_opm.models import DayLoadProfile
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem
from gridwright_runtime.reply import Reply

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


def test_a_reply_survives_copying_and_pickling() -> None:
    reply = read(json_body([day_record(extra="x")]))
    for again in (copy.deepcopy(reply), pickle.loads(pickle.dumps(reply))):
        assert again == reply
        assert again.raw == reply.raw
        assert again.deviations == reply.deviations != ()
