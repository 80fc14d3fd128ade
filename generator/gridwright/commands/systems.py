"""Choose the systems that a command works on."""

import argparse

from gridwright.commands.printing import complain
from gridwright.load import find_systems

__all__ = ["choose_systems", "is_unasked"]


def choose_systems(options: argparse.Namespace) -> list[str] | None:
    """Return the systems to work on; None, with a message, where the call makes no sense."""
    found = find_systems(options.specs)
    systems = list(options.systems or found)
    problem = ""
    if not options.specs.is_dir():
        problem = f"there is no folder {options.specs}; name it by --specs"
    elif not systems:
        problem = f"no spec in {options.specs}: `gridwright new SYSTEM` starts one"
    elif unknown := sorted(set(systems) - set(found)):
        known = ", ".join(found) or "none"
        problem = f"no spec of {', '.join(unknown)} in {options.specs}; known: {known}"
    elif options.amend and len(systems) != 1:
        problem = "--amend belongs to one system: name it"
    elif missing := [str(path) for path in options.amend if not path.is_file()]:
        problem = f"there is no file {', '.join(missing)}"
    if problem:
        complain(options, problem)
        return None
    return systems


def is_unasked(options: argparse.Namespace, folder: str) -> bool:
    """Complain where private facts would go into the usual folder; ``folder`` says what it is."""
    if not options.amend or options.out is not None:
        return False
    complain(
        options, f"--amend needs --out: private facts must not land in a {folder} folder unasked"
    )
    return True
