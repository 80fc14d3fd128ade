"""Load the runtime's shell by name, for the commands that it carries out.

Their options come after the operation, and are known to nobody before the system's package is
loaded. Imports little, so that a call from a shell is fast.
"""

import argparse
from importlib import import_module
from typing import Any

__all__ = ["generated_place", "read_late_options", "shell_module"]


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
