"""The closed sets of words that say which form a part has.

What goes by such a word is a ``match`` that ends in ``assert_never``, or a table of which a test
holds that it has them all: so a further word shows all that it touches.
"""

from typing import Literal, TypeAlias, get_args

__all__ = [
    "LAYOUTS",
    "LIMIT_KINDS",
    "PACKINGS",
    "RULE_KINDS",
    "Layout",
    "LimitKind",
    "Packing",
    "PagingForm",
    "RuleKind",
    "Shape",
]

LimitKind: TypeAlias = Literal[
    "rate", "quota", "concurrency", "spacing", "closed_hours", "lifetime", "period", "batch"
]
"""What a limit is about."""
LIMIT_KINDS: tuple[LimitKind, ...] = get_args(LimitKind)

RuleKind: TypeAlias = Literal[
    "required_if", "forbidden", "one_of", "not_after", "longest_period", "most_items"
]
"""What a rule across fields asks; the last is made of a limit, and nobody writes it."""
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)

PagingForm: TypeAlias = Literal["rows", "page", "offset", "token", "link", "whole"]
"""How a page is asked for."""

Shape: TypeAlias = Literal["record", "list", "value", "file", "none"]
"""What a reply brings."""

Layout: TypeAlias = Literal["", "arrays", "columns", "keyed"]
"""How JSON lays a list out: as objects; each item as an array; each field as one; or as an object,
the keys of which are values of a field."""
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

Packing: TypeAlias = Literal["", "gzip", "zip", "zip_of_many"]
"""What a reply is packed as: nothing; one message, either way; an archive of messages."""
PACKINGS: tuple[Packing, ...] = get_args(Packing)
