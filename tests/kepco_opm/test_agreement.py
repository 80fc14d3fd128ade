"""Validator, JSON Schema and XSD say the same of every message."""

import decimal
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from lxml import etree

from gridwright_apis.kepco_opm import validators
from gridwright_runtime.errors import GridwrightError
from gridwright_runtime.json_codec import decode_plain
from gridwright_runtime.message import RawReply
from gridwright_runtime.operation import Format, Operation
from gridwright_runtime.problems import Problem
from gridwright_runtime.reading import read_reply

from . import messages
from .messages import Tree
from .support import OPERATIONS, SCHEMAS

EXAMPLES = settings(
    max_examples=60,
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
    return check(tree, format=format)


def checked_request(name: str, tree: Mapping[str, object]) -> list[Problem]:
    check: Callable[..., list[Problem]] = getattr(validators, f"check_{name}_request")
    return check(tree)


def is_taken_strictly(operation: Operation[Any], body: bytes, format: Format) -> bool:
    try:
        read_reply(operation, RawReply(status_code=200, body=body), format=format, strict=True)
    except GridwrightError:
        return False
    return True


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
        body = messages.to_xml(operation.reply.xml_root, tree)
        found = checked_reply(name, messages.plain_tree(body), "xml")
        assert (not found) == fits_xsd(f"{name}.reply", body), found

    agree()


@every_operation
def test_json_requests_fit_the_schema_exactly_where_the_validator_finds_nothing(name: str) -> None:
    @EXAMPLES
    @given(messages.requests(OPERATIONS[name], messages.json_values))
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
    @given(messages.requests(OPERATIONS[name], messages.xml_values))
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
    @given(messages.xml_replies(operation, any_header=False, any_list=False))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(operation.reply.xml_root, tree)
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
        body = messages.to_xml(operation.reply.xml_root, tree)
        fits = other_xsd(f"{name}.reply").is_valid(etree.parse(BytesIO(body)))
        assert fits == fits_xsd(f"{name}.reply", body)

    agree()


@pytest.mark.parametrize("name", ["get_all_customers_hour", "get_period_readings"])
def test_another_reading_of_the_xsd_says_the_same_of_requests(name: str) -> None:
    @EXAMPLES
    @given(messages.requests(OPERATIONS[name], messages.xml_values))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(request_root(name), tree)
        fits = other_xsd(f"{name}.request").is_valid(etree.parse(BytesIO(body)))
        assert fits == fits_xsd(f"{name}.request", body)

    agree()
