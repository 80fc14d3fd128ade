"""The closed sets of words that say which form a part has.

What goes by such a word is a ``match`` that ends in ``assert_never``, or a table of which a test
holds that it has them all: so a further word shows all that it touches.
"""

from typing import Literal, TypeAlias, get_args

__all__ = [
    "AMENDMENT_KINDS",
    "FILLERS",
    "HEADER_FILLERS",
    "HOLE_KINDS",
    "JSON_KINDS",
    "LAYOUTS",
    "LIMIT_KINDS",
    "LIMIT_SCOPES",
    "LIMIT_STRETCHES",
    "MEDIA",
    "METHODS",
    "MIDNIGHTS",
    "OMITTED",
    "OPERATION_KINDS",
    "PACKINGS",
    "PAIR_FILLERS",
    "PROTOCOLS",
    "REPEATED",
    "REPLY_FORMATS",
    "RULE_KINDS",
    "SPACING_STARTS",
    "STEP_BODIES",
    "STEP_LIVES",
    "TEMPORAL_KINDS",
    "AmendmentKind",
    "Encoding",
    "Filler",
    "HeaderFiller",
    "HoleKind",
    "JsonKind",
    "Layout",
    "LimitKind",
    "LimitScope",
    "LimitStretch",
    "Media",
    "Method",
    "MidnightWord",
    "Omitted",
    "OperationKind",
    "Packing",
    "PagingForm",
    "PairFiller",
    "Protocol",
    "RepeatedWord",
    "ReplyFormat",
    "RuleKind",
    "Shape",
    "SpacingStart",
    "StepBody",
    "StepLife",
    "TemporalKind",
]

AmendmentKind: TypeAlias = Literal["erratum", "observation", "private"]
"""What an amendment is: a correction of the document, something seen, or a change of one's own."""
AMENDMENT_KINDS: tuple[AmendmentKind, ...] = get_args(AmendmentKind)

OperationKind: TypeAlias = Literal["read", "write"]
"""Whether an operation changes something; a write is never sent twice."""
OPERATION_KINDS: tuple[OperationKind, ...] = get_args(OperationKind)

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE", "PATCH"]
"""The HTTP method of an operation."""
METHODS: tuple[Method, ...] = get_args(Method)

LimitStretch: TypeAlias = Literal["", "hour", "day", "week", "month", "year"]
"""The stretch of the calendar in which a quota is counted; empty: the limit is no quota."""
LIMIT_STRETCHES: tuple[LimitStretch, ...] = get_args(LimitStretch)

SpacingStart: TypeAlias = Literal["", "request", "reply"]
"""From what a spacing is counted; empty: the spec does not say, and it is the reply."""
SPACING_STARTS: tuple[SpacingStart, ...] = get_args(SpacingStart)

LimitScope: TypeAlias = Literal["", "company", "account", "host"]
"""Whose calls a limit counts together; empty: the spec does not say, and it is the company."""
LIMIT_SCOPES: tuple[LimitScope, ...] = get_args(LimitScope)

LimitKind: TypeAlias = Literal[
    "rate",
    "quota",
    "concurrency",
    "spacing",
    "closed_hours",
    "lifetime",
    "period",
    "batch",
    "history",
]
"""What a limit is about."""
LIMIT_KINDS: tuple[LimitKind, ...] = get_args(LimitKind)

RuleKind: TypeAlias = Literal[
    "required_if",
    "forbidden",
    "one_of",
    "exactly_one",
    "at_most_one",
    "together",
    "needs",
    "not_after",
    "longest_period",
    "most_items",
]
"""What a rule across fields asks; the last is made of a limit, and nobody writes it."""
RULE_KINDS: tuple[RuleKind, ...] = get_args(RuleKind)

PagingForm: TypeAlias = Literal["rows", "page", "offset", "token", "link", "whole"]
"""How a page is asked for."""

