"""The former place of `Upload`; it is in `gridwright_runtime.multipart.upload` now."""

import warnings

from ..multipart.upload import Measured, Progress, Reporting, Upload

__all__ = ["Measured", "Progress", "Reporting", "Upload"]

warnings.warn(
    "gridwright_runtime.service.upload is now gridwright_runtime.multipart.upload; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)
