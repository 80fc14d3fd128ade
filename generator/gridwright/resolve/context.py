"""The context of resolving: the spec's tables, and the list that problems go to."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gridwright.diagnostics import Diagnostic, Span
from gridwright.ir import Basis, Citation, CodeList, CsvForm
from gridwright.source import Node

__all__ = [
    "Context",
    "check_zone",
    "cite",
    "days_of",
    "duration",
    "in_own_zone",
    "is_length",
    "line_range",
    "months_of",
    "one_of",
    "path_of",
    "whole_number",
    "word",
    "yes",
]

_Word = TypeVar("_Word", bound=StrEnum)
_Text = TypeVar("_Text", bound=str)

_DURATION = re.compile(
    r"P(?:(?P<years>[0-9]{1,4})Y)?(?:(?P<months>[0-9]{1,4})M)?(?:(?P<weeks>[0-9]{1,4})W)?"
    r"(?:(?P<days>[0-9]{1,6})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?(?:(?P<seconds>[0-9]{1,6})S)?)?"
)
_LINES = re.compile(r"([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Tables that fields and operations refer to.

    Attributes:
        record_names: class name by the name that the document gives a record.
        steps: names of the results of a login step, by its name; ``""`` where it has one.
        units: names of the units that the spec declares.
        namespaces: those that the spec declares, by their prefixes.
        zone_names: what a field may say that names a zone, each with the IANA name it means.
        zone_path: wire names that lead to the field that names the zone of a record; empty: none.
        has_own_zone: the zone is that of a record, and not of the conventions.
        calendar: of years, where it is not the common one: buddhist or minguo.
        csv: how tables are written; None: nothing is said of it.
        soap_header: wire name of the block of the SOAP header that needs no `under`.
        usable_limits: names of the rates and quotas, which can be used up.
    """

    zone: str
    marks: dict[str, bool]
    codes: dict[str, CodeList]
    credentials: frozenset[str]
    record_names: dict[str, str]
    steps: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    namespaces: dict[str, str] = field(default_factory=dict)
    zone_names: tuple[tuple[str, str], ...] = ()
    zone_path: tuple[str, ...] = ()
    has_own_zone: bool = False
    calendar: str = ""
    csv: CsvForm | None = None
    soap_header: str = ""
    usable_limits: frozenset[str] = frozenset()
    problems: list[Diagnostic] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def report(self, span: Span, code: str, message: str, help_text: str = "") -> None:
        """Collect one problem."""
        self.problems.append(Diagnostic(span, code, message, help_text))


def cite(node: Node, context: Context, what: str, inherited: Citation | None = None) -> Citation:
    """Read where a fact comes from; report a fact that says nothing of it.

    Args:
        node: the mapping that holds ``at`` or a reason.
        context: where problems go.
        what: how a message calls the fact.
        inherited: the citation to take where the mapping has none.
    """
    reason = next(
        (
            (b, node.string(b.value))
            for b in (Basis.OBSERVED, Basis.INFERRED, Basis.ASSUMED)
            if node.get(b.value)
        ),
        None,
    )
    at = node.get("at")
    if at is None and reason is None:
        if inherited is not None:
            return inherited
        context.report(
            node.span,
            "missing-citation",
            f"{what} does not say where it comes from",
            "add `at:` with the document's line, or `inferred:`, `assumed:` or `observed:`",
        )
    lines: list[tuple[int, int]] = []
    for item in (at.items or (at,)) if at is not None else ():
        cited = line_range(item.text or "")
        if cited is None:
            continue  # the grammar has reported it
        first, last = cited
        lines.append(cited)
        if first > last:
            context.report(
                item.span,
                "backward-lines",
                f"lines {item.text} run backwards",
                f"write {last}-{first}",
            )
    amended = dict.fromkeys(name for below in node.walk() for name in below.amended)
    return Citation(
        lines=tuple(lines),
        basis=reason[0] if reason else Basis.DOCUMENT,
        reason=reason[1] if reason else "",
        amended=tuple(amended),
    )


