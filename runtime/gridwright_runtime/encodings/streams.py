"""Bodies that are sent piece by piece, and count how much has left."""

from collections.abc import Callable, Iterator

from ..multipart.upload import Progress

__all__ = ["CountedStream"]


class CountedStream:
    """A body as it is sent.

    Args:
        make: yields the pieces anew; raises `UploadError` where a file cannot be read to its end.
        size_bytes: of the whole.
        progress: is called with how far the sending has come.
        begin: is called when the first byte is asked for.
    """

    __slots__ = ("_begin", "_make", "_progress", "_sent_bytes", "_size_bytes")

    def __init__(
        self,
        make: Callable[[], Iterator[bytes]],
        size_bytes: int,
        progress: Progress | None,
        begin: Callable[[], object],
    ) -> None:
        self._make = make
        self._size_bytes = size_bytes
        self._progress = progress
        self._begin = begin
        self._sent_bytes = 0

    def pieces(self) -> Iterator[bytes]:
        """Yield the body.

        Raises:
            UploadError: a file cannot be read to its end.
        """
        self._begin()
        self._sent_bytes = 0
        yield from self._make()

    def sent(self, size_bytes: int) -> None:
        """Count what has left, and report it to who wants to know."""
        self._sent_bytes += size_bytes
        if self._progress is not None:
            self._progress(self._sent_bytes, self._size_bytes)

    def __repr__(self) -> str:
        return f"<body of {self._size_bytes} bytes>"
