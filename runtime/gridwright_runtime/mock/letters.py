"""Times that a mock writes in a document's pattern. Shares no code with what the client reads."""

import re

__all__ = ["strftime_of"]

_LETTERS = {
    "yyyy": "%Y", "YYYY": "%Y", "yy": "%y", "YY": "%y", "MMM": "%b", "MM": "%m", "dd": "%d",
    "DD": "%d", "HH24": "%H", "HH": "%H", "mi": "%M", "MI": "%M", "ss": "%S", "ww": "%V",
}  # fmt: skip
_TOKENS = re.compile("'[^']*'|HH24|yyyy|YYYY|MMM|yy|YY|MM|mm|dd|DD|HH|hh|mi|MI|ss|SS+|ww|.")


def strftime_of(pattern: str) -> str:
    """Return how Python calls the letters of a pattern; empty: the mock cannot write it."""
    found, has_hour, has_second = "", False, False
    for letters in _TOKENS.findall(pattern):
        if letters.startswith("'") and len(letters) > 1:
            found += letters[1:-1].replace("%", "%%")
        elif letters in ("HH24", "HH", "hh"):
            found, has_hour = f"{found}%H", True
        elif letters == "mm":
            found += "%M" if has_hour else "%m"
        elif letters.startswith("SS"):
            found += "0" * len(letters) if has_second else "%S"
        elif letters in _LETTERS:
            found += _LETTERS[letters]
        elif letters.isalpha() and letters not in "TZ":
            return ""
        else:
            found += letters.replace("%", "%%")
        has_second = has_second or letters == "ss"
    return found
