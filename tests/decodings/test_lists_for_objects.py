"""An empty list where an object with the items by key is due: no item, and a deviation."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.errors import DeviationError

SPEC = b"""
gridwright: 1
system: keyed
title: {text: Meters, en: Meters, at: 1}
document: {file: meters.txt, title: Meters, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
records:
  Meter:
    en: a meter
    at: 2
    fields:
      number: {name: meter_number, type: text, at: 2}
      town: {name: town, type: text, at: 2}
operations:
  list_meters:
    en: meters by number
    kind: read
    at: 3
    method: GET
    address: {text: /meters, at: 3}
    formats: [json]
    reply: {of: Meter, list: {element: data, keyed_by: number, at: 3}}
  list_bare:
    en: meters by number, and nothing around them
    kind: read
    at: 3
    method: GET
    address: {text: /bare, at: 3}
    formats: [json]
    reply: {of: Meter, list: {element: ".", keyed_by: number, at: 3}}
  get_site:
    en: a site
    kind: read
    at: 4
    method: GET
    address: {text: /site, at: 4}
    formats: [json]
    reply:
      record: Site
      fields:
        meters: {name: meters, type: list, of: Meter, keyed_by: number, at: 4}
"""


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    (client,) = load_package(SPEC, "keyed_list_apis.keyed", "client")
    yield client


def asked(package: ModuleType, name: str, reply: object, **more: Any) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=reply))
    with package.Client(transport=transport, **more) as client:
        return getattr(client, name)()


CASES: list[tuple[str, Any, Any]] = [
    ("list_meters", {"data": []}, {"data": {}}),
    ("list_bare", [], {}),
    ("get_site", {"meters": []}, {"meters": {}}),
]


@pytest.mark.parametrize(("name", "sent", "_due"), CASES)
def test_an_empty_list_is_no_items_and_told(
    package: ModuleType, name: str, sent: object, _due: object
) -> None:
    reply = asked(package, name, sent)
    assert (reply.body.meters if name == "get_site" else reply.records) == []
    assert [one.rule for one in reply.deviations] == ["wrong-type"]
    with pytest.raises(DeviationError, match="an empty list, not an object"):
        asked(package, name, sent, strict=True)


@pytest.mark.parametrize(("name", "_sent", "due"), CASES)
def test_an_empty_object_is_as_documented(
    package: ModuleType, name: str, _sent: object, due: object
) -> None:
    assert asked(package, name, due, strict=True).deviations == ()
