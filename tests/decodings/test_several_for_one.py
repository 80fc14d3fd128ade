"""One element where a list is due is a list of one; several where one is due are told as such."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.errors import UnexpectedReplyError

SPEC = b"""
gridwright: 1
system: several
title: {text: Feed, en: Feed, at: 1}
document: {file: feed.txt, title: Feed, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: UTC, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
records:
  Link:
    en: link
    at: 2
    fields: {"@rel": {name: rel, type: text, at: 2}}
operations:
  list_entries:
    en: feed
    kind: read
    at: 3
    method: GET
    address: {text: /feed, at: 3}
    formats: [json, xml]
    request:
      form: {name: form, selects: format, values: {J: json, X: xml}, type: code, required: M, at: 3}
    reply:
      record: Entry
      root: {element: feed, at: 3}
      list: {element: entry, at: 3}
      beside:
        link: {name: links, type: list, of: Link, presence: optional, at: 3}
        word: {name: words, type: list, of: text, presence: optional, at: 3}
        title: {name: title, type: text, presence: optional, at: 3}
      fields:
        id: {name: entry_id, type: text, at: 3}
        quality: {name: quality, type: text, under: [state, reading], presence: optional, at: 3}
        volume: {name: volume, type: decimal, presence: optional, at: 3}
        "@unit": {name: unit_code, type: text, under: volume, presence: optional, at: 3}
"""
ENTRY = "<entry><id>1</id></entry>"


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    (client,) = load_package(SPEC, "several_for_one_apis.several", "client")
    yield client


def asked(package: ModuleType, body: str, **more: Any) -> Any:
    format = "xml" if body[0] == "<" else "json"
    reply = httpx2.Response(200, text=body, headers={"content-type": f"application/{format}"})
    with package.Client(transport=httpx2.MockTransport(lambda _: reply), **more) as client:
        return client.list_entries(format=format)


@pytest.mark.parametrize("count", [1, 2])
def test_elements_beside_a_list_are_a_list_however_many_there_are(
    package: ModuleType, count: int
) -> None:
    links, words = '<link rel="self"/>' * count, "<word>a</word>" * count
    reply = asked(package, f"<feed>{links}{words}{ENTRY}</feed>", strict=True)
    assert [link.rel for link in reply.beside.links] == ["self"] * count
    assert reply.beside.words == ["a"] * count


def test_one_value_beside_a_list_that_comes_twice_is_refused_as_such(package: ModuleType) -> None:
    with pytest.raises(UnexpectedReplyError, match=r"beside\.title.*is there more than once"):
        asked(package, f"<feed><title>a</title><title>b</title>{ENTRY}</feed>")


STATE = "<reading><quality>8</quality></reading>"


@pytest.mark.parametrize(
    ("state", "path"),
    [(f"<state>{STATE}</state>" * 2, "state"), (f"<state>{STATE * 2}</state>", "state.reading")],
)
def test_a_container_that_comes_twice_is_said_to(
    package: ModuleType, state: str, path: str
) -> None:
    reply = asked(package, f"<feed><entry><id>1</id>{state}</entry></feed>")
    assert [record.quality for record in reply.records] == [None]
    assert [(d.path, d.rule, d.message) for d in reply.deviations] == [
        (f"records[0].{path}", "repeated-field", "is there more than once")
    ]


def test_a_list_in_the_place_of_a_container_is_said_to_be_one(package: ModuleType) -> None:
    reply = asked(package, '{"entry":[{"id":"1","state":[{"reading":{"quality":"8"}}]}]}')
    assert [record.quality for record in reply.records] == [None]
    assert [(d.path, d.rule, d.message) for d in reply.deviations] == [
        ("records[0].state", "wrong-type", "is a list, not a record")
    ]


@pytest.mark.parametrize(
    "body",
    [
        '{"entry": [{"id": "1", "state": null}]}',
        '{"entry": [{"id": "1", "state": {"reading": null}}]}',
        '{"entry": [{"id": "1", "volume": null}]}',
        "<feed><entry><id>1</id><volume/></entry></feed>",
        "<feed><entry><id>1</id><state/></entry></feed>",
        "<feed><entry><id>1</id><state><reading/></state></entry></feed>",
    ],
)
def test_a_container_without_a_value_is_a_missing_value_of_all_that_it_holds(
    package: ModuleType, body: str
) -> None:
    [entry] = asked(package, body, strict=True).records
    assert entry.quality is entry.volume is entry.unit_code is None
