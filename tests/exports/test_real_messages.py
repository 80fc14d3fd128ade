"""What our client and the mocks really say fits what is exported. The judges say more."""

import re

import pytest
from judges.messages import JUDGES
from judges.mocks import running
from judges.verdict import Exchange

from .support import REST, SYSTEMS, exported, operations, plain, problems

BY_NAME = {judge.name: judge for judge in JUDGES}


@pytest.fixture(scope="module", params=SYSTEMS)
def said(request: pytest.FixtureRequest) -> tuple[str, list[Exchange]]:
    exchanges: list[Exchange] = []
    with running(request.param, exchanges) as mock:
        assert BY_NAME["our-client"].run(mock).word == "ok"
    return request.param, exchanges


def test_every_xml_message_is_valid_by_our_xsd(said: tuple[str, list[Exchange]]) -> None:
    system, exchanges = said
    with running(system, exchanges) as mock:
        verdict = BY_NAME["xmlschema"].run(mock)
    assert verdict.word in ("ok", "-"), verdict.note


def test_every_json_message_fits_the_openapi_document(said: tuple[str, list[Exchange]]) -> None:
    system, exchanges = said
    if system not in REST:
        assert not [e for e in exchanges if "json" in e.reply_type]
        return
    document = exported(system)
    seen = set()
    for exchange in exchanges:
        for path, method, operation in operations(document):
            anywhere = re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(path))
            if method != exchange.method.lower() or not re.search(f"{anywhere}$", exchange.path):
                continue
            seen.add(operation["operationId"])
            if "application/json" in exchange.reply_type:
                reply = operation["responses"]["200"]["content"]["application/json"]
                assert problems(document, reply["schema"], plain(exchange.reply)) == []
            if "application/json" in exchange.request_type:
                body = operation["requestBody"]["content"]["application/json"]
                assert problems(document, body["schema"], plain(exchange.request)) == []
    assert seen == {operation["operationId"] for _, _, operation in operations(document)}
