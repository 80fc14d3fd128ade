"""Read a multipart body piece by piece, as it arrives."""

from typing import Literal

from msgspec import Struct

from .mime_header import header_fields
from .part import MalformedMultipart, PartHead

__all__ = [
    "LIMITS",
    "Event",
    "MultipartLimits",
    "MultipartStream",
    "PartBegin",
    "PartContent",
    "PartEnd",
]


class MultipartLimits(Struct, frozen=True, kw_only=True):
    """How much a body may ask for."""

    parts: int = 200
    header_bytes: int = 16_384
    """Of one part."""


class PartBegin(Struct, frozen=True):
    """A part begins."""

    head: PartHead


class PartContent(Struct, frozen=True):
    """Some of the content of the part, as it was sent."""

    content: bytes


class PartEnd(Struct, frozen=True):
    """The part is whole."""


Event = PartBegin | PartContent | PartEnd
LIMITS = MultipartLimits()


class MultipartStream:
    """Finds the parts of one body.

    Lines may end with CR LF or LF. What stands before the first boundary and after the last is
    passed over.
    """

    def __init__(self, boundary: str, limits: MultipartLimits = LIMITS) -> None:
        self._delimiter = b"\n--" + boundary.encode("ascii")
        self._limits = limits
        # A boundary follows the end of a line; the line before the first one is imagined.
        self._buffer = bytearray(b"\n")
        self._phase: Literal["preamble", "header", "content", "epilogue"] = "preamble"
        self._parts = 0
        self._only_lf = False

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes, and return what they complete.

        Raises:
            MalformedMultipart: a part has no proper header, or a limit is exceeded.
        """
        self._buffer += data
        return self._read(last=False)

    def close(self) -> list[Event]:
        """Say that the body has ended, and return what that completes.

        Raises:
            MalformedMultipart: as above, or the last boundary is missing.
        """
        events = self._read(last=True)
        if self._phase == "preamble":
            raise MalformedMultipart("the multipart body does not hold the boundary it names")
        if self._phase != "epilogue":
            raise MalformedMultipart("the multipart body is cut off: its last boundary is missing")
        return events

    def _read(self, last: bool) -> list[Event]:
        events: list[Event] = []
        steps = {"preamble": self._preamble, "header": self._header, "content": self._content}
        while (step := steps.get(self._phase)) is not None:
            if not step(events, last):
                return events
        self._buffer.clear()
        return events

    def _preamble(self, events: list[Event], last: bool) -> bool:
        at, end, closes = self._boundary(last)
        if end < 0:
            del self._buffer[:at]
            return False
        self._only_lf = self._buffer[end - 1 : end] != b"\r"
        self._begin_part(end, closes)
        return True

    def _header(self, events: list[Event], last: bool) -> bool:
        # The buffer begins with the end of the line of the boundary.
        blank = _blank_line(self._buffer)
        stop = blank[0] + len(self._delimiter) if blank else len(self._buffer)
        at, end, closes = self._boundary(last, stop)
        if end >= 0:
            events += (PartBegin(self._head(at)), PartEnd())
            self._begin_part(end, closes)
            return True
        if blank is None:
            if len(self._buffer) > self._limits.header_bytes:
                raise MalformedMultipart("the header of a part is too long")
            return False
        events.append(PartBegin(self._head(blank[0])))
        del self._buffer[: blank[1]]
        self._phase = "content"
        self._skipped = 1  # the end of the blank line, which may begin a boundary, too
        return True

    def _content(self, events: list[Event], last: bool) -> bool:
        at, end, closes = self._boundary(last)
        stop = at
        if not self._only_lf and self._buffer[at - 1 : at] == b"\r" and at > self._skipped:
            stop = at - 1
        if stop > self._skipped:
            with memoryview(self._buffer) as view:
                events.append(PartContent(bytes(view[self._skipped : stop])))
        if end < 0:
            if stop > self._skipped:
                del self._buffer[:stop]
                self._skipped = 0
            return False
        events.append(PartEnd())
        self._begin_part(end, closes)
        return True

    def _begin_part(self, end: int, closes: bool) -> None:
        del self._buffer[:end]
        self._phase = "epilogue" if closes else "header"
        self._parts += not closes
        if self._parts > self._limits.parts:
            raise MalformedMultipart("the multipart body has too many parts")

    def _head(self, stop: int) -> PartHead:
        if stop > self._limits.header_bytes:
            raise MalformedMultipart("the header of a part is too long")
        fields = header_fields(bytes(self._buffer[1:stop]))
        if fields is None:
            raise MalformedMultipart("a part has a line in its header that is no header field")
        return PartHead(fields)

    def _boundary(self, last: bool, stop: int | None = None) -> tuple[int, int, bool]:
        """Find the next line that is a boundary, up to ``stop``.

        Returns:
            Where the end of the line before it is, where its own is, and whether it is the last
            one. The second is -1 where there is none; then the first says how much is surely none.
        """
        buffer, delimiter = self._buffer, self._delimiter
        at = buffer.find(delimiter, 0, stop)
        while at >= 0:
            end, closes = _rest_of_line(buffer, at + len(delimiter), last)
            if end != _NO_BOUNDARY:
                return at, end, closes  # -1: the rest of the line has not come yet
            at = buffer.find(delimiter, at + 1, stop)
        return (len(buffer) if last else _without_start(buffer, delimiter)), -1, False


def _rest_of_line(buffer: bytearray, at: int, last: bool) -> tuple[int, bool]:
    """Return where a boundary's line ends, and whether it is the last one."""
    closes = buffer.startswith(b"--", at)
    stop = at = at + 2 * closes
    while stop < len(buffer) and buffer[stop] in b" \t" and stop - at < _MOST_PADDING:
        stop += 1
    if buffer.startswith(b"\n", stop):
        return stop, closes
    if buffer.startswith(b"\r\n", stop):
        return stop + 1, closes
    if last:
        return (stop, True) if closes and stop == len(buffer) else (_NO_BOUNDARY, False)
    rest = bytes(buffer[stop : stop + 2])
    may_grow = rest in (b"", b"\r") or (rest == b"-" and stop == at and not closes)
    return (-1, False) if may_grow else (_NO_BOUNDARY, False)


def _blank_line(buffer: bytearray) -> tuple[int, int] | None:
    """Return where the line before the first blank line ends, and where the blank one does."""
    with_cr, without = buffer.find(b"\n\r\n"), buffer.find(b"\n\n")
    if with_cr >= 0 and (without < 0 or with_cr < without):
        return with_cr, with_cr + 2
    return (without, without + 1) if without >= 0 else None


def _without_start(buffer: bytearray, delimiter: bytes) -> int:
    """Return how much of the buffer cannot be the start of a boundary."""
    at = buffer.rfind(b"\n", max(len(buffer) - len(delimiter), 0))
    if at >= 0 and delimiter.startswith(buffer[at:]):
        return at
    # A carriage return may belong to the boundary's line end.
    return len(buffer) - buffer.endswith(b"\r")


_NO_BOUNDARY = -2
_MOST_PADDING = 256