def line_range(text: str) -> tuple[int, int] | None:
    """Read ``77`` or ``61-72``; None where it is neither."""
    match = _LINES.fullmatch(text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def duration(text: str) -> timedelta:
    """Read an ISO 8601 duration such as PT15M; the grammar has checked its form.

    Years and months are left out; `months_of` has them.
    """
    match = _DURATION.fullmatch(text)
    said = {k: int(v) for k, v in (match.groupdict() if match else {}).items() if v}
    return timedelta(**{k: v for k, v in said.items() if k not in ("years", "months")})


def months_of(text: str) -> int:
    """Return the months of the calendar in an ISO 8601 duration; a year is twelve."""
    match = _DURATION.fullmatch(text)
    return 12 * int(match["years"] or 0) + int(match["months"] or 0) if match else 0


def days_of(text: str) -> int:
    """Return the days of the calendar in an ISO 8601 duration; a week is seven."""
    match = _DURATION.fullmatch(text)
    return 7 * int(match["weeks"] or 0) + int(match["days"] or 0) if match else 0


def is_length(text: str) -> bool:
    """Say whether a text is an ISO 8601 duration that is not empty, and no time at all."""
    return bool(_DURATION.fullmatch(text)) and bool(months_of(text) or duration(text))


def check_zone(node: Node | None, context: Context) -> bool:
    """Say whether a node names a time zone, and report one that names none."""
    if node is None or node.text is None:
        return False
    try:
        ZoneInfo(node.text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        problem = f"{node.text!r} is not a time zone"
    else:
        if node.text not in _ABBREVIATIONS:
            return True
        problem = f"{node.text!r} may mean an offset, or a zone whose clocks are changed"
    context.report(node.span, "unknown-zone", problem, _zone_instead(node.text))
    return False


def _zone_instead(text: str) -> str:
    """Return what to write for a zone that is none: an offset has an IANA name, too."""
    if text in _ABBREVIATIONS:
        place, same = _ABBREVIATIONS[text]
        return f"write {same} for the offset, or the name of a place, such as {place}"
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        return "use the IANA name of a place, such as Asia/Seoul, or of an offset, such as UTC"
    sign, hours = "-" if offset[1] == "+" else "+", int(offset[2])
    if offset[3] in (None, "00") and 0 < hours <= 12:
        return (
            f"write Etc/GMT{sign}{hours}, which is that offset: the signs of these names are "
            "reversed; or the name of a place, where clocks are changed"
        )
    return "use the IANA name of a place that has this offset, such as Asia/Kolkata for +05:30"


def in_own_zone(node: Node, context: Context) -> Context:
    """Return the context of the fields of a record, which may name a zone of its own."""
    zone = node.get("zone")
    if zone is not None and zone.entries is not None:
        return replace(context, zone_path=path_of(zone.get("field")))
    if zone is None or not check_zone(zone, context):
        return context
    return replace(context, zone=zone.text or "", has_own_zone=True)


def path_of(node: Node | None) -> tuple[str, ...]:
    """Read a path: one wire name, which is never cut, or a list of them."""
    if node is None:
        return ()
    return (node.text,) if node.text is not None else tuple(i.text or "" for i in node.items or ())


def whole_number(node: Node | None, context: Context) -> int | None:
    """Read a whole number above zero; None where there is none."""
    if node is None or not node.text:
        return None
    if re.fullmatch(r"0*[1-9][0-9]{0,8}", node.text):
        return int(node.text)
    context.report(
        node.span,
        "not-a-size",
        f"{node.text!r} is not a whole number from 1 to 999999999",
        "transcribe the size as printed, and correct it by an erratum",
    )
    return None


def word(kind: type[_Word], text: str, default: _Word) -> _Word:
    """Read a word of the language; ``default`` where the grammar has reported another."""
    return next((known for known in kind if known.value == text), default)


def one_of(words: tuple[_Text, ...], text: str) -> _Text | None:
    """Read one of some words; None where the grammar has reported another."""
    return next((known for known in words if known == text), None)


def yes(node: Node, key: str, default: bool = False) -> bool:
    """Read yes or no."""
    text = node.string(key).lower()
    return default if not text else text in ("yes", "true")


# Each is an IANA name, too: of a place like this, and of this offset.
_ABBREVIATIONS = {
    "CET": ("Europe/Berlin", "Etc/GMT-1"),
    "EET": ("Europe/Helsinki", "Etc/GMT-2"),
    "EST": ("America/New_York", "Etc/GMT+5"),
    "HST": ("Pacific/Honolulu", "Etc/GMT+10"),
    "MET": ("Europe/Berlin", "Etc/GMT-1"),
    "MST": ("America/Denver", "Etc/GMT+7"),
    "WET": ("Europe/Lisbon", "Etc/GMT"),
}
_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])(\d{1,2})(?::?(\d\d))?")
