"""Services: provisional names, open records, forms of a reply, fillers, sessions, SOAP headers."""

from datetime import timedelta

import pytest

from gridwright.ir import Interface, Operation, Record

from .support import Tree, codes_of, put, understood, without, yaml_of

SERVICE = """\
gridwright: 1
system: demo
title: {text: Demo, en: Demo, at: 1}
document: {file: demo.txt, title: Demo, language: en, at: 1}
conventions:
  required_marks: {O: required}
  time_zone: {name: Asia/Tokyo, at: 1}
servers:
  production: {address: undocumented, at: 2}
credentials:
  login_id: {en: login, personal: yes, environment: DEMO_LOGIN, at: 3}
  password: {en: password, secret: yes, environment: DEMO_PASSWORD, at: 3}
statuses:
  "404": {error: wrong_address, label: wrong, note: name, en: the name is wrong, at: 4}
soap:
  namespace: undocumented
  header: {element: undocumented, at: 5}
  fields:
    requestID: {with: uuid, name: request_id, type: text, at: 6}
    ipAddress: {with: option, name: ip_address, type: text, default: "10.0.0.1", at: 6}
    loginID: {with: credential, name: login_id, type: text, at: 6}
    password: {with: credential, name: password, type: text, secret: yes, at: 6}
  at: 5-6
records:
  Question:
    en: question
    at: 7
    fields:
      番号: {name: number, wire: undocumented, label: 番号, type: text, at: 7}
  Answer:
    en: answer
    at: 8
    filler: {amount: "0"}
    fields:
      kind: {name: kind, type: text, at: 8}
      amount: {name: amount, type: decimal, at: 8}
  LongAnswer:
    extends: Answer
    en: longer answer
    at: 9
    fields:
      more: {name: more, type: text, at: 9}
operations:
  ask:
    wire_name: ask
    en: question
    kind: read
    at: 10
    method: POST
    protocol: soap11
    address: {text: /ask, at: 10}
    formats: [xml]
    request_media: multipart_related
    body: {of: Question, root: {element: undocumented, at: 10}, attachments: yes, at: 10}
    reply:
      of: Answer
      root: {element: answer, at: 10}
      variants: [{when: {kind: [long, longest]}, of: LongAnswer, en: long, at: 9}]
"""


def service() -> Tree:
    from yaml import BaseLoader, load

    return load(SERVICE, Loader=BaseLoader)


def resolved(tree: Tree) -> Interface:
    interface, _ = understood(yaml_of(tree))
    assert interface is not None
    return interface


def operation() -> Operation:
    return resolved(service()).operations[0]


def record(name: str, tree: Tree | None = None) -> Record:
    return next(r for r in resolved(tree or service()).records if r.name == name)


def codes(tree: Tree) -> list[str]:
    return [code for code in codes_of(tree) if code != "soap-names-all-items"]


def test_the_smallest_service_is_right() -> None:
    assert codes(service()) == []


def test_what_has_no_name_gets_a_visibly_provisional_one() -> None:
    interface = resolved(service())
    field = record("Question").fields[0]
    assert (field.wire, field.provisional, field.label) == ("PROVISIONAL_number", True, "番号")
    assert interface.soap is not None
    assert interface.soap.provisional
    assert interface.soap.namespace == "urn:gridwright:provisional:demo"
    assert interface.soap.header is not None
    assert interface.soap.header.wire == "PROVISIONAL_header"
    body = operation().body
    assert body is not None and body.root is not None
    assert (body.root.wire, body.root.provisional) == ("PROVISIONAL_ask_request", True)


def test_what_has_a_name_keeps_it() -> None:
    root = operation().reply.root
    assert root is not None
    assert (root.wire, root.provisional) == ("answer", False)


def test_an_undocumented_server_has_no_address_and_is_nobodys_default() -> None:
    interface = resolved(service())
    assert [(s.address, s.doubtful) for s in interface.servers] == [("", True)]
    assert interface.default_server is None


def test_an_undocumented_server_cannot_be_the_default() -> None:
    assert codes(put(service(), ("servers", "production", "default"), "yes")) == [
        "doubtful-default"
    ]


def test_header_fields_say_who_fills_them() -> None:
    soap = resolved(service()).soap
    assert soap is not None
    assert [(f.field.wire, f.source, f.name, f.default) for f in soap.fields] == [
        ("requestID", "uuid", "", ""),
        ("ipAddress", "option", "ip_address", "10.0.0.1"),
        ("loginID", "credential", "login_id", ""),
        ("password", "credential", "password", ""),
    ]


