"""The texts that a service expects in a part: texts to compare, and texts to take values from.

The client fills its sources by code of its own.
"""

import hmac
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import NamedTuple, assert_never

from ...interface import (
    Argument,
    Basic,
    FormatWord,
    Hole,
    NewId,
    Now,
    Part,
    Serial,
    ServiceName,
    Source,
    Text,
    UsernameToken,
)
from .security_tokens import ExpectedToken

__all__ = [
    "Expected",
    "Taken",
    "constant_of",
    "credentials_in",
    "expected_text",
    "fill_credentials",
    "holes_in",
    "is_access",
]


class Taken(NamedTuple):
    """What a text gave that fits: results of login steps by step and part."""

    results: Mapping[tuple[str, str], str]

    def __repr__(self) -> str:
        return "Taken(***)"


class Expected:
    """What one account presents in one part."""

    __slots__ = ("_password", "_pieces", "_token", "_user")

    def __init__(
        self, source: Text | Basic | UsernameToken, credentials: Mapping[str, str]
    ) -> None:
        self._pieces = _Template(source, credentials) if isinstance(source, Text) else None
        self._user = _Template(source.user, credentials) if isinstance(source, Basic) else None
        self._password = (
            _Template(source.password, credentials) if isinstance(source, Basic) else None
        )
        self._token = (
            ExpectedToken(
                fill_credentials(source.username, credentials),
                fill_credentials(source.password, credentials),
                is_digest=source.is_digest,
            )
            if isinstance(source, UsernameToken)
            else None
        )

    def take(self, text: str) -> Taken | None:
        """Return what a text gives; None where it is not what is expected."""
        if self._pieces is not None:
            return self._pieces.take(text)
        if self._token is not None:
            return _NOTHING if self._token.fits(text) else None
        user, colon, password = _basic_pair(text)
        if not colon or self._user is None or self._password is None:
            return None
        first, second = self._user.take(user), self._password.take(password)
        if first is None or second is None:
            return None
        return Taken({**first.results, **second.results})

    def __repr__(self) -> str:
        return "<expected>"


class _Template:
    """A text with holes, the credentials of an account already in it."""

    __slots__ = ("_holes", "_pattern", "_whole")

    def __init__(self, source: Text, credentials: Mapping[str, str]) -> None:
        parts: list[str] = []
        self._holes: list[tuple[str, str] | None] = []
        self._whole: str | None = ""
        for piece in source.pieces:
            if isinstance(piece, Hole) and piece.kind != "credential":
                parts.append("(.*)")
                is_result = piece.kind == "step"
                self._holes.append((piece.name, piece.part) if is_result else None)
                self._whole = None
                continue
            text = piece if isinstance(piece, str) else credentials.get(piece.name, "")
            parts.append(re.escape(text))
            if self._whole is not None:
                self._whole += text
        self._pattern = re.compile("".join(parts), re.DOTALL)

    def take(self, text: str) -> Taken | None:
        if self._whole is not None:
            is_same = hmac.compare_digest(
                text.encode("utf-8", "replace"), self._whole.encode("utf-8", "replace")
            )
            return _NOTHING if is_same else None
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        pairs = zip(self._holes, found.groups(), strict=True)
        return Taken({hole: value.strip() for hole, value in pairs if hole is not None})


def holes_in(source: Source) -> tuple[Hole, ...]:
    """Return the holes of a source, in order."""
    match source:
        case Text():
            return tuple(piece for piece in source.pieces if isinstance(piece, Hole))
        case Basic():
            return (*holes_in(source.user), *holes_in(source.password))
        case UsernameToken():
            return (*holes_in(source.username), *holes_in(source.password))
        case Argument() | NewId() | Serial() | Now() | ServiceName() | FormatWord():
            return ()
        case _:
            assert_never(source)


def credentials_in(source: Source) -> tuple[str, ...]:
    """Return the names of the credentials that a source carries."""
    return tuple(hole.name for hole in holes_in(source) if hole.kind == "credential")


def is_access(part: Part) -> bool:
    """Say whether a part carries a credential or the result of a login step."""
    return any(hole.kind != "option" for hole in holes_in(part.source))


def constant_of(part: Part) -> str | None:
    """Return the text of a part that is always the same; None where it is not."""
    if isinstance(part.source, Text) and not holes_in(part.source):
        return expected_text(part.source)
    return None


def expected_text(source: Text) -> str:
    """Return the text of a source without holes."""
    return "".join(piece for piece in source.pieces if isinstance(piece, str))


def fill_credentials(source: Text, credentials: Mapping[str, str]) -> str:
    """Return a text with the credentials of an account in it."""
    return "".join(
        piece if isinstance(piece, str) else credentials.get(piece.name, "")
        for piece in source.pieces
    )


def _basic_pair(text: str) -> tuple[str, str, str]:
    scheme, _, encoded = text.partition(" ")
    if scheme.lower() != "basic":
        return "", "", ""
    try:
        return b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", "", ""


_NOTHING = Taken({})
