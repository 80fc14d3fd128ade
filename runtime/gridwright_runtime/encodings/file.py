"""Write a body that is a file: it is read while it is sent, and not held in memory."""

from collections.abc import Callable, Mapping
from functools import partial

from ..errors import UploadError
from ..message import Stream
from ..multipart.upload import Progress, Upload
from ..texts.encoders import EncodingError
from .streams import CountedStream
from .wire_texts import fault_in

__all__ = ["FileBody"]


class FileBody:
    """One file, of the media type that its upload says.

    Args:
        upload: the file.

    Raises:
        EncodingError: it is no file, or of a media type that no header can say.
        UploadError: it cannot be read any more.
    """

    __slots__ = ("_measured", "_upload")

    def __init__(self, upload: object) -> None:
        if not isinstance(upload, Upload):
            raise EncodingError("wrong-type", "must be an Upload")
        if fault_in("header", upload.content_type) is not None:
            raise EncodingError("not-text", "has a content_type that no header can say")
        self._upload = upload
        try:
            self._measured = upload.measure()
        except OSError as error:
            said = error.strerror or "it has no known size"
        except ValueError:
            said = "it is closed"
        else:
            return
        # Not chained: the path may name a person.
        raise UploadError(f"nothing was sent: a file cannot be read: {said}")

    def write(
        self,
        soap_header: Mapping[str, object],
        security: str,
        new_boundary: Callable[[], str],
        progress: Progress | None,
        begin: Callable[[], object],
    ) -> tuple[list[tuple[str, str]], bytes | Stream]:
        """Return headers and body.

        Args:
            soap_header: empty.
            security: likewise.
            new_boundary: is not asked.
            progress: is called with how far the sending has come.
            begin: is called when the first byte is asked for.
        """
        upload, size_bytes = self._upload, self._measured.size_bytes
        headers = [("Content-Type", upload.content_type), ("Content-Length", str(size_bytes))]
        make = partial(upload.pieces, self._measured)
        return headers, CountedStream(make, size_bytes, progress, begin)

    def __repr__(self) -> str:
        return f"<file of {self._measured.size_bytes} bytes>"
