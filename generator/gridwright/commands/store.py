"""`gridwright store`: the server that machines share is begun, or looked at."""

import argparse
from importlib import import_module

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import complain, print_result, say
from gridwright.commands.shell import shell_module

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Begin, look at, or make the key of the server that machines share."""
    store = shell_module("store_command")
    usage_error = shell_module("usage_error")
    errors = import_module("gridwright_runtime.errors")
    if options.action == "key":
        key = import_module("gridwright_runtime.shared_server.encryption").new_key()
        say(options, key)
        print_result(options, key=key)
        return FINE
    try:
        if options.action == "begin":
            said = store.begin_store()
            say(options, said)
            print_result(options, said=said)
            return FINE
        findings = tuple(store.store_findings())
    except usage_error.UsageError as error:
        complain(options, str(error))
        return WRONG_USE
    except errors.ConfigurationError as error:
        complain(options, str(error))
        return PROBLEMS
    for finding in findings:
        say(options, str(finding))
    print_result(options, findings=[finding.as_dict() for finding in findings])
    return PROBLEMS if any(finding.state == "problem" for finding in findings) else FINE
