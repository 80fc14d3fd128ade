"""Validator, JSON Schema and XSD say the same of every message.

Rules over several fields and forbidden values are the validator's alone: neither kind of schema
has them.
"""

import decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import xmlschema
from hypothesis import HealthCheck, Phase, example, given, settings
from jsonschema import Draft202012Validator
from lxml import etree

from gridwright_runtime.codecs.json_codec import decode_plain
from gridwright_runtime.errors import UnexpectedReplyError
from gridwright_runtime.problems import Problem, refusals

from . import messages
from .messages import Part, Tree
from .support import OPERATIONS, SCHEMAS, brief, deviations_of, read_body, received

EXAMPLES = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
every_operation = pytest.mark.parametrize("name", list(OPERATIONS))
parts = pytest.mark.parametrize("part", ["request", "reply"])


@cache
def json_schema(name: str, part: Part) -> Draft202012Validator:
    return Draft202012Validator(messages.schema(name, part))


@cache
def xsd(name: str, part: Part) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.{part}.xsd"))


@cache
def other_xsd(name: str, part: Part) -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(SCHEMAS / f"{name}.{part}.xsd")


def fits_json_schema(name: str, part: Part, body: bytes) -> bool:
    # jsonschema divides to find multiples, and 28 digits are not enough for 1E400.
    with decimal.localcontext(prec=900):
        return json_schema(name, part).is_valid(messages.exact(body))


def found_in_json(name: str, part: Part, body: bytes) -> list[Problem]:
    operation = OPERATIONS[name]
    check = operation.request.check if part == "request" else operation.reply.check_message
    assert check is not None
    tree = decode_plain(body)
    assert isinstance(tree, dict)
    return without_rules(check(tree, ""))


def found_in_xml(name: str, part: Part, body: bytes) -> list[Problem]:
    if part == "request":
        return without_rules(received(name, body, "xml").problems)
    return without_rules(deviations_of(name, body, "xml"))


def without_rules(problems: Any) -> list[Problem]:
    return [
        problem
        for problem in refusals(problems)  # no schema says which years can be meant
        if problem.rule != "forbidden"
        and (problem.rule, problem.wire) != ("required", "description")
    ]


def root(name: str, part: Part) -> str:
    operation = OPERATIONS[name]
    if part == "reply":
        return operation.reply.root
    assert operation.request.body is not None
    return operation.request.body.root


@parts
@every_operation
def test_json_fits_the_schema_exactly_where_the_validator_finds_nothing(
    name: str, part: Part
) -> None:
    @EXAMPLES
    @given(messages.changed(name, part, "json"))
    @example(messages.valid(name, part, messages.root_model(name, part), "json"))
    def agree(tree: Tree) -> None:
        body = messages.to_json(tree)
        found = found_in_json(name, part, body)
        assert (not found) == fits_json_schema(name, part, body), brief(tuple(found))

    agree()


@parts
@every_operation
def test_xml_fits_the_xsd_exactly_where_the_validator_finds_nothing(name: str, part: Part) -> None:
    @EXAMPLES
    @given(messages.changed(name, part, "xml"))
    @example(messages.valid(name, part, messages.root_model(name, part), "xml"))
    def agree(tree: Tree) -> None:
        body = messages.to_xml(root(name, part), tree)
        found = found_in_xml(name, part, body)
        fits = xsd(name, part).validate(etree.parse(BytesIO(body)))
        assert (not found) == fits, (brief(tuple(found)), body.decode())

    agree()


@parts
@every_operation
def test_a_valid_message_is_valid_for_everybody(name: str, part: Part) -> None:
    model = messages.root_model(name, part)
    tree = messages.valid(name, part, model, "json")
    assert found_in_json(name, part, messages.to_json(tree)) == []
    body = messages.to_xml(root(name, part), messages.valid(name, part, model, "xml"))
    assert found_in_xml(name, part, body) == []
    assert other_xsd(name, part).is_valid(body.decode().partition("?>")[2])


@pytest.mark.parametrize(
    ("name", "wire"),
    [("cancel_indexes", "cancelledIndexes"), ("cancel_accruals", "cancelledAdditionalAccruals")],
)
@pytest.mark.parametrize(
    ("items", "is_valid"), [(0, True), (1, True), ("7", True), ("x", False), ("1.5", False)]
)
def test_a_list_of_values_may_be_one_empty_element(
    name: str, wire: str, items: int | str, is_valid: bool
) -> None:
    inner = f"<{wire}>{items}</{wire}>" if isinstance(items, str) else f"<{wire}/>" * items
    body = (
        f"<{root(name, 'reply')}><body>{inner}</body><resultCode>0</resultCode>"
        "<resultDescription>OK</resultDescription><resultType>SUCCESS</resultType>"
        f"</{root(name, 'reply')}>"
    ).encode()
    assert (not found_in_xml(name, "reply", body)) == is_valid
    assert xsd(name, "reply").validate(etree.fromstring(body)) == is_valid
    assert other_xsd(name, "reply").is_valid(BytesIO(body)) == is_valid


def read_losses(value: str) -> tuple[object, object]:
    body = (
        f'{{"resultCode":"0","resultDescription":"OK","resultType":"SUCCESS",'
        f'"body":{{"indexes":[{{"lineLoss":{value},"transformerLoss":{value}}}]}}}}'
    ).encode()
    found: Any = read_body("find_indexes", body, "json").body
    [record] = found.indexes
    return record.line_loss, record.transformer_loss


@pytest.mark.parametrize("value", ["0", "1"])
def test_a_loss_is_a_flag(value: str) -> None:
    found = read_losses(value)
    assert found == (int(value), int(value))
    assert [type(one) for one in found] == [int, int]


def test_a_loss_with_a_fraction_is_no_flag() -> None:
    with pytest.raises(UnexpectedReplyError, match="line_loss"):
        read_losses("0.035")
