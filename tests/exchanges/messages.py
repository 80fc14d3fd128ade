"""HTTP messages as a file has them: a first line, headers, a blank line, the body.

Knows nothing of gridwright. Where a body has several parts its lines end as the parts' do, with
carriage return and line feed; a line feed inside of a part is then written ``␊``.
"""

import base64
import re
from dataclasses import dataclass

__all__ = ["Message", "parsed"]

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_SERIAL = re.compile(rb"(?<=<serial>)[0-9]+")
PACKED = frozenset({"application/gzip", "application/zip"})
"""Media types whose bodies are written in base64."""
_NONCE = re.compile(rb"(?<=Base64Binary\">)[^<]+")
_DIGEST = re.compile(rb"(?<=PasswordDigest\">)[^<]+")
BOUNDARY, SERIAL, UUID = "BOUNDARY", "SERIAL", "UUID"
NONCE, DIGEST = "NONCE", "DIGEST"
"""What files have in place of what a client makes up."""


@dataclass(frozen=True)
class Message:
    """A request or a reply."""

    first: str
    """``GET /v1/ask?meter=1`` or ``200``."""
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the value of a header; empty where it is not there."""
        return {key.lower(): value for key, value in self.headers}.get(name.lower(), "")

    def settled(self) -> "Message":
        """Return the message with fixed words for what a client makes up anew each time."""
        found = _BOUNDARY.search(self.header("content-type"))
        boundary = found.group(1) if found else BOUNDARY
        body = _SERIAL.sub(SERIAL.encode(), _UUID.sub(UUID.encode(), self.body))
        body = _DIGEST.sub(DIGEST.encode(), _NONCE.sub(NONCE.encode(), body))
        headers = tuple((key, _fixed(value, boundary)) for key, value in self.headers)
        return Message(_fixed(self.first, boundary), headers, _bytes_fixed(body, boundary))

    def with_texts(self, texts: dict[str, str]) -> "Message":
        """Return the message with other texts in place of some."""

        def put(text: str) -> str:
            for old, new in texts.items():
                text = text.replace(old, new)
            return text

        headers = tuple((key, put(value)) for key, value in self.headers)
        return Message(put(self.first), headers, put(self.body.decode()).encode())


def parsed(text: str) -> Message:
    """Return the message that a file has as a text."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.strip("\n").split("\n")
    headers = tuple((key, value.strip()) for key, _, value in (li.partition(":") for li in lines))
    body = body.removesuffix("\n")
    if any(key == "Content-Type" and value in PACKED for key, value in headers):
        return Message(first, headers, base64.b64decode(body))
    if any(key == "Content-Type" and value.startswith("multipart/") for key, value in headers):
        body = body.replace("\n", "\r\n") + "\r\n"
    charset = next((v.partition("charset=")[2] for k, v in headers if k == "Content-Type"), "")
    return Message(first, headers, body.replace("␊", "\n").encode(charset or "utf-8"))


def _fixed(text: str, boundary: str) -> str:
    return _UUID.sub(UUID.encode(), text.encode()).decode().replace(boundary, BOUNDARY)


def _bytes_fixed(body: bytes, boundary: str) -> bytes:
    return body.replace(boundary.encode(), BOUNDARY.encode())
