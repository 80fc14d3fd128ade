"""`gridwright check`: what is wrong with specs, and whether the generated folder is theirs."""

import argparse
from collections.abc import Sequence

from gridwright.commands.arguments import FINE, PROBLEMS, WRONG_USE
from gridwright.commands.printing import (
    complain,
    print_problems,
    print_result,
    problem_data,
    say,
)
from gridwright.commands.systems import choose_systems
from gridwright.explain import explained, text_of
from gridwright.pipeline import interface_of
from gridwright.run import check_all

__all__ = ["command"]


def command(options: argparse.Namespace) -> int:
    """Check specs, and the generated folder with them where it is named."""
    systems = choose_systems(options)
    if systems is None:
        return WRONG_USE
    if options.explain and not options.systems:
        complain(options, "--explain needs a SYSTEM: its text is long")
        return WRONG_USE
    found = check_all(
        options.specs,
        systems,
        options.amend,
        documents=options.documents,
        generated=options.generated,
        package=options.package,
        whole=not options.systems,
        carry_spec=options.carry_spec,
    )
    problems = [one for one in found if one.severity == "error"]
    notes = [one for one in found if one.severity == "note"]
    print_problems(options, problems)
    told = _explanations(options, systems) if options.explain and not problems else {}
    if options.systems:
        for note in notes:
            say(options, str(note))
    if not problems:
        specs = f"{len(systems)} spec{'s' if len(systems) != 1 else ''}"
        beside = f", {len(notes)} note{'s' if len(notes) != 1 else ''}" if notes else ""
        name = "" if options.systems or not notes else "; name a system to read them"
        say(options, f"{specs} checked: no problem{beside}{name}")
    more = {"explained": told} if options.explain else {}
    print_result(
        options,
        systems=systems,
        problems=[problem_data(problem) for problem in problems],
        notes=[problem_data(note) for note in notes],
        **more,
    )
    return PROBLEMS if problems else FINE


def _explanations(
    options: argparse.Namespace, systems: Sequence[str]
) -> dict[str, list[dict[str, object]]]:
    """Say what each operation is; returns the same for a machine, by system."""
    told: dict[str, list[dict[str, object]]] = {}
    for system in systems:
        interface, _ = interface_of(options.specs, system, options.amend)
        if interface is None:
            continue
        told[system] = [explained(interface, operation) for operation in interface.operations]
        for one in told[system]:
            say(options, f"{text_of(one)}\n")
    return told
