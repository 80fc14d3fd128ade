"""Command line: what each command runs, and its exit status; see `arguments` and `printing`."""

import gc
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gridwright.arguments import FINE, INTERRUPTED, PROBLEMS, WRONG_USE, make_parser

if TYPE_CHECKING:
    import argparse

    from gridwright.diagnostics import Diagnostic
    from gridwright.diff.report import Report

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
        status = _COMMANDS[options.command](options)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in _OWN:
            raise
        from gridwright.printing import complain

        complain(options, f"{error.name} is not installed: pip install 'gridwright[generate]'")
        return WRONG_USE
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; nothing is left to flush at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        from gridwright.printing import complain

        place = f"{error.filename}: " if error.filename else ""
        complain(options, f"{place}{error.strerror or error}")
        return WRONG_USE
    except Exception as error:
        from gridwright.printing import complain
        from gridwright.write import OutputError  # loads what a call needs not

        if not isinstance(error, OutputError):
            raise
        complain(options, str(error))
        return WRONG_USE
    finally:
        if is_last:
            # What is left behind goes with the process. To look through it for cycles, as Python
            # does at its end, takes a fifth of a long run.
            gc.freeze()


def _quick_options(words: Sequence[str]) -> "argparse.Namespace | None":
    """Return the options of a call as it is nearly always typed, without the parser of all else."""
    if len(words) < 2 or words[0] != "call" or words[1].startswith("-"):
        return None
    import argparse

    return argparse.Namespace(
        command="call",
        words=list(words[1:]),
        package="gridwright_apis",
        generated=Path("generated"),
        json=False,
        quiet=False,
    )


def _systems(options: "argparse.Namespace") -> list[str] | None:
    """Return the systems to work on; None, with a message, where the call makes no sense."""
    from gridwright.load import find_systems
    from gridwright.printing import complain

    found = find_systems(options.specs)
    systems = list(options.systems or found)
    problem = ""
    if not options.specs.is_dir():
        problem = f"there is no folder {options.specs}; name it by --specs"
    elif not systems:
        problem = f"no spec in {options.specs}: `gridwright new SYSTEM` starts one"
    elif unknown := sorted(set(systems) - set(found)):
        known = ", ".join(found) or "none"
        problem = f"no spec of {', '.join(unknown)} in {options.specs}; known: {known}"
    elif options.amend and len(systems) != 1:
        problem = "--amend belongs to one system: name it"
    elif missing := [str(path) for path in options.amend if not path.is_file()]:
        problem = f"there is no file {', '.join(missing)}"
    if problem:
        complain(options, problem)
        return None
    return systems


def _is_unasked(options: "argparse.Namespace", folder: str) -> bool:
    """Complain where private facts would go into the usual folder; ``folder`` says what it is."""
    from gridwright.printing import complain

    if not options.amend or options.out is not None:
        return False
    complain(
        options, f"--amend needs --out: private facts must not land in a {folder} folder unasked"
    )
    return True


def _generate(options: "argparse.Namespace") -> int:
    import time

    from gridwright.printing import (
        is_progress_shown,
        print_problems,
        print_result,
        problem_data,
        say,
    )
    from gridwright.run import Run, run

    systems = _systems(options)
    if systems is None:
        return WRONG_USE
    if _is_unasked(options, "committed"):
        return WRONG_USE
    result = run(
        Run(
            specs=options.specs,
            out=options.out or Path("generated"),
            package=options.package,
            systems=tuple(systems),
            amendments=tuple(options.amend),
            carry_spec=options.carry_spec,
            whole=not options.systems,
            force=options.force,
            progress=_progress if is_progress_shown(options) else None,
        ),
        clock=time.perf_counter,
    )
    print_problems(options, result.problems)
    for row in result.rows:
        say(options, str(row))
    print_result(
        options,
        systems=[row.as_dict() for row in result.rows],
        problems=[problem_data(problem) for problem in result.problems],
    )
    return PROBLEMS if result.problems else FINE


def _progress(text: str) -> None:
    print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _check(options: "argparse.Namespace") -> int:
    from gridwright.printing import complain, print_problems, print_result, problem_data, say
    from gridwright.run import check_all

    systems = _systems(options)
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


