"""The former place of three faults; they are in `gridwright_runtime.mock.faults` now."""

import warnings

from .faults import lost, security_error, system_error

__all__ = ["lost", "security_error", "system_error"]

warnings.warn(
    "gridwright_runtime.mock.ticketed is now gridwright_runtime.mock.faults; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)
