"""`gridwright import`: a foreign file becomes the draft of a spec."""

import argparse

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import (
    complain,
    print_problems,
    print_result,
    problem_data,
    say,
)
from gridwright.importing.read_file import ForeignFileError
from gridwright.importing.run import import_file
from gridwright.importing.unsaid import counts
from gridwright.new import NewSpecError

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Turn a foreign file into the draft of a spec, or merge its newer state into one."""
    try:
        found = import_file(options.file, specs=options.specs, system=options.system)
    except (ForeignFileError, NewSpecError) as error:
        complain(options, str(error))
        return WRONG_USE
    say(options, f"{found.path}: {found.operations} operations")
    if found.left_out:
        most = [f"{what} {count}" for what, count in counts(found.left_out)[:6]]
        unsaid = found.path.with_name("unsaid.yaml")
        say(options, f"{unsaid}: {len(found.left_out)} facts left out: {', '.join(most)}")
    for name, lines in found.decisions.items():
        for line in lines:
            say(options, f"to decide, {name}: {line}")
    for kept in found.conflicts:
        newer = f"now {kept.newer!r}" if kept.newer else "gone"
        say(options, f"edited, so it stays: {kept.path}, which in the file is {newer}")
    print_problems(options, found.problems)
    say(options, f"next: review the draft, then `gridwright check {options.system}`")
    print_result(
        options,
        file=found.path.as_posix(),
        operations=found.operations,
        not_said=[str(left) for left in found.left_out],
        to_decide={name: list(lines) for name, lines in found.decisions.items()},
        merged=found.is_merged,
        kept={kept.path: kept.newer for kept in found.conflicts},
        problems=[problem_data(problem) for problem in found.problems],
    )
    return PROBLEMS if found.problems else FINE
