"""Read forms with files as they arrive: files become a size and a digest, whatever their length."""

import hashlib
from collections.abc import AsyncIterator, Sequence

from ...codecs.body import MalformedBody
from ...multipart.part import PartHead
from ...multipart.read_stream import Event, MultipartStream, PartBegin, PartContent, PartEnd
from ...multipart.read_whole import boundary_of
from ..world import ReceivedFile

__all__ = ["Form", "read_form"]

Form = dict[str, object]
"""Texts, `ReceivedFile`, and lists of them where a name comes more than once."""


async def read_form(content_type: str, pieces: AsyncIterator[bytes]) -> Form:
    """Read a form, to its end even where it is malformed.

    Raises:
        MalformedBody: it is no form, or a text in it is too long.
    """
    form = _Form()
    problem: MalformedBody | None = None
    stream: MultipartStream | None = None
    try:
        stream = MultipartStream(boundary_of(content_type))
    except MalformedBody as error:
        problem = error
    async for piece in pieces:
        if stream is None or problem is not None:
            continue  # whoever answers before the end may find that nobody listens
        try:
            form.take(stream.feed(piece))
        except MalformedBody as error:
            problem = error
    if problem is not None or stream is None:
        raise MalformedBody(str(problem))
    form.take(stream.close())
    return form.fields


class _Form:
    """What has been read of a form."""

    def __init__(self) -> None:
        self.fields: Form = {}
        self._head = PartHead(())
        self._digest = hashlib.sha256()
        self._size = 0
        self._text = bytearray()

    def take(self, events: Sequence[Event]) -> None:
        """Take what has been completed.

        Raises:
            MalformedBody: a part has no name, or is a text that is too long or no text.
        """
        for event in events:
            match event:
                case PartBegin(head=head):
                    self._begin(head)
                case PartContent(content=content):
                    self._go_on(content)
                case PartEnd():
                    self._end()

    def _begin(self, head: PartHead) -> None:
        if not head.name:
            raise MalformedBody("a part of the form has no name")
        self._head = head
        self._digest, self._size = hashlib.sha256(), 0
        self._text.clear()

    def _go_on(self, content: bytes) -> None:
        self._size += len(content)
        if self._head.filename is not None:
            self._digest.update(content)
            return
        self._text += content
        if len(self._text) > _LONGEST_TEXT:
            raise MalformedBody("a text in the form is too long")

    def _end(self) -> None:
        name = self._head.name or ""
        value: object
        if self._head.filename is not None:
            value = ReceivedFile(
                self._head.filename,
                self._head.content_type,
                self._size,
                self._digest.hexdigest(),
            )
        else:
            try:
                value = self._text.decode()
            except UnicodeDecodeError:
                raise MalformedBody("a text in the form is not UTF-8") from None
        known = self.fields.get(name)
        if known is None:
            self.fields[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            self.fields[name] = [known, value]


_LONGEST_TEXT = 1_048_576
