"""`gridwright diff`: what has changed between two states of the specs."""

import argparse
import sys
from collections.abc import Sequence

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import complain, print_result, problem_data
from gridwright.diagnostics import Diagnostic
from gridwright.diff.driver import driver_output
from gridwright.diff.report import Report, fails
from gridwright.diff.report_github import github_report
from gridwright.diff.report_json import json_report
from gridwright.diff.report_markdown import markdown_report
from gridwright.diff.report_text import text_report
from gridwright.diff.run import DiffOptions, difference
from gridwright.diff.sides import SideError

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Compare two states of the specs, and report the changes."""
    options.json = options.json or options.format == "json"
    if options.git_driver:
        return _git_driver(options)
    problem = ""
    if options.old is None:
        problem = "name what to compare with, such as `gridwright diff origin/main`"
    elif options.amend and len(options.only) != 1:
        problem = "--amend belongs to one system: name it by --only"
    if problem:
        complain(options, problem)
        return WRONG_USE
    try:
        outcome = difference(
            DiffOptions(
                old=options.old,
                new=options.new,
                specs=options.specs,
                accept=options.accept,
                only=tuple(options.only),
                amendments=tuple(options.amend),
            )
        )
    except SideError as error:
        complain(options, str(error))
        return WRONG_USE
    if outcome.report is None:
        _print_sides(options, outcome.problems)
        return PROBLEMS
    return _print_report(options, outcome.report)


def _print_sides(
    options: argparse.Namespace, problems: Sequence[tuple[str, tuple[Diagnostic, ...]]]
) -> None:
    for side, found in problems:
        print(f"gridwright: {side} cannot be compared:", file=sys.stderr)
        for diagnostic in found:
            print(diagnostic, file=sys.stderr)
    print_result(
        options,
        problems=[
            {"side": side, **problem_data(problem)} for side, found in problems for problem in found
        ],
    )


def _print_report(options: argparse.Namespace, report: Report) -> int:
    laid_out = json_report if options.json else _LAID_OUT[options.format]
    if options.json or not options.quiet:
        print(laid_out(report), end="")
    return PROBLEMS if fails(report, options.fail_on) else FINE


def _git_driver(options: argparse.Namespace) -> int:
    if len(options.git_driver) < 7:
        complain(options, "git calls its driver with seven arguments")
        return WRONG_USE
    print(driver_output(options.git_driver), end="")
    return FINE


_LAID_OUT = {
    "text": text_report,
    "markdown": markdown_report,
    "github": github_report,
    "json": json_report,
}
