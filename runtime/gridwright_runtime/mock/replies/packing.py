"""Pack a body as a service does, the same bytes each time."""

import gzip
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ...codecs.packing import Packing

__all__ = ["MEDIA", "packed"]

MEDIA = {
    "gzip": "application/gzip",
    "zip": "application/zip",
    "zip_of_many": "application/zip",
}


def packed(members: Sequence[bytes], packing: Packing) -> bytes:
    """Pack messages; gzip has one alone."""
    if packing == "gzip":
        return gzip.compress(members[0], mtime=0)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for number, content in enumerate(members, 1):
            info = ZipInfo(f"part-{number}")
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()
