"""The former place of `Limiter`; it is in `gridwright_runtime.limits.limiter` now."""

import warnings

from .limiter import Limiter as LimitGate

__all__ = ["LimitGate"]

warnings.warn(
    "gridwright_runtime.limits.gate.LimitGate is now gridwright_runtime.limits.limiter.Limiter; "
    "the former name works until the next version",
    DeprecationWarning,
    stacklevel=2,
)
