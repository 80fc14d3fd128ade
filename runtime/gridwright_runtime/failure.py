"""Find a refusal inside a body that HTTP calls a success. Never reads the body itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from msgspec import Struct

from .errors import ConsentError, LimitError, ProviderError, RejectedError
from .message import RawReply
from .operation import ConsentRule, Envelope, ErrorRule, Operation
from .patterns import parse
from .retry import retry_at

__all__ = [
    "Failure",
    "documented",
    "find_failure",
    "header_names",
    "is_notice",
    "mappings_in",
    "notice_names",
    "provider_error",
]


class Failure(Struct, frozen=True):
    """What the provider said."""

    code: str | None
    text: str | None


def find_failure(
    envelope: Envelope, groups: Iterable[Iterable[Mapping[str, object]]]
) -> Failure | None:
    """Return the first refusal, or None where everything says success or nothing.

    Args:
        envelope: the fields to look at, and what success is.
        groups: mappings that belong together, because one may hold the text and the next the
            code: the header is a group, the elements of the list another.
    """
    for group in groups:
        said = _said(envelope, group)
        texts = said.get(envelope.message, [])
        text = texts[0] if texts else None
        for one in texts:
            if envelope.consent and _consent_match(envelope.consent, one):
                return Failure(_bad_code(envelope, said), one)
        signals = [field for field in envelope.success if said.get(field)]
        if any(_is_bad(envelope, field, said[field]) for field in signals):
            return Failure(_bad_code(envelope, said), text)
        codes = said.get(envelope.code)
        if codes and envelope.code not in envelope.success:
            return Failure(codes[0], text)
        if text and not signals:
            return Failure(None, text)
    return None


def is_notice(envelope: Envelope, item: Mapping[str, object]) -> bool:
    """Say whether an element of a list speaks of success or failure."""
    return any(name in item for name in notice_names(envelope))


def header_names(envelope: Envelope) -> tuple[str, ...]:
    """Return the names that the header goes by, the documented one first."""
    element = envelope.header_element
    return (element, *(also for also, name in envelope.also.items() if name == element))


def mappings_in(found: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield a mapping and those within it: a refusal may stand under a name nobody documented."""
    waiting = [found]
    while waiting:
        found = waiting.pop()
        yield found
        for value in found.values():
            items = value if isinstance(value, list) else (value,)
            waiting.extend(item for item in items if isinstance(item, Mapping))


def documented(envelope: Envelope, header: Mapping[str, object]) -> dict[str, object]:
    """Return a header under the names of the document."""
    return {envelope.also.get(name, name): value for name, value in header.items()}


def provider_error(
    operation: Operation[Any], failure: Failure, raw: RawReply, hide: tuple[str, ...]
) -> ProviderError:
    """Make the error that a refusal becomes."""
    envelope = operation.envelope
    facts: dict[str, Any] = {
        "system": operation.system,
        "operation": operation.name,
        "code": failure.code,
        "text": failure.text,
        "http_status": raw.status_code,
        "raw": raw,
        "hide": hide,
    }
    if envelope.consent and failure.text and _consent_match(envelope.consent, failure.text):
        gloss = "the customer has not consented to this day"
        day = _consent_day(envelope.consent, failure.text)
        return ConsentError(consent_from=day, gloss=gloss, **facts)
    rule = envelope.errors.get(failure.code or "") or envelope.statuses.get(raw.status_code)
    rule = rule or ErrorRule(RejectedError)
    if rule.error is LimitError:
        facts["retry_at"] = retry_at(raw)
    return rule.error(gloss=rule.gloss, **facts)


@cache
def notice_names(envelope: Envelope) -> tuple[str, ...]:
    """Return every name under which a body speaks of success or failure."""
    names = (envelope.code, envelope.message, *envelope.success)
    return (*names, *(also for also, name in envelope.also.items() if name in names))


def _said(envelope: Envelope, group: Iterable[Mapping[str, object]]) -> dict[str, list[str]]:
    """Gather what a group says, by documented name; blank values say nothing."""
    said: dict[str, list[str]] = {}
    for item in group:
        for wire, value in item.items():
            name = envelope.also.get(wire, wire)
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, Mapping | list):
                    # No success is written so. Only verdicts count: other names hold what they may.
                    if name == envelope.code or name in envelope.success:
                        said.setdefault(name, []).append(_NO_SCALAR)
                elif isinstance(one, str | int) and not isinstance(one, bool) and str(one).strip():
                    said.setdefault(name, []).append(str(one))
    return said


def _is_bad(envelope: Envelope, field: str, values: list[str]) -> bool:
    return any(value.strip() not in envelope.success[field] for value in values)


def _bad_code(envelope: Envelope, said: Mapping[str, list[str]]) -> str | None:
    codes = [code.strip() for code in said.get(envelope.code, ())]
    successes = envelope.success.get(envelope.code, ())
    return next((code for code in codes if code not in successes), codes[0] if codes else None)


def _consent_match(rule: ConsentRule, text: str) -> bool:
    return _without_blanks(rule.sentence) in _without_blanks(text)


def _consent_day(rule: ConsentRule, text: str) -> date | None:
    found = re.search(rule.date_pattern, text, re.ASCII)
    found = found or re.search(rule.date_pattern, _without_blanks(text), re.ASCII)
    try:
        day = parse("yyyymmdd", found[1]) if found else None
    except ValueError:
        return None
    return day if isinstance(day, date) else None


def _without_blanks(text: str) -> str:
    return "".join(text.split())


_NO_SCALAR = "(not a text)"
