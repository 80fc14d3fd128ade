"""Say which rights a service misses, as OAuth 2.0 names them: scopes.

A challenge may name the scope that a request needs; which one the login asked for is known.
"""

import re
from collections.abc import Iterable

from ..interface import Part, Step, Text
from ..message import RawReply
from ..redact import scrub

__all__ = ["rights_missed", "scopes_asked"]


def scopes_asked(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the scopes that logins ask for: the constants that they send under that name."""
    found = [_constant(part) for step in steps for parts in step.parts.values() for part in parts]
    return tuple(dict.fromkeys(filter(None, found)))


def rights_missed(raw: RawReply, asked: Iterable[str], hide: Iterable[str]) -> str:
    """Return what is known of missing rights, as part of a sentence; empty: nothing is.

    Args:
        raw: a reply that refuses a call.
        asked: the scopes that its login asked for.
        hide: values that no text may show.
    """
    found = (value for name, value in raw.headers if name.lower() == "www-authenticate")
    challenges = " ".join(found)[:_LONGEST]
    is_named = _INSUFFICIENT.search(challenges) is not None
    if not is_named and raw.status_code != _FORBIDDEN:
        return ""
    told = _SCOPE.search(challenges)
    needed = scrub(" ".join(told[1].split()), hide) if told is not None else ""
    words = []
    if needed:
        words.append(f"the service says that this needs the scope '{needed}'")
    elif is_named:
        words.append("the service says that the scope does not suffice")
    words += [f"the login asked for the scope '{one}'" for one in asked]
    return ", and ".join(words)


def _constant(part: Part) -> str:
    """Return the text that a part of this name always carries; a credential is none."""
    pieces = part.source.pieces if isinstance(part.source, Text) else ()
    is_constant = part.wire == "scope" and all(isinstance(piece, str) for piece in pieces)
    return "".join(map(str, pieces)) if is_constant else ""


_FORBIDDEN = 403
_LONGEST = 4096
_INSUFFICIENT = re.compile(r"\berror\s*=\s*\"?insufficient_scope\b", re.IGNORECASE)
_SCOPE = re.compile(r"\bscope\s*=\s*\"([\x20\x21\x23-\x5b\x5d-\x7e]{1,500})\"", re.IGNORECASE)
