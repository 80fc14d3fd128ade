"""One form for spec files: what `gridwright format` makes of a text."""

from gridwright.spec_format.format_text import FormatError, formatted

__all__ = ["FormatError", "formatted"]
