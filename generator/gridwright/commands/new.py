"""`gridwright new`: a spec is started."""

import argparse
from pathlib import Path

from gridwright.commands.arguments import FINE, WRONG_USE
from gridwright.commands.printing import complain, print_result, say
from gridwright.new import Choices, NewSpecError, start_spec

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Start the spec of a system."""
    choices = Choices(
        key=options.key or ("none" if options.oauth else "header"),
        session=options.session,
        oauth=options.oauth or "",
        list="" if options.list == "none" else options.list,
        format=options.format,
        paging=options.paging,
    )
    try:
        paths = start_spec(options.specs, options.system, choices)
    except NewSpecError as error:
        complain(options, str(error))
        return WRONG_USE
    for path in paths:
        say(options, str(path))
    where = "" if options.specs == Path("specs") else f" --specs {options.specs}"
    say(options, f"next: transcribe the document, then `gridwright check {options.system}{where}`")
    say(options, f"it works at once: `gridwright generate{where}`, then the mock:")
    say(options, f"  `gridwright mock {options.system}`")
    print_result(options, files=[path.as_posix() for path in paths])
    return FINE