def _format(options: "argparse.Namespace") -> int:
    from gridwright.printing import print_result, say
    from gridwright.spec_format.files import unformatted_files
    from gridwright.write import replace_files

    systems = _systems(options)
    if systems is None:
        return WRONG_USE
    found = unformatted_files(options.specs, systems)
    problems = [file.problem for file in found if file.text is None]
    for problem in problems:
        print(f"gridwright: {problem}", file=sys.stderr)
    changed = {file.path: file.text.encode() for file in found if file.text is not None}
    what = "is not in the one form: run `gridwright format`" if options.check else "laid out anew"
    for path in changed:
        say(options, f"{path}: {what}")
    if not options.check:
        replace_files(changed)
    print_result(options, files=[path.as_posix() for path in changed], problems=problems)
    return PROBLEMS if problems or (changed and options.check) else FINE


def _explanations(
    options: "argparse.Namespace", systems: Sequence[str]
) -> dict[str, list[dict[str, object]]]:
    """Say what each operation is; returns the same for a machine, by system."""
    from gridwright.explain import explained, text_of
    from gridwright.pipeline import interface_of
    from gridwright.printing import say

    told: dict[str, list[dict[str, object]]] = {}
    for system in systems:
        interface, _ = interface_of(options.specs, system, options.amend)
        if interface is None:
            continue
        told[system] = [explained(interface, operation) for operation in interface.operations]
        for one in told[system]:
            say(options, f"{text_of(one)}\n")
    return told


def _diff(options: "argparse.Namespace") -> int:
    from gridwright.diff.run import Wanted, difference
    from gridwright.diff.sides import SideError
    from gridwright.printing import complain

    options.json = options.json or options.format == "json"
    if options.git_driver:
        return _git_driver(options)
    problem = ""
    if options.old is None:
        problem = "name what to compare with, such as `gridwright diff origin/main`"
    elif options.amend and len(options.only) != 1:
        problem = "--amend belongs to one system: name it by --only"
    if problem:
        complain(options, problem)
        return WRONG_USE
    try:
        outcome = difference(
            Wanted(
                old=options.old,
                new=options.new,
                specs=options.specs,
                accept=options.accept,
                only=tuple(options.only),
                amendments=tuple(options.amend),
            )
        )
    except SideError as error:
        complain(options, str(error))
        return WRONG_USE
    if outcome.report is None:
        _print_sides(options, outcome.problems)
        return PROBLEMS
    return _print_report(options, outcome.report)


def _print_sides(
    options: "argparse.Namespace", problems: "Sequence[tuple[str, tuple[Diagnostic, ...]]]"
) -> None:
    from gridwright.printing import print_result, problem_data

    for side, found in problems:
        print(f"gridwright: {side} cannot be compared:", file=sys.stderr)
        for diagnostic in found:
            print(diagnostic, file=sys.stderr)
    print_result(
        options,
        problems=[
            {"side": side, **problem_data(problem)} for side, found in problems for problem in found
        ],
    )


def _print_report(options: "argparse.Namespace", report: "Report") -> int:
    from gridwright.diff.report import fails

    if options.json:
        from gridwright.diff.report_json import json_report as laid_out
    elif options.format == "markdown":
        from gridwright.diff.report_markdown import markdown_report as laid_out
    elif options.format == "github":
        from gridwright.diff.report_github import github_report as laid_out
    else:
        from gridwright.diff.report_text import text_report as laid_out
    if options.json or not options.quiet:
        print(laid_out(report), end="")
    return PROBLEMS if fails(report, options.fail_on) else FINE


def _git_driver(options: "argparse.Namespace") -> int:
    from gridwright.diff.driver import driver_output
    from gridwright.printing import complain

    if len(options.git_driver) < 7:
        complain(options, "git calls its driver with seven arguments")
        return WRONG_USE
    print(driver_output(options.git_driver), end="")
    return FINE


def _trace(options: "argparse.Namespace") -> int:
    from gridwright.trace.command import trace

    systems = _systems(options)
    return WRONG_USE if systems is None else trace(options, systems)


