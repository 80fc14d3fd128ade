"""`gridwright mock`: mocks of generated systems are served on loopback."""

import argparse
import sys
from collections.abc import Mapping
from importlib import import_module

from gridwright.commands.arguments import FINE, WRONG_USE
from gridwright.commands.printing import complain, print_result

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Serve the mocks of some systems until they are stopped."""
    systems = list(dict.fromkeys(options.systems))
    if options.port and options.port + len(systems) > 65536:
        complain(options, f"there are no {len(systems)} ports from {options.port} on")
        return WRONG_USE
    package = options.generated.joinpath(*options.package.split("."))
    if any((package / system).is_dir() for system in systems):
        # What was generated here comes before what is installed.
        sys.path.insert(0, str(options.generated.resolve()))
    addresses: dict[str, str] = {}
    applications = {}
    system = systems[0]
    try:
        serving = import_module("gridwright_runtime.mock.serve")
        pages = import_module("gridwright_runtime.mock.web_page.pages")
        for system in systems:
            application = import_module(f"{options.package}.{system}.mock").application
            applications[system] = pages.with_web_page(
                application(seed=options.seed),
                schemas=options.generated / "schemas" / system,
                others=lambda own=system: {n: a for n, a in addresses.items() if n != own},
            )
    except ModuleNotFoundError as error:
        complain(options, _no_mock(options, system, error.name or ""))
        return WRONG_USE

    def started(found: Mapping[str, str]) -> None:
        addresses.update(found)
        if options.json or options.quiet:
            _say_where(options, found)

    place = {"host": options.host, "port": options.port}
    try:
        serving.serve_several(
            applications, **place, started=started, is_silent=options.json or options.quiet
        )
    except OSError as error:
        ports = f"{options.port}" + (f"-{options.port + len(systems) - 1}" if systems[1:] else "")
        complain(options, f"cannot listen on {options.host}:{ports}: {error.strerror}")
        return WRONG_USE
    return FINE


def _no_mock(options: argparse.Namespace, system: str, missing: str) -> str:
    """Say why there is no mock, by the module that is missing."""
    if not missing.startswith(options.package):
        return f"{missing} is not installed: pip install 'gridwright[mock]'"
    folder = options.generated.joinpath(*options.package.split("."), system)
    return (
        f"there is no mock of {system!r} in {options.package}, and no folder {folder}: "
        "`gridwright generate` makes it"
    )


def _say_where(options: argparse.Namespace, addresses: Mapping[str, str]) -> None:
    system, address = next(iter(addresses.items()))
    mocks = [{"system": name, "address": place} for name, place in addresses.items()]
    print_result(options, system=system, address=address, mocks=mocks)
