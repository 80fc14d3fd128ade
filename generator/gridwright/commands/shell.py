"""Load the runtime's shell by name, for the commands that it carries out.

Their options come after the operation, and are known to nobody before the system's package is
loaded. Imports little, so that a call from a shell is fast.
"""

import argparse
from importlib import import_module
from typing import Any

from gridwright.commands.arguments import exits_text

__all__ = ["generated_place", "read_late_options", "run_in_shell", "shell_module"]


def shell_module(name: str) -> Any:
    """Load a module of the runtime's shell."""
    return import_module(f"gridwright_runtime.shell.{name}")


def generated_place(options: argparse.Namespace) -> Any:
    """Return where the generated package is looked for."""
    return shell_module("packages").PackageLocation(options.package, options.generated)


def read_late_options(options: argparse.Namespace) -> None:
    """Take those of our own options that stand among the words of a call.

    A word that is the name of an option is never the value of the option before it: argparse asks
    for ``--note=--json`` then. What follows ``--`` are values.
    """
    words = options.words
    named = words[: words.index("--")] if "--" in words else words
    options.json = options.json or "--json" in named
    options.quiet = options.quiet or "--quiet" in named


def run_in_shell(options: argparse.Namespace, command: str, module: str, function: str) -> int:
    """Let the runtime's shell run a command with the words that follow it.

    Args:
        options: our own options; what else was typed is in ``words``.
        command: whose exit statuses a help prints.
        module: the module of the shell.
        function: what runs the command there, and returns its exit status.
    """
    read_late_options(options)
    head = None
    if options.json:
        from gridwright.commands.printing import result_head  # loads what a call needs not

        head = result_head(options)
    status: int = getattr(shell_module(module), function)(
        options.words,
        place=generated_place(options),
        quiet=options.quiet,
        head=head,
        exits=exits_text(command),
    )
    return status