def _new(options: "argparse.Namespace") -> int:
    from gridwright.new import Choices, NewSpecError, start_spec
    from gridwright.printing import complain, print_result, say

    choices = Choices(
        key=options.key,
        session=options.session,
        list="" if options.list == "none" else options.list,
        format=options.format,
        paging=options.paging,
    )
    try:
        paths = start_spec(options.specs, options.system, choices)
    except NewSpecError as error:
        complain(options, str(error))
        return WRONG_USE
    for path in paths:
        say(options, str(path))
    where = "" if options.specs == Path("specs") else f" --specs {options.specs}"
    say(options, f"next: transcribe the document, then `gridwright check {options.system}{where}`")
    say(options, f"it works at once: `gridwright generate{where}`, then the mock:")
    say(options, f"  `gridwright mock {options.system}`")
    print_result(options, files=[path.as_posix() for path in paths])
    return FINE


def _import(options: "argparse.Namespace") -> int:
    from gridwright.importing.reading import ForeignFileError
    from gridwright.importing.run import import_file
    from gridwright.importing.unsaid import counts
    from gridwright.new import NewSpecError
    from gridwright.printing import complain, print_problems, print_result, problem_data, say

    try:
        found = import_file(options.file, specs=options.specs, system=options.system)
    except (ForeignFileError, NewSpecError) as error:
        complain(options, str(error))
        return WRONG_USE
    say(options, f"{found.path}: {found.operations} operations")
    if found.left_out:
        most = [f"{what} {count}" for what, count in counts(found.left_out)[:6]]
        unsaid = found.path.with_name("unsaid.yaml")
        say(options, f"{unsaid}: {len(found.left_out)} facts left out: {', '.join(most)}")
    for name, lines in found.decisions.items():
        for line in lines:
            say(options, f"to decide, {name}: {line}")
    for kept in found.conflicts:
        newer = f"now {kept.newer!r}" if kept.newer else "gone"
        say(options, f"edited, so it stays: {kept.path}, which in the file is {newer}")
    print_problems(options, found.problems)
    say(options, f"next: review the draft, then `gridwright check {options.system}`")
    print_result(
        options,
        file=found.path.as_posix(),
        operations=found.operations,
        not_said=[str(left) for left in found.left_out],
        to_decide={name: list(lines) for name, lines in found.decisions.items()},
        merged=found.is_merged,
        kept={kept.path: kept.newer for kept in found.conflicts},
        problems=[problem_data(problem) for problem in found.problems],
    )
    return PROBLEMS if found.problems else FINE


def _site(options: "argparse.Namespace") -> int:
    from gridwright.printing import complain, print_problems, print_result, problem_data, say
    from gridwright.site.build import Wanted, build_site
    from gridwright.site.files import write_site
    from gridwright.write import ForeignFileError

    systems = _systems(options)
    if systems is None:
        return WRONG_USE
    if _is_unasked(options, "published"):
        return WRONG_USE
    out = options.out or Path("site")
    site = build_site(
        Wanted(
            specs=options.specs,
            systems=systems,
            amendments=tuple(options.amend),
            project=options.project,
            package=options.package,
            title=options.title,
        )
    )
    problems = list(site.problems)
    print_problems(options, problems)
    if not problems:
        try:
            write_site(out, site)
        except ForeignFileError as error:
            names = ", ".join(error.paths)
            complain(options, f"{out} holds files that are not of a site: {names}")
            return PROBLEMS
        say(options, f"{out / 'index.html'}: {site.pages} pages, {len(systems)} systems")
    print_result(
        options,
        systems=systems,
        pages=site.pages,
        folder=out.as_posix(),
        problems=[problem_data(problem) for problem in problems],
    )
    return PROBLEMS if problems else FINE


