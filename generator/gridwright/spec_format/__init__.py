"""Format spec files in one form, for `gridwright format`."""

from gridwright.spec_format.format_text import FormatError, formatted

__all__ = ["FormatError", "formatted"]
