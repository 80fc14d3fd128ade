"""Resolve the types of fields."""

import re
from dataclasses import replace

from gridwright.diagnostics import nearest
from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    IntegerType,
    ListType,
    RecordType,
    Repeated,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.ir.words import REPEATED, TEMPORAL_KINDS, TemporalKind
from gridwright.notation.known_patterns import INSTANTS, PATTERNS, Pattern
from gridwright.notation.patterns import (
    MAY_LACK_OFFSET,
    WORDS,
    PatternError,
    has_mark,
    quoted_utc,
    understand,
)
from gridwright.resolve.context import Context, check_zone, one_of, whole_number
from gridwright.resolve.numbers import number_signs
from gridwright.source import Node

__all__ = ["check_encoding", "resolve_type", "value_or_node"]


_PLAIN: dict[str, TypeRef] = {
    "text": TextType(size=None),
    "integer": IntegerType(digits=None),
    "decimal": DecimalType(precision=None, scale=None),
    "binary": BinaryType(),
}


# Types that are no record, and that no item of a list has.
_NO_ITEMS = frozenset({"any", "boolean", "code"})


_MOST_DIGITS = 100


_UNITS_OF_TIME = ("s", "min", "h")


_QUOTES = "'‘’\"“”"


# Zones in which a quoted sign of UTC and the wall clock say the same.
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT"})


def resolve_type(node: Node, name: str, context: Context) -> TypeRef:
    """Return the type of a field, and report what it cannot be."""
    kind = node.string("type")
    if kind != "duration":
        _check_no_means(node, context)
    if kind in ("record", "list"):
        of = node.string("of")
        _check_no_time(node, kind, name, context)
        if kind == "list" and of in _PLAIN and of not in context.record_names:
            return ListType(item=_text(node, None, context) if of == "text" else _PLAIN[of])
        if of not in context.record_names:
            context.report(
                value_or_node(node, "of").span,
                "unknown-record",
                f"{name!r} is a {kind} of {of!r}, which no record is called",
                _plain_items(kind, of) or nearest(of, context.record_names),
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
            value_or_node(node, "format" if node.get("format") else "pattern").span,
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
        return IntegerType(digits=_digits(size, value_or_node(node, "size"), context))
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


def _plain_items(kind: str, of: str) -> str:
    """Say what the items of a list may be, where they are said to be of a type that none has."""
    if kind != "list" or (of not in _NO_ITEMS and one_of(TEMPORAL_KINDS, of) is None):
        return ""
    which = " and `matches:` with the codes, such as `matches: A01|A02`" if of == "code" else ""
    return (
        f"write `of: text`{which}: plain items are `text`, `integer`, `decimal` or `binary`, and "
        "all others are records"
    )


def _text(node: Node, size: int | None, context: Context) -> TextType:
    in_bytes = node.string("size_unit") == "bytes"
    check_encoding(node.get("encoding"), context)
    return TextType(size=size, encoding=(node.string("encoding") or "utf-8") if in_bytes else None)


def _check_no_time(node: Node, kind: str, name: str, context: Context) -> None:
    """Report keys that have a meaning for dates and times alone, at a record or a list."""
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


def _check_no_means(node: Node, context: Context) -> None:
    if (said := node.get("means")) is not None:
        context.report(
            said.span,
            "misplaced-key",
            "'means' has a meaning at durations only",
            "remove the key, or say `type: duration`; what codes mean is said by `codes:`",
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
        pattern, value_or_node(node, "pattern" if node.get("pattern") else "format"), context
    )
    if known is not None and known.kind != kind:
        context.report(
            value_or_node(node, "format").span,
            "format-does-not-fit",
            f"{pattern!r} is the pattern of a {known.kind}, and {name!r} is a {kind}",
            f"{_missing_letters(pattern, kind)}say `type: {known.kind}`",
        )
    calendar = _calendar(node, kind, pattern, context)
    if calendar:
        pattern = f"{{{calendar}}}{pattern}"
        known = resolve_pattern(pattern, value_or_node(node, "calendar"), context)
    size = whole_number(node.get("size"), context)
    length = None if known is None else known.length
    if size is not None and length is not None and size != length:
        context.report(
            value_or_node(node, "size").span,
            "size-contradicts-format",
            f"size {size} contradicts {pattern!r}, which has {length} characters",
            "correct one of them by an erratum",
        )
    is_local = kind == "datetime" and known is not None and not is_zoned(pattern)
    # Some values of ISO 8601 carry no offset: these are of the wall clock.
    may_be_local = is_local or (kind == "datetime" and pattern in MAY_LACK_OFFSET)
    zone, has_own_zone, zone_field = _zone(node, kind, name, context, is_local=may_be_local)
    if is_local and node.get("zone") is None and zone not in _UTC:
        _check_quoted_utc(node, pattern, context)
    if not may_be_local:
        _no_repeated(node, context)
    return TemporalType(
        kind=kind,
        pattern=pattern,
        zone=zone,
        has_own_zone=has_own_zone,
        zone_field=zone_field,
        zone_names=context.zone_names if zone_field else (),
        repeated=_which(node, pattern, context) if may_be_local else None,
    )


def _check_quoted_utc(node: Node, pattern: str, context: Context) -> None:
    """Report a quoted sign of UTC behind a time: it stands for itself, and the zone is another."""
    word = quoted_utc(pattern) if pattern not in PATTERNS else ""
    if not word:
        return
    unquoted = f"{pattern.rstrip(_QUOTES)[: -len(word)].rstrip(_QUOTES)}Z"
    for quoted in ("'T'", "’T’", "‘T’", '"T"', "“T”", "”T”"):
        unquoted = unquoted.replace(quoted, "T")
    written = (
        f'`pattern: "{unquoted}"`, with T and Z unquoted, or '
        if word == "Z" and "utc" in {piece.part for piece in understand(unquoted).pieces}
        else ""
    )
    context.report(
        value_or_node(node, "pattern" if node.get("pattern") else "format").span,
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


def _duration(node: Node, name: str, context: Context) -> TypeRef:
    unit = node.string("unit")
    if unit and unit not in _UNITS_OF_TIME:
        context.report(
            value_or_node(node, "unit").span,
            "not-a-unit-of-time",
            f"{name!r} is a duration, and its unit is {unit!r}",
            "write s, min or h for a number, and no unit for a duration of ISO 8601",
        )
    pattern = f"duration_{unit}" if unit in _UNITS_OF_TIME else "duration"
    means = node.get("means")
    if means is not None and unit:
        context.report(
            means.span,
            "misplaced-key",
            f"'means' says what texts of {name!r} mean, and its unit that it is a number",
            "remove `unit:`, and list each number with its length under `means:`, such as 60: PT1H",
        )
    return TemporalType(
        kind="duration",
        pattern=pattern,
        zone=context.zone,
        means=tuple((entry.key, entry.value.text or "") for entry in node.children("means")),
    )


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
                    value_or_node(node, "size").span,
                    "code-too-long",
                    f"code {code.value!r} of {wanted.text!r} does not fit size {size}",
                    "correct the size or the code by an erratum",
                )
    return CodeType(codes=codes, size=size)


def value_or_node(node: Node, key: str) -> Node:
    """Return the value of ``key``, or the mapping itself where the key is missing."""
    return node.get(key) or node


_EXAMPLES_OF_PATTERNS = {
    "date": "yyyy-MM-dd",
    "datetime": "yyyy-MM-dd'T'HH:mm:ssXXX",
    "month": "yyyy-MM",
    "time": "HH:mm",
}
