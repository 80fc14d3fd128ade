"""Resolve fields and records: names bound, types complete, series unfolded."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import assert_never

from gridwright.diagnostics import Span, nearest
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    Citation,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    ListType,
    Record,
    RecordType,
    Repeated,
    TemporalType,
    TextType,
    TypeRef,
    WireName,
)
from gridwright.ir.words import LAYOUTS, REPEATED, TEMPORAL_KINDS, Layout, TemporalKind
from gridwright.notation.patterns import WORDS, PatternError, has_mark, quoted_utc, understand
from gridwright.resolve.context import Context, check_zone, cite, one_of, path_of, whole_number, yes
from gridwright.resolve.intervals import resolve_instant, resolve_series
from gridwright.resolve.json_kinds import with_json_kind
from gridwright.resolve.namespaces import namespace_of
from gridwright.resolve.numbers import number_signs
from gridwright.resolve.units import checked_unit, unit_of_data
from gridwright.resolve.value_facts import with_facts
from gridwright.source import Entry, Node
from gridwright.vocabulary import (
    INSTANTS,
    PATTERNS,
    PROVISIONAL,
    RESERVED_FIELDS,
    UNDOCUMENTED,
    Pattern,
    is_reserved,
)

__all__ = [
    "REPLY_KEYS",
    "check_beside",
    "check_encoding",
    "check_keys",
    "check_names",
    "credential_of",
    "describe_type",
    "has_same_facts",
    "layout_of",
    "merge_citations",
    "number_example",
    "resolve_field",
    "resolve_fields",
]

_PLAIN: dict[str, TypeRef] = {
    "text": TextType(size=None),
    "integer": IntegerType(digits=None),
    "decimal": DecimalType(precision=None, scale=None),
    "binary": BinaryType(),
}
_MOST_DIGITS = 100
_REQUEST_KEYS = frozenset({"basic", "in", "join", "selects", "value", "values", "with"})
REPLY_KEYS = frozenset(
    {"also", "echoes", "instant", "item", "keyed_by", "layout", "missing", "presence", "series"}
)
_UNITS_OF_TIME = ("s", "min", "h")
_NOWHERE = Span("", 0, 0)
_QUOTES = "'‘’"
# Zones in which a quoted sign of UTC and the wall clock say the same.
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


def resolve_fields(
    entries: Iterable[Entry],
    context: Context,
    *,
    is_sent: bool = False,
    is_beside: bool = False,
    reserved: frozenset[str] = RESERVED_FIELDS,
) -> tuple[Field, ...]:
    """Resolve the fields of one record, and what they say of each other.

    Args:
        entries: the fields.
        context: what they may name.
        is_sent: the record may be sent, so that a credential may fill a field.
        is_beside: they stand beside a list, so that one may be a header.
        reserved: names that generated code takes.
    """
    listed = tuple(entries)
    fields = tuple(resolve_field(entry, context) for entry in listed)
    if is_sent:
        filled = [credential_of(entry, context) for entry in listed]
        fields = tuple(
            # The record can be made without what the client fills in.
            field if name is None else replace(field, credential=name, optional=True)
            for field, name in zip(fields, filled, strict=True)
        )
    if is_beside:
        fields = tuple(
            replace(field, in_header=_in_header(entry, context))
            for field, entry in zip(fields, listed, strict=True)
        )
    nodes = {entry.key: entry.value for entry in listed}
    by_wire = {f.wire: f for f in fields if f.series is None}
    bound = tuple(
        _bind(f, nodes[entry.key], by_wire, context)
        for f, entry in zip(fields, listed, strict=True)
    )
    for field, entry in zip(bound, listed, strict=True):
        if field.missing and isinstance(field.type, AnyType | ListType | RecordType):
            context.report(
                _at(entry.value, "missing").span,
                "misplaced-key",
                f"{entry.key!r} is no single value, in whose place a text could stand",
                "remove `missing:`, or say it at the fields within",
            )
        if field.item and not isinstance(field.type, ListType):
            context.report(
                _at(entry.value, "item").span,
                "misplaced-key",
                f"{entry.key!r} names items, and is no list",
                "say `type: list`, or remove `item:`",
            )
        _check_layout(field, entry.value, context)
    check_names(bound, context, reserved)
    for entry in listed:
        misplaced = _REQUEST_KEYS if is_sent else _REQUEST_KEYS | {"credential"}
        if is_beside:
            misplaced = misplaced - {"in"}
        check_keys(entry.value, misplaced, "a request", context)
    return bound


def layout_of(node: Node) -> Layout:
    """Return how JSON lays a list out."""
    if node.get("keyed_by") is not None:
        return "keyed"
    return one_of(LAYOUTS, node.string("layout")) or ""


def _check_layout(field: Field, node: Node, context: Context) -> None:
    is_list = isinstance(field.type, ListType) and isinstance(field.type.item, RecordType)
    if field.layout and not is_list:
        context.report(
            _at(node, "keyed_by" if field.keyed_by else "layout").span,
            "misplaced-key",
            f"{field.wire!r} says how the records of a list are laid out, and is none",
            "say `type: list, of: RECORD`, or remove it",
        )


def _in_header(entry: Entry, context: Context) -> bool:
    place = entry.value.get("in")
    if place is not None and place.text != "header":
        context.report(
            place.span,
            "misplaced-key",
            f"{entry.key!r} stands beside the list of a reply, and not in the {place.text}",
            "write `in: header`, or `under:` with what is around it; neither where it stands in "
            "the root",
        )
    return place is not None


def credential_of(entry: Entry, context: Context) -> str | None:
    """Return the name of the credential that fills a field; None where the caller does."""
    credential = entry.value.get("credential")
    if credential is None:
        return None
    if credential.text not in context.credentials:
        context.report(
            credential.span,
            "unknown-credential",
            f"{entry.key!r} takes credential {credential.text!r}, which is not declared",
            nearest(credential.text or "", context.credentials),
        )
    return credential.text


def check_keys(node: Node, misplaced: frozenset[str], where: str, context: Context) -> None:
    """Report keys of a field that say nothing where it stands."""
    for entry in node.entries or ():
        if entry.key in misplaced:
            context.report(
                entry.key_span,
                "misplaced-key",
                f"{entry.key!r} has a meaning in {where} only",
                "remove the key, or move the field",
            )


def resolve_field(entry: Entry, context: Context) -> Field:
    """Resolve one field; what it says of other fields is left to ``resolve_fields``."""
    node = entry.value
    name = node.string("name")
    citation = cite(node, context, f"field {entry.key!r}")
    if is_reserved(name):
        context.report(
            _at(node, "name").span,
            "reserved-name",
            f"{name!r} is a word of Python",
            f"name it {name}_value or, better, what it is",
        )
    unit = checked_unit(node, "unit", name, context)
    is_provisional = node.string("wire") == UNDOCUMENTED
    secret = yes(node, "secret")
    if secret and node.get("default") is not None:
        context.report(
            _at(node, "default").span,
            "secret-default",
            f"secret {name!r} has a default",
            "a secret never stands in a spec: remove it",
        )
    field = Field(
        name=name,
        wire=f"{PROVISIONAL}{name}" if is_provisional else entry.key,
        provisional=is_provisional,
        label=node.string("label"),
        en=node.string("en") or name.replace("_", " "),
        type=_type(node, name, context),
        unit=unit,
        unit_of_data=unit_of_data(node, name, context),
        required=_required(node, context),
        optional=node.string("presence") == "optional" or _is_optional(node, context),
        personal=yes(node, "personal"),
        secret=secret,
        default=None if secret or node.get("default") is None else node.string("default"),
        note=node.string("note"),
        printed_size=node.string("size"),
        also=tuple(
            WireName(name=e.key, cite=cite(e.value, context, f"wire name {e.key!r}", citation))
            for e in node.children("also")
        ),
        series=None,
        instant=None,
        echoes=path_of(node.get("echoes")),
        missing=node.strings("missing"),
        under=path_of(node.get("under")),
        item=node.string("item"),
        namespace=namespace_of(node, context),
        layout=layout_of(node),
        keyed_by=node.string("keyed_by"),
        cite=citation,
        span=entry.key_span,
    )
    return with_json_kind(with_facts(field, node, context), node, context)


def check_names(
    fields: Iterable[Field],
    context: Context,
    reserved: frozenset[str],
    *,
    names: bool = True,
    wires: bool = True,
) -> None:
    """Report names that two fields would share: of ours, and of theirs."""
    ours: dict[str, Field] = {}
    theirs: dict[str, Field] = {}
    for field in fields:
        if field.name in reserved:
            context.report(
                field.span,
                "reserved-name",
                f"{field.name!r} is taken by generated code",
                "choose another `name:`",
            )
        for name in _python_names(field) if names else ():
            if name in ours:
                context.report(
                    field.span,
                    "name-collision",
                    f"two fields are called {name!r}",
                    f"first declared at {ours[name].span}",
                )
            ours.setdefault(name, field)
        for name in _wire_names(field) if wires else ():
            if name in theirs:
                context.report(
                    field.span,
                    "wire-collision",
                    f"two fields have the wire name {name!r}",
                    f"first declared at {theirs[name].span}",
                )
            theirs.setdefault(name, field)


def has_same_facts(one: Record, other: Record) -> bool:
    """Whether two tables describe one record: all facts agree but their lines."""
    return one.namespace == other.namespace and _facts(one) == _facts(other)


def merge_citations(one: Record, other: Record) -> Record:
    """Return ``one`` with the citations of both, where both have the same facts."""
    fields = tuple(
        replace(a, cite=_both(a.cite, b.cite))
        for a, b in zip(one.fields, other.fields, strict=True)
    )
    return replace(one, fields=fields, cite=_both(one.cite, other.cite))


def _both(one: Citation, other: Citation) -> Citation:
    return replace(
        one,
        lines=tuple(dict.fromkeys((*one.lines, *other.lines))),
        amended=tuple(dict.fromkeys((*one.amended, *other.amended))),
    )


def _facts(record: Record) -> list[Field]:
    blank = Citation(lines=(), basis=record.cite.basis)
    return [
        replace(
            f,
            cite=blank,
            span=_NOWHERE,
            note="",
            en="",
            printed_size="",
            also=tuple(replace(w, cite=blank) for w in f.also),
        )
        for f in record.fields
    ]


def _python_names(field: Field) -> list[str]:
    if field.series is None:
        return [field.name]
    return [field.name, *(f"{field.name}_{label}" for label in field.series.labels)]


def _wire_names(field: Field) -> list[str]:
    also = [w.name for w in field.also]
    if field.series is not None:
        return [*(field.series.wire_name(label) for label in field.series.labels), *also]
    return ["/".join((*field.under, name)) for name in (field.wire, *also)]


def _is_optional(node: Node, context: Context) -> bool:
    mark = node.get("required")
    return mark is not None and context.marks.get(mark.text or "") is False


def _required(node: Node, context: Context) -> bool:
    mark = node.get("required")
    if mark is None or mark.text is None:
        return False
    if mark.text not in context.marks:
        context.report(
            mark.span,
            "unknown-required-mark",
            f"{mark.text!r} is not a mark of this document's required column",
            f"{nearest(mark.text, context.marks)}; a misprint is mended by an erratum",
        )
        return False
    return context.marks[mark.text]


def _type(node: Node, name: str, context: Context) -> TypeRef:
    kind = node.string("type")
    if kind in ("record", "list"):
        of = node.string("of")
        _check_no_time(node, kind, name, context)
        if kind == "list" and of in _PLAIN and of not in context.record_names:
            return ListType(item=_text(node, None, context) if of == "text" else _PLAIN[of])
        if of not in context.record_names:
            context.report(
                _at(node, "of").span,
                "unknown-record",
                f"{name!r} is a {kind} of {of!r}, which no record is called",
                nearest(of, context.record_names),
            )
        inner = RecordType(record=context.record_names.get(of, of))
        return inner if kind == "record" else ListType(item=inner)
    temporal = one_of(TEMPORAL_KINDS, kind)
    if temporal == "duration" and node.get("format") is None and node.get("pattern") is None:
        return _duration(node, name, context)
    if temporal is not None and temporal != "duration":
        return _temporal(node, temporal, name, context)
    _check_no_zone(node, context)
    if kind == "decimal" and node.get("pattern") is None:
        if (example := node.get("format")) is None:
            return _decimal(node, context)
        thousands, decimal = number_signs(example, context)
        return replace(_decimal(node, context), thousands=thousands, decimal=decimal)
    if node.get("format") is not None or node.get("pattern") is not None:
        context.report(
            _at(node, "format" if node.get("format") else "pattern").span,
            "format-without-time",
            f"{name!r} has a format, but is no date or time",
            "say `type: date`, datetime, time, month or day_of_month",
        )
    if kind == "duration":
        return _duration(node, name, context)
    if kind == "decimal":
        return _decimal(node, context)
    size = whole_number(node.get("size"), context)
    if kind == "integer":
        return IntegerType(digits=_digits(size, _at(node, "size"), context))
    if kind == "code":
        return _code(node, name, size, context)
    if kind == "boolean":
        return BooleanType()
    if kind == "binary":
        return BinaryType()
    if kind == "any":
        return AnyType()
    # What the client fills is text on the wire, whatever the document calls it.
    if kind == "" and not any(node.get(key) for key in ("basic", "credential", "value", "with")):
        context.report(
            node.span, "missing-type", f"{name!r} has no type", "add `type: text` or another"
        )
    return _text(node, size, context)


def _text(node: Node, size: int | None, context: Context) -> TextType:
    in_bytes = node.string("size_unit") == "bytes"
    check_encoding(node.get("encoding"), context)
    return TextType(size=size, encoding=(node.string("encoding") or "utf-8") if in_bytes else None)


def _check_no_time(node: Node, kind: str, name: str, context: Context) -> None:
    """Report what would be said of a date or time at a record or a list, which is none."""
    _check_no_zone(node, context)
    for key in ("format", "pattern"):
        if (said := node.get(key)) is not None:
            context.report(
                said.span,
                "format-without-time",
                f"{name!r} has a {key}, but is a {kind}, whose items are not read by it",
                "say it at a field of the record, or, of values that are given and read as they "
                "are printed, in `note:`",
            )


def _check_no_zone(node: Node, context: Context) -> None:
    for key in ("zone", "repeated", "calendar"):
        if (said := node.get(key)) is not None:
            context.report(
                said.span,
                "misplaced-key",
                f"{key!r} has a meaning at dates and times only",
                "remove the key",
            )


def check_encoding(node: Node | None, context: Context) -> None:
    """Report the name of an encoding of text that Python does not know."""
    if node is None or node.text is None:
        return
    try:
        "".encode(node.text)
    except (LookupError, ValueError):
        context.report(
            node.span,
            "unknown-encoding",
            f"{node.text!r} is not a known encoding of text",
            "use a name such as utf-8, euc-kr, cp949 or shift_jis",
        )


def _missing_letters(pattern: str, kind: str) -> str:
    """Say which letters a day may lack: documents in other languages have others for it."""
    if kind not in ("date", "datetime") or "d" in pattern.lower():
        return ""
    return (
        "a day is written dd, whatever letters the document prints (`pattern:` beside `format:`), "
        "such as yyyy-MM-dd; or "
    )


def _temporal(node: Node, kind: TemporalKind, name: str, context: Context) -> TypeRef:
    pattern = node.string("pattern") or node.string("format")
    if not pattern and node.get("pattern") is None and node.get("format") is None:
        context.report(
            node.span,
            "unknown-format",
            f"{name!r} is a {kind} without a format",
            f"add `format:`, such as {_EXAMPLES_OF_PATTERNS.get(kind, 'HH:mm')}",
        )
        return TemporalType(kind=kind, pattern="", zone=context.zone)
    known = resolve_pattern(
        pattern, _at(node, "pattern" if node.get("pattern") else "format"), context
    )
    if known is not None and known.kind != kind:
        context.report(
            _at(node, "format").span,
            "format-does-not-fit",
            f"{pattern!r} is the pattern of a {known.kind}, and {name!r} is a {kind}",
            f"{_missing_letters(pattern, kind)}say `type: {known.kind}`",
        )
    calendar = _calendar(node, kind, pattern, context)
    if calendar:
        pattern = f"{{{calendar}}}{pattern}"
        known = resolve_pattern(pattern, _at(node, "calendar"), context)
    size = whole_number(node.get("size"), context)
    length = None if known is None else known.length
    if size is not None and length is not None and size != length:
        context.report(
            _at(node, "size").span,
            "size-contradicts-format",
            f"size {size} contradicts {pattern!r}, which has {length} characters",
            "correct one of them by an erratum",
        )
    is_local = kind == "datetime" and known is not None and not is_zoned(pattern)
    zone, has_own_zone, zone_field = _zone(node, kind, name, context, is_local=is_local)
    if is_local and node.get("zone") is None and zone not in _UTC:
        _check_quoted_utc(node, pattern, context)
    if not is_local:
        _no_repeated(node, context)
    return TemporalType(
        kind=kind,
        pattern=pattern,
        zone=zone,
        has_own_zone=has_own_zone,
        zone_field=zone_field,
        repeated=_which(node, pattern, context) if is_local else None,
    )


def _check_quoted_utc(node: Node, pattern: str, context: Context) -> None:
    """Report a quoted sign of UTC behind a time: it stands for itself, and the zone is another."""
    word = quoted_utc(pattern) if pattern not in PATTERNS else ""
    if not word:
        return
    unquoted = f"{pattern.rstrip(_QUOTES)[: -len(word)].rstrip(_QUOTES)}Z"
    for quoted in ("'T'", "’T’", "‘T’"):
        unquoted = unquoted.replace(quoted, "T")
    written = (
        f'`pattern: "{unquoted}"`, with T and Z unquoted, or '
        if word == "Z" and "utc" in {piece.part for piece in understand(unquoted).pieces}
        else ""
    )
    context.report(
        _at(node, "pattern" if node.get("pattern") else "format").span,
        "ambiguous-format",
        f"{pattern!r} can be read in two ways: {word!r} at its end is the sign of UTC, and quoted "
        "it is a text behind the wall clock of the zone",
        f"for UTC write {written}`zone: UTC` at the field; where it really is the wall clock, say "
        "`zone:` at the field, with the name of that zone",
    )


def is_zoned(pattern: str) -> bool:
    """Say whether values of a pattern carry an offset, and name one instant by themselves."""
    if pattern in PATTERNS:
        return pattern in INSTANTS
    try:
        return understand(pattern).is_instant
    except PatternError:
        return False


def _calendar(node: Node, kind: str, pattern: str, context: Context) -> str:
    """Return the calendar of the years of a pattern; empty: the common one, or it has no years."""
    said = node.get("calendar")
    has_years = kind in ("date", "datetime", "month") and pattern not in WORDS
    if said is not None and not has_years:
        context.report(
            said.span,
            "misplaced-key",
            "'calendar' has a meaning at years that are written out only",
            "remove the key",
        )
        return ""
    calendar = context.calendar if said is None else said.text or ""
    return calendar if has_years and calendar != "common" else ""


def _zone(
    node: Node, kind: str, name: str, context: Context, *, is_local: bool
) -> tuple[str, bool, str]:
    """Return the zone of a field, whether it is its own, and the field that names it."""
    said = node.get("zone")
    if said is None:
        # What carries its offset is placed without the field that names the zone of its record.
        named = "/".join(context.zone_path) if is_local else ""
        return context.zone, context.has_own_zone and kind == "datetime", named
    if kind != "datetime":
        context.report(
            said.span,
            "misplaced-key",
            f"'zone' has a meaning at a datetime only, and {name!r} is a {kind}",
            "say it at the record: the labels of its readings are of that zone",
        )
        return context.zone, context.has_own_zone, ""
    if said.text is None:
        return context.zone, context.has_own_zone, said.string("field")
    is_known = check_zone(said, context)
    return (said.text if is_known else context.zone), True, ""


def _which(node: Node, pattern: str, context: Context) -> Repeated:
    """Return which is meant of an hour that comes twice."""
    if pattern not in PATTERNS and has_mark(pattern):
        _no_repeated(node, context)
        return Repeated(word="undecided")
    said = node.get("repeated")
    if said is None or said.text is not None:
        return Repeated(word=one_of(REPEATED, node.string("repeated")) or "undecided")
    return Repeated(word="field", field=said.string("field"), second=said.strings("second"))


def _no_repeated(node: Node, context: Context) -> None:
    said = node.get("repeated")
    if said is not None:
        context.report(
            said.span,
            "misplaced-key",
            "'repeated' has a meaning at a local date with a time only, where no mark says it",
            "remove the key: the value says by itself what is meant",
        )


def check_beside(field: Field, node: Node, wires: Collection[str], context: Context) -> None:
    """Report a field that is to tell something of a time, and is not there.

    Args:
        field: the time.
        node: it in the spec.
        wires: wire names of the fields that travel beside it.
        context: where problems go.
    """
    if not isinstance(field.type, TemporalType):
        return
    repeated = field.type.repeated
    for key, wanted in (
        ("zone", field.type.zone_field),
        ("repeated", repeated.field if repeated is not None else ""),
    ):
        if wanted and wanted not in wires:
            context.report(
                _at(node, key).span,
                "unknown-field",
                f"no field beside {field.name!r} is {wanted!r}",
                nearest(wanted, wires),
            )


def _duration(node: Node, name: str, context: Context) -> TypeRef:
    unit = node.string("unit")
    if unit and unit not in _UNITS_OF_TIME:
        context.report(
            _at(node, "unit").span,
            "not-a-unit-of-time",
            f"{name!r} is a duration, and its unit is {unit!r}",
            "write s, min or h for a number, and no unit for a duration of ISO 8601",
        )
    pattern = f"duration_{unit}" if unit in _UNITS_OF_TIME else "duration"
    return TemporalType(kind="duration", pattern=pattern, zone=context.zone)


def resolve_pattern(pattern: str, node: Node, context: Context) -> Pattern | None:
    """Return what a pattern means, and report one that means nothing, or two things."""
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    try:
        composed = understand(pattern)
    except PatternError as error:
        if error.is_ambiguous:
            context.report(node.span, "ambiguous-format", error.message, error.help)
        else:
            context.report(node.span, "unknown-format", error.message, error.help)
        return None
    return Pattern(composed.kind, composed.length, "")


def _decimal(node: Node, context: Context) -> DecimalType:
    size = node.get("size")
    if size is None or not size.text:
        return DecimalType(precision=None, scale=None)
    parts = [part.strip() for part in size.text.split(",")]
    if len(parts) > 2 or not all(re.fullmatch("[0-9]{1,9}", p) for p in parts):
        context.report(
            size.span,
            "not-a-size",
            f"{size.text!r} is not the size of a decimal",
            'write digits, or "digits,decimals" such as "14,4"',
        )
        return DecimalType(precision=None, scale=None)
    precision, scale = int(parts[0]), int(parts[1]) if len(parts) == 2 else None
    if precision == 0 or (scale or 0) > precision:
        context.report(
            size.span,
            "not-a-size",
            f"{size.text!r} has more decimals than digits, or no digit at all",
            "the first number counts all digits, the second those behind the point",
        )
    return DecimalType(precision=_digits(precision, size, context), scale=scale)


def _digits(count: int | None, node: Node, context: Context) -> int | None:
    if count is None or count <= _MOST_DIGITS:
        return count
    context.report(
        node.span,
        "not-a-size",
        f"a number of {count} digits is beyond what is generated, which is {_MOST_DIGITS}",
        "correct the size by an erratum, or say `type: text`",
    )
    return _MOST_DIGITS


def _code(node: Node, name: str, size: int | None, context: Context) -> TypeRef:
    wanted = node.get("codes")
    if wanted is None or wanted.text is None:
        if node.get("selects") is None:
            context.report(
                node.span,
                "missing-codes",
                f"{name!r} is a code without a list",
                "add `codes:` with the name of a list, or say `type: text`",
            )
        return CodeType(codes=None, size=size)
    context.used.add(wanted.text)
    codes = context.codes.get(wanted.text)
    if codes is None:
        context.report(
            wanted.span,
            "unknown-codes",
            f"{name!r} takes its codes from {wanted.text!r}, but there is no list of that name",
            nearest(wanted.text, context.codes),
        )
    else:
        for code in codes.values:
            if size is not None and len(code.value) > size:
                context.report(
                    _at(node, "size").span,
                    "code-too-long",
                    f"code {code.value!r} of {wanted.text!r} does not fit size {size}",
                    "correct the size or the code by an erratum",
                )
    return CodeType(codes=codes, size=size)


def _bind(field: Field, node: Node, by_wire: dict[str, Field], context: Context) -> Field:
    """Attach what a field says of other fields: its series, its instant."""
    check_beside(field, node, by_wire, context)
    series, instant = node.get("series"), node.get("instant")
    readings = series or instant
    if readings is not None and not isinstance(field.type, DecimalType):
        context.report(
            _at(node, "type").span,
            "wrong-field",
            f"{field.name!r} holds readings, and is no decimal",
            "say `type: decimal`, or leave out series and instant",
        )
    if series is not None and instant is not None:
        context.report(
            instant.span,
            "misplaced-key",
            f"{field.name!r} is a series, and cannot be a single value too",
            "leave out `instant:`",
        )
    if series is not None:
        return replace(field, series=resolve_series(series, field, by_wire, context))
    if instant is not None:
        return replace(field, instant=resolve_instant(instant, field, by_wire, context))
    return field


def _at(node: Node, key: str) -> Node:
    """Return the value of ``key``, or the mapping itself where the key is missing."""
    return node.get(key) or node


def number_example(type_: DecimalType) -> str:
    """Write a number as texts of a type have it."""
    return f"1{type_.thousands}234{type_.decimal}5"


def describe_type(type_: TypeRef) -> str:
    """Say in English what a type is; for messages and reference pages."""
    match type_:
        case TextType(size=size, encoding=encoding):
            unit = f"bytes of {encoding}" if encoding else "characters"
            return f"text, at most {size} {unit}" if size else "text"
        case CodeType(codes=codes):
            return f"code, one of {len(codes.values)}" if codes else "code"
        case IntegerType(digits=digits):
            return f"whole number, at most {digits} digits" if digits else "whole number"
        case DecimalType() if not type_.is_plain:
            plain = replace(type_, decimal=".", thousands="")
            return f"{describe_type(plain)}, written {number_example(type_)}"
        case DecimalType(precision=None):
            return "decimal"
        case DecimalType(precision=precision, scale=None):
            return f"decimal, at most {precision} digits"
        case DecimalType(precision=precision, scale=scale):
            return f"decimal, at most {precision} digits, {scale} of them decimals"
        case TemporalType(kind="duration", pattern="duration"):
            return "duration, written as ISO 8601"
        case TemporalType(kind="duration"):
            return "duration, written as a number"
        case TemporalType(kind=kind, pattern=pattern):
            return f"{kind.replace('_', ' ')}, written {pattern}"
        case BooleanType():
            return "true or false"
        case BinaryType():
            return "bytes"
        case AnyType():
            return "any JSON value"
        case RecordType(record=record):
            return f"record {record}"
        case ListType(item=RecordType(record=record)):
            return f"list of {record}"
        case ListType(item=BinaryType()):
            return "list of files"
        case ListType(item=item):
            return f"list of values, each: {describe_type(item)}"
        case _:
            assert_never(type_)


_EXAMPLES_OF_PATTERNS = {
    "date": "yyyy-MM-dd",
    "datetime": "yyyy-MM-dd'T'HH:mm:ssXXX",
    "month": "yyyy-MM",
    "time": "HH:mm",
}