def _mock(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.printing import complain

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
        pages = import_module("gridwright_runtime.mock.face.pages")
        for system in systems:
            application = import_module(f"{options.package}.{system}.mock").application
            applications[system] = pages.with_face(
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


def _no_mock(options: "argparse.Namespace", system: str, missing: str) -> str:
    """Say why there is no mock, by the module that is missing."""
    if not missing.startswith(options.package):
        return f"{missing} is not installed: pip install 'gridwright[mock]'"
    folder = options.generated.joinpath(*options.package.split("."), system)
    return (
        f"there is no mock of {system!r} in {options.package}, and no folder {folder}: "
        "`gridwright generate` makes it"
    )


def _say_where(options: "argparse.Namespace", addresses: Mapping[str, str]) -> None:
    from gridwright.printing import print_result

    system, address = next(iter(addresses.items()))
    mocks = [{"system": name, "address": place} for name, place in addresses.items()]
    print_result(options, system=system, address=address, mocks=mocks)


def _call(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.arguments import exits_text

    # Options of the call come after the operation, and are known to nobody before it is.
    options.json = options.json or "--json" in options.words
    options.quiet = options.quiet or "--quiet" in options.words
    head = None
    if options.json:
        from gridwright.printing import result_head

        head = result_head(options)
    shell = import_module("gridwright_runtime.shell.call")
    packages = import_module("gridwright_runtime.shell.packages")
    status: int = shell.call(
        options.words,
        place=packages.PackageLocation(options.package, options.generated),
        quiet=options.quiet,
        head=head,
        exits=exits_text("call"),
    )
    return status


def _harvest(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.arguments import exits_text
    from gridwright.printing import result_head

    options.json = options.json or "--json" in options.words
    options.quiet = options.quiet or "--quiet" in options.words
    shell = import_module("gridwright_runtime.shell.harvest_command")
    packages = import_module("gridwright_runtime.shell.packages")
    status: int = shell.harvest_command(
        options.words,
        place=packages.PackageLocation(options.package, options.generated),
        quiet=options.quiet,
        head=result_head(options) if options.json else None,
        exits=exits_text("harvest"),
    )
    return status


def _find(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.printing import complain, print_result, say

    finding = import_module("gridwright_runtime.shell.find")
    packages = import_module("gridwright_runtime.shell.packages")
    wrong_use = import_module("gridwright_runtime.shell.wrong_use")
    try:
        found = finding.find(
            options.words,
            place=packages.PackageLocation(options.package, options.generated),
            systems=options.only,
            line=options.line,
        )
    except wrong_use.WrongUse as error:
        complain(options, str(error))
        return WRONG_USE
    for entry in found:
        say(options, str(entry))
    if not found:
        known = packages.known_systems(packages.PackageLocation(options.package, options.generated))
        print(finding.nothing_found(options.words, known), file=sys.stderr)
    print_result(options, found=[entry.as_dict() for entry in found])
    return FINE if found else PROBLEMS


def _doctor(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.arguments import exits_text
    from gridwright.printing import complain, print_result, say

    options.json = options.json or "--json" in options.words
    options.quiet = options.quiet or "--quiet" in options.words
    doctor = import_module("gridwright_runtime.shell.doctor")
    packages = import_module("gridwright_runtime.shell.packages")
    wrong_use = import_module("gridwright_runtime.shell.wrong_use")
    place = packages.PackageLocation(options.package, options.generated)
    findings = []
    try:
        for finding in doctor.examine(options.words, place=place, exits=exits_text("doctor")):
            findings.append(finding)
            say(options, str(finding))
    except wrong_use.WrongUse as error:
        complain(options, str(error))
        return WRONG_USE
    print_result(options, findings=[finding.as_dict() for finding in findings])
    return PROBLEMS if any(finding.state == "problem" for finding in findings) else FINE


def _store(options: "argparse.Namespace") -> int:
    from importlib import import_module

    from gridwright.printing import complain, print_result, say

    store = import_module("gridwright_runtime.shell.store_command")
    wrong_use = import_module("gridwright_runtime.shell.wrong_use")
    errors = import_module("gridwright_runtime.errors")
    if options.action == "key":
        key = import_module("gridwright_runtime.sharing.sealing").new_key()
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
    except wrong_use.WrongUse as error:
        complain(options, str(error))
        return WRONG_USE
    except errors.ConfigurationError as error:
        complain(options, str(error))
        return PROBLEMS
    for finding in findings:
        say(options, str(finding))
    print_result(options, findings=[finding.as_dict() for finding in findings])
    return PROBLEMS if any(finding.state == "problem" for finding in findings) else FINE


def _completion(options: "argparse.Namespace") -> int:
    from gridwright.completion import completion_script
    from gridwright.printing import print_result

    script = completion_script(make_parser(), options.shell)
    if not options.json:
        print(script)
    print_result(options, shell=options.shell, script=script)
    return FINE


_COMMANDS: Mapping[str, Callable[["argparse.Namespace"], int]] = {
    "generate": _generate,
    "check": _check,
    "format": _format,
    "diff": _diff,
    "trace": _trace,
    "new": _new,
    "import": _import,
    "site": _site,
    "mock": _mock,
    "call": _call,
    "harvest": _harvest,
    "find": _find,
    "doctor": _doctor,
    "store": _store,
    "completion": _completion,
}
