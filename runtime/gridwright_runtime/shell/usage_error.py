"""The error for a command that cannot be done as it was typed. No message holds a typed value."""

from collections.abc import Iterable

__all__ = ["UsageError", "near"]


class UsageError(Exception):
    """The command cannot be run as it was typed; the message says what to type instead."""


def near(word: str, known: Iterable[str]) -> str:
    """Return the words that may have been meant, as help; an empty text: there are none."""
    from difflib import get_close_matches

    wanted = word.replace("-", "_").lower()
    found = get_close_matches(wanted, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(found)}?" if found else ""
