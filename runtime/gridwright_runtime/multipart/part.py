"""One part of a multipart body: its header and its content."""

from functools import cached_property

from msgspec import Struct

from ..codecs.body import MalformedBody
from .file_names import composed
from .mime_header import value_and_parameters, words

__all__ = ["BodyPart", "MalformedMultipart", "PartHead"]


class MalformedMultipart(MalformedBody):
    """A body that is not the multipart it says it is; the message never quotes it."""


class PartHead(Struct, frozen=True, dict=True):
    """The header of one part."""

    fields: tuple[tuple[str, str], ...]
    """Names in small letters, and values."""

    def get(self, name: str) -> str:
        """Return the first value of a header field; empty where there is none."""
        return next((value for known, value in self.fields if known == name), "")

    @cached_property
    def content_type(self) -> str:
        """The media type in small letters; empty where none is named."""
        return value_and_parameters(self.get("content-type"))[0].lower()

    @cached_property
    def charset(self) -> str:
        """The charset as named; empty where none is."""
        return value_and_parameters(self.get("content-type"))[1].get("charset", "")

    @cached_property
    def transfer_encoding(self) -> str:
        """How the content was written, in small letters; empty where nothing says it."""
        return value_and_parameters(self.get("content-transfer-encoding"))[0].lower()

    @cached_property
    def content_id(self) -> str:
        """The identifier without its brackets; empty where there is none."""
        return self.get("content-id").strip().removeprefix("<").removesuffix(">")

    @cached_property
    def name(self) -> str | None:
        """The name of a form's field; None where there is none."""
        name = self._disposition.get("name")
        return None if name is None else _unescaped(name)

    @cached_property
    def filename(self) -> str | None:
        """The name of the file, without its folder being looked at; None where there is none."""
        named = self._disposition.get("filename")
        if named is None:
            named = value_and_parameters(self.get("content-type"))[1].get("name")
        return None if named is None else composed(words(_unescaped(named)))

    @cached_property
    def _disposition(self) -> dict[str, str]:
        return value_and_parameters(self.get("content-disposition"))[1]


class BodyPart(Struct, frozen=True):
    """One whole part."""

    head: PartHead
    content: bytes
    """Decoded: base64 and quoted-printable are undone."""

    def __repr__(self) -> str:
        return f"<BodyPart of {len(self.content)} bytes>"


def _unescaped(name: str) -> str:
    for escaped, character in _ESCAPES:
        name = name.replace(escaped, character)
    return name


# What browsers escape, and nothing else: other percent signs belong to the name.
_ESCAPES = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))
