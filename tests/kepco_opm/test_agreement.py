"""Validator, JSON Schema and XSD say the same of every message."""

import decimal
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, assume, given, settings
from jsonschema import Draft202012Validator
from lxml import etree

from gridwright_apis.kepco_opm import validators
from gridwright_runtime.codecs.json_codec import decode_plain
from gridwright_runtime.decodings.reader import Refused, read_reply
from gridwright_runtime.errors import DeviationError
from gridwright_runtime.interface import Format, Operation
from gridwright_runtime.message import RawReply
from gridwright_runtime.problems import Problem, refusals

from . import messages
from .awkward import all_values, json_values, xml_values
from .messages import Tree
from .support import FORMATS, OPERATIONS, SCHEMAS

EXAMPLES = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
every_operation = pytest.mark.parametrize("name", list(OPERATIONS))


@cache
def json_schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(messages.exact(messages.schema_text(f"{name}.schema.json")))


@cache
def xsd(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))


@cache
def other_xsd(name: str) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(SCHEMAS / f"{name}.xsd")


def fits_json_schema(name: str, body: bytes) -> bool:
    # jsonschema divides to find multiples, and 28 digits are not enough for 1E400.
    with decimal.localcontext(prec=900):
        return json_schema(name).is_valid(messages.exact(body))


def fits_xsd(name: str, body: bytes) -> bool:
    return xsd(name).validate(etree.parse(BytesIO(body)))


def checked_reply(name: str, tree: Tree, format: Format) -> list[Problem]:
    check: Callable[..., list[Problem]] = getattr(validators, f"check_{name}_reply")
    return refusals(check(tree, format=format))  # no schema says which years can be meant


def checked_request(name: str, tree: Mapping[str, object]) -> list[Problem]:
    check: Callable[..., list[Problem]] = getattr(validators, f"check_{name}_request")
    return refusals(check(tree))


def is_taken_strictly(operation: Operation[Any], body: bytes, format: Format) -> bool:
    raw = RawReply(status_code=200, body=body)
    found = read_reply(operation, raw, format=format, strict=True)
    if not isinstance(found, Refused):
        return True
    if not isinstance(found.error, DeviationError):
        return False
    # That an interval comes twice is about two records, of which no schema speaks.
    return all(one.rule == "repeated-reading" for one in refusals(found.error.problems))


def request_root(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) + "Request"


@every_operation
def test_json_replies_fit_the_schema_exactly_where_the_validator_finds_nothing(name: str) -> None:
    @EXAMPLES
    @given(messages.json_replies(OPERATIONS[name]))
    def agree(tree: Tree) -> None:
        body = messages.to_json(tree)
        plain = decode_plain(body)
        assert isinstance(plain, dict)
        found = checked_reply(name, plain, "json")
        assert (not found) == fits_json_schema(f"{name}.reply", body), found

    agree()


@every_operation
def test_xml_replies_fit_the_xsd_exactly_where_the_validator_finds_nothing(name: str) -> None:
    operation = OPERATIONS[name]

    @EXAMPLES
    @given(messages.xml_replies(operation, any_header=True, any_list=True))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(operation.reply.root, tree)
        found = checked_reply(name, messages.plain_tree(body), "xml")
        assert (not found) == fits_xsd(f"{name}.reply", body), found

    agree()


@every_operation
def test_json_requests_fit_the_schema_exactly_where_the_validator_finds_nothing(name: str) -> None:
    @EXAMPLES
    @given(messages.requests(OPERATIONS[name], json_values))
    def agree(tree: Tree) -> None:
        body = messages.to_json(tree)
        plain = decode_plain(body)
        assert isinstance(plain, dict)
        found = checked_request(name, plain)
        assert (not found) == fits_json_schema(f"{name}.request", body), found

    agree()


@every_operation
def test_xml_requests_fit_the_xsd_exactly_where_the_validator_finds_nothing(name: str) -> None:
    @EXAMPLES
    @given(messages.requests(OPERATIONS[name], xml_values))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(request_root(name), tree)
        found = checked_request(name, messages.plain_tree(body))
        assert (not found) == fits_xsd(f"{name}.request", body), found

    agree()


@every_operation
def test_strict_reading_of_json_takes_exactly_what_fits_the_schema(name: str) -> None:
    operation = OPERATIONS[name]

    @EXAMPLES
    @given(messages.json_replies(operation))
    def agree(tree: Tree) -> None:
        body = messages.to_json(tree)
        taken = is_taken_strictly(operation, body, "json")
        assert taken == fits_json_schema(f"{name}.reply", body)

    agree()


