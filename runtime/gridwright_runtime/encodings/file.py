"""Write a body that is a file: it is read while it is sent, and not held in memory."""

from functools import partial

from ..errors import UploadError
from ..message import Stream
from ..multipart.upload import Measured, Upload
from ..texts.encoders import EncodingError
from .streams import CountedStream
from .varying_body import WhenSent
from .wire_texts import fault_in

__all__ = ["FileBody", "check_content_type", "measured"]


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
        check_content_type(upload)
        self._upload = upload
        self._measured = measured(upload)

    def write(self, at: WhenSent) -> tuple[list[tuple[str, str]], bytes | Stream]:
        """Return headers and body.

        Raises:
            UploadError: the file was empty, and is no longer.
        """
        upload, size_bytes = self._upload, self._measured.size_bytes
        headers = [("Content-Type", upload.content_type), ("Content-Length", str(size_bytes))]
        if not size_bytes:
            # The headers alone are the whole of it, so it is looked at before they leave.
            return headers, b"".join(upload.pieces(self._measured))
        make = partial(upload.pieces, self._measured)
        return headers, CountedStream(make, size_bytes, at.progress, at.begin)

    def __repr__(self) -> str:
        return f"<file of {self._measured.size_bytes} bytes>"


def check_content_type(upload: Upload) -> None:
    """Refuse a file of a media type that no header can say.

    Raises:
        EncodingError: it is of such a type.
    """
    if fault_in("header", upload.content_type) is not None:
        raise EncodingError("not-text", "has a content_type that no header can say")


def measured(upload: Upload) -> Measured:
    """Return the size of a file, and where it begins.

    Raises:
        UploadError: it cannot be read.
    """
    try:
        return upload.measure()
    except OSError as error:
        said = error.strerror or "it has no known size"
    except ValueError:
        said = "it is closed"
    # Not chained: the path may name a person.
    raise UploadError(f"nothing was sent: a file cannot be read: {said}")