Protocol: TypeAlias = Literal["http", "soap11"]
"""What a message is wrapped in: nothing, or an envelope of SOAP."""
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)

Media: TypeAlias = Literal[
    "none", "form", "json", "xml", "multipart_related", "multipart_form", "text", "file"
]
"""What a spec says that a body is written as."""
MEDIA: tuple[Media, ...] = get_args(Media)

Encoding: TypeAlias = Literal["form", "json", "xml", "multipart_form", "text", "file"]
"""How a body is written, whatever a spec says of it, and whatever goes along."""

Filler: TypeAlias = Literal["uuid", "serial", "now", "service", "option"]
"""What the client fills a value with: an identifier that is new for each call, a number that only
grows, the time, the wire name of the operation, or what it was told."""
FILLERS: tuple[Filler, ...] = get_args(Filler)

HeaderFiller: TypeAlias = Literal["credential", "uuid", "serial", "service", "option", "now"]
"""What the client fills a field of the SOAP header with."""
HEADER_FILLERS: tuple[HeaderFiller, ...] = get_args(HeaderFiller)

PairFiller: TypeAlias = Literal["uuid", "option"]
"""What the client fills the value of a pair with."""
PAIR_FILLERS: tuple[PairFiller, ...] = get_args(PairFiller)

HoleKind: TypeAlias = Literal["credential", "step", "option"]
"""What a place in a text is filled with."""
HOLE_KINDS: tuple[HoleKind, ...] = get_args(HoleKind)

ReplyFormat: TypeAlias = Literal["json", "xml", "csv", "jsonl", "text", "file", "none"]
"""What a reply is written in; the last two are no messages."""
REPLY_FORMATS: tuple[ReplyFormat, ...] = get_args(ReplyFormat)

StepBody: TypeAlias = Literal["none", "form", "json"]
"""How a step of a login writes its body."""
STEP_BODIES: tuple[StepBody, ...] = get_args(StepBody)

StepLife: TypeAlias = Literal["issue", "last_use"]
"""From when the life of what a step gives is counted."""
STEP_LIVES: tuple[StepLife, ...] = get_args(StepLife)

Shape: TypeAlias = Literal["record", "list", "value", "file", "none"]
"""What a reply brings."""

Layout: TypeAlias = Literal["", "arrays", "columns", "keyed"]
"""How JSON lays a list out: as objects; each item as an array; each field as one; or as an object,
the keys of which are values of a field."""
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

JsonKind: TypeAlias = Literal["", "text", "number", "boolean"]
"""What JSON has in the place of a value: what its type gives, or another kind."""
JSON_KINDS: tuple[JsonKind, ...] = get_args(JsonKind)

Packing: TypeAlias = Literal["", "gzip", "zip", "zip_of_many"]
"""What a reply is packed as: nothing; one message, either way; an archive of messages."""
PACKINGS: tuple[Packing, ...] = get_args(Packing)

TemporalKind: TypeAlias = Literal["date", "datetime", "time", "month", "day_of_month", "duration"]
"""What a date or a time is."""
TEMPORAL_KINDS: tuple[TemporalKind, ...] = get_args(TemporalKind)

MidnightWord: TypeAlias = Literal["ends_day", "begins_day", "undecided"]
"""Which midnight the label 00:00 means at the end of an interval: that which ends its day, or that
which begins it."""

MIDNIGHTS: tuple[MidnightWord, ...] = get_args(MidnightWord)

RepeatedWord: TypeAlias = Literal["first", "second", "in_order", "undecided", "field"]
"""Which of two intervals a label names that comes twice: as it says, as the records come, as nobody
knows, or as another field says."""
REPEATED: tuple[RepeatedWord, ...] = get_args(RepeatedWord)

Omitted: TypeAlias = Literal["missing", "repeat", "field", "unsaid"]
"""What a position means that is not there: no value; the one before; as a field says; nothing that
a reply should have."""
OMITTED: tuple[Omitted, ...] = get_args(Omitted)
