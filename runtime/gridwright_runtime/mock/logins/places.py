"""Find the places in replies where results of logins stand, as ``Step.read`` and ``session_place``
write it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from ...errors import ConfigurationError

__all__ = ["LoginReply", "check_place", "write_login"]

_KINDS = ("header", "cookie", "body", "text", "nowhere")


class LoginReply(NamedTuple):
    """The reply to a login."""

    body: bytes
    media_type: str
    headers: Mapping[str, str]

    def __repr__(self) -> str:
        return "LoginReply(***)"


def check_place(place: str) -> str:
    """Return a place.

    Raises:
        ConfigurationError: it is none.
    """
    kind, _, name = place.partition(" ")
    if kind not in _KINDS or (kind in ("header", "cookie") and not name):
        raise ConfigurationError(f"{place!r} is no place for a session")
    return place


def write_login(values: Mapping[str, object], otherwise: str) -> LoginReply:
    """Write results into their places.

    Args:
        values: results by place: ``header NAME``, ``cookie NAME``, ``body KEY`` with dots between
            the names of objects, ``body`` (a JSON string), ``text`` (a bare text) or ``nowhere``.
        otherwise: what the body says where no result stands in it.
    """
    headers: dict[str, str] = {}
    tree: dict[str, object] = {}
    whole: object = otherwise
    text: str | None = None
    for place, value in values.items():
        kind, _, key = place.partition(" ")
        if kind == "header":
            headers[key] = str(value)
        elif kind == "cookie":
            headers["set-cookie"] = f"{key}={value}; Path=/; HttpOnly"
        elif kind == "text":
            text = str(value)
        elif kind == "body" and not key:
            whole = value
        elif kind == "body":
            _set(tree, key.split("."), value)
    if text is not None:
        return LoginReply(text.encode(), "text/plain; charset=utf-8", headers)
    body = msgspec.json.encode(tree or whole)
    return LoginReply(body, "application/json; charset=utf-8", headers)


def _set(tree: dict[str, object], steps: list[str], value: object) -> None:
    for step in steps[:-1]:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[steps[-1]] = value
