"""Read and judge the UsernameToken of WS-Security, as a service does."""

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["ExpectedToken", "SeenNonces", "token_text"]

_PREFIX = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_SECURITY = f"{{{_PREFIX}wssecurity-secext-1.0.xsd}}"
_CREATED = f"{{{_PREFIX}wssecurity-utility-1.0.xsd}}Created"
_PROFILE = f"{_PREFIX}username-token-profile-1.0#"
_FRESH = timedelta(minutes=5)
"""How old a token may be, and how far ahead a clock: what the standard recommends."""


def token_text(header: "_Element | None") -> str:
    """Return the token of a SOAP header as one text, its fields by name; empty: there is none."""
    found = None if header is None else header.find(f"{_SECURITY}Security/{_SECURITY}UsernameToken")
    if found is None:
        return ""
    password = found.find(f"{_SECURITY}Password")
    fields = {
        "username": found.findtext(f"{_SECURITY}Username"),
        "password": None if password is None else password.text or "",
        # Without a type, it is the password itself.
        "type": _PROFILE + "PasswordText" if password is None else password.get("Type"),
        "nonce": found.findtext(f"{_SECURITY}Nonce"),
        "created": found.findtext(_CREATED),
    }
    return json.dumps(fields)


class ExpectedToken:
    """The token that one account presents; its repr shows nothing of it."""

    __slots__ = ("_is_digest", "_password", "_username")

    def __init__(self, username: str, password: str, *, is_digest: bool) -> None:
        self._username = username
        self._password = password
        self._is_digest = is_digest

    def fits(self, text: str) -> bool:
        """Say whether a token, as `token_text` gives it, is that of the account."""
        fields = json.loads(text)
        kind = fields["type"] or f"{_PROFILE}PasswordText"
        if kind != f"{_PROFILE}Password{'Digest' if self._is_digest else 'Text'}":
            return False
        wanted = _digest(fields, self._password) if self._is_digest else self._password
        is_user = hmac.compare_digest((fields["username"] or "").encode(), self._username.encode())
        return is_user and hmac.compare_digest((fields["password"] or "").encode(), wanted.encode())

    def __repr__(self) -> str:
        return "<expected token>"


class SeenNonces:
    """The nonces that were seen, so that no token serves twice."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}

    def fault_in(self, text: str, now: datetime) -> str:
        """Say what is wrong with a token in time; empty: nothing. It is seen from then on."""
        fields = json.loads(text)
        nonce, created = fields["nonce"], fields["created"]
        if created is None:
            return ""
        try:
            made = datetime.fromisoformat(created)
        except ValueError:
            return "the time of the token is none"
        if made.tzinfo is None or abs(now - made) > _FRESH:
            return "the token is not of now"
        self._seen = {one: time for one, time in self._seen.items() if now - time <= _FRESH}
        if nonce in self._seen:
            return "the nonce of the token was used before"
        self._seen[nonce] = made
        return ""

    def __repr__(self) -> str:
        return "<seen nonces>"


def _digest(fields: dict[str, str | None], password: str) -> str:
    try:
        nonce = base64.b64decode(fields["nonce"] or "", validate=True)
    except (binascii.Error, ValueError):
        return ""
    hashed = hashlib.sha1(usedforsecurity=False)
    for piece in (nonce, (fields["created"] or "").encode(), password.encode()):
        hashed.update(piece)
    return base64.standard_b64encode(hashed.digest()).decode()
