"""Print what commands say: text, or JSON of a versioned form; mistakes in colour on a terminal.

`docs/schemas/commands-1.schema.json` describes the JSON.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from gridwright.diagnostics import Diagnostic

__all__ = [
    "complain",
    "is_progress_shown",
    "print_problems",
    "print_result",
    "problem_data",
    "result_head",
    "say",
]

_VERSION = 1


def say(options: argparse.Namespace, text: str) -> None:
    """Print a line of the result, where it is wanted as text."""
    if not options.json and not options.quiet:
        print(text)


def print_result(options: argparse.Namespace, **data: object) -> None:
    """Print the result as JSON, where it is wanted so."""
    if options.json:
        whole = {**result_head(options), **data}
        # Elsewhere a character that cannot be printed would be spelt as no JSON parser reads it.
        is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(whole, ensure_ascii=not is_unicode, indent=1), flush=True)


def result_head(options: argparse.Namespace) -> dict[str, object]:
    """Return what every result as JSON begins with."""
    return {"version": _VERSION, "command": options.command}


def complain(options: argparse.Namespace, text: str) -> None:
    """Say on standard error why a command cannot do its work, and in JSON where that is wanted."""
    print(f"gridwright: {text}", file=sys.stderr)
    print_result(options, error=text)


def print_problems(options: argparse.Namespace, problems: Sequence[Diagnostic]) -> None:
    """Print mistakes as text, also where no result is wanted; JSON belongs to the result."""
    if options.json:
        return
    shown = _coloured if _has_colours() else str
    for problem in problems:
        print(shown(problem))
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}", file=sys.stderr)


def problem_data(problem: Diagnostic) -> dict[str, object]:
    """Return a mistake for a machine."""
    return {
        "file": problem.span.file,
        "line": problem.span.line,
        "column": problem.span.column,
        "code": problem.code,
        "message": problem.message,
        "help": problem.help,
    }


def is_progress_shown(options: argparse.Namespace) -> bool:
    """Say whether somebody watches the run on a terminal that can rewrite a line."""
    return not options.json and not options.quiet and sys.stderr.isatty() and not _is_dumb()


def _has_colours() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not _is_dumb()


def _is_dumb() -> bool:
    return os.environ.get("TERM") == "dumb"


def _coloured(problem: Diagnostic) -> str:
    # The text of a diagnostic holds no control character, so the first match is ours.
    mark = f"error[{problem.code}]"
    return (
        str(problem)
        .replace(mark, f"\x1b[1;31m{mark}\x1b[0m", 1)
        .replace("\n  help:", "\n  \x1b[36mhelp:\x1b[0m", 1)
    )
