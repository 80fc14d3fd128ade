"""Write the UsernameToken of WS-Security, as OASIS has it."""

import re
import secrets
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha1
from xml.sax.saxutils import escape

__all__ = ["hidden_in", "username_token"]

_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"


def username_token(user: str, password: str, now: datetime | None = None) -> str:
    """Return the header block with user and password.

    Args:
        user: as the account has it.
        password: likewise.
        now: when the request leaves, aware; None: the password is sent as it is.
    """
    kind, hashed = "PasswordText", ""
    if now is not None:
        kind, nonce = "PasswordDigest", secrets.token_bytes(16)
        created = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        # SHA-1 is what the standard says; the nonce keeps it from being looked up.
        digest = sha1(nonce + created.encode() + password.encode(), usedforsecurity=False)
        password = b64encode(digest.digest()).decode("ascii")
        hashed = (
            f'<wsse:Nonce EncodingType="{_WSS}-soap-message-security-1.0#Base64Binary">'
            f"{b64encode(nonce).decode('ascii')}</wsse:Nonce>"
            f'<wsu:Created xmlns:wsu="{_WSS}-wssecurity-utility-1.0.xsd">{created}</wsu:Created>'
        )
    return (
        f'<wsse:Security xmlns:wsse="{_WSS}-wssecurity-secext-1.0.xsd"><wsse:UsernameToken>'
        f"<wsse:Username>{_text(user)}</wsse:Username>"
        f'<wsse:Password Type="{_WSS}-username-token-profile-1.0#{kind}">{_text(password)}'
        f"</wsse:Password>{hashed}</wsse:UsernameToken></wsse:Security>"
    )


def hidden_in(token: str) -> list[str]:
    """Return what no text may show of a token: user, password or its digest, as written there."""
    return re.findall(r"<wsse:(?:Username|Password)[^>]*>([^<]+)<", token)


def _text(value: str) -> str:
    return escape(value, {"\r": "&#13;"})
