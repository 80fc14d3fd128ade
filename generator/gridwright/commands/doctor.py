"""`gridwright doctor`: what a client needs is looked at, one thing after another."""

import argparse

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE, exits_text
from gridwright.commands.printing import complain, print_result, say
from gridwright.commands.shell import generated_place, read_late_options, shell_module

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Look at what a client of a system needs, and say what is missing."""
    read_late_options(options)
    doctor = shell_module("doctor")
    usage_error = shell_module("usage_error")
    place = generated_place(options)
    findings = []
    try:
        for finding in doctor.examine(options.words, place=place, exits=exits_text("doctor")):
            findings.append(finding)
            say(options, str(finding))
    except usage_error.UsageError as error:
        complain(options, str(error))
        return WRONG_USE
    print_result(options, findings=[finding.as_dict() for finding in findings])
    return PROBLEMS if any(finding.state == "problem" for finding in findings) else FINE