@every_operation
def test_strict_reading_of_xml_takes_exactly_what_fits_the_xsd(name: str) -> None:
    operation = OPERATIONS[name]

    @EXAMPLES
    # Values of the header are another matter: one that says failure fits the schema, too.
    # Lists of text and second lists are in test_deviations: the reader does not tell them.
    @given(messages.xml_replies(operation, any_header=False, any_list=False))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(operation.reply.root, tree)
        assert is_taken_strictly(operation, body, "xml") == fits_xsd(f"{name}.reply", body)

    agree()


@pytest.mark.parametrize(
    "name", ["list_customers", "get_period_readings", "get_customer_info", "get_customer_bill"]
)
def test_another_reading_of_the_xsd_says_the_same_of_replies(name: str) -> None:
    operation = OPERATIONS[name]

    @EXAMPLES
    @given(messages.xml_replies(operation, any_header=True, any_list=True))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(operation.reply.root, tree)
        # To the package xmlschema, "1 2" is a decimal number.
        assume(not re.search(b"[0-9] [0-9]", body))
        fits = other_xsd(f"{name}.reply").is_valid(etree.parse(BytesIO(body)))
        assert fits == fits_xsd(f"{name}.reply", body)

    agree()


@pytest.mark.parametrize("name", ["get_all_customers_hour", "get_period_readings"])
def test_another_reading_of_the_xsd_says_the_same_of_requests(name: str) -> None:
    @EXAMPLES
    @given(messages.requests(OPERATIONS[name], xml_values))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(request_root(name), tree)
        fits = other_xsd(f"{name}.request").is_valid(etree.parse(BytesIO(body)))
        assert fits == fits_xsd(f"{name}.request", body)

    agree()


@pytest.mark.parametrize(
    "name", ["get_quarter_hour_reading", "get_customer_info", "get_customer_bill"]
)
def test_every_awkward_value_is_judged_alike_in_every_shape_of_field(name: str) -> None:
    operation = OPERATIONS[name]
    reply = operation.reply
    valid: dict[Format, Tree] = {
        format: messages.valid_record(operation, format) for format in FORMATS
    }
    for wire, kind in messages.one_of_each_shape(operation).items():
        for value in all_values(kind, "json"):
            body = messages.to_json({reply.payload[0]: [{**valid["json"], wire: value}]})
            plain = decode_plain(body)
            assert isinstance(plain, dict)
            fits = fits_json_schema(f"{name}.reply", body)
            assert (not checked_reply(name, plain, "json")) == fits, (wire, value)
        for value in all_values(kind, "xml"):
            listed = {reply.item: [{**valid["xml"], wire: value}]}
            tree = {"cmmMsgHeader": messages.HEADER, reply.payload[0]: listed}
            body = messages.to_xml(reply.root, tree)
            fits = fits_xsd(f"{name}.reply", body)
            found = checked_reply(name, messages.plain_tree(body), "xml")
            assert (not found) == fits, (wire, value)


@pytest.mark.parametrize(
    "name",
    [
        "get_quarter_hour_reading",
        "get_all_customers_hour",
        "get_period_readings",
        "get_customer_bill",
        "get_join_status",
        "get_household_day_load_profile",
    ],
)
def test_every_awkward_value_of_a_parameter_is_judged_alike(name: str) -> None:
    valid = messages.valid_request(OPERATIONS[name])
    for wire in valid:
        for value in all_values("text", "json"):
            body = messages.to_json({**valid, wire: value})
            plain = decode_plain(body)
            assert isinstance(plain, dict)
            fits = fits_json_schema(f"{name}.request", body)
            assert (not checked_request(name, plain)) == fits, (wire, value)
        for value in all_values("text", "xml"):
            body = messages.to_xml(request_root(name), {**valid, wire: value})
            fits = fits_xsd(f"{name}.request", body)
            assert (not checked_request(name, messages.plain_tree(body))) == fits, (wire, value)


def test_days_near_the_calendar_are_days_to_all_three_or_to_none() -> None:
    # All of them, as one engine for regular expressions has been seen to miscount digits.
    name = "get_day_load_profile.request"
    texts = [
        f"{year:04d}{month:02d}{day:02d}{more}"
        for year in (0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999)
        for month in range(14)
        for day in (0, 1, 9, 10, 28, 29, 30, 31, 32)
        for more in ("", "0", "00")
    ]
    for text in texts:
        request = {"custNo": "1", "date": text, "serviceKey": "k", "returnType": "01"}
        try:
            known = len(text) == 8 and bool(date.fromisoformat(text))
        except ValueError:
            known = False
        assert (not checked_request("get_day_load_profile", request)) == known, text
        assert json_schema(name).is_valid(request) == known, text
        body = messages.to_xml("GetDayLoadProfileRequest", request)
        assert fits_xsd(name, body) == known, text
