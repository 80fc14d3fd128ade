"""Every form of one part goes with every form of every other: small specs that mix them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from gridwright_runtime.errors import NoDataError, SystemFailureError
from gridwright_runtime.interface import (
    Argument,
    BodySpec,
    FormatWord,
    Hole,
    NewId,
    Now,
    Part,
    ServiceName,
    Text,
)
from gridwright_runtime.interface import (
    Path as WirePath,
)

from ..support import Tree
from .packages import Made, make, spec

KEY = {"name": "api_key", "type": "text", "credential": "api_key", "required": "O", "at": "4"}
KEYS = {"api_key": {"en": "key", "secret": "yes", "environment": "DEMO_KEY", "at": "3"}}
LIST = {"of": "Order", "list": {"element": "rows", "at": "5"}}
XML_LIST = {
    "of": "Order",
    "root": {"element": "reply", "at": "5"},
    "list": {"element": "rows", "at": "5"},
    "item": {"element": "row", "at": "5"},
}
BODY = {"of": "Order", "at": "14"}
VERDICT = {
    "header": {
        "element": ".",
        "fields": {
            "code": {"name": "code", "type": "text", "at": "15"},
            "text": {"name": "message", "type": "text", "at": "15"},
        },
        "at": "15",
    },
    "success": {"code": ["0"]},
    "code": "code",
    "message": "text",
    "at": "15",
}
STEP = {
    "name": "token",
    "en": "log in",
    "method": "POST",
    "address": "/login",
    "body": "json",
    "send": {"key": "credential.api_key"},
    "read": ["body token"],
    "lifetime": "PT8H",
    "renew_when": ["status 401"],
    "at": "16",
}


def parts_of(made: Made) -> dict[str, Part]:
    return {part.wire: part for part in made.operations.LIST_READINGS.request.parts}


def body_of(made: Made) -> BodySpec:
    body = made.operations.LIST_READINGS.request.body
    assert isinstance(body, BodySpec)
    return body


def argument(name: str, place: str = "query", **about: Tree) -> Tree:
    return {"name": name, "type": "text", "required": "O", "in": place, "at": "4", **about}


def test_a_json_body_brings_back_a_list(tmp_path: Path) -> None:
    made = make(spec(method="POST", request_media="json", body=BODY, reply=LIST, request=""),
                tmp_path, "json_list")  # fmt: skip
    operation = made.operations.LIST_READINGS
    assert operation.request.model is made.models.Order
    assert body_of(made) == BodySpec(encodings={"json": "json"})
    assert (operation.reply.shape, operation.reply.payload) == ("list", ("rows",))
    assert operation.reply.check is made.validators.check_order
    assert "-> Reply[models.Order]:" in made.files["client.py"]
    assert "self._list(" in made.files["client.py"]


def test_a_key_in_the_query_brings_back_one_record(tmp_path: Path) -> None:
    tree = spec(credentials=KEYS, request={"key": KEY}, reply={"of": "Answer"})
    made = make(tree, tmp_path, "key_record")
    operation = made.operations.LIST_READINGS
    source = Text((Hole("credential", "api_key"),))
    assert operation.request.parts == (
        Part(wire="key", place="query", source=source, checked=True),
    )
    assert (operation.reply.shape, operation.reply.payload) == ("record", ())
    assert operation.reply.check_message is made.validators.check_list_readings_reply
    assert operation.reply.check is None
    assert "self._record(" in made.files["client.py"]
    assert made.validators.check_list_readings_request({"key": "x"}, "") == []


def test_a_record_comes_in_xml_without_soap(tmp_path: Path) -> None:
    reply = {"of": "Answer", "root": {"element": "answer", "at": "5"}}
    made = make(spec(formats=["xml"], reply=reply), tmp_path, "xml_record")
    known = made.operations.LIST_READINGS.reply
    assert (known.shape, known.root, known.payload) == ("record", "answer", ())
    assert known.formats == {"xml": ("application/xml", "text/xml")}
    assert "format" not in made.files["client.py"]
    assert any(path.endswith("list_readings.reply.xsd") for path in made.files)


def test_an_xml_body_brings_back_a_list_in_xml(tmp_path: Path) -> None:
    body = {**BODY, "root": {"element": "order", "at": "14"}}
    tree = spec(method="POST", request_media="json", formats=["json", "xml"], body=body,
                reply=XML_LIST, request="")  # fmt: skip
    made = make(tree, tmp_path, "xml_both")
    assert body_of(made) == BodySpec(encodings={"json": "json", "xml": "xml"}, root="order")
    reply = made.operations.LIST_READINGS.reply
    assert (reply.root, reply.payload, reply.item) == ("reply", ("rows",), "row")
    assert reply.formats["xml"] == ("application/xml",)
    assert "form of request and reply" in made.files["client.py"]


def test_parameters_and_body_make_one_record(tmp_path: Path) -> None:
    request = {"meterNo": argument("meter_number", "path")}
    tree = spec(method="POST", request_media="json", body=BODY, request=request,
                address={"text": "/meters/<meterNo>", "at": "3"})  # fmt: skip
    made = make(tree, tmp_path, "beside")
    operation = made.operations.LIST_READINGS
    assert operation.path == "/meters/{meterNo}"
    model = made.models.ListReadingsRequest
    assert operation.request.model is model
    assert model.__struct_encode_fields__ == ("meterNo", "id", "amount", "lines")
    assert operation.request.parts == (
        Part(wire="meterNo", place="path", source=Argument("meterNo")),
    )
    sent: Tree = {"meterNo": "1", "id": "2", "amount": None, "lines": []}
    assert made.validators.check_list_readings_request(sent, "") == []
    missing = made.validators.check_list_readings_request({"id": "2"}, "")
    assert [(p.wire, p.rule) for p in missing] == [("meterNo", "required")]


def test_a_wire_name_in_two_places_gets_two_keys(tmp_path: Path) -> None:
    request = {"id": argument("meter_id")}
    tree = spec(method="POST", request_media="json", body=BODY, request=request)
    made = make(tree, tmp_path, "twice")
    assert parts_of(made)["id"] == Part(wire="id", place="query", source=Argument("id (query)"))
    assert made.models.ListReadingsRequest.__struct_encode_fields__[:2] == ("id (query)", "id")
    problems = made.validators.check_list_readings_request({"id": "2"}, "")
    assert [(p.wire, p.path) for p in problems] == [("id (query)", "meter_id")]


def test_a_name_that_no_field_can_have_travels_all_the_same(tmp_path: Path) -> None:
    made = make(spec(request={'a"b\\': argument("meter_id")}), tmp_path, "odd_name")
    assert parts_of(made) == {
        'a"b\\': Part(wire='a"b\\', place="query", source=Argument("meter_id"))
    }
    assert made.models.ListReadingsRequest.__struct_encode_fields__ == ("meter_id",)


def test_the_arguments_of_a_body_stand_under_their_field(tmp_path: Path) -> None:
    body = {"of": "Wrapped", "arguments": "order", "at": "14"}
    tree = spec(method="POST", request_media="json", body=body, request="")
    made = make(tree, tmp_path, "under")
    assert made.operations.LIST_READINGS.request.model is made.models.Order
    assert body_of(made).under == ("order",)


def test_a_parameter_beside_such_arguments_is_one_more(tmp_path: Path) -> None:
    body = {"of": "Wrapped", "arguments": "order", "at": "14"}
    request = {"order": argument("order_number")}
    tree = spec(method="POST", request_media="json", body=body, request=request)
    made = make(tree, tmp_path, "under_beside")
    assert parts_of(made)["order"].source == Argument("order (query)")
    assert body_of(made).under == ("order",)
    model = made.models.ListReadingsRequest
    assert model.__struct_encode_fields__ == ("order (query)", "id", "amount", "lines")
    tree = {"order (query)": "1", "order": {"id": "2", "amount": None, "lines": []}}
    assert made.validators.check_list_readings_request(tree | {"header": []}, "") == []


def test_dates_of_a_request_are_dates_in_python_wherever_they_travel(tmp_path: Path) -> None:
    request = {
        "day": argument("day", type="date", format="yyyymmdd"),
        "minute": argument("minute", type="datetime", format="yyyymmddhhmi"),
        "since": argument("since", type="datetime", format="date-time"),
    }
    made = make(spec(request=request), tmp_path, "dates")
    client = made.files["client.py"]
    for line in ("day: datetime.date,", "minute: datetime.datetime,", "since: datetime.datetime,"):
        assert line in client
    assert "day: Yyyymmdd | None" in made.files["models.py"]
    assert "minute: LocalMinute | None" in made.files["models.py"]
    assert "since: LocalInstant | None" in made.files["models.py"]


def test_the_format_is_asked_for_beside_a_body(tmp_path: Path) -> None:
    selects = {"name": "form", "type": "text", "in": "header", "selects": "format",
               "values": {"1": "json", "2": "xml"}, "at": "4"}  # fmt: skip
    body = {**BODY, "root": {"element": "order", "at": "14"}}
    tree = spec(method="POST", request_media="json", formats=["json", "xml"], body=body,
                reply=XML_LIST, request={"X-Form": selects})  # fmt: skip
    made = make(tree, tmp_path, "selected")
    assert parts_of(made)["X-Form"].source == FormatWord({"json": "1", "xml": "2"})
    assert made.operations.LIST_READINGS.request.model is made.models.Order


def test_a_login_goes_with_a_list(tmp_path: Path) -> None:
    present = {"Authorization": {"in": "header", "value": "Bearer {step.token}", "at": "16"}}
    tree = spec(credentials=KEYS, reply=LIST,
                auth={"en": "token", "at": "16", "steps": [STEP], "present": present})  # fmt: skip
    made = make(tree, tmp_path, "login_list")
    (step,) = made.operations.SYSTEM.steps
    assert step.parts == {
        "": (Part(wire="key", place="body", source=Text((Hole("credential", "api_key"),))),)
    }
    assert (step.encoding, step.refused, step.read) == ("json", (401,), {"": ("body token",)})
    carried = parts_of(made)["Authorization"]
    assert carried.source == Text(("Bearer ", Hole("step", "token")))
    assert "login_folder: str | Path | None = None" in made.files["client.py"]
    assert "login_url" not in made.files["client.py"]


def test_limits_and_statuses_go_with_every_system(tmp_path: Path) -> None:
    limits = {
        "pace": {"kind": "rate", "requests": "1", "per": "PT1S", "scope": "company", "en": "pace",
                 "at": "17"},
        "same": {"kind": "spacing", "wait": "PT1S", "after": "reply", "same": "meter_number",
                 "en": "same", "operations": ["list_readings"], "scope": "company", "at": "17"},
    }  # fmt: skip
    statuses = {"503": {"error": "system", "en": "down", "at": "18"}}
    made = make(spec(limits=limits, statuses=statuses), tmp_path, "limited")
    operation = made.operations.LIST_READINGS
    assert [limit.name for limit in made.operations.SYSTEM.limits.limits] == ["pace", "same"]
    assert operation.same == {"meter_number": "meter_number"}
    assert operation.statuses[503].error is SystemFailureError
    assert "company: str = " in made.files["client.py"]
    assert "when_broken:" in made.files["mock.py"]


def test_a_verdict_in_the_record_itself_is_seen_by_its_check(tmp_path: Path) -> None:
    envelope = {**VERDICT, "errors": {"9": {"error": "no_data", "en": "nothing", "at": "15"}}}
    tree = spec(envelopes={"result": envelope}, envelope="result", reply={"of": "Answer"})
    verdict = make(tree, tmp_path, "own_verdict").operations.RESULT_VERDICT
    assert (verdict.under, verdict.fields) == ((), ())
    assert verdict.errors["9"].error is NoDataError
    assert verdict.errors["9"].gloss == "nothing"


def test_a_verdict_in_an_element_of_its_own_goes_with_a_record(tmp_path: Path) -> None:
    envelope = {**VERDICT, "header": {**VERDICT["header"], "element": "head"}}  # type: ignore[dict-item]
    tree = spec(envelopes={"result": envelope}, envelope="result", reply={"of": "Order"})
    made = make(tree, tmp_path, "apart")
    verdict, reply = made.operations.RESULT_VERDICT, made.operations.LIST_READINGS.reply
    assert (verdict.under, verdict.fields) == (("head",), ("code", "text"))
    assert reply.check is made.validators.check_order
    assert reply.check_message is None


def test_a_verdict_beside_a_list_is_seen_in_the_root(tmp_path: Path) -> None:
    tree = spec(envelopes={"result": VERDICT}, envelope="result", formats=["json", "xml"],
                reply=XML_LIST)  # fmt: skip
    made = make(tree, tmp_path, "beside_list")
    assert made.operations.RESULT_VERDICT.fields == ("code", "text")
    check = made.validators.check_list_readings_reply
    row = {"id": "1", "amount": 2, "lines": []}
    assert check({"code": "0", "text": "", "rows": [row]}, format="json") == []
    assert [p.wire for p in check({"code": "0", "rows": [row]}, format="json")] == ["text"]
    schema = json.loads(made.files["schemas/beside_list/list_readings.reply.schema.json"])
    message = {"code": "0", "text": "", "rows": [row]}
    assert list(Draft202012Validator(schema).iter_errors(message)) == []
    assert not Draft202012Validator(schema).is_valid({"rows": [row]})
    xsd = made.files["schemas/beside_list/list_readings.reply.xsd"]
    xml = (
        "<reply><code>0</code><text/>"
        "<rows><row><id>1</id><amount>2</amount><lines><code/></lines></row></rows></reply>"
    )
    etree.XMLSchema(etree.fromstring(xsd.encode())).assertValid(etree.fromstring(xml))


@pytest.mark.parametrize(
    ("reply", "payload", "shape"),
    [({"of": "Answer"}, ("data",), "record"), (LIST, ("data", "rows"), "list")],
    ids=["a record", "a list"],
)
def test_a_payload_is_found_below_what_goes_around_it(
    tmp_path: Path, reply: Tree, payload: WirePath, shape: str
) -> None:
    envelope = {**VERDICT, "payload": {"element": "data", "en": "data", "at": "15"}}
    tree = spec(envelopes={"result": envelope}, envelope="result", reply=reply)
    made = make(tree, tmp_path, f"payload_{shape}")
    known = made.operations.LIST_READINGS.reply
    assert (known.payload, known.shape) == (payload, shape)
    assert known.model is made.models.Order


def test_a_list_below_what_goes_around_it_is_described_there(tmp_path: Path) -> None:
    envelope = {**VERDICT, "payload": {"element": "data", "en": "data", "at": "15"}}
    tree = spec(envelopes={"result": envelope}, envelope="result", reply=LIST)
    made = make(tree, tmp_path, "wrapped_list")
    row = {"id": "1", "amount": 2, "lines": []}
    message = {"code": "0", "text": "", "data": {"rows": [row]}}
    check = made.validators.check_list_readings_reply
    assert check(message, format="json") == []
    assert [p.path for p in check({**message, "data": {}}, format="json")] == ["payload.records"]
    schema = json.loads(made.files["schemas/wrapped_list/list_readings.reply.schema.json"])
    assert list(Draft202012Validator(schema).iter_errors(message)) == []


def test_forms_go_with_a_list(tmp_path: Path) -> None:
    reply = {
        "of": "Answer",
        "list": {"element": "rows", "at": "5"},
        "variants": [{"when": {"kind": ["long"]}, "of": "LongAnswer", "en": "long", "at": "13"}],
    }
    made = make(spec(reply=reply), tmp_path, "forms")
    known = made.operations.LIST_READINGS.reply
    assert known.variants[0].model is made.models.LongAnswer
    assert known.check is made.validators.check_list_readings_record
    row = {"code": "0", "text": "", "kind": "long", "data": None}
    assert [p.wire for p in known.check(row | {"other": 1}, "")] == ["more", "other"]
    assert [p.wire for p in known.check(row | {"kind": "short", "other": 1}, "")] == ["other"]


def test_pairs_and_a_language_go_with_a_list(tmp_path: Path) -> None:
    pairs = {
        "field": "header", "key": "key", "value": "value", "at": "15",
        "fill": {
            "tx": {"with": "uuid", "name": "transaction_id", "en": "id", "at": "15"},
            "app": {"with": "option", "name": "application", "en": "application", "at": "15"},
        },
    }  # fmt: skip
    language = {"values": ["de", "en"], "default": "en", "en": "language", "at": "15"}
    envelope = {**VERDICT, "pairs": pairs, "language": language}
    body = {"of": "Wrapped", "arguments": "order", "at": "14"}
    tree = spec(envelopes={"result": envelope}, envelope="result", reply=LIST, body=body,
                method="POST", request_media="json", request="")  # fmt: skip
    made = make(tree, tmp_path, "pairs")
    parts = parts_of(made)
    assert parts["tx"].source == NewId()
    assert parts["tx"].pair == ("key", "value")
    assert parts["tx"].under == ("header",)
    assert parts["app"].optional
    assert parts["Accept-Language"].source == Text((Hole("option", "language"),))
    assert [option.name for option in made.operations.SYSTEM.options] == ["application", "language"]
    assert "identity=transaction_id" in made.files["client.py"]


def test_pages_are_asked_for_by_parameters_too(tmp_path: Path) -> None:
    request = {
        "from": argument("first_row", type="integer"),
        "to": argument("last_row", type="integer"),
        "meterNo": argument("meter_number"),
    }
    paging = {"name": "iter_lines", "begin": "from", "end": "to", "total": "total",
              "records": "lines", "key": "id", "at": "19"}  # fmt: skip
    tree = spec(request=request, paging=paging, reply={"of": "Page"})
    tree["records"]["Page"] = {
        "en": "page", "at": "19", "fields": {
            "total": {"name": "total", "type": "integer", "at": "19"},
            "lines": {"name": "lines", "type": "list", "of": "Order", "at": "19"},
        },
    }  # fmt: skip
    made = make(tree, tmp_path, "pages")
    pages = made.operations.LIST_READINGS_PAGES
    assert (pages.records, pages.total, pages.key) == ("lines", "total", "number")
    client = made.files["client.py"]
    assert "def iter_lines(" in client
    assert "first_row=first, last_row=last" in client


def test_soap_fields_are_parts_of_the_request(tmp_path: Path) -> None:
    soap = {
        "namespace": "urn:demo",
        "header": {"element": "head", "at": "20"},
        "fields": {
            "id": {"with": "uuid", "name": "id", "type": "text", "at": "20"},
            "service": {"with": "service", "name": "service", "type": "text", "at": "20"},
            "at": {"with": "now", "name": "at", "type": "datetime", "format": "date-time",
                   "at": "20"},
            "key": {"with": "credential", "name": "api_key", "type": "text", "at": "20"},
        },
        "at": "20",
    }  # fmt: skip
    tree = spec(
        soap=soap, credentials=KEYS, protocol="soap11", formats=["xml"], method="POST", request="",
        request_media="multipart_related", body={**BODY, "root": {"element": "ask", "at": "14"}},
        reply={"of": "Order", "root": {"element": "answer", "at": "5"}},
    )  # fmt: skip
    made = make(tree, tmp_path, "soap")
    sources = {part.wire: part.source for part in made.operations.HEADER_FIELDS}
    assert sources == {
        "id": NewId(),
        "service": ServiceName(),
        "at": Now(pattern="date-time", zone="Asia/Seoul"),
        "key": Text((Hole("credential", "api_key"),)),
    }
    assert made.operations.LIST_READINGS.request.parts == made.operations.HEADER_FIELDS
    assert body_of(made) == BodySpec(encodings={"xml": "xml"}, root="ask")


def test_a_system_without_readings_has_no_module_of_them(tmp_path: Path) -> None:
    made = make(spec(), tmp_path, "no_readings")
    assert "series.py" not in made.files
    assert "times.py" not in made.files
    assert "series" not in made.files["__init__.py"]


def test_servers_are_chosen_by_name_where_there_are_several(tmp_path: Path) -> None:
    servers = {
        "production": {"address": "https://api.example.com", "default": "yes", "at": "2"},
        "test": {"address": "https://test.example.com", "at": "2"},
    }
    made = make(spec(servers=servers), tmp_path, "several_servers")
    system = made.operations.SYSTEM
    assert system.servers["test"] == "https://test.example.com"
    assert system.default_server == "production"
    client = made.files["client.py"]
    assert 'environment: Literal["production", "test"] = "production"' in client
    assert "server=environment" in client


def test_fields_of_a_form_are_its_body_in_every_export(tmp_path: Path) -> None:
    request = {"meterNo": argument("meter_number", "form"), "day": argument("day")}
    tree = spec(method="POST", request_media="form", request=request)
    made = make(tree, tmp_path, "form")
    assert body_of(made) == BodySpec(encodings={"json": "form"})
    assert list(parts_of(made)) == ["day"]
    openapi = json.loads(made.files["schemas/form/openapi.json"])
    operation = openapi["paths"]["/readings"]["post"]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["day"]
    content = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert list(content["schema"]["properties"]) == ["meterNo"]
    postman = json.loads(made.files["schemas/form/postman_collection.json"])
    body = postman["item"][0]["request"]["body"]
    assert (body["mode"], body["urlencoded"][0]["key"]) == ("urlencoded", "meterNo")


def test_what_requests_present_is_named_by_what_it_carries_in_every_export(tmp_path: Path) -> None:
    present = {
        "Authorization": {"in": "header", "value": "Bearer {step.token}", "at": "16"},
        "app": {"in": "query", "value": "credential.api_key", "at": "16"},
    }
    auth = {"en": "token", "at": "16", "steps": [STEP], "present": present}
    made = make(spec(credentials=KEYS, auth=auth), tmp_path, "presented")
    schemes = json.loads(made.files["schemas/presented/openapi.json"])["components"]
    found = schemes["securitySchemes"]
    assert (found["token"]["name"], found["api_key"]["in"]) == ("Authorization", "query")
    assert "login" not in found["api_key"].get("x-gridwright", {})
    item = json.loads(made.files["schemas/presented/postman_collection.json"])["item"][0]
    assert item["request"]["header"] == [{"key": "Authorization", "value": "Bearer {{token}}"}]
    assert {"key": "app", "value": "{{api_key}}"} in item["request"]["url"]["query"]
