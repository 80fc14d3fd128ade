"""A JSON body that is like one before is read without a second look, unless a name comes twice."""

import pytest

from gridwright_apis.epias_ecms.operations import SEARCH_INDEXES
from gridwright_apis.kepco_opm.operations import LIST_CUSTOMERS
from gridwright_runtime.decodings.json_likeness import is_proven, learn
from gridwright_runtime.json_codec import decode_plain

_VERDICT = b'"resultCode":"0","resultDescription":"OK","resultType":"SUCCESS"'


def indexes(*records: bytes) -> bytes:
    rows = b'"queryInformation":{"begin":1,"end":2,"count":2}'
    return b'{%s,"body":{%s,"indexes":[%s]}}' % (_VERDICT, rows, b",".join(records))


@pytest.fixture(autouse=True)
def _learnt() -> None:
    learn(SEARCH_INDEXES, decode_plain(indexes(b'{"indexId":1,"factor":1.5}', b'{"indexId":2}')))


@pytest.mark.parametrize(
    "body",
    [
        indexes(b'{"indexId":3,"factor":2}', b'{"indexId":4,"factor":2}'),
        indexes(b'{"factor":2,"indexId":3}'),
        indexes(b'{"indexId" : 3}').replace(b'" :', b'":'),
        indexes(),
    ],
)
def test_a_body_like_an_earlier_one_is_proven(body: bytes) -> None:
    assert is_proven(SEARCH_INDEXES, body)


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
        b"[]",
        b"",
    ],
)
def test_a_name_given_twice_or_another_form_is_not_proven(body: bytes) -> None:
    assert not is_proven(SEARCH_INDEXES, body)


def test_nothing_is_proven_before_a_body_was_looked_at() -> None:
    assert not is_proven(LIST_CUSTOMERS, b'{"custNoInfoList":[]}')