def test_a_header_field_of_no_credential_is_reported() -> None:
    tree = put(service(), ("soap", "fields", "loginID", "name"), "logon")
    assert "unknown-credential" in codes(tree)


def test_a_status_says_which_error_it_is() -> None:
    [status] = resolved(service()).statuses
    assert (status.code, status.error, status.label) == (404, "wrong_address", "wrong")


def test_a_record_that_extends_another_begins_with_its_fields() -> None:
    assert [f.name for f in record("LongAnswer").fields] == ["kind", "amount", "more"]
    assert record("LongAnswer").extends == "Answer"


def test_two_fields_of_one_name_are_reported_over_an_extension_too() -> None:
    tree = put(service(), ("records", "LongAnswer", "fields", "more", "name"), "kind")
    assert codes(tree) == ["name-collision"]


@pytest.mark.parametrize("other", ["Missing", "LongAnswer"])
def test_what_is_extended_must_be_another_record(other: str) -> None:
    assert "unknown-record" in codes(put(service(), ("records", "LongAnswer", "extends"), other))


def test_an_extension_of_an_extension_is_reported() -> None:
    tree = put(service(), ("records", "Longest"), {"extends": "LongAnswer", "en": "x", "at": "9"})
    assert codes(tree) == ["unknown-record"]


def test_a_form_of_the_reply_says_by_which_values() -> None:
    [variant] = operation().reply.variants
    assert variant.when == (("kind", ("long", "longest")),)
    assert variant.record.name == "LongAnswer"


def test_a_form_that_does_not_extend_the_reply_is_reported() -> None:
    place = ("operations", "ask", "reply", "variants", 0, "of")
    assert codes(put(service(), place, "Question")) == ["record-mismatch"]


def test_a_form_by_a_field_that_is_not_there_is_reported() -> None:
    place = ("operations", "ask", "reply", "variants", 0, "when")
    assert codes(put(service(), place, {"sort": ["long"]})) == ["unknown-field"]


def test_a_form_by_a_value_that_its_field_cannot_have_is_reported() -> None:
    field = ("records", "Answer", "fields", "kind", "type")
    assert {*codes(put(service(), field, "boolean"))} == {"impossible-value"}


def test_a_record_is_open_or_has_fields() -> None:
    tree = without(service(), ("records", "Question", "fields"))
    assert codes(tree) == ["missing-key"]
    assert codes(put(tree, ("records", "Question", "open"), "yes")) == []
    assert record("Question", put(tree, ("records", "Question", "open"), "yes")).open


def test_an_open_record_has_no_field_of_the_name_of_its_items() -> None:
    tree = put(service(), ("records", "Question", "open"), "yes")
    assert codes(put(tree, ("records", "Question", "fields", "番号", "name"), "items")) == [
        "reserved-name"
    ]


def test_a_filler_names_fields_of_its_record() -> None:
    assert record("Answer").filler == (("amount", "0"),)
    assert codes(put(service(), ("records", "Answer", "filler"), {"sum": "0"})) == ["unknown-field"]


def test_attachments_are_said_for_each_direction() -> None:
    body = operation().body
    assert body is not None and body.attachments
    assert not operation().reply.attachments


SESSION = {
    "steps": [
        {
            "name": "session",
            "method": "POST",
            "address": "/login/<agent>",
            "path": {"agent": "credential.login_id"},
            "body": "json",
            "send": {"secret": "credential.password"},
            "read": ["header Token", "body"],
            "lifetime": "PT8H",
            "at": "11",
        }
    ],
    "present": {"Token": {"in": "header", "value": "step.session", "at": "11"}},
}


def test_a_login_may_stand_below_the_server_with_a_credential_in_its_address() -> None:
    tree = put(service(), ("auth",), SESSION)
    assert codes(tree) == []
    [step] = resolved(tree).auth_steps
    assert step.address == (("", "/login/{agent}"),)
    assert step.path == (("agent", "credential.login_id"),)
    assert step.lifetime == timedelta(hours=8)


@pytest.mark.parametrize("address", ["", "login", "http://login.example.com/x", "//login"])
def test_a_login_anywhere_else_is_reported(address: str) -> None:
    tree = put(service(), ("auth",), SESSION)
    assert "not-an-address" in codes(put(tree, ("auth", "steps", 0, "address"), address))


def test_a_place_of_the_address_takes_a_credential_that_is_declared() -> None:
    tree = put(service(), ("auth",), SESSION)
    tree = put(tree, ("auth", "steps", 0, "path"), {"agent": "credential.agent"})
    assert codes(tree) == ["unknown-credential"]
