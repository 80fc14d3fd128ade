"""Judges of messages find what is wrong: a message that is not valid, an operation unheard of."""

import shutil
from dataclasses import replace

import pytest
from judges.messages import JUDGES
from judges.mocks import running
from judges.tools import ToolMissing
from judges.verdict import Exchange, Mock

from .support import mock_of

BY_NAME = {judge.name: judge for judge in JUDGES}
LINTERS = [
    "xmlschema",
    pytest.param(
        "xmllint",
        marks=pytest.mark.skipif(
            shutil.which("xmllint") is None, reason="xmllint is not on this machine"
        ),
    ),
]


@pytest.fixture(scope="module")
def said() -> list[Exchange]:
    exchanges: list[Exchange] = []
    with running("kansai_kakusyu", exchanges) as mock:
        assert BY_NAME["our-client"].run(mock).word == "ok"
    return exchanges


def judged(name: str, exchanges: list[Exchange]) -> str:
    mock: Mock = mock_of("kansai_kakusyu", *exchanges)
    return BY_NAME[name].run(mock).word


@pytest.mark.parametrize("name", LINTERS)
def test_valid_messages_pass(name: str, said: list[Exchange]) -> None:
    assert judged(name, said) == "ok"


@pytest.mark.parametrize("name", LINTERS)
@pytest.mark.parametrize("side", ["request", "reply"])
def test_a_wrong_element_is_found(name: str, side: str, said: list[Exchange]) -> None:
    one = next(e for e in said if b"PROVISIONAL_application_number>" in getattr(e, side))
    text = getattr(one, side)
    text = text.replace(b"PROVISIONAL_application_number>", b"colour>")
    changed = replace(one, **{side: text})
    assert judged(name, [changed if e is one else e for e in said]) == "failed"


def test_an_operation_that_nobody_called_is_no_success(said: list[Exchange]) -> None:
    with pytest.raises(ToolMissing):
        judged("xmlschema", said[1:])


def test_what_was_refused_or_invented_is_not_judged(said: list[Exchange]) -> None:
    wrong = replace(said[0], reply=b"<html>", status=500)
    invented = replace(said[0], reply=b"<html>", judge="schemathesis")
    assert judged("xmlschema", [*said, wrong, invented]) == "ok"


def test_no_message_where_an_operation_has_the_format_is_a_finding() -> None:
    exchange = Exchange(
        judge="newman",
        method="POST",
        path=mock_of("thai_moi_power").interface["operations"][0]["path"],
        request_type="text/plain",
        request=b"",
        status=200,
        reply_type="text/plain",
        reply=b"",
    )
    assert BY_NAME["ajv"].run(mock_of("thai_moi_power", exchange)).word == "failed"
    assert BY_NAME["xmlschema"].run(mock_of("thai_moi_power", exchange)).word == "-"
