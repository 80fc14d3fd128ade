"""Every closed set of words is the grammar's, and what goes by one has them all."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

import gridwright
from gridwright.analysis import forms
from gridwright.checks import limits as checked_limits
from gridwright.checks import rules_over_fields
from gridwright.diff.rules import amendments as compared_amendments
from gridwright.diff.rules import limits as compared_limits
from gridwright.diff.rules import operations as compared_operations
from gridwright.explain import parts
from gridwright.ir import words
from gridwright.laws import PAGING
from gridwright.resolve import samples
from gridwright.targets.calls import limits as limits_of_calls
from gridwright.targets.calls import paging, replies
from gridwright.targets.json_schema import fields
from gridwright.targets.openapi import document
from gridwright.targets.package import methods, reading_methods, request_checks
from gridwright.targets.pages import overview

TABLES: tuple[tuple[str, object, Mapping[Any, object]], ...] = (
    ("rules of diff about new amendments", words.AmendmentKind, compared_amendments._ADDED),
    ("rules of diff about old amendments", words.AmendmentKind, compared_amendments._WITHDRAWN),
    ("keys that a limit needs", words.LimitKind, checked_limits._NEEDS),
    ("keys that a rule needs", words.RuleKind, rules_over_fields._NEEDS),
    ("rules of diff about at_most", words.LimitKind, compared_limits._OF_AT_MOST),
    ("walks explained", words.PagingForm, parts._WALKS),
    ("classes of limits", words.LimitKind, limits_of_calls._CLASSES),
    ("what a page is asked by", words.PagingForm, paging._ASKED_BY),
    ("where a walk begins", words.PagingForm, methods._IS_BY_MEMORY),
    ("what a walk promises", words.PagingForm, methods._PROMISES),
    ("rules that compare", words.RuleKind, request_checks._COMPARES),
    ("lists in JSON Schema", words.Layout, fields._LAYOUTS),
    ("lists in messages of checks", words.Layout, forms._LAYOUTS),
    ("media types of packed replies", words.Packing, replies.PACKED_MEDIA),
    ("media types of bodies in OpenAPI", words.Encoding, document._MEDIA),
    ("fields of the SOAP header on pages", words.HeaderFiller, overview._SOURCES),
    ("what samples look like", words.TemporalKind, samples._FORMS),
    ("what omitted positions mean", words.Omitted, reading_methods._MEANS),
    ("replies that diff compares", words.Shape, compared_operations._SHAPES),
)
GRAMMAR: tuple[tuple[str, object, str, Collection[str]], ...] = (
    ("limits", words.LimitKind, "properties/limits/additionalProperties/properties/kind", ()),
    (
        "stretches of quotas",
        words.LimitStretch,
        "properties/limits/additionalProperties/properties/each",
        ("",),
    ),
    (
        "starts of spacings",
        words.SpacingStart,
        "properties/limits/additionalProperties/properties/after",
        ("",),
    ),
    (
        "scopes of limits",
        words.LimitScope,
        "properties/limits/additionalProperties/properties/scope",
        ("",),
    ),
    ("operations", words.OperationKind, "$defs/operation/properties/kind", ()),
    ("methods", words.Method, "$defs/operation/properties/method", ()),
    (
        "rules",
        words.RuleKind,
        "$defs/operation/properties/rules/items/properties/kind",
        ("most_items",),
    ),
    (
        "layouts of fields",
        words.Layout,
        "$defs/field/properties/layout",
        ("", "keyed"),
    ),
    (
        "layouts of replies",
        words.Layout,
        "$defs/operation/properties/reply/properties/list/properties/layout",
        ("", "keyed"),
    ),
    ("protocols", words.Protocol, "$defs/operation/properties/protocol", ()),
    ("media of requests", words.Media, "$defs/operation/properties/request_media", ()),
    ("formats of replies", words.ReplyFormat, "$defs/operation/properties/formats/items", ()),
    ("what fills a field", words.Filler, "$defs/field/properties/with", ()),
    (
        "what fills the SOAP header",
        words.HeaderFiller,
        "$defs/soap_fields/additionalProperties/properties/with",
        (),
    ),
    (
        "what fills a pair",
        words.PairFiller,
        "properties/envelopes/additionalProperties/properties/pairs/properties/fill/"
        "additionalProperties/properties/with",
        (),
    ),
    (
        "bodies of steps",
        words.StepBody,
        "properties/auth/properties/steps/items/properties/body",
        (),
    ),
    (
        "lives of what steps give",
        words.StepLife,
        "properties/auth/properties/steps/items/properties/lifetime_from",
        (),
    ),
    (
        "omitted positions",
        words.Omitted,
        "$defs/field/properties/instant/properties/omitted/anyOf/0",
        ("field", "unsaid"),
    ),
    (
        "repeated labels",
        words.RepeatedWord,
        "$defs/field/properties/instant/properties/repeated/anyOf/0",
        ("field",),
    ),
    ("packings", words.Packing, "$defs/operation/properties/reply/properties/packed", ("",)),
)


@pytest.mark.parametrize(("alias", "table"), [t[1:] for t in TABLES], ids=[t[0] for t in TABLES])
def test_a_table_by_words_has_each_of_them(alias: object, table: Mapping[Any, object]) -> None:
    assert set(table) == set(get_args(alias))


@pytest.mark.parametrize(
    ("alias", "path", "ours"), [g[1:] for g in GRAMMAR], ids=[g[0] for g in GRAMMAR]
)
def test_words_are_those_of_the_grammar(alias: object, path: str, ours: Collection[str]) -> None:
    node = json.loads(
        (Path(gridwright.__file__).parent / "language" / "interface.schema.json").read_text()
    )
    for step in path.split("/"):
        node = node[int(step) if step.isdecimal() else step]
    assert {word for word in get_args(alias) if word not in ours} == set(node["enum"])


def test_kinds_of_amendments_are_those_of_the_grammar() -> None:
    node = json.loads(
        (Path(gridwright.__file__).parent / "language" / "amendments.schema.json").read_text()
    )
    assert f'"enum": {json.dumps(list(words.AMENDMENT_KINDS))}' in json.dumps(node)


def test_the_laws_know_every_form_of_pages() -> None:
    assert get_args(words.PagingForm) == PAGING
