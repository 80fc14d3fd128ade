"""Command line: what was typed goes to the module of its command; what it raises ends here."""

import argparse
import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from gridwright.commands.arguments import FINE, INTERRUPTED, WRONG_USE, make_parser

__all__ = ["main"]

_OWN = ("gridwright", "gridwright_runtime", "gridwright_apis")
_BUILDING = ("generate", "check", "diff", "import")
"""Commands that make a great many objects, and end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: what was typed; None: what this process was started with, and it ends with it.
    """
    for stream in (sys.stdout, sys.stderr):
        # Specs hold every script, and a terminal may not: show the code point rather than fail.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    typed = sys.argv[1:] if arguments is None else arguments
    options = _quick_options(typed) or make_parser().parse_args(arguments)
    is_last = arguments is None and options.command in _BUILDING
    if is_last:
        gc.disable()
    try:
        status = _run(options)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _OWN:
            raise
        from gridwright.commands.printing import complain

        complain(options, f"{error.name} is not installed: pip install 'gridwright[generate]'")
        return WRONG_USE
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing is left to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        from gridwright.commands.printing import complain

        place = f"{error.filename}: " if error.filename else ""
        complain(options, f"{place}{error.strerror or error}")
        return WRONG_USE
    except Exception as error:
        from gridwright.commands.printing import complain
        from gridwright.output.write import OutputError  # loads what a call needs not

        if not isinstance(error, OutputError):
            raise
        complain(options, str(error))
        return WRONG_USE
    finally:
        if is_last:
            # What is left behind goes with the process. To look through it for cycles, as Python
            # does at its end, takes a fifth of a long run.
            gc.freeze()


def _quick_options(words: Sequence[str]) -> argparse.Namespace | None:
    """Return the options of a call as it is nearly always typed, without the parser of all else."""
    if len(words) < 2 or words[0] != "call" or words[1].startswith("-"):
        return None
    return argparse.Namespace(
        command="call",
        words=list(words[1:]),
        package="gridwright_apis",
        generated=Path("generated"),
        json=False,
        quiet=False,
    )


def _run(options: argparse.Namespace) -> int:
    # Only what this command needs is loaded. A module cannot be called `import`.
    name = "import_" if options.command == "import" else options.command
    status: int = import_module(f"gridwright.commands.{name}").command(options)
    return status
