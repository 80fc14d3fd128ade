"""`gridwright call`: one operation is called."""

import argparse

from gridwright.commands.arguments import exits_text
from gridwright.commands.shell import generated_place, read_late_options, shell_module

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Call an operation, and return what its outcome means."""
    read_late_options(options)
    head = None
    if options.json:
        from gridwright.commands.printing import result_head  # loads what a call needs not

        head = result_head(options)
    status: int = shell_module("call").call(
        options.words,
        place=generated_place(options),
        quiet=options.quiet,
        head=head,
        exits=exits_text("call"),
    )
    return status
