"""The former place of `Attachment`; it is in `gridwright_runtime.multipart.attachment` now."""

import warnings

from ..multipart.attachment import Attachment

__all__ = ["Attachment"]

warnings.warn(
    "gridwright_runtime.service.attachment is now gridwright_runtime.multipart.attachment; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)
