"""Read the reply to a login step: whether it succeeded, its results, and how long they live."""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from http.cookies import CookieError, SimpleCookie
from math import isfinite
from urllib.parse import urlsplit

from ..codecs.body import MalformedBody, sniff
from ..codecs.charsets import charset_of
from ..codecs.json_codec import decode_plain
from ..interface import Step
from ..message import RawReply

__all__ = ["claim_in", "is_success", "lifetime_in", "location_in", "parts_in"]


def is_success(step: Step, raw: RawReply) -> bool:
    """Say whether a reply has the status of one that holds a result."""
    if step.success_status is None:
        return 200 <= raw.status_code < 300
    return raw.status_code == step.success_status


def parts_in(raw: RawReply, step: Step, address: str) -> dict[str, str] | None:
    """Return all parts of the result, each from the first place that has it.

    Args:
        raw: a reply to the step.
        step: says where to look.
        address: of the step, whole.

    Returns:
        The parts by name; None where one of them cannot be found that is not optional.
    """
    never = frozenset(text.casefold() for text in step.never)
    found: dict[str, str] = {}
    for name, places in step.read.items():
        for place in places:
            text = _at(raw, place, address)
            if isinstance(text, str) and text and not _is_word(text, never) and _is_token(text):
                found[name] = text
                break
        else:
            if name not in step.optional:
                return None
    return found


def lifetime_in(
    raw: RawReply, step: Step, address: str, *, parts: Mapping[str, str], now: datetime
) -> float | None:
    """Return how many seconds a result lives, by its reply or else by the document.

    None where neither says so.

    Args:
        raw: a reply to the step.
        step: says where to look.
        address: of the step, whole.
        parts: the results in it.
        now: when it was asked for.
    """
    place = step.lifetime_read
    if place.startswith("jwt "):
        token = next((text for name, text in parts.items() if name not in step.optional), "")
        text = claim_in(token, place.removeprefix("jwt "))
    else:
        text = _at(raw, place, address) if place else None
    is_number = isinstance(text, str | int | Decimal) and not isinstance(text, bool)
    try:
        said = float(text) if is_number else 0.0  # type: ignore[arg-type]  # one of these
    except (ValueError, OverflowError):
        said = 0.0
    if isfinite(said) and said > 0:
        # A token that has ended when it comes is of no use, and is not kept for good.
        return max(said - now.timestamp(), _SHORTEST) if step.lifetime_ends else said
    printed = step.lifetime_seconds
    return printed if printed is not None and printed > 0 else None


def location_in(raw: RawReply, address: str) -> str:
    """Return the address that a reply names for its result, at the server of the step.

    Empty where there is none, or where it leads elsewhere: to another server, another port, or out
    of TLS.
    """
    location = raw.header("location") or ""
    try:
        parts = urlsplit(location)
        is_ours = _origin(location) == _origin(address)
    except ValueError:  # no port
        return ""
    is_plain = not (parts.query or parts.fragment) and location.isascii() and location.isprintable()
    return location if is_ours and is_plain and location.rpartition("/")[2] else ""


def claim_in(token: str, name: str) -> object:
    """Return a claim of a JWT, whose signature is for the server to judge; None: there is none."""
    pieces = token.split(".")
    if len(pieces) != 3:
        return None
    try:
        claims = decode_plain(urlsafe_b64decode(pieces[1] + "=" * (-len(pieces[1]) % 4)), "")
    except (MalformedBody, ValueError):
        return None
    return claims.get(name) if isinstance(claims, Mapping) else None


def _at(raw: RawReply, place: str, address: str) -> object:
    kind, _, name = place.partition(" ")
    if kind == "cookie":
        return _cookie(raw, name)
    if kind == "header":
        if name.lower() == "location":  # an address is no result, but may end in one
            return location_in(raw, address).rpartition("/")[2]
        value = (raw.header(name) or "").strip()
        scheme, _, rest = value.partition(" ")
        # The scheme says how the result is to be presented, and is none of it.
        is_scheme = name.lower() == "authorization" and scheme.lower() == "bearer"
        return rest.strip() if is_scheme else value
    if kind != "body":
        raise ValueError(f"{place!r} is no place of a reply")
    tree = _tree(raw)
    for key in name.split(".") if name else ():
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree.strip() if isinstance(tree, str) else tree


def _cookie(raw: RawReply, name: str) -> str | None:
    for header, value in raw.headers:
        if header.lower() == "set-cookie":
            try:
                morsel = SimpleCookie(value).get(name)
            except CookieError:
                continue
            if morsel is not None:
                return morsel.value
    return None


def _tree(raw: RawReply) -> object:
    """Return a body as data; a bare text where it is no JSON."""
    kind = sniff(raw)
    try:
        return decode_plain(raw.body, raw.content_type)
    except MalformedBody:
        is_text = kind == "other" and len(raw.body) <= _LONGEST
        encoding = charset_of(raw.body, raw.content_type)
        return raw.body.decode(encoding, "replace") if is_text else None


def _is_word(text: str, never: frozenset[str]) -> bool:
    """Whether a text is a word that answers, such as ``Unauthorized.``, and so no result."""
    word = text.casefold().strip("\"'.!")
    return not word or word in never or word in _ANSWERS


def _is_token(text: str) -> bool:
    # Blanks are of sentences: no server writes one into a token.
    return len(text) <= _LONGEST and text.isascii() and text.isprintable() and " " not in text


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a password")
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port


_SHORTEST = 1e-3
"""In seconds: what has ended lives no longer, and has a life all the same."""
_LONGEST = 16_384  # some are signed and encrypted tokens
# Services that put errors into a success answer a login with such a word. No token is one.
_ANSWERS = frozenset(
    {
        "accessdenied",
        "authenticated",
        "badrequest",
        "denied",
        "error",
        "expired",
        "fail",
        "failed",
        "failure",
        "false",
        "forbidden",
        "internalservererror",
        "invalid",
        "invalidcredentials",
        "locked",
        "nil",
        "none",
        "notallowed",
        "notauthenticated",
        "notauthorized",
        "notfound",
        "null",
        "ok",
        "rejected",
        "success",
        "successful",
        "successfully",
        "true",
        "unauthenticated",
        "unauthorised",
        "unauthorized",
        "undefined",
    }
)
