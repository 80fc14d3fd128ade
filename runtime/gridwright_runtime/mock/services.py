"""The former place of two faults; they are in `gridwright_runtime.mock.faults` now."""

import warnings

from .faults import soap_fault, system_failure

__all__ = ["soap_fault", "system_failure"]

warnings.warn(
    "gridwright_runtime.mock.services is now gridwright_runtime.mock.faults; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)
