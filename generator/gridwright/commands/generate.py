"""`gridwright generate`: specs become packages, schemas and pages."""

import argparse
import sys
import time
from pathlib import Path

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import (
    is_progress_shown,
    print_problems,
    print_result,
    problem_data,
    say,
)
from gridwright.commands.systems import choose_systems, is_unasked
from gridwright.run import GenerateOptions, run

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Generate from all specs, or from those that are named."""
    systems = choose_systems(options)
    if systems is None:
        return WRONG_USE
    if is_unasked(options, "committed"):
        return WRONG_USE
    result = run(
        GenerateOptions(
            specs=options.specs,
            out=options.out or Path("generated"),
            package=options.package,
            systems=tuple(systems),
            amendments=tuple(options.amend),
            carry_spec=options.carry_spec,
            whole=not options.systems,
            force=options.force,
            progress=_progress if is_progress_shown(options) else None,
        ),
        clock=time.perf_counter,
    )
    print_problems(options, result.problems)
    for row in result.rows:
        say(options, str(row))
    print_result(
        options,
        systems=[row.as_dict() for row in result.rows],
        problems=[problem_data(problem) for problem in result.problems],
    )
    return PROBLEMS if result.problems else FINE


def _progress(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
