"""Refusals that do not depend on the data: credentials, parameters and bodies.

No document lists the codes of these refusals. The mock uses codes that no service has, so that
nobody takes them for real ones:

========== ==============================================
mock-1001  the credential is missing
mock-1002  the credential is not known
mock-2001  a required parameter is missing
mock-2002  a parameter is too long
mock-2003  a parameter is not written as the document says
mock-3001  no such customer
mock-3002  a day before the customer's consent
========== ==============================================
"""

from collections.abc import Sequence
from dataclasses import replace

from ..interface import Part
from ..problems import Problem
from .world import Refusal

__all__ = [
    "bad_body",
    "bad_request",
    "missing_part",
    "wrong_part",
]


def missing_part(part: Part, code: str | None) -> Refusal:
    """Refuse a request without a credential; the service's own code, where one is known."""
    return Refusal("missing-key", code or "mock-1001", f"mock: {part.wire} is missing")


def wrong_part(part: Part, code: str | None) -> Refusal:
    """Refuse a request with a credential that the mock was not started with."""
    return Refusal("wrong-key", code or "mock-1002", f"mock: {part.wire} is not known")


def bad_body(problems: Sequence[Problem]) -> Refusal | None:
    """Refuse a body for the first thing that its check found; None where it found nothing."""
    if not problems:
        return None
    first, more = problems[0], len(problems) - 1
    kind, code = _OF_BODIES.get(first.rule, ("malformed", "mock-2003"))
    rest = f" (and {more} more)" if more else ""
    return Refusal(kind, code, f"mock: {first.path}: {first.message}{rest}")


def bad_request(problems: Sequence[Problem]) -> Refusal | None:
    """Refuse a request for the first thing that its check found; None where it found nothing."""
    refusal = bad_body(problems)
    if refusal is None:
        return None
    first = problems[0]
    # Who wrote the request knows the names on the wire; inside of records, the path says more.
    name = first.path if "." in first.path or "[" in first.path else first.wire
    return replace(refusal, text=refusal.text.replace(f"mock: {first.path}:", f"mock: {name}:", 1))


_OF_BODIES = {
    "required": ("missing", "mock-2001"),
    "too-long": ("too-long", "mock-2002"),
    "too-many-digits": ("too-long", "mock-2002"),
    "too-many-decimals": ("too-long", "mock-2002"),
    "not-a-code": ("not-a-code", "mock-2004"),
    "forbidden": ("not-a-code", "mock-2004"),
    "unknown-field": ("unknown-field", "mock-2005"),
}
