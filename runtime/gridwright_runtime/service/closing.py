"""When a service opens that answers that it is closed; see `gridwright_runtime.limits.closing`."""

from ..limits.closing import opening_after

__all__ = ["opening_after"]
