"""How the program of one judge ends: what it prints, and its exit status."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from judges.tools import ToolMissing
from judges.verdict import Verdict

__all__ = ["exit_status", "foreign_folder", "not_run", "printed"]


def exit_status(verdicts: Iterable[Verdict]) -> int:
    """Return 1 where a judge found something or, with ``CI=true``, did not run."""
    words = {verdict.word for verdict in verdicts}
    must_run = os.environ.get("CI") == "true"
    return int("failed" in words or (must_run and "not run" in words))


def printed(title: str, judge: Callable[[], Verdict]) -> Verdict:
    """Run a judge, and print what it says behind a title."""
    try:
        verdict = judge()
    except ToolMissing as missing:
        verdict = Verdict("not run", str(missing))
    print(f"{title}: {verdict.word}: {verdict.note}")
    return verdict


def not_run(reason: str) -> int:
    """Print why a judge that prints a table did not run, and return its exit status."""
    print(f"not run: {reason}")
    return exit_status([Verdict("not run")])


def foreign_folder(variable: str) -> Path | None:
    """Return the folder that a variable names; None where it is not set.

    The files of others are not in this repository, so that CI has none of them.

    Raises:
        SystemExit: the variable is set, and names no folder.
    """
    named = os.environ.get(variable)
    if not named:
        print(f"{variable} is not set: nothing was judged")
        return None
    if not Path(named).is_dir():
        raise SystemExit(f"{variable} names no folder: {named}")
    return Path(named)
