"""`gridwright call`: one operation is called."""

import argparse

from gridwright.commands.shell import run_in_shell

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Call an operation, and return what its outcome means."""
    return run_in_shell(options, "call", "call", "call")
