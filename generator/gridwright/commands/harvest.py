"""`gridwright harvest`: a lake of all that a service has is filled, and looked at."""

import argparse

from gridwright.commands.shell import run_in_shell

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Harvest, or report about a harvest."""
    return run_in_shell(options, "harvest", "harvest_command", "harvest_command")
