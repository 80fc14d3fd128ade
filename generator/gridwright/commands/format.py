"""`gridwright format`: the text of specs in their one form."""

import argparse
import sys

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import print_result, say
from gridwright.commands.systems import choose_systems
from gridwright.output.write import replace_files
from gridwright.spec_format.files import unformatted_files

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Lay out the specs in the one form, or say which are not in it."""
    systems = choose_systems(options)
    if systems is None:
        return WRONG_USE
    found = unformatted_files(options.specs, systems)
    problems = [file.problem for file in found if file.text is None]
    for problem in problems:
        print(f"gridwright: {problem}", file=sys.stderr)
    changed = {file.path: file.text.encode() for file in found if file.text is not None}
    what = "is not in the one form: run `gridwright format`" if options.check else "laid out anew"
    for path in changed:
        say(options, f"{path}: {what}")
    if not options.check:
        replace_files(changed)
    print_result(options, files=[path.as_posix() for path in changed], problems=problems)
    return PROBLEMS if problems or (changed and options.check) else FINE
