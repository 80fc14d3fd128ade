"""Refusals that do not depend on the data: of credentials and of what a document does not allow.

The codes are listed in `application`: ones that no service has, where no document knows any.
"""

from collections.abc import Mapping, Sequence

from ...interface import Part
from ...problems import Problem
from ..logins.accounts import Mismatch
from ..world import Refusal

__all__ = ["bad_request", "missing_part", "stale_token", "unknown_token", "wrong_part"]


def missing_part(part: Part, code: str | None) -> Refusal:
    """Refuse a request without a credential; the service's own code, where one is known."""
    return Refusal("missing-key", code or "mock-1001", f"mock: {part.wire} is missing")


def wrong_part(part: Part, code: str | None) -> Refusal:
    """Refuse a request with a credential that the mock was not started with."""
    return Refusal("wrong-key", code or "mock-1002", f"mock: {part.wire} is not known")


def unknown_token(mismatch: Mismatch) -> Refusal:
    """Refuse a request without the token of an account in its SOAP header, as OASIS has it."""
    if mismatch.is_missing:
        code, text = "wsse:InvalidSecurity", "mock: the SOAP header has no UsernameToken"
    else:
        code, text = "wsse:FailedAuthentication", "mock: the UsernameToken is not known"
    return Refusal("soap-fault", code, text)


def stale_token(reason: str) -> Refusal:
    """Refuse a token that is too old, or that was used before."""
    return Refusal("soap-fault", "wsse:InvalidSecurityToken", f"mock: {reason}")


def bad_request(problems: Sequence[Problem]) -> Refusal | None:
    """Refuse a request for the first thing that its check found; None where it found nothing."""
    if not problems:
        return None
    first, more = problems[0], len(problems) - 1
    # Who wrote the request knows the names on the wire; inside of records, the path says more.
    name = first.path if "." in first.path or "[" in first.path else first.wire
    kind, code = _BY_RULE.get(first.rule, ("malformed", "mock-2003"))
    rest = f" (and {more} more)" if more else ""
    return Refusal(kind, code, f"mock: {name}: {first.message}{rest}")


_BY_RULE: Mapping[str, tuple[str, str]] = {
    "required": ("missing", "mock-2001"),
    "too-long": ("too-long", "mock-2002"),
    "too-many-digits": ("too-long", "mock-2002"),
    "too-many-decimals": ("too-long", "mock-2002"),
    "not-a-code": ("not-a-code", "mock-2004"),
    "forbidden": ("not-a-code", "mock-2004"),
    "unknown-field": ("unknown-field", "mock-2005"),
}
