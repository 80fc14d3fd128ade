"""`gridwright find`: words are looked up in what systems say of themselves."""

import argparse
import sys

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import complain, print_result, say
from gridwright.commands.shell import generated_place, shell_module

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Look words up in what the systems say of themselves."""
    finding = shell_module("find")
    packages = shell_module("packages")
    usage_error = shell_module("usage_error")
    try:
        found = finding.find(
            options.words,
            place=generated_place(options),
            systems=options.only,
            line=options.line,
        )
    except usage_error.UsageError as error:
        complain(options, str(error))
        return WRONG_USE
    for entry in found:
        say(options, str(entry))
    if not found:
        known = packages.list_systems(generated_place(options))
        print(finding.nothing_found(options.words, known), file=sys.stderr)
    print_result(options, found=[entry.as_dict() for entry in found])
    return FINE if found else PROBLEMS
