"""`gridwright harvest`: a lake of all that a service has is filled, and looked at."""

import argparse

from gridwright.commands.arguments import exits_text
from gridwright.commands.shell import generated_place, read_late_options, shell_module

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Harvest, or report about a harvest."""
    read_late_options(options)
    head = None
    if options.json:
        from gridwright.commands.printing import result_head  # loads what a call needs not

        head = result_head(options)
    status: int = shell_module("harvest_command").harvest_command(
        options.words,
        place=generated_place(options),
        quiet=options.quiet,
        head=head,
        exits=exits_text("harvest"),
    )
    return status
