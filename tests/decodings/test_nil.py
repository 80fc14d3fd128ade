"""Attributes of XML for parsers: `xsi:nil` is no value, and the others are nothing."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import httpx2
import pytest
from tests.generated_packages import load_package

from gridwright_runtime.errors import DeviationError

SPEC = b"""
gridwright: 1
system: nil
title: {text: Meters, en: Meters, at: 1}
document: {file: meters.txt, title: Meters, language: en, at: 1}
conventions:
  required_marks: {M: required}
  time_zone: {name: Europe/Berlin, at: 1}
  namespaces: {m: {is: "urn:m", at: 1}}
servers:
  production: {address: "https://api.example.com", default: yes, at: 1}
soap: {namespace: m, at: 1}
records:
  Amount:
    en: an amount
    at: 2
    fields:
      "@unit": {name: unit, type: text, at: 2}
      ".": {name: amount, type: decimal, at: 2}
  Meter:
    en: a meter
    at: 2
    fields:
      number: {name: meter_number, type: text, at: 2}
      power: {name: power, type: decimal, at: 2}
      count: {name: count, type: integer, at: 2}
  Measured:
    en: a meter with an amount
    at: 2
    fields:
      number: {name: meter_number, type: text, at: 2}
      amount: {name: amount, type: record, of: Amount, at: 2}
operations:
  get_meter:
    en: a meter
    kind: read
    at: 3
    method: GET
    address: {text: /meter, at: 3}
    formats: [xml]
    reply: {of: Meter, root: {element: meter, at: 3}}
  get_measured:
    en: a meter with an amount
    kind: read
    at: 3
    method: GET
    address: {text: /measured, at: 3}
    formats: [xml]
    reply: {of: Measured, root: {element: meter, at: 3}}
  list_meters:
    en: meters
    kind: read
    at: 3
    method: GET
    address: {text: /meters, at: 3}
    formats: [xml]
    reply:
      of: Meter
      root: {element: reply, at: 3}
      list: {element: meters, at: 3}
      item: {element: meter, at: 3}
  ask_meter:
    wire_name: askMeter
    en: a meter, by SOAP
    kind: read
    at: 4
    method: POST
    protocol: soap11
    address: {text: /soap, at: 4}
    formats: [xml]
    request_media: xml
    body: {of: Meter, root: {element: askMeter, at: 4}, at: 4}
    reply: {of: Meter, root: {element: meter, at: 4}}
"""
NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
XSI = f'xmlns:xsi="{NAMESPACE}"'
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
WRAPPED = {
    "get_meter": "<meter {xsi}>{fields}</meter>",
    "list_meters": "<reply {xsi}><meters><meter>{fields}</meter></meters></reply>",
    "ask_meter": f'<s:Envelope xmlns:s="{ENVELOPE}" {{xsi}}><s:Body>'
    '<meter xmlns="urn:m">{fields}</meter></s:Body></s:Envelope>',
}
NAMES = pytest.mark.parametrize("name", WRAPPED)


@pytest.fixture(scope="module")
def package() -> Iterator[ModuleType]:
    (client,) = load_package(SPEC, "nil_apis.nil", "client")
    yield client


def asked(package: ModuleType, name: str, text: str, **more: Any) -> Any:
    head = {"content-type": "text/xml; charset=utf-8"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=text, headers=head))
    with package.Client(transport=transport, **more) as client:
        return getattr(client, name)(**({"meter_number": "1"} if name == "ask_meter" else {}))


def values(reply: Any) -> tuple[Any, ...]:
    meter = reply.records[0] if hasattr(reply, "records") else reply.body
    return meter.meter_number, meter.power, meter.count


def wrapped(name: str, fields: str) -> str:
    return WRAPPED[name].format(xsi=XSI, fields=fields)


@NAMES
@pytest.mark.parametrize(
    "nil",
    [
        '<{0} xsi:nil="true"/>', "<{0} xsi:nil='1'></{0}>", '<{0} xsi:nil="true"> \n</{0}>',
        '<{0} xsi:nil = "true" xsi:type="x" />',
    ],
)  # fmt: skip
def test_a_nil_element_is_a_missing_value(package: ModuleType, name: str, nil: str) -> None:
    fields = "<number>1</number>" + nil.format("power") + nil.format("count")
    reply = asked(package, name, wrapped(name, fields), strict=True)
    assert values(reply) == ("1", None, None)


@NAMES
def test_a_text_in_a_nil_element_is_no_value_and_told(package: ModuleType, name: str) -> None:
    nil = '<{0} xsi:nil="true">0</{0}>'
    text = wrapped(name, "".join(map(nil.format, ("number", "power"))) + "<count>7</count>")
    reply = asked(package, name, text)
    assert values(reply) == (None, None, 7)
    assert [one.rule for one in reply.deviations] == ["forbidden"]
    with pytest.raises(DeviationError, match="holds a text in an element that is nil"):
        asked(package, name, text, strict=True)


@NAMES
def test_attributes_for_parsers_and_other_nils_are_nothing(package: ModuleType, name: str) -> None:
    fields = (
        '<number xsi:type="s">1</number><power xsi:nil="false">0</power>'
        '<count xmlns:q="urn:q" q:href="x">0</count>'
    )
    assert values(asked(package, name, wrapped(name, fields), strict=True)) == ("1", 0, 0)
    elsewhere = wrapped(name, fields.replace("false", "true")).replace(NAMESPACE, "urn:other")
    assert values(asked(package, name, elsewhere, strict=True)) == ("1", 0, 0)


def test_a_nil_text_beside_attributes_is_missing_alone(package: ModuleType) -> None:
    amount = '<amount unit="kWh" xsi:nil="true">0</amount>'
    text = f"<meter {XSI}><number>1</number>{amount}</meter>"
    found = asked(package, "get_measured", text).body.amount
    assert (found.unit, found.amount) == ("kWh", None)
