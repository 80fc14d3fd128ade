"""A JSON body that is like one before is read without a second look, unless a name comes twice."""

from typing import Any

import msgspec
import pytest

from gridwright_apis.epias_ecms.operations import SEARCH_INDEXES
from gridwright_runtime.codecs.json_codec import decode_plain
from gridwright_runtime.decodings.json.likeness import is_proven, learn
from gridwright_runtime.interface import Operation

_VERDICT = b'"resultCode":"0","resultDescription":"OK","resultType":"SUCCESS"'


def indexes(*records: bytes) -> bytes:
    rows = b'"queryInformation":{"begin":1,"end":2,"count":2}'
    return b'{%s,"body":{%s,"indexes":[%s]}}' % (_VERDICT, rows, b",".join(records))


@pytest.fixture
def search() -> Operation[Any]:
    """Return an operation of which no test before has read a reply."""
    return msgspec.structs.replace(SEARCH_INDEXES)


@pytest.fixture
def learnt(search: Operation[Any]) -> Operation[Any]:
    learn(search, decode_plain(indexes(b'{"indexId":1,"factor":1.5}', b'{"indexId":2}')))
    return search


@pytest.mark.parametrize(
    "body",
    [
        indexes(b'{"indexId":3,"factor":2}', b'{"indexId":4,"factor":2}'),
        indexes(b'{"factor":2,"indexId":3}'),
        indexes(b'{"indexId" : 3}').replace(b'" :', b'":'),
        indexes(),
    ],
)
def test_a_body_like_an_earlier_one_is_proven(learnt: Operation[Any], body: bytes) -> None:
    assert is_proven(learnt, body)


@pytest.mark.parametrize(
    "body",
    [
        indexes(b'{"indexId":3,"indexId":4}'),
        indexes(b'{"indexId":3,"factor":1,"factor":null}'),
        indexes(b'{"indexId":3,"factor":1,"factor":1}', b'{"indexId":4}'),
        indexes(b'{"factor":1}'),
        indexes(b'{"indexId":3,"lastT1":1}'),
        indexes(b'{"indexId":3,"factor":"1.5"}'),
        indexes(b'{"indexId":3}').replace(b'"begin":1', b'"begin":1,"begin":1'),
        indexes(b'{"indexId":3}')[:-1] + b',"resultCode":"1"}',
        indexes(b'{"indexId" :3,"indexId":3}'),
        indexes(b'{"indexId"\n\t:3,"indexId":3}'),
        b"[]",
        b"",
    ],
)
def test_a_name_given_twice_or_another_form_is_not_proven(
    learnt: Operation[Any], body: bytes
) -> None:
    assert not is_proven(learnt, body)


def test_nothing_is_proven_before_a_body_was_looked_at(search: Operation[Any]) -> None:
    body = indexes(b'{"indexId":3}')
    assert not is_proven(search, body)
    learn(search, decode_plain(body))
    assert is_proven(search, body)
