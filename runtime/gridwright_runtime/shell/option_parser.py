"""Options of a command that has very many: what is wrong is said alone, without all of them."""

import argparse
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from .usage_error import UsageError

__all__ = ["OptionParser", "has_option"]


def has_option(words: Sequence[str], name: str) -> bool:
    """Say whether an option without a value is among the words that were typed.

    A word that is the name of an option is never the value of the option before it: argparse asks
    for ``--note=--once`` then. What follows ``--`` are values.
    """
    return name in (words[: words.index("--")] if "--" in words else words)


class OptionParser(argparse.ArgumentParser):
    """Takes whole options, and raises `UsageError` where argparse would print all of them."""

    def __init__(self, prog: str, *, place: str = "", **told: Any) -> None:
        typed = " ".join(filter(None, (prog, place)))
        super().__init__(
            prog=prog,
            usage=f"{typed.replace('%', '%%')} [OPTION …]",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **told,
        )

    def parse_args(  # type: ignore[override]  # no namespace is ever given
        self, args: Sequence[str] | None = None, namespace: None = None
    ) -> argparse.Namespace:
        """Parse what was typed; no message holds a value."""
        found, rest = self.parse_known_args(args, namespace)
        if not rest:
            return found
        names = [word.partition("=")[0] for word in rest if word.startswith("--")]
        if not names:
            self.error("a value stands there without its option")
        known = list(self._option_string_actions)
        near = [one for name in names for one in get_close_matches(name, known, n=2)]
        meant = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
        self.error(f"there is no option {', '.join(dict.fromkeys(names))}{meant}")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where all options stand."""
        end = "" if message.endswith("?") else ";"
        raise UsageError(f"{message}{end} see: {self.prog} --help")
