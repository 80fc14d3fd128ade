"""Encrypt what is kept at a server, with a key of the user's. The key is in no repr and no text."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from secrets import token_bytes

from ..errors import ConfigurationError

__all__ = ["KEY_VARIABLE", "Sealer", "new_key", "sealer_of"]

KEY_VARIABLE = "GRIDWRIGHT_STORE_KEY"
"""The environment variable with the key; several are separated by commas, the first encrypts."""


class Sealer:
    """Encrypts by one key, and opens what any of several keys has encrypted.

    Each text is bound to a name: one that was moved to another name cannot be opened.
    """

    __slots__ = ("_open", "_seal")

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        try:
            from cryptography.exceptions import InvalidTag
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        except ImportError:
            raise ConfigurationError(
                "shared logins are encrypted, and need the extra: pip install 'gridwright[valkey]'"
            ) from None
        ciphers = [AESGCM(key) for key in keys]

        def seal(name: bytes, plain: bytes) -> bytes:
            nonce = token_bytes(_NONCE_BYTES)
            return _FORM + nonce + ciphers[0].encrypt(nonce, plain, name)

        def open_sealed(name: bytes, sealed: bytes) -> bytes | None:
            if not sealed.startswith(_FORM):
                return None
            nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
            for cipher in ciphers:
                try:
                    return cipher.decrypt(nonce, rest, name)
                except (InvalidTag, ValueError):
                    continue
            return None

        # Closures, so that tools that print the variables of a traceback find no key in an object.
        self._seal: Callable[[bytes, bytes], bytes] = seal
        self._open: Callable[[bytes, bytes], bytes | None] = open_sealed

    def seal(self, name: str, plain: bytes) -> bytes:
        """Encrypt a text that belongs to a name."""
        return self._seal(name.encode(), plain)

    def open(self, name: str, sealed: bytes) -> bytes | None:
        """Return what was encrypted for a name; None where no key opens it."""
        return self._open(name.encode(), sealed)

    def __repr__(self) -> str:
        return "<key>"


def sealer_of(key: str | None) -> Sealer:
    """Return what encrypts with a key, by default that of the environment.

    Raises:
        ConfigurationError: there is none, or it is none; the message does not repeat it.
    """
    text = os.environ.get(KEY_VARIABLE, "") if key is None else key
    if not text.strip():
        raise ConfigurationError(
            f"shared logins are encrypted with a key of yours: set {KEY_VARIABLE} to the same on "
            "all machines; `gridwright store key` makes one"
        )
    return Sealer(tuple(_read(one) for one in text.split(",")))


def new_key() -> str:
    """Return a new key, for the environment of all machines."""
    return urlsafe_b64encode(token_bytes(_KEY_BYTES)).decode()


def _read(text: str) -> bytes:
    try:
        found = urlsafe_b64decode(text.strip().encode("ascii"))
    except ValueError:
        found = b""
    if len(found) != _KEY_BYTES:
        raise ConfigurationError(
            f"the key of shared logins must be {_KEY_BYTES} bytes as base64, as "
            "`gridwright store key` makes it"
        )
    return found


_FORM = b"\x01"
_KEY_BYTES = 32
_NONCE_BYTES = 12
